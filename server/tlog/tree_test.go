package tlog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/tasknet/tasknet"
)

// TestTree: however a tree grows, its root is that of RFC 6962, and it writes the same files.
func TestTree(t *testing.T) {
	t.Parallel()
	const most = 70_000
	leaves := make([][32]byte, most)
	for i := range leaves {
		leaves[i] = sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
	}
	once, written := new(tree), make(map[string][]byte)
	for _, f := range once.add(leaves) {
		written[f.name] = f.body
	}
	for n := range 1100 {
		if got := grown(leaves[:n]); got.root() != tasknet.NewTree(leaves[:n]).Root() {
			t.Fatalf("the root of %d leaves is wrong", n)
		}
	}
	for range 20 {
		stepped, files := new(tree), make(map[string][]byte)
		for stepped.size < most {
			from := stepped.clone()
			next := leaves[from.size:min(most, from.size+1+rand.Int64N(1+rand.Int64N(2000)))]
			for _, f := range stepped.add(next) {
				files[f.name] = f.body
			}
			if again := from.add(next); !bytes.Equal(again[0].body, files[again[0].name]) {
				t.Fatalf("a copy of a tree of %d leaves grows differently", from.size)
			}
			if rand.N(20) == 0 && stepped.root() != tasknet.NewTree(leaves[:stepped.size]).Root() {
				t.Fatalf("the root of %d leaves is wrong", stepped.size)
			}
		}
		for name, body := range written {
			if !bytes.Equal(files[name], body) {
				t.Fatalf("%s is something else when the tree grows in steps", name)
			}
		}
		if stepped.root() != once.root() {
			t.Fatal("the root is another one when the tree grows in steps")
		}
	}
}

func grown(leaves [][32]byte) *tree {
	t := new(tree)
	t.add(leaves)
	return t
}
