package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/server/wire"
)

// TestProjectOfFiles makes a project of a label configuration and of examples, and changes the examples.
func TestProjectOfFiles(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	served(t, filepath.Join(dir, "data"))
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	as := func(args ...string) (p wire.Project) {
		t.Helper()
		code, stdout, stderr := run(t, append(args, "--json")...)
		if code != exitOK {
			t.Fatalf("tasknet %s: status %d, %s", args, code, stderr)
		}
		if err := json.Unmarshal([]byte(stdout), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	config := file("config.xml", `<View><Header value="Mark all"/><Image name="i" value="$image"/><PolygonLabels name="l" toName="i"><Label value="cat"/><Label value="dog"/></PolygonLabels></View>`)
	examples := file("examples.json", `[{"good":true,"text":"a tail","answer":"a cat","why":"It is long."},{"good":false,"text":"a leaf","answer":"a dog"}]`)
	made := as("project", "create", "Pets", "--label-config", config, "--examples", examples)
	want := []wire.ProjectExample{{Good: true, Text: "a tail", Answer: "a cat", Why: "It is long."}, {Text: "a leaf", Answer: "a dog"}}
	if diff := cmp.Diff(want, made.Examples); diff != "" || made.Type != "polygons" || made.Text != "Mark all" || strings.Join(made.Choices, " ") != "cat dog" {
		t.Errorf("made: %+v (-want +got):\n%s", made, diff)
	}
	other := as("project", "create", "Pets", "--label-config", config, "--type", "boxes", "--choice", "pet", "--text", "Mark pets")
	if other.Type != "boxes" || other.Text != "Mark pets" || strings.Join(other.Choices, " ") != "pet" || len(other.Examples) != 0 {
		t.Errorf("with flags: %+v", other)
	}
	edited := as("project", "edit", made.ID, "--examples", file("fewer.json", `[{"good":false,"text":"a leaf","answer":"a dog"}]`))
	if diff := cmp.Diff(want[1:], edited.Examples); diff != "" || edited.Type != "polygons" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
	for name, text := range map[string]string{"no list": `{"good":true}`, "no JSON": "good", "another field": `[{"good":true,"answer":"a","note":"b"}]`, "null": "null", "two": "[] []"} {
		code, _, stderr := run(t, "project", "create", "Pets", "--choice", "a", "--choice", "b", "--examples", file("bad.json", text))
		if code != exitUsage || !strings.Contains(stderr, "holds no JSON list such as") {
			t.Errorf("%s: status %d, %s", name, code, stderr)
		}
	}
	if code, _, stderr := run(t, "project", "create", "Pets", "--label-config", examples); code != exitUsage || !strings.Contains(stderr, "The label configuration is empty.") {
		t.Errorf("a configuration that is none: status %d, %s", code, stderr)
	}
	if code, _, _ := run(t, "project", "create", "Pets", "--label-config", filepath.Join(dir, "none.xml")); code != exitUsage {
		t.Errorf("no such file: status %d", code)
	}
}
