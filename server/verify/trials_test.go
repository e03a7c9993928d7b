package verify

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

// TestTrialsAreRecomputed changes what a job's record says of its hidden tasks and of how its models were judged. Nothing else is looked
// at that could contradict the lie, as the log and the money would.
func TestTrialsAreRecomputed(t *testing.T) {
	const tasks, held = compute.HiddenTasks, 100
	seed, other := [32]byte{1}, [32]byte{2}
	marks := make([]byte, tasks*compute.MarkSize)
	for i := range tasks {
		marks[i*compute.MarkSize], marks[i*compute.MarkSize+1] = byte(i>>8), byte(i)
	}
	losses := func(each uint32, n int) []byte { return compute.Losses(slices.Repeat([]uint32{each}, n)).Bytes() }
	check := func(change func(*wire.JobRecord)) error {
		r := wire.JobRecord{ID: "job_1", Kind: "train", Hidden: &wire.HiddenRecord{Tasks: tasks, Held: held, Marks: marks, Drawn: compute.Drawn(seed, marks, held), Guess: losses(700_000, held)}}
		r.Receipts = []wire.ReceiptRecord{{Trial: &wire.TrialRecord{State: "passed", Losses: losses(100_000, held)}}, {Trial: &wire.TrialRecord{State: "failed", Losses: losses(700_000, held)}}}
		change(&r)
		if _, err := hiddenOf(r, seed); err != nil {
			return err
		}
		_, err := new(verification).trials(r)
		return err
	}
	if err := check(func(*wire.JobRecord) {}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*wire.JobRecord)
		field  string
	}{
		"others are drawn":         {func(r *wire.JobRecord) { r.Hidden.Drawn = compute.Drawn(other, marks, held) }, "hidden tasks"},
		"a loss of the guess less": {func(r *wire.JobRecord) { r.Hidden.Guess = losses(700_000, held-1) }, "hidden tasks"},
		"a mark less":              {func(r *wire.JobRecord) { r.Hidden.Marks = marks[compute.MarkSize:] }, "hidden marks"},
		"no training":              {func(r *wire.JobRecord) { r.Kind = "infer" }, "hidden marks"},
		"the better fails":         {func(r *wire.JobRecord) { r.Receipts[0].Trial.State = "failed" }, "trial"},
		"the better is not tried":  {func(r *wire.JobRecord) { r.Receipts[0].Trial.State = "void" }, "trial"},
		"a guess passes":           {func(r *wire.JobRecord) { r.Receipts[1].Trial.State = "passed" }, "trial"},
		"a loss less":              {func(r *wire.JobRecord) { r.Receipts[0].Trial.Losses = losses(100_000, held-1) }, "trial"},
		"no losses and no reason":  {func(r *wire.JobRecord) { r.Receipts[1].Trial.Losses = nil }, "trial"},
		"no trial":                 {func(r *wire.JobRecord) { r.Receipts[1].Trial = nil }, "trial"},
	} {
		if m, ok := errors.AsType[*Mismatch](check(c.change)); !ok || !strings.Contains(m.Field, c.field) {
			t.Errorf("%s: %+v, want a mismatch of %q", name, m, c.field)
		}
	}
	if bytes.Equal(compute.Drawn(seed, marks, held), compute.Drawn(other, marks, held)) {
		t.Error("two seeds draw the same")
	}
}
