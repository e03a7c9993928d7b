package labeling

import (
	"cmp"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Gold is a question whose answer its requester knows. It is asked as every other question is: only when it has closed is
// it told that it was one, and then it can be none again.
type Gold struct {
	Question polls.QuestionID
	Truth
	State GoldState
	At    time.Time // when the truth was given
}

// GoldState says how far a gold is.
type GoldState string

// The states of a gold.
const (
	GoldHidden    GoldState = "hidden"    // the question is open
	GoldOpened    GoldState = "opened"    // it is closed, and skills are learned from it
	GoldSuspended GoldState = "suspended" // it is closed, and skilled people contradict it: it is held against nobody
)

var errGold = tasknet.NewError(tasknet.Invalid, "bad_gold", "The known answer is no answer to the question: give one of its choices, or a value of its type.")

// NewGold returns the gold of a question that is about to be asked. ErrEasyGold when it would measure nobody.
func NewGold(q *polls.Question, truth Truth) (*Gold, error) {
	if truth.Choice == polls.CannotTell || q.CheckAnswer(truth.Choice, truth.Value) != nil {
		return nil, errGold
	}
	if !q.Type.IsLabel() {
		if measured, err := measures(q, truth.Value); err != nil || !measured {
			return nil, cmp.Or(err, error(ErrEasyGold))
		}
	}
	return &Gold{q.ID, truth, GoldHidden, q.CreatedAt}, nil
}

// What it takes to suspend a gold: so many people who are known by so many answers each say the same other thing, and by
// all that is known of who answered it is wrong once in a hundred times.
const (
	contradictors   = 3
	contradictorHas = 10 * thousand
	contradictsPPM  = 990_000
)

// Close returns the state of a gold whose question closes with these votes. It follows from the question, from them and from
// the snapshot alone, which is nil when answers are values: nobody's skill weighs these, so that a gold is suspended that
// nobody knew while as many gave one other answer.
func (g *Gold) Close(q *polls.Question, votes []polls.Vote, snapshot *Snapshot) (GoldState, error) {
	if !q.Type.IsLabel() {
		wrong, err := g.contradicted(q, votes)
		if err == nil && wrong {
			return GoldSuspended, nil
		}
		return GoldOpened, err
	}
	f := snapshot.Known
	s := make(scores, f.Choices)
	copy(s, f.start)
	for _, v := range votes {
		f.weigh(s, v)
	}
	leader, skilled := s.leader(), 0
	for _, v := range votes {
		if v.Choice == leader && f.shown(v.Respondent) >= contradictorHas {
			skilled++
		}
	}
	if leader != g.Choice && skilled >= contradictors && s.odds() >= log2Ratio(contradictsPPM, million-contradictsPPM) {
		return GoldSuspended, nil
	}
	return GoldOpened, nil
}

// Void says whether somebody's answers weigh nothing in the family.
func (f *Family) Void(id polls.RespondentID) bool {
	i, known := f.index[id]
	return known && f.People[i].Void
}

// shown is how many answers somebody who weighs anything has shown in the family, in thousandths.
func (f *Family) shown(id polls.RespondentID) (n int) {
	i, known := f.index[id]
	if !known || f.People[i].Void {
		return 0
	}
	for _, count := range f.People[i].Counts {
		n += count
	}
	return n
}
