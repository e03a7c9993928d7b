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

// end ends all waits, for good.
func (i *idle) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.ended {
		i.ended = true
		close(i.over)
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
	upTo := int64(0) // of the wake that nothing came of yet
	for first := true; ; first = false {
		woken, leave := p.idle.wait() // before the look, so that nothing that comes meanwhile is missed
		lease, job, err := p.takeWork(context.WithoutCancel(ctx), n, working, has, first)
		if lease != nil || err != nil {
			leave()
			if err != nil {
				p.idle.pass(upTo)
			}
			return lease, job, err
		}
		p.idle.pass(upTo)
		select {
		case upTo = <-woken:
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
