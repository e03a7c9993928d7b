package rewardstest

import (
	"errors"
	"fmt"
	"math/big"
	"sync"
	"sync/atomic"
	"time"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// dev is a chain whose token has 18 decimals.
var dev = rewards.ChainInfo{ID: 1337, Dev: true, Decimals: 18}

// deposit returns a credited deposit in a block.
func deposit(org string, block int64, index int, micro int64, at time.Time) rewards.Credited {
	amount := tasknet.Micro(micro)
	d := rewards.Deposit{Tx: rewards.Hash{byte(block), byte(block >> 8)}, LogIndex: index, Block: block, Reference: rewards.Reference(org), Base: dev.Base(amount)}
	d.Base.Add(d.Base, big.NewInt(7)) // rounding leaves something
	cause := d.Cause()
	return rewards.Credited{Deposit: d, Org: org, Amount: amount, Tx: rewards.Credit(org, cause, amount, at)}
}

func testDeposits(w *world) {
	ctx := w.Context()
	through := func(want int64) {
		w.Helper()
		got, err := w.store.DepositsThrough(ctx)
		if err != nil || got != want {
			w.Errorf("deposits through %d, %v; want %d", got, err, want)
		}
	}
	through(0)
	w.must(w.store.CreditDeposits(ctx, nil, 5))
	through(5)
	var mine []rewards.Credited // newest first
	for i := range 7 {
		c := deposit("org_a", int64(10+i), i, int64(100+i), w.now)
		w.must(w.store.CreditDeposits(ctx, []rewards.Credited{c, deposit("org_b", int64(10+i), i+100, 1, w.now)}, int64(10+i)))
		mine = append([]rewards.Credited{c}, mine...)
	}
	through(16)
	w.balance("org:org_a", 721)
	// The same again, with a new one: the new one counts.
	w.must(w.store.CreditDeposits(ctx, []rewards.Credited{mine[3], mine[6], deposit("org_b", 17, 0, 5, w.now)}, 17))
	w.balance("org:org_a", 721)
	w.balance("org:org_b", 12)
	w.must(w.store.CreditDeposits(ctx, nil, 3)) // never back
	through(17)
	// One that cannot be posted takes the others with it.
	bad := deposit("org_a", 18, 1, 9, w.now)
	bad.Tx.Cause = mine[0].Tx.Cause
	w.want("a cause that was posted", w.store.CreditDeposits(ctx, []rewards.Credited{deposit("org_a", 18, 0, 9, w.now), bad}, 18), rewards.ErrPosted)
	through(17)
	w.balance("org:org_a", 721)
	for _, limit := range []int{1, 3, 7, 100} {
		var listed []rewards.Credited
		page := tasknet.Page{Limit: limit}
		for {
			list, next, err := w.store.DepositsOf(ctx, "org_a", page)
			w.must(err)
			listed = append(listed, list...)
			if next == "" {
				break
			}
			page.After = next
		}
		w.same("deposits", listed, mine)
	}
	mustTotals(w)
}

// testDepositRace credits the same deposits from many places at once.
func testDepositRace(w *world) {
	var credits []rewards.Credited
	for i := range 10 {
		credits = append(credits, deposit("org_a", int64(i), 0, 10, w.now))
	}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if err := w.store.CreditDeposits(w.Context(), credits, 10); err != nil {
				w.Error(err)
			}
		})
	}
	wg.Wait()
	w.balance("org:org_a", 100)
	mustTotals(w)
}

func testPayees(w *world) {
	ctx := w.Context()
	w.must(w.store.SetPayee(ctx, "rsp_a", rewards.Address{1}))
	w.must(w.store.SetPayee(ctx, "rsp_a", rewards.Address{1}))
	if err := w.store.SetPayee(ctx, "rsp_a", rewards.Address{2}); err == nil || tasknet.Describe(err).Kind != tasknet.Conflict {
		w.Errorf("another address: %v", err)
	}
	w.earn("q_1", 30, "rsp_a", "rsp_b")
	w.earn("q_2", 5, "rsp_c")
	w.must(w.store.SetPayee(ctx, "rsp_c", rewards.Address{3}))
	due := func(least int64, want ...rewards.Due) {
		w.Helper()
		got, err := w.store.Due(ctx, tasknet.Micro(least))
		w.must(err)
		w.same("due", got, want)
	}
	ann := rewards.Due{Payee: "rsp_a", Address: rewards.Address{1}, Amount: tasknet.Micro(30)}
	cat := rewards.Due{Payee: "rsp_c", Address: rewards.Address{3}, Amount: tasknet.Micro(5)}
	due(0, ann, cat) // rsp_b has no address
	due(5, ann, cat)
	due(6, ann)
	due(31)
}

// earn pays each of payees a price by a question.
func (w *world) earn(cause string, price int64, payees ...string) {
	w.Helper()
	hold := (price + 1) * int64(len(payees))
	w.credit("org_a", hold)
	w.hold("org_a", cause, hold)
	w.settle("org_a", cause, hold, price, 1, payees...)
}

// plan makes the next epoch of all that is due.
func (w *world) plan(number int64) *rewards.Plan {
	w.Helper()
	due, err := w.store.Due(w.Context(), tasknet.Amount{})
	w.must(err)
	leaves, err := w.store.Leaves(w.Context(), number-1)
	w.must(err)
	p, err := rewards.NewPlan(number, due, leaves, dev, w.now)
	w.must(err)
	return p
}

func (w *world) payees(names ...string) {
	w.Helper()
	for i, n := range names {
		w.must(w.store.SetPayee(w.Context(), n, rewards.Address{byte(i + 1)}))
	}
}

func testEpochs(w *world) {
	ctx := w.Context()
	_, err := w.store.LastEpoch(ctx)
	w.want("the last of no epochs", err, rewards.ErrNoEpoch)
	w.payees("rsp_a", "rsp_b", "rsp_c")
	w.earn("q_1", 30, "rsp_a", "rsp_b")
	first := w.plan(1)
	w.must(w.store.SavePlan(ctx, first))
	w.balance("payee:rsp_a", 0)
	w.balance("epoch:rsp_a", 30)
	w.want("the same plan again", w.store.SavePlan(ctx, first), rewards.ErrEpochMoved)
	w.earn("q_2", 4, "rsp_b", "rsp_c")
	stale := w.plan(1)
	w.want("a taken number", w.store.SavePlan(ctx, stale), rewards.ErrEpochMoved)
	w.balance("payee:rsp_b", 4)
	w.now = w.now.Add(time.Hour)
	second := w.plan(2)
	w.must(w.store.SavePlan(ctx, second))
	w.balance("epoch:rsp_b", 34)

	got, err := w.store.Epoch(ctx, 1)
	w.must(err)
	w.same("epoch 1", got, first.Epoch)
	got, err = w.store.LastEpoch(ctx)
	w.must(err)
	w.same("last epoch", got, second.Epoch)
	_, err = w.store.Epoch(ctx, 3)
	w.want("an unknown epoch", err, rewards.ErrNoEpoch)
	leaves, err := w.store.Leaves(ctx, 1)
	w.must(err)
	w.same("leaves of 1", leaves, first.Payouts)
	leaves, err = w.store.Leaves(ctx, 2)
	w.must(err)
	w.same("leaves of 2", leaves, []rewards.Payout{second.Payouts[0], second.Payouts[1], first.Payouts[0]})
	tree, err := rewards.Tree(leaves, dev)
	w.must(err)
	w.same("root of 2", rewards.Hash(tree.Root()), second.Epoch.Root)

	// From state to state.
	advance := func(from, to rewards.EpochState, m rewards.Mined) error {
		return w.store.AdvanceEpoch(ctx, 2, from, to, m)
	}
	w.want("from a state that it is not in", advance(rewards.Posted, rewards.Confirmed, rewards.Mined{}), rewards.ErrEpochMoved)
	w.must(advance(rewards.Planned, rewards.Posted, rewards.Mined{Tx: rewards.Hash{9}, Block: 77, Gas: 50}))
	w.must(advance(rewards.Posted, rewards.Confirmed, rewards.Mined{}))
	w.must(advance(rewards.Confirmed, rewards.Confirmed, rewards.Mined{Gas: 6}))
	w.must(advance(rewards.Confirmed, rewards.Settled, rewards.Mined{}))
	w.want("again", advance(rewards.Confirmed, rewards.Settled, rewards.Mined{}), rewards.ErrEpochMoved)
	w.want("an unknown epoch", w.store.AdvanceEpoch(ctx, 9, rewards.Planned, rewards.Posted, rewards.Mined{}), rewards.ErrEpochMoved)
	second.Epoch.State, second.Epoch.Tx, second.Epoch.Block, second.Epoch.Gas = rewards.Settled, rewards.Hash{9}, 77, 56
	got, err = w.store.Epoch(ctx, 2)
	w.must(err)
	w.same("epoch 2", got, second.Epoch)

	all := []rewards.Epoch{first.Epoch, second.Epoch}
	for n := int64(3); n <= 7; n++ {
		w.earn(fmt.Sprintf("q_%d", n), 1, "rsp_a")
		p := w.plan(n)
		w.must(w.store.SavePlan(ctx, p))
		all = append(all, p.Epoch)
	}
	var listed []rewards.Epoch
	for page := (tasknet.Page{Limit: 3}); ; {
		list, next, err := w.store.Epochs(ctx, page)
		w.must(err)
		listed = append(listed, list...)
		if next == "" {
			break
		}
		page.After = next
	}
	w.same("epochs", listed, all)
	mustTotals(w)
}

// testPlanRace saves plans for one epoch from many places at once.
func testPlanRace(w *world) {
	w.payees("rsp_a", "rsp_b")
	w.earn("q_1", 30, "rsp_a", "rsp_b")
	var saved atomic.Int64
	var wg sync.WaitGroup
	plans := make([]*rewards.Plan, 10)
	for i := range plans {
		plans[i] = w.plan(1)
	}
	for _, p := range plans {
		wg.Go(func() {
			switch err := w.store.SavePlan(w.Context(), p); {
			case err == nil:
				saved.Add(1)
			case !errors.Is(err, rewards.ErrEpochMoved):
				w.Error(err)
			}
		})
	}
	wg.Wait()
	if saved.Load() != 1 {
		w.Errorf("%d plans were saved", saved.Load())
	}
	w.balance("epoch:rsp_a", 30)
	mustTotals(w)
}

func testClaims(w *world) {
	ctx := w.Context()
	w.payees("rsp_a", "rsp_b", "rsp_c")
	unclaimed := func(want ...rewards.Payout) {
		w.Helper()
		got, err := w.store.UnclaimedPayees(ctx)
		w.must(err)
		w.same("unclaimed", got, want)
	}
	unclaimed()
	w.earn("q_1", 30, "rsp_a", "rsp_b")
	first := w.plan(1)
	w.must(w.store.SavePlan(ctx, first))
	unclaimed(first.Payouts...)
	tx := rewards.Hash{5}
	w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: "rsp_a", Cumulative: tasknet.Micro(30)}, {Payee: "rsp_b"}, {Payee: "rsp_x"}}, tx, w.now))
	w.balance("epoch:rsp_a", 0)
	w.balance("chain:claimed", 30)
	unclaimed(first.Payouts[1])
	for range 2 { // seen again: nothing more
		w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: "rsp_a", Cumulative: tasknet.Micro(30)}}, rewards.Hash{6}, w.now))
	}
	w.balance("chain:claimed", 30)

	w.earn("q_2", 4, "rsp_a", "rsp_b")
	second := w.plan(2)
	w.must(w.store.SavePlan(ctx, second))
	unclaimed(second.Payouts...)
	// The chain cannot have paid more than was promised: nothing of such news is believed.
	w.want("more than was promised", w.store.RecordClaims(ctx, []rewards.Claimed{
		{Payee: "rsp_b", Cumulative: tasknet.Micro(34)}, {Payee: "rsp_a", Cumulative: tasknet.Micro(35)},
	}, tx, w.now), rewards.ErrInsufficient)
	w.balance("chain:claimed", 30)
	// A claim of the older root only.
	w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: "rsp_b", Cumulative: tasknet.Micro(30)}}, rewards.Hash{}, w.now))
	w.balance("epoch:rsp_b", 4)
	unclaimed(second.Payouts...)
	w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: "rsp_b", Cumulative: tasknet.Micro(34)}, {Payee: "rsp_a", Cumulative: tasknet.Micro(34)}}, tx, w.now))
	unclaimed()
	w.balance("chain:claimed", 68)

	older, newer := first.Payouts[1], second.Payouts[1]
	older.Claimed, newer.Claimed, newer.ClaimTx = true, true, tx
	list, next, err := w.store.PayoutsOf(ctx, "rsp_b", tasknet.Page{Limit: 1})
	w.must(err)
	w.same("newest payout", list, []rewards.Payout{newer})
	list, next, err = w.store.PayoutsOf(ctx, "rsp_b", tasknet.Page{After: next, Limit: 1})
	w.must(err)
	w.same("older payout", list, []rewards.Payout{older})
	if next != "" {
		w.Errorf("a cursor at the end: %q", next)
	}
	list, _, err = w.store.PayoutsOf(ctx, "rsp_x", tasknet.Page{Limit: 3})
	w.must(err)
	w.same("a stranger's payouts", list, []rewards.Payout(nil))
	mustTotals(w)
}

// testConservation plays random histories, one after the other, and checks after each step that no money came or went,
// and at the end that every balance is the sum of its entries.
func testConservation(w *world) {
	ctx := w.Context()
	histories := 0
	rapid.Check(w.T, func(rt *rapid.T) {
		histories++
		name := func(s string) string { return fmt.Sprintf("%s_%d", s, histories) }
		orgs := []string{name("org_a"), name("org_b")}
		people := []string{name("rsp_a"), name("rsp_b"), name("rsp_c"), name("rsp_d")}
		for i, p := range people[:3] { // the last one never registers
			w.must(w.store.SetPayee(ctx, p, rewards.Address{byte(i + 1), byte(histories), byte(histories >> 8)}))
		}
		type held struct {
			cause, org string
			amount     int64
		}
		var open []held
		questions := 0
		rt.Repeat(map[string]func(*rapid.T){
			"deposit": func(rt *rapid.T) {
				block, err := w.store.DepositsThrough(ctx)
				w.must(err)
				c := deposit(rapid.SampledFrom(orgs).Draw(rt, "org"), block+1, 0, rapid.Int64Range(1, 1_000_000).Draw(rt, "amount"), w.now)
				for range rapid.IntRange(1, 2).Draw(rt, "times") {
					w.must(w.store.CreditDeposits(ctx, []rewards.Credited{c}, block+1))
				}
			},
			"hold": func(rt *rapid.T) {
				questions++
				h := held{name(fmt.Sprintf("q_%d", questions)), rapid.SampledFrom(orgs).Draw(rt, "org"), rapid.Int64Range(1, 300_000).Draw(rt, "amount")}
				balance, err := w.store.Balance(ctx, rewards.Requester(h.org))
				w.must(err)
				err = w.store.Post(ctx, rewards.Hold(h.org, h.cause, tasknet.Micro(h.amount), w.now))
				if enough := balance.Micro() >= h.amount; enough != (err == nil) || (err != nil && !errors.Is(err, rewards.ErrInsufficient)) {
					rt.Fatalf("a hold of %d out of %s: %v", h.amount, balance, err)
				}
				if err == nil {
					open = append(open, h)
				}
			},
			"settle": func(rt *rapid.T) {
				if len(open) == 0 {
					rt.Skip("nothing is held")
				}
				i := rapid.IntRange(0, len(open)-1).Draw(rt, "question")
				h := open[i]
				open = append(open[:i:i], open[i+1:]...)
				n, price := int64(rapid.IntRange(0, len(people)).Draw(rt, "answers")), int64(0)
				if n > 0 {
					price = rapid.Int64Range(0, h.amount/n).Draw(rt, "price")
				}
				t, err := settlement(h.org, h.cause, h.amount, price, min(price/7, (h.amount-n*price)/max(n, 1)), w.now, people[:n]...)
				w.must(err)
				w.must(w.store.Post(ctx, t))
				w.want("settling twice", w.store.Post(ctx, t), rewards.ErrPosted)
			},
			"epoch": func(rt *rapid.T) {
				last, err := w.store.LastEpoch(ctx)
				if !errors.Is(err, rewards.ErrNoEpoch) {
					w.must(err)
				}
				due, err := w.store.Due(ctx, tasknet.Micro(rapid.Int64Range(0, 20_000).Draw(rt, "least")))
				w.must(err)
				leaves, err := w.store.Leaves(ctx, last.Number)
				w.must(err)
				p, err := rewards.NewPlan(last.Number+1, due, leaves, dev, w.now)
				if errors.Is(err, rewards.ErrNothingToPay) {
					rt.Skip("nothing is due")
				}
				w.must(err)
				w.must(w.store.SavePlan(ctx, p))
			},
			"claim": func(rt *rapid.T) {
				waiting, err := w.store.UnclaimedPayees(ctx)
				w.must(err)
				var claims []rewards.Claimed
				for _, p := range waiting {
					if rapid.Bool().Draw(rt, "claims") {
						claims = append(claims, rewards.Claimed{Payee: p.Payee, Cumulative: p.Cumulative})
					}
				}
				for range rapid.IntRange(1, 2).Draw(rt, "times") {
					w.must(w.store.RecordClaims(ctx, claims, rewards.Hash{1}, w.now))
				}
			},
			"": func(*rapid.T) {
				mustTotals(w)
				w.now = w.now.Add(time.Minute)
			},
		})
	})
	sums := make(map[rewards.Account]tasknet.Amount)
	var totals rewards.Totals
	for _, t := range w.ledger() {
		w.must(t.Check())
		for _, e := range t.Entries {
			sums[e.Account] = sums[e.Account].Add(e.Amount)
			w.must(totals.Add(e))
		}
	}
	w.same("totals", mustTotals(w), totals)
	for account, sum := range sums {
		w.balance(account, sum.Micro())
		if sum.Sign() < 0 && account != rewards.DepositsAccount {
			w.Errorf("%s is at %s", account, sum)
		}
	}
}
