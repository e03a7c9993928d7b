package artefact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	// unfinished is the folder of files that are being written.
	unfinished = "unfinished"

	// leftAfter is how old a file there is that nobody writes any more.
	leftAfter = time.Hour
)

// Folder keeps pieces on disk, as files of a folder for each blob, which are in folders by the last two characters of their
// names. Servers may share it.
type Folder struct {
	root string

	// create makes a file to write to, which is then renamed.
	create func(dir string) (*os.File, error)
}

var _ pipeline.PieceStore = (*Folder)(nil)

// NewFolder returns the store in a folder, which it creates, and removes what was being written when a server ended.
func NewFolder(root string) (*Folder, error) {
	f := &Folder{root, func(dir string) (*os.File, error) { return os.CreateTemp(dir, "piece-*") }}
	if err := os.MkdirAll(filepath.Join(root, unfinished), 0o700); err != nil {
		return nil, fmt.Errorf("folder of artefacts: %w", err)
	}
	return f, f.clean(time.Now().Add(-leftAfter))
}

// clean removes unfinished files from before a moment. Another server may write younger ones.
func (f *Folder) clean(before time.Time) error {
	dir := filepath.Join(f.root, unfinished)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// dir is the folder of a blob.
func (f *Folder) dir(blob string) (string, error) {
	if err := tasknet.CheckID(pipeline.BlobPrefix, blob); err != nil {
		return "", err // so that no part of it is used as a path
	}
	return filepath.Join(f.root, blob[len(blob)-2:], blob), nil
}

func fileName(n int) string { return fmt.Sprintf("%08d", n) }

// PutPiece implements pipeline.PieceStore.
func (f *Folder) PutPiece(_ context.Context, blob string, n int, piece []byte) error {
	err := f.put(blob, n, piece)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w (%w)", pipeline.ErrStorageFull, err)
	}
	return err
}

func (f *Folder) put(blob string, n int, piece []byte) error {
	dir, err := f.dir(blob)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := f.create(filepath.Join(f.root, unfinished))
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails once it was renamed, which is fine
	_, err = tmp.Write(piece)
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(dir, fileName(n))); err != nil {
		return err
	}
	for _, d := range []string{dir, filepath.Dir(dir), f.root} { // the last two may be new, by this piece or by another one
		if err := syncFolder(d); err != nil {
			return err
		}
	}
	return nil
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// OpenPiece implements pipeline.PieceStore.
func (f *Folder) OpenPiece(_ context.Context, blob string, n, from, size int) (io.ReadCloser, error) {
	dir, err := f.dir(blob)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(dir, fileName(n)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w (%w)", pipeline.ErrPieceLost, err)
	}
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(file, int64(from), int64(size)), file}, nil
}

// RemovePieces implements pipeline.PieceStore.
func (f *Folder) RemovePieces(_ context.Context, blob string, _ int) error {
	dir, err := f.dir(blob)
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
