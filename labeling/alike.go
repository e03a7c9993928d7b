package labeling

import (
	"cmp"
	"slices"
	"sort"

	"github.com/tasknet/tasknet/polls"
)

// region is a box that one of several people drew, or that bounds what they drew.
type region struct {
	polls.Box
	by, index int // who drew it, and which of theirs it is
}

// clusterRegions groups what n people drew into things, class by class: the region that most others have one like, with
// the one of each of them that is most like it, as long as those are more than half of the people. Two regions are alike
// when they overlap by at least half of their union. The agreement is the share of all regions that are in a group.
// Regions are given by who drew them.
//
// How many others have one like a region only shrinks while groups are taken out. So a region is looked at again only when
// what was last known of it is more than the best has; and no two regions are compared twice for that, as what was not
// alike, or is taken out, stays so. Of r regions of n people that is under r*r/2 comparisons however they lie, and about
// r*n of those that people agree on.
func clusterRegions(regions []region, classes, n int) (clusters [][]region, agreement int) {
	grouped := 0
	for class := range classes {
		var own []region
		for _, r := range regions {
			if r.Class == class {
				own = append(own, r)
			}
		}
		d := newDrawn(own, n)
		for center := d.center(); center >= 0; center = d.center() {
			group := d.take(center)
			clusters, grouped = append(clusters, group), grouped+len(group)
		}
	}
	return clusters, share(grouped, len(regions))
}

// drawn is what n people drew of one class.
type drawn struct {
	n       int
	regions []region // as they are given
	others  []int    // how many others have one like each region at most; negative when it is taken out
	first   [][]int  // of each region and each person, the first place that may be like it; negative for none, nil before it was looked at
	places  []place  // by who drew them, then from left to right
	begin   []int    // where each person's places begin, and the end
	taken   []bool   // of each place
}

// place is where a region lies.
type place struct{ left, right, top, bottom, region int }

func newDrawn(regions []region, n int) *drawn {
	d := &drawn{
		n: n, regions: regions, others: make([]int, len(regions)), first: make([][]int, len(regions)),
		places: make([]place, len(regions)), begin: make([]int, n+1), taken: make([]bool, len(regions)),
	}
	for i, r := range regions {
		d.places[i], d.others[i] = d.place(i), n-1
		d.begin[r.by+1]++
	}
	for by := range n {
		d.begin[by+1] += d.begin[by]
		slices.SortFunc(d.places[d.begin[by]:d.begin[by+1]], func(a, b place) int {
			return cmp.Or(cmp.Compare(a.middle(), b.middle()), cmp.Compare(a.region, b.region))
		})
	}
	return d
}

func (d *drawn) place(i int) place { return placeOf(d.regions[i].Box, i) }

func placeOf(b polls.Box, i int) place { return place{b.X, b.X + b.W, b.Y, b.Y + b.H, i} }

// center returns the region that most others have one like, the first of several; negative when no more than half of the
// people drew it.
func (d *drawn) center() int {
	best, most := -1, d.n/2-1
	for i := range d.regions {
		if d.others[i] > most && d.recount(i, most) {
			best, most = i, d.others[i]
		}
	}
	return best
}

// recount counts the others who have a region like one, until they cannot be more than so many, and reports whether they
// are.
func (d *drawn) recount(i, than int) bool {
	p := d.place(i)
	if d.first[i] == nil {
		d.first[i] = make([]int, d.n)
		for by := range d.first[i] {
			d.first[i][by] = d.from(&p, by)
		}
	}
	for by, at := range d.first[i] {
		if by == d.regions[i].by || at < 0 {
			continue
		}
		for at < d.begin[by+1] && d.places[at].middle() <= p.last() && (d.taken[at] || !p.alike(&d.places[at])) {
			at++
		}
		if at < d.begin[by+1] && d.places[at].middle() <= p.last() {
			d.first[i][by] = at
			continue
		}
		d.first[i][by] = -1
		if d.others[i]--; d.others[i] <= than {
			return false
		}
	}
	return true
}

// from returns somebody's first place whose middle is not too far to the left for being like p.
func (d *drawn) from(p *place, by int) int {
	theirs := d.places[d.begin[by]:d.begin[by+1]]
	return d.begin[by] + sort.Search(len(theirs), func(i int) bool { return theirs[i].middle() >= p.middle()-p.width() })
}

// take returns a region with, of everybody else, the one that is most like it, the first of several, and takes them out.
func (d *drawn) take(center int) (group []region) {
	p := d.place(center)
	for by, from := range d.first[center] {
		best := -1
		if by == d.regions[center].by {
			best = d.begin[by] + slices.Index(d.places[d.begin[by]:d.begin[by+1]], p)
		} else if from >= 0 {
			best = d.likest(&p, from, d.begin[by+1])
		}
		if best >= 0 {
			i := d.places[best].region
			d.taken[best], d.others[i] = true, -1
			group = append(group, d.regions[i])
		}
	}
	return group
}

// likest returns which of somebody's places is most like p, from the first that is like it on.
func (d *drawn) likest(p *place, from, end int) int {
	best, bestInter, bestUnion := -1, 0, 1
	for i := from; i < end && d.places[i].middle() <= p.last(); i++ {
		o := &d.places[i]
		if d.taken[i] || !p.alike(o) {
			continue
		}
		inter := p.overlap(o)
		union := p.area() + o.area() - inter
		more := cmp.Compare(inter*bestUnion, bestInter*union)
		if more > 0 || more == 0 && o.region < d.places[best].region {
			best, bestInter, bestUnion = i, inter, union
		}
	}
	return best
}

// alike reports whether two places overlap by at least half of their union. Then what they share is, in width as in
// height, at least a third of the sum of both: so neither is more than twice as wide, and their middles are at most half
// of the width of either apart.
func (p *place) alike(o *place) bool { return 3*p.overlap(o) >= p.area()+o.area() }

// middle is twice where the middle is, so that it is whole.
func (p *place) middle() int { return p.left + p.right }

// last is the middle of the last that may be like p.
func (p *place) last() int { return p.middle() + p.width() }

func (p *place) width() int { return p.right - p.left }

func (p *place) area() int { return p.width() * (p.bottom - p.top) }

// overlap returns how many pixels two places share.
func (p *place) overlap(o *place) int {
	w := min(p.right, o.right) - max(p.left, o.left)
	h := min(p.bottom, o.bottom) - max(p.top, o.top)
	return max(w, 0) * max(h, 0)
}
