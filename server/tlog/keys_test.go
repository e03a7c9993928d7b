package tlog_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/tlog"
	"github.com/tasknet/tasknet/server/wire"
)

// TestAnotherKey: a log gets another key while it runs. Who knows the first goes on reading while both sign, and after that takes the
// second with the word of the first only.
func TestAnotherKey(t *testing.T) {
	t.Parallel()
	ctx, instance := t.Context(), strings.Repeat("ab", 32)
	origin := polls.LogName(instance)
	next := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32))
	public := func(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
	var keys atomic.Pointer[tlog.Keys]
	keys.Store(&tlog.Keys{Sign: []ed25519.PrivateKey{key}, All: []ed25519.PublicKey{public(key)}})
	o := newOutbox(3)
	l, err := tlog.Open(ctx, o, tlog.Config{Dir: t.TempDir(), Name: origin, Keys: func() tlog.Keys { return *keys.Load() }, Every: 100 * time.Millisecond})
	must(t, err)
	until(t, l, 3)

	stated := func(k ed25519.PrivateKey, at time.Time, changes ...wire.KeyChange) wire.Instance {
		return wire.Instance{Instance: instance, Time: wire.At(at), Log: wire.Log{Name: origin, Key: hex.EncodeToString(public(k))}, KeyChanges: changes}
	}
	reads := func(in wire.Instance) (*client.LogReader, client.Checkpoint, error) {
		r, err := client.OpenLog(folder{l.Files()}, in)
		must(t, err)
		c, err := r.Checkpoint(ctx)
		return r, c, err
	}
	from := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	_, kept, err := reads(stated(key, from))
	must(t, err)

	// Both sign, without a leaf that comes.
	keys.Store(&tlog.Keys{Sign: []ed25519.PrivateKey{next, key}, All: []ed25519.PublicKey{public(key), public(next)}})
	signers := func() int {
		first, err := client.LogVerifier(origin, public(key))
		must(t, err)
		second, err := client.LogVerifier(origin, public(next))
		must(t, err)
		raw, err := folder{l.Files()}.LogFile(ctx, "checkpoint")
		must(t, err)
		n, err := note.Open(raw, note.VerifierList(first, second))
		must(t, err)
		return len(n.Sigs)
	}
	run(t, l, func() bool { return signers() == 2 })
	_, _, err = reads(stated(key, from))
	must(t, err)
	c := polls.KeyChange{Use: polls.LogKeys, Number: 2, From: from, Until: from.Add(time.Hour)}
	must(t, c.Sign(instance, key, next))
	change := wire.KeyChange{
		Use: string(c.Use), Number: 2, Old: hex.EncodeToString(c.Old[:]), New: hex.EncodeToString(c.New[:]), From: wire.At(c.From), Until: wire.At(c.Until),
		Signature: hex.EncodeToString(c.Signature[:]), Proof: hex.EncodeToString(c.Proof[:]),
	}
	now := stated(next, from.Add(time.Minute), change)
	r, both, err := reads(now)
	must(t, err)
	if _, err := r.ParseCheckpoint(kept.Raw); err != nil {
		t.Errorf("what was kept from before: %v", err)
	}
	stranger, _, err := reads(stated(key, from))
	must(t, err)
	if _, err := stranger.ParseCheckpoint(both.Raw); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("who has seen the second key goes back to the first: %v", err)
	}

	// The second alone.
	keys.Store(&tlog.Keys{Sign: []ed25519.PrivateKey{next}, All: []ed25519.PublicKey{public(key), public(next)}})
	run(t, l, func() bool {
		_, _, err := reads(stated(next, from))
		return err == nil && signers() == 1
	})
	_, alone, err := reads(stated(next, from.Add(2*time.Hour), change))
	must(t, err)
	must(t, r.CheckConsistent(ctx, kept, alone))
	if _, _, err := reads(stated(key, from)); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("who knows the first only: %v", err)
	}

	// By a key that was kept: it goes on by its own word, and not back.
	keptOf := func(in wire.Instance, k ed25519.PrivateKey) (string, error) {
		r, err := client.OpenLogOf(folder{l.Files()}, in, hex.EncodeToString(public(k)))
		must(t, err)
		c, err := r.Checkpoint(ctx)
		return r.Signer(c), err
	}
	late := stated(next, from.Add(2*time.Hour), change)
	for _, k := range []ed25519.PrivateKey{key, next} {
		if by, err := keptOf(late, k); err != nil || by != hex.EncodeToString(public(next)) {
			t.Errorf("a kept key that the log has: signed by %s, %v", by, err)
		}
	}
	strangers := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	if _, err := keptOf(late, strangers); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("a kept key that the log never had: %v", err)
	}
	if _, err := keptOf(stated(next, from), key); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("a new key without the word of the kept one: %v", err)
	}

	// Whoever still has the first key, after its time.
	keys.Store(&tlog.Keys{Sign: []ed25519.PrivateKey{key}, All: []ed25519.PublicKey{public(key), public(next)}})
	run(t, l, func() bool {
		_, _, err := reads(stated(key, from))
		return err == nil && signers() == 1
	})
	if _, _, err := reads(stated(next, from.Add(2*time.Hour), change)); !errors.Is(err, client.ErrBadCheckpoint) {
		t.Errorf("signed by the first after its time: %v", err)
	}

	// A server that is asked for its keys once they do not fit.
	keys.Store(&tlog.Keys{Sign: []ed25519.PrivateKey{next}, All: []ed25519.PublicKey{public(key), public(next)}})
	run(t, l, func() bool { _, _, err := reads(stated(next, from)); return err == nil })
	unsigned := change
	unsigned.Signature = change.Proof
	for name, tt := range map[string]struct {
		says wire.Instance
		want error
	}{
		"with the word of the first": {now, nil},
		"with no word":               {stated(next, from), polls.ErrBadKeys},
		"with another's word":        {stated(next, from.Add(time.Minute), unsigned), polls.ErrBadKeys},
	} {
		r, err := client.OpenLog(described{folder{l.Files()}, tt.says}, stated(key, from))
		must(t, err)
		if _, err := r.Checkpoint(ctx); !errors.Is(err, tt.want) {
			t.Errorf("asked again, %s: %v", name, err)
		}
	}
}

// described is the files of a log at a server that describes itself.
type described struct {
	folder
	says wire.Instance
}

func (d described) Instance(context.Context) (wire.Instance, error) { return d.says, nil }
