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

type fitNumbers = func(context.Context, aggregate.Numbers, aggregate.Progress) (*aggregate.NumbersResult, error)

var numbersMethods = map[string]fitNumbers{"median": aggregate.NumbersMedian, "mean": aggregate.NumbersMean}

// numbersOf returns answers given as task, worker, value.
func numbersOf(tasks, workers int, rows ...[3]float64) aggregate.Numbers {
	n := aggregate.Numbers{Rows: aggregate.Rows{TaskCount: tasks, WorkerCount: workers}}
	for _, r := range rows {
		n.Tasks, n.Workers, n.Values = append(n.Tasks, int32(r[0])), append(n.Workers, int32(r[1])), append(n.Values, r[2])
	}
	return n
}

func mustNumber(t testing.TB, fit fitNumbers, n aggregate.Numbers) *aggregate.NumbersResult {
	t.Helper()
	r, err := fit(t.Context(), n, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

// crowdNumbers draws answers of 5 of 15 workers to each task: a third of them careful, a third biased, a third sloppy,
// and one answer in fifty a slip of the finger. It returns the truth, biases and spreads with them.
func crowdNumbers(rng *rand.Rand, tasks int) (n aggregate.Numbers, truth, bias, spread []float64) {
	const workers = 15
	n = numbersOf(tasks, workers)
	bias, spread = make([]float64, workers), make([]float64, workers)
	for w := range workers {
		spread[w] = []float64{1, 2, 12}[w%3]
		if w%3 == 1 {
			bias[w] = 8 * rng.NormFloat64()
		}
	}
	for t := range tasks {
		truth = append(truth, 1000+100*rng.NormFloat64())
		for _, w := range rng.Perm(workers)[:5] {
			v := truth[t] + bias[w] + spread[w]*rng.NormFloat64()
			if rng.IntN(50) == 0 {
				v *= 10
			}
			n.Tasks, n.Workers, n.Values = append(n.Tasks, int32(t)), append(n.Workers, int32(w)), append(n.Values, v)
		}
	}
	return n, truth, bias, spread
}

func rootMeanSquare(got []aggregate.Estimate, truth []float64) float64 {
	sum := 0.0
	for i, g := range got {
		sum += (g.Value - truth[i]) * (g.Value - truth[i])
	}
	return math.Sqrt(sum / float64(len(got)))
}

func within(got []aggregate.Estimate, truth []float64) (held int) {
	for i, g := range got {
		if g.Low <= truth[i] && truth[i] <= g.High {
			held++
		}
	}
	return held
}

func TestNumbersMeanBeatsMedian(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	median, mean, held, all, biases, spreads, workers := 0.0, 0.0, 0, 0, 0, 0, 0
	for range 10 {
		n, truth, bias, spread := crowdNumbers(rng, 300)
		median += rootMeanSquare(mustNumber(t, aggregate.NumbersMedian, n).Values, truth) / 10
		r := mustNumber(t, aggregate.NumbersMean, n)
		mean += rootMeanSquare(r.Values, truth) / 10
		held, all = held+within(r.Values, truth), all+len(truth)
		biases, spreads, workers = biases+within(r.Bias, bias), spreads+within(r.Spread, spread), workers+len(bias)
	}
	t.Logf("error of the median %.2f, of the mean %.2f; within intervals: %d of %d numbers, %d biases and %d spreads of %d", median, mean, held, all, biases, spreads, workers)
	if mean > median/2 {
		t.Errorf("error of the mean %f, of the median %f", mean, median)
	}
	if held < all*90/100 || held > all*995/1000 {
		t.Errorf("%d of %d numbers are within their intervals", held, all)
	}
	if biases < workers*85/100 || spreads < workers*88/100 {
		t.Errorf("%d biases and %d spreads of %d are within their intervals", biases, spreads, workers)
	}
}

// TestNumbersAnchor has as many workers who answer anything above the truth as careful ones: the middle of their biases is
// theirs alone.
func TestNumbersAnchor(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	n := numbersOf(60, 8)
	var truth []float64
	for task := range 60 {
		truth = append(truth, 300+50*rng.NormFloat64())
		for w := range 8 {
			v := truth[task] + rng.NormFloat64()
			if w >= 4 {
				v = truth[task] + 400*rng.Float64()
			}
			n.Tasks, n.Workers, n.Values = append(n.Tasks, int32(task)), append(n.Workers, int32(w)), append(n.Values, v)
		}
	}
	if off := rootMeanSquare(mustNumber(t, aggregate.NumbersMean, n).Values, truth); off > 10 {
		t.Errorf("values are off by %v", off)
	}
}

// TestNumbersMeanIsTheMean of answers that err alike, by the symmetry of three.
func TestNumbersMeanIsTheMean(t *testing.T) {
	r := mustNumber(t, aggregate.NumbersMean, numbersOf(1, 3, [3]float64{0, 0, 9}, [3]float64{0, 1, 10}, [3]float64{0, 2, 11}))
	if math.Abs(r.Values[0].Value-10) > 1e-6 || r.Values[0].High < 11 || math.Abs(r.Bias[0].Value+r.Bias[2].Value) > 1e-6 || r.Bias[0].Value >= 0 {
		t.Errorf("of 9, 10 and 11: %+v", r)
	}
}

// TestNumbersLikelihoodIsStudents: the likelihood is that of the fitted parameters, by the formula.
func TestNumbersLikelihoodIsStudents(t *testing.T) {
	n, _, _, _ := crowdNumbers(rand.New(rand.NewPCG(3, 4)), 40)
	r := mustNumber(t, aggregate.NumbersMean, n)
	want := 0.0
	for i, v := range n.Values {
		e, s := v-r.Values[n.Tasks[i]].Value-r.Bias[n.Workers[i]].Value, r.Spread[n.Workers[i]].Value/1.0981590
		want += math.Log(math.Gamma(2.5) / (math.Gamma(2) * math.Sqrt(4*math.Pi) * s) * math.Pow(1+e*e/(4*s*s), -2.5))
	}
	if math.Abs(want-r.LogLikelihood) > 1e-4 {
		t.Errorf("log-likelihood %f, want %f", r.LogLikelihood, want)
	}
}

// TestNumbersScale: in other units the numbers are the same numbers.
func TestNumbersScale(t *testing.T) {
	n, _, _, _ := crowdNumbers(rand.New(rand.NewPCG(5, 6)), 60)
	m := n
	m.Values = slices.Clone(n.Values)
	for i := range m.Values {
		m.Values[i] = -3e50 * m.Values[i]
	}
	for name, fit := range numbersMethods {
		r, s := mustNumber(t, fit, n), mustNumber(t, fit, m)
		for i := range r.Values {
			if math.Abs(s.Values[i].Value/-3e50-r.Values[i].Value) > 1e-6 || math.Abs(s.Values[i].Low/-3e50-r.Values[i].High) > 1e-6 {
				t.Fatalf("%s: task %d is %v, and %v in other units", name, i, r.Values[i], s.Values[i])
			}
		}
	}
}

func TestNumbersMedianByHand(t *testing.T) {
	r := mustNumber(t, aggregate.NumbersMedian, numbersOf(3, 4,
		[3]float64{0, 0, 1}, [3]float64{0, 1, 2}, [3]float64{0, 2, 9}, // median 2, distances 1, 0, 7 times sqrt(3/2)
		[3]float64{1, 0, 4}, [3]float64{1, 1, 5}, [3]float64{1, 2, 6}, [3]float64{1, 3, 70})) // median 5.5, distances 1.5 0.5 0.5 64.5 times sqrt(4/3)
	spread := 1.482602218505602 * math.Sqrt(1.5) * 1 // the 4th of 0, .577, .577, 1.225, 1.732, ...
	half := 1.959963984540054 * spread * math.Sqrt(math.Pi/2/3)
	if got := r.Values[0]; got.Value != 2 || math.Abs(got.High-2-half) > 1e-12 || math.Abs(2-half-got.Low) > 1e-12 {
		t.Errorf("median %v, want 2 with %f on each side", got, half)
	}
	if r.Values[1].Value != 5.5 || r.Values[2].Known() {
		t.Errorf("medians %v", r.Values)
	}
	if b := r.Bias[0].Value; b != -1.25 {
		t.Errorf("worker 0, over by -1 and -1.5, has bias %f", b)
	}
}

func TestNumbersIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	n, _, _, _ := crowdNumbers(rng, 50)
	n.CannotTell = make([]bool, len(n.Tasks))
	n.CannotTell[11] = true
	for name, fit := range numbersMethods {
		want := mustNumber(t, fit, n)
		for range 5 {
			m := numbersOf(n.TaskCount, n.WorkerCount)
			for _, r := range rng.Perm(len(n.Tasks)) {
				m.Tasks, m.Workers, m.Values = append(m.Tasks, n.Tasks[r]), append(m.Workers, n.Workers[r]), append(m.Values, n.Values[r])
				m.CannotTell = append(m.CannotTell, n.CannotTell[r])
			}
			if diff := cmp.Diff(want, mustNumber(t, fit, m), cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("%s: another order of rows differs (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestNumbersDegenerate(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name    string
		numbers aggregate.Numbers
		want    []aggregate.Estimate // NaN for what is not known
	}{
		{"nothing", aggregate.Numbers{}, []aggregate.Estimate{}},
		{"no answers", numbersOf(2, 1), []aggregate.Estimate{nobody, nobody}},
		{"one answer", numbersOf(1, 1, [3]float64{0, 0, 7}), []aggregate.Estimate{{7, -inf, inf}}},
		{"one worker", numbersOf(2, 1, [3]float64{0, 0, 7}, [3]float64{1, 0, 8}), []aggregate.Estimate{{7, -inf, inf}, {8, -inf, inf}}},
		{"all alike", numbersOf(2, 2, [3]float64{0, 0, 7}, [3]float64{0, 1, 7}, [3]float64{1, 0, 8}), []aggregate.Estimate{{7, 7, 7}, {8, 8, 8}}},
	} {
		for name, fit := range numbersMethods {
			if diff := cmp.Diff(c.want, mustNumber(t, fit, c.numbers).Values, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", name, c.name, diff)
			}
		}
	}
	unsure := numbersOf(1, 2, [3]float64{0, 0, 7}, [3]float64{0, 1, math.NaN()})
	unsure.CannotTell = []bool{false, true}
	for name, fit := range numbersMethods {
		r := mustNumber(t, fit, unsure)
		if r.Values[0].Value != 7 || r.Bias[1].Known() || r.Spread[1].Known() {
			t.Errorf("%s counts who could not tell: %+v", name, r)
		}
	}
	// Most agree to the bit and one is far off: the spread is not 0, and the one does not move the number.
	r := mustNumber(t, aggregate.NumbersMean, numbersOf(1, 6, [3]float64{0, 0, 7}, [3]float64{0, 1, 7}, [3]float64{0, 2, 7}, [3]float64{0, 3, 7}, [3]float64{0, 4, 7}, [3]float64{0, 5, 1e6}))
	if v := r.Values[0]; !(v.Low <= 7 && 7 <= v.High) || v.Low == v.High {
		t.Errorf("five agree on 7: %v", v)
	}
}

// TestNumbersSpreads has errors of several kinds, and wants the spread of nineteen workers in twenty within its interval.
func TestNumbersSpreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 2))
	kinds := map[string]func() float64{
		"normal": rng.NormFloat64,
		"slips": func() float64 {
			if rng.IntN(50) == 0 {
				return 1000 * rng.NormFloat64()
			}
			return rng.NormFloat64()
		},
		"heavy tails": func() float64 { // Student's with 4 degrees of freedom, of the median distance that a normal has
			squares := 0.0
			for range 4 {
				z := rng.NormFloat64()
				squares += z * z / 4
			}
			return rng.NormFloat64() / math.Sqrt(squares) / 1.0981590
		},
	}
	const workers = 15
	for name, slip := range kinds {
		for _, size := range [][2]int{{60, 3}, {300, 5}, {1500, 5}} { // tasks, and answers to each
			held, all := 0, 0
			for range 12 {
				n, spread := numbersOf(size[0], workers), make([]float64, workers)
				for w := range spread {
					spread[w] = []float64{1, 2, 4}[w%3]
				}
				for task := range size[0] {
					for _, w := range rng.Perm(workers)[:size[1]] {
						n.Tasks, n.Workers = append(n.Tasks, int32(task)), append(n.Workers, int32(w))
						n.Values = append(n.Values, float64(task%7)+float64(w%4)+spread[w]*slip())
					}
				}
				held, all = held+within(mustNumber(t, aggregate.NumbersMean, n).Spread, spread), all+workers
			}
			if held < all*91/100 { // 95 less two standard errors
				t.Errorf("%s, %d answers to each of %d tasks: %d of %d spreads are within their intervals", name, size[1], size[0], held, all)
			}
		}
	}
}

// nobody is the estimate of what nobody answered.
var nobody = aggregate.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}

func TestNumbersBad(t *testing.T) {
	for _, c := range []struct {
		name    string
		numbers aggregate.Numbers
		want    string
	}{
		{"NaN", numbersOf(1, 1, [3]float64{0, 0, math.NaN()}), "answer 0: NaN is not a number from -1e100 to 1e100"},
		{"infinite", numbersOf(1, 1, [3]float64{0, 0, math.Inf(-1)}), "answer 0: -Inf is not a number from -1e100 to 1e100"},
		{"huge", numbersOf(1, 1, [3]float64{0, 0, 1e101}), "answer 0: 1e+101 is not a number from -1e100 to 1e100"},
		{"no such task", numbersOf(1, 1, [3]float64{1, 0, 0}), "answer 0: there is no task 1 among 1"},
		{"no such worker", numbersOf(1, 1, [3]float64{0, -1, 0}), "answer 0: there is no worker -1 among 1"},
		{"negative tasks", numbersOf(-2, 1), "there cannot be -2 tasks and 1 workers"},
		{"twice", numbersOf(2, 2, [3]float64{0, 1, 0}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0}), "answer 2: worker 1 has answered task 0 in answer 0 already"},
	} {
		for name, fit := range numbersMethods {
			if _, err := fit(t.Context(), c.numbers, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
				t.Errorf("%s of %s: error %v, want %s", name, c.name, err, c.want)
			}
		}
	}
	short := numbersOf(1, 1, [3]float64{0, 0, 1})
	short.Values = nil
	if _, err := aggregate.NumbersMean(t.Context(), short, nil); !errors.Is(err, aggregate.ErrBadAnswers) {
		t.Errorf("a row without a value: error %v", err)
	}
}

func BenchmarkNumbers(b *testing.B) {
	n, _, _, _ := crowdNumbers(rand.New(rand.NewPCG(1, 1)), 100_000)
	for name, fit := range numbersMethods {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mustNumber(b, fit, n)
			}
		})
	}
}

// TestNumbersAlpha is the interval alpha of Krippendorff's own example of four coders and twelve units (2011, section C).
func TestNumbersAlpha(t *testing.T) {
	t.Parallel()
	const none = 0
	coders := [][]float64{
		{1, 2, 3, 3, 2, 1, 4, 1, 2, none, none, none},
		{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, none, 3},
		{none, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, none},
		{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, none},
	}
	n := numbersOf(12, 4)
	for w, values := range coders {
		for unit, v := range values {
			if v != none {
				n.Tasks, n.Workers, n.Values = append(n.Tasks, int32(unit)), append(n.Workers, int32(w)), append(n.Values, v+1e9)
			}
		}
	}
	if alpha, err := aggregate.NumbersAlpha(n); err != nil || math.Abs(alpha-0.849) > 0.0005 {
		t.Errorf("alpha is %v, %v", alpha, err)
	}
	if alpha, err := aggregate.NumbersAlpha(numbersOf(1, 1, [3]float64{0, 0, 5})); err != nil || !math.IsNaN(alpha) {
		t.Errorf("of one answer it is %v, %v", alpha, err)
	}
}
