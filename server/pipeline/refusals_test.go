package pipeline

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// TestRefusalsAreBounded: nobody fills the log with refusals, alone or with many devices, and others still get theirs in.
func TestRefusalsAreBounded(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	var p Pipeline
	for i := range 100 {
		p.Refused(polls.DeviceKey{1}, [32]byte{byte(i)}, now.Add(time.Duration(i)*time.Second))
	}
	if got := len(p.refusals.leaves); got != 2 || p.refusals.leaves[1] != [32]byte{60} {
		t.Errorf("one device got %d into the log in 100 seconds, the last %x", got, p.refusals.leaves)
	}
	p.Refused(polls.DeviceKey{2}, [32]byte{1}, now)
	if got := len(p.refusals.leaves); got != 3 {
		t.Errorf("another device: %d in all", got)
	}
	for i := range 10_000 {
		p.Refused(polls.DeviceKey{3, byte(i), byte(i >> 8)}, [32]byte{2}, now)
		if len(p.refusals.last) > refusersKept {
			t.Fatalf("%d devices are remembered", len(p.refusals.last))
		}
	}
	if got := len(p.refusals.leaves); got != refusalsAtOnce {
		t.Errorf("many devices got %d in at once", got)
	}
}

// logOnly is a database of which the log alone is there.
type logOnly struct {
	Stores
	log *leavesOnly
}

func (s logOnly) Log() Log { return s.log }

// leavesOnly keeps leaves, unless it fails.
type leavesOnly struct {
	Log
	err  error
	here [][32]byte
}

func (l *leavesOnly) AppendLeaves(_ context.Context, leaves [][32]byte, _ time.Time) (int64, error) {
	if l.err == nil {
		l.here = append(l.here, leaves...)
	}
	return 0, l.err
}

// TestRefusalsWait: what could not enter the log enters it the next time, once, before what came meanwhile.
func TestRefusalsWait(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	away := errors.New("away")
	log := &leavesOnly{err: away}
	p := Pipeline{stores: logOnly{log: log}, cfg: Config{Now: func() time.Time { return now }}}
	p.Refused(polls.DeviceKey{1}, [32]byte{1}, now)
	if err := p.logRefusals(t.Context()); !errors.Is(err, away) {
		t.Fatal(err)
	}
	p.Refused(polls.DeviceKey{2}, [32]byte{2}, now)
	log.err = nil
	for range 2 {
		if err := p.logRefusals(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := [][32]byte{{1}, {2}}; !slices.Equal(log.here, want) {
		t.Errorf("the log has %x, want %x", log.here, want)
	}
	log.err = away
	for i := range 100 {
		p.Refused(polls.DeviceKey{3, byte(i)}, [32]byte{3}, now)
		if err := p.logRefusals(t.Context()); !errors.Is(err, away) || len(p.refusals.leaves) > refusalsAtOnce {
			t.Fatalf("%d wait, %v", len(p.refusals.leaves), err)
		}
	}
}
