package compute

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/tasknet/tasknet"
)

// Spec describes a model and how it is trained, as people write it in JSON. What is left out has the default that is named at
// each field; NewPlan fills it in.
type Spec struct {
	Input     Input     `json:"input"`
	Layers    []Layer   `json:"layers"`  // the last of them gives a row of numbers; a dense layer with one output for each class follows by itself
	Classes   []string  `json:"classes"` // what the model tells apart, 2 to 1,000
	Loss      Loss      `json:"loss,omitzero"`
	Smoothing float64   `json:"label_smoothing,omitempty"`
	Optimizer Optimizer `json:"optimizer,omitzero"`
	Schedule  Schedule  `json:"schedule,omitzero"`
	Augment   Augment   `json:"augment,omitzero"`
	Training  Training  `json:"training,omitzero"`

	// Script is of a TorchScript module of somebody's own in place of layers. Its spec has an input and classes besides, and is asked
	// and measured, not trained.
	Script *Script `json:"script,omitempty"`
}

// InputKind is what a model looks at.
type InputKind string

// The kinds of input.
const (
	Image   InputKind = "image"   // [height, width, channels] of numbers from 0 to 1
	Numbers InputKind = "numbers" // [columns], each scaled to mean 0 and deviation 1 over the training examples
	Words   InputKind = "words"   // [buckets]: how often each hashed word and pair of words occurs, scaled to length 1
	Tokens  InputKind = "tokens"  // [length]: the hashed words in their order, for an embedding
)

// Input is what a model looks at, and how large it is.
type Input struct {
	Kind     InputKind `json:"kind"`
	Height   int       `json:"height,omitempty"`   // of an image, which is resized to it; at most 1,024
	Width    int       `json:"width,omitempty"`    // likewise
	Channels int       `json:"channels,omitempty"` // 1 for grey (default), 3 for colour
	Columns  []string  `json:"columns,omitempty"`  // names of the columns of numbers

	// Mean and Deviation are those of each column over the examples that a model was trained on; who reads a file finds them.
	Mean      []float64 `json:"mean,omitempty"`
	Deviation []float64 `json:"deviation,omitempty"`

	Buckets int `json:"buckets,omitempty"` // of words and tokens; default 4,096, at most 1,048,576
	Length  int `json:"length,omitempty"`  // tokens that are looked at; default 64, at most 512
}

// LayerType names a layer.
type LayerType string

// The layers, with the fields that each has.
const (
	Dense      LayerType = "dense"       // units, activation
	Conv       LayerType = "conv"        // filters, kernel (odd, default 3), stride (default 1), activation; pads with zeros to the same size
	MaxPool    LayerType = "max_pool"    // size (default 2): the greatest of each square, what is over at the edge is left out
	MeanPool   LayerType = "mean_pool"   // size (default 2): likewise the mean
	GlobalPool LayerType = "global_pool" // the mean over the places of an image, or over the steps of a sequence
	Flatten    LayerType = "flatten"     // all numbers as one row
	Embedding  LayerType = "embedding"   // units: a row of numbers for each token
	Recurrent  LayerType = "recurrent"   // units: a gated recurrent unit over a sequence; what it holds at the end
	Attention  LayerType = "attention"   // heads (default 4): a block of self-attention and two dense layers, each added to its input after a norm
	Dropout    LayerType = "dropout"     // rate: the share of numbers that are dropped while training
	Norm       LayerType = "norm"        // scales each example, or each place of it, to mean 0 and deviation 1 over its channels, then by learned numbers
)

// Activation is what a layer does to its outputs.
type Activation string

// The activations.
const (
	Linear Activation = "linear"
	ReLU   Activation = "relu" // the default
	Tanh   Activation = "tanh"
)

// Layer is a layer of a model. Its type says which of the fields it has; others are refused.
type Layer struct {
	Type       LayerType  `json:"type"`
	Units      int        `json:"units,omitempty"`
	Filters    int        `json:"filters,omitempty"`
	Kernel     int        `json:"kernel,omitempty"`
	Stride     int        `json:"stride,omitempty"`
	Size       int        `json:"size,omitempty"`
	Heads      int        `json:"heads,omitempty"`
	Rate       float64    `json:"rate,omitempty"`
	Activation Activation `json:"activation,omitempty"`
}

// Optimizer is how weights follow their gradients.
type Optimizer struct {
	Type     string  `json:"type,omitempty"`          // "adamw" (default) or "sgd"
	Rate     float64 `json:"learning_rate,omitempty"` // default 0.001, with sgd 0.05
	Decay    float64 `json:"weight_decay,omitempty"`  // of each weight a step, times the rate; biases and norms are left alone
	Momentum float64 `json:"momentum,omitempty"`      // of sgd; default 0.9
	Clip     float64 `json:"clip,omitempty"`          // the greatest length of all gradients together; default 1
}

// Schedule is how the learning rate changes.
type Schedule struct {
	Type   string `json:"type,omitempty"`   // "cosine" (default) down to a hundredth, or "constant"
	Warmup int    `json:"warmup,omitempty"` // steps in which it rises from nothing
}

// Augment is what is done to images while training, drawn anew each time that one is seen.
type Augment struct {
	Shift  float64 `json:"shift,omitempty"`  // up to this share of the width and height
	Rotate float64 `json:"rotate,omitempty"` // up to so many degrees to either side
	Flip   bool    `json:"flip,omitempty"`   // left and right, half the time
}

// Training is how long and from what a model learns.
type Training struct {
	Epochs   int     `json:"epochs,omitempty"`     // at most so often over all examples; default 20, at most 10,000
	Batch    int     `json:"batch_size,omitempty"` // examples a step; default 32
	Patience int     `json:"patience,omitempty"`   // epochs without a lower loss on the tasks held out, after which it ends; default 4
	HoldOut  float64 `json:"hold_out,omitempty"`   // share of the tasks to stop and calibrate by, and as many again to report on; default 0.1
	Seed     uint64  `json:"seed,omitempty"`
}

// Limits of specs. A machine that leases a job has its own, which are smaller.
const (
	classesMax = 1000
	layersMax  = 200
	specMax    = 1 << 20 // bytes of JSON
	sizeMax    = 1 << 30 // numbers in any one array of a model
)

// badSpec says what is wrong with a spec.
func badSpec(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, "bad_spec", fmt.Sprintf(format, args...))
}

// ReadSpec reads a spec as it is written: nothing is filled in or checked but its form.
func ReadSpec(r io.Reader) (s Spec, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, specMax+1))
	if err != nil {
		return s, err
	}
	if len(raw) > specMax {
		return s, badSpec("The spec is longer than %d bytes.", specMax)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, badSpec("The spec cannot be read: %v.", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return s, badSpec("Something follows the spec.")
	}
	return s, nil
}

// ParseSpec reads a spec and makes its plan; see NewPlan.
func ParseSpec(r io.Reader) (*Plan, error) {
	s, err := ReadSpec(r)
	if err != nil {
		return nil, err
	}
	return NewPlan(s)
}

// orElse puts the default in place of what was left out.
func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (in *Input) fill() {
	switch in.Kind {
	case Image:
		orElse(&in.Channels, 1)
	case Words:
		orElse(&in.Buckets, 4096)
	case Tokens:
		orElse(&in.Buckets, 4096)
		orElse(&in.Length, 64)
	}
}

func (s *Spec) fill() {
	s.Input.fill()
	for i := range s.Layers {
		switch l := &s.Layers[i]; l.Type {
		case Dense:
			orElse(&l.Activation, ReLU)
		case Conv:
			orElse(&l.Kernel, 3)
			orElse(&l.Stride, 1)
			orElse(&l.Activation, ReLU)
		case MaxPool, MeanPool:
			orElse(&l.Size, 2)
		case Attention:
			orElse(&l.Heads, 4)
		}
	}
	if s.Loss.Type == CrossEntropy {
		s.Loss.Type = ""
	}
	if s.Loss.Type == Focal {
		orElse(&s.Loss.Gamma, 2)
	}
	orElse(&s.Optimizer.Type, AdamW)
	if s.Optimizer.Type == SGD {
		orElse(&s.Optimizer.Rate, 0.05)
		orElse(&s.Optimizer.Momentum, 0.9)
	}
	orElse(&s.Optimizer.Rate, 0.001)
	orElse(&s.Optimizer.Clip, 1)
	orElse(&s.Schedule.Type, Cosine)
	orElse(&s.Training.Epochs, 20)
	orElse(&s.Training.Batch, 32)
	orElse(&s.Training.Patience, 4)
	orElse(&s.Training.HoldOut, 0.1)
}

// check checks what does not depend on shapes.
func (s *Spec) check() error {
	if err := s.checkClasses(); err != nil {
		return err
	}
	if len(s.Layers) > layersMax {
		return badSpec("A model has at most %d layers.", layersMax)
	}
	for _, f := range []struct {
		name        string
		value       float64
		least, most float64
	}{
		{"label_smoothing", s.Smoothing, 0, 0.5},
		{"learning_rate", s.Optimizer.Rate, 1e-9, 10},
		{"weight_decay", s.Optimizer.Decay, 0, 1},
		{"momentum", s.Optimizer.Momentum, 0, 0.9999},
		{"clip", s.Optimizer.Clip, 1e-6, 1e6},
		{"warmup", float64(s.Schedule.Warmup), 0, 1e6},
		{"shift", s.Augment.Shift, 0, 0.5},
		{"rotate", s.Augment.Rotate, 0, 180},
		{"epochs", float64(s.Training.Epochs), 1, 10_000},
		{"batch_size", float64(s.Training.Batch), 1, 65_536},
		{"patience", float64(s.Training.Patience), 1, 10_000},
		{"hold_out", s.Training.HoldOut, 0.01, 0.4},
	} {
		if math.IsNaN(f.value) || f.value < f.least || f.value > f.most {
			return badSpec("%s is from %v to %v, not %v.", f.name, f.least, f.most, f.value)
		}
	}
	if err := s.Loss.check(); err != nil {
		return err
	}
	if t := s.Optimizer.Type; t != AdamW && t != SGD {
		return badSpec("There is no optimiser %q; there are adamw and sgd.", t)
	}
	if s.Optimizer.Type != SGD && s.Optimizer.Momentum != 0 {
		return badSpec("Only sgd has a momentum.")
	}
	if t := s.Schedule.Type; t != Cosine && t != Constant {
		return badSpec("There is no schedule %q; there are cosine and constant.", t)
	}
	if s.Augment != (Augment{}) && s.Input.Kind != Image {
		return badSpec("Only images are augmented.")
	}
	return nil
}

func (s *Spec) checkClasses() error {
	if n := len(s.Classes); n < 2 || n > classesMax {
		return badSpec("A model tells 2 to %d classes apart, not %d.", classesMax, n)
	}
	seen := make(map[string]bool)
	for _, c := range s.Classes {
		if c == "" || seen[c] {
			return badSpec("Each class has a name of its own; %q is empty or there twice.", c)
		}
		seen[c] = true
	}
	return nil
}

// fields checks that a layer has no fields but its own.
func (l Layer) fields() error {
	var allowed Layer
	switch l.Type {
	case Dense:
		allowed = Layer{Units: l.Units, Activation: l.Activation}
	case Conv:
		allowed = Layer{Filters: l.Filters, Kernel: l.Kernel, Stride: l.Stride, Activation: l.Activation}
	case MaxPool, MeanPool:
		allowed = Layer{Size: l.Size}
	case Embedding, Recurrent:
		allowed = Layer{Units: l.Units}
	case Attention:
		allowed = Layer{Heads: l.Heads}
	case Dropout:
		allowed = Layer{Rate: l.Rate}
	case GlobalPool, Flatten, Norm:
	default:
		return fmt.Errorf("there is no layer of type %q", l.Type)
	}
	if allowed.Type = l.Type; l != allowed {
		return fmt.Errorf("a layer of type %s has a field that is not its own", l.Type)
	}
	switch l.Activation {
	case "", Linear, ReLU, Tanh:
	default:
		return fmt.Errorf("there is no activation %q; there are linear, relu and tanh", l.Activation)
	}
	return nil
}
