package labeling

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
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
	alike    map[polls.RespondentID]int
}

// everything is the share of everybody where nobody is chosen.
var everything = Shares{newcomer: thousand}

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
	s := Shares{make(map[polls.RespondentID]int, len(f.People)), share(f.bits(f.crowd), newcomerShare), f.Alike}
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

// Alike returns the number of the group of people who answer so much alike that what one of them says tells what the others
// will, 0 for most people. Their answers to the same question are little more than one, so every other question that has
// one of them opens to the others last: see OpensApart.
func (s Shares) Alike(id polls.RespondentID) int { return s.alike[id] }

// LeftOpen returns how much of the log-odds that a confidence policy asks for its answers have left open, in thousandths, by a
// question's state: 0 before the first answer, and for policies that only count.
func LeftOpen(p polls.Policy, state polls.State) int {
	if p.Kind != polls.Confidence || state == nil {
		return 0
	}
	s, err := decodeScores(state, strings.Count(string(state), ",")+1)
	if err != nil {
		return 0
	}
	return s.leftOpen(p)
}

func (s scores) leftOpen(p polls.Policy) int {
	target := max(log2Ratio(uint64(p.TargetPPM), uint64(million-p.TargetPPM)), 1)
	return int(thousand - thousand*min(max(s.odds(), 0), target)/target)
}

// ShareOf is the share of somebody of the questions whose answers have left so much open. What is easy is for everybody; where
// people contradict each other, or have said little, better ones are asked first:
//
//	share * (1 - (1 - share) * open)
func ShareOf(share, open int) int {
	return share - share*(thousand-share)/thousand*open/thousand
}

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
	draw := drawOf(q, id)
	if draw < share {
		return asked
	}
	rise := opensToAll(asked, deadline).Sub(asked)
	return asked.Add(rise * time.Duration(draw-share+1) / time.Duration(thousand-share))
}

func drawOf(q polls.QuestionID, id polls.RespondentID) int {
	sum := sha256.Sum256([]byte(string(q) + "\x00" + string(id)))
	return int(binary.BigEndian.Uint64(sum[:8]) % thousand)
}

// OpensApart returns when a question opens to those who answer alike to somebody who has it or has answered it: with everybody,
// but at once for every other question, gold or not. Else nothing more would be seen of whether they copy each other.
func OpensApart(q polls.QuestionID, asked, deadline time.Time) time.Time {
	if isApart(q) {
		return opensToAll(asked, deadline)
	}
	return asked
}

func isApart(q polls.QuestionID) bool { return drawOf(q, "") < thousand/2 }

// opensToAll returns when a question is open to everybody.
func opensToAll(asked, deadline time.Time) time.Time {
	return asked.Add(min(deadline.Sub(asked)/2, openToAll))
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
