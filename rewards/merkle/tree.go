// Package merkle builds the Merkle trees that vaults pay by, under the leaf rule of OpenZeppelin's StandardMerkleTree:
// a leaf is keccak256(keccak256(abi.encode(address, uint256))), and a node hashes its two children in sorted order. It
// is pure: no I/O, no clock.
//
// # Layout
//
// A tree of n leaves is an array of 2n-1 hashes with the root at 0 and the children of i at 2i+1 and 2i+2. Leaf i, in
// the order given to New, stands at 2n-2-i: the last place holds the first leaf. That is the tree that StandardMerkleTree
// builds with sortLeaves off, so its JavaScript tools read ours. Two things follow, on which relayed payouts rest:
//
//   - Leaves in the order of the tree are in the order in which multiProofVerify consumes them, so the leaves of a batch
//     are passed as they come.
//   - A run of neighbouring leaves needs a hash or two for each level at its two ends and none inside: about 15 for 500
//     of 100,000, where 500 leaves picked at random need some 3,400.
package merkle

import (
	"bytes"
	"hash"
	"math/big"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/sha3"

	"github.com/tasknet/tasknet"
)

// Leaf is what an address may have been paid in all, in base units of the token.
type Leaf struct {
	Address    [20]byte
	Cumulative *big.Int
}

// MultiProof proves several leaves at once, as OpenZeppelin's MerkleProof.multiProofVerify reads it.
type MultiProof struct {
	Proof [][32]byte
	Flags []bool
}

// Errors of New.
var (
	ErrEmpty     = tasknet.NewError(tasknet.Invalid, "merkle_empty", "A payout tree needs at least one leaf.")
	ErrDuplicate = tasknet.NewError(tasknet.Invalid, "merkle_duplicate", "An address stands in the payout tree twice; add up its sums first.")
	ErrAddress   = tasknet.NewError(tasknet.Invalid, "merkle_zero_address", "The zero address cannot be paid; leave it out of the payout tree.")
	ErrSum       = tasknet.NewError(tasknet.Invalid, "merkle_bad_sum", "A sum in the payout tree is missing, negative, or over 256 bits.")
)

// Tree is a Merkle tree over leaves. It is immutable, and safe for concurrent use.
type Tree struct {
	leaves []Leaf
	nodes  [][32]byte
	total  *big.Int
}

// New builds the tree over leaves in the order given. It returns ErrEmpty without leaves, ErrDuplicate when an address
// comes twice (it could be paid only one of its sums), ErrAddress for the zero address, which tokens refuse to pay, and
// ErrSum when a sum or their total does not fit a uint256. The tree keeps the leaves' numbers: do not change them.
func New(leaves []Leaf) (*Tree, error) {
	n := len(leaves)
	if n == 0 {
		return nil, ErrEmpty
	}
	t := &Tree{
		leaves: append([]Leaf(nil), leaves...),
		nodes:  make([][32]byte, 2*n-1),
		total:  new(big.Int),
	}
	seen := make(map[[20]byte]struct{}, n)
	for _, l := range t.leaves {
		if l.Address == [20]byte{} {
			return nil, ErrAddress
		}
		if _, twice := seen[l.Address]; twice {
			return nil, ErrDuplicate
		}
		seen[l.Address] = struct{}{}
		if !fits(l.Cumulative) {
			return nil, ErrSum
		}
		t.total.Add(t.total, l.Cumulative)
	}
	if !fits(t.total) {
		return nil, ErrSum
	}
	parallel(0, n, func(h *hasher, i int) { t.nodes[2*n-2-i] = h.leaf(t.leaves[i]) })
	hashNodes(t.nodes)
	return t, nil
}

// hashNodes makes the inner nodes of a tree whose leaves stand in the last half of nodes, level by level from below.
func hashNodes(nodes [][32]byte) {
	inner := len(nodes) / 2
	for top := 1 << bits.Len(uint(inner)); top > 1; top >>= 1 {
		parallel(top/2-1, min(top-1, inner), func(h *hasher, i int) { nodes[i] = h.node(nodes[2*i+1], nodes[2*i+2]) })
	}
}

// chunk is how many hashes are worth a goroutine: about a millisecond of them.
const chunk = 2048

// parallel calls do for each number from lo up to, not including, hi, on all processors. Each goroutine has a hasher.
func parallel(lo, hi int, do func(h *hasher, i int)) {
	var next atomic.Int64
	next.Store(int64(lo))
	work := func() {
		h := newHasher()
		for {
			from := int(next.Add(chunk)) - chunk
			if from >= hi {
				return
			}
			for i := from; i < min(from+chunk, hi); i++ {
				do(h, i)
			}
		}
	}
	var others sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (hi-lo+chunk-1)/chunk) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}

// Len returns the number of leaves.
func (t *Tree) Len() int { return len(t.leaves) }

// Root returns the hash that stands for the whole tree.
func (t *Tree) Root() [32]byte { return t.nodes[0] }

// Total returns the sum of all leaves.
func (t *Tree) Total() *big.Int { return new(big.Int).Set(t.total) }

// Leaf returns leaf i.
func (t *Tree) Leaf(i int) Leaf { return t.leaves[i] }

// Leaves returns the leaves from lo up to, not including, hi: those that Multi(lo, hi) proves, in its order.
func (t *Tree) Leaves(lo, hi int) []Leaf { return append([]Leaf(nil), t.leaves[lo:hi]...) }

// Proof returns the hashes that prove leaf i, from the leaf to the root. It panics when there is no leaf i.
func (t *Tree) Proof(i int) [][32]byte { return proofOf(t.nodes, t.place(i)) }

// proofOf returns the hashes beside the way from a place in a tree to its root.
func proofOf(nodes [][32]byte, place int) [][32]byte {
	proof := [][32]byte{}
	for at := place; at > 0; at = parent(at) {
		proof = append(proof, nodes[sibling(at)])
	}
	return proof
}

// Multi returns one proof for all leaves from lo up to, not including, hi. It panics when the range is empty or reaches
// beyond the leaves, as a slice does.
func (t *Tree) Multi(lo, hi int) MultiProof {
	if lo >= hi {
		panic("merkle: Multi of an empty range")
	}
	numbers := make([]int, 0, hi-lo)
	for n := lo; n < hi; n++ {
		numbers = append(numbers, n)
	}
	return t.MultiOf(numbers)
}

// Verify reports whether proof leads from leaf to root.
func Verify(root [32]byte, leaf Leaf, proof [][32]byte) bool {
	if !fits(leaf.Cumulative) {
		return false
	}
	h := newHasher()
	return h.climb(h.leaf(leaf), proof) == root
}

// climb returns the root that a proof leads to from a leaf's hash.
func (h *hasher) climb(leaf [32]byte, proof [][32]byte) [32]byte {
	at := leaf
	for _, s := range proof {
		at = h.node(at, s)
	}
	return at
}

// VerifyMulti reports whether p leads from leaves, in the order of their tree, to root. It accepts what the vault
// accepts; no leaves at all prove nothing.
func VerifyMulti(root [32]byte, leaves []Leaf, p MultiProof) bool {
	if len(leaves) == 0 || len(leaves)+len(p.Proof) != len(p.Flags)+1 {
		return false
	}
	h := newHasher()
	queue := make([][32]byte, 0, len(leaves)+len(p.Flags))
	for _, l := range leaves {
		if !fits(l.Cumulative) {
			return false
		}
		queue = append(queue, h.leaf(l))
	}
	head, used := 0, 0
	for _, known := range p.Flags {
		if head >= len(queue) {
			return false
		}
		a := queue[head]
		head++
		var b [32]byte
		switch {
		case known && head < len(queue):
			b = queue[head]
			head++
		case !known && used < len(p.Proof):
			b = p.Proof[used]
			used++
		default:
			return false
		}
		queue = append(queue, h.node(a, b))
	}
	return used == len(p.Proof) && queue[len(queue)-1] == root
}

func (t *Tree) place(leaf int) int { return placeOf(leaf, len(t.leaves)) }

// placeOf returns where a leaf of so many stands among the nodes of a tree.
func placeOf(leaf, count int) int {
	if leaf < 0 || leaf >= count {
		panic("merkle: no such leaf")
	}
	return 2*count - 2 - leaf
}

func parent(at int) int { return (at - 1) / 2 }

// sibling of an odd place is the next, of an even one the one before; the root has none.
func sibling(at int) int {
	if at%2 == 1 {
		return at + 1
	}
	return at - 1
}

// hasher keeps one Keccak state and its buffers for many hashes, which halves the time of a large tree.
type hasher struct {
	keccak hash.Hash
	in     [64]byte
	out    [32]byte
}

func newHasher() *hasher { return &hasher{keccak: sha3.NewLegacyKeccak256()} }

func (h *hasher) sum(b []byte) [32]byte {
	h.keccak.Reset()
	h.keccak.Write(b)
	h.keccak.Sum(h.out[:0])
	return h.out
}

// leaf hashes twice, so that no inner node, which is also 64 bytes, can pass for a leaf.
func (h *hasher) leaf(l Leaf) [32]byte {
	clear(h.in[:12])
	copy(h.in[12:32], l.Address[:])
	l.Cumulative.FillBytes(h.in[32:])
	once := h.sum(h.in[:])
	return h.sum(once[:])
}

func (h *hasher) node(a, b [32]byte) [32]byte {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	copy(h.in[:32], a[:])
	copy(h.in[32:], b[:])
	return h.sum(h.in[:])
}
