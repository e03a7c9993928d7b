package wasm

import (
	"bytes"
	"slices"
)

// BytesMax is the most bytes that a program may have.
const BytesMax = 64 << 20

// WASI is the module whose functions a program may import, and nothing else.
const WASI = "wasi_snapshot_preview1"

// FuelGlobal is the name under which a program that pays exports how much it may still spend, an i64. Below zero it has run out.
const FuelGlobal = "tasknet fuel"

// Limits that the bytes of a program do not set by themselves.
const (
	localsMax   = 50_000
	elementsMax = 1 << 20      // of a table
	metersMax   = 2 * BytesMax // bytes that the code may have with what Meter adds
)

// The sections that a module has, by their numbers. Sections of number 0 are for people and tools, and are left out.
const (
	typeSection = iota + 1
	importSection
	functionSection
	tableSection
	memorySection
	globalSection
	exportSection
	startSection
	elementSection
	codeSection
	dataSection
	dataCountSection
)

// order is that in which sections must come.
var order = []byte{typeSection, importSection, functionSection, tableSection, memorySection, globalSection, exportSection, startSection, elementSection, dataCountSection, codeSection, dataSection}

var magic = []byte("\x00asm\x01\x00\x00\x00")

// module is a program that was read.
type module struct {
	sections   [dataCountSection + 1][]byte
	types      []int // the parameters of each
	parameters []int // of each function that has code
	globals    uint32
	exports    map[string]bool
}

// Check reports whether a program may be run. Errors are of kind Invalid.
func Check(program []byte) error {
	_, err := read(program)
	return err
}

func read(program []byte) (*module, error) {
	switch {
	case len(program) > BytesMax:
		return nil, bad("it has %d bytes, more than %d", len(program), BytesMax)
	case bytes.HasPrefix(program, []byte("\x1f\x8b")) || bytes.HasPrefix(program, []byte("PK")) || bytes.HasPrefix(program, []byte("BZh")) || bytes.HasPrefix(program, []byte("\x28\xb5\x2f\xfd")):
		return nil, bad("it is compressed; send the module itself")
	case !bytes.HasPrefix(program, magic):
		return nil, bad("it is no WebAssembly module of version 1")
	}
	m := &module{exports: map[string]bool{}}
	r := &reader{b: program, at: len(magic)}
	last := -1
	for r.left() > 0 {
		id := r.byte()
		content := r.bytes(r.count("bytes of a section"))
		if r.err != nil {
			return nil, r.err
		}
		if id == 0 {
			continue
		}
		place := slices.Index(order, id)
		if place < 0 {
			return nil, bad("it has a section of kind %d, which is not of WebAssembly 2.0", id)
		}
		if place <= last {
			return nil, bad("its sections are not in their order")
		}
		last = place
		m.sections[id] = content
	}
	for _, section := range []struct {
		id    byte
		check func(*reader)
	}{{typeSection, m.checkTypes}, {importSection, checkImports}, {functionSection, m.checkFunctions}, {tableSection, checkTables}} {
		if err := m.check(section.id, section.check); err != nil {
			return nil, err
		}
	}
	if m.sections[startSection] != nil {
		return nil, bad("it has a start function; its work is to be in _start")
	}
	if err := m.check(globalSection, m.checkGlobals); err != nil {
		return nil, err
	}
	for id, check := range map[byte]func(*reader){exportSection: m.checkExports, elementSection: m.checkElements, codeSection: m.checkCode, dataSection: m.checkData} {
		if err := m.check(id, check); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"_start", "memory"} {
		if !m.exports[name] {
			return nil, bad("it does not export %s, as a command of WASI preview 1 does", name)
		}
	}
	return m, nil
}

func (m *module) check(id byte, f func(*reader)) error {
	if m.sections[id] == nil {
		return nil
	}
	r := &reader{b: m.sections[id]}
	f(r)
	if r.left() > 0 { // or it would be read as more of what Meter adds to the section
		r.fail("a section goes on after its last part")
	}
	return r.err
}

func (m *module) checkFunctions(r *reader) {
	for range r.count("functions") {
		of := int(r.u32())
		if of >= len(m.types) {
			r.fail("a function has the type %d of %d", of, len(m.types))
			return
		}
		m.parameters = append(m.parameters, m.types[of])
	}
}

func (m *module) checkTypes(r *reader) {
	for range r.count("types") {
		if r.byte() != 0x60 {
			r.fail("it has a type that is no function's")
			return
		}
		m.types = append(m.types, len(r.bytes(r.count("parameters"))))
		r.bytes(r.count("results"))
	}
}

func checkImports(r *reader) {
	for range r.count("imports") {
		from, name := r.name(), r.name()
		kind := r.byte()
		if r.err != nil {
			return
		}
		if from != WASI || kind != 0 {
			r.fail("it imports %q of %q; nodes have nothing but the functions of %s", name, from, WASI)
			return
		}
		r.u32()
	}
}

func checkTables(r *reader) {
	for range r.count("tables") {
		r.byte()
		if least := r.limits(); least > elementsMax {
			r.fail("it has a table of %d elements, more than %d", least, elementsMax)
		}
	}
}

func (m *module) checkGlobals(r *reader) {
	m.globals = uint32(r.count("globals"))
	for range m.globals {
		r.bytes(2) // of which type, and whether it changes
		r.constant(m.globals)
	}
}

func (m *module) checkExports(r *reader) {
	for range r.count("exports") {
		name, kind, index := r.name(), r.byte(), r.u32()
		if name == FuelGlobal || kind == 3 && index >= m.globals {
			r.fail("it exports %q", name)
			return
		}
		m.exports[name] = true
	}
}

func (m *module) checkElements(r *reader) {
	for range r.count("elements") {
		flag := r.u32()
		if flag > 7 {
			r.fail("it has elements of kind %d", flag)
			return
		}
		active := flag&1 == 0
		if active && flag&2 != 0 {
			r.u32() // of which table
		}
		if active {
			r.constant(m.globals)
		}
		if flag&3 != 0 {
			r.byte() // of which kind or type
		}
		for range r.count("elements") {
			if flag&4 != 0 {
				r.constant(m.globals)
			} else {
				r.u32()
			}
		}
	}
}

func (m *module) checkData(r *reader) {
	for range r.count("data") {
		flag := r.u32()
		if flag > 2 {
			r.fail("it has data of kind %d", flag)
			return
		}
		if flag == 2 {
			r.u32() // of which memory
		}
		if flag != 1 {
			r.constant(m.globals)
		}
		r.bytes(r.count("bytes of data"))
	}
}

func (m *module) checkCode(r *reader) {
	count := r.count("functions")
	if count != len(m.parameters) {
		r.fail("it has %d functions, and code of %d", len(m.parameters), count)
		return
	}
	for range count {
		body := &reader{b: r.bytes(r.count("bytes of a function"))}
		body.locals()
		for body.err == nil && body.left() > 0 {
			body.instruction(m.globals)
		}
		if body.err != nil {
			r.err = body.err
			return
		}
	}
}

// locals reads the local variables of a function: how many there are, and the bytes of so many groups in which they stand.
func (r *reader) locals() (total, groups int, stand []byte) {
	groups = r.count("locals")
	from := r.at
	for range groups {
		if total += int(r.u32()); total > localsMax {
			r.fail("a function has more than %d local variables", localsMax)
		}
		r.byte()
	}
	return total, groups, r.b[from:r.at]
}
