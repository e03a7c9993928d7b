package testnet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// helped is a project that a model is to help, and its people, who are right four times of five.
type helped struct {
	*testing.T
	net     *testnet.Net
	project string
	people  []*client.Respondent
	keys    []client.Keys
	truth   map[string]int    // of each task's question
	task    map[string]string // key of each question
	plain   []string          // questions that are no golds
	golds   []string
}

// point returns the row of a task that is a point left or right of a line, and which of them.
func point(i int, gold bool) (wire.TaskRow, int) {
	random := rand.New(rand.NewPCG(uint64(i), 7))
	side := i % 2
	x := float64(2*side-1) * (0.5 + random.Float64())
	row := wire.TaskRow{Key: fmt.Sprintf("point %03d", i), Text: fmt.Sprintf(`{"x": %.4f, "y": %.4f}`, x, random.Float64())}
	if gold {
		row.Key = fmt.Sprintf("gold %03d", i)
		row.Truth = json.RawMessage(fmt.Sprint(side))
	}
	return row, side
}

// bright is the row of a task that is a picture, bright at the left or at the right, and which of them.
func bright(t *testing.T, ctx context.Context, net *testnet.Net) func(i int, gold bool) (wire.TaskRow, int) {
	return func(i int, gold bool) (wire.TaskRow, int) {
		t.Helper()
		row, side := point(i, gold)
		row.Text = ""
		random := rand.New(rand.NewPCG(uint64(i), 8))
		shown := image.NewGray(image.Rect(0, 0, 48, 36)) // larger than what the model looks at
		for at := range shown.Pix {
			if dark := random.IntN(100); at%shown.Stride*2/shown.Stride == side {
				shown.Pix[at] = uint8(155 + dark)
			} else {
				shown.Pix[at] = uint8(dark)
			}
		}
		var body bytes.Buffer
		must(t, png.Encode(&body, shown))
		m, err := net.Requester.Upload(ctx, body.Bytes())
		must(t, err)
		row.Image = m.Hash
		return row, side
	}
}

// newHelped makes the project with its tasks.
func newHelped(t *testing.T, ctx context.Context, net *testnet.Net, golds, plain int, help *wire.ModelHelps, task func(i int, gold bool) (wire.TaskRow, int)) *helped {
	t.Helper()
	h := &helped{T: t, net: net, truth: make(map[string]int), task: make(map[string]string)}
	price := tasknet.Micro(1000)
	project, err := net.Requester.NewProject(ctx, wire.NewProject{
		Name: "Sides", Text: "Which side?", Choices: []string{"left", "right"}, Quorum: wire.Quorum{Policy: "confidence:0.95", Min: 2, Max: 10}, Price: &price, ModelHelps: help,
	}, "")
	must(t, err)
	h.project = project.ID
	var rows []wire.TaskRow
	truth := make(map[string]int)
	for i := range golds + plain {
		row, side := task(i, i < golds)
		rows, truth[row.Key] = append(rows, row), side
	}
	_, err = net.Requester.AddTasks(ctx, project.ID, rows, "")
	must(t, err)
	for task, err := range net.Requester.Tasks(ctx, project.ID, "") {
		must(t, err)
		h.truth[task.Question], h.task[task.Question] = truth[task.Key], task.Key
		if strings.HasPrefix(task.Key, "gold") {
			h.golds = append(h.golds, task.Question)
		} else {
			h.plain = append(h.plain, task.Question)
		}
	}
	for range 10 {
		keys, err := client.NewKeys()
		must(t, err)
		h.keys = append(h.keys, keys)
	}
	h.join(ctx)
	return h
}

// join has the people come to the server as it is now.
func (h *helped) join(ctx context.Context) {
	h.Helper()
	h.people = h.people[:0]
	for _, keys := range h.keys {
		who, err := h.net.Client.Respondent(ctx, keys)
		must(h.T, err)
		h.people = append(h.people, who)
	}
}

// label has people answer questions, in an order of their own, until each is closed.
func (h *helped) label(ctx context.Context, questions []string) {
	h.Helper()
	var group errgroup.Group
	group.SetLimit(8)
	for _, id := range questions {
		group.Go(func() error { return h.labelOne(ctx, id) })
	}
	must(h.T, group.Wait())
}

func (h *helped) labelOne(ctx context.Context, id string) error {
	digits := fnv.New64a()
	fmt.Fprint(digits, h.task[id])
	random := rand.New(rand.NewPCG(digits.Sum64(), 3))
	for _, i := range random.Perm(len(h.people)) {
		choice := h.truth[id]
		if random.Float64() < 0.2 {
			choice = 1 - choice
		}
		for { // until it is told whether the question wants more
			q, err := h.net.Requester.Question(ctx, id)
			if err != nil || q.Status == "closed" {
				return err
			}
			if q.Status == "open" {
				break
			}
			if err := client.Pause(ctx, 5*time.Millisecond); err != nil {
				return err
			}
		}
		asg, err := h.people[i].Assignment(ctx, id)
		if known, ok := errors.AsType[*tasknet.Error](err); ok && (known.Kind == tasknet.NotFound || known.Kind == tasknet.Conflict) {
			continue // it has closed, or is about to
		}
		if err == nil {
			_, err = h.people[i].Answer(ctx, asg, choice)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", h.task[id], err)
		}
	}
	return nil
}

// status waits until the model of the project is as it should be.
func (h *helped) status(ctx context.Context, what string, is func(*wire.ModelStatus) bool) *wire.ModelStatus {
	h.Helper()
	for {
		p, err := h.net.Requester.Project(ctx, h.project)
		must(h.T, err)
		if p.ModelStatus != nil && is(p.ModelStatus) {
			return p.ModelStatus
		}
		if err := client.Pause(ctx, 50*time.Millisecond); err != nil {
			h.Fatalf("%s did not happen: %+v, %d of %d tasks closed", what, p.ModelStatus, p.Tasks.Done, p.Tasks.All)
		}
	}
}

// records returns the records of some questions, all of which are closed.
func (h *helped) records(ctx context.Context, questions []string) (all []wire.Record) {
	h.Helper()
	for _, id := range questions {
		for {
			r, err := h.net.Client.Record(ctx, id)
			if err == nil {
				all = append(all, r)
				break
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				h.Fatalf("%s did not close", h.task[id])
			}
		}
	}
	return all
}

// TestModelHelps: people label a project; where no node is they label on and nobody waits. The server stops while the model is under
// way, and goes on. Then a node learns the model, which answers with people: their tasks take fewer of them, never fewer than the
// least, golds are closed by people alone, and strangers recompute all of it.
func TestModelHelps(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { modelHelps(t, app.Config{}) })
	if os.Getenv(longTests) != "" {
		t.Run("postgres", func(t *testing.T) { modelHelps(t, app.Config{DatabaseURL: postgres(t)}) })
	}
}

func modelHelps(t *testing.T, cfg app.Config) {
	cfg.Data = filepath.Join(t.TempDir(), "data")
	net := testnet.Start(t, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	spec, err := compute.Preset("tabular", compute.Input{Columns: []string{"x", "y"}}, nil)
	must(t, err)
	spec.Training.Epochs, spec.Training.Patience = 40, 40
	model, err := json.Marshal(spec)
	must(t, err)
	const labels, rest = 70, 60
	h := newHelped(t, ctx, net, 64, labels+rest, &wire.ModelHelps{Model: model, Labels: 40, AuditShare: "0.1"}, point)

	// Nobody computes: people are asked as without a model.
	h.label(ctx, slices.Concat(h.golds, h.plain[:labels]))
	waits := h.status(ctx, "the training", func(s *wire.ModelStatus) bool { return s.State == "training" })
	if waits.Labels < 40 || waits.Golds < waits.GoldsNeeded || waits.Trainings != 1 || waits.Job == "" {
		t.Errorf("while a node is waited for: %+v", waits)
	}
	alone := 0
	for _, r := range h.records(ctx, h.plain[:labels]) {
		alone += r.Verdict.Answers
		if r.Verdict.Model != nil {
			t.Fatalf("there is no model, and it helped: %+v", r.Verdict)
		}
	}

	// The server stops. It makes no second job, and the one that there is gets done.
	key, err := net.Requester.NewKey(ctx, "after the restart", "")
	must(t, err)
	net.Stop(t)
	net = testnet.Start(t, cfg)
	net.Requester = net.Client.Requester(key.Secret)
	h.net = net
	h.join(ctx)
	newMachine(t, ctx, net, "helper")
	h.status(ctx, "the help", func(s *wire.ModelStatus) bool { return s.State == "helping" && s.Job == "" })
	jobs := 0
	for j, err := range net.Requester.Jobs(ctx, "") {
		must(t, err)
		if jobs++; j.State != "done" {
			t.Errorf("job %s (%s) is %s: %s", j.ID, j.Title, j.State, j.Problem)
		}
	}
	if jobs != 2 {
		t.Errorf("%d jobs were made, want a training and a question to the model", jobs)
	}
	h.label(ctx, h.plain[labels:])
	helped, with, people := 0, 0, 0
	var last wire.Record
	for _, r := range h.records(ctx, h.plain[labels:]) {
		if r.Verdict.Model == nil {
			people++
			continue
		}
		helped, with, last = helped+1, with+r.Verdict.Answers, r
		if len(r.Answers) < 2 || len(r.Verdict.Model.Opinion) != 2 {
			t.Errorf("%s closed with %d people and the word %+v", h.task[r.Question.ID], len(r.Answers), r.Verdict.Model)
		}
	}
	t.Logf("%d tasks took %d answers of people alone, %d took %d with the model, %d were people's own", labels, alone, helped, with, people)
	if helped < rest*3/5 || people == 0 || with*labels*10 > alone*helped*9 {
		t.Errorf("the model saves too little")
	}
	s := h.status(ctx, "the count", func(s *wire.ModelStatus) bool { return s.Helped == helped })
	if s.Problem != "" || s.Reason != "" {
		t.Errorf("the model's status: %+v", s)
	}
	for _, r := range h.records(ctx, h.golds) {
		if r.Verdict.Model != nil {
			t.Errorf("a model closed a gold: %+v", r.Verdict)
		}
	}

	// What is wrong with a word, or with what it is worth, is found.
	report := net.AwaitLogged(t, ctx)
	if report.Questions != 64+labels+rest {
		t.Errorf("verified: %+v", report)
	}
	word := *last.Verdict.Model
	w, err := net.Client.Witness(ctx, word.Witness)
	must(t, err)
	if w.Project != h.project || w.Model.Weights == "" || w.Model.Receipt == "" || len(w.Audits) != 64 || w.AuditPPM != 100_000 {
		t.Errorf("the witness: %+v", w)
	}
	raw, err := json.Marshal(word)
	must(t, err)
	swapped, err := json.Marshal(wire.ModelWord{Witness: word.Witness, Opinion: []string{word.Opinion[1], word.Opinion[0]}})
	must(t, err)
	for name, c := range map[string]struct{ old, changed, kind string }{
		"another opinion": {string(raw), string(swapped), "question"},
		"no opinion":      {`,"model":` + string(raw), ``, "question"},
		"another share":   {`"audit_ppm":100000`, `"audit_ppm":50000`, "witness"},
		"another model":   {w.Model.Weights, w.Model.Data, "witness"},
	} {
		changes := &forging{old: c.old, changed: c.changed}
		changed, err := client.New(net.URL, client.Config{HTTP: &http.Client{Transport: changes}})
		must(t, err)
		_, err = verify.Run(ctx, changed, verify.Config{})
		if changes.times.Load() == 0 {
			t.Errorf("%s: nothing was changed", name)
		}
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := bundled(ctx, net.Client, filepath.Join(t.TempDir(), "bundle"))
	must(t, err)
	if _, err := verify.Run(ctx, b, verify.Config{}); errors.Join(err, b.Close()) != nil {
		t.Errorf("the bundle: %v", err)
	}
	net.Stop(t)
}

// TestModelLooksAtPictures: where tasks are pictures nodes get them in the size that the model looks at, and it helps as with texts.
func TestModelLooksAtPictures(t *testing.T) {
	net := testnet.Start(t, app.Config{Data: filepath.Join(t.TempDir(), "data")})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	model := json.RawMessage(`{"input":{"kind":"image","height":6,"width":8},"layers":[{"type":"flatten"},{"type":"dense","units":8}],"training":{"epochs":40,"patience":40,"batch_size":16},"optimizer":{"learning_rate":0.01}}`)
	const labels, rest = 60, 30
	h := newHelped(t, ctx, net, 64, labels+rest, &wire.ModelHelps{Model: model, Labels: 40, AuditShare: "0.05"}, bright(t, ctx, net))
	newMachine(t, ctx, net, "helper")
	h.label(ctx, slices.Concat(h.golds, h.plain[:labels]))
	s := h.status(ctx, "the help", func(s *wire.ModelStatus) bool { return s.State == "helping" && s.Job == "" })
	if s.Known < 59 || s.Right < s.Known-1 {
		t.Errorf("of known answers it is right on %d of %d", s.Right, s.Known)
	}
	h.label(ctx, h.plain[labels:])
	helped := 0
	for _, r := range h.records(ctx, h.plain[labels:]) {
		if r.Verdict.Model != nil {
			helped++
		}
	}
	if helped < rest*3/5 {
		t.Errorf("it helped with %d of %d pictures", helped, rest)
	}
	net.AwaitLogged(t, ctx)
	net.Stop(t)
}

// forging puts something else in place of what public records say.
type forging struct {
	old, changed string
	times        atomic.Int64
}

func (f *forging) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || !strings.Contains(req.URL.Path, "/records/") {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	f.times.Add(int64(bytes.Count(body, []byte(f.old))))
	body = bytes.ReplaceAll(body, []byte(f.old), []byte(f.changed))
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Length")
	return res, nil
}
