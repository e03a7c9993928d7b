package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// TestProjectToDataset imports tasks, has them answered, and exports their labels, all by the command line.
func TestProjectToDataset(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	address, key, stop := serving(t, filepath.Join(dir, "data"))
	defer func() {
		if code := stop(); code != exitOK {
			t.Errorf("serve ended with %d", code)
		}
	}()
	t.Setenv("TASKNET_URL", address)
	t.Setenv("TASKNET_KEY", key)
	as := func(out any, args ...string) {
		t.Helper()
		code, stdout, stderr := run(t, append(args, "--json")...)
		if code != exitOK {
			t.Fatalf("tasknet %s: status %d, %s", args, code, stderr)
		}
		if err := json.Unmarshal([]byte(stdout), out); err != nil {
			t.Fatalf("tasknet %s: %v in %s", args, err, stdout)
		}
	}
	var project wire.Project
	as(&project, "project", "create", "Birds", "--text", "Which bird?", "--choice", "heron", "--choice", "egret", "--policy", "fixed:2")

	file := filepath.Join(dir, "birds.csv")
	if err := os.WriteFile(file, []byte("key,text,truth\na,a grey one,heron\nb,a white one,\nc,,\nd,another,stork\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var imported wire.Import
	as(&imported, "project", "import", project.ID, file)
	if imported.State != "done" || imported.Rows != 4 || imported.Made != 2 || imported.Malformed != 2 || imported.First[0].Line != 4 || imported.First[1].Line != 5 {
		t.Fatalf("imported: %+v", imported)
	}
	var moved wire.Project
	as(&moved, "project", "pause", project.ID, "--wait")
	if moved.Status != "paused" || moved.Work != "" {
		t.Errorf("paused: %+v", moved)
	}
	as(&moved, "project", "resume", project.ID, "--wait")

	if code, _, stderr := run(t, "dataset", "seal", project.ID); code != exitFailed || !strings.Contains(stderr, "no closed task") {
		t.Errorf("a dataset of nothing: status %d, %s", code, stderr)
	}
	for choice, task := range []string{"a", "b"} {
		answerTask(t, address, key, project.ID, task, choice)
	}
	var status wire.Project
	as(&status, "project", "status", project.ID)
	if status.Tasks.All != 2 || status.Tasks.Done != 2 || status.Status != "completed" || status.Answers != 4 {
		t.Fatalf("status: %+v", status)
	}
	var sealed wire.Dataset
	as(&sealed, "dataset", "seal", project.ID, "--labels", "verdicts")
	if sealed.State != "sealed" || sealed.Rows != 2 {
		t.Fatalf("sealed: %+v", sealed)
	}
	for _, format := range []string{"jsonl", "csv", "parquet", "label-studio"} {
		out := filepath.Join(dir, format)
		if code, stdout, stderr := run(t, "dataset", "export", sealed.ID, "--format", format, "--out", out); code != exitOK || !strings.Contains(stdout, "2 tasks") {
			t.Fatalf("export as %s: status %d, %s", format, code, stderr)
		}
	}
	lines, err := os.ReadFile(filepath.Join(dir, "jsonl", "rows.jsonl"))
	if err != nil || !strings.Contains(string(lines), `"key":"a"`) || !strings.Contains(string(lines), `"label":"egret"`) || strings.Count(string(lines), "\n") != 2 || strings.Count(string(lines), `"truth":"heron"`) != 1 {
		t.Errorf("exported: %s, %v", lines, err)
	}
	if code, _, _ := run(t, "dataset", "export", sealed.ID, "--out", filepath.Join(dir, "jsonl")); code == exitOK {
		t.Error("an export over another one works")
	}
	if code, stdout, stderr := run(t, "verify", "--server", address); code != exitOK { // its tasks were paid for together
		t.Errorf("verify: status %d, %s %s", code, stdout, stderr)
	}
	code, stdout, _ := run(t, "dataset", "diff", sealed.ID, sealed.ID)
	if code != exitOK || !strings.Contains(stdout, "0 added, 0 removed, 0 relabeled") {
		t.Errorf("diff: status %d, %s", code, stdout)
	}
	var report labeling.Report
	as(&report, "project", "report", project.ID)
	if report.Tasks != 2 || report.Gold == nil || report.Gold.Right != 1 || report.Answers != 4 {
		t.Errorf("report: %+v", report)
	}
	page := filepath.Join(dir, "report.html")
	if code, _, stderr := run(t, "project", "report", project.ID, "--html", page); code != exitOK {
		t.Errorf("report as a page: status %d, %s", code, stderr)
	}
	if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "<title>Birds: report</title>") || !strings.Contains(string(text), "egret") || !strings.Contains(string(text), "Known truths") || strings.Count(string(text), "<code>rsp_") != 2 {
		t.Errorf("the page: %.200s, %v", text, err)
	}
}

// answerTask has two people answer a task, and waits for the verdict.
func answerTask(t *testing.T, address, key, project, task string, choice int) {
	t.Helper()
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	requester := c.Requester(key)
	found, err := requester.Task(t.Context(), project, task)
	if err != nil {
		t.Fatal(err)
	}
	answering(t, address, found.Question, choice, choice)
	if q, err := requester.Wait(t.Context(), found.Question, 20*time.Second); err != nil || q.Status != "closed" {
		t.Fatalf("the question of task %s is %s, %v", task, q.Status, err)
	}
}
