package aggregate

import (
	"context"
	"fmt"
	"math"
)

// PairsAuto applies PairsBradleyTerry or PairsNoisy. gold is the true score of each item, higher for the better ones, or NaN;
// nil without any. With DuelGoldMin golds or more, the latter is taken if its scores put more pairs of them in order, by more
// than a standard error of the difference; with fewer, if it gives comparisons that it has not seen a greater
// log-probability in the same sense. Otherwise it is the former. O(answers) per step, and O(golds^2) for up to
// pairsGoldsCompared of them.
func PairsAuto(ctx context.Context, p Pairs, gold []float64, seed uint64, progress Progress) (*PairsResult, Chosen, error) {
	comparisons, err := p.comparisons()
	if err != nil {
		return nil, Chosen{}, err
	}
	if len(gold) != 0 && len(gold) != p.ItemCount {
		return nil, Chosen{}, badAnswers(fmt.Sprintf("there are %d golds for %d items", len(gold), p.ItemCount))
	}
	d := duel{
		methods: [2]string{"bt", "noisybt"}, names: [2]string{"Bradley and Terry", "the same with a skill for each worker"},
		off: "of the pairs of items", told: "nats an answer",
	}
	golds := goldItems(p.ItemCount, comparisons, gold, seed)
	if len(golds) >= DuelGoldMin {
		return p.byGold(ctx, golds, gold, d, progress)
	}
	d.golds = [2][]float64{make([]float64, len(golds)), make([]float64, len(golds))} // too few, and said to be
	if err := eachFold(ctx, func(part int) error { return p.compare(ctx, comparisons, part, seed, &d) }); err != nil {
		return nil, Chosen{}, err
	}
	winner, chosen := d.choose()
	fit := PairsBradleyTerry
	if winner == 1 {
		fit = PairsNoisy
	}
	r, err := fit(ctx, p, progress)
	return r, chosen, err
}

// pairsGoldsCompared is about how many golds are compared at most, as each is with all others.
const pairsGoldsCompared = 2000

// goldItems lists the items whose true score is known and that somebody compared.
func goldItems(items int, comparisons []comparison, gold []float64, seed uint64) (list []int32) {
	compared := make([]bool, items)
	for _, c := range comparisons {
		compared[c.a], compared[c.b] = true, true
	}
	for i, g := range gold {
		if compared[i] && !math.IsNaN(g) {
			list = append(list, int32(i))
		}
	}
	all := len(list)
	kept := list[:0]
	for _, i := range list {
		if sampled(uint64(i), all, pairsGoldsCompared, seed) {
			kept = append(kept, i)
		}
	}
	return kept
}

// byGold applies both methods, and takes the one that gold prefers.
func (p *Pairs) byGold(ctx context.Context, golds []int32, gold []float64, d duel, progress Progress) (*PairsResult, Chosen, error) {
	var fits [2]*PairsResult
	var err error
	if fits[0], err = PairsBradleyTerry(ctx, *p, nil); err != nil {
		return nil, Chosen{}, err
	}
	if fits[1], err = PairsNoisy(ctx, *p, progress); err != nil {
		return nil, Chosen{}, err
	}
	for i, fit := range fits {
		d.golds[i] = disordered(golds, gold, fit.Scores)
	}
	winner, chosen := d.choose()
	return fits[winner], chosen, nil
}

// disordered returns a number for each gold, whose mean is the share of pairs of golds that scores have in the wrong order; level
// scores are half wrong, and golds that are level count for nothing. Each gold is in many pairs, so that their shares depend on
// each other: these are the pseudo-values of the jackknife (Quenouille, Biometrika 43, 1956; Tukey, Annals of Mathematical
// Statistics 29, 1958), whose standard error holds all the same,
//
//	pseudo_i = n share - (n-1) share of the pairs without i.
func disordered(golds []int32, gold []float64, scores []Estimate) []float64 {
	wrong, pairs := make([]float64, len(golds)), make([]float64, len(golds))
	allWrong, allPairs := 0.0, 0.0
	for i, a := range golds {
		for j, b := range golds[:i] {
			truly := gold[a] - gold[b]
			if truly == 0 {
				continue
			}
			off := 0.5
			switch found := scores[a].Value - scores[b].Value; {
			case found*truly > 0:
				off = 0
			case found*truly < 0:
				off = 1
			}
			wrong[i], wrong[j], allWrong = wrong[i]+off, wrong[j]+off, allWrong+off
			pairs[i], pairs[j], allPairs = pairs[i]+1, pairs[j]+1, allPairs+1
		}
	}
	n, share := float64(len(golds)), allWrong/max(allPairs, 1)
	out := make([]float64, len(golds))
	for i := range out {
		out[i] = n*share - (n-1)*(allWrong-wrong[i])/max(allPairs-pairs[i], 1)
	}
	return out
}

// settled is when scores are near enough to compare predictions by them.
const settled = 1e-6

// compare holds comparisons back: all of a worker's on a pair of items together.
func (p *Pairs) compare(ctx context.Context, all []comparison, part int, seed uint64, d *duel) error {
	var rest, held []comparison
	for _, c := range all {
		pair := mix(uint64(c.a)<<32|uint64(c.b), seed)
		switch {
		case !sampled(pair^uint64(c.worker), len(all), comparedMax, seed):
		case fold(int(pair>>33), c.worker, seed) == part:
			held = append(held, c)
		default:
			rest = append(rest, c)
		}
	}
	s, at := newScoring(p.ItemCount, rest)
	for range pairsSweepsMax {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.sweep() < settled {
			break
		}
	}
	plain := make([]float64, len(held))
	for i, c := range held {
		q := s.beats(c.a, c.b)
		plain[i] = c.won*math.Log(q) + (1-c.won)*math.Log(1-q)
	}
	noisy := newNoisyFit(s, at, rest, startReliable(p.WorkerCount))
	for range pairsRoundsMax {
		if err := ctx.Err(); err != nil {
			return err
		}
		if noisy.round() < settled {
			break
		}
	}
	for i, c := range held {
		e, q := noisy.reliable[c.worker], s.beats(c.a, c.b)
		win := e*q + (1-e)*(1-q)
		d.tell(plain[i], c.won*math.Log(win)+(1-c.won)*math.Log(1-win))
	}
	return nil
}
