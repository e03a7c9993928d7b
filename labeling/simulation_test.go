package labeling_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/labeling/labelingtest"
	"github.com/tasknet/tasknet/polls"
)

// crowd is of people who answer with the truth with their own accuracy. On a share of the tasks all of them take the same
// wrong choice for the truth.
type crowd struct {
	tasks, workers, classes, perTask int
	accuracy                         func(worker int) float64
	deceptive                        float64
}

func (c crowd) answer(seed uint64) (a aggregate.Columns, truth []int32) {
	rng := rand.New(rand.NewPCG(seed, 7))
	a = aggregate.Columns{Tasks: c.tasks, Workers: c.workers, Classes: c.classes}
	truth = make([]int32, c.tasks)
	for t := range truth {
		truth[t] = rng.Int32N(int32(c.classes))
		seems := truth[t]
		if rng.Float64() < c.deceptive {
			seems = (seems + 1) % int32(c.classes)
		}
		for _, w := range rng.Perm(c.workers)[:c.perTask] {
			k := seems
			if rng.Float64() > c.accuracy(w) {
				k = (seems + 1 + rng.Int32N(int32(c.classes-1))) % int32(c.classes)
			}
			a.Task, a.Worker, a.Class = append(a.Task, int32(t)), append(a.Worker, int32(w)), append(a.Class, k)
		}
	}
	return a, truth
}

func mixed(worker int) float64 { return 0.6 + 0.035*float64(worker%11) }

// bots make four of ten who answer at random.
func bots(worker int) float64 {
	if worker%10 < 4 {
		return 1.0 / 3
	}
	return mixed(worker)
}

func upTo(most int) polls.Policy {
	return polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 2, Max: most}
}

// holds says whether so many errors among claims can be when at most a share is wrong: the one-sided binomial test at
// one in twenty.
func holds(errors, claims int, share float64) bool {
	below, p := 0.0, math.Pow(1-share, float64(claims))
	for k := range errors {
		below += p
		p *= float64(claims-k) / float64(k+1) * share / (1 - share)
	}
	return 1-below >= 0.05
}

func TestBinomial(t *testing.T) {
	for _, c := range []struct {
		errors, claims int
		want           bool
	}{{0, 10, true}, {9, 100, true}, {10, 100, false}, {2, 3, false}, {1, 1, true}} {
		if got := holds(c.errors, c.claims, 0.05); got != c.want {
			t.Errorf("%d of %d: %t", c.errors, c.claims, got)
		}
	}
}

func simulate(t *testing.T, s labeling.Simulation) *labeling.Simulated {
	t.Helper()
	out, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f answers of %.2f, accuracy %.4f of %.4f, claimed %.3f at %.4f with error %.4f, unsettled %.3f",
		out.AnswersPerTask, out.FullAnswersPerTask, out.Accuracy, out.FullAccuracy, out.ClaimedShare, out.Stated, out.RealisedError, out.UnsettledShare)
	return out
}

// TestSimulationSaves: half the answers do for what the majority of all of them reaches, or for the confidence that was asked
// for where that is less; and what is claimed holds. Where people share mistakes, a little accuracy is lost, and where they
// share many nothing is claimed. With bots and without gold it takes 2 % more than half, for more than the majority reaches.
func TestSimulationSaves(t *testing.T) {
	for name, test := range map[string]struct {
		crowd crowd
		lost  float64
	}{
		"two classes":          {crowd{600, 60, 2, 10, mixed, 0}, 0},
		"four classes":         {crowd{600, 60, 4, 10, mixed, 0}, 0},
		"bots":                 {crowd{600, 60, 3, 12, bots, 0}, 0},
		"some shared mistakes": {crowd{600, 60, 3, 10, mixed, 0.02}, 0.001},
		"shared mistakes":      {crowd{600, 60, 3, 10, mixed, 0.2}, 0.0125},
	} {
		c := test.crowd
		for _, rate := range []float64{0, 0.25} {
			t.Run(fmt.Sprintf("%s, gold %.2f", name, rate), func(t *testing.T) {
				const crowds = 4
				claims, errors := 0, 0
				used, all, right, majority := 0.0, 0.0, 0.0, 0.0
				for seed := range uint64(crowds) {
					answers, truth := c.answer(seed)
					out := simulate(t, labeling.Simulation{Answers: answers, Truth: truth, GoldRate: rate, Policy: upTo(c.perTask), Seeds: 1})
					claims, errors = claims+out.Claims, errors+out.Errors
					used, all = used+out.AnswersPerTask, all+out.FullAnswersPerTask
					right, majority = right+out.Accuracy/crowds, majority+out.FullAccuracy/crowds
				}
				if used > all/2 && !(name == "bots" && rate == 0 && used <= 0.52*all && right > majority) {
					t.Errorf("%.4f of the answers are used", used/all)
				}
				if right < min(majority, 0.95)-test.lost {
					t.Errorf("accuracy %.4f, and of the majority of all answers %.4f", right, majority)
				}
				if !holds(errors, claims, 0.05) {
					t.Errorf("%d of %d claims are wrong", errors, claims)
				}
				switch supported := rate > 0 && c.deceptive < 0.05; {
				case supported && (claims == 0 || errors == 0):
					t.Errorf("of a crowd that is mostly right, %d claims with %d mistakes", claims, errors)
				case !supported && claims > 0:
					t.Errorf("%d claims that nothing supports", claims)
				}
			})
		}
	}
}

// TestSimulationOutlastsLiars: three of ten people who agree on a wrong answer to every question move the accuracy by a
// point at most, where they move that of the majority by more than twenty.
func TestSimulationOutlastsLiars(t *testing.T) {
	for _, rate := range []float64{0, 0.15} {
		answers, truth := crowd{800, 100, 3, 10, mixed, 0}.answer(1)
		s := labeling.Simulation{Answers: answers, Truth: truth, GoldRate: rate, Policy: upTo(10), Seeds: 5}
		honest := simulate(t, s)
		for i, w := range answers.Worker {
			if w%10 < 3 {
				answers.Class[i] = (truth[answers.Task[i]] + 1) % 3
			}
		}
		attacked := simulate(t, s)
		if attacked.Accuracy < honest.Accuracy-0.01 || attacked.FullAccuracy > honest.FullAccuracy-0.2 {
			t.Errorf("gold %.2f: accuracy goes from %.4f to %.4f, and that of the majority from %.4f to %.4f", rate, honest.Accuracy, attacked.Accuracy, honest.FullAccuracy, attacked.FullAccuracy)
		}
		if !holds(attacked.Errors, attacked.Claims, 0.05) {
			t.Errorf("%d of %d claims are wrong", attacked.Errors, attacked.Claims)
		}
	}
}

// TestSimulationIsRepeatable: the same simulation gives the same figures, and one in the order of the file follows that.
func TestSimulationIsRepeatable(t *testing.T) {
	answers, truth := crowd{200, 20, 3, 6, mixed, 0}.answer(1)
	s := labeling.Simulation{Answers: answers, Truth: truth, GoldRate: 0.3, Policy: upTo(6), Seeds: 2, FileOrder: true}
	first := simulate(t, s)
	if diff := cmp.Diff(first, simulate(t, s), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("again (-first +second):\n%s", diff)
	}
	s.GoldRate = 0
	two := simulate(t, s)
	s.Seeds = 1
	if diff := cmp.Diff(two, simulate(t, s), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("the order of the file differs by the seed (-two +one):\n%s", diff)
	}
	s.Answers.Task, s.Answers.Worker, s.Answers.Class = backwards(answers.Task), backwards(answers.Worker), backwards(answers.Class)
	if other := simulate(t, s); other.AnswersPerTask == two.AnswersPerTask {
		t.Error("answers that come the other way round make no difference")
	}
}

func backwards(of []int32) []int32 {
	of = slices.Clone(of)
	slices.Reverse(of)
	return of
}

// TestSimulationOfNothing: tasks that nobody answered, or of which no truth is known, are none to be right about.
func TestSimulationOfNothing(t *testing.T) {
	c := aggregate.Columns{Task: []int32{1, 1}, Worker: []int32{0, 1}, Class: []int32{1, aggregate.CannotTell}, Tasks: 3, Workers: 2, Classes: 2}
	unknown := []int32{0, aggregate.NoVerdict, 1}
	got := simulate(t, labeling.Simulation{Answers: c, Truth: unknown, Policy: upTo(9), Seeds: 3})
	want := &labeling.Simulated{AnswersPerTask: 2, FullAnswersPerTask: 2, Accuracy: math.NaN(), FullAccuracy: math.NaN(), Stated: math.NaN(), RealisedError: math.NaN()}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRoutingSaves: where some people are much better than others, a question takes fewer answers, and no worse a verdict,
// when it opens to the best first.
func TestRoutingSaves(t *testing.T) {
	compare := func(t *testing.T, s labeling.Simulation, share float64) {
		t.Helper()
		byChance := simulate(t, s)
		s.Routed = true
		byWorth := simulate(t, s)
		if byWorth.AnswersPerTask > byChance.AnswersPerTask*share || byWorth.Accuracy < byChance.Accuracy {
			t.Errorf("%.2f answers and accuracy %.4f by worth, %.2f and %.4f by chance", byWorth.AnswersPerTask, byWorth.Accuracy, byChance.AnswersPerTask, byChance.Accuracy)
		}
		if again := simulate(t, s); fmt.Sprint(*again) != fmt.Sprint(*byWorth) { // some are NaN
			t.Errorf("again %+v, before %+v", again, byWorth)
		}
	}
	t.Run("bots", func(t *testing.T) {
		answers, truth := crowd{600, 60, 3, 12, bots, 0}.answer(1)
		compare(t, labeling.Simulation{Answers: answers, Truth: truth, GoldRate: 0.25, Policy: upTo(12), Seeds: 4}, 0.9)
	})
	t.Run("bluebirds", func(t *testing.T) {
		answers, truth := labelingtest.Recorded(t, "bluebirds")
		compare(t, labeling.Simulation{Answers: answers, Truth: truth, GoldRate: 0.1, Policy: upTo(39), Seeds: 40}, 0.75)
	})
}

// TestSimulationOfWhatNobodyAnswers has truths that are no class of the answers: every verdict on them is wrong, and they
// are no gold.
func TestSimulationOfWhatNobodyAnswers(t *testing.T) {
	answers, truth := crowd{20, 9, 3, 3, mixed, 0}.answer(1)
	none := slices.Repeat([]int32{3}, len(truth))
	done := 0
	got := simulate(t, labeling.Simulation{Answers: answers, Truth: none, GoldRate: 0.5, Policy: upTo(3), Seeds: 2, Progress: func(n, _ int) { done = n }})
	if got.Accuracy != 0 || got.FullAccuracy != 0 || done != 2 {
		t.Errorf("%+v after %d seeds", got, done)
	}
}

func TestSimulationRefuses(t *testing.T) {
	answers, truth := crowd{20, 9, 3, 3, mixed, 0}.answer(1)
	good := labeling.Simulation{Answers: answers, Truth: truth, Policy: upTo(3), Seeds: 1}
	simulate(t, good)
	for name, spoil := range map[string]func(*labeling.Simulation){
		"no seed":            func(s *labeling.Simulation) { s.Seeds = 0 },
		"nothing but gold":   func(s *labeling.Simulation) { s.GoldRate = 1 },
		"a rate that is NaN": func(s *labeling.Simulation) { s.GoldRate = math.NaN() },
		"a fixed number":     func(s *labeling.Simulation) { s.Policy.Kind = polls.Fixed },
		"too few truths":     func(s *labeling.Simulation) { s.Truth = truth[1:] },
		"a truth below all":  func(s *labeling.Simulation) { s.Truth = slices.Repeat([]int32{-2}, 20) },
		"too many classes":   func(s *labeling.Simulation) { s.Answers.Classes = 21 },
	} {
		s := good
		spoil(&s)
		if _, err := s.Run(t.Context()); !errors.Is(err, labeling.ErrBadSimulation) {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice := good
	twice.Answers.Worker = make([]int32, len(answers.Worker))
	if _, err := twice.Run(t.Context()); !errors.Is(err, aggregate.ErrBadVotes) {
		t.Errorf("somebody who answers twice: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := good.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// longTests is set by `make test-long`.
const longTests = "TASKNET_TEST_LONG"

// TestSimulationOfPeople holds the bars on recorded answers of real people, with some of the tasks as gold and without. Of
// the three sets, two are too hard for any gold to support a claim of 0.95.
func TestSimulationOfPeople(t *testing.T) {
	seeds := 3
	if os.Getenv(longTests) != "" {
		seeds = 8
	}
	for _, c := range []struct {
		set    string
		most   int
		half   bool // there are enough answers a task that half of them are to do
		claims bool // with gold
	}{{"dogs", 10, true, false}, {"bluebirds", 39, true, false}, {"product", 3, false, true}} {
		for _, rate := range []float64{0.5, 0.25, 0.1, 0} {
			t.Run(fmt.Sprintf("%s, gold %.2f", c.set, rate), func(t *testing.T) {
				answers, truth := labelingtest.Recorded(t, c.set)
				out := simulate(t, labeling.Simulation{Answers: answers, Truth: truth, GoldRate: rate, Policy: upTo(c.most), Seeds: seeds})
				slack := 0.0
				if rate == 0 {
					slack = 0.001
				}
				if out.Accuracy < out.FullAccuracy-slack {
					t.Errorf("accuracy %.4f, and of all answers %.4f", out.Accuracy, out.FullAccuracy)
				}
				if c.half && out.AnswersPerTask > out.FullAnswersPerTask/2 {
					t.Errorf("%.2f answers of %.2f", out.AnswersPerTask, out.FullAnswersPerTask)
				}
				if want := c.claims && rate > 0; (out.Claims > 0) != want {
					t.Errorf("%d claims, want some: %t", out.Claims, want)
				}
				if !holds(out.Errors, out.Claims, 0.05) {
					t.Errorf("%d of %d claims are wrong, over all seeds", out.Errors, out.Claims)
				}
			})
		}
	}
}
