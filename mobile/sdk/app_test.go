package sdk_test

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

type unsent struct {
	Answers []kept `json:"answers"`
}

type settled struct {
	Accepted []kept `json:"accepted"`
	Refused  []kept `json:"refused"`
}

// TestUndo takes an answer back before it is sent, and none after it.
func TestUndo(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		p := newPhone(t, net.URL)
		a := p.take(t)[0].ID
		for _, bad := range []string{``, `{}`, `{"choice":0,"value":[1]}`, `[]`} {
			if err := p.Give(a, bad, 1000); code(err) != "bad_answer" {
				t.Errorf("%s: %v", bad, err)
			}
		}
		for _, bad := range []int64{-1, 60_001} {
			if err := p.Give(a, `{"choice":0}`, bad); code(err) != "bad_answer" {
				t.Errorf("held for %d: %v", bad, err)
			}
		}
		if err := p.Undo(a); code(err) != "too_late" {
			t.Errorf("what was not given: %v", err)
		}
		must(t, p.Give(a, `{"choice":0}`, 60_000))
		if u := parse[unsent](t)(p.Unsent(), nil); len(u.Answers) != 1 || u.Answers[0].Assignment.ID != a || *u.Answers[0].Answer.Choice != 0 {
			t.Errorf("unsent %+v", u)
		}
		must(t, p.Undo(a))
		if held := parse[wire.Assignments](t)(p.Held(), nil); len(held.Assignments) != 1 || p.Waiting() != 0 {
			t.Errorf("%d held, %d wait", len(held.Assignments), p.Waiting())
		}
		if _, err := p.Receipt(a); code(err) != "no_receipt" {
			t.Errorf("the file of what was taken back: %v", err)
		}
		must(t, p.Give(a, `{"choice":1}`, 60_000))
		p.Release()
		p.ear.await(t, "accepted", 1)
		if err := p.Undo(a); code(err) != "too_late" {
			t.Errorf("what was sent: %v", err)
		}
		s := parse[settled](t)(p.Settled())
		if len(s.Accepted) != 1 || len(s.Refused) != 0 || *s.Accepted[0].Answer.Choice != 1 || s.Accepted[0].Accepted == nil {
			t.Errorf("settled %+v", s)
		}
		if u := parse[unsent](t)(p.Unsent(), nil); u.Answers == nil || len(u.Answers) != 0 {
			t.Errorf("unsent %+v", u)
		}
	})
}

// TestUndoOnTheWay takes nothing back that the sender has had, though the server may not have heard of it.
func TestUndoOnTheWay(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		var once sync.Once
		came, going := make(chan struct{}), make(chan struct{})
		target, err := url.Parse(net.URL)
		must(t, err)
		forward := httputil.NewSingleHostReverseProxy(target)
		p := newPhone(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/answers" {
				once.Do(func() { close(came) })
				<-going
			}
			forward.ServeHTTP(w, r)
		})))
		a := p.take(t)[0].ID
		must(t, p.Give(a, `{"choice":0}`, 0))
		<-came
		if err := p.Undo(a); code(err) != "too_late" {
			t.Errorf("on its way: %v", err)
		}
		close(going)
		p.ear.await(t, "accepted", 1)
	})
}

// TestPerson asks who one is before and after the server was reached, and makes a request of its own with the token.
func TestPerson(t *testing.T) {
	type person struct {
		Device, Wallet, Instance, Respondent string
		Registered                           wire.Time `json:"registered_until"`
	}
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		p := newPhone(t, net.URL)
		before := parse[person](t)(p.Person(), nil)
		if before.Device != p.Device() || before.Instance != "" || !before.Registered.IsZero() {
			t.Errorf("before: %+v", before)
		}
		token := parse[wire.Session](t)(p.Token(nil, ""))
		if same := parse[wire.Session](t)(p.Token(nil, "")); same.Token != token.Token {
			t.Error("a good token was replaced")
		}
		if other := parse[wire.Session](t)(p.Token(nil, token.Token)); other.Respondent != token.Respondent {
			t.Errorf("another token is of %s", other.Respondent)
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, net.URL+"/v1/me", http.NoBody)
		must(t, err)
		r.Header.Set("Authorization", "Bearer "+token.Token)
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusOK {
			t.Errorf("with the token: %s", resp.Status)
		}
		after := parse[person](t)(p.Person(), nil)
		if e := parse[wire.Earnings](t)(p.Earnings(nil)); after.Wallet != e.Wallet || before.Wallet != e.Wallet || len(after.Instance) != 64 || after.Respondent != token.Respondent || after.Registered.IsZero() {
			t.Errorf("after: %+v, of %s", after, e.Wallet)
		}
	})
}

// wakePlace is where a browser is woken that nobody has.
const wakePlace = `{"web":{"endpoint":"https://push.example.org/a","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}}`

// TestWake subscribes a device to pushes and ends that again.
func TestWake(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, _ context.Context, net *testnet.Net) {
		p := newPhone(t, net.URL)
		for _, bad := range []string{``, `{}`, `{"fcm":{"token":"a"},` + wakePlace[1:]} {
			if _, err := p.Wake(nil, bad); code(err) != "bad_place" {
				t.Errorf("%s: %v", bad, err)
			}
		}
		first, err := p.Wake(nil, wakePlace)
		must(t, err)
		again, err := p.Wake(nil, wakePlace)
		must(t, err)
		if first != again || first == "" {
			t.Errorf("%q, then %q", first, again)
		}
		must(t, p.WakeNoMore(nil, first))
		if err := p.WakeNoMore(nil, first); code(err) == "" {
			t.Error("ended twice")
		}
	})
}
