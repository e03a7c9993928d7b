package interchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// lineMax is the longest line of a text, in bytes, and the longest row, where a quoted cell has many lines.
const lineMax = 1 << 20

// text reads rows of cells that are separated by commas, tabs or semicolons, and quoted as in RFC 4180. Empty lines are no
// rows. Space around a cell is not part of it. A quote within a cell that does not begin with one is a character as others.
func (r *reading) text(in *bufio.Reader) error {
	if head, err := in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(head, byteOrderMark) {
		if _, err := in.Discard(len(head)); err != nil {
			return err
		}
	}
	t := &table{in: in}
	err := t.row()
	switch {
	case errors.Is(err, io.EOF):
		return badf("The file is empty.")
	case err != nil:
		return err
	case t.problem != "":
		return badf("Line %d: %s.", t.begins, t.problem)
	}
	var header []string
	for _, c := range t.cells {
		if !utf8.Valid(c) {
			return badf("Line %d is not UTF-8.", t.begins)
		}
		header = append(header, string(c))
	}
	at, below := r.form.headless, len(header) == len(r.form.headless) && t.comma == '\t' && !r.form.named(header)
	if !below {
		if at, err = r.form.locate(header); err != nil {
			return err
		}
		err = t.row()
	}
	cells := make([][]byte, len(at))
	for ; err == nil; err = t.row() {
		switch {
		case t.problem != "":
			r.malformed.add(t.begins, "%s", t.problem)
		case len(t.cells) != len(header):
			r.malformed.add(t.begins, "there are %d cells, and %d in the first line", len(t.cells), len(header))
		default:
			for i, a := range at {
				cells[i] = t.cells[a]
			}
			r.row(t.begins, cells)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// table splits text into rows.
type table struct {
	in     *bufio.Reader
	number int    // of the line that was read last, from 1
	line   []byte // without its end; valid until the next is read
	comma  byte   // 0 before the first line

	begins  int // the line where the row begins
	cells   [][]byte
	problem string // with the row, or ""

	text []byte // of the cells of a row with quotes
	ends []int  // of each of them in text
}

var errLongLine = errors.New("the line is too long")

// row reads the next row. It returns io.EOF when there is none.
func (t *table) row() error {
	for {
		err := t.next()
		t.begins, t.problem = t.number, ""
		switch {
		case errors.Is(err, errLongLine):
			t.problem = fmt.Sprintf("it is longer than %d bytes", lineMax)
			return nil
		case err != nil:
			return err
		case len(t.line) > 0:
			return t.split()
		}
	}
}

// next reads a line.
func (t *table) next() error {
	line, err := t.in.ReadSlice('\n')
	if errors.Is(err, io.EOF) && len(line) == 0 {
		return err
	}
	t.number++
	long := false
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = t.in.ReadSlice('\n')
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case long:
		return errLongLine
	}
	t.line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	return nil
}

// split makes cells of the line, and of those after it when a quoted cell goes on there.
func (t *table) split() error {
	if t.comma == 0 {
		t.comma = separator(t.line)
	}
	t.cells = t.cells[:0]
	rest := t.line
	if bytes.IndexByte(rest, '"') >= 0 {
		return t.splitQuoted()
	}
	for {
		i := bytes.IndexByte(rest, t.comma)
		if i < 0 {
			t.cells = append(t.cells, rest)
			return nil
		}
		t.cells = append(t.cells, rest[:i])
		rest = rest[i+1:]
	}
}

func separator(line []byte) byte {
	for _, c := range []byte("\t,;") {
		if bytes.IndexByte(line, c) >= 0 {
			return c
		}
	}
	return ','
}

func (t *table) splitQuoted() error {
	t.text, t.ends = t.text[:0], t.ends[:0]
	inside, closed, start := false, false, 0 // within quotes, after them, and where the cell starts in text
	for {
		for i := 0; i < len(t.line); i++ {
			switch c := t.line[i]; {
			case inside && c == '"' && i+1 < len(t.line) && t.line[i+1] == '"':
				t.text = append(t.text, c)
				i++
			case inside && c == '"':
				inside, closed = false, true
			case inside:
				t.text = append(t.text, c)
			case c == t.comma:
				t.ends = append(t.ends, len(t.text))
				closed, start = false, len(t.text)
			case closed && c != ' ':
				t.problem = "there is text between the end of a quoted cell and the next cell"
			case closed:
			case c == '"' && len(bytes.TrimSpace(t.text[start:])) == 0:
				t.text, inside = t.text[:start], true
			default:
				t.text = append(t.text, c)
			}
		}
		if !inside {
			break
		}
		t.text = append(t.text, '\n')
		err := t.next()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, errLongLine), err == nil && len(t.text)+len(t.line) > lineMax:
			return badf("Line %d: a quoted cell does not end, or is longer than %d bytes.", t.begins, lineMax)
		case err != nil:
			return err
		}
	}
	from := 0
	for _, end := range append(t.ends, len(t.text)) {
		t.cells = append(t.cells, t.text[from:end])
		from = end
	}
	return nil
}
