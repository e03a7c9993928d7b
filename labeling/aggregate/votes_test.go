package aggregate_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// ballot is one answer.
type ballot struct{ task, worker, class int32 }

// columns returns answers with as many tasks, workers and classes as occur, and at least two classes.
func columns(rows ...ballot) aggregate.Columns {
	c := aggregate.Columns{Classes: 2}
	for _, r := range rows {
		c.Task, c.Worker, c.Class = append(c.Task, r.task), append(c.Worker, r.worker), append(c.Class, r.class)
		c.Tasks, c.Workers, c.Classes = max(c.Tasks, int(r.task)+1), max(c.Workers, int(r.worker)+1), max(c.Classes, int(r.class)+1)
	}
	return c
}

func mustVote(t testing.TB, c aggregate.Columns) *aggregate.Votes {
	t.Helper()
	v, err := aggregate.NewVotes(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func shuffled(c aggregate.Columns, seed uint64) aggregate.Columns {
	out := c
	out.Task, out.Worker, out.Class = nil, nil, nil
	for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(c.Task)) {
		out.Task, out.Worker, out.Class = append(out.Task, c.Task[i]), append(out.Worker, c.Worker[i]), append(out.Class, c.Class[i])
	}
	return out
}

func TestVotesBad(t *testing.T) {
	good := func() aggregate.Columns { return columns(ballot{0, 0, 1}, ballot{0, 1, 0}, ballot{1, 0, 1}) }
	for name, test := range map[string]struct {
		spoil func(c *aggregate.Columns)
		want  string
	}{
		"short column":     {func(c *aggregate.Columns) { c.Class = c.Class[:2] }, "There are 3 tasks, 3 workers and 2 classes in the columns; give as many of each."},
		"one class":        {func(c *aggregate.Columns) { c.Classes = 1 }, "There are 1 classes; a choice has at least 2."},
		"negative tasks":   {func(c *aggregate.Columns) { c.Tasks = -1 }, "There are -1 tasks and 2 workers; neither can be negative."},
		"task too high":    {func(c *aggregate.Columns) { c.Task[2] = 2 }, "Answer 2 is to task 2 of 2; they are numbered from 0."},
		"task negative":    {func(c *aggregate.Columns) { c.Task[2] = -1 }, "Answer 2 is to task -1 of 2; they are numbered from 0."},
		"worker too high":  {func(c *aggregate.Columns) { c.Worker[1] = 2 }, "Answer 1 is of worker 2 of 2; they are numbered from 0."},
		"class too high":   {func(c *aggregate.Columns) { c.Class[0] = 2 }, "Answer 0 is class 2 of 2; they are numbered from 0."},
		"class negative":   {func(c *aggregate.Columns) { c.Class[0] = -2 }, "Answer 0 is class -2 of 2; they are numbered from 0."},
		"twice":            {func(c *aggregate.Columns) { c.Worker[1] = 0 }, "Worker 0 answered task 0 twice."},
		"twice, once sure": {func(c *aggregate.Columns) { c.Worker[1], c.Class[1] = 0, aggregate.CannotTell }, "Worker 0 answered task 0 twice."},
	} {
		t.Run(name, func(t *testing.T) {
			c := good()
			test.spoil(&c)
			v, err := aggregate.NewVotes(c)
			if v != nil || !errors.Is(err, aggregate.ErrBadVotes) || err.Error() != test.want {
				t.Errorf("got %v and %q, want %q", v, err, test.want)
			}
		})
	}
	if _, err := aggregate.NewVotes(good()); err != nil {
		t.Errorf("what was spoiled was not good: %v", err)
	}
}

func TestVotesCount(t *testing.T) {
	v := mustVote(t, columns(ballot{2, 0, 1}, ballot{0, 1, aggregate.CannotTell}, ballot{0, 2, 4}))
	if got, want := [4]int{v.Len(), v.Tasks(), v.Workers(), v.Classes()}, [4]int{2, 3, 3, 5}; got != want {
		t.Errorf("answers, tasks, workers and classes are %v, want %v", got, want)
	}
}
