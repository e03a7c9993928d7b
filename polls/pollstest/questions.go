package pollstest

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// TestStore tests a store. open returns an empty one; it is called once in each subtest.
func TestStore(t *testing.T, open func(*testing.T) polls.Store) {
	for name, test := range map[string]func(*World){
		"Questions":           testQuestions,
		"QuestionPages":       testQuestionPages,
		"DueAndClosed":        testDueAndClosed,
		"People":              testPeople,
		"Registration":        testRegistration,
		"RegistrationRace":    testRegistrationRace,
		"Requesters":          testRequesters,
		"Claim":               testClaim,
		"ClaimNamed":          testClaimNamed,
		"ClaimOrder":          testClaimOrder,
		"ClaimRace":           testClaimRace,
		"ClaimSamePersonRace": testClaimSamePersonRace,
		"ClaimModel":          testClaimModel,
		"Skip":                testSkip,
		"SkipRace":            testSkipRace,
		"Record":              testRecord,
		"RecordValues":        testRecordValues,
		"RecordRefuses":       testRecordRefuses,
		"RecordDuplicates":    testRecordDuplicates,
		"RecordLate":          testRecordLate,
		"RecordBroken":        testRecordBroken,
		"LastAnswerRace":      testLastAnswerRace,
		"SameAnswerRace":      testSameAnswerRace,
		"BatchRace":           testBatchRace,
		"History":             testHistory,
	} {
		t.Run(name, func(t *testing.T) { test(NewWorld(t, open(t))) })
	}
}

func testQuestions(w *World) {
	ctx := w.T.Context()
	d := w.Draft(3)
	d.Image = &polls.Image{Hash: "ab", Type: "image/png", Width: 640, Height: 480, Bytes: 12_345, Alt: "a pond \"at\" dawn"}
	d.Text = "Wieviele? 数\n\"here\" \\ <b>"
	d.Choices = []string{"0", "1", "many, many", "ü\"'"}
	d.Sample = true
	full := w.Ask(d)
	plain := w.Ask(w.Draft(1))
	confidence := w.Draft(0)
	confidence.Policy = polls.Policy{Kind: polls.Confidence, TargetPPM: 951_000, Min: 2, Max: 7}
	sure := w.Ask(confidence)
	regions := w.Draft(1)
	regions.Type, regions.Project, regions.Passage, regions.Image = polls.Boxes, "prj_1", "Which \"herons\"?", d.Image
	regions.Audio = &polls.Audio{Hash: "cd", Type: "audio/ogg", Bytes: 77}
	regions.ChoiceImages = []polls.Image{*d.Image, {Hash: "ef", Type: "image/jpeg", Width: 3, Height: 4, Bytes: 5}}
	number := w.Draft(1)
	number.Type, number.Choices, number.Number = polls.Number, nil, &polls.NumberRange{Min: -1_500_000, Max: 2_000_000, Decimals: 1, Unit: "m/s"}
	several := w.Draft(1)
	several.Type, several.Least, several.Most = polls.Multiple, 1, 2
	text := w.Draft(1)
	text.Type, text.Choices, text.Length = polls.Text, nil, 30
	for _, q := range []*polls.Question{full, plain, sure, w.Ask(regions), w.Ask(number), w.Ask(several), w.Ask(text)} {
		got, err := w.Store.Question(ctx, q.ID)
		w.must(err)
		w.same("question", got, q)
		got, err = w.Store.LockQuestion(ctx, q.ID)
		w.must(err)
		w.same("locked question", got, q)
	}
	_, err := w.Store.Question(ctx, "q_none")
	w.want("unknown question", err, polls.ErrNoQuestion)
	_, err = w.Store.LockQuestion(ctx, "q_none")
	w.want("unknown question, locked", err, polls.ErrNoQuestion)
	if err := w.Store.CreateQuestions(ctx, full); err == nil {
		w.T.Error("a question was saved twice")
	}
}

func testQuestionPages(w *World) {
	ctx := w.T.Context()
	other := w.NewOrg("Otter Watch")
	var mine, theirs []polls.QuestionID
	for i := range 10 {
		w.Now = w.Now.Add(time.Second)
		d := w.Draft(1)
		if i%3 == 0 {
			d.Org = other.ID
			theirs = append([]polls.QuestionID{w.Ask(d).ID}, theirs...)
			continue
		}
		mine = append([]polls.QuestionID{w.Ask(d).ID}, mine...)
	}
	closed := mine[4]
	w.must(w.Store.CloseQuestion(ctx, closed, w.Now))
	all := func(f polls.QuestionFilter, limit int) (ids []polls.QuestionID) {
		page := tasknet.Page{Limit: limit}
		for {
			list, next, err := w.Store.Questions(ctx, f, page)
			w.must(err)
			if len(list) > limit {
				w.T.Fatalf("a page of %d questions, limit %d", len(list), limit)
			}
			for _, q := range list {
				ids = append(ids, q.ID)
			}
			if next == "" {
				return ids
			}
			page.After = next
		}
	}
	for _, limit := range []int{1, 3, 6, 100} {
		w.same("mine", all(polls.QuestionFilter{Org: w.Org.ID}, limit), mine)
		w.same("theirs", all(polls.QuestionFilter{Org: other.ID}, limit), theirs)
		w.same("closed", all(polls.QuestionFilter{Org: w.Org.ID, Status: polls.Closed}, limit), []polls.QuestionID{closed})
		w.same("everybody's closed", all(polls.QuestionFilter{Status: polls.Closed}, limit), []polls.QuestionID{closed})
		if got := all(polls.QuestionFilter{}, limit); len(got) != 10 {
			w.T.Errorf("all questions: %d, want 10", len(got))
		}
		if got := all(polls.QuestionFilter{Org: w.Org.ID, Status: polls.Open}, limit); len(got) != 5 {
			w.T.Errorf("my open questions: %d, want 5", len(got))
		}
	}
	list, next, err := w.Store.Questions(ctx, polls.QuestionFilter{Org: "org_none"}, tasknet.Page{Limit: 3})
	if err != nil || len(list) != 0 || next != "" {
		w.T.Errorf("a stranger's questions: %v, %q, %v", list, next, err)
	}
}

func testDueAndClosed(w *World) {
	ctx := w.T.Context()
	d := w.Draft(1)
	d.Lifetime = 3 * time.Hour
	late := w.Ask(d)
	d.Lifetime = 2 * time.Hour
	early := w.Ask(d)
	d.Lifetime = 5 * time.Hour
	answered := w.Ask(d)
	due := func(at time.Time, limit int, want ...polls.QuestionID) {
		w.T.Helper()
		got, err := w.Store.DueQuestions(ctx, at, limit)
		w.must(err)
		if len(got) == 0 && len(want) == 0 {
			return
		}
		w.same("due", got, want)
	}
	latest := func(want time.Time) {
		w.T.Helper()
		got, err := w.Store.LatestDeadline(ctx)
		w.must(err)
		w.same("latest deadline", got, want)
	}
	latest(answered.Deadline)
	due(w.Now, 10)
	due(early.Deadline.Add(-time.Microsecond), 10)
	due(early.Deadline, 10, early.ID)
	due(late.Deadline, 10, early.ID, late.ID)
	due(late.Deadline, 1, early.ID)
	w.Answer(w.Person(), answered, 0)
	due(w.Now, 10, answered.ID)
	due(late.Deadline, 10, early.ID, late.ID, answered.ID)
	due(late.Deadline, 2, early.ID, late.ID)

	at := w.Now.Add(time.Minute)
	latest(answered.Deadline) // it is closing
	w.must(w.Store.CloseQuestion(ctx, answered.ID, at))
	latest(late.Deadline)
	w.want("closing again", w.Store.CloseQuestion(ctx, answered.ID, at.Add(time.Hour)), polls.ErrClosed)
	w.want("closing nothing", w.Store.CloseQuestion(ctx, "q_none", at), polls.ErrNoQuestion)
	w.must(w.Store.CloseQuestion(ctx, early.ID, at))
	due(late.Deadline, 10, late.ID)
	q, err := w.Store.LockQuestion(ctx, late.ID)
	w.must(err)
	q.Status = polls.Paused
	w.must(w.Store.SaveProgress(ctx, q))
	latest(late.Deadline)
	w.must(w.Store.CloseQuestion(ctx, late.ID, at))
	latest(time.Time{})
	got, err := w.Store.Question(ctx, answered.ID)
	w.must(err)
	w.same("progress", got.Progress, polls.Progress{Status: polls.Closed, Answers: 1, Counts: []int{1, 0}, State: polls.State{0, 1}, ClosedAt: at, Skills: answered.Snapshot})
}
