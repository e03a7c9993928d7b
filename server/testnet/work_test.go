package testnet_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// hand is a node whose work is done by the test.
type hand struct {
	*client.Node
	owner *client.Respondent
	keys  client.Keys
}

func newHand(t *testing.T, ctx context.Context, n *testnet.Net) hand {
	t.Helper()
	return newHandWith(t, ctx, n, "gomlx")
}

func newHandWith(t *testing.T, ctx context.Context, n *testnet.Net, trainers ...string) hand {
	t.Helper()
	keys, err := client.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	h := hand{keys: keys}
	if h.owner, err = n.Client.Respondent(ctx, keys); err != nil {
		t.Fatal(err)
	}
	if h.Node, err = n.Client.Node(ctx, keys); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Join(ctx, "by hand", wire.Capability{Class: "test", Cores: 1, Memory: 8 << 30, Disk: 1 << 30, Trainers: trainers, Slots: 1, Version: "test"}); err != nil {
		t.Fatal(err)
	}
	return h
}

// take takes work that comes.
func (h hand) take(t *testing.T, ctx context.Context) *wire.WorkLease {
	t.Helper()
	for {
		work, err := h.TakeWork(ctx, wire.TakeWork{Wait: 5})
		if err != nil {
			t.Fatal(err)
		}
		if work.Lease != nil {
			return work.Lease
		}
	}
}

// says stores predictions for a lease's rows, and hands in the receipt.
func (h hand) says(t *testing.T, ctx context.Context, l *wire.WorkLease, yes float64) error {
	t.Helper()
	var b strings.Builder
	for row := l.From; row < l.To; row++ {
		label := "inner"
		if yes < 0.5 {
			label = "outer"
		}
		fmt.Fprintf(&b, `{"key":"row %d","label":%q,"confidence":%v,"probabilities":{"inner":%.4f,"outer":%.4f}}`+"\n", row, label, max(yes, 1-yes), yes, 1-yes)
	}
	path := filepath.Join(t.TempDir(), "predictions")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := h.Store(ctx, l.ID, path, "predictions")
	if err != nil {
		return err
	}
	out.Role = compute.PredictionsRole
	_, err = h.Finish(ctx, &compute.Receipt{
		Lease: compute.LeaseID(l.ID), Job: compute.JobID(l.Job), Part: l.Part, Work: sha256.Sum256(l.Work), Code: "test", Trainer: "gomlx", Class: "test",
		Began: time.Now(), Ended: time.Now(), Outputs: []compute.JobFile{out},
	})
	return err
}

// changedJobs is a server whose records of jobs somebody has changed.
type changedJobs struct {
	verify.Source
	change func(*wire.JobRecord)
}

func (c changedJobs) JobRecords(ctx context.Context) iter.Seq2[wire.JobRecord, error] {
	return func(yield func(wire.JobRecord, error) bool) {
		for r, err := range c.Source.JobRecords(ctx) {
			c.change(&r)
			if !yield(r, err) {
				return
			}
		}
	}
}

// TestWorkIsPaid has a job done by replicas, one of which lies; the others are paid on chain, and an outsider recomputes all of it.
func TestWorkIsPaid(t *testing.T) {
	testnet.Run(t, app.Config{FeeBasisPoints: 1500, Work: pipeline.WorkConfig{HoldBack: time.Millisecond}}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		spec, err := compute.Preset("tabular", compute.Input{Columns: []string{"x", "y"}}, []string{"inner", "outer"})
		if err != nil {
			t.Fatal(err)
		}
		model, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		file := upload(t, ctx, n, table(10))
		ask := wire.NewJob{
			Title: "Ask", Kind: "infer", Model: model, Temperature: 1, Rows: 10, Replicas: 2, Price: tasknet.Micro(50_000),
			Inputs: []wire.JobInput{{Role: "data", Artefact: file, Name: "rows.csv"}, {Role: "weights", Artefact: file, Name: "weights.safetensors"}},
		}
		j := newJob(t, ctx, n, ask)
		if whole, err := n.Requester.Job(ctx, j.ID); err != nil || whole.Money == nil || whole.Money.Held != tasknet.Micro(3*57_500) || whole.Seed != "" || whole.SeedHash == "" {
			t.Fatalf("the job is %+v, %v", whole, err)
		}
		liar, b, c, d := newHand(t, ctx, n), newHand(t, ctx, n), newHand(t, ctx, n), newHand(t, ctx, n)
		first, second := liar.take(t, ctx), b.take(t, ctx)
		if first.Part != second.Part || first.Job != second.Job {
			t.Fatalf("the replicas are %+v and %+v", first, second)
		}
		if err := liar.says(t, ctx, first, 0.1); err != nil {
			t.Fatal(err)
		}
		for _, role := range partsOf(t, ctx, n, j.ID)[0].Outputs {
			t.Errorf("the requester is given an output before it was compared: %+v", role)
		}
		if err := b.says(t, ctx, second, 0.9); err != nil {
			t.Fatal(err)
		}
		third := c.take(t, ctx)
		if err := c.says(t, ctx, third, 0.9001); err != nil {
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
				if whole.State != "done" || whole.Money.Paid != tasknet.Micro(150_000) || whole.Money.Fee != tasknet.Micro(22_500) || len(whole.Checks) != 1 || whole.Checks[0].State != "agreed" || whole.Checks[0].Networks != 1 || whole.Seed == "" {
					t.Fatalf("the job ended as %+v, %+v", whole, whole.Money)
				}
				break
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				t.Fatalf("the job was not settled: %+v", whole)
			}
		}
		for _, h := range []hand{b, c, d} {
			if e := n.AwaitPaid(t, ctx, h.owner); e.OnChain != tasknet.Micro(50_000) {
				t.Errorf("on chain are %+v", e)
			}
		}
		mine, err := liar.owner.Work(ctx)
		if err != nil || len(mine.Work) != 1 || mine.Work[0].Why != "refuted" || mine.Refused != tasknet.Micro(50_000) || mine.Excluded == nil {
			t.Errorf("who lied sees %+v, %v", mine, err)
		}
		newJob(t, ctx, n, ask)
		if _, err := liar.TakeWork(ctx, wire.TakeWork{}); tasknet.Describe(err).Code != "owner_excluded" {
			t.Errorf("who lied takes work: %v", err)
		}

		report := n.AwaitLogged(t, ctx)
		if report.Jobs != 1 || report.Receipts != 4 || report.Shared != 1 || report.Paid != tasknet.Micro(150_000) {
			t.Errorf("verified are %+v", report)
		}
		for name, change := range map[string]func(*wire.JobRecord){
			"another price":       func(r *wire.JobRecord) { r.Price = tasknet.Micro(50_001) },
			"another work":        func(r *wire.JobRecord) { r.Work = strings.Repeat("ab", 32) },
			"another output":      func(r *wire.JobRecord) { r.Receipts[1].Outputs[0].Bytes++ },
			"another seed":        func(r *wire.JobRecord) { r.Seed = strings.Repeat("ab", 32) },
			"another owner":       func(r *wire.JobRecord) { r.Receipts[1].Owner = r.Receipts[2].Owner },
			"who lied is paid":    func(r *wire.JobRecord) { r.Receipts[0].State, r.Receipts[0].Why = "paid", "" },
			"who did not is not":  func(r *wire.JobRecord) { r.Receipts[1].State, r.Receipts[1].Why = "refused", "refuted" },
			"a receipt is gone":   func(r *wire.JobRecord) { r.Receipts = r.Receipts[:3] },
			"a receipt is twice":  func(r *wire.JobRecord) { r.Receipts = append(r.Receipts, r.Receipts[1]) },
			"more rows":           func(r *wire.JobRecord) { r.Receipts[1].From, r.Receipts[1].To = 0, 11 },
			"no check":            func(r *wire.JobRecord) { r.Checks = nil },
			"another group":       func(r *wire.JobRecord) { r.Checks[0].Results[0].Group = 0 },
			"accepted earlier":    func(r *wire.JobRecord) { r.Receipts[1].At -= 1000 },
			"of another machine":  func(r *wire.JobRecord) { r.Receipts[1].Delegation = r.Receipts[2].Delegation },
			"settled at any time": func(r *wire.JobRecord) { r.SettledAt.Time = r.SettledAt.Add(time.Second) },
			"another reason":      func(r *wire.JobRecord) { r.Receipts[0].Why = "undecided" },
			"another evidence":    func(r *wire.JobRecord) { r.Checks[0].Evidence = strings.Repeat("ab", 32) },
			"too many networks":   func(r *wire.JobRecord) { r.Checks[0].Networks = 5 },
			"audits left out":     func(r *wire.JobRecord) { r.AuditPPM = 10 },
		} {
			got, err := verify.Run(ctx, changedJobs{n.Client, change}, verify.Config{})
			if err == nil && got.Unlogged > 0 { // what the log must have within a day is not there
				continue
			}
			if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "job" && m.Kind != "receipt" && m.Kind != "transaction" {
				t.Errorf("%s: %v", name, err)
			}
		}
		dir := filepath.Join(t.TempDir(), "bundle")
		if _, err := bundle.Write(ctx, n.Client, dir, func(string, int, int) {}); err != nil {
			t.Fatal(err)
		}
		copied, err := bundle.Open(ctx, dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := verify.Run(ctx, copied, verify.Config{}); err != nil || again.Jobs != 1 || again.Paid != report.Paid {
			t.Errorf("the bundle has %+v, %v", again, err)
		}
		if err := copied.Close(); err != nil {
			t.Error(err)
		}
	})
}
