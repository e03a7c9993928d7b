package compute

import "math"

// LossType names what training makes small.
type LossType string

// The losses of an example whose classes have the targets t, which sum to 1, and the probabilities p.
const (
	CrossEntropy LossType = "cross_entropy" // the sum of -t log p: the default, which a spec leaves out
	Brier        LossType = "brier"         // the sum of (p - t)^2: one wrong label costs 2 at the most, however sure the model is
	Focal        LossType = "focal"         // the sum of -t (1-p)^gamma log p: what the model is sure of counts little (Lin and others, 2017)
)

// Loss is what training makes small, and decides when it ends. Whatever it is, a model is calibrated and judged by its cross entropy.
type Loss struct {
	Type  LossType `json:"type,omitempty"`
	Gamma float64  `json:"gamma,omitempty"` // of focal; default 2, from 0.1 to 10
}

func (l Loss) check() error {
	switch l.Type {
	case "", Brier:
		if l.Gamma != 0 {
			return badSpec("Only the loss focal has a gamma.")
		}
	case Focal:
		if !(l.Gamma >= 0.1 && l.Gamma <= 10) {
			return badSpec("gamma is from 0.1 to 10, not %v.", l.Gamma)
		}
	default:
		return badSpec("There is no loss %q; there are cross_entropy, brier and focal.", l.Type)
	}
	return nil
}

// of is the loss by one class, of an example's target and probability.
func (l Loss) of(target, likely float64) float64 {
	entropy := 0.0
	if target > 0 {
		entropy = -target * math.Log(math.Max(likely, least)) // math.Max keeps NaN
	}
	switch l.Type {
	case Brier:
		return (likely - target) * (likely - target)
	case Focal:
		return entropy * math.Pow(math.Max(1-likely, 0), l.Gamma)
	}
	return entropy
}

// mean is the mean over examples, for each of which there are probabilities.
func (l Loss) mean(e *Examples, probabilities []float32) float64 {
	sum := 0.0
	for i, t := range e.Targets {
		sum += l.of(float64(t), float64(probabilities[i]))
	}
	return sum / float64(max(e.Len(), 1))
}
