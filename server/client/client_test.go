package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// clock is a clock that only pauses move.
type clock struct {
	mu     sync.Mutex
	now    time.Time       // guarded by mu
	pauses []time.Duration // guarded by mu
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pause(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.pauses = append(c.pauses, d)
	return ctx.Err()
}

// against returns a client of a handler, on a clock of its own.
func against(t *testing.T, h http.Handler) (*Client, *clock) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	k := &clock{now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	c, err := New(srv.URL, Config{Now: k.Now})
	if err != nil {
		t.Fatal(err)
	}
	c.pause = k.pause
	return c, k
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, e *tasknet.Error) {
	reply(w, status, wire.Problem{Status: status, Code: e.Code, Detail: e.Message})
}

func TestErrorsKeepTheirCode(t *testing.T) {
	for _, tt := range []struct {
		status int
		err    *tasknet.Error
	}{
		{404, polls.ErrNoQuestion},
		{403, polls.ErrNotYours},
		{400, polls.ErrWrongQuestion},
		{422, polls.ErrNoSuchChoice},
		{409, polls.ErrClosed},
		{402, rewards.ErrInsufficient},
		{401, polls.ErrNoKey},
	} {
		c, k := against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, tt.status, tt.err) }))
		_, err := c.Requester("tn_x").Question(t.Context(), "q_1")
		if !errors.Is(err, tt.err) {
			t.Errorf("status %d: %v, want %v", tt.status, err, tt.err)
		}
		if diff := cmp.Diff(tt.err, tasknet.Describe(err)); diff != "" {
			t.Errorf("status %d (-want +got):\n%s", tt.status, diff)
		}
		if len(k.pauses) != 0 {
			t.Errorf("status %d was tried again", tt.status)
		}
	}
}

func TestWritesAreTriedAgainUnderOneKey(t *testing.T) {
	var keys []string
	c, k := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if r.Header.Get("Authorization") != "Bearer tn_secret" || r.Method != "POST" || r.URL.Path != "/v1/questions" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		switch len(keys) {
		case 1:
			w.Header().Set("Connection", "close") // net/http itself sends again what breaks on a connection that was used before
			refuse(w, 503, tasknet.NewError(tasknet.Unavailable, "stopping", "The server stops; try again."))
		case 2:
			panic(http.ErrAbortHandler) // the connection breaks
		case 3:
			w.Header().Set("Content-Length", "1000") // the reply breaks
			io.WriteString(w, "{")
		case 4:
			w.Header().Set("Retry-After", "7")
			refuse(w, 429, tasknet.NewError(tasknet.TooMany, "slow_down", "Too many."))
		default:
			reply(w, 201, wire.Question{ID: "q_1"})
		}
	}))
	q, err := c.Requester("tn_secret").Ask(t.Context(), wire.Ask{Text: "?", Choices: []string{"a", "b"}}, "")
	if err != nil || q.ID != "q_1" {
		t.Fatalf("%v, %v", q, err)
	}
	if len(keys) != 5 || len(keys[0]) != 32 || len(slices.Compact(keys)) != 1 {
		t.Errorf("sent under the keys %q", keys)
	}
	if len(k.pauses) != 4 || k.pauses[3] != 7*time.Second {
		t.Errorf("paused %v", k.pauses)
	}
	for i, d := range k.pauses[:3] {
		if most := firstPause << i; d < most/2 || d > most {
			t.Errorf("pause %d was %s, want %s to %s", i, d, most/2, most)
		}
	}
}

func TestPatienceEnds(t *testing.T) {
	tries := 0
	c, k := against(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		tries++
		panic(http.ErrAbortHandler)
	}))
	start := k.Now()
	if _, err := c.Totals(t.Context()); !errors.Is(err, ErrUnreachable) {
		t.Errorf("%v, want %v", err, ErrUnreachable)
	}
	if waited := k.Now().Sub(start); waited < 15*time.Second || waited > 17*time.Second || tries < 10 {
		t.Errorf("gave up after %s and %d tries", waited, tries)
	}

	faults := 0
	c, _ = against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		faults++
		refuse(w, 500, tasknet.NewError(tasknet.Internal, "internal", "Something failed."))
	}))
	if _, err := c.Totals(t.Context()); tasknet.Describe(err).Kind != tasknet.Internal || faults != internalTries {
		t.Errorf("%v after %d tries", err, faults)
	}
}

func TestEndedContextEndsTrying(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := against(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		cancel()
		panic(http.ErrAbortHandler)
	}))
	if _, err := c.Totals(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnreachable) {
		t.Errorf("%v, want that the context ended and nothing else", err)
	}
}

func TestNotATaskNet(t *testing.T) {
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }))
	if _, err := c.Instance(t.Context()); !errors.Is(err, ErrProtocol) {
		t.Errorf("%v, want %v", err, ErrProtocol)
	}
	c, _ = against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) }))
	if _, err := c.Instance(t.Context()); tasknet.Describe(err).Code != "http_418" {
		t.Errorf("%v, want http_418", err)
	}
	for _, address := range []string{"", "localhost:8080", "ftp://x", "http://", "http://[::1", "/v1"} {
		if _, err := New(address, Config{}); !errors.Is(err, ErrAddress) {
			t.Errorf("New(%q): %v, want %v", address, err, ErrAddress)
		}
	}
}

func TestPathsAreEscaped(t *testing.T) {
	var got string
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.RequestURI
		reply(w, 200, wire.Record{})
	}))
	if _, err := c.Record(t.Context(), "../keys?x=1#a b"); err != nil {
		t.Fatal(err)
	}
	if want := "/v1/records/questions/..%2Fkeys%3Fx=1%23a%20b"; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
}

func TestListsGoOnToTheEnd(t *testing.T) {
	var asked []string
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		pages := map[string]wire.Questions{
			"":   {Page: wire.Page{Next: "b="}, Questions: []wire.Question{{ID: "q_1"}, {ID: "q_2"}, {ID: "q_3"}}},
			"b=": {Page: wire.Page{Next: "c"}}, // a page may be empty and not the last
			"c":  {Questions: []wire.Question{{ID: "q_4"}}},
		}
		reply(w, 200, pages[r.URL.Query().Get("cursor")])
	}))
	var ids []string
	for q, err := range c.Requester("tn_x").Questions(t.Context(), "open") {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, q.ID)
	}
	if diff := cmp.Diff([]string{"q_1", "q_2", "q_3", "q_4"}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"limit=200&status=open", "cursor=b%3D&limit=200&status=open", "cursor=c&limit=200&status=open"}, asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	asked = nil
	for range c.Requester("tn_x").Questions(t.Context(), "") {
		break
	}
	if len(asked) != 1 {
		t.Errorf("a list that was left asked for %d pages", len(asked))
	}
}

func TestListThatTurnsInACircleEnds(t *testing.T) {
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, wire.Ledger{Page: wire.Page{Next: "same"}, Transactions: []wire.Transaction{{ID: "tx_1"}}})
	}))
	n, last := 0, error(nil)
	for _, err := range c.Ledger(t.Context()) {
		n++
		last = err
	}
	if n != 3 || !errors.Is(last, ErrProtocol) {
		t.Errorf("%d items, then %v", n, last)
	}
}

func TestWaitGoesOnUntilClosed(t *testing.T) {
	var waits []string
	var k *clock
	c, k := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		waits = append(waits, r.URL.Query().Get("wait"))
		status := "open"
		if len(waits) == 3 {
			status = "closed"
		}
		k.pause(context.Background(), 30*time.Second)
		reply(w, 200, wire.Question{Status: status})
	}))
	q, err := c.Requester("tn_x").Wait(t.Context(), "q_1", time.Hour)
	if err != nil || q.Status != "closed" || !slices.Equal(waits, []string{"30s", "30s", "30s"}) {
		t.Errorf("%v, %v, waited %q", q.Status, err, waits)
	}
	waits = []string{"", "", ""}
	if q, err := c.Requester("tn_x").Wait(t.Context(), "q_1", 40*time.Second); err != nil || q.Status != "open" {
		t.Errorf("%v, %v", q.Status, err)
	}
	if diff := cmp.Diff([]string{"", "", "", "30s", "10s", ""}, waits); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

func TestEventsResume(t *testing.T) {
	var after []string
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after = append(after, r.Header.Get("Last-Event-ID"))
		w.Header().Set("Content-Type", "text/event-stream")
		switch len(after) {
		case 1:
			fmt.Fprint(w, ": hello\n\nevent: question.progress\ndata: {\"question\":\"q_1\",\n", "data: \"answers\":2}\n\n",
				"id: 7\nevent: question.closed\ndata: {\"id\":\"q_1\",\"status\":\"closed\"}\n\nevent: of.the.future\ndata: x\n\nid: 8\nevent: question.closed\ndata: {\"id\":") // it breaks within an event
		case 2:
			refuse(w, 503, tasknet.NewError(tasknet.Unavailable, "stopping", "Stopping."))
		case 3:
			fmt.Fprint(w, "id:8\r\nevent:question.closed\r\ndata:{\"id\":\"q_2\"}\r\n\r\n")
		default:
			refuse(w, 401, polls.ErrNoKey)
		}
	}))
	var got []Event
	var last error
	for e, err := range c.Requester("tn_x").Events(t.Context(), "3") {
		if last = err; err == nil {
			got = append(got, e)
		}
	}
	want := []Event{
		{Kind: Connected},
		{Kind: Progress, Progress: wire.Progress{Question: "q_1", Answers: 2}},
		{Kind: Closed, ID: "7", Question: wire.Question{ID: "q_1", Status: "closed"}},
		{Kind: Connected},
		{Kind: Closed, ID: "8", Question: wire.Question{ID: "q_2"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if !errors.Is(last, polls.ErrNoKey) || !slices.Equal(after, []string{"3", "7", "7", "8"}) {
		t.Errorf("ended by %v, resumed after %q", last, after)
	}
}

// TestEventsOutliveSilence breaks a stream on which nothing happened for longer than the client is patient.
func TestEventsOutliveSilence(t *testing.T) {
	var k *clock
	connections := 0
	c, started := against(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if connections++; connections == 1 {
			fmt.Fprint(w, ": hello\n\n")
			http.NewResponseController(w).Flush()
			_ = k.pause(t.Context(), time.Hour)
			return
		}
		fmt.Fprint(w, "event: question.closed\ndata: {\"id\":\"q_1\"}\n\n")
	}))
	k = started
	var kinds []EventKind
	for e, err := range c.Requester("tn_x").QuestionEvents(t.Context(), "q_1") {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []EventKind{Connected, Connected, Closed}) {
		t.Errorf("%v", kinds)
	}
}

func TestEventsOfAQuestionEndWithItsClose(t *testing.T) {
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/questions/q_1/events" {
			t.Errorf("asked for %s", r.URL)
		}
		fmt.Fprint(w, "event: question.closed\ndata: {\"id\":\"q_1\"}\n\n")
	}))
	var kinds []EventKind
	for e, err := range c.Requester("tn_x").QuestionEvents(t.Context(), "q_1") {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []EventKind{Connected, Closed}) {
		t.Errorf("%v", kinds)
	}
}

func TestEventsEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	n := 0
	for e, err := range c.Requester("tn_x").Events(ctx, "") {
		if n++; e.Kind != Connected || err != nil {
			t.Errorf("%v, %v", e, err)
		}
		cancel()
	}
	if n != 1 {
		t.Errorf("%d events", n)
	}
}
