package aggregate

// fitMajority gives each class its share of the answers. Every answer weighs 1. O(answers).
func fitMajority(v *Votes) *Result {
	b := countBallots(v)
	weights := ones(v.workers)
	r := &Result{Posterior: b.share(weights), Convergence: Convergence{Converged: true}}
	r.concludeShare(b, weights)
	return r
}

// share returns for each task the share of the weights of its workers that each class has; if nobody weighs anything, the
// share of the classes that were chosen. Weights are not negative.
func (b *ballots) share(weights []float64) *Posterior {
	p := b.newPosterior()
	cuts := b.parts(0)
	each(len(cuts)-1, func(part int) {
		for t := cuts[part]; t < cuts[part+1]; t++ {
			workers, slots, chosen := b.task(t)
			out := p.p[b.first[t]:b.first[t+1]]
			sum := 0.0
			for i, w := range workers {
				out[slots[i]] += weights[w]
				sum += weights[w]
			}
			for s := range out {
				if sum > 0 {
					out[s] /= sum
				} else {
					out[s] = 1 / float64(chosen)
				}
			}
		}
	})
	return p
}

// concludeShare concludes a method without a model of answers: its log-likelihood is that of one coin a worker.
func (r *Result) concludeShare(b *ballots, weights []float64) {
	r.Workers = make([]Worker, b.workers)
	for w := range r.Workers {
		r.Workers[w].Weight = weights[w]
	}
	r.conclude(b.Votes)
	coin := &coins{ballots: b, accuracy: make([]float64, b.workers)}
	for w := range r.Workers {
		n := float64(r.Workers[w].Answers)
		coin.accuracy[w] = 0.5
		if n > 0 {
			coin.accuracy[w] = (r.Workers[w].Skill.Value*n + 1) / (n + 2)
		}
	}
	_, r.LogLikelihood = coin.step(b.newPosterior(), b.newSums(b.workers))
	r.predict = coin.predictor(r.Posterior)
}

func ones(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	return x
}
