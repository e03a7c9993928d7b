package labeling

import (
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

func TestParseImportance(t *testing.T) {
	for text, want := range map[string]int{"": 1_000_000, "1": 1_000_000, "2.5": 2_500_000, "10": 10_000_000} {
		if got, err := ParseImportance(text); got != want || err != nil {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, bad := range []string{"0.999999", "10.000001", "-2", "0", "high", "1e1", "4611686018427387904"} {
		if got, err := ParseImportance(bad); err == nil {
			t.Errorf("%q is %d", bad, got)
		}
	}
}

// TestPriceOf: importance and difficulty multiply the price, together by ten at most.
func TestPriceOf(t *testing.T) {
	for _, tt := range []struct {
		name       string
		counts     ProjectCounts
		difficulty int
		importance int
		price      int64
		want       int64
	}{
		{"as it is", ProjectCounts{Done: 50, Answers: 300}, 0, Important, 20_000, 20_000},
		{"important", ProjectCounts{}, 0, 2_500_000, 20_000, 50_000},
		{"too few have closed", ProjectCounts{Done: 18, Ended: 1, Answers: 190}, 500_000, Important, 20_000, 20_000},
		{"each took 3 answers beyond 2", ProjectCounts{Done: 18, Ended: 2, Answers: 100}, 100_000, Important, 20_000, 26_000},
		{"they took no more than the fewest", ProjectCounts{Done: 20, Answers: 30}, 100_000, Important, 20_000, 20_000},
		{"and important", ProjectCounts{Done: 18, Ended: 2, Answers: 100}, 100_000, 2_000_000, 20_000, 52_000},
		{"ten times at most", ProjectCounts{Done: 20, Answers: 20_000}, DifficultyMax, ImportanceMax, 20_000, 200_000},
		{"down to a micro-unit", ProjectCounts{}, 0, 1_500_000, 3, 4},
		{"the most that an answer may pay", ProjectCounts{}, 0, ImportanceMax, 999_000_000, 1_000_000_000},
	} {
		p := &Project{Counts: tt.counts, ProjectDraft: ProjectDraft{Policy: polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 2, Max: 9}, DifficultyPPM: tt.difficulty, Price: tasknet.Micro(tt.price)}}
		if got := p.PriceOf(tt.importance); got != tasknet.Micro(tt.want) {
			t.Errorf("%s: %d, want %d", tt.name, got.Micro(), tt.want)
		}
	}
}
