package testnet_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// trains does the part of a lease as a node does, and hands it in: what it has learned, or, being lazy, the weights that it began with.
func (h hand) trains(t *testing.T, ctx context.Context, l *wire.WorkLease, lazy bool) {
	t.Helper()
	dir := t.TempDir()
	work, plan, err := compute.ReadWork(l.Work)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, task.In), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{task.WorkFile: l.Work, task.PartFile: []byte(`{"from":0,"to":1}`)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, in := range work.Inputs {
		if err := h.Fetch(ctx, l.ID, in.Artefact, filepath.Join(dir, task.In, in.Name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := task.Do(ctx, dir, gomlx.Trainer{}, "test", func(compute.Report) {}); err != nil {
		t.Fatal(err)
	}
	if lazy {
		if err := folder.WriteFile(filepath.Join(dir, task.Out, string(compute.WeightsRole)), func(w io.Writer) error {
			return compute.NewWeights(plan).Write(w, plan)
		}); err != nil {
			t.Fatal(err)
		}
	}
	r := &compute.Receipt{
		Lease: compute.LeaseID(l.ID), Job: compute.JobID(l.Job), Part: l.Part, Work: sha256.Sum256(l.Work), Code: "test", Trainer: "gomlx", Class: "test", Began: time.Now(), Ended: time.Now(),
	}
	for _, role := range work.Makes() {
		f, err := h.Store(ctx, l.ID, filepath.Join(dir, task.Out, string(role)), string(role))
		if err != nil {
			t.Fatal(err)
		}
		f.Role = role
		r.Outputs = append(r.Outputs, f)
	}
	if _, err := h.Finish(ctx, r); err != nil {
		t.Fatal(err)
	}
}

// TestModelsAreJudged has a model trained for money by somebody who does not train, and then by somebody who does. The first is not paid;
// the second is, and the card says how good the model is on tasks that no node had. An outsider recomputes all of it.
func TestModelsAreJudged(t *testing.T) {
	testnet.Run(t, app.Config{FeeBasisPoints: 1500, Work: pipeline.WorkConfig{HoldBack: time.Millisecond}}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		spec, err := compute.Preset("tabular", compute.Input{Columns: []string{"x", "y"}}, []string{"inner", "outer"})
		if err != nil {
			t.Fatal(err)
		}
		spec.Training.Epochs = 10
		model, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		data := upload(t, ctx, n, table(700))
		ask := wire.NewJob{Title: "Rings", Kind: "train", Model: model, Price: tasknet.Micro(30_000), Importance: 5, MaxSeconds: 3600, Inputs: []wire.JobInput{{Role: "data", Artefact: data, Name: "rings.csv"}}}
		dear := ask
		dear.Price = compute.PriceMax
		if _, err := n.Requester.NewJob(ctx, dear, "dear"); tasknet.Describe(err).Code != "insufficient_funds" {
			t.Errorf("a job that cannot be paid: %v", err)
		}
		j, err := n.Requester.NewJob(ctx, ask, "one")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := n.Requester.NewJob(ctx, ask, "one"); err != nil || again.ID != j.ID || again.Judged.Data != j.Judged.Data {
			t.Errorf("the same again is %+v, %v", again, err)
		}
		kept := 0
		for _, err := range n.Requester.Artefacts(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			kept++
		}
		if kept != 3 {
			t.Errorf("%d artefacts are kept, want the data, what nodes get of it, and what they do not", kept)
		}
		if j.Judged == nil || j.Judged.Tasks != 700 || j.Judged.Hidden != 100 || j.Judged.Data == "" || j.Judged.Salt != "" {
			t.Fatalf("the job is judged by %+v", j.Judged)
		}
		lazy, honest := newHand(t, ctx, n), newHand(t, ctx, n)
		l := lazy.take(t, ctx)
		for name, id := range map[string]string{"the hidden rows": j.Judged.Data, "all rows": data} {
			if err := lazy.Fetch(ctx, l.ID, compute.ArtefactID(id), filepath.Join(t.TempDir(), "stolen")); tasknet.Describe(err).Code != "no_such_artefact" {
				t.Errorf("a node reads %s: %v", name, err)
			}
		}
		lazy.trains(t, ctx, l, true)
		honest.trains(t, ctx, honest.take(t, ctx), false)
		var whole wire.Job
		for whole.SettledAt == nil {
			if whole, err = n.Requester.Job(ctx, j.ID); err != nil {
				t.Fatal(err)
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				t.Fatalf("the job was not settled: %+v", whole)
			}
		}
		if whole.State != "done" || whole.Money.Paid != tasknet.Micro(30_000) || whole.Judged.Salt == "" {
			t.Fatalf("the job ended as %+v, %+v: %s", whole, whole.Money, whole.Problem)
		}
		part := partsOf(t, ctx, n, j.ID)[0]
		if part.Trial == nil || part.Trial.Tasks != 100 || part.Trial.Accuracy < 0.9 || part.Trial.High >= part.Trial.Guess || part.Trial.Low > part.Trial.LogLoss {
			t.Errorf("the trial is %+v", part.Trial)
		}
		var card compute.Card
		if err := json.Unmarshal(download(t, ctx, n, output(t, part, "card")), &card); err != nil || card.Hidden == nil || card.Hidden.LogLoss != part.Trial.LogLoss || card.Trained+card.Held+card.Metrics.Examples != 600 {
			t.Errorf("the card says %+v, %v", card, err)
		}
		if own := slices.IndexFunc(part.Receipt.Outputs, func(f wire.JobFile) bool { return f.Artefact == output(t, part, "card") }); own >= 0 {
			t.Error("the receipt names a card that the node has not made")
		}
		mine, err := lazy.owner.Work(ctx)
		if err != nil || len(mine.Work) != 1 || mine.Work[0].Why != "worthless" || mine.Excluded != nil {
			t.Errorf("who did not train sees %+v, %v", mine, err)
		}

		report := n.AwaitLogged(t, ctx)
		if report.Jobs != 1 || report.Receipts != 2 || report.Trials != 2 || report.Untried != 0 || report.Paid != tasknet.Micro(30_000) {
			t.Errorf("verified are %+v", report)
		}

		// Its organisation finds its tasks by the salt: those of the hidden rows are the ones that were drawn.
		for r, err := range n.Client.JobRecords(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			salt, err := hex.DecodeString(whole.Judged.Salt)
			if err != nil {
				t.Fatal(err)
			}
			var drawn []byte
			for i, line := range strings.Split(strings.TrimSpace(string(download(t, ctx, n, j.Judged.Data))), "\n") {
				if key, _, _ := strings.Cut(line, ","); i > 0 {
					drawn = append(drawn, (&compute.Secret{Salt: [32]byte(salt)}).Mark(key)...)
				}
			}
			if !bytes.Equal(drawn, r.Hidden.Drawn) {
				t.Error("the hidden rows are not those that were drawn")
			}
		}
		swap := func(b []byte, size int) []byte { // the first two
			out := slices.Clone(b)
			copy(out, b[size:2*size])
			copy(out[size:], b[:size])
			return out
		}
		for name, change := range map[string]func(*wire.JobRecord){
			"no hidden part":         func(r *wire.JobRecord) { r.Hidden = nil },
			"other tasks are drawn":  func(r *wire.JobRecord) { r.Hidden.Drawn = swap(r.Hidden.Drawn, compute.MarkSize) },
			"other tasks":            func(r *wire.JobRecord) { r.Hidden.Marks = swap(r.Hidden.Marks, compute.MarkSize) },
			"another seed":           func(r *wire.JobRecord) { r.Seed = strings.Repeat("ab", 32) },
			"fewer tasks are hidden": func(r *wire.JobRecord) { r.Hidden.Held--; r.Hidden.Guess = r.Hidden.Guess[4:] },
			"a better guess":         func(r *wire.JobRecord) { r.Hidden.Guess = bytes.Repeat([]byte{0}, 400) },
			"other rows":             func(r *wire.JobRecord) { r.Hidden.Data = "art_" + strings.Repeat("ab", 32) },
			"no trial":               func(r *wire.JobRecord) { r.Receipts[1].Trial = nil },
			"who did not train passes": func(r *wire.JobRecord) {
				r.Receipts[0].Trial.State, r.Receipts[0].State, r.Receipts[0].Why = "passed", "paid", ""
			},
			"who did not train is paid": func(r *wire.JobRecord) { r.Receipts[0].State, r.Receipts[0].Why = "paid", "" },
			"who did fails": func(r *wire.JobRecord) {
				r.Receipts[1].Trial.State, r.Receipts[1].State, r.Receipts[1].Why = "failed", "refused", "worthless"
			},
			"who did is not paid":      func(r *wire.JobRecord) { r.Receipts[1].State, r.Receipts[1].Why = "refused", "worthless" },
			"losses are left out":      func(r *wire.JobRecord) { r.Receipts[1].Trial.Losses = r.Receipts[1].Trial.Losses[4:] },
			"no losses, and no reason": func(r *wire.JobRecord) { r.Receipts[0].Trial.Losses = nil },
		} {
			got, err := verify.Run(ctx, changedJobs{n.Client, change}, verify.Config{})
			if err == nil && got.Unlogged > 0 { // what the log must have within a day is not there
				continue
			}
			if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "job" && m.Kind != "receipt" && m.Kind != "transaction" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
