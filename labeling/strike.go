package labeling

import (
	"cmp"
	"slices"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// Strike takes an answer out of those that count. When a question is about to close, each answer is struck whose respondent
// is void by the newest that is known of the question's family, though that may have been learned after the question was
// asked: it weighs nothing, is not paid, and the question gets another one in its place while there is time.
type Strike struct {
	Question   polls.QuestionID
	Respondent polls.RespondentID
	Snapshot   string // the hash of the one by which the respondent is void
	Answers    int    // accepted until then
	Counted    int    // of these, those that counted until then, this one among them
	At         time.Time
}

// Strikes are those of one question.
type Strikes []Strike

// Passes returns the strikes by when they were made, those that were made together in one list. The answers that came
// between two passes, and those that no longer counted after the first, tell them apart.
func (s Strikes) Passes() (passes []Strikes) {
	sorted := slices.SortedFunc(slices.Values(s), func(a, b Strike) int {
		return cmp.Or(cmp.Compare(a.Answers, b.Answers), cmp.Compare(b.Counted, a.Counted))
	})
	for i, strike := range sorted {
		if i == 0 || strike.Answers != sorted[i-1].Answers || strike.Counted != sorted[i-1].Counted {
			passes = append(passes, nil)
		}
		passes[len(passes)-1] = append(passes[len(passes)-1], strike)
	}
	return passes
}

// Of returns the strike of somebody's answer, or nil.
func (s Strikes) Of(id polls.RespondentID) *Strike {
	for i := range s {
		if s[i].Respondent == id {
			return &s[i]
		}
	}
	return nil
}

// Counting returns the votes that are not struck, in their order.
func (s Strikes) Counting(votes []polls.Vote) []polls.Vote {
	if len(s) == 0 {
		return votes
	}
	return slices.DeleteFunc(slices.Clone(votes), func(v polls.Vote) bool { return s.Of(v.Respondent) != nil })
}

// Forfeited is for how many answers a question's requester pays nobody, when so many count at the end: who asks pays for as
// many as counted when any was struck, or it would pay to have good answers struck, and to set gold that people fail at.
func (s Strikes) Forfeited(counting int) int {
	most := counting
	for _, strike := range s {
		most = max(most, strike.Counted)
	}
	return most - counting
}

// Recount sets a question's counts, state and how many answers it wants to what they are when these votes are all that
// count. It is not asked whether they stop it. The snapshot is nil when answers are values.
func Recount(q *polls.Question, votes []polls.Vote, snapshot *Snapshot) error {
	if err := check(q, votes, snapshot); err != nil {
		return err
	}
	clear(q.Counts)
	for _, v := range votes {
		if q.Type.IsLabel() && v.Choice != polls.CannotTell {
			q.Counts[v.Choice]++
		}
	}
	q.State, q.Wanted = nil, q.Policy.Min
	switch {
	case q.Policy.Kind == polls.Fixed:
		q.Wanted = count(q.Policy, len(votes)).Wanted
	case len(votes) > 0:
		f := snapshot.Known
		s := slices.Clone(f.start)
		for _, v := range votes {
			f.weigh(s, v)
		}
		decision, _ := f.decide(q.Policy, s, len(votes))
		q.State, q.Wanted = s.encode(), decision.Wanted
	}
	return nil
}
