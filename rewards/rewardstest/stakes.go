package rewardstest

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// TestStakes tests a store of stakes. open returns an empty one; it is called once in each subtest.
func TestStakes(t *testing.T, open func(testing.TB) rewards.StakeStore) {
	for name, test := range map[string]func(*testing.T, rewards.StakeStore){
		"Known": testKnownStakes,
		"Cases": testCases,
		"Anew":  testStakesAnew,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// stakes is a contract of stakes.
var stakes = rewards.Address{0x57}

// refuted returns a case against one of several.
func refuted(n byte) *rewards.StakeCase {
	return &rewards.StakeCase{
		Contract: stakes, Job: "job_1", Part: 3, Owner: "rsp_" + string('a'+rune(n)), Staker: rewards.Address{0x5a, n}, Evidence: rewards.Hash{0xe1}, Amount: tasknet.Micro(500),
		Harmed: rewards.Address{0x0a}, Honest: []rewards.Address{{1}, {2}}, At: start, State: rewards.CasePrepared,
	}
}

func theyMust(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// seen is a look at a block at which something happened.
func seen(block int64, events ...rewards.StakeEvent) rewards.StakesSeen {
	return rewards.StakesSeen{Contract: stakes, Events: events, Through: look(block), Time: start.Add(time.Duration(block) * time.Second)}
}

func happened(kind rewards.StakeEventKind, c *rewards.StakeCase, id int64) rewards.StakeEvent {
	e := rewards.StakeEvent{Kind: kind, Tx: rewards.Hash{0x7a, byte(id)}, Case: id, Staker: c.Staker, Evidence: c.Evidence, Amount: big.NewInt(123), Until: start.Add(time.Minute)}
	if kind == rewards.CaseWasClosed {
		e.Staker, e.Evidence = rewards.Address{}, rewards.Hash{}
	}
	return e
}

// testKnownStakes: stakes are what the newest look says, and nothing where none was.
func testKnownStakes(t *testing.T, s rewards.StakeStore) {
	ctx := t.Context()
	if l, err := s.StakeLook(ctx, stakes); err != nil || l != (rewards.Look{}) {
		t.Errorf("before the first look: %+v, %v", l, err)
	}
	one := rewards.KnownStake{Staker: rewards.Address{1}, Staked: tasknet.Micro(1<<63 - 1), Asked: tasknet.Micro(7), Counts: tasknet.Micro(9), ReadyAt: start}
	two := rewards.KnownStake{Staker: rewards.Address{2}, Staked: tasknet.Micro(5), Case: 12}
	first := seen(10)
	first.Stakes = []rewards.KnownStake{one, two}
	theyMust(t, s.SaveStakes(ctx, first))
	three := rewards.KnownStake{Staker: rewards.Address{1}, Staked: tasknet.Micro(3), Counts: tasknet.Micro(3)}
	for _, want := range []rewards.KnownStake{one, two, {Staker: rewards.Address{9}}} {
		if got, err := s.StakeOf(ctx, want.Staker); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
	if frozen, err := s.FrozenStakes(ctx); err != nil || !cmp.Equal(frozen, []rewards.Address{{2}}) {
		t.Errorf("frozen: %x, %v", frozen, err)
	}
	next := seen(11)
	next.Stakes = []rewards.KnownStake{three}
	theyMust(t, s.SaveStakes(ctx, next))
	if got, err := s.StakeOf(ctx, three.Staker); err != nil || got != three {
		t.Errorf("%+v, %v; want %+v", got, err, three)
	}
	if l, err := s.StakeLook(ctx, stakes); err != nil || l != look(11) {
		t.Errorf("looked at %+v, %v", l, err)
	}
}

// is checks what is known of a case.
func is(t *testing.T, s rewards.StakeStore, want *rewards.StakeCase) {
	t.Helper()
	got, err := s.Case(t.Context(), want.Number)
	theyMust(t, err)
	got.At, got.Until = got.At.UTC(), got.Until.UTC()
	if diff := cmp.Diff(*want, got, cmp.Comparer(func(a, b *big.Int) bool { return (a == nil) == (b == nil) && (a == nil || a.Cmp(b) == 0) }), cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b }), cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
		t.Errorf("case %d (-want +got):\n%s", want.Number, diff)
	}
}

// testCases: one case is prepared of a result, and goes the way that the chain says.
func testCases(t *testing.T, s rewards.StakeStore) {
	ctx := t.Context()
	a, b, c := refuted(1), refuted(2), refuted(3)
	c.Harmed, c.Honest = rewards.Address{}, nil
	for i, one := range []*rewards.StakeCase{a, b, c} {
		theyMust(t, s.PrepareCase(ctx, one))
		if one.Number != int64(i+1) {
			t.Errorf("case %d has number %d", i+1, one.Number)
		}
		is(t, s, one)
	}
	again := refuted(1)
	again.Amount = tasknet.Micro(999)
	if err := s.PrepareCase(ctx, again); !errors.Is(err, rewards.ErrCaseExists) {
		t.Errorf("prepared twice: %v", err)
	}
	if _, err := s.Case(ctx, 4); !errors.Is(err, rewards.ErrNoCase) {
		t.Errorf("a case that nobody prepared: %v", err)
	}
	decide := func(want ...int64) {
		t.Helper()
		list, err := s.CasesToDecide(ctx, stakes, 10)
		theyMust(t, err)
		var got []int64
		for i := range list {
			got = append(got, list[i].Number)
		}
		if !cmp.Equal(got, want) {
			t.Errorf("to be decided are %v, want %v", got, want)
		}
	}
	decide(1, 2, 3)
	for job, want := range map[string]int{a.Job: 3, "job_other": 0} {
		if list, err := s.CasesOf(ctx, job); err != nil || len(list) != want || want > 0 && !cmp.Equal(list[want-1].Owner, c.Owner) {
			t.Errorf("cases of %s: %+v, %v", job, list, err)
		}
	}
	if list, err := s.CasesToDecide(ctx, rewards.Address{1}, 10); err != nil || len(list) != 0 {
		t.Errorf("of another contract: %v, %v", list, err)
	}
	stranger := refuted(1)
	stranger.Evidence = rewards.Hash{0xe2}
	theyMust(t, s.SaveStakes(ctx, seen(10, happened(rewards.CaseWasOpened, a, 5), happened(rewards.CaseWasOpened, b, 6), happened(rewards.CaseWasOpened, stranger, 7), happened(rewards.CaseWasOpened, c, 8))))
	for id, one := range map[int64]*rewards.StakeCase{5: a, 6: b, 8: c} {
		one.State, one.ID, one.Until, one.Tx = rewards.CaseOpened, id, start.Add(time.Minute), rewards.Hash{0x7a, byte(id)}
		is(t, s, one)
	}
	decide(1, 2, 3)
	theyMust(t, s.SaveStakes(ctx, seen(20, happened(rewards.CaseSlashed, a, 5), happened(rewards.CaseWasClosed, b, 6), happened(rewards.CaseSlashed, stranger, 7))))
	a.State, a.Taken, b.State = rewards.CaseTaken, big.NewInt(123), rewards.CaseDismissed
	is(t, s, a)
	is(t, s, b)
	is(t, s, c)
	decide(3)
	theyMust(t, s.SaveStakes(ctx, seen(60)))
	c.State = rewards.CaseExpired
	is(t, s, c)
	decide()
	// The court can open again what it has dismissed or let go, and never what it has slashed.
	theyMust(t, s.SaveStakes(ctx, seen(61, happened(rewards.CaseWasOpened, a, 9), happened(rewards.CaseSlashed, a, 9), happened(rewards.CaseWasOpened, b, 10))))
	is(t, s, a)
	b.State, b.ID, b.Tx = rewards.CaseExpired, 10, rewards.Hash{0x7a, 10} // its time is over by then
	is(t, s, b)
	for _, limit := range []int{1, 2, 10} {
		var got []int64
		for page := (tasknet.Page{Limit: limit}); ; {
			list, next, err := s.Cases(ctx, page)
			theyMust(t, err)
			for i := range list {
				got = append(got, list[i].Number)
			}
			if page.After = next; next == "" {
				break
			}
		}
		if !cmp.Equal(got, []int64{1, 2, 3}) {
			t.Errorf("listed by %d: %v", limit, got)
		}
	}
}

// testStakesAnew: what the chain has taken back is forgotten, with what was known of another contract, and the cases stay.
func testStakesAnew(t *testing.T, s rewards.StakeStore) {
	ctx := t.Context()
	a, b, other := refuted(1), refuted(2), refuted(3)
	other.Contract = rewards.Address{0x58}
	theyMust(t, s.PrepareCase(ctx, a), s.PrepareCase(ctx, b), s.PrepareCase(ctx, other))
	elsewhere := seen(5, happened(rewards.CaseWasOpened, other, 5), happened(rewards.CaseSlashed, other, 5))
	elsewhere.Contract = other.Contract
	theyMust(t, s.SaveStakes(ctx, elsewhere))
	first := seen(10, happened(rewards.CaseWasOpened, a, 5), happened(rewards.CaseSlashed, a, 5), happened(rewards.CaseWasOpened, b, 6))
	first.Stakes = []rewards.KnownStake{{Staker: a.Staker, Staked: tasknet.Micro(1)}, {Staker: b.Staker, Staked: tasknet.Micro(2), Case: 6}}
	theyMust(t, s.SaveStakes(ctx, first))
	again := seen(11, happened(rewards.CaseWasOpened, b, 5))
	again.Anew, again.Stakes = true, []rewards.KnownStake{{Staker: b.Staker, Staked: tasknet.Micro(2), Case: 5}}
	theyMust(t, s.SaveStakes(ctx, again))
	is(t, s, a)
	b.State, b.ID, b.Until, b.Tx = rewards.CaseOpened, 5, start.Add(time.Minute), rewards.Hash{0x7a, 5}
	is(t, s, b)
	other.State, other.ID, other.Until, other.Taken, other.Tx = rewards.CaseTaken, 5, start.Add(time.Minute), big.NewInt(123), rewards.Hash{0x7a, 5}
	is(t, s, other)
	if got, err := s.StakeOf(ctx, a.Staker); err != nil || !got.Staked.IsZero() {
		t.Errorf("the stake that is gone: %+v, %v", got, err)
	}
	if l, err := s.StakeLook(ctx, other.Contract); err != nil || l != (rewards.Look{}) {
		t.Errorf("what was known of the stakes of another contract is gone, and its look is %+v, %v", l, err)
	}
}
