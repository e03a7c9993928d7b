package api

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/wire"
)

// lineFiles keeps files of tasks in memory, a text a line. An empty line is malformed.
type lineFiles struct {
	mu    sync.Mutex
	files map[labeling.ImportID][]byte
}

func (f *lineFiles) Write(_ context.Context, id labeling.ImportID, at int64, piece []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.files == nil {
		f.files = make(map[labeling.ImportID][]byte)
	}
	f.files[id] = append(f.files[id][:at], piece...)
	return nil
}

func (f *lineFiles) Rows(_ context.Context, i *labeling.Import, _ *labeling.Project) iter.Seq2[labeling.TaskRow, error] {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := bufio.NewScanner(bytes.NewReader(bytes.Clone(f.files[i.ID])))
	return func(yield func(labeling.TaskRow, error) bool) {
		for n := 1; lines.Scan(); n++ {
			var err error
			if lines.Text() == "" {
				err = &labeling.BadRow{Line: n, Problem: "there is no text"}
			}
			if !yield(labeling.TaskRow{Line: n, Key: lines.Text(), Text: lines.Text()}, err) {
				return
			}
		}
	}
}

func (f *lineFiles) Remove(_ context.Context, id labeling.ImportID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.files, id)
	return nil
}

const birds = `{"name":"Birds","instructions":"Look closely.","examples":[{"good":true,"text":"grey","answer":"a heron","why":"It is grey."}],
	"text":"Which bird?","choices":["heron","egret"],"quorum":{"policy":"fixed:2"},"price":"0.01","gold_rate":"0.05","languages":["en"],"deadline_seconds":3600,"most_per_person":40,"topics":["animals"]}`

func (w *world) project(body string) wire.Project {
	w.t.Helper()
	return read[wire.Project](w, w.as(w.key, "POST", "/v1/projects", body), 201)
}

// imported uploads a file in two pieces, starts the import and waits for its end.
func (w *world) imported(project, file string) wire.Import {
	w.t.Helper()
	path := "/v1/projects/" + project + "/imports"
	i := read[wire.Import](w, w.as(w.key, "POST", path, `{"name":"tasks.csv"}`), 201)
	half := len(file) / 2
	for _, at := range []int{0, 0, half} { // the first piece is sent again
		piece := file[:half]
		if at > 0 {
			piece = file[half:]
		}
		i = read[wire.Import](w, w.as(w.key, "PUT", fmt.Sprintf("%s/%s/content?offset=%d", path, i.ID, at), piece, "Content-Type", "application/octet-stream"), 200)
	}
	if i.Bytes != int64(len(file)) || i.State != "receiving" {
		w.t.Fatalf("uploaded: %+v", i)
	}
	read[wire.Import](w, w.as(w.key, "POST", path+"/"+i.ID+"/start", ""), 200)
	for range 1000 {
		if i = read[wire.Import](w, w.as(w.key, "GET", path+"/"+i.ID, ""), 200); i.State != "running" {
			return i
		}
		<-time.After(5 * time.Millisecond)
	}
	w.t.Fatalf("the import does not end: %+v", i)
	return i
}

// A project from the call that makes it over an import to its completion, over HTTP.
func TestProject(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	p := w.project(birds)
	if p.Fee.String() != "0.0015" || p.Hold.String() != "0.023" || p.GoldRate != "0.05" || p.Status != "running" || p.Type != "choice" || p.Deadline != 3600 || len(p.Examples) != 1 {
		t.Errorf("made: %+v", p)
	}
	i := w.imported(p.ID, "one\ntwo\n\nthree\ntwo\n")
	want := wire.Import{
		ID: i.ID, Project: p.ID, Name: "tasks.csv", State: "done", Bytes: 19, Rows: 5, Made: 3, Known: 0, Repeated: 1, Malformed: 1,
		First: []wire.BadRow{{Line: 3, Problem: "there is no text"}}, CreatedAt: i.CreatedAt, EndedAt: i.EndedAt,
	}
	if diff := cmp.Diff(want, i); diff != "" || i.EndedAt == nil {
		t.Errorf("imported (-want +got):\n%s", diff)
	}
	tasks := read[wire.Tasks](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/tasks?limit=2", ""), 200)
	if len(tasks.Tasks) != 2 || tasks.Tasks[0].Key != "one" || tasks.Tasks[1].Key != "three" || tasks.Next == "" || tasks.Tasks[0].Import != i.ID {
		t.Errorf("tasks: %+v", tasks)
	}
	rest := read[wire.Tasks](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/tasks?limit=2&cursor="+tasks.Next, ""), 200)
	if len(rest.Tasks) != 1 || rest.Tasks[0].Key != "two" || rest.Next != "" {
		t.Errorf("the rest: %+v", rest)
	}

	people := w.people(2)
	guide := read[wire.Guide](w, w.as(w.token(people[0]), "GET", "/v1/projects/"+p.ID+"/guide", ""), 200)
	if guide.Name != "Birds" || guide.Instructions != "Look closely." || len(guide.Examples) != 1 || guide.Examples[0].Answer != "a heron" {
		t.Errorf("guide: %+v", guide)
	}
	two := rest.Tasks[0].Question
	if a := w.take(people[0], two); a.Question.Project != p.ID || a.Question.Text != "Which bird?" || a.Question.Passage != "two" {
		t.Errorf("assigned: %+v", a.Question)
	}
	for _, who := range people {
		w.answer(who, two, 1)
	}
	w.closed(two)
	task := read[wire.Task](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/task?key=two", ""), 200)
	if task.State != "done" || task.Asking == nil || task.Asking.Verdict == nil || task.Asking.Verdict.Label != "egret" {
		t.Errorf("a task that is done: %+v", task)
	}
	listed := read[wire.Tasks](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/tasks", ""), 200)
	full := task.Asking.Verdict
	short := []wire.Task{
		{Key: "one", State: "open", Question: tasks.Tasks[0].Question, Asked: 1, Import: i.ID, Shows: "one"},
		{Key: "three", State: "open", Question: tasks.Tasks[1].Question, Asked: 1, Import: i.ID, Shows: "three"},
		{
			Key: "two", State: "done", Question: two, Asked: 1, Import: i.ID, Shows: "two", Answers: 2,
			Verdict: &wire.TaskVerdict{Outcome: "decided", Says: "egret", Confidence: full.Confidence, For: 2, Reason: "quorum", Cost: full.Paid.Add(full.Fee)},
		},
	}
	if diff := cmp.Diff(short, listed.Tasks, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
		t.Errorf("the list with verdicts (-want +got):\n%s", diff)
	}
	now := read[wire.Project](w, w.as(w.key, "GET", "/v1/projects/"+p.ID, ""), 200)
	if now.Tasks != (wire.ProjectTasks{All: 3, Open: 2, Done: 1}) || now.Answers != 2 || now.Paid.String() != "0.02" || now.Fees.String() != "0.003" {
		t.Errorf("counts: %+v", now)
	}

	move := func(verb string) wire.Project {
		t.Helper()
		now := read[wire.Project](w, w.as(w.key, "POST", "/v1/projects/"+p.ID+"/"+verb, ""), 200)
		for range 1000 {
			if now.Work == "" {
				break
			}
			<-time.After(5 * time.Millisecond)
			now = read[wire.Project](w, w.as(w.key, "GET", "/v1/projects/"+p.ID, ""), 200)
		}
		return now
	}
	if now := move("pause"); now.Status != "paused" {
		t.Errorf("paused: %+v", now)
	}
	if q := read[wire.Questions](w, w.as(w.key, "GET", "/v1/questions?status=paused", ""), 200); len(q.Questions) != 2 {
		t.Errorf("%d questions are paused", len(q.Questions))
	}
	if taken := read[wire.Assignments](w, w.as(w.token(w.person()), "POST", "/v1/assignments", `{"count":5}`), 200); len(taken.Assignments) != 0 {
		t.Errorf("%d were given out while the project is paused", len(taken.Assignments))
	}
	if now := move("resume"); now.Status != "running" {
		t.Errorf("resumed: %+v", now)
	}
	if now := move("cancel"); now.Status != "cancelled" || now.Tasks != (wire.ProjectTasks{All: 3, Done: 1, Ended: 2}) {
		t.Errorf("cancelled: %+v", now)
	}
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); b.Available.String() != "0.977" || !b.Held.IsZero() {
		t.Errorf("balance: %+v", b)
	}
	if now := move("reopen"); now.Status != "running" || now.Tasks != (wire.ProjectTasks{All: 3, Open: 2, Done: 1}) {
		t.Errorf("reopened: %+v", now)
	}
	list := read[wire.Projects](w, w.as(w.key, "GET", "/v1/projects?status=running", ""), 200)
	if len(list.Projects) != 1 || list.Projects[0].ID != p.ID {
		t.Errorf("listed: %+v", list)
	}
}

func TestChangeProject(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	p := w.project(birds)
	path := "/v1/projects/" + p.ID
	changed := read[wire.Project](w, w.as(w.key, "PATCH", path, `{"name":"Water birds","price":"0.02","quorum":{"policy":"fixed:3"},"gold_rate":"0","most_per_person":5,"warnings":["blood"]}`), 200)
	if diff := cmp.Diff([][]string{{"blood"}, {"animals"}, {}, {"animals"}}, [][]string{changed.Warnings, changed.Topics, p.Warnings, p.Topics}); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	if changed.Name != "Water birds" || changed.Price.String() != "0.02" || changed.Quorum.Max != 3 || changed.GoldRate != "0" || changed.Instructions != p.Instructions ||
		len(changed.Languages) != 1 || changed.Deadline != 3600 || p.MostEach != 40 || changed.MostEach != 5 {
		t.Errorf("changed: %+v", changed)
	}
	rows := `{"tasks":[{"key":"a","text":"A"},{"text":"B","truth":"egret"},{"text":"C","truth":7},{"key":"a","text":"again"},{}]}`
	added := read[wire.AddedTasks](w, w.as(w.key, "POST", path+"/tasks", rows, "Idempotency-Key", "k1"), 201)
	if added.Made != 2 || added.Known != 0 || added.Repeated != 1 || added.Malformed != 2 || added.First[0].Line != 3 || added.First[1].Line != 5 {
		t.Errorf("added: %+v", added)
	}
	again := w.as(w.key, "POST", path+"/tasks", rows, "Idempotency-Key", "k1")
	if same := read[wire.AddedTasks](w, again, 201); same.Made != 2 {
		t.Errorf("added again under the same key: %+v", same)
	}
	list := read[wire.Tasks](w, w.as(w.key, "GET", path+"/tasks?state=open", ""), 200)
	if len(list.Tasks) != 2 || list.Tasks[0].Truth+list.Tasks[1].Truth != "1" {
		t.Errorf("tasks: %+v", list.Tasks)
	}
	if q := read[wire.Question](w, w.as(w.key, "GET", "/v1/questions/"+list.Tasks[0].Question, ""), 200); q.Price.String() != "0.02" || q.Quorum.Max != 3 || q.Project != p.ID {
		t.Errorf("a task's question: %+v", q)
	}
}

func TestProjectRefusals(t *testing.T) {
	w := newWorld(t)
	p := w.project(birds)
	other, err := w.server.Pipeline.NewOrg(t.Context(), "Somebody else")
	w.must(err)
	stranger := w.newKey(other)
	path := "/v1/projects/" + p.ID
	i := read[wire.Import](w, w.as(w.key, "POST", path+"/imports", `{"name":"tasks.csv"}`), 201)
	at := path + "/imports/" + i.ID
	for name, c := range map[string]struct {
		key, method, path, body string
		status                  int
		code                    string
	}{
		"no key":                   {"", "POST", "/v1/projects", birds, 401, "api_key_required"},
		"one choice":               {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a"]}`, 400, "bad_choices"},
		"a price of nothing":       {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"price":"0"}`, 400, "bad_price"},
		"a price of 2^62":          {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"price":"4611686018427.387904"}`, 400, "bad_price"},
		"blank name":               {w.key, "POST", "/v1/projects", `{"name":" ","choices":["a","b"]}`, 400, "bad_name"},
		"a type that is none":      {w.key, "POST", "/v1/projects", `{"name":"x","type":"guess"}`, 400, ""},
		"confidence of boxes":      {w.key, "POST", "/v1/projects", `{"name":"x","type":"boxes","choices":["a"],"quorum":{"policy":"confidence:0.9"}}`, 400, "bad_policy"},
		"gold rate":                {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"gold_rate":"0.6"}`, 400, "bad_gold_rate"},
		"warnings":                 {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"warnings":["spiders"]}`, 400, "bad_content"},
		"most per person":          {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"most_per_person":-1}`, 400, ""},
		"language":                 {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"languages":["e"]}`, 400, "bad_languages"},
		"an example's image":       {w.key, "POST", "/v1/projects", `{"name":"x","choices":["a","b"],"examples":[{"good":true,"image":"00","answer":"a"}]}`, 400, "image_unknown"},
		"somebody else's":          {stranger, "GET", path, "", 404, "no_such_project"},
		"somebody else's tasks":    {stranger, "GET", path + "/tasks", "", 404, "no_such_project"},
		"somebody else's to pause": {stranger, "POST", path + "/pause", "", 404, "no_such_project"},
		"tasks for it":             {stranger, "POST", path + "/tasks", `{"tasks":[{"text":"x"}]}`, 404, "no_such_project"},
		"somebody else's import":   {stranger, "GET", at, "", 404, "no_such_import"},
		"an import into it":        {stranger, "POST", path + "/imports", `{"name":"x.csv"}`, 404, "no_such_project"},
		"a piece for it":           {stranger, "PUT", at + "/content?offset=0", "x", 404, "no_such_import"},
		"no id":                    {w.key, "GET", "/v1/projects/x", "", 400, "bad_id"},
		"no task":                  {w.key, "GET", path + "/task?key=x", "", 404, "no_such_task"},
		"without money":            {w.key, "POST", path + "/tasks", `{"tasks":[{"text":"x"}]}`, 402, "insufficient_funds"},
		"a guide for requesters":   {w.key, "GET", path + "/guide", "", 401, ""},
		"a piece in between":       {w.key, "PUT", at + "/content?offset=5", "x", 409, "import_moved"},
		"a piece nowhere":          {w.key, "PUT", at + "/content?offset=-1", "x", 400, "bad_offset"},
		"starting nothing":         {w.key, "POST", at + "/start", "", 400, "import_empty"},
		"nothing to reopen":        {w.key, "POST", path + "/reopen", "", 409, "nothing_to_reopen"},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.as(c.key, c.method, c.path, c.body)
			if r.status != c.status || !strings.Contains(r.body, `"code":"`+c.code) {
				t.Errorf("%d %s", r.status, r.body)
			}
		})
	}
	read[wire.Import](w, w.as(w.key, "POST", at+"/cancel", ""), 200)
	if r := w.as(w.key, "POST", at+"/start", ""); r.status != 409 {
		t.Errorf("starting what is cancelled: %d %s", r.status, r.body)
	}
}
