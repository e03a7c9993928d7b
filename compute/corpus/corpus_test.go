package corpus

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
)

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func opened(t *testing.T, path, labels string) *File {
	t.Helper()
	f, err := Open(path, labels)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func planned(t *testing.T, spec string) *compute.Plan {
	t.Helper()
	p, err := compute.ParseSpec(strings.NewReader(spec))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const exported = `{"key":"a","text":"Is it blue?","passage":"It is.","label":"yes","soft_label":[0.9,0.1],"weight":0.8,"confidence":0.9,"method":"ds","answers":[]}
{"key":"b","text":"Is it red?","label":"no","soft_label":[0.2,0.8],"weight":0.6,"confidence":0.8,"method":"ds","answers":[]}

{"key":"c","text":"Is it?","label":null,"confidence":0,"method":"ds","answers":[]}
{"key":"d","text":"Or not?","label":"no","soft_label":[0.5,0.5],"weight":0.05,"confidence":0.5,"method":"ds","answers":[]}
`

func TestExport(t *testing.T) {
	f := opened(t, filepath.Dir(write(t, filepath.Join(t.TempDir(), "rows.jsonl"), []byte(exported))), "")
	if len(f.Rows) != 3 || len(f.Unlabeled) != 1 || f.Rows[0].Text != "Is it blue?\nIt is." || len(f.Hash) != 64 {
		t.Fatalf("%+v", f)
	}
	classes, err := f.Classes(nil)
	if err != nil || !slices.Equal(classes, []string{"yes", "no"}) {
		t.Fatalf("the classes are %v, %v", classes, err)
	}
	p := planned(t, `{"input":{"kind":"words","buckets":64},"classes":["yes","no"]}`)
	e, err := f.Examples(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Check(p); err != nil {
		t.Error(err)
	}
	if !slices.Equal(e.Targets, []float32{0.9, 0.1, 0.2, 0.8, 0.5, 0.5}) || !slices.Equal(e.Tasks, []string{"a", "b", "d"}) {
		t.Errorf("the targets are %v of %v", e.Targets, e.Tasks)
	}
	if !slices.Equal(e.Weights, []float32{0.8, 0.6, 0.05}) {
		t.Errorf("the weights are %v", e.Weights)
	}
	some := strings.Replace(exported, `"weight":0.6,`, "", 1)
	if _, err := opened(t, write(t, filepath.Join(t.TempDir(), "rows.jsonl"), []byte(some)), "").Examples(context.Background(), p, nil); err == nil || !strings.Contains(err.Error(), `Task "b" has no weight`) {
		t.Errorf("a row without a weight among others: %v", err)
	}
	if none := strings.Replace(exported, `"weight":0.6`, `"weight":0`, 1); !isBad(t, none) {
		t.Error("a weight of nothing is read")
	}
}

func isBad(t *testing.T, rows string) bool {
	t.Helper()
	_, err := Open(write(t, filepath.Join(t.TempDir(), "rows.jsonl"), []byte(rows)), "")
	return err != nil && strings.Contains(err.Error(), "has the weight 0")
}

func TestTable(t *testing.T) {
	f := opened(t, write(t, filepath.Join(t.TempDir(), "t.csv"), []byte("\ufeffkey,width,height,label,confidence\na,1,10,yes,\nb,3,10,no,0.75\nc,5,10,no,1\n")), "")
	if !slices.Equal(f.Columns, []string{"width", "height"}) {
		t.Fatalf("the columns are %v", f.Columns)
	}
	p := planned(t, `{"input":{"kind":"numbers","columns":["width","height"]},"classes":["no","yes"],"training":{"hold_out":0.01}}`)
	if err := f.Scale(p); err != nil {
		t.Fatal(err)
	}
	e, err := f.Examples(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	root := float32(math.Sqrt(1.5))
	for i, want := range []float32{-root, 0, 0, 0, root, 0} {
		if math.Abs(float64(e.Inputs[i]-want)) > 1e-6 {
			t.Errorf("the inputs are %v", e.Inputs)
		}
	}
	if !slices.Equal(e.Targets, []float32{0, 1, 0.75, 0.25, 1, 0}) {
		t.Errorf("the targets are %v", e.Targets)
	}
}

// TestScale: what is held out has no part in the scale.
func TestScale(t *testing.T) {
	p := planned(t, `{"input":{"kind":"numbers","columns":["a"]},"classes":["no","yes"],"training":{"hold_out":0.25}}`)
	var b strings.Builder
	b.WriteString("key,a,label\n")
	sum, count := 0.0, 0.0
	for i := range 200 {
		key, v := fmt.Sprint("task ", i), 1e6
		if !p.HeldOut(key) {
			v = float64(i)
			sum, count = sum+v, count+1
		}
		fmt.Fprintf(&b, "%s,%g,yes\n", key, v)
	}
	f := opened(t, write(t, filepath.Join(t.TempDir(), "t.csv"), []byte(b.String())), "")
	if err := f.Scale(p); err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.Spec.Input.Mean[0]-sum/count) > 1e-9 || p.Spec.Input.Deviation[0] > 100 {
		t.Errorf("the mean is %v with the deviation %v, want %v", p.Spec.Input.Mean, p.Spec.Input.Deviation, sum/count)
	}
	kept := p.Spec.Input.Mean[0]
	if err := f.Scale(p); err != nil || len(p.Spec.Input.Mean) != 1 || p.Spec.Input.Mean[0] != kept {
		t.Errorf("a scale that is there is found anew: %v, %v", p.Spec.Input.Mean, err)
	}
}

func TestPictures(t *testing.T) {
	dir := t.TempDir()
	shown := image.NewRGBA(image.Rect(0, 0, 4, 2))
	for x := range 4 {
		for y := range 2 {
			shown.Set(x, y, color.RGBA{255, 0, 0, 255})
		}
	}
	shown.Set(0, 0, color.RGBA{}) // transparent
	var raw bytes.Buffer
	if err := png.Encode(&raw, shown); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "images", "a.png"), raw.Bytes())
	write(t, filepath.Join(filepath.Dir(dir), "outside.png"), raw.Bytes())
	write(t, filepath.Join(dir, "no.png"), []byte("<svg/>"))
	huge := bytes.Clone(raw.Bytes())
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65,536 by 65,536, as its header says
	write(t, filepath.Join(dir, "huge.png"), huge)
	if err := os.Symlink(filepath.Join(filepath.Dir(dir), "outside.png"), filepath.Join(dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	of := func(path string) ([]float32, error) {
		f := opened(t, write(t, filepath.Join(dir, "rows.jsonl"), fmt.Appendf(nil, `{"key":"a","image":%q,"label":"x"}`, path)), "")
		return f.Inputs(context.Background(), compute.Input{Kind: compute.Image, Height: 2, Width: 4, Channels: 3}, f.Rows, nil)
	}
	got, err := of("images/a.png")
	if err != nil || !slices.Equal(got[:6], []float32{1, 1, 1, 1, 0, 0}) || len(got) != 24 {
		t.Errorf("the picture is %v, %v", got, err)
	}
	for _, path := range []string{"", "../outside.png", filepath.Join(filepath.Dir(dir), "outside.png"), "link.png", "none.png", "no.png", "huge.png", "images"} {
		if got, err := of(path); !errors.Is(err, ErrBadFile) {
			t.Errorf("the picture at %q is %v, %v", path, got, err)
		}
	}
}

func idxOf(dims []int, values ...byte) []byte {
	out := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		out = append(out, 0, 0, byte(d>>8), byte(d))
	}
	return append(out, values...)
}

func packed(t *testing.T, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIDX(t *testing.T) {
	dir := t.TempDir()
	pictures := write(t, filepath.Join(dir, "images-idx3-ubyte.gz"), packed(t, idxOf([]int{2, 1, 2}, 0, 255, 51, 0)))
	labels := write(t, filepath.Join(dir, "labels-idx1-ubyte"), idxOf([]int{2}, 7, 3))
	f := opened(t, pictures, labels)
	got, err := f.Inputs(context.Background(), compute.Input{Kind: compute.Image, Height: 1, Width: 2, Channels: 1}, f.Rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 1, 0.2, 0} {
		if math.Abs(float64(got[i])-want) > 1e-6 {
			t.Errorf("the digits are %v", got)
		}
	}
	if classes, err := f.Classes(nil); err != nil || !slices.Equal(classes, []string{"3", "7"}) || f.Rows[0].Label != "7" {
		t.Errorf("the classes are %v, %v", classes, err)
	}
	for name, raw := range map[string][]byte{
		"short": idxOf([]int{2})[:6], "cut": idxOf([]int{2}, 7), "more": idxOf([]int{2}, 7, 3, 1), "none": idxOf([]int{0}),
		"others": idxOf([]int{3}, 1, 2, 3), "of another type": append([]byte{0, 0, 9}, idxOf([]int{2}, 7, 3)[3:]...), "pictures": idxOf([]int{2, 1}, 7, 3),
		"too many": {0, 0, 8, 1, 255, 255, 255, 255},
	} {
		if _, err := Open(pictures, write(t, filepath.Join(dir, "bad-idx1-ubyte"), raw)); !errors.Is(err, ErrBadFile) {
			t.Errorf("labels that are %s: %v", name, err)
		}
	}
	if _, err := Open(pictures, ""); !errors.Is(err, ErrBadFile) {
		t.Errorf("no labels: %v", err)
	}
	if _, err := Open(write(t, filepath.Join(dir, "bad-idx3-ubyte.gz"), packed(t, idxOf([]int{1, 1, 1}, 0))[:20]), labels); !errors.Is(err, ErrBadFile) {
		t.Errorf("a cut archive: %v", err)
	}
}

func TestBadFiles(t *testing.T) {
	dir := t.TempDir()
	for content, want := range map[string]string{
		"rows.jsonl|":                                        "no rows",
		"rows.jsonl|{}\n{\"key\":3}":                         "Line 2 is not a row",
		`rows.jsonl|{"key":"a","choices":["x","y"]}`:         "choices of its own",
		"rows.jsonl|" + `{"key":"a"}` + "\n" + `{"key":"a"}`: `task "a"`,
		"rows.jsonl|" + strings.Repeat(" ", lineMax+1):       "longer than",
		"t.csv|":                            "no header",
		"t.csv|a,a,label\n":                 `the name "a"`,
		"t.csv|a,label\n1\n":                "wrong number of fields",
		"t.csv|a,label,confidence\n1,x,2\n": `confidence "2"`,
		"t.txt|a":                           "none of",
	} {
		name, text, _ := strings.Cut(content, "|")
		if _, err := Open(write(t, filepath.Join(dir, name), []byte(text)), ""); !errors.Is(err, ErrBadFile) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q says %v, want %q", content, err, want)
		}
	}
	if _, err := Open(filepath.Join(dir, "none.csv"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestBadClasses(t *testing.T) {
	rows := func(lines ...string) *File {
		f := &File{}
		if err := f.lines(strings.NewReader(strings.Join(lines, "\n"))); err != nil {
			t.Fatal(err)
		}
		return f
	}
	a, b := `{"key":"a","label":"yes","soft_label":[0.9,0.1]}`, `{"key":"b","label":"no","soft_label":[0.1,0.9]}`
	for name, c := range map[string]struct {
		file    *File
		choices []string
		want    string
	}{
		"none":          {rows(`{"key":"a"}`), nil, "no labels"},
		"unknown":       {rows(a, b), []string{"yes", "perhaps"}, `"no", which is none of`},
		"too few":       {rows(a, b), []string{"yes"}, "1 choices, and soft labels for 2"},
		"contradiction": {rows(a, b, `{"key":"c","label":"no","soft_label":[0.9,0.1]}`), nil, "do not say whose"},
		"no name":       {rows(a), nil, "choice 2"},
		"other length":  {rows(a, `{"key":"b","label":"no","soft_label":[0.1,0.4,0.5]}`), nil, "others have 2"},
	} {
		if got, err := c.file.Classes(c.choices); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := rows(a).Classes([]string{"yes", "no"}); err != nil || len(got) != 2 {
		t.Errorf("given choices: %v, %v", got, err)
	}
	for _, soft := range []string{"[2,-1]", "[0.5,0.1]"} {
		f := rows(`{"key":"a","label":"yes","soft_label":` + soft + `}`)
		if got, err := f.Rows[0].target([]string{"yes", "no"}); !errors.Is(err, ErrBadFile) {
			t.Errorf("soft labels %s become %v", soft, got)
		}
	}
}

func TestWords(t *testing.T) {
	if got := words("Don't PANIC, it's नमस्ते 42!"); !slices.Equal(got, []string{"don", "t", "panic", "it", "s", "नमस्ते", "42"}) {
		t.Errorf("the words are %q", got)
	}
	one, other := bag("The cat sat", 1024), bag("sat the cat", 1024)
	length, same := 0.0, 0.0
	for i := range one {
		length += float64(one[i] * one[i])
		same += float64(one[i] * other[i])
	}
	if math.Abs(length-1) > 1e-5 || same < 0.7 || same > 0.9 { // three words and one pair of five
		t.Errorf("length %.3f, likeness %.3f", length, same)
	}
	if got := bag("", 16); slices.Max(got) != 0 {
		t.Errorf("an empty text is %v", got)
	}
	got := tokens("a b a c", 100, 3)
	if len(got) != 3 || got[0] != got[2] || got[0] == got[1] || got[0] == 0 || tokens("a", 100, 3)[1] != 0 {
		t.Errorf("the tokens are %v", got)
	}
}

// TestSingle reads one row that is asked live, with its picture in it.
func TestSingle(t *testing.T) {
	var b bytes.Buffer
	shown := image.NewGray(image.Rect(0, 0, 2, 2))
	shown.SetGray(1, 0, color.Gray{Y: 255})
	if err := png.Encode(&b, shown); err != nil {
		t.Fatal(err)
	}
	in := compute.Input{Kind: compute.Image, Height: 2, Width: 2, Channels: 1}
	read := func(url string) ([]float32, error) {
		f, err := Single([]byte(`{"key":"ask","image":"` + url + `"}`))
		if err != nil {
			return nil, err
		}
		if f.Pictured() == strings.HasPrefix(url, "data:") {
			t.Errorf("whether %.20s is a file of its own: %t", url, f.Pictured())
		}
		return f.Inputs(t.Context(), in, f.All(), nil)
	}
	got, err := read("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
	if err != nil || len(got) != 4 || got[0] != 0 || got[1] < 0.99 {
		t.Errorf("the picture is %v, %v", got, err)
	}
	for name, bad := range map[string]string{"no base64": "data:image/png,abc", "broken base64": "data:image/png;base64,*", "no picture": "data:image/png;base64,YWJj", "a path": "/etc/hostname", "a path above": "../x.png"} {
		if got, err := read(bad); err == nil {
			t.Errorf("%s is read as %v", name, got)
		}
	}
	if _, err := Single([]byte("{")); !errors.Is(err, ErrBadFile) {
		t.Errorf("half a row: %v", err)
	}
}
