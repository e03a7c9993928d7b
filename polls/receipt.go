package polls

import (
	"crypto/ed25519"
	"encoding/hex"
	"time"

	"github.com/tasknet/tasknet"
)

// ReceiptID is the id of a commit's receipt.
type ReceiptID string

// Commit is one group of answers that became durable together, by their record hashes in order.
type Commit struct {
	ID     ReceiptID
	At     time.Time
	Leaves [][32]byte
	First  int64 // index of the first leaf in the public log; the others follow it
}

// MergeDelay is by when after it was accepted an answer is in the public log at the latest. It takes seconds; the rest is for a
// server that is away.
const MergeDelay = 24 * time.Hour

// LogName is the name of an instance's public log: the origin of its checkpoints, and the name of the key that signs them.
func LogName(instance string) string { return "tasknet/" + instance }

// Receipt is the server's signed promise that an answer is recorded: an RFC 6962 inclusion proof of its record hash
// under the root of its commit, and where the public log will have it by when.
type Receipt struct {
	ID        ReceiptID
	Record    [32]byte
	Root      [32]byte
	Index     int
	Size      int
	Path      [][32]byte
	First     int64 // index in the public log of the commit's first leaf; this answer's is Index further
	At        time.Time
	By        time.Time // when the log will have all of the commit
	Signature [64]byte
}

// Receipts returns a receipt for every answer of the commit, all under one signature.
func (c *Commit) Receipts(instance string, key ed25519.PrivateKey) ([]Receipt, error) {
	tree := tasknet.NewTree(c.Leaves)
	root := tree.Root()
	shared := Receipt{ID: c.ID, Root: root, Size: len(c.Leaves), First: c.First, At: c.At, By: c.At.Add(MergeDelay)}
	digest, err := shared.digest(instance)
	if err != nil {
		return nil, err
	}
	shared.Signature = [64]byte(ed25519.Sign(key, digest[:]))
	out := make([]Receipt, len(c.Leaves))
	for i, leaf := range c.Leaves {
		out[i] = shared
		out[i].Record, out[i].Index, out[i].Path = leaf, i, tree.Path(i)
	}
	return out, nil
}

// Check reports whether the receipt proves its record under its root and the instance's key signed that root.
func (r *Receipt) Check(instance string, key ed25519.PublicKey) bool {
	digest, err := r.digest(instance)
	if err != nil || !ed25519.Verify(key, digest[:], r.Signature[:]) {
		return false
	}
	return tasknet.CheckPath(r.Record, r.Root, r.Index, r.Size, r.Path)
}

// Leaf returns the index in the public log of the receipt's answer.
func (r *Receipt) Leaf() int64 { return r.First + int64(r.Index) }

// digest returns tasknet/receipt/v2, which is signed once for all answers of a commit.
func (r *Receipt) digest(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/receipt/v2", map[string]any{
		"at_ms": r.At.UnixMilli(), "by_ms": r.By.UnixMilli(), "first": r.First, "id": r.ID, "instance": instance, "log": LogName(instance),
		"root": hex.EncodeToString(r.Root[:]), "size": r.Size,
	})
}
