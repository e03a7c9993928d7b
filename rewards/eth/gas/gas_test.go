package gas_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/rewards/eth/gas"
)

var update = flag.Bool("update", false, "write testdata again from what the code does")

// TestGas holds what each way to pay people costs under each fork's rules: the file is what we publish.
func TestGas(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %-15s %8s %14s %12s\n", "rules", "what", "people", "gas", "per answer")
	per := map[string]float64{}
	for _, fork := range gas.Forks {
		report, err := gas.Measure(context.Background(), fork, gas.Default)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range report.Rows {
			fmt.Fprintf(&b, "%-10s %-15s %8d %14d %12.4f\n", r.Fork, r.What, r.People, r.Gas, r.GasPerAnswer)
			per[string(r.Fork)+" "+r.What] = r.GasPerAnswer
			if r.What == gas.Root && r.Gas > 65_000 {
				t.Errorf("%s: a root with its checkpoint costs %d, more than 65,000", r.Fork, r.Gas)
			}
		}
	}
	for _, most := range []struct {
		what string
		gas  float64
	}{{"osaka " + gas.Steady, 130}, {"amsterdam " + gas.Steady, 250}} {
		if got := per[most.what]; got == 0 || got >= most.gas {
			t.Errorf("%s: %.1f gas an answer, want less than %.0f", most.what, got, most.gas)
		}
	}
	const name = "testdata/gas.txt"
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("gas changed (-want +got):\n%s", diff)
	}
}

// TestRootIsFlat: a root costs the same for few people as for many, but for the bytes of its sums and hashes that are zero.
func TestRootIsFlat(t *testing.T) {
	root := func(people int) int64 {
		t.Helper()
		report, err := gas.Measure(t.Context(), gas.Osaka, gas.Config{Tree: people, Batch: 5, AnswersPerPerson: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range report.Rows {
			if r.What == gas.Root {
				return r.Gas
			}
		}
		t.Fatal("no root was measured")
		return 0
	}
	few, many := root(30), root(10_000)
	if apart := many - few; apart < -500 || apart > 500 {
		t.Errorf("a root for 30 people costs %d, one for 10,000 %d", few, many)
	}
}
