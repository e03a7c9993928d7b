package pipeline

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Costs are what something cost a requester, by where the money went.
type Costs struct {
	Questions int            // that were settled
	Answers   int            // that were paid
	Bonuses   int            // that were paid
	Paid      tasknet.Amount // to respondents, for answers
	Bonus     tasknet.Amount // to respondents, as bonuses
	Fee       tasknet.Amount // to the operator
	Forfeited tasknet.Amount // to nobody
	Refunded  tasknet.Amount // of what was set aside, back to the requester
}

// Sum is what left the requester for good.
func (c Costs) Sum() tasknet.Amount { return c.Paid.Add(c.Bonus).Add(c.Fee).Add(c.Forfeited) }

// Add adds other costs.
func (c *Costs) Add(o Costs) {
	c.Questions, c.Answers, c.Bonuses = c.Questions+o.Questions, c.Answers+o.Answers, c.Bonuses+o.Bonuses
	c.Paid, c.Bonus, c.Fee, c.Forfeited, c.Refunded = c.Paid.Add(o.Paid), c.Bonus.Add(o.Bonus), c.Fee.Add(o.Fee), c.Forfeited.Add(o.Forfeited), c.Refunded.Add(o.Refunded)
}

// Line is one transaction of an invoice: the settlement of a question, or a bonus.
type Line struct {
	At       time.Time
	Tx       rewards.TxID
	Kind     rewards.TxKind
	Cause    string // the question of a settlement, the id of a bonus
	Question polls.QuestionID
	Project  string // its id; empty for a question that stands alone
	About    string // the project's name, or else the question's text
	Costs
}

// LedgerEntry is an entry of the ledger with its transaction.
type LedgerEntry struct {
	Number int64 // of the transaction in the ledger
	Tx     rewards.TxID
	Kind   rewards.TxKind
	Cause  string
	At     time.Time
	rewards.Entry
}

// Span is a time from From on, up to and without Until.
type Span struct{ From, Until time.Time }

// Month is the month of UTC that a time is in.
func Month(t time.Time) Span {
	from := time.Date(t.UTC().Year(), t.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	return Span{from, from.AddDate(0, 1, 0)}
}

// Spending tells what requesters paid for, by the ledger.
type Spending interface {
	// Lines lists what an organisation paid in a span, oldest first.
	Lines(ctx context.Context, org polls.OrgID, span Span, page tasknet.Page) ([]Line, string, error)

	// Refunds lists the settlements of an organisation that gave something back, newest first.
	Refunds(ctx context.Context, org polls.OrgID, page tasknet.Page) ([]Line, string, error)

	// Ledger calls each for every entry of the ledger in a span, in the order in which they were posted. An error of each ends it.
	Ledger(ctx context.Context, span Span, each func(LedgerEntry) error) error

	// CostsByDay sums what an organisation paid in a span by UTC day, as 2026-11-21. Days without anything are left out.
	CostsByDay(ctx context.Context, org polls.OrgID, span Span) (map[string]Costs, error)

	// CostsByProject sums what an organisation paid in a span by project, with what is of none under an empty id.
	CostsByProject(ctx context.Context, org polls.OrgID, span Span) (map[string]Costs, error)
}
