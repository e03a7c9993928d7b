package push

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	officeEvery = time.Second
	officeBatch = 128
	sendTime    = 20 * time.Second // for one message
	takenFor    = 2 * time.Minute  // a batch that is not settled by then is sent again: its server died
	atOnce      = 16               // messages on their way at a time

	// triesMax is how often a message is sent until it is given up, with pauses that double from pauseFirst up to pauseMost.
	triesMax = 6
	// noticeTries is that of notices, which are worth more patience: a day's.
	noticeTries = 150
	pauseFirst  = 10 * time.Second
	pauseMost   = 10 * time.Minute
)

// Store is what an Office needs of the stores.
type Store interface {
	Pushes() pipeline.Pushes
	Wakings() pipeline.Wakings
	Polls() polls.Store
	Rewards() rewards.Store
	Subscriptions() pipeline.Subscriptions
}

// Office sends the pushes that wait. Several servers may each have one over one database.
type Office struct {
	store   Store
	senders map[pipeline.Channel]Sender
	symbol  string // of the token that answers are paid in
	now     func() time.Time
	log     *slog.Logger
	wake    chan struct{} // of capacity 1

	mu     sync.Mutex // guards paused
	paused map[pipeline.Channel]time.Time
}

// NewOffice returns an office that sends by these senders.
func NewOffice(store Store, senders map[pipeline.Channel]Sender, symbol string, now func() time.Time, log *slog.Logger) *Office {
	return &Office{store: store, senders: senders, symbol: symbol, now: now, log: log, wake: make(chan struct{}, 1), paused: make(map[pipeline.Channel]time.Time)}
}

// Trigger has what waits sent at once.
func (o *Office) Trigger() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run sends what waits until ctx ends. What is on its way then is settled first, or sent again by the next run.
func (o *Office) Run(ctx context.Context) error {
	every := time.NewTicker(officeEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-o.wake:
		case <-every.C:
		}
		for ctx.Err() == nil && o.SendDue(ctx) == officeBatch {
		}
	}
}

// SendDue sends a batch of what waits, and returns how many pushes it took.
func (o *Office) SendDue(ctx context.Context) int {
	now := o.now().UTC()
	due, err := o.store.Pushes().TakePushes(ctx, now, now.Add(takenFor), officeBatch)
	if err != nil {
		if ctx.Err() == nil {
			o.log.Error("pushes that wait were not found", "error", err)
		}
		return 0
	}
	if len(due) == 0 {
		return 0
	}
	settled := make([]pipeline.Settled, len(due))
	messages := newDrafts(o)
	var sending sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, p := range due {
		slots <- struct{}{}
		sending.Go(func() {
			defer func() { <-slots }()
			settled[i] = o.send(ctx, messages, p)
		})
	}
	sending.Wait()
	if err := o.store.Pushes().SettlePushes(context.WithoutCancel(ctx), settled, o.now().UTC()); err != nil {
		o.log.Error("what became of pushes was not saved; they are sent again", "pushes", len(settled), "error", err)
	}
	return len(due)
}

func (o *Office) send(ctx context.Context, messages *drafts, p pipeline.Push) pipeline.Settled {
	settled := pipeline.Settled{Push: p, Outcome: pipeline.PushDropped}
	now := o.now().UTC()
	sender := o.senders[p.Subscription.Channel]
	if sender == nil { // this server does not send on it any more
		return settled
	}
	if until := o.pausedUntil(p.Subscription.Channel); now.Before(until) {
		settled.Outcome, settled.Again = pipeline.PushHeld, until
		return settled
	}
	m, err := messages.of(ctx, p, now)
	if err == nil && m != nil && m.Notice == "" { // it may have waited until they sleep
		var w polls.Wishes
		if w, err = o.store.Subscriptions().WishesOf(ctx, p.Subscription.Respondent); err == nil && w.Quiet.Holds(now) {
			return settled
		}
	}
	if errors.Is(err, pipeline.ErrNotFound) || err == nil && m == nil {
		return settled
	}
	if err != nil {
		o.log.Error("a push was not written", "wake", p.Wake, "error", err)
		settled.Outcome, settled.Again = pipeline.PushLater, now.Add(pauseFirst)
		return settled
	}
	limited, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	result, err := sender.Send(limited, p.Subscription, m)
	settled.Outcome = result.Outcome
	if result.Outcome == pipeline.PushLater {
		settled.Again = now.Add(max(result.After, min(pauseFirst<<min(p.Tries, 10), pauseMost)))
		if result.After > 0 {
			o.pause(p.Subscription.Channel, result.After, now)
		}
		if p.Tries+1 >= m.tries() || !settled.Again.Before(m.Deadline) {
			settled.Outcome = pipeline.PushFailed
		}
	}
	if err != nil && ctx.Err() == nil {
		o.log.Warn("a push was not taken", "wake", p.Wake, "channel", p.Subscription.Channel, "outcome", settled.Outcome, "tries", p.Tries+1, "error", err)
	}
	return settled
}

// pause keeps a channel that has one service for all from being asked while that said to wait. Browsers have many services, of
// which one says nothing about the others.
func (o *Office) pause(c pipeline.Channel, after time.Duration, now time.Time) {
	if c != pipeline.FCM {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.paused[c] = now.Add(after)
}

func (o *Office) pausedUntil(c pipeline.Channel) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.paused[c]
}

// drafts are the messages of a batch, of which many are about one question.
type drafts struct {
	office *Office
	mu     sync.Mutex // guards made
	made   map[string]*Message
}

func newDrafts(o *Office) *drafts { return &drafts{office: o, made: make(map[string]*Message)} }

// of returns what a push says; nothing when nobody is lacking any more. pipeline.ErrNotFound when the question is closed.
func (d *drafts) of(ctx context.Context, p pipeline.Push, now time.Time) (*Message, error) {
	if p.Subject == pipeline.AddressWarnings {
		return d.office.moved(ctx, p)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	about, known := d.made[p.Subject]
	if !known {
		var err error
		if about, err = d.office.draft(ctx, p.Subject, now); err != nil {
			return nil, err
		}
		d.made[p.Subject] = about
	}
	if about == nil {
		return nil, nil
	}
	m := *about
	m.Wake = p.Wake
	return &m, nil
}

// addressNotice is what a message says of a payout address that changes; noticeFor is for how long it is worth saying.
const (
	addressNotice = "address"
	noticeFor     = 7 * 24 * time.Hour
)

// moved returns the notice that somebody's pay goes, or is to go, to another address; nothing when they have cancelled that.
func (o *Office) moved(ctx context.Context, p pipeline.Push) (*Message, error) {
	changes, err := o.store.Rewards().ChangesOf(ctx, string(p.Subscription.Respondent))
	if err != nil || len(changes) == 0 || !changes[len(changes)-1].Cancelled.IsZero() {
		return nil, err
	}
	return &Message{Wake: p.Wake, Notice: addressNotice, Deadline: p.Woken.Add(noticeFor)}, nil
}

func (o *Office) draft(ctx context.Context, subject string, now time.Time) (*Message, error) {
	c, err := o.store.Wakings().CallOf(ctx, subject, now)
	if err != nil || c.Lacking == 0 {
		return nil, err
	}
	m := &Message{Pays: c.Price.String(), Symbol: o.symbol, Deadline: c.Deadline}
	if string(c.Question) == subject {
		m.Question, err = o.store.Polls().Question(ctx, c.Question)
	}
	return m, err
}
