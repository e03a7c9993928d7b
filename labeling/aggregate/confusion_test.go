package aggregate_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// plainDawidSkene is the method as the paper writes it: one thread, one loop for each formula, and logarithms.
func plainDawidSkene(c aggregate.Columns, iterations int, smoothing float64) (posterior [][]float64, confusion [][][]float64, prior []float64, logLikelihood float64) {
	k := c.Classes
	posterior = make([][]float64, c.Tasks)
	for t := range posterior {
		posterior[t] = make([]float64, k)
	}
	answers := make([]float64, c.Tasks)
	for i, t := range c.Task {
		posterior[t][c.Class[i]]++
		answers[t]++
	}
	for t := range posterior {
		for z := range posterior[t] {
			posterior[t][z] /= answers[t]
		}
	}
	for range iterations {
		confusion = make([][][]float64, c.Workers)
		for w := range confusion {
			confusion[w] = make([][]float64, k)
			for z := range confusion[w] {
				confusion[w][z] = make([]float64, k)
				for a := range confusion[w][z] {
					confusion[w][z][a] = smoothing
				}
			}
		}
		for i, w := range c.Worker {
			for z, p := range posterior[c.Task[i]] {
				confusion[w][z][c.Class[i]] += p
			}
		}
		for _, matrix := range confusion {
			for _, row := range matrix {
				divide(row)
			}
		}
		prior = make([]float64, k)
		for z := range prior {
			prior[z] = smoothing
			for t := range posterior {
				prior[z] += posterior[t][z]
			}
		}
		divide(prior)
		for t := range posterior {
			for z := range posterior[t] {
				posterior[t][z] = math.Log(prior[z])
			}
		}
		for i, w := range c.Worker {
			for z := range k {
				posterior[c.Task[i]][z] += math.Log(confusion[w][z][c.Class[i]])
			}
		}
		logLikelihood = 0
		for _, row := range posterior {
			top := math.Inf(-1)
			for _, x := range row {
				top = max(top, x)
			}
			for z, x := range row {
				row[z] = math.Exp(x - top)
			}
			logLikelihood += top + math.Log(divide(row))
		}
	}
	return posterior, confusion, prior, logLikelihood
}

// divide makes numbers sum to one, and returns what they summed to.
func divide(x []float64) float64 {
	sum := 0.0
	for _, y := range x {
		sum += y
	}
	for i := range x {
		x[i] /= sum
	}
	return sum
}

func TestDawidSkeneEqualsPlain(t *testing.T) {
	for _, test := range []struct{ tasks, workers, classes, perTask, iterations int }{
		{9000, 101, 2, 5, 30},
		{9000, 53, 3, 6, 50},
		{2000, 17, 7, 11, 20},
		{20, 2000, 3, 1900, 5}, // products of so many probabilities that they are 0 as a float64
		{20, 2000, 4, 1900, 5},
	} {
		c := newCrowd(13, test.tasks, test.workers, test.classes, test.perTask, mixed).columns
		r := mustFit(t, aggregate.DawidSkene, mustVote(t, c), aggregate.Options{Iterations: test.iterations, Exactly: true})
		posterior, confusion, prior, logLikelihood := plainDawidSkene(c, test.iterations, 0.01)
		far := math.Abs(r.LogLikelihood-logLikelihood) / math.Abs(logLikelihood)
		for task, row := range posterior {
			for k, p := range row {
				far = max(far, math.Abs(p-r.Posterior.Of(task, k)))
			}
		}
		for k, p := range prior {
			far = max(far, math.Abs(p-r.Prior[k]))
		}
		for w, matrix := range confusion {
			for z, row := range matrix {
				for a, p := range row {
					far = max(far, math.Abs(p-r.Confusion[(w*c.Classes+z)*c.Classes+a]))
				}
			}
		}
		if far > 1e-9 {
			t.Errorf("%+v: %g from the plain one", test, far)
		}
	}
}

// TestIBCCLearnsTheCrowd has a crowd of whom each gives a few answers, and all tend to take class 0 for class 1: what they
// have in common is all that can be learned of anybody.
func TestIBCCLearnsTheCrowd(t *testing.T) {
	c := newCrowd(17, 3000, 3000, 3, 6, func(int) float64 { return 0.85 })
	random := rand.New(rand.NewPCG(17, 3))
	for i, task := range c.columns.Task {
		if c.truth[task] == 0 && random.Float64() < 0.55 {
			c.columns.Class[i] = 1
		}
	}
	v := mustVote(t, c.columns)
	got := c.accuracy(mustFit(t, aggregate.IBCC, v, aggregate.Options{}))
	for _, m := range []aggregate.Method{aggregate.Majority, aggregate.OneCoin, aggregate.DawidSkene} {
		if other := c.accuracy(mustFit(t, m, v, aggregate.Options{})); got < other+0.05 {
			t.Errorf("%.4f right with a learned prior, and %.4f by %s", got, other, m)
		}
	}
}

// manyAnswers are 6 answers to each of tasks by 2,413 people with 3 classes.
func manyAnswers(tasks int) aggregate.Columns {
	const workers, perTask = 2413, 6
	c := aggregate.Columns{Tasks: tasks, Workers: workers, Classes: 3}
	random := rand.New(rand.NewPCG(1, 4))
	for t := range int32(tasks) {
		truth := random.Int32N(3)
		first := random.Int32N(workers)
		for i := range int32(perTask) {
			w := (first + i*401) % workers
			class := truth
			if random.Int32N(100) > 55+w%40 {
				class = random.Int32N(3)
			}
			c.Task, c.Worker, c.Class = append(c.Task, t), append(c.Worker, w), append(c.Class, class)
		}
	}
	return c
}

// BenchmarkDawidSkene is a fit of the size of the largest public set: 50 iterations over 6 million answers to a million
// tasks.
func BenchmarkDawidSkene(b *testing.B) {
	v := mustVote(b, manyAnswers(1_000_000))
	b.ReportAllocs()
	for b.Loop() {
		mustFit(b, aggregate.DawidSkene, v, aggregate.Options{Iterations: 50, Exactly: true})
	}
}

func BenchmarkFit(b *testing.B) {
	v := mustVote(b, manyAnswers(200_000))
	for _, m := range aggregate.Methods() {
		if m == aggregate.KOS {
			continue
		}
		b.Run(string(m), func(b *testing.B) {
			for b.Loop() {
				mustFit(b, m, v, aggregate.Options{Iterations: 10, Exactly: true})
			}
		})
	}
}

func BenchmarkNewVotes(b *testing.B) {
	c := manyAnswers(1_000_000)
	for b.Loop() {
		mustVote(b, c)
	}
}

func BenchmarkAuto(b *testing.B) {
	v := mustVote(b, manyAnswers(1_000_000))
	for b.Loop() {
		mustChoose(b, v, nil)
	}
}

// TestKnown: where most people agree on a wrong class, what is known of some tasks tells who is right about the others;
// and with the truth to begin with, nothing has to be known.
func TestKnown(t *testing.T) {
	liars := newCrowd(3, 400, 10, 3, 6, func(int) float64 { return 0.85 })
	for i, w := range liars.columns.Worker {
		if w < 6 {
			liars.columns.Class[i] = (liars.truth[liars.columns.Task[i]] + 1) % 3
		}
	}
	v := mustVote(t, liars.columns)
	some, begin := slices.Clone(liars.truth), make([]float64, 0, 3*len(liars.truth))
	for task, k := range liars.truth {
		if task%4 > 0 {
			some[task] = aggregate.NoVerdict
		}
		for class := range int32(3) {
			if class == k {
				begin = append(begin, 1)
			} else {
				begin = append(begin, 0)
			}
		}
	}
	for _, m := range []aggregate.Method{aggregate.DawidSkene, aggregate.IBCC} {
		misled, led := mustFit(t, m, v, aggregate.Options{}), mustFit(t, m, v, aggregate.Options{Known: some, Begin: begin})
		if was, is := liars.accuracy(misled), liars.accuracy(led); was > 0.1 || is < 0.95 {
			t.Errorf("%s: accuracy %.3f, and %.3f by what is known", m, was, is)
		}
		known := mustFit(t, m, v, aggregate.Options{Known: liars.truth, Iterations: 1})
		if got := liars.accuracy(known); got != 1 {
			t.Errorf("%s: accuracy %.3f of what is known", m, got)
		}
	}
	for name, o := range map[string]aggregate.Options{
		"too few known":          {Known: some[1:]},
		"a class above all":      {Known: slices.Repeat([]int32{3}, 400)},
		"a class below all":      {Known: slices.Repeat([]int32{-3}, 400)},
		"too little to begin on": {Begin: begin[1:]},
	} {
		if _, err := aggregate.Fit(t.Context(), aggregate.DawidSkene, v, o); !errors.Is(err, aggregate.ErrBadVotes) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
