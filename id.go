package tasknet

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"
)

// idEncoding is Crockford's alphabet in lower case: its byte order is its numeric order, so ids sort by time.
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// idLength is the number of characters after the prefix: 128 bits at 5 bits a character.
const idLength = 26

// lastID is what the newest id holds. Those of one millisecond count up, so that what a process makes one after the other
// sorts so, and a database that keeps it in order writes few pages.
var lastID struct {
	sync.Mutex
	ms   uint64
	tail [10]byte
}

// NewID returns prefix, an underscore and 26 characters that hold 128 bits: 48 bits of Unix milliseconds, then 80 bits
// that are random. Ids made later sort later: by the same process always, by others to the millisecond.
func NewID(prefix string, now time.Time) string {
	var raw [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	rand.Read(raw[6:]) // never fails: crypto/rand ends the program when the system has no randomness
	raw[6] &= 0x7f     // room to count up
	lastID.Lock()
	if lastID.ms == ms {
		step := binary.BigEndian.Uint32(raw[12:])
		copy(raw[6:], lastID.tail[:])
		carry := uint64(step) + 1
		for i := len(raw) - 1; i >= 6 && carry > 0; i-- {
			carry += uint64(raw[i])
			raw[i], carry = byte(carry), carry>>8
		}
	}
	lastID.ms, lastID.tail = ms, [10]byte(raw[6:])
	lastID.Unlock()
	return prefix + "_" + idEncoding.EncodeToString(raw[:])
}

// IDOf returns prefix, an underscore and 26 characters that hold the given 128 bits.
func IDOf(prefix string, raw [16]byte) string {
	return prefix + "_" + idEncoding.EncodeToString(raw[:])
}

// NewIDWithin returns an id as NewID does, whose milliseconds say when that began of which it is a part: those of one whole
// sort by chance, and nobody can tell from an id when it was made.
func NewIDWithin(prefix string, began time.Time) string {
	var raw [16]byte
	ms := uint64(began.UnixMilli())
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	rand.Read(raw[6:]) // never fails
	return prefix + "_" + idEncoding.EncodeToString(raw[:])
}

// CheckID reports whether id has the form that NewID gives for prefix. The error is Invalid.
func CheckID(prefix, id string) error {
	body, ok := strings.CutPrefix(id, prefix+"_")
	if ok && len(body) == idLength {
		if _, err := idEncoding.DecodeString(body); err == nil {
			return nil
		}
	}
	return NewError(Invalid, "bad_id", fmt.Sprintf("An id of this kind is %s_ and %d characters; check what was sent.", prefix, idLength))
}
