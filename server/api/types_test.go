package api

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// upload uploads a file and returns its hash.
func (w *world) upload(body []byte) string {
	w.t.Helper()
	return read[wire.Image](w, w.as(w.key, "POST", "/v1/media", string(body)), 201).Hash
}

// A question of each type, from the call that asks it over three answers, one of somebody who cannot tell, to the verdict
// and its public record.
func TestEveryType(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))))
	img, clip := w.upload(picture.Bytes()), w.upload([]byte("OggS and then some"))
	people := w.people(3)
	for _, c := range []struct {
		ask       string
		answers   [2]any // an index or a value; the third cannot tell
		label     string
		value     string
		method    string
		agreement string
		choices   int
		counts    []int
	}{
		{ask: `"type":"yes_no","text":"A heron?"`, answers: [2]any{1, 1}, label: "No", method: "majority/1", choices: 2, counts: []int{0, 2}},
		{ask: `"type":"scale","text":"How loud?","choices":["1","2","3"],"audio":"` + clip + `"`, answers: [2]any{2, 2}, label: "3", method: "majority/1", choices: 3, counts: []int{0, 0, 2}},
		{
			ask:     fmt.Sprintf(`"type":"pair","text":"Which is better?","choices":["left","right"],"choice_images":[{"image":%q,"alt":"dark"},{"image":%q}]`, img, img),
			answers: [2]any{0, 0}, label: "left", method: "majority/1", choices: 2, counts: []int{2, 0},
		},
		{ask: `"type":"multiple","text":"What is there?","choices":["a","b","c"],"least":1`, answers: [2]any{"[0,2]", "[0]"}, value: "[0]", method: "option-majority/1", agreement: "0.833333", choices: 3},
		{ask: `"type":"ranking","text":"Best first","choices":["a","b","c"]`, answers: [2]any{"[2,0,1]", "[2,1,0]"}, value: "[2,0,1]", method: "borda/1", agreement: "0.833333", choices: 3},
		{
			ask:     `"type":"number","text":"How heavy?","number":{"min":"0","max":"10","decimals":1,"unit":"kg"}`,
			answers: [2]any{`"2.5"`, `"3"`}, value: `"2.8"`, method: "median/1", agreement: "0.975000",
		},
		{ask: `"type":"text","text":"Read the plate","length":9`, answers: [2]any{`"B <7>"`, `"B <7>"`}, value: `"B <7>"`, method: "medoid/1", agreement: "1.000000"},
		{
			ask:     `"type":"boxes","text":"Mark herons","choices":["heron"],"image":"` + img + `"`,
			answers: [2]any{`[{"class":0,"h":10,"w":10,"x":4,"y":4}]`, `[{"class":0,"h":10,"w":10,"x":5,"y":4},{"class":0,"h":2,"w":2,"x":30,"y":20}]`},
			value:   `[{"class":0,"h":10,"w":10,"x":4,"y":4}]`, method: "box-median/1", agreement: "0.666667", choices: 1,
		},
		{
			ask:     `"type":"polygons","text":"Outline herons","choices":["heron"],"image":"` + img + `"`,
			answers: [2]any{`[{"class":0,"points":[0,0,10,0,10,10]}]`, `[{"class":0,"points":[0,0,10,0,10,11]}]`},
			value:   `[{"class":0,"points":[0,0,10,0,10,10]}]`, method: "polygon-medoid/1", agreement: "1.000000", choices: 1,
		},
		{
			ask:     `"type":"mask","text":"Paint water","choices":["water","land"],"image":"` + img + `"`,
			answers: [2]any{`[{"class":0,"counts":[100,50,1050]}]`, `[{"class":0,"counts":[110,50,1040]}]`},
			value:   `[{"class":0,"counts":[110,40,1050]}]`, method: "pixel-majority/1", agreement: "0.833333", choices: 2,
		},
		{
			ask:     `"type":"spans","text":"Mark names","passage":"Ann saw 🐦 and Bo","choices":["person"]`,
			answers: [2]any{`[{"class":0,"end":3,"start":0},{"class":0,"end":16,"start":14}]`, `[{"class":0,"end":3,"start":0}]`},
			value:   `[{"class":0,"end":3,"start":0}]`, method: "span-majority/1", agreement: "0.800000", choices: 1,
		},
	} {
		q := w.ask("{" + c.ask + `,"quorum":{"policy":"fixed:3"}}`)
		if len(q.Choices) != c.choices {
			t.Errorf("%s has choices %q", q.Type, q.Choices)
		}
		for i, p := range people {
			a := w.take(p, q.ID)
			var err error
			switch given := append(c.answers[:], polls.CannotTell)[i].(type) {
			case int:
				_, err = p.Answer(t.Context(), a, given)
			case string:
				_, err = p.AnswerValue(t.Context(), a, polls.Value(given))
			}
			if err != nil {
				t.Fatalf("%s: answer %d: %v", q.Type, i, err)
			}
		}
		v := w.closed(q.ID).Verdict
		got := []any{v.Label, canonical(t, v.Value), v.Method, v.Agreement, v.Outcome, v.Answers, len(v.Counts)}
		want := []any{c.label, c.value, c.method, c.agreement, "decided", 3, len(c.counts)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: verdict (-want +got):\n%s", q.Type, diff)
		}
		record := read[wire.Record](w, w.as("", "GET", "/v1/records/questions/"+q.ID, ""), 200)
		checkRecord(t, record)
		mine := read[wire.MyAnswers](w, w.as(w.token(people[0]), "GET", "/v1/me/answers?limit=1", ""), 200).Answers[0]
		if mine.Question != q.ID || mine.Type != q.Type || mine.Label != c.label || canonical(t, mine.VerdictValue) != c.value {
			t.Errorf("%s: my answer is %+v", q.Type, mine)
		}
	}
}

func canonical(t *testing.T, raw wire.Value) string {
	t.Helper()
	if raw == nil {
		return ""
	}
	b, err := tasknet.Canonical(raw)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTypesAreRefused(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 3))))
	img, clip := w.upload(picture.Bytes()), w.upload([]byte("ID3 and then some"))
	before := w.state()
	for body, code := range map[string]string{
		`"type":"yes_no","choices":["ja","nein"]`:                                             "bad_choices",
		`"type":"boxes","choices":["a"]`:                                                      "no_image",
		`"type":"boxes","choices":["a"],"image":"` + clip + `"`:                               "no_picture",
		`"type":"choice","choices":["a","b"],"audio":"` + img + `"`:                           "no_audio",
		`"type":"choice","choices":["a","b"],"audio":"` + strings.Repeat("0", 64) + `"`:       "image_unknown",
		`"type":"choice","choices":["a","b"],"choice_images":[{"image":"` + img + `"}]`:       "bad_choice_images",
		`"type":"number","number":{"min":"1","max":"0","decimals":0}`:                         "bad_options",
		`"type":"number","number":{"min":"a","max":"0","decimals":0}`:                         "bad_number",
		`"type":"text","quorum":{"policy":"fixed:101"}`:                                       "bad_policy",
		`"type":"text","quorum":{"policy":"confidence:0.9"}`:                                  "bad_policy",
		`"type":"spans","choices":["a"]`:                                                      "no_passage",
		`"type":"multiple","choices":["a","b"],"least":2,"most":1`:                            "bad_options",
		`"type":"choice","choices":["a","b"],"passage":"` + strings.Repeat("x", 10_001) + `"`: "invalid_request",
	} {
		if got := w.as(w.key, "POST", "/v1/questions", `{"text":"?",`+body+`}`); got.status != 400 || got.problem(t).Code != code {
			t.Errorf("%.80s: %d %s, want 400 %s", body, got.status, got.body, code)
		}
	}
	if diff := cmp.Diff(before, w.state()); diff != "" {
		t.Errorf("it changed something: %s", diff)
	}
}

// A clip is served as it came, and in the ranges that players ask for.
func TestAudio(t *testing.T) {
	w := newWorld(t)
	body := "OggS" + strings.Repeat("0123456789", 100)
	path := "/media/" + w.upload([]byte(body))
	whole := w.as("", "GET", path, "")
	if whole.status != 200 || whole.body != body || whole.header.Get("Content-Type") != "audio/ogg" || whole.header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("whole: %d %v", whole.status, whole.header)
	}
	if head := w.as("", "HEAD", path, ""); head.status != 200 || head.body != "" || head.header.Get("Content-Length") != "1004" {
		t.Errorf("head: %d %q %v", head.status, head.body, head.header)
	}
	for asked, want := range map[string]struct {
		status       int
		body, range_ string
	}{
		"bytes=0-3":       {http.StatusPartialContent, "OggS", "bytes 0-3/1004"},
		"bytes=1000-":     {http.StatusPartialContent, "6789", "bytes 1000-1003/1004"},
		"bytes=-2":        {http.StatusPartialContent, "89", "bytes 1002-1003/1004"},
		"bytes=2000-2001": {http.StatusRequestedRangeNotSatisfiable, "", "bytes */1004"},
	} {
		got := w.as("", "GET", path, "", "Range", asked)
		if got.status != want.status || (want.body != "" && got.body != want.body) || got.header.Get("Content-Range") != want.range_ {
			t.Errorf("%s: %d %q %q", asked, got.status, got.body, got.header.Get("Content-Range"))
		}
	}
}
