package eth_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/store"
)

// court is a vault on anvil whose roots can be blocked, with everybody who has to do with them.
type court struct {
	*testing.T
	anvil    *ethtest.Anvil
	url      string
	keyFile  string // the poster's
	chain    *eth.Chain
	poster   *eth.Wallet
	watcher  *eth.Wallet
	judge    *eth.Wallet
	ledger   rewards.Store
	payer    *rewards.Payer
	clock    time.Time
	answered int
}

const (
	courtDelay     = time.Hour
	courtJudgement = 2 * time.Hour
	courtNotice    = 24 * time.Hour
	courtBond      = 100
)

func newCourt(t *testing.T, relay rewards.Relay) *court {
	t.Helper()
	ctx := t.Context()
	c := &court{T: t, anvil: ethtest.StartAnvil(t), clock: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	c.url = c.anvil.MineBehind(t).URL
	c.keyFile = filepath.Join(t.TempDir(), "poster")
	c.must(os.WriteFile(c.keyFile, []byte(ethtest.RichKey), 0o600))
	cfg := eth.Config{URL: c.url, Key: eth.Key{File: c.keyFile}, RelayKey: eth.Key{Secret: ethtest.RichKey}, Confirmations: 2, Poll: time.Millisecond}
	deployed, err := eth.Deploy(ctx, cfg, eth.Terms{
		Adjudicator: eth.AddressOf(t, ethtest.ThirdKey), Delay: courtDelay, Judgement: courtJudgement, Notice: courtNotice, Bond: big.NewInt(courtBond),
	})
	c.must(err)
	cfg.Vault = deployed.Vault
	c.chain, err = eth.Dial(ctx, cfg)
	c.must(err)
	t.Cleanup(func() { c.must(c.chain.Close()) })
	c.poster, c.watcher, c.judge = c.open(ethtest.RichKey), c.open(ethtest.SecondKey), c.open(ethtest.ThirdKey)
	for _, w := range []*eth.Wallet{c.poster, c.watcher} {
		eth.MintTo(t, c.chain, w.Address(), big.NewInt(10*courtBond))
	}
	_, err = c.poster.PutBond(ctx, big.NewInt(courtBond))
	c.must(err)
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(t.TempDir(), "db")})
	c.must(err)
	t.Cleanup(func() { c.must(db.Close()) })
	c.ledger = db.Rewards()
	c.payer = rewards.NewPayer(c.ledger, c.chain, rewards.PayerConfig{Relay: relay, Poll: 5 * time.Millisecond, Now: func() time.Time { return c.clock }})
	eth.MintAndDeposit(t, c.chain, c.poster.Address(), rewards.Reference("org_1"), c.chain.Info().Base(tasknet.Micro(100_000)))
	c.must(c.ledger.SetPayee(ctx, "rsp_1", person(1)))
	return c
}

func (c *court) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *court) open(key string) *eth.Wallet {
	c.Helper()
	w, err := eth.OpenWallet(c.Context(), eth.ViewConfig{URL: c.url, Vault: c.chain.Info().Vault}, eth.Key{Secret: eth.Secret(key)})
	c.must(err)
	c.Cleanup(func() { c.must(w.Close()) })
	return w
}

// earn has the one respondent earn micro-units, and the time for an epoch come.
func (c *court) earn(micro int64) {
	c.Helper()
	c.answered++
	c.clock = c.clock.Add(time.Hour)
	c.must(c.payer.CollectEvents(c.Context()))
	q, amount := fmt.Sprint("q_", c.answered), tasknet.Micro(micro)
	c.must(c.ledger.Post(c.Context(), rewards.Hold("org_1", q, amount, c.clock)))
	s, err := rewards.Settle(rewards.Bill{Org: "org_1", Cause: q, Hold: amount, Pays: []rewards.Pay{{Payee: "rsp_1", Amount: amount}}}, c.clock)
	c.must(err)
	c.must(c.ledger.Post(c.Context(), s.Transaction))
}

// until has the payer work until the newest epoch is in a state.
func (c *court) until(number int64, want rewards.EpochState) rewards.Epoch {
	c.Helper()
	var e rewards.Epoch
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		c.must(c.payer.Advance(c.Context()))
		var err error
		e, err = c.ledger.LastEpoch(c.Context())
		c.must(err)
		if e.Number == number && e.State == want {
			return e
		}
	}
	c.Fatalf("epoch %d is %s, want %d %s", e.Number, e.State, number, want)
	return e
}

// paid checks what the respondent has got, in micro-units, and that the ledger is right.
func (c *court) paid(want int64) {
	c.Helper()
	got, err := c.chain.Claimed(c.Context(), []rewards.Address{person(1)})
	c.must(err)
	if got[0].Cmp(c.chain.Info().Base(tasknet.Micro(want))) != 0 {
		c.Errorf("the respondent was paid %s base units, want %d micro-units", got[0], want)
	}
	totals, err := c.ledger.Totals(c.Context())
	c.must(err)
	if !totals.Conserved() || totals.Claimed != tasknet.Micro(want) {
		c.Errorf("totals %+v, want %d claimed", totals, want)
	}
}

// bonds checks what poster, watcher and adjudicator have at stake.
func (c *court) bonds(want ...int64) {
	c.Helper()
	for i, w := range []*eth.Wallet{c.poster, c.watcher, c.judge} {
		if got, err := w.BondOf(c.Context(), w.Address()); err != nil || got.Int64() != want[i] {
			c.Errorf("bond %d is %s, %v; want %d", i, got, err, want[i])
		}
	}
}

// TestJudged goes through all that can happen to a root which a watcher blocks, on a real chain: it is judged good, judged
// wrong, or nobody says anything; claims under the root before go on, and a void root comes again only when it is told to.
func TestJudged(t *testing.T) {
	ctx := t.Context()
	// At one token a coin and a share of all of it, a first claim of 530 micro-units is worth its gas below 10 gwei.
	c := newCourt(t, rewards.Relay{Share: 10_000, CoinPrice: tasknet.Micro(tasknet.MicroPerToken)})
	hour := int(courtDelay / time.Second)

	c.earn(530)
	c.until(1, rewards.Confirmed)
	c.anvil.Pass(t, hour)
	c.anvil.Do(t, nil, "anvil_setNextBlockBaseFeePerGas", "0x174876e800") // 100 gwei
	c.anvil.Mine(t)
	c.until(1, rewards.Settled)
	c.paid(0) // it was not worth it

	c.earn(700)
	second := c.until(2, rewards.Confirmed)
	header := second.Header(c.chain.Info())
	evidence := rewards.Hash{0xe1}
	if _, err := c.watcher.BlockRoot(ctx, header, evidence); !errors.Is(err, eth.ErrBond) {
		t.Errorf("blocked without a bond: %v", err)
	}
	if _, err := c.poster.BlockRoot(ctx, header, evidence); !errors.Is(err, eth.ErrNotWatcher) {
		t.Errorf("blocked by the poster: %v", err)
	}
	_, err := c.watcher.PutBond(ctx, big.NewInt(courtBond))
	c.must(err)
	other := header
	other.LogSize++
	if _, err := c.watcher.BlockRoot(ctx, other, evidence); !errors.Is(err, eth.ErrNotPending) {
		t.Errorf("another root blocked: %v", err)
	}
	_, err = c.watcher.BlockRoot(ctx, header, evidence)
	c.must(err)
	if _, err := c.watcher.TakeBond(ctx, big.NewInt(1)); !errors.Is(err, eth.ErrBond) {
		t.Errorf("a bond at stake taken back: %v", err)
	}
	c.until(2, rewards.Blocked)
	if !strings.Contains(c.payer.Waiting(), "blocked") {
		t.Errorf("the status is %q", c.payer.Waiting())
	}
	for range 40 { // gas becomes cheap
		c.anvil.Mine(t)
	}
	c.clock = c.clock.Add(time.Hour)
	c.until(2, rewards.Blocked)
	c.paid(530) // under the root before
	if _, err := c.watcher.Judge(ctx, 2, false); !errors.Is(err, eth.ErrNotAdjudicator) {
		t.Errorf("judged by the watcher: %v", err)
	}
	_, err = c.judge.Judge(ctx, 2, true)
	c.must(err)
	c.until(2, rewards.Settled)
	c.paid(1230)
	c.bonds(150, 0, 50)

	c.earn(800)
	third := c.until(3, rewards.Confirmed)
	_, err = c.watcher.PutBond(ctx, big.NewInt(courtBond))
	c.must(err)
	_, err = c.watcher.BlockRoot(ctx, third.Header(c.chain.Info()), evidence)
	c.must(err)
	c.until(3, rewards.Blocked)
	_, err = c.judge.Judge(ctx, 3, false)
	c.must(err)
	c.until(3, rewards.Voided)
	c.bonds(50, 150, 100)
	for range 3 {
		c.until(3, rewards.Voided)
	}
	if roots, err := c.chain.Roots(ctx); err != nil || roots.Epoch != 2 || roots.NextEpoch != 0 || !strings.Contains(c.payer.Waiting(), "epoch 3 is void") {
		t.Errorf("roots %+v, %v, status %q", roots, err, c.payer.Waiting())
	}
	c.must(rewards.PostAgain(ctx, c.ledger, 3))
	if err := c.payer.Advance(ctx); !errors.Is(err, eth.ErrBond) || !strings.Contains(c.payer.Waiting(), "put a bond") {
		t.Errorf("posted with half a bond: %v, status %q", err, c.payer.Waiting())
	}
	_, err = c.poster.PutBond(ctx, big.NewInt(courtBond))
	c.must(err)

	again := c.until(3, rewards.Confirmed)
	if again.Tx == third.Tx {
		t.Errorf("it says that it was posted by 0x%x, as the void one", again.Tx)
	}
	_, err = c.watcher.BlockRoot(ctx, again.Header(c.chain.Info()), evidence)
	c.must(err)
	c.until(3, rewards.Blocked)
	c.anvil.Pass(t, int(courtJudgement/time.Second))
	c.until(3, rewards.Voided)
	c.bonds(150, 150, 100)
	c.paid(1230)
	c.must(rewards.PostAgain(ctx, c.ledger, 3))
	c.until(3, rewards.Confirmed)
	c.anvil.Pass(t, hour)
	c.until(3, rewards.Settled)
	c.paid(2030)
}

// TestPosterRotates gives the poster's place to another key while the payer runs, and has the adjudicator name one when the
// poster is silent.
func TestPosterRotates(t *testing.T) {
	ctx := t.Context()
	c := newCourt(t, rewards.Relay{})
	if _, err := c.watcher.AcceptPoster(ctx); !errors.Is(err, eth.ErrNotOffered) {
		t.Errorf("a place taken that was not offered: %v", err)
	}
	if _, err := c.watcher.OfferPoster(ctx, c.watcher.Address()); !errors.Is(err, eth.ErrNotPoster) {
		t.Errorf("a place offered that is another's: %v", err)
	}
	if _, err := c.judge.RecoverPoster(ctx, c.watcher.Address()); !errors.Is(err, eth.ErrPosterThere) {
		t.Errorf("a poster replaced who is there: %v", err)
	}
	if _, err := c.poster.RecoverPoster(ctx, c.watcher.Address()); !errors.Is(err, eth.ErrNotAdjudicator) {
		t.Errorf("a poster named by the poster: %v", err)
	}

	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	until := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !is(); {
			if time.Now().After(deadline) {
				t.Fatalf("not %s, status %q", what, c.payer.Waiting())
			}
			time.Sleep(5 * time.Millisecond) //nolint:forbidigo // the payer and the chain tell nobody
		}
	}
	epoch := func(number int64, state rewards.EpochState) func() bool {
		return func() bool {
			e, err := c.ledger.LastEpoch(ctx)
			return err == nil && e.Number == number && e.State == state
		}
	}
	c.earn(10)
	go func() { done <- c.payer.Run(running) }()
	until("posted", epoch(1, rewards.Confirmed))
	if left, delay, err := c.watcher.Left(ctx); err != nil || left <= 0 || left > delay || delay != courtDelay {
		t.Errorf("%s of %s are left, %v", left, delay, err)
	}
	next := c.watcher // has the key that is to post
	_, err := c.poster.OfferPoster(ctx, next.Address())
	c.must(err)
	if _, err := next.AcceptPoster(ctx); !errors.Is(err, eth.ErrBond) || !strings.Contains(err.Error(), "has 0 base units at stake, of 100") {
		t.Errorf("the place taken without a bond: %v", err)
	}
	_, err = next.PutBond(ctx, big.NewInt(courtBond))
	c.must(err)
	if _, err := next.AcceptPoster(ctx); !errors.Is(err, eth.ErrPending) {
		t.Errorf("the place taken while a root waits: %v", err)
	}
	c.anvil.Pass(t, int(courtDelay/time.Second))
	until("paid", epoch(1, rewards.Settled))
	_, err = next.AcceptPoster(ctx)
	c.must(err)
	stop()
	c.must(<-done)

	// The key file still has the old key, which the vault takes nothing from.
	c.earn(20)
	if err := c.payer.Advance(ctx); !errors.Is(err, eth.ErrNotPoster) || !strings.Contains(c.payer.Waiting(), "another key") {
		t.Errorf("posted with the old key: %v, status %q", err, c.payer.Waiting())
	}
	running, stop = context.WithCancel(ctx)
	defer stop()
	go func() { done <- c.payer.Run(running) }()
	c.must(os.WriteFile(c.keyFile+".new", []byte(ethtest.SecondKey), 0o600))
	c.must(os.Rename(c.keyFile+".new", c.keyFile))
	until("posted with the new key", epoch(2, rewards.Confirmed))
	c.anvil.Pass(t, int(courtDelay/time.Second))
	until("paid", epoch(2, rewards.Settled))
	stop()
	c.must(<-done)
	c.paid(30)
	if c.chain.Poster() != next.Address() {
		t.Errorf("the poster is %x", c.chain.Poster())
	}

	c.anvil.Pass(t, int(courtNotice/time.Second))
	_, err = c.judge.RecoverPoster(ctx, c.poster.Address())
	c.must(err)
	if _, poster, err := c.judge.TermsOf(ctx); err != nil || poster != c.poster.Address() {
		t.Errorf("the poster is %x, %v", poster, err)
	}
}
