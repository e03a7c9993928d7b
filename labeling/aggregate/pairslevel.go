package aggregate

import (
	"math"
	"slices"
)

// leveling finds how much less probable the comparisons are when two items have one score. Half the deviance that this
// costs is what tells that one is better: its signed root is normal to a higher order than the difference of the scores
// over its deviation (Barndorff-Nielsen and Cox, Inference and Asymptotics, 1994, section 3.5). Where one of two hardly
// ever lost, the deviation of its score is huge and says little, though the order is certain.
type leveling struct {
	items       int
	comparisons []comparison
	strength    []float64
	reliable    []float64 // nil when all answers follow the scores
	most        float64   // the log posterior with nothing held
	roots       map[[2]int32]float64
	work        int // how many comparisons may still be looked at
}

// A level fit ends when nothing moves further than this, or after so many rounds: what is left of the way then makes the
// deviance larger by some millionths.
const (
	levelTolerance = 1e-5
	levelRoundsMax = 500

	// levelWork bounds the time of all level fits of a result to some tenths of a second.
	levelWork = 20_000_000
)

func newLeveling(s *scoring, comparisons []comparison, reliable []float64) *leveling {
	l := &leveling{
		items: len(s.strength), comparisons: comparisons, strength: s.strength, reliable: reliable,
		roots: make(map[[2]int32]float64), work: levelWork,
	}
	l.most = s.logPosterior()
	if reliable != nil {
		l.most = newNoisyFit(s, nil, comparisons, reliable).logPosterior()
	}
	return l
}

// root returns the signed root of the deviance for item i, which is ahead, against item j. It is false when there is no
// time left for it.
func (l *leveling) root(i, j int32) (float64, bool) {
	pair := [2]int32{min(i, j), max(i, j)}
	if root, known := l.roots[pair]; known {
		return root, true
	}
	if l.work <= 0 {
		return 0, false
	}
	root := math.Sqrt(2 * max(0, l.most-l.held(pair[0], pair[1])))
	l.roots[pair] = root
	return root, true
}

// held returns the log posterior with items i and j level: they are one item then, with the games and the priors of both,
// and what they played against each other was a coin's.
func (l *leveling) held(i, j int32) float64 {
	as := func(item int32) int32 {
		if item == j {
			return i
		}
		return item
	}
	others, between := make([]comparison, 0, len(l.comparisons)), 0
	for _, c := range l.comparisons {
		if c.a, c.b = as(c.a), as(c.b); c.a == c.b {
			between++
		} else {
			others = append(others, c)
		}
	}
	s, at := newScoring(l.items, others)
	copy(s.strength, l.strength)
	s.strength[i] = math.Sqrt(l.strength[i] * l.strength[j])
	s.prior[i] += s.prior[j]
	s.strength[j] = 1 // it is there without a game, and its own prior, which then is as probable as can be, is taken out again
	coins := math.Ln2 * (2*s.prior[j] - float64(between))
	fit := s.sweep
	posterior := s.logPosterior
	if l.reliable != nil {
		noisy := newNoisyFit(s, at, others, slices.Clone(l.reliable))
		fit, posterior = noisy.round, noisy.logPosterior
	}
	for range levelRoundsMax {
		l.work -= len(others) + l.items
		if fit() < levelTolerance {
			break
		}
	}
	return posterior() + coins
}
