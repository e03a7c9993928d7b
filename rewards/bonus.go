package rewards

import (
	"time"

	"github.com/tasknet/tasknet"
)

// BonusPrefix is the prefix of a bonus's id, which is the cause of its transaction.
const BonusPrefix = "bns"

// Bonus returns the transaction by which a requester pays somebody a bonus. It is final at once, and without a fee.
func Bonus(id, org, payee string, amount tasknet.Amount, at time.Time) Transaction {
	return newTx(BonusTx, id, at, Entry{Requester(org), amount.Neg()}, Entry{Payee(payee), amount})
}
