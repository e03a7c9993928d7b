package labeling

import (
	"fmt"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// VerdictID is the id of a verdict.
type VerdictID string

// VerdictPrefix is the prefix of a VerdictID.
const VerdictPrefix = "vrd"

// Outcome says how much a verdict is one.
type Outcome string

// The outcomes.
const (
	Decided Outcome = "decided" // the policy was met
	Leaning Outcome = "leaning" // the question closed before it was, or two choices are level
	None    Outcome = "none"    // nobody answered, or nobody who did could tell
)

// Method names how a choice was made of the answers, with a version.
type Method string

// The methods.
const (
	Majority Method = "majority/1" // the most answers; level choices by their scores, then the first
	OneCoin  Method = "one-coin/1" // the highest posterior
)

// Reason says why a question closed.
type Reason string

// The reasons.
const (
	Quorum    Reason = "quorum"
	Deadline  Reason = "deadline"
	Cancelled Reason = "cancelled"
	Unsettled Reason = "unsettled" // no number of further answers would have been worth its price
)

// NoChoice is the choice of a verdict whose outcome is None.
const NoChoice = -1

// Verdict is what the answers to a question amount to. Everything but ID and At follows from the question, its answers
// in order, and the skill snapshot: see Decide.
type Verdict struct {
	ID        VerdictID
	Question  polls.QuestionID
	Outcome   Outcome
	Choice    int         // NoChoice when the outcome is None, or answers are values
	Value     polls.Value // what the answers amount to when they are values; empty when the outcome is None
	Agreement int         // how much such answers are alike, in parts per million; 0 when answers are choices
	Posterior []int       // of each choice, in parts per million, rounded to the nearest; of a Multiple, how many selected it
	Counts    []int       // answers per choice
	Answers   int
	Method    Method
	Snapshot  string
	Reason    Reason
	At        time.Time
}

// Confidence is the posterior of the choice in parts per million; 0 when there is none, as when answers are values.
func (v *Verdict) Confidence() int {
	if v.Choice == NoChoice {
		return 0
	}
	return v.Posterior[v.Choice]
}

// ErrNoVerdict reports a question that is not closed yet.
var ErrNoVerdict = tasknet.NewError(tasknet.NotFound, "no_verdict", "There is no verdict: the question is not closed, or there is no such question.")

// Decide returns the verdict on a question, all of whose answers are given as votes in the order in which they were
// accepted. It is an error when a vote is for a choice that the question does not have, or a value that does not answer it.
func Decide(q *polls.Question, votes []polls.Vote, snapshot *Snapshot, reason Reason, at time.Time) (*Verdict, error) {
	v := &Verdict{
		ID: VerdictID(tasknet.NewID(VerdictPrefix, at)), Question: q.ID, Outcome: Leaning, Counts: make([]int, len(q.Choices)),
		Answers: len(votes), Method: OneCoin, Snapshot: snapshot.Hash, Reason: reason, At: at,
	}
	for _, vote := range votes {
		if err := q.CheckAnswer(vote.Choice, vote.Value); err != nil {
			return nil, fmt.Errorf("decide %s: %w", q.ID, err)
		}
	}
	if !q.Type.IsLabel() {
		return v, v.fuse(q, votes)
	}
	s := make(scores, len(q.Choices))
	for _, vote := range votes {
		if vote.Choice != polls.CannotTell {
			s.vote(snapshot, vote)
			v.Counts[vote.Choice]++
		}
	}
	v.Posterior = s.posterior()
	v.Choice = s.leader()
	level := false
	if q.Policy.Kind == polls.Fixed {
		v.Method = Majority
		v.Choice, level = majority(v.Counts, s)
	}
	switch {
	case len(votes) == 0 || !slices.ContainsFunc(votes, func(v polls.Vote) bool { return v.Choice != polls.CannotTell }):
		v.Outcome, v.Choice = None, NoChoice
	case len(votes) >= q.Policy.Min && !level && (q.Policy.Kind == polls.Fixed || v.Confidence() >= q.Policy.TargetPPM):
		v.Outcome = Decided
	}
	return v, nil
}

// majority returns the choice with the most answers, and whether another has as many. Level choices are told apart by
// their scores, then the first is taken.
func majority(counts []int, s scores) (choice int, level bool) {
	for i := 1; i < len(counts); i++ {
		switch {
		case counts[i] > counts[choice]:
			choice, level = i, false
		case counts[i] == counts[choice]:
			level = true
			if s[i] > s[choice] {
				choice = i
			}
		}
	}
	return choice, level
}
