package sdk

import (
	"context"
	"sync"
)

// Cancel ends calls before they are done. Make one, give it to a call, and call its Cancel from another thread, also before the
// call or after it. One may serve for many calls. Where a call takes one, null stands for none: then the call ends with the
// session at the latest.
type Cancel struct {
	mu   sync.Mutex
	done bool                 // guarded by mu
	ends map[*func()]struct{} // guarded by mu
}

// NewCancel returns one that has not been used.
func NewCancel() *Cancel { return &Cancel{ends: make(map[*func()]struct{})} }

// Cancel ends the calls that it was given to, and those that it will be given to.
func (c *Cancel) Cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = true
	for end := range c.ends {
		(*end)()
	}
}

// under returns a context that ends with ctx or with c. The caller calls end.
func (c *Cancel) under(ctx context.Context) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	if c == nil {
		return ctx, cancel
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	stop := func() { cancel() }
	if c.done {
		stop()
	}
	c.ends[&stop] = struct{}{}
	return ctx, func() {
		cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.ends, &stop)
	}
}
