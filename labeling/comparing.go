package labeling

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Goal is the ranking for which items are compared two by two.
type Goal struct {
	Top       int // the best so many, in whatever order among them; 0 asks for the order of all
	TargetPPM int // how probable it must be that the ranking is right, in parts per million
	Max       int // the most comparisons, of all items together
}

// Comparison is one person's answer to which of two items is better.
type Comparison struct {
	First, Second int // items
	polls.Vote        // choice 0 is the first item, 1 the second
}

// Estimate is a number with the range in which it is with probability 0.95.
type Estimate = aggregate.Estimate

// Ranking is what comparisons say of items.
type Ranking struct {
	Order         []int // items, the best first
	Scores        []Estimate
	Confidence    float64 // at least so probable is it that the ranking that is asked for is right
	Reason        Reason  // why no more comparisons are asked for; empty while there are
	LogLikelihood float64
	Comparisons   int
	CannotTell    int
	Reliability   float64  // the mean of those who compared: how often somebody says what the scores say
	Next          [][2]int // what to ask next, the pair with the most to gain first
}

// Bounds on goals.
const (
	GoalItemsMax  = aggregate.PairsIntervalsMax
	GoalTargetMin = 500_001
	GoalTargetMax = 999_999
)

var errGoal = tasknet.NewError(tasknet.Invalid, "bad_goal", "A ranking needs 2 to 1000 items, a top from 0 to less than their number, a confidence between 0.5 and 1, and at least one comparison.")

// Check reports whether so many items can be ranked.
func (g Goal) Check(items int) error {
	if items < 2 || items > GoalItemsMax || g.Top < 0 || g.Top >= items || g.TargetPPM < GoalTargetMin || g.TargetPPM > GoalTargetMax || g.Max < 1 {
		return errGoal
	}
	return nil
}

// Rank says what comparisons of items amount to, and which to ask next: at most width, of which pending are asked already.
// A pair that is asked already is worth half as much, since nobody knows yet what its answer will tell. Scores are those of aggregate.PairsBradleyTerry, or of
// aggregate.PairsNoisy when that fits better by more than one for each person, whose reliability it has to learn; a pair is worth the bits that its answer is expected to tell about which
// of the two is better. O(items^3 + comparisons) time for each step of the fit.
func (g Goal) Rank(ctx context.Context, items int, asked []Comparison, pending [][2]int, width int) (*Ranking, error) {
	if err := g.Check(items); err != nil {
		return nil, err
	}
	fit, err := fitComparisons(ctx, items, asked)
	if err != nil {
		return nil, err
	}
	r := &Ranking{Scores: fit.Scores, LogLikelihood: fit.LogLikelihood, Comparisons: len(asked), Reliability: meanReliability(fit.Skills)}
	for _, i := range fit.Order() {
		r.Order = append(r.Order, int(i))
	}
	for _, c := range asked {
		if c.Choice == polls.CannotTell {
			r.CannotTell++
		}
	}
	r.Confidence = fit.OrderConfidence()
	if g.Top > 0 {
		r.Confidence = fit.TopConfidence(g.Top)
	}
	switch {
	case r.Confidence >= float64(g.TargetPPM)/million:
		r.Reason = Quorum
	case len(asked) >= g.Max:
		r.Reason = Spent
	default:
		r.Next = g.next(fit, r, pending, max(0, min(width-len(pending), g.Max-len(asked)-len(pending))))
	}
	return r, nil
}

// Spent is the reason of a ranking that had its most comparisons before it was settled.
const Spent Reason = "spent"

func fitComparisons(ctx context.Context, items int, asked []Comparison) (*aggregate.PairsResult, error) {
	number := make(map[polls.RespondentID]int32)
	people := make([]polls.RespondentID, 0, len(asked))
	for _, c := range asked {
		people = append(people, c.Respondent)
	}
	slices.Sort(people)
	for _, p := range slices.Compact(people) {
		number[p] = int32(len(number))
	}
	p := aggregate.Pairs{ItemCount: items, WorkerCount: len(number)}
	for _, c := range asked {
		outcome := aggregate.PairsCannotTell
		if c.Choice != polls.CannotTell {
			outcome = aggregate.PairsOutcome(c.Choice)
		}
		p.Left, p.Right = append(p.Left, int32(c.First)), append(p.Right, int32(c.Second))
		p.Workers, p.Outcomes = append(p.Workers, number[c.Respondent]), append(p.Outcomes, outcome)
	}
	plain, err := aggregate.PairsBradleyTerry(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	noisy, err := aggregate.PairsNoisy(ctx, p, nil)
	if err != nil || noisy.LogLikelihood-plain.LogLikelihood > float64(len(number)) {
		return noisy, err
	}
	return plain, nil
}

// meanReliability returns how reliable people are on the whole; what the fit takes for granted when nobody has compared yet.
func meanReliability(skills []aggregate.Estimate) float64 {
	const unknown = 0.8
	sum, n := 0.0, 0
	for _, s := range skills {
		if !math.IsNaN(s.Value) {
			sum, n = sum+s.Value, n+1
		}
	}
	if n == 0 {
		return unknown
	}
	return sum / float64(n)
}

// reach is how far apart in the order two items are at most that are compared: further ones tell less, and there are many.
const reach = 16

// next chooses the pairs to ask.
func (g Goal) next(fit *aggregate.PairsResult, r *Ranking, pending [][2]int, width int) [][2]int {
	type candidate struct {
		pair [2]int
		gain float64
	}
	var candidates []candidate
	for at := range r.Order {
		from, to := at+1, min(at+1+reach, len(r.Order))
		if g.Top > 0 { // only what tells the best from the others
			if at >= g.Top {
				break
			}
			from, to = g.Top, min(g.Top+reach, len(r.Order))
			if at < g.Top-reach {
				continue
			}
		}
		for _, other := range r.Order[from:to] {
			i, j := r.Order[at], other
			candidates = append(candidates, candidate{[2]int{i, j}, fit.Gain(int32(i), int32(j), r.Reliability)})
		}
	}
	already := make(map[[2]int]int)
	for _, p := range pending {
		already[[2]int{min(p[0], p[1]), max(p[0], p[1])}]++
	}
	worth := func(c candidate) float64 {
		return math.Ldexp(c.gain, -already[[2]int{min(c.pair[0], c.pair[1]), max(c.pair[0], c.pair[1])}])
	}
	var out [][2]int
	for len(candidates) > 0 && len(out) < width {
		best := slices.MaxFunc(candidates, func(a, b candidate) int { return cmp.Compare(worth(a), worth(b)) })
		out = append(out, best.pair)
		already[[2]int{min(best.pair[0], best.pair[1]), max(best.pair[0], best.pair[1])}]++
	}
	return out
}
