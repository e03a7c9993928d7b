package aggregate

import (
	"context"
	"math"
	"slices"
)

// guesses are the model of MACE: worker w knows the true class with probability knows[w] and then answers it; otherwise
// they answer what they like, class a with probability habit[w, a], whatever the truth. All classes are equal beforehand.
type guesses struct {
	*ballots
	cell   []int32 // of each answer, the number of its worker and class among those that occur
	owner  []int32 // of each cell, the worker, in rising order
	chosen []int32 // of each cell, the class
	knows  []float64
	guess  []float64 // 1 - knows, but for what variational Bayes makes of it
	habit  []float64 // of each cell
	unused []float64 // of each worker, the habit of a class that they never chose
}

// Prior counts: of knowing and of guessing, and of each class that is guessed.
const (
	maceKnows = 0.5
	maceHabit = 1.0
)

// fitMACE is "multi-annotator competence estimation" (Hovy, Berg-Kirkpatrick, Vaswani and Hovy, NAACL 2013), fitted by
// variational Bayes from the shares of the majority. Knowing has a Beta(0.5, 0.5) prior, so that most workers know nearly
// always or nearly never; a habit has a Dirichlet prior. O(answers) an iteration, O(answers + workers) memory for any
// number of classes. A worker's weight is how probably they know.
func fitMACE(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations = 100
	g := newGuesses(countBallots(v))
	sums := v.newSums(v.workers + len(g.owner))
	p := g.share(ones(v.workers))
	counts := sums.collect(func(_, from, until int, into []float64) {
		for t := from; t < until; t++ {
			g.count(t, p.p[g.first[t]:g.first[t+1]], into, func(int) float64 { return 1 })
		}
	})
	r := &Result{}
	err := r.iterate(ctx, o, iterations, v.Len(), func() float64 {
		g.update(counts, true)
		var logs float64
		counts, logs = g.step(p, sums)
		return logs
	})
	if err != nil {
		return nil, err
	}
	g.update(counts, false)
	_, r.LogLikelihood = g.step(g.newPosterior(), sums)
	r.Posterior = p
	r.Workers = make([]Worker, v.workers)
	for w, k := range g.knows {
		r.Workers[w].Weight = k
	}
	r.conclude(v)
	r.predict = g.predictor(p)
	return r, nil
}

// newGuesses numbers the pairs of a worker and a class that occur, worker by worker.
func newGuesses(b *ballots) *guesses {
	g := &guesses{
		ballots: b, cell: make([]int32, b.Len()),
		knows: make([]float64, b.workers), guess: make([]float64, b.workers), unused: make([]float64, b.workers),
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
	g.habit = make([]float64, len(g.owner))
	return g
}

// count adds what a task says: how often each worker knew, and how often they guessed each class. known is the
// probability that answer i was known if it is right.
func (g *guesses) count(task int, post, into []float64, known func(i int) float64) {
	workers, slots, _ := g.task(task)
	for i, w := range workers {
		at := int(g.start[task]) + i
		knew := post[slots[i]] * known(at)
		into[w] += knew
		into[g.workers+int(g.cell[at])] += 1 - knew
	}
}

// update sets the parameters to what the counts say: by variational Bayes, or to their means.
func (g *guesses) update(counts []float64, variational bool) {
	of := func(count, total float64) float64 { return count / total }
	if variational {
		of = func(count, total float64) float64 { return math.Exp(digamma(count) - digamma(total)) }
	}
	knew, guessed := counts[:g.workers], counts[g.workers:]
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
	even := math.Log(float64(g.classes))
	counts := sums.collect(func(part, from, until int, into []float64) {
		sum := 0.0
		for t := from; t < until; t++ {
			_, slots, chosen := g.task(t)
			if chosen == 0 {
				continue
			}
			post := p.p[g.first[t]:g.first[t+1]]
			clear(post)
			for i, s := range slots {
				c := g.cell[int(g.start[t])+i]
				post[s] += ratio[c]
				sum += base[c]
			}
			sum += normaliseLogs(post, g.classes-chosen, &p.rest[t]) - even
			g.count(t, post, into, func(i int) float64 { return known[g.cell[i]] })
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
