package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// A label configuration says what the request leaves out, and the request says the rest.
func TestProjectOfLabelConfig(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	body := func(config, more string) string {
		quoted, err := json.Marshal("<View>" + config + "</View>")
		w.must(err)
		return `{"name":"x"` + more + `,"label_config":` + string(quoted) + `}`
	}
	const (
		header = `<Header value="Which bird?"/>`
		birds  = header + `<Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="heron"/><Choice value="egret"/></Choices>`
		boxes  = `<Image name="i" value="$image"/><RectangleLabels name="l" toName="i"><Label value="cat"/><Label value="dog"/></RectangleLabels>`
		number = `<Image name="i" value="$image"/><Number name="n" toName="i" min="0" max="10.5" step="0.25"/>`
		words  = `<Image name="i" value="$image"/><TextArea name="w" toName="i"/>`
		stars  = `<Text name="t" value="$text"/><Rating name="r" toName="t" maxRating="3"/>`
	)
	type template struct {
		Type, Text string
		Choices    []string
		Number     *wire.NumberRange
		Length     int
	}
	for name, c := range map[string]struct {
		body string
		want template
	}{
		"choices":             {body(birds, ""), template{Type: "choice", Text: "Which bird?", Choices: []string{"heron", "egret"}}},
		"several may be said": {body(birds, `,"type":"multiple"`), template{Type: "multiple", Text: "Which bird?", Choices: []string{"heron", "egret"}}},
		"other words":         {body(birds, `,"text":"Which?","choices":["a","b"]`), template{Type: "choice", Text: "Which?", Choices: []string{"a", "b"}}},
		"classes":             {body(boxes, `,"text":"Mark all"`), template{Type: "boxes", Text: "Mark all", Choices: []string{"cat", "dog"}}},
		"a range":             {body(number, ""), template{Type: "number", Choices: []string{}, Number: &wire.NumberRange{Min: "0", Max: "10.5", Decimals: 2}}},
		"another range":       {body(number, `,"number":{"min":"1","max":"2","decimals":0}`), template{Type: "number", Choices: []string{}, Number: &wire.NumberRange{Min: "1", Max: "2"}}},
		"another type":        {body(number, `,"type":"text","length":7`), template{Type: "text", Choices: []string{}, Length: 7}},
		"a text":              {body(words, ""), template{Type: "text", Choices: []string{}, Length: 1000}},
		"a short text":        {body(words, `,"length":9`), template{Type: "text", Choices: []string{}, Length: 9}},
		"stars":               {body(stars, ""), template{Type: "scale", Choices: []string{"1", "2", "3"}}},
		"none":                {`{"name":"x","choices":["a","b"]}`, template{Type: "choice", Choices: []string{"a", "b"}}},
	} {
		p := w.project(c.body)
		if diff := cmp.Diff(c.want, template{p.Type, p.Text, p.Choices, p.Number, p.Length}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	before := w.state()
	for name, c := range map[string]struct{ body, code, detail string }{
		"no XML":      {body("<", ""), "bad_label_config", "The label configuration is not XML"},
		"two of them": {body(birds+`<Rating name="r" toName="i"/><Taxonomy name="t" toName="i"/>`, ""), "bad_label_config", "A project asks one thing, and the label configuration has <Choices> and <Rating>."},
		"a keypoint":  {body(`<Image name="i" value="$image"/><KeyPointLabels name="k" toName="i"><Label value="a"/></KeyPointLabels>`, ""), "bad_label_config", "There is no type of question for <KeyPointLabels>."},
		"one choice":  {body(`<Image name="i" value="$image"/><Choices name="c" toName="i"><Choice value="a"/></Choices>`, ""), "bad_choices", "Give between 2 and 20 choices, each with 1 to 500 characters."},
		"too long":    {body(strings.Repeat(" ", 1<<16), ""), "invalid_request", ""},
	} {
		got := w.as(w.key, "POST", "/v1/projects", c.body)
		if p := got.problem(t); got.status != 400 || p.Code != c.code || !strings.HasPrefix(p.Detail, c.detail) {
			t.Errorf("%s: %d %+v, want %s", name, got.status, p, c.code)
		}
	}
	if diff := cmp.Diff(before, w.state()); diff != "" {
		t.Errorf("it changed something: %s", diff)
	}
}
