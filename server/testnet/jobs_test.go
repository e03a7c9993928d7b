package testnet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// childFolder names a folder with a part of a job: the test's own program is then the child process of a worker.
const childFolder = "TASKNET_TEST_TASK"

// childStops names a file that is not there: the child that makes it stops in its fourth epoch, so that it can be killed there.
const childStops = "TASKNET_TEST_TASK_STOPS"

// beChild does a part of a job, as tasknet-node does it, and ends the program.
func beChild(dir string) {
	lines := json.NewEncoder(os.Stdout)
	err := worker.Task(context.Background(), dir, gomlx.Trainer{}, "test", os.Stdin, func(l worker.Line) error {
		if err := lines.Encode(l); err != nil || l.Progress == nil {
			return err
		}
		r := *l.Progress
		if file := os.Getenv(childStops); file != "" && r.Epoch == 3 && r.Step > 3*r.Of/12 && os.Mkdir(file, 0o700) == nil {
			never := make(chan os.Signal, 1) // a program whose goroutines all wait is ended
			signal.Notify(never, os.Interrupt)
			<-never
		}
		return nil
	})
	if err != nil {
		if err := lines.Encode(worker.Line{Failure: &wire.JobFailure{Code: string(compute.BadInput), Message: err.Error()}}); err != nil {
			panic(err)
		}
		os.Exit(1)
	}
	os.Exit(0)
}

// machine is a node that runs in this process, with children of its own.
type machine struct {
	cancel context.CancelFunc
	ended  chan error
	events chan worker.Event

	mu       sync.Mutex // guards children
	children []*exec.Cmd
}

func newMachine(t *testing.T, ctx context.Context, n *testnet.Net, name string, env ...string) *machine {
	t.Helper()
	keys, err := client.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	node, err := n.Client.Node(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{ended: make(chan error, 1), events: make(chan worker.Event, 10_000)}
	running, cancel := context.WithCancel(ctx)
	m.cancel = cancel
	w, err := worker.New(worker.Config{
		Server: node, Name: name, Folder: filepath.Join(t.TempDir(), name), Wait: time.Second, BeatEvery: 50 * time.Millisecond, CheckpointEvery: 50 * time.Millisecond,
		Capability: wire.Capability{Class: "test", Cores: 1, Memory: 1 << 30, Disk: 1 << 30, Trainers: []string{"gomlx"}, Slots: 1, Version: "test"}, Code: "test sha256:00ff",
		Child: func(ctx context.Context, dir string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(append(os.Environ(), childFolder+"="+dir), env...)
			m.mu.Lock()
			m.children = append(m.children, cmd)
			m.mu.Unlock()
			return cmd
		},
		Tell: func(e worker.Event) { m.events <- e },
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() { m.ended <- w.Run(running) }()
	t.Cleanup(cancel)
	return m
}

// until waits for an event.
func (m *machine) until(t *testing.T, ctx context.Context, what string, is func(worker.Event) bool) {
	t.Helper()
	for {
		select {
		case e := <-m.events:
			if is(e) {
				return
			}
		case err := <-m.ended:
			t.Fatalf("the node ended before %s: %v", what, err)
		case <-ctx.Done():
			t.Fatalf("%s did not happen", what)
		}
	}
}

func upload(t *testing.T, ctx context.Context, n *testnet.Net, content []byte) string {
	t.Helper()
	a, err := n.Requester.UploadArtefact(ctx, strings.NewReader(string(content)), int64(len(content)), client.Transfer{})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func download(t *testing.T, ctx context.Context, n *testnet.Net, id string) []byte {
	t.Helper()
	m, err := n.Requester.ArtefactManifest(ctx, compute.ArtefactID(id))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "download")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(n.Requester.DownloadArtefact(ctx, m, f, client.Transfer{}), f.Close()); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func newJob(t *testing.T, ctx context.Context, n *testnet.Net, j wire.NewJob) wire.Job {
	t.Helper()
	if j.Importance == 0 {
		j.Importance = 5
	}
	if j.MaxSeconds == 0 {
		j.MaxSeconds = 3600
	}
	out, err := n.Requester.NewJob(ctx, j, "")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ended waits for a job to end.
func jobEnded(t *testing.T, ctx context.Context, n *testnet.Net, id string) wire.Job {
	t.Helper()
	for {
		j, err := n.Requester.Job(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if j.State != "open" {
			return j
		}
		if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
			t.Fatalf("the job did not end: %+v", j)
		}
	}
}

func partsOf(t *testing.T, ctx context.Context, n *testnet.Net, id string) (parts []wire.JobPart) {
	t.Helper()
	for p, err := range n.Requester.JobParts(ctx, id) {
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p)
	}
	return parts
}

func output(t *testing.T, p wire.JobPart, role string) string {
	t.Helper()
	for _, o := range p.Outputs {
		if o.Role == role {
			return o.Artefact
		}
	}
	t.Fatalf("part %d has no %s: %+v", p.Number, role, p.Outputs)
	return ""
}

// table is points in two rings with their labels.
func table(rows int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("key,x,y,label\n")
	for i := range rows {
		angle, ring := random.Float64()*2*math.Pi, i%2
		r := float64(ring) + 0.6 + 0.2*random.Float64()
		fmt.Fprintf(&b, "row %d,%.4f,%.4f,%s\n", i, r*math.Cos(angle), r*math.Sin(angle), []string{"inner", "outer"}[ring])
	}
	return []byte(b.String())
}

// TestLabelsBecomeModel has a node train a model, which is killed in the middle; another goes on from its checkpoint, and two ask
// the model, in parts.
func TestLabelsBecomeModel(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		spec, err := compute.Preset("tabular", compute.Input{Columns: []string{"x", "y"}}, []string{"inner", "outer"})
		if err != nil {
			t.Fatal(err)
		}
		spec.Training.Epochs, spec.Training.Patience = 12, 12
		model, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		data := upload(t, ctx, n, table(400))
		inputs := []wire.JobInput{{Role: "data", Artefact: data, Name: "rings.csv"}}
		training := newJob(t, ctx, n, wire.NewJob{Title: "Rings", Kind: "train", Model: model, Inputs: inputs})

		// The first node's child is killed after it has handed in a checkpoint: the lease fails, and is not given to it again at once.
		stopped := filepath.Join(t.TempDir(), "stopped")
		first := newMachine(t, ctx, n, "first", childStops+"="+stopped)
		for {
			_, running := os.Stat(stopped) // one that is killed before it stops would stop in its next job
			if parts := partsOf(t, ctx, n, training.ID); running == nil && len(parts) > 0 && parts[0].Checkpoint > 0 {
				break
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				t.Fatal("no checkpoint was handed in")
			}
		}
		first.mu.Lock()
		if err := first.children[0].Process.Kill(); err != nil {
			t.Fatal(err)
		}
		first.mu.Unlock()
		first.until(t, ctx, "the failure", func(e worker.Event) bool { return e.Kind == worker.Failed })

		second := newMachine(t, ctx, n, "second")
		done := jobEnded(t, ctx, n, training.ID)
		if done.State != "done" {
			t.Fatalf("the training ended as %s: %s", done.State, done.Problem)
		}
		parts := partsOf(t, ctx, n, training.ID)
		if len(parts) != 1 || len(parts[0].Failures) != 1 || parts[0].Failures[0].Code != "crashed" || parts[0].Receipt == nil {
			t.Errorf("the part is %+v", parts)
		}
		var leases []wire.JobLease
		for l, err := range n.Requester.JobLeases(ctx, training.ID) {
			if err != nil {
				t.Fatal(err)
			}
			leases = append(leases, l)
		}
		if len(leases) != 2 || leases[0].State != "done" || leases[0].Why.Again != "failed" || leases[0].Why.FromStep == 0 || leases[1].State != "failed" || len(leases[1].Curve) == 0 {
			t.Errorf("the leases are %+v", leases)
		}
		var card compute.Card
		if err := json.Unmarshal(download(t, ctx, n, output(t, parts[0], "card")), &card); err != nil {
			t.Fatal(err)
		}
		seen := map[int]bool{}
		for _, r := range leases[0].Curve {
			seen[r.Epoch] = true
		}
		for epoch := leases[0].Curve[0].Epoch; epoch <= card.Epochs; epoch++ { // few enough that none is thinned
			if !seen[epoch] {
				t.Errorf("the curve lacks epoch %d of %d", epoch, card.Epochs)
			}
		}
		if len(card.Artefacts) != 1 || string(card.Artefacts[0]) != data || card.Code != "test" || parts[0].Receipt.Code != "test sha256:00ff" {
			t.Errorf("the card names the data %v and the code %q, and the receipt the code %q", card.Artefacts, card.Code, parts[0].Receipt.Code)
		}
		if card.Metrics.Accuracy < 0.95 {
			t.Errorf("the model is right in %.2f of what it has not seen", card.Metrics.Accuracy)
		}

		// The same, uninterrupted: the model is equal to the bit, since the nodes are of one class.
		whole := newJob(t, ctx, n, wire.NewJob{Title: "Rings again", Kind: "train", Model: model, Inputs: inputs})
		if end := jobEnded(t, ctx, n, whole.ID); end.State != "done" {
			t.Fatalf("the second training ended as %s: %s", end.State, end.Problem)
		}
		weights := output(t, parts[0], "weights")
		if again := output(t, partsOf(t, ctx, n, whole.ID)[0], "weights"); again != weights {
			t.Errorf("a training that was interrupted made %s, and one that was not %s", weights, again)
		}

		// Two nodes ask it.
		third := newMachine(t, ctx, n, "third")
		trained := download(t, ctx, n, output(t, parts[0], "spec"))
		asked := upload(t, ctx, n, table(3000))
		asking := newJob(t, ctx, n, wire.NewJob{
			Title: "Ask", Kind: "infer", Model: trained, Temperature: card.Temperature, Rows: 3000, PartRows: 800,
			Inputs: []wire.JobInput{{Role: "data", Artefact: asked, Name: "more.csv"}, {Role: "weights", Artefact: weights, Name: folder.WeightsFile}},
		})
		if end := jobEnded(t, ctx, n, asking.ID); end.State != "done" {
			t.Fatalf("asking ended as %s: %s", end.State, end.Problem)
		}
		right, row := 0, 0
		asks := partsOf(t, ctx, n, asking.ID)
		for _, p := range asks {
			for line := range strings.Lines(string(download(t, ctx, n, output(t, p, "predictions")))) {
				var said task.Prediction
				if err := json.Unmarshal([]byte(line), &said); err != nil {
					t.Fatal(err)
				}
				if said.Key != fmt.Sprint("row ", row) {
					t.Fatalf("line %d is of %q", row, said.Key)
				}
				if said.Label == []string{"inner", "outer"}[row%2] {
					right++
				}
				row++
			}
		}
		if row != 3000 || right < 2850 || len(asks) != 4 {
			t.Errorf("%d rows were answered in %d parts, %d rightly", row, len(asks), right)
		}
		measuring := newJob(t, ctx, n, wire.NewJob{
			Title: "Measure", Kind: "evaluate", Model: trained, Temperature: card.Temperature,
			Inputs: []wire.JobInput{{Role: "data", Artefact: asked, Name: "more.csv"}, {Role: "weights", Artefact: weights, Name: folder.WeightsFile}},
		})
		if end := jobEnded(t, ctx, n, measuring.ID); end.State != "done" {
			t.Fatalf("measuring ended as %s: %s", end.State, end.Problem)
		}
		var metrics compute.Metrics
		if err := json.Unmarshal(download(t, ctx, n, output(t, partsOf(t, ctx, n, measuring.ID)[0], "metrics")), &metrics); err != nil {
			t.Fatal(err)
		}
		if metrics.Examples != 3000 || int(math.Round(metrics.Accuracy*3000)) != right {
			t.Errorf("measured were %d examples, %.4f right; asked were 3000, %d right", metrics.Examples, metrics.Accuracy, right)
		}

		// What cannot be worked with fails with its reason, and disturbs nobody.
		bad := newJob(t, ctx, n, wire.NewJob{
			Title: "Not weights", Kind: "infer", Model: trained, Temperature: 1, Rows: 3000,
			Inputs: []wire.JobInput{{Role: "data", Artefact: asked, Name: "more.csv"}, {Role: "weights", Artefact: upload(t, ctx, n, []byte("\x80\x02}q\x00.")), Name: folder.WeightsFile}},
		})
		if end := jobEnded(t, ctx, n, bad.ID); end.State != "failed" || end.Problem == "" {
			t.Errorf("a job with a pickle for weights ended as %s: %q", end.State, end.Problem)
		}
		for _, m := range []*machine{first, second, third} {
			m.cancel()
			if err := <-m.ended; err != nil {
				t.Error(err)
			}
		}
	})
}

// command returns a program of WASI preview 1 whose _start has some instructions.
func command(code ...byte) []byte {
	body := append(append([]byte{0}, code...), 0x0b)
	start := append([]byte{1, byte(len(body))}, body...)
	module := []byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x05\x03\x01\x00\x01\x07\x13\x02\x06memory\x02\x00\x06_start\x00\x00\x0a")
	return append(append(module, byte(len(start))), start...)
}

// TestCustomJob has two nodes run programs: one that ends, in parts, and one that does not, which is an error of its job and of nothing
// else.
func TestCustomJob(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		good, endless := upload(t, ctx, n, command()), upload(t, ctx, n, command(0x03, 0x40, 0x0c, 0, 0x0b)) // a loop that begins anew
		_, err := n.Requester.NewJob(ctx, wire.NewJob{Title: "In a box", Kind: "container", Inputs: []wire.JobInput{{Role: "program", Artefact: good, Name: "a.wasm"}}}, "")
		if !errors.Is(err, compute.ErrNoContainers) {
			t.Errorf("a container: %v", err)
		}
		run := func(program string, parts, importance int) wire.Job {
			return newJob(t, ctx, n, wire.NewJob{
				Title: "Run", Kind: "custom", Rows: parts, Importance: importance, Program: &wire.JobProgram{Memory: 1 << 20, Fuel: 1e6, Output: 1 << 20},
				Inputs: []wire.JobInput{{Role: "program", Artefact: program, Name: "a.wasm"}},
			})
		}
		bad := run(endless, 1, 9) // which goes first
		j := run(good, 3, 1)
		for _, name := range []string{"one", "two"} {
			newMachine(t, ctx, n, name)
		}
		j, bad = jobEnded(t, ctx, n, j.ID), jobEnded(t, ctx, n, bad.ID)
		if bad.State != "failed" || !strings.Contains(bad.Problem, "used up its fuel: 1000000 calls") {
			t.Errorf("the endless program is %s: %s", bad.State, bad.Problem)
		}
		outputs := map[string]int{}
		for _, part := range partsOf(t, ctx, n, j.ID) {
			outputs[output(t, part, "output")]++
		}
		if j.State != "done" || j.Parts != 3 || len(outputs) != 1 {
			t.Errorf("the job is %s with %d parts, which made %v", j.State, j.Parts, outputs)
		}
	})
}
