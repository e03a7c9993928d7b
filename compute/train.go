package compute

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/tasknet/tasknet"
)

// Progress is how far training is.
type Progress struct {
	Epoch, Epochs int     // that are done, of at most
	Step, Steps   int     // likewise
	Loss          float64 // of the training examples, the mean since the last report
	Validation    float64 // loss of the tasks held out, after an epoch; NaN before the first
	Accuracy      float64 // likewise
}

// Checkpoint is all that training needs to go on to the same result.
type Checkpoint struct {
	Epoch   int // that were done
	State   State
	Best    Weights // those with the lowest loss on the tasks held out
	BestAt  int     // after which epoch
	History []Progress
}

// Options are what training tells while it runs.
type Options struct {
	From   *Checkpoint            // to go on from; nil begins anew
	Report func(Progress)         // after each epoch, and some times within one
	Save   func(Checkpoint) error // after each epoch, with copies
}

// ErrDiverged reports training whose loss is no number any more.
var ErrDiverged = tasknet.NewError(tasknet.Invalid, "diverged", "The loss is not a number any more; train with a lower learning rate, or look for wild numbers in the inputs.")

// Train has a trainer learn the training examples of a split until the loss on the tasks held out has not fallen for as many
// epochs as the spec is patient, and returns the model as it was when that was lowest, calibrated. It is repeatable for a seed
// with the same trainer on one architecture. ErrDiverged, ErrScriptTraining; ctx ends it between two steps.
func Train(ctx context.Context, t Trainer, p *Plan, s *Split, o Options) (*Model, error) {
	if err := p.Learns(); err != nil {
		return nil, err
	}
	at := Checkpoint{State: NewState(p)}
	if o.From != nil {
		at = *o.From
		at.State = at.State.Clone()
	}
	session, err := t.Open(p, at.State)
	if err != nil {
		return nil, err
	}
	m, err := train(ctx, t, p, s, o, session, at)
	return m, errors.Join(err, session.Close())
}

// reportsEach is how often within an epoch progress is told.
const reportsEach = 20

func train(ctx context.Context, t Trainer, p *Plan, s *Split, o Options, session Session, at Checkpoint) (*Model, error) {
	size := p.Spec.Training.Batch
	each := (s.Train.Len() + size - 1) / size
	progress := Progress{Epochs: p.Spec.Training.Epochs, Steps: each * p.Spec.Training.Epochs, Validation: math.NaN(), Accuracy: math.NaN()}
	tell := func(loss float64, since int) {
		if progress.Loss = loss / float64(max(since, 1)); o.Report != nil {
			o.Report(progress)
		}
	}
	var making sync.WaitGroup
	defer making.Wait()
	for ; at.Epoch < p.Spec.Training.Epochs && at.Epoch-at.BestAt < p.Spec.Training.Patience; at.Epoch++ {
		order := p.random(drawOrder, uint64(at.Epoch)).Perm(s.Train.Len())
		ahead := func(n int) <-chan Batch { // a batch is made while the one before is learned from
			made := make(chan Batch, 1)
			if n < each {
				making.Go(func() { made <- p.batch(s.Train, order[n*size:min((n+1)*size, len(order))], at.Epoch*each+n) })
			}
			return made
		}
		next := ahead(0)
		whole, recent, since := 0.0, 0.0, 0
		for n := range each {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			step := at.Epoch*each + n
			batch := <-next
			next = ahead(n + 1)
			loss, err := session.Step(ctx, batch, p.rate(step, progress.Steps))
			if err != nil {
				return nil, fmt.Errorf("step %d: %w", step+1, err)
			}
			if math.IsNaN(loss) || math.IsInf(loss, 0) {
				return nil, fmt.Errorf("step %d: %w", step+1, ErrDiverged)
			}
			whole, recent, since = whole+loss, recent+loss, since+1
			progress.Epoch, progress.Step = at.Epoch, step+1
			if n+1 < each && (n+1)%max(each/reportsEach, 1) == 0 {
				tell(recent, since)
				recent, since = 0, 0
			}
		}
		probabilities, err := predict(ctx, session, p, s.Validation, 1)
		if err != nil {
			return nil, err
		}
		progress.Epoch = at.Epoch + 1
		progress.Validation, progress.Accuracy = p.Spec.Loss.mean(s.Validation, probabilities), accuracy(p, s.Validation, probabilities)
		if math.IsNaN(progress.Validation) {
			return nil, fmt.Errorf("after epoch %d: %w", at.Epoch+1, ErrDiverged)
		}
		tell(whole, each)
		lowest := math.Inf(1)
		for _, before := range at.History {
			lowest = min(lowest, before.Validation)
		}
		at.History = append(at.History, progress)
		if at.State, err = session.State(); err != nil {
			return nil, err
		}
		if progress.Validation < lowest {
			at.Best, at.BestAt = at.State.Weights.Clone(), at.Epoch+1
		}
		if o.Save != nil {
			saved := at
			saved.Epoch, saved.State = at.Epoch+1, at.State.Clone()
			if err := o.Save(saved); err != nil {
				return nil, err
			}
		}
	}
	return finish(ctx, t, p, s, at)
}

// finish calibrates the best weights on the tasks held out, and measures them on those that decided nothing.
func finish(ctx context.Context, t Trainer, p *Plan, s *Split, at Checkpoint) (m *Model, err error) {
	session, err := t.Open(p, State{at.Best, NewMoments(p)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	logits, err := session.Predict(ctx, s.Validation.Inputs)
	if err != nil {
		return nil, err
	}
	m = &Model{Plan: p, Weights: at.Best, Temperature: temperature(p, s.Validation, logits), History: at.History, BestEpoch: at.BestAt, Trainer: t.Name()}
	if logits, err = session.Predict(ctx, s.Test.Inputs); err != nil {
		return nil, err
	}
	m.Metrics = measure(p, s.Test, logits, m.Temperature)
	return m, nil
}

// predict returns the probabilities of examples at a temperature.
func predict(ctx context.Context, session Session, p *Plan, e *Examples, temperature float64) ([]float32, error) {
	logits, err := session.Predict(ctx, e.Inputs)
	if err != nil {
		return nil, err
	}
	return softmax(logits, len(p.Spec.Classes), temperature), nil
}
