package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

// Connected is what a server needs for phones that are connected.
type Connected struct {
	Phones        int     `json:"phones"`
	BytesPerPhone int64   `json:"bytes_per_phone"` // of the server's memory (RSS), against the same server with none
	RSS           int64   `json:"rss_bytes"`       // of the server with all of them
	Idle          int64   `json:"idle_bytes"`      // of the server with none
	EventP50      float64 `json:"event_ms_p50"`    // from sending the answer that a question lacks to the verdict in its asker's stream
	EventP99      float64 `json:"event_ms_p99"`
	Events        int     `json:"events"`
	Goroutines    int     `json:"goroutines"` // of the server
	Lost          int     `json:"lost"`       // streams that ended before the end
}

const (
	// perSource is how many phones connect from one address of this machine: each address has some 28,000 ports.
	perSource = 10_000

	// StreamsMost is how many phones fit a server that also answers requests.
	StreamsMost = 18_000
)

// Visits is how connected phones are measured.
type Visits struct {
	Phones int
	Events int           // questions that are answered meanwhile
	Stay   time.Duration // until memory is looked at: some heartbeats of each
}

// Streams connects phones, each by a stream of its own with a token of its own, and measures the server: how much memory it takes
// for each, and how soon the asker of a question hears of its verdict meanwhile.
func Streams(ctx context.Context, cfg Config, v Visits) (Connected, error) {
	var in wire.Instance
	if err := cfg.withServer(ctx, func(c *client.Client, _ string, _ int) (err error) {
		in, err = c.Instance(ctx)
		return err
	}); err != nil {
		return Connected{}, err
	}
	w := &writer{instance: in.Instance, chain: in.ChainID, now: time.Now().UTC().Truncate(time.Millisecond), count: 1, wanted: 1}
	if err := inStore(ctx, cfg, func(db *store.DB) error {
		w.db = db
		return errors.Join(w.ask(ctx), w.register(ctx, v.Phones+1))
	}); err != nil {
		return Connected{}, fmt.Errorf("prepare: %w", err)
	}
	tokens := make([]string, v.Phones)
	if err := cfg.withServer(ctx, func(c *client.Client, _ string, _ int) error { return w.signIn(ctx, cfg, c, tokens) }); err != nil {
		return Connected{}, fmt.Errorf("sign in: %w", err)
	}
	// A server that has done nothing else, so that what it holds is for the phones.
	var out Connected
	err := cfg.withServer(ctx, func(c *client.Client, host string, pid int) (err error) {
		out, err = w.connect(ctx, cfg, v, c, host, pid, tokens)
		return err
	})
	return out, err
}

// signIn gets a token for each phone.
func (w *writer) signIn(ctx context.Context, cfg Config, c *client.Client, tokens []string) error {
	var done atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(32)
	for i := range tokens {
		g.Go(func() error {
			r, err := c.Respondent(ctx, w.people[i].keys)
			if err != nil {
				return err
			}
			session, err := r.Session(ctx, "")
			tokens[i] = session.Token
			cfg.tell("signing in", int(done.Add(1)), len(tokens))
			return err
		})
	}
	return g.Wait()
}

func (w *writer) connect(ctx context.Context, cfg Config, v Visits, c *client.Client, host string, pid int, tokens []string) (Connected, error) {
	out := Connected{Phones: len(tokens)}
	asker := c.Requester(w.key)
	if err := asker.Faucet(ctx, tasknet.Micro(100*tasknet.MicroPerToken), ""); err != nil {
		return out, err
	}
	for { // until it is booked
		balance, err := asker.Balance(ctx)
		if err == nil && balance.Available.Sign() <= 0 {
			err = client.Pause(ctx, 50*time.Millisecond)
		} else if err == nil {
			break
		}
		if err != nil {
			return out, err
		}
	}
	answerer, err := c.Respondent(ctx, w.people[len(tokens)].keys)
	if err != nil {
		return out, err
	}
	if _, err := measureEvents(ctx, asker, answerer, 20, nil); err != nil { // what is made once is made now
		return out, err
	}
	out.Idle = memoryOf(pid, "VmRSS")

	var lost atomic.Int64
	streams := make([]net.Conn, len(tokens))
	defer func() {
		for _, s := range streams {
			if s != nil {
				s.Close()
			}
		}
	}()
	var done atomic.Int64
	var readers sync.WaitGroup
	g, opening := errgroup.WithContext(ctx)
	g.SetLimit(64)
	var ending atomic.Bool
	for i, token := range tokens {
		g.Go(func() error {
			s, in, err := openStream(opening, host, token, i)
			if err != nil {
				return fmt.Errorf("phone %d: %w", i, err)
			}
			streams[i] = s
			readers.Go(func() {
				_, _ = io.Copy(io.Discard, in) // until it ends
				if !ending.Load() {
					lost.Add(1)
				}
			})
			cfg.tell("connecting", int(done.Add(1)), len(tokens))
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return out, err
	}
	began := time.Now()
	times, err := measureEvents(ctx, asker, answerer, v.Events, func(n int) { cfg.tell("asking", n, v.Events) })
	if err != nil {
		return out, err
	}
	if err := client.Pause(ctx, v.Stay-time.Since(began)); err != nil {
		return out, err
	}
	out.RSS, out.Lost = memoryOf(pid, "VmRSS"), int(lost.Load())
	out.BytesPerPhone = (out.RSS - out.Idle) / int64(max(len(tokens), 1))
	out.EventP50, out.EventP99, out.Events = ms(times.quantile(0.5)), ms(times.quantile(0.99)), int(times.total)
	if out.Goroutines, err = goroutinesOf(ctx, host); err != nil {
		return out, err
	}
	ending.Store(true)
	for _, s := range streams {
		s.Close()
	}
	readers.Wait()
	return out, nil
}

// openStream opens a phone's stream, and returns when it is open. The place chooses the address that it comes from: all of
// 127.0.0.0/8 is this machine.
func openStream(ctx context.Context, host, token string, place int) (net.Conn, io.Reader, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+place/perSource))}}
	s, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReaderSize(s, 1<<10)
	_, err = fmt.Fprintf(s, "GET /v1/me/events HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n\r\n", host, token)
	if err == nil {
		err = s.SetReadDeadline(time.Now().Add(replyTimeout))
	}
	var line string
	if err == nil {
		line, err = in.ReadString('\n')
	}
	if err == nil && !strings.HasPrefix(line, "HTTP/1.1 200") {
		err = fmt.Errorf("the server said %q", strings.TrimSpace(line))
	}
	for err == nil && !strings.HasPrefix(line, ": stream") {
		line, err = in.ReadString('\n')
	}
	if err == nil {
		err = s.SetReadDeadline(time.Time{})
	}
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, in, nil
}

// measureEvents asks questions that want one answer, gives it, and measures until the asker's stream tells of the verdict.
func measureEvents(ctx context.Context, asker *client.Requester, answerer *client.Respondent, questions int, told func(int)) (*histogram, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	closed, broken := make(chan string, questions), make(chan error, 1)
	connected := make(chan struct{})
	var following sync.WaitGroup
	defer following.Wait()
	defer stop()
	following.Go(func() {
		once := sync.OnceFunc(func() { close(connected) })
		for e, err := range asker.Events(ctx, "") {
			if err != nil {
				broken <- err
				return
			}
			switch e.Kind {
			case client.Connected:
				once()
			case client.Closed:
				closed <- e.Question.ID
			}
		}
	})
	select {
	case <-connected:
	case err := <-broken:
		return nil, err
	}
	times := new(histogram)
	for n := range questions {
		q, err := asker.Ask(ctx, wire.Ask{Text: fmt.Sprintf("Is number %d well written?", n), Choices: choices, Quorum: wire.Quorum{Policy: "fixed:1"}}, fmt.Sprint(time.Now().UnixNano()))
		if err != nil {
			return nil, err
		}
		a, err := answerer.Assignment(ctx, q.ID)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if _, err := answerer.Answer(ctx, a, 0); err != nil {
			return nil, err
		}
		for id := ""; id != q.ID; {
			select {
			case id = <-closed:
			case err := <-broken:
				return nil, err
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		times.add(time.Since(began))
		if told != nil {
			told(n + 1)
		}
	}
	return times, nil
}

// goroutinesOf asks a server in bench mode how many goroutines it has.
func goroutinesOf(ctx context.Context, host string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/bench/goroutines", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(bytes.TrimSpace(body)))
}
