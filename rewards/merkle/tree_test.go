package merkle_test

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/rewards/merkle"
)

var update = flag.Bool("update", false, "write testdata again from what the code does")

// leaves returns n leaves with distinct addresses and sums.
func leaves(n int) []merkle.Leaf {
	all := make([]merkle.Leaf, n)
	for i := range all {
		binary.BigEndian.PutUint64(all[i].Address[4:], uint64(i)*0x9e3779b97f4a7c15+1)
		binary.BigEndian.PutUint32(all[i].Address[16:], uint32(i))
		all[i].Cumulative = new(big.Int).Mul(big.NewInt(int64(i)*7919+13), big.NewInt(1e12))
	}
	return all
}

func build(t testing.TB, l []merkle.Leaf) *merkle.Tree {
	t.Helper()
	tree, err := merkle.New(l)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestNewRefuses(t *testing.T) {
	good := leaves(3)
	change := func(f func(l []merkle.Leaf)) []merkle.Leaf {
		l := leaves(3)
		f(l)
		return l
	}
	most := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	for _, c := range []struct {
		name   string
		leaves []merkle.Leaf
		want   error
	}{
		{"none", nil, merkle.ErrEmpty},
		{"twice", append(good, good[1]), merkle.ErrDuplicate},
		{"twice with another sum", append(leaves(3), merkle.Leaf{Address: good[0].Address, Cumulative: big.NewInt(1)}), merkle.ErrDuplicate},
		{"zero address", change(func(l []merkle.Leaf) { l[1].Address = [20]byte{} }), merkle.ErrAddress},
		{"no sum", change(func(l []merkle.Leaf) { l[2].Cumulative = nil }), merkle.ErrSum},
		{"negative sum", change(func(l []merkle.Leaf) { l[2].Cumulative = big.NewInt(-1) }), merkle.ErrSum},
		{"257 bits", change(func(l []merkle.Leaf) { l[0].Cumulative = new(big.Int).Lsh(big.NewInt(1), 256) }), merkle.ErrSum},
		{"total of 257 bits", change(func(l []merkle.Leaf) { l[0].Cumulative = most }), merkle.ErrSum},
		{"largest", []merkle.Leaf{{Address: [20]byte{1}, Cumulative: most}}, nil},
		{"nothing owed", []merkle.Leaf{{Address: [20]byte{1}, Cumulative: new(big.Int)}}, nil},
	} {
		if _, err := merkle.New(c.leaves); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestProofs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		tree, err := merkle.New(leaves(n))
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		if !merkle.Verify(tree.Root(), tree.Leaf(i), tree.Proof(i)) {
			t.Fatalf("proof of leaf %d of %d does not verify", i, n)
		}
		lo := rapid.IntRange(0, n-1).Draw(t, "lo")
		hi := rapid.IntRange(lo+1, n).Draw(t, "hi")
		p := tree.Multi(lo, hi)
		if !merkle.VerifyMulti(tree.Root(), tree.Leaves(lo, hi), p) {
			t.Fatalf("proof of leaves %d to %d of %d does not verify", lo, hi, n)
		}
		// At each level a run has two ends, and the leaves stand on at most two levels.
		if most := 4 * (len(tree.Proof(0)) + 1); len(p.Proof) > most {
			t.Fatalf("proof of leaves %d to %d of %d has %d hashes, want at most %d", lo, hi, n, len(p.Proof), most)
		}
	})
}

// TestLargeTree proves every leaf of a tree that is hashed by several goroutines, each of several chunks.
func TestLargeTree(t *testing.T) {
	for _, n := range []int{2048, 2049, 4095, 4096, 10_001} {
		tree := build(t, leaves(n))
		for i := range n {
			if !merkle.Verify(tree.Root(), tree.Leaf(i), tree.Proof(i)) {
				t.Fatalf("leaf %d of %d is not proved", i, n)
			}
		}
	}
}

func TestForgeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 100).Draw(t, "n")
		tree, err := merkle.New(leaves(n))
		if err != nil {
			t.Fatal(err)
		}
		lo := rapid.IntRange(0, n-1).Draw(t, "lo")
		hi := rapid.IntRange(lo+1, n).Draw(t, "hi")
		batch, p, root := tree.Leaves(lo, hi), tree.Multi(lo, hi), tree.Root()
		at := rapid.IntRange(0, len(batch)-1).Draw(t, "at")
		bit := byte(1) << rapid.IntRange(0, 7).Draw(t, "bit")
		what := rapid.SampledFrom([]string{"sum", "address", "root", "hash", "flag", "order", "drop leaf", "add leaf", "drop hash", "add hash"}).Draw(t, "what")
		switch what {
		case "sum":
			batch[at].Cumulative = new(big.Int).Add(batch[at].Cumulative, big.NewInt(1))
		case "address":
			batch[at].Address[rapid.IntRange(0, 19).Draw(t, "byte")] ^= bit
		case "root":
			root[rapid.IntRange(0, 31).Draw(t, "byte")] ^= bit
		case "hash":
			if len(p.Proof) == 0 {
				return
			}
			p.Proof[rapid.IntRange(0, len(p.Proof)-1).Draw(t, "hash")][rapid.IntRange(0, 31).Draw(t, "byte")] ^= bit
		case "flag":
			f := rapid.IntRange(0, len(p.Flags)-1).Draw(t, "flag")
			p.Flags[f] = !p.Flags[f]
		case "order":
			// Two siblings hash to the same parent in either order, so swap ends of a longer run.
			if len(batch) < 3 {
				return
			}
			batch[0], batch[len(batch)-1] = batch[len(batch)-1], batch[0]
		case "drop leaf":
			batch = batch[1:]
		case "add leaf":
			batch = append(batch, merkle.Leaf{Address: [20]byte{0xff}, Cumulative: big.NewInt(1)})
		case "drop hash":
			if len(p.Proof) == 0 {
				return
			}
			p.Proof = p.Proof[1:]
		case "add hash":
			p.Proof = append(p.Proof, [32]byte{})
		}
		if merkle.VerifyMulti(root, batch, p) {
			t.Fatalf("a proof with a changed %s verifies", what)
		}
	})
}

func TestNothingProvesNothing(t *testing.T) {
	root := build(t, leaves(4)).Root()
	if merkle.VerifyMulti(root, nil, merkle.MultiProof{Proof: [][32]byte{root}}) {
		t.Error("a proof of no leaves verifies")
	}
	if merkle.Verify(root, merkle.Leaf{}, nil) {
		t.Error("a leaf without a sum verifies")
	}
}

// TestInnerNodeIsNoLeaf tries to pass off the children of the root as a leaf: an address and a sum of the same bytes.
func TestInnerNodeIsNoLeaf(t *testing.T) {
	tree := build(t, leaves(2))
	for i := range 2 {
		other := tree.Proof(i)[0]
		forged := merkle.Leaf{Cumulative: new(big.Int).SetBytes(other[:])}
		copy(forged.Address[:], tree.Proof(1 - i)[0][12:])
		if merkle.Verify(tree.Root(), forged, nil) {
			t.Error("an inner node passes for a leaf")
		}
	}
}

// TestRunsAreCheap holds the sizes that the cost of relaying rests on.
func TestRunsAreCheap(t *testing.T) {
	tree := build(t, leaves(100_000))
	for _, c := range []struct{ lo, hi, most int }{
		{0, 500, 15}, {500, 1000, 15}, {50_000, 50_500, 18}, {68_800, 69_300, 20}, {99_500, 100_000, 18}, {0, 100_000, 0},
	} {
		if got := len(tree.Multi(c.lo, c.hi).Proof); got > c.most {
			t.Errorf("leaves %d to %d of 100,000: %d hashes, want at most %d", c.lo, c.hi, got, c.most)
		}
	}
	worst, sum := 0, 0
	for lo := 0; lo < 100_000; lo += 500 {
		got := len(tree.Multi(lo, lo+500).Proof)
		worst, sum = max(worst, got), sum+got
	}
	if mean := float64(sum) / 200; worst > 24 || mean > 16 {
		t.Errorf("batches of 500: %.1f hashes on average and %d at worst, want at most 16 and 24", mean, worst)
	}
}

type vector struct {
	Name      string   `json:"name"`
	Accounts  []string `json:"accounts"`
	Sums      []string `json:"sums"`
	Total     string   `json:"total"`
	Root      string   `json:"root"`
	Index     int      `json:"index"`
	Proof     []string `json:"proof"`
	Lo        int      `json:"lo"`
	HiExclude int      `json:"hiExclusive"`
	Multi     []string `json:"multi"`
	Flags     []bool   `json:"flags"`
}

// TestVectors writes and holds the file that the vault's tests in rewards/contracts read too.
func TestVectors(t *testing.T) {
	var vectors []vector
	for _, c := range []struct{ n, index, lo, hi int }{
		{1, 0, 0, 1}, {2, 1, 0, 2}, {3, 2, 1, 3}, {5, 0, 0, 4}, {8, 3, 2, 7}, {13, 12, 5, 6}, {50, 17, 20, 45}, {100, 99, 0, 100},
	} {
		tree := build(t, leaves(c.n))
		v := vector{
			Name: fmt.Sprintf("%d leaves", c.n), Total: tree.Total().String(), Root: hex32(tree.Root()),
			Index: c.index, Proof: hexes(tree.Proof(c.index)), Lo: c.lo, HiExclude: c.hi,
		}
		for _, l := range tree.Leaves(0, c.n) {
			v.Accounts = append(v.Accounts, "0x"+hex.EncodeToString(l.Address[:]))
			v.Sums = append(v.Sums, l.Cumulative.String())
		}
		m := tree.Multi(c.lo, c.hi)
		v.Multi, v.Flags = hexes(m.Proof), m.Flags
		vectors = append(vectors, v)
	}
	got, err := json.MarshalIndent(map[string]any{"vectors": vectors}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const name = "testdata/vectors.json"
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the trees changed; a format never changes under its version (-want +got):\n%s", diff)
	}
}

func hex32(h [32]byte) string { return "0x" + hex.EncodeToString(h[:]) }

func hexes(hs [][32]byte) []string {
	out := []string{}
	for _, h := range hs {
		out = append(out, hex32(h))
	}
	return out
}

func BenchmarkNew1M(b *testing.B) {
	l := leaves(1_000_000)
	for b.Loop() {
		build(b, l)
	}
}

func BenchmarkProof1M(b *testing.B) {
	tree := build(b, leaves(1_000_000))
	for b.Loop() {
		tree.Proof(500_000)
	}
}

func BenchmarkMulti500(b *testing.B) {
	tree := build(b, leaves(100_000))
	for b.Loop() {
		tree.Multi(50_000, 50_500)
	}
}

func BenchmarkVerifyMulti500(b *testing.B) {
	tree := build(b, leaves(100_000))
	batch, p := tree.Leaves(50_000, 50_500), tree.Multi(50_000, 50_500)
	for b.Loop() {
		if !merkle.VerifyMulti(tree.Root(), batch, p) {
			b.Fatal("does not verify")
		}
	}
}
