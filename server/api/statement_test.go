package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestStatement pays somebody in two months, and looks at what each says.
func TestStatement(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	ann, bob := w.person(), w.person()
	pay := func(texts ...string) (ids []string) {
		for _, text := range texts {
			q := w.ask(`{"text":"` + text + `","choices":["a","b"],"price":"0.02","quorum":{"policy":"fixed:1"}}`)
			w.answer(ann, q.ID, 0)
			ids = append(ids, w.closed(q.ID).ID)
		}
		return ids
	}
	first := pay("one?", "two?")
	w.epoch(true)
	waiting := pay("three?")
	w.left(ann, w.org, tasknet.Micro(1000))

	token, month := w.token(ann), w.server.Now().UTC().Format("2006-01")
	get := func(query string) wire.Statement {
		t.Helper()
		return read[wire.Statement](w, w.as(token, "GET", "/v1/me/statement?"+query, ""), 200)
	}
	got := get("month=" + month)
	if got.Month != month || got.Since != month || got.Symbol != "tUSD" || got.Earned.String() != "0.06" || got.Waited.String() != "0.001" || !got.Forfeited.IsZero() || got.Count != 4 || got.Next != "" {
		t.Errorf("the month: %+v", got)
	}
	type row struct{ What, Question, Amount, State string }
	var rows []row
	for _, l := range got.Lines {
		rows = append(rows, row{l.What, l.Question, l.Amount.String(), l.State})
		if onChain := l.State == "on_chain"; onChain != (l.Epoch == 1) || onChain != strings.HasPrefix(l.Tx, "0x") || !strings.HasPrefix(l.Entry, "tx_") {
			t.Errorf("a line: %+v", l)
		}
	}
	want := []row{{"answer", first[0], "0.02", "on_chain"}, {"answer", first[1], "0.02", "on_chain"}, {"answer", waiting[0], "0.02", "yours"}, {"answer", "before", "0.001", "waiting"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	page := get("limit=3&month=" + month)
	if rest := get("limit=3&month=" + month + "&cursor=" + page.Next); len(page.Lines) != 3 || len(rest.Lines) != 1 || rest.Lines[0] != got.Lines[3] {
		t.Errorf("by pages: %+v, then %+v", page, rest)
	}
	file := w.as(token, "GET", "/v1/me/statement.csv?month="+month, "")
	lines := strings.Split(strings.TrimSpace(file.body), "\n")
	if file.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(file.header.Get("Content-Disposition"), "tasknet-"+month+".csv") || len(lines) != 5 {
		t.Fatalf("the file: %v %s", file.header, file.body)
	}
	first0 := got.Lines[0]
	if want := strings.Join([]string{first0.At.UTC().Format(time.RFC3339), "answer", first[0], "0.02", "tUSD", "on_chain", "1", first0.Tx, first0.Entry}, ","); lines[1] != want {
		t.Errorf("a row: %s, want %s", lines[1], want)
	}

	for path, status := range map[string]int{
		"/v1/me/statement":                                   400,
		"/v1/me/statement?month=2026":                        400,
		"/v1/me/statement?month=2026-13":                     400,
		"/v1/me/statement?month=0000-01":                     400,
		"/v1/me/statement.csv?month=':)":                     400,
		"/v1/me/statement.csv?month=" + month + "&x=1":       400,
		"/v1/me/statement?month=2026-01&cursor=" + page.Next: 400, // of another month
	} {
		if got := w.as(token, "GET", path, ""); got.status != status {
			t.Errorf("%s: %d %s, want %d", path, got.status, got.body, status)
		}
	}
	for _, path := range []string{"/v1/me/statement", "/v1/me/statement.csv"} {
		if got := w.as("", "GET", path+"?month="+month, ""); got.status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d %s", path, got.status, got.body)
		}
		if got := w.as(w.token(bob), "GET", path+"?month="+month, ""); got.status != 200 || strings.Contains(got.body, first[0]) {
			t.Errorf("%s of somebody else: %d %s", path, got.status, got.body)
		}
	}
}
