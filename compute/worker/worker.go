// Package worker is the loop of a node: it takes leases, does each in a child process, reports how far it is, and hands in what was
// made with a signed receipt. It only ever calls out, so it works behind any router.
package worker

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// Server is what a node asks of a server; *client.Node implements it.
type Server interface {
	Join(ctx context.Context, name string, has wire.Capability) (wire.Node, error)
	TakeWork(ctx context.Context, t wire.TakeWork) (wire.Work, error)
	Beat(ctx context.Context, lease string, b wire.Beat) (wire.Beaten, error)
	Finish(ctx context.Context, r *compute.Receipt) (wire.WorkReceipt, error)

	// Serve answers an ask of a live job, unless that is nil, and waits for the next.
	Serve(ctx context.Context, job, lease string, asked *wire.AskedRow, said []byte, wait time.Duration) (wire.Served, error)

	Fail(ctx context.Context, lease string, f wire.JobFailure) error

	// Fetch writes a file that a lease reads, or goes on writing one.
	Fetch(ctx context.Context, lease string, id compute.ArtefactID, path string) error

	// Store uploads a file that was made under a lease.
	Store(ctx context.Context, lease, path, name string) (compute.JobFile, error)
}

// Config is what a worker needs to know of its machine.
type Config struct {
	Server     Server
	Name       string
	Folder     string // for what it fetches and makes
	Capability wire.Capability
	Choice     compute.Choice // of work
	Code       string         // what receipts name as the program; its version by default

	// Child makes the process that does the part in a folder, as package task has it. It writes JSON lines to its stdout: Line.
	Child func(ctx context.Context, dir string) *exec.Cmd

	// Wait is how long a request for work waits for some. Default 30 seconds.
	Wait time.Duration

	// BeatEvery is how often progress is reported. Default: what the server asks for.
	BeatEvery time.Duration

	// CheckpointEvery is how often a checkpoint is handed in, when there is a new one. Default two minutes.
	CheckpointEvery time.Duration

	// Tell is told what happens. It must not block. May be nil.
	Tell func(Event)

	// Log gets what the owner of the machine should see. Default: nothing is logged.
	Log *slog.Logger
}

// Event is something that happened on a node.
type Event struct {
	Kind     EventKind
	Lease    string
	Job      string
	Progress compute.Report
	Problem  string
	Took     *wire.WorkLease // of Began: what was taken
	Node     *wire.Node      // of Joined: what the server knows it as
}

// EventKind is what happened.
type EventKind string

// The kinds of event.
const (
	Joined   EventKind = "joined"
	Began    EventKind = "began"
	Advanced EventKind = "advanced"
	Finished EventKind = "finished"
	Failed   EventKind = "failed"
	Dropped  EventKind = "dropped"  // the server wants nothing of it any more
	Unchosen EventKind = "unchosen" // there is work, and the choice leaves it out; told each time that nothing came
)

// Worker runs a node.
type Worker struct {
	cfg   Config
	cache *cache

	leaving chan struct{} // closed by Leave
	leave   sync.Once

	mu      sync.Mutex     // guards all below
	working []string       // leases
	wanting tasknet.Amount // the stake that work waits for, as it was said last
}

// New returns a Worker. It makes the folder, and drops what a former run left there but the files of jobs.
func New(cfg Config) (*Worker, error) {
	if cfg.Wait == 0 {
		cfg.Wait = 30 * time.Second
	}
	if cfg.CheckpointEvery == 0 {
		cfg.CheckpointEvery = 2 * time.Minute
	}
	if cfg.Tell == nil {
		cfg.Tell = func(Event) {}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	files, err := newCache(filepath.Join(cfg.Folder, "files"), cfg.Capability.Disk/2)
	if err != nil {
		return nil, err
	}
	leases := filepath.Join(cfg.Folder, "leases")
	if err := errors.Join(os.RemoveAll(leases), os.MkdirAll(leases, 0o700)); err != nil {
		return nil, err
	}
	return &Worker{cfg: cfg, cache: files, leaving: make(chan struct{})}, nil
}

// Leave has Run end as soon as what the worker works on is done. It takes nothing more.
func (w *Worker) Leave() { w.leave.Do(func() { close(w.leaving) }) }

// Run joins, and works until ctx ends; then it gives back what it works on, with the newest checkpoint. It returns before when Leave
// was called. The error is why it could not join.
func (w *Worker) Run(ctx context.Context) error {
	var err error
	if w.cfg.Capability.DiskRate, err = diskRate(w.cfg.Folder); err != nil {
		return err
	}
	n, err := w.cfg.Server.Join(ctx, w.cfg.Name, w.cfg.Capability)
	if err != nil && ctx.Err() == nil {
		return err
	}
	if err == nil {
		w.cfg.Tell(Event{Kind: Joined, Node: &n})
	}
	var slots sync.WaitGroup
	for range w.cfg.Capability.Slots {
		slots.Go(func() { w.slot(ctx) })
	}
	slots.Wait()
	return nil
}

// Pauses after the server could not be asked, or had nothing.
const (
	firstPause = time.Second
	longPause  = time.Minute
)

// slot does one lease after the other.
func (w *Worker) slot(ctx context.Context) {
	asking, stop := w.untilLeft(ctx) // for work
	defer stop()
	for failed := 0; asking.Err() == nil; {
		l, err := w.take(asking, w.cfg.Wait)
		if errors.Is(err, compute.ErrNoNode) { // its owner removed it, or the server is another one
			_, err = w.cfg.Server.Join(asking, w.cfg.Name, w.cfg.Capability)
		}
		switch {
		case err != nil && asking.Err() == nil:
			w.cfg.Log.Warn("no work could be asked for", "error", err)
			failed++
		case l != nil:
			fine := true
			for l != nil {
				fine, l = w.lease(ctx, l)
			}
			if failed++; fine { // otherwise what is wrong here, such as a full disk, may be wrong with the next lease too
				failed = 0
			}
		default:
			continue
		}
		if failed > 0 && client.Pause(asking, client.Backoff(failed, firstPause, longPause)) != nil {
			return
		}
	}
}

// untilLeft returns a context that ends when the worker leaves, too. stop must be called in the end.
func (w *Worker) untilLeft(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		select {
		case <-w.leaving:
			cancel()
		case <-done:
		}
	}()
	return ctx, func() {
		close(done)
		cancel()
	}
}

// leaves reports whether Leave was called.
func (w *Worker) leaves() bool {
	select {
	case <-w.leaving:
		return true
	default:
		return false
	}
}

// drop notes that a lease is not worked on any more.
func (w *Worker) drop(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.working = slices.DeleteFunc(w.working, func(of string) bool { return of == id })
}

// take takes a lease, which is then among those that are worked on, or waits for one.
func (w *Worker) take(ctx context.Context, wait time.Duration) (*wire.WorkLease, error) {
	w.mu.Lock()
	working := slices.Clone(w.working)
	w.mu.Unlock()
	work, err := w.cfg.Server.TakeWork(ctx, wire.TakeWork{
		Wait: int(wait / time.Second), Working: working, Has: w.cache.names(compute.HasMax), Only: w.cfg.Choice.Only, Not: w.cfg.Choice.Not,
	})
	if err == nil && work.Unchosen {
		w.cfg.Tell(Event{Kind: Unchosen})
	}
	l := work.Lease
	if err != nil || l == nil {
		w.wants(work.StakeAsked, err)
		return nil, err
	}
	if err := tasknet.CheckID(compute.LeasePrefix, l.ID); err != nil { // it names a folder
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.working, l.ID) { // two slots asked at once
		return nil, nil
	}
	w.working = append(w.working, l.ID)
	return l, nil
}

// wants tells the owner, once, when there is work for who has more at stake.
func (w *Worker) wants(stake tasknet.Amount, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil && stake != w.wanting {
		if w.wanting = stake; !stake.IsZero() {
			w.cfg.Log.Info("jobs wait that ask for a stake of the node's owner, which theirs does not reach", "least", stake)
		}
	}
}

// giveTime bounds what is said to the server when the worker stops.
const giveTime = 10 * time.Second

// lease does a lease, and reports whether nothing was wrong with this machine. next is one that the server gave meanwhile.
func (w *Worker) lease(ctx context.Context, l *wire.WorkLease) (fine bool, next *wire.WorkLease) {
	w.cfg.Tell(Event{Kind: Began, Lease: l.ID, Job: l.Job, Took: l})
	at := &leasing{w: w, l: l, dir: filepath.Join(w.cfg.Folder, "leases", l.ID)}
	next, err := at.do(ctx)
	l = at.l // of a job that is served, the last
	defer func() {
		w.drop(l.ID)
		if err := os.RemoveAll(at.dir); err != nil {
			w.cfg.Log.Warn("what a lease left could not be removed", "lease", l.ID, "error", err)
		}
	}()
	switch {
	case err == nil:
		w.cfg.Tell(Event{Kind: Finished, Lease: l.ID, Job: l.Job})
		return true, next
	case isOver(err):
		w.cfg.Tell(Event{Kind: Dropped, Lease: l.ID, Job: l.Job, Problem: err.Error()})
		return true, next
	}
	f := failureOf(ctx, err)
	w.cfg.Tell(Event{Kind: Failed, Lease: l.ID, Job: l.Job, Problem: f.Message})
	giving, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveTime)
	defer cancel()
	if ctx.Err() != nil { // nothing is wrong with the work: whoever does it next goes on from here
		if err := at.keepCheckpoint(giving); err != nil {
			w.cfg.Log.Warn("the last checkpoint was not handed in", "lease", l.ID, "error", err)
		}
	}
	if err := w.cfg.Server.Fail(giving, l.ID, f); err != nil && !errors.Is(err, compute.ErrLeaseOver) {
		w.cfg.Log.Warn("a lease could not be given back; it will run out", "lease", l.ID, "error", err)
	}
	return false, next
}

// isOver reports an error that says that nothing is wanted of a lease any more.
func isOver(err error) bool {
	return errors.Is(err, compute.ErrLeaseOver) || errors.Is(err, compute.ErrNoLease) || errors.Is(err, compute.ErrNoNode)
}

// failureOf says of an error what the server is told of it.
func failureOf(ctx context.Context, err error) wire.JobFailure {
	if ctx.Err() != nil {
		return wire.JobFailure{Code: string(compute.Stopped), Message: "The node stops."}
	}
	if f, ok := errors.AsType[*childFailure](err); ok {
		return f.JobFailure
	}
	code := compute.Crashed
	if known, ok := errors.AsType[*tasknet.Error](err); ok {
		switch {
		case errors.Is(err, errTooLarge):
			code = compute.Resources
		case known.Kind == tasknet.Invalid || known.Kind == tasknet.NotFound:
			code = compute.BadInput
		}
	}
	return wire.JobFailure{Code: string(code), Message: limited(tasknet.Describe(err).Message)}
}

// limited cuts a message to what the server takes.
func limited(message string) string { return message[:min(len(message), 1000)] }
