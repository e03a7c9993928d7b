// Package rewardstest is the suite that every rewards.Store must pass.
package rewardstest

import (
	"errors"
	"fmt"
	"math/big"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// TestStore tests a store. open returns an empty one; it is called once in each subtest.
func TestStore(t *testing.T, open func(testing.TB) rewards.Store) {
	for name, test := range map[string]func(*world){
		"Post":           testPost,
		"PostRefuses":    testPostRefuses,
		"DoublePostRace": testDoublePostRace,
		"SpendRace":      testSpendRace,
		"Ledger":         testLedger,
		"LedgerRace":     testLedgerRace,
		"PaidByDay":      testPaidByDay,
		"Pending":        testPending,
		"Statement":      testStatement,
		"Deposits":       testDeposits,
		"Notice":         testNotice,
		"Uncovered":      testUncovered,
		"TakenBack":      testTakenBack,
		"Spending":       testSpending,
		"DepositRace":    testDepositRace,
		"Payees":         testPayees,
		"Least":          testLeast,
		"Addresses":      testAddresses,
		"AddressRefuses": testAddressRefusals,
		"AddressRace":    testAddressRace,
		"Epochs":         testEpochs,
		"PlanRace":       testPlanRace,
		"Claims":         testClaims,
		"Conservation":   testConservation,
	} {
		t.Run(name, func(t *testing.T) { test(&world{T: t, open: open, store: open(t), now: start}) })
	}
}

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

type world struct {
	*testing.T
	open  func(testing.TB) rewards.Store
	store rewards.Store
	now   time.Time
	n     int
}

var equal = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b }),
	cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 }),
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) want(what string, err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func (w *world) same(what string, got, want any) {
	w.Helper()
	if diff := cmp.Diff(want, got, equal); diff != "" {
		w.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w *world) balance(a rewards.Account, want int64) {
	w.Helper()
	got, err := w.store.Balance(w.Context(), a)
	w.must(err)
	if got != tasknet.Micro(want) {
		w.Errorf("balance of %s: %s, want %s", a, got, tasknet.Micro(want))
	}
}

// credit posts a deposit to an organisation.
func (w *world) credit(org string, amount int64) rewards.Transaction {
	w.Helper()
	w.n++
	t := rewards.Credit(org, fmt.Sprintf("0x%d:0", w.n), tasknet.Micro(amount), w.now)
	w.must(w.store.Post(w.Context(), t))
	return t
}

// hold posts a hold.
func (w *world) hold(org, cause string, amount int64) rewards.Transaction {
	w.Helper()
	t := rewards.Hold(org, cause, tasknet.Micro(amount), w.now)
	w.must(w.store.Post(w.Context(), t))
	return t
}

// settlement returns one that pays each of payees a price and the operator a fee each.
func settlement(org, cause string, hold, price, fee int64, at time.Time, payees ...string) (rewards.Transaction, error) {
	b := rewards.Bill{Org: org, Cause: cause, Hold: tasknet.Micro(hold), Fee: tasknet.Micro(fee * int64(len(payees)))}
	for _, p := range payees {
		b.Pays = append(b.Pays, rewards.Pay{Payee: p, Amount: tasknet.Micro(price)})
	}
	s, err := rewards.Settle(b, at)
	return s.Transaction, err
}

func (w *world) settle(org, cause string, hold, price, fee int64, payees ...string) rewards.Transaction {
	w.Helper()
	t, err := settlement(org, cause, hold, price, fee, w.now, payees...)
	w.must(err)
	w.must(w.store.Post(w.Context(), t))
	return t
}

// ledger returns all transactions, by pages of three.
func (w *world) ledger() (all []rewards.Transaction) {
	w.Helper()
	page := tasknet.Page{Limit: 3}
	for {
		list, next, err := w.store.Transactions(w.Context(), page)
		w.must(err)
		if len(list) > page.Limit {
			w.Fatalf("a page of %d transactions, limit %d", len(list), page.Limit)
		}
		all = append(all, list...)
		if next == "" {
			return all
		}
		page.After = next
	}
}

func testPost(w *world) {
	ctx := w.Context()
	credit := w.credit("org_a", 1000)
	hold := w.hold("org_a", "q_1", 300)
	w.balance(rewards.DepositsAccount, -1000)
	w.balance("org:org_a", 700)
	w.balance("hold:q_1", 300)
	w.balance("org:org_b", 0)
	w.hold("org_a", "q_2", 100)
	held, err := w.store.HeldBy(ctx, "org_a")
	w.must(err)
	w.same("held", held, tasknet.Micro(400))
	w.now = w.now.Add(time.Minute)
	settled := w.settle("org_a", "q_1", 300, 40, 6, "rsp_a", "rsp_b")
	w.balance("hold:q_1", 0)
	w.balance("payee:rsp_a", 40)
	w.balance("payee:rsp_b", 40)
	w.balance("operator:fees", 12)
	w.balance("org:org_a", 808)
	held, err = w.store.HeldBy(ctx, "org_a")
	w.must(err)
	w.same("held", held, tasknet.Micro(100))
	held, err = w.store.HeldBy(ctx, "org_b")
	w.must(err)
	w.same("held by somebody else", held, tasknet.Amount{})

	for _, want := range []rewards.Transaction{credit, hold, settled} {
		got, err := w.store.Transaction(ctx, want.Kind, want.Cause)
		w.must(err)
		w.same("transaction", got, want)
	}
	if _, err := w.store.Transaction(ctx, rewards.SettlementTx, "q_2"); err == nil || tasknet.Describe(err).Kind != tasknet.NotFound {
		w.Errorf("an unknown transaction: %v", err)
	}
	for _, c := range []struct {
		account rewards.Account
		kind    rewards.TxKind
		want    int64
	}{
		{"org:org_a", rewards.DepositTx, 1000},
		{"org:org_a", rewards.HoldTx, -400},
		{"org:org_a", rewards.SettlementTx, 208},
		{"hold:q_1", rewards.HoldTx, 300},
		{"hold:q_1", rewards.SettlementTx, -300},
		{"payee:rsp_a", rewards.SettlementTx, 40},
		{"payee:rsp_a", rewards.EpochTx, 0},
		{"payee:rsp_x", rewards.SettlementTx, 0},
	} {
		got, err := w.store.SumOf(ctx, c.account, c.kind)
		w.must(err)
		w.same(fmt.Sprintf("sum of %s in %s", c.account, c.kind), got, tasknet.Micro(c.want))
	}
	totals, err := w.store.Totals(ctx)
	w.must(err)
	w.same("totals", totals, rewards.Totals{
		Deposited: tasknet.Micro(1000), Requesters: tasknet.Micro(808), Held: tasknet.Micro(100), Payees: tasknet.Micro(80), Operator: tasknet.Micro(12),
	})
}

func testPostRefuses(w *world) {
	ctx := w.Context()
	w.credit("org_a", 100)
	w.hold("org_a", "q_1", 60)
	before, count := mustTotals(w), len(w.ledger())
	check := func(what string, t rewards.Transaction, want error) {
		w.Helper()
		w.want(what, w.store.Post(ctx, t), want)
		w.same("totals after "+what, mustTotals(w), before)
		if got := len(w.ledger()); got != count {
			w.Errorf("%s: the ledger has %d transactions, want %d", what, got, count)
		}
	}
	check("a hold beyond the balance", rewards.Hold("org_a", "q_2", tasknet.Micro(41), w.now), rewards.ErrInsufficient)
	check("a hold of nothing's", rewards.Hold("org_b", "q_2", tasknet.Micro(1), w.now), rewards.ErrInsufficient)
	check("the same hold again", rewards.Hold("org_a", "q_1", tasknet.Micro(40), w.now), rewards.ErrPosted)
	check("the same hold again, beyond the balance", rewards.Hold("org_a", "q_1", tasknet.Micro(60), w.now), rewards.ErrPosted)
	more, err := settlement("org_a", "q_1", 61, 10, 1, w.now, "rsp_a")
	w.must(err)
	check("more than was held", more, rewards.ErrInsufficient)
	two := rewards.Transaction{ID: "tx_2", Kind: rewards.EpochTx, Cause: "ep_1", At: w.now, Entries: []rewards.Entry{
		{Account: "org:org_a", Amount: tasknet.Micro(-40)}, {Account: "hold:q_1", Amount: tasknet.Micro(-61)}, {Account: "epoch:x", Amount: tasknet.Micro(101)},
	}}
	check("taking from two, one of which is short", two, rewards.ErrInsufficient)
	lame := rewards.Transaction{ID: "tx_3", Kind: rewards.HoldTx, Cause: "q_3", At: w.now, Entries: []rewards.Entry{
		{Account: "org:org_a", Amount: tasknet.Micro(-1)}, {Account: "hold:q_3", Amount: tasknet.Micro(2)},
	}}
	if err := w.store.Post(ctx, lame); err == nil || tasknet.Describe(err).Kind != tasknet.Internal {
		w.Errorf("entries that do not sum to zero: %v", err)
	}
	w.hold("org_a", "q_2", 40) // all that is left
	settled, err := settlement("org_a", "q_1", 60, 10, 1, w.now, "rsp_a")
	w.must(err)
	w.must(w.store.Post(ctx, settled))
	before, count = mustTotals(w), len(w.ledger())
	check("settling twice", settled, rewards.ErrPosted)
}

func mustTotals(w *world) rewards.Totals {
	w.Helper()
	t, err := w.store.Totals(w.Context())
	w.must(err)
	if !t.Conserved() {
		w.Fatalf("money is not conserved: %+v", t)
	}
	return t
}

// testDoublePostRace settles one question from many places at once: once.
func testDoublePostRace(w *world) {
	w.credit("org_a", 1000)
	for i := range 5 {
		cause := fmt.Sprintf("q_%d", i)
		w.hold("org_a", cause, 100)
		var posted atomic.Int64
		var wg sync.WaitGroup
		for range 16 {
			t, err := settlement("org_a", cause, 100, 10, 1, w.now, "rsp_a", "rsp_b")
			w.must(err)
			wg.Go(func() {
				switch err := w.store.Post(w.Context(), t); {
				case err == nil:
					posted.Add(1)
				case !errors.Is(err, rewards.ErrPosted):
					w.Error(err)
				}
			})
		}
		wg.Wait()
		if posted.Load() != 1 {
			w.Errorf("settled %d times", posted.Load())
		}
	}
	w.balance("payee:rsp_a", 50)
	w.balance("operator:fees", 10)
	mustTotals(w)
}

// testSpendRace spends the same balance from many places at once: only what is there.
func testSpendRace(w *world) {
	w.credit("org_a", 105)
	var held atomic.Int64
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			switch err := w.store.Post(w.Context(), rewards.Hold("org_a", fmt.Sprintf("q_%d", i), tasknet.Micro(10), w.now)); {
			case err == nil:
				held.Add(1)
			case !errors.Is(err, rewards.ErrInsufficient):
				w.Error(err)
			}
		})
	}
	wg.Wait()
	if held.Load() != 10 {
		w.Errorf("%d holds of 10 out of 105", held.Load())
	}
	w.balance("org:org_a", 5)
	mustTotals(w)
}

func testLedger(w *world) {
	var posted []rewards.Transaction
	for i := range 10 {
		w.now = w.now.Add(time.Second)
		posted = append(posted, w.credit(fmt.Sprintf("org_%d", i%2), int64(100+i)))
	}
	w.same("ledger", w.ledger(), posted)
	if _, _, err := w.store.Transactions(w.Context(), tasknet.Page{After: "x", Limit: 3}); err == nil || tasknet.Describe(err).Kind != tasknet.Invalid {
		w.Errorf("a cursor that is none: %v", err)
	}
}

// testLedgerRace posts from many places while somebody reads by cursor: nothing is passed over or comes twice.
func testLedgerRace(w *world) {
	ctx := w.Context()
	const n, each = 12, 10
	w.credit("org_a", 1_000_000)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for j := range each {
				if err := w.store.Post(ctx, rewards.Hold("org_a", fmt.Sprintf("q_%d_%d", i, j), tasknet.Micro(1), w.now)); err != nil {
					w.Error(err)
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() { wg.Wait(); close(finished) }()
	seen, after := make(map[string]int), ""
	for done := false; !done; {
		select {
		case <-finished:
			done = true
		default:
		}
		for {
			list, next, err := w.store.Transactions(ctx, tasknet.Page{After: after, Limit: 3})
			w.must(err)
			if next == "" && !done {
				break // the last page has no cursor to go on from: it is read again
			}
			for _, t := range list {
				seen[t.Cause]++
			}
			if after = next; next == "" {
				break
			}
		}
	}
	if len(seen) != 1+n*each {
		w.Errorf("%d transactions were seen, want %d", len(seen), 1+n*each)
	}
	for cause, times := range seen {
		if times != 1 {
			w.Errorf("%s was seen %d times", cause, times)
		}
	}
}

// testPending: what is pending is kept by payee, family and hour, since the oldest of it, and is taken once.
func testPending(w *world) {
	ctx := w.Context()
	pay := func(payee, family string, amount int64, since time.Time) rewards.PendingPay {
		return rewards.PendingPay{Payee: payee, Org: "org_a", Family: family, Amount: tasknet.Micro(amount), Since: since}
	}
	later := w.now.Add(time.Hour)
	w.must(w.store.AddPending(ctx, []rewards.PendingPay{pay("rsp_a", "dogs", 6, w.now.Add(time.Minute)), pay("rsp_b", "dogs", 20, later)}))
	w.must(w.store.AddPending(ctx, []rewards.PendingPay{pay("rsp_a", "dogs", 11, w.now), pay("rsp_a", "birds", 5, later)})) // by a clock that is behind
	dogs, birds, bob := pay("rsp_a", "dogs", 17, w.now), pay("rsp_a", "birds", 5, later), pay("rsp_b", "dogs", 20, later)
	list := func(what string, got []rewards.PendingPay, err error, want ...rewards.PendingPay) {
		w.Helper()
		w.must(err)
		w.same(what, got, want)
	}
	got, err := w.store.PendingOf(ctx, "rsp_a")
	list("of one", got, err, birds, dogs)
	got, err = w.store.PendingIn(ctx, "dogs")
	list("in a family", got, err, dogs, bob)
	got, err = w.store.PendingBefore(ctx, later, 2)
	list("the oldest", got, err, dogs, birds)
	got, err = w.store.PendingBefore(ctx, later.Add(-time.Microsecond), 9)
	list("older", got, err, dogs)

	w.credit("org_a", 1000)
	w.hold("org_a", "q_1", 100)
	s, err := rewards.Settle(rewards.Bill{Org: "org_a", Cause: "q_1", Hold: tasknet.Micro(100), Pays: []rewards.Pay{
		{Payee: "rsp_a", Amount: tasknet.Micro(22), Pending: true}, {Payee: "rsp_b", Amount: tasknet.Micro(20), Pending: true}, {Payee: "rsp_c", Amount: tasknet.Micro(3)},
	}}, w.now)
	w.must(err)
	w.must(w.store.Post(ctx, s.Transaction))
	w.balance("pending:rsp_a", 22)
	w.balance("payee:rsp_c", 3)
	if totals := mustTotals(w); totals.Pending != tasknet.Micro(42) || totals.Payees != tasknet.Micro(3) {
		w.Errorf("totals %+v", totals)
	}

	young := pay("rsp_a", "dogs", 3, later)
	w.must(w.store.AddPending(ctx, []rewards.PendingPay{young}))
	got, err = w.store.PendingOf(ctx, "rsp_a")
	list("with what came an hour later", got, err, birds, dogs, young)
	got, err = w.store.TakePending(ctx, "rsp_a", "org_a", "dogs", w.now.Add(-time.Microsecond))
	list("taken before its time", got, err)
	var taken atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := w.store.TakePending(ctx, "rsp_a", "org_a", "dogs", w.now)
			if err != nil {
				w.Error(err)
			}
			taken.Add(int64(len(got)))
		})
	}
	wg.Wait()
	if taken.Load() != 1 {
		w.Errorf("it was taken %d times", taken.Load())
	}
	got, err = w.store.TakePending(ctx, "rsp_a", "org_a", "dogs", time.Time{})
	list("what came later", got, err, young)
	w.must(w.store.AddPending(ctx, []rewards.PendingPay{dogs}))
	earned := w.now
	w.now = w.now.AddDate(0, 0, 3)
	cats := pay("rsp_a", "cats", 3, later)
	cats.Org = "org_b"
	w.must(w.store.AddPending(ctx, []rewards.PendingPay{cats}))
	got, err = w.store.TakePending(ctx, "rsp_a", "org_b", "", time.Time{})
	list("all of one with an organisation", got, err, cats)
	got, err = w.store.TakePending(ctx, "rsp_a", "org_a", "", time.Time{})
	list("and with the other", got, err, birds, dogs)
	w.must(w.store.Post(ctx, rewards.Release("rsp_a proven", got, w.now)))
	w.want("released again", w.store.Post(ctx, rewards.Release("rsp_a proven", got, w.now)), rewards.ErrPosted)
	got, err = w.store.TakePending(ctx, "rsp_b", "org_a", "dogs", time.Time{})
	list("in one family", got, err, bob)
	w.must(w.store.Post(ctx, rewards.Forfeit("rsp_b hash 7", got, w.now)))
	got, err = w.store.PendingBefore(ctx, later, 9)
	list("in the end", got, err)
	for settled, want := range map[string]int{"q_1": 1, "q_2": 0} {
		taken, err := w.store.TakenAfter(ctx, rewards.Pending("rsp_b"), rewards.ForfeitTx, settled)
		w.must(err)
		if len(taken) != want || want == 1 && (taken[0].Cause != "rsp_b hash 7" || !taken[0].At.Equal(w.now)) {
			w.Errorf("forfeits after the settlement of %s: %+v", settled, taken)
		}
	}
	w.balance("payee:rsp_a", 22)
	w.balance("commons:forfeits", 20)
	mustTotals(w)
	days, err := w.store.PaidByDay(ctx, "rsp_a", start.AddDate(0, -1, 0))
	w.must(err)
	w.same("what a settlement left pending and a release paid", days, []rewards.Day{
		{Date: earned.Format(time.DateOnly), Count: 1}, {Date: w.now.Format(time.DateOnly), Amount: tasknet.Micro(22)},
	})
	days, err = w.store.PaidByDay(ctx, "rsp_b", start.AddDate(0, -1, 0))
	w.must(err)
	w.same("what was forfeited", days, []rewards.Day{{Date: earned.Format(time.DateOnly), Count: 1}})
}

func testPaidByDay(w *world) {
	w.credit("org_a", 10_000)
	w.now = time.Date(2026, 11, 19, 23, 59, 59, 999_000_000, time.UTC)
	pay := func(cause string, price int64) {
		w.Helper()
		w.hold("org_a", cause, 100)
		w.settle("org_a", cause, 100, price, 1, "rsp_a", "rsp_b")
	}
	pay("q_1", 10)
	since := w.now
	w.now = w.now.Add(time.Millisecond)
	pay("q_2", 20)
	w.now = w.now.Add(time.Hour)
	pay("q_3", 30)
	w.now = w.now.Add(48 * time.Hour)
	pay("q_4", 40)
	all := []rewards.Day{
		{Date: "2026-11-19", Amount: tasknet.Micro(10), Count: 1},
		{Date: "2026-11-20", Amount: tasknet.Micro(50), Count: 2},
		{Date: "2026-11-22", Amount: tasknet.Micro(40), Count: 1},
	}
	for _, c := range []struct {
		since time.Time
		want  []rewards.Day
	}{
		{start.AddDate(0, -1, 0), all},
		{since, all},
		{since.Add(time.Microsecond), all[1:]},
		{w.now.Add(time.Microsecond), nil},
	} {
		got, err := w.store.PaidByDay(w.Context(), "rsp_a", c.since)
		w.must(err)
		w.same(fmt.Sprintf("paid since %s", c.since), got, c.want)
	}
	got, err := w.store.PaidByDay(w.Context(), "rsp_x", start.AddDate(0, -1, 0))
	w.must(err)
	w.same("paid to a stranger", got, []rewards.Day(nil))
}
