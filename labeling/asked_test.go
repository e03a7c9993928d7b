package labeling_test

import (
	"strings"
	"testing"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

func TestSays(t *testing.T) {
	t.Parallel()
	birds := []string{"heron", "egret", "stork"}
	unit := &polls.NumberRange{Unit: "kg"}
	long := strings.Repeat("ä", 200)
	for name, c := range map[string]struct {
		of      polls.Type
		number  *polls.NumberRange
		choice  int
		value   polls.Value
		outcome labeling.Outcome
		want    string
	}{
		"a choice":          {of: polls.Choice, choice: 1, outcome: labeling.Decided, want: "egret"},
		"a leaning":         {of: polls.Scale, choice: 2, outcome: labeling.Leaning, want: "stork"},
		"nothing":           {of: polls.Choice, choice: labeling.NoChoice, outcome: labeling.None},
		"no value":          {of: polls.Boxes, choice: labeling.NoChoice, outcome: labeling.None},
		"several":           {of: polls.Multiple, choice: labeling.NoChoice, value: `[0,2]`, outcome: labeling.Decided, want: "heron, stork"},
		"none of them":      {of: polls.Multiple, choice: labeling.NoChoice, value: `[]`, outcome: labeling.Decided, want: "None of them"},
		"an order":          {of: polls.Ranking, choice: labeling.NoChoice, value: `[2,0,1]`, outcome: labeling.Decided, want: "stork, heron, egret"},
		"a number":          {of: polls.Number, number: unit, choice: labeling.NoChoice, value: `"12.5"`, outcome: labeling.Decided, want: "12.5 kg"},
		"a bare number":     {of: polls.Number, number: &polls.NumberRange{}, choice: labeling.NoChoice, value: `"-3"`, outcome: labeling.Decided, want: "-3"},
		"a text":            {of: polls.Text, choice: labeling.NoChoice, value: `"two\nlines, \"class\":"`, outcome: labeling.Decided, want: `two lines, "class":`},
		"a long text":       {of: polls.Text, choice: labeling.NoChoice, value: polls.Value(`"` + long + `"`), outcome: labeling.Decided, want: long[:2*119] + "…"},
		"no boxes":          {of: polls.Boxes, choice: labeling.NoChoice, value: `[]`, outcome: labeling.Decided, want: "Nothing to mark"},
		"a box":             {of: polls.Boxes, choice: labeling.NoChoice, value: `[{"class":0,"h":1,"w":1,"x":0,"y":0}]`, outcome: labeling.Decided, want: "1 box"},
		"outlines":          {of: polls.Polygons, choice: labeling.NoChoice, value: `[{"class":0,"points":[0,0,1,0,1,1]},{"class":1,"points":[0,0,1,0,1,1]}]`, outcome: labeling.Decided, want: "2 outlines"},
		"two painted areas": {of: polls.Mask, choice: labeling.NoChoice, value: `[{"class":0,"counts":[1,2]},{"class":2,"counts":[0,3]}]`, outcome: labeling.Decided, want: "2 painted areas"},
		"a mark":            {of: polls.Spans, choice: labeling.NoChoice, value: `[{"class":0,"end":3,"start":0}]`, outcome: labeling.Decided, want: "1 mark"},
	} {
		v := &labeling.Verdict{Outcome: c.outcome, Choice: c.choice, Value: c.value}
		if got := v.Says(&polls.Question{Type: c.of, Choices: birds, Options: polls.Options{Number: c.number}}); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestShows(t *testing.T) {
	t.Parallel()
	shared, own := &labeling.Project{}, &labeling.Project{}
	shared.Text = "Which bird?"
	pairs := &labeling.Project{}
	pairs.Type, pairs.Text = polls.Pair, "Which is better?"
	for name, c := range map[string]struct {
		of   *labeling.Project
		q    polls.Question
		want string
	}{
		"a passage":            {shared, polls.Question{Text: "Which bird?", Passage: "At dawn,\n by the lake"}, "At dawn, by the lake"},
		"a question":           {own, polls.Question{Text: "Is 17 prime?", Image: &polls.Image{Alt: "A number"}}, "Is 17 prime?"},
		"a picture":            {shared, polls.Question{Text: "Which bird?", Image: &polls.Image{Alt: "A grey one"}}, "A grey one"},
		"a picture of nothing": {shared, polls.Question{Text: "Which bird?", Image: &polls.Image{}}, "A picture"},
		"a clip":               {shared, polls.Question{Text: "Which bird?", Audio: &polls.Audio{}}, "A clip"},
		"a pair":               {pairs, polls.Question{Type: polls.Pair, Text: "Which is better?", Choices: []string{"this", "that"}}, "this / that"},
		"only the project's":   {shared, polls.Question{Text: "Which bird?", Choices: []string{"heron", "egret"}}, "Which bird?"},
	} {
		if got := (&labeling.AskedTask{Question: &c.q}).Shows(c.of); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFor(t *testing.T) {
	t.Parallel()
	split := &labeling.Verdict{Choice: 1, Counts: []int{1, 2}, CannotTell: 1, Answers: 4}
	values := &labeling.Verdict{Choice: labeling.NoChoice, CannotTell: 1, Answers: 4}
	if split.For() != 2 || values.For() != 3 {
		t.Errorf("for a choice %d, for a value %d; want 2 and 3", split.For(), values.For())
	}
}
