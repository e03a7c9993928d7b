package compute_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// draft is of a job about a small model, with files that are there.
func draft(t *testing.T, kind compute.JobKind) compute.JobDraft {
	t.Helper()
	id, err := (&compute.Manifest{Length: 10, Pieces: [][32]byte{{1}}}).ID()
	if err != nil {
		t.Fatal(err)
	}
	d := compute.JobDraft{Title: "A job", Importance: 5, MaxTime: time.Hour, Work: compute.Work{
		Kind: kind, Model: &compute.Spec{Input: compute.Input{Kind: compute.Words, Buckets: 64}, Layers: []compute.Layer{{Type: compute.Dense, Units: 8}}, Classes: []string{"yes", "no"}},
		Inputs: []compute.JobFile{{Role: compute.DataRole, Artefact: id, Name: "rows.jsonl", Bytes: 10}},
	}}
	if kind == compute.InferJob {
		d.Work.Rows, d.Work.Temperature = 10, 1
		d.Work.Inputs = append(d.Work.Inputs, compute.JobFile{Role: compute.WeightsRole, Artefact: id, Name: "weights.safetensors", Bytes: 10})
	}
	return d
}

// TestONNX: a model in ONNX is refused, and why is said.
func TestONNX(t *testing.T) {
	for name, fits := range map[string]bool{"weights.safetensors": true, "m.onnx": false, "M.ONNX": false, "onnx": true} {
		d := draft(t, compute.InferJob)
		d.Work.Inputs[1].Name = name
		_, err := compute.NewJob("org_a", d, time.Unix(1e9, 0))
		if fits && err != nil || !fits && (tasknet.Describe(err).Code != "bad_job" || !strings.HasPrefix(err.Error(), name+" is an ONNX model, which nodes do not run: ") || !strings.Contains(err.Error(), "files of the machine")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
