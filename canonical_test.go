package tasknet_test

import (
	"encoding/json"
	"testing"

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

func TestHashSeparatesPurposes(t *testing.T) {
	a, _ := tasknet.Hash("tasknet/answer/v1", map[string]int{"x": 1})
	b, _ := tasknet.Hash("tasknet/receipt/v1", map[string]int{"x": 1})
	if a == b {
		t.Fatal("two tags gave one hash")
	}
}
