package client

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// Checkpoint is a public log at one moment.
type Checkpoint struct {
	Size int64
	Root [32]byte
	Raw  []byte // as it was signed
}

// Errors of checking a public log. What is proven by one is kept with the checkpoints and the receipt that prove it.
var (
	ErrBadCheckpoint = tasknet.NewError(tasknet.Invalid, "bad_checkpoint", "The public log's checkpoint is not one that its key signed; keep it and report this server.")
	ErrBadLog        = tasknet.NewError(tasknet.Invalid, "bad_log", "The public log's files do not fit its checkpoint; keep them and report this server.")
	ErrForked        = tasknet.NewError(tasknet.Invalid, "log_forked", "The public log was changed after it was published: two of its checkpoints do not fit each other. Keep both and report this server.")
	ErrNotLogged     = tasknet.NewError(tasknet.Invalid, "not_logged", "The public log does not have what its server promised; keep the receipt and the checkpoint and report this server.")
	ErrNotLoggedYet  = tasknet.NewError(tasknet.Unavailable, "not_logged_yet", "The public log is not so far yet; ask again in a moment.")
)

// LogVerifier returns what checks signatures of a log's key, by C2SP signed-note.
func LogVerifier(name string, key ed25519.PublicKey) (note.Verifier, error) {
	text, err := note.NewEd25519VerifierKey(name, key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// ParseCheckpoint reads a checkpoint of C2SP tlog-checkpoint whose origin is the name of the keys, one of which must have signed it.
// Signatures of others, as of witnesses, may stand beside it. ErrBadCheckpoint.
func ParseCheckpoint(raw []byte, verifiers ...note.Verifier) (Checkpoint, error) {
	n, err := note.Open(raw, note.VerifierList(verifiers...))
	if err != nil {
		return Checkpoint{}, errors.Join(ErrBadCheckpoint, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifiers[0].Name() {
		return Checkpoint{}, ErrBadCheckpoint
	}
	size, sizeErr := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	if sizeErr != nil || rootErr != nil || size < 0 || len(root) != 32 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, ErrBadCheckpoint
	}
	return Checkpoint{Size: size, Root: [32]byte(root), Raw: raw}, nil
}

// LogFiles reads the files of a log by their names below it, as checkpoint and tile/0/000. What is not there is an error of the
// kind NotFound. What is read is not believed.
type LogFiles interface {
	LogFile(ctx context.Context, name string) ([]byte, error)
}

// LogReader checks a log. It is used by one goroutine at a time where the log's keys may become others meanwhile.
type LogReader struct {
	files LogFiles
	name  string
	keys  *polls.ServerKeys
	good  []note.Verifier // of keys that sign checkpoints now, the newest last
	all   []note.Verifier // of keys that ever did
}

// NewLogReader returns a reader of the log with a name whose checkpoints are signed by a key.
func NewLogReader(files LogFiles, name string, key ed25519.PublicKey) (*LogReader, error) {
	v, err := LogVerifier(name, key)
	return &LogReader{files: files, name: name, good: []note.Verifier{v}, all: []note.Verifier{v}}, err
}

// Name is the log's, with which its checkpoints begin.
func (l *LogReader) Name() string { return l.name }

// OpenLog returns a reader of the log that an instance states, by its name and its keys there; polls.LogName says what the name
// must be. Where the files are of a server that describes itself, as a Client, it is asked for its keys once they do not fit any more.
// ErrBadInstance, polls.ErrBadKeys.
func OpenLog(files LogFiles, in wire.Instance) (*LogReader, error) {
	l := &LogReader{files: files, name: in.Log.Name}
	return l, l.know(in)
}

// OpenLogOf is OpenLog for who has kept a key of the log, 64 hex digits: keys of before it do not count, and where those that the
// instance states do not go on from it by its own word, it alone does. ErrBadInstance.
func OpenLogOf(files LogFiles, in wire.Instance, key string) (*LogReader, error) {
	var kept [ed25519.PublicKeySize]byte
	if err := fill(kept[:], key); err != nil {
		return nil, ErrBadInstance
	}
	name := polls.LogName(in.Instance)
	keys, err := ServerKeys(in, polls.LogKeys)
	if err != nil || in.Log.Name != name || !keys.Has(kept) {
		return NewLogReader(files, name, kept[:])
	}
	l := &LogReader{files: files, name: name}
	if err := l.know(in); err != nil {
		return nil, err
	}
	from, err := LogVerifier(name, kept[:])
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(l.all, func(v note.Verifier) bool { return v.KeyHash() == from.KeyHash() })
	before := l.all[:at]
	l.all = l.all[at:]
	l.good = slices.DeleteFunc(l.good, func(v note.Verifier) bool {
		return slices.ContainsFunc(before, func(b note.Verifier) bool { return b.KeyHash() == v.KeyHash() })
	})
	return l, nil
}

// Signer returns the newest of the log's keys that signed a checkpoint, as 64 hex digits; "" when none did.
func (l *LogReader) Signer(at Checkpoint) string {
	if l.keys == nil {
		return ""
	}
	for _, key := range slices.Backward(l.keys.All()) {
		if v, err := LogVerifier(l.name, key); err == nil {
			if _, err := ParseCheckpoint(at.Raw, v); err == nil {
				return hex.EncodeToString(key)
			}
		}
	}
	return ""
}

// know takes the log's keys from what an instance states.
func (l *LogReader) know(in wire.Instance) error {
	keys, err := ServerKeys(in, polls.LogKeys)
	if err != nil {
		return err
	}
	if in.Log.Name != l.name || l.keys != nil && !keys.Follows(l.keys) {
		return polls.ErrBadKeys
	}
	good, goodErr := logVerifiers(l.name, keys.Good(in.Time.Time))
	all, allErr := logVerifiers(l.name, keys.All())
	l.keys, l.good, l.all = keys, good, all
	return errors.Join(goodErr, allErr)
}

func logVerifiers(name string, keys []ed25519.PublicKey) (all []note.Verifier, err error) {
	for _, key := range keys {
		v, err := LogVerifier(name, key)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Checkpoint returns the newest checkpoint. Of the log's own signatures only that of the newest key is kept: so who keeps a checkpoint
// believes from then on only keys that come after that one. ErrBadCheckpoint.
func (l *LogReader) Checkpoint(ctx context.Context) (Checkpoint, error) {
	raw, err := l.files.LogFile(ctx, "checkpoint")
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := ParseCheckpoint(raw, l.good...)
	if server, ok := l.files.(Described); ok && errors.Is(err, ErrBadCheckpoint) && l.keys != nil {
		in, asked := instanceNow(ctx, server)
		if asked != nil {
			return Checkpoint{}, asked
		}
		if unknown := l.know(in); unknown != nil {
			return Checkpoint{}, errors.Join(ErrBadCheckpoint, unknown)
		}
		c, err = ParseCheckpoint(raw, l.good...)
	}
	if err != nil {
		return Checkpoint{}, err
	}
	c.Raw = l.byNewest(raw)
	return c, nil
}

// byNewest returns a checkpoint that one of the good keys signed without what others of the log's keys signed of it.
func (l *LogReader) byNewest(raw []byte) []byte {
	for _, v := range slices.Backward(l.good) {
		n, err := note.Open(raw, note.VerifierList(v))
		if err != nil {
			continue
		}
		others := slices.DeleteFunc(n.UnverifiedSigs, func(s note.Signature) bool { return s.Name == l.name })
		out := []byte(n.Text + "\n")
		for _, s := range slices.Concat(n.Sigs, others) {
			out = fmt.Appendf(out, "— %s %s\n", s.Name, s.Base64)
		}
		return out
	}
	return raw
}

// ParseCheckpoint reads a checkpoint of the log that was kept, perhaps since a time when the log had other keys. ErrBadCheckpoint.
func (l *LogReader) ParseCheckpoint(raw []byte) (Checkpoint, error) {
	return ParseCheckpoint(raw, l.all...)
}

// CheckReceipt proves that the log has a receipt's answer where the receipt says. ErrNotLogged when it does not, ErrNotLoggedYet
// when the checkpoint is of before; whether the promise is broken by then is told by the receipt's By. The receipt itself must
// have been checked.
func (l *LogReader) CheckReceipt(ctx context.Context, at Checkpoint, r polls.Receipt) error {
	return l.CheckLeaf(ctx, at, r.Leaf(), r.Record)
}

// CheckLeaf proves that the log has a leaf at an index. ErrNotLogged, ErrNotLoggedYet, ErrBadLog.
func (l *LogReader) CheckLeaf(ctx context.Context, at Checkpoint, index int64, leaf [32]byte) error {
	if index < 0 {
		return ErrNotLogged
	}
	if index >= at.Size {
		return ErrNotLoggedYet
	}
	hashes, err := l.hashes(ctx, at).ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return classifyLog(err)
	}
	if hashes[0] != tlog.RecordHash(leaf[:]) {
		return ErrNotLogged
	}
	return nil
}

// CheckConsistent proves that what was in the log at an older checkpoint is there, unchanged, at a newer one. ErrForked, ErrBadLog.
func (l *LogReader) CheckConsistent(ctx context.Context, older, newer Checkpoint) error {
	switch {
	case older.Size > newer.Size:
		return ErrForked
	case older.Size == newer.Size:
		if older.Root != newer.Root {
			return ErrForked
		}
		return nil
	case older.Size == 0:
		return nil
	}
	was, err := tlog.TreeHash(older.Size, l.hashes(ctx, newer)) // of hashes that are proven to be under the newer root
	if err != nil {
		return classifyLog(err)
	}
	if was != tlog.Hash(older.Root) {
		return ErrForked
	}
	return nil
}

// Leaves reads the leaves of a bundle of 256, or of as many as the log has at a checkpoint. They are not checked: hash all, and
// compare with the root.
func (l *LogReader) Leaves(ctx context.Context, at Checkpoint, bundle int64) ([][32]byte, error) {
	width := min(BundleWidth, at.Size-bundle*BundleWidth)
	if width <= 0 {
		return nil, nil
	}
	raw, err := l.sized(ctx, "tile/entries/"+tileNumber(bundle), int(width))
	if err != nil {
		return nil, err
	}
	leaves := make([][32]byte, 0, width)
	for len(raw) > 0 && int64(len(leaves)) < width {
		if len(raw) < 34 || binary.BigEndian.Uint16(raw) != 32 {
			return nil, ErrBadLog
		}
		leaves = append(leaves, [32]byte(raw[2:34]))
		raw = raw[34:]
	}
	if int64(len(leaves)) < width {
		return nil, ErrBadLog
	}
	return leaves, nil
}

// BundleWidth is how many leaves a bundle of entries has, and how many hashes a tile, when they are full.
const BundleWidth = 1 << tileHeight

const tileHeight = 8

func (l *LogReader) hashes(ctx context.Context, at Checkpoint) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: at.Size, Hash: tlog.Hash(at.Root)}, tiles{ctx, l})
}

// sized reads a tile that has a width, or the full one that it has become since.
func (l *LogReader) sized(ctx context.Context, name string, width int) ([]byte, error) {
	if width < BundleWidth {
		raw, err := l.files.LogFile(ctx, name+".p/"+strconv.Itoa(width))
		if e, ok := errors.AsType[*tasknet.Error](err); !ok || e.Kind != tasknet.NotFound {
			return raw, err
		}
	}
	return l.files.LogFile(ctx, name)
}

// tiles are the tiles of a log as package tlog reads them, whose names for them are others.
type tiles struct {
	ctx context.Context
	log *LogReader
}

func (t tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, tile := range wanted {
		raw, err := t.log.sized(t.ctx, fmt.Sprintf("tile/%d/%s", tile.L, tileNumber(tile.N)), tile.W)
		if err != nil {
			return nil, &unreadable{err}
		}
		if len(raw) < tile.W*tlog.HashSize {
			return nil, ErrBadLog
		}
		out[i] = raw[:tile.W*tlog.HashSize]
	}
	return out, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// unreadable is an error of reading a file, while all others of package tlog are of what it says.
type unreadable struct{ err error }

func (u *unreadable) Error() string { return u.err.Error() }

func classifyLog(err error) error {
	if u, ok := errors.AsType[*unreadable](err); ok {
		return u.err
	}
	return errors.Join(ErrBadLog, err)
}

// tileNumber writes a number as in the names of tiles: x001/x234/067 is 1234067.
func tileNumber(n int64) string {
	out := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		out = fmt.Sprintf("x%03d/%s", n%1000, out)
	}
	return out
}

// LogFile implements LogFiles.
func (c *Client) LogFile(ctx context.Context, name string) ([]byte, error) {
	var out []byte
	err := c.do(ctx, call{method: http.MethodGet, file: "/log/" + name}, &out)
	return out, err
}
