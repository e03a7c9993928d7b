package main

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

// TestStake: an owner stakes by the wallet of a node, asks for some back, and is slashed by the court and nobody else, once, for the case
// that a server has prepared.
func TestStake(t *testing.T) {
	alone(t)
	rpc := freeAddress(t)
	t.Setenv("CHAIN_DEV_RPC", rpc)
	data := t.TempDir()
	address, _, stop := serving(t, data)
	defer stop()
	t.Setenv("TASKNET_URL", address)
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := c.Instance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) rewards.Address {
		w, err := polls.ParseWallet(text)
		if err != nil {
			t.Fatal(err)
		}
		return rewards.Address(w)
	}
	key := func(name string) string { return filepath.Join(data, "chain", "keys", name) }
	secret, err := os.ReadFile(key("minter"))
	if err != nil {
		t.Fatal(err)
	}
	minter := ethtest.NewAccount(t, "http://"+rpc, strings.TrimSpace(string(secret)))
	node := filepath.Join(t.TempDir(), "keys.json")
	keys, err := client.LoadKeys(node)
	if err != nil {
		t.Fatal(err)
	}
	wallet := polls.WalletOf(keys.Wallet.PubKey())
	minter.Pay(t, wallet)
	minter.Mint(t, at(in.Token.Address), wallet, big.NewInt(0).Mul(big.NewInt(100), big.NewInt(1e18)))

	stake := func(args ...string) []string {
		return append(append([]string{"stake"}, args...), "--rpc", "http://"+rpc, "--vault", in.Vault, "--stake", in.Stake.Contract)
	}
	says := func(want string, args ...string) {
		t.Helper()
		if code, stdout, stderr := run(t, args...); code != exitOK || !strings.Contains(stdout, want) {
			t.Errorf("tasknet %q: %d, %q, %q; want %q", args, code, stdout, stderr, want)
		}
	}
	fails := func(want string, args ...string) {
		t.Helper()
		if code, _, stderr := run(t, args...); code == exitOK || !strings.Contains(stderr, want) {
			t.Errorf("tasknet %q: %d, %q; want %q", args, code, stderr, want)
		}
	}
	fails("name a node of the chain", "stake", "lock", "5", "--node", node)
	fails("AMOUNT is more than 0", stake("lock", "0", "--node", node)...)
	fails("too large", stake("lock", "99999999999999999999", "--node", node)...)
	fails("no such file", stake("lock", "5", "--node", node+".not")...)
	fails("name one key", stake("lock", "5", "--node", node, "--key-file", key("minter"))...)
	fails("no contract of stakes", "stake", "lock", "5", "--node", node, "--rpc", "http://"+rpc, "--vault", in.Vault, "--stake", in.Vault)
	says("has 0 ", stake("show", "--node", node)...)
	says("has 60 tUSD more at stake", stake("lock", "60", "--node", node)...)
	says("Take it from", stake("release", "20", "--node", node)...)
	fails("cannot be taken yet", stake("unlock", "--node", node)...)
	fails("more than there is", stake("release", "41", "--node", node)...)
	says("of which 40 counts", stake("show", "--node", node)...)
	says("60 tUSD at stake", stake("show", "--key-file", key("minter"), "--address", wallet.String())...)

	if got := printed(t, "stake", "cases"); got != "There are no cases.\n" {
		t.Errorf("%q", got)
	}
	fails("no such case", stake("slash", "1", "--key-file", key("relayer"))...)
	fails("CASE is the number", stake("slash", "0", "--key-file", key("relayer"))...)
	db, err := store.Open(t.Context(), store.Config{Path: filepath.Join(data, "tasknet.db")})
	if err != nil {
		t.Fatal(err)
	}
	for part := range 2 {
		one := rewards.StakeCase{
			Contract: at(in.Stake.Contract), Job: "job_1", Part: part, Owner: "rsp_1", Staker: rewards.Address(wallet), Evidence: rewards.Hash{0xe1, byte(part)}, Amount: tasknet.Micro(10 * tasknet.MicroPerToken),
			Harmed: minter.Address(), Honest: []rewards.Address{{0x40}}, At: time.Now(),
		}
		if err := db.Stakes().PrepareCase(t.Context(), &one); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	fails("another account", stake("freeze", "1", "--key-file", key("minter"))...)
	fails("No such case is open", stake("dismiss", "1", "--key-file", key("relayer"))...)
	says("is frozen until", stake("freeze", "1", "--key-file", key("relayer"))...)
	says("frozen already", stake("freeze", "1", "--key-file", key("relayer"))...)
	fails("freezes the stake", stake("freeze", "2", "--key-file", key("relayer"))...)
	says("of which 0 counts", stake("show", "--node", node)...)
	fails("another account", stake("slash", "1", "--key-file", key("minter"))...)
	says("10 tUSD of "+wallet.String()+" are taken", stake("slash", "1", "--key-file", key("relayer"))...)
	fails("slashed for this before", stake("slash", "1", "--key-file", key("relayer"))...)
	says("is frozen until", stake("freeze", "2", "--key-file", key("relayer"))...)
	says("is dismissed", stake("dismiss", "2", "--key-file", key("relayer"))...)
	says("has 50 tUSD at stake", stake("show", "--node", node)...)
	says("It is at", stake("collect", "--key-file", key("minter"))...)
	for {
		all := asJSON[[]wire.StakeCase](t, "stake", "cases")
		if len(all) == 2 && all[0].State == "slashed" && all[1].State == "dismissed" {
			break
		}
		if err := client.Pause(t.Context(), 20*time.Millisecond); err != nil {
			t.Fatalf("still %+v", all)
		}
	}
	says("slashed", "stake", "cases")
}
