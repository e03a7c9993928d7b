package labeling

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/polls"
)

func family(t testing.TB, f Family) *Family {
	t.Helper()
	out, err := NewFamily(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func one(respondent polls.RespondentID, counts ...int) Confusion {
	return Confusion{Errors: Errors{Respondent: respondent}, Counts: counts}
}

// TestFamilyPools: who has shown nothing is taken for one of the crowd; who has shown little, for one of the crowd who
// errs more or less often; and who has shown a lot, for what they showed.
func TestFamilyPools(t *testing.T) {
	const n = 1000 * thousand // of each truth: the crowd takes what is 2 for 1 in three of ten questions, and errs seldom otherwise
	f := family(t, Family{Choices: 3, Truths: []int{n, n, n}, People: []Confusion{
		one("rsp_crowd", 90*n, 5*n, 5*n, 5*n, 90*n, 5*n, 1*n, 29*n, 70*n),
		one("rsp_good", 10*thousand, 0, 0, 0, 10*thousand, 0, 0, 0, 10*thousand),
		one("rsp_odd", 0, 0, 100*n, 0, 100*n, 0, 100*n, 0, 0),
	}})
	crowd := f.crowd
	nobody := crowd.of(Confusion{}, 3)
	for cell := range crowd {
		if d := nobody[cell] - crowd[cell]; d < -2 || d > 2 {
			t.Errorf("cell %d of nobody is %d, and of the crowd %d", cell, nobody[cell], crowd[cell])
		}
	}
	good := crowd.of(f.People[f.index["rsp_good"]], 3)
	for z := range 3 {
		if good[4*z] <= crowd[4*z] {
			t.Errorf("who was always right is given %d for truth %d, and the crowd %d", good[4*z], z, crowd[4*z])
		}
	}
	if of, all := float64(good[7])/float64(good[6]), float64(crowd[7])/float64(crowd[6]); math.Abs(of/all-1) > 0.01 {
		t.Errorf("their mistakes are spread as %.3f, and those of the crowd as %.3f", of, all)
	}
	odd := crowd.of(f.People[f.index["rsp_odd"]], 3)
	for _, cell := range []int{2, 4, 6} {
		if odd[cell] < 999_000 {
			t.Errorf("who always gives one answer has %d in cell %d", odd[cell], cell)
		}
	}
	if logOf(f.crowd[0], 3) != log2Ratio(uint64(crowd[0]), million) || logOf(odd[2], 3) != log2Ratio(surest, million) || logOf(odd[0], 3) != log2Ratio((million-surest)/2, million) {
		t.Error("an answer counts for more, or for less, than it may")
	}
}

// TestFamilyIsBayes compares the scores of votes with the formulas in floats.
func TestFamilyIsBayes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 8).Draw(t, "choices")
		f := Family{Choices: k}
		for range k {
			f.Truths = append(f.Truths, rapid.IntRange(0, 100*thousand).Draw(t, "truth"))
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "people") {
			f.People = append(f.People, Confusion{Errors: Errors{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i))}, Counts: rapid.SliceOfN(rapid.IntRange(0, 30*thousand), k*k, k*k).Draw(t, "counts")})
		}
		known, err := NewFamily(f)
		if err != nil {
			t.Fatal(err)
		}
		total := make([]float64, k*k)
		for _, p := range f.People {
			own := 0
			for _, n := range p.Counts {
				own += n
			}
			for cell, n := range p.Counts {
				total[cell] += float64(n*crowdShown/max(own, crowdShown)) / thousand
			}
		}
		flat := make([]float64, k*k)
		for cell := range flat {
			flat[cell] = 0.25 / float64(k-1)
			if cell/k == cell%k {
				flat[cell] = 0.75
			}
		}
		crowd := inFloats(flat, total, k)
		want := make([]float64, k)
		for z, n := range f.Truths {
			want[z] = math.Log2(float64(n)/thousand + 10/float64(k))
		}
		s := slices.Clone(known.start)
		for i, choice := range rapid.SliceOfN(rapid.IntRange(polls.CannotTell, k-1), 0, 6).Draw(t, "votes") {
			known.weigh(s, polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Choice: choice})
			if choice == polls.CannotTell {
				continue
			}
			m := crowd
			if i < len(f.People) {
				counts := make([]float64, k*k)
				for cell, n := range f.People[i].Counts {
					counts[cell] = float64(n) / thousand
				}
				m = inFloats(crowd, counts, k)
			}
			for z := range want {
				want[z] += math.Log2(min(max(m[z*k+choice], 0.01/float64(k-1)), 0.99))
			}
		}
		for z := range k {
			got, want := float64(s[z]-s[0])/logUnit, want[z]-want[0]
			if math.Abs(got-want) > 0.02 {
				t.Fatalf("choice %d is at %.4f, want %.4f", z, got, want)
			}
		}
	})
}

// inFloats is matrix.of.
func inFloats(m, counts []float64, k int) []float64 {
	wrong, expected := 1.0, 1.0
	shown := make([]float64, k)
	for z := range k {
		for a := range k {
			shown[z] += counts[z*k+a]
			if a != z {
				wrong += counts[z*k+a]
			}
		}
		expected += shown[z] * (1 - m[z*k+z])
	}
	out := make([]float64, k*k)
	for z := range k {
		errors := min((1-m[z*k+z])*wrong/expected, 1-1/float64(k))
		for a := range k {
			prior := 1 - errors
			if a != z {
				prior = m[z*k+a] * errors / (1 - m[z*k+z])
			}
			out[z*k+a] = (counts[z*k+a] + 5*prior) / (shown[z] + 5)
		}
	}
	return out
}

// TestFamilyIsTheSameEverywhere freezes scores to the bit: a verdict must be recomputable on any machine.
func TestFamilyIsTheSameEverywhere(t *testing.T) {
	f := family(t, Family{Choices: 3, Truths: []int{7001, 13, 29017}, People: []Confusion{
		one("rsp_b", 5003, 17, 2, 0, 3001, 11, 1009, 7, 8017), one("rsp_a", 19, 23, 4001, 0, 0, 31, 37, 41, 43),
	}})
	s := slices.Clone(f.start)
	for i, c := range []struct {
		vote polls.Vote
		want scores
	}{
		{polls.Vote{Respondent: "rsp_a", Choice: 2}, scores{-8727406223, -25051436509, -2563208000}},
		{polls.Vote{Respondent: "rsp_b", Choice: 0}, scores{-9250865508, -49261634719, -17513027761}},
		{polls.Vote{Respondent: "rsp_c", Choice: 2}, scores{-16156413919, -64814512533, -18620872953}},
		{polls.Vote{Respondent: "rsp_b", Choice: polls.CannotTell}, scores{-16156413919, -64814512533, -18620872953}},
	} {
		if f.weigh(s, c.vote); !slices.Equal(s, c.want) {
			t.Errorf("after vote %d: %d, want %d", i, s, c.want)
		}
	}
	if got, want := s.odds(), int64(2460875245); got != want {
		t.Errorf("odds %d, want %d", got, want)
	}
	if want := []int64{500001, 890899, 785476, 927023, 500001, 929600, 757478, 907795, 500001}; !slices.Equal(f.apart, want) {
		t.Errorf("apart %d, want %d", f.apart, want)
	}
}

func TestFamilyRefuses(t *testing.T) {
	good := Family{Choices: 2, Truths: []int{1, 2}, People: []Confusion{one("rsp_a", 1, 2, 3, 4)}}
	family(t, good)
	family(t, Family{Choices: 2, Truths: []int{countMax, 2}, People: []Confusion{one("rsp_a", countMax-1, 0, 0, 1)}, Calibration: sureFrom(3, 1<<30)})
	for name, f := range map[string]Family{
		"one choice":           {Choices: 1, Truths: []int{1}},
		"too few truths":       {Choices: 3, Truths: []int{1, 2}},
		"a truth under 0":      {Choices: 2, Truths: []int{1, -1}},
		"somebody twice":       {Choices: 2, Truths: []int{1, 2}, People: []Confusion{one("rsp_a", 1, 2, 3, 4), one("rsp_a", 1, 2, 3, 4)}},
		"too few counts":       {Choices: 2, Truths: []int{1, 2}, People: []Confusion{one("rsp_a", 1, 2, 3)}},
		"a count under 0":      {Choices: 2, Truths: []int{1, 2}, People: []Confusion{one("rsp_a", 1, 2, 3, -4)}},
		"too high a count":     {Choices: 2, Truths: []int{1, 2}, People: []Confusion{one("rsp_a", 1, 2, 3, countMax+1)}},
		"too high a sum":       {Choices: 2, Truths: []int{1, 2}, People: []Confusion{one("rsp_a", 0, countMax, 0, 1)}},
		"a step too high":      {Choices: 2, Truths: []int{1, 2}, Calibration: Calibration{Steps: []Step{{From: 58_001}}}},
		"golds and no step":    {Choices: 2, Truths: []int{1, 2}, Calibration: Calibration{Golds: 59}},
		"steps under 0":        {Choices: 2, Truths: []int{1, 2}, Calibration: Calibration{Steps: []Step{{From: -1}}}},
		"steps that fall":      {Choices: 2, Truths: []int{1, 2}, Calibration: Calibration{Steps: []Step{{From: 2}, {From: 1}}}},
		"more passed than are": {Choices: 2, Truths: []int{1, 2}, Calibration: Calibration{Golds: 3, Steps: []Step{{Golds: 4}}}},
		"more wrong than were": {Choices: 2, Truths: []int{1, 2}, Calibration: Calibration{Golds: 3, Steps: []Step{{Times: 1, Wrong: 2}}}},
	} {
		if _, err := NewFamily(f); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// TestLearnIgnoresOrder: what is learned does not depend on the order of questions.
func TestLearnIgnoresOrder(t *testing.T) {
	closed := guessers(60, 3)
	first, err := Learn(t.Context(), Lesson{Choices: 3, Closed: closed, Least: 2})
	if err != nil {
		t.Fatal(err)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(closed), func(i, j int) { closed[i], closed[j] = closed[j], closed[i] })
	second, err := Learn(t.Context(), Lesson{Choices: 3, Closed: closed, Least: 2})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second, cmp.AllowUnexported(Family{})); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

// guessers are people who answer gold at random: three of them a question, and each of them two questions.
func guessers(questions, choices int) []Closed {
	rng := rand.New(rand.NewPCG(3, 5))
	closed := make([]Closed, questions)
	for i := range closed {
		closed[i].Gold = rng.IntN(choices)
		for j := range 3 {
			who := polls.RespondentID(fmt.Sprintf("rsp_%03d", (i*3+j)%(questions*3/2)))
			closed[i].Votes = append(closed[i].Votes, polls.Vote{Respondent: who, Choice: rng.IntN(choices)})
		}
	}
	return closed
}

// TestLearnLeavesGoldOut: gold says nothing in favour of itself. Of people who guess, what gold shows is that they do, at
// all confidences alike.
func TestLearnLeavesGoldOut(t *testing.T) {
	f, err := Learn(t.Context(), Lesson{Choices: 2, Closed: guessers(2000, 2), Least: 2})
	if err != nil {
		t.Fatal(err)
	}
	times, wrong := 0, 0
	for _, s := range f.Calibration.Steps[2:] {
		times, wrong = times+s.Times, wrong+s.Wrong
	}
	if share := float64(wrong) / float64(times); times < 100 || math.Abs(share-0.5) > 0.1 {
		t.Errorf("%d of %d guesses are wrong where the model is sure", wrong, times)
	}
	if f.Calibration.Golds != 2000 {
		t.Errorf("%d golds", f.Calibration.Golds)
	}
}

// TestLearnCalibrates: nobody is known, so that each answer counts as one of the crowd, to which the first choice says
// less than the second. The first question gets to three answers in favour of its truth; the second to one against it,
// and then to a little in favour.
func TestLearnCalibrates(t *testing.T) {
	f, err := Learn(t.Context(), Lesson{Choices: 2, Least: 1, Closed: []Closed{
		{Votes: []polls.Vote{{Respondent: "rsp_a", Choice: 0}, {Respondent: "rsp_b", Choice: 0}, {Respondent: "rsp_c", Choice: 0}}, Gold: 0},
		{Votes: []polls.Vote{{Respondent: "rsp_d", Choice: 0}, {Respondent: "rsp_e", Choice: 1}}, Gold: 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	step := logOf(f.crowd[0], 2) - logOf(f.crowd[2], 2)
	little := int(2 * (logOf(f.crowd[3], 2) - logOf(f.crowd[1], 2) - step) / logUnit)
	first, second, third := int(2*step/logUnit), int(4*step/logUnit), int(6*step/logUnit)
	want := make([]Step, stepCount)
	for i := range want {
		want[i].From = i * stepWidth
		if i <= third {
			want[i].Golds++
		}
		if i <= first {
			want[i].Golds++
			want[i].Missed++
		}
	}
	want[first].Times, want[first].Wrong, want[second].Times, want[third].Times = 2, 1, 1, 1
	want[little].Times++
	if diff := cmp.Diff(Calibration{Golds: 2, Steps: want}, f.Calibration); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLearnCounts: gold counts as what it is, a question with one answer teaches nothing unless it is gold, and who cannot
// tell is not wrong.
func TestLearnCounts(t *testing.T) {
	f, err := Learn(t.Context(), Lesson{Choices: 2, Least: 2, Closed: []Closed{
		{Votes: []polls.Vote{{Respondent: "rsp_a", Choice: 0}, {Respondent: "rsp_b", Choice: 0}}, Gold: 1},
		{Votes: []polls.Vote{{Respondent: "rsp_c", Choice: 0}}, Gold: NoChoice},
		{Votes: []polls.Vote{{Respondent: "rsp_d", Choice: 0}, {Respondent: "rsp_a", Choice: polls.CannotTell}}, Gold: 0},
		{Gold: NoChoice},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Confusion{one("rsp_a", 0, 0, 1000, 0), one("rsp_b", 0, 0, 1000, 0), one("rsp_c", 0, 0, 0, 0), one("rsp_d", 1000, 0, 0, 0)}
	if diff := cmp.Diff(want, f.People); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1000, 1000}, f.Truths); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLearnFollowsGold: where six of ten people agree on a wrong choice, a tenth of the questions being gold is enough to
// learn who is right.
func TestLearnFollowsGold(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	closed := make([]Closed, 300)
	for i := range closed {
		truth := rng.IntN(3)
		closed[i].Gold = NoChoice
		if i%10 == 0 {
			closed[i].Gold = truth
		}
		for j := range 10 {
			choice := truth
			if j < 6 || rng.IntN(5) == 0 {
				choice = (truth + 1) % 3
			}
			closed[i].Votes = append(closed[i].Votes, polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", j)), Choice: choice})
		}
	}
	f, err := Learn(t.Context(), Lesson{Choices: 3, Closed: closed, Least: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range f.People {
		right := p.Counts[0] + p.Counts[4] + p.Counts[8]
		if honest := i >= 6; honest && right < 200*thousand || !honest && right > 15*thousand {
			t.Errorf("%s counts as right in %d thousandths", p.Respondent, right)
		}
	}
}
