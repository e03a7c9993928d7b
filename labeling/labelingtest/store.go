// Package labelingtest is the suite that every labeling.Store must pass, and recorded answers for tests of statistics.
package labelingtest

import (
	"errors"
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
		"Verdicts":       testVerdicts,
		"VerdictRace":    testVerdictRace,
		"Skills":         testSkills,
		"SkillsRace":     testSkillsRace,
		"SkillsTogether": testSkillsTogether,
		"Snapshots":      testSnapshots,
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
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(labeling.Snapshot{}), cmpopts.EquateEmpty()); diff != "" {
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
		Posterior: []int{900_000, 99_999}, Counts: []int{answers, 0}, Answers: answers, Method: labeling.Majority, Snapshot: q.Snapshot, Reason: labeling.Quorum, At: w.Now,
	}
	if choice == labeling.NoChoice {
		v.Outcome, v.Posterior, v.Counts, v.Reason = labeling.None, []int{500_000, 500_000}, []int{0, 0}, labeling.Deadline
	}
	return v
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

// closeAs lets people answer a new question and closes it with a verdict.
func (w *world) closeAs(choice int, answers map[polls.Device]int) {
	w.T.Helper()
	q := w.Ask(w.Draft(max(1, len(answers))))
	for by, answer := range answers {
		w.Answer(by, q, answer)
	}
	w.must(w.labels.SaveVerdict(w.T.Context(), w.verdict(q, choice, len(answers))))
	w.must(w.Store.CloseQuestion(w.T.Context(), q.ID, w.Now))
}

func (w *world) learn(want ...labeling.Skill) {
	w.T.Helper()
	got, err := w.labels.LearnSkills(w.T.Context(), w.Now)
	w.must(err)
	want = slices.Clone(want)
	slices.SortFunc(want, func(a, b labeling.Skill) int {
		if a.Respondent < b.Respondent {
			return -1
		}
		return 1
	})
	w.same("skills", got, want)
}

func testSkills(w *world) {
	ann, bob, cat := w.Person(), w.Person(), w.Person()
	w.learn()
	w.closeAs(0, map[polls.Device]int{ann: 0, bob: 1, cat: 0})
	one := []labeling.Skill{{Respondent: ann.Respondent, Agreed: 1, Answered: 1}, {Respondent: bob.Respondent, Answered: 1}, {Respondent: cat.Respondent, Agreed: 1, Answered: 1}}
	w.learn(one...)
	w.learn(one...)                            // once each
	w.closeAs(labeling.NoChoice, nil)          // nobody answered
	w.closeAs(1, map[polls.Device]int{ann: 1}) // nobody to agree with
	w.Answer(ann, w.Ask(w.Draft(2)), 0)        // not closed
	w.learn(one...)
	w.closeAs(1, map[polls.Device]int{ann: 0, bob: 1})
	w.closeAs(1, map[polls.Device]int{ann: 1, bob: 1})
	w.learn(labeling.Skill{Respondent: ann.Respondent, Agreed: 2, Answered: 3}, labeling.Skill{Respondent: bob.Respondent, Agreed: 2, Answered: 3}, one[2])
}

// testSkillsRace learns from many places while questions are closing: each counts once.
func testSkillsRace(w *world) {
	ctx := w.T.Context()
	const n = 24
	ann, bob := w.Person(), w.Person()
	verdicts := make([]*labeling.Verdict, n)
	for i := range verdicts {
		q := w.Ask(w.Draft(2))
		w.Answer(ann, q, 0)
		w.Answer(bob, q, i%2)
		verdicts[i] = w.verdict(q, 0, 2)
	}
	var wg sync.WaitGroup
	for _, v := range verdicts {
		wg.Go(func() {
			if err := w.labels.SaveVerdict(ctx, v); err != nil {
				w.T.Error(err)
			}
			if _, err := w.labels.LearnSkills(ctx, w.Now); err != nil {
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	w.learn(labeling.Skill{Respondent: ann.Respondent, Agreed: n, Answered: n}, labeling.Skill{Respondent: bob.Respondent, Agreed: n / 2, Answered: n})
}

// testSkillsTogether learns from many places at once what is there already.
func testSkillsTogether(w *world) {
	ann, bob := w.Person(), w.Person()
	for range 10 {
		w.closeAs(0, map[polls.Device]int{ann: 0, bob: 1})
	}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if _, err := w.labels.LearnSkills(w.T.Context(), w.Now); err != nil {
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	w.learn(labeling.Skill{Respondent: ann.Respondent, Agreed: 10, Answered: 10}, labeling.Skill{Respondent: bob.Respondent, Answered: 10})
}

func testSnapshots(w *world) {
	ctx := w.T.Context()
	_, err := w.labels.LastSnapshot(ctx)
	w.notFound("the last of none", err)
	empty, err := labeling.NewSnapshot(nil, w.Now)
	w.must(err)
	w.must(w.labels.SaveSnapshot(ctx, empty))
	last, err := w.labels.LastSnapshot(ctx)
	w.must(err)
	w.same("the empty snapshot", last, empty)

	full, err := labeling.NewSnapshot([]labeling.Skill{{Respondent: "rsp_b", Agreed: 3, Answered: 4}, {Respondent: "rsp_a", Answered: 1}}, w.Now.Add(time.Hour))
	w.must(err)
	w.must(w.labels.SaveSnapshot(ctx, full))
	again := *full
	again.At = again.At.Add(time.Hour)
	w.must(w.labels.SaveSnapshot(ctx, &again))
	last, err = w.labels.LastSnapshot(ctx)
	w.must(err)
	w.same("the last snapshot", last, full)
	w.same("a skill in it", last.Of("rsp_b"), full.Skills[1])
	got, err := w.labels.Snapshot(ctx, empty.Hash)
	w.must(err)
	w.same("an old snapshot", got, empty)
	_, err = w.labels.Snapshot(ctx, "none")
	w.notFound("an unknown snapshot", err)
}
