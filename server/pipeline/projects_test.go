package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// taskFiles gives the same rows for every import.
type taskFiles struct {
	mu      sync.Mutex
	rows    []any // labeling.TaskRow or error
	opened  int
	removed []labeling.ImportID
}

func (f *taskFiles) Write(context.Context, labeling.ImportID, int64, []byte) error { return nil }

func (f *taskFiles) Rows(context.Context, *labeling.Import, *labeling.Project) iter.Seq2[labeling.TaskRow, error] {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened++
	rows := f.rows
	return func(yield func(labeling.TaskRow, error) bool) {
		for _, r := range rows {
			row, _ := r.(labeling.TaskRow)
			err, _ := r.(error)
			if !yield(row, err) {
				return
			}
		}
	}
}

func (f *taskFiles) Remove(_ context.Context, id labeling.ImportID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.removed = append(f.removed, id)
	return nil
}

// textRows are n rows, of which every seventh is malformed.
func textRows(n int) (rows []any) {
	for i := range n {
		if i%7 == 6 {
			rows = append(rows, &labeling.BadRow{Line: i + 2, Problem: "no text"})
			continue
		}
		rows = append(rows, labeling.TaskRow{Key: fmt.Sprintf("k%05d", i), Text: fmt.Sprintf("Message %d", i)})
	}
	return rows
}

// onProjects runs the loop of projects until a condition holds.
func (b *bench) onProjects(t *testing.T, until func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.RunProjects(ctx) }()
	defer func() {
		stop()
		check(t, <-done)
	}()
	for end := time.Now().Add(20 * time.Second); !until(); {
		if time.Now().After(end) {
			t.Fatal("it takes too long")
		}
		select {
		case <-time.After(2 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
}

func (b *bench) newProject(t *testing.T) *labeling.Project {
	t.Helper()
	policy, err := polls.ParsePolicy("fixed:3", 0, 0)
	check(t, err)
	p, err := labeling.NewProject(labeling.ProjectDraft{
		Org: b.org, Name: "Spam", Template: labeling.Template{Type: polls.YesNo, Text: "Is this spam?"}, Policy: policy, Price: tasknet.Micro(1000), Lifetime: time.Hour,
	}, b.clock())
	check(t, err)
	check(t, b.stores.Projects().CreateProject(t.Context(), p))
	return p
}

func (b *bench) project(t *testing.T, id labeling.ProjectID) *labeling.Project {
	t.Helper()
	p, err := b.stores.Projects().Project(t.Context(), id)
	check(t, err)
	return p
}

func (b *bench) newImport(t *testing.T, p *labeling.Project) *labeling.Import {
	t.Helper()
	var i *labeling.Import
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		i, err = b.NewImport(t.Context(), tx, b.org, p.ID, "tasks.csv")
		return err
	}))
	i, err := b.ReceiveImport(t.Context(), i, 0, []byte("some"))
	check(t, err)
	i, err = b.StartImport(t.Context(), i)
	check(t, err)
	return i
}

func (b *bench) importOf(t *testing.T, id labeling.ImportID) *labeling.Import {
	t.Helper()
	i, err := b.stores.Projects().Import(t.Context(), id)
	check(t, err)
	return i
}

// tasks returns a project's tasks by their keys.
func (b *bench) tasks(t *testing.T, id labeling.ProjectID) []labeling.Task {
	t.Helper()
	var all []labeling.Task
	for page := (tasknet.Page{Limit: 500}); ; {
		list, next, err := b.stores.Projects().Tasks(t.Context(), id, "", page)
		check(t, err)
		all = append(all, list...)
		if page.After = next; next == "" {
			return all
		}
	}
}

func (b *bench) conserved(t *testing.T) {
	t.Helper()
	totals, err := b.stores.Rewards().Totals(t.Context())
	check(t, err)
	if !totals.Conserved() {
		t.Fatalf("money is not conserved: %+v", totals)
	}
}

func TestImport(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(1200)
	p := b.newProject(t)
	i := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })
	got := b.importOf(t, i.ID)
	if got.State != labeling.ImportDone || got.Rows != 1200 || got.Made != 1029 || got.Malformed != 171 || got.Known != 0 || len(got.First) != labeling.MalformedKept {
		t.Fatalf("the import is %+v", got)
	}
	if got.First[0] != (labeling.BadRow{Line: 8, Problem: "no text"}) || got.First[19].Line != 8+19*7 {
		t.Fatalf("malformed rows %+v", got.First)
	}
	tasks := b.tasks(t, p.ID)
	if len(tasks) != 1029 || tasks[0].Key != "k00000" || tasks[0].Import != i.ID {
		t.Fatalf("%d tasks, the first %+v", len(tasks), tasks[0])
	}
	q, err := b.stores.Polls().Question(t.Context(), tasks[3].Question)
	check(t, err)
	if q.Project != string(p.ID) || q.Text != "Is this spam?" || q.Passage != "Message 3" || q.Price != tasknet.Micro(1000) {
		t.Fatalf("the question of a task is %+v", q)
	}
	now := b.project(t, p.ID)
	if now.Counts != (labeling.ProjectCounts{Tasks: 1029, Open: 1029}) || now.Imports != 0 || now.Status != labeling.Running {
		t.Fatalf("the project is %+v", now)
	}
	if left := b.balance(t, rewards.Requester(string(b.org))); left != tasknet.Micro(10*tasknet.MicroPerToken-1029*3450) {
		t.Fatalf("%s is left", left)
	}
	b.conserved(t)
	if diff := cmp.Diff([]labeling.ImportID{i.ID}, b.files.removed); diff != "" {
		t.Fatal(diff)
	}
	events, err := b.stores.Events().EventsAfter(t.Context(), b.org, pipeline.QuestionCreated, 0, 2000)
	check(t, err)
	if len(events) != 1029 || events[1028].Question == events[0].Question || events[1028].Seq-events[0].Seq != 1028 {
		t.Fatalf("%d events", len(events))
	}

	again := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, again.ID).Over() })
	if got := b.importOf(t, again.ID); got.Made != 0 || got.Known != 1029 || got.Repeated() != 0 || len(b.tasks(t, p.ID)) != 1029 {
		t.Fatalf("imported again: %+v", got)
	}
}

// TestRepeatedKeys: a key that comes twice in a file is told apart from one that the project had, within a batch of rows and
// from one to another.
func TestRepeatedKeys(t *testing.T) {
	b := newBench(t)
	rows := textRows(labeling.ImportBatch + 100)
	b.files.rows = append(rows[:len(rows):len(rows)], rows[1], rows[2], rows[labeling.ImportBatch+1], rows[labeling.ImportBatch+1])
	p := b.newProject(t)
	first := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, first.ID).Over() })
	got := b.importOf(t, first.ID)
	if got.Known != 0 || got.Repeated() != 4 || got.Rows != labeling.ImportBatch+104 || got.Made+got.Malformed != labeling.ImportBatch+100 {
		t.Errorf("rows that come twice: %+v, %d repeated", got, got.Repeated())
	}
	again := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, again.ID).Over() })
	if now := b.importOf(t, again.ID); now.Known != got.Made+4 || now.Repeated() != 0 || now.Made != 0 {
		t.Errorf("all of them again: %+v, %d repeated", now, now.Repeated())
	}
}

// TestImportGoesOn stops the loop at every place that an import can be at, and goes on.
func TestImportGoesOn(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(2100)
	p := b.newProject(t)
	i := b.newImport(t, p)
	for _, rows := range []int{500, 1000, 1500, 2000} {
		b.onProjects(t, func() bool { return b.importOf(t, i.ID).Rows >= rows })
	}
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })
	if got := b.importOf(t, i.ID); got.State != labeling.ImportDone || got.Rows != 2100 || got.Made != 1800 || got.Malformed != 300 || got.Known != 0 {
		t.Fatalf("the import is %+v", got)
	}
	if n := len(b.tasks(t, p.ID)); n != 1800 {
		t.Fatalf("%d tasks", n)
	}
}

func TestImportWithoutMoney(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(3500) // 3000 tasks of 3450 micro-units each
	p := b.newProject(t)
	i := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).State != labeling.Importing })
	got := b.importOf(t, i.ID)
	if got.State != labeling.ImportStopped || got.Problem != "insufficient_funds" || got.Detail == "" || got.Rows != 3000 {
		t.Fatalf("the import is %+v", got)
	}
	b.conserved(t)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "second", tasknet.Micro(tasknet.MicroPerToken), start)))
	_, err := b.StartImport(t.Context(), got)
	check(t, err)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })
	if got := b.importOf(t, i.ID); got.State != labeling.ImportDone || got.Problem != "" || got.Made != 3000 {
		t.Fatalf("after a deposit it is %+v", got)
	}
	b.conserved(t)
}

func TestImportWaitsForItsProject(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(100)
	p := b.newProject(t)
	move := func(f func(*labeling.Project) error) {
		t.Helper()
		_, err := b.ChangeProject(t.Context(), b.org, p.ID, f)
		check(t, err)
	}
	move((*labeling.Project).Pause)
	i := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.project(t, p.ID).Work == labeling.NoWork })
	if got := b.importOf(t, i.ID); got.State != labeling.Importing || got.Rows != 0 {
		t.Fatalf("while the project is paused the import is %+v", got)
	}
	move((*labeling.Project).Resume)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })

	move((*labeling.Project).Cancel)
	late := b.importOf(t, i.ID)
	if _, err := b.StartImport(t.Context(), late); err != nil {
		t.Fatalf("starting what is done: %v", err)
	}
	err := b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		_, err := b.NewImport(t.Context(), tx, b.org, p.ID, "more.csv")
		return err
	})
	if !errors.Is(err, labeling.ErrProjectOver) {
		t.Fatalf("an import into a project that is cancelled: %v", err)
	}
}

func TestImportCancelled(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(2100)
	p := b.newProject(t)
	i := b.newImport(t, p)
	before := b.importOf(t, i.ID)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Rows > 0 })
	cancelled, err := b.CancelImport(t.Context(), before) // as it was looked at: it has gone on since
	if err != nil || cancelled.State != labeling.ImportCancelled {
		t.Fatalf("cancelled: %+v, %v", cancelled, err)
	}
	made := b.importOf(t, i.ID).Made
	if _, err := b.StartImport(t.Context(), b.importOf(t, i.ID)); !errors.Is(err, labeling.ErrImportOver) {
		t.Fatalf("started again: %v", err)
	}
	if got := b.project(t, p.ID); got.Counts.Tasks != made || got.Imports != 0 || made == 0 {
		t.Fatalf("%d were made, the project is %+v", made, got)
	}
}

// TestProjectMoves pauses, resumes, cancels and reopens a project, and counts its money at each step.
func TestProjectMoves(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(700)
	p := b.newProject(t)
	i := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })
	move := func(f func(*labeling.Project) error) {
		t.Helper()
		_, err := b.ChangeProject(t.Context(), b.org, p.ID, f)
		check(t, err)
		b.onProjects(t, func() bool { return b.project(t, p.ID).Work == labeling.NoWork })
	}
	open := func(want int) {
		t.Helper()
		person := polls.RespondentID(fmt.Sprintf("rsp_looker%d", want))
		_, err := b.stores.Polls().Register(t.Context(), polls.Respondent{ID: person, Wallet: polls.Wallet{byte(want), 9}, CreatedAt: start},
			polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{byte(want), 9}, Device: polls.DeviceKey{byte(want), 9}, Issued: start, Expires: start.Add(time.Hour)}, RegisteredAt: start})
		check(t, err)
		standing, err := b.stores.Polls().Standing(t.Context(), polls.Claim{Respondent: person, Count: 1000, At: b.clock(), Margin: 1})
		check(t, err)
		if standing.Available != want {
			t.Fatalf("%d questions can be answered, want %d", standing.Available, want)
		}
	}
	if _, err := b.ChangeProject(t.Context(), "org_other", p.ID, (*labeling.Project).Pause); !errors.Is(err, labeling.ErrNoProject) {
		t.Fatalf("somebody else paused it: %v", err)
	}
	open(600)
	move((*labeling.Project).Pause)
	open(0)
	move((*labeling.Project).Pause)
	move((*labeling.Project).Resume)
	open(600)

	task := b.tasks(t, p.ID)[0]
	q, err := b.stores.Polls().Question(t.Context(), task.Question)
	check(t, err)
	for range 3 {
		b.answer(t, q, 0)
	}
	b.closing(t, q.ID)
	want := labeling.ProjectCounts{Tasks: 600, Open: 599, Done: 1, Answers: 3, Paid: tasknet.Micro(3000), Fees: tasknet.Micro(450)}
	if got := b.project(t, p.ID).Counts; got != want {
		t.Fatalf("counts %+v, want %+v", got, want)
	}

	move((*labeling.Project).Cancel)
	open(0)
	want.Open, want.Ended = 0, 599
	if got := b.project(t, p.ID); got.Counts != want || got.Status != labeling.ProjectCancelled {
		t.Fatalf("the project is %+v, want counts %+v", got, want)
	}
	if left := b.balance(t, rewards.Requester(string(b.org))); left != tasknet.Micro(10*tasknet.MicroPerToken-3450) {
		t.Fatalf("%s is left", left)
	}
	b.conserved(t)

	move((*labeling.Project).Reopen)
	open(599)
	want.Open, want.Ended = 599, 0
	if got := b.project(t, p.ID); got.Counts != want || got.Status != labeling.Running {
		t.Fatalf("reopened, the project is %+v, want counts %+v", got, want)
	}
	tasks := b.tasks(t, p.ID)
	if tasks[0] != (labeling.Task{Project: p.ID, Key: task.Key, Question: task.Question, State: labeling.TaskDone, Import: i.ID, Asked: 1, Importance: labeling.Important}) || tasks[1].Asked != 2 {
		t.Fatalf("tasks %+v", tasks[:2])
	}
	again, err := b.stores.Polls().Question(t.Context(), tasks[1].Question)
	check(t, err)
	if again.Passage != "Message 1" || again.Status != polls.Open {
		t.Fatalf("asked again: %+v", again)
	}
	b.conserved(t)
}

// TestReopenWithoutMoney reopens a project that its organisation cannot pay, and again after a deposit.
func TestReopenWithoutMoney(t *testing.T) {
	b := newBench(t)
	b.files.rows = textRows(700)
	p := b.newProject(t)
	i := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })
	move := func(f func(*labeling.Project) error) {
		t.Helper()
		_, err := b.ChangeProject(t.Context(), b.org, p.ID, f)
		check(t, err)
	}
	move((*labeling.Project).Cancel)
	b.onProjects(t, func() bool { return b.project(t, p.ID).Work == labeling.NoWork })
	all := b.balance(t, rewards.Requester(string(b.org)))
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Hold(string(b.org), "q_elsewhere", all.Sub(tasknet.Micro(5)), start)))
	move((*labeling.Project).Reopen)
	b.onProjects(t, func() bool { return b.project(t, p.ID).Problem != "" })
	if got := b.project(t, p.ID); got.Problem != "insufficient_funds" || got.Work != labeling.Reopening || got.Counts.Open != 0 {
		t.Fatalf("without money the project is %+v", got)
	}
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "second", tasknet.Micro(5*tasknet.MicroPerToken), start)))
	move((*labeling.Project).Resume)
	b.onProjects(t, func() bool { return b.project(t, p.ID).Work == labeling.NoWork })
	if got := b.project(t, p.ID); got.Counts.Open != 600 || got.Counts.Ended != 0 {
		t.Fatalf("after a deposit the project is %+v", got)
	}
	b.conserved(t)
}

// TestProjectCompletes closes all tasks of a project by their deadlines.
func TestProjectCompletes(t *testing.T) {
	b := newBench(t)
	p := b.newProject(t)
	rows, err := b.PrepareTasks(t.Context(), []labeling.TaskRow{{Line: 1, Text: "One"}, {Line: 2, Text: "One"}, {Line: 3, Key: "two", Text: "Two", Truth: "No"}, {Line: 4, Text: "x", Truth: "maybe"}})
	check(t, err)
	var added pipeline.AddedTasks
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		added, err = b.AddTasks(t.Context(), tx, p, rows)
		return err
	}))
	if added.Made != 2 || added.Known != 0 || added.Repeated != 1 || added.Malformed != 1 || added.First[0].Line != 4 {
		t.Fatalf("added %+v", added)
	}
	two, err := b.stores.Projects().Task(t.Context(), p.ID, "two")
	if err != nil || two.Truth != "1" {
		t.Fatalf("a task with a truth: %+v, %v", two, err)
	}
	gold := func(want labeling.GoldState) {
		t.Helper()
		for _, task := range b.tasks(t, p.ID) {
			g, err := b.stores.Labels().Gold(t.Context(), task.Question)
			if check(t, err); (g != nil) != (task.Key == "two") || g != nil && (g.Choice != 1 || g.State != want) {
				t.Errorf("the known answer of task %s: %+v", task.Key, g)
			}
		}
	}
	gold(labeling.GoldHidden)
	b.pass(time.Hour)
	for _, task := range b.tasks(t, p.ID) {
		b.closing(t, task.Question)
	}
	gold(labeling.GoldOpened)
	got := b.project(t, p.ID)
	if got.Status != labeling.Completed || got.Counts != (labeling.ProjectCounts{Tasks: 2, Ended: 2}) {
		t.Fatalf("the project is %+v", got)
	}
}

// TestProjectLearnsFromItself: of a project whose tasks were all asked at once, those that are assigned later are weighed by what
// the earlier ones have taught. They take fewer answers and claim their confidence, and gold that skilled people contradict is
// suspended.
func TestProjectLearnsFromItself(t *testing.T) {
	b := newBench(t)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "more", tasknet.Micro(1000*tasknet.MicroPerToken), start)))
	policy, err := polls.ParsePolicy("confidence:0.95", 3, 5)
	check(t, err)
	p, err := labeling.NewProject(labeling.ProjectDraft{
		Org: b.org, Name: "Spam", Template: labeling.Template{Type: polls.YesNo, Text: "Is this spam?"}, Policy: policy, Price: tasknet.Micro(1000), Lifetime: 10 * time.Hour, GoldPPM: 100_000,
	}, b.clock())
	check(t, err)
	check(t, b.stores.Projects().CreateProject(t.Context(), p))
	const tasks, goldEvery, lessonEvery, wrongFrom = 400, 2, 50, 300
	truth := func(i int) int { return i / goldEvery % 2 }
	rows := make([]labeling.TaskRow, tasks)
	for i := range rows {
		rows[i] = labeling.TaskRow{Key: fmt.Sprintf("k%05d", i), Text: fmt.Sprintf("Message %d", i)}
		if i%goldEvery == 0 {
			rows[i].Truth = []string{"Yes", "No"}[truth(i)]
		}
		if i > wrongFrom && i%20 == 0 {
			rows[i].Truth = []string{"No", "Yes"}[truth(i)]
		}
	}
	in, err := b.PrepareTasks(t.Context(), rows)
	check(t, err)
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		_, err := b.AddTasks(t.Context(), tx, p, in)
		return err
	}))

	random := rand.New(rand.NewPCG(5, 5))
	var answers, claims [tasks / lessonEvery]int // by lesson
	suspended := 0
	for i, k := range b.tasks(t, p.ID) {
		part := i / lessonEvery
		for _, person := range random.Perm(5) {
			q := b.stands(t, k.Question)
			if q.Wanted == 0 {
				break
			}
			choice, accuracy := truth(i), 0.97
			if person < 2 {
				accuracy = 0.6
			}
			if random.Float64() > accuracy {
				choice = 1 - choice
			}
			b.answerOf(t, person+1, q, choice, true)
			answers[part]++
		}
		v := b.closing(t, k.Question)
		if v.Claims {
			claims[part]++
		}
		g, err := b.stores.Labels().Gold(t.Context(), k.Question)
		check(t, err)
		if wrong := g != nil && i > wrongFrom && i%20 == 0; wrong && g.State == labeling.GoldSuspended {
			suspended++
		}
		b.pass(time.Millisecond)
		if i%lessonEvery == lessonEvery-1 {
			check(t, b.Learn(t.Context()))
		}
	}
	last := len(claims) - 1
	if claims[0] != 0 || claims[last] < lessonEvery*9/10 {
		t.Errorf("of each %d tasks %v claim their confidence, want none of the first and nearly all of the last", lessonEvery, claims)
	}
	if answers[last]*10 > answers[0]*9 {
		t.Errorf("each %d tasks took %v answers, want fewer for the last", lessonEvery, answers)
	}
	if suspended == 0 {
		t.Error("no wrong gold was suspended")
	}
	b.conserved(t)
}
