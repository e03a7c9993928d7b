package cache

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/cache/cachetest"
)

func keepNothing(context.Context, map[polls.RespondentID]time.Time) error { return nil }

// serverPresence is the presence of a server that runs until the test ends.
func serverPresence(t *testing.T, redis *Redis) *Presence {
	t.Helper()
	p := NewPresence(keepNothing, time.Now, slog.New(slog.DiscardHandler))
	if redis != nil {
		redis.Share(p)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p
}

// isHere reports whether somebody is here by what a server knows.
func isHere(t *testing.T, p *Presence, who polls.RespondentID) bool {
	t.Helper()
	return !p.Here(t.Context(), []polls.RespondentID{"rsp_other", who})[who].IsZero()
}

// TestPresences: whoever knows who is here, people are seen, stay while they have a stream open, and hear of offers.
func TestPresences(t *testing.T) {
	server := cachetest.StartRedis(t)
	for name, two := range map[string]func(*testing.T) (at, from *Presence){
		"one server": func(t *testing.T) (at, from *Presence) {
			p := serverPresence(t, nil)
			return p, p
		},
		"one server with Redis": func(t *testing.T) (at, from *Presence) {
			p := serverPresence(t, openRedis(t, server.URL))
			return p, p
		},
		"two servers": func(t *testing.T) (at, from *Presence) {
			return serverPresence(t, openRedis(t, server.URL)), serverPresence(t, openRedis(t, server.URL))
		},
	} {
		t.Run(name, func(t *testing.T) {
			at, from := two(t)
			id := func(s string) polls.RespondentID { return polls.RespondentID("rsp_" + s + name) }
			before := time.Now()
			at.Seen(id("a"))
			eventually(t, "somebody is seen", func() bool { return isHere(t, from, id("a")) })
			if seen := from.Here(t.Context(), []polls.RespondentID{id("a")})[id("a")]; seen.Before(before.Truncate(time.Millisecond)) || seen.After(time.Now()) {
				t.Errorf("seen at %s, not after %s", seen, before)
			}
			visits := []*Visit{at.Visit(id("b")), at.Visit(id("b"))}
			eventually(t, "somebody has a stream", func() bool { return isHere(t, from, id("b")) })
			for i, v := range visits {
				eventually(t, "an offer is heard", func() bool {
					from.Offer(t.Context(), "q_1", []polls.RespondentID{id("nobody"), id("b")})
					select {
					case q := <-v.Offers():
						return q == "q_1"
					case <-time.After(50 * time.Millisecond):
						return false
					}
				})
				v.Close()
				v.Close()
				if !isHere(t, from, id("b")) {
					t.Errorf("after closing %d streams they were never here", i+1)
				}
			}
			if isHere(t, from, id("nobody")) {
				t.Error("somebody is here who never came")
			}
			if got := from.Here(t.Context(), nil); len(got) != 0 {
				t.Errorf("of nobody: %v", got)
			}
		})
	}
}

// TestPresenceWithoutRedis: while Redis is away a server knows its own people; when it is back, and empty, others hear of all of
// them again.
func TestPresenceWithoutRedis(t *testing.T) {
	server := cachetest.StartRedis(t)
	redis := openRedis(t, server.URL)
	a, b := serverPresence(t, redis), serverPresence(t, openRedis(t, server.URL))
	defer a.Visit("rsp_stream").Close()
	a.Seen("rsp_asked")
	eventually(t, "both are seen", func() bool { return isHere(t, b, "rsp_stream") && isHere(t, b, "rsp_asked") })
	server.Kill()
	a.Seen("rsp_new")
	eventually(t, "it is seen that Redis is away", func() bool { b.Here(t.Context(), []polls.RespondentID{"rsp_x"}); return redis.Status() != "" })
	for _, who := range []polls.RespondentID{"rsp_stream", "rsp_asked", "rsp_new"} {
		if !isHere(t, a, who) {
			t.Errorf("%s is not here by their own server", who)
		}
		if isHere(t, b, who) {
			t.Errorf("%s is here by a server that cannot know", who)
		}
	}
	a.Offer(t.Context(), "q_1", []polls.RespondentID{"rsp_stream"}) // waits for nobody
	server.Start()
	for _, who := range []polls.RespondentID{"rsp_stream", "rsp_asked", "rsp_new"} {
		eventually(t, "others know again of "+string(who), func() bool { return isHere(t, b, who) })
	}
}

// TestPresenceEnds: without a word nobody is here for long, and a server that stops ends its streams.
func TestPresenceEnds(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	p := NewPresence(keepNothing, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	p.Seen("rsp_a")
	v := p.Visit("rsp_b")
	now = now.Add(presenceFor)
	p.Flush(t.Context())
	if isHere(t, p, "rsp_a") || !isHere(t, p, "rsp_b") || len(p.last) != 0 {
		t.Errorf("here after some minutes: %v", p.Here(t.Context(), []polls.RespondentID{"rsp_a", "rsp_b"}))
	}
	p.Close()
	p.Close()
	for _, v := range []*Visit{v, p.Visit("rsp_c")} {
		select {
		case <-v.Ended():
		default:
			t.Error("a stream goes on")
		}
		v.Close()
	}
}

// TestOffersDoNotWait: who does not read gets the newest.
func TestOffersDoNotWait(t *testing.T) {
	p := NewPresence(keepNothing, time.Now, slog.New(slog.DiscardHandler))
	v := p.Visit("rsp_a")
	for _, q := range []polls.QuestionID{"q_1", "q_2", "q_3"} {
		p.Offer(t.Context(), q, []polls.RespondentID{"rsp_a"})
	}
	if q := <-v.Offers(); q != "q_3" {
		t.Errorf("offered: %s", q)
	}
}

func TestPresence(t *testing.T) {
	var kept []map[polls.RespondentID]time.Time
	var fails error
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	keep := func(_ context.Context, seen map[polls.RespondentID]time.Time) error {
		kept = append(kept, seen)
		return fails
	}
	p := NewPresence(keep, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	p.Seen("rsp_a")
	now = now.Add(time.Second)
	p.Seen("rsp_a")
	p.Seen("rsp_b")
	p.Flush(t.Context())
	p.Flush(t.Context()) // nobody since
	fails = errors.New("no disk")
	p.Seen("rsp_c")
	p.Flush(t.Context())
	want := []map[polls.RespondentID]time.Time{{"rsp_a": now, "rsp_b": now}, {"rsp_c": now}}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	defer p.Visit("rsp_d").Close()
	kept = nil
	for range 2 * visitsFlush {
		p.Flush(t.Context())
	}
	if len(kept) != 3 { // as it came, and as a stream, twice
		t.Errorf("of an open stream it was written down %d times", len(kept))
	}
}

func TestPresenceWritesAtItsEnd(t *testing.T) {
	var kept int
	p := NewPresence(func(ctx context.Context, seen map[polls.RespondentID]time.Time) error {
		kept += len(seen)
		return ctx.Err() // the write must outlast what ended
	}, time.Now, slog.New(slog.DiscardHandler))
	p.Seen("rsp_a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Run(ctx); err != nil || kept != 1 {
		t.Errorf("%d kept, %v", kept, err)
	}
}

func TestPresenceForgetsNobodyItKnows(t *testing.T) {
	var kept map[polls.RespondentID]time.Time
	now := time.Unix(7, 0)
	p := NewPresence(func(_ context.Context, seen map[polls.RespondentID]time.Time) error {
		kept = seen
		return nil
	}, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	for i := range presenceMost + 1 {
		p.Seen(polls.RespondentID(string(rune('a'+i%26)) + time.Duration(i).String()))
	}
	p.Flush(t.Context())
	if len(kept) != presenceMost {
		t.Errorf("%d are remembered, want %d", len(kept), presenceMost)
	}
	var none *Presence // a server without one
	none.Seen("rsp_a")
	none.Visit("rsp_a").Close()
	none.Close()
}
