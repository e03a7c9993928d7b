// Package labelingtest is the suite that every labeling.Store must pass, and recorded answers for tests of statistics.
package labelingtest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// TestStore tests a store. open returns an empty one, with the store of polls beside it; it is called once in each
// subtest.
func TestStore(t *testing.T, open func(*testing.T) (labeling.Store, polls.Store)) {
	for name, test := range map[string]func(*world){
		"Verdicts":     testVerdicts,
		"VerdictRace":  testVerdictRace,
		"Closed":       testClosed,
		"Golds":        testGolds,
		"ValueGolds":   testValueGolds,
		"Voids":        testVoids,
		"Newcomers":    testNewcomers,
		"Strikes":      testStrikes,
		"Shares":       testShares,
		"Alike":        testAlike,
		"Due":          testDue,
		"Elsewhere":    testElsewhere,
		"LearnRace":    testLearnRace,
		"Snapshots":    testSnapshots,
		"Skills":       testSkills,
		"Calibrations": testCalibrations,
	} {
		t.Run(name, func(t *testing.T) {
			labels, questions := open(t)
			test(&world{pollstest.NewWorld(t, questions), labels})
		})
	}
}

type world struct {
	*pollstest.World
	labels labeling.Store
}

func (w *world) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w *world) same(what string, got, want any) {
	w.T.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(labeling.Family{}), cmpopts.EquateEmpty()); diff != "" {
		w.T.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w *world) conflict(what string, err error) {
	w.T.Helper()
	if err == nil || tasknet.Describe(err).Kind != tasknet.Conflict {
		w.T.Errorf("%s: error %v, want one of kind conflict", what, err)
	}
}

func (w *world) notFound(what string, err error) {
	w.T.Helper()
	if err == nil || tasknet.Describe(err).Kind != tasknet.NotFound {
		w.T.Errorf("%s: error %v, want one of kind not_found", what, err)
	}
}

// verdict is one on a question that choice wins; labeling.NoChoice for none.
func (w *world) verdict(q *polls.Question, choice, answers int) *labeling.Verdict {
	v := &labeling.Verdict{
		ID: labeling.VerdictID(tasknet.NewID(labeling.VerdictPrefix, w.Now)), Question: q.ID, Outcome: labeling.Decided, Choice: choice,
		Posterior: []int{900_000, 100_000}, Counts: []int{answers, 0}, Answers: answers, Method: labeling.Majority, Snapshot: q.Snapshot, Reason: labeling.Quorum, At: w.Now,
		Family: "family", Claims: true, Correction: labeling.Isotonic, Golds: 61, Pooled: true, CannotTell: 3,
	}
	if choice == labeling.NoChoice {
		v.Outcome, v.Posterior, v.Counts, v.Reason = labeling.None, []int{500_000, 500_000}, []int{0, 0}, labeling.Deadline
		v.Claims, v.Correction, v.Golds, v.Pooled, v.CannotTell = false, labeling.Discount, 0, false, 0
	}
	return v
}

// testGolds: a known answer is told to the lesson when its question has closed, and not when it is suspended.
func testGolds(w *world) {
	ctx := w.T.Context()
	for _, state := range []labeling.GoldState{"", labeling.GoldHidden, labeling.GoldSuspended, labeling.GoldOpened} {
		q := w.Ask(w.Draft(1))
		if state != "" {
			g, err := labeling.NewGold(q, labeling.Truth{Choice: 1})
			w.must(err)
			w.must(w.labels.AddGolds(ctx, *g))
			if state != labeling.GoldHidden {
				w.must(w.labels.CloseGold(ctx, q.ID, state, nil))
				g.State = state
			}
			got, err := w.labels.Gold(ctx, q.ID)
			w.must(err)
			w.same("gold", got, g)
		} else if got, err := w.labels.Gold(ctx, q.ID); got != nil || err != nil {
			w.T.Errorf("the gold of a question without one: %+v, %v", got, err)
		}
		w.must(w.labels.SaveVerdict(ctx, w.verdict(q, 0, 0)))
	}
	closed, _, err := w.labels.ClosedQuestions(ctx, "family", tasknet.Page{Limit: 9})
	w.must(err)
	w.same("the lesson", closed, []labeling.Closed{{Gold: 1}, {Gold: labeling.NoChoice}, {Gold: labeling.NoChoice}, {Gold: labeling.NoChoice}})
}

// testValueGolds: where answers are values, golds that were opened make the lesson, by who missed them. The family is of no
// choices, and nothing is counted to what is known in general.
func testValueGolds(w *world) {
	ctx, people := w.T.Context(), w.People(3)
	draft := w.Draft(3)
	draft.Type, draft.Choices, draft.Snapshot, draft.Options = polls.Number, nil, "", polls.Options{Number: &polls.NumberRange{Max: 100_000_000}}
	truth := labeling.Truth{Value: `"40"`}
	for _, state := range []labeling.GoldState{"", labeling.GoldSuspended, labeling.GoldOpened} {
		q := w.Ask(draft)
		var votes []polls.Vote
		for i, value := range []polls.Value{`"41"`, "", `"90"`} {
			s := w.Submission(people[i], q, w.Take(people[i], q), 0)
			if s.Answer.Value = value; value == "" {
				s.Answer.Choice = polls.CannotTell
			}
			w.Record(s)
			w.must(s.Err)
			votes = append(votes, polls.Vote{Respondent: s.Answer.Respondent, Choice: []int{0, polls.CannotTell, 1}[i]})
		}
		v := &labeling.Verdict{ID: labeling.VerdictID(tasknet.NewID(labeling.VerdictPrefix, w.Now)), Question: q.ID, Choice: labeling.NoChoice, Value: `"65"`, Counts: []int{}, Answers: 3, At: w.Now}
		if state != "" {
			g, err := labeling.NewGold(q, truth)
			w.must(err)
			w.must(w.labels.AddGolds(ctx, *g))
			var missed []polls.RespondentID
			if state == labeling.GoldOpened {
				v.Family, missed = "herons", []polls.RespondentID{people[2].Respondent}
			}
			w.must(w.labels.CloseGold(ctx, q.ID, state, missed))
			got, err := w.labels.Gold(ctx, q.ID)
			w.must(err)
			g.State = state
			w.same("gold", got, g)
		}
		w.must(w.labels.SaveVerdict(ctx, v))
		if v.Family != "" {
			closed, _, err := w.labels.ClosedQuestions(ctx, "herons", tasknet.Page{Limit: 9})
			w.must(err)
			w.same("the lesson", closed, []labeling.Closed{{Votes: votes}})
		}
	}
	w.due(w.Now, labeling.FamilyProgress{Family: "herons", Org: w.Org.ID, Type: polls.Number, Closed: 1})
}

// testVoids: whose answers weigh nothing by a snapshot gets no question that names it, and once it is the newest of a
// family, none of that; and all others.
func testVoids(w *world) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	known, err := labeling.NewFamily(labeling.Family{Choices: 2, Truths: []int{0, 0}, People: []labeling.Confusion{
		{Errors: labeling.Errors{Respondent: ann.Respondent}, Counts: make([]int, 4), Void: true}, {Errors: labeling.Errors{Respondent: bob.Respondent}, Counts: make([]int, 4)},
	}})
	w.must(err)
	snapshot, err := labeling.NewSnapshot("family", 1, known, w.Now)
	w.must(err)
	w.must(w.labels.SaveSnapshot(ctx, snapshot))
	draft := w.Draft(3)
	draft.Snapshot = snapshot.Hash
	closed, open := w.Ask(draft), w.Ask(w.Draft(3))
	claim := polls.Claim{Respondent: ann.Respondent, Count: 9, At: w.Now, ExpiresAt: w.Now.Add(time.Minute)}
	for _, c := range []struct {
		who  polls.RespondentID
		want []polls.QuestionID
	}{{ann.Respondent, []polls.QuestionID{open.ID}}, {bob.Respondent, []polls.QuestionID{closed.ID, open.ID}}} {
		standing, err := w.Store.Standing(ctx, polls.Claim{Respondent: c.who, Count: 9, At: w.Now, Margin: 1})
		w.must(err)
		if standing.Available != len(c.want) {
			w.T.Errorf("%d questions are available, want %d", standing.Available, len(c.want))
		}
		claim.Respondent = c.who
		leases, err := w.Store.ClaimAssignments(ctx, claim)
		w.must(err)
		var got []polls.QuestionID
		for _, l := range leases {
			got = append(got, l.Question.ID)
		}
		slices.Sort(got)
		w.same("questions", got, c.want)
	}
	claim.Respondent, claim.Question = ann.Respondent, closed.ID
	if _, err := w.Store.ClaimAssignments(ctx, claim); !errors.Is(err, polls.ErrNotAvailable) {
		w.T.Errorf("a question by its id: %v", err)
	}

	// Asked before the snapshot was made, and named by no question.
	asked := w.Ask(w.Draft(3))
	family, _, err := labeling.FamilyOf(asked.Org, asked.Project, asked.Type, asked.Choices)
	w.must(err)
	newest, err := labeling.NewSnapshot(family, 1, known, w.Now)
	w.must(err)
	v := w.verdict(open, 0, 1)
	v.Family = family
	w.must(w.labels.SaveVerdict(ctx, v))
	w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: labeling.FamilyProgress{Family: family, Choices: 2, Closed: 1}, At: w.Now, Snapshot: newest}))
	claim.Question = asked.ID
	if _, err := w.Store.ClaimAssignments(ctx, claim); !errors.Is(err, polls.ErrNotAvailable) {
		w.T.Errorf("a question of a family whose newest snapshot says they are worth nothing: %v", err)
	}
	claim.Respondent = bob.Respondent
	if _, err := w.Store.ClaimAssignments(ctx, claim); err != nil {
		w.T.Errorf("the same question for somebody else: %v", err)
	}
}

// testShares: who chooses no question gets those that are open to them by the newest shares of their family, golds as
// well as others; with time, or by its id, everybody gets any.
func testShares(w *world) {
	ctx := w.T.Context()
	const questions = 60
	people := w.People(4)
	good, bad, elsewhere, unknown := people[0], people[1], people[2], people[3]
	first := w.Ask(w.Draft(9))
	family, _, err := labeling.FamilyOf(first.Org, first.Project, first.Type, first.Choices)
	w.must(err)
	v := w.verdict(first, 0, 1)
	v.Family = family
	w.must(w.labels.SaveVerdict(ctx, v))
	w.must(w.Store.CloseQuestion(ctx, first.ID, w.Now))

	progress := labeling.FamilyProgress{Family: family, Choices: 2, Closed: 1}
	learn := func(right, wrong polls.Device) labeling.Shares {
		w.T.Helper()
		const n = 50_000
		known, err := labeling.NewFamily(labeling.Family{Choices: 2, Truths: []int{n, n}, People: []labeling.Confusion{
			{Errors: labeling.Errors{Respondent: right.Respondent}, Counts: []int{n * 9 / 10, n / 10, n / 10, n * 9 / 10}},
			{Errors: labeling.Errors{Respondent: wrong.Respondent}, Counts: []int{n / 2, n / 2, n / 2, n / 2}},
			{Errors: labeling.Errors{Respondent: elsewhere.Respondent, Wrong: 100, Expected: 100_000}},
		}})
		w.must(err)
		snapshot, err := labeling.NewSnapshot(family, progress.Version+1, known, w.Now)
		w.must(err)
		w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: progress, At: w.Now, Errors: known.Errors(), Snapshot: snapshot}))
		progress.Learned, progress.Version = progress.Closed, snapshot.Version
		return known.Shares()
	}
	asked := make([]*polls.Question, questions)
	for i := range asked {
		asked[i] = w.Ask(w.Draft(9))
		if i%2 == 0 {
			g, err := labeling.NewGold(asked[i], labeling.Truth{Choice: 1})
			w.must(err)
			w.must(w.labels.AddGolds(ctx, *g))
		}
	}
	other := w.Draft(9)
	other.Choices = []string{"maybe", "who knows"} // another family, of which nothing is known
	theirs := w.Ask(other)

	all := append([]*polls.Question{theirs}, asked...)
	had := make(map[polls.QuestionID]map[polls.RespondentID]bool)
	for _, q := range all {
		had[q.ID] = make(map[polls.RespondentID]bool)
	}
	check := func(when string, shares labeling.Shares) {
		w.T.Helper()
		for i, by := range people {
			var want, got []polls.QuestionID
			for _, q := range all {
				share := shares.Of(by.Respondent)
				if q == theirs {
					share = 1000
				}
				if !had[q.ID][by.Respondent] && !w.Now.Before(labeling.Opens(q.ID, by.Respondent, share, q.CreatedAt, q.Deadline)) {
					want = append(want, q.ID)
					had[q.ID][by.Respondent] = true
				}
			}
			standing, err := w.Store.Standing(ctx, w.Claim(by, questions+9))
			w.must(err)
			if standing.Available != len(want) {
				w.T.Errorf("%s, person %d: %d questions are available, want %d", when, i, standing.Available, len(want))
			}
			c := w.Claim(by, questions+9)
			c.ExpiresAt = w.Now.Add(time.Second)
			leases, err := w.Store.ClaimAssignments(ctx, c)
			w.must(err)
			for _, l := range leases {
				got = append(got, l.Question.ID)
			}
			slices.Sort(got)
			slices.Sort(want)
			w.same(fmt.Sprintf("%s, the questions of person %d", when, i), got, want)
		}
		w.Now = w.Now.Add(10 * time.Second) // those leases are over
	}
	shares := learn(good, bad)
	if shares.Of(good.Respondent) != 1000 || shares.Of(elsewhere.Respondent) != 1000 || shares.Of(bad.Respondent) > 100 || shares.Of(unknown.Respondent) >= 1000 {
		w.T.Fatalf("shares %+v", shares)
	}
	check("when they are asked", shares)
	w.Now = w.Now.Add(20 * time.Minute)
	check("with time", shares)
	check("later", learn(bad, good)) // who was good is bad now: what they might have had before is theirs no more
	named := w.Claim(good, 1)
	for _, q := range asked {
		if !had[q.ID][good.Respondent] {
			named.Question = q.ID
		}
	}
	if named.Question != "" {
		leases, err := w.Store.ClaimAssignments(ctx, named)
		if err != nil || len(leases) != 1 {
			w.T.Errorf("by its id: %d leases, %v", len(leases), err)
		}
		had[named.Question][good.Respondent] = true
	}
	w.Now = asked[0].CreatedAt.Add(time.Hour)
	check("in the end", shares)
	for id, by := range had {
		if len(by) != len(people) {
			w.T.Errorf("%d people had %s", len(by), id)
		}
	}
}

// testAlike: who answers alike to somebody who has a question, or has answered it, does not get it while it is not open to all,
// neither by chance nor by its id, and in no race; what the other has skipped or let go they get, and every other question.
func testAlike(w *world) {
	ctx := w.T.Context()
	people := w.People(4)
	one, other, third, alone := people[0], people[1], people[2], people[3]
	first := w.Ask(w.Draft(9))
	family, _, err := labeling.FamilyOf(first.Org, first.Project, first.Type, first.Choices)
	w.must(err)
	v := w.verdict(first, 0, 1)
	v.Family = family
	w.must(w.labels.SaveVerdict(ctx, v))
	w.must(w.Store.CloseQuestion(ctx, first.ID, w.Now))
	const n = 50_000
	known := labeling.Family{Choices: 2, Truths: []int{n, n}, Alike: map[polls.RespondentID]int{one.Respondent: 1, other.Respondent: 1, third.Respondent: 2}}
	for _, p := range people {
		known.People = append(known.People, labeling.Confusion{Errors: labeling.Errors{Respondent: p.Respondent}, Counts: []int{n * 9 / 10, n / 10, n / 10, n * 9 / 10}})
	}
	f, err := labeling.NewFamily(known)
	w.must(err)
	snapshot, err := labeling.NewSnapshot(family, 1, f, w.Now)
	w.must(err)
	w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: labeling.FamilyProgress{Family: family, Choices: 2, Closed: 1}, At: w.Now, Errors: f.Errors(), Snapshot: snapshot}))

	const questions = 20
	apart := func(is bool) *polls.Question {
		w.T.Helper()
		for {
			q := w.Ask(w.Draft(9))
			if labeling.OpensApart(q.ID, q.CreatedAt, q.Deadline).After(q.CreatedAt) == is {
				return q
			}
			w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
		}
	}
	for range questions {
		apart(true)
	}
	claim := func(by polls.Device, count int) (got []polls.QuestionID) {
		w.T.Helper()
		leases, err := w.Store.ClaimAssignments(ctx, w.Claim(by, count))
		w.must(err)
		for _, l := range leases {
			got = append(got, l.Question.ID)
		}
		return got
	}
	mine := claim(one, 5)
	w.same("how many the first of two got", len(mine), 5)
	both := make(chan []polls.QuestionID)
	for _, by := range []polls.Device{one, other} {
		go func() {
			leases, err := w.Store.ClaimAssignments(ctx, w.Claim(by, questions))
			if err != nil {
				w.T.Error(err)
			}
			var got []polls.QuestionID
			for _, l := range leases {
				got = append(got, l.Question.ID)
			}
			both <- got
		}()
	}
	got := append(<-both, <-both...)
	slices.Sort(got)
	w.same("how many two who answer alike got at once", len(got), questions)
	w.same("of these, how many differ", len(slices.Compact(got)), questions)
	for _, by := range []polls.Device{third, alone} {
		w.same("how many another got", len(claim(by, questions)), questions)
	}

	named := w.Claim(other, 1)
	named.Question = mine[0]
	if _, err := w.Store.ClaimAssignments(ctx, named); !errors.Is(err, polls.ErrNotAvailable) {
		w.T.Errorf("by its id: %v", err)
	}
	held, err := w.Store.ClaimAssignments(ctx, w.Claim(one, questions))
	w.must(err)
	at := slices.IndexFunc(held, func(l polls.Lease) bool { return l.Question.ID == mine[0] })
	w.must(w.Store.SkipAssignment(ctx, one.Respondent, held[at].Assignment.ID, "", w.Now))
	if leases, err := w.Store.ClaimAssignments(ctx, named); err != nil || len(leases) != 1 {
		w.T.Errorf("what the other has skipped: %d leases, %v", len(leases), err)
	}
	named.Question = mine[1]
	w.Now = w.Now.Add(16 * time.Minute) // all leases are over
	named.At, named.ExpiresAt = w.Now, w.Now.Add(time.Minute)
	if leases, err := w.Store.ClaimAssignments(ctx, named); err != nil || len(leases) != 1 {
		w.T.Errorf("what the other has let go: %d leases, %v", len(leases), err)
	}
	shared := apart(false)
	w.Take(one, shared)
	w.Take(other, shared)
	answered := apart(true)
	w.Answer(one, answered, 0)
	w.Now = w.Now.Add(20 * time.Minute)
	named.Question, named.At, named.ExpiresAt = answered.ID, w.Now, w.Now.Add(time.Minute)
	if _, err := w.Store.ClaimAssignments(ctx, named); !errors.Is(err, polls.ErrNotAvailable) {
		w.T.Errorf("what the other has answered: %v", err)
	}
	w.Now = labeling.OpensApart(answered.ID, answered.CreatedAt, answered.Deadline)
	named.At, named.ExpiresAt = w.Now, w.Now.Add(time.Minute)
	if leases, err := w.Store.ClaimAssignments(ctx, named); err != nil || len(leases) != 1 {
		w.T.Errorf("when it is open to all: %d leases, %v", len(leases), err)
	}
}

// testStrikes: whose answers to a question weigh nothing by the newest of its family is told, and by nothing else; a strike
// stays, earns nothing, and is in no dataset, and in every lesson.
func testStrikes(w *world) {
	ctx := w.T.Context()
	people := w.People(3)
	ann, bob, cyd := people[0].Respondent, people[1].Respondent, people[2].Respondent
	known, err := labeling.NewFamily(labeling.Family{Choices: 2, Truths: []int{0, 0}, People: []labeling.Confusion{
		{Errors: labeling.Errors{Respondent: ann}, Counts: make([]int, 4), Void: true},
		{Errors: labeling.Errors{Respondent: bob}, Counts: make([]int, 4)},
		{Errors: labeling.Errors{Respondent: cyd}, Counts: make([]int, 4), Void: true},
	}})
	w.must(err)
	q := w.Ask(w.Draft(3))
	w.Answer(people[0], q, 0)
	w.Answer(people[1], q, 1)
	if _, err := w.Store.ClaimAssignments(ctx, polls.Claim{Respondent: cyd, Question: q.ID, Count: 1, At: w.Now, ExpiresAt: w.Now.Add(time.Minute), Margin: 1}); err != nil { // who does not answer
		w.T.Fatal(err)
	}
	family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	w.must(err)
	worthless := func(what, hash string, want ...polls.RespondentID) {
		w.T.Helper()
		snapshot, got, err := w.labels.Worthless(ctx, q.ID)
		w.must(err)
		w.same("worthless "+what, got, want)
		w.same("the snapshot "+what, snapshot, hash)
	}
	worthless("when nothing is known", "")
	v := w.verdict(w.Ask(w.Draft(1)), 0, 1)
	v.Family = family
	w.must(w.labels.SaveVerdict(ctx, v))
	progress := labeling.FamilyProgress{Family: family, Choices: 2, Closed: 1}
	first, err := labeling.NewSnapshot(family, 1, known, w.Now)
	w.must(err)
	w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: progress, At: w.Now, Snapshot: first}))
	worthless("by the newest", first.Hash, ann)

	s := labeling.Strike{Question: q.ID, Respondent: ann, Snapshot: first.Hash, Answers: 2, Counted: 2, At: w.Now}
	w.must(w.labels.SaveStrikes(ctx, labeling.Strikes{s}))
	if err := w.labels.SaveStrikes(ctx, labeling.Strikes{s}); err == nil {
		w.T.Error("an answer was struck twice")
	}
	strikes, err := w.labels.Strikes(ctx, q.ID)
	w.must(err)
	w.same("strikes", strikes, labeling.Strikes{s})
	before, err := w.Store.LockQuestion(ctx, q.ID)
	w.must(err)
	after := *before
	after.Status, after.Struck, after.Counts, after.Wanted, after.State = polls.Closing, 1, []int{0, 1}, 7, polls.State("state")
	w.must(w.Store.SaveProgress(ctx, &after))
	got, err := w.Store.Question(ctx, q.ID)
	w.must(err)
	w.same("progress", got.Progress, after.Progress)
	for _, c := range []struct {
		who  polls.RespondentID
		held tasknet.Amount
	}{{ann, tasknet.Amount{}}, {bob, q.Price}} {
		standing, err := w.Store.Standing(ctx, polls.Claim{Respondent: c.who, At: w.Now, Margin: 1, Count: 9})
		w.must(err)
		if standing.Held != c.held || standing.Answered != 1 {
			w.T.Errorf("%+v, want %s held", standing, c.held)
		}
	}
	v = w.verdict(q, 1, 1)
	v.Family = family
	w.must(w.labels.SaveVerdict(ctx, v))
	closed, _, err := w.labels.ClosedQuestions(ctx, family, tasknet.Page{Limit: 1})
	w.must(err)
	w.same("the lesson", closed, []labeling.Closed{{Gold: labeling.NoChoice, Votes: []polls.Vote{{Respondent: ann, Choice: 0}, {Respondent: bob, Choice: 1}}}})
}

// testNewcomers: who answered where there is gold is a newcomer with its organisation until they have passed with it, whether
// or not they have with another.
func testNewcomers(w *world) {
	ctx := w.T.Context()
	people := w.People(3)
	ann, bob := people[0].Respondent, people[1].Respondent
	q := w.Ask(w.Draft(3))
	w.Answer(people[1], q, 1)
	w.Answer(people[0], q, 0)
	newcomers := func(what string, want ...polls.RespondentID) {
		w.T.Helper()
		got, err := w.labels.Newcomers(ctx, q.ID)
		w.must(err)
		w.same(what, got, want)
	}
	newcomers("where nobody can pass")
	g, err := labeling.NewGold(w.Ask(w.Draft(1)), labeling.Truth{Choice: 1})
	w.must(err)
	g.State = labeling.GoldSuspended
	w.must(w.labels.AddGolds(ctx, *g))
	both := []polls.RespondentID{ann, bob}
	slices.Sort(both)
	newcomers("among golds", both...)
	unproven := func(who, want []polls.RespondentID) {
		w.T.Helper()
		got, err := w.labels.Unproven(ctx, q.Org, who)
		w.must(err)
		w.same("who has not passed", got, want)
	}
	unproven(nil, nil)
	unproven(both, both)
	if fresh, err := w.labels.Prove(ctx, "org_other", "dogs", ann, w.Now); err != nil || !fresh {
		w.T.Errorf("somebody passes with another organisation: %t, %v", fresh, err)
	}
	newcomers("when one has passed with another organisation", both...)
	unproven(both, both)
	for i, id := range both {
		for _, want := range []bool{true, false} {
			if fresh, err := w.labels.Prove(ctx, q.Org, "dogs", id, w.Now); err != nil || fresh != want {
				w.T.Errorf("somebody passes: %t, %v; want %t", fresh, err, want)
			}
		}
		newcomers("when they have passed", both[i+1:]...)
		unproven(both, both[i+1:])
	}

	family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	w.must(err)
	known, err := labeling.NewFamily(labeling.Family{Choices: 2, Truths: []int{0, 0}, People: []labeling.Confusion{{Errors: labeling.Errors{Respondent: ann}, Counts: make([]int, 4), Void: true}}})
	w.must(err)
	first, err := labeling.NewSnapshot(family, 1, known, w.Now)
	w.must(err)
	w.must(w.labels.SaveSnapshot(ctx, first))
	void := func(what string, id polls.RespondentID, want string) {
		w.T.Helper()
		got, err := w.labels.VoidBy(ctx, family, id)
		w.must(err)
		w.same(what, got, want)
	}
	void("by a snapshot that is not the newest", ann, "")
	v := w.verdict(q, 0, 1)
	v.Family = family
	w.must(w.labels.SaveVerdict(ctx, v))
	w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: labeling.FamilyProgress{Family: family, Choices: 2, Closed: 1}, At: w.Now, Snapshot: first}))
	void("by the newest", ann, first.Hash)
	void("somebody else", bob, "")
}

func testVerdicts(w *world) {
	ctx := w.T.Context()
	var saved []*labeling.Verdict
	for i := range 8 {
		w.Now = w.Now.Add(time.Second)
		v := w.verdict(w.Ask(w.Draft(3)), []int{0, 1, labeling.NoChoice}[i%3], []int{3, 3, 0}[i%3])
		w.must(w.labels.SaveVerdict(ctx, v))
		saved = append(saved, v)
		got, err := w.labels.Verdict(ctx, v.Question)
		w.must(err)
		w.same("verdict", got, v)
	}
	again := *saved[3]
	again.ID = "vrd_again"
	w.conflict("a second verdict", w.labels.SaveVerdict(ctx, &again))
	got, err := w.labels.Verdict(ctx, again.Question)
	w.must(err)
	w.same("verdict", got, saved[3])
	if _, err := w.labels.Verdict(ctx, "q_none"); !errors.Is(err, labeling.ErrNoVerdict) {
		w.T.Errorf("no verdict: %v", err)
	}
	for _, limit := range []int{1, 3, 8, 100} {
		var listed []*labeling.Verdict
		page := tasknet.Page{Limit: limit}
		for {
			list, next, err := w.labels.Verdicts(ctx, page)
			w.must(err)
			listed = append(listed, list...)
			if next == "" {
				break
			}
			page.After = next
		}
		w.same("verdicts", listed, saved)
	}
	if _, _, err := w.labels.Verdicts(ctx, tasknet.Page{After: "x", Limit: 3}); err == nil || tasknet.Describe(err).Kind != tasknet.Invalid {
		w.T.Errorf("a cursor that is none: %v", err)
	}
	questions, answers, err := w.labels.CountVerdicts(ctx)
	if questions != 8 || answers != 18 || err != nil {
		w.T.Errorf("%d verdicts over %d answers, %v; want 8 over 18", questions, answers, err)
	}
}

// testVerdictRace saves verdicts from many places while somebody follows them by cursor: nobody is passed over.
func testVerdictRace(w *world) {
	ctx := w.T.Context()
	const n = 40
	verdicts := make([]*labeling.Verdict, n)
	for i := range verdicts {
		verdicts[i] = w.verdict(w.Ask(w.Draft(1)), 0, 1)
	}
	var wg sync.WaitGroup
	for i := range n / 2 {
		wg.Go(func() {
			for _, v := range verdicts[2*i : 2*i+2] {
				if err := w.labels.SaveVerdict(ctx, v); err != nil {
					w.T.Error(err)
				}
			}
			if err := w.labels.SaveVerdict(ctx, verdicts[2*i]); err == nil {
				w.T.Error("a second verdict was saved")
			}
		})
	}
	finished := make(chan struct{})
	go func() { wg.Wait(); close(finished) }()
	seen, after := make(map[polls.QuestionID]int), ""
	for done := false; !done; {
		select {
		case <-finished:
			done = true
		default:
		}
		for {
			list, next, err := w.labels.Verdicts(ctx, tasknet.Page{After: after, Limit: 3})
			w.must(err)
			if next == "" && !done {
				break // the last page has no cursor to go on from: it is read again
			}
			for _, v := range list {
				seen[v.Question]++
			}
			if after = next; next == "" {
				break
			}
		}
	}
	for _, v := range verdicts {
		if seen[v.Question] != 1 {
			w.T.Errorf("a verdict was seen %d times", seen[v.Question])
		}
	}
	if questions, answers, err := w.labels.CountVerdicts(ctx); questions != n || answers != n || err != nil {
		w.T.Errorf("%d verdicts over %d answers, %v; want %d each", questions, answers, err, n)
	}
}

// closeAs lets people answer a new question in turn, the first with the first answer, and closes it with a verdict.
func (w *world) closeAs(family labeling.FamilyID, people []polls.Device, answers ...int) labeling.Closed {
	w.T.Helper()
	q := w.Ask(w.Draft(max(1, len(answers))))
	closed := labeling.Closed{Gold: labeling.NoChoice}
	for i, choice := range answers {
		w.Answer(people[i], q, choice)
		closed.Votes = append(closed.Votes, polls.Vote{Respondent: people[i].Respondent, Choice: choice})
	}
	v := w.verdict(q, 0, len(answers))
	v.Family = family
	w.must(w.labels.SaveVerdict(w.T.Context(), v))
	w.must(w.Store.CloseQuestion(w.T.Context(), q.ID, w.Now))
	return closed
}

// due compares the families of which more can be learned.
func (w *world) due(before time.Time, want ...labeling.FamilyProgress) {
	w.T.Helper()
	got, err := w.labels.DueFamilies(w.T.Context(), before, 100)
	w.must(err)
	w.same("due families", got, want)
}

// testClosed lists the closed questions of a family, by pages of all sizes.
func testClosed(w *world) {
	people := w.People(3)
	var want []labeling.Closed
	for i := range 7 {
		want = append(want, w.closeAs("dogs", people, []int{0, 1, 0}[:i%4%3+1]...))
		w.closeAs("birds", people, 1, 1)
	}
	want = append(want, w.closeAs("dogs", people))
	w.closeAs("", people, 1) // whose answers are no choices
	w.Answer(people[0], w.Ask(w.Draft(2)), 0)
	slices.Reverse(want)
	for _, limit := range []int{1, 3, 8, 100} {
		var got []labeling.Closed
		for page := (tasknet.Page{Limit: limit}); ; {
			list, next, err := w.labels.ClosedQuestions(w.T.Context(), "dogs", page)
			w.must(err)
			got = append(got, list...)
			if page.After = next; next == "" {
				break
			}
		}
		w.same("closed questions", got, want)
	}
}

// testDue learns when it is time: after so many questions, or when any wait for long.
func testDue(w *world) {
	ctx, people := w.T.Context(), w.People(2)
	start := w.Now
	general := labeling.General(2)
	w.due(start.Add(time.Hour))
	w.closeAs("dogs", people, 0, 1)
	w.due(start.Add(-time.Second))
	one := labeling.FamilyProgress{Family: "dogs", Org: w.Org.ID, Type: polls.Choice, Choices: 2, Closed: 1}
	all := labeling.FamilyProgress{Family: general, Choices: 2, Closed: 1}
	w.due(start, one, all)
	w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: one, At: start.Add(time.Minute)}))
	w.conflict("learned again", w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: one, At: start}))
	w.due(start.Add(time.Hour), all)
	for range labeling.NextLesson(1) - 2 {
		w.closeAs("dogs", people, 0, 1)
	}
	w.due(start.Add(-time.Second), labeling.FamilyProgress{Family: general, Choices: 2, Closed: labeling.LessonMin})
	w.closeAs("dogs", people, 0, 1)
	one.Closed, one.Learned, all.Closed = labeling.NextLesson(1), 1, labeling.NextLesson(1)
	w.due(start.Add(-time.Second), one, all)
	got, err := w.labels.DueFamilies(ctx, start, 1)
	w.must(err)
	w.same("one due family", got, []labeling.FamilyProgress{one})
}

// errors compares how people err elsewhere.
func (w *world) errors(family labeling.FamilyID, limit int, want ...labeling.Errors) {
	w.T.Helper()
	got, err := w.labels.Elsewhere(w.T.Context(), family, limit)
	w.must(err)
	byRespondent := cmpopts.SortSlices(func(a, b labeling.Errors) bool { return a.Respondent < b.Respondent })
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), byRespondent); diff != "" {
		w.T.Errorf("elsewhere than in %s (-want +got):\n%s", family, diff)
	}
}

// learn saves what was learned of a family that has a question more than at the last time.
func (w *world) learn(family labeling.FamilyID, errors ...labeling.Errors) {
	w.T.Helper()
	w.closeAs(family, w.People(1), 0)
	due, err := w.labels.DueFamilies(w.T.Context(), w.Now.Add(time.Hour), 100)
	w.must(err)
	i := slices.IndexFunc(due, func(p labeling.FamilyProgress) bool { return p.Family == family })
	if i < 0 {
		w.T.Fatalf("%s is not due: %+v", family, due)
	}
	w.must(w.labels.SaveLearned(w.T.Context(), labeling.Learned{FamilyProgress: due[i], At: w.Now, Errors: errors}))
}

// testElsewhere: what is learned of a family takes the place of what was, and is known in all others.
func testElsewhere(w *world) {
	w.errors("dogs", 9)
	w.learn("dogs", labeling.Errors{Respondent: "rsp_a", Wrong: 100, Expected: 200}, labeling.Errors{Respondent: "rsp_b", Wrong: 3000, Expected: 700})
	w.errors("dogs", 9, labeling.Errors{Respondent: "rsp_a"}, labeling.Errors{Respondent: "rsp_b"})
	w.learn("birds", labeling.Errors{Respondent: "rsp_a", Wrong: 5, Expected: 11}, labeling.Errors{Respondent: "rsp_c", Wrong: 0, Expected: 13})
	w.errors("dogs", 9, labeling.Errors{Respondent: "rsp_a", Wrong: 5, Expected: 11}, labeling.Errors{Respondent: "rsp_b"}, labeling.Errors{Respondent: "rsp_c", Expected: 13})
	w.errors("dogs", 0, labeling.Errors{Respondent: "rsp_a", Wrong: 5, Expected: 11}, labeling.Errors{Respondent: "rsp_b"})
	w.errors("cats", 1, labeling.Errors{Respondent: "rsp_b", Wrong: 3000, Expected: 700})
	w.learn("dogs", labeling.Errors{Respondent: "rsp_a", Wrong: 7, Expected: 17}, labeling.Errors{Respondent: "rsp_d", Wrong: 23, Expected: 29})
	w.errors("birds", 9, labeling.Errors{Respondent: "rsp_a", Wrong: 7, Expected: 17}, labeling.Errors{Respondent: "rsp_b"}, labeling.Errors{Respondent: "rsp_c"}, labeling.Errors{Respondent: "rsp_d", Wrong: 23, Expected: 29})
}

// testLearnRace learns families from many places at once: nothing is counted twice, and nothing is lost.
func testLearnRace(w *world) {
	ctx := w.T.Context()
	var due []labeling.FamilyProgress
	for i := range 8 {
		w.closeAs(labeling.FamilyID(fmt.Sprintf("family %d", i)), w.People(1), 0)
		due = append(due, labeling.FamilyProgress{Family: labeling.FamilyID(fmt.Sprintf("family %d", i)), Choices: 2, Closed: 1})
	}
	var wg sync.WaitGroup
	for i := range 3 * len(due) {
		wg.Go(func() {
			errors := []labeling.Errors{{Respondent: "rsp_a", Wrong: 1, Expected: 2}, {Respondent: "rsp_b", Wrong: 3, Expected: 4}}
			if i%2 == 1 {
				slices.Reverse(errors)
			}
			err := w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: due[i%len(due)], At: w.Now, Errors: errors})
			if err != nil && tasknet.Describe(err).Kind != tasknet.Conflict {
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	w.errors("none", 9, labeling.Errors{Respondent: "rsp_a", Wrong: 8, Expected: 16}, labeling.Errors{Respondent: "rsp_b", Wrong: 24, Expected: 32})
}

// known is something that is known of a family.
func (w *world) known(choices int, people ...labeling.Confusion) *labeling.Family {
	w.T.Helper()
	f, err := labeling.NewFamily(labeling.Family{Choices: choices, Truths: make([]int, choices), People: people, Calibration: labeling.Calibration{
		Golds: 7, Pooled: true, Steps: []labeling.Step{{From: 0, Golds: 7, Missed: 2, Times: 11, Wrong: 3}, {From: 500, Golds: 5, Missed: 1, Times: 13, Wrong: 1}},
	}})
	w.must(err)
	return f
}

// testSkills: a question is weighed by the newest snapshot when it is assigned for the first time: its family's, what is known in
// general, or else the one that it was asked with.
func testSkills(w *world) {
	ctx := w.T.Context()
	people := w.People(3)
	assigned := func(q *polls.Question, by polls.Device) string {
		w.T.Helper()
		before, err := w.Store.Question(ctx, q.ID)
		w.must(err)
		w.Take(by, q)
		after, err := w.Store.Question(ctx, q.ID)
		w.must(err)
		if by == people[0] && (before.Skills != "" || before.WeighedBy() != q.Snapshot) {
			w.T.Errorf("before it was assigned its skills are %q, and %s would weigh", before.Skills, before.WeighedBy())
		}
		return after.WeighedBy()
	}
	asked := make([]*polls.Question, 4)
	for i := range asked {
		asked[i] = w.Ask(w.Draft(3))
	}
	first := asked[0]
	family, _, err := labeling.FamilyOf(first.Org, first.Project, first.Type, first.Choices)
	w.must(err)
	learn := func(family labeling.FamilyID, version int) string {
		w.T.Helper()
		w.closeAs(family, w.People(1), 0)
		s, err := labeling.NewSnapshot(family, version, w.known(2), w.Now)
		w.must(err)
		p := labeling.FamilyProgress{Family: family, Choices: 2, Closed: version, Learned: version - 1, Version: version - 1}
		w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: p, At: w.Now, Snapshot: s}))
		return s.Hash
	}
	w.same("the skills where nothing is known", assigned(asked[0], people[0]), first.Snapshot)
	general := learn(labeling.General(2), 1)
	w.same("the skills where something is known in general", assigned(asked[1], people[0]), general)
	own := learn(family, 1)
	w.same("the skills where the family is known", assigned(asked[2], people[0]), own)
	newer := learn(family, 2)
	w.same("the skills where more is known", assigned(asked[3], people[0]), newer)
	for i, want := range []string{first.Snapshot, general, own, newer} {
		w.same("the skills when it is assigned again", assigned(asked[i], people[1]), want)
	}
	w.Answer(people[2], asked[2], 0)
	answered, err := w.Store.Question(ctx, asked[2].ID)
	w.must(err)
	w.same("the skills after an answer", answered.WeighedBy(), own)

	d := w.Draft(3)
	d.Type, d.Choices, d.Snapshot = polls.Text, nil, ""
	text := w.Ask(d)
	w.same("the skills of a text", assigned(text, people[0]), "")
}

func testSnapshots(w *world) {
	ctx := w.T.Context()
	_, err := w.labels.LastSnapshot(ctx, "dogs", 2)
	w.notFound("the last of none", err)
	unknown, err := labeling.Unknown(3, w.Now)
	w.must(err)
	w.must(w.labels.SaveSnapshot(ctx, unknown))
	again, err := labeling.Unknown(3, w.Now.Add(time.Hour))
	w.must(err)
	w.must(w.labels.SaveSnapshot(ctx, again))
	got, err := w.labels.Snapshot(ctx, unknown.Hash)
	w.must(err)
	w.same("the snapshot of nobody", got, unknown)
	_, err = w.labels.Snapshot(ctx, "none")
	w.notFound("an unknown snapshot", err)
	_, err = w.labels.LastSnapshot(ctx, "dogs", 3)
	w.notFound("one that is of no family", err)

	last := func(family labeling.FamilyID, choices int, want *labeling.Snapshot) {
		w.T.Helper()
		hash, err := w.labels.LastSnapshot(ctx, family, choices)
		w.must(err)
		if hash != want.Hash {
			w.T.Errorf("the last snapshot of %s is another one", family)
		}
	}
	save := func(family labeling.FamilyID, version int, people ...labeling.Confusion) *labeling.Snapshot {
		w.T.Helper()
		w.closeAs("dogs", w.People(1), 0)
		s, err := labeling.NewSnapshot(family, version, w.known(2, people...), w.Now)
		w.must(err)
		p := labeling.FamilyProgress{Family: family, Choices: 2, Closed: version, Learned: version - 1, Version: version - 1}
		w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: p, At: w.Now, Snapshot: s}))
		got, err := w.labels.Snapshot(ctx, s.Hash)
		w.must(err)
		w.same("a snapshot", got, s)
		return s
	}
	ann := labeling.Confusion{Errors: labeling.Errors{Respondent: "rsp_a", Wrong: 3, Expected: 5}, Counts: []int{7, 11, 13, 17}}
	bob := labeling.Confusion{Errors: labeling.Errors{Respondent: "rsp_b", Wrong: 19, Expected: 23}}
	general := save(labeling.General(2), 1, bob)
	last("dogs", 2, general)
	_, err = w.labels.LastSnapshot(ctx, "dogs", 3)
	w.notFound("one for as many choices", err)
	last("dogs", 2, general)
	first := save("dogs", 1, bob, ann)
	last("dogs", 2, first)
	second := save("dogs", 2, ann)
	last("dogs", 2, second)
	last("birds", 2, general)
	w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: labeling.FamilyProgress{Family: "dogs", Choices: 2, Closed: 3, Learned: 2, Version: 2}, At: w.Now}))
	last("dogs", 2, second)
}

// testCalibrations: each family has its own, which the others with as many choices can see.
func testCalibrations(w *world) {
	ctx := w.T.Context()
	want := map[labeling.FamilyID]labeling.Calibration{}
	for i, family := range []labeling.FamilyID{"birds", "cats", "dogs"} {
		w.closeAs(family, w.People(1), 0)
		c := labeling.Calibration{Golds: i}
		if i > 0 {
			c.Steps = []labeling.Step{{From: 0, Golds: i, Missed: 1, Times: 11, Wrong: 3}, {From: 500, Times: 13, Wrong: 1}}
		}
		want[family] = c
		w.must(w.labels.SaveLearned(ctx, labeling.Learned{FamilyProgress: labeling.FamilyProgress{Family: family, Choices: 2, Closed: 1}, At: w.Now, Calibration: c}))
	}
	for family, others := range map[labeling.FamilyID][]labeling.Calibration{
		"birds": {want["cats"], want["dogs"]}, "cats": {want["dogs"]}, "dogs": {want["cats"]}, "others": {want["cats"], want["dogs"]},
	} {
		got, err := w.labels.Calibrations(ctx, family, 2)
		w.must(err)
		w.same("calibrations", got, others)
	}
	got, err := w.labels.Calibrations(ctx, "birds", 3)
	w.must(err)
	w.same("calibrations of questions with more choices", got, []labeling.Calibration(nil))
}
