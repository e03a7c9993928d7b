//go:build gotch && cgo

package torch

// #include "native.h"
import "C"

import (
	"unsafe"

	lib "github.com/sugarme/gotch/libtch"

	"github.com/tasknet/tasknet/compute"
)

// Numbers by which libtorch knows types.
const (
	kindInt64   = 4
	kindFloat32 = 6
)

// forward applies a plan's layers to a batch of n. Without masks nothing is dropped. Images are [n, height, width, channels] in
// memory throughout, which libtorch knows as channels last.
func (s *session) forward(t *tape, x tensor, n int, masks []tensor) tensor {
	weights := s.leaves
	for _, step := range s.plan.Steps {
		w := weights[:len(step.Params)]
		weights = weights[len(step.Params):]
		switch l := step.Layer; l.Type {
		case compute.Dense:
			x = t.activate(l.Activation, t.dense(x, w[0], w[1], n, step.In, step.Out))
		case compute.Conv:
			x = t.activate(l.Activation, t.convolve(x, w[0], w[1], l, step.In, step.Out))
		case compute.MaxPool, compute.MeanPool:
			x = t.pool(x, l)
		case compute.GlobalPool:
			axes := make([]int64, len(step.In)-1)
			for i := range axes {
				axes[i] = int64(i + 1)
			}
			x = t.op("mean", func(out *tensor) { lib.AtgMeanDim(out, x, axes, len(axes), 0, kindFloat32) })
		case compute.Flatten:
			x = t.shape(x, n, step.Out...)
		case compute.Embedding:
			x = t.op("embedding", func(out *tensor) { lib.AtgEmbedding(out, w[0], x, -1, 0, 0) })
		case compute.Recurrent:
			x = s.recurrent(t, x, w, n, l.Units)
		case compute.Attention:
			x = t.attention(x, w, n, step.In, l.Heads)
		case compute.Dropout:
			if masks != nil {
				mask := masks[0]
				x = t.op("dropout", func(out *tensor) { lib.AtgMul(out, x, mask) })
				masks = masks[1:]
			}
		case compute.Norm:
			x = t.norm(x, w[0], w[1], step.In[len(step.In)-1])
		}
	}
	return x
}

func (t *tape) activate(a compute.Activation, x tensor) tensor {
	switch a {
	case compute.ReLU:
		return t.op("relu", func(out *tensor) { lib.AtgRelu(out, x) })
	case compute.Tanh:
		return t.op("tanh", func(out *tensor) { lib.AtgTanh(out, x) })
	default:
		return x
	}
}

// shape gives each of n examples another shape.
func (t *tape) shape(x tensor, n int, to ...int) tensor {
	dims := []int64{int64(n)}
	for _, d := range to {
		dims = append(dims, int64(d))
	}
	return t.op("reshape", func(out *tensor) { lib.AtgReshape(out, x, dims, len(dims)) })
}

// axes puts axes into another order.
func (t *tape) axes(x tensor, order ...int64) tensor {
	return t.op("permute", func(out *tensor) { lib.AtgPermute(out, x, order, len(order)) })
}

// times multiplies the last axis by a matrix, and adds a row if there is one.
func (t *tape) times(x, kernel, row tensor) tensor {
	if row == nil {
		return t.op("matmul", func(out *tensor) { lib.AtgMatmul(out, x, kernel) })
	}
	return t.op("addmm", func(out *tensor) { lib.AtgAddmm(out, row, x, kernel) })
}

// dense multiplies the last axis by a matrix, place by place, and adds a row.
func (t *tape) dense(x, kernel, row tensor, n int, in, out []int) tensor {
	if len(in) == 1 {
		return t.times(x, kernel, row)
	}
	places := n
	for _, d := range in[:len(in)-1] {
		places *= d
	}
	return t.shape(t.times(t.shape(x, places, in[len(in)-1]), kernel, row), n, out...)
}

// convolve pads as the plan does: half of the zeros, rounded down, before what is there.
func (t *tape) convolve(x, kernel, bias tensor, l compute.Layer, in, out []int) tensor {
	stride := int64(l.Stride)
	zeros := func(axis int) int64 { return int64(max((out[axis]-1)*l.Stride+l.Kernel-in[axis], 0)) }
	down, right := zeros(0), zeros(1)
	x = t.axes(x, 0, 3, 1, 2)
	if down%2 != 0 || right%2 != 0 {
		sides := []int64{right / 2, right - right/2, down / 2, down - down/2}
		whole := x
		x = t.op("pad", func(out *tensor) { lib.AtgConstantPadNd(out, whole, sides, len(sides)) })
		down, right = 0, 0
	}
	y := t.op("conv", func(out *tensor) {
		lib.AtgConv2d(out, x, kernel, bias, []int64{stride, stride}, 2, []int64{down / 2, right / 2}, 2, []int64{1, 1}, 2, 1)
	})
	return t.axes(y, 0, 2, 3, 1)
}

// pool leaves out what is over at the edge.
func (t *tape) pool(x tensor, l compute.Layer) tensor {
	size, none := []int64{int64(l.Size), int64(l.Size)}, []int64{0, 0}
	x = t.axes(x, 0, 3, 1, 2)
	y := t.op("pool", func(out *tensor) {
		if l.Type == compute.MaxPool {
			lib.AtgMaxPool2d(out, x, size, 2, size, 2, none, 2, []int64{1, 1}, 2, 0)
		} else {
			lib.AtgAvgPool2d(out, x, size, 2, size, 2, none, 2, 0, 1, 0, 1)
		}
	})
	return t.axes(y, 0, 2, 3, 1)
}

// normEpsilon keeps what is the same everywhere from being divided by zero.
const normEpsilon = 1e-5

func (t *tape) norm(x, scale, shift tensor, width int) tensor {
	return t.op("norm", func(out *tensor) { lib.AtgLayerNorm(out, x, []int64{int64(width)}, 1, scale, shift, normEpsilon, 1) })
}

// recurrent is libtorch's own unit, whose weights are as place puts them. It has a second bias, which the plan has not.
func (s *session) recurrent(t *tape, x tensor, w []tensor, n, units int) tensor {
	h := t.op("zeros", func(out *tensor) {
		lib.AtgZeros(out, []int64{1, int64(n), int64(units)}, 3, kindFloat32, s.device)
	})
	none := t.op("zeros", func(out *tensor) { lib.AtgZeros(out, []int64{3 * int64(units)}, 1, kindFloat32, s.device) })
	var both [2]tensor
	params := []tensor{w[0], w[1], w[2], none}
	lib.AtgGru(&both[0], x, h, params, len(params), 1, 1, 0, 1, 0, 1)
	t.keep("recurrent", both[0])
	return t.shape(t.keep("recurrent", both[1]), n, units)
}

// attention is a transformer's block with the norms first, as compute/train/gomlx has it.
func (t *tape) attention(x tensor, w []tensor, n int, in []int, heads int) tensor {
	steps, width := in[0], in[1]
	rows := func(x tensor) tensor { return t.shape(x, n*steps, width) }
	plus := func(a, b tensor) tensor { return t.op("add", func(out *tensor) { lib.AtgAdd(out, a, b) }) }
	normed := rows(t.norm(x, w[8], w[9], width))
	split := func(kernel tensor) tensor { // to [n, heads, steps, width of a head]
		return t.axes(t.shape(t.times(normed, kernel, nil), n, steps, heads, width/heads), 0, 2, 1, 3)
	}
	query, key, value := split(w[0]), split(w[1]), split(w[2])
	var shares unsafe.Pointer
	must("attention", C.native_attention(unsafe.Pointer(query), unsafe.Pointer(key), unsafe.Pointer(value), &shares))
	mixed := t.keep("attention", tensor(shares))
	x = plus(x, t.shape(t.times(rows(t.axes(mixed, 0, 2, 1, 3)), w[3], nil), n, steps, width))
	wide := t.activate(compute.ReLU, t.times(rows(t.norm(x, w[10], w[11], width)), w[4], w[5]))
	return plus(x, t.shape(t.times(wide, w[6], w[7]), n, steps, width))
}
