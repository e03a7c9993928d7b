package verify

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// publicLog is the public log, of which all leaves are read: their root is computed anew, and every record that is read is
// looked for among them. It takes about 50 bytes of memory a leaf.
type publicLog struct {
	reader *client.LogReader
	at     client.Checkpoint
	leaves map[[32]byte]struct{}
	keys   [][32]byte // those of them about keys by which the server signs
	tree   frontier

	// anchored has the log's root at each size that a header put on chain before the log was read; zero where the log is not
	// so long.
	anchored map[int64][32]byte

	start     *polls.LogStart // as the instance states it; nil when it does not
	startLeaf [32]byte
	starts    int // leaves about when it began

	found   int
	missing []logLeaf
	newest  time.Time // of the answers that were found
}

// logLeaf is a record that should be in the log.
type logLeaf struct {
	kind, id string
	leaf     [32]byte
	at       time.Time
}

// openLog reads the instance's public log. It is nil when the instance says that it has none, or the source of the records does
// not have it.
func openLog(ctx context.Context, s Source, in wire.Instance) (*publicLog, error) {
	if in.Log == (wire.Log{}) {
		return nil, nil
	}
	wrong := func(field, expected, got string) error {
		return &Mismatch{"instance", in.Instance, field, expected, got}
	}
	if want := polls.LogName(in.Instance); in.Log.Name != want {
		return nil, wrong("log", want, in.Log.Name)
	}
	reader, err := client.OpenLog(s, in)
	if errors.Is(err, client.ErrBadInstance) {
		return nil, wrong("log key", "32 bytes in hex", in.Log.Key)
	}
	if errors.Is(err, polls.ErrBadKeys) {
		return nil, wrong("keys for log", keysWanted, "others")
	}
	if err != nil {
		return nil, err
	}
	l := &publicLog{reader: reader, leaves: make(map[[32]byte]struct{}), anchored: make(map[int64][32]byte)}
	for e, err := range s.Epochs(ctx) {
		if err != nil {
			return nil, err
		}
		if e.Header != nil && e.Header.LogSize > 0 {
			l.anchored[e.Header.LogSize] = [32]byte{}
		}
	}
	return l, l.follow(ctx)
}

// follow reads the newest checkpoint, and all leaves up to it that were not read before.
func (l *publicLog) follow(ctx context.Context) error {
	c, err := l.reader.Checkpoint(ctx)
	if errors.Is(err, client.ErrBadCheckpoint) {
		return &Mismatch{"log", "checkpoint", "signature", "one by the log's key", err.Error()}
	}
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		return nil // the server has just been started for the first time
	}
	if err != nil {
		return err
	}
	if c.Size < l.at.Size {
		return &Mismatch{"log", "checkpoint", "size", fmt.Sprintf("at least %d", l.at.Size), fmt.Sprint(c.Size)}
	}
	for have := l.at.Size; have < c.Size; {
		bundle := have / client.BundleWidth
		leaves, err := l.reader.Leaves(ctx, c, bundle)
		if errors.Is(err, client.ErrBadLog) {
			return &Mismatch{"log", fmt.Sprintf("entries %d", bundle), "entries", "leaves of 32 bytes, as many as the checkpoint says", err.Error()}
		}
		if err != nil {
			return err
		}
		for _, leaf := range leaves[have-bundle*client.BundleWidth:] {
			l.leaves[leaf] = struct{}{}
			if polls.IsKeyLeaf(leaf) && !slices.Contains(l.keys, leaf) {
				if l.keys = append(l.keys, leaf); len(l.keys) > keysMost {
					return &Mismatch{"log", "keys", "leaves", fmt.Sprintf("at most %d about the server's keys", keysMost), "more"}
				}
			}
			if polls.IsStartLeaf(leaf) {
				if l.starts++; l.starts > 1 {
					return &Mismatch{"log", "start", "leaves", "at most one about when the log began", "more"}
				}
			}
			l.tree.add(leaf)
			have++
			if _, ok := l.anchored[have]; ok {
				l.anchored[have] = l.tree.root()
			}
		}
	}
	l.at = c
	if root := l.tree.root(); c.Size > 0 && root != c.Root {
		return &Mismatch{"log", "checkpoint", "root", hashText(root), hashText(c.Root)}
	}
	return nil
}

func (l *publicLog) hasLeaf(leaf [32]byte) bool {
	if l == nil {
		return false
	}
	_, ok := l.leaves[leaf]
	return ok
}

// has notes a record that the log should have.
func (l *publicLog) has(leaf logLeaf) {
	if l == nil {
		return
	}
	if !l.hasLeaf(leaf.leaf) {
		l.missing = append(l.missing, leaf)
		return
	}
	if leaf.kind == "answer" { // another one has a leaf of its own; of an erased one nothing else says so
		delete(l.leaves, leaf.leaf)
	}
	l.found++
	if leaf.kind == "answer" && leaf.at.After(l.newest) {
		l.newest = leaf.at
	}
}

// finish looks once more for what was not there. An answer may be missing as long as its receipt's promise lasts, unless another
// one is there that came well after it: the log is in the order in which answers are accepted. So may what is made of answers, and what
// was recorded before the log began, see due. What is not there yet is counted.
func (l *publicLog) finish(ctx context.Context, c clock, report *Report) error {
	if l == nil {
		return nil
	}
	if err := l.follow(ctx); err != nil {
		return err
	}
	missing := l.missing
	l.missing = nil
	for _, m := range missing {
		l.has(m)
	}
	last := time.Time{}
	for _, m := range l.missing {
		by, passed := l.due(m)
		wrong := func(got string) error {
			return &Mismatch{m.kind, m.id, "log", "its leaf " + hashText(m.leaf) + " in the public log", got}
		}
		switch {
		case passed:
			return wrong("none, and what came after it")
		case c.latest.After(by):
			return wrong("none, and it was due by " + timeText(by))
		case c.ahead(m.at):
			return wrong("none, and a record of " + timeText(m.at) + ", which is to come")
		case by.After(last):
			last = by
		}
	}
	if l.started() && l.at.Size > 0 {
		l.found++
	}
	report.Log, report.Logged, report.Unlogged = l.at.Size, l.found, len(l.missing)
	if report.Unlogged > 0 {
		by := wire.At(last)
		report.UnloggedBy = &by
	}
	return nil
}

// leavesOf returns the leaves of a closed question, whose verdict was recomputed; none when there is no log.
func (v *verification) leavesOf(r wire.Record, q *polls.Question, verdict *labeling.Verdict, gold *labeling.Gold) ([]logLeaf, error) {
	if v.log == nil {
		return nil, nil
	}
	records := make([][32]byte, len(r.Answers))
	leaves := make([]logLeaf, len(r.Answers), len(r.Answers)+2)
	for i, a := range r.Answers {
		if _, err := hex.Decode(records[i][:], []byte(a.Hash)); err != nil { // which was recomputed
			return nil, err
		}
		leaves[i] = logLeaf{"answer", a.ID, records[i], time.UnixMilli(a.At)}
	}
	said := *verdict
	said.ID = labeling.VerdictID(r.Verdict.ID)
	leaf, err := said.Hash(v.instance, q.Hash, records)
	if err != nil {
		return nil, err
	}
	leaves = append(leaves, logLeaf{"verdict", r.Verdict.ID, leaf, r.ClosedAt.Time})
	if gold == nil {
		return leaves, nil
	}
	if leaf, err = gold.Hash(v.instance, q.Hash); err != nil {
		return nil, err
	}
	return append(leaves, logLeaf{"gold", r.Question.ID, leaf, r.ClosedAt.Time}), nil
}

// keysWanted is what a server says of its keys.
const keysWanted = "each signed by the one before, and of them the one that signs at this time"

// serverKeys checks that each of the keys by which the server signs has the word of the one before, and notes the leaves of that.
func (v *verification) serverKeys(in wire.Instance) error {
	for _, use := range []polls.KeyUse{polls.ReceiptKeys, polls.LogKeys} {
		if len(in.KeyChanges) == 0 && (use == polls.LogKeys && in.Log == (wire.Log{}) || use == polls.ReceiptKeys && in.ReceiptKey == "") {
			continue // it says that it has none
		}
		keys, err := client.ServerKeys(in, use)
		if err != nil {
			return &Mismatch{"instance", in.Instance, "keys for " + string(use), keysWanted, "others"}
		}
		for _, c := range keys.Changes() {
			hash, err := c.Hash(in.Instance)
			if err != nil {
				return err
			}
			leaf := polls.KeyLeaf(hash)
			if v.log.hasLeaf(hash) { // of before these leaves had a mark
				leaf = hash
			}
			v.log.has(logLeaf{"key", fmt.Sprintf("%d for %s", c.Number, use), leaf, c.From})
		}
	}
	return nil
}

// keysMost bounds how often a server has changed its keys.
const keysMost = 10_000

// finishKeys checks that the instance states all that the log says of the keys by which it signs, from the first on: else it could
// leave out a change, and call the key that came with it the first. A log of before leaves about keys had a mark says nothing.
func (v *verification) finishKeys(ctx context.Context) error {
	if v.log == nil || len(v.log.keys) == 0 {
		return nil
	}
	in, unstated, err := client.StatedKeys(ctx, v.source, v.log.keys)
	if errors.Is(err, polls.ErrBadKeys) || errors.Is(err, client.ErrBadInstance) {
		return &Mismatch{"instance", v.instance, "keys", keysWanted, "others"}
	}
	if err != nil {
		return err
	}
	if len(unstated) > 0 {
		return &Mismatch{"instance", v.instance, "keys", "the change of a key whose leaf " + hashText(unstated[0]) + " is in the public log, or first keys with this leaf", "none"}
	}
	stated, err := client.KeyLeaves(in)
	if err != nil {
		return err
	}
	if !v.log.hasLeaf(stated[0]) {
		return &Mismatch{"key", "1", "log", "the leaf of the first keys " + hashText(stated[0]) + " in the public log", "none"}
	}
	v.report.Logged++
	return nil
}

// epochInLog notes the leaf of an epoch.
func (v *verification) epochInLog(e rewards.Epoch) error {
	if v.log == nil {
		return nil
	}
	leaf, err := e.Hash(v.instance)
	if err != nil {
		return err
	}
	v.log.has(logLeaf{"epoch", fmt.Sprint(e.Number), leaf, e.At})
	return nil
}

// anchors checks that the log has at a header's size the root that the header put on chain: none where there is no log, or no
// leaf in it. Of a header that came while the log was read nothing is known.
func (l *publicLog) anchors(size int64, root rewards.Hash, wrong func(string, any, any) error) error {
	if l == nil && size != 0 {
		return wrong("header log size", "0, as the instance says that it has no log", size)
	}
	if size == 0 {
		if root != (rewards.Hash{}) {
			return wrong("header log root", hashText(rewards.Hash{})+", as the log has no leaf", hashText(root))
		}
		return nil
	}
	have, ok := l.anchored[size]
	switch {
	case !ok:
		return nil
	case size > l.at.Size:
		return wrong("header log root", fmt.Sprintf("that of a log of at most %d leaves, as there are", l.at.Size), fmt.Sprintf("%s, of %d", hashText(root), size))
	case have != [32]byte(root):
		return wrong("header log root", hashText(have), hashText(root))
	}
	return nil
}

// frontier is the RFC 6962 tree over leaves as they come: the roots of its complete subtrees, largest first.
type frontier struct {
	size  int64
	roots []tlog.Hash
}

func (f *frontier) add(leaf [32]byte) {
	f.roots = append(f.roots, tlog.RecordHash(leaf[:]))
	for n := f.size; n&1 == 1; n >>= 1 {
		f.join()
	}
	f.size++
}

func (f *frontier) join() {
	last := len(f.roots) - 1
	f.roots[last-1] = tlog.NodeHash(f.roots[last-1], f.roots[last])
	f.roots = f.roots[:last]
}

func (f *frontier) root() [32]byte {
	if f.size == 0 {
		return tasknet.NewTree(nil).Root()
	}
	g := frontier{roots: append([]tlog.Hash{}, f.roots...)}
	for len(g.roots) > 1 {
		g.join()
	}
	return g.roots[0]
}
