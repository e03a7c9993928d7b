package wasi

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"

	experimental "github.com/tetratelabs/wazero/experimental/sys"
	"github.com/tetratelabs/wazero/sys"
)

// The folders that a program sees.
const (
	inFolder  = "in"  // the files that it is given, which it may read
	outFolder = "out" // what it makes
)

// nameMax is the longest name of a file that is made.
const nameMax = 100

// filesMax is how many files a program may make.
const filesMax = 1000

// tree is all that a program sees of files. Each is found by its whole name in a list: no path of the program's becomes one of this
// machine's. What is made stays in memory.
type tree struct {
	experimental.UnimplementedFS
	in     map[string]*given
	out    map[string]*made
	number uint64 // of the newest file
	room   int64  // bytes that may still be made
	over   func() // called when more was wanted
}

// given is a file that is read.
type given struct {
	number uint64
	file   *os.File
	size   int64
}

// made is a file that the program makes.
type made struct {
	number uint64
	data   []byte
	opened int
	gone   bool // it has no name any more
}

// openInputs opens the files that a program may read, by the names under which it finds them.
func (t *tree) openInputs(paths map[string]string) error {
	t.in, t.out = map[string]*given{}, map[string]*made{}
	names := make([]string, 0, len(paths))
	for name := range paths {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file, err := os.Open(paths[name])
		if err != nil {
			return err
		}
		t.number++
		t.in[name] = &given{number: t.number, file: file}
		info, err := file.Stat()
		if err != nil {
			return err
		}
		t.in[name].size = info.Size()
	}
	return nil
}

func (t *tree) close() error {
	var failed error
	for _, g := range t.in {
		failed = errors.Join(failed, g.file.Close())
	}
	return failed
}

// grow takes room for more bytes, or gives some back.
func (t *tree) grow(bytes int64) experimental.Errno {
	if bytes > t.room {
		t.over()
		return experimental.EIO
	}
	t.room -= bytes
	return 0
}

// split returns the folder that a path is in and the name there; of a folder itself no name.
func split(at string) (folder, name string, errno experimental.Errno) {
	at = strings.Trim(path.Clean("/"+at), "/")
	folder, name, _ = strings.Cut(at, "/")
	switch {
	case folder != "" && folder != inFolder && folder != outFolder, strings.Contains(name, "/"):
		return "", "", experimental.ENOENT
	case len(name) > nameMax:
		return "", "", experimental.ENAMETOOLONG
	}
	return folder, name, 0
}

// list returns what a folder has, in order.
func (t *tree) list(folder string) (entries []experimental.Dirent) {
	switch folder {
	case inFolder:
		for name, g := range t.in {
			entries = append(entries, experimental.Dirent{Name: name, Ino: g.number})
		}
	case outFolder:
		for name, m := range t.out {
			entries = append(entries, experimental.Dirent{Name: name, Ino: m.number})
		}
	default:
		entries = []experimental.Dirent{{Name: inFolder, Type: fs.ModeDir}, {Name: outFolder, Type: fs.ModeDir}}
	}
	slices.SortFunc(entries, func(a, b experimental.Dirent) int { return strings.Compare(a.Name, b.Name) })
	return entries
}

// OpenFile implements experimental.FS.
func (t *tree) OpenFile(at string, flag experimental.Oflag, _ fs.FileMode) (experimental.File, experimental.Errno) {
	folder, name, errno := split(at)
	if errno != 0 {
		return nil, errno
	}
	writes := flag&(experimental.O_RDWR|experimental.O_WRONLY|experimental.O_CREAT|experimental.O_TRUNC) != 0
	switch {
	case name == "" && writes:
		return nil, experimental.EISDIR
	case name == "":
		return &dir{entries: t.list(folder)}, 0
	case flag&experimental.O_DIRECTORY != 0:
		return nil, experimental.ENOTDIR
	case folder == inFolder:
		g := t.in[name]
		switch {
		case g == nil && !writes:
			return nil, experimental.ENOENT
		case writes:
			return nil, experimental.EROFS
		}
		return &reading{given: g}, 0
	}
	m := t.out[name]
	switch {
	case m == nil && flag&experimental.O_CREAT == 0:
		return nil, experimental.ENOENT
	case m != nil && flag&(experimental.O_CREAT|experimental.O_EXCL) == experimental.O_CREAT|experimental.O_EXCL:
		return nil, experimental.EEXIST
	case m == nil && len(t.out) == filesMax:
		t.over()
		return nil, experimental.EIO
	case m == nil:
		t.number++
		m = &made{number: t.number}
		t.out[name] = m
	case flag&experimental.O_TRUNC != 0:
		if errno := m.resize(t, 0); errno != 0 {
			return nil, errno
		}
	}
	m.opened++
	return &writing{made: m, tree: t, appends: flag&experimental.O_APPEND != 0}, 0
}

// Stat implements experimental.FS.
func (t *tree) Stat(at string) (sys.Stat_t, experimental.Errno) {
	f, errno := t.OpenFile(at, experimental.O_RDONLY, 0)
	if errno != 0 {
		return sys.Stat_t{}, errno
	}
	stat, errno := f.Stat()
	f.Close()
	return stat, errno
}

// Lstat implements experimental.FS.
func (t *tree) Lstat(at string) (sys.Stat_t, experimental.Errno) { return t.Stat(at) }

// Unlink implements experimental.FS.
func (t *tree) Unlink(at string) experimental.Errno {
	folder, name, errno := split(at)
	switch {
	case errno != 0:
		return errno
	case name == "":
		return experimental.EISDIR
	case folder != outFolder:
		return experimental.EROFS
	}
	m := t.out[name]
	if m == nil {
		return experimental.ENOENT
	}
	delete(t.out, name)
	m.gone = true
	m.forget(t)
	return 0
}

// Rename implements experimental.FS.
func (t *tree) Rename(from, to string) experimental.Errno {
	a, name, errno := split(from)
	b, other, failed := split(to)
	switch {
	case errno != 0:
		return errno
	case failed != 0:
		return failed
	case a != outFolder || b != outFolder || name == "" || other == "":
		return experimental.EROFS
	}
	m := t.out[name]
	if m == nil {
		return experimental.ENOENT
	}
	if old := t.out[other]; old != nil && old != m {
		old.gone = true
		old.forget(t)
	}
	delete(t.out, name)
	t.out[other] = m
	return 0
}

// forget gives the room of a file back that nobody can read any more.
func (m *made) forget(t *tree) {
	if m.gone && m.opened == 0 {
		t.room += int64(len(m.data))
		m.data = nil
	}
}

func (m *made) resize(t *tree, size int64) experimental.Errno {
	if errno := t.grow(size - int64(len(m.data))); errno != 0 {
		return errno
	}
	if more := int(size) - len(m.data); more > 0 {
		m.data = append(m.data, make([]byte, more)...)
	} else {
		m.data = m.data[:size]
	}
	return 0
}

func stat(number uint64, mode fs.FileMode, size int64) sys.Stat_t {
	return sys.Stat_t{Ino: number, Mode: mode, Nlink: 1, Size: size}
}

// seek is lseek of a place in a file of a size.
func seek(at *int64, size, offset int64, whence int) (int64, experimental.Errno) {
	switch whence {
	case io.SeekCurrent:
		offset += *at
	case io.SeekEnd:
		offset += size
	}
	if offset < 0 {
		return 0, experimental.EINVAL
	}
	*at = offset
	return offset, 0
}

// dir is a folder that is open.
type dir struct {
	experimental.DirFile
	entries []experimental.Dirent
	at      int
}

func (d *dir) IsDir() (bool, experimental.Errno)      { return true, 0 }
func (d *dir) Dev() (uint64, experimental.Errno)      { return 0, 0 }
func (d *dir) Ino() (sys.Inode, experimental.Errno)   { return 0, 0 }
func (d *dir) Stat() (sys.Stat_t, experimental.Errno) { return stat(0, fs.ModeDir|0o755, 0), 0 }
func (d *dir) Sync() experimental.Errno               { return 0 }
func (d *dir) Datasync() experimental.Errno           { return 0 }
func (d *dir) Utimens(int64, int64) experimental.Errno {
	return experimental.ENOSYS
}
func (d *dir) Close() experimental.Errno { return 0 }

// Seek goes back to the start, which is all that folders can.
func (d *dir) Seek(offset int64, whence int) (int64, experimental.Errno) { //nolint:govet // the signature is wazero's
	if offset != 0 || whence != io.SeekStart {
		return 0, experimental.EINVAL
	}
	d.at = 0
	return 0, 0
}

// Readdir implements experimental.File.
func (d *dir) Readdir(n int) ([]experimental.Dirent, experimental.Errno) {
	left := d.entries[d.at:]
	if n > 0 && n < len(left) {
		left = left[:n]
	}
	d.at += len(left)
	return left, 0
}

// reading is a file that is given, opened.
type reading struct {
	experimental.UnimplementedFile
	*given
	at int64
}

func (r *reading) IsDir() (bool, experimental.Errno)      { return false, 0 }
func (r *reading) Ino() (sys.Inode, experimental.Errno)   { return r.number, 0 }
func (r *reading) Stat() (sys.Stat_t, experimental.Errno) { return stat(r.number, 0o444, r.size), 0 }

func (r *reading) Read(b []byte) (int, experimental.Errno) {
	n, errno := r.Pread(b, r.at)
	r.at += int64(n)
	return n, errno
}

func (r *reading) Pread(b []byte, at int64) (int, experimental.Errno) {
	if at < 0 {
		return 0, experimental.EINVAL
	}
	n, err := r.file.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, experimental.EIO
	}
	return n, 0
}

func (r *reading) Seek(offset int64, whence int) (int64, experimental.Errno) { //nolint:govet // the signature is wazero's
	return seek(&r.at, r.size, offset, whence)
}

// writing is a file that is made, opened.
type writing struct {
	experimental.UnimplementedFile
	*made
	tree    *tree
	at      int64
	appends bool
	closed  bool
}

func (w *writing) IsDir() (bool, experimental.Errno)    { return false, 0 }
func (w *writing) Ino() (sys.Inode, experimental.Errno) { return w.number, 0 }
func (w *writing) IsAppend() bool                       { return w.appends }
func (w *writing) SetAppend(on bool) experimental.Errno { w.appends = on; return 0 }
func (w *writing) Sync() experimental.Errno             { return 0 }
func (w *writing) Datasync() experimental.Errno         { return 0 }

func (w *writing) Stat() (sys.Stat_t, experimental.Errno) {
	return stat(w.number, 0o644, int64(len(w.data))), 0
}

func (w *writing) Read(b []byte) (int, experimental.Errno) {
	n, errno := w.Pread(b, w.at)
	w.at += int64(n)
	return n, errno
}

func (w *writing) Pread(b []byte, at int64) (int, experimental.Errno) {
	switch {
	case at < 0:
		return 0, experimental.EINVAL
	case at >= int64(len(w.data)):
		return 0, 0
	}
	return copy(b, w.data[at:]), 0
}

func (w *writing) Write(b []byte) (int, experimental.Errno) {
	if w.appends {
		w.at = int64(len(w.data))
	}
	n, errno := w.Pwrite(b, w.at)
	w.at += int64(n)
	return n, errno
}

func (w *writing) Pwrite(b []byte, at int64) (int, experimental.Errno) {
	if at < 0 || at > math.MaxInt64-int64(len(b)) {
		return 0, experimental.EINVAL
	}
	if end := at + int64(len(b)); end > int64(len(w.data)) {
		if errno := w.resize(w.tree, end); errno != 0 {
			return 0, errno
		}
	}
	return copy(w.data[at:], b), 0
}

func (w *writing) Truncate(size int64) experimental.Errno {
	if size < 0 {
		return experimental.EINVAL
	}
	return w.resize(w.tree, size)
}

func (w *writing) Seek(offset int64, whence int) (int64, experimental.Errno) { //nolint:govet // the signature is wazero's
	return seek(&w.at, int64(len(w.data)), offset, whence)
}

func (w *writing) Close() experimental.Errno {
	if !w.closed {
		w.closed = true
		w.opened--
		w.forget(w.tree)
	}
	return 0
}
