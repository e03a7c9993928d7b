package labeling

import (
	"context"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/tasknet/tasknet/polls"
)

// Snapshots gives the skill snapshots that questions name.
type Snapshots interface {
	// Snapshot returns a snapshot by its hash.
	Snapshot(ctx context.Context, hash string) (*Snapshot, error)
}

// Stopper is the polls.Stopper of this package: it counts for fixed policies, and for confidence policies stops when
// the one-coin posterior of the leading choice has reached the target.
type Stopper struct {
	source Snapshots
	cache  *lru.Cache[string, *Snapshot]
}

// snapshotsKept is how many snapshots are kept in memory. A new one is made every hour at most, and most questions close
// within a day. A question whose snapshot is not among them costs reading it again.
const snapshotsKept = 48

// NewStopper returns a Stopper that reads skills from source.
func NewStopper(source Snapshots) *Stopper {
	cache, _ := lru.New[string, *Snapshot](snapshotsKept) // fails for sizes under 1 only
	return &Stopper{source, cache}
}

// Snapshot returns a snapshot by its hash, from memory when it was used lately.
func (st *Stopper) Snapshot(ctx context.Context, hash string) (*Snapshot, error) {
	if s, ok := st.cache.Get(hash); ok {
		return s, nil
	}
	s, err := st.source.Snapshot(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", hash, err)
	}
	st.cache.Add(hash, s)
	return s, nil
}

// Prepare loads the snapshot that a question names, so that Step finds it in memory.
func (st *Stopper) Prepare(ctx context.Context, q *polls.Question) error {
	_, err := st.Snapshot(ctx, q.Snapshot)
	return err
}

// Step implements polls.Stopper. It takes about a microsecond. The question's snapshot must be prepared.
func (st *Stopper) Step(q *polls.Question, state polls.State, vote polls.Vote) (polls.State, polls.Decision, error) {
	if !q.Type.IsLabel() { // which have fixed policies
		return nil, decide(q.Policy, nil, q.Answers+1), nil
	}
	snapshot, ok := st.cache.Peek(q.Snapshot)
	if !ok {
		return nil, polls.Decision{}, fmt.Errorf("step %s: snapshot %s is not prepared", q.ID, q.Snapshot)
	}
	s, err := decodeScores(state, len(q.Choices))
	if err != nil {
		return nil, polls.Decision{}, fmt.Errorf("step %s: %w", q.ID, err)
	}
	if vote.Choice != polls.CannotTell {
		s.vote(snapshot, vote)
	}
	return s.encode(), decide(q.Policy, s, q.Answers+1), nil
}

// decide says whether answers are enough, and how many more it takes if they are not: for a confidence policy, if all
// that come agree with the leading choice.
func decide(p polls.Policy, s scores, answers int) polls.Decision {
	if answers >= p.Max {
		return polls.Decision{Stop: true}
	}
	if p.Kind == polls.Fixed {
		return polls.Decision{Wanted: p.Max - answers}
	}
	wanted := 0
	for ahead := append(scores(nil), s...); ahead.posterior()[ahead.leader()] < p.TargetPPM; wanted++ {
		if answers+wanted == p.Max {
			break
		}
		ahead[ahead.leader()] += Skill{}.weight(len(s))
	}
	wanted = max(wanted, p.Min-answers)
	return polls.Decision{Stop: wanted <= 0, Wanted: max(wanted, 0)}
}
