package compute

import "math"

// The optimisers.
const (
	AdamW = "adamw" // Loshchilov and Hutter, 2019: Adam with weight decay apart from the gradient
	SGD   = "sgd"   // with Nesterov's momentum
)

// The schedules of the learning rate.
const (
	Cosine   = "cosine"
	Constant = "constant"
)

// Numbers of AdamW that nobody has reason to change.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// cosineFloor is the share of the learning rate at which a cosine schedule ends.
const cosineFloor = 0.01

// Moments are what an optimiser remembers of earlier gradients.
type Moments struct {
	First  Weights // AdamW's mean of gradients, or SGD's momentum
	Second Weights // AdamW's mean of squares; nil for SGD
	Steps  int     // that were made
}

// NewMoments are those before the first step.
func NewMoments(p *Plan) Moments {
	zeros := func() Weights {
		w := make(Weights, 0, 8)
		for _, param := range p.params() {
			w = append(w, make([]float32, param.Size()))
		}
		return w
	}
	m := Moments{First: zeros()}
	if p.Spec.Optimizer.Type == AdamW {
		m.Second = zeros()
	}
	return m
}

// Clone returns a copy.
func (m Moments) Clone() Moments {
	return Moments{m.First.Clone(), m.Second.Clone(), m.Steps}
}

// Update moves weights along gradients, which it scales down to the greatest length that the plan allows. The rate is that of
// this step.
func (p *Plan) Update(w, gradients Weights, m *Moments, rate float64) {
	o := p.Spec.Optimizer
	squares := 0.0
	for _, g := range gradients {
		for _, v := range g {
			squares += float64(v) * float64(v)
		}
	}
	scale := float32(1)
	if length := math.Sqrt(squares); length > o.Clip {
		scale = float32(o.Clip / length)
	}
	m.Steps++
	first := 1 - math.Pow(beta1, float64(m.Steps))
	second := 1 - math.Pow(beta2, float64(m.Steps))
	step := float32(rate * math.Sqrt(second) / first)
	small := float32(epsilon * math.Sqrt(second))
	for i, param := range p.params() {
		kept := float32(1)
		if param.Decays {
			kept = float32(1 - rate*o.Decay)
		}
		values, velocity := w[i], m.First[i]
		if o.Type == SGD {
			momentum := float32(o.Momentum)
			for j, g := range gradients[i] {
				g *= scale
				velocity[j] = momentum*velocity[j] + g
				values[j] = values[j]*kept - float32(rate)*(g+momentum*velocity[j])
			}
			continue
		}
		squares := m.Second[i]
		for j, g := range gradients[i] {
			g *= scale
			velocity[j] += (1 - beta1) * (g - velocity[j])
			squares[j] += (1 - beta2) * (g*g - squares[j])
			values[j] = values[j]*kept - step*velocity[j]/(float32(math.Sqrt(float64(squares[j])))+small)
		}
	}
}

// rate is the learning rate of a step of so many.
func (p *Plan) rate(step, of int) float64 {
	rate := p.Spec.Optimizer.Rate
	warmup := p.Spec.Schedule.Warmup
	if step < warmup {
		return rate * float64(step+1) / float64(warmup)
	}
	if p.Spec.Schedule.Type == Constant || of <= warmup {
		return rate
	}
	done := float64(step-warmup) / float64(of-warmup)
	return rate * (cosineFloor + (1-cosineFloor)*(1+math.Cos(math.Pi*min(done, 1)))/2)
}
