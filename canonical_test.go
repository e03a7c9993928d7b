package tasknet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
)

// TestCanonical holds the cases of RFC 8785, sections 3.2.2.2 and 3.2.3, that our subset has.
func TestCanonical(t *testing.T) {
	cases := []struct{ in, want string }{
		{`{"b":1,"a":[true,false,null]}`, `{"a":[true,false,null],"b":1}`},
		{`{"€":1,"\r":2,"\ufb33":3,"1":4,"😀":5,"\u0080":6,"ö":7}`, "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}"},
		{`"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"`, `"€$\u000f\nA'B\"\\\\\"/"`},
		{`"<&>\u2028\u007f"`, "\"<&>\u2028\u007f\""},
		{`-9007199254740992`, `-9007199254740992`},
	}
	for _, c := range cases {
		got, err := tasknet.Canonical(json.RawMessage(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("Canonical(%s) = %s, %v; want %s", c.in, got, err, c.want)
		}
	}
	for _, bad := range []string{`1.5`, `1e3`, `9007199254740993`, `{"a":0.1}`} {
		if got, err := tasknet.Canonical(json.RawMessage(bad)); err == nil {
			t.Errorf("Canonical(%s) = %s, want an error", bad, got)
		}
	}
}

func TestCanonicalIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "object")
		once, err := tasknet.Canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := tasknet.Canonical(json.RawMessage(once))
		if err != nil || string(once) != string(twice) {
			t.Fatalf("%s became %s, %v", once, twice, err)
		}
	})
}

// plainCanonical makes a tree of values and writes that, as anybody would who does not mind the time.
func plainCanonical(raw []byte) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return "", err
	}
	var out strings.Builder
	var write func(any) error
	write = func(v any) error {
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil || n > 1<<53 || n < -1<<53 {
				return fmt.Errorf("%s is too large, or no integer", v)
			}
			fmt.Fprint(&out, n)
		case []any:
			for i, e := range v {
				out.WriteByte("[,"[min(i, 1)])
				if err := write(e); err != nil {
					return err
				}
			}
			out.WriteString("[]"[min(len(v), 1):])
		case map[string]any:
			keys := slices.SortedFunc(maps.Keys(v), func(a, b string) int {
				return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
			})
			for i, key := range keys {
				out.WriteByte("{,"[min(i, 1)])
				if err := write(key); err != nil {
					return err
				}
				out.WriteByte(':')
				if err := write(v[key]); err != nil {
					return err
				}
			}
			out.WriteString("{}"[min(len(v), 1):])
		case string:
			out.WriteByte('"')
			for _, r := range v {
				switch short := strings.IndexRune("\b\t\n\f\r", r); {
				case short >= 0:
					out.WriteString(`\` + "btnfr"[short:short+1])
				case r < 0x20:
					fmt.Fprintf(&out, `\u%04x`, r)
				case r == '"' || r == '\\':
					out.WriteString(`\` + string(r))
				default:
					out.WriteRune(r)
				}
			}
			out.WriteByte('"')
		case bool:
			fmt.Fprint(&out, v)
		default:
			out.WriteString("null")
		}
		return nil
	}
	err := write(tree)
	return out.String(), err
}

// FuzzCanonical wants the same as the plain form makes of any JSON, and an error where that has one.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		`{"b":{"d":[],"c":{}},"a":[1,{"y":-0,"x":"\ud83d\ude00"}]}`, `{"a":1,"a":2,"A":3,"a":4}`, `{"\u0061":1,"b":2,"a":3}`, `["\ud800","\udc00x","\u0000"]`,
		"{\"\xff\":1,\"\ufffd\":2}", `[1.0]`, `[12345678901234567890]`, `{"😀":1,"豈":2}`, `  [ 1 , {"a" : null, "" : true } ] `, `{"ab":1,"a":2,"":3}`, `"<script>"`,
	} {
		f.Add([]byte(seed))
	}
	many := `{"z":0`
	for i := range 60 {
		many += fmt.Sprintf(`,"%d":%d`, i*5%7, i)
	}
	f.Add([]byte(many + "}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		want, wantErr := plainCanonical(raw)
		got, err := tasknet.Canonical(json.RawMessage(raw))
		if (err != nil) != (wantErr != nil) || err == nil && string(got) != want {
			t.Errorf("Canonical(%s) = %s, %v; want %s, %v", raw, got, err, want, wantErr)
		}
	})
}

func TestHashSeparatesPurposes(t *testing.T) {
	a, _ := tasknet.Hash("tasknet/answer/v1", map[string]int{"x": 1})
	b, _ := tasknet.Hash("tasknet/receipt/v1", map[string]int{"x": 1})
	if a == b {
		t.Fatal("two tags gave one hash")
	}
}
