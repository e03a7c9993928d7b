package interchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// json reads one object a line. Names and values are strings, numbers as they are written, or true and false.
func (r *reading) json(in *bufio.Reader) error {
	t := &table{in: in}
	object := make(map[string]json.RawMessage)
	cells := make([][]byte, len(r.form.columns))
	for {
		err := t.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLongLine):
			r.malformed.add(t.number, "it is longer than %d bytes", lineMax)
			continue
		case err != nil:
			return err
		}
		if t.number == 1 {
			t.line = bytes.TrimPrefix(t.line, byteOrderMark)
		}
		if len(bytes.TrimSpace(t.line)) == 0 {
			continue
		}
		clear(object)
		if err := json.Unmarshal(t.line, &object); err != nil || object == nil {
			object = make(map[string]json.RawMessage)
			r.malformed.add(t.number, "it is not a JSON object")
			continue
		}
		problem := ""
		for i, c := range r.form.columns {
			if cells[i] = c.of(object, r.form.whole); cells[i] == nil {
				problem = "there is no " + c.what + ", or it is not a string, a number, true or false"
				break
			}
		}
		if problem != "" {
			r.malformed.add(t.number, "%s", problem)
			continue
		}
		r.row(t.number, cells)
	}
}

// of returns the text of what an object says, or nil. What is an object or an array itself is JSON, if that is asked for.
func (c column) of(object map[string]json.RawMessage, whole bool) []byte {
	for _, name := range c.names {
		value, ok := object[name]
		if !ok {
			continue
		}
		switch value[0] {
		case '{', '[':
			if whole {
				return value
			}
			return nil
		case 'n':
			return nil
		case '"':
			if inside := value[1 : len(value)-1]; bytes.IndexByte(inside, '\\') < 0 {
				return inside
			}
			var text string
			if json.Unmarshal(value, &text) != nil {
				return nil
			}
			return []byte(text)
		}
		return value
	}
	return nil
}

// jsonList reads a JSON array of strings and whole numbers.
func jsonList(text []byte) ([]string, error) {
	var values []any
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	if err := in.Decode(&values); err != nil || in.More() {
		return nil, badf("it is not a JSON array")
	}
	names := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case string:
			names[i] = v
		case json.Number:
			names[i] = v.String()
		default:
			return nil, badf("it has something that is neither a string nor a number")
		}
	}
	return names, nil
}
