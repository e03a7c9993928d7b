package labeling_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/labelingtest"
	"github.com/tasknet/tasknet/polls"
)

// besiege asks honest people and some who are not, for a few seeds, and returns the accuracy and what became of the latter
// for the first of them.
func besiege(t *testing.T, sort labeling.Sort, people int, routed bool) (accuracy float64, group labeling.Group) {
	t.Helper()
	const seeds = 3
	done := make([]*labeling.Withstood, seeds)
	var all sync.WaitGroup
	for seed := range done {
		all.Go(func() {
			a := labeling.Attack{
				Crowd: map[labeling.Sort]int{labeling.Skilled: 50, labeling.Careless: 10, sort: people}, Choices: 3, Questions: 2000,
				GoldRate: 0.1, Policy: upTo(10), Routed: routed, Seed: uint64(seed),
			}
			if people == 0 {
				delete(a.Crowd, sort)
			}
			var err error
			if done[seed], err = a.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	asked, right, claims, wrong, honestFound := 0, 0, 0, 0, 0
	for _, w := range done {
		asked, right, claims, wrong = asked+w.Asked, right+w.Right, claims+w.Claims, wrong+w.Errors
		honestFound += w.Groups[labeling.Skilled].Found + w.Groups[labeling.Careless].Found
	}
	accuracy, group = float64(right)/float64(asked), done[0].Groups[sort]
	t.Logf("%d %s: accuracy %.4f, %d of %d claims are wrong, %+v", people, sort, accuracy, wrong, claims, group)
	if honestFound > 0 {
		t.Errorf("%d honest people are taken for worthless", honestFound)
	}
	if sort != labeling.Turned && !holds(wrong/seeds, claims/seeds, 0.05) {
		t.Errorf("%d of %d claims are wrong", wrong, claims)
	}
	return accuracy, group
}

// TestAttacks: three dishonest people of ten who are chosen by what they are worth move the accuracy by a point at most.
// What they say weighs nothing or speaks against them, and hardly any of it is paid.
func TestAttacks(t *testing.T) {
	honest, skilled := besiege(t, labeling.Skilled, 50, true)
	if skilled.Weight < 2 || skilled.Paid < skilled.Answers*8/10 {
		t.Errorf("honest people: %+v", skilled)
	}
	for _, sort := range []labeling.Sort{labeling.Random, labeling.Constant, labeling.Bloc, labeling.Renewed} {
		accuracy, group := besiege(t, sort, 26, true)
		if accuracy < honest-0.01 {
			t.Errorf("%s: accuracy goes from %.4f to %.4f", sort, honest, accuracy)
		}
		if group.Weight > 0.5 || group.Paid > group.Answers/5 || group.Paid+group.Held != group.Answers {
			t.Errorf("%s: %+v", sort, group)
		}
	}
}

// TestAttackOfMost: where six of ten lie, gold still tells who does.
func TestAttackOfMost(t *testing.T) {
	for _, sort := range []labeling.Sort{labeling.Random, labeling.Bloc} {
		accuracy, group := besiege(t, sort, 90, true)
		if accuracy < 0.92 || group.Weight > 0.3 || group.Paid > group.Answers/10 {
			t.Errorf("%s: accuracy %.4f, %+v", sort, accuracy, group)
		}
	}
}

// TestAttackOfCopies: who all answer the same is found, though what they answer is good: but for some who answer seldom.
func TestAttackOfCopies(t *testing.T) {
	out, err := labeling.Attack{
		Crowd: map[labeling.Sort]int{labeling.Skilled: 50, labeling.Careless: 10, labeling.Copier: 26}, Choices: 3, Questions: 3500,
		GoldRate: 0.2, Policy: upTo(10), Routed: true, Seed: 7,
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	group, skilled := out.Groups[labeling.Copier], out.Groups[labeling.Skilled]
	if group.Found < group.Names*9/10 || group.Weight > 0.5 || skilled.Found > 0 {
		t.Errorf("who copies %+v, who is honest %+v", group, skilled)
	}
}

// TestRoutingPays: choosing people by what they are worth gives better verdicts for fewer answers than chance does.
func TestRoutingPays(t *testing.T) {
	byChance, _ := besiege(t, labeling.Random, 26, false)
	byWorth, group := besiege(t, labeling.Random, 26, true)
	if byWorth < byChance+0.01 || group.Answers > 26*40 {
		t.Errorf("accuracy %.4f by worth and %.4f by chance, and dishonest people gave %d answers", byWorth, byChance, group.Answers)
	}
}

func TestAttackIsRepeatable(t *testing.T) {
	a := labeling.Attack{Crowd: make(map[labeling.Sort]int), Choices: 4, Questions: 100, GoldRate: 0.2, Policy: upTo(6), Routed: true, Seed: 3}
	for _, sort := range labeling.Sorts() {
		a.Crowd[sort] = 3
	}
	once, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(once, again); diff != "" {
		t.Errorf("(-once +again):\n%s", diff)
	}
	if renewed := once.Groups[labeling.Renewed]; renewed.People != 3 || renewed.Names < 3 {
		t.Errorf("%+v", renewed)
	}
}

func TestAttackRefuses(t *testing.T) {
	good := labeling.Attack{Crowd: map[labeling.Sort]int{labeling.Skilled: 5}, Choices: 2, Questions: 3, Policy: upTo(3)}
	if _, err := good.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*labeling.Attack){
		"nobody":         func(a *labeling.Attack) { a.Crowd = nil },
		"fewer than 0":   func(a *labeling.Attack) { a.Crowd = map[labeling.Sort]int{labeling.Skilled: 5, labeling.Bloc: -1} },
		"an odd sort":    func(a *labeling.Attack) { a.Crowd = map[labeling.Sort]int{"odd": 5} },
		"one choice":     func(a *labeling.Attack) { a.Choices = 1 },
		"no question":    func(a *labeling.Attack) { a.Questions = 0 },
		"more than gold": func(a *labeling.Attack) { a.GoldRate = 1.1 },
		"a fixed number": func(a *labeling.Attack) { a.Policy.Kind = "fixed" },
	} {
		bad := good
		spoil(&bad)
		if _, err := bad.Run(t.Context()); !errors.Is(err, labeling.ErrBadAttack) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	good.Questions = 500
	if _, err := good.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestHonestPeopleAreKept: of real people, whose answers to all tasks are checked as gold, none is taken for
// worthless who is right in half of their answers.
func TestHonestPeopleAreKept(t *testing.T) {
	for _, set := range []string{"dogs", "bluebirds", "product"} {
		t.Run(set, func(t *testing.T) {
			answers, truth := labelingtest.Recorded(t, set)
			closed := make([]labeling.Closed, answers.Tasks)
			right, given := make([]int, answers.Workers), make([]int, answers.Workers)
			for i, task := range answers.Task {
				who, choice := answers.Worker[i], answers.Class[i]
				closed[task].Gold = int(truth[task])
				closed[task].Votes = append(closed[task].Votes, polls.Vote{Respondent: polls.RespondentID(fmt.Sprintf("%04d", who)), Choice: int(choice)})
				if given[who]++; choice == truth[task] {
					right[who]++
				}
			}
			f, err := labeling.Learn(t.Context(), labeling.Lesson{Choices: answers.Classes, Closed: closed, Least: 2})
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range f.People {
				if p.Void && right[i]*2 >= given[i] {
					t.Errorf("%s, who is right in %d of %d, is taken for worthless", p.Respondent, right[i], given[i])
				}
			}
		})
	}
}
