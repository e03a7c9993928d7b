package sdk

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

// folder is where a session keeps all but its secrets.
type folder struct {
	path string
	lock *flock.Flock
}

// Folders of answers, by how far they are, and that of what is known of the server and the leases. In the outbox is a log; an
// earlier version had a file for each answer there.
const (
	knownFolder    = "known"
	outboxFolder   = "outbox"
	receiptsFolder = "receipts"
	loggedFolder   = "logged"
	refusedFolder  = "refused"
)

// settledFolders have files of answers that are out of the outbox.
var settledFolders = []string{receiptsFolder, loggedFolder, refusedFolder}

// openFolder makes what is missing of a folder, and locks it for one session at a time. errInUse.
func openFolder(path string) (*folder, error) {
	for _, name := range append(settledFolders, outboxFolder, knownFolder) {
		if err := os.MkdirAll(filepath.Join(path, name), 0o700); err != nil {
			return nil, err
		}
	}
	f := &folder{path, flock.New(filepath.Join(path, "lock"))}
	locked, err := f.lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return nil, errInUse
	}
	left, err := filepath.Glob(filepath.Join(path, "*", newFiles))
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	for _, name := range left { // by a crash
		if err := os.Remove(name); err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

// newFiles is what files are named until they are whole.
const newFiles = ".new-*"

func (f *folder) close() error { return f.lock.Close() }

// name is that of a file, by its folder, if any, and what it is of.
func (f *folder) name(parts ...string) string {
	return filepath.Join(f.path, filepath.Join(parts...)) + ".json"
}

func (f *folder) has(parts ...string) bool {
	_, err := os.Stat(f.name(parts...))
	return err == nil
}

// write puts JSON into a file, whole or not at all; it is on the disk when this returns.
func (f *folder) write(v any, parts ...string) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	name := f.name(parts...)
	tmp, err := writeWhole(filepath.Dir(name), raw)
	if err != nil {
		return err
	}
	err = tmp.Close()
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return syncFolder(filepath.Dir(name))
}

// writeWhole returns an open file in a folder that has its content on the disk, and needs its name. After an error there is none.
func writeWhole(folder string, raw []byte) (*os.File, error) {
	tmp, err := os.CreateTemp(folder, newFiles) // with mode 0600
	if err != nil {
		return nil, err
	}
	_, err = tmp.Write(raw)
	if err == nil {
		err = tmp.Sync()
	}
	if err != nil {
		return nil, errors.Join(err, tmp.Close(), os.Remove(tmp.Name()))
	}
	return tmp, nil
}

// syncFolder brings the names in a folder to the disk.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// read decodes a file. fs.ErrNotExist, errBadFile.
func (f *folder) read(v any, parts ...string) error {
	raw, err := os.ReadFile(f.name(parts...))
	if err != nil {
		return err
	}
	if json.Unmarshal(raw, v) != nil {
		return errBadFile
	}
	return nil
}

// remove removes a file that may be gone already.
func (f *folder) remove(parts ...string) error {
	if err := os.Remove(f.name(parts...)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// list returns what the files in a folder are of.
func (f *folder) list(in string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(f.path, in))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// setAside renames a file that cannot be read, for who looks into it.
func (f *folder) setAside(parts ...string) error {
	name := f.name(parts...)
	return os.Rename(name, name+".damaged")
}

// move moves a file to another folder.
func (f *folder) move(from, to, name string) error {
	return os.Rename(f.name(from, name), f.name(to, name))
}
