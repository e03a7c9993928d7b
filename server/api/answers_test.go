package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

var someAnswer = wire.Answer{
	Assignment: "asg_01kn5c5e3v0123456789abcdeg", Question: "q_01kn5c5e3v0123456789abcdeg", Device: strings.Repeat("ab", 32), Given: wire.Give(3, ""),
	Nonce: strings.Repeat("cd", 16), Time: 1_795_262_398_623, Signature: strings.Repeat("ef", 64),
}

func marshal(t testing.TB, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestScanAnswer(t *testing.T) {
	body := marshal(t, someAnswer)
	spaced := bytes.ReplaceAll(bytes.ReplaceAll(body, []byte(","), []byte(" ,\n\t")), []byte(":"), []byte(" : "))
	for name, b := range map[string][]byte{"compact": body, "spaced": append([]byte(" \r\n"), append(spaced, '\n')...)} {
		if got, ok := scanAnswer(b); !ok || !cmp.Equal(got, someAnswer) {
			t.Errorf("%s: %v %v", name, ok, cmp.Diff(someAnswer, got))
		}
	}
	if allocated := testing.AllocsPerRun(100, func() { scanAnswer(body) }); allocated > 6 {
		t.Errorf("%v allocations, want one for each string and the choice", allocated)
	}
}

// What is refused, and what is left to package json and means the same.
func TestReadingAnswers(t *testing.T) {
	text := string(marshal(t, someAnswer))
	replace := func(old, with string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not in %s", old, text)
		}
		return strings.Replace(text, old, with, 1)
	}
	for name, body := range map[string]string{
		"escaped letter": replace(`"choice"`, `"\u0063hoice"`),
		"escaped value":  replace(`"asg_`, `"\u0061sg_`),
	} {
		if _, ok := scanAnswer([]byte(body)); ok {
			t.Errorf("%s: scanned", name)
		}
		if got, err := decodeAnswer([]byte(body)); err != nil || !cmp.Equal(got, someAnswer) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, body := range map[string]string{
		"nothing":               "",
		"null":                  "null",
		"list":                  "[" + text + "]",
		"two":                   text + text,
		"something after":       text + "x",
		"unknown field":         replace(`"choice":3`, `"choice":3,"x":1`),
		"missing choice":        replace(`"choice":3,`, ``),
		"missing time":          replace(`"time_ms":1795262398623,`, ``),
		"null choice":           replace(`"choice":3`, `"choice":null`),
		"text for a choice":     replace(`"choice":3`, `"choice":"3"`),
		"fraction":              replace(`"choice":3`, `"choice":3.5`),
		"exponent":              replace(`"choice":3`, `"choice":3e0`),
		"leading zero":          replace(`"choice":3`, `"choice":03`),
		"plus":                  replace(`"choice":3`, `"choice":+3`),
		"number for a text":     replace(`"nonce":"`+someAnswer.Nonce+`"`, `"nonce":7`),
		"trailing comma":        replace(`"choice":3,`, `"choice":3,,`),
		"no closing brace":      strings.TrimSuffix(text, "}"),
		"choice and value":      replace(`"choice":3`, `"choice":3,"value":[1]`),
		"value null and choice": replace(`"choice":3`, `"choice":3,"value":null`),
		"number of 400 digits":  replace(`"choice":3`, `"choice":`+strings.Repeat("9", 400)),
	} {
		if got, ok := scanAnswer([]byte(body)); ok {
			t.Errorf("%s: scanned as %v", name, got)
		}
		if got, err := decodeAnswer([]byte(body)); !errors.Is(err, errBadAnswerJSON) {
			t.Errorf("%s: decoded as %v, %v", name, got, err)
		}
	}
}

// Whatever is scanned, package json reads the same.
func FuzzScanAnswer(f *testing.F) {
	f.Add(marshal(f, someAnswer))
	f.Add([]byte(`{"choice":-0,"time_ms":9,"assignment":"","question":"","device":"","nonce":"","signature":""}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, ok := scanAnswer(body)
		if !ok {
			return
		}
		want, err := decodeAnswer(body)
		if err != nil || !cmp.Equal(got, want) {
			t.Fatalf("%q: scanned %v, decoded %v, %v", body, got, want, err)
		}
	})
}

// A value is not scanned, and means the same however it is written.
func TestReadingValues(t *testing.T) {
	want := `[{"class":0,"h":4,"w":3,"x":1,"y":2}]`
	for _, value := range []string{want, `[ {"y":2, "x":1, "w":3, "h":4, "class":0} ]`} {
		body := bytes.Replace(marshal(t, someAnswer), []byte(`"choice":3`), []byte(`"value":`+value), 1)
		if got, ok := scanAnswer(body); ok {
			t.Errorf("%s: scanned as %v", value, got)
		}
		in, err := decodeAnswer(body)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := answerOf(in); err != nil || a.Choice != 0 || a.Value != polls.Value(want) {
			t.Errorf("%s: read as %d, %q, %v", value, a.Choice, a.Value, err)
		}
	}
	in := someAnswer
	in.Given = wire.Given{Value: wire.Value("[1.5]")}
	if _, err := answerOf(in); !errors.Is(err, polls.ErrBadValue) {
		t.Errorf("a fraction: %v", err)
	}
}

func TestAnswerOf(t *testing.T) {
	if a, err := answerOf(someAnswer); err != nil || a.Choice != 3 || a.Device[31] != 0xab || a.Signature[63] != 0xef || string(a.Question) != someAnswer.Question {
		t.Errorf("got %+v, %v", a, err)
	}
	for code, change := range map[string]func(*wire.Answer){
		"bad_device_key":      func(a *wire.Answer) { a.Device = strings.ToUpper(a.Device) },
		"bad_device_key ":     func(a *wire.Answer) { a.Device = a.Device[2:] },
		"bad_signature_form":  func(a *wire.Answer) { a.Signature = a.Signature[2:] },
		"bad_signature_form ": func(a *wire.Answer) { a.Signature = "zz" + a.Signature[2:] },
		"bad_id":              func(a *wire.Answer) { a.Question = "q_1" },
	} {
		a := someAnswer
		change(&a)
		if _, err := answerOf(a); tasknet.Describe(err).Code != strings.TrimSpace(code) {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

// The reply that is written by hand is the one that package json would write.
func TestAppendAccepted(t *testing.T) {
	r := polls.Recorded{
		Answer: polls.Answer{ID: "ans_01kn5c5e3v0123456789abcdeg", AcceptedAt: time.UnixMilli(1_795_262_400_120).In(time.FixedZone("x", 3600))},
		Pays:   tasknet.Micro(18_000),
		Receipt: polls.Receipt{
			ID: "rcp_01kn5c5e3v0123456789abcdeg", Record: [32]byte{1}, Root: [32]byte{2}, Index: 3, Size: 5, Path: [][32]byte{{6}, {7}},
			At: time.UnixMilli(1_795_262_400_121), Signature: [64]byte{8},
		},
	}
	for _, path := range [][][32]byte{r.Receipt.Path, {}} {
		r.Receipt.Path = path
		var got wire.Accepted
		raw := appendAccepted(nil, polls.LogName(testInstance), &r)
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%v in %s", err, raw)
		}
		if again := marshal(t, got); string(again) != string(raw) {
			t.Errorf("package json writes\n%s\nand we\n%s", again, raw)
		}
		if reflect.ValueOf(got).IsZero() || got.Receipt.Index != 3 || got.At.UnixMilli() != 1_795_262_400_120 {
			t.Errorf("got %+v", got)
		}
	}
}

func BenchmarkScanAnswer(b *testing.B) {
	body := marshal(b, someAnswer)
	b.Run("scan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			scanAnswer(body)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			decodeAnswer(body)
		}
	})
}
