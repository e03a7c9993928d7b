package tasknet_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"

	"github.com/tasknet/tasknet"
)

// The recursive definition of RFC 6962, section 2.1.
func plainRoot(records [][32]byte) [32]byte {
	switch n := len(records); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, records[0][:]...))
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		l, r := plainRoot(records[:k]), plainRoot(records[k:])
		return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	var records [][32]byte
	for n := range 70 {
		tree := tasknet.NewTree(records)
		root := tree.Root()
		if root != plainRoot(records) {
			t.Fatalf("%d records: root %x, by the definition %x", n, root, plainRoot(records))
		}
		for i, r := range records {
			path := tree.Path(i)
			if !tasknet.CheckPath(r, root, i, n, path) {
				t.Fatalf("the path of %d of %d does not fit", i, n)
			}
			other := r
			other[3] ^= 1
			for what, fits := range map[string]bool{
				"another record": tasknet.CheckPath(other, root, i, n, path), "another root": tasknet.CheckPath(r, other, i, n, path),
				"a longer path": tasknet.CheckPath(r, root, i, n, append(path, other)), "an index outside": tasknet.CheckPath(r, root, n, n, path),
				"a shorter path": len(path) > 0 && tasknet.CheckPath(r, root, i, n, path[1:]), "another index": n > 1 && tasknet.CheckPath(r, root, (i+1)%n, n, path),
			} {
				if fits {
					t.Fatalf("%s of %d of %d fits", what, i, n)
				}
			}
		}
		records = append(records, sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n))))
	}
	empty := tasknet.NewTree(nil).Root()
	if got := hex.EncodeToString(empty[:]); got != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Fatalf("the root of nothing is %s", got)
	}
}
