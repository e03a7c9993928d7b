package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling"
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

// regionForm is what families of regions differ in.
type regionForm[T any] struct {
	kind  polls.Type
	check func([]T) bool
	class func(T) int
	wide  func(T) int                                         // how many pixels a row of an image has at least that has the region; 0 where nobody asks
	fits  func(v *interchange.Values[[]T], truth [][]T) error // whether these are of one image; nil where nobody can know
	tidy  func(truth []T) []T                                 // as labeling.Score takes it; nil where it takes any
	fuse  func(v *interchange.Values[[]T], gold [][]T) (*fusion.Regions[T], error)
}

// aggregateRegions is what all families of regions have in common.
func aggregateRegions[T any](ctx context.Context, p *program, a aggregation, bar *bar, form regionForm[T]) (r aggregated, err error) {
	began := time.Now()
	answers, err := readValues(ctx, p, a, bar, parseRegions(form.check))
	if err != nil {
		return r, err
	}
	truth, err := readKnown(ctx, p, a, bar, &r, parseRegions(form.check), func(x, y []T) bool { return reflect.DeepEqual(x, y) })
	if err != nil {
		return r, err
	}
	r.read(a, began, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), answers.Malformed)
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	known := trueRegions(answers.Tasks, truth, form.tidy)
	if form.fits != nil {
		if err := form.fits(answers, known); err != nil {
			return r, err
		}
	}
	gold := drawnRegions(known, a.goldRate, a.seed)
	f, err := form.fuse(answers, gold)
	if err != nil {
		return r, err
	}
	r.Seconds, r.Iterations, r.LogLikelihood = since(began), f.Iterations, finite(f.LogLikelihood)
	r.people = who(answers.Workers, answers.Worker)
	if f.Specificity == nil {
		r.people.skills = []skill{{"skill", f.Skills}}
	} else {
		r.people.skills = []skill{{"sensitivity", f.Skills}, {"specificity", f.Specificity}}
	}
	sum, n := 0.0, 0.0
	for _, x := range f.Agreement {
		if !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	r.Agreement = finite(sum / n)
	answered := make([]bool, r.Tasks)
	for i, task := range answers.Task {
		answered[task] = answered[task] || !answers.CannotTell[i]
	}
	for task, g := range gold {
		if g != nil {
			r.Gold++
			known[task] = nil
		}
	}
	if err := judgeRegions(&r, form, f, answered, known); err != nil || a.out == "" {
		return r, err
	}
	return r, writeVerdicts(ctx, a.out, regionHeader, r.Tasks, bar, func(task int) (verdict, bool) {
		if !answered[task] {
			return nil, false
		}
		label, _, _ := f.Label(task)
		return regionVerdict{answers.Tasks.Of(int32(task)), label, finite(f.Agreement[task]), f.Found(task)}, true
	})
}

// trueRegions is what is true of each task, and nil where that is not known.
func trueRegions[T any](tasks *interchange.Names, truth *interchange.Known[[]T], tidy func([]T) []T) [][]T {
	out := make([][]T, tasks.Len())
	if truth == nil {
		return out
	}
	for i, want := range truth.Value {
		task, ok := tasks.Find(truth.Tasks.Of(int32(i)))
		switch {
		case !ok:
		case tidy != nil:
			out[task] = tidy(want)
		default:
			out[task] = want
		}
	}
	return out
}

// drawnRegions draws a share of what is true, and has nil for all other tasks; nil when the share is 0.
func drawnRegions[T any](truth [][]T, share float64, seed uint64) [][]T {
	if share == 0 {
		return nil
	}
	var known []int
	for task, want := range truth {
		if want != nil {
			known = append(known, task)
		}
	}
	gold := make([][]T, len(truth))
	for _, task := range drawn(known, share, seed) {
		gold[task] = truth[task]
	}
	return gold
}

// judgeRegions compares labels with what is true of their tasks, by labeling.Score. A label is right as a whole when each of
// its regions is one of the true ones, and they are as many.
func judgeRegions[T any](r *aggregated, form regionForm[T], f *fusion.Regions[T], answered []bool, truth [][]T) error {
	right, sum := 0, 0
	for task, want := range truth {
		if want == nil || !answered[task] {
			continue
		}
		label, _, _ := f.Label(task)
		got, err := polls.ValueOf(label)
		if err != nil {
			return err
		}
		truly, err := polls.ValueOf(want)
		if err != nil {
			return err
		}
		classes, wide := 0, 0
		for _, region := range slices.Concat(label, want) {
			classes, wide = max(classes, form.class(region)+1), max(wide, form.wide(region))
		}
		score, err := labeling.Score(&polls.Question{Type: form.kind, Choices: make([]string, classes), Image: &polls.Image{Width: wide, Height: 1}}, got, truly)
		if err != nil {
			return err
		}
		r.Judged++
		sum += score
		if score == whole {
			right++
		}
	}
	if r.Judged > 0 {
		r.Accuracy, r.Score = finite(float64(right)/float64(r.Judged)), finite(float64(sum)/whole/float64(r.Judged))
	}
	return nil
}

// whole is the score of what is as the truth.
const whole = 1_000_000

func (p *program) aggregateSpans(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	return aggregateRegions(ctx, p, a, bar, regionForm[polls.Span]{
		kind: polls.Spans, class: func(s polls.Span) int { return s.Class }, wide: func(polls.Span) int { return 0 }, tidy: joined,
		check: eachIs(func(s polls.Span) bool {
			return isClass(s.Class) && s.Start >= 0 && s.End > s.Start && s.End <= aggregate.SpansLengthMax
		}),
		fuse: func(v *interchange.Values[[]polls.Span], _ [][]polls.Span) (*fusion.Regions[polls.Span], error) {
			return fusion.Spans(ctx, rowsOf(v), v.Value, bar.progress("rounds"))
		},
	})
}

// joined returns spans in their order, those of a class that overlap as one.
func joined(spans []polls.Span) []polls.Span {
	sorted := slices.SortedFunc(slices.Values(spans), func(x, y polls.Span) int { return cmp.Or(cmp.Compare(x.Class, y.Class), cmp.Compare(x.Start, y.Start)) })
	out := []polls.Span{}
	for _, s := range sorted {
		if last := len(out) - 1; last >= 0 && out[last].Class == s.Class && s.Start <= out[last].End {
			out[last].End = max(out[last].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

func (p *program) aggregateBoxes(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	return aggregateRegions(ctx, p, a, bar, regionForm[polls.Box]{
		kind: polls.Boxes, class: func(b polls.Box) int { return b.Class }, wide: func(b polls.Box) int { return b.X + b.W },
		check: eachIs(func(b polls.Box) bool {
			return isClass(b.Class) && isPlace(b.X) && isPlace(b.Y) && b.W >= 1 && b.H >= 1 && isPlace(b.W) && isPlace(b.H) && isPlace(b.X+b.W) && isPlace(b.Y+b.H)
		}),
		fuse: func(v *interchange.Values[[]polls.Box], _ [][]polls.Box) (*fusion.Regions[polls.Box], error) {
			return fusion.Boxes(ctx, rowsOf(v), v.Value, bar.progress("tasks"))
		},
	})
}

func (p *program) aggregatePolygons(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	return aggregateRegions(ctx, p, a, bar, regionForm[polls.Polygon]{
		kind: polls.Polygons, class: func(x polls.Polygon) int { return x.Class }, wide: func(x polls.Polygon) int { return slices.Max(x.Points) + 1 },
		check: eachIs(func(x polls.Polygon) bool {
			n := len(x.Points)
			return isClass(x.Class) && n >= 6 && n%2 == 0 && n <= 2*aggregate.PolygonsPointsMax && !slices.ContainsFunc(x.Points, func(at int) bool { return !isPlace(at) })
		}),
		fuse: func(v *interchange.Values[[]polls.Polygon], _ [][]polls.Polygon) (*fusion.Regions[polls.Polygon], error) {
			return fusion.Polygons(ctx, rowsOf(v), v.Value, bar.progress("tasks"))
		},
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
	r, err := aggregateRegions(ctx, p, a, bar, regionForm[polls.ClassMask]{
		kind: polls.Mask, class: func(m polls.ClassMask) int { return m.Class }, wide: fusion.Pixels, check: check, fits: samePixels,
		fuse: func(v *interchange.Values[[]polls.ClassMask], gold [][]polls.ClassMask) (r *fusion.Regions[polls.ClassMask], err error) {
			progress := bar.progress("rounds")
			switch a.method {
			case "majority":
				return fusion.Masks(ctx, rowsOf(v), v.Value, aggregate.MasksMajority, progress)
			case "staple":
				return fusion.Masks(ctx, rowsOf(v), v.Value, aggregate.MasksStaple, progress)
			}
			r, chosen, err = fusion.MasksAuto(ctx, rowsOf(v), v.Value, gold, a.seed, progress)
			return r, err
		},
	})
	if a.method == "auto" {
		r.Method, r.Reason = chosen.Method, chosen.Reason
	}
	return r, err
}

// samePixels reports a task whose masks, its true ones among them, are of images of different sizes.
func samePixels(v *interchange.Values[[]polls.ClassMask], truth [][]polls.ClassMask) error {
	pixels := make([]int, v.Tasks.Len())
	look := func(task int, list []polls.ClassMask) error {
		for _, m := range list {
			n := fusion.Pixels(m)
			if pixels[task] != 0 && pixels[task] != n {
				return usagef("task %q has masks of %d and of %d pixels; all masks of an image have as many", v.Tasks.Of(int32(task)), pixels[task], n)
			}
			pixels[task] = n
		}
		return nil
	}
	for i, list := range v.Value {
		if err := look(int(v.Task[i]), list); err != nil {
			return err
		}
	}
	for task, list := range truth {
		if err := look(task, list); err != nil {
			return err
		}
	}
	return nil
}
