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
}

// Receipt is the server's signed promise that an answer is recorded: an RFC 6962 inclusion proof of its record hash
// under the root of its commit.
type Receipt struct {
	ID        ReceiptID
	Record    [32]byte
	Root      [32]byte
	Index     int
	Size      int
	Path      [][32]byte
	At        time.Time
	Signature [64]byte
}

// Receipts returns a receipt for every answer of the commit, all under one signature.
func (c *Commit) Receipts(instance string, key ed25519.PrivateKey) ([]Receipt, error) {
	tree := tasknet.NewTree(c.Leaves)
	root := tree.Root()
	digest, err := receiptDigest(instance, c.ID, root, len(c.Leaves), c.At)
	if err != nil {
		return nil, err
	}
	signature := [64]byte(ed25519.Sign(key, digest[:]))
	out := make([]Receipt, len(c.Leaves))
	for i, leaf := range c.Leaves {
		out[i] = Receipt{ID: c.ID, Record: leaf, Root: root, Index: i, Size: len(c.Leaves), Path: tree.Path(i), At: c.At, Signature: signature}
	}
	return out, nil
}

// Check reports whether the receipt proves its record under its root and the instance's key signed that root.
func (r *Receipt) Check(instance string, key ed25519.PublicKey) bool {
	digest, err := receiptDigest(instance, r.ID, r.Root, r.Size, r.At)
	if err != nil || !ed25519.Verify(key, digest[:], r.Signature[:]) {
		return false
	}
	return tasknet.CheckPath(r.Record, r.Root, r.Index, r.Size, r.Path)
}

func receiptDigest(instance string, id ReceiptID, root [32]byte, size int, at time.Time) ([32]byte, error) {
	return tasknet.Hash("tasknet/receipt/v1", map[string]any{
		"at_ms": at.UnixMilli(), "id": id, "instance": instance, "root": hex.EncodeToString(root[:]), "size": size,
	})
}
