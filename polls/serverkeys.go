package polls

import (
	"crypto/ed25519"
	"encoding/hex"
	"time"

	"github.com/tasknet/tasknet"
)

// KeyUse is what a server signs by a key.
type KeyUse string

// What a server signs.
const (
	ReceiptKeys KeyUse = "receipts" // and refusals
	LogKeys     KeyUse = "log"      // its checkpoints
)

// ErrBadKeys reports a history of keys that does not hold.
var ErrBadKeys = tasknet.NewError(tasknet.Invalid, "bad_server_keys", "The server says that it signs by another key than before, and the key before did not sign that; keep what it says and report this server.")

// KeyChange is a server's statement that another of its keys takes the place of one. Both sign it: so who knows one key knows
// from the old key's word which is the next, and nobody can give out another's key as theirs.
type KeyChange struct {
	Use    KeyUse
	Number int // of the new key. The first key is number 1, of which there is no statement
	Old    [ed25519.PublicKeySize]byte
	New    [ed25519.PublicKeySize]byte
	From   time.Time // when the new key takes its place; whole milliseconds
	Until  time.Time // before which what the old key signs still counts: From, or later where both sign for a while

	Signature [ed25519.SignatureSize]byte // by the old key
	Proof     [ed25519.SignatureSize]byte // by the new one
}

// Hash returns tasknet/key-change/v1, which both keys sign.
func (c *KeyChange) Hash(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/key-change/v1", map[string]any{
		"from_ms": c.From.UnixMilli(), "instance": instance, "new": hex.EncodeToString(c.New[:]), "number": c.Number, "old": hex.EncodeToString(c.Old[:]),
		"until_ms": c.Until.UnixMilli(), "use": string(c.Use),
	})
}

// keyMark begins each leaf of the public log that says by which keys a server signs, so that none of them can be passed over in
// silence. The other leaves are hashes, of which one in 2^64 would begin so.
const keyMark = "tn-keys\x01"

// KeyLeaf returns a hash of what a server says of its keys as a leaf of the public log: the mark, and its first 24 bytes.
func KeyLeaf(hash [32]byte) (leaf [32]byte) {
	copy(leaf[copy(leaf[:], keyMark):], hash[:])
	return leaf
}

// IsKeyLeaf reports whether a leaf of the public log is one that KeyLeaf made.
func IsKeyLeaf(leaf [32]byte) bool { return string(leaf[:len(keyMark)]) == keyMark }

// FirstKeys returns tasknet/first-keys/v1, whose KeyLeaf a server has in its public log before any change of its keys.
func FirstKeys(instance string, receipts, log ed25519.PublicKey) ([32]byte, error) {
	return tasknet.Hash("tasknet/first-keys/v1", map[string]any{"instance": instance, "log": hex.EncodeToString(log), "receipts": hex.EncodeToString(receipts)})
}

// Sign fills in whose keys they are, and their signatures.
func (c *KeyChange) Sign(instance string, before, next ed25519.PrivateKey) error {
	c.Old, c.New = [32]byte(before.Public().(ed25519.PublicKey)), [32]byte(next.Public().(ed25519.PublicKey))
	hash, err := c.Hash(instance)
	if err != nil {
		return err
	}
	c.Signature, c.Proof = [64]byte(ed25519.Sign(before, hash[:])), [64]byte(ed25519.Sign(next, hash[:]))
	return nil
}

// signed reports whether both keys signed it.
func (c *KeyChange) signed(instance string) bool {
	hash, err := c.Hash(instance)
	return err == nil && ed25519.Verify(c.Old[:], hash[:], c.Signature[:]) && ed25519.Verify(c.New[:], hash[:], c.Proof[:])
}

// ServerKeys are all keys of one use that a server ever had, each but the first by the word of the one before.
type ServerKeys struct {
	first   [ed25519.PublicKeySize]byte
	changes []KeyChange
}

// NewServerKeys returns the keys of a use, of which first was the first, after the changes among some that are of that use. ErrBadKeys
// when one of those does not follow from what was before.
func NewServerKeys(instance string, use KeyUse, first [ed25519.PublicKeySize]byte, changes []KeyChange) (*ServerKeys, error) {
	k := &ServerKeys{first: first}
	for _, c := range changes {
		if c.Use != use {
			continue
		}
		late := len(k.changes) > 0 && !c.From.After(k.changes[len(k.changes)-1].From)
		if c.Number != k.Number()+1 || c.Old != k.last() || k.Has(c.New) || late || c.Until.Before(c.From) || !c.signed(instance) {
			return nil, ErrBadKeys
		}
		k.changes = append(k.changes, c)
	}
	return k, nil
}

// Number is that of the last key there is, which may not have taken its place yet.
func (k *ServerKeys) Number() int { return 1 + len(k.changes) }

// Changes are the statements, in their order.
func (k *ServerKeys) Changes() []KeyChange { return k.changes }

func (k *ServerKeys) last() [ed25519.PublicKeySize]byte {
	if n := len(k.changes); n > 0 {
		return k.changes[n-1].New
	}
	return k.first
}

// Key returns the key with a number from 1 to Number.
func (k *ServerKeys) Key(number int) ed25519.PublicKey {
	if number == 1 {
		return k.first[:]
	}
	return k.changes[number-2].New[:]
}

// At returns the number of the key that signs at a moment.
func (k *ServerKeys) At(at time.Time) int {
	number := 1
	for _, c := range k.changes {
		if !c.From.After(at) {
			number = c.Number
		}
	}
	return number
}

// Has reports whether a key is among them.
func (k *ServerKeys) Has(key [ed25519.PublicKeySize]byte) bool {
	for number := 1; number <= k.Number(); number++ {
		if [ed25519.PublicKeySize]byte(k.Key(number)) == key {
			return true
		}
	}
	return false
}

// Follows reports whether they go on from others: whether the last of those is among them.
func (k *ServerKeys) Follows(others *ServerKeys) bool { return k.Has(others.last()) }

// Good returns the keys by which what is of a moment may be signed: the one that signs then, those beside which it does, and those that
// came later, since an old receipt is signed anew when it is asked for again.
func (k *ServerKeys) Good(at time.Time) (keys []ed25519.PublicKey) {
	for number := 1; number <= k.Number(); number++ {
		if number == k.Number() || k.changes[number-1].Until.After(at) {
			keys = append(keys, k.Key(number))
		}
	}
	return keys
}

// All returns all of them, in their order.
func (k *ServerKeys) All() (keys []ed25519.PublicKey) {
	for number := 1; number <= k.Number(); number++ {
		keys = append(keys, k.Key(number))
	}
	return keys
}

// CheckReceipt reports whether a receipt holds, see Receipt.Check, by a key that was good when it was made.
func (k *ServerKeys) CheckReceipt(instance string, r *Receipt) bool {
	for _, key := range k.Good(r.At) {
		if r.Check(instance, key) {
			return true
		}
	}
	return false
}

// CheckRefusal is CheckReceipt for a refusal.
func (k *ServerKeys) CheckRefusal(instance string, r *Refusal) bool {
	for _, key := range k.Good(r.At) {
		if r.Check(instance, key) {
			return true
		}
	}
	return false
}
