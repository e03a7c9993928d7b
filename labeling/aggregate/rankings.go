package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Rankings are answers that order the items of their task: row r puts Items[Start[r]:Start[r+1]] in order, the best
// first. An answer need not rank every item; one that ranks none says nothing.
type Rankings struct {
	Rows
	ItemCounts []int32 // per task; its items are numbered from 0
	Start      []int32
	Items      []int32

	// RestBelow says that what an answer does not rank is worse than what it does, as when the best three were asked
	// for. Without it, nothing is known of what is not ranked.
	RestBelow bool
}

// RankingsResult is the order of the items of each task.
type RankingsResult struct {
	Orders [][]int32    // per task, items from the best to the worst, level ones by their number
	Scores [][]Estimate // per task and item

	// Skills is, per worker, the share of pairs of items that they put in the order of the result, over all tasks that
	// others answered too: 1/2 is chance. A ranking of n items is taken as n-1 independent answers. Unknown for who
	// ranked no two items.
	Skills []Estimate
	Convergence
}

func (k *Rankings) index() (*rowIndex, error) {
	x, err := k.Rows.index()
	if err != nil {
		return nil, err
	}
	if len(k.ItemCounts) != k.TaskCount {
		return nil, badAnswers(fmt.Sprintf("there are numbers of items for %d tasks of %d", len(k.ItemCounts), k.TaskCount))
	}
	if err := checkParts(k.Start, len(k.Tasks), len(k.Items)); err != nil {
		return nil, err
	}
	for t, n := range k.ItemCounts {
		if n < 0 || n > PairsIntervalsMax {
			return nil, badAnswers(fmt.Sprintf("task %d has %d items; at most %d can be ranked", t, n, PairsIntervalsMax))
		}
	}
	for r, t := range k.Tasks {
		seen := make([]bool, k.ItemCounts[t])
		for _, item := range k.of(int32(r)) {
			if item < 0 || int(item) >= len(seen) {
				return nil, badRow(r, "there is no item %d among %d", item, len(seen))
			}
			if seen[item] {
				return nil, badRow(r, "it ranks item %d twice", item)
			}
			seen[item] = true
		}
	}
	return x, nil
}

// of returns what a row ranks.
func (k *Rankings) of(row int32) []int32 { return k.Items[k.Start[row]:k.Start[row+1]] }

// RankingsBorda scores an item by its mean points, from 0 to 1: in each ranking of n items, the one in place p, counted
// from 0, has 1 - p/(n-1). With RestBelow, n is all items of the task, and what is not ranked shares the mean of the
// points that are left. The interval is the normal one of the variance between workers. Items that nobody ranked are
// unknown, and last. There is no likelihood: points have no model that gives a ranking a probability, and RankingsPlackettLuce is
// the model for that. O(ranked items).
func RankingsBorda(ctx context.Context, k Rankings, progress Progress) (*RankingsResult, error) {
	x, err := k.index()
	if err != nil {
		return nil, err
	}
	out := &RankingsResult{Scores: make([][]Estimate, k.TaskCount), Convergence: Convergence{LogLikelihood: math.NaN(), Converged: true}}
	for t, items := range k.ItemCounts {
		if err := progress.step(ctx, t, k.TaskCount); err != nil {
			return nil, err
		}
		sum, square, n := make([]float64, items), make([]float64, items), make([]float64, items)
		add := func(item int32, points float64) {
			sum[item] += points
			square[item] += points * points
			n[item]++
		}
		for _, row := range x.of(t) {
			ranked := k.of(row)
			last := len(ranked) - 1
			if k.RestBelow {
				last = int(items) - 1
			}
			if last < 1 || len(ranked) == 0 {
				continue
			}
			for place, item := range ranked {
				add(item, 1-float64(place)/float64(last))
			}
			if k.RestBelow {
				left := 1 - (float64(len(ranked))+float64(last))/2/float64(last)
				for item := range items {
					if !slices.Contains(ranked, item) {
						add(item, left)
					}
				}
			}
		}
		out.Scores[t] = make([]Estimate, items)
		for item := range out.Scores[t] {
			out.Scores[t][item] = meanOf(sum[item], square[item], n[item])
		}
	}
	k.conclude(x, out)
	return out, nil
}

// RankingsPlackettLuce scores items by the model of Plackett, Applied Statistics 24 (1975), and Luce: each place of a
// ranking goes to one of the items that are left, with probability p_i over the sum of theirs; log p is the score, as in
// PairsBradleyTerry, of which this is the form for more than two items. It has the same prior, against an item of score
// 0. Found by the MM algorithm of Hunter, Annals of Statistics 32 (2004),
//
//	p_i <- (times that i was taken) / sum over choices that had i of 1/(sum of p of the items that were left),
//
// each task for itself. With RestBelow, what is not ranked is what is left in the end. Intervals are from the observed
// information. O(ranked items) per step for each task, and O(items^3) for intervals.
func RankingsPlackettLuce(ctx context.Context, k Rankings, progress Progress) (*RankingsResult, error) {
	x, err := k.index()
	if err != nil {
		return nil, err
	}
	out := &RankingsResult{Scores: make([][]Estimate, k.TaskCount), Convergence: Convergence{Converged: true}}
	for t, items := range k.ItemCounts {
		f := luce{strength: slices.Repeat([]float64{1}, int(items)), taken: slices.Repeat([]float64{pairsPrior}, int(items))}
		for _, row := range x.of(t) {
			f.add(k.of(row), k.RestBelow)
		}
		rounds, change := 0, math.Inf(1)
		for rounds < pairsSweepsMax && change >= pairsTolerance {
			if err := progress.step(ctx, t, k.TaskCount); err != nil {
				return nil, err
			}
			rounds++
			change = f.step()
		}
		out.Iterations = max(out.Iterations, rounds)
		out.Converged = out.Converged && change < pairsTolerance
		out.Scores[t] = f.scores()
		out.LogLikelihood += f.logLikelihood()
	}
	k.conclude(x, out)
	return out, nil
}

// luce is the state of the MM algorithm for the items of one task.
type luce struct {
	strength []float64
	taken    []float64
	rankings []luceRanking
}

// luceRanking is items from the best to the worst. The last ones, from choices on, have no order.
type luceRanking struct {
	items   []int32
	choices int
}

func (f *luce) add(ranked []int32, restBelow bool) {
	r := luceRanking{items: slices.Clone(ranked), choices: len(ranked)}
	if restBelow && len(ranked) > 0 {
		for item := range int32(len(f.strength)) {
			if !slices.Contains(ranked, item) {
				r.items = append(r.items, item)
			}
		}
	}
	if r.choices == len(r.items) {
		r.choices-- // the last has no choice
	}
	if r.choices < 1 {
		return
	}
	for _, item := range r.items[:r.choices] {
		f.taken[item]++
	}
	f.rankings = append(f.rankings, r)
}

// left returns, for each choice of a ranking, the sum of the strengths of the items that were left.
func (f *luce) left(r luceRanking) []float64 {
	out, sum := make([]float64, r.choices), 0.0
	for place := len(r.items) - 1; place >= 0; place-- {
		sum += f.strength[r.items[place]]
		if place < r.choices {
			out[place] = sum
		}
	}
	return out
}

func (f *luce) step() float64 {
	had := make([]float64, len(f.strength))
	for i, p := range f.strength {
		had[i] = 2 * pairsPrior / (p + 1)
	}
	for _, r := range f.rankings {
		sum := 0.0
		left := f.left(r)
		for place, item := range r.items {
			if place < r.choices {
				sum += 1 / left[place]
			}
			had[item] += sum
		}
	}
	change := 0.0
	for i, p := range f.strength {
		f.strength[i] = f.taken[i] / had[i]
		change = max(change, math.Abs(math.Log(f.strength[i]/p)))
	}
	return change
}

func (f *luce) logLikelihood() float64 {
	sum := 0.0
	for _, r := range f.rankings {
		for place, left := range f.left(r) {
			sum += math.Log(f.strength[r.items[place]] / left)
		}
	}
	return sum
}

func (f *luce) scores() []Estimate {
	n := len(f.strength)
	information := make([]float64, n*n)
	for i, p := range f.strength {
		information[i*n+i] = 2 * pairsPrior * p / ((1 + p) * (1 + p))
	}
	for _, r := range f.rankings {
		once, twice := 0.0, 0.0 // sums over the choices that had an item
		left := f.left(r)
		for place, item := range r.items {
			if place < r.choices {
				once += 1 / left[place]
				twice += 1 / (left[place] * left[place])
			}
			p, i := f.strength[item], int(item)
			information[i*n+i] += p*once - p*p*twice
			for _, other := range r.items[place+1:] { // in at least the choices that had item
				known, j := p*f.strength[other]*twice, int(other)
				information[i*n+j] -= known
				information[j*n+i] -= known
			}
		}
	}
	known := invert(information, n)
	out := make([]Estimate, n)
	for i, p := range f.strength {
		out[i] = Estimate{math.Log(p), math.Inf(-1), math.Inf(1)}
		if known {
			out[i] = around(math.Log(p), information[i*n+i])
		}
	}
	return out
}

// conclude orders the items and finds the skills.
func (k *Rankings) conclude(x *rowIndex, out *RankingsResult) {
	out.Orders = make([][]int32, k.TaskCount)
	right, answers := make([]float64, k.WorkerCount), make([]float64, k.WorkerCount)
	for t, scores := range out.Scores {
		order := make([]int32, len(scores))
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(scores[j].Value, scores[i].Value) })
		out.Orders[t] = order
		if len(x.of(t)) < 2 {
			continue
		}
		for _, row := range x.of(t) {
			ranked := k.of(row)
			same, pairs := ordered(scores, ranked)
			if pairs > 0 {
				n := float64(len(ranked) - 1)
				right[k.Workers[row]] += n * same / pairs
				answers[k.Workers[row]] += n
			}
		}
	}
	out.Skills = make([]Estimate, k.WorkerCount)
	for w := range out.Skills {
		out.Skills[w] = share(right[w], answers[w])
	}
}
