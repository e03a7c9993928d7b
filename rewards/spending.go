package rewards

import (
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// VaultAccount is what one owner has in the vault for one organisation, as booked.
type VaultAccount struct {
	Key       Hash // AccountOf(Owner, Reference)
	Owner     Address
	Reference [32]byte
	Org       string         // empty when the reference names none
	Since     int64          // block of the first deposit
	Deposited tasknet.Amount // of it, what the ledger has
	Withdrawn tasknet.Amount
	Spent     tasknet.Amount // in all, by the newest epoch
	Noticed   bool           // the owner is about to withdraw
}

// Room is how much can still be spent of an account.
func (a VaultAccount) Room() tasknet.Amount {
	return positive(a.Deposited.Sub(a.Withdrawn).Sub(a.Spent))
}

// Spend attributes what an organisation has spent in all to its accounts, which come in the order of their first deposits:
// what is new since the newest epoch goes to the first that has room, then to the next. What an account has spent never
// shrinks. More than there is room for stays without an account, and as much pay is in no epoch until a deposit covers it.
func Spend(accounts []VaultAccount, spent tasknet.Amount) []VaultAccount {
	out := slices.Clone(accounts)
	for _, a := range out {
		spent = spent.Sub(a.Spent)
	}
	for i := range out {
		more := least(spent, out[i].Room())
		out[i].Spent = out[i].Spent.Add(more)
		spent = spent.Sub(more)
	}
	return out
}

// ToFreeze returns how much is to be frozen for each account of an organisation: of those under notice what is left, as
// far as it is available or frozen already. The order is that of the accounts, which Spend has brought up to date.
func ToFreeze(accounts []VaultAccount, available tasknet.Amount) []tasknet.Amount {
	out := make([]tasknet.Amount, len(accounts))
	for i, a := range accounts {
		if a.Noticed {
			out[i] = least(a.Room(), available)
			available = available.Sub(out[i])
		}
	}
	return out
}

// Uncovered is how much of what an organisation has set aside for open questions is covered by nothing in the vault any more.
type Uncovered struct {
	Org    string
	Amount tasknet.Amount // at least; nothing may be set aside
}

// NotCovered returns how much that is, given what ToFreeze wants and what the organisation owes, which is zero or negative: what
// its accounts under notice have beyond that, and what is gone already.
func NotCovered(accounts []VaultAccount, frozen []tasknet.Amount, debt tasknet.Amount) tasknet.Amount {
	sum := debt.Neg()
	for i, a := range accounts {
		if a.Noticed {
			sum = sum.Add(a.Room().Sub(frozen[i]))
		}
	}
	return sum
}

// PayDebt returns the transaction by which an organisation pays what it owes out of what came back to it. The cause is unique among
// such transactions.
func PayDebt(org string, amount tasknet.Amount, cause string, at time.Time) Transaction {
	return newTx(DebtTx, cause, at, Entry{Requester(org), amount.Neg()}, Entry{Debt(org), amount})
}

// Freeze returns the transaction that sets money of an organisation aside for an account under notice, or gives it back when
// the amount is negative. The cause is unique among such transactions.
func Freeze(org string, account Hash, amount tasknet.Amount, cause string, at time.Time) Transaction {
	return newTx(NoticeTx, cause, at, Entry{Requester(org), amount.Neg()}, Entry{Frozen(account), amount})
}

// SpendingTree returns the Merkle tree over what accounts have spent, in the order given.
func SpendingTree(accounts []VaultAccount, info ChainInfo) (*merkle.SpendingTree, error) {
	leaves := make([]merkle.Spent, len(accounts))
	for i, a := range accounts {
		leaves[i] = merkle.Spent{Account: a.Key, Cumulative: info.Base(a.Spent)}
	}
	return merkle.NewSpending(leaves)
}
