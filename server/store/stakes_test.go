package store

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

var stakeTerms = rewards.StakeTerms{Contract: rewards.Address{0x57}, Court: rewards.Address{0xc0}, Operator: rewards.Address{0x09}, CapPPM: 500_000}

// walletOf is where a node's owner stakes.
func (f *floor) walletOf(n *compute.Node) rewards.Address {
	f.t.Helper()
	owner, err := f.db.Polls().Respondent(f.t.Context(), n.Owner)
	f.check(err)
	return rewards.Address(owner.Wallet)
}

// stake has the chain say what the owner of a node has at stake; counts is what of it stands for their work.
func (f *floor) stake(n *compute.Node, staked, counts int64) {
	f.t.Helper()
	f.check(f.db.Stakes().SaveStakes(f.t.Context(), rewards.StakesSeen{
		Contract: stakeTerms.Contract, Stakes: []rewards.KnownStake{{Staker: f.walletOf(n), Staked: tasknet.Micro(staked), Asked: tasknet.Micro(staked - counts), Counts: tasknet.Micro(counts)}},
		Through: rewards.Look{Block: 1, Hash: rewards.Hash{1}}, Time: f.now,
	}))
}

// seeks has a node, as it is known by now, take work.
func (f *floor) seeks(n *compute.Node) *compute.Lease {
	f.t.Helper()
	now, err := f.db.Jobs().Node(f.t.Context(), n.Key)
	f.check(err)
	return f.take(now)
}

// TestStakedWork: a job goes to nodes whose owners have as much at stake as it asks for, copies of its parts as well, and others learn
// what it asks for.
func TestStakedWork(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		d := f.draft(org, compute.InferJob, 10)
		d.MinStake, d.Replicas, d.PartRows = tasknet.Micro(100), 2, 10
		if err := f.db.InTx(t.Context(), func(tx pipeline.Tx) error {
			_, err := f.NewJob(t.Context(), tx, org, d)
			return err
		}); tasknet.Describe(err).Code != "no_stakes" {
			t.Errorf("a stake is asked for where nobody stakes: %v", err)
		}
		f.stakes = stakeTerms
		f.pay(newShelf())
		for _, bad := range []int64{-1, 1 << 62} {
			wrong := d
			wrong.MinStake = tasknet.Micro(bad)
			if err := f.db.InTx(t.Context(), func(tx pipeline.Tx) error {
				_, err := f.NewJob(t.Context(), tx, org, wrong)
				return err
			}); tasknet.Describe(err).Code != "bad_job" {
				t.Errorf("a stake of %d: %v", bad, err)
			}
		}
		asked := func(above, want int64) {
			t.Helper()
			if got, err := f.db.Jobs().StakeAsked(t.Context(), tasknet.Micro(above)); err != nil || got.Micro() != want {
				t.Errorf("above %d is asked %s, %v; want %d", above, got, err, want)
			}
		}
		asked(0, 0)
		j := f.newJob(org, d)
		if got := f.job(j.ID); got.Terms.MinStake != d.MinStake {
			t.Errorf("the job asks for %s", got.Terms.MinStake)
		}
		asked(0, 100)
		asked(99, 100)
		asked(100, 0)
		none, some, enough, more := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		f.stake(some, 500, 99) // the rest is asked back
		f.stake(enough, 100, 100)
		f.stake(more, 1000, 1000)
		for _, n := range []*compute.Node{none, some} {
			if l := f.seeks(n); l != nil {
				t.Errorf("given is %+v", l)
			}
		}
		first, second := f.seeks(enough), f.seeks(more)
		if first == nil || second == nil || first.Part != second.Part || first.Why.Stake.Micro() != 100 || second.Why.Stake.Micro() != 1000 {
			t.Fatalf("given are %+v and %+v", first, second)
		}
		if again, err := f.db.Jobs().Lease(t.Context(), second.ID); err != nil || again.Why != second.Why {
			t.Errorf("kept is %+v, %v", again, err)
		}
		asked(0, 0)
		if list, _, err := f.db.Jobs().NodesOf(t.Context(), more.Owner, tasknet.Page{}); err != nil || len(list) != 1 || list[0].Stake.Micro() != 1000 {
			t.Errorf("the owner's nodes are %+v, %v", list, err)
		}
	})
}

// TestCasePrepared: a check that refutes somebody who has a stake gives one case, with what it follows from; nobody else gets one.
func TestCasePrepared(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		f.stakes = stakeTerms
		f.pay(newShelf())
		owner := rewards.Address{0x4a}
		f.check(f.db.Rewards().BookEvents(t.Context(), []rewards.Booking{{Org: string(org), Event: rewards.Event{Kind: rewards.Deposited, Tx: rewards.Hash{1}, Block: 1, Owner: owner, Reference: rewards.Reference(string(org)), Base: big.NewInt(1)}}}, rewards.Look{Block: 1}, f.now))
		refute := func(liar *compute.Node, price, least int64) (*compute.Job, []*compute.Node) {
			t.Helper()
			d := f.draft(org, compute.InferJob, 10)
			d.PartRows, d.Replicas, d.Price, d.MinStake = 10, 2, tasknet.Micro(price), tasknet.Micro(least)
			j := f.newJob(org, d)
			honest := []*compute.Node{f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)}
			for _, n := range honest {
				f.stake(n, least, least)
			}
			l := f.seeks(liar)
			f.check(f.deliver(liar, l, said(l, 0.1)))
			for i, n := range honest {
				l := f.seeks(n)
				if l == nil { // others were drawn first
					f.now = f.now.Add(compute.DrawnOwners * compute.DrawnStep)
					l = f.seeks(n)
				}
				if l == nil {
					t.Fatalf("nothing for honest owner %d", i)
				}
				f.check(f.deliver(n, l, said(l, 0.9)))
				f.work()
			}
			return j, honest
		}
		cases := func() []rewards.StakeCase {
			t.Helper()
			list, _, err := f.db.Stakes().Cases(t.Context(), tasknet.Page{})
			f.check(err)
			return list
		}
		poor, rich, asked, free := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		for _, n := range []*compute.Node{rich, asked, free} {
			f.stake(n, 5000, 5000)
		}
		refute(poor, 1000, 0)
		if list := cases(); len(list) != 0 {
			t.Fatalf("cases against who has nothing: %+v", list)
		}
		j, honest := refute(rich, 1000, 0)
		list := cases()
		if len(list) != 1 {
			t.Fatalf("cases are %+v", list)
		}
		checks, err := f.db.Work().Checks(t.Context(), j.ID)
		f.check(err)
		evidence, err := checks[0].Evidence(jobsInstance)
		f.check(err)
		c := list[0]
		var wallets []rewards.Address
		for _, n := range honest {
			wallets = append(wallets, f.walletOf(n))
		}
		if c.Job != string(j.ID) || c.Part != 0 || c.Owner != string(rich.Owner) || c.Staker != f.walletOf(rich) || !bytes.Equal(c.Evidence[:], evidence[:]) || c.Amount.Micro() != 100_000 ||
			c.Harmed != owner || !slices.Equal(c.Honest, wallets) || c.Contract != stakeTerms.Contract || c.State != rewards.CasePrepared {
			t.Errorf("the case is %+v; want evidence %x for %x", c, evidence, wallets)
		}
		again := c
		if err := f.db.Stakes().PrepareCase(t.Context(), &again); !errors.Is(err, rewards.ErrCaseExists) {
			t.Errorf("another case of one result: %v", err)
		}
		f.work() // a look that finds nothing more to close
		refute(asked, 10, 4000)
		refute(free, 0, 0)
		list = cases()
		if len(list) != 2 || list[1].Owner != string(asked.Owner) || list[1].Amount.Micro() != 4000 {
			t.Errorf("cases are %+v", list)
		}
	})
}
