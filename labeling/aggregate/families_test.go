package aggregate_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// TestFamiliesTakeAnything gives every family small answers without any sense: missing, equal, empty, tiny and huge. All
// of them have a result, whose intervals hold its values and whose shares are from 0 to 1.
func TestFamiliesTakeAnything(t *testing.T) {
	for seed := range uint64(200) {
		a := anything{rng: rand.New(rand.NewPCG(seed, 99)), t: t, seed: seed}
		a.tasks, a.workers = 1+a.rng.IntN(5), 1+a.rng.IntN(5)
		a.pairs()
		a.numbers()
		a.scales()
		a.texts()
		a.rankings()
		a.spans()
		a.boxes()
		a.polygons()
		a.masks()
	}
}

type anything struct {
	t              *testing.T
	rng            *rand.Rand
	seed           uint64
	tasks, workers int
}

// each calls answer for some workers and tasks.
func (a *anything) each(answer func(task, worker int)) {
	for task := range a.tasks {
		for worker := range a.workers {
			if task+worker == 0 || a.rng.IntN(3) > 0 {
				answer(task, worker)
			}
		}
	}
}

func (a *anything) check(family string, c aggregate.Convergence, err error, estimates ...[]aggregate.Estimate) {
	a.t.Helper()
	if err != nil || !c.Converged {
		a.t.Fatalf("seed %d: %s: error %v after %d iterations", a.seed, family, err, c.Iterations)
	}
	for _, e := range slices.Concat(estimates...) {
		if e.Known() && !(e.Low <= e.Value && e.Value <= e.High) {
			a.t.Fatalf("seed %d: %s: %v", a.seed, family, e)
		}
	}
}

func (a *anything) share(family string, share float64) {
	a.t.Helper()
	if !(share >= 0 && share <= 1) {
		a.t.Fatalf("seed %d: %s: a share of %v", a.seed, family, share)
	}
}

func (a *anything) pairs() {
	p := aggregate.Pairs{ItemCount: 2 + a.rng.IntN(6), WorkerCount: a.workers}
	a.each(func(_, worker int) {
		i, j := a.rng.IntN(p.ItemCount), a.rng.IntN(p.ItemCount-1)
		if j >= i {
			j++
		}
		for range a.rng.IntN(5) {
			addPair(&p, i, j, worker, aggregate.PairsOutcome(a.rng.IntN(4)))
		}
	})
	for _, fit := range []func(context.Context, aggregate.Pairs, aggregate.Progress) (*aggregate.PairsResult, error){aggregate.PairsBradleyTerry, aggregate.PairsNoisy} {
		r, err := fit(a.t.Context(), p, nil)
		a.check("pairs", r.Convergence, err, r.Scores, r.Skills)
		a.share("pairs", r.Gain(0, 1, 0.9))
		a.share("pairs", r.OrderConfidence())
	}
}

func (a *anything) numbers() {
	n := numbersOf(a.tasks+1, a.workers+1)
	kind := a.rng.IntN(4)
	a.each(func(task, worker int) {
		v := []float64{float64(a.rng.IntN(3)), a.rng.NormFloat64(), math.Exp(20 * a.rng.NormFloat64()), 5 + 1e-12*a.rng.NormFloat64()}[kind]
		n.Tasks, n.Workers, n.Values = append(n.Tasks, int32(task)), append(n.Workers, int32(worker)), append(n.Values, v)
	})
	for name, fit := range numbersMethods {
		r, err := fit(a.t.Context(), n, nil)
		if kind == 2 { // over eighty orders of magnitude the search may take longer than it is given, and says so
			r.Converged = true
		}
		a.check(name+" of numbers", r.Convergence, err, r.Values, r.Bias, r.Spread)
	}
}

func (a *anything) scales() {
	s := aggregate.Scales{ClassCount: 2 + a.rng.IntN(5)}
	a.each(func(task, worker int) { addScale(&s, task, worker, a.rng.IntN(s.ClassCount)) })
	for name, fit := range scalesMethods {
		r, err := fit(a.t.Context(), s, nil)
		a.check(name+" of scales", r.Convergence, err, r.Values, r.Bias, r.Spread)
	}
}

func (a *anything) texts() {
	var texts aggregate.Texts
	a.each(func(task, worker int) {
		var words []string
		for range a.rng.IntN(6) {
			words = append(words, string(rune('a'+a.rng.IntN(3))))
		}
		addText(&texts, task, worker, strings.Join(words, []string{" ", ""}[a.rng.IntN(2)]))
	})
	r, err := aggregate.TextsFuse(a.t.Context(), texts, nil)
	a.check("texts", r.Convergence, err, r.Skills)
	for _, v := range r.Texts {
		if v.Answers > 0 {
			a.share("texts", v.Agreement)
		}
	}
}

func (a *anything) rankings() {
	k := aggregate.Rankings{RestBelow: a.rng.IntN(2) == 0}
	a.each(func(task, worker int) {
		var ranked []int32
		for _, item := range a.rng.Perm(5)[:a.rng.IntN(6)] {
			ranked = append(ranked, int32(item))
		}
		addRanking(&k, task, worker, 5, ranked...)
	})
	for name, fit := range rankingsMethods {
		r, err := fit(a.t.Context(), k, nil)
		a.check(name, r.Convergence, err, append(r.Scores, r.Skills)...)
	}
}

func (a *anything) spans() {
	var s aggregate.Spans
	a.each(func(task, worker int) {
		var marks [][3]int
		for range a.rng.IntN(4) {
			begin := a.rng.IntN(9)
			marks = append(marks, [3]int{begin, begin + 1 + a.rng.IntN(10-begin), a.rng.IntN(2)})
		}
		addSpans(&s, task, worker, 10, marks...)
	})
	r, err := aggregate.SpansFuse(a.t.Context(), s, nil)
	a.check("spans", r.Convergence, err, r.Skills)
	for _, span := range r.Spans {
		a.share("spans", span.Confidence)
	}
}

func (a *anything) boxes() {
	var b aggregate.Boxes
	a.each(func(task, worker int) {
		var drawn []classBox
		for range a.rng.IntN(4) {
			x, y := float64(a.rng.IntN(3)), float64(a.rng.IntN(3))
			drawn = append(drawn, classBox{aggregate.Box{MinX: x, MinY: y, MaxX: x + float64(a.rng.IntN(4)), MaxY: y + float64(a.rng.IntN(4))}, a.rng.IntN(3)})
		}
		addBoxes(&b, task, worker, drawn...)
	})
	b.Overlap = []float64{0, 0.1, 1}[a.rng.IntN(3)]
	r, err := aggregate.BoxesFuse(a.t.Context(), b, nil)
	a.check("boxes", r.Convergence, err, r.Skills)
	members := 0
	for _, o := range r.Objects {
		a.check("boxes", r.Convergence, nil, []aggregate.Estimate{o.MinX, o.MinY, o.MaxX, o.MaxY})
		a.share("boxes", o.Confidence)
		a.share("boxes", o.Agreement)
		if f := o.Box(); f.MinX > f.MaxX || f.MinY > f.MaxY {
			a.t.Fatalf("seed %d: the box %v", a.seed, f)
		}
		members += len(o.Members)
	}
	if members != len(b.Boxes) {
		a.t.Fatalf("seed %d: %d boxes are in the objects, of %d", a.seed, members, len(b.Boxes))
	}
}

func (a *anything) polygons() {
	var p aggregate.Polygons
	a.each(func(task, worker int) {
		var drawn []ring
		for range a.rng.IntN(3) {
			var r ring
			for range 3 + a.rng.IntN(4) {
				r = append(r, aggregate.Point{X: float64(a.rng.IntN(5)), Y: float64(a.rng.IntN(5))})
			}
			drawn = append(drawn, r)
		}
		addPolygons(&p, task, worker, drawn...)
	})
	p.Overlap = []float64{0, 0.1, 1}[a.rng.IntN(3)]
	r, err := aggregate.PolygonsFuse(a.t.Context(), p, nil)
	a.check("polygons", r.Convergence, err, r.Skills)
	for _, o := range r.Objects {
		a.share("polygons", o.Confidence)
		a.share("polygons", o.Agreement)
		for _, at := range slices.Concat(o.Rings...) {
			a.share("polygons", at.X/4)
			a.share("polygons", at.Y/4)
		}
	}
}

func (a *anything) masks() {
	var m aggregate.Masks
	a.each(func(task, worker int) {
		rare := 1 + a.rng.IntN(3)
		addMask(&m, task, worker, 3, 4, encode(3, 4, func(int, int) bool { return a.rng.IntN(rare) == 0 }))
	})
	for name, fit := range masksMethods {
		r, err := fit(a.t.Context(), m, nil)
		a.check(name, r.Convergence, err, r.Sensitivity, r.Specificity)
		for i, runs := range r.Masks {
			if runs != nil && len(pixels(runs)) != 12 {
				a.t.Fatalf("seed %d: the runs %v", a.seed, runs)
			}
			if runs != nil {
				a.share(name, r.Confidence[i])
			}
		}
	}
}
