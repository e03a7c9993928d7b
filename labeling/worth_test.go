package labeling

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// TestTailIsBinomial compares with sums in floats.
func TestTailIsBinomial(t *testing.T) {
	for trials := range 40 {
		for n := range trials + 1 {
			for _, p := range []int64{1, 7, 13, 19} {
				sum := 0.0
				for i := range n + 1 {
					a, _ := math.Lgamma(float64(trials + 1))
					b, _ := math.Lgamma(float64(i + 1))
					c, _ := math.Lgamma(float64(trials - i + 1))
					share := float64(p) / 20
					sum += math.Exp(a - b - c + float64(i)*math.Log(share) + float64(trials-i)*math.Log(1-share))
				}
				if math.Abs(sum*1000-1) < 1e-6 {
					continue
				}
				if got, want := tail(n, trials, p, 20, 1000), sum*1000 <= 1; got != want {
					t.Fatalf("at most %d of %d at %d/20, which has the probability %g: %t", n, trials, p, sum, got)
				}
			}
		}
	}
}

func TestWorthless(t *testing.T) {
	for _, c := range []struct {
		record  GoldRecord
		choices int
		want    bool
	}{
		{GoldRecord{}, 2, false},
		{GoldRecord{Wrong: 7}, 2, false}, // 0.35^7 is 0.0006
		{GoldRecord{Wrong: 8}, 2, true},  // 0.35^8 is 0.0002
		{GoldRecord{Right: 7, Wrong: 7}, 2, false},
		{GoldRecord{Right: 70, Wrong: 70}, 2, true},
		{GoldRecord{Right: 84, Wrong: 36}, 2, false},
		{GoldRecord{Unsure: 140}, 2, true},
		{GoldRecord{Right: 80, Unsure: 20}, 2, false},
		{GoldRecord{Wrong: 11}, 4, false}, // 0.525^11 is 0.0008
		{GoldRecord{Wrong: 12}, 4, true},  // 0.525^12 is 0.0004
		{GoldRecord{Right: 15, Wrong: 45}, 4, true},
	} {
		if got := c.record.Worthless(c.choices); got != c.want {
			t.Errorf("%+v with %d choices: %t", c.record, c.choices, got)
		}
	}
}

func TestPassed(t *testing.T) {
	for _, c := range []struct {
		record  GoldRecord
		choices int
		want    bool
	}{
		{GoldRecord{}, 2, false},
		{GoldRecord{Right: 4}, 4, false},
		{GoldRecord{Right: 5}, 2, true},            // 1/32
		{GoldRecord{Right: 5, Wrong: 1}, 2, false}, // 7/64
		{GoldRecord{Right: 7, Wrong: 1}, 2, true},  // 9/256
		{GoldRecord{Right: 7, Unsure: 3}, 2, false},
		{GoldRecord{Right: 5, Wrong: 5}, 4, false}, // 0.078
		{GoldRecord{Right: 6, Wrong: 4}, 4, true},  // 0.020
	} {
		if got := c.record.Passed(c.choices); got != c.want {
			t.Errorf("%+v with %d choices: %t", c.record, c.choices, got)
		}
	}
}

// worst is the highest right that is worthless after so many golds, or -1.
func worst(golds, choices int) []int {
	out := make([]int, golds+1)
	right := -1
	for seen := range out {
		for right+1 <= seen && (GoldRecord{Right: right + 1, Wrong: seen - right - 1}).Worthless(choices) {
			right++
		}
		out[seen] = right
	}
	return out
}

// TestFewAreAccused: of people who are right in 70 % of their answers, who are looked at after each of 600 golds, fewer
// than one in a thousand are ever taken for worthless; of those who guess, half are soon.
func TestFewAreAccused(t *testing.T) {
	const golds = 600
	for _, c := range []struct{ choices, guessers int }{{2, 101}, {3, 61}, {4, 48}, {10, 32}} {
		limit := worst(golds, c.choices)
		if found := accused(limit, 0.7)[golds]; found >= 0.001 {
			t.Errorf("%d choices: %.5f of honest people are accused", c.choices, found)
		}
		found, half := accused(limit, 1/float64(c.choices)), 0
		for found[half] < 0.5 {
			half++
		}
		if half != c.guessers {
			t.Errorf("%d choices: half of those who guess are found after %d golds", c.choices, half)
		}
	}
}

// accused returns which share of people with an accuracy were found worthless by so many golds.
func accused(limit []int, accuracy float64) []float64 {
	out := make([]float64, len(limit))
	of := []float64{1} // of those who were not, by how often they were right
	for seen := 1; seen < len(limit); seen++ {
		of = append(of, 0)
		for right := seen; right > 0; right-- {
			of[right] = of[right]*(1-accuracy) + of[right-1]*accuracy
		}
		of[0] *= 1 - accuracy
		out[seen] = out[seen-1]
		for right := range limit[seen] + 1 {
			out[seen] += of[right]
			of[right] = 0
		}
	}
	return out
}

func BenchmarkWorthless(b *testing.B) {
	for b.Loop() {
		GoldRecord{Right: 500, Wrong: 500}.Worthless(4)
	}
}

// TestWorthlessAtValues: nobody is proven by few golds, nor who is right in 45 of 100 however often they are looked at.
func TestWorthlessAtValues(t *testing.T) {
	for _, c := range []struct {
		of     polls.Type
		record GoldRecord
		want   bool
	}{
		{polls.Text, GoldRecord{}, false},
		{polls.Text, GoldRecord{Wrong: 18}, false},
		{polls.Text, GoldRecord{Wrong: 19}, true},
		{polls.Boxes, GoldRecord{Unsure: 18}, false},
		{polls.Boxes, GoldRecord{Wrong: 11, Unsure: 11}, true},
		{polls.Boxes, GoldRecord{Right: 1, Wrong: 19}, false},
		{polls.Boxes, GoldRecord{Right: 30, Wrong: 70}, false},
		{polls.Boxes, GoldRecord{Right: 15, Wrong: 85}, true},
		{polls.Number, GoldRecord{Wrong: 14}, false},
		{polls.Number, GoldRecord{Wrong: 15}, true},
		{polls.Ranking, GoldRecord{Wrong: 15}, true},
		{polls.Multiple, GoldRecord{Wrong: 11}, false},
		{polls.Multiple, GoldRecord{Wrong: 12}, true},
	} {
		if got := c.record.Worthless(valueRules[c.of].odds); got != c.want {
			t.Errorf("%s %+v: %v", c.of, c.record, got)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	const people, golds = 500, 120
	proven := 0
	for range people {
		var g GoldRecord
		for range golds {
			if rng.Float64() < 0.45 {
				g.Right++
			} else {
				g.Wrong++
			}
			if g.Worthless(valueRules[polls.Spans].odds) {
				proven++
				break
			}
		}
	}
	if proven > 0 {
		t.Errorf("%d of %d people who are right in 45 of 100 answers are proven worthless", proven, people)
	}
}

// TestLessonTellsWhoPassed: who was right at enough gold has passed, and nobody by other questions.
func TestLessonTellsWhoPassed(t *testing.T) {
	lesson := Lesson{Choices: 4, Least: 2}
	const questions = 60
	for i := range questions {
		truth := i % 4
		q := Closed{Gold: NoChoice, Votes: []polls.Vote{
			{Respondent: "rsp_few", Choice: truth}, {Respondent: "rsp_good", Choice: truth}, {Respondent: "rsp_never", Choice: (truth + 1) % 4},
		}}
		if i < 20 {
			q.Gold = truth
			if i > 3 {
				q.Votes = q.Votes[1:]
			}
		}
		lesson.Closed = append(lesson.Closed, q)
	}
	learned, err := FamilyProgress{Family: "dogs", Choices: 4, Closed: questions}.Learn(t.Context(), lesson, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(learned.Passed, []polls.RespondentID{"rsp_good"}) {
		t.Errorf("passed: %v", learned.Passed)
	}
	if !learned.Snapshot.Known.Void("rsp_never") || learned.Snapshot.Known.Void("rsp_good") || learned.Snapshot.Known.Void("rsp_nobody") {
		t.Error("who is always wrong is void, and nobody else")
	}
}

// TestCopiersDoNotPass: who copies may be right at gold often enough, and shows nothing by it.
func TestCopiersDoNotPass(t *testing.T) {
	for copiers, want := range map[int]int{0: 30, 12: 18} {
		closed, _ := duplicated(1500, copiers)
		learned, err := FamilyProgress{Family: "dogs", Choices: 3, Closed: len(closed)}.Learn(t.Context(), Lesson{Choices: 3, Closed: closed, Least: 2}, nil, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if len(learned.Passed) != want {
			t.Errorf("%d passed where %d copy, want %d", len(learned.Passed), copiers, want)
		}
	}
}
