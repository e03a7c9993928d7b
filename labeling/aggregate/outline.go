package aggregate

import (
	"math"
	"slices"
)

// grid is a picture of which places belong. Those at its edge do not.
type grid struct {
	width, height int
	there         []bool
}

// outlines returns the rings around the places that belong, and around holes in them, in places: by marching squares,
// with a corner half way between a place that belongs and a neighbour that does not. Places that touch at a corner alone
// are apart.
func (g *grid) outlines() [][]Point {
	// A corner is numbered by its place and whether it is to the right of that or below it; next says which corner
	// follows, going around with what belongs on one side.
	right := func(x, y int) int32 { return int32(2 * (y*g.width + x)) }
	below := func(x, y int) int32 { return int32(2*(y*g.width+x)) + 1 }
	next := make([]int32, 2*len(g.there))
	for i := range next {
		next[i] = -1
	}
	for y := range g.height - 1 {
		for x := range g.width - 1 {
			top, bottom, left, far := right(x, y), right(x, y+1), below(x, y), below(x+1, y)
			at := y*g.width + x
			var which int
			for i, belongs := range []bool{g.there[at], g.there[at+1], g.there[at+g.width], g.there[at+g.width+1]} {
				if belongs {
					which |= 1 << i
				}
			}
			switch which {
			case 1:
				next[top] = left
			case 2:
				next[far] = top
			case 3:
				next[far] = left
			case 4:
				next[left] = bottom
			case 5:
				next[top] = bottom
			case 6:
				next[far], next[left] = top, bottom
			case 7:
				next[far] = bottom
			case 8:
				next[bottom] = far
			case 9:
				next[top], next[bottom] = left, far
			case 10:
				next[bottom] = top
			case 11:
				next[bottom] = left
			case 12:
				next[left] = far
			case 13:
				next[top] = far
			case 14:
				next[left] = top
			}
		}
	}
	var out [][]Point
	for i := range next {
		var ring []Point
		for at := int32(i); next[at] >= 0; {
			p := Point{float64(int(at/2) % g.width), float64(int(at/2) / g.width)}
			if at%2 == 0 {
				p.X += 0.5
			} else {
				p.Y += 0.5
			}
			ring = append(ring, p)
			at, next[at] = next[at], -1
		}
		if ring != nil {
			out = append(out, ring)
		}
	}
	return out
}

// simplifyMax is how far a simplified ring may be from the ring, in places.
const simplifyMax = 0.75

// simplify leaves out points of a ring that are near the line between others, as Ramer, and Douglas and Peucker, did.
func simplify(ring []Point) []Point {
	far := 0
	for i, p := range ring {
		if math.Hypot(p.X-ring[0].X, p.Y-ring[0].Y) > math.Hypot(ring[far].X-ring[0].X, ring[far].Y-ring[0].Y) {
			far = i
		}
	}
	back := append(slices.Clone(ring[far:]), ring[0])
	return append(between(ring[:far+1]), between(back)...)
}

// between returns the points of a line that are kept, without its last.
func between(line []Point) []Point {
	if len(line) < 2 {
		return nil
	}
	a, b := line[0], line[len(line)-1]
	far, distance := 0, simplifyMax
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	for i, p := range line[1 : len(line)-1] {
		if d := math.Abs((b.X-a.X)*(p.Y-a.Y)-(b.Y-a.Y)*(p.X-a.X)) / length; d > distance {
			far, distance = i+1, d
		}
	}
	if far == 0 {
		return []Point{a}
	}
	return append(between(line[:far+1]), between(line[far:])...)
}
