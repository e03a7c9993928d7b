package api

import (
	"archive/zip"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// dataset makes a version of a project and waits until it is sealed.
func (w *world) dataset(project, labels string) wire.Dataset {
	w.t.Helper()
	d := read[wire.Dataset](w, w.as(w.key, "POST", "/v1/projects/"+project+"/datasets", `{"labels":"`+labels+`"}`), 201)
	for range 1000 {
		if d = read[wire.Dataset](w, w.as(w.key, "GET", "/v1/datasets/"+d.ID, ""), 200); d.State != "sealing" {
			return d
		}
		<-time.After(5 * time.Millisecond)
	}
	w.t.Fatalf("the dataset is not sealed: %+v", d)
	return d
}

// Two versions of a dataset from the call that makes the first to how they differ, over HTTP.
func TestDataset(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	p := w.project(birds)
	if r := w.as(w.key, "POST", "/v1/projects/"+p.ID+"/datasets", `{}`); r.status != 409 || !strings.Contains(r.body, "nothing_closed") {
		t.Errorf("a dataset of nothing: %d %s", r.status, r.body)
	}
	w.imported(p.ID, "one\ntwo\nthree\nfour\n")
	tasks := read[wire.Tasks](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/tasks", ""), 200).Tasks
	people := w.people(2)
	answer := func(task int, by []*client.Respondent, choices ...int) {
		t.Helper()
		for i, who := range by {
			w.answer(who, tasks[task].Question, choices[i])
		}
		w.closed(tasks[task].Question)
	}
	answer(0, people, 0, 0) // four
	answer(1, people, 1, 1) // one
	first := w.dataset(p.ID, "verdicts")
	if first.State != "sealed" || first.Rows != 2 || first.SealedAt == nil || len(first.Root) != 64 || !strings.Contains(string(first.Manifest), first.Root) {
		t.Fatalf("sealed: %+v", first)
	}
	if again := w.dataset(p.ID, "verdicts"); again.ID == first.ID || again.Hash != first.Hash {
		t.Errorf("the same content again is %s, not %s", again.Hash, first.Hash)
	}
	rows := read[wire.DatasetRows](w, w.as(w.key, "GET", "/v1/datasets/"+first.ID+"/rows?limit=1", ""), 200)
	if len(rows.Rows) != 1 || rows.Next == "" {
		t.Fatalf("a page of rows: %+v", rows)
	}
	row := rows.Rows[0]
	if row.Key != "four" || row.Text != "Which bird?" || row.Passage != "four" || len(row.Answers) != 2 || row.Answers[0].Worker == row.Answers[1].Worker || *row.Answers[0].Choice != 0 {
		t.Errorf("a row: %+v", row)
	}
	stored := labeling.DatasetRow{Key: row.Key, Content: string(row.Record)}
	record, err := stored.Record()
	if err != nil || record.Key != "four" || *record.Choice != 0 || len(record.Soft) != 2 || len(record.Answers) != 2 || string(record.Question) != tasks[0].Question {
		t.Errorf("its record: %s, %v", row.Record, err)
	}

	answer(2, people, 1, 1) // three
	second := w.dataset(p.ID, "auto")
	if second.State != "sealed" || second.Rows != 3 || second.Method == "" || second.Reason == "" || second.Hash == first.Hash {
		t.Fatalf("sealed by auto: %+v", second)
	}
	diff := read[wire.DatasetDiff](w, w.as(w.key, "GET", "/v1/datasets/"+second.ID+"/diff?from="+first.ID, ""), 200)
	var changes []string
	for _, c := range diff.Changes {
		changes = append(changes, c.Key+" "+c.Change)
	}
	if diff := cmp.Diff([]string{"four recounted", "one recounted", "three added"}, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	back := read[wire.DatasetDiff](w, w.as(w.key, "GET", "/v1/datasets/"+first.ID+"/diff?limit=2&from="+second.ID, ""), 200)
	if len(back.Changes) != 2 || back.Next == "" {
		t.Fatalf("a page of changes: %+v", back)
	}
	rest := read[wire.DatasetDiff](w, w.as(w.key, "GET", "/v1/datasets/"+first.ID+"/diff?limit=2&from="+second.ID+"&cursor="+back.Next, ""), 200)
	if len(rest.Changes) != 1 || rest.Changes[0].Change != "removed" || rest.Changes[0].To != nil || rest.Changes[0].From == nil {
		t.Errorf("the rest: %+v", rest)
	}
	list := read[wire.Datasets](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/datasets", ""), 200)
	if len(list.Datasets) != 3 || list.Datasets[0].ID != second.ID {
		t.Errorf("listed: %+v", list)
	}

	for format, want := range map[string][]string{"parquet": {"README.md"}, "jsonl": {"rows.jsonl"}, "csv": {"answers.csv"}, "label-studio": {"config.xml", "tasks.json"}} {
		got := w.as(w.key, "GET", "/v1/datasets/"+second.ID+"/export?format="+format, "")
		archive, err := zip.NewReader(strings.NewReader(got.body), int64(len(got.body)))
		if err != nil || got.status != 200 || got.header.Get("Content-Type") != "application/zip" {
			t.Fatalf("export as %s: %d %.200q, %v", format, got.status, got.body, err)
		}
		for _, name := range want {
			f, err := archive.Open(name)
			if err != nil {
				t.Fatalf("export as %s: %v", format, err)
			}
			content, err := io.ReadAll(f)
			if err != nil || len(content) == 0 || format == "jsonl" && strings.Count(string(content), "\n") != 3 {
				t.Errorf("export as %s: %s is %q, %v", format, name, content, err)
			}
		}
	}
	if r := w.as(w.key, "GET", "/v1/datasets/"+second.ID+"/export?format=coco", ""); r.status != 400 || !strings.Contains(r.body, "bad_format") {
		t.Errorf("export of choices as coco: %d %.200s", r.status, r.body)
	}
	report := read[labeling.Report](w, w.as(w.key, "GET", "/v1/projects/"+p.ID+"/report", ""), 200)
	if report.Tasks != 3 || report.Answers != 6 || report.People != 2 || report.Agreement == nil || report.Agreement.Percent != 1 || report.Confusion[1][1] != 4 || report.CostPerTask != "0.023" {
		t.Errorf("report: %+v", report)
	}

	other, err := w.server.Pipeline.NewOrg(t.Context(), "Somebody else")
	w.must(err)
	stranger := w.newKey(other)
	for _, path := range []string{"/v1/datasets/" + first.ID, "/v1/datasets/" + first.ID + "/rows", "/v1/datasets/" + first.ID + "/export", "/v1/datasets/" + first.ID + "/diff?from=" + second.ID, "/v1/projects/" + p.ID + "/datasets", "/v1/projects/" + p.ID + "/report"} {
		if r := w.as(stranger, "GET", path, ""); r.status != 404 {
			t.Errorf("a stranger gets %s: %d", path, r.status)
		}
	}
}
