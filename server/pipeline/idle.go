package pipeline

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// idle are the nodes that wait for work here, in the order in which they came. One at a time is woken, and wakes the next when
// it got something: ten thousand that wait do not all look for the same job. One that got nothing, since the job is not for such a
// machine, hands on to the next of those that waited when it was woken.
type idle struct {
	mu    sync.Mutex // guards all but over
	next  list.List  // of waiter
	last  int64      // number of the newest
	ended bool
	over  chan struct{} // closed when it has ended
}

// waiter is told the number of the newest that waited when it was woken.
type waiter struct {
	number int64
	woken  chan int64
}

// wait returns what is sent to when there may be work. leave must be called in the end.
func (i *idle) wait() (woken <-chan int64, leave func()) {
	w := waiter{woken: make(chan int64, 1)}
	i.mu.Lock()
	i.last++
	w.number = i.last
	at := i.next.PushBack(w)
	i.mu.Unlock()
	return w.woken, func() {
		i.mu.Lock()
		i.next.Remove(at)
		i.mu.Unlock()
		select {
		case upTo := <-w.woken: // nobody has looked since; the next one must
			i.pass(upTo)
		default:
		}
	}
}

// wake has one look.
func (i *idle) wake() {
	i.mu.Lock()
	last := i.last
	i.mu.Unlock()
	i.pass(last)
}

// pass has the next one look, when it is not newer than a number.
func (i *idle) pass(upTo int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if first := i.next.Front(); first != nil && first.Value.(waiter).number <= upTo {
		i.next.Remove(first).(waiter).woken <- upTo
	}
}

// none reports whether nobody waits.
func (i *idle) none() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.next.Len() == 0
}

// end ends all waits, for good.
func (i *idle) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.ended {
		i.ended = true
		close(i.over)
	}
}

// EndWaits ends all waits, now and from now on: the server stops.
func (p *Pipeline) EndWaits() { p.idle.end() }

// Wait is the wait of a node for which there was no work. It is small: nothing else of the node or of what it asked need be kept while it
// lasts.
type Wait struct {
	p     *Pipeline
	key   polls.DeviceKey
	has   []compute.ArtefactID
	picky bool // does not take all work
	woken <-chan int64
	leave func()
	upTo  int64 // of the wake that nothing came of yet
}

// SeekWork is TakeWork that begins a wait when there is nothing for the node.
func (p *Pipeline) SeekWork(ctx context.Context, n *compute.Node, working []compute.LeaseID, has []compute.ArtefactID) (*compute.Lease, *compute.Job, *Wait, error) {
	w := &Wait{p: p, key: n.Key, has: has, picky: !n.Choice.IsZero()}
	lease, job, err := w.look(ctx, n, working, true)
	if lease != nil || err != nil {
		return lease, job, nil, err
	}
	return nil, nil, w, nil
}

// look takes work for the wait's node, or has it wait on when there is none.
func (w *Wait) look(ctx context.Context, n *compute.Node, working []compute.LeaseID, first bool) (*compute.Lease, *compute.Job, error) {
	w.woken, w.leave = w.p.idle.wait() // before the look, so that nothing that comes meanwhile is missed
	lease, job, err := w.p.takeWork(context.WithoutCancel(ctx), n, working, w.has, first)
	if lease != nil || err != nil {
		w.leave()
	}
	if lease == nil {
		w.p.idle.pass(w.upTo)
	}
	return lease, job, err
}

// Next waits until there may be work, and reports whether there may be; not when the wait was ended before.
func (w *Wait) Next(end <-chan time.Time) bool {
	select {
	case w.upTo = <-w.woken:
		return true
	case <-w.p.idle.over:
	case <-end:
	}
	w.End()
	return false
}

// Look looks for work again, and returns nil when there is still none. After an error the wait is over.
func (w *Wait) Look(ctx context.Context) (*compute.Lease, *compute.Job, error) {
	n, err := w.p.stores.Jobs().Node(ctx, w.key) // as it is now
	if err != nil {
		w.p.idle.pass(w.upTo)
		return nil, nil, err
	}
	return w.look(ctx, n, nil, false)
}

// Unchosen reports whether there is work that the node could do, and its choice leaves it out.
func (w *Wait) Unchosen(ctx context.Context) (bool, error) {
	if !w.picky {
		return false, nil
	}
	n, err := w.p.stores.Jobs().Node(ctx, w.key)
	if err != nil {
		return false, err
	}
	n.ID, n.Choice = "", compute.Choice{} // what it works on is none that waits
	return w.p.stores.Jobs().SomeWork(ctx, n, w.p.now())
}

// End ends the wait, which Next does as well when it returns false. Again changes nothing.
func (w *Wait) End() { w.leave() }

// RunOpenings wakes a node that waits here when something opens to more nodes by time alone, until ctx ends.
func (p *Pipeline) RunOpenings(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	since := p.now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		now := p.now()
		if err := p.TellOpened(ctx, since, now); err == nil {
			since = now
		} else if ctx.Err() == nil {
			p.cfg.Log.Error("nodes that wait were not told of work that opened", "error", err)
		}
	}
}

// TellOpened wakes a node when something opened after a moment and until another. One that comes to wait looks by itself.
func (p *Pipeline) TellOpened(ctx context.Context, after, until time.Time) error {
	if p.idle.none() {
		return nil
	}
	opened, err := p.stores.Jobs().Opened(ctx, after, until)
	if opened {
		p.idle.wake()
	}
	return err
}
