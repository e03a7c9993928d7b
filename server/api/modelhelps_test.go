package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/wire"
)

// TestModelHelpsThatMakeNoSense: what says of a model that helps what cannot be is refused with the reason, and makes or changes no
// project.
func TestModelHelpsThatMakeNoSense(t *testing.T) {
	w := newWorld(t)
	project := func(kind, policy, helps string) string {
		return `{"name":"Spam","type":"` + kind + `","text":"Is this spam?","quorum":{"policy":"` + policy + `","min":2,"max":8},"model_helps":` + helps + `}`
	}
	send := func(body string) reply { return w.as(w.key, http.MethodPost, "/v1/projects", body) }
	const sure = "confidence:0.95"
	for name, c := range map[string]struct{ helps, code string }{
		"nothing":             {`{}`, "bad_model_helps"},
		"both":                {`{"preset":"text","model":{"input":{"kind":"words"}}}`, "bad_model_helps"},
		"off and on":          {`{"off":true,"preset":"text"}`, "bad_model_helps"},
		"columns of a text":   {`{"preset":"text","columns":["a"]}`, "bad_model_helps"},
		"no columns":          {`{"preset":"tabular"}`, "bad_spec"},
		"classes of its own":  {`{"model":{"input":{"kind":"words"},"classes":["a","b"]}}`, "bad_model_helps"},
		"large pictures":      {`{"model":{"input":{"kind":"image","height":8,"width":129}}}`, "bad_model_helps"},
		"a size of a text":    {`{"preset":"text","height":8,"width":8}`, "bad_model_helps"},
		"half a size":         {`{"preset":"image","height":8}`, "bad_model_helps"},
		"too small pictures":  {`{"preset":"image","height":1,"width":1}`, "bad_spec"},
		"shapes do not fit":   {`{"model":{"input":{"kind":"words"},"layers":[{"type":"conv","filters":8}]}}`, "bad_spec"},
		"too few labels":      {`{"preset":"text","labels":5}`, "bad_help"},
		"too few audits":      {`{"preset":"text","audit_share":"0.01"}`, "bad_help"},
		"audits of no number": {`{"preset":"text","audit_share":"some"}`, "bad_number"},
		"audits beyond all":   {`{"preset":"text","audit_share":"1.5"}`, "bad_help"},
	} {
		t.Run(name, func(t *testing.T) {
			w.refused(send(project("yes_no", sure, c.helps)), c.code)
		})
	}
	w.refused(send(strings.Replace(project("yes_no", "fixed:3", `{"preset":"text"}`), `,"min":2,"max":8`, "", 1)), "model_cannot_help")
	w.refused(send(project("boxes", sure, `{"preset":"text"}`)), "model_cannot_help")
	if all := read[wire.Projects](w, w.as(w.key, http.MethodGet, "/v1/projects", ""), http.StatusOK); len(all.Projects) != 0 {
		t.Fatalf("%d projects were made", len(all.Projects))
	}
	id := read[wire.Project](w, send(project("yes_no", sure, `{"preset":"text"}`)), http.StatusCreated).ID
	for helps, side := range map[string]string{`{"preset":"image"}`: `"height":64,"width":64,"channels":3`, `{"preset":"image","height":28,"width":20}`: `"height":28,"width":20,"channels":1`} {
		if shown := read[wire.Project](w, send(project("yes_no", sure, helps)), http.StatusCreated).ModelHelps; shown == nil || !strings.Contains(string(shown.Model), side) {
			t.Errorf("%s: %+v", helps, shown)
		}
	}
	p := read[wire.Project](w, w.as(w.key, http.MethodGet, "/v1/projects/"+id, ""), http.StatusOK)
	if p.ModelHelps == nil || p.ModelHelps.Labels != 200 || p.ModelStatus == nil || p.ModelStatus.State != "gathering" || p.ModelStatus.Low != "" {
		t.Errorf("it is helped as %+v, %+v", p.ModelHelps, p.ModelStatus)
	}
	w.refused(w.as(w.key, http.MethodPatch, "/v1/projects/"+p.ID, `{"model_helps":{"preset":"text","labels":1}}`), "bad_help")
	if now := read[wire.Project](w, w.as(w.key, http.MethodGet, "/v1/projects/"+p.ID, ""), http.StatusOK); now.ModelHelps == nil || now.ModelHelps.Labels != 200 {
		t.Errorf("what was refused has changed it to %+v", now.ModelHelps)
	}
	off := read[wire.Project](w, w.as(w.key, http.MethodPatch, "/v1/projects/"+p.ID, `{"model_helps":{"off":true}}`), http.StatusOK)
	if off.ModelHelps != nil || off.ModelStatus != nil {
		t.Errorf("switched off it is %+v, %+v", off.ModelHelps, off.ModelStatus)
	}
}
