package aggregate_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// rows makes answers of a table with a row for each worker and a column for each task. A 0 is missing, 1 is class 0.
func rows(table ...[]int32) aggregate.Columns {
	var out []ballot
	for w, row := range table {
		for t, x := range row {
			if x != 0 {
				out = append(out, ballot{int32(t), int32(w), x - 1})
			}
		}
	}
	return columns(out...)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.6f, want %.6f", what, got, want)
	}
}

// TestKrippendorff is the example of Krippendorff (2011) with four observers, twelve units, five values and missing data.
func TestKrippendorff(t *testing.T) {
	c := rows(
		[]int32{1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
		[]int32{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
		[]int32{0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
		[]int32{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
	)
	a := aggregate.Agree(mustVote(t, c))
	near(t, "nominal alpha", a.Nominal, 0.743, 0.0005)
	near(t, "ordinal alpha", a.Ordinal, 0.815, 0.0005)
	near(t, "interval alpha", a.Interval, 0.849, 0.0005)
	if a.Tasks != 11 || a.Pairable != 40 {
		t.Errorf("%d tasks with %d pairable answers", a.Tasks, a.Pairable)
	}

	for task, w := range map[int32]int32{0: 2, 9: 0, 10: 0, 11: 3} { // who cannot tell is who says nothing
		c.Task, c.Worker, c.Class = append(c.Task, task), append(c.Worker, w), append(c.Class, aggregate.CannotTell)
	}
	if diff := cmp.Diff(a, aggregate.Agree(mustVote(t, shuffled(c, 5)))); diff != "" {
		t.Errorf("with answers that cannot tell (-want +got):\n%s", diff)
	}
}

// TestTwoObservers is the binary example of the same text: ten units, of which two observers agree on six.
func TestTwoObservers(t *testing.T) {
	a := aggregate.Agree(mustVote(t, rows(
		[]int32{1, 2, 1, 1, 1, 1, 1, 1, 2, 1},
		[]int32{2, 2, 2, 1, 1, 2, 1, 1, 1, 1},
	)))
	near(t, "alpha", a.Nominal, 0.095, 0.0005)
	near(t, "ordinal alpha of two classes", a.Ordinal, a.Nominal, 1e-12)
	near(t, "interval alpha of two classes", a.Interval, a.Nominal, 1e-12)
	near(t, "percent", a.Percent, 0.6, 1e-12)
	near(t, "agreement of a worker", a.Workers[1].Value, 0.6, 1e-12)
}

// TestFleiss is the much reprinted example of fourteen raters who put ten subjects into five categories.
func TestFleiss(t *testing.T) {
	c := aggregate.Columns{Tasks: 10, Workers: 14, Classes: 5}
	for task, counts := range [][]int{
		{0, 0, 0, 0, 14},
		{0, 2, 6, 4, 2},
		{0, 0, 3, 5, 6},
		{0, 3, 9, 2, 0},
		{2, 2, 8, 1, 1},
		{7, 7, 0, 0, 0},
		{3, 2, 6, 3, 0},
		{2, 5, 3, 2, 2},
		{6, 5, 2, 1, 0},
		{0, 2, 2, 3, 7},
	} {
		w := int32(0)
		for class, n := range counts {
			for range n {
				c.Task, c.Worker, c.Class = append(c.Task, int32(task)), append(c.Worker, w), append(c.Class, int32(class))
				w++
			}
		}
	}
	a := aggregate.Agree(mustVote(t, c))
	near(t, "percent", a.Percent, 0.378, 0.0005)
	near(t, "kappa", a.Fleiss, 0.210, 0.0005)
}

func TestAgreementDegenerate(t *testing.T) {
	for name, test := range map[string]struct {
		columns        aggregate.Columns
		percent, alpha float64
	}{
		"nothing":        {columns(), math.NaN(), math.NaN()},
		"one respondent": {columns(ballot{0, 0, 1}, ballot{1, 0, 0}), math.NaN(), math.NaN()},
		"all the same":   {columns(ballot{0, 0, 1}, ballot{0, 1, 1}, ballot{1, 0, 1}, ballot{1, 1, 1}), 1, math.NaN()},
		"perfect":        {columns(ballot{0, 0, 1}, ballot{0, 1, 1}, ballot{1, 0, 0}, ballot{1, 1, 0}), 1, 1},
		"opposite":       {columns(ballot{0, 0, 1}, ballot{0, 1, 0}, ballot{1, 0, 0}, ballot{1, 1, 1}), 0, -0.5},
	} {
		a := aggregate.Agree(mustVote(t, test.columns))
		for what, got := range map[string][2]float64{
			"percent": {a.Percent, test.percent}, "nominal": {a.Nominal, test.alpha}, "ordinal": {a.Ordinal, test.alpha}, "interval": {a.Interval, test.alpha},
		} {
			if math.IsNaN(got[1]) != math.IsNaN(got[0]) || math.Abs(got[0]-got[1]) > 1e-12 {
				t.Errorf("%s: %s is %g, want %g", name, what, got[0], got[1])
			}
		}
	}
}

func TestPairwise(t *testing.T) {
	v := mustVote(t, rows([]int32{1, 2, 1, 0, 3}, []int32{1, 2, 2, 2, 0}, []int32{0, 0, 1, 2, 3}))
	got, err := aggregate.Pairwise(v, []int32{2, 0, 1})
	want := []aggregate.Together{
		{3, 3},
		{2, 2},
		{2, 1},
		{2, 2},
		{4, 4},
		{3, 2},
		{2, 1},
		{3, 2},
		{4, 4},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if some, err := aggregate.Pairwise(v, []int32{1}); err != nil || len(some) != 1 || some[0] != (aggregate.Together{Tasks: 4, Equal: 4}) {
		t.Errorf("of one worker: %v, %v", some, err)
	}
	for _, bad := range [][]int32{{3}, {-1}, {1, 1}} {
		if _, err := aggregate.Pairwise(v, bad); !errors.Is(err, aggregate.ErrBadVotes) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := aggregate.Pairwise(v, make([]int32, aggregate.MatrixWorkersMax+1)); !errors.Is(err, aggregate.ErrTooManyWorkers) {
		t.Errorf("too many: %v", err)
	}
}
