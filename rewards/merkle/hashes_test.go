package merkle_test

import (
	"testing"

	"github.com/tasknet/tasknet/rewards/merkle"
)

// TestHashes: each leaf of a tree is proven, and by nothing but its own proof.
func TestHashes(t *testing.T) {
	if root := merkle.NewHashes(nil).Root(); root != [32]byte{} {
		t.Errorf("the root of nothing is %x", root)
	}
	for n := 1; n <= 9; n++ {
		leaves := make([][32]byte, n)
		for i := range leaves {
			leaves[i] = merkle.Keccak([32]byte{byte(n), byte(i)})
		}
		tree := merkle.NewHashes(leaves)
		for i, leaf := range leaves {
			proof := tree.Proof(i)
			if !merkle.VerifyHash(tree.Root(), leaf, proof) {
				t.Errorf("leaf %d of %d is not proven", i, n)
			}
			if n > 1 && merkle.VerifyHash(tree.Root(), leaf, proof[1:]) {
				t.Errorf("leaf %d of %d is proven by less than its proof", i, n)
			}
			leaf[31] ^= 1
			if merkle.VerifyHash(tree.Root(), leaf, proof) {
				t.Errorf("a changed leaf %d of %d is proven", i, n)
			}
		}
	}
}
