package aggregate

import (
	"context"
	"math"
	"slices"
)

// ordinalPrior is the weight, in answers, of the prior on a worker: that they answer as everybody together does.
// ordinalNear is that of the prior on everybody together: a spread of one class and no bias.
const (
	ordinalPrior = 4.0
	ordinalNear  = 4.0
)

// ordinalSlip is how probable it is that an answer has nothing to do with the task. It is the same for all: who answers
// at random has a spread so wide that it comes to the same.
const ordinalSlip = 0.05

// ordinalFrequency is how many tasks each class has had before the first.
const ordinalFrequency = 1.0

const (
	ordinalTolerance = 1e-8
	ordinalRoundsMax = 1000
)

// ScalesOrdinal is the model of Dawid and Skene, Applied Statistics 28 (1979), with two parameters a worker instead of a
// confusion matrix, for classes that have an order:
//
//	P(worker answers k | truth j) = 0.95 exp(a (k-j) + c (k-j)^2) / (sum over classes of the same) + 0.05/classes,
//
// a normal error cut to the classes, with bias -a/2c and spread 1/sqrt(-2c), or a slip, which may be any class: without
// those, one answer far off would outweigh many. How frequent each class is, is
// learned too. Fitted by EM; the step for workers is Newton's, as the expected logarithm is concave in a and c. The prior of a worker
// is how all together answer. Values are the means of the posterior, with intervals of its standard deviation, cut to the
// scale. O(answers classes + workers classes^2) per step.
func ScalesOrdinal(ctx context.Context, s Scales, progress Progress) (*ScalesResult, error) {
	r, _, err := fitScalesOrdinal(ctx, s, progress)
	return r, err
}

// fitScalesOrdinal returns what was learned too.
func fitScalesOrdinal(ctx context.Context, s Scales, progress Progress) (*ScalesResult, *ordinalFit, error) {
	x, err := s.index()
	if err != nil {
		return nil, nil, err
	}
	f := newOrdinalFit(&s, x)
	out := &ScalesResult{Method: ScalesOrdinalMethod, Posterior: f.posterior}
	for out.Iterations < ordinalRoundsMax && !out.Converged {
		if err := progress.step(ctx, out.Iterations, ordinalRoundsMax); err != nil {
			return nil, nil, err
		}
		out.Iterations++
		f.learn()
		var change float64
		change, out.LogLikelihood = f.infer()
		out.Converged = change < ordinalTolerance
	}
	f.finish(out)
	return out, f, nil
}

// leaning is the parameters of a worker.
type leaning struct{ a, c float64 }

// ordinalFit is the state of the EM.
type ordinalFit struct {
	*Scales
	x         *rowIndex
	posterior []float64 // by task and class
	frequency []float64 // per class
	workers   []leaning
	logs      []float64 // by worker, answer and truth: log P
	meant     []float64 // likewise: how probable it is that the answer was no slip
	answers   []int
	crowd     leaning
}

func newOrdinalFit(s *Scales, x *rowIndex) *ordinalFit {
	k := s.ClassCount
	f := &ordinalFit{
		Scales: s, x: x, posterior: make([]float64, s.TaskCount*k), frequency: make([]float64, k),
		workers: make([]leaning, s.WorkerCount),
		logs:    make([]float64, s.WorkerCount*k*k), meant: slices.Repeat([]float64{1}, s.WorkerCount*k*k), answers: make([]int, s.WorkerCount),
		crowd: leaning{0, -0.5},
	}
	for w := range f.workers {
		f.workers[w] = f.crowd
	}
	for t := range s.TaskCount {
		rows := x.of(t)
		mean := 0.0
		for _, row := range rows {
			mean += float64(s.Classes[row]) / float64(len(rows))
			f.answers[s.Workers[row]]++
		}
		if len(rows) == 0 {
			continue
		}
		sum := 0.0
		p := f.posterior[t*k : (t+1)*k]
		for j := range p { // where the search starts: a class off the mean is half as likely, two a tenth
			p[j] = math.Exp(-(float64(j) - mean) * (float64(j) - mean) / 1.5)
			sum += p[j]
		}
		for j := range p {
			p[j] /= sum
		}
	}
	return f
}

// learn fits the workers and the frequency of classes to the posterior.
func (f *ordinalFit) learn() {
	k := f.ClassCount
	for j := range f.frequency {
		f.frequency[j] = ordinalFrequency
	}
	tasks := ordinalFrequency * float64(k)
	for i, p := range f.posterior { // all 0 of a task without answers
		f.frequency[i%k] += p
		tasks += p
	}
	for j := range f.frequency {
		f.frequency[j] /= tasks
	}

	pairs := f.pairs()
	near := f.expect(leaning{0, -0.5}, ordinalNear)
	for i, p := range pairs {
		near[i%(k*k)] += p
	}
	f.crowd = f.fit(near, f.crowd)
	prior := f.expect(f.crowd, ordinalPrior)
	for w := range f.workers {
		if f.answers[w] == 0 {
			f.workers[w] = f.crowd
			continue
		}
		own := pairs[w*k*k : (w+1)*k*k]
		for i := range own {
			own[i] += prior[i]
		}
		f.workers[w] = f.fit(own, f.workers[w])
	}
}

// expect returns how often each truth and answer would be in so many answers of a worker, if classes are equally
// frequent.
func (f *ordinalFit) expect(l leaning, answers float64) []float64 {
	k := f.ClassCount
	out, p := make([]float64, k*k), make([]float64, k)
	for j := range k {
		l.distribution(j, p)
		for a, q := range p {
			out[j*k+a] = answers / float64(k) * q
		}
	}
	return out
}

// distribution writes P(answer | truth j), and returns the logarithm of what it was divided by.
func (l leaning) distribution(j int, p []float64) float64 {
	top := math.Inf(-1)
	for a := range p {
		d := float64(a - j)
		p[a] = l.a*d + l.c*d*d
		top = max(top, p[a])
	}
	sum := 0.0
	for a := range p {
		p[a] = math.Exp(p[a] - top)
		sum += p[a]
	}
	for a := range p {
		p[a] /= sum
	}
	return top + math.Log(sum)
}

// fit finds the most likely parameters for counts of truth and answer, from a first guess, by Newton's method with
// halved steps where a whole one does not help.
func (f *ordinalFit) fit(counts []float64, l leaning) leaning {
	const steps, enough = 50, 1e-12
	value, g := f.slope(counts, l)
	for range steps {
		det := g.aa*g.cc - g.ac*g.ac
		if !(det > 0) {
			break
		}
		da, dc := (g.cc*g.a-g.ac*g.c)/det, (g.aa*g.c-g.ac*g.a)/det
		if math.Abs(da)+math.Abs(dc) < enough {
			break
		}
		step := 1.0
		for ; step > 1e-6; step /= 2 {
			next := leaning{l.a + step*da, l.c + step*dc}
			if next.c > -1e-6 || next.c < -50 { // flat, or never off by one
				continue
			}
			if v, ng := f.slope(counts, next); v >= value {
				l, value, g = next, v, ng
				break
			}
		}
		if step <= 1e-6 {
			break
		}
	}
	return l
}

// slope is the first derivatives of an expected log-likelihood, and the negative second ones.
type slope struct{ a, c, aa, ac, cc float64 }

func (f *ordinalFit) slope(counts []float64, l leaning) (value float64, g slope) {
	k := f.ClassCount
	p := make([]float64, k)
	for j := range k {
		norm := l.distribution(j, p)
		n, d1, d2, d3, d4 := 0.0, 0.0, 0.0, 0.0, 0.0
		for a, q := range p {
			d := float64(a - j)
			count := counts[j*k+a]
			n += count
			value += count * (l.a*d + l.c*d*d)
			g.a += count * d
			g.c += count * d * d
			d1, d2, d3, d4 = d1+q*d, d2+q*d*d, d3+q*d*d*d, d4+q*d*d*d*d
		}
		value -= n * norm
		g.a -= n * d1
		g.c -= n * d2
		g.aa += n * (d2 - d1*d1)
		g.ac += n * (d3 - d1*d2)
		g.cc += n * (d4 - d2*d2)
	}
	return value, g
}

// infer finds the posterior, and returns its largest change and the log-likelihood.
func (f *ordinalFit) infer() (change, logLikelihood float64) {
	k := f.ClassCount
	p := make([]float64, k)
	for w, l := range f.workers {
		for j := range k {
			l.distribution(j, p)
			for a, q := range p {
				meant := (1 - ordinalSlip) * q
				all := meant + ordinalSlip/float64(k)
				f.logs[(w*k+a)*k+j], f.meant[(w*k+a)*k+j] = math.Log(all), meant/all
			}
		}
	}
	for t := range f.TaskCount {
		rows := f.x.of(t)
		if len(rows) == 0 {
			continue
		}
		for j := range p {
			p[j] = math.Log(f.frequency[j])
		}
		for _, row := range rows {
			at := (int(f.Workers[row])*k + int(f.Classes[row])) * k
			for j, l := range f.logs[at : at+k] {
				p[j] += l
			}
		}
		top, sum := math.Inf(-1), 0.0
		for _, l := range p {
			top = max(top, l)
		}
		for j, l := range p {
			p[j] = math.Exp(l - top)
			sum += p[j]
		}
		logLikelihood += top + math.Log(sum)
		for j, old := range f.posterior[t*k : (t+1)*k] {
			now := p[j] / sum
			change = max(change, math.Abs(now-old))
			f.posterior[t*k+j] = now
		}
	}
	return change, logLikelihood
}

func (f *ordinalFit) finish(out *ScalesResult) {
	k := f.ClassCount
	out.Values, out.Class = make([]Estimate, f.TaskCount), make([]int32, f.TaskCount)
	for t := range f.TaskCount {
		out.Values[t], out.Class[t] = unknown, -1
		if len(f.x.of(t)) == 0 {
			continue
		}
		mean, square, best := 0.0, 0.0, 0
		for j, p := range f.posterior[t*k : (t+1)*k] {
			mean += p * float64(j)
			square += p * float64(j*j)
			if p > f.posterior[t*k+best] {
				best = j
			}
		}
		e := around(mean, max(0, square-mean*mean))
		out.Values[t] = Estimate{mean, max(0, e.Low), min(float64(k-1), e.High)}
		out.Class[t] = int32(best)
	}
	out.Bias, out.Spread = make([]Estimate, f.WorkerCount), make([]Estimate, f.WorkerCount)
	pairs, prior := f.pairs(), f.expect(f.crowd, ordinalPrior)
	for w, l := range f.workers {
		out.Bias[w], out.Spread[w] = unknown, unknown
		if f.answers[w] == 0 {
			continue
		}
		// The covariance of a and c is the inverse of the information; that of bias and of log spread follows from how
		// they change with a and c.
		own := pairs[w*k*k : (w+1)*k*k]
		for i := range own {
			own[i] += prior[i]
		}
		_, g := f.slope(own, l)
		det := g.aa*g.cc - g.ac*g.ac
		vaa, vac, vcc := g.cc/det, -g.ac/det, g.aa/det
		bias, byA, byC := -l.a/(2*l.c), -1/(2*l.c), l.a/(2*l.c*l.c)
		out.Bias[w] = around(bias, byA*byA*vaa+2*byA*byC*vac+byC*byC*vcc)
		out.Spread[w] = scale(1/math.Sqrt(-2*l.c), vcc/(4*l.c*l.c))
	}
}

// pairs returns how often each worker is expected to have meant each answer to each truth, by worker, truth and answer.
func (f *ordinalFit) pairs() []float64 {
	k := f.ClassCount
	out := make([]float64, f.WorkerCount*k*k)
	for t := range f.TaskCount {
		for _, row := range f.x.of(t) {
			w, answer := int(f.Workers[row]), int(f.Classes[row])
			for j, p := range f.posterior[t*k : (t+1)*k] {
				out[(w*k+j)*k+answer] += p * f.meant[(w*k+answer)*k+j]
			}
		}
	}
	return out
}
