package labeling

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/tasknet/tasknet/polls"
)

var helpPolicy = polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 2, Max: 10}

// TestTrial: differences switch a model off, the sooner the fewer there may be, and what may differ now and then does not.
func TestTrial(t *testing.T) {
	for people, want := range map[int]int{million: 4, 600_000: 12} {
		var trial Trial
		for !trial.Hurts() && trial.Settled < 100 {
			trial.Add(helpPolicy, people, true)
		}
		if trial.Settled != want || trial.Differ != want {
			t.Errorf("people sure to %d: off after %+v, want %d differences", people, trial, want)
		}
	}
	found, after := 0, 0
	rng := rand.New(rand.NewPCG(1, 2))
	const runs, long = 400, 1500
	for range runs {
		var honest, bad Trial
		for range long {
			honest.Add(helpPolicy, million, rng.IntN(million) < 50_000)
		}
		if honest.Hurts() {
			found++
		}
		for !bad.Hurts() && bad.Settled < 10*long {
			bad.Add(helpPolicy, million, rng.IntN(million) < 100_000)
		}
		after += bad.Settled
	}
	if found > 2 { // what is expected is at most 0.4
		t.Errorf("%d of %d models are off that are as wrong as they may be", found, runs)
	}
	if mean := after / runs; mean < 200 || mean > 500 {
		t.Errorf("models twice as wrong as they may be are off after %d", mean)
	}
}

// liar is a model that is right, and sure of it, about all that is closed when it is asked, and wrong about all else: what it is
// measured by until then looks good.
func liar(t *testing.T, r *looped) Learner {
	t.Helper()
	return func(_ context.Context, labels []TrainingLabel) ([]Opinion, error) {
		for _, l := range labels {
			if task := r.tasks[l.Task]; task.gold || task.audit {
				t.Errorf("it learned from a task that it is measured by")
			}
		}
		out := make([]Opinion, len(r.tasks))
		for i := range out {
			z := r.Truth[i]
			if !r.tasks[i].over {
				z = (z + 1) % r.Choices
			}
			out[i] = Opinion{2_000, 2_000, 2_000, 2_000}
			out[i][z] = million - 3*2_000
		}
		return out, nil
	}
}

// TestModelThatLies: audits find a model that lies about what nobody can check yet, and until then it has closed no more than so
// many tasks for each of them. People answer the rest.
func TestModelThatLies(t *testing.T) {
	l := Loop{
		Choices: 4, People: 40, SkillLeast: 0.7, SkillMost: 0.9, GoldShare: 0.06, Policy: helpPolicy, Help: Help{Labels: 100, AuditPPM: 100_000}, Seed: 3,
		Learner: func(context.Context, []TrainingLabel) ([]Opinion, error) { return nil, nil },
	}
	rng := rand.New(rand.NewPCG(5, 7))
	for range 2500 {
		l.Truth = append(l.Truth, rng.IntN(l.Choices))
	}
	r := l.begin()
	r.Learner = liar(t, r)
	got, err := r.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !got.Off || len(got.Trainings) != 1 {
		t.Fatalf("it is not off, after %d trainings", len(got.Trainings))
	}
	if got.Trial.Differ != 4 || got.Wrong == 0 || got.Wrong > 4*10 {
		t.Errorf("%d verdicts are wrong by it, and %d audits were needed to see it", got.Wrong, got.Trial.Differ)
	}
	if got.Right < (got.Tasks-got.Wrong)*95/100 {
		t.Errorf("%d of %d verdicts are right, and %d were wrong by the model", got.Right, got.Tasks, got.Wrong)
	}
}

// TestHelpChecks: what a requester cannot have is refused, and every audit has its share of what closes.
func TestHelpChecks(t *testing.T) {
	good := Help{Labels: HelpLabelsDefault, AuditPPM: AuditPPMDefault, Least: 1}
	if err := good.Check(helpPolicy); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Help, *polls.Policy){
		"labels under the least":  func(h *Help, _ *polls.Policy) { h.Labels = HelpLabelsMin - 1 },
		"labels over the most":    func(h *Help, _ *polls.Policy) { h.Labels = HelpLabelsMax + 1 },
		"audits under the least":  func(h *Help, _ *polls.Policy) { h.AuditPPM = AuditPPMMin - 1 },
		"audits over all":         func(h *Help, _ *polls.Policy) { h.AuditPPM = AuditPPMMax + 1 },
		"people under none":       func(h *Help, _ *polls.Policy) { h.Least = -1 },
		"people over those asked": func(h *Help, _ *polls.Policy) { h.Least = 3 },
		"a fixed policy":          func(_ *Help, p *polls.Policy) { *p = polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3} },
	} {
		h, p := good, helpPolicy
		if change(&h, &p); h.Check(p) == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	for _, c := range []struct{ audits, closed, want int }{{0, 0, 0}, {1, 0, 20}, {3, 17, 43}, {3, 61, 0}} {
		if got := good.MayClose(c.audits, c.closed); got != c.want {
			t.Errorf("after %d audits and %d closed %d more may close, want %d", c.audits, c.closed, got, c.want)
		}
	}
	audited := 0
	for i := range 20_000 {
		if good.Audited([32]byte{1}, string(rune('a'+i%26))+string(rune(i+0x4e00))) {
			audited++
		}
	}
	if audited < 900 || audited > 1100 {
		t.Errorf("%d of 20000 are audited, want about 1000", audited)
	}
	if good.Audited([32]byte{1}, "7") == good.Audited([32]byte{2}, "7") && good.Audited([32]byte{1}, "8") == good.Audited([32]byte{2}, "8") &&
		good.AuditPPM < AuditPPMMin {
		t.Error("the seed decides nothing")
	}
	if a, b, c := good.NextTraining(0), good.NextTraining(200), good.NextTraining(301); a != 200 || b != 300 || c != 452 {
		t.Errorf("trainings from %d, %d and %d labels on", a, b, c)
	}
}
