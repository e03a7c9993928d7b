package merkle_test

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/rewards/merkle"
)

func TestSpending(t *testing.T) {
	empty, err := merkle.NewSpending(nil)
	if err != nil || empty.Root() != [32]byte{} || empty.Total().Sign() != 0 {
		t.Fatalf("an empty tree: %x, %v", empty.Root(), err)
	}
	if merkle.VerifySpent(empty.Root(), merkle.Spent{Cumulative: new(big.Int)}, nil) {
		t.Error("the empty tree proves something")
	}
	// An account whose first twelve bytes are zero hashes as the address that the others are.
	address := [20]byte{7}
	var account [32]byte
	copy(account[12:], address[:])
	paid, err := merkle.New([]merkle.Leaf{{Address: address, Cumulative: big.NewInt(5)}})
	if err != nil {
		t.Fatal(err)
	}
	spent, err := merkle.NewSpending([]merkle.Spent{{Account: account, Cumulative: big.NewInt(5)}})
	if err != nil || spent.Root() != paid.Root() {
		t.Errorf("the leaf rules differ: %x, %x, %v", spent.Root(), paid.Root(), err)
	}
	for name, c := range map[string]struct {
		leaves []merkle.Spent
		want   error
	}{
		"twice":    {[]merkle.Spent{{[32]byte{1}, big.NewInt(1)}, {[32]byte{1}, big.NewInt(2)}}, merkle.ErrDuplicate},
		"negative": {[]merkle.Spent{{[32]byte{1}, big.NewInt(-1)}}, merkle.ErrSum},
		"no sum":   {[]merkle.Spent{{[32]byte{1}, nil}}, merkle.ErrSum},
		"too much": {[]merkle.Spent{{[32]byte{1}, most()}, {[32]byte{2}, big.NewInt(1)}}, merkle.ErrSum},
	} {
		if _, err := merkle.NewSpending(c.leaves); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		leaves := make([]merkle.Spent, rapid.IntRange(1, 40).Draw(t, "leaves"))
		sum := int64(0)
		for i := range leaves {
			n := rapid.Int64Range(0, 1000).Draw(t, "spent")
			leaves[i] = merkle.Spent{Account: [32]byte{byte(i), 9}, Cumulative: big.NewInt(n)}
			sum += n
		}
		tree, err := merkle.NewSpending(leaves)
		if err != nil || tree.Total().Int64() != sum {
			t.Fatalf("total %v, want %d, %v", tree.Total(), sum, err)
		}
		i := rapid.IntRange(0, len(leaves)-1).Draw(t, "i")
		other := leaves[(i+1)%len(leaves)]
		other.Cumulative = big.NewInt(1001)
		if !merkle.VerifySpent(tree.Root(), leaves[i], tree.Proof(i)) || merkle.VerifySpent(tree.Root(), other, tree.Proof(i)) {
			t.Fatalf("leaf %d of %d", i, len(leaves))
		}
	})
}

func most() *big.Int {
	one := big.NewInt(1)
	return one.Sub(new(big.Int).Lsh(one, 256), one)
}
