package labeling

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// Confusion is how one respondent answers the questions of a family.
type Confusion struct {
	Errors // in all other families

	// Counts[truth*choices+answer] is how often they gave the answer when the truth was that, in thousandths: where the
	// truth is known by a posterior only, an answer counts for each truth with its probability. Nil for somebody who is
	// known from other families only.
	Counts []int

	// Void is said of those whose answers weigh nothing: gold proves them worthless, or they copy each other.
	Void bool
}

// Errors is how many answers of one respondent were wrong, and how many would have been if everybody erred alike, in
// thousandths. Their ratio goes with them from family to family: who errs half as often as others when it is about dogs
// does so when it is about birds, until they have shown there how good they are. It does not go far, however much they
// have answered: families differ, and in one that nobody else looks at people can agree with each other on anything.
type Errors struct {
	Respondent polls.RespondentID
	Wrong      int
	Expected   int
}

// Family is what is known of questions that share their choices, so that an answer to one says how the same person
// answers another. It does not change.
type Family struct {
	Choices     int
	Truths      []int       // how often each choice was true, in thousandths
	People      []Confusion // by respondent, each once
	Calibration Calibration

	// Alike numbers, from 1 on, groups of people who answer alike, as far as that was just learned: no snapshot has it, since what
	// an answer weighs does not depend on it. See Shares.Alike.
	Alike map[polls.RespondentID]int

	index map[polls.RespondentID]int
	start scores  // before the first answer
	curve []int64 // of the calibration
	crowd matrix
	apart []int64 // of leader*choices+rival: see matrix.apart
}

// matrix is how probable each answer is given each truth, in parts per million: matrix[truth*choices+answer].
type matrix []int64

const (
	thousand = 1000

	// Of a crowd of which nothing is known, an answer is right in so many parts per million.
	unknownAccuracy = 750_000

	// What somebody says given one truth is held for what others say until they have shown as many answers to such
	// questions; and choices for equally frequent until as many questions.
	rowStrength   = 5 * thousand
	truthStrength = 10 * thousand

	// What somebody shows in other families counts for so many expected errors at most.
	elsewhereStrength = 5 * thousand

	// Nobody counts as surer than that, so that no single answer decides alone.
	surest = 990_000

	// Somebody says as much about the crowd as these answers, and no more, however many they gave.
	crowdShown = 20 * thousand

	// All counts of a family together, so that they stay in 63 bits when they are multiplied by a million.
	countMax = 1 << 42
)

func byRespondent(a, b Confusion) int { return cmp.Compare(a.Respondent, b.Respondent) }

// NewFamily checks and completes what is known of a family. It keeps the slices.
func NewFamily(f Family) (*Family, error) {
	k := f.Choices
	if k < polls.ChoicesMin || k > polls.ChoicesMax || len(f.Truths) != k {
		return nil, fmt.Errorf("family: %d truths for %d choices", len(f.Truths), k)
	}
	if err := f.Calibration.check(); err != nil {
		return nil, err
	}
	slices.SortFunc(f.People, byRespondent)
	f.curve = f.Calibration.regress()
	f.index = make(map[polls.RespondentID]int, len(f.People))
	total, given, sum := make([]int, k*k), make([]int, k*k), 0
	for i, p := range f.People {
		if _, twice := f.index[p.Respondent]; twice || len(p.Counts) != 0 && len(p.Counts) != k*k {
			return nil, fmt.Errorf("family: %s is there twice, or has %d counts for %d choices", p.Respondent, len(p.Counts), k)
		}
		if p.Wrong < 0 || p.Wrong > countMax || p.Expected < 0 || p.Expected > countMax {
			return nil, fmt.Errorf("family: %s has %d wrong answers elsewhere where %d were expected", p.Respondent, p.Wrong, p.Expected)
		}
		f.index[p.Respondent] = i
		own := 0
		for _, n := range p.Counts {
			if n < 0 || n > countMax-sum {
				return nil, fmt.Errorf("family: %s has a count of %d", p.Respondent, n)
			}
			sum += n
			own += n
		}
		for cell, n := range p.Counts {
			if p.Void {
				break
			}
			total[cell] += n * crowdShown / max(own, crowdShown)
			given[cell] += n
		}
	}
	f.crowd = flat(k).of(Confusion{Counts: total}, k)
	f.apart = flat(k).of(Confusion{Counts: given}, k).apart(k)
	f.start = make(scores, k)
	for z, n := range f.Truths {
		if n < 0 || n > countMax {
			return nil, fmt.Errorf("family: a choice was true %d times", n)
		}
		f.start[z] = log2(uint64(n + truthStrength/k))
	}
	top := slices.Max(f.start)
	for z := range f.start {
		f.start[z] -= top
	}
	return &f, nil
}

// flat is the matrix of a crowd of which nothing is known.
func flat(k int) matrix {
	m := make(matrix, k*k)
	for cell := range m {
		m[cell] = (million - unknownAccuracy) / int64(k-1)
		if cell/k == cell%k {
			m[cell] = unknownAccuracy
		}
	}
	return m
}

// of returns the matrix of somebody who is one of those with matrix m and has shown these counts. As long as they are few,
// only how often they are wrong is taken from the counts, here and in other families, and their mistakes are those of the
// others: one coin a person. With more, each truth gets a row of its own:
//
//	errors           = (wrong answers + 1) / (those expected of m + 1), those elsewhere as if there were few
//	prior(z, a != z) = errors * m(z, a), the row's sum at most that of an even guess
//	of(z, a)         = (counts(z, a) + strength * prior(z, a)) / (counts(z) + strength)
func (m matrix) of(p Confusion, k int) matrix {
	out := make(matrix, k*k)
	for a := range k {
		column := m.column(p, k, a)
		for z := range k {
			out[z*k+a] = column[z]
		}
	}
	return out
}

// column returns what of has in the column of one answer: how probable it is given each truth.
func (m matrix) column(p Confusion, k, a int) (out [polls.ChoicesMax]int64) {
	wrong, expected, shown := m.errors(p.Counts, k)
	wrongElsewhere, elsewhere := int64(p.Wrong), int64(p.Expected)
	if elsewhere > elsewhereStrength {
		wrongElsewhere, elsewhere = wrongElsewhere*elsewhereStrength/elsewhere, elsewhereStrength
	}
	wrong += wrongElsewhere + thousand
	expected += elsewhere + thousand
	guess := int64(million) * int64(k-1) / int64(k)
	for z := range k {
		usual := max(million-m[z*k+z], 1)
		errors := min(usual*wrong/expected, guess)
		prior := m[z*k+a] * errors / usual
		if a == z {
			prior = million - errors
		}
		count := int64(0)
		if len(p.Counts) > 0 {
			count = int64(p.Counts[z*k+a])
		}
		out[z] = (count*million + rowStrength*prior) / (shown[z] + rowStrength)
	}
	return out
}

// errors returns, of the answers of somebody who has shown these counts, how many were wrong, how many are expected to be
// of one of those with matrix m, and how many there were to each truth.
func (m matrix) errors(counts []int, k int) (wrong, expected int64, shown [polls.ChoicesMax]int64) {
	if len(counts) == 0 {
		return 0, 0, shown
	}
	for z := range k {
		for _, n := range counts[z*k : (z+1)*k] {
			shown[z] += int64(n)
		}
		wrong += shown[z] - int64(counts[z*k+z])
		expected += shown[z] * (million - m[z*k+z]) / million
	}
	return wrong, expected, shown
}

// Errors returns how the people err whose answers to this family are counted, by respondent.
func (f *Family) Errors() []Errors {
	var out []Errors
	for _, p := range f.People {
		if len(p.Counts) == 0 {
			continue
		}
		wrong, expected, _ := f.crowd.errors(p.Counts, f.Choices)
		if expected > 0 {
			out = append(out, Errors{p.Respondent, int(wrong), int(expected)})
		}
	}
	return out
}

// logOf returns the logarithm of a cell, which counts as neither surer nor less sure than anybody is taken to be.
func logOf(cell int64, k int) int64 {
	return log2(uint64(min(max(cell, (million-surest)/int64(k-1)), surest))) - logMillion
}

var logMillion = log2(million)

// apart returns, for each leader and each rival, how well the crowd tells them apart: with what probability somebody who
// only said which of the two it is would have to be right, for their answer to say as much.
func (m matrix) apart(k int) []int64 {
	logs := make([]int64, len(m))
	for cell := range m {
		logs[cell] = logOf(m[cell], k)
	}
	out := make([]int64, len(m))
	for z := range k {
		for y := range k {
			drift := int64(0)
			for a := range k {
				drift += m[z*k+a] * ((logs[z*k+a] - logs[y*k+a]) / million)
			}
			low, high := int64(million/2), int64(surest)
			for high-low > 1 {
				q := (low + high) / 2
				if (2*q-million)*(log2Ratio(uint64(q), uint64(million-q))/million) < drift {
					low = q
				} else {
					high = q
				}
			}
			out[z*k+y] = high
		}
	}
	return out
}

// Posterior returns how probable each choice is by what people answered, in parts per million.
func (f *Family) Posterior(votes []polls.Vote) []int {
	s := slices.Clone(f.start)
	for _, v := range votes {
		f.weigh(s, v)
	}
	return s.posterior(f.posterior(s.odds()))
}

// void says whether what somebody answers weighs nothing.
func (f *Family) void(id polls.RespondentID) bool {
	i, known := f.index[id]
	return known && f.People[i].Void
}

// weigh adds to the scores of a question what an answer says. It takes about a microsecond with four choices.
func (f *Family) weigh(s scores, v polls.Vote) {
	if v.Choice == polls.CannotTell {
		return
	}
	k := f.Choices
	i, known := f.index[v.Respondent]
	if !known {
		for z := range s {
			s[z] += logOf(f.crowd[z*k+v.Choice], k)
		}
		return
	}
	if f.People[i].Void {
		return
	}
	column := f.crowd.column(f.People[i], k, v.Choice)
	for z := range s {
		s[z] += logOf(column[z], k)
	}
}
