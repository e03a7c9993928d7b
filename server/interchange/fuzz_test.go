package interchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// sound reads answers, and checks what always holds of them.
func sound(t *testing.T, name string, file []byte, numbers bool) *interchange.Answers {
	t.Helper()
	a, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: bytes.NewReader(file), Name: name}, interchange.AnswersOptions{Numbers: numbers, CannotTell: "?"})
	if err != nil {
		if !errors.Is(err, interchange.ErrBadFile) {
			t.Fatal(err)
		}
		return nil
	}
	n := len(a.Task)
	if len(a.Worker) != n || len(a.Label)+len(a.Value) != n || len(a.Malformed.First) != min(a.Malformed.Count, interchange.MalformedMax) {
		t.Fatalf("%d tasks, %d workers, %d labels, %d values, %d of %d malformed", n, len(a.Worker), len(a.Label), len(a.Value), len(a.Malformed.First), a.Malformed.Count)
	}
	for _, names := range []*interchange.Names{a.Tasks, a.Workers, a.Labels} {
		for i := range int32(names.Len()) {
			name := names.Of(i)
			if number, ok := names.Find(name); !ok || number != i || name != strings.TrimSpace(name) || name == "" || !utf8.ValidString(name) || i > 0 && names.Of(i-1) >= name {
				t.Fatalf("name %d is %q, found as %d, %v", i, name, number, ok)
			}
		}
	}
	if numbers {
		return a
	}
	// Nobody answers twice and every number is of a name, or votes would refuse them.
	if _, err := aggregate.NewVotes(aggregate.Columns{
		Task: a.Task, Worker: a.Worker, Class: a.Label, Tasks: a.Tasks.Len(), Workers: a.Workers.Len(), Classes: max(2, a.Labels.Len()),
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

func FuzzReadAnswers(f *testing.F) {
	for _, text := range []string{
		"question,worker,answer\nq,w,x\n\"q\n\"\"2\",v,?\nq,w,y\n", "w\tq\t1\r\nv\tq\t2e9\n", "\ufeffitem;worker;label\na;b;c\n;;\n",
		`{"task":"a","worker":1,"label":true}` + "\n{\n[]\n" + `{"task":"\u00e9","worker":"b","label":"c"}`, "a,b\n\"", "task,worker,label\na\"b,\"c\"d,\xff\n",
	} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, file []byte, numbers bool) {
		sound(t, "", file, numbers)
		sound(t, "a.jsonl", file, numbers)
	})
}

func FuzzReadParquet(f *testing.F) {
	f.Add(parquetOf(f, someRecorded()))
	f.Add(parquetOf(f, someRecorded()[:1]))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			t.Skip("long")
		}
		sound(t, "a.parquet", file, false)
	})
}

// FuzzCells writes cells by encoding/csv and encoding/json, and reads them back.
func FuzzCells(f *testing.F) {
	f.Add("task", "worker", "label")
	f.Add("a,\"b\"\r\nc", " d\t", "ü;")
	f.Fuzz(func(t *testing.T, task, worker, label string) {
		cells := []string{task, worker, label}
		var want []row
		ok := true
		for i, c := range cells {
			ok = ok && utf8.ValidString(c) && strings.TrimSpace(c) != "" && strings.IndexByte(c, 0) < 0 && len(c) < 1<<10
			cells[i] = strings.ReplaceAll(c, "\r", "")
			ok = ok && strings.TrimSpace(cells[i]) != "" && cells[i] != "?"
		}
		if !ok {
			return
		}
		want = append(want, row{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])})
		if want[0].Label == "?" {
			return
		}
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		if err := w.WriteAll([][]string{{"task", "worker", "label"}, cells}); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(map[string]string{"task": cells[0], "worker": cells[1], "label": cells[2]})
		if err != nil {
			t.Fatal(err)
		}
		for name, file := range map[string][]byte{"a.csv": text.Bytes(), "a.jsonl": line} {
			a := sound(t, name, file, false)
			if a == nil {
				t.Fatalf("%s: %q is not read", name, file)
			}
			if diff := cmp.Diff(want, rowsOf(a)); diff != "" {
				t.Errorf("%s: %q (-want +got):\n%s", name, file, diff)
			}
		}
	})
}
