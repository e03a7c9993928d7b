package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// liveJob makes a job that answers rows, of which a session's first part is audited or not.
func (f *floor) liveJob(org polls.OrgID, rows, servers int, price int64, audited bool) *compute.Job {
	f.t.Helper()
	for {
		d := f.draft(org, compute.InferJob, rows)
		d.Work.Live, d.Servers, d.Price, d.Work.Inputs = true, servers, tasknet.Micro(price), d.Work.Inputs[1:]
		j := f.newJob(org, d)
		drawn := 0
		for part := range 8 {
			is, err := j.Terms.Audited(j.ID, part)
			f.check(err)
			if is && part == 0 && audited {
				return j
			}
			drawn += number(is)
		}
		if drawn == 0 && !audited {
			return j
		}
		_, err := f.CancelJob(f.t.Context(), org, j.ID)
		f.check(err)
		f.now = f.now.Add(time.Millisecond)
	}
}

// ask has somebody ask, who waits so long.
func (f *floor) ask(j *compute.Job, text string, patience time.Duration) (*compute.Ask, error) {
	f.t.Helper()
	f.now = f.now.Add(time.Millisecond)
	a, err := compute.NewAsk(j.ID, tinyModel.Input, compute.AskRow{Text: text}, f.now, patience)
	f.check(err)
	return a, f.db.Asks().AddAsk(f.t.Context(), a)
}

func (f *floor) asked(j *compute.Job, text string) *compute.Ask {
	f.t.Helper()
	a, err := f.ask(j, text, compute.AskTime)
	f.check(err)
	return a
}

// answer is what a node says of an ask.
func (f *floor) answer(n *compute.Node, l *compute.Lease, a *compute.Ask, yes float64) *pipeline.Answer {
	f.t.Helper()
	label := "yes"
	if yes < 0.5 {
		label = "no"
	}
	said := fmt.Sprintf(`{"key":%q,"label":%q,"confidence":%v,"probabilities":{"yes":%.4f,"no":%.4f}}`, a.ID, label, max(yes, 1-yes), yes, 1-yes)
	signature, err := compute.SignAnswer(jobsInstance, a.Job, l.ID, a.ID, a.Row, []byte(said), f.keys[n.ID])
	f.check(err)
	return &pipeline.Answer{Ask: a.ID, Said: []byte(said), Signature: signature}
}

func (f *floor) serve(n *compute.Node, l *compute.Lease, said *pipeline.Answer) *pipeline.Served {
	f.t.Helper()
	out, err := f.Serve(f.t.Context(), n, l.ID, said, 0)
	f.check(err)
	return out
}

// answered has a node answer what it is given next, which must be there and count.
func (f *floor) answered(n *compute.Node, l *compute.Lease, yes float64) string {
	f.t.Helper()
	next := f.serve(n, l, nil).Ask
	if next == nil {
		f.t.Fatalf("%s is asked nothing", n.Name)
	}
	said := f.answer(n, l, next, yes)
	if out, err := f.Serve(f.t.Context(), n, l.ID, said, 0); err != nil || !out.Counted {
		f.t.Fatalf("the answer of %s does not count: %+v, %v", n.Name, out, err)
	}
	return string(said.Said) + "\n"
}

// TestServe: rows are answered once, in sessions of nodes, each of which is a part that is paid by its rows; the job ends with its
// rows, and what was not used comes back.
func TestServe(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		a, b := f.newNode(1e9), f.newNode(1e9)
		j := f.liveJob(org, 5, 2, 1000, false)
		one, two := f.part(a), f.part(b)
		if again := f.take(f.newNode(1e9)); again != nil || one.Part == two.Part {
			t.Fatalf("a third node serves: %+v", again)
		}
		if out := f.serve(a, one, nil); out.Ask != nil || out.End {
			t.Fatalf("asked without asks: %+v", out)
		}

		// What was given to one is given to it again, and after a second to another; the first to answer counts.
		x := f.asked(j, "win a phone")
		if got := f.serve(a, one, nil).Ask; got == nil || got.ID != x.ID || string(got.Row) != string(x.Row) {
			t.Fatalf("given is %+v", got)
		}
		if got := f.serve(a, one, nil).Ask; got == nil || got.ID != x.ID {
			t.Fatalf("a reply that was lost is not given again: %+v", got)
		}
		if got := f.serve(b, two, nil).Ask; got != nil {
			t.Fatalf("given to another at once: %+v", got)
		}
		f.now = f.now.Add(compute.AskRetry)
		if got := f.serve(b, two, nil).Ask; got == nil || got.ID != x.ID {
			t.Fatalf("not given to another: %+v", got)
		}
		first := f.answer(b, two, x, 0.9)
		f.now = f.now.Add(500 * time.Millisecond)
		if out := f.serve(b, two, first); !out.Counted {
			t.Fatal("the first answer does not count")
		}
		if out := f.serve(b, two, first); !out.Counted {
			t.Error("the same answer again does not count")
		}
		if out := f.serve(a, one, f.answer(a, one, x, 0.8)); out.Counted {
			t.Error("a second answer counts")
		}
		if kept, err := f.db.Asks().Ask(t.Context(), x.ID); err != nil || kept.Lease != two.ID || kept.Key != b.Key || string(kept.Said) != string(first.Said) {
			t.Errorf("kept is %+v, %v", kept, err)
		}

		// Not every answer is one.
		y := f.asked(j, "see you then")
		f.serve(a, one, nil)
		good := f.answer(a, one, y, 0.7)
		for name, bad := range map[string]*pipeline.Answer{
			"of another row":   {Ask: y.ID, Said: f.answer(a, one, x, 0.7).Said, Signature: good.Signature},
			"two lines":        {Ask: y.ID, Said: append(append(good.Said[:len(good.Said):len(good.Said)], '\n'), good.Said...), Signature: good.Signature},
			"not signed by it": {Ask: y.ID, Said: good.Said, Signature: f.answer(b, one, y, 0.7).Signature},
			"of no class":      {Ask: y.ID, Said: []byte(`{"key":"` + string(y.ID) + `","label":"maybe","probabilities":{"maybe":1}}`), Signature: good.Signature},
		} {
			if _, err := f.Serve(t.Context(), a, one.ID, bad, 0); !errors.Is(err, compute.ErrBadOutput) && !errors.Is(err, compute.ErrBadSaid) {
				t.Errorf("an answer %s: %v", name, err)
			}
		}
		if _, err := f.Serve(t.Context(), b, one.ID, good, 0); !errors.Is(err, compute.ErrNoLease) {
			t.Errorf("under somebody else's lease: %v", err)
		}
		if out := f.serve(b, two, f.answer(b, two, y, 0.7)); out.Counted {
			t.Error("an answer to what it was not given counts")
		}
		if out := f.serve(a, one, good); !out.Counted {
			t.Error("the good one does not count")
		}
		late, err := f.ask(j, "late", time.Second)
		f.check(err)
		f.serve(a, one, nil)
		f.now = f.now.Add(time.Second)
		if out := f.serve(a, one, f.answer(a, one, late, 0.7)); out.Counted || out.Ask != nil {
			t.Errorf("an answer for which nobody waits: %+v", out)
		}

		// A session ends a minute after its first answer, is handed in as it was said, and goes on as another part.
		says := string(first.Said) + "\n"
		f.asked(j, "third")
		says += f.answered(b, two, 0.2)
		if err := f.deliver(b, two, string(first.Said)+"\n"); !errors.Is(err, compute.ErrBadReceipt) {
			t.Errorf("handed in is less than was said: %v", err)
		}
		f.now = f.now.Add(compute.SessionTime)
		if out := f.serve(b, two, nil); !out.End {
			t.Error("the session goes on")
		}
		f.check(f.deliver(b, two, says))
		if j = f.job(j.ID); j.Finished != 2 || j.Parts != 3 || j.Waiting != 1 || j.State != compute.JobOpen {
			t.Fatalf("after a session: %+v", j)
		}
		three := f.part(b)
		if three.Part != 2 {
			t.Fatalf("the next session is part %d", three.Part)
		}

		// What a node answered that vanished is neither counted nor paid, and the session is another's.
		f.now = f.now.Add(compute.LeaseTime)
		f.check(f.DropLeases(t.Context()))
		if _, err := f.Serve(t.Context(), a, one.ID, nil, 0); !errors.Is(err, compute.ErrLeaseOver) {
			t.Errorf("a lease that is lost serves: %v", err)
		}
		c := f.newNode(1e9)
		four := f.part(c)

		// The job answers as many rows as it was made for.
		says = ""
		for range 3 {
			f.asked(j, "more")
			says += f.answered(c, four, 0.6)
		}
		if _, err := f.ask(j, "one too many", compute.AskTime); !errors.Is(err, compute.ErrJobSpent) {
			t.Errorf("more rows than it has: %v", err)
		}
		if out := f.serve(c, four, nil); !out.End {
			t.Error("the last session goes on")
		}
		f.check(f.deliver(c, four, says))
		if j = f.job(j.ID); j.State != compute.JobDone || j.Finished != 5 || j.Waiting != 0 {
			t.Fatalf("after all rows: %+v", j)
		}
		if _, err := f.ask(j, "after the end", compute.AskTime); !errors.Is(err, compute.ErrJobEnded) {
			t.Errorf("a job that has ended: %v", err)
		}
		f.now = f.now.Add(holdBack)
		f.check(f.DropLeases(t.Context()))
		f.work()
		f.want("pay of the one that vanished", f.balance(rewards.Payee(string(a.Owner))), 0)
		f.want("pay of the second", f.balance(rewards.Payee(string(b.Owner))), 400)
		f.want("pay of the third", f.balance(rewards.Payee(string(c.Owner))), 600)
		f.want("fee", f.balance(rewards.FeesAccount), 150)
		f.check(f.db.Asks().ForgetAsks(t.Context(), f.now)) // those of the session that was lost, and one that was late
		f.want("asks that are kept", int64(count(t, f.db, "asks")), 0)
		s, err := f.Serving(t.Context(), j.ID)
		f.check(err)
		if s.Nodes != 0 || s.Waiting != 0 || s.Times.Answers() != 6 || s.Times.Quantile(0.99) < 1500*time.Millisecond || s.Times.Quantile(0.99) > 2*time.Second {
			t.Errorf("it was asked as %+v; 99 of 100 took %s", s, s.Times.Quantile(0.99))
		}
	})
}

// TestServeStops: who stops a live job pays what was answered, and no session of it waits for a node any more.
func TestServeStops(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		a, b, c := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		j := f.liveJob(org, 10, 4, 1000, false)
		one, two, three := f.part(a), f.part(b), f.part(c)
		f.asked(j, "a row")
		says := f.answered(a, one, 0.9)
		f.asked(j, "to nobody")
		ended, err := f.CancelJob(t.Context(), org, j.ID)
		f.check(err)
		if ended.State != compute.JobDone || ended.Waiting != 0 {
			t.Fatalf("stopped is %+v", ended)
		}
		if out := f.serve(a, one, nil); !out.End || out.Ask != nil {
			t.Errorf("a session of a job that has ended: %+v", out)
		}
		if err := f.deliver(b, two, says); !errors.Is(err, compute.ErrNoAnswers) {
			t.Errorf("a session without answers is handed in: %v", err)
		}
		_, err = f.Fail(t.Context(), b, two.ID, compute.Stopped, "Nothing was asked.")
		f.check(err)
		f.now = f.now.Add(holdBack)
		f.work()
		if j = f.job(j.ID); !j.SettledAt.IsZero() {
			t.Fatal("settled while a session is handed in")
		}
		f.now = f.now.Add(-holdBack)
		f.check(f.deliver(a, one, says))
		f.now = f.now.Add(holdBack)
		f.check(f.DropLeases(t.Context())) // the third
		if l := f.take(b); l != nil {
			t.Fatalf("a session of a job that has ended is given: %+v, after %+v", l, three)
		}
		f.work()
		f.want("pay", f.balance(rewards.Payee(string(a.Owner))), 100)
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000-115)
		f.now = f.now.Add(time.Hour)
		f.check(f.db.Asks().ForgetAsks(t.Context(), f.now))
		f.want("asks that are kept", int64(count(t, f.db, "asks")), 0)
	})
}

// TestServeIsAudited: the rows of a session that was drawn are answered again by another owner from a file; two more refute who lied.
func TestServeIsAudited(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		liar, others := f.newNode(1e9), []*compute.Node{f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)}
		j := f.liveJob(org, 2, 1, 1000, true)
		l := f.part(liar)
		x, y := f.asked(j, "one"), f.asked(j, "two")
		says := f.answered(liar, l, 0.1) + f.answered(liar, l, 0.1)
		f.check(f.deliver(liar, l, says))
		part, err := f.db.Jobs().Part(t.Context(), j.ID, 0, 1)
		f.check(err)
		rows := string(x.Row) + "\n" + string(y.Row) + "\n"
		want, err := compute.ManifestOf([]byte(rows)).ID()
		f.check(err)
		if part.Asked != want || part.From != 0 || part.To != 2 {
			t.Fatalf("the copy is %+v, and the rows are %s", part, want)
		}
		for i, n := range others {
			f.work()
			again := f.part(n)
			if again.Copy == 0 || again.Job != j.ID {
				t.Fatalf("owner %d got %+v", i, again)
			}
			if _, err := f.Serve(t.Context(), n, again.ID, nil, 0); !errors.Is(err, compute.ErrNotLive) {
				t.Errorf("who does it again is asked: %v", err)
			}
			f.check(f.deliver(n, again, string(f.answer(n, again, x, 0.9).Said)+"\n"+string(f.answer(n, again, y, 0.9).Said)+"\n"))
		}
		f.work()
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("pay of who lied", f.balance(rewards.Payee(string(liar.Owner))), 0)
		f.want("pay of who did it again", f.balance(rewards.Payee(string(others[0].Owner))), 1000)
		if s := f.standing(liar); s.Refuted != 1 {
			t.Errorf("what is known of who lied: %+v", s)
		}
	})
}

// TestAsksAreBounded: what waits is bounded, and rows that do not fit the model are refused with what does not.
func TestAsksAreBounded(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		j := f.liveJob(org, 100_000, 1, 0, false)
		for range compute.AsksMax {
			f.asked(j, "a row")
		}
		if _, err := f.ask(j, "one more", compute.AskTime); !errors.Is(err, compute.ErrAsksFull) {
			t.Errorf("more than may wait: %v", err)
		}
		f.now = f.now.Add(compute.AskTime)
		f.asked(j, "when nobody waits for the others")
		for name, bad := range map[string]compute.AskRow{"nothing": {}, "numbers": {Text: "a", Numbers: map[string]float64{"x": 1}}, "a picture": {Text: "a", Picture: []byte("x"), Media: "image/png"}} {
			if _, err := compute.NewAsk(j.ID, tinyModel.Input, bad, f.now, time.Second); tasknet.Describe(err).Code != "bad_row" {
				t.Errorf("%s for a model of texts: %v", name, err)
			}
		}
		table := compute.Input{Kind: compute.Numbers, Columns: []string{"x", "y"}}
		for name, bad := range map[string]map[string]float64{"a column is not there": {"x": 1}, "one too many": {"x": 1, "y": 2, "z": 3}, "too large": {"x": 1, "y": 1e300}} {
			if _, err := compute.NewAsk(j.ID, table, compute.AskRow{Numbers: bad}, f.now, time.Second); tasknet.Describe(err).Code != "bad_row" {
				t.Errorf("%s: %v", name, err)
			}
		}
		d := f.draft(org, compute.InferJob, 10)
		d.Work.Live, d.Work.Inputs = true, d.Work.Inputs[1:]
		for name, change := range map[string]func(*compute.JobDraft){
			"replicas":          func(d *compute.JobDraft) { d.Replicas = 2 },
			"too many nodes":    func(d *compute.JobDraft) { d.Servers = 17 },
			"parts":             func(d *compute.JobDraft) { d.PartRows = 5 },
			"nodes without it":  func(d *compute.JobDraft) { *d = f.draft(org, compute.InferJob, 10); d.Servers = 2 },
			"data":              func(d *compute.JobDraft) { d.Work.Inputs = f.draft(org, compute.InferJob, 10).Work.Inputs },
			"a model to train":  func(d *compute.JobDraft) { d.Work.Kind = compute.TrainJob },
			"a model no rows":   func(d *compute.JobDraft) { d.Work.Rows = 0 },
			"a model of no one": func(d *compute.JobDraft) { d.Work.Model = nil },
		} {
			bad := d
			change(&bad)
			if _, err := compute.NewJob(org, bad, f.now); tasknet.Describe(err).Code != "bad_job" {
				t.Errorf("a live job with %s: %v", name, err)
			}
		}
	})
}
