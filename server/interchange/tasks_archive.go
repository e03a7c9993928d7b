package interchange

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
)

// Limits of archives.
const (
	FileBytesMax = 32 << 20  // of an image or a clip, unpacked
	FilesMax     = 1_000_000 // in an archive

	// What is unpacked of an archive may have so many times its bytes, and unpackedFree on top: images and sound do not
	// become much smaller when they are packed, and an archive that unpacks to more is made to do harm.
	unpackedTimes = 20
	unpackedFree  = 256 << 20
)

var (
	errNoFile   = tasknet.NewError(tasknet.NotFound, "no_such_file", "There is no file of that name where the task came from.")
	errInline   = tasknet.NewError(tasknet.Invalid, "bad_image", "The image or clip within the row is not in base 64.")
	errFileSize = tasknet.NewError(tasknet.TooLarge, "file_too_large", "An image or a clip in an archive may have 32 MiB.")
)

// kinds of media by the ending of a file's name.
var (
	imageEndings = []string{".png", ".jpg", ".jpeg", ".gif", ".webp"}
	audioEndings = []string{".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".webm"}
	tableEndings = []string{".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet"}
)

func ends(name string, endings []string) bool {
	return slices.Contains(endings, strings.ToLower(path.Ext(name)))
}

// litter says whether an operating system left the file there, so that nobody misses it.
func litter(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db" || base == "desktop.ini"
}

// table reads the one table of an archive, whose rows may name images and clips in it, below the table or from the top.
func (r *taskReading) table(folder fs.FS, name string) error {
	f, err := folder.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	o := r.options
	if o.Config == nil {
		if o.Config, err = configBeside(folder, name); err != nil {
			return err
		}
	}
	for row, err := range Tasks(r.ctx, File{Reader: f, Name: name}, o) {
		var bad *labeling.BadRow
		switch {
		case errors.As(err, &bad):
			err = r.bad(bad)
		case err == nil:
			inner := row.File
			row.File = func(ctx context.Context, file string) ([]byte, error) {
				if inner != nil {
					if body, err := inner(ctx, file); err == nil {
						return body, nil
					}
				}
				for _, at := range []string{path.Join(path.Dir(name), file), file} {
					if !fs.ValidPath(at) {
						continue
					}
					if info, err := fs.Lstat(folder, at); err != nil || !info.Mode().IsRegular() {
						continue
					}
					f, err := folder.Open(at)
					if err != nil {
						return nil, err
					}
					return readFile(ctx, f)
				}
				return nil, errNoFile
			}
			err = r.row(row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// configBeside reads the label configuration that lies beside a table under the name that Label Studio's users give it.
func configBeside(folder fs.FS, table string) (*LabelConfig, error) {
	f, err := folder.Open(path.Join(path.Dir(table), "config.xml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, labelConfigMax+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return ParseLabelConfig(text)
}

// file makes a task of a file that may be opened until the next is read.
func (r *taskReading) file(name string, entry int, open func() (io.ReadCloser, error)) error {
	row := labeling.TaskRow{Key: name, Line: entry, Name: fileShown(name)}
	bad := func(problem string) error {
		return r.bad(&labeling.BadRow{Line: entry, File: row.Name, Problem: problem})
	}
	switch {
	case !fs.ValidPath(name):
		return bad("the name does not lead to a place in the archive")
	case ends(name, imageEndings):
		row.Image = name
	case ends(name, audioEndings):
		row.Audio = name
	default:
		return bad("it is neither an image nor a clip by its ending")
	}
	row.File = func(ctx context.Context, wanted string) ([]byte, error) {
		if wanted != name {
			return nil, errNoFile
		}
		f, err := open()
		if err != nil {
			return nil, err
		}
		return readFile(ctx, f)
	}
	return r.row(row)
}

// fileShown is a file's name as people are told of it, cut off where it is very long.
func fileShown(name string) string {
	const most = 200 // bytes
	if len(name) > most {
		name = name[:most] + "..."
	}
	return strings.ToValidUTF8(name, "\ufffd")
}

// readFile reads an image or a clip and closes it.
func readFile(ctx context.Context, f io.ReadCloser) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(&source{ctx: ctx, file: File{Reader: f}}, FileBytesMax+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(body) > FileBytesMax {
		return nil, errFileSize
	}
	return body, nil
}

// meter ends the reading of what unpacks to far more than its size.
type meter struct {
	packed   func() int64 // how many bytes there are or were read
	unpacked int64
}

func (m *meter) reader(in io.Reader) io.Reader { return &metered{in, m} }

type metered struct {
	io.Reader
	meter *meter
}

func (m *metered) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	if m.meter.unpacked += int64(n); m.meter.unpacked > unpackedTimes*m.meter.packed()+unpackedFree {
		return n, badf("The archive unpacks to more than %d times its size, which images and sound do not.", unpackedTimes)
	}
	return n, err
}

// zip reads an archive whose list of files is at its end.
func (r *taskReading) zip() error {
	at, size, err := r.random()
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(at, size)
	if err != nil {
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		return badf("The zip archive is broken: %v.", err)
	}
	if len(archive.File) > FilesMax {
		return badf("There are more than %d files.", FilesMax)
	}
	m := &meter{packed: func() int64 { return size }}
	var table *zip.File
	for _, f := range archive.File {
		if !litter(f.Name) && ends(f.Name, tableEndings) {
			if table != nil {
				table = nil
				break
			}
			table = f
		}
	}
	if table != nil {
		return r.table(&zipFolder{archive, m}, path.Clean(table.Name))
	}
	for i, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") || litter(f.Name) {
			continue
		}
		if !f.Mode().IsRegular() {
			if err := r.bad(&labeling.BadRow{Line: i + 1, File: fileShown(f.Name), Problem: "it is not a plain file"}); err != nil {
				return err
			}
			continue
		}
		err := r.file(f.Name, i+1, func() (io.ReadCloser, error) {
			in, err := f.Open()
			if err != nil {
				return nil, badf("The zip archive is broken: %v.", err)
			}
			return struct {
				io.Reader
				io.Closer
			}{m.reader(in), in}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// zipFolder is an archive as a folder, with a meter at all that is unpacked.
type zipFolder struct {
	*zip.Reader
	meter *meter
}

func (z *zipFolder) Open(name string) (fs.File, error) {
	f, err := z.Reader.Open(name)
	if err != nil {
		return nil, err
	}
	return &zipFile{f, z.meter.reader(f)}, nil
}

type zipFile struct {
	fs.File
	in io.Reader
}

func (z *zipFile) Read(b []byte) (int, error) { return z.in.Read(b) }

// gzip reads what is packed, which may be a tar archive or any other file of tasks but one that is packed again.
func (r *taskReading) gzip() error {
	unpacked, err := gzip.NewReader(r.in)
	if err != nil {
		return badf("The file is broken: %v.", err)
	}
	m := &meter{packed: func() int64 { return r.source.done }}
	inner := *r
	inner.source = &source{ctx: r.ctx, file: File{Reader: m.reader(unpacked)}}
	inner.in = bufio.NewReaderSize(inner.source, lineMax)
	if head, err := inner.in.Peek(2); err == nil && string(head) == "\x1f\x8b" {
		return badf("The file is compressed twice; unpack it with gzip -d.")
	}
	err = inner.read("")
	switch {
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF):
		return badf("The file is broken: %v.", err)
	}
	return err
}

// tar reads an archive from front to end.
func (r *taskReading) tar(in io.Reader) error {
	archive := tar.NewReader(in)
	for entry := 1; ; entry++ {
		h, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, tar.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, tar.ErrInsecurePath):
			return badf("The tar archive is broken: %v.", err)
		case err != nil:
			return err
		case entry > FilesMax:
			return badf("There are more than %d files.", FilesMax)
		}
		name := strings.TrimPrefix(h.Name, "./")
		switch {
		case h.Typeflag == tar.TypeDir, litter(name):
		case h.Typeflag != tar.TypeReg:
			err = r.bad(&labeling.BadRow{Line: entry, File: fileShown(name), Problem: "it is not a plain file"})
		default:
			err = r.file(name, entry, func() (io.ReadCloser, error) { return io.NopCloser(archive), nil })
		}
		if err != nil {
			return err
		}
	}
}
