package labeling

import (
	"cmp"
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
	read    func(polls.Value) (T, error)
	parts   func(T) int // of which a task may have aggregate.ShapesMax; nil for any number
	values  []T         // of each row; none for who cannot tell
	methods []valueMethod[T]
	labels  valueLabels
}

// valueMethod makes labels of values. The first of several is used unless gold prefers the other.
type valueMethod[T any] struct {
	name string // empty when it follows from the answers
	fit  func(ctx context.Context, rows aggregate.Rows, values []T, golds []goldTask) (*valueFit, error)
}

// valueFit is what a method made.
type valueFit struct {
	method, reason string // where the method has no name of its own
	labels         valueLabels
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
	first := r.methods[0]
	fit, err := first.fit(ctx, rows, r.values, golds)
	if err != nil {
		return "", "", err
	}
	r.labels = fit.labels
	if len(r.methods) == 1 {
		return cmp.Or(first.name, fit.method), fit.reason, nil
	}
	second := r.methods[1]
	if len(golds) < goldsToPrefer {
		_, reason = preferred(first.name, second.name, [2][]float64{make([]float64, len(golds)), nil})
		return first.name, reason, nil
	}
	other, err := second.fit(ctx, rows, r.values, golds)
	if err != nil {
		return "", "", err
	}
	told := make([]bool, rows.TaskCount)
	for i, task := range rows.Tasks {
		told[task] = told[task] || !rows.CannotTell[i]
	}
	var scores [2][]float64
	for _, g := range golds {
		if !told[g.task] {
			continue
		}
		for i, labels := range []valueLabels{fit.labels, other.labels} {
			v, err := polls.ValueOf(labels(g.task, g.q).content)
			if err != nil {
				return "", "", err
			}
			s, err := score(g.q, v, g.truth.Value)
			if err != nil {
				return "", "", err
			}
			scores[i] = append(scores[i], float64(s)/million)
		}
	}
	takeSecond, reason := preferred(first.name, second.name, scores)
	if takeSecond {
		r.labels = other.labels
		return second.name, reason, nil
	}
	return first.name, reason, nil
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
		return &valueRelabeler[[]int]{read: polls.Value.Selection, methods: []valueMethod[[]int]{{"", func(ctx context.Context, rows aggregate.Rows, values [][]int, golds []goldTask) (*valueFit, error) {
			return fitSelections(ctx, rows, values, golds, options)
		}}}}
	case polls.Ranking:
		return &valueRelabeler[[]int]{read: polls.Value.Order, methods: []valueMethod[[]int]{
			{"plackettluce", fitRankings(aggregate.RankingsPlackettLuce)}, {"borda", fitRankings(aggregate.RankingsBorda)},
		}}
	case polls.Number:
		return &valueRelabeler[polls.Decimal]{read: polls.Value.Number, methods: []valueMethod[polls.Decimal]{
			{"mean", fitNumbers(aggregate.NumbersMean)}, {"median", fitNumbers(aggregate.NumbersMedian)},
		}}
	case polls.Text:
		return &valueRelabeler[string]{read: polls.Value.Text, methods: []valueMethod[string]{{"rover", fitTexts}}}
	case polls.Boxes:
		return &valueRelabeler[[]polls.Box]{read: polls.Value.Boxes, parts: count1[polls.Box], methods: []valueMethod[[]polls.Box]{{"match", fitRegions(fusion.Boxes)}}}
	case polls.Polygons:
		return &valueRelabeler[[]polls.Polygon]{read: polls.Value.Polygons, parts: count1[polls.Polygon], methods: []valueMethod[[]polls.Polygon]{{"match", fitRegions(fusion.Polygons)}}}
	case polls.Mask:
		by := func(method fusion.MasksMethod) func(context.Context, aggregate.Rows, [][]polls.ClassMask, []goldTask) (*valueFit, error) {
			return fitRegions(func(ctx context.Context, rows aggregate.Rows, values [][]polls.ClassMask, progress aggregate.Progress) (*fusion.Regions[polls.ClassMask], error) {
				return fusion.Masks(ctx, rows, values, method, progress)
			})
		}
		return &valueRelabeler[[]polls.ClassMask]{read: polls.Value.Masks, methods: []valueMethod[[]polls.ClassMask]{
			{"staple", by(aggregate.MasksStaple)}, {"majority", by(aggregate.MasksMajority)},
		}}
	default:
		return &valueRelabeler[[]polls.Span]{read: polls.Value.Spans, methods: []valueMethod[[]polls.Span]{{"vote", fitRegions(fusion.Spans)}}}
	}
}

func count1[T any](list []T) int { return len(list) }

// fitRegions fuses regions. The confidence is that of fusion.Regions.
func fitRegions[T any](fuse func(context.Context, aggregate.Rows, [][]T, aggregate.Progress) (*fusion.Regions[T], error)) func(context.Context, aggregate.Rows, [][]T, []goldTask) (*valueFit, error) {
	return func(ctx context.Context, rows aggregate.Rows, values [][]T, _ []goldTask) (*valueFit, error) {
		r, err := fuse(ctx, rows, values, nil)
		if err != nil {
			return nil, err
		}
		return &valueFit{labels: func(task int, _ *polls.Question) valueLabel {
			label, each, confidence := r.Label(task)
			return valueLabel{content: label, confidence: confidence, regions: each}
		}}, nil
	}
}

// fitNumbers makes numbers that the question takes. The confidence is the score that the number is expected to have, by how
// near to a true one it lies, if its error is normal as the interval says.
func fitNumbers(method func(context.Context, aggregate.Numbers, aggregate.Progress) (*aggregate.NumbersResult, error)) func(context.Context, aggregate.Rows, []polls.Decimal, []goldTask) (*valueFit, error) {
	return func(ctx context.Context, rows aggregate.Rows, values []polls.Decimal, _ []goldTask) (*valueFit, error) {
		n := aggregate.Numbers{Rows: rows, Values: make([]float64, len(values))}
		for i, v := range values {
			n.Values[i] = float64(v)
		}
		r, err := method(ctx, n, nil)
		if err != nil {
			return nil, err
		}
		return &valueFit{labels: func(task int, q *polls.Question) valueLabel {
			e := r.Values[task]
			unit := float64(unitOf(q.Number.Decimals))
			v := polls.Decimal(math.Round(min(max(e.Value, float64(q.Number.Min)), float64(q.Number.Max))/unit) * unit)
			return valueLabel{content: v, confidence: expectedScore(e, 2*float64(tolerance(q.Number, v)))}
		}}, nil
	}
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
func fitTexts(ctx context.Context, rows aggregate.Rows, values []string, _ []goldTask) (*valueFit, error) {
	r, err := aggregate.TextsFuse(ctx, aggregate.Texts{Rows: rows, Texts: values}, nil)
	if err != nil {
		return nil, err
	}
	return &valueFit{labels: func(task int, _ *polls.Question) valueLabel {
		v := r.Texts[task]
		return valueLabel{content: v.Text, confidence: v.Agreement, method: string(v.Method)}
	}}, nil
}

// fitRankings makes orders. The confidence is the share of pairs of items that are expected to be in the true order, if the
// errors of scores are normal, as their intervals say, and have nothing to do with each other.
func fitRankings(method func(context.Context, aggregate.Rankings, aggregate.Progress) (*aggregate.RankingsResult, error)) func(context.Context, aggregate.Rows, [][]int, []goldTask) (*valueFit, error) {
	return func(ctx context.Context, rows aggregate.Rows, values [][]int, _ []goldTask) (*valueFit, error) {
		k := aggregate.Rankings{Rows: rows, ItemCounts: make([]int32, rows.TaskCount), Start: []int32{0}}
		for i, order := range values {
			if !rows.CannotTell[i] {
				k.ItemCounts[rows.Tasks[i]] = int32(len(order)) // an order has all items
			}
			for _, item := range order {
				k.Items = append(k.Items, int32(item))
			}
			k.Start = append(k.Start, int32(len(k.Items)))
		}
		r, err := method(ctx, k, nil)
		if err != nil {
			return nil, err
		}
		return &valueFit{labels: func(task int, _ *polls.Question) valueLabel {
			order, scores := make([]int, len(r.Orders[task])), r.Scores[task]
			right, pairs := 0.0, 0.0
			for place, item := range r.Orders[task] {
				order[place] = int(item)
				for _, worse := range r.Orders[task][place+1:] {
					right, pairs = right+surelyOver(scores[item], scores[worse]), pairs+1
				}
			}
			return valueLabel{content: order, confidence: right / pairs}
		}}, nil
	}
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
func fitSelections(ctx context.Context, rows aggregate.Rows, values [][]int, golds []goldTask, options int) (*valueFit, error) {
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
		return nil, err
	}
	return &valueFit{r.Method, r.Reason, func(task int, q *polls.Question) valueLabel {
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
	}}, nil
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
