package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bench"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

func ask(policy string) wire.Ask {
	return wire.Ask{Text: "Is “this” <spam>?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: policy}}
}

// TestAnswering takes a person from the first start to a receipt that the public log has.
func TestAnswering(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		q := net.Ask(t, ctx, ask("fixed:1"))
		number := net.Ask(t, ctx, wire.Ask{Type: "number", Text: "How many?", Number: &wire.NumberRange{Min: "0", Max: "10"}, Quorum: wire.Quorum{Policy: "fixed:2"}})
		p := newPhone(t, net.URL)
		if err := p.Answer("asg_01kn5c5e3v0123456789abcdeg", 0); code(err) != "no_such_assignment" {
			t.Errorf("what is not held: %v", err)
		}
		got := p.take(t)
		if len(got) != 2 {
			t.Fatalf("%d assignments, want 2", len(got))
		}
		if held := parse[wire.Assignments](t)(p.Held(), nil); len(held.Assignments) != 2 {
			t.Errorf("%d are held", len(held.Assignments))
		}
		asked := map[string]wire.Assignment{}
		for _, a := range got {
			asked[a.Question.ID] = a
		}
		if err := p.Answer(asked[q.ID].ID, 2); code(err) != "no_such_choice" {
			t.Errorf("a choice that there is not: %v", err)
		}
		must(t, p.Answer(asked[q.ID].ID, 1))
		if err := p.Answer(asked[q.ID].ID, 0); code(err) != "already_answered" {
			t.Errorf("another answer: %v", err)
		}
		must(t, p.AnswerValue(asked[number.ID].ID, `"7"`))
		accepted := p.ear.await(t, "accepted", 2)
		if p.Waiting() != 0 || len(p.ear.all()) != 2 {
			t.Errorf("%d wait; told %+v", p.Waiting(), p.ear.all())
		}
		k := parse[kept](t)(p.Receipt(asked[q.ID].ID))
		if k.Accepted == nil || k.Accepted.Answer != accepted[0].body.Accepted.Answer || k.Accepted.Pays != q.Price {
			t.Errorf("kept %+v", k)
		}
		if _, err := p.Receipt("../known/server"); code(err) != "no_receipt" {
			t.Errorf("a receipt elsewhere: %v", err)
		}
		history := parse[wire.MyAnswers](t)(p.History(nil, "", 1))
		rest := parse[wire.MyAnswers](t)(p.History(nil, history.Next, 200))
		if len(history.Answers) != 1 || len(rest.Answers) != 1 || history.Next == "" || rest.Next != "" || rest.Answers[0].ID == history.Answers[0].ID {
			t.Errorf("history %+v, then %+v", history, rest)
		}
		if _, err := p.History(nil, "", 201); code(err) != "bad_page" {
			t.Errorf("a page of 201: %v", err)
		}
		me := parse[wire.Me](t)(p.Me(nil))
		if me.Answered != 2 || len(me.Devices) != 1 || me.Devices[0].Key != p.Device() {
			t.Errorf("me %+v", me)
		}
		if e := parse[wire.Earnings](t)(p.Earnings(nil)); e.Wallet != me.Wallet {
			t.Errorf("earnings %+v of %s", e, me.Wallet)
		}
		for deadline := time.Now().Add(patience); parse[wire.Payouts](t)(p.Payouts(nil, "", 4)).Payouts == nil || len(parse[wire.Payouts](t)(p.Payouts(nil, "", 4)).Payouts) == 0; {
			if time.Now().After(deadline) {
				t.Fatal("no payout came")
			}
		}
		net.AwaitLogged(t, ctx)
		if before := looked(t)(p.LogFound()); before.Waiting != 2 || !before.Looked.IsZero() {
			t.Errorf("before the first look: %+v", before)
		}
		if got := looked(t)(p.CheckLog(nil)); got.Waiting != 0 || got.Found.Log || got.Found.Answers != 0 || len(got.Missed) != 0 || got.Looked.IsZero() {
			t.Errorf("the log: %+v", got)
		}
		if s := parse[settled](t)(p.Settled()); len(s.Accepted) != 2 || s.Accepted[0].Logged.State != "yes" || s.Accepted[1].Logged.State != "yes" {
			t.Errorf("settled: %+v", s)
		}
		parse[kept](t)(p.Receipt(asked[q.ID].ID))
		must(t, p.Close())
		p.open(t, net.URL)
		if err := p.Answer(asked[q.ID].ID, 0); code(err) != "already_answered" {
			t.Errorf("another answer after a start: %v", err)
		}
		if again := parse[wire.Me](t)(p.Me(nil)); again.Respondent != me.Respondent {
			t.Errorf("%s became %s", me.Respondent, again.Respondent)
		}
	})
}

// TestOffline answers after a start without a server, and sends when there is one.
func TestOffline(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		network := &switched{next: &bench.Faults{}, on: true}
		must(t, network.next.Target(net.URL))
		address := serve(t, network)
		p := newPhone(t, address)
		a := p.take(t)[0]
		must(t, p.Close())
		network.turn(false)
		p.open(t, address)
		if held := parse[wire.Assignments](t)(p.Held(), nil); len(held.Assignments) != 1 {
			t.Fatalf("%d are held after a start", len(held.Assignments))
		}
		must(t, p.Answer(a.ID, 0))
		if said := p.ear.await(t, "delayed", 1); said[0].code != "http_404" && said[0].code != "unreachable" {
			t.Errorf("delayed for %q", said[0].code)
		}
		must(t, p.Close())
		p.open(t, address)
		if p.Waiting() != 1 {
			t.Errorf("%d wait after another start", p.Waiting())
		}
		network.turn(true)
		p.Online()
		p.ear.await(t, "accepted", 1)
	})
}

// switched is a network that is there or not.
type switched struct {
	next *bench.Faults
	mu   sync.Mutex
	on   bool // guarded by mu
}

func (s *switched) turn(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = on
}

func (s *switched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	on := s.on
	s.mu.Unlock()
	if !on {
		http.NotFound(w, r) // as a portal that knows no such page
		return
	}
	s.next.ServeHTTP(w, r)
}

// TestNeverOnline: a session that knows nothing of its server says so.
func TestNeverOnline(t *testing.T) {
	p := newPhone(t, serve(t, http.NotFoundHandler()))
	if _, err := p.Me(nil); code(err) != "http_404" || sdk.ErrorText(err.Error()) == err.Error() {
		t.Errorf("%v", err)
	}
	for _, address := range []string{"", "ftp://host", "host:80"} {
		if _, err := sdk.Open(t.TempDir(), address, p.vault, p.ear); code(err) != "bad_address" {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := sdk.Open(p.folder, "http://127.0.0.1:1", p.vault, p.ear); code(err) != "in_use" {
		t.Errorf("a second session of a folder: %v", err)
	}
}

// TestSkip gives questions back, and reports one.
func TestSkip(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		q := net.Ask(t, ctx, ask("fixed:1"))
		p := newPhone(t, net.URL)
		a := parse[wire.Assignment](t)(p.Take(nil, q.ID))
		if err := p.Skip(nil, a.ID, "bored"); err == nil {
			t.Error("a reason that there is not was taken")
		}
		must(t, p.Skip(nil, a.ID, "offensive"))
		if err := p.Answer(a.ID, 0); code(err) != "no_such_assignment" {
			t.Errorf("answering what was skipped: %v", err)
		}
		if _, err := p.Take(nil, q.ID); code(err) != "question_not_available" {
			t.Errorf("taking it again: %v", err)
		}
	})
}

// TestExpired hears of a lease that ends, once, and answers all the same while nobody else has.
func TestExpired(t *testing.T) {
	testnet.Run(t, app.Config{Lease: time.Second}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		p := newPhone(t, net.URL)
		a := p.take(t)[0]
		if said := p.ear.await(t, "expired", 1); said[0].body.Assignment.ID != a.ID {
			t.Errorf("expired: %+v", said)
		}
		if held := parse[wire.Assignments](t)(p.Held(), nil); len(held.Assignments) != 0 {
			t.Errorf("%d are held", len(held.Assignments))
		}
		must(t, p.Answer(a.ID, 0))
		p.ear.await(t, "accepted", 1)
		if all := p.ear.all(); len(all) != 2 {
			t.Errorf("told %+v", all)
		}
	})
}

// TestTooLate: the server's signed refusal of an answer to a question that closed is kept.
func TestTooLate(t *testing.T) {
	testnet.Run(t, app.Config{Lease: time.Second}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		q := net.Ask(t, ctx, ask("fixed:1"))
		p := newPhone(t, net.URL)
		a := p.take(t)[0]
		p.ear.await(t, "expired", 1)
		net.Answer(t, ctx, net.Person(t, ctx), q.ID, 1)
		must(t, p.Answer(a.ID, 0))
		said := p.ear.await(t, "refused", 1)[0]
		if r := said.body.Refused; said.code != "question_closed" || r.Statement == nil || !r.Proven {
			t.Errorf("refused: %+v", r)
		}
		if k := parse[kept](t)(p.Receipt(a.ID)); k.Refused == nil || k.Accepted != nil || p.Waiting() != 0 {
			t.Errorf("kept %+v, %d wait", k, p.Waiting())
		}
	})
}

// TestRevoked: what a device signed waits until its wallet names it again, or names another one in its place.
func TestRevoked(t *testing.T) {
	for name, again := range map[string]func(*phone) error{
		"named again": func(p *phone) error { return p.Register(nil) },
		"replaced":    func(p *phone) error { return p.ReplaceDevice(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
				net.Ask(t, ctx, ask("fixed:1"))
				p := newPhone(t, net.URL)
				a, device := p.take(t)[0], p.Device()
				other := &phone{vault: &vault{folder: t.TempDir()}, folder: t.TempDir()}
				wallet, err := p.BackUpWallet()
				must(t, err)
				must(t, sdk.RestoreWallet(other.vault, wallet))
				other.open(t, net.URL)
				must(t, other.RevokeDevice(nil, device))
				must(t, p.Answer(a.ID, 0))
				if said := p.ear.await(t, "delayed", 1); said[0].code != "device_ended" || p.Waiting() != 1 {
					t.Errorf("delayed for %q, %d wait", said[0].code, p.Waiting())
				}
				must(t, again(p))
				for deadline := time.Now().Add(patience); name == "named again" && p.Waiting() > 0 && time.Now().Before(deadline); {
					must(t, again(p)) // what is not of a later second than the first is no newer statement
				}
				p.ear.await(t, "accepted", 1)
				if name == "replaced" && (p.Device() == device || p.Device() == other.Device()) {
					t.Error("the device has no new key")
				}
				must(t, p.Close())
				p.open(t, net.URL)
				mine, others := parse[wire.Me](t)(p.Me(nil)), parse[wire.Me](t)(other.Me(nil))
				if mine.Respondent != others.Respondent || mine.Answered != 1 {
					t.Errorf("%+v and %+v", mine, others)
				}
			})
		})
	}
}

// TestWrongClock: a device whose date is wrong by days or years registers, takes, answers, and says by how much it is wrong.
func TestWrongClock(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:3"))
		for _, wrong := range []time.Duration{25 * time.Hour, -25 * time.Hour, 3 * 365 * 24 * time.Hour, -3 * 365 * 24 * time.Hour} {
			heard := newEar(t)
			s, err := sdk.OpenAt(t.TempDir(), net.URL, &vault{folder: t.TempDir()}, heard, func() time.Time { return time.Now().Add(wrong) })
			must(t, err)
			defer s.Close()
			a := parse[wire.Assignments](t)(s.Assignments(nil, 1, "")).Assignments
			if len(a) == 0 {
				a = []wire.Assignment{parse[wire.Assignment](t)(s.Take(nil, net.Ask(t, ctx, ask("fixed:1")).ID))}
			}
			must(t, s.Answer(a[0].ID, 0))
			signed := time.UnixMilli(heard.await(t, "accepted", 1)[0].body.Answer.Time)
			if off := time.Since(signed); off.Abs() > 3*time.Minute {
				t.Errorf("wrong by %s: signed %s off", wrong, off)
			}
			if told := time.Duration(s.ClockWrong()) * time.Millisecond; (told + wrong).Abs() > time.Minute {
				t.Errorf("wrong by %s: told %s", wrong, told)
			}
		}
		right := newPhone(t, net.URL)
		parse[wire.Me](t)(right.Me(nil))
		if off := right.ClockWrong(); off != 0 {
			t.Errorf("a right clock is corrected by %d ms", off)
		}
	})
}

// TestClose counts goroutines, and closes in every way.
func TestClose(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		for range 3 {
			net.Ask(t, ctx, ask("fixed:1"))
		}
		p := newPhone(t, net.URL)
		a := p.take(t)
		must(t, p.Close())
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		before := ours()
		if before != 0 {
			t.Fatalf("%d goroutines of a closed session\n%s", before, stacks())
		}
		p.open(t, net.URL)
		if ours() == 0 {
			t.Fatal("the count does not see an open session")
		}
		follower := &followed{more: make(chan struct{}, 100)}
		_, err := p.Follow("tn_none", "", follower)
		must(t, err)
		must(t, p.Answer(a[0].ID, 0))
		p.ear.await(t, "accepted", 1)

		closed := make(chan error, 3)
		p.ear.first = func(said told) {
			if said.what == "accepted" {
				closed <- p.Close() // by the thread that tells
			}
		}
		must(t, p.Answer(a[1].ID, 0))
		go func() { closed <- p.Close() }()
		must(t, <-closed)
		must(t, p.Close())
		for deadline := time.Now().Add(patience); ours() > 0; runtime.Gosched() {
			if time.Now().After(deadline) {
				t.Fatalf("goroutines are left:\n%s", stacks())
			}
		}
		for name, err := range map[string]error{
			"answer": p.Answer(a[2].ID, 0), "me": second(p.Me(nil)), "log": second(p.CheckLog(nil)), "found": second(p.LogFound()), "due": second(p.CheckLogIfDue(nil)), "register": p.Register(nil), "follow": secondStream(p.Follow("", "", nil)),
		} {
			if code(err) != "closed" {
				t.Errorf("%s after Close: %v", name, err)
			}
		}
	})
}

func second(_ string, err error) error            { return err }
func secondStream(_ *sdk.Stream, err error) error { return err }

func stacks() string {
	raw := make([]byte, 1<<20)
	return string(raw[:runtime.Stack(raw, true)])
}

// ours counts goroutines that run code of the SDK, or were started by it; tests' own are in another package.
func ours() (n int) {
	for _, stack := range strings.Split(stacks(), "\n\n") {
		if strings.Contains(stack, "tasknet/mobile/sdk.") && !strings.Contains(stack, "mobile/sdk_test.") {
			n++
		}
	}
	return n
}

// TestCloseWhileOpening opens and closes many sessions at once.
func TestCloseWhileOpening(t *testing.T) {
	hang := make(chan struct{})
	address := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer close(hang)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			s, err := sdk.Open(t.TempDir(), address, &vault{folder: t.TempDir()}, newEar(t))
			if err != nil {
				t.Error(err)
				return
			}
			var calls sync.WaitGroup
			for range 3 {
				calls.Go(func() {
					if _, err := s.Me(nil); code(err) != "closed" {
						t.Errorf("under way: %v", err)
					}
				})
			}
			calls.Go(func() { s.Close() })
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			calls.Wait()
		})
	}
	all.Wait()
}

// TestCancel ends calls to a server that does not answer, before and after they began.
func TestCancel(t *testing.T) {
	asked := make(chan struct{}, 10)
	p := newPhone(t, serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	})))
	c := sdk.NewCancel()
	done := make(chan error, 2)
	go func() { done <- second(p.Me(c)) }()
	<-asked
	go func() { done <- second(p.Earnings(c)) }() // waits in turn
	c.Cancel()
	for range 2 {
		if err := <-done; code(err) != "cancelled" || !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
	if _, err := p.Me(c); code(err) != "cancelled" {
		t.Errorf("after it was used: %v", err)
	}
}

// TestSlowListener: who is told takes their time, and answers go out meanwhile.
func TestSlowListener(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		for range 3 {
			net.Ask(t, ctx, ask("fixed:1"))
		}
		p := newPhone(t, net.URL)
		release := make(chan struct{})
		p.ear.first = func(told) { <-release }
		for _, a := range p.take(t) {
			must(t, p.Answer(a.ID, 1))
		}
		for deadline := time.Now().Add(patience); p.Waiting() > 0; runtime.Gosched() {
			if time.Now().After(deadline) {
				t.Fatalf("%d answers wait for the listener", p.Waiting())
			}
		}
		close(release)
		p.ear.await(t, "accepted", 3)
	})
}

// TestSecrets: a store that fails makes nobody somebody else, and a wallet is not written over.
func TestSecrets(t *testing.T) {
	p := newPhone(t, "http://127.0.0.1:1")
	device := p.Device()
	wallet, err := p.BackUpWallet()
	must(t, err)
	must(t, p.Close())
	p.vault.broken = errors.New("the phone is locked")
	if _, err := sdk.Open(p.folder, "http://127.0.0.1:1", p.vault, p.ear); code(err) != "failed" || !strings.Contains(err.Error(), "locked") {
		t.Errorf("a store that is locked: %v", err)
	}
	p.vault.broken = nil
	p.open(t, "http://127.0.0.1:1")
	if p.Device() != device {
		t.Error("the device has another key")
	}
	must(t, sdk.RestoreWallet(p.vault, strings.ToUpper(wallet)))
	for secret, want := range map[string]string{strings.Repeat("12", 32): "wallet_exists", strings.Repeat("00", 32): "bad_wallet_key", "": "bad_wallet_key", wallet[1:]: "bad_wallet_key"} {
		if err := sdk.RestoreWallet(p.vault, secret); code(err) != want {
			t.Errorf("restoring %q: %v, want %s", secret, err, want)
		}
	}
	must(t, p.Close())
	must(t, p.vault.Set(sdk.WalletSecret, "12"))
	if _, err := sdk.Open(p.folder, "http://127.0.0.1:1", p.vault, p.ear); code(err) != "bad_keys" {
		t.Errorf("a damaged key: %v", err)
	}
}

// followed remembers what a stream told.
type followed struct {
	mu     sync.Mutex
	events []string // guarded by mu
	ended  string   // guarded by mu
	more   chan struct{}
}

func (f *followed) Happened(kind, id, _ string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kind == "question.closed" {
		f.events = append(f.events, id)
	}
	f.more <- struct{}{}
}

func (f *followed) Ended(code, _ string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = code
	f.more <- struct{}{}
}

func (f *followed) await(t *testing.T, enough func() bool) {
	t.Helper()
	for deadline := time.After(patience); ; {
		f.mu.Lock()
		ok := enough()
		f.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-f.more:
		case <-deadline:
			t.Fatalf("followed %q, ended %q", f.events, f.ended)
		}
	}
}

// TestFollow hears of each close once, over connections that break, and of a key that is none.
func TestFollow(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		key, err := net.Requester.NewKey(ctx, "follower", "")
		must(t, err)
		p := newPhone(t, through(t, &bench.Faults{Cut: 0.4, Drop: 0.2, Fail: 0.1, Portal: 0.1, Seed: 3}, net.URL))
		f := &followed{more: make(chan struct{}, 1000)}
		stream, err := p.Follow(key.Secret, "0", f)
		must(t, err)
		who := net.Person(t, ctx)
		const closes = 12
		for range closes {
			net.Answer(t, ctx, who, net.Ask(t, ctx, ask("fixed:1")).ID, 0)
		}
		f.await(t, func() bool { return len(f.events) >= closes })
		stream.Close()
		seen := map[string]bool{}
		for _, id := range f.events {
			if seen[id] {
				t.Errorf("the close %s was told twice", id)
			}
			seen[id] = true
		}
		none := &followed{more: make(chan struct{}, 1000)}
		stream, err = p.Follow("tn_none", "", none)
		must(t, err)
		none.await(t, func() bool { return none.ended == "bad_api_key" })
		stream.Close()
	})
}

// TestErrorText: an error's code and sentence are taken out of its text, and those of other texts are not.
func TestErrorText(t *testing.T) {
	for text, want := range map[string][2]string{
		"question_closed: It closed: at noon.": {"question_closed", "It closed: at noon."},
		"no colon":                             {"", "no colon"},
		"Not a code: something":                {"", "Not a code: something"},
	} {
		if got := [2]string{sdk.ErrorCode(text), sdk.ErrorText(text)}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	err := fmt.Errorf("wrapped: %w", sdk.RestoreWallet(&vault{folder: t.TempDir()}, ""))
	if e, ok := errors.AsType[*sdk.Error](err); !ok || e.Code() != "bad_wallet_key" || e.Kind() != "invalid" || e.Text() == "" {
		t.Errorf("%#v", err)
	}
}
