package labelingtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// TestDatasets tests a store of datasets. open returns an empty one, with the others beside it; it is called once in each
// subtest.
func TestDatasets(t *testing.T, open func(*testing.T) (labeling.DatasetStore, labeling.ProjectStore, labeling.Store, polls.Store)) {
	for name, test := range map[string]func(*datasetWorld){
		"Versions": testVersions,
		"Rows":     testRows,
		"Closed":   testClosedTasks,
		"Skips":    testSkips,
	} {
		t.Run(name, func(t *testing.T) {
			datasets, projects, labels, questions := open(t)
			test(&datasetWorld{projectWorld{world{pollstest.NewWorld(t, questions), labels}, projects}, datasets})
		})
	}
}

type datasetWorld struct {
	projectWorld
	datasets labeling.DatasetStore
}

func (w *datasetWorld) version(p *labeling.Project, source labeling.LabelSource) *labeling.Dataset {
	w.T.Helper()
	w.Now = w.Now.Add(time.Second)
	d := labeling.NewDataset(p, source, w.Now)
	w.must(w.datasets.CreateDataset(w.T.Context(), d))
	return d
}

func testVersions(w *datasetWorld) {
	ctx := w.T.Context()
	p := w.project("one")
	one, two := w.version(p, labeling.FromVerdicts), w.version(p, labeling.FromAuto)
	w.version(w.project("other"), labeling.FromAuto)
	sealing := func(want ...labeling.DatasetID) {
		w.T.Helper()
		got, err := w.datasets.SealingDatasets(ctx, 2)
		w.must(err)
		w.equal("being sealed", got, want)
	}
	read := func(want *labeling.Dataset) {
		w.T.Helper()
		got, err := w.datasets.Dataset(ctx, want.ID)
		w.must(err)
		w.equal("a dataset", got, want)
	}
	sealing(one.ID, two.ID)
	read(one)
	one.Method, one.Reason = "ds", "It predicts best."
	w.must(one.Seal(p, [][32]byte{{1}, {2}, {3}}, w.Now))
	w.must(w.datasets.SaveDataset(ctx, one))
	read(one)
	w.want("sealing it twice", w.datasets.SaveDataset(ctx, one), labeling.ErrDatasetSealed)
	two.State, two.Problem = labeling.SealingFailed, "No."
	w.must(w.datasets.SaveDataset(ctx, two))
	read(two)
	list, next, err := w.datasets.Datasets(ctx, p.ID, tasknet.Page{Limit: 1})
	if err != nil || len(list) != 1 || list[0].ID != two.ID || next == "" {
		w.T.Errorf("the newest: %v, %q, %v", list, next, err)
	}
	list, next, err = w.datasets.Datasets(ctx, p.ID, tasknet.Page{After: next})
	if err != nil || len(list) != 1 || list[0].ID != one.ID || next != "" {
		w.T.Errorf("the one before: %v, %q, %v", list, next, err)
	}
	_, err = w.datasets.Dataset(ctx, "ds_none")
	w.want("no dataset", err, labeling.ErrNoDataset)
}

func testRows(w *datasetWorld) {
	ctx := w.T.Context()
	p := w.project("one")
	d := w.version(p, labeling.FromVerdicts)
	rows := make([]labeling.DatasetRow, 7)
	hashes := make([][32]byte, len(rows))
	for i := range rows {
		rows[i] = labeling.DatasetRow{Key: fmt.Sprintf("k%d", i), Hash: [32]byte{byte(i), 9}, Content: fmt.Sprintf(`{"n":%d}`, i)}
		hashes[i] = rows[i].Hash
	}
	w.must(w.datasets.AddDatasetRows(ctx, d.ID, rows[3:]))
	w.must(w.datasets.AddDatasetRows(ctx, d.ID, rows[:3]))
	var got []labeling.DatasetRow
	for page := (tasknet.Page{Limit: 3}); ; {
		list, next, err := w.datasets.DatasetRows(ctx, d.ID, page)
		w.must(err)
		got = append(got, list...)
		if page.After = next; next == "" {
			break
		}
	}
	w.equal("rows", got, rows)
	for _, want := range []int{5, 2, 0} {
		if n, err := w.datasets.DropDatasetRows(ctx, d.ID, 5); n != want || err != nil {
			w.T.Errorf("dropped %d, %v; want %d", n, err, want)
		}
	}
	w.must(w.datasets.AddDatasetRows(ctx, d.ID, rows))
	w.must(d.Seal(p, hashes, w.Now))
	w.must(w.datasets.SaveDataset(ctx, d))
	w.want("a row more when it is sealed", w.datasets.AddDatasetRows(ctx, d.ID, []labeling.DatasetRow{{Key: "late"}}), labeling.ErrDatasetSealed)
	_, err := w.datasets.DropDatasetRows(ctx, d.ID, 5)
	w.want("rows less when it is sealed", err, labeling.ErrDatasetSealed)
	again, _, err := w.datasets.DatasetRows(ctx, d.ID, tasknet.Page{})
	w.must(err)
	w.equal("rows when it is sealed", again, rows)
}

// testSkips has people give tasks back, open ones and closed ones, with and without a reason.
func testSkips(w *datasetWorld) {
	ctx := w.T.Context()
	p, other := w.project("one"), w.project("other")
	people := w.People(4)
	for i, of := range []struct {
		project *labeling.Project
		reasons []string
	}{
		{p, []string{"broken", "broken", "unclear", "none"}}, {p, []string{"not_for_me", "", "none"}}, {p, nil}, {p, []string{"unclear", "broken"}}, {other, []string{"offensive"}},
	} {
		draft := w.Draft(3)
		draft.Project = string(of.project.ID)
		q := w.Ask(draft)
		w.must(w.projects.AddTasks(ctx, []labeling.Task{{Project: of.project.ID, Key: fmt.Sprintf("k%d", i), Question: q.ID, State: labeling.TaskOpen, Asked: 1}}))
		for j, reason := range of.reasons {
			w.must(w.Store.SkipAssignment(ctx, people[j].Respondent, w.Take(people[j], q).ID, reason, w.Now))
		}
		if i == 3 {
			w.Answer(people[3], q, 1)
			w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
		}
	}
	first, err := w.projects.Task(ctx, p.ID, "k0")
	w.must(err)
	last, err := w.projects.Task(ctx, p.ID, "k3")
	w.must(err)
	all, tasks, err := w.datasets.Skips(ctx, p.ID, 3)
	w.must(err)
	w.equal("skips by reason", all, []labeling.ReportSkip{{Reason: "broken", Times: 3}, {Reason: "none", Times: 2}, {Reason: "unclear", Times: 2}, {Reason: "not_for_me", Times: 1}})
	w.equal("reported tasks", tasks, []labeling.ReportSkip{
		{Key: "k0", Question: first.Question, Reason: "broken", Times: 2}, {Key: "k0", Question: first.Question, Reason: "unclear", Times: 1}, {Key: "k3", Question: last.Question, Reason: "broken", Times: 1},
	})
	all, tasks, err = w.datasets.Skips(ctx, w.project("empty").ID, 3)
	if err != nil || all != nil || tasks != nil {
		w.T.Errorf("of no tasks: %v, %v, %v", all, tasks, err)
	}
}

// asked lists a project's tasks, of which those that are closed are given; k2 is open.
func (w *datasetWorld) asked(p *labeling.Project, closed []labeling.Task) {
	w.T.Helper()
	ctx := w.T.Context()
	list := func(state labeling.TaskState, limit int) (asked []labeling.AskedTask) {
		w.T.Helper()
		for page := (tasknet.Page{Limit: limit}); ; {
			some, next, err := w.datasets.AskedTasks(ctx, p.ID, state, page)
			w.must(err)
			asked = append(asked, some...)
			if page.After = next; next == "" {
				return asked
			}
		}
	}
	for i, t := range list(labeling.TaskDone, 3) {
		w.equal("a done task", t.Task, closed[i])
	}
	open, err := w.projects.Task(ctx, p.ID, "k2")
	w.must(err)
	want := slices.Insert(slices.Clone(closed), 2, open)
	for _, limit := range []int{1, 2, 100} {
		got := list("", limit)
		if len(got) != len(want) {
			w.T.Fatalf("%d tasks, want %d", len(got), len(want))
		}
		for i, t := range got {
			w.equal("a task", t.Task, want[i])
			q, err := w.Store.Question(ctx, t.Task.Question)
			w.must(err)
			w.equal("its question", t.Question, q)
			if t.Task.Key == "k2" {
				w.equal("the verdict on an open task", t.Verdict, (*labeling.Verdict)(nil))
				continue
			}
			v, err := w.labels.Verdict(ctx, q.ID)
			w.must(err)
			w.equal("its verdict", t.Verdict, v)
		}
	}
	if ended := list(labeling.TaskEnded, 0); len(ended) != 0 {
		w.T.Errorf("%d ended tasks", len(ended))
	}
}

func testClosedTasks(w *datasetWorld) {
	ctx := w.T.Context()
	p := w.project("one")
	people := w.People(3)
	var tasks []labeling.Task
	for i := range 5 {
		draft := w.Draft(3)
		draft.Project = string(p.ID)
		q := w.Ask(draft)
		t := labeling.Task{Project: p.ID, Key: fmt.Sprintf("k%d", i), Question: q.ID, State: labeling.TaskOpen, Truth: []string{"", "0", "1"}[i%3], Asked: 1}
		w.must(w.projects.AddTasks(ctx, []labeling.Task{t}))
		if i == 2 { // stays open
			continue
		}
		var together []*polls.Submission // in one commit
		for _, by := range people[:i%4] {
			together = append(together, w.Submission(by, q, w.Take(by, q), i%2))
		}
		if together != nil {
			w.Record(together...)
		}
		for _, s := range together {
			w.must(s.Err)
		}
		if i == 3 {
			w.must(w.labels.SaveStrikes(ctx, labeling.Strikes{{Question: q.ID, Respondent: people[1].Respondent, Snapshot: "hash", Answers: 3, Counted: 3, At: w.Now}}))
		}
		w.must(w.labels.SaveVerdict(ctx, w.verdict(q, i%2, i%4)))
		w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
		_, err := w.projects.EndTask(ctx, q.ID, labeling.TaskDone)
		w.must(err)
		t.State = labeling.TaskDone
		tasks = append(tasks, t)
	}
	w.asked(p, tasks)
	var closed []*labeling.ClosedTask
	for page := (tasknet.Page{Limit: 3}); ; {
		list, next, err := w.datasets.ClosedTasks(ctx, p.ID, page)
		w.must(err)
		closed = append(closed, list...)
		if page.After = next; next == "" {
			break
		}
	}
	if len(closed) != len(tasks) {
		w.T.Fatalf("%d closed tasks, want %d", len(closed), len(tasks))
	}
	rows := make([]labeling.DatasetRow, len(closed))
	for i, c := range closed {
		w.equal("a task", c.Task, tasks[i])
		q, err := w.Store.Question(ctx, c.Task.Question)
		w.must(err)
		w.equal("its question", c.Question, q)
		v, err := w.labels.Verdict(ctx, q.ID)
		w.must(err)
		w.equal("its verdict", c.Verdict, v)
		answers, err := w.Store.AnswersTo(ctx, q.ID)
		w.must(err)
		if len(answers) == 3 { // of which one does not count
			answers = slices.Delete(answers, 1, 2)
		}
		w.equal("its answers", c.Answers, answers)
		if len(c.Leaves) != len(answers) {
			w.T.Fatalf("%d leaves of %d answers", len(c.Leaves), len(answers))
		}
		for i, a := range answers {
			commit, err := w.Store.Commit(ctx, a.Receipt)
			w.must(err)
			w.equal("the leaf of an answer", c.Leaves[i], commit.First+int64(a.Index))
		}
		rows[i], err = labeling.NewDatasetRow(c, labeling.LabelOf(c.Verdict))
		w.must(err)
	}
	of, err := w.datasets.TasksOf(ctx, rows)
	w.must(err)
	for i, c := range of {
		if c.Task.Key != closed[i].Task.Key || c.Task.Truth != closed[i].Task.Truth {
			w.T.Errorf("row %d is of %s, whose truth is %q", i, c.Task.Key, c.Task.Truth)
		}
		w.equal("the question of a row", c.Question, closed[i].Question)
		w.equal("the answers of a row", c.Answers, closed[i].Answers)
	}
}
