package interchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// row is an answer by its names.
type row struct{ Task, Worker, Label string }

func rowsOf(a *interchange.Answers) []row {
	var rows []row
	for i := range a.Task {
		label := "cannot tell"
		switch {
		case a.Value != nil:
			label = fmt.Sprint(a.Value[i])
		case a.Label[i] != aggregate.CannotTell:
			label = a.Labels.Of(a.Label[i])
		}
		rows = append(rows, row{a.Tasks.Of(a.Task[i]), a.Workers.Of(a.Worker[i]), label})
	}
	return rows
}

func readAnswers(t *testing.T, name, text string, o interchange.AnswersOptions) *interchange.Answers {
	t.Helper()
	a, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: strings.NewReader(text), Name: name}, o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return a
}

func TestFormsOfFiles(t *testing.T) {
	want := []row{{"q2", "ann", "yes"}, {"q1", "bob", "no"}, {"q1", "ann", "no"}}
	for name, tt := range map[string]struct{ file, text string }{
		"csv":                  {"a.csv", "question,worker,answer\nq2,ann,yes\nq1,bob,no\nq1,ann,no\n"},
		"other names":          {"", "TASK,Worker,label\nq2,ann,yes\nq1,bob,no\nq1,ann,no\n"},
		"other order and more": {"", "time,label,worker,at,item\n1,yes,ann,x,q2\n2,no,bob,,q1\n3,no,ann,,q1\n"},
		"best name":            {"", "item,task,worker,label,answer\n7,q2,ann,0,yes\n8,q1,bob,1,no\n8,q1,ann,1,no\n"},
		"byte order mark":      {"", "\ufeffquestion,worker,answer\nq2,ann,yes\nq1,bob,no\nq1,ann,no\n"},
		"crlf":                 {"", "question,worker,answer\r\nq2,ann,yes\r\nq1,bob,no\r\nq1,ann,no\r\n"},
		"no last newline":      {"", "question,worker,answer\nq2,ann,yes\nq1,bob,no\nq1,ann,no"},
		"empty lines":          {"", "\nquestion,worker,answer\n\nq2,ann,yes\nq1,bob,no\n\r\n\nq1,ann,no\n\n"},
		"spaces":               {"", "question , worker, answer\n q2,ann , yes \nq1,\tbob,no\nq1, \"ann\" ,no\n"},
		"quotes":               {"", "\"question\",\"worker\",\"answer\"\n\"q2\",ann,\"yes\"\nq1,\"bob\",no\nq1,ann,no\n"},
		"semicolons":           {"", "question;worker;answer\nq2;ann;yes\nq1;bob;no\nq1;ann;no\n"},
		"tabs":                 {"a.tsv", "worker\tquestion\tanswer\nann\tq2\tyes\nbob\tq1\tno\nann\tq1\tno\n"},
		"no header":            {"", "ann\tq2\tyes\nbob\tq1\tno\nann\tq1\tno\n"},
		"json":                 {"a.jsonl", `{"question":"q2","worker":"ann","answer":"yes"}` + "\n" + `{"worker":"bob","label":"no","task":"q1","x":[1]}` + "\n\n" + `{"worker":"ann","label":"\u006eo","task":"q1"}`},
		"json by content":      {"-", "\ufeff {\"task\":\"q2\",\"worker\":\"ann\",\"label\":\"yes\"}\n{\"task\":\"q1\",\"worker\":\"bob\",\"label\":\"no\"}\r\n{\"task\":\"q1\",\"worker\":\"ann\",\"label\":\"no\"}\r\n"},
	} {
		a := readAnswers(t, tt.file, tt.text, interchange.AnswersOptions{})
		if diff := cmp.Diff(want, rowsOf(a)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if a.Malformed.Count != 0 || a.Value != nil {
			t.Errorf("%s: %+v", name, a.Malformed)
		}
		// Numbers are given out in the order of names.
		if diff := cmp.Diff([]int32{1, 0, 0}, a.Task); diff != "" {
			t.Errorf("%s: tasks (-want +got):\n%s", name, diff)
		}
	}
}

func TestCells(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	for name, tt := range map[string]struct {
		text string
		want []row
	}{
		"newline in quotes": {"question,worker,answer\n\"a\nb, \"\"c\"\"\r\n\",w,x\nq,w,\"\"\"\"\n", []row{{"a\nb, \"c\"", "w", "x"}, {"q", "w", `"`}}},
		"quote within":      {"question,worker,answer\n5\" disk,w,it's \"fine\"\n", []row{{`5" disk`, "w", `it's "fine"`}}},
		"10 kB":             {"question,worker,answer\n" + long + ",w,x\n", []row{{long, "w", "x"}}},
		"not ascii":         {"question,worker,answer\nпочему,我,ü\n", []row{{"почему", "我", "ü"}}},
		"NaN is a word":     {"question,worker,answer\nq,w,NaN\n", []row{{"q", "w", "NaN"}}},
		"json values":       {`{"task":1,"worker":2.50,"label":true}`, []row{{"1", "2.50", "true"}}},
		"json escapes":      {`{"task":"a\nb","worker":"\"","label":"é"}`, []row{{"a\nb", `"`, "é"}}},
	} {
		a := readAnswers(t, "", tt.text, interchange.AnswersOptions{})
		if diff := cmp.Diff(tt.want, rowsOf(a)); diff != "" || a.Malformed.Count != 0 {
			t.Errorf("%s: %+v (-want +got):\n%s", name, a.Malformed, diff)
		}
	}
}

func TestMalformedRows(t *testing.T) {
	for name, tt := range map[string]struct {
		text    string
		numbers bool
		want    []interchange.Row
	}{
		"too few cells":  {"question,worker,answer\na,b\nq,w,x\n", false, []interchange.Row{{2, "there are 2 cells, and 3 in the first line"}}},
		"too many cells": {"question,worker,answer\nq,w,x\na,b,c,d\n", false, []interchange.Row{{3, "there are 4 cells, and 3 in the first line"}}},
		"empty cell":     {"question,worker,answer\n\"a\nb\",w,\nq,w,x\nq, ,x\n", false, []interchange.Row{{2, "the answer is empty"}, {5, "the worker is empty"}}},
		"after a quote":  {"question,worker,answer\nq,w,x\n\"a\"b,w,x\n", false, []interchange.Row{{3, "there is text between the end of a quoted cell and the next cell"}}},
		"not utf-8":      {"question,worker,answer\nq,w,x\nq,\xff,x\n", false, []interchange.Row{{3, `the worker "\xff" is not UTF-8`}}},
		"twice": {
			"question,worker,answer\nq,w,x\np,w,x\nq,v,y\nq,w,y\n\nq,w,x\n", false,
			[]interchange.Row{{5, `worker "w" has answered task "q" on line 2 already`}, {7, `worker "w" has answered task "q" on line 2 already`}},
		},
		"numbers": {
			"question,worker,answer\nq,w,1\nq,a,x\nq,b,NaN\nq,c,Inf\nq,d,1e101\n", true,
			[]interchange.Row{
				{3, `the answer "x" is not a number from -1e100 to 1e100`},
				{4, `the answer "NaN" is not a number from -1e100 to 1e100`},
				{5, `the answer "Inf" is not a number from -1e100 to 1e100`},
				{6, `the answer "1e101" is not a number from -1e100 to 1e100`},
			},
		},
		"json": {
			"{\"task\":1,\"worker\":2,\"label\":3}\n{\"task\":1\n[]\nnull\n{\"task\":{},\"worker\":2,\"label\":3}\n{\"task\":1,\"worker\":4}\n{\"task\":1,\"worker\":null,\"label\":1}", false,
			[]interchange.Row{
				{2, "it is not a JSON object"},
				{3, "it is not a JSON object"},
				{4, "it is not a JSON object"},
				{5, "there is no task, or it is not a string, a number, true or false"},
				{6, "there is no answer, or it is not a string, a number, true or false"},
				{7, "there is no worker, or it is not a string, a number, true or false"},
			},
		},
		"long line":      {"question,worker,answer\nq,w,x\n" + strings.Repeat("x", 1<<20+1) + "\nq,,x\n", false, []interchange.Row{{3, "it is longer than 1048576 bytes"}, {4, "the worker is empty"}}},
		"long last line": {"question,worker,answer\nq,w,x\n" + strings.Repeat("x", 3<<20), false, []interchange.Row{{3, "it is longer than 1048576 bytes"}}},
	} {
		a := readAnswers(t, "", tt.text, interchange.AnswersOptions{Numbers: tt.numbers})
		if diff := cmp.Diff(interchange.Malformed{First: tt.want, Count: len(tt.want)}, a.Malformed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if good := a.Task; len(good) == 0 || len(good) != len(a.Worker) || len(good) != len(a.Label)+len(a.Value) {
			t.Errorf("%s: columns %v %v %v %v", name, a.Task, a.Worker, a.Label, a.Value)
		}
	}
}

func TestManyMalformedRows(t *testing.T) {
	var text strings.Builder
	text.WriteString("question,worker,answer\n")
	for i := range 100 {
		fmt.Fprintf(&text, "q%d,w,x\nq%d,w,y\nq,w\n", i, i)
	}
	a := readAnswers(t, "", text.String(), interchange.AnswersOptions{})
	if a.Malformed.Count != 200 || len(a.Task) != 100 || len(a.Malformed.First) != interchange.MalformedMax {
		t.Fatalf("%d malformed of which %d are kept, %d good", a.Malformed.Count, len(a.Malformed.First), len(a.Task))
	}
	for i, row := range a.Malformed.First { // duplicates and short rows take turns
		if want := 3 + i/2*3 + i%2; row.Line != want {
			t.Errorf("problem %d is of line %d, want %d", i, row.Line, want)
		}
	}
	for i, r := range rowsOf(a) {
		if want := (row{fmt.Sprintf("q%d", i), "w", "x"}); r != want {
			t.Errorf("row %d is %v, want %v", i, r, want)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, tt := range map[string]struct{ file, text, says string }{
		"empty":              {"", "", "The file is empty."},
		"only newlines":      {"", "\n\n\r\n", "The file is empty."},
		"only a mark":        {"", "\ufeff", "The file is empty."},
		"no column":          {"", "question,worker,x\n", "no column for the answer (answer, label) among"},
		"no columns":         {"", "1,2,3\n4,5,6\n", "no column for the task (task, question, item) and the worker (worker) and the answer"},
		"part of a header":   {"", "worker\tx\ty\n", "no column for the task"},
		"four without names": {"", "a\tb\tc\td\n", "no column for the task"},
		"garbage":            {"", "\x01\x00\xff\xfe\n", "neither text nor Parquet"},
		"garbage in line 1":  {"", "a,\xff,c\n", "Line 1 is not UTF-8"},
		"utf-16":             {"", "\xff\xfeq\x00", "UTF-16"},
		"a JSON array":       {"a.json", "[{\"task\":1}]", "a JSON array"},
		"gzip":               {"a.csv.gz", "\x1f\x8b\x08\x00", "unpack it"},
		"no end of quotes":   {"", "question,worker,answer\nq,w,x\nq,v,\"x\nq,u,x\n", "Line 3: a quoted cell does not end"},
		"endless quotes":     {"", "question,worker,answer\nq,w,x\nq,v,\"" + strings.Repeat("x\n", 1<<20), "Line 3: a quoted cell does not end"},
		"long header":        {"", strings.Repeat("x", 1<<21), "Line 1: it is longer than"},
		"quotes in a header": {"", "\"question\"x,worker,answer\n", "Line 1: there is text between"},
		"parquet by name":    {"a.parquet", "question,worker,answer\n", "The Parquet file is broken"},
		"parquet by content": {"", "PAR1", "The Parquet file is broken"},
	} {
		a, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: strings.NewReader(tt.text), Name: tt.file}, interchange.AnswersOptions{})
		if a != nil || !errors.Is(err, interchange.ErrBadFile) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want that it says %q", name, err, tt.says)
		}
	}
}

func TestReadingThatFails(t *testing.T) {
	broken := errors.New("broken")
	for name, file := range map[string]io.Reader{
		"at once": failing{broken},
		"later":   io.MultiReader(strings.NewReader("question,worker,answer\nq,w,x\n"), failing{broken}),
	} {
		if _, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: file}, interchange.AnswersOptions{}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	text := "question,worker,answer\n" + strings.Repeat("q,w,x\n", 1<<20)
	progress := int64(0)
	_, err := interchange.ReadAnswers(ctx, interchange.File{Reader: strings.NewReader(text), Progress: func(done int64) { progress = done; cancel() }}, interchange.AnswersOptions{})
	if !errors.Is(err, context.Canceled) || progress == 0 || progress >= int64(len(text)) {
		t.Errorf("a context that ended: %v after %d bytes", err, progress)
	}
}

type failing struct{ err error }

func (r failing) Read([]byte) (int, error) { return 0, r.err }

func TestCannotTell(t *testing.T) {
	text := "question,worker,answer\nq,w,1\nq,v,?\nq,u,2\n"
	a := readAnswers(t, "", text, interchange.AnswersOptions{CannotTell: " ?", Labels: []string{"3 ", "2"}})
	if diff := cmp.Diff([]row{{"q", "w", "1"}, {"q", "v", "cannot tell"}, {"q", "u", "2"}}, rowsOf(a)); diff != "" || a.Labels.Len() != 3 {
		t.Errorf("%d labels (-want +got):\n%s", a.Labels.Len(), diff)
	}
	a = readAnswers(t, "", text, interchange.AnswersOptions{CannotTell: "?", Numbers: true})
	if diff := cmp.Diff([]row{{"q", "w", "1"}, {"q", "v", "NaN"}, {"q", "u", "2"}}, rowsOf(a)); diff != "" || a.Malformed.Count != 0 {
		t.Errorf("numbers: %+v (-want +got):\n%s", a.Malformed, diff)
	}
}

// TestManyNames has more names than the first table holds, with all kinds of beginnings, in random order.
func TestManyNames(t *testing.T) {
	const tasks = 5000
	var lines []string
	for i := range tasks {
		lines = append(lines, fmt.Sprintf("task-%04d,w,%d", i, i%7))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	rng.Shuffle(tasks, func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	a := readAnswers(t, "", "task,worker,label\n"+strings.Join(lines, "\n"), interchange.AnswersOptions{})
	if a.Tasks.Len() != tasks || a.Labels.Len() != 7 || a.Malformed.Count != 0 {
		t.Fatalf("%d tasks, %d labels", a.Tasks.Len(), a.Labels.Len())
	}
	for i := range a.Task {
		if got := fmt.Sprintf("%s,w,%s", a.Tasks.Of(a.Task[i]), a.Labels.Of(a.Label[i])); got != lines[i] {
			t.Fatalf("row %d is %s, want %s", i, got, lines[i])
		}
	}
	for i := range tasks {
		name := fmt.Sprintf("task-%04d", i)
		if n, ok := a.Tasks.Find(name); !ok || int(n) != i || a.Tasks.Of(n) != name {
			t.Fatalf("%s has number %d, %v", name, n, ok)
		}
	}
	for _, other := range []string{"", "task-", "task-5000", "x"} {
		if n, ok := a.Tasks.Find(other); ok {
			t.Errorf("%q has number %d", other, n)
		}
	}
}

// TestOrderOfNames has names that differ early, late, and by length only.
func TestOrderOfNames(t *testing.T) {
	want := []string{"x", "xa", "xa123456789", "xa1234567890", "xa123456789a", "xa123456789b", "xb", "xü"}
	var text strings.Builder
	text.WriteString("task,worker,label\n")
	for _, i := range []int{5, 2, 7, 0, 4, 6, 3, 1} {
		fmt.Fprintf(&text, "%s,w,y\n", want[i])
	}
	a := readAnswers(t, "", text.String(), interchange.AnswersOptions{})
	var got []string
	for i := range a.Tasks.Len() {
		got = append(got, a.Tasks.Of(int32(i)))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCrowd(t *testing.T) {
	folder := os.Getenv("TASKNET_TEST_DATA")
	if folder == "" {
		t.Skip("TASKNET_TEST_DATA does not name the folder with the recorded answers")
	}
	for name, want := range map[string][5]int{"bluebirds": {4212, 108, 39, 2, 108}, "dogs": {8070, 807, 109, 4, 807}, "product": {24945, 8315, 176, 2, 8315}} {
		f, err := os.Open(filepath.Join(folder, "crowd", name, "answers.csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		a, err := interchange.ReadAnswers(t.Context(), interchange.File{Reader: f}, interchange.AnswersOptions{})
		if err != nil || a.Malformed.Count != 0 {
			t.Fatalf("%s: %v", name, err)
		}
		g, err := os.Open(filepath.Join(folder, "crowd", name, "truth.csv"))
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		truth, err := interchange.ReadTruth(t.Context(), interchange.File{Reader: g}, false)
		if err != nil || truth.Malformed.Count != 0 {
			t.Fatalf("%s: %v", name, err)
		}
		if got := [5]int{len(a.Task), a.Tasks.Len(), a.Workers.Len(), a.Labels.Len(), truth.Tasks.Len()}; got != want {
			t.Errorf("%s has answers, tasks, workers, labels and truths %v, want %v", name, got, want)
		}
	}
}
