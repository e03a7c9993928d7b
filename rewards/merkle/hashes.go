package merkle

// HashTree is a Merkle tree over hashes that are leaves already, of the layout of Tree. It is immutable, and safe for
// concurrent use.
type HashTree struct {
	leaves int
	nodes  [][32]byte
}

// NewHashes builds the tree over leaves in the order given. Without leaves it has the zero root, which proves nothing.
func NewHashes(leaves [][32]byte) *HashTree {
	n := len(leaves)
	t := &HashTree{leaves: n, nodes: make([][32]byte, max(2*n-1, 1))}
	for i, l := range leaves {
		t.nodes[2*n-2-i] = l
	}
	hashNodes(t.nodes)
	return t
}

// Root returns the hash that stands for the whole tree; zero without leaves.
func (t *HashTree) Root() [32]byte { return t.nodes[0] }

// Proof returns the hashes that prove leaf i, from the leaf to the root. It panics when there is no leaf i.
func (t *HashTree) Proof(i int) [][32]byte {
	if i < 0 || i >= t.leaves {
		panic("merkle: no such leaf")
	}
	proof := [][32]byte{}
	for at := 2*t.leaves - 2 - i; at > 0; at = parent(at) {
		proof = append(proof, t.nodes[sibling(at)])
	}
	return proof
}

// VerifyHash reports whether proof leads from leaf to root.
func VerifyHash(root, leaf [32]byte, proof [][32]byte) bool {
	h := newHasher()
	for _, s := range proof {
		leaf = h.node(leaf, s)
	}
	return leaf == root
}
