package fusion

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// MasksMethod is aggregate.MasksStaple or aggregate.MasksMajority.
type MasksMethod func(ctx context.Context, m aggregate.Masks, progress aggregate.Progress) (*aggregate.MasksResult, error)

// Masks fuses masks, each class of a task by itself. values are per row; those of who could not tell are ignored. All masks
// of a task have as many pixels. A class that is nowhere is not found.
func Masks(ctx context.Context, rows aggregate.Rows, values [][]polls.ClassMask, fit MasksMethod, progress aggregate.Progress) (*Regions[polls.ClassMask], error) {
	masks, of := masksOf(rows, values)
	r, err := fit(ctx, masks, progress)
	if err != nil {
		return nil, err
	}
	return foundMasks(rows, of, r), nil
}

// MasksAuto is Masks by the one of both methods that aggregate.MasksAuto chooses. gold is the true masks of each task, nil
// where they are not known; nil without any. Each class that somebody marked is a gold by itself.
func MasksAuto(ctx context.Context, rows aggregate.Rows, values, gold [][]polls.ClassMask, seed uint64, progress aggregate.Progress) (*Regions[polls.ClassMask], aggregate.Chosen, error) {
	masks, of := masksOf(rows, values)
	r, chosen, err := aggregate.MasksAuto(ctx, masks, goldMasks(masks, of, gold), seed, progress)
	if err != nil {
		return nil, chosen, err
	}
	return foundMasks(rows, of, r), chosen, nil
}

// foundMasks brings masks of classes together by task.
func foundMasks(rows aggregate.Rows, of [][]classMask, r *aggregate.MasksResult) *Regions[polls.ClassMask] {
	out := &Regions[polls.ClassMask]{make([]float64, rows.TaskCount), r.Sensitivity, r.Specificity, r.Convergence, func(task int) []Found[polls.ClassMask] {
		all := []Found[polls.ClassMask]{}
		for _, m := range of[task] {
			counts := make([]int, len(r.Masks[m.number]))
			for i, n := range r.Masks[m.number] {
				counts[i] = int(n)
			}
			if len(counts) > 1 { // somewhere
				all = append(all, Found[polls.ClassMask]{polls.ClassMask{Class: m.class, Counts: counts}, r.Confidence[m.number]})
			}
		}
		return all
	}, 0}
	answers := make([]int, len(of))
	for i, t := range rows.Tasks {
		if !rows.CannotTell[i] {
			answers[t]++
		}
	}
	for t, classes := range of {
		for _, m := range classes {
			out.Agreement[t] += r.Agreement[m.number] / float64(len(classes))
		}
		switch {
		case answers[t] < 2:
			out.Agreement[t] = math.NaN()
		case len(classes) == 0:
			out.Agreement[t] = 1 // nobody marked anything
		}
	}
	return out
}

// classMask is a class that somebody marked in a task, and the number that it has as a mask of its own.
type classMask struct{ class, number int }

// masksOf makes a mask of each class that somebody marked in a task. Who answered and did not mark it left it empty.
func masksOf(rows aggregate.Rows, values [][]polls.ClassMask) (masks aggregate.Masks, of [][]classMask) {
	of = make([][]classMask, rows.TaskCount)
	pixels := make([]int, rows.TaskCount)
	for i, list := range values {
		t := rows.Tasks[i]
		for _, m := range list {
			pixels[t] = Pixels(m)
			if !slices.ContainsFunc(of[t], func(c classMask) bool { return c.class == m.Class }) {
				of[t] = append(of[t], classMask{class: m.Class})
			}
		}
	}
	for t := range of {
		slices.SortFunc(of[t], func(a, b classMask) int { return cmp.Compare(a.class, b.class) })
		for i := range of[t] {
			of[t][i].number = masks.TaskCount
			masks.TaskCount++
			masks.Heights, masks.Widths = append(masks.Heights, int32(pixels[t])), append(masks.Widths, 1)
		}
	}
	masks.WorkerCount, masks.Start = rows.WorkerCount, []int32{0}
	for i, list := range values {
		t := rows.Tasks[i]
		if rows.CannotTell[i] {
			continue
		}
		for _, c := range of[t] {
			masks.Tasks, masks.Workers = append(masks.Tasks, int32(c.number)), append(masks.Workers, rows.Workers[i])
			at := slices.IndexFunc(list, func(m polls.ClassMask) bool { return m.Class == c.class })
			if at < 0 {
				masks.Runs = append(masks.Runs, int32(pixels[t]))
			} else {
				masks.Runs = append(masks.Runs, runsOf(list[at])...)
			}
			masks.Start = append(masks.Start, int32(len(masks.Runs)))
		}
	}
	return masks, of
}

// goldMasks returns the runs of what is true of each class that somebody marked, which is empty where the gold leaves it out.
func goldMasks(masks aggregate.Masks, of [][]classMask, gold [][]polls.ClassMask) [][]int32 {
	out := make([][]int32, masks.TaskCount)
	for t, list := range gold {
		if list == nil {
			continue
		}
		for _, c := range of[t] {
			runs := []int32{masks.Heights[c.number]}
			if at := slices.IndexFunc(list, func(m polls.ClassMask) bool { return m.Class == c.class }); at >= 0 {
				runs = runsOf(list[at])
			}
			out[c.number] = runs
		}
	}
	return out
}

func runsOf(m polls.ClassMask) []int32 {
	runs := make([]int32, len(m.Counts))
	for i, n := range m.Counts {
		runs[i] = int32(n)
	}
	return runs
}

// Pixels is how many pixels a mask is of.
func Pixels(m polls.ClassMask) (sum int) {
	for _, n := range m.Counts {
		sum += n
	}
	return sum
}
