package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// sse is an event as it came over the wire.
type sse struct{ id, kind, data string }

// stream is an open stream of events.
type stream struct {
	t      testing.TB
	resp   *http.Response
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// follow opens a stream over a connection of its own.
func (w *world) follow(path string, headers ...string) *stream {
	w.t.Helper()
	return w.followAs(w.key, path, headers...)
}

// followAs is follow with another key, or a token.
func (w *world) followAs(secret, path string, headers ...string) *stream {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	w.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", w.address+path, nil)
	w.must(err)
	req.Header = header(headers...)
	req.Header.Set("Authorization", "Bearer "+secret)
	resp, err := httpClient.Do(req)
	w.must(err)
	w.t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != mimeEvents || resp.Header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("stream: %d %v", resp.StatusCode, resp.Header)
	}
	s := &stream{w.t, resp, bufio.NewScanner(resp.Body), cancel}
	s.lines.Buffer(nil, 1<<20)
	if !s.lines.Scan() || !strings.HasPrefix(s.lines.Text(), ":") || !s.lines.Scan() {
		w.t.Fatalf("the stream does not begin with a comment: %q, %v", s.lines.Text(), s.lines.Err())
	}
	return s
}

// next reads an event; ok is false when the stream ended.
func (s *stream) next() (e sse, ok bool) {
	s.t.Helper()
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			e.id = value
		case "event":
			e.kind = value
		case "data":
			e.data = value
		case "":
			if e.kind != "" {
				return e, true
			}
		}
	}
	return sse{}, false
}

func as[T any](t *testing.T, e sse, kind string) (out T) {
	t.Helper()
	if e.kind != kind {
		t.Fatalf("event %+v, want %s", e, kind)
	}
	if err := json.Unmarshal([]byte(e.data), &out); err != nil {
		t.Fatalf("%v in %s", err, e.data)
	}
	return out
}

func (s *stream) must() sse {
	s.t.Helper()
	e, ok := s.next()
	if !ok {
		s.t.Fatalf("the stream ended: %v", s.lines.Err())
	}
	return e
}

func TestQuestionEvents(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(2))
	s := w.follow("/v1/questions/" + q.ID + "/events")
	if p := as[wire.Progress](t, s.must(), "question.progress"); p.Question != q.ID || p.Answers != 0 || p.Status != "open" || p.Wanted != 2 {
		t.Errorf("at first: %+v", p)
	}
	w.answer(w.person(), q.ID, 1)
	if p := as[wire.Progress](t, s.must(), "question.progress"); p.Answers != 1 || !slices.Equal(p.Counts, []int{0, 1}) || p.Wanted != 1 {
		t.Errorf("after one: %+v", p)
	}
	w.answer(w.person(), q.ID, 1)
	e := s.must()
	if e.kind == "question.progress" { // which may be overtaken by the close
		if p := as[wire.Progress](t, e, "question.progress"); p.Answers != 2 || p.Status != "closing" {
			t.Errorf("after two: %+v", p)
		}
		e = s.must()
	}
	if c := as[wire.Question](t, e, "question.closed"); c.ID != q.ID || c.Verdict == nil || c.Verdict.Label != "no" {
		t.Errorf("closed: %+v", c)
	}
	if e, ok := s.next(); ok || s.lines.Err() != nil {
		t.Errorf("after the close: %+v, %v", e, s.lines.Err())
	}
	late := w.follow("/v1/questions/" + q.ID + "/events")
	if c := as[wire.Question](t, late.must(), "question.closed"); c.Verdict == nil {
		t.Errorf("late: %+v", c)
	}
	if _, ok := late.next(); ok {
		t.Error("a stream of a closed question goes on")
	}
}

// A stream that broke goes on after the last event that it gave: each close comes once, in order.
func TestOrgEventsResume(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	p := w.person()
	ask := func() string {
		q := w.ask(fixed(1))
		w.answer(p, q.ID, 0)
		w.closed(q.ID)
		return q.ID
	}
	ask() // before the stream: it starts now
	s := w.follow("/v1/events")
	closes := func(s *stream, n int) (ids []string, last string) {
		for len(ids) < n {
			e := s.must()
			if e.kind == "question.progress" {
				if e.id != "" {
					t.Errorf("progress has an id: %+v", e)
				}
				continue
			}
			q := as[wire.Question](t, e, "question.closed")
			if e.id == "" || q.Verdict == nil {
				t.Errorf("close: %+v", e)
			}
			ids, last = append(ids, q.ID), e.id
		}
		return ids, last
	}
	want := []string{ask(), ask()}
	got, last := closes(s, 2)
	if !slices.Equal(got, want) {
		t.Errorf("live: %v, want %v", got, want)
	}
	s.cancel()
	want = []string{ask(), ask(), ask()}
	again := w.follow("/v1/events", "Last-Event-ID", last)
	got, last = closes(again, 3)
	if !slices.Equal(got, want) {
		t.Errorf("resumed: %v, want %v", got, want)
	}
	want = []string{ask()}
	if got, _ := closes(again, 1); !slices.Equal(got, want) {
		t.Errorf("live again: %v, want %v", got, want)
	}
	rival, err := w.server.Pipeline.NewOrg(t.Context(), "Rival")
	w.must(err)
	w.key = w.newKey(rival)
	other := w.follow("/v1/events", "Last-Event-ID", "0")
	w.deposit(rival, tasknet.Micro(1_000_000))
	mine := ask()
	if got, _ := closes(other, 1); !slices.Equal(got, []string{mine}) {
		t.Errorf("a rival sees %v, want %v only", got, mine)
	}
	if last == "" {
		t.Error("no id")
	}
}

// A subscriber so slow that notices were dropped still gets each close.
func TestOrgEventsAfterLostNotices(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	s := w.follow("/v1/events")
	p := w.person()
	var asked []string
	for range 3 {
		q := w.ask(fixed(1))
		asked = append(asked, q.ID)
	}
	// Notices of nothing fill the subscription faster than the stream can write them.
	for range 5000 {
		w.server.Hub.Publish(pipeline.Notice{Kind: pipeline.AnswerAccepted, Org: w.org.ID, Question: &polls.Question{ID: "q_none", Progress: polls.Progress{Status: polls.Open}}})
	}
	for _, id := range asked {
		w.answer(p, id, 0)
	}
	for _, want := range asked {
		for {
			if e := s.must(); e.kind == "question.closed" {
				if q := as[wire.Question](t, e, "question.closed"); q.ID != want {
					t.Errorf("closed %s, want %s", q.ID, want)
				}
				break
			}
		}
	}
}

func TestLongPoll(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(1))
	got := make(chan wire.Question, 2)
	for range 2 {
		go func() { got <- w.closed(q.ID) }()
	}
	w.answer(w.person(), q.ID, 0)
	for range 2 {
		if q := <-got; q.Verdict == nil || q.Verdict.Label != "yes" {
			t.Errorf("waited for %+v", q)
		}
	}
	open := w.ask(fixed(2))
	if still := read[wire.Question](w, w.as(w.key, "GET", "/v1/questions/"+open.ID+"?wait=50ms", ""), 200); still.Status != "open" {
		t.Errorf("after the wait: %+v", still)
	}
	if again := read[wire.Question](w, w.as(w.key, "GET", "/v1/questions/"+open.ID+"?wait=0s", ""), 200); again.Status != "open" {
		t.Errorf("without waiting: %+v", again)
	}
}

// A shutdown ends streams and long polls at once, and leaves no goroutine behind.
func TestShutdownEndsStreams(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("world", func(t *testing.T) {
		w := newWorld(t)
		w.deposit(w.org, tasknet.Micro(1_000_000))
		q := w.ask(fixed(2))
		var open []*stream
		for range 20 {
			one := w.follow("/v1/questions/" + q.ID + "/events")
			one.must()
			open = append(open, one, w.follow("/v1/events"))
		}
		var waiting sync.WaitGroup
		for range 5 {
			waiting.Go(func() {
				got := w.as(w.key, "GET", "/v1/questions/"+q.ID+"?wait=60s", "")
				if got.status != 200 || !strings.Contains(got.body, `"status":"open"`) {
					t.Errorf("a long poll that the shutdown ended: %d %s", got.status, got.body)
				}
			})
		}
		for w.subscribers(q.ID) < 25 { // streams and polls
			runtime.Gosched()
		}
		if err := w.server.Shutdown(t.Context()); err != nil { // which waits for all of them, and they would wait longer than the test
			t.Errorf("Shutdown: %v", err)
		}
		waiting.Wait()
		for _, s := range open {
			if e, ok := s.next(); ok || s.lines.Err() != nil {
				t.Errorf("a stream goes on with %+v, or broke: %v", e, s.lines.Err())
			}
			s.resp.Body.Close()
		}
		if _, err := net.Dial("tcp", strings.TrimPrefix(w.address, "http://")); err == nil {
			t.Error("the server still takes connections")
		}
	})
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before+2; {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines were there before and %d are now:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

// subscribers counts who waits for a question.
func (w *world) subscribers(question string) int {
	return w.server.Hub.Waiting(polls.QuestionID(question))
}

// A client that went away is found out by the next event, and its stream ends.
func TestStreamOfAClientThatLeft(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(2))
	s := w.follow("/v1/questions/" + q.ID + "/events")
	s.must()
	s.cancel()
	io.Copy(io.Discard, s.resp.Body)
	for w.subscribers(q.ID) > 0 {
		w.server.Hub.Publish(pipeline.Notice{Kind: pipeline.AnswerAccepted, Org: w.org.ID, Question: &polls.Question{ID: polls.QuestionID(q.ID), Progress: polls.Progress{Status: polls.Open, Answers: int(time.Now().UnixMicro())}}})
		runtime.Gosched()
	}
}

func TestStreamsOfAKey(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.Limits.Streams, d.Heartbeat = 2, time.Millisecond })
	first := w.follow("/v1/events")
	w.follow("/v1/events")
	got := w.as(w.key, "GET", "/v1/events", "")
	if p := got.problem(t); got.status != 429 || p.Code != "too_many_streams" || got.header.Get("Retry-After") != "1" {
		t.Errorf("a third: %d %+v", got.status, p)
	}
	mine := w.key
	w.key = w.newKey(w.org)
	w.follow("/v1/events") // with another key
	w.key = mine
	first.cancel()
	for { // until a heartbeat finds out that the client is gone
		w.server.mu.Lock()
		left := len(w.server.open)
		for _, n := range w.server.open {
			left += n
		}
		w.server.mu.Unlock()
		if left == 2+1+1 { // two keys, with a stream each
			break
		}
		runtime.Gosched()
	}
	w.follow("/v1/events")
}

// A stream does not outlive its API key, whatever comes over it.
func TestStreamOfARevokedKey(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.Heartbeat = time.Millisecond })
	s := w.follow("/v1/events")
	made := read[wire.Key](w, w.as(w.key, "POST", "/v1/keys", `{"name":"second"}`), 201)
	keys := read[wire.Keys](w, w.as(made.Secret, "GET", "/v1/keys", ""), 200)
	if got := w.as(made.Secret, "DELETE", "/v1/keys/"+keys.Keys[1].ID, ""); got.status != 204 {
		t.Fatalf("revoke: %d %s", got.status, got.body)
	}
	if e, ok := s.next(); ok || s.lines.Err() != nil {
		t.Errorf("the stream goes on with %+v, or broke: %v", e, s.lines.Err())
	}
}

// BenchmarkVerdictLatency measures how long after its last answer was sent a verdict reaches the one who asked.
func BenchmarkVerdictLatency(b *testing.B) {
	w := newWorld(b)
	w.deposit(w.org, tasknet.Micro(1_000_000*tasknet.MicroPerToken))
	s := w.follow("/v1/events")
	p := w.person()
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		q := w.ask(fixed(1))
		signed := w.sign(p, w.take(p, q.ID), 0)
		b.StartTimer()
		started := time.Now()
		if got := w.post(signed); got.status != 201 {
			b.Fatalf("answer: %d %s", got.status, got.body)
		}
		for s.must().kind != "question.closed" {
		}
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// goneConn is the connection of a client that has sent its requests and is gone: it fails at a step between a stream's handler and
// the stream.
type goneConn struct {
	net.Conn // of nobody: what is not below is not called
	requests io.Reader
	at       string // "write" or "hand over"
	met      func() // when it fails
}

func (c *goneConn) Read(b []byte) (int, error) { return c.requests.Read(b) }
func (c *goneConn) Close() error               { return nil }
func (c *goneConn) LocalAddr() net.Addr        { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (c *goneConn) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (c *goneConn) SetReadDeadline(time.Time) error  { return nil }
func (c *goneConn) SetWriteDeadline(time.Time) error { return nil }
func (c *goneConn) Write(b []byte) (int, error)      { return len(b), c.fails("write") }
func (c *goneConn) SetDeadline(time.Time) error      { return c.fails("hand over") }

func (c *goneConn) fails(at string) error {
	if c.at != at {
		return nil
	}
	c.met()
	return net.ErrClosed
}

// TestStreamsThatNeverBegin: streams whose client is gone after their handler and before they begin are counted out, too.
func TestStreamsThatNeverBegin(t *testing.T) {
	w := newWorld(t)
	s, err := New(w.server.Deps) // one that nobody else asks
	w.must(err)
	s.app.Server().Handler = s.app.Handler()
	stream := "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + w.key + "\r\n\r\n"
	open := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.total + len(s.open)
	}
	for at, requests := range map[string]string{
		"write":     "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + stream, // the reply to the first is written with the second's
		"hand over": stream,
	} {
		counted := 0
		gone := &goneConn{requests: strings.NewReader(requests), at: at, met: func() { counted = open() }}
		err := s.app.Server().ServeConn(&conn{Conn: gone, listener: new(listener)})
		if !errors.Is(err, net.ErrClosed) || counted != 2 {
			t.Fatalf("%s: %v, when %d were counted: the stream was not on its way", at, err, counted)
		}
		if n := open(); n != 0 {
			t.Errorf("%s: %d streams of nobody are left", at, n)
		}
	}
}
