package main

import "testing"

// TestAttacksSayWhatPasses: the last line names the attacks on a server that stay under the bar, and those that do not; not
// the honest crowd, nor attacks of most people, nor those on a crowd that is asked at random.
func TestAttacksSayWhatPasses(t *testing.T) {
	lines := []attacked{
		{Attack: "none", Routing: "skill"},
		{Attack: "random", Share: 0.3, Routing: "skill", Moved: -0.0099},
		{Attack: "renewed", Share: 0.3, Routing: "skill", Moved: 0.02},
		{Attack: "copier", Share: 0.3, Routing: "skill", Moved: -0.0101},
		{Attack: "bloc", Share: 0.6, Routing: "skill", Moved: -0.03},
		{Attack: "turned", Share: 0.3, Routing: "random", Moved: -0.03},
	}
	if got, want := passes(lines), "moved by less than 1 point: random, renewed; by more: copier\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := passes(lines[:2]), "moved by less than 1 point: random; by more: none\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i, want := range []string{"", "ok", "ok", "over", "", "over"} {
		if got := lines[i].bar(); got != want {
			t.Errorf("%s: %q, want %q", lines[i].Attack, got, want)
		}
	}
}
