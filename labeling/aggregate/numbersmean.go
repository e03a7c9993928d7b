package aggregate

import (
	"context"
	"math"
	"slices"
)

// Errors and biases have the tails of Student's distribution with this many degrees of freedom: at 4, an answer ten
// spreads off has a twentieth of the weight of one that is right.
const numbersFreedom = 4.0

// normalPerStudent is the standard deviation of a normal over the scale of a Student's distribution of that freedom with
// the same median distance from 0.
const normalPerStudent = 1.0981590

// spreadPrior is how many answers of the typical spread everybody has given before their first.
const spreadPrior = 1.0

const (
	numbersTolerance = 1e-7 // in typical spreads, or in how little is known of a mean or bias if that is more
	numbersRoundsMax = 2000
)

// NumbersMean takes the mean of each task, weighted by what is learned of workers and of outliers. The model is
//
//	x = m_task + b_worker + s_worker e,
//
// with e and b/(d max(s, 1/5)) from Student's distribution with 4 degrees of freedom, nothing known of m, and s^2 around the
// square of the typical spread, which is 1, by a prior of one answer; d, the typical bias of a worker in their spreads, is
// learned. So who errs at random does not decide where the middle of all biases is. Fitted by EM in the form of iterated
// weights (Lange, Little and Taylor, JASA 84 (1989)): an answer weighs
//
//	u/s^2, u = 5/(4 + (x-m-b)^2/s^2),
//
// where the square takes in how little is known of m and b, so that no worker's spread goes to 0 by being the only one
// who is believed. Biases are against the crowd's: what all share cannot be seen. Intervals of m are from the expected
// information of Student's distribution, and take in the uncertainty of biases and of their middle. Those of spreads are from how much
// the answers of a worker pull the spread either way (Huber's sandwich), and take in that errors may have thinner tails: they
// hold for errors that are normal, with or without slips of the finger, and for those of the model, with 10 answers a worker or
// more. Those of biases hold for nine workers in ten. An answer that is alone on its task is taken less its worker's bias, and
// says nothing of them. The log-likelihood is NaN where no two answers to a task differ, as any density of them would be infinite.
// O(answers) per step.
func NumbersMean(ctx context.Context, n Numbers, progress Progress) (*NumbersResult, error) {
	x, err := n.index()
	if err != nil {
		return nil, err
	}
	median, spread := n.medians(x)
	if spread == 0 || math.IsNaN(spread) {
		return n.undisputed(x, median, spread), nil
	}
	f := newNumbersFit(&n, x, median, spread)
	out := &NumbersResult{}
	for out.Iterations < numbersRoundsMax && !out.Converged {
		if err := progress.step(ctx, out.Iterations, numbersRoundsMax); err != nil {
			return nil, err
		}
		out.Iterations++
		out.Converged = f.step() < numbersTolerance
	}
	f.finish(out)
	return out, nil
}

// undisputed is the result when no two answers to a task differ, and spread is 0, or no task has two, and it is NaN.
func (n *Numbers) undisputed(x *rowIndex, value []float64, spread float64) *NumbersResult {
	out := &NumbersResult{
		Values: make([]Estimate, n.TaskCount), Bias: slices.Repeat([]Estimate{unknown}, n.WorkerCount),
		Spread: slices.Repeat([]Estimate{unknown}, n.WorkerCount), Convergence: Convergence{LogLikelihood: math.NaN(), Converged: true},
	}
	for t, v := range value {
		rows := x.of(t)
		if len(rows) == 0 {
			out.Values[t] = unknown
			continue
		}
		out.Values[t] = bounded(v, spread)
		if len(rows) < 2 {
			continue
		}
		for _, row := range rows {
			out.Bias[n.Workers[row]], out.Spread[n.Workers[row]] = Estimate{}, Estimate{}
		}
	}
	return out
}

// numbersFit is the state of the EM, in units of the typical spread.
type numbersFit struct {
	x      *rowIndex
	unit   float64
	median []float64 // what values are counted from, so that large ones with a small spread keep their digits
	value  []float64 // per place in x, over the median of its task
	worker []int32   // per place
	group  []int32   // per worker: those who are linked by common tasks have one number

	mean, meanVar []float64 // per task
	bias, biasVar []float64 // per worker
	square        []float64 // of the spread, per worker
	tail          []float64 // u of each place
	answers       []float64 // per worker, to tasks that others answered: one alone says nothing of its worker
	typicalBias   float64   // its square, over that of the spread
}

func newNumbersFit(n *Numbers, x *rowIndex, median []float64, unit float64) *numbersFit {
	f := &numbersFit{
		x: x, unit: unit, median: median, value: make([]float64, len(x.rows)), worker: make([]int32, len(x.rows)), tail: make([]float64, len(x.rows)),
		group: n.linked(x), mean: make([]float64, n.TaskCount), meanVar: make([]float64, n.TaskCount), bias: make([]float64, n.WorkerCount),
		biasVar: make([]float64, n.WorkerCount), square: make([]float64, n.WorkerCount), answers: make([]float64, n.WorkerCount),
		typicalBias: 0.25,
	}
	for t := range f.mean {
		f.meanVar[t] = 1 / float64(len(x.of(t)))
		for i := x.start[t]; i < x.start[t+1]; i++ {
			f.value[i] = (n.Values[x.rows[i]] - median[t]) / unit
			f.worker[i] = n.Workers[x.rows[i]]
			if len(x.of(t)) > 1 {
				f.answers[f.worker[i]]++
			}
		}
	}
	for w := range f.square {
		f.square[w] = 1
	}
	return f
}

// linked numbers the groups of workers who are linked by tasks that they have in common, by way of others too: biases of
// different groups cannot be compared.
func (n *Numbers) linked(x *rowIndex) []int32 {
	parent := make([]int32, n.WorkerCount)
	for w := range parent {
		parent[w] = int32(w)
	}
	root := func(w int32) int32 {
		for parent[w] != w {
			parent[w] = parent[parent[w]]
			w = parent[w]
		}
		return w
	}
	for t := range n.TaskCount {
		rows := x.of(t)
		for _, row := range rows {
			a, b := root(n.Workers[rows[0]]), root(n.Workers[row])
			parent[max(a, b)] = min(a, b)
		}
	}
	for w := range parent {
		parent[w] = root(int32(w))
	}
	return parent
}

// error2 is the expected square of the error of the answer at place i, of task t.
func (f *numbersFit) error2(t int, i int32) float64 {
	w := f.worker[i]
	e := f.value[i] - f.mean[t] - f.bias[w]
	return e*e + f.meanVar[t] + f.biasVar[w]
}

// biasWeight is u of a worker's bias, over the square of how large it may be.
func (f *numbersFit) biasWeight(w int) float64 {
	square := f.biasSquare(w)
	return (numbersFreedom + 1) / (numbersFreedom + (f.bias[w]*f.bias[w]+f.biasVar[w])/square) / square
}

// carefulSquare is the square of the spread, in typical ones, under which a smaller one makes no bias less likely.
const carefulSquare = 0.04

// biasSquare is the square of how large a worker's bias typically is.
func (f *numbersFit) biasSquare(w int) float64 {
	return f.typicalBias * max(f.square[w], carefulSquare)
}

// step is one round of EM. It returns the largest change of a mean or bias, on the scale of numbersTolerance.
func (f *numbersFit) step() float64 {
	change := 0.0
	known, sum := make([]float64, len(f.bias)), make([]float64, len(f.bias))
	for t := range f.mean {
		from, to := f.x.start[t], f.x.start[t+1]
		if to-from < 2 {
			continue
		}
		weights, mean := 0.0, 0.0
		for i := from; i < to; i++ {
			w := f.worker[i]
			f.tail[i] = (numbersFreedom + 1) / (numbersFreedom + f.error2(t, i)/f.square[w])
			weight := f.tail[i] / f.square[w]
			weights += weight
			mean += weight * (f.value[i] - f.bias[w])
		}
		mean /= weights
		change = max(change, math.Abs(mean-f.mean[t])/(1+math.Sqrt(1/weights)))
		f.mean[t], f.meanVar[t] = mean, 1/weights
		for i := from; i < to; i++ {
			w := f.worker[i]
			known[w] += f.tail[i] / f.square[w]
			sum[w] += f.tail[i] / f.square[w] * (f.value[i] - mean)
		}
	}

	shift, shifted := make([]float64, len(f.bias)), make([]float64, len(f.bias))
	squares, workers := 0.1, 1.0 // a prior that keeps the typical bias from 0
	for w, n := range f.answers {
		if n == 0 {
			continue
		}
		weight := f.biasWeight(w)
		bias := sum[w] / (known[w] + weight)
		change = max(change, math.Abs(bias-f.bias[w])/(1+math.Sqrt(f.biasVar[w])))
		f.bias[w], f.biasVar[w] = bias, 1/(known[w]+weight)
		shift[f.group[w]] += weight * bias
		shifted[f.group[w]] += weight
		squares += weight * f.typicalBias * (bias*bias + f.biasVar[w])
		workers++
	}
	f.typicalBias = squares / workers

	// What is common to the biases of a group belongs to the means of its tasks. EM alone would move it there too, in
	// steps as small as one over the number of a worker's answers.
	for w := range f.bias {
		if s := shifted[f.group[w]]; f.answers[w] > 0 {
			f.bias[w] -= shift[f.group[w]] / s
		}
	}
	errors := make([]float64, len(f.bias))
	for t := range f.mean {
		from, to := f.x.start[t], f.x.start[t+1]
		if to-from < 2 {
			continue
		}
		g := f.group[f.worker[from]]
		f.mean[t] += shift[g] / shifted[g]
		for i := from; i < to; i++ {
			errors[f.worker[i]] += f.tail[i] * f.error2(t, i)
		}
	}
	for w, n := range f.answers {
		f.square[w] = (spreadPrior + errors[w]) / (spreadPrior + n)
	}
	return change
}

func (f *numbersFit) finish(out *NumbersResult) {
	located, members := make([]float64, len(f.bias)), make([]float64, len(f.bias)) // what is known of where the biases of a group have their middle
	for w, n := range f.answers {
		if n > 0 {
			located[f.group[w]] += f.biasWeight(w)
			members[f.group[w]]++
		} else {
			f.biasVar[w] = f.biasSquare(w)
		}
	}
	middleVar := func(w int32) float64 {
		if known := located[f.group[w]]; known > 0 {
			return 1 / known
		}
		return 0
	}
	out.Values = make([]Estimate, len(f.mean))
	free := make([]float64, len(f.bias)) // answers of each worker, less what went into the means
	pulls := make([]spreadPulls, len(f.bias))
	for t := range f.mean {
		from, to := f.x.start[t], f.x.start[t+1]
		switch to - from {
		case 0:
			out.Values[t] = unknown
			continue
		case 1:
			w := f.worker[from]
			f.mean[t], f.meanVar[t], f.tail[from] = f.value[from]-f.bias[w], f.square[w], 1
		}
		known, biases := 0.0, 0.0
		for i := from; i < to; i++ {
			w := f.worker[i]
			known += min(f.tail[i], (numbersFreedom+1)/(numbersFreedom+3)) / f.square[w]
			share := f.tail[i] / f.square[w] * f.meanVar[t]
			biases += share * share * f.biasVar[w]
			own := max(0, 1-share)
			free[w] += own
			if to-from > 1 {
				pulls[w].add(f.value[i]-f.mean[t]-f.bias[w], f.square[w], own)
			}
			out.LogLikelihood += studentLog(f.value[i]-f.mean[t]-f.bias[w], f.square[w]) - math.Log(f.unit)
		}
		out.Values[t] = around(f.median[t]+f.unit*f.mean[t], f.unit*f.unit*(1/known+biases+middleVar(f.worker[from])))
	}
	out.Bias, out.Spread = make([]Estimate, len(f.bias)), make([]Estimate, len(f.bias))
	for w, n := range f.answers {
		out.Bias[w], out.Spread[w] = unknown, unknown
		if n > 0 {
			bias := f.biasVar[w]*n/free[w]*few(free[w]) + middleVar(int32(w))*few(members[f.group[w]])
			out.Bias[w] = around(f.unit*f.bias[w], f.unit*f.unit*bias)
			out.Spread[w] = scale(normalPerStudent*f.unit*math.Sqrt(f.square[w]), pulls[w].variance()*few(free[w])+spreadTails*spreadTails)
		}
	}
}

// few is by how much a variance that n values show is to be increased, for a normal interval to be about as wide as that of
// Student's distribution with as many degrees of freedom.
func few(n float64) float64 { return 1 + 3/n }

// spreadTails is by how much, as a factor, a spread may be off because errors have other tails than the model's: that of
// normal ones comes out 8 % too small.
const spreadTails = 0.08

// spreadPulls is what answers of a worker say of their spread: the logarithm of its square is where
//
//	pull = 5 r/(4 + r) - 1, r = e^2/s^2,
//
// is 0 on average.
type spreadPulls struct{ squares, slope float64 }

// add counts an error, of which the share own is not what went into the mean of its task.
func (p *spreadPulls) add(e, square, own float64) {
	r := e * e / (square * max(own, 0.1))
	pull := (numbersFreedom+1)*r/(numbersFreedom+r) - 1
	p.squares += own * pull * pull
	p.slope += own * (numbersFreedom + 1) * numbersFreedom * r / ((numbersFreedom + r) * (numbersFreedom + r))
}

// variance is that of the logarithm of the spread. The prior is what the model expects of so many answers.
func (p *spreadPulls) variance() float64 {
	const expected = 2 * numbersFreedom / (numbersFreedom + 3) * spreadPrior // of a slope, and half of a square
	known := p.slope + expected
	return (p.squares + 2*expected) / (4 * known * known)
}

// studentLog is the logarithm of the density of an error whose scale has the given square.
func studentLog(e, square float64) float64 {
	const gamma = 3.0 / 8 // of 5/2 over gamma of 2 and the root of 4 pi
	return math.Log(gamma) - math.Log(square)/2 - (numbersFreedom+1)/2*math.Log1p(e*e/(numbersFreedom*square))
}
