package bench

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/verify"
)

// TestVerifyBundle: what is measured is a verification in which everything is looked at.
func TestVerifyBundle(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := MakeBundle(t.Context(), dir, 1004, 50, func(string, int, int) {}); err != nil {
		t.Fatal(err)
	}
	r, err := VerifyBundle(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.Answers != 1000 || r.Questions != 200 || r.People != 50 || r.Seconds <= 0 || r.AnswersPS <= 0 || r.PeakRSS <= 0 || r.Bytes <= 0 || r.Cores < 1 {
		t.Errorf("got %+v", r)
	}
	s, err := newInstance(1000, 50)
	if err != nil {
		t.Fatal(err)
	}
	if report, err := verify.Run(t.Context(), s, verify.Config{}); err != nil || report.Epochs != madeEpochs || report.Claimed != report.Paid || report.Claimed.IsZero() {
		t.Errorf("verified %+v, %v", report, err)
	}
	leaf := &s.payouts[1].leaves[3]
	leaf.Amount = leaf.Amount.Add(tasknet.Micro(1))
	_, err = verify.Run(t.Context(), s, verify.Config{})
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "payout" {
		t.Errorf("a payout of more: %v", err)
	}
	s.people[7].keys = s.people[8].keys // who signs with another's key
	_, err = verify.Run(t.Context(), s, verify.Config{})
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "answer" || m.Field != "signature" {
		t.Errorf("a false signature: %v", err)
	}
}
