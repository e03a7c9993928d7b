package bench_test

import (
	"testing"

	"github.com/tasknet/tasknet/server/bench"
)

// TestImports grows a small project. What tasks cost is for the machine to say.
func TestImports(t *testing.T) {
	t.Parallel()
	report, err := bench.Imports(t.Context(), bench.Config{Data: t.TempDir()}, []int{300, 1500})
	if err != nil {
		t.Fatal(err)
	}
	if len(report) != 2 || report[0].Tasks != 300 || report[0].Answered != 150 || report[1].Tasks != 1500 || report[1].Answered != 750 {
		t.Fatalf("%+v", report)
	}
	for _, s := range report {
		if s.Import <= 0 || s.Answer <= 0 || s.Pause <= 0 {
			t.Errorf("nothing was measured: %+v", s)
		}
	}
}
