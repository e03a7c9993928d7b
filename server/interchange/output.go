package interchange

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/tasknet/tasknet/polls"
)

// Output is where the files of a dataset go. One file is closed before the next is created. Names have "/" between
// folders, and are of this package's making.
type Output interface {
	Create(name string) (io.WriteCloser, error)
}

// OutputFolder is a folder, which need not be there yet.
type OutputFolder string

// Create creates a file, and the folders that it is in.
func (f OutputFolder) Create(name string) (io.WriteCloser, error) {
	at := filepath.Join(string(f), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return nil, err
	}
	return os.Create(at)
}

// OutputZip is a zip archive, which is written as files come and has to be closed. Files are stored as they are: what is in
// them is compressed already.
type OutputZip struct{ archive *zip.Writer }

// NewOutputZip returns an archive that is written to w.
func NewOutputZip(w io.Writer) *OutputZip { return &OutputZip{zip.NewWriter(w)} }

// Create begins a file.
func (z *OutputZip) Create(name string) (io.WriteCloser, error) {
	method := zip.Store
	if ends(name, []string{".md", ".json", ".jsonl", ".csv", ".xml"}) {
		method = zip.Deflate
	}
	w, err := z.archive.CreateHeader(&zip.FileHeader{Name: path.Clean(name), Method: method})
	return nopCloser{w}, err
}

// Close writes the list of files. The writer below stays open.
func (z *OutputZip) Close() error { return z.archive.Close() }

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// WriteMedia writes the pictures and clips of a dataset to where JSON lines, Label Studio's and COCO's JSON say they are:
// folders images and audio. Each is written once, for which the names of all are held in memory.
func WriteMedia(ctx context.Context, out Output, media Media, rows Labeled) error {
	written := map[string]bool{}
	write := func(hash, name string) (err error) {
		if written[name] {
			return nil
		}
		written[name] = true
		in, err := media(ctx, hash)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, in.Close()) }()
		file, err := out.Create(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, &source{ctx: ctx, file: File{Reader: in}})
		return errors.Join(err, file.Close())
	}
	image := func(i *polls.Image) error { return write(i.Hash, imagePlace(i)) }
	for row, err := range rows {
		if err != nil {
			return err
		}
		if row.Image != nil {
			err = image(row.Image)
		}
		if row.Audio != nil {
			err = errors.Join(err, write(row.Audio.Hash, audioPlace(row.Audio)))
		}
		for i := range row.ChoiceImages {
			err = errors.Join(err, image(&row.ChoiceImages[i]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
