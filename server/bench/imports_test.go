package bench_test

import (
	"slices"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/bench"
)

// TestImports grows a small project, and counts that all of its tasks were made, and all that were answered closed and
// paid. What they cost is for the machine to say.
func TestImports(t *testing.T) {
	t.Parallel()
	report, err := bench.Imports(t.Context(), bench.Config{Data: t.TempDir()}, []int{300, 1500})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range report {
		if s.Import.Clock <= 0 || s.Answer.Clock <= 0 || s.Pause.Clock <= 0 {
			t.Errorf("nothing was measured: %+v", s)
		}
		report[i].Import, report[i].Answer, report[i].Pause = bench.Cost{}, bench.Cost{}, bench.Cost{}
	}
	want := []bench.ImportSize{ // each answer pays 0.0001
		{Tasks: 300, Answered: 150, Closed: 150, Paid: tasknet.Micro(15_000)},
		{Tasks: 1500, Answered: 750, Closed: 150 + 750, Paid: tasknet.Micro(90_000)},
	}
	if !slices.Equal(report, want) {
		t.Errorf("counted %+v, want %+v", report, want)
	}
}
