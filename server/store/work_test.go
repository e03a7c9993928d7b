package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// shelf keeps pieces in memory.
type shelf struct{ pieces *sync.Map }

func newShelf() shelf { return shelf{&sync.Map{}} }

func (s shelf) PutPiece(_ context.Context, blob string, n int, piece []byte) error {
	s.pieces.Store(fmt.Sprint(blob, n), piece)
	return nil
}

func (s shelf) OpenPiece(_ context.Context, blob string, n, from, size int) (io.ReadCloser, error) {
	piece, ok := s.pieces.Load(fmt.Sprint(blob, n))
	if !ok {
		return nil, pipeline.ErrPieceLost
	}
	return io.NopCloser(bytes.NewReader(piece.([]byte)[from : from+size])), nil
}

func (s shelf) RemovePieces(context.Context, string, int) error { return nil }

// Times of the tests of pay.
const (
	holdBack = 2 * time.Hour
	patience = 24 * time.Hour
	exclude  = 10 * 24 * time.Hour
)

// newPaidFloor is a floor with what outputs are kept in, and an organisation that has money.
func newPaidFloor(t testing.TB, db *DB) (f *floor, org polls.OrgID) {
	f = newFloor(t, db)
	return f, f.newRichOrg()
}

// newRichOrg has the floor pay, and makes an organisation that has money.
func (f *floor) newRichOrg() polls.OrgID {
	f.t.Helper()
	f.pay(newShelf())
	org := f.newOrg("org " + tasknet.NewID("x", f.now))
	f.check(f.db.Rewards().Post(f.t.Context(), rewards.Credit(string(org), "deposit of "+string(org), tasknet.Micro(1_000_000), f.now)))
	return org
}

// pay has the floor pay, and keep outputs.
func (f *floor) pay(s shelf) {
	f.t.Helper()
	p, err := pipeline.New(f.db, labeling.NewStopper(f.db.Labels()), nil, nil, pipeline.Config{
		Instance: jobsInstance, ChainID: 7, FeeBasisPoints: 1500, Artefacts: pipeline.ArtefactConfig{Pieces: s}, Now: func() time.Time { return f.now }, Exam: f.exam, Stakes: f.stakes,
		Work: pipeline.WorkConfig{HoldBack: holdBack, Patience: patience, Exclude: exclude, Apart: f.apart},
	})
	f.check(err)
	f.Pipeline = p
}

// stored keeps an output.
func (f *floor) stored(org polls.OrgID, content string) compute.JobFile {
	f.t.Helper()
	out, err := f.keep(f.t.Context(), org, content)
	f.check(err)
	return out
}

// keep is stored, from any goroutine.
func (f *floor) keep(ctx context.Context, org polls.OrgID, content string) (compute.JobFile, error) {
	m := &compute.Manifest{Length: int64(len(content)), Pieces: [][32]byte{sha256.Sum256([]byte(content))}}
	var a *pipeline.Artefact
	if err := f.db.InTx(ctx, func(tx pipeline.Tx) (err error) {
		a, err = f.NewArtefact(ctx, tx, org, m, "", "")
		return err
	}); err != nil {
		return compute.JobFile{}, err
	}
	_, err := f.PutPiece(ctx, a, 0, []byte(content))
	return compute.JobFile{Artefact: a.ID, Bytes: a.Length}, err
}

// said are predictions for the rows of a lease: all of one probability.
func said(l *compute.Lease, yes float64) string {
	var b strings.Builder
	label := "yes"
	if yes < 0.5 {
		label = "no"
	}
	for row := l.From; row < l.To; row++ {
		fmt.Fprintf(&b, `{"key":"row %d","label":%q,"confidence":%v,"probabilities":{"yes":%.4f,"no":%.4f}}`+"\n", row, label, max(yes, 1-yes), yes, 1-yes)
	}
	return b.String()
}

// deliver finishes a lease of work that makes one file.
func (f *floor) deliver(n *compute.Node, l *compute.Lease, content string) error {
	f.t.Helper()
	r := f.receipt(n, l)
	out := f.stored(f.job(l.Job).Org, content)
	out.Role = r.Outputs[0].Role
	r.Outputs = []compute.JobFile{out}
	f.check(r.Sign(jobsInstance, f.keys[n.ID]))
	_, err := f.Finish(f.t.Context(), n, r)
	return err
}

// paidJob makes a job that asks a model, in parts of ten rows.
func (f *floor) paidJob(org polls.OrgID, rows, replicas int, price int64) *compute.Job {
	f.t.Helper()
	d := f.draft(org, compute.InferJob, rows)
	d.PartRows, d.Replicas, d.Price = 10, replicas, tasknet.Micro(price)
	return f.newJob(org, d)
}

func (f *floor) balance(a rewards.Account) int64 {
	f.t.Helper()
	b, err := f.db.Rewards().Balance(f.t.Context(), a)
	f.check(err)
	return b.Micro()
}

// work checks and settles, and has the money conserved.
func (f *floor) work() {
	f.t.Helper()
	f.check(f.CheckWork(f.t.Context()))
	for due := []compute.JobID{""}; len(due) > 0; { // some tests draw hundreds of jobs, of which a look settles but some
		f.check(f.SettleWork(f.t.Context()))
		var err error
		due, err = f.db.Work().DueJobs(f.t.Context(), f.now.Add(-holdBack), 1)
		f.check(err)
	}
	totals, err := f.db.Rewards().Totals(f.t.Context())
	f.check(err)
	if !totals.Conserved() {
		f.t.Fatalf("money is not conserved: %+v", totals)
	}
}

// part takes work that must be there, at the latest when it has waited for others who were drawn.
func (f *floor) part(n *compute.Node) *compute.Lease {
	f.t.Helper()
	l := f.take(n)
	if l == nil {
		f.now = f.now.Add(compute.DrawnOwners * compute.DrawnStep)
		l = f.take(n)
	}
	if l == nil {
		f.t.Fatalf("%s got nothing", n.Name)
	}
	return l
}

func (f *floor) standing(n *compute.Node) compute.Standing {
	f.t.Helper()
	s, err := f.db.Work().Standing(f.t.Context(), n.Owner)
	f.check(err)
	return s
}

func (f *floor) want(what string, got, want int64) {
	f.t.Helper()
	if got != want {
		f.t.Errorf("%s: %d, want %d", what, got, want)
	}
}

// drawn makes jobs until there is one of which no part is audited, or of which the first is. The others are cancelled.
func (f *floor) drawn(org polls.OrgID, rows int, price int64, first bool) *compute.Job {
	f.t.Helper()
	for {
		j := f.paidJob(org, rows, 1, price)
		any := false
		for part := range (rows + 9) / 10 {
			audited, err := j.Terms.Audited(j.ID, part)
			f.check(err)
			if part == 0 && audited && first {
				return j
			}
			any = any || audited
		}
		if !any && !first {
			return j
		}
		_, err := f.CancelJob(f.t.Context(), org, j.ID)
		f.check(err)
		f.now = f.now.Add(time.Millisecond)
	}
}

// TestJobIsPaid: what a job costs at the most is set aside, shared out a while after its end by rows, once, and the rest goes back.
func TestJobIsPaid(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		db := plain.db
		f, org := newPaidFloor(t, db)
		a, b := f.newNode(1e9), f.newNode(1e9)
		d := f.draft(org, compute.InferJob, 30)
		d.Price = tasknet.Micro(289_856) // with the fee, three times: more than there is
		err := f.db.InTx(t.Context(), func(tx pipeline.Tx) error {
			_, err := f.NewJob(t.Context(), tx, org, d)
			return err
		})
		if !errors.Is(err, rewards.ErrInsufficient) {
			t.Fatalf("a job that cannot be paid: %v", err)
		}
		if jobs, _, err := db.Jobs().Jobs(t.Context(), org, "", tasknet.Page{}); err != nil || len(jobs) != 0 {
			t.Fatalf("it is there all the same: %v, %v", jobs, err)
		}

		j := f.drawn(org, 30, 1000, false)
		f.want("held", f.balance(rewards.HoldFor(string(j.ID))), 3*1150)
		one, two := f.part(a), f.part(b)
		f.check(f.deliver(a, one, said(one, 0.9)))
		f.check(f.deliver(a, one, said(one, 0.9))) // again
		f.check(f.deliver(b, two, said(two, 0.9)))
		three := f.part(a)
		f.check(f.deliver(a, three, said(three, 0.2)))
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Fatalf("the job is %s", j.State)
		}
		f.now = f.now.Add(holdBack - time.Second)
		f.work()
		f.want("paid too early", f.balance(rewards.Payee(string(a.Owner))), 0)
		f.now = f.now.Add(time.Second)
		f.work()
		f.work()
		f.want("pay of the first", f.balance(rewards.Payee(string(a.Owner))), 333+334)
		f.want("pay of the second", f.balance(rewards.Payee(string(b.Owner))), 333)
		f.want("fee", f.balance(rewards.FeesAccount), 150)
		f.want("left", f.balance(rewards.HoldFor(string(j.ID))), 0)
		f.want("accepted", int64(f.standing(a).Accepted), 2)
		settled, _, err := db.Work().SettledJobs(t.Context(), tasknet.Page{Limit: 100})
		f.check(err)
		if len(settled) == 0 || settled[len(settled)-1].ID != j.ID || settled[len(settled)-1].SettledAt.IsZero() {
			t.Errorf("settled are %+v", settled)
		}
	})
}

// TestCancelledJobGivesBack: what was delivered is paid; the rest of the hold goes back.
func TestCancelledJobGivesBack(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		db := plain.db
		f, org := newPaidFloor(t, db)
		a := f.newNode(1e9)
		j := f.drawn(org, 20, 1000, false)
		l := f.part(a)
		f.check(f.deliver(a, l, said(l, 0.9)))
		_, err := f.CancelJob(t.Context(), org, j.ID)
		f.check(err)
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("pay", f.balance(rewards.Payee(string(a.Owner))), 500)
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000-500-75)

		// One of which nothing is done for long is given up.
		stalled := f.paidJob(org, 20, 1, 1000)
		f.now = f.now.Add(patience + time.Second)
		f.work()
		if j := f.job(stalled.ID); j.State != compute.JobFailed || j.Problem == "" {
			t.Errorf("a job that nobody does is %s: %q", j.State, j.Problem)
		}
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000-500-75)
	})
}

// TestCloseUncoveredJobs: as many jobs are cancelled as have the money that is withdrawn set aside, the newest first.
func TestCloseUncoveredJobs(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		first := f.paidJob(org, 10, 1, 1000)
		f.now = f.now.Add(time.Millisecond)
		free := f.paidJob(org, 10, 1, 0)
		f.now = f.now.Add(time.Millisecond)
		last := f.paidJob(org, 10, 1, 1000)
		for _, c := range []struct {
			more  int64
			first compute.JobState
		}{{3450, compute.JobOpen}, {1, compute.JobCancelled}} {
			f.check(f.CloseUncovered(t.Context(), org, tasknet.Micro(c.more)))
			for j, want := range map[*compute.Job]compute.JobState{first: c.first, free: compute.JobOpen, last: compute.JobCancelled} {
				if got := f.job(j.ID); got.State != want {
					t.Errorf("%s is %s, want %s", j.ID, got.State, want)
				}
			}
		}
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000)
	})
}

// TestAudit: of a part that was drawn a second owner makes a copy, which looks the same; who lied is refuted by two more, is paid
// nothing that is held, and gets no more work.
func TestAudit(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		db := plain.db
		f, org := newPaidFloor(t, db)
		liar, b, c, d := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		second := f.newNode(1e9, func(n *compute.Node) { n.Owner = liar.Owner })

		f.drawn(org, 10, 500, false) // honest, or not found
		l := f.part(liar)
		f.check(f.deliver(liar, l, said(l, 0.9)))

		j := f.drawn(org, 10, 1000, true)
		l = f.part(liar)
		f.check(f.deliver(liar, l, said(l, 0.1)))
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Fatalf("the job waits for its audit: %s", j.State)
		}
		for _, own := range []*compute.Node{liar, second} {
			if l := f.take(own); l != nil {
				t.Fatalf("an owner checks themselves: %+v", l)
			}
		}
		checks := f.part(b)
		if checks.Job != j.ID || checks.Part != l.Part || checks.From != l.From || checks.To != l.To {
			t.Fatalf("the copy is %+v of %+v", checks, l)
		}
		f.check(f.deliver(b, checks, said(checks, 0.9)))
		f.now = f.now.Add(holdBack)
		f.work() // they differ; a third is asked. Nothing of the job is paid before
		f.want("the other job's pay", f.balance(rewards.Payee(string(liar.Owner))), 500)
		f.want("pay before the check is closed", f.balance(rewards.Payee(string(b.Owner))), 0)
		if l := f.take(b); l != nil {
			t.Fatalf("who has checked checks again: %+v", l)
		}
		held := f.drawn(org, 10, 700, false) // held back when the lie is proven
		l = f.part(liar)
		if l.Job != held.ID {
			t.Fatalf("got %+v", l)
		}
		f.check(f.deliver(liar, l, said(l, 0.9)))
		third := f.part(c)
		f.check(f.deliver(c, third, said(third, 0.9004)))
		f.work()
		if s := f.standing(liar); s.Refuted != 0 {
			t.Errorf("two are enough to refute: %+v", s)
		}
		fourth := f.part(d)
		f.check(f.deliver(d, fourth, said(fourth, 0.8996)))
		f.work()
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("pay of who lied", f.balance(rewards.Payee(string(liar.Owner))), 500)
		f.want("pay of the second", f.balance(rewards.Payee(string(b.Owner))), 1000)
		f.want("pay of the third", f.balance(rewards.Payee(string(c.Owner))), 1000)
		f.want("pay of the fourth", f.balance(rewards.Payee(string(d.Owner))), 1000)
		f.want("fees", f.balance(rewards.FeesAccount), 75+450)
		f.want("what is left to spend", f.balance(rewards.Requester(string(org))), 1_000_000-575-3450)
		if s := f.standing(liar); s.Refuted != 1 || !s.Until.After(f.now) {
			t.Errorf("what is known of who lied: %+v", s)
		}
		if s := f.standing(b); s.Refuted != 0 || s.Accepted != 1 {
			t.Errorf("what is known of who did not: %+v", s)
		}
		checked, err := db.Work().Checks(t.Context(), j.ID)
		f.check(err)
		if len(checked) != 1 || checked[0].State != compute.CheckAgreed || !checked[0].Audit || len(checked[0].Results) != 4 || checked[0].Results[0].Group != 1 {
			t.Errorf("the check is %+v", checked)
		}
		part, err := db.Jobs().Part(t.Context(), j.ID, 0, 0)
		f.check(err)
		if part.Result != checks.ID {
			t.Errorf("the result is still that of %s", part.Result)
		}
		mine, _, err := db.Work().DeliveriesOf(t.Context(), liar.Owner, tasknet.Page{})
		f.check(err)
		for i, want := range []compute.Refusal{compute.Lied, compute.Refuted, ""} {
			if len(mine) != 3 || mine[i].Why != want {
				t.Errorf("delivery %d is refused for %q, want %q", i, mine[i].Why, want)
			}
		}
		f.paidJob(org, 10, 1, 100)
		for _, own := range []*compute.Node{liar, second} {
			if _, _, err := f.TakeWork(t.Context(), own, nil, nil); !errors.Is(err, pipeline.ErrExcluded) {
				t.Errorf("who lied takes work: %v", err)
			}
		}
		f.now = f.now.Add(exclude)
		f.check(f.SettleWork(t.Context()))
		f.paidJob(org, 10, 1, 100)
		if l := f.take(second); l == nil {
			t.Error("the exclusion does not end")
		}
	})
}

// TestAuditByNobody: where no other owner comes, the only result counts after a while.
func TestAuditByNobody(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		db := plain.db
		f, org := newPaidFloor(t, db)
		a := f.newNode(1e9)
		j := f.drawn(org, 10, 1000, true)
		l := f.part(a)
		f.check(f.deliver(a, l, said(l, 0.9)))
		f.now = f.now.Add(patience - time.Second)
		f.work()
		f.want("pay before", f.balance(rewards.Payee(string(a.Owner))), 0)
		f.now = f.now.Add(time.Second)
		f.work()
		f.want("pay after", f.balance(rewards.Payee(string(a.Owner))), 1000)
		if j = f.job(j.ID); j.Waiting != 0 {
			t.Errorf("%d parts wait", j.Waiting)
		}
	})
}

// TestLeastPrice: a node gets nothing that pays less for an hour than its owner asks for, and is not told that there is work.
func TestLeastPrice(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		free := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		d := f.draft(org, compute.InferJob, 10)
		d.Price = tasknet.Micro(1000)
		asked := f.newJob(org, d)
		hourly := 3600 * 1000 / (10 * asked.Each) // at a rate of a million operations a second, which takes so many seconds
		asks := func(least int64) *compute.Node {
			return f.newNode(1e6, func(n *compute.Node) { n.Capability.MinPrice, n.Capability.Slots = tasknet.Micro(least), 2 })
		}
		some := func(n *compute.Node) bool {
			some, err := f.db.Jobs().SomeWork(t.Context(), n, f.now)
			f.check(err)
			return some
		}
		if greedy := asks(hourly*1_000_000 + 1_000_000); some(greedy) || f.take(greedy) != nil {
			t.Error("a node got work that pays too little")
		}
		modest := asks(hourly * 999_000)
		if !some(modest) {
			t.Error("there is nothing for a node that asks for less than is paid")
		}
		l := f.part(modest)
		if l.Job != asked.ID || l.Why.Pays != tasknet.Micro(1000) || l.Why.Least != modest.Capability.MinPrice {
			t.Errorf("it got %+v", l)
		}
		if l := f.take(modest, l.ID); l != nil {
			t.Errorf("it works for nothing: %+v", l)
		}
		if l := f.part(asks(0)); l.Job != free.ID {
			t.Errorf("who asks for nothing got %+v", l)
		}
	})
}

// TestBestPaidOfMany: of equally important jobs the one that pays most for its work comes first, however many others there are that are
// older, and what pays little for much work does not, whatever its price.
func TestBestPaidOfMany(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		add := func(rows int, price int64, importance int) compute.JobID {
			d := f.draft(org, compute.InferJob, rows)
			d.Price, d.Importance = tasknet.Micro(price), importance
			return f.newJob(org, d).ID
		}
		for range 40 {
			add(10, 100, 5)
		}
		add(10_000, 5000, 5) // the highest price, and the least for its work
		second, best := add(10, 300, 5), add(10, 400, 5)
		above := add(10, 0, 6)
		n := f.newNode(1e9, func(n *compute.Node) { n.Capability.Slots = 4 })
		for i, want := range []compute.JobID{above, best, second} {
			l := f.part(n)
			if l == nil || l.Job != want {
				t.Fatalf("job %d is %+v, want %s", i, l, want)
			}
			if i == 1 {
				each := f.job(best).Each
				if hour := 400 * 3600 * int64(1e9) / (10 * each); l.Why.Hour.Micro() < hour-1 || l.Why.Hour.Micro() > hour {
					t.Errorf("it pays %s an hour, want %d", l.Why.Hour, hour)
				}
			}
			f.check(f.finish(n, l))
		}
		picky := f.newNode(1e9, func(n *compute.Node) { n.Capability.MinPrice = tasknet.Micro(300) })
		third := add(10, 0, 5)
		least := add(10, 900, 4) // less important than all that pay too little for the picky one
		picky.Capability.MinPrice = tasknet.Micro(500 * 3600 * int64(1e9) / (10 * f.job(third).Each))
		if l := f.part(picky); l.Job != least {
			t.Errorf("who asks for more than forty jobs pay got %+v", l)
		}
	})
}

// TestProgramsAreCompared: of a program every byte counts, and who makes another than three do is refuted.
func TestProgramsAreCompared(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		nodes := []*compute.Node{f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)}
		j := f.newJob(org, compute.JobDraft{Title: "A program", Importance: 5, MaxTime: time.Hour, Replicas: 2, Price: tasknet.Micro(1000), Work: compute.Work{
			Kind: compute.CustomJob, Program: &compute.Program{Memory: 1 << 20, Fuel: 1000, Output: 1 << 20}, Rows: 1,
			Inputs: []compute.JobFile{{Role: compute.ProgramRole, Artefact: f.files[org], Name: "program.wasm"}},
		}})
		for i, made := range []string{"what comes out", "what comes oot", "what comes out", "what comes out"} {
			f.check(f.deliver(nodes[i], f.part(nodes[i]), made))
			f.work()
		}
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Fatalf("the job is %s: %s", j.State, j.Problem)
		}
		f.now = f.now.Add(holdBack)
		f.work()
		for i, want := range []int64{1000, 0, 1000, 1000} {
			f.want(fmt.Sprint("pay of owner ", i), f.balance(rewards.Payee(string(nodes[i].Owner))), want)
		}
		if s := f.standing(nodes[1]); s.Refuted != 1 {
			t.Errorf("who made another byte stands as %+v", s)
		}
	})
}

// TestReplicas: each part is done by so many owners, counts when they agree, and all who did are paid.
func TestReplicas(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		db := plain.db
		f, org := newPaidFloor(t, db)
		a, b, c, d := f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)
		second := f.newNode(1e9, func(n *compute.Node) { n.Owner = a.Owner })
		j := f.paidJob(org, 10, 2, 1000)
		f.want("held", f.balance(rewards.HoldFor(string(j.ID))), 3*1150)
		one := f.part(a)
		if l := f.take(second); l != nil {
			t.Fatalf("an owner is their own replica: %+v", l)
		}
		two := f.part(b)
		f.check(f.deliver(a, one, said(one, 0.9)))
		if j = f.job(j.ID); j.State != compute.JobOpen || j.Finished != 0 {
			t.Fatalf("done before the replicas are compared: %+v", j)
		}
		f.check(f.deliver(b, two, said(two, 0.3)))
		f.work()
		if l := f.take(second); l != nil {
			t.Fatalf("an owner decides about themselves: %+v", l)
		}
		three := f.part(c)
		f.check(f.deliver(c, three, said(three, 0.2996)))
		f.work()
		four := f.part(d)
		f.check(f.deliver(d, four, said(four, 0.3001)))
		f.work()
		if j = f.job(j.ID); j.State != compute.JobDone || j.Finished != 10 || j.Waiting != 0 {
			t.Fatalf("not done when three agree: %+v", j)
		}
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("pay of who was wrong", f.balance(rewards.Payee(string(a.Owner))), 0)
		f.want("pay of the second", f.balance(rewards.Payee(string(b.Owner))), 1000)
		f.want("pay of the third", f.balance(rewards.Payee(string(c.Owner))), 1000)

		f.want("pay of the fourth", f.balance(rewards.Payee(string(d.Owner))), 1000)

		// No two agree: nobody is paid, and nobody is called a liar.
		nodes := []*compute.Node{b, c, d, f.newNode(1e9), f.newNode(1e9)}
		j = f.paidJob(org, 10, 2, 1000)
		for i, n := range nodes {
			l := f.part(n)
			f.check(f.deliver(n, l, said(l, 0.6+0.05*float64(i))))
			f.work()
		}
		if j = f.job(j.ID); j.State != compute.JobFailed {
			t.Fatalf("the job is %s", j.State)
		}
		spend := f.balance(rewards.Requester(string(org)))
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("given back", f.balance(rewards.Requester(string(org)))-spend, 3*1150)
		for _, n := range nodes {
			if s := f.standing(n); s.Refuted != 0 {
				t.Errorf("%s is called a liar: %+v", n.Name, s)
			}
		}
	})
}

// TestBadOutputs: what is paid must be there and of the right form, which is checked before it is accepted.
func TestBadOutputs(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		db := plain.db
		f, org := newPaidFloor(t, db)
		a := f.newNode(1e9)
		f.drawn(org, 10, 1000, false)
		l := f.part(a)
		good := said(l, 0.9)
		for name, content := range map[string]string{
			"no JSON":           "yes\n",
			"too few":           good[:strings.IndexByte(good, '\n')+1],
			"too many":          good + good,
			"another class":     strings.ReplaceAll(good, `"no"`, `"perhaps"`),
			"no probability":    strings.ReplaceAll(good, `"no":0.1000`, `"no":7`),
			"another label":     strings.ReplaceAll(good, `"label":"yes"`, `"label":"no"`),
			"not a probability": strings.ReplaceAll(good, `"yes":0.9000`, `"yes":0.2000`),
		} {
			if err := f.deliver(a, l, content); !errors.Is(err, compute.ErrBadOutput) {
				t.Errorf("%s: %v", name, err)
			}
		}
		r := f.receipt(a, l)
		r.Outputs[0].Artefact = compute.ArtefactID("art_" + strings.Repeat("ab", 32))
		f.check(r.Sign(jobsInstance, f.keys[a.ID]))
		if _, err := f.Finish(t.Context(), a, r); !errors.Is(err, pipeline.ErrNoArtefact) {
			t.Errorf("an output that is not there: %v", err)
		}
		if got := f.job(l.Job); got.Finished != 0 {
			t.Errorf("it was accepted: %+v", got)
		}
		f.check(f.deliver(a, l, good))
		if list, err := db.Work().Deliveries(t.Context(), l.Job); err != nil || len(list) != 1 {
			t.Errorf("%d deliveries, %v", len(list), err)
		}
	})
}

// TestFreeOutputs: what pays nothing is read as well, so that no node hands in what another job has made.
func TestFreeOutputs(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org, n := f.newOrg("A"), f.newNode(1e9)
		other := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		trained := f.receipt(n, f.part(n))
		f.check(f.finishBy(n, trained))
		j := f.newJob(org, f.draft(org, compute.InferJob, 10))
		l := f.part(n)
		stolen := func(out compute.JobFile) error {
			r := f.receipt(n, l)
			out.Role = compute.PredictionsRole
			r.Outputs = []compute.JobFile{out}
			f.check(r.Sign(jobsInstance, f.keys[n.ID]))
			return f.finishBy(n, r)
		}
		fewer := *l
		fewer.To--
		for name, out := range map[string]compute.JobFile{
			"a card of " + string(other.ID): trained.Outputs[slices.IndexFunc(trained.Outputs, func(o compute.JobFile) bool { return o.Role == compute.CardRole })],
			"of fewer rows":                 f.stored(org, said(&fewer, 0.9)),
			"of other classes":              f.stored(org, strings.NewReplacer(`"yes"`, `"left"`, `"no"`, `"right"`).Replace(said(l, 0.9))),
		} {
			if err := stolen(out); !errors.Is(err, compute.ErrBadOutput) {
				t.Errorf("predictions that are %s: %v", name, err)
			}
		}
		if now := f.job(j.ID); now.State != compute.JobOpen || now.Finished != 0 {
			t.Errorf("the job is %s, with %d rows done", now.State, now.Finished)
		}
		f.check(f.finish(n, l))
		if now := f.job(j.ID); now.State != compute.JobDone {
			t.Errorf("the job is %s", now.State)
		}
	})
}

// balances are all balances, and what is known of owners.
func (f *floor) balances(owners ...*compute.Node) map[string]int64 {
	f.t.Helper()
	out := map[string]int64{}
	f.check(f.db.backend.read(f.t.Context(), func(db querier) error {
		return db.query(f.t.Context(), func(r row) error {
			var account string
			var balance int64
			err := r.Scan(&account, &balance)
			if balance != 0 {
				out[account] = balance
			}
			return err
		}, `SELECT account, balance FROM accounts`)
	}))
	for _, n := range owners {
		s := f.standing(n)
		out["accepted "+n.Name], out["refuted "+n.Name] = int64(s.Accepted), int64(s.Refuted)
	}
	return out
}

// TestMoneyOfJobs: whatever becomes of jobs, whoever lies and whenever they are cancelled, no money comes or goes, nobody is paid more
// than what they did is worth, and in the end nothing is held.
func TestMoneyOfJobs(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		random := rand.New(rand.NewPCG(3, 4))
		var nodes []*compute.Node
		for range 8 {
			nodes = append(nodes, f.newNode(1e9))
		}
		running := map[*compute.Node]*compute.Lease{}
		var jobs []compute.JobID
		for range 250 {
			f.now = f.now.Add(time.Duration(random.IntN(900)) * time.Second)
			n := nodes[random.IntN(len(nodes))]
			switch l := running[n]; {
			case random.IntN(8) == 0:
				jobs = append(jobs, f.paidJob(org, 1+random.IntN(40), 1+random.IntN(3), int64(random.IntN(2000))).ID)
			case random.IntN(25) == 0 && len(jobs) > 0:
				_, err := f.CancelJob(t.Context(), org, jobs[random.IntN(len(jobs))])
				if err != nil && !errors.Is(err, compute.ErrJobEnded) {
					t.Fatal(err)
				}
			case l == nil:
				lease, _, err := f.TakeWork(t.Context(), n, nil, nil)
				if err != nil && !errors.Is(err, pipeline.ErrExcluded) {
					t.Fatal(err)
				}
				if lease != nil {
					running[n] = lease
				}
			default:
				yes := 0.9
				if n == nodes[0] || random.IntN(10) == 0 {
					yes = random.Float64()
				}
				delete(running, n)
				if err := f.deliver(n, l, said(l, yes)); err != nil && !errors.Is(err, compute.ErrLeaseOver) {
					t.Fatal(err)
				}
			}
			f.check(f.DropLeases(t.Context()))
			f.work()
		}
		for range 3 { // what nobody does is given up, then settled
			f.now = f.now.Add(patience + holdBack)
			f.check(f.DropLeases(t.Context()))
			f.work()
		}
		held, err := f.db.Rewards().HeldBy(t.Context(), string(org))
		f.check(err)
		f.want("held in the end", held.Micro(), 0)
		var earned tasknet.Amount
		for _, n := range nodes {
			paid, err := f.db.Work().Earned(t.Context(), n.Owner, compute.PayPaid)
			f.check(err)
			f.want("pay of "+n.Name, f.balance(rewards.Payee(string(n.Owner))), paid.Micro())
			earned = earned.Add(paid)
		}
		if earned.IsZero() {
			t.Error("nobody earned anything")
		}
	})
}

// TestWorkIsPaidOnce has each statement go wrong by which a lie is proven and jobs are settled, before it is done or after, and all
// else after it, as after a crash. The next process comes to the same.
func TestWorkIsPaidOnce(t *testing.T) {
	cfg := sqliteConfig(t)
	db, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	f := newFloor(t, db)
	outputs := newShelf()
	f.pay(outputs)
	org := f.newOrg("org")
	f.check(db.Rewards().Post(t.Context(), rewards.Credit(string(org), "deposit", tasknet.Micro(1_000_000), f.now)))
	nodes := []*compute.Node{f.newNode(1e9), f.newNode(1e9), f.newNode(1e9), f.newNode(1e9)}
	f.drawn(org, 10, 700, false)
	l := f.part(nodes[0])
	f.check(f.deliver(nodes[0], l, said(l, 0.9)))
	f.paidJob(org, 10, 3, 1000)
	for i, n := range nodes {
		if i == 3 {
			f.check(f.CheckWork(t.Context()))
		}
		l := f.part(n)
		f.check(f.deliver(n, l, said(l, 0.9-0.5*float64(1-min(i, 1)))))
	}
	f.now = f.now.Add(holdBack)
	f.check(db.Close())
	before, err := os.ReadFile(cfg.Path)
	f.check(err)

	// play goes on with a copy of the file; one statement goes wrong, and with it all that come after.
	play := func(at int, lost bool) (map[string]int64, int) {
		path := filepath.Join(t.TempDir(), "db")
		f.check(os.WriteFile(path, before, 0o600))
		var mu sync.Mutex
		count := 0
		gone := errors.New("killed")
		f.db = OpenInterposed(t, path, func(_ string, run func() error) error {
			mu.Lock()
			defer mu.Unlock()
			if count++; at == 0 || count < at {
				return run()
			}
			if count == at && lost {
				if err := run(); err != nil {
					return err
				}
			}
			return gone
		})
		f.pay(outputs)
		err := errors.Join(f.CheckWork(t.Context()), f.SettleWork(t.Context()))
		if at == 0 {
			f.check(err)
		}
		n := count
		_ = f.db.Close() // as it is
		if f.db, err = Open(t.Context(), Config{Path: path}); err != nil {
			t.Fatal(err)
		}
		f.pay(outputs)
		for range 2 {
			f.now = f.now.Add(holdBack)
			f.work()
		}
		f.now = f.now.Add(-2 * holdBack)
		out := f.balances(nodes...)
		f.check(f.db.Close())
		return out, n
	}
	want, statements := play(0, false)
	if want["refuted node 0"] != 1 || want[string(rewards.Payee(string(nodes[1].Owner)))] != 1000 || want[string(rewards.Payee(string(nodes[0].Owner)))] != 0 {
		t.Fatalf("undisturbed it is %v", want)
	}
	step := 5
	if os.Getenv("TASKNET_TEST_LONG") != "" {
		step = 1
	}
	for at := 1; at <= statements; at += step {
		for _, lost := range []bool{false, true} {
			if got, _ := play(at, lost); !maps.Equal(got, want) {
				t.Fatalf("statement %d of %d goes wrong, done %t: %v, want %v", at, statements, lost, got, want)
			}
		}
	}
}
