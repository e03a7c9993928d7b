package labeling

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Closed is a question that is over, and what it teaches.
type Closed struct {
	Votes []polls.Vote // in the order in which they came
	Gold  int          // the choice that is known to be true, or NoChoice
}

// Lesson is what a family is learned from.
type Lesson struct {
	Choices   int
	Closed    []Closed // its questions that are over
	Least     int      // from how many answers on a question may close
	Elsewhere []Errors // how people err in all other families
}

// Learn returns what closed questions of a family say of the people who answered. The truth of those without gold is the
// posterior of the model of Dawid and Skene. Calibration is by gold: each of them as if it had not been there, as far as
// it says who is good, and from the answer on at which a question may close. Nothing depends on the order of the questions.
//
// It computes in floats, which differ in their last bits between kinds of machines; what it returns are counts, and from
// them everything follows to the bit.
func Learn(ctx context.Context, from Lesson) (*Family, error) {
	return newLesson(from).learn(ctx, from.Least)
}

func newLesson(from Lesson) *lesson {
	l := &lesson{choices: from.Choices, closed: from.Closed, number: make(map[polls.RespondentID]int32)}
	l.gather(from.Elsewhere)
	return l
}

func (l *lesson) learn(ctx context.Context, least int) (*Family, error) {
	choices := l.choices
	if len(l.closed) == 0 {
		return NewFamily(Family{Choices: choices, Truths: make([]int, choices), People: l.people})
	}
	l.strike()
	if err := l.fit(ctx); err != nil {
		return nil, err
	}
	f, err := NewFamily(Family{Choices: choices, Truths: l.truths, People: l.people})
	if err != nil {
		return nil, err
	}
	calibrated := *f
	calibrated.Calibration, calibrated.Alike = l.calibrate(f, least), l.alike
	return NewFamily(calibrated)
}

// Learn returns what was learned of a family from a lesson, and from the calibrations of others with as many choices. There
// is a snapshot if it is Known.
func (p FamilyProgress) Learn(ctx context.Context, from Lesson, others []Calibration, at time.Time) (Learned, error) {
	if p.IsOfValues() {
		return p.learnValues(from, Learned{FamilyProgress: p, At: at})
	}
	lesson := newLesson(from)
	f, err := lesson.learn(ctx, from.Least)
	if err != nil {
		return Learned{}, err
	}
	l := Learned{FamilyProgress: p, At: at, Errors: f.Errors(), Passed: lesson.passed, Calibration: f.Calibration}
	if !p.Known() {
		return l, nil
	}
	pooled := *f
	pooled.Calibration = f.Calibration.Pool(others)
	if f, err = NewFamily(pooled); err != nil {
		return Learned{}, err
	}
	l.Snapshot, err = NewSnapshot(p.Family, p.Version+1, f, at)
	return l, err
}

type lesson struct {
	choices int
	closed  []Closed
	number  map[polls.RespondentID]int32
	people  []Confusion
	truths  []int
	passed  []polls.RespondentID // by gold
	alike   map[polls.RespondentID]int
}

// gather numbers the respondents by their ids.
func (l *lesson) gather(elsewhere []Errors) {
	for _, e := range elsewhere {
		l.number[e.Respondent] = int32(len(l.people))
		l.people = append(l.people, Confusion{Errors: e})
	}
	for _, q := range l.closed {
		for _, v := range q.Votes {
			i, known := l.number[v.Respondent]
			if !known {
				i = int32(len(l.people))
				l.number[v.Respondent] = i
				l.people = append(l.people, Confusion{Errors: Errors{Respondent: v.Respondent}})
			}
			if l.people[i].Counts == nil {
				l.people[i].Counts = make([]int, l.choices*l.choices)
			}
		}
	}
	slices.SortFunc(l.people, byRespondent)
	for i, p := range l.people {
		l.number[p.Respondent] = int32(i)
	}
}

// fit counts how people answered given each truth. The model of Dawid and Skene begins with what gold alone says of who is
// good, so that a crowd most of whom agree on what is wrong does not lead it. A question without gold that has one answer
// teaches nothing: its posterior is that answer.
func (l *lesson) fit(ctx context.Context) error {
	k := l.choices
	c := aggregate.Columns{Tasks: len(l.closed), Workers: len(l.people), Classes: k}
	golds := make([]int32, len(l.closed))
	for t, q := range l.closed {
		golds[t] = int32(q.Gold)
		for _, v := range l.once(q.Votes) {
			if l.people[l.number[v.Respondent]].Void {
				continue
			}
			c.Task, c.Worker, c.Class = append(c.Task, int32(t)), append(c.Worker, l.number[v.Respondent]), append(c.Class, int32(v.Choice))
		}
	}
	votes, err := aggregate.NewVotes(c)
	if err != nil {
		return err
	}
	begin, err := l.byGold()
	if err != nil {
		return err
	}
	method := aggregate.IBCC
	if begin == nil {
		method = aggregate.DawidSkene
	}
	const iterations, tolerance = 30, 1e-5 // it is done again soon
	result, err := aggregate.Fit(ctx, method, votes, aggregate.Options{Iterations: iterations, Tolerance: tolerance, Known: golds, Begin: begin})
	if err != nil {
		return err
	}
	truth := make([]float64, k)
	l.recount(func(t int) []float64 {
		result.Posterior.Row(t, truth)
		return truth
	})
	return nil
}

// recount counts truths and answers, of gold and of the questions with more than one answer that have a posterior.
func (l *lesson) recount(posterior func(question int) []float64) {
	l.truths = make([]int, l.choices)
	for _, p := range l.people {
		clear(p.Counts)
	}
	for t, q := range l.closed {
		switch {
		case q.Gold != NoChoice:
			l.truths[q.Gold] += thousand
			l.count(q.Votes, q.Gold, thousand)
		case posterior != nil && l.heard(l.once(q.Votes)) > 1:
			for z, p := range posterior(t) {
				n := int(math.Round(p * thousand))
				l.truths[z] += n
				l.count(q.Votes, z, n)
			}
		}
	}
}

// byGold returns the posterior of each question by what people answered to gold; nil when there is none.
func (l *lesson) byGold() ([]float64, error) {
	if !slices.ContainsFunc(l.closed, func(q Closed) bool { return q.Gold != NoChoice }) {
		return nil, nil
	}
	l.recount(nil)
	f, err := NewFamily(Family{Choices: l.choices, Truths: l.truths, People: slices.Clone(l.people)})
	if err != nil {
		return nil, err
	}
	out := make([]float64, 0, len(l.closed)*l.choices)
	for _, q := range l.closed {
		s := slices.Clone(f.start)
		for _, v := range l.once(q.Votes) {
			f.weigh(s, v)
		}
		for _, ppm := range s.posterior(modelled(s.odds())) {
			out = append(out, float64(ppm)/million)
		}
	}
	return out, nil
}

func (l *lesson) count(votes []polls.Vote, truth, n int) {
	for _, v := range votes {
		if v.Choice != polls.CannotTell {
			l.people[l.number[v.Respondent]].Counts[truth*l.choices+v.Choice] += n
		}
	}
}

// Calibration has a step for each half of a log2 unit.
const (
	stepWidth = thousand / 2
	stepCount = 48
)

func (l *lesson) calibrate(f *Family, least int) Calibration {
	c := Calibration{Steps: make([]Step, stepCount)}
	for i := range c.Steps {
		c.Steps[i].From = i * stepWidth
	}
	for _, q := range l.closed {
		if q.Gold == NoChoice || len(q.Votes) < least {
			continue
		}
		l.count(q.Votes, q.Gold, -thousand)
		s := slices.Clone(f.start)
		c.see(s, q.Gold, len(q.Votes), max(least, 1), func(n int) { f.weigh(s, q.Votes[n]) })
		l.count(q.Votes, q.Gold, thousand)
	}
	return c
}

// strike finds those whom gold proves worthless, and those who copy each other: the others do not learn from them. And it
// finds those who have passed.
func (l *lesson) strike() {
	records := make([]GoldRecord, len(l.people))
	for _, q := range l.closed {
		for _, v := range q.Votes {
			records[l.number[v.Respondent]].count(v.Choice, q.Gold)
		}
	}
	for i, r := range records {
		l.people[i].Void = r.Worthless(l.choices)
	}
	copying, alike := findCopies(l.choices, l.closed, l.number)
	for _, group := range copying {
		for _, i := range group {
			l.people[i].Void = true
		}
	}
	l.alike = make(map[polls.RespondentID]int)
	for n, group := range alike {
		for _, i := range group {
			l.alike[l.people[i].Respondent] = n + 1
		}
	}
	for i, r := range records {
		if !l.people[i].Void && r.Passed(l.choices) {
			l.passed = append(l.passed, l.people[i].Respondent)
		}
	}
}

// once returns votes but for those of people who answer alike to an earlier one who said something and is heard: that they agree says
// nothing of the truth.
func (l *lesson) once(votes []polls.Vote) []polls.Vote {
	if len(l.alike) == 0 {
		return votes
	}
	heard := make(map[int]bool)
	return slices.DeleteFunc(slices.Clone(votes), func(v polls.Vote) bool {
		group := l.alike[v.Respondent]
		if group == 0 || v.Choice == polls.CannotTell || l.people[l.number[v.Respondent]].Void {
			return false
		}
		twice := heard[group]
		heard[group] = true
		return twice
	})
}

// heard is how many of the people who answered weigh anything.
func (l *lesson) heard(votes []polls.Vote) (n int) {
	for _, v := range votes {
		if !l.people[l.number[v.Respondent]].Void {
			n++
		}
	}
	return n
}
