package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
)

// json reads objects, one a line or in an array. An object with data is a task of Label Studio.
func (r *taskReading) json() error {
	if head, err := r.in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(head, byteOrderMark) {
		if _, err := r.in.Discard(len(head)); err != nil {
			return err
		}
	}
	e := newElements(r.in)
	first, err := e.peek()
	switch {
	case errors.Is(err, io.EOF):
		return badf("The file is empty.")
	case err != nil:
		return err
	case first == '[':
		if err := e.array(func() error { return r.element(e) }); err != nil {
			return err
		}
		if _, err := e.peek(); !errors.Is(err, io.EOF) {
			return e.broken(err, "there is more after the end of the array")
		}
		return nil
	}
	return r.lines(e.line)
}

// lines reads an object a line, beginning with line from: what is wrong with one line is not wrong with the next.
func (r *taskReading) lines(from int) error {
	t := &table{in: r.in, number: from - 1}
	for {
		err := t.next()
		var row labeling.TaskRow
		var problem string
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLongLine):
			problem = fmt.Sprintf("it is longer than %d bytes", lineMax)
		case err != nil:
			return err
		case len(bytes.TrimSpace(t.line)) == 0:
			continue
		default:
			row, problem = r.object(t.line)
		}
		if err := r.rowOr(row, t.number, problem); err != nil {
			return err
		}
	}
}

func (r *taskReading) element(e *elements) error {
	if e.long {
		return r.rowOr(labeling.TaskRow{}, e.begins, fmt.Sprintf("it is longer than %d bytes", elementMax))
	}
	row, problem := r.object(e.value)
	return r.rowOr(row, e.begins, problem)
}

func (r *taskReading) object(text []byte) (row labeling.TaskRow, problem string) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil || object == nil {
		return row, "it is not a JSON object"
	}
	if data := bytes.TrimSpace(object["data"]); len(data) > 0 && data[0] == '{' {
		return r.labelStudio(text)
	}
	return objectRow(object)
}

// objectRow makes a task of what an object says by the names of columns.
func objectRow(object map[string]json.RawMessage) (row labeling.TaskRow, problem string) {
	lower := make(map[string]json.RawMessage, len(object))
	for name, value := range object {
		if folded := strings.ToLower(strings.TrimSpace(name)); lower[folded] == nil || name == folded {
			lower[folded] = value
		}
	}
	cells := make(map[string]cell)
	for column, aliases := range taskColumns {
		for _, alias := range aliases {
			value := lower[alias]
			if len(value) == 0 || value[0] == 'n' { // null
				continue
			}
			c, ok := cellOf(value)
			if alias == "label_value" {
				canonical, err := tasknet.Canonical(value)
				c, ok = cell{text: string(canonical)}, err == nil
			}
			if !ok {
				return row, fmt.Sprintf("the %s is neither a text nor a number nor a list of texts", column)
			}
			c.text = strings.TrimSpace(c.text)
			cells[column] = c
			break
		}
	}
	return rowOf(cells)
}
