package aggregate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/labeling/labelingtest"
)

// plainMACE is the model written down as it is in the paper, with a learned prior: every class of every task, no lists. It
// returns the posterior by task and class after some steps, how probably each worker knows, and the prior.
func plainMACE(c aggregate.Columns, steps int) (post, knows, prior []float64) {
	n, k := len(c.Task), c.Classes
	post, prior = make([]float64, c.Tasks*k), fill(k, 1/float64(k))
	know, guess, habit := fill(c.Workers, 0.5), fill(c.Workers, 0.5), fill(c.Workers*k, 1/float64(k))
	var knew, guessed []float64
	for step := range steps {
		if step > 0 {
			for w := range c.Workers {
				all := 0.0
				for _, x := range guessed[w*k : (w+1)*k] {
					all += x
				}
				know[w] = math.Exp(plainDigamma(knew[w]+0.5) - plainDigamma(knew[w]+all+1))
				guess[w] = math.Exp(plainDigamma(all+0.5) - plainDigamma(knew[w]+all+1))
				for a := range k {
					habit[w*k+a] = math.Exp(plainDigamma(guessed[w*k+a]+10) - plainDigamma(all+10*float64(k)))
				}
			}
			tasks := 1.0
			prior = fill(k, 1/float64(k))
			for i, p := range post {
				prior[i%k] += p
				tasks += p
			}
			for z := range prior {
				prior[z] /= tasks
			}
		}
		answered := make([]bool, c.Tasks)
		for i := range post {
			post[i] = prior[i%k]
		}
		for i := range n {
			t, w, a := int(c.Task[i]), int(c.Worker[i]), int(c.Class[i])
			answered[t] = true
			for z := range k {
				p := guess[w] * habit[w*k+a]
				if z == a {
					p += know[w]
				}
				post[t*k+z] *= p
			}
		}
		for t := range c.Tasks {
			sum := 0.0
			for _, p := range post[t*k : (t+1)*k] {
				sum += p
			}
			for z := range k {
				if post[t*k+z] /= sum; !answered[t] {
					post[t*k+z] = 0
				}
			}
		}
		knew, guessed = make([]float64, c.Workers), make([]float64, c.Workers*k)
		for i := range n {
			t, w, a := int(c.Task[i]), int(c.Worker[i]), int(c.Class[i])
			x := post[t*k+a] * know[w] / (know[w] + guess[w]*habit[w*k+a])
			knew[w] += x
			guessed[w*k+a] += 1 - x
		}
	}
	knows = make([]float64, c.Workers)
	for w := range knows {
		all := 0.0
		for _, x := range guessed[w*k : (w+1)*k] {
			all += x
		}
		knows[w] = (knew[w] + 0.5) / (knew[w] + all + 1)
	}
	return post, knows, prior
}

// plainDigamma is the series of the digamma function far out, and its recurrence before.
func plainDigamma(x float64) float64 {
	sum := 0.0
	for ; x < 40; x++ {
		sum -= 1 / x
	}
	return sum + math.Log(x) - 1/(2*x) - 1/(12*x*x) + 1/(120*x*x*x*x)
}

func fill(n int, x float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// TestMACEPlain compares with the plain form, where some classes are seldom and most are not chosen for a task.
func TestMACEPlain(t *testing.T) {
	for _, classes := range []int{2, 6} {
		c := newCrowd(31, 300, 12, classes, 3, func(w int) float64 { return float64(w) / 12 }).columns
		random := rand.New(rand.NewPCG(5, 5))
		for i := range c.Class {
			if random.IntN(2) == 0 {
				c.Class[i] = 0
			}
		}
		c.Tasks++ // nobody answered the last
		for _, steps := range []int{1, 2, 30} {
			post, knows, _ := plainMACE(c, steps)
			r := mustFit(t, aggregate.MACE, mustVote(t, c), aggregate.Options{Iterations: steps, Exactly: true})
			for i, want := range post {
				if got := r.Posterior.Of(i/classes, i%classes); math.Abs(got-want) > 1e-9 {
					t.Fatalf("%d classes, %d steps: task %d is %d with %g, want %g", classes, steps, i/classes, i%classes, got, want)
				}
			}
			for w, want := range knows {
				if got := r.Workers[w].Weight; math.Abs(got-want) > 1e-9 {
					t.Errorf("%d classes, %d steps: worker %d knows with %g, want %g", classes, steps, w, got, want)
				}
			}
			_, _, prior := plainMACE(c, steps+1) // that of a result follows from its posterior
			for k, want := range prior {
				if math.Abs(r.Prior[k]-want) > 1e-9 {
					t.Errorf("%d classes, %d steps: class %d is %g of the tasks, want %g", classes, steps, k, r.Prior[k], want)
				}
			}
		}
	}
}

// TestMACERareClass has a class that is rare and that careful people alone see: who says what is frequent does not guess.
func TestMACERareClass(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	c := crowd{columns: aggregate.Columns{Tasks: 4000, Workers: 30, Classes: 2}}
	for task := range c.columns.Tasks {
		truth := int32(0)
		if random.IntN(8) == 0 {
			truth = 1
		}
		c.truth = append(c.truth, truth)
		for _, w := range random.Perm(c.columns.Workers)[:3] {
			class := truth
			if w%3 > 0 && random.IntN(4) == 0 { // these say 1 now and then, whatever they see
				class = 1 - class
			}
			c.columns.Task, c.columns.Worker = append(c.columns.Task, int32(task)), append(c.columns.Worker, int32(w))
			c.columns.Class = append(c.columns.Class, class)
		}
	}
	v := mustVote(t, c.columns)
	base := c.accuracy(mustFit(t, aggregate.Majority, v, aggregate.Options{}))
	r := mustFit(t, aggregate.MACE, v, aggregate.Options{})
	if got := c.accuracy(r); got < base+0.02 {
		t.Errorf("%.4f right, and the majority %.4f", got, base)
	}
	if p := r.Prior[1]; math.Abs(p-0.125) > 0.02 {
		t.Errorf("the rare class is %.4f of the tasks, want 0.125", p)
	}
}

// TestMACEOnPeople wants what was published for the same answers, or more (Crowd-Kit 1.4.2, and its paper).
func TestMACEOnPeople(t *testing.T) {
	for name, want := range map[string]float64{"bluebirds": 0.8056, "dogs": 0.8302, "product": 0.9296} {
		columns, truth := labelingtest.Recorded(t, name)
		r := mustFit(t, aggregate.MACE, mustVote(t, columns), aggregate.Options{})
		if got := (crowd{columns, truth}).accuracy(r); got < want-0.00005 {
			t.Errorf("%s: %.4f right, want %.4f", name, got, want)
		}
	}
}
