package labeling

import (
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// valueRule makes of the score of an answer that is a value a pass or a miss, so that gold measures people by values as it does
// by choices.
type valueRule struct {
	least int // from what score on an answer is right
	odds  int // who ignores the question is right once in so many times at most, as who guesses at one of so many choices
}

// Each score is one that people who look reach with small mistakes, and that who does not look reaches hardly ever:
//
//	multiple   two thirds: one of three left out, or one too many with two. Ticking at random gives that, of two choices that
//	           may both be ticked, one time in four, and less often with more.
//	ranking    four fifths of all pairs in order: of three everything, of four all but one pair of neighbours, of five all but
//	           two. One order in six does of three and of four, and fewer of more.
//	number     half, which is what the tolerance gives, and exactly the truth where that would be more than a sixth of the range
//	text       two thirds: one letter in three may be wrong
//	others     two thirds: half of what there is to mark and nothing else; or all of it, and as much again
//
// Who draws, marks or writes without looking is right less than once in twenty times. A known answer with which that is not so
// is no gold: see measures.
var valueRules = map[polls.Type]valueRule{
	polls.Multiple: {twoThirds, 4},
	polls.Ranking:  {million * 4 / 5, 6},
	polls.Number:   {million / 2, 6},
	polls.Text:     {twoThirds, 20},
	polls.Boxes:    {twoThirds, 20},
	polls.Polygons: {twoThirds, 20},
	polls.Mask:     {twoThirds, 20},
	polls.Spans:    {twoThirds, 20},
}

const twoThirds = million * 2 / 3

// leastScore is from what score on an answer is right, by a question's type and truth.
func leastScore(q *polls.Question, truth polls.Value) (int, error) {
	rule := valueRules[q.Type]
	if q.Type != polls.Number {
		return rule.least, nil
	}
	n, err := truth.Number()
	if err != nil {
		return 0, err
	}
	near, all := guessedNumbers(q.Number, n)
	if near*rule.odds > all {
		return million, nil
	}
	return rule.least, nil
}

// isRight says whether a value is right where another one is the truth.
func isRight(q *polls.Question, v, truth polls.Value) (bool, error) {
	_, right, err := scoreAnswer(q, 0, v, &Truth{Value: truth})
	return right, err
}

// guessedNumbers returns how many numbers of a range are within the tolerance of a truth, and how many there are.
func guessedNumbers(r *polls.NumberRange, truth polls.Decimal) (near, all int) {
	unit, off := unitOf(r.Decimals), tolerance(r, truth)
	return int(min(off, truth-r.Min)/unit + min(off, r.Max-truth)/unit + 1), int((r.Max-r.Min)/unit + 1)
}

// guessedSelections returns how many selections are right where one is the truth, and how many there are.
func guessedSelections(q *polls.Question, truth []int) (right, all int) {
	others := len(q.Choices) - len(truth)
	for both := range len(truth) + 1 {
		for more := range others + 1 {
			if n := both + more; n < q.Least || n > q.Most {
				continue
			}
			ways := binomial(len(truth), both) * binomial(others, more)
			if all += ways; share(both, len(truth)+more) >= valueRules[polls.Multiple].least {
				right += ways
			}
		}
	}
	return right, all
}

func binomial(n, k int) int {
	out := 1
	for i := range k {
		out = out * (n - i) / (i + 1)
	}
	return out
}

// measures says whether a known answer tells those who look from those who do not: whether who guesses, marks nothing, marks
// everything or leaves things as they are would miss it.
func measures(q *polls.Question, truth polls.Value) (bool, error) {
	odds := valueRules[q.Type].odds
	switch q.Type {
	case polls.Number:
		n, err := truth.Number()
		_, all := guessedNumbers(q.Number, n)
		return all >= odds, err
	case polls.Ranking:
		if len(q.Choices) < 3 {
			return false, nil
		}
	case polls.Multiple:
		selected, err := truth.Selection()
		if err != nil {
			return false, err
		}
		if right, all := guessedSelections(q, selected); right*odds > all {
			return false, nil
		}
	}
	for _, careless := range carelessAnswers(q) {
		v, err := polls.ValueOf(careless)
		if err != nil {
			return false, err
		}
		if right, err := isRight(q, v, truth); right || err != nil {
			return false, err
		}
	}
	return true, nil
}

// carelessAnswers are what takes no look: nothing, everything, all of the image or the passage as one of the classes, and the
// order in which things are given.
func carelessAnswers(q *polls.Question) (out []any) {
	indexes := make([]int, len(q.Choices))
	for i := range indexes {
		indexes[i] = i
	}
	switch q.Type {
	case polls.Multiple:
		return []any{[]int{}, indexes}
	case polls.Ranking:
		return []any{indexes}
	case polls.Boxes, polls.Polygons, polls.Mask, polls.Spans:
		out = append(out, []any{})
	}
	for class := range q.Choices {
		switch q.Type {
		case polls.Boxes:
			out = append(out, []polls.Box{{Class: class, W: q.Image.Width, H: q.Image.Height}})
		case polls.Polygons:
			w, h := q.Image.Width, q.Image.Height
			out = append(out, []polls.Polygon{{Class: class, Points: []int{0, 0, w, 0, w, h, 0, h}}})
		case polls.Mask:
			out = append(out, []polls.ClassMask{{Class: class, Counts: []int{0, q.Image.Width * q.Image.Height}}})
		case polls.Spans:
			out = append(out, []polls.Span{{Class: class, End: len([]rune(q.Passage))}})
		}
	}
	return out
}

// The classes of a family whose answers are values, as far as it is known: every truth is the first of them.
const (
	asKnown = iota
	notAsKnown
	knownClasses
)

// contradicted says whether nobody gave the known answer, while several gave one other that who does not look would not give.
func (g *Gold) contradicted(q *polls.Question, votes []polls.Vote) (bool, error) {
	missed, err := g.Missed(q, votes)
	if err != nil {
		return false, err
	}
	var told []polls.Value
	for _, v := range votes {
		switch {
		case v.Value == "":
		case !slices.Contains(missed, v.Respondent):
			return false, nil
		default:
			told = append(told, v.Value)
		}
	}
	for _, truth := range told {
		careful, err := measures(q, truth)
		if err != nil {
			return false, err
		}
		if !careful {
			continue
		}
		alike := 0
		for _, v := range told {
			right, err := isRight(q, v, truth)
			if err != nil {
				return false, err
			}
			if right {
				alike++
			}
		}
		if alike >= contradictors {
			return true, nil
		}
	}
	return false, nil
}

// Missed returns whose answers, where they are values, are not as known. Nobody where they are choices, which tell by
// themselves.
func (g *Gold) Missed(q *polls.Question, votes []polls.Vote) (missed []polls.RespondentID, err error) {
	for _, v := range votes {
		if g.Value == "" || v.Value == "" {
			continue
		}
		right, err := isRight(q, v.Value, g.Value)
		if err != nil {
			return nil, err
		}
		if !right {
			missed = append(missed, v.Respondent)
		}
	}
	return missed, nil
}

// learnValues is Learn of a family whose answers are values. Its questions are golds; what is learned are passes and misses,
// and by these alone who is worthless and who has passed.
func (p FamilyProgress) learnValues(from Lesson, l Learned) (Learned, error) {
	records := make(map[polls.RespondentID]*GoldRecord)
	for _, q := range from.Closed {
		for _, v := range q.Votes {
			if records[v.Respondent] == nil {
				records[v.Respondent] = new(GoldRecord)
			}
			records[v.Respondent].count(v.Choice, q.Gold)
		}
	}
	known := Family{Choices: knownClasses, Truths: []int{len(from.Closed) * thousand, 0}}
	for id, r := range records {
		person := r.confusion(id, p.Type)
		known.People = append(known.People, person)
		if !person.Void && r.Passed(valueRules[p.Type].odds) {
			l.Passed = append(l.Passed, id)
		}
	}
	slices.Sort(l.Passed)
	if !p.Known() {
		return l, nil
	}
	f, err := NewFamily(known)
	if err != nil {
		return Learned{}, err
	}
	l.Snapshot, err = NewSnapshot(p.Family, p.Version+1, f, l.At)
	return l, err
}

// confusion is what a snapshot tells of somebody by their record on golds that are values.
func (g GoldRecord) confusion(id polls.RespondentID, of polls.Type) Confusion {
	counts := make([]int, knownClasses*knownClasses)
	counts[asKnown], counts[notAsKnown] = g.Right*thousand, g.Wrong*thousand
	return Confusion{Errors: Errors{Respondent: id}, Counts: counts, Void: g.Worthless(valueRules[of].odds)}
}

// ValueRecords are how everybody did on the opened golds of a family whose answers are values, one answer after the other: from
// them follows what a snapshot of the family tells.
type ValueRecords struct {
	of    polls.Type
	golds int
	told  map[polls.RespondentID][]byte
}

// What somebody said to a gold.
const (
	toldRight = iota
	toldWrong
	toldUnsure
	toldErased // which was right or wrong
)

// NewValueRecords returns those of a family with questions of a type and no golds.
func NewValueRecords(of polls.Type) *ValueRecords {
	return &ValueRecords{of: of, told: make(map[polls.RespondentID][]byte)}
}

// Add adds the next gold that was opened, with all votes on its question.
func (r *ValueRecords) Add(g *Gold, q *polls.Question, votes []polls.Vote) error {
	missed, err := g.Missed(q, votes)
	if err != nil {
		return err
	}
	r.golds++
	for _, v := range votes {
		told := byte(toldRight)
		switch {
		case v.Erased:
			told = toldErased
		case v.Value == "":
			told = toldUnsure
		case slices.Contains(missed, v.Respondent):
			told = toldWrong
		}
		r.told[v.Respondent] = append(r.told[v.Respondent], told)
	}
	return nil
}

// Explain returns somebody in a snapshot who is not known as they were after any of the golds, or nobody when all are. What was
// erased may have been right or wrong. Of more golds than a lesson has nothing is said.
func (r *ValueRecords) Explain(s *Snapshot) (unlike polls.RespondentID, explained bool) {
	if r.golds > LessonMost {
		return "", true
	}
	for _, p := range s.Known.People {
		var g GoldRecord
		erased, found := 0, false
		for _, told := range r.told[p.Respondent] {
			switch told {
			case toldRight:
				g.Right++
			case toldWrong:
				g.Wrong++
			case toldUnsure:
				g.Unsure++
			case toldErased:
				erased++
			}
			if found = r.isLike(&p, g, erased); found {
				break
			}
		}
		if !found {
			return p.Respondent, false
		}
	}
	return "", true
}

// isLike says whether what a snapshot tells of somebody is what their record does, if some of what was erased was right and the
// rest wrong.
func (r *ValueRecords) isLike(p *Confusion, g GoldRecord, erased int) bool {
	for right := range erased + 1 {
		with := g
		with.Right, with.Wrong = g.Right+right, g.Wrong+erased-right
		is := with.confusion(p.Respondent, r.of)
		if is.Void == p.Void && slices.Equal(is.Counts, p.Counts) {
			return true
		}
	}
	return false
}

// ErrEasyGold reports a known answer that measures nobody.
var ErrEasyGold = tasknet.NewError(tasknet.Invalid, "easy_gold", "Who does not look at the question would often give this known answer too, as where nothing or everything is marked, so that it shows nothing of who answers; ask it without.")
