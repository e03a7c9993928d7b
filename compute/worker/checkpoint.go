package worker

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute/folder"
)

// packCheckpoint packs the newest checkpoint of a training into a file beside it, and returns its path and the step that it is of:
// an empty path when there is none, or none after a step.
func packCheckpoint(training string, after int) (path string, step int, err error) {
	from := filepath.Join(training, folder.CheckpointFolder)
	step, before, err := folder.CheckpointStep(from)
	if errors.Is(err, fs.ErrNotExist) || err == nil && step <= after {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	path = training + ".tar"
	err = folder.WriteFile(path, func(w io.Writer) error {
		out := tar.NewWriter(w)
		for _, name := range folder.CheckpointFiles {
			if err := pack(out, filepath.Join(from, name), name); err != nil {
				return err
			}
		}
		return out.Close()
	})
	if err != nil {
		return "", 0, err
	}
	if _, now, err := folder.CheckpointStep(from); err != nil || !bytes.Equal(now, before) { // the child wrote a newer one meanwhile
		return "", 0, err
	}
	return path, step, nil
}

func pack(out *tar.Writer, path, name string) (err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) { // not every optimiser has all of them
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size()}); err != nil {
		return err
	}
	_, err = io.Copy(out, f)
	return err
}

// errCheckpoint reports a checkpoint that is none.
var errCheckpoint = tasknet.NewError(tasknet.Invalid, "bad_checkpoint", "The checkpoint is not what a training writes.")

// unpackCheckpoint is the reverse of packCheckpoint. Another node wrote it: only the files that a checkpoint has are taken, each
// once, and none that would be larger than the whole: an archive can say of a file that it is full of holes.
func unpackCheckpoint(path, training string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	to := filepath.Join(training, folder.CheckpointFolder)
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	whole, err := f.Stat()
	if err != nil {
		return err
	}
	in := tar.NewReader(f)
	var seen []string
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.Join(errCheckpoint, err)
		}
		if h.Typeflag != tar.TypeReg || !slices.Contains(folder.CheckpointFiles, h.Name) || slices.Contains(seen, h.Name) || h.Size > whole.Size() {
			return errCheckpoint
		}
		seen = append(seen, h.Name)
		if err := folder.WriteFile(filepath.Join(to, h.Name), func(w io.Writer) error {
			_, err := io.CopyN(w, in, h.Size)
			return err
		}); err != nil {
			return err
		}
	}
}
