package aggregate_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

type fitScales = func(context.Context, aggregate.Scales, aggregate.Progress) (*aggregate.ScalesResult, error)

var scalesMethods = map[string]fitScales{"mean": aggregate.ScalesMean, "ordinal": aggregate.ScalesOrdinal}

// scalesOf returns answers given as task, worker, class.
func scalesOf(classes int, rows ...[3]int) aggregate.Scales {
	s := aggregate.Scales{ClassCount: classes}
	for _, r := range rows {
		addScale(&s, r[0], r[1], r[2])
	}
	return s
}

func addScale(s *aggregate.Scales, task, worker, class int) {
	s.TaskCount, s.WorkerCount = max(s.TaskCount, task+1), max(s.WorkerCount, worker+1)
	s.Tasks, s.Workers, s.Classes = append(s.Tasks, int32(task)), append(s.Workers, int32(worker)), append(s.Classes, int32(class))
}

func mustScale(t testing.TB, fit fitScales, s aggregate.Scales) *aggregate.ScalesResult {
	t.Helper()
	r, err := fit(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

// stars draws answers of 6 of 16 workers to each task, of 5 classes: a quarter careful, a quarter strict by one class, a
// quarter careless, a quarter random. With alike set, all are careful in the same way.
func stars(rng *rand.Rand, tasks int, alike bool) (s aggregate.Scales, truth []int32) {
	s.ClassCount = 5
	for t := range tasks {
		truth = append(truth, int32(rng.IntN(5)))
		for _, w := range rng.Perm(16)[:6] {
			v := float64(truth[t])
			switch kind := w % 4; {
			case alike || kind == 0:
				v += 0.6 * rng.NormFloat64()
			case kind == 1:
				v += -1 + 0.5*rng.NormFloat64()
			case kind == 2:
				v += 1.5 * rng.NormFloat64()
			default:
				v = 5*rng.Float64() - 0.5
			}
			addScale(&s, t, w, max(0, min(4, int(math.Round(v)))))
		}
	}
	return s, truth
}

func distanceTo(r *aggregate.ScalesResult, truth []int32) (value, class float64) {
	for t, j := range truth {
		value += math.Abs(r.Values[t].Value-float64(j)) / float64(len(truth))
		if r.Class[t] == j {
			class += 1 / float64(len(truth))
		}
	}
	return value, class
}

func TestScalesOrdinalBeatsTheMean(t *testing.T) {
	s, truth := stars(rand.New(rand.NewPCG(1, 2)), 800, false)
	mean, ordinal := mustScale(t, aggregate.ScalesMean, s), mustScale(t, aggregate.ScalesOrdinal, s)
	off, right := distanceTo(mean, truth)
	offO, rightO := distanceTo(ordinal, truth)
	t.Logf("mean: off by %.3f, %.3f right; ordinal: off by %.3f, %.3f right, after %d iterations", off, right, offO, rightO, ordinal.Iterations)
	if offO > off*2/3 || rightO < right+0.15 {
		t.Errorf("mean: off by %f, %f right; ordinal: off by %f, %f right", off, right, offO, rightO)
	}
	for w := range 16 {
		bias, spread := ordinal.Bias[w].Value, ordinal.Spread[w].Value
		if want := []float64{0, -1, 0, 0}[w%4]; w%4 < 3 && math.Abs(bias-want) > 0.4 {
			t.Errorf("worker %d has bias %v", w, ordinal.Bias[w])
		}
		if (w%4 < 2) != (spread < 1) {
			t.Errorf("worker %d has spread %v", w, ordinal.Spread[w])
		}
	}
	sure, wrong := 0, 0
	for i, j := range truth {
		p := ordinal.Posterior[i*5 : (i+1)*5]
		if sum := p[0] + p[1] + p[2] + p[3] + p[4]; math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the posterior of task %d sums to %f", i, sum)
		}
		if slices.Max(p) >= 0.9 {
			sure++
			if ordinal.Class[i] != j {
				wrong++
			}
		}
	}
	if sure < 200 || wrong*8 > sure {
		t.Errorf("of %d classes with 0.9 or more, %d are wrong", sure, wrong)
	}
}

// TestScalesOrdinalLearnsFrequencies: two workers who are level on a task are decided between by which class is common.
func TestScalesOrdinalLearnsFrequencies(t *testing.T) {
	s := scalesOf(3, [3]int{0, 0, 0}, [3]int{0, 1, 2})
	for task := 1; task < 60; task++ {
		for w := range 4 {
			class := 2
			if task < 4 {
				class = 0
			}
			addScale(&s, task, w, class)
		}
	}
	r := mustScale(t, aggregate.ScalesOrdinal, s)
	if r.Class[0] != 2 || r.Posterior[2] < 5*r.Posterior[0] {
		t.Errorf("level between a rare and a frequent class: %v", r.Posterior[:3])
	}
}

func TestScalesMeanByHand(t *testing.T) {
	r := mustScale(t, aggregate.ScalesMean, scalesOf(5, [3]int{0, 0, 1}, [3]int{0, 1, 2}, [3]int{0, 2, 3}, [3]int{1, 0, 4}, [3]int{1, 1, 4}, [3]int{2, 1, 0}))
	// Squares of 1, 0, 1 and 0, 0 over 2+1 degrees of freedom: a variance of 2/3.
	half := func(n float64) float64 { return 1.959963984540054 * math.Sqrt(2.0/3/n) }
	want := []aggregate.Estimate{{2, 2 - half(3), 2 + half(3)}, {4, 4 - half(2), 4 + half(2)}, {0, -half(1), half(1)}}
	if diff := cmp.Diff(want, r.Values, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if r.Bias[0].Value != -0.5 || r.Bias[1].Value != 0 || r.Bias[2].Value != 1 {
		t.Errorf("bias %v", r.Bias)
	}
}

func TestScalesDegenerate(t *testing.T) {
	for name, fit := range scalesMethods {
		if r := mustScale(t, fit, scalesOf(2)); len(r.Values) != 0 {
			t.Errorf("%s of nothing: %+v", name, r)
		}
		unanswered := scalesOf(3, [3]int{1, 1, 2})
		r := mustScale(t, fit, unanswered)
		if r.Values[0].Known() || r.Class[0] != -1 || r.Class[1] != 2 || r.Bias[0].Known() {
			t.Errorf("%s of one answer: %+v", name, r)
		}
		unsure := scalesOf(3, [3]int{0, 0, 2}, [3]int{0, 1, 99})
		unsure.CannotTell = []bool{false, true}
		if r := mustScale(t, fit, unsure); r.Class[0] != 2 || r.Bias[1].Known() {
			t.Errorf("%s of one who could not tell: %+v", name, r)
		}
		var alike aggregate.Scales // one class never occurs
		alike.ClassCount = 4
		for i := range 40 {
			addScale(&alike, i/4, i%4, 3*(i/4%2))
		}
		r = mustScale(t, fit, alike)
		for task, c := range r.Class {
			if c != int32(3*(task%2)) {
				t.Errorf("%s of answers alike: task %d is %d", name, task, c)
			}
		}
		for w := range r.Bias {
			if math.Abs(r.Bias[w].Value) > 0.2 || r.Spread[w].Value > 0.7 || math.IsNaN(r.Spread[w].High) {
				t.Errorf("%s of answers alike: worker %d has bias %v and spread %v", name, w, r.Bias[w], r.Spread[w])
			}
		}
	}
}

func TestScalesIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	s, _ := stars(rng, 40, false)
	for name, fit := range scalesMethods {
		want := mustScale(t, fit, s)
		for range 5 {
			shuffled := scalesOf(5)
			for _, r := range rng.Perm(len(s.Tasks)) {
				addScale(&shuffled, int(s.Tasks[r]), int(s.Workers[r]), int(s.Classes[r]))
			}
			if diff := cmp.Diff(want, mustScale(t, fit, shuffled), cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("%s: another order of rows differs (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestScalesBad(t *testing.T) {
	for _, c := range []struct {
		name   string
		scales aggregate.Scales
		want   string
	}{
		{"no such class", scalesOf(3, [3]int{0, 0, 3}), "answer 0: there is no class 3 among 3"},
		{"one class", scalesOf(1, [3]int{0, 0, 0}), "a scale has from 2 to 21 classes, not 1"},
		{"many classes", scalesOf(22, [3]int{0, 0, 0}), "a scale has from 2 to 21 classes, not 22"},
		{"twice", scalesOf(3, [3]int{0, 0, 1}, [3]int{0, 0, 2}), "answer 1: worker 0 has answered task 0 in answer 0 already"},
	} {
		for name, fit := range scalesMethods {
			if _, err := fit(t.Context(), c.scales, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
				t.Errorf("%s of %s: error %v, want %s", name, c.name, err, c.want)
			}
		}
	}
}

func BenchmarkScales(b *testing.B) {
	s, _ := stars(rand.New(rand.NewPCG(1, 1)), 20_000, false)
	for name, fit := range scalesMethods {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mustScale(b, fit, s)
			}
		})
	}
}

// TestScalesProbabilities are those of a normal error of the mean, all equal where nothing bounds it.
func TestScalesProbabilities(t *testing.T) {
	t.Parallel()
	const z = 1.959963984540054
	for name, c := range map[string]struct {
		value, deviation float64
		want             [3]float64
	}{
		"between":   {0.5, 1, [3]float64{0.5, 0.341344746, 0.158655254}},
		"sure":      {1, 0, [3]float64{0, 1, 0}},
		"halfway":   {0.5, 0, [3]float64{0, 1, 0}}, // as it is rounded
		"the end":   {2, 0, [3]float64{0, 0, 1}},
		"unbounded": {2, math.Inf(1), [3]float64{1.0 / 3, 1.0 / 3, 1.0 / 3}},
	} {
		r := &aggregate.ScalesResult{Values: []aggregate.Estimate{{Value: c.value, Low: c.value - z*c.deviation, High: c.value + z*c.deviation}}}
		got := make([]float64, 3)
		r.Probabilities(0, got)
		for k := range got {
			if math.Abs(got[k]-c.want[k]) > 1e-8 {
				t.Errorf("%s: %v, want %v", name, got, c.want)
				break
			}
		}
	}
	r := &aggregate.ScalesResult{Posterior: []float64{0, 0, 1, 0.25, 0.5, 0.25}}
	got := make([]float64, 3)
	if r.Probabilities(1, got); got[0] != 0.25 || got[1] != 0.5 || got[2] != 0.25 {
		t.Errorf("of a posterior they are %v", got)
	}
}
