package rewards_test

import (
	"context"
	"errors"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/store/storetest"
)

// jail is a chain in memory with a contract of stakes that keeps to its rules. It fails when it is told to, and takes blocks back.
type jail struct {
	info   rewards.ChainInfo
	blocks []jailBlock // the first is block 1
	branch byte
	fail   failure // of the next write
}

// jailBlock is a block with what happened in it, and all as it was after it.
type jailBlock struct {
	branch byte
	events []rewards.StakeEvent
	staked map[rewards.Address]int64
	cases  []jailCase
}

type jailCase struct {
	staker   rewards.Address
	evidence rewards.Hash
	open     bool
	most     int64
}

var jailStart = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newJail() *jail {
	return &jail{info: rewards.ChainInfo{Decimals: 6, VaultBlock: 1, Stake: rewards.StakeTerms{Contract: rewards.Address{0x57}, CapPPM: 500_000}}}
}

func (j *jail) Info() rewards.ChainInfo { return j.info }

func (j *jail) at(block int64) jailBlock {
	if block < 1 {
		return jailBlock{}
	}
	return j.blocks[block-1]
}

func (j *jail) BlockHash(_ context.Context, block int64) (rewards.Hash, error) {
	if block > int64(len(j.blocks)) {
		return rewards.Hash{}, errNode
	}
	return rewards.Hash{0xb1, byte(block), j.at(block).branch}, nil
}

func (j *jail) StakeEvents(ctx context.Context, from int64) (events []rewards.StakeEvent, through rewards.Look, err error) {
	through.Block = from
	for through.Block < int64(len(j.blocks)) && len(events) < 2 { // so that there is more than one read
		through.Block++
		events = append(events, j.at(through.Block).events...)
	}
	through.Hash, err = j.BlockHash(ctx, through.Block)
	return events, through, err
}

func (j *jail) StakesAt(_ context.Context, block int64, stakers []rewards.Address) ([]rewards.Stake, time.Time, error) {
	b := j.at(block)
	out := make([]rewards.Stake, len(stakers))
	for i, s := range stakers {
		out[i] = rewards.Stake{Staked: big.NewInt(b.staked[s]), Asked: new(big.Int)}
		for id, c := range b.cases {
			if c.open && c.staker == s {
				out[i].Case = int64(id + 1)
			}
		}
	}
	return out, jailStart.Add(time.Duration(block) * time.Second), nil
}

func (j *jail) CaseMost(_ context.Context, id int64) (*big.Int, error) {
	if cases := j.at(int64(len(j.blocks))).cases; id <= int64(len(cases)) {
		return big.NewInt(cases[id-1].most), nil
	}
	return new(big.Int), nil
}

// next makes a block in which something happens, if the contract allows it.
func (j *jail) next(do func(*jailBlock) error) error {
	before := j.at(int64(len(j.blocks)))
	b := jailBlock{branch: j.branch, staked: make(map[rewards.Address]int64), cases: append([]jailCase(nil), before.cases...)}
	for s, n := range before.staked {
		b.staked[s] = n
	}
	if do != nil {
		if err := do(&b); err != nil {
			return err
		}
	}
	j.blocks = append(j.blocks, b)
	return nil
}

func (j *jail) lock(t *testing.T, staker rewards.Address, n int64) {
	t.Helper()
	if err := j.next(func(b *jailBlock) error {
		b.staked[staker] += n
		b.events = append(b.events, rewards.StakeEvent{Kind: rewards.StakeMoved, Staker: staker})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// takeBack takes the newest blocks back, for as many empty ones and one more.
func (j *jail) takeBack(n int) {
	j.blocks = j.blocks[:len(j.blocks)-n]
	j.branch++
	for range n + 1 {
		_ = j.next(nil) // nothing happens in it
	}
}

var errContract = errors.New("the contract says no")

func (j *jail) write(do func(*jailBlock) error) (rewards.Mined, error) {
	fail := j.fail
	if j.fail = works; fail == notSent {
		return rewards.Mined{}, errNode
	}
	if err := j.next(do); err != nil {
		return rewards.Mined{}, err
	}
	if fail == replyLost {
		return rewards.Mined{}, errNode
	}
	return rewards.Mined{}, nil
}

func (j *jail) OpenCase(_ context.Context, staker rewards.Address, evidence rewards.Hash) (rewards.Mined, error) {
	return j.write(func(b *jailBlock) error {
		for _, c := range b.cases {
			if c.open && c.staker == staker {
				return errContract
			}
		}
		if b.staked[staker] == 0 {
			return errContract
		}
		b.cases = append(b.cases, jailCase{staker, evidence, true, b.staked[staker] / 2})
		b.events = append(b.events, rewards.StakeEvent{Kind: rewards.CaseWasOpened, Case: int64(len(b.cases)), Staker: staker, Evidence: evidence, Until: jailStart.Add(time.Hour)})
		return nil
	})
}

func (j *jail) Slash(_ context.Context, id int64, evidence rewards.Hash, shares []rewards.Share) (rewards.Mined, error) {
	return j.write(func(b *jailBlock) error {
		c := b.cases[id-1]
		sum := int64(0)
		for _, s := range shares {
			sum += s.Amount.Int64()
		}
		if !c.open || sum == 0 || sum > c.most {
			return errContract
		}
		b.cases[id-1].open = false
		b.staked[c.staker] -= sum
		b.events = append(b.events, rewards.StakeEvent{Kind: rewards.CaseSlashed, Case: id, Staker: c.staker, Evidence: evidence, Amount: big.NewInt(sum)})
		return nil
	})
}

func (j *jail) Dismiss(_ context.Context, id int64) (rewards.Mined, error) {
	return j.write(func(b *jailBlock) error {
		if !b.cases[id-1].open {
			return errContract
		}
		b.cases[id-1].open = false
		b.events = append(b.events, rewards.StakeEvent{Kind: rewards.CaseWasClosed, Case: id})
		return nil
	})
}

func openStakes(t testing.TB) rewards.StakeStore {
	t.Helper()
	db, err := store.Open(context.Background(), store.Config{Path: storetest.InMemory(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db.Stakes()
}

// against prepares a case.
func against(t *testing.T, s rewards.StakeStore, j *jail, n byte, staker rewards.Address, micro int64) {
	t.Helper()
	if err := s.PrepareCase(t.Context(), &rewards.StakeCase{
		Contract: j.info.Stake.Contract, Job: "job_1", Part: int(n), Owner: "rsp_1", Staker: staker, Evidence: rewards.Hash{0xe1, n}, Amount: tasknet.Micro(micro),
		Harmed: rewards.Address{0x4a}, Honest: []rewards.Address{{1}, {2}}, At: jailStart,
	}); err != nil {
		t.Fatal(err)
	}
}

// TestBailiffTakesOnce: whatever fails, and whatever the chain takes back, each case takes what it asks for, up to the cap, once.
func TestBailiffTakesOnce(t *testing.T) {
	for seed := range uint64(40) {
		r, j, s := rand.New(rand.NewPCG(seed, 1)), newJail(), openStakes(t)
		ctx := t.Context()
		one, two, none := rewards.Address{1, 1}, rewards.Address{2, 2}, rewards.Address{3, 3}
		j.lock(t, one, 1000)
		j.lock(t, two, 100)
		against(t, s, j, 1, one, 300)
		against(t, s, j, 2, two, 300) // the cap is less
		against(t, s, j, 3, one, 1<<40)
		against(t, s, j, 4, none, 300)
		stopped := false
		for step := 0; !stopped; step++ {
			if step > 500 {
				t.Fatalf("seed %d: it does not end", seed)
			}
			b := rewards.NewBailiff(s, j, rewards.BailiffConfig{Court: j, Now: func() time.Time { return jailStart }}) // as after a crash
			if step < 30 {
				switch r.IntN(6) {
				case 0:
					j.fail = notSent
				case 1:
					j.fail = replyLost
				case 2:
					if n := len(j.blocks) - 2; n > 0 {
						j.takeBack(1 + r.IntN(min(n, 3)))
					}
				case 3:
					_ = j.next(nil) // nothing happens in it
				}
			}
			if err := b.Follow(ctx); err != nil {
				continue
			}
			if err := b.Decide(ctx); err != nil {
				continue
			}
			left, err := s.CasesToDecide(ctx, j.info.Stake.Contract, 10)
			if err != nil {
				t.Fatal(err)
			}
			stopped = step >= 30 && len(left) == 1 // that against who has nothing
		}
		now := j.blocks[len(j.blocks)-1]
		// Of 1000 the first case takes 300, and the other half of what is left; or the other way round, when the chain took a case back.
		if n := now.staked[one]; n != 350 && n != 200 || now.staked[two] != 50 {
			t.Errorf("seed %d: left are %d and %d", seed, n, now.staked[two])
		}
		for n, want := range map[int64]rewards.CaseState{1: rewards.CaseTaken, 2: rewards.CaseTaken, 3: rewards.CaseTaken, 4: rewards.CasePrepared} {
			if c, err := s.Case(ctx, n); err != nil || c.State != want || want == rewards.CaseTaken && c.Taken.Sign() <= 0 {
				t.Errorf("seed %d: case %d is %+v, %v; want %s", seed, n, c, err, want)
			}
		}
		if known, err := s.StakeOf(ctx, one); err != nil || known.Staked.Micro() != now.staked[one] || known.Counts != known.Staked {
			t.Errorf("seed %d: known is %+v, %v", seed, known, err)
		}
	}
}

// TestBailiffWatches: without a court, cases are others' to decide; what they do is known.
func TestBailiffWatches(t *testing.T) {
	ctx := t.Context()
	j, s := newJail(), openStakes(t)
	one := rewards.Address{1, 1}
	j.lock(t, one, 1000)
	against(t, s, j, 1, one, 300)
	b := rewards.NewBailiff(s, j, rewards.BailiffConfig{Now: func() time.Time { return jailStart }})
	look := func(state rewards.CaseState, counts int64) {
		t.Helper()
		if err := errors.Join(b.Follow(ctx), b.Decide(ctx)); err != nil {
			t.Fatal(err)
		}
		c, err := s.Case(ctx, 1)
		if err != nil || c.State != state {
			t.Errorf("the case is %+v, %v; want %s", c, err, state)
		}
		if known, err := s.StakeOf(ctx, one); err != nil || known.Counts.Micro() != counts {
			t.Errorf("known is %+v, %v; want %d that count", known, err, counts)
		}
	}
	look(rewards.CasePrepared, 1000)
	must := func(_ rewards.Mined, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(j.OpenCase(ctx, one, rewards.Hash{0xe1, 1}))
	look(rewards.CaseOpened, 0)
	must(j.Dismiss(ctx, 1))
	look(rewards.CaseDismissed, 1000)
	must(j.OpenCase(ctx, one, rewards.Hash{0xe1, 1}))
	must(j.Slash(ctx, 2, rewards.Hash{0xe1, 1}, []rewards.Share{{To: rewards.Address{1}, Amount: big.NewInt(300)}}))
	look(rewards.CaseTaken, 700)
	j.takeBack(1)
	look(rewards.CaseOpened, 0)
	j.takeBack(len(j.blocks) - 1)
	look(rewards.CasePrepared, 1000)
}

// TestShares: half goes to the harmed, half to the honest in equal parts; whom a contract pays nothing is left out.
func TestShares(t *testing.T) {
	terms := rewards.StakeTerms{Contract: rewards.Address{1}, Court: rewards.Address{2}, Operator: rewards.Address{3}}
	staker, org, a, b, c := rewards.Address{4}, rewards.Address{5}, rewards.Address{6}, rewards.Address{7}, rewards.Address{8}
	for name, test := range map[string]struct {
		harmed rewards.Address
		honest []rewards.Address
		amount int64
		want   map[rewards.Address]int64
	}{
		"both":                       {org, []rewards.Address{a, b}, 100, map[rewards.Address]int64{org: 50, a: 25, b: 25}},
		"what does not divide":       {org, []rewards.Address{a, b, c}, 11, map[rewards.Address]int64{org: 6, a: 3, b: 1, c: 1}},
		"nobody is harmed":           {rewards.Address{}, []rewards.Address{a, b}, 11, map[rewards.Address]int64{a: 6, b: 5}},
		"nobody is honest":           {org, nil, 11, map[rewards.Address]int64{org: 11}},
		"the harmed is honest":       {org, []rewards.Address{org, a, a}, 10, map[rewards.Address]int64{org: 5, a: 5}},
		"the operator is harmed":     {terms.Operator, []rewards.Address{a, terms.Court, staker, terms.Contract}, 10, map[rewards.Address]int64{a: 10}},
		"the staker harms itself":    {staker, []rewards.Address{terms.Operator, b}, 10, map[rewards.Address]int64{b: 10}},
		"too little for all of them": {org, []rewards.Address{a, b, c}, 2, map[rewards.Address]int64{org: 1, a: 1}},
		"nobody is left":             {terms.Court, []rewards.Address{staker}, 10, map[rewards.Address]int64{}},
	} {
		var one rewards.StakeCase
		one.Harmed, one.Honest = rewards.CaseRecipients(terms, staker, test.harmed, test.honest)
		got, sum := make(map[rewards.Address]int64), int64(0)
		for _, s := range one.Shares(big.NewInt(test.amount)) {
			got[s.To] += s.Amount.Int64()
			sum += s.Amount.Int64()
		}
		if len(got) > 0 && sum != test.amount {
			t.Errorf("%s: the shares add up to %d of %d", name, sum, test.amount)
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
		for to, n := range test.want {
			if got[to] != n {
				t.Errorf("%s: %x gets %d, want %d", name, to, got[to], n)
			}
		}
	}
	for _, test := range []struct{ pay, least, want int64 }{{2, 0, 200}, {2, 201, 201}, {0, 5, 5}, {0, 0, 0}, {1 << 62, 1, 1<<63 - 1}} {
		if got := rewards.CaseAmount(tasknet.Micro(test.pay), tasknet.Micro(test.least)); got.Micro() != test.want {
			t.Errorf("for %d and %d a case asks for %d, want %d", test.pay, test.least, got.Micro(), test.want)
		}
	}
}
