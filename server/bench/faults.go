package bench

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet/server/client"
)

// Faults stands between clients and a server, and does to requests what bad networks do. It is an http.Handler; the zero value
// passes everything on. Its settings are not changed while it serves; the server may change, by Target.
type Faults struct {
	// Shares of requests, of which a request has one fault at most.
	Drop   float64 // the connection ends, for one half before the server has seen the request, for the other half after it
	Twice  float64 // the server gets the request a second time, and the client the second reply
	Slow   float64 // the request is held up for Hold at the most
	Cut    float64 // the connection ends in the middle: of the request's body for one half, of the reply's for the other
	Fail   float64 // a status of 500, 502 or 503, for one half after the server has seen the request
	Portal float64 // a page of HTML with the status 200, as of a hotel

	Hold time.Duration // default 200 ms
	Seed uint64        // of what is drawn

	target atomic.Pointer[url.URL]

	mu     sync.Mutex
	random *rand.Rand // guarded by mu
	faults int        // guarded by mu
}

// Target says which server gets the requests from now on.
func (f *Faults) Target(base string) error {
	u, err := url.Parse(base)
	f.target.Store(u)
	return err
}

// Count returns how many requests had a fault.
func (f *Faults) Count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.faults
}

// fault is what happens to a request.
type fault string

const (
	none       fault = ""
	dropBefore fault = "drop before"
	dropAfter  fault = "drop after"
	twice      fault = "twice"
	slow       fault = "slow"
	cutBody    fault = "cut body"
	cutReply   fault = "cut reply"
	failBefore fault = "fail before"
	failAfter  fault = "fail after"
	portal     fault = "portal"
)

// draw draws a fault, a number from 0 to 1 for its details, and counts it.
func (f *Faults) draw() (fault, float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.random == nil {
		f.random = rand.New(rand.NewPCG(f.Seed, 0))
	}
	at, detail := f.random.Float64(), f.random.Float64()
	for _, c := range []struct {
		share float64
		fault fault
	}{
		{f.Drop / 2, dropBefore},
		{f.Drop / 2, dropAfter},
		{f.Twice, twice},
		{f.Slow, slow},
		{f.Cut / 2, cutBody},
		{f.Cut / 2, cutReply},
		{f.Fail / 2, failBefore},
		{f.Fail / 2, failAfter},
		{f.Portal, portal},
	} {
		if at -= c.share; at < 0 {
			f.faults++
			return c.fault, detail
		}
	}
	return none, detail
}

// ServeHTTP passes a request on, or does not.
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault, detail := f.draw()
	switch fault {
	case dropBefore:
		panic(http.ErrAbortHandler)
	case cutBody:
		f.pass(nil, r, &cut{body[:len(body)/2]}, int64(len(body)), false)
		panic(http.ErrAbortHandler)
	case portal:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Welcome</title><p>Enter your room number.") // whose client may be gone
		return
	case failBefore:
		w.WriteHeader(failures[int(detail*float64(len(failures)))])
		return
	case slow:
		hold := f.Hold
		if hold == 0 {
			hold = 200 * time.Millisecond
		}
		if client.Pause(r.Context(), time.Duration(detail*float64(hold))) != nil {
			panic(http.ErrAbortHandler)
		}
	case dropAfter, failAfter, twice:
		f.pass(nil, r, bytes.NewReader(body), int64(len(body)), false)
		switch fault {
		case dropAfter:
			panic(http.ErrAbortHandler)
		case failAfter:
			w.WriteHeader(failures[int(detail*float64(len(failures)))])
			return
		}
	}
	f.pass(w, r, bytes.NewReader(body), int64(len(body)), fault == cutReply)
}

var failures = []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable}

// pass sends a request to the server, and its reply to w, unless that is nil. A server that is away ends the connection.
func (f *Faults) pass(w http.ResponseWriter, r *http.Request, body io.Reader, size int64, half bool) {
	u := *f.target.Load()
	u.Path, u.RawPath, u.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	out, err := http.NewRequestWithContext(r.Context(), r.Method, u.String(), body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header, out.ContentLength = r.Header.Clone(), size
	resp, err := http.DefaultTransport.RoundTrip(out)
	if w == nil {
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body) // what comes of it is nobody's
			_ = resp.Body.Close()
		}
		return
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		f.stream(w, resp, half)
		return
	}
	reply, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(reply)))
	w.WriteHeader(resp.StatusCode)
	if half {
		_, _ = w.Write(reply[:len(reply)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(reply)
}

// stream passes on what comes, up to the first event when it is cut.
func (f *Faults) stream(w http.ResponseWriter, resp *http.Response, half bool) {
	w.WriteHeader(resp.StatusCode)
	flusher, _ := w.(http.Flusher)
	for part := make([]byte, 4096); ; {
		n, err := resp.Body.Read(part)
		if half && n > 1 {
			_, _ = w.Write(part[:n/2])
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(part[:n])
		flusher.Flush()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

// cut is a body whose end does not come.
type cut struct{ rest []byte }

var errCut = errors.New("the connection was cut")

func (c *cut) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, errCut
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}
