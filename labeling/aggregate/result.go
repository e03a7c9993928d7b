package aggregate

import (
	"cmp"
	"slices"
)

// NoVerdict is the class of a task without an answer that chooses one.
const NoVerdict = -1

// Result is what a method makes of votes.
type Result struct {
	Method Method

	// Class is the most probable class of each task, the lowest of them when there are several, or NoVerdict.
	Class []int32

	// Confidence is the probability of Class by the method's model: 0 without a verdict. For methods without one (majority,
	// Wawa, zero-based skill) it is a share of weights, as in Crowd-Kit; see Probabilities. It is as true as the model is;
	// see calibration before promising it to anybody.
	Confidence []float64

	// Posterior is the probability of every class of every task.
	Posterior *Posterior

	Workers []Worker

	// Confusion has, for methods that learn one, how probable each answer of a worker is given each true class:
	// Confusion[(worker*classes+true)*classes+answer]. It is nil for the others.
	Confusion []float64

	// Prior is how frequent each class is, for methods that learn it; nil for the others, which hold all for equal.
	Prior []float64

	// Easiness is, for GLAD, how easy each task is: the factor of its worker's ability. It is nil for the others.
	Easiness []float64

	// The log-likelihood is of all answers given what was learned of workers and tasks, with the true classes summed out.
	// For methods without a model of answers (majority, Wawa, zero-based skill, KOS) it is that of the one-coin model with
	// their skills.
	Convergence

	// predict returns the probability that a worker answers a task with a class, for an answer that was not in the votes.
	predict func(task, worker, class int) float64
}

// Worker is what a method thinks of a worker.
type Worker struct {
	Answers int // that choose a class
	Unsure  int // that say they cannot tell

	// Skill is the share of their answers that are right, by what the posterior says of each; unknown without any. An
	// answer that helped to decide its own task counts for itself here, which flatters those who answer where few do.
	Skill Estimate

	// Weight is the parameter that the method itself holds of the worker; each method says which.
	Weight float64
}

// Posterior is the probability of each class of each task. It keeps the classes that somebody chose, and one number for all
// others, by methods that tell these apart by their prior alone; and every class by the others.
type Posterior struct {
	classes  int
	first    []int32 // nil if p has every class of every task
	class    []int32
	p        []float64
	rest     []float64 // of each task, the probability of each class that nobody chose; nil if p has every class
	unlisted []float64 // if not nil, what rest has to be multiplied by for each class
	order    []int32   // the classes, those with the most of that first
}

// Listed returns the classes of a task that have a probability of their own, in rising order, and those probabilities.
// That of any other class is what Of returns. The slices are not to be changed.
func (p *Posterior) Listed(task int) (classes []int32, probabilities []float64) {
	if p.first == nil {
		return p.class, p.p[task*p.classes : (task+1)*p.classes]
	}
	from, until := p.first[task], p.first[task+1]
	return p.class[from:until], p.p[from:until]
}

// Of returns the probability of a class of a task: 0 of a task without a verdict.
func (p *Posterior) Of(task, class int) float64 {
	classes, probabilities := p.Listed(task)
	if i, ok := slices.BinarySearch(classes, int32(class)); ok {
		return probabilities[i]
	}
	return p.other(task, class)
}

// other returns the probability of a class that nobody chose.
func (p *Posterior) other(task, class int) float64 {
	if p.unlisted == nil {
		return p.rest[task]
	}
	return p.rest[task] * p.unlisted[class]
}

// Row writes the probability of every class of a task to out, which has a place for each.
func (p *Posterior) Row(task int, out []float64) {
	if p.first != nil {
		for k := range out {
			out[k] = p.other(task, k)
		}
	}
	classes, probabilities := p.Listed(task)
	for i, k := range classes {
		out[k] = probabilities[i]
	}
}

// top returns the most probable class of a task, the lowest of them when there are several.
// A class that nobody chose is it when those who answered are wrong more often than right.
func (p *Posterior) top(task int) (class int32, probability float64) {
	classes, probabilities := p.Listed(task)
	class = NoVerdict
	for i, k := range classes {
		if probabilities[i] > probability {
			class, probability = k, probabilities[i]
		}
	}
	if p.first == nil || len(classes) == p.classes {
		return class, probability
	}
	for i := range int32(p.classes) { // at most one more than are listed
		k := i
		if p.order != nil {
			k = p.order[i]
		}
		if _, listed := slices.BinarySearch(classes, k); listed {
			continue
		}
		if x := p.other(task, int(k)); x > probability {
			return k, x
		}
		break
	}
	return class, probability
}

// tellUnlisted sets how the classes that nobody chose differ.
func (p *Posterior) tellUnlisted(prior []float64) {
	p.unlisted = prior
	p.order = make([]int32, p.classes)
	for k := range p.order {
		p.order[k] = int32(k)
	}
	slices.SortStableFunc(p.order, func(a, b int32) int { return cmp.Compare(prior[b], prior[a]) })
}

// newPosterior returns an empty posterior of the chosen classes.
func (b *ballots) newPosterior() *Posterior {
	return &Posterior{
		classes: b.classes, first: b.first, class: b.chose,
		p: make([]float64, len(b.chose)), rest: make([]float64, b.tasks),
	}
}

// conclude fills in what follows from the posterior in the same way for every method. A method may have set the weights
// of workers before.
func (r *Result) conclude(v *Votes) {
	r.Class, r.Confidence = make([]int32, v.tasks), make([]float64, v.tasks)
	if r.Workers == nil {
		r.Workers = make([]Worker, v.workers)
	}
	right := make([]float64, v.workers)
	for t := range v.tasks {
		r.Class[t] = NoVerdict
		workers, answers := v.of(t)
		if len(workers) == 0 {
			continue
		}
		r.Class[t], r.Confidence[t] = r.Posterior.top(t)
		for i, w := range workers {
			right[w] += r.Posterior.Of(t, int(answers[i]))
			r.Workers[w].Answers++
		}
	}
	for w := range r.Workers {
		r.Workers[w].Unsure = int(v.unsure[w])
		r.Workers[w].Skill = share(right[w], float64(r.Workers[w].Answers))
	}
}
