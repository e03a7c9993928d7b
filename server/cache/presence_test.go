package cache

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/polls"
)

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
	var none *Presence
	none.Seen("rsp_a") // a server without one
}
