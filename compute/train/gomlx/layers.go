package gomlx

import (
	"math"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"github.com/tasknet/tasknet/compute"
)

// forward applies a plan's layers to a batch. Without masks nothing is dropped.
func forward(p *compute.Plan, x *graph.Node, weights, masks []*graph.Node) *graph.Node {
	for _, step := range p.Steps {
		w := weights[:len(step.Params)]
		weights = weights[len(step.Params):]
		switch l := step.Layer; l.Type {
		case compute.Dense:
			x = activate(l.Activation, plus(dense(x, w[0]), w[1]))
		case compute.Conv:
			x = activate(l.Activation, plus(convolve(x, w[0], l.Stride, step.Out), w[1]))
		case compute.MaxPool:
			x = graph.ReduceMax(squares(x, l.Size), 2, 4)
		case compute.MeanPool:
			x = graph.ReduceMean(squares(x, l.Size), 2, 4)
		case compute.GlobalPool:
			axes := make([]int, len(step.In)-1)
			for i := range axes {
				axes[i] = i + 1
			}
			x = graph.ReduceMean(x, axes...)
		case compute.Flatten:
			x = graph.Reshape(x, x.Shape().Dimensions[0], -1)
		case compute.Embedding:
			x = graph.Gather(w[0], graph.InsertAxes(x, -1))
		case compute.Recurrent:
			x = recurrent(x, w[0], w[1], w[2], l.Units)
		case compute.Attention:
			x = attention(x, w, l.Heads)
		case compute.Dropout:
			if masks != nil {
				x = graph.Mul(x, masks[0])
				masks = masks[1:]
			}
		case compute.Norm:
			x = norm(x, w[0], w[1])
		}
	}
	return x
}

// sureEnough is how near to 1 a probability is of which nothing is left to be learned: the power of focal loss has no slope at 1.
const sureEnough = 1e-6

// lossOf is the loss of each example.
func lossOf(l compute.Loss, logits, targets *graph.Node) *graph.Node {
	entropy := graph.Mul(targets, graph.LogSoftmax(logits)) // negative
	switch l.Type {
	case compute.Brier:
		return graph.ReduceSum(graph.Square(graph.Sub(graph.Softmax(logits, -1), targets)), -1)
	case compute.Focal:
		rest := graph.AddScalar(graph.Neg(graph.Softmax(logits, -1)), 1)
		rest = graph.Max(rest, graph.AddScalar(graph.ZerosLike(rest), sureEnough))
		entropy = graph.Mul(entropy, graph.Exp(graph.MulScalar(graph.Log(rest), l.Gamma)))
	}
	return graph.Neg(graph.ReduceSum(entropy, -1))
}

func activate(a compute.Activation, x *graph.Node) *graph.Node {
	switch a {
	case compute.ReLU:
		return graph.Max(x, graph.ZerosLike(x))
	case compute.Tanh:
		return graph.Tanh(x)
	default:
		return x
	}
}

// plus adds a row to the last axis.
func plus(x, row *graph.Node) *graph.Node {
	return graph.Add(x, graph.BroadcastToShape(graph.ExpandLeftToRank(row, x.Rank()), x.Shape()))
}

// dense multiplies the last axis by a matrix.
func dense(x, kernel *graph.Node) *graph.Node {
	in := x.Shape().Dimensions
	rows := graph.MatMul(graph.Reshape(x, -1, in[len(in)-1]), kernel)
	return graph.Reshape(rows, append(append([]int{}, in[:len(in)-1]...), kernel.Shape().Dimensions[1])...)
}

// convolve lays the neighbours of each place side by side and multiplies them by the kernel as a matrix: this backend does that,
// and its gradient, many times as fast as its convolution.
func convolve(x, kernel *graph.Node, stride int, out []int) *graph.Node {
	in, k := x.Shape().Dimensions, kernel.Shape().Dimensions
	n, height, width, channels := in[0], in[1], in[2], in[3]
	padded := pad(pad(x, 1, (out[0]-1)*stride+k[0]-height), 2, (out[1]-1)*stride+k[1]-width)
	neighbours := make([]*graph.Node, 0, k[0]*k[1])
	for dy := range k[0] {
		for dx := range k[1] {
			neighbours = append(neighbours, graph.Slice(padded, graph.AxisRange(), graph.AxisRange(dy, dy+(out[0]-1)*stride+1).Stride(stride),
				graph.AxisRange(dx, dx+(out[1]-1)*stride+1).Stride(stride), graph.AxisRange()))
		}
	}
	columns := graph.Reshape(graph.Concatenate(neighbours, -1), n*out[0]*out[1], k[0]*k[1]*channels)
	return graph.Reshape(graph.MatMul(columns, graph.Reshape(kernel, k[0]*k[1]*channels, k[3])), n, out[0], out[1], k[3])
}

// pad adds so many zeros along an axis, half of them before what is there.
func pad(x *graph.Node, axis, zeros int) *graph.Node {
	part := func(n int) *graph.Node {
		d := append([]int{}, x.Shape().Dimensions...)
		d[axis] = n
		return graph.Zeros(x.Graph(), shapes.Make(kind, d...))
	}
	parts := []*graph.Node{x}
	if before := zeros / 2; before > 0 {
		parts = append([]*graph.Node{part(before)}, parts...)
	}
	if after := zeros - zeros/2; after > 0 {
		parts = append(parts, part(after))
	}
	if len(parts) == 1 {
		return x
	}
	return graph.Concatenate(parts, axis)
}

// squares gives each square of an image axes of its own, 2 and 4; what is over at the edge is left out.
func squares(x *graph.Node, size int) *graph.Node {
	d := x.Shape().Dimensions
	height, width := d[1]/size, d[2]/size
	x = graph.Slice(x, graph.AxisRange(), graph.AxisRange(0, height*size), graph.AxisRange(0, width*size), graph.AxisRange())
	return graph.Reshape(x, d[0], height, size, width, size, d[3])
}

// normEpsilon keeps what is the same everywhere from being divided by zero.
const normEpsilon = 1e-5

// norm is layer normalisation over the last axis (Ba and others, 2016).
func norm(x, scale, shift *graph.Node) *graph.Node {
	last := x.Rank() - 1
	off := graph.Sub(x, graph.ReduceAndKeep(x, graph.ReduceMean, last))
	spread := graph.Sqrt(graph.AddScalar(graph.ReduceAndKeep(graph.Square(off), graph.ReduceMean, last), normEpsilon))
	times := graph.BroadcastToShape(graph.ExpandLeftToRank(scale, x.Rank()), x.Shape())
	return plus(graph.Mul(graph.Div(off, spread), times), shift)
}

// recurrent is a gated recurrent unit (Cho and others, 2014, with the reset after the product, as cuDNN has it) over axis 1. Its
// gates are side by side in the weights: update, reset, candidate.
func recurrent(x, input, state, bias *graph.Node, units int) *graph.Node {
	d := x.Shape().Dimensions
	ahead := plus(dense(x, input), bias) // of all steps at once
	h := graph.Zeros(x.Graph(), shapes.Make(kind, d[0], units))
	gate := func(of *graph.Node, which int) *graph.Node {
		return graph.Slice(of, graph.AxisRange(), graph.AxisRange(which*units, (which+1)*units))
	}
	for t := range d[1] {
		now := graph.Reshape(graph.Slice(ahead, graph.AxisRange(), graph.AxisElem(t), graph.AxisRange()), d[0], 3*units)
		before := graph.MatMul(h, state)
		update := graph.Sigmoid(graph.Add(gate(now, 0), gate(before, 0)))
		reset := graph.Sigmoid(graph.Add(gate(now, 1), gate(before, 1)))
		candidate := graph.Tanh(graph.Add(gate(now, 2), graph.Mul(reset, gate(before, 2))))
		h = graph.Add(candidate, graph.Mul(update, graph.Sub(h, candidate)))
	}
	return h
}

// attention is a transformer's block with the norms first (Vaswani and others, 2017; Xiong and others, 2020). Its weights are as
// the plan lists them.
func attention(x *graph.Node, w []*graph.Node, heads int) *graph.Node {
	d := x.Shape().Dimensions
	n, steps, width := d[0], d[1], d[2]
	normed := norm(x, w[8], w[9])
	split := func(kernel *graph.Node) *graph.Node { // to [n, heads, steps, width of a head]
		return graph.Transpose(graph.Reshape(dense(normed, kernel), n, steps, heads, width/heads), 1, 2)
	}
	scores := graph.Einsum("bhqd,bhkd->bhqk", split(w[0]), split(w[1]))
	shares := graph.Softmax(graph.MulScalar(scores, 1/math.Sqrt(float64(width/heads))), -1)
	mixed := graph.Transpose(graph.Einsum("bhqk,bhkd->bhqd", shares, split(w[2])), 1, 2)
	x = graph.Add(x, dense(graph.Reshape(mixed, n, steps, width), w[3]))
	wide := activate(compute.ReLU, plus(dense(norm(x, w[10], w[11]), w[4]), w[5]))
	return graph.Add(x, plus(dense(wide, w[6]), w[7]))
}
