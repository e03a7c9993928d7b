package computetest

import (
	"math"

	"github.com/tasknet/tasknet/compute"
)

// array is numbers with a shape, row by row.
type array struct {
	shape  []int
	values []float64
}

func zeros(shape ...int) array {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return array{shape, make([]float64, n)}
}

// rows calls f with each row of the last axis.
func (a array) rows(f func(row []float64)) {
	width := a.shape[len(a.shape)-1]
	for at := 0; at < len(a.values); at += width {
		f(a.values[at : at+width])
	}
}

func weight(p compute.Param, values []float32) array {
	a := zeros(p.Shape...)
	for i, v := range values {
		a.values[i] = float64(v)
	}
	return a
}

// forward says what a plan's layers give for one example, by the definition of each, one number after the other. It is what
// trainers are compared with. masks are those of the example; without them nothing is dropped.
func forward(p *compute.Plan, w compute.Weights, input []float32, masks [][]float32) []float64 {
	x := zeros(p.Input...)
	for i, v := range input {
		x.values[i] = float64(v)
	}
	for _, step := range p.Steps {
		weights := make([]array, len(step.Params))
		for i, param := range step.Params {
			weights[i] = weight(param, w[i])
		}
		w = w[len(step.Params):]
		x = layer(step, x, weights)
		if step.Layer.Type == compute.Dropout && masks != nil {
			for i, m := range masks[0] {
				x.values[i] *= float64(m)
			}
			masks = masks[1:]
		}
	}
	return x.values
}

// lossOf is the loss of a batch by its definition.
func lossOf(p *compute.Plan, w compute.Weights, b *compute.Batch) (loss float64) {
	n, classes := b.Len(), len(p.Spec.Classes)
	size := len(b.Inputs) / n
	for i := range n {
		var masks [][]float32
		for _, m := range b.Masks {
			masks = append(masks, m[i*len(m)/n:(i+1)*len(m)/n])
		}
		logits, sum := forward(p, w, b.Inputs[i*size:(i+1)*size], masks), 0.0
		for _, l := range logits {
			sum += math.Exp(l)
		}
		for c, l := range logits {
			weight, target, likely := float64(b.Weights[i]), float64(b.Targets[i*classes+c]), math.Exp(l)/sum
			switch p.Spec.Loss.Type {
			case compute.Brier:
				loss += weight * (likely - target) * (likely - target)
			case compute.Focal:
				loss -= weight * target * math.Pow(1-likely, p.Spec.Loss.Gamma) * math.Log(likely)
			default:
				loss -= weight * target * (l - math.Log(sum))
			}
		}
	}
	return loss
}

func layer(step compute.PlanStep, x array, w []array) array {
	l := step.Layer
	out := zeros(step.Out...)
	switch l.Type {
	case compute.Dense:
		return activated(l.Activation, added(times(x, w[0]), w[1]))
	case compute.Conv:
		before := func(size, count int) int { return ((count-1)*l.Stride + l.Kernel - size) / 2 }
		top, left := before(x.shape[0], out.shape[0]), before(x.shape[1], out.shape[1])
		for y := range out.shape[0] {
			for z := range out.shape[1] {
				for f := range l.Filters {
					sum := w[1].values[f]
					for dy := range l.Kernel {
						for dx := range l.Kernel {
							sy, sx := y*l.Stride+dy-top, z*l.Stride+dx-left
							if sy < 0 || sy >= x.shape[0] || sx < 0 || sx >= x.shape[1] {
								continue
							}
							for c := range x.shape[2] {
								sum += x.values[(sy*x.shape[1]+sx)*x.shape[2]+c] * w[0].values[((dy*l.Kernel+dx)*x.shape[2]+c)*l.Filters+f]
							}
						}
					}
					out.values[(y*out.shape[1]+z)*l.Filters+f] = sum
				}
			}
		}
		return activated(l.Activation, out)
	case compute.MaxPool, compute.MeanPool:
		for i := range out.values {
			c, z, y := i%out.shape[2], i/out.shape[2]%out.shape[1], i/out.shape[2]/out.shape[1]
			most, sum := math.Inf(-1), 0.0
			for dy := range l.Size {
				for dx := range l.Size {
					v := x.values[((y*l.Size+dy)*x.shape[1]+z*l.Size+dx)*x.shape[2]+c]
					most, sum = max(most, v), sum+v
				}
			}
			if out.values[i] = most; l.Type == compute.MeanPool {
				out.values[i] = sum / float64(l.Size*l.Size)
			}
		}
	case compute.GlobalPool:
		count := 0
		x.rows(func(row []float64) {
			count++
			for i, v := range row {
				out.values[i] += v
			}
		})
		for i := range out.values {
			out.values[i] /= float64(count)
		}
	case compute.Embedding:
		for i, token := range x.values {
			copy(out.values[i*l.Units:(i+1)*l.Units], w[0].values[int(token)*l.Units:])
		}
	case compute.Recurrent:
		h := zeros(1, l.Units)
		x.rows(func(row []float64) {
			now := added(times(array{[]int{1, len(row)}, row}, w[0]), w[2]).values
			before := times(h, w[1]).values
			for i := range l.Units {
				update, reset := sigmoid(now[i]+before[i]), sigmoid(now[l.Units+i]+before[l.Units+i])
				candidate := math.Tanh(now[2*l.Units+i] + reset*before[2*l.Units+i])
				h.values[i] = (1-update)*candidate + update*h.values[i]
			}
		})
		return array{step.Out, h.values}
	case compute.Attention:
		return attention(x, w, l.Heads)
	case compute.Norm:
		return normed(x, w[0], w[1])
	case compute.Flatten, compute.Dropout:
		return array{step.Out, x.values}
	}
	return out
}

func attention(x array, w []array, heads int) array {
	steps, width := x.shape[0], x.shape[1]
	in := normed(x, w[8], w[9])
	query, key, value := times(in, w[0]), times(in, w[1]), times(in, w[2])
	mixed := zeros(steps, width)
	each := width / heads
	for head := range heads {
		for q := range steps {
			scores, sum := make([]float64, steps), 0.0
			for k := range steps {
				for i := head * each; i < (head+1)*each; i++ {
					scores[k] += query.values[q*width+i] * key.values[k*width+i]
				}
				scores[k] = math.Exp(scores[k] / math.Sqrt(float64(each)))
				sum += scores[k]
			}
			for k, s := range scores {
				for i := head * each; i < (head+1)*each; i++ {
					mixed.values[q*width+i] += s / sum * value.values[k*width+i]
				}
			}
		}
	}
	x = added(times(mixed, w[3]), x)
	wide := activated(compute.ReLU, added(times(normed(x, w[10], w[11]), w[4]), w[5]))
	return added(added(times(wide, w[6]), w[7]), x)
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// times multiplies the last axis by a matrix.
func times(x, matrix array) array {
	units := matrix.shape[1]
	out := zeros(append(append([]int{}, x.shape[:len(x.shape)-1]...), units)...)
	at := 0
	x.rows(func(row []float64) {
		for i, v := range row {
			for j := range units {
				out.values[at+j] += v * matrix.values[i*units+j]
			}
		}
		at += units
	})
	return out
}

// added adds y, which may be one row for all.
func added(x, y array) array {
	out := zeros(x.shape...)
	for i, v := range x.values {
		out.values[i] = v + y.values[i%len(y.values)]
	}
	return out
}

func activated(a compute.Activation, x array) array {
	for i, v := range x.values {
		switch a {
		case compute.ReLU:
			x.values[i] = max(v, 0)
		case compute.Tanh:
			x.values[i] = math.Tanh(v)
		}
	}
	return x
}

func normed(x, scale, shift array) array {
	out := array{x.shape, append([]float64{}, x.values...)}
	out.rows(func(row []float64) {
		mean, spread := 0.0, 0.0
		for _, v := range row {
			mean += v / float64(len(row))
		}
		for _, v := range row {
			spread += (v - mean) * (v - mean) / float64(len(row))
		}
		for i, v := range row {
			row[i] = (v-mean)/math.Sqrt(spread+1e-5)*scale.values[i] + shift.values[i]
		}
	})
	return out
}
