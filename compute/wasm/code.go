package wasm

// opcode is that of an instruction; of one of vectors its prefix and then its number.
type opcode uint16

// instruction reads one instruction and reports its opcode. globals is how many the module has.
func (r *reader) instruction(globals uint32) opcode {
	op := opcode(r.byte())
	switch {
	case op == opBlock || op == opLoop || op == opIf:
		r.signed(5)
	case op == 0x0c || op == 0x0d || op == 0x10: // br, br_if, call
		r.u32()
	case op == 0x0e: // br_table
		for range r.count("targets of a branch") {
			r.u32()
		}
		r.u32()
	case op == 0x11: // call_indirect
		r.u32()
		r.u32()
	case op == 0x1c: // select of a type
		r.bytes(r.count("types"))
	case op == 0x23 || op == 0x24: // global.get, global.set
		if n := r.u32(); n >= globals {
			r.fail("it uses global %d of %d", n, globals)
		}
	case op >= 0x20 && op <= 0x26: // locals and tables
		r.u32()
	case op >= 0x28 && op <= 0x3e: // loads and stores
		r.u32()
		r.u32()
	case op == 0x3f || op == 0x40: // memory.size, memory.grow
		r.byte()
	case op == 0x41:
		r.signed(5)
	case op == 0x42:
		r.signed(10)
	case op == 0x43:
		r.bytes(4)
	case op == 0x44:
		r.bytes(8)
	case op == 0xd0: // ref.null
		r.byte()
	case op == 0xd2: // ref.func
		r.u32()
	case op == 0xfc:
		r.prefixed()
	case op == vectors:
		return vectors<<8 | r.vector()
	case op <= 0x01 || op == 0x05 || op == opEnd || op == 0x0f || op == 0x1a || op == 0x1b || op >= 0x45 && op <= 0xc4 || op == 0xd1:
	default:
		r.fail("it has the instruction %#x, which is not of WebAssembly 2.0", op)
	}
	return op
}

// prefixed reads what follows 0xfc: conversions that saturate, and what concerns many bytes or elements.
func (r *reader) prefixed() {
	switch op := r.u32(); {
	case op <= 7:
	case op == 9 || op == 11 || op == 13 || op == 16 || op == 17: // data.drop, memory.fill, elem.drop, table.size, table.fill
		r.u32()
	case op == 8 || op == 10 || op == 12 || op == 14: // init and copy
		r.u32()
		r.u32()
	case op == 15:
		r.fail("it grows a table, which no limit of memory counts")
	default:
		r.fail("it has the instruction 0xfc %d, which is not of WebAssembly 2.0", op)
	}
}

// vector reads what follows 0xfd: instructions of vectors of 128 bits.
func (r *reader) vector() opcode {
	op := r.u32()
	switch {
	case op <= 11 || op == 92 || op == 93: // loads and stores
		r.u32()
		r.u32()
	case op == 12 || op == 13: // v128.const, i8x16.shuffle
		r.bytes(16)
	case op >= 21 && op <= 34: // lanes
		r.byte()
	case op >= 84 && op <= 91: // loads and stores of lanes
		r.u32()
		r.u32()
		r.byte()
	case op > 255:
		r.fail("it has the instruction 0xfd %d, which is not of WebAssembly 2.0", op)
	}
	return opcode(op & 0xff)
}

const (
	opBlock = 0x02
	opLoop  = 0x03
	opIf    = 0x04
	opEnd   = 0x0b
	vectors = 0xfd
)

// constant skips an expression that gives a value before anything runs. It cannot loop.
func (r *reader) constant(globals uint32) {
	for r.err == nil {
		switch op := r.instruction(globals); op {
		case opEnd:
			return
		case 0x23, 0x41, 0x42, 0x43, 0x44, 0xd0, 0xd2, 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e, vectors<<8 | 12: // and sums of constants
		default:
			r.fail("a constant has the instruction %#x", op)
		}
	}
}
