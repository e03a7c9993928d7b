package torchscript_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute/torchscript"
)

// Parts of a module without parameters, as PyTorch 2.1 writes it: an object of __torch__.M with the state {"training": False},
// and an empty tuple of constants.
const (
	object    = "\x80\x02c__torch__\nM\nq\x00)\x81}(X\x08\x00\x00\x00trainingq\x01\x89ubq\x02."
	constants = "\x80\x02)."
	class     = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n"
)

type file struct {
	name, content string
	method        uint16
}

func packed(t *testing.T, files ...file) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		to, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: f.method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(f.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parts are the files of a module with a forward method.
func parts(body string) []file {
	return []file{
		{"m/data.pkl", object, zip.Store},
		{"m/code/__torch__.py", class + body, zip.Deflate},
		{"m/constants.pkl", constants, zip.Store},
		{"m/version", "3\n", zip.Store},
	}
}

func module(t *testing.T, body string) []byte {
	t.Helper()
	return packed(t, parts(body)...)
}

// over is a file whose list names one of its files, of numbers, many times.
func over(t *testing.T, times int) []byte {
	t.Helper()
	archive := packed(t, append(parts("    return x\n"), file{"m/data/0000", strings.Repeat("\x00", 1<<20), zip.Store})...)
	end := bytes.LastIndex(archive, []byte("PK\x05\x06"))
	last := bytes.LastIndex(archive, []byte("PK\x01\x02"))
	list, tail := archive[last:end], bytes.Clone(archive[end:])
	out := archive[:end:end]
	for i := range times {
		more := bytes.Clone(list)
		copy(more[46:], fmt.Sprintf("m/data/%04d", i+1))
		out = append(out, more...)
	}
	grow := func(at, size, by int) {
		n := uint64(by)
		for i := range size {
			n += uint64(tail[at+i])
			tail[at+i] = byte(n)
			n >>= 8
		}
	}
	grow(8, 2, times)
	grow(10, 2, times)
	grow(12, 4, times*len(list))
	return append(out, tail...)
}

func TestCheck(t *testing.T) {
	check := func(archive []byte) error { return torchscript.Check(bytes.NewReader(archive), int64(len(archive))) }
	fine := parts("    return torch.relu(x)\n")
	if err := check(packed(t, fine...)); err != nil {
		t.Fatal(err)
	}
	with := func(more ...file) []byte { return packed(t, append(parts("    return x\n"), more...)...) }
	for _, c := range []struct {
		name    string
		archive []byte
		want    string
	}{
		{"no archive", []byte("\x80\x02}q\x00."), "not a zip"},
		{"nothing", nil, "not a zip"},
		{"cut off", packed(t, fine...)[:200], "not a zip"},
		{"a pickle of torch.save", packed(t, fine[0], fine[3], file{"m/data/0", "1234", zip.Store}), "not TorchScript"},
		{"a bomb of zeros", with(file{"m/data/0", strings.Repeat("\x00", 5<<20), zip.Deflate}), "too large"},
		{"a bomb of many", with(file{"m/data/0", strings.Repeat("\x00", 3<<20), zip.Deflate}, file{"m/data/1", strings.Repeat("\x00", 2<<20), zip.Deflate}), "too large"},
		{"a bomb of one many times", over(t, 9), "too large"},
		{"a list without end", over(t, 80_000), "longer than"},
		{"code without end", packed(t, fine[0], fine[1], file{"m/constants.pkl", strings.Repeat(")", 3<<20), zip.Store}, file{"m/code/a.py", strings.Repeat("\n", 2<<20), zip.Store}, fine[3]), "too large"},
		{"a way out", with(file{"m/code/../../x.py", "", zip.Store}), "has no"},
		{"another folder", with(file{"n/version", "3", zip.Store}), "has no"},
		{"a program", with(file{"m/run.sh", "", zip.Store}), "has no"},
		{"twice", with(file{"m/version", "3", zip.Store}), "twice"},
		{"a long version", with(file{"m/byteorder", strings.Repeat("3", 99), zip.Store}), "too long"},
		{"classes in C++", packed(t, file{"m/data.pkl", "\x80\x02c__torch__.torch.classes.a\nB\n.", zip.Store}, fine[1], fine[2], fine[3]), "classes in C++"},
		{"reads a file", module(t, "    return torch.from_file(\"/etc/passwd\", False, 9)\n"), "from_file"},
		{"reads one by a method", module(t, "    return x.from_file(\"/etc/passwd\", False, 9)\n"), "from_file"},
		{"reads one by a name", module(t, "    return getattr(x, \"from_file\")(\"/etc/passwd\")\n"), "from_file"},
		{"reads one by letters", module(t, "    return getattr(x, \"from\\137file\")(\"/etc/passwd\")\n"), "137"},
		{"hides it in a comment", module(t, "    a = \"#\"; return ops.aten.save(x, \"/tmp/x\")\n"), "save"},
		{"writes a file", module(t, "    ops.aten.save(x, \"/tmp/x\")\n    return x\n"), "save"},
		{"runs when it is read", module(t, "    return x\n  def __setstate__(self: __torch__.M, s: int) -> NoneType:\n    return None\n"), "__setstate__"},
		{"by a default", module(t, "    return x\n  def other(self: __torch__.M, x: Tensor=torch.manual_seed(3)) -> Tensor:\n    return x\n"), "manual_seed"},
		{"another library", module(t, "    return ops.mylib.steal(x)\n"), "mylib"},
		{"spaces", module(t, "    return torch . manual_seed(3)\n"), "manual_seed"},
	} {
		if err := check(c.archive); !errors.Is(err, torchscript.ErrBad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, err := torchscript.Clean(bytes.NewReader(c.archive), int64(len(c.archive))); !errors.Is(err, torchscript.ErrBad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, to be cleaned: %v", c.name, err)
		}
	}
	traced := packed(t, append(slices.Clone(fine), file{"m/code/__torch__.py.debug_pkl", "\x80\x02cos\nsystem\n.", zip.Store}, file{"m/data/0", "1234", zip.Store})...)
	clean, err := torchscript.Clean(bytes.NewReader(traced), int64(len(traced)))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := zip.NewReader(bytes.NewReader(clean), int64(len(clean)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range kept.File {
		names = append(names, f.Name)
	}
	if want := []string{"module/data.pkl", "module/code/__torch__.py", "module/constants.pkl", "module/version", "module/data/0"}; !slices.Equal(names, want) {
		t.Errorf("what is left of a module is %v, want %v", names, want)
	}
	if err := torchscript.Check(bytes.NewReader(nil), torchscript.BytesMax+1); !errors.Is(err, torchscript.ErrBad) || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a long file: %v", err)
	}
}
