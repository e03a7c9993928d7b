package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// regionVerdict is a row of verdicts on regions of an image or a text.
type regionVerdict struct {
	Task      string   `json:"task"`
	Label     any      `json:"label"` // the regions of which more than half of the skill is sure, as an answer has them
	Agreement *float64 `json:"agreement"`
	Found     []found  `json:"found"` // all regions
}

func (v regionVerdict) cells() ([]string, error) {
	return cellsOf(v.Task, v.Label, v.Agreement, v.Found)
}

// found is a region, and how sure it is.
type found struct {
	Region     any     `json:"region"`
	Confidence float64 `json:"confidence"`
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

// fused is what a family makes of regions.
type fused struct {
	agreement  []float64
	iterations int
	chosen     aggregate.Chosen                          // by auto
	at         func(task int) (label any, found []found) // of a task that somebody answered
}

// aggregateRegions is what all families of regions have in common.
func aggregateRegions[T any](ctx context.Context, p *program, a aggregation, bar *bar, check func([]T) bool, fuse func(v *interchange.Values[[]T]) (fused, error)) (r aggregated, err error) {
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
	r.Seconds, r.Iterations = since(began), f.iterations
	if a.method == "auto" {
		r.Method, r.Reason = f.chosen.Method, f.chosen.Reason
	}
	sum, n := 0.0, 0.0
	for _, x := range f.agreement {
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
		label, found := f.at(task)
		return regionVerdict{answers.Tasks.Of(int32(task)), label, finite(f.agreement[task]), found}, true
	})
}

// sure returns the regions that go into a label, and is never nil.
func sure(all []found) []any {
	out := []any{}
	for _, f := range all {
		if f.Confidence > 0.5 {
			out = append(out, f.Region)
		}
	}
	return out
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

func (p *program) aggregateSpans(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := eachIs(func(s polls.Span) bool {
		return isClass(s.Class) && s.Start >= 0 && s.End > s.Start && s.End <= aggregate.SpansLengthMax
	})
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.Span]) (f fused, err error) {
		s := aggregate.Spans{Rows: rowsOf(v), Start: []int32{0}, Lengths: make([]int32, v.Tasks.Len())}
		for i, spans := range v.Value {
			for _, x := range spans {
				s.Begins, s.Ends, s.Classes = append(s.Begins, int32(x.Start)), append(s.Ends, int32(x.End)), append(s.Classes, int32(x.Class))
				s.ClassCount = max(s.ClassCount, x.Class+1)
				s.Lengths[v.Task[i]] = max(s.Lengths[v.Task[i]], int32(x.End)) // what is after the last mark, nobody marked
			}
			s.Start = append(s.Start, int32(len(s.Begins)))
		}
		r, err := aggregate.SpansFuse(ctx, s, bar.progress("rounds"))
		if err != nil {
			return f, err
		}
		of := byTask(v.Tasks.Len(), r.Spans, func(s aggregate.Span) int32 { return s.Task })
		return fused{r.Agreement, r.Iterations, aggregate.Chosen{}, func(task int) (any, []found) {
			label, all := []polls.Span{}, []found{}
			for _, s := range of(task) { // each of them was voted in
				x := polls.Span{Class: int(s.Class), Start: int(s.Begin), End: int(s.End)}
				label, all = append(label, x), append(all, found{x, s.Confidence})
			}
			return label, all
		}}, nil
	})
}

// shapesOf fills in what boxes and polygons have in common.
func shapesOf[T any](v *interchange.Values[[]T], class func(T) int) aggregate.Shapes {
	s := aggregate.Shapes{Rows: rowsOf(v), Start: []int32{0}}
	for _, regions := range v.Value {
		for _, r := range regions {
			s.Classes = append(s.Classes, int32(class(r)))
			s.ClassCount = max(s.ClassCount, class(r)+1)
		}
		s.Start = append(s.Start, int32(len(s.Classes)))
	}
	return s
}

func (p *program) aggregateBoxes(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := eachIs(func(b polls.Box) bool {
		return isClass(b.Class) && isPlace(b.X) && isPlace(b.Y) && b.W >= 1 && b.H >= 1 && isPlace(b.W) && isPlace(b.H) && isPlace(b.X+b.W) && isPlace(b.Y+b.H)
	})
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.Box]) (f fused, err error) {
		boxes := aggregate.Boxes{Shapes: shapesOf(v, func(b polls.Box) int { return b.Class })}
		for _, list := range v.Value {
			for _, b := range list {
				boxes.Boxes = append(boxes.Boxes, aggregate.Box{MinX: float64(b.X), MinY: float64(b.Y), MaxX: float64(b.X + b.W), MaxY: float64(b.Y + b.H)})
			}
		}
		r, err := aggregate.BoxesFuse(ctx, boxes, bar.progress("tasks"))
		if err != nil {
			return f, err
		}
		of := byTask(v.Tasks.Len(), r.Objects, func(o aggregate.BoxesObject) int32 { return o.Task })
		return fused{r.Agreement, r.Iterations, aggregate.Chosen{}, func(task int) (any, []found) {
			all := []found{}
			for _, o := range of(task) {
				x, y := whole(o.MinX.Value), whole(o.MinY.Value)
				b := polls.Box{Class: int(o.Class), X: x, Y: y, W: max(1, whole(o.MaxX.Value)-x), H: max(1, whole(o.MaxY.Value)-y)}
				all = append(all, found{b, o.Confidence})
			}
			return sure(all), all
		}}, nil
	})
}

// whole is the pixel that a coordinate is nearest to.
func whole(x float64) int { return max(0, int(math.Round(x))) }

func (p *program) aggregatePolygons(ctx context.Context, a aggregation, bar *bar) (aggregated, error) {
	check := eachIs(func(x polls.Polygon) bool {
		n := len(x.Points)
		return isClass(x.Class) && n >= 6 && n%2 == 0 && n <= 2*aggregate.PolygonsPointsMax && !slices.ContainsFunc(x.Points, func(at int) bool { return !isPlace(at) })
	})
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.Polygon]) (f fused, err error) {
		polygons := aggregate.Polygons{Shapes: shapesOf(v, func(x polls.Polygon) int { return x.Class }), PointStart: []int32{0}}
		for _, list := range v.Value {
			for _, x := range list {
				for i := 0; i < len(x.Points); i += 2 {
					polygons.Points = append(polygons.Points, aggregate.Point{X: float64(x.Points[i]), Y: float64(x.Points[i+1])})
				}
				polygons.PointStart = append(polygons.PointStart, int32(len(polygons.Points)))
			}
		}
		r, err := aggregate.PolygonsFuse(ctx, polygons, bar.progress("tasks"))
		if err != nil {
			return f, err
		}
		of := byTask(v.Tasks.Len(), r.Objects, func(o aggregate.PolygonsObject) int32 { return o.Task })
		return fused{r.Agreement, r.Iterations, aggregate.Chosen{}, func(task int) (any, []found) {
			all := []found{}
			for _, o := range of(task) {
				if ring := outline(o.Rings); len(ring) >= 6 {
					all = append(all, found{polls.Polygon{Class: int(o.Class), Points: ring}, o.Confidence})
				}
			}
			return sure(all), all
		}}, nil
	})
}

// outline returns the ring that encloses most, in whole pixels: an answer has no holes.
func outline(rings [][]aggregate.Point) (points []int) {
	if len(rings) == 0 {
		return nil
	}
	area := func(ring []aggregate.Point) float64 {
		sum, a := 0.0, ring[len(ring)-1]
		for _, b := range ring {
			sum += a.X*b.Y - b.X*a.Y
			a = b
		}
		return math.Abs(sum)
	}
	largest := slices.MaxFunc(rings, func(a, b []aggregate.Point) int { return cmp.Compare(area(a), area(b)) })
	for _, at := range largest {
		x, y := whole(at.X), whole(at.Y)
		if n := len(points); n >= 2 && points[n-2] == x && points[n-1] == y {
			continue
		}
		points = append(points, x, y)
	}
	return points
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
	return aggregateRegions(ctx, p, a, bar, check, func(v *interchange.Values[[]polls.ClassMask]) (f fused, err error) {
		masks, of, err := masksOf(v)
		if err != nil {
			return f, err
		}
		var r *aggregate.MasksResult
		var chosen aggregate.Chosen
		switch a.method {
		case "auto":
			r, chosen, err = aggregate.MasksAuto(ctx, masks, a.seed, bar.progress("rounds"))
		case "staple":
			r, err = aggregate.MasksStaple(ctx, masks, bar.progress("rounds"))
		default:
			r, err = aggregate.MasksMajority(ctx, masks, bar.progress("rounds"))
		}
		if err != nil {
			return f, err
		}
		f = fused{make([]float64, v.Tasks.Len()), r.Iterations, chosen, func(task int) (any, []found) {
			label, all := []polls.ClassMask{}, []found{}
			for _, m := range of[task] {
				counts := make([]int, len(r.Masks[m.number]))
				for i, n := range r.Masks[m.number] {
					counts[i] = int(n)
				}
				if len(counts) > 1 { // somewhere
					label = append(label, polls.ClassMask{Class: m.class, Counts: counts})
					all = append(all, found{label[len(label)-1], r.Confidence[m.number]})
				}
			}
			return label, all
		}}
		answers := make([]int, len(of))
		for i, t := range v.Task {
			if !v.CannotTell[i] {
				answers[t]++
			}
		}
		for t, classes := range of {
			for _, m := range classes {
				f.agreement[t] += r.Agreement[m.number] / float64(len(classes))
			}
			switch {
			case answers[t] < 2:
				f.agreement[t] = math.NaN()
			case len(classes) == 0:
				f.agreement[t] = 1 // nobody marked anything
			}
		}
		return f, nil
	})
}

// classMask is a class that somebody marked in a task, and the number that it has as a mask of its own.
type classMask struct{ class, number int }

// masksOf makes a mask of each class that somebody marked in a task. Who answered and did not mark it left it empty.
func masksOf(v *interchange.Values[[]polls.ClassMask]) (masks aggregate.Masks, of [][]classMask, err error) {
	of = make([][]classMask, v.Tasks.Len())
	pixels := make([]int, v.Tasks.Len())
	for i, list := range v.Value {
		t := v.Task[i]
		for _, m := range list {
			sum := 0
			for _, n := range m.Counts {
				sum += n
			}
			if pixels[t] != 0 && pixels[t] != sum {
				return masks, nil, usagef("task %q has masks of %d and of %d pixels; all masks of an image have as many", v.Tasks.Of(t), pixels[t], sum)
			}
			pixels[t] = sum
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
	masks.WorkerCount, masks.Start = v.Workers.Len(), []int32{0}
	for i, list := range v.Value {
		t := v.Task[i]
		if v.CannotTell[i] {
			continue
		}
		for _, c := range of[t] {
			masks.Tasks, masks.Workers = append(masks.Tasks, int32(c.number)), append(masks.Workers, v.Worker[i])
			at := slices.IndexFunc(list, func(m polls.ClassMask) bool { return m.Class == c.class })
			if at < 0 {
				masks.Runs = append(masks.Runs, int32(pixels[t]))
			} else {
				for _, n := range list[at].Counts {
					masks.Runs = append(masks.Runs, int32(n))
				}
			}
			masks.Start = append(masks.Start, int32(len(masks.Runs)))
		}
	}
	return masks, of, nil
}
