package pipeline

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// TestReadOpinion: what a node says is a probability for each choice of the very task, or it is refused.
func TestReadOpinion(t *testing.T) {
	choices := []string{"a", "b"}
	o, err := readOpinion([]byte(`{"key":"q_1","label":"a","confidence":0.75,"probabilities":{"a":0.75,"b":0.25}}`), "q_1", choices)
	if err != nil || len(o) != 2 || o[0] != 750_000 || o[1] != 250_000 {
		t.Errorf("%v, %v", o, err)
	}
	for name, line := range map[string]string{
		"nothing": ``, "no JSON": `x`, "another task": `{"key":"q_2","probabilities":{"a":0.75,"b":0.25}}`, "a choice less": `{"key":"q_1","probabilities":{"a":1}}`,
		"a choice more": `{"key":"q_1","probabilities":{"a":0.5,"b":0.25,"c":0.25}}`, "another choice": `{"key":"q_1","probabilities":{"a":0.5,"c":0.5}}`,
		"more than all": `{"key":"q_1","probabilities":{"a":0.75,"b":0.75}}`, "below 0": `{"key":"q_1","probabilities":{"a":1.25,"b":-0.25}}`,
		"a text": `{"key":"q_1","probabilities":{"a":"1","b":"0"}}`, "no number": `{"key":"q_1","probabilities":{"a":NaN,"b":1}}`, "huge": `{"key":"q_1","probabilities":{"a":1e999,"b":0}}`,
	} {
		if _, err := readOpinion([]byte(line), "q_1", choices); !errors.Is(err, ErrModelSaid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// kept keeps one picture.
type kept struct {
	TaskMedia
	hash string
	err  error
}

func (k kept) Scaled(_ context.Context, hash string, width, height int, grey bool) ([]byte, error) {
	if hash != k.hash {
		return nil, tasknet.NewError(tasknet.NotFound, "no_such_image", "")
	}
	return fmt.Appendf(nil, "%dx%d %t", width, height, grey), k.err
}

// TestModelReads: texts as they are, of objects the columns that are numbers, pictures in the size that the model looks at; nothing
// of what it does not look at.
func TestModelReads(t *testing.T) {
	classes := []string{"a", "b"}
	text := &helpFile{spec: &compute.Spec{Input: compute.Input{Kind: compute.Words}, Classes: classes}}
	table := &helpFile{spec: &compute.Spec{Input: compute.Input{Kind: compute.Numbers, Columns: []string{"x", "y"}}, Classes: classes}}
	pictures := &helpFile{spec: &compute.Spec{Input: compute.Input{Kind: compute.Image, Height: 20, Width: 28}, Classes: classes}, media: kept{hash: "there"}}
	read := func(f *helpFile, q *polls.Question) *helpRow {
		row, err := f.read(t.Context(), q)
		if err != nil {
			t.Error(err)
		}
		return row
	}
	asked := func(passage string) *polls.Question {
		return &polls.Question{ID: "q_1", Text: "Which?", Passage: passage, Choices: classes, Policy: polls.Policy{Kind: polls.Confidence}}
	}
	shown := func(hash string) *polls.Question {
		q := asked("")
		q.Image = &polls.Image{Hash: hash}
		return q
	}
	if r := read(text, asked("Buy now")); r == nil || r.Text != "Which?\nBuy now" {
		t.Errorf("%+v", r)
	}
	if r := read(table, asked(`{"x": 1.5, "y": -2e3, "z": "more"}`)); r == nil || r.Numbers["x"] != "1.5" || r.Numbers["y"] != "-2e3" || len(r.Numbers) != 2 || r.Text != "" {
		t.Errorf("%+v", r)
	}
	grey, colour := "data:image/png;base64,Mjh4MjAgdHJ1ZQ==", "data:image/png;base64,Mjh4MjAgZmFsc2U="
	if r := read(pictures, shown("there")); r == nil || r.Image != grey || r.Text != "" {
		t.Errorf("%+v", r)
	}
	pictures.spec.Input.Channels = 3
	if r := read(pictures, shown("there")); r == nil || r.Image != colour {
		t.Errorf("in colour: %+v", r)
	}
	if read(pictures, shown("gone")) != nil || read(pictures, asked("Buy now")) != nil {
		t.Error("a model of pictures sees one that is gone, or a text")
	}
	broken := errors.New("the disk is broken")
	pictures.media = kept{hash: "there", err: broken}
	if _, err := pictures.read(t.Context(), shown("there")); !errors.Is(err, broken) {
		t.Errorf("from a broken disk: %v", err)
	}
	for name, passage := range map[string]string{"a text": "Buy", "a list": `[1, 2]`, "a column less": `{"x": 1}`, "a text in a column": `{"x": 1, "y": "2"}`, "too large": `{"x": 1, "y": 1e300}`, "nothing": ``} {
		if r := read(table, asked(passage)); r != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, change := range map[string]func(*polls.Question){
		"a picture": func(q *polls.Question) { q.Image = &polls.Image{} }, "a clip": func(q *polls.Question) { q.Audio = &polls.Audio{} },
		"pictures of choices": func(q *polls.Question) { q.ChoiceImages = make([]polls.Image, 2) }, "a fixed policy": func(q *polls.Question) { q.Policy.Kind = polls.Fixed },
		"another number of choices": func(q *polls.Question) { q.Choices = []string{"a", "b", "c"} },
	} {
		q := asked("Buy now")
		if change(q); read(text, q) != nil {
			t.Errorf("%s is read", name)
		}
	}
}
