package interchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/interchange"
)

// A folder and an archive get the same files, and pictures once in each format.
func TestOutputs(t *testing.T) {
	s := samples(t)["pictures"]
	s.rows = append(s.rows, s.rows[0])
	folder := t.TempDir()
	var packed bytes.Buffer
	archive := interchange.NewOutputZip(&packed)
	for _, out := range []interchange.Output{interchange.OutputFolder(filepath.Join(folder, "new")), archive} {
		for _, f := range interchange.Formats() {
			err := interchange.Export(t.Context(), out, f, s.open, s.about, s.labeled())
			if f == interchange.COCO {
				if err == nil || err.Error() != "The format has nothing for this type of question." {
					t.Errorf("pairs as COCO: %v", err)
				}
			} else if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, image := range s.rows[0].ChoiceImages {
		want["images/"+image.Hash+".png"] = string(s.media[image.Hash])
	}
	in, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]int{}
	for _, f := range in.File {
		names[f.Name]++
	}
	wantNames := map[string]int{"README.md": 1, "data/part-00000.parquet": 1, "rows.jsonl": 1, "answers.csv": 1, "config.xml": 1, "tasks.json": 1}
	for name := range want {
		wantNames[name] = 2 // once with JSON lines, once with Label Studio's
	}
	if diff := cmp.Diff(wantNames, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		onDisk, err := os.ReadFile(filepath.Join(folder, "new", f.Name))
		if err != nil || !bytes.Equal(body, onDisk) {
			t.Errorf("%s differs: %v", f.Name, err)
		}
		if image, ok := want[f.Name]; ok && image != string(body) {
			t.Errorf("%s is another image", f.Name)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("images are missing: %v", want)
	}
}

func TestFormats(t *testing.T) {
	for _, f := range interchange.Formats() {
		if got, err := interchange.ParseFormat(string(f)); err != nil || got != f {
			t.Errorf("%s is read as %s, %v", f, got, err)
		}
	}
	_, err := interchange.ParseFormat("xlsx")
	s := samples(t)["boxes"]
	exported := interchange.Export(t.Context(), interchange.OutputFolder(t.TempDir()), "xlsx", nil, s.about, s.labeled())
	if err == nil || exported == nil || exported.Error() != err.Error() {
		t.Errorf("%v, %v", err, exported)
	}
	var packed bytes.Buffer
	archive := interchange.NewOutputZip(&packed)
	if err := errors.Join(interchange.Export(t.Context(), archive, interchange.COCO, s.open, s.about, s.labeled()), archive.Close()); err != nil {
		t.Fatal(err)
	}
	// What is exported is imported, images and all.
	tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: &packed}, interchange.TasksOptions{Type: s.about.Type, Choices: s.about.Choices}))
	if err != nil || bad != nil || len(tasks) != len(s.rows) {
		t.Fatalf("%v, %v, %v", tasks, bad, err)
	}
	for i, row := range s.rows {
		if tasks[i].Truth != truthOf(s, row) || files[tasks[i].Image] != string(s.media[row.Image.Hash]) {
			t.Errorf("%s comes back as %+v", row.Key, tasks[i])
		}
	}
}

// Row groups have 100 rows where there are images, and what is in the card adds up.
func TestParquetRowGroups(t *testing.T) {
	s := samples(t)["boxes"]
	for len(s.rows) < 253 {
		s.rows = append(s.rows, s.rows[0])
	}
	folder := t.TempDir()
	if err := interchange.WriteParquet(t.Context(), interchange.OutputFolder(folder), s.open, s.about, s.labeled()); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(folder, "data/part-00000.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var groups []int64
	for _, g := range file.RowGroups() {
		groups = append(groups, g.NumRows())
		for _, c := range g.ColumnChunks() {
			columns, err := c.ColumnIndex()
			offsets, err2 := c.OffsetIndex()
			if err := errors.Join(err, err2); err != nil || columns.NumPages() < 1 || offsets.NumPages() != columns.NumPages() {
				t.Errorf("column %d has no page index: %v, %v, %v", c.Column(), columns, offsets, err)
			}
		}
	}
	if diff := cmp.Diff([]int64{100, 100, 53}, groups); diff != "" {
		t.Errorf("row groups (-want +got):\n%s", diff)
	}
	card, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| Tasks | 253 |", "| Tasks with a label | 252 |", "| Answers | 756 |", "| People | 3 |", "| cat & dog | 251 |", `| "mouse" | 0 |`, "| bird | 251 |",
		"3 people gave 756 answers to 253 tasks", "251 answers say that the person cannot tell", "1 tasks have no label",
		"| Fleiss' kappa | 0.8123 |", "| Pairs of answers to a task that are the same | 1.0000 |", "> What\n> is it?", "> Look | well.", "- 252 labels by dawid-skene/1", "| Mean confidence in a label | 0.9123 |",
	} {
		if !strings.Contains(string(card), want) {
			t.Errorf("the card does not say %q:\n%s", want, card)
		}
	}
}

// A dataset without rows is one that can be opened.
func TestExportsOfNothing(t *testing.T) {
	s := samples(t)["choice"]
	s.rows = []*labeling.Labeled{}
	folder := t.TempDir()
	if err := interchange.WriteParquet(t.Context(), interchange.OutputFolder(folder), nil, s.about, s.labeled()); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(folder, "data/part-00000.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	tasks, bad, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(body)}, interchange.TasksOptions{}))
	if err != nil || tasks != nil || bad != nil {
		t.Errorf("%v, %v, %v", tasks, bad, err)
	}
	var studio bytes.Buffer
	if err := interchange.WriteLabelStudio(&studio, s.about, s.labeled()); err != nil || studio.String() != "[\n]\n" {
		t.Errorf("%q, %v", studio.String(), err)
	}
}
