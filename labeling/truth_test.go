package labeling_test

import (
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

func TestTruthOfChoices(t *testing.T) {
	birds := &polls.Question{Type: polls.Choice, Choices: []string{"Heron", "heron", "Egret"}}
	yesNo := &polls.Question{Type: polls.YesNo, Choices: []string{"Yes", "No"}}
	for _, c := range []struct {
		q           *polls.Question
		truth, want string // no want: it is refused
	}{
		{birds, "heron", "1"},
		{birds, "HERON", ""}, // which of the two
		{birds, "egret", "2"},
		{birds, "2", "2"},
		{birds, "3", ""},
		{birds, "-1", ""},
		{yesNo, "yes", "0"},
		{yesNo, "No", "1"},
		{yesNo, "TRUE", "0"},
		{yesNo, "false", "1"},
		{yesNo, "1", ""}, // most files mean yes, and the index is that of no
		{yesNo, "0", ""},
		{yesNo, "maybe", ""},
	} {
		got, err := labeling.TruthOf(c.q, &labeling.TaskRow{Truth: c.truth})
		if c.want == "" {
			if e := tasknet.Describe(err); e.Code != "bad_truth" || !strings.Contains(e.Message, c.truth) {
				t.Errorf("%s of %q: %s, %v", c.truth, c.q.Choices, got, err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s of %q: %s, %v; want %s", c.truth, c.q.Choices, got, err, c.want)
		}
	}
}
