package main

import (
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/wire"
)

func TestLasting(t *testing.T) {
	for seconds, want := range map[int]string{0: "0s", 90: "1m30s", 172_799: "47h59m59s", 172_800: "2 days", 860_000_000_000: "9953704 days"} {
		if got := lasting(seconds); got != want {
			t.Errorf("%d s: %s, want %s", seconds, got, want)
		}
	}
}

// TestEstimate: what a project or a question would take is told, and nothing is made.
func TestEstimate(t *testing.T) {
	alone(t)
	served(t, t.TempDir())
	spam := []string{"--choice", "yes", "--choice", "no", "--price", "1", "--policy", "fixed:3"}
	got := printed(t, append([]string{"project", "estimate", "--tasks", "200", "--seconds-per-answer", "9"}, spam...)...)
	want := "answers  3 each (by the policy); 600 for 200 tasks\n" +
		"cost     about 690 tUSD, mostly 690 to 690, and never over 690; an answer pays 1, with a fee of 0.15\n" +
		"time     not known: too few questions of this kind have closed lately\n" +
		"pays     400 tUSD an hour, at 9.000 seconds an answer (as you state)\n"
	if got != want {
		t.Errorf("project estimate:\n%s", got)
	}
	p := asJSON[wire.Project](t, append([]string{"project", "create", "Spam"}, spam...)...)
	if got := asJSON[wire.Estimate](t, "project", "estimate", p.ID); got.Tasks != 1 || got.Cost.Most.String() != "3.45" {
		t.Errorf("a project that there is: %+v", got)
	}
	if got := printed(t, "ask", "Spam?", "--estimate", "--choice", "yes", "--choice", "no", "--policy", "confidence:0.9,model"); !strings.Contains(got, "nothing like it has closed yet") || !strings.Contains(got, "\npays     not known") {
		t.Errorf("ask --estimate:\n%s", got)
	}
	if got := printed(t, "ask", "Spam?", "--estimate", "--choice", "yes", "--choice", "no", "--policy", "confidence:0.9,fixed:4"); !strings.HasPrefix(got, "answers  4 each (by the policy); 4 for 1 task\n") || !strings.Contains(got, "and never over") {
		t.Errorf("ask --estimate, of a policy that falls back:\n%s", got)
	}
	if all := asJSON[[]wire.Question](t, "question", "list"); len(all) != 0 {
		t.Errorf("an estimate asked %+v", all)
	}
}
