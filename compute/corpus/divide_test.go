package corpus

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDivide: each row is in one of the two files, as it was, the hidden ones in the order in which they were drawn; rows without a label
// stay.
func TestDivide(t *testing.T) {
	idxRows := func(n int) []byte {
		var values []byte
		for i := range n {
			values = append(values, byte(i), byte(10+i))
		}
		return idxOf([]int{n, 1, 2}, values...)
	}
	for name, c := range map[string]struct{ file, labels []byte }{
		"rows.jsonl": {file: []byte(`{"key":"a","text":"é","label":"x","soft_label":[1,0]}
{"key":"b","label":null}

{"key":"c","label":"y","weight":2}
{"key":"d","label":""}
{"key":"e","label":"x"}
{"key":"f","label":"y"}`)},
		"rows.csv":        {file: []byte("\ufeffkey,label,n,text\na,x,1,\"one, two\nthree\"\nb, ,2,\nc,y,3,\ne,x,4,\nf,y,5,\n")},
		"rows-ubyte.gz":   {packed(t, idxRows(4)), packed(t, idxOf([]int{4}, 1, 2, 1, 2))},
		"rows-idx3-ubyte": {idxRows(4), idxOf([]int{4}, 1, 2, 1, 2)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, labels := write(t, filepath.Join(dir, name), c.file), ""
			at := func(folder string) (string, string) {
				if c.labels == nil {
					return filepath.Join(dir, folder, name), ""
				}
				return filepath.Join(dir, folder, name), filepath.Join(dir, folder, filepath.Base(labels))
			}
			if c.labels != nil {
				labels = write(t, filepath.Join(dir, "labels-"+name), c.labels)
			}
			whole := opened(t, path, labels)
			if err := Divide(path, labels, []int{3, 1}, filepath.Join(dir, "given"), filepath.Join(dir, "held")); err != nil {
				t.Fatal(err)
			}
			given, held := opened(t, first(at("given")), second(at("given"))), opened(t, first(at("held")), second(at("held")))
			same := func(got, want Row) bool {
				if want.pixels != nil {
					return got.pixels.At(0, 0) == want.pixels.At(0, 0) && got.pixels.At(1, 0) == want.pixels.At(1, 0) && got.Label == want.Label
				}
				return got.Key == want.Key && got.Label == want.Label && got.Text == want.Text && got.Weight == want.Weight && slices.Equal(got.Soft, want.Soft) && got.Numbers["n"] == want.Numbers["n"]
			}
			for i, from := range []int{0, 2} {
				if len(given.Rows) != 2 || !same(given.Rows[i], whole.Rows[from]) {
					t.Errorf("given are %+v", given.Rows)
				}
			}
			for i, from := range []int{3, 1} {
				if len(held.Rows) != 2 || !same(held.Rows[i], whole.Rows[from]) {
					t.Errorf("held are %+v", held.Rows)
				}
			}
			if len(given.Unlabeled) != len(whole.Unlabeled) || len(held.Unlabeled) != 0 {
				t.Errorf("without labels are %d and %d", len(given.Unlabeled), len(held.Unlabeled))
			}
		})
	}
}

func first(a, _ string) string  { return a }
func second(_, b string) string { return b }

// TestCheckSize: a packed file counts by what it unpacks to.
func TestCheckSize(t *testing.T) {
	dir := t.TempDir()
	bomb := write(t, filepath.Join(dir, "bomb-ubyte.gz"), packed(t, []byte(strings.Repeat("0", 1<<20))))
	plain := write(t, filepath.Join(dir, "rows.csv"), []byte("1234"))
	if info, err := os.Stat(bomb); err != nil || info.Size() > 1<<16 {
		t.Fatalf("it is no bomb: %v, %v", info, err)
	}
	if err := CheckSize(bomb, 1<<19); !errors.Is(err, ErrBadFile) {
		t.Errorf("a bomb is read: %v", err)
	}
	if err := errors.Join(CheckSize(bomb, 1<<20), CheckSize(plain, 4)); err != nil {
		t.Error(err)
	}
	if err := CheckSize(plain, 3); !errors.Is(err, ErrBadFile) {
		t.Errorf("a long file is read: %v", err)
	}
	if err := CheckSize(write(t, filepath.Join(dir, "no.gz"), []byte("1234")), 100); !errors.Is(err, ErrBadFile) {
		t.Errorf("what is no archive: %v", err)
	}
}
