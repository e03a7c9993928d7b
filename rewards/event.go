package rewards

import (
	"fmt"
	"math/big"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// EventKind says what a requester did with the vault.
type EventKind string

// What requesters do.
const (
	Deposited       EventKind = "deposit"    // put money in, or had somebody do it for them
	NoticeGiven     EventKind = "notice"     // said that what is left will be taken out
	NoticeCancelled EventKind = "cancel"     // took that back
	Withdrawn       EventKind = "withdrawal" // took out what was left
)

// Event is what an owner did with an account in the vault.
type Event struct {
	Kind      EventKind
	Tx        Hash
	LogIndex  int
	Block     int64
	Owner     Address  // who may withdraw
	Reference [32]byte // names the organisation that spends; see Reference
	Base      *big.Int // of a deposit or a withdrawal, in base units
	Ask       *Ask     // what a deposit pays for, when a contract asked an oracle by it
}

// Cause names the event in the ledger: its transaction, and which of that transaction's logs it is.
func (e *Event) Cause() string { return fmt.Sprintf("0x%x:%d", e.Tx, e.LogIndex) }

// Account returns the key of the account that the event is about.
func (e *Event) Account() Hash { return AccountOf(e.Owner, e.Reference) }

// AccountOf returns the key of an account in the vault: keccak256(abi.encode(owner, reference)).
func AccountOf(owner Address, reference [32]byte) Hash {
	var padded [32]byte
	copy(padded[12:], owner[:])
	return merkle.Keccak(padded, reference)
}

// Booking is an event with what it means for the ledger.
type Booking struct {
	Event  Event
	Org    string         // empty when the reference names none: it is booked to nobody
	Amount tasknet.Amount // of the deposit, or at most of the withdrawal
	Tx     Transaction    // zero when no money moves
}

// Holdings is where an organisation's money is, as far as events change it.
type Holdings struct {
	Available tasknet.Amount
	Frozen    tasknet.Amount // of the event's account
	Debt      tasknet.Amount // zero or negative
	Left      tasknet.Amount // in the event's account: deposited less withdrawn
}

// Book makes the transaction that books an event, and sets what it moves. again is how often the same event was booked
// and undone before. Nothing moves for a notice, for events of nobody, and for sums below a micro-unit.
func (b *Booking) Book(h Holdings, again int, at time.Time) {
	cause := b.cause(again)
	switch {
	case b.Org == "":
		return
	case b.Event.Kind == Deposited && !b.Amount.IsZero():
		owed := least(b.Amount, h.Debt.Neg())
		b.Tx = newTx(DepositTx, cause, at, Entry{DepositsAccount, b.Amount.Neg()}, Entry{Debt(b.Org), owed}, Entry{Requester(b.Org), b.Amount.Sub(owed)})
	case b.Event.Kind == Withdrawn:
		b.Amount = least(b.Amount, h.Left) // what rounding kept out of the ledger left the vault too
		if !b.Amount.IsZero() {
			b.Tx = newTx(WithdrawalTx, cause, at, append(b.taken(h), Entry{WithdrawnAccount, b.Amount})...)
		}
	}
}

// Unbook returns the transaction that undoes what an event moved, when the chain has it no more.
func (b *Booking) Unbook(h Holdings, again int, at time.Time) Transaction {
	if b.Event.Kind == Withdrawn {
		owed := least(b.Amount, h.Debt.Neg())
		return newTx(UndoTx, "withdrawal "+b.cause(again), at, Entry{WithdrawnAccount, b.Amount.Neg()}, Entry{Debt(b.Org), owed}, Entry{Requester(b.Org), b.Amount.Sub(owed)})
	}
	return newTx(UndoTx, "deposit "+b.cause(again), at, append(b.taken(h), Entry{DepositsAccount, b.Amount})...)
}

// taken are entries that take the booking's amount: of what is frozen for its account, then of what is available, and what
// is spent becomes a debt.
func (b *Booking) taken(h Holdings) []Entry {
	frozen := least(b.Amount, h.Frozen)
	rest := b.Amount.Sub(frozen)
	available := least(rest, h.Available)
	return []Entry{
		{Frozen(b.Event.Account()), frozen.Neg()}, {Requester(b.Org), available.Neg()}, {Debt(b.Org), available.Sub(rest)},
	}
}

func (b *Booking) cause(again int) string {
	if again == 0 {
		return b.Event.Cause()
	}
	return fmt.Sprintf("%s#%d", b.Event.Cause(), again)
}

// least returns the smaller of two amounts, and never less than nothing.
func least(a, b tasknet.Amount) tasknet.Amount {
	if b.Cmp(a) < 0 {
		a = b
	}
	return positive(a)
}

// positive returns an amount, or nothing where it is negative.
func positive(a tasknet.Amount) tasknet.Amount {
	if a.Sign() < 0 {
		return tasknet.Amount{}
	}
	return a
}

// Look is a block up to which the vault's events were booked.
type Look struct {
	Block  int64
	Hash   Hash
	Oracle Address // whose questions were among the events; zero when there was none
}
