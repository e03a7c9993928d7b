package aggregate

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Scales are answers on a scale of ordered classes, from 0 until ClassCount.
type Scales struct {
	Rows
	Classes    []int32 // per row; ignored where the worker could not tell
	ClassCount int
}

// ScalesClassesMax is the most classes of a scale: Numbers suit finer ones.
const ScalesClassesMax = 21

// ScalesMethod names a way to make one place on a scale of several.
type ScalesMethod string

// The methods.
const (
	ScalesMeanMethod    ScalesMethod = "mean"
	ScalesOrdinalMethod ScalesMethod = "ordinal"
)

// ScalesResult is the places on a scale that answers come to. A worker answers the true class, and their bias, and an
// error of about their spread.
type ScalesResult struct {
	Method ScalesMethod
	Values []Estimate // per task, between the classes too; unknown without answers
	Class  []int32    // per task, the nearest class by the method; -1 without answers

	// Posterior has, by task, the probability of each class: Posterior[task*ClassCount+class], all 0 without answers. It
	// is nil for the mean.
	Posterior []float64

	Bias   []Estimate // per worker; unknown without answers
	Spread []Estimate // per worker; likewise
	Convergence
}

func (s *Scales) index() (*rowIndex, error) {
	x, err := s.Rows.index()
	if err != nil {
		return nil, err
	}
	if len(s.Classes) != len(s.Tasks) {
		return nil, badAnswers(fmt.Sprintf("there are %d classes for %d rows", len(s.Classes), len(s.Tasks)))
	}
	if s.ClassCount < 2 || s.ClassCount > ScalesClassesMax {
		return nil, badAnswers(fmt.Sprintf("a scale has from 2 to %d classes, not %d", ScalesClassesMax, s.ClassCount))
	}
	for _, row := range x.rows {
		if c := s.Classes[row]; c < 0 || int(c) >= s.ClassCount {
			return nil, badRow(int(row), "there is no class %d among %d", c, s.ClassCount)
		}
	}
	return x, nil
}

// ScalesMean takes the mean of the classes of each task. Its interval is the normal one of the variance within tasks,
// pooled over all. A worker's bias and spread are the mean and the standard deviation of how far they are from the mean
// of each task that others answered too. The log-likelihood is that of answers to tasks that several answered, by a normal
// around the mean with that variance, cut to the scale and rounded to its classes, or, one time in twenty, any class; NaN
// where no task has two. O(answers).
func ScalesMean(ctx context.Context, s Scales, progress Progress) (*ScalesResult, error) {
	r, _, err := fitScalesMean(ctx, s, progress)
	return r, err
}

// fitScalesMean returns the variance within tasks too, NaN where no task has two answers.
func fitScalesMean(ctx context.Context, s Scales, progress Progress) (*ScalesResult, float64, error) {
	x, err := s.index()
	if err != nil {
		return nil, 0, err
	}
	if err := progress.step(ctx, 0, 1); err != nil {
		return nil, 0, err
	}
	out := &ScalesResult{
		Method: ScalesMeanMethod, Values: slices.Repeat([]Estimate{unknown}, s.TaskCount), Class: make([]int32, s.TaskCount),
		Bias: slices.Repeat([]Estimate{unknown}, s.WorkerCount), Spread: slices.Repeat([]Estimate{unknown}, s.WorkerCount),
		Convergence: Convergence{Converged: true},
	}
	mean := make([]float64, s.TaskCount)
	off, off2, n := make([]float64, s.WorkerCount), make([]float64, s.WorkerCount), make([]float64, s.WorkerCount)
	squares, free := 0.0, 0.0
	for t := range mean {
		out.Class[t] = -1
		rows := x.of(t)
		if len(rows) == 0 {
			continue
		}
		for _, row := range rows {
			mean[t] += float64(s.Classes[row]) / float64(len(rows))
		}
		out.Class[t] = int32(math.Round(mean[t]))
		if len(rows) < 2 {
			continue
		}
		free += float64(len(rows) - 1)
		for _, row := range rows {
			w, d := s.Workers[row], float64(s.Classes[row])-mean[t]
			squares += d * d
			off[w] += d
			off2[w] += d * d
			n[w]++
		}
	}
	for t, m := range mean {
		rows := x.of(t)
		if len(rows) > 0 {
			out.Values[t] = bounded(m, squares/free/float64(len(rows)))
		}
		if len(rows) > 1 {
			for _, row := range rows {
				out.LogLikelihood += math.Log(near(s.Classes[row], m, math.Sqrt(squares/free), s.ClassCount))
			}
		}
	}
	if free == 0 {
		out.LogLikelihood = math.NaN()
	}
	for w, k := range n {
		if k > 0 {
			variance := max(0, off2[w]/k-off[w]/k*off[w]/k)
			out.Bias[w], out.Spread[w] = bounded(off[w]/k, squares/free/k), scale(math.Sqrt(variance), 1/(2*k))
		}
	}
	return out, squares / free, nil
}

// Probabilities fills row with the probability of each class of a task that was answered: the posterior or, of the mean, the
// normal distribution of its interval, each class with what is within half a class of it and the ends with all beyond. Where
// nothing bounds the mean, all classes are equal.
func (r *ScalesResult) Probabilities(task int, row []float64) {
	k := len(row)
	if r.Posterior != nil {
		copy(row, r.Posterior[task*k:])
		return
	}
	e := r.Values[task]
	deviation := e.Deviation()
	below := 0.0
	for class := range row {
		until := 1.0
		switch edge := float64(class) + 0.5 - e.Value; {
		case math.IsInf(deviation, 1):
			until = float64(class+1) / float64(k)
		case class == k-1:
		case deviation > 0:
			until = normalCDF(edge / deviation)
		case edge <= 0: // as the mean is rounded to the class above
			until = 0
		}
		row[class], below = until-below, until
	}
}
