package cache

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// presenceEvery is how often it is written down who was seen: each write costs a row, and nobody's last request matters to the
// second.
const presenceEvery = 15 * time.Second

// presenceMost is of how many people it is remembered between two writes. Of more, some are seen by their next request.
const presenceMost = 100_000

// Keep writes down when people were last seen.
type Keep func(context.Context, map[polls.RespondentID]time.Time) error

// Presence knows who asked something of this server since it last wrote that down.
type Presence struct {
	keep Keep
	now  func() time.Time
	log  *slog.Logger

	mu   sync.Mutex // guards seen
	seen map[polls.RespondentID]time.Time
}

// NewPresence returns a presence of nobody.
func NewPresence(keep Keep, now func() time.Time, log *slog.Logger) *Presence {
	return &Presence{keep: keep, now: now, log: log, seen: make(map[polls.RespondentID]time.Time)}
}

// Seen notes that somebody is here.
func (p *Presence) Seen(who polls.RespondentID) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.seen[who]; known || len(p.seen) < presenceMost {
		p.seen[who] = p.now()
	}
}

// Run writes down who was seen until ctx ends, and then once more.
func (p *Presence) Run(ctx context.Context) error {
	every := time.NewTicker(presenceEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			p.Flush(context.WithoutCancel(ctx))
			return nil
		case <-every.C:
			p.Flush(ctx)
		}
	}
}

// Flush writes down who was seen since it was last called. What cannot be written is logged and forgotten: people are seen again.
func (p *Presence) Flush(ctx context.Context) {
	p.mu.Lock()
	seen := p.seen
	p.seen = make(map[polls.RespondentID]time.Time)
	p.mu.Unlock()
	if len(seen) == 0 {
		return
	}
	if err := p.keep(ctx, seen); err != nil {
		p.log.Error("who was seen was not written down", "people", len(seen), "error", err)
	}
}
