package main

import (
	"context"
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
	r.ReadSeconds, r.Skipped = since(began), pairs.Malformed.Count
	r.Method, r.Tasks, r.Answers, r.Workers = a.method, pairs.Items.Len(), len(pairs.Left), pairs.Workers.Len()
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	compared := aggregate.Pairs{
		ItemCount: r.Tasks, WorkerCount: r.Workers, Left: pairs.Left, Right: pairs.Right, Workers: pairs.Worker, Outcomes: pairs.Outcome,
	}
	var result *aggregate.PairsResult
	switch a.method {
	case "auto":
		var chosen aggregate.Chosen
		result, chosen, err = aggregate.PairsAuto(ctx, compared, a.seed, bar.progress("iterations"))
		r.Method, r.Reason = chosen.Method, chosen.Reason
	case "noisybt":
		result, err = aggregate.PairsNoisy(ctx, compared, bar.progress("iterations"))
	default:
		result, err = aggregate.PairsBradleyTerry(ctx, compared, bar.progress("iterations"))
	}
	if err != nil {
		return r, err
	}
	r.Seconds, r.Iterations = since(began), result.Iterations
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
