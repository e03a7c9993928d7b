package aggregate

import (
	"context"
	"math"
	"slices"
)

// guesses are the model of MACE: worker w knows the true class with probability knows[w] and then answers it; otherwise
// they answer what they like, class a with probability habit[w, a], whatever the truth. The true class is k with
// probability prior[k].
type guesses struct {
	*ballots
	cell   []int32 // of each answer, the number of its worker and class among those that occur
	owner  []int32 // of each cell, the worker, in rising order
	chosen []int32 // of each cell, the class
	knows  []float64
	guess  []float64 // 1 - knows, but for what variational Bayes makes of it
	habit  []float64 // of each cell
	unused []float64 // of each worker, the habit of a class that they never chose
	prior  []float64
}

// Prior counts, those of the paper: of knowing and of guessing, and of each class that is guessed.
const (
	maceKnows = 0.5
	maceHabit = 10.0
)

// fitMACE is "multi-annotator competence estimation" (Hovy, Berg-Kirkpatrick, Vaswani and Hovy, NAACL 2013), fitted by
// variational Bayes. Knowing has a Beta(0.5, 0.5) prior, so that most workers know nearly always or nearly never; a habit
// has a Dirichlet(10) prior, so that a few answers do not make one. Two things differ. The paper starts ten times at random near the
// point where everybody knows one half and has no habit, and keeps the likeliest; this starts at that point, so that
// nothing is left to chance. And the paper takes all classes for equally frequent, so that where one is not, who
// knows what is frequent is taken for somebody who guesses it; here prior is learned:
//
//	prior(k) = (1/classes + sum over t of posterior(t, k)) / (1 + answered tasks)
//
// O(answers + classes) an iteration, O(answers + workers + classes) memory. A worker's weight is how probably they know.
func fitMACE(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations = 100
	g := newGuesses(countBallots(v))
	sums := v.newSums(v.workers + len(g.owner) + v.classes + 1)
	p := g.newPosterior()
	var counts []float64
	r := &Result{}
	err := r.iterate(ctx, o, iterations, v.Len(), func() float64 {
		if counts != nil {
			g.update(counts, true)
		}
		var logs float64
		counts, logs = g.step(p, sums)
		return logs
	})
	if err != nil {
		return nil, err
	}
	p.tellUnlisted(g.prior)
	g.update(counts, false)
	_, r.LogLikelihood = g.step(g.newPosterior(), sums)
	r.Posterior, r.Prior = p, g.prior
	r.Workers = make([]Worker, v.workers)
	for w, k := range g.knows {
		r.Workers[w].Weight = k
	}
	r.conclude(v)
	r.predict = g.predictor(p)
	return r, nil
}

// newGuesses numbers the pairs of a worker and a class that occur, worker by worker. Everybody knows one half, and has no
// habit.
func newGuesses(b *ballots) *guesses {
	even := 1 / float64(b.classes)
	g := &guesses{
		ballots: b, cell: make([]int32, b.Len()),
		knows: slices.Repeat([]float64{0.5}, b.workers), guess: slices.Repeat([]float64{0.5}, b.workers),
		unused: slices.Repeat([]float64{even}, b.workers), prior: slices.Repeat([]float64{even}, b.classes),
	}
	next := make([]int32, b.workers+1)
	for _, w := range b.worker {
		next[w+1]++
	}
	for w := range b.workers {
		next[w+1] += next[w]
	}
	byWorker := make([]int32, b.Len())
	for i, w := range b.worker {
		byWorker[next[w]] = int32(i)
		next[w]++
	}
	last := make([]int32, b.classes) // of each class, one more than the cell that was numbered for it last
	for _, i := range byWorker {
		w, k := b.worker[i], b.class[i]
		if last[k] == 0 || g.owner[last[k]-1] != w {
			g.owner, g.chosen = append(g.owner, w), append(g.chosen, k)
			last[k] = int32(len(g.owner))
		}
		g.cell[i] = last[k] - 1
	}
	g.habit = slices.Repeat([]float64{even}, len(g.owner))
	return g
}

// count adds what a task says: how often each worker knew, how often they guessed each class, and how probable each
// class is. known is, of each cell, the probability that its worker knew if the answer is right; rest is as in Posterior.
func (g *guesses) count(task int, post []float64, rest float64, known, into []float64) {
	workers, slots, _ := g.task(task)
	for i, w := range workers {
		cell := int(g.cell[int(g.start[task])+i])
		knew := post[slots[i]] * known[cell]
		into[w] += knew
		into[g.workers+cell] += 1 - knew
	}
	frequent := into[g.workers+len(g.owner):]
	for i, k := range g.chose[g.first[task]:g.first[task+1]] {
		frequent[k] += post[i] - rest*g.prior[k] // as that is in the sum of all rests
	}
	frequent[g.classes] += rest
}

// update sets the parameters to what the counts say: by variational Bayes, or to their means.
func (g *guesses) update(counts []float64, variational bool) {
	of := func(count, total float64) float64 { return count / total }
	if variational {
		of = func(count, total float64) float64 { return math.Exp(digamma(count) - digamma(total)) }
	}
	knew, guessed, frequent := counts[:g.workers], counts[g.workers:][:len(g.owner)], counts[g.workers+len(g.owner):]
	total := make([]float64, g.workers)
	for c, w := range g.owner {
		total[w] += guessed[c]
	}
	for w := range g.knows {
		sum := knew[w] + total[w] + 2*maceKnows
		g.knows[w], g.guess[w] = of(knew[w]+maceKnows, sum), of(total[w]+maceKnows, sum)
		total[w] += maceHabit * float64(g.classes)
		g.unused[w] = of(maceHabit, total[w])
	}
	for c, w := range g.owner {
		g.habit[c] = of(guessed[c]+maceHabit, total[w])
	}
	prior, tasks := make([]float64, g.classes), 0.0 // a new one, as a posterior may have the old
	for k, rests := 0, frequent[g.classes]; k < g.classes; k++ {
		prior[k] = max(0, frequent[k]+rests*g.prior[k]) + 1/float64(g.classes)
		tasks += prior[k]
	}
	for k := range prior {
		prior[k] /= tasks
	}
	g.prior = prior
}

// step infers the posterior of every task, and returns the counts of it and the log-likelihood.
func (g *guesses) step(p *Posterior, sums *sums) ([]float64, float64) {
	logs := make([]float64, len(sums.of))
	ratio, base := make([]float64, len(g.owner)), make([]float64, len(g.owner))
	known := make([]float64, len(g.owner))
	for c, w := range g.owner {
		by := g.guess[w] * g.habit[c]
		known[c] = g.knows[w] / (g.knows[w] + by)
		base[c] = math.Log(by)
		ratio[c] = math.Log(g.knows[w]+by) - base[c]
	}
	frequent := make([]float64, g.classes)
	for k, x := range g.prior {
		frequent[k] = math.Log(x)
	}
	counts := sums.collect(func(part, from, until int, into []float64) {
		sum := 0.0
		for t := from; t < until; t++ {
			_, slots, chosen := g.task(t)
			if chosen == 0 {
				continue
			}
			post, others := p.p[g.first[t]:g.first[t+1]], 1.0
			for i, k := range g.chose[g.first[t]:g.first[t+1]] {
				post[i] = frequent[k]
				others -= g.prior[k]
			}
			if chosen == g.classes {
				others = 0
			}
			for i, s := range slots {
				c := g.cell[int(g.start[t])+i]
				post[s] += ratio[c]
				sum += base[c]
			}
			sum += normaliseLogs(post, others, &p.rest[t])
			g.count(t, post, p.rest[t], known, into)
		}
		logs[part] = sum
	})
	total := 0.0
	for _, l := range logs {
		total += l
	}
	return counts, total
}

// predictor returns how probable each answer is to a task whose posterior is p.
func (g *guesses) predictor(p *Posterior) func(task, worker, class int) float64 {
	return func(task, worker, class int) float64 {
		habit := g.unused[worker]
		first, _ := slices.BinarySearch(g.owner, int32(worker))
		for c := first; c < len(g.owner) && int(g.owner[c]) == worker; c++ {
			if int(g.chosen[c]) == class {
				habit = g.habit[c]
			}
		}
		return g.knows[worker]*p.Of(task, class) + (1-g.knows[worker])*habit
	}
}
