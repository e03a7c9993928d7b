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

// numberVerdict is a row of verdicts on numbers. The bounds are missing where the answers do not bound the value.
type numberVerdict struct {
	Task  string   `json:"task"`
	Value float64  `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func (v numberVerdict) cells() ([]string, error) {
	return []string{v.Task, strconv.FormatFloat(v.Value, 'g', -1, 64), cell(v.Low), cell(v.High)}, nil
}

// finite returns a number, or nil where there is none.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func cell(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

func (p *program) aggregateNumbers(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	answers, err := readRecorded(a.answers, bar, func(f interchange.File) (*interchange.Answers, error) {
		return interchange.ReadAnswers(ctx, f, interchange.AnswersOptions{Numbers: true, CannotTell: a.cannotTell})
	})
	if err != nil {
		return r, err
	}
	if err := p.skip(a.answers, answers.Malformed, a, bar); err != nil {
		return r, err
	}
	var truth *interchange.Truth
	if a.truth != "" {
		if truth, err = p.readTruth(ctx, a, bar); err != nil {
			return r, err
		}
		r.Skipped = truth.Malformed.Count
	}
	r.ReadSeconds = since(began)
	r.Method, r.Tasks, r.Answers, r.Workers = a.method, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len()
	r.Skipped += answers.Malformed.Count
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	numbers := aggregate.Numbers{Values: answers.Value, Rows: aggregate.Rows{
		TaskCount: r.Tasks, WorkerCount: r.Workers, Tasks: answers.Task, Workers: answers.Worker, CannotTell: make([]bool, r.Answers),
	}}
	for i, v := range answers.Value {
		numbers.CannotTell[i] = math.IsNaN(v)
	}
	gold := numbersGold(answers.Tasks, truth, a.goldRate, a.seed)
	var result *aggregate.NumbersResult
	switch a.method {
	case "auto":
		var chosen aggregate.Chosen
		result, chosen, err = aggregate.NumbersAuto(ctx, numbers, gold, a.seed, bar.progress("iterations"))
		r.Method, r.Reason = chosen.Method, chosen.Reason
	case "mean":
		result, err = aggregate.NumbersMean(ctx, numbers, bar.progress("iterations"))
	default:
		result, err = aggregate.NumbersMedian(ctx, numbers, bar.progress("iterations"))
	}
	if err != nil {
		return r, err
	}
	r.Seconds, r.Iterations, r.LogLikelihood = since(began), result.Iterations, finite(result.LogLikelihood)
	r.people = who(answers.Workers, answers.Worker)
	r.people.skills = []skill{{"bias", result.Bias}, {"spread", result.Spread}}
	r.countGold(gold)
	if truth != nil {
		r.judge(answers.Tasks, result.Values, truth, gold)
	}
	if a.out == "" {
		return r, nil
	}
	return r, writeVerdicts(ctx, a.out, []string{"task", "value", "low", "high"}, r.Tasks, bar, func(task int) (verdict, bool) {
		v := result.Values[task]
		return numberVerdict{answers.Tasks.Of(int32(task)), v.Value, finite(v.Low), finite(v.High)}, v.Known()
	})
}

// countGold counts golds that are numbers.
func (r *aggregated) countGold(gold []float64) {
	for _, g := range gold {
		if !math.IsNaN(g) {
			r.Gold++
		}
	}
}

// numbersGold draws a share of the true numbers, and has NaN for all other tasks; nil when the share is 0.
func numbersGold(tasks *interchange.Names, truth *interchange.Truth, share float64, seed uint64) []float64 {
	if share == 0 {
		return nil
	}
	var known []int
	of := slices.Repeat([]float64{math.NaN()}, tasks.Len())
	for i, v := range truth.Value {
		if task, ok := tasks.Find(truth.Tasks.Of(int32(i))); ok {
			of[task] = v
			known = append(known, int(task))
		}
	}
	gold := slices.Repeat([]float64{math.NaN()}, tasks.Len())
	for _, task := range drawn(known, share, seed) {
		gold[task] = of[task]
	}
	return gold
}

// judge compares values with what is true, on tasks that are not gold.
func (r *aggregated) judge(tasks *interchange.Names, values []aggregate.Estimate, truth *interchange.Truth, gold []float64) {
	got, want := judged(tasks, values, truth, gold)
	if r.Judged = len(got); r.Judged > 0 {
		r.MAE, r.Pearson = compared(got, want)
	}
}

// judged returns what was made and what is true of the tasks, or items, of which both are known and that are not gold.
func judged(tasks *interchange.Names, values []aggregate.Estimate, truth *interchange.Truth, gold []float64) (got, want []float64) {
	for i, v := range truth.Value {
		if task, ok := tasks.Find(truth.Tasks.Of(int32(i))); ok && values[task].Known() && (gold == nil || math.IsNaN(gold[task])) {
			got, want = append(got, values[task].Value), append(want, v)
		}
	}
	return got, want
}

// compared returns the mean absolute error of what was got, and its correlation with what was wanted.
func compared(got, want []float64) (mae, pearson *float64) {
	n := float64(len(got))
	meanGot, meanWant, off := 0.0, 0.0, 0.0
	for i := range got {
		meanGot += got[i] / n
		meanWant += want[i] / n
		off += math.Abs(got[i]-want[i]) / n
	}
	both, squaresGot, squaresWant := 0.0, 0.0, 0.0
	for i := range got {
		both += (got[i] - meanGot) * (want[i] - meanWant)
		squaresGot += (got[i] - meanGot) * (got[i] - meanGot)
		squaresWant += (want[i] - meanWant) * (want[i] - meanWant)
	}
	return finite(off), finite(both / math.Sqrt(squaresGot*squaresWant))
}
