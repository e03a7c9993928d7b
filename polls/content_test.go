package polls

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContent: marks are written as they are read, and a name that is none, stands twice or is in the wrong list is one error.
func TestContent(t *testing.T) {
	all, err := ParseContent(warnings, topics)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{warnings, topics}, [][]string{all.Warnings(), all.Topics()}); diff != "" {
		t.Errorf("all marks (-want +got):\n%s", diff)
	}
	if few, err := ParseContent([]string{"adult", "violence"}, []string{"technology"}); err != nil || few != 1|1<<2|1<<31 {
		t.Errorf("the bits of marks are %b, %v: what is kept means something else now", few, err)
	}
	for what, names := range map[string][2][]string{
		"unknown":          {{"spiders"}, nil},
		"twice":            {{"adult", "adult"}, nil},
		"a topic":          {{"animals"}, nil},
		"a warning":        {nil, {"adult"}},
		"an unknown topic": {nil, {""}},
	} {
		if c, err := ParseContent(names[0], names[1]); !errors.Is(err, errContent) || c != 0 {
			t.Errorf("%s: %b, %v", what, c, err)
		}
	}
}

// TestMarksHaveNamesOfTheirOwn: what somebody avoids is one list of names, so that no two marks or types may share one.
func TestMarksHaveNamesOfTheirOwn(t *testing.T) {
	if len(warnings) > topicsFrom || len(topics) > 32 {
		t.Error("there are more marks than bits")
	}
	names := append(slices.Clone(warnings), topics...)
	for _, name := range names {
		if Type(name).Known() {
			t.Errorf("%s is a type, too", name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("two marks have the same name")
	}
}

func TestAvoids(t *testing.T) {
	a, err := ParseAvoids([]string{"text", "politics", "adult", "mask"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"adult", "politics", "mask", "text"}, a.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	adult, _ := ParseContent([]string{"adult", "hate"}, nil)
	sport, _ := ParseContent(nil, []string{"sport"})
	for what, c := range map[string]struct {
		kind    Type
		content Content
		want    bool
	}{
		"nothing marked":    {YesNo, 0, false},
		"another mark":      {YesNo, sport, false},
		"a mark among more": {YesNo, adult | sport, true},
		"a type":            {Mask, 0, true},
	} {
		if a.Hold(c.kind, c.content) != c.want {
			t.Errorf("%s: %v", what, !c.want)
		}
	}
	for _, bad := range [][]string{{"text", "text"}, {"adult", "adult"}, {"news", "news"}, {"unheard"}} {
		if got, err := ParseAvoids(bad); !errors.Is(err, errAvoids) || !got.None() {
			t.Errorf("%v: %v, %v", bad, got, err)
		}
	}
}
