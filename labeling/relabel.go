package labeling

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Relabeling makes labels of the answers to all tasks of a project together. Its tasks are added in the order of their keys;
// twelve bytes are kept of each answer.
type Relabeling struct {
	classes int
	columns aggregate.Columns
	keys    []string
	gold    []int32
	worker  map[polls.RespondentID]int32

	chosen    *aggregate.Choice
	posterior *aggregate.Posterior
}

// NewRelabeling begins to label tasks that have so many choices.
func NewRelabeling(choices int) *Relabeling {
	return &Relabeling{classes: choices, worker: make(map[polls.RespondentID]int32)}
}

// Add adds a task whose answers are choices.
func (r *Relabeling) Add(t *ClosedTask) error {
	if !t.Question.Type.IsLabel() || len(t.Question.Choices) != r.classes {
		return fmt.Errorf("task %q: its answers are not one of %d choices", t.Task.Key, r.classes)
	}
	task := int32(len(r.keys))
	r.keys = append(r.keys, t.Task.Key)
	gold := int32(aggregate.NoVerdict)
	if t.Task.Truth != "" {
		n, err := strconv.Atoi(t.Task.Truth)
		if err != nil {
			return fmt.Errorf("truth of task %q: %w", t.Task.Key, err)
		}
		gold = int32(n)
	}
	r.gold = append(r.gold, gold)
	for _, a := range t.Answers {
		w, known := r.worker[a.Respondent]
		if !known {
			w = int32(len(r.worker))
			r.worker[a.Respondent] = w
		}
		class := int32(a.Choice)
		if a.Choice == polls.CannotTell {
			class = aggregate.CannotTell
		}
		r.columns.Task, r.columns.Worker, r.columns.Class = append(r.columns.Task, task), append(r.columns.Worker, w), append(r.columns.Class, class)
	}
	return nil
}

// Fit chooses a method and applies it. Golds are tasks whose requester said what is true. The last bits of results depend on
// how people are numbered, which is by their ids.
func (r *Relabeling) Fit(ctx context.Context) (method, reason string, err error) {
	ids := make([]polls.RespondentID, 0, len(r.worker))
	for id := range r.worker {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	renumbered := make([]int32, len(ids))
	for i, id := range ids {
		renumbered[r.worker[id]] = int32(i)
	}
	for i, w := range r.columns.Worker {
		r.columns.Worker[i] = renumbered[w]
	}
	r.columns.Tasks, r.columns.Workers, r.columns.Classes = len(r.keys), len(ids), r.classes
	votes, err := aggregate.NewVotes(r.columns)
	if err != nil {
		return "", "", err
	}
	if r.chosen, err = aggregate.Auto(ctx, votes, r.gold, aggregate.Options{}); err != nil {
		return "", "", err
	}
	r.posterior = r.chosen.Probabilities(votes, r.gold) // where the method is a vote, its shares are none
	return string(r.chosen.Method), r.chosen.Reason, nil
}

// Label returns the label of a task that was added; false for another.
func (r *Relabeling) Label(key string) (Label, bool) {
	t, ok := slices.BinarySearch(r.keys, key)
	if !ok {
		return Label{}, false
	}
	l := Label{Choice: int(r.chosen.Class[t]), Method: string(r.chosen.Method)}
	if l.Choice == aggregate.NoVerdict {
		l.Choice = NoChoice
		return l, true
	}
	row := make([]float64, r.classes)
	r.posterior.Row(t, row)
	l.Soft = shares(row)
	l.Confidence = l.Soft[l.Choice]
	return l, true
}

// shares returns probabilities in parts per million that sum to a million: what rounding leaves goes to the largest.
func shares(p []float64) []int {
	out, left, top := make([]int, len(p)), million, 0
	for i, x := range p {
		out[i] = int(math.Round(x * million))
		left -= out[i]
		if p[i] > p[top] {
			top = i
		}
	}
	out[top] += left
	return out
}
