//go:build gotch && cgo

package torch

// #cgo CXXFLAGS: -std=c++17
// #cgo LDFLAGS: -lc10 -ltorch_cpu -lstdc++ -ldl
// #include <stdlib.h>
// #include "native.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	lib "github.com/sugarme/gotch/libtch"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// Options are how a trainer computes.
type Options struct {
	CUDA     bool // on the first CUDA device instead of the processor
	Bfloat16 bool // what is as good in bfloat16, products above all
	Threads  int  // of the processor, for the whole program; by default half of those that Go may use, which has the others
}

// ErrNoDevice reports a program, or a machine, without what CUDA needs.
var ErrNoDevice = tasknet.NewError(tasknet.NotSupported, "no_cuda_device", "libtorch finds no CUDA device here.")

// Trainer implements compute.Trainer.
type Trainer struct{ options Options }

// New returns a trainer. ErrNoDevice.
func New(o Options) (*Trainer, error) {
	if o.Threads == 0 {
		o.Threads = max(runtime.GOMAXPROCS(0)/2, 1)
	}
	C.native_threads(C.int(o.Threads))
	if o.CUDA {
		if err := told("opening CUDA", C.native_cuda()); err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrNoDevice, err)
		}
	}
	return &Trainer{o}, nil
}

// told turns what a native function returns into an error.
func told(doing string, message *C.char) error {
	if message == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(message))
	return failure{doing, firstLine(C.GoString(message))}
}

// must panics with what a native function returns, as tape does.
func must(doing string, message *C.char) {
	if err := told(doing, message); err != nil {
		panic(err)
	}
}

// Name implements compute.Trainer.
func (t *Trainer) Name() string {
	name := "torch"
	if t.options.CUDA {
		name += " on CUDA"
	}
	if t.options.Bfloat16 {
		name += " in bfloat16"
	}
	return name
}

// Open implements compute.Trainer.
func (t *Trainer) Open(p *compute.Plan, state compute.State) (compute.Session, error) {
	s := &session{plan: p, options: t.options, thread: newThread(), device: -1, steps: state.Moments.Steps}
	if t.options.CUDA {
		s.device = 0
	}
	s.lay()
	err := s.thread.do(func(made *tape) {
		s.weights = s.row(made, state.Weights)
		s.first = s.row(made, state.Moments.First)
		if p.Spec.Optimizer.Type == compute.AdamW {
			s.second = s.row(made, state.Moments.Second)
		}
		for _, part := range s.parts {
			var leaf unsafe.Pointer
			must("weights", C.native_leaf(unsafe.Pointer(s.weights), C.int64_t(part.at), (*C.int64_t)(&part.shape[0]), C.int(len(part.shape)), &leaf))
			s.leaves = append(s.leaves, tensor(leaf))
		}
		made.tensors = nil // they are the session's
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

type session struct {
	plan    *compute.Plan
	options Options
	thread  *thread
	device  int32 // as gotch numbers them: -1 is the processor
	steps   int

	parts  []part // of the rows, for each param of the plan, in its order
	size   int
	decays int // of the numbers of a row, those that come first

	weights, first, second tensor // rows
	leaves                 []tensor
}

// part is where in a row the numbers of a param are.
type part struct {
	at    int
	shape []int64
	order []int
	size  int
}

// lay works out where in a row the weights are: those that decay come first.
func (s *session) lay() {
	place := func(decays bool) {
		i := 0
		for _, step := range s.plan.Steps {
			for _, param := range step.Params {
				if param.Decays == decays {
					shape, order := place(step.Layer, param)
					part := part{at: s.size, order: order, size: param.Size()}
					for _, d := range shape {
						part.shape = append(part.shape, int64(d))
					}
					s.parts[i] = part
					s.size += part.size
				}
				i++
			}
		}
	}
	n := 0
	for _, step := range s.plan.Steps {
		n += len(step.Params)
	}
	s.parts = make([]part, n)
	place(true)
	s.decays = s.size
	place(false)
}

// row puts arrays onto the device as one row.
func (s *session) row(t *tape, w compute.Weights) tensor {
	values := make([]float32, s.size)
	for i, p := range s.parts {
		there(values[p.at:p.at+p.size], w[i], p.order)
	}
	return s.send(t, unsafe.Pointer(&values[0]), kindFloat32, s.size)
}

// fetch is the way back.
func (s *session) fetch(t *tape, row tensor) compute.Weights {
	values := t.copied(row, s.size)
	out := make(compute.Weights, len(s.parts))
	for i, p := range s.parts {
		out[i] = back(values[p.at:p.at+p.size], p.order)
	}
	return out
}

// send copies numbers onto the device; on the way to a CUDA device through memory that it reads by itself, so that nobody waits.
func (s *session) send(t *tape, values unsafe.Pointer, kind int, shape ...int) tensor {
	dims := make([]int64, len(shape))
	for i, d := range shape {
		dims[i] = int64(d)
	}
	bytes := uint(4)
	if kind == kindInt64 {
		bytes = 8
	}
	here := t.keep("copying", lib.AtTensorOfData(values, dims, uint(len(dims)), bytes, kind))
	if s.device < 0 {
		return here
	}
	pinned := t.op("pinning", func(out *tensor) { lib.AtgPinMemory(out, here, s.device) })
	return t.op("sending", func(out *tensor) { lib.AtgToDevice(out, pinned, s.device, int32(kind), 1, 0) })
}

// copied copies the numbers of a tensor from wherever it is.
func (t *tape) copied(x tensor, n int) []float32 {
	here := t.op("fetching", func(out *tensor) { lib.AtgToDevice(out, x, -1, kindFloat32, 0, 0) })
	flat := t.op("fetching", func(out *tensor) { lib.AtgContiguous(out, here) })
	values := make([]float32, n)
	lib.AtCopyData(flat, unsafe.Pointer(&values[0]), uint(n), 4)
	check("fetching")
	return values
}

// inputs sends a batch's.
func (s *session) inputs(t *tape, values []float32, n int) tensor {
	shape := append([]int{n}, s.plan.Input...)
	if s.plan.Spec.Input.Kind != compute.Tokens {
		return s.send(t, unsafe.Pointer(&values[0]), kindFloat32, shape...)
	}
	tokens := make([]int64, len(values))
	for i, v := range values {
		tokens[i] = int64(v)
	}
	return s.send(t, unsafe.Pointer(&tokens[0]), kindInt64, shape...)
}

// precise runs f in the precision of the options.
func (s *session) precise(f func()) {
	if !s.options.Bfloat16 {
		f()
		return
	}
	cuda := C.int(0)
	if s.options.CUDA {
		cuda = 1
	}
	must("bfloat16", C.native_bfloat16(cuda, 1))
	defer func() { must("bfloat16", C.native_bfloat16(cuda, 0)) }()
	f()
}

// Step implements compute.Session.
func (s *session) Step(ctx context.Context, b compute.Batch, rate float64) (loss float64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	err = s.thread.do(func(t *tape) {
		n, classes := b.Len(), len(s.plan.Spec.Classes)
		x := s.inputs(t, b.Inputs, n)
		var masks []tensor
		for _, step := range s.plan.Steps {
			if step.Layer.Type == compute.Dropout {
				masks = append(masks, s.send(t, unsafe.Pointer(&b.Masks[len(masks)][0]), kindFloat32, append([]int{n}, step.In...)...))
			}
		}
		loseBy := s.loss(t, b, n, classes)
		var sum tensor
		s.precise(func() { sum = loseBy(s.forward(t, x, n, masks)) })
		s.update(sum, rate)
		s.steps++
		loss = float64(t.copied(sum, 1)[0])
	})
	return loss, err
}

// loss sends what a batch's examples are to be, and returns what takes their logits to their loss.
func (s *session) loss(t *tape, b compute.Batch, n, classes int) func(logits tensor) tensor {
	l := s.plan.Spec.Loss
	if l.Type == "" {
		counted := make([]float32, len(b.Targets)) // an example's weight is a part of its targets
		for i, target := range b.Targets {
			counted[i] = -target * b.Weights[i/classes]
		}
		targets := s.send(t, unsafe.Pointer(&counted[0]), kindFloat32, n, classes)
		return func(logits tensor) tensor {
			likely := t.op("log_softmax", func(out *tensor) { lib.AtgLogSoftmax(out, logits, -1, kindFloat32) })
			each := t.op("loss", func(out *tensor) { lib.AtgMul(out, targets, likely) })
			return t.op("loss", func(out *tensor) { lib.AtgSum(out, each, kindFloat32) })
		}
	}
	targets, weights := s.send(t, unsafe.Pointer(&b.Targets[0]), kindFloat32, n, classes), s.send(t, unsafe.Pointer(&b.Weights[0]), kindFloat32, n)
	return func(logits tensor) tensor {
		return t.op("loss", func(out *tensor) {
			var made unsafe.Pointer
			must("loss", C.native_loss(unsafe.Pointer(logits), unsafe.Pointer(targets), unsafe.Pointer(weights), C.double(l.Gamma), &made))
			*out = tensor(made)
		})
	}
}

// Numbers of AdamW, as compute.Plan.Update has them.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

func (s *session) update(loss tensor, rate float64) {
	o := s.plan.Spec.Optimizer
	step := C.struct_native_step{
		rate: C.double(rate), decay: C.double(o.Decay), momentum: C.double(o.Momentum), clip: C.double(o.Clip),
		beta1: beta1, beta2: beta2, epsilon: epsilon, count: C.int64_t(s.decays), steps: C.int64_t(s.steps + 1),
	}
	must("a step", C.native_update(unsafe.Pointer(loss), (*unsafe.Pointer)(unsafe.Pointer(&s.ordered()[0])), C.int(len(s.leaves)),
		unsafe.Pointer(s.weights), unsafe.Pointer(s.first), unsafe.Pointer(s.second), step))
}

// ordered are the leaves as they are in the rows.
func (s *session) ordered() []tensor {
	var first, last []tensor
	for i, p := range s.parts {
		if p.at < s.decays {
			first = append(first, s.leaves[i])
		} else {
			last = append(last, s.leaves[i])
		}
	}
	return append(first, last...)
}

// askAtOnce is how many examples are asked together.
const askAtOnce = 256

// Predict implements compute.Session.
func (s *session) Predict(ctx context.Context, inputs []float32) (logits []float32, err error) {
	size, classes := s.plan.InputSize(), len(s.plan.Spec.Classes)
	if len(inputs)%size != 0 {
		return nil, fmt.Errorf("%w (%d numbers are no examples of %d)", compute.ErrBadExamples, len(inputs), size)
	}
	for len(inputs) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(len(inputs)/size, askAtOnce)
		err := s.thread.do(func(t *tape) {
			lib.AtGradSetEnabled(0)
			defer lib.AtGradSetEnabled(1)
			s.precise(func() {
				logits = append(logits, t.copied(s.forward(t, s.inputs(t, inputs[:n*size], n), n, nil), n*classes)...)
			})
		})
		if err != nil {
			return nil, err
		}
		inputs = inputs[n*size:]
	}
	return logits, nil
}

// State implements compute.Session.
func (s *session) State() (state compute.State, err error) {
	err = s.thread.do(func(t *tape) {
		state.Weights = s.fetch(t, s.weights)
		state.Moments = compute.Moments{First: s.fetch(t, s.first), Steps: s.steps}
		if s.second != nil {
			state.Moments.Second = s.fetch(t, s.second)
		}
	})
	return state, err
}

// Close implements compute.Session.
func (s *session) Close() error {
	err := s.thread.do(func(t *tape) {
		for _, held := range append(s.leaves, s.weights, s.first, s.second) {
			if held != nil {
				t.tensors = append(t.tensors, held)
			}
		}
	})
	s.thread.end()
	return err
}
