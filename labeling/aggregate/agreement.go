package aggregate

import (
	"math"

	"github.com/tasknet/tasknet"
)

// Agreement is how much people agree, whoever is right. Answers that cannot tell are missing ones, and tasks with fewer
// than two others say nothing. Every figure is unknown (NaN) where the answers leave it open.
type Agreement struct {
	// Percent is the share of pairs of answers to the same task that are equal, each task counting as much as the others.
	Percent float64

	// Fleiss is the kappa of Fleiss (Psychological Bulletin 76, 1971): Percent above what chance gives, of what is possible
	// above it. Where tasks have different numbers of answers, chance is by the shares of classes over all answers, and a
	// task counts as much as any other. 1 is perfect, 0 is chance.
	Fleiss float64

	// Nominal, Ordinal and Interval are the alpha of Krippendorff ("Computing Krippendorff's Alpha-Reliability", 2011) for
	// classes without an order, for classes in the order of their numbers, and for numbers as such. 1 is perfect, 0 is
	// chance; above 0.8 is commonly called reliable. Here a task counts by its answers.
	Nominal  float64
	Ordinal  float64
	Interval float64

	// Workers is, of each worker, the share of the answers of others to their tasks that are the same as theirs.
	Workers []Estimate

	// Tasks is how many tasks have two answers or more, and Pairable how many answers these have.
	Tasks    int
	Pairable int
}

// Agree measures agreement. O(answers + classes) time for the nominal figures and percentages; the ordinal and interval
// ones follow from sums over the classes, in as much, for tasks with few different answers.
func Agree(v *Votes) *Agreement {
	a := &Agreement{Workers: make([]Estimate, v.workers)}
	b := countBallots(v)
	frequency := make([]float64, v.classes) // of each class among pairable answers
	equal, asked := make([]float64, v.workers), make([]float64, v.workers)
	for t := range v.tasks {
		workers, classes := v.of(t)
		if len(workers) < 2 {
			continue
		}
		a.Tasks++
		a.Pairable += len(workers)
		counts := b.counts(t)
		for i, w := range workers {
			frequency[classes[i]]++
			equal[w] += counts[b.slot[int(v.start[t])+i]] - 1
			asked[w] += float64(len(workers) - 1)
		}
	}
	for w := range a.Workers {
		a.Workers[w] = share(equal[w], asked[w])
	}
	a.compare(b, frequency)
	return a
}

// counts returns how many answers each chosen class of a task has.
func (b *ballots) counts(t int) []float64 {
	_, slots, chosen := b.task(t)
	counts := make([]float64, chosen)
	for _, s := range slots {
		counts[s]++
	}
	return counts
}

// compare sets the figures for all answers, given how often each class was answered.
func (a *Agreement) compare(b *ballots, frequency []float64) {
	n := float64(a.Pairable)
	below := make([]float64, len(frequency)+1) // how many answers are of a lower class
	squares, sum, sumSquares := 0.0, 0.0, 0.0
	for k, f := range frequency {
		below[k+1] = below[k] + f
		squares += f * f
		sum += f * float64(k)
		sumSquares += f * float64(k) * float64(k)
	}
	// rank is such that the ordinal distance of two classes is the difference of their ranks: the answers between them,
	// and half of those of either.
	rank := func(k int32) float64 { return below[k] + frequency[k]/2 }
	rankSquares, rankSum := 0.0, 0.0
	for k, f := range frequency {
		rankSum += f * rank(int32(k))
		rankSquares += f * rank(int32(k)) * rank(int32(k))
	}

	// Observed disagreement: in each task, the mean over ordered pairs of its answers, weighed by its answers. Over all
	// ordered pairs, the squared distances of numbers sum to 2 (m sum(x^2) - sum(x)^2).
	percent, unequal, apart, far := 0.0, 0.0, 0.0, 0.0
	for t := range b.tasks {
		from, until := b.start[t], b.start[t+1]
		m := float64(until - from)
		if m < 2 {
			continue
		}
		counts := b.counts(t)
		classes := b.chose[b.first[t]:b.first[t+1]]
		same, x, xx, r, rr := 0.0, 0.0, 0.0, 0.0, 0.0
		for s, c := range counts {
			value, place := float64(classes[s]), rank(classes[s])
			same += c * (c - 1)
			x += c * value
			xx += c * value * value
			r += c * place
			rr += c * place * place
		}
		percent += same / (m * (m - 1))
		unequal += (m*(m-1) - same) / (m - 1)
		far += 2 * (m*xx - x*x) / (m - 1)
		apart += 2 * (m*rr - r*r) / (m - 1)
	}
	a.Percent = percent / float64(a.Tasks)
	chance := squares / (n * n)
	a.Fleiss = above(1-a.Percent, 1-chance)
	a.Nominal = above(unequal/n, (n*n-squares)/(n*(n-1)))
	a.Ordinal = above(apart/n, 2*(n*rankSquares-rankSum*rankSum)/(n*(n-1)))
	a.Interval = above(far/n, 2*(n*sumSquares-sum*sum)/(n*(n-1)))
}

// above returns agreement above chance, from the observed and the expected disagreement. Where all answers are of one
// class, nothing could have shown disagreement, and it is unknown.
func above(observed, expected float64) float64 {
	if !(expected > 0) {
		return math.NaN()
	}
	return 1 - observed/expected
}

// MatrixWorkersMax is how many workers a matrix of agreement has at most.
const MatrixWorkersMax = 2000

// ErrTooManyWorkers says to compare fewer.
var ErrTooManyWorkers = tasknet.NewError(tasknet.TooLarge, "too_many_workers", "A matrix of agreement has at most 2000 workers; name those to compare.")

// Together is what two workers have in common.
type Together struct {
	Tasks int // that both answered
	Equal int // with the same class
}

// Pairwise returns how often each two of some workers agree, by their places in workers: out[i*len(workers)+j]. A pair
// that agrees far more often than either does with others is worth a look. O(sum over tasks of the square of the answers
// of these workers) time, len(workers)^2 memory.
func Pairwise(v *Votes, workers []int32) ([]Together, error) {
	n := len(workers)
	if n > MatrixWorkersMax {
		return nil, ErrTooManyWorkers
	}
	place := make([]int, v.workers) // from 1
	for i, w := range workers {
		if w < 0 || int(w) >= v.workers {
			return nil, badf("There is no worker %d among %d; they are numbered from 0.", w, v.workers)
		}
		if place[w] != 0 {
			return nil, badf("Worker %d is named twice.", w)
		}
		place[w] = i + 1
	}
	out := make([]Together, n*n)
	type answer struct {
		place int
		class int32
	}
	var here []answer
	for t := range v.tasks {
		here = here[:0]
		answered, classes := v.of(t)
		for i, w := range answered {
			if place[w] != 0 {
				here = append(here, answer{place[w] - 1, classes[i]})
			}
		}
		for _, a := range here {
			for _, b := range here {
				cell := &out[a.place*n+b.place]
				cell.Tasks++
				if a.class == b.class {
					cell.Equal++
				}
			}
		}
	}
	return out, nil
}
