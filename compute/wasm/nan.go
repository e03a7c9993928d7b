package wasm

// floats is what a number in floating point is, or a vector of some.
type floats byte

const (
	exact floats = iota // none, or one of which every bit is told by WebAssembly
	single
	double
	singles // four in a vector
	doubles // two in a vector
)

// Local variables that a function has besides its own when it makes floats, in groups of one: f32, f64, v128.
const scratch = 3

var scratchLocals = []byte{1, 0x7d, 1, 0x7c, 1, 0x7b}

// floats reports what an instruction makes that may be a NaN with bits of the processor's choice, and what it takes, so that NaNs among
// that are NaNs of what it makes. Of abs, neg, copysign and what moves bits WebAssembly tells every bit.
func (op opcode) floats() (makes, takes floats) {
	number := op & 0xff
	if op>>8 == vectors {
		switch {
		case number == 94: // f32x4.demote_f64x2_zero
			return singles, doubles
		case number == 95: // f64x2.promote_low_f32x4
			return doubles, singles
		case number >= 0x67 && number <= 0x6a, number >= 0xe3 && number <= 0xe9: // ceil to nearest, sqrt to max
			return singles, singles
		case number == 0x74, number == 0x75, number == 0x7a, number == 0x94, number >= 0xef && number <= 0xf5:
			return doubles, doubles
		}
		return exact, exact
	}
	switch {
	case op >= 0x8d && op <= 0x97: // f32.ceil to f32.max
		return single, single
	case op >= 0x9b && op <= 0xa5: // f64.ceil to f64.max
		return double, double
	case op == 0xb6: // f32.demote_f64
		return single, double
	case op == 0xbb: // f64.promote_f32
		return double, single
	}
	return exact, exact
}

// canonical returns code that leaves what is on the stack as it is, but for NaNs, which it makes the one NaN that is positive and
// quiet and says nothing. free is the first scratch variable. It is needed after an instruction that makes floats, unless the next one
// takes what was made and makes a NaN of a NaN. What a program only moves keeps its bits, as programs need that keep values in NaNs.
func (f floats) canonical(free uint32) []byte {
	var local uint32
	var nan, equal, choose []byte // x == x ? x : nan, or lane by lane
	switch f {
	case single:
		local, nan, equal, choose = free, []byte{0x43, 0, 0, 0xc0, 0x7f}, []byte{0x5b}, []byte{0x1b}
	case double:
		local, nan, equal, choose = free+1, []byte{0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f}, []byte{0x61}, []byte{0x1b}
	case singles:
		local, nan, equal, choose = free+2, []byte{vectors, 12, 0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0xc0, 0x7f}, []byte{vectors, 0x41}, []byte{vectors, 0x52}
	case doubles:
		local, nan, equal, choose = free+2, []byte{vectors, 12, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f}, []byte{vectors, 0x47}, []byte{vectors, 0x52}
	}
	code := append(appendU32([]byte{0x22}, local), nan...) // local.tee
	code = appendU32(append(code, 0x20), local)            // local.get
	code = appendU32(append(code, 0x20), local)
	return append(append(code, equal...), choose...)
}
