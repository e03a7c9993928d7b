package aggregate

import (
	"cmp"
	"math"
	"slices"
)

// TopConfidence returns a lower bound on the probability that the first k of Order are the best k, by Boole's
// inequality over every item among them and every item not. That two of them are the other way round has the probability
// that the signed root of the deviance gives it, where there is time for that (the most doubtful pairs come first), and
// otherwise that of jointly normal scores. A ranking that asks for the best k is settled once this reaches the confidence
// it wants; level items never are. O(k items) level fits.
func (r *PairsResult) TopConfidence(k int) float64 {
	order := r.Order()
	k = max(0, min(k, len(order)))
	pairs := make([][2]int32, 0, k*(len(order)-k))
	for _, i := range order[:k] {
		for _, j := range order[k:] {
			pairs = append(pairs, [2]int32{i, j})
		}
	}
	return r.noneReversed(pairs)
}

// OrderConfidence returns a lower bound on the probability that all of Order is right: that no two neighbours in it are
// the other way round, as in TopConfidence. O(items) level fits.
func (r *PairsResult) OrderConfidence() float64 {
	order := r.Order()
	pairs := make([][2]int32, 0, len(order))
	for at := 1; at < len(order); at++ {
		pairs = append(pairs, [2]int32{order[at-1], order[at]})
	}
	return r.noneReversed(pairs)
}

// noneReversed returns a lower bound on the probability that of each pair the first item is the better one.
func (r *PairsResult) noneReversed(pairs [][2]int32) float64 {
	if len(pairs) > 0 && r.covariance == nil {
		return 0
	}
	normal := make(map[[2]int32]float64, len(pairs))
	for _, p := range pairs {
		mean, deviation := r.normal(p[0], p[1])
		normal[p] = mean / deviation
	}
	slices.SortStableFunc(pairs, func(a, b [2]int32) int { return cmp.Compare(normal[a], normal[b]) })
	wrong := 0.0
	for _, p := range pairs {
		root, ok := r.level.root(p[0], p[1])
		if !ok {
			root = normal[p]
		}
		wrong += normalCDF(-root)
	}
	return max(0, 1-wrong)
}

// normal returns the mean and deviation of the difference of two scores that are jointly normal.
func (r *PairsResult) normal(i, j int32) (mean, deviation float64) {
	variance := r.variance[i] + r.variance[j]
	if r.covariance != nil {
		variance -= 2 * r.covariance[int(i)*len(r.Scores)+int(j)]
	}
	return r.Scores[i].Value - r.Scores[j].Value, math.Sqrt(variance)
}

// difference is normal, but for pairs whose deviance is known: their deviation is that which gives the order its probability.
func (r *PairsResult) difference(i, j int32) (mean, deviation float64) {
	mean, deviation = r.normal(i, j)
	if root := r.level.roots[[2]int32{min(i, j), max(i, j)}]; root > 0 && mean != 0 {
		deviation = math.Abs(mean) / root
	}
	return mean, deviation
}

// Gain returns how many bits about which of items i and j is better are expected of asking a worker of some reliability
// (1 when the answer follows the scores) to compare them: the mutual information of the answer, as PairsNoisy has it, and
// the sign of the difference of the two scores, which is normal. It is high where either may be better and the answer
// will tell, and 0 for a reliability of 1/2. Information on the scores themselves, which Chen et al. ask for, goes on
// asking about pairs whose order is known. O(1).
func (r *PairsResult) Gain(i, j int32, reliability float64) float64 {
	mean, deviation := r.difference(i, j)
	win, entropy := 0.0, 0.0
	for _, sign := range []float64{1, -1} {
		side := normalCDF(sign * mean / deviation)
		if side == 0 {
			continue
		}
		p := 0.0
		for n := range gainNodes { // cut the side into parts of equal probability, and take the middle of each
			z := math.Sqrt2 * math.Erfcinv(2*side*(float64(n)+0.5)/gainNodes)
			q := 1 / (1 + math.Exp(-mean-sign*deviation*z))
			p += (reliability*q + (1-reliability)*(1-q)) / gainNodes
		}
		win += side * p
		entropy += side * binaryEntropy(p)
	}
	return max(0, binaryEntropy(win)-entropy)
}

const gainNodes = 32

// binaryEntropy is that of a coin, in bits.
func binaryEntropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -p*math.Log2(p) - (1-p)*math.Log2(1-p)
}

// Next returns the pair to ask next, i now ahead of j: of the pairs that tell the best k from the others the one with
// the most to gain, the first in Order of several; of all pairs when k is 0 or every item. It is -1, -1 when there are
// not two items. O(items^2) for all, O(k items) for the best k.
func (r *PairsResult) Next(k int, reliability float64) (i, j int32) {
	order := r.Order()
	best := -1.0
	i, j = -1, -1
	for x := range order {
		from := x + 1
		if 0 < k && k < len(order) {
			if x >= k {
				break
			}
			from = k
		}
		for _, other := range order[from:] {
			if gain := r.Gain(order[x], other, reliability); gain > best {
				best, i, j = gain, order[x], other
			}
		}
	}
	return i, j
}
