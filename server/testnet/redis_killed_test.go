package testnet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// watchedTransport counts replies by which a server says that it cannot.
type watchedTransport struct {
	next   http.RoundTripper
	failed atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (w *watchedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if err != nil && r.Context().Err() == nil || err == nil && resp.StatusCode >= http.StatusInternalServerError {
		w.failed.Add(1)
	}
	return resp, err
}

// doing returns what a server says of itself.
func doing(t *testing.T, ctx context.Context, n *testnet.Net) (status int, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL+"/readyz", nil)
	must(t, err)
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	var body struct{ Doing string }
	must(t, json.NewDecoder(resp.Body).Decode(&body))
	return resp.StatusCode, body.Doing
}

// TestRedisKilledUnderLoad: while people answer at two servers, Redis is killed and started again and again. They go on by
// themselves, and say so, and find it again; nobody who answers sees an error; each question closes once at the streams of both
// servers; no answer is lost or doubled, and the money is all there.
func TestRedisKilledUnderLoad(t *testing.T) {
	t.Parallel()
	questions, kills, people := 120, 2, 8
	if os.Getenv("TASKNET_TEST_LONG") != "" {
		questions, kills, people = 3000, 12, 24
	}
	const each = 3
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	c := newCluster(t, ctx)
	servers := []*testnet.Net{c.a, c.b}
	watched := &watchedTransport{next: http.DefaultTransport}
	var crowd []*client.Respondent
	var asker *client.Requester // at B, by A's key
	for i := range people {
		n, err := client.New(servers[i%2].URL, client.Config{HTTP: &http.Client{Transport: watched}})
		must(t, err)
		keys, err := client.NewKeys()
		must(t, err)
		who, err := n.Respondent(ctx, keys)
		must(t, err)
		crowd = append(crowd, who)
	}
	key, err := c.a.Requester.NewKey(ctx, "the other server", "redis-key")
	must(t, err)
	asker = c.b.Client.Requester(key.Secret)

	// Both servers have a stream of everything.
	type closings struct {
		sync.Mutex
		of map[string]int
	}
	closed := make([]*closings, len(servers))
	following, hangUp := context.WithCancel(ctx)
	var streams sync.WaitGroup
	for i, r := range []*client.Requester{c.a.Requester, asker} {
		closed[i] = &closings{of: make(map[string]int)}
		connected := make(chan struct{})
		streams.Go(func() {
			once := sync.OnceFunc(func() { close(connected) })
			defer once()
			for e, err := range r.Events(following, "") {
				switch {
				case err != nil:
					t.Errorf("a stream broke: %v", err)
					return
				case e.Kind == client.Connected:
					once()
				case e.Kind == client.Closed:
					closed[i].Lock()
					closed[i].of[e.Question.ID]++
					closed[i].Unlock()
				}
			}
		})
		<-connected
	}

	// People answer whatever they get, at most each question once, until all are closed.
	var accepted sync.Map // record by answer
	var answers, asked atomic.Int64
	answering, enough := context.WithCancel(ctx)
	g, answering := errgroup.WithContext(answering)
	for _, who := range crowd {
		g.Go(func() error {
			for answering.Err() == nil {
				list, err := who.Assignments(answering, 3)
				if err != nil && answering.Err() == nil {
					return fmt.Errorf("take: %w", err)
				}
				for _, a := range list {
					got, err := who.Answer(answering, a, 0)
					switch {
					case errors.Is(err, polls.ErrClosed): // it had its answers
					case err != nil && answering.Err() == nil:
						return fmt.Errorf("answer: %w", err)
					case err == nil:
						if before, again := accepted.Swap(got.Answer, got.Receipt.Record); again && before != got.Receipt.Record {
							return fmt.Errorf("answer %s was accepted twice, as different things", got.Answer)
						}
						answers.Add(1)
					}
				}
				if len(list) == 0 {
					_ = client.Pause(answering, 20*time.Millisecond) // the loop sees when it is over
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		for i := range questions {
			r := c.a.Requester
			if i%2 == 1 {
				r = asker
			}
			for asked.Load() > answers.Load()/each+int64(people) { // some are always under way
				if client.Pause(answering, 5*time.Millisecond) != nil {
					return answering.Err()
				}
			}
			if _, err := r.Ask(answering, wire.Ask{Text: fmt.Sprintf("Is number %d spam?", i), Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}}, fmt.Sprint("redis-", i)); err != nil {
				return fmt.Errorf("ask: %w", err)
			}
			asked.Add(1)
		}
		return nil
	})

	// Redis is away for every other part of the answers.
	until := func(what string, is func() bool) {
		t.Helper()
		for !is() {
			if client.Pause(answering, 10*time.Millisecond) != nil {
				t.Fatalf("it did not come to that: %s; %d of %d answers; %v", what, answers.Load(), questions*each, g.Wait())
			}
		}
	}
	says := func(away bool) func() bool {
		return func() bool {
			for _, n := range servers {
				status, text := doing(t, ctx, n)
				if status != http.StatusOK || strings.Contains(text, "Redis is away") != away {
					return false
				}
			}
			return true
		}
	}
	part := int64(questions*each) / int64(2*kills+1)
	for kill := range int64(kills) {
		until("answers with Redis", func() bool { return answers.Load() >= (2*kill+1)*part })
		c.redis.Kill()
		until("both say that Redis is away", says(true))
		until("answers without Redis", func() bool { return answers.Load() >= (2*kill+2)*part })
		c.redis.Start()
		until("both have found Redis again", says(false))
	}
	until("all answers", func() bool { return answers.Load() == int64(questions*each) })
	until("all closes at both streams", func() bool {
		for _, s := range closed {
			s.Lock()
			n := len(s.of)
			s.Unlock()
			if n < questions {
				return false
			}
		}
		return true
	})
	enough()
	must(t, g.Wait())
	hangUp()
	streams.Wait()
	for i, s := range closed {
		for id, n := range s.of {
			if n != 1 {
				t.Errorf("the stream at server %d told %d times of the close of %s", i, n, id)
			}
		}
	}
	if n := watched.failed.Load(); n != 0 {
		t.Errorf("%d requests of people failed", n)
	}

	// Outsiders find every accepted answer once, and all the money.
	c.a.AwaitLogged(t, ctx)
	recorded := 0
	for r, err := range c.b.Client.Records(ctx) {
		must(t, err)
		for _, a := range r.Answers {
			recorded++
			if record, ok := accepted.Load(a.ID); !ok || record != a.Hash {
				t.Errorf("answer %s has the record %s; it was accepted as %v", a.ID, a.Hash, record)
			}
		}
	}
	if recorded != questions*each {
		t.Errorf("%d answers are in the records, want %d", recorded, questions*each)
	}
	totals, err := c.b.Client.Totals(ctx)
	must(t, err)
	sum := totals.Requesters.Add(totals.Held).Add(totals.Respondents).Add(totals.InEpoch).Add(totals.Claimed).Add(totals.Operator)
	if sum != totals.Deposited || totals.Held != (tasknet.Amount{}) {
		t.Errorf("of %s deposited %s are left: %+v", totals.Deposited, sum, totals)
	}
	c.b.Stop(t)
	c.a.Stop(t)
}
