package interchange

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// Names numbers names from 0. The text of all is in one piece, since there may be millions.
type Names struct {
	text []byte
	end  []int // of each name, where it ends in text

	seed  maphash.Seed
	slots []slot // by hash, with open addressing; as many as a power of 2
}

// slot is where a name may be found. A part of the hash is kept, so that few names that are not meant are looked at.
type slot struct {
	hash   uint32
	number int32 // and 1; 0 where there is none
}

func newNames() *Names {
	return &Names{seed: maphash.MakeSeed(), slots: make([]slot, 64)}
}

// Len returns how many names there are.
func (n *Names) Len() int { return len(n.end) }

// Of returns the name with a number.
func (n *Names) Of(number int32) string { return string(n.bytes(number)) }

// Find returns the number of a name, or that there is no such name.
func (n *Names) Find(name string) (number int32, ok bool) {
	at, _ := n.find([]byte(name))
	return n.slots[at].number - 1, n.slots[at].number != 0
}

func (n *Names) bytes(number int32) []byte {
	from := 0
	if number > 0 {
		from = n.end[number-1]
	}
	return n.text[from:n.end[number]]
}

// find returns the slot of a name, or the empty one where it belongs.
func (n *Names) find(name []byte) (at int, hash uint32) {
	sum := maphash.Bytes(n.seed, name)
	hash = uint32(sum >> 32)
	for at = int(sum) & (len(n.slots) - 1); n.slots[at].number != 0; at = (at + 1) & (len(n.slots) - 1) {
		if n.slots[at].hash == hash && bytes.Equal(n.bytes(n.slots[at].number-1), name) {
			break
		}
	}
	return at, hash
}

// add returns the number of a name, which is a new one if it is not there yet.
func (n *Names) add(name []byte) int32 {
	at, hash := n.find(name)
	if n.slots[at].number == 0 {
		n.text = append(n.text, name...)
		n.end = append(n.end, len(n.text))
		n.slots[at] = slot{hash, int32(len(n.end))}
		if 4*len(n.end) > 3*len(n.slots) {
			n.index(2 * len(n.slots))
			return int32(len(n.end) - 1)
		}
	}
	return n.slots[at].number - 1
}

// index finds a slot for every name.
func (n *Names) index(slots int) {
	n.slots = make([]slot, slots)
	for i := range n.end {
		at, hash := n.find(n.bytes(int32(i)))
		n.slots[at] = slot{hash, int32(i + 1)}
	}
}

// sort numbers the names in their order, and returns the new number of each old one.
func (n *Names) sort() (renumbered []int32) {
	type key struct {
		head   uint64 // the bytes after those that all names begin with
		number int32
	}
	common := n.common()
	order := make([]key, len(n.end))
	for i := range order {
		var head [8]byte
		copy(head[:], n.bytes(int32(i))[common:])
		order[i] = key{binary.BigEndian.Uint64(head[:]), int32(i)}
	}
	slices.SortFunc(order, func(a, b key) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return bytes.Compare(n.bytes(a.number), n.bytes(b.number))
	})
	text, end := make([]byte, 0, len(n.text)), make([]int, len(n.end))
	renumbered = make([]int32, len(n.end))
	for i, k := range order {
		text = append(text, n.bytes(k.number)...)
		end[i] = len(text)
		renumbered[k.number] = int32(i)
	}
	n.text, n.end = text, end
	n.index(len(n.slots))
	return renumbered
}

// common returns how many bytes all names begin with alike.
func (n *Names) common() int {
	if len(n.end) == 0 {
		return 0
	}
	first := n.bytes(0)
	for i := range n.end {
		name := n.bytes(int32(i))
		same := 0
		for same < min(len(first), len(name)) && first[same] == name[same] {
			same++
		}
		first = first[:same]
	}
	return len(first)
}

// renumber puts new numbers in the place of old ones. What is negative stands for no name.
func renumber(column, renumbered []int32) {
	for i, old := range column {
		if old >= 0 {
			column[i] = renumbered[old]
		}
	}
}
