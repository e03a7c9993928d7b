package labeling

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/polls"
)

func TestScores(t *testing.T) {
	numbers := func(least, most polls.Decimal, decimals int) polls.Options {
		return polls.Options{Number: &polls.NumberRange{Min: least * million, Max: most * million, Decimals: decimals}}
	}
	const far = 1_000_000_000_000
	for name, c := range map[string]struct {
		of            polls.Type
		options       polls.Options
		answer, truth polls.Value
		want          int
	}{
		"the same choices":             {polls.Multiple, polls.Options{}, "[0,2]", "[0,2]", 1_000_000},
		"one choice of three":          {polls.Multiple, polls.Options{}, "[0,2]", "[0,1]", 333_333},
		"no choices":                   {polls.Multiple, polls.Options{}, "[]", "[]", 1_000_000},
		"none of the choices":          {polls.Multiple, polls.Options{}, "[]", "[1]", 0},
		"two neighbours swapped":       {polls.Ranking, polls.Options{}, "[1,0,2]", "[0,1,2]", 666_667},
		"the wrong way round":          {polls.Ranking, polls.Options{}, "[2,1,0]", "[0,1,2]", 0},
		"a tenth off":                  {polls.Number, numbers(0, 1000, 0), `"110"`, `"100"`, 500_000},
		"a twentieth off":              {polls.Number, numbers(0, 1000, 0), `"105"`, `"100"`, 750_000},
		"a fifth off":                  {polls.Number, numbers(0, 1000, 0), `"120"`, `"100"`, 0},
		"a twentieth of the range off": {polls.Number, numbers(0, 1000, 0), `"850"`, `"900"`, 500_000},
		"a unit off":                   {polls.Number, numbers(0, 1000, 0), `"1"`, `"0"`, 500_000},
		"a smaller unit off":           {polls.Number, numbers(0, 1000, 1), `"0.1"`, `"0"`, 500_000},
		"far off":                      {polls.Number, numbers(-far, far, 6), `"-1000000000000"`, `"1000000000000"`, 0},
		"not so far off":               {polls.Number, numbers(-far, far, 6), `"950000000000"`, `"1000000000000"`, 750_000},
		"case and space":               {polls.Text, polls.Options{}, `"a  Heron"`, `"A heron"`, 1_000_000},
		"one letter of four":           {polls.Text, polls.Options{}, `"bird"`, `"bard"`, 750_000},
		"another text":                 {polls.Text, polls.Options{}, `"yes"`, `"no"`, 0},
		"half a span": {
			polls.Spans, polls.Options{}, `[{"class":0,"end":10,"start":0}]`, `[{"class":0,"end":15,"start":5}]`, 500_000,
		},
		"a span of another class": {
			polls.Spans, polls.Options{}, `[{"class":0,"end":10,"start":0},{"class":1,"end":30,"start":20}]`, `[{"class":1,"end":10,"start":0},{"class":1,"end":30,"start":20}]`, 500_000,
		},
		"pieces of a span": {
			polls.Spans, polls.Options{}, `[{"class":0,"end":2,"start":0},{"class":0,"end":6,"start":4}]`, `[{"class":0,"end":5,"start":1}]`, 500_000,
		},
		"no spans": {polls.Spans, polls.Options{}, `[]`, `[]`, 1_000_000},
		"boxes that overlap by half": {
			polls.Boxes, polls.Options{}, `[{"class":0,"h":10,"w":9,"x":0,"y":0}]`, `[{"class":0,"h":10,"w":9,"x":3,"y":0}]`, 1_000_000,
		},
		"boxes that overlap by less": {
			polls.Boxes, polls.Options{}, `[{"class":0,"h":10,"w":10,"x":0,"y":0}]`, `[{"class":0,"h":10,"w":10,"x":4,"y":0}]`, 0,
		},
		"a box of another class": {
			polls.Boxes, polls.Options{}, `[{"class":1,"h":9,"w":9,"x":0,"y":0}]`, `[{"class":0,"h":9,"w":9,"x":0,"y":0}]`, 0,
		},
		"one of two boxes": {
			polls.Boxes, polls.Options{}, `[{"class":0,"h":9,"w":9,"x":50,"y":50}]`, `[{"class":0,"h":9,"w":9,"x":0,"y":0},{"class":0,"h":9,"w":9,"x":50,"y":50}]`, 666_667,
		},
		"a box drawn twice counts once": {
			polls.Boxes, polls.Options{}, `[{"class":0,"h":9,"w":9,"x":0,"y":0},{"class":0,"h":9,"w":9,"x":0,"y":0}]`, `[{"class":0,"h":9,"w":9,"x":0,"y":0}]`, 666_667,
		},
		"the best match first": {
			polls.Boxes,
			polls.Options{},
			`[{"class":0,"h":10,"w":10,"x":0,"y":0},{"class":0,"h":10,"w":10,"x":3,"y":0}]`,
			`[{"class":0,"h":10,"w":10,"x":3,"y":0},{"class":0,"h":10,"w":10,"x":0,"y":3}]`, 1_000_000,
		},
		"triangles that bound the same": {
			polls.Polygons, polls.Options{}, `[{"class":0,"points":[0,0,20,0,0,20]}]`, `[{"class":0,"points":[20,20,20,0,0,20]}]`, 0,
		},
		"a square and a star around it": {
			polls.Polygons, polls.Options{}, `[{"class":0,"points":[10,10,30,10,30,30,10,30]}]`, `[{"class":0,"points":[10,10,20,6,30,10,34,20,30,30,20,34,10,30,6,20]}]`, 1_000_000,
		},
		"a line":                       {polls.Polygons, polls.Options{}, `[{"class":0,"points":[0,0,9,0,9,0]}]`, `[{"class":0,"points":[0,0,9,0,9,0]}]`, 1_000_000},
		"a line and what is around it": {polls.Polygons, polls.Options{}, `[{"class":0,"points":[0,0,9,0,9,0]}]`, `[{"class":0,"points":[0,0,9,0,9,1,0,1]}]`, 0},
		"masks that share half": {
			polls.Mask, polls.Options{}, `[{"class":0,"counts":[0,90,9910]}]`, `[{"class":0,"counts":[30,90,9880]}]`, 1_000_000,
		},
		"masks that share less": {
			polls.Mask, polls.Options{}, `[{"class":0,"counts":[0,90,9910]}]`, `[{"class":0,"counts":[31,90,9879]}]`, 0,
		},
		"a mask of nothing": {polls.Mask, polls.Options{}, `[{"class":0,"counts":[10000]}]`, `[]`, 1_000_000},
		"one of two masks": {
			polls.Mask, polls.Options{}, `[{"class":0,"counts":[0,90,9910]}]`, `[{"class":0,"counts":[0,90,9910]},{"class":1,"counts":[0,90,9910]}]`, 666_667,
		},
	} {
		q := &polls.Question{Type: c.of, Choices: []string{"a", "b", "c"}, Passage: strings.Repeat("x", 100), Image: &polls.Image{Width: 100, Height: 100}, Options: c.options}
		q.Most, q.Length = 3, 100
		for _, v := range []polls.Value{c.answer, c.truth} {
			if err := q.CheckAnswer(0, v); err != nil {
				t.Fatalf("%s: %s: %v", name, v, err)
			}
		}
		if got, err := Score(q, c.answer, c.truth); err != nil || got != c.want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, c.want)
		}
		if got, err := Score(q, c.truth, c.truth); err != nil || got != million {
			t.Errorf("%s: the truth has a score of %d, %v", name, got, err)
		}
	}
	if _, err := Score(&polls.Question{Type: polls.Multiple}, "[0]", "{}"); err == nil {
		t.Error("a truth of another form is scored")
	}
	if _, err := Score(&polls.Question{Type: polls.Choice}, "", ""); err == nil {
		t.Error("choices are scored")
	}
}

// TestPixelsOfPolygons asks of each pixel whether its middle is within the polygon, by sides to its left.
func TestPixelsOfPolygons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const side = 12
		p := polls.Polygon{Points: rapid.SliceOfN(rapid.IntRange(0, side), 6, 14).Draw(t, "points")}
		p.Points = p.Points[:len(p.Points)/2*2]
		want := make([]bool, side*side)
		for at := range want {
			x, y := float64(at%side)+0.5, float64(at/side)+0.5
			for i, n := 0, len(p.Points); i < n; i += 2 {
				x0, y0, x1, y1 := float64(p.Points[i]), float64(p.Points[i+1]), float64(p.Points[(i+2)%n]), float64(p.Points[(i+3)%n])
				if (y0 < y) != (y1 < y) && x0+(y-y0)/(y1-y0)*(x1-x0) < x+1e-9 { // a side through the middle has it to its right
					want[at] = !want[at]
				}
			}
		}
		got := make([]bool, side*side)
		marked := pixelsOf(p, side)
		for i := 0; i < len(marked); i += 2 {
			for at := marked[i].at(); at < marked[i+1].at(); at++ {
				got[at] = true
			}
		}
		for at := range want {
			if got[at] != want[at] {
				t.Fatalf("pixel %d, %d of %v is marked: %v", at%side, at/side, p.Points, got[at])
			}
		}
	})
}
