package main

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// pairVerdict is a row of verdicts on pairs, of an item. The bounds are missing where there are too many items for them.
type pairVerdict struct {
	Item  string   `json:"item"`
	Rank  int      `json:"rank"`
	Score float64  `json:"score"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func (v pairVerdict) cells() ([]string, error) {
	return []string{v.Item, strconv.Itoa(v.Rank), strconv.FormatFloat(v.Score, 'g', -1, 64), cell(v.Low), cell(v.High)}, nil
}

func (p *program) aggregatePairs(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	pairs, err := readRecorded(a.answers, bar, func(f interchange.File) (*interchange.Pairs, error) {
		return interchange.ReadPairs(ctx, f, a.cannotTell)
	})
	if err != nil {
		return r, err
	}
	if err := p.skip(a.answers, pairs.Malformed, a, bar); err != nil {
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
	r.Skipped += pairs.Malformed.Count
	r.Method, r.Tasks, r.Answers, r.Workers = a.method, pairs.Items.Len(), len(pairs.Left), pairs.Workers.Len()
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	compared := aggregate.Pairs{
		ItemCount: r.Tasks, WorkerCount: r.Workers, Left: pairs.Left, Right: pairs.Right, Workers: pairs.Worker, Outcomes: pairs.Outcome,
	}
	gold := numbersGold(pairs.Items, truth, a.goldRate, a.seed)
	var result *aggregate.PairsResult
	switch a.method {
	case "auto":
		var chosen aggregate.Chosen
		result, chosen, err = aggregate.PairsAuto(ctx, compared, gold, a.seed, bar.progress("iterations"))
		r.Method, r.Reason = chosen.Method, chosen.Reason
	case "noisybt":
		result, err = aggregate.PairsNoisy(ctx, compared, bar.progress("iterations"))
	default:
		result, err = aggregate.PairsBradleyTerry(ctx, compared, bar.progress("iterations"))
	}
	if err != nil {
		return r, err
	}
	r.Seconds, r.Iterations, r.LogLikelihood = since(began), result.Iterations, finite(result.LogLikelihood)
	r.people = who(pairs.Workers, pairs.Worker)
	r.people.skills = []skill{{"skill", result.Skills}}
	r.countGold(gold)
	if truth != nil {
		r.judgeScores(pairs.Items, result.Scores, truth, gold)
	}
	if a.out == "" {
		return r, nil
	}
	order := result.Order()
	return r, writeVerdicts(ctx, a.out, []string{"item", "rank", "score", "low", "high"}, r.Tasks, bar, func(place int) (verdict, bool) {
		item := order[place]
		s := result.Scores[item]
		return pairVerdict{pairs.Items.Of(item), place + 1, s.Value, finite(s.Low), finite(s.High)}, true
	})
}

// judgeScores compares the order of items by their scores with the true one, without those that are gold: Spearman's rho, by
// the mean ranks of level ones.
func (r *aggregated) judgeScores(items *interchange.Names, scores []aggregate.Estimate, truth *interchange.Truth, gold []float64) {
	got, want := judged(items, scores, truth, gold)
	if r.Judged = len(got); r.Judged > 0 {
		_, r.Spearman = compared(ranks(got), ranks(want))
	}
}

// ranks returns the place of each number among all, from the least; level ones share the mean of theirs.
func ranks(of []float64) []float64 {
	order := make([]int, len(of))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(of[i], of[j]) })
	out := make([]float64, len(of))
	for from := 0; from < len(order); {
		until := from
		for until < len(order) && of[order[until]] == of[order[from]] {
			until++
		}
		for _, i := range order[from:until] {
			out[i] = float64(from+until-1) / 2
		}
		from = until
	}
	return out
}
