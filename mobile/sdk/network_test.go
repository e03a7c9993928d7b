package sdk_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bench"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestBadNetwork has phones answer through a network with every fault: each answer is accepted, and recorded once.
func TestBadNetwork(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		const phones, questions = 4, 10
		for range questions {
			net.Ask(t, ctx, ask(fmt.Sprintf("fixed:%d", phones)))
		}
		faults := &bench.Faults{Drop: 0.3, Twice: 0.1, Slow: 0.1, Cut: 0.1, Fail: 0.1, Portal: 0.05, Seed: 7}
		address := through(t, faults, net.URL)
		var all sync.WaitGroup
		accepted := make([][]told, phones)
		for i := range phones {
			p := newPhone(t, address)
			all.Go(func() {
				answered := 0
				for deadline := time.Now().Add(patience); answered < questions && time.Now().Before(deadline); {
					text, err := p.Assignments(nil, 10, "")
					if err != nil {
						continue // of the network
					}
					var got wire.Assignments
					if err := json.Unmarshal([]byte(text), &got); err != nil {
						t.Error(err)
					}
					for _, a := range got.Assignments {
						if err := p.Answer(a.ID, i%2); err != nil {
							t.Error(err)
						}
						answered++
					}
				}
				accepted[i] = p.ear.await(t, "accepted", questions)
				for _, said := range p.ear.all() {
					if said.what == "refused" {
						t.Errorf("phone %d: refused for %s", i, said.code)
					}
				}
			})
		}
		all.Wait()
		if t.Failed() {
			return
		}
		net.AwaitLogged(t, ctx)
		recorded := make(map[string]string)
		for r, err := range net.Client.Records(ctx) {
			must(t, err)
			for _, a := range r.Answers {
				recorded[a.ID] = a.Hash
			}
		}
		if len(recorded) != phones*questions {
			t.Errorf("%d answers are in the records, want %d", len(recorded), phones*questions)
		}
		for i, said := range accepted {
			if len(said) != questions {
				t.Errorf("phone %d was told of %d", i, len(said))
			}
			for _, s := range said {
				if recorded[s.body.Accepted.Answer] != s.body.Accepted.Receipt.Record {
					t.Errorf("phone %d has a receipt of %s, which is recorded as %q", i, s.body.Accepted.Answer, recorded[s.body.Accepted.Answer])
				}
			}
		}
		t.Logf("%d requests had a fault", faults.Count())
	})
}

// TestBadReceipts: a receipt that proves nothing ends no sending, until it has come again and again; then it is kept.
func TestBadReceipts(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		for bad, want := range map[int]string{1: "accepted", 1000: "refused"} {
			net.Ask(t, ctx, ask("fixed:1"))
			pass := &bench.Faults{}
			must(t, pass.Target(net.URL))
			n := 0
			p := newPhone(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/v1/answers" {
					pass.ServeHTTP(w, r)
					return
				}
				reply := httptest.NewRecorder()
				pass.ServeHTTP(reply, r)
				body := reply.Body.String()
				if n++; n <= bad {
					body = strings.Replace(body, `"signature":"`, `"signature":"00`, 1)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(reply.Code)
				io.WriteString(w, body)
			})))
			must(t, p.Answer(p.take(t)[0].ID, 0))
			said := p.ear.await(t, want, 1)[0]
			if want == "refused" && (said.code != "bad_receipt" || said.body.Accepted == nil) {
				t.Errorf("%+v", said)
			}
			if first := p.ear.all()[0]; first.code != "bad_receipt" {
				t.Errorf("told first: %+v", first)
			}
		}
	})
}

// TestUnsignedRefusal: what something on the way says once refuses no answer.
func TestUnsignedRefusal(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		pass := &bench.Faults{}
		must(t, pass.Target(net.URL))
		n := 0
		p := newPhone(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/answers" {
				if n++; n == 1 {
					w.Header().Set("Content-Type", "application/problem+json")
					w.WriteHeader(http.StatusConflict)
					json.NewEncoder(w).Encode(wire.Problem{Code: "question_closed", Detail: "It closed.", Refusal: &wire.Refusal{Signature: strings.Repeat("0", 128)}})
					return
				}
			}
			pass.ServeHTTP(w, r)
		})))
		must(t, p.Answer(p.take(t)[0].ID, 0))
		p.ear.await(t, "accepted", 1)
	})
}

// childPhone names what a process of its own does as a phone.
const childPhone = "TASKNET_TEST_PHONE"

func TestMain(m *testing.M) {
	if what := os.Getenv(childPhone); what != "" {
		child(what, os.Args[1], os.Args[2], os.Args[3], os.Args[4])
		return
	}
	os.Exit(m.Run())
}

// child answers assignments, says so of each, and waits to be killed. When the disk is full it tries before there is room.
func child(what, folder, vaultFolder, server, assignment string) {
	s, err := sdk.Open(folder, server, &vault{folder: vaultFolder}, deaf{})
	if err != nil {
		fmt.Println("open:", err)
		return
	}
	if what == "full" {
		signal.Ignore(syscall.SIGXFSZ)
		var before syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			fmt.Println(err)
		}
		limit := before
		limit.Cur = 100
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			fmt.Println(err)
		}
		if err := s.Answer(assignment, 1); code(err) != "disk_full" || s.Waiting() != 0 {
			fmt.Println("on a full disk:", err)
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			fmt.Println(err)
		}
	}
	for id := range strings.SplitSeq(assignment, ",") {
		if err := s.Answer(id, 1); err != nil {
			fmt.Println("answer:", err)
			return
		}
		fmt.Println("kept")
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

type deaf struct{}

func (deaf) Accepted(string)        {}
func (deaf) Refused(string)         {}
func (deaf) Expired(string)         {}
func (deaf) Delayed(string, string) {}
func (deaf) Found(string)           {}

// TestKilled kills a phone's process after the answer was kept and before it could be sent, also when the disk was full before.
func TestKilled(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		for _, what := range []string{"killed", "full"} {
			net.Ask(t, ctx, ask("fixed:1"))
			network := &switched{next: &bench.Faults{}, on: true}
			must(t, network.next.Target(net.URL))
			address := serve(t, network)
			p := newPhone(t, address)
			a := p.take(t)[0]
			must(t, p.Close())
			network.turn(false)
			cmd := exec.CommandContext(ctx, os.Args[0], p.folder, p.vault.folder, address, a.ID)
			cmd.Env = append(os.Environ(), childPhone+"="+what)
			in, err := cmd.StdinPipe()
			must(t, err)
			defer in.Close()
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			line, err := bufio.NewReader(out).ReadString('\n')
			must(t, cmd.Process.Kill())
			_ = cmd.Wait()
			if line != "kept\n" {
				t.Fatalf("%s: the phone said %q, %v", what, line, err)
			}
			network.turn(true)
			p.open(t, address)
			said := p.ear.await(t, "accepted", 1)[0]
			if said.body.Assignment.ID != a.ID || *said.body.Answer.Choice != 1 {
				t.Errorf("%s: %+v", what, said)
			}
		}
	})
}

// TestKilledWhileAnswering kills a phone's process at any moment while it answers, again and again, and each answer that it said it has
// kept is accepted, once.
func TestKilledWhileAnswering(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		const rounds, each = 3, 10
		network := &switched{next: &bench.Faults{}, on: true}
		must(t, network.next.Target(net.URL))
		address := serve(t, network)
		p := newPhone(t, address)
		for round := range rounds {
			for range each {
				net.Ask(t, ctx, ask("fixed:1"))
			}
			var all []string
			for _, a := range p.take(t) {
				all = append(all, a.ID)
			}
			must(t, p.Close())
			network.turn(false)
			cmd := exec.CommandContext(ctx, os.Args[0], p.folder, p.vault.folder, address, strings.Join(all, ","))
			cmd.Env = append(os.Environ(), childPhone+"=killed")
			in, err := cmd.StdinPipe()
			must(t, err)
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			said, kept := bufio.NewReader(out), 0
			for kept < 3*round+1 {
				line, err := said.ReadString('\n')
				if err != nil || line != "kept\n" {
					t.Fatalf("the phone said %q, %v", line, err)
				}
				kept++
			}
			must(t, cmd.Process.Kill())
			rest, err := io.ReadAll(said)
			must(t, err)
			kept += strings.Count(string(rest), "kept\n") // before it was killed
			_ = cmd.Wait()
			in.Close()
			p.open(t, address)
			waits := p.Waiting()
			if waits < kept || waits > kept+1 {
				t.Fatalf("round %d: %d answers wait of %d that were kept", round, waits, kept)
			}
			network.turn(true)
			p.Online()
			for _, id := range all[waits:] {
				must(t, p.Answer(id, 1))
			}
			counted := map[string]int{}
			for _, s := range p.ear.await(t, "accepted", len(all)) {
				counted[s.body.Assignment.ID]++
			}
			for _, id := range all {
				if counted[id] != 1 {
					t.Errorf("round %d: %s was accepted %d times", round, id, counted[id])
				}
			}
		}
		if me := parse[wire.Me](t)(p.Me(nil)); me.Answered != rounds*each {
			t.Errorf("%d answers are recorded", me.Answered)
		}
	})
}

// TestEarlierOutbox: what an earlier version kept in a file for each answer is sent, and an answer in the log goes before such a file.
func TestEarlierOutbox(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		for range 3 {
			net.Ask(t, ctx, ask("fixed:1"))
		}
		network := &switched{next: &bench.Faults{}, on: true}
		must(t, network.next.Target(net.URL))
		address := serve(t, network)
		p := newPhone(t, address)
		all := p.take(t)
		network.turn(false)
		for _, a := range all {
			must(t, p.Answer(a.ID, 1))
		}
		unsent := parse[struct{ Answers []json.RawMessage }](t)(p.Unsent(), nil).Answers
		must(t, p.Close())
		for i, a := range all {
			must(t, os.WriteFile(filepath.Join(p.folder, "outbox", a.ID+".json"), unsent[i], 0o600))
		}
		log := filepath.Join(p.folder, "outbox", "answers.log")
		raw, err := os.ReadFile(log)
		must(t, err)
		must(t, os.WriteFile(log, raw[:bytes.IndexByte(raw, '\n')+1], 0o600)) // which has the first
		p.open(t, address)
		if p.Waiting() != len(all) {
			t.Errorf("%d wait", p.Waiting())
		}
		if err := p.Answer(all[2].ID, 0); code(err) != "already_answered" {
			t.Errorf("another answer: %v", err)
		}
		if r := parse[kept](t)(p.Receipt(all[2].ID)); r.Accepted != nil || r.Assignment.ID != all[2].ID {
			t.Errorf("kept %+v", r)
		}
		network.turn(true)
		p.Online()
		counted := map[string]int{}
		for _, s := range p.ear.await(t, "accepted", len(all)) {
			counted[s.body.Assignment.ID]++
		}
		if len(counted) != len(all) || p.Waiting() != 0 {
			t.Errorf("accepted: %v, %d wait", counted, p.Waiting())
		}
		left, err := filepath.Glob(filepath.Join(p.folder, "outbox", "*"))
		must(t, err)
		if info, err := os.Stat(log); err != nil || info.Size() != 0 || len(left) != 1 {
			t.Errorf("left: %q, %v", left, err)
		}
	})
}

// TestDamagedFiles: what a crash or a bad disk left is told, and keeps nothing else from being sent.
func TestDamagedFiles(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		p := newPhone(t, net.URL)
		must(t, p.Close())
		for name, content := range map[string]string{
			"outbox/answers.log":                         "+ 00000000 {\"assignment\": \"asg_01kn5c5e3v0123456789abcdef\"}\n+ 1234",
			"outbox/asg_01kn5c5e3v0123456789abcdeg.json": `{"instance":"`, "outbox/.new-123": "{", "known/server.json": "", "known/leases.json": "[", "known/log.json": "x",
		} {
			must(t, os.WriteFile(p.folder+"/"+name, []byte(content), 0o600))
		}
		p.open(t, net.URL)
		said := p.ear.await(t, "refused", 3)
		for i, want := range []string{"damaged_file asg_01kn5c5e3v0123456789abcdef", "torn_answer unknown", "damaged_file asg_01kn5c5e3v0123456789abcdeg"} {
			if got := said[i].code + " " + said[i].body.Damaged; got != want {
				t.Errorf("told %q, want %q", got, want)
			}
		}
		must(t, p.Answer(p.take(t)[0].ID, 0))
		p.ear.await(t, "accepted", 1)
		if _, err := os.Stat(p.folder + "/outbox/.new-123"); !os.IsNotExist(err) {
			t.Errorf("what a crash left: %v", err)
		}
		net.AwaitLogged(t, ctx)
		must(t, second(p.CheckLog(nil)))
	})
}
