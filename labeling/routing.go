package labeling

import (
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// Shares says of which share of the questions of a family somebody should be asked, in thousandths, by what their answers
// have been worth: all of them for half of the worth of the best tenth of the people, and in proportion below that. Who is
// not worth anything is asked now and then all the same, so that they can show that they have become better; and newcomers
// are asked more often than what is known of newcomers would say, so that they can show what they are.
type Shares struct {
	of       map[polls.RespondentID]int
	newcomer int
}

const (
	leastShare    = 50
	newcomerShare = 300
)

// Shares returns the shares of the people of a family.
func (f *Family) Shares() Shares {
	worths := make([]int64, len(f.People))
	for i, p := range f.People {
		if p.Void {
			continue
		}
		worths[i] = f.bits(f.crowd.of(p, f.Choices))
	}
	sorted := slices.Sorted(slices.Values(worths))
	full := f.bits(f.crowd) / 2
	if len(sorted) > 0 {
		full = max(full, sorted[len(sorted)*9/10]/2)
	}
	share := func(worth int64, least int) int {
		if full <= 0 {
			return thousand
		}
		return int(min(max(worth*thousand/full, int64(least)), thousand))
	}
	s := Shares{make(map[polls.RespondentID]int, len(f.People)), share(f.bits(f.crowd), newcomerShare)}
	for i, p := range f.People {
		s.of[p.Respondent] = share(worths[i], leastShare)
	}
	return s
}

// Of returns somebody's share in thousandths.
func (s Shares) Of(id polls.RespondentID) int {
	if share, known := s.of[id]; known {
		return share
	}
	return s.newcomer
}

// bits returns what an answer of somebody with a matrix is expected to say about the truth, in log2 units, where an answer
// that speaks against its own choice says nothing: it is the mutual information of answer and truth, of which that is left
// out.
func (f *Family) bits(m matrix) int64 {
	k := f.Choices
	prior, sum := make([]int64, k), int64(0)
	for z, n := range f.Truths {
		prior[z] = int64(n + truthStrength/k)
		sum += prior[z]
	}
	for z := range prior {
		prior[z] = prior[z] * million / sum
	}
	total := int64(0)
	for a := range k {
		mean := int64(0) // how probable the answer is
		for z := range k {
			mean += prior[z] * min(m[z*k+a], m[a*k+a]) / million
		}
		if mean == 0 {
			continue
		}
		for z := range k {
			p := min(m[z*k+a], m[a*k+a])
			if p > 0 {
				total += prior[z] * p / million * (log2Ratio(uint64(p), uint64(mean)) >> 12) / million
			}
		}
	}
	return max(total, 0) << 12
}
