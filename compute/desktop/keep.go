package desktop

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// stay is a time that a node is at a server. mu of its Desktop guards it.
type stay struct {
	settings Settings // that it began with
	cancel   context.CancelFunc
	node     Node // nil while it is being made
	joined   bool
	stopped  bool      // it was canceled
	others   time.Time // when there was work last, and none that the owner chose
}

// same reports whether a stay need not be begun anew for other settings.
func (s *stay) same(to *Settings) bool {
	a, choice := &s.settings, s.settings.Choice()
	return a.Server == to.Server && a.Name == to.Name && a.Cores == to.Cores && a.MemoryMiB == to.MemoryMiB && a.DiskMiB == to.DiskMiB && a.MinPrice == to.MinPrice && choice.Equal(to.Choice())
}

func (s *stay) stop() {
	s.stopped = true
	s.cancel()
}

// leave ends a stay when what is worked on is done.
func (s *stay) leave() {
	if s.node == nil {
		s.stop()
		return
	}
	s.node.Leave()
}

// Pauses after a stay that did not begin.
const (
	firstPause = 2 * time.Second
	longPause  = 2 * time.Minute
)

// Run has a node work when it may, until ctx ends; then it gives back what it works on.
func (d *Desktop) Run(ctx context.Context) {
	var group sync.WaitGroup
	defer group.Wait()
	group.Go(func() { d.look(ctx) })
	group.Go(func() { d.earn(ctx) })
	for {
		if begun := d.step(ctx); begun != nil {
			group.Go(begun)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		}
	}
}

// step does what has to be done now. It returns what a stay does that has begun.
func (d *Desktop) step(ctx context.Context) (begun func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.why = Decide(&d.settings, d.state, d.cfg.Now(), d.at != nil)
	switch at := d.at; {
	case at == nil && !d.why.Work:
		d.problem, d.failed, d.again = "", 0, time.Time{}
	case at == nil && d.read && !d.cfg.Now().Before(d.again):
		staying, cancel := context.WithCancel(ctx)
		d.at = &stay{settings: d.settings, cancel: cancel}
		at := d.at
		begun = func() {
			defer cancel()
			d.ended(at, d.stay(staying, at))
		}
	case at != nil && !d.why.Work:
		at.stop()
	case at != nil && (d.finish || !at.same(&d.settings)):
		at.leave()
	}
	return begun
}

// stay stays at a server until ctx ends, or the node left. The error is why it could not begin.
func (d *Desktop) stay(ctx context.Context, at *stay) error {
	node, err := d.cfg.Join(ctx, at.settings, func(e worker.Event) { d.tell(at, e) })
	if err != nil {
		return err
	}
	d.mu.Lock()
	at.node = node
	d.mu.Unlock()
	d.decide() // it may be wanted to leave already
	return node.Run(ctx)
}

// ended takes in that a stay is over. After one that could not begin, a pause follows.
func (d *Desktop) ended(at *stay, err error) {
	d.mu.Lock()
	failed := err != nil && !at.stopped
	d.at, d.now, d.problem = nil, nil, ""
	if failed {
		d.failed++
		d.again = d.cfg.Now().Add(client.Backoff(d.failed, firstPause, longPause))
		d.problem = "The server cannot be reached."
		if known := tasknet.Describe(err); known.Kind != tasknet.Internal {
			d.problem = known.Message
		}
	}
	finished := d.finish
	d.mu.Unlock()
	if failed {
		d.log.Warn("the server could not be joined", "server", at.settings.Server, "error", err)
	}
	if finished {
		if err := d.pause(true); err != nil {
			d.log.Error("the pause could not be kept", "error", err)
		}
	}
	d.decide()
}

// othersTime is for how long it counts that there is work of others alone; while there is, a node hears of it more often.
const othersTime = 2 * time.Minute

// tell takes in what the node of a stay tells.
func (d *Desktop) tell(at *stay, e worker.Event) {
	defer d.tellWatchers()
	now := d.cfg.Now()
	d.mu.Lock()
	var over *Past
	switch e.Kind {
	case worker.Joined:
		at.joined, d.failed = true, 0
		if e.Node != nil {
			has := &e.Node.Capability
			d.measured = &Measured{Disk: has.DiskRate, Down: has.Down, Up: has.Up}
		}
	case worker.Unchosen:
		again := now.Sub(at.others) < othersTime
		at.others = now
		if again {
			d.mu.Unlock()
			return
		}
	case worker.Began:
		at.others = time.Time{}
		d.now = newDoing(e.Took, now)
	case worker.Advanced:
		if d.now != nil {
			d.now.advance(e.Progress)
		}
	default:
		if d.now != nil {
			past := d.now.past(e, at.stopped, now)
			over, d.now = &past, nil
		}
	}
	history := d.history
	d.mu.Unlock()
	if e.Kind != worker.Advanced {
		d.log.Info("work", "is", e.Kind, "lease", e.Lease, "job", e.Job, "problem", e.Problem)
	}
	if over == nil {
		return
	}
	history, err := remember(filepath.Join(d.cfg.Folder, historyFile), history, *over) // one stay at a time tells, and of one thing after the other
	if err != nil {
		d.log.Warn("what was done could not be kept", "error", err)
	}
	d.mu.Lock()
	d.history = history
	d.mu.Unlock()
}

// look reads the computer now and again.
func (d *Desktop) look(ctx context.Context) {
	every := time.NewTicker(d.cfg.LookEvery)
	defer every.Stop()
	for {
		state := d.cfg.Machine(ctx)
		d.mu.Lock()
		d.state, d.read = state, true
		d.mu.Unlock()
		d.decide()
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// earnEvery is how often the server is asked what was earned.
const earnEvery = time.Minute

// earn asks now and again what the owner has earned.
func (d *Desktop) earn(ctx context.Context) {
	changed, end := d.watch()
	defer end()
	var asked time.Time
	var of *stay
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		d.mu.Lock()
		at := d.at
		var node Node
		if at != nil && at.joined {
			node = at.node
		}
		d.mu.Unlock()
		if now := d.cfg.Now(); node == nil || at == of && now.Sub(asked) < earnEvery {
			continue
		}
		asked, of = d.cfg.Now(), at
		earned, err := node.Earnings(ctx)
		var stake *wire.MyStake
		if err == nil {
			stake, err = node.Stake(ctx)
		}
		if err != nil {
			if ctx.Err() == nil {
				d.log.Warn("what was earned could not be asked for", "error", err)
			}
			continue
		}
		d.mu.Lock()
		d.earned, d.stake = &earned, stake
		d.mu.Unlock()
		d.tellWatchers()
	}
}
