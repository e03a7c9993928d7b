package labeling

import (
	"context"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Stopper is the polls.Stopper of this package: it counts for fixed policies, and for confidence policies asks on while the
// answers are worth their price. See Family.decide.
type Stopper struct{ *SnapshotCache }

// NewStopper returns a Stopper that reads skills from source.
func NewStopper(source Snapshots) *Stopper { return &Stopper{NewSnapshotCache(source)} }

// Prepare loads the snapshot that weighs a question's answers, so that Step finds it in memory, where it looks at one.
func (st *Stopper) Prepare(ctx context.Context, q *polls.Question) error {
	if q.Policy.Kind == polls.Fixed {
		return nil
	}
	_, err := st.Weighing(ctx, q)
	return err
}

// errNotPrepared reports a snapshot that others have pushed out of memory since it was prepared.
var errNotPrepared = tasknet.NewError(tasknet.Unavailable, "skills_busy", "The skills that weigh this answer are not at hand; send it again in a moment.")

// Step implements polls.Stopper. It takes less than 20 microseconds with 20 choices and the longest look ahead. The
// snapshot of a question with a confidence policy must be prepared. A fixed policy only counts, and has no state.
func (st *Stopper) Step(q *polls.Question, state polls.State, vote polls.Vote) (polls.State, polls.Decision, error) {
	if q.Policy.Kind == polls.Fixed {
		return nil, count(q.Policy, q.Counting()+1), nil
	}
	snapshot := st.peek(q)
	if snapshot == nil {
		return nil, polls.Decision{}, fmt.Errorf("step %s: snapshot %s: %w", q.ID, q.WeighedBy(), errNotPrepared)
	}
	f := snapshot.Known
	if f.Choices != len(q.Choices) {
		return nil, polls.Decision{}, fmt.Errorf("step %s: its snapshot is for %d choices", q.ID, f.Choices)
	}
	var s scores
	if state == nil {
		s = slices.Clone(snapshot.Hearing(q.Opinion).Known.start)
	} else {
		var err error
		if s, err = decodeScores(state, f.Choices); err != nil {
			return nil, polls.Decision{}, fmt.Errorf("step %s: %w", q.ID, err)
		}
	}
	f.weigh(s, vote)
	decision, _ := f.decide(q.Policy, s, q.Counting()+1)
	return s.encode(), decision, nil
}
