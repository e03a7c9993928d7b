package interchange_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/server/interchange"
)

func upper(text []byte) (string, error) {
	if string(text) == "bad" {
		return "", errors.New("it is bad")
	}
	return strings.ToUpper(string(text)), nil
}

func TestReadValues(t *testing.T) {
	for name, text := range map[string]string{
		"a.csv": "task,worker,label\nq,w,x\np,w,Cannot\np,v,bad\nq,v,cannot_tell\nq,w,z\np,u,\"[1, 2]\"\n",
		"a.jsonl": `{"task":"q","worker":"w","label":"x"}
{"task":"p","worker":"w","label":"Cannot"}
{"task":"p","worker":"v","label":"bad"}
{"task":"q","worker":"v","label":"cannot_tell"}
{"task":"q","worker":"w","label":"z"}
{"task":"p","worker":"u","label":[1, 2]}`,
	} {
		v, err := interchange.ReadValues(t.Context(), interchange.File{Reader: strings.NewReader(text), Name: name}, "cannot tell", upper)
		if err != nil {
			t.Fatal(err)
		}
		type row struct {
			task, worker, value string
			cannot              bool
		}
		var got []row
		for i := range v.Task {
			got = append(got, row{v.Tasks.Of(v.Task[i]), v.Workers.Of(v.Worker[i]), v.Value[i], v.CannotTell[i]})
		}
		want := []row{{"q", "w", "X", false}, {"p", "w", "CANNOT", false}, {"q", "v", "", true}, {"p", "u", "[1, 2]", false}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		line := 4
		if name == "a.jsonl" {
			line = 3
		}
		problems := []interchange.Row{{Line: line, Problem: `the answer "bad": it is bad`}, {Line: line + 2, Problem: `worker "w" has answered task "q" on line ` + string(rune('0'+line-2)) + " already"}}
		if diff := cmp.Diff(interchange.Malformed{First: problems, Count: 2}, v.Malformed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, err := interchange.ReadValues(t.Context(), interchange.File{Reader: strings.NewReader("a,b\n")}, "", upper); !errors.Is(err, interchange.ErrBadFile) {
		t.Errorf("%v", err)
	}
}

func TestReadKnown(t *testing.T) {
	k, err := interchange.ReadKnown(t.Context(), interchange.File{Reader: strings.NewReader("task,truth\na,x\nb,bad\na,X\na,y\n")}, upper, func(a, b string) bool { return a == b })
	if err != nil {
		t.Fatal(err)
	}
	want := interchange.Malformed{First: []interchange.Row{{Line: 3, Problem: `the truth "bad": it is bad`}, {Line: 5, Problem: `task "a" has another truth already`}}, Count: 2}
	if diff := cmp.Diff(want, k.Malformed); diff != "" || !slices.Equal(k.Value, []string{"X"}) {
		t.Errorf("%v (-want +got):\n%s", k.Value, diff)
	}
}

func TestReadLists(t *testing.T) {
	l, err := interchange.ReadLists(t.Context(), interchange.File{Reader: strings.NewReader("task,worker,label\nq,w,b | a\nq,v,\"[\"\"a\"\",7]\"\nq,u,cannot tell\nq,t,[]\n")}, "cannot_tell", '|', []string{"c "})
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, list := range l.Value {
		names := []string{}
		for _, item := range list {
			names = append(names, l.Items.Of(item))
		}
		got = append(got, names)
	}
	if diff := cmp.Diff([][]string{{"b", "a"}, {"a", "7"}, {}, {}}, got); diff != "" || l.Items.Len() != 4 || l.Items.Of(0) != "7" || !slices.Equal(l.CannotTell, []bool{false, false, true, false}) {
		t.Errorf("%d items, %v (-want +got):\n%s", l.Items.Len(), l.CannotTell, diff)
	}
}

func FuzzReadLists(f *testing.F) {
	f.Add([]byte("task,worker,label\nq,w,b | a\nq,v,\"[\"\"a\"\",7]\"\n"), "a.csv")
	f.Add([]byte(`{"task":"q","worker":"w","label":["x",1]}`), "a.jsonl")
	f.Fuzz(func(t *testing.T, file []byte, name string) {
		l, err := interchange.ReadLists(t.Context(), interchange.File{Reader: strings.NewReader(string(file)), Name: name}, "?", '|', nil)
		if err != nil {
			return
		}
		if n := len(l.Task); len(l.Worker) != n || len(l.Value) != n || len(l.CannotTell) != n {
			t.Fatalf("%d tasks, %d workers, %d values", n, len(l.Worker), len(l.Value))
		}
		for i, list := range l.Value {
			if int(l.Task[i]) >= l.Tasks.Len() || int(l.Worker[i]) >= l.Workers.Len() {
				t.Fatalf("row %d", i)
			}
			seen := make(map[int32]bool)
			for _, item := range list {
				if item < 0 || int(item) >= l.Items.Len() || seen[item] {
					t.Fatalf("row %d: %v of %d", i, list, l.Items.Len())
				}
				seen[item] = true
			}
		}
	})
}
