package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/wire"
)

// writeTree writes files into a folder.
func writeTree(t *testing.T, folder string, files map[string][]byte) {
	t.Helper()
	for name, body := range files {
		at := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, body, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// pngOf is a picture of one color.
func pngOf(t *testing.T, c color.Color) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		picture.Set(i%64, i/64, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// temporary gives the test a folder of its own for temporary files, and returns what lists the files in it.
func temporary(t *testing.T) func() []string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return func() []string {
		found, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

// What is packed of a folder is the same each time, and gone when it is closed.
func TestPackFolder(t *testing.T) {
	left := temporary(t)
	folder := filepath.Join(t.TempDir(), "birds")
	writeTree(t, folder, map[string][]byte{"b/egret.png": []byte("white"), "a.png": []byte("grey"), "list.csv": []byte("key,image\n")})
	pack := func() []byte {
		f, err := packFolder(t.Context(), folder, &bar{})
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, f.size+1)
		n, err := f.ReadAt(body, 0)
		if !errors.Is(err, io.EOF) || int64(n) != f.size || f.title != "birds.zip" || len(left()) != 1 {
			t.Errorf("%s: %d bytes of %d, %v, among %q", f.title, n, f.size, err, left())
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		return body[:n]
	}
	if one, two := pack(), pack(); !bytes.Equal(one, two) || !bytes.Contains(one, []byte("white")) {
		t.Errorf("packed as %q and as %q; a picture is stored as it is", one, two)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := packFolder(stopped, folder, &bar{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a program that is stopped packs: %v", err)
	}
	if len(left()) > 0 {
		t.Errorf("%q are left", left())
	}
}

func TestFoldersThatAreNotPacked(t *testing.T) {
	left := temporary(t)
	folder := t.TempDir()
	says := func(want string) {
		t.Helper()
		if _, err := openTasks(t.Context(), folder, &bar{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want that it says %q", err, want)
		}
		if len(left()) > 0 {
			t.Errorf("%q are left", left())
		}
	}
	says("there is no file in " + folder)
	writeTree(t, folder, map[string][]byte{"a.png": nil})
	if err := os.Symlink("/etc/hostname", filepath.Join(folder, "z.png")); err != nil {
		t.Fatal(err)
	}
	says(filepath.Join(folder, "z.png") + " is a symbolic link")
	folder = os.DevNull
	says(os.DevNull + " is neither a file nor a folder")
}

// An upload that is interrupted leaves nothing behind, and says how it goes on.
func TestInterruptedFolder(t *testing.T) {
	alone(t)
	left := temporary(t)
	folder := t.TempDir()
	writeTree(t, folder, map[string][]byte{"a.png": []byte("grey")})
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	packed := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			packed = len(left())
			interrupt()
			panic(http.ErrAbortHandler)
		}
		_ = json.NewEncoder(w).Encode(wire.Import{ID: "imp_1", Project: "prj_1", State: "receiving"})
	}))
	defer srv.Close()
	t.Setenv("TASKNET_KEY", "tn_x")
	var stdout, stderr bytes.Buffer
	code := Main(ctx, []string{"tasknet", "project", "import", "prj_1", folder, "--server", srv.URL}, &stdout, &stderr)
	if code != exitFailed || stdout.Len() > 0 || stderr.String() != "tasknet: stopped; go on with tasknet project import prj_1 "+folder+" --resume imp_1\n" || packed != 1 || len(left()) != 0 {
		t.Errorf("status %d, %q, %q; %d files while it went on, %q after", code, stdout.String(), stderr.String(), packed, left())
	}
}
