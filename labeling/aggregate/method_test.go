package aggregate_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling/aggregate"
)

// crowd is a made-up crowd and the truth that it was asked about.
type crowd struct {
	columns aggregate.Columns
	truth   []int32
}

// newCrowd asks perTask people of workers about each task. Worker w is right as often as accuracy(w) says and otherwise
// answers any of the other classes.
func newCrowd(seed uint64, tasks, workers, classes, perTask int, accuracy func(w int) float64) crowd {
	random := rand.New(rand.NewPCG(seed, 2))
	c := crowd{columns: aggregate.Columns{Tasks: tasks, Workers: workers, Classes: classes}}
	for t := range tasks {
		truth := random.IntN(classes)
		c.truth = append(c.truth, int32(truth))
		for _, w := range random.Perm(workers)[:perTask] {
			class := truth
			if random.Float64() >= accuracy(w) {
				class = (truth + 1 + random.IntN(classes-1)) % classes
			}
			c.columns.Task = append(c.columns.Task, int32(t))
			c.columns.Worker = append(c.columns.Worker, int32(w))
			c.columns.Class = append(c.columns.Class, int32(class))
		}
	}
	return c
}

// mixed is the accuracy of a crowd with a few who are good, many who are fair, and some who guess among two.
func mixed(w int) float64 { return [...]float64{0.97, 0.75, 0.5, 0.7, 0.5}[w%5] }

func (c crowd) accuracy(r *aggregate.Result) float64 {
	right := 0
	for t, k := range c.truth {
		if r.Class[t] == k {
			right++
		}
	}
	return float64(right) / float64(len(c.truth))
}

func mustFit(t testing.TB, m aggregate.Method, v *aggregate.Votes, o aggregate.Options) *aggregate.Result {
	t.Helper()
	r, err := aggregate.Fit(t.Context(), m, v, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// same compares results whole and exactly, the private fields of the posterior included.
var same = cmp.Options{
	cmp.AllowUnexported(aggregate.Posterior{}),
	cmpopts.IgnoreUnexported(aggregate.Result{}),
	cmpopts.EquateNaNs(),
}

func TestMethodsIgnoreOrderAndProcessors(t *testing.T) {
	c := newCrowd(1, 9000, 97, 2, 5, mixed)
	v := mustVote(t, c.columns)
	for _, m := range aggregate.Methods() {
		t.Run(string(m), func(t *testing.T) {
			want := mustFit(t, m, v, aggregate.Options{Seed: 7, Iterations: 20})
			for seed := range uint64(2) {
				again := mustFit(t, m, mustVote(t, shuffled(c.columns, seed)), aggregate.Options{Seed: 7, Iterations: 20})
				if diff := cmp.Diff(want, again, same); diff != "" {
					t.Fatalf("in another order (-want +got):\n%.2000s", diff)
				}
			}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			if diff := cmp.Diff(want, mustFit(t, m, v, aggregate.Options{Seed: 7, Iterations: 20}), same); diff != "" {
				t.Fatalf("on one processor (-want +got):\n%.2000s", diff)
			}
		})
	}
}

// TestMethodsBeatMajority plants a truth that the majority often misses and skilled workers know.
func TestMethodsBeatMajority(t *testing.T) {
	for _, classes := range []int{2, 3, 7} {
		c := newCrowd(3, 3000, 40, classes, 5, mixed)
		v := mustVote(t, c.columns)
		base := c.accuracy(mustFit(t, aggregate.Majority, v, aggregate.Options{}))
		for _, m := range aggregate.Methods()[1:] {
			if m == aggregate.KOS && classes != 2 {
				continue
			}
			r := mustFit(t, m, v, aggregate.Options{Iterations: 1000})
			atLeast := base + 0.01
			if m == aggregate.Wawa || m == aggregate.ZeroBased { // their weights seldom overrule three against two
				atLeast = base
			}
			if got := c.accuracy(r); got < atLeast {
				t.Errorf("%s: %.4f right with %d classes, and the majority %.4f", m, got, classes, base)
			}
			good, guess := r.Workers[0], r.Workers[2]
			if good.Skill.Low < guess.Skill.High {
				t.Errorf("%s: somebody good has skill %+v, and somebody who guesses %+v", m, good.Skill, guess.Skill)
			}
			if !r.Converged || r.LogLikelihood >= 0 || r.Method != m {
				t.Errorf("%s: after %d iterations: %s, converged %v with log-likelihood %f", m, r.Iterations, r.Method, r.Converged, r.LogLikelihood)
			}
		}
	}
}

// TestPosteriors wants of every method a distribution whose top is the verdict.
func TestPosteriors(t *testing.T) {
	for _, classes := range []int{2, 5} {
		c := newCrowd(5, 400, 11, classes, 3, func(w int) float64 { return float64(w) / 11 }) // some are worse than chance
		c.columns.Tasks++                                                                     // nobody answered the last
		v := mustVote(t, c.columns)
		for _, m := range aggregate.Methods() {
			if m == aggregate.KOS && classes != 2 {
				continue
			}
			r := mustFit(t, m, v, aggregate.Options{})
			row := make([]float64, classes)
			for task := range c.columns.Tasks - 1 {
				r.Posterior.Row(task, row)
				sum, top := 0.0, 0
				for k, p := range row {
					if sum += p; p > row[top] {
						top = k
					}
					if p != r.Posterior.Of(task, k) || p < 0 {
						t.Fatalf("%s: class %d of task %d has %g and %g", m, k, task, p, r.Posterior.Of(task, k))
					}
				}
				if math.Abs(sum-1) > 1e-12 || int(r.Class[task]) != top || r.Confidence[task] != row[top] {
					t.Fatalf("%s: task %d is %d with %g, of %v with sum %g", m, task, r.Class[task], r.Confidence[task], row, sum)
				}
			}
			last := c.columns.Tasks - 1
			if r.Posterior.Row(last, row); r.Class[last] != aggregate.NoVerdict || r.Confidence[last] != 0 || row[0] != 0 || row[1] != 0 {
				t.Errorf("%s: a task without answers is %d with %g, of %v", m, r.Class[last], r.Confidence[last], row)
			}
		}
	}
}

// TestDegenerate has a defined verdict for what cannot be learned from.
func TestDegenerate(t *testing.T) {
	const none = aggregate.NoVerdict
	for name, test := range map[string]struct {
		columns aggregate.Columns
		want    []int32
	}{
		"nothing":            {columns(), []int32{}},
		"no answers":         {aggregate.Columns{Tasks: 2, Workers: 3, Classes: 4}, []int32{none, none}},
		"one answer":         {columns(ballot{0, 0, 1}), []int32{1}},
		"one respondent":     {columns(ballot{0, 0, 1}, ballot{1, 0, 0}, ballot{3, 0, 1}), []int32{1, 0, none, 1}},
		"all ties":           {columns(ballot{0, 0, 1}, ballot{0, 1, 0}, ballot{1, 0, 0}, ballot{1, 1, 1}), []int32{0, 0}},
		"all the same":       {columns(ballot{0, 0, 1}, ballot{0, 1, 1}, ballot{1, 0, 1}, ballot{1, 1, 1}), []int32{1, 1}},
		"nobody can tell":    {columns(ballot{0, 0, -1}, ballot{0, 1, -1}), []int32{none}},
		"one can tell":       {columns(ballot{0, 0, -1}, ballot{0, 1, 1}, ballot{0, 2, -1}), []int32{1}},
		"a class never used": {columns(ballot{0, 0, 0}, ballot{0, 1, 0}, ballot{1, 0, 4}, ballot{1, 1, 4}), []int32{0, 4}},
		"thousands of answers": {func() aggregate.Columns {
			c := columns()
			for w := range int32(5000) {
				c.Task, c.Worker, c.Class = append(c.Task, 0), append(c.Worker, w), append(c.Class, min(w%3, 1))
			}
			c.Tasks, c.Workers = 1, 5000
			return c
		}(), []int32{1}},
	} {
		for _, m := range aggregate.Methods() {
			if m == aggregate.KOS && test.columns.Classes != 2 {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", name, m), func(t *testing.T) {
				r := mustFit(t, m, mustVote(t, test.columns), aggregate.Options{})
				if name == "all ties" && m != aggregate.Majority && m != aggregate.Wawa && m != aggregate.ZeroBased {
					if m == aggregate.KOS {
						return // what it starts with decides
					}
					for task, k := range r.Class { // a tie may be broken by the last bits of a model, but not far
						if k == none || r.Confidence[task] > 0.51 {
							t.Errorf("task %d is %d with %g", task, k, r.Confidence[task])
						}
					}
					return
				}
				if diff := cmp.Diff(test.want, r.Class); diff != "" {
					t.Errorf("verdicts (-want +got):\n%s", diff)
				}
				if math.IsNaN(r.LogLikelihood) || math.IsInf(r.LogLikelihood, 0) {
					t.Errorf("the log-likelihood is %f", r.LogLikelihood)
				}
			})
		}
	}
}

func TestCannotTellIsCounted(t *testing.T) {
	r := mustFit(t, aggregate.OneCoin, mustVote(t, columns(ballot{0, 0, -1}, ballot{0, 1, 1}, ballot{1, 0, -1}, ballot{1, 1, 0})), aggregate.Options{})
	if got := [4]int{r.Workers[0].Answers, r.Workers[0].Unsure, r.Workers[1].Answers, r.Workers[1].Unsure}; got != [4]int{0, 2, 2, 0} {
		t.Errorf("answers and unsure of two workers are %v", got)
	}
	if r.Workers[0].Skill.Known() || !r.Workers[1].Skill.Known() {
		t.Errorf("skills are %+v and %+v", r.Workers[0].Skill, r.Workers[1].Skill)
	}
}

// TestManyClasses wants methods with one number a worker not to mind them, and the others to say what to do.
func TestManyClasses(t *testing.T) {
	c := newCrowd(9, 2000, 50, 100_000, 5, mixed)
	v := mustVote(t, c.columns)
	for _, m := range aggregate.Methods() {
		r, err := aggregate.Fit(t.Context(), m, v, aggregate.Options{})
		var want *tasknet.Error
		switch m {
		case aggregate.DawidSkene, aggregate.IBCC:
			want = aggregate.ErrTooManyClasses
		case aggregate.KOS:
			want = aggregate.ErrNotBinary
		default:
			if err != nil || c.accuracy(r) < 0.94 {
				t.Errorf("%s: %.4f right, %v", m, c.accuracy(r), err)
			}
			continue
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", m, err, want)
		}
	}
}

func TestFitEnds(t *testing.T) {
	v := mustVote(t, newCrowd(11, 500, 20, 2, 4, mixed).columns)
	for _, m := range []aggregate.Method{aggregate.ZeroBased, aggregate.OneCoin, aggregate.DawidSkene, aggregate.IBCC, aggregate.GLAD, aggregate.MACE, aggregate.KOS} {
		ctx, cancel := context.WithCancel(t.Context())
		var seen [][2]int
		o := aggregate.Options{Iterations: 9, Exactly: true, Progress: func(done, most int) {
			if seen = append(seen, [2]int{done, most}); done == 2 {
				cancel()
			}
		}}
		if r, err := aggregate.Fit(ctx, m, v, o); r != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v", m, r, err)
		}
		if diff := cmp.Diff([][2]int{{1, 9}, {2, 9}}, seen); diff != "" {
			t.Errorf("%s: progress (-want +got):\n%s", m, diff)
		}
		o.Progress = nil
		if r := mustFit(t, m, v, o); r.Iterations != 9 {
			t.Errorf("%s: %d iterations, want exactly 9", m, r.Iterations)
		}
	}
}

func TestParseMethod(t *testing.T) {
	for _, m := range aggregate.Methods() {
		if got, err := aggregate.ParseMethod(string(m)); got != m || err != nil {
			t.Errorf("%s is %q, %v", m, got, err)
		}
	}
	_, err := aggregate.ParseMethod("DS")
	if want := `There is no method "DS"; there are majority, wawa, zbs, onecoin, ds, ibcc, glad, mace, kos.`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestOneTaskManyClasses wants no more than the time of sorting for many different answers to one task.
func TestOneTaskManyClasses(t *testing.T) {
	c := aggregate.Columns{Tasks: 1, Workers: 100_000, Classes: 100_000}
	for w := range int32(100_000) {
		c.Task, c.Worker, c.Class = append(c.Task, 0), append(c.Worker, w), append(c.Class, 99_999-w/2*2)
	}
	r := mustFit(t, aggregate.Majority, mustVote(t, c), aggregate.Options{})
	if r.Class[0] != 1 || math.Abs(r.Confidence[0]-2e-5) > 1e-15 {
		t.Errorf("of 50,000 classes with two answers each, the verdict is %d with %g", r.Class[0], r.Confidence[0])
	}
}
