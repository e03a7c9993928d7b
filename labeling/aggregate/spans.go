package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Spans are answers that mark parts of a text with classes: row r marks with the numbers from Start[r] until Start[r+1].
// Positions are tokens or characters, whichever the asker counts in. Marks of different classes may overlap; what one
// worker marks twice with one class is marked once.
type Spans struct {
	Rows
	Lengths    []int32 // per task, the positions of its text
	Start      []int32
	Begins     []int32 // per mark, its first position
	Ends       []int32 // per mark, the position after its last
	Classes    []int32 // per mark
	ClassCount int
}

// SpansLengthMax is the longest text, in positions.
const SpansLengthMax = 1 << 20

// Span is a part of a text that was marked.
type Span struct {
	Task, Begin, End, Class int32

	// Confidence is the share of workers that marked it with the class, weighted by skill, on average over positions.
	Confidence float64

	// Support is the same with an interval, of so many workers as answered.
	Support Estimate
}

// SpansResult is the spans of all tasks, by task, begin, end and class. The log-likelihood is that of answers in which
// people mark each position of a span with its class with one probability, and each other that somebody marked with a class
// with another, over texts with several answers.
type SpansResult struct {
	Spans []Span

	// Agreement is, per task, how far two workers marked the same: twice the positions that both marked with a class,
	// summed over pairs of workers, over all that they marked. It is NaN with fewer than two answers, and 1 when nobody
	// marked anything.
	Agreement []float64

	// Skills is, per worker, how far they and the others mark the same, as in ShapesResult, counted in positions.
	Skills []Estimate
	Convergence
}

// SpansFuse votes on every position: a class is there if those who marked it have more than half of the skill of all who
// answered. Where more than half marked something and no class has half, the heaviest class is there, the first of
// several. Positions in a row are one span, cut where more than half of those who marked the position began a mark.
// Skills and votes are found by each other as in ShapesResult. O(positions classes + marked positions) per step.
func SpansFuse(ctx context.Context, s Spans, progress Progress) (*SpansResult, error) {
	x, err := s.index()
	if err != nil {
		return nil, err
	}
	f := spansFit{Spans: &s, x: x, pieces: make([][]piece, len(s.Tasks)), marked: make([]float64, len(s.Tasks))}
	for _, row := range x.rows {
		f.pieces[row] = s.piecesOf(int(row))
		for _, p := range f.pieces[row] {
			f.marked[row] += float64(p.end - p.begin)
		}
	}
	out := &SpansResult{Agreement: make([]float64, s.TaskCount)}
	skill, err := f.weigh(ctx, out, progress)
	if err != nil {
		return nil, err
	}
	var marked marking
	for t := range s.TaskCount {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.Spans = append(out.Spans, f.decide(t, skill, &marked)...)
	}
	out.LogLikelihood = marked.logLikelihood()
	return out, nil
}

func (s *Spans) index() (*rowIndex, error) {
	x, err := s.Rows.index()
	if err != nil {
		return nil, err
	}
	if err := checkParts(s.Start, len(s.Tasks), len(s.Begins)); err != nil {
		return nil, err
	}
	if len(s.Lengths) != s.TaskCount || len(s.Ends) != len(s.Begins) || len(s.Classes) != len(s.Begins) {
		return nil, badAnswers(fmt.Sprintf("there are %d lengths of %d texts, and %d begins, %d ends and %d classes", len(s.Lengths), s.TaskCount, len(s.Begins), len(s.Ends), len(s.Classes)))
	}
	for t, n := range s.Lengths {
		if n < 0 || n > SpansLengthMax {
			return nil, badAnswers(fmt.Sprintf("text %d has %d positions; at most %d are allowed", t, n, SpansLengthMax))
		}
	}
	for r, t := range s.Tasks {
		for m := s.Start[r]; m < s.Start[r+1]; m++ {
			if b, e := s.Begins[m], s.Ends[m]; b < 0 || e <= b || e > s.Lengths[t] {
				return nil, badRow(r, "it marks from %d until %d in a text of %d positions", b, e, s.Lengths[t])
			}
			if c := s.Classes[m]; c < 0 || int(c) >= s.ClassCount {
				return nil, badRow(r, "there is no class %d among %d", c, s.ClassCount)
			}
		}
	}
	return x, nil
}

// piece is a part of what one worker marked with a class. Those of one class do not overlap.
type piece struct {
	class, begin, end int32
}

// piecesOf returns the marks of a row by class and begin, those that overlap joined.
func (s *Spans) piecesOf(row int) []piece {
	var out []piece
	for m := s.Start[row]; m < s.Start[row+1]; m++ {
		out = append(out, piece{s.Classes[m], s.Begins[m], s.Ends[m]})
	}
	slices.SortFunc(out, func(p, q piece) int {
		return cmp.Or(cmp.Compare(p.class, q.class), cmp.Compare(p.begin, q.begin), cmp.Compare(p.end, q.end))
	})
	joined := out[:0]
	for _, p := range out {
		if n := len(joined); n > 0 && joined[n-1].class == p.class && p.begin < joined[n-1].end {
			joined[n-1].end = max(joined[n-1].end, p.end)
			continue
		}
		joined = append(joined, p)
	}
	return joined
}

type spansFit struct {
	*Spans
	x      *rowIndex
	pieces [][]piece // per row
	marked []float64 // per row, how many positions
}

// votes adds up, for a task, the weight that each class has at each position. Weights may be nil, for one each.
func (f *spansFit) votes(t int, weight []float64) (of map[int32][]float64, all float64) {
	of = make(map[int32][]float64)
	for _, row := range f.x.of(t) {
		w := 1.0
		if weight != nil {
			w = weight[f.Workers[row]]
		}
		all += w
		for _, p := range f.pieces[row] {
			if of[p.class] == nil {
				of[p.class] = make([]float64, f.Lengths[t])
			}
			for i := p.begin; i < p.end; i++ {
				of[p.class][i] += w
			}
		}
	}
	return of, all
}

// weigh finds the skill of each worker, and the agreement on each task.
func (f *spansFit) weigh(ctx context.Context, out *SpansResult, progress Progress) ([]float64, error) {
	skill := slices.Repeat([]float64{1}, f.WorkerCount)
	agreed, expected, drew := make([]float64, f.WorkerCount), make([]float64, f.WorkerCount), make([]float64, f.WorkerCount)
	for out.Iterations < skillRoundsMax && !out.Converged {
		out.Iterations++
		clear(agreed)
		clear(expected)
		clear(drew)
		for t := range f.TaskCount {
			if err := progress.step(ctx, out.Iterations, skillRoundsMax); err != nil {
				return nil, err
			}
			rows := f.x.of(t)
			if len(rows) < 2 {
				out.Agreement[t] = math.NaN()
				continue
			}
			of, all := f.votes(t, skill)
			total, marked, common := 0.0, 0.0, 0.0
			for _, row := range rows {
				total += skill[f.Workers[row]] * f.marked[row]
				marked += f.marked[row]
			}
			for _, row := range rows {
				w := f.Workers[row]
				rest := all - skill[w]
				drew[w] += f.marked[row]
				if rest < smallSkill {
					continue
				}
				expected[w] += max(0, total-skill[w]*f.marked[row]) / rest
				for _, p := range f.pieces[row] {
					for i := p.begin; i < p.end; i++ {
						agreed[w] += max(0, of[p.class][i]-skill[w]) / rest
						if out.Iterations == 1 { // when every skill is 1
							common += of[p.class][i] - 1
						}
					}
				}
			}
			if out.Iterations == 1 {
				out.Agreement[t] = 1
				if marked > 0 {
					out.Agreement[t] = common / (marked * float64(len(rows)-1))
				}
			}
		}
		change := 0.0
		for w := range skill {
			now := (agreed[w] + skillPrior/2) / ((drew[w]+expected[w])/2 + skillPrior)
			change = max(change, math.Abs(now-skill[w]))
			skill[w] = now
		}
		out.Converged = change < skillTolerance
	}
	out.Skills = make([]Estimate, f.WorkerCount)
	for w := range out.Skills {
		out.Skills[w] = share(agreed[w], (drew[w]+expected[w])/2)
	}
	return skill, nil
}

// decide returns the spans of a task, and counts who marked what is in them.
func (f *spansFit) decide(t int, skill []float64, marked *marking) []Span {
	of, all := f.votes(t, skill)
	markers, workers := f.votes(t, nil)
	classes := make([]int32, 0, len(of))
	for c := range of {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	something := make([]float64, f.Lengths[t]) // the weight of those who marked a position at all
	began := make(map[int32][]float64)
	for _, c := range classes {
		began[c] = make([]float64, f.Lengths[t])
	}
	for _, row := range f.x.of(t) {
		seen := make([]bool, f.Lengths[t])
		for _, p := range f.pieces[row] {
			w := skill[f.Workers[row]]
			began[p.class][p.begin] += w
			for i := p.begin; i < p.end; i++ {
				if !seen[i] {
					seen[i] = true
					something[i] += w
				}
			}
		}
	}
	heaviest := make([]int32, f.Lengths[t]) // where no class has half, the class that is there all the same, or -1
	for i := range heaviest {
		heaviest[i] = -1
		if 2*something[i] <= all {
			continue
		}
		best := classes[0]
		for _, c := range classes {
			if of[c][i] > of[best][i] {
				best = c
			}
		}
		if 2*of[best][i] <= all {
			heaviest[i] = best
		}
	}
	var out []Span
	for _, c := range classes {
		var open *Span
		for i, w := range of[c] {
			there := 2*w > all || heaviest[i] == c
			if w > 0 {
				marked.add(there, 1, markers[c][i], workers)
			}
			if !there {
				open = nil
				continue
			}
			if open == nil || 2*began[c][i] > w {
				out = append(out, Span{Task: int32(t), Begin: int32(i), Class: c})
				open = &out[len(out)-1]
			}
			open.End = int32(i + 1)
			open.Confidence += w / all
		}
	}
	squares := 0.0
	for _, row := range f.x.of(t) {
		squares += skill[f.Workers[row]] * skill[f.Workers[row]]
	}
	for i := range out {
		out[i].Confidence = min(1, out[i].Confidence/float64(out[i].End-out[i].Begin))
		out[i].Support = support(out[i].Confidence, all, squares)
	}
	slices.SortFunc(out, func(p, q Span) int {
		return cmp.Or(cmp.Compare(p.Begin, q.Begin), cmp.Compare(p.End, q.End), cmp.Compare(p.Class, q.Class))
	})
	return out
}
