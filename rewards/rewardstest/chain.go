package rewardstest

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// dev is a chain whose token has 18 decimals.
var dev = rewards.ChainInfo{ID: 1337, Dev: true, Decimals: 18}

// deposit returns the booking of a deposit in a block, by an owner of the organisation's.
func deposit(org string, block int64, index int, micro int64) rewards.Booking {
	return event(rewards.Deposited, org, block, index, micro)
}

// event returns the booking of an event in a block, of the account that deposit makes.
func event(kind rewards.EventKind, org string, block int64, index int, micro int64) rewards.Booking {
	amount := tasknet.Micro(micro)
	e := rewards.Event{Kind: kind, Tx: rewards.Hash{byte(block), byte(block >> 8)}, LogIndex: index, Block: block, Owner: ownerOf(org), Reference: rewards.Reference(org)}
	if kind == rewards.Deposited || kind == rewards.Withdrawn {
		e.Base = dev.Base(amount)
		e.Base.Add(e.Base, big.NewInt(7)) // rounding leaves something
	}
	return rewards.Booking{Event: e, Org: org, Amount: amount}
}

// ownerOf is who deposits for an organisation.
func ownerOf(org string) rewards.Address {
	a := rewards.Address{0x0e, 'x'}
	for i := range org {
		a[1] = org[i]
	}
	return a
}

// look is a block as it was looked at.
func look(block int64) rewards.Look {
	return rewards.Look{Block: block, Hash: rewards.Hash{0xb1, byte(block), byte(block >> 8)}}
}

func (w *world) book(block int64, events ...rewards.Booking) {
	w.Helper()
	w.must(w.store.BookEvents(w.Context(), events, look(block), w.now))
}

// fund books a deposit to an organisation in the next block: what is paid out must be in the vault.
func (w *world) fund(org string, micro int64) {
	w.Helper()
	looks, err := w.store.Looks(w.Context())
	w.must(err)
	block := int64(1)
	if len(looks) > 0 {
		block = looks[0].Block + 1
	}
	w.book(block, deposit(org, block, 0, micro))
}

// through checks up to which block events are booked.
func (w *world) through(want int64) {
	w.Helper()
	looks, err := w.store.Looks(w.Context())
	w.must(err)
	if want == 0 && len(looks) == 0 {
		return
	}
	if len(looks) == 0 || looks[0] != look(want) {
		w.Errorf("events are booked through %+v; want %d", looks, want)
	}
}

func testDeposits(w *world) {
	ctx := w.Context()
	w.through(0)
	w.book(5)
	w.through(5)
	var mine []rewards.Booking // newest first
	for i := range 7 {
		d := deposit("org_a", int64(10+i), i, int64(100+i))
		w.book(int64(10+i), d, deposit("org_b", int64(10+i), i+100, 1))
		mine = append([]rewards.Booking{d}, mine...)
	}
	w.through(16)
	w.balance("org:org_a", 721)
	// The same again, with a new one: the new one counts.
	w.book(17, mine[3], mine[6], deposit("org_b", 17, 0, 5))
	w.balance("org:org_a", 721)
	w.balance("org:org_b", 12)
	// To nobody, and of less than a micro-unit: an account without money.
	nobody, dust := deposit("", 18, 0, 9), deposit("org_c", 18, 1, 0)
	nobody.Amount = tasknet.Amount{}
	w.book(18, nobody, dust)
	// One that cannot be posted takes the others with it.
	bad := deposit("org_a", 19, 1, 1)
	w.must(w.store.Post(ctx, rewards.Credit("org_z", bad.Event.Cause(), tasknet.Micro(1), w.now)))
	w.want("a cause that was posted", w.store.BookEvents(ctx, []rewards.Booking{deposit("org_a", 19, 0, 9), bad}, look(19), w.now), rewards.ErrPosted)
	w.through(18)
	w.balance("org:org_a", 721)
	for _, limit := range []int{1, 3, 7, 100} {
		var listed []rewards.Booking
		page := tasknet.Page{Limit: limit}
		for {
			list, next, err := w.store.DepositsOf(ctx, "org_a", page)
			w.must(err)
			for _, b := range list {
				if b.Tx.Kind != rewards.DepositTx || b.Tx.Cause != b.Event.Cause() || !b.Tx.At.Equal(w.now) {
					w.Errorf("booked by %+v", b.Tx)
				}
				b.Tx = rewards.Transaction{}
				listed = append(listed, b)
			}
			if next == "" {
				break
			}
			page.After = next
		}
		w.same("deposits", listed, mine)
	}
	accounts, err := w.store.VaultAccounts(ctx, "")
	w.must(err)
	var got []string
	for _, a := range accounts {
		if a.Key != rewards.AccountOf(a.Owner, a.Reference) {
			w.Errorf("account %x of %x and %x", a.Key, a.Owner, a.Reference)
		}
		got = append(got, fmt.Sprintf("%s %d %s %s", a.Org, a.Since, a.Deposited, a.Spent))
	}
	w.same("accounts", got, []string{"org_a 10 0.000721 0", "org_b 10 0.000012 0", " 18 0 0", "org_c 18 0 0"})
	mustTotals(w)
}

// testDepositRace books the same deposits from many places at once.
func testDepositRace(w *world) {
	var deposits []rewards.Booking
	for i := range 10 {
		deposits = append(deposits, deposit("org_a", int64(i), 0, 10))
	}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if err := w.store.BookEvents(w.Context(), deposits, look(10), w.now); err != nil {
				w.Error(err)
			}
		})
	}
	wg.Wait()
	w.balance("org:org_a", 100)
	mustTotals(w)
}

// freeze has what is under notice frozen, and returns what is not covered then.
func (w *world) freeze() []rewards.Uncovered {
	w.Helper()
	list, err := w.store.FreezeNoticed(w.Context(), w.now)
	w.must(err)
	return list
}

// testNotice freezes what an owner withdraws, and no more than that.
func testNotice(w *world) {
	ctx := w.Context()
	key := func(org string) rewards.Account {
		return rewards.Frozen(rewards.AccountOf(ownerOf(org), rewards.Reference(org)))
	}
	w.book(1, deposit("org_a", 1, 0, 100), deposit("org_b", 1, 1, 50))
	w.hold("org_a", "q_1", 30)
	w.book(2, event(rewards.NoticeGiven, "org_a", 2, 0, 0))
	for range 2 {
		w.freeze()
	}
	w.balance("org:org_a", 0)
	w.balance(key("org_a"), 70)
	w.balance("org:org_b", 50)
	w.want("a question of frozen money", w.store.Post(ctx, rewards.Hold("org_a", "q_2", tasknet.Micro(1), w.now)), rewards.ErrInsufficient)
	// What comes back from the open question is frozen too; what it cost is spent.
	w.settle("org_a", "q_1", 30, 5, 1, "rsp_a")
	w.freeze()
	w.balance(key("org_a"), 94)
	// Somebody else's little deposit for the same organisation does not freeze the organisation.
	other := deposit("org_b", 3, 0, 1)
	other.Event.Owner = rewards.Address{0x66}
	notice := event(rewards.NoticeGiven, "org_b", 3, 1, 0)
	notice.Event.Owner = other.Event.Owner
	w.book(3, other, notice)
	w.freeze()
	w.balance("org:org_b", 50)
	w.balance(rewards.Frozen(other.Event.Account()), 1)
	// Cancelled: all of it can be spent again.
	w.book(4, event(rewards.NoticeCancelled, "org_a", 4, 0, 0))
	w.freeze()
	w.balance("org:org_a", 94)
	w.balance(key("org_a"), 0)
	// Given again, and withdrawn, more of it than the ledger rounded to.
	w.book(5, event(rewards.NoticeGiven, "org_a", 5, 0, 0))
	w.freeze()
	for range 2 {
		w.book(6, event(rewards.Withdrawn, "org_a", 6, 0, 94))
		w.freeze()
	}
	w.balance(key("org_a"), 0)
	w.balance("org:org_a", 0)
	w.balance("chain:withdrawn", 94)
	w.book(7, deposit("org_a", 7, 0, 10)) // it is no more under notice
	w.freeze()
	w.balance("org:org_a", 10)
	if totals := mustTotals(w); totals.Withdrawn != tasknet.Micro(94) || totals.Frozen != tasknet.Micro(1) || !totals.Debts.IsZero() {
		w.Errorf("totals %+v", totals)
	}
}

// testUncovered: what is set aside for open questions, and under notice or gone from the vault, is known; what comes back pays what
// is owed first; and no epoch pays out more than was spent of what is there.
func testUncovered(w *world) {
	ctx := w.Context()
	w.payees("rsp_a", "rsp_b")
	uncovered := func(want ...rewards.Uncovered) {
		w.Helper()
		w.same("what is not covered", w.freeze(), want)
	}
	w.book(1, deposit("org_a", 1, 0, 100), deposit("org_b", 1, 1, 9))
	w.hold("org_a", "q_1", 40)
	w.hold("org_a", "q_2", 35)
	uncovered()
	other := deposit("org_a", 2, 0, 20) // covers a part
	other.Event.Owner = rewards.Address{0x66}
	w.book(2, other, event(rewards.NoticeGiven, "org_a", 2, 1, 0))
	uncovered(rewards.Uncovered{Org: "org_a", Amount: tasknet.Micro(55)}) // 45 of the 100 are frozen
	w.settle("org_a", "q_2", 35, 0, 0)
	w.want("a question of what came back", w.store.Post(ctx, rewards.Hold("org_a", "q_3", tasknet.Micro(1), w.now)), rewards.ErrInsufficient)
	uncovered(rewards.Uncovered{Org: "org_a", Amount: tasknet.Micro(20)})

	w.book(3, event(rewards.Withdrawn, "org_a", 3, 0, 100))
	w.balance("debt:org_a", -20)
	uncovered(rewards.Uncovered{Org: "org_a", Amount: tasknet.Micro(20)})
	w.settle("org_a", "q_1", 40, 10, 1, "rsp_a", "rsp_b")
	uncovered(rewards.Uncovered{Org: "org_a", Amount: tasknet.Micro(2)}) // it has nothing open
	w.balance("debt:org_a", -2)
	w.balance("org:org_a", 0)
	covered, err := w.store.SpentNow(ctx)
	w.must(err)
	w.same("what was spent of what is there", covered, tasknet.Micro(20))
	w.hold("org_b", "q_4", 9)
	w.settle("org_b", "q_4", 9, 4, 0, "rsp_a", "rsp_b")
	all := w.plan(1) // 28 of 28
	w.must(w.store.SavePlan(ctx, all))

	// Nothing is covered by what is spent and gone.
	w.book(4, deposit("org_c", 4, 0, 30))
	w.hold("org_c", "q_5", 30)
	w.book(5, event(rewards.NoticeGiven, "org_c", 5, 0, 0), event(rewards.Withdrawn, "org_c", 5, 1, 30))
	w.settle("org_c", "q_5", 30, 15, 0, "rsp_a", "rsp_b")
	before := len(w.ledger())
	w.want("an epoch that nothing covers", w.store.SavePlan(ctx, w.plan(2)), rewards.ErrUncovered)
	w.same("transactions after it", len(w.ledger()), before)
	w.balance("payee:rsp_a", 15)
	_, err = w.store.Epoch(ctx, 2)
	w.want("the epoch", err, rewards.ErrNoEpoch)
	w.book(6, deposit("org_c", 6, 0, 30))
	w.must(w.store.SavePlan(ctx, w.plan(2)))
	w.balance("debt:org_c", 0)
	mustTotals(w)
}

// testTakenBack has the chain take back what was booked, spent or not.
func testTakenBack(w *world) {
	ctx := w.Context()
	first, second := deposit("org_a", 10, 0, 100), deposit("org_a", 11, 0, 40)
	w.book(10, first)
	w.book(11, second)
	w.hold("org_a", "q_1", 120)
	after, err := w.store.EventsAfter(ctx, 10)
	w.must(err)
	w.same("events after a block", after, []rewards.Booking{second})
	for range 2 {
		w.must(w.store.UndoEvent(ctx, second.Event, w.now))
	}
	w.must(w.store.StepBack(ctx, 10))
	w.through(10)
	w.balance("org:org_a", 0) // 20 were left
	w.balance("debt:org_a", -20)
	if totals := mustTotals(w); totals.Deposited != tasknet.Micro(100) || totals.Debts != tasknet.Micro(-20) {
		w.Errorf("totals %+v", totals)
	}
	// The same transaction is mined again, in another block; it pays the debt first.
	second.Event.Block = 12
	w.book(12, second)
	w.balance("org:org_a", 20)
	w.balance("debt:org_a", 0)
	w.must(w.store.UndoEvent(ctx, second.Event, w.now)) // and is taken back again
	w.balance("debt:org_a", -20)
	list, _, err := w.store.DepositsOf(ctx, "org_a", tasknet.Page{Limit: 9})
	w.must(err)
	if len(list) != 1 || list[0].Event.Tx != first.Event.Tx {
		w.Errorf("deposits %+v", list)
	}
	// A withdrawal of what questions hold is a debt; taken back, it pays it.
	withdrawal := event(rewards.Withdrawn, "org_a", 13, 0, 100)
	w.book(13, withdrawal)
	w.balance("debt:org_a", -120)
	w.must(w.store.UndoEvent(ctx, withdrawal.Event, w.now))
	w.balance("debt:org_a", -20)
	w.balance("chain:withdrawn", 0)
	w.must(w.store.UndoEvent(ctx, rewards.Event{Tx: rewards.Hash{99}}, w.now)) // never booked
	// Mined again in another block, without being undone: it is where it is now.
	first.Event.Block = 14
	w.book(14, first)
	after, err = w.store.EventsAfter(ctx, 13)
	w.must(err)
	w.same("events after the new block", after, []rewards.Booking{first})
	w.balance("debt:org_a", -20)
	mustTotals(w)
}

// testSpending attributes what is spent to accounts in the order of their first deposits.
func testSpending(w *world) {
	ctx := w.Context()
	w.payees("rsp_a")
	spend := func(cause string, price int64) {
		w.hold("org_a", cause, price+1)
		w.settle("org_a", cause, price+1, price, 1, "rsp_a")
	}
	check := func(epoch int64, want ...string) {
		w.Helper()
		accounts, err := w.store.Spending(ctx, epoch)
		w.must(err)
		var got []string
		sum := tasknet.Amount{}
		for _, a := range accounts {
			got = append(got, fmt.Sprintf("%x: %d - %d, %d", a.Owner[1], a.Deposited.Micro(), a.Withdrawn.Micro(), a.Spent.Micro()))
			sum = sum.Add(a.Spent)
		}
		w.same(fmt.Sprintf("spending of %d", epoch), got, want)
		if e, err := w.store.Epoch(ctx, epoch); err != nil || e.Spent != sum {
			w.Errorf("epoch %+v, %v, want a sum of %s", e, err, sum)
		}
	}
	second := deposit("org_a", 2, 0, 100)
	second.Event.Owner = rewards.Address{0x0e, 0x22}
	w.book(1, deposit("org_a", 1, 0, 50), deposit("org_b", 1, 1, 9))
	w.book(2, second)
	spend("q_1", 29)
	w.must(w.store.SavePlan(ctx, w.plan(1)))
	check(1, "61: 50 - 0, 30", "62: 9 - 0, 0", "22: 100 - 0, 0")
	spend("q_2", 29)
	w.must(w.store.SavePlan(ctx, w.plan(2)))
	check(2, "61: 50 - 0, 50", "62: 9 - 0, 0", "22: 100 - 0, 10")
	// More room in the first does not take back what the second has spent.
	w.book(7, deposit("org_a", 7, 0, 50))
	spend("q_3", 4)
	w.must(w.store.SavePlan(ctx, w.plan(3)))
	check(3, "61: 100 - 0, 55", "62: 9 - 0, 0", "22: 100 - 0, 10")
	// What is withdrawn has no room any more.
	w.book(8, event(rewards.NoticeGiven, "org_a", 8, 0, 0), event(rewards.Withdrawn, "org_a", 8, 1, 45))
	spend("q_4", 9)
	w.must(w.store.SavePlan(ctx, w.plan(4)))
	check(4, "61: 100 - 45, 55", "62: 9 - 0, 0", "22: 100 - 0, 20")
	check(1, "61: 50 - 0, 30", "62: 9 - 0, 0", "22: 100 - 0, 0")
	if e, err := w.store.Epoch(ctx, 4); err != nil || e.Through != 8 {
		w.Errorf("through %+v, %v", e, err)
	}
	// Under notice, what is spent and in no epoch is waited for; an epoch that pays nobody says it as well.
	waits := func(want bool) {
		w.Helper()
		if got, err := w.store.NoticeWaits(ctx); err != nil || got != want {
			w.Errorf("a notice waits for an epoch: %v, %v; want %v", got, err, want)
		}
	}
	w.hold("org_a", "q_6", 3)
	w.book(9, event(rewards.NoticeGiven, "org_b", 9, 0, 0))
	waits(false) // whose it is has spent nothing
	second = event(rewards.NoticeGiven, "org_a", 10, 0, 0)
	second.Event.Owner = rewards.Address{0x0e, 0x22}
	w.book(10, second)
	w.freeze()
	waits(false)
	w.settle("org_a", "q_6", 3, 0, 1, "rsp_a")
	w.freeze()
	waits(true)
	leaves, err := w.store.Leaves(ctx, 4)
	w.must(err)
	empty, err := rewards.EmptyPlan(5, leaves, dev, w.now)
	w.must(err)
	w.must(w.store.SavePlan(ctx, empty))
	check(5, "61: 100 - 45, 55", "62: 9 - 0, 0", "22: 100 - 0, 21")
	waits(false)
	if tx, err := w.store.Transaction(ctx, rewards.EpochTx, "ep_5"); err != nil || len(tx.Entries) != 0 {
		w.Errorf("the transaction of an empty epoch: %+v, %v", tx, err)
	}
	second.Event.Kind, second.Event.Block = rewards.NoticeCancelled, 11
	second.Event.Tx = rewards.Hash{11}
	w.book(11, second)
	w.freeze()
	// No epoch while blocks are looked at again that one before knew.
	w.must(w.store.StepBack(ctx, 2))
	spend("q_5", 1)
	w.want("an epoch that knows less", w.store.SavePlan(ctx, w.plan(6)), rewards.ErrEpochMoved)
	w.balance("payee:rsp_a", 1)
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
		got, err := w.store.Due(ctx, tasknet.Micro(least), w.now)
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
	w.fund("org_a", hold)
	w.hold("org_a", cause, hold)
	w.settle("org_a", cause, hold, price, 1, payees...)
}

// plan makes the next epoch of all that is due.
func (w *world) plan(number int64) *rewards.Plan {
	w.Helper()
	due, err := w.store.Due(w.Context(), tasknet.Amount{}, w.now)
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
	first.Epoch.Spent, first.Epoch.Through = tasknet.Micro(62), 1 // with the fees
	second.Epoch.Spent, second.Epoch.Through = tasknet.Micro(72), 2

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
	header := rewards.Header{Spending: rewards.Hash{1}, Verdicts: rewards.Hash{2}, LogRoot: rewards.Hash{3}, LogSize: 4}
	w.want("built from a state that it is not in", w.store.BuildEpoch(ctx, 2, rewards.Voided, header), rewards.ErrEpochMoved)
	w.must(w.store.BuildEpoch(ctx, 2, rewards.Planned, header))
	w.must(advance(rewards.Built, rewards.Posted, rewards.Mined{Tx: rewards.Hash{8}, Block: 76, Gas: 50}))
	w.must(advance(rewards.Posted, rewards.Confirmed, rewards.Mined{}))
	w.must(advance(rewards.Confirmed, rewards.Blocked, rewards.Mined{}))
	w.must(advance(rewards.Blocked, rewards.Voided, rewards.Mined{}))
	header.LogRoot, header.LogSize = rewards.Hash{5}, 6
	w.must(w.store.BuildEpoch(ctx, 2, rewards.Voided, header))
	w.must(advance(rewards.Built, rewards.Posted, rewards.Mined{Tx: rewards.Hash{9}, Block: 77}))
	w.must(advance(rewards.Posted, rewards.Confirmed, rewards.Mined{}))
	w.must(advance(rewards.Confirmed, rewards.Active, rewards.Mined{}))
	w.must(advance(rewards.Active, rewards.Active, rewards.Mined{Gas: 6}))
	w.must(advance(rewards.Active, rewards.Settled, rewards.Mined{}))
	w.want("again", advance(rewards.Active, rewards.Settled, rewards.Mined{}), rewards.ErrEpochMoved)
	second.Epoch.Spending, second.Epoch.Verdicts, second.Epoch.Log = header.Spending, header.Verdicts, rewards.Checkpoint{Size: 6, Root: header.LogRoot}
	w.want("an unknown epoch", w.store.AdvanceEpoch(ctx, 9, rewards.Planned, rewards.Posted, rewards.Mined{}), rewards.ErrEpochMoved)
	second.Epoch.State, second.Epoch.Tx, second.Epoch.Block, second.Epoch.Gas = rewards.Settled, rewards.Hash{9}, 77, 56
	got, err = w.store.Epoch(ctx, 2)
	w.must(err)
	w.same("epoch 2", got, second.Epoch)

	// Back to what it was built with before.
	builds, err := w.store.Builds(ctx, 2)
	w.must(err)
	earlier := second.Epoch
	earlier.Log = rewards.Checkpoint{Size: 4, Root: rewards.Hash{3}}
	w.same("builds of 2", builds, []rewards.Epoch{earlier, second.Epoch})
	builds, err = w.store.Builds(ctx, 1)
	w.must(err)
	w.same("builds of 1", len(builds), 0)
	posted := rewards.Mined{Tx: rewards.Hash{8}, Block: 76}
	w.want("taken up from a state that it is not in", w.store.TakeUp(ctx, 2, rewards.Built, 0, posted), rewards.ErrEpochMoved)
	w.want("one that it was never built with", w.store.TakeUp(ctx, 2, rewards.Settled, 2, posted), rewards.ErrEpochMoved)
	w.must(w.store.TakeUp(ctx, 2, rewards.Settled, 0, posted))
	earlier.State, earlier.Tx, earlier.Block = rewards.Confirmed, posted.Tx, posted.Block
	got, err = w.store.Epoch(ctx, 2)
	w.must(err)
	w.same("epoch 2 taken up", got, earlier)
	second.Epoch = earlier

	all := []rewards.Epoch{first.Epoch, second.Epoch}
	for n := int64(3); n <= 7; n++ {
		w.earn(fmt.Sprintf("q_%d", n), 1, "rsp_a")
		p := w.plan(n)
		w.must(w.store.SavePlan(ctx, p))
		p.Epoch.Spent, p.Epoch.Through = tasknet.Micro(68+2*n), n
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
	paid := make(map[string]int64)
	unclaimed := func(payouts ...rewards.Payout) {
		w.Helper()
		got, err := w.store.UnclaimedPayees(ctx)
		w.must(err)
		var want []rewards.Owed
		for _, p := range payouts {
			want = append(want, rewards.Owed{Payout: p, Paid: tasknet.Micro(paid[p.Payee])})
		}
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
	paid["rsp_a"] = 30

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
	paid["rsp_b"] = 30
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

	for range 2 { // the chain takes claims of rsp_b back twice, and has those of rsp_a
		for _, want := range []int64{4, 0} {
			sum, err := w.store.UndoClaims(ctx, []rewards.Claimed{{Payee: "rsp_a", Cumulative: tasknet.Micro(35)}, {Payee: "rsp_b", Cumulative: tasknet.Micro(30)}, {Payee: "rsp_x"}}, w.now)
			w.must(err)
			w.same("undone", sum, tasknet.Micro(want))
		}
		paid["rsp_b"] = 30
		w.balance("chain:claimed", 64)
		w.balance("epoch:rsp_b", 4)
		unclaimed(second.Payouts[1])
		list, _, err = w.store.PayoutsOf(ctx, "rsp_b", tasknet.Page{Limit: 3})
		w.must(err)
		w.same("payouts of which one is taken back", list, []rewards.Payout{second.Payouts[1], older})
		w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: "rsp_b", Cumulative: tasknet.Micro(34)}}, tx, w.now))
		w.balance("chain:claimed", 68)
		unclaimed()
	}
	mustTotals(w)
}

// period is a part of a test that cleans up at its own end.
type period struct {
	*testing.T
	ends []func()
}

func (p *period) Cleanup(f func()) { p.ends = append(p.ends, f) }

func (p *period) end() {
	for _, f := range slices.Backward(p.ends) {
		f()
	}
	p.ends = nil
}

// historiesPerStore is how many histories a store has after which another is opened: what is there of all makes each step slower.
const historiesPerStore = 20

// testConservation plays random histories, one after the other, and checks after each step that no money came or went,
// and at the end of each store that every balance is the sum of its entries.
func testConservation(w *world) {
	ctx := w.Context()
	now := &period{T: w.T}
	w.T.Cleanup(now.end)
	histories, block := 0, int64(0)
	rapid.Check(w.T, func(rt *rapid.T) {
		if histories > 0 && histories%historiesPerStore == 0 {
			w.sums()
			now.end()
			w.store, block = w.open(now), 0
		}
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
		changes := make(map[string]int64) // how many each person made
		var open []held
		questions := 0
		rt.Repeat(map[string]func(*rapid.T){
			"deposit": func(rt *rapid.T) {
				block++
				d := deposit(rapid.SampledFrom(orgs).Draw(rt, "org"), block, 0, rapid.Int64Range(1, 1_000_000).Draw(rt, "amount"))
				for range rapid.IntRange(1, 2).Draw(rt, "times") {
					w.book(block, d)
				}
			},
			"notice": func(rt *rapid.T) {
				block++
				kind := rapid.SampledFrom([]rewards.EventKind{rewards.NoticeGiven, rewards.NoticeCancelled}).Draw(rt, "kind")
				w.book(block, event(kind, rapid.SampledFrom(orgs).Draw(rt, "org"), block, 0, 0))
				w.freeze()
			},
			"withdraw": func(rt *rapid.T) {
				block++
				w.book(block, event(rewards.Withdrawn, rapid.SampledFrom(orgs).Draw(rt, "org"), block, 0, rapid.Int64Range(1, 1_000_000).Draw(rt, "amount")))
				w.freeze()
			},
			"take back": func(rt *rapid.T) {
				from := max(0, block-rapid.Int64Range(1, 3).Draw(rt, "blocks"))
				events, err := w.store.EventsAfter(ctx, from)
				w.must(err)
				for _, e := range events {
					if rapid.Bool().Draw(rt, "gone") {
						w.must(w.store.UndoEvent(ctx, e.Event, w.now))
					}
				}
				w.must(w.store.StepBack(ctx, from))
				w.book(block)
				w.freeze()
			},
			"hold": func(rt *rapid.T) {
				questions++
				h := held{name(fmt.Sprintf("q_%d", questions)), rapid.SampledFrom(orgs).Draw(rt, "org"), rapid.Int64Range(1, 300_000).Draw(rt, "amount")}
				w.freeze() // as a hold does first
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
				due, err := w.store.Due(ctx, tasknet.Micro(rapid.Int64Range(0, 20_000).Draw(rt, "least")), w.now)
				w.must(err)
				leaves, err := w.store.Leaves(ctx, last.Number)
				w.must(err)
				p, err := rewards.NewPlan(last.Number+1, due, leaves, dev, w.now)
				if errors.Is(err, rewards.ErrNothingToPay) {
					rt.Skip("nothing is due")
				}
				w.must(err)
				before, err := w.store.Spending(ctx, last.Number)
				w.must(err)
				spent, err := w.store.SpentNow(ctx)
				w.must(err)
				if p.Epoch.Cumulative.Cmp(spent) > 0 { // what was spent has left the vault
					w.want("an epoch that nothing covers", w.store.SavePlan(ctx, p), rewards.ErrUncovered)
					return
				}
				w.must(w.store.SavePlan(ctx, p))
				e, err := w.store.Epoch(ctx, p.Epoch.Number)
				w.must(err)
				w.same("what was spent", e.Spent, spent)
				now, err := w.store.Spending(ctx, p.Epoch.Number)
				w.must(err)
				for i, a := range before {
					if a.Key != now[i].Key || now[i].Spent.Cmp(a.Spent) < 0 {
						rt.Fatalf("account %x had spent %s, and now %x %s", a.Key, a.Spent, now[i].Key, now[i].Spent)
					}
				}
			},
			"move": func(rt *rapid.T) { w.move(rt, people[:3], changes, histories) },
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
	w.sums()
}

// sums checks that every balance is the sum of its entries.
func (w *world) sums() {
	w.Helper()
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
		if sum.Sign() < 0 && !account.MayOwe() {
			w.Errorf("%s is at %s", account, sum)
		}
	}
}
