package merkle_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/rewards/merkle"
)

// TestMultiOfSome proves leaves picked at random, as a relayer does that leaves out those who cost more than they get.
func TestMultiOfSome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := make([]merkle.Leaf, rapid.IntRange(1, 60).Draw(t, "leaves"))
		for i := range leaves {
			leaves[i] = merkle.Leaf{Address: [20]byte{byte(i), 1}, Cumulative: big.NewInt(int64(i))}
		}
		tree, err := merkle.New(leaves)
		if err != nil {
			t.Fatal(err)
		}
		var some []int
		for i := range leaves {
			if rapid.Bool().Draw(t, "in") {
				some = append(some, i)
			}
		}
		if len(some) == 0 {
			some = []int{len(leaves) - 1}
		}
		picked := tree.LeavesOf(some)
		if !merkle.VerifyMulti(tree.Root(), picked, tree.MultiOf(some)) {
			t.Fatalf("leaves %v of %d are not proved", some, len(leaves))
		}
		picked[0].Cumulative = big.NewInt(1 << 40)
		if merkle.VerifyMulti(tree.Root(), picked, tree.MultiOf(some)) {
			t.Fatalf("another sum is proved by %v", some)
		}
	})
}
