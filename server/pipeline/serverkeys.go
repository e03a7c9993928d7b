package pipeline

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// keyChange is how a polls.KeyChange is kept, under the name of a setting that tells its use and number.
type keyChange struct {
	Old       []byte `json:"old"`
	New       []byte `json:"new"`
	From      int64  `json:"from_ms"`
	Until     int64  `json:"until_ms"`
	Signature []byte `json:"signature"`
	Proof     []byte `json:"proof"`
}

func keySetting(use polls.KeyUse, number int) string { return fmt.Sprintf("key %s %d", use, number) }

// KeyChanges returns the changes of the server's keys of a use, in their order.
func (p *Pipeline) KeyChanges(ctx context.Context, use polls.KeyUse) (changes []polls.KeyChange, err error) {
	for number := 2; ; number++ {
		text, err := p.stores.Settings().Setting(ctx, keySetting(use, number))
		if errors.Is(err, ErrNotFound) {
			return changes, nil
		}
		if err != nil {
			return nil, err
		}
		var kept keyChange
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			return nil, fmt.Errorf("key %d for %s: %w", number, use, err)
		}
		c := polls.KeyChange{Use: use, Number: number, From: time.UnixMilli(kept.From).UTC(), Until: time.UnixMilli(kept.Until).UTC()}
		copy(c.Old[:], kept.Old)
		copy(c.New[:], kept.New)
		copy(c.Signature[:], kept.Signature)
		copy(c.Proof[:], kept.Proof)
		changes = append(changes, c)
	}
}

// ChangeKey saves a change of one of the server's keys, and has it enter the public log. Where another server has saved one of that number
// before, that one stays.
func (p *Pipeline) ChangeKey(ctx context.Context, c polls.KeyChange) error {
	hash, err := c.Hash(p.cfg.Instance)
	if err != nil {
		return err
	}
	text, err := json.Marshal(keyChange{c.Old[:], c.New[:], c.From.UnixMilli(), c.Until.UnixMilli(), c.Signature[:], c.Proof[:]})
	if err != nil {
		return err
	}
	return p.stores.InTx(ctx, func(tx Tx) error {
		name := keySetting(c.Use, c.Number)
		if _, err := tx.Settings().Setting(ctx, name); !errors.Is(err, ErrNotFound) {
			return err // it is done, perhaps by a try whose answer was lost
		}
		now, err := tx.Settings().SetSetting(ctx, name, string(text))
		if err != nil || now != string(text) {
			return err
		}
		_, err = tx.Log().AppendLeaves(ctx, [][32]byte{polls.KeyLeaf(hash)}, p.now())
		return err
	})
}

// firstKeysSetting has the hash of the server's first keys, once that is in the public log.
const firstKeysSetting = "first keys"

// FirstKeys has the server's first keys enter the public log, once. It reports false, and changes nothing, where others are there.
func (p *Pipeline) FirstKeys(ctx context.Context, receipts, log ed25519.PublicKey) (same bool, err error) {
	hash, err := polls.FirstKeys(p.cfg.Instance, receipts, log)
	if err != nil {
		return false, err
	}
	want := hex.EncodeToString(hash[:])
	err = p.stores.InTx(ctx, func(tx Tx) error {
		now, err := tx.Settings().Setting(ctx, firstKeysSetting)
		if !errors.Is(err, ErrNotFound) {
			same = now == want
			return err
		}
		if now, err = tx.Settings().SetSetting(ctx, firstKeysSetting, want); err != nil || now != want {
			same = false // another server was faster, and has others
			return err
		}
		same = true
		_, err = tx.Log().AppendLeaves(ctx, [][32]byte{polls.KeyLeaf(hash)}, p.now())
		return err
	})
	return same && err == nil, err
}
