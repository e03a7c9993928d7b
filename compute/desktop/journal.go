package desktop

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
)

// journalMax is how many bytes of its log a node keeps in a file, and once more in the one before.
const journalMax = 1 << 20

// Journal keeps what is logged in a file, and takes out of it what nobody should see who helps its owner.
type Journal struct {
	path string
	also io.Writer

	mu     sync.Mutex // guards what follows
	file   *os.File
	size   int64
	hidden *strings.Replacer
	names  []string
}

// OpenJournal opens a journal in a file. What is logged is written to another writer as well.
func OpenJournal(path string, also io.Writer) (*Journal, error) {
	j := &Journal{path: path, also: also, hidden: strings.NewReplacer()}
	return j, j.open()
}

func (j *Journal) open() error {
	f, err := os.OpenFile(j.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	j.file, j.size = f, info.Size()
	return nil
}

// Hide has something taken out of what is written from now on, such as a key or the folder of the owner's name.
func (j *Journal) Hide(what, as string) {
	if what == "" {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.names = append(j.names, what, as)
	j.hidden = strings.NewReplacer(j.names...)
}

// Log returns a logger that writes here.
func (j *Journal) Log() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

// Write writes a line.
func (j *Journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	clean := j.hidden.Replace(string(line))
	if _, err := io.WriteString(j.also, clean); err != nil {
		return 0, err
	}
	if j.size+int64(len(clean)) > journalMax {
		if err := errors.Join(j.file.Close(), os.Rename(j.path, j.path+".old"), j.open()); err != nil {
			return 0, err
		}
	}
	n, err := io.WriteString(j.file, clean)
	j.size += int64(n)
	return len(line), err
}

// Read returns all that is kept, the oldest first.
func (j *Journal) Read(context.Context) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	before, err := os.ReadFile(j.path + ".old")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	now, err := os.ReadFile(j.path)
	return bytes.Join([][]byte{before, now}, nil), err
}

// Close closes the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}
