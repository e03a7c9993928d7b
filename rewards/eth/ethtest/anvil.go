package ethtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/rpc"
)

// Anvil is a node that makes blocks when it is told to. Its first accounts have money.
type Anvil struct {
	URL    string
	client *rpc.Client
}

// Private keys of anvil's first accounts, which all the world knows.
const (
	RichKey   = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
	SecondKey = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
	ThirdKey  = "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"
)

// Rich is the address of RichKey.
const Rich = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"

// StartAnvil starts a node that ends with the test. It skips the test where anvil is not installed.
func StartAnvil(t testing.TB) *Anvil {
	t.Helper()
	program := anvil(t)
	cmd := exec.CommandContext(context.Background(), program, "--port", "0", "--no-mining")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at, listens := strings.CutPrefix(lines.Text(), "Listening on "); listens {
			go func() { // so that it never waits for a reader; it ends with the process
				for lines.Scan() {
				}
			}()
			a := &Anvil{URL: "http://" + at}
			if a.client, err = rpc.Dial(a.URL); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(a.client.Close)
			return a
		}
	}
	t.Fatalf("anvil ended before it listened: %v", lines.Err())
	return nil
}

// anvil finds the program where npm puts it for the contracts' tests.
func anvil(t testing.TB) string {
	t.Helper()
	arch := map[string]string{"amd64": "amd64", "arm64": "arm64"}[runtime.GOARCH]
	dir, err := os.Getwd() // of the package that is tested; the compiler may have left out where files are
	for err == nil && dir != filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "rewards", "contracts", "node_modules", "@foundry-rs", fmt.Sprintf("anvil-%s-%s", runtime.GOOS, arch), "bin", "anvil")
	if _, err := os.Stat(program); err != nil {
		t.Skip("anvil is not here: run npm ci --ignore-scripts in rewards/contracts")
	}
	return program
}

// Do calls one of the node's own methods, such as anvil_mine, and reads its answer into result, which may be nil.
func (a *Anvil) Do(t testing.TB, result any, method string, args ...any) {
	t.Helper()
	if err := a.client.CallContext(context.Background(), result, method, args...); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
}

// MineBehind starts a proxy in front of the node that makes a block whenever somebody asks for the newest, as time does.
func (a *Anvil) MineBehind(t testing.TB) *Proxy {
	t.Helper()
	p := StartProxy(t, a.URL)
	p.Break(func(method string) Fault {
		if method == "eth_blockNumber" {
			a.Mine(t)
		}
		return Works
	})
	return p
}

// Pass lets seconds pass, of which the next block tells.
func (a *Anvil) Pass(t testing.TB, seconds int) {
	t.Helper()
	a.Do(t, nil, "evm_increaseTime", seconds)
	a.Mine(t)
}

// Mine makes one block.
func (a *Anvil) Mine(t testing.TB) {
	t.Helper()
	a.Do(t, nil, "evm_mine")
}

// Send has one of the node's own accounts call a contract, in a block of its own. The data is hex.
func (a *Anvil) Send(t testing.TB, from, to, data string) {
	t.Helper()
	var tx string
	a.Do(t, &tx, "eth_sendTransaction", map[string]string{"from": from, "to": to, "data": data})
	a.Mine(t)
	var receipt struct{ Status string }
	if a.Do(t, &receipt, "eth_getTransactionReceipt", tx); receipt.Status != "0x1" {
		t.Fatalf("a call of %s was undone: %s", to, data)
	}
}
