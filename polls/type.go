package polls

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet"
)

// Type is the type of a question: what an answer to it is. The set is closed; a new type is a row in types.
type Type string

// Types whose answer is a choice. That somebody cannot tell is an answer to every type, see CannotTell.
const (
	Choice Type = "choice" // one of the choices
	YesNo  Type = "yes_no" // yes is choice 0, no is choice 1
	Scale  Type = "scale"  // one of the choices, which are in ascending order
	Pair   Type = "pair"   // the better of two choices
)

// Types whose answer is a value. The form of each is told at the function that reads it.
const (
	Multiple Type = "multiple" // any of the choices: Value.Selection
	Ranking  Type = "ranking"  // all choices in an order: Value.Order
	Number   Type = "number"   // a number in a range: Value.Number
	Text     Type = "text"     // a short text: Value.Text
	Boxes    Type = "boxes"    // regions of an image, with classes: Value.Boxes
	Polygons Type = "polygons" // Value.Polygons
	Mask     Type = "mask"     // Value.Masks
	Spans    Type = "spans"    // pieces of the passage, with classes: Value.Spans
)

// Types lists all types, those whose answer is a choice first.
func Types() []Type {
	return []Type{Choice, YesNo, Scale, Pair, Multiple, Ranking, Number, Text, Boxes, Polygons, Mask, Spans}
}

// Options are what only some types need to know.
type Options struct {
	Number *NumberRange // Number
	Least  int          // Multiple: the fewest choices that an answer names
	Most   int          // Multiple: the most; 0 in a draft means all
	Length int          // Text: the most characters; 0 in a draft means LengthDefault
}

// NumberRange says which numbers answer a question.
type NumberRange struct {
	Min, Max Decimal
	Decimals int    // how many digits after the point, at most DecimalsMax
	Unit     string // such as "kg"; may be empty
}

// Limits of what only some types have.
const (
	RankedMax     = 10
	ClassesMin    = 1
	LengthDefault = 200
	LengthMax     = 1000
	UnitLengthMax = 20
)

// typeRules are what differs from type to type.
type typeRules struct {
	label      bool // the answer is a choice
	least      int  // choices, or classes of regions
	most       int
	image      bool                             // of which regions are marked
	passage    bool                             // of which spans are marked
	options    func(*Draft) error               // checks and completes them; nil when the type has none
	checkValue func(q *Question, v Value) error // nil when the answer is a choice
}

var types = map[Type]typeRules{
	Choice:   {label: true, least: ChoicesMin, most: ChoicesMax},
	YesNo:    {label: true, options: setYesNo},
	Scale:    {label: true, least: ChoicesMin, most: ChoicesMax},
	Pair:     {label: true, least: 2, most: 2},
	Multiple: {least: ChoicesMin, most: ChoicesMax, options: setSelection, checkValue: checkSelection},
	Ranking:  {least: ChoicesMin, most: RankedMax, checkValue: checkOrder},
	Number:   {options: setNumber, checkValue: checkNumber},
	Text:     {options: setLength, checkValue: checkText},
	Boxes:    {least: ClassesMin, most: ChoicesMax, image: true, checkValue: checkBoxes},
	Polygons: {least: ClassesMin, most: ChoicesMax, image: true, checkValue: checkPolygons},
	Mask:     {least: ClassesMin, most: ChoicesMax, image: true, checkValue: checkMasks},
	Spans:    {least: ClassesMin, most: ChoicesMax, passage: true, checkValue: checkSpans},
}

// Known reports whether this version knows the type.
func (t Type) Known() bool {
	_, ok := types[t]
	return ok
}

// IsLabel reports whether an answer is a choice, so that a posterior over the choices can be told.
func (t Type) IsLabel() bool { return types[t].label }

// IsTyped reports whether respondents write answers in words of their own. These may tell anything of them, so that they are what
// an Erasure removes. All other answers name or mark something of what the question shows, or a number of its range; verdicts,
// what is known of skills and pay rest on them, and they stay.
func (t Type) IsTyped() bool { return t == Text }

var (
	errType       = tasknet.NewError(tasknet.Invalid, "bad_type", "The type of a question is one of "+typeList()+".")
	errOptions    = tasknet.NewError(tasknet.Invalid, "bad_options", "A question of this type has no such option: number belongs to number, least and most to multiple, length to text.")
	errSelected   = tasknet.NewError(tasknet.Invalid, "bad_options", "For multiple, least and most must satisfy 0 <= least <= most <= the number of choices, and most must be over 0.")
	errRange      = tasknet.NewError(tasknet.Invalid, "bad_options", "For number give min and max with min < max, 0 to 6 decimals that both fit, and a unit of at most 20 characters.")
	errLength     = tasknet.NewError(tasknet.Invalid, "bad_options", "For text, length must be from 1 to 1000 characters.")
	errNeedsImage = tasknet.NewError(tasknet.Invalid, "no_image", "A question of this type marks regions of an image; give it one.")
	errNeedsText  = tasknet.NewError(tasknet.Invalid, "no_passage", "A question of this type marks pieces of a passage; give it one.")
	errPolicyType = tasknet.NewError(tasknet.Invalid, "bad_policy", "A confidence policy needs a type whose answer is one choice: choice, yes_no, scale or pair. For other types use fixed:n.")
	errValues     = tasknet.NewError(tasknet.Invalid, "bad_policy", fmt.Sprintf("A question whose answers are no single choice, such as boxes or a text, takes at most %d answers: use fixed:n with n from 1 to %d.", ValuesMax, ValuesMax))
	errYesNo      = tasknet.NewError(tasknet.Invalid, "bad_choices", "The choices of yes_no are given: leave them out, or send Yes and No.")
)

func typeList() string {
	names := make([]string, 0, len(types))
	for _, t := range Types() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

// checkType checks what a draft's type asks of it, and completes its options.
func checkType(d *Draft) error {
	rules, ok := types[d.Type]
	switch {
	case !ok:
		return errType
	case rules.image && d.Image == nil:
		return errNeedsImage
	case rules.passage && strings.TrimSpace(d.Passage) == "":
		return errNeedsText
	case d.Policy.Kind == Confidence && !rules.label:
		return errPolicyType
	case d.Policy.Max > ValuesMax && !rules.label:
		return errValues
	case d.Number != nil && d.Type != Number, (d.Least != 0 || d.Most != 0) && d.Type != Multiple, d.Length != 0 && d.Type != Text:
		return errOptions
	}
	if rules.options != nil {
		if err := rules.options(d); err != nil {
			return err
		}
	}
	if d.Type == YesNo {
		return nil
	}
	return checkChoices(d, rules.least, rules.most)
}

func checkChoices(d *Draft, least, most int) error {
	if len(d.Choices) < least || len(d.Choices) > most {
		return tasknet.NewError(tasknet.Invalid, "bad_choices", choiceCount(d.Type, least, most))
	}
	seen := make(map[string]bool, len(d.Choices))
	for _, c := range d.Choices {
		if strings.TrimSpace(c) == "" || !PlainText(c, ChoiceLengthMax) {
			return tasknet.NewError(tasknet.Invalid, "bad_choices", choiceCount(d.Type, least, most))
		}
		if seen[c] {
			return errChoiceTwice
		}
		seen[c] = true
	}
	return nil
}

func choiceCount(t Type, least, most int) string {
	switch {
	case most == 0:
		return fmt.Sprintf("A question of type %s has no choices; leave them out.", t)
	case least == most:
		return fmt.Sprintf("A question of type %s has %d choices, each with 1 to %d characters.", t, least, ChoiceLengthMax)
	}
	return fmt.Sprintf("Give between %d and %d choices, each with 1 to %d characters.", least, most, ChoiceLengthMax)
}

// The choices of YesNo.
var yesNo = []string{"Yes", "No"}

func setYesNo(d *Draft) error {
	if len(d.Choices) != 0 && (len(d.Choices) != 2 || d.Choices[0] != yesNo[0] || d.Choices[1] != yesNo[1]) {
		return errYesNo
	}
	d.Choices = yesNo
	return nil
}

func setSelection(d *Draft) error {
	if d.Most == 0 {
		d.Most = len(d.Choices)
	}
	if d.Least < 0 || d.Most < 1 || d.Least > d.Most || d.Most > len(d.Choices) {
		return errSelected
	}
	return nil
}

// ParseNumberRange reads a range whose ends are decimals.
func ParseNumberRange(least, most string, decimals int, unit string) (*NumberRange, error) {
	low, err := ParseDecimal(least)
	if err != nil {
		return nil, err
	}
	high, err := ParseDecimal(most)
	if err != nil {
		return nil, err
	}
	return &NumberRange{low, high, decimals, unit}, nil
}

func setNumber(d *Draft) error {
	n := d.Number
	if n == nil || n.Decimals < 0 || n.Decimals > DecimalsMax || n.Min >= n.Max || !n.Min.fits(n.Decimals) || !n.Max.fits(n.Decimals) || !PlainText(n.Unit, UnitLengthMax) {
		return errRange
	}
	return nil
}

func setLength(d *Draft) error {
	if d.Length == 0 {
		d.Length = LengthDefault
	}
	if d.Length < 0 || d.Length > LengthMax {
		return errLength
	}
	return nil
}

// Decimal is a number in millionths. In JSON it is a decimal string, because readers turn numbers into floats.
type Decimal int64

// DecimalsMax is how many digits after the point a Decimal has at most.
const DecimalsMax = 6

const decimalMax = 1_000_000_000_000 * partsPerMillion // a million millions

var errDecimal = tasknet.NewError(tasknet.Invalid, "bad_number", `Write a number as a decimal string such as "12.5", between -1000000000000 and 1000000000000, with at most six decimals.`)

// ParseDecimal reads what String writes, and nothing else: a number has one form.
func ParseDecimal(s string) (Decimal, error) {
	body, negative := strings.CutPrefix(s, "-")
	whole, frac, _ := strings.Cut(body, ".")
	if len(whole) > 13 || len(frac) > DecimalsMax {
		return 0, errDecimal
	}
	n, err := strconv.ParseUint(whole+frac+strings.Repeat("0", DecimalsMax-len(frac)), 10, 63)
	if err != nil || n > decimalMax {
		return 0, errDecimal
	}
	d := Decimal(n)
	if negative {
		d = -d
	}
	if d.String() != s {
		return 0, errDecimal
	}
	return d, nil
}

// String writes d without needless zeros: "12.5", "-0.000001", "0".
func (d Decimal) String() string {
	// As amounts are written, which are millionths as well.
	return tasknet.Micro(int64(d)).String()
}

// MarshalText writes the decimal.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Decimal) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDecimal(string(b))
	return err
}

// fits reports whether d has at most so many decimals.
func (d Decimal) fits(decimals int) bool {
	unit := Decimal(1)
	for range DecimalsMax - decimals {
		unit *= 10
	}
	return d%unit == 0
}
