package rewards

import (
	"context"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
)

// StakeTerms are what a contract of stakes was made with for good.
type StakeTerms struct {
	Contract Address       // zero: there is none
	Court    Address       // opens cases, and decides them
	Operator Address       // never receives what is slashed
	Delay    time.Duration // from asking back to taking back
	CaseTime time.Duration // that a case stays open
	CapPPM   int           // the most that one case takes, in millionths of the stake
}

// Stake is what somebody has locked, as the chain says it, in base units.
type Stake struct {
	Staked  *big.Int // asked back or not
	Asked   *big.Int // the part that was asked back
	ReadyAt time.Time
	Case    int64 // the open case by which it is frozen; zero when there is none
}

// Counts returns what of a stake stands for its owner's work: nothing of what was asked back, and nothing at all while it is frozen.
func (s *Stake) Counts() *big.Int {
	if s.Case != 0 {
		return new(big.Int)
	}
	return new(big.Int).Sub(s.Staked, s.Asked)
}

// StakeEventKind says what happened in a contract of stakes.
type StakeEventKind string

// What happens there. Of all but what concerns cases, only that the stake is another now.
const (
	StakeMoved    StakeEventKind = "moved" // locked, asked back, or taken back
	CaseWasOpened StakeEventKind = "opened"
	CaseSlashed   StakeEventKind = "slashed"
	CaseWasClosed StakeEventKind = "dismissed"
	StakeAwarded  StakeEventKind = "awarded"
)

// StakeEvent is something that happened in a contract of stakes.
type StakeEvent struct {
	Kind      StakeEventKind
	Tx        Hash
	Block     int64
	Staker    Address   // of all but dismissals and awards
	Case      int64     // of all but moves
	Evidence  Hash      // of an opened and of a slashed case
	Until     time.Time // of an opened case
	Amount    *big.Int  // of a slashed case and of an award
	Recipient Address   // of an award
}

// StakeChain is what following stakes needs of an EVM chain; see Chain for what its methods have in common.
type StakeChain interface {
	Info() ChainInfo
	BlockHash(ctx context.Context, block int64) (Hash, error)

	// StakeEvents returns what happened in the contract of stakes in blocks after one, in order, and the newest block that was looked
	// at, as Chain.Events does.
	StakeEvents(ctx context.Context, from int64) (events []StakeEvent, through Look, err error)

	// StakesAt returns the stakes of some as they are after a block, and the time of that block.
	StakesAt(ctx context.Context, block int64, stakers []Address) ([]Stake, time.Time, error)

	// CaseMost returns how many base units a case can take, by the newest block; nothing when the contract has no such case.
	CaseMost(ctx context.Context, id int64) (*big.Int, error)
}

// Court is the key that decides cases about stakes. Each of its methods returns when its transaction has the depth to count.
type Court interface {
	// OpenCase freezes a stake. It fails when it is frozen, or when there is none.
	OpenCase(ctx context.Context, staker Address, evidence Hash) (Mined, error)

	// Slash takes base units of the stake of an open case, each recipient's share, and closes the case.
	Slash(ctx context.Context, id int64, evidence Hash, shares []Share) (Mined, error)

	// Dismiss closes a case with nothing taken.
	Dismiss(ctx context.Context, id int64) (Mined, error)
}

// Share is what somebody is awarded of a slashed stake, in base units.
type Share struct {
	To     Address
	Amount *big.Int
}

// CaseState is where a case about a stake is.
type CaseState string

// The states of a case. One that was dismissed or is over can be opened again; a slashed one is at its end.
const (
	CasePrepared  CaseState = "prepared"  // the court has not looked at it
	CaseOpened    CaseState = "opened"    // the stake is frozen
	CaseTaken     CaseState = "slashed"   // what it asks for is taken
	CaseDismissed CaseState = "dismissed" // the court took nothing
	CaseExpired   CaseState = "expired"   // the court said nothing in time
)

// StakeCase asks for the stake of an owner of nodes whose result was refuted.
type StakeCase struct {
	Number   int64 // 1, 2, 3, ... in the order in which they were prepared
	Contract Address
	Job      string
	Part     int
	Owner    string  // of the nodes: who is paid for them
	Staker   Address // the owner's wallet
	Evidence Hash    // of the check that refuted them
	Amount   tasknet.Amount
	Harmed   Address   // of the organisation whose job it was; zero when it has none
	Honest   []Address // wallets of owners whose result the check confirmed, in its order
	At       time.Time // when it was prepared

	// What the chain says, at the depth that counts.
	State CaseState
	ID    int64     // of the case in the contract; zero before
	Until time.Time // it ends by itself then
	Taken *big.Int  // of one that is slashed, in base units
	Tx    Hash      // that opened it, or closed it
}

// amountMost stands for all that no amount holds.
var amountMost = tasknet.Micro(math.MaxInt64)

// casePays is how many times the pay of a refuted part a case asks for. Of parts that pay one in twenty is checked, and no fewer than
// three in a hundred, so that a lie that is not checked brings less than a third of what one costs that is.
const casePays = 100

// CaseAmount is how much a case asks for: what a job asked its nodes to stake, or a hundred times what the refuted part would have
// paid, if that is more.
func CaseAmount(pay, least tasknet.Amount) tasknet.Amount {
	asked, err := pay.Times(casePays)
	if err != nil { // more than there can be
		return amountMost
	}
	if asked.Cmp(least) < 0 {
		return least
	}
	return asked
}

// CaseRecipients leaves out of those to whom a stake may go whom the contract pays nothing: the operator, the court, the staker, the
// contract itself, and nobody. Who is there twice is there once.
func CaseRecipients(t StakeTerms, staker, harmed Address, honest []Address) (Address, []Address) {
	barred := []Address{{}, t.Operator, t.Court, t.Contract, staker}
	if slices.Contains(barred, harmed) {
		harmed = Address{}
	}
	var out []Address
	for _, a := range honest {
		if !slices.Contains(barred, a) && a != harmed && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return harmed, out
}

// Shares divides base units among the recipients of a case: half to the harmed organisation, the other half to the honest in equal
// parts; what one side lacks is the other's. What does not divide is the first one's.
func (c *StakeCase) Shares(amount *big.Int) []Share {
	var out []Share
	left := new(big.Int).Set(amount)
	if c.Harmed != (Address{}) {
		half := new(big.Int).Set(amount)
		if len(c.Honest) > 0 {
			half.Rsh(half.Add(half, big.NewInt(1)), 1)
		}
		out = append(out, Share{c.Harmed, half})
		left.Sub(left, half)
	}
	if len(c.Honest) > 0 {
		each, rest := new(big.Int).QuoRem(left, big.NewInt(int64(len(c.Honest))), new(big.Int))
		for i, a := range c.Honest {
			share := new(big.Int).Set(each)
			if i == 0 {
				share.Add(share, rest)
			}
			out = append(out, Share{a, share})
		}
	}
	return slices.DeleteFunc(out, func(s Share) bool { return s.Amount.Sign() == 0 })
}

// ErrNoCase reports a case that is unknown; ErrCaseExists one that was prepared before.
var (
	ErrNoCase     = tasknet.NewError(tasknet.NotFound, "no_case", "There is no such case.")
	ErrCaseExists = tasknet.NewError(tasknet.Conflict, "case_exists", "A case was prepared of this result before.")
)

// StakeStore keeps stakes as the chain has them, and cases. Each method is one transaction, or part of the caller's.
type StakeStore interface {
	// StakeLook returns up to which block a contract was looked at; the zero Look before the first.
	StakeLook(ctx context.Context, contract Address) (Look, error)

	// SaveStakes saves what was seen, all or nothing.
	SaveStakes(ctx context.Context, seen StakesSeen) error

	// StakeOf returns what is known of somebody's stake; nothing is staked when nothing is.
	StakeOf(ctx context.Context, staker Address) (KnownStake, error)

	// FrozenStakes returns those whose stake is frozen, as far as is known.
	FrozenStakes(ctx context.Context) ([]Address, error)

	// PrepareCase saves a new case, and sets its number. ErrCaseExists when there is one of the same job, part and owner, and then
	// nothing is changed.
	PrepareCase(ctx context.Context, c *StakeCase) error

	// Case returns a case by its number, or ErrNoCase.
	Case(ctx context.Context, number int64) (StakeCase, error)

	// Cases lists cases in the order in which they were prepared.
	Cases(ctx context.Context, page tasknet.Page) ([]StakeCase, string, error)

	// CasesOf lists those about results of a job, in that order.
	CasesOf(ctx context.Context, job string) ([]StakeCase, error)

	// CasesToDecide returns up to limit cases of a contract that are prepared or opened, the oldest first.
	CasesToDecide(ctx context.Context, contract Address, limit int) ([]StakeCase, error)
}

// KnownStake is somebody's stake as amounts, which do not hold all that a chain can.
type KnownStake struct {
	Staker  Address
	Staked  tasknet.Amount // rounded down
	Asked   tasknet.Amount // rounded up
	Counts  tasknet.Amount
	ReadyAt time.Time
	Case    int64
}

// StakesSeen is what a look at a contract of stakes has found.
type StakesSeen struct {
	Contract Address
	Anew     bool         // what was known of any contract is forgotten, and Events are all that there are
	Events   []StakeEvent // in order; of those that are about cases, what they say of them is kept
	Stakes   []KnownStake // of everybody whose stake may be another than it was
	Through  Look
	Time     time.Time // of that block
}

// Known returns a stake as amounts.
func (s *Stake) Known(info ChainInfo, staker Address) KnownStake {
	k := KnownStake{Staker: staker, Staked: info.atMost(s.Staked), Counts: info.atMost(s.Counts()), ReadyAt: s.ReadyAt, Case: s.Case}
	k.Asked = k.Staked.Sub(info.atMost(new(big.Int).Sub(s.Staked, s.Asked)))
	return k
}

// atMost returns base units as an amount, or the most that one can be.
func (i ChainInfo) atMost(base *big.Int) tasknet.Amount {
	a, err := i.Amount(base)
	if err != nil {
		return amountMost
	}
	return a
}
