package pipeline

import (
	"errors"
	"testing"

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

// TestModelReads: texts as they are, of objects the columns that are numbers; nothing of what a node cannot see.
func TestModelReads(t *testing.T) {
	text := &helpFile{spec: &compute.Spec{Input: compute.Input{Kind: compute.Words}, Classes: []string{"a", "b"}}}
	table := &helpFile{spec: &compute.Spec{Input: compute.Input{Kind: compute.Numbers, Columns: []string{"x", "y"}}, Classes: []string{"a", "b"}}}
	asked := func(passage string) *polls.Question {
		return &polls.Question{ID: "q_1", Text: "Which?", Passage: passage, Choices: []string{"a", "b"}, Policy: polls.Policy{Kind: polls.Confidence}}
	}
	if r := text.read(asked("Buy now")); r == nil || r.Text != "Which?\nBuy now" {
		t.Errorf("%+v", r)
	}
	if r := table.read(asked(`{"x": 1.5, "y": -2e3, "z": "more"}`)); r == nil || r.Numbers["x"] != "1.5" || r.Numbers["y"] != "-2e3" || len(r.Numbers) != 2 || r.Text != "" {
		t.Errorf("%+v", r)
	}
	for name, passage := range map[string]string{"a text": "Buy", "a list": `[1, 2]`, "a column less": `{"x": 1}`, "a text in a column": `{"x": 1, "y": "2"}`, "too large": `{"x": 1, "y": 1e300}`, "nothing": ``} {
		if r := table.read(asked(passage)); r != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, change := range map[string]func(*polls.Question){
		"a picture": func(q *polls.Question) { q.Image = &polls.Image{} }, "a clip": func(q *polls.Question) { q.Audio = &polls.Audio{} },
		"pictures of choices": func(q *polls.Question) { q.ChoiceImages = make([]polls.Image, 2) }, "a fixed policy": func(q *polls.Question) { q.Policy.Kind = polls.Fixed },
		"another number of choices": func(q *polls.Question) { q.Choices = []string{"a", "b", "c"} },
	} {
		q := asked("Buy now")
		if change(q); text.read(q) != nil {
			t.Errorf("%s is read", name)
		}
	}
}
