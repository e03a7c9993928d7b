package worker

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/server/wire"
)

// leasing is a lease that is being done.
type leasing struct {
	w   *Worker
	l   *wire.WorkLease
	dir string

	saying sync.Mutex // held while the server is told something, so that what it hears of progress is in order

	mu     sync.Mutex       // guards newest and ended
	newest compute.Report   // that the child has told
	ended  []compute.Report // those at the ends of epochs that the server was not told of, the oldest first

	saved int // step of the checkpoint that the server has
}

// progress is the newest that the child has told.
func (a *leasing) progress() compute.Report {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newest
}

// endedMax is how many ends of epochs are kept for the next report, which takes no more.
const endedMax = 100

// note takes what the child has told. It reports whether an epoch has ended.
func (a *leasing) note(r compute.Report) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	epoch := r.Epoch > a.newest.Epoch
	a.newest = r
	if !epoch {
		return false
	}
	if a.ended = append(a.ended, r); len(a.ended) > endedMax {
		kept := a.ended[:0]
		for i := 0; i < endedMax; i += 2 { // of a curve half the points will do
			kept = append(kept, a.ended[i])
		}
		a.ended = append(kept, r)
	}
	return true
}

// untold reports whether there is more of the curve than the server was told.
func (a *leasing) untold() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ended) > 0
}

// say reports progress, with a checkpoint where there is one. What could not be told of the curve is told the next time.
func (a *leasing) say(ctx context.Context, checkpoint compute.ArtefactID, step int) error {
	a.saying.Lock()
	defer a.saying.Unlock()
	a.mu.Lock()
	newest, ended := a.newest, slices.Clone(a.ended)
	a.mu.Unlock()
	beat := wire.Beat{Progress: wire.JobProgress(newest), Checkpoint: string(checkpoint), Step: step}
	for _, r := range ended {
		beat.Told = append(beat.Told, wire.JobProgress(r))
	}
	if _, err := a.w.cfg.Server.Beat(ctx, a.l.ID, beat); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = slices.DeleteFunc(a.ended, func(r compute.Report) bool { return r.Epoch <= newest.Epoch })
	return nil
}

// errTooLarge reports work whose files do not fit on this machine.
var errTooLarge = tasknet.NewError(tasknet.TooLarge, "too_large_for_node", "The files of the job do not fit into what this machine gives.")

// childFailure is what a child process says it failed of.
type childFailure struct{ wire.JobFailure }

func (f *childFailure) Error() string { return f.Message }

// errAsked reports rows that were asked live and that their organisation has removed since.
var errAsked = tasknet.NewError(tasknet.NotFound, "no_asked_rows", "The rows that were asked are not there any more.")

// do does the lease. next is one that the server gave meanwhile.
func (a *leasing) do(ctx context.Context) (next *wire.WorkLease, err error) {
	began := time.Now()
	work, _, err := compute.ReadWork(a.l.Work)
	if err != nil {
		return nil, err
	}
	if err := a.prepare(ctx, work); err != nil {
		return nil, err
	}
	if a.l.Serves {
		return a.serve(ctx, work)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(a.l.MaxSeconds)*time.Second)
	defer cancel()
	if err := a.run(ctx); err != nil {
		return nil, err
	}
	return nil, a.handIn(ctx, work, began)
}

// handIn uploads what was made, and hands in the receipt.
func (a *leasing) handIn(ctx context.Context, work *compute.Work, began time.Time) error {
	r := &compute.Receipt{
		Lease: compute.LeaseID(a.l.ID), Job: compute.JobID(a.l.Job), Part: a.l.Part, Work: sha256.Sum256(a.l.Work), Code: cmp.Or(a.w.cfg.Code, a.w.cfg.Capability.Version),
		Trainer: a.w.cfg.Capability.Trainers[0], Class: a.w.cfg.Capability.Class, Began: began, Ended: time.Now(),
	}
	if a.untold() { // the rest of the curve: the receipt ends the lease
		if err := a.say(ctx, "", 0); isOver(err) {
			return err
		}
	}
	keep := a.beating(ctx) // what is large takes long to send
	defer keep()
	for _, role := range work.Makes() {
		f, err := a.w.cfg.Server.Store(ctx, a.l.ID, filepath.Join(a.dir, task.Out, string(role)), string(role))
		if err != nil {
			return err
		}
		f.Role = role
		r.Outputs = append(r.Outputs, f)
	}
	_, err := a.w.cfg.Server.Finish(ctx, r)
	return err
}

// prepare puts all that a child needs into the folder.
func (a *leasing) prepare(ctx context.Context, work *compute.Work) error {
	var size int64
	for _, in := range work.Inputs {
		size += in.Bytes
	}
	if size > a.w.cfg.Capability.Disk/2 {
		return errTooLarge
	}
	if err := os.RemoveAll(a.dir); err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(a.dir, task.In), 0o700), os.MkdirAll(filepath.Join(a.dir, task.Out), 0o700)); err != nil {
		return err
	}
	part, err := json.Marshal(task.Part{From: a.l.From, To: a.l.To, Serves: a.l.Serves})
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{task.WorkFile: a.l.Work, task.PartFile: part} {
		if err := os.WriteFile(filepath.Join(a.dir, name), content, 0o600); err != nil {
			return err
		}
	}
	keep := a.beating(ctx) // what is large takes long to fetch
	defer keep()
	for _, in := range work.Inputs {
		fetch := func(ctx context.Context, path string) error {
			return a.w.cfg.Server.Fetch(ctx, a.l.ID, in.Artefact, path)
		}
		if err := a.w.cache.link(ctx, in.Artefact, in.Bytes, filepath.Join(a.dir, task.In, in.Name), fetch); err != nil {
			return err
		}
	}
	if work.Live && !a.l.Serves {
		if err := a.fetchAsked(ctx); err != nil {
			return err
		}
	}
	if a.l.Checkpoint == nil {
		return nil
	}
	if err := a.resume(ctx); err != nil { // another node made it: begin anew
		if ctx.Err() != nil || isOver(err) {
			return err
		}
		a.w.cfg.Log.Warn("a checkpoint cannot be used", "lease", a.l.ID, "error", err)
		return os.RemoveAll(filepath.Join(a.dir, task.Training))
	}
	a.saved = a.l.Step
	return nil
}

// fetchAsked fetches what was asked live and is to be answered again.
func (a *leasing) fetchAsked(ctx context.Context) error {
	if a.l.Asked == nil {
		return errAsked
	}
	id, err := compute.ParseArtefactID(a.l.Asked.Artefact)
	if err != nil {
		return err
	}
	if a.l.Asked.Bytes > a.w.cfg.Capability.Disk/4 {
		return errTooLarge
	}
	return a.w.cfg.Server.Fetch(ctx, a.l.ID, id, filepath.Join(a.dir, task.Asked))
}

// resume fetches the checkpoint that the lease goes on from.
func (a *leasing) resume(ctx context.Context) error {
	id, err := compute.ParseArtefactID(a.l.Checkpoint.Artefact)
	if err != nil {
		return err
	}
	if a.l.Checkpoint.Bytes > a.w.cfg.Capability.Disk/4 { // it is there twice for a moment
		return errTooLarge
	}
	kept := filepath.Join(a.dir, "checkpoint.tar")
	if err := a.w.cfg.Server.Fetch(ctx, a.l.ID, id, kept); err != nil {
		return err
	}
	return errors.Join(unpackCheckpoint(kept, filepath.Join(a.dir, task.Training)), os.Remove(kept))
}

// beating says at once and then now and again that the node works on the lease, until what it returns is called.
func (a *leasing) beating(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		beat := time.NewTicker(a.every())
		defer beat.Stop()
		for {
			if err := a.say(ctx, "", 0); err != nil && ctx.Err() == nil {
				a.w.cfg.Log.Warn("progress was not reported", "lease", a.l.ID, "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-beat.C:
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func (a *leasing) every() time.Duration {
	if every := a.w.cfg.BeatEvery; every > 0 {
		return every
	}
	return time.Duration(max(a.l.BeatEvery, 1)) * time.Second
}

// curveShare: the end of an epoch is told at once where the last report is as long ago as this part of the usual time, so that who
// has a model trained sees its curve grow.
const curveShare = 5

// run runs the child, and reports its progress. An error of the server that says that the lease is over ends the child.
func (a *leasing) run(ctx context.Context) error {
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := a.w.cfg.Child(running, a.dir)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	complained := &tail{most: 4 << 10}
	cmd.Stderr = complained
	if err := cmd.Start(); err != nil {
		return err
	}
	said := time.Now()
	report := func() {
		said = time.Now()
		if err := a.say(running, "", 0); isOver(err) {
			cancel(err)
		} else if err != nil && running.Err() == nil {
			a.w.cfg.Log.Warn("progress was not reported", "lease", a.l.ID, "error", err)
		}
	}
	lines := make(chan Line)
	go readLines(out, lines)
	keeping := make(chan struct{})
	go func() {
		defer close(keeping)
		a.keepCheckpoints(running)
	}()
	defer func() {
		cancel(nil)
		<-keeping
	}()
	beat := time.NewTicker(a.every())
	defer beat.Stop()
	var failure *wire.JobFailure
	for lines != nil {
		select {
		case line, more := <-lines:
			switch {
			case !more:
				lines = nil
			case line.Failure != nil:
				failure = line.Failure
			case line.Progress != nil:
				ended := a.note(*line.Progress)
				a.w.cfg.Tell(Event{Kind: Advanced, Lease: a.l.ID, Job: a.l.Job, Progress: *line.Progress})
				if ended && time.Since(said) >= a.every()/curveShare {
					report()
				}
			}
		case <-beat.C:
			report()
		}
	}
	err = cmd.Wait()
	switch {
	case running.Err() != nil:
		return context.Cause(running)
	case failure != nil:
		return &childFailure{*failure}
	case err != nil:
		return &childFailure{wire.JobFailure{Code: string(compute.Crashed), Message: limited(fmt.Sprintf("The process ended: %v. %s", err, complained.to.String()))}}
	}
	return nil
}

// keepCheckpoints hands in checkpoints now and again, until ctx ends. It takes as long as the network needs, while progress is
// reported.
func (a *leasing) keepCheckpoints(ctx context.Context) {
	look := time.NewTicker(a.w.cfg.CheckpointEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if err := a.keepCheckpoint(ctx); err != nil && ctx.Err() == nil {
			a.w.cfg.Log.Warn("a checkpoint was not handed in", "lease", a.l.ID, "error", err)
		}
	}
}

// keepCheckpoint hands in the newest checkpoint, when the server does not have it.
func (a *leasing) keepCheckpoint(ctx context.Context) error {
	packed, step, err := packCheckpoint(filepath.Join(a.dir, task.Training), a.saved)
	if err != nil || packed == "" || step > a.progress().Step {
		return err
	}
	f, err := a.w.cfg.Server.Store(ctx, a.l.ID, packed, "checkpoint")
	if err != nil {
		return err
	}
	if err := a.say(ctx, f.Artefact, step); err != nil {
		return err
	}
	a.saved = step
	return nil
}

// lineMax is the longest line that a child may write.
const lineMax = 64 << 10

func readLines(r io.Reader, lines chan<- Line) {
	defer close(lines)
	in := bufio.NewScanner(r)
	in.Buffer(nil, lineMax)
	for in.Scan() {
		var l Line
		if json.Unmarshal(in.Bytes(), &l) == nil {
			lines <- l
		}
	}
	_, _ = io.Copy(io.Discard, r) // a child that writes too much must not hang
}

// tail keeps the last bytes of what is written.
type tail struct {
	to   bytes.Buffer
	most int
}

func (t *tail) Write(b []byte) (int, error) {
	t.to.Write(b)
	if over := t.to.Len() - t.most; over > 0 {
		t.to.Next(over)
	}
	return len(b), nil
}
