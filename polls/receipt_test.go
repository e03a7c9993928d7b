package polls_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/polls"
)

// treeHash is the definition of RFC 6962, section 2.1, by its own recursion.
func treeHash(leaves [][32]byte) [32]byte {
	if len(leaves) == 1 {
		return sha256.Sum256(append([]byte{0}, leaves[0][:]...))
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	l, r := treeHash(leaves[:k]), treeHash(leaves[k:])
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}

func TestReceipts(t *testing.T) {
	public, key, err := ed25519.GenerateKey(nil)
	check(t, err)
	rapid.Check(t, func(t *rapid.T) {
		commit := polls.Commit{ID: "rcp_1", At: now, First: rapid.Int64Range(0, 1<<40).Draw(t, "first")}
		for range rapid.IntRange(1, 70).Draw(t, "size") {
			commit.Leaves = append(commit.Leaves, [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "leaf")))
		}
		receipts, err := commit.Receipts(instance, key)
		if err != nil {
			t.Fatal(err)
		}
		root := treeHash(commit.Leaves)
		for i, r := range receipts {
			if r.Leaf() != commit.First+int64(i) || !r.By.Equal(now.Add(polls.MergeDelay)) {
				t.Fatalf("receipt %d of %d promises leaf %d by %s", i, len(receipts), r.Leaf(), r.By)
			}
			if r.Root != root || r.Record != commit.Leaves[i] || !r.Check(instance, public) {
				t.Fatalf("receipt %d of %d does not hold", i, len(receipts))
			}
		}
		r := receipts[rapid.IntRange(0, len(receipts)-1).Draw(t, "index")]
		changes := map[string]func(*polls.Receipt){
			"record":    func(r *polls.Receipt) { r.Record[3] ^= 1 },
			"root":      func(r *polls.Receipt) { r.Root[3] ^= 1 },
			"id":        func(r *polls.Receipt) { r.ID = "rcp_2" },
			"size":      func(r *polls.Receipt) { r.Size++ },
			"index":     func(r *polls.Receipt) { r.Index = -1 },
			"leaf":      func(r *polls.Receipt) { r.First++ },
			"promise":   func(r *polls.Receipt) { r.By = r.By.Add(1e6) },
			"time":      func(r *polls.Receipt) { r.At = r.At.Add(1e6) },
			"signature": func(r *polls.Receipt) { r.Signature[5] ^= 1 },
			"path":      func(r *polls.Receipt) { r.Path = append(append([][32]byte{}, r.Path...), [32]byte{}) },
		}
		for name, change := range changes {
			bad := r
			change(&bad)
			if bad.Check(instance, public) {
				t.Fatalf("a receipt with another %s holds", name)
			}
		}
		if r.Check("other", public) {
			t.Fatal("a receipt of another instance holds")
		}
	})
}
