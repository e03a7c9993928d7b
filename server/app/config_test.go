package app

import (
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestDefaultConfig freezes what an instance does when nobody says anything, so that no default changes unnoticed.
func TestDefaultConfig(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", "/data")
	cfg, err := Config{}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Log, cfg.now = nil, nil
	got, err := json.MarshalIndent(cfg, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/config.json"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestConfigRefuses(t *testing.T) {
	for name, cfg := range map[string]Config{
		"an address without port":          {Listen: "localhost"},
		"a fee of more than all":           {FeeBasisPoints: 10_001},
		"an artefact too large for any":    {ArtefactMax: 257 << 30},
		"a quota of less than nothing":     {ArtefactQuota: -1},
		"a negative price":                 {DefaultPrice: tasknet.Micro(-1)},
		"a lease of nothing":               {Lease: 1},
		"samples on a real chain":          {Samples: true, Chain: ChainConfig{URL: "http://127.0.0.1:1", Vault: rewards.Address{1}}},
		"a public node that is no address": {Chain: ChainConfig{PublicRPC: "https://x; script-src *"}},
		"a public node with a password":    {Chain: ChainConfig{PublicRPC: "https://me:secret@rpc.example.org"}},
		"a contact that is none":           {PushContact: "operator"},
		"a contact with a line break":      {PushContact: "https://example.org/\nX: y"},
		"a look at the chain all the time": {Chain: ChainConfig{URL: "http://127.0.0.1:1", Poll: 1}},
		"a share without a price":          {Relay: rewards.Relay{Share: 100}},
		"a coin of less than nothing":      {Relay: rewards.Relay{CoinPrice: tasknet.Micro(-1)}},
		"dev RPC beside a real chain":      {Chain: ChainConfig{URL: "http://127.0.0.1:1", DevRPC: "127.0.0.1:8545"}},
	} {
		cfg.Data = t.TempDir()
		if _, err := cfg.withDefaults(); tasknet.Describe(err).Code != "bad_config" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRelayShare: a price of the coin is enough for small sums to wait, and a start on a real chain without one says what that
// means.
func TestRelayShare(t *testing.T) {
	const chain = "http://127.0.0.1:1"
	price := tasknet.Micro(2_000_000)
	for _, c := range []struct {
		name  string
		url   string
		relay rewards.Relay
		share int
		warns bool
	}{
		{"dev chain", "", rewards.Relay{}, 0, false},
		{"a real chain", chain, rewards.Relay{}, 0, true},
		{"a price", chain, rewards.Relay{CoinPrice: price}, 1000, false},
		{"both", chain, rewards.Relay{CoinPrice: price, Share: 50}, 50, false},
	} {
		cfg, err := Config{Data: t.TempDir(), Relay: c.relay, Chain: ChainConfig{URL: c.url}}.withDefaults()
		if err != nil || cfg.Relay.Share != c.share {
			t.Errorf("%s: the share is %d, %v", c.name, cfg.Relay.Share, err)
		}
		var log strings.Builder
		cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
		cfg.Listen = "127.0.0.1:0"
		a, err := New(t.Context(), cfg)
		if (err == nil) != (c.url == "") { // nobody is at the address
			t.Fatalf("%s: %v", c.name, err)
		}
		if err == nil {
			if err := a.group.closeAll(); err != nil {
				t.Error(err)
			}
		}
		said := log.String()
		if warned := strings.Count(said, "whatever their gas costs"); warned > 1 || (warned == 1) != c.warns || c.warns && (!strings.Contains(said, "COIN_PRICE") || !strings.Contains(said, "RELAY_SHARE")) {
			t.Errorf("%s: %s", c.name, said)
		}
	}
}
