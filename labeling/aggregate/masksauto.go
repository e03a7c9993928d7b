package aggregate

import (
	"context"
	"fmt"
)

// masksCompared is about how many masks methods are compared on.
const masksCompared = 2000

// MasksAuto applies MasksMajority or MasksStaple. gold is the runs of each task's true mask, nil where it is not known; nil
// without any. With DuelGoldMin golds or more, the latter is taken if its masks overlap them more, by more than a standard
// error of the difference; with fewer, if they overlap those of workers that it has not seen more. Otherwise it is the
// former. It goes by the overlap and not by a likelihood, as the pixels of a mask err together, and one edge would count for
// thousands of answers. O(runs answers), and that of both methods.
func MasksAuto(ctx context.Context, m Masks, gold [][]int32, seed uint64, progress Progress) (*MasksResult, Chosen, error) {
	var fits [2]*MasksResult
	x, err := m.index()
	if err == nil {
		err = m.checkMasks(gold)
	}
	if err == nil {
		fits[0], err = MasksMajority(ctx, m, nil)
	}
	if err == nil {
		fits[1], err = MasksStaple(ctx, m, progress)
	}
	if err != nil {
		return nil, Chosen{}, err
	}
	d := duel{
		methods: [2]string{"majority", "staple"}, names: [2]string{"the majority", "STAPLE"},
		off: "of what is marked", told: "of overlap with the answer",
	}
	for t, runs := range gold {
		if runs != nil && len(x.of(t)) > 0 {
			d.judged(1-runsOverlap(fits[0].Masks[t], runs), 1-runsOverlap(fits[1].Masks[t], runs))
		}
	}
	if !d.decided() {
		if err := m.compare(ctx, x, seed, &d); err != nil {
			return nil, Chosen{}, err
		}
	}
	winner, chosen := d.choose()
	return fits[winner], chosen, nil
}

// checkMasks checks that the masks of gold are as large as those of the answers.
func (m *Masks) checkMasks(gold [][]int32) error {
	if err := m.checkGold(len(gold)); err != nil {
		return err
	}
	for t, runs := range gold {
		pixels := int64(0)
		for _, n := range runs {
			pixels += int64(n)
		}
		if want := int64(m.Heights[t]) * int64(m.Widths[t]); runs != nil && pixels != want {
			return badAnswers(fmt.Sprintf("the gold of task %d has %d pixels, and its image %d", t, pixels, want))
		}
	}
	return nil
}

// compare holds answers back.
func (m *Masks) compare(ctx context.Context, x *rowIndex, seed uint64, d *duel) error {
	return eachFold(ctx, func(part int) error {
		rest := *m
		var held []int32
		rest.CannotTell, held = m.heldBack(x, part, masksCompared, seed)
		majority, err := MasksMajority(ctx, rest, nil)
		if err != nil {
			return err
		}
		staple, err := MasksStaple(ctx, rest, nil)
		if err != nil {
			return err
		}
		for _, row := range held {
			t := m.Tasks[row]
			d.tell(runsOverlap(majority.Masks[t], m.of(row)), runsOverlap(staple.Masks[t], m.of(row)))
		}
		return nil
	})
}

// runsOverlap is the intersection of two masks of one image over their union, 1 of two empty ones.
func runsOverlap(a, b []int32) float64 {
	both, either := int64(0), int64(0)
	i, j, leftA, leftB := 0, 0, a[0], b[0]
	for {
		for leftA == 0 && i+1 < len(a) {
			i++
			leftA = a[i]
		}
		for leftB == 0 && j+1 < len(b) {
			j++
			leftB = b[j]
		}
		length := min(leftA, leftB)
		if length == 0 {
			break
		}
		if i%2 == 1 && j%2 == 1 {
			both += int64(length)
		}
		if i%2 == 1 || j%2 == 1 {
			either += int64(length)
		}
		leftA, leftB = leftA-length, leftB-length
	}
	if either == 0 {
		return 1
	}
	return float64(both) / float64(either)
}
