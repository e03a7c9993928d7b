package aggregate_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// TestFamiliesEnd wants the error of the context from every family, without a result, when it ends before the work does.
func TestFamiliesEnd(t *testing.T) {
	rows := aggregate.Rows{TaskCount: 3, WorkerCount: 3}
	for task := range int32(3) {
		for worker := range int32(3) {
			rows.Tasks, rows.Workers = append(rows.Tasks, task), append(rows.Workers, worker)
		}
	}
	each := func(value func(i int32) int32) (out []int32) {
		for i := range int32(9) {
			out = append(out, value(i))
		}
		return out
	}
	one := func(int32) int32 { return 1 }
	starts := append(each(func(i int32) int32 { return i }), 9)
	numbers := aggregate.Numbers{Rows: rows}
	pairs := aggregate.Pairs{ItemCount: 2, WorkerCount: 3, Left: make([]int32, 9), Right: each(one), Workers: rows.Workers, Outcomes: make([]aggregate.PairsOutcome, 9)}
	texts := aggregate.Texts{Rows: rows}
	scales := aggregate.Scales{Rows: rows, ClassCount: 4, Classes: each(func(i int32) int32 { return i % 4 })}
	rankings := aggregate.Rankings{Rows: rows, ItemCounts: []int32{2, 2, 2}, Start: each(func(i int32) int32 { return 2 * i })}
	rankings.Start = append(rankings.Start, 18)
	spans := aggregate.Spans{Rows: rows, Lengths: []int32{9, 9, 9}, Start: starts, Begins: make([]int32, 9), Ends: each(one), Classes: make([]int32, 9), ClassCount: 1}
	shapes := aggregate.Shapes{Rows: rows, Start: starts, Classes: make([]int32, 9), ClassCount: 1}
	boxes := aggregate.Boxes{Shapes: shapes}
	polygons := aggregate.Polygons{Shapes: shapes, PointStart: []int32{0}}
	masks := aggregate.Masks{Rows: rows, Heights: []int32{2, 2, 2}, Widths: []int32{2, 2, 2}, Start: each(func(i int32) int32 { return 2 * i })}
	masks.Start = append(masks.Start, 18)
	for i := range 9 {
		numbers.Values = append(numbers.Values, math.Sqrt(float64(i)))
		texts.Texts = append(texts.Texts, strings.Repeat("a", i))
		rankings.Items = append(rankings.Items, int32(i%2), int32(1-i%2))
		boxes.Boxes = append(boxes.Boxes, aggregate.Box{MaxX: 1 + float64(i), MaxY: 1})
		polygons.Points = append(polygons.Points, aggregate.Point{}, aggregate.Point{X: 1}, aggregate.Point{Y: float64(i)})
		polygons.PointStart = append(polygons.PointStart, int32(3*i+3))
		masks.Runs = append(masks.Runs, int32(i%4), int32(4-i%4))
	}
	for name, fit := range map[string]func(context.Context, aggregate.Progress) (any, error){
		"median": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.NumbersMedian(ctx, numbers, p)
		},
		"mean": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.NumbersMean(ctx, numbers, p)
		},
		"bt": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.PairsBradleyTerry(ctx, pairs, p)
		},
		"noisybt": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.PairsNoisy(ctx, pairs, p)
		},
		"texts": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.TextsFuse(ctx, texts, p)
		},
		"scale mean": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.ScalesMean(ctx, scales, p)
		},
		"scale ordinal": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.ScalesOrdinal(ctx, scales, p)
		},
		"borda": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.RankingsBorda(ctx, rankings, p)
		},
		"plackettluce": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.RankingsPlackettLuce(ctx, rankings, p)
		},
		"spans": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.SpansFuse(ctx, spans, p)
		},
		"boxes": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.BoxesFuse(ctx, boxes, p)
		},
		"polygons": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.PolygonsFuse(ctx, polygons, p)
		},
		"mask majority": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.MasksMajority(ctx, masks, p)
		},
		"staple": func(ctx context.Context, p aggregate.Progress) (any, error) {
			return aggregate.MasksStaple(ctx, masks, p)
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		steps := 0
		if _, err := fit(ctx, func(done, most int) {
			if steps++; done < 0 || done >= most {
				t.Errorf("%s: step %d of %d", name, done, most)
			}
		}); err != nil || steps == 0 {
			t.Errorf("%s: %d steps, %v", name, steps, err)
		}
		cancel()
		if _, err := fit(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v after the end", name, err)
		}
	}
}

// TestPolygonsEndWithin ends a task in the middle of comparing its polygons.
func TestPolygonsEndWithin(t *testing.T) {
	const n = 1000
	p := aggregate.Polygons{Shapes: aggregate.Shapes{Rows: aggregate.Rows{TaskCount: 1, WorkerCount: n}, ClassCount: 1, Start: []int32{0}}, PointStart: []int32{0}}
	for w := range int32(n) {
		p.Tasks, p.Workers, p.Classes, p.Start = append(p.Tasks, 0), append(p.Workers, w), append(p.Classes, 0), append(p.Start, w+1)
		for i := range 1000 {
			angle := 2 * math.Pi * float64(i) / 1000
			p.Points = append(p.Points, aggregate.Point{X: math.Cos(angle), Y: math.Sin(angle)})
		}
		p.PointStart = append(p.PointStart, int32(len(p.Points)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	if r, err := aggregate.PolygonsFuse(ctx, p, func(int, int) { cancel() }); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", r, err)
	}
}
