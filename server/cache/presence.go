package cache

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tasknet/tasknet/polls"
)

const (
	// presenceEvery is how often it is written down who was seen: each write costs a row, and nobody's last request matters to
	// the second.
	presenceEvery = 15 * time.Second

	// visitsFlush is how many such times come between those at which it is written down who has a stream open: only a server that
	// cannot ask the others needs it.
	visitsFlush = 4

	// presenceFor is for how long it is remembered who was here: longer than anybody is taken to be here without a word.
	presenceFor = 2 * time.Minute

	// presenceMost is how many people are remembered at a time. Of more, some are seen by their next request.
	presenceMost = 100_000
)

// Keep writes down when people were last seen.
type Keep func(context.Context, map[polls.RespondentID]time.Time) error

// Presence knows who is here: who asked something of a server lately, or has a stream open at one. By itself it knows those at
// this server; servers that share a Redis know those at all of them. It implements pipeline.Presence.
type Presence struct {
	keep   Keep
	now    func() time.Time
	log    *slog.Logger
	shared *sharedPresence // nil when this server is alone

	mu      sync.Mutex                       // guards all below
	seen    map[polls.RespondentID]time.Time // since that was last written down
	last    map[polls.RespondentID]time.Time // within presenceFor, about
	visits  map[polls.RespondentID]map[*Visit]struct{}
	flushed int // how often
	closed  bool
}

// NewPresence returns a presence of nobody.
func NewPresence(keep Keep, now func() time.Time, log *slog.Logger) *Presence {
	return &Presence{
		keep: keep, now: now, log: log,
		seen: make(map[polls.RespondentID]time.Time), last: make(map[polls.RespondentID]time.Time), visits: make(map[polls.RespondentID]map[*Visit]struct{}),
	}
}

// Seen notes that somebody is here.
func (p *Presence) Seen(who polls.RespondentID) {
	if p == nil {
		return
	}
	p.mu.Lock()
	now := p.now()
	for _, of := range []map[polls.RespondentID]time.Time{p.seen, p.last} {
		if _, known := of[who]; known || len(of) < presenceMost {
			of[who] = now
		}
	}
	p.mu.Unlock()
	p.shared.add(who)
}

// Here returns when people were last seen, of those who are here: now, where they have a stream open.
func (p *Presence) Here(ctx context.Context, people []polls.RespondentID) map[polls.RespondentID]time.Time {
	here := p.shared.here(ctx, people)
	if here == nil {
		here = make(map[polls.RespondentID]time.Time)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for _, who := range people {
		at, known := p.last[who]
		if len(p.visits[who]) > 0 {
			at, known = now, true
		}
		if known && now.Sub(at) < presenceFor && at.After(here[who]) {
			here[who] = at
		}
	}
	return here
}

// Offer tells people who have a stream open, at any server, that there is a question for them; an empty one stands for any.
// Nothing depends on its being heard.
func (p *Presence) Offer(ctx context.Context, question polls.QuestionID, people []polls.RespondentID) {
	p.offer(question, people)
	p.shared.offer(ctx, question, people)
}

// offer tells those who have a stream open here.
func (p *Presence) offer(question polls.QuestionID, people []polls.RespondentID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, who := range people {
		for v := range p.visits[who] {
			v.put(question)
		}
	}
}

// Run writes down who was seen until ctx ends, and then once more; and tells other servers of them.
func (p *Presence) Run(ctx context.Context) error {
	var sharing sync.WaitGroup
	sharing.Go(func() { p.shared.run(ctx) })
	defer sharing.Wait()
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

// Flush writes down who was seen since it was last called, and who has a stream open. What cannot be written is logged and
// forgotten: people are seen again.
func (p *Presence) Flush(ctx context.Context) {
	p.mu.Lock()
	now := p.now()
	seen := p.seen
	if p.flushed%visitsFlush == 0 {
		for who := range p.visits {
			seen[who] = now
		}
	}
	p.flushed++
	p.seen = make(map[polls.RespondentID]time.Time)
	for who, at := range p.last {
		if now.Sub(at) >= presenceFor {
			delete(p.last, who)
		}
	}
	p.mu.Unlock()
	if len(seen) == 0 {
		return
	}
	if err := p.keep(ctx, seen); err != nil {
		p.log.Error("who was seen was not written down", "people", len(seen), "error", err)
	}
}

// everybody returns when all who are here were last seen.
func (p *Presence) everybody() map[polls.RespondentID]time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	all := make(map[polls.RespondentID]time.Time, len(p.last)+len(p.visits))
	for who, at := range p.last {
		if now.Sub(at) < presenceFor {
			all[who] = at
		}
	}
	for who := range p.visits {
		all[who] = now
	}
	return all
}

// Visit is a stream that somebody has open.
type Visit struct {
	presence *Presence
	who      polls.RespondentID
	offers   chan polls.QuestionID // of capacity 1: the newest
	ended    chan struct{}
}

// Visit notes that somebody opened a stream. The caller must Close it.
func (p *Presence) Visit(who polls.RespondentID) *Visit {
	v := &Visit{p, who, make(chan polls.QuestionID, 1), make(chan struct{})}
	if p == nil {
		return v
	}
	p.Seen(who)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		close(v.ended)
		return v
	}
	if p.visits[who] == nil {
		p.visits[who] = make(map[*Visit]struct{}, 1)
	}
	p.visits[who][v] = struct{}{}
	return v
}

// Offers gives what is offered, the newest alone when there is more.
func (v *Visit) Offers() <-chan polls.QuestionID { return v.offers }

// Ended is closed when the server stops.
func (v *Visit) Ended() <-chan struct{} { return v.ended }

// Close notes that the stream is closed: somebody who was here until now. Again changes nothing.
func (v *Visit) Close() {
	p := v.presence
	if p == nil {
		return
	}
	p.mu.Lock()
	_, open := p.visits[v.who][v]
	delete(p.visits[v.who], v)
	if len(p.visits[v.who]) == 0 {
		delete(p.visits, v.who)
	}
	p.mu.Unlock()
	if open {
		p.Seen(v.who)
	}
}

// put never waits. Only one calls it at a time.
func (v *Visit) put(question polls.QuestionID) {
	select {
	case <-v.offers:
	default:
	}
	v.offers <- question
}

// Close ends all streams, and those that are opened later. Again changes nothing.
func (p *Presence) Close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, visits := range p.visits {
		for v := range visits {
			close(v.ended)
		}
	}
	clear(p.visits)
}
