package main

import (
	"context"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// rankingVerdict is a row of verdicts on rankings.
type rankingVerdict struct {
	Task   string              `json:"task"`
	Label  []string            `json:"label"`  // the best first
	Scores map[string]*float64 `json:"scores"` // of each item
}

func (v rankingVerdict) cells() ([]string, error) { return cellsOf(v.Task, v.Label, v.Scores) }

// rankingSeparator is between the items of a ranking that is no JSON.
const rankingSeparator = '>'

func (p *program) aggregateRankings(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	answers, err := readRecorded(a.answers, bar, func(f interchange.File) (*interchange.Lists, error) {
		return interchange.ReadLists(ctx, f, a.cannotTell, rankingSeparator, nil)
	})
	if err != nil {
		return r, err
	}
	if err := p.skip(a.answers, answers.Malformed, a, bar); err != nil {
		return r, err
	}
	truth, err := readKnown(ctx, p, a, bar, &r, func(text []byte) ([]string, error) { return interchange.ParseList(text, rankingSeparator) }, slices.Equal)
	if err != nil {
		return r, err
	}
	r.read(a, began, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), answers.Malformed)
	r.Classes = answers.Items.Len()
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	rankings, items := rankingsOf(answers)
	fit := aggregate.RankingsPlackettLuce
	if a.method == "borda" {
		fit = aggregate.RankingsBorda
	}
	result, err := fit(ctx, rankings, bar.progress("tasks"))
	if err != nil {
		return r, err
	}
	r.Seconds, r.Method, r.Iterations = since(began), a.method, result.Iterations
	order := func(task int) []string {
		names := make([]string, 0, len(items[task]))
		for _, item := range result.Orders[task] {
			names = append(names, answers.Items.Of(items[task][item]))
		}
		return names
	}
	if truth != nil {
		r.judgeOrders(answers.Tasks, order, truth)
	}
	if a.out == "" {
		return r, nil
	}
	return r, writeVerdicts(ctx, a.out, []string{"task", "label", "scores"}, r.Tasks, bar, func(task int) (verdict, bool) {
		v := rankingVerdict{answers.Tasks.Of(int32(task)), order(task), make(map[string]*float64)}
		for item, score := range result.Scores[task] {
			v.Scores[answers.Items.Of(items[task][item])] = finite(score.Value)
		}
		return v, len(v.Label) > 0
	})
}

// rankingsOf numbers the items of each task, which are those that anybody ranked there; items has their names' numbers.
func rankingsOf(l *interchange.Lists) (k aggregate.Rankings, items [][]int32) {
	k = aggregate.Rankings{
		Rows:       aggregate.Rows{TaskCount: l.Tasks.Len(), WorkerCount: l.Workers.Len(), Tasks: l.Task, Workers: l.Worker, CannotTell: l.CannotTell},
		ItemCounts: make([]int32, l.Tasks.Len()), Start: []int32{0},
	}
	items = make([][]int32, l.Tasks.Len())
	for i, list := range l.Value {
		items[l.Task[i]] = append(items[l.Task[i]], list...)
	}
	for t := range items {
		slices.Sort(items[t])
		items[t] = slices.Compact(items[t])
		k.ItemCounts[t] = int32(len(items[t]))
	}
	for i, list := range l.Value {
		for _, name := range list {
			item, _ := slices.BinarySearch(items[l.Task[i]], name)
			k.Items = append(k.Items, int32(item))
		}
		k.Start = append(k.Start, int32(len(k.Items)))
	}
	return k, items
}

// judgeOrders counts the orders that are right, and the pairs of items that are: Kendall's tau over all of them.
func (r *aggregated) judgeOrders(tasks *interchange.Names, order func(task int) []string, truth *interchange.Known[[]string]) {
	right, concordant, pairs := 0, 0, 0
	for i, want := range truth.Value {
		task, ok := tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok {
			continue
		}
		got := order(int(task))
		if len(got) == 0 {
			continue
		}
		r.Judged++
		if slices.Equal(got, want) {
			right++
		}
		for x, item := range want {
			at := slices.Index(got, item)
			for _, worse := range want[x+1:] {
				below := slices.Index(got, worse)
				if at < 0 || below < 0 {
					continue
				}
				pairs++
				if at < below {
					concordant++
				}
			}
		}
	}
	if r.Judged > 0 {
		share := float64(right) / float64(r.Judged)
		r.Accuracy = &share
	}
	if pairs > 0 {
		tau := 2*float64(concordant)/float64(pairs) - 1
		r.Kendall = &tau
	}
}
