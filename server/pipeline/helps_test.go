package pipeline_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// memory keeps pieces of artefacts.
type memory struct{ kept sync.Map }

func pieceName(blob string, n int) string { return fmt.Sprint(blob, " ", n) }

func (m *memory) PutPiece(_ context.Context, blob string, n int, piece []byte) error {
	m.kept.Store(pieceName(blob, n), bytes.Clone(piece))
	return nil
}

func (m *memory) OpenPiece(_ context.Context, blob string, n, from, size int) (io.ReadCloser, error) {
	piece, ok := m.kept.Load(pieceName(blob, n))
	if !ok {
		return nil, pipeline.ErrPieceLost
	}
	return io.NopCloser(bytes.NewReader(piece.([]byte)[from : from+size])), nil
}

func (m *memory) RemovePieces(context.Context, string, int) error { return nil }

// helped is a project with a model, and a node that says what the test wants.
type helped struct {
	*bench
	project labeling.ProjectID
	golds   []polls.QuestionID
	plain   []polls.QuestionID
	truth   map[polls.QuestionID]int
	node    *compute.Node
	key     ed25519.PrivateKey
}

func newHelped(t *testing.T, golds, plain int) *helped {
	t.Helper()
	b := newBench(t)
	var err error
	b.Pipeline, err = pipeline.New(b.stores, b.stopper, b.feed, nil, pipeline.Config{
		Instance: instance, ChainID: 7, FeeBasisPoints: 1500, Sweep: 5 * time.Millisecond, Learn: 5 * time.Millisecond, Files: b.files, Media: uploads{}, Now: b.clock,
		Artefacts: pipeline.ArtefactConfig{Pieces: new(memory)},
	})
	check(t, err)
	spec, err := compute.Preset("text", compute.Input{}, nil)
	check(t, err)
	model, err := json.Marshal(spec)
	check(t, err)
	policy, err := polls.ParsePolicy("confidence:0.95", 2, 8)
	check(t, err)
	p, err := labeling.NewProject(labeling.ProjectDraft{
		Org: b.org, Name: "Spam", Template: labeling.Template{Type: polls.YesNo, Text: "Is this spam?"}, Policy: policy, Price: tasknet.Micro(1000), Lifetime: 24 * time.Hour,
		Help: &labeling.ModelHelp{Labels: 20, AuditPPM: 400_000, Model: model},
	}, b.clock())
	check(t, err)
	check(t, b.stores.Projects().CreateProject(t.Context(), p))
	h := &helped{bench: b, project: p.ID, truth: make(map[polls.QuestionID]int)}
	rows := make([]labeling.TaskRow, golds+plain)
	for i := range rows {
		rows[i] = labeling.TaskRow{Key: fmt.Sprintf("k%05d", i), Text: fmt.Sprintf("Message %d", i)}
		if i < golds {
			rows[i].Truth = []string{"Yes", "No"}[i%2]
		}
	}
	in, err := b.PrepareTasks(t.Context(), rows)
	check(t, err)
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		p, err := tx.Projects().LockProject(t.Context(), p.ID)
		if err != nil {
			return err
		}
		added, err := b.AddTasks(t.Context(), tx, p, in)
		if added.Made != len(rows) {
			t.Errorf("%+v of %d rows", added, len(rows))
		}
		return err
	}))
	for i, task := range b.tasks(t, p.ID) {
		h.truth[task.Question] = i % 2
		if i < golds {
			h.golds = append(h.golds, task.Question)
		} else {
			h.plain = append(h.plain, task.Question)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	closing := make(chan error, 1)
	go func() { closing <- b.RunClosing(ctx) }()
	t.Cleanup(func() {
		stop()
		check(t, <-closing)
	})
	return h
}

// label has people answer some questions, each until it is closed; they are right three times of four.
func (h *helped) label(t *testing.T, questions []polls.QuestionID) {
	t.Helper()
	for n, id := range questions {
		random := rand.New(rand.NewPCG(uint64(len(questions)), uint64(n)))
		for _, person := range random.Perm(12) {
			q := h.settled(t, id)
			if q.Status == polls.Closed {
				break
			}
			choice := h.truth[id]
			if random.Float64() < 0.25 {
				choice = 1 - choice
			}
			h.answerOf(t, person+1, q, choice, true)
		}
	}
	check(t, h.Learn(t.Context()))
}

// settled returns a question that is not about to close.
func (h *helped) settled(t *testing.T, id polls.QuestionID) *polls.Question {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		q, err := h.stores.Polls().Question(t.Context(), id)
		check(t, err)
		if q.Status != polls.Closing {
			return q
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not close", id)
		}
		select {
		case <-h.feed.told:
		case <-time.After(time.Millisecond):
		}
	}
}

// helping does the next step, and returns how far the model is.
func (h *helped) helping(t *testing.T) *labeling.Helping {
	t.Helper()
	h.pass(time.Second)
	check(t, h.Help(t.Context()))
	out, err := h.stores.Helps().Helping(t.Context(), h.project)
	check(t, err)
	return out
}

func (h *helped) keep(t *testing.T, content []byte) compute.JobFile {
	t.Helper()
	m := &compute.Manifest{Length: int64(len(content)), Pieces: [][32]byte{sha256.Sum256(content)}}
	var a *pipeline.Artefact
	check(t, h.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		a, err = h.NewArtefact(t.Context(), tx, h.org, m, "", "")
		return err
	}))
	_, err := h.PutPiece(t.Context(), a, 0, content)
	check(t, err)
	return compute.JobFile{Artefact: a.ID, Bytes: a.Length}
}

// compute does a part of a job as a node: say tells what its model says of a question.
func (h *helped) compute(t *testing.T, say func(q polls.QuestionID) string) {
	t.Helper()
	if h.node == nil {
		public, private, err := ed25519.GenerateKey(nil)
		check(t, err)
		owner := polls.Respondent{ID: "rsp_node", Wallet: polls.Wallet{19: 255}, CreatedAt: start}
		d := polls.Device{Delegation: polls.Delegation{Wallet: owner.Wallet, Device: polls.DeviceKey(public), Issued: start, Expires: start.Add(time.Hour)}, RegisteredAt: start}
		_, err = h.stores.Polls().Register(t.Context(), owner, d)
		check(t, err)
		h.key = private
		h.node, err = h.Join(t.Context(), &compute.Node{
			Owner: owner.ID, Key: polls.DeviceKey(public), Name: "test", Rate: 1_000_000_000,
			Capability: compute.Capability{Class: "test", Cores: 1, Memory: 1 << 30, Disk: 1 << 30, Trainers: []string{"test"}, Slots: 1, Version: "test"},
		})
		check(t, err)
	}
	lease, job, err := h.TakeWork(t.Context(), h.node, nil, nil)
	check(t, err)
	if lease == nil {
		t.Fatal("there is no work")
	}
	work, _, err := compute.ReadWork(job.Work)
	check(t, err)
	r := &compute.Receipt{Lease: lease.ID, Job: job.ID, Part: lease.Part, Work: job.Hash, Code: "test", Trainer: "test", Class: "test", Began: h.clock(), Ended: h.clock()}
	for _, role := range work.Makes() {
		content := []byte("nothing")
		switch role {
		case compute.SpecRole:
			content, err = json.Marshal(work.Model)
		case compute.CardRole:
			content, err = json.Marshal(compute.Card{Temperature: 1})
		case compute.PredictionsRole:
			content = []byte(h.says(t, work, say))
		}
		check(t, err)
		out := h.keep(t, content)
		out.Role = role
		r.Outputs = append(r.Outputs, out)
	}
	check(t, r.Sign(instance, h.key))
	_, err = h.Finish(t.Context(), h.node, r)
	check(t, err)
}

// says returns what a model says of the rows of a job.
func (h *helped) says(t *testing.T, work *compute.Work, say func(polls.QuestionID) string) string {
	t.Helper()
	a, err := h.stores.Artefacts().Artefact(t.Context(), h.org, work.Input(compute.DataRole).Artefact)
	check(t, err)
	c, err := h.Content(t.Context(), a, 0, a.Length)
	check(t, err)
	asked, err := io.ReadAll(c)
	check(t, err)
	var out strings.Builder
	for line := range bytes.Lines(asked) {
		var row struct{ Key polls.QuestionID }
		check(t, json.Unmarshal(line, &row))
		if strings.Contains(string(line), `"label"`) {
			t.Errorf("a node is told a label: %s", line)
		}
		out.WriteString(say(row.Key))
	}
	return out.String()
}

func predicted(q polls.QuestionID, choice int) string {
	return fmt.Sprintf("{\"key\":%q,\"label\":%q,\"probabilities\":{\"Yes\":%v,\"No\":%v}}\n", q, []string{"Yes", "No"}[choice], []float64{0.98, 0.02}[choice], []float64{0.02, 0.98}[choice])
}

// TestModelThatHurts: what a node says that cannot be is refused, and tried again with more labels. A model that is right about all
// that is known when it is asked, and wrong about the rest, is switched off, and stays so until its requester wants it again.
func TestModelThatHurts(t *testing.T) {
	const plain = 460
	h := newHelped(t, 64, plain)
	h.label(t, h.golds)
	h.label(t, h.plain[:56])
	h.helping(t) // begins
	if s := h.helping(t); s.Stage != labeling.HelpTraining || s.Round != 1 || s.Labels < 20 || s.Golds < 59 {
		t.Fatalf("with labels enough: %+v", s)
	}
	h.helping(t) // waits
	h.compute(t, nil)
	if s := h.helping(t); s.Stage != labeling.HelpAsking {
		t.Fatalf("with a model: %+v", s)
	}
	h.compute(t, func(polls.QuestionID) string { return predicted("q_another", 0) })
	if s := h.helping(t); s.Stage != labeling.HelpIdle || s.Witness != "" || !strings.Contains(s.Problem, "node returned") {
		t.Fatalf("with nonsense: %+v", s)
	}
	if s := h.helping(t); s.Stage != labeling.HelpIdle || s.Round != 1 {
		t.Fatalf("after nonsense, with the same labels: %+v", s)
	}

	h.label(t, h.plain[56:110])
	if s := h.helping(t); s.Stage != labeling.HelpTraining || s.Round != 2 {
		t.Fatalf("with half as many labels more: %+v", s)
	}
	h.compute(t, nil)
	h.helping(t)
	h.compute(t, func(q polls.QuestionID) string {
		asked, err := h.stores.Polls().Question(t.Context(), q)
		check(t, err)
		if asked.Status == polls.Closed {
			return predicted(q, h.truth[q])
		}
		return predicted(q, 1-h.truth[q])
	})
	begun := h.helping(t)
	if begun.Stage != labeling.HelpIdle || begun.Witness == "" || begun.Problem != "" {
		t.Fatalf("with a model that seems good: %+v", begun)
	}
	// Which are audited is chance. Most of what is answered now is, and many at once, or what the model is worth may be learned anew
	// before its trial ends, and its word settle nothing any more.
	asks := h.bench.project(t, h.project)
	var audited, others []polls.QuestionID
	for _, id := range h.plain[110 : plain-5] {
		if asks.Help.For(asks.Policy).Audited(begun.Seed, string(id)) {
			audited = append(audited, id)
		} else {
			others = append(others, id)
		}
	}
	s := begun
	for ; s.Off == "" && len(audited) >= 24; audited, others = audited[24:], others[6:] {
		h.label(t, slices.Concat(others[:6], audited[:24]))
		s = h.helping(t)
	}
	if s.Off == "" || s.Witness != "" || s.Audits == 0 {
		t.Fatalf("a model that lies: %+v", s)
	}
	p := h.bench.project(t, h.project)
	if p.Counts.Helped == 0 || p.Counts.HelpedAnswers < 2*p.Counts.Helped {
		t.Errorf("the project's counts: %+v", p.Counts)
	}
	events, err := h.stores.Events().EventsAfter(t.Context(), h.org, pipeline.ModelSwitchedOff, 0, 10)
	check(t, err)
	if len(events) != 1 || events[0].Subject != string(h.project) {
		t.Errorf("the events: %+v", events)
	}
	h.label(t, h.plain[plain-5:])
	for _, id := range h.plain[plain-5:] {
		if q := h.settled(t, id); q.Witness != "" || q.Opinion != nil {
			t.Errorf("a model that was switched off is heard: %+v", q.Progress)
		}
	}
	if again := h.helping(t); again.Off == "" || again.Stage != labeling.HelpIdle {
		t.Errorf("it went on by itself: %+v", again)
	}

	// Off and on again: it begins anew.
	help := p.Help
	for _, want := range []*labeling.ModelHelp{nil, help} {
		_, err := h.ChangeProject(t.Context(), h.org, h.project, func(p *labeling.Project) error {
			d := p.ProjectDraft
			d.Help = want
			return p.Change(d, h.clock())
		})
		check(t, err)
	}
	if s := h.helping(t); s.Off != "" || s.Ended || s.Seed == begun.Seed {
		t.Errorf("wished for again: %+v", s)
	}
	if off, s := s.Round, h.helping(t); s.Round != off+1 || s.Stage != labeling.HelpTraining {
		t.Errorf("after that: %+v", s)
	}
	h.conserved(t)
}
