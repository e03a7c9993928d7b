package eth_test

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
)

// TestSlashed goes through all that can happen to a stake on a real chain: it is locked, asked back, frozen, slashed by the court and
// nobody else, to neither the operator nor the court, and what is left is taken back after its time.
func TestSlashed(t *testing.T) {
	ctx := t.Context()
	c := newCourt(t, rewards.Relay{})
	terms := rewards.StakeTerms{Delay: 2 * time.Hour, CaseTime: time.Hour, CapPPM: 250_000}
	for name, bad := range map[string]rewards.StakeTerms{
		"another court":           {Court: c.watcher.Address(), Delay: time.Hour, CaseTime: time.Hour, CapPPM: 1},
		"unlocked within a case":  {Delay: time.Hour, CaseTime: 2 * time.Hour, CapPPM: 1},
		"a case of no time":       {Delay: time.Hour, CapPPM: 1},
		"more than all of it":     {Delay: time.Hour, CaseTime: time.Hour, CapPPM: 1_000_001},
		"nothing of it":           {Delay: time.Hour, CaseTime: time.Hour},
		"longer than anybody has": {Delay: 100 * 365 * 24 * time.Hour, CaseTime: time.Hour, CapPPM: 1},
	} {
		if _, _, err := c.poster.DeployStake(ctx, bad); !errors.Is(err, eth.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.watcher.Lock(ctx, big.NewInt(1)); !errors.Is(err, eth.ErrNoStake) {
		t.Errorf("locked where there is nothing: %v", err)
	}
	at, _, err := c.poster.DeployStake(ctx, terms)
	c.must(err)
	open := func(key string) *eth.Wallet {
		t.Helper()
		w, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: c.url, Vault: c.chain.Info().Vault, Stake: at}, eth.Key{Secret: eth.Secret(key)})
		c.must(err)
		t.Cleanup(func() { c.must(w.Close()) })
		return w
	}
	poster, staker, court := open(ethtest.RichKey), open(ethtest.SecondKey), open(ethtest.ThirdKey)
	if got := staker.Info().Stake; got.Court != court.Address() || got.Operator != poster.Address() || got.Delay != terms.Delay || got.CaseTime != terms.CaseTime || got.CapPPM != terms.CapPPM {
		t.Errorf("the terms are %+v", got)
	}
	before := eth.Held(t, c.chain, staker.Address())
	is := func(what string, staked, asked, counts, open int64) {
		t.Helper()
		s, _, err := staker.StakeNow(ctx, staker.Address())
		c.must(err)
		if s.Staked.Int64() != staked || s.Asked.Int64() != asked || s.Counts().Int64() != counts || s.Case != open {
			t.Errorf("%s: %+v, which counts %s; want %d, %d, %d, %d", what, s, s.Counts(), staked, asked, counts, open)
		}
	}
	is("before", 0, 0, 0, 0)
	if _, err := staker.Lock(ctx, new(big.Int)); !errors.Is(err, eth.ErrStakeAmount) {
		t.Errorf("nothing locked: %v", err)
	}
	if _, err := staker.Unlock(ctx); !errors.Is(err, eth.ErrStakeAmount) {
		t.Errorf("nothing unlocked: %v", err)
	}
	_, err = staker.Lock(ctx, big.NewInt(400))
	c.must(err)
	_, err = staker.RequestUnlock(ctx, big.NewInt(100))
	c.must(err)
	is("asked back", 400, 100, 300, 0)
	if _, err := staker.RequestUnlock(ctx, big.NewInt(301)); !errors.Is(err, eth.ErrStakeAmount) {
		t.Errorf("more asked back than there is: %v", err)
	}
	if _, err := staker.Unlock(ctx); !errors.Is(err, eth.ErrStakeEarly) {
		t.Errorf("unlocked at once: %v", err)
	}
	c.anvil.Pass(t, int(terms.Delay/time.Second))

	evidence := rewards.Hash{0xe7}
	for name, w := range map[string]*eth.Wallet{"the operator": poster, "the staker": staker} {
		if _, err := w.OpenCase(ctx, staker.Address(), evidence); !errors.Is(err, eth.ErrNotCourt) {
			t.Errorf("a case by %s: %v", name, err)
		}
	}
	if _, err := court.OpenCase(ctx, poster.Address(), evidence); !errors.Is(err, eth.ErrStakeAmount) {
		t.Errorf("a case against who has nothing: %v", err)
	}
	if none, err := court.CaseNow(ctx, staker.Address(), evidence); err != nil || none.ID != 0 || none.Open || none.Taken {
		t.Errorf("before: %+v, %v", none, err)
	}
	_, err = court.OpenCase(ctx, staker.Address(), evidence)
	c.must(err)
	is("frozen", 400, 100, 0, 1)
	if _, err := staker.Unlock(ctx); !errors.Is(err, eth.ErrFrozen) {
		t.Errorf("unlocked during a case: %v", err)
	}
	if _, err := court.OpenCase(ctx, staker.Address(), rewards.Hash{9}); !errors.Is(err, eth.ErrFrozen) {
		t.Errorf("two cases at once: %v", err)
	}
	now, err := court.CaseNow(ctx, staker.Address(), evidence)
	if err != nil || now.ID != 1 || !now.Open || now.Taken || now.Most.Int64() != 100 {
		t.Errorf("open: %+v, %v", now, err)
	}
	harmed, honest := rewards.Address{0x4a}, rewards.Address{0x40}
	shares := func(to rewards.Address, n int64) []rewards.Share {
		return []rewards.Share{{To: to, Amount: big.NewInt(n)}, {To: honest, Amount: big.NewInt(40)}}
	}
	for name, bad := range map[string]struct {
		by   *eth.Wallet
		to   rewards.Address
		n    int64
		want error
	}{
		"by the operator": {poster, harmed, 60, eth.ErrNotCourt},
		"by the staker":   {staker, harmed, 60, eth.ErrNotCourt},
		"to the operator": {court, poster.Address(), 60, eth.ErrStakeShares},
		"to the court":    {court, court.Address(), 60, eth.ErrStakeShares},
		"to the staker":   {court, staker.Address(), 60, eth.ErrStakeShares},
		"above the cap":   {court, harmed, 61, eth.ErrStakeAmount},
	} {
		if _, err := bad.by.Slash(ctx, 1, evidence, shares(bad.to, bad.n)); !errors.Is(err, bad.want) {
			t.Errorf("slashed %s: %v", name, err)
		}
	}
	_, err = court.Slash(ctx, 1, evidence, append(shares(harmed, 40), rewards.Share{To: c.poster.Address(), Amount: big.NewInt(0)}))
	if !errors.Is(err, eth.ErrStakeShares) {
		t.Errorf("slashed with the operator among others: %v", err)
	}
	slashed, err := court.Slash(ctx, 1, evidence, shares(harmed, 60))
	c.must(err)
	is("slashed", 300, 100, 200, 0)
	if _, err := court.Slash(ctx, 1, evidence, shares(harmed, 60)); !errors.Is(err, eth.ErrCaseOver) {
		t.Errorf("slashed twice: %v", err)
	}
	if now, err := court.CaseNow(ctx, staker.Address(), evidence); err != nil || now.Open || !now.Taken {
		t.Errorf("after: %+v, %v", now, err)
	}
	_, err = court.OpenCase(ctx, staker.Address(), rewards.Hash{9})
	c.must(err)
	_, err = court.Dismiss(ctx, 2)
	c.must(err)
	_, err = staker.Unlock(ctx)
	c.must(err)
	is("unlocked", 200, 0, 200, 0)
	if got := eth.Held(t, c.chain, staker.Address()); new(big.Int).Sub(before, got).Int64() != 300 {
		t.Errorf("the staker has %s, and had %s", got, before)
	}
	if _, err := poster.Collect(ctx); !errors.Is(err, eth.ErrStakeAmount) {
		t.Errorf("the operator collects: %v", err)
	}

	c.anvil.Mine(t)
	var kinds []rewards.StakeEventKind
	awarded := int64(0)
	events, through, err := court.StakeEvents(ctx, 0)
	c.must(err)
	for _, e := range events {
		kinds = append(kinds, e.Kind)
		switch e.Kind {
		case rewards.StakeAwarded:
			awarded += e.Amount.Int64()
		case rewards.CaseSlashed:
			if e.Tx != slashed.Tx || e.Block != slashed.Block || e.Evidence != evidence || e.Staker != staker.Address() || e.Case != 1 || e.Amount.Int64() != 100 {
				t.Errorf("slashed: %+v", e)
			}
		case rewards.CaseWasOpened:
			if e.Staker != staker.Address() || e.Until.IsZero() {
				t.Errorf("opened: %+v", e)
			}
		}
	}
	want := []rewards.StakeEventKind{"moved", "moved", "opened", "awarded", "awarded", "slashed", "opened", "dismissed", "moved"}
	if len(kinds) != len(want) || awarded != 100 {
		t.Fatalf("events %v with %d awarded, want %v", kinds, awarded, want)
	}
	for i := range want {
		if kinds[i] != want[i] {
			t.Errorf("event %d is %s, want %s", i, kinds[i], want[i])
		}
	}
	stakes, when, err := court.StakesAt(ctx, through.Block, []rewards.Address{staker.Address(), poster.Address()})
	if err != nil || len(stakes) != 2 || stakes[0].Staked.Int64() != 200 || stakes[1].Staked.Sign() != 0 || when.IsZero() {
		t.Errorf("stakes %+v at %s, %v", stakes, when, err)
	}
}
