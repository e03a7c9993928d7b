package tasknet

import (
	"crypto/sha256"
	"math/bits"
)

// Tree is the Merkle tree of RFC 6962, section 2.1, over the hashes of records in an order.
type Tree struct{ levels [][][32]byte }

// NewTree makes the tree over records. It takes 64 bytes of memory for each.
//
// A node without a sibling moves up unchanged, which is the same tree as the recursive definition in the RFC.
func NewTree(records [][32]byte) *Tree {
	level := make([][32]byte, len(records))
	for i, r := range records {
		level[i] = leafHash(r)
	}
	levels := make([][][32]byte, 0, bits.Len(uint(len(records)))+1)
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
	return &Tree{levels}
}

// Root returns the root hash: of no records, that of nothing.
func (t *Tree) Root() [32]byte {
	top := t.levels[len(t.levels)-1]
	if len(top) == 0 {
		return sha256.Sum256(nil)
	}
	return top[0]
}

// Path returns the audit path of the record at an index, from the bottom up.
func (t *Tree) Path(index int) [][32]byte {
	out := make([][32]byte, 0, len(t.levels))
	for _, level := range t.levels[:len(t.levels)-1] {
		if sibling := index ^ 1; sibling < len(level) {
			out = append(out, level[sibling])
		}
		index /= 2
	}
	return out
}

// CheckPath reports whether a path proves that the record at an index, of size records, is under a root.
func CheckPath(record, root [32]byte, index, size int, path [][32]byte) bool {
	if index < 0 || index >= size {
		return false
	}
	hash := leafHash(record)
	for last := size - 1; last > 0; index, last = index/2, last/2 {
		switch {
		case index%2 == 1:
			if len(path) == 0 {
				return false
			}
			hash, path = nodeHash(path[0], hash), path[1:]
		case index < last:
			if len(path) == 0 {
				return false
			}
			hash, path = nodeHash(hash, path[0]), path[1:]
		}
	}
	return len(path) == 0 && hash == root
}

func leafHash(record [32]byte) [32]byte {
	return sha256.Sum256(append([]byte{0}, record[:]...))
}

func nodeHash(l, r [32]byte) [32]byte {
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}
