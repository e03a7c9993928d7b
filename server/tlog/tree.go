package tlog

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/transparency-dev/tessera/api/layout"
	merkle "golang.org/x/mod/sumdb/tlog"
)

const (
	width     = layout.TileWidth // hashes of a full tile, and entries of a full bundle
	widthBits = layout.TileHeight
	leafSize  = 32
	entrySize = 2 + leafSize // of a leaf in a bundle: its length comes first
)

// tree is the right edge of a log: all that the next leaves change. It follows from the leaves alone, so that files that are
// written again get the same bytes.
type tree struct {
	size   int64
	bundle []byte          // the entries after the last full bundle
	levels [][]merkle.Hash // of each level of tiles, the hashes after its last full tile
}

// file is a file of a log, by its name below the folder.
type file struct {
	name string
	body []byte
}

func (t *tree) clone() *tree {
	c := &tree{size: t.size, bundle: slices.Clone(t.bundle), levels: make([][]merkle.Hash, len(t.levels))}
	for i, hashes := range t.levels {
		c.levels[i] = slices.Clone(hashes)
	}
	return c
}

// add puts leaves at the end. It returns the files of C2SP tlog-tiles that are new: bundles of entries and tiles of hashes, full
// ones and the last of each level as far as it is.
func (t *tree) add(leaves [][32]byte) []file {
	before := t.size
	var files []file
	for i := range leaves {
		t.size++
		t.bundle = append(binary.BigEndian.AppendUint16(t.bundle, leafSize), leaves[i][:]...)
		if t.size%width == 0 {
			files = append(files, file{layout.EntriesPath(uint64(t.size/width-1), 0), t.bundle})
			t.bundle = make([]byte, 0, width*entrySize)
		}
		files = t.push(files, 0, merkle.RecordHash(leaves[i][:]))
	}
	if len(t.bundle) > 0 && t.size > before {
		files = append(files, file{layout.EntriesPath(uint64(t.size/width), uint8(t.size%width)), slices.Clone(t.bundle)})
	}
	for level, hashes := range t.levels {
		if now := t.size >> (level * widthBits); len(hashes) > 0 && now != before>>(level*widthBits) {
			files = append(files, tileOf(level, now/width, hashes))
		}
	}
	return files
}

// push puts a hash at the end of a level, and the root of the tile that it completes on the one above.
func (t *tree) push(files []file, level int, h merkle.Hash) []file {
	if level == len(t.levels) {
		t.levels = append(t.levels, make([]merkle.Hash, 0, width))
	}
	t.levels[level] = append(t.levels[level], h)
	hashes := t.levels[level]
	if len(hashes) < width {
		return files
	}
	t.levels[level] = hashes[:0]
	files = append(files, tileOf(level, t.size>>((level+1)*widthBits)-1, hashes))
	return t.push(files, level+1, perfect(hashes))
}

// tileOf is the tile of a level with an index that holds some hashes, or all.
func tileOf(level int, index int64, hashes []merkle.Hash) file {
	body := make([]byte, 0, len(hashes)*merkle.HashSize)
	for i := range hashes {
		body = append(body, hashes[i][:]...)
	}
	return file{layout.TilePath(uint64(level), uint64(index), uint8(len(hashes)%width)), body}
}

// root is the root of RFC 6962, section 2.1: of the perfect trees that the size is the sum of, the largest on the left, each has
// all that follow as its sibling.
func (t *tree) root() [32]byte {
	var peaks []merkle.Hash
	for _, hashes := range slices.Backward(t.levels) {
		for len(hashes) > 0 {
			n := 1 << (bits.Len(uint(len(hashes))) - 1)
			peaks = append(peaks, perfect(hashes[:n]))
			hashes = hashes[n:]
		}
	}
	if len(peaks) == 0 {
		return sha256.Sum256(nil)
	}
	root := peaks[len(peaks)-1]
	for _, peak := range slices.Backward(peaks[:len(peaks)-1]) {
		root = merkle.NodeHash(peak, root)
	}
	return root
}

// perfect is the root of a tree over a power of two of hashes.
func perfect(hashes []merkle.Hash) merkle.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return merkle.NodeHash(perfect(hashes[:half]), perfect(hashes[half:]))
}

// parseEntries reads as many leaves from the beginning of a bundle.
func parseEntries(raw []byte, count int) ([][32]byte, bool) {
	if len(raw) < count*entrySize {
		return nil, false
	}
	leaves := make([][32]byte, count)
	for i := range leaves {
		entry := raw[i*entrySize : (i+1)*entrySize]
		if binary.BigEndian.Uint16(entry) != leafSize {
			return nil, false
		}
		leaves[i] = [32]byte(entry[2:])
	}
	return leaves, true
}
