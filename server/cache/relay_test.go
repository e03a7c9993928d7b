package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/cache/cachetest"
	"github.com/tasknet/tasknet/server/pipeline"
)

// database is the store that servers share.
type database struct {
	mu        sync.Mutex
	questions map[polls.QuestionID]polls.Question
	reads     map[polls.QuestionID]int
	away      bool
}

func (d *database) question(_ context.Context, id polls.QuestionID) (*polls.Question, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		return nil, errors.New("away")
	}
	d.reads[id]++
	q := d.questions[id]
	return &q, nil
}

// relayed are the servers of one instance.
type relayed struct {
	*testing.T
	db    *database
	redis *cachetest.Redis
}

type relayedServer struct {
	*Relay
	hub *Hub
}

func newRelayed(t *testing.T) *relayed {
	return &relayed{t, &database{questions: make(map[polls.QuestionID]polls.Question), reads: make(map[polls.QuestionID]int)}, cachetest.StartRedis(t)}
}

// server starts one, and waits until it hears the others.
func (w *relayed) server() relayedServer {
	w.Helper()
	r := openRedis(w.T, w.redis.URL)
	hub := NewHub()
	s := relayedServer{r.Relay(hub, w.db.question), hub}
	ctx, stop := context.WithCancel(w.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	w.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			w.Error(err)
		}
	})
	first := hub.Question("q_any")
	defer first.Close()
	if _, missed, err := first.Next(w.Context()); !missed || err != nil {
		w.Fatalf("the first that it hears: missed %t, %v", missed, err)
	}
	return s
}

// change makes a question have so many answers, and publishes that at a server.
func (w *relayed) change(at relayedServer, org, id string, answers int, status polls.Status) {
	q := polls.Question{ID: polls.QuestionID(id), Org: polls.OrgID(org), Progress: polls.Progress{Answers: answers, Status: status}}
	w.db.mu.Lock()
	w.db.questions[q.ID] = q
	w.db.mu.Unlock()
	kind := pipeline.AnswerAccepted
	if status == polls.Closed {
		kind = pipeline.QuestionClosed
	}
	at.Publish(pipeline.Notice{Kind: kind, Org: q.Org, Question: &q})
}

// hears waits until a subscriber has heard of so many answers, and returns the notice.
func (w *relayed) hears(s *Subscription, answers int) pipeline.Notice {
	w.Helper()
	for {
		notices, _, err := s.Next(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		for _, n := range notices {
			if n.Question.Answers == answers {
				return n
			}
		}
	}
}

func TestRelay(t *testing.T) {
	w := newRelayed(t)
	a, b := w.server(), w.server()
	here, there, org, other := a.hub.Question("q_1"), b.hub.Question("q_1"), b.hub.Org("org_a"), b.hub.Question("q_2")
	w.change(a, "org_a", "q_1", 1, polls.Open)
	for name, s := range map[string]*Subscription{"there": there, "organisation": org} {
		if n := w.hears(s, 1); n.Kind != pipeline.AnswerAccepted || n.Org != "org_a" || n.Question.ID != "q_1" {
			t.Errorf("%s: %+v", name, n)
		}
	}
	w.change(b, "org_a", "q_1", 2, polls.Closed)
	if n := w.hears(here, 2); n.Kind != pipeline.QuestionClosed || n.Question.Status != polls.Closed {
		t.Errorf("the close: %+v", n)
	}
	w.hears(there, 2)

	// What a server said itself does not come back to it, and what nobody waits for is not read.
	w.change(a, "org_b", "q_3", 7, polls.Open)
	w.change(a, "org_a", "q_2", 3, polls.Open)
	w.hears(other, 3)
	w.change(a, "org_a", "q_1", 3, polls.Open)
	w.hears(there, 3)
	w.change(b, "org_a", "q_1", 4, polls.Open) // comes to A after what A said
	for heard := []int(nil); !slices.Contains(heard, 4); {
		notices, _, err := here.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			heard = append(heard, n.Question.Answers)
		}
		if slices.Contains(heard, 4) && !slices.Equal(heard, []int{3, 4}) {
			t.Errorf("heard of %v answers, want 3, once, and 4", heard)
		}
	}
	w.db.mu.Lock()
	defer w.db.mu.Unlock()
	if w.db.reads["q_3"] != 0 || w.db.reads["q_2"] != 1 {
		t.Errorf("read were %v", w.db.reads)
	}
}

// While Redis is away a server serves its own; when it is back those who wait look into the store.
func TestRelayWithoutRedis(t *testing.T) {
	w := newRelayed(t)
	a, b := w.server(), w.server()
	here, there := a.hub.Question("q_1"), b.hub.Question("q_1")
	w.redis.Kill()
	w.change(a, "org_a", "q_1", 1, polls.Open)
	w.hears(here, 1)
	eventually(t, "it is seen that Redis is away", func() bool { return a.redis.Status() != "" })
	w.redis.Start()
	for missed := false; !missed; {
		var err error
		if _, missed, err = there.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.change(a, "org_a", "q_1", 2, polls.Open)
	w.hears(there, 2)
	eventually(t, "it is seen that Redis is back", func() bool { return a.redis.Status() == "" })
}

// A server that cannot read what changed has those who wait look themselves.
func TestRelayWithoutDatabase(t *testing.T) {
	w := newRelayed(t)
	a, b := w.server(), w.server()
	there := b.hub.Question("q_1")
	w.db.away = true
	w.change(a, "org_a", "q_1", 1, polls.Open)
	if notices, missed, err := there.Next(t.Context()); len(notices) != 0 || !missed || err != nil {
		t.Errorf("got %+v, missed %t, %v", notices, missed, err)
	}
}

func TestChanges(t *testing.T) {
	w := newChanges()
	w.add(change{pipeline.AnswerAccepted, "org_a", "q_1"})
	w.add(change{pipeline.AnswerAccepted, "org_a", "q_2"})
	w.add(change{pipeline.QuestionClosed, "org_a", "q_1"})
	w.add(change{pipeline.AnswerAccepted, "org_a", "q_1"}) // came late
	got, lost := w.take(1)
	if len(got) != 1 || got[0] != (change{pipeline.QuestionClosed, "org_a", "q_1"}) || lost {
		t.Errorf("the first is %+v, lost %t", got, lost)
	}
	if c, ok := parseChange(got[0].line()); !ok || c != got[0] {
		t.Errorf("it travels as %q and becomes %+v", got[0].line(), c)
	}
	for i := range changesMost + 5 {
		w.add(change{pipeline.AnswerAccepted, "org_a", polls.QuestionID(fmt.Sprint("q_", i+10))})
	}
	got, lost = w.take(2 * changesMost)
	if len(got) != changesMost || !lost {
		t.Errorf("%d are left of too many, lost %t", len(got), lost)
	}
	if _, lost := w.take(1); lost {
		t.Error("what was lost is told twice")
	}
	for _, line := range []string{"", "a b", "a b c d", "missed"} {
		if c, ok := parseChange(line); ok {
			t.Errorf("%q is %+v", line, c)
		}
	}
}
