package aggregate

import (
	"context"
	"math"
)

// fitZeroBased starts with workers of whom nothing is known, each weighing what chance gets right, and moves weights
// towards how often their worker agrees with the heaviest class, by steps that shrink: 1 at first, half of that after
// every 20 iterations. It has converged when no weight moves (after Crowd-Kit's zero-based skill; Ustalov, Pavlichenko
// and Tseitlin, 2024). O(answers) an iteration.
func fitZeroBased(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations, halving = 100, 20
	b := countBallots(v)
	weights := make([]float64, v.workers)
	for w := range weights {
		weights[w] = 1 / float64(v.classes)
	}
	r := &Result{}
	heaviest := make([]int32, v.tasks)
	moved := 0.0 // by all weights so far: it settles when they do
	err := r.iterate(ctx, o, iterations, v.workers, func() float64 {
		p := b.share(weights)
		for t := range v.tasks {
			heaviest[t] = NoVerdict
			classes, shares := p.Listed(t)
			best := 0.0
			for i, k := range classes {
				if shares[i] > best {
					heaviest[t], best = k, shares[i]
				}
			}
		}
		step := math.Pow(0.5, float64(r.Iterations/halving))
		for w, a := range agreement(v, heaviest) {
			moved += math.Abs(a-weights[w]) * step
			weights[w] += (a - weights[w]) * step
		}
		return moved
	})
	if err != nil {
		return nil, err
	}
	r.Posterior = b.share(weights)
	r.concludeShare(b, weights)
	return r, nil
}
