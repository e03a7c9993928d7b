package sdk_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/server/bench"
	"github.com/tasknet/tasknet/server/wire"
)

// patience is how long a test waits for what must come: the machine may be slow.
const patience = 60 * time.Second

// vault is a platform's keystore, in files of a folder so that another process has it too.
type vault struct {
	folder string

	mu     sync.Mutex
	broken error // guarded by mu
}

func (v *vault) failure() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.broken
}

func (v *vault) Get(name string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(v.folder, name))
	if os.IsNotExist(err) {
		err = nil
	}
	if v.failure() != nil {
		return "", v.failure()
	}
	return string(raw), err
}

func (v *vault) Set(name, secret string) error {
	if v.failure() != nil {
		return v.failure()
	}
	return os.WriteFile(filepath.Join(v.folder, name), []byte(secret), 0o600)
}

func (v *vault) Delete(name string) error {
	if err := os.Remove(filepath.Join(v.folder, name)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return v.failure()
}

// told is something that a listener was told.
type told struct {
	what string // accepted, refused, expired, delayed or found
	body kept   // of an answer
	code string // of a delay, or of why an answer was refused; or what was found
}

// kept is what the SDK writes of an answer.
type kept struct {
	Instance   string          `json:"instance"`
	Assignment wire.Assignment `json:"assignment"`
	Answer     wire.Answer     `json:"answer"`
	Accepted   *wire.Accepted  `json:"accepted"`
	Refused    *struct {
		Code      string        `json:"code"`
		Text      string        `json:"text"`
		Statement *wire.Refusal `json:"statement"`
		Proven    bool          `json:"proven"`
	} `json:"refused"`
	Logged  *struct{ State, Checkpoint string } `json:"logged"`
	Damaged string                              `json:"damaged"`
}

// ear is a listener that remembers.
type ear struct {
	t     *testing.T
	first func(told) // called with each, by the thread that tells; may be nil

	mu    sync.Mutex
	heard []told        // guarded by mu
	more  chan struct{} // guarded by mu: closed when something was heard
}

func newEar(t *testing.T) *ear { return &ear{t: t, more: make(chan struct{})} }

func (e *ear) hear(what told) {
	if e.first != nil {
		e.first(what)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, what)
	close(e.more)
	e.more = make(chan struct{})
}

func (e *ear) answer(what, body string) {
	var k kept
	if err := json.Unmarshal([]byte(body), &k); err != nil {
		e.t.Errorf("%s: %v: %s", what, err, body)
	}
	said := told{what: what, body: k}
	if k.Refused != nil {
		said.code = k.Refused.Code
	}
	e.hear(said)
}

func (e *ear) Accepted(answer string) { e.answer("accepted", answer) }
func (e *ear) Refused(answer string)  { e.answer("refused", answer) }
func (e *ear) Delayed(code, _ string) { e.hear(told{what: "delayed", code: code}) }
func (e *ear) Found(found string)     { e.hear(told{what: "found", code: found}) }

func (e *ear) Expired(assignment string) {
	var a wire.Assignment
	if err := json.Unmarshal([]byte(assignment), &a); err != nil {
		e.t.Errorf("%v: %s", err, assignment)
	}
	e.hear(told{what: "expired", body: kept{Assignment: a}})
}

// await waits until n things were told.
func (e *ear) await(t *testing.T, what string, n int) []told {
	t.Helper()
	deadline := time.After(patience)
	for {
		e.mu.Lock()
		more := e.more
		found := slices.DeleteFunc(slices.Clone(e.heard), func(s told) bool { return s.what != what })
		e.mu.Unlock()
		if len(found) >= n {
			return found
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("heard of %d %s, want %d; all: %+v", len(found), what, n, e.all())
		}
	}
}

func (e *ear) all() []told {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

// phone is a session with what is around it.
type phone struct {
	*sdk.Session
	ear    *ear
	vault  *vault
	folder string
}

// newPhone opens a session on a new device.
func newPhone(t *testing.T, server string) *phone {
	t.Helper()
	p := &phone{vault: &vault{folder: t.TempDir()}, folder: t.TempDir()}
	p.open(t, server)
	return p
}

// open opens the session again, with a new listener.
func (p *phone) open(t *testing.T, server string) {
	t.Helper()
	p.ear = newEar(t)
	s, err := sdk.Open(p.folder, server, p.vault, p.ear)
	must(t, err)
	p.Session = s
	t.Cleanup(func() { must(t, s.Close()) })
}

// take takes up to ten questions.
func (p *phone) take(t *testing.T) []wire.Assignment {
	t.Helper()
	return parse[wire.Assignments](t)(p.Assignments(nil, 10, "")).Assignments
}

func parse[T any](t *testing.T) func(text string, err error) T {
	return func(text string, err error) (out T) {
		t.Helper()
		must(t, err)
		must(t, json.Unmarshal([]byte(text), &out))
		return out
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// code returns the code of an error as an app in Java or Swift learns it.
func code(err error) string {
	if err == nil {
		return ""
	}
	return sdk.ErrorCode(err.Error())
}

// through returns the address of a proxy with faults before a server.
func through(t *testing.T, f *bench.Faults, server string) string {
	t.Helper()
	must(t, f.Target(server))
	return serve(t, f)
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}
