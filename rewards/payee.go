package rewards

import (
	"context"

	"github.com/tasknet/tasknet"
)

// LeastMax is the largest payout that somebody can wait for: pay that is to be left lying for long is claimed better.
var LeastMax = tasknet.Micro(1_000_000_000)

// ErrLeast reports a least payout that is negative or over LeastMax.
var ErrLeast = tasknet.NewError(tasknet.Invalid, "least_out_of_range", "The least payout is from 0 to 1000.")

// CheckLeast reports whether somebody may wait for payouts of least. The error is ErrLeast.
func CheckLeast(least tasknet.Amount) error {
	if least.Sign() < 0 || least.Cmp(LeastMax) > 0 {
		return ErrLeast
	}
	return nil
}

// PayeeStore keeps how people want to be paid.
type PayeeStore interface {
	// SetLeast says how small a payout of a payee may be: until so much is due, nothing of it enters an epoch. A payee who is
	// not known is NotFound.
	SetLeast(ctx context.Context, payee string, least tasknet.Amount) error

	// Least returns it; nothing for who never said.
	Least(ctx context.Context, payee string) (tasknet.Amount, error)
}
