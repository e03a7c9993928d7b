package merkle

import "math/big"

// Spent is what an account of a requester has spent in all, in base units of the token.
type Spent struct {
	Account    [32]byte // keccak256(abi.encode(owner, reference))
	Cumulative *big.Int
}

// SpendingTree is a Merkle tree over what accounts have spent, of the layout and the leaf rule of Tree, with an account in
// the place of the address. It is immutable, and safe for concurrent use.
type SpendingTree struct {
	leaves []Spent
	nodes  [][32]byte
	total  *big.Int
}

// NewSpending builds the tree over leaves in the order given. It returns ErrDuplicate when an account comes twice and
// ErrSum when a sum or their total does not fit a uint256. Without leaves the tree has the zero root, which proves
// nothing. The tree keeps the leaves' numbers: do not change them.
func NewSpending(leaves []Spent) (*SpendingTree, error) {
	n := len(leaves)
	t := &SpendingTree{leaves: append([]Spent(nil), leaves...), nodes: make([][32]byte, max(2*n-1, 1)), total: new(big.Int)}
	seen := make(map[[32]byte]struct{}, n)
	for _, l := range t.leaves {
		if _, twice := seen[l.Account]; twice {
			return nil, ErrDuplicate
		}
		seen[l.Account] = struct{}{}
		if !fits(l.Cumulative) {
			return nil, ErrSum
		}
		t.total.Add(t.total, l.Cumulative)
	}
	if !fits(t.total) {
		return nil, ErrSum
	}
	parallel(0, n, func(h *hasher, i int) { t.nodes[2*n-2-i] = h.spent(t.leaves[i]) })
	hashNodes(t.nodes)
	return t, nil
}

// Root returns the hash that stands for the whole tree; zero without leaves.
func (t *SpendingTree) Root() [32]byte { return t.nodes[0] }

// Total returns the sum of all leaves.
func (t *SpendingTree) Total() *big.Int { return new(big.Int).Set(t.total) }

// Proof returns the hashes that prove leaf i, from the leaf to the root. It panics when there is no leaf i.
func (t *SpendingTree) Proof(i int) [][32]byte {
	return proofOf(t.nodes, placeOf(i, len(t.leaves)))
}

// VerifySpent reports whether proof leads from leaf to root.
func VerifySpent(root [32]byte, leaf Spent, proof [][32]byte) bool {
	if !fits(leaf.Cumulative) {
		return false
	}
	h := newHasher()
	return h.climb(h.spent(leaf), proof) == root
}

func fits(n *big.Int) bool { return n != nil && n.Sign() >= 0 && n.BitLen() <= 256 }

func (h *hasher) spent(l Spent) [32]byte {
	copy(h.in[:32], l.Account[:])
	l.Cumulative.FillBytes(h.in[32:])
	once := h.sum(h.in[:])
	return h.sum(once[:])
}
