package tlog

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/api/layout"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
)

// Outbox is where leaves come from; pipeline.Log says what the methods do.
type Outbox interface {
	Leaves(ctx context.Context, from int64, limit int) ([][32]byte, error)
	LogSize(ctx context.Context) (int64, error)
}

// Config is a log.
type Config struct {
	Dir  string      // of its files; servers of one database share it
	Name string      // polls.LogName of the instance
	Keys func() Keys // by which it is signed now; they may become others, see OneKey for one that stays

	// Witnesses is a policy in Sigsum's format, with keys of C2SP tlog-cosignature: who is asked to sign checkpoints too. Default:
	// nobody.
	Witnesses []byte

	// Gather is called before the log grows, so that what is not in the outbox yet gets there. Default: nothing is missing there.
	Gather func(context.Context) error

	// Every is how often the log grows and a checkpoint is published. Less costs more: each time some files are written and
	// synced. At least 100 milliseconds. Default one second.
	Every time.Duration

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

// Keys are those of a log.
type Keys struct {
	Sign []ed25519.PrivateKey // checkpoints, all together; the first of them also for who knows no other
	All  []ed25519.PublicKey  // that ever signed
}

// OneKey are the keys of a log that has one.
func OneKey(key ed25519.PrivateKey) func() Keys {
	keys := Keys{[]ed25519.PrivateKey{key}, []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}}
	return func() Keys { return keys }
}

const (
	everyDefault = time.Second

	// batchMax is how many leaves are read at once, and enter the tree with one checkpoint; see grow.
	batchMax = 64 << 10

	// againEvery is how often a checkpoint is published again though nothing came: witnesses that were away may sign it then.
	againEvery = 10 * time.Minute

	// Files of so many full bundles are compared with the tree when a log begins, and each time before it grows: at one
	// a second, 22 million leaves are looked at in a day.
	lookedFirst = 64
	lookedEach  = 1

	witnessTime  = 5 * time.Second // for all witnesses to sign
	shutdownTime = 3 * time.Second // for the last checkpoint
)

// Errors of a log that is not of this database.
var (
	ErrAhead = tasknet.NewError(tasknet.Conflict, "log_ahead", "The public log has more than the database: the database was restored from before. Bring back a newer one; what the log says was promised to people.")
	ErrOther = tasknet.NewError(tasknet.Conflict, "log_other", "The public log has something else than the database: one of them is of another instance, or was changed. Bring back the folder of the log, or the database, that belongs to the other.")
)

// Log is the public log of an instance.
type Log struct {
	cfg       Config
	outbox    Outbox
	files     folder
	witnesses *tessera.WitnessGroup // nil for none
	held      chan hold
	signed    []ed25519.PrivateKey // by which the last checkpoint was that Run published
	looked    int64                // full bundles that were looked at, from the first on and over again; of who runs Run
	damage    atomic.Bool          // of files that are to be written again
}

// hold asks the log to stop, or to go on.
type hold struct {
	stop bool
	done chan error // of capacity 1
}

// quiet keeps Tessera's logger, which is one for the whole process, from writing to standard error: all that it says that
// matters comes as an error too.
var quiet = sync.OnceFunc(func() { klog.SetSlogLogger(slog.New(slog.DiscardHandler)) })

// Open opens a log, or makes one where none is, and checks that what it has published is of the database. ErrAhead, ErrOther.
func Open(ctx context.Context, outbox Outbox, cfg Config) (*Log, error) {
	quiet()
	if cfg.Every == 0 {
		cfg.Every = everyDefault
	}
	if cfg.Gather == nil {
		cfg.Gather = func(context.Context) error { return nil }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	l := &Log{cfg: cfg, outbox: outbox, files: folder(cfg.Dir), held: make(chan hold)}
	if len(cfg.Witnesses) > 0 {
		group, err := tessera.NewWitnessGroupFromPolicy(cfg.Witnesses)
		if err != nil {
			return nil, fmt.Errorf("policy of witnesses: %w", err)
		}
		l.witnesses = &group
	}
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, err
	}
	size, _, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return l, l.check(ctx, size)
}

// Files are what is public of the log.
func (l *Log) Files() fs.FS { return os.DirFS(l.cfg.Dir) }

// Checkpoint returns the size and the root of the newest checkpoint; nothing before the first.
func (l *Log) Checkpoint(context.Context) (size int64, root [32]byte, err error) {
	raw, err := l.files.read(layout.CheckpointPath)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, root, nil
	}
	if err != nil {
		return 0, root, err
	}
	var verifiers []note.Verifier
	for _, key := range l.cfg.Keys().All {
		v, err := client.LogVerifier(l.cfg.Name, key)
		if err != nil {
			return 0, root, err
		}
		verifiers = append(verifiers, v)
	}
	c, err := client.ParseCheckpoint(raw, verifiers...)
	if err != nil {
		return 0, root, fmt.Errorf("the log's own checkpoint: %w", err)
	}
	return c.Size, c.Root, nil
}

// check compares the end of a log of a size with the database.
func (l *Log) check(ctx context.Context, size int64) error {
	have, err := l.outbox.LogSize(ctx)
	if err != nil {
		return err
	}
	if size > have {
		return fmt.Errorf("%w (%d leaves, and the database has %d)", ErrAhead, size, have)
	}
	if size == 0 {
		return nil
	}
	bundle := (size - 1) / width
	logged, err := l.files.leaves(bundle, size)
	if errors.Is(err, errDamaged) {
		return nil // what is written again is compared with the checkpoint
	}
	if err != nil {
		return err
	}
	leaves, err := all(ctx, l.outbox, bundle*width, len(logged))
	if err != nil {
		return err
	}
	for i := range leaves {
		if leaves[i] != logged[i] {
			return fmt.Errorf("%w (leaf %d)", ErrOther, bundle*width+int64(i))
		}
	}
	return nil
}

// all returns as many leaves as are asked for.
func all(ctx context.Context, outbox Outbox, from int64, count int) (leaves [][32]byte, err error) {
	for len(leaves) < count {
		more, err := outbox.Leaves(ctx, from+int64(len(leaves)), count-len(leaves))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, ErrOther
		}
		leaves = append(leaves, more...)
	}
	return leaves, nil
}

// Run has the log follow the database until ctx ends. No two may run on one folder: store.DB.Lead sees to that. The error is
// ErrAhead or ErrOther, or that the files cannot be read; what passes by itself is logged and tried again.
func (l *Log) Run(ctx context.Context) error {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(shutdownTime, cancel) })()
	t, err := l.begin(ctx, lasting)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	tick, again := time.NewTicker(l.cfg.Every), time.NewTicker(againEvery)
	defer tick.Stop()
	defer again.Stop()
	next, behind := tick.C, int64(0)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next:
			if err := l.catchUp(ctx, lasting, t, 0); errors.Is(err, ErrAhead) || errors.Is(err, ErrOther) {
				return err
			} else if err != nil && ctx.Err() == nil {
				l.cfg.Log.Error("the public log did not grow", "error", err)
			}
		case <-again.C:
			err := l.look(ctx, t, lookedEach)
			if err == nil {
				err = l.publish(lasting, t)
			}
			if err != nil && ctx.Err() == nil {
				l.cfg.Log.Error("the public log's checkpoint was not published again", "error", err)
			}
		case h := <-l.held:
			var err error
			if h.stop {
				next = nil
				behind, err = l.behind(ctx, t)
			} else {
				next = tick.C
				err = l.catchUp(ctx, lasting, t, behind)
			}
			h.done <- err
		}
	}
}

// begin returns the tree as it is in the files. Where they are damaged, it writes all of them again; and it publishes a checkpoint
// of nothing where none is.
func (l *Log) begin(ctx, lasting context.Context) (*tree, error) {
	size, root, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.check(ctx, size); err != nil {
		return nil, err
	}
	if size == 0 {
		t := new(tree)
		return t, l.publish(lasting, t)
	}
	t, err := l.files.tree(size, root)
	if errors.Is(err, errDamaged) {
		return l.rewritten(ctx, size, root)
	}
	if err != nil {
		return nil, err
	}
	l.looked = rand.Int64N(max(1, size/width)) // not the same ones at each start
	return t, l.look(ctx, t, lookedFirst)
}

// look compares the files of the next full bundles with the tree. Where they are damaged, all files are written again.
func (l *Log) look(ctx context.Context, t *tree, bundles int64) error {
	if l.damage.Load() {
		_, err := l.rewritten(ctx, t.size, t.root())
		return err
	}
	full := t.size / width
	for range min(bundles, full) {
		l.looked = (l.looked + 1) % full
		if err := l.files.whole(t, l.looked); errors.Is(err, errDamaged) {
			_, err = l.rewritten(ctx, t.size, t.root())
			return err
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Waiting says in a line what keeps the log from growing, when something does that an operator should look at. It may be shown to
// anybody.
func (l *Log) Waiting() string {
	if l.damage.Load() {
		return "files of the public log are damaged, and are written again before it grows"
	}
	return ""
}

// rewritten writes all files of a log of a size again, and returns its tree. ErrOther when the database does not have what the
// root is of; then nothing is written.
func (l *Log) rewritten(ctx context.Context, size int64, root [32]byte) (t *tree, err error) {
	if !l.damage.Swap(true) {
		l.cfg.Log.Error("files of the public log are damaged; all are written again, and nothing is signed before", "leaves", size)
	}
	for _, write := range []bool{false, true} {
		for t = new(tree); t.size < size; {
			leaves, err := all(ctx, l.outbox, t.size, int(min(batchMax, size-t.size)))
			if err != nil {
				return nil, err
			}
			files := t.add(leaves)
			if !write {
				continue
			}
			if err := l.files.write(files); err != nil {
				return nil, err
			}
		}
		if t.root() != root {
			return nil, ErrOther
		}
	}
	l.damage.Store(false)
	return t, nil
}

// Hold has the log stop, or go on, while it runs. When it goes on, it first catches up to be as far behind the database as it was
// when it stopped. So what it costs can be measured: while it goes on it does the work of as many leaves as come.
func (l *Log) Hold(ctx context.Context, stop bool) error {
	h := hold{stop, make(chan error, 1)}
	select {
	case l.held <- h:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-h.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// behind returns how many leaves the database has more than the log.
func (l *Log) behind(ctx context.Context, t *tree) (int64, error) {
	have, err := l.outbox.LogSize(ctx)
	return have - t.size, err
}

// catchUp puts what there is into the tree, but for so many leaves. A tree with damaged files does not grow.
func (l *Log) catchUp(ctx, lasting context.Context, t *tree, but int64) error {
	if err := l.look(ctx, t, lookedEach); err != nil {
		return err
	}
	failed := l.cfg.Gather(ctx)
	if err := l.resigned(lasting, t); err != nil {
		return errors.Join(failed, err)
	}
	for ctx.Err() == nil {
		behind, err := l.behind(ctx, t)
		if err == nil && behind < 0 {
			err = fmt.Errorf("%w (by %d leaves)", ErrAhead, -behind)
		}
		if err == nil && behind > but {
			err = l.grow(ctx, lasting, t, behind-but)
		}
		if err != nil || behind <= but {
			return errors.Join(failed, err)
		}
	}
	return failed
}

// grow puts the next leaves into the tree, as many as there are or a batch of them, and publishes it. A log that has none takes all at
// once: what was recorded before there was a log comes before the statement of when it began (polls.LogStart), and a log with leaves and
// without that statement cannot be told from one that withholds records.
func (l *Log) grow(ctx, lasting context.Context, t *tree, count int64) error {
	larger, err := l.grown(ctx, t, min(batchMax, count))
	for err == nil && t.size == 0 && larger.size < count {
		larger, err = l.grown(ctx, larger, min(batchMax, count-larger.size))
	}
	if err != nil {
		return err
	}
	if err := l.publish(lasting, larger); err != nil {
		return err
	}
	before := t.size
	*t = *larger
	return l.files.prune(before, t.size)
}

// grown returns the tree with the next leaves in it, once its files are written. t stays as it was.
func (l *Log) grown(ctx context.Context, t *tree, count int64) (*tree, error) {
	leaves, err := all(ctx, l.outbox, t.size, int(count))
	if err != nil {
		return nil, err
	}
	larger := t.clone()
	return larger, l.files.write(larger.add(leaves))
}

// publish has a checkpoint of the tree signed, by witnesses too as far as they are there, and writes it.
func (l *Log) publish(ctx context.Context, t *tree) error {
	root, keys := t.root(), l.cfg.Keys().Sign
	signers := make([]note.Signer, len(keys))
	for i, key := range keys {
		var err error
		if signers[i], err = signer(l.cfg.Name, key); err != nil {
			return err
		}
	}
	options := tessera.NewAppendOptions().WithCheckpointSigner(signers[0], signers[1:]...)
	if l.witnesses != nil {
		options = options.WithWitnesses(*l.witnesses, &tessera.WitnessOptions{Timeout: witnessTime, FailOpen: true})
	}
	raw, err := options.CheckpointPublisher(reader{l.files, t.size}, http.DefaultClient)(ctx, uint64(t.size), root[:])
	if err != nil {
		return err
	}
	l.signed = keys
	return l.files.publish(raw)
}

// resigned has the last checkpoint signed by the keys of now, when they have become others.
func (l *Log) resigned(ctx context.Context, t *tree) error {
	if slices.EqualFunc(l.cfg.Keys().Sign, l.signed, func(a, b ed25519.PrivateKey) bool { return a.Equal(b) }) {
		return nil
	}
	return l.publish(ctx, t)
}
