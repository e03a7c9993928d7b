package corpus

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Classes are what the labels of the file are, in the order of its soft labels where there are any: choices when they are given,
// and otherwise as the rows tell, whose label is the likeliest choice.
func (f *File) Classes(choices []string) ([]string, error) {
	if len(f.Rows) == 0 {
		return nil, badFile("The file has no labels.")
	}
	soft := 0
	for _, r := range f.Rows {
		if r.Soft != nil && soft != 0 && len(r.Soft) != soft {
			return nil, badFile("Task %q has %d soft labels, and others have %d.", r.Key, len(r.Soft), soft)
		}
		soft = max(soft, len(r.Soft))
	}
	if choices == nil && soft > 0 {
		var err error
		if choices, err = f.told(soft); err != nil {
			return nil, err
		}
	}
	if choices == nil {
		for _, r := range f.Rows {
			choices = append(choices, r.Label)
		}
		slices.Sort(choices)
		choices = slices.Compact(choices)
	}
	if soft > 0 && len(choices) != soft {
		return nil, badFile("There are %d choices, and soft labels for %d.", len(choices), soft)
	}
	for _, r := range f.Rows {
		if !slices.Contains(choices, r.Label) {
			return nil, badFile("Task %q has the label %q, which is none of %s.", r.Key, r.Label, strings.Join(choices, ", "))
		}
	}
	return choices, nil
}

// told finds the names of soft labels: of each the label of the tasks where it is the greatest.
func (f *File) told(soft int) ([]string, error) {
	names := make([]string, soft)
	for _, r := range f.Rows {
		if r.Soft == nil {
			continue
		}
		best := slices.Max(r.Soft)
		at := slices.Index(r.Soft, best)
		if slices.Contains(r.Soft[at+1:], best) {
			continue // the label is one of several
		}
		switch {
		case names[at] == "" && !slices.Contains(names, r.Label):
			names[at] = r.Label
		case names[at] != r.Label:
			return nil, badFile("The soft labels do not say whose they are: task %q has the label %q where others have %q. Give the choices in their order.", r.Key, r.Label, names[at])
		}
	}
	if i := slices.Index(names, ""); i >= 0 {
		return nil, badFile("No task has the choice %d for its label, so that the file does not say its name. Give the choices in their order.", i+1)
	}
	return names, nil
}

// target is the row's posterior, or its label with the confidence, which the others share what is left of.
func (r *Row) target(classes []string) ([]float32, error) {
	out := make([]float32, len(classes))
	if r.Soft != nil {
		sum := 0.0
		for i, p := range r.Soft {
			if !(p >= 0 && p <= 1) {
				return nil, badFile("Task %q has the soft label %v, which is no probability.", r.Key, p)
			}
			sum += p
			out[i] = float32(p)
		}
		if math.Abs(sum-1) > 0.01 {
			return nil, badFile("The soft labels of task %q have the sum %.3f, not 1.", r.Key, sum)
		}
		for i := range out {
			out[i] /= float32(sum)
		}
		return out, nil
	}
	sure := r.Confidence
	if sure == 0 {
		sure = 1
	}
	for i, c := range classes {
		if out[i] = float32((1 - sure) / float64(len(classes)-1)); c == r.Label {
			out[i] = float32(sure)
		}
	}
	return out, nil
}

func number(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		return 0, strconv.ErrRange
	}
	return v, err
}

// Targets are what the labels of some rows say of each class, as examples have them.
func (f *File) Targets(rows []int, classes []string) (targets []float32, err error) {
	for _, i := range rows {
		target, err := f.Rows[i].target(classes)
		if err != nil {
			return nil, err
		}
		targets = append(targets, target...)
	}
	return targets, nil
}
