package compute

import (
	"io"
	"math"
	"slices"
)

// differsMost is in how many rows each two results are compared with what the server makes of them.
const differsMost = 2

// Difference is rows in which results differ, each two of those that do in at least one, and what they say of these.
type Difference struct {
	Rows []int          // of the part, from 0, ascending
	Says [][]Prediction // of each result, of each row
}

// Differ returns in which rows predictions differ by more than honest machines do; none when all are alike. It reads on no longer than
// it must. ErrBadOutput.
func (w *Work) Differ(results []io.Reader) (*Difference, error) {
	of := make([]*predictions, len(results))
	for i, r := range results {
		of[i] = newPredictions(r, w.Model.Classes)
	}
	out := &Difference{Says: make([][]Prediction, len(results))}
	seen := make(map[[2]int]int)
	for row := 0; ; row++ {
		says := make([]Prediction, len(results))
		for i := range of {
			p, err := of[i].next()
			if err != nil {
				return nil, err
			}
			if p == nil {
				return out, nil // all have as many: that is checked when they are delivered
			}
			says[i] = *p
		}
		news := false
		for a := range says {
			for b := range says[:a] {
				if !says[a].like(&says[b]) {
					pair := [2]int{a, b}
					news = news || seen[pair] < differsMost
					seen[pair]++
				}
			}
		}
		if !news {
			continue
		}
		out.Rows = append(out.Rows, row)
		for i := range says {
			out.Says[i] = append(out.Says[i], says[i])
		}
	}
}

// Confirmed reports for each result whether it is what the server makes of all rows.
func (d *Difference) Confirmed(server []Prediction) []bool {
	out := make([]bool, len(d.Says))
	for i, says := range d.Says {
		out[i] = len(server) == len(d.Rows)
		for k := range server {
			out[i] = out[i] && says[k].like(&server[k])
		}
	}
	return out
}

// NewPrediction is what a model says of a task, as nodes write it: in millionths.
func NewPrediction(key string, classes []string, probabilities []float32) Prediction {
	p := Prediction{Key: key, Probabilities: make(map[string]float64, len(classes))}
	for c, name := range classes {
		p.Probabilities[name] = math.Round(float64(probabilities[c])*1e6) / 1e6
	}
	p.Label = classes[argmax(probabilities)]
	p.Confidence = p.Probabilities[p.Label]
	return p
}

// CanDecide reports whether a server does so many rows again where results differ: when it asks a model, whose files and size are such
// that it does not take long. It asks no TorchScript module, for which it has no libtorch.
func (w *Work) CanDecide(p *Plan, rows int) bool {
	if w.Kind != InferJob || p.Spec.Script != nil || p.Memory > hiddenMemory || int64(rows) > hiddenOperations/max(p.MulAdds, 1) {
		return false
	}
	return !slices.ContainsFunc(w.Inputs, func(f JobFile) bool { return f.Bytes > HiddenBytes && f.Role != WeightsRole })
}
