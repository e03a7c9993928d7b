package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// quoted writes rows as CSV.
func quoted(t *testing.T, rows ...[]string) string {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAggregateFamilies has three people who mostly agree, one who cannot tell, and a task of which nobody can.
func TestAggregateFamilies(t *testing.T) {
	for name, tt := range map[string]struct {
		args   []string
		a      [3]string // answers of x, y and z to task a
		b      [2]string // of x and y to task b; z cannot tell
		truth  [2]string // none when empty
		want   map[string]any
		labels [2]any
	}{
		"multiple": {
			args: []string{"--method", "majority", "--classes", "cow"}, a: [3]string{`["cat","dog"]`, "dog | cat", `["dog"]`}, b: [2]string{"[]", "[]"},
			truth: [2]string{`["dog","cat"]`, `["cow"]`}, labels: [2]any{[]any{"cat", "dog"}, []any{}},
			want: map[string]any{"classes": 3.0, "accuracy": 0.5, "option_accuracy": 5.0 / 6, "judged": 2.0, "method": "majority"},
		},
		"multiple by number": {
			args: []string{"--family", "multiple"}, a: [3]string{`[0,2]`, "[0,2]", `[2]`}, b: [2]string{"[1]", "[1]"},
			labels: [2]any{[]any{"0", "2"}, []any{"1"}}, want: map[string]any{"classes": 3.0, "accuracy": nil},
		},
		"scale": {
			args: []string{"--method", "mean"}, a: [3]string{"2", "4", "3"}, b: [2]string{"5", "5"}, truth: [2]string{"3", "4"}, labels: [2]any{"3", "5"},
			want: map[string]any{"classes": 4.0, "accuracy": 0.5, "mae": 0.5, "method": "mean"},
		},
		"scale of words": {
			args: []string{"--family", "scale", "--classes", "bad,fair,good", "--method", "ordinal"}, a: [3]string{"good", "good", "fair"}, b: [2]string{"bad", "bad"},
			labels: [2]any{"good", "bad"}, want: map[string]any{"classes": 3.0, "method": "ordinal"},
		},
		"scale with a true class that nobody answered": {
			args: []string{"--family", "scale"}, a: [3]string{"1", "1", "1"}, b: [2]string{"3", "3"}, truth: [2]string{"1", "2"}, labels: [2]any{"1", "3"},
			want: map[string]any{"classes": 3.0, "accuracy": 0.5, "mae": 0.5},
		},
		"scale auto": {
			args: []string{"--family", "scale"}, a: [3]string{"1", "1", "2"}, b: [2]string{"2", "2"}, labels: [2]any{"1", "2"}, want: map[string]any{"method": "mean"},
		},
		"numbers": {
			args: []string{"--family", "numbers"}, a: [3]string{"1", "2", "3"}, b: [2]string{"7", "7"}, truth: [2]string{"2", "7"}, want: map[string]any{"method": "median", "judged": 2.0},
		},
		"text": {
			a: [3]string{"the cat sat down", "the cat sad down", "a cat sat down"}, b: [2]string{"[hello]", "[hello]"}, truth: [2]string{"the cat sat up", "[hello]"},
			labels: [2]any{"the cat sat down", "[hello]"}, want: map[string]any{"accuracy": 0.5, "word_error_rate": 0.2, "method": "rover"},
		},
		"ranking": {
			a: [3]string{`["tea","milk","beer"]`, "tea>beer>milk", `["tea","milk","beer"]`}, b: [2]string{"[1,0]", "1>0"}, truth: [2]string{"tea>beer>milk", "[1,0]"},
			labels: [2]any{[]any{"tea", "milk", "beer"}, []any{"1", "0"}}, want: map[string]any{"accuracy": 0.5, "kendall": 0.5, "method": "borda"},
		},
		"ranking by its model": {
			args: []string{"--family", "ranking", "--method", "plackettluce"}, a: [3]string{`["tea","milk","beer"]`, "tea>beer>milk", `["tea","milk","beer"]`}, b: [2]string{"[1,0]", "1>0"}, truth: [2]string{"tea>beer>milk", "[1,0]"},
			labels: [2]any{[]any{"tea", "milk", "beer"}, []any{"1", "0"}}, want: map[string]any{"accuracy": 0.5, "kendall": 0.5, "method": "plackettluce"},
		},
		"numbers by their mean": {
			args: []string{"--family", "numbers", "--method", "mean"}, a: [3]string{"1", "2", "3"}, b: [2]string{"7", "7"}, truth: [2]string{"2", "7"}, want: map[string]any{"method": "mean", "judged": 2.0},
		},
		"borda": {
			args: []string{"--family", "ranking", "--method", "borda"}, a: [3]string{"tea>milk", "tea>milk", "milk>tea"}, b: [2]string{"a>b", "a>b"},
			labels: [2]any{[]any{"tea", "milk"}, []any{"a", "b"}}, want: map[string]any{"method": "borda", "accuracy": nil},
		},
		"spans": {
			a: [3]string{`[{"class":1,"end":9,"start":4}]`, `[{"class":1,"end":9,"start":4}]`, `[{"class":1,"end":9,"start":5}]`}, b: [2]string{"[]", "[]"},
			truth:  [2]string{`[{"class":1,"end":12,"start":8},{"class":1,"end":9,"start":4}]`, "[]"}, // 4 to 12
			labels: [2]any{[]any{map[string]any{"class": 1.0, "end": 9.0, "start": 4.0}}, []any{}}, want: map[string]any{"method": "vote", "accuracy": 0.5, "score": (1 + 0.769231) / 2, "judged": 2.0},
		},
		"boxes": {
			a: [3]string{
				`[{"class":0,"h":40,"w":30,"x":10,"y":20}]`, `[{"class":0,"h":40,"w":30,"x":10,"y":20},{"class":2,"h":9,"w":9,"x":99,"y":9}]`, `[{"x":10,"y":20,"w":30,"h":40,"class":0}]`,
			}, b: [2]string{"[]", "[]"},
			truth:  [2]string{`[{"class":0,"h":30,"w":30,"x":10,"y":20},{"class":2,"h":9,"w":9,"x":99,"y":9}]`, "[]"},
			labels: [2]any{[]any{map[string]any{"class": 0.0, "h": 40.0, "w": 30.0, "x": 10.0, "y": 20.0}}, []any{}}, want: map[string]any{"method": "match", "accuracy": 0.5, "score": (1 + 0.666667) / 2, "judged": 2.0},
		},
		"polygons": {
			a: [3]string{`[{"class":0,"points":[0,0,99,0,99,99]}]`, `[]`, `[{"class":0,"points":[0,0,99,0,99,99]}]`}, b: [2]string{"[]", "[]"},
			truth: [2]string{`[{"class":0,"points":[0,0,90,0,99,99]}]`, `[{"class":0,"points":[0,0,90,0,99,99]}]`}, want: map[string]any{"method": "match", "accuracy": 0.5, "score": 0.5},
		},
		"mask staple": {
			args: []string{"--family", "mask", "--method", "staple"}, a: [3]string{`[{"class":1,"counts":[2,3,4]}]`, `[{"class":0,"counts":[0,1,8]},{"class":1,"counts":[2,3,4]}]`, `[{"class":1,"counts":[2,2,5]}]`}, b: [2]string{"[]", "[]"},
			labels: [2]any{[]any{map[string]any{"class": 1.0, "counts": []any{2.0, 3.0, 4.0}}}, []any{}}, want: map[string]any{"method": "staple"},
		},
		"mask": {
			a: [3]string{`[{"class":1,"counts":[2,3,4]}]`, `[]`, `[{"class":1,"counts":[2,2,5]}]`}, b: [2]string{"[]", "[]"},
			truth:  [2]string{`[{"class":1,"counts":[1,3,5]},{"class":2,"counts":[9]}]`, `[{"class":0,"counts":[8]}]`}, // of class 2, and in b, there is nothing
			labels: [2]any{[]any{map[string]any{"class": 1.0, "counts": []any{2.0, 2.0, 5.0}}}, []any{}}, want: map[string]any{"method": "majority", "accuracy": 1.0, "score": 1.0},
		},
		"mask majority": {
			args: []string{"--family", "mask", "--method", "majority"}, a: [3]string{`[{"class":1,"counts":[2,3,4]}]`, `[]`, `[{"class":1,"counts":[2,2,5]}]`}, b: [2]string{"[]", "[]"},
			labels: [2]any{[]any{map[string]any{"class": 1.0, "counts": []any{2.0, 2.0, 5.0}}}, []any{}}, want: map[string]any{"method": "majority"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			family := strings.Fields(name)[0]
			args := append([]string{"--answers", fileOf(t, "a.csv", quoted(t, []string{"task", "worker", "label"}, []string{"a", "x", tt.a[0]}, []string{"a", "y", tt.a[1]}, []string{"a", "z", tt.a[2]},
				[]string{"b", "x", tt.b[0]}, []string{"b", "y", tt.b[1]}, []string{"b", "z", "cannot tell"}, []string{"c", "z", "cannot_tell"}))}, tt.args...)
			if len(tt.args) == 0 || tt.args[0] != "--family" {
				if family == "borda" {
					family = "ranking"
				}
				args = append(args, "--family", family)
			}
			if tt.truth[0] != "" {
				args = append(args, "--truth", fileOf(t, "t.csv", quoted(t, []string{"task", "label"}, []string{"a", tt.truth[0]}, []string{"b", tt.truth[1]}, []string{"d", tt.truth[0]})))
			}
			out := filepath.Join(t.TempDir(), "out.jsonl")
			got := aggregating(t, append(args, "--out", out)...)
			want := map[string]any{"tasks": 3.0, "answers": 7.0, "workers": 3.0}
			for key, value := range tt.want {
				want[key] = value
			}
			for key, value := range want {
				if !cmp.Equal(got[key], value, cmpopts.EquateApprox(0, 1e-9)) {
					t.Errorf("%s is %v, want %v", key, got[key], value)
				}
			}
			rows := linesOf(t, out)
			if len(rows) != 2 || rows[0]["task"] != "a" || rows[1]["task"] != "b" {
				t.Fatalf("%v", rows)
			}
			for i, label := range tt.labels {
				if label != nil && !cmp.Equal(rows[i]["label"], label) {
					t.Errorf("task %v is %v, want %v", rows[i]["task"], rows[i]["label"], label)
				}
			}
			// The same as CSV, which is read again as it was written.
			table := filepath.Join(t.TempDir(), "out.csv")
			aggregating(t, append(args, "--out", table)...)
			text, err := os.ReadFile(table)
			if err != nil {
				t.Fatal(err)
			}
			cells, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
			if err != nil || len(cells) != 3 || cells[0][0] != "task" || cells[1][0] != "a" {
				t.Errorf("%q, %v", text, err)
			}
			wantSkills(t, family, args)
			// People read it too.
			if code, stdout, stderr := run(t, append([]string{"aggregate"}, args...)...); code != exitOK || !strings.Contains(stdout, "tasks              3\n") {
				t.Errorf("status %d, %q, %q", code, stdout, stderr)
			}
		})
	}
}

// wantSkills wants a row for each of x, y and z, with what methods of the family know of them.
func wantSkills(t *testing.T, family string, args []string) {
	t.Helper()
	columns := map[string][]string{"numbers": {"bias", "spread"}, "scale": {"bias", "spread"}, "mask": {"sensitivity", "specificity"}}[family]
	if columns == nil {
		columns = []string{"skill"}
	}
	objects, table := filepath.Join(t.TempDir(), "skills.jsonl"), filepath.Join(t.TempDir(), "skills.csv")
	aggregating(t, append(args, "--skills", objects)...)
	aggregating(t, append(args, "--skills", table)...)
	rows := linesOf(t, objects)
	if len(rows) != 3 {
		t.Fatalf("%d rows of workers: %v", len(rows), rows)
	}
	header := "worker,answers"
	for _, column := range columns {
		header += "," + column + "," + column + "_low," + column + "_high"
	}
	text, err := os.ReadFile(table)
	if err != nil || !strings.HasPrefix(string(text), header+"\nx,2,") {
		t.Errorf("%q, %v; want %s", text, err, header)
	}
	for i, row := range rows {
		if row["worker"] != string(rune('x'+i)) || row["answers"] != []float64{2, 2, 3}[i] || len(row) != 2+3*len(columns) {
			t.Errorf("a worker: %v", row)
		}
		for _, column := range columns {
			value, known := row[column].(float64)
			low, hasLow := row[column+"_low"].(float64)
			high, hasHigh := row[column+"_high"].(float64)
			if known && hasLow && hasHigh && !(low <= value && value <= high) {
				t.Errorf("%s of %v is %v from %v to %v", column, row["worker"], value, low, high)
			}
		}
	}
	if first, known := rows[0][columns[0]].(float64); !known || columns[0] == "skill" && !(first > 0 && first <= 1) {
		t.Errorf("%s of x is %v", columns[0], rows[0][columns[0]])
	}
}

func linesOf(t *testing.T, name string) (rows []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// TestAggregateJSONValues reads values that stand in JSON lines as they are.
func TestAggregateJSONValues(t *testing.T) {
	file := fileOf(t, "a.jsonl", `{"task":"a","worker":"x","answer":[{"class":0,"end":2,"start":0}]}
{"task":"a","worker":"y","answer":[ {"class":0,"start":0,"end":2} ]}
{"task":"a","worker":"z","answer":"cannot_tell"}
`)
	out := filepath.Join(t.TempDir(), "out.jsonl")
	if got := aggregating(t, "--answers", file, "--family", "spans", "--out", out); got["agreement"] != 1.0 {
		t.Errorf("%v", got)
	}
	if rows := linesOf(t, out); len(rows) != 1 || !cmp.Equal(rows[0]["label"], []any{map[string]any{"class": 0.0, "end": 2.0, "start": 0.0}}) {
		t.Errorf("%v", rows)
	}
}

// TestAggregateBadValues wants a line number and a reason for what is no value of its family.
func TestAggregateBadValues(t *testing.T) {
	for _, tt := range []struct{ family, answer, says string }{
		{"multiple", `["a","a"]`, `it has "a" twice`},
		{"multiple", `["a",true]`, "neither a string nor a number"},
		{"multiple", `["a"`, "it is not a JSON array"},
		{"multiple", "a||b", "an item without a name"},
		{"ranking", "a>b>a", `it has "a" twice`},
		{"ranking", `[[1]]`, "neither a string nor a number"},
		{"numbers", "NaN", `"NaN" is not a number`},
		{"numbers", "1e999", "is not a number"},
		{"spans", `[{"class":0,"end":4,"start":4}]`, "it has a region that is empty"},
		{"spans", `[{"class":0,"end":4,"start":1,"text":"x"}]`, "it is not a JSON array of regions"},
		{"spans", `{"class":0,"end":4,"start":1}`, "it is not a JSON array of regions"},
		{"spans", `null`, "it is not a JSON array of regions"},
		{"spans", `[] []`, "it is not a JSON array of regions"},
		{"boxes", `[{"class":0,"h":0,"w":1,"x":0,"y":0}]`, "it has a region that is empty"},
		{"boxes", `[{"class":-1,"h":1,"w":1,"x":0,"y":0}]`, "class is not from 0"},
		{"boxes", `[{"class":0,"h":1,"w":1,"x":-5,"y":0}]`, "empty or nowhere"},
		{"boxes", `[{"class":0,"h":1,"w":1,"x":1.5,"y":0}]`, "it is not a JSON array of regions"},
		{"polygons", `[{"class":0,"points":[1,2,3,4]}]`, "it has a region"},
		{"polygons", `[{"class":0,"points":[1,2,3,4,5,6,7]}]`, "it has a region"},
		{"mask", `[{"class":0,"counts":[0]}]`, "it has a region"},
		{"mask", `[{"class":0,"counts":[-1,5]}]`, "it has a region"},
		{"mask", `[{"class":0,"counts":[1,1]},{"class":0,"counts":[1,1]}]`, "comes twice"},
		{"mask", `[{"class":0,"counts":[999999999999]}]`, "it has a region"},
	} {
		file := fileOf(t, "a.csv", quoted(t, []string{"task", "worker", "label"}, []string{"t", "x", tt.answer}))
		code, _, stderr := run(t, "aggregate", "--answers", file, "--family", tt.family)
		if code != exitUsage || !strings.Contains(stderr, "line 2: ") || !strings.Contains(stderr, tt.says) || strings.Count(stderr, "\n") != 2 {
			t.Errorf("%s %s: status %d, %q, want that it says %q", tt.family, tt.answer, code, stderr, tt.says)
		}
	}
	for _, tt := range []struct {
		args, says string
		answers    []string
	}{
		{"--family scale", `the answer "good" is no number; list the scale`, []string{"good", "1"}},
		{"--family scale --classes 1,2", `the answer "3" is not among --classes`, []string{"1", "3"}},
		{"--family scale", "take --family numbers", []string{"0.5", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21"}},
		{"--family multiple", "nobody selected anything", []string{"[]"}},
		{"--family mask", "masks of 4 and of 5 pixels", []string{`[{"class":0,"counts":[4]}]`, `[{"class":0,"counts":[5]}]`}},
		{"--family boxes", "more than 2000 shapes together", []string{"[" + strings.Repeat(`{"class":0,"h":1,"w":1,"x":0,"y":0},`, 2000) + `{"class":0,"h":1,"w":1,"x":0,"y":0}]`}},
	} {
		rows := [][]string{{"task", "worker", "label"}}
		for i, answer := range tt.answers {
			rows = append(rows, []string{"t", strings.Repeat("w", i+1), answer})
		}
		code, stdout, stderr := run(t, append([]string{"aggregate", "--answers", fileOf(t, "a.csv", quoted(t, rows...))}, strings.Fields(tt.args)...)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, tt.says) {
			t.Errorf("%s %.60q: status %d, %q, want that it says %q", tt.args, tt.answers, code, stderr, tt.says)
		}
	}
}

// TestAggregateMultipleGold gives auto the golds of every option, and leaves these tasks out of the accuracy.
func TestAggregateMultipleGold(t *testing.T) {
	answers, truth := [][]string{{"task", "worker", "label"}}, [][]string{{"task", "label"}}
	for i := range 40 {
		task := string(rune('A'+i/26)) + string(rune('a'+i%26))
		right := []string{"[]", `["x"]`, `["x","y"]`}[i%3]
		truth = append(truth, []string{task, right})
		for _, worker := range []string{"ann", "bob", "cy"} {
			answers = append(answers, []string{task, worker, right})
		}
	}
	got := aggregating(t, "--answers", fileOf(t, "a.csv", quoted(t, answers...)), "--truth", fileOf(t, "t.csv", quoted(t, truth...)), "--family", "multiple", "--gold-rate", "0.25")
	if got["gold"] != 10.0 || got["judged"] != 30.0 || got["accuracy"] != 1.0 || got["option_accuracy"] != 1.0 {
		t.Errorf("%v", got)
	}
}

// TestAggregateScaleGold has people with a bias, whom gold shows.
func TestAggregateScaleGold(t *testing.T) {
	answers, truth := [][]string{{"task", "worker", "label"}}, [][]string{{"task", "label"}}
	for i := range 60 {
		task, level := string(rune('A'+i/26))+string(rune('a'+i%26)), i%5
		truth = append(truth, []string{task, string(rune('1' + level))})
		for w, off := range []int{0, 0, 2, 2, 2} {
			answers = append(answers, []string{task, string(rune('a' + w)), string(rune('1' + min(level+off, 4)))})
		}
	}
	got := aggregating(t, "--answers", fileOf(t, "a.csv", quoted(t, answers...)), "--truth", fileOf(t, "t.csv", quoted(t, truth...)), "--family", "scale", "--gold-rate", "0.5")
	if reason, _ := got["reason"].(string); got["gold"] != 30.0 || got["judged"] != 30.0 || !strings.HasPrefix(reason, "On 30 golds ") {
		t.Errorf("%v", got)
	}
	if mae, _ := got["mae"].(float64); math.IsNaN(mae) || mae > 1.2 {
		t.Errorf("off by %v", mae)
	}
}

// goldRows writes answers of three good people and two who are always off to 60 tasks, and what is true.
func goldRows(t *testing.T, answer func(task, worker int) string, truth func(task int) string) (answers, truths string) {
	t.Helper()
	rows, known := [][]string{{"task", "worker", "label"}}, [][]string{{"task", "label"}}
	for task := range 60 {
		name := "t" + strconv.Itoa(task)
		known = append(known, []string{name, truth(task)})
		for worker := range 5 {
			rows = append(rows, []string{name, string(rune('a' + worker)), answer(task, worker)})
		}
	}
	return fileOf(t, "answers.csv", quoted(t, rows...)), fileOf(t, "truth.csv", quoted(t, known...))
}

// TestAggregateFamilyGold gives auto golds of numbers and of rankings, and leaves these tasks out of what is judged.
func TestAggregateFamilyGold(t *testing.T) {
	numbers, trueNumbers := goldRows(t, func(task, worker int) string {
		return strconv.Itoa(100*task + task*(worker+1)%3 - 1 + []int{0, 0, 20, 30, 40}[worker])
	}, func(task int) string { return strconv.Itoa(100 * task) })
	orders, trueOrders := goldRows(t, func(task, worker int) string {
		return []string{"a>b>c", "a>b>c", "a>c>b", "b>a>c", "a>b>c"}[(task+worker)%5]
	}, func(int) string { return "a>b>c>never" })
	masks, trueMasks := goldRows(t, func(task, worker int) string {
		return fmt.Sprintf(`[{"class":0,"counts":[%d,40,%d]}]`, 10+worker+task%3, 50-worker-task%3)
	}, func(int) string { return `[{"class":0,"counts":[12,40,48]}]` })
	for family, files := range map[string][2]string{"numbers": {numbers, trueNumbers}, "ranking": {orders, trueOrders}, "mask": {masks, trueMasks}} {
		got := aggregating(t, "--answers", files[0], "--truth", files[1], "--family", family, "--gold-rate", "0.5")
		if reason, _ := got["reason"].(string); got["gold"] != 30.0 || got["judged"] != 30.0 || !strings.HasPrefix(reason, "On 30 golds ") {
			t.Errorf("%s: %v", family, got)
		}
		got = aggregating(t, "--answers", files[0], "--truth", files[1], "--family", family)
		if reason, _ := got["reason"].(string); got["gold"] != nil || got["judged"] != 60.0 || !strings.HasPrefix(reason, "On 300 answers that were held back ") {
			t.Errorf("%s without gold: %v", family, got)
		}
	}
}

// TestAggregatePairsGold gives auto golds of items, and compares the order of the others with the true one.
func TestAggregatePairsGold(t *testing.T) {
	const items = 40
	rows, truth := [][]string{{"worker", "left", "right", "label"}}, [][]string{{"item", "truth"}}
	name := func(i int) string { return fmt.Sprintf("i%02d", i) }
	for i := range items {
		truth = append(truth, []string{name(i), strconv.Itoa(i / 2)})
		for j := range i {
			if (i*j+i)%3 == 0 {
				rows = append(rows, []string{string(rune('a' + (i+j)%4)), name(i), name(j), "left"})
			}
		}
	}
	answers, known := fileOf(t, "a.csv", quoted(t, rows...)), fileOf(t, "t.csv", quoted(t, truth...))
	got := aggregating(t, "--answers", answers, "--truth", known, "--family", "pairs")
	if rho, _ := got["spearman"].(float64); rho < 0.75 || rho >= 0.95 || got["judged"] != 40.0 || got["gold"] != nil {
		t.Errorf("%v", got)
	}
	got = aggregating(t, "--answers", answers, "--truth", known, "--family", "pairs", "--gold-rate", "0.5")
	if reason, _ := got["reason"].(string); got["gold"] != 20.0 || got["judged"] != 20.0 || !strings.HasPrefix(reason, "On 20 golds ") {
		t.Errorf("%v", got)
	}
	if code, stdout, stderr := run(t, "aggregate", "--answers", answers, "--truth", known, "--family", "pairs"); code != exitOK || !strings.Contains(stdout, "Spearman's rho     0.8") {
		t.Errorf("status %d, %q, %q", code, stdout, stderr)
	}
	worded := fileOf(t, "t.csv", "item,truth\ni00,good\n")
	if code, _, stderr := run(t, "aggregate", "--answers", answers, "--truth", worded, "--family", "pairs"); code != exitUsage || !strings.Contains(stderr, `line 2: the truth "good" is not a number`) {
		t.Errorf("status %d, %q", code, stderr)
	}
}

// TestAggregateMaskTruth refuses what is true of another image.
func TestAggregateMaskTruth(t *testing.T) {
	answers, truth := fileOf(t, "a.csv", quoted(t, []string{"task", "worker", "label"}, []string{"t", "x", `[{"class":0,"counts":[4]}]`})), fileOf(t, "t.csv", quoted(t, []string{"task", "truth"}, []string{"t", `[{"class":0,"counts":[1,4]}]`}))
	if code, stdout, stderr := run(t, "aggregate", "--answers", answers, "--truth", truth, "--family", "mask"); code != exitUsage || stdout != "" || !strings.Contains(stderr, "masks of 4 and of 5 pixels") {
		t.Errorf("status %d, %q, %q", code, stdout, stderr)
	}
}

// TestAggregatePairsCannotTell leaves out what says nothing.
func TestAggregatePairsCannotTell(t *testing.T) {
	file := fileOf(t, "pairs.csv", "worker,left,right,label\nann,tea,water,tea\nbob,tea,water,cannot tell\n")
	if got := aggregating(t, "--answers", file, "--family", "pairs"); got["method"] != "bt" || got["answers"] != 2.0 {
		t.Errorf("%v", got)
	}
}
