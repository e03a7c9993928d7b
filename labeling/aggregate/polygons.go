package aggregate

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Point is a place on an image.
type Point struct{ X, Y float64 }

// Polygons are answers that are polygons with classes. A polygon is a ring of points, the last joined to the first. One
// that crosses itself encloses what an odd number of its turns go around.
type Polygons struct {
	Shapes
	PointStart []int32 // the points of polygon p are Points[PointStart[p]:PointStart[p+1]]
	Points     []Point
}

// PolygonsPointsMax is the most points of a polygon.
const PolygonsPointsMax = 5000

// PolygonsObject is an object and its outline: rings, of which those within others are holes. There are none where no
// part was marked by more than half.
type PolygonsObject struct {
	ShapesObject
	Rings [][]Point
}

// PolygonsResult is the objects of all tasks, by task, the surest first. The log-likelihood is that of who drew
// what: people draw an object of more than half of the skill with one probability, and any other that somebody drew with
// another, over images with several answers. It says nothing of outlines, for whose errors there is no model.
type PolygonsResult struct {
	Objects []PolygonsObject
	ShapesResult
}

// PolygonsFuse matches polygons of different workers, as BoxesFuse does boxes, and makes one of each object: the area
// that those with more than half of the skill of its members enclose, on a grid of 256 places along the longer side of
// what any of them does, with an outline that is off by about a place. An object that one worker drew has their
// polygon. The intersection of two is measured on 128 lines, exactly along each. O(points) per pair of polygons that
// are near each other.
func PolygonsFuse(ctx context.Context, p Polygons, progress Progress) (*PolygonsResult, error) {
	x, err := p.index(len(p.PointStart) - 1)
	if err != nil {
		return nil, err
	}
	shapes, err := p.shapes()
	if err != nil {
		return nil, err
	}
	objects, err := p.match(ctx, progress, x, func(i, j int32) float64 { return shapes[i].overlap(&shapes[j]) })
	if err != nil {
		return nil, err
	}
	out := &PolygonsResult{Objects: make([]PolygonsObject, len(objects))}
	var skill []float64
	if out.ShapesResult, skill, err = p.weigh(ctx, x, objects); err != nil {
		return nil, err
	}
	var drawn marking
	for _, o := range objects {
		drawn.add(o.Confidence > 0.5, 1, float64(len(o.Members)), float64(len(x.of(int(o.Task)))))
	}
	out.LogLikelihood = drawn.logLikelihood()
	for i, o := range objects {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var members []region
		var weights []float64
		for at, m := range o.Members {
			members, weights = append(members, shapes[m]), append(weights, skill[o.workers[at]])
		}
		fused := fuse(members, weights)
		for _, m := range members {
			o.Agreement += m.overlap(&fused)
		}
		o.Agreement /= float64(len(members))
		out.Objects[i] = PolygonsObject{o.ShapesObject, fused.rings}
	}
	slices.SortStableFunc(out.Objects, func(a, b PolygonsObject) int {
		return cmp.Or(cmp.Compare(a.Task, b.Task), cmp.Compare(b.Confidence, a.Confidence))
	})
	return out, nil
}

// shapes checks the points and returns the region of each polygon.
func (p *Polygons) shapes() ([]region, error) {
	if err := checkParts(p.PointStart, len(p.PointStart)-1, len(p.Points)); err != nil {
		return nil, err
	}
	out := make([]region, len(p.PointStart)-1)
	for r := range p.Tasks {
		for s := p.Start[r]; s < p.Start[r+1]; s++ {
			ring := p.Points[p.PointStart[s]:p.PointStart[s+1]]
			if len(ring) < 3 || len(ring) > PolygonsPointsMax {
				return nil, badRow(r, "polygon %d has %d points; from 3 to %d are allowed", s-p.Start[r], len(ring), PolygonsPointsMax)
			}
			for _, at := range ring {
				if !(math.Abs(at.X) <= ShapesCoordinateMax && math.Abs(at.Y) <= ShapesCoordinateMax) {
					return nil, badRow(r, "polygon %d: %v, %v is not a place from -1e9 to 1e9", s-p.Start[r], at.X, at.Y)
				}
			}
			out[s] = newRegion([][]Point{slices.Clone(ring)})
		}
	}
	return out, nil
}

// region is what rings enclose an odd number of times.
type region struct {
	rings  [][]Point
	bounds Box
}

func newRegion(rings [][]Point) region {
	r := region{rings: rings, bounds: Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}}
	for _, ring := range rings {
		for _, p := range ring {
			r.bounds = r.bounds.union(Box{p.X, p.Y, p.X, p.Y})
		}
	}
	return r
}

func (b Box) union(c Box) Box {
	return Box{min(b.MinX, c.MinX), min(b.MinY, c.MinY), max(b.MaxX, c.MaxX), max(b.MaxY, c.MaxY)}
}

// cut appends to xs, sorted, where a horizontal line enters and leaves the region.
func (r *region) cut(y float64, xs []float64) []float64 {
	for _, ring := range r.rings {
		a := ring[len(ring)-1]
		for _, b := range ring {
			if (a.Y <= y) != (b.Y <= y) {
				xs = append(xs, a.X+(b.X-a.X)*((y-a.Y)/(b.Y-a.Y)))
			}
			a = b
		}
	}
	slices.Sort(xs)
	return xs
}

// overlapLines is on how many lines an overlap is measured.
const overlapLines = 128

// overlap is the intersection of two regions over their union. Where neither has an area, it is 1 if they are equal,
// else 0.
func (r *region) overlap(s *region) float64 {
	if max(r.bounds.MinX, s.bounds.MinX) > min(r.bounds.MaxX, s.bounds.MaxX) || max(r.bounds.MinY, s.bounds.MinY) > min(r.bounds.MaxY, s.bounds.MaxY) {
		return 0
	}
	all := r.bounds.union(s.bounds)
	both, either := 0.0, 0.0
	var xs, ys []float64
	for line := range overlapLines {
		y := all.MinY + (all.MaxY-all.MinY)*(float64(line)+0.5)/overlapLines
		xs, ys = r.cut(y, xs[:0]), s.cut(y, ys[:0])
		common := 0.0
		for i, j := 0, 0; i+1 < len(xs) && j+1 < len(ys); {
			common += max(0, min(xs[i+1], ys[j+1])-max(xs[i], ys[j]))
			if xs[i+1] < ys[j+1] {
				i += 2
			} else {
				j += 2
			}
		}
		both += common
		either += inside(xs) + inside(ys) - common
	}
	if either == 0 {
		if slices.EqualFunc(r.rings, s.rings, slices.Equal) {
			return 1
		}
		return 0
	}
	return both / either
}

// inside is how much of a line is between where it enters and leaves.
func inside(xs []float64) float64 {
	sum := 0.0
	for i := 0; i+1 < len(xs); i += 2 {
		sum += xs[i+1] - xs[i]
	}
	return sum
}

// gridPlaces is how many places the longer side of a grid has.
const gridPlaces = 256

// fuse returns what members with more than half of the weight enclose.
func fuse(members []region, weights []float64) region {
	if len(members) == 1 {
		return members[0]
	}
	bounds, all := members[0].bounds, 0.0
	for i, m := range members {
		bounds = bounds.union(m.bounds)
		all += weights[i]
	}
	place := max(bounds.MaxX-bounds.MinX, bounds.MaxY-bounds.MinY) / gridPlaces
	if place == 0 {
		return members[0]
	}
	// A place around the bounds stays empty, so that every outline closes.
	g := grid{width: int((bounds.MaxX-bounds.MinX)/place) + 3, height: int((bounds.MaxY-bounds.MinY)/place) + 3}
	g.there = make([]bool, g.width*g.height)
	heavy := make([]float64, g.width)
	var xs []float64
	for y := 1; y < g.height-1; y++ {
		clear(heavy)
		for i, m := range members {
			xs = m.cut(bounds.MinY+(float64(y)-0.5)*place, xs[:0])
			for k := 0; k+1 < len(xs); k += 2 {
				from, to := math.Ceil((xs[k]-bounds.MinX)/place+0.5), math.Ceil((xs[k+1]-bounds.MinX)/place+0.5)
				for x := max(1, int(from)); x < min(int(to), g.width-1); x++ {
					heavy[x] += weights[i]
				}
			}
		}
		for x, w := range heavy {
			g.there[y*g.width+x] = 2*w > all
		}
	}
	var rings [][]Point
	for _, ring := range g.outlines() {
		ring = simplify(ring)
		for i, p := range ring {
			x, y := bounds.MinX+(p.X-0.5)*place, bounds.MinY+(p.Y-0.5)*place
			ring[i] = Point{max(bounds.MinX, min(x, bounds.MaxX)), max(bounds.MinY, min(y, bounds.MaxY))}
		}
		if len(ring) >= 3 {
			rings = append(rings, ring)
		}
	}
	return newRegion(rings)
}
