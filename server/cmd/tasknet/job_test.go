package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/computetest"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// worksByHand is a node of which the test does the work.
type worksByHand struct {
	*client.Node
	t   *testing.T
	ctx context.Context
}

func newHand(t *testing.T, ctx context.Context, address string) worksByHand {
	t.Helper()
	keys, err := client.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	node, err := c.Node(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := node.Join(ctx, "by hand", wire.Capability{Class: "test", Cores: 1, Memory: 1 << 30, Disk: 1 << 30, Trainers: []string{"gomlx"}, Slots: 1, Version: "test"}); err != nil {
		t.Fatal(err)
	}
	return worksByHand{node, t, ctx}
}

// take takes work that comes.
func (h worksByHand) take() *wire.WorkLease {
	h.t.Helper()
	for {
		work, err := h.TakeWork(h.ctx, wire.TakeWork{Wait: 5})
		if err != nil {
			h.t.Fatal(err)
		}
		l := work.Lease
		if l == nil {
			continue
		}
		if _, err := h.Beat(h.ctx, l.ID, wire.Beat{Progress: wire.JobProgress{}}); err != nil { // it may wait a minute from now on
			h.t.Fatal(err)
		}
		return l
	}
}

// saying is what a node says of the rows of a lease.
func saying(from, to int) string {
	var b strings.Builder
	for row := from; row < to; row++ {
		fmt.Fprintf(&b, `{"key":"row %d","label":"yes","confidence":0.75,"probabilities":{"yes":0.75,"no":0.25}}`+"\n", row)
	}
	return b.String()
}

// finish hands in what it says of the rows of a lease.
func (h worksByHand) finish(l *wire.WorkLease) {
	h.t.Helper()
	path := filepath.Join(h.t.TempDir(), "predictions")
	if err := os.WriteFile(path, []byte(saying(l.From, l.To)), 0o600); err != nil {
		h.t.Fatal(err)
	}
	f, err := h.Store(h.ctx, l.ID, path, "predictions")
	if err != nil {
		h.t.Fatal(err)
	}
	f.Role = compute.PredictionsRole
	if _, err := h.Finish(h.ctx, &compute.Receipt{
		Lease: compute.LeaseID(l.ID), Job: compute.JobID(l.Job), Part: l.Part, Work: sha256.Sum256(l.Work), Code: "test", Trainer: "gomlx", Class: "test",
		Began: time.Now(), Ended: time.Now(), Outputs: []compute.JobFile{f},
	}); err != nil {
		h.t.Fatal(err)
	}
}

// TestJobInfer asks a model about rows in parts, handed in as they come: what is saved is in the order of the rows, also
// when it is fetched later, and the job says who did what and why.
func TestJobInfer(t *testing.T) {
	alone(t)
	address, _ := served(t, filepath.Join(t.TempDir(), "data"))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	dir := t.TempDir()
	model, rows, out := filepath.Join(dir, "model"), filepath.Join(dir, "rows.csv"), filepath.Join(dir, "answers")
	plan, err := compute.NewPlan(compute.Spec{
		Input: compute.Input{Kind: compute.Numbers, Columns: []string{"x"}, Mean: []float64{0}, Deviation: []float64{1}}, Layers: []compute.Layer{{Type: compute.Dense, Units: 4}}, Classes: []string{"yes", "no"},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := &compute.Model{Plan: plan, Weights: compute.NewWeights(plan), Temperature: 1}
	table := "key,x,label\n"
	for row := range 25 {
		table += fmt.Sprintf("row %d,%d,\n", row, row)
	}
	if err := os.WriteFile(rows, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(model, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := folder.WriteJSON(filepath.Join(model, folder.SpecFile), plan.Spec); err != nil {
		t.Fatal(err)
	}
	if err := folder.SaveModel(model, m, compute.Card{Temperature: 1}); err != nil {
		t.Fatal(err)
	}
	one, two := newHand(t, ctx, address), newHand(t, ctx, address)
	type ended struct {
		code     int
		out, err string
	}
	infers := make(chan ended, 1)
	go func() {
		code, stdout, stderr := run(t, "job", "infer", model, rows, "--part-rows", "10", "-o", out)
		infers <- ended{code, stdout, stderr}
	}()
	first := one.take()
	for range 2 {
		two.finish(two.take())
	}
	one.finish(first)
	end := <-infers
	if end.code != exitOK || end.out != fmt.Sprintf("%s is done; what it made is in %s\n", first.Job, out) {
		t.Fatalf("job infer ended with %d: %s%s", end.code, end.out, end.err)
	}
	later := filepath.Join(dir, "later")
	if code, _, stderr := run(t, "job", "get", first.Job, "-o", later); code != exitOK {
		t.Errorf("job get ended with %d: %s", code, stderr)
	}
	for _, folder := range []string{out, later} {
		if got, err := os.ReadFile(filepath.Join(folder, "predictions.jsonl")); err != nil || string(got) != saying(0, 25) {
			t.Errorf("%s has, out of order, %s%v", folder, got, err)
		}
	}
	code, shown, stderr := run(t, "job", "show", first.Job)
	if code != exitOK || !strings.Contains(shown, ": done\n25 of 25 rows done, in 3 parts so far\n") || strings.Count(shown, "  10 rows") != 2 || strings.Count(shown, "  5 rows") != 1 ||
		strings.Count(shown, "; turn 1 of 1\n") != 3 {
		t.Errorf("job show ended with %d: %s%s", code, shown, stderr)
	}
	if code, _, stderr := run(t, "job", "get", first.Job, "-o", later); code != exitUsage || !strings.Contains(stderr, "there already") {
		t.Errorf("job get over a folder ended with %d: %s", code, stderr)
	}
}

// TestWhyGiven: each reason for which a node was given a part is told.
func TestWhyGiven(t *testing.T) {
	for want, why := range map[string]wire.LeaseWhy{
		"1 rows; turn 1 of 1":                                                                {Rows: 1},
		"40 rows, about 60 s; turn 2 of 3":                                                   {Rows: 40, Seconds: 60, Turn: 1, Waiting: 3},
		"1 rows, after another node was lost, from step 30; turn 1 of 1":                     {Rows: 1, Again: "lost", FromStep: 30, Waiting: 1},
		"1 rows, after another node failed; turn 1 of 1":                                     {Rows: 1, Again: "failed"},
		"10 rows, pays 0.5; turn 1 of 1":                                                     {Rows: 10, Pays: tasknet.Micro(500_000)},
		"10 rows, pays 0.5 (the node takes 0.25 an hour and more); turn 1 of 1":              {Rows: 10, Pays: tasknet.Micro(500_000), Least: tasknet.Micro(250_000)},
		"9 rows, has the trainer torchscript that the job asks for; turn 1 of 1":             {Rows: 9, Trainer: "torchscript"},
		"10 rows, pays 0.5, 3.25 an hour; turn 1 of 1":                                       {Rows: 10, Pays: tasknet.Micro(500_000), Hour: tasknet.Micro(3_250_000)},
		"1 rows, beside another node that is slow; turn 1 of 1":                              {Rows: 1, Again: "slow"},
		"1 rows, 2.0 MiB of its files were there, about 9 s to fetch the files; turn 1 of 1": {Rows: 1, Local: 2 << 20, Fetch: 9},
	} {
		if got := whyGiven(why); got != want {
			t.Errorf("%+v is told as %q, want %q", why, got, want)
		}
	}
}

// TestJobModule: a TorchScript module with its spec beside it is a model that is asked; what nodes would not run is refused before it is sent.
func TestJobModule(t *testing.T) {
	alone(t)
	served(t, filepath.Join(t.TempDir(), "data"))
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const spec = `{"input":{"kind":"numbers","columns":["x"]},"classes":["no","yes"]`
	rows := write("rows.csv", "key,x,label\na,1,yes\nb,2,no\n")
	good := computetest.Module(t, "return torch.relu(x)")
	net := write("net.pt", string(good))
	for _, c := range []struct {
		name, spec, module, says string
	}{
		{"no spec", "", string(good), "has no spec: write what it looks at"},
		{"a spec of layers", spec + `,"script":{},"layers":[{"type":"dense","units":3}]}`, string(good), "input, classes and script"},
		{"a pickle", spec + `}`, "\x80\x02}q\x00.", "not a zip archive"},
		{"another operation", spec + `}`, string(computetest.Module(t, "return torch.manual_seed(3)")), "manual_seed"},
	} {
		if c.spec != "" {
			write("bad.json", c.spec)
		}
		if code, _, stderr := run(t, "job", "infer", write("bad.pt", c.module), rows); code == exitOK || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit status %d: %s", c.name, code, stderr)
		}
	}
	write("net.json", spec+`,"script":{"gives":"probabilities"}}`)
	for _, args := range [][]string{{"infer", net, rows, "--max-time", "30m"}, {"evaluate", net, rows}, {"serve", net}} {
		code, id, stderr := run(t, append([]string{"job"}, args...)...)
		if code != exitOK {
			t.Fatalf("%v: exit status %d: %s", args, code, stderr)
		}
		code, shown, stderr := run(t, "job", "show", strings.TrimSpace(id))
		if want := fmt.Sprintf("It asks a TorchScript module of %d bytes, art_", len(good)); code != exitOK || !strings.Contains(shown, want) || !strings.Contains(shown, "nodes with the trainer torchscript alone") {
			t.Errorf("%v: job show ended with %d: %s%s", args, code, shown, stderr)
		}
		code, shown, _ = run(t, "job", "show", strings.TrimSpace(id), "--json")
		if most := map[bool]string{true: `"max_seconds": 1800`, false: `"max_seconds": 86400`}[args[0] == "infer"]; code != exitOK || !strings.Contains(shown, most) {
			t.Errorf("%v: %s, want %s", args, shown, most)
		}
	}
	if code, _, stderr := run(t, "job", "train", rows, "--spec", write("train.json", spec+`,"script":{}}`)); code == exitOK || !strings.Contains(stderr, "not trained") {
		t.Errorf("a module to train: exit status %d: %s", code, stderr)
	}
}
