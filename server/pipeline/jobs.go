package pipeline

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// How much is looked through for work.
const (
	turnsMax = 16 // organisations
	jobsEach = 16 // of each
	lateMax  = 8  // parts
	dropMost = 100
)

// hereWithin is how lately a node that is here was heard of.
const hereWithin = 2 * time.Minute

// NewJob makes a job of a draft, whose inputs are artefacts of the organisation's, within the caller's transaction, and sets aside
// what it costs at the most. The draft's Fee and AuditPPM are set here. Call WorkWaits once that is committed. ErrNoArtefact,
// ErrArtefactPartial, rewards.ErrInsufficient, and what compute.NewJob says.
func (p *Pipeline) NewJob(ctx context.Context, tx Tx, org polls.OrgID, d compute.JobDraft) (*compute.Job, error) {
	inputs := slices.Clone(d.Work.Inputs)
	for i := range inputs {
		a, err := tx.Artefacts().Artefact(ctx, org, inputs[i].Artefact)
		if err != nil {
			return nil, err
		}
		if a.State != ArtefactComplete {
			return nil, ErrArtefactPartial
		}
		inputs[i].Bytes = a.Length
	}
	if d.MinStake.Sign() > 0 && p.cfg.Stakes.Contract == (rewards.Address{}) {
		return nil, errNoStakes
	}
	d.Work.Inputs, d.Fee, d.AuditPPM = inputs, d.Price.BasisPoints(p.cfg.FeeBasisPoints), p.cfg.Work.AuditPPM
	j, err := compute.NewJob(org, d, p.now())
	if err != nil {
		return nil, err
	}
	if err := tx.Jobs().CreateJob(ctx, j); err != nil {
		return nil, err
	}
	if j.Live {
		for n := range j.Parts {
			if err := tx.Jobs().SavePart(ctx, &compute.Part{Job: j.ID, Number: n, State: compute.PartWaiting}); err != nil {
				return nil, err
			}
		}
	}
	hold, err := j.Hold()
	if err != nil || hold.IsZero() {
		return j, err
	}
	return j, tx.Rewards().Post(ctx, rewards.Hold(string(org), string(j.ID), hold, j.CreatedAt))
}

var errNoStakes = tasknet.NewError(tasknet.NotSupported, "no_stakes", "Owners of nodes stake nothing at this server; leave the stake out.")

// WorkWaits wakes a node that waits for work; it wakes the next when there is more.
func (p *Pipeline) WorkWaits() { p.idle.wake() }

// OwnJob returns a job of an organisation's. Somebody else's is reported as none.
func (p *Pipeline) OwnJob(ctx context.Context, org polls.OrgID, id compute.JobID) (*compute.Job, error) {
	j, err := p.stores.Jobs().Job(ctx, id)
	if err == nil && j.Org != org {
		return nil, compute.ErrNoJob
	}
	return j, err
}

// CancelJob ends a job of an organisation's; its nodes learn of it when they are next heard of. Cancelling it again changes
// nothing. A live job is done by that: what it has answered is handed in and paid. compute.ErrNoJob, compute.ErrJobEnded.
func (p *Pipeline) CancelJob(ctx context.Context, org polls.OrgID, id compute.JobID) (*compute.Job, error) {
	var j *compute.Job
	err := p.stores.InTx(ctx, func(tx Tx) (err error) {
		if j, err = tx.Jobs().LockJob(ctx, id); err != nil {
			return err
		}
		switch {
		case j.Org != org:
			return compute.ErrNoJob
		case j.State == compute.JobCancelled:
			return nil
		case j.State != compute.JobOpen:
			return compute.ErrJobEnded
		case j.Live:
			return p.stopServing(ctx, tx, j)
		}
		return p.cancelJob(ctx, tx, j)
	})
	return j, err
}

// stopServing ends a live job that is locked. Its sessions that run are handed in.
func (p *Pipeline) stopServing(ctx context.Context, tx Tx, j *compute.Job) error {
	if err := p.endSessions(ctx, tx, j); err != nil {
		return err
	}
	j.State, j.EndedAt = compute.JobDone, p.now()
	return tx.Jobs().SaveJob(ctx, j)
}

// cancelJob ends a job that is locked.
func (p *Pipeline) cancelJob(ctx context.Context, tx Tx, j *compute.Job) error {
	j.State, j.EndedAt = compute.JobCancelled, p.now()
	return p.endLeases(ctx, tx, j, nil)
}

// endLeases ends the leases of a job that run and of which nothing is wanted any more: those of a part that is done, if any, and all
// when the job has failed or was cancelled. It saves the job.
func (p *Pipeline) endLeases(ctx context.Context, tx Tx, j *compute.Job, done *compute.Part) error {
	running, err := tx.Jobs().Running(ctx, j.ID)
	if err != nil {
		return err
	}
	for _, l := range running {
		if wanted := j.State == compute.JobOpen || j.State == compute.JobDone; wanted && (done == nil || l.Part != done.Number || l.Copy != done.Copy) {
			continue
		}
		l.End(compute.LeaseOver, p.now())
		if err := tx.Jobs().SaveLease(ctx, l); err != nil {
			return err
		}
		if pace, known := j.Paced(l, p.now()); known && pace < compute.PaceWhole && done != nil { // another was faster
			if err := tx.Jobs().PaceNode(ctx, l.Node, pace); err != nil {
				return err
			}
		}
	}
	return tx.Jobs().SaveJob(ctx, j)
}

// TakeWork gives a node a lease, or returns nil when there is nothing for it. A lease that it has and does not know of, because a
// reply was lost or it has started anew, comes first. compute.ErrSlots when it works on as many as it has slots.
func (p *Pipeline) TakeWork(ctx context.Context, n *compute.Node, working []compute.LeaseID, has []compute.ArtefactID) (*compute.Lease, *compute.Job, error) {
	return p.takeWork(ctx, n, working, has, true)
}

// takeWork is TakeWork. again: what the node has and does not know of comes first; it knows that at the moment in which it asks, and
// not later, when another of its slots may have got something.
func (p *Pipeline) takeWork(ctx context.Context, n *compute.Node, working []compute.LeaseID, has []compute.ArtefactID, again bool) (lease *compute.Lease, job *compute.Job, err error) {
	now := p.now()
	if !p.given.within(now) { // most who ask get nothing, and lock nothing
		if some, err := p.stores.Jobs().SomeWork(ctx, n, now); err != nil || !some {
			return nil, nil, err
		}
	}
	nodes, err := p.nodesHere(ctx, now)
	if err != nil {
		return nil, nil, err
	}
	offer := compute.Offer{Node: n, Has: has}
	err = p.stores.InTurn(ctx, func(tx Tx) error {
		lease, job = nil, nil
		look, err := tx.Jobs().Turns(ctx, n, now, turnsMax, jobsEach, p.turns.last())
		if err != nil {
			return err
		}
		p.turns.note(look.Of)
		if now.Before(look.Excluded) {
			return ErrExcluded
		}
		turns, held := look.Of, look.Held
		for _, l := range held {
			if again && !slices.Contains(working, l.ID) {
				if job, err = tx.Jobs().LockJob(ctx, l.Job); err != nil {
					return err
				}
				if lease, err = tx.Jobs().Lease(ctx, l.ID); err != nil {
					return err
				}
				if lease.State == compute.LeaseRunning { // it may go on from before where it was
					lease.Again(job.MaxTime, now)
					return tx.Jobs().SaveLease(ctx, lease)
				}
			}
		}
		lease, job = nil, nil
		if len(held) >= n.Capability.Slots {
			return compute.ErrSlots
		}
		for {
			pick := compute.Choose(offer, turns, nodes, now)
			if pick == nil {
				late, err := tx.Jobs().LateParts(ctx, n, now, lateMax)
				if err != nil {
					return err
				}
				if pick = compute.Double(offer, late); pick == nil {
					return nil
				}
			}
			if lease, job, err = p.give(ctx, tx, offer, pick, now); lease != nil || err != nil {
				return err
			}
			turns = compute.Without(turns, pick.Job.ID) // it changed between the look and the lock
		}
	})
	if err == nil && lease != nil {
		p.given.note(now)
		p.idle.wake() // there may be more
	}
	return lease, job, err
}

// lately is when a lease was given last. Where that was a moment ago there is more, as a rule, and to look first costs more than it saves.
type lately struct{ at atomic.Int64 } // in Unix nanoseconds

// lastsFor is for how long work is likely to be there after some was given.
const lastsFor = time.Second

func (l *lately) note(now time.Time) { l.at.Store(now.UnixNano()) }

func (l *lately) within(now time.Time) bool {
	age := now.UnixNano() - l.at.Load()
	return age >= 0 && age < int64(lastsFor)
}

// recent are the organisations whose turn it was when a node last asked: it is theirs again, as a rule.
type recent struct{ of atomic.Pointer[[]polls.OrgID] }

func (r *recent) last() []polls.OrgID {
	if of := r.of.Load(); of != nil {
		return *of
	}
	return nil
}

func (r *recent) note(turns []compute.Turn) {
	of := make([]polls.OrgID, len(turns))
	for i, t := range turns {
		of[i] = t.Org
	}
	slices.Sort(of) // the same organisations are the same statement, whoever comes first
	r.of.Store(&of)
}

// counted is how many nodes are here. It is for the sizes of parts, which need not know at once who comes and goes.
type counted struct {
	mu    sync.Mutex // guards all
	nodes int
	at    time.Time
}

// countEvery is how old the number of nodes may be.
const countEvery = 5 * time.Second

// nodesHere returns how many nodes are here.
func (p *Pipeline) nodesHere(ctx context.Context, now time.Time) (int, error) {
	p.here.mu.Lock()
	defer p.here.mu.Unlock()
	if age := now.Sub(p.here.at); age >= 0 && age < countEvery {
		return p.here.nodes, nil
	}
	nodes, err := p.stores.Jobs().NodesSince(ctx, now.Add(-hereWithin))
	if err == nil {
		p.here.nodes, p.here.at = nodes, now
	}
	return nodes, err
}

// give leases a pick, unless its job or part has changed since it was looked at.
func (p *Pipeline) give(ctx context.Context, tx Tx, o compute.Offer, pick *compute.Pick, now time.Time) (*compute.Lease, *compute.Job, error) {
	seen, part := pick.Job, pick.Part
	job, err := tx.Jobs().LockJob(ctx, seen.ID)
	if err != nil {
		return nil, nil, err
	}
	if fresh := part.Number == seen.Parts; !fresh {
		if part, err = tx.Jobs().Part(ctx, seen.ID, part.Number, part.Copy); err != nil {
			return nil, nil, err
		}
	}
	if job.State != compute.JobOpen && (job.State != compute.JobDone || part.Copy == 0) || job.Parts != seen.Parts || part.State != pick.Part.State || part.Copies != pick.Part.Copies {
		return nil, nil, nil
	}
	pick.Job, pick.Part = job, part
	if part.Number == job.Parts && job.Terms.Replicas > 1 {
		if err := p.replicate(ctx, tx, job, part, o.Node, now); err != nil {
			return nil, nil, err
		}
	}
	if part.Copy > 0 {
		others, err := tx.Jobs().Holders(ctx, job.ID, part.Number, part.Copy)
		if err != nil {
			return nil, nil, err
		}
		pick.Why.Network = "apart"
		if slices.ContainsFunc(others, func(p compute.Present) bool { return p.Domain == o.Node.Domain }) {
			pick.Why.Network = "shared"
		}
	}
	lease := pick.Give(compute.LeaseID(tasknet.NewID(compute.LeasePrefix, now)), o.Node, now)
	if err := tx.Jobs().SaveWork(ctx, job, part, lease); err != nil {
		return nil, nil, err
	}
	return lease, job, tx.Jobs().Charge(ctx, job.Org, pick.Why.Operations)
}

// held runs f with a lease of a node, its job and its part, while nobody else changes them, and saves them.
func (p *Pipeline) held(ctx context.Context, n *compute.Node, id compute.LeaseID, f func(Tx, *compute.Job, *compute.Part, *compute.Lease) error) (*compute.Lease, error) {
	var out *compute.Lease
	err := p.stores.InTurn(ctx, func(tx Tx) error {
		j, part, l, err := tx.Jobs().LockLease(ctx, id)
		if err != nil {
			return err
		}
		if n != nil && l.Node != n.ID {
			return compute.ErrNoLease
		}
		alone := part.Copies <= 1
		if err := f(tx, j, part, l); err != nil {
			return err
		}
		out = l
		if err := tx.Jobs().SaveWork(ctx, j, part, l); err != nil {
			return err
		}
		if ended := j.State == compute.JobFailed || j.State == compute.JobCancelled; ended || part.State == compute.PartDone && !alone {
			return p.endLeases(ctx, tx, j, part)
		}
		return nil
	})
	return out, err
}

// Beat notes how far a node is with a lease, and the checkpoint of a step that another could go on from, if there is a new one. A
// checkpoint is no older than its job: it may be read under later leases, and nothing else of the organisation's may.
// compute.ErrNoLease, compute.ErrLeaseOver, compute.ErrBadProgress.
func (p *Pipeline) Beat(ctx context.Context, n *compute.Node, id compute.LeaseID, r compute.Report, checkpoint compute.ArtefactID, step int, told ...compute.Report) (*compute.Lease, error) {
	now := p.now()
	var of *compute.Job
	var before compute.ArtefactID // the checkpoint that the new one takes the place of
	l, err := p.held(ctx, n, id, func(tx Tx, j *compute.Job, part *compute.Part, l *compute.Lease) error {
		of, before = j, ""
		if err := l.Beat(r, j.MaxTime, now, told...); err != nil {
			return err
		}
		if checkpoint == "" || step <= part.Step || step > r.Step {
			return nil
		}
		a, err := tx.Artefacts().Artefact(ctx, j.Org, checkpoint)
		if err != nil {
			return err
		}
		if a.State != ArtefactComplete {
			return ErrArtefactPartial
		}
		if !a.CreatedAt.Before(j.CreatedAt) {
			if part.Checkpoint != checkpoint {
				before = part.Checkpoint
			}
			part.Checkpoint, part.Step = checkpoint, step
		}
		return nil
	})
	if err == nil && before != "" {
		if dropped := p.dropCheckpoint(ctx, of, before); dropped != nil { // progress was noted all the same
			p.cfg.Log.Error("a checkpoint was not removed", "job", of.ID, "artefact", before, "error", dropped)
		}
	}
	return l, err
}

// Finish takes what a node did, by its receipt, whose outputs are artefacts of the job's organisation. The same receipt again changes
// nothing. compute.ErrNoLease, compute.ErrLeaseOver, compute.ErrBadReceipt, compute.ErrBadOutput, ErrNoArtefact, ErrArtefactPartial.
func (p *Pipeline) Finish(ctx context.Context, n *compute.Node, r *compute.Receipt) (*compute.Lease, error) {
	asked, err := p.readOutputs(ctx, n, r)
	if err != nil {
		return nil, err
	}
	now, audited := p.now(), false
	l, err := p.held(ctx, n, r.Lease, func(tx Tx, j *compute.Job, part *compute.Part, l *compute.Lease) error {
		err := r.Check(p.cfg.Instance, j, l, n.Key)
		if err != nil {
			return err
		}
		if l.Receipt != nil && l.Receipt.Signature == r.Signature {
			return errAgain
		}
		if l.State != compute.LeaseRunning {
			return compute.ErrLeaseOver
		}
		serves := j.Live && part.Copy == 0
		if serves {
			if err := p.endSession(ctx, tx, j, part, l, r, asked); err != nil {
				return err
			}
		}
		l.Receipt = r
		l.Progress.Step = l.Progress.Of
		if pace, known := j.Paced(l, now); known {
			if err := tx.Jobs().PaceNode(ctx, n.ID, pace); err != nil {
				return err
			}
		}
		j.Done(part, l, n.Speed(), now)
		if serves {
			if err := p.goOn(ctx, tx, j); err != nil {
				return err
			}
		}
		if err := tx.Work().AddDelivery(ctx, compute.NewDelivery(j, l, n, now)); err != nil {
			return err
		}
		if j.Terms.Hidden != nil {
			if err := tx.Work().SaveTrial(ctx, &compute.Trial{Lease: l.ID, Job: j.ID, Part: part.Number, State: compute.TrialOpen, At: now}); err != nil {
				return err
			}
		}
		if audited, err = p.audit(ctx, tx, j, part, now); err != nil {
			return err
		}
		return tx.Jobs().Charge(ctx, j.Org, l.Used(n.Speed())-l.Why.Operations)
	})
	if errors.Is(err, errAgain) {
		return p.stores.Jobs().Lease(ctx, r.Lease)
	}
	if err == nil && audited {
		p.idle.wake()
	}
	return l, err
}

// errAgain ends a transaction that has nothing to do.
var errAgain = errors.New("it was done before")

// Fail takes a lease from a node that cannot go on. compute.ErrNoLease, compute.ErrLeaseOver.
func (p *Pipeline) Fail(ctx context.Context, n *compute.Node, id compute.LeaseID, code compute.FailureCode, message string) (*compute.Lease, error) {
	now := p.now()
	l, err := p.held(ctx, n, id, func(tx Tx, j *compute.Job, part *compute.Part, l *compute.Lease) error {
		if l.State != compute.LeaseRunning {
			return compute.ErrLeaseOver
		}
		if code == compute.Stopped {
			j.Drop(part, l, compute.LeaseGiven, nil, now)
		} else {
			j.Drop(part, l, compute.LeaseFailed, &compute.Failure{Owner: l.Owner, Code: code, Message: message}, now)
		}
		return tx.Jobs().Charge(ctx, j.Org, l.Used(n.Speed())-l.Why.Operations)
	})
	if err == nil {
		p.idle.wake()
	}
	return l, err
}

// RunLeases takes leases from nodes of which nothing is heard, or that take longer than their job allows, until ctx ends.
//
// Who could not be heard is not lost: after a start, and after a time in which nothing could be looked at, nodes have a while to
// say that they are there.
func (p *Pipeline) RunLeases(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	deaf, last := p.now().Add(compute.LeaseTime), p.now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		now := p.now()
		if now.Sub(last) > compute.LeaseTime/2 {
			deaf = now.Add(compute.LeaseTime)
		}
		if now.Before(deaf) {
			last = now
			continue
		}
		if err := p.DropLeases(ctx); err == nil {
			last = now
		} else if ctx.Err() == nil {
			p.cfg.Log.Error("leases that ran out were not taken back", "error", err)
		}
	}
}

// DropLeases takes back what RunLeases would.
func (p *Pipeline) DropLeases(ctx context.Context) error {
	now := p.now()
	ids, err := p.stores.Jobs().Expired(ctx, now, dropMost)
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := p.held(ctx, nil, id, func(tx Tx, j *compute.Job, part *compute.Part, l *compute.Lease) error {
			if l.State == compute.LeaseRunning && !now.Before(l.ExpiresAt) {
				s := compute.LeaseLost
				if now.Sub(l.BeganAt) >= j.MaxTime {
					s = compute.LeaseTimeout
				}
				j.Drop(part, l, s, nil, now)
			}
			return nil
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			p.cfg.Log.Error("a lease that ran out was not taken back", "lease", id, "error", err)
			continue // the others wait behind it
		}
		p.idle.wake()
	}
	return nil
}

// Join saves what a node says of itself and has proven, and returns it as it is known then. compute.ErrNodes.
func (p *Pipeline) Join(ctx context.Context, n *compute.Node) (*compute.Node, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	now := p.now()
	n.ID, n.JoinedAt, n.SeenAt = compute.NodeID(tasknet.NewID(compute.NodePrefix, now)), now, now
	return p.stores.Jobs().SaveNode(ctx, n)
}
