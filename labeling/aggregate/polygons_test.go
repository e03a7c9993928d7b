package aggregate_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

type ring = []aggregate.Point

func addPolygons(p *aggregate.Polygons, task, worker int, drawn ...ring) {
	if p.Start == nil {
		p.Start, p.PointStart, p.ClassCount = []int32{0}, []int32{0}, 1
	}
	p.TaskCount, p.WorkerCount = max(p.TaskCount, task+1), max(p.WorkerCount, worker+1)
	p.Tasks, p.Workers = append(p.Tasks, int32(task)), append(p.Workers, int32(worker))
	for _, d := range drawn {
		p.Points, p.Classes = append(p.Points, d...), append(p.Classes, 0)
		p.PointStart = append(p.PointStart, int32(len(p.Points)))
	}
	p.Start = append(p.Start, int32(len(p.Classes)))
}

func mustPolygon(t testing.TB, p aggregate.Polygons) *aggregate.PolygonsResult {
	t.Helper()
	r, err := aggregate.PolygonsFuse(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

func rectangle(x, y, w, h float64) ring {
	return ring{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}
}

// area is that of rings, those of holes less; all go around the same way and holes the other.
func area(rings []ring) float64 {
	sum := 0.0
	for _, r := range rings {
		for i, p := range r {
			q := r[(i+1)%len(r)]
			sum += (p.X*q.Y - q.X*p.Y) / 2
		}
	}
	return math.Abs(sum)
}

// covers says whether rings go around a point an odd number of times.
func covers(rings []ring, at aggregate.Point) bool {
	odd := false
	for _, r := range rings {
		for i, p := range r {
			q := r[(i+1)%len(r)]
			if (p.Y > at.Y) != (q.Y > at.Y) && at.X < p.X+(q.X-p.X)*(at.Y-p.Y)/(q.Y-p.Y) {
				odd = !odd
			}
		}
	}
	return odd
}

func TestPolygonsMajorityArea(t *testing.T) {
	for _, c := range []struct {
		name    string
		drawn   []ring
		overlap float64
		area    float64
		in, out []aggregate.Point
		rings   int
	}{
		{"one", []ring{rectangle(0, 0, 10, 10)}, 0, 100, ring{{X: 5, Y: 5}}, ring{{X: 11, Y: 5}}, 1},
		{"two meet in what both have", []ring{rectangle(0, 0, 10, 10), rectangle(2, 0, 10, 10)}, 0, 80, ring{{X: 5, Y: 5}}, ring{{X: 1, Y: 5}, {X: 11, Y: 5}}, 1},
		{"two of three", []ring{rectangle(0, 0, 10, 10), rectangle(2, 0, 10, 10), rectangle(1, 0, 10, 10)}, 0, 100, ring{{X: 1.5, Y: 5}}, ring{{X: 0.5, Y: 5}}, 1},
		{"a bow tie", []ring{
			{{X: 0, Y: 0}, {X: 10, Y: 10}, {X: 10, Y: 0}, {X: 0, Y: 10}},
			{{X: 0, Y: 0}, {X: 10, Y: 10}, {X: 10, Y: 0}, {X: 0, Y: 10}},
		}, 0, 50, ring{{X: 1, Y: 5}, {X: 9, Y: 5}}, ring{{X: 5, Y: 1}, {X: 5, Y: 9}}, -1},
		{"a hole", []ring{ // the same region twice: a frame, by a ring that goes in and out over one line
			{{X: 0, Y: 0}, {X: 10, Y: 0}, {X: 10, Y: 10}, {X: 0, Y: 10}, {X: 0, Y: 0}, {X: 3, Y: 3}, {X: 3, Y: 7}, {X: 7, Y: 7}, {X: 7, Y: 3}, {X: 3, Y: 3}},
			{{X: 0, Y: 0}, {X: 10, Y: 0}, {X: 10, Y: 10}, {X: 0, Y: 10}, {X: 0, Y: 0}, {X: 3, Y: 3}, {X: 3, Y: 7}, {X: 7, Y: 7}, {X: 7, Y: 3}, {X: 3, Y: 3}},
		}, 0, 84, ring{{X: 1, Y: 5}, {X: 5, Y: 9}}, ring{{X: 5, Y: 5}}, 2},
		{"a cross of parts", []ring{rectangle(0, 0, 10, 4), rectangle(0, 0, 4, 10), rectangle(3, 0, 1, 4)}, 0.05, 16, ring{{X: 2, Y: 2}}, ring{{X: 8, Y: 2}, {X: 2, Y: 8}}, 1},
	} {
		var p aggregate.Polygons
		for w, d := range c.drawn {
			addPolygons(&p, 0, w, d)
		}
		p.Overlap = c.overlap
		r := mustPolygon(t, p)
		if len(r.Objects) != 1 || len(r.Objects[0].Members) != len(c.drawn) {
			t.Errorf("%s: objects %+v", c.name, r.Objects)
			continue
		}
		rings := r.Objects[0].Rings
		if got := area(rings); math.Abs(got-c.area) > 0.03*c.area && c.rings >= 0 {
			t.Errorf("%s: area %f, want %f", c.name, got, c.area)
		}
		if c.rings >= 0 && len(rings) != c.rings {
			t.Errorf("%s: rings %v", c.name, rings)
		}
		for _, at := range c.in {
			if !covers(rings, at) {
				t.Errorf("%s: %v is not in %v", c.name, at, rings)
			}
		}
		for _, at := range c.out {
			if covers(rings, at) {
				t.Errorf("%s: %v is in %v", c.name, at, rings)
			}
		}
	}
}

// TestPolygonsOverlap: the agreement of what one object's members and the fused one is the overlap, by hand.
func TestPolygonsOverlap(t *testing.T) {
	var p aggregate.Polygons
	addPolygons(&p, 0, 0, rectangle(0, 0, 10, 10))
	addPolygons(&p, 0, 1, rectangle(0, 0, 10, 6))
	r := mustPolygon(t, p)
	if got := r.Objects[0].Agreement; math.Abs(got-0.8) > 0.01 { // the fused one is the smaller
		t.Errorf("overlaps of 0.6 and 1 have the mean %f", got)
	}
	p.Overlap = 0.65
	if r := mustPolygon(t, p); len(r.Objects) != 2 || r.Agreement[0] != 0 {
		t.Errorf("over 0.65, an overlap of 0.6 gives %d objects", len(r.Objects))
	}
}

// leaves draws outlines of one leaf an image by 3 careful workers, and by 3 who draw twice the leaf, or something else.
func leaves(rng *rand.Rand, images int) (p aggregate.Polygons, truth []ring) {
	star := func(cx, cy, r, wave, noise float64, points int) ring {
		var out ring
		for i := range points {
			angle := 2 * math.Pi * float64(i) / float64(points)
			d := r*(1+wave*math.Sin(3*angle)) + noise*rng.NormFloat64()
			out = append(out, aggregate.Point{X: cx + d*math.Cos(angle), Y: cy + d*math.Sin(angle)})
		}
		return out
	}
	for t := range images {
		cx, cy, r := 200+400*rng.Float64(), 200+400*rng.Float64(), 40+60*rng.Float64()
		truth = append(truth, star(cx, cy, r, 0.3, 0, 90))
		for w := range 6 {
			switch {
			case w < 3:
				addPolygons(&p, t, w, star(cx, cy, r, 0.3, 0.03*r, 20+rng.IntN(20)))
			case rng.IntN(2) == 0:
				addPolygons(&p, t, w, star(cx+r/2*rng.Float64(), cy, r*1.3, 0.3, 0.1*r, 12))
			default:
				addPolygons(&p, t, w, star(800*rng.Float64(), 800*rng.Float64(), 30, 0, 3, 12))
			}
		}
	}
	return p, truth
}

// ringOverlap samples the intersection over union of a ring and rings on a grid.
func ringOverlap(a ring, b []ring) float64 {
	both, either := 0.0, 0.0
	for x := 0.0; x < 800; x += 6 {
		for y := 0.0; y < 800; y += 6 {
			at := aggregate.Point{X: x, Y: y}
			inA, inB := covers([]ring{a}, at), covers(b, at)
			if inA && inB {
				both++
			}
			if inA || inB {
				either++
			}
		}
	}
	return both / either
}

func TestPolygonsBeatTheirMembers(t *testing.T) {
	p, truth := leaves(rand.New(rand.NewPCG(1, 2)), 25)
	r := mustPolygon(t, p)
	for w, s := range r.Skills {
		if (w < 3) != (s.Value > 0.6) {
			t.Errorf("worker %d has skill %v", w, s)
		}
	}
	fused, single, members := 0.0, 0.0, 0.0
	seen := make(map[int32]bool)
	for _, o := range r.Objects {
		if seen[o.Task] { // the surest of each image is the leaf
			continue
		}
		seen[o.Task] = true
		fused += ringOverlap(truth[o.Task], o.Rings) / float64(len(truth))
		for _, m := range o.Members {
			single += ringOverlap(truth[o.Task], []ring{p.Points[p.PointStart[m]:p.PointStart[m+1]]})
			members++
		}
		if n := len(o.Rings[0]); n > 150 {
			t.Errorf("the outline in image %d has %d points", o.Task, n)
		}
	}
	t.Logf("overlap with the truth %.3f fused, %.3f of a member on average", fused, single/members)
	if fused < single/members+0.05 || fused < 0.9 {
		t.Errorf("overlap with the truth %f, of a member on average %f", fused, single/members)
	}
}

func TestPolygonsIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	p, _ := leaves(rng, 6)
	want := mustPolygon(t, p)
	for range 3 {
		var shuffled aggregate.Polygons
		var number []int32
		for _, r := range rng.Perm(len(p.Tasks)) { // every answer is one polygon
			addPolygons(&shuffled, int(p.Tasks[r]), int(p.Workers[r]), p.Points[p.PointStart[r]:p.PointStart[r+1]])
			number = append(number, int32(r))
		}
		got := mustPolygon(t, shuffled)
		for i := range got.Objects {
			for j, m := range got.Objects[i].Members {
				got.Objects[i].Members[j] = number[m]
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("another order of rows differs (-want +got):\n%s", diff)
		}
	}
}

func TestPolygonsDegenerate(t *testing.T) {
	empty := aggregate.Polygons{Shapes: aggregate.Shapes{Start: []int32{0}}, PointStart: []int32{0}}
	if r := mustPolygon(t, empty); len(r.Objects) != 0 {
		t.Errorf("nothing has objects %v", r.Objects)
	}
	line := ring{{X: 0, Y: 0}, {X: 5, Y: 5}, {X: 9, Y: 9}}
	var lines aggregate.Polygons
	addPolygons(&lines, 0, 0, line)
	addPolygons(&lines, 0, 1, line)
	addPolygons(&lines, 0, 2, ring{{X: 1, Y: 1}, {X: 1, Y: 1}, {X: 1, Y: 1}})
	r := mustPolygon(t, lines)
	if len(r.Objects) != 2 || len(r.Objects[0].Members) != 2 || len(r.Objects[0].Rings) != 0 {
		t.Errorf("lines: %+v", r.Objects)
	}
	points := ring{{X: 1, Y: 1}, {X: 1, Y: 1}, {X: 1, Y: 1}}
	var dots aggregate.Polygons
	addPolygons(&dots, 0, 0, points)
	addPolygons(&dots, 0, 1, points)
	if r := mustPolygon(t, dots); len(r.Objects) != 1 || !slices.Equal(r.Objects[0].Rings[0], points) {
		t.Errorf("points: %+v", r.Objects)
	}
}

func TestPolygonsBad(t *testing.T) {
	for _, c := range []struct {
		name string
		ring ring
		want string
	}{
		{"two points", ring{{}, {}}, "answer 0: polygon 0 has 2 points; from 3 to 5000 are allowed"},
		{"many points", make(ring, aggregate.PolygonsPointsMax+1), "answer 0: polygon 0 has 5001 points; from 3 to 5000 are allowed"},
		{"NaN", ring{{}, {}, {X: math.NaN()}}, "answer 0: polygon 0: NaN, 0 is not a place from -1e9 to 1e9"},
	} {
		var p aggregate.Polygons
		addPolygons(&p, 0, 0, c.ring)
		if _, err := aggregate.PolygonsFuse(t.Context(), p, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := aggregate.PolygonsFuse(t.Context(), aggregate.Polygons{}, nil); !errors.Is(err, aggregate.ErrBadAnswers) {
		t.Errorf("no starts: error %v", err)
	}
}

func BenchmarkPolygons(b *testing.B) {
	p, _ := leaves(rand.New(rand.NewPCG(1, 1)), 200)
	for b.Loop() {
		mustPolygon(b, p)
	}
}
