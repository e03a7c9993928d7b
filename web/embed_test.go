package web

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestChoose(t *testing.T) {
	page := func(body string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(body)} }
	for _, test := range []struct {
		name  string
		files fstest.MapFS
		want  string
		built bool
	}{
		{"fresh clone", fstest.MapFS{"placeholder/index.html": page("not built")}, "not built", false},
		{"interrupted build", fstest.MapFS{"placeholder/index.html": page("not built"), "dist/assets/a.js": page("")}, "not built", false},
		{"built", fstest.MapFS{"placeholder/index.html": page("not built"), "dist/index.html": page("app")}, "app", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			root, built := choose(test.files)
			got, err := fs.ReadFile(root, "index.html")
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want || built != test.built {
				t.Errorf("got %q, built %v; want %q, %v", got, built, test.want, test.built)
			}
		})
	}
}

func TestFilesHoldsAPageAndNoSources(t *testing.T) {
	root, built := Files()
	page, err := fs.ReadFile(root, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "TaskNet") {
		t.Errorf("index.html does not name TaskNet: %.80q", page)
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "dist" && e.Name() != "placeholder" {
			t.Errorf("%s is embedded; only dist and placeholder should be", e.Name())
		}
	}
	if built {
		if _, err := fs.Stat(root, "sw.js"); err != nil {
			t.Errorf("the built app has no service worker: %v", err)
		}
	}
}
