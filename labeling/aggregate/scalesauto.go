package aggregate

import (
	"context"
	"math"
)

// ScalesAuto applies ScalesMean or ScalesOrdinal. gold is the true class of each task, or NoVerdict; nil without any. With
// DuelGoldMin golds or more, the ordinal model is taken if its values are nearer to them by more than a standard error of
// the difference; with fewer, if it gives answers that it has not seen a greater log-probability in the same sense, where
// that of the mean is as in ScalesMean, widened by what is not known of it. Otherwise it is the mean. O(answers classes) per
// step of the ordinal model.
func ScalesAuto(ctx context.Context, s Scales, gold []int32, seed uint64, progress Progress) (*ScalesResult, Chosen, error) {
	var fits [2]*ScalesResult
	x, err := s.index()
	if err == nil {
		err = s.checkGold(len(gold))
	}
	if err == nil {
		fits[0], err = ScalesMean(ctx, s, nil)
	}
	if err == nil {
		fits[1], err = ScalesOrdinal(ctx, s, progress)
	}
	if err != nil {
		return nil, Chosen{}, err
	}
	d := duel{
		methods: [2]string{string(ScalesMeanMethod), string(ScalesOrdinalMethod)}, names: [2]string{"the mean", "the ordinal model"},
		off: "classes", told: "nats an answer",
	}
	for t, g := range gold {
		if g != NoVerdict && fits[0].Values[t].Known() {
			d.judged(math.Abs(fits[0].Values[t].Value-float64(g)), math.Abs(fits[1].Values[t].Value-float64(g)))
		}
	}
	if !d.decided() {
		if err := s.compare(ctx, x, seed, &d); err != nil {
			return nil, Chosen{}, err
		}
	}
	winner, chosen := d.choose()
	return fits[winner], chosen, nil
}

// compare holds answers back.
func (s *Scales) compare(ctx context.Context, x *rowIndex, seed uint64, d *duel) error {
	k := s.ClassCount
	return eachFold(ctx, func(part int) error {
		rest := *s
		var held []int32
		rest.CannotTell, held = s.heldBack(x, part, comparedMax, seed)
		mean, variance, err := fitScalesMean(ctx, rest, nil)
		if err != nil {
			return err
		}
		_, ordinal, err := fitScalesOrdinal(ctx, rest, nil)
		if err != nil {
			return err
		}
		if math.IsNaN(variance) {
			variance = 1 // no two answers are left to a task
		}
		for _, row := range held {
			t, class := int(s.Tasks[row]), s.Classes[row]
			answers := float64(len(ordinal.x.of(t)))
			chance := 0.0
			at := (int(s.Workers[row])*k + int(class)) * k
			for j, p := range ordinal.posterior[t*k : (t+1)*k] {
				chance += p * math.Exp(ordinal.logs[at+j])
			}
			d.tell(math.Log(near(class, mean.Values[t].Value, math.Sqrt(variance*(1+1/answers)), k)), math.Log(chance))
		}
		return nil
	})
}

// near is the probability of a class by a normal around a place, cut to the scale and rounded to its classes, with slips as
// in ScalesOrdinal.
func near(class int32, place, deviation float64, classes int) float64 {
	const least = 1e-3
	below := func(x float64) float64 { return normalCDF((x - place) / max(deviation, least)) }
	k := float64(class)
	meant := (below(k+0.5) - below(k-0.5)) / (below(float64(classes)-0.5) - below(-0.5))
	return (1-ordinalSlip)*meant + ordinalSlip/float64(classes)
}
