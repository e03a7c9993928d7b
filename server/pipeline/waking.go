package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

const (
	// wakingEvery is how often is looked for what lacks people.
	wakingEvery = time.Second

	// wakingBatch is for how much of it is decided in one round.
	wakingBatch = 256

	// sleepersMost is among how many people whom a question reaches the best are chosen: those who were here last. Each decision looks
	// for them among twice as many people as the one before, from sleepersFirst on, since of those who were here last all may read
	// another language, or sleep. sleepersPage is how many are read at a time.
	sleepersMost   = 2000
	sleepersFirst  = 2000
	sleepersDouble = 6 // times at the most
	sleepersPage   = 500

	// wakesKept is for how long it is known who was woken for what.
	wakesKept   = 31 * 24 * time.Hour
	forgetEvery = time.Hour
)

// RunWaking has people woken for what lacks them until ctx ends. What was decided is saved with the pushes, which somebody else
// sends; Config.Woken tells them.
func (p *Pipeline) RunWaking(ctx context.Context) error {
	look, forget := time.NewTicker(wakingEvery), time.NewTicker(forgetEvery)
	defer look.Stop()
	defer forget.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-forget.C:
			if err := p.stores.Pushes().ForgetWakes(ctx, p.now().Add(-wakesKept)); err != nil && ctx.Err() == nil {
				p.cfg.Log.Error("old wakes were not removed", "error", err)
			}
		case <-look.C:
			p.WakeDue(ctx)
		}
	}
}

// WakeDue decides for all that is due now, and reports how many people are woken.
func (p *Pipeline) WakeDue(ctx context.Context) (woken int) {
	due, err := p.stores.Wakings().DueWakings(ctx, p.now(), wakingBatch)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Error("what lacks people was not found", "error", err)
		}
		return 0
	}
	for _, w := range due {
		n, err := p.wakeFor(ctx, w)
		if ctx.Err() != nil {
			return woken
		}
		if err != nil {
			p.cfg.Log.Error("nobody was woken", "for", w.Subject, "error", err)
		}
		woken += n
	}
	if woken > 0 && p.cfg.Woken != nil {
		p.cfg.Woken()
	}
	return woken
}

func (p *Pipeline) wakeFor(ctx context.Context, w Waking) (woken int, err error) {
	now := p.now()
	c, err := p.stores.Wakings().CallOf(ctx, w.Subject, now)
	if errors.Is(err, ErrNotFound) {
		return 0, p.stores.Wakings().Rest(ctx, w.Subject)
	}
	if err != nil {
		return 0, err
	}
	c.Step = w.Step
	sleepers := make(map[polls.RespondentID]polls.Sleeper)
	var people []polls.Sleeper
	left := sleepersFirst << min(c.Step, sleepersDouble)
	for after := ""; c.Lacking > 0 && left > 0 && len(people) < sleepersMost; left -= sleepersPage {
		some, next, err := p.stores.Wakings().Sleepers(ctx, w.Subject, c, after, sleepersPage)
		if err != nil {
			return 0, err
		}
		p.present(ctx, some)
		for _, s := range some {
			if c.Reaches(s) {
				sleepers[s.ID] = s
				people = append(people, s)
			}
		}
		if after = next; after == "" {
			break
		}
	}
	wave := c.Wave(people)
	wakes := make([]Wake, len(wave.Wake))
	for i, r := range wave.Wake {
		s := sleepers[r.ID]
		wakes[i] = Wake{Roused: r, ID: tasknet.NewID(WakePrefix, now), Was: s.Woken, Day: s.Wishes.Quiet.Day(now)}
	}
	if err := p.stores.Wakings().Wake(ctx, w, c, wave.Next, wakes); err != nil {
		return 0, err
	}
	if p.cfg.Presence != nil && len(wave.Offer) > 0 {
		offered := c.Question
		if w.Subject != string(c.Question) { // of a project they get whichever is their next
			offered = ""
		}
		p.cfg.Presence.Offer(ctx, offered, wave.Offer)
	}
	return len(wakes), nil
}

// present puts in when people were last seen, where that was so lately that the stores do not know it yet.
func (p *Pipeline) present(ctx context.Context, people []polls.Sleeper) {
	if p.cfg.Presence == nil || len(people) == 0 {
		return
	}
	ids := make([]polls.RespondentID, len(people))
	for i, s := range people {
		ids[i] = s.ID
	}
	here := p.cfg.Presence.Here(ctx, ids)
	for i, s := range people {
		if at := here[s.ID]; at.After(s.Seen) {
			people[i].Seen = at
		}
	}
}

// lacking notes that new questions may lack people: each that stands alone, and else their project.
func lacking(ctx context.Context, tx Tx, questions []*polls.Question, now time.Time) error {
	var subjects []string
	for _, q := range questions {
		subject := q.Project
		if subject == "" {
			subject = string(q.ID)
		}
		if n := len(subjects); n == 0 || subjects[n-1] != subject {
			subjects = append(subjects, subject)
		}
	}
	return tx.Wakings().Lack(ctx, now, subjects...)
}
