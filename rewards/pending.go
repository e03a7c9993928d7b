package rewards

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
)

// PendingPay is what somebody earned by one family of questions within an hour while they were a newcomer.
type PendingPay struct {
	Payee  string
	Org    string // whose the questions are; empty for what is pending since before that was kept
	Family string
	Amount tasknet.Amount
	Since  time.Time // of the oldest of it
}

// PendingStore keeps of what the balances of Pending accounts are made. It changes in the transactions that post them.
type PendingStore interface {
	// AddPending adds to what is pending. Each pay waits since its own time; those of one family and one hour of the clock are
	// one from then on, since the oldest.
	AddPending(ctx context.Context, pays []PendingPay) error

	// TakePending removes what has been pending of a payee since a moment or longer, or all of it when the moment is zero, in
	// one family or, when that is empty, in all of an organisation. It returns it by family, the oldest first. What is added by
	// others at the same time is in it, or comes after the caller's transaction.
	TakePending(ctx context.Context, payee, org, family string, through time.Time) ([]PendingPay, error)

	// PendingOf returns what is pending of a payee, by family, the oldest first.
	PendingOf(ctx context.Context, payee string) ([]PendingPay, error)

	// PendingIn returns what is pending in a family, by payee, the oldest first.
	PendingIn(ctx context.Context, family string) ([]PendingPay, error)

	// PendingBefore returns up to limit of what has been pending since a moment or longer, the oldest first.
	PendingBefore(ctx context.Context, at time.Time, limit int) ([]PendingPay, error)
}

// Release makes pending pay final. All of it is one payee's; the cause is unique among releases.
func Release(cause string, pays []PendingPay, at time.Time) Transaction {
	return fromPending(ReleaseTx, cause, pays, Payee(pays[0].Payee), at)
}

// Forfeit gives pending pay to nobody. All of it is one payee's; the cause is unique among forfeits.
func Forfeit(cause string, pays []PendingPay, at time.Time) Transaction {
	return fromPending(ForfeitTx, cause, pays, ForfeitsAccount, at)
}

func fromPending(kind TxKind, cause string, pays []PendingPay, to Account, at time.Time) Transaction {
	var sum tasknet.Amount
	for _, p := range pays {
		sum = sum.Add(p.Amount)
	}
	return newTx(kind, cause, at, Entry{Pending(pays[0].Payee), sum.Neg()}, Entry{to, sum})
}
