package main

import (
	"context"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// TestOracle: a verdict that is not worth its gas to the server is brought by somebody else, from the server's records or from a
// file, and a call that fails is made again.
func TestOracle(t *testing.T) {
	alone(t)
	rpc := freeAddress(t)
	t.Setenv("CHAIN_DEV_RPC", rpc)
	t.Setenv("RELAY_SHARE", "1")
	t.Setenv("COIN_PRICE", "1000000") // gas is dear: no verdict is worth it
	data := t.TempDir()
	address, _, stop := serving(t, data)
	defer stop()
	t.Setenv("TASKNET_URL", address)
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	if got := printed(t, "oracle", "list"); got != "No contract has asked anything.\n" {
		t.Errorf("%q", got)
	}
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := c.Instance(ctx)
	if err != nil {
		t.Fatal(err)
	}
	minter := filepath.Join(data, "chain", "keys", "minter")
	key, err := os.ReadFile(minter)
	if err != nil {
		t.Fatal(err)
	}
	account := func(text string) [20]byte {
		w, err := polls.ParseWallet(text)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	me := ethtest.NewAccount(t, "http://"+rpc, strings.TrimSpace(string(key)))
	eater := ethtest.NewEater(t, me, account(in.Token.Address), account(in.Oracle))
	token := big.NewInt(1e18)
	me.Mint(t, account(in.Token.Address), eater.At, token)
	eater.Ask(t, ethtest.Question{Text: "Is \x1b this spam?", Options: []string{"yes", "no"}, Min: 1, Max: 1, Deadline: time.Now().Add(time.Hour), Payment: token, CallbackGas: 100_000})
	me.Mint(t, account(in.Token.Address), eater.At, token)
	eater.Ask(t, ethtest.Question{Text: strings.Repeat("Is this spam? ", 9) + "The end.", Options: []string{"yes", "no"}, Min: 1, Max: 1, Deadline: time.Now().Add(time.Hour), Payment: token, CallbackGas: 100_000})
	standing := func(of int, want func(wire.OracleStanding) bool) (q wire.OracleStanding) {
		t.Helper()
		for {
			if all := asJSON[[]wire.OracleRequest](t, "oracle", "list"); of < len(all) {
				if q = asJSON[wire.OracleStanding](t, "oracle", "show", all[of].ID); want(q) {
					return q
				}
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				t.Fatalf("still %+v", q)
			}
		}
	}
	fulfil := func(args ...string) []string {
		return append([]string{"oracle", "fulfil", "--rpc", "http://" + rpc, "--vault", in.Vault, "--key-file", minter}, args...)
	}
	fails := func(says string, args ...string) {
		t.Helper()
		if code, _, stderr := run(t, args...); code == exitOK || !strings.Contains(stderr, says) {
			t.Errorf("tasknet %q: %d, %q; want %q", args, code, stderr, says)
		}
	}
	refused := standing(0, func(q wire.OracleStanding) bool { return q.Reason != "" })
	if text := printed(t, "oracle", "show", refused.ID); !strings.Contains(text, "refused: bad_text") || strings.Contains(text, "\x1b") {
		t.Errorf("%q", text)
	}
	open := standing(1, func(q wire.OracleStanding) bool { return q.Question != "" })
	fails("does not prove", fulfil(open.ID)...)
	if text := printed(t, "oracle", "show", open.ID); !strings.Contains(text, "The end.") || !strings.HasSuffix(text, "\n  answers    0 of 1\n") {
		t.Errorf("%q", text)
	}
	if text := printed(t, "oracle", "list"); !strings.HasSuffix(text, open.ID+"  open       \"Is this spam? Is this spam? Is this spam? Is this spam? ...\n") {
		t.Errorf("%q", text)
	}
	answering(t, address, open.Question, 1)
	proven := standing(1, func(q wire.OracleStanding) bool { return q.Proof != nil })
	if text := printed(t, "oracle", "show", open.ID); !strings.Contains(text, `decided: "no"`) || !strings.Contains(text, "proven by the root of epoch") {
		t.Errorf("%q", text)
	}
	file := filepath.Join(t.TempDir(), "verdict.json")
	write := func() {
		t.Helper()
		text, err := json.Marshal(proven)
		if err == nil {
			err = os.WriteFile(file, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	proven.Verdict.Choice = 0
	write()
	fails("does not lead", fulfil(open.ID, "--file", file)...)
	proven.Verdict.Choice = 1
	write()
	fails("is of the question", fulfil(refused.ID, "--file", file)...)
	fails("failed to take it", fulfil(open.ID, "--file", file)...)
	fails("failed to take it", fulfil(open.ID)...)
	standing(1, func(q wire.OracleStanding) bool { return q.State == "fulfilled" }) // when the server has seen it on chain
	if text := printed(t, "oracle", "show", open.ID); !strings.Contains(text, "\n  delivered  the oracle has the verdict, and the contract did not take it yet; anybody can bring it: ") {
		t.Errorf("%q", text)
	}
	eater.Behave(t)
	if code, got, told := run(t, fulfil(open.ID)...); code != exitOK || got != "The oracle has the verdict: decided.\n" || !strings.HasPrefix(told, "deliver a verdict: sent by transaction 0x") {
		t.Errorf("%d, %q, %q", code, got, told)
	}
	if got := printed(t, fulfil(open.ID)...); !strings.Contains(got, "already") {
		t.Errorf("%q", got)
	}
	standing(1, func(q wire.OracleStanding) bool { return q.State == "fulfilled" })
}

// TestOracleProgress: each state of a contract's question is told with what it waits for.
func TestOracleProgress(t *testing.T) {
	next, two := wire.At(time.Date(2026, 11, 1, 0, 0, 0, 0, time.Local)), 2
	for _, c := range []struct {
		change func(*wire.OracleStanding)
		want   []string
	}{
		{func(q *wire.OracleStanding) { q.State = "asked" }, []string{"waits      to be put to people"}},
		{func(q *wire.OracleStanding) { q.State, q.Answers, q.Ask.TargetPPM = "open", &two, 900_000 }, []string{"answers    2 of the 3 that a verdict needs, and of at most 7"}},
		{func(q *wire.OracleStanding) { q.State = "closed" }, []string{"waits      for the next epoch, whose root proves the verdict"}},
		{func(q *wire.OracleStanding) { q.State, q.Epoch = "closed", 4 }, []string{"waits      for the root of epoch 4 to be in force, which proves the verdict"}},
		{
			func(q *wire.OracleStanding) {
				q.State, q.Proof, q.Tries, q.NextTry = "closed", &wire.OracleProof{Epoch: wire.Epoch{Number: 4}}, 2, &next
			},
			[]string{"proven by the root of epoch 4; anybody can bring it: tasknet oracle fulfil ff", "server     tries again, or looks whether gas is cheaper, at 2026-11-01 00:00:00; tries so far: 2"},
		},
		{func(q *wire.OracleStanding) { q.State, q.Delivered = "fulfilled", true }, []string{"delivered  the contract has taken the verdict"}},
		{func(q *wire.OracleStanding) { q.State, q.Ask.CallbackGas = "fulfilled", 0 }, []string{"delivered  the oracle has the verdict, for the contract to read"}},
		{
			func(q *wire.OracleStanding) { q.State, q.Tries = "fulfilled", 5 },
			[]string{"delivered  the contract failed to take the verdict 6 times, and this server leaves it to others; anybody can bring it: tasknet oracle fulfil ff"},
		},
		{func(q *wire.OracleStanding) { q.State = "gone" }, nil},
	} {
		q := wire.OracleStanding{OracleRequest: wire.OracleRequest{ID: "ff", Ask: wire.OracleAsk{MinAnswers: 3, MaxAnswers: 7, CallbackGas: 1}}}
		c.change(&q)
		if diff := cmp.Diff(c.want, (&program{name: "tasknet"}).progress(q)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", q.State, diff)
		}
	}
}
