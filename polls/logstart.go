package polls

import (
	"crypto/ed25519"
	"time"

	"github.com/tasknet/tasknet"
)

// LogStart is a server's statement of when its public log began to take what was recorded before there was one: all of that is in the
// log MergeDelay later. A server whose first record is in its log makes none. The statement's leaf is in the log, once, so that it
// cannot be made anew when its time is up.
type LogStart struct {
	At        time.Time // whole milliseconds
	Signature [ed25519.SignatureSize]byte
}

// By is when the log has all that was recorded before.
func (s *LogStart) By() time.Time { return s.At.Add(MergeDelay) }

// hash returns tasknet/log-start/v1, which a key of the log signs.
func (s *LogStart) hash(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/log-start/v1", map[string]any{
		"at_ms": s.At.UnixMilli(), "by_ms": s.By().UnixMilli(), "instance": instance, "log": LogName(instance),
	})
}

// Sign fills in the signature.
func (s *LogStart) Sign(instance string, key ed25519.PrivateKey) error {
	hash, err := s.hash(instance)
	if err == nil {
		s.Signature = [ed25519.SignatureSize]byte(ed25519.Sign(key, hash[:]))
	}
	return err
}

// Check reports whether a key of the log signed it.
func (s *LogStart) Check(instance string, keys *ServerKeys) bool {
	hash, err := s.hash(instance)
	if err != nil {
		return false
	}
	for _, key := range keys.All() {
		if ed25519.Verify(key, hash[:], s.Signature[:]) {
			return true
		}
	}
	return false
}

// startMark begins the leaf of such a statement, as keyMark does those about keys: so whoever reads the log sees a second one.
const startMark = "tn-from\x01"

// Leaf returns its leaf in the public log: the mark, and the first 24 bytes of its hash.
func (s *LogStart) Leaf(instance string) (leaf [32]byte, err error) {
	hash, err := s.hash(instance)
	copy(leaf[copy(leaf[:], startMark):], hash[:])
	return leaf, err
}

// IsStartLeaf reports whether a leaf of the public log is one that LogStart.Leaf made.
func IsStartLeaf(leaf [32]byte) bool { return string(leaf[:len(startMark)]) == startMark }
