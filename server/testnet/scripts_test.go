package testnet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/computetest"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// bomb is a module with a file of zeros that is small as it is.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	to, err := w.Create("m/data/0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := to.Write(make([]byte, 5<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestScriptJob has a TorchScript module asked: what is none makes no job, only nodes with libtorch get one, and since the server does not ask
// modules, owners decide among themselves who is right.
func TestScriptJob(t *testing.T) {
	testnet.Run(t, app.Config{Work: pipeline.WorkConfig{HoldBack: time.Millisecond}}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		model, err := json.Marshal(compute.Spec{Input: compute.Input{Kind: compute.Numbers, Columns: []string{"x", "y"}}, Classes: []string{"inner", "outer"}, Script: &compute.Script{MulAdds: 10}})
		if err != nil {
			t.Fatal(err)
		}
		file := upload(t, ctx, n, table(10))
		ask := func(module []byte) wire.NewJob {
			return wire.NewJob{
				Title: "Ask", Kind: "infer", Model: model, Temperature: 1, Rows: 10, Replicas: 2, Price: tasknet.Micro(50_000), Importance: 5, MaxSeconds: 3600,
				Inputs: []wire.JobInput{{Role: "data", Artefact: file, Name: "rows.csv"}, {Role: "script", Artefact: upload(t, ctx, n, module), Name: "net.pt"}},
			}
		}
		for name, c := range map[string]struct {
			module     []byte
			code, says string
		}{
			"a pickle with code":  {[]byte("\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."), "bad_torchscript", "not a zip"},
			"a bomb":              {bomb(t), "bad_torchscript", "too large"},
			"one that reads":      {computetest.Module(t, `return torch.from_file("/etc/passwd", False, 9)`), "bad_torchscript", "from_file"},
			"one that is cut off": {computetest.Module(t, "return x")[:300], "bad_torchscript", "not a zip"},
		} {
			if _, err := n.Requester.NewJob(ctx, ask(c.module), ""); tasknet.Describe(err).Code != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		sound := ask(computetest.Module(t, "return torch.relu(x)"))
		for name, c := range map[string]struct {
			code   string
			change func(j *wire.NewJob)
		}{
			"as weights":   {"bad_job", func(j *wire.NewJob) { j.Inputs[1].Role = "weights" }},
			"for gomlx":    {"bad_job", func(j *wire.NewJob) { j.Trainer = "gomlx" }},
			"on a GPU":     {"bad_job", func(j *wire.NewJob) { j.GPU = true }},
			"to train":     {"no_script_training", func(j *wire.NewJob) { j.Kind, j.Rows, j.Temperature, j.Inputs = "train", 0, 0, j.Inputs[:1] }},
			"not uploaded": {"no_such_artefact", func(j *wire.NewJob) { j.Inputs[1].Artefact = "art_" + strings.Repeat("ab", 32) }},
		} {
			j := sound
			j.Inputs = append([]wire.JobInput(nil), sound.Inputs...)
			c.change(&j)
			if _, err := n.Requester.NewJob(ctx, j, ""); tasknet.Describe(err).Code != c.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		for j, err := range n.Requester.Jobs(ctx, "") {
			t.Errorf("a job was made: %+v, %v", j, err)
		}

		j := newJob(t, ctx, n, sound)
		if j.Trainer != "torchscript" {
			t.Errorf("the job is for %q", j.Trainer)
		}
		for _, trainer := range []string{"gomlx", "torch"} {
			if work, err := newHandWith(t, ctx, n, trainer).TakeWork(ctx, wire.TakeWork{}); err != nil || work.Lease != nil {
				t.Fatalf("a node with %s that runs no modules was given %+v, %v", trainer, work, err)
			}
		}
		liar, b, c, d := newHandWith(t, ctx, n, "torch", "torchscript"), newHandWith(t, ctx, n, "torch on CUDA", "torchscript"), newHandWith(t, ctx, n, "torch", "torchscript"), newHandWith(t, ctx, n, "torch", "torchscript")
		first, second := liar.take(t, ctx), b.take(t, ctx)
		if err := liar.says(t, ctx, first, 0.1); err != nil {
			t.Fatal(err)
		}
		if err := b.says(t, ctx, second, 0.9); err != nil {
			t.Fatal(err)
		}
		if err := c.says(t, ctx, c.take(t, ctx), 0.9001); err != nil {
			t.Fatal(err)
		}
		if err := d.says(t, ctx, d.take(t, ctx), 0.8999); err != nil {
			t.Fatal(err)
		}
		for {
			whole, err := n.Requester.Job(ctx, j.ID)
			if err != nil {
				t.Fatal(err)
			}
			if whole.SettledAt != nil {
				if whole.State != "done" || len(whole.Checks) != 1 || whole.Checks[0].State != "agreed" || len(whole.Checks[0].Results) != 4 {
					t.Errorf("the job ended as %+v", whole)
				}
				break
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				t.Fatalf("the job was not settled: %+v", whole)
			}
		}
		for l, err := range n.Requester.JobLeases(ctx, j.ID) {
			if err != nil || l.Why.Trainer != "torchscript" {
				t.Errorf("why a node was given it: %+v, %v", l.Why, err)
			}
		}
		if mine, err := liar.owner.Work(ctx); err != nil || len(mine.Work) != 1 || mine.Work[0].Why != "refuted" {
			t.Errorf("who lied sees %+v, %v", mine, err)
		}
		if report := n.AwaitLogged(t, ctx); report.Jobs != 1 || report.Receipts != 4 {
			t.Errorf("verified are %+v", report)
		}
	})
}
