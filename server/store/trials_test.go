package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// desk judges models whose weights are a word that says how much they have learned. Data are lines, each a task.
type desk struct {
	asked []string // data that models were judged by
	rows  []int    // that models were asked about
	keys  int      // how often keys were read
}

// learned is how far the loss of a model lies below that of guessing, in nats.
var learned = map[string]float64{"honest": 0.5, "honest too": 0.52, "lazy": 0.1, "nothing": 0, "harm": -0.3}

func readAll(open pipeline.Opens, id compute.ArtefactID) (string, error) {
	in, err := open(id)
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(in)
	return string(raw), err
}

func (*desk) Divide(_ context.Context, w *compute.Work, open pipeline.Opens, draw func([]string) ([]int, error)) (*pipeline.Divided, error) {
	all, err := readAll(open, w.Input(compute.DataRole).Artefact)
	if err != nil {
		return nil, err
	}
	tasks := strings.Fields(all)
	hidden, err := draw(tasks)
	if err != nil {
		return nil, err
	}
	out := &pipeline.Divided{Given: map[compute.Role][]byte{}, Held: map[compute.Role][]byte{}, Guess: hardness(len(hidden), 1.2)}
	for i, task := range tasks {
		if !slices.Contains(hidden, i) {
			out.Given[compute.DataRole] = fmt.Appendln(out.Given[compute.DataRole], task)
		}
	}
	for _, i := range hidden {
		out.Held[compute.DataRole] = fmt.Appendln(out.Held[compute.DataRole], tasks[i])
	}
	return out, nil
}

func (d *desk) Measure(_ context.Context, w *compute.Work, _ *compute.Plan, weights compute.ArtefactID, open pipeline.Opens) (compute.Losses, int, error) {
	data, err := readAll(open, w.Input(compute.DataRole).Artefact)
	if err != nil {
		return nil, 0, err
	}
	word, err := readAll(open, weights)
	if err != nil {
		return nil, 0, err
	}
	off, known := learned[word]
	if !known {
		return nil, 0, tasknet.NewError(tasknet.Invalid, "no_model", "no weights")
	}
	d.asked = append(d.asked, data)
	n := len(strings.Fields(data))
	return hardness(n, 1.2-off), n, nil
}

// hardness are losses around a mean.
func hardness(n int, mean float64) compute.Losses {
	r := rand.New(rand.NewPCG(7, uint64(1000*mean)))
	out := make(compute.Losses, n)
	for i := range out {
		out[i] = uint32(1e6 * max(mean+0.2*r.NormFloat64(), 0))
	}
	return out
}

// lessons are so many tasks.
func lessons(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, "task", i)
	}
	return strings.ReplaceAll(b.String(), " ", "-")
}

// training makes a job that trains a model from so many tasks.
func (f *floor) training(org polls.OrgID, tasks, replicas int, price int64) *compute.Job {
	f.t.Helper()
	d := f.draft(org, compute.TrainJob, 0)
	d.Replicas, d.Price = replicas, tasknet.Micro(price)
	d.Work.Inputs[0].Artefact = f.stored(org, lessons(tasks)).Artefact
	divided, err := f.Divide(f.t.Context(), org, &d)
	f.check(err)
	var j *compute.Job
	f.check(f.db.InTx(f.t.Context(), func(tx pipeline.Tx) (err error) {
		if j, err = f.NewJob(f.t.Context(), tx, org, d); err != nil {
			return err
		}
		return divided.Hidden(f.t.Context(), tx, j)
	}))
	return j
}

// drawnTraining makes such jobs until one is audited, or is not.
func (f *floor) drawnTraining(org polls.OrgID, price int64, want bool) *compute.Job {
	f.t.Helper()
	for {
		j := f.training(org, 600, 1, price)
		audited, err := j.Terms.Audited(j.ID, 0)
		f.check(err)
		if audited == want {
			return j
		}
		_, err = f.CancelJob(f.t.Context(), org, j.ID)
		f.check(err)
	}
}

// train has a node deliver a model of a lease.
func (f *floor) train(n *compute.Node, l *compute.Lease, word string) {
	f.t.Helper()
	j := f.job(l.Job)
	spec, err := json.Marshal(tinyModel)
	f.check(err)
	r := f.receipt(n, l)
	for i, o := range r.Outputs {
		content := string(o.Role)
		switch o.Role {
		case compute.SpecRole:
			content = string(spec)
		case compute.CardRole:
			content = `{"temperature":1,"metrics":{"confusion":[[1,0],[0,1]]}}`
		case compute.WeightsRole:
			content = word
		}
		r.Outputs[i] = f.stored(j.Org, content)
		r.Outputs[i].Role = o.Role
	}
	f.check(r.Sign(jobsInstance, f.keys[n.ID]))
	_, err = f.Finish(f.t.Context(), n, r)
	f.check(err)
}

// judge judges models, checks and settles.
func (f *floor) judge() {
	f.t.Helper()
	f.check(f.TryModels(f.t.Context()))
	f.work()
}

func newTrialFloor(t *testing.T, db *DB) (*floor, polls.OrgID, *desk) {
	f, org := newPaidFloor(t, db)
	d := &desk{}
	f.exam = d
	f.pay(newShelf())
	return f, org, d
}

// TestModelIsJudged: a model counts, and is paid, when it has learned something by tasks that no lease of its job hands out.
func TestModelIsJudged(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org, exam := newTrialFloor(t, plain.db)
		a := f.newNode(1e9)
		j := f.drawnTraining(org, 1000, false)
		h := j.Terms.Hidden
		if h == nil || h.Tasks != 600 || h.Held != 100 || j.Terms.Unjudged != "" {
			t.Fatalf("hidden are %+v, %q", h, j.Terms.Unjudged)
		}
		l := f.part(a)
		f.train(a, l, "honest")
		if j = f.job(j.ID); j.State != compute.JobOpen {
			t.Fatalf("done before it was judged: %s", j.State)
		}
		f.judge()
		if j = f.job(j.ID); j.State != compute.JobDone || j.Finished != 1 {
			t.Fatalf("the job is %s: %s", j.State, j.Problem)
		}
		part, err := f.db.Jobs().Part(t.Context(), j.ID, 0, 0)
		f.check(err)
		if part.Result != l.ID {
			t.Errorf("the result is that of %q", part.Result)
		}

		// What it was asked is what no lease hands out, and what the seed draws.
		read := func(id compute.ArtefactID) []string {
			a, err := f.db.Artefacts().Artefact(t.Context(), org, id)
			f.check(err)
			c, err := f.Content(t.Context(), a, 0, a.Length)
			f.check(err)
			raw, err := io.ReadAll(c)
			f.check(err)
			return strings.Fields(string(raw))
		}
		given, hidden := read(j.Inputs[0].Artefact), read(h.Data)
		if len(given) != 500 || len(hidden) != 100 || len(exam.asked) != 1 || !slices.Equal(strings.Fields(exam.asked[0]), hidden) {
			t.Fatalf("given are %d tasks, hidden %d, asked %d times", len(given), len(hidden), len(exam.asked))
		}
		for _, task := range hidden {
			if slices.Contains(given, task) {
				t.Fatalf("%s is hidden and given", task)
			}
		}
		secret, err := f.db.Work().Secret(t.Context(), j.ID)
		f.check(err)
		var marks []byte
		for _, task := range hidden {
			marks = append(marks, secret.Mark(task)...)
		}
		if string(compute.Drawn(j.Terms.Seed, secret.Marks, h.Held)) != string(marks) {
			t.Error("the seed draws other tasks")
		}
		trials, err := f.db.Work().Trials(t.Context(), j.ID)
		f.check(err)
		if len(trials) != 1 || trials[0].State != compute.TrialPassed || len(trials[0].Losses) != 100 || trials[0].Right != 100 || trials[0].Card == "" || trials[0].Report == "" {
			t.Errorf("the trial is %+v", trials)
		}
		if card := strings.Join(read(trials[0].Card), ""); !strings.Contains(card, `"hidden":{"tasks":100,"accuracy":1,"log_loss":0.`) {
			t.Errorf("the card says %s", card)
		}
		if report := strings.Join(read(trials[0].Report), " "); !strings.Contains(report, "On 100 tasks that the server kept") {
			t.Errorf("the report says %s", report)
		}
		f.now = f.now.Add(holdBack)
		f.judge()
		f.want("pay", f.balance(rewards.Payee(string(a.Owner))), 1000)

		// Too few tasks: it counts as it is, as before.
		j = f.training(org, 499, 1, 0)
		if j.Terms.Hidden != nil || j.Terms.Unjudged != compute.FewTasks {
			t.Fatalf("of few tasks are hidden %+v, %q", j.Terms.Hidden, j.Terms.Unjudged)
		}
		f.train(a, f.part(a), "nothing")
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Errorf("the job is %s", j.State)
		}
	})
}

// TestModelIsRefused: who has learned nothing is not paid; another owner trains; when that is no better, all money goes back, and nobody is
// called a liar.
func TestModelIsRefused(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org, _ := newTrialFloor(t, plain.db)
		a, b, c := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		second := f.newNode(1e9, func(n *compute.Node) { n.Owner = a.Owner })

		bad := f.draft(org, compute.TrainJob, 0)
		bad.Work.Inputs[0].Name, bad.Work.Inputs[0].Artefact = "../rows.jsonl", f.stored(org, lessons(600)).Artefact
		if divided, err := f.Divide(t.Context(), org, &bad); divided != nil || err != nil || bad.Hidden != nil {
			t.Errorf("a file outside is divided: %+v, %v", divided, err)
		}

		j := f.drawnTraining(org, 1000, false)
		f.train(a, f.part(a), "nothing")
		f.judge()
		if j = f.job(j.ID); j.State != compute.JobOpen || j.Waiting != 1 {
			t.Fatalf("the job is %s, and %d parts wait", j.State, j.Waiting)
		}
		if l := f.take(second); l != nil {
			t.Fatalf("an owner tries twice: %+v", l)
		}
		f.train(b, f.part(b), "honest")
		f.judge()
		f.now = f.now.Add(holdBack)
		f.judge()
		f.want("pay of who learned nothing", f.balance(rewards.Payee(string(a.Owner))), 0)
		f.want("pay of who learned", f.balance(rewards.Payee(string(b.Owner))), 1000)
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000-1150)
		mine, _, err := f.db.Work().DeliveriesOf(t.Context(), a.Owner, tasknet.Page{})
		f.check(err)
		if len(mine) != 1 || mine[0].State != compute.PayRefused || mine[0].Why != compute.Worthless {
			t.Errorf("who learned nothing sees %+v", mine)
		}

		for i, words := range [][]string{{"harm", "rubbish"}, {"nothing"}} { // rubbish is no model; what pays nothing is tried once
			j = f.training(org, 600, 1, int64(1000*(1-i)))
			for k, word := range words {
				n := []*compute.Node{b, c}[k]
				f.train(n, f.part(n), word)
				f.judge()
			}
			if j = f.job(j.ID); j.State != compute.JobFailed || !strings.Contains(j.Problem, "100 tasks that no node had") {
				t.Fatalf("the job is %s: %s", j.State, j.Problem)
			}
			if l := f.take(a); l != nil {
				t.Fatalf("it goes on: %+v", l)
			}
		}
		f.now = f.now.Add(holdBack)
		f.judge()
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000-1150)
		for _, n := range []*compute.Node{a, b, c} {
			if s := f.standing(n); s.Refuted != 0 || s.Until.After(f.now) {
				t.Errorf("%s is called a liar: %+v", n.Name, s)
			}
		}

		// A job that is cancelled before its model was judged pays by the trial all the same; without what is needed for it the model counts.
		for i, word := range []string{"nothing", "nothing at all"} {
			before := f.balance(rewards.Payee(string(c.Owner)))
			j = f.training(org, 600, 1, 1000)
			f.train(c, f.part(c), word)
			_, err = f.CancelJob(t.Context(), org, j.ID)
			f.check(err)
			if i == 1 {
				held, err := f.db.Artefacts().Artefact(t.Context(), org, j.Terms.Hidden.Data)
				f.check(err)
				f.check(f.RemoveArtefact(t.Context(), held))
			}
			f.now = f.now.Add(holdBack)
			f.work()
			f.want("pay before the trial", f.balance(rewards.Payee(string(c.Owner)))-before, 0)
			f.judge()
			f.judge()
			f.want("pay of a cancelled job", f.balance(rewards.Payee(string(c.Owner)))-before, int64(1000*i))
		}
	})
}

// TestModelsAreCompared: of replicas, and when a training is audited, three that are as good refute one that has learned less.
func TestModelsAreCompared(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org, _ := newTrialFloor(t, plain.db)
		lazy, b, c, d, e := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		finish := func(nodes ...*compute.Node) {
			for i, n := range nodes {
				word := []string{"honest", "honest too"}[i%2]
				if n == lazy {
					word = "lazy"
				}
				f.train(n, f.part(n), word)
				f.judge()
			}
		}
		j := f.drawnTraining(org, 1000, true)
		finish(lazy)
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Fatalf("the job waits for its audit: %s", j.State)
		}
		finish(b, c)
		if s := f.standing(lazy); s.Refuted != 0 {
			t.Errorf("two are enough to refute: %+v", s)
		}
		finish(d)
		checks, err := f.db.Work().Checks(t.Context(), j.ID)
		f.check(err)
		if len(checks) != 1 || checks[0].State != compute.CheckAgreed || !checks[0].Audit || checks[0].Results[0].Group != 1 || f.standing(lazy).Refuted != 1 {
			t.Fatalf("the checks are %+v", checks)
		}
		f.now = f.now.Add(holdBack)
		f.judge()
		f.want("pay of who was lazy", f.balance(rewards.Payee(string(lazy.Owner))), 0)
		f.want("pay of who was not", f.balance(rewards.Payee(string(b.Owner))), 1000)

		// Replicas, one of which has learned nothing: another takes its place, and both that have are paid.
		j = f.training(org, 600, 2, 1000)
		one, two := f.part(b), f.part(c)
		f.train(b, one, "nothing")
		f.now = f.now.Add(patience / 2)
		f.check(f.TryModels(t.Context()))
		f.now = f.now.Add(patience / 2)
		f.check(f.CheckWork(t.Context()))
		if j = f.job(j.ID); j.State != compute.JobOpen {
			t.Fatalf("the job is %s without a model", j.State)
		}
		f.now = f.now.Add(-patience)
		f.train(c, two, "honest")
		f.judge()
		if j = f.job(j.ID); j.State != compute.JobOpen {
			t.Fatalf("the job is %s before the replicas are compared", j.State)
		}
		finish(e)
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Fatalf("the job is %s", j.State)
		}
		f.now = f.now.Add(holdBack)
		f.judge()
		f.want("pay of who learned nothing", f.balance(rewards.Payee(string(b.Owner))), 1000)
		f.want("pay of the other", f.balance(rewards.Payee(string(c.Owner))), 2000)
		f.want("pay of who came after", f.balance(rewards.Payee(string(e.Owner))), 1000)
	})
}

// Ask says yes to 0.9 of everything.
func (d *desk) Ask(_ context.Context, w *compute.Work, _ *compute.Plan, rows []int, _ pipeline.Opens) (says []compute.Prediction, err error) {
	for _, row := range rows {
		says = append(says, compute.NewPrediction(fmt.Sprint("row ", row), w.Model.Classes, []float32{0.9, 0.1}))
	}
	d.rows = append(d.rows, rows...)
	return says, nil
}

// Keys says that the rows are called as those of the model's answers are. A work whose first class is "no" has data that nobody can read.
func (d *desk) Keys(_ context.Context, w *compute.Work, _ pipeline.Opens, each func(string)) error {
	d.keys++
	if w.Model.Classes[0] == "no" {
		return tasknet.NewError(tasknet.Invalid, "bad_file", "no rows")
	}
	for row := range w.Rows {
		each(fmt.Sprint("row ", row))
	}
	return nil
}

// TestRowKeys: predictions of other rows than those of the part are refused, also of a job that pays nothing; the data are read once for
// all parts of a job, and not where they are too long, or cannot be read.
func TestRowKeys(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org, exam := newTrialFloor(t, plain.db)
		n := f.newNode(1e9, func(n *compute.Node) { n.Capability.Disk, n.Capability.Memory = 1<<40, 1<<40 })
		j := f.paidJob(org, 20, 1, 0)
		for part := range 2 {
			l := f.part(n)
			others := *l
			others.From, others.To = 10-l.From, 10-l.From+10
			shifted := *l
			shifted.From, shifted.To = l.From+1, l.To+1
			for name, of := range map[string]*compute.Lease{"the other part's": &others, "one row further": &shifted} {
				if err := f.deliver(n, l, said(of, 0.9)); !errors.Is(err, compute.ErrBadOutput) {
					t.Errorf("part %d, %s rows: %v", part, name, err)
				}
			}
			f.check(f.deliver(n, l, said(l, 0.9)))
		}
		if j = f.job(j.ID); j.State != compute.JobDone || exam.keys != 1 {
			t.Errorf("the job is %s, its keys were read %d times", j.State, exam.keys)
		}
		long, unreadable := f.draft(org, compute.InferJob, 10), f.draft(org, compute.InferJob, 10)
		long.Work.Inputs[0].Artefact = f.largeFile(org)
		model := tinyModel
		model.Classes = []string{"no", "yes"}
		unreadable.Work.Model = &model
		for _, d := range []compute.JobDraft{long, unreadable, unreadable} {
			j := f.newJob(org, d)
			l := f.part(n)
			strange := *l
			strange.From, strange.To = l.From+5, l.To+5
			f.check(f.deliver(n, l, said(&strange, 0.9)))
			if j = f.job(j.ID); j.State != compute.JobDone {
				t.Errorf("%s is %s", j.ID, j.State)
			}
		}
		if exam.keys != 3 {
			t.Errorf("keys were read %d times", exam.keys)
		}
	})
}

// TestServerDecides: where two differ the server does the rows again, and refutes who it does not confirm, however many say the same; where
// it confirms nobody, others are asked.
func TestServerDecides(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org, exam := newTrialFloor(t, plain.db)
		var lazy []*compute.Node
		for range 3 {
			lazy = append(lazy, f.newNode(1e9))
		}
		honest, liar, last := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)

		j := f.paidJob(org, 10, 3, 1000)
		for i, n := range []*compute.Node{lazy[0], lazy[1], honest} {
			l := f.part(n)
			f.check(f.deliver(n, l, said(l, []float64{0.5, 0.5, 0.9004}[i])))
		}
		f.work()
		checks, err := f.db.Work().Checks(t.Context(), j.ID)
		f.check(err)
		if j = f.job(j.ID); j.State != compute.JobDone || len(checks) != 1 || checks[0].State != compute.CheckDecided || !slices.Equal(exam.rows, []int{0, 1}) {
			t.Fatalf("the job is %s, the checks %+v, asked were %v", j.State, checks, exam.rows)
		}
		if f.standing(lazy[0]).Refuted != 1 || f.standing(lazy[1]).Refuted != 1 || f.standing(honest).Refuted != 0 {
			t.Error("the many are right")
		}
		part, err := f.db.Jobs().Part(t.Context(), j.ID, 0, 0)
		f.check(err)
		if lease, err := f.db.Jobs().Lease(t.Context(), part.Result); err != nil || lease.Owner != honest.Owner {
			t.Errorf("the result is that of %+v, %v", lease, err)
		}
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("pay of who was confirmed", f.balance(rewards.Payee(string(honest.Owner))), 1000)
		f.want("pay of who was not", f.balance(rewards.Payee(string(lazy[0].Owner))), 0)

		// Two lie, each in their way, in the second part of a job: the server confirms neither, and a third is asked.
		exam.rows = nil
		j = f.paidJob(org, 20, 2, 1000)
		for _, say := range []struct {
			n   *compute.Node
			yes float64
		}{{lazy[2], 0.9}, {liar, 0.9}, {lazy[2], 0.5}, {liar, 0.3}} {
			l := f.part(say.n)
			f.check(f.deliver(say.n, l, said(l, say.yes)))
		}
		f.work()
		if checks, err = f.db.Work().Checks(t.Context(), j.ID); err != nil || checks[1].State != compute.CheckOpen || exam.rows[0] != 10 {
			t.Fatalf("the checks are %+v, %v, asked were %v", checks, err, exam.rows)
		}
		l := f.part(last)
		f.check(f.deliver(last, l, said(l, 0.9)))
		f.work()
		if checks, err = f.db.Work().Checks(t.Context(), j.ID); err != nil || checks[1].State != compute.CheckDecided || f.standing(last).Refuted != 0 || f.standing(liar).Refuted != 1 {
			t.Errorf("the checks are %+v, %v", checks, err)
		}
	})
}
