package compute

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Plan is a spec whose shapes fit, with what it costs. Shapes are without the examples of a batch. Of a TorchScript module nothing is known of
// what is in it, and the costs are what its spec says.
type Plan struct {
	Spec  Spec
	Input []int // of one example
	Steps []PlanStep

	Params  int   // numbers that are learned
	MulAdds int64 // multiplications and additions for one example, forward
	Memory  int64 // bytes that training needs at least: weights, gradients, the optimiser's moments, and a batch's outputs of all layers
}

// PlanStep is a layer with its shapes.
type PlanStep struct {
	Layer   Layer
	In, Out []int
	Params  []Param
	MulAdds int64
}

// Param is an array of numbers that are learned.
type Param struct {
	Name   string // number of the layer, type and role, as in "0.conv.kernel"
	Shape  []int
	In     int // how many inputs each output is the sum of; 0 for a constant start
	Start  float32
	Decays bool // shrinks by the weight decay
}

// Size is how many numbers it has.
func (p Param) Size() int { return product(p.Shape) }

// InputSize is how many numbers one example has.
func (p *Plan) InputSize() int { return product(p.Input) }

// product is how many numbers an array of the shape has. It stops at what is too many anyway.
func product(shape []int) int {
	n := 1
	for _, d := range shape {
		if n *= d; n > sizeMax || n < 0 {
			return sizeMax + 1
		}
	}
	return n
}

// NewPlan fills in the spec's defaults, checks it and works out its shapes. The error says which layer does not fit, and why.
func NewPlan(s Spec) (*Plan, error) {
	s.Layers, s.Classes, s.Input.Columns = slices.Clone(s.Layers), slices.Clone(s.Classes), slices.Clone(s.Input.Columns)
	if s.Script != nil {
		return newScriptPlan(s)
	}
	s.fill()
	if err := s.check(); err != nil {
		return nil, err
	}
	shape, err := s.Input.shape()
	if err != nil {
		return nil, err
	}
	p := &Plan{Spec: s, Input: shape}
	for i, l := range s.Layers {
		if err := p.add(l, i); err != nil {
			return nil, badSpec("Layer %d (%s): %v.", i+1, l.Type, err)
		}
	}
	if out := p.out(); len(out) != 1 {
		return nil, badSpec("The last layer gives %s, and the classes need one row of numbers; add flatten, global_pool or recurrent.", ShapeText(out))
	}
	if err := p.add(Layer{Type: Dense, Units: len(s.Classes), Activation: Linear}, len(s.Layers)); err != nil {
		return nil, badSpec("The outputs for the classes: %v.", err)
	}
	var outputs int64
	for _, step := range p.Steps {
		p.MulAdds += step.MulAdds
		outputs += int64(product(step.Out))
		for _, param := range step.Params {
			p.Params += param.Size()
		}
	}
	p.Memory = 4 * (4*int64(p.Params) + 2*int64(s.Training.Batch)*outputs)
	return p, nil
}

func (p *Plan) out() []int {
	if len(p.Steps) == 0 {
		return p.Input
	}
	return p.Steps[len(p.Steps)-1].Out
}

// shape is that of one example.
func (in Input) shape() ([]int, error) {
	only := Input{Kind: in.Kind}
	var shape []int
	switch in.Kind {
	case Image:
		only.Height, only.Width, only.Channels = in.Height, in.Width, in.Channels
		if min(in.Height, in.Width) < 1 || max(in.Height, in.Width) > 1024 || in.Channels != 1 && in.Channels != 3 {
			return nil, badSpec("An image has a height and a width of 1 to 1,024, and 1 or 3 channels.")
		}
		shape = []int{in.Height, in.Width, in.Channels}
	case Numbers:
		only.Columns, only.Mean, only.Deviation = in.Columns, in.Mean, in.Deviation
		if n := len(in.Columns); n < 1 || n > 10_000 {
			return nil, badSpec("An input of numbers names its columns, 1 to 10,000 of them.")
		}
		if in.Mean != nil && (len(in.Mean) != len(in.Columns) || len(in.Deviation) != len(in.Columns)) || slices.ContainsFunc(in.Deviation, func(d float64) bool { return !(d > 0) }) {
			return nil, badSpec("There is a mean and a deviation over 0 for each column, or for none.")
		}
		shape = []int{len(in.Columns)}
	case Words:
		only.Buckets = in.Buckets
		shape = []int{in.Buckets}
	case Tokens:
		only.Buckets, only.Length = in.Buckets, in.Length
		if in.Length < 1 || in.Length > 512 {
			return nil, badSpec("The length of an input of tokens is 1 to 512.")
		}
		shape = []int{in.Length}
	default:
		return nil, badSpec("There is no input of kind %q; there are image, numbers, words and tokens.", in.Kind)
	}
	if (in.Kind == Words || in.Kind == Tokens) && (in.Buckets < 16 || in.Buckets > 1<<20) {
		return nil, badSpec("The buckets of an input of %s are 16 to 1,048,576.", in.Kind)
	}
	if !reflect.DeepEqual(in, only) {
		return nil, badSpec("An input of kind %s has a field that is not its own.", in.Kind)
	}
	return shape, nil
}

// add appends a layer, and works out what it gives.
func (p *Plan) add(l Layer, number int) error {
	if err := l.fields(); err != nil {
		return err
	}
	in := p.out()
	tokens := p.Spec.Input.Kind == Tokens && len(p.Steps) == 0 // numbers of words, which no arithmetic makes sense of
	if tokens && l.Type != Embedding {
		return fmt.Errorf("an input of tokens needs an embedding first")
	}
	step := PlanStep{Layer: l, In: in}
	param := func(role string, inputs int, decays bool, shape ...int) {
		step.Params = append(step.Params, Param{Name: fmt.Sprintf("%d.%s.%s", number, l.Type, role), Shape: shape, In: inputs, Decays: decays})
	}
	constant := func(role string, start float32, shape ...int) {
		param(role, 0, false, shape...)
		step.Params[len(step.Params)-1].Start = start
	}
	last := in[len(in)-1]
	places := int64(product(in) / max(last, 1))
	switch l.Type {
	case Dense:
		if l.Units < 1 {
			return fmt.Errorf("it needs units")
		}
		step.Out = append(slices.Clone(in[:len(in)-1]), l.Units)
		param("kernel", last, true, last, l.Units)
		constant("bias", 0, l.Units)
		step.MulAdds = places * int64(last) * int64(l.Units)
	case Conv:
		if len(in) != 3 {
			return fmt.Errorf("it looks at images, and gets %s", ShapeText(in))
		}
		if l.Filters < 1 || l.Kernel < 1 || l.Kernel%2 == 0 || l.Stride < 1 || l.Kernel > 2*min(in[0], in[1])+1 {
			return fmt.Errorf("it needs filters, an odd kernel no larger than the image from all sides, and a stride of at least 1")
		}
		step.Out = []int{(in[0] + l.Stride - 1) / l.Stride, (in[1] + l.Stride - 1) / l.Stride, l.Filters}
		inputs := l.Kernel * l.Kernel * last
		param("kernel", inputs, true, l.Kernel, l.Kernel, last, l.Filters)
		constant("bias", 0, l.Filters)
		step.MulAdds = int64(step.Out[0]) * int64(step.Out[1]) * int64(inputs) * int64(l.Filters)
	case MaxPool, MeanPool:
		if len(in) != 3 {
			return fmt.Errorf("it looks at images, and gets %s", ShapeText(in))
		}
		if l.Size < 2 || l.Size > min(in[0], in[1]) {
			return fmt.Errorf("its size is from 2 to the smaller side of what it gets, %s", ShapeText(in))
		}
		step.Out = []int{in[0] / l.Size, in[1] / l.Size, last}
		step.MulAdds = int64(product(in))
	case GlobalPool:
		if len(in) < 2 {
			return fmt.Errorf("it looks at images and sequences, and gets %s", ShapeText(in))
		}
		step.Out = []int{last}
		step.MulAdds = int64(product(in))
	case Flatten:
		step.Out = []int{product(in)}
	case Embedding:
		if !tokens {
			return fmt.Errorf("it comes first, on an input of tokens")
		}
		if l.Units < 1 {
			return fmt.Errorf("it needs units")
		}
		step.Out = []int{in[0], l.Units}
		param("table", l.Units, true, p.Spec.Input.Buckets, l.Units)
	case Recurrent:
		if len(in) != 2 {
			return fmt.Errorf("it looks at sequences, and gets %s", ShapeText(in))
		}
		if l.Units < 1 {
			return fmt.Errorf("it needs units")
		}
		step.Out = []int{l.Units}
		param("input", last, true, last, 3*l.Units)
		param("state", l.Units, true, l.Units, 3*l.Units)
		constant("bias", 0, 3*l.Units)
		step.MulAdds = int64(in[0]) * 3 * int64(l.Units) * int64(last+l.Units)
	case Attention:
		if len(in) != 2 {
			return fmt.Errorf("it looks at sequences, and gets %s", ShapeText(in))
		}
		if l.Heads < 1 || last%l.Heads != 0 {
			return fmt.Errorf("the width of what it gets, %d, is not a multiple of its %d heads", last, l.Heads)
		}
		step.Out = in
		for _, role := range []string{"query", "key", "value", "output"} {
			param(role, last, true, last, last)
		}
		param("wide", last, true, last, 4*last)
		constant("wide_bias", 0, 4*last)
		param("narrow", 4*last, true, 4*last, last)
		constant("narrow_bias", 0, last)
		for _, role := range []string{"first", "second"} {
			constant(role+"_scale", 1, last)
			constant(role+"_shift", 0, last)
		}
		t := int64(in[0])
		step.MulAdds = t*12*int64(last)*int64(last) + 2*t*t*int64(last)
	case Dropout:
		if l.Rate <= 0 || l.Rate >= 1 {
			return fmt.Errorf("its rate is between 0 and 1, not %v", l.Rate)
		}
		step.Out = in
	case Norm:
		step.Out = in
		constant("scale", 1, last)
		constant("shift", 0, last)
		step.MulAdds = 4 * int64(product(in))
	}
	if product(step.Out) > sizeMax {
		return fmt.Errorf("it gives %s, which is too large", ShapeText(step.Out))
	}
	for _, param := range step.Params {
		if param.Size() > sizeMax {
			return fmt.Errorf("it has %s weights, which are too many", ShapeText(param.Shape))
		}
	}
	p.Steps = append(p.Steps, step)
	return nil
}

// params are those of all layers, in their order.
func (p *Plan) params() (all []Param) {
	for _, step := range p.Steps {
		all = append(all, step.Params...)
	}
	return all
}

// ShapeText is a shape as people write it: 28x28x1.
func ShapeText(shape []int) string {
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = fmt.Sprint(d)
	}
	return strings.Join(words, "x")
}
