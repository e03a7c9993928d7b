package labelingtest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// TestProjects tests a store of projects. open returns an empty one, with the store of polls beside it; it is called once
// in each subtest.
func TestProjects(t *testing.T, open func(*testing.T) (labeling.ProjectStore, polls.Store)) {
	for name, test := range map[string]func(*projectWorld){
		"Projects":    testProjects,
		"Counts":      testCounts,
		"CountsRace":  testCountsRace,
		"Work":        testWork,
		"Tasks":       testTasks,
		"TaskRace":    testTaskRace,
		"Questions":   testMoveQuestions,
		"OpenAnswers": testOpenAnswers,
		"Most":        testMostPerPerson,
		"MostBehind":  testMostBehind,
		"MostRace":    testMostRace,
		"Imports":     testImports,
		"ImportRace":  testImportRace,
		"Languages":   testLanguages,
		"Taste":       testTaste,
	} {
		t.Run(name, func(t *testing.T) {
			projects, questions := open(t)
			test(&projectWorld{world{pollstest.NewWorld(t, questions), nil}, projects})
		})
	}
}

type projectWorld struct {
	world
	projects labeling.ProjectStore
}

func (w *world) equal(what string, got, want any) {
	w.T.Helper()
	amounts := cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b })
	if diff := cmp.Diff(want, got, amounts); diff != "" {
		w.T.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w *projectWorld) want(what string, err, want error) {
	w.T.Helper()
	if !errors.Is(err, want) {
		w.T.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// testLanguages: the store chooses no project for somebody that is in languages that they do not read, as the project is now.
func testLanguages(w *projectWorld) {
	ctx := w.T.Context()
	ask := func(project string) polls.QuestionID {
		d := w.Draft(9)
		d.Project = project
		return w.Ask(d).ID
	}
	german := w.draft("German")
	german.Languages = []string{"de", "pt-BR"}
	p, err := labeling.NewProject(german, w.Now)
	w.must(err)
	w.must(w.projects.CreateProject(ctx, p))
	any := w.draft("Any")
	any.Languages = nil
	q, err := labeling.NewProject(any, w.Now)
	w.must(err)
	w.must(w.projects.CreateProject(ctx, q))
	inGerman, inAny, alone := ask(string(p.ID)), ask(string(q.ID)), ask("")

	want := func(reads []string, want ...polls.QuestionID) {
		w.T.Helper()
		c := w.Claim(w.Person(), 9)
		c.Reads = reads
		standing, err := w.Store.Standing(ctx, c)
		w.must(err)
		leases, err := w.Store.ClaimAssignments(ctx, c)
		w.must(err)
		got := []polls.QuestionID{}
		for _, l := range leases {
			got = append(got, l.Question.ID)
		}
		slices.Sort(got)
		w.equal(fmt.Sprintf("questions for who reads %q", reads), got, want)
		w.equal("how many could be had", standing.Available, len(want))
	}
	want([]string{"en", "fr"}, inAny, alone)
	want([]string{"en", "pt"}, inGerman, inAny, alone)
	want([]string{"de"}, inGerman, inAny, alone)
	want(nil, inGerman, inAny, alone)
	p.Languages = []string{"fr"}
	w.must(w.projects.SaveProject(ctx, p))
	want([]string{"de"}, inAny, alone)
	p.Languages = nil
	w.must(w.projects.SaveProject(ctx, p))
	want([]string{"de"}, inGerman, inAny, alone)

	// Who is told of a question may answer it, whatever they say that they read.
	p.Languages = []string{"fr"}
	w.must(w.projects.SaveProject(ctx, p))
	named := w.Claim(w.Person(), 1)
	named.Question, named.Reads = inGerman, []string{"de"}
	if leases, err := w.Store.ClaimAssignments(ctx, named); err != nil || len(leases) != 1 {
		w.T.Errorf("a question that is named: %v, %v", leases, err)
	}
}

// testTaste: the store chooses nothing for somebody that is marked as what they avoid, by itself or by its project as that is now, or is of
// a type that they avoid; and what they like comes first.
func testTaste(w *projectWorld) {
	ctx := w.T.Context()
	const adult, hate, animals, sport = 1 << 2, 1 << 3, 1 << 16, 1 << 30
	marked := w.draft("Marked")
	marked.Languages, marked.Content = nil, hate|animals
	p, err := labeling.NewProject(marked, w.Now)
	w.must(err)
	w.must(w.projects.CreateProject(ctx, p))
	ask := func(project string, kind polls.Type, content polls.Content) polls.QuestionID {
		w.Now = w.Now.Add(time.Second)
		d := w.Draft(50)
		d.Project, d.Content = project, content
		if kind != "" {
			d.Type, d.Choices = kind, nil
		}
		return w.Ask(d).ID
	}
	plain, numbers, grown, both := ask("", "", 0), ask("", polls.Text, sport), ask("", "", adult), ask(string(p.ID), "", adult)

	take := func(t polls.Taste) []polls.QuestionID {
		w.T.Helper()
		c := w.Claim(w.Person(), 9)
		c.Taste = t
		standing, err := w.Store.Standing(ctx, c)
		w.must(err)
		leases, err := w.Store.ClaimAssignments(ctx, c)
		w.must(err)
		got := []polls.QuestionID{}
		for _, l := range leases {
			got = append(got, l.Question.ID)
			if want := l.Question.Content; l.Question.ID == both && l.Content != want|p.Content || l.Question.ID != both && l.Content != want {
				w.T.Errorf("the content of %s is %b", l.Question.ID, l.Content)
			}
		}
		slices.Sort(got)
		w.equal("how many could be had", standing.Available, len(got))
		return got
	}
	avoids := func(content polls.Content, types ...polls.Type) polls.Taste {
		return polls.Taste{Avoids: polls.Avoids{Content: content, Types: types}}
	}
	for what, c := range map[string]struct {
		taste polls.Taste
		want  []polls.QuestionID
	}{
		"nothing":                     {polls.Taste{}, []polls.QuestionID{plain, numbers, grown, both}},
		"what nothing shows":          {avoids(1), []polls.QuestionID{plain, numbers, grown, both}},
		"a mark of questions":         {avoids(adult), []polls.QuestionID{plain, numbers}},
		"a mark of a project":         {avoids(hate), []polls.QuestionID{plain, numbers, grown}},
		"a topic of a project":        {avoids(animals), []polls.QuestionID{plain, numbers, grown}},
		"a type":                      {avoids(0, polls.Text), []polls.QuestionID{plain, grown, both}},
		"a type and a mark":           {avoids(hate, polls.Text, polls.Mask), []polls.QuestionID{plain, grown}},
		"a topic, reading a language": {polls.Taste{Reads: []string{"en"}, Avoids: polls.Avoids{Content: sport}}, []polls.QuestionID{plain, grown, both}},
	} {
		w.equal("questions for who avoids "+what, take(c.taste), c.want)
	}
	p.Content = 0
	w.must(w.projects.SaveProject(ctx, p))
	w.equal("when the project is marked no more", take(avoids(hate)), []polls.QuestionID{plain, numbers, grown, both})
	p.Content = sport
	w.must(w.projects.SaveProject(ctx, p))

	one := func(likes polls.Content) polls.QuestionID {
		w.T.Helper()
		c := w.Claim(w.Person(), 1)
		c.Likes = likes
		leases, err := w.Store.ClaimAssignments(ctx, c)
		w.must(err)
		return leases[0].Question.ID
	}
	w.equal("the first of who likes nothing", one(0), plain)
	w.equal("the first of who likes a topic", one(sport), numbers)
	w.equal("the first of who likes what there is not", one(animals), plain)

	// Who is told of a question may answer it, whatever they avoid.
	named := w.Claim(w.Person(), 1)
	named.Question, named.Taste = grown, avoids(adult)
	if leases, err := w.Store.ClaimAssignments(ctx, named); err != nil || len(leases) != 1 {
		w.T.Errorf("a question that is named: %v, %v", leases, err)
	}
}

// draft is a project with something in every field.
func (w *projectWorld) draft(name string) labeling.ProjectDraft {
	return labeling.ProjectDraft{
		Org: w.Org.ID, Name: name, Instructions: "Look closely.\nHerons are grey.",
		Examples: []labeling.Example{{Good: true, Text: "A grey bird", Answer: "yes", Why: "It stands in water."}},
		Template: labeling.Template{Type: polls.Multiple, Text: "Which birds are there?", Choices: []string{"heron", "egret", "stork"}, Options: polls.Options{Least: 1, Most: 2}},
		Policy:   polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3}, Price: tasknet.Micro(18_000), Lifetime: 24 * time.Hour, GoldPPM: 50_000, Languages: []string{"en", "pt-BR"}, MostPerPerson: 12, DifficultyPPM: 70_000, Content: 3 | 1<<20,
	}
}

func (w *projectWorld) project(name string) *labeling.Project {
	w.T.Helper()
	w.Now = w.Now.Add(time.Second)
	p, err := labeling.NewProject(w.draft(name), w.Now)
	w.must(err)
	w.must(w.projects.CreateProject(w.T.Context(), p))
	return p
}

// read returns what is stored of a project.
func (w *projectWorld) read(id labeling.ProjectID) *labeling.Project {
	w.T.Helper()
	p, err := w.projects.Project(w.T.Context(), id)
	w.must(err)
	return p
}

// tasks adds open tasks with these keys, each with a question of its own.
func (w *projectWorld) tasks(p *labeling.Project, keys ...string) []labeling.Task {
	w.T.Helper()
	tasks := make([]labeling.Task, len(keys))
	for i, key := range keys {
		tasks[i] = labeling.Task{Project: p.ID, Key: key, Question: w.Ask(w.Draft(3)).ID, State: labeling.TaskOpen, Import: "imp_1", Asked: 1, Importance: 1_500_000}
	}
	w.must(w.projects.AddTasks(w.T.Context(), tasks))
	return tasks
}

func testProjects(w *projectWorld) {
	ctx := w.T.Context()
	var made []*labeling.Project
	for _, name := range []string{"one", "two", "three", "four"} {
		p := w.project(name)
		w.equal("a project", w.read(p.ID), p)
		made = append(made, p)
	}
	number, err := polls.ParseNumberRange("-1.5", "20", 1, "kg")
	w.must(err)
	d := w.draft("numbers")
	d.Template = labeling.Template{Type: polls.Number, Options: polls.Options{Number: number}}
	d.Examples, d.Languages, d.Instructions = nil, nil, ""
	bare, err := labeling.NewProject(d, w.Now.Add(time.Second))
	w.must(err)
	w.must(w.projects.CreateProject(ctx, bare))
	got := w.read(bare.ID)
	if got.Text != "" || *got.Number != *number || len(got.Examples)+len(got.Languages)+len(got.Choices) != 0 {
		w.T.Errorf("a project of numbers is read as %+v", got)
	}

	two := made[1]
	w.must(two.Pause())
	two.WorkAfter, two.Problem, two.Name, two.Price = "k", "insufficient_funds", "zwei", tasknet.Micro(1)
	w.must(w.projects.SaveProject(ctx, two))
	w.equal("a changed project", w.read(two.ID), two)
	locked, err := w.projects.LockProject(ctx, two.ID)
	w.must(err)
	w.equal("a locked project", locked, two)

	stranger := w.NewOrg("Somebody else")
	var names []string
	page := tasknet.Page{Limit: 2}
	for {
		list, next, err := w.projects.Projects(ctx, w.Org.ID, "", page)
		w.must(err)
		for _, p := range list {
			names = append(names, p.Name)
		}
		if page.After = next; next == "" {
			break
		}
	}
	w.equal("names", names, []string{"numbers", "four", "three", "zwei", "one"})
	paused, next, err := w.projects.Projects(ctx, w.Org.ID, labeling.Paused, tasknet.Page{})
	if err != nil || len(paused) != 1 || paused[0].ID != two.ID || next != "" {
		w.T.Errorf("%d projects are paused, %v", len(paused), err)
	}
	if theirs, _, err := w.projects.Projects(ctx, stranger.ID, "", tasknet.Page{}); err != nil || len(theirs) != 0 {
		w.T.Errorf("a stranger has %d projects, %v", len(theirs), err)
	}
	_, err = w.projects.Project(ctx, "prj_none")
	w.want("no project", err, labeling.ErrNoProject)
	_, err = w.projects.LockProject(ctx, "prj_none")
	w.want("no project to lock", err, labeling.ErrNoProject)
	none := *two
	none.ID = "prj_none"
	w.want("no project to save", w.projects.SaveProject(ctx, &none), labeling.ErrNoProject)
}

func testCounts(w *projectWorld) {
	ctx := w.T.Context()
	p := w.project("one")
	w.must(w.projects.CompleteProject(ctx, p.ID))
	if got := w.read(p.ID).Status; got != labeling.Running {
		w.T.Errorf("a project without tasks is %s", got)
	}
	w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Tasks: 5, Open: 5}))
	w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Open: -3, Done: 2, Ended: 1, Answers: 7, Paid: tasknet.Micro(126_000), Fees: tasknet.Micro(18_900), Forfeited: tasknet.Micro(6)}))
	w.must(w.projects.CompleteProject(ctx, p.ID))
	got := w.read(p.ID)
	w.equal("counts", got.Counts, labeling.ProjectCounts{Tasks: 5, Open: 2, Done: 2, Ended: 1, Answers: 7, Paid: tasknet.Micro(126_000), Fees: tasknet.Micro(18_900), Forfeited: tasknet.Micro(6)})
	if got.Status != labeling.Running {
		w.T.Errorf("with open tasks it is %s", got.Status)
	}
	// Saving it is none of the counts' business.
	stale := *got
	stale.Counts = labeling.ProjectCounts{}
	w.must(w.projects.SaveProject(ctx, &stale))
	w.equal("counts after saving", w.read(p.ID).Counts, got.Counts)

	w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Open: -2, Done: 2}))
	w.must(w.projects.CompleteProject(ctx, p.ID))
	if got := w.read(p.ID).Status; got != labeling.Completed {
		w.T.Errorf("without open tasks it is %s", got)
	}
	w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Tasks: 1, Open: 1}))
	if got := w.read(p.ID).Status; got != labeling.Running {
		w.T.Errorf("with a new task it is %s", got)
	}
	for status, want := range map[labeling.ProjectStatus]error{labeling.Paused: labeling.ErrProjectPaused, labeling.ProjectCancelled: labeling.ErrProjectOver} {
		changed := w.read(p.ID)
		changed.Status = status
		w.must(w.projects.SaveProject(ctx, changed))
		w.want("tasks for a project that is "+string(status), w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Tasks: 1, Open: 1}), want)
		w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Open: -1, Done: 1}))
		w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Open: 1, Done: -1}))
		w.must(w.projects.CompleteProject(ctx, p.ID))
		w.equal("a project that is "+string(status), w.read(p.ID), changed)
	}
	w.want("tasks for none", w.projects.CountTasks(ctx, "prj_none", labeling.ProjectCounts{Tasks: 1, Open: 1}), labeling.ErrNoProject)
}

// testCountsRace counts from many places: nothing is lost.
func testCountsRace(w *projectWorld) {
	p := w.project("one")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := w.projects.CountTasks(w.T.Context(), p.ID, labeling.ProjectCounts{Tasks: 3, Open: 2, Done: 1, Answers: 3}); err != nil {
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	w.equal("counts", w.read(p.ID).Counts, labeling.ProjectCounts{Tasks: 60, Open: 40, Done: 20, Answers: 60})
}

func testWork(w *projectWorld) {
	ctx := w.T.Context()
	busy := func(want ...labeling.ProjectID) {
		w.T.Helper()
		got, err := w.projects.BusyProjects(ctx, 10)
		w.must(err)
		w.equal("busy", got, want)
	}
	busy()
	a, b := w.project("a"), w.project("b")
	w.must(a.Pause())
	w.must(b.Cancel())
	w.must(w.projects.SaveProject(ctx, a))
	w.must(w.projects.SaveProject(ctx, b))
	busy(a.ID, b.ID)
	if one, err := w.projects.BusyProjects(ctx, 1); err != nil || len(one) != 1 {
		w.T.Errorf("the first busy one: %v, %v", one, err)
	}
	a.Problem = "insufficient_funds"
	w.must(w.projects.SaveProject(ctx, a))
	busy(b.ID)
	b.Work = labeling.NoWork
	w.must(w.projects.SaveProject(ctx, b))
	busy()
}

func testTasks(w *projectWorld) {
	ctx := w.T.Context()
	p, other := w.project("one"), w.project("other")
	tasks := w.tasks(p, "b", "a", "ä", "c c", "B")
	w.tasks(other, "a")
	list := func(state labeling.TaskState, limit int) (keys []string) {
		w.T.Helper()
		for page := (tasknet.Page{Limit: limit}); ; {
			got, next, err := w.projects.Tasks(ctx, p.ID, state, page)
			w.must(err)
			for _, t := range got {
				keys = append(keys, t.Key)
			}
			if page.After = next; next == "" {
				return keys
			}
		}
	}
	for _, limit := range []int{1, 2, 5, 100} {
		w.equal("keys", list("", limit), []string{"B", "a", "b", "c c", "ä"})
	}
	got, err := w.projects.Task(ctx, p.ID, "a")
	w.must(err)
	w.equal("a task", got, tasks[1])
	_, err = w.projects.Task(ctx, p.ID, "A")
	w.want("no task", err, labeling.ErrNoTask)

	known, err := w.projects.KnownKeys(ctx, p.ID, []string{"a", "A", "ä", "", "c c"})
	w.must(err)
	w.equal("known keys", known, map[string]labeling.ImportID{"a": "imp_1", "ä": "imp_1", "c c": "imp_1"})
	known, err = w.projects.KnownKeys(ctx, p.ID, nil)
	if err != nil || len(known) != 0 {
		w.T.Errorf("known of no keys: %v, %v", known, err)
	}
	again := tasks[1]
	again.Question = w.Ask(w.Draft(3)).ID
	fresh := labeling.Task{Project: p.ID, Key: "z", Question: w.Ask(w.Draft(3)).ID, State: labeling.TaskOpen, Asked: 1}
	w.want("a key twice", w.projects.AddTasks(ctx, []labeling.Task{fresh, again}), labeling.ErrTaskExists)
	_, err = w.projects.Task(ctx, p.ID, "z")
	w.want("a task that came with it", err, labeling.ErrNoTask)

	for _, end := range []struct {
		task  labeling.Task
		state labeling.TaskState
	}{{tasks[0], labeling.TaskDone}, {tasks[1], labeling.TaskEnded}, {tasks[2], labeling.TaskEnded}} {
		of, err := w.projects.EndTask(ctx, end.task.Question, end.state)
		if err != nil || of != p.ID {
			w.T.Errorf("ending %s: %s, %v", end.task.Key, of, err)
		}
	}
	_, err = w.projects.EndTask(ctx, tasks[0].Question, labeling.TaskEnded)
	w.want("ending it twice", err, labeling.ErrNoTask)
	_, err = w.projects.EndTask(ctx, "q_none", labeling.TaskEnded)
	w.want("ending no task", err, labeling.ErrNoTask)
	w.equal("open", list(labeling.TaskOpen, 1), []string{"B", "c c"})
	w.equal("done", list(labeling.TaskDone, 1), []string{"b"})
	w.equal("ended", list(labeling.TaskEnded, 1), []string{"a", "ä"})

	q := w.Ask(w.Draft(3)).ID
	w.must(w.projects.AskAgain(ctx, tasks[1], q))
	got, err = w.projects.Task(ctx, p.ID, "a")
	w.must(err)
	if got.State != labeling.TaskOpen || got.Question != q || got.Asked != 2 {
		w.T.Errorf("asked again, it is %+v", got)
	}
	w.want("asking it a third time", w.projects.AskAgain(ctx, tasks[1], q), labeling.ErrNoTask)
	w.want("asking one that is done", w.projects.AskAgain(ctx, tasks[0], "q_x"), labeling.ErrNoTask)
}

// testTaskRace adds the same keys from many places: each becomes one task.
func testTaskRace(w *projectWorld) {
	p := w.project("one")
	const places, keys = 8, 10
	batches := make([][]labeling.Task, places)
	for i := range batches {
		for k := range keys {
			batches[i] = append(batches[i], labeling.Task{Project: p.ID, Key: fmt.Sprintf("k%d", k), Question: w.Ask(w.Draft(3)).ID, State: labeling.TaskOpen, Asked: 1})
		}
	}
	added := make([]bool, places)
	var wg sync.WaitGroup
	for i, batch := range batches {
		wg.Go(func() {
			switch err := w.projects.AddTasks(w.T.Context(), batch); {
			case err == nil:
				added[i] = true
			case !errors.Is(err, labeling.ErrTaskExists):
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	winner := slices.Index(added, true)
	if winner < 0 || slices.Contains(added[winner+1:], true) {
		w.T.Fatalf("added: %v", added)
	}
	list, _, err := w.projects.Tasks(w.T.Context(), p.ID, "", tasknet.Page{Limit: 100})
	w.must(err)
	w.equal("tasks", list, batches[winner])
}

// testOpenAnswers counts the answers of tasks that are open, and of no others.
func testOpenAnswers(w *projectWorld) {
	ctx := w.T.Context()
	p, other := w.project("one"), w.project("two")
	ann, bob := w.Person(), w.Person()
	var tasks []labeling.Task
	for i, people := range [][]polls.Device{{ann, bob}, {bob}, {}, {ann}} {
		q := w.Ask(w.Draft(3))
		for _, by := range people {
			w.Answer(by, q, 0)
		}
		task := labeling.Task{Project: p.ID, Key: string(rune('a' + i)), Question: q.ID, State: labeling.TaskOpen, Asked: 1}
		if i == 3 {
			task.Project = other.ID
		}
		tasks = append(tasks, task)
	}
	w.must(w.projects.AddTasks(ctx, tasks))
	counts := func(want ...int) {
		w.T.Helper()
		for i, id := range []labeling.ProjectID{p.ID, other.ID, "prj_none"} {
			n, err := w.projects.OpenAnswers(ctx, id)
			w.must(err)
			w.equal("answers of open tasks of "+string(id), n, want[i])
		}
	}
	counts(3, 1, 0)
	_, err := w.projects.EndTask(ctx, tasks[0].Question, labeling.TaskDone)
	w.must(err)
	counts(1, 1, 0)
}

// testMoveQuestions sees that questions that are paused are not given out, take answers under leases that are out, and
// close at their deadlines.
func testMoveQuestions(w *projectWorld) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	held, fresh, closed := w.Ask(w.Draft(3)), w.Ask(w.Draft(3)), w.Ask(w.Draft(1))
	w.Answer(ann, closed, 0) // which is closing now
	lease := w.Take(ann, held)
	ids := []polls.QuestionID{held.ID, fresh.ID, closed.ID}
	status := func(want ...polls.Status) {
		w.T.Helper()
		for i, id := range ids {
			q, err := w.Store.Question(ctx, id)
			w.must(err)
			if q.Status != want[i] {
				w.T.Errorf("question %d is %s, want %s", i, q.Status, want[i])
			}
		}
	}
	w.must(w.projects.MoveQuestions(ctx, ids, polls.Open, polls.Paused))
	status(polls.Paused, polls.Paused, polls.Closing)
	for _, by := range []polls.Device{ann, bob} {
		if leases, err := w.Store.ClaimAssignments(ctx, w.Claim(by, 5)); err != nil || len(leases) != 0 {
			w.T.Errorf("a claim while all is paused gave %d leases, %v", len(leases), err)
		}
	}
	w.must(w.Record(w.Submission(ann, held, lease, 0)).Submissions[0].Err)
	status(polls.Paused, polls.Paused, polls.Closing)
	q, err := w.Store.Question(ctx, held.ID)
	w.must(err)
	if q.Answers != 1 {
		w.T.Errorf("the answer under a lease counts as %d", q.Answers)
	}
	due, err := w.Store.DueQuestions(ctx, held.Deadline, 10)
	w.must(err)
	slices.Sort(due)
	w.equal("due at the deadline", due, ids)

	w.must(w.projects.MoveQuestions(ctx, ids, polls.Paused, polls.Open))
	status(polls.Open, polls.Open, polls.Closing)
	leases, err := w.Store.ClaimAssignments(ctx, w.Claim(bob, 5))
	if err != nil || len(leases) != 2 {
		w.T.Errorf("a claim after that gave %d leases, %v", len(leases), err)
	}
}

// limited makes a project of which one person may have so many tasks, and asks some.
func (w *projectWorld) limited(most, tasks int) (p *labeling.Project, asked []*polls.Question) {
	w.T.Helper()
	d := w.draft("limited")
	d.MostPerPerson = most
	p, err := labeling.NewProject(d, w.Now)
	w.must(err)
	w.must(w.projects.CreateProject(w.T.Context(), p))
	for range tasks {
		draft := w.Draft(9)
		draft.Project = string(p.ID)
		asked = append(asked, w.Ask(draft))
	}
	return p, asked
}

// testMostPerPerson: nobody is given more tasks of a project than one person may have, and questions of others all the same.
func testMostPerPerson(w *projectWorld) {
	ctx := w.T.Context()
	ann, bob := w.Person(), w.Person()
	p, asked := w.limited(3, 8)
	w.Ask(w.Draft(9))
	w.Ask(w.Draft(9))
	claims := func(what string, by polls.Device, want int) (held []polls.Lease) {
		w.T.Helper()
		leases, err := w.Store.ClaimAssignments(ctx, w.Claim(by, 20))
		w.must(err)
		for _, l := range leases {
			if l.Question.Project == string(p.ID) {
				held = append(held, l)
			}
		}
		if len(held) != want {
			w.T.Errorf("%s: %d tasks of the project are held, want %d", what, len(held), want)
		}
		return held
	}
	available := func(what string, by polls.Device, want int) {
		w.T.Helper()
		standing, err := w.Store.Standing(ctx, w.Claim(by, 20))
		w.must(err)
		if standing.Available != want {
			w.T.Errorf("%s: %d questions are available, want %d", what, standing.Available, want)
		}
	}
	refused := func(what string, by polls.Device, held []polls.Lease) {
		w.T.Helper()
		c := w.Claim(by, 1)
		for _, q := range asked {
			if !slices.ContainsFunc(held, func(l polls.Lease) bool { return l.Question.ID == q.ID }) {
				c.Question = q.ID
			}
		}
		_, err := w.Store.ClaimAssignments(ctx, c)
		w.want(what, err, polls.ErrMostTasks)
		c.Question = held[0].Question.ID
		if _, err := w.Store.ClaimAssignments(ctx, c); err != nil {
			w.T.Errorf("%s, one that is held: %v", what, err)
		}
	}
	held := claims("the first claim", ann, 3)
	if all, err := w.Store.ClaimAssignments(ctx, w.Claim(ann, 20)); err != nil || len(all) != 5 {
		w.T.Errorf("with those outside the project %d are held, %v", len(all), err)
	}
	refused("a fourth by its id", ann, held)
	available("with all taken", ann, 0)
	w.must(w.Record(w.Submission(ann, held[0].Question, held[0].Assignment, 0)).Submissions[0].Err)
	claims("after an answer", ann, 2)
	for range 2 {
		w.must(w.Store.SkipAssignment(ctx, ann.Respondent, held[1].Assignment.ID, "unclear", w.Now))
	}
	available("after a skip", ann, 5)
	claims("after a skip", ann, 2)
	w.Now = w.Now.Add(20 * time.Minute)
	claims("when the leases are over", ann, 0)
	w.must(w.Record(w.Submission(ann, held[2].Question, held[2].Assignment, 0)).Submissions[0].Err)
	claims("somebody else's", bob, 3)

	p.MostPerPerson = 4
	w.must(w.projects.SaveProject(ctx, p))
	claims("when one more is allowed", ann, 1)
	claims("when one more is allowed", bob, 4)
	p.MostPerPerson = 2
	w.must(w.projects.SaveProject(ctx, p))
	refused("when fewer are allowed than are held", bob, claims("when fewer are allowed than are held", bob, 4))
	p.MostPerPerson = 0
	w.must(w.projects.SaveProject(ctx, p))
	claims("without a limit", bob, 8)
}

// testMostBehind: who has had enough of a project with many tasks gets those of another one that come behind all of them,
// and no more of that than it allows; and questions outside projects, too, wherever a claim looks for them.
func testMostBehind(w *projectWorld) {
	ctx := w.T.Context()
	ann := w.Person()
	p, _ := w.limited(1, 0)
	many := make([]*polls.Question, 500)
	for i := range many {
		d := w.Draft(9)
		d.Project = string(p.ID)
		q, err := polls.NewQuestion(d, pollstest.Instance, w.Now)
		w.must(err)
		many[i] = q
	}
	w.must(w.Store.CreateQuestions(ctx, many...))
	other := w.project("behind")
	tasks := w.tasks(other, "a", "b", "c")
	w.must(w.projects.CountTasks(ctx, other.ID, labeling.ProjectCounts{Tasks: len(tasks), Open: len(tasks)}))
	w.Now = w.Now.Add(time.Second)

	leases, err := w.Store.ClaimAssignments(ctx, w.Claim(ann, 3))
	if err != nil || len(leases) != 3 || leases[0].Question.Project != string(p.ID) || leases[1].Question.ID != tasks[0].Question || leases[2].Question.ID != tasks[1].Question {
		w.T.Errorf("%d leases, %v", len(leases), err)
	}
	standing, err := w.Store.Standing(ctx, w.Claim(ann, 9))
	if err != nil || standing.Available != 1 {
		w.T.Errorf("%d more are available, %v", standing.Available, err)
	}
	last := w.Ask(w.Draft(9))
	c := w.Claim(ann, 20)
	c.Draw = 1_000_000 - 618_034 // which looks near the end
	leases, err = w.Store.ClaimAssignments(ctx, c)
	if err != nil || len(leases) != 5 || leases[3].Question.ID != last.ID || leases[4].Question.ID != tasks[2].Question {
		w.T.Errorf("%d leases in the end, %v", len(leases), err)
	}
}

// testMostRace lets one person take other tasks of a project at once, by their ids and as the store chooses.
func testMostRace(w *projectWorld) {
	ctx := w.T.Context()
	const most = 3
	p, asked := w.limited(most, 12)
	ann := w.Person()
	got := make([]int, len(asked))
	var wg sync.WaitGroup
	for i, q := range asked {
		wg.Go(func() {
			c := w.Claim(ann, i)
			if i%2 == 0 {
				c.Question, c.Count = q.ID, 1
			}
			leases, err := w.Store.ClaimAssignments(ctx, c)
			if err != nil && !errors.Is(err, polls.ErrMostTasks) {
				w.T.Error(err)
			}
			for _, l := range leases {
				if l.Question.Project != string(p.ID) {
					w.T.Errorf("a question of %q", l.Question.Project)
				}
			}
			got[i] = len(leases)
		})
	}
	wg.Wait()
	if leases, err := w.Store.ClaimAssignments(ctx, w.Claim(ann, 20)); err != nil || len(leases) != most || slices.Max(got) > most {
		w.T.Errorf("%d tasks are held, by claims that gave %v, %v; want %d", len(leases), got, err, most)
	}
}

func (w *projectWorld) newImport(p *labeling.Project) *labeling.Import {
	w.T.Helper()
	w.Now = w.Now.Add(time.Second)
	i, err := labeling.NewImport(p, "tasks.csv", w.Now)
	w.must(err)
	w.must(w.projects.CreateImport(w.T.Context(), i))
	return i
}

func testImports(w *projectWorld) {
	ctx := w.T.Context()
	p := w.project("one")
	first, second := w.newImport(p), w.newImport(p)
	same := func(want *labeling.Import) {
		w.T.Helper()
		got, err := w.projects.Import(ctx, want.ID)
		w.must(err)
		if len(want.First) == 0 {
			got.First = want.First
		}
		w.equal("an import", got, want)
	}
	under := func(want int) {
		w.T.Helper()
		if got := w.read(p.ID).Imports; got != want {
			w.T.Errorf("%d imports are under way, want %d", got, want)
		}
	}
	same(first)
	under(2)
	running := func(want ...labeling.ImportID) {
		w.T.Helper()
		got, err := w.projects.RunningImports(ctx, 10)
		w.must(err)
		w.equal("running imports", got, want)
	}
	running()
	step := func(before *labeling.Import, change func(*labeling.Import)) *labeling.Import {
		w.T.Helper()
		after := *before
		change(&after)
		w.must(w.projects.SaveImport(ctx, before, &after))
		same(&after)
		return &after
	}
	received := step(second, func(i *labeling.Import) { i.Bytes = 1000 })
	started := step(received, func(i *labeling.Import) { i.State = labeling.Importing })
	running(second.ID)
	read := step(started, func(i *labeling.Import) {
		i.Rows, i.Made, i.Known = 10, 7, 1
		i.Reject(labeling.BadRow{Line: 3, Problem: `no "text"`})
		i.Reject(labeling.BadRow{Line: 9, Problem: "no text"})
	})
	w.want("an old step", w.projects.SaveImport(ctx, started, read), labeling.ErrImportMoved)
	stopped := step(read, func(i *labeling.Import) {
		i.State, i.Problem, i.Detail = labeling.ImportStopped, "insufficient_funds", "Deposit more."
	})
	running()
	under(2)
	step(stopped, func(i *labeling.Import) { i.State, i.EndedAt = labeling.ImportDone, w.Now })
	under(1)
	w.must(w.projects.CountTasks(ctx, p.ID, labeling.ProjectCounts{Tasks: 1, Done: 1}))
	w.must(w.projects.CompleteProject(ctx, p.ID))
	if got := w.read(p.ID).Status; got != labeling.Running {
		w.T.Errorf("a project with an import under way is %s", got)
	}
	step(first, func(i *labeling.Import) { i.State, i.EndedAt = labeling.ImportCancelled, w.Now })
	under(0)
	list, next, err := w.projects.Imports(ctx, p.ID, tasknet.Page{Limit: 1})
	if err != nil || len(list) != 1 || list[0].ID != second.ID || next == "" {
		w.T.Errorf("the newest import: %v, %q, %v", list, next, err)
	}
	list, next, err = w.projects.Imports(ctx, p.ID, tasknet.Page{After: next})
	if err != nil || len(list) != 1 || list[0].ID != first.ID || next != "" {
		w.T.Errorf("the one before: %v, %q, %v", list, next, err)
	}
	_, err = w.projects.Import(ctx, "imp_none")
	w.want("no import", err, labeling.ErrNoImport)
}

// testImportRace takes the same step from many places: one of them does.
func testImportRace(w *projectWorld) {
	i := w.newImport(w.project("one"))
	var mu sync.Mutex
	went := 0
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			after := *i
			after.State, after.Rows = labeling.Importing, 500
			switch err := w.projects.SaveImport(w.T.Context(), i, &after); {
			case err == nil:
				mu.Lock()
				went++
				mu.Unlock()
			case !errors.Is(err, labeling.ErrImportMoved):
				w.T.Error(err)
			}
		})
	}
	wg.Wait()
	if went != 1 {
		w.T.Errorf("%d took the step", went)
	}
}
