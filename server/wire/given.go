package wire

import (
	"encoding/json"
	"errors"

	"github.com/tasknet/tasknet"
)

// Given is what an answer says: a choice or a value, never both.
type Given struct {
	Choice *int  `json:"choice,omitempty" minimum:"-1" maximum:"19" doc:"Index into the question's choices, when its type is choice, yes_no, scale or pair (see ChoiceAnswer, YesNoAnswer, ScaleAnswer, PairAnswer). -1 says for every type that one looked and cannot tell"`
	Value  Value `json:"value,omitempty" doc:"When the type is another one: in the form that has its name"`
}

// Value is an answer that is no choice, as JSON in the form of its question's type.
type Value []byte

// MarshalJSON writes the value as it is.
func (v Value) MarshalJSON() ([]byte, error) { return json.RawMessage(v).MarshalJSON() }

// UnmarshalJSON takes the value as it is.
func (v *Value) UnmarshalJSON(b []byte) error { return (*json.RawMessage)(v).UnmarshalJSON(b) }

var errGiven = errors.New("an answer has either a choice or a value")

// Give writes an answer. value is canonical JSON, empty when the answer is a choice.
func Give(choice int, value string) Given {
	if value != "" {
		return Given{Value: Value(value)}
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
