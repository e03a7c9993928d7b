package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Box is a rectangle with sides along the axes. It may have no area.
type Box struct {
	MinX, MinY, MaxX, MaxY float64
}

// ShapesCoordinateMax is the largest coordinate, and its negative the smallest.
const ShapesCoordinateMax = 1e9

func (b Box) area() float64 { return (b.MaxX - b.MinX) * (b.MaxY - b.MinY) }

func (b Box) sides() [4]float64 { return [4]float64{b.MinX, b.MinY, b.MaxX, b.MaxY} }

// Overlap is the intersection of two boxes over their union. Of boxes without an area it is 1 if they are equal, else 0.
func (b Box) Overlap(c Box) float64 {
	if b == c {
		return 1
	}
	w, h := min(b.MaxX, c.MaxX)-max(b.MinX, c.MinX), min(b.MaxY, c.MaxY)-max(b.MinY, c.MinY)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (b.area() + c.area() - w*h)
}

// Boxes are answers that are boxes with classes.
type Boxes struct {
	Shapes
	Boxes []Box // per shape
}

// BoxesObject is an object and where it is.
type BoxesObject struct {
	ShapesObject
	MinX, MinY, MaxX, MaxY Estimate
}

// Box is the fused box.
func (o *BoxesObject) Box() Box { return Box{o.MinX.Value, o.MinY.Value, o.MaxX.Value, o.MaxY.Value} }

// BoxesResult is the objects of all tasks, by task, the surest first. The likelihood is that of the sides, and NaN when no
// two differ.
type BoxesResult struct {
	Objects []BoxesObject
	ShapesResult
}

// BoxesFuse matches boxes of different workers and makes one of each object. Boxes are matched by average linkage on
// intersection over union, never two of one worker, whatever their class. The sides of an object are four numbers by
// NumbersMean, in units of its size, so that a worker who draws wide, tall or shifted boxes is corrected, a careless one
// has little weight, and every side has an interval. That takes the place of the weighted mean by the score of a model
// of Solovyev, Wang and Gabruseva, Image and Vision Computing 107 (2021), which is named weighted boxes fusion. See
// ShapesObject for confidence and class, and ShapesResult for skills. It forgets nothing: an object that one worker in ten drew
// is there with a low confidence. O(n^2) for n boxes of a task.
func BoxesFuse(ctx context.Context, b Boxes, progress Progress) (*BoxesResult, error) {
	x, err := b.index(len(b.Boxes))
	if err != nil {
		return nil, err
	}
	for r := range b.Tasks {
		for s := b.Start[r]; s < b.Start[r+1]; s++ {
			if err := b.Boxes[s].check(); err != nil {
				return nil, badRow(r, "box %d: %v", s-b.Start[r], err)
			}
		}
	}
	objects, err := b.match(ctx, progress, x, func(i, j int32) float64 { return b.Boxes[i].Overlap(b.Boxes[j]) })
	if err != nil {
		return nil, err
	}
	out := &BoxesResult{}
	if out.ShapesResult, _, err = b.weigh(ctx, x, objects); err != nil {
		return nil, err
	}
	if err := b.locate(ctx, objects, out); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out.Objects, func(o, p BoxesObject) int {
		return cmp.Or(cmp.Compare(o.Task, p.Task), cmp.Compare(p.Confidence, o.Confidence))
	})
	return out, nil
}

func (b Box) check() error {
	for _, side := range b.sides() {
		if !(math.Abs(side) <= ShapesCoordinateMax) {
			return fmt.Errorf("%v is not a coordinate from -1e9 to 1e9", side)
		}
	}
	if b.MaxX < b.MinX || b.MaxY < b.MinY {
		return fmt.Errorf("it ends at %v %v before it starts at %v %v", b.MaxX, b.MaxY, b.MinX, b.MinY)
	}
	return nil
}

// locate finds where the objects are.
func (b *Boxes) locate(ctx context.Context, objects []drawing, out *BoxesResult) error {
	out.Objects = make([]BoxesObject, len(objects))
	var middles [4][]float64 // of the sides of each object
	size := make([]float64, len(objects))
	var sides [4]Numbers
	for side := range sides {
		sides[side].Rows = Rows{TaskCount: len(objects), WorkerCount: b.WorkerCount}
		middles[side] = make([]float64, len(objects))
	}
	for i := range objects {
		o := &objects[i]
		var values [4][]float64
		for _, s := range o.Members {
			for side, v := range b.Boxes[s].sides() {
				values[side] = append(values[side], v)
			}
		}
		for side := range values {
			middles[side][i] = middle(slices.Clone(values[side]))
		}
		w, h := middles[2][i]-middles[0][i], middles[3][i]-middles[1][i]
		size[i] = cmp.Or(math.Sqrt(w*h), max(w, h), 1)
		for side := range sides {
			for at, v := range values[side] {
				sides[side].Tasks = append(sides[side].Tasks, int32(i))
				sides[side].Workers = append(sides[side].Workers, o.workers[at])
				sides[side].Values = append(sides[side].Values, (v-middles[side][i])/size[i])
			}
		}
	}
	for side := range sides {
		r, err := NumbersMean(ctx, sides[side], nil)
		if err != nil {
			return fmt.Errorf("locate objects: %w", err)
		}
		out.LogLikelihood += r.LogLikelihood
		out.Converged = out.Converged && r.Converged
		for i, e := range r.Values {
			o := &out.Objects[i]
			e.Value, e.Low, e.High = middles[side][i]+size[i]*e.Value, middles[side][i]+size[i]*e.Low, middles[side][i]+size[i]*e.High
			*[4]*Estimate{&o.MinX, &o.MinY, &o.MaxX, &o.MaxY}[side] = e
		}
	}
	for i := range out.Objects {
		o := &out.Objects[i]
		o.ShapesObject = objects[i].ShapesObject
		uncross(&o.MinX, &o.MaxX)
		uncross(&o.MinY, &o.MaxY)
		for _, s := range o.Members {
			o.Agreement += b.Boxes[s].Overlap(o.Box())
		}
		o.Agreement /= float64(len(o.Members))
	}
	return nil
}

// uncross moves two sides of a box that corrections have moved past each other to the middle between them.
func uncross(low, high *Estimate) {
	if low.Value > high.Value {
		m := low.Value/2 + high.Value/2
		low.Value, high.Value = m, m
		low.High, high.Low = max(low.High, m), min(high.Low, m)
		low.Low, high.High = min(low.Low, m), max(high.High, m)
	}
}
