package interchange

import (
	"context"
	"math"
	"strconv"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// Truth is what is true of tasks. A task is in it once.
type Truth struct {
	Tasks     *Names
	Labels    *Names    // none when answers are numbers
	Label     []int32   // of each task; nil when answers are numbers
	Value     []float64 // of each task; nil unless answers are numbers
	Malformed Malformed // a second truth of a task that differs from the first is one
}

// ReadTruth reads the columns task and truth, which go by other names too, in any order and among any others.
// Tab-separated text may have task and truth without a header.
func ReadTruth(ctx context.Context, file File, numbers bool) (*Truth, error) {
	t := &Truth{Tasks: newNames(), Labels: newNames()}
	var problems Malformed
	malformed, err := truthForm.read(ctx, file, func(line int, cells [][]byte) {
		label, value := int32(0), 0.0
		if numbers {
			var err error
			if value, err = strconv.ParseFloat(string(cells[1]), 64); err != nil || !(math.Abs(value) <= aggregate.NumbersMax) {
				problems.add(line, "the truth %s is not a number from -1e100 to 1e100", shown(cells[1]))
				return
			}
		} else {
			label = t.Labels.add(cells[1])
		}
		known := t.Tasks.Len()
		task := t.Tasks.add(cells[0])
		switch {
		case int(task) == known && numbers:
			t.Value = append(t.Value, value)
		case int(task) == known:
			t.Label = append(t.Label, label)
		case numbers && t.Value[task] != value, !numbers && t.Label[task] != label:
			problems.add(line, "task %s has another truth already", shown(cells[0]))
		}
	})
	if err != nil {
		return nil, err
	}
	t.Malformed = malformed
	t.Malformed.join(problems)
	return t, nil
}
