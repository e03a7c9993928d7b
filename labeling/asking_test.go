package labeling

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/polls"
)

func confidence(target, least, most int) polls.Policy {
	return polls.Policy{Kind: polls.Confidence, TargetPPM: target, Min: least, Max: most}
}

// sureFrom is the calibration of a crowd that is right from log-odds of some units on, and not before.
func sureFrom(units, golds int) Calibration {
	c := Calibration{Golds: golds}
	for i := range 20 {
		s := Step{From: i * thousand, Golds: golds, Missed: golds / 4, Times: golds, Wrong: golds / 4}
		if i >= units {
			s.Missed, s.Wrong = 0, 0
		}
		c.Steps = append(c.Steps, s)
	}
	return c
}

// TestClaims: 59 golds that are all right are enough for 0.95, and 58 are not; with one that is wrong it takes 65.
func TestClaims(t *testing.T) {
	for _, c := range []struct {
		golds, missed, target int
		want                  bool
	}{
		{58, 0, 950_000, false},
		{59, 0, 950_000, true},
		{64, 1, 950_000, false},
		{65, 1, 950_000, true},
		{97, 2, 950_000, false},
		{98, 2, 950_000, true},
		{28, 0, 900_000, false},
		{29, 0, 900_000, true},
		{298, 0, 990_000, false},
		{299, 0, 990_000, true},
		{1 << 20, 0, 999_999, false},
	} {
		cal := Calibration{Golds: max(c.golds, known), Steps: []Step{{From: 0, Golds: c.golds, Missed: c.golds}, {From: 3500, Golds: c.golds, Missed: c.missed}}}
		from, may := cal.claims(confidence(c.target, 1, 9), false)
		if may != c.want || may && from != 7*logUnit/2 {
			t.Errorf("%+v: %t from %d", c, may, from)
		}
	}
	if _, may := sureFrom(2, known-1).claims(confidence(600_000, 1, 9), false); may {
		t.Error("something is claimed by fewer golds than the model is corrected by")
	}
}

func TestPosteriorIsIsotonic(t *testing.T) {
	f := family(t, Family{Choices: 2, Truths: []int{0, 0}, Calibration: Calibration{Golds: 200, Steps: []Step{
		{From: 0, Times: 98, Wrong: 40}, {From: 1000, Times: 198, Wrong: 20}, {From: 2000, Times: 48, Wrong: 10}, {From: 4000, Times: 998, Wrong: 20},
	}}})
	// The second step and the third are one: (178 + 38 + 2*2/3 + 2*4/5) of 250.
	for _, c := range []struct {
		odds int64
		want float64
	}{{0, 59.0 / 100}, {logUnit - 1, 59.0 / 100}, {logUnit, (216 + 4.0/3 + 1.6) / 250}, {3 * logUnit, (216 + 4.0/3 + 1.6) / 250}, {4 * logUnit, (978 + 32.0/17) / 1000}, {50 * logUnit, (978 + 32.0/17) / 1000}, {-logUnit, 59.0 / 100}} {
		if got := float64(f.posterior(c.odds)) / million; math.Abs(got-c.want) > 3e-6 {
			t.Errorf("at %d: %f, want %f", c.odds/logUnit, got, c.want)
		}
	}
	few := family(t, Family{Choices: 2, Truths: []int{0, 0}, Calibration: sureFrom(2, 58)})
	if got, want := float64(few.posterior(4*logUnit))/million, 8.0/9; math.Abs(got-want) > 3e-6 {
		t.Errorf("with little gold: %f, want %f", got, want)
	}
}

func TestConfidenceClaims(t *testing.T) {
	f := family(t, Family{Choices: 2, Truths: []int{0, 0}, Calibration: sureFrom(2, 60)})
	p := confidence(950_000, 3, 9)
	for _, c := range []struct {
		odds    int64
		answers int
		claims  bool
	}{{2 * logUnit, 3, true}, {2*logUnit - logUnit/1000, 3, false}, {9 * logUnit, 3, true}, {2 * logUnit, 2, false}} {
		ppm, claims := f.confidence(p, scores{c.odds, 0}, c.answers)
		if claims != c.claims || claims && ppm < 950_000 || !claims && c.answers == 3 && ppm > 800_000 {
			t.Errorf("%+v: %d ppm, claims %t", c, ppm, claims)
		}
	}
}

func TestDecideStops(t *testing.T) {
	crowd := []Confusion{one("rsp_crowd", 80_000, 20_000, 20_000, 80_000)}
	at := func(units float64) scores { return scores{int64(units * logUnit), 0} }
	for name, c := range map[string]struct {
		calibration Calibration
		policy      polls.Policy
		scores      scores
		answers     int
		stop        bool
		reason      Reason
	}{
		"sure, under the minimum":        {policy: confidence(950_000, 3, 9), scores: at(40), answers: 2},
		"sure, at the minimum":           {policy: confidence(950_000, 3, 9), scores: at(40), answers: 3, stop: true, reason: Quorum},
		"level, at the maximum":          {policy: confidence(950_000, 3, 9), scores: at(0), answers: 9, stop: true, reason: Quorum},
		"level":                          {policy: confidence(950_000, 3, 9), scores: at(0), answers: 8},
		"believed in part":               {policy: confidence(950_000, 1, 99), scores: at(5.6), answers: 9},
		"believed in part, and enough":   {policy: confidence(950_000, 1, 99), scores: at(5.7), answers: 9, stop: true, reason: Quorum},
		"claims":                         {sureFrom(2, 100), confidence(950_000, 1, 99), at(2), 9, true, Quorum},
		"before it claims":               {sureFrom(2, 100), confidence(950_000, 1, 99), at(1.9), 9, false, ""},
		"cannot claim, but is confident": {sureFrom(20, 100), confidence(950_000, 1, 99), at(4.25), 9, true, Quorum},
		"cannot claim":                   {sureFrom(20, 100), confidence(950_000, 1, 99), at(4.2), 9, false, ""},
		"too few are left":               {Calibration{}, confidence(950_000, 1, 10), at(5.4), 9, true, Unsettled},
	} {
		f := family(t, Family{Choices: 2, Truths: []int{0, 0}, People: crowd, Calibration: c.calibration})
		got, reason := f.decide(c.policy, c.scores, c.answers)
		if got.Stop != c.stop || reason != c.reason || got.Stop != (got.Wanted == 0) || c.answers+got.Wanted > c.policy.Max || c.answers+got.Wanted < c.policy.Min {
			t.Errorf("%s: %+v %q, want stop %t %q", name, got, reason, c.stop, c.reason)
		}
	}
}

// TestDecideLeavesWhatNobodyCanTell: of three choices the crowd cannot tell two apart, and a question between these ends;
// one between others goes on.
func TestDecideLeavesWhatNobodyCanTell(t *testing.T) {
	const n = 1000 * thousand
	f := family(t, Family{Choices: 3, Truths: []int{n, n, n}, People: []Confusion{one("rsp_crowd", 90*n, 5*n, 5*n, 5*n, 48*n, 47*n, 5*n, 47*n, 48*n)}})
	p := confidence(950_000, 2, 10)
	if d, reason := f.decide(p, scores{-20 * logUnit, logUnit, 0}, 4); !d.Stop || reason != Unsettled {
		t.Errorf("between what nobody can tell apart: %+v %q", d, reason)
	}
	if d, _ := f.decide(p, scores{logUnit, 0, -20 * logUnit}, 4); d.Stop {
		t.Errorf("between what the crowd tells apart: %+v", d)
	}
}

// TestWorthIsExpected compares with all ways in which m answers can come.
func TestWorthIsExpected(t *testing.T) {
	f := family(t, Family{Choices: 2, Truths: []int{0, 0}, People: []Confusion{one("rsp_crowd", 70_000_000, 30_000_000, 30_000_000, 70_000_000)}})
	q := float64(f.apart[1]) / million
	if math.Abs(q-0.7) > 1e-3 {
		t.Fatalf("a crowd that is right in 7 of 10 answers is held for %f", q)
	}
	for _, p := range []polls.Policy{confidence(950_000, 1, 10), confidence(800_000, 1, 10), confidence(990_000, 1, 40)} {
		for posterior := int64(500_000); posterior < million; posterior += 20_000 {
			for left := 1; left <= 9; left++ {
				best, most := 0, 0.0
				pi, price := float64(posterior)/million, float64(p.Max)/(1-float64(p.TargetPPM)/million)
				for m := 1; m <= left; m++ {
					right := 0.0
					for way := range 1 << m {
						forLeader, forOther := pi, 1-pi
						for i := range m {
							if way>>i&1 == 1 {
								forLeader, forOther = forLeader*q, forOther*(1-q)
							} else {
								forLeader, forOther = forLeader*(1-q), forOther*q
							}
						}
						right += max(forLeader, forOther)
					}
					if worth := (right-pi)*price - float64(m); worth > most {
						best, most = m, worth
					}
				}
				if got := f.worth(p, scores{1, 0}, posterior, left); got != best && most > 1e-3 {
					t.Errorf("%v at %d with %d left: %d answers, want %d", p, posterior, left, got, best)
				}
			}
		}
	}
}

// BenchmarkWeigh is what an answer costs, with the decision, for many choices and for few.
func BenchmarkWeigh(b *testing.B) {
	for _, k := range []int{2, 4, 20} {
		b.Run(fmt.Sprintf("choices=%d", k), func(b *testing.B) {
			var people []Confusion
			for i := range 1000 {
				people = append(people, Confusion{Errors: Errors{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i))}, Counts: slices.Repeat([]int{i * 7 % 1000}, k*k)})
			}
			f := family(b, Family{Choices: k, Truths: make([]int, k), People: people, Calibration: sureFrom(20, 100)})
			p := confidence(990_000, 2, 50)
			s := slices.Clone(f.start)
			for i := 0; b.Loop(); i++ {
				copy(s, f.start)
				f.weigh(s, polls.Vote{Respondent: people[i%1000].Respondent, Choice: i % k})
				f.decide(p, s, 3)
			}
		})
	}
}
