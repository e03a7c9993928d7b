package polls

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"math/bits"
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
	levels := treeLevels(c.Leaves)
	root := levels[len(levels)-1][0]
	digest, err := receiptDigest(instance, c.ID, root, len(c.Leaves), c.At)
	if err != nil {
		return nil, err
	}
	signature := [64]byte(ed25519.Sign(key, digest[:]))
	out := make([]Receipt, len(c.Leaves))
	for i, leaf := range c.Leaves {
		out[i] = Receipt{ID: c.ID, Record: leaf, Root: root, Index: i, Size: len(c.Leaves), Path: path(levels, i), At: c.At, Signature: signature}
	}
	return out, nil
}

// Check reports whether the receipt proves its record under its root and the instance's key signed that root.
func (r *Receipt) Check(instance string, key ed25519.PublicKey) bool {
	if r.Index < 0 || r.Index >= r.Size {
		return false
	}
	digest, err := receiptDigest(instance, r.ID, r.Root, r.Size, r.At)
	if err != nil || !ed25519.Verify(key, digest[:], r.Signature[:]) {
		return false
	}
	hash, rest := leafHash(r.Record), r.Path
	for index, last := r.Index, r.Size-1; last > 0; index, last = index/2, last/2 {
		switch {
		case index%2 == 1:
			if len(rest) == 0 {
				return false
			}
			hash, rest = nodeHash(rest[0], hash), rest[1:]
		case index < last:
			if len(rest) == 0 {
				return false
			}
			hash, rest = nodeHash(hash, rest[0]), rest[1:]
		}
	}
	return len(rest) == 0 && hash == r.Root
}

func receiptDigest(instance string, id ReceiptID, root [32]byte, size int, at time.Time) ([32]byte, error) {
	return tasknet.Hash("tasknet/receipt/v1", map[string]any{
		"at_ms": at.UnixMilli(), "id": id, "instance": instance, "root": hex.EncodeToString(root[:]), "size": size,
	})
}

// treeLevels returns the RFC 6962 tree over at least one leaf, from the leaf hashes up to the root. A node without a
// sibling moves up unchanged, which is the same tree as the recursive definition in section 2.1.
func treeLevels(leaves [][32]byte) [][][32]byte {
	level := make([][32]byte, len(leaves))
	for i, l := range leaves {
		level[i] = leafHash(l)
	}
	levels := make([][][32]byte, 0, bits.Len(uint(len(leaves)))+1)
	for levels = append(levels, level); len(level) > 1; levels = append(levels, level) {
		up := make([][32]byte, (len(level)+1)/2)
		for i := range up {
			if 2*i+1 < len(level) {
				up[i] = nodeHash(level[2*i], level[2*i+1])
			} else {
				up[i] = level[2*i]
			}
		}
		level = up
	}
	return levels
}

func path(levels [][][32]byte, index int) [][32]byte {
	out := make([][32]byte, 0, len(levels))
	for _, level := range levels[:len(levels)-1] {
		if sibling := index ^ 1; sibling < len(level) {
			out = append(out, level[sibling])
		}
		index /= 2
	}
	return out
}

func leafHash(record [32]byte) [32]byte {
	return sha256.Sum256(append([]byte{0}, record[:]...))
}

func nodeHash(l, r [32]byte) [32]byte {
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}
