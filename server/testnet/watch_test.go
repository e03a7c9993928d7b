package testnet_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// thirdAddress is the address of ethtest.ThirdKey.
const thirdAddress = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc"

// watched is an instance whose vault is on anvil, where roots take effect after an hour unless a watcher blocks them.
type watched struct {
	*testing.T
	anvil  *ethtest.Anvil
	refuse atomic.Bool // no transaction reaches the chain
	rpc    string
	vault  rewards.Address
	cfg    app.Config
	net    *testnet.Net
	binary string
	view   *eth.Wallet // the watcher's
}

func newWatched(t *testing.T, ctx context.Context, binary string) *watched {
	t.Helper()
	w := &watched{T: t, anvil: ethtest.StartAnvil(t), binary: binary}
	proxy := ethtest.StartProxy(t, w.anvil.URL)
	proxy.Break(func(method string) ethtest.Fault {
		switch {
		case method == "eth_blockNumber":
			w.anvil.Mine(t)
		case method == "eth_sendRawTransaction" && w.refuse.Load():
			return ethtest.ErrorBefore
		}
		return ethtest.Works
	})
	w.rpc = proxy.URL
	data := t.TempDir()
	for name, key := range map[string]string{"poster": ethtest.RichKey, "watcher": ethtest.SecondKey} {
		w.must(os.WriteFile(filepath.Join(data, name), []byte(key), 0o600))
	}
	key := eth.Key{File: filepath.Join(data, "poster")}
	judge, err := polls.ParseWallet(thirdAddress)
	w.must(err)
	made, err := eth.Deploy(ctx, eth.Config{URL: w.rpc, Key: key, Confirmations: 1, Poll: time.Millisecond}, eth.Terms{
		Adjudicator: rewards.Address(judge), Delay: time.Hour, Judgement: time.Hour, Notice: 24 * time.Hour, Bond: big.NewInt(100),
	})
	w.must(err)
	w.vault = made.Vault
	w.cfg = app.Config{Data: filepath.Join(data, "server"), Chain: app.ChainConfig{URL: w.rpc, Key: key, Vault: made.Vault, Confirmations: 1}}
	w.view = w.wallet(ethtest.SecondKey)
	token := polls.Wallet(made.Token).String()
	w.anvil.Send(t, ethtest.Rich, token, call("40c10f19", ethtest.Rich, amount(2000)))
	w.anvil.Send(t, ethtest.Rich, token, call("40c10f19", polls.Wallet(w.view.Address()).String(), amount(1)))
	_, err = w.wallet(ethtest.RichKey).PutBond(ctx, big.NewInt(100))
	w.must(err)

	w.net = testnet.Start(t, w.cfg)
	how, err := w.net.Requester.HowToDeposit(ctx)
	w.must(err)
	vault := polls.Wallet(made.Vault).String()
	w.anvil.Send(t, ethtest.Rich, token, call("095ea7b3", vault, amount(1000)))
	w.anvil.Send(t, ethtest.Rich, vault, call("eb2243f8", ethtest.Rich, how.Reference, amount(1000)))
	w.until(ctx, "the deposit is credited", func() bool {
		for range w.net.Requester.Deposits(ctx) {
			return true
		}
		return false
	})
	return w
}

func (w *watched) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *watched) wallet(key string) *eth.Wallet {
	w.Helper()
	out, err := eth.OpenWallet(w.Context(), eth.ViewConfig{URL: w.rpc, Vault: w.vault}, eth.Key{Secret: eth.Secret(key)})
	w.must(err)
	w.Cleanup(func() { w.must(out.Close()) })
	return out
}

// call returns calldata of a method with words.
func call(selector string, words ...string) string {
	out := "0x" + selector
	for _, word := range words {
		word = strings.TrimPrefix(word, "0x")
		out += strings.Repeat("0", 64-len(word)) + word
	}
	return out
}

// amount returns tokens of 18 decimals as a word.
func amount(tokens int64) string {
	return new(big.Int).Mul(big.NewInt(tokens), big.NewInt(1e18)).Text(16)
}

func (w *watched) until(ctx context.Context, what string, is func() bool) {
	w.Helper()
	for !is() {
		select {
		case <-ctx.Done():
			w.Fatalf("it did not come to that: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// earn has three people answer a question, and waits for an epoch to be in a state.
func (w *watched) earn(ctx context.Context, number int64, state rewards.EpochState) {
	w.Helper()
	q := w.net.Ask(w.T, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}})
	for range 3 {
		w.net.Answer(w.T, ctx, w.net.Person(w.T, ctx), q.ID, 0)
	}
	w.epoch(ctx, number, state)
}

func (w *watched) epoch(ctx context.Context, number int64, state rewards.EpochState) {
	w.Helper()
	w.until(ctx, fmt.Sprintf("epoch %d is %s", number, state), func() bool {
		for e, err := range w.net.Client.Epochs(ctx) {
			w.must(err)
			if e.Number == number && e.State == string(state) {
				return true
			}
		}
		return false
	})
}

// posted waits until the root of an epoch waits in the vault.
func (w *watched) posted(ctx context.Context, number int64) {
	w.Helper()
	w.until(ctx, fmt.Sprintf("the root of epoch %d waits", number), func() bool {
		roots, err := w.view.Roots(ctx)
		w.must(err)
		return roots.NextEpoch == number
	})
}

// watch runs the watcher once.
func (w *watched) watch(ctx context.Context, evidence string) (status int, out string) {
	w.Helper()
	cmd := exec.CommandContext(ctx, w.binary, "vault", "watch", "--once", "--every", "50ms", "--server", w.net.URL, "--rpc", w.rpc, "--vault", polls.Wallet(w.vault).String(),
		"--key-file", filepath.Join(filepath.Dir(w.cfg.Data), "watcher"), "--confirmations", "1", "--evidence", evidence)
	text, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), string(text)
	}
	w.must(err)
	return 0, string(text)
}

// TestWatch: a server that posts what its records give is left alone, and one whose header pays a unit too much is blocked.
func TestWatch(t *testing.T) {
	t.Parallel()       // it waits for blocks
	binary := build(t) // before the time begins
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	w := newWatched(t, ctx, binary)
	evidence := t.TempDir()
	if status, out := w.watch(ctx, evidence); status == 0 || !strings.Contains(out, "0 base units at stake, of 100") {
		t.Errorf("without a bond: status %d, %q", status, out)
	}
	_, err := w.view.PutBond(ctx, big.NewInt(100))
	w.must(err)
	if status, out := w.watch(ctx, evidence); status != 0 || !strings.Contains(out, "No root waits") {
		t.Errorf("before the first root: status %d, %q", status, out)
	}
	w.earn(ctx, 1, rewards.Confirmed)
	w.posted(ctx, 1)
	if status, out := w.watch(ctx, evidence); status != 0 || !strings.Contains(out, "The root of epoch 1 is what the records give") {
		t.Errorf("an honest root: status %d, %q", status, out)
	}
	w.anvil.Pass(t, 3600)
	w.epoch(ctx, 1, rewards.Settled)

	// Whoever has the server changes what it is about to post.
	w.refuse.Store(true)
	w.earn(ctx, 2, rewards.Built)
	w.net.Stop(t)
	db, err := sql.Open("sqlite", filepath.Join(w.cfg.Data, "tasknet.db"))
	w.must(err)
	result, err := db.ExecContext(ctx, "UPDATE epochs SET cumulative = cumulative + 1 WHERE number = 2 AND state = 'built'")
	w.must(errors.Join(err, db.Close()))
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%d epochs were changed, %v", n, err)
	}
	w.refuse.Store(false)
	w.net = testnet.Start(t, w.cfg)
	defer func() { w.net.Stop(t) }()
	w.posted(ctx, 2)
	status, out := w.watch(ctx, evidence)
	if status != 3 || !strings.Contains(out, "epoch 2: cumulative: expected") || !strings.Contains(out, "It is blocked by transaction 0x") {
		t.Fatalf("a root that pays one unit too much: status %d, %q", status, out)
	}
	files, err := filepath.Glob(filepath.Join(evidence, "evidence-2-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("evidence in %q, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	w.must(err)
	sum := sha256.Sum256(text)
	var logs []struct{ Data string }
	w.anvil.Do(t, &logs, "eth_getLogs", map[string]any{"address": polls.Wallet(w.vault).String(), "fromBlock": "0x0"})
	there := false
	for _, l := range logs {
		there = there || l.Data == "0x"+hex.EncodeToString(sum[:])
	}
	if !there || !bytes.Contains(text, []byte(`"field": "cumulative"`)) {
		t.Errorf("the vault does not have the hash %x of %s", sum, text)
	}
	w.epoch(ctx, 2, rewards.Blocked)
	if status, out := w.watch(ctx, evidence); status != 0 || !strings.Contains(out, "the adjudicator decides") || !strings.Contains(out, "The root of epoch 1, which is in force, is what") {
		t.Errorf("a blocked root: status %d, %q", status, out)
	}

	// The adjudicator errs, and the wrong root is in force.
	judge := w.wallet(ethtest.ThirdKey)
	_, err = judge.Judge(ctx, 2, true)
	w.must(err)
	_, err = w.view.PutBond(ctx, big.NewInt(100))
	w.must(err)
	status, out = w.watch(ctx, evidence)
	if status != 3 || !strings.Contains(out, "No root waits") || !strings.Contains(out, "WRONG: The root of epoch 2, which is in force, is not what the records give") {
		t.Errorf("a wrong root in force: status %d, %q", status, out)
	}
	if status, out := w.watch(ctx, t.TempDir()); status != 3 || !strings.Contains(out, "The evidence") {
		t.Errorf("a wrong root in force, to another watcher: status %d, %q", status, out)
	}
}
