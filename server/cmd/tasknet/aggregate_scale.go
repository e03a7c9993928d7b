package main

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// scaleVerdict is a row of verdicts on a scale.
type scaleVerdict struct {
	Task         string             `json:"task"`
	Label        string             `json:"label"`
	Value        float64            `json:"value"` // between the classes too: their numbers, or their places from 0
	Low          *float64           `json:"low"`
	High         *float64           `json:"high"`
	Distribution map[string]float64 `json:"distribution,omitempty"` // of the ordinal method
}

func (v scaleVerdict) cells() ([]string, error) {
	distribution := any("")
	if v.Distribution != nil {
		distribution = v.Distribution
	}
	return cellsOf(v.Task, v.Label, &v.Value, v.Low, v.High, distribution)
}

func (p *program) aggregateScale(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	answers, truth, skipped, err := p.readLabels(ctx, a, bar)
	if err != nil {
		return r, err
	}
	steps, err := newSteps(answers.Labels, a.classes)
	if err != nil {
		return r, err
	}
	r.read(a, began, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), interchange.Malformed{Count: skipped})
	r.Classes = len(steps.names)

	began = time.Now()
	s := aggregate.Scales{ClassCount: r.Classes, Classes: make([]int32, r.Answers), Rows: aggregate.Rows{
		TaskCount: r.Tasks, WorkerCount: r.Workers, Tasks: answers.Task, Workers: answers.Worker, CannotTell: make([]bool, r.Answers),
	}}
	for i, label := range answers.Label {
		if s.CannotTell[i] = label == aggregate.CannotTell; !s.CannotTell[i] {
			s.Classes[i] = steps.of[label]
		}
	}
	known := steps.known(answers.Tasks, truth)
	gold := known.draw(a.goldRate, a.seed)
	var result *aggregate.ScalesResult
	switch a.method {
	case "auto":
		var chosen aggregate.Chosen
		result, chosen, err = aggregate.ScalesAuto(ctx, s, gold, a.seed, bar.progress("iterations"))
		r.Reason = chosen.Reason
	case "ordinal":
		result, err = aggregate.ScalesOrdinal(ctx, s, bar.progress("iterations"))
	default:
		result, err = aggregate.ScalesMean(ctx, s, bar.progress("iterations"))
	}
	if err != nil {
		return r, err
	}
	r.Seconds, r.Method, r.Iterations, r.LogLikelihood = since(began), string(result.Method), result.Iterations, finite(result.LogLikelihood)
	r.people = who(answers.Workers, answers.Worker)
	r.people.skills = []skill{{"bias", result.Bias}, {"spread", result.Spread}}
	for _, g := range gold {
		if g != aggregate.NoVerdict {
			r.Gold++
		}
	}
	r.Accuracy, r.Judged = known.accuracy(result.Class, gold)
	r.judgeScale(known, gold, result, steps)
	if a.out == "" {
		return r, nil
	}
	return r, writeVerdicts(ctx, a.out, []string{"task", "label", "value", "low", "high", "distribution"}, r.Tasks, bar, func(task int) (verdict, bool) {
		e := result.Values[task]
		if !e.Known() {
			return nil, false
		}
		v := scaleVerdict{answers.Tasks.Of(int32(task)), steps.names[result.Class[task]], steps.at(e.Value), nil, nil, nil}
		if low, high := finite(e.Low), finite(e.High); low != nil && high != nil {
			*low, *high = steps.at(*low), steps.at(*high)
			v.Low, v.High = low, high
		}
		if result.Posterior != nil {
			v.Distribution = make(map[string]float64, r.Classes)
			for k, name := range steps.names {
				v.Distribution[name] = result.Posterior[task*r.Classes+k]
			}
		}
		return v, true
	})
}

// steps are the classes of a scale in their order.
type steps struct {
	names   []string
	numbers []float64 // of each; nil when they are words
	of      []int32   // of each label, its place
}

// newSteps orders labels as they are listed, and those that are numbers by these: of whole numbers, none is left out.
func newSteps(labels *interchange.Names, listed []string) (*steps, error) {
	s := &steps{of: make([]int32, labels.Len())}
	for _, name := range listed {
		s.names = append(s.names, trimmed(name))
	}
	if listed == nil {
		var err error
		if s.names, err = numbered(labels); err != nil {
			return nil, err
		}
	}
	if n := len(s.names); n > aggregate.ScalesClassesMax {
		return nil, usagef("a scale has at most %d classes, and here are %d; take --family numbers", aggregate.ScalesClassesMax, n)
	}
	for i := range s.of {
		name := labels.Of(int32(i))
		at := slices.Index(s.names, name)
		if at < 0 {
			return nil, usagef("the answer %q is not among --classes", name)
		}
		s.of[i] = int32(at)
	}
	for _, name := range s.names {
		v, err := strconv.ParseFloat(name, 64)
		if err != nil {
			s.numbers = nil
			break
		}
		s.numbers = append(s.numbers, v)
	}
	if s.numbers != nil && !slices.IsSorted(s.numbers) {
		s.numbers = nil
	}
	return s, nil
}

// known is the true class of each task, which may be one that nobody answered.
func (s *steps) known(tasks *interchange.Names, truth *interchange.Truth) truths {
	out := truths(slices.Repeat([]int32{aggregate.NoVerdict}, tasks.Len()))
	if truth == nil {
		return out
	}
	for i, label := range truth.Label {
		task, ok := tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok {
			continue
		}
		if at := slices.Index(s.names, truth.Labels.Of(label)); at >= 0 {
			out[task] = int32(at)
		} else {
			out[task] = neverAnswered
		}
	}
	return out
}

// numbered returns labels that are numbers in their order.
func numbered(labels *interchange.Names) ([]string, error) {
	type class struct {
		name  string
		value float64
	}
	var classes []class
	whole := true
	for i := range labels.Len() {
		name := labels.Of(int32(i))
		v, err := strconv.ParseFloat(name, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, usagef("the answer %q is no number; list the scale in its order by --classes", name)
		}
		whole = whole && strconv.Itoa(int(v)) == name
		classes = append(classes, class{name, v})
	}
	slices.SortFunc(classes, func(a, b class) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	var names []string
	if first, last := classes[0].value, classes[len(classes)-1].value; whole && last-first < aggregate.ScalesClassesMax {
		for n := int(first); n <= int(last); n++ {
			names = append(names, strconv.Itoa(n))
		}
		return names, nil
	}
	for _, c := range classes {
		names = append(names, c.name)
	}
	return names, nil
}

// at is the number of a place between classes.
func (s *steps) at(place float64) float64 {
	if s.numbers == nil {
		return place
	}
	below := max(0, min(int(math.Floor(place)), len(s.numbers)-2))
	return s.numbers[below] + (place-float64(below))*(s.numbers[below+1]-s.numbers[below])
}

// judgeScale compares places with true ones, on tasks that are not gold.
func (r *aggregated) judgeScale(known truths, gold []int32, result *aggregate.ScalesResult, s *steps) {
	var got, want []float64
	for task, k := range known {
		if k < 0 || k == neverAnswered || gold != nil && gold[task] != aggregate.NoVerdict || !result.Values[task].Known() {
			continue
		}
		got, want = append(got, s.at(result.Values[task].Value)), append(want, s.at(float64(k)))
	}
	if len(got) > 0 {
		r.MAE, r.Pearson = compared(got, want)
	}
}
