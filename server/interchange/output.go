package interchange

import (
	"archive/zip"
	"io"
	"os"
	"path"
	"path/filepath"
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
