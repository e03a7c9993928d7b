package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

func TestUnknownParameters(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		"?limt=5":              `There is no query parameter "limt" here; this address takes cursor, limit, status.`,
		"?limit=5&Status=open": `There is no query parameter "Status" here; this address takes cursor, limit, status.`,
		"?limit=5&" + strings.Repeat("a", 90) + "=1": `There is no query parameter "` + strings.Repeat("a", 40) + `..." here; this address takes cursor, limit, status.`,
	} {
		got := w.as(w.key, "GET", "/v1/questions"+query, "")
		if p := got.problem(t); got.status != 400 || p.Code != "unknown_parameter" || p.Detail != want {
			t.Errorf("%s: %d, %+v, want %s", query, got.status, p, want)
		}
	}
	w.deposit(w.org, tasknet.Micro(1_000_000))
	before := w.state()
	if got := w.as(w.key, "POST", "/v1/questions?dry_run=true", fixed(1)); got.status != 400 || got.problem(t).Code != "unknown_parameter" {
		t.Errorf("a question is asked with a parameter that there is none of: %d", got.status)
	}
	if after := w.state(); after != before {
		t.Errorf("what is refused changes something: %s, before %s", after, before)
	}
	read[wire.Questions](w, w.as(w.key, "GET", "/v1/questions?limit=5&status=open&", ""), 200)

	// No operation takes what it does not know, whoever handles it.
	var document struct {
		Paths map[string]map[string]struct {
			Security []map[string][]string
		}
	}
	w.must(json.Unmarshal([]byte(w.as("", "GET", "/openapi.json", "").body), &document))
	token, variable, operations := w.machine().token, regexp.MustCompile(`\{\w+\}`), 0
	for path, methods := range document.Paths {
		for method, o := range methods {
			secret := ""
			if len(o.Security) > 0 {
				secret = w.key
				if _, ok := o.Security[0][schemeToken]; ok {
					secret = token
				}
			}
			got := w.as(secret, strings.ToUpper(method), variable.ReplaceAllString(path, "x")+"?unheard_of=1", "")
			if got.status != http.StatusBadRequest || got.problem(t).Code != "unknown_parameter" {
				t.Errorf("%s %s: %d, %.200s", method, path, got.status, got.body)
			}
			operations++
		}
	}
	if got := w.as("", "HEAD", "/media/x?unheard_of=1", ""); got.status != http.StatusBadRequest {
		t.Errorf("HEAD of a medium: %d", got.status)
	}
	if operations < 60 {
		t.Errorf("only %d operations were tried", operations)
	}
}
