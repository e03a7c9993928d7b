package compute

import (
	"errors"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// TestLostForGood: a part that is lost again and again is tried ten times, and then its job fails and says why. What checks a part is given up
// alone.
func TestLostForGood(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	lose := func(p *Part, j *Job, ended LeaseState) (times int) {
		for p.State = PartWaiting; j.State == JobOpen && p.State == PartWaiting && times < 100; times++ {
			p.State, p.Copies = PartRunning, 1
			j.Waiting--
			j.Drop(p, &Lease{State: LeaseRunning, Owner: polls.RespondentID(rune('a' + times))}, ended, nil, now)
		}
		return times
	}
	for _, ended := range []LeaseState{LeaseLost, LeaseTimeout} {
		j := &Job{State: JobOpen, Rows: 10, Cut: 10, Parts: 4, Waiting: 1}
		if times := lose(&Part{Number: 3}, j, ended); times != 10 || j.State != JobFailed || !j.EndedAt.Equal(now) {
			t.Errorf("%s: it was tried %d times, and the job is %s", ended, times, j.State)
		}
		if want := "Part 3 was lost by 10 nodes, or took longer than the job allows."; j.Problem != want {
			t.Errorf("%s: the job says %q, want %q", ended, j.Problem, want)
		}
		j = &Job{State: JobOpen, Rows: 10, Cut: 10, Parts: 4, Waiting: 1}
		p := &Part{Number: 3, Copy: 1}
		if times := lose(p, j, ended); times != 10 || j.State != JobOpen || p.State != PartDone {
			t.Errorf("%s: a copy was tried %d times, is %s, and the job %s", ended, times, p.State, j.State)
		}
	}
}

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

// TestPace: a pace falls at once when a part takes longer than it should, rises slowly, and is left alone by what tells nothing.
func TestPace(t *testing.T) {
	began := time.Unix(1e9, 0)
	j := Job{Kind: InferJob, Rows: 1000, Finished: 10, Each: 300}
	l := Lease{From: 100, To: 200, BeganAt: began, Why: Why{Speed: 1000}}
	for _, c := range []struct {
		name    string
		took    time.Duration
		change  func(*Job, *Lease)
		want    int64
		unknown bool
	}{
		{name: "as long as it should", took: 30 * time.Second, unknown: true},
		{name: "a little longer", took: 44 * time.Second, unknown: true},
		{name: "a little shorter", took: 21 * time.Second, unknown: true},
		{name: "four times as long", took: 120 * time.Second, want: PaceWhole / 4},
		{name: "for ever", took: time.Hour, want: PaceWhole / 8},
		{name: "half as long", took: 15 * time.Second, want: PaceWhole * 5 / 4},
		{name: "no time", want: PaceWhole * 11 / 4},
		{name: "the first part", took: time.Hour, change: func(j *Job, _ *Lease) { j.Finished = 0 }, unknown: true},
		{name: "a training", took: time.Hour, change: func(j *Job, _ *Lease) { j.Kind = TrainJob }, unknown: true},
		{name: "a session", took: time.Hour, change: func(j *Job, _ *Lease) { j.Live = true }, unknown: true},
		{name: "a small part", took: time.Hour, change: func(_ *Job, l *Lease) { l.Why.Speed = 2000 }, unknown: true},
		{name: "a lease of before", took: time.Hour, change: func(_ *Job, l *Lease) { l.Why.Speed = 0 }, unknown: true},
	} {
		of, by := j, l
		if c.change != nil {
			c.change(&of, &by)
		}
		if got, known := of.Paced(&by, began.Add(c.took)); got != c.want || known == c.unknown {
			t.Errorf("%s: %d, %t", c.name, got, known)
		}
	}
	for _, c := range []struct{ rate, pace, want int64 }{{1e9, 0, 1e9}, {1e9, PaceWhole, 1e9}, {1e9, PaceLeast, 1e6}, {10, PaceLeast, 1}, {1 << 62, PaceMost, 1<<61 - 1}} {
		n := Node{Rate: c.rate, Pace: c.pace}
		if got := n.Speed(); got < c.want-1e3 || got > c.want+1e3 {
			t.Errorf("%d at a pace of %d is %d", c.rate, c.pace, got)
		}
	}
}
