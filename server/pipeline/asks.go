package pipeline

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// Times of asks.
const (
	// askLook is how often who waits looks by itself: servers of one database do not wake each other.
	askLook = 250 * time.Millisecond

	// nobodyAfter is for how long an ask waits though no node serves: one hands a session in and takes the next meanwhile.
	nobodyAfter = 3 * time.Second

	// asksKept is how long an ask is kept that came to nothing.
	asksKept = 10 * time.Minute

	serveWaitMax = time.Minute
)

// bells wake those here who wait for something with a name, all of them.
type bells struct {
	mu    sync.Mutex // guards waits
	waits map[string]*bell
}

type bell struct {
	rung    chan struct{}
	waiting int
}

// wait returns what is closed when the name is rung. leave must be called in the end.
func (b *bells) wait(name string) (rung <-chan struct{}, leave func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waits == nil {
		b.waits = make(map[string]*bell)
	}
	at := b.waits[name]
	if at == nil {
		at = &bell{rung: make(chan struct{})}
		b.waits[name] = at
	}
	at.waiting++
	return at.rung, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if at.waiting--; at.waiting == 0 && b.waits[name] == at {
			delete(b.waits, name)
		}
	}
}

func (b *bells) ring(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if at := b.waits[name]; at != nil {
		close(at.rung)
		delete(b.waits, name)
	}
}

// liveJob returns a live job of an organisation's with its work. compute.ErrNoJob, compute.ErrNotLive.
func (p *Pipeline) liveJob(ctx context.Context, org polls.OrgID, id compute.JobID) (*compute.Job, *compute.Work, error) {
	j, err := p.OwnJob(ctx, org, id)
	if err != nil {
		return nil, nil, err
	}
	if !j.Live {
		return nil, nil, compute.ErrNotLive
	}
	work, _, err := compute.ReadWork(j.Work)
	return j, work, err
}

// AskModel asks the model of a live job about a row, and waits for the answer. compute.ErrNoJob, compute.ErrNotLive,
// compute.ErrJobEnded, compute.ErrJobSpent, compute.ErrAsksFull, compute.ErrNobodyHere, compute.ErrAskLate, and what compute.NewAsk
// says of the row.
func (p *Pipeline) AskModel(ctx context.Context, org polls.OrgID, id compute.JobID, row compute.AskRow, patience time.Duration) (*compute.Ask, *compute.Lease, error) {
	j, work, err := p.liveJob(ctx, org, id)
	if err != nil {
		return nil, nil, err
	}
	if j.State != compute.JobOpen {
		return nil, nil, compute.ErrJobEnded
	}
	a, err := compute.NewAsk(id, work.Model.Input, row, p.cfg.Now().UTC(), patience)
	if err != nil {
		return nil, nil, err
	}
	if err := p.stores.Asks().AddAsk(ctx, a); err != nil {
		return nil, nil, err
	}
	p.bells.ring(string(id))
	if a, err = p.awaitAnswer(ctx, a); err != nil {
		return nil, nil, err
	}
	l, err := p.stores.Jobs().Lease(ctx, a.Lease)
	return a, l, err
}

// awaitAnswer waits for the answer to an ask, and forgets an ask to which none came.
func (p *Pipeline) awaitAnswer(ctx context.Context, a *compute.Ask) (answered *compute.Ask, err error) {
	defer func() {
		if err == nil {
			return
		}
		kept := context.WithoutCancel(ctx)
		if dropped := p.stores.Asks().DropAsk(kept, a.ID); dropped != nil {
			err = errors.Join(err, dropped)
			return
		}
		if now, lost := p.stores.Asks().Ask(kept, a.ID); lost == nil && now != nil { // it was answered at the last moment, and counts
			answered, err = now, nil
		}
	}()
	look, due := time.NewTicker(askLook), time.NewTimer(a.Due.Sub(p.cfg.Now()))
	defer look.Stop()
	defer due.Stop()
	for {
		rung, leave := p.bells.wait(string(a.ID)) // before the look, so that nothing that comes meanwhile is missed
		now, err := p.stores.Asks().Ask(ctx, a.ID)
		if err != nil {
			leave()
			return nil, err
		}
		if now != nil && now.Place > 0 {
			leave()
			return now, nil
		}
		if err := p.hopeless(ctx, a, now); err != nil {
			leave()
			return nil, err
		}
		select {
		case <-rung:
		case <-look.C:
		case <-due.C:
		case <-p.idle.over:
			err = compute.ErrAskLate
		case <-ctx.Done():
			err = ctx.Err()
		}
		leave()
		if err != nil {
			return nil, err
		}
	}
}

// hopeless returns why an ask is not waited for any more, if it is not.
func (p *Pipeline) hopeless(ctx context.Context, a, now *compute.Ask) error {
	at := p.cfg.Now()
	if now == nil || !at.Before(a.Due) {
		return compute.ErrAskLate
	}
	if now.Lease != "" || at.Sub(a.AskedAt) < nobodyAfter {
		return nil
	}
	j, err := p.stores.Jobs().Job(ctx, a.Job)
	if err != nil {
		return err
	}
	if j.State != compute.JobOpen {
		return compute.ErrJobEnded
	}
	s, err := p.stores.Asks().Serving(ctx, a.Job, at)
	if err == nil && s.Nodes == 0 {
		return compute.ErrNobodyHere
	}
	return err
}

// Answer is what a node says of an ask.
type Answer struct {
	Ask       compute.AskID
	Said      []byte
	Signature [64]byte
}

// Served is what a node that serves is told.
type Served struct {
	Counted bool         // its answer
	Ask     *compute.Ask // to be answered next; nil when none came
	End     bool         // the session: it is to be handed in, or given back when it has answered nothing
}

// errPatience ends a wait that has lasted long enough.
var errPatience = errors.New("nothing came")

// Serve takes what a node with a session of a live job says of an ask, if anything, and waits for the next ask so long.
// compute.ErrNoLease, compute.ErrLeaseOver, compute.ErrNotLive, compute.ErrBadOutput, compute.ErrBadSaid.
func (p *Pipeline) Serve(ctx context.Context, n *compute.Node, id compute.LeaseID, said *Answer, patience time.Duration) (*Served, error) {
	l, j, err := p.session(ctx, n, id)
	if err != nil {
		return nil, err
	}
	out := &Served{}
	if said != nil {
		if out.Counted, err = p.takeAnswer(ctx, n, j, l, said); err != nil {
			return nil, err
		}
	}
	answered, first, err := p.stores.Asks().Session(ctx, id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, min(patience, serveWaitMax), errPatience)
	defer cancel()
	look := time.NewTicker(askLook)
	defer look.Stop()
	for {
		if out.End = l.Ended(j, answered, first, p.cfg.Now()); out.End {
			return out, nil
		}
		rung, leave := p.bells.wait(string(j.ID))
		out.Ask, err = p.stores.Asks().GiveAsk(context.WithoutCancel(ctx), l, p.cfg.Now().UTC())
		if err != nil || out.Ask != nil {
			leave()
			return out, err
		}
		select {
		case <-rung:
		case <-look.C:
			_, j, err = p.session(ctx, n, id) // it may have ended
		case <-p.idle.over:
			err = errPatience
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		leave()
		if errors.Is(err, errPatience) || errors.Is(context.Cause(ctx), errPatience) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// session returns a node's session of a live job.
func (p *Pipeline) session(ctx context.Context, n *compute.Node, id compute.LeaseID) (*compute.Lease, *compute.Job, error) {
	l, err := p.stores.Jobs().Lease(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case l.Node != n.ID:
		return nil, nil, compute.ErrNoLease
	case l.State != compute.LeaseRunning:
		return nil, nil, compute.ErrLeaseOver
	}
	j, err := p.stores.Jobs().Job(ctx, l.Job)
	if err == nil && (!j.Live || l.Copy > 0) {
		err = compute.ErrNotLive
	}
	return l, j, err
}

// takeAnswer takes what a node says of an ask, and reports whether it counts.
func (p *Pipeline) takeAnswer(ctx context.Context, n *compute.Node, j *compute.Job, l *compute.Lease, said *Answer) (bool, error) {
	a, err := p.stores.Asks().Ask(ctx, said.Ask)
	if err != nil || a == nil { // nobody waits for it any more
		return false, err
	}
	if a.Job != j.ID {
		return false, compute.ErrNoLease
	}
	work, _, err := compute.ReadWork(j.Work)
	if err != nil {
		return false, err
	}
	if err := work.CheckAnswer(p.cfg.Instance, a, l, said.Said, said.Signature, n.Key); err != nil {
		return false, err
	}
	a.Lease, a.Said, a.Signature, a.Key, a.AnsweredAt = l.ID, said.Said, said.Signature, n.Key, p.cfg.Now().UTC()
	counted, err := p.stores.Asks().AnswerAsk(ctx, a)
	if counted {
		p.bells.ring(string(a.ID))
	}
	return counted, err
}

// keepAsked keeps what a session was asked where another owner is to do it again, before its receipt is taken. It returns nothing
// where none is.
func (p *Pipeline) keepAsked(ctx context.Context, j *compute.Job, l *compute.Lease) (compute.ArtefactID, error) {
	drawn, err := j.Terms.Audited(j.ID, l.Part)
	if err != nil || !drawn {
		return "", err
	}
	answered, err := p.stores.Asks().Answered(ctx, l.ID)
	if err != nil || len(answered) == 0 {
		return "", err
	}
	rows, _ := compute.Transcript(answered)
	return p.keep(ctx, j.Org, "asked of "+string(j.ID), rows)
}

// endSession makes a part of what a session has answered, whose receipt must be over just that. asked are its rows, if they are kept.
// compute.ErrNoAnswers, compute.ErrBadReceipt.
func (p *Pipeline) endSession(ctx context.Context, tx Tx, j *compute.Job, part *compute.Part, l *compute.Lease, r *compute.Receipt, asked compute.ArtefactID) error {
	answered, err := tx.Asks().Answered(ctx, l.ID)
	if err != nil {
		return err
	}
	if len(answered) == 0 {
		return compute.ErrNoAnswers
	}
	rows, said := compute.Transcript(answered)
	id, err := compute.ManifestOf(said).ID()
	if err != nil {
		return err
	}
	drawn, err := j.Terms.Audited(j.ID, part.Number)
	if err != nil {
		return err
	}
	if drawn {
		if kept, err := compute.ManifestOf(rows).ID(); err != nil || kept != asked { // something was answered since it was kept
			return errors.Join(compute.ErrBadReceipt, err)
		}
	}
	if j.Finished+len(answered) > j.Rows || !slices.ContainsFunc(r.Outputs, func(f compute.JobFile) bool { return f.Role == compute.PredictionsRole && f.Artefact == id }) {
		return compute.ErrBadReceipt
	}
	part.Asked = asked
	j.Answered(part, l, len(answered))
	return tx.Asks().ForgetSession(ctx, l.ID)
}

// goOn has a session go on that was handed in, on whatever node; those of a job that has ended do not.
func (p *Pipeline) goOn(ctx context.Context, tx Tx, j *compute.Job) error {
	if j.State == compute.JobOpen {
		return tx.Jobs().SavePart(ctx, j.NextSession())
	}
	return p.endSessions(ctx, tx, j)
}

// endSessions has the sessions of a live job that wait for a node wait no more; those that run are handed in.
func (p *Pipeline) endSessions(ctx context.Context, tx Tx, j *compute.Job) error {
	ended, err := tx.Asks().EndSessions(ctx, j.ID)
	j.Waiting -= ended
	return err
}

// Serving returns how a live job is asked.
func (p *Pipeline) Serving(ctx context.Context, id compute.JobID) (*compute.Serving, error) {
	return p.stores.Asks().Serving(ctx, id, p.cfg.Now().UTC())
}
