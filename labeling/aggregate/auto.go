package aggregate

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// Choice is the result of the method that Auto chose, and why it did.
type Choice struct {
	*Result

	// Reason is a sentence or a few for people.
	Reason string

	// Candidates are all methods that could be applied, the plainest first.
	Candidates []Candidate
}

// Candidate is how a method did when Auto compared it. What cannot be known of these votes is unknown or 0.
type Candidate struct {
	Method Method

	// Predicted is the mean logarithm of the probability that it gave to answers which it had not seen.
	Predicted Estimate

	// Stable is the share of tasks that keep their verdict without a fifth of the answers.
	Stable float64

	// Gold is the share of the gold that it gets right.
	Gold Estimate

	// RuledOut says that gold shows another method to be better.
	RuledOut bool

	class  []int32
	scores []float64 // of each answer that was left out, in an order that all candidates share
}

const (
	folds = 5

	// comparedMax is about how many answers methods are compared on; of more, they get a sample of the tasks.
	comparedMax = 200_000

	// goldMin is how many golds it takes to compare by them.
	goldMin = 50

	// alike is the share of verdicts that two methods must have in common to make no difference to anybody.
	alike = 0.995

	// leastChance is what the probability of an answer counts as at least, so that one surprise does not decide.
	leastChance = 1e-6
)

// Auto applies the method that is best for the votes. gold is the true class of each task where it is known, and NoVerdict
// where not; nil without any. No method sees it. Auto decides in this order:
//
//  1. With 50 golds or more, the methods whose verdicts on them are worse than those of the best by more than a standard
//     error of the difference are ruled out.
//  2. Each fifth of the answers, drawn by the seed, is predicted from the rest: a method that knows who is good, and what
//     is true, knows what they answer. The methods whose mean log-probability is within a standard error of the difference
//     from the best are equal, and the most stable of them is preferred.
//  3. The plainest method that gives the same verdict as that one on 199 of 200 tasks is chosen, since it is the easiest to
//     explain and to repeat.
//
// Prediction sees only what answers have in common. When most people make the same mistake, gold alone can tell. It takes
// some seconds before the fit to all votes, which alone reports iterations.
func Auto(ctx context.Context, v *Votes, gold []int32, o Options) (*Choice, error) {
	if gold != nil && len(gold) != v.tasks {
		return nil, badf("There are %d golds for %d tasks; give one for each, or NoVerdict.", len(gold), v.tasks)
	}
	for t, k := range gold {
		if k < NoVerdict || int(k) >= v.classes {
			return nil, badf("The gold of task %d is class %d of %d; they are numbered from 0.", t, k, v.classes)
		}
	}
	c := &Choice{}
	sample, golds := v.sample(gold, o.Seed)
	quiet := o
	quiet.Progress = nil
	for i, m := range Methods() {
		if err := o.Compared.step(ctx, i, len(Methods())); err != nil {
			return nil, err
		}
		if m == KOS && v.classes != 2 || (m == DawidSkene || m == IBCC) && v.matricesTooLarge() {
			continue
		}
		candidate, err := compare(ctx, m, sample, quiet)
		if err != nil {
			return nil, err
		}
		c.Candidates = append(c.Candidates, *candidate)
	}
	chosen := c.choose(golds)
	r, err := Fit(ctx, chosen, v, o)
	if err != nil {
		return nil, err
	}
	c.Result = r
	return c, nil
}

// choose returns the method, and fills in why and who was ruled out.
func (c *Choice) choose(gold []int32) Method {
	golds := c.ruleOut(gold)
	var left []*Candidate
	for i := range c.Candidates {
		if !c.Candidates[i].RuledOut {
			left = append(left, &c.Candidates[i])
		}
	}
	var reason strings.Builder
	if out := len(c.Candidates) - len(left); out > 0 {
		fmt.Fprintf(&reason, "%d golds rule out %d of %d methods. ", golds, out, len(c.Candidates))
	}
	best := left[0]
	if len(best.scores) == 0 {
		fmt.Fprintf(&reason, "Hardly a task has two answers, so that nothing tells methods apart, and %s is the plainest.", best.Method)
		c.Reason = reason.String()
		return best.Method
	}
	for _, x := range left {
		if x.Predicted.Value > best.Predicted.Value {
			best = x
		}
	}
	preferred := best
	for _, x := range left {
		if mean, deviation := difference(best.scores, x.scores); mean <= deviation && x.Stable > preferred.Stable {
			preferred = x
		}
	}
	fmt.Fprintf(&reason, "%s predicts best what it has not seen (%.4f nats an answer)", best.Method, best.Predicted.Value)
	if preferred != best {
		fmt.Fprintf(&reason, "; %s does so as well (%.4f) and is more stable", preferred.Method, preferred.Predicted.Value)
	}
	chosen := preferred
	for _, x := range left {
		if x == preferred {
			break
		}
		if same := common(x.class, preferred.class); same >= alike {
			fmt.Fprintf(&reason, "; %s gives the same verdict on %.2f %% of the tasks and is plainer", x.Method, 100*same)
			chosen = x
			break
		}
	}
	reason.WriteString(".")
	c.Reason = reason.String()
	return chosen.Method
}

// ruleOut marks the candidates that gold shows to be worse than another, and returns how many golds have a verdict.
func (c *Choice) ruleOut(gold []int32) (golds int) {
	hits := make([][]float64, len(c.Candidates))
	best := 0
	for i := range c.Candidates {
		right := 0.0
		for t, k := range gold {
			if k == NoVerdict || c.Candidates[i].class[t] == NoVerdict {
				continue
			}
			hit := 0.0
			if c.Candidates[i].class[t] == k {
				hit = 1
			}
			right += hit
			hits[i] = append(hits[i], hit)
		}
		golds = len(hits[i])
		c.Candidates[i].Gold = share(right, float64(golds))
		if c.Candidates[i].Gold.Value > c.Candidates[best].Gold.Value {
			best = i
		}
	}
	if golds < goldMin {
		return golds
	}
	for i := range c.Candidates {
		mean, deviation := difference(hits[best], hits[i])
		c.Candidates[i].RuledOut = mean > deviation
	}
	return golds
}

// difference returns the mean of what a is more than b, and its standard error.
func difference(a, b []float64) (mean, deviation float64) {
	n, squares := float64(len(a)), 0.0
	for i := range a {
		mean += (a[i] - b[i]) / n
		squares += (a[i] - b[i]) * (a[i] - b[i]) / n
	}
	return mean, math.Sqrt(max(squares-mean*mean, 0) / n)
}

// common returns the share of verdicts that are the same.
func common(a, b []int32) float64 {
	same, all := 0.0, 0.0
	for t, k := range a {
		if k == NoVerdict {
			continue
		}
		all++
		if b[t] == k {
			same++
		}
	}
	return same / max(all, 1)
}

// compare fits a method to the votes, and to what is left of them without each fifth.
func compare(ctx context.Context, m Method, v *Votes, o Options) (*Candidate, error) {
	whole, err := Fit(ctx, m, v, o)
	if err != nil {
		return nil, err
	}
	c := &Candidate{Method: m, Predicted: unknown, Gold: unknown, class: whole.Class}
	kept, all := 0.0, 0.0
	for f := range folds {
		left := v.pick(func(task int, worker int32) bool { return fold(task, worker, o.Seed) != f })
		r, err := Fit(ctx, m, left, o)
		if err != nil {
			return nil, err
		}
		for t := range v.tasks {
			if left.start[t] == left.start[t+1] {
				continue
			}
			all++
			if r.Class[t] == whole.Class[t] {
				kept++
			}
			workers, classes := v.of(t)
			for i, w := range workers {
				if fold(t, w, o.Seed) == f {
					c.scores = append(c.scores, math.Log(max(r.predict(t, int(w), int(classes[i])), leastChance)))
				}
			}
		}
	}
	c.Stable = kept / max(all, 1)
	if len(c.scores) > 0 {
		mean, deviation := difference(c.scores, make([]float64, len(c.scores)))
		c.Predicted = around(mean, deviation*deviation)
	}
	return c, nil
}

// fold says with which part an answer is left out, whatever the order of the answers.
func fold(task int, worker int32, seed uint64) int {
	return int(mix(uint64(task)<<32|uint64(worker), seed) % folds)
}

// sample returns the votes on those tasks that methods are compared on, and their gold: all if they are few, and those
// with gold.
func (v *Votes) sample(gold []int32, seed uint64) (*Votes, []int32) {
	if v.Len() <= comparedMax {
		return v, gold
	}
	rate := comparedMax / float64(v.Len())
	out := &Votes{workers: v.workers, classes: v.classes, start: []int32{0}, unsure: v.unsure}
	var known []int32
	for t := range v.tasks {
		golden := gold != nil && gold[t] != NoVerdict
		if !golden && float64(mix(uint64(t), ^seed)>>11)/(1<<53) >= rate {
			continue
		}
		workers, classes := v.of(t)
		out.worker, out.class = append(out.worker, workers...), append(out.class, classes...)
		out.start = append(out.start, int32(len(out.class)))
		out.tasks++
		if gold != nil {
			known = append(known, gold[t])
		}
	}
	return out, known
}

// pick returns the answers for which keep is true.
func (v *Votes) pick(keep func(task int, worker int32) bool) *Votes {
	out := &Votes{tasks: v.tasks, workers: v.workers, classes: v.classes, start: make([]int32, v.tasks+1), unsure: v.unsure}
	for t := range v.tasks {
		workers, classes := v.of(t)
		for i, w := range workers {
			if keep(t, w) {
				out.worker = append(out.worker, w)
				out.class = append(out.class, classes[i])
			}
		}
		out.start[t+1] = int32(len(out.class))
	}
	return out
}

// mix is the output of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) for the state x + seed.
func mix(x, seed uint64) uint64 {
	x += seed + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
