package compute

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// LeaseID names a lease.
type LeaseID string

// LeasePrefix begins the ids of leases.
const LeasePrefix = "lse"

// PartState is where a part of a job is.
type PartState string

// The states of a part.
const (
	PartWaiting PartState = "waiting"
	PartRunning PartState = "running"
	PartDone    PartState = "done"
)

// Part is some rows of a job, which one node does.
type Part struct {
	Job      JobID
	Number   int // 0, 1, 2, ... in the order of rows
	Copy     int // 0, or which of those that check it; each is done by another owner
	From, To int // rows
	State    PartState
	Copies   int       // leases that run
	Failures []Failure // the newest last
	Lost     int       // leases that ran out
	NextAt   time.Time // while it waits: before then it is not given to who failed at it or lost it last
	DueAt    time.Time // while it runs: after it another node may do it as well
	Place    Place     // who may do it, of a part with copies

	Checkpoint ArtefactID // what another node goes on from; empty: from the start
	Step       int        // that the checkpoint is of

	Asked ArtefactID // the rows of a session, for who does it again; empty otherwise

	Result LeaseID // whose outputs are the part's; empty before
}

// Failure is what a node could not do.
type Failure struct {
	Owner   polls.RespondentID `json:"owner"`
	Code    FailureCode        `json:"code"`
	Message string             `json:"message"`
}

// FailureCode is why a node could not do a part.
type FailureCode string

// The reasons. The first two are the job's own fault.
const (
	BadInput  FailureCode = "bad_input" // the files or the spec cannot be worked with
	Diverged  FailureCode = "diverged"  // the loss is no number any more
	Resources FailureCode = "resources" // too little memory, disk or GPU
	Crashed   FailureCode = "crashed"   // the child process ended by itself
	Stopped   FailureCode = "stopped"   // its owner stopped the node, which gives the lease back; no failure
	Vanished  FailureCode = "lost"      // nothing was heard of it, or it took too long: what the server says of a node
)

// ParseFailureCode reads a code. An error of kind Invalid.
func ParseFailureCode(s string) (FailureCode, error) {
	c := FailureCode(s)
	if !slices.Contains([]FailureCode{BadInput, Diverged, Resources, Crashed, Stopped}, c) {
		return "", tasknet.NewError(tasknet.Invalid, "bad_failure", fmt.Sprintf("There is no failure of kind %q.", s))
	}
	return c, nil
}

// How often a part is tried.
const (
	triesOwn   = 2 // owners whose nodes find the fault with the job itself
	triesOther = 4
	triesLost  = 10

	failurePause = 30 * time.Second // times the failures
)

// LeaseState is where a lease is.
type LeaseState string

// The states of a lease. All but the first are ends.
const (
	LeaseRunning LeaseState = "running"
	LeaseDone    LeaseState = "done"
	LeaseFailed  LeaseState = "failed"  // the node said so
	LeaseGiven   LeaseState = "given"   // back, by the node's owner
	LeaseLost    LeaseState = "lost"    // nothing was heard of it
	LeaseOver    LeaseState = "over"    // another did the part before, or the job was cancelled
	LeaseTimeout LeaseState = "timeout" // it took longer than the job allows
)

// Lease is a part of a job in the hands of a node, for a while.
type Lease struct {
	ID        LeaseID
	Job       JobID
	Part      int
	Copy      int // of the part; nodes do not learn it
	From, To  int // rows
	Node      NodeID
	Owner     polls.RespondentID
	Domain    string // of the network that the node was in; until the job is settled
	State     LeaseState
	Why       Why
	BeganAt   time.Time
	ExpiresAt time.Time // unless something is heard of it before
	EndedAt   time.Time
	Resumed   int // step that it went on from

	Progress Report   // the newest
	Curve    []Report // some of them, in order: at most curveMax
	Problem  string   // why it failed

	Receipt *Receipt // of one that is done
}

// Times of leases.
const (
	LeaseTime = time.Minute // for which nothing need be heard of one

	// TakeTime is by when a node says for the first time that it works on a lease: one that was gone when it was given something
	// must not keep it for long.
	TakeTime = 15 * time.Second

	BeatEvery = 15 * time.Second // that progress is to be reported
)

// Report is how far a node is with a part.
type Report struct {
	Step       int      `json:"step"`
	Of         int      `json:"of"`
	Epoch      int      `json:"epoch,omitempty"`      // of training
	Loss       *float64 `json:"loss,omitempty"`       // likewise
	Validation *float64 `json:"validation,omitempty"` // loss on the tasks held out
	Accuracy   *float64 `json:"accuracy,omitempty"`   // likewise
}

// curveMax is how many reports of a lease are kept; when there are more, every second is forgotten.
const curveMax = 200

// Errors of leases.
var (
	ErrNoLease     = tasknet.NewError(tasknet.NotFound, "no_lease", "There is no such lease.")
	ErrLeaseOver   = tasknet.NewError(tasknet.Conflict, "lease_over", "The lease is over: it ran out, the job has ended, or another node was faster. Drop the work and ask for more.")
	ErrSlots       = tasknet.NewError(tasknet.Conflict, "no_slots", "The node works on as many leases as it has slots; end one first.")
	ErrBadProgress = tasknet.NewError(tasknet.Invalid, "bad_progress", "Progress goes from 0 on to its end, never back, and its numbers are finite.")
)

func (r *Report) check(before Report) error {
	finite := func(f *float64) bool { return f == nil || !math.IsNaN(*f) && !math.IsInf(*f, 0) }
	if r.Of == 0 && r.Step == 0 && before.Of == 0 { // it has not begun to compute
		return nil
	}
	if r.Of < 1 || r.Of > math.MaxInt32 || r.Step < before.Step || r.Step > r.Of || r.Epoch < before.Epoch || before.Of != 0 && r.Of != before.Of || !finite(r.Loss) || !finite(r.Validation) || !finite(r.Accuracy) {
		return ErrBadProgress
	}
	return nil
}

// Beat notes that a node is still at a part of a job that allows a lease so much time. told are reports since the last one, for the
// curve, the oldest first. ErrLeaseOver, ErrBadProgress.
func (l *Lease) Beat(r Report, maxTime time.Duration, now time.Time, told ...Report) error {
	if l.State != LeaseRunning {
		return ErrLeaseOver
	}
	before, curve := l.Progress, slices.Clone(l.Curve)
	for _, r := range append(slices.Clone(told), r) {
		if err := r.check(before); err != nil {
			return err
		}
		if r.Step > before.Step || r.Epoch > before.Epoch {
			curve = append(curve, r)
		}
		before = r
	}
	l.Curve = thinned(curve)
	l.Progress = r
	l.expire(now.Add(LeaseTime), maxTime)
	return nil
}

// thinned forgets every second report until there are few enough. The newest stays.
func thinned(curve []Report) []Report {
	for len(curve) > curveMax {
		kept := curve[:0]
		for i := (len(curve) - 1) % 2; i < len(curve); i += 2 {
			kept = append(kept, curve[i])
		}
		curve = kept
	}
	return curve
}

// expire sets when the lease is taken back: at a time, or before when the job allows no more, whatever is heard of it.
func (l *Lease) expire(at time.Time, maxTime time.Duration) {
	if l.ExpiresAt = at; at.After(l.BeganAt.Add(maxTime)) {
		l.ExpiresAt = l.BeganAt.Add(maxTime)
	}
}

// Again gives a lease that runs to its node once more, which does not know of it: it may go on from before where it was.
func (l *Lease) Again(maxTime time.Duration, now time.Time) {
	l.Progress = Report{}
	l.expire(now.Add(TakeTime), maxTime)
}

// Used is how many operations a lease that has ended took of a node with a speed.
func (l *Lease) Used(speed int64) int64 {
	return int64(min(l.EndedAt.Sub(l.BeganAt).Seconds()*float64(speed), math.MaxInt64/4))
}

// What one part tells of a pace.
const (
	paceMost   = 8   // times that it changes at the most
	paceLittle = 1.5 // times that are no change: machines have other things to do, and parts a beginning
	paceTime   = 20  // seconds that a part is expected to take at the least: of a small one too much is its beginning
)

// Paced returns how a part that a lease did, or was late with, changes the pace of its node, in millionths of what it was, or reports
// that it tells nothing: how much work the rows are is not known before a part of the job is done. A pace falls at once and rises
// slowly: parts that are too small cost less than those that all wait for.
func (j *Job) Paced(l *Lease, now time.Time) (ppm int64, known bool) {
	if !j.splits() || j.Live || j.Finished == 0 || l.Why.Speed == 0 {
		return 0, false
	}
	expected := float64(l.To-l.From) * float64(j.Each) / float64(l.Why.Speed)
	change := max(min(expected/max(now.Sub(l.BeganAt).Seconds(), 0.01), paceMost), 1.0/paceMost)
	if expected < paceTime || change < paceLittle && change > 1/paceLittle {
		return 0, false
	}
	if change > 1 {
		change = (3 + change) / 4
	}
	return int64(change * PaceWhole), true
}

// End ends a lease.
func (l *Lease) End(s LeaseState, now time.Time) { l.State, l.EndedAt = s, now }

// Done takes what a lease of a part that runs made as the result of the part. speed is the node's.
func (j *Job) Done(p *Part, l *Lease, speed int64, now time.Time) {
	l.End(LeaseDone, now)
	p.State, p.Copies = PartDone, 0            // its other lease ends with it
	counts := p.Copy == 0 && !j.Terms.Awaits() // otherwise it is known when it was judged, or compared
	if counts || p.Copy > 0 {
		p.Result = l.ID
	}
	rows := p.To - p.From
	if j.splits() && !j.Live { // a session waits for asks most of its time
		took := int64(max(now.Sub(l.BeganAt).Seconds(), 0.01)*float64(speed)) / int64(rows)
		if j.Finished > 0 {
			took = (3*j.Each + took) / 4
		} // the first part is known better than the estimate
		j.Each = max(took, 1)
	}
	if counts {
		j.Deliver(p, now)
	}
}

// Deliver counts the rows of a part as done. With the last of them the job is.
func (j *Job) Deliver(p *Part, now time.Time) {
	if j.Finished += p.To - p.From; j.Finished == j.Rows && j.State == JobOpen {
		j.State, j.EndedAt = JobDone, now
	}
}

// Untaught reports whether a job is given up of which so many models were not accepted, and says why: when two owners found nothing to
// learn in the data, or one for nothing, it is not for the machines that there is no model.
func (j *Job) Untaught(failed int) (problem string, over bool) {
	if failed < triesOwn && !j.Terms.Price.IsZero() {
		return "", false
	}
	return fmt.Sprintf("The model was not accepted: on %d tasks that no node had, it is not surely better than saying how frequent each class is. Look at the labels, or try another model.", j.Terms.Hidden.Held), true
}

// Retried reports whether a model that was not accepted has another owner train in its place, when others were or not.
func (j *Job) Retried(failed, passed int) bool { return passed == 0 || failed < triesOwn }

// Drop takes a lease from its node that is not done, and has the part wait for another, or the job fail.
func (j *Job) Drop(p *Part, l *Lease, s LeaseState, f *Failure, now time.Time) {
	l.End(s, now)
	p.Copies--
	switch s {
	case LeaseLost:
		f = &Failure{Owner: l.Owner, Code: Vanished, Message: "Nothing was heard of the node."}
	case LeaseTimeout:
		f = &Failure{Owner: l.Owner, Code: Vanished, Message: "It took longer than the job allows."}
	}
	if f != nil {
		l.Problem = f.Message
		p.Failures = append(p.Failures, *f)
		p.NextAt = now.Add(time.Duration(len(p.Failures)) * failurePause)
		if f.Code == Vanished {
			p.Lost++
		} else if l.Resumed > 0 { // it may be the checkpoint's fault, which another node made
			p.Checkpoint, p.Step = "", 0
		}
	}
	problem := p.hopeless()
	if p.State == PartRunning && p.Copies == 0 {
		over := j.Live && p.Copy == 0 && j.State != JobOpen // a session of a job that has ended
		if over || p.Copy > 0 && problem != "" {            // what was to check is given up; the part itself decides about the job
			p.State = PartDone
			return
		}
		p.State = PartWaiting
		j.Waiting++
	}
	if problem != "" && j.State == JobOpen && p.Copy == 0 {
		j.State, j.Problem, j.EndedAt = JobFailed, problem, now
	}
}

// hopeless says why a part is not tried again, or nothing.
func (p *Part) hopeless() string {
	said := map[polls.RespondentID]bool{} // owners who say that it is the job's own fault: one alone may be wrong, or lie
	for _, f := range p.Failures {
		if f.Code == BadInput || f.Code == Diverged {
			said[f.Owner] = true
		}
	}
	switch {
	case len(said) >= triesOwn || len(p.Failures)-p.Lost >= triesOther:
		return p.Failures[len(p.Failures)-1].Message
	case p.Lost >= triesLost:
		return fmt.Sprintf("Part %d was lost by %d nodes, or took longer than the job allows.", p.Number, p.Lost)
	}
	return ""
}
