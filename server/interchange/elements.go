package interchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// elementMax is the longest value of a JSON file that is read in one piece, in bytes: a task with its masks.
const elementMax = 16 << 20

// elements takes a JSON file apart into the values that it consists of, with the line of each, without holding more than
// one of them. It looks for where values end, not whether they are JSON.
type elements struct {
	in     *bufio.Reader
	line   int   // of the next byte, from 1
	offset int64 // of the next byte

	value  []byte // that was read last, whole; valid until the next is read
	begins int    // the line where it begins
	at     int64  // the offset where it begins
	long   bool   // it is longer than elementMax, and cut off
}

func newElements(in *bufio.Reader) *elements { return &elements{in: in, line: 1} }

func (e *elements) read() (byte, error) {
	c, err := e.in.ReadByte()
	if err == nil {
		e.offset++
		if c == '\n' {
			e.line++
		}
	}
	return c, err
}

// peek returns the next byte that is not space, without reading it.
func (e *elements) peek() (byte, error) {
	for {
		next, err := e.in.Peek(1)
		if err != nil {
			return 0, err
		}
		switch next[0] {
		case ' ', '\t', '\r', '\n':
			if _, err := e.read(); err != nil {
				return 0, err
			}
		default:
			return next[0], nil
		}
	}
}

// expect reads one byte that has to come.
func (e *elements) expect(want byte) error {
	c, err := e.peek()
	if err == nil && c == want {
		_, err = e.read()
		return err
	}
	return e.broken(err, fmt.Sprintf("there is no %q where one has to be", want))
}

// broken is the error of a file that ends too early, or that is not JSON.
func (e *elements) broken(err error, problem string) error {
	switch {
	case errors.Is(err, io.EOF):
		return badf("The file ends on line %d, in the middle of a value.", e.line)
	case err != nil:
		return err
	}
	return badf("Line %d is not JSON: %s.", e.line, problem)
}

// next reads a value. It returns io.EOF when there is nothing more.
func (e *elements) next() error {
	first, err := e.peek()
	if err != nil {
		return err
	}
	e.value, e.begins, e.at, e.long = e.value[:0], e.line, e.offset, false
	switch first {
	case '{', '[', '"':
		return e.nested()
	case '}', ']', ',', ':':
		return e.broken(nil, fmt.Sprintf("there is a %q where a value has to be", first))
	}
	for { // a number or a word
		next, err := e.in.Peek(1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch next[0] {
		case ' ', '\t', '\r', '\n', ',', ':', '{', '}', '[', ']', '"':
			return nil
		}
		if err := e.keep(); err != nil {
			return err
		}
	}
}

// nested reads to the end of a text, an object or an array.
func (e *elements) nested() error {
	depth, inText, escaped := 0, false, false
	for {
		if err := e.keep(); err != nil {
			return e.broken(err, "")
		}
		switch c := e.last(); {
		case escaped:
			escaped = false
		case inText && c == '\\':
			escaped = true
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth == 0 && !inText {
			return nil
		}
	}
}

// keep reads a byte of the value.
func (e *elements) keep() error {
	c, err := e.read()
	if err != nil {
		return err
	}
	if len(e.value) == elementMax {
		e.long = true
		e.value[len(e.value)-1] = c
		return nil
	}
	e.value = append(e.value, c)
	return nil
}

func (e *elements) last() byte { return e.value[len(e.value)-1] }

// array calls each for every value of an array, whose bracket comes next.
func (e *elements) array(each func() error) error {
	if err := e.expect('['); err != nil {
		return err
	}
	if c, err := e.peek(); err == nil && c == ']' {
		return e.expect(']')
	}
	for {
		if err := e.next(); err != nil {
			return e.broken(err, "")
		}
		if err := each(); err != nil {
			return err
		}
		c, err := e.peek()
		if err != nil || c != ',' && c != ']' {
			return e.broken(err, "values of an array have to be parted by commas")
		}
		if _, err := e.read(); err != nil || c == ']' {
			return err
		}
	}
}

// object calls each for every name of an object, whose brace comes next. It has to read the value.
func (e *elements) object(each func(name string) error) error {
	if err := e.expect('{'); err != nil {
		return err
	}
	if c, err := e.peek(); err == nil && c == '}' {
		return e.expect('}')
	}
	for {
		if c, err := e.peek(); err != nil || c != '"' {
			return e.broken(err, "an object needs names in quotes")
		}
		if err := e.next(); err != nil {
			return err
		}
		name := string(e.value[1 : len(e.value)-1])
		if err := e.expect(':'); err != nil {
			return err
		}
		if err := each(name); err != nil {
			return err
		}
		c, err := e.peek()
		if err != nil || c != ',' && c != '}' {
			return e.broken(err, "members of an object have to be parted by commas")
		}
		if _, err := e.read(); err != nil || c == '}' {
			return err
		}
	}
}
