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
	gold := rankingsGold(answers, items, truth, a.goldRate, a.seed)
	var result *aggregate.RankingsResult
	switch a.method {
	case "auto":
		var chosen aggregate.Chosen
		result, chosen, err = aggregate.RankingsAuto(ctx, rankings, gold, a.seed, bar.progress("tasks"))
		r.Method, r.Reason = chosen.Method, chosen.Reason
	case "borda":
		result, err = aggregate.RankingsBorda(ctx, rankings, bar.progress("tasks"))
	default:
		result, err = aggregate.RankingsPlackettLuce(ctx, rankings, bar.progress("tasks"))
	}
	if err != nil {
		return r, err
	}
	r.Seconds, r.Iterations, r.LogLikelihood = since(began), result.Iterations, finite(result.LogLikelihood)
	r.people = who(answers.Workers, answers.Worker)
	r.people.skills = []skill{{"skill", result.Skills}}
	for _, g := range gold {
		if g != nil {
			r.Gold++
		}
	}
	order := func(task int) []string {
		names := make([]string, 0, len(items[task]))
		for _, item := range result.Orders[task] {
			names = append(names, answers.Items.Of(items[task][item]))
		}
		return names
	}
	if truth != nil {
		r.judgeOrders(answers.Tasks, order, truth, gold)
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

// rankingsGold draws a share of the true orders, as items of their tasks, and has nil for all other tasks; nil when the share
// is 0. True items that nobody ranked tell no method from another.
func rankingsGold(l *interchange.Lists, items [][]int32, truth *interchange.Known[[]string], share float64, seed uint64) [][]int32 {
	if share == 0 {
		return nil
	}
	var known []int
	of := make([][]int32, len(items))
	for i, want := range truth.Value {
		task, ok := l.Tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok {
			continue
		}
		known = append(known, int(task))
		of[task] = []int32{}
		for _, name := range want {
			if number, ok := l.Items.Find(name); ok {
				if item, ok := slices.BinarySearch(items[task], number); ok {
					of[task] = append(of[task], int32(item))
				}
			}
		}
	}
	gold := make([][]int32, len(items))
	for _, task := range drawn(known, share, seed) {
		gold[task] = of[task]
	}
	return gold
}

// judgeOrders counts the orders that are right, and the pairs of items that are: Kendall's tau over all of them, on tasks
// that are not gold.
func (r *aggregated) judgeOrders(tasks *interchange.Names, order func(task int) []string, truth *interchange.Known[[]string], gold [][]int32) {
	right, concordant, pairs := 0, 0, 0
	for i, want := range truth.Value {
		task, ok := tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok || gold != nil && gold[task] != nil {
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
