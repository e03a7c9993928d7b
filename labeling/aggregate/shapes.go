package aggregate

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/tasknet/tasknet"
)

// ShapesMax is the most shapes that all answers to one task may have together.
const ShapesMax = 2000

// ErrTooManyShapes reports a task whose answers have more shapes than can be matched.
var ErrTooManyShapes = tasknet.NewError(tasknet.TooLarge, "too_many_shapes", "The answers to one task have more than 2000 shapes together; cut the task into smaller ones.")

// Shapes is what boxes and polygons have in common: answers that are any number of shapes, each with a class. Those of
// row r have the numbers from Start[r] until Start[r+1]; a row without shapes says that there is nothing.
type Shapes struct {
	Rows
	Start      []int32
	Classes    []int32 // per shape
	ClassCount int

	// Overlap is how much two shapes of one object overlap at least, on average: intersection over union. 0 stands for
	// 0.5. Lower it when people draw small things roughly, raise it when objects hide each other.
	Overlap float64
}

// ShapesObject is something that workers drew.
type ShapesObject struct {
	Task    int32
	Members []int32 // the numbers of those that were matched, at most one of each worker, by worker

	// Confidence is the share of the workers who answered the task that drew the object, weighted by their skill.
	Confidence float64
	Support    Estimate // the same with an interval, of so many workers as answered

	Class     int32         // the heaviest, the lowest of several
	Classes   []ShapesClass // those that members have, in rising order
	Agreement float64       // the mean overlap of its members and the fused shape
}

// ShapesClass is a class that members of an object have, and the share of them that do, weighted by skill.
type ShapesClass struct {
	Class  int32
	Weight float64
}

// ShapesResult is what boxes and polygons result in alike.
type ShapesResult struct {
	// Agreement is, per task, how much two workers drew the same objects, on average over pairs: twice the objects that
	// both drew over the shapes that they drew. It is NaN with fewer than two answers, and 1 when nobody drew anything.
	Agreement []float64

	// Skills is, per worker, how far they and the others draw the same objects, from 0 to 1: the harmonic mean of how
	// much of what they drew the others drew, and of how much of what the others drew they did. Unknown for who answered
	// no task that others did.
	Skills []Estimate
	Convergence
}

func (s *Shapes) index(shapes int) (*rowIndex, error) {
	x, err := s.Rows.index()
	if err != nil {
		return nil, err
	}
	if err := checkParts(s.Start, len(s.Tasks), shapes); err != nil {
		return nil, err
	}
	if len(s.Classes) != shapes {
		return nil, badAnswers(fmt.Sprintf("there are %d classes for %d shapes", len(s.Classes), shapes))
	}
	if !(s.Overlap >= 0 && s.Overlap <= 1) {
		return nil, badAnswers(fmt.Sprintf("an overlap of %v is not from 0 to 1", s.Overlap))
	}
	for r := range s.Tasks {
		for shape := s.Start[r]; shape < s.Start[r+1]; shape++ {
			if c := s.Classes[shape]; c < 0 || int(c) >= s.ClassCount {
				return nil, badRow(r, "there is no class %d among %d", c, s.ClassCount)
			}
		}
	}
	for t := range s.TaskCount {
		n := 0
		for _, row := range x.of(t) {
			n += int(s.Start[row+1] - s.Start[row])
		}
		if n > ShapesMax {
			return nil, fmt.Errorf("task %d has %d: %w", t, n, ErrTooManyShapes)
		}
	}
	return x, nil
}

// drawing is an object while its skills are being found.
type drawing struct {
	ShapesObject
	workers []int32 // who drew each of Members
}

// match finds the objects of each task.
func (s *Shapes) match(ctx context.Context, progress Progress, x *rowIndex, overlap func(a, b int32) float64) ([]drawing, error) {
	threshold := s.Overlap
	if threshold == 0 {
		threshold = 0.5
	}
	var out []drawing
	for t := range s.TaskCount {
		if err := progress.step(ctx, t, s.TaskCount); err != nil {
			return nil, err
		}
		var shapes, workers []int32
		for _, row := range x.of(t) {
			for shape := s.Start[row]; shape < s.Start[row+1]; shape++ {
				shapes, workers = append(shapes, shape), append(workers, s.Workers[row])
			}
		}
		ended := false // a task of 2000 polygons takes minutes
		for _, members := range clusters(workers, threshold, func(i, j int) float64 {
			if ended = ended || ctx.Err() != nil; ended {
				return apart
			}
			return overlap(shapes[i], shapes[j])
		}) {
			o := drawing{ShapesObject: ShapesObject{Task: int32(t)}}
			for _, m := range members {
				o.Members, o.workers = append(o.Members, shapes[m]), append(o.workers, workers[m])
			}
			out = append(out, o)
		}
	}
	return out, ctx.Err()
}

// When the search for skills ends.
const (
	skillTolerance = 1e-9
	skillRoundsMax = 200
)

// weigh finds how skilled workers are and how sure objects are, each by the other: the confidence in an object is the
// share of skill that drew it, and skill is how far a worker agrees with the confidence that all others alone give. Who
// draws what nobody else does loses their weight, and with it the objects that only they drew.
func (s *Shapes) weigh(ctx context.Context, x *rowIndex, objects []drawing) (out ShapesResult, skill []float64, err error) {
	out = ShapesResult{Agreement: s.agreement(x, objects), Skills: make([]Estimate, s.WorkerCount)}
	skill = slices.Repeat([]float64{1}, s.WorkerCount)
	agreed, expected, drew := make([]float64, s.WorkerCount), make([]float64, s.WorkerCount), make([]float64, s.WorkerCount)
	for out.Iterations < skillRoundsMax && !out.Converged {
		if err := ctx.Err(); err != nil {
			return out, nil, err
		}
		out.Iterations++
		clear(agreed)
		clear(expected)
		clear(drew)
		of := s.skillOf(x, skill)
		for _, o := range objects {
			mine := 0.0
			for _, w := range o.workers {
				mine += skill[w]
			}
			at := 0
			for _, row := range x.of(int(o.Task)) {
				w := s.Workers[row]
				rest := of[o.Task] - skill[w]
				others := mine
				drawn := at < len(o.workers) && o.workers[at] == w
				if drawn {
					at++
					others -= skill[w]
				}
				if len(x.of(int(o.Task))) < 2 {
					continue
				}
				sure := 0.0
				if rest > smallSkill {
					sure = max(0, min(1, others/rest))
				}
				expected[w] += sure
				if drawn {
					drew[w]++
					agreed[w] += sure
				}
			}
		}
		change := 0.0
		for w := range skill {
			now := (agreed[w] + skillPrior/2) / ((drew[w]+expected[w])/2 + skillPrior)
			change = max(change, math.Abs(now-skill[w]))
			skill[w] = now
		}
		out.Converged = change < skillTolerance
	}
	of, square := s.skillOf(x, skill), make([]float64, s.WorkerCount)
	for w := range square {
		square[w] = skill[w] * skill[w]
	}
	squares := s.skillOf(x, square)
	for i := range objects {
		o := &objects[i]
		weights := make(map[int32]float64)
		mine := 0.0
		for at, w := range o.workers {
			mine += skill[w]
			weights[s.Classes[o.Members[at]]] += skill[w]
		}
		o.Confidence = min(1, mine/of[o.Task])
		o.Support = support(o.Confidence, of[o.Task], squares[o.Task])
		heaviest := 0.0
		for _, c := range slices.Sorted(maps.Keys(weights)) {
			o.Classes = append(o.Classes, ShapesClass{c, weights[c] / mine})
			if weights[c] > heaviest {
				o.Class, heaviest = c, weights[c]
			}
		}
	}
	for w := range out.Skills {
		out.Skills[w] = share(agreed[w], (drew[w]+expected[w])/2)
	}
	return out, skill, nil
}

// skillPrior is the weight of the prior on a skill, in objects: one half drawn as others did. It keeps every skill over
// 0. Under smallSkill, what is left of a sum of skills is rounding.
const (
	skillPrior = 0.5
	smallSkill = 1e-12
)

// skillOf sums the skill of those who answered each task.
func (s *Shapes) skillOf(x *rowIndex, skill []float64) []float64 {
	sum := make([]float64, s.TaskCount)
	for t := range sum {
		for _, row := range x.of(t) {
			sum[t] += skill[s.Workers[row]]
		}
	}
	return sum
}

// agreement is that of ShapesResult. Of n workers with k_w shapes each, objects matched by m workers are m (m-1)/2 pairs.
func (s *Shapes) agreement(x *rowIndex, objects []drawing) []float64 {
	out := make([]float64, s.TaskCount)
	at := 0
	for t := range out {
		rows := x.of(t)
		place := make(map[int32]int, len(rows)) // of a worker among rows
		both := make([]int, len(rows)*len(rows))
		for i, row := range rows {
			place[s.Workers[row]] = i
		}
		for ; at < len(objects) && int(objects[at].Task) == t; at++ {
			for i, w := range objects[at].workers {
				for _, v := range objects[at].workers[:i] {
					both[place[w]*len(rows)+place[v]]++
				}
			}
		}
		sum, pairs := 0.0, 0
		for i := range rows {
			for j := range i {
				drew := s.Start[rows[i]+1] - s.Start[rows[i]] + s.Start[rows[j]+1] - s.Start[rows[j]]
				pairs++
				if drew == 0 {
					sum++
				} else {
					sum += 2 * float64(both[i*len(rows)+j]) / float64(drew)
				}
			}
		}
		out[t] = sum / float64(pairs) // NaN without pairs
	}
	return out
}
