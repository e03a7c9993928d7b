package eth_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// TestExit has a depositor and a respondent take their own, with a node and public trees, and the chain tell of it.
func TestExit(t *testing.T) {
	ctx := t.Context()
	d, cfg := served(t)
	ref, sum := rewards.Reference("org_1"), d.Info().Base(tasknet.Micro(1000))
	eth.DepositAsRelayer(t, d, ref, sum)
	w, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: cfg.URL, Vault: d.Info().Vault, Confirmations: 2}, cfg.RelayKey)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if w.Address() != d.Relayer() {
		t.Fatalf("the wallet is %x", w.Address())
	}

	accounts := []rewards.VaultAccount{{Key: rewards.AccountOf(w.Address(), ref), Spent: tasknet.Micro(300)}, {Key: rewards.Hash{7}}}
	spending, err := rewards.SpendingTree(accounts, d.Info())
	if err != nil {
		t.Fatal(err)
	}
	payouts, err := merkle.New([]merkle.Leaf{{Address: person(0), Cumulative: d.Info().Base(tasknet.Micro(250))}, {Address: person(1), Cumulative: big.NewInt(5)}})
	if err != nil {
		t.Fatal(err)
	}
	since, err := w.Since(ctx, ref)
	if err != nil || since == 0 {
		t.Fatalf("the account is since block %d, %v", since, err)
	}
	h := rewards.Header{Epoch: 1, Payouts: payouts.Root(), Spending: spending.Root(), Total: payouts.Total(), Spent: spending.Total(), Through: since}
	if _, err := d.PostRoot(ctx, rewards.Header{}, h); err != nil {
		t.Fatal(err)
	}

	if _, err := w.ClaimOne(ctx, h, payouts.Leaf(0), payouts.Proof(1)); !errors.Is(err, eth.ErrProof) {
		t.Errorf("with another's proof: %v", err)
	}
	if _, err := w.ClaimOne(ctx, h, payouts.Leaf(0), payouts.Proof(0)); err != nil {
		t.Fatal(err)
	}
	if got := eth.Balance(t, d, person(0)); got.Cmp(payouts.Leaf(0).Cumulative) != 0 {
		t.Errorf("the respondent has %s", got)
	}
	if _, err := w.ClaimOne(ctx, h, payouts.Leaf(0), payouts.Proof(0)); !errors.Is(err, eth.ErrNothing) {
		t.Errorf("claimed twice: %v", err)
	}

	spent := d.Info().Base(tasknet.Micro(300))
	withdraw := func(spent *big.Int, proof [][32]byte) error {
		_, err := w.Withdraw(ctx, h, ref, spent, proof, person(9))
		return err
	}
	if err := withdraw(spent, spending.Proof(0)); !errors.Is(err, eth.ErrNotice) {
		t.Errorf("without notice: %v", err)
	}
	if _, err := w.CancelNotice(ctx, ref); !errors.Is(err, eth.ErrNotice) {
		t.Errorf("no notice to cancel: %v", err)
	}
	if _, _, err := w.GiveNotice(ctx, rewards.Reference("org_2")); !errors.Is(err, eth.ErrNothing) {
		t.Errorf("notice for what was never deposited: %v", err)
	}
	if _, _, err := w.GiveNotice(ctx, ref); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CancelNotice(ctx, ref); err != nil {
		t.Fatal(err)
	}
	_, until, err := w.GiveNotice(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := withdraw(spent, spending.Proof(0)); !errors.Is(err, eth.ErrNotice) {
		t.Errorf("before %s: %v", until, err)
	}
	// Blocks bring the time on; the chain makes one for each transaction.
	deadline, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for eth.HeadTime(t, d).Before(until) {
		if deadline.Err() != nil {
			t.Fatal("the notice does not end")
		}
		drip(t, d, 3, 1)
	}
	for name, err := range map[string]error{
		"less spent":        withdraw(new(big.Int), spending.Proof(0)),
		"nothing proved":    withdraw(new(big.Int), nil),
		"another's account": withdraw(new(big.Int), spending.Proof(1)),
	} {
		if !errors.Is(err, eth.ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := withdraw(spent, spending.Proof(0)); err != nil {
		t.Fatal(err)
	}
	left := new(big.Int).Sub(sum, spent)
	if got := eth.Balance(t, d, person(9)); got.Cmp(left) != 0 {
		t.Errorf("withdrawn %s, want %s", got, left)
	}
	if err := withdraw(spent, spending.Proof(0)); !errors.Is(err, eth.ErrNotice) {
		t.Errorf("withdrawn twice: %v", err)
	}

	events, _, err := w.Events(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []rewards.EventKind
	for _, e := range events {
		if e.Reference == ref {
			kinds = append(kinds, e.Kind)
			if e.Owner != w.Address() || (e.Kind == rewards.Withdrawn && e.Base.Cmp(left) != 0) {
				t.Errorf("event %+v", e)
			}
		}
	}
	want := []rewards.EventKind{rewards.Deposited, rewards.NoticeGiven, rewards.NoticeCancelled, rewards.NoticeGiven, rewards.Withdrawn}
	if len(kinds) != len(want) {
		t.Fatalf("events %v, want %v", kinds, want)
	}
	for i := range want {
		if kinds[i] != want[i] {
			t.Errorf("events %v, want %v", kinds, want)
		}
	}
}

// TestDelayedRoot has a vault with a delay and a bond: a root waits, and is claimable only when its time has come.
func TestDelayedRoot(t *testing.T) {
	ctx := t.Context()
	d, cfg := served(t)
	terms := eth.Terms{Token: d.Info().Token, Adjudicator: person(5), Delay: 5 * time.Second, Judgement: time.Minute, Notice: 135 * time.Second, Bond: big.NewInt(100)}
	for name, bad := range map[string]func(*eth.Terms){
		"a bond without a delay": func(t *eth.Terms) { t.Delay = 0 },
		"no adjudicator":         func(t *eth.Terms) { t.Adjudicator = rewards.Address{} },
		"times that wrap":        func(t *eth.Terms) { t.Delay, t.Judgement, t.Notice = 1<<62, 1<<62, 1<<62 },
		"a notice too short":     func(t *eth.Terms) { t.Notice -= time.Second },
	} {
		wrong := terms
		bad(&wrong)
		if _, err := eth.Deploy(ctx, cfg, wrong); !errors.Is(err, eth.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	deployed, err := eth.Deploy(ctx, cfg, terms)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Vault = deployed.Vault
	c, err := eth.Dial(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	eth.DepositTo(t, d, deployed.Vault, [32]byte{7}, c.Info().Base(tasknet.Micro(50_000)))
	tree := owing(t, c, 3, 1000)
	h := header(1, tree)
	if _, err := c.PostRoot(ctx, rewards.Header{}, h); !errors.Is(err, eth.ErrBond) {
		t.Errorf("a root without a bond: %v", err)
	}
	eth.MintFor(t, d, c.Poster(), big.NewInt(100))
	w, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: cfg.URL, Vault: cfg.Vault}, cfg.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.PutBond(ctx, big.NewInt(100)); err != nil {
		t.Fatal(err)
	}
	if left, delay, err := w.Left(ctx); err != nil || left != 0 || delay != terms.Delay {
		t.Errorf("%s of %s are left of no root, %v", left, delay, err)
	}
	post(t, c, 1, tree)
	if left, delay, err := w.Left(ctx); err != nil || left > delay || delay != terms.Delay {
		t.Errorf("%s of %s are left, %v", left, delay, err)
	}
	waits := rewards.Roots{Header: rewards.Header{}.Hash(), NextEpoch: 1, Next: h.Hash()}
	if roots, err := c.Roots(ctx); err != nil || roots != waits {
		t.Errorf("roots %+v, %v; want %+v", roots, err, waits)
	}
	if _, err := c.Claim(ctx, h, tree.Leaves(0, 3), tree.Multi(0, 3)); !errors.Is(err, eth.ErrNotInForce) {
		t.Errorf("a claim before its time: %v", err)
	}
	if _, err := c.PostRoot(ctx, h, header(2, tree)); !errors.Is(err, eth.ErrPending) && !errors.Is(err, eth.ErrEpoch) {
		t.Errorf("another root while one waits: %v", err)
	}
	for roots := waits; roots == waits; {
		drip(t, d, 1, 1)
		if roots, err = c.Roots(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if roots, err := c.Roots(ctx); err != nil || roots != (rewards.Roots{Epoch: 1, Header: h.Hash()}) {
		t.Errorf("roots %+v, %v", roots, err)
	}
	claim(t, c, 1, tree, 0, 3)
	paid(t, c, 3, 3, 1000)
}

// TestOldVault: what the first kind of vault holds is not touched, and the line says what to do.
func TestOldVault(t *testing.T) {
	ctx := t.Context()
	code, err := os.ReadFile("testdata/vault1.hex")
	if err != nil {
		t.Fatal(err)
	}
	d, cfg := served(t)
	old := eth.DeployOld(t, d, string(code))
	cfg.Vault = old
	if _, err := eth.Dial(ctx, cfg); !errors.Is(err, eth.ErrOldVault) {
		t.Errorf("dialled: %v", err)
	}
	if _, err := eth.OpenView(ctx, eth.ViewConfig{URL: cfg.URL, Vault: old}); !errors.Is(err, eth.ErrOldVault) {
		t.Errorf("looked at: %v", err)
	}
	if _, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: cfg.URL, Vault: old}, eth.Key{File: filepath.Join(t.TempDir(), "none")}); !errors.Is(err, eth.ErrKey) {
		t.Errorf("without a key: %v", err)
	}
	// A dev chain that an older version made.
	dir := t.TempDir()
	eth.OldDevChain(t, dir, string(code))
	if _, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir}); !errors.Is(err, eth.ErrOldVault) {
		t.Errorf("an old dev chain: %v", err)
	}
}

// TestHeaderHash compares with the vectors that the Solidity tests read.
func TestHeaderHash(t *testing.T) {
	text, err := os.ReadFile("../merkle/testdata/header.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name                                       string
		Epoch, Through, LogSize                    int64
		Payouts, Spending, Verdicts, LogRoot, Hash string
		Total, Spent                               string
	}
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 2 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	word := func(s string) rewards.Hash {
		raw, err := hex.DecodeString(s[2:])
		if err != nil {
			t.Fatal(err)
		}
		return rewards.Hash(raw)
	}
	number := func(s string) *big.Int {
		n, ok := new(big.Int).SetString(s, 10)
		if !ok {
			t.Fatalf("number %q", s)
		}
		return n
	}
	for _, v := range vectors {
		h := rewards.Header{
			Epoch: v.Epoch, Payouts: word(v.Payouts), Spending: word(v.Spending), Verdicts: word(v.Verdicts), Total: number(v.Total), Spent: number(v.Spent),
			Through: v.Through, LogRoot: word(v.LogRoot), LogSize: v.LogSize,
		}
		if h.Hash() != word(v.Hash) {
			t.Errorf("%s: %x, want %s", v.Name, h.Hash(), v.Hash)
		}
	}
}
