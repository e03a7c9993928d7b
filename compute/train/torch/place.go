//go:build gotch && cgo

package torch

import (
	"strings"

	"github.com/tasknet/tasknet/compute"
)

// place says how libtorch wants an array of weights that a plan has: its shape there, and for each of the plan's numbers, in
// their order, where it is. A nil order changes nothing.
func place(l compute.Layer, p compute.Param) (shape []int, order []int) {
	switch role := p.Name[strings.LastIndexByte(p.Name, '.')+1:]; {
	case l.Type == compute.Conv && role == "kernel": // from [height, width, in, out] to [out, in, height, width]
		size, in, out := p.Shape[0], p.Shape[2], p.Shape[3]
		order = make([]int, p.Size())
		for i := range order {
			o, c, at := i%out, i/out%in, i/out/in
			order[i] = (o*in+c)*size*size + at
		}
		return []int{out, in, size, size}, order
	case l.Type == compute.Recurrent: // from [inputs, update + reset + candidate] to [reset + update + candidate, inputs]
		inputs, units := p.Size()/(3*l.Units), l.Units
		order = make([]int, p.Size())
		for i := range order {
			gate := []int{1, 0, 2}[i%(3*units)/units]
			order[i] = (gate*units+i%units)*inputs + i/(3*units)
		}
		if role == "bias" {
			return []int{3 * units}, order
		}
		return []int{3 * units, inputs}, order
	default:
		return p.Shape, nil
	}
}

// there puts a plan's numbers where libtorch wants them.
func there(to, values []float32, order []int) {
	if order == nil {
		copy(to, values)
		return
	}
	for i, at := range order {
		to[at] = values[i]
	}
}

// back is the way back.
func back(values []float32, order []int) []float32 {
	out := make([]float32, len(values))
	if order == nil {
		copy(out, values)
		return out
	}
	for i, at := range order {
		out[i] = values[at]
	}
	return out
}
