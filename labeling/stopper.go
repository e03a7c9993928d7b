package labeling

import (
	"fmt"

	"github.com/tasknet/tasknet/polls"
)

// Snapshots gives the skill snapshots that questions name, from memory.
type Snapshots interface {
	// Snapshot returns a snapshot by its hash.
	Snapshot(hash string) (*Snapshot, error)
}

// Stopper is the polls.Stopper of this package: it counts for fixed policies, and for confidence policies stops when
// the one-coin posterior of the leading choice has reached the target.
type Stopper struct{ snapshots Snapshots }

// NewStopper returns a Stopper that reads skills from snapshots.
func NewStopper(snapshots Snapshots) *Stopper { return &Stopper{snapshots} }

// Step implements polls.Stopper. It takes about a microsecond a choice.
func (st *Stopper) Step(q *polls.Question, state polls.State, vote polls.Vote) (polls.State, polls.Decision, error) {
	snapshot, err := st.snapshots.Snapshot(q.Snapshot)
	if err != nil {
		return nil, polls.Decision{}, fmt.Errorf("step %s: %w", q.ID, err)
	}
	s, err := decodeScores(state, len(q.Choices))
	if err != nil {
		return nil, polls.Decision{}, fmt.Errorf("step %s: %w", q.ID, err)
	}
	s.vote(snapshot, vote)
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
