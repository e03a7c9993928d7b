package labeling

import (
	"cmp"
	"slices"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Methods for answers that are values. They weigh everybody the same and compute in integers, so that anybody gets the
// same verdict. A dataset that is not made of verdicts is made by those of package aggregate, which know who is good and need
// all of a project: see Relabeling.
const (
	OptionMajority Method = "option-majority/1" // each choice that more than half selected, within least and most
	Borda          Method = "borda/1"           // by the sum of places; level ones by first places, then as the question has them
	Median         Method = "median/1"          // of two in the middle their mean, rounded half away from zero
	Medoid         Method = "medoid/1"          // the answer nearest to all others by edit distance, the first of several
	BoxMedian      Method = "box-median/1"      // boxes that more than half drew, each side the median
	PolygonMedoid  Method = "polygon-medoid/1"  // polygons that more than half drew, of each the one in the middle
	PixelMajority  Method = "pixel-majority/1"  // pixels that more than half marked
	SpanMajority   Method = "span-majority/1"   // code points that more than half marked
)

// fuser makes one value of those given, which answer the question and are not none. agreement is how much they are alike,
// in parts per million, as is shares, which says for each choice of a Multiple how many selected it.
type fuser struct {
	method Method
	fuse   func(q *polls.Question, values []polls.Value) (content any, agreement int, shares []int, err error)
}

var fusers = map[polls.Type]fuser{
	polls.Multiple: {OptionMajority, fuseSelections},
	polls.Ranking:  {Borda, fuseOrders},
	polls.Number:   {Median, fuseNumbers},
	polls.Text:     {Medoid, fuseTexts},
	polls.Boxes:    {BoxMedian, fuseBoxes},
	polls.Polygons: {PolygonMedoid, fusePolygons},
	polls.Mask:     {PixelMajority, fuseMasks},
	polls.Spans:    {SpanMajority, fuseSpans},
}

// fuse completes the verdict on a question whose answers are values. It is decided when the policy's answers came and at
// least half of those who gave them could tell. Of values that were erased it is known that there were some: then there is no
// saying what all of them amount to, and how much they are alike.
func (v *Verdict) fuse(q *polls.Question, votes []polls.Vote) error {
	f := fusers[q.Type]
	v.Method, v.Choice, v.Counts, v.Posterior = f.method, NoChoice, []int{}, []int{}
	var values []polls.Value
	erased := false
	for _, vote := range votes {
		if vote.Choice != polls.CannotTell {
			values = append(values, vote.Value)
		}
		erased = erased || vote.Erased
	}
	if len(values) == 0 {
		v.Outcome = None
		return nil
	}
	if len(votes) >= q.Policy.Min && 2*len(values) >= len(votes) {
		v.Outcome = Decided
	}
	if erased {
		return nil
	}
	content, agreement, shares, err := f.fuse(q, values)
	if err != nil {
		return err
	}
	if v.Value, err = polls.ValueOf(content); err != nil {
		return err
	}
	v.Agreement = agreement
	if shares != nil {
		v.Posterior = shares
	}
	return nil
}

// readAll reads values that are known to answer their question.
func readAll[T any](values []polls.Value, read func(polls.Value) (T, error)) ([]T, error) {
	out := make([]T, len(values))
	for i, v := range values {
		var err error
		if out[i], err = read(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// share returns part of whole in parts per million, rounded to the nearest; one when there is nothing to share.
func share(part, whole int) int {
	if whole == 0 {
		return million
	}
	return (part*million + whole/2) / whole
}

func fuseSelections(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	selections, err := readAll(values, polls.Value.Selection)
	if err != nil {
		return nil, 0, nil, err
	}
	times := make([]int, len(q.Choices))
	for _, s := range selections {
		for _, c := range s {
			times[c]++
		}
	}
	order := byMost(times)
	n := 0
	for n < len(order) && (n < q.Least || n < q.Most && 2*times[order[n]] > len(values)) {
		n++
	}
	selected := append([]int{}, order[:n]...) // none is a list too
	slices.Sort(selected)
	agreed, shares := 0, make([]int, len(times))
	for c, t := range times {
		shares[c] = share(t, len(values))
		if slices.Contains(selected, c) {
			agreed += t
		} else {
			agreed += len(values) - t
		}
	}
	return selected, share(agreed, len(values)*len(times)), shares, nil
}

// byMost returns indexes by their number, the largest first, and of level ones the first.
func byMost(numbers []int) []int {
	order := make([]int, len(numbers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return numbers[b] - numbers[a] })
	return order
}

func fuseOrders(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	orders, err := readAll(values, polls.Value.Order)
	if err != nil {
		return nil, 0, nil, err
	}
	k := len(q.Choices)
	sums, firsts, before := make([]int, k), make([]int, k), make([]int, k*k)
	for _, order := range orders {
		firsts[order[0]]++
		for place, c := range order {
			sums[c] += place
			for _, worse := range order[place+1:] {
				before[c*k+worse]++
			}
		}
	}
	fused := make([]int, k)
	for c := range fused {
		fused[c] = c
	}
	slices.SortStableFunc(fused, func(a, b int) int {
		return cmp.Or(cmp.Compare(sums[a], sums[b]), cmp.Compare(firsts[b], firsts[a]))
	})
	agreed := 0
	for place, c := range fused {
		for _, worse := range fused[place+1:] {
			agreed += before[c*k+worse]
		}
	}
	return fused, share(agreed, len(values)*k*(k-1)/2), nil, nil
}

func fuseNumbers(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	numbers, err := readAll(values, polls.Value.Number)
	if err != nil {
		return nil, 0, nil, err
	}
	slices.Sort(numbers)
	low, high := numbers[(len(numbers)-1)/2], numbers[len(numbers)/2]
	median := low
	if low != high {
		median = halfway(low, high, q.Number.Decimals)
	}
	// A wide range is halved until millionths of the sum stay in 63 bits.
	width, off, shift := int(q.Number.Max-q.Number.Min), 0, 0
	for width>>shift > 1<<32 {
		shift++
	}
	for _, n := range numbers {
		off += int(max(n-median, median-n)) >> shift
	}
	all := (width >> shift) * len(numbers)
	return median, share(all-off, all), nil, nil
}

// halfway returns the mean of two numbers with so many decimals, rounded to as many, half away from zero.
func halfway(a, b polls.Decimal, decimals int) polls.Decimal {
	unit := unitOf(decimals)
	sum := a/unit + b/unit
	switch {
	case sum%2 == 0:
		return sum / 2 * unit
	case sum < 0:
		return (sum - 1) / 2 * unit
	}
	return (sum + 1) / 2 * unit
}

// fuseTexts compares each two different texts once, and those that came several times as often as they came.
func fuseTexts(_ *polls.Question, values []polls.Value) (any, int, []int, error) {
	texts, err := readAll(values, polls.Value.Text)
	if err != nil {
		return nil, 0, nil, err
	}
	times := make(map[string]int, len(texts))
	var different [][]int32 // in the order in which they came first
	var each []int          // how often each came
	for _, t := range texts {
		times[t]++
	}
	for _, t := range texts {
		if n := times[t]; n > 0 {
			different, each, times[t] = append(different, []rune(t)), append(each, n), 0
		}
	}
	sums, lengths := make([]int, len(different)), make([]int, len(different))
	for i, a := range different {
		lengths[i] += each[i] * len(a)
		for j, b := range different[:i] {
			distance, longer := aggregate.EditDistance(a, b), max(len(a), len(b))
			sums[i], lengths[i] = sums[i]+each[j]*distance, lengths[i]+each[j]*longer
			sums[j], lengths[j] = sums[j]+each[i]*distance, lengths[j]+each[i]*longer
		}
	}
	best := slices.Index(sums, slices.Min(sums))
	return string(different[best]), share(lengths[best]-sums[best], lengths[best]), nil, nil
}

func fuseSpans(q *polls.Question, values []polls.Value) (any, int, []int, error) {
	all, err := readAll(values, polls.Value.Spans)
	if err != nil {
		return nil, 0, nil, err
	}
	fused, marked, agreed := []polls.Span{}, 0, 0
	for class := range q.Choices {
		var edges []edge
		for _, spans := range all {
			for _, s := range spans {
				if s.Class == class {
					edges = append(edges, begins(s.Start), ends(s.End))
				}
			}
		}
		runs, inside, total := majority1D(edges, len(values))
		for _, r := range runs {
			fused = append(fused, polls.Span{Class: class, Start: r[0], End: r[1]})
		}
		marked, agreed = marked+total, agreed+inside
	}
	slices.SortStableFunc(fused, func(a, b polls.Span) int { return cmp.Compare(a.Start, b.Start) })
	return fused, share(agreed, marked), nil, nil
}
