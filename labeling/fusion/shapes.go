package fusion

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// surest is the confidence of a shape beyond which it is more likely there than not.
const surest = 0.5

// Boxes fuses boxes by aggregate.BoxesFuse. values are per row; those of who could not tell are ignored.
func Boxes(ctx context.Context, rows aggregate.Rows, values [][]polls.Box, progress aggregate.Progress) (*Regions[polls.Box], error) {
	boxes := aggregate.Boxes{Shapes: shapesOf(rows, values, func(b polls.Box) int { return b.Class })}
	for _, list := range values {
		for _, b := range list {
			boxes.Boxes = append(boxes.Boxes, aggregate.Box{MinX: float64(b.X), MinY: float64(b.Y), MaxX: float64(b.X + b.W), MaxY: float64(b.Y + b.H)})
		}
	}
	r, err := aggregate.BoxesFuse(ctx, boxes, progress)
	if err != nil {
		return nil, err
	}
	of := byTask(rows.TaskCount, r.Objects, func(o aggregate.BoxesObject) int32 { return o.Task })
	return &Regions[polls.Box]{r.Agreement, r.Skills, nil, r.Convergence, func(task int) []Found[polls.Box] {
		all := []Found[polls.Box]{}
		for _, o := range of(task) {
			x, y := whole(o.MinX.Value), whole(o.MinY.Value)
			b := polls.Box{Class: int(o.Class), X: x, Y: y, W: max(1, whole(o.MaxX.Value)-x), H: max(1, whole(o.MaxY.Value)-y)}
			all = append(all, Found[polls.Box]{b, o.Confidence})
		}
		return all
	}, surest}, nil
}

// Polygons fuses polygons by aggregate.PolygonsFuse, as Boxes does boxes.
func Polygons(ctx context.Context, rows aggregate.Rows, values [][]polls.Polygon, progress aggregate.Progress) (*Regions[polls.Polygon], error) {
	polygons := aggregate.Polygons{Shapes: shapesOf(rows, values, func(x polls.Polygon) int { return x.Class }), PointStart: []int32{0}}
	for _, list := range values {
		for _, x := range list {
			for i := 0; i < len(x.Points); i += 2 {
				polygons.Points = append(polygons.Points, aggregate.Point{X: float64(x.Points[i]), Y: float64(x.Points[i+1])})
			}
			polygons.PointStart = append(polygons.PointStart, int32(len(polygons.Points)))
		}
	}
	r, err := aggregate.PolygonsFuse(ctx, polygons, progress)
	if err != nil {
		return nil, err
	}
	of := byTask(rows.TaskCount, r.Objects, func(o aggregate.PolygonsObject) int32 { return o.Task })
	return &Regions[polls.Polygon]{r.Agreement, r.Skills, nil, r.Convergence, func(task int) []Found[polls.Polygon] {
		all := []Found[polls.Polygon]{}
		for _, o := range of(task) {
			if ring := outline(o.Rings); len(ring) >= 6 {
				all = append(all, Found[polls.Polygon]{polls.Polygon{Class: int(o.Class), Points: ring}, o.Confidence})
			}
		}
		return all
	}, surest}, nil
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
