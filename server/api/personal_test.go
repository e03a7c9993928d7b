package api

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// erasure is the body that has a person erased, signed by somebody's key at a moment.
func (m *mover) erasure(by client.Keys, at time.Time) string {
	e := polls.Erasure{Respondent: m.id, Wallet: m.wallet, At: at}
	signature := e.Sign(m.domain, by.Wallet)
	return fmt.Sprintf(`{"at":%d,"signature":"%s"}`, at.Unix(), hex.EncodeToString(signature[:]))
}

// TestExportAndErase: a person gets all that is kept of them; when they are erased, nothing of it that is not needed to check and pay
// is left, and what they are owed is paid all the same.
func TestExportAndErase(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	m, other := w.mover(), w.mover()
	read[wire.Wishes](w, w.as(m.token, "PUT", "/v1/me/push/wishes", `{"languages":["eo"],"types":["text"],"avoids":["self_harm","politics"],"least":"0.013","quiet":{"from":"21:31","until":"06:05","zone":"Africa/Lagos"},"per_day":3}`), 200)
	if r := w.as(m.token, "PUT", "/v1/me/payout", `{"least":"400"}`); r.status >= 300 {
		t.Fatalf("the least of a payout: %d %s", r.status, r.body)
	}
	q := w.ask(`{"text":"Is it a heron?","choices":["a","b"],"price":"0.02","quorum":{"policy":"fixed:1"}}`)
	w.answer(m.r, q.ID, 0)
	w.closed(q.ID)
	skipped := w.ask(`{"text":"Is it an egret?","choices":["a","b"],"price":"0.02","quorum":{"policy":"fixed:9"}}`)
	a := w.take(m.r, skipped.ID)
	if r := w.as(m.token, "POST", "/v1/assignments/"+a.ID+"/skip", `{"reason":"offensive"}`); r.status != 204 {
		t.Fatalf("skip: %d %s", r.status, r.body)
	}

	type export struct {
		About, Instance, Token string
		Tables                 []struct {
			Table, About string
			Rows         []map[string]any
		}
	}
	file := w.as(m.token, "GET", "/v1/me/export", "")
	var got export
	if err := json.Unmarshal([]byte(file.body), &got); err != nil || file.status != 200 {
		t.Fatalf("export: %d, %v\n%s", file.status, err, file.body)
	}
	rows := make(map[string][]map[string]any)
	for _, one := range got.Tables {
		if rows[one.Table] = one.Rows; one.About == "" {
			t.Errorf("nothing is said of %s", one.Table)
		}
	}
	if len(rows["answers"]) != 1 || rows["answers"][0]["question_text"] != "Is it a heron?" || rows["sleepers"][0]["zone"] != "Africa/Lagos" || rows["sleepers"][0]["least"] != "0.013" ||
		len(rows["assignments"]) != 2 || rows["devices"][0]["revoked_at"] != nil || rows["payees"][0]["least"] != "400" {
		t.Errorf("the export:\n%s", file.body)
	}
	for _, secret := range []string{"eo", "self_harm", "Africa/Lagos", "offensive"} {
		if !strings.Contains(file.body, secret) {
			t.Errorf("the export has no %q", secret)
		}
	}
	if theirs := w.as(other.token, "GET", "/v1/me/export", "").body; strings.Contains(theirs, string(m.id)) || strings.Contains(theirs, "heron") {
		t.Errorf("somebody else is in the export:\n%s", theirs)
	}

	path, now := "/v1/respondents/"+string(m.id)+"/erasure", w.server.Now()
	for what, c := range map[string]struct {
		path, body, code string
		status           int
	}{
		"another's signature": {path, m.erasure(other.keys, now), "bad_erasure_signature", 400},
		"another's id":        {"/v1/respondents/" + string(other.id) + "/erasure", m.erasure(m.keys, now), "bad_erasure_signature", 400},
		"an hour ago":         {path, m.erasure(m.keys, now.Add(-time.Hour)), "erasure_time", 400},
		"to come":             {path, m.erasure(m.keys, now.Add(time.Hour)), "erasure_time", 400},
		"nobody":              {"/v1/respondents/" + tasknet.NewID(polls.RespondentPrefix, now) + "/erasure", m.erasure(m.keys, now), "no_such_respondent", 404},
	} {
		if p := read[wire.Problem](w, w.as("", "POST", c.path, c.body), c.status); p.Code != c.code {
			t.Errorf("%s: %s", what, p.Code)
		}
	}
	if again := w.as(m.token, "GET", "/v1/me/push", ""); !strings.Contains(again.body, "Africa/Lagos") {
		t.Errorf("what was refused has erased something: %s", again.body)
	}
	body := m.erasure(m.keys, now)
	for range 2 { // the reply may have been lost
		if erased := read[wire.Erased](w, w.as("", "POST", path, body), 200); erased.Devices != 1 {
			t.Errorf("erased: %+v", erased)
		}
	}
	if p := read[wire.Problem](w, w.as(m.token, "GET", "/v1/me", ""), 403); p.Code != "device_ended" {
		t.Errorf("the device goes on: %+v", p)
	}
	for table := 0; ; table++ {
		part, err := w.server.Stores.Personal().Known(t.Context(), m.id, table, "", 100)
		w.must(err)
		if part.Table == "" {
			break
		}
		left, err := json.Marshal(part)
		w.must(err)
		for _, secret := range []string{"eo\"", "self_harm", "politics", "Africa/Lagos", "offensive", "0.013"} {
			if strings.Contains(string(left), secret) {
				t.Errorf("%s is left in %s", secret, part.Table)
			}
		}
	}
	w.epoch(false)
	payouts, _, err := w.server.Stores.Rewards().PayoutsOf(t.Context(), string(m.id), tasknet.Page{Limit: 5})
	w.must(err)
	if len(payouts) != 1 || payouts[0].Amount.String() != "0.02" {
		t.Errorf("what they were owed: %+v", payouts)
	}
}

// TestAccuracy: a person sees how often they were right where the answer was known, once the questions have closed and not before.
func TestAccuracy(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	ann := w.person()
	token := w.token(ann)
	get := func() wire.Accuracy {
		t.Helper()
		return read[wire.Accuracy](w, w.as(token, "GET", "/v1/me/accuracy", ""), 200)
	}
	if a := get(); a.Known != 0 || a.Low != "0" || a.High != "1" || len(a.Weeks) != 0 {
		t.Errorf("of nobody: %+v", a)
	}
	known := func(text, fixed string, choice int) string {
		q := w.ask(`{"text":"` + text + `","choices":["a","b"],"price":"0.001","gold":{"choice":1},"quorum":{"policy":"fixed:` + fixed + `"}}`)
		if choice == polls.CannotTell {
			a := w.sign(ann, w.take(ann, q.ID), choice)
			w.post(a)
		} else {
			w.answer(ann, q.ID, choice)
		}
		return q.ID
	}
	for i, choice := range []int{1, 1, 0, 1, polls.CannotTell} {
		w.closed(known(fmt.Sprint("known? ", i), "1", choice))
	}
	open := known("open?", "2", 1)
	plain := w.ask(`{"text":"plain?","choices":["a","b"],"price":"0.02","quorum":{"policy":"fixed:1"}}`)
	w.answer(ann, plain.ID, 1)
	w.closed(plain.ID)
	monday := func() string {
		now := w.server.Now().UTC()
		return now.AddDate(0, 0, -(int(now.Weekday())+6)%7).Format(time.DateOnly)
	}
	want := wire.AccuracyWeek{Week: monday(), Known: 4, Right: 3, Low: "0.3006", High: "0.9544"}
	got := get()
	if got.Known != 4 || got.Right != 3 || got.Low != want.Low || got.High != want.High || len(got.Weeks) != 1 || got.Weeks[0] != want {
		t.Errorf("while a known one is open: %+v", got)
	}
	w.answer(w.person(), open, 1)
	w.closed(open)
	if got := get(); got.Known != 5 || got.Right != 4 {
		t.Errorf("when it has closed: %+v", got)
	}
}
