package polls_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// example returns a draft of a type, with an image of 40 by 30 pixels.
func example(of polls.Type) polls.Draft {
	d := draft()
	d.Type, d.Choices = of, []string{"a", "b", "c"}
	switch of {
	case polls.YesNo:
		d.Choices = nil
	case polls.Pair:
		d.Choices = d.Choices[:2]
	case polls.Multiple:
		d.Least, d.Most = 1, 2
	case polls.Number:
		d.Choices, d.Number = nil, &polls.NumberRange{Min: -2_500_000, Max: 100_000_000, Decimals: 1, Unit: "kg"}
	case polls.Text:
		d.Choices, d.Length = nil, 5
	case polls.Boxes, polls.Polygons, polls.Mask:
		d.Image = &polls.Image{Hash: "ab", Width: 40, Height: 30}
	case polls.Spans:
		d.Passage = "Ein Reiher 🐦 im See"
	}
	return d
}

// TestAnswers lists what answers each type, and what does not.
func TestAnswers(t *testing.T) {
	label := struct{ good, bad []any }{[]any{0, 2, -1}, []any{3, -2, "[0]", `"a"`}}
	for of, c := range map[polls.Type]struct{ good, bad []any }{
		polls.Choice: label,
		polls.Scale:  label,
		polls.YesNo:  {[]any{0, 1, -1}, []any{2, `"Yes"`}},
		polls.Pair:   {[]any{0, 1, -1}, []any{2}},
		polls.Multiple: {
			[]any{-1, "[0]", "[0,2]"},
			[]any{0, "", "[]", "[0,1,2]", "[2,0]", "[0,0]", "[3]", "[-1]", "[0, 2]", "[0.0]", "0", "null", `["0"]`, "[0]x"},
		},
		polls.Ranking: {[]any{-1, "[2,0,1]"}, []any{0, "[0,1]", "[0,1,1]", "[0,1,3]", "[0,1,2,2]", "null"}},
		polls.Number: {
			[]any{-1, `"12.5"`, `"-2.5"`, `"0"`, `"100"`},
			[]any{0, `"-2.6"`, `"100.1"`, `"12.55"`, `"12.50"`, `"+1"`, `"-0"`, `"1e1"`, `"012"`, `"."`, `""`, "12.5", "12", `"NaN"`, `"1."`, `".5"`, `"9999999999999999999"`},
		},
		polls.Text: {
			[]any{-1, `"abc"`, `"数🐦é"`, `"a b"`, "\"<&>\u2028'\""},
			[]any{0, `"\u003c"`, `"\u2028"`, `""`, `"abcdef"`, `" a"`, `"a "`, "\"a\u202eb\"", `"a\u0007"`, `"a`, `"\u0061"`, "abc"},
		},
		polls.Boxes: {
			[]any{-1, "[]", `[{"class":2,"h":30,"w":40,"x":0,"y":0}]`, `[{"class":0,"h":1,"w":1,"x":39,"y":29},{"class":0,"h":1,"w":1,"x":39,"y":29}]`},
			[]any{
				0, `[{"class":3,"h":1,"w":1,"x":0,"y":0}]`, `[{"class":0,"h":1,"w":41,"x":0,"y":0}]`, `[{"class":0,"h":31,"w":1,"x":0,"y":0}]`, `[{"class":0,"h":1,"w":1,"x":40,"y":0}]`,
				`[{"class":0,"h":1,"w":1,"x":-1,"y":0}]`, `[{"class":0,"h":0,"w":1,"x":0,"y":0}]`, `[{"class":0,"h":1,"w":9223372036854775807,"x":9,"y":0}]`, `[{"w":1,"h":1,"class":0,"x":0,"y":0}]`,
				`[{"class":0,"h":1,"w":1,"x":0}]`, `[{"class":0,"h":1,"more":1,"w":1,"x":0,"y":0}]`, "{}", "null",
				"[" + strings.Repeat(`{"class":0,"h":1,"w":1,"x":0,"y":0},`, 200) + `{"class":0,"h":1,"w":1,"x":0,"y":0}]`,
			},
		},
		polls.Polygons: {
			[]any{-1, "[]", `[{"class":0,"points":[0,0,40,0,40,30]}]`},
			[]any{
				0, `[{"class":0,"points":[0,0,40,0]}]`, `[{"class":0,"points":[0,0,40,0,40,30,1]}]`, `[{"class":0,"points":[0,0,41,0,40,30]}]`, `[{"class":0,"points":[0,0,40,0,40,31]}]`,
				`[{"class":0,"points":[0,0,-1,0,40,30]}]`, `[{"class":3,"points":[0,0,40,0,40,30]}]`, `[{"class":0,"points":[` + strings.Repeat("1,1,", 2000) + `1,1]}]`,
			},
		},
		polls.Mask: {
			[]any{-1, "[]", `[{"class":0,"counts":[1200]}]`, `[{"class":0,"counts":[0,1200]},{"class":2,"counts":[5,10,1185]}]`},
			[]any{
				0, `[{"class":0,"counts":[1199]}]`, `[{"class":0,"counts":[1201]}]`, `[{"class":0,"counts":[5,0,1195]}]`, `[{"class":0,"counts":[1300,-100]}]`, `[{"class":0,"counts":[]}]`,
				`[{"class":1,"counts":[1200]},{"class":0,"counts":[1200]}]`, `[{"class":1,"counts":[1200]},{"class":1,"counts":[1200]}]`, `[{"class":3,"counts":[1200]}]`,
			},
		},
		polls.Spans: {
			[]any{-1, "[]", `[{"class":0,"end":19,"start":0}]`, `[{"class":0,"end":10,"start":4},{"class":1,"end":10,"start":4}]`, `[{"class":0,"end":4,"start":0},{"class":0,"end":6,"start":4}]`},
			[]any{
				0, `[{"class":0,"end":20,"start":0}]`, `[{"class":0,"end":4,"start":4}]`, `[{"class":0,"end":4,"start":-1}]`, `[{"class":3,"end":4,"start":0}]`,
				`[{"class":0,"end":4,"start":0},{"class":0,"end":6,"start":3}]`, `[{"class":0,"end":9,"start":5},{"class":1,"end":4,"start":0}]`,
			},
		},
	} {
		q, err := polls.NewQuestion(example(of), instance, now)
		if err != nil {
			t.Fatalf("%s: %v", of, err)
		}
		answer := func(a any) error {
			if choice, ok := a.(int); ok {
				return q.CheckAnswer(choice, "")
			}
			return q.CheckAnswer(0, polls.Value(a.(string)))
		}
		for _, a := range c.good {
			if err := answer(a); err != nil {
				t.Errorf("%s: %v is refused: %v", of, a, err)
			}
		}
		for _, a := range c.bad {
			if err := answer(a); tasknet.Describe(err).Kind != tasknet.Invalid {
				t.Errorf("%s: %.80v: %v, want an error of kind invalid", of, a, err)
			}
		}
		if err := q.CheckAnswer(polls.CannotTell, "[0]"); !errors.Is(err, polls.ErrWrongKind) {
			t.Errorf("%s: a choice and a value: %v", of, err)
		}
	}
	long := example(polls.Multiple)
	q, err := polls.NewQuestion(long, instance, now)
	check(t, err)
	if err := q.CheckAnswer(0, polls.Value("["+strings.Repeat("1", polls.ValueBytesMax)+"]")); !errors.Is(err, polls.ErrBadValue) {
		t.Errorf("a long value: %v", err)
	}
}

func TestTypesAskForWhatTheyNeed(t *testing.T) {
	for _, of := range polls.Types() {
		q, err := polls.NewQuestion(example(of), instance, now)
		if err != nil {
			t.Fatalf("%s: %v", of, err)
		}
		if q.Type.IsLabel() != (len(q.Counts) > 0) {
			t.Errorf("%s: counts %v", of, q.Counts)
		}
		if err := q.CheckShown(); err != nil {
			t.Errorf("%s: what was asked does not pass: %v", of, err)
		}
		sure := example(of)
		sure.Policy = polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 2, Max: 9}
		if _, err := polls.NewQuestion(sure, instance, now); (err == nil) != of.IsLabel() {
			t.Errorf("%s with a confidence policy: %v", of, err)
		}
	}
	for _, of := range polls.Types() {
		many := example(of)
		many.Policy = polls.Policy{Kind: polls.Fixed, Min: polls.ValuesMax, Max: polls.ValuesMax}
		if _, err := polls.NewQuestion(many, instance, now); err != nil {
			t.Errorf("%s with %d answers: %v", of, polls.ValuesMax, err)
		}
		many.Policy.Min, many.Policy.Max = polls.ValuesMax+1, polls.ValuesMax+1
		want := ""
		if !of.IsLabel() {
			want = "bad_policy"
		}
		if _, err := polls.NewQuestion(many, instance, now); want != "" && tasknet.Describe(err).Code != want || want == "" && err != nil {
			t.Errorf("%s with %d answers: %v", of, polls.ValuesMax+1, err)
		}
	}
	for name, c := range map[string]struct {
		of     polls.Type
		change func(*polls.Draft)
		code   string
	}{
		"yes_no with choices":    {polls.YesNo, func(d *polls.Draft) { d.Choices = []string{"yes", "no"} }, "bad_choices"},
		"a pair of three":        {polls.Pair, func(d *polls.Draft) { d.Choices = []string{"a", "b", "c"} }, "bad_choices"},
		"a text with choices":    {polls.Text, func(d *polls.Draft) { d.Choices = []string{"a", "b"} }, "bad_choices"},
		"eleven to rank":         {polls.Ranking, func(d *polls.Draft) { d.Choices = strings.Split("a,b,c,d,e,f,g,h,i,j,k", ",") }, "bad_choices"},
		"boxes of no class":      {polls.Boxes, func(d *polls.Draft) { d.Choices = nil }, "bad_choices"},
		"boxes without an image": {polls.Boxes, func(d *polls.Draft) { d.Image = nil }, "no_image"},
		"spans of nothing":       {polls.Spans, func(d *polls.Draft) { d.Passage = " " }, "no_passage"},
		"more than there are":    {polls.Multiple, func(d *polls.Draft) { d.Most = 4 }, "bad_options"},
		"least over most":        {polls.Multiple, func(d *polls.Draft) { d.Least = 3 }, "bad_options"},
		"no range":               {polls.Number, func(d *polls.Draft) { d.Number = nil }, "bad_options"},
		"an empty range":         {polls.Number, func(d *polls.Draft) { d.Number.Max = d.Number.Min }, "bad_options"},
		"a bound between":        {polls.Number, func(d *polls.Draft) { d.Number.Min++ }, "bad_options"},
		"seven decimals":         {polls.Number, func(d *polls.Draft) { d.Number.Decimals = 7 }, "bad_options"},
		"a long unit":            {polls.Number, func(d *polls.Draft) { d.Number.Unit = strings.Repeat("m", 21) }, "bad_options"},
		"too long a text":        {polls.Text, func(d *polls.Draft) { d.Length = 1001 }, "bad_options"},
		"another's option":       {polls.Choice, func(d *polls.Draft) { d.Length = 7 }, "bad_options"},
		"another's range":        {polls.Text, func(d *polls.Draft) { d.Number = &polls.NumberRange{} }, "bad_options"},
		"a long passage":         {polls.Spans, func(d *polls.Draft) { d.Passage = strings.Repeat("x", 10_001) }, "bad_text"},
		"an image for one":       {polls.Choice, func(d *polls.Draft) { d.ChoiceImages = []polls.Image{{Hash: "ab"}} }, "bad_choice_images"},
	} {
		d := example(c.of)
		c.change(&d)
		if q, err := polls.NewQuestion(d, instance, now); tasknet.Describe(err).Code != c.code {
			t.Errorf("%s: %+v, %v; want %s", name, q, err, c.code)
		}
	}
}

// What an answer reads as, it is written from.
func TestValueOf(t *testing.T) {
	want := []polls.Box{{Class: 1, X: 2, Y: 3, W: 4, H: 5}}
	v, err := polls.ValueOf(want)
	check(t, err)
	if got, err := v.Boxes(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%s reads as %v, %v", v, got, err)
	}
	n, err := polls.ValueOf(polls.Decimal(-1))
	check(t, err)
	if got, err := n.Number(); err != nil || got != -1 || n != `"-0.000001"` {
		t.Errorf("%s reads as %v, %v", n, got, err)
	}
}
