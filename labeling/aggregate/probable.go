package aggregate

import (
	"math"
	"slices"
)

// Probabilities returns how probable each class of each task is. It is the Posterior, but for the methods whose posterior
// is a share of weights (majority, Wawa, zero-based skill): two people who agree have a share of 1 whatever they are worth,
// and nine of ten who agree are more right than nine in ten. v is what the method was applied to. The most probable class
// is the method's.
//
// The model: everybody who answers a task t has the same chance a(t) to be right, which is not under 1/K of K classes. Of
// the errors, a share l(t) goes to one other class, the lure, which is any of them, and the rest to all others alike. So the
// answers that are x(c) for each class c, n in all, have for the true class c the probability
//
//	a^x(c) · mean over d≠c of ((1-a) l)^x(d) · ((1-a) (1-l) / (K-2))^(n-x(c)-x(d)),
//
// and all classes are equal beforehand. Chances and shares come from a grid, with (1-a) l ≤ a, so that more answers are
// never less probable. How frequent each of its points is among tasks is learned from the answers alone, as the mixing
// distribution of greatest likelihood (Kiefer and Wolfowitz, Annals of Mathematical Statistics 27, 1956) by expectation
// maximisation (Laird, JASA 73, 1978), which begins near one chance for all tasks and no lure, and leaves that as far as
// the answers show: two answers a task, and three where there are two classes, show no more than one chance. Where no task
// has two, it is said to be 0.8.
//
// An answer of weight w counts as w through the mean weight.
//
// What most people take for true and is not, no answers can tell: only gold, which is as Auto has it. With 50 golds or more,
// a share of all tasks are traps, whose true class is any but the one that the answers point to, and the share is that of
// greatest likelihood. O(answers) for few classes a task.
func (r *Result) Probabilities(v *Votes, gold []int32) *Posterior {
	switch r.Method {
	case Majority, Wawa, ZeroBased:
	default:
		return r.Posterior
	}
	b := countBallots(v)
	weights, sum := make([]float64, v.workers), 0.0
	for w := range weights {
		weights[w] = r.Workers[w].Weight
		sum += weights[w] * float64(r.Workers[w].Answers)
	}
	if sum > 0 {
		for w := range weights {
			weights[w] *= float64(v.Len()) / sum
		}
	}
	x := b.newPosterior() // of each class of each task, the weights of its answers
	for t := range v.tasks {
		workers, slots, chosen := b.task(t)
		out, all := x.p[b.first[t]:b.first[t+1]], 0.0
		for i, w := range workers {
			out[slots[i]] += weights[w]
			all += weights[w]
		}
		for s := range out {
			if all == 0 {
				out[s] = float64(len(workers)) / float64(chosen) // as the share has it
			}
		}
	}
	m := learnChances(b, x)
	cuts := b.parts(0)
	each(len(cuts)-1, func(part int) {
		var room []float64
		for t := cuts[part]; t < cuts[part+1]; t++ {
			if out := x.p[b.first[t]:b.first[t+1]]; len(out) > 0 {
				room = m.probable(out, &x.rest[t], room)
			}
		}
	})
	x.avoid(x.traps(gold))
	return x
}

// traps returns the share of tasks that are traps, as far as gold tells.
func (p *Posterior) traps(gold []int32) float64 {
	const steps = 100
	var probable []float64 // of the golds
	for t, k := range gold {
		if k != NoVerdict && p.first[t] < p.first[t+1] {
			probable = append(probable, p.Of(t, int(k)))
		}
	}
	if len(probable) < goldMin {
		return 0
	}
	best, most := 0.0, math.Inf(-1)
	for step := range steps {
		share := (1 - 1/float64(p.classes)) * float64(step) / steps // more would turn the order of classes
		likelihood := 0.0
		for _, x := range probable {
			likelihood += math.Log(max(p.avoided(x, share), leastChance))
		}
		if likelihood > most {
			best, most = share, likelihood
		}
	}
	return best
}

// avoided is what a probability is when a share of tasks are traps.
func (p *Posterior) avoided(x, share float64) float64 {
	return (1-share)*x + share*(1-x)/float64(p.classes-1)
}

func (p *Posterior) avoid(share float64) {
	for i, x := range p.p {
		p.p[i] = p.avoided(x, share)
	}
	for t, x := range p.rest {
		if p.first[t] < p.first[t+1] {
			p.rest[t] = p.avoided(x, share)
		}
	}
}

// chance is a point of the grid: the logarithms of the probabilities of the right answer, of the lure, and of each other
// class, and how frequent the point is.
type chance struct{ right, lure, other, weight float64 }

// chances are the points of the grid for so many classes.
type chances struct {
	classes int
	of      []chance
}

const (
	chanceSteps  = 12
	chanceSample = 10_000 // tasks that the mixture is learned from, spread over all
	chanceFirst  = 0.8    // where learning begins, and stays when nobody answers what another did
	chanceStart  = 0.95   // the weight of one chance for all tasks when the mixture begins
	chancePrior  = 2      // how many tasks that beginning counts for
)

func (m *chances) add(right, lure, weight float64) {
	const least = 1e-6
	right = min(max(right, least), 1-least)
	wrong := 1 - right
	c := chance{right: math.Log(right), lure: math.Log(wrong * lure), weight: weight}
	if m.classes > 2 {
		c.other = math.Log(max(wrong*(1-lure)/float64(m.classes-2), least*least))
	}
	m.of = append(m.of, c)
}

// learnChances learns how frequent each point of the grid is.
func learnChances(b *ballots, x *Posterior) *chances {
	even := 1 / float64(b.classes-1)
	var sample [][]float64
	for t := 0; t < b.tasks; t += (b.tasks + chanceSample - 1) / chanceSample {
		if counts := x.p[b.first[t]:b.first[t+1]]; len(counts) > 0 {
			sample = append(sample, counts)
		}
	}
	m := &chances{classes: b.classes}
	m.add(commonChance(b.classes, sample), even, chanceStart)
	lures := []float64{even}
	if b.classes > 2 {
		lures = append(lures, (even+1)/2, 1)
	}
	lowest := 1 / float64(b.classes)
	for step := range chanceSteps + 1 {
		right := lowest + (1-lowest)*float64(step)/chanceSteps
		for _, lure := range lures {
			if right >= (1-right)*lure-1e-12 {
				m.add(right, lure, 0)
			}
		}
	}
	for i := range m.of[1:] {
		m.of[1+i].weight = (1 - chanceStart) / float64(len(m.of)-1)
	}
	m.learn(sample)
	return m
}

// commonChance returns the chance that all tasks share, by expectation maximisation.
func commonChance(classes int, sample [][]float64) float64 {
	const iterations = 100
	a := chanceFirst
	logs := make([]float64, classes+1)
	for range iterations {
		one := &chances{classes: classes}
		one.add(a, 1/float64(classes-1), 1)
		right, answers := a, 1.0 // a bound against certainty that moves nothing
		for _, counts := range sample {
			n := one.logs(0, counts, logs)
			whole := sumOfLogs(logs[:len(counts)], logs[len(counts)], classes-len(counts))
			for s, k := range counts {
				right += k * math.Exp(logs[s]-whole)
			}
			answers += n
		}
		a = max(right/answers, 1/float64(classes))
	}
	return a
}

// learn moves the weights of the points towards how probable each is of the tasks.
func (m *chances) learn(sample [][]float64) {
	const iterations = 100
	logs := make([]float64, m.classes+1)
	like := make([]float64, len(sample)*len(m.of)) // of each task, by point, through the largest
	for t, counts := range sample {
		row, top := like[t*len(m.of):(t+1)*len(m.of)], math.Inf(-1)
		for i := range m.of {
			m.logs(i, counts, logs)
			row[i] = sumOfLogs(logs[:len(counts)], logs[len(counts)], m.classes-len(counts))
			top = max(top, row[i])
		}
		for i := range row {
			row[i] = math.Exp(row[i] - top)
		}
	}
	prior, expected := make([]float64, len(m.of)), make([]float64, len(m.of))
	for i := range m.of {
		prior[i] = chancePrior * m.of[i].weight
	}
	for range iterations {
		copy(expected, prior)
		for t := range sample {
			row, sum := like[t*len(m.of):(t+1)*len(m.of)], 0.0
			for i, l := range row {
				sum += m.of[i].weight * l
			}
			for i, l := range row {
				expected[i] += m.of[i].weight * l / sum
			}
		}
		for i := range m.of {
			m.of[i].weight = expected[i] / (chancePrior + float64(len(sample)))
		}
	}
}

// logs sets the logarithm of the probability of a task's answers at a point of the grid, but for a factor that all classes
// share, if each of the chosen classes is the true one, and after those if one is that nobody chose. It returns how many
// answers there are.
func (m *chances) logs(point int, counts, out []float64) (n float64) {
	c := &m.of[point]
	for _, k := range counts {
		n += k
	}
	unchosen := m.classes - len(counts)
	lured := func(skip, unchosen int, left float64) float64 { // over what the lure may be
		terms := make([]float64, 0, 32)
		for d, k := range counts {
			if d != skip {
				terms = append(terms, k*c.lure+(left-k)*c.other)
			}
		}
		return sumOfLogs(terms, left*c.other, unchosen)
	}
	for s, k := range counts {
		out[s] = k*c.right + lured(s, unchosen, n-k)
	}
	out[len(counts)] = math.Inf(-1)
	if unchosen > 0 {
		out[len(counts)] = lured(-1, unchosen-1, n)
	}
	return n
}

// probable turns the answers of a task into probabilities. room is for what it computes, and is returned, grown if need be.
func (m *chances) probable(counts []float64, rest *float64, room []float64) []float64 {
	width := len(counts) + 1
	room = slices.Grow(room[:0], len(m.of)*width)[:len(m.of)*width]
	top := math.Inf(-1)
	for i := range m.of {
		logs := room[i*width : (i+1)*width]
		m.logs(i, counts, logs)
		for _, x := range logs {
			top = max(top, x)
		}
	}
	clear(counts)
	*rest = 0
	all := 0.0
	for i := range m.of {
		logs := room[i*width : (i+1)*width]
		for s, x := range logs {
			x = m.of[i].weight * math.Exp(x-top)
			if s < len(counts) {
				counts[s] += x
				all += x
			} else {
				*rest += x
				all += x * float64(m.classes-len(counts))
			}
		}
	}
	for s := range counts {
		counts[s] /= all
	}
	*rest /= all
	return room
}

// sumOfLogs returns the logarithm of a sum of what terms are the logarithms of, and of n times what each is.
func sumOfLogs(terms []float64, each float64, n int) float64 {
	top := math.Inf(-1)
	if n > 0 {
		top = each
	}
	for _, x := range terms {
		top = max(top, x)
	}
	sum := 0.0
	if n > 0 {
		sum = float64(n) * math.Exp(each-top)
	}
	for _, x := range terms {
		sum += math.Exp(x - top)
	}
	return top + math.Log(sum)
}
