package rewards

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
)

// Store keeps the money. Each method is one transaction, or part of the caller's when the store was given by one.
type Store interface {
	LedgerStore
	PendingStore
	EventStore
	StatementStore
	PayeeStore
	AddressStore
	EpochStore
}

// LedgerStore keeps the ledger.
type LedgerStore interface {
	// Post saves a transaction, which must pass Check. ErrPosted when its kind and cause were posted before, ErrInsufficient
	// when an account that may not owe would fall under zero; then nothing is changed.
	Post(ctx context.Context, t Transaction) error

	// Balance returns what an account holds; nothing when it was never used.
	Balance(ctx context.Context, a Account) (tasknet.Amount, error)

	// SumOf sums the entries of an account in transactions of a kind; nothing when there are none.
	SumOf(ctx context.Context, a Account, kind TxKind) (tasknet.Amount, error)

	// HeldBy sums the holds that were posted from a requester's account and are not settled.
	HeldBy(ctx context.Context, org string) (tasknet.Amount, error)

	// Transaction returns a transaction by its kind and cause, or an error of kind NotFound.
	Transaction(ctx context.Context, kind TxKind, cause string) (Transaction, error)

	// TakenAfter lists the transactions of a kind with an entry of an account that were posted after the settlement of a cause,
	// in that order and without their entries; none when there is no such settlement.
	TakenAfter(ctx context.Context, a Account, kind TxKind, settled string) ([]Transaction, error)

	// Transactions lists the ledger in the order in which it was posted.
	Transactions(ctx context.Context, page tasknet.Page) ([]Transaction, string, error)

	// Totals sums all entries by kind of account.
	Totals(ctx context.Context) (Totals, error)

	// PaidByDay sums what settlements, releases and bonuses made final of a payee's pay since a moment, and counts the settlements that
	// paid them, be it pending or final, by UTC day, oldest first; days without either are left out.
	PaidByDay(ctx context.Context, payee string, since time.Time) ([]Day, error)
}

// Day is what became final on one UTC day. The count is of settlements, which paid on that day or left it pending.
type Day struct {
	Date   string // 2026-11-21
	Amount tasknet.Amount
	Count  int
}

// EventStore keeps what requesters did with the vault, and their accounts there.
type EventStore interface {
	// Looks returns some of the blocks up to which events were booked, the newest first; none before the first. Their oracles are
	// left out: see AskedThrough.
	Looks(ctx context.Context) ([]Look, error)

	// BookEvents books events of blocks after the newest look, in their order, by Booking.Book, and remembers them and the
	// look, all or nothing. One that is booked and not undone is skipped, unless it was booked to nobody and is now known to pay
	// for a contract's question: then it is booked as that. Tx of a booking is ignored.
	BookEvents(ctx context.Context, bookings []Booking, through Look, at time.Time) error

	// EventsAfter lists the events of blocks after one that are booked and not undone, in their order.
	EventsAfter(ctx context.Context, block int64) ([]Booking, error)

	// UndoEvent undoes a booked event, by Booking.Unbook. One that is undone, or was never booked, is left as it is.
	UndoEvent(ctx context.Context, e Event, at time.Time) error

	// AskedThrough returns the newest look at which an oracle's questions were among the events; zero when they never were.
	AskedThrough(ctx context.Context, oracle Address) (int64, error)

	// StepBack forgets all looks at blocks after one, so that events are looked for from there again.
	StepBack(ctx context.Context, block int64) error

	// DepositsOf lists an organisation's deposits that are not undone, newest first.
	DepositsOf(ctx context.Context, org string, page tasknet.Page) ([]Booking, string, error)

	// VaultAccounts returns an organisation's accounts in the vault in the order of their first deposits, or those of all when
	// org is empty.
	VaultAccounts(ctx context.Context, org string) ([]VaultAccount, error)

	// FreezeNoticed pays debts out of what is available, and moves money between that and what is frozen, as ToFreeze says, for
	// all organisations that owe, or have an account that is or was under notice. A hold does the same first for its
	// organisation. It returns those that have more set aside than is covered.
	FreezeNoticed(ctx context.Context, at time.Time) ([]Uncovered, error)

	// NoticeWaits reports whether an account under notice has spent more than the newest epoch says: its owner could withdraw
	// what others are owed, if no epoch says so before the notice is over.
	NoticeWaits(ctx context.Context) (bool, error)
}

// EpochStore keeps epochs and payouts.
type EpochStore interface {
	// SetPayee says where somebody's pay goes at first. Setting the same address again changes nothing; another is a Conflict, and
	// so is one at which somebody else is paid.
	SetPayee(ctx context.Context, payee string, a Address) error

	// Due returns everybody with final pay that no epoch has, of least or more and of what they want at least, by person; each as
	// the payee to whom it goes at a moment.
	Due(ctx context.Context, least tasknet.Amount, at time.Time) ([]Due, error)

	// Leaves returns for each payee their newest payout up to an epoch, in the order of SortLeaves.
	Leaves(ctx context.Context, epoch int64) ([]Payout, error)

	// SavePlan posts a plan's transaction and saves its epoch and payouts, and what requesters' accounts have spent as of
	// that transaction, by Spend. ErrEpochMoved when the epoch's number is taken, or somebody's pay goes elsewhere by now;
	// ErrUncovered when all epochs would have paid out more than accounts have spent then.
	SavePlan(ctx context.Context, p *Plan) error

	// SpentNow returns what SavePlan would find that all accounts have spent.
	SpentNow(ctx context.Context) (tasknet.Amount, error)

	// Spending returns what accounts in the vault had deposited, withdrawn and spent by an epoch, in the order of their
	// first deposits.
	Spending(ctx context.Context, epoch int64) ([]VaultAccount, error)

	// BuildEpoch fixes the header of an epoch, and makes it Built. ErrEpochMoved when it is not in from.
	BuildEpoch(ctx context.Context, number int64, from EpochState, h Header) error

	// Builds returns an epoch with each header that it was ever built with, in the order in which it was.
	Builds(ctx context.Context, number int64) ([]Epoch, error)

	// TakeUp makes the header of an epoch again what it was at one of its Builds, by index, with the verdicts that were in its tree
	// then, and the epoch Confirmed; m is the transaction that posted it. ErrEpochMoved when the epoch is not in from.
	TakeUp(ctx context.Context, number int64, from EpochState, build int, m Mined) error

	// LastEpoch returns the newest epoch, or ErrNoEpoch.
	LastEpoch(ctx context.Context) (Epoch, error)

	// Epoch returns an epoch by number, or ErrNoEpoch.
	Epoch(ctx context.Context, number int64) (Epoch, error)

	// Epochs lists epochs, oldest first.
	Epochs(ctx context.Context, page tasknet.Page) ([]Epoch, string, error)

	// AdvanceEpoch moves an epoch from one state to the next and sets what became known: the transaction and block of
	// the root when they are not zero, and gas on top of what was spent before. ErrEpochMoved when it is not in from.
	AdvanceEpoch(ctx context.Context, number int64, from, to EpochState, m Mined) error

	// RecordClaims posts a claim transaction for each payee who was paid more on chain than is recorded, and marks their
	// payouts up to that sum as claimed. tx is the transaction that claimed, zero when somebody else sent it.
	RecordClaims(ctx context.Context, claims []Claimed, tx Hash, at time.Time) error

	// UndoClaims undoes what is recorded of each payee's claims beyond what the chain says that they were paid, and returns the sum.
	// Their payouts above it are not claimed then.
	UndoClaims(ctx context.Context, claims []Claimed, at time.Time) (tasknet.Amount, error)

	// UnclaimedPayees returns those whose recorded claims are less than their cumulative pay, with their newest payout and
	// what is recorded.
	UnclaimedPayees(ctx context.Context) ([]Owed, error)

	// PayoutsOf lists a person's payouts, newest epoch first.
	PayoutsOf(ctx context.Context, person string, page tasknet.Page) ([]Payout, string, error)
}

// Owed is somebody's newest payout, and what they have claimed in all.
type Owed struct {
	Payout
	Paid tasknet.Amount
}

// Claimed is what the chain says a payee was paid in all.
type Claimed struct {
	Payee      string
	Cumulative tasknet.Amount
}
