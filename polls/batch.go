package polls

import (
	"time"

	"github.com/tasknet/tasknet"
)

// Batch is a group of answers on its way into one transaction. The store reads Assignments, Progress and Previous for
// them, under locks that last to the end of the transaction; Resolve applies the rules; the store writes what
// Accepted, Progress and Commit then say. So the rules stand here once, whatever the database.
type Batch struct {
	Instance    string
	At          time.Time // whole milliseconds
	Submissions []*Submission

	Assignments map[AssignmentID]*Assignment
	Progress    map[QuestionID]*Progress
	Previous    map[AssignmentID]*Answer // the recorded answer of each assignment that has one

	Accepted []*Submission // in order; their answers are complete
	Touched  []*Question   // each question that got an answer, once, with the progress to write
	Commit   *Commit       // nil when nothing was accepted
}

// Submission is an answer whose signature has been checked, with the question that it is for.
type Submission struct {
	Answer   Answer
	Question *Question // the fixed part; Progress in it is not read
	Until    time.Time // when the device's delegation ends; zero: not at all

	Err    error   // why it was not accepted; nothing was changed
	Before *Answer // the same answer, recorded earlier
}

// Resolve decides about each submission in order. A transaction that is tried again resolves its batch again.
func (b *Batch) Resolve(stopper Stopper) {
	b.Accepted, b.Touched, b.Commit = nil, nil, nil
	commit := Commit{ID: ReceiptID(tasknet.NewID(ReceiptPrefix, b.At)), At: b.At}
	touched := make(map[QuestionID]*Question)
	for _, s := range b.Submissions {
		a := &s.Answer
		progress := b.Progress[a.Question]
		if s.Before, s.Err = b.admit(s, progress); s.Err != nil || s.Before != nil {
			continue
		}
		q := touched[a.Question]
		if q == nil {
			copied := *s.Question
			q = &copied
			q.Progress = *progress
		}
		state, decision, err := stopper.Step(q, q.State, Vote{Respondent: a.Respondent, Choice: a.Choice, Value: a.Value})
		if err != nil {
			s.Err = err // the others are none the worse for it
			continue
		}
		q.State, q.Wanted = state, decision.Wanted
		if touched[a.Question] == nil {
			touched[a.Question] = q
			b.Touched = append(b.Touched, q)
		}
		a.Place = q.Answers
		q.Answers++
		if len(q.Counts) > 0 && a.Choice != CannotTell {
			q.Counts = append([]int(nil), q.Counts...)
			q.Counts[a.Choice]++
		}
		if decision.Stop {
			q.Status, q.Wanted = Closing, 0
		}
		*progress = q.Progress

		a.ID = AnswerID(tasknet.NewID(AnswerPrefix, b.At))
		a.AcceptedAt = b.At
		a.Hash = a.RecordHash(b.Instance, s.Question.Hash)
		a.Receipt, a.Index = commit.ID, len(commit.Leaves)
		commit.Leaves = append(commit.Leaves, a.Hash)
		b.Assignments[a.Assignment].Status = Answered
		b.Previous[a.Assignment] = a
		b.Accepted = append(b.Accepted, s)
	}
	if len(commit.Leaves) > 0 {
		b.Commit = &commit
	}
}

// admit returns the answer recorded before when a is the same, nothing when a is to be recorded, or why it cannot be.
func (b *Batch) admit(s *Submission, progress *Progress) (*Answer, error) {
	a := &s.Answer
	asg := b.Assignments[a.Assignment]
	switch {
	case asg == nil:
		return nil, ErrNoAssignment
	case asg.Respondent != a.Respondent:
		return nil, ErrNotYours
	case asg.Question != a.Question:
		return nil, ErrWrongQuestion
	case asg.Status == Answered:
		if before := b.Previous[a.Assignment]; before != nil && before.same(a) {
			return before, nil
		}
		return nil, ErrAnswered
	case asg.Status == Skipped:
		return nil, ErrSkipped
	case progress == nil:
		return nil, ErrNoQuestion
	case progress.Status != Open && progress.Status != Paused, !b.At.Before(s.Question.Deadline):
		return nil, ErrClosed
	case !s.Until.IsZero() && !b.At.Before(s.Until):
		return nil, ErrDeviceEnded
	}
	return nil, nil
}
