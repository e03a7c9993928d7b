package polls_test

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// TestLogStart: the statement is what its version says, is good by any key that the log ever had, and by nothing else.
func TestLogStart(t *testing.T) {
	s := polls.LogStart{At: time.UnixMilli(1_795_000_000_123).UTC()}
	check(t, s.Sign(instance, serverKey(2)))
	leaf, err := s.Leaf(instance)
	check(t, err)
	if got := hex.EncodeToString(leaf[:]); got != wantLogStart || !polls.IsStartLeaf(leaf) || polls.IsKeyLeaf(leaf) {
		t.Errorf("its leaf is %s", got)
	}
	change := keyChangeTo(t, 2)
	change.Use = polls.LogKeys
	check(t, change.Sign(instance, serverKey(1), serverKey(2)))
	keys, err := polls.NewServerKeys(instance, polls.LogKeys, publicOf(serverKey(1)), []polls.KeyChange{change})
	check(t, err)
	others, err := polls.NewServerKeys(instance, polls.LogKeys, publicOf(serverKey(3)), nil)
	check(t, err)
	later := s
	later.At = s.At.Add(time.Millisecond)
	if !s.Check(instance, keys) || s.Check(instance, others) || s.Check("other", keys) || later.Check(instance, keys) {
		t.Error("the signature holds where it must not, or does not where it must")
	}
}

// wantLogStart is the leaf of a statement of tasknet/log-start/v1: made once, and never made anew.
const wantLogStart = "746e2d66726f6d0150e2f42b700ed2c84e83789cbd0dffda14e0808dbdc39ee7"
