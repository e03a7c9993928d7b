package rewards

import (
	"fmt"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
)

// TxKind says what a transaction of the ledger is for.
type TxKind string

// The kinds of transaction.
const (
	DepositTx    TxKind = "deposit"
	HoldTx       TxKind = "hold"
	SettlementTx TxKind = "settlement"
	ReleaseTx    TxKind = "release" // a newcomer's pay becomes final
	ForfeitTx    TxKind = "forfeit" // or nobody's
	BonusTx      TxKind = "bonus"   // a requester pays somebody more for an answer
	WorkTx       TxKind = "work"    // a job's price is shared out among those who did it
	EpochTx      TxKind = "epoch"
	ClaimTx      TxKind = "claim"
	NoticeTx     TxKind = "notice"     // what a requester is about to withdraw cannot be spent, or can again
	DebtTx       TxKind = "debt"       // what came back to a requester pays what it owes
	WithdrawalTx TxKind = "withdrawal" // a requester took back what was not spent
	UndoTx       TxKind = "undo"       // the chain has a deposit, a withdrawal or a claim no more
)

// TxID is the id of a transaction of the ledger.
type TxID string

// TxPrefix is the prefix of a TxID.
const TxPrefix = "tx"

// Transaction is one movement of money: entries that sum to zero, posted together with what caused it or not at all.
// Kind and Cause are unique together, so that nothing is settled, paid or credited twice.
type Transaction struct {
	ID      TxID
	Kind    TxKind
	Cause   string
	At      time.Time
	Entries []Entry
}

// Errors of the ledger.
var (
	ErrPosted       = tasknet.NewError(tasknet.Conflict, "already_posted", "This was posted before.")
	ErrInsufficient = tasknet.NewError(tasknet.NoFunds, "insufficient_funds", "The balance does not cover this; deposit more, or ask for fewer or cheaper answers.")
	ErrNothingToPay = tasknet.NewError(tasknet.Conflict, "nothing_to_pay", "Nobody has pay that could enter an epoch.")
	ErrNoEpoch      = tasknet.NewError(tasknet.NotFound, "no_such_epoch", "There is no such epoch.")
	ErrEpochMoved   = tasknet.NewError(tasknet.Conflict, "epoch_moved", "The epoch is in another state by now.")
	ErrUncovered    = tasknet.NewError(tasknet.NoFunds, "epoch_uncovered", "What requesters have in the vault does not cover all pay; some waits for a deposit.")
)

// Check reports whether the transaction is one: at least two entries, none of zero, each account once, summing to
// zero. That of an epoch which pays nobody has none. Anything else is a fault of this program, hence Internal.
func (t *Transaction) Check() error {
	sum, seen := tasknet.Amount{}, make(map[Account]bool, len(t.Entries))
	for _, e := range t.Entries {
		if e.Amount.IsZero() || seen[e.Account] {
			return fmt.Errorf("transaction %s %s: account %s is empty or there twice", t.Kind, t.Cause, e.Account)
		}
		seen[e.Account] = true
		sum = sum.Add(e.Amount)
	}
	few := len(t.Entries) < 2 && (t.Kind != EpochTx || len(t.Entries) > 0)
	if few || !sum.IsZero() || t.Cause == "" {
		return fmt.Errorf("transaction %s %s: %d entries sum to %s", t.Kind, t.Cause, len(t.Entries), sum)
	}
	return nil
}

// newTx returns a transaction made of entries, leaving out those of zero.
func newTx(kind TxKind, cause string, at time.Time, entries ...Entry) Transaction {
	t := Transaction{ID: TxID(tasknet.NewID(TxPrefix, at)), Kind: kind, Cause: cause, At: at, Entries: make([]Entry, 0, len(entries))}
	for _, e := range entries {
		if !e.Amount.IsZero() {
			t.Entries = append(t.Entries, e)
		}
	}
	return t
}

// Hold sets amount aside from a requester's account for a cause.
func Hold(org, cause string, amount tasknet.Amount, at time.Time) Transaction {
	return newTx(HoldTx, cause, at, Entry{Requester(org), amount.Neg()}, Entry{HoldFor(cause), amount})
}

// HoldEach sets the same amount aside for each of some causes, from a requester's account. The first of them names the
// transaction.
func HoldEach(org string, causes []string, each tasknet.Amount, at time.Time) (Transaction, error) {
	all, err := each.Times(len(causes))
	if err != nil {
		return Transaction{}, err
	}
	entries := make([]Entry, 0, 1+len(causes))
	entries = append(entries, Entry{Requester(org), all.Neg()})
	for _, cause := range causes {
		entries = append(entries, Entry{HoldFor(cause), each})
	}
	return newTx(HoldTx, causes[0], at, entries...), nil
}

// Pay is what somebody gets from a settlement.
type Pay struct {
	Payee   string
	Amount  tasknet.Amount
	Pending bool // it waits until the payee is no newcomer any more
}

// Bill is how a hold is used up: what people and the operator get of it, and what nobody gets. The rest goes back to the
// requester.
type Bill struct {
	Org     string
	Cause   string
	Hold    tasknet.Amount
	Pays    []Pay // each payee once
	Fee     tasknet.Amount
	Forfeit tasknet.Amount
}

// Settlement is a settled bill.
type Settlement struct {
	Transaction
	Paid      tasknet.Amount // to people
	Fee       tasknet.Amount // to the operator
	Forfeited tasknet.Amount // to nobody
	Released  tasknet.Amount // back to the requester
}

// Settle returns the transaction that empties a question's hold. It is an error when the bill is more than the hold.
func Settle(b Bill, at time.Time) (Settlement, error) { return settle(SettlementTx, b, at) }

// SettleWork is Settle for a job's hold.
func SettleWork(b Bill, at time.Time) (Settlement, error) { return settle(WorkTx, b, at) }

func settle(kind TxKind, b Bill, at time.Time) (Settlement, error) {
	s := Settlement{Fee: b.Fee, Forfeited: b.Forfeit}
	entries := make([]Entry, 0, len(b.Pays)+4)
	entries = append(entries, Entry{HoldFor(b.Cause), b.Hold.Neg()})
	for _, p := range b.Pays {
		account := Payee(p.Payee)
		if p.Pending {
			account = Pending(p.Payee)
		}
		entries = append(entries, Entry{account, p.Amount})
		s.Paid = s.Paid.Add(p.Amount)
	}
	s.Released = b.Hold.Sub(s.Paid).Sub(b.Fee).Sub(b.Forfeit)
	if s.Released.Sign() < 0 {
		return Settlement{}, fmt.Errorf("settle %s: the bill of %s, %s and %s is more than the hold of %s", b.Cause, s.Paid, b.Fee, b.Forfeit, b.Hold)
	}
	entries = append(entries, Entry{FeesAccount, b.Fee}, Entry{ForfeitsAccount, b.Forfeit}, Entry{Requester(b.Org), s.Released})
	s.Transaction = newTx(kind, b.Cause, at, entries...)
	return s, nil
}

// Credit returns the transaction that books a deposit to a requester without debts.
func Credit(org, cause string, amount tasknet.Amount, at time.Time) Transaction {
	return newTx(DepositTx, cause, at, Entry{DepositsAccount, amount.Neg()}, Entry{Requester(org), amount})
}

// Totals sums the ledger by kind of account.
type Totals struct {
	Deposited  tasknet.Amount
	Withdrawn  tasknet.Amount
	Frozen     tasknet.Amount // about to be withdrawn
	Debts      tasknet.Amount // zero or negative
	Requesters tasknet.Amount
	Held       tasknet.Amount
	Pending    tasknet.Amount
	Payees     tasknet.Amount
	Unclaimed  tasknet.Amount
	Claimed    tasknet.Amount
	Operator   tasknet.Amount
	Forfeits   tasknet.Amount
}

// Add books an entry into the totals.
func (t *Totals) Add(e Entry) error {
	kind := string(e.Account)
	if i := strings.IndexByte(kind, ':'); i >= 0 {
		kind = kind[:i+1]
	}
	switch {
	case e.Account == DepositsAccount:
		t.Deposited = t.Deposited.Sub(e.Amount)
	case e.Account == ClaimedAccount:
		t.Claimed = t.Claimed.Add(e.Amount)
	case e.Account == WithdrawnAccount:
		t.Withdrawn = t.Withdrawn.Add(e.Amount)
	case e.Account == ForfeitsAccount:
		t.Forfeits = t.Forfeits.Add(e.Amount)
	case kind == "operator:":
		t.Operator = t.Operator.Add(e.Amount)
	case kind == requesterKind:
		t.Requesters = t.Requesters.Add(e.Amount)
	case kind == holdKind:
		t.Held = t.Held.Add(e.Amount)
	case kind == pendingKind:
		t.Pending = t.Pending.Add(e.Amount)
	case kind == payeeKind:
		t.Payees = t.Payees.Add(e.Amount)
	case kind == frozenKind:
		t.Frozen = t.Frozen.Add(e.Amount)
	case kind == debtKind:
		t.Debts = t.Debts.Add(e.Amount)
	case kind == unclaimedKind:
		t.Unclaimed = t.Unclaimed.Add(e.Amount)
	default:
		return fmt.Errorf("account %q is of no known kind", e.Account)
	}
	return nil
}

// Conserved reports whether all that was deposited is somewhere, and nothing else is.
func (t Totals) Conserved() bool {
	return t.Requesters.Add(t.Frozen).Add(t.Debts).Add(t.Withdrawn).Add(t.Held).Add(t.Pending).Add(t.Payees).Add(t.Unclaimed).Add(t.Claimed).Add(t.Operator).Add(t.Forfeits) == t.Deposited
}
