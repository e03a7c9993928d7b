package aggregate

import (
	"context"
	"math"
)

// abilities are the model of GLAD: worker w answers task t with the true class with probability s(x) = 1/(1+e^-x), where
// x = ability[w] * e^ease[t], and otherwise with each other class equally. All classes are equal beforehand. Abilities and
// eases have normal priors with mean 1 and variance 1.
type abilities struct {
	*ballots
	ability []float64
	ease    []float64
}

const (
	gladMean     = 1.0
	gladVariance = 1.0
	newtonMost   = 1.0 // the longest step, as the curvature is not the same far away
)

// fitGLAD is "generative model of labels, abilities, and difficulties" (Whitehill, Ruvolo, Wu, Bergsma and Movellan, NIPS
// 2009), fitted by generalised expectation maximisation: in each pass, a task's posterior, then a Newton step of its ease,
// then, over all tasks, one of each worker's ability. O(answers) an iteration, O(answers + workers) memory. A worker's
// weight is their ability: about 0 for somebody who guesses, below 0 for somebody who is wrong more often than that.
func fitGLAD(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations = 100
	g := &abilities{countBallots(v), make([]float64, v.workers), make([]float64, v.tasks)}
	for w := range g.ability {
		g.ability[w] = gladMean
	}
	for t := range g.ease {
		g.ease[t] = gladMean
	}
	p := g.newPosterior()
	sums := v.newSums(2 * v.workers)
	r := &Result{}
	err := r.iterate(ctx, o, iterations, v.Len(), func() float64 {
		r.LogLikelihood = g.step(p, sums)
		return r.LogLikelihood
	})
	if err != nil {
		return nil, err
	}
	r.Posterior = p
	r.Easiness = make([]float64, v.tasks)
	for t, e := range g.ease {
		r.Easiness[t] = math.Exp(e)
	}
	r.Workers = make([]Worker, v.workers)
	for w, a := range g.ability {
		r.Workers[w].Weight = a
	}
	r.conclude(v)
	r.predict = func(task, worker, class int) float64 {
		s, right := sigmoid(g.ability[worker]*r.Easiness[task]), p.Of(task, class)
		return s*right + (1-s)*(1-right)/float64(v.classes-1)
	}
	return r, nil
}

// step returns the log-likelihood before it.
func (g *abilities) step(p *Posterior, sums *sums) float64 {
	logs := make([]float64, len(sums.of))
	slopes := sums.collect(func(part, from, until int, into []float64) {
		sum := 0.0
		slope, curve := into[:g.workers], into[g.workers:]
		for t := from; t < until; t++ {
			workers, slots, chosen := g.task(t)
			if chosen == 0 {
				continue
			}
			post := p.p[g.first[t]:g.first[t+1]]
			sum += g.infer(t, post, &p.rest[t])
			easiness := math.Exp(g.ease[t])
			up, down := (gladMean-g.ease[t])/gladVariance, 1/gladVariance
			for i, w := range workers {
				x := g.ability[w] * easiness
				s := sigmoid(x)
				up += (post[slots[i]] - s) * x
				down += s * (1 - s) * x * x
			}
			g.ease[t] += min(max(up/down, -newtonMost), newtonMost)
			easiness = math.Exp(g.ease[t])
			for i, w := range workers {
				s := sigmoid(g.ability[w] * easiness)
				slope[w] += (post[slots[i]] - s) * easiness
				curve[w] += s * (1 - s) * easiness * easiness
			}
		}
		logs[part] = sum
	})
	for w, a := range g.ability {
		up := slopes[w] + (gladMean-a)/gladVariance
		down := slopes[g.workers+w] + 1/gladVariance
		g.ability[w] += min(max(up/down, -newtonMost), newtonMost)
	}
	total := 0.0
	for _, l := range logs {
		total += l
	}
	return total
}

// infer sets a task's posterior and returns the logarithm of the probability of its answers. The logarithm of the odds of
// a chosen class is x + log(classes-1) for each of its answers, against a class that nobody chose.
func (g *abilities) infer(task int, post []float64, rest *float64) float64 {
	workers, slots, chosen := g.task(task)
	others := math.Log(float64(g.classes - 1))
	easiness := math.Exp(g.ease[task])
	clear(post)
	known := 0.0
	for i, w := range workers {
		x := g.ability[w] * easiness
		post[slots[i]] += x + others
		known -= max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) + others
	}
	return known + normaliseLogs(post, float64(g.classes-chosen), rest) - math.Log(float64(g.classes))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
