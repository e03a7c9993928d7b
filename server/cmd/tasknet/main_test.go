package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/replay"
	"github.com/tasknet/tasknet/server/wire"
)

// run runs the program and returns what it ended with and wrote.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Main(t.Context(), append([]string{"tasknet"}, args...), &out, &err)
	return code, out.String(), err.String()
}

// alone keeps the caller's environment out of a test.
func alone(t *testing.T) {
	t.Helper()
	for _, name := range append(settings(t), "TASKNET_URL", "TASKNET_KEY", "CHAIN_RELAY_KEY", "CHAIN_RELAY_KEY_PASSPHRASE_FILE", "CHAIN_RELAY_KEY_SIGNER", "CHAIN_RELAY_KEY_ACCOUNT") {
		t.Setenv(name, "")
	}
}

// settings returns the environment variables that serve tells of.
func settings(t *testing.T) (names []string) {
	t.Helper()
	cmd, _, err := (&program{name: "tasknet"}).root().Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Annotations[envName]...) })
	return append(names, regexp.MustCompile(`\b[A-Z]+(_[A-Z]+)+\b`).FindAllString(aboutServe, -1)...)
}

// TestSettingsAreTold: who looks for a setting finds it where all are listed.
func TestSettingsAreTold(t *testing.T) {
	names := settings(t)
	if !slices.Contains(names, "LEASE") || !slices.Contains(names, "CHAIN_KEY_ACCOUNT") {
		t.Fatalf("settings: %v", names)
	}
	for file, line := range map[string]string{"README.md": "`%s`", "deploy/tasknet.env": "\n# %s="} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			hidden := name == "UNLIMITED" || name == "DATA" && file != "README.md" // for tests; and the unit's own
			if !hidden && !strings.Contains(string(text), fmt.Sprintf(line, name)) {
				t.Errorf("%s does not tell of %s", file, name)
			}
		}
	}
}

func TestCommandLinesThatMakeNoSense(t *testing.T) {
	alone(t)
	t.Setenv("TASKNET_KEY", "tn_x")
	missing, there := filepath.Join(t.TempDir(), "missing"), t.TempDir()
	writeTree(t, there, map[string][]byte{"file": nil})
	for _, tt := range []struct {
		args string
		says string
	}{
		{"verify --bundle " + there + " --manifest xyz", "64 hex digits"},
		{"verify --bundle " + there + " --server http://127.0.0.1:1", "no server is asked"},
		{"frobnicate", `there is no command "frobnicate"`},
		{"--frobnicate", "tasknet has no flag --frobnicate"},
		{"serve now", `"now" is one word too many; tasknet serve takes flags only`},
		{"project frobnicate --json", `there is no command "frobnicate"`},
		{"project lst", `there is no command "lst"; did you mean list?`},
		{"ask -x", "tasknet ask has no flag -x"},
		{"serve --listen", "--listen needs a value after it: address to listen on"},
		{"serve --samples=perhaps", "--samples is true, false or auto"},
		{"serve --fee 0", "--fee is between 1 and 10000"},
		{"serve --price 1.2.3", "Write an amount as a decimal"},
		{"serve --price 0", "--price is more than 0"},
		{"serve --listen 8080", "host:port"},
		{"serve --public-url ask.example.org", "with its scheme"},
		{"serve --epoch-every -5s", "a second or more"},
		{"serv", `there is no command "serv"; did you mean serve?`},
		{"ask a --choice yes --choice no --deadline 5s", "--deadline is 10s or more"},
		{"ask", "write what to ask"},
		{"ask a b", `"b" is one word too many; write tasknet ask [TEXT], with quotes around what has spaces`},
		{"ask a --max few", "--max takes a whole number, such as 3, and not few"},
		{"ask a --deadline soon", "--deadline takes a time, such as 90s, 10m or 24h, and not soon"},
		{"ask a --wait=perhaps", "--wait takes true or false, and not perhaps"},
		{"ask a --price cheap", "--price: Write an amount as a decimal"},
		{"ask a --=x", "--=x is no flag"},
		{"rank a --max 99999999999999999999", "--max takes a whole number"},
		{"faucet", "AMOUNT is missing; write tasknet faucet AMOUNT"},
		{"faucet much", "Write an amount as a decimal"},
		{"question show", "QUESTION is missing; write tasknet question show QUESTION"},
		{"question list --most -1", "--most is how many questions"},
		{"contest cancel a b", `"b" is one word too many`},
		{"bench aggregate --sizes few", "--sizes takes whole numbers with commas between them"},
		{"ask a --choice yes", "give --choice at least twice"},
		{"ask a --choice yes --choice no --deadline 1500ms", "whole seconds"},
		{"ask a --choice yes --choice no --image " + missing, "no such file"},
		{"ask a --choice yes --choice no --key-file " + missing, "no such file"},
		{"ask a --choice yes --choice no --server localhost", "Write the server's address"},
		{"project create", "NAME is missing; write tasknet project create NAME"},
		{"project create x --deadline 1500ms", "whole seconds"},
		{"project create x --deadline 5s", "--deadline is 10s or more"},
		{"project create x --type number --range-min 1", "a number needs --range-min and --range-max"},
		{"project create x --instructions " + missing, "no such file"},
		{"project import prj_x", "name the FILE"},
		{"project import prj_x x.csv --cancel imp_x", "leave the FILE and --resume out"},
		{"project import prj_x --resume imp_x --cancel imp_x", "leave the FILE and --resume out"},
		{"dataset export ds_x --out x --format xml", "--format: A format is parquet"},
		{"dataset export ds_x", "name the folder with --out"},
		{"dataset export ds_x --out " + there, "is there already"},
		{"dataset export ds_x --out " + filepath.Join(there, "file"), "is there already"},
		{"dataset export ds_x --out " + filepath.Join(missing, "x"), "no such file"},
		{"bench import --most 10", "--most is at least 1000"},
		{"verify --server ftp://x", "Write the server's address"},
		{"ask Hm? --choice a --choice b --price 4611686018427387904", "at most 1000 tokens"},
		{"vault deploy", "name a node with --rpc"},
		{"vault deploy --rpc http://127.0.0.1:1 --key-file x --token 0x1", "--token is the token's address"},
		{"vault deploy --rpc http://127.0.0.1:1 --key-file x --adjudicator me", "--adjudicator is the adjudicator's address"},
		{"vault deploy --rpc http://127.0.0.1:1 --key-file x --bond 1.5", "bond is a whole number"},
		{"vault bond 5", "name a node with --rpc"},
		{"serve --relay-share 100", "needs the price of the chain's coin"},
		{"replay", "give the file of the answers"},
		{"replay --answers " + missing, "no such file"},
		{"bench answers --clients 0", "--clients is at least 1"},
		{"migrate status --data " + missing, "there is no database at"},
	} {
		code, stdout, stderr := run(t, strings.Fields(tt.args)...)
		if code != exitUsage || stdout != "" || !strings.HasPrefix(stderr, "tasknet: ") || !strings.Contains(stderr, tt.says) {
			t.Errorf("tasknet %s: status %d, %q, %q; want that it says %q", tt.args, code, stdout, stderr, tt.says)
		}
	}
	t.Setenv("TRUST_PROXY", "perhaps")
	if code, _, stderr := run(t, "serve"); code != exitUsage || !strings.Contains(stderr, "tasknet: TRUST_PROXY takes true or false, and not perhaps\n") {
		t.Errorf("a bad variable: status %d, %q", code, stderr)
	}
	for _, key := range []string{"wrong", "tn_x\ny", "tn_"} {
		t.Setenv("TASKNET_KEY", key)
		if code, _, stderr := run(t, "balance"); code != exitUsage || !strings.Contains(stderr, "begins with tn_") || strings.Contains(stderr, "wrong") {
			t.Errorf("the key %q: status %d, %s", key, code, stderr)
		}
	}
	t.Setenv("TASKNET_KEY", "")
	if code, _, stderr := run(t, "ask", "a", "--choice", "b", "--choice", "c"); code != exitUsage || !strings.Contains(stderr, "set TASKNET_KEY") {
		t.Errorf("no key: status %d, %q", code, stderr)
	}
	t.Setenv("CHAIN_RELAY_KEY_ACCOUNT", "0x12")
	if code, _, stderr := run(t, "migrate", "status"); code != exitUsage || !strings.Contains(stderr, "CHAIN_RELAY_KEY_ACCOUNT is") {
		t.Errorf("a bad account: status %d, %q", code, stderr)
	}
	t.Setenv("CHAIN_RELAY_KEY_ACCOUNT", "")
	t.Setenv("CHAIN_MAX_FEE_GWEI", "cheap")
	if code, _, stderr := run(t, "migrate", "status"); code != exitUsage || !strings.Contains(stderr, "CHAIN_MAX_FEE_GWEI is") {
		t.Errorf("a bad price: status %d, %q", code, stderr)
	}
	t.Setenv("CHAIN_MAX_FEE_GWEI", "")
	t.Setenv("CHAIN_VAULT", "0x12")
	if code, _, stderr := run(t, "migrate", "status"); code != exitUsage || !strings.Contains(stderr, "CHAIN_VAULT is") {
		t.Errorf("a bad vault: status %d, %q", code, stderr)
	}
}

// commandLines returns how each command of a tree is called.
func commandLines(cmd *cobra.Command) [][]string {
	lines := [][]string{strings.Fields(cmd.CommandPath())[1:]}
	for _, each := range cmd.Commands() {
		lines = append(lines, commandLines(each)...)
	}
	return lines
}

// TestDatabaseNeedsNoKey: a command that writes to the database does without what a server needs of the chain.
func TestDatabaseNeedsNoKey(t *testing.T) {
	alone(t)
	t.Setenv("CHAIN_RPC_URL", "http://127.0.0.1:1")
	if code, _, stderr := run(t, "vault", "post-again", "1", "--data", filepath.Join(t.TempDir(), "none")); code != exitUsage || !strings.Contains(stderr, "no database at") {
		t.Errorf("status %d, %q", code, stderr)
	}
}

// TestDatabaseNowhere: a command that reads the database says what to give when it is not where it would be.
func TestDatabaseNowhere(t *testing.T) {
	alone(t)
	none := t.TempDir()
	for _, c := range []struct{ xdg, home, says string }{
		{none, none, "no database at " + filepath.Join(none, "tasknet", "tasknet.db")},
		{"", "", "no home folder"},
	} {
		t.Setenv("XDG_DATA_HOME", c.xdg)
		t.Setenv("HOME", c.home)
		for _, command := range []string{"ledger", "pushes"} {
			code, stdout, stderr := run(t, command)
			if code != exitUsage || stdout != "" || !strings.Contains(stderr, c.says) || !strings.Contains(stderr, "--data or DATA") {
				t.Errorf("%s with the home %q: status %d, %q, %q", command, c.home, code, stdout, stderr)
			}
		}
	}
}

func TestHelp(t *testing.T) {
	alone(t)
	lines := commandLines((&program{name: "tasknet"}).root())
	for _, called := range []string{"", "rank", "question cancel", "contest show", "bench attacks", "project import", "vault deploy"} {
		if !slices.ContainsFunc(lines, func(line []string) bool { return strings.Join(line, " ") == called }) {
			t.Errorf("tasknet %s is not among the commands: %q", called, lines)
		}
	}
	asked := [][]string{nil, {"help"}, {"help", "ask"}, {"ask", "-h"}, {"bench"}, {"project"}, {"dataset"}, {"question"}, {"contest"}, {"migrate"}, {"vault"}}
	for _, line := range lines {
		asked = append(asked, append(line, "--help"))
	}
	for _, args := range asked {
		code, stdout, stderr := run(t, args...)
		if code != exitOK || stderr != "" || !strings.Contains(stdout, "Usage:") {
			t.Errorf("tasknet %s: status %d, %q, %q", args, code, stdout, stderr)
		}
		for i, line := range strings.Split(stdout, "\n") {
			if unfinished.MatchString(line) {
				t.Errorf("tasknet %s: line %d is not finished: %s", args, i+1, line)
			}
			if len(line) > 100 && !strings.Contains(line, "--") {
				t.Errorf("tasknet %s: line %d has %d characters: %s", args, i+1, len(line), line)
			}
		}
	}
	_, stdout, _ := run(t, "--help")
	overview, _, _ := strings.Cut(stdout, "Exit status:")
	for _, name := range []string{"serve", "ask", "rank", "project", "dataset", "question", "contest", "balance", "deposits", "faucet", "verify", "bundle", "aggregate"} {
		if !strings.Contains(overview, "\n  tasknet "+name+" ") {
			t.Errorf("the overview does not tell of tasknet %s:\n%s", name, overview)
		}
	}
}

func TestVersion(t *testing.T) {
	alone(t)
	code, stdout, _ := run(t, "version", "--json")
	var v struct{ Version, Go, Platform string }
	if err := json.Unmarshal([]byte(stdout), &v); code != exitOK || err != nil || v.Version == "" || v.Go == "" || v.Platform == "" {
		t.Errorf("version: status %d, %q, %v", code, stdout, err)
	}
}

func TestServerThatIsAway(t *testing.T) {
	alone(t)
	srv := httptest.NewServer(nil)
	srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	r := remote{server: srv.URL}
	c, err := r.client(time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Totals(ctx)
	p := &program{out: &stdout, err: &stderr, began: true}
	if code := p.exitCode(err); code != exitUnreachable || !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("status %d, %v", code, err)
	}
}

// log is what a program in another goroutine writes.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
	more chan struct{}
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(b)
	select {
	case l.more <- struct{}{}:
	default:
	}
	return len(b), nil
}

// await returns the first part of a match, once there is one.
func (l *log) await(t *testing.T, pattern string) string {
	t.Helper()
	for {
		l.mu.Lock()
		m := regexp.MustCompile(pattern).FindStringSubmatch(l.text.String())
		l.mu.Unlock()
		if m != nil {
			return m[1]
		}
		select {
		case <-l.more:
		case <-time.After(30 * time.Second):
			t.Fatalf("%q was not written within 30 s:\n%s", pattern, l.text.String())
		}
	}
}

// unfinished is how people mark what they have still to write, as no sentence writes it.
var unfinished = regexp.MustCompile(`\bTO[ -]?DO\b`)

// served runs tasknet serve for the commands of a test, until that ends, and returns its address and key.
func served(t *testing.T, data string) (address, key string) {
	t.Helper()
	address, key, stop := serving(t, data)
	t.Cleanup(func() {
		if code := stop(); code != exitOK {
			t.Errorf("serve ended with %d", code)
		}
	})
	t.Setenv("TASKNET_URL", address)
	t.Setenv("TASKNET_KEY", key)
	return address, key
}

// serving runs tasknet serve, and returns its address and first key, and what stops it.
func serving(t *testing.T, data string) (address, key string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	out := &log{more: make(chan struct{}, 1)}
	ended := make(chan int, 1)
	go func() {
		ended <- Main(ctx, []string{"tasknet", "serve", "--listen", "127.0.0.1:0", "--data", data, "--samples=false", "--unlimited", "--epoch-every", "1s"}, out, t.Output())
	}()
	address = out.await(t, `(http://127\.0\.0\.1:\d+)`)
	key = out.await(t, `(?m)^  (tn_[a-z2-7]{52})$`)
	return address, key, func() int { cancel(); return <-ended }
}

// freeAddress finds an address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// answering answers a question by three people, as it comes to each of them.
func answering(t *testing.T, address, question string, choices ...int) {
	t.Helper()
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, choice := range choices {
		keys, err := client.NewKeys()
		if err != nil {
			t.Fatal(err)
		}
		who, err := c.Respondent(t.Context(), keys)
		if err != nil {
			t.Fatal(err)
		}
		a, err := who.Assignment(t.Context(), question)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := who.Answer(t.Context(), a, choice); err != nil {
			t.Fatal(err)
		}
	}
}

func TestServeAskVerify(t *testing.T) {
	alone(t)
	data, rpc := t.TempDir(), freeAddress(t)
	t.Setenv("CHAIN_DEV_RPC", rpc)
	address, key, stop := serving(t, data)
	stopped := false
	defer func() {
		if !stopped {
			stop()
		}
	}()
	t.Setenv("TASKNET_URL", address)
	t.Setenv("TASKNET_KEY", key)

	// Asking, without waiting and with.
	code, stdout, stderr := run(t, "ask", "Is this spam?", "--choice", "yes", "--choice", "no", "--price", "0.05", "--deadline", "90s", "--idempotency-key", "once", "--json")
	var asked wire.Question
	if err := json.Unmarshal([]byte(stdout), &asked); err != nil || code != exitOK || asked.Price.String() != "0.05" || asked.Quorum.Policy != "fixed:3" {
		t.Fatalf("status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	code, again, _ := run(t, "ask", "Is this spam?", "--choice", "yes", "--choice", "no", "--price", "0.05", "--deadline", "90s", "--idempotency-key", "once", "--json")
	if code != exitOK || again != stdout {
		t.Errorf("the same asking again: status %d, %s", code, again)
	}
	answering(t, address, asked.ID, 0, 1, 0)
	code, stdout, stderr = run(t, "ask", "Is this spam?", "--choice", "yes", "--choice", "no", "--price", "0.05", "--deadline", "90s", "--idempotency-key", "once", "--wait")
	if code != exitOK || !strings.HasPrefix(stdout, "yes\n\n   2  yes\n   1  no\n\ndecided by majority/1") || !strings.Contains(stderr, "Waiting") {
		t.Errorf("status %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, stderr = run(t, "ask", "Anybody?", "--choice", "yes", "--choice", "no", "--wait", "--timeout", "200ms")
	if code != exitNoVerdict || !strings.Contains(stderr, "is still open") || stdout != "" {
		t.Errorf("nobody answers: status %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, stderr = run(t, "ask", "Anybody?", "--choice", "yes", "--choice", "no", "--wait", "--timeout", "200ms", "--json")
	if err := json.Unmarshal([]byte(stdout), &asked); code != exitNoVerdict || err != nil || asked.Status != "open" {
		t.Errorf("nobody answers, in JSON: status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	code, _, stderr = run(t, "ask", "Too dear?", "--choice", "yes", "--choice", "no", "--price", "900", "--policy", "fixed:1000")
	if code != exitFailed || !strings.Contains(stderr, "deposit more") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("without money: status %d, %q", code, stderr)
	}
	keyFile := filepath.Join(data, "wrong-key")
	if err := os.WriteFile(keyFile, []byte("tn_wrong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, "ask", "Who?", "--choice", "a", "--choice", "b", "--key-file", keyFile); code != exitFailed || !strings.Contains(stderr, "API key") {
		t.Errorf("a wrong key: status %d, %q", code, stderr)
	}

	// Verifying, and what a lie looks like.
	code, stdout, stderr = run(t, "verify")
	if code != exitOK || !strings.Contains(stdout, "fit") || !strings.Contains(stdout, "closed questions: 1, with answers: 3") || !strings.Contains(stdout, "the server's word") || stderr != "" {
		t.Errorf("verify: status %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, stderr = run(t, "verify", "--rpc", "http://"+rpc)
	if code != exitOK || !strings.Contains(stdout, "are those of the vault 0x") || strings.Contains(stdout, "the server's word") || stderr != "" {
		t.Errorf("verify with the chain: status %d, %q, %q", code, stdout, stderr)
	}
	// The same from a folder, with nobody to ask.
	folder := filepath.Join(data, "records")
	code, stdout, stderr = run(t, "bundle", folder, "--json")
	var sum bundle.Summary
	if err := json.Unmarshal([]byte(stdout), &sum); err != nil || code != exitOK || sum.Questions != 1 || sum.Answers != 3 || sum.Transactions == 0 || stderr != "" {
		t.Errorf("bundle: status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	if code, _, stderr := run(t, "bundle", folder); code != exitUsage || !strings.Contains(stderr, "choose a name that is free") {
		t.Errorf("bundle to a folder that is there: status %d, %q", code, stderr)
	}
	t.Setenv("TASKNET_URL", "http://127.0.0.1:1")
	code, stdout, stderr = run(t, "verify", "--bundle", folder, "--manifest", sum.Manifest)
	t.Setenv("TASKNET_URL", address)
	if code != exitOK || !strings.Contains(stdout, "closed questions: 1, with answers: 3") || !strings.Contains(stdout, "the server's word") || strings.Contains(stdout, "--manifest") || stderr != "" {
		t.Errorf("verify a bundle: status %d, %q, %q", code, stdout, stderr)
	}
	writeTree(t, folder, map[string][]byte{"notes": nil})
	if code, stdout, _ := run(t, "verify", "--bundle", folder); code != exitOK || !strings.Contains(stdout, "not looked at: notes\n") {
		t.Errorf("verify a bundle with a file beside it: status %d, %q", code, stdout)
	}
	code, stdout, stderr = run(t, "verify", "--bundle", folder, "--rpc", "http://"+rpc, "--json")
	var offline verified
	if err := json.Unmarshal([]byte(stdout), &offline); err != nil || code != exitOK || !offline.Verified || !offline.Report.Chain || !strings.Contains(stdout, `"code": "manifest"`) {
		t.Errorf("verify a bundle with the chain: status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	if code, _, stderr := run(t, "verify", "--bundle", folder, "--manifest", strings.Repeat("0f", 32)); code != exitMismatch || !strings.Contains(stderr, "got "+sum.Manifest) {
		t.Errorf("verify another bundle than was told: status %d, %q", code, stderr)
	}
	if code, _, stderr := run(t, "verify", "--manifest", sum.Manifest); code != exitUsage || !strings.Contains(stderr, "--bundle") {
		t.Errorf("a manifest without a bundle: status %d, %q", code, stderr)
	}
	if err := os.Truncate(filepath.Join(folder, "ledger.jsonl.zst"), 7); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr = run(t, "verify", "--bundle", folder, "--json")
	if err := json.Unmarshal([]byte(stdout), &offline); err != nil || code != exitMismatch || offline.Verified || !strings.Contains(stderr, "file ledger.jsonl.zst: bytes: expected") {
		t.Errorf("verify a bundle with a file cut: status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	if code, _, stderr := run(t, "verify", "--bundle", data); code != exitUsage || !strings.Contains(stderr, "no manifest.jsonl in it") {
		t.Errorf("verify a folder that is no bundle: status %d, %q", code, stderr)
	}

	// A deposit that never was cannot be told from one that was, but by the chain.
	invented := lying(t, address, `"cause":"0x`, `"cause":"0xbad`)
	if code, _, stderr := run(t, "verify", "--server", invented); code != exitOK {
		t.Errorf("verify an invented deposit without the chain: status %d, %q", code, stderr)
	}
	code, _, stderr = run(t, "verify", "--server", invented, "--rpc", "http://"+rpc)
	if code != exitMismatch || !strings.Contains(stderr, "deposit 0xbad") {
		t.Errorf("verify an invented deposit with the chain: status %d, %q", code, stderr)
	}
	code, _, stderr = run(t, "verify", "--rpc", "http://127.0.0.1:1/v3/5ecret")
	if code != exitFailed || !strings.Contains(stderr, "does not answer") || strings.Contains(stderr, "5ecret") {
		t.Errorf("verify with a chain that is away: status %d, %q", code, stderr)
	}

	// A vault of one's own, on the same chain.
	code, stdout, stderr = run(t, "vault", "deploy", "--rpc", "http://"+rpc, "--key-file", filepath.Join(data, "chain", "keys", "relayer"), "--json")
	var made deployed
	if err := json.Unmarshal([]byte(stdout), &made); err != nil || code != exitOK || len(made.Vault) != 42 || made.Vault == made.Token || made.Block < 1 {
		t.Errorf("vault deploy: status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	for of, address := range map[string]string{"token": made.Token, "vault": made.Vault} {
		if told := regexp.MustCompile(`(?m)^make the ` + of + `: sent by transaction 0x[0-9a-f]{64}, which makes the contract ` + address + `; waiting for 2 confirmations$`); !told.MatchString(stderr) {
			t.Errorf("of the %s it is told: %q", of, stderr)
		}
	}
	code, _, stderr = run(t, "vault", "deploy", "--rpc", "http://"+rpc, "--key-file", filepath.Join(data, "chain", "keys", "relayer"), "--token", made.Token,
		"--adjudicator", made.Vault, "--bond", "100", "--delay", "1h", "--judgement", "48h", "--notice", "98h59m59s")
	if code == exitOK || !strings.Contains(stderr, "99h0m0s or more") {
		t.Errorf("a notice that blocking outlasts: status %d, %q", code, stderr)
	}
	keys := func(name string) string { return filepath.Join(data, "chain", "keys", name) }
	acting := func(key string, args ...string) (int, string, string) {
		return run(t, append(append([]string{"vault"}, args...), "--rpc", "http://"+rpc, "--vault", made.Vault, "--key-file", keys(key))...)
	}
	vault, err := polls.ParseWallet(made.Vault)
	if err != nil {
		t.Fatal(err)
	}
	w, err := eth.OpenWallet(t.Context(), eth.ViewConfig{URL: "http://" + rpc, Vault: rewards.Address(vault)}, eth.Key{File: keys("minter")})
	if err != nil {
		t.Fatal(err)
	}
	minter := polls.Wallet(w.Address()).String()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key    string
		args   []string
		status int
		says   string
	}{
		{"minter", []string{"mint", "5"}, exitFailed, "minted by another key"},
		{"relayer", []string{"mint", "0"}, exitUsage, "more than 0"},
		{"relayer", []string{"mint", "12.5", "--to", "me"}, exitUsage, "40 hex digits"},
		{"relayer", []string{"mint", "12.5"}, exitOK, " has 12.5 tUSD more since block "},
		{"relayer", []string{"deposit", "12.6", "--reference", "org_1"}, exitFailed, "has less of the token"},
		{"relayer", []string{"deposit", "12.5", "--reference", "me"}, exitUsage, "organisation's id"},
		{"relayer", []string{"deposit", "12.5", "--reference", "org_1"}, exitOK, "12.5 tUSD are deposited in block "},
		{"minter", []string{"accept-poster"}, exitFailed, "was not offered to this account"},
		{"minter", []string{"offer-poster", minter}, exitFailed, "takes roots from another key"},
		{"relayer", []string{"offer-poster", "0x12"}, exitUsage, "40 hex digits"},
		{"relayer", []string{"offer-poster", minter}, exitOK, "is offered to " + minter},
		{"minter", []string{"accept-poster"}, exitOK, "takes roots from " + minter},
		{"minter", []string{"recover-poster", minter}, exitFailed, "adjudicator is another account"},
		{"minter", []string{"judge", "1", "perhaps"}, exitUsage, "good or bad"},
		{"minter", []string{"judge", "0", "good"}, exitUsage, "1 or more"},
		{"minter", []string{"judge", "1", "good"}, exitFailed, "adjudicator is another account"},
		{"relayer", []string{"bond", "1", "--take"}, exitFailed, "Less is at stake"},
		{"relayer", []string{"watch", "--once", "--evidence", filepath.Join(data, "evidence")}, exitFailed, "cannot be blocked by this key"},
	} {
		if code, stdout, stderr := acting(c.key, c.args...); code != c.status || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("vault %q: status %d, %q, %q; want %d and %q", c.args, code, stdout, stderr, c.status, c.says)
		}
	}
	if code, _, stderr := run(t, "vault", "post-again", "1", "--data", data); code != exitFailed || !strings.Contains(stderr, "not void") {
		t.Errorf("posting an epoch again that is not void: status %d, %q", code, stderr)
	}
	if code, _, stderr := run(t, "vault", "post-again", "1", "--data", filepath.Join(data, "none")); code != exitUsage || !strings.Contains(stderr, "no database at") {
		t.Errorf("posting an epoch again without a database: status %d, %q", code, stderr)
	}
	liar := lying(t, address, `"label":"yes"`, `"label":"no!"`)
	code, stdout, stderr = run(t, "verify", "--server", liar, "--json")
	var v verified
	if err := json.Unmarshal([]byte(stdout), &v); err != nil || code != exitMismatch || v.Verified || v.Mismatch == nil || v.Mismatch.Field != "verdict label" || !strings.Contains(stderr, "verdict label: expected yes, got no!") {
		t.Errorf("verify a lie: status %d, %q, %q, %v", code, stdout, stderr, err)
	}

	// Replaying, against this server and by itself.
	file := filepath.Join(data, "answers.csv")
	if err := os.WriteFile(file, []byte("question,worker,answer\nq1,a,x\nq1,b,x\nq2,a,y\nq2,b,x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	truth := filepath.Join(data, "truth.csv")
	if err := os.WriteFile(truth, []byte("question,truth\nq1,x\nq2,y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, more := range [][]string{{"--server", address}, {"--server", ""}} {
		code, stdout, stderr = run(t, append([]string{"replay", "--answers", file, "--truth", truth, "--policy", "fixed:2", "--json"}, more...)...)
		var report replay.Report
		if err := json.Unmarshal([]byte(stdout), &report); err != nil || code != exitOK || report.Closed != 2 || report.AnswersUsed != 4 || report.RespondentsPaid != 2 ||
			report.PaidMicro != 72_000 || !report.Verified || report.Gas == 0 {
			t.Errorf("replay %q: status %d, %q, %q, %v", more, code, stdout, stderr, err)
		}
		for _, key := range []string{"questions", "closed", "accuracy", "answers_used", "verdict_ms_p50", "verdict_ms_p99", "respondents_paid", "paid_micro", "gas", "verified"} {
			if !strings.Contains(stdout, `"`+key+`":`) {
				t.Errorf("replay %q: no %s in %s", more, key, stdout)
			}
		}
		if n := strings.Count(stdout, `":`); n != 10 {
			t.Errorf("replay %q: %d keys in %s", more, n, stdout)
		}
	}
	if err := os.WriteFile(file, []byte("question,worker,answer\nq1,a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, "replay", "--answers", file); code != exitUsage || !strings.Contains(stderr, "answers.csv: line 2:") {
		t.Errorf("a broken file: status %d, %q", code, stderr)
	}

	// The database, once nobody uses it.
	stopped = true
	if code := stop(); code != exitOK {
		t.Errorf("serve ended with status %d", code)
	}
	if code, stdout, stderr := run(t, "migrate", "status", "--data", data); code != exitOK || !strings.Contains(stdout, "the newest") {
		t.Errorf("migrate status: status %d, %q, %q", code, stdout, stderr)
	}
	if code, stdout, stderr := run(t, "migrate", "up", "--data", filepath.Join(data, "fresh"), "--json"); code != exitOK || !strings.Contains(stdout, `"version": `) {
		t.Errorf("migrate up: status %d, %q, %q", code, stdout, stderr)
	}
}

// lying passes a server's replies on with one thing changed.
func lying(t *testing.T, address, from, to string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		body = bytes.ReplaceAll(body, []byte(from), []byte(to))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Del("Content-Length")
		return nil
	}
	srv := httptest.NewServer(proxy)
	t.Cleanup(srv.Close)
	return srv.URL
}
