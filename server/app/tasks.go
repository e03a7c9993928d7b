package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
)

// taskFiles keeps the files of imports in a folder, each under its import's id. Servers of one database must share it.
type taskFiles struct{ root string }

var _ pipeline.TaskFiles = taskFiles{}

func newTaskFiles(root string) (taskFiles, error) {
	return taskFiles{root}, os.MkdirAll(root, 0o700)
}

func (t taskFiles) path(id labeling.ImportID) (string, error) {
	return filepath.Join(t.root, string(id)), tasknet.CheckID(labeling.ImportPrefix, string(id)) // so that it is no path
}

// Write implements pipeline.TaskFiles.
func (t taskFiles) Write(_ context.Context, id labeling.ImportID, at int64, piece []byte) (err error) {
	name, err := t.path(id)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("file of an import: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteAt(piece, at); err != nil {
		return fmt.Errorf("file of an import: %w", err)
	}
	if err := f.Truncate(at + int64(len(piece))); err != nil {
		return fmt.Errorf("file of an import: %w", err)
	}
	return f.Sync()
}

// Rows implements pipeline.TaskFiles.
func (t taskFiles) Rows(ctx context.Context, i *labeling.Import, p *labeling.Project) iter.Seq2[labeling.TaskRow, error] {
	return func(yield func(labeling.TaskRow, error) bool) {
		name, err := t.path(i.ID)
		if err != nil {
			yield(labeling.TaskRow{}, err)
			return
		}
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			err = errNoFile
		}
		if err != nil {
			yield(labeling.TaskRow{}, err)
			return
		}
		defer f.Close()
		interchange.Tasks(ctx, interchange.File{Reader: f, Name: i.Name}, interchange.TasksOptions{Type: p.Type, Choices: p.Choices})(yield)
	}
}

var errNoFile = tasknet.NewError(tasknet.NotFound, "import_file_gone", "The import's file is not on this server any more; start a new import.")

// Remove implements pipeline.TaskFiles.
func (t taskFiles) Remove(_ context.Context, id labeling.ImportID) error {
	name, err := t.path(id)
	if err != nil {
		return err
	}
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// taskMedia gets the images and clips of tasks out of the library, or into it.
type taskMedia struct{ library *media.Library }

// Scaled implements pipeline.TaskMedia.
func (t taskMedia) Scaled(ctx context.Context, hash string, width, height int, grey bool) ([]byte, error) {
	return t.library.Scaled(ctx, hash, width, height, grey)
}

var _ pipeline.TaskMedia = taskMedia{}

var (
	errNotImage = tasknet.NewError(tasknet.Invalid, "not_an_image", "That is an audio clip, and no image.")
	errNotAudio = tasknet.NewError(tasknet.Invalid, "not_audio", "That is an image, and no audio clip.")
)

func (t taskMedia) get(ctx context.Context, name string, file func(context.Context, string) ([]byte, error)) (media.Medium, error) {
	raw, err := hex.DecodeString(name)
	switch {
	case err == nil && len(raw) == 32:
		return t.library.Medium(ctx, name)
	case strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "https://"):
		return t.library.Fetch(ctx, name)
	case file == nil:
		return media.Medium{}, media.ErrNoMedium
	}
	body, err := file(ctx, name)
	if err != nil {
		return media.Medium{}, err
	}
	return t.library.Add(ctx, body)
}

// Image implements pipeline.TaskMedia.
func (t taskMedia) Image(ctx context.Context, name string, file func(context.Context, string) ([]byte, error)) (*polls.Image, error) {
	i, err := t.get(ctx, name, file)
	if err == nil && i.IsAudio() {
		err = errNotImage
	}
	return &polls.Image{Hash: i.Hash, Type: i.Type, Width: i.Width, Height: i.Height, Bytes: i.Bytes}, err
}

// Audio implements pipeline.TaskMedia.
func (t taskMedia) Audio(ctx context.Context, name string, file func(context.Context, string) ([]byte, error)) (*polls.Audio, error) {
	i, err := t.get(ctx, name, file)
	if err == nil && !i.IsAudio() {
		err = errNotAudio
	}
	return &polls.Audio{Hash: i.Hash, Type: i.Type, Bytes: i.Bytes}, err
}
