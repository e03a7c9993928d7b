package interchange

import "errors"

// Masks of Label Studio are run lengths of the bytes of an image of four channels, row by row, as @thi.ng/rle-pack packs
// them: 32 bits say how many values there are, 5 how many bits a value has, less 1, and four times 4 how many bits each
// size of run length has, less 1. Then come runs: 1 bit says whether one value is repeated, 2 bits which size the length
// has, then the length, less 1, and the value or the values. All numbers have their highest bit first.

var (
	errBrushShort = errors.New("the mask is cut off")
	errBrushSize  = errors.New("the mask has not four values for each pixel of its image")
	errBrushWord  = errors.New("the mask has values of other than 8 bits")
)

const brushChannels = 4

// bits reads numbers of packed bits.
type bits struct {
	bytes []byte
	at    int // of the next bit
}

func (b *bits) read(n int) (int, error) {
	if b.at+n > 8*len(b.bytes) {
		return 0, errBrushShort
	}
	v := 0
	for range n {
		v = v<<1 | int(b.bytes[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v, nil
}

// numbers reads several numbers.
func (b *bits) numbers(widths ...int) ([]int, error) {
	out := make([]int, len(widths))
	for i, w := range widths {
		var err error
		if out[i], err = b.read(w); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decodeBrush reads the mask of an image: a pixel is in it when its fourth channel is over half.
func decodeBrush(packed []byte, width, height int) (*bitmap, error) {
	in := &bits{bytes: packed}
	head, err := in.numbers(32, 5, 4, 4, 4, 4)
	if err != nil {
		return nil, err
	}
	num, word, sizes := head[0], head[1]+1, head[2:]
	switch {
	case word != 8:
		return nil, errBrushWord
	case num != brushChannels*width*height:
		return nil, errBrushSize
	}
	b := newBitmap(width, height)
	set := func(from, until, value int) {
		if value < 128 {
			return
		}
		for i := from; i < until; i++ {
			if i%brushChannels == brushChannels-1 {
				b.set[i/brushChannels] = true
			}
		}
	}
	for at := 0; at < num; {
		kind, err := in.numbers(1, 2)
		if err != nil {
			return nil, err
		}
		n, err := in.read(sizes[kind[1]] + 1)
		if err != nil {
			return nil, err
		}
		until := at + n + 1
		if until > num {
			return nil, errBrushSize
		}
		if kind[0] == 1 {
			value, err := in.read(word)
			if err != nil {
				return nil, err
			}
			set(at, until, value)
			at = until
			continue
		}
		for ; at < until; at++ {
			value, err := in.read(word)
			if err != nil {
				return nil, err
			}
			set(at, at+1, value)
		}
	}
	return b, nil
}

// encodeBrush packs a mask, all four channels of whose pixels are 255.
func encodeBrush(b *bitmap) []byte {
	var out []byte
	at := 0
	write := func(v, n int) {
		for i := n - 1; i >= 0; i-- {
			if at%8 == 0 {
				out = append(out, 0)
			}
			out[at/8] |= byte(v>>i&1) << (7 - at%8)
			at++
		}
	}
	sizes := []int{3, 4, 8, 16}
	write(brushChannels*len(b.set), 32)
	write(8-1, 5)
	for _, s := range sizes {
		write(s-1, 4)
	}
	for from := 0; from < len(b.set); {
		until := from
		for until < len(b.set) && b.set[until] == b.set[from] {
			until++
		}
		value := 0
		if b.set[from] {
			value = 255
		}
		for left := brushChannels * (until - from); left > 0; {
			size := 0
			for size < len(sizes)-1 && left > 1<<sizes[size] {
				size++
			}
			n := min(left, 1<<sizes[size])
			write(1, 1)
			write(size, 2)
			write(n-1, sizes[size])
			write(value, 8)
			left -= n
		}
		from = until
	}
	return out
}
