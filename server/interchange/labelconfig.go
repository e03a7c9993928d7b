package interchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/polls"
)

// LabelConfig is a label configuration of Label Studio, as far as one question can be made of it.
type LabelConfig struct {
	Type    polls.Type
	Text    string   // what is asked, where it is the same for all tasks
	Choices []string // or classes; nil where each task has its own, as a ranking and a pair have
	Options polls.Options

	// Of the control, which is what is answered, and of the objects, which are what is shown.
	control, kind string   // its name and the type of its results
	objects       []string // their names, the one that is answered about first
	ofImages      bool     // it is a pair of two images
	alias         map[string]int
	data          map[string]string // the column of tasks that a name of data is
}

const (
	labelConfigMax   = 1 << 20
	labelConfigDepth = 64
)

// tag is an element of a configuration.
type tag struct {
	name     string
	attrs    map[string]string
	children []*tag
}

// controls are the tags that can be answered, and the type of their results where it is not their name in lower case.
var controls = map[string]polls.Type{
	"Choices": polls.Choice, "Rating": polls.Scale, "Number": polls.Number, "TextArea": polls.Text, "Ranker": polls.Ranking,
	"Pairwise": polls.Pair, "RectangleLabels": polls.Boxes, "PolygonLabels": polls.Polygons, "BrushLabels": polls.Mask, "Labels": polls.Spans,
}

// objectColumns are the tags that show something, and the column of tasks that they take it from.
var objectColumns = map[string]string{"Image": "image", "Text": "passage", "Audio": "audio", "AudioPlus": "audio", "List": "choices"}

// ParseLabelConfig reads a label configuration. Errors say what of it cannot be asked here.
func ParseLabelConfig(text []byte) (*LabelConfig, error) {
	if len(text) > labelConfigMax {
		return nil, badf("The label configuration is longer than %d bytes.", labelConfigMax)
	}
	root, err := parseTags(text)
	if err != nil {
		return nil, err
	}
	c := &LabelConfig{alias: map[string]int{}, data: map[string]string{}}
	var control *tag
	shown := map[string]*tag{}
	err = root.each(func(t *tag) error {
		_, isControl := controls[t.name]
		_, isObject := objectColumns[t.name]
		switch {
		case isControl && control != nil:
			return badf("A project asks one thing, and the label configuration has <%s> and <%s>.", control.name, t.name)
		case isControl:
			control = t
		case t.attrs["toName"] != "":
			return badf("There is no type of question for <%s>.", t.name)
		case isObject:
			shown[t.attrs["name"]] = t
		case t.attrs["name"] != "" && strings.HasPrefix(t.attrs["value"], "$"):
			return badf("There is no way to show a <%s>.", t.name)
		case t.name == "Header" && strings.HasPrefix(t.attrs["value"], "$"):
			c.data[t.attrs["value"][1:]] = "text"
		case t.name == "Header":
			c.Text = strings.TrimSpace(c.Text + "\n" + t.attrs["value"])
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case control == nil:
		return nil, badf("The label configuration asks nothing: there is no <Choices>, <RectangleLabels> or the like.")
	}
	if err := c.show(control, shown); err != nil {
		return nil, err
	}
	return c, c.ask(control, shown)
}

func parseTags(text []byte) (*tag, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	root := &tag{}
	open := []*tag{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badf("The label configuration is not XML: %v.", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			t := &tag{name: token.Name.Local, attrs: make(map[string]string, len(token.Attr))}
			for _, a := range token.Attr {
				name := a.Name.Local
				if strings.EqualFold(name, "toName") {
					name = "toName"
				}
				t.attrs[name] = strings.TrimSpace(a.Value)
			}
			parent := open[len(open)-1]
			parent.children = append(parent.children, t)
			if open = append(open, t); len(open) > labelConfigDepth {
				return nil, badf("The label configuration is nested deeper than %d tags.", labelConfigDepth)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if len(root.children) == 0 {
		return nil, badf("The label configuration is empty.")
	}
	return root, nil
}

// each calls do for all tags below t.
func (t *tag) each(do func(*tag) error) error {
	for _, child := range t.children {
		if err := errors.Join(do(child), child.each(do)); err != nil {
			return err
		}
	}
	return nil
}

// show finds what the control is about.
func (c *LabelConfig) show(control *tag, shown map[string]*tag) error {
	c.control, c.kind = control.attrs["name"], strings.ToLower(control.name)
	for _, name := range strings.Split(control.attrs["toName"], ",") {
		name = strings.TrimSpace(name)
		if shown[name] == nil {
			return badf("<%s> is about %q, and nothing that can be shown has that name.", control.name, name)
		}
		c.objects = append(c.objects, name)
	}
	sides := []string{"left", "right"}
	for name, t := range shown {
		value, ofData := strings.CutPrefix(t.attrs["value"], "$")
		side := slices.Index(c.objects, name)
		switch {
		case !ofData && t.name == "Text":
			c.Text = strings.TrimSpace(c.Text + "\n" + t.attrs["value"])
		case !ofData:
			return badf("<%s name=%q> shows the same for every task; its value has to be a name of data, as in $image.", t.name, name)
		case control.name == "Pairwise" && side >= 0 && side < 2:
			c.data[value] = sides[side]
			if t.name == "Image" {
				c.data[value] += " image"
			} else if t.name != "Text" {
				return badf("A pair is of two texts or two images, and not of <%s>.", t.name)
			}
		case t.name == "Text" && c.data[value] == "text": // shown twice, since there is nothing else to ask about
		default:
			c.data[value] = objectColumns[t.name]
		}
	}
	return nil
}

// ask finds what is asked.
func (c *LabelConfig) ask(control *tag, shown map[string]*tag) error {
	c.Type = controls[control.name]
	about := shown[c.objects[0]].name
	wants := ""
	switch c.Type {
	case polls.Boxes, polls.Polygons, polls.Mask:
		wants = "Image"
	case polls.Spans:
		wants = "Text"
	case polls.Ranking:
		wants = "List"
	}
	switch {
	case wants != "" && about != wants:
		return badf("There is no type of question for <%s> about <%s>.", control.name, about)
	case about == "List" && c.Type != polls.Ranking:
		return badf("There is no type of question for <%s> about <List>.", control.name)
	case control.attrs["perRegion"] == "true" || control.attrs["perItem"] == "true":
		return badf("There is no type of question for <%s> about each region.", control.name)
	}
	switch c.Type {
	case polls.Choice:
		return c.askChoices(control)
	case polls.Boxes, polls.Polygons, polls.Mask, polls.Spans:
		return c.name(control, "Label")
	case polls.Scale:
		most := 5
		if s := control.attrs["maxRating"]; s != "" {
			n, err := strconv.Atoi(s)
			if err != nil || n < polls.ChoicesMin || n > polls.ChoicesMax {
				return badf("A <Rating> goes to %d at least and %d at most.", polls.ChoicesMin, polls.ChoicesMax)
			}
			most = n
		}
		for n := range most {
			c.Choices = append(c.Choices, strconv.Itoa(n+1))
			c.alias[strconv.Itoa(n+1)] = n
		}
	case polls.Number:
		return c.askNumber(control)
	case polls.Text:
		c.Options.Length = polls.LengthMax
	case polls.Ranking:
		if slices.ContainsFunc(control.children, func(t *tag) bool { return t.name == "Bucket" }) {
			return badf("There is no type of question for a <Ranker> with buckets.")
		}
	case polls.Pair:
		if len(c.objects) != 2 {
			return badf("<Pairwise> is about two things, and not %d.", len(c.objects))
		}
	}
	return nil
}

func (c *LabelConfig) askChoices(control *tag) error {
	if strings.HasPrefix(control.attrs["value"], "$") {
		return badf("The choices of a project are the same for all tasks, and not %s.", control.attrs["value"])
	}
	if err := c.name(control, "Choice"); err != nil {
		return err
	}
	switch {
	case control.attrs["choice"] == "multiple":
		c.Type = polls.Multiple
	case slices.Equal(c.Choices, []string{"Yes", "No"}):
		c.Type = polls.YesNo
	}
	return nil
}

// name takes the names of choices or classes, and their aliases, which results have in their place.
func (c *LabelConfig) name(control *tag, child string) error {
	for _, t := range control.children {
		value := t.attrs["value"]
		switch {
		case t.name != child:
			return badf("There is no type of question for <%s> in <%s>.", t.name, control.name)
		case len(t.children) > 0:
			return badf("There is no type of question for choices within choices.")
		case value == "":
			return badf("A <%s> has no value.", child)
		}
		if _, twice := c.alias[value]; twice {
			return badf("The label configuration has %s twice.", shown([]byte(value)))
		}
		c.alias[value] = len(c.Choices)
		if alias := t.attrs["alias"]; alias != "" {
			c.alias[alias] = len(c.Choices)
		}
		c.Choices = append(c.Choices, value)
	}
	if len(c.Choices) == 0 {
		return badf("There is no <%s> in <%s>.", child, control.name)
	}
	return nil
}

func (c *LabelConfig) askNumber(control *tag) error {
	r := &polls.NumberRange{}
	var errs [3]error
	r.Min, errs[0] = polls.ParseDecimal(control.attrs["min"])
	r.Max, errs[1] = polls.ParseDecimal(control.attrs["max"])
	step := control.attrs["step"]
	if step != "" {
		_, errs[2] = polls.ParseDecimal(step)
	}
	if errors.Join(errs[:]...) != nil {
		return badf("A <Number> needs min and max, and they and step have at most six decimals.")
	}
	for _, s := range []string{control.attrs["min"], control.attrs["max"], step} {
		_, decimals, _ := strings.Cut(s, ".")
		r.Decimals = max(r.Decimals, len(decimals))
	}
	c.Options.Number = r
	return nil
}

// NewLabelConfig returns the configuration for the questions of a dataset.
func NewLabelConfig(about About) (*LabelConfig, error) {
	c := &LabelConfig{Type: about.Type, Choices: about.Choices, Options: about.Options, control: "label", alias: map[string]int{}, data: map[string]string{"text": "text"}}
	for i, choice := range about.Choices {
		c.alias[choice] = i
	}
	if about.Image {
		c.objects = append(c.objects, "image")
	}
	if about.Audio {
		c.objects = append(c.objects, "audio")
	}
	if about.Passage {
		c.objects = append(c.objects, "passage")
	}
	switch about.Type {
	case polls.Boxes, polls.Polygons, polls.Mask:
		c.objects = first(c.objects, "image")
	case polls.Spans:
		c.objects = first(c.objects, "passage")
	case polls.Ranking:
		c.objects = append([]string{"choices"}, c.objects...)
	case polls.Pair:
		c.objects = append([]string{"left", "right"}, c.objects...)
		c.ofImages = about.ChoiceImages
	}
	for name, t := range controls {
		if t == about.Type {
			c.kind = strings.ToLower(name)
		}
	}
	switch about.Type {
	case polls.YesNo, polls.Multiple, polls.Scale: // a scale has words, and not always as many as stars
		c.kind = "choices"
	}
	if len(c.objects) == 0 {
		c.objects = []string{"text"}
	}
	if c.kind == "" {
		return nil, badf("Label Studio has nothing for questions of type %s.", about.Type)
	}
	return c, nil
}

// first returns names with one of them before the others.
func first(names []string, name string) []string {
	return append([]string{name}, slices.DeleteFunc(names, func(s string) bool { return s == name })...)
}

// XML writes the configuration.
func (c *LabelConfig) XML() string {
	var b strings.Builder
	b.WriteString("<View>\n")
	write := func(format string, values ...any) {
		for i, v := range values {
			var escaped strings.Builder
			if err := xml.EscapeText(&escaped, fmt.Append(nil, v)); err != nil {
				panic(err) // a builder takes everything
			}
			values[i] = escaped.String()
		}
		fmt.Fprintf(&b, "  "+format+"\n", values...)
	}
	write(`<Header value="$text"/>`)
	for _, name := range c.objects {
		tag := map[string]string{"image": "Image", "audio": "Audio", "choices": "List"}[name]
		switch {
		case c.ofImages && (name == "left" || name == "right"):
			tag = "Image"
		case tag == "":
			tag = "Text"
		}
		write(`<%s name="%s" value="$%s"/>`, tag, name, name)
	}
	labels := func(tag, child, attrs string) {
		write(`<%s name="%s" toName="%s"`+attrs+`>`, tag, c.control, c.objects[0])
		for _, choice := range c.Choices {
			write(`  <%s value="%s"/>`, child, choice)
		}
		write(`</%s>`, tag)
	}
	switch c.Type {
	case polls.Choice, polls.YesNo, polls.Scale:
		labels("Choices", "Choice", ` choice="single-radio"`)
	case polls.Multiple:
		labels("Choices", "Choice", ` choice="multiple"`)
	case polls.Number:
		n := c.Options.Number
		if n == nil {
			n = &polls.NumberRange{Min: -1 << 53, Max: 1 << 53, Decimals: polls.DecimalsMax}
		}
		step := "1"
		if n.Decimals > 0 {
			step = "0." + strings.Repeat("0", n.Decimals-1) + "1"
		}
		write(`<Number name="%s" toName="%s" min="%s" max="%s" step="%s"/>`, c.control, c.objects[0], n.Min, n.Max, step)
	case polls.Text:
		write(`<TextArea name="%s" toName="%s" maxSubmissions="1"/>`, c.control, c.objects[0])
	case polls.Ranking:
		write(`<Ranker name="%s" toName="choices"/>`, c.control)
	case polls.Pair:
		write(`<Pairwise name="%s" toName="left,right"/>`, c.control)
	case polls.Boxes:
		labels("RectangleLabels", "Label", "")
	case polls.Polygons:
		labels("PolygonLabels", "Label", "")
	case polls.Mask:
		labels("BrushLabels", "Label", "")
	case polls.Spans:
		labels("Labels", "Label", "")
	}
	b.WriteString("</View>\n")
	return b.String()
}
