// Package gomlx trains models in pure Go, wherever Go runs, with GoMLX's native backend. It is repeatable on one architecture;
// between two, sums of floating-point numbers differ in their last bits.
package gomlx

import (
	"context"
	"fmt"
	"sync"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	backends "github.com/gomlx/compute"

	"github.com/tasknet/tasknet/compute"
)

// Trainer implements compute.Trainer. Its zero value is ready.
type Trainer struct{}

// Name implements compute.Trainer.
func (Trainer) Name() string { return "gomlx" }

// backend is shared: it holds workers and buffers, and no state of models.
var backend = sync.OnceValues(func() (backends.Backend, error) { return gobackend.New("") })

// Open implements compute.Trainer.
func (Trainer) Open(p *compute.Plan, s compute.State) (compute.Session, error) {
	b, err := backend()
	if err != nil {
		return nil, err
	}
	open := &session{plan: p, state: s.Clone()}
	if open.learn, err = graph.NewExec(b, open.gradients); err != nil {
		return nil, err
	}
	if open.ask, err = graph.NewExec(b, open.logits); err != nil {
		return nil, err
	}
	return open, nil
}

type session struct {
	plan  *compute.Plan
	state compute.State
	learn *graph.Exec // from weights, inputs, targets, weights of examples and masks to loss and gradients
	ask   *graph.Exec // from weights and inputs to logits
}

// Step implements compute.Session.
func (s *session) Step(ctx context.Context, b compute.Batch, rate float64) (float64, error) {
	args := s.weights()
	n := b.Len()
	args = append(args, s.inputs(b.Inputs, n), tensors.FromFlatDataAndDimensions(b.Targets, n, len(s.plan.Spec.Classes)), tensors.FromFlatDataAndDimensions(b.Weights, n))
	at := 0
	for _, step := range s.plan.Steps {
		if step.Layer.Type == compute.Dropout {
			args = append(args, tensors.FromFlatDataAndDimensions(b.Masks[at], append([]int{n}, step.In...)...))
			at++
		}
	}
	out, err := run(ctx, s.learn, args)
	if err != nil {
		return 0, err
	}
	gradients := make(compute.Weights, len(out)-1)
	for i := range gradients {
		gradients[i] = out[i+1]
	}
	s.plan.Update(s.state.Weights, gradients, &s.state.Moments, rate)
	return float64(out[0][0]), nil
}

// askAtOnce is how many examples are asked together. The last of a number that it does not divide are filled up, so that one
// graph does for all but a single one, for which somebody may wait.
const askAtOnce = 128

// Predict implements compute.Session.
func (s *session) Predict(ctx context.Context, inputs []float32) (logits []float32, err error) {
	size, classes := s.plan.InputSize(), len(s.plan.Spec.Classes)
	if len(inputs)%size != 0 {
		return nil, fmt.Errorf("%w (%d numbers are no examples of %d)", compute.ErrBadExamples, len(inputs), size)
	}
	for n := len(inputs) / size; n > 0; n = len(inputs) / size {
		batch := askAtOnce
		if n == 1 && logits == nil {
			batch = 1
		}
		n = min(n, batch)
		part := make([]float32, batch*size)
		copy(part, inputs[:n*size])
		out, err := run(ctx, s.ask, append(s.weights(), s.inputs(part, batch)))
		if err != nil {
			return nil, err
		}
		logits = append(logits, out[0][:n*classes]...)
		inputs = inputs[n*size:]
	}
	return logits, nil
}

// State implements compute.Session.
func (s *session) State() (compute.State, error) { return s.state.Clone(), nil }

// Close implements compute.Session.
func (s *session) Close() error {
	s.learn.Finalize()
	s.ask.Finalize()
	return nil
}

func (s *session) weights() []any {
	args := make([]any, 0, 2*len(s.state.Weights)+4)
	i := 0
	for _, step := range s.plan.Steps {
		for _, param := range step.Params {
			args = append(args, tensors.FromFlatDataAndDimensions(s.state.Weights[i], param.Shape...))
			i++
		}
	}
	return args
}

func (s *session) inputs(values []float32, n int) *tensors.Tensor {
	shape := append([]int{n}, s.plan.Input...)
	if s.plan.Spec.Input.Kind != compute.Tokens {
		return tensors.FromFlatDataAndDimensions(values, shape...)
	}
	tokens := make([]int32, len(values))
	for i, v := range values {
		tokens[i] = int32(v)
	}
	return tensors.FromFlatDataAndDimensions(tokens, shape...)
}

// run runs a graph and frees what went in and came out.
func run(ctx context.Context, e *graph.Exec, args []any) (values [][]float32, err error) {
	defer func() {
		for _, arg := range args {
			arg.(*tensors.Tensor).MustFinalizeAll()
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out, err := e.Call(args...)
	if err != nil {
		return nil, fmt.Errorf("gomlx: %w", err)
	}
	for _, t := range out {
		flat, err := tensors.CopyFlatData[float32](t)
		if err != nil {
			return nil, err
		}
		if err := t.FinalizeAll(); err != nil {
			return nil, err
		}
		values = append(values, flat)
	}
	return values, nil
}

// gradients is the graph of a step: the loss, and its gradient by each of the weights.
func (s *session) gradients(args []*graph.Node) []*graph.Node {
	count := len(s.state.Weights)
	weights, inputs, targets, counts, masks := args[:count], args[count], args[count+1], args[count+2], args[count+3:]
	logits := forward(s.plan, inputs, weights, masks)
	loss := graph.ReduceAllSum(graph.Mul(lossOf(s.plan.Spec.Loss, logits, targets), counts))
	return append([]*graph.Node{loss}, graph.Gradient(loss, weights...)...)
}

// logits is the graph of a question to the model.
func (s *session) logits(args []*graph.Node) []*graph.Node {
	count := len(s.state.Weights)
	return []*graph.Node{forward(s.plan, args[count], args[:count], nil)}
}

// kind is what all models compute in.
const kind = dtypes.Float32
