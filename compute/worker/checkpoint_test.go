package worker

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/tasknet/tasknet/compute/folder"
)

// archive writes files as a checkpoint has them.
func archive(t *testing.T, headers ...tar.Header) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		h.Mode = 0o600
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, h.Size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "checkpoint.tar")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckpoint(t *testing.T) {
	training := t.TempDir()
	if path, _, err := packCheckpoint(training, 0); path != "" || err != nil {
		t.Fatalf("of nothing there is a checkpoint %q, %v", path, err)
	}
	at := filepath.Join(training, folder.CheckpointFolder)
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"progress.json": `{"steps": 7}`, "weights.safetensors": "w", "best.safetensors": "b", "first.safetensors": "f"} {
		if err := os.WriteFile(filepath.Join(at, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	packed, step, err := packCheckpoint(training, 6)
	if err != nil || step != 7 {
		t.Fatal(packed, step, err)
	}
	if again, _, err := packCheckpoint(training, 7); again != "" || err != nil {
		t.Errorf("what the server has is packed again: %q, %v", again, err)
	}
	to := t.TempDir()
	if err := unpackCheckpoint(packed, to); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(to, folder.CheckpointFolder, "best.safetensors")); string(b) != "b" || err != nil {
		t.Errorf("unpacked is %q, %v", b, err)
	}
}

func TestCheckpointsThatAreNone(t *testing.T) {
	weights := tar.Header{Name: "weights.safetensors", Size: 4, Typeflag: tar.TypeReg}
	for name, path := range map[string]string{
		"a way out":    archive(t, tar.Header{Name: "../weights.safetensors", Size: 4, Typeflag: tar.TypeReg}),
		"another file": archive(t, tar.Header{Name: "keys.json", Size: 4, Typeflag: tar.TypeReg}),
		"twice":        archive(t, weights, weights),
		"a link":       archive(t, tar.Header{Name: "weights.safetensors", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}),
		"a folder":     archive(t, tar.Header{Name: "weights.safetensors", Typeflag: tar.TypeDir}),
		"holes":        sparse(t, 1<<40),
	} {
		to := t.TempDir()
		if err := unpackCheckpoint(path, to); !errors.Is(err, errCheckpoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sparse is an archive of a few kilobytes whose one file says of itself that it is full of holes up to a size.
func sparse(t *testing.T, size int64) string {
	t.Helper()
	path := archive(t, tar.Header{Name: "weights.safetensors", Size: 512, Typeflag: tar.TypeReg, Format: tar.FormatGNU})
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	octal := func(at, width int, n int64) {
		for i := at + width - 2; i >= at; i-- {
			raw[i] = byte('0' + n&7)
			n >>= 3
		}
		raw[at+width-1] = 0
	}
	raw[156] = 'S'           // an old GNU sparse file
	octal(386, 12, size-512) // where its only data lies
	octal(398, 12, 512)
	octal(483, 12, size) // how long it is with its holes
	for i := range 8 {
		raw[148+i] = ' '
	}
	sum := int64(0)
	for _, b := range raw[:512] {
		sum += int64(b)
	}
	octal(148, 7, sum)
	raw[155] = ' '
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
