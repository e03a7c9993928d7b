package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// PairsOutcome is the answer to which of two items is better.
type PairsOutcome int8

// The outcomes of a comparison.
const (
	PairsLeft PairsOutcome = iota
	PairsRight
	PairsTie        // neither: half a win for each
	PairsCannotTell // says nothing
)

// Pairs is comparisons of two items: in row r, worker Workers[r] compared item Left[r] with item Right[r]. A pair may be
// compared any number of times, also by one worker. The order of the rows never matters.
type Pairs struct {
	ItemCount   int
	WorkerCount int
	Left        []int32
	Right       []int32
	Workers     []int32
	Outcomes    []PairsOutcome
}

// comparison is a row of Pairs with the lower item first.
type comparison struct {
	a, b, worker int32
	won          float64 // by a: 1, 0, or 1/2
}

// comparisons returns the checked rows in an order of their own.
func (p *Pairs) comparisons() ([]comparison, error) {
	n := len(p.Left)
	if p.ItemCount < 0 || p.WorkerCount < 0 {
		return nil, badAnswers(fmt.Sprintf("there cannot be %d items and %d workers", p.ItemCount, p.WorkerCount))
	}
	if len(p.Right) != n || len(p.Workers) != n || len(p.Outcomes) != n {
		return nil, badAnswers(fmt.Sprintf("there are %d left and %d right items, %d workers and %d outcomes: a row has one of each", n, len(p.Right), len(p.Workers), len(p.Outcomes)))
	}
	out := make([]comparison, 0, n)
	for r := range n {
		c := comparison{a: p.Left[r], b: p.Right[r], worker: p.Workers[r]}
		if min(c.a, c.b) < 0 || int(max(c.a, c.b)) >= p.ItemCount {
			return nil, badRow(r, "items %d and %d are not both among %d", c.a, c.b, p.ItemCount)
		}
		if c.a == c.b {
			return nil, badRow(r, "item %d is compared with itself", c.a)
		}
		if c.worker < 0 || int(c.worker) >= p.WorkerCount {
			return nil, badRow(r, "there is no worker %d among %d", c.worker, p.WorkerCount)
		}
		switch p.Outcomes[r] {
		case PairsLeft:
			c.won = 1
		case PairsRight:
		case PairsTie:
			c.won = 0.5
		case PairsCannotTell:
			continue
		default:
			return nil, badRow(r, "there is no outcome %d", p.Outcomes[r])
		}
		if c.a > c.b {
			c.a, c.b, c.won = c.b, c.a, 1-c.won
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y comparison) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), cmp.Compare(x.worker, y.worker), cmp.Compare(x.won, y.won))
	})
	return out, nil
}

// pairsPrior is the prior of a score: as if each item had also won half a game and lost half a game against an item of
// score 0. It keeps the score of an item that never lost finite, joins items that were never compared, even by way of
// others, and sets where 0 is.
const pairsPrior = 0.5

// PairsIntervalsMax is the most items for which intervals are computed, as they cost the cube of it. With more, the
// bounds of scores and skills are infinite, and nothing is confident.
const PairsIntervalsMax = 1000

// PairsResult is the scores of compared items: an item of score s beats one of score t with probability
// 1/(1+exp(t-s)).
type PairsResult struct {
	Scores []Estimate // per item
	Skills []Estimate // per worker, of being right about which item of a pair is better; unknown without answers
	Convergence

	covariance []float64 // of the scores; nil with more than PairsIntervalsMax items
	variance   []float64 // its diagonal; without it, of each score were all others known
	level      *leveling
}

// Order returns the items from the best to the worst, level ones by their number.
func (r *PairsResult) Order() []int32 {
	order := make([]int32, len(r.Scores))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(r.Scores[j].Value, r.Scores[i].Value) })
	return order
}

// game is what is known of one pair of items: how often each won, in effect.
type game struct {
	a, b       int32
	aWon, bWon float64
}

// scoring finds the strengths exp(score) of items from games.
type scoring struct {
	games    []game
	of       [][]int32 // the games of each item
	strength []float64
	prior    []float64 // games won, and as many lost, of each item against one of score 0
}

// newScoring joins comparisons to games; at[r] is the game of comparison r.
func newScoring(items int, comparisons []comparison) (s *scoring, at []int32) {
	s = &scoring{of: make([][]int32, items), strength: make([]float64, items), prior: make([]float64, items)}
	at = make([]int32, len(comparisons))
	for i := range s.strength {
		s.strength[i], s.prior[i] = 1, pairsPrior
	}
	for r, c := range comparisons {
		if r == 0 || comparisons[r-1].a != c.a || comparisons[r-1].b != c.b {
			g := int32(len(s.games))
			s.games = append(s.games, game{a: c.a, b: c.b})
			s.of[c.a], s.of[c.b] = append(s.of[c.a], g), append(s.of[c.b], g)
		}
		at[r] = int32(len(s.games) - 1)
		s.games[at[r]].aWon += c.won
		s.games[at[r]].bWon += 1 - c.won
	}
	return s, at
}

// sweep moves each strength once towards the most likely, and returns the largest change of a score.
func (s *scoring) sweep() float64 {
	change := 0.0
	for i := range s.strength {
		mine := s.strength[i]
		up, down := s.prior[i]/(mine+1), s.prior[i]/(mine+1)
		for _, at := range s.of[i] {
			g := &s.games[at]
			other, won, lost := g.b, g.aWon, g.bWon
			if int(g.b) == i {
				other, won, lost = g.a, g.bWon, g.aWon
			}
			theirs := s.strength[other]
			up += won * theirs / (mine + theirs)
			down += lost / (mine + theirs)
		}
		s.strength[i] = up / down
		change = max(change, math.Abs(math.Log(s.strength[i]/mine)))
	}
	return change
}

// beats is the probability that item a beats item b.
func (s *scoring) beats(a, b int32) float64 { return s.strength[a] / (s.strength[a] + s.strength[b]) }

// logPosterior returns the log likelihood of the games with the log prior of the scores, up to a constant.
func (s *scoring) logPosterior() float64 {
	sum := s.logPrior()
	for _, g := range s.games {
		q := s.beats(g.a, g.b)
		sum += g.aWon*math.Log(q) + g.bWon*math.Log(1-q)
	}
	return sum
}

func (s *scoring) logPrior() (sum float64) {
	for i, p := range s.strength {
		sum += s.prior[i] * (math.Log(p) - 2*math.Log1p(p))
	}
	return sum
}

// When the search for scores ends: no score moves further than this in a sweep, or after so many sweeps.
const (
	pairsTolerance = 1e-10
	pairsSweepsMax = 20_000
)

// PairsBradleyTerry scores items by the model of Bradley and Terry, Biometrika 39 (1952): P(i beats j) = p_i/(p_i+p_j),
// where log p is the score. A tie is half a win for each item. The most likely scores under a weak prior, by which an
// item that always won has a finite score and items that were never compared have one at all, are unique; they are
// found by the iteration of Newman, JMLR 24 (2023),
//
//	p_i <- sum_j w_ij p_j/(p_i+p_j) / sum_j w_ji/(p_i+p_j),
//
// where w_ij counts wins of i over j: it has the fixed point of the MM algorithm of Hunter, Annals of Statistics 32
// (2004), and reaches it in fewer steps. Intervals are from the observed information. A worker's skill is the share of
// their decided comparisons that agree with the scores. O(different pairs) per sweep, and O(items^3) for intervals.
func PairsBradleyTerry(ctx context.Context, p Pairs, progress Progress) (*PairsResult, error) {
	comparisons, err := p.comparisons()
	if err != nil {
		return nil, err
	}
	s, _ := newScoring(p.ItemCount, comparisons)
	out := &PairsResult{}
	for out.Iterations < pairsSweepsMax && !out.Converged {
		if err := progress.step(ctx, out.Iterations, pairsSweepsMax); err != nil {
			return nil, err
		}
		out.Iterations++
		out.Converged = s.sweep() < pairsTolerance
	}
	information := newInformation(s)
	for _, g := range s.games {
		q := s.beats(g.a, g.b)
		information.add(g.a, g.b, (g.aWon+g.bWon)*q*(1-q))
		out.LogLikelihood += g.aWon*math.Log(q) + g.bWon*math.Log(1-q)
	}
	information.finish(s, out)
	out.level = newLeveling(s, comparisons, nil)

	agreed, decided := make([]float64, p.WorkerCount), make([]float64, p.WorkerCount)
	for _, c := range comparisons {
		if c.won == 0.5 {
			continue
		}
		decided[c.worker]++
		switch d := s.strength[c.a] - s.strength[c.b]; {
		case d == 0:
			agreed[c.worker] += 0.5
		case d > 0 == (c.won == 1):
			agreed[c.worker]++
		}
	}
	out.Skills = make([]Estimate, p.WorkerCount)
	for w := range out.Skills {
		out.Skills[w] = share(agreed[w], decided[w])
	}
	return out, nil
}

// information is the negative second derivative of the log posterior of scores.
type information struct {
	items    int
	matrix   []float64 // nil with more than PairsIntervalsMax items
	diagonal []float64
}

func newInformation(s *scoring) *information {
	n := len(s.strength)
	x := &information{items: n, diagonal: make([]float64, n)}
	if n <= PairsIntervalsMax {
		x.matrix = make([]float64, n*n)
	}
	for i, p := range s.strength {
		x.diagonal[i] = 2 * pairsPrior * p / ((1 + p) * (1 + p))
	}
	return x
}

// add counts what is known about the difference of two scores.
func (x *information) add(a, b int32, known float64) {
	x.diagonal[a] += known
	x.diagonal[b] += known
	if x.matrix != nil {
		x.matrix[int(a)*x.items+int(b)] -= known
		x.matrix[int(b)*x.items+int(a)] -= known
	}
}

// finish turns information into the scores of a result and their intervals.
func (x *information) finish(s *scoring, out *PairsResult) {
	out.variance = make([]float64, x.items)
	if x.matrix != nil {
		for i, d := range x.diagonal {
			x.matrix[i*x.items+i] += d
		}
		if invert(x.matrix, x.items) {
			out.covariance = x.matrix
		}
	}
	out.Scores = make([]Estimate, x.items)
	for i, p := range s.strength {
		score := math.Log(p)
		if out.covariance == nil {
			out.variance[i] = 1 / x.diagonal[i]
			out.Scores[i] = Estimate{score, math.Inf(-1), math.Inf(1)}
			continue
		}
		out.variance[i] = out.covariance[i*x.items+i]
		out.Scores[i] = around(score, out.variance[i])
	}
}
