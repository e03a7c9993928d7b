package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/compute/worker"
)

// rings writes a table of points in two rings, some without a label.
func rings(t *testing.T) string {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("key,x,y,label\n")
	for i := range 420 {
		angle, ring := random.Float64()*2*math.Pi, i%2
		label := []string{"inner", "outer"}[ring]
		if i >= 400 {
			label = ""
		}
		r := float64(1+ring) + random.NormFloat64()/10
		fmt.Fprintf(&b, "%s %d,%.4f,%.4f,%s\n", []string{"in", "out"}[ring], i, 40*r*math.Cos(angle), 1000+3*r*math.Sin(angle), label)
	}
	path := filepath.Join(t.TempDir(), "rings.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(ctx context.Context, args ...string) (code int, out, failed string) {
	var stdout, stderr bytes.Buffer
	code = Main(ctx, args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestTrainAndPredict(t *testing.T) {
	ctx := context.Background()
	labels, model := rings(t), filepath.Join(t.TempDir(), "model")
	code, out, failed := run(ctx, "train", labels, "--preset", "tabular", "--out", model, "--seed", "3", "--epochs", "15", "--json")
	var card compute.Card
	if err := json.Unmarshal([]byte(out), &card); code != exitOK || err != nil {
		t.Fatalf("exit status %d, %v: %s%s", code, err, out, failed)
	}
	if card.Metrics.Accuracy < 0.9 || card.Trainer != "gomlx" || card.Seed != 3 || card.Trained+card.Held+card.Metrics.Examples != 400 || len(card.Data) != 64 {
		t.Errorf("%+v", card)
	}
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s sha256:%x", currentVersion(), sha256.Sum256(program)); card.Code != want || card.Artefacts != nil {
		t.Errorf("the card names the program %q, want %q, and artefacts %v", card.Code, want, card.Artefacts)
	}
	for _, name := range []string{folder.SpecFile, folder.WeightsFile, folder.CardFile, folder.ReportFile, folder.LossFile, folder.ReliabilityFile} {
		if info, err := os.Stat(filepath.Join(model, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(model, folder.CheckpointFolder)); err == nil {
		t.Error("the checkpoint is left in the folder")
	}

	code, out, failed = run(ctx, "predict", model, labels)
	if code != exitOK {
		t.Fatal(failed)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	right := 0
	for _, line := range lines[400:] { // those without a label
		var p task.Prediction
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Label, p.Key[:2]) && p.Confidence == p.Probabilities[p.Label] && len(p.Probabilities) == 2 {
			right++
		}
	}
	if len(lines) != 420 || right < 17 {
		t.Errorf("%d lines, and %d of 20 right", len(lines), right)
	}

	if code, _, failed := run(ctx, "train", labels, "--out", model, "--resume"); code != exitUsage || !strings.Contains(failed, "is done") {
		t.Errorf("a model that is done goes on: %d, %s", code, failed)
	}
	if code, _, failed := run(ctx, "train", labels, "--out", model, "--preset", "tabular"); code != exitUsage || !strings.Contains(failed, "not empty") {
		t.Errorf("a model is written over: %d, %s", code, failed)
	}
	if err := os.WriteFile(filepath.Join(model, folder.WeightsFile), []byte("\x80\x02}q\x00."), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, failed := run(ctx, "predict", model, labels); code != exitUsage || !strings.Contains(failed, "safetensors") {
		t.Errorf("weights that are a pickle: %d, %s", code, failed)
	}
}

// TestSpec trains by a spec that leaves the classes to the labels.
func TestSpec(t *testing.T) {
	dir := t.TempDir()
	var rows strings.Builder
	for i := range 200 {
		soft := []string{"[0.9,0.1]", "[0.1,0.9]"}[i%2]
		fmt.Fprintf(&rows, `{"key":"%d","text":"%s %d","label":"%s","soft_label":%s}`+"\n", i, []string{"win a phone", "see you then"}[i%2], i%7, []string{"spam", "fine"}[i%2], soft)
	}
	labels, spec, model := filepath.Join(dir, "rows.jsonl"), filepath.Join(dir, "spec.json"), filepath.Join(dir, "model")
	for path, content := range map[string]string{labels: rows.String(), spec: `{"input": {"kind": "tokens", "length": 8},
		"layers": [{"type": "embedding", "units": 16}, {"type": "attention"}, {"type": "global_pool"}], "optimizer": {"learning_rate": 0.01}, "training": {"epochs": 12}}`} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, failed := run(context.Background(), "train", dir, "--spec", spec, "--out", model, "--json")
	var card compute.Card
	if err := json.Unmarshal([]byte(out), &card); code != exitOK || err != nil || card.Metrics.Accuracy != 1 {
		t.Fatalf("exit status %d, %v: %s%s", code, err, out, failed)
	}
	if p, err := folder.ReadSpec(filepath.Join(model, folder.SpecFile)); err != nil || strings.Join(p.Spec.Classes, " ") != "spam fine" {
		t.Errorf("the spec that is kept: %v, %+v", err, p)
	}
	if err := os.WriteFile(spec, []byte(`{"input":{"kind":"words"},"classes":["fine","spam"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, failed := run(context.Background(), "train", dir, "--spec", spec, "--out", model+"2"); code != exitUsage || !strings.Contains(failed, "tells fine, spam apart") {
		t.Errorf("a spec of other classes: %d, %s", code, failed)
	}
}

// interrupting ends a context when so many epochs have been told of.
type interrupting struct {
	io.Writer
	epochs int
	cancel context.CancelFunc
}

func (w *interrupting) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), "epoch") {
		if w.epochs--; w.epochs == 0 {
			w.cancel()
		}
	}
	return w.Writer.Write(p)
}

func TestResume(t *testing.T) {
	labels, dir := rings(t), t.TempDir()
	whole, cut := filepath.Join(dir, "whole"), filepath.Join(dir, "cut")
	if code, _, failed := run(context.Background(), "train", labels, "--preset", "tabular", "--epochs", "4", "--out", whole); code != exitOK {
		t.Fatal(failed)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var failed bytes.Buffer
	code := Main(ctx, []string{"train", labels, "--preset", "tabular", "--epochs", "4", "--out", cut}, &interrupting{io.Discard, 2, cancel}, &failed)
	if code != exitFailed || !strings.Contains(failed.String(), "--resume") {
		t.Fatalf("exit status %d: %s", code, failed.String())
	}
	if code, _, failed := run(context.Background(), "predict", cut, labels); code != exitUsage || !strings.Contains(failed, "holds no model") {
		t.Errorf("half a model answers: %d, %s", code, failed)
	}
	// as if it had ended while a checkpoint took the place of the one before
	if err := os.Rename(filepath.Join(cut, folder.CheckpointFolder), filepath.Join(cut, folder.CheckpointFolder+".old")); err != nil {
		t.Fatal(err)
	}
	other := rings(t)
	if err := os.WriteFile(other, []byte("key,x,y,label\na,1,2,inner\nb,3,4,outer\n"+filler()), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, failed := run(context.Background(), "train", other, "--out", cut, "--resume"); code != exitUsage || !strings.Contains(failed, "other labels") {
		t.Errorf("it goes on with other labels: %d, %s", code, failed)
	}
	if code, out, failed := run(context.Background(), "train", labels, "--out", cut, "--resume"); code != exitOK || strings.Contains(out, "epoch  1") {
		t.Fatalf("%d: %s%s", code, out, failed)
	}
	a, err := os.ReadFile(filepath.Join(whole, folder.WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(cut, folder.WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("what was interrupted becomes another model")
	}
}

// filler is enough rows to train on.
func filler() string {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "%d,%d,%d,%s\n", i, i, -i, []string{"inner", "outer"}[i%2])
	}
	return b.String()
}

func TestPlan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spec.json")
	write := func(spec string) {
		if err := os.WriteFile(path, []byte(spec), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"input":{"kind":"image","height":28,"width":28},"layers":[{"type":"conv","filters":8},{"type":"flatten"}],"classes":["no","yes"]}`)
	code, out, failed := run(context.Background(), "plan", path)
	if code != exitOK || !strings.Contains(out, "28x28x8") || !strings.Contains(out, "together") || !strings.Contains(out, "12626") {
		t.Errorf("%d: %s%s", code, out, failed)
	}
	write(`{"input":{"kind":"image","height":28,"width":28},"layers":[{"type":"recurrent","units":8}],"classes":["no","yes"]}`)
	if code, _, failed := run(context.Background(), "plan", path); code != exitUsage || !strings.Contains(failed, "Layer 1 (recurrent)") {
		t.Errorf("%d: %s", code, failed)
	}
}

func TestBadCommands(t *testing.T) {
	labels, out := rings(t), filepath.Join(t.TempDir(), "out")
	for _, c := range []struct{ args, want string }{
		{"train", "accepts 1 arg"},
		{"work --only us --data " + out, "org_..."},
		{"train " + labels, "--out"},
		{"train " + labels + " --out " + out, "one of --preset"},
		{"train " + labels + " --out " + out + " --preset tabular --spec x", "one of --preset"},
		{"train " + labels + " --out " + out + " --preset video", "preset is image"},
		{"train " + labels + " --out " + out + " --preset image", "no picture"},
		{"train " + labels + " --out " + out + " --resume", "Nothing was begun"},
		{"train " + labels + " --out " + out + " --resume --seed 2", "began with"},
		{"train " + labels + " --out " + out + " --preset tabular --epochs -2", "epochs is from 1"},
		{"train " + labels + " --out " + out + " --preset tabular --choices inner", "which is none of"},
		{"train " + labels + " --out " + out + " --preset tabular --trainer abacus", "gomlx and torch"},
		{"train " + labels + " --out " + out + " --preset tabular --device tpu", "cpu and cuda"},
		{"train " + labels + " --out " + out + " --preset tabular --bf16", "need --trainer torch"},
		{"predict " + out + " " + labels + " --device cuda", "need --trainer torch"},
		{"fly", "unknown command"},
	} {
		code, _, failed := run(context.Background(), strings.Fields(c.args)...)
		if code != exitUsage || !strings.Contains(failed, c.want) {
			t.Errorf("%s: %d, %s", c.args, code, failed)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a command that makes no sense left a folder")
	}
	if code, _, _ := run(context.Background(), "train", "none.csv", "--preset", "text", "--out", out); code != exitFailed {
		t.Errorf("a file that does not exist: %d", code)
	}
}

// TestUnchosen: that there is work which was not chosen is said once, until something else happens.
func TestUnchosen(t *testing.T) {
	var out bytes.Buffer
	tell := (&program{out: &out}).teller()
	for _, kind := range []worker.EventKind{worker.Unchosen, worker.Unchosen, worker.Began, worker.Unchosen} {
		tell(worker.Event{Kind: kind})
	}
	if got := strings.Count(out.String(), "leave it out"); got != 2 {
		t.Errorf("it was said %d times:\n%s", got, out.String())
	}
}
