package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/server/wire"
)

// TestModelFlags: each form of the flag is what it says, and what belongs to it is nothing without it.
func TestModelFlags(t *testing.T) {
	spec, broken := filepath.Join(t.TempDir(), "spec.json"), filepath.Join(t.TempDir(), "broken.json")
	for file, text := range map[string]string{spec: `{"input":{"kind":"words"}}`, broken: `{`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		flags modelFlags
		want  *wire.ModelHelps
		fails bool
	}{
		{modelFlags{}, nil, false},
		{modelFlags{helps: "off"}, &wire.ModelHelps{Off: true}, false},
		{modelFlags{helps: "text", labels: 50, audits: "0.1"}, &wire.ModelHelps{Preset: "text", Labels: 50, AuditShare: "0.1"}, false},
		{modelFlags{helps: "tabular:x,y"}, &wire.ModelHelps{Preset: "tabular", Columns: []string{"x", "y"}}, false},
		{modelFlags{helps: "image"}, &wire.ModelHelps{Preset: "image"}, false},
		{modelFlags{helps: "image:28x20"}, &wire.ModelHelps{Preset: "image", Width: 28, Height: 20}, false},
		{modelFlags{helps: "image:28"}, nil, true},
		{modelFlags{helps: "image:28x0"}, nil, true},
		{modelFlags{helps: spec}, &wire.ModelHelps{Model: []byte(`{"input":{"kind":"words"}}`)}, false},
		{modelFlags{helps: broken}, nil, true},
		{modelFlags{helps: filepath.Join(t.TempDir(), "none.json")}, nil, true},
		{modelFlags{labels: 50}, nil, true},
		{modelFlags{audits: "0.1"}, nil, true},
	} {
		got, err := c.flags.read()
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.fails {
			t.Errorf("%+v: %v\n%s", c.flags, err, diff)
		}
	}
	for want, s := range map[string]*wire.ModelStatus{
		"": nil,
		"gathering labels (3 of 200) and known answers (1 of 59)":                              {State: "gathering", Labels: 3, LabelsNeed: 200, Golds: 1, GoldsNeeded: 59},
		"training by job job_1; people label on meanwhile":                                     {State: "training", Job: "job_1"},
		"measured by job job_1 on known answers; people label on meanwhile":                    {State: "measuring", Job: "job_1"},
		"helping: about 9 answers saved in 6 tasks; 3 audits; right on 55 of 59 known answers": {State: "helping", Saved: 9, Helped: 6, Audits: 3, Known: 59, Right: 55},
		"helping: about 7 answers saved in 5 tasks; 2 audits; the newest came to nothing: why": {State: "helping", Saved: 7, Helped: 5, Audits: 2, Problem: "why"},
		"switched off: it hurts": {State: "switched_off", Reason: "it hurts"},
	} {
		if got := modelLine(s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}
