package wasm

import (
	"fmt"

	"github.com/tasknet/tasknet"
)

// bad is an error about a program.
func bad(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, "bad_program", "The program cannot be run: "+fmt.Sprintf(format, args...)+".")
}

// reader reads numbers and bytes. The first thing that is not there is its error; what is read after that is zero.
type reader struct {
	b   []byte
	at  int
	err error
}

func (r *reader) left() int { return len(r.b) - r.at }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = bad(format, args...)
		r.at = len(r.b)
	}
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > r.left() {
		r.fail("it ends too early")
		return nil
	}
	out := r.b[r.at : r.at+n]
	r.at += n
	return out
}

func (r *reader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// u32 reads an unsigned LEB128 number of 32 bits.
func (r *reader) u32() uint32 {
	var n uint64
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if n > 1<<32-1 {
				break
			}
			return uint32(n)
		}
	}
	r.fail("a number is too long")
	return 0
}

// signed skips a signed LEB128 number of at most so many bytes.
func (r *reader) signed(most int) {
	for range most {
		if r.byte() < 0x80 {
			return
		}
	}
	r.fail("a number is too long")
}

// count reads how many things follow. Each takes at least a byte, so that a few bytes cannot ask for much memory.
func (r *reader) count(of string) int {
	n := int64(r.u32())
	if n > int64(r.left()) {
		r.fail("it says that it has %d %s, in %d bytes", n, of, r.left())
		return 0
	}
	return int(n)
}

func (r *reader) name() string { return string(r.bytes(r.count("bytes of a name"))) }

// limits reads the limits of a table or a memory.
func (r *reader) limits() (least uint32) {
	flag := r.byte()
	if flag > 1 {
		r.fail("it has a memory that is shared or of 64 bits")
	}
	least = r.u32()
	if flag == 1 {
		r.u32()
	}
	return least
}

// appendU32 writes an unsigned LEB128 number.
func appendU32(b []byte, n uint32) []byte {
	for n >= 0x80 {
		b = append(b, byte(n)|0x80)
		n >>= 7
	}
	return append(b, byte(n))
}
