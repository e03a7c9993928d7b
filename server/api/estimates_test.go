package api

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

func (w *world) estimated(body string) wire.Estimate {
	w.t.Helper()
	return read[wire.Estimate](w, w.as(w.key, "POST", "/v1/estimates", body), 200)
}

// fair lets prices be held to a pay per hour.
func fair(perHour int64) func(*Deps) {
	return func(d *Deps) {
		stopper := labeling.NewStopper(d.Stores.Labels())
		p, err := pipeline.New(d.Stores, stopper, d.Hub, nil, pipeline.Config{
			Instance: testInstance, ChainID: testChain.ID, FeeBasisPoints: d.FeeBasisPoints, Files: new(lineFiles), Now: d.Now, Log: d.Log, FairPay: tasknet.Micro(perHour),
		})
		if err != nil {
			panic(err)
		}
		d.Pipeline = p
		d.Polls = polls.NewService(d.Stores.Polls(), stopper, polls.ServiceConfig{
			Instance: testInstance, ReceiptKey: func() ed25519.PrivateKey { return receiptKey }, Now: d.Now, Prepare: stopper.Prepare, Recorded: p.Recorded,
		})
	}
}

// busy has people answer questions of two choices, each after some seconds.
func (w *world) busy(people []*client.Respondent, questions int, each time.Duration) {
	w.t.Helper()
	for range questions {
		q := w.ask(fixed(len(people)))
		taken := make([]wire.Assignment, len(people))
		for i, r := range people {
			taken[i] = w.take(r, q.ID)
		}
		w.ahead.Add(int64(each))
		for i, r := range people {
			if got := w.post(w.sign(r, taken[i], i%2)); got.status != 201 {
				w.t.Fatalf("an answer: %d %s", got.status, got.body)
			}
		}
		w.closed(q.ID)
	}
}

// TestEstimates: what a draft takes is told without making it, and on what that stands.
func TestEstimates(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(100_000_000))
	before := w.state()
	amounts := cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b })
	want := wire.Estimate{
		Tasks: 1, Price: tasknet.Micro(20_000), Fee: tasknet.Micro(3_000), Symbol: "tUSD",
		Each: wire.EstimatedNeed{Low: 5, Expected: "5.000", High: 5, Basis: "policy"}, All: wire.EstimatedTotal{Low: 5, Expected: 5, High: 5},
		Cost: wire.EstimatedCost{Low: tasknet.Micro(115_000), Expected: tasknet.Micro(115_000), High: tasknet.Micro(115_000), Most: tasknet.Micro(115_000)},
		Fair: wire.FairPay{Basis: "nothing", Fair: true},
	}
	question := `{"question":{"text":"Is this spam?","choices":["yes","no"],"quorum":{"policy":"fixed:5"},"price":"0.02"%s}}`
	if diff := cmp.Diff(want, w.estimated(fmt.Sprintf(question, "")), amounts); diff != "" {
		t.Errorf("nothing is known (-want +got):\n%s", diff)
	}
	stated := w.estimated(fmt.Sprintf(question, `,"seconds_per_answer":8`))
	if stated.Fair.Basis != "stated" || stated.Fair.Seconds != "8.000" || *stated.Fair.PerHour != tasknet.Micro(9_000_000) || stated.Fair.Floor != nil || stated.Fair.Least != nil || !stated.Fair.Fair {
		t.Errorf("stated: %+v", stated.Fair)
	}
	project := `{"project":{"name":"Spam","text":"Is this spam?","choices":["yes","no"],"quorum":{"policy":"confidence:0.9,model","min":2,"max":9},"price":"0.02"},"tasks":1000}`
	prior := w.estimated(project)
	if prior.Each.Basis != "prior" || prior.Each.Questions != 0 || prior.Each.Low < 2 || prior.Each.High > 9 || prior.All.Low != 1000*prior.Each.Low || prior.Cost.Most != tasknet.Micro(9*23_000*1000) ||
		prior.Cost.Low.Cmp(prior.Cost.Expected) >= 0 || prior.Cost.Expected.Cmp(prior.Cost.High) >= 0 || prior.Pace.Known {
		t.Errorf("a project, of which nothing is known: %+v", prior)
	}
	for _, bad := range []string{
		`{}`, `{"project_id":"prj_x"}`, `{"question":{"text":"?"}}`, `{"question":{"choices":["a","b"],"text":"?"},"tasks":2}`,
		`{"question":{"choices":["a","b"],"text":"?"},"project":{"name":"n","choices":["a","b"]}}`, `{"project":{"name":"n","choices":["a","a"]}}`, `{"project":{"name":"n","choices":["a","b"]},"tasks":10000001}`,
	} {
		if got := w.as(w.key, "POST", "/v1/estimates", bad); got.status/100 != 4 {
			t.Errorf("%s: status %d, %s", bad, got.status, got.body)
		}
	}
	if after := w.state(); after != before {
		t.Errorf("an estimate changed something (-before +after):\n%s", cmp.Diff(before, after))
	}

	w.busy(w.people(3), 10, 6*time.Second)
	known := w.estimated(fmt.Sprintf(question, `,"seconds_per_answer":8`))
	if known.Fair.Basis != "organisation" || known.Fair.Answers != 30 || known.Fair.Seconds[:2] != "6." || !known.Pace.Known || known.Pace.Seconds == 0 {
		t.Errorf("when 30 answers have shown how long they take: %+v", known)
	}
	other, err := w.server.Pipeline.NewOrg(t.Context(), "Others")
	w.must(err)
	if got := read[wire.Estimate](w, w.as(w.newKey(other), "POST", "/v1/estimates", fmt.Sprintf(question, "")), 200); got.Fair.Basis != "instance" || got.Fair.Seconds[:2] != "6." {
		t.Errorf("to somebody else: %+v", got)
	}

	// At 30 answers in six days, ten million tasks of five answers take 27,000 years.
	w.ahead.Add(int64(6 * 24 * time.Hour))
	slow := w.estimated(`{"project":{"name":"Spam","choices":["yes","no"],"quorum":{"policy":"fixed:5"}},"tasks":10000000}`).Pace
	micro, err := polls.ParseDecimal(slow.PerHour)
	w.must(err)
	if want := 50_000_000 * 3600 * 1_000_000 / int(micro); !slow.Known || micro > 210_000 || slow.Seconds != want {
		t.Errorf("at a slow pace: %+v, want %d seconds", slow, want)
	}
}

// TestEstimateByHistory: what closed questions with the same target took is expected of the next ones.
func TestEstimateByHistory(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(100_000_000))
	people := w.people(2)
	p := w.project(`{"name":"Spam","text":"Is this spam?","choices":["yes","no"],"quorum":{"policy":"confidence:0.6,model","min":2,"max":9},"price":"0.02"}`)
	for i := range labeling.PastMin {
		w.must(second(w.client.Requester(w.key).AddTasks(t.Context(), p.ID, []wire.TaskRow{{Key: fmt.Sprint(i), Text: fmt.Sprint("text ", i)}}, "")))
		task := read[wire.Task](w, w.as(w.key, "GET", fmt.Sprintf("/v1/projects/%s/task?key=%d", p.ID, i), ""), 200)
		for _, r := range people {
			w.answer(r, task.Question, 0)
		}
		w.closed(task.Question)
	}
	got := w.estimated(fmt.Sprintf(`{"project_id":"%s","tasks":100}`, p.ID))
	if want := (wire.EstimatedNeed{Low: 2, Expected: "2.000", High: 2, Basis: "project", Questions: labeling.PastMin}); got.Each != want || got.All != (wire.EstimatedTotal{Low: 200, Expected: 200, High: 200}) {
		t.Errorf("of the project: %+v", got)
	}
	w.openTasks(p.ID, people)
	if got := w.estimated(`{"question":{"text":"Ham?","choices":["a","b"],"quorum":{"policy":"confidence:0.6,model"}}}`); got.Each.Basis != "organisation" || got.Each.Expected != "2.000" {
		t.Errorf("of the organisation: %+v", got.Each)
	}
	if got := w.estimated(`{"question":{"text":"Ham?","choices":["a","b"],"quorum":{"policy":"confidence:0.61,model"}}}`); got.Each.Basis != "prior" {
		t.Errorf("with another target: %+v", got.Each)
	}
	want := wire.EstimatedNeed{Low: 4, Expected: "4.000", High: 4, Basis: "policy"}
	if got := w.estimated(`{"question":{"text":"Ham?","choices":["a","b"],"quorum":{"policy":"confidence:0.61,fixed:4"}}}`); got.Each != want {
		t.Errorf("with a number while no gold is known: %+v", got.Each)
	}
}

// openTasks adds three tasks, of which one has an answer, and looks at what they still take.
func (w *world) openTasks(project string, people []*client.Respondent) {
	w.t.Helper()
	rest := func() wire.Estimate {
		w.t.Helper()
		return w.estimated(fmt.Sprintf(`{"project_id":"%s","open":true}`, project))
	}
	if got := rest(); got.Tasks != 0 || got.All != (wire.EstimatedTotal{}) || !got.Cost.Most.IsZero() {
		w.t.Errorf("what no open tasks take: %+v", got)
	}
	var rows []wire.TaskRow
	for i := range 3 {
		rows = append(rows, wire.TaskRow{Key: fmt.Sprint("open ", i), Text: "?"})
	}
	w.must(second(w.client.Requester(w.key).AddTasks(w.t.Context(), project, rows, "")))
	task := read[wire.Task](w, w.as(w.key, "GET", fmt.Sprintf("/v1/projects/%s/task?key=open+0", project), ""), 200)
	w.answer(people[0], task.Question, 0)
	// Two answers each: five are left, of at most 26, at 0.02 and 15 % each.
	got := rest()
	if got.Tasks != 3 || got.Given != 1 || got.All != (wire.EstimatedTotal{Low: 5, Expected: 5, High: 5}) || got.Cost.Expected != tasknet.Micro(5*23_000) || got.Cost.Most != tasknet.Micro(26*23_000) {
		w.t.Errorf("what open tasks still take: %+v", got)
	}
	for _, bad := range []string{`{"project_id":"%s","open":true,"tasks":3}`, `{"question":{"text":"?","choices":["a","b"]},"open":true}`} {
		if strings.Contains(bad, "%s") {
			bad = fmt.Sprintf(bad, project)
		}
		if got := read[wire.Problem](w, w.as(w.key, "POST", "/v1/estimates", bad), 400); got.Code != "bad_estimate" {
			w.t.Errorf("%s: %+v", bad, got)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestFairPay: a price that pays less in an hour than it must is refused with the least that it must be, or topped up.
func TestFairPay(t *testing.T) {
	w := newWorld(t, fair(12_000_000))
	w.deposit(w.org, tasknet.Micro(900_000_000))
	const question = `{"text":"Is this spam?","choices":["yes","no"],"price":"0.03","seconds_per_answer":%d%s}`
	q := w.ask(fmt.Sprintf(question, 9, "")) // 0.03 exactly
	if q.Price != tasknet.Micro(30_000) {
		t.Errorf("a fair price became %s", q.Price)
	}
	before := w.state()
	for path, body := range map[string]string{
		"/v1/questions": fmt.Sprintf(question, 10, ""),
		"/v1/projects":  `{"name":"Spam","text":"Spam?","choices":["yes","no"],"price":"0.03","seconds_per_answer":10}`,
		"/v1/contests":  `{"text":"Which?","items":[{"name":"a"},{"name":"b"}],"max":5,"price":"0.03","seconds_per_answer":10}`,
	} {
		got := w.as(w.key, "POST", path, body)
		if p := read[wire.Problem](w, got, 400); p.Code != "price_too_low" || p.Detail != "An answer to this pays 0.03, and by the time that it takes must pay 0.033334 at least; pay that, or set top_up." {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if after := w.state(); after != before {
		t.Errorf("what was refused changed something (-before +after):\n%s", cmp.Diff(before, after))
	}
	e := w.estimated(`{"question":` + fmt.Sprintf(question, 10, "") + `}`)
	if e.Fair.Fair || *e.Fair.Least != tasknet.Micro(33_334) || *e.Fair.Floor != tasknet.Micro(12_000_000) || *e.Fair.PerHour != tasknet.Micro(10_800_000) || e.Price != tasknet.Micro(30_000) {
		t.Errorf("the estimate: %+v", e.Fair)
	}
	const topUp = `,"top_up":true`
	if e := w.estimated(`{"question":` + fmt.Sprintf(question, 10, topUp) + `}`); e.Price != tasknet.Micro(33_334) || e.Fee != tasknet.Micro(5_000) || !e.Fair.Fair {
		t.Errorf("the estimate, topped up: %+v", e)
	}
	if q := w.ask(fmt.Sprintf(question, 10, topUp)); q.Price != tasknet.Micro(33_334) || q.Fee != tasknet.Micro(5_000) {
		t.Errorf("topped up: %s and %s", q.Price, q.Fee)
	}
	if q := w.ask(fmt.Sprintf(question, 9, topUp)); q.Price != tasknet.Micro(30_000) {
		t.Errorf("a fair price was topped up to %s", q.Price)
	}
	p := w.project(`{"name":"Spam","text":"Spam?","choices":["yes","no"],"price":"0.03","seconds_per_answer":10,"top_up":true}`)
	if p.Price != tasknet.Micro(33_334) {
		t.Errorf("a project, topped up: %s", p.Price)
	}
	if got := w.as(w.key, "PATCH", "/v1/projects/"+p.ID, `{"price":"0.02","seconds_per_answer":10}`); read[wire.Problem](w, got, 400).Code != "price_too_low" {
		t.Errorf("a project's new price: %s", got.body)
	}
	if got := read[wire.Project](w, w.as(w.key, "PATCH", "/v1/projects/"+p.ID, `{"price":"0.02","seconds_per_answer":10,"top_up":true}`), 200); got.Price != tasknet.Micro(33_334) {
		t.Errorf("a project's new price, topped up: %s", got.Price)
	}

	// What answers show counts, and not what is stated; and a request that was done before is not refused now.
	key := []string{idempotencyHeader, "before"}
	asked := read[wire.Question](w, w.as(w.key, "POST", "/v1/questions", fmt.Sprintf(question, 1, ""), key...), 201)
	w.busy(w.people(3), 10, 20*time.Second)
	w.ahead.Add(int64(2 * time.Minute)) // what was known before is looked at anew
	if p := read[wire.Problem](w, w.as(w.key, "POST", "/v1/questions", fmt.Sprintf(question, 1, "")), 400); p.Code != "price_too_low" {
		t.Errorf("a price that answers show to be low: %+v", p)
	}
	if again := read[wire.Question](w, w.as(w.key, "POST", "/v1/questions", fmt.Sprintf(question, 1, ""), key...), 201); again.ID != asked.ID {
		t.Errorf("sent again it is another question: %s and %s", again.ID, asked.ID)
	}
	if e := w.estimated(`{"question":` + fmt.Sprintf(question, 1, "") + `}`); e.Fair.Basis != "organisation" || e.Fair.Fair {
		t.Errorf("the estimate then: %+v", e.Fair)
	}
}
