package rewardstest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// change is a change of address that a person asks for now, and that waits for so long.
func (w *world) change(person string, to rewards.Address, number int64, waits time.Duration) (rewards.AddressChange, error) {
	w.Helper()
	c := rewards.AddressChange{Person: person, Wallet: rewards.Address{0xee}, To: to, Number: number, Signature: []byte{1, byte(number)}, At: w.now, Effective: w.now.Add(waits)}
	if waits == 0 {
		c.Proof = []byte{2, byte(number)}
	}
	return w.store.ChangeAddress(w.Context(), c)
}

func (w *world) changed(person string, to rewards.Address, number int64, waits time.Duration) rewards.AddressChange {
	w.Helper()
	c, err := w.change(person, to, number, waits)
	w.must(err)
	return c
}

// paidTo plans and saves an epoch, and returns its payouts without their states.
func (w *world) paidTo(number int64) []rewards.Payout {
	w.Helper()
	p := w.plan(number)
	w.must(w.store.SavePlan(w.Context(), p))
	return p.Payouts
}

// testAddresses sends somebody's pay elsewhere, back and elsewhere again: each address has what was earned while pay went there.
func testAddresses(w *world) {
	ctx := w.Context()
	w.payees("rsp_a", "rsp_b")
	first, second := rewards.Address{1}, rewards.Address{0x52}
	elsewhere := rewards.PayeeAt("rsp_a", second)
	w.earn("q_1", 30, "rsp_a", "rsp_b")
	w.paidTo(1)
	w.now = w.now.Add(time.Hour)
	now := w.changed("rsp_a", second, 1, 0)
	w.same("a change of both keys holds", now.Effective, w.now)
	w.earn("q_2", 4, "rsp_a")
	w.same("what is earned then", w.paidTo(2), []rewards.Payout{{Epoch: 2, Payee: elsewhere, Address: second, Amount: tasknet.Micro(4), Cumulative: tasknet.Micro(4)}})
	w.balance("epoch:rsp_a", 30)
	w.balance(rewards.Account("epoch:"+elsewhere), 4)
	leaves, err := w.store.Leaves(ctx, 2)
	w.must(err)
	w.same("leaves", addressed(leaves), map[rewards.Address]int64{first: 30, {2}: 30, second: 4})

	// Back, at a time at which an epoch was planned: it holds for the next one.
	back := w.changed("rsp_a", first, 2, 0)
	w.same("a change in the millisecond of an epoch", back.Effective, w.now.Add(time.Millisecond))
	w.now = w.now.Add(time.Minute)
	w.earn("q_3", 5, "rsp_a", "rsp_b")
	w.same("what is earned after", w.paidTo(3)[0], rewards.Payout{Epoch: 3, Payee: "rsp_a", Address: first, Amount: tasknet.Micro(5), Cumulative: tasknet.Micro(35)})

	// A change that waits holds only when its time has come.
	waits := w.changed("rsp_a", second, 3, 72*time.Hour)
	for at, want := range map[time.Duration]int64{-time.Millisecond: 0, 0: 4} {
		w.earn(fmt.Sprint("q_", at), 1, "rsp_a")
		due, err := w.store.Due(ctx, tasknet.Amount{}, waits.Effective.Add(at))
		w.must(err)
		w.same("what the address had", due[0].Cumulative, map[bool]tasknet.Amount{true: tasknet.Micro(35), false: tasknet.Micro(4)}[want == 0])
	}
	planned := w.plan(4)
	w.must(w.store.CancelChange(ctx, "rsp_a", w.now))
	w.want("cancelling twice", w.store.CancelChange(ctx, "rsp_a", w.now), rewards.ErrNoChangeWaits)
	w.want("cancelling a stranger's", w.store.CancelChange(ctx, "rsp_x", w.now), rewards.ErrNoChangeWaits)

	// A plan is made anew when the address changed after it.
	w.now = w.now.Add(time.Minute)
	planned.Epoch.At = w.now
	w.changed("rsp_a", second, 4, 0)
	w.want("a plan for the address before", w.store.SavePlan(ctx, planned), rewards.ErrEpochMoved)
	w.same("the plan anew", addressed(w.paidTo(4)), map[rewards.Address]int64{second: 6})

	// Claims of one address are not those of another.
	w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: elsewhere, Cumulative: tasknet.Micro(6)}}, rewards.Hash{7}, w.now))
	w.balance(rewards.Account("epoch:"+elsewhere), 0)
	w.balance("epoch:rsp_a", 35)
	all, _, err := w.store.PayoutsOf(ctx, "rsp_a", tasknet.Page{Limit: 9})
	w.must(err)
	said := make(map[int64]string)
	for _, p := range all {
		said[p.Epoch] = fmt.Sprintf("%x %s %v", p.Address[0], p.Cumulative, p.Claimed)
	}
	w.same("payouts", said, map[int64]string{4: "52 0.000006 true", 3: "1 0.000035 false", 2: "52 0.000004 true", 1: "1 0.00003 false"})
	lines, _, err := w.store.Lines(ctx, "rsp_a", start, w.now.Add(time.Hour), tasknet.Page{Limit: 9})
	w.must(err)
	var epochs []string
	for _, l := range lines {
		epochs = append(epochs, fmt.Sprintf("%d %v", l.Epoch, l.Claimed))
	}
	w.same("the statement's epochs", epochs, []string{"1 false", "2 true", "3 false", "4 true", "4 true"})
	payees, err := w.store.PayeesOf(ctx, "rsp_a")
	w.must(err)
	w.same("payees", payees, []rewards.Paid{{Payee: "rsp_a", Address: first}, {Payee: elsewhere, Address: second}})
	mine, err := w.store.ChangesOf(ctx, "rsp_a")
	w.must(err)
	waits.Cancelled = mine[2].Cancelled
	w.same("changes", mine[:3], []rewards.AddressChange{now, back, waits})
	if len(mine) != 4 || waits.Cancelled.IsZero() {
		w.Errorf("changes: %+v", mine)
	}
	var listed []rewards.AddressChange
	for page := (tasknet.Page{Limit: 3}); ; {
		some, next, err := w.store.AddressChanges(ctx, page)
		w.must(err)
		listed = append(listed, some...)
		if page.After = next; next == "" {
			break
		}
	}
	w.same("all changes, by pages", listed, mine)
	mustTotals(w)
}

func addressed(payouts []rewards.Payout) map[rewards.Address]int64 {
	out := make(map[rewards.Address]int64)
	for _, p := range payouts {
		out[p.Address] = p.Cumulative.Micro()
	}
	return out
}

func testAddressRefusals(w *world) {
	ctx := w.Context()
	w.payees("rsp_a", "rsp_b")
	other := rewards.Address{9}
	refused := func(what string, person string, to rewards.Address, number int64, want error) {
		w.Helper()
		_, err := w.change(person, to, number, time.Hour)
		w.want(what, err, want)
	}
	if _, err := w.change("rsp_x", other, 1, 0); err == nil || tasknet.Describe(err).Kind != tasknet.NotFound {
		w.Errorf("a stranger's: %v", err)
	}
	refused("the same address", "rsp_a", rewards.Address{1}, 1, rewards.ErrSameAddress)
	refused("somebody else's address", "rsp_a", rewards.Address{2}, 1, rewards.ErrAddressTaken)
	refused("a number too high", "rsp_a", other, 2, rewards.ErrChangeNumber)
	w.changed("rsp_a", other, 1, time.Hour)
	refused("the same change again", "rsp_a", other, 1, rewards.ErrChangeNumber)
	refused("a second that waits", "rsp_a", rewards.Address{8}, 2, rewards.ErrChangePending)
	refused("an address that somebody waits for", "rsp_b", other, 1, rewards.ErrAddressTaken)
	w.want("a wallet that somebody waits for", w.store.SetPayee(ctx, "rsp_c", other), rewards.ErrAddressTaken)
	w.must(w.store.CancelChange(ctx, "rsp_a", w.now))
	w.changed("rsp_b", other, 1, time.Hour) // it is free again
	w.now = w.now.Add(time.Hour)
	w.want("cancelling what holds", w.store.CancelChange(ctx, "rsp_b", w.now), rewards.ErrNoChangeWaits)
	refused("the same address, changed", "rsp_b", other, 2, rewards.ErrSameAddress)
	for number := int64(2); number <= rewards.AddressChangesMax; number++ {
		w.changed("rsp_a", rewards.Address{3}, number, time.Hour)
		w.must(w.store.CancelChange(ctx, "rsp_a", w.now))
	}
	refused("one too many", "rsp_a", rewards.Address{3}, rewards.AddressChangesMax+1, rewards.ErrChangesMax)
}

// testAddressRace has somebody change their address while an epoch is planned: the epoch pays where pay went at its time.
func testAddressRace(w *world) {
	ctx := w.Context()
	w.payees("rsp_a")
	for i := range int64(6) {
		w.now = w.now.Add(time.Second)
		w.earn(fmt.Sprint("q_", i), 1, "rsp_a")
		p := w.plan(i + 1)
		done := make(chan error)
		go func() {
			_, err := w.change("rsp_a", rewards.Address{byte(10 + i)}, i+1, 0)
			done <- err
		}()
		saved := w.store.SavePlan(ctx, p)
		w.must(<-done)
		if saved != nil {
			w.want("a plan that came second", saved, rewards.ErrEpochMoved)
			p = w.plan(i + 1)
			w.must(w.store.SavePlan(ctx, p))
		}
		changes, err := w.store.ChangesOf(ctx, "rsp_a")
		w.must(err)
		want := rewards.Address{1}
		for _, c := range changes {
			if c.Holds(p.Epoch.At) {
				want = c.To
			}
		}
		w.same(fmt.Sprintf("where epoch %d pays", i+1), p.Payouts[0].Address, want)
	}
	mustTotals(w)
}

// move is a step of a history: somebody changes where their pay goes, or cancels it.
func (w *world) move(rt *rapid.T, people []string, numbers map[string]int64, history int) {
	person := rapid.SampledFrom(people).Draw(rt, "who")
	if rapid.Bool().Draw(rt, "cancels") {
		if err := w.store.CancelChange(w.Context(), person, w.now); err != nil {
			w.want("cancelling", err, rewards.ErrNoChangeWaits)
		}
		return
	}
	to := rewards.Address{byte(rapid.IntRange(1, 5).Draw(rt, "to")), byte(history), byte(history >> 8)}
	_, err := w.change(person, to, numbers[person]+1, time.Duration(rapid.IntRange(0, 2).Draw(rt, "minutes"))*time.Minute)
	switch code := tasknet.Describe(err).Code; {
	case err == nil:
		numbers[person]++
	case code != "same_address" && code != "address_taken" && code != "address_change_pending":
		rt.Fatalf("change %d of %s: %v", numbers[person]+1, person, err)
	}
}
