package app

import (
	"strings"
	"testing"
)

// TestGreeting: who starts a dev chain that can be reached is told what is where on it.
func TestGreeting(t *testing.T) {
	a, err := New(t.Context(), Config{Data: t.TempDir(), Listen: "127.0.0.1:0", Chain: ChainConfig{DevRPC: "127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := a.greet(&out, First{Key: "tn_first"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"is at http://127.0.0.1:", "keys/minter has coins", "a sample that does, MessageBoard.sol, is 0x", "Authorization: Bearer tn_first"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "Deposit first") {
		t.Errorf("on the dev chain one deposits first:\n%s", out.String())
	}
	if err := a.group.closeAll(); err != nil {
		t.Error(err)
	}
}
