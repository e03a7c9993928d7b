package labeling

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/polls"
)

// plainClusters is what clusterRegions does, said plainly: in every round everything is compared with everything.
func plainClusters(regions []region, classes, n int) (clusters [][]region, agreement int) {
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
				if c := plainLike(seed, left); len(c) > len(best) {
					best = c
				}
			}
			if 2*len(best) <= n {
				break
			}
			clusters, grouped = append(clusters, best), grouped+len(best)
			left = slices.DeleteFunc(left, func(r region) bool { return slices.Contains(best, r) })
		}
	}
	return clusters, share(grouped, len(regions))
}

// plainLike returns seed with, of everybody else, the region that is most like it, if it is alike at all.
func plainLike(seed region, all []region) []region {
	overlap := func(a, b polls.Box) (inter, union int) {
		w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
		h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
		if w > 0 && h > 0 {
			inter = w * h
		}
		return inter, a.W*a.H + b.W*b.H - inter
	}
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
	var out []region
	for _, r := range most {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b region) int { return cmp.Compare(a.by, b.by) })
	return out
}

// TestClustersAreThoseOfThePlainForm draws crowds who see the same things more or less well, in images so small that much is
// level, and so large that nothing is.
func TestClustersAreThoseOfThePlainForm(t *testing.T) {
	seen := make(map[string]int)
	rapid.Check(t, func(t *rapid.T) {
		n, classes := rapid.IntRange(1, 7).Draw(t, "people"), rapid.IntRange(1, 3).Draw(t, "classes")
		side, blur := rapid.IntRange(2, 60).Draw(t, "side"), rapid.IntRange(0, 5).Draw(t, "blur")
		box := func() polls.Box {
			b := polls.Box{Class: rapid.IntRange(0, classes-1).Draw(t, "class"), X: rapid.IntRange(0, side-1).Draw(t, "x"), Y: rapid.IntRange(0, side-1).Draw(t, "y")}
			b.W, b.H = rapid.IntRange(1, side).Draw(t, "w"), rapid.IntRange(1, side).Draw(t, "h")
			return b
		}
		things := make([]polls.Box, rapid.IntRange(1, 6).Draw(t, "things"))
		for i := range things {
			things[i] = box()
		}
		var regions []region
		for by := range n {
			for index := range rapid.IntRange(0, 8).Draw(t, "draws") {
				b := box()
				if rapid.IntRange(0, 3).Draw(t, "sees") > 0 {
					b = things[rapid.IntRange(0, len(things)-1).Draw(t, "thing")]
					b.X += rapid.IntRange(0, blur).Draw(t, "off")
					b.W += rapid.IntRange(0, blur).Draw(t, "wider")
					b.H += rapid.IntRange(0, blur).Draw(t, "higher")
				}
				regions = append(regions, region{b, by, index})
			}
		}
		want, agreed := plainClusters(regions, classes, n)
		got, agreement := clusterRegions(regions, classes, n)
		if agreement != agreed || !reflect.DeepEqual(got, want) {
			t.Fatalf("clusters of\n%v are\n%v (%d), want\n%v (%d)", regions, got, agreement, want, agreed)
		}
		seen[fmt.Sprint(min(len(want), 3))]++
	})
	if len(seen) < 4 {
		t.Errorf("crowds agreed on none, one, two and more things so often: %v", seen)
	}
}

// TestClustersOfTheMostRegions has 100 people draw 200 things each, all of them and in another order, which without an
// index is not over within hours.
func TestClustersOfTheMostRegions(t *testing.T) {
	const people = polls.ValuesMax
	var regions []region
	for by := range people {
		for index := range polls.RegionsMax {
			thing := (index*7 + by*13) % polls.RegionsMax // 7 and 200 have no factor in common
			off := (by + thing) % 5
			regions = append(regions, region{polls.Box{X: thing%20*50 + off, Y: thing/20*90 + off, W: 40, H: 80}, by, index})
		}
	}
	clusters, agreement := clusterRegions(regions, 1, people)
	if len(clusters) != polls.RegionsMax || agreement != million {
		t.Fatalf("%d things, agreement %d", len(clusters), agreement)
	}
	for i, c := range clusters {
		for by, r := range c {
			if thing := (i * 7) % polls.RegionsMax; len(c) != people || r.by != by || (r.index*7+by*13)%polls.RegionsMax != thing {
				t.Fatalf("thing %d is %d of %d: %+v", i, by, len(c), r)
			}
		}
	}
}
