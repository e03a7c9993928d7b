package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/labeling/fusion"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// regionVerdict is a row of verdicts on regions of an image or a text.
type regionVerdict struct {
	Task      string   `json:"task"`
	Label     any      `json:"label"` // the regions of which more than half of the skill is sure, as an answer has them
	Agreement *float64 `json:"agreement"`
	Found     any      `json:"found"` // all regions
}

func (v regionVerdict) cells() ([]string, error) {
	return cellsOf(v.Task, v.Label, v.Agreement, v.Found)
}

var regionHeader = []string{"task", "label", "agreement", "found"}

// maxRegionClass keeps a class that is a slip of the pen from taking all memory.
const maxRegionClass = 100_000

var (
	errNoRegions = errors.New("it is not a JSON array of regions as answers of this type have them")
	errRegion    = errors.New("it has a region that is empty or nowhere, whose class is not from 0 to 100000, or, of a mask, comes twice")
)

// parseRegions reads JSON and checks the regions of an answer.
func parseRegions[T any](check func([]T) bool) func(text []byte) ([]T, error) {
	return func(text []byte) ([]T, error) {
		var regions []T
		in := json.NewDecoder(bytes.NewReader(text))
		in.DisallowUnknownFields()
		if err := in.Decode(&regions); err != nil || regions == nil {
			return nil, errNoRegions
		}
		if _, err := in.Token(); !errors.Is(err, io.EOF) {
			return nil, errNoRegions
		}
		if !check(regions) {
			return nil, errRegion
		}
		return regions, nil
	}
}

// eachIs checks regions one by one.
func eachIs[T any](check func(T) bool) func([]T) bool {
	return func(regions []T) bool { return !slices.ContainsFunc(regions, func(r T) bool { return !check(r) }) }
}

func isClass(k int) bool { return k >= 0 && k <= maxRegionClass }

// isPlace says whether a coordinate is a pixel, or a position, that there may be.
func isPlace(x int) bool { return x >= 0 && x <= aggregate.ShapesCoordinateMax }

// aggregateRegions is what all families of regions have in common.
func aggregateRegions[T any](ctx context.Context, p *program, a aggregation, bar *bar, check func([]T) bool, fuse func(v *interchange.Values[[]T]) (*fusion.Regions[T], error)) (r aggregated, err error) {
	began := time.Now()
	answers, err := readValues(ctx, p, a, bar, parseRegions(check))
	if err != nil {
		return r, err
	}
	r.read(a, began, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), answers.Malformed)
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	f, err := fuse(answers)
	if err != nil {
		return r, err
	}
	r.Seconds, r.Iterations = since(began), f.Iterations
	sum, n := 0.0, 0.0
	for _, x := range f.Agreement {
		if !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	r.Agreement = finite(sum / n)
	if a.out == "" {
		return r, nil
	}
	answered := make([]bool, r.Tasks)
	for i, task := range answers.Task {
		answered[task] = answered[task] || !answers.CannotTell[i]
	}
	return r, writeVerdicts(ctx, a.out, regionHeader, r.Tasks, bar, func(task int) (verdict, bool) {
		if !answered[task] {
			return nil, false
		}
		label, _, _ := f.Label(task)
		return regionVerdict{answers.Tasks.Of(int32(task)), label, finite(f.Agreement[task]), f.Found(task)}, true
	})
}

func (p *program) aggregateSpans(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := eachIs(func(s polls.Span) bool {
		return isClass(s.Class) && s.Start >= 0 && s.End > s.Start && s.End <= aggregate.SpansLengthMax
	})
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.Span]) (*fusion.Regions[polls.Span], error) {
		return fusion.Spans(ctx, rowsOf(v), v.Value, bar.progress("rounds"))
	})
}

func (p *program) aggregateBoxes(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := eachIs(func(b polls.Box) bool {
		return isClass(b.Class) && isPlace(b.X) && isPlace(b.Y) && b.W >= 1 && b.H >= 1 && isPlace(b.W) && isPlace(b.H) && isPlace(b.X+b.W) && isPlace(b.Y+b.H)
	})
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.Box]) (*fusion.Regions[polls.Box], error) {
		return fusion.Boxes(ctx, rowsOf(v), v.Value, bar.progress("tasks"))
	})
}

func (p *program) aggregatePolygons(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := eachIs(func(x polls.Polygon) bool {
		n := len(x.Points)
		return isClass(x.Class) && n >= 6 && n%2 == 0 && n <= 2*aggregate.PolygonsPointsMax && !slices.ContainsFunc(x.Points, func(at int) bool { return !isPlace(at) })
	})
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.Polygon]) (*fusion.Regions[polls.Polygon], error) {
		return fusion.Polygons(ctx, rowsOf(v), v.Value, bar.progress("tasks"))
	})
}

func (p *program) aggregateMasks(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := func(masks []polls.ClassMask) bool {
		classes := make(map[int]bool, len(masks)) // each at most once
		return eachIs(func(m polls.ClassMask) bool {
			sum := 0
			for _, n := range m.Counts {
				if n < 0 || n > aggregate.MasksPixelsMax {
					return false
				}
				sum += n
			}
			again := classes[m.Class]
			classes[m.Class] = true
			return !again && isClass(m.Class) && sum >= 1 && sum <= aggregate.MasksPixelsMax
		})(masks)
	}
	var chosen aggregate.Chosen
	r, err := aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.ClassMask]) (*fusion.Regions[polls.ClassMask], error) {
		if err := samePixels(v); err != nil {
			return nil, err
		}
		progress := bar.progress("rounds")
		switch a.method {
		case "majority":
			return fusion.Masks(ctx, rowsOf(v), v.Value, aggregate.MasksMajority, progress)
		case "staple":
			return fusion.Masks(ctx, rowsOf(v), v.Value, aggregate.MasksStaple, progress)
		}
		r, which, err := fusion.MasksAuto(ctx, rowsOf(v), v.Value, nil, a.seed, progress)
		chosen = which
		return r, err
	})
	if a.method == "auto" {
		r.Method, r.Reason = chosen.Method, chosen.Reason
	}
	return r, err
}

// samePixels reports a task whose masks are of images of different sizes.
func samePixels(v *interchange.Values[[]polls.ClassMask]) error {
	pixels := make([]int, v.Tasks.Len())
	for i, list := range v.Value {
		t := v.Task[i]
		for _, m := range list {
			n := fusion.Pixels(m)
			if pixels[t] != 0 && pixels[t] != n {
				return usagef("task %q has masks of %d and of %d pixels; all masks of an image have as many", v.Tasks.Of(t), pixels[t], n)
			}
			pixels[t] = n
		}
	}
	return nil
}
