package sdk

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/tasknet/tasknet/server/wire"
)

// answerOf is an answer to assignment n, with so long a text.
func answerOf(n, size int) keptAnswer {
	id := fmt.Sprintf("asg_%026d", n)
	return keptAnswer{
		Instance: "ab", Assignment: wire.Assignment{ID: id, Question: wire.AskedQuestion{Text: strings.Repeat("a\n", size/2)}},
		Answer: wire.Answer{Assignment: id, Time: int64(n)},
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// written returns a log that has such bytes, opened, with what waits and what was damaged by their assignments.
func written(t *testing.T, raw []byte) (l *outboxLog, waiting, damaged []string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), outboxFolder)
	must(t, os.Mkdir(folder, 0o700))
	must(t, os.WriteFile(filepath.Join(folder, logName), raw, 0o600))
	return reopened(t, folder)
}

func reopened(t *testing.T, folder string) (l *outboxLog, waiting, damaged []string) {
	t.Helper()
	l, all, bad, err := openLog(folder)
	must(t, err)
	t.Cleanup(func() { l.close() })
	for _, w := range all {
		if want := answerOf(int(w.Answer.Time), len(w.Assignment.Question.Text)); !reflect.DeepEqual(w.keptAnswer, want) {
			t.Errorf("kept was %+v, and it is %+v", want, w.keptAnswer)
		}
		waiting = append(waiting, w.Assignment.ID)
	}
	for _, b := range bad {
		damaged = append(damaged, b.Refused.Code+" "+b.Damaged)
	}
	return l, waiting, damaged
}

// ids are those of assignments.
func ids(numbers ...int) (out []string) {
	for _, n := range numbers {
		out = append(out, answerOf(n, 0).Assignment.ID)
	}
	return out
}

// threeLines returns a log of three answers, of which the first is over, and where its lines end.
func threeLines(t *testing.T) (raw []byte, ends []int) {
	t.Helper()
	l, _, _ := written(t, nil)
	var first *logLine
	for n := range 3 {
		line, err := l.put(answerOf(n, 10))
		must(t, err)
		if n == 0 {
			first = line
		}
		ends = append(ends, int(l.end))
	}
	must(t, l.drop(first, false))
	raw, err := os.ReadFile(filepath.Join(l.folder, logName))
	must(t, err)
	return raw, ends
}

// TestLogCutAnywhere: of a log that ends at any byte of its last line the whole lines are there, what is left of one is cut off and told, and the
// next answer comes after them.
func TestLogCutAnywhere(t *testing.T) {
	raw, ends := threeLines(t)
	for size := ends[1] - 2; size <= len(raw); size++ {
		var want, torn []string
		begins := 0
		for n, end := range ends {
			if end <= size {
				begins = end
				if n > 0 {
					want = append(want, ids(n)...)
				}
			}
		}
		if size > begins {
			torn = []string{"torn_answer unknown"}
			if id := bytes.Index(raw[begins:size], []byte("asg_")); id >= 0 && id+30 <= size-begins {
				torn = []string{"torn_answer " + string(raw[begins+id:begins+id+30])}
			}
		}
		l, waiting, damaged := written(t, raw[:size])
		if !slices.Equal(waiting, want) || !slices.Equal(damaged, torn) {
			t.Fatalf("%d bytes of %v: %q wait, want %q; %q are damaged, want %q", size, ends, waiting, want, damaged, torn)
		}
		_, err := l.put(answerOf(7, 0))
		must(t, err)
		if _, waiting, damaged = reopened(t, l.folder); !slices.Equal(waiting, append(want, ids(7)...)) || damaged != nil {
			t.Fatalf("%d bytes and an answer: %q wait, %q are damaged", size, waiting, damaged)
		}
	}
}

// TestLogDamagedAnywhere: a bit that changed costs no other line than its own, or the next where it ended the line; no answer becomes
// another one; and what was damaged is told once and kept.
func TestLogDamagedAnywhere(t *testing.T) {
	raw, ends := threeLines(t)
	for at := ends[0]; at < len(raw); at++ {
		for bit := at % 3; bit < 8; bit += 3 { // another one at the next byte
			changed := bytes.Clone(raw)
			changed[at] ^= 1 << bit
			l, waiting, damaged := written(t, changed)
			want := ids(1, 2)
			if len(damaged) > 0 || len(waiting) < 2 {
				want = ids(1) // the last line is damaged
				switch {
				case at == ends[1]-1:
					want = nil
				case at < ends[1]:
					want = ids(2)
				}
				if len(damaged) != 1 {
					t.Fatalf("bit %d of byte %d: told of %q", bit, at, damaged)
				}
			}
			if !slices.Equal(waiting, want) {
				t.Fatalf("bit %d of byte %d of %v: %q wait, want %q; told of %q", bit, at, ends, waiting, want, damaged)
			}
			if _, again, damaged := reopened(t, l.folder); !slices.Equal(again, want) || damaged != nil {
				t.Fatalf("bit %d of byte %d, opened again: %q wait, told of %q", bit, at, again, damaged)
			}
			aside, err := os.ReadFile(filepath.Join(l.folder, damagedName))
			if lost := len(want) < 2 && at != len(raw)-1; lost != (err == nil && bytes.Contains(changed, aside)) {
				t.Fatalf("bit %d of byte %d: %q was set aside, %v", bit, at, aside, err)
			}
		}
	}
}

// errDied is what a disk says whose phone has stopped.
var errDied = errors.New("the phone stopped")

// disk is a log's file on a phone that stops: what was not brought to the disk by then may be there or not, each write by itself.
type disk struct {
	synced  []byte
	now     []byte
	pending []func([]byte) []byte // since synced
	left    int                   // operations until the phone stops
	fails   error                 // instead of stopping
}

// die is what an operation fails by, if it does.
func (d *disk) die() error {
	d.left--
	switch {
	case d.left >= 0, d.fails != nil && d.left < -1: // before it, or what fails once has failed
		return nil
	case d.fails != nil:
		return d.fails
	}
	return errDied
}

func (d *disk) change(f func([]byte) []byte) {
	d.now = f(bytes.Clone(d.now))
	d.pending = append(d.pending, f)
}

func (d *disk) write(p []byte, at int64) {
	p = bytes.Clone(p)
	d.change(func(b []byte) []byte {
		if more := int(at) + len(p) - len(b); more > 0 {
			b = append(b, make([]byte, more)...)
		}
		copy(b[at:], p)
		return b
	})
}

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	if err := d.die(); err != nil {
		if d.left == -1 {
			d.write(p[:len(p)/2], at)
		}
		return len(p) / 2, err
	}
	d.write(p, at)
	return len(p), nil
}

func (d *disk) Truncate(size int64) error {
	if err := d.die(); err != nil {
		return err
	}
	d.change(func(b []byte) []byte { return b[:min(int(size), len(b))] })
	return nil
}

func (d *disk) Sync() error {
	if err := d.die(); err != nil {
		return err
	}
	d.synced, d.pending = bytes.Clone(d.now), nil
	return nil
}

func (d *disk) ReadAt(p []byte, at int64) (int, error) { return bytes.NewReader(d.now).ReadAt(p, at) }
func (d *disk) Close() error                           { return nil }

// images returns all that may be on the disk now.
func (d *disk) images() (out [][]byte) {
	for chosen := range 1 << len(d.pending) {
		image := bytes.Clone(d.synced)
		for i, f := range d.pending {
			if chosen>>i&1 == 1 {
				image = f(image)
			}
		}
		out = append(out, image)
	}
	return out
}

// TestLogStopsAnywhere stops the phone at each write of a history, and lets each of what was not brought to the disk be lost: an answer
// whose call returned is there, once, and one that was taken back is not.
func TestLogStopsAnywhere(t *testing.T) {
	images := 0
	for stop := 0; ; stop++ {
		l, _, _ := written(t, nil)
		d := &disk{left: stop}
		must(t, l.file.Close())
		l.file = d
		lines := make(map[int]*logLine)
		sure, gone := map[int]bool{}, map[int]bool{} // those that must be there, and that must not
		put := func(n int) {
			line, err := l.put(answerOf(n, 10))
			lines[n] = line
			sure[n] = err == nil
		}
		drop := func(n int, keep bool) {
			if lines[n] == nil {
				return
			}
			sure[n] = false
			gone[n] = l.drop(lines[n], keep) == nil && keep
		}
		put(1)
		put(2)
		put(3)
		drop(2, false)
		drop(1, true)
		put(4)
		drop(4, false)
		drop(3, false) // empties it
		put(5)
		put(6)
		drop(5, true)
		drop(6, true)
		put(7)
		for _, image := range d.images() {
			images++
			again, waiting, damaged := written(t, image)
			for n := 1; n <= 7; n++ {
				found := 0
				for _, id := range waiting {
					if id == ids(n)[0] {
						found++
					}
				}
				if found > 1 || found == 0 && sure[n] || found > 0 && gone[n] {
					t.Fatalf("stopped at %d: answer %d is there %d times (sure %v, gone %v), damaged %q, in\n%s", stop, n, found, sure[n], gone[n], damaged, image)
				}
			}
			if _, twice, damaged := reopened(t, again.folder); !slices.Equal(twice, waiting) || damaged != nil {
				t.Fatalf("stopped at %d: %q, then %q, told of %q", stop, waiting, twice, damaged)
			}
		}
		if d.left >= 0 {
			if want := ids(7); !sure[7] || len(d.pending) > 0 {
				t.Fatalf("the history does not end with %q on the disk", want)
			}
			t.Logf("stopped at %d operations, %d images", stop, images)
			return
		}
	}
}

// TestLogFails: an operation that fails once changes nothing, neither of what waits nor of what is there after the next start, and
// what comes after it goes well.
func TestLogFails(t *testing.T) {
	for fail := range 4 { // within put: write, sync; within drop: mark, sync
		l, _, _ := written(t, nil)
		first, err := l.put(answerOf(1, 50))
		must(t, err)
		before, err := os.ReadFile(filepath.Join(l.folder, logName))
		must(t, err)
		must(t, l.file.Close())
		d := &disk{synced: before, now: before, left: fail % 2, fails: syscall.ENOSPC}
		l.file = d
		if fail < 2 {
			_, err = l.put(answerOf(2, 50))
		} else {
			err = l.drop(first, true)
		}
		if err == nil || describe(err).code != "disk_full" || !bytes.Equal(d.now, before) {
			t.Fatalf("%d: %v, and the log is\n%s", fail, err, d.now)
		}
		if _, err := l.put(answerOf(3, 0)); err != nil {
			t.Fatal(err)
		}
		if _, waiting, damaged := written(t, d.synced); !slices.Equal(waiting, ids(1, 3)) || damaged != nil {
			t.Errorf("%d: %q wait, %q are damaged", fail, waiting, damaged)
		}
	}
}

// TestLogShrinks: what is over takes no room for ever, and what waits stays.
func TestLogShrinks(t *testing.T) {
	l, _, _ := written(t, nil)
	const size = 20 << 10
	first, err := l.put(answerOf(0, size))
	must(t, err)
	var moved *logLine
	largest := int64(0)
	for n := 1; n < 100; n++ {
		line, err := l.put(answerOf(n, size))
		must(t, err)
		if n == 5 { // it is elsewhere in the log that is written anew
			moved = line
			continue
		}
		must(t, l.drop(line, false))
		info, err := os.Stat(filepath.Join(l.folder, logName))
		must(t, err)
		if info.Size() != l.end {
			t.Fatalf("the log has %d bytes, and not %d", info.Size(), l.end)
		}
		largest = max(largest, l.end)
	}
	if most := int64(overMost + 4*size); largest > most || largest < overMost {
		t.Errorf("the log had %d bytes, of which %d were over", largest, overMost)
	}
	for _, want := range [][]string{ids(0, 5), ids(0)} {
		_, waiting, damaged := reopened(t, l.folder)
		if !slices.Equal(waiting, want) || damaged != nil {
			t.Errorf("%q wait, want %q; %q are damaged", waiting, want, damaged)
		}
		must(t, l.drop(moved, false))
	}
	must(t, l.drop(first, false))
	if info, err := os.Stat(filepath.Join(l.folder, logName)); err != nil || info.Size() != 0 {
		t.Errorf("nothing waits, in %d bytes, %v", info.Size(), err)
	}
	if left, err := filepath.Glob(filepath.Join(l.folder, newFiles)); err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}

// TestOutboxUnread: an outbox that cannot be read is an error, and no session without its answers.
func TestOutboxUnread(t *testing.T) {
	path := t.TempDir()
	open := func() error {
		s, err := Open(path, "http://127.0.0.1:1", nobody{map[string]string{}}, nobody{})
		if err == nil {
			must(t, s.Close())
		}
		return err
	}
	must(t, open())
	file := filepath.Join(path, outboxFolder, ids(1)[0]+".json")
	must(t, os.Mkdir(file, 0o700))
	if err := open(); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("a folder in place of an answer: %v", err)
	}
	must(t, os.Remove(file))
	must(t, open())
}
