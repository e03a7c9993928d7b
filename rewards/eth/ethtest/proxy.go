package ethtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Fault is a way in which a call goes wrong.
type Fault int

const (
	// Works passes the call on and its answer back.
	Works Fault = iota
	// LineBefore breaks the line before the node hears of the call.
	LineBefore
	// LineAfter breaks the line after the node did what it was asked to.
	LineAfter
	// ErrorBefore answers with an error without asking the node.
	ErrorBefore
	// ErrorAfter answers with an error although the node did what it was asked to.
	ErrorAfter
	// Swallow answers a transaction with its hash without giving it to the node.
	Swallow
	// Missing answers with null.
	Missing
	// Low answers with a number that is one too low.
	Low
	// High answers with a number that is two too high.
	High
	// Again answers what it answered when the method last worked.
	Again
	// Hangs never answers.
	Hangs
	// HangsAfter never answers either, and the node did what it was asked to.
	HangsAfter
	// Slow answers after slowTime.
	Slow
)

// slowTime is as long as some blocks take in tests.
const slowTime = 30 * time.Millisecond

// Proxy passes JSON-RPC calls on to a node, one by one, as its rule says.
type Proxy struct {
	URL  string
	node string

	mu    sync.Mutex
	rule  func(method string) Fault
	count map[string]int             // of calls by method
	last  map[string]json.RawMessage // results of calls that worked, by method
}

// StartProxy starts a proxy in front of a node. It ends with the test.
func StartProxy(t testing.TB, node string) *Proxy {
	t.Helper()
	p := &Proxy{node: node, count: make(map[string]int), last: make(map[string]json.RawMessage)}
	server := httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Break sets how calls go wrong from now on; nil is not at all. Calls of the rule never overlap.
func (p *Proxy) Break(rule func(method string) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = rule
}

// Calls returns how often a method was called.
func (p *Proxy) Calls(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count[method]
}

type call struct {
	Version string            `json:"jsonrpc"`
	ID      json.RawMessage   `json:"id"`
	Method  string            `json:"method"`
	Params  []json.RawMessage `json:"params"`
}

type answer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   any             `json:"error,omitempty"`
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		if out, ok := p.pass(r, body); ok {
			_, _ = w.Write(out)
			return
		}
		panic(http.ErrAbortHandler) // breaks the line
	}
	var batch []json.RawMessage
	var out [][]byte
	if err := json.Unmarshal(body, &batch); err != nil {
		panic(http.ErrAbortHandler)
	}
	for _, one := range batch {
		reply, ok := p.pass(r, one)
		if !ok {
			panic(http.ErrAbortHandler)
		}
		out = append(out, reply)
	}
	_, _ = fmt.Fprintf(w, "[%s]", bytes.Join(out, []byte(",")))
}

// pass returns the answer to one call, or that the line breaks.
func (p *Proxy) pass(r *http.Request, body []byte) ([]byte, bool) {
	var c call
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, false
	}
	p.mu.Lock()
	p.count[c.Method]++
	fault := Works
	if p.rule != nil {
		fault = p.rule(c.Method)
	}
	p.mu.Unlock()
	own := answer{Version: "2.0", ID: c.ID}
	switch fault {
	case LineBefore:
		return nil, false
	case ErrorBefore:
		return own.with("too many requests"), true
	case Swallow:
		own.Result = transactionHash(c)
		return own.bytes(), true
	case Missing:
		own.Result = json.RawMessage("null")
		return own.bytes(), true
	case Again:
		p.mu.Lock()
		own.Result = p.last[c.Method]
		p.mu.Unlock()
		return own.bytes(), true
	case Hangs:
		<-r.Context().Done()
		return nil, false
	}
	reply, err := forward(r, p.node, body)
	switch fault {
	case HangsAfter:
		<-r.Context().Done()
		return nil, false
	case Slow:
		<-time.After(slowTime)
	}
	switch {
	case err != nil || fault == LineAfter:
		return nil, false
	case fault == ErrorAfter:
		return own.with("internal error"), true
	case fault == Low || fault == High:
		return off(reply, fault), true
	}
	var worked answer
	if json.Unmarshal(reply, &worked) == nil {
		p.mu.Lock()
		p.last[c.Method] = worked.Result
		p.mu.Unlock()
	}
	return reply, true
}

func (a answer) with(message string) []byte {
	a.Error = map[string]any{"code": -32000, "message": message}
	return a.bytes()
}

func (a answer) bytes() []byte {
	out, err := json.Marshal(a)
	if err != nil {
		panic(err) // it holds nothing that could not be encoded
	}
	return out
}

func forward(r *http.Request, node string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, node, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}
