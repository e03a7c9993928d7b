package labeling

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/polls"
)

// scores are what answers say for each choice, in log2 units: under the one-coin model, in which a respondent is right
// with one probability and wrong evenly, the posterior of a choice is proportional to 2^score. Source: Dawid and
// Skene, Applied Statistics 28 (1979), with one parameter a person, and a uniform prior.
type scores []int64

func (s scores) vote(snapshot *Snapshot, v polls.Vote) {
	s[v.Choice] += snapshot.Of(v.Respondent).weight(len(s))
}

// posterior returns the posterior of each choice in parts per million, rounded to the nearest.
func (s scores) posterior() []int {
	top := s[s.leader()]
	weights, sum := make([]uint64, len(s)), uint64(0)
	for i, score := range s {
		weights[i] = exp2Neg(top-score) >> 8 // room for the sum of up to 256 choices
		sum += weights[i]
	}
	ppm := make([]int, len(s))
	for i, w := range weights {
		hi, lo := bits.Mul64(w, million)
		lo, carry := bits.Add64(lo, sum/2, 0)
		q, _ := bits.Div64(hi+carry, lo, sum)
		ppm[i] = int(q)
	}
	return ppm
}

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

const million = 1_000_000

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
	if state == nil {
		return out, nil
	}
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
