package worker

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

// hearing keeps what it is told, and fails where it is told to.
type hearing struct {
	Server
	away bool
	told []int // epochs
}

func (h *hearing) Beat(_ context.Context, _ string, b wire.Beat) (wire.Beaten, error) {
	if h.away {
		return wire.Beaten{}, errors.New("away")
	}
	for _, r := range b.Told {
		h.told = append(h.told, r.Epoch)
	}
	return wire.Beaten{}, nil
}

// TestCurve: the end of each epoch is told once, whatever was away meanwhile, and of very many every second one or fewer.
func TestCurve(t *testing.T) {
	server := &hearing{}
	a := &leasing{w: &Worker{cfg: Config{Server: server}}, l: &wire.WorkLease{ID: "lse_1"}}
	note := func(step, epoch int, want bool) {
		t.Helper()
		if got := a.note(compute.Report{Step: step, Of: 1 << 20, Epoch: epoch}); got != want {
			t.Errorf("whether epoch %d has ended at step %d is %v", epoch, step, got)
		}
	}
	say := func(want ...int) {
		t.Helper()
		err := a.say(t.Context(), "", 0)
		if (err != nil) != server.away || !slices.Equal(server.told, want) || a.untold() != server.away {
			t.Errorf("told %v, %v, and more is left: %v; want %v", server.told, err, a.untold(), want)
		}
		server.told = nil
	}
	note(5, 0, false)
	note(10, 1, true)
	note(15, 1, false)
	note(20, 2, true)
	server.away = true
	say()
	note(30, 3, true)
	server.away = false
	say(1, 2, 3)
	say()
	for epoch := 4; epoch < 1000; epoch++ {
		note(10*epoch, epoch, true)
		if newest := a.ended[len(a.ended)-1].Epoch; newest != epoch {
			t.Fatalf("epoch %d was dropped for %d", epoch, newest)
		}
	}
	if err := a.say(t.Context(), "", 0); err != nil {
		t.Fatal(err)
	}
	if n := len(server.told); n > endedMax || n < endedMax/2 || server.told[n-1] != 999 || !slices.IsSorted(server.told) {
		t.Errorf("%d ends are told: %v", n, server.told)
	}
}
