package pipeline

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tasknet/tasknet/compute"
)

// idle are the nodes that wait for work here, in the order in which they came. One at a time is woken, and wakes the next when
// it got something: ten thousand that wait do not all look for the same job.
type idle struct {
	mu   sync.Mutex // guards next and ended
	next list.List  // of chan struct{}

	ended bool
	over  chan struct{} // closed when it has ended
}

// wait returns what is sent to when there may be work. leave must be called in the end.
func (i *idle) wait() (woken chan struct{}, leave func()) {
	woken = make(chan struct{}, 1)
	i.mu.Lock()
	at := i.next.PushBack(woken)
	i.mu.Unlock()
	return woken, func() {
		i.mu.Lock()
		i.next.Remove(at)
		i.mu.Unlock()
		select {
		case <-woken: // nobody has looked since; the next one must
			i.wake()
		default:
		}
	}
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

func (i *idle) wake() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if first := i.next.Front(); first != nil {
		i.next.Remove(first).(chan struct{}) <- struct{}{}
	}
}

// EndWaits ends all waits of AwaitWork, now and from now on: the server stops.
func (p *Pipeline) EndWaits() { p.idle.end() }

// errPatience ends a wait that has lasted long enough.
var errPatience = errors.New("nothing came")

// AwaitWork is TakeWork, which waits for work for so long.
func (p *Pipeline) AwaitWork(ctx context.Context, n *compute.Node, working []compute.LeaseID, has []compute.ArtefactID, patience time.Duration) (*compute.Lease, *compute.Job, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	for {
		woken, leave := p.idle.wait() // before the look, so that nothing that comes meanwhile is missed
		lease, job, err := p.TakeWork(context.WithoutCancel(ctx), n, working, has)
		if lease != nil || err != nil {
			leave()
			return lease, job, err
		}
		select {
		case <-woken:
			leave()
		case <-p.idle.over:
			leave()
			return nil, nil, nil
		case <-ctx.Done():
			leave()
			if errors.Is(context.Cause(ctx), errPatience) {
				return nil, nil, nil
			}
			return nil, nil, ctx.Err()
		}
	}
}
