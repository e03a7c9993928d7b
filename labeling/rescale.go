package labeling

import "github.com/tasknet/tasknet/polls"

// Rescale returns a value whose regions are in pixels of an image of one width and height, in pixels of the same image
// shrunk or enlarged to another: sides and corners go to the nearest whole pixel, of a mask each pixel is what lies in its
// middle. A class of a mask of which no pixel is left is left out. Values of types without regions stay as they are. Sizes
// are over 0, and a mask's lengths have to add up to its image: polls.ErrBadValue when not.
func Rescale(kind polls.Type, v polls.Value, fromWidth, fromHeight, toWidth, toHeight int) (polls.Value, error) {
	if fromWidth == toWidth && fromHeight == toHeight {
		return v, nil
	}
	across := func(x int) int { return rescale(x, fromWidth, toWidth) }
	down := func(y int) int { return rescale(y, fromHeight, toHeight) }
	switch kind {
	case polls.Boxes:
		boxes, err := v.Boxes()
		if err != nil {
			return "", err
		}
		for i, b := range boxes {
			x, y := min(across(b.X), toWidth-1), min(down(b.Y), toHeight-1)
			boxes[i].X, boxes[i].Y, boxes[i].W, boxes[i].H = x, y, max(across(b.X+b.W)-x, 1), max(down(b.Y+b.H)-y, 1)
		}
		return polls.ValueOf(boxes)
	case polls.Polygons:
		polygons, err := v.Polygons()
		if err != nil {
			return "", err
		}
		for _, p := range polygons {
			for i := range p.Points {
				if i%2 == 0 {
					p.Points[i] = across(p.Points[i])
				} else {
					p.Points[i] = down(p.Points[i])
				}
			}
		}
		return polls.ValueOf(polygons)
	case polls.Mask:
		masks, err := v.Masks()
		if err != nil {
			return "", err
		}
		kept := []polls.ClassMask{}
		for _, m := range masks {
			counts, err := rescaleMask(m.Counts, fromWidth, fromHeight, toWidth, toHeight)
			if err != nil {
				return "", err
			}
			if len(counts) > 1 {
				kept = append(kept, polls.ClassMask{Class: m.Class, Counts: counts})
			}
		}
		return polls.ValueOf(kept)
	}
	return v, nil
}

// rescale rounds to the nearest, halves up, and keeps within.
func rescale(at, from, to int) int {
	return min(max((2*at*to+from)/(2*from), 0), to)
}

func rescaleMask(counts []int, fromWidth, fromHeight, toWidth, toHeight int) ([]int, error) {
	set := make([]bool, 0, fromWidth*fromHeight) // column by column
	for i, n := range counts {
		if n < 0 || n > cap(set)-len(set) {
			return nil, polls.ErrBadValue
		}
		for range n {
			set = append(set, i%2 == 1)
		}
	}
	if len(set) != cap(set) {
		return nil, polls.ErrBadValue
	}
	var out []int
	run, in := 0, false
	for x := range toWidth {
		column := set[(2*x+1)*fromWidth/(2*toWidth)*fromHeight:]
		for y := range toHeight {
			if column[(2*y+1)*fromHeight/(2*toHeight)] != in {
				out, run, in = append(out, run), 0, !in
			}
			run++
		}
	}
	return append(out, run), nil
}
