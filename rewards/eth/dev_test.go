package eth_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/merkle"
)

func open(t testing.TB, dir string) *eth.Dev {
	t.Helper()
	d, err := eth.OpenDev(context.Background(), eth.DevConfig{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// person returns an address that nobody else in the tests has.
func person(i int) (a rewards.Address) {
	binary.BigEndian.PutUint32(a[:], 0xfeed0000)
	binary.BigEndian.PutUint32(a[16:], uint32(i))
	return a
}

// owing returns a tree in which each of n people may have been paid i+1 times each in micro-units.
func owing(t testing.TB, c rewards.Chain, n int, each int64) *merkle.Tree {
	t.Helper()
	leaves := make([]merkle.Leaf, n)
	for i := range leaves {
		leaves[i] = merkle.Leaf{Address: person(i), Cumulative: c.Info().Base(tasknet.Micro(int64(i+1) * each))}
	}
	tree, err := merkle.New(leaves)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func drip(t testing.TB, d *eth.Dev, ref byte, tokens int64) rewards.Mined {
	t.Helper()
	m, err := d.Drip(context.Background(), [32]byte{ref}, tasknet.Micro(tokens*tasknet.MicroPerToken))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// header returns the header of an epoch that pays what is in a tree, all of which was spent by an account.
func header(epoch int64, tree *merkle.Tree) rewards.Header {
	return rewards.Header{Epoch: epoch, Payouts: tree.Root(), Spending: rewards.Hash{0x5e}, Total: tree.Total(), Spent: tree.Total(), Through: 1}
}

// posted are the headers of all tests' chains by their hashes, of which the chains keep nothing else.
var posted sync.Map

// before returns the header that is in force on a chain.
func before(t testing.TB, c rewards.Chain) rewards.Header {
	t.Helper()
	roots, err := c.Roots(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	h, _ := posted.LoadOrStore(roots.Header, rewards.Header{})
	return h.(rewards.Header)
}

func post(t testing.TB, c rewards.Chain, epoch int64, tree *merkle.Tree) rewards.Mined {
	t.Helper()
	h := header(epoch, tree)
	posted.Store(h.Hash(), h)
	m, err := c.PostRoot(context.Background(), before(t, c), h)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func claim(t testing.TB, c rewards.Chain, epoch int64, tree *merkle.Tree, lo, hi int) rewards.Mined {
	t.Helper()
	m, err := c.Claim(context.Background(), header(epoch, tree), tree.Leaves(lo, hi), tree.Multi(lo, hi))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// paid holds that the first n people were paid each times i+1, and those after nothing.
func paid(t testing.TB, c rewards.Chain, n, of int, each int64) {
	t.Helper()
	var people []rewards.Address
	var want []string
	for i := range of {
		people = append(people, person(i))
		sum := int64(0)
		if i < n {
			sum = int64(i+1) * each
		}
		want = append(want, c.Info().Base(tasknet.Micro(sum)).String())
	}
	claimed, err := c.Claimed(context.Background(), people)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, b := range claimed {
		got = append(got, b.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paid sums (-want +got):\n%s", diff)
	}
}

func TestInfo(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	info := d.Info()
	got := info
	got.Genesis, got.Token, got.Vault, got.VaultBlock, got.Oracle, got.Stake = rewards.Hash{}, rewards.Address{}, rewards.Address{}, 0, rewards.Address{}, rewards.StakeTerms{}
	if diff := cmp.Diff(rewards.ChainInfo{ID: 31415926, Dev: true, Symbol: "tUSD", Decimals: 18, Confirmations: 2}, got); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
	if info.Genesis == (rewards.Hash{}) || info.Token == info.Vault || info.Oracle == (rewards.Address{}) || info.Stake == (rewards.StakeTerms{}) || info.VaultBlock < 1 || d.Poster() == d.Relayer() {
		t.Errorf("info %+v, poster %x, relayer %x", info, d.Poster(), d.Relayer())
	}
	if d.Endpoint() != "" {
		t.Errorf("the chain is served at %s and nobody asked", d.Endpoint())
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if again := open(t, dir).Info(); again != info {
		t.Errorf("opened again it is %+v, was %+v", again, info)
	}
	if other := open(t, t.TempDir()).Info(); other.Genesis == info.Genesis || other.Vault == info.Vault {
		t.Errorf("two chains have one genesis or vault: %+v", other)
	}
}

func TestDepositIsReadOnce(t *testing.T) {
	ctx := context.Background()
	d := open(t, t.TempDir())
	none, from, err := d.Events(ctx, 0)
	if err != nil || len(none) != 0 {
		t.Fatalf("%d deposits on a new chain: %v", len(none), err)
	}
	a, b := drip(t, d, 1, 7), drip(t, d, 2, 1_500_000) // the second is above what is minted at a time
	got, through, err := d.Events(ctx, from.Block)
	if err != nil {
		t.Fatal(err)
	}
	want := []rewards.Event{
		{Kind: rewards.Deposited, Tx: a.Tx, LogIndex: got[0].LogIndex, Block: a.Block, Owner: d.Minter(), Reference: [32]byte{1}, Base: d.Info().Base(tasknet.Micro(7e6))},
		{Kind: rewards.Deposited, Tx: b.Tx, LogIndex: got[1].LogIndex, Block: b.Block, Owner: d.Minter(), Reference: [32]byte{2}, Base: d.Info().Base(tasknet.Micro(15e11))},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })); diff != "" {
		t.Errorf("deposits (-want +got):\n%s", diff)
	}
	if through.Block < b.Block {
		t.Errorf("looked through block %d, the deposit is in %d", through.Block, b.Block)
	}
	if more, again, err := d.Events(ctx, through.Block); err != nil || len(more) != 0 || again.Block != through.Block {
		t.Errorf("read on: %d deposits through %d, %v; want none through %d", len(more), again.Block, err, through.Block)
	}
	if more, _, err := d.Events(ctx, a.Block); err != nil || len(more) != 1 {
		t.Errorf("from the first deposit's block: %d deposits, %v; want the second only", len(more), err)
	}
	if more, again, err := d.Events(ctx, through.Block+100); err != nil || len(more) != 0 || again != (rewards.Look{Block: through.Block + 100}) {
		t.Errorf("from beyond the head: %d deposits through %d, %v", len(more), again.Block, err)
	}
}

func TestEpochsPayTheDifference(t *testing.T) {
	ctx := context.Background()
	d := open(t, t.TempDir())
	if roots, err := d.Roots(ctx); err != nil || roots != (rewards.Roots{Header: rewards.Header{}.Hash()}) {
		t.Fatalf("roots of a new vault: %+v %v", roots, err)
	}
	drip(t, d, 1, 10_000)
	first := owing(t, d, 306, 1000)
	m := post(t, d, 1, first)
	inForce := header(1, first)
	if roots, err := d.Roots(ctx); err != nil || roots != (rewards.Roots{Epoch: 1, Header: inForce.Hash()}) {
		t.Fatalf("roots: %+v %v, want 1 %x", roots, err, inForce.Hash())
	}
	paid(t, d, 0, 306, 0)

	one := claim(t, d, 1, first, 0, 1)
	paid(t, d, 1, 306, 1000)
	claim(t, d, 1, first, 1, 6)
	paid(t, d, 6, 306, 1000)
	many := claim(t, d, 1, first, 6, 306)
	paid(t, d, 306, 306, 1000)
	claim(t, d, 1, first, 0, 306) // again
	paid(t, d, 306, 306, 1000)
	if m.Block >= one.Block || one.Block >= many.Block || m.Gas == 0 || one.Gas >= many.Gas {
		t.Errorf("root %+v, claim of one %+v, claim of 300 %+v", m, one, many)
	}

	second := owing(t, d, 310, 1700) // four newcomers
	m2 := post(t, d, 2, second)
	for epoch, want := range map[int64]rewards.Mined{1: m, 2: m2} {
		if got, err := d.RootMined(ctx, header(epoch, map[int64]*merkle.Tree{1: first, 2: second}[epoch])); err != nil || got != want {
			t.Errorf("the root of epoch %d was posted by %+v, %v; want %+v", epoch, got, err, want)
		}
	}
	if got, err := d.RootMined(ctx, header(3, second)); !errors.Is(err, rewards.ErrNoRoot) {
		t.Errorf("the root of an epoch to come: %+v, %v", got, err)
	}
	claim(t, d, 2, second, 0, 300)
	paid(t, d, 300, 300, 1700)
	claim(t, d, 2, second, 290, 310) // ten of them again
	paid(t, d, 310, 310, 1700)
}

func TestClaimsAddUpOnTheToken(t *testing.T) {
	d := open(t, t.TempDir())
	drip(t, d, 1, 100)
	tree := owing(t, d, 5, 1000)
	post(t, d, 1, tree)
	claim(t, d, 1, tree, 1, 4)
	for i, want := range []int64{0, 2000, 3000, 4000, 0} {
		if got := eth.Balance(t, d, person(i)); got.Cmp(d.Info().Base(tasknet.Micro(want))) != 0 {
			t.Errorf("person %d holds %s, want %d micro-units", i, got, want)
		}
	}
	left := d.Info().Base(tasknet.Micro(100*tasknet.MicroPerToken - 9000))
	if got := eth.Balance(t, d, d.Info().Vault); got.Cmp(left) != 0 {
		t.Errorf("the vault holds %s, want %s", got, left)
	}
}

func TestRefusals(t *testing.T) {
	ctx := context.Background()
	d := open(t, t.TempDir())
	drip(t, d, 1, 10)
	tree, other := owing(t, d, 5, 1000), owing(t, d, 5, 1001)
	rich := owing(t, d, 5, tasknet.MicroPerToken) // 15 tokens of 10
	for _, c := range []struct {
		name string
		do   func() error
		want error
	}{
		{"root of an epoch too far", func() error { _, err := d.PostRoot(ctx, rewards.Header{}, header(2, tree)); return err }, eth.ErrEpoch},
		{"root of epoch zero", func() error { _, err := d.PostRoot(ctx, rewards.Header{}, header(0, tree)); return err }, eth.ErrEpoch},
		{"root of more than there is", func() error { _, err := d.PostRoot(ctx, rewards.Header{}, header(1, rich)); return err }, eth.ErrUnderfunded},
		{"claim before a root", func() error { _, err := d.Claim(ctx, header(1, tree), tree.Leaves(0, 2), tree.Multi(0, 2)); return err }, eth.ErrNotInForce},
		{"claim of nobody", func() error { _, err := d.Claim(ctx, header(1, tree), nil, merkle.MultiProof{}); return err }, eth.ErrBatch},
	} {
		if err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if now, err := d.Roots(ctx); err != nil || now != (rewards.Roots{Header: rewards.Header{}.Hash()}) {
		t.Fatalf("a refused root changed the roots to %+v: %v", now, err)
	}
	post(t, d, 1, other)
	more := other.Leaves(0, 2)
	more[0].Cumulative = new(big.Int).Add(more[0].Cumulative, big.NewInt(1))
	for _, c := range []struct {
		name string
		do   func() error
		want error
	}{
		{"same epoch again", func() error { _, err := d.PostRoot(ctx, header(1, other), header(1, other)); return err }, eth.ErrEpoch},
		{"smaller total", func() error { _, err := d.PostRoot(ctx, header(1, other), header(2, tree)); return err }, eth.ErrTotal},
		{"after another root", func() error { _, err := d.PostRoot(ctx, header(1, tree), header(2, tree)); return err }, eth.ErrNotInForce},
		{"claim of another root", func() error { _, err := d.Claim(ctx, header(1, tree), tree.Leaves(0, 2), tree.Multi(0, 2)); return err }, eth.ErrNotInForce},
		{"claim of another tree", func() error {
			_, err := d.Claim(ctx, header(1, other), tree.Leaves(0, 2), tree.Multi(0, 2))
			return err
		}, eth.ErrProof},
		{"claim of more", func() error { _, err := d.Claim(ctx, header(1, other), more, other.Multi(0, 2)); return err }, eth.ErrProof},
		{"claim with another's proof", func() error {
			_, err := d.Claim(ctx, header(1, other), other.Leaves(0, 2), other.Multi(2, 4))
			return err
		}, eth.ErrProof},
		{"claim with half a proof", func() error {
			p := other.Multi(0, 2)
			_, err := d.Claim(ctx, header(1, other), other.Leaves(0, 2), merkle.MultiProof{Proof: p.Proof[1:], Flags: p.Flags})
			return err
		}, eth.ErrProof},
	} {
		if err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	paid(t, d, 0, 5, 0)
}

func TestClaimTooLargeForATransaction(t *testing.T) {
	d := open(t, t.TempDir())
	drip(t, d, 1, 1000)
	tree := owing(t, d, 2000, 1)
	post(t, d, 1, tree)
	for _, n := range []int{600, 2000} { // too much gas; too many bytes
		if _, err := d.Claim(context.Background(), header(1, tree), tree.Leaves(0, n), tree.Multi(0, n)); !errors.Is(err, eth.ErrTooLarge) {
			t.Errorf("claim of %d newcomers: %v, want %v", n, err, eth.ErrTooLarge)
		}
	}
	claim(t, d, 1, tree, 0, 300)
	paid(t, d, 300, 301, 1)
}

func TestClosedChainIsUnavailable(t *testing.T) {
	ctx := context.Background()
	d := open(t, t.TempDir())
	for range 2 {
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.PostRoot(ctx, rewards.Header{}, rewards.Header{Epoch: 1}); tasknet.Describe(err).Kind != tasknet.Unavailable {
		t.Errorf("posting to a closed chain: %v", err)
	}
	if _, err := d.Claimed(ctx, []rewards.Address{person(1)}); tasknet.Describe(err).Kind != tasknet.Unavailable {
		t.Errorf("reading a closed chain: %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := open(t, t.TempDir()).PostRoot(gone, rewards.Header{}, rewards.Header{Epoch: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("posting for a caller who is gone: %v", err)
	}
}

func TestOneOwnerOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if _, err := eth.OpenDev(context.Background(), eth.DevConfig{Dir: dir}); !errors.Is(err, eth.ErrInUse) {
		t.Errorf("opened twice: %v, want %v", err, eth.ErrInUse)
	}
}

func TestKeysAreTheOwnersAlone(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	d := open(t, dir)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	var names []string
	err := filepath.WalkDir(filepath.Join(dir, "keys"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if !e.IsDir() {
			names = append(names, e.Name())
		}
		return nil
	})
	if diff := cmp.Diff([]string{"minter", "poster", "relayer"}, names); err != nil || diff != "" {
		t.Errorf("keys: %v (-want +got):\n%s", err, diff)
	}

	poster := filepath.Join(dir, "keys", "poster")
	if err := os.Chmod(poster, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir}); !errors.Is(err, eth.ErrKey) {
		t.Errorf("a key that all may read: %v, want %v", err, eth.ErrKey)
	}
	if err := os.WriteFile(poster, []byte("c0ffee"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(poster, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir}); !errors.Is(err, eth.ErrKey) || strings.Contains(err.Error(), "c0ffee") {
		t.Errorf("half a key: %v, want %v that does not quote it", err, eth.ErrKey)
	}
	if err := os.Remove(poster); err != nil {
		t.Fatal(err)
	}
	if _, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir}); !errors.Is(err, eth.ErrOtherChain) {
		t.Errorf("a lost key: %v, want %v", err, eth.ErrOtherChain)
	}
}

func TestBadSettings(t *testing.T) {
	ctx := context.Background()
	for _, c := range []eth.DevConfig{
		{},
		{Dir: t.TempDir(), Confirmations: -1},
		{Dir: t.TempDir(), RPC: "0.0.0.0:8545"},
		{Dir: t.TempDir(), RPC: "example.org:8545"},
		{Dir: t.TempDir(), RPC: "127.0.0.1"},
	} {
		if _, err := eth.OpenDev(ctx, c); !errors.Is(err, eth.ErrConfig) {
			t.Errorf("%+v: %v, want %v", c, err, eth.ErrConfig)
		}
	}
}

func TestConfirmationsAreMade(t *testing.T) {
	ctx := context.Background()
	d, err := eth.OpenDev(ctx, eth.DevConfig{Dir: t.TempDir(), Confirmations: 5})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m := drip(t, d, 1, 1)
	if head := eth.Head(t, d); head != m.Block+5 {
		t.Errorf("the deposit is in block %d and the head is %d, want 5 more", m.Block, head)
	}
}

func BenchmarkOpenExisting(b *testing.B) {
	dir := b.TempDir()
	d := open(b, dir)
	drip(b, d, 1, 1000)
	post(b, d, 1, owing(b, d, 300, 1))
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		d := open(b, dir)
		b.StopTimer()
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkOpenNew(b *testing.B) {
	for b.Loop() {
		d := open(b, b.TempDir())
		b.StopTimer()
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkPostRoot(b *testing.B) {
	d := open(b, b.TempDir())
	drip(b, d, 1, 1000)
	tree := owing(b, d, 300, 1)
	for epoch := int64(1); b.Loop(); epoch++ {
		post(b, d, epoch, tree)
	}
}

// BenchmarkClaim300 pays 300 people who were paid before.
func BenchmarkClaim300(b *testing.B) {
	d := open(b, b.TempDir())
	drip(b, d, 1, 1_000_000)
	gas := int64(0)
	for epoch := int64(1); b.Loop(); epoch++ {
		b.StopTimer()
		tree := owing(b, d, 300, epoch)
		post(b, d, epoch, tree)
		b.StartTimer()
		gas = claim(b, d, epoch, tree, 0, 300).Gas
	}
	b.ReportMetric(float64(gas)/300, "gas/person")
}

// TestHalfMade opens a folder as a process leaves it that is killed while it makes the chain's database: with a manifest
// and a log, and without the mark of the format.
func TestHalfMade(t *testing.T) {
	dir := t.TempDir()
	made := filepath.Join(dir, "chain", "chaindata")
	if err := os.MkdirAll(made, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"MANIFEST-000001", "marker.manifest.000001.MANIFEST-000001", "000002.log"} {
		if err := os.WriteFile(filepath.Join(made, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, dir)
	drip(t, d, 1, 5)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if deposits, _, err := open(t, dir).Events(t.Context(), 0); err != nil || len(deposits) != 1 {
		t.Errorf("%d deposits after a restart, %v; a whole chain was dropped", len(deposits), err)
	}
}
