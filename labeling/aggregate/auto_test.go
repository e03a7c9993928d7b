package aggregate_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/labeling/labelingtest"
)

func mustChoose(t testing.TB, v *aggregate.Votes, gold []int32) *aggregate.Choice {
	t.Helper()
	c, err := aggregate.Auto(t.Context(), v, gold, aggregate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAutoOnPeople wants what Auto chose without truth to be as good as the best method published for these answers.
func TestAutoOnPeople(t *testing.T) {
	for name, want := range map[string]float64{"bluebirds": 0.898, "dogs": 0.8426, "product": 0.9397} {
		t.Run(name, func(t *testing.T) {
			columns, truth := labelingtest.Recorded(t, name)
			c := mustChoose(t, mustVote(t, columns), nil)
			got := crowd{columns, truth}.accuracy(c.Result)
			t.Logf("%.4f right: %s", got, c.Reason)
			if got < want {
				t.Errorf("%s has %.4f right, want %.4f", c.Method, got, want)
			}
			for _, m := range c.Candidates {
				t.Logf("%-8s predicts %.4f, stable %.4f", m.Method, m.Predicted.Value, m.Stable)
			}
		})
	}
}

// TestAutoShowsProgress wants each method to be counted, and an end between two.
func TestAutoShowsProgress(t *testing.T) {
	v := mustVote(t, newCrowd(11, 60, 10, 3, 4, mixed).columns)
	ctx, cancel := context.WithCancel(t.Context())
	var seen []int
	o := aggregate.Options{Compared: func(done, most int) {
		if seen = append(seen, done); most != len(aggregate.Methods()) {
			t.Errorf("%d of %d", done, most)
		}
		if done == 2 {
			cancel()
		}
	}}
	if c, err := aggregate.Auto(ctx, v, nil, o); c != nil || !errors.Is(err, context.Canceled) || !slices.Equal(seen, []int{0, 1, 2}) {
		t.Errorf("%v, %v after %v", c, err, seen)
	}
}

// TestMethodsOnPeople wants what an independent program gets from the same answers (Crowd-Kit 1.4.2).
func TestMethodsOnPeople(t *testing.T) {
	for _, test := range []struct {
		name           string
		wawa, ds, glad float64
	}{
		{"bluebirds", 0.7593, 0.8981, 0.7222},
		{"dogs", 0.8290, 0.8426, 0.8340},
		{"product", 0.8966, 0.9397, 0.9284},
	} {
		columns, truth := labelingtest.Recorded(t, test.name)
		v := mustVote(t, columns)
		for m, want := range map[aggregate.Method]float64{aggregate.Wawa: test.wawa, aggregate.DawidSkene: test.ds, aggregate.GLAD: test.glad} {
			if got := (crowd{columns, truth}).accuracy(mustFit(t, m, v, aggregate.Options{})); got < want-0.0005 || got > want+0.0005 {
				t.Errorf("%s: %s has %.4f right, want %.4f", test.name, m, got, want)
			}
		}
	}
}

// TestAutoOnCrowds has crowds that are made after a model, and wants a method that knows it.
func TestAutoOnCrowds(t *testing.T) {
	alike := newCrowd(19, 2000, 50, 3, 5, func(int) float64 { return 0.7 })
	skilled := newCrowd(23, 2000, 40, 3, 5, mixed)
	confused := newCrowd(29, 3000, 40, 4, 6, func(int) float64 { return 1 })
	for i, k := range confused.columns.Class { // half of the people take 0 for 1 and 2 for 3
		if confused.columns.Worker[i]%2 == 0 {
			confused.columns.Class[i] = k | 1
		}
	}
	for name, test := range map[string]struct {
		crowd crowd
		want  []aggregate.Method
	}{
		"all alike":             {alike, []aggregate.Method{aggregate.Majority, aggregate.OneCoin}},
		"some skilled":          {skilled, []aggregate.Method{aggregate.OneCoin}},
		"some who mix up twins": {confused, []aggregate.Method{aggregate.DawidSkene, aggregate.IBCC}},
	} {
		t.Run(name, func(t *testing.T) {
			v := mustVote(t, test.crowd.columns)
			c := mustChoose(t, v, nil)
			t.Log(c.Reason)
			best := 0.0
			for _, x := range c.Candidates {
				best = max(best, test.crowd.accuracy(mustFit(t, x.Method, v, aggregate.Options{})))
			}
			if got := test.crowd.accuracy(c.Result); got < best-0.01 || !slices.Contains(test.want, c.Method) {
				t.Errorf("%s has %.4f right, and the best method %.4f; want one of %v", c.Method, got, best, test.want)
			}
			if len(c.Candidates) != 8 || c.Candidates[0].Gold.Known() {
				t.Errorf("candidates: %+v", c.Candidates)
			}
		})
	}
}

// TestAutoGold has most people make the same mistake: to predict them is not to know the truth, and gold tells.
func TestAutoGold(t *testing.T) {
	c := newCrowd(31, 1000, 20, 2, 7, func(w int) float64 { return 0.8 })
	random := newCrowd(37, 1000, 20, 2, 7, func(int) float64 { return 0 })
	for i, task := range c.columns.Task { // a third of the tasks looks like what it is not to six people in ten, always the same ones
		if task%3 == 0 && c.columns.Worker[i]%10 < 6 {
			c.columns.Class[i] = random.truth[task]
		}
	}
	v := mustVote(t, c.columns)
	without, with := mustChoose(t, v, nil), mustChoose(t, v, c.truth)
	if with.Candidates[0].Gold.Value != c.accuracy(mustFit(t, aggregate.Majority, v, aggregate.Options{})) {
		t.Errorf("the majority has %+v of the gold", with.Candidates[0].Gold)
	}
	best, out := 0.0, 0
	for _, x := range with.Candidates {
		best = max(best, x.Gold.Value)
		if x.RuledOut {
			out++
		}
		if x.RuledOut && x.Method == with.Method {
			t.Errorf("%s was ruled out and chosen", x.Method)
		}
	}
	if got := c.accuracy(with.Result); got < best-0.01 || got < c.accuracy(without.Result) || out == 0 {
		t.Errorf("%s has %.4f right with gold, %s %.4f without, the best %.4f; %d ruled out", with.Method, got, without.Method, c.accuracy(without.Result), best, out)
	}
	if !strings.HasPrefix(with.Reason, "1000 golds rule out ") {
		t.Errorf("the reason is %q", with.Reason)
	}

	few := slices.Clone(c.truth) // too little gold to compare by
	for task := range few[49:] {
		few[49+task] = aggregate.NoVerdict
	}
	if got := mustChoose(t, v, few); got.Method != without.Method || got.Reason != without.Reason {
		t.Errorf("49 golds decided: %s", got.Reason)
	}
	if _, err := aggregate.Auto(t.Context(), v, few[1:], aggregate.Options{}); !errors.Is(err, aggregate.ErrBadVotes) {
		t.Errorf("a gold too few: %v", err)
	}
	few[7] = 2
	if _, err := aggregate.Auto(t.Context(), v, few, aggregate.Options{}); !errors.Is(err, aggregate.ErrBadVotes) {
		t.Errorf("a gold of no class: %v", err)
	}
}

// TestAutoSamples has more answers than methods are compared on, and gold on every fiftieth task.
func TestAutoSamples(t *testing.T) {
	c := newCrowd(47, 75_000, 30, 2, 4, mixed)
	v := mustVote(t, c.columns)
	gold := slices.Repeat([]int32{aggregate.NoVerdict}, len(c.truth))
	right, all := 0.0, 0.0
	majority := mustFit(t, aggregate.Majority, v, aggregate.Options{})
	for task := 0; task < len(gold); task += 50 {
		gold[task] = c.truth[task]
		all++
		if majority.Class[task] == gold[task] {
			right++
		}
	}
	choice, err := aggregate.Auto(t.Context(), v, gold, aggregate.Options{Iterations: 15})
	if err != nil {
		t.Fatal(err)
	}
	if got := choice.Candidates[0].Gold.Value; math.Abs(got-right/all) > 1e-12 {
		t.Errorf("the majority has %g of all gold, want %g", got, right/all)
	}
	if best, base := c.accuracy(choice.Result), c.accuracy(majority); best < base+0.02 {
		t.Errorf("%s has %.4f right, the majority %.4f", choice.Method, best, base)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := aggregate.Auto(ctx, v, nil, aggregate.Options{}); got != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", got, err)
	}
}

func TestAutoIgnoresOrder(t *testing.T) {
	c := newCrowd(41, 500, 20, 2, 4, mixed)
	want := mustChoose(t, mustVote(t, c.columns), c.truth)
	got := mustChoose(t, mustVote(t, shuffled(c.columns, 3)), c.truth)
	if got.Reason != want.Reason {
		t.Errorf("%q, and in another order %q", want.Reason, got.Reason)
	}
	if diff := cmp.Diff(want.Result, got.Result, same); diff != "" {
		t.Errorf("in another order (-want +got):\n%.2000s", diff)
	}
}

func TestAutoDegenerate(t *testing.T) {
	for name, test := range map[string]struct {
		columns aggregate.Columns
		want    []int32
	}{
		"nothing":        {columns(), []int32{}},
		"one respondent": {columns(ballot{0, 0, 1}, ballot{1, 0, 0}), []int32{1, 0}},
		"one each":       {columns(ballot{0, 0, 1}, ballot{1, 1, 2}), []int32{1, 2}},
	} {
		c := mustChoose(t, mustVote(t, test.columns), nil)
		if diff := cmp.Diff(test.want, c.Class); diff != "" || c.Method != aggregate.Majority {
			t.Errorf("%s: %s (-want +got):\n%s", name, c.Method, diff)
		}
	}
	many := newCrowd(43, 300, 20, 100_000, 4, mixed)
	if c := mustChoose(t, mustVote(t, many.columns), nil); many.accuracy(c.Result) < 0.9 || len(c.Candidates) != 6 {
		t.Errorf("%s has %.4f right of 100,000 classes, %d candidates", c.Method, many.accuracy(c.Result), len(c.Candidates))
	}
}
