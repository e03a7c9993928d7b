package bench

import (
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/wire"
)

// madeEpochs is how many epochs a made instance has. Each pays out as many questions, and all of it is claimed at once.
const madeEpochs = 5

// payout is an epoch of a made instance.
type payout struct {
	plan      *rewards.Plan
	number    int              // of its transaction; those of its claims follow
	leaves    []rewards.Payout // of its tree, in order
	tree      *merkle.Tree
	account   wire.VaultAccount // of who asked
	wire      wire.Epoch
	questions int // that are settled before it
}

// payOut makes the epochs of an instance.
func (s *instance) payOut() error {
	n := min(madeEpochs, s.questions)
	newest := make(map[string]rewards.Payout, len(s.people))
	for number, settled := 1, 0; number <= n; number++ {
		p := payout{questions: s.questions * number / n}
		earned := make(map[string]tasknet.Amount, len(s.people))
		for ; settled < p.questions; settled++ {
			for j := range perQuestion {
				id := s.answerer(settled, j).id
				earned[id] = earned[id].Add(s.price)
			}
		}
		var due []rewards.Due
		for i := range s.people {
			who := &s.people[i]
			if amount := earned[who.id]; !amount.IsZero() {
				wallet, err := polls.ParseWallet(who.wire.Wallet)
				if err != nil {
					return err
				}
				due = append(due, rewards.Due{Payee: who.id, Address: rewards.Address(wallet), Amount: amount, Cumulative: newest[who.id].Cumulative})
			}
		}
		if err := s.payEpoch(&p, int64(number), due, newest); err != nil {
			return fmt.Errorf("epoch %d: %w", number, err)
		}
		s.payouts = append(s.payouts, p)
	}
	return nil
}

// payEpoch makes one epoch that pays what is due. newest are the payouts of the tree before, and then of its own.
func (s *instance) payEpoch(p *payout, number int64, due []rewards.Due, newest map[string]rewards.Payout) (err error) {
	info := rewards.ChainInfo{ID: s.wire.ChainID, Decimals: s.wire.Token.Decimals}
	var before []rewards.Payout
	for _, l := range newest {
		before = append(before, l)
	}
	if p.plan, err = rewards.NewPlan(number, due, before, info, s.closedAt(p.questions-1)); err != nil {
		return err
	}
	p.number = 2*s.questions + 1 + int(number-1)*(len(s.people)+1) // after those of questions
	p.plan.Tx.ID = rewards.TxID(madeID(rewards.TxPrefix, p.number))
	for _, l := range p.plan.Payouts {
		newest[l.Payee] = l
	}
	for _, l := range newest {
		p.leaves = append(p.leaves, l)
	}
	rewards.SortLeaves(p.leaves)
	if p.tree, err = rewards.Tree(p.leaves, info); err != nil {
		return err
	}

	e := p.plan.Epoch
	if e.Spent, err = s.price.Add(s.fee).Times(perQuestion * p.questions); err != nil {
		return err
	}
	account := rewards.VaultAccount{Owner: rewards.Address{0xbe}, Reference: rewards.Reference(madeOrg), Org: madeOrg, Spent: e.Spent}
	account.Key = rewards.AccountOf(account.Owner, account.Reference)
	if account.Deposited, err = s.deposit(); err != nil {
		return err
	}
	spending, err := rewards.SpendingTree([]rewards.VaultAccount{account}, info)
	if err != nil {
		return err
	}
	e.State, e.Through, e.Spending = rewards.Settled, number, spending.Root()
	h := e.Header(info)
	hash := h.Hash()
	p.account = wire.VaultAccount{
		Account: hex.EncodeToString(account.Key[:]), Owner: polls.Wallet(account.Owner).String(), Reference: hex.EncodeToString(account.Reference[:]), Org: madeOrg,
		Deposited: account.Deposited, Spent: account.Spent,
	}
	p.wire = wire.Epoch{
		Number: number, State: string(e.State), Root: hex.EncodeToString(e.Root[:]), Amount: e.Amount, Cumulative: e.Cumulative, Payees: e.Payees, At: wire.At(e.At),
		Header: &wire.Header{
			Hash: hex.EncodeToString(hash[:]), Payouts: hex.EncodeToString(h.Payouts[:]), Spending: hex.EncodeToString(h.Spending[:]), Verdicts: hex.EncodeToString(h.Verdicts[:]),
			Total: h.Total.String(), Spent: h.Spent.String(), Through: h.Through, LogRoot: hex.EncodeToString(h.LogRoot[:]),
		},
	}
	return nil
}

// claims are the transactions by which everybody whom an epoch pays has claimed it.
func (p *payout) claims(yield func(rewards.Transaction) bool) bool {
	for i, l := range p.plan.Payouts {
		cause := l.Payee + ":" + strconv.FormatInt(l.Cumulative.Micro(), 10)
		if !yield(rewards.Transaction{
			ID: rewards.TxID(madeID(rewards.TxPrefix, p.number+1+i)), Kind: rewards.ClaimTx, Cause: cause, At: p.plan.Epoch.At,
			Entries: []rewards.Entry{{Account: rewards.Unclaimed(l.Payee), Amount: l.Amount.Neg()}, {Account: rewards.ClaimedAccount, Amount: l.Amount}},
		}) {
			return false
		}
	}
	return true
}

// Epochs implements verify.Source.
func (s *instance) Epochs(context.Context) iter.Seq2[wire.Epoch, error] {
	return func(yield func(wire.Epoch, error) bool) {
		for i := range s.payouts {
			if !yield(s.payouts[i].wire, nil) {
				return
			}
		}
	}
}

// EpochPayouts implements verify.Source.
func (s *instance) EpochPayouts(_ context.Context, epoch int64) iter.Seq2[wire.Payout, error] {
	return func(yield func(wire.Payout, error) bool) {
		p := &s.payouts[epoch-1]
		for i, l := range p.leaves {
			out := wire.Payout{
				Epoch: l.Epoch, State: p.wire.State, Respondent: l.Payee, Address: polls.Wallet(l.Address).String(), Amount: l.Amount, Cumulative: l.Cumulative, Claimed: true,
				Root: p.wire.Root, Proof: []string{}, At: p.wire.At,
			}
			for _, h := range p.tree.Proof(i) {
				out.Proof = append(out.Proof, hex.EncodeToString(h[:]))
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

// EpochSpending implements verify.Source.
func (s *instance) EpochSpending(_ context.Context, epoch int64) iter.Seq2[wire.VaultAccount, error] {
	return func(yield func(wire.VaultAccount, error) bool) { yield(s.payouts[epoch-1].account, nil) }
}
