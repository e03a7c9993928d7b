package interchange_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/tasknet/tasknet/server/interchange"
)

type recorded struct {
	Note   []string `parquet:"note,list"`
	Label  string   `parquet:"label,dict,zstd"`
	Worker int64    `parquet:"worker"`
	Task   *string  `parquet:"task,optional,snappy"`
}

// parquetOf writes rows in groups of three.
func parquetOf[T any](t testing.TB, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b)
	for len(rows) > 0 {
		n := min(3, len(rows))
		if _, err := w.Write(rows[:n]); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func someRecorded() []recorded {
	task := func(s string) *string { return &s }
	return []recorded{
		{nil, "yes", 7, task("q1")},
		{[]string{"a", "b"}, "no", 8, task("q1")},
		{nil, "yes", 9, nil},
		{nil, "", 9, task("q2")},
		{nil, "no", -1, task("q2")},
		{nil, "yes", 8, task("q1")},
		{nil, "no", 8, task("q,\n3")},
	}
}

func TestParquet(t *testing.T) {
	file := parquetOf(t, someRecorded())
	onDisk := filepath.Join(t.TempDir(), "answers")
	if err := os.WriteFile(onDisk, file, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(onDisk)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read := int64(0)
	for name, in := range map[string]interchange.File{
		"a pipe": {Reader: bytes.NewBuffer(file)},
		"a file": {Reader: f, Progress: func(done int64) { read = done }},
	} {
		a, err := interchange.ReadAnswers(t.Context(), in, interchange.AnswersOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]row{{"q1", "7", "yes"}, {"q1", "8", "no"}, {"q2", "-1", "no"}, {"q,\n3", "8", "no"}}, rowsOf(a)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		want := interchange.Malformed{Count: 3, First: []interchange.Row{
			{Line: 3, Problem: "the task is empty"}, {Line: 4, Problem: "the answer is empty"}, {Line: 6, Problem: `worker "8" has answered task "q1" on line 2 already`},
		}}
		if diff := cmp.Diff(want, a.Malformed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if read == 0 {
		t.Error("nothing was said about progress")
	}
}

func TestParquetTypes(t *testing.T) {
	type typed struct {
		Task   float64 `parquet:"task"`
		Worker bool    `parquet:"worker"`
		Label  float32 `parquet:"label"`
	}
	file := parquetOf(t, []typed{{1, true, 0.1}, {2.5, false, -3}, {math.NaN(), true, 1}})
	a, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: bytes.NewReader(file)}, interchange.AnswersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]row{{"1", "true", "0.1"}, {"2.5", "false", "-3"}}, rowsOf(a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]interchange.Row{{Line: 3, Problem: "the task is empty"}}, a.Malformed.First); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParquetThatIsBroken(t *testing.T) {
	whole := parquetOf(t, someRecorded())
	for length := range whole {
		a, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: bytes.NewReader(whole[:length]), Name: "a.parquet"}, interchange.AnswersOptions{})
		if a != nil || !errors.Is(err, interchange.ErrBadFile) {
			t.Fatalf("%d of %d bytes: %v", length, len(whole), err)
		}
	}
	// What is changed within is found, or is other text.
	for at := 0; at < len(whole); at += 11 {
		other := bytes.Clone(whole)
		other[at] ^= 0x55
		_, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: bytes.NewReader(other)}, interchange.AnswersOptions{})
		if err != nil && !errors.Is(err, interchange.ErrBadFile) {
			t.Fatalf("byte %d: %v", at, err)
		}
	}
	type listed struct {
		Task   []string `parquet:"task"`
		Worker string   `parquet:"worker"`
		Label  string   `parquet:"label"`
	}
	file := parquetOf(t, []listed{{[]string{"a"}, "b", "c"}})
	_, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: bytes.NewReader(file)}, interchange.AnswersOptions{})
	if !errors.Is(err, interchange.ErrBadFile) || !strings.Contains(err.Error(), "no column for the task") {
		t.Errorf("a column of lists: %v", err)
	}
}
