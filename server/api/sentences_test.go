package api

import (
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
)

// TestSentences: what is wrong with a request is said as what to write instead, with the field that is meant.
func TestSentences(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	for _, c := range []struct{ path, body, says string }{
		{"/v1/questions", `{"text":"` + strings.Repeat("x", 1001) + `","choices":["a","b"]}`, "Correct the request: text: write at most 1000 characters."},
		{"/v1/questions", `{"choices":["a"` + strings.Repeat(`,"b"`, 20) + `]}`, "Correct the request: choices: give at most 20."},
		{"/v1/questions", `{"type":"poem","choices":["a","b"]}`, `Correct the request: type: write one of "choice, yes_no, scale, pair, multiple, ranking, number, text, boxes, polygons, mask, spans".`},
		{"/v1/questions", `{"text":7,"choices":["a","b"]}`, "Correct the request: text: write a text, in quotes."},
		{"/v1/questions", `{"text":"a","choices":"b"}`, "Correct the request: choices: write a list, in square brackets."},
		{"/v1/questions", `{"text":"a","number":{"min":"0","max":"1","decimals":7}}`, "Correct the request: number.decimals: write 6 or less."},
		{"/v1/questions", `{"text":"a","deadline_seconds":5}`, "Correct the request: deadline_seconds: write 10 or more."},
		{"/v1/questions", `{"text":"a","deadline_seconds":"90s"}`, "Correct the request: deadline_seconds: write a whole number, without quotes."},
		{"/v1/questions", `{"text":"a","colour":"red"}`, "Correct the request: colour: there is no such field; leave it out, or correct its name."},
		{"/v1/questions", `[]`, "Correct the request: write an object, in braces."},
		{"/v1/projects", `{}`, "Correct the request: the field name is missing."},
		{"/v1/projects", `{"name":""}`, "Correct the request: name: write at least 1 characters."},
		{"/v1/contests", `{"text":"a","items":[{"name":"b"}],"max":3}`, "Correct the request: items: give at least 2."},
		{"/v1/media/fetch", `{"url":"::"}`, "Correct the request: url: write an address such as https://example.org/image.png."},
	} {
		got := w.as(w.key, "POST", c.path, c.body, "Idempotency-Key", "k")
		if p := got.problem(t); p.Detail != c.says || got.status != 400 {
			t.Errorf("%s %.60s: status %d, %q, want %q", c.path, c.body, got.status, p.Detail, c.says)
		}
	}
}
