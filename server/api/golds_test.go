package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// TestGoldIsHidden: a question whose answer is known looks as every other one until it has closed, and then everybody can
// read the answer.
func TestGoldIsHidden(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	const asked = `{"text":"Which?","choices":["alpha","beta"],"quorum":{"policy":"fixed:2"}`
	gold, plain := w.ask(asked+`,"gold":{"choice":1}}`), w.ask(asked+`}`)
	people := w.people(2)
	var keys [2]map[string]bool
	for i, id := range []string{gold.ID, plain.ID} {
		a := w.take(people[0], id)
		raw, err := json.Marshal(a.Question)
		w.must(err)
		seen := string(raw) + w.as(w.token(people[0]), "POST", "/v1/assignments", "").body + w.as(w.key, "GET", "/v1/questions/"+id, "").body +
			w.as(w.token(people[0]), "GET", "/v1/me/answers", "").body
		for _, telling := range []string{`"gold"`, `"known"`} {
			if strings.Contains(seen, telling) {
				t.Errorf("%s can be seen: %s", telling, seen)
			}
		}
		var fields map[string]json.RawMessage
		w.must(json.Unmarshal(raw, &fields))
		keys[i] = make(map[string]bool)
		for key := range fields {
			keys[i][key] = true
		}
	}
	if diff := cmp.Diff(keys[1], keys[0]); diff != "" {
		t.Errorf("a gold differs (-plain +gold):\n%s", diff)
	}
	for _, id := range []string{gold.ID, plain.ID} {
		for choice, p := range people {
			w.answer(p, id, choice)
		}
		w.closed(id)
	}
	for id, want := range map[string]*wire.Gold{gold.ID: {Given: wire.Give(1, "")}, plain.ID: nil} {
		if diff := cmp.Diff(want, read[wire.Record](w, w.as("", "GET", "/v1/records/questions/"+id, ""), 200).Gold); diff != "" {
			t.Errorf("record (-want +got):\n%s", diff)
		}
		for _, mine := range read[wire.MyAnswers](w, w.as(w.token(people[1]), "GET", "/v1/me/answers", ""), 200).Answers {
			if diff := cmp.Diff(want, mine.Known); mine.Question == id && diff != "" {
				t.Errorf("my answer (-want +got):\n%s", diff)
			}
		}
	}
}

// TestGoldOfValues: a known answer may be a value; one that would be given without looking is refused.
func TestGoldOfValues(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	const asked = `{"type":"number","text":"How many?","number":{"min":"0","max":"%s","decimals":0},"quorum":{"policy":"fixed:2"},"gold":{"value":"3"}}`
	if got := read[wire.Problem](w, w.as(w.key, "POST", "/v1/questions", fmt.Sprintf(asked, "4")), 400); got.Code != "easy_gold" {
		t.Errorf("one number of five: %+v", got)
	}
	gold := w.ask(fmt.Sprintf(asked, "100"))
	w.must(w.server.Pipeline.Cancel(t.Context(), w.org.ID, polls.QuestionID(gold.ID)))
	got := read[wire.Record](w, w.as("", "GET", "/v1/records/questions/"+gold.ID, ""), 200).Gold
	if diff := cmp.Diff(&wire.Gold{Given: wire.Give(0, `"3"`)}, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

// TestBadGold: a known answer that is none to the question is refused, and nothing is asked or set aside.
func TestBadGold(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	for _, body := range []string{
		`{"text":"Which?","choices":["a","b"],"gold":{"choice":2}}`,
		`{"text":"Which?","choices":["a","b"],"gold":{"choice":-1}}`,
		`{"text":"Which?","choices":["a","b"],"gold":{"value":"b"}}`,
		`{"text":"Which?","choices":["a","b"],"gold":{}}`,
		`{"type":"ranking","text":"Which?","choices":["a","b"],"gold":{"choice":1}}`,
	} {
		if got := read[wire.Problem](w, w.as(w.key, "POST", "/v1/questions", body), 400); got.Code != "bad_gold" {
			t.Errorf("%s: %+v", body, got)
		}
	}
	if list := read[wire.Questions](w, w.as(w.key, "GET", "/v1/questions", ""), 200); len(list.Questions) != 0 {
		t.Errorf("%d questions were asked", len(list.Questions))
	}
}
