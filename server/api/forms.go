package api

import (
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/media"
)

// answerForms are JSON Schemas of what answers each type: of the field choice where an answer is a choice, of the field
// value otherwise. They bound an answer to any question of the type. What only the question says, such as how many choices
// there are, and what no schema can say stands in the description, and polls.Question.CheckAnswer holds answers to all of it.
func answerForms() map[polls.Type]*huma.Schema {
	index := integer(0, polls.ChoicesMax-1)
	class := describe(integer(0, polls.ChoicesMax-1), "Index into the question's choices")
	pixel, length := integer(0, media.SideKept-1), integer(1, media.SideKept)
	choice := func(choices int, text string) *huma.Schema {
		return describe(integer(polls.CannotTell, choices-1), text+" -1: cannot tell")
	}
	return map[polls.Type]*huma.Schema{
		polls.Choice: choice(polls.ChoicesMax, "The index of one of the choices."),
		polls.YesNo:  choice(2, "Yes is 0, no is 1."),
		polls.Scale:  choice(polls.ChoicesMax, "The index of one of the choices, which are in ascending order."),
		polls.Pair:   choice(2, "The index of the better one."),

		polls.Multiple: describe(unique(list(index, 0, polls.ChoicesMax)), "The indexes of the selected choices, ascending, as many as the question asks for", []int{0, 2}),
		polls.Ranking:  describe(unique(list(integer(0, polls.RankedMax-1), polls.ChoicesMin, polls.RankedMax)), "The indexes of all choices, the best first", []int{2, 0, 1}),
		polls.Number: describe(&huma.Schema{
			Type: huma.TypeString, Pattern: `^(0|-?([1-9][0-9]{0,11}(\.[0-9]{0,5}[1-9])?|0\.[0-9]{0,5}[1-9]|1000000000000))$`,
		}, "A decimal without needless zeros, within the question's range and with no more decimals than it has", "12.5"),
		polls.Text: describe(&huma.Schema{
			Type: huma.TypeString, MinLength: new(1), MaxLength: new(polls.LengthMax), Pattern: `^[^\p{Z}\p{Cc}](([^\p{Cc}]|\n)*[^\p{Z}\p{Cc}])?$`,
		}, "No longer than the question's length, in code points, without spaces at its ends, without control characters but newlines, and without the marks that turn the direction of text around", "a short text"),
		polls.Boxes: describe(list(object(map[string]*huma.Schema{
			"class": class, "x": describe(pixel, "Of the left edge"), "y": describe(pixel, "Of the upper edge"), "w": describe(length, "Width"), "h": describe(length, "Height"),
		}), 0, polls.RegionsMax), "Rectangles in whole pixels from the top left, each within the image", []polls.Box{{H: 40, W: 30, X: 10, Y: 20}}),
		polls.Polygons: describe(list(object(map[string]*huma.Schema{
			"class": class, "points": describe(list(integer(0, media.SideKept), 6, 2*polls.PointsMax), "x and y of one corner after the other, in whole pixels, each within the image"),
		}), 0, polls.RegionsMax), "Outlines, with at most 2000 corners in all", []polls.Polygon{{Points: []int{10, 20, 30, 20, 30, 40}}}),
		polls.Mask: describe(list(object(map[string]*huma.Schema{
			"class":  class,
			"counts": describe(list(integer(0, media.SideKept*media.SideKept), 1, polls.ValueBytesMax/2), "Lengths of runs of pixels that are not of the class and that are, in turn, column by column. Only the first may be 0, and they add up to all pixels of the image"),
		}), 0, polls.ChoicesMax), "Which pixels are of a class, ascending by class, each once", []polls.ClassMask{{Counts: []int{100, 5, 895}}}),
		polls.Spans: describe(list(object(map[string]*huma.Schema{
			"class": class, "start": describe(integer(0, polls.PassageLengthMax-1), "Of the first code point"), "end": describe(integer(1, polls.PassageLengthMax), "Of the code point after the last"),
		}), 0, polls.SpansMax), "Pieces of the passage, ascending by start; those of a class do not overlap", []polls.Span{{End: 9, Start: 4}}),
	}
}

// valueForms names the form of every value. A value may have several of them, since only the question says its type: an
// empty list says that there are no boxes, or no spans.
const valueForms = "AnswerValue"

// addAnswerForms puts the forms among the schemas of the document.
func addAnswerForms(r huma.Registry) {
	forms, values := answerForms(), &huma.Schema{Description: "An answer that is no choice, in the form of its question's type"}
	for _, t := range polls.Types() {
		form := forms[t]
		form.Title = string(t)
		form.PrecomputeMessages()
		r.Map()[formName(t)] = form
		if !t.IsLabel() {
			values.AnyOf = append(values.AnyOf, &huma.Schema{Title: string(t), Ref: refTo(formName(t))})
		}
	}
	r.Map()[valueForms] = values
}

// formName names the form of answers of a type: YesNoAnswer.
func formName(t polls.Type) string {
	var b strings.Builder
	for _, word := range strings.Split(string(t), "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String() + "Answer"
}

func refTo(name string) string { return "#/components/schemas/" + name }

// valueSchema describes wire.Value.
type valueSchema string

// Schema implements huma.SchemaProvider.
func (valueSchema) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Ref: refTo(valueForms)} }

func integer(least, most int) *huma.Schema {
	return &huma.Schema{Type: huma.TypeInteger, Minimum: new(float64(least)), Maximum: new(float64(most))}
}

func list(of *huma.Schema, least, most int) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: of, MinItems: &least, MaxItems: &most}
}

// unique says that no item is there twice. It is said beside the fields that huma checks, since its check of this panics
// when an item is a list.
func unique(list *huma.Schema) *huma.Schema {
	list.Extensions = map[string]any{"uniqueItems": true}
	return list
}

// object is closed, and has all of its fields.
func object(fields map[string]*huma.Schema) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Properties: fields, Required: slices.Sorted(maps.Keys(fields)), AdditionalProperties: false}
}

// describe returns a schema with a description, and examples if there are any.
func describe(s *huma.Schema, text string, examples ...any) *huma.Schema {
	with := *s
	with.Description, with.Examples = text, examples
	return &with
}
