package rewards

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// EpochState is where an epoch is on its way; the package comment draws it.
type EpochState string

// The states of an epoch.
const (
	Planned   EpochState = "planned"   // its money is fixed, in the ledger
	Built     EpochState = "built"     // its header is fixed
	Posted    EpochState = "posted"    // its header is in a block
	Confirmed EpochState = "confirmed" // deep enough to count
	Active    EpochState = "active"    // in force: it can be claimed under
	Settled   EpochState = "settled"   // what is worth its gas was claimed
	Blocked   EpochState = "blocked"   // a watcher says that it is wrong
	Voided    EpochState = "voided"    // it was judged wrong, or not judged in time: an operator has to look
)

// Claimable reports whether people can claim under an epoch's root, if no newer one is in force.
func (s EpochState) Claimable() bool { return s == Active || s == Settled }

// Epoch is one payout root: who may have claimed how much in all, up to a moment.
type Epoch struct {
	Number     int64 // 1, 2, 3, ...
	State      EpochState
	Root       Hash           // of the payouts; zero when nobody was ever paid
	Amount     tasknet.Amount // added by this epoch, to all
	Cumulative tasknet.Amount // the sum of all leaves
	Payees     int            // who got something added
	Spent      tasknet.Amount // by all requesters' accounts, in all
	Through    int64          // newest block whose deposits were booked
	Spending   Hash           // of what accounts have spent; this and the next three are known from Built on
	Verdicts   Hash
	Log        Checkpoint
	Tx         Hash
	Block      int64
	Gas        int64 // of the root and of the claims that were relayed
	At         time.Time
}

// Header returns the epoch's header, which is known from Built on.
func (e *Epoch) Header(info ChainInfo) Header {
	return Header{
		Epoch: e.Number, Payouts: e.Root, Spending: e.Spending, Verdicts: e.Verdicts, Total: info.Base(e.Cumulative), Spent: info.Base(e.Spent),
		Through: e.Through, LogRoot: e.Log.Root, LogSize: e.Log.Size,
	}
}

// EpochPrefix is the prefix of an epoch's cause in the ledger.
const EpochPrefix = "ep"

// Payout is what an epoch adds for one payee, and their leaf in its tree.
type Payout struct {
	Epoch      int64 // the epoch that added to it last
	Payee      string
	Address    Address
	Amount     tasknet.Amount // added by that epoch
	Cumulative tasknet.Amount // up to that epoch
	Claimed    bool
	ClaimTx    Hash
}

// Plan is an epoch before it is saved: the pay that it takes up. What requesters have spent is added when it is saved.
type Plan struct {
	Epoch   Epoch
	Payouts []Payout // those that this epoch adds to
	Tx      Transaction
}

// Due is somebody with final pay that no epoch has.
type Due struct {
	Payee      string
	Address    Address
	Amount     tasknet.Amount // to be added
	Cumulative tasknet.Amount // in earlier epochs, at this address
}

// within returns those who can be paid out of a sum, as many as possible: who gets least comes first. It returns too how much waits.
func within(due []Due, sum tasknet.Amount) (paid []Due, waits tasknet.Amount) {
	order := slices.Clone(due)
	slices.SortStableFunc(order, func(a, b Due) int { return a.Amount.Cmp(b.Amount) })
	now := make(map[string]bool, len(due))
	for _, d := range order {
		if d.Amount.Cmp(sum) <= 0 {
			now[d.Payee], sum = true, sum.Sub(d.Amount)
		} else {
			waits = waits.Add(d.Amount)
		}
	}
	return slices.DeleteFunc(slices.Clone(due), func(d Due) bool { return !now[d.Payee] }), waits
}

// NewPlan returns the epoch that takes up all that is due. leaves are the payouts of the tree before, see Tree. The
// error is ErrNothingToPay when nothing is due.
func NewPlan(number int64, due []Due, leaves []Payout, info ChainInfo, at time.Time) (*Plan, error) {
	if len(due) == 0 {
		return nil, ErrNothingToPay
	}
	return newPlan(number, due, leaves, info, at)
}

// EmptyPlan returns an epoch that pays nobody: for what requesters have spent, see EventStore.NoticeWaits, or for verdicts that
// contracts wait for.
func EmptyPlan(number int64, leaves []Payout, info ChainInfo, at time.Time) (*Plan, error) {
	return newPlan(number, nil, leaves, info, at)
}

func newPlan(number int64, due []Due, leaves []Payout, info ChainInfo, at time.Time) (*Plan, error) {
	p := &Plan{Epoch: Epoch{Number: number, State: Planned, Payees: len(due), At: at}}
	entries := make([]Entry, 0, 2*len(due))
	latest := make(map[string]Payout, len(leaves)+len(due))
	for _, l := range leaves {
		latest[l.Payee] = l
	}
	for _, d := range due {
		payout := Payout{Epoch: number, Payee: d.Payee, Address: d.Address, Amount: d.Amount, Cumulative: d.Cumulative.Add(d.Amount)}
		p.Payouts = append(p.Payouts, payout)
		latest[d.Payee] = payout
		p.Epoch.Amount = p.Epoch.Amount.Add(d.Amount)
		entries = append(entries, Entry{Payee(PersonOf(d.Payee)), d.Amount.Neg()}, Entry{Unclaimed(d.Payee), d.Amount})
	}
	all := make([]Payout, 0, len(latest))
	for _, l := range latest {
		all = append(all, l)
		p.Epoch.Cumulative = p.Epoch.Cumulative.Add(l.Cumulative)
	}
	SortLeaves(all)
	if len(all) > 0 { // else nobody was ever paid
		tree, err := Tree(all, info)
		if err != nil {
			return nil, fmt.Errorf("plan epoch %d: %w", number, err)
		}
		p.Epoch.Root = Hash(tree.Root())
	}
	p.Tx = newTx(EpochTx, fmt.Sprintf("%s_%d", EpochPrefix, number), at, entries...)
	return p, nil
}

// SortLeaves puts payouts into the order of an epoch's tree: those that the newest epoch added to first, so that
// relaying them needs one contiguous range, then the older ones; within an epoch by address.
func SortLeaves(leaves []Payout) {
	slices.SortFunc(leaves, func(a, b Payout) int {
		return cmp.Or(cmp.Compare(b.Epoch, a.Epoch), bytes.Compare(a.Address[:], b.Address[:]))
	})
}

// Tree returns the Merkle tree over payouts that SortLeaves has ordered: for each payee the newest one up to the
// epoch in question.
func Tree(leaves []Payout, info ChainInfo) (*merkle.Tree, error) {
	out := make([]merkle.Leaf, len(leaves))
	for i, l := range leaves {
		out[i] = merkle.Leaf{Address: l.Address, Cumulative: info.Base(l.Cumulative)}
	}
	return merkle.New(out)
}
