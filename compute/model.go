package compute

import (
	"context"
	"errors"
	"math"
)

// Model is what training made.
type Model struct {
	Plan        *Plan
	Weights     Weights
	Script      string  // of a plan of a TorchScript module, in place of weights: its file
	Temperature float64 // what logits are divided by, so that a confidence is how often it is right
	Metrics     Metrics // on tasks that neither training nor stopping nor calibration saw
	History     []Progress
	BestEpoch   int // after which the weights were best
	Trainer     string
}

// Asking is a model that is asked again and again. One goroutine uses it at a time.
type Asking struct {
	model *Model
	asked Predictor
}

// Open loads the model. Close must be called in the end.
func (m *Model) Open(t Trainer) (*Asking, error) {
	asked, err := m.predictor(t)
	if err != nil {
		return nil, err
	}
	return &Asking{m, asked}, nil
}

func (m *Model) predictor(t Trainer) (Predictor, error) {
	if m.Plan.Spec.Script == nil {
		return t.Open(m.Plan, State{m.Weights, NewMoments(m.Plan)})
	}
	runner, ok := t.(ScriptRunner)
	if !ok {
		return nil, ErrNoScripts
	}
	return runner.OpenScript(m.Plan, m.Script)
}

// Predict returns for each example the probability of each class.
func (a *Asking) Predict(ctx context.Context, inputs []float32) (probabilities []float32, err error) {
	logits, err := a.asked.Predict(ctx, inputs)
	if err != nil {
		return nil, err
	}
	return softmax(logits, len(a.model.Plan.Spec.Classes), a.model.Temperature), nil
}

// Close frees what the model holds.
func (a *Asking) Close() error { return a.asked.Close() }

// Predict returns for each example the probability of each class.
func (m *Model) Predict(ctx context.Context, t Trainer, inputs []float32) (probabilities []float32, err error) {
	asking, err := m.Open(t)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, asking.Close()) }()
	return asking.Predict(ctx, inputs)
}

// Measure says how good the model is on examples that it has not seen.
func (m *Model) Measure(ctx context.Context, t Trainer, e *Examples) (metrics Metrics, err error) {
	asked, err := m.predictor(t)
	if err != nil {
		return metrics, err
	}
	defer func() { err = errors.Join(err, asked.Close()) }()
	logits, err := asked.Predict(ctx, e.Inputs)
	if err != nil {
		return metrics, err
	}
	return measure(m.Plan, e, logits, m.Temperature), nil
}

// Metrics say how good a model is on some examples. Their truth is the likeliest class of their labels.
type Metrics struct {
	Examples  int     `json:"examples"`
	Accuracy  float64 `json:"accuracy"`
	LogLoss   float64 `json:"log_loss"`          // mean cross entropy of the soft labels, in nats
	Error     float64 `json:"calibration_error"` // expected, over 10 bins of confidence of equal width
	Before    float64 `json:"calibration_error_before"`
	Confusion [][]int `json:"confusion"` // rows are the labels, columns what the model says
	Bins      []Bin   `json:"reliability"`
}

// Bin is the examples whose confidence lies in a tenth.
type Bin struct {
	Examples   int     `json:"examples"`
	Confidence float64 `json:"confidence"` // their mean
	Accuracy   float64 `json:"accuracy"`
}

const bins = 10

func measure(p *Plan, e *Examples, logits []float32, temperature float64) Metrics {
	classes := len(p.Spec.Classes)
	probabilities := softmax(logits, classes, temperature)
	m := Metrics{Examples: e.Len(), Accuracy: accuracy(p, e, probabilities), LogLoss: Loss{}.mean(e, probabilities), Confusion: make([][]int, classes)}
	for i := range m.Confusion {
		m.Confusion[i] = make([]int, classes)
	}
	for i := range e.Tasks {
		m.Confusion[e.Class(i, classes)][argmax(probabilities[i*classes:(i+1)*classes])]++
	}
	m.Bins, m.Error = reliability(p, e, probabilities)
	_, m.Before = reliability(p, e, softmax(logits, classes, 1))
	return m
}

// reliability compares confidence with accuracy, tenth by tenth; the error is the mean of their distances, weighed by examples
// (Naeini and others, 2015).
func reliability(p *Plan, e *Examples, probabilities []float32) (out []Bin, off float64) {
	classes := len(p.Spec.Classes)
	out = make([]Bin, bins)
	for i := range e.Tasks {
		row := probabilities[i*classes : (i+1)*classes]
		class := argmax(row)
		b := &out[min(int(row[class]*bins), bins-1)]
		b.Examples++
		b.Confidence += float64(row[class])
		if class == e.Class(i, classes) {
			b.Accuracy++
		}
	}
	for i := range out {
		if b := &out[i]; b.Examples > 0 {
			off += math.Abs(b.Confidence-b.Accuracy) / float64(e.Len())
			b.Confidence /= float64(b.Examples)
			b.Accuracy /= float64(b.Examples)
		}
	}
	return out, off
}

func accuracy(p *Plan, e *Examples, probabilities []float32) float64 {
	classes, right := len(p.Spec.Classes), 0
	for i := range e.Tasks {
		if argmax(probabilities[i*classes:(i+1)*classes]) == e.Class(i, classes) {
			right++
		}
	}
	return float64(right) / float64(max(e.Len(), 1))
}

// least is the probability below which a loss does not grow: what is smaller is rounding.
const least = 1e-12

// softmax turns rows of logits into probabilities.
func softmax(logits []float32, classes int, temperature float64) []float32 {
	out := make([]float32, len(logits))
	for at := 0; at < len(logits); at += classes {
		row := logits[at : at+classes]
		top := float64(row[argmax(row)])
		sum := 0.0
		for _, l := range row {
			sum += math.Exp((float64(l) - top) / temperature)
		}
		for i, l := range row {
			out[at+i] = float32(math.Exp((float64(l)-top)/temperature) / sum)
		}
	}
	return out
}

// Bounds of temperatures, and how narrowly they are searched.
const (
	coldest = 0.05
	hottest = 20
	narrow  = 1e-4
)

// temperature finds what to divide logits by so that the loss on examples is lowest (Guo and others, 2017). The loss has one
// valley in the logarithm of the temperature, so a golden-section search finds it.
func temperature(p *Plan, e *Examples, logits []float32) float64 {
	loss := func(x float64) float64 { return Loss{}.mean(e, softmax(logits, len(p.Spec.Classes), math.Exp(x))) }
	golden := (math.Sqrt(5) - 1) / 2
	low, high := math.Log(coldest), math.Log(float64(hottest))
	a, b := high-golden*(high-low), low+golden*(high-low)
	lossA, lossB := loss(a), loss(b)
	for high-low > narrow {
		if lossA < lossB {
			high, b, lossB = b, a, lossA
			a = high - golden*(high-low)
			lossA = loss(a)
		} else {
			low, a, lossA = a, b, lossB
			b = low + golden*(high-low)
			lossB = loss(b)
		}
	}
	return math.Exp((low + high) / 2)
}
