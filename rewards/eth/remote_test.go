package eth_test

import (
	"context"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// served is a dev chain with an RPC address, seen as outsiders see a chain. Its keys have money there.
func served(t *testing.T) (d *eth.Dev, cfg eth.Config) {
	t.Helper()
	dir := t.TempDir()
	d, err := eth.OpenDev(context.Background(), eth.DevConfig{Dir: dir, RPC: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, eth.Config{
		URL: d.Endpoint(), Key: eth.Key{File: filepath.Join(dir, "keys", "poster")}, RelayKey: eth.Key{File: filepath.Join(dir, "keys", "relayer")},
		Confirmations: 2, Poll: 2 * time.Millisecond,
	}
}

// TestRemoteVault goes the whole way with a chain that is only known by its URL.
func TestRemoteVault(t *testing.T) {
	ctx := context.Background()
	d, cfg := served(t)
	deployed, err := eth.Deploy(ctx, cfg, eth.Terms{Token: d.Info().Token})
	if err != nil {
		t.Fatal(err)
	}
	if deployed.Token != d.Info().Token || deployed.Vault == d.Info().Vault {
		t.Fatalf("deployed %+v beside %+v", deployed, d.Info())
	}
	cfg.Vault = deployed.Vault
	c, err := eth.Dial(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := d.Info()
	want.Dev, want.Vault, want.VaultBlock, want.Oracle, want.Stake = false, deployed.Vault, deployed.Mined.Block, rewards.Address{}, rewards.StakeTerms{}
	if diff := cmp.Diff(want, c.Info()); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}

	eth.DepositTo(t, d, deployed.Vault, [32]byte{7}, c.Info().Base(tasknet.Micro(50_000)))
	deposits, _, err := c.Events(ctx, 0)
	if err != nil || len(deposits) != 1 || deposits[0].Reference != [32]byte{7} {
		t.Fatalf("deposits %+v, %v", deposits, err)
	}
	tree := owing(t, c, 8, 1000)
	post(t, c, 1, tree)
	claim(t, c, 1, tree, 2, 5)
	inForce := header(1, tree)
	if roots, err := c.Roots(ctx); err != nil || roots != (rewards.Roots{Epoch: 1, Header: inForce.Hash()}) {
		t.Errorf("roots %+v, %v", roots, err)
	}
	got, err := c.Claimed(ctx, []rewards.Address{person(1), person(2), person(4), person(5)})
	if err != nil {
		t.Fatal(err)
	}
	for i, micro := range []int64{0, 3000, 5000, 0} {
		if got[i].Cmp(c.Info().Base(tasknet.Micro(micro))) != 0 {
			t.Errorf("claimed %s, want %d micro-units", got[i], micro)
		}
	}
	if _, err := c.Claim(ctx, inForce, tree.Leaves(0, 2), tree.Multi(1, 3)); !errors.Is(err, eth.ErrProof) {
		t.Errorf("a wrong proof over the wire: %v, want %v", err, eth.ErrProof)
	}
	if roots, err := d.Roots(ctx); err != nil || roots.Epoch != 0 {
		t.Errorf("the other vault went to %+v, %v", roots, err)
	}
}

func TestDeployWithTestToken(t *testing.T) {
	ctx := context.Background()
	d, cfg := served(t)
	deployed, err := eth.Deploy(ctx, cfg, eth.Terms{})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Vault = deployed.Vault
	c, err := eth.Dial(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Info().Token != deployed.Token || deployed.Token == d.Info().Token || c.Poster() != d.Poster() || c.Relayer() != d.Relayer() {
		t.Errorf("deployed %+v, dialled %+v", deployed, c.Info())
	}
}

func TestDialRefuses(t *testing.T) {
	ctx := context.Background()
	d, cfg := served(t)
	cfg.Vault = d.Info().Vault
	readable := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(readable, []byte(strings.Repeat("1", 64)), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := httptest.NewServer(http.NotFoundHandler())
	defer broken.Close()
	for _, c := range []struct {
		name   string
		change func(*eth.Config)
		want   error
	}{
		{"no URL", func(c *eth.Config) { c.URL = "" }, eth.ErrConfig},
		{"negative confirmations", func(c *eth.Config) { c.Confirmations = -1 }, eth.ErrConfig},
		{"negative fee", func(c *eth.Config) { c.MaxFeeGwei = -1 }, eth.ErrConfig},
		{"negative poll", func(c *eth.Config) { c.Poll = -1 }, eth.ErrConfig},
		{"no key", func(c *eth.Config) { c.Key.File = filepath.Join(t.TempDir(), "none") }, eth.ErrKey},
		{"a key that all may read", func(c *eth.Config) { c.Key.File = readable }, eth.ErrKey},
		{"another's key", func(c *eth.Config) { c.Key = c.RelayKey }, eth.ErrNotPoster},
		{"no vault", func(c *eth.Config) { c.Vault = person(1) }, eth.ErrNoVault},
		{"a token for a vault", func(c *eth.Config) { c.Vault = d.Info().Token }, eth.ErrNoVault},
		{"nobody there", func(c *eth.Config) { c.URL = "http://127.0.0.1:1" }, eth.ErrUnavailable},
		{"no node there", func(c *eth.Config) { c.URL = broken.URL }, eth.ErrUnavailable},
	} {
		with := cfg
		c.change(&with)
		if _, err := eth.Dial(ctx, with); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestPagesAskTheChain: a page from elsewhere, or from the disk, may use a dev chain that is served.
func TestPagesAskTheChain(t *testing.T) {
	d, _ := served(t)
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Endpoint(), strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}`))
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Origin", "null")
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if allowed := answer.Header.Get("Access-Control-Allow-Origin"); allowed != "*" || answer.StatusCode != http.StatusOK {
		t.Errorf("status %d, allowed are %q", answer.StatusCode, allowed)
	}
}

// TestOutsidersDeposit has a wallet of its own deposit by RPC: blocks come by themselves, and the deposit is seen.
func TestOutsidersDeposit(t *testing.T) {
	ctx := context.Background()
	d, _ := served(t)
	eth.DepositByRPC(t, d, [32]byte{3}, big.NewInt(12345))
	deposits, _, err := d.Events(ctx, 0)
	if err != nil || len(deposits) != 1 || deposits[0].Base.Int64() != 12345 || deposits[0].Reference != [32]byte{3} {
		t.Errorf("deposits %+v, %v; want the one", deposits, err)
	}
}
