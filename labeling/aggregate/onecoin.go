package aggregate

import (
	"context"
	"math"
)

// coins are the one-coin model: worker w answers with the true class with probability accuracy[w], and otherwise with
// each other class equally. All classes are equal beforehand: an uneven prior, learned with accuracies alone, draws every
// doubtful task to the most frequent class.
type coins struct {
	*ballots
	accuracy []float64
}

// Bounds on the accuracy that an answer is weighed by, so that no answer excludes a class.
const (
	accuracyMin = 1e-6
	accuracyMax = 1 - 1e-6
)

// fitOneCoin is the model of Dawid and Skene (Applied Statistics 28, 1979) with one accuracy a worker, fitted by
// expectation maximisation from the shares of the majority. An accuracy is (1 + the expected number of right answers) /
// (2 + answers), so that a few answers do not make it 0 or 1; the log-likelihood may fall a little for that prior.
// O(answers) an iteration, O(answers + workers) memory for any number of classes. A worker's weight is their accuracy.
func fitOneCoin(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations = 100
	b := countBallots(v)
	c := &coins{ballots: b, accuracy: make([]float64, v.workers)}
	answers := v.perWorker()
	sums := v.newSums(v.workers)
	p := b.share(ones(v.workers))
	right := sums.collect(func(_, from, until int, into []float64) {
		for t := from; t < until; t++ {
			c.count(t, p, into)
		}
	})
	r := &Result{}
	err := r.iterate(ctx, o, iterations, v.Len(), func() float64 {
		for w, n := range answers {
			c.accuracy[w] = (right[w] + 1) / (float64(n) + 2)
		}
		right, r.LogLikelihood = c.step(p, sums)
		return r.LogLikelihood
	})
	if err != nil {
		return nil, err
	}
	r.Posterior = p
	r.Workers = make([]Worker, v.workers)
	for w := range r.Workers {
		r.Workers[w].Weight = c.accuracy[w]
	}
	r.conclude(v)
	r.predict = c.predictor(p)
	return r, nil
}

// count adds how probably each answer to a task is right.
func (c *coins) count(task int, p *Posterior, into []float64) {
	workers, slots, _ := c.task(task)
	post := p.p[c.first[task]:c.first[task+1]]
	for i, w := range workers {
		into[w] += post[slots[i]]
	}
}

// step sets the posterior of each task, and returns the counts of it and the log-likelihood. The logarithm of the odds of
// a chosen class, against one that nobody chose, is that of p (classes-1) / (1-p) for each of its answers.
func (c *coins) step(p *Posterior, sums *sums) (right []float64, logLikelihood float64) {
	others, even := math.Log(float64(c.classes-1)), math.Log(float64(c.classes))
	gain, base := make([]float64, c.workers), make([]float64, c.workers)
	for w, a := range c.accuracy {
		a = min(max(a, accuracyMin), accuracyMax)
		base[w] = math.Log1p(-a) - others
		gain[w] = math.Log(a) - base[w]
	}
	logs := make([]float64, len(sums.of))
	right = sums.collect(func(part, from, until int, into []float64) {
		sum := 0.0
		for t := from; t < until; t++ {
			workers, slots, chosen := c.task(t)
			if chosen == 0 {
				continue
			}
			post := p.p[c.first[t]:c.first[t+1]]
			clear(post)
			for i, w := range workers {
				post[slots[i]] += gain[w]
				sum += base[w]
			}
			sum += normaliseLogs(post, float64(c.classes-chosen), &p.rest[t]) - even
			c.count(t, p, into)
		}
		logs[part] = sum
	})
	for _, l := range logs {
		logLikelihood += l
	}
	return right, logLikelihood
}

// predictor returns how probable each answer is to a task whose posterior is p.
func (c *coins) predictor(p *Posterior) func(task, worker, class int) float64 {
	return func(task, worker, class int) float64 {
		a, right := min(max(c.accuracy[worker], accuracyMin), accuracyMax), p.Of(task, class)
		return a*right + (1-a)*(1-right)/float64(c.classes-1)
	}
}
