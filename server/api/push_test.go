package api

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // some machines have no time zones

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// browserKeys are the keys of a browser's subscription, as JSON.
func browserKeys(t *testing.T) string {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"p256dh":%q,"auth":%q}`, base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(make([]byte, 16)))
}

func pushWorld(t *testing.T, channels ...pipeline.Channel) *world {
	return newWorld(t, func(d *Deps) { d.Push = Push{Key: "BKey", Channels: channels} })
}

func TestSubscribe(t *testing.T) {
	w := pushWorld(t, pipeline.WebPush, pipeline.FCM)
	phone := w.token(w.person())
	web := `{"web":{"endpoint":"https://push.example.org/send/abc","keys":` + browserKeys(t) + `}}`
	first := read[wire.Subscription](w, w.as(phone, "POST", "/v1/me/push/subscriptions", web), 201)
	again := read[wire.Subscription](w, w.as(phone, "POST", "/v1/me/push/subscriptions", web), 201)
	app := read[wire.Subscription](w, w.as(phone, "POST", "/v1/me/push/subscriptions", `{"fcm":{"token":"cX:APA91"}}`), 201)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("given again (-want +got):\n%s", diff)
	}
	reply := w.as(phone, "GET", "/v1/me/push", "")
	got := read[wire.Push](w, reply, 200)
	want := wire.Push{
		Key: "BKey", Channels: []string{"web", "fcm"}, Most: 5, Subscriptions: []wire.Subscription{first, app},
		Wishes: wire.Wishes{Languages: []string{}, Types: []string{}, Quiet: wire.Quiet{From: "22:00", Until: "07:00", Zone: "UTC"}, PerDay: 10},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(tasknet.Amount{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(reply.body, "abc") || strings.Contains(reply.body, "APA91") {
		t.Errorf("it tells where pushes go: %s", reply.body)
	}
	stranger := w.token(w.person())
	if r := w.as(stranger, "DELETE", "/v1/me/push/subscriptions/"+first.ID, ""); r.status != 404 {
		t.Errorf("a stranger: %d %s", r.status, r.body)
	}
	if r := w.as(phone, "DELETE", "/v1/me/push/subscriptions/"+first.ID, ""); r.status != 204 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if left := read[wire.Push](w, w.as(phone, "GET", "/v1/me/push", ""), 200); len(left.Subscriptions) != 1 || left.Subscriptions[0].ID != app.ID {
		t.Errorf("left: %+v", left.Subscriptions)
	}
}

func TestSubscribeRefuses(t *testing.T) {
	w := pushWorld(t, pipeline.WebPush)
	phone := w.token(w.person())
	keys := browserKeys(t)
	at := func(endpoint string) string { return fmt.Sprintf(`{"web":{"endpoint":%q,"keys":%s}}`, endpoint, keys) }
	for name, c := range map[string]struct {
		body string
		code string
	}{
		"nothing":                   {`{}`, "bad_subscription"},
		"both":                      {at("https://push.example.org/a")[:len(at("https://push.example.org/a"))-1] + `,"fcm":{"token":"x"}}`, "bad_subscription"},
		"no https":                  {at("http://push.example.org/a"), "bad_subscription"},
		"another port":              {at("https://push.example.org:8443/a"), "bad_subscription"},
		"a password":                {at("https://me:secret@push.example.org/a"), "bad_subscription"},
		"no host":                   {at("https:///a"), "bad_subscription"},
		"no address":                {at("push"), "bad_subscription"},
		"a point off the curve":     {fmt.Sprintf(`{"web":{"endpoint":"https://push.example.org/a","keys":{"p256dh":%q,"auth":"AAAAAAAAAAAAAAAAAAAAAA"}}}`, strings.Repeat("B", 87)), "bad_subscription"},
		"a short secret":            {strings.Replace(at("https://push.example.org/a"), `"auth":"AAAAAAAAAAAAAAAAAAAAAA"`, `"auth":"AAAA"`, 1), "bad_subscription"},
		"a channel that is not had": {`{"fcm":{"token":"x"}}`, "no_such_channel"},
		"a token with a line break": {`{"fcm":{"token":"x\ny"}}`, "bad_subscription"},
		"a long address":            {at("https://push.example.org/" + strings.Repeat("a", 1000)), "invalid_request"},
	} {
		r := w.as(phone, "POST", "/v1/me/push/subscriptions", c.body)
		if r.status < 400 || r.status > 501 || r.status == 500 || !strings.Contains(r.body, `"`+c.code+`"`) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if r := w.as("", "POST", "/v1/me/push/subscriptions", at("https://push.example.org/a")); r.status != 401 {
		t.Errorf("nobody: %d", r.status)
	}
	if left := read[wire.Push](w, w.as(phone, "GET", "/v1/me/push", ""), 200); len(left.Subscriptions) != 0 {
		t.Errorf("kept: %+v", left.Subscriptions)
	}
}

func TestSetWishes(t *testing.T) {
	w := pushWorld(t, pipeline.WebPush)
	phone := w.token(w.person())
	const good = `{"languages":["pt-BR","en"],"types":["yes_no","pair"],"least":"0.013","quiet":{"from":"21:30","until":"06:05","zone":"America/Sao_Paulo"},"per_day":3}`
	got := read[wire.Wishes](w, w.as(phone, "PUT", "/v1/me/push/wishes", good), 200)
	if kept := read[wire.Push](w, w.as(phone, "GET", "/v1/me/push", ""), 200).Wishes; !cmp.Equal(got, kept, cmpopts.EquateComparable(tasknet.Amount{})) {
		t.Errorf("replied %+v, kept %+v", got, kept)
	}
	if diff := cmp.Diff([]string{"en", "pt"}, got.Languages); diff != "" || got.Quiet.Until != "06:05" || got.Quiet.From != "21:30" || got.Least.String() != "0.013" || got.PerDay != 3 {
		t.Errorf("%+v", got)
	}
	for code, change := range map[string][2]string{
		"bad_languages":   {"pt-BR", "portuguese of Brazil"},
		"bad_types":       {"yes_no", "riddle"},
		"bad_least_pay":   {"0.013", "1001"},
		"bad_quiet_hours": {"21:30", "24:00"},
		"bad_time_zone":   {"America/Sao_Paulo", "Brazil/Nowhere"},
	} {
		if r := w.as(phone, "PUT", "/v1/me/push/wishes", strings.Replace(good, change[0], change[1], 1)); r.status != 422 && r.status != 400 || !strings.Contains(r.body, `"`+code+`"`) {
			t.Errorf("%s: %d %s", code, r.status, r.body)
		}
	}
	if kept := read[wire.Push](w, w.as(phone, "GET", "/v1/me/push", ""), 200).Wishes; !cmp.Equal(got, kept, cmpopts.EquateComparable(tasknet.Amount{})) {
		t.Errorf("what was refused changed it: %+v", kept)
	}
}

// TestRequestsShowPresence: who asks for something is there, and who may not is not.
func TestRequestsShowPresence(t *testing.T) {
	var seen map[polls.RespondentID]time.Time
	var presence *cache.Presence
	w := newWorld(t, func(d *Deps) {
		presence = cache.NewPresence(func(_ context.Context, now map[polls.RespondentID]time.Time) error {
			seen = now
			return nil
		}, d.Now, d.Log)
		d.Presence = presence
	})
	ann, err := w.person().Session(t.Context(), "")
	w.must(err)
	w.as(ann.Token, "GET", "/v1/me", "")
	w.as("rt_nonsense", "GET", "/v1/me", "")
	presence.Flush(t.Context())
	if len(seen) != 1 || seen[polls.RespondentID(ann.Respondent)].IsZero() {
		t.Errorf("seen: %v", seen)
	}
}

func TestOpened(t *testing.T) {
	w := pushWorld(t, pipeline.WebPush)
	noon := w.server.Now().UTC().Truncate(24 * time.Hour).Add(36 * time.Hour) // nobody is woken in the quiet hours of the night
	w.ahead.Store(int64(time.Until(noon)))
	phone := w.token(w.person())
	for body, status := range map[string]int{`{"wake":"wak_01arz3ndektsv4rrffq69g5fav"}`: 404, `{"wake":"q_1"}`: 400, `{}`: 400} {
		if r := w.as(phone, "POST", "/v1/me/push/opened", body); r.status != status && (status != 400 || r.status != 422) {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
	w.as(phone, "POST", "/v1/me/push/subscriptions", `{"web":{"endpoint":"https://push.example.org/send/abc","keys":`+browserKeys(t)+`}}`)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	w.ask(`{"text":"Is it spam?","type":"yes_no"}`)
	if n := w.server.Pipeline.WakeDue(t.Context()); n != 1 {
		t.Fatalf("%d people are woken", n)
	}
	now := w.server.Now()
	taken, err := w.stores.Pushes().TakePushes(t.Context(), now, now.Add(time.Minute), 10)
	w.must(err)
	if len(taken) != 1 || taken[0].Subscription.Target != "https://push.example.org/send/abc" {
		t.Fatalf("%d pushes wait", len(taken))
	}
	for range 2 {
		if r := w.as(phone, "POST", "/v1/me/push/opened", fmt.Sprintf(`{"wake":%q}`, taken[0].Wake)); r.status != 204 {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	days, err := w.stores.Pushes().PushDays(t.Context())
	if err != nil || len(days) != 1 || days[0].Opened != 1 {
		t.Errorf("%+v, %v", days, err)
	}
}

// TestVisits: who has a stream open is here until it ends, and hears what they are offered; others do not.
func TestVisits(t *testing.T) {
	var presence *cache.Presence
	var later atomic.Int64
	w := newWorld(t, func(d *Deps) {
		d.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
		presence = cache.NewPresence(func(context.Context, map[polls.RespondentID]time.Time) error { return nil }, d.Now, d.Log)
		d.Presence = presence
		d.Heartbeat = 20 * time.Millisecond
		d.Limits.Visits = 1
	})
	ann, err := w.person().Session(t.Context(), "")
	w.must(err)
	bob, err := w.person().Session(t.Context(), "")
	w.must(err)
	id := func(s wire.Session) polls.RespondentID { return polls.RespondentID(s.Respondent) }
	if r := w.as("rt_nonsense", "GET", "/v1/me/events", ""); r.status != 401 {
		t.Errorf("without a token: %d", r.status)
	}
	streams := make(map[string]*stream)
	for name, s := range map[string]wire.Session{"ann": ann, "bob": bob} {
		streams[name] = w.followAs(s.Token, "/v1/me/events")
	}
	if r := w.as(ann.Token, "GET", "/v1/me/events", ""); r.status != 429 || !strings.Contains(r.body, "too_many_streams") {
		t.Errorf("one more stream: %d %s", r.status, r.body)
	}
	presence.Offer(t.Context(), "q_bob", []polls.RespondentID{id(bob)})
	presence.Offer(t.Context(), "q_ann", []polls.RespondentID{id(ann)})
	if got := as[wire.Offer](t, streams["ann"].must(), "question.offered"); got.Question != "q_ann" {
		t.Errorf("Ann is offered %+v", got)
	}
	if got := as[wire.Offer](t, streams["bob"].must(), "question.offered"); got.Question != "q_bob" {
		t.Errorf("Bob is offered %+v", got)
	}
	if here := presence.Here(t.Context(), []polls.RespondentID{id(ann), id(bob)}); len(here) != 2 {
		t.Errorf("here: %v", here)
	}
	later.Store(int64(25 * time.Hour)) // the tokens end, and the streams with them
	for name, s := range streams {
		if e, ok := s.next(); ok || s.lines.Err() != nil {
			t.Errorf("%s hears %+v after the token's end, and then %v", name, e, s.lines.Err())
		}
	}
}
