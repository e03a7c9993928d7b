package labeling_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// row is a task with the key and the label of a vector.
func row(t *testing.T, key string, l labeling.Label, leaves ...int64) labeling.DatasetRow {
	t.Helper()
	task := &labeling.ClosedTask{
		Leaves:   leaves,
		Task:     labeling.Task{Key: key},
		Question: &polls.Question{ID: "q_06gzyx07y42bpy28rk7sej8mgr", Hash: strings.Repeat("ab", 32)},
		Answers:  []polls.Answer{{Hash: [32]byte{1}}, {Hash: [32]byte{2}}},
	}
	r, err := labeling.NewDatasetRow(task, l)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rowsOf(t *testing.T) []labeling.DatasetRow {
	t.Helper()
	return []labeling.DatasetRow{
		row(t, "a/1.png", labeling.Label{Choice: 1, Soft: []int{24_000, 976_000}, Confidence: 976_000, Method: "dawid-skene/1"}),
		row(t, "a/2.png", labeling.Label{Choice: labeling.NoChoice, Method: "majority/1"}),
		row(t, "ö", labeling.Label{Value: `[{"class":0,"h":40,"w":30,"x":10,"y":20}]`, Confidence: 910_000, Method: "box-median/1"}),
		row(t, "ü", labeling.Label{Choice: 0, Soft: []int{1_000_000, 0}, Confidence: 1_000_000, Method: "majority/1"}, 70_000, 70_003),
	}
}

func sealed(t *testing.T, rows []labeling.DatasetRow) *labeling.Dataset {
	t.Helper()
	p := &labeling.Project{ID: "prj_06gzyx07y42bpy28rk7sej8mgr"}
	p.Type, p.Text, p.Choices = polls.Choice, "Which bird?", []string{"heron", "egret"}
	d := labeling.NewDataset(p, labeling.FromAuto, time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	d.Method = "ds"
	hashes := make([][32]byte, len(rows))
	for i, r := range rows {
		hashes[i] = r.Hash
	}
	if err := d.Seal(p, hashes, d.CreatedAt); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDatasetVector holds the form that is hashed to the shared vectors.
func TestDatasetVector(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Dataset struct {
			Rows                 []struct{ Content, Hash string } `json:"rows"`
			Manifest, Root, Hash string
		} `json:"dataset"`
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	want, rows := vectors.Dataset, rowsOf(t)
	if len(want.Rows) != len(rows) {
		t.Fatalf("the vectors have %d rows", len(want.Rows))
	}
	for i, r := range rows {
		if r.Content != want.Rows[i].Content || hex.EncodeToString(r.Hash[:]) != want.Rows[i].Hash {
			t.Errorf("row %d: %s\n%x\nwant %+v", i, r.Content, r.Hash, want.Rows[i])
		}
		if err := r.Check(); err != nil {
			t.Error(err)
		}
	}
	d := sealed(t, rows)
	if d.Manifest != want.Manifest || hex.EncodeToString(d.Root[:]) != want.Root || hex.EncodeToString(d.Hash[:]) != want.Hash {
		t.Errorf("manifest %s\nroot %x\nhash %x", d.Manifest, d.Root, d.Hash)
	}
}

func TestDatasetIsItsContent(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t)
	d := sealed(t, rows)
	if again := sealed(t, rows); again.ID == d.ID || again.Hash != d.Hash {
		t.Errorf("sealed again: %s has %x, %s has %x", d.ID, d.Hash, again.ID, again.Hash)
	}
	for i := range rows {
		changed := rowsOf(t)
		changed[i] = row(t, changed[i].Key, labeling.Label{Choice: 0, Soft: []int{1_000_000, 0}, Confidence: 1_000_000, Method: "dawid-skene/1"})
		if other := sealed(t, changed); other.Hash == d.Hash || other.Root == d.Root {
			t.Errorf("another label of row %d has the same hash", i)
		}
	}
	if err := d.Seal(&labeling.Project{}, nil, d.CreatedAt); !errors.Is(err, labeling.ErrDatasetSealed) {
		t.Errorf("sealed twice: %v", err)
	}
	for i, r := range rows {
		r.Content = strings.Replace(r.Content, `"method":"`, `"method":"x`, 1)
		if r.Check() == nil {
			t.Errorf("a changed row %d fits its hash", i)
		}
	}
	empty := tasknet.NewTree(nil).Root()
	if none := sealed(t, nil); none.Root != empty {
		t.Errorf("the root of no rows is %x", none.Root)
	}
}

func TestDiffer(t *testing.T) {
	t.Parallel()
	heron := row(t, "k", labeling.Label{Choice: 0, Soft: []int{900_000, 100_000}, Confidence: 900_000, Method: "m"})
	surer := row(t, "k", labeling.Label{Choice: 0, Soft: []int{950_000, 50_000}, Confidence: 950_000, Method: "m"})
	egret := row(t, "k", labeling.Label{Choice: 1, Soft: []int{100_000, 900_000}, Confidence: 900_000, Method: "m"})
	for _, c := range []struct {
		from, to *labeling.DatasetRow
		want     labeling.Change
	}{
		{&heron, &heron, ""},
		{nil, &heron, labeling.Added},
		{&heron, nil, labeling.Removed},
		{&heron, &egret, labeling.Relabeled},
		{&heron, &surer, labeling.Recounted},
	} {
		got, err := labeling.Differ(c.from, c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			if c.want != "" {
				t.Errorf("no difference, want %s", c.want)
			}
			continue
		}
		if got.Change != c.want || got.Key != "k" || (got.From == nil) != (c.from == nil) || (got.To == nil) != (c.to == nil) {
			t.Errorf("%+v, want %s", got, c.want)
		}
	}
}
