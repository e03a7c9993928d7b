package main

import (
	"encoding/json"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// TestProjectToDataset imports tasks, has them answered, and exports their labels, all by the command line.
func TestProjectToDataset(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	address, key := served(t, filepath.Join(dir, "data"))
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
	pictures := filepath.Join(dir, "pictures")
	writeTree(t, pictures, map[string][]byte{"grey/1.png": pngOf(t, color.Gray{99}), "white.png": pngOf(t, color.White), "notes.txt": []byte("two birds")})
	var shown wire.Project
	as(&shown, "project", "create", "Pictures", "--text", "Which bird?", "--choice", "heron", "--choice", "egret")
	as(&imported, "project", "import", shown.ID, pictures)
	if imported.State != "done" || imported.Name != "pictures.zip" || imported.Rows != 3 || imported.Made != 2 || imported.Malformed != 1 {
		t.Errorf("a folder imported: %+v", imported)
	}
	writeTree(t, pictures, map[string][]byte{"broken.png": []byte("no picture")})
	code, _, stderr := run(t, "project", "import", shown.ID, pictures)
	if code != exitOK || stderr != "broken.png: image: Send a PNG, JPEG, GIF or WebP image, or an MP3, Ogg, WAV or M4A clip.\nnotes.txt: it is neither an image nor a clip by its ending\n" {
		t.Errorf("a folder imported again: status %d, %s", code, stderr)
	}
	twice := filepath.Join(dir, "twice.csv")
	if err := os.WriteFile(twice, []byte("key,text,image\na,a grey one,\ne,a small one,\ne,a small one,\nf,a far one,no.png\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t, "project", "import", shown.ID, twice)
	if code != exitOK || !strings.Contains(stdout, " is done: 4 rows, 2 tasks made, 0 that the project had before, 1 that repeat a key of this file, 1 malformed\n") || !strings.HasPrefix(stderr, `line 5: image "no.png": `) {
		t.Errorf("a key that comes twice: status %d, %s%s", code, stdout, stderr)
	}
	var edited wire.Project
	as(&edited, "project", "edit", project.ID, "--most-per-person", "7", "--price", "0.02", "--warning", "blood", "--topic", "animals")
	if !slices.Equal(edited.Warnings, []string{"blood"}) || !slices.Equal(edited.Topics, []string{"animals"}) {
		t.Errorf("edited: %+v", edited)
	}
	if edited.MostEach != 7 || edited.Price.String() != "0.02" || edited.Name != "Birds" || edited.Quorum.Policy != "fixed:2" {
		t.Errorf("edited: %+v", edited)
	}
	if code, _, _ := run(t, "project", "edit", project.ID, "--max", "7"); code != exitUsage {
		t.Errorf("bounds without a policy: status %d", code)
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
	code, stdout, _ = run(t, "dataset", "diff", sealed.ID, sealed.ID)
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
	awaitClosed(t, requester, found.Question)
}

func awaitClosed(t *testing.T, requester *client.Requester, question string) {
	t.Helper()
	if q, err := requester.Wait(t.Context(), question, 20*time.Second); err != nil || q.Status != "closed" {
		t.Fatalf("question %s is %s, %v", question, q.Status, err)
	}
}

// An import that nobody goes on with keeps its project running, until it is found in the list and ended.
func TestUnfinishedImports(t *testing.T) {
	alone(t)
	address, key, stop := serving(t, t.TempDir())
	defer stop()
	t.Setenv("TASKNET_URL", address)
	t.Setenv("TASKNET_KEY", key)
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	requester := c.Requester(key)
	project, err := requester.NewProject(t.Context(), wire.NewProject{Name: "Birds", Text: "Which bird?", Choices: []string{"heron", "egret"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.zip")
	if err := os.WriteFile(broken, []byte("PK\x03\x04 and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, "project", "import", project.ID, broken); code != exitFailed || !strings.Contains(stderr, "The zip archive is broken") {
		t.Errorf("a broken archive: status %d, %s", code, stderr)
	}
	if _, err := requester.NewImport(t.Context(), project.ID, "begun.csv", ""); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t, "project", "imports", project.ID, "--json")
	var all []wire.Import
	if err := json.Unmarshal([]byte(stdout), &all); err != nil || code != exitOK || len(all) != 2 || all[0].State != "receiving" || all[1].State != "stopped" {
		t.Fatalf("imports: status %d, %s %s, %v", code, stdout, stderr, err)
	}
	code, stdout, _ = run(t, "project", "imports", project.ID)
	want := fmt.Sprintf("%s  receiving         0 rows         0 tasks made  begun.csv\n%s  stopped           0 rows         0 tasks made  broken.zip\n    %s: %s\n"+
		"    Mend the file and import it again: rows that are tasks already change nothing. End this one: tasknet project import %s --cancel %[2]s\n", all[0].ID, all[1].ID, all[1].Problem, all[1].Detail, project.ID)
	if diff := cmp.Diff(want, stdout); diff != "" || code != exitOK || all[1].Problem == "" {
		t.Errorf("imports: status %d (-want +got):\n%s", code, diff)
	}
	for _, i := range all {
		code, stdout, stderr := run(t, "project", "import", project.ID, "--cancel", i.ID)
		if code != exitOK || !strings.HasPrefix(stdout, i.ID+" is cancelled: 0 rows, 0 tasks made") {
			t.Errorf("cancel: status %d, %s %s", code, stdout, stderr)
		}
		if now, err := requester.Import(t.Context(), project.ID, i.ID); err != nil || now.State != "cancelled" {
			t.Errorf("the import is %s, %v", now.State, err)
		}
	}
	if code, _, stderr := run(t, "project", "import", project.ID, "--resume", all[1].ID); code != exitFailed || !strings.Contains(stderr, "is over") {
		t.Errorf("an import that was cancelled goes on: status %d, %s", code, stderr)
	}
}

// TestImportWithoutMoney: an import that the balance stopped says how it goes on, and does so after a deposit.
func TestImportWithoutMoney(t *testing.T) {
	alone(t)
	served(t, t.TempDir())
	project := asJSON[wire.Project](t, "project", "create", "Birds", "--text", "Which bird?", "--choice", "heron", "--choice", "egret", "--price", "200")
	file := filepath.Join(t.TempDir(), "birds.csv")
	if err := os.WriteFile(file, []byte("key,text\na,a grey one\nb,a white one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t, "project", "import", project.ID, file)
	id, _, _ := strings.Cut(stdout, " ")
	hint := fmt.Sprintf("tasknet deposits says how to deposit. Then go on: tasknet project import %s --resume %s\n", project.ID, id)
	if code != exitFailed || !strings.Contains(stdout, " is stopped: 0 rows, 0 tasks made, ") || !strings.HasSuffix(stderr, hint) || !strings.Contains(stderr, "The balance does not cover this") {
		t.Fatalf("without money: status %d, %s%s", code, stdout, stderr)
	}
	if got := printed(t, "project", "imports", project.ID); !strings.HasSuffix(got, "    "+hint) {
		t.Errorf("imports:\n%s", got)
	}
	if code, _, again := run(t, "project", "import", project.ID, "--resume", id); code != exitFailed || again != stderr {
		t.Errorf("still without money: status %d, %s", code, again)
	}
	printed(t, "faucet", "1000")
	printed(t, "faucet", "1000")
	for range 2 { // again changes nothing
		if got := printed(t, "project", "import", project.ID, "--resume", id); got != id+" is done: 2 rows, 2 tasks made, 0 that the project had before, 0 malformed\n" {
			t.Errorf("after a deposit: %s", got)
		}
	}
	status := printed(t, "project", "status", project.ID)
	want := "type       choice\nprice      200 an answer, and a fee of 30; a new task sets 690 aside\npolicy     fixed:3\ngold rate  0.1 of the questions that somebody gets have a known truth\n" +
		"deadline   30 days after a task is asked\neach       any number of tasks to one person\nlanguages  any\n"
	if !strings.Contains(status, "\n\n"+want) {
		t.Errorf("status:\n%s", status)
	}
	printed(t, "project", "edit", project.ID, "--price", "0.01", "--policy", "confidence:0.9", "--max", "5", "--deadline", "90s", "--most-per-person", "40", "--language", "en", "--language", "de", "--gold-rate", "0")
	status = printed(t, "project", "status", project.ID)
	for _, part := range []string{"policy     confidence:0.9,fixed:3, from 2 to 5 answers\n", "gold rate  0 of", "deadline   1m30s after", "each       at most 40 tasks to one person\n", "languages  en, de\n"} {
		if !strings.Contains(status, part) {
			t.Errorf("status: no %q in\n%s", part, status)
		}
	}
}
