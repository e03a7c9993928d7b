package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/server/wire"
)

// answerTime is the longest that a child may take for a row, and loadTime for its model.
const (
	answerTime = compute.AskMost
	loadTime   = 10 * time.Minute
)

// errSlow reports a child that does not answer.
var errSlow = &childFailure{wire.JobFailure{Code: string(compute.Crashed), Message: "The model did not answer in time on this machine."}}

// served is a child that has a model loaded.
type served struct {
	rows  io.Writer
	lines <-chan Line
	ended func() error // waits for it, and says why it ended
}

// next waits for the next line of the child.
func (s *served) next(ctx context.Context, patience time.Duration) (Line, error) {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case line, more := <-s.lines:
		switch {
		case !more:
			return line, s.ended()
		case line.Failure != nil:
			return line, &childFailure{*line.Failure}
		}
		return line, nil
	case <-late.C:
		return Line{}, errSlow
	case <-ctx.Done():
		return Line{}, ctx.Err()
	}
}

// serve loads the model and answers what is asked, session after session as long as the server gives it the next one of the job. It
// returns another lease that the server gave instead, if it did.
func (a *leasing) serve(ctx context.Context, work *compute.Work) (next *wire.WorkLease, err error) {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	child, closing, err := a.load(running)
	if err != nil {
		return nil, err
	}
	defer closing()
	defer cancel() // before: it has nothing to save
	keep := a.beating(ctx)
	_, err = child.next(ctx, loadTime)
	keep()
	for err == nil {
		if err = a.session(ctx, work, child); err != nil || a.w.leaves() || ctx.Err() != nil {
			return nil, err
		}
		if next, err = a.w.take(ctx, 0); err != nil || next == nil || !next.Serves || next.Job != a.l.Job {
			return next, nil // this lease is done; the worker asks again, and says what is wrong then
		}
		a.w.cfg.Tell(Event{Kind: Finished, Lease: a.l.ID, Job: a.l.Job})
		a.w.drop(a.l.ID)
		a.again(next)
		a.w.cfg.Tell(Event{Kind: Began, Lease: next.ID, Job: next.Job, Took: next})
	}
	return nil, err
}

// again goes on with the next lease of the same job.
func (a *leasing) again(l *wire.WorkLease) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.l, a.newest, a.ended = l, compute.Report{}, nil
}

// load starts a child that loads the model.
func (a *leasing) load(ctx context.Context) (child *served, closing func(), err error) {
	cmd := a.w.cfg.Child(ctx, a.dir)
	cmd.WaitDelay = 5 * time.Second
	complained := &tail{most: 4 << 10}
	cmd.Stderr = complained
	rows, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	lines := make(chan Line)
	go readLines(out, lines)
	waited := false
	wait := func() error {
		waited = true
		err := cmd.Wait()
		return &childFailure{wire.JobFailure{Code: string(compute.Crashed), Message: limited(fmt.Sprintf("The process ended: %v. %s", err, complained.to.String()))}}
	}
	return &served{rows, lines, wait}, func() {
		for range lines { // what it still says is wanted by nobody
		}
		if !waited {
			_ = cmd.Wait() // it was killed
		}
	}, nil
}

// session answers what is asked until the session ends, and hands in what was said. One in which nothing was answered is given back.
func (a *leasing) session(ctx context.Context, work *compute.Work, child *served) (err error) {
	began := time.Now()
	said, err := os.OpenFile(filepath.Join(a.dir, task.Out, string(compute.PredictionsRole)), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	answered, err := a.answer(ctx, child, said)
	if err := errors.Join(err, said.Close()); err != nil {
		return err
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveTime) // what was answered is handed in by one that stops, too
	defer cancel()
	if answered == 0 {
		return a.w.cfg.Server.Fail(ending, a.l.ID, wire.JobFailure{Code: string(compute.Stopped), Message: "Nothing was asked."})
	}
	return a.handIn(ending, work, began)
}

// answer answers what is asked until the session or the worker ends, and writes what counted.
func (a *leasing) answer(ctx context.Context, child *served, to io.Writer) (answered int, err error) {
	keep := a.beating(ctx)
	defer keep()
	asking, stop := a.w.untilLeft(ctx)
	defer stop()
	var ask *wire.AskedRow
	var said []byte
	for {
		told, err := a.w.cfg.Server.Serve(asking, a.l.Job, a.l.ID, ask, said, a.w.cfg.Wait)
		if err != nil && asking.Err() != nil { // it stops; whether the last answer counted must be known
			if ask == nil {
				return answered, nil
			}
			ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveTime)
			told, err = a.w.cfg.Server.Serve(ending, a.l.Job, a.l.ID, ask, said, 0)
			cancel()
		}
		if err != nil {
			return answered, err
		}
		if ask != nil && told.Counted {
			answered++
			if _, err := to.Write(append(said, '\n')); err != nil {
				return answered, err
			}
			at := compute.Report{Step: min(answered, compute.SessionRows), Of: compute.SessionRows}
			a.note(at)
			a.w.cfg.Tell(Event{Kind: Advanced, Lease: a.l.ID, Job: a.l.Job, Progress: at})
		}
		if told.End || asking.Err() != nil {
			return answered, nil
		}
		if ask = told.Ask; ask == nil {
			continue
		}
		if _, err := io.WriteString(child.rows, ask.Row+"\n"); err != nil {
			return answered, err
		}
		line, err := child.next(ctx, answerTime)
		if ctx.Err() != nil { // somebody else is asked
			return answered, nil
		}
		if err != nil {
			return answered, err
		}
		said = []byte(line.Said)
	}
}
