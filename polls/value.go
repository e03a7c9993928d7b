package polls

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tasknet/tasknet"
)

// CannotTell is the choice of somebody who looked and cannot tell. It answers a question of any type, is paid, and
// counts for no choice.
const CannotTell = -1

// Value is an answer that is no choice, as canonical JSON (RFC 8785) of integers and strings. Empty when the answer is a
// choice.
type Value string

// Limits of values.
const (
	ValueBytesMax = 64 << 10
	RegionsMax    = 200
	PointsMax     = 2000
	SpansMax      = 500
)

// Box is a rectangle of an image in whole pixels, from the top left.
type Box struct {
	Class int `json:"class"`
	H     int `json:"h"`
	W     int `json:"w"`
	X     int `json:"x"`
	Y     int `json:"y"`
}

// Polygon is an outline in an image: x and y of one corner after the other, in whole pixels, each within the image.
type Polygon struct {
	Class  int   `json:"class"`
	Points []int `json:"points"`
}

// ClassMask says which pixels of an image are of a class: lengths of runs of pixels that are not and that are, in turn,
// column by column, as COCO writes them. They add up to all pixels.
type ClassMask struct {
	Class  int   `json:"class"`
	Counts []int `json:"counts"`
}

// Span is a piece of a passage: from Start up to but without End, in Unicode code points.
type Span struct {
	Class int `json:"class"`
	End   int `json:"end"`
	Start int `json:"start"`
}

// Selection reads [0,2]: the selected choices, ascending.
func (v Value) Selection() ([]int, error) { return read[[]int](v) }

// Order reads [2,0,1]: all choices, the best first.
func (v Value) Order() ([]int, error) { return read[[]int](v) }

// Number reads "12.5".
func (v Value) Number() (Decimal, error) { return read[Decimal](v) }

// Text reads "a short text".
func (v Value) Text() (string, error) { return read[string](v) }

// Boxes reads [{"class":0,"h":40,"w":30,"x":10,"y":20}].
func (v Value) Boxes() ([]Box, error) { return read[[]Box](v) }

// Polygons reads [{"class":0,"points":[10,20,30,20,30,40]}].
func (v Value) Polygons() ([]Polygon, error) { return read[[]Polygon](v) }

// Masks reads [{"class":0,"counts":[100,5,895]}].
func (v Value) Masks() ([]ClassMask, error) { return read[[]ClassMask](v) }

// Spans reads [{"class":0,"end":9,"start":4}].
func (v Value) Spans() ([]Span, error) { return read[[]Span](v) }

// ValueOf writes a selection, an order, a Decimal, a text, or regions as a value.
func ValueOf(content any) (Value, error) {
	b, err := tasknet.Canonical(content)
	return Value(b), err
}

// read decodes a value, all of it and nothing but it.
func read[T any](v Value) (out T, err error) {
	dec := json.NewDecoder(strings.NewReader(string(v)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil {
		return out, ErrBadValue
	}
	written, err := canonical(out)
	if err != nil || string(written) != string(v) || v == "null" {
		return out, ErrBadValue // there is one way to write it
	}
	return out, nil
}

// canonical writes what was read. Encoding structs whose fields are in alphabetical order, numbers and ASCII, JSON is
// canonical as it comes, in a quarter of the time; only a text may have something that is escaped otherwise.
func canonical(content any) ([]byte, error) {
	if _, text := content.(string); text {
		return tasknet.Canonical(content)
	}
	return json.Marshal(content)
}

// ErrBadValue reports a value that is not canonical JSON of the form that its question's type has.
var ErrBadValue = badValue("The value does not have the form that answers to this type of question have, or is not canonical JSON (RFC 8785).")

func badValue(text string) error { return tasknet.NewError(tasknet.Invalid, "bad_value", text) }

var (
	errSelection = badValue("Name choices by their index from 0, ascending, each once, as many as the question asks for.")
	errOrder     = badValue("Name all choices by their index from 0, each once, the best first.")
	errNumber    = badValue(`Write the number as a decimal string such as "12.5", within the question's range and decimals.`)
	errTextValue = badValue("Write a text of at least one character and at most the question's length, without spaces at its ends and without control characters.")
	errBoxes     = badValue("Boxes have a class of the question, whole pixels, a width and height of at least 1, and lie within the image; at most 200.")
	errPolygons  = badValue("Polygons have a class of the question and at least three corners in whole pixels within the image; at most 200, with 2000 corners in all.")
	errMasks     = badValue("Masks have a class of the question, ascending and each once, and run lengths over 0 (the first may be 0) that add up to the pixels of the image.")
	errSpans     = badValue("Spans have a class of the question and lie within the passage, ascending by start; those of a class do not overlap; at most 500.")
)

// CheckAnswer reports whether a choice or a value is an answer to the question at all: one of its choices or a value of
// its type, not both, or CannotTell.
func (q *Question) CheckAnswer(choice int, v Value) error {
	rules := types[q.Type]
	switch {
	case choice == CannotTell && v == "":
		return nil
	case rules.label && v != "", !rules.label && (v == "" || choice != 0):
		return ErrWrongKind
	case rules.label:
		if choice < 0 || choice >= len(q.Choices) {
			return ErrNoSuchChoice
		}
		return nil
	case len(v) > ValueBytesMax:
		return ErrBadValue
	}
	return rules.checkValue(q, v)
}

func checkSelection(q *Question, v Value) error {
	selected, err := v.Selection()
	if err != nil {
		return err
	}
	if len(selected) < q.Least || len(selected) > q.Most {
		return errSelection
	}
	for i, c := range selected {
		if c < 0 || c >= len(q.Choices) || i > 0 && c <= selected[i-1] {
			return errSelection
		}
	}
	return nil
}

func checkOrder(q *Question, v Value) error {
	order, err := v.Order()
	if err != nil {
		return err
	}
	sorted := slices.Sorted(slices.Values(order))
	for i, c := range sorted {
		if c != i {
			return errOrder
		}
	}
	if len(order) != len(q.Choices) {
		return errOrder
	}
	return nil
}

func checkNumber(q *Question, v Value) error {
	n, err := v.Number()
	if err != nil || n < q.Options.Number.Min || n > q.Options.Number.Max || !n.fits(q.Options.Number.Decimals) {
		return errNumber
	}
	return nil
}

func checkText(q *Question, v Value) error {
	s, err := v.Text()
	if err != nil {
		return err
	}
	if s == "" || strings.TrimSpace(s) != s || !PlainText(s, q.Length) {
		return errTextValue
	}
	return nil
}

func checkBoxes(q *Question, v Value) error {
	boxes, err := v.Boxes()
	if err != nil {
		return err
	}
	inside := func(b Box) bool {
		return b.Class >= 0 && b.Class < len(q.Choices) && b.X >= 0 && b.Y >= 0 && b.W >= 1 && b.H >= 1 && b.W <= q.Image.Width-b.X && b.H <= q.Image.Height-b.Y
	}
	if len(boxes) > RegionsMax || slices.ContainsFunc(boxes, func(b Box) bool { return !inside(b) }) {
		return errBoxes
	}
	return nil
}

func checkPolygons(q *Question, v Value) error {
	polygons, err := v.Polygons()
	if err != nil {
		return err
	}
	points := 0
	for _, p := range polygons {
		if p.Class < 0 || p.Class >= len(q.Choices) || len(p.Points) < 6 || len(p.Points)%2 != 0 {
			return errPolygons
		}
		for i, at := range p.Points {
			most := q.Image.Width
			if i%2 == 1 {
				most = q.Image.Height
			}
			if at < 0 || at > most {
				return errPolygons
			}
		}
		points += len(p.Points) / 2
	}
	if len(polygons) > RegionsMax || points > PointsMax {
		return errPolygons
	}
	return nil
}

func checkMasks(q *Question, v Value) error {
	masks, err := v.Masks()
	if err != nil {
		return err
	}
	for i, m := range masks {
		if m.Class < 0 || m.Class >= len(q.Choices) || i > 0 && m.Class <= masks[i-1].Class {
			return errMasks
		}
		left := q.Image.Width * q.Image.Height
		for j, n := range m.Counts {
			if n < 0 || n == 0 && j > 0 || n > left {
				return errMasks
			}
			left -= n
		}
		if left != 0 {
			return errMasks
		}
	}
	return nil
}

func checkSpans(q *Question, v Value) error {
	spans, err := v.Spans()
	if err != nil {
		return err
	}
	length := utf8.RuneCountInString(q.Passage)
	free := make([]int, len(q.Choices)) // where the last span of each class ends
	for i, s := range spans {
		if s.Class < 0 || s.Class >= len(q.Choices) || s.Start < free[s.Class] || s.End <= s.Start || s.End > length || i > 0 && s.Start < spans[i-1].Start {
			return errSpans
		}
		free[s.Class] = s.End
	}
	if len(spans) > SpansMax {
		return errSpans
	}
	return nil
}
