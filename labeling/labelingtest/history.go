package labelingtest

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// TestHistory tests a store of how questions went. open returns an empty one, with the stores beside it; it is called once
// in each subtest.
func TestHistory(t *testing.T, open func(*testing.T) (labeling.HistoryStore, labeling.ProjectStore, labeling.Store, polls.Store)) {
	for name, test := range map[string]func(*historyWorld){
		"Past":    testPast,
		"Timings": testTimings,
	} {
		t.Run(name, func(t *testing.T) {
			history, projects, labels, questions := open(t)
			test(&historyWorld{projectWorld{world{pollstest.NewWorld(t, questions), labels}, projects}, history})
		})
	}
}

type historyWorld struct {
	projectWorld
	history labeling.HistoryStore
}

// close asks a question and closes it a minute later with so many answers.
func (w *historyWorld) close(d polls.Draft, answers int, reason labeling.Reason) labeling.Past {
	w.T.Helper()
	q := w.Ask(d)
	w.Now = w.Now.Add(time.Minute)
	v := w.verdict(q, 0, answers)
	v.Reason, v.Answers = reason, answers
	w.must(w.labels.SaveVerdict(w.T.Context(), v))
	w.must(w.Store.CloseQuestion(w.T.Context(), q.ID, w.Now))
	return labeling.Past{Question: q.ID, Policy: q.Policy, Answers: answers, Reason: reason, AskedAt: q.CreatedAt, ClosedAt: w.Now}
}

// testPast: what is like is found by type, choices, organisation and project, the newest first; what is open is not.
func testPast(w *historyWorld) {
	ctx := w.T.Context()
	p, err := labeling.NewProject(w.draft("Birds"), w.Now)
	w.must(err)
	w.must(w.projects.CreateProject(ctx, p))
	plain := w.Draft(3)
	first := w.close(plain, 3, labeling.Quorum)
	three := plain
	three.Choices = []string{"a", "b", "c"}
	w.close(three, 5, labeling.Deadline)
	scale := plain
	scale.Type = polls.Scale
	w.close(scale, 2, labeling.Quorum)
	sure := plain
	sure.Project, sure.Policy = string(p.ID), polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 2, Max: 9}
	second := w.close(sure, 4, labeling.Unsettled)
	elsewhere := plain
	elsewhere.Org = w.NewOrg("Others").ID
	third := w.close(elsewhere, 7, labeling.Cancelled)
	w.Ask(plain)

	like := labeling.Like{Type: polls.Choice, Choices: 2}
	org, project := like, like
	org.Org, project.Org, project.Project = w.Org.ID, w.Org.ID, p.ID
	for _, tt := range []struct {
		name  string
		like  labeling.Like
		limit int
		want  []labeling.Past
	}{
		{"everybody's", like, 9, []labeling.Past{third, second, first}},
		{"everybody's newest", like, 1, []labeling.Past{third}},
		{"one organisation's", org, 9, []labeling.Past{second, first}},
		{"one organisation's newest", org, 1, []labeling.Past{second}},
		{"one project's", project, 9, []labeling.Past{second}},
		{"of more choices than any", labeling.Like{Type: polls.Choice, Choices: 4}, 9, nil},
	} {
		got, err := w.history.Past(ctx, tt.like, tt.limit)
		w.must(err)
		w.same(tt.name, got, tt.want)
	}
}

// testTimings: the times of answers are the server's and the device's.
func testTimings(w *historyWorld) {
	ctx := w.T.Context()
	person, other := w.Person(), w.Person()
	asked, unasked := w.Ask(w.Draft(3)), w.Ask(w.Draft(3))
	given := w.Now
	lease, taken := w.Take(person, asked), w.Take(other, asked)
	w.Take(person, unasked)
	w.Now = w.Now.Add(9 * time.Second)
	answer, late := w.Submission(person, asked, lease, 1), w.Submission(other, asked, taken, 0)
	answer.Answer.ClientMS = 12345
	w.Record(answer, late)
	want := map[polls.RespondentID]labeling.Timing{
		person.Respondent: {Respondent: person.Respondent, Device: person.Device, Given: given, Accepted: w.Now, ClientMS: 12345},
		other.Respondent:  {Respondent: other.Respondent, Device: other.Device, Given: given, Accepted: w.Now, ClientMS: w.Now.UnixMilli()},
	}
	timings, err := w.history.Timings(ctx, []polls.QuestionID{asked.ID, unasked.ID, polls.QuestionID(tasknet.NewID(polls.QuestionPrefix, w.Now))}, 9)
	w.must(err)
	got := make(map[polls.RespondentID]labeling.Timing)
	for _, t := range timings {
		got[t.Respondent] = t
	}
	w.same("timings", got, want)
	if one, err := w.history.Timings(ctx, []polls.QuestionID{asked.ID}, 1); err != nil || len(one) != 1 {
		w.T.Errorf("one of two: %+v, %v", one, err)
	}
	if none, err := w.history.Timings(ctx, nil, 9); err != nil || len(none) != 0 {
		w.T.Errorf("of no questions: %+v, %v", none, err)
	}
}
