package labeling

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Store keeps verdicts and skill snapshots. Each method is one transaction, or part of the caller's when the store was
// given by one.
type Store interface {
	// SaveVerdict saves the verdict on a question that has none. A Conflict when it has.
	SaveVerdict(ctx context.Context, v *Verdict) error

	// Verdict returns the verdict on a question, or ErrNoVerdict.
	Verdict(ctx context.Context, q polls.QuestionID) (*Verdict, error)

	// Verdicts lists all verdicts in the order in which they were made.
	Verdicts(ctx context.Context, page tasknet.Page) ([]*Verdict, string, error)

	// CountVerdicts returns how many questions are closed, and how many answers they had.
	CountVerdicts(ctx context.Context) (questions, answers int, err error)

	// LearnSkills adds the answers of questions that were closed since it was last called to everybody's tally, and
	// returns all tallies. Verdicts with the outcome None, and questions with a single answer, teach nothing.
	LearnSkills(ctx context.Context, at time.Time) ([]Skill, error)

	// SaveSnapshot saves a snapshot. Saving it again changes nothing.
	SaveSnapshot(ctx context.Context, s *Snapshot) error

	// Snapshot returns a snapshot by hash, or an error of kind NotFound.
	Snapshot(ctx context.Context, hash string) (*Snapshot, error)

	// LastSnapshot returns the newest snapshot, or an error of kind NotFound.
	LastSnapshot(ctx context.Context) (*Snapshot, error)
}
