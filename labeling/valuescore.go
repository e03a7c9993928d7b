package labeling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Score says how near an answer is to the truth, from 0 to a million, in exact integers. Both are values that answer the
// question, and neither says that somebody cannot tell.
//
//	multiple   the choices that both name over those that either names (Jaccard, Bull. Soc. Vaud. Sci. Nat. 37, 1901)
//	ranking    the share of pairs of choices that are in the same order: (1 + Kendall's tau) / 2 (Biometrika 30, 1938)
//	number     1 - distance / (2 tolerance), and 0 from twice the tolerance on: see tolerance
//	text       1 - edit distance / length of the longer one (Levenshtein, Sov. Phys. Dokl. 10, 1966), in characters, whatever
//	           their case, and with one space for white space of any kind and length
//	boxes, polygons, mask
//	           F1 of the regions found: 2 matches / (regions of the answer + regions of the truth). Regions match when they
//	           are of one class and overlap by half of their union, as in the PASCAL VOC challenge (Everingham et al.,
//	           IJCV 88, 2010); each once, those that overlap most first. Each class of a mask is one region.
//	spans      F1 of the characters marked, of each class by itself, as in SemEval-2021 task 5: 2 characters marked by both /
//	           (those that the answer marks + those that the truth does)
//
// Where neither marks nor names anything, the score is a million.
func Score(q *polls.Question, answer, truth polls.Value) (int, error) {
	scored, ok := scorers[q.Type]
	if !ok {
		return 0, fmt.Errorf("score an answer of type %s", q.Type)
	}
	return scored(q, answer, truth)
}

// scoreAnswer is Score of any answer, or label, to a question with a truth, and says whether it is right: see valueRules. A
// choice is right or wrong, and who cannot tell has none of it.
func scoreAnswer(q *polls.Question, choice int, v polls.Value, truth *Truth) (points int, right bool, err error) {
	switch {
	case q.Type.IsLabel():
		if choice != truth.Choice {
			return 0, false, nil
		}
		return million, true, nil
	case v == "":
		return 0, false, nil
	}
	if points, err = Score(q, v, truth.Value); err != nil {
		return 0, false, err
	}
	least, err := leastScore(q, truth.Value)
	return points, points >= least, err
}

var scorers = map[polls.Type]func(q *polls.Question, answer, truth polls.Value) (int, error){
	polls.Multiple: by(polls.Value.Selection, scoreSelections),
	polls.Ranking:  by(polls.Value.Order, scoreOrders),
	polls.Number:   by(polls.Value.Number, scoreNumbers),
	polls.Text:     by(polls.Value.Text, scoreTexts),
	polls.Boxes:    by(polls.Value.Boxes, scoreBoxes),
	polls.Polygons: by(polls.Value.Polygons, scorePolygons),
	polls.Mask:     by(polls.Value.Masks, scoreMasks),
	polls.Spans:    by(polls.Value.Spans, scoreSpans),
}

// by scores two values by what they read as.
func by[T any](read func(polls.Value) (T, error), score func(q *polls.Question, a, b T) int) func(*polls.Question, polls.Value, polls.Value) (int, error) {
	return func(q *polls.Question, answer, truth polls.Value) (int, error) {
		values, err := readAll([]polls.Value{answer, truth}, read)
		if err != nil {
			return 0, err
		}
		return score(q, values[0], values[1]), nil
	}
}

func scoreSelections(_ *polls.Question, a, b []int) int {
	both := 0
	for _, c := range a {
		if slices.Contains(b, c) {
			both++
		}
	}
	return share(both, len(a)+len(b)-both)
}

func scoreOrders(_ *polls.Question, a, b []int) int {
	place := make([]int, len(b))
	for i, c := range b {
		place[c] = i
	}
	same := 0
	for i, better := range a {
		for _, worse := range a[i+1:] {
			if place[better] < place[worse] {
				same++
			}
		}
	}
	return share(same, len(a)*(len(a)-1)/2)
}

func scoreNumbers(q *polls.Question, a, truth polls.Decimal) int {
	off, zero := int(max(a-truth, truth-a)), 2*int(tolerance(q.Number, truth))
	for zero > 1<<32 { // until millionths of it stay in 63 bits
		off, zero = off/2, zero/2
	}
	return share(max(zero-off, 0), zero)
}

// tolerance is how far from a true number one is that is half right: a tenth of the truth, but no more than a twentieth of
// the question's range and no less than a unit of its last decimal. Where the range is wide, as of a price, who names any
// number in its middle is not right; and where the truth is small, as of a count, who is off by one is.
func tolerance(r *polls.NumberRange, truth polls.Decimal) polls.Decimal {
	return max(min(max(truth, -truth)/10, (r.Max-r.Min)/20), unitOf(r.Decimals))
}

// unitOf is one in the last of so many decimals.
func unitOf(decimals int) polls.Decimal {
	unit := polls.Decimal(1)
	for range polls.DecimalsMax - decimals {
		unit *= 10
	}
	return unit
}

func scoreTexts(_ *polls.Question, a, b string) int {
	folded := func(s string) []int32 { return []rune(strings.ToLower(strings.Join(strings.Fields(s), " "))) }
	x, y := folded(a), folded(b)
	longer := max(len(x), len(y))
	return share(longer-aggregate.EditDistance(x, y), longer)
}

func scoreSpans(q *polls.Question, a, b []polls.Span) int {
	both, all := 0, 0
	for class := range q.Choices {
		edges := func(spans []polls.Span) (out []edge) {
			for _, s := range spans {
				if s.Class == class {
					out = append(out, begins(s.Start), ends(s.End))
				}
			}
			return out
		}
		x, y := edges(a), edges(b)
		both, all = both+common(x, y), all+length(x)+length(y)
	}
	return share(2*both, all)
}

// length is how much is marked between the edges of one person.
func length(edges []edge) (n int) {
	for i := 0; i < len(edges); i += 2 {
		n += edges[i+1].at() - edges[i].at()
	}
	return n
}

// common is how much of what one person marked another marked as well.
func common(a, b []edge) (n int) {
	for len(a) > 0 && len(b) > 0 {
		n += max(min(a[1].at(), b[1].at())-max(a[0].at(), b[0].at()), 0)
		if a[1] < b[1] {
			a = a[2:]
		} else {
			b = b[2:]
		}
	}
	return n
}

// shape is a region whose overlap with others is measured.
type shape struct {
	class int
	place
	marked []edge // its pixels, when it is no box
}

func scoreBoxes(_ *polls.Question, a, b []polls.Box) int {
	shapes := func(boxes []polls.Box) []shape {
		out := make([]shape, len(boxes))
		for i, b := range boxes {
			out[i] = shape{class: b.Class, place: placeOf(b, i)}
		}
		return out
	}
	return matched(shapes(a), shapes(b))
}

func scorePolygons(q *polls.Question, a, b []polls.Polygon) int {
	shapes := func(polygons []polls.Polygon) []shape {
		out := make([]shape, len(polygons))
		for i, p := range polygons {
			out[i] = shape{p.Class, placeOf(bounds(p), i), pixelsOf(p, q.Image.Width)}
		}
		return out
	}
	return matched(shapes(a), shapes(b))
}

func scoreMasks(q *polls.Question, a, b []polls.ClassMask) int {
	shapes := func(masks []polls.ClassMask) (out []shape) {
		for i, m := range masks {
			if marked := edgesOf(m); len(marked) > 0 {
				out = append(out, shape{m.Class, placeOf(polls.Box{W: q.Image.Width, H: q.Image.Height}, i), marked})
			}
		}
		return out
	}
	return matched(shapes(a), shapes(b))
}

// matched is F1 of shapes that match.
func matched(a, b []shape) int {
	type pair struct{ i, j, inter, union int }
	var pairs []pair
	for i := range a {
		for j := range b {
			if inter, union := a[i].shared(&b[j]); union > 0 && 2*inter >= union {
				pairs = append(pairs, pair{i, j, inter, union})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(y.inter*x.union, x.inter*y.union) })
	found, given, matches := make([]bool, len(a)), make([]bool, len(b)), 0
	for _, p := range pairs {
		if !found[p.i] && !given[p.j] {
			found[p.i], given[p.j] = true, true
			matches++
		}
	}
	return share(2*matches, len(a)+len(b))
}

// shared returns the pixels that two shapes share, and those of either; nothing when they are of different classes or far
// apart.
func (s *shape) shared(o *shape) (inter, union int) {
	if s.class != o.class || s.overlap(&o.place) == 0 {
		return 0, 0
	}
	if s.marked == nil && o.marked == nil { // boxes, or polygons that are too thin for a pixel: by what bounds them
		inter = s.overlap(&o.place)
		return inter, s.area() + o.area() - inter
	}
	inter = common(s.marked, o.marked)
	return inter, length(s.marked) + length(o.marked) - inter
}

// pixelsOf returns the pixels whose middles are within a polygon, row by row, in an image of some width: those with an odd
// number of sides to their left.
func pixelsOf(p polls.Polygon, width int) (marked []edge) {
	b := bounds(p)
	var sides []int
	for y := b.Y; y < b.Y+b.H; y++ {
		sides = sides[:0]
		for i, n := 0, len(p.Points); i < n; i += 2 {
			x0, y0, x1, y1 := p.Points[i], p.Points[i+1], p.Points[(i+2)%n], p.Points[(i+3)%n]
			if y0 > y1 {
				x0, y0, x1, y1 = x1, y1, x0, y0
			}
			if y0 <= y && y < y1 {
				// The side is at x0 + (2y+1-2y0) (x1-x0) / (2 (y1-y0)) in the middle of the row; the first pixel whose
				// middle is not left of it is that, less a half and rounded up.
				height := 2 * (y1 - y0)
				sides = append(sides, x0+ceil(2*(2*y+1-2*y0)*(x1-x0)-height, 2*height))
			}
		}
		slices.Sort(sides)
		for i := 0; i+1 < len(sides); i += 2 {
			if sides[i] < sides[i+1] {
				marked = append(marked, begins(y*width+sides[i]), ends(y*width+sides[i+1]))
			}
		}
	}
	return marked
}

// ceil is n/d rounded up, for a positive d.
func ceil(n, d int) int {
	if n > 0 {
		return (n + d - 1) / d
	}
	return -(-n / d)
}
