package app

import (
	"encoding/json"
	"flag"
	"os"
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
		"a negative price":                 {DefaultPrice: tasknet.Micro(-1)},
		"a lease of nothing":               {Lease: 1},
		"samples on a real chain":          {Samples: true, Chain: ChainConfig{URL: "http://127.0.0.1:1", Vault: rewards.Address{1}}},
		"a public node that is no address": {Chain: ChainConfig{PublicRPC: "https://x; script-src *"}},
		"a public node with a password":    {Chain: ChainConfig{PublicRPC: "https://me:secret@rpc.example.org"}},
		"a contact that is none":           {PushContact: "operator"},
		"a contact with a line break":      {PushContact: "https://example.org/\nX: y"},
		"a look at the chain all the time": {Chain: ChainConfig{URL: "http://127.0.0.1:1", Poll: 1}},
		"dev RPC beside a real chain":      {Chain: ChainConfig{URL: "http://127.0.0.1:1", DevRPC: "127.0.0.1:8545"}},
	} {
		cfg.Data = t.TempDir()
		if _, err := cfg.withDefaults(); tasknet.Describe(err).Code != "bad_config" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
