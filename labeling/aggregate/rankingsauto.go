package aggregate

import (
	"context"
	"fmt"
)

// RankingsAuto applies RankingsBorda or RankingsPlackettLuce. gold is the true order of items of each task, nil where it
// is not known; nil without any. With DuelGoldMin golds or more, the model of Plackett and Luce is taken if it puts more
// of their pairs of items in order, by more than a standard error of the difference; with fewer, if it puts more pairs of
// rankings that it has not seen in order, as mean points foretell no answers with a probability. Otherwise it is Borda's
// points. O(ranked items) per step of the model.
func RankingsAuto(ctx context.Context, k Rankings, gold [][]int32, seed uint64, progress Progress) (*RankingsResult, Chosen, error) {
	var fits [2]*RankingsResult
	x, err := k.index()
	if err == nil {
		err = k.checkOrders(gold)
	}
	if err == nil {
		fits[0], err = RankingsBorda(ctx, k, nil)
	}
	if err == nil {
		fits[1], err = RankingsPlackettLuce(ctx, k, progress)
	}
	if err != nil {
		return nil, Chosen{}, err
	}
	d := duel{
		methods: [2]string{"borda", "plackettluce"}, names: [2]string{"Borda's points", "the model of Plackett and Luce"},
		off: "of the pairs of items", told: "of the pairs of items in order",
	}
	for t, order := range gold {
		if len(order) > 1 && len(x.of(t)) > 0 {
			plain, pairs := ordered(fits[0].Scores[t], order)
			other, _ := ordered(fits[1].Scores[t], order)
			d.judged(1-plain/pairs, 1-other/pairs)
		}
	}
	if !d.decided() {
		if err := k.compare(ctx, x, seed, &d); err != nil {
			return nil, Chosen{}, err
		}
	}
	winner, chosen := d.choose()
	return fits[winner], chosen, nil
}

func (k *Rankings) checkOrders(gold [][]int32) error {
	if err := k.checkGold(len(gold)); err != nil {
		return err
	}
	for t, order := range gold {
		for _, item := range order {
			if item < 0 || item >= k.ItemCounts[t] {
				return badAnswers(fmt.Sprintf("the gold of task %d has item %d of %d; they are numbered from 0", t, item, k.ItemCounts[t]))
			}
		}
	}
	return nil
}

// compare holds answers back.
func (k *Rankings) compare(ctx context.Context, x *rowIndex, seed uint64, d *duel) error {
	return eachFold(ctx, func(part int) error {
		rest := *k
		var held []int32
		rest.CannotTell, held = k.heldBack(x, part, comparedMax, seed)
		borda, err := RankingsBorda(ctx, rest, nil)
		if err != nil {
			return err
		}
		luce, err := RankingsPlackettLuce(ctx, rest, nil)
		if err != nil {
			return err
		}
		for _, row := range held {
			t, ranked := k.Tasks[row], k.of(row)
			if len(ranked) > 1 {
				plain, pairs := ordered(borda.Scores[t], ranked)
				other, _ := ordered(luce.Scores[t], ranked)
				d.tell(plain/pairs, other/pairs)
			}
		}
		return nil
	})
}

// ordered counts the pairs of items that scores put in the order of a ranking; level ones, and those of unknown score, are
// half.
func ordered(scores []Estimate, ranked []int32) (same, pairs float64) {
	for i, better := range ranked {
		for _, worse := range ranked[i+1:] {
			pairs++
			switch d := scores[better].Value - scores[worse].Value; {
			case d > 0:
				same++
			case d < 0:
			default:
				same += 0.5
			}
		}
	}
	return same, pairs
}
