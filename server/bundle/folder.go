package bundle

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/tasknet/tasknet"
)

// ErrExists reports a name that is taken.
var ErrExists = tasknet.NewError(tasknet.Invalid, "bundle_exists", "There is a file or folder of this name already; choose a name that is free.")

// folder is a bundle that is being written, in a folder of another name beside it until it is whole.
type folder struct {
	dir, part string
	create    func(path string) (io.WriteCloser, error)
	manifest  manifest
}

// folders are those in every bundle.
var folders = []string{"payouts", "spending", "verdicts", "snapshots", "witnesses", "log"}

// newFolder makes the folder to write to. ErrExists.
func newFolder(dir string, create func(path string) (io.WriteCloser, error)) (*folder, error) {
	if _, err := os.Lstat(dir); err == nil {
		return nil, ErrExists
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	dir = filepath.Clean(dir)
	part, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".part-")
	if err != nil {
		return nil, err
	}
	f := &folder{dir: dir, part: part, create: create}
	for _, below := range folders {
		if err := os.Mkdir(filepath.Join(part, below), 0o755); err != nil { //nolint:gosec // public records
			return nil, errors.Join(err, f.drop())
		}
	}
	return f, nil
}

// drop removes what was written.
func (f *folder) drop() error { return os.RemoveAll(f.part) }

// finish writes the manifest and gives the folder its name, and returns the manifest's hash. All is on the disk before.
func (f *folder) finish() (hash string, err error) {
	raw, hash, err := f.manifest.write()
	if err != nil {
		return "", err
	}
	w, err := f.create(filepath.Join(f.part, manifestFile))
	if err != nil {
		return "", err
	}
	if _, err = w.Write(raw); err != nil {
		return "", errors.Join(fmt.Errorf("write %s: %w", manifestFile, err), w.Close())
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	for _, dir := range append([]string{"."}, folders...) {
		if err := syncFolder(filepath.Join(f.part, dir)); err != nil {
			return "", err
		}
	}
	if err := os.Chmod(f.part, 0o755); err != nil { //nolint:gosec // public records
		return "", err
	}
	if err := os.Rename(f.part, f.dir); err != nil {
		return "", err
	}
	return hash, syncFolder(filepath.Dir(f.dir))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // where the caller writes
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// synced is a file that is on the disk once it is closed.
type synced struct{ *os.File }

func (s synced) Close() error { return errors.Join(s.Sync(), s.File.Close()) }

func createSynced(path string) (io.WriteCloser, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // public records, where the caller says
	if err != nil {
		return nil, err
	}
	return synced{f}, nil
}

// writer writes a file of a folder, line by line.
type writer struct {
	folder *folder
	entry  file
	hash   hash.Hash
	file   io.WriteCloser
	zip    io.WriteCloser // nil when it is not compressed
	buffer *bufio.Writer
}

func (f *folder) open(name string) (*writer, error) {
	out, err := f.create(filepath.Join(f.part, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	w := &writer{folder: f, entry: file{Name: name}, hash: sha256.New(), file: out}
	var into io.Writer = &counted{out, w}
	if strings.HasSuffix(name, ".zst") {
		w.zip, err = zstd.NewWriter(into, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, errors.Join(err, out.Close())
		}
		into = w.zip
	}
	w.buffer = bufio.NewWriterSize(into, 1<<16)
	return w, nil
}

// counted hashes and counts what goes into a file.
type counted struct {
	io.Writer
	of *writer
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.of.hash.Write(b[:n])
	c.of.entry.Bytes += int64(n)
	return n, err
}

// line writes a record that is in canonical form.
func (w *writer) line(canonical []byte) error {
	w.entry.Items++
	_, err := w.buffer.Write(canonical)
	if err == nil {
		err = w.buffer.WriteByte('\n')
	}
	return w.named(err)
}

func (w *writer) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write %s: %w", w.entry.Name, err)
}

// save writes a file of what fill gives it, and puts it into the manifest.
func (f *folder) save(name string, fill func(w *writer) error) error {
	w, err := f.open(name)
	if err != nil {
		return err
	}
	err = fill(w)
	if err == nil {
		err = w.named(w.buffer.Flush())
	}
	if w.zip != nil {
		if closed := w.zip.Close(); err == nil {
			err = w.named(closed)
		}
	}
	if closed := w.file.Close(); err == nil {
		err = w.named(closed)
	}
	if err != nil {
		return err
	}
	w.entry.SHA256 = hex.EncodeToString(w.hash.Sum(nil))
	f.manifest.files = append(f.manifest.files, &w.entry)
	return nil
}

// record writes a file of one record.
func (f *folder) record(name string, v any) error {
	line, err := tasknet.Canonical(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.save(name, func(w *writer) error { return w.line(line) })
}
