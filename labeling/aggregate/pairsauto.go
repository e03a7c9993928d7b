package aggregate

import (
	"context"
	"math"
)

// PairsAuto applies PairsBradleyTerry or PairsNoisy: the latter if it gives comparisons that it has not seen a greater
// log-probability, by more than a standard error of the difference, else the former. There is no gold for pairs: the
// best order of items is what they ask for. O(answers) per step.
func PairsAuto(ctx context.Context, p Pairs, seed uint64, progress Progress) (*PairsResult, Chosen, error) {
	comparisons, err := p.comparisons()
	if err != nil {
		return nil, Chosen{}, err
	}
	d := duel{methods: [2]string{"bt", "noisybt"}, names: [2]string{"Bradley and Terry", "the same with a skill for each worker"}, told: "nats an answer"}
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
