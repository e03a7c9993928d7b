package wasi

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// leb is a signed LEB128 number, as instructions have them.
func leb(n int64) (out []byte) {
	for {
		b := byte(n & 0x7f)
		if n >>= 7; n == 0 && b&0x40 == 0 || n == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}

func uleb(n int) (out []byte) {
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}

// floatGuest is a program that does all that processors may do otherwise with numbers of interest, and prints what comes out; then it
// passes a loop. keeps is where something is printed that it only moves.
type floatGuest struct {
	code   []byte
	at     int
	widths []int // of what is printed in its order: 4 or 8 bytes, by which NaNs are looked for
	keeps  int
}

const (
	printed = 64   // where what is printed begins in memory
	passes  = 1000 // of its loop
)

// put stores what the instructions leave on the stack.
func (g *floatGuest) put(store []byte, width, count int, instructions ...[]byte) {
	g.code = append(append(g.code, 0x41), leb(int64(printed+g.at))...)
	for _, one := range instructions {
		g.code = append(g.code, one...)
	}
	g.code = append(append(g.code, store...), 0, 0) // neither aligned nor further on
	for range count {
		g.widths = append(g.widths, width)
		g.at += width
	}
}

func (g *floatGuest) module() []byte {
	section := func(id byte, content ...[]byte) []byte {
		b := bytes.Join(content, nil)
		return append(append([]byte{id}, uleb(len(b))...), b...)
	}
	function := func(code []byte) []byte {
		b := append([]byte{0}, code...) // without local variables
		return append(uleb(len(b)), b...)
	}
	start := append(bytes.Clone(g.code), 0x41, 0)
	start = append(append(append(start, 0x41), leb(printed)...), 0x36, 2, 0) // where it begins
	start = append(append(append(start, 0x41, 0, 0x41), leb(int64(g.at))...), 0x36, 2, 4)
	start = append(start, 0x41, 1, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0, 0x1a) // fd_write(1, 0, 1, 8)
	start = append(start, 0x10, 2, 0x0b)                                     // and the loop
	loop := append(append([]byte{0x03, 0x40, 0x23, 0, 0x41, 1, 0x6a, 0x24, 0, 0x23, 0, 0x41}, leb(passes)...), 0x48, 0x0d, 0, 0x0b, 0x0b)
	return bytes.Join([][]byte{
		[]byte("\x00asm\x01\x00\x00\x00"),
		section(1, []byte{2, 0x60, 0, 0, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f}),
		section(2, []byte{1, 22}, []byte("wasi_snapshot_preview1"), []byte{8}, []byte("fd_write"), []byte{0, 1}),
		section(3, []byte{2, 0, 0}),
		section(5, []byte{1, 0}, uleb((printed+g.at)>>16+1)),
		section(6, []byte{1, 0x7f, 1, 0x41, 0, 0x0b}),
		section(7, []byte{2, 6}, []byte("memory"), []byte{2, 0, 6}, []byte("_start"), []byte{0, 1}),
		section(10, []byte{2}, function(start), function(loop)),
	}, nil)
}

// newFloatGuest has each operation that makes floats, alone and after another, of each pair of numbers.
func newFloatGuest() *floatGuest {
	g := &floatGuest{}
	numbers := []float64{
		0, math.Copysign(0, -1), 1.5, -2.25, 1e-310, 3e38, math.Inf(1), math.Inf(-1),
		math.Float64frombits(0x7ff8000000000000), math.Float64frombits(0xfff8000000000000), math.Float64frombits(0x7ff8dead0000beef), math.Float64frombits(0xfff0000000000001),
	}
	long := func(n float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(n)) }
	short := func(n float64) []byte {
		if math.IsNaN(n) { // with other bits than a conversion keeps
			return binary.LittleEndian.AppendUint32(nil, uint32(math.Float64bits(n)>>63<<31|0x7f800000|max(math.Float64bits(n)>>29&0x7fffff, 1)))
		}
		return binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(n)))
	}
	vector := func(lanes ...[]byte) []byte { return append([]byte{0xfd, 12}, bytes.Join(lanes, nil)...) }
	simd := func(op int) []byte { return append([]byte{0xfd}, uleb(op)...) }
	f64, f32, v128 := []byte{0x39}, []byte{0x38}, []byte{0xfd, 11}
	for _, a := range numbers {
		d, s := append([]byte{0x44}, long(a)...), append([]byte{0x43}, short(a)...)
		for op := byte(0x9b); op <= 0x9f; op++ { // ceil, floor, trunc, nearest, sqrt
			g.put(f64, 8, 1, d, []byte{op})
			g.put(f32, 4, 1, s, []byte{op - 0x0e})
		}
		g.put(f32, 4, 1, d, []byte{0xb6})
		g.put(f64, 8, 1, s, []byte{0xbb})
		for _, op := range []int{0x67, 0x68, 0x69, 0x6a, 0xe3} {
			g.put(v128, 4, 4, vector(short(a), short(1), short(a), short(-1)), simd(op))
		}
		for _, op := range []int{0x74, 0x75, 0x7a, 0x94, 0xef} {
			g.put(v128, 8, 2, vector(long(a), long(-1)), simd(op))
		}
		g.put(v128, 4, 4, vector(long(a), long(2)), simd(94))
		g.put(v128, 8, 2, vector(short(a), short(2), short(a), short(a)), simd(95))
		for _, b := range numbers {
			e, t := append([]byte{0x44}, long(b)...), append([]byte{0x43}, short(b)...)
			v, w := vector(long(a), long(b)), vector(long(b), long(2))
			x, y := vector(short(a), short(b), short(1), short(a)), vector(short(b), short(b), short(a), short(3))
			for op := range 6 { // add, sub, mul, div, min, max
				g.put(f64, 8, 1, d, e, []byte{0xa0 + byte(op)})
				g.put(f32, 4, 1, s, t, []byte{0x92 + byte(op)})
				g.put(f64, 8, 1, d, d, e, []byte{0xa0 + byte(op), 0xa2})
				g.put(v128, 8, 2, v, w, simd(0xf0+op))
				g.put(v128, 4, 4, x, y, simd(0xe4+op))
				g.put(v128, 4, 4, x, x, y, simd(0xe4+op), simd(0xe6))
				g.put(v128, 8, 2, v, x, y, simd(0xe4+op), simd(0xf0)) // of other lanes: what is made first shows
			}
		}
	}
	g.keeps = g.at
	g.put(f64, 8, 1, append([]byte{0x44}, long(numbers[10])...))
	g.widths = g.widths[:len(g.widths)-1]
	return g
}

// TestSameBytes runs a program that prints what becomes of floats: every processor makes the same bytes, and takes the same fuel. The
// test is run on amd64 and, by step arm64 of .ci/test, on arm64.
func TestSameBytes(t *testing.T) {
	g := newFloatGuest()
	made, err := Run(t.Context(), Program{Module: g.module(), Memory: 16 << 20, Fuel: 1e6, Output: 1})
	if err != nil {
		t.Fatal(err)
	}
	if made.Fuel != 2+passes { // two calls
		t.Errorf("it took %d units of fuel, and passed %d times", made.Fuel, passes)
	}
	out := made.Stdout
	if len(out) != g.at {
		t.Fatalf("it printed %d bytes, want %d", len(out), g.at)
	}
	if kept := binary.LittleEndian.Uint64(out[g.keeps:]); kept != 0x7ff8dead0000beef {
		t.Errorf("a NaN that it only moved has become %#x", kept)
	}
	nans, at := 0, 0
	for _, width := range g.widths {
		bits, nan := uint64(binary.LittleEndian.Uint32(out[at:])), uint64(0x7fc00000)
		is := math.IsNaN(float64(math.Float32frombits(uint32(bits))))
		if width == 8 {
			bits, nan = binary.LittleEndian.Uint64(out[at:]), 0x7ff8000000000000
			is = math.IsNaN(math.Float64frombits(bits))
		}
		if is {
			nans++
			if bits != nan {
				t.Fatalf("the NaN at %d of %d has the bits %#x", at, len(out), bits)
			}
		}
		at += width
	}
	if nans < 1000 {
		t.Errorf("there are %d NaNs among it", nans)
	}
	hash := sha256.Sum256(out)
	if got := hex.EncodeToString(hash[:]); got != "751278f0373a7a4abf56370135feeb962355b4ece543cf74dc76d281b78e8a70" {
		t.Errorf("the hash of what it printed is %s", got)
	}
}
