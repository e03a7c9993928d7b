package aggregate

import (
	"context"
	"maps"
	"math"
	"slices"
)

// The prior of a worker's reliability: as if they had been right 4 times of 5 before, with the weight of 1.25 comparisons: a
// more is seen to pull on who is wrong. It is also what tells the scores from the same upside down with everybody wrong.
const (
	reliablePrior   = 1.0
	unreliablePrior = 0.25
)

const pairsRoundsMax = 2000

// PairsNoisy scores items by the model of Chen, Bennett, Collins-Thompson and Horvitz, WSDM 2013 (Crowd-BT): worker k
// reports what the scores say with probability e_k, and the opposite otherwise,
//
//	P(k: i beats j) = e_k p_i/(p_i+p_j) + (1-e_k) p_j/(p_i+p_j),
//
// so that who answers at random has no weight and who answers upside down is turned around. Found by EM over whether
// each answer is an opposite, with one sweep of the iteration of PairsBradleyTerry in each step and its priors; a tie is
// half an answer each way. Skills are the e_k. Intervals are from the expected information of scores and reliabilities
// together, which unlike the observed one is never negative. O(answers) per step, O(items^3) for intervals.
func PairsNoisy(ctx context.Context, p Pairs, progress Progress) (*PairsResult, error) {
	comparisons, err := p.comparisons()
	if err != nil {
		return nil, err
	}
	s, at := newScoring(p.ItemCount, comparisons)
	for n, change := 0, math.Inf(1); n < pairsSweepsMax && change >= 1e-6; n++ {
		if err := progress.step(ctx, 0, pairsRoundsMax); err != nil {
			return nil, err
		}
		change = s.sweep()
	}
	reliable := startReliable(p.WorkerCount)
	out, fit := &PairsResult{}, newNoisyFit(s, at, comparisons, reliable)
	for out.Iterations < pairsRoundsMax && !out.Converged {
		if err := progress.step(ctx, out.Iterations, pairsRoundsMax); err != nil {
			return nil, err
		}
		out.Iterations++
		out.Converged = fit.round() < pairsTolerance
	}
	out.level = newLeveling(s, comparisons, reliable)
	return out, noisyInformation(ctx, s, comparisons, reliable, out)
}

// startReliable is how reliable workers are before their first answer.
func startReliable(workers int) []float64 {
	return slices.Repeat([]float64{reliablePrior / (reliablePrior + unreliablePrior)}, workers)
}

// noisyFit finds scores and reliabilities together.
type noisyFit struct {
	*scoring
	at          []int32 // the game of each comparison
	comparisons []comparison
	reliable    []float64
	right, all  []float64 // answers of each worker, and of these in effect those that were meant
}

func newNoisyFit(s *scoring, at []int32, comparisons []comparison, reliable []float64) *noisyFit {
	return &noisyFit{s, at, comparisons, reliable, make([]float64, len(reliable)), make([]float64, len(reliable))}
}

// round is one step of EM. It returns the largest change of a score or a reliability.
func (f *noisyFit) round() float64 {
	for g := range f.games {
		f.games[g].aWon, f.games[g].bWon = 0, 0
	}
	for w := range f.right {
		f.right[w], f.all[w] = reliablePrior, reliablePrior+unreliablePrior
	}
	for r, c := range f.comparisons {
		e, q := f.reliable[c.worker], f.beats(c.a, c.b)
		meantWin := e * q / (e*q + (1-e)*(1-q))
		meantLoss := e * (1 - q) / (e*(1-q) + (1-e)*q)
		f.right[c.worker] += c.won*meantWin + (1-c.won)*meantLoss
		f.all[c.worker]++
		aWon := c.won*meantWin + (1-c.won)*(1-meantLoss)
		f.games[f.at[r]].aWon += aWon
		f.games[f.at[r]].bWon += 1 - aWon
	}
	change := f.sweep()
	for w := range f.reliable {
		now := f.right[w] / f.all[w]
		change = max(change, math.Abs(now-f.reliable[w]))
		f.reliable[w] = now
	}
	return change
}

// logPosterior returns the log likelihood of the answers with the log priors of scores and reliabilities, up to a constant.
func (f *noisyFit) logPosterior() float64 {
	sum := f.logPrior()
	for _, e := range f.reliable {
		sum += reliablePrior*math.Log(e) + unreliablePrior*math.Log(1-e)
	}
	for _, c := range f.comparisons {
		e, q := f.reliable[c.worker], f.beats(c.a, c.b)
		win := e*q + (1-e)*(1-q)
		sum += c.won*math.Log(win) + (1-c.won)*math.Log(1-win)
	}
	return sum
}

// noisyInformation fills in the likelihood, scores and skills, with their intervals. Reliabilities of different workers
// only meet in the scores, so theirs is a diagonal block, and what is not known of them is taken out of the information
// on scores by Schur's complement.
func noisyInformation(ctx context.Context, s *scoring, comparisons []comparison, reliable []float64, out *PairsResult) error {
	onScores := newInformation(s)
	onReliable, cross := make([]float64, len(reliable)), make([]map[int32]float64, len(reliable))
	for w, e := range reliable {
		onReliable[w] = reliablePrior/(e*e) + unreliablePrior/((1-e)*(1-e))
		cross[w] = make(map[int32]float64)
	}
	answers := make([]int, len(reliable))
	for _, c := range comparisons {
		e, q := reliable[c.worker], s.beats(c.a, c.b)
		win := e*q + (1-e)*(1-q)
		byScore, byReliable := (2*e-1)*q*(1-q), 2*q-1
		out.LogLikelihood += c.won*math.Log(win) + (1-c.won)*math.Log(1-win)
		onScores.add(c.a, c.b, byScore*byScore/(win*(1-win)))
		onReliable[c.worker] += byReliable * byReliable / (win * (1 - win))
		cross[c.worker][c.a] += byScore * byReliable / (win * (1 - win))
		cross[c.worker][c.b] -= byScore * byReliable / (win * (1 - win))
		answers[c.worker]++
	}
	compared := make([][]int32, len(reliable)) // the items of each worker, sorted: sums do not depend on the order of a map
	for w, row := range cross {
		compared[w] = slices.Sorted(maps.Keys(row))
		if onScores.matrix == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, i := range compared[w] {
			for _, j := range compared[w] {
				onScores.matrix[int(i)*onScores.items+int(j)] -= row[i] * row[j] / onReliable[w]
			}
		}
	}
	onScores.finish(s, out)

	out.Skills = make([]Estimate, len(reliable))
	for w, e := range reliable {
		switch {
		case answers[w] == 0:
			out.Skills[w] = unknown
			continue
		case out.covariance == nil:
			out.Skills[w] = Estimate{e, 0, 1}
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		variance := 1 / onReliable[w]
		for _, i := range compared[w] {
			for _, j := range compared[w] {
				variance += cross[w][i] * cross[w][j] * out.covariance[int(i)*onScores.items+int(j)] / (onReliable[w] * onReliable[w])
			}
		}
		out.Skills[w] = oddsInterval(e, variance)
	}
	return nil
}

// oddsInterval is the interval of a probability that is normal in its log odds, so that it stays within (0, 1).
func oddsInterval(p, variance float64) Estimate {
	odds, half := math.Log(p/(1-p)), z95*math.Sqrt(variance)/(p*(1-p))
	return Estimate{p, 1 / (1 + math.Exp(half-odds)), 1 / (1 + math.Exp(-half-odds))}
}
