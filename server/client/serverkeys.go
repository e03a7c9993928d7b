package client

import (
	"crypto/ed25519"
	"errors"
	"strings"

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

// keyChange reads a change, which has one way to be written.
func keyChange(w wire.KeyChange) (polls.KeyChange, error) {
	c := polls.KeyChange{Use: polls.KeyUse(w.Use), Number: w.Number, From: w.From.UTC(), Until: w.Until.UTC()}
	err := errors.Join(fill(c.Old[:], w.Old), fill(c.New[:], w.New), fill(c.Signature[:], w.Signature), fill(c.Proof[:], w.Proof))
	if all := w.Old + w.New + w.Signature + w.Proof; strings.ToLower(all) != all || c.Use != polls.ReceiptKeys && c.Use != polls.LogKeys {
		err = ErrBadInstance
	}
	return c, err
}
