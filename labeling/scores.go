package labeling

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/polls"
)

// scores are what answers say for each choice, in log2 units: the posterior of a choice is proportional to 2^score.
type scores []int64

const million = 1_000_000

// leader returns the choice with the highest score, the first of them when there are several.
func (s scores) leader() int {
	best := 0
	for i, score := range s {
		if score > s[best] {
			best = i
		}
	}
	return best
}

// posterior returns the posterior of each choice in parts per million, when that of the leader is given: the others share
// what is left as the model says, and evenly where it says nothing. What is lost to rounding is the last one's.
func (s scores) posterior(leader int64) []int {
	top := s.leader()
	weights, sum := make([]uint64, len(s)), uint64(0)
	for z, score := range s {
		if z != top {
			weights[z] = exp2Neg(s[top]-score) >> 5 // room for the sum of up to 32 choices
			sum += weights[z]
		}
	}
	ppm, left, last := make([]int, len(s)), int(million-leader), 0
	for z := range s {
		switch {
		case z == top:
			ppm[z] = int(leader)
			continue
		case sum == 0:
			ppm[z] = int(million-leader) / (len(s) - 1)
		default:
			hi, lo := bits.Mul64(weights[z], uint64(million-leader))
			share, _ := bits.Div64(hi, lo, sum)
			ppm[z] = int(share)
		}
		left -= ppm[z]
		last = z
	}
	ppm[last] += left
	return ppm
}

// encode writes scores as decimal numbers with commas, the form that a question's state has.
func (s scores) encode() polls.State {
	out := make([]byte, 0, 16*len(s))
	for i, score := range s {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, score, 10)
	}
	return out
}

func decodeScores(state polls.State, choices int) (scores, error) {
	out := make(scores, choices)
	parts := strings.Split(string(state), ",")
	if len(parts) != choices {
		return nil, fmt.Errorf("state has %d scores for %d choices", len(parts), choices)
	}
	for i, part := range parts {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("state: %w", err)
		}
		out[i] = n
	}
	return out, nil
}
