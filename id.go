package tasknet

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
	"time"
)

// idEncoding is Crockford's alphabet in lower case: its byte order is its numeric order, so ids sort by time.
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// idLength is the number of characters after the prefix: 128 bits at 5 bits a character.
const idLength = 26

// NewID returns prefix, an underscore and 26 characters that hold 128 bits: 48 bits of Unix milliseconds, then 80
// random bits. Ids made later sort later, to the millisecond.
func NewID(prefix string, now time.Time) string {
	var raw [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	rand.Read(raw[6:]) // never fails: crypto/rand ends the program when the system has no randomness
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
