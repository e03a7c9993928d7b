package aggregate

import "context"

// masksCompared is about how many masks methods are compared on.
const masksCompared = 2000

// MasksAuto applies MasksMajority or MasksStaple: the latter if its masks overlap those of workers that it has not seen
// more, by more than a standard error of the difference, else the former. It goes by the overlap and not by a likelihood,
// as the pixels of a mask err together, and one edge would count for thousands of answers. O(runs answers), and that of
// both methods.
func MasksAuto(ctx context.Context, m Masks, seed uint64, progress Progress) (*MasksResult, Chosen, error) {
	x, err := m.index()
	if err != nil {
		return nil, Chosen{}, err
	}
	d := duel{methods: [2]string{"majority", "staple"}, names: [2]string{"the majority", "STAPLE"}, told: "of overlap with the answer"}
	if err := eachFold(ctx, func(part int) error {
		rest := m
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
	}); err != nil {
		return nil, Chosen{}, err
	}
	winner, chosen := d.choose()
	fit := MasksMajority
	if winner == 1 {
		fit = MasksStaple
	}
	r, err := fit(ctx, m, progress)
	return r, chosen, err
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
