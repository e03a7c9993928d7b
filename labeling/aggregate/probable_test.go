package aggregate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// hardness is how a crowd does at a task: the chance to be right, and what share of errors goes to one other class.
type hardness struct{ right, lured float64 }

// harderCrowd asks perTask people about each task, who are all alike, and some tasks harder than others.
func harderCrowd(seed uint64, tasks, classes, perTask int, kinds ...hardness) crowd {
	random := rand.New(rand.NewPCG(seed, 3))
	c := crowd{columns: aggregate.Columns{Tasks: tasks, Workers: tasks * perTask, Classes: classes}}
	for t := range tasks {
		truth, kind := random.IntN(classes), kinds[random.IntN(len(kinds))]
		lure := (truth + 1 + random.IntN(classes-1)) % classes
		for i := range perTask {
			class := truth
			if random.Float64() >= kind.right {
				if class = lure; random.Float64() >= kind.lured {
					class = (truth + 1 + random.IntN(classes-1)) % classes
				}
			}
			c.columns.Task, c.columns.Worker, c.columns.Class = append(c.columns.Task, int32(t)), append(c.columns.Worker, int32(t*perTask+i)), append(c.columns.Class, int32(class))
		}
		c.truth = append(c.truth, int32(truth))
	}
	return c
}

// miscalibration is how far the confidence in each tenth is from how often it is right, on average over tasks.
func (c crowd) miscalibration(r *aggregate.Result, p *aggregate.Posterior) float64 {
	var sure, right [10]float64
	for t, k := range c.truth {
		confidence := p.Of(t, int(r.Class[t]))
		bin := min(int(confidence*10), 9)
		sure[bin] += confidence
		if r.Class[t] == k {
			right[bin]++
		}
	}
	off := 0.0
	for i := range sure {
		off += math.Abs(sure[i]-right[i]) / float64(len(c.truth))
	}
	return off
}

// TestProbabilitiesAreTrue has crowds of all kinds, and wants what is said to be probable to be as often so. The shares of
// the majority are not.
func TestProbabilitiesAreTrue(t *testing.T) {
	alike, mixture, lured := []hardness{{0.75, 0}}, []hardness{{0.95, 0}, {0.55, 0}}, []hardness{{0.95, 1}, {0.6, 1}}
	for _, test := range []struct {
		name             string
		classes, perTask int
		kinds            []hardness
		most, ofShares   float64 // of the miscalibration, and the least of the majority's shares
	}{
		{"alike", 2, 2, alike, 0.02, 0.04},
		{"alike", 2, 3, alike, 0.02, 0.05},
		{"alike", 2, 5, alike, 0.02, 0.10},
		{"alike", 4, 2, alike, 0.02, 0.03},
		{"alike", 4, 9, alike, 0.02, 0.20},
		{"some hard", 2, 5, mixture, 0.05, 0},
		{"some hard", 2, 9, mixture, 0.03, 0},
		{"some hard", 4, 3, mixture, 0.04, 0},
		{"some hard", 4, 5, mixture, 0.06, 0.08},
		{"some hard", 4, 9, mixture, 0.05, 0.15},
		{"lured", 4, 3, lured, 0.06, 0},
		{"lured", 4, 5, lured, 0.04, 0},
		{"lured", 4, 9, lured, 0.06, 0.06},
	} {
		t.Run(fmt.Sprintf("%s, %d classes, %d answers", test.name, test.classes, test.perTask), func(t *testing.T) {
			c := harderCrowd(7, 4000, test.classes, test.perTask, test.kinds...)
			v := mustVote(t, c.columns)
			r := mustFit(t, aggregate.Majority, v, aggregate.Options{})
			got, shares := c.miscalibration(r, r.Probabilities(v, nil)), c.miscalibration(r, r.Posterior)
			if got > test.most || shares < test.ofShares {
				t.Errorf("what is said is off by %.3f, want at most %.3f; the shares by %.3f", got, test.most, shares)
			}
		})
	}
}

// TestProbabilitiesByGold has a tenth of the tasks look like what they are not to most people, which gold alone can tell.
func TestProbabilitiesByGold(t *testing.T) {
	kinds := make([]hardness, 10)
	for i := range kinds {
		kinds[i] = hardness{0.85, 0}
	}
	kinds[9] = hardness{0.1, 1}
	for _, classes := range []int{2, 4} {
		c := harderCrowd(11, 4000, classes, 7, kinds...)
		v := mustVote(t, c.columns)
		r := mustFit(t, aggregate.Majority, v, aggregate.Options{})
		golds := func(n int) []int32 {
			gold := make([]int32, len(c.truth))
			for i := range gold {
				if gold[i] = aggregate.NoVerdict; i < n {
					gold[i] = c.truth[i]
				}
			}
			return gold
		}
		none, few, many := c.miscalibration(r, r.Probabilities(v, nil)), c.miscalibration(r, r.Probabilities(v, golds(49))), c.miscalibration(r, r.Probabilities(v, golds(400)))
		if none < 0.06 || few != none || many > 0.03 {
			t.Errorf("%d classes: what is said is off by %.3f without gold, by %.3f with 49, and by %.3f with 400", classes, none, few, many)
		}
	}
}

// Where all tasks are alike, the model is the one-coin model with one accuracy, which two answers a task tell.
func TestProbabilitiesOfTwoAnswers(t *testing.T) {
	columns := aggregate.Columns{Tasks: 1000, Workers: 2000, Classes: 2}
	for i := range 2000 {
		class := int32(0)
		if i/2 >= 680 { // 0.8² + 0.2² agree
			class = int32(i % 2)
		}
		columns.Task, columns.Worker, columns.Class = append(columns.Task, int32(i/2)), append(columns.Worker, int32(i)), append(columns.Class, class)
	}
	v := mustVote(t, columns)
	p := mustFit(t, aggregate.Majority, v, aggregate.Options{}).Probabilities(v, nil)
	if got, want := p.Of(0, 0), 0.8*0.8/0.68; math.Abs(got-want) > 0.01 {
		t.Errorf("two who agree are right with %.4f, want %.4f", got, want)
	}
	if got := p.Of(999, 0); math.Abs(got-0.5) > 1e-9 {
		t.Errorf("two who do not agree are right with %.4f", got)
	}

	// Nobody answers what another did.
	alone := aggregate.Columns{Tasks: 50, Workers: 5, Classes: 3}
	for i := range int32(50) {
		alone.Task, alone.Worker, alone.Class = append(alone.Task, i), append(alone.Worker, i%5), append(alone.Class, i%3)
	}
	v = mustVote(t, alone)
	p = mustFit(t, aggregate.Majority, v, aggregate.Options{}).Probabilities(v, nil)
	if right, wrong := p.Of(4, 1), p.Of(4, 2); math.Abs(right-0.8) > 0.03 || math.Abs(right+2*wrong-1) > 1e-9 {
		t.Errorf("one answer is right with %.4f, and each other class with %.4f", right, wrong)
	}
}

// Whatever people answer, the probabilities are some, sum to 1, and the method's class is the most probable.
func TestProbabilitiesFit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		columns := aggregate.Columns{Tasks: rapid.IntRange(1, 12).Draw(rt, "tasks"), Workers: rapid.IntRange(1, 9).Draw(rt, "workers"), Classes: rapid.IntRange(2, 6).Draw(rt, "classes")}
		for task := range columns.Tasks {
			for worker := range columns.Workers {
				if k := rapid.IntRange(-1, columns.Classes-1).Draw(rt, "answer"); k >= 0 {
					columns.Task, columns.Worker, columns.Class = append(columns.Task, int32(task)), append(columns.Worker, int32(worker)), append(columns.Class, int32(k))
				}
			}
		}
		v := mustVote(t, columns)
		for _, m := range []aggregate.Method{aggregate.Majority, aggregate.Wawa, aggregate.ZeroBased} {
			r := mustFit(t, m, v, aggregate.Options{})
			p, row := r.Probabilities(v, nil), make([]float64, columns.Classes)
			for task, class := range r.Class {
				if class == aggregate.NoVerdict {
					continue
				}
				p.Row(task, row)
				sum, top := 0.0, 0.0
				for _, x := range row {
					sum, top = sum+x, max(top, x)
				}
				if !(math.Abs(sum-1) < 1e-9) || row[class] < top-1e-9 {
					rt.Fatalf("%s: task %d is %d, and its classes have %v", m, task, class, row)
				}
			}
		}
		r := mustFit(t, aggregate.OneCoin, v, aggregate.Options{})
		if r.Probabilities(v, nil) != r.Posterior {
			rt.Fatal("a method with a model of its own has other probabilities than its posterior")
		}
	})
}
