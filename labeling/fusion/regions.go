package fusion

import (
	"math"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// Regions is what the answers to each task amount to, which are regions.
type Regions[T any] struct {
	Agreement   []float64            // per task, as the aggregator has it; NaN with fewer than two answers
	Skills      []aggregate.Estimate // per worker; of masks the sensitivity
	Specificity []aggregate.Estimate // per worker, of masks; nil for others
	aggregate.Convergence

	found func(task int) []Found[T]
	over  float64 // the confidence of a region that goes into a label
}

// Found is a region, and how sure it is, from 0 to 1.
type Found[T any] struct {
	Region     T       `json:"region"`
	Confidence float64 `json:"confidence"`
}

// Found returns all regions of a task, and is never nil.
func (r *Regions[T]) Found(task int) []Found[T] { return r.found(task) }

// Label returns the regions of a task that go into its label, how sure each is, and how much of what is there or in the label is expected to
// be in both, counted in regions,
//
//	sum of the confidences of those in the label / (their number + the sum of those of the others);
//
// of an empty label, the probability that there is nothing. Where no region is left to judge by, it is the agreement, and 1
// where that is unknown.
func (r *Regions[T]) Label(task int) (label []T, each []float64, confidence float64) {
	all := r.found(task)
	label = []T{}
	in, out, nothing := 0.0, 0.0, 1.0
	for _, f := range all {
		if f.Confidence > r.over {
			label, each, in = append(label, f.Region), append(each, f.Confidence), in+f.Confidence
		} else {
			out, nothing = out+f.Confidence, nothing*(1-f.Confidence)
		}
	}
	switch {
	case len(label) > 0:
		return label, each, in / (float64(len(label)) + out)
	case len(all) > 0:
		return label, each, nothing
	case math.IsNaN(r.Agreement[task]):
		return label, each, 1
	}
	return label, each, r.Agreement[task]
}

// byTask returns where the elements of each task are; they are in the order of tasks.
func byTask[T any](tasks int, elements []T, of func(T) int32) func(task int) []T {
	start := make([]int, tasks+1)
	for _, e := range elements {
		start[of(e)+1]++
	}
	for t := range tasks {
		start[t+1] += start[t]
	}
	return func(task int) []T { return elements[start[task]:start[task+1]] }
}

// whole is the pixel that a coordinate is nearest to.
func whole(x float64) int { return max(0, int(math.Round(x))) }

// shapesOf fills in what boxes and polygons have in common.
func shapesOf[T any](rows aggregate.Rows, values [][]T, class func(T) int) aggregate.Shapes {
	s := aggregate.Shapes{Rows: rows, Start: []int32{0}}
	for _, regions := range values {
		for _, r := range regions {
			s.Classes = append(s.Classes, int32(class(r)))
			s.ClassCount = max(s.ClassCount, class(r)+1)
		}
		s.Start = append(s.Start, int32(len(s.Classes)))
	}
	return s
}
