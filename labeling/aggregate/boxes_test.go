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

type classBox struct {
	box   aggregate.Box
	class int
}

func addBoxes(b *aggregate.Boxes, task, worker int, drawn ...classBox) {
	if b.Start == nil {
		b.Start = []int32{0}
	}
	b.TaskCount, b.WorkerCount = max(b.TaskCount, task+1), max(b.WorkerCount, worker+1)
	b.Tasks, b.Workers = append(b.Tasks, int32(task)), append(b.Workers, int32(worker))
	for _, d := range drawn {
		b.Boxes, b.Classes = append(b.Boxes, d.box), append(b.Classes, int32(d.class))
		b.ClassCount = max(b.ClassCount, d.class+1)
	}
	b.Start = append(b.Start, int32(len(b.Boxes)))
}

func square(x, y, side float64) aggregate.Box {
	return aggregate.Box{MinX: x, MinY: y, MaxX: x + side, MaxY: y + side}
}

func mustBox(t testing.TB, b aggregate.Boxes) *aggregate.BoxesResult {
	t.Helper()
	r, err := aggregate.BoxesFuse(t.Context(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

func TestBoxesByHand(t *testing.T) {
	var b aggregate.Boxes
	addBoxes(&b, 0, 0, classBox{square(0, 0, 10), 1}, classBox{square(100, 0, 10), 0})
	addBoxes(&b, 0, 1, classBox{square(1, 0, 10), 1})
	addBoxes(&b, 0, 2, classBox{square(0, 1, 10), 2}, classBox{square(101, 0, 10), 0}, classBox{square(50, 50, 10), 0})
	addBoxes(&b, 1, 0)
	addBoxes(&b, 1, 1)
	addBoxes(&b, 2, 1, classBox{square(5, 5, 2), 2})
	r := mustBox(t, b)
	type object struct {
		Task    int32
		Members []int32
		Class   int32
	}
	var got []object
	for _, o := range r.Objects {
		got = append(got, object{o.Task, o.Members, o.Class})
	}
	if diff := cmp.Diff([]object{{0, []int32{0, 2, 3}, 1}, {0, []int32{1, 4}, 0}, {0, []int32{5}, 0}, {2, []int32{6}, 2}}, got); diff != "" {
		t.Fatalf("objects (-want +got):\n%s", diff)
	}
	// Workers 0 and 1 share 1 object of 3 shapes, 0 and 2 share 2 of 5, 1 and 2 share 1 of 4.
	if want := []float64{(2.0/3 + 4.0/5 + 2.0/4) / 3, 1, math.NaN()}; !cmp.Equal(want, r.Agreement, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)) {
		t.Errorf("agreement %v, want %v", r.Agreement, want)
	}
	first, second, third := r.Objects[0], r.Objects[1], r.Objects[2]
	if first.Confidence != 1 || !(second.Confidence > 0.5 && second.Confidence < 1) || third.Confidence > 0.4 || r.Objects[3].Confidence != 1 {
		t.Errorf("confidence %v %v %v %v", first.Confidence, second.Confidence, third.Confidence, r.Objects[3].Confidence)
	}
	if w := first.Classes; len(w) != 2 || w[0].Class != 1 || w[0].Weight < 0.6 || w[1].Class != 2 || math.Abs(w[0].Weight+w[1].Weight-1) > 1e-12 {
		t.Errorf("class weights %v", w)
	}
	if f := first.Box(); f.Overlap(square(0.3, 0.3, 10)) < 0.95 || first.Agreement < 0.8 || first.Agreement >= 1 {
		t.Errorf("fused to %v, agreement %v", f, first.Agreement)
	}
	if !(r.Skills[1].Value > 0.5) || r.Skills[0].Value <= r.Skills[2].Value {
		t.Errorf("skills %v", r.Skills)
	}
}

// TestBoxesOfOneWorkerStayApart: one worker's two boxes overlap each other more than anybody else's.
func TestBoxesOfOneWorkerStayApart(t *testing.T) {
	var b aggregate.Boxes
	addBoxes(&b, 0, 0, classBox{square(0, 0, 10), 0}, classBox{square(1, 0, 10), 0})
	addBoxes(&b, 0, 1, classBox{square(1, 1, 10), 0}, classBox{square(0, 1, 10), 0})
	addBoxes(&b, 0, 2, classBox{square(0, 0, 10), 0}, classBox{square(1, 0, 10), 0})
	r := mustBox(t, b)
	if len(r.Objects) != 2 || len(r.Objects[0].Members) != 3 || len(r.Objects[1].Members) != 3 {
		t.Fatalf("objects %+v", r.Objects)
	}
}

// street draws scenes of a few objects, boxes of them by 4 careful workers, by 2 who draw a tenth too wide, and by as
// many as asked who draw at random. It returns the true boxes of each scene with them.
func street(rng *rand.Rand, scenes, careless int) (b aggregate.Boxes, truth [][]aggregate.Box) {
	for t := range scenes {
		var objects []aggregate.Box
		for len(objects) < 1+rng.IntN(5) {
			x, y := 900*rng.Float64(), 900*rng.Float64()
			o := aggregate.Box{MinX: x, MinY: y, MaxX: x + 40 + 100*rng.Float64(), MaxY: y + 40 + 100*rng.Float64()}
			if !slices.ContainsFunc(objects, func(p aggregate.Box) bool { return p.Overlap(o) > 0.2 }) {
				objects = append(objects, o)
			}
		}
		truth = append(truth, objects)
		for w := range 6 + careless {
			var drawn []classBox
			for i, o := range objects {
				width, noise := 0.0, 0.02
				if w >= 4 {
					width = 0.1 * (o.MaxX - o.MinX)
					noise = 0.05
				}
				if w >= 6 {
					o = square(900*rng.Float64(), 900*rng.Float64(), 80)
				} else if rng.IntN(10) == 0 {
					continue
				}
				jitter := func() float64 { return noise * 70 * rng.NormFloat64() }
				class := i % 3
				if w >= 6 {
					class = rng.IntN(3)
				}
				drawn = append(drawn, classBox{aggregate.Box{MinX: o.MinX - width + jitter(), MinY: o.MinY + jitter(), MaxX: o.MaxX + width + jitter(), MaxY: o.MaxY + jitter()}, class})
			}
			addBoxes(&b, t, w, drawn...)
		}
	}
	return b, truth
}

// TestBoxesBeatTheMean: seven of thirteen workers draw at random, so that no object has a majority; and a third of the
// others draw too wide.
func TestBoxesBeatTheMean(t *testing.T) {
	b, truth := street(rand.New(rand.NewPCG(1, 2)), 60, 7)
	r := mustBox(t, b)
	for w, s := range r.Skills {
		if (w >= 6) != (s.Value < 0.3) {
			t.Errorf("worker %d has skill %v", w, s)
		}
	}
	found, false1, fused, mean, held, sides, missedByMajority := 0, 0, 0.0, 0.0, 0, 0, 0
	for _, o := range r.Objects {
		best := 0.0
		var match aggregate.Box
		for _, true1 := range truth[o.Task] {
			if v := o.Box().Overlap(true1); v > best {
				best, match = v, true1
			}
		}
		switch {
		case o.Confidence < 0.5:
			continue
		case best < 0.5:
			false1++
			continue
		}
		found++
		if len(o.Members)*2 <= 13 {
			missedByMajority++
		}
		fused += best
		var plain aggregate.Box
		for _, m := range o.Members {
			n := float64(len(o.Members))
			plain.MinX += b.Boxes[m].MinX / n
			plain.MinY += b.Boxes[m].MinY / n
			plain.MaxX += b.Boxes[m].MaxX / n
			plain.MaxY += b.Boxes[m].MaxY / n
		}
		mean += plain.Overlap(match)
		held += within([]aggregate.Estimate{o.MinX, o.MinY, o.MaxX, o.MaxY}, []float64{match.MinX, match.MinY, match.MaxX, match.MaxY})
		sides += 4
	}
	all := 0
	for _, objects := range truth {
		all += len(objects)
	}
	t.Logf("%d of %d objects found, %d false; overlap %.3f fused, %.3f by the mean; %d of %d sides within intervals; a majority misses %d",
		found, all, false1, fused/float64(found), mean/float64(found), held, sides, missedByMajority)
	if found < all*98/100 || false1 > all/50 {
		t.Errorf("%d of %d objects found, and %d that are not there", found, all, false1)
	}
	if fused < mean+0.01*float64(found) {
		t.Errorf("overlap with the truth %f, by the mean %f", fused/float64(found), mean/float64(found))
	}
	if held < sides*88/100 {
		t.Errorf("%d of %d sides are within their intervals", held, sides)
	}
}

func TestBoxesIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	b, _ := street(rng, 12, 2)
	b.CannotTell = make([]bool, len(b.Tasks))
	b.CannotTell[3] = true
	want := mustBox(t, b)
	for range 5 {
		var c aggregate.Boxes
		number := make([]int32, len(b.Boxes)) // of a shape of c in b
		for _, r := range rng.Perm(len(b.Tasks)) {
			var drawn []classBox
			for s := b.Start[r]; s < b.Start[r+1]; s++ {
				number[len(c.Boxes)+len(drawn)] = s
				drawn = append(drawn, classBox{b.Boxes[s], int(b.Classes[s])})
			}
			addBoxes(&c, int(b.Tasks[r]), int(b.Workers[r]), drawn...)
			c.CannotTell = append(c.CannotTell, b.CannotTell[r])
		}
		got := mustBox(t, c)
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

func TestBoxesDegenerate(t *testing.T) {
	if r := mustBox(t, aggregate.Boxes{Shapes: aggregate.Shapes{Start: []int32{0}}}); len(r.Objects) != 0 {
		t.Errorf("nothing has objects %v", r.Objects)
	}
	var one aggregate.Boxes
	addBoxes(&one, 0, 0, classBox{square(1, 2, 3), 0})
	r := mustBox(t, one)
	if len(r.Objects) != 1 || r.Objects[0].Box() != square(1, 2, 3) || r.Objects[0].Confidence != 1 || !math.IsInf(r.Objects[0].MaxX.High, 1) || r.Skills[0].Known() {
		t.Errorf("one worker's box: %+v", r)
	}
	var points aggregate.Boxes // two agree on a point, and one is elsewhere
	addBoxes(&points, 0, 0, classBox{square(1, 2, 0), 0})
	addBoxes(&points, 0, 1, classBox{square(1, 2, 0), 0})
	addBoxes(&points, 0, 2, classBox{square(2, 2, 0), 0})
	if r := mustBox(t, points); len(r.Objects) != 2 || len(r.Objects[0].Members) != 2 || r.Objects[0].Box() != square(1, 2, 0) {
		t.Errorf("points: %+v", r.Objects)
	}
	var alike aggregate.Boxes
	for w := range 4 {
		addBoxes(&alike, 0, w, classBox{square(1, 2, 3), w % 2})
	}
	r = mustBox(t, alike)
	if len(r.Objects) != 1 || r.Objects[0].Box() != square(1, 2, 3) || r.Objects[0].Class != 0 || r.Agreement[0] != 1 || r.Objects[0].Agreement != 1 {
		t.Errorf("four alike, with two classes: %+v", r)
	}
	var surest aggregate.Boxes
	addBoxes(&surest, 0, 0, classBox{square(50, 50, 3), 0}, classBox{square(1, 2, 3), 0})
	addBoxes(&surest, 0, 1, classBox{square(1, 2, 3), 0})
	if r := mustBox(t, surest); len(r.Objects) != 2 || r.Objects[0].Box() != square(1, 2, 3) {
		t.Errorf("the surest is not first: %+v", r.Objects)
	}
	var apart aggregate.Boxes // nobody agrees with anybody
	for w := range 3 {
		addBoxes(&apart, 0, w, classBox{square(float64(100*w), 0, 3), 0})
	}
	r = mustBox(t, apart)
	if len(r.Objects) != 3 || math.Abs(r.Objects[0].Confidence-1.0/3) > 1e-6 || r.Agreement[0] != 0 {
		t.Errorf("three apart: %+v", r)
	}
}

func TestBoxesBad(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*aggregate.Boxes)
		want  string
	}{
		{"NaN", func(b *aggregate.Boxes) { b.Boxes[0].MaxX = math.NaN() }, "answer 0: box 0: NaN is not a coordinate from -1e9 to 1e9"},
		{"inside out", func(b *aggregate.Boxes) { b.Boxes[1].MaxY = 1 }, "answer 0: box 1: it ends at 5 1 before it starts at 2 2"},
		{"no such class", func(b *aggregate.Boxes) { b.Classes[1] = 2 }, "answer 0: there is no class 2 among 2"},
		{"short", func(b *aggregate.Boxes) { b.Boxes = b.Boxes[:1] }, "2 starts do not cut 1 parts into 1 answers"},
		{"backwards", func(b *aggregate.Boxes) {
			b.Start = []int32{0, 3, 2}
			b.Tasks, b.Workers = []int32{0, 0}, []int32{0, 0}
		}, "answer 1: worker 0 has answered task 0 in answer 0 already"},
		{"overlap", func(b *aggregate.Boxes) { b.Overlap = 1.5 }, "an overlap of 1.5 is not from 0 to 1"},
	} {
		var b aggregate.Boxes
		addBoxes(&b, 0, 0, classBox{square(1, 1, 3), 1}, classBox{square(2, 2, 3), 0})
		c.spoil(&b)
		if _, err := aggregate.BoxesFuse(t.Context(), b, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
	var many aggregate.Boxes
	addBoxes(&many, 0, 0, slices.Repeat([]classBox{{square(0, 0, 1), 0}}, aggregate.ShapesMax+1)...)
	if _, err := aggregate.BoxesFuse(t.Context(), many, nil); !errors.Is(err, aggregate.ErrTooManyShapes) {
		t.Errorf("%d boxes: error %v", len(many.Boxes), err)
	}
}

func BenchmarkBoxes(b *testing.B) {
	boxes, _ := street(rand.New(rand.NewPCG(1, 1)), 2000, 2)
	b.ReportMetric(float64(len(boxes.Boxes)), "boxes")
	for b.Loop() {
		mustBox(b, boxes)
	}
}
