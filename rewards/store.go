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
	DepositStore
	EpochStore
}

// LedgerStore keeps the ledger.
type LedgerStore interface {
	// Post saves a transaction, which must pass Check. ErrPosted when its kind and cause were posted before, ErrInsufficient
	// when an account other than DepositsAccount would fall under zero; then nothing is changed.
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

	// PaidByDay sums what settlements and releases made final of a payee's pay since a moment, and counts the settlements that
	// paid them, be it pending or final, by UTC day, oldest first; days without either are left out.
	PaidByDay(ctx context.Context, payee string, since time.Time) ([]Day, error)
}

// Day is what became final on one UTC day. The count is of settlements, which paid on that day or left it pending.
type Day struct {
	Date   string // 2026-11-21
	Amount tasknet.Amount
	Count  int
}

// DepositStore keeps what arrived from the chain.
type DepositStore interface {
	// DepositsThrough returns the newest block whose deposits were credited, or 0.
	DepositsThrough(ctx context.Context) (int64, error)

	// CreditDeposits posts the transactions of credited deposits, remembers the deposits, and moves DepositsThrough, all
	// or nothing. A deposit that was credited before is skipped.
	CreditDeposits(ctx context.Context, credits []Credited, through int64) error

	// DepositsOf lists an organisation's deposits, newest first.
	DepositsOf(ctx context.Context, org string, page tasknet.Page) ([]Credited, string, error)
}

// Credited is a deposit with the transaction that books it.
type Credited struct {
	Deposit Deposit
	Org     string
	Amount  tasknet.Amount
	Tx      Transaction
}

// EpochStore keeps epochs and payouts.
type EpochStore interface {
	// SetPayee says where a payee's pay goes. Setting the same address again changes nothing; another is a Conflict.
	SetPayee(ctx context.Context, payee string, a Address) error

	// Due returns everybody with final pay that no epoch has, of least or more, by payee.
	Due(ctx context.Context, least tasknet.Amount) ([]Due, error)

	// Leaves returns for each payee their newest payout up to an epoch, in the order of SortLeaves.
	Leaves(ctx context.Context, epoch int64) ([]Payout, error)

	// SavePlan posts a plan's transaction and saves its epoch and payouts. ErrEpochMoved when the epoch's number is
	// taken.
	SavePlan(ctx context.Context, p *Plan) error

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

	// UnclaimedPayees returns those whose recorded claims are less than their cumulative pay, with their newest payout.
	UnclaimedPayees(ctx context.Context) ([]Payout, error)

	// PayoutsOf lists a payee's payouts, newest epoch first.
	PayoutsOf(ctx context.Context, payee string, page tasknet.Page) ([]Payout, string, error)
}

// Claimed is what the chain says a payee was paid in all.
type Claimed struct {
	Payee      string
	Cumulative tasknet.Amount
}
