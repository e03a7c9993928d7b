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
	Majority   Method = "majority/1"    // the most answers; level choices by their scores, then the first
	DawidSkene Method = "dawid-skene/1" // the highest posterior, by everybody's confusion matrix
)

// Correction names how a confidence was corrected for mistakes that people share, with a version.
type Correction string

// The corrections.
const (
	Isotonic Correction = "isotonic/1" // by what happened on gold at each confidence
	Discount Correction = "discount/1" // too few golds are known: three quarters of the log-odds are believed
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
	ID         VerdictID
	Question   polls.QuestionID
	Family     FamilyID // empty when answers are values, unless gold measures them
	Outcome    Outcome
	Choice     int         // NoChoice when the outcome is None, or answers are values
	Value      polls.Value // what the answers amount to when they are values; empty when the outcome is None
	Agreement  int         // how much such answers are alike, in parts per million; 0 when answers are choices
	Posterior  []int       // of each choice, in parts per million, together a million; of a Multiple, how many selected it
	Claims     bool        // gold shows that verdicts like this one have the confidence that the policy asks for
	Correction Correction  // empty when answers are values
	Golds      int         // by which the confidence was corrected, or which are too few to do so
	Pooled     bool        // the golds are of other families with as many choices as well
	Counts     []int       // answers per choice
	CannotTell int         // answers of people who cannot tell
	Answers    int         // of all kinds
	Method     Method
	Snapshot   string // empty when answers are values
	Witness    string // hash of what the word of the model was worth that helped; empty when none did
	Opinion    Opinion
	Reason     Reason
	At         time.Time
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

// Stopped replays the votes on a question. It says after how many of them its policy stops it, and why; the reason is
// empty when all of them do not. The snapshot is nil when answers are values.
func Stopped(q *polls.Question, votes []polls.Vote, snapshot *Snapshot) (answers int, reason Reason, err error) {
	if q.Policy.Kind == polls.Fixed { // whatever they say: to read values takes as long as to fuse them
		if !count(q.Policy, len(votes)).Stop {
			return len(votes), "", nil
		}
		return q.Policy.Max, Quorum, nil
	}
	if err := check(q, votes, snapshot); err != nil {
		return 0, "", err
	}
	f := snapshot.Known
	s := slices.Clone(f.start)
	for i, v := range votes {
		f.weigh(s, v)
		if d, reason := f.decide(q.Policy, s, i+1); d.Stop {
			return i + 1, reason, nil
		}
	}
	return len(votes), "", nil
}

// Decide returns the verdict on a question, all of whose answers are given as votes in the order in which they were
// accepted. It is an error when a vote is for a choice that the question does not have, or a value that does not answer it,
// or when the snapshot is of questions with other choices. It is nil when answers are values. Where some were erased, the verdict
// lacks the value and the agreement, which do not follow from the others; all else does.
func Decide(q *polls.Question, votes []polls.Vote, snapshot *Snapshot, reason Reason, at time.Time) (*Verdict, error) {
	if err := check(q, votes, snapshot); err != nil {
		return nil, err
	}
	v := &Verdict{ID: VerdictID(tasknet.NewID(VerdictPrefix, at)), Question: q.ID, Outcome: Leaning, Answers: len(votes), Reason: reason, At: at}
	for _, vote := range votes {
		if vote.Choice == polls.CannotTell {
			v.CannotTell++
		}
	}
	if !q.Type.IsLabel() {
		return v, v.fuse(q, votes)
	}
	return v, v.choose(q, votes, snapshot)
}

// choose completes the verdict on a question whose answers are choices.
func (v *Verdict) choose(q *polls.Question, votes []polls.Vote, snapshot *Snapshot) (err error) {
	f := snapshot.Known
	if v.Family, _, err = FamilyOf(q.Org, q.Project, q.Type, q.Choices); err != nil {
		return err
	}
	if snapshot.Witness != nil {
		v.Witness, v.Opinion = snapshot.Witness.Hash, snapshot.Opinion
	}
	v.Snapshot, v.Correction, v.Golds, v.Pooled = snapshot.Hash, Discount, f.Calibration.Golds, f.Calibration.Pooled
	if v.Golds >= known {
		v.Correction = Isotonic
	}
	s := slices.Clone(f.start)
	v.Counts = make([]int, f.Choices)
	for _, vote := range votes {
		f.weigh(s, vote)
		if vote.Choice != polls.CannotTell {
			v.Counts[vote.Choice]++
		}
	}
	leader, claims := f.confidence(q.Policy, s, len(votes))
	v.Posterior, v.Claims = s.posterior(leader), claims
	var met bool
	switch {
	case q.Policy.Kind == polls.Fixed:
		var level bool
		v.Choice, level = majority(v.Counts, s)
		v.Method, met = Majority, !level && 2*v.CannotTell <= len(votes)
	case f.FallsBack(q.Policy):
		top, next := s.leaders()
		v.Method, v.Choice, met = DawidSkene, top, s[top] > s[next] && len(votes) >= q.Policy.Fallback && 2*v.CannotTell <= len(votes)
	default:
		v.Method, v.Choice, met = DawidSkene, s.leader(), f.enough(q.Policy, s.odds())
	}
	switch {
	case v.CannotTell == len(votes):
		v.Outcome, v.Choice, v.Claims = None, NoChoice, false
	case len(votes) >= q.Policy.Min && met:
		v.Outcome = Decided
	}
	return nil
}

// check reports whether votes are answers to a question, and a snapshot is of questions with as many choices.
func check(q *polls.Question, votes []polls.Vote, snapshot *Snapshot) error {
	if q.Type.IsLabel() && snapshot.Known.Choices != len(q.Choices) {
		return fmt.Errorf("decide %s: its snapshot is for %d choices", q.ID, snapshot.Known.Choices)
	}
	for _, vote := range votes {
		if vote.Erased && q.Type.IsTyped() {
			continue
		}
		if err := q.CheckAnswer(vote.Choice, vote.Value); err != nil {
			return fmt.Errorf("decide %s: %w", q.ID, err)
		}
	}
	return nil
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
