package aggregate_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// choose appends an answer.
func choose(s *aggregate.Selections, task, worker int32, options ...int32) {
	if s.Start == nil {
		s.Start = []int32{0}
	}
	s.Task, s.Worker = append(s.Task, task), append(s.Worker, worker)
	s.Option = append(s.Option, options...)
	s.Start = append(s.Start, int32(len(s.Option)))
	s.Tasks, s.Workers = max(s.Tasks, int(task)+1), max(s.Workers, int(worker)+1)
}

func TestSelections(t *testing.T) {
	s := aggregate.Selections{Options: 4}
	choose(&s, 0, 0, 2, 0)
	choose(&s, 0, 1, 0)
	choose(&s, 0, 2, 0, 2, 1)
	choose(&s, 1, 1) // none of them
	choose(&s, 1, 2, aggregate.CannotTell)
	for option, want := range [][]int32{{1, 0}, {0, 0}, {1, 0}, {0, 0}} {
		v, err := s.Votes(option)
		if err != nil {
			t.Fatal(err)
		}
		r := mustFit(t, aggregate.Majority, v, aggregate.Options{})
		if diff := cmp.Diff(want, r.Class); diff != "" {
			t.Errorf("option %d (-want +got):\n%s", option, diff)
		}
		if r.Workers[2].Unsure != 1 || r.Workers[2].Answers != 1 {
			t.Errorf("option %d: who could not tell once is %+v", option, r.Workers[2])
		}
	}
	fitted, err := aggregate.SelectionsFit(t.Context(), s, func(ctx context.Context, _ int, v *aggregate.Votes) (*aggregate.Result, error) {
		return aggregate.Fit(ctx, aggregate.Majority, v, aggregate.Options{})
	})
	if err != nil {
		t.Fatal(err)
	}
	// The shares of the votes on task 0 are 1, 1/3, 2/3 and 0; on task 1 all are 0.
	for w, want := range []float64{(1 + 2.0/3 + 2.0/3 + 1) / 4, (1 + 2.0/3 + 1.0/3 + 1 + 4) / 8, (1 + 1.0/3 + 2.0/3 + 1) / 4} {
		if got := fitted.Skills[w]; math.Abs(got.Value-want) > 1e-9 || !(got.Low < want && want < got.High) {
			t.Errorf("worker %d has the skill %+v, want %g", w, got, want)
		}
	}
}

func TestSelectionsBad(t *testing.T) {
	for name, test := range map[string]struct {
		spoil  func(s *aggregate.Selections)
		option int
		want   string
	}{
		"no such option":   {func(*aggregate.Selections) {}, 3, "There is no option 3 of 3; they are numbered from 0."},
		"option too high":  {func(s *aggregate.Selections) { s.Option[1] = 3 }, 0, "Answer 0 chooses option 3 of 3; they are numbered from 0, and who cannot tell chooses none."},
		"cannot tell, but": {func(s *aggregate.Selections) { s.Option[1] = -1 }, 0, "Answer 0 chooses option -1 of 3; they are numbered from 0, and who cannot tell chooses none."},
		"option twice":     {func(s *aggregate.Selections) { s.Option[1] = 2 }, 2, "Answer 0 chooses option 2 twice."},
		"another twice":    {func(s *aggregate.Selections) { s.Option[1] = 2 }, 0, "Answer 0 chooses option 2 twice."},
		"start is short":   {func(s *aggregate.Selections) { s.Start = s.Start[:2] }, 0, "The options of 2 answers are not divided among them; start at 0 and end at their number, 3."},
		"start runs back":  {func(s *aggregate.Selections) { s.Start[1] = 4 }, 0, "The options of answer 0 end before they start."},
		"answers twice":    {func(s *aggregate.Selections) { s.Worker[1] = 0 }, 0, "Worker 0 answered task 0 twice."},
	} {
		t.Run(name, func(t *testing.T) {
			s := aggregate.Selections{Options: 3}
			choose(&s, 0, 0, 2, 1)
			choose(&s, 0, 1, 0)
			if _, err := s.Votes(0); err != nil {
				t.Fatal(err)
			}
			test.spoil(&s)
			if _, err := s.Votes(test.option); !errors.Is(err, aggregate.ErrBadVotes) || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
