package verify

import (
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/wire"
)

// epochs is how far the epochs have been followed.
type epochs struct {
	onChain rewards.Roots // before any record was read
	atStart int           // how many there were
	next    func() (wire.Epoch, error, bool)
	stop    func()
	last    int64 // the newest in the ledger
	headers map[int64]rewards.Hash
	inForce int64 // the newest that a record says is or was in force
	through int64 // of the newest header
	logSize int64
}

// headersKept is how many of the newest headers are kept for the chain, besides those of the roots that it had at first.
const headersKept = 8

// keep keeps a header for the chain.
func (e *epochs) keep(number int64, header rewards.Hash) {
	e.headers[number] = header
	if old := number - headersKept; old != e.onChain.Epoch && old != e.onChain.NextEpoch {
		delete(e.headers, old)
	}
}

var states = []rewards.EpochState{
	rewards.Planned, rewards.Built, rewards.Posted, rewards.Confirmed, rewards.Active, rewards.Settled, rewards.Blocked, rewards.Voided,
}

// closesEpoch checks an epoch: it takes up people's final pay, and its root stands for what everybody got so far.
func (v *verification) closesEpoch(ctx context.Context, t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	number := v.epochs.last + 1
	if want := fmt.Sprintf("%s_%d", rewards.EpochPrefix, number); t.Cause != want {
		return wrong("cause", want, t.Cause)
	}
	taken := make(map[string]tasknet.Amount, len(from))
	for _, e := range from {
		taken[owner(e.Account, rewards.Payee(""))] = e.Amount.Neg()
	}
	if err := v.readAddresses(ctx, number > int64(v.epochs.atStart)); err != nil {
		return err
	}
	sum := tasknet.Amount{}
	for _, e := range to {
		id := owner(e.Account, rewards.Unclaimed(""))
		if id == "" || taken[rewards.PersonOf(id)] != e.Amount || len(from) != len(to) {
			return wrong("entries", "from each respondent's pay to their payouts, all of it", names(t))
		}
		p, err := v.payee(ctx, id, t.At, wrong)
		if err != nil {
			return err
		}
		p.cumulative, p.added, p.epoch = p.cumulative.Add(e.Amount), e.Amount, number
		sum = sum.Add(e.Amount)
	}
	v.epochs.last = number
	v.report.Epochs++
	return v.epoch(ctx, number, len(to), sum)
}

// epoch compares an epoch's record, and its payouts, with the tree that the ledger gives.
func (v *verification) epoch(ctx context.Context, number int64, payees int, amount tasknet.Amount) error {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"epoch", fmt.Sprint(number), field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	record, err := v.nextEpoch(ctx, number)
	if err != nil {
		return err
	}
	if record == nil {
		return wrong("record", "one, as the ledger closes the epoch", "none")
	}
	leaves, cumulative := v.leaves()
	var tree *merkle.Tree
	var root rewards.Hash
	if len(leaves) > 0 { // else nobody was ever paid
		if tree, err = rewards.Tree(leaves, v.token); err != nil {
			return wrong("leaves", "ones that make a tree", err)
		}
		root = tree.Root()
	}
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"number", number, record.Number},
		{"root", hashText(root), record.Root},
		{"amount", amount, record.Amount},
		{"cumulative", cumulative, record.Cumulative},
		{"payees", payees, record.Payees},
	} {
		if f.expected != f.got {
			return wrong(f.field, f.expected, f.got)
		}
	}
	if err := v.epochInLog(rewards.Epoch{Number: number, Root: root, Amount: amount, Cumulative: cumulative, Payees: payees, At: record.At.Time}); err != nil {
		return err
	}
	state := rewards.EpochState(record.State)
	if !slices.Contains(states, state) {
		return wrong("state", states, state)
	}
	if state.Claimable() {
		v.epochs.inForce = number
	}
	if err := v.spending(ctx, *record, root, cumulative); err != nil {
		return err
	}
	return v.payouts(ctx, *record, leaves, tree, payees)
}

// nextEpoch returns the next epoch's record. Where the list ends the epoch may have come since: it is read anew, once.
func (v *verification) nextEpoch(ctx context.Context, number int64) (*wire.Epoch, error) {
	e, err, ok := v.epochs.next()
	if err != nil {
		return nil, err
	}
	if ok {
		return &e, nil
	}
	if number <= int64(v.epochs.atStart) {
		return nil, nil
	}
	v.epochs.stop()
	v.epochs.next, v.epochs.stop = iter.Pull2(v.source.Epochs(ctx))
	for {
		if e, err, ok = v.epochs.next(); err != nil || !ok {
			return nil, err
		}
		if e.Number >= number {
			return &e, nil
		}
	}
}

// leaves returns what everybody got so far, in the order of the tree, and its sum.
func (v *verification) leaves() (leaves []rewards.Payout, sum tasknet.Amount) {
	for id, p := range v.people {
		if !p.cumulative.IsZero() {
			leaves = append(leaves, rewards.Payout{Epoch: p.epoch, Payee: id, Address: rewards.Address(p.wallet), Amount: p.added, Cumulative: p.cumulative})
			sum = sum.Add(p.cumulative)
		}
	}
	rewards.SortLeaves(leaves)
	return leaves, sum
}

// payouts compares the payouts of an epoch with the leaves of its tree: those that the epoch added to, and all of them
// for the last epoch that there was when the verification began, so that each is looked at.
func (v *verification) payouts(ctx context.Context, record wire.Epoch, leaves []rewards.Payout, tree *merkle.Tree, payees int) error {
	wanted := payees
	if record.Number == int64(v.epochs.atStart) {
		wanted = len(leaves)
	}
	wrong := func(bound string, got int) error {
		return &Mismatch{"epoch", fmt.Sprint(record.Number), "number of payouts", fmt.Sprintf("%s %d", bound, wanted), fmt.Sprint(got)}
	}
	n := 0
	for got, err := range v.source.EpochPayouts(ctx, record.Number) {
		if err != nil {
			return err
		}
		if n == len(leaves) {
			return wrong("at most", n+1)
		}
		if err := v.payout(record, leaves[n], tree, n, got); err != nil {
			return err
		}
		if n++; n > wanted { // one of an older epoch, which comes after those that are wanted
			break
		}
	}
	if n < wanted {
		return wrong("at least", n)
	}
	return nil
}

func (v *verification) payout(record wire.Epoch, leaf rewards.Payout, tree *merkle.Tree, i int, got wire.Payout) error {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"payout", fmt.Sprintf("%s in epoch %d", leaf.Payee, record.Number), field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	address, err := polls.ParseWallet(got.Address)
	if err != nil {
		return wrong("address", polls.Wallet(leaf.Address), got.Address)
	}
	proof := make([]string, 0, len(got.Proof))
	for _, p := range tree.Proof(i) {
		proof = append(proof, hashText(p))
	}
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"respondent", rewards.PersonOf(leaf.Payee), got.Respondent},
		{"address", polls.Wallet(leaf.Address), address},
		{"epoch", leaf.Epoch, got.Epoch},
		{"amount", leaf.Amount, got.Amount},
		{"cumulative", leaf.Cumulative, got.Cumulative},
		{"root", record.Root, got.Root},
		{"proof", strings.Join(proof, " "), strings.Join(got.Proof, " ")},
		{"at", timeText(record.At.Time), timeText(got.At.Time)},
	} {
		if f.expected != f.got {
			return wrong(f.field, f.expected, f.got)
		}
	}
	if !slices.Contains(states, rewards.EpochState(got.State)) { // it may be further than the epoch's record, which was read before
		return wrong("state", states, got.State)
	}
	p := v.people[leaf.Payee]
	if got.Claimed && p.saidClaimed.Cmp(leaf.Cumulative) < 0 {
		p.saidClaimed = leaf.Cumulative
	}
	if !got.Claimed && (p.saidOpen.IsZero() || leaf.Cumulative.Cmp(p.saidOpen) < 0) {
		p.saidOpen = leaf.Cumulative
	}
	return nil
}

// finishEpochs checks that no epoch is missing in the ledger, and that what the records say is claimed is claimed there.
func (v *verification) finishEpochs() error {
	if v.epochs.last < int64(v.epochs.atStart) {
		return &Mismatch{"epoch", fmt.Sprint(v.epochs.last + 1), "transaction", "one in the ledger", "none"}
	}
	for id, p := range v.people {
		wrong := func(expected, got string) error {
			return &Mismatch{"payout", id, "claimed", expected, got}
		}
		if p.claimed.Cmp(p.saidClaimed) < 0 {
			return wrong(p.saidClaimed.String()+", as a record says", p.claimed.String()+" in the ledger")
		}
		if !p.saidOpen.IsZero() && p.claimedBefore.Cmp(p.saidOpen) >= 0 {
			return wrong("less than "+p.saidOpen.String()+", as a record says", p.claimedBefore.String()+" in the ledger")
		}
	}
	return nil
}

func hashText[H ~[32]byte](h H) string { return hex.EncodeToString(h[:]) }
