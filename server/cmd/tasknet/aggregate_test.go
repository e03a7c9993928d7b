package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/polls"
)

// TestMain lets a test run this program in a process of its own, as bench aggregate does.
func TestMain(m *testing.M) {
	if os.Getenv("TASKNET_TEST_AS_PROGRAM") != "" {
		os.Exit(Main(context.Background(), os.Args, os.Stdout, os.Stderr))
	}
	m.Run()
}

// fileOf writes a file and returns its name.
func fileOf(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// aggregating runs tasknet aggregate and returns the JSON that it prints.
func aggregating(t *testing.T, args ...string) map[string]any {
	t.Helper()
	code, stdout, stderr := run(t, append([]string{"aggregate", "--json"}, args...)...)
	var out map[string]any
	if err := json.Unmarshal([]byte(stdout), &out); code != exitOK || err != nil {
		t.Fatalf("aggregate %q: status %d, %q, %q, %v", args, code, stdout, stderr, err)
	}
	return out
}

// votesOf has 60 tasks of which the truth alternates; worker w4 is wrong always, and w3 on every third.
func votesOf() (answers, truth string) {
	answers, truth = "question,worker,answer\n", "question,truth\n"
	for q := range 60 {
		labels := []string{"cat", "dog"}
		right, wrong := labels[q%2], labels[1-q%2]
		truth += fmt.Sprintf("q%02d,%s\n", q, right)
		for w := range 5 {
			label := right
			if w == 4 || w == 3 && q%3 == 0 {
				label = wrong
			}
			answers += fmt.Sprintf("q%02d,w%d,%s\n", q, w, label)
		}
	}
	return answers, truth
}

func TestAggregateLabels(t *testing.T) {
	answers, truth := votesOf()
	file, truthFile := fileOf(t, "answers.csv", answers), fileOf(t, "truth.csv", truth)
	for _, method := range []string{"auto", "majority", "wawa", "zbs", "onecoin", "ds", "ibcc", "glad", "mace", "kos"} {
		got := aggregating(t, "--answers", file, "--truth", truthFile, "--method", method)
		for key, want := range map[string]any{"tasks": 60.0, "answers": 300.0, "workers": 5.0, "classes": 2.0, "accuracy": 1.0, "judged": 60.0} {
			if got[key] != want {
				t.Errorf("%s: %s is %v, want %v", method, key, got[key], want)
			}
		}
		if name, reason := got["method"], got["reason"]; method == "auto" && (name == "auto" || reason == nil) || method != "auto" && (name != method || reason != nil) {
			t.Errorf("%s: method %v because of %v", method, name, reason)
		}
		for _, key := range []string{"agreement", "fleiss_kappa", "krippendorff_alpha", "read_seconds", "seconds", "peak_rss_bytes"} {
			if v, ok := got[key].(float64); !ok || v <= 0 {
				t.Errorf("%s: %s is %v", method, key, got[key])
			}
		}
	}
	if got := aggregating(t, "--answers", file, "--method", "ds", "--iterations", "17"); got["iterations"] != 17.0 {
		t.Errorf("17 iterations were asked for and %v taken", got["iterations"])
	}
	got := aggregating(t, "--answers", file)
	if accuracy, there := got["accuracy"]; !there || accuracy != nil {
		t.Errorf("without truth the accuracy is %v", accuracy)
	}
}

func TestAggregateGold(t *testing.T) {
	answers, truth := votesOf()
	// The truth of one task is a class that nobody answered, and one task has no answer.
	truth = strings.Replace(truth, "q07,dog", "q07,owl", 1) + "q99,cat\n"
	args := []string{"--answers", fileOf(t, "a.csv", answers), "--truth", fileOf(t, "t.csv", truth)}
	got := aggregating(t, args...)
	if got["judged"] != 60.0 || got["gold"] != nil || got["accuracy"] != 59.0/60 {
		t.Errorf("without gold: %v", got)
	}
	got = aggregating(t, append(args, "--gold-rate", "0.25")...)
	if got["judged"] != 45.0 || got["gold"] != 15.0 || got["accuracy"] != 44.0/45 {
		t.Errorf("with gold: %v", got)
	}
	again := aggregating(t, append(args, "--gold-rate", "0.25", "--seed", "1")...)
	for _, key := range []string{"method", "reason", "accuracy"} {
		if again[key] != got[key] {
			t.Errorf("%s is %v and then %v", key, got[key], again[key])
		}
	}
	first, second := known60(t, 1), known60(t, 2)
	if cmp.Equal(first, second) {
		t.Error("two seeds draw the same gold")
	}
	if !cmp.Equal(first, known60(t, 1)) {
		t.Error("one seed draws two kinds of gold")
	}
}

// known60 draws gold from 60 truths.
func known60(t *testing.T, seed uint64) []int32 {
	t.Helper()
	gold := make(truths, 60).draw(0.25, seed)
	n := 0
	for _, k := range gold {
		if k == 0 {
			n++
		}
	}
	if n != 15 {
		t.Errorf("%d of 60 truths are gold, want 15", n)
	}
	return gold
}

func TestAggregateOut(t *testing.T) {
	file := fileOf(t, "answers.csv", "question,worker,answer\n\"b, \"\"2\"\"\nx\",ann,yes\n\"b, \"\"2\"\"\nx\",bob,yes\na,ann,no\na,bob,yes\nc,bob,?\na,cy,no\n")
	out := filepath.Join(t.TempDir(), "verdicts.csv")
	aggregating(t, "--answers", file, "--method", "majority", "--cannot-tell", "?", "--out", out)
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"task", "label", "confidence", "distribution"}, {"a", "no", "", ""}, {"b, \"2\"\nx", "yes", "", ""}}
	var got [][]string
	for i, row := range rows {
		if i > 0 {
			var d map[string]float64
			if err := json.Unmarshal([]byte(row[3]), &d); err != nil {
				t.Fatal(err)
			}
			if sum := d["yes"] + d["no"]; math.Abs(sum-1) > 1e-9 || fmt.Sprint(d[row[1]]) != row[2] {
				t.Errorf("row %q", row)
			}
			row = []string{row[0], row[1], "", ""}
		}
		got = append(got, row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	out = filepath.Join(t.TempDir(), "verdicts.jsonl")
	aggregating(t, "--answers", file, "--method", "majority", "--cannot-tell", "?", "--out", out)
	if text, err = os.ReadFile(out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	var v labelVerdict
	if err := json.Unmarshal([]byte(lines[0]), &v); err != nil || len(lines) != 2 || v.Task != "a" || v.Label != "no" || v.Distribution["no"] != v.Confidence || len(v.Distribution) != 2 {
		t.Errorf("%q: %v", text, err)
	}
	// A file that cannot be made leaves nothing behind.
	none := filepath.Join(t.TempDir(), "none", "x.csv")
	if code, _, stderr := run(t, "aggregate", "--answers", file, "--out", none); code != exitFailed || !strings.Contains(stderr, "no such file") {
		t.Errorf("status %d, %q", code, stderr)
	}
}

func TestVerdictsThatStop(t *testing.T) {
	name := filepath.Join(t.TempDir(), "v.csv")
	if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := writeVerdicts(ctx, name, []string{"task"}, 10_000, &bar{}, func(int) (verdict, bool) {
		cancel()
		return labelVerdict{}, true
	})
	left, _ := os.ReadDir(filepath.Dir(name))
	if text, _ := os.ReadFile(name); !errors.Is(err, context.Canceled) || string(text) != "before" || len(left) != 1 {
		t.Errorf("%v: %q, %v", err, text, left)
	}
	// What is not a file stays what it is.
	if err := writeVerdicts(t.Context(), os.DevNull, []string{"task"}, 0, &bar{}, nil); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is %v, %v", os.DevNull, info.Mode(), err)
	}
}

func TestAggregateNumbers(t *testing.T) {
	file := fileOf(t, "answers.csv", "question,worker,answer\na,x,1\na,y,3\na,z,2\nb,x,10\nb,y,?\nb,z,12\nc,x,?\n")
	truth := fileOf(t, "truth.csv", "question,truth\na,2.5\nb,10\nc,7\nd,8\n")
	for _, method := range []string{"median", "mean"} {
		out := filepath.Join(t.TempDir(), "v.csv")
		got := aggregating(t, "--answers", file, "--truth", truth, "--method", method, "--cannot-tell", "?", "--out", out)
		if got["method"] != method || got["tasks"] != 3.0 || got["answers"] != 7.0 || got["workers"] != 3.0 || got["accuracy"] != nil || got["judged"] != 2.0 || got["pearson"] != 1.0 {
			t.Errorf("%s: %v", method, got)
		}
		if method == "median" && got["mae"] != 0.75 {
			t.Errorf("the median is off by %v, want 0.75", got["mae"])
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll(); err != nil || len(rows) != 3 || rows[0][1] != "value" || method == "median" && (rows[1][1] != "2" || rows[2][1] != "11") {
			t.Errorf("%s: %q, %v", method, rows, err)
		}
	}
	bad := fileOf(t, "bad.csv", "question,worker,answer\na,x,1\na,y,NaN\n")
	if code, _, stderr := run(t, "aggregate", "--answers", bad, "--method", "median"); code != exitUsage || !strings.Contains(stderr, `line 3: the answer "NaN" is not a number`) {
		t.Errorf("NaN: status %d, %q", code, stderr)
	}
	// One answer to each task: no number of them has bounds.
	alone := fileOf(t, "alone.csv", "question,worker,answer\na,x,1\nb,x,2\n")
	out := filepath.Join(t.TempDir(), "v.jsonl")
	aggregating(t, "--answers", alone, "--method", "median", "--out", out)
	if text, err := os.ReadFile(out); err != nil || !strings.HasPrefix(string(text), `{"task":"a","value":1,"low":null,"high":null}`) {
		t.Errorf("%q, %v", text, err)
	}
}

func TestAggregatePairs(t *testing.T) {
	file := fileOf(t, "pairs.csv", "worker,left,right,label\nann,tea,water,tea\nbob,water,beer,beer\ncy,tea,beer,left\nann,beer,water,beer\nbob,tea,water,tea\n")
	for _, method := range []string{"bt", "noisybt"} {
		out := filepath.Join(t.TempDir(), "v.csv")
		if got := aggregating(t, "--answers", file, "--method", method, "--out", out); got["tasks"] != 3.0 || got["answers"] != 5.0 || got["workers"] != 3.0 {
			t.Errorf("%s: %v", method, got)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		if lines[0] != "item,rank,score,low,high" || !strings.HasPrefix(lines[1], "tea,1,") || !strings.HasPrefix(lines[2], "beer,2,") || !strings.HasPrefix(lines[3], "water,3,-") {
			t.Errorf("%s: %q", method, text)
		}
	}
}

func TestAggregateMalformed(t *testing.T) {
	var text strings.Builder
	text.WriteString("question,worker,answer\nq,a,yes\nq,b,no\nr,a,no\nq,a,no\n")
	for range 30 {
		text.WriteString("q,w\n")
	}
	file := fileOf(t, "answers.csv", text.String())
	code, stdout, stderr := run(t, "aggregate", "--answers", file)
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	if code != exitUsage || stdout != "" || len(lines) != 22 || !strings.HasSuffix(lines[0], `line 5: worker "a" has answered task "q" on line 2 already`) ||
		!strings.HasSuffix(lines[19], "line 24: there are 2 cells, and 3 in the first line") || !strings.HasSuffix(lines[20], "and 11 more") || !strings.Contains(lines[21], "malformed rows: 31;") {
		t.Errorf("status %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, stderr = run(t, "aggregate", "--answers", file, "--skip-malformed")
	if code != exitOK || !strings.Contains(stdout, "malformed rows     31, left out\n") || !strings.Contains(stdout, "answers            3\n") || !strings.Contains(stderr, "line 5: ") {
		t.Errorf("leaving out: status %d, %q, %q", code, stdout, stderr)
	}
	truth := fileOf(t, "truth.csv", "question,truth\nq,yes\nq,no\nr,no\n")
	good := fileOf(t, "good.csv", "question,worker,answer\nq,a,yes\nr,a,no\n")
	if code, _, stderr := run(t, "aggregate", "--answers", good, "--truth", truth); code != exitUsage || !strings.Contains(stderr, `line 3: task "q" has another truth already`) {
		t.Errorf("two truths: status %d, %q", code, stderr)
	}
	if got := aggregating(t, "--answers", good, "--truth", truth, "--skip-malformed"); got["skipped"] != 1.0 || got["accuracy"] != 1.0 {
		t.Errorf("two truths of which one is left out: %v", got)
	}
}

// TestAggregateExtremes has files that are odd but say something, and files that say nothing.
func TestAggregateExtremes(t *testing.T) {
	var classes, long strings.Builder
	classes.WriteString("task,worker,label\n")
	for i := range 100_000 {
		fmt.Fprintf(&classes, "t%d,w%d,c%d\n", i/10, i%10, i)
	}
	name := strings.Repeat("0123456789", 1000)
	fmt.Fprintf(&long, "task,worker,label\n%s,w,a\n%s,v,a\nt,w,b\n", name, name)
	for title, tt := range map[string]struct {
		text    string
		args    []string
		tasks   float64
		classes float64
	}{
		"100,000 classes":      {classes.String(), []string{"--method", "onecoin"}, 10_000, 100_000},
		"100,000 classes auto": {classes.String(), []string{"--iterations", "2"}, 10_000, 100_000},
		"one respondent":       {"task,worker,label\na,w,x\nb,w,y\n", nil, 2, 2},
		"all ties":             {"task,worker,label\na,w,x\na,v,y\nb,w,y\nb,v,x\n", nil, 2, 2},
		"a class that never occurs": {
			"task,worker,label\na,w,x\na,v,x\n", []string{"--classes", "x,y", "--method", "ds"}, 1, 2,
		},
		"nobody can tell":         {"task,worker,label\na,w,?\nb,w,?\n", []string{"--cannot-tell", "?", "--classes", "x,y"}, 2, 2},
		"10 kB":                   {long.String(), nil, 2, 2},
		"10 kB of text":           {long.String(), []string{"--family", "text"}, 2, 0},
		"10 kB of selections":     {long.String(), []string{"--family", "multiple", "--method", "majority"}, 2, 2},
		"10 kB of rankings":       {long.String(), []string{"--family", "ranking"}, 2, 2},
		"one respondent's number": {"task,worker,label\na,w,1\nb,w,2\n", []string{"--family", "numbers"}, 2, 0},
		"ties of numbers":         {"task,worker,label\na,w,1\na,v,2\nb,w,2\nb,v,1\n", []string{"--family", "numbers"}, 2, 0},
		"one respondent's scale":  {"task,worker,label\na,w,1\nb,w,3\n", []string{"--family", "scale"}, 2, 3},
		"ties on a scale":         {"task,worker,label\na,w,1\na,v,3\nb,w,3\nb,v,1\n", []string{"--method", "ordinal"}, 2, 3},
		"ties of texts":           {"task,worker,label\na,w,x\na,v,y\nb,w,y\nb,v,x\n", []string{"--family", "text"}, 2, 0},
		"ties of rankings":        {"task,worker,label\na,w,x>y\na,v,y>x\n", []string{"--method", "borda"}, 1, 2},
		"ties of pairs":           {"worker,left,right,label\nw,a,b,a\nv,a,b,b\nu,a,b,tie\n", []string{"--family", "pairs"}, 2, 0},
		"one respondent's boxes":  {"task\tworker\tlabel\na\tw\t[]\nb\tw\t[]\n", []string{"--family", "boxes"}, 2, 0},
		"nobody can tell a box":   {"task,worker,label\na,w,cannot_tell\n", []string{"--family", "boxes"}, 1, 0},
		"nobody can tell a text":  {"task,worker,label\na,w,cannot_tell\n", []string{"--family", "text"}, 1, 0},
		"nobody can tell a mask":  {"task,worker,label\na,w,cannot_tell\n", []string{"--family", "mask"}, 1, 0},
		"nobody can tell a span":  {"task,worker,label\na,w,cannot_tell\n", []string{"--family", "spans"}, 1, 0},
		"nobody can tell a number": {
			"task,worker,label\na,w,cannot_tell\n", []string{"--family", "numbers"}, 1, 0,
		},
		"nobody can tell an outline": {"task,worker,label\na,w,cannot_tell\n", []string{"--family", "polygons"}, 1, 0},
		"nobody can tell an order":   {"task,worker,label\na,w,cannot_tell\n", []string{"--family", "ranking"}, 1, 0},
	} {
		out := filepath.Join(t.TempDir(), "out.jsonl")
		got := aggregating(t, append([]string{"--answers", fileOf(t, "a.csv", tt.text), "--out", out}, tt.args...)...)
		if got["tasks"] != tt.tasks || got["classes"] != tt.classes {
			t.Errorf("%s: %v", title, got)
		}
	}
	for title, tt := range map[string]struct {
		text string
		args []string
		says string
	}{
		"an empty file":       {"", nil, "The file is empty."},
		"only a header":       {"task,worker,label\n", nil, "has no answers"},
		"one class":           {"task,worker,label\na,w,x\nb,w,x\n", nil, "--classes"},
		"garbage":             {"\x00\x01\x02", nil, "neither text nor Parquet"},
		"a truncated Parquet": {"PAR1\x15\x04", nil, "The Parquet file is broken"},
		"kos with 3 classes":  {"task,worker,label\na,w,x\nb,w,y\nc,w,z\n", []string{"--method", "kos"}, "two classes only"},
		"too many options":    {classes.String(), []string{"--family", "multiple"}, "there are 100000 options"},
		"no classes in order": {"task,worker,label\na,w,x\n", []string{"--family", "scale", "--classes", "y"}, `"x" is not among --classes`},
		"too many to rank":    {"task,worker,label\nt,w," + manyItems(1001) + "\n", []string{"--family", "ranking"}, "at most 1000 can be ranked"},
		"a text of 70 kB":     {"task,worker,label\nt,w," + strings.Repeat("x", 70_000) + "\n", []string{"--family", "text"}, "A text has at most 65536 bytes"},
		"a second pair":       {"worker,left,right,label\nw,a,a,a\n", []string{"--family", "pairs"}, "is compared with itself"},
		"ds with too many":    {classes.String(), []string{"--method", "ds"}, "too many cells"},
	} {
		code, stdout, stderr := run(t, append([]string{"aggregate", "--answers", fileOf(t, "a.csv", tt.text)}, tt.args...)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, tt.says) || strings.Count(stderr, "\n") > 2 {
			t.Errorf("%s: status %d, %q, %q, want that it says %q", title, code, stdout, stderr, tt.says)
		}
	}
}

// manyItems is an order of so many items.
func manyItems(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ">%d", i)
	}
	return b.String()[1:]
}

func TestAggregateStandardInput(t *testing.T) {
	answers, _ := votesOf()
	f, err := os.Open(fileOf(t, "in", answers))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := os.Stdin
	defer func() { os.Stdin = before }()
	os.Stdin = f
	if got := aggregating(t, "--answers", "-"); got["tasks"] != 60.0 {
		t.Errorf("%v", got)
	}
}

func TestAggregateStopped(t *testing.T) {
	answers, _ := votesOf()
	file, out := fileOf(t, "answers.csv", answers), filepath.Join(t.TempDir(), "out.csv")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := Main(ctx, []string{"tasknet", "aggregate", "--answers", file, "--out", out}, &stdout, &stderr)
	if left, err := os.ReadDir(filepath.Dir(out)); code != exitFailed || stderr.String() != "tasknet: stopped\n" || err != nil || len(left) != 0 {
		t.Errorf("status %d, %q, %v left, %v", code, stderr.String(), left, err)
	}
}

func TestAggregateTable(t *testing.T) {
	answers, truth := votesOf()
	code, stdout, stderr := run(t, "aggregate", "--answers", fileOf(t, "answers.csv", answers), "--truth", fileOf(t, "truth.csv", truth), "--gold-rate", "0.5")
	for _, part := range []string{"method  ", "why  ", "answers            300\n", "gold               30 tasks", "accuracy           1.0000 on 30 tasks with truth", "\nFleiss' kappa ", "\nKrippendorff alpha ", "\nmajority "} {
		if code != exitOK || stderr != "" || !strings.Contains(stdout, part) {
			t.Errorf("status %d, %q has no %q, %q", code, stdout, part, stderr)
		}
	}
}

func TestAggregateCommandLines(t *testing.T) {
	alone(t)
	for _, tt := range []struct{ args, says string }{
		{"aggregate", "give the file of the answers"},
		{"aggregate --answers /nowhere/x", "no such file"},
		{"aggregate --answers - --truth -", "cannot both be standard input"},
		{"aggregate --answers x --method best", "there is no --method best"},
		{"aggregate --answers x --family poems", "--family is one of labels, multiple, "},
		{"aggregate --answers x --family boxes --method ds", "--method for boxes is auto or one of match"},
		{"aggregate --answers x --family text --classes a", "--classes is not for text"},
		{"aggregate --answers x --family scale --stop 0.9", "--stop is for labels"},
		{"aggregate --answers x --iterations -1", "--iterations is not under 0"},
		{"aggregate --answers x --truth y --gold-rate 1", "--gold-rate is from 0 until 1"},
		{"aggregate --answers x --truth y --gold-rate NaN", "--gold-rate is from 0 until 1"},
		{"aggregate --answers x --gold-rate 0.1", "give it by --truth"},
		{"aggregate --answers x --truth y --gold-rate 0.1 --method rover", "--gold-rate is not for text"},
		{"aggregate --answers x --truth y --gold-rate 0.1 --family boxes", "--gold-rate is not for boxes"},
		{"aggregate --answers x --classes a,,b", "a label without a name"},
		{"aggregate --answers x --iterations 3 --method mean", "--iterations is for"},
		{"aggregate --answers x --stop 1.5", "--stop is a confidence from 0.5 until 1"},
		{"aggregate --answers x --stop NaN", "--stop is a confidence from 0.5 until 1"},
		{"aggregate --answers x --stop 0.9 --out y", "--stop makes no verdicts to keep"},
		{"aggregate --answers x --stop 0.9 --method ds", "has its own method"},
		{"aggregate --answers x --max 3", "go with --stop"},
		{"bench aggregate --iterations 0", "--iterations is at least 1"},
		{"bench aggregate --methods best", "There is no method"},
		{"bench aggregate --sizes 10", "--sizes are at least 1000"},
		{"bench aggregate --sizes 0 --answers-folder /nowhere", "no such file"},
	} {
		code, stdout, stderr := run(t, strings.Fields(tt.args)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, tt.says) {
			t.Errorf("tasknet %s: status %d, %q, %q; want that it says %q", tt.args, code, stdout, stderr, tt.says)
		}
	}
}

func TestBenchAggregate(t *testing.T) {
	t.Setenv("TASKNET_TEST_AS_PROGRAM", "1")
	answers, truth := votesOf()
	folder := t.TempDir()
	for name, text := range map[string]string{"answers.csv": answers, "truth.csv": truth} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"bench", "aggregate", "--answers-folder", folder, "--sizes", "6000", "--methods", "majority,ds", "--iterations", "7"}
	code, stdout, stderr := run(t, append(args, "--json")...)
	var got aggregateBench
	if err := json.Unmarshal([]byte(stdout), &got); code != exitOK || err != nil || len(got.Speed) != 2 || len(got.Accuracy) != 1 {
		t.Fatalf("status %d, %q, %q, %v", code, stdout, stderr, err)
	}
	for i, want := range []speed{{Method: "majority"}, {Method: "ds", Iterations: 7}} {
		s := got.Speed[i]
		if s.ReadSeconds <= 0 || s.Seconds <= 0 || s.PeakRSS <= 0 || s.Workers > madeUpWorkers || s.Workers < madeUpWorkers*8/10 {
			t.Errorf("%+v", s)
		}
		s.ReadSeconds, s.Seconds, s.PeakRSS, s.Workers = 0, 0, 0, 0 // not every worker need have answered
		want.Answers, want.Tasks, want.Classes = 6000, 1000, 3
		if diff := cmp.Diff(want, s); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	a := got.Accuracy[0]
	if a.Tasks != 60 || a.Answers != 300 || a.Methods["auto"] != 1 || a.Methods["majority"] != 1 || len(a.Methods) != 10 || a.Chosen == "" {
		t.Errorf("%+v", a)
	}
	code, stdout, stderr = run(t, args...)
	if code != exitOK || !strings.Contains(stdout, "reading (s)") || !strings.Contains(stdout, "\nmajority         6000") || !strings.Contains(stdout, "\nmajority           1.0000") {
		t.Errorf("status %d, %q, %q", code, stdout, stderr)
	}
}

// TestAggregateStop asks again what was asked: fewer answers, as right as all of them.
func TestAggregateStop(t *testing.T) {
	alone(t)
	answers, truth := votesOf()
	answersFile, truthFile := fileOf(t, "answers.csv", answers), fileOf(t, "truth.csv", truth)
	got := aggregating(t, "--answers", answersFile, "--truth", truthFile, "--stop", "0.95", "--min", "2", "--fallback", "model", "--seeds", "4")
	asked, _ := got["answers_per_task"].(float64)
	if got["full_answers_per_task"] != 5.0 || got["full_accuracy"] != 1.0 || asked < 2 || asked >= 4 {
		t.Errorf("%v", got)
	}
	if right, _ := got["accuracy"].(float64); right < 0.97 {
		t.Errorf("accuracy %v", got["accuracy"])
	}
	if got["claimed_share"] != 0.0 || got["stated"] != nil || got["realised_error"] != nil {
		t.Errorf("without gold it claims a confidence: %v", got)
	}
	again := aggregating(t, "--answers", answersFile, "--stop", "0.95", "--max", "3", "--file-order", "--seeds", "1")
	if asked, _ := again["answers_per_task"].(float64); again["accuracy"] != nil || asked > 3 {
		t.Errorf("without truth, at most 3: %v", again)
	}
	if got["golds"] != 0.0 || got["golds_needed"] != 59.0 {
		t.Errorf("golds: %v", got)
	}
	for _, c := range []struct {
		rate  string
		says  []string
		never string
	}{
		{"0", []string{"all answers, by majority", "\n\nNo verdict claims a confidence of 0.95: no gold is known, and it takes 59 at the least to show that it holds.\nGive more by --truth and --gold-rate.\nTasks were stopped all the same, each at 3 answers, which is what the policy falls back to.\n", " % of the tasks ended because"}, "-"},
		{"0.5", []string{"0.95: 30 golds are known, and it takes 59 at the least"}, "no gold is known"},
	} {
		code, stdout, stderr := run(t, "aggregate", "--answers", answersFile, "--truth", truthFile, "--stop", "0.95", "--seeds", "2", "--gold-rate", c.rate)
		for _, part := range c.says {
			if code != exitOK || !strings.Contains(stdout, part) || strings.Contains(stdout, " "+c.never+" ") {
				t.Errorf("gold rate %s: status %d, no %q in %q, %q", c.rate, code, part, stdout, stderr)
			}
		}
	}
}

// TestPrintStopped says what is claimed, or why nothing is.
func TestPrintStopped(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	base := stopped{AnswersPerTask: number(3), FullAnswersPerTask: number(5), ClaimedShare: number(0), UnsettledShare: number(0.25), GoldsNeeded: 59}
	for says, change := range map[string]func(*stopped){
		"40.00 % of the verdicts claim a confidence of 0.95, on average 97.00 %; 1.00 % of those are wrong (1 of 100)\n25.00 % of": func(s *stopped) {
			s.Golds, s.ClaimedShare, s.Stated, s.RealisedError, s.Errors, s.Claims = 80, number(0.4), number(0.97), number(0.01), 1, 100
		},
		"on average 97.00 %; none of those is on a task with a truth\n": func(s *stopped) {
			s.Golds, s.ClaimedShare, s.Stated = 80, number(0.4), number(0.97)
		},
		"No verdict claims a confidence of 0.95: 7 golds are known, and it takes 59 at the least to show that it holds.\nGive more by --truth and --gold-rate.\nTasks were stopped all the same, when the model of people's skills was so sure after its certainty was lowered\nby a quarter": func(s *stopped) { s.Golds, s.fallback = 7, polls.ByModel },
		"No verdict claims a confidence of 0.95: 80 golds are known, 59 would do if all of them were right,\nand too many of them were answered wrongly to show that it holds.\nTasks were stopped all the same, when the model of people's skills was so sure, corrected by":                 func(s *stopped) { s.Golds, s.corrected = 80, true },
	} {
		s := base
		change(&s)
		var out bytes.Buffer
		if err := (&program{out: &out}).printStopped(s, 0.95); err != nil || !strings.Contains(out.String(), says) {
			t.Errorf("no %q in %q, %v", says, out.String(), err)
		}
	}
}

// TestAggregateCrowd has auto choose for recorded answers, without truth and gold; what it must reach is what the best
// method is known to reach (2 in 1000 of the verdicts are left for the rounding of those figures).
func TestAggregateCrowd(t *testing.T) {
	folder := os.Getenv("TASKNET_TEST_DATA")
	if folder == "" {
		t.Skip("TASKNET_TEST_DATA does not name the folder with the recorded answers")
	}
	for set, least := range map[string]float64{"dogs": 0.841, "product": 0.938, "bluebirds": 0.896} {
		got := aggregating(t, "--answers", filepath.Join(folder, "crowd", set, "answers.csv"), "--truth", filepath.Join(folder, "crowd", set, "truth.csv"))
		if a, ok := got["accuracy"].(float64); !ok || a < least {
			t.Errorf("%s: %v, want at least %v", set, got, least)
		}
	}
}
