package client

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// ServerKeys returns the keys of a use that an instance states, when each follows from the one before, and the one that it says it
// signs by now is theirs. ErrBadInstance where they are no keys, polls.ErrBadKeys.
func ServerKeys(in wire.Instance, use polls.KeyUse) (*polls.ServerKeys, error) {
	stated := in.ReceiptKey
	if use == polls.LogKeys {
		stated = in.Log.Key
	}
	var now, first [ed25519.PublicKeySize]byte
	if err := fill(now[:], stated); err != nil || strings.ToLower(stated) != stated {
		return nil, ErrBadInstance
	}
	first = now
	changes := make([]polls.KeyChange, 0, len(in.KeyChanges))
	for _, w := range in.KeyChanges {
		c, err := keyChange(w)
		if err != nil {
			return nil, ErrBadInstance
		}
		if c.Use == use && c.Number == 2 {
			first = c.Old
		}
		changes = append(changes, c)
	}
	keys, err := polls.NewServerKeys(in.Instance, use, first, changes)
	if err != nil {
		return nil, err
	}
	if now != [32]byte(keys.Key(keys.At(in.Time.Time))) {
		return nil, polls.ErrBadKeys
	}
	return keys, nil
}

// KeyLeaves returns the leaves by which the public log of an instance says what the instance states of its keys: that of the first ones,
// and one of each change, in their order. ErrBadInstance, polls.ErrBadKeys.
func KeyLeaves(in wire.Instance) (leaves [][32]byte, err error) {
	receipts, receiptsErr := ServerKeys(in, polls.ReceiptKeys)
	log, logErr := ServerKeys(in, polls.LogKeys)
	if err := cmp.Or(receiptsErr, logErr); err != nil {
		return nil, err
	}
	hash, err := polls.FirstKeys(in.Instance, receipts.Key(1), log.Key(1))
	if err != nil {
		return nil, err
	}
	leaves = append(leaves, polls.KeyLeaf(hash))
	for _, c := range slices.Concat(receipts.Changes(), log.Changes()) {
		if hash, err = c.Hash(in.Instance); err != nil {
			return nil, err
		}
		leaves = append(leaves, polls.KeyLeaf(hash))
	}
	return leaves, nil
}

// LogStart returns what an instance states of when its public log began, whose signature is good; nil when it states nothing.
// ErrBadInstance, polls.ErrBadKeys.
func LogStart(in wire.Instance) (*polls.LogStart, error) {
	if in.LogStart == nil {
		return nil, nil
	}
	keys, err := ServerKeys(in, polls.LogKeys)
	if err != nil {
		return nil, err
	}
	s := &polls.LogStart{At: in.LogStart.At.UTC()}
	if err := fill(s.Signature[:], in.LogStart.Signature); err != nil || strings.ToLower(in.LogStart.Signature) != in.LogStart.Signature {
		return nil, ErrBadInstance
	}
	if !in.LogStart.By.Equal(s.By()) || !s.Check(in.Instance, keys) {
		return nil, ErrBadInstance
	}
	return s, nil
}

// A server may not state yet what its log says of its keys: each of the servers of a database looks for that every two seconds.
const (
	keysTries = 40
	keysPause = 300 * time.Millisecond
)

// StatedKeys reads what a server says of itself until it states all that leaves of its log say of its keys, for a while, and as long as
// its clock goes on: a bundle's does not. unstated are the leaves that it does not state in the end.
func StatedKeys(ctx context.Context, of Described, leaves [][32]byte) (in wire.Instance, unstated [][32]byte, err error) {
	for tries := 1; ; tries++ {
		before := in.Time
		if in, err = instanceNow(ctx, of); err != nil {
			return in, nil, err
		}
		stated, err := KeyLeaves(in)
		if err != nil {
			return in, nil, err
		}
		unstated = slices.DeleteFunc(slices.Clone(leaves), func(leaf [32]byte) bool { return slices.Contains(stated, leaf) })
		if len(unstated) == 0 || in.Time.Equal(before.Time) || tries == keysTries {
			return in, unstated, nil
		}
		if err := Pause(ctx, keysPause); err != nil {
			return in, nil, err
		}
	}
}

// Described is what describes itself: a Client, or a bundle of what one said.
type Described interface {
	Instance(ctx context.Context) (wire.Instance, error)
}

func instanceNow(ctx context.Context, of Described) (wire.Instance, error) {
	if c, ok := of.(interface {
		InstanceNow(ctx context.Context) (wire.Instance, error)
	}); ok {
		return c.InstanceNow(ctx)
	}
	return of.Instance(ctx)
}

// keyChange reads a change, which has one way to be written.
func keyChange(w wire.KeyChange) (polls.KeyChange, error) {
	c := polls.KeyChange{Use: polls.KeyUse(w.Use), Number: w.Number, From: w.From.UTC(), Until: w.Until.UTC()}
	err := errors.Join(fill(c.Old[:], w.Old), fill(c.New[:], w.New), fill(c.Signature[:], w.Signature), fill(c.Proof[:], w.Proof))
	if all := w.Old + w.New + w.Signature + w.Proof; strings.ToLower(all) != all || c.Use != polls.ReceiptKeys && c.Use != polls.LogKeys {
		err = ErrBadInstance
	}
	return c, err
}
