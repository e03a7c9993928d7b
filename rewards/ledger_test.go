package rewards_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

var amounts = cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b })

func TestSettlePaysExactly(t *testing.T) {
	s, err := rewards.Settle(rewards.Bill{
		Org: "org_1", Cause: "q_1", Hold: tasknet.Micro(101), Fee: tasknet.Micro(11), Forfeit: tasknet.Micro(7),
		Pays: []rewards.Pay{{Payee: "rsp_1", Amount: tasknet.Micro(13)}, {Payee: "rsp_2", Amount: tasknet.Micro(17)}},
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	want := rewards.Settlement{
		Paid: tasknet.Micro(30), Fee: tasknet.Micro(11), Forfeited: tasknet.Micro(7), Released: tasknet.Micro(53),
		Transaction: rewards.Transaction{Kind: rewards.SettlementTx, Cause: "q_1", At: now, Entries: []rewards.Entry{
			{Account: "hold:q_1", Amount: tasknet.Micro(-101)},
			{Account: "payee:rsp_1", Amount: tasknet.Micro(13)},
			{Account: "payee:rsp_2", Amount: tasknet.Micro(17)},
			{Account: "operator:fees", Amount: tasknet.Micro(11)},
			{Account: "commons:forfeits", Amount: tasknet.Micro(7)},
			{Account: "org:org_1", Amount: tasknet.Micro(53)},
		}},
	}
	if diff := cmp.Diff(want, s, amounts, cmpopts.IgnoreFields(rewards.Transaction{}, "ID")); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
}

func TestSettleRefusesMoreThanTheHold(t *testing.T) {
	_, err := rewards.Settle(rewards.Bill{Org: "o", Cause: "q", Hold: tasknet.Micro(10), Fee: tasknet.Micro(2), Pays: []rewards.Pay{{Payee: "r", Amount: tasknet.Micro(9)}}}, now)
	if err == nil {
		t.Fatal("a bill over the hold was settled")
	}
	_, err = rewards.Settle(rewards.Bill{Org: "o", Cause: "q", Hold: tasknet.Micro(10), Fee: tasknet.Micro(2), Forfeit: tasknet.Micro(9)}, now)
	if err == nil {
		t.Fatal("more than the hold was forfeited")
	}
}

func TestCheckRefuses(t *testing.T) {
	one, minus := tasknet.Micro(1), tasknet.Micro(-1)
	for name, entries := range map[string][]rewards.Entry{
		"nothing":      nil,
		"one entry":    {{Account: "org:a", Amount: tasknet.Micro(0)}},
		"a sum":        {{Account: "org:a", Amount: one}, {Account: "org:b", Amount: one}},
		"a zero entry": {{Account: "org:a", Amount: one}, {Account: "org:b", Amount: minus}, {Account: "org:c"}},
		"twice":        {{Account: "org:a", Amount: one}, {Account: "org:a", Amount: minus}},
	} {
		tx := rewards.Transaction{Kind: rewards.HoldTx, Cause: "q", Entries: entries}
		if tx.Check() == nil {
			t.Errorf("%s passed", name)
		}
	}
}

// TestHistoriesConserveMoney posts random histories of the transactions that this package makes, and sums them.
func TestHistoriesConserveMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var totals rewards.Totals
		post := func(tx rewards.Transaction) {
			if err := tx.Check(); err != nil {
				t.Fatal(err)
			}
			for _, e := range tx.Entries {
				if err := totals.Add(e); err != nil {
					t.Fatal(err)
				}
			}
			if !totals.Conserved() {
				t.Fatalf("after %s %s the money is not conserved: %+v", tx.Kind, tx.Cause, totals)
			}
		}
		for i := range rapid.IntRange(1, 20).Draw(t, "questions") {
			org, q := fmt.Sprint("org_", i%3), fmt.Sprint("q_", i)
			post(rewards.Credit(org, q, tasknet.Micro(rapid.Int64Range(1_000_000, 1<<40).Draw(t, "deposit")), now))
			n := rapid.IntRange(0, 9).Draw(t, "answers")
			price := tasknet.Micro(rapid.Int64Range(1, 100_000).Draw(t, "price"))
			fee := price.BasisPoints(1500)
			hold, err := price.Add(fee).Times(9)
			if err != nil {
				t.Fatal(err)
			}
			post(rewards.Hold(org, q, hold, now))
			bill := rewards.Bill{Org: org, Cause: q, Hold: hold}
			for j := range n {
				bill.Pays = append(bill.Pays, rewards.Pay{Payee: fmt.Sprint("rsp_", j), Amount: price})
				bill.Fee = bill.Fee.Add(fee)
			}
			if bill.Forfeit, err = price.Times(rapid.IntRange(0, 9-n).Draw(t, "forfeits")); err != nil {
				t.Fatal(err)
			}
			s, err := rewards.Settle(bill, now)
			if err != nil {
				t.Fatal(err)
			}
			post(s.Transaction)
			if s.Paid.Add(s.Fee).Add(s.Forfeited).Add(s.Released) != hold {
				t.Fatalf("%s paid, %s fee, %s forfeited and %s released of %s", s.Paid, s.Fee, s.Forfeited, s.Released, hold)
			}
		}
		if !totals.Held.IsZero() {
			t.Fatalf("%s is still held", totals.Held)
		}
	})
}

func TestReferenceNamesAnOrg(t *testing.T) {
	id := tasknet.NewID("org", now)
	if got := rewards.OrgOf(rewards.Reference(id)); got != id {
		t.Fatalf("reference of %s names %s", id, got)
	}
}

func TestAmountsOfAnyDecimals(t *testing.T) {
	for _, decimals := range []int{6, 8, 18} {
		info := rewards.ChainInfo{Decimals: decimals}
		a := tasknet.Micro(1_234_567)
		back, err := info.Amount(new(big.Int).Add(info.Base(a), big.NewInt(int64(decimals-6)/12)))
		if err != nil || back != a {
			t.Errorf("%d decimals: %s came back as %s, %v", decimals, a, back, err)
		}
	}
	if _, err := (rewards.ChainInfo{Decimals: 6}).Amount(new(big.Int).Lsh(big.NewInt(1), 64)); err == nil {
		t.Error("more than an account can hold was accepted")
	}
}

func address(i int) rewards.Address { return rewards.Address{19: byte(i + 1)} }

// TestPlansAreCumulative closes two epochs and compares the second tree with one built by hand.
func TestPlansAreCumulative(t *testing.T) {
	info := rewards.ChainInfo{Decimals: 18}
	first, err := rewards.NewPlan(1, []rewards.Due{
		{Payee: "rsp_a", Address: address(2), Amount: tasknet.Micro(3)},
		{Payee: "rsp_b", Address: address(1), Amount: tasknet.Micro(5)},
		{Payee: "rsp_c", Address: address(3), Amount: tasknet.Micro(7)},
	}, nil, info, now)
	if err != nil {
		t.Fatal(err)
	}
	second, err := rewards.NewPlan(2, []rewards.Due{
		{Payee: "rsp_c", Address: address(3), Amount: tasknet.Micro(11), Cumulative: tasknet.Micro(7)}, {Payee: "rsp_d", Address: address(0), Amount: tasknet.Micro(13)},
	}, first.Payouts, info, now)
	if err != nil {
		t.Fatal(err)
	}
	leaf := func(i int, micro int64) merkle.Leaf {
		return merkle.Leaf{Address: address(i), Cumulative: info.Base(tasknet.Micro(micro))}
	}
	tree, err := merkle.New([]merkle.Leaf{leaf(0, 13), leaf(3, 18), leaf(1, 5), leaf(2, 3)})
	if err != nil {
		t.Fatal(err)
	}
	want := rewards.Epoch{Number: 2, State: rewards.Planned, Root: rewards.Hash(tree.Root()), Amount: tasknet.Micro(24), Cumulative: tasknet.Micro(39), Payees: 2, At: now}
	if diff := cmp.Diff(want, second.Epoch, amounts); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if err := second.Tx.Check(); err != nil {
		t.Fatal(err)
	}
	if _, err := rewards.NewPlan(3, nil, second.Payouts, info, now); !errors.Is(err, rewards.ErrNothingToPay) {
		t.Fatalf("an epoch that pays nobody gave %v", err)
	}
}

// TestHoldEach sets the same aside for several causes at once: the requester pays the sum, and each cause has its own hold.
func TestHoldEach(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_795_262_400_000)
	tx, err := rewards.HoldEach("org_a", []string{"q_1", "q_2", "q_3"}, tasknet.Micro(40), at)
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Check(); err != nil || tx.Kind != rewards.HoldTx || tx.Cause != "q_1" || len(tx.Entries) != 4 || tx.Entries[0] != (rewards.Entry{Account: rewards.Requester("org_a"), Amount: tasknet.Micro(-120)}) ||
		tx.Entries[3] != (rewards.Entry{Account: rewards.HoldFor("q_3"), Amount: tasknet.Micro(40)}) {
		t.Errorf("%+v, %v", tx, err)
	}
	one, err := rewards.HoldEach("org_a", []string{"q_1"}, tasknet.Micro(40), at)
	same := rewards.Hold("org_a", "q_1", tasknet.Micro(40), at)
	if err != nil || one.Cause != same.Cause || one.Entries[0] != same.Entries[0] || one.Entries[1] != same.Entries[1] {
		t.Errorf("of one cause: %+v, %v; want %+v", one, err, same)
	}
	if _, err := rewards.HoldEach("org_a", []string{"q_1", "q_2"}, tasknet.Micro(1<<62), at); err == nil {
		t.Error("more than there can be is set aside")
	}
}
