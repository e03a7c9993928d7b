package main

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/computetest"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/compute/worker"
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
	if code, _, failed := run(ctx, "export", model, "--out", folder.ScriptSpec(script)); code != exitUsage || !strings.Contains(failed, "where the spec goes") {
		t.Errorf("exported into the spec: %d, %s", code, failed)
	}
	if code, out, failed := run(ctx, "export", model, "--out", script); code != exitOK || !strings.Contains(out, script) {
		t.Errorf("exported: %d, %s%s", code, out, failed)
	}
	if code, _, failed := run(ctx, "export", script, "--out", filepath.Join(t.TempDir(), "again.pt")); code != exitUsage || !strings.Contains(failed, "TorchScript already") {
		t.Errorf("exported again: %d, %s", code, failed)
	}
	asModule(t, model, script, labels)
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

// childDoes has a worker's child process ask a module about the rows of a table, as the job of somebody, and returns what it wrote, or what it says
// it failed of.
func childDoes(t *testing.T, ctx context.Context, trainer string, modules bool, spec compute.Spec, module, data string) (predictions string, failed *worker.Line, ended error) {
	t.Helper()
	file, err := corpus.Open(data, "")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	work := compute.Work{Kind: compute.InferJob, Model: &spec, Temperature: 1, Rows: len(file.All())}
	id, err := (&compute.Manifest{Length: 10, Pieces: [][32]byte{{1}}}).ID()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, task.In), 0o700); err != nil {
		t.Fatal(err)
	}
	for role, path := range map[compute.Role]string{compute.DataRole: data, compute.ScriptRole: module} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, task.In, filepath.Base(path)), content, 0o600); err != nil {
			t.Fatal(err)
		}
		work.Inputs = append(work.Inputs, compute.JobFile{Role: role, Artefact: id, Name: filepath.Base(path), Bytes: int64(len(content))})
	}
	j, err := compute.NewJob("org_a", compute.JobDraft{Title: "A job", Importance: 5, MaxTime: time.Hour, Work: work}, time.Unix(1e9, 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, task.WorkFile), j.Work, 0o600), folder.WriteJSON(filepath.Join(dir, task.PartFile), task.Part{To: work.Rows})); err != nil {
		t.Fatal(err)
	}
	cmd := share{cores: 1, memory: 4 << 30}.child(ctx, os.Args[0], "v1", trainerFlags{name: trainer, device: "cpu", modules: modules}, dir)
	cmd.Env = append(cmd.Env, mainChild+"=1")
	out, ended := cmd.Output()
	for line := range strings.Lines(string(out)) {
		var l worker.Line
		if err := json.Unmarshal([]byte(line), &l); err == nil && l.Failure != nil {
			failed = &l
		}
	}
	made, err := os.ReadFile(filepath.Join(dir, task.Out, string(compute.PredictionsRole)))
	if err != nil && ended == nil {
		t.Fatal(err)
	}
	return string(made), failed, ended
}

// asModule has a model and what it was exported as asked, here and by a child as a job, and compares what they say.
func asModule(t *testing.T, model, script, labels string) {
	t.Helper()
	plan, err := folder.ReadSpec(folder.ScriptSpec(script))
	if err != nil {
		t.Fatal(err)
	}
	says := func(text string) (out []task.Prediction) {
		t.Helper()
		for line := range strings.Lines(text) {
			var p task.Prediction
			if err := json.Unmarshal([]byte(line), &p); err != nil {
				t.Fatal(err)
			}
			out = append(out, p)
		}
		return out
	}
	_, text, _ := run(t.Context(), "predict", model, labels)
	want := says(text)
	code, here, failed := run(t.Context(), "predict", script, labels, "--trainer", "torch")
	if code != exitOK {
		t.Fatalf("asked here: %d, %s", code, failed)
	}
	there, failure, err := childDoes(t, t.Context(), "torch", true, plan.Spec, script, labels)
	if err != nil || failure != nil {
		t.Fatalf("the child ended with %v, and says %+v", err, failure)
	}
	for where, text := range map[string]string{"here": here, "in a child": there} {
		got := says(text)
		if len(got) != len(want) || len(want) != 420 {
			t.Fatalf("%s: %d answers, want %d", where, len(got), len(want))
		}
		for i := range want {
			if p := want[i].Probabilities["inner"]; got[i].Key != want[i].Key || math.Abs(got[i].Probabilities["inner"]-p) > 1e-4 {
				t.Fatalf("%s: %+v, want %+v", where, got[i], want[i])
			}
		}
	}
}

// TestTorchModule has a child ask modules that are bad: each is an error that says so, and the child's end.
func TestTorchModule(t *testing.T) {
	dir := t.TempDir()
	data, module := filepath.Join(dir, "rows.csv"), filepath.Join(dir, "net.pt")
	if err := os.WriteFile(data, []byte("key,a,b\nx,1,2\ny,-3,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	spec := compute.Spec{Input: compute.Input{Kind: compute.Numbers, Columns: []string{"a", "b"}}, Classes: []string{"no", "yes"}, Script: &compute.Script{}}
	modules := true
	does := func(ctx context.Context, trainer string, content []byte) (string, *worker.Line, error) {
		t.Helper()
		if err := os.WriteFile(module, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return childDoes(t, ctx, trainer, modules, spec, module, data)
	}
	says := func(name string, failed *worker.Line, code compute.FailureCode, part string) {
		t.Helper()
		if failed == nil || failed.Failure.Code != string(code) || !strings.Contains(failed.Failure.Message, part) {
			t.Errorf("%s: %+v", name, failed)
		}
	}
	_, failed, _ := does(t.Context(), "gomlx", computetest.Module(t, "return x"))
	says("without libtorch", failed, compute.Resources, "libtorch alone")
	if !torchBuilt {
		return
	}
	modules = false
	_, failed, _ = does(t.Context(), "torch", computetest.Module(t, "return x"))
	says("where modules are not run", failed, compute.Resources, "libtorch alone")
	modules = true
	for with, want := range map[bool]string{true: "torch torchscript", false: "torch"} {
		trainer, err := (&trainerFlags{name: "torch", device: "cpu", modules: with}).trainer()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(namesOf(trainer), " "); got != want {
			t.Errorf("a node that runs modules (%v) says that it has %s", with, got)
		}
	}
	if made, failed, err := does(t.Context(), "torch", computetest.Module(t, "return torch.relu(x)")); err != nil || strings.Count(made, "\n") != 2 {
		t.Fatalf("a sound one: %v, %+v: %s", err, failed, made)
	}
	for name, c := range map[string]struct{ module, says string }{
		"no module":         {"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.", "not a zip archive"},
		"another operation": {string(computetest.Module(t, "return torch.manual_seed(3)")), "manual_seed"},
		"another shape":     {string(computetest.Module(t, "return torch.select(x, 1, 0)")), "of shape 2"},
		"no numbers":        {string(computetest.Module(t, "return torch.log(x)")), "no number"},
		"too much memory":   {string(computetest.Module(t, "return torch.add(torch.sum(torch.ones([100000, 100000])), x)")), "memory"},
		"one that fails":    {string(computetest.Module(t, "return torch.matmul(x, torch.ones([5, 2]))")), "RuntimeError: mat1"},
	} {
		_, failed, _ := does(t.Context(), "torch", []byte(c.module))
		says(name, failed, compute.BadInput, c.says)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second) // that the job allows
	defer cancel()
	made, failed, err := does(ctx, "torch", computetest.Module(t, "while True:\n      x = torch.add(x, x)\n    return x"))
	if _, killed := errors.AsType[*exec.ExitError](err); !killed || made != "" || failed != nil {
		t.Errorf("one that never ends: %v, %+v: %s", err, failed, made)
	}
}
