package labeling

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Attack is a made-up crowd, some of whom may be dishonest, that is asked made-up questions by the rules of a server: one
// after the other, gold among them, each until the policy stops it, by what was learned of the questions before. Who is
// found to be worthless gets no further question, and no pay for what is open.
type Attack struct {
	Crowd     map[Sort]int // how many people of each sort
	Choices   int
	Questions int
	GoldRate  float64 // the share of the questions that are gold; three times that until there are enough to claim anything
	Policy    polls.Policy
	Routed    bool // who is asked first is chosen as a server does, as by Simulation.Routed, and not at random
	Seed      uint64
}

// Withstood is what came of an attack. Gold is left out but for what people got.
type Withstood struct {
	Asked, Answers  int // questions, and the answers to them
	Right           int // verdicts
	Late, LateRight int // questions of the second half, when most people are known, and the verdicts on these that are right
	Claims, Errors  int // verdicts that claim the policy's confidence, and those of them that are wrong
	Groups          map[Sort]Group
}

// Group is what became of the people of a sort.
type Group struct {
	People int
	Names  int // under which they answered
	Found  int // names that were found to be worthless

	// Answers are those that were given, Paid those of them whose pay was final, and Held those of people who did not pass
	// enough golds for that.
	Answers, Paid, Held int

	// Weight is what an answer says for its choice against the next one, in bits, on average over the last quarter of the
	// questions and everybody of the sort, whether they are still asked or not.
	Weight float64
}

// ErrBadAttack reports an attack that makes no sense.
var ErrBadAttack = tasknet.NewError(tasknet.Invalid, "bad_attack", "An attack takes people of known sorts, 2 to 20 choices, at least one question, a gold rate from 0 to 1, and a confidence policy.")

func (a Attack) check() error {
	people := 0
	for sort, n := range a.Crowd {
		if n < 0 || !slices.Contains(Sorts(), sort) {
			return ErrBadAttack
		}
		people += n
	}
	if people == 0 || a.Choices < polls.ChoicesMin || a.Choices > polls.ChoicesMax || a.Questions < 1 || !(a.GoldRate >= 0 && a.GoldRate <= 1) || a.Policy.Kind != polls.Confidence {
		return ErrBadAttack
	}
	return nil
}

// newcomerMost is how many answers somebody may give before they have passed enough golds.
const newcomerMost = 200

// siege is an attack under way.
type siege struct {
	Attack
	people  []*being
	rng     *rand.Rand
	family  *Family
	shares  Shares
	closed  []Closed
	learned int
	names   map[polls.RespondentID]*account
	weights map[Sort]float64
	weighed map[Sort]int
	out     *Withstood
}

// account is what a name has done.
type account struct {
	sort   Sort
	record GoldRecord
	given  int
}

// Run makes the crowd and asks it everything. It ends with the context's error when that does.
func (a Attack) Run(ctx context.Context) (*Withstood, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	s := &siege{
		Attack: a, people: population(a.Crowd, a.Choices, a.Seed), rng: rand.New(rand.NewPCG(a.Seed, 2<<60)),
		names: make(map[polls.RespondentID]*account), weights: make(map[Sort]float64), weighed: make(map[Sort]int), out: &Withstood{Groups: make(map[Sort]Group)},
	}
	for _, t := range tasks(a.Questions, a.Choices, a.GoldRate, a.Seed) {
		if err := s.learn(ctx, t); err != nil {
			return nil, err
		}
		s.ask(t)
	}
	s.account()
	return s.out, nil
}

// learn learns of the closed questions when there are a quarter more than at the last time, or a hundred.
func (s *siege) learn(ctx context.Context, t task) (err error) {
	if s.family != nil && len(s.closed) < s.learned+min(max(s.learned/4, 10), 100) {
		return nil
	}
	if s.family, err = Learn(ctx, Lesson{Choices: s.Choices, Closed: s.closed, Least: s.Policy.Min}); err != nil {
		return err
	}
	s.learned, s.shares = len(s.closed), s.family.Shares()
	if t.number >= uint64(s.Questions)*3/4 {
		s.weighAll()
	}
	return nil
}

// weighAll notes what the next answer of everybody weighs, on average over the choices.
func (s *siege) weighAll() {
	for _, b := range s.people {
		for choice := range s.Choices {
			alone := make(scores, s.Choices)
			s.family.weigh(alone, polls.Vote{Respondent: b.name, Choice: choice})
			rival := int64(-oddsMax)
			for z, score := range alone {
				if z != choice {
					rival = max(rival, score)
				}
			}
			s.weights[b.sort] += float64(alone[choice]-rival) / logUnit
			s.weighed[b.sort]++
		}
	}
}

// ask asks people until the policy stops the question.
func (s *siege) ask(t task) {
	scores := slices.Clone(s.family.start)
	c := Closed{Gold: NoChoice}
	if t.gold {
		c.Gold = t.truth
	}
	turns := s.arrive(t)
	for b := range turns.all(s.Policy, &scores) {
		name := s.nameOf(b)
		if s.worthless(b, name) || name.given >= newcomerMost && !name.record.Passed(s.Choices) {
			continue
		}
		v := polls.Vote{Respondent: b.name, Choice: b.answer(t, s.Choices, s.Seed)}
		c.Votes = append(c.Votes, v)
		turns.answered(b.name)
		name.given++
		if b.sort == Renewed && name.given >= renewedAfter {
			b.renew()
		}
		s.family.weigh(scores, v)
		if d, _ := s.family.decide(s.Policy, scores, len(c.Votes)); d.Stop {
			break
		}
	}
	s.closed = append(s.closed, c)
	for _, v := range c.Votes {
		s.names[v.Respondent].record.count(v.Choice, c.Gold)
	}
	if !t.gold {
		s.judge(t, scores, len(c.Votes))
	}
}

func (s *siege) nameOf(b *being) *account {
	if s.names[b.name] == nil {
		s.names[b.name] = &account{sort: b.sort}
	}
	return s.names[b.name]
}

func (s *siege) worthless(b *being, name *account) bool {
	return s.family.void(b.name) || name.record.Worthless(s.Choices)
}

// arrive has all people come in the order in which they are asked: at random, or as the question opens to them.
func (s *siege) arrive(t task) *turns[*being] {
	people := make([]*being, len(s.people))
	for i, n := range s.rng.Perm(len(s.people)) {
		people[i] = s.people[n]
	}
	shares := everything
	if s.Routed {
		shares = s.shares
	}
	q := polls.QuestionID(fmt.Sprintf("q_%d_%d", s.Seed, t.number))
	return newTurns(shares, q, people, func(b *being) polls.RespondentID { return b.name })
}

// judge looks at a verdict.
func (s *siege) judge(t task, scores scores, answers int) {
	s.out.Asked++
	s.out.Answers += answers
	right := scores.leader() == t.truth
	if right {
		s.out.Right++
	}
	if t.late {
		s.out.Late++
		if right {
			s.out.LateRight++
		}
	}
	if _, claims := s.family.confidence(s.Policy, scores, answers); claims {
		s.out.Claims++
		if !right {
			s.out.Errors++
		}
	}
}

// account sums up what everybody did and got.
func (s *siege) account() {
	groups := s.out.Groups
	for sort, n := range s.Crowd {
		if n > 0 {
			groups[sort] = Group{People: n, Weight: s.weights[sort] / float64(max(s.weighed[sort], 1))}
		}
	}
	for id, name := range s.names {
		g := groups[name.sort]
		g.Names++
		g.Answers += name.given
		if s.family.void(id) || name.record.Worthless(s.Choices) {
			g.Found++
		}
		if name.record.Passed(s.Choices) {
			g.Paid += name.given
		} else {
			g.Held += name.given
		}
		groups[name.sort] = g
	}
}
