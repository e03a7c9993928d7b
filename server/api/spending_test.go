package api

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestSpending: what was spent is told by day, month and project, as lines of an invoice, and as CSV, and all say the same.
func TestSpending(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(100_000_000))
	people := w.people(3)
	p := w.project(`{"name":"=Spam()","text":"Is this spam?","choices":["yes","no"],"quorum":{"policy":"fixed:2"},"price":"0.02"}`)
	w.must(second(w.client.Requester(w.key).AddTasks(t.Context(), p.ID, []wire.TaskRow{{Key: "a", Text: "one"}}, "")))
	task := read[wire.Task](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/task?key=a", ""), 200)
	for _, r := range people[:2] {
		w.answer(r, task.Question, 0)
	}
	w.closed(task.Question)
	q := w.ask(`{"text":"Alone?","choices":["yes","no"],"quorum":{"policy":"fixed:3"},"price":"0.1"}`)
	w.answer(people[0], q.ID, 1)
	if got := w.as(w.key, "POST", "/v1/questions/"+q.ID+"/cancel", ""); got.status != 200 {
		t.Fatal(got.body)
	}
	open := w.ask(`{"text":"Open?","choices":["yes","no"],"price":"1"}`)

	micro := func(n int64) tasknet.Amount { return tasknet.Micro(n) }
	amounts := cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b })
	project := wire.Costs{Questions: 1, Answers: 2, Paid: micro(40_000), Fee: micro(6_000), Cost: micro(46_000)}
	alone := wire.Costs{Questions: 1, Answers: 1, Paid: micro(100_000), Fee: micro(15_000), Refunded: micro(230_000), Cost: micro(115_000)}
	all := wire.Costs{Questions: 2, Answers: 3, Paid: micro(140_000), Fee: micro(21_000), Refunded: micro(230_000), Cost: micro(161_000)}
	now := w.server.Now().UTC()
	day, month := now.Format(time.DateOnly), now.Format("2006-01")
	for by, want := range map[string][]wire.SpendingPart{
		"day":     {{Day: day, Costs: all}},
		"month":   {{Month: month, Costs: all}},
		"project": {{Costs: alone}, {Project: p.ID, Name: "=Spam()", Costs: project}},
	} {
		got := read[wire.Spending](w, w.as(w.key, "GET", "/v1/money/spending?by="+by, ""), 200)
		if diff := cmp.Diff(want, got.Parts, amounts); diff != "" || got.All != all || got.To != day || got.Symbol != "tUSD" {
			t.Errorf("by %s: %+v (-want +got):\n%s", by, got, diff)
		}
	}
	if got := read[wire.Spending](w, w.as(w.key, "GET", "/v1/money/spending?from=2020-01-01&to=2020-02-01", ""), 200); len(got.Parts) != 0 || got.Parts == nil || got.From != "2020-01-01" {
		t.Errorf("long before: %+v", got)
	}
	money := read[wire.Money](w, w.as(w.key, "GET", "/v1/money", ""), 200)
	if want := (wire.Money{Balance: wire.Balance{
		Available: micro(100_000_000 - 161_000 - 3_450_000), Held: open.Hold, Spent: micro(161_000), Deposited: micro(100_000_000), Symbol: "tUSD",
	}, Refunded: micro(230_000)}); money != want {
		t.Errorf("money: %+v, want %+v", money, want)
	}
	refunds := read[wire.Refunds](w, w.as(w.key, "GET", "/v1/money/refunds", ""), 200)
	if len(refunds.Refunds) != 1 || refunds.Refunds[0].Question != q.ID || refunds.Refunds[0].Refunded != micro(230_000) {
		t.Errorf("refunds: %+v", refunds)
	}

	invoice := read[wire.Invoice](w, w.as(w.key, "GET", "/v1/invoices/"+month+"?limit=1", ""), 200)
	if *invoice.All != all || invoice.Over || len(invoice.Lines) != 1 || invoice.Next == "" || invoice.Name != w.org.Name || invoice.Organisation != string(w.org.ID) {
		t.Errorf("the invoice: %+v", invoice)
	}
	rest := read[wire.Invoice](w, w.as(w.key, "GET", "/v1/invoices/"+month+"?cursor="+invoice.Next, ""), 200)
	lines := append(invoice.Lines, rest.Lines...)
	if rest.All != nil || len(lines) != 2 || lines[0].Question != task.Question || lines[0].Project != p.ID || lines[0].Cost != micro(46_000) || lines[1].Question != q.ID || lines[1].About != "Alone?" {
		t.Errorf("lines: %+v", lines)
	}
	file := w.as(w.key, "GET", "/v1/invoices/"+month+"/csv", "")
	if file.status != 200 || file.header.Get("Content-Type") != "text/csv; charset=utf-8" || file.header.Get("Content-Disposition") != `attachment; filename="tasknet-`+month+`.csv"` {
		t.Errorf("the file: %d %v", file.status, file.header)
	}
	rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	w.must(err)
	want := [][]string{
		{"date", "transaction", "kind", "question", "project", "about", "answers", "pay", "bonus", "fee", "forfeited", "cost", "refund", "token"},
		{lines[0].At.UTC().Format(wire.TimeLayout), lines[0].Tx, "settlement", task.Question, p.ID, "'=Spam()", "2", "0.04", "0", "0.006", "0", "0.046", "0", "tUSD"},
		{lines[1].At.UTC().Format(wire.TimeLayout), lines[1].Tx, "settlement", q.ID, "", "Alone?", "1", "0.1", "0", "0.015", "0", "0.115", "0.23", "tUSD"},
		{"total", "", "", "", "", "", "3", "0.14", "0", "0.021", "0", "0.161", "0.23", "tUSD"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}

	other, err := w.server.Pipeline.NewOrg(t.Context(), "Others")
	w.must(err)
	stranger := w.newKey(other)
	if got := read[wire.Invoice](w, w.as(stranger, "GET", "/v1/invoices/"+month, ""), 200); len(got.Lines) != 0 || !got.All.Cost.IsZero() {
		t.Errorf("somebody else's invoice: %+v", got)
	}
	for _, bad := range []string{
		"/v1/invoices/2026-13", "/v1/invoices/november", "/v1/invoices/2999-01", "/v1/invoices/2026-13/csv", "/v1/invoices/" + month + "?cursor=" + invoice.Next + "x",
		"/v1/money/spending?from=2026-11-02&to=2026-11-01", "/v1/money/spending?from=yesterday", "/v1/money/spending?to=1.1.2026", "/v1/money/spending?by=hour", "/v1/money/spending?from=1990-01-01&to=2026-01-01",
	} {
		if got := w.as(w.key, "GET", bad, ""); got.status/100 != 4 {
			t.Errorf("%s: status %d, %.200s", bad, got.status, got.body)
		}
	}
	if got := w.as("", "GET", "/v1/invoices/"+month+"/csv", ""); got.status != 401 {
		t.Errorf("without a key: %d", got.status)
	}
}

// TestBonuses: a bonus is paid once for a key, out of the requester's balance, to who gave the answer, who reads why.
func TestBonuses(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	who := w.person()
	q := w.ask(fixed(1))
	open := w.ask(fixed(1))
	early := w.answer(who, q.ID, 0)
	w.closed(q.ID)
	before := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200)
	state := w.state()
	path := "/v1/questions/" + q.ID + "/bonuses"
	body := func(answer, amount, reason string) string {
		return fmt.Sprintf(`{"answer":%q,"amount":%q,"reason":%q}`, answer, amount, reason)
	}
	other, err := w.server.Pipeline.NewOrg(t.Context(), "Others")
	w.must(err)
	for _, tt := range []struct {
		key, path, body, code string
	}{
		{w.key, path, body(early.Answer, "0", "why"), "bad_bonus"},
		{w.key, path, body(early.Answer, "-1", "why"), "bad_bonus"},
		{w.key, path, body(early.Answer, "1000.000001", "why"), "bad_bonus"},
		{w.key, path, body(early.Answer, "4611686018427.387904", "why"), "bad_bonus"}, // 2^62 micro-units
		{w.key, path, body(early.Answer, "0.1", " "), "bad_reason"},
		{w.key, path, body(early.Answer, "0.1", "a\u202eb"), "bad_reason"},
		{w.key, path, body("ans_x", "0.1", "why"), "no_such_answer"},
		{w.key, "/v1/questions/" + open.ID + "/bonuses", body(early.Answer, "0.1", "why"), "question_open"},
		{w.key, path, body(early.Answer, "0.97", "why"), "insufficient_funds"},
		{w.newKey(other), path, body(early.Answer, "0.1", "why"), "no_such_question"},
	} {
		if p := read[wire.Problem](w, w.as(tt.key, "POST", tt.path, tt.body), statusOf(kindOf(tt.code), tt.code)); p.Code != tt.code {
			t.Errorf("%s: %+v, want %s", tt.body, p, tt.code)
		}
	}
	if after := w.state(); after != state {
		t.Errorf("what was refused changed something (-before +after):\n%s", cmp.Diff(state, after))
	}
	key := []string{idempotencyHeader, "bonus"}
	paid := read[wire.Bonus](w, w.as(w.key, "POST", path, body(early.Answer, "0.25", "You saw it."), key...), 201)
	again := read[wire.Bonus](w, w.as(w.key, "POST", path, body(early.Answer, "0.25", "You saw it."), key...), 201)
	if paid != again || paid.Answer != early.Answer || paid.By != "Roofs Ltd" || paid.Amount.String() != "0.25" {
		t.Errorf("paid %+v, and again %+v", paid, again)
	}
	after := read[wire.Money](w, w.as(w.key, "GET", "/v1/money", ""), 200)
	if after.Available != before.Available.Sub(tasknet.Micro(250_000)) || after.Bonuses != tasknet.Micro(250_000) || after.Spent != before.Spent.Add(tasknet.Micro(250_000)) {
		t.Errorf("the balance: %+v before, %+v after", before, after)
	}
	token := w.token(who)
	mine := read[wire.Bonuses](w, w.as(token, "GET", "/v1/me/bonuses", ""), 200)
	if len(mine.Bonuses) != 1 || mine.Bonuses[0] != paid || mine.Bonuses[0].Reason != "You saw it." {
		t.Errorf("my bonuses: %+v", mine)
	}
	me := read[wire.Me](w, w.as(token, "GET", "/v1/me", ""), 200)
	if me.Earned != tasknet.Micro(268_000) {
		t.Errorf("earned %s", me.Earned)
	}
	if got := read[wire.Bonuses](w, w.as(w.token(w.person()), "GET", "/v1/me/bonuses", ""), 200); len(got.Bonuses) != 0 {
		t.Errorf("somebody else's: %+v", got)
	}
	line := read[wire.Invoice](w, w.as(w.key, "GET", "/v1/invoices/"+w.server.Now().UTC().Format("2006-01"), ""), 200)
	if n := len(line.Lines); n != 2 || line.Lines[1].Kind != "bonus" || line.Lines[1].Bonus != tasknet.Micro(250_000) || line.All.Bonus != tasknet.Micro(250_000) {
		t.Errorf("the invoice: %+v", line)
	}
	w.epoch(true) // and it goes where all pay goes
	earned := read[wire.Earnings](w, w.as(token, "GET", "/v1/me/earnings", ""), 200)
	if earned.OnChain != tasknet.Micro(268_000) || earned.Days[len(earned.Days)-1].Amount != tasknet.Micro(268_000) || earned.Days[len(earned.Days)-1].Answers != 1 {
		t.Errorf("earnings: %+v", earned)
	}
	w.server.sums.Store(nil) // they are kept for a second
	totals := read[wire.Totals](w, w.as("", "GET", "/v1/records/totals", ""), 200)
	if totals.Claimed != tasknet.Micro(268_000) {
		t.Errorf("totals: %+v", totals)
	}
}

// kindOf returns the kind of a problem by its code.
func kindOf(code string) tasknet.Kind {
	return map[string]tasknet.Kind{
		"no_such_answer": tasknet.NotFound, "no_such_question": tasknet.NotFound, "question_open": tasknet.Conflict, "insufficient_funds": tasknet.NoFunds,
		"bad_bonus": tasknet.Invalid, "bad_reason": tasknet.Invalid,
	}[code]
}
