// Package computetest has the tests that every compute.Trainer passes.
package computetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
)

// models have every layer, in every form that it has.
var models = map[string]string{
	"dense":       `{"input":{"kind":"numbers","columns":["a","b","c"]},"layers":[{"type":"dense","units":5},{"type":"norm"},{"type":"dense","units":4,"activation":"tanh"}]`,
	"conv":        `{"input":{"kind":"image","height":6,"width":5,"channels":3},"layers":[{"type":"conv","filters":4},{"type":"max_pool"},{"type":"conv","filters":3,"kernel":5,"activation":"tanh"},{"type":"flatten"}]`,
	"strides":     `{"input":{"kind":"image","height":7,"width":6},"layers":[{"type":"conv","filters":4,"stride":2},{"type":"mean_pool"},{"type":"norm"},{"type":"global_pool"}]`,
	"one by one":  `{"input":{"kind":"image","height":3,"width":3,"channels":3},"layers":[{"type":"conv","filters":2,"kernel":1},{"type":"dense","units":3},{"type":"flatten"}]`,
	"dropped":     `{"input":{"kind":"numbers","columns":["a","b","c"]},"layers":[{"type":"dense","units":6},{"type":"dropout","rate":0.4},{"type":"dense","units":4},{"type":"dropout","rate":0.2}]`,
	"recurrent":   `{"input":{"kind":"tokens","buckets":16,"length":5},"layers":[{"type":"embedding","units":4},{"type":"recurrent","units":3}]`,
	"transformer": `{"input":{"kind":"tokens","buckets":16,"length":5},"layers":[{"type":"embedding","units":8},{"type":"attention","heads":2},{"type":"global_pool"}]`,
	"words":       `{"input":{"kind":"words","buckets":16},"layers":[]`,
}

// losses are those besides cross entropy.
var losses = map[string]string{
	"brier":        `,"loss":{"type":"brier"}`,
	"focal":        `,"loss":{"type":"focal"}`,
	"focal by 0.5": `,"loss":{"type":"focal","gamma":0.5}`,
}

// sure has models learn from what they are wholly sure of, rightly and wrongly: numbers stay finite.
func sure(ctx context.Context, t *testing.T, trainer compute.Trainer) {
	for name, loss := range losses {
		p := plan(t, "words", `,"optimizer":{"type":"sgd"}`+loss)
		s := compute.NewState(p)
		for i := range s.Weights[0] {
			s.Weights[0][i] = 200 * float32(i%3)
		}
		b := batch(p, rand.New(rand.NewPCG(7, 8)), 6)
		for i := range b.Inputs {
			b.Inputs[i] = 1
		}
		session := open(t, trainer, p, s)
		loss, err := session.Step(ctx, b, 0.1)
		if err != nil {
			t.Fatal(err)
		}
		after, err := session.State()
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			t.Errorf("%s: the loss is %v", name, loss)
		}
		for i, values := range after.Weights {
			if slices.ContainsFunc(values, func(v float32) bool { return math.IsNaN(float64(v)) }) {
				t.Errorf("%s: array %d has become %v", name, i, values)
			}
		}
	}
}

// plan makes the plan of a model, with more of its spec.
func plan(t *testing.T, model, more string) *compute.Plan {
	t.Helper()
	p, err := compute.ParseSpec(strings.NewReader(models[model] + `,"classes":["no","yes","perhaps"]` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// drawn are inputs at random.
func drawn(p *compute.Plan, random *rand.Rand, examples int) []float32 {
	n := examples
	for _, d := range p.Input {
		n *= d
	}
	inputs := make([]float32, n)
	for i := range inputs {
		if inputs[i] = float32(random.NormFloat64()); p.Spec.Input.Kind == compute.Tokens {
			inputs[i] = float32(random.IntN(p.Spec.Input.Buckets))
		}
	}
	return inputs
}

// shaken are weights of which none is a special number, as those that a model starts with are.
func shaken(p *compute.Plan, random *rand.Rand) compute.State {
	s := compute.NewState(p)
	for _, values := range s.Weights {
		for i := range values {
			values[i] += float32(random.NormFloat64()) / 5
		}
	}
	return s
}

// batch is examples at random, with soft labels and weights that differ.
func batch(p *compute.Plan, random *rand.Rand, examples int) compute.Batch {
	classes := len(p.Spec.Classes)
	b := compute.Batch{Inputs: drawn(p, random, examples), Targets: make([]float32, examples*classes), Weights: make([]float32, examples)}
	for i := range examples {
		b.Weights[i] = 2 * float32(i+1) / float32(examples*(examples+1))
		b.Targets[i*classes+i%classes] = 0.75
		b.Targets[i*classes+(i+1)%classes] = 0.25
	}
	for _, step := range p.Steps {
		if step.Layer.Type != compute.Dropout {
			continue
		}
		mask := make([]float32, examples)
		for _, d := range step.In {
			mask = slices.Repeat(mask, d)
		}
		for i := range mask {
			mask[i] = float32(random.IntN(2)) * 1.5
		}
		b.Masks = append(b.Masks, mask)
	}
	return b
}

func open(t *testing.T, trainer compute.Trainer, p *compute.Plan, s compute.State) compute.Session {
	t.Helper()
	session, err := trainer.Open(p, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	})
	return session
}

// TestTrainer tests a trainer.
func TestTrainer(t *testing.T, trainer compute.Trainer) {
	ctx := context.Background()
	for name := range models {
		t.Run("Predict/"+name, func(t *testing.T) { predicts(ctx, t, trainer, name) })
		t.Run("Gradient/"+name, func(t *testing.T) { follows(ctx, t, trainer, name, "") })
	}
	for name, loss := range losses {
		t.Run("Loss/"+name, func(t *testing.T) {
			follows(ctx, t, trainer, "dense", loss)
			learns(ctx, t, trainer, loss)
		})
	}
	t.Run("SureLoss", func(t *testing.T) { sure(ctx, t, trainer) })
	t.Run("Learns", func(t *testing.T) { learns(ctx, t, trainer, "") })
	t.Run("Repeats", func(t *testing.T) { repeats(ctx, t, trainer) })
	t.Run("Resumes", func(t *testing.T) { resumes(ctx, t, trainer) })
	t.Run("WeightsCount", func(t *testing.T) { weighs(ctx, t, trainer) })
	t.Run("Diverges", func(t *testing.T) {
		p := plan(t, "dropped", `,"optimizer":{"type":"sgd","learning_rate":10,"clip":1e6}`)
		s := split(t, p, 200)
		for i := range s.Train.Inputs {
			s.Train.Inputs[i] *= 1e30
		}
		if _, err := compute.Train(ctx, trainer, p, s, compute.Options{}); !errors.Is(err, compute.ErrDiverged) {
			t.Errorf("training on wild numbers: %v", err)
		}
	})
	t.Run("Cancelled", func(t *testing.T) {
		p := plan(t, "dense", "")
		ending, cancel := context.WithCancel(ctx)
		seen := 0
		_, err := compute.Train(ending, trainer, p, split(t, p, 200), compute.Options{Report: func(compute.Progress) {
			seen++
			cancel()
		}})
		if !errors.Is(err, context.Canceled) || seen != 1 {
			t.Errorf("after %d reports: %v", seen, err)
		}
	})
}

// predicts compares what a trainer says with the definition of each layer, also for a number of examples that it may divide.
func predicts(ctx context.Context, t *testing.T, trainer compute.Trainer, name string) {
	p, random := plan(t, name, ""), rand.New(rand.NewPCG(1, 2))
	s := shaken(p, random)
	const examples = 131
	inputs := drawn(p, random, examples)
	got, err := open(t, trainer, p, s).Predict(ctx, inputs)
	if err != nil {
		t.Fatal(err)
	}
	size := len(inputs) / examples
	var want []float64
	for i := range examples {
		want = append(want, forward(p, s.Weights, inputs[i*size:(i+1)*size], nil)...)
	}
	if len(got) != len(want) {
		t.Fatalf("%d logits, want %d", len(got), len(want))
	}
	for i := range want {
		if off := math.Abs(float64(got[i]) - want[i]); !(off < 1e-4*(1+math.Abs(want[i]))) {
			t.Fatalf("logit %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// follows compares a step with what the loss, by its definition, says of weights a little to either side. From the first step of
// SGD with momentum m a gradient is what moved, over the rate and 1 + m.
func follows(ctx context.Context, t *testing.T, trainer compute.Trainer, name, loses string) {
	const rate, momentum, little = 1e-2, 0.9, 1e-4
	p, random := plan(t, name, `,"optimizer":{"type":"sgd","clip":1e6}`+loses), rand.New(rand.NewPCG(3, 4))
	s := shaken(p, random)
	b := batch(p, random, 6)
	session := open(t, trainer, p, s)
	loss, err := session.Step(ctx, b, rate)
	if err != nil {
		t.Fatal(err)
	}
	if want := lossOf(p, s.Weights, &b); math.Abs(loss-want) > 1e-5 {
		t.Errorf("the loss is %v, want %v", loss, want)
	}
	after, err := session.State()
	if err != nil {
		t.Fatal(err)
	}
	// slope is the loss's between two weights, as far apart as float32 has them.
	slope := func(value *float32, low, high float32) float64 {
		defer func(was float32) { *value = was }(*value)
		*value = low
		below := lossOf(p, s.Weights, &b)
		*value = high
		return (lossOf(p, s.Weights, &b) - below) / (float64(high) - float64(low))
	}
	checked := 0
	for i, values := range s.Weights {
		for range 6 {
			j := random.IntN(len(values))
			v := values[j]
			want := slope(&values[j], v-little, v+little)
			if math.Abs(slope(&values[j], v-little, v)-slope(&values[j], v, v+little)) > 5e-4 { // a corner of ReLU or of a pool is near
				continue
			}
			got := (float64(v) - float64(after.Weights[i][j])) / (rate * (1 + momentum))
			if !(math.Abs(got-want) < 1e-4+1e-3*math.Abs(want)) {
				t.Errorf("gradient of number %d of array %d is %v, want %v", j, i, got, want)
			}
			checked++
		}
	}
	if checked < 3*len(s.Weights) {
		t.Errorf("only %d gradients could be checked", checked)
	}
}

// split are points in three rings, which no line tells apart.
func split(t *testing.T, p *compute.Plan, tasks int) *compute.Split {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	e := &compute.Examples{}
	for i := range tasks {
		angle, class := random.Float64()*2*math.Pi, i%3
		radius := float64(class+1) + random.NormFloat64()/10
		e.Tasks = append(e.Tasks, fmt.Sprintf("task %d", i))
		e.Inputs = append(e.Inputs, float32(radius*math.Cos(angle)), float32(radius*math.Sin(angle)), 1)
		row := []float32{0.05, 0.05, 0.05}
		row[class] = 0.9
		e.Targets = append(e.Targets, row...)
	}
	s, err := compute.NewSplit(p, e)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const patient = `,"optimizer":{"learning_rate":0.02},"training":{"epochs":40,"seed":7}`

func learns(ctx context.Context, t *testing.T, trainer compute.Trainer, loses string) {
	p := plan(t, "dense", patient+loses)
	m, err := compute.Train(ctx, trainer, p, split(t, p, 900), compute.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Metrics.Accuracy < 0.97 || m.Metrics.Examples < 50 || m.Trainer != trainer.Name() {
		t.Errorf("%+v after %d epochs by %s", m.Metrics, m.BestEpoch, m.Trainer)
	}
	probabilities, err := m.Predict(ctx, trainer, []float32{0, 1, 1, 0, -3, 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(probabilities) != 6 || probabilities[0] < 0.7 || probabilities[5] < 0.7 {
		t.Errorf("the innermost and the outermost ring have the probabilities %v", probabilities)
	}
}

func repeats(ctx context.Context, t *testing.T, trainer compute.Trainer) {
	p := plan(t, "dropped", `,"training":{"epochs":2,"seed":7}`)
	train := func(p *compute.Plan) compute.Weights {
		m, err := compute.Train(ctx, trainer, p, split(t, p, 200), compute.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return m.Weights
	}
	once, again, other := train(p), train(p), train(plan(t, "dropped", `,"training":{"epochs":2,"seed":8}`))
	if !same(once, again) {
		t.Error("the same seed gives other weights")
	}
	if same(once, other) {
		t.Error("another seed gives the same weights")
	}
}

func same(a, b compute.Weights) bool {
	return slices.EqualFunc(a, b, func(a, b []float32) bool { return slices.Equal(a, b) })
}

// resumes ends training after each of its epochs, and goes on from the checkpoint.
func resumes(ctx context.Context, t *testing.T, trainer compute.Trainer) {
	p := plan(t, "dropped", `,"training":{"epochs":5,"seed":7}`)
	s := split(t, p, 200)
	var kept []compute.Checkpoint
	whole, err := compute.Train(ctx, trainer, p, s, compute.Options{Save: func(c compute.Checkpoint) error {
		kept = append(kept, c)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != 5 {
		t.Fatalf("%d checkpoints of 5 epochs", len(kept))
	}
	for _, from := range kept {
		m, err := compute.Train(ctx, trainer, p, s, compute.Options{From: &from})
		if err != nil {
			t.Fatal(err)
		}
		if !same(m.Weights, whole.Weights) || m.Temperature != whole.Temperature || len(m.History) != 5 || m.BestEpoch != whole.BestEpoch {
			t.Errorf("from epoch %d on it becomes another model", from.Epoch)
		}
	}
	full := errors.New("the disk is full")
	if _, err := compute.Train(ctx, trainer, p, s, compute.Options{Save: func(compute.Checkpoint) error { return full }}); !errors.Is(err, full) {
		t.Errorf("a checkpoint that cannot be kept: %v", err)
	}
}

// weighs gives wrong labels to many examples that do not count.
func weighs(ctx context.Context, t *testing.T, trainer compute.Trainer) {
	p := plan(t, "dense", patient)
	s := split(t, p, 900)
	s.Train.Weights = make([]float32, s.Train.Len())
	for i := range s.Train.Weights {
		if s.Train.Weights[i] = 1; i%2 == 0 {
			s.Train.Weights[i] = 0
			copy(s.Train.Targets[3*i:], []float32{0, 1, 0})
		}
	}
	m, err := compute.Train(ctx, trainer, p, s, compute.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Metrics.Accuracy < 0.95 {
		t.Errorf("with the wrong labels at weight 0 it is right in %.2f", m.Metrics.Accuracy)
	}
}
