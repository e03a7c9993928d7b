package api

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/wire"
)

// widest returns a question of a type that takes as much as any of the type does.
func widest(t *testing.T, of polls.Type) *polls.Question {
	t.Helper()
	choices := make([]string, polls.ChoicesMax)
	for i := range choices {
		choices[i] = strconv.Itoa(i)
	}
	d := polls.Draft{
		Type: of, Text: "?", Choices: choices, Policy: polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1}, Price: tasknet.Micro(1), Lifetime: time.Hour,
	}
	switch of {
	case polls.YesNo:
		d.Choices = nil
	case polls.Pair:
		d.Choices = choices[:2]
	case polls.Ranking:
		d.Choices = choices[:polls.RankedMax]
	case polls.Number:
		d.Choices, d.Number = nil, &polls.NumberRange{Min: -1e18, Max: 1e18, Decimals: polls.DecimalsMax}
	case polls.Text:
		d.Choices, d.Length = nil, polls.LengthMax
	case polls.Boxes, polls.Polygons, polls.Mask:
		d.Image = &polls.Image{Hash: "ab", Width: media.SideKept, Height: media.SideKept}
	case polls.Spans:
		d.Passage = strings.Repeat("x", polls.PassageLengthMax)
	}
	q, err := polls.NewQuestion(d, "", time.Now())
	if err != nil {
		t.Fatalf("%s: %v", of, err)
	}
	return q
}

// judged is what the document and package polls say of an answer, as a device sends it.
type judged struct{ fits, counts bool }

// judges returns what judges answers to a type, by the schemas of a server's document.
func judges(t *testing.T, s *Server, of polls.Type) func(answer string) judged {
	t.Helper()
	q, schemas := widest(t, of), s.huma.OpenAPI().Components.Schemas
	form := schemas.Map()[formName(of)]
	if form == nil || form.Title != string(of) {
		t.Fatalf("%s has no form: %+v", of, form)
	}
	return func(answer string) judged {
		given := wire.Given{Value: wire.Value(answer)}
		if of.IsLabel() {
			var choice *int
			if json.Unmarshal([]byte(answer), &choice) == nil && choice != nil {
				given = wire.Give(*choice, "")
			}
		}
		var tree any
		parsed := json.Unmarshal([]byte(answer), &tree) == nil
		var found huma.ValidateResult
		if parsed {
			huma.Validate(schemas, form, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, tree, &found)
		}
		choice, value, err := given.Read()
		return judged{parsed && len(found.Errors) == 0, err == nil && q.CheckAnswer(choice, polls.Value(value)) == nil}
	}
}

// The forms fit what package polls counts as an answer, and nothing else but what no schema can tell from it.
func TestAnswerForms(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	many := func(n int, each string) string { return "[" + strings.Repeat(each+",", n-1) + each + "]" }
	label := struct{ good, bad, beyond []string }{[]string{"-1", "0", "19"}, []string{"20", "-2", "0.5", `"0"`, "[0]", "null", "{}"}, nil}
	two := struct{ good, bad, beyond []string }{[]string{"-1", "0", "1"}, []string{"2", "-2", "true"}, nil}
	box := func(class, h, w, x, y string) string {
		return `{"class":` + class + `,"h":` + h + `,"w":` + w + `,"x":` + x + `,"y":` + y + `}`
	}
	for of, c := range map[polls.Type]struct {
		good   []string
		bad    []string
		beyond []string // fits, and does not count
	}{
		polls.Choice: label,
		polls.Scale:  label,
		polls.YesNo:  two,
		polls.Pair:   two,
		polls.Multiple: {
			[]string{"[]", "[0]", "[0,19]", "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]", " [ 0 ]"},
			[]string{"[20]", "[-1]", "[0.5]", `["0"]`, "[null]", "[[0]]", "0", `"0"`, "{}", "null", "[0", many(21, "0")},
			[]string{"[2,0]", "[0,0]", "[1.0]"},
		},
		polls.Ranking: {
			[]string{"[9,8,7,6,5,4,3,2,1,0]"},
			[]string{"[0]", "[]", "[9,8,7,6,5,4,3,2,1,10]", "[10,9,8,7,6,5,4,3,2,1,0]", "null", `"0"`},
			[]string{"[0,1]", "[9,8,7,6,5,4,3,2,1,1]"},
		},
		polls.Number: {
			[]string{`"12.5"`, `"-2.5"`, `"0"`, `"0.000001"`, `"-0.000001"`, `"1000000000000"`, `"-1000000000000"`, `"999999999999.999999"`, `"\u0031"`},
			[]string{"12", "12.5", `"12.50"`, `"+1"`, `"-0"`, `"1e1"`, `"012"`, `"."`, `""`, `"NaN"`, `"1."`, `".5"`, `"0.0000001"`, `"1000000000000.1"`, `"2000000000000"`, `"10000000000000"`, `" 1"`, `"1\n"`, "null", `["1"]`},
			nil,
		},
		polls.Text: {
			[]string{`"a"`, `"数🐦é"`, `"a b"`, `"a\nb"`, "\"<&>\u2028'\"", `"` + strings.Repeat("é", 1000) + `"`, `"\u0061"`},
			[]string{`""`, `" a"`, `"a "`, `"a\n"`, `"\u00a0a"`, `"a\u3000"`, `"a\u0007b"`, `"a\u0085b"`, `"` + strings.Repeat("a", 1001) + `"`, "1", "null", `["a"]`, "abc"},
			[]string{`"a\u202eb"`},
		},
		polls.Boxes: {
			[]string{"[]", "[" + box("19", "2048", "2048", "0", "0") + "]", "[" + box("0", "1", "1", "2047", "2047") + "]", `[{"y":0,"x":0,"w":1,"h":1,"class":0}]`, many(200, box("0", "1", "1", "0", "0"))},
			[]string{
				"[" + box("20", "1", "1", "0", "0") + "]", "[" + box("-1", "1", "1", "0", "0") + "]", "[" + box("0", "0", "1", "0", "0") + "]", "[" + box("0", "1", "0", "0", "0") + "]", "[" + box("0", "2049", "1", "0", "0") + "]",
				"[" + box("0", "1", "2049", "0", "0") + "]", "[" + box("0", "1", "1", "-1", "0") + "]", "[" + box("0", "1", "1", "0", "2048") + "]", "[" + box("0", "1", "1", "0.5", "0") + "]", "[" + box("0", "1", `"1"`, "0", "0") + "]",
				`[{"class":0,"h":1,"w":1,"x":0}]`, `[{"class":0,"h":1,"more":1,"w":1,"x":0,"y":0}]`, "{}", "null", "[[]]", "[null]", many(201, box("0", "1", "1", "0", "0")),
			},
			[]string{"[" + box("0", "2", "1", "0", "2047") + "]", "[" + box("0", "1", "2", "2047", "0") + "]"},
		},
		polls.Polygons: {
			[]string{"[]", `[{"class":0,"points":[0,0,2048,0,2048,2048]}]`, `[{"class":0,"points":` + many(4000, "1") + `}]`, many(200, `{"class":0,"points":[0,0,1,0,1,1]}`)},
			[]string{
				`[{"class":0,"points":[0,0,40,0]}]`, `[{"class":0,"points":[0,0,40,0,40]}]`, `[{"class":0,"points":[0,0,2049,0,40,30]}]`, `[{"class":0,"points":[0,0,-1,0,40,30]}]`, `[{"class":20,"points":[0,0,40,0,40,30]}]`,
				`[{"class":0,"points":` + many(4001, "1") + `}]`, `[{"points":[0,0,1,0,1,1]}]`, `[{"class":0}]`, `[{"class":0,"points":[[0,0],[1,0],[1,1]]}]`, many(201, `{"class":0,"points":[0,0,1,0,1,1]}`), "null",
			},
			[]string{`[{"class":0,"points":[0,0,40,0,40,30,1]}]`, `[{"class":0,"points":` + many(4000, "1") + `},{"class":0,"points":[0,0,1,0,1,1]}]`},
		},
		polls.Mask: {
			[]string{"[]", `[{"class":0,"counts":[4194304]}]`, `[{"class":0,"counts":[0,4194304]},{"class":19,"counts":[5,10,4194289]}]`},
			[]string{
				`[{"class":0,"counts":[]}]`, `[{"class":0,"counts":[4194305]}]`, `[{"class":0,"counts":[-1,4194305]}]`, `[{"class":20,"counts":[4194304]}]`, `[{"class":0,"counts":[0.5,4194303.5]}]`,
				`[{"class":0,"size":[1,1],"counts":[4194304]}]`, `[{"counts":[4194304]}]`, `[{"class":0,"counts":"PPYo1"}]`, many(21, `{"class":0,"counts":[4194304]}`), `[{"class":0,"counts":` + many(40_000, "1") + `}]`, "null",
			},
			[]string{`[{"class":0,"counts":[4194303]}]`, `[{"class":0,"counts":[5,0,4194299]}]`, `[{"class":1,"counts":[4194304]},{"class":0,"counts":[4194304]}]`, `[{"class":1,"counts":[4194304]},{"class":1,"counts":[4194304]}]`},
		},
		polls.Spans: {
			[]string{"[]", `[{"class":19,"end":10000,"start":0}]`, `[{"class":0,"end":10000,"start":9999}]`, `[{"class":0,"end":4,"start":0},{"class":0,"end":6,"start":4}]`},
			[]string{
				`[{"class":0,"end":10001,"start":0}]`, `[{"class":0,"end":0,"start":0}]`, `[{"class":0,"end":4,"start":-1}]`, `[{"class":0,"end":10000,"start":10000}]`, `[{"class":20,"end":4,"start":0}]`, `[{"class":0,"end":4}]`,
				`[{"class":0,"end":4,"start":0,"text":"abcd"}]`, "null", `[{"class":"PER","end":4,"start":0}]`,
			},
			[]string{`[{"class":0,"end":4,"start":4}]`, `[{"class":0,"end":4,"start":0},{"class":0,"end":6,"start":3}]`, `[{"class":0,"end":9,"start":5},{"class":1,"end":4,"start":0}]`},
		},
	} {
		judge := judges(t, s, of)
		for want, answers := range map[judged][]string{{true, true}: c.good, {false, false}: c.bad, {true, false}: c.beyond} {
			for _, a := range answers {
				if got := judge(a); got != want {
					t.Errorf("%s: %.80s: %+v, want %+v", of, a, got, want)
				}
			}
		}
	}
}

// Where a server holds requests to the forms itself, what fits none is one clear error.
func TestGoldOfNoForm(t *testing.T) {
	w := newWorld(t)
	for gold, code := range map[string]string{
		`{"value":[[0]]}`: "invalid_request", `{"value":{"a":1}}`: "invalid_request", `{"choice":20}`: "invalid_request", `{"value":[0]}`: "bad_gold", `{}`: "bad_gold",
	} {
		got := w.as(w.key, "POST", "/v1/questions", `{"text":"?","choices":["a","b"],"gold":`+gold+`}`)
		if got.status != 400 || got.problem(t).Code != code {
			t.Errorf("%s: %d %s, want %s", gold, got.status, got.body, code)
		}
	}
}

// All short numbers and all code points, at the ends of a text and within, fit if and only if they count.
func TestAnswerFormsFitAllNumbersAndTexts(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	number := judges(t, s, polls.Number)
	const signs = "-.0123"
	for n := range len(signs) * len(signs) * len(signs) * len(signs) * len(signs) {
		text := ""
		for ; n > 0; n /= len(signs) {
			text += string(signs[n%len(signs)])
		}
		if got := number(`"` + text + `"`); got.fits != got.counts {
			t.Errorf("%s: %+v", text, got)
		}
	}
	text := judges(t, s, polls.Text)
	for r := range rune(0x3100) { // all spaces and control characters are below
		if r == 0 || !utf8.ValidRune(r) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			continue // not in any text, or marks that no schema needs to know
		}
		for _, answer := range []string{string(r), string(r) + "a", "a" + string(r), "a" + string(r) + "a"} {
			quoted, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			if got := text(string(quoted)); got.fits != got.counts {
				t.Errorf("%q: %+v", answer, got)
			}
		}
	}
}

// The document has a form for every type, and a value is one of them wherever there is a value.
func TestDocumentHasAnswerForms(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Title      string
				AnyOf      []map[string]string `json:"anyOf"`
				Unique     bool                `json:"uniqueItems"`
				Properties map[string]struct {
					Ref              string `json:"$ref"`
					Minimum, Maximum *int
				}
			}
		}
	}
	written, err := s.writeDocument()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &document); err != nil {
		t.Fatal(err)
	}
	schemas := document.Components.Schemas
	var values []string
	for _, of := range polls.Types() {
		if schemas[formName(of)].Title != string(of) {
			t.Errorf("%s has no form", of)
		}
		if !of.IsLabel() {
			values = append(values, refTo(formName(of)))
		}
	}
	forms := schemas[valueForms].AnyOf
	if len(forms) != len(values) {
		t.Fatalf("values: %v", forms)
	}
	for i, form := range forms {
		if form["$ref"] != values[i] {
			t.Errorf("value %d: %v, want %s", i, form, values[i])
		}
	}
	for schema, field := range map[string]string{"Answer": "value", "Given": "value", "AnswerRecord": "value", "MyAnswer": "verdict_value", "Verdict": "value", "DatasetLabel": "value"} {
		if got := schemas[schema].Properties[field].Ref; got != refTo(valueForms) {
			t.Errorf("%s of %s is %q", field, schema, got)
		}
	}
	for _, of := range []polls.Type{polls.Multiple, polls.Ranking} {
		if !schemas[formName(of)].Unique {
			t.Errorf("%s may have an index twice", of)
		}
	}
	choice := schemas["Answer"].Properties["choice"]
	if choice.Minimum == nil || *choice.Minimum != polls.CannotTell || choice.Maximum == nil || *choice.Maximum != polls.ChoicesMax-1 {
		t.Errorf("a choice is from %v to %v", choice.Minimum, choice.Maximum)
	}
	page, err := s.renderDocs()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<td><code>boxes</code></td><td><a href="#type-BoxesAnswer">BoxesAnswer</a></td>`, `<h3 id="type-BoxesAnswer">`, `<td>Of the left edge</td>`, `Such as <code>&#34;12.5&#34;</code>`,
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the docs page has no %s", want)
		}
	}
}
