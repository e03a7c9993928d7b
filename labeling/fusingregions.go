package labeling

import (
	"cmp"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// edge is where a marked stretch begins (1) or ends (-1).
type edge struct{ at, step int }

// majority1D returns the stretches that more than half of n people marked, ascending and as [start, end), and how alike the
// people are: of what at least one of them marked, counted once for each person, agreed is what the person has as the
// majority has it.
func majority1D(edges []edge, n int) (runs [][2]int, agreed, total int) {
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	depth, from := 0, 0
	for i := 0; i < len(edges); {
		at := edges[i].at
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
		for ; i < len(edges) && edges[i].at == at; i++ {
			depth += edges[i].step
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
			edges = append(edges, edge{at, 1}, edge{at + n, -1})
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

// region is a box that one of several people drew, or that bounds what they drew.
type region struct {
	polls.Box
	by, index int // who drew it, and which of theirs it is
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

// clusterRegions groups what n people drew into things, class by class: the region that most others have one like, with
// the one of each of them that is most like it, as long as those are more than half of the people. Two regions are alike
// when they overlap by at least half of their union. The agreement is the share of all regions that are in a group.
func clusterRegions(regions []region, classes, n int) (clusters [][]region, agreement int) {
	grouped := 0
	for class := range classes {
		var left []region
		for _, r := range regions {
			if r.Class == class {
				left = append(left, r)
			}
		}
		for {
			var best []region
			for _, seed := range left {
				if c := likeRegion(seed, left); len(c) > len(best) {
					best = c
				}
			}
			if 2*len(best) <= n {
				break
			}
			clusters, grouped = append(clusters, best), grouped+len(best)
			left = slices.DeleteFunc(left, func(r region) bool {
				return slices.ContainsFunc(best, func(b region) bool { return b.by == r.by && b.index == r.index })
			})
		}
	}
	return clusters, share(grouped, len(regions))
}

// likeRegion returns seed with, of everybody else, the region that is most like it, if it is alike at all.
func likeRegion(seed region, all []region) []region {
	most := map[int]region{seed.by: seed}
	for _, r := range all {
		if r.by == seed.by {
			continue
		}
		inter, union := overlap(seed.Box, r.Box)
		if 2*inter < union {
			continue
		}
		if best, ok := most[r.by]; ok {
			bestInter, bestUnion := overlap(seed.Box, best.Box)
			if inter*bestUnion <= bestInter*union {
				continue
			}
		}
		most[r.by] = r
	}
	out := make([]region, 0, len(most))
	for _, r := range most {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b region) int { return cmp.Compare(a.by, b.by) })
	return out
}

// overlap returns the pixels that two boxes share, and those of either.
func overlap(a, b polls.Box) (inter, union int) {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	if w > 0 && h > 0 {
		inter = w * h
	}
	return inter, a.W*a.H + b.W*b.H - inter
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
