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
		URL: d.Endpoint(), KeyFile: filepath.Join(dir, "keys", "poster"), RelayKeyFile: filepath.Join(dir, "keys", "relayer"),
		Confirmations: 2, Poll: 2 * time.Millisecond,
	}
}

// TestRemoteVault goes the whole way with a chain that is only known by its URL.
func TestRemoteVault(t *testing.T) {
	ctx := context.Background()
	d, cfg := served(t)
	deployed, err := eth.Deploy(ctx, cfg, d.Info().Token)
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
	want.Dev, want.Vault, want.VaultBlock = false, deployed.Vault, deployed.Mined.Block
	if diff := cmp.Diff(want, c.Info()); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}

	eth.DepositTo(t, d, deployed.Vault, [32]byte{7}, c.Info().Base(tasknet.Micro(50_000)))
	deposits, _, err := c.Deposits(ctx, 0)
	if err != nil || len(deposits) != 1 || deposits[0].Reference != [32]byte{7} {
		t.Fatalf("deposits %+v, %v", deposits, err)
	}
	tree := owing(t, c, 8, 1000)
	post(t, c, 1, tree)
	claim(t, c, tree, 2, 5)
	if epoch, root, err := c.VaultRoot(ctx); err != nil || epoch != 1 || root != tree.Root() {
		t.Errorf("newest root %d %x, %v", epoch, root, err)
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
	if _, err := c.Claim(ctx, tree.Leaves(0, 2), tree.Multi(1, 3)); !errors.Is(err, eth.ErrProof) {
		t.Errorf("a wrong proof over the wire: %v, want %v", err, eth.ErrProof)
	}
	if epoch, _, err := d.VaultRoot(ctx); err != nil || epoch != 0 {
		t.Errorf("the other vault went to epoch %d, %v", epoch, err)
	}
}

func TestDeployWithTestToken(t *testing.T) {
	ctx := context.Background()
	d, cfg := served(t)
	deployed, err := eth.Deploy(ctx, cfg, rewards.Address{})
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
		{"no key", func(c *eth.Config) { c.KeyFile = filepath.Join(t.TempDir(), "none") }, eth.ErrKey},
		{"a key that all may read", func(c *eth.Config) { c.KeyFile = readable }, eth.ErrKey},
		{"another's key", func(c *eth.Config) { c.KeyFile = c.RelayKeyFile }, eth.ErrNotPoster},
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

// TestOutsidersDeposit has a wallet of its own deposit by RPC: blocks come by themselves, and the deposit is seen.
func TestOutsidersDeposit(t *testing.T) {
	ctx := context.Background()
	d, _ := served(t)
	eth.DepositByRPC(t, d, [32]byte{3}, big.NewInt(12345))
	deposits, _, err := d.Deposits(ctx, 0)
	if err != nil || len(deposits) != 1 || deposits[0].Base.Int64() != 12345 || deposits[0].Reference != [32]byte{3} {
		t.Errorf("deposits %+v, %v; want the one", deposits, err)
	}
}
