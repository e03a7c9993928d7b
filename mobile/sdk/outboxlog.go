package sdk

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
)

// Files in the outbox: the log, and what of it could not be read, for who looks into it.
const (
	logName     = "answers.log"
	damagedName = "damaged.log"
)

// The first byte of a line: whether its answer waits or is over.
const (
	waits = '+'
	over  = '-'
)

// overMost is how many bytes of a log may be over, and more than wait, until it is written anew.
const overMost = 256 << 10

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// outboxLog is the file of the answers that wait, with a line for each: a mark, a checksum in hex, and the answer as JSON. A line
// is appended, and is on the disk after one fsync. The mark of an answer that is over is written in its place, which a full disk
// has room for too, and the file is emptied when nothing waits.
type outboxLog struct {
	folder string

	mu      sync.Mutex
	file    outboxFile // guarded by mu
	end     int64      // guarded by mu: where the next line goes
	live    int64      // guarded by mu: bytes that wait
	lines   []*logLine // guarded by mu: that wait, in the order of the file
	unnamed bool       // guarded by mu: the file's name may not be on the disk
}

// outboxFile is what a log needs of an *os.File.
type outboxFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
}

// logLine is where an answer is in the log.
type logLine struct{ at, size int64 }

// openLog opens the log of an outbox, which is made if need be, and returns what waits in it, and what was damaged. What of a line
// was written when the app or the phone stopped is cut off: its answer was never said to be kept.
func openLog(folder string) (l *outboxLog, all []*waiting, damaged []keptAnswer, err error) {
	f, err := os.OpenFile(filepath.Join(folder, logName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, nil, err
	}
	l = &outboxLog{folder: folder, file: f}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	if err := errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder))); err != nil {
		return nil, nil, nil, err
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, nil, nil, err
	}
	var bad []byte
	for line := range bytes.Lines(raw) {
		if line[len(line)-1] != '\n' { // the last
			damaged = append(damaged, damagedLine(line, errTorn))
			if err := f.Truncate(l.end); err != nil {
				return nil, nil, nil, err
			}
			break
		}
		w, err := parseLine(line)
		if err != nil {
			damaged = append(damaged, damagedLine(line, err))
			bad = append(bad, line...)
		}
		if w != nil {
			w.line = l.add(int64(len(line)))
			all = append(all, w)
			continue
		}
		l.end += int64(len(line))
	}
	if len(bad) > 0 {
		if err := l.setAside(bad); err != nil {
			return nil, nil, nil, err
		}
	}
	return l, all, damaged, nil
}

// appendLine appends the line of an answer.
func appendLine(b []byte, answer keptAnswer) ([]byte, error) {
	raw, err := json.Marshal(answer)
	if err != nil {
		return b, err
	}
	b = fmt.Appendf(b, "%c %08x ", waits, crc32.Checksum(raw, castagnoli))
	return append(append(b, raw...), '\n'), nil
}

// parseLine reads a line: nil when its answer is over. errBadFile.
func parseLine(line []byte) (*waiting, error) {
	parts := bytes.SplitN(line, []byte(" "), 3)
	if len(parts) < 3 || len(parts[0]) != 1 {
		return nil, errBadFile
	}
	if parts[0][0] == over {
		return nil, nil
	}
	raw := bytes.TrimSuffix(parts[2], []byte("\n"))
	sum, err := strconv.ParseUint(string(parts[1]), 16, 32)
	w := &waiting{}
	if err != nil || parts[0][0] != waits || uint32(sum) != crc32.Checksum(raw, castagnoli) || json.Unmarshal(raw, &w.keptAnswer) != nil {
		return nil, errBadFile
	}
	return w, nil
}

// damagedLine is what is told of a line that cannot be sent.
func damagedLine(line []byte, why error) keptAnswer {
	named := string(assignmentID.Find(line))
	return keptAnswer{Damaged: cmp.Or(named, unknownAssignment), Refused: refusedFor(why)}
}

// assignmentID finds what a damaged line was of, and unknownAssignment is said where nothing tells.
var assignmentID = regexp.MustCompile(assignmentPrefix + "_[0-9a-z]{26}")

const unknownAssignment = "unknown"

// setAside keeps lines that cannot be read in a file of their own, and takes them out of the log.
func (l *outboxLog) setAside(bad []byte) error {
	f, err := os.OpenFile(filepath.Join(l.folder, damagedName), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(bad)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return l.rewrite()
}

// add counts a line in that is at the end. l.mu is held, or nobody else knows l.
func (l *outboxLog) add(size int64) *logLine {
	line := &logLine{l.end, size}
	l.end += size
	l.live += size
	l.lines = append(l.lines, line)
	return line
}

// put appends an answer. It is on the disk when this returns; after an error the log is as it was.
func (l *outboxLog) put(answer keptAnswer) (*logLine, error) {
	raw, err := appendLine(nil, answer)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.file.WriteAt(raw, l.end)
	if err == nil {
		err = l.sync()
	}
	if err != nil {
		return nil, errors.Join(err, l.file.Truncate(l.end))
	}
	return l.add(int64(len(raw))), nil
}

// sync brings what was written to the disk. l.mu is held.
func (l *outboxLog) sync() error {
	if l.unnamed {
		if err := syncFolder(l.folder); err != nil {
			return err
		}
		l.unnamed = false
	}
	return l.file.Sync()
}

// drop marks a line as over. Where the mark is lost with the phone's power the answer is sent once more, which does nothing; with
// keep, for one that must not be sent, it is on the disk when this returns. After an error the answer waits as before.
func (l *outboxLog) drop(line *logLine, keep bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.lines, line)
	if i < 0 {
		return nil
	}
	_, err := l.file.WriteAt([]byte{over}, line.at)
	if err == nil && keep {
		err = l.sync()
	}
	if err != nil {
		_, again := l.file.WriteAt([]byte{waits}, line.at)
		return errors.Join(err, again)
	}
	l.lines = slices.Delete(l.lines, i, i+1)
	l.live -= line.size
	_ = l.tidy() // a log that is larger than need be is as good, and the next drop tries again
	return nil
}

// tidy empties the log when nothing waits, and writes it anew when most of it is over. l.mu is held.
func (l *outboxLog) tidy() error {
	gone := l.end - l.live
	switch {
	case len(l.lines) == 0:
		if err := l.file.Truncate(0); err != nil {
			return err
		}
		l.end = 0
	case gone > overMost && gone > l.live:
		return l.rewrite()
	}
	return nil
}

// rewrite makes the log anew of what waits. l.mu is held, or nobody else knows l.
func (l *outboxLog) rewrite() error {
	kept := make([]byte, 0, l.live)
	for _, line := range l.lines {
		raw := make([]byte, line.size)
		if _, err := io.ReadFull(io.NewSectionReader(l.file, line.at, line.size), raw); err != nil {
			return err
		}
		kept = append(kept, raw...)
	}
	tmp, err := writeWhole(l.folder, kept)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(l.folder, logName)); err != nil {
		return errors.Join(err, tmp.Close(), os.Remove(tmp.Name()))
	}
	old := l.file
	l.file, l.end, l.unnamed = tmp, 0, true
	for _, line := range l.lines {
		line.at = l.end
		l.end += line.size
	}
	return errors.Join(old.Close(), l.sync())
}

func (l *outboxLog) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
