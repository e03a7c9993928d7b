package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/task"
)

// TestTorch trains with libtorch where this was built with it, and asks the model without; elsewhere it is told what to do.
func TestTorch(t *testing.T) {
	ctx, labels, model := context.Background(), rings(t), filepath.Join(t.TempDir(), "model")
	code, out, failed := run(ctx, "train", labels, "--preset", "tabular", "--out", model, "--epochs", "15", "--json", "--trainer", "torch")
	if _, err := newTorch(false, false); err != nil {
		if code != exitFailed || !strings.Contains(failed, "make torch") {
			t.Errorf("%d: %s%s", code, out, failed)
		}
		return
	}
	var card compute.Card
	if err := json.Unmarshal([]byte(out), &card); code != exitOK || err != nil {
		t.Fatalf("exit status %d, %v: %s%s", code, err, out, failed)
	}
	if card.Metrics.Accuracy < 0.9 || card.Trainer != "torch" {
		t.Errorf("%+v", card)
	}
	script := filepath.Join(t.TempDir(), "model.pt")
	if code, out, failed := run(ctx, "export", model, "--out", script); code != exitOK || !strings.Contains(out, script) {
		t.Errorf("exported: %d, %s%s", code, out, failed)
	}
	if code, _, failed := run(ctx, "export", model, "--out", script); code != exitUsage || !strings.Contains(failed, "there already") {
		t.Errorf("exported twice: %d, %s", code, failed)
	}
	answers := make(map[string]string)
	for _, args := range [][]string{{"--trainer", "torch"}, {"--trainer", "torch", "--bf16"}, {"--trainer", "gomlx"}} {
		code, out, failed := run(ctx, append([]string{"predict", model, labels}, args...)...)
		if code != exitOK {
			t.Fatalf("%v: %s", args, failed)
		}
		for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
			var p task.Prediction
			if err := json.Unmarshal([]byte(line), &p); err != nil {
				t.Fatal(err)
			}
			if before, asked := answers[p.Key]; asked && before != p.Label && p.Confidence > 0.7 {
				t.Errorf("%v says that %s is %s, and another %s", args, p.Key, p.Label, before)
			}
			answers[p.Key] = p.Label
		}
	}
}
