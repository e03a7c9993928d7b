package labeling

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/labeling/fusion"
	"github.com/tasknet/tasknet/polls"
)

// valueRelabeler is for answers that are values, which are read as T.
type valueRelabeler[T any] struct {
	read   func(polls.Value) (T, error)
	parts  func(T) int // of which a task may have aggregate.ShapesMax; nil for any number
	values []T         // of each row; none for who cannot tell
	made   func(ctx context.Context, rows aggregate.Rows, values []T, golds []goldTask) (valueLabels, aggregate.Chosen, error)
	labels valueLabels
}

// valueLabels returns what the answers to a task amount to. Its confidence is from 0 to 1.
type valueLabels func(task int, q *polls.Question) valueLabel

type valueLabel struct {
	content    any
	confidence float64
	soft       []int
	regions    []float64 // how sure each region is
	method     string    // when it is the task's own
}

func (r *valueRelabeler[T]) begin(t *ClosedTask) (bool, error) {
	if r.parts == nil {
		return true, nil
	}
	parts := 0
	for _, a := range t.Answers {
		if a.Choice == polls.CannotTell {
			continue
		}
		v, err := r.read(a.Value)
		if err != nil {
			return false, err
		}
		parts += r.parts(v)
	}
	return parts <= aggregate.ShapesMax, nil
}

func (r *valueRelabeler[T]) add(a *polls.Answer) (err error) {
	var v T
	if a.Choice != polls.CannotTell {
		v, err = r.read(a.Value)
	}
	r.values = append(r.values, v)
	return err
}

func (r *valueRelabeler[T]) fit(ctx context.Context, rows aggregate.Rows, golds []goldTask) (method, reason string, err error) {
	labels, chosen, err := r.made(ctx, rows, r.values, golds)
	r.labels = labels
	return chosen.Method, chosen.Reason, err
}

func (r *valueRelabeler[T]) label(task int, q *polls.Question) (Label, error) {
	l := r.labels(task, q)
	v, err := polls.ValueOf(l.content)
	out := Label{Value: v, Confidence: ppm(l.confidence), Soft: l.soft, Method: l.method}
	for _, sure := range l.regions {
		out.Regions = append(out.Regions, ppm(sure))
	}
	return out, err
}

func newValueRelabeler(q *polls.Question) relabeler {
	switch q.Type {
	case polls.Multiple:
		options := len(q.Choices)
		return &valueRelabeler[[]int]{read: polls.Value.Selection, made: func(ctx context.Context, rows aggregate.Rows, values [][]int, golds []goldTask) (valueLabels, aggregate.Chosen, error) {
			return fitSelections(ctx, rows, values, golds, options)
		}}
	case polls.Ranking:
		return &valueRelabeler[[]int]{read: polls.Value.Order, made: fitRankings}
	case polls.Number:
		return &valueRelabeler[polls.Decimal]{read: polls.Value.Number, made: fitNumbers}
	case polls.Text:
		return &valueRelabeler[string]{read: polls.Value.Text, made: fitTexts}
	case polls.Boxes:
		return &valueRelabeler[[]polls.Box]{read: polls.Value.Boxes, parts: count1[polls.Box], made: fitRegions("match", fusion.Boxes)}
	case polls.Polygons:
		return &valueRelabeler[[]polls.Polygon]{read: polls.Value.Polygons, parts: count1[polls.Polygon], made: fitRegions("match", fusion.Polygons)}
	case polls.Mask:
		return &valueRelabeler[[]polls.ClassMask]{read: polls.Value.Masks, made: fitMasks}
	default:
		return &valueRelabeler[[]polls.Span]{read: polls.Value.Spans, made: fitRegions("vote", fusion.Spans)}
	}
}

func count1[T any](list []T) int { return len(list) }

// tellable returns the golds that somebody could tell, which are those that methods can be compared by.
func tellable(rows aggregate.Rows, golds []goldTask) []goldTask {
	told := make([]bool, rows.TaskCount)
	for i, task := range rows.Tasks {
		told[task] = told[task] || !rows.CannotTell[i]
	}
	return slices.DeleteFunc(slices.Clone(golds), func(g goldTask) bool { return !told[g.task] })
}

// goldValues reads the truth of each task as a T; it is none where that is not known or nobody could tell.
func goldValues[T any](rows aggregate.Rows, golds []goldTask, read func(polls.Value) (T, error), none T) ([]T, error) {
	out := slices.Repeat([]T{none}, rows.TaskCount)
	for _, g := range tellable(rows, golds) {
		v, err := read(g.truth.Value)
		if err != nil {
			return nil, fmt.Errorf("truth of task %d: %w", g.task, err)
		}
		out[g.task] = v
	}
	return out, nil
}

// fitRegions fuses regions. The confidence is that of fusion.Regions.
func fitRegions[T any](method string, fuse func(context.Context, aggregate.Rows, [][]T, aggregate.Progress) (*fusion.Regions[T], error)) func(context.Context, aggregate.Rows, [][]T, []goldTask) (valueLabels, aggregate.Chosen, error) {
	return func(ctx context.Context, rows aggregate.Rows, values [][]T, _ []goldTask) (valueLabels, aggregate.Chosen, error) {
		r, err := fuse(ctx, rows, values, nil)
		if err != nil {
			return nil, aggregate.Chosen{}, err
		}
		return regionLabels(r), aggregate.Chosen{Method: method}, nil
	}
}

// fitMasks fuses masks.
func fitMasks(ctx context.Context, rows aggregate.Rows, values [][]polls.ClassMask, golds []goldTask) (valueLabels, aggregate.Chosen, error) {
	gold, err := goldValues(rows, golds, polls.Value.Masks, nil)
	if err != nil {
		return nil, aggregate.Chosen{}, err
	}
	r, chosen, err := fusion.MasksAuto(ctx, rows, values, gold, relabelSeed, nil)
	if err != nil {
		return nil, chosen, err
	}
	return regionLabels(r), chosen, nil
}

func regionLabels[T any](r *fusion.Regions[T]) valueLabels {
	return func(task int, _ *polls.Question) valueLabel {
		label, each, confidence := r.Label(task)
		return valueLabel{content: label, confidence: confidence, regions: each}
	}
}

// fitNumbers makes numbers that the question takes. The confidence is the score that the number is expected to have, by how
// near to a true one it lies, if its error is normal as the interval says.
func fitNumbers(ctx context.Context, rows aggregate.Rows, values []polls.Decimal, golds []goldTask) (valueLabels, aggregate.Chosen, error) {
	n := aggregate.Numbers{Rows: rows, Values: make([]float64, len(values))}
	for i, v := range values {
		n.Values[i] = float64(v) / million
	}
	gold, err := goldValues(rows, golds, func(v polls.Value) (float64, error) {
		d, err := v.Number()
		return float64(d) / million, err
	}, math.NaN())
	if err != nil {
		return nil, aggregate.Chosen{}, err
	}
	r, chosen, err := aggregate.NumbersAuto(ctx, n, gold, relabelSeed, nil)
	if err != nil {
		return nil, chosen, err
	}
	return func(task int, q *polls.Question) valueLabel {
		e := r.Values[task]
		unit := float64(unitOf(q.Number.Decimals))
		millionths := math.Round(e.Value * million) // so that what lies between two decimals does so exactly
		v := polls.Decimal(math.Round(min(max(millionths, float64(q.Number.Min)), float64(q.Number.Max))/unit) * unit)
		return valueLabel{content: v, confidence: expectedScore(e, 2*float64(tolerance(q.Number, v))/million)}
	}, chosen, nil
}

// expectedScore is the mean of max(0, 1 - |x|/zero) over errors x of the value, which are normal.
func expectedScore(e aggregate.Estimate, zero float64) float64 {
	z := zero / e.Deviation()
	switch {
	case math.IsInf(z, 1):
		return 1
	case z == 0:
		return 0
	}
	return math.Erf(z/math.Sqrt2) - math.Sqrt(2/math.Pi)*(1-math.Exp(-z*z/2))/z
}

// fitTexts makes texts. The confidence is how alike the answers are, as people weigh.
func fitTexts(ctx context.Context, rows aggregate.Rows, values []string, _ []goldTask) (valueLabels, aggregate.Chosen, error) {
	r, err := aggregate.TextsFuse(ctx, aggregate.Texts{Rows: rows, Texts: values}, nil)
	if err != nil {
		return nil, aggregate.Chosen{}, err
	}
	return func(task int, _ *polls.Question) valueLabel {
		v := r.Texts[task]
		return valueLabel{content: v.Text, confidence: v.Agreement, method: string(v.Method)}
	}, aggregate.Chosen{Method: "rover"}, nil
}

// fitRankings makes orders. The confidence is the share of pairs of items that are expected to be in the true order, if the
// errors of scores are normal, as their intervals say, and have nothing to do with each other.
func fitRankings(ctx context.Context, rows aggregate.Rows, values [][]int, golds []goldTask) (valueLabels, aggregate.Chosen, error) {
	k := aggregate.Rankings{Rows: rows, ItemCounts: make([]int32, rows.TaskCount), Start: []int32{0}}
	for i, order := range values {
		if !rows.CannotTell[i] {
			k.ItemCounts[rows.Tasks[i]] = int32(len(order)) // an order has all items
		}
		k.Items = append(k.Items, itemsOf(order)...)
		k.Start = append(k.Start, int32(len(k.Items)))
	}
	gold, err := goldValues(rows, golds, func(v polls.Value) ([]int32, error) {
		order, err := v.Order()
		return itemsOf(order), err
	}, nil)
	if err != nil {
		return nil, aggregate.Chosen{}, err
	}
	r, chosen, err := aggregate.RankingsAuto(ctx, k, gold, relabelSeed, nil)
	if err != nil {
		return nil, chosen, err
	}
	return func(task int, _ *polls.Question) valueLabel {
		order, scores := make([]int, len(r.Orders[task])), r.Scores[task]
		right, pairs := 0.0, 0.0
		for place, item := range r.Orders[task] {
			order[place] = int(item)
			for _, worse := range r.Orders[task][place+1:] {
				right, pairs = right+surelyOver(scores[item], scores[worse]), pairs+1
			}
		}
		return valueLabel{content: order, confidence: right / pairs}
	}, chosen, nil
}

func itemsOf(order []int) []int32 {
	items := make([]int32, len(order))
	for i, item := range order {
		items[i] = int32(item)
	}
	return items
}

// surelyOver is the probability that what a estimates is more than what b does.
func surelyOver(a, b aggregate.Estimate) float64 {
	wide := math.Hypot(a.Deviation(), b.Deviation())
	switch {
	case math.IsInf(wide, 1) || a.Value == b.Value:
		return 0.5
	case wide == 0:
		return 1
	}
	return math.Erfc((b.Value-a.Value)/(wide*math.Sqrt2)) / 2
}

// fitSelections makes selections, each option a question of its own, as many as the question takes. The confidence is that
// all of them are right, and the soft label has the probability of each option.
func fitSelections(ctx context.Context, rows aggregate.Rows, values [][]int, golds []goldTask, options int) (valueLabels, aggregate.Chosen, error) {
	s := aggregate.Selections{Task: rows.Tasks, Worker: rows.Workers, Start: []int32{0}, Tasks: rows.TaskCount, Workers: rows.WorkerCount, Options: options}
	for i, selected := range values {
		if rows.CannotTell[i] {
			s.Option = append(s.Option, aggregate.CannotTell)
		}
		for _, o := range selected {
			s.Option = append(s.Option, int32(o))
		}
		s.Start = append(s.Start, int32(len(s.Option)))
	}
	r, err := aggregate.SelectionsFit(ctx, s, func(ctx context.Context, option int, votes *aggregate.Votes) (*aggregate.Result, error) {
		gold, err := goldOption(rows.TaskCount, golds, option)
		if err != nil {
			return nil, err
		}
		chosen, err := aggregate.Auto(ctx, votes, gold, aggregate.Options{})
		if err != nil {
			return nil, err
		}
		result := *chosen.Result
		result.Posterior = result.Probabilities(votes, gold) // where the method is a vote, its shares are none
		return &result, nil
	})
	if err != nil {
		return nil, aggregate.Chosen{}, err
	}
	return func(task int, q *polls.Question) valueLabel {
		l := valueLabel{confidence: 1, soft: make([]int, options)}
		for i, o := range r.Options {
			l.soft[i] = ppm(o.Probability[task])
		}
		selected := []int{}
		for n, i := range byMost(l.soft) {
			o := r.Options[i]
			if n < q.Least || n < q.Most && o.Class[task] == 1 {
				selected, l.confidence = append(selected, i), l.confidence*o.Probability[task]
			} else {
				l.confidence *= 1 - o.Probability[task]
			}
		}
		slices.Sort(selected)
		l.content = selected
		return l
	}, aggregate.Chosen{Method: r.Method, Reason: r.Reason}, nil
}

// goldOption is, of each task whose truth is known, whether an option is selected, and NoVerdict of the others.
func goldOption(tasks int, golds []goldTask, option int) ([]int32, error) {
	out := slices.Repeat([]int32{aggregate.NoVerdict}, tasks)
	for _, g := range golds {
		selected, err := g.truth.Value.Selection()
		if err != nil {
			return nil, fmt.Errorf("truth of task %d: %w", g.task, err)
		}
		out[g.task] = 0
		if slices.Contains(selected, option) {
			out[g.task] = 1
		}
	}
	return out, nil
}
