package polls_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

func TestLanguages(t *testing.T) {
	got, err := polls.Languages([]string{"pt-BR", "EN", "zh-Hant-TW", "en-US", "de-1996"})
	check(t, err)
	if diff := cmp.Diff([]string{"de", "en", "pt", "zh"}, got); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	for _, bad := range [][]string{{""}, {"e"}, {"en-"}, {"en_US"}, {"e1"}, {"English"}, {"en", "123456789"}, strings.Split(strings.Repeat("en ", polls.ReadsMax)+"en", " ")} {
		if _, err := polls.Languages(bad); tasknet.Describe(err).Code != "bad_languages" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
