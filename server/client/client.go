package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// Client reads what is public. Requester and Respondent make clients of it that may do more. It is safe for use by many
// goroutines.
type Client struct {
	base     *url.URL
	cfg      Config
	instance atomic.Pointer[wire.Instance]

	pause func(ctx context.Context, d time.Duration) error
}

// Config tunes a Client. The zero value is good for a program that a person waits for.
type Config struct {
	// HTTP sends the requests. Default: a client of its own that keeps up to 256 connections to the server.
	HTTP *http.Client

	// Timeout bounds one attempt, from dialling to the last byte of the reply; a long poll has its wait on top. Too short,
	// and a slow network never gets a page of records through. Default 30 seconds.
	Timeout time.Duration

	// Patience is for how long a request that may be sent again is tried again while the server is away or overloaded. A
	// phone or a batch job that must survive a restart of the server wants more. Negative: nothing is tried again.
	// Default 15 seconds.
	Patience time.Duration

	// Now is the clock. Default time.Now.
	Now func() time.Time
}

// Errors that do not come from the server.
var (
	ErrUnreachable = tasknet.NewError(tasknet.Unavailable, "unreachable", "The server does not answer; check its address and that it runs.")
	ErrAddress     = tasknet.NewError(tasknet.Invalid, "bad_address", "Write the server's address as http://HOST:PORT or https://HOST.")
	ErrProtocol    = tasknet.NewError(tasknet.NotSupported, "not_understood", "What answered does not speak the API of this version; check the server's address and version.")
)

const (
	firstPause = 50 * time.Millisecond
	longPause  = 2 * time.Second

	// internalTries is how often a request that failed by a fault of the server is sent: its faults do not all pass.
	internalTries = 3

	// replyMax bounds what is read of one reply.
	replyMax = 256 << 20
)

// New returns a client of the server at base, such as http://127.0.0.1:8080. It sends nothing yet. ErrAddress.
func New(base string, cfg Config) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, ErrAddress
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConns:        256,
			MaxIdleConnsPerHost: 256,
			IdleConnTimeout:     60 * time.Second,
			ForceAttemptHTTP2:   true,
		}}
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Patience == 0 {
		cfg.Patience = 15 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Client{base: u, cfg: cfg, pause: Pause}, nil
}

// Know tells the client what the server said of itself before, so that it can be used before the server answers.
func (c *Client) Know(in wire.Instance) { c.instance.Store(&in) }

// Instance describes the server. It is asked once.
func (c *Client) Instance(ctx context.Context) (wire.Instance, error) {
	if known := c.instance.Load(); known != nil {
		return *known, nil
	}
	return c.InstanceNow(ctx)
}

// InstanceNow asks the server what it says of itself by now, as its clock and its keys.
func (c *Client) InstanceNow(ctx context.Context) (wire.Instance, error) {
	var in wire.Instance
	if err := c.do(ctx, call{method: http.MethodGet, path: []string{"instance"}}, &in); err != nil {
		return wire.Instance{}, err
	}
	c.instance.Store(&in)
	return in, nil
}

// call is a request of the API. All of them may be sent again: reads by nature, writes by their idempotency key or
// because doing them twice is the same as once.
type call struct {
	method string
	path   []string // after /v1, not escaped
	file   string   // instead of path: an address outside /v1 that needs no escapes, whose reply is bytes
	query  url.Values
	body   any    // sent as JSON
	raw    []byte // sent as it is when body is nil
	media  string // the type of raw
	token  string
	key    string        // the idempotency key
	wait   time.Duration // for how long the server may wait before it replies
	once   bool          // a second one could not succeed
	part   string        // the range of bytes that is wanted; all where it is empty
}

// do sends a request until it is answered for good, and decodes the reply into out unless that is nil. An error that the
// server stated is a *tasknet.Error with the server's code and sentence.
func (c *Client) do(ctx context.Context, r call, out any) error {
	body := r.raw
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return err
		}
	}
	start := c.cfg.Now()
	for try := 1; ; try++ {
		after, err := c.attempt(ctx, r, body, out)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if r.once || !passes(err, try) || c.cfg.Now().Sub(start) >= c.cfg.Patience {
			return err
		}
		if err := c.pause(ctx, max(after, backoff(try))); err != nil {
			return err
		}
	}
}

// passes reports whether an error may be gone at the next try.
func passes(err error, try int) bool {
	e, ok := errors.AsType[*tasknet.Error](err)
	if !ok {
		return false
	}
	switch e.Kind {
	case tasknet.Unavailable, tasknet.TooMany:
		return true
	case tasknet.Internal:
		return try < internalTries
	}
	return false
}

func backoff(n int) time.Duration { return Backoff(n, firstPause, longPause) }

// Backoff returns how long to wait after try n, counted from 1: between half and all of a time that doubles from the first to
// the longest, so that those whom the server lost at one moment do not come back at one moment.
func Backoff(n int, first, longest time.Duration) time.Duration {
	d := min(longest, first<<min(n-1, 10))
	return d/2 + rand.N(d/2+1)
}

// Pause waits. When the context ends before, it returns why.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// attempt sends a request once. after is how long the server asked to be left alone.
func (c *Client) attempt(ctx context.Context, r call, body []byte, out any) (after time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout+r.wait)
	defer cancel()
	req, err := c.request(ctx, r, body)
	if err != nil {
		return 0, err
	}
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return 0, fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	defer resp.Body.Close()
	if piece, ok := out.(checkedPiece); ok && resp.StatusCode < 300 {
		return 0, piece.read(resp)
	}
	reply, err := io.ReadAll(io.LimitReader(resp.Body, replyMax))
	if err != nil {
		return 0, fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	if resp.StatusCode >= 300 {
		return retryAfter(resp), problem(resp.StatusCode, reply)
	}
	if out == nil {
		return 0, nil
	}
	if file, ok := out.(*[]byte); ok {
		*file = reply
		return 0, nil
	}
	if err := json.Unmarshal(reply, out); err != nil {
		return 0, fmt.Errorf("%w (%s %s: %w)", ErrProtocol, r.method, req.URL.Path, err)
	}
	return 0, nil
}

func (c *Client) request(ctx context.Context, r call, body []byte) (*http.Request, error) {
	path := "/v1"
	for _, part := range r.path {
		path += "/" + url.PathEscape(part)
	}
	if r.file != "" {
		path = r.file
	}
	u := *c.base
	u.Path, u.RawPath = "", ""
	u.RawQuery = r.query.Encode()
	target := strings.TrimSuffix(c.base.EscapedPath(), "/") + path
	unescaped, err := url.PathUnescape(target)
	if err != nil {
		return nil, err
	}
	u.Path, u.RawPath = unescaped, target
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	switch {
	case r.body != nil:
		req.Header.Set("Content-Type", "application/json")
	case r.media != "":
		req.Header.Set("Content-Type", r.media)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	if r.part != "" {
		req.Header.Set("Range", r.part)
	}
	req.Header.Set("Accept", "application/json, application/problem+json")
	return req, nil
}

func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 60)) * time.Second
}

// problem returns the error that a reply states: a *stated when the server said so itself.
func problem(status int, body []byte) error {
	var p wire.Problem
	if err := json.Unmarshal(body, &p); err != nil || p.Code == "" {
		return tasknet.NewError(kindOf(status), fmt.Sprintf("http_%d", status), fmt.Sprintf("The server, or something before it, answered with HTTP status %d.", status))
	}
	return &stated{tasknet.NewError(kindOf(status), p.Code, p.Detail), p.Refusal}
}

// stated is an error in a problem document of the server.
type stated struct {
	problem *tasknet.Error
	refusal *wire.Refusal // nil unless an answer was refused for good
}

// Stated reports whether an error is one that the server stated itself, and not what something on the way to it made of it.
func Stated(err error) bool {
	_, ok := errors.AsType[*stated](err)
	return ok
}

func (e *stated) Error() string { return e.problem.Error() }

func (e *stated) Unwrap() error { return e.problem }

func kindOf(status int) tasknet.Kind {
	switch status {
	case http.StatusUnauthorized:
		return tasknet.Unauthenticated
	case http.StatusPaymentRequired:
		return tasknet.NoFunds
	case http.StatusForbidden:
		return tasknet.Forbidden
	case http.StatusNotFound, http.StatusGone:
		return tasknet.NotFound
	case http.StatusConflict:
		return tasknet.Conflict
	case http.StatusRequestEntityTooLarge:
		return tasknet.TooLarge
	case http.StatusTooManyRequests:
		return tasknet.TooMany
	case http.StatusNotImplemented:
		return tasknet.NotSupported
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return tasknet.Unavailable
	}
	if status >= 500 {
		return tasknet.Internal
	}
	return tasknet.Invalid
}
