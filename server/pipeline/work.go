package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// WorkConfig says how the work of nodes is checked and paid.
type WorkConfig struct {
	// AuditPPM is how many single parts that are paid are done by a second owner in secret, in millionths. Default
	// compute.AuditMost.
	AuditPPM int

	// HoldBack is for how long pay waits after its job has ended. Default compute.HoldBackDefault.
	HoldBack time.Duration

	// Patience is for how long a check waits for another owner's node, and a job that pays for anybody's. Default
	// compute.PatienceDefault.
	Patience time.Duration

	// Exclude is for how long an owner gets no work whose result was refuted. Default compute.ExcludeDefault.
	Exclude time.Duration

	// Apart has copies of a part be done in different networks only. Otherwise they are where there are nodes in others, and after a
	// while in any.
	Apart bool
}

// WithDefaults returns the configuration with what it leaves out.
func (c WorkConfig) WithDefaults() WorkConfig {
	c.AuditPPM = cmp.Or(c.AuditPPM, compute.AuditMost)
	c.HoldBack = cmp.Or(c.HoldBack, compute.HoldBackDefault)
	c.Patience = cmp.Or(c.Patience, compute.PatienceDefault)
	c.Exclude = cmp.Or(c.Exclude, compute.ExcludeDefault)
	return c
}

func (c *WorkConfig) validate() error {
	if c.AuditPPM < compute.AuditLeast || c.AuditPPM > compute.AuditMost || c.HoldBack < 0 || c.Patience < 0 || c.Exclude < 0 {
		return tasknet.NewError(tasknet.Invalid, "bad_work_config", fmt.Sprintf("Audits are %d to %d millionths of the parts, and times are not negative.", compute.AuditLeast, compute.AuditMost))
	}
	return nil
}

// ErrExcluded reports an owner whose nodes get no work for a while.
var ErrExcluded = tasknet.NewError(tasknet.Forbidden, "owner_excluded", "A result of one of your nodes was refuted by others; your nodes get no work for a while. See the list of what you delivered.")

// HeldUntil returns when a job that has ended is settled, unless a check is open.
func (p *Pipeline) HeldUntil(ended time.Time) time.Time { return ended.Add(p.cfg.Work.HoldBack) }

// readOutputs checks that outputs are there, have the form that they must have, and are of the part's tasks, also of a job that pays nothing, whose
// result nobody else looks at, and keeps what a session was asked that is to be done again. compute.ErrBadOutput, and what Finish says of receipts.
func (p *Pipeline) readOutputs(ctx context.Context, n *compute.Node, r *compute.Receipt) (asked compute.ArtefactID, err error) {
	j, _, l, err := p.stores.Jobs().WholeLease(ctx, r.Lease)
	if err != nil {
		return "", err
	}
	if l.Node != n.ID {
		return "", compute.ErrNoLease
	}
	if l.State != compute.LeaseRunning {
		return "", nil
	}
	if err := r.Check(p.cfg.Instance, j, l, n.Key); err != nil {
		return "", err
	}
	if err := p.made(ctx, j.Org, r); err != nil {
		return "", err
	}
	if j.Live && l.Copy == 0 { // a session: each answer was read when it came
		if j.Terms.Price.IsZero() {
			return "", nil
		}
		return p.keepAsked(ctx, j, l)
	}
	if !slices.ContainsFunc(r.Outputs, func(o compute.JobFile) bool { return o.Role.Checked() }) { // as of programs
		return "", nil
	}
	work, _, err := compute.ReadWork(j.Work)
	if err != nil {
		return "", err
	}
	is, err := p.keysFrom(ctx, j, work, l.From)
	if err != nil {
		return "", err
	}
	for _, o := range r.Outputs {
		if !o.Role.Checked() {
			continue
		}
		if err := p.readOutput(ctx, j, work, o, l.To-l.From, is); err != nil {
			return "", err
		}
	}
	return "", nil
}

// made reports whether the outputs of a receipt are artefacts of an organisation's, and whole. They are looked at before the turn of who
// takes the receipt, for which others wait: what is there by then, its organisation alone can remove.
func (p *Pipeline) made(ctx context.Context, org polls.OrgID, r *compute.Receipt) error {
	for _, o := range r.Outputs {
		a, err := p.stores.Artefacts().Artefact(ctx, org, o.Artefact)
		if err != nil {
			return err
		}
		if a.State != ArtefactComplete {
			return ErrArtefactPartial
		}
		if a.Length != o.Bytes {
			return compute.ErrBadReceipt
		}
	}
	return nil
}

func (p *Pipeline) readOutput(ctx context.Context, j *compute.Job, work *compute.Work, o compute.JobFile, rows int, is func(row int, key string) bool) error {
	c, err := p.output(ctx, j, o.Artefact)
	if err != nil {
		return err
	}
	return errors.Join(work.CheckOutput(o.Role, rows, is, c), c.Close())
}

// output opens a file that a part of a job has made.
func (p *Pipeline) output(ctx context.Context, j *compute.Job, id compute.ArtefactID) (*Content, error) {
	a, err := p.stores.Artefacts().Artefact(ctx, j.Org, id)
	if err != nil {
		return nil, err
	}
	return p.Content(ctx, a, 0, a.Length)
}

// replicate makes the copies of a new part, which a node gets, that other owners do, and the check of them.
func (p *Pipeline) replicate(ctx context.Context, tx Tx, j *compute.Job, part *compute.Part, n *compute.Node, now time.Time) error {
	taken := []compute.Present{{Owner: n.Owner, Domain: n.Domain}}
	for copied := 1; copied < j.Terms.Replicas; copied++ {
		place, err := p.placeCopy(ctx, tx, j, part, copied, copied, taken, now)
		if err != nil {
			return err
		}
		if copied == 1 { // who goes on with the part itself is as far from the copies
			part.Place.ApartAt = place.ApartAt
		}
	}
	return tx.Work().SaveCheck(ctx, &compute.Check{Job: j.ID, Part: part.Number, State: compute.CheckOpen, OpenedAt: now})
}

// addCopy makes one more copy of a part of which no other waits.
func (p *Pipeline) addCopy(ctx context.Context, tx Tx, j *compute.Job, part *compute.Part, n int) error {
	taken, err := tx.Jobs().Holders(ctx, j.ID, part.Number, n)
	if err != nil {
		return err
	}
	_, err = p.placeCopy(ctx, tx, j, part, n, 1, taken, p.now())
	return err
}

// placeCopy makes a copy of a part for whom it should be. waiting is how many copies of the part wait then.
func (p *Pipeline) placeCopy(ctx context.Context, tx Tx, j *compute.Job, part *compute.Part, n, waiting int, taken []compute.Present, now time.Time) (compute.Place, error) {
	here, err := p.whoCould(ctx, tx, j, now)
	if err != nil {
		return compute.Place{}, err
	}
	var apartFor time.Duration
	if p.cfg.Work.Apart {
		apartFor = always
	}
	place, err := j.PlaceCopy(part.Number, n, waiting, taken, here, apartFor, now)
	if err != nil {
		return place, err
	}
	j.Waiting++
	return place, tx.Jobs().SavePart(ctx, &compute.Part{Job: j.ID, Number: part.Number, Copy: n, From: part.From, To: part.To, Asked: part.Asked, State: compute.PartWaiting, Place: place})
}

// always is longer than a check is open.
const always = 100 * 365 * 24 * time.Hour

// attendance are the nodes that are here. Who comes and goes need not be known at once for copies either.
type attendance struct {
	mu    sync.Mutex // guards all
	nodes []*compute.Node
	at    time.Time
}

// presentEvery is how old that may be: it is as much to read as there are nodes.
const presentEvery = 15 * time.Second

// whoCould returns who has nodes here that could do a job.
func (p *Pipeline) whoCould(ctx context.Context, tx Tx, j *compute.Job, now time.Time) (list []compute.Present, err error) {
	p.attending.mu.Lock()
	defer p.attending.mu.Unlock()
	if age := now.Sub(p.attending.at); age < 0 || age >= presentEvery {
		nodes, err := tx.Jobs().Present(ctx, now.Add(-hereWithin), now)
		if err != nil {
			return nil, err
		}
		p.attending.nodes, p.attending.at = nodes, now
	}
	for _, n := range p.attending.nodes {
		if n.Could(j, now) {
			list = append(list, compute.Present{Owner: n.Owner, Domain: n.Domain})
		}
	}
	return list, nil
}

// audit has a single part that was drawn and is done now be done by a second owner.
func (p *Pipeline) audit(ctx context.Context, tx Tx, j *compute.Job, part *compute.Part, now time.Time) (bool, error) {
	if part.Copy > 0 || j.Terms.Awaits() {
		return false, nil
	}
	return p.auditDrawn(ctx, tx, j, part, 1, now)
}

// auditDrawn has a part that counts be done by a second owner, as a copy with a number, when it was drawn.
func (p *Pipeline) auditDrawn(ctx context.Context, tx Tx, j *compute.Job, part *compute.Part, n int, now time.Time) (bool, error) {
	drawn, err := j.Terms.Audited(j.ID, part.Number)
	if err != nil || !drawn {
		return false, err
	}
	if err := p.addCopy(ctx, tx, j, part, n); err != nil {
		return false, err
	}
	return true, tx.Work().SaveCheck(ctx, &compute.Check{Job: j.ID, Part: part.Number, Audit: true, State: compute.CheckOpen, OpenedAt: now})
}

// RunWork compares results and settles jobs until ctx ends.
func (p *Pipeline) RunWork(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	for {
		if err := errors.Join(p.CheckWork(ctx), p.SettleWork(ctx), p.stores.Asks().ForgetAsks(ctx, p.now().Add(-asksKept)), p.DropCheckpoints(ctx)); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("work was not checked or paid", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

// workAtOnce is how many checks are closed, and jobs settled, before it is looked what there is.
const workAtOnce = 64

// CheckWork closes the checks that can be closed now. One that cannot keeps no other from it.
func (p *Pipeline) CheckWork(ctx context.Context) error {
	ready, err := p.stores.Work().ReadyChecks(ctx, p.now().Add(-p.cfg.Work.Patience), workAtOnce)
	for _, c := range ready {
		if one := p.checkPart(ctx, c); one != nil {
			err = errors.Join(err, fmt.Errorf("check of part %d of %s: %w", c.Part, c.Job, one))
		}
	}
	return err
}

// checkPart compares what was delivered of a part. The outputs are read before the transaction in which the check is closed.
func (p *Pipeline) checkPart(ctx context.Context, c *compute.Check) error {
	j, err := p.stores.Jobs().Job(ctx, c.Job)
	if err != nil {
		return err
	}
	work, plan, err := compute.ReadWork(j.Work)
	if err != nil {
		return err
	}
	results, losses, err := resultsOf(ctx, p.stores, j, c)
	if err != nil {
		return err
	}
	now := p.now()
	ended := j.State == compute.JobFailed || j.State == compute.JobCancelled
	last := ended || now.Sub(c.OpenedAt) >= p.cfg.Work.Patience
	if len(results) == 0 && !ended { // no model was accepted yet
		return nil
	}
	var more bool
	decided := false
	if losses == nil {
		if decided, err = p.decide(ctx, j, work, plan, c, results, now); err != nil {
			return err
		}
	}
	if losses != nil {
		more = c.JudgeModels(results, losses, last, now)
	} else if decided {
		more = false
	} else if more, err = c.Judge(results, func(a, b int) (compute.Likeness, error) { return p.like(ctx, j, work, results[a], results[b]) }, now); err != nil {
		return err
	}
	if more && last {
		c.Abandon(results, now)
		more = false
	}
	err = p.stores.InTurn(ctx, func(tx Tx) error {
		j, err := tx.Jobs().LockJob(ctx, c.Job)
		if err != nil {
			return err
		}
		if fresh, _, err := resultsOf(ctx, tx, j, c); err != nil || len(fresh) != len(results) { // somebody delivered meanwhile: the next look compares all
			return err
		}
		checks, err := tx.Work().Checks(ctx, c.Job)
		if err != nil || !slices.ContainsFunc(checks, func(k *compute.Check) bool { return k.Part == c.Part && k.State == compute.CheckOpen }) {
			return err
		}
		copies, err := tx.Work().CopiesOf(ctx, c.Job, c.Part)
		if err != nil {
			return err
		}
		if more {
			if slices.ContainsFunc(copies, func(p *compute.Part) bool { return p.State != compute.PartDone }) {
				return nil
			}
			if err := p.addCopy(ctx, tx, j, copies[0], len(copies)); err != nil {
				return err
			}
			return tx.Jobs().SaveJob(ctx, j)
		}
		return p.closeCheck(ctx, tx, j, c, copies, results, now)
	})
	if err == nil {
		p.idle.wake()
	}
	return err
}

// resultsOf are the deliveries of a check's part, but for models that were not accepted, and what the models lose on the hidden tasks of
// the job where that is known of all of them.
func resultsOf(ctx context.Context, tx Tx, j *compute.Job, c *compute.Check) (list []*compute.Delivery, losses []compute.Losses, err error) {
	if list, err = tx.Work().Deliveries(ctx, c.Job); err != nil {
		return nil, nil, err
	}
	list = slices.DeleteFunc(list, func(d *compute.Delivery) bool { return d.Part != c.Part })
	if j.Terms.Hidden == nil {
		return list, nil, nil
	}
	trials, err := tx.Work().Trials(ctx, c.Job)
	if err != nil {
		return nil, nil, err
	}
	of := make(map[compute.LeaseID]*compute.Trial, len(trials))
	for _, t := range trials {
		of[t.Lease] = t
	}
	list = slices.DeleteFunc(list, func(d *compute.Delivery) bool { return of[d.Lease].State == compute.TrialFailed })
	for _, d := range list {
		if of[d.Lease].State != compute.TrialPassed {
			return list, nil, nil
		}
		losses = append(losses, of[d.Lease].Losses)
	}
	return list, losses, nil
}

// like compares two deliveries of a part. What its organisation has removed cannot be compared.
func (p *Pipeline) like(ctx context.Context, j *compute.Job, work *compute.Work, a, b *compute.Delivery) (l compute.Likeness, err error) {
	role := work.Compares()
	if l = work.LikeFiles(a.Receipt.Outputs, b.Receipt.Outputs); l != compute.Unknown || role == "" {
		return l, nil
	}
	var files [2]*Content
	for i, d := range []*compute.Delivery{a, b} {
		at := slices.IndexFunc(d.Receipt.Outputs, func(f compute.JobFile) bool { return f.Role == role })
		if files[i], err = p.output(ctx, j, d.Receipt.Outputs[at].Artefact); err != nil {
			break
		}
		defer func() { err = errors.Join(err, files[i].Close()) }()
	}
	if errors.Is(err, ErrNoArtefact) {
		return compute.Unknown, nil
	}
	if err != nil {
		return compute.Unknown, err
	}
	l, err = work.Compare(files[0], files[1])
	if errors.Is(err, compute.ErrBadOutput) {
		return compute.Unlike, nil
	}
	return l, err
}

// decide closes a check whose results differ by doing again, on this server, the rows in which they do. It reports whether it could.
func (p *Pipeline) decide(ctx context.Context, j *compute.Job, work *compute.Work, plan *compute.Plan, c *compute.Check, results []*compute.Delivery, now time.Time) (_ bool, err error) {
	if p.cfg.Exam == nil || len(results) < 2 || !work.CanDecide(plan, len(results)*len(results)) {
		return false, nil
	}
	var files []io.Reader
	for _, d := range results {
		f, one := p.output(ctx, j, fileOf(d.Receipt, compute.PredictionsRole))
		if errors.Is(one, ErrNoArtefact) { // it cannot be looked at any more
			return false, nil
		}
		if one != nil {
			return false, one
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		files = append(files, f)
	}
	differ, err := work.Differ(files)
	if errors.Is(err, compute.ErrBadOutput) {
		return false, nil
	}
	if err != nil || len(differ.Rows) == 0 {
		return false, err
	}
	rows := slices.Clone(differ.Rows)
	for i := range rows {
		rows[i] += results[0].From
	}
	says, err := p.cfg.Exam.Ask(ctx, work, plan, rows, p.opens(ctx, j.Org))
	known, isKnown := errors.AsType[*tasknet.Error](err)
	if isKnown && (known.Kind == tasknet.Invalid || known.Kind == tasknet.NotFound) || errors.Is(err, ErrUnasked) {
		return false, nil
	}
	return err == nil && c.Decide(results, differ.Confirmed(says), now), err
}

// closeCheck saves a check that is closed, and all that follows: which result counts, who is not paid, and who gets no more work.
func (p *Pipeline) closeCheck(ctx context.Context, tx Tx, j *compute.Job, c *compute.Check, copies []*compute.Part, results []*compute.Delivery, now time.Time) error {
	if err := tx.Work().SaveCheck(ctx, c); err != nil {
		return err
	}
	for i, r := range c.Results {
		why, refused := c.Refuses(r)
		if !refused {
			continue
		}
		results[i].State, results[i].Why = compute.PayRefused, why
		if err := tx.Work().SaveDeliveries(ctx, results[i]); err != nil {
			return err
		}
		if why != compute.Refuted {
			continue
		}
		if err := p.prepareCase(ctx, tx, j, c, results[i], now); err != nil {
			return err
		}
		if err := tx.Work().AddStanding(ctx, r.Owner, compute.Standing{Refuted: 1, Until: now.Add(p.cfg.Work.Exclude)}); err != nil {
			return err
		}
		if err := tx.Work().RefuseHeld(ctx, r.Owner, compute.Lied); err != nil {
			return err
		}
	}
	for _, copied := range copies { // who has not come is not waited for
		if copied.State == compute.PartDone || copied.Copy == 0 && len(results) == 0 {
			continue
		}
		if copied.State == compute.PartWaiting {
			j.Waiting--
		}
		copied.State, copied.Copies = compute.PartDone, 0
		if err := tx.Jobs().SavePart(ctx, copied); err != nil {
			return err
		}
		if err := p.endLeases(ctx, tx, j, copied); err != nil {
			return err
		}
	}
	part := copies[0]
	for _, r := range c.Results {
		if r.Group == 0 && c.State != compute.CheckUndecided {
			part.Result = r.Lease
			break
		}
	}
	if err := tx.Jobs().SavePart(ctx, part); err != nil {
		return err
	}
	switch {
	case c.Audit || j.State != compute.JobOpen:
	case c.State == compute.CheckUndecided:
		j.State, j.Problem, j.EndedAt = compute.JobFailed, fmt.Sprintf("Too few owners came to the same result of part %d.", c.Part), now
		return p.endLeases(ctx, tx, j, nil)
	case part.State == compute.PartDone:
		j.Deliver(part, now)
	}
	return tx.Jobs().SaveJob(ctx, j)
}

// SettleWork shares out the price of jobs whose pay has waited long enough, and gives up those of which nothing is done.
func (p *Pipeline) SettleWork(ctx context.Context) error {
	stalled, err := p.stores.Work().StalledJobs(ctx, p.now().Add(-p.cfg.Work.Patience), workAtOnce)
	for _, id := range stalled {
		err = errors.Join(err, p.stores.InTurn(ctx, func(tx Tx) error { return p.giveUp(ctx, tx, id) }))
	}
	due, dueErr := p.stores.Work().DueJobs(ctx, p.now().Add(-p.cfg.Work.HoldBack), workAtOnce)
	err = errors.Join(err, dueErr)
	for _, id := range due {
		if one := p.stores.InTurn(ctx, func(tx Tx) error { return p.settleJob(ctx, tx, id) }); one != nil {
			err = errors.Join(err, fmt.Errorf("settle %s: %w", id, one))
		}
	}
	return err
}

// giveUp fails a job of which nothing was delivered for long: its nodes are paid for what they did, and the rest goes back.
func (p *Pipeline) giveUp(ctx context.Context, tx Tx, id compute.JobID) error {
	j, err := tx.Jobs().LockJob(ctx, id)
	if err != nil || j.State != compute.JobOpen {
		return err
	}
	j.State, j.Problem, j.EndedAt = compute.JobFailed, fmt.Sprintf("Nothing was delivered for %s.", p.cfg.Work.Patience), p.now()
	return p.endLeases(ctx, tx, j, nil)
}

// settleJob pays for what was delivered of a job and not refused, and gives back the rest.
func (p *Pipeline) settleJob(ctx context.Context, tx Tx, id compute.JobID) error {
	j, err := tx.Jobs().LockJob(ctx, id)
	if err != nil || !j.SettledAt.IsZero() || j.State == compute.JobOpen {
		return err
	}
	j.SettledAt = p.now()
	if err := tx.Work().SettleJob(ctx, j); err != nil { // first, since it locks
		return err
	}
	deliveries, err := tx.Work().Deliveries(ctx, id)
	if err != nil {
		return err
	}
	hold, err := j.Hold()
	if err != nil {
		return err
	}
	bill := rewards.Bill{Org: string(j.Org), Cause: string(j.ID), Hold: hold}
	accepted := make(map[polls.RespondentID]int)
	var owners []polls.RespondentID
	pays := make(map[polls.RespondentID]tasknet.Amount)
	for _, d := range deliveries {
		if d.State != compute.PayHeld {
			continue
		}
		d.State = compute.PayPaid
		if accepted[d.Owner]++; accepted[d.Owner] == 1 {
			owners = append(owners, d.Owner)
		}
		pays[d.Owner] = pays[d.Owner].Add(d.Pay)
		bill.Fee = bill.Fee.Add(d.Fee)
	}
	if err := tx.Work().SaveDeliveries(ctx, deliveries...); err != nil {
		return err
	}
	for _, owner := range owners {
		bill.Pays = append(bill.Pays, rewards.Pay{Payee: string(owner), Amount: pays[owner]})
		if err := tx.Work().AddStanding(ctx, owner, compute.Standing{Accepted: accepted[owner]}); err != nil {
			return err
		}
	}
	if hold.IsZero() {
		return nil
	}
	settled, err := rewards.SettleWork(bill, j.SettledAt)
	if err != nil {
		return err
	}
	return tx.Rewards().Post(ctx, settled.Transaction)
}

// cancelUncovered cancels open jobs of an organisation that cost something, the newest first, that have at least so much set aside.
func (p *Pipeline) cancelUncovered(ctx context.Context, org polls.OrgID, amount tasknet.Amount) error {
	for page := (tasknet.Page{Limit: workBatch}); amount.Sign() > 0; {
		list, next, err := p.stores.Jobs().Jobs(ctx, org, compute.JobOpen, page)
		if err != nil {
			return err
		}
		for _, j := range list {
			hold, err := j.Hold()
			if err != nil {
				return err
			}
			if hold.IsZero() || amount.Sign() <= 0 {
				continue
			}
			if _, err := p.CancelJob(ctx, org, j.ID); err != nil && !errors.Is(err, compute.ErrJobEnded) {
				return err
			}
			p.cfg.Log.Warn("a job is cancelled whose money is withdrawn", "org", org, "job", j.ID)
			amount = amount.Sub(hold)
		}
		if page.After = next; next == "" {
			break
		}
	}
	return nil
}
