package testnet_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// ringsModel trains a model here.
func ringsModel(t *testing.T, ctx context.Context) (*compute.Model, []byte) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "rings.csv")
	if err := os.WriteFile(path, table(400), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := corpus.Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := file.Preset("tabular", nil)
	if err != nil {
		t.Fatal(err)
	}
	spec.Training.Epochs = 6
	plan, err := compute.NewPlan(spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Scale(plan); err != nil {
		t.Fatal(err)
	}
	examples, err := file.Examples(ctx, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	split, err := compute.NewSplit(plan, examples)
	if err != nil {
		t.Fatal(err)
	}
	m, err := compute.Train(ctx, gomlx.Trainer{}, plan, split, compute.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.SaveModel(dir, m, compute.NewCard(m, split, file.Hash, "test")); err != nil {
		t.Fatal(err)
	}
	weights, err := os.ReadFile(filepath.Join(dir, folder.WeightsFile))
	if err != nil {
		t.Fatal(err)
	}
	return m, weights
}

// TestServe asks a model about one row at a time on two nodes, one of which is killed: every row is answered as the model answers,
// signed, and what is handed in at the end is what was said.
func TestServe(t *testing.T) {
	testnet.Run(t, app.Config{FeeBasisPoints: 1500}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		m, weights := ringsModel(t, ctx)
		spec, err := json.Marshal(m.Plan.Spec)
		if err != nil {
			t.Fatal(err)
		}
		live := wire.NewJob{
			Title: "Rings", Kind: "infer", Live: true, Servers: 2, Rows: 500, Model: spec, Temperature: m.Temperature, Price: tasknet.Micro(50_000),
			Inputs: []wire.JobInput{{Role: "weights", Artefact: upload(t, ctx, n, weights), Name: folder.WeightsFile}},
		}
		j := newJob(t, ctx, n, live)
		at := wire.NewAsk{Numbers: map[string]float64{"x": 0.1, "y": 0.7}, Wait: 30_000}
		if _, err := n.Requester.AskModel(ctx, j.ID, at); !errors.Is(err, compute.ErrNobodyHere) {
			t.Errorf("asked of nobody: %v", err)
		}
		if _, err := n.Requester.AskModel(ctx, j.ID, wire.NewAsk{Numbers: map[string]float64{"x": 0.1, "y": 0.7}, Wait: 1}); !errors.Is(err, compute.ErrAskLate) {
			t.Errorf("asked for a millisecond: %v", err)
		}
		if _, err := n.Requester.AskModel(ctx, j.ID, wire.NewAsk{Text: "a ring", Wait: 1000}); tasknet.Describe(err).Code != "bad_row" {
			t.Errorf("a text for a table: %v", err)
		}
		if _, err := n.Requester.AskModel(ctx, j.ID, wire.NewAsk{Picture: []byte("GIF89a"), Wait: 1000}); tasknet.Describe(err).Code != "bad_row_picture" {
			t.Errorf("a picture that is none: %v", err)
		}
		machines := []*machine{newMachine(t, ctx, n, "first"), newMachine(t, ctx, n, "second")}
		for _, of := range machines {
			of.until(t, ctx, "the session", func(e worker.Event) bool { return e.Kind == worker.Began })
		}

		// Twenty are asked at a time, and in the middle one of the nodes is gone without a word.
		var mu sync.Mutex
		said := map[string]wire.Answered{}
		instance, err := n.Client.Instance(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(i int) {
			angle, r := float64(i), 0.7+float64(i%2)
			x, y := r*math.Cos(angle), r*math.Sin(angle)
			got, err := n.Requester.AskModel(ctx, j.ID, wire.NewAsk{Numbers: map[string]float64{"x": x, "y": y}, Wait: 60_000})
			if err != nil {
				t.Errorf("ask %d: %v", i, err)
				return
			}
			in := m.Plan.Spec.Input
			want, err := m.Predict(ctx, gomlx.Trainer{}, []float32{float32((x - in.Mean[0]) / in.Deviation[0]), float32((y - in.Mean[1]) / in.Deviation[1])})
			if err != nil {
				t.Errorf("ask %d: %v", i, err)
				return
			}
			for c, class := range m.Plan.Spec.Classes {
				if math.Abs(got.Probabilities[class]-float64(want[c])) > compute.Tolerance {
					t.Errorf("ask %d: %v, want %v", i, got.Probabilities, want)
				}
			}
			digest, err := compute.AnswerDigest(instance.Instance, compute.JobID(j.ID), compute.LeaseID(got.Lease), compute.AskID(got.Ask), []byte(got.Row), []byte(got.Said))
			key, keyErr := polls.ParseDeviceKey(got.Key)
			signature, hexErr := hex.DecodeString(got.Signature)
			if err := errors.Join(err, keyErr, hexErr); err != nil || len(signature) != 64 || !polls.CheckSignature(key, digest, [64]byte(signature)) {
				t.Errorf("ask %d is not signed: %v", i, err)
			}
			mu.Lock()
			defer mu.Unlock()
			said[got.Ask] = got
		}
		burst := func(from int) {
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() { ask(from + i) })
			}
			all.Wait()
		}
		ask(0)
		for from := 1; len(said) < 100; from += 20 {
			if from == 41 { // the child does not answer any more, and neither does the node
				machines[0].mu.Lock()
				if err := machines[0].children[0].Process.Kill(); err != nil {
					t.Error(err)
				}
				machines[0].mu.Unlock()
				machines[0].cancel()
			}
			burst(from)
			if t.Failed() {
				t.FailNow()
			}
		}
		whole, err := n.Requester.Job(ctx, j.ID)
		if err != nil {
			t.Fatal(err)
		}
		if s := whole.Serving; s == nil || s.Answers != int64(len(said)) || s.Half <= 0 || s.Most < s.Half || len(s.Times) == 0 {
			t.Errorf("it is asked as %+v", s)
		} else {
			t.Logf("of %d answers half took at most %.1f ms, 99 of 100 at most %.1f ms", s.Answers, s.Half, s.Most)
		}

		// Who stops the job has it handed in.
		if ended, err := n.Requester.CancelJob(ctx, j.ID); err != nil || ended.State != "done" {
			t.Fatalf("stopped is %+v, %v", ended, err)
		}
		if _, err := n.Requester.AskModel(ctx, j.ID, at); !errors.Is(err, compute.ErrJobEnded) {
			t.Errorf("asked after the end: %v", err)
		}
		handed := map[string]bool{}
		for {
			clear(handed)
			for _, p := range partsOf(t, ctx, n, j.ID) {
				if p.Receipt == nil {
					continue
				}
				for line := range strings.Lines(string(download(t, ctx, n, output(t, p, "predictions")))) {
					var key struct {
						Key string `json:"key"`
					}
					if err := json.Unmarshal([]byte(line), &key); err != nil || said[key.Key].Said+"\n" != line || handed[key.Key] {
						t.Fatalf("handed in is %q, and %q was said: %v", line, said[key.Key].Said, err)
					}
					handed[key.Key] = true
				}
			}
			whole, err := n.Requester.Job(ctx, j.ID)
			if err != nil {
				t.Fatal(err)
			}
			if whole.Serving.Nodes == 0 && whole.Done == len(handed) && len(handed) >= 50 {
				break
			}
			if err := client.Pause(ctx, 50*time.Millisecond); err != nil {
				t.Fatalf("of %d answers %d were handed in: %+v, %+v", len(said), len(handed), whole, whole.Serving)
			}
		}
		machines[1].cancel()
		if err := <-machines[1].ended; err != nil {
			t.Error(err)
		}
		if _, err := n.Requester.AskModel(ctx, newJob(t, ctx, n, wire.NewJob{
			Title: "In parts", Kind: "infer", Rows: 5, Model: spec, Temperature: 1,
			Inputs: []wire.JobInput{{Role: "data", Artefact: upload(t, ctx, n, table(5)), Name: "rows.csv"}, live.Inputs[0]},
		}).ID, at); !errors.Is(err, compute.ErrNotLive) {
			t.Errorf("a job in parts is asked: %v", err)
		}
	})
}
