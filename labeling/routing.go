package labeling

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"time"

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

// Newcomer returns the share of people of whom nothing is known.
func (s Shares) Newcomer() int { return s.newcomer }

// People returns those of whom something is known, by their ids.
func (s Shares) People() []polls.RespondentID { return slices.Sorted(maps.Keys(s.of)) }

// openToAll is after which time at the latest a question opens to everybody; one that is over sooner does so at half of its
// life.
const openToAll = time.Hour

// Opens returns when a question opens to somebody with a share: a share of the questions when they are asked, and of the
// others one after the other, until all are open after half of their life or an hour. So those who are worth most have
// questions to themselves at first, but none waits for ever for better people, and a crowd of few, or of newcomers, works
// on. Which questions are open to whom at first depends on nothing but their ids: who asks again gets no other draw, and
// whether a question is gold makes no difference.
//
//	draw  = the first 8 bytes of SHA-256(question, a zero byte, respondent), modulo 1000
//	share = what it is when the question is asked, and rises evenly to 1000
//	open  = draw < share
func Opens(q polls.QuestionID, id polls.RespondentID, share int, asked, deadline time.Time) time.Time {
	sum := sha256.Sum256([]byte(string(q) + "\x00" + string(id)))
	draw := int(binary.BigEndian.Uint64(sum[:8]) % thousand)
	if draw < share {
		return asked
	}
	rise := min(deadline.Sub(asked)/2, openToAll)
	return asked.Add(rise * time.Duration(draw-share+1) / time.Duration(thousand-share))
}

// inTurn returns people, who all wait for a question from when it is asked, in the order in which it opens to them. Those
// to whom it opens at once stay in theirs.
func inTurn[T any](s Shares, q polls.QuestionID, people []T, id func(T) polls.RespondentID) []T {
	type turn struct {
		who T
		at  time.Time
	}
	var asked time.Time
	turns := make([]turn, len(people))
	for i, p := range people {
		turns[i] = turn{p, Opens(q, id(p), s.Of(id(p)), asked, asked.Add(2*openToAll))}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return a.at.Compare(b.at) })
	out := make([]T, len(turns))
	for i, t := range turns {
		out[i] = t.who
	}
	return out
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
