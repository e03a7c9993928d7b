package bench

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/client"
)

// TestFaults has each fault happen to every request, and looks at what the server saw and what the client got.
func TestFaults(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			seen = append(seen, "half")
			return
		}
		seen = append(seen, string(body))
		if r.Header.Get("Authorization") != "Bearer rt_1" || r.URL.String() != "/v1/x%2Fy?q=1" {
			t.Errorf("passed on as %s with %v", r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"a":"reply"}`)
	})
	for _, tt := range []struct {
		faults  *Faults
		seen    []string // each of which the server may have seen, with commas between
		replies []string // each of which the client may get
	}{
		{&Faults{}, []string{"body"}, []string{`201 {"a":"reply"}`}},
		{&Faults{Drop: 1}, []string{"", "body"}, []string{"broken"}},
		{&Faults{Twice: 1}, []string{"body,body"}, []string{`201 {"a":"reply"}`}},
		{&Faults{Slow: 1, Hold: time.Millisecond}, []string{"body"}, []string{`201 {"a":"reply"}`}},
		{&Faults{Cut: 1}, []string{"half", "body"}, []string{"broken"}},
		{&Faults{Fail: 1}, []string{"", "body"}, []string{"500 ", "502 ", "503 "}},
		{&Faults{Portal: 1}, []string{""}, []string{"200 <!doctype html><title>Welcome</title><p>Enter your room number."}},
	} {
		server := httptest.NewServer(handler) // of its own: what comes late is of nobody else
		if err := tt.faults.Target(server.URL); err != nil {
			t.Fatal(err)
		}
		proxy := httptest.NewServer(tt.faults)
		sawEach, gotEach := map[string]bool{}, map[string]bool{}
		for range 60 {
			mu.Lock()
			seen = nil
			mu.Unlock()
			got := send(t, proxy.URL)
			mu.Lock()
			saw := strings.Join(seen, ",")
			mu.Unlock()
			if gotEach[got] = true; tt.faults.Cut == 0 {
				sawEach[saw] = true
				continue
			}
			for part := range strings.SplitSeq(saw, ",") { // of this request, or of the one before: the server hears of the end later
				sawEach[part] = true
			}
		}
		proxy.Close()
		server.Close()
		if tt.faults.Cut > 0 {
			delete(sawEach, "") // the end may come before the server has looked at the request
		}
		for _, saw := range tt.seen {
			if !sawEach[saw] {
				t.Errorf("%+v: the server never saw %q, but %v", tt.faults, saw, sawEach)
			}
			delete(sawEach, saw)
		}
		for _, got := range tt.replies {
			if !gotEach[got] {
				t.Errorf("%+v: the client never got %q, but %v", tt.faults, got, gotEach)
			}
			delete(gotEach, got)
		}
		if len(sawEach) > 0 || len(gotEach) > 0 {
			t.Errorf("%+v: the server also saw %v, the client got %v", tt.faults, sawEach, gotEach)
		}
		if faulty := tt.faults.Count() > 0; faulty != (tt.faults.Drop+tt.faults.Twice+tt.faults.Slow+tt.faults.Cut+tt.faults.Fail+tt.faults.Portal > 0) {
			t.Errorf("%+v: %d faults counted", tt.faults, tt.faults.Count())
		}
	}
}

// send sends a request once, and returns what came of it.
func send(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address+"/v1/x%2Fy?q=1", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer rt_1")
	r.GetBody = nil // net/http sends nothing again by itself
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "broken"
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "broken"
	}
	return resp.Status[:3] + " " + string(body)
}

// TestFaultsOfNobody: a server that is away breaks connections, as one that is killed does.
func TestFaultsOfNobody(t *testing.T) {
	f := &Faults{}
	if err := f.Target("http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(f)
	defer proxy.Close()
	c, err := client.New(proxy.URL, client.Config{Patience: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Instance(t.Context()); !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("%v, want %v", err, client.ErrUnreachable)
	}
}
