package pollstest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

func (w *World) claim(c polls.Claim) []polls.Lease {
	w.T.Helper()
	leases, err := w.Store.ClaimAssignments(w.T.Context(), c)
	w.must(err)
	return leases
}

func questionsOf(leases []polls.Lease) (ids []polls.QuestionID) {
	for _, l := range leases {
		ids = append(ids, l.Assignment.Question)
	}
	return ids
}

func testClaim(w *World) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	if got := w.claim(w.Claim(ann, 3)); len(got) != 0 {
		w.T.Fatalf("leases on nothing: %+v", got)
	}
	q := w.Ask(w.Draft(2))
	leases := w.claim(w.Claim(ann, 3))
	if len(leases) != 1 {
		w.T.Fatalf("%d leases, want 1", len(leases))
	}
	l := leases[0]
	if l.Question.Skills != q.Snapshot {
		w.T.Errorf("it is weighed by %q, want the snapshot that it names", l.Question.Skills)
	}
	q.Skills = q.Snapshot
	w.same("question", l.Question, q)
	w.same("asked by", l.AskedBy, w.Org.Name)
	w.must(tasknet.CheckID(polls.AssignmentPrefix, string(l.Assignment.ID)))
	w.same("assignment", l.Assignment, polls.Assignment{
		ID: l.Assignment.ID, Question: q.ID, Respondent: ann.Respondent, Status: polls.Leased, CreatedAt: w.Now, ExpiresAt: w.Now.Add(15 * time.Minute),
	})
	w.same("held lease", w.claim(w.Claim(ann, 3)), leases)
	w.same("held lease, of one", w.claim(w.Claim(ann, 1)), leases)

	// Two wanted and a margin of one: three leases, no fourth.
	w.Take(bob, q)
	w.Take(w.Person(), q)
	late := w.Person()
	if got := w.claim(w.Claim(late, 3)); len(got) != 0 {
		w.T.Fatalf("a fourth lease: %+v", got)
	}

	// A lease that ran out counts no more, and is never given to the same person again.
	w.Now = w.Now.Add(15 * time.Minute)
	if got := w.claim(w.Claim(ann, 3)); len(got) != 0 {
		w.T.Fatalf("the same question again: %+v", got)
	}
	if got := questionsOf(w.claim(w.Claim(late, 3))); len(got) != 1 || got[0] != q.ID {
		w.T.Fatalf("after the leases ran out: %v", got)
	}

	// Nothing after the deadline, and leases on what is over are not held.
	w.Now = q.Deadline.Add(-time.Minute)
	last := w.Person()
	if got := w.claim(w.Claim(last, 1)); len(got) != 1 {
		w.T.Fatalf("before the deadline: %+v", got)
	}
	w.Now = q.Deadline
	if got := w.claim(w.Claim(last, 1)); len(got) != 0 {
		w.T.Fatalf("a lease held after the deadline: %+v", got)
	}
	if got := w.claim(w.Claim(w.Person(), 1)); len(got) != 0 {
		w.T.Fatalf("a lease after the deadline: %+v", got)
	}
	w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
	_, err := w.Store.ClaimAssignments(ctx, polls.Claim{Respondent: "rsp_none", Count: 1, At: w.Now, ExpiresAt: w.Now.Add(time.Hour)})
	w.want("a claim of nobody", err, polls.ErrNoRespondent)
}

func testClaimNamed(w *World) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	w.Ask(w.Draft(1))
	w.Now = w.Now.Add(time.Second)
	q := w.Ask(w.Draft(1))
	named := func(by polls.Device, id polls.QuestionID) ([]polls.Lease, error) {
		c := w.Claim(by, 1)
		c.Question = id
		return w.Store.ClaimAssignments(ctx, c)
	}
	refused := func(what string, by polls.Device, want error) {
		w.T.Helper()
		leases, err := named(by, q.ID)
		if len(leases) != 0 {
			w.T.Errorf("%s: %+v", what, leases)
		}
		w.want(what, err, want)
	}
	_, err := named(ann, "q_none")
	w.want("an unknown question", err, polls.ErrNoQuestion)
	first, err := named(ann, q.ID)
	w.must(err)
	again, err := named(ann, q.ID)
	w.must(err)
	w.same("the held lease", again, first)
	w.Take(bob, q)
	refused("a third lease of two", w.Person(), polls.ErrNotAvailable)
	w.must(w.Store.SkipAssignment(ctx, bob.Respondent, w.Take(bob, q).ID, "unclear", w.Now))
	refused("a skipped question", bob, polls.ErrNotAvailable)
	w.Take(w.Person(), q)
	w.Now = w.Now.Add(20 * time.Minute)
	refused("a lease that ran out", ann, polls.ErrNotAvailable)
	cat := w.Person()
	w.Answer(cat, q, 0)
	refused("an answered question", cat, polls.ErrNotAvailable)
	refused("a closing question", w.Person(), polls.ErrNotAvailable)
	w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
	refused("a closed question", w.Person(), polls.ErrNotAvailable)
}

func testClaimOrder(w *World) {
	ann := w.Person()
	var ids []polls.QuestionID
	for i := range 12 {
		d := w.Draft(1)
		d.Lifetime = time.Duration(20-i) * time.Hour // the newest ends first
		ids = append([]polls.QuestionID{w.Ask(d).ID}, ids...)
	}
	w.same("the first five", questionsOf(w.claim(w.Claim(ann, 5))), ids[:5])
	w.Now = w.Now.Add(time.Minute)
	w.same("held, then more", questionsOf(w.claim(w.Claim(ann, 8))), ids[:8])
	w.same("fewer than are held", questionsOf(w.claim(w.Claim(ann, 2))), ids[:2])
	w.same("all that there are", len(w.claim(w.Claim(ann, 100))), 12)
}

// testClaimRace lets fifty people claim at once and counts what they got.
func testClaimRace(w *World) {
	const wanted, questions = 4, 6
	for range questions {
		w.Ask(w.Draft(wanted))
	}
	people := w.People(50)
	got := make([][]polls.Lease, len(people))
	var wg sync.WaitGroup
	for i, p := range people {
		wg.Go(func() {
			for range 3 {
				leases, err := w.Store.ClaimAssignments(w.T.Context(), w.Claim(p, 2))
				if err != nil {
					w.T.Error(err)
					return
				}
				got[i] = leases
			}
		})
	}
	wg.Wait()
	total, perQuestion := 0, make(map[polls.QuestionID]int)
	for _, leases := range got {
		if len(leases) > 2 {
			w.T.Errorf("one person holds %d leases, want at most 2", len(leases))
		}
		mine := make(map[polls.QuestionID]bool)
		for _, id := range questionsOf(leases) {
			if mine[id] {
				w.T.Errorf("one person holds %s twice", id)
			}
			mine[id] = true
			perQuestion[id]++
			total++
		}
	}
	for id, n := range perQuestion {
		if n != wanted+1 {
			w.T.Errorf("%s has %d leases out, want %d", id, n, wanted+1)
		}
	}
	if total != questions*(wanted+1) {
		w.T.Errorf("%d leases in all, want %d", total, questions*(wanted+1))
	}
}

// testClaimSamePersonRace lets one person claim from many tabs at once.
func testClaimSamePersonRace(w *World) {
	for range 20 {
		w.Ask(w.Draft(1))
	}
	ann := w.Person()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if leases, err := w.Store.ClaimAssignments(w.T.Context(), w.Claim(ann, 3)); err != nil || len(leases) != 3 {
				w.T.Errorf("%d leases, %v", len(leases), err)
			}
		})
	}
	wg.Wait()
	if got := w.claim(w.Claim(ann, 100)); len(got) != 20 {
		w.T.Errorf("%d leases, want all 20", len(got))
	}
}

func testSkip(w *World) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	q := w.Ask(w.Draft(1))
	a := w.Take(ann, q)
	w.Take(bob, q)
	w.want("skipping nothing", w.Store.SkipAssignment(ctx, ann.Respondent, "asg_none", "", w.Now), polls.ErrNoAssignment)
	w.want("skipping for somebody else", w.Store.SkipAssignment(ctx, bob.Respondent, a.ID, "", w.Now), polls.ErrNoAssignment)
	w.must(w.Store.SkipAssignment(ctx, ann.Respondent, a.ID, "blurred", w.Now))
	w.must(w.Store.SkipAssignment(ctx, ann.Respondent, a.ID, "another reason", w.Now))
	if got := w.claim(w.Claim(ann, 1)); len(got) != 0 {
		w.T.Errorf("a skipped question again: %+v", got)
	}
	cat := w.Person()
	asg := w.Take(cat, q) // the lease is free again
	late := w.Submission(ann, q, a, 0)
	w.Record(late)
	w.want("answering what was skipped", late.Err, polls.ErrSkipped)
	s := w.Submission(cat, q, asg, 0)
	w.Record(s)
	w.must(s.Err)
	w.want("skipping what was answered", w.Store.SkipAssignment(ctx, cat.Respondent, asg.ID, "", w.Now), polls.ErrAnswered)
}

// testSkipRace skips and answers the same assignments at once: each is one or the other.
func testSkipRace(w *World) {
	ctx := w.T.Context()
	const n = 20
	q := w.Ask(w.Draft(100))
	people := w.People(n)
	subs, skips := make([]*polls.Submission, n), make([]error, n)
	var wg sync.WaitGroup
	for i, p := range people {
		a := w.Take(p, q)
		subs[i] = w.Submission(p, q, a, 0)
		b := w.Batch(subs[i])
		wg.Go(func() {
			if err := w.Store.RecordAnswers(ctx, b, Count{}); err != nil {
				w.T.Error(err)
			}
		})
		wg.Go(func() { skips[i] = w.Store.SkipAssignment(ctx, p.Respondent, a.ID, "race", w.Now) })
	}
	wg.Wait()
	answered := 0
	for i := range n {
		switch {
		case subs[i].Err == nil && errors.Is(skips[i], polls.ErrAnswered):
			answered++
		case errors.Is(subs[i].Err, polls.ErrSkipped) && skips[i] == nil:
		default:
			w.T.Errorf("answer: %v, skip: %v", subs[i].Err, skips[i])
		}
	}
	answers, err := w.Store.AnswersTo(ctx, q.ID)
	if err != nil || len(answers) != answered {
		w.T.Errorf("%d answers, %v; want %d", len(answers), err, answered)
	}
}

func testRecord(w *World) {
	ctx := w.T.Context()
	people := w.People(3)
	two, one := w.Ask(w.Draft(2)), w.Ask(w.Draft(1))
	first := w.Submission(people[0], two, w.Take(people[0], two), 1)
	b := w.Record(first)
	w.must(first.Err)
	w.must(tasknet.CheckID(polls.AnswerPrefix, string(first.Answer.ID)))
	got, err := w.Store.Question(ctx, two.ID)
	w.must(err)
	w.same("progress", got.Progress, polls.Progress{Status: polls.Open, Answers: 1, Counts: []int{0, 1}, Wanted: 1, State: polls.State{0, 1}, Skills: two.Snapshot})
	w.same("touched", b.Touched, []*polls.Question{got})

	w.Now = w.Now.Add(time.Minute)
	second := w.Submission(people[1], two, w.Take(people[1], two), 0)
	third := w.Submission(people[2], one, w.Take(people[2], one), 1)
	b = w.Record(second, third)
	if len(b.Accepted) != 2 || b.Commit == nil || len(b.Commit.Leaves) != 2 {
		w.T.Fatalf("batch: %+v", b)
	}
	commit, err := w.Store.Commit(ctx, b.Commit.ID)
	w.must(err)
	w.same("commit", commit, b.Commit)
	before, err := w.Store.Commit(ctx, first.Answer.Receipt)
	w.must(err)
	w.same("place in the log", commit.First, before.First+1)
	_, err = w.Store.Commit(ctx, "rcp_none")
	w.want("unknown commit", err, polls.ErrNoAnswer)

	got, err = w.Store.Question(ctx, two.ID)
	w.must(err)
	w.same("progress", got.Progress, polls.Progress{Status: polls.Closing, Answers: 2, Counts: []int{1, 1}, State: polls.State{0, 2}, Skills: two.Snapshot})
	answers, err := w.Store.AnswersTo(ctx, two.ID)
	w.must(err)
	w.same("answers", answers, []polls.Answer{first.Answer, second.Answer})
	w.same("hash", answers[1].Hash, second.Answer.RecordHash(Instance, two.Hash))
	answers, err = w.Store.AnswersTo(ctx, "q_none")
	if err != nil || len(answers) != 0 {
		w.T.Errorf("answers to nothing: %v, %v", answers, err)
	}
}

// testRecordValues records values and answers of people who cannot tell, which count for no choice.
func testRecordValues(w *World) {
	people := w.People(3)
	text, choice := w.Draft(3), w.Ask(w.Draft(3))
	text.Type, text.Choices = polls.Text, nil
	q := w.Ask(text)
	valued := w.Submission(people[0], q, w.Take(people[0], q), 0)
	valued.Answer.Value = `"a \"heron\" 🐦"`
	other := w.Submission(people[1], q, w.Take(people[1], q), polls.CannotTell)
	unsure := w.Submission(people[0], choice, w.Take(people[0], choice), polls.CannotTell)
	w.Record(valued, other, unsure)
	for _, s := range []*polls.Submission{valued, other, unsure} {
		w.must(s.Err)
	}
	answers, err := w.Store.AnswersTo(w.T.Context(), q.ID)
	w.must(err)
	w.same("answers", answers, []polls.Answer{valued.Answer, other.Answer})
	for id, counts := range map[polls.QuestionID][]int{q.ID: {}, choice.ID: {0, 0}} {
		got, err := w.Store.Question(w.T.Context(), id)
		w.must(err)
		w.same("counts", got.Counts, counts)
	}
	changed := *valued
	changed.Answer.Value = `"a heron"`
	w.Record(&changed)
	w.want("another value under the same assignment", changed.Err, polls.ErrAnswered)
}

// testRecordRefuses sends a batch in which every answer but one is refused for a reason of its own.
func testRecordRefuses(w *World) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	q, other, closed := w.Ask(w.Draft(5)), w.Ask(w.Draft(5)), w.Ask(w.Draft(5))
	a, b := w.Take(ann, q), w.Take(bob, q)
	over := w.Take(ann, closed)
	w.must(w.Store.CloseQuestion(ctx, closed.ID, w.Now))
	cases := []struct {
		what string
		s    *polls.Submission
		want error
	}{
		{"no such assignment", w.Submission(ann, q, polls.Assignment{ID: "asg_none"}, 0), polls.ErrNoAssignment},
		{"somebody else's assignment", w.Submission(ann, q, b, 0), polls.ErrNotYours},
		{"another question's assignment", w.Submission(ann, other, a, 0), polls.ErrWrongQuestion},
		{"a closed question", w.Submission(ann, closed, over, 0), polls.ErrClosed},
		{"good", w.Submission(ann, q, a, 1), nil},
		{"a changed answer", w.Submission(ann, q, a, 0), polls.ErrAnswered},
	}
	subs := make([]*polls.Submission, len(cases))
	for i, c := range cases {
		subs[i] = c.s
	}
	batch := w.Record(subs...)
	for _, c := range cases {
		w.want(c.what, c.s.Err, c.want)
	}
	w.same("accepted", batch.Accepted, []*polls.Submission{subs[4]})
	answers, err := w.Store.AnswersTo(ctx, q.ID)
	w.must(err)
	w.same("answers", answers, []polls.Answer{subs[4].Answer})

	// A batch of which nothing is accepted leaves nothing behind.
	batch = w.Record(w.Submission(ann, q, a, 0))
	if batch.Commit != nil || len(batch.Accepted) != 0 {
		w.T.Errorf("a refused batch has the commit %+v", batch.Commit)
	}
}

func testRecordDuplicates(w *World) {
	ctx := w.T.Context()
	ann := w.Person()
	q := w.Ask(w.Draft(3))
	s := w.Submission(ann, q, w.Take(ann, q), 1)
	twin := &polls.Submission{Answer: s.Answer, Question: q}
	changed := &polls.Submission{Answer: s.Answer, Question: q}
	changed.Answer.Signature[0] ^= 1
	w.Record(s, twin, changed)
	w.must(s.Err)
	if twin.Err != nil || twin.Before == nil {
		w.T.Fatalf("the same answer in one batch: %v, %+v", twin.Err, twin.Before)
	}
	w.same("the same answer in one batch", *twin.Before, s.Answer)
	w.want("a changed answer in one batch", changed.Err, polls.ErrAnswered)

	w.Now = w.Now.Add(time.Hour)
	again := &polls.Submission{Answer: twin.Answer, Question: q}
	changed = &polls.Submission{Answer: changed.Answer, Question: q}
	b := w.Record(again, changed)
	if again.Err != nil || again.Before == nil {
		w.T.Fatalf("the same answer later: %v, %+v", again.Err, again.Before)
	}
	w.same("the same answer later", *again.Before, s.Answer)
	w.want("a changed answer later", changed.Err, polls.ErrAnswered)
	if b.Commit != nil {
		w.T.Error("an answer sent again made a commit")
	}

	// Also when the question is closed: the sender learns that it counted.
	w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
	again = &polls.Submission{Answer: twin.Answer, Question: q}
	w.Record(again)
	if again.Err != nil || again.Before == nil {
		w.T.Fatalf("the same answer after the close: %v, %+v", again.Err, again.Before)
	}
	w.same("the same answer after the close", *again.Before, s.Answer)
	answers, err := w.Store.AnswersTo(ctx, q.ID)
	w.must(err)
	w.same("answers", answers, []polls.Answer{s.Answer})
}

// testRecordLate answers under a lease that ran out while the question is open, and then past its deadline.
func testRecordLate(w *World) {
	ann, bob := w.Person(), w.Person()
	q := w.Ask(w.Draft(3))
	a, b := w.Take(ann, q), w.Take(bob, q)
	w.Now = w.Now.Add(2 * time.Hour)
	s := w.Submission(ann, q, a, 0)
	w.Record(s)
	w.must(s.Err)
	w.Now = q.Deadline
	s = w.Submission(bob, q, b, 0)
	w.Record(s)
	w.want("an answer at the deadline", s.Err, polls.ErrClosed)
}

// failing is a Stopper that breaks at some question.
type failing struct {
	Count
	at polls.QuestionID
}

var errStopper = errors.New("the stopper is broken")

func (f failing) Step(q *polls.Question, state polls.State, v polls.Vote) (polls.State, polls.Decision, error) {
	if q.ID == f.at {
		return nil, polls.Decision{}, errStopper
	}
	return f.Count.Step(q, state, v)
}

// testRecordBroken breaks the Stopper for one of a batch's answers: the others are recorded, and it can be tried again.
func testRecordBroken(w *World) {
	ctx := w.T.Context()
	ann := w.Person()
	good, bad := w.Ask(w.Draft(2)), w.Ask(w.Draft(2))
	first, second := w.Submission(ann, good, w.Take(ann, good), 0), w.Submission(ann, bad, w.Take(ann, bad), 0)
	b := w.Batch(second, first)
	w.must(w.Store.RecordAnswers(ctx, b, failing{at: bad.ID}))
	w.must(first.Err)
	w.want("a broken stopper", second.Err, errStopper)
	answers, err := w.Store.AnswersTo(ctx, bad.ID)
	if err != nil || len(answers) != 0 {
		w.T.Errorf("a failed answer left %v, %v", answers, err)
	}
	got, err := w.Store.Question(ctx, bad.ID)
	w.must(err)
	bad.Skills = bad.Snapshot // it was assigned
	w.same("question", got, bad)
	b = w.Record(first, second)
	w.same("accepted", b.Accepted, []*polls.Submission{second})
	answers, err = w.Store.AnswersTo(ctx, good.ID)
	w.must(err)
	w.same("answers", answers, []polls.Answer{first.Answer})
}

// testLastAnswerRace sends the last needed answer from many people at once: exactly one is accepted.
func testLastAnswerRace(w *World) {
	ctx := w.T.Context()
	for range 5 {
		q := w.Ask(w.Draft(1))
		const n = 12
		subs := make([]*polls.Submission, n)
		for i, p := range w.People(n) {
			c := w.Claim(p, 1)
			c.Question, c.Margin = q.ID, n // more leases than answers wanted, so that they can race
			subs[i] = w.Submission(p, q, w.claim(c)[0].Assignment, i%2)
		}
		w.race(subs)
		accepted := 0
		for _, s := range subs {
			if s.Err == nil {
				accepted++
			} else if !errors.Is(s.Err, polls.ErrClosed) {
				w.T.Errorf("an answer too late: %v", s.Err)
			}
		}
		got, err := w.Store.Question(ctx, q.ID)
		w.must(err)
		answers, err := w.Store.AnswersTo(ctx, q.ID)
		w.must(err)
		if accepted != 1 || got.Answers != 1 || len(answers) != 1 || got.Status != polls.Closing {
			w.T.Fatalf("%d accepted, %d counted, %d stored, %s; want one, closing", accepted, got.Answers, len(answers), got.Status)
		}
	}
}

// testSameAnswerRace sends one person's answer many times at once, half of them changed.
func testSameAnswerRace(w *World) {
	q := w.Ask(w.Draft(3))
	ann := w.Person()
	a := w.Take(ann, q)
	one, two := w.Submission(ann, q, a, 0), w.Submission(ann, q, a, 1)
	subs := make([]*polls.Submission, 20)
	for i := range subs {
		subs[i] = &polls.Submission{Question: q, Answer: []polls.Answer{one.Answer, two.Answer}[i%2]}
	}
	w.race(subs)
	fresh, won := 0, -1
	for i, s := range subs {
		if s.Err == nil && s.Before == nil {
			fresh, won = fresh+1, i%2
		}
	}
	if fresh != 1 {
		w.T.Fatalf("%d answers of one person were accepted", fresh)
	}
	for i, s := range subs {
		if i%2 == won && s.Err != nil {
			w.T.Errorf("the accepted answer, sent again: %v", s.Err)
		}
		if i%2 != won {
			w.want("the other answer", s.Err, polls.ErrAnswered)
		}
	}
	got, err := w.Store.Question(w.T.Context(), q.ID)
	w.must(err)
	if got.Answers != 1 {
		w.T.Errorf("%d answers counted, want 1", got.Answers)
	}
}

// testBatchRace sends overlapping batches over the same questions, in different orders, at once.
func testBatchRace(w *World) {
	ctx := w.T.Context()
	const questions, people = 8, 16
	qs := make([]*polls.Question, questions)
	for i := range qs {
		qs[i] = w.Ask(w.Draft(people))
	}
	var accepted atomic.Int64
	var wg sync.WaitGroup
	for n, p := range w.People(people) {
		var subs []*polls.Submission
		for i := range qs {
			q := qs[(i*(2*(n%2)-1)+n+questions)%questions]
			subs = append(subs, w.Submission(p, q, w.Take(p, q), n%2))
		}
		for range 2 { // twice the same
			b := w.Batch()
			for _, s := range subs {
				b.Submissions = append(b.Submissions, &polls.Submission{Answer: s.Answer, Question: s.Question})
			}
			wg.Go(func() {
				if err := w.Store.RecordAnswers(ctx, b, Count{}); err != nil {
					w.T.Error(err)
				}
				accepted.Add(int64(len(b.Accepted)))
			})
		}
	}
	wg.Wait()
	if accepted.Load() != questions*people {
		w.T.Errorf("%d answers accepted, want %d", accepted.Load(), questions*people)
	}
	for _, q := range qs {
		got, err := w.Store.Question(ctx, q.ID)
		w.must(err)
		w.same("progress", got.Progress, polls.Progress{Status: polls.Closing, Answers: people, Counts: []int{people / 2, people / 2}, State: polls.State{0, people}, Skills: q.Snapshot})
		answers, err := w.Store.AnswersTo(ctx, q.ID)
		w.must(err)
		if len(answers) != people {
			w.T.Errorf("%d answers stored, want %d", len(answers), people)
		}
	}
}

// race records each submission in a batch of its own, all at once.
func (w *World) race(subs []*polls.Submission) {
	w.T.Helper()
	ctx := context.WithoutCancel(w.T.Context())
	start := make(chan struct{})
	var wg sync.WaitGroup
	for _, s := range subs {
		b := w.Batch(s)
		wg.Go(func() {
			<-start
			if err := w.Store.RecordAnswers(ctx, b, Count{}); err != nil {
				w.T.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
}

func testHistory(w *World) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	var mine []polls.AnswerWithQuestion // newest first
	standing := func(want polls.Standing) {
		w.T.Helper()
		got, err := w.Store.Standing(ctx, polls.Claim{Respondent: ann.Respondent, Count: 4, At: w.Now, Margin: 1})
		w.must(err)
		w.same("standing", got, want)
	}
	standing(polls.Standing{})
	for i := range 7 {
		w.Now = w.Now.Add(time.Second)
		q := w.Ask(w.Draft(2))
		answer := w.Answer(ann, q, i%2)
		if i == 0 {
			w.Answer(bob, q, 0)
		}
		if i < 2 {
			w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
		}
		if i == 5 { // a question that ann skips is not in her history
			skipped := w.Ask(w.Draft(1))
			w.must(w.Store.SkipAssignment(ctx, ann.Respondent, w.Take(ann, skipped).ID, "", w.Now))
		}
		q, err := w.Store.Question(ctx, q.ID)
		w.must(err)
		mine = append([]polls.AnswerWithQuestion{{Answer: answer, Question: q}}, mine...)
	}
	for _, limit := range []int{1, 3, 7, 100} {
		var listed []polls.AnswerWithQuestion
		page := tasknet.Page{Limit: limit}
		for {
			list, next, err := w.Store.AnswersBy(ctx, ann.Respondent, page)
			w.must(err)
			listed = append(listed, list...)
			if next == "" {
				break
			}
			page.After = next
		}
		w.same("history", listed, mine)
	}
	standing(polls.Standing{Answered: 7, Held: tasknet.Micro(5 * 18_000)})
	for range 6 {
		w.Ask(w.Draft(1))
	}
	standing(polls.Standing{Answered: 7, Available: 4, Held: tasknet.Micro(5 * 18_000)})
	list, next, err := w.Store.AnswersBy(ctx, "rsp_none", tasknet.Page{Limit: 3})
	if err != nil || len(list) != 0 || next != "" {
		w.T.Errorf("a stranger's history: %v, %q, %v", list, next, err)
	}
}
