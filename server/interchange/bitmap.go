package interchange

import (
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// pixelsMax is how many pixels an image with masks may have, as many as one that is uploaded.
const pixelsMax = 40_000_000

// bitmap says which pixels of an image are meant: row by row, from the top left.
type bitmap struct {
	width, height int
	set           []bool
}

func newBitmap(width, height int) *bitmap {
	return &bitmap{width, height, make([]bool, width*height)}
}

// ofCounts reads run lengths in COCO's order, which add up to all pixels or fewer.
func ofCounts(counts []int, width, height int) *bitmap {
	b := newBitmap(width, height)
	at := 0
	for i, n := range counts {
		if i%2 == 1 {
			for p := at; p < at+n; p++ {
				b.set[p%height*width+p/height] = true
			}
		}
		at += n
	}
	return b
}

// counts writes run lengths in COCO's order: column by column, pixels that are not and that are in turn.
func (b *bitmap) counts() []int {
	var counts []int
	run, in := 0, false
	for x := range b.width {
		for y := range b.height {
			if b.set[y*b.width+x] != in {
				counts = append(counts, run)
				run, in = 0, !in
			}
			run++
		}
	}
	return append(counts, run)
}

func (b *bitmap) empty() bool { return !slices.Contains(b.set, true) }

// add sets the pixels of another bitmap too.
func (b *bitmap) add(other *bitmap) {
	for i, in := range other.set {
		b.set[i] = b.set[i] || in
	}
}

// fill sets the pixels whose middle lies within a polygon, x and y of one corner after the other, by the even-odd rule.
func (b *bitmap) fill(points []float64) {
	n := len(points) / 2
	var crossings []float64
	for y := range b.height {
		middle := float64(y) + 0.5
		crossings = crossings[:0]
		for i := range n {
			j := (i + 1) % n
			x0, y0, x1, y1 := points[2*i], points[2*i+1], points[2*j], points[2*j+1]
			if (y0 <= middle) != (y1 <= middle) {
				crossings = append(crossings, x0+(middle-y0)/(y1-y0)*(x1-x0))
			}
		}
		slices.Sort(crossings)
		for i := 0; i+1 < len(crossings); i += 2 {
			from := int(min(max(crossings[i]+0.5, 0), float64(b.width)))
			until := int(min(max(crossings[i+1]+0.5, 0), float64(b.width)))
			for x := from; x < until; x++ {
				b.set[y*b.width+x] = true
			}
		}
	}
}

// masksOf writes one bitmap for each class as a value. Classes without a pixel are left out.
func masksOf(classes map[int]*bitmap) polls.Value {
	masks := []polls.ClassMask{}
	for class, b := range classes {
		if !b.empty() {
			masks = append(masks, polls.ClassMask{Class: class, Counts: b.counts()})
		}
	}
	slices.SortFunc(masks, func(a, b polls.ClassMask) int { return a.Class - b.Class })
	return polls.Value(jsonOf(masks))
}
