package tasknet

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Hash returns the SHA-256 of tag, a newline, and the RFC 8785 (JCS) form of v. The tag names the purpose and the
// version of what is hashed, such as "tasknet/answer/v1", so that bytes signed for one purpose never serve another.
// v may hold objects, arrays, strings, booleans, null and integers between -2^53 and 2^53; anything else is an error,
// because it would not be the same number in every language.
func Hash(tag string, v any) ([32]byte, error) {
	body, err := Canonical(v)
	if err != nil {
		return [32]byte{}, fmt.Errorf("hash %s: %w", tag, err)
	}
	return sha256.Sum256(append(append([]byte(tag), '\n'), body...)), nil
}

// Canonical returns the RFC 8785 form of v, within the limits that Hash states.
func Canonical(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	c := canonical{raw: raw, out: make([]byte, 0, len(raw))}
	if err := c.value(); err != nil {
		return nil, err
	}
	return c.out, nil
}

// canonical rewrites the JSON that json.Marshal made, which is valid and has no space between its tokens, in one pass: a
// tree of values would take three times as long.
type canonical struct {
	raw []byte // what is left to read
	out []byte
}

const maxSafeInteger = 1 << 53

// value copies the next value.
func (c *canonical) value() error {
	switch c.raw[0] {
	case '{':
		return c.object()
	case '[':
		c.take(1)
		for c.raw[0] != ']' {
			if c.raw[0] == ',' {
				c.take(1)
			}
			if err := c.value(); err != nil {
				return err
			}
		}
		c.take(1)
		return nil
	case '"':
		_, err := c.text()
		return err
	case 'n', 't':
		c.take(len("null"))
		return nil
	case 'f':
		c.take(len("false"))
		return nil
	}
	end := bytes.IndexAny(c.raw, ",]}")
	if end < 0 {
		end = len(c.raw)
	}
	n, err := strconv.ParseInt(string(c.raw[:end]), 10, 64)
	if err != nil || n > maxSafeInteger || n < -maxSafeInteger {
		return fmt.Errorf("canonical: %s is not an integer of at most 53 bits", c.raw[:end])
	}
	c.out, c.raw = strconv.AppendInt(c.out, n, 10), c.raw[end:]
	return nil
}

// take copies so many bytes as they are.
func (c *canonical) take(n int) {
	c.out, c.raw = append(c.out, c.raw[:n]...), c.raw[n:]
}

// member is one of an object, and where it is in the output.
type member struct {
	key      string
	from, to int
}

// object copies the next object, and puts its members in order. Of those that have one key, the last counts.
func (c *canonical) object() error {
	start := len(c.out)
	var members []member
	ordered := true
	c.take(1)
	for c.raw[0] != '}' {
		if c.raw[0] == ',' {
			c.take(1)
		}
		m := member{from: len(c.out)}
		var err error
		if m.key, err = c.text(); err != nil {
			return err
		}
		c.take(1) // the colon
		if err := c.value(); err != nil {
			return err
		}
		m.to = len(c.out)
		ordered = ordered && (len(members) == 0 || compareUTF16(members[len(members)-1].key, m.key) < 0)
		members = append(members, m)
	}
	c.take(1)
	if ordered {
		return nil
	}
	slices.SortStableFunc(members, func(a, b member) int { return compareUTF16(a.key, b.key) })
	sorted := make([]byte, 0, len(c.out)-start)
	for i, m := range members {
		if i+1 < len(members) && members[i+1].key == m.key {
			continue
		}
		sorted = append(sorted, ',')
		sorted = append(sorted, c.out[m.from:m.to]...)
	}
	sorted[0] = '{'
	c.out = append(append(c.out[:start], sorted...), '}')
	return nil
}

// text copies the next string, and returns what it says.
func (c *canonical) text() (string, error) {
	end := 1
	for plain := true; ; end++ {
		switch c.raw[end] {
		case '\\':
			plain = false
			end++
		case '"':
			quoted := c.raw[:end+1]
			if plain && utf8.Valid(quoted) {
				c.take(end + 1)
				return string(quoted[1:end]), nil
			}
			var s string
			if err := json.Unmarshal(quoted, &s); err != nil {
				return "", err
			}
			c.out, c.raw = appendCanonicalString(c.out, s), c.raw[end+1:]
			return s, nil
		}
	}
}

// compareUTF16 is the key order of RFC 8785, section 3.2.3: by UTF-16 code units, which differs from UTF-8 order
// outside the basic plane.
func compareUTF16(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] >= utf8.RuneSelf || b[i] >= utf8.RuneSelf {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		}
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}

func appendCanonicalString(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r >= 0x20:
			out = utf8.AppendRune(out, r)
		default:
			if i := strings.IndexRune("\b\t\n\f\r", r); i >= 0 {
				out = append(out, '\\', "btnfr"[i])
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
		}
	}
	return append(out, '"')
}
