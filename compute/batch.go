package compute

import (
	"math"
	"math/rand/v2"
)

// batch makes the batch of a step from some of the examples.
func (p *Plan) batch(e *Examples, which []int, step int) Batch {
	size, classes := p.InputSize(), len(p.Spec.Classes)
	b := Batch{Inputs: make([]float32, 0, size*len(which)), Targets: make([]float32, 0, classes*len(which)), Weights: make([]float32, len(which))}
	random := p.random(drawAugment, uint64(step))
	total := 0.0
	for n, i := range which {
		at := len(b.Inputs)
		b.Inputs = append(b.Inputs, e.Inputs[i*size:(i+1)*size]...)
		if p.Spec.Augment != (Augment{}) {
			p.augment(b.Inputs[at:], e.Inputs[i*size:(i+1)*size], random)
		}
		for _, t := range e.Targets[i*classes : (i+1)*classes] {
			b.Targets = append(b.Targets, t*float32(1-p.Spec.Smoothing)+float32(p.Spec.Smoothing/float64(classes)))
		}
		b.Weights[n] = 1
		if e.Weights != nil {
			b.Weights[n] = e.Weights[i]
		}
		total += float64(b.Weights[n])
	}
	for n := range b.Weights {
		if total > 0 { // else nobody counts, and the gradient is zero
			b.Weights[n] = float32(float64(b.Weights[n]) / total)
		}
	}
	b.Masks = p.masks(len(which), step)
	return b
}

// masks draws what is dropped in a step.
func (p *Plan) masks(examples, step int) (masks [][]float32) {
	random := p.random(drawDropout, uint64(step))
	for _, s := range p.Steps {
		if s.Layer.Type != Dropout {
			continue
		}
		mask := make([]float32, examples*product(s.In))
		for i := range mask {
			if random.Float64() >= s.Layer.Rate {
				mask[i] = float32(1 / (1 - s.Layer.Rate))
			}
		}
		masks = append(masks, mask)
	}
	return masks
}

// augment writes a moved copy of an image. What comes in from outside is black.
func (p *Plan) augment(to, from []float32, random *rand.Rand) {
	a := p.Spec.Augment
	height, width, channels := p.Input[0], p.Input[1], p.Input[2]
	within := func(most float64) float64 { return (2*random.Float64() - 1) * most }
	down, right := within(a.Shift)*float64(height), within(a.Shift)*float64(width)
	sin, cos := math.Sincos(within(a.Rotate) * math.Pi / 180)
	mirror := a.Flip && random.IntN(2) == 1
	midY, midX := float64(height-1)/2, float64(width-1)/2
	clear(to)
	for y := range height {
		for x := range width {
			dy, dx := float64(y)-midY-down, float64(x)-midX-right
			sy, sx := midY+cos*dy-sin*dx, midX+sin*dy+cos*dx
			if mirror {
				sx = float64(width-1) - sx
			}
			top, left := math.Floor(sy), math.Floor(sx)
			for _, corner := range [4][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
				cy, cx := int(top)+corner[0], int(left)+corner[1]
				share := float32((1 - math.Abs(sy-float64(cy))) * (1 - math.Abs(sx-float64(cx))))
				if cy < 0 || cy >= height || cx < 0 || cx >= width || share == 0 {
					continue
				}
				for c := range channels {
					to[(y*width+x)*channels+c] += share * from[(cy*width+cx)*channels+c]
				}
			}
		}
	}
}
