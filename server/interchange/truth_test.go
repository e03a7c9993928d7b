package interchange_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

func TestReadTruth(t *testing.T) {
	want := map[string]string{"q1": "yes", "q2": "no"}
	for name, text := range map[string]string{
		"csv":         "truth,question\nyes,q1\nno,q2\nyes,q1\n",
		"other names": "task,label\nq1,yes\nq2,no\n",
		"best name":   "task,answer,truth\nq1,no,yes\nq2,yes,no\n",
		"no header":   "q1\tyes\nq2\tno\n",
		"json":        `{"task":"q1","truth":"yes"}` + "\n" + `{"task":"q2","truth":"no"}`,
	} {
		truth, err := interchange.ReadTruth(t.Context(), interchange.File{Reader: strings.NewReader(text)}, false)
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]string)
		for task, label := range truth.Label {
			got[truth.Tasks.Of(int32(task))] = truth.Labels.Of(label)
		}
		if diff := cmp.Diff(want, got); diff != "" || truth.Malformed.Count != 0 || truth.Value != nil {
			t.Errorf("%s: %+v (-want +got):\n%s", name, truth, diff)
		}
	}
}

func TestReadTruthOfNumbers(t *testing.T) {
	text := "question,truth\nq1,1.5\nq2,x\nq1,1.50\nq1,2\nq3,NaN\nq4,-2e3\n"
	truth, err := interchange.ReadTruth(t.Context(), interchange.File{Reader: strings.NewReader(text)}, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{1.5, -2000}, truth.Value); diff != "" || truth.Tasks.Len() != 2 || truth.Tasks.Of(1) != "q4" || truth.Label != nil {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := interchange.Malformed{Count: 3, First: []interchange.Row{
		{Line: 3, Problem: `the truth "x" is not a number from -1e100 to 1e100`},
		{Line: 5, Problem: `task "q1" has another truth already`},
		{Line: 6, Problem: `the truth "NaN" is not a number from -1e100 to 1e100`},
	}}
	if diff := cmp.Diff(want, truth.Malformed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTruthsThatDiffer(t *testing.T) {
	truth, err := interchange.ReadTruth(t.Context(), interchange.File{Reader: strings.NewReader("question,truth\nq,yes\nq,no\n,no\n")}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := interchange.Malformed{Count: 2, First: []interchange.Row{{Line: 3, Problem: `task "q" has another truth already`}, {Line: 4, Problem: "the task is empty"}}}
	if diff := cmp.Diff(want, truth.Malformed); diff != "" || len(truth.Label) != 1 {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := interchange.ReadTruth(t.Context(), interchange.File{Reader: strings.NewReader("question,worker\n")}, false); !errors.Is(err, interchange.ErrBadFile) {
		t.Errorf("without a truth: %v", err)
	}
}

func FuzzReadTruth(f *testing.F) {
	f.Add([]byte("task,truth\nq,a\nq,b\nr,1.5\n"), "a.csv", false)
	f.Add([]byte("q\t2e9\nr\tNaN\nr\t-1\n"), "", true)
	f.Add([]byte(`{"item":"q","label":{"a":[1]}}`), "a.jsonl", false)
	f.Fuzz(func(t *testing.T, file []byte, name string, numbers bool) {
		from := func() interchange.File { return interchange.File{Reader: bytes.NewReader(file), Name: name} }
		truth, err := interchange.ReadTruth(t.Context(), from(), numbers)
		switch {
		case errors.Is(err, interchange.ErrBadFile):
		case err != nil:
			t.Fatal(err)
		case len(truth.Label)+len(truth.Value) != truth.Tasks.Len():
			t.Fatalf("%d labels and %d numbers of %d tasks", len(truth.Label), len(truth.Value), truth.Tasks.Len())
		case slices.ContainsFunc(truth.Value, func(v float64) bool { return !(math.Abs(v) <= aggregate.NumbersMax) }):
			t.Fatalf("%v are true", truth.Value)
		}
		known, err := interchange.ReadKnown(t.Context(), from(), func(text []byte) (string, error) { return string(text), nil }, func(a, b string) bool { return a == b })
		switch {
		case errors.Is(err, interchange.ErrBadFile):
		case err != nil:
			t.Fatal(err)
		case len(known.Value) != known.Tasks.Len():
			t.Fatalf("%d truths of %d tasks", len(known.Value), known.Tasks.Len())
		}
	})
}
