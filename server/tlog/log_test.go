package tlog_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/tlog"
)

const name = "tasknet/test"

var key = ed25519.NewKeyFromSeed([]byte("a seed of the key of a log, 32 b"))

// outbox is a database whose leaves follow from their indexes. It gives them in pieces, as commits do.
type outbox struct {
	mu     sync.Mutex
	leaves [][32]byte // guarded by mu
	lost   bool       // guarded by mu: the first leaves cannot be read
	asked  int        // guarded by mu: how often they were, since
}

var errLost = errors.New("the first leaves cannot be read")

func (o *outbox) lose(lost bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lost, o.asked = lost, 0
}

// askedFor returns how often the first leaves were asked for since they were lost.
func (o *outbox) askedFor() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked
}

func newOutbox(n int) *outbox {
	o := new(outbox)
	o.grow(n)
	return o
}

func (o *outbox) grow(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := len(o.leaves); i < n; i++ {
		o.leaves = append(o.leaves, sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i))))
	}
}

func (o *outbox) Leaves(_ context.Context, from int64, limit int) ([][32]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lost && from == 0 {
		o.asked++
		return nil, errLost
	}
	from = min(from, int64(len(o.leaves)))
	to := min(from+int64(min(limit, 1000)), int64(len(o.leaves)))
	return o.leaves[from:to:to], nil
}

func (o *outbox) LogSize(context.Context) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return int64(len(o.leaves)), nil
}

func (o *outbox) root(n int64) [32]byte { return tasknet.NewTree(o.leaves[:n]).Root() }

func open(t testing.TB, dir string, o *outbox) *tlog.Log {
	t.Helper()
	l, err := tlog.Open(t.Context(), o, tlog.Config{Dir: dir, Name: name, Keys: tlog.OneKey(key), Every: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// until runs a log until its checkpoint is of a size.
func until(t testing.TB, l *tlog.Log, size int64) {
	t.Helper()
	run(t, l, func() bool {
		got, _, err := l.Checkpoint(t.Context())
		must(t, err)
		if got > size {
			t.Fatalf("the log has %d leaves of %d", got, size)
		}
		return got == size
	})
}

// run runs a log until something is so.
func run(t testing.TB, l *tlog.Log, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			t.Fatalf("the log ended: %v", err)
		case <-look.C:
			if !so() {
				continue
			}
			cancel()
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			return
		}
	}
}

// folder is what a server would send of a log.
type folder struct{ fs.FS }

func (f folder) LogFile(_ context.Context, name string) ([]byte, error) {
	raw, err := fs.ReadFile(f.FS, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, tasknet.NewError(tasknet.NotFound, "no_log_file", name)
	}
	return raw, err
}

func reader(t testing.TB, files client.LogFiles) *client.LogReader {
	t.Helper()
	r, err := client.NewLogReader(files, name, key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestLog: what enters is there, at its place, under the root of RFC 6962, through restarts; and what is not, or was changed, is
// found by who reads only its files.
func TestLog(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	o := newOutbox(300)
	l := open(t, dir, o)
	if size, root, err := l.Checkpoint(ctx); size != 0 || root != [32]byte{} || err != nil {
		t.Fatalf("before it ran: %d, %x, %v", size, root, err)
	}
	until(t, l, 300)
	r := reader(t, folder{l.Files()})
	older, err := r.Checkpoint(ctx)
	must(t, err)

	o.grow(70_001)
	l = open(t, dir, o)
	until(t, l, 70_001)
	newer, err := r.Checkpoint(ctx)
	must(t, err)
	if size, root, err := l.Checkpoint(ctx); err != nil || size != 70_001 || root != o.root(size) || newer.Root != root || older.Root != o.root(300) {
		t.Fatalf("the root of %d leaves is wrong, %v", size, err)
	}
	must(t, r.CheckConsistent(ctx, older, newer))
	must(t, r.CheckConsistent(ctx, newer, newer))
	for _, i := range []int64{0, 255, 256, 299, 300, 65_535, 65_536, 69_999, 70_000} {
		must(t, r.CheckLeaf(ctx, newer, i, o.leaves[i]))
		if err := r.CheckLeaf(ctx, newer, i, o.leaves[(i+1)%70_001]); !errors.Is(err, client.ErrNotLogged) {
			t.Errorf("another leaf at %d: %v", i, err)
		}
	}
	must(t, r.CheckReceipt(ctx, newer, polls.Receipt{Record: o.leaves[1234], First: 1230, Index: 4}))
	if err := r.CheckReceipt(ctx, newer, polls.Receipt{Record: o.leaves[1234], First: 1234, Index: 4}); !errors.Is(err, client.ErrNotLogged) {
		t.Errorf("a receipt for another place: %v", err)
	}
	if err := r.CheckLeaf(ctx, older, 300, o.leaves[300]); !errors.Is(err, client.ErrNotLoggedYet) {
		t.Errorf("a leaf that comes later: %v", err)
	}
	forked := older
	forked.Root[7] ^= 1
	for name, pair := range map[string][2]client.Checkpoint{"grown": {forked, newer}, "of one size": {forked, older}, "shrunk": {newer, older}} {
		if err := r.CheckConsistent(ctx, pair[0], pair[1]); !errors.Is(err, client.ErrForked) {
			t.Errorf("a fork that is %s: %v", name, err)
		}
	}
	var all [][32]byte
	for bundle := int64(0); ; bundle++ {
		leaves, err := r.Leaves(ctx, newer, bundle)
		must(t, err)
		if len(leaves) == 0 {
			break
		}
		all = append(all, leaves...)
	}
	if tasknet.NewTree(all).Root() != newer.Root {
		t.Error("the entries do not hash to the root")
	}
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if full, ok := strings.CutSuffix(path, ".p"); ok {
			if _, err := os.Stat(full); err == nil {
				t.Errorf("%s is there beside the full one", path)
			}
		}
		return err
	}))

	stranger, err := client.NewLogReader(folder{l.Files()}, name, ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey))
	must(t, err)
	if _, err := stranger.Checkpoint(ctx); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("a checkpoint by another key: %v", err)
	}
	for file, check := range map[string]func() error{
		"checkpoint":     func() error { _, err := r.Checkpoint(ctx); return err },
		"tile/0/001":     func() error { return r.CheckLeaf(ctx, newer, 300, o.leaves[300]) },
		"tile/2/000.p/1": func() error { return r.CheckConsistent(ctx, older, newer) },
	} {
		path := filepath.Join(dir, file)
		raw, err := os.ReadFile(path)
		must(t, err)
		for range 20 {
			bad := append([]byte{}, raw...)
			bad[rand.N(min(len(bad), 100))] ^= 1 << rand.N(8)
			must(t, os.WriteFile(path, bad, 0o644))
			if err := check(); !errors.Is(err, client.ErrBadLog) && !errors.Is(err, client.ErrBadCheckpoint) {
				t.Errorf("a changed %s: %v", file, err)
			}
		}
		must(t, os.WriteFile(path, raw, 0o644))
		must(t, check())
	}
}

// TestFirstCheckpoint: a log that has nothing publishes all that there is at once, however much that is: there is no moment at which it
// has some of what was recorded before it began.
func TestFirstCheckpoint(t *testing.T) {
	const size = 1<<16 + 1000 // more than one batch
	o := &watched{outbox: newOutbox(size)}
	l, err := tlog.Open(t.Context(), o, tlog.Config{Dir: t.TempDir(), Name: name, Keys: tlog.OneKey(key), Every: 100 * time.Millisecond})
	must(t, err)
	o.log = l
	until(t, l, size)
	if _, root, err := l.Checkpoint(t.Context()); err != nil || root != o.root(size) || o.most() != 0 {
		t.Errorf("a checkpoint of %d leaves came before the one of all: %v", o.most(), err)
	}
}

// watched is an outbox that looks how far the log is whenever leaves are read.
type watched struct {
	*outbox
	log  *tlog.Log
	seen int64 // guarded by mu
}

func (w *watched) most() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

func (w *watched) Leaves(ctx context.Context, from int64, limit int) ([][32]byte, error) {
	if size, _, err := w.log.Checkpoint(ctx); err == nil {
		w.mu.Lock()
		w.seen = max(w.seen, size)
		w.mu.Unlock()
	}
	return w.outbox.Leaves(ctx, from, limit)
}

// TestOtherDatabase: a log whose database lost something, or has something else, is not opened.
func TestOtherDatabase(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	o := newOutbox(1000)
	l := open(t, dir, o)
	until(t, l, 1000)
	cfg := tlog.Config{Dir: dir, Name: name, Keys: tlog.OneKey(key), Every: 100 * time.Millisecond}
	if _, err := tlog.Open(ctx, newOutbox(999), cfg); !errors.Is(err, tlog.ErrAhead) || !strings.Contains(err.Error(), "1000") {
		t.Errorf("a database from before: %v", err)
	}
	other := newOutbox(2000)
	other.leaves[900][0] ^= 1
	if _, err := tlog.Open(ctx, other, cfg); !errors.Is(err, tlog.ErrOther) {
		t.Errorf("another database: %v", err)
	}
	o.leaves = o.leaves[:990] // while it is open
	if err := l.Run(ctx); !errors.Is(err, tlog.ErrAhead) {
		t.Errorf("a database that shrank: %v", err)
	}
	cfg.Keys = tlog.OneKey(ed25519.NewKeyFromSeed(make([]byte, 32)))
	if _, err := tlog.Open(ctx, newOutbox(1000), cfg); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("another key: %v", err)
	}
	cfg.Witnesses = []byte("quorum nobody")
	if _, err := tlog.Open(ctx, newOutbox(1000), cfg); err == nil || !strings.Contains(err.Error(), "witnesses") {
		t.Errorf("a policy that is none: %v", err)
	}
}

const (
	killedDir    = "TASKNET_TLOG_KILLED"
	killedLeaves = 40_000
)

// TestKilled: a log that is killed at any moment goes on where it was, and every checkpoint that was ever seen stays true.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(killedDir); dir != "" {
		_ = open(t, dir, newOutbox(killedLeaves)).Run(t.Context())
		return
	}
	t.Parallel()
	dir := t.TempDir()
	o := newOutbox(killedLeaves)
	l := open(t, dir, o)
	r := reader(t, folder{l.Files()})
	var seen []client.Checkpoint
	for range 12 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.N(400))*time.Millisecond) // which kills it
		victim := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKilled$")
		victim.Env = append(os.Environ(), killedDir+"="+dir)
		_ = victim.Run()
		cancel()
		if c, err := r.Checkpoint(t.Context()); err == nil {
			seen = append(seen, c)
		}
		open(t, dir, o)
	}
	until(t, l, killedLeaves)
	last, err := r.Checkpoint(t.Context())
	must(t, err)
	if last.Root != o.root(killedLeaves) {
		t.Fatal("the root is wrong")
	}
	for _, c := range seen {
		must(t, r.CheckConsistent(t.Context(), c, last))
	}
}

// TestDamaged: files that are missing, empty or zeros where a log ends are written again from the database, with all others; and
// what a crash left beyond the checkpoint does not matter.
func TestDamaged(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	o := newOutbox(66_000)
	until(t, open(t, dir, o), 66_000)
	path := func(name string) string { return filepath.Join(dir, name) }
	const below = "tile/0/007"
	whole, err := os.ReadFile(path(below))
	must(t, err)
	for _, name := range []string{"tile/0/257.p/208", "tile/1/001.p/1", "tile/2/000.p/1", "tile/entries/257.p/208"} {
		raw, err := os.ReadFile(path(name))
		must(t, err)
		for what, damage := range map[string]func() error{
			"missing": func() error { return os.Remove(path(name)) },
			"empty":   func() error { return os.WriteFile(path(name), nil, 0o644) },
			"zeros":   func() error { return os.WriteFile(path(name), make([]byte, len(raw)), 0o644) },
		} {
			must(t, damage())
			must(t, os.Remove(path(below)))
			run(t, open(t, dir, o), func() bool {
				now, err := os.ReadFile(path(name))
				again, errBelow := os.ReadFile(path(below))
				return err == nil && errBelow == nil && bytes.Equal(now, raw) && bytes.Equal(again, whole)
			})
			if t.Failed() {
				t.Fatalf("%s %s", name, what)
			}
		}
	}
	for _, name := range []string{"tile/0/258", "tile/entries/257", "tile/1/001.p/2"} {
		must(t, os.WriteFile(path(name), []byte("left by a crash"), 0o644))
	}
	o.grow(66_200)
	until(t, open(t, dir, o), 66_200)
	r := reader(t, folder{os.DirFS(dir)})
	newer, err := r.Checkpoint(ctx)
	must(t, err)
	if newer.Root != o.root(66_200) {
		t.Error("the root is wrong")
	}
	for _, leaf := range []int64{0, 65_999, 66_000, 66_199} {
		must(t, r.CheckLeaf(ctx, newer, leaf, o.leaves[leaf]))
	}
	last, err := r.Leaves(ctx, newer, 257)
	must(t, err)
	if tasknet.NewTree(last).Root() != tasknet.NewTree(o.leaves[257*256:258*256]).Root() {
		t.Error("a bundle that a crash left is still there")
	}
}

// TestDamagedInside: files before the end of a log are looked at when it begins and while it runs, and it does not grow before they
// are whole.
func TestDamagedInside(t *testing.T) {
	t.Parallel()
	dir, o := t.TempDir(), newOutbox(2000)
	l := open(t, dir, o)
	until(t, l, 2000)
	path := func(name string) string { return filepath.Join(dir, name) }
	is := func(name string, want []byte) bool {
		raw, err := os.ReadFile(path(name))
		return err == nil && bytes.Equal(raw, want)
	}
	flip := func(name string) []byte {
		t.Helper()
		raw, err := os.ReadFile(path(name))
		must(t, err)
		changed := bytes.Clone(raw)
		changed[100] ^= 1
		must(t, os.WriteFile(path(name), changed, 0o644))
		return raw
	}
	for _, name := range []string{"tile/0/003", "tile/entries/000", "tile/entries/006"} {
		var whole []byte
		run(t, l, func() bool { // it is changed while the log runs
			if whole == nil {
				whole = flip(name)
			}
			return is(name, whole) && l.Waiting() == ""
		})
		must(t, os.Remove(path(name)))
		run(t, l, func() bool { return is(name, whole) && l.Waiting() == "" })
	}

	flip("tile/0/003")
	o.lose(true)
	o.grow(2100)
	// It begins with what is damaged, so it does not run for long.
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := l.Run(ctx); !errors.Is(err, errLost) || l.Waiting() == "" {
		t.Errorf("begun with a damaged file: %v, %q", err, l.Waiting())
	}
	o.lose(false)
	damaged := false
	run(t, l, func() bool {
		if !damaged { // once it has begun: it has grown
			size, _, err := l.Checkpoint(t.Context())
			must(t, err)
			if size < 2100 {
				return false
			}
			damaged = true
			flip("tile/0/003")
			o.lose(true)
		}
		if l.Waiting() == "" {
			return false
		}
		o.grow(2200)
		return o.askedFor() > 5
	})
	if size, _, err := l.Checkpoint(t.Context()); err != nil || size != 2100 {
		t.Errorf("over a damaged tree a checkpoint of %d was signed, %v", size, err)
	}
	o.lose(false)
	until(t, l, 2200)

	dir, o = t.TempDir(), newOutbox(66_000)
	l = open(t, dir, o)
	until(t, l, 66_000)
	whole := flip("tile/1/000")
	run(t, l, func() bool { return is("tile/1/000", whole) })
}

// TestDamagedElsewhere: files are not written again from a database that has something else, wherever it has it, and entries that
// were changed with it do not hide that.
func TestDamagedElsewhere(t *testing.T) {
	t.Parallel()
	for name, leaf := range map[string]int{"tile/0/003.p/232": 5, "tile/entries/003.p/232": 3*256 + 7} {
		dir, o := t.TempDir(), newOutbox(1000)
		until(t, open(t, dir, o), 1000)
		path := filepath.Join(dir, name)
		raw, err := os.ReadFile(path)
		must(t, err)
		raw[7*34+2] ^= 1 // of the 8th entry, or of some hash
		must(t, os.WriteFile(path, raw, 0o644))
		o.leaves[leaf][0] ^= 1
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		if err := open(t, dir, o).Run(ctx); !errors.Is(err, tlog.ErrOther) {
			t.Errorf("another database, with %s changed: %v", name, err)
		}
		cancel()
	}
}
