package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/tlog"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

const logName = "tasknet/test"

var logKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))

// leaves is a database that has leaves, and tells when all of them are published.
type leaves [][32]byte

func newLeaves(n int) (l leaves) {
	for i := range n {
		l = append(l, sha256.Sum256([]byte(strconv.Itoa(i))))
	}
	return l
}

func (l leaves) Leaves(_ context.Context, from int64, limit int) ([][32]byte, error) {
	return l[from:min(int64(len(l)), from+int64(limit))], nil
}

func (l leaves) LogSize(context.Context) (int64, error) { return int64(len(l)), nil }

// files returns the files of a log that has them, by the code that publishes the real one.
func (l leaves) files(t *testing.T) map[string][]byte {
	t.Helper()
	log, err := tlog.Open(t.Context(), l, tlog.Config{Dir: t.TempDir(), Name: logName, Keys: tlog.OneKey(logKey), Every: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- log.Run(ctx) }()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for size := int64(0); size < int64(len(l)); {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-look.C:
			if size, _, err = log.Checkpoint(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]byte)
	err = fs.WalkDir(log.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[path], err = fs.ReadFile(log.Files(), path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// logged is a small source with a log.
func logged(files map[string][]byte) *source {
	s := small()
	s.instance.Log = wire.Log{Name: logName, Key: hex.EncodeToString(logKey.Public().(ed25519.PublicKey))}
	s.log = files
	return s
}

// readLog returns the checkpoint and the leaves of a log, as who verifies it reads them.
func readLog(t *testing.T, files client.LogFiles) (at client.Checkpoint, all leaves, err error) {
	t.Helper()
	r, err := client.NewLogReader(files, logName, logKey.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	if at, err = r.Checkpoint(t.Context()); err != nil {
		return at, nil, err
	}
	for n := int64(0); n*client.BundleWidth < at.Size; n++ {
		some, err := r.Leaves(t.Context(), at, n)
		if err != nil {
			return at, nil, err
		}
		all = append(all, some...)
	}
	return at, all, nil
}

func isNotFound(err error) bool {
	e, ok := errors.AsType[*tasknet.Error](err)
	return ok && e.Kind == tasknet.NotFound
}

func TestLog(t *testing.T) {
	for _, n := range []int{1, 256, 257, 600} {
		want := newLeaves(n)
		files := want.files(t)
		dir, sum := written(t, logged(files))
		b := opened(t, dir, sum.Manifest)
		at, got, err := readLog(t, b)
		if err != nil {
			t.Fatalf("%d leaves: %v", n, err)
		}
		if sum.Leaves != n {
			t.Errorf("%d leaves: the summary has %d", n, sum.Leaves)
		}
		same(t, "leaves", want, got)
		if !bytes.Equal(at.Raw, files["checkpoint"]) || at.Root != tasknet.NewTree(want).Root() {
			t.Errorf("%d leaves: the checkpoint is not as it was signed: %q", n, at.Raw)
		}
		if c, l := b.manifest.byName[checkpointFile], b.manifest.byName[leavesFile]; c.Items != 1 || l.Items != n || l.Bytes != int64(32*n) {
			t.Errorf("%d leaves: the manifest has %+v and %+v", n, c, l)
		}
		for name, raw := range files {
			if _, _, entries := entriesOf(name); !entries {
				continue
			}
			if got, err := b.LogFile(t.Context(), name); err != nil || !bytes.Equal(got, raw) {
				t.Errorf("%d leaves: %s has %d bytes instead of %d, %v", n, name, len(got), len(raw), err)
			}
		}
		for _, name := range []string{"tile/0/000", "tile/entries/003", "tile/entries/x001/000", "", "log/leaves", "../instance.json"} {
			if _, err := b.LogFile(t.Context(), name); !isNotFound(err) {
				t.Errorf("%d leaves: %q: %v", n, name, err)
			}
		}
	}
}

// TestLogThatGrows: what is copied is the log at the checkpoint, though tiles become full meanwhile.
func TestLogThatGrows(t *testing.T) {
	before, after := newLeaves(600).files(t), newLeaves(800).files(t)
	s := logged(before)
	s.asked = func(what string) error {
		if what == "log" { // the checkpoint was given
			s.log = after
		}
		return nil
	}
	dir, sum := written(t, s)
	_, got, err := readLog(t, opened(t, dir, sum.Manifest))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "leaves", newLeaves(600), got)
}

func TestNoLog(t *testing.T) {
	for what, s := range map[string]*source{"no log": small(), "a log that has not begun": logged(nil)} {
		dir, sum := written(t, s)
		b := opened(t, dir, sum.Manifest)
		if c, l := b.manifest.byName[checkpointFile], b.manifest.byName[leavesFile]; c != nil || l != nil {
			t.Errorf("%s: the manifest has %+v and %+v", what, c, l)
		}
		for _, name := range []string{"checkpoint", "tile/entries/000"} {
			if _, err := b.LogFile(t.Context(), name); !isNotFound(err) {
				t.Errorf("%s: %s: %v", what, name, err)
			}
		}
	}
}

// TestLogsThatCannotBeCopied leave nothing.
func TestLogsThatCannotBeCopied(t *testing.T) {
	gone := errors.New("gone")
	for name, tt := range map[string]struct {
		spoil func(s *source)
		want  error
	}{
		"a short key":     {func(s *source) { s.instance.Log.Key = "00" }, client.ErrBadInstance},
		"no hex":          {func(s *source) { s.instance.Log.Key = "key" }, client.ErrBadInstance},
		"another's key":   {func(s *source) { s.instance.Log.Key = hashA }, client.ErrBadCheckpoint},
		"another's name":  {func(s *source) { s.instance.Log.Name += "2" }, client.ErrBadCheckpoint},
		"too few leaves":  {func(s *source) { s.log["tile/entries/000.p/3"] = s.log["tile/entries/000.p/3"][:68] }, client.ErrBadLog},
		"a missing tile":  {func(s *source) { delete(s.log, "tile/entries/000.p/3") }, errNoLogFile},
		"files that fail": {func(s *source) { s.asked = func(what string) error { return map[string]error{"log": gone}[what] } }, gone},
	} {
		s := logged(newLeaves(3).files(t))
		tt.spoil(s)
		parent := t.TempDir()
		if _, err := Write(t.Context(), s, filepath.Join(parent, "bundle"), quiet); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		isEmpty(t, name, parent)
	}
}

// TestChangedLog: a change of the log's files is found by the manifest, and by their reader where the manifest was made anew.
func TestChangedLog(t *testing.T) {
	files := newLeaves(600).files(t)
	for _, tt := range []struct {
		file, field string
		change      func(raw []byte) []byte
	}{
		{leavesFile, "bytes", func(raw []byte) []byte { return raw[:len(raw)-32] }},
		{leavesFile, "bytes", func(raw []byte) []byte { return raw[:5] }},
		{leavesFile, "sha256", func(raw []byte) []byte { raw[32*300]++; return raw }},
		{checkpointFile, "bytes", func(raw []byte) []byte { return raw[:len(raw)-1] }},
		{checkpointFile, "sha256", func(raw []byte) []byte { raw[20]++; return raw }},
	} {
		dir, sum := written(t, logged(files))
		path := filepath.Join(dir, filepath.FromSlash(tt.file))
		changed := tt.change(read(t, path))
		put(t, path, changed)
		_, err := Open(t.Context(), dir, sum.Manifest)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "file" || m.ID != tt.file || m.Field != tt.field {
			t.Errorf("%s: %v, want its %s", tt.file, err, tt.field)
		}
		m, err := readManifest(read(t, filepath.Join(dir, manifestFile)), "")
		if err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256(changed)
		m.byName[tt.file].Bytes, m.byName[tt.file].SHA256 = int64(len(changed)), hex.EncodeToString(hash[:])
		anew, _, err := m.write()
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, manifestFile), anew)
		at, got, err := readLog(t, opened(t, dir, ""))
		refused := errors.Is(err, client.ErrBadLog) || errors.Is(err, client.ErrBadCheckpoint) || isNotFound(err)
		if !refused && (err != nil || tasknet.NewTree(got).Root() == at.Root) {
			t.Errorf("%s with a manifest that fits: %v", tt.file, err)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestEntriesOf(t *testing.T) {
	for name, want := range map[string]struct {
		n     int64
		width int
	}{
		"tile/entries/000":                     {0, 256},
		"tile/entries/067":                     {67, 256},
		"tile/entries/067.p/1":                 {67, 1},
		"tile/entries/x001/000":                {1000, 256},
		"tile/entries/x001/x234/067.p/8":       {1234067, 8},
		"tile/entries/x999/x999/x999/999":      {999_999_999_999, 256},
		"tile/entries/x001/x234/x567/890.p/99": {1_234_567_890, 99},
		"tile/entries/x001/x234/067.p/255":     {1234067, 255},
	} {
		if n, width, ok := entriesOf(name); n != want.n || width != want.width || !ok {
			t.Errorf("%s: %d of number %d, %v", name, width, n, ok)
		}
	}
	for _, name := range []string{
		"", "checkpoint", "tile/0/000", "tile/entries/", "tile/entries/0", "tile/entries/0000", "tile/entries/+00", "tile/entries/-01", "tile/entries/x00",
		"tile/entries/x001", "tile/entries/001/002", "tile/entries/x001/x002", "tile/entries/xx01/002", "tile/entries/x1/002", "tile/entries/x001//002",
		"tile/entries/000/", "tile/entries/000.p", "tile/entries/000.p/", "tile/entries/000.p/0", "tile/entries/000.p/256", "tile/entries/000.p/+8",
		"tile/entries/000.p/08", "tile/entries/000.p/-8", "tile/entries/000.p/8/", "tile/entries/000.p/8/8", "tile/entries/x001.p/8/000", "a/tile/entries/000",
		"tile/entries/000\n", "tile/entries/x999/x999/x999/x999/x999/999", "tile/entries/../000",
	} {
		if n, width, ok := entriesOf(name); ok {
			t.Errorf("%q: %d of number %d", name, width, n)
		}
	}
}

// TestKeyWhileCopied: a change of a key that enters the log while the bundle is written is in what the bundle has of the instance.
func TestKeyWhileCopied(t *testing.T) {
	receipts, next := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	s := logged(nil)
	s.instance.ReceiptKey = hex.EncodeToString(receipts.Public().(ed25519.PublicKey))
	c := polls.KeyChange{Use: polls.ReceiptKeys, Number: 2, From: s.instance.Time.Add(time.Minute), Until: s.instance.Time.Add(time.Minute)}
	if err := c.Sign(s.instance.Instance, receipts, next); err != nil {
		t.Fatal(err)
	}
	first, firstErr := polls.FirstKeys(s.instance.Instance, receipts.Public().(ed25519.PublicKey), logKey.Public().(ed25519.PublicKey))
	second, secondErr := c.Hash(s.instance.Instance)
	if err := errors.Join(firstErr, secondErr); err != nil {
		t.Fatal(err)
	}
	s.log = append(newLeaves(3), polls.KeyLeaf(first), polls.KeyLeaf(second)).files(t)
	change := wire.KeyChange{
		Use: string(c.Use), Number: c.Number, Old: hex.EncodeToString(c.Old[:]), New: hex.EncodeToString(c.New[:]), From: wire.At(c.From), Until: wire.At(c.Until),
		Signature: hex.EncodeToString(c.Signature[:]), Proof: hex.EncodeToString(c.Proof[:]),
	}
	s.asked = func(what string) error {
		if what == "log" { // is read after all else
			s.instance.KeyChanges = []wire.KeyChange{change}
			s.instance.Time = wire.At(s.instance.Time.Add(time.Second))
		}
		return nil
	}
	began := s.instance.Time
	dir, sum := written(t, s)
	in, err := opened(t, dir, sum.Manifest).Instance(t.Context())
	if err != nil || len(in.KeyChanges) != 1 || in.KeyChanges[0] != change || !in.Time.Equal(began.Time) {
		t.Errorf("%+v, %v", in, err)
	}
}
