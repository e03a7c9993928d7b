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

// TestPaidTraining: no model is paid that is neither judged by tasks that its node never had nor compared with another's.
func TestPaidTraining(t *testing.T) {
	for _, c := range []struct {
		what     string
		price    int64
		replicas int
		hidden   bool
		why      compute.Unjudged
		fits     bool
	}{
		{"a judged one that pays", 1000, 1, true, "", true},
		{"one that pays nothing", 0, 1, false, compute.FewTasks, true},
		{"one of few tasks that pays", 1000, 1, false, compute.FewTasks, false},
		{"one of few tasks that pays, with no word of replicas", 1000, 0, false, compute.FewTasks, false},
		{"one of a large model that pays", 1000, 1, false, compute.LargeModel, false},
		{"one that pays where the server judges none", 1000, 1, false, "", false},
		{"one of few tasks that pays two owners", 1000, 2, false, compute.FewTasks, true},
	} {
		d := draft(t, compute.TrainJob)
		d.Price, d.Replicas, d.Unjudged = tasknet.Micro(c.price), c.replicas, c.why
		if c.hidden {
			d.Hidden = &compute.Hidden{Tasks: 600, Held: 100}
		}
		_, err := compute.NewJob("org_a", d, time.Unix(1e9, 0))
		if c.fits && err != nil || !c.fits && (tasknet.Describe(err).Code != "bad_job" || !strings.Contains(err.Error(), "at least two owners")) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	d := draft(t, compute.InferJob)
	d.Price = tasknet.Micro(1000)
	if _, err := compute.NewJob("org_a", d, time.Unix(1e9, 0)); err != nil {
		t.Errorf("a job that asks a model and pays: %v", err)
	}
}
