package compute

import (
	"errors"
	"testing"
	"time"
)

// TestBeat: what a node tells of its curve is kept in order and within bounds, or none of it.
func TestBeat(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := &Lease{State: LeaseRunning, BeganAt: now}
	at := func(epoch int) Report { return Report{Step: 10 * epoch, Of: 10_000, Epoch: epoch} }
	beat := func(r Report, told ...Report) error { return l.Beat(r, time.Hour, now, told...) }

	if err := beat(Report{Step: 35, Of: 10_000, Epoch: 3}, at(1), at(2), at(3)); err != nil || len(l.Curve) != 4 || l.Progress.Step != 35 {
		t.Fatalf("the curve is %+v at %+v, %v", l.Curve, l.Progress, err)
	}
	if err := beat(at(4), at(4)); err != nil || len(l.Curve) != 5 {
		t.Errorf("a report that is told twice is there twice: %+v, %v", l.Curve, err)
	}
	for name, told := range map[string][]Report{"backwards": {at(6), at(5)}, "before the last": {at(2)}, "past the newest": {at(9)}, "of another end": {{Step: 50, Of: 7, Epoch: 5}}} {
		if err := beat(at(8), told...); !errors.Is(err, ErrBadProgress) || len(l.Curve) != 5 || l.Progress != at(4) {
			t.Errorf("told %s: %v, and the curve is %+v", name, err, l.Curve)
		}
	}
	for epoch := 5; epoch < 900; epoch++ {
		if err := beat(at(epoch)); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range l.Curve[1:] {
		if r.Step <= l.Curve[i].Step {
			t.Errorf("the curve goes from %+v to %+v", l.Curve[i], r)
		}
	}
	if n := len(l.Curve); n > curveMax || n < curveMax/2 || l.Curve[0].Epoch > 100 || l.Curve[n-1].Epoch != 899 {
		t.Errorf("%d reports are kept, from epoch %d", n, l.Curve[0].Epoch)
	}
}
