package verify_test

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// TestSealed: what is not public yet is counted by the ledger, and until when is told as the totals say it.
func TestSealed(t *testing.T) {
	r := build(t)
	until := wire.At(time.Date(2026, 11, 23, 4, 5, 6, 0, time.UTC))
	r.Totals.OpenUntil = &until
	report, err := verify.Run(t.Context(), r.client(t), verify.Config{})
	if err != nil || len(report.Sealed) != 3 || report.Sealed[0].Count != 1 {
		t.Fatalf("%+v, %v", report.Sealed, err)
	}
	for _, s := range report.Sealed {
		if s.By == nil || !s.By.Equal(until.Time) {
			t.Errorf("%s: by %v", s.What, s.By)
		}
	}
}
