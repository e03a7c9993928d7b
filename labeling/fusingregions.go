package labeling

import (
	"cmp"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// edge is where a marked stretch begins or ends: twice that, and one more where it begins. As plain numbers they are
// sorted in half the time, and large masks have millions.
type edge int

func begins(at int) edge { return edge(2*at + 1) }
func ends(at int) edge   { return edge(2 * at) }
func (e edge) at() int   { return int(e >> 1) }
func (e edge) step() int { return 2*int(e&1) - 1 }

// majority1D returns the stretches that more than half of n people marked, ascending and as [start, end), and how alike the
// people are: of what at least one of them marked, counted once for each person, agreed is what the person has as the
// majority has it.
func majority1D(edges []edge, n int) (runs [][2]int, agreed, total int) {
	slices.Sort(edges)
	depth, from := 0, 0
	for i := 0; i < len(edges); {
		at := edges[i].at()
		if length := at - from; depth > 0 && length > 0 {
			total += n * length
			if 2*depth > n {
				agreed += depth * length
				if last := len(runs) - 1; last >= 0 && runs[last][1] == from {
					runs[last][1] = at
				} else {
					runs = append(runs, [2]int{from, at})
				}
			} else {
				agreed += (n - depth) * length
			}
		}
		for ; i < len(edges) && edges[i].at() == at; i++ {
			depth += edges[i].step()
		}
		from = at
	}
	return runs, agreed, total
}

func fuseMasks(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	all, err := readAll(values, polls.Value.Masks)
	if err != nil {
		return nil, 0, nil, err
	}
	fused, marked, agreed := []polls.ClassMask{}, 0, 0
	pixels := q.Image.Width * q.Image.Height
	for class := range q.Choices {
		var edges []edge
		for _, masks := range all {
			for _, m := range masks {
				if m.Class == class {
					edges = append(edges, edgesOf(m)...)
				}
			}
		}
		runs, inside, total := majority1D(edges, len(values))
		if len(runs) > 0 {
			fused = append(fused, polls.ClassMask{Class: class, Counts: countsOf(runs, pixels)})
		}
		marked, agreed = marked+total, agreed+inside
	}
	return fused, share(agreed, marked), nil, nil
}

func edgesOf(m polls.ClassMask) (edges []edge) {
	at := 0
	for i, n := range m.Counts {
		if i%2 == 1 {
			edges = append(edges, begins(at), ends(at+n))
		}
		at += n
	}
	return edges
}

func countsOf(runs [][2]int, pixels int) []int {
	counts, at := []int{}, 0
	for _, r := range runs {
		counts, at = append(counts, r[0]-at, r[1]-r[0]), r[1]
	}
	if at < pixels {
		counts = append(counts, pixels-at)
	}
	return counts
}

func fuseBoxes(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	all, err := readAll(values, polls.Value.Boxes)
	if err != nil {
		return nil, 0, nil, err
	}
	var regions []region
	for by, boxes := range all {
		for i, b := range boxes {
			regions = append(regions, region{b, by, i})
		}
	}
	fused := []polls.Box{}
	clusters, agreement := clusterRegions(regions, len(q.Choices), len(values))
	for _, c := range clusters {
		fused = append(fused, medianBox(c))
	}
	return fused, agreement, nil, nil
}

func fusePolygons(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	all, err := readAll(values, polls.Value.Polygons)
	if err != nil {
		return nil, 0, nil, err
	}
	var regions []region
	for by, polygons := range all {
		for i, p := range polygons {
			regions = append(regions, region{bounds(p), by, i})
		}
	}
	fused := []polls.Polygon{}
	clusters, agreement := clusterRegions(regions, len(q.Choices), len(values))
	for _, c := range clusters {
		middle := medianBox(c)
		best := slices.MinFunc(c, func(a, b region) int { return cmp.Compare(apart(a.Box, middle), apart(b.Box, middle)) })
		fused = append(fused, all[best.by][best.index])
	}
	return fused, agreement, nil, nil
}

// bounds returns the smallest box around a polygon, at least one pixel wide and high.
func bounds(p polls.Polygon) polls.Box {
	b := polls.Box{Class: p.Class, X: p.Points[0], Y: p.Points[1]}
	right, bottom := b.X, b.Y
	for i := 0; i < len(p.Points); i += 2 {
		b.X, right = min(b.X, p.Points[i]), max(right, p.Points[i])
		b.Y, bottom = min(b.Y, p.Points[i+1]), max(bottom, p.Points[i+1])
	}
	b.W, b.H = max(right-b.X, 1), max(bottom-b.Y, 1)
	return b
}

// medianBox returns the box whose sides are the medians of a group's, of two in the middle the smaller.
func medianBox(group []region) polls.Box {
	median := func(of func(polls.Box) int) int {
		sides := make([]int, len(group))
		for i, r := range group {
			sides[i] = of(r.Box)
		}
		slices.Sort(sides)
		return sides[(len(sides)-1)/2]
	}
	left, top := median(func(b polls.Box) int { return b.X }), median(func(b polls.Box) int { return b.Y })
	right, bottom := median(func(b polls.Box) int { return b.X + b.W }), median(func(b polls.Box) int { return b.Y + b.H })
	return polls.Box{Class: group[0].Class, X: left, Y: top, W: right - left, H: bottom - top}
}

// apart returns by how many pixels the sides of two boxes differ, in all.
func apart(a, b polls.Box) int {
	abs := func(n int) int { return max(n, -n) }
	return abs(a.X-b.X) + abs(a.Y-b.Y) + abs(a.X+a.W-b.X-b.W) + abs(a.Y+a.H-b.Y-b.H)
}
