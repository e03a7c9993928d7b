package wire

import (
	"encoding/json"
	"errors"

	"github.com/tasknet/tasknet"
)

// Given is what an answer says: a choice or a value, never both.
type Given struct {
	Choice *int            `json:"choice,omitempty" doc:"Index into the question's choices, when its type is choice, yes_no, scale or pair. -1 says for every type that one looked and cannot tell"`
	Value  json.RawMessage `json:"value,omitempty" doc:"When the type is another one. multiple: the selected indexes, ascending. ranking: all indexes, best first. number: a decimal string. text: a string. boxes: a list of {class, x, y, w, h} in whole pixels. polygons: a list of {class, points: [x, y, ...]}. mask: a list of {class, counts}, run lengths column by column, of pixels outside first. spans: a list of {class, start, end} in code points of the passage"`
}

var errGiven = errors.New("an answer has either a choice or a value")

// Give writes an answer. value is canonical JSON, empty when the answer is a choice.
func Give(choice int, value string) Given {
	if value != "" {
		return Given{Value: json.RawMessage(value)}
	}
	return Given{Choice: &choice}
}

// Read returns the choice, or the value as canonical JSON and a choice of zero.
func (g Given) Read() (choice int, value string, err error) {
	switch {
	case g.Choice != nil && g.Value == nil:
		return *g.Choice, "", nil
	case g.Choice == nil && g.Value != nil:
		canonical, err := tasknet.Canonical(g.Value)
		return 0, string(canonical), err
	}
	return 0, "", errGiven
}
