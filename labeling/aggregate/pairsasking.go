package aggregate

import "math"

// TopConfidence returns a lower bound on the probability that the first k of Order are the best k, by Boole's
// inequality over every item among them and every item not, with scores taken as jointly normal. A ranking that asks for
// the best k is settled once this reaches the confidence it wants; level items never are. O(k items).
func (r *PairsResult) TopConfidence(k int) float64 {
	order := r.Order()
	k = max(0, min(k, len(order)))
	wrong := 0.0
	for _, i := range order[:k] {
		for _, j := range order[k:] {
			wrong += r.reversed(i, j)
		}
	}
	return max(0, 1-wrong)
}

// OrderConfidence returns a lower bound on the probability that all of Order is right: that no two neighbours in it are
// the other way round. O(items).
func (r *PairsResult) OrderConfidence() float64 {
	order, wrong := r.Order(), 0.0
	for at := 1; at < len(order); at++ {
		wrong += r.reversed(order[at-1], order[at])
	}
	return max(0, 1-wrong)
}

// reversed is the probability that item i is not better than item j.
func (r *PairsResult) reversed(i, j int32) float64 {
	if r.covariance == nil {
		return 1
	}
	mean, variance := r.difference(i, j)
	return normalCDF(-mean / math.Sqrt(variance))
}

func (r *PairsResult) difference(i, j int32) (mean, variance float64) {
	variance = r.variance[i] + r.variance[j]
	if r.covariance != nil {
		variance -= 2 * r.covariance[int(i)*len(r.Scores)+int(j)]
	}
	return r.Scores[i].Value - r.Scores[j].Value, variance
}

// Gain returns how many bits about which of items i and j is better are expected of asking a worker of some reliability
// (1 when the answer follows the scores) to compare them: the mutual information of the answer, as PairsNoisy has it, and
// the sign of the difference of the two scores, which is normal. It is high where either may be better and the answer
// will tell, and 0 for a reliability of 1/2. Information on the scores themselves, which Chen et al. ask for, goes on
// asking about pairs whose order is known. O(1).
func (r *PairsResult) Gain(i, j int32, reliability float64) float64 {
	mean, variance := r.difference(i, j)
	deviation := math.Sqrt(variance)
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
