package aggregate

import (
	"context"
	"math"
	"math/rand/v2"
)

// fitKOS is the message passing of Karger, Oh and Shah (NIPS 2011) for two classes. With an answer as -1 or +1, each
// answer carries a message from its task, the sum of the task's other answers times what their workers say, and one from
// its worker, likewise; the first are drawn from a normal distribution with mean 1 by the seed, in the order of tasks and
// then workers. A worker's weight is the sum of what their tasks say of them, scaled to at most 1, and a class's posterior
// its share of the weights. O(answers) an iteration.
func fitKOS(ctx context.Context, v *Votes, o Options) (*Result, error) {
	if v.classes != 2 {
		return nil, ErrNotBinary
	}
	const iterations = 20
	sign := func(i int) float64 { return float64(2*v.class[i] - 1) }
	random := rand.New(rand.NewPCG(o.Seed, 0))
	fromWorker, fromTask := make([]float64, v.Len()), make([]float64, v.Len())
	for i := range fromWorker {
		fromWorker[i] = 1 + random.NormFloat64()
	}
	weights, before := make([]float64, v.workers), make([]float64, v.workers)
	moved := 0.0 // by all weights so far: it settles when they do
	r := &Result{}
	err := r.iterate(ctx, o, iterations, v.workers, func() float64 {
		for t := range v.tasks {
			from, until := int(v.start[t]), int(v.start[t+1])
			sum := 0.0
			for i := from; i < until; i++ {
				sum += sign(i) * fromWorker[i]
			}
			for i := from; i < until; i++ {
				fromTask[i] = sum - sign(i)*fromWorker[i]
			}
		}
		copy(before, weights)
		clear(weights)
		for i, w := range v.worker {
			weights[w] += sign(i) * fromTask[i]
		}
		most := math.SmallestNonzeroFloat64
		for i, w := range v.worker {
			fromWorker[i] = weights[w] - sign(i)*fromTask[i]
			most = max(most, math.Abs(fromWorker[i]))
		}
		for i := range fromWorker {
			fromWorker[i] /= most
		}
		most = math.SmallestNonzeroFloat64
		for _, x := range weights {
			most = max(most, math.Abs(x))
		}
		for w := range weights {
			weights[w] /= most
			moved += math.Abs(weights[w] - before[w])
		}
		return moved
	})
	if err != nil {
		return nil, err
	}
	b := countBallots(v)
	r.Posterior = b.lean(weights)
	r.concludeShare(b, weights)
	return r, nil
}

// lean returns for each task the share of the weights that is for each class. A worker with a negative weight is for the
// class that they did not choose. If nobody weighs anything, all weigh 1.
func (b *ballots) lean(weights []float64) *Posterior {
	p := b.newPosterior()
	for t := range b.tasks {
		workers, classes := b.of(t)
		if len(workers) == 0 {
			continue
		}
		var votes, heads [2]float64
		for i, w := range workers {
			class := classes[i]
			heads[class]++
			if weights[w] < 0 {
				class = 1 - class
			}
			votes[class] += math.Abs(weights[w])
		}
		if votes[0]+votes[1] == 0 {
			votes = heads
		}
		for i := b.first[t]; i < b.first[t+1]; i++ {
			p.p[i] = votes[b.chose[i]] / (votes[0] + votes[1])
		}
		if b.first[t+1]-b.first[t] == 1 {
			p.rest[t] = 1 - p.p[b.first[t]]
		}
	}
	return p
}
