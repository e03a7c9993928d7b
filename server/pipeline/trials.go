package pipeline

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// Opens opens an artefact of the organisation that something is done for.
type Opens func(compute.ArtefactID) (io.ReadCloser, error)

// Exam reads what models learn from, and asks them. It may take seconds.
type Exam interface {
	// Divide divides the data of a training. draw says of the tasks that have labels, in the data's order, the numbers of those that are
	// to be held. Errors of draw are returned as they are; others of kind Invalid are about the data.
	Divide(ctx context.Context, w *compute.Work, open Opens, draw func(tasks []string) ([]int, error)) (*Divided, error)

	// Measure returns what a model loses on each task of the data of a work, and how many it gets right. Errors of kind Invalid are about
	// the model. ErrUnasked.
	Measure(ctx context.Context, w *compute.Work, p *compute.Plan, weights compute.ArtefactID, open Opens) (losses compute.Losses, right int, err error)

	// Ask returns what the model of a work says of some rows of its data, by number. ErrUnasked.
	Ask(ctx context.Context, w *compute.Work, p *compute.Plan, rows []int, open Opens) ([]compute.Prediction, error)

	// Keys calls each with the keys of the rows of the data of a work, in the order in which nodes number them. Errors of kind Invalid are
	// about the data.
	Keys(ctx context.Context, w *compute.Work, open Opens, each func(key string)) error
}

// ErrUnasked reports a model that this server cannot ask, by no fault of whoever trained it.
var ErrUnasked = errors.New("the model cannot be asked here")

// Divided is the data of a training in two: files by their roles.
type Divided struct {
	Given, Held map[compute.Role][]byte
	Guess       compute.Losses // on the held tasks, when all that is known is how frequent each class is in the given ones
}

// Dividing is the data of a job that is about to be made, divided.
type Dividing struct {
	secret *compute.Secret
	made   []compute.ArtefactID // with the given data and the hidden ones
}

// errUnjudged ends the division of data that are not to be divided.
type errUnjudged struct{ why compute.Unjudged }

func (e errUnjudged) Error() string { return string(e.why) }

// Divide hides some tasks of a training's data from who will do it: the draft then reads the others, from an artefact of its own. Where
// that cannot be, the draft says why. What comes of it is for NewJob; call Undivide when that does not come to be. ErrNoArtefact,
// ErrArtefactPartial, ErrArtefactQuota.
func (p *Pipeline) Divide(ctx context.Context, org polls.OrgID, d *compute.JobDraft) (*Dividing, error) {
	if d.Work.Kind != compute.TrainJob || p.cfg.Exam == nil {
		return nil, nil //nolint:nilnil // there is nothing to divide
	}
	work := d.Work
	work.Inputs = slices.Clone(work.Inputs)
	for i, in := range work.Inputs {
		a, err := p.stores.Artefacts().Artefact(ctx, org, in.Artefact)
		if err != nil {
			return nil, err
		}
		if a.State != ArtefactComplete {
			return nil, ErrArtefactPartial
		}
		if work.Inputs[i].Bytes = a.Length; a.Length > compute.HiddenBytes {
			d.Unjudged = compute.LargeData
			return nil, nil //nolint:nilnil // likewise
		}
	}
	plan, err := work.Check() // before any of it is read: it may name files that are not plain ones
	if err != nil {
		return nil, nil //nolint:nilnil,nilerr // NewJob says what is wrong
	}
	work.Model = &plan.Spec
	if _, why := plan.HeldOf(compute.HiddenTasks); why != "" {
		d.Unjudged = why
		return nil, nil //nolint:nilnil // likewise
	}
	h, s := &compute.Hidden{}, &compute.Secret{}
	rand.Read(d.Seed[:]) // never fails
	rand.Read(s.Salt[:])
	divided, err := p.cfg.Exam.Divide(ctx, &work, p.opens(ctx, org), func(tasks []string) ([]int, error) {
		held, why := plan.HeldOf(len(tasks))
		if why != "" {
			return nil, errUnjudged{why}
		}
		for _, task := range tasks {
			s.Marks = append(s.Marks, s.Mark(task)...)
		}
		h.Tasks, h.Held = len(tasks), held
		return compute.DrawHidden(d.Seed, s.Marks, held), nil
	})
	if none, ok := errors.AsType[errUnjudged](err); ok {
		d.Unjudged = none.why
		return nil, nil //nolint:nilnil // likewise
	}
	if known, ok := errors.AsType[*tasknet.Error](err); ok && known.Kind == tasknet.Invalid {
		d.Unjudged = compute.Unreadable
		return nil, nil //nolint:nilnil // likewise
	}
	if err != nil {
		return nil, err
	}
	out := &Dividing{secret: s}
	s.Guess = divided.Guess
	h.Marks, h.Drawn, h.Guess = sha256.Sum256(s.Marks), sha256.Sum256(compute.Drawn(d.Seed, s.Marks, h.Held)), sha256.Sum256(s.Guess.Bytes())
	inputs := slices.Clone(d.Work.Inputs)
	for i, in := range inputs {
		given, err := p.keep(ctx, org, "data for nodes: "+in.Name, divided.Given[in.Role])
		if err != nil {
			return nil, errors.Join(err, p.Undivide(ctx, org, out))
		}
		out.made = append(out.made, given)
		held, err := p.keep(ctx, org, "hidden from nodes: "+in.Name, divided.Held[in.Role])
		if err != nil {
			return nil, errors.Join(err, p.Undivide(ctx, org, out))
		}
		out.made = append(out.made, held)
		inputs[i].Artefact = given
		if in.Role == compute.LabelsRole {
			h.Labels = held
		} else {
			h.Data = held
		}
	}
	d.Work.Inputs, d.Hidden = inputs, h
	return out, nil
}

// Undivide removes what Divide has made, when no job came of it.
func (p *Pipeline) Undivide(ctx context.Context, org polls.OrgID, d *Dividing) (err error) {
	if d == nil {
		return nil
	}
	for _, id := range d.made {
		a, one := p.stores.Artefacts().Artefact(ctx, org, id)
		if one == nil {
			one = p.RemoveArtefact(ctx, a)
		}
		if !errors.Is(one, ErrNoArtefact) {
			err = errors.Join(err, one)
		}
	}
	return err
}

// Hidden keeps what is told later of the hidden part of a job, in the transaction in which the job is made.
func (d *Dividing) Hidden(ctx context.Context, tx Tx, j *compute.Job) error {
	if d == nil {
		return nil
	}
	return tx.Work().SaveSecret(ctx, j.ID, d.secret)
}

func (p *Pipeline) opens(ctx context.Context, org polls.OrgID) Opens {
	return func(id compute.ArtefactID) (io.ReadCloser, error) {
		a, err := p.stores.Artefacts().Artefact(ctx, org, id)
		if err != nil {
			return nil, err
		}
		return p.Content(ctx, a, 0, a.Length)
	}
}

// RunTrials judges models until ctx ends.
func (p *Pipeline) RunTrials(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	for {
		if err := p.TryModels(ctx); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("models were not judged", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

// TryModels judges the models that wait for it. One that cannot be keeps no other from it.
func (p *Pipeline) TryModels(ctx context.Context) error {
	open, err := p.stores.Work().OpenTrials(ctx, workAtOnce)
	for _, t := range open {
		if one := p.tryModel(ctx, t); one != nil {
			err = errors.Join(err, fmt.Errorf("model of %s: %w", t.Lease, one))
		}
	}
	return err
}

// tryModel judges a model by the hidden tasks of its job. It is asked before the transaction in which the trial is closed.
func (p *Pipeline) tryModel(ctx context.Context, t *compute.Trial) error {
	j, err := p.stores.Jobs().Job(ctx, t.Job)
	if err != nil {
		return err
	}
	l, err := p.stores.Jobs().Lease(ctx, t.Lease)
	if err != nil {
		return err
	}
	secret, err := p.stores.Work().Secret(ctx, j.ID)
	if err != nil {
		return err
	}
	if p.cfg.Exam == nil {
		return errors.New("this server judges no models, and there is one to be judged")
	}
	now := p.now()
	losses, right, card, err := p.askHidden(ctx, j, l)
	known, isKnown := errors.AsType[*tasknet.Error](err)
	switch {
	case errors.Is(err, ErrNoArtefact), errors.Is(err, ErrUnasked):
		t.State, t.At = compute.TrialVoid, now
	case isKnown && (known.Kind == tasknet.Invalid || known.Kind == tasknet.TooLarge):
		t.State, t.Problem, t.At = compute.TrialFailed, err.Error(), now
	case err != nil:
		return err
	default:
		t.Close(losses, secret.Guess, right, now)
	}
	if t.State == compute.TrialPassed {
		if err := p.keepCard(ctx, j, t, card, secret.Guess); err != nil { // the model is as good without
			p.cfg.Log.Warn("the card of a model does not say how it did on hidden tasks", "job", j.ID, "error", err)
		}
	}
	err = p.stores.InTurn(ctx, func(tx Tx) error { return p.closeTrial(ctx, tx, t, l, now) })
	if err == nil {
		p.idle.wake()
	}
	return err
}

// askHidden asks the model of a lease about the hidden tasks of its job.
func (p *Pipeline) askHidden(ctx context.Context, j *compute.Job, l *compute.Lease) (losses compute.Losses, right int, card *compute.Card, err error) {
	made, err := p.readModel(ctx, j, l.Receipt)
	if err != nil {
		return nil, 0, nil, err
	}
	plan, err := compute.ParseSpec(bytes.NewReader(made.Spec))
	if err != nil {
		return nil, 0, nil, err
	}
	work, _, err := compute.ReadWork(j.Work)
	if err != nil {
		return nil, 0, nil, err
	}
	hidden := &compute.Work{Kind: compute.EvaluateJob, Model: &plan.Spec, Temperature: made.Temperature, Inputs: slices.Clone(work.Inputs)}
	for i := range hidden.Inputs {
		if hidden.Inputs[i].Artefact = j.Terms.Hidden.Data; hidden.Inputs[i].Role == compute.LabelsRole {
			hidden.Inputs[i].Artefact = j.Terms.Hidden.Labels
		}
	}
	if err := hidden.CheckTemperature(); err != nil {
		return nil, 0, nil, err
	}
	losses, right, err = p.cfg.Exam.Measure(ctx, hidden, plan, compute.ArtefactID(made.Model.Weights), p.opens(ctx, j.Org))
	if err == nil && len(losses) != j.Terms.Hidden.Held {
		err = fmt.Errorf("%d of %d hidden tasks were measured", len(losses), j.Terms.Hidden.Held)
	}
	if err != nil {
		return nil, 0, nil, err
	}
	raw, err := p.artefactContent(ctx, j.Org, fileOf(l.Receipt, compute.CardRole), specBytesMax)
	if err != nil {
		return nil, 0, nil, err
	}
	card = &compute.Card{}
	return losses, right, card, json.Unmarshal(raw, card)
}

func fileOf(r *compute.Receipt, role compute.Role) compute.ArtefactID {
	for _, o := range r.Outputs {
		if o.Role == role {
			return o.Artefact
		}
	}
	return ""
}

// keepCard keeps the node's card with what the server has found.
func (p *Pipeline) keepCard(ctx context.Context, j *compute.Job, t *compute.Trial, card *compute.Card, guess compute.Losses) error {
	work, _, err := compute.ReadWork(j.Work)
	if err != nil {
		return err
	}
	card.Hidden = t.OnHidden(guess)
	raw, err := json.MarshalIndent(card, "", "  ")
	if err != nil {
		return err
	}
	if t.Card, err = p.keep(ctx, j.Org, "card of "+string(j.ID), append(raw, '\n')); err != nil {
		return err
	}
	t.Report, err = p.keep(ctx, j.Org, "report of "+string(j.ID), []byte(card.Markdown(work.Model.Classes)))
	return err
}

// closeTrial saves a trial that is closed, and all that follows: whether the model counts, or another owner trains one.
func (p *Pipeline) closeTrial(ctx context.Context, tx Tx, t *compute.Trial, l *compute.Lease, now time.Time) error {
	j, err := tx.Jobs().LockJob(ctx, t.Job)
	if err != nil {
		return err
	}
	trials, err := tx.Work().Trials(ctx, j.ID)
	if err != nil {
		return err
	}
	failed, passed := 0, 0
	for _, other := range trials {
		switch {
		case other.Lease == t.Lease && other.State != compute.TrialOpen:
			return nil // another server was faster
		case other.Lease == t.Lease || other.State == compute.TrialOpen:
		case other.State == compute.TrialFailed:
			failed++
		default:
			passed++
		}
	}
	if err := tx.Work().SaveTrial(ctx, t); err != nil {
		return err
	}
	copies, err := tx.Work().CopiesOf(ctx, j.ID, t.Part)
	if err != nil {
		return err
	}
	if t.State == compute.TrialFailed {
		return p.refuseModel(ctx, tx, j, t, copies, failed+1, passed)
	}
	part := copies[0]
	if j.Terms.Replicas > 1 || part.Result != "" {
		return nil // they are compared
	}
	part.Result = l.ID
	if err := tx.Jobs().SavePart(ctx, part); err != nil {
		return err
	}
	if j.State == compute.JobOpen {
		j.Deliver(part, now)
	}
	if _, err := p.auditDrawn(ctx, tx, j, part, len(copies), now); err != nil {
		return err
	}
	return tx.Jobs().SaveJob(ctx, j)
}

// refuseModel refuses the pay for a model that was not accepted, and has another owner train one, or gives the job up.
func (p *Pipeline) refuseModel(ctx context.Context, tx Tx, j *compute.Job, t *compute.Trial, copies []*compute.Part, failed, passed int) error {
	deliveries, err := tx.Work().Deliveries(ctx, j.ID)
	if err != nil {
		return err
	}
	for _, d := range deliveries {
		if d.Lease == t.Lease {
			d.State, d.Why = compute.PayRefused, compute.Worthless
			if err := tx.Work().SaveDeliveries(ctx, d); err != nil {
				return err
			}
		}
	}
	if j.State != compute.JobOpen && (j.State != compute.JobDone || passed == 0) {
		return nil
	}
	if problem, over := j.Untaught(failed); over && passed == 0 {
		j.State, j.Problem, j.EndedAt = compute.JobFailed, problem, p.now()
		return p.endLeases(ctx, tx, j, nil)
	}
	if !j.Retried(failed, passed) {
		return nil
	}
	if err := p.addCopy(ctx, tx, j, copies[0], len(copies)); err != nil {
		return err
	}
	return tx.Jobs().SaveJob(ctx, j)
}
