package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/interchange"
)

// tasksFile is a file of tasks on its way to a server.
type tasksFile struct {
	*os.File
	title     string // what the import is called
	size      int64
	temporary bool // it is taken away when it is closed
}

// Close closes the file, and takes it away when it was made for the import.
func (f *tasksFile) Close() error {
	err := f.File.Close()
	if f.temporary {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// openTasks opens a file of tasks, or packs a folder of them.
func openTasks(ctx context.Context, path string, bar *bar) (*tasksFile, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, usagef("%v", err)
	case info.IsDir():
		return packFolder(ctx, path, bar)
	case !info.Mode().IsRegular():
		return nil, usagef("%s is neither a file nor a folder", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, usagef("%v", err)
	}
	return &tasksFile{File: file, title: filepath.Base(path), size: info.Size()}, nil
}

// packFolder packs a folder into a zip archive in the system's folder for temporary files. While nothing in the folder
// changes, the archive is the same to the byte, so that an upload which was cut off goes on with another one.
func packFolder(ctx context.Context, folder string, bar *bar) (_ *tasksFile, err error) {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, usagef("%v", err)
	}
	defer root.Close()
	names, bytes, err := filesIn(ctx, root.FS(), folder)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "tasknet-import-*.zip")
	if err != nil {
		return nil, err
	}
	packed := &tasksFile{File: file, title: filepath.Base(whole) + ".zip", temporary: true}
	defer func() {
		if err != nil {
			err = errors.Join(err, packed.Close())
		}
	}()
	archive := interchange.NewOutputZip(file)
	done := int64(0)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := packFile(archive, root, name)
		if err != nil {
			return nil, err
		}
		done += n
		bar.show("bytes packed", int(done), int(bytes))
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	packed.size, err = file.Seek(0, io.SeekEnd)
	return packed, err
}

// filesIn lists the files of a folder, and how many bytes they have together.
func filesIn(ctx context.Context, files fs.FS, folder string) (names []string, bytes int64, err error) {
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil || d.IsDir() {
			return err
		}
		at := filepath.Join(folder, filepath.FromSlash(name))
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			return usagef("%s is a symbolic link; put what it leads to in its place, or take it away", at)
		case !d.Type().IsRegular():
			return usagef("%s is not a plain file; take it away", at)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		names, bytes = append(names, name), bytes+info.Size()
		if len(names) > interchange.FilesMax || bytes > labeling.ImportBytesMax {
			return usagef("an import has at most %d files and %d bytes; divide %s", interchange.FilesMax, labeling.ImportBytesMax, folder)
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = usagef("there is no file in %s", folder)
	}
	return names, bytes, err
}

// packFile adds a file to an archive and returns how many bytes it has.
func packFile(archive *interchange.OutputZip, root *os.Root, name string) (int64, error) {
	from, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return 0, err
	}
	defer from.Close()
	to, err := archive.Create(name)
	if err != nil {
		return 0, err
	}
	return io.Copy(to, from)
}
