package wasm

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
)

// section returns a section with some content.
func section(id byte, content ...byte) []byte {
	return append(appendU32([]byte{id}, uint32(len(content))), content...)
}

// The parts of a command that does nothing.
var (
	types     = section(typeSection, 1, 0x60, 0, 0)
	functions = section(functionSection, 1, 0)
	memory    = section(memorySection, 1, 0, 1)
	exports   = section(exportSection, append(append([]byte{2, 6}, "memory\x02\x00\x06"...), "_start\x00\x00"...)...)
)

// body returns a code section with one function without local variables.
func body(code ...byte) []byte {
	return section(codeSection, append(appendU32([]byte{1}, uint32(len(code)+1)), append([]byte{0}, code...)...)...)
}

func program(sections ...[]byte) []byte {
	return append(bytes.Clone(magic), bytes.Join(sections, nil)...)
}

func TestCheck(t *testing.T) {
	imported := func(from, name string, kind byte) []byte {
		content := appendU32([]byte{1}, uint32(len(from)))
		content = append(appendU32(append(content, from...), uint32(len(name))), name...)
		return section(importSection, append(content, kind, 0)...)
	}
	many := []byte{0xff, 0xff, 0xff, 0xff, 0x0f}
	for _, c := range []struct {
		what    string
		program []byte
		text    string // of the error; empty: none
	}{
		{"a command", program(types, imported(WASI, "fd_write", 0), functions, memory, exports, body(0x03, 0x40, 0x0c, 0, opEnd, opEnd)), ""},
		{"with what tools add", program(section(0, 1, 'x', 2, 3), types, functions, memory, exports, body(opEnd), section(0)), ""},
		{"nothing", nil, "no WebAssembly module"},
		{"a component", []byte("\x00asm\x0d\x00\x01\x00"), "no WebAssembly module"},
		{"a program of this machine", []byte("\x7fELF"), "no WebAssembly module"},
		{"gzip", []byte("\x1f\x8b\x08\x00"), "compressed"},
		{"zip", []byte("PK\x03\x04"), "compressed"},
		{"too long", append(bytes.Clone(magic), make([]byte, BytesMax)...), "bytes, more than"},
		{"no _start", program(types, functions, memory, section(exportSection, append([]byte{1, 6}, "memory\x02\x00"...)...), body(opEnd)), "export _start"},
		{"a start function", program(types, functions, memory, exports, section(startSection, 0), body(opEnd)), "start function"},
		{"another host", program(types, imported("env", "exec", 0), functions, memory, exports, body(opEnd)), `"exec" of "env"`},
		{"a memory of others", program(types, imported(WASI, "memory", 2), functions, exports, body(opEnd)), "nothing but the functions"},
		{"out of order", program(functions, types, memory, exports, body(opEnd)), "order"},
		{"twice", program(types, types, functions, memory, exports, body(opEnd)), "order"},
		{"an unknown section", program(types, section(14)), "section of kind 14"},
		{"cut", program(types, functions, memory, exports, body(opEnd)[:5]), "bytes of a section"},
		{"more exports than it says", program(types, functions, memory, section(exportSection, append(bytes.Clone(exports[2:]), 1, 'x', 3, 0)...), body(opEnd)), "goes on"},
		{"more globals than it says", program(types, functions, memory, section(globalSection, 0, 0x7e, 0, 0x42, 0, opEnd), exports, body(opEnd)), "goes on"},
		{"a global without a value", program(types, functions, memory, section(globalSection, 1, 0x7f, 0), exports, body(opEnd)), "ends too early"},
		{"a global that loops", program(types, functions, memory, section(globalSection, 1, 0x7f, 0, 0x03, 0x40, opEnd), exports, body(opEnd)), "a constant has"},
		{"many types", program(section(typeSection, many...)), "types, in 0 bytes"},
		{"a type with many parameters", program(section(typeSection, append([]byte{1, 0x60}, many...)...)), "parameters, in 0 bytes"},
		{"many functions", program(types, section(functionSection, many...)), "functions, in 0 bytes"},
		{"much data", program(types, functions, memory, exports, body(opEnd), section(dataSection, append([]byte{1, 1}, many...)...)), "bytes of data, in 0 bytes"},
		{"many elements", program(types, functions, memory, exports, section(elementSection, append([]byte{1, 1, 0}, many...)...), body(opEnd)), "elements, in 0 bytes"},
		{"a large table", program(types, functions, section(tableSection, append([]byte{1, 0x70, 0}, many...)...), memory, exports, body(opEnd)), "a table of"},
		{"many locals", program(types, functions, memory, exports, section(codeSection, 1, 8, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, opEnd)), "local variables"},
		{"targets", program(types, functions, memory, exports, body(append([]byte{0x0e}, many...)...)), "targets of a branch"},
		{"the fuel", program(types, functions, memory, exports, body(0x42, 0, 0x24, 0, opEnd)), "global 0 of 0"},
		{"threads", program(types, functions, memory, exports, body(0xfe, 0, opEnd)), "0xfe"},
		{"a tail call", program(types, functions, memory, exports, body(0x12, 0, opEnd)), "0x12"},
		{"a table that grows", program(types, functions, memory, exports, body(0xfc, 15, 0, opEnd)), "grows a table"},
	} {
		t.Run(c.what, func(t *testing.T) {
			err := Check(c.program)
			if c.text == "" && err != nil || c.text != "" && (err == nil || !strings.Contains(err.Error(), c.text)) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestMeterLimits: what Meter adds has its bounds, too.
func TestMeterLimits(t *testing.T) {
	locals := func(n uint32, code ...byte) []byte {
		function := append(append(appendU32([]byte{1}, n), 0x7f), code...)
		return program(types, functions, memory, exports, section(codeSection, append(appendU32([]byte{1}, uint32(len(function))), function...)...))
	}
	sqrt := []byte{0x43, 0, 0, 0, 0, 0x91, 0x1a, opEnd} // of an f32, dropped
	for _, c := range []struct {
		program []byte
		text    string
	}{
		{locals(localsMax, opEnd), ""},
		{locals(localsMax-scratch, sqrt...), ""},
		{locals(localsMax-scratch+1, sqrt...), "local variables"},
		{program(types, functions, memory, exports, section(codeSection, 0)), "code of 0"},
		{program(types, section(functionSection, 1, 1)), "type 1 of 1"},
	} {
		if _, err := Meter(c.program); c.text == "" && err != nil || c.text != "" && (err == nil || !strings.Contains(err.Error(), c.text)) {
			t.Errorf("the error is %v, want %q", err, c.text)
		}
	}
	if os.Getenv("TASKNET_TEST_LONG") == "" { // what follows takes much memory
		return
	}
	negated := bytes.Repeat([]byte{0x91, 0x8c}, 12<<20) // roots, each made canonical before it is negated
	long := slices.Concat([]byte{0, 0x43, 0, 0, 0, 0}, negated, []byte{0x1a, opEnd})
	if _, err := Meter(program(types, functions, memory, exports, section(codeSection, append(appendU32([]byte{1}, uint32(len(long))), long...)...))); err == nil || !strings.Contains(err.Error(), "its code has more than") {
		t.Errorf("a program that becomes too long: %v", err)
	}
}

// FuzzMeter checks that nothing makes it panic, and that what it makes can be read again, as far as it may: it exports the fuel.
func FuzzMeter(f *testing.F) {
	f.Add(program(types, functions, memory, exports, body(0x03, 0x40, 0x0c, 0, opEnd, opEnd)))
	f.Add(program(types, functions, section(tableSection, 1, 0x70, 0, 1), memory, section(globalSection, 1, 0x7f, 0, 0x41, 0, opEnd), exports,
		section(elementSection, 1, 0, 0x41, 0, opEnd, 1, 0), body(0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, opEnd), section(dataSection, 1, 0, 0x41, 0, opEnd, 1, 7)))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := Meter(b)
		if err != nil {
			return
		}
		if err := Check(out); err == nil || !strings.Contains(err.Error(), FuelGlobal) {
			t.Errorf("what was made is read with %v", err)
		}
	})
}
