package eth_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// clef is the real program, which holds a key, and whom it asks about each transaction.
type clef struct {
	url     string
	account rewards.Address
	refuses atomic.Bool
	asked   atomic.Int64 // transactions
}

// startClef starts the program with a key of 64 hexadecimal digits in its keystore, for a chain. It ends with the
// test. It skips the test where the program is not there.
func startClef(t *testing.T, chain int64, key string) *clef {
	t.Helper()
	program := os.Getenv("TASKNET_TEST_CLEF")
	if program == "" {
		t.Skip("TASKNET_TEST_CLEF does not name clef, which .ci/tool clef builds")
	}
	const passphrase = "a long enough passphrase"
	dir := t.TempDir()
	accounts := filepath.Join(dir, "accounts")
	if err := os.Mkdir(accounts, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(accounts, "UTC--2026-11-22T00-00-00.0Z--key"), []byte(eth.Sealed(t, key, passphrase)), 0o600); err != nil {
		t.Fatal(err)
	}
	known := filepath.Join(dir, "4byte.json")
	if err := os.WriteFile(known, eth.Calls(t), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), program, "--stdio-ui", "--suppress-bootwarn", "--chainid", fmt.Sprint(chain), "--lightkdf", "--ipcdisable",
		"--http", "--http.addr", "127.0.0.1", "--http.port", "0", "--keystore", accounts, "--configdir", dir,
		"--auditlog", filepath.Join(dir, "audit.log"), "--4bytedb-custom", known)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &clef{account: eth.AddressOf(t, key)}
	ready, gone := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(gone)
		c.answer(out, in, passphrase, ready)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-gone
		_ = cmd.Wait() // it was killed
	})
	select {
	case c.url = <-ready:
	case <-gone:
		t.Fatal("clef ended before it listened")
	case <-time.After(time.Minute):
		t.Fatal("clef does not listen")
	}
	return c
}

// answer is who sits before the program: they are asked in its own protocol, a JSON-RPC call a line.
func (c *clef) answer(out io.Reader, in io.Writer, passphrase string, ready chan<- string) {
	for calls := json.NewDecoder(bufio.NewReader(out)); ; {
		var call struct {
			ID     json.RawMessage
			Method string
			Params []struct {
				Transaction json.RawMessage
				Info        struct {
					URL string `json:"extapi_http"`
				}
			}
		}
		if err := calls.Decode(&call); err != nil {
			return // it ended
		}
		reply := any(map[string]any{})
		switch call.Method {
		case "ui_onSignerStartup":
			ready <- call.Params[0].Info.URL
		case "ui_approveTx":
			c.asked.Add(1)
			reply = map[string]any{"transaction": call.Params[0].Transaction, "approved": !c.refuses.Load()}
		case "ui_onInputRequired":
			reply = map[string]string{"text": passphrase}
		}
		if call.ID == nil { // it wants no answer
			continue
		}
		text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": call.ID, "result": reply})
		if err != nil {
			panic(err) // it holds nothing that could not be encoded
		}
		if _, err := fmt.Fprintf(in, "%s\n", text); err != nil {
			return
		}
	}
}

// TestClef has clef itself hold the key that posts: it signs the making of a vault and a root, after whoever sits before it has
// agreed to each; what they do not agree to is not sent.
func TestClef(t *testing.T) {
	ctx := context.Background()
	d, cfg := served(t)
	key, err := os.ReadFile(cfg.Key.File)
	if err != nil {
		t.Fatal(err)
	}
	c := startClef(t, d.Info().ID, strings.TrimSpace(string(key)))
	cfg.Key = eth.Key{Signer: c.url, Account: c.account}
	deployed, err := eth.Deploy(ctx, cfg, eth.Terms{Token: d.Info().Token})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Vault = deployed.Vault
	chain, err := eth.Dial(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer chain.Close()
	eth.DepositTo(t, d, deployed.Vault, [32]byte{7}, chain.Info().Base(tasknet.Micro(50_000)))
	tree := owing(t, chain, 8, 1000)
	before := c.asked.Load()
	c.refuses.Store(true)
	if _, err := chain.PostRoot(ctx, rewards.Header{}, header(1, tree)); !errors.Is(err, eth.ErrSigner) {
		t.Errorf("not agreed to: %v, want %v", err, eth.ErrSigner)
	}
	if roots, err := chain.Roots(ctx); err != nil || roots.Epoch != 0 || c.asked.Load() == before {
		t.Errorf("asked %d times, the vault has %+v, %v", c.asked.Load()-before, roots, err)
	}
	c.refuses.Store(false)
	post(t, chain, 1, tree)
	if roots, err := chain.Roots(ctx); err != nil || roots.Header != header(1, tree).Hash() {
		t.Errorf("the vault has %+v, %v", roots, err)
	}
	claim(t, chain, 1, tree, 2, 5) // by the other key, which is in a file
}
