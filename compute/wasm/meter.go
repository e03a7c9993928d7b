package wasm

import "bytes"

// Meter returns a program that pays a unit of fuel whenever a function is called and a loop is passed, and stops when there is none
// left: nothing else in WebAssembly goes on without an end. It counts the same on every machine, other than time. How much there is
// stands in the global FuelGlobal, which is 0 at first, and of which the program does not know. Errors are of kind Invalid.
//
// The program also makes one NaN alone where WebAssembly leaves the bits of what an operation gives open, and processors differ; see
// canonical.
//
// What a unit takes is bounded by the length of the program, but for copies of memory, which the limit of memory bounds.
func Meter(program []byte) ([]byte, error) {
	m, err := read(program)
	if err != nil {
		return nil, err
	}
	r := &reader{b: m.sections[globalSection]}
	if r.b != nil {
		r.count("globals")
	}
	globals := append(appendU32(nil, m.globals+1), r.b[r.at:]...)
	m.sections[globalSection] = append(globals, 0x7e, 1, 0x42, 0, opEnd) // i64, it changes, 0

	r = &reader{b: m.sections[exportSection]}
	count := r.count("exports")
	exports := append(appendU32(nil, uint32(count)+1), r.b[r.at:]...)
	exports = append(appendU32(exports, uint32(len(FuelGlobal))), FuelGlobal...)
	m.sections[exportSection] = appendU32(append(exports, 3), m.globals)

	code, err := m.metered()
	if err != nil {
		return nil, err
	}
	m.sections[codeSection] = code
	out := bytes.Clone(magic)
	for _, id := range order {
		if content := m.sections[id]; content != nil {
			out = append(appendU32(append(out, id), uint32(len(content))), content...)
		}
	}
	return out, nil
}

// metered returns the code, in which each function and each loop begins with paying, and no NaN tells the processor.
func (m *module) metered() ([]byte, error) {
	pay := append(appendU32([]byte{0x23}, m.globals), 0x42, 1, 0x7d) // global.get, i64.const 1, i64.sub
	pay = append(appendU32(append(pay, 0x24), m.globals), 0x23)      // global.set, global.get
	pay = append(appendU32(pay, m.globals), 0x42, 0, 0x53)           // i64.const 0, i64.lt_s
	pay = append(pay, opIf, 0x40, 0x00, opEnd)                       // if it is below: unreachable

	r := &reader{b: m.sections[codeSection]}
	if r.b == nil {
		return nil, nil
	}
	count := r.count("functions")
	out := appendU32(make([]byte, 0, len(r.b)+len(r.b)/4), uint32(count))
	var code, body []byte
	for n := range count {
		in := &reader{b: r.bytes(r.count("bytes of a function"))}
		locals, groups, stand := in.locals()
		free := uint32(m.parameters[n] + locals) // the first number that no local variable has
		code = append(code[:0], pay...)
		floats := false
		made := exact // by the last instruction, and still to be made canonical
		for from := in.at; in.left() > 0; from = in.at {
			op := in.instruction(m.globals)
			makes, takes := op.floats()
			if made != exact && made != takes {
				code = append(code, made.canonical(free)...)
			}
			floats = floats || makes != exact
			made = makes
			code = append(code, in.b[from:in.at]...)
			if op == opLoop {
				code = append(code, pay...)
			}
			if len(out)+len(code) > metersMax {
				return nil, bad("with what counts its steps, its code has more than %d bytes", metersMax)
			}
		}
		body = body[:0]
		if floats && locals > localsMax-scratch {
			return nil, bad("a function that computes with floats has more than %d local variables", localsMax-scratch)
		}
		if floats {
			body = append(append(appendU32(body, uint32(groups+scratch)), stand...), scratchLocals...)
		} else {
			body = append(appendU32(body, uint32(groups)), stand...)
		}
		out = appendU32(out, uint32(len(body)+len(code)))
		out = append(append(out, body...), code...)
	}
	return out, nil
}
