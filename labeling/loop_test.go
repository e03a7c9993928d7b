package labeling_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const loopChoices = 4

// loopOf is a crowd of which nobody is very good, with 3,000 tasks.
func loopOf(t *testing.T, learner labeling.Learner) labeling.Loop {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 7))
	truth := make([]int, 3000)
	for i := range truth {
		truth[i] = rng.IntN(loopChoices)
	}
	return labeling.Loop{
		Truth: truth, Choices: loopChoices, People: 40, SkillLeast: 0.7, SkillMost: 0.9, GoldShare: 0.07,
		Policy: upTo(10), Help: labeling.Help{Labels: 100, AuditPPM: 60_000}, Learner: learner, Seed: 3,
	}
}

// knowing is a model that knows more tasks the more labels it has seen, and says of which it is sure: there it is right in 98 of
// 100, and elsewhere in half.
func knowing(truth []int) labeling.Learner {
	return func(_ context.Context, labels []labeling.TrainingLabel) ([]labeling.Opinion, error) {
		known := 1 - 60/float64(len(labels)+20)
		out := make([]labeling.Opinion, len(truth))
		for t, z := range truth {
			rng := rand.New(rand.NewPCG(11, uint64(t)))
			sure, right := float32(0.4), 0.5
			if rng.Float64() < known {
				sure, right = 0.992, 0.98
			}
			if rng.Float64() >= right {
				z = (z + 1 + rng.IntN(loopChoices-1)) % loopChoices
			}
			out[t] = opinion(z, sure)
		}
		return out, nil
	}
}

func opinion(choice int, sure float32) labeling.Opinion {
	p := make([]float32, loopChoices)
	for z := range p {
		p[z] = (1 - sure) / (loopChoices - 1)
	}
	p[choice] = sure
	o, err := labeling.NewOpinion(p, loopChoices)
	if err != nil {
		panic(err)
	}
	return o
}

// looped adds up what comes of a loop with several seeds.
func looped(t *testing.T, l labeling.Loop) labeling.Looped {
	t.Helper()
	var sum labeling.Looped
	for l.Seed = range 2 {
		got, err := l.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sum.Tasks += got.Tasks
		sum.Answers += got.Answers
		sum.Right += got.Right
		sum.Claims += got.Claims
		sum.Errors += got.Errors
		sum.Audits += got.Audits
		sum.Alone += got.Alone
		sum.Trainings = append(sum.Trainings, got.Trainings...)
		sum.Off = sum.Off || got.Off
	}
	return sum
}

// TestModelHelps: with a model half of the answers are enough, also where half of the people answer at random; and at most one
// in twenty of the verdicts that claim so much is wrong.
func TestModelHelps(t *testing.T) {
	for name, random := range map[string]float64{"skilled": 0, "half at random": 0.5} {
		t.Run(name, func(t *testing.T) {
			l := loopOf(t, nil)
			l.RandomShare = random
			people := looped(t, l)
			l.Learner = knowing(l.Truth)
			helped := looped(t, l)
			if helped.Off || helped.Alone == 0 || len(helped.Trainings) < 4 {
				t.Errorf("the models were not used: %+v", helped)
			}
			if 2*helped.Answers > people.Answers {
				t.Errorf("%d answers with the model, %d without", helped.Answers, people.Answers)
			}
			if 20*helped.Errors > helped.Claims || helped.Claims < helped.Tasks*9/10 {
				t.Errorf("%d of %d claims are wrong, of %d tasks", helped.Errors, helped.Claims, helped.Tasks)
			}
			if 50*helped.Right < 50*people.Right-helped.Tasks {
				t.Errorf("%d verdicts are right with the model, %d without, of %d", helped.Right, people.Right, people.Tasks)
			}
		})
	}
}

// TestModelThatGuesses: one that is sure of nothing but guesses is not believed, and costs nothing but its audits.
func TestModelThatGuesses(t *testing.T) {
	l := loopOf(t, nil)
	l.Truth = l.Truth[:1500]
	people := looped(t, l)
	l.Learner = func(context.Context, []labeling.TrainingLabel) ([]labeling.Opinion, error) {
		out := make([]labeling.Opinion, len(l.Truth))
		for t := range out {
			out[t] = opinion(rand.New(rand.NewPCG(1, uint64(t))).IntN(loopChoices), 0.992)
		}
		return out, nil
	}
	guessed := looped(t, l)
	if guessed.Alone > 0 || 10*guessed.Answers > 11*people.Answers {
		t.Errorf("it closed %d tasks, and took %d answers where people alone took %d", guessed.Alone, guessed.Answers, people.Answers)
	}
	if 20*guessed.Errors > guessed.Claims || 50*guessed.Right < 50*people.Right-guessed.Tasks {
		t.Errorf("%d of %d claims are wrong; %d verdicts are right, %d without it", guessed.Errors, guessed.Claims, guessed.Right, people.Right)
	}
}

// TestBadLoop: what makes no sense is refused.
func TestBadLoop(t *testing.T) {
	good := loopOf(t, knowing(nil))
	for name, change := range map[string]func(*labeling.Loop){
		"no tasks":          func(l *labeling.Loop) { l.Truth = nil },
		"a truth of none":   func(l *labeling.Loop) { l.Truth = []int{loopChoices} },
		"nobody":            func(l *labeling.Loop) { l.People = 0 },
		"skill above 1":     func(l *labeling.Loop) { l.SkillMost = 1.5 },
		"skills reversed":   func(l *labeling.Loop) { l.SkillLeast = 0.95 },
		"all at random":     func(l *labeling.Loop) { l.RandomShare = 1 },
		"a fixed policy":    func(l *labeling.Loop) { l.Policy = polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3} },
		"one choice":        func(l *labeling.Loop) { l.Choices = 1 },
		"too few audits":    func(l *labeling.Loop) { l.Help.AuditPPM = labeling.AuditPPMMin - 1 },
		"too few labels":    func(l *labeling.Loop) { l.Help.Labels = labeling.HelpLabelsMin - 1 },
		"more than its min": func(l *labeling.Loop) { l.Help.Least = l.Policy.Min + 1 },
	} {
		l := good
		change(&l)
		if _, err := l.Run(t.Context()); err == nil {
			t.Errorf("%s: it ran", name)
		}
	}
	good.Learner = func(context.Context, []labeling.TrainingLabel) ([]labeling.Opinion, error) {
		return []labeling.Opinion{{1}}, nil
	}
	if _, err := good.Run(t.Context()); !errors.Is(err, labeling.ErrBadOpinion) {
		t.Errorf("a model that says nothing of most tasks: %v", err)
	}
	failed := errors.New("out of memory")
	good.Learner = func(context.Context, []labeling.TrainingLabel) ([]labeling.Opinion, error) { return nil, failed }
	if _, err := good.Run(t.Context()); !errors.Is(err, failed) {
		t.Errorf("a trainer that fails: %v", err)
	}
}
