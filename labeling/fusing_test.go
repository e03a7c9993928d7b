package labeling_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// fused asks a question of a type with an image of 100 by 100 pixels, and returns the verdict on answers; an empty one is of
// somebody who cannot tell.
func fused(t *testing.T, change func(*polls.Draft), answers ...string) *labeling.Verdict {
	t.Helper()
	d := polls.Draft{
		Choices: []string{"a", "b", "c"}, Policy: polls.Policy{Kind: polls.Fixed, Min: len(answers), Max: len(answers)}, Price: tasknet.Micro(1), Lifetime: time.Hour,
		Image: &polls.Image{Hash: "ab", Width: 100, Height: 100}, Passage: strings.Repeat("word ", 20),
	}
	change(&d)
	q, err := polls.NewQuestion(d, "", now)
	if err != nil {
		t.Fatal(err)
	}
	votes := make([]polls.Vote, len(answers))
	for i, a := range answers {
		votes[i] = polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Value: polls.Value(a)}
		if a == "" {
			votes[i].Choice = polls.CannotTell
		}
	}
	v, err := labeling.Decide(q, votes, nil, labeling.Quorum, now)
	if err != nil {
		t.Fatal(err)
	}
	if v.Value != "" {
		if err := q.CheckAnswer(0, v.Value); err != nil {
			t.Errorf("the verdict %s does not answer its question: %v", v.Value, err)
		}
	}
	return v
}

func of(kind polls.Type) func(*polls.Draft) {
	return func(d *polls.Draft) {
		if d.Type = kind; kind == polls.Text {
			d.Choices = nil
		}
	}
}

func number(least, most polls.Decimal, decimals int) func(*polls.Draft) {
	return func(d *polls.Draft) {
		d.Type, d.Choices, d.Number = polls.Number, nil, &polls.NumberRange{Min: least, Max: most, Decimals: decimals}
	}
}

func selecting(least, most int) func(*polls.Draft) {
	return func(d *polls.Draft) { d.Type, d.Least, d.Most = polls.Multiple, least, most }
}

func TestFusing(t *testing.T) {
	const far = 1_000_000_000_000_000_000
	for name, c := range map[string]struct {
		change    func(*polls.Draft)
		answers   []string
		value     polls.Value
		agreement int
	}{
		"each option by itself":       {selecting(0, 3), []string{"[0]", "[0,2]", "[2]"}, "[0,2]", 777_778},
		"no option":                   {selecting(0, 3), []string{"[0]", "[1]", "[2]"}, "[]", 666_667},
		"the least that is allowed":   {selecting(1, 3), []string{"[2]", "[1]", "[0,1]", "[0,2]"}, "[0]", 500_000},
		"the most that is allowed":    {selecting(1, 1), []string{"[0]", "[2]", "[2]"}, "[2]", 777_778},
		"not the most that come":      {selecting(0, 1), []string{"[0]", "[0]"}, "[0]", 1_000_000},
		"who cannot tell has no say":  {selecting(0, 3), []string{"[1]", "", "[1]"}, "[1]", 1_000_000},
		"places are summed":           {of(polls.Ranking), []string{"[0,1,2]", "[1,2,0]", "[1,0,2]"}, "[1,0,2]", 777_778},
		"level ones by first places":  {of(polls.Ranking), []string{"[0,1,2]", "[0,1,2]", "[1,2,0]", "[1,2,0]"}, "[1,0,2]", 666_667},
		"level in all, as asked":      {of(polls.Ranking), []string{"[2,1,0]", "[0,1,2]"}, "[0,2,1]", 500_000},
		"the number in the middle":    {number(0, 10_000_000, 0), []string{`"9"`, `"1"`, `"2"`}, `"2"`, 733_333},
		"the mean of two":             {number(-10_000_000, 10_000_000, 1), []string{`"-0.1"`, `"-0.2"`}, `"-0.2"`, 997_500},
		"the mean of far ones":        {number(-far, far, 6), []string{`"-1000000000000"`, `"1000000000000"`}, `"0"`, 500_000},
		"one number":                  {number(0, 1, 6), []string{`"0.000001"`}, `"0.000001"`, 1_000_000},
		"the text that is like most":  {of(polls.Text), []string{`"abcd"`, `"abce"`, `"abde"`}, `"abce"`, 833_333},
		"a text that came twice":      {of(polls.Text), []string{`"x"`, `"yy"`, `"yy"`}, `"yy"`, 666_667},
		"points, not bytes":           {of(polls.Text), []string{`"🐦"`, `"数"`, `"🐦数"`}, `"🐦"`, 500_000},
		"a span by most":              {of(polls.Spans), []string{`[{"class":0,"end":9,"start":0}]`, `[{"class":0,"end":5,"start":2}]`, `[{"class":1,"end":5,"start":2}]`}, `[{"class":0,"end":5,"start":2}]`, 666_667},
		"half is not most":            {of(polls.Spans), []string{`[{"class":0,"end":9,"start":0}]`, `[]`}, `[]`, 500_000},
		"nothing, said by all":        {of(polls.Spans), []string{`[]`, `[]`}, `[]`, 1_000_000},
		"spans that touch":            {of(polls.Spans), []string{`[{"class":0,"end":3,"start":0},{"class":0,"end":6,"start":3}]`, `[{"class":0,"end":6,"start":0}]`}, `[{"class":0,"end":6,"start":0}]`, 1_000_000},
		"a mask from the first pixel": {of(polls.Mask), []string{`[{"class":2,"counts":[0,10,9990]}]`, `[{"class":2,"counts":[0,12,9988]}]`}, `[{"class":2,"counts":[0,10,9990]}]`, 916_667},
		"a mask to the last pixel":    {of(polls.Mask), []string{`[{"class":2,"counts":[9990,10]}]`}, `[{"class":2,"counts":[9990,10]}]`, 1_000_000},
		"each box by itself": {
			of(polls.Boxes),
			[]string{
				`[{"class":0,"h":10,"w":10,"x":0,"y":0},{"class":0,"h":20,"w":20,"x":50,"y":50}]`,
				`[{"class":0,"h":20,"w":20,"x":51,"y":52},{"class":0,"h":10,"w":10,"x":1,"y":1}]`,
				`[{"class":0,"h":22,"w":18,"x":52,"y":51},{"class":1,"h":10,"w":10,"x":0,"y":0}]`,
			},
			`[{"class":0,"h":21,"w":19,"x":51,"y":51},{"class":0,"h":10,"w":10,"x":0,"y":0}]`, 833_333,
		},
		"boxes that overlap too little":    {of(polls.Boxes), []string{`[{"class":0,"h":10,"w":10,"x":0,"y":0}]`, `[{"class":0,"h":10,"w":10,"x":4,"y":0}]`}, `[]`, 0},
		"boxes that overlap just enough":   {of(polls.Boxes), []string{`[{"class":0,"h":10,"w":9,"x":0,"y":0}]`, `[{"class":0,"h":10,"w":9,"x":3,"y":0}]`}, `[{"class":0,"h":10,"w":9,"x":0,"y":0}]`, 1_000_000},
		"two boxes of one person are two":  {of(polls.Boxes), []string{`[{"class":0,"h":10,"w":10,"x":0,"y":0},{"class":0,"h":10,"w":10,"x":0,"y":0}]`, `[]`}, `[]`, 0},
		"the polygon in the middle of all": {of(polls.Polygons), []string{`[{"class":0,"points":[0,0,9,0,9,9]}]`, `[{"class":0,"points":[1,1,11,1,11,11]}]`, `[{"class":0,"points":[1,1,10,1,10,10]}]`}, `[{"class":0,"points":[1,1,10,1,10,10]}]`, 1_000_000},
	} {
		v := fused(t, c.change, c.answers...)
		if v.Value != c.value || v.Agreement != c.agreement || v.Outcome != labeling.Decided || v.Choice != labeling.NoChoice || v.Confidence() != 0 {
			t.Errorf("%s: %s, agreement %d, %s, choice %d; want %s, %d", name, v.Value, v.Agreement, v.Outcome, v.Choice, c.value, c.agreement)
		}
	}
}

// Nobody's value stands for those who cannot tell.
func TestFusingWhenNobodyCanTell(t *testing.T) {
	if v := fused(t, of(polls.Ranking), "", ""); v.Outcome != labeling.None || v.Value != "" || v.Answers != 2 {
		t.Errorf("nobody can tell: %+v", v)
	}
	if v := fused(t, of(polls.Ranking), "", "", "[0,1,2]"); v.Outcome != labeling.Leaning || v.Value != "[0,1,2]" {
		t.Errorf("most cannot tell: %+v", v)
	}
}

// The order in which people answer changes nothing, but between answers that are equally good.
func TestFusingInAnyOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	boxes := make([]string, 7)
	for i := range boxes {
		boxes[i] = fmt.Sprintf(`[{"class":0,"h":30,"w":30,"x":%d,"y":%d},{"class":1,"h":20,"w":%d,"x":60,"y":60}]`, rng.IntN(5), rng.IntN(5), 18+rng.IntN(5))
	}
	want := fused(t, of(polls.Boxes), boxes...)
	for range 20 {
		rng.Shuffle(len(boxes), func(i, j int) { boxes[i], boxes[j] = boxes[j], boxes[i] })
		if got := fused(t, of(polls.Boxes), boxes...); got.Value != want.Value || got.Agreement != want.Agreement {
			t.Fatalf("%s and %s", got.Value, want.Value)
		}
	}
}
