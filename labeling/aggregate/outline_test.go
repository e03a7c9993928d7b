package aggregate

import "testing"

// TestOutlines: rings around parts, around a hole in one, and around two that touch at a corner.
func TestOutlines(t *testing.T) {
	for _, c := range []struct {
		name  string
		rows  []string
		rings int
		area  float64 // what is enclosed, less holes: a place alone has half, each two that are neighbours add to it
	}{
		{"nothing", []string{"...", "...", "..."}, 0, 0},
		{"one", []string{"...", ".#.", "..."}, 1, 0.5},
		{"two apart", []string{".....", ".#.#.", "....."}, 2, 1},
		{"a corner", []string{"....", ".#..", "..#.", "...."}, 2, 1},
		{"the other corner", []string{"....", "..#.", ".#..", "...."}, 2, 1},
		{"a hole", []string{".....", ".###.", ".#.#.", ".###.", "....."}, 2, 8.5 - 0.5},
	} {
		g := grid{width: len(c.rows[0]), height: len(c.rows)}
		for _, row := range c.rows {
			for _, r := range row {
				g.there = append(g.there, r == '#')
			}
		}
		rings := g.outlines()
		area := 0.0
		for _, ring := range rings {
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				area += (p.X*q.Y - q.X*p.Y) / 2
			}
		}
		if area < 0 {
			area = -area
		}
		if len(rings) != c.rings || area != c.area {
			t.Errorf("%s: %d rings with an area of %v, want %d with %v: %v", c.name, len(rings), area, c.rings, c.area, rings)
		}
	}
}
