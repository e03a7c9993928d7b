package compute

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tasknet/tasknet"
)

// Weights are the numbers that a model has learned: an array for each Param of its plan, in the plan's order, row by row.
type Weights [][]float32

// NewWeights draws a model's first weights: uniformly up to sqrt(6 / inputs) to either side (He and others, 2015), so that what
// goes through a layer keeps its spread, and what has no inputs at its start.
func NewWeights(p *Plan) Weights {
	w := make(Weights, 0, 8)
	for i, param := range p.params() {
		values := make([]float32, param.Size())
		random := p.random(drawWeights, uint64(i))
		bound := math.Sqrt(6 / float64(max(param.In, 1)))
		for j := range values {
			if param.In == 0 {
				values[j] = param.Start
			} else {
				values[j] = float32((2*random.Float64() - 1) * bound)
			}
		}
		w = append(w, values)
	}
	return w
}

// Clone returns a copy.
func (w Weights) Clone() Weights {
	out := make(Weights, len(w))
	for i, values := range w {
		out[i] = slices.Clone(values)
	}
	return out
}

// What a seed decides, each by numbers of its own, so that nothing changes when something else draws more.
const (
	drawWeights uint64 = iota + 1
	drawOrder
	drawDropout
	drawAugment
)

// random returns the numbers that one purpose draws, by its index.
func (p *Plan) random(purpose, index uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.Spec.Training.Seed, purpose<<56|index)) //nolint:gosec // must be drawn again by the seed
}

// ErrBadWeights reports a file of weights that is not of the model. Files that could hold code are refused by it too: only
// safetensors are read.
var ErrBadWeights = tasknet.NewError(tasknet.Invalid, "bad_weights", "The weights are not safetensors of this model.")

// headerMax bounds the header of a file of weights.
const headerMax = 1 << 20

// tensorHeader describes an array in a safetensors file.
type tensorHeader struct {
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// Write writes the weights as safetensors (github.com/huggingface/safetensors, format 1): the length of a header, the header in
// JSON with names, shapes and places, then the numbers as little-endian float32.
func (w Weights) Write(out io.Writer, p *Plan) error {
	params := p.params()
	header := make(map[string]any, len(params)+1)
	header["__metadata__"] = map[string]string{"format": "tasknet"}
	at := int64(0)
	for i, param := range params {
		end := at + 4*int64(len(w[i]))
		header[param.Name] = tensorHeader{"F32", param.Shape, [2]int64{at, end}}
		at = end
	}
	text, err := json.Marshal(header) // sorted by name: the same weights are the same bytes
	if err != nil {
		return err
	}
	text = append(text, bytes.Repeat([]byte(" "), (8-len(text)%8)%8)...) // numbers begin at a multiple of 8
	if _, err := out.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))); err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	for _, values := range w {
		raw := make([]byte, 0, 4*len(values))
		for _, v := range values {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
		if _, err := out.Write(raw); err != nil {
			return err
		}
	}
	return nil
}

// ReadWeights reads what Write wrote, or any safetensors with the plan's names and shapes. ErrBadWeights. It reads no more than
// the plan has room for.
func ReadWeights(in io.Reader, p *Plan) (Weights, error) {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w (%s)", ErrBadWeights, fmt.Sprintf(format, args...))
	}
	var length [8]byte
	if _, err := io.ReadFull(in, length[:]); err != nil {
		return nil, bad("it is too short")
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > headerMax {
		return nil, bad("its header is longer than %d bytes", headerMax)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(in, text); err != nil {
		return nil, bad("its header ends early")
	}
	var header map[string]json.RawMessage
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, bad("its header is not JSON")
	}
	delete(header, "__metadata__")
	params := p.params()
	if len(header) != len(params) {
		return nil, bad("it has %d arrays, and the model %d", len(header), len(params))
	}
	type place struct {
		param int
		at    int64
	}
	order := make([]place, len(params))
	for i, param := range params {
		var h tensorHeader
		if err := json.Unmarshal(header[param.Name], &h); err != nil {
			return nil, bad("it has no array %s", param.Name)
		}
		if h.Type != "F32" || !slices.Equal(h.Shape, param.Shape) || h.Offsets[1]-h.Offsets[0] != 4*int64(param.Size()) {
			return nil, bad("%s is %s of %s, and the model has F32 of %s", param.Name, h.Type, ShapeText(h.Shape), ShapeText(param.Shape))
		}
		order[i] = place{i, h.Offsets[0]}
	}
	slices.SortFunc(order, func(a, b place) int { return int(min(max(a.at-b.at, -1), 1)) })
	w := make(Weights, len(params))
	at := int64(0)
	for _, next := range order {
		if next.at != at { // a gap could hold anything, and an overlap is no array of its own
			return nil, bad("its arrays do not follow each other")
		}
		raw := make([]byte, 4*params[next.param].Size())
		if _, err := io.ReadFull(in, raw); err != nil {
			return nil, bad("%s ends early", params[next.param].Name)
		}
		values := make([]float32, len(raw)/4)
		for i := range values {
			values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
			if v := float64(values[i]); math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, bad("%s holds what is no number", params[next.param].Name)
			}
		}
		w[next.param] = values
		at += int64(len(raw))
	}
	if n, err := io.CopyN(io.Discard, in, 1); n != 0 || err == nil {
		return nil, bad("something follows its arrays")
	}
	return w, nil
}
