package aggregate

import (
	"context"
	"math"
)

// NumbersAuto applies NumbersMedian or NumbersMean. gold is the true number of each task, or NaN; nil without any. With
// DuelGoldMin golds or more, the mean is taken if it is nearer to them by more than a standard error of the difference.
// With fewer it is taken if it gives answers that it has not seen a greater log-density in the same sense. For both that is
// Student's, widened by what is not known of the number, so that no shape of errors is preferred: around the number and the
// worker's bias with their spread for the mean, around the number with one spread of all for the median. Otherwise it is the
// median. O(answers) per step of the mean.
func NumbersAuto(ctx context.Context, n Numbers, gold []float64, seed uint64, progress Progress) (*NumbersResult, Chosen, error) {
	var fits [2]*NumbersResult
	x, err := n.index()
	if err == nil {
		err = n.checkGold(len(gold))
	}
	if err == nil {
		fits[0], err = NumbersMedian(ctx, n, nil)
	}
	if err == nil {
		fits[1], err = NumbersMean(ctx, n, progress)
	}
	if err != nil {
		return nil, Chosen{}, err
	}
	d := duel{methods: [2]string{"median", "mean"}, names: [2]string{"the median", "the weighted mean"}, off: "on average", told: "nats an answer"}
	for t, g := range gold {
		if !math.IsNaN(g) && fits[0].Values[t].Known() {
			d.judged(math.Abs(fits[0].Values[t].Value-g), math.Abs(fits[1].Values[t].Value-g))
		}
	}
	if !d.decided() {
		if err := n.compare(ctx, x, seed, &d); err != nil {
			return nil, Chosen{}, err
		}
	}
	winner, chosen := d.choose()
	return fits[winner], chosen, nil
}

// compare holds answers back. Where no two answers to a task differ, methods do not either.
func (n *Numbers) compare(ctx context.Context, x *rowIndex, seed uint64, d *duel) error {
	_, unit := n.medians(x)
	if unit == 0 || math.IsNaN(unit) {
		return nil
	}
	return eachFold(ctx, func(part int) error {
		rest := *n
		var held []int32
		rest.CannotTell, held = n.heldBack(x, part, comparedMax, seed)
		median, err := NumbersMedian(ctx, rest, nil)
		if err != nil {
			return err
		}
		mean, err := NumbersMean(ctx, rest, nil)
		if err != nil {
			return err
		}
		kept, err := rest.index()
		if err != nil {
			return err
		}
		all := rest.commonSpread(kept, median.Values, unit)
		for _, row := range held {
			t, w := n.Tasks[row], n.Workers[row]
			bias, spread := 0.0, all
			if mean.Bias[w].Known() {
				bias = mean.Bias[w].Value
			}
			if s := mean.Spread[w]; s.Value > 0 {
				spread = s.Value
			}
			d.tell(told(n.Values[row], median.Values[t], all, unit), told(n.Values[row]-bias, mean.Values[t], spread, unit))
		}
		return nil
	})
}

// commonSpread is the spread of all answers around the values of their tasks, learned as that of a worker is in NumbersMean.
func (n *Numbers) commonSpread(x *rowIndex, values []Estimate, unit float64) float64 {
	var squares []float64
	for t, v := range values {
		if rows := x.of(t); len(rows) > 1 {
			k := float64(len(rows))
			for _, row := range rows {
				e := (n.Values[row] - v.Value) / unit
				squares = append(squares, e*e*k/(k-1)) // a value is nearer to its own answers
			}
		}
	}
	const rounds = 50
	square := 1.0
	for range rounds {
		sum := spreadPrior
		for _, e2 := range squares {
			sum += (numbersFreedom + 1) / (numbersFreedom + e2/square) * e2
		}
		square = sum / (spreadPrior + float64(len(squares)))
	}
	return normalPerStudent * unit * math.Sqrt(square)
}

// told is the log-density, for so large a unit, of an answer around an estimate with a spread.
func told(answer float64, e Estimate, spread, unit float64) float64 {
	scale := math.Hypot(spread/normalPerStudent, e.deviation()/math.Sqrt2) / unit     // Student's variance is twice the square of its scale
	return max(studentLog((answer-e.Value)/unit, scale*scale), math.Log(leastChance)) // one slip of the finger does not decide
}

// deviation is the standard deviation that the interval of an estimate was made of, 0 where it has no bounds.
func (e Estimate) deviation() float64 {
	if d := (e.High - e.Low) / (2 * z95); !math.IsInf(d, 0) {
		return d
	}
	return 0
}
