package labeling

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// TestErasedVerdict: of a verdict that rests on erased answers all is computed but the value and the agreement.
func TestErasedVerdict(t *testing.T) {
	t.Parallel()
	q := &polls.Question{ID: "q_1", Type: polls.Text, Policy: polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3}, Options: polls.Options{Length: 9}}
	votes := []polls.Vote{{Respondent: "rsp_a", Value: `"abc"`}, {Respondent: "rsp_b", Value: `"abd"`}, {Respondent: "rsp_c", Choice: polls.CannotTell}}
	at := time.Unix(5, 0)
	decide := func(q *polls.Question, votes []polls.Vote) Verdict {
		t.Helper()
		v, err := Decide(q, votes, nil, Quorum, at)
		if err != nil {
			t.Fatal(err)
		}
		v.ID = "vrd_1"
		return *v
	}
	want := decide(q, votes)
	if want.Outcome != Decided || want.Value != `"abc"` || want.Agreement == 0 || want.CannotTell != 1 {
		t.Fatalf("%+v", want)
	}
	want.Value, want.Agreement = "", 0
	for n := range 2 {
		gone := slices.Clone(votes)
		for i := range n + 1 {
			gone[i].Value, gone[i].Erased = "", true
		}
		if got := decide(q, gone); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("with %d erased: %+v, want %+v", n+1, got, want)
		}
	}
	number := *q
	number.Type, number.Number = polls.Number, &polls.NumberRange{Max: 9_000_000}
	if _, err := Decide(&number, []polls.Vote{{Respondent: "rsp_a", Erased: true}}, nil, Deadline, at); err == nil {
		t.Error("a number was erased")
	}
}

// TestErasedGold: an erased answer to a gold was right or wrong, so that a snapshot is explained by either; and by nothing else.
func TestErasedGold(t *testing.T) {
	t.Parallel()
	q := &polls.Question{ID: "q_1", Type: polls.Text, Options: polls.Options{Length: 9}}
	records := NewValueRecords(polls.Text)
	for _, vote := range []polls.Vote{{Value: `"heron"`}, {Erased: true}, {Value: `"x"`}, {Erased: true}, {Choice: polls.CannotTell}} {
		vote.Respondent = "rsp_a"
		if err := records.Add(&Gold{Question: q.ID, Truth: Truth{Value: `"heron"`}, State: GoldOpened}, q, []polls.Vote{vote}); err != nil {
			t.Fatal(err)
		}
	}
	for counts, want := range map[[2]int]bool{
		{1, 0}: true, {2, 0}: true, {1, 1}: true, {2, 1}: true, {1, 2}: true, {3, 1}: true, {2, 2}: true, {1, 3}: true,
		{0, 0}: false, {0, 1}: false, {3, 0}: false, {0, 4}: false, {4, 0}: false, {4, 1}: false, {3, 2}: false,
	} {
		person := GoldRecord{Right: counts[0], Wrong: counts[1]}.confusion("rsp_a", polls.Text)
		for _, lied := range []bool{false, true} {
			said := person
			said.Void = person.Void != lied
			_, explained := records.Explain(&Snapshot{Known: &Family{People: []Confusion{said}}})
			if explained != (want && !lied) {
				t.Errorf("%d right and %d wrong, void %v: explained %v", counts[0], counts[1], said.Void, explained)
			}
		}
	}
}

// TestErasedLabels: labels are made of the answers that are left, and where none is, of the verdict; no file has what was erased,
// and a report counts it without reading it.
func TestErasedLabels(t *testing.T) {
	t.Parallel()
	c := crowds()[polls.Text]
	tasks := c.closed(t, 0)
	gone := func(task int, answers ...int) {
		for _, i := range answers {
			a := &tasks[task].Answers[i]
			a.Value, a.Choice, a.Erased = "", 0, true
		}
	}
	all := make([]int, len(tasks[3].Answers))
	for i := range all {
		all[i] = i
	}
	gone(3, all...)
	gone(4, 0)
	for i := range tasks[5].Answers { // who is left cannot tell
		tasks[5].Answers[i].Value, tasks[5].Answers[i].Choice = "", polls.CannotTell
	}
	gone(5, 0)
	tasks[3].Task.Truth = `"known"`
	labels, _, _ := relabel(t, tasks)
	for _, task := range []int{3, 5} {
		if want := LabelOf(tasks[task].Verdict); fmt.Sprint(labels[task]) != fmt.Sprint(want) {
			t.Errorf("task %d is labeled %+v, want %+v", task, labels[task], want)
		}
	}
	if labels[4].Value == "" || labels[4].Method == string(Medoid) {
		t.Errorf("of those that are left: %+v", labels[4])
	}
	row, err := NewDatasetRow(tasks[4], labels[4])
	if err != nil {
		t.Fatal(err)
	}
	d := &Dataset{ID: "ds_1"}
	file, err := d.Labeled(&row, tasks[4])
	if err != nil || len(file.Answers) != len(tasks[4].Answers)-1 || slices.ContainsFunc(file.Answers, func(a LabeledAnswer) bool { return a.Value == "" && a.Choice != polls.CannotTell }) {
		t.Errorf("a file has %+v, %v", file, err)
	}
	rec, err := row.Record()
	if err != nil || len(rec.Answers) != len(tasks[4].Answers) {
		t.Errorf("the record has %d hashes, %v", len(rec.Answers), err)
	}
	reporting, n := NewReporting(&Project{}), 0
	for _, task := range tasks {
		reporting.Add(task)
		n += len(task.Answers)
	}
	report, err := reporting.Report()
	if err != nil || report.Answers != n || report.Gold == nil {
		t.Errorf("the report: %+v, %v", report, err)
	}
}
