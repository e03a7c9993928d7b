package api

import (
	"fmt"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/wire"
)

// TestTaskPrices: a task's importance is in the price that respondents see, also when it is asked anew, and tasks to come pay
// more when those that closed took many answers.
func TestTaskPrices(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(900_000_000))
	requester := w.client.Requester(w.key)
	p := w.project(`{"name":"Spam","text":"Is this spam?","choices":["yes","no"],"quorum":{"policy":"confidence:0.99,model","min":1,"max":3},"price":"0.02","difficulty_rate":"0.1"}`)
	if p.Difficulty != "0.1" || p.PriceNow != tasknet.Micro(20_000) {
		t.Errorf("made: %+v", p)
	}
	asked := func(key string) wire.Question {
		t.Helper()
		return *read[wire.Task](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/task?key="+key, ""), 200).Asking
	}
	added, err := requester.AddTasks(t.Context(), p.ID, []wire.TaskRow{{Key: "plain", Text: "one"}, {Key: "important", Text: "two", Importance: "2.5"}, {Key: "bad", Text: "three", Importance: "11"}, {Key: "worse", Text: "four", Importance: "high"}}, "")
	w.must(err)
	if added.Made != 2 || added.Malformed != 2 || added.First[0].Problem != "The importance of a task is a decimal from 1 to 10: it pays so many times the project's price." {
		t.Errorf("added: %+v", added)
	}
	if got := asked("plain"); got.Price != tasknet.Micro(20_000) || got.Fee != tasknet.Micro(3_000) {
		t.Errorf("a plain task pays %s and %s", got.Price, got.Fee)
	}
	important := asked("important")
	if important.Price != tasknet.Micro(50_000) || important.Fee != tasknet.Micro(7_500) || important.Hold != tasknet.Micro(172_500) {
		t.Errorf("an important task: %+v", important)
	}
	who := w.person()
	if a := w.take(who, important.ID); a.Question.Price != tasknet.Micro(50_000) {
		t.Errorf("its respondents see %s", a.Question.Price)
	}

	people := w.people(3)
	for i := range labeling.PastMin {
		key := fmt.Sprint("hard", i)
		w.must(second(requester.AddTasks(t.Context(), p.ID, []wire.TaskRow{{Key: key, Text: key}}, "")))
		q := asked(key).ID
		for j, r := range people {
			w.answer(r, q, j%2) // at odds, so that all three are wanted
		}
		w.closed(q)
	}
	now := read[wire.Project](w, w.as(w.key, "GET", "/v1/projects/"+p.ID, ""), 200)
	if now.Price != tasknet.Micro(20_000) || now.PriceNow != tasknet.Micro(24_000) || now.Fee != tasknet.Micro(3_600) || now.Hold != tasknet.Micro(82_800) {
		t.Errorf("after tasks that took 2 answers beyond the fewest: %s, %s and %s, hold %s", now.Price, now.PriceNow, now.Fee, now.Hold)
	}
	w.must(second(requester.AddTasks(t.Context(), p.ID, []wire.TaskRow{{Key: "next", Text: "next"}}, "")))
	if got := asked("next").Price; got != tasknet.Micro(24_000) {
		t.Errorf("the next task pays %s", got)
	}
	if got := asked("plain").Price; got != tasknet.Micro(20_000) {
		t.Errorf("a task that was asked before pays %s now", got)
	}
	if e := w.estimated(fmt.Sprintf(`{"project_id":%q}`, p.ID)); e.Price != tasknet.Micro(24_000) {
		t.Errorf("the estimate of the next pays %s", e.Price)
	}

	if got := w.as(w.key, "POST", "/v1/questions/"+important.ID+"/cancel", ""); got.status != 200 {
		t.Fatal(got.body)
	}
	moved := read[wire.Project](w, w.as(w.key, "PATCH", "/v1/projects/"+p.ID, `{"difficulty_rate":"0"}`), 200)
	if moved.PriceNow != tasknet.Micro(20_000) {
		t.Errorf("without difficulty: %+v", moved)
	}
	_, err = requester.MoveProject(t.Context(), p.ID, "cancel")
	w.must(err)
	for again := asked("important"); again.ID == important.ID || again.Price != tasknet.Micro(50_000); again = asked("important") {
		if again.ID != important.ID {
			t.Fatalf("asked anew it pays %s", again.Price)
		}
		w.as(w.key, "POST", "/v1/projects/"+p.ID+"/reopen", "") // once the cancelling is done
	}
	for _, bad := range []string{`{"difficulty_rate":"1.1"}`, `{"difficulty_rate":"-0.1"}`, `{"difficulty_rate":"much"}`} {
		if got := w.as(w.key, "PATCH", "/v1/projects/"+p.ID, bad); got.status != 400 {
			t.Errorf("%s: %d %s", bad, got.status, got.body)
		}
	}
}
