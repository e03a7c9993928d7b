package main

import (
	"maps"
	"slices"
	"testing"
)

// TestBenchGasJSON holds what programs read: rows with these keys, one for each way to pay under each fork's rules.
func TestBenchGasJSON(t *testing.T) {
	rows := asJSON[[]map[string]any](t, "bench", "gas", "--tree", "30", "--people", "5", "--answers-per-person", "4")
	whats := map[any][]any{}
	for _, row := range rows {
		if keys := slices.Sorted(maps.Keys(row)); !slices.Equal(keys, []string{"answers_per_person", "fork", "gas", "gas_per_answer", "people", "what"}) {
			t.Fatalf("a row has the keys %v", keys)
		}
		whats[row["fork"]] = append(whats[row["fork"]], row["what"])
		gas, people, answers, per := row["gas"].(float64), row["people"].(float64), row["answers_per_person"].(float64), row["gas_per_answer"].(float64)
		if gas < 21_000 || people < 5 || answers != 4 || per != gas/(people*answers) {
			t.Errorf("a row is %v", row)
		}
	}
	want := []any{"tasknet-steady", "tasknet-first", "root", "transfer", "disperse", "claim"}
	for _, fork := range []any{"osaka", "amsterdam"} {
		for _, what := range want {
			if !slices.Contains(whats[fork], what) || len(whats[fork]) != len(want) {
				t.Errorf("by the rules of %s there are %v, want %v", fork, whats[fork], want)
			}
		}
	}
	if len(whats) != 2 {
		t.Errorf("the rules are %v", whats)
	}
}
