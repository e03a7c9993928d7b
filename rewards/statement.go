package rewards

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
)

// Line is a transaction of the ledger that changed what somebody is paid: a settlement that pays them, or a release or a
// forfeit of what was pending.
type Line struct {
	Tx      TxID
	Kind    TxKind
	Cause   string
	At      time.Time
	Final   tasknet.Amount // added to their final pay
	Pending tasknet.Amount // added to what is pending; negative when it was taken from there
	Epoch   int64          // that took up what is final; 0 while none has
	Claimed bool
	ClaimTx Hash
}

// Sums are the lines of a time, summed.
type Sums struct {
	Lines     int
	Final     tasknet.Amount // became final, by settlements and releases
	Waited    tasknet.Amount // was pending when its settlement was posted
	Forfeited tasknet.Amount
}

// StatementStore tells a payee what they were paid for, from a moment until before another one.
type StatementStore interface {
	// Lines lists them in the order in which they were posted.
	Lines(ctx context.Context, payee string, from, until time.Time, page tasknet.Page) ([]Line, string, error)

	// Sums sums them.
	Sums(ctx context.Context, payee string, from, until time.Time) (Sums, error)
}
