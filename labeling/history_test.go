package labeling

import (
	"fmt"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// timed are answers of one person on one device, each given at once with the others and answered one after the other.
func timed(person byte, each time.Duration, answers int) []Timing {
	out := make([]Timing, answers)
	given := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for i := range out {
		took := time.Duration(i+1) * each
		out[i] = Timing{
			Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", person)), Device: polls.DeviceKey{person}, Given: given, Accepted: given.Add(took),
			ClientMS: 77 + took.Milliseconds(), // a clock of its own, decades behind
		}
	}
	return out
}

func TestWorkTime(t *testing.T) {
	join := func(parts ...[]Timing) (all []Timing) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	away := timed(5, 30*time.Hour, 20)
	for _, tt := range []struct {
		name    string
		timings []Timing
		want    time.Duration
	}{
		{"three who answer at their own pace", join(timed(1, 3*time.Second, 10), timed(2, 5*time.Second, 10), timed(3, 11*time.Second, 10)), 5 * time.Second},
		{"one who only taps, a hundred times as often", join(timed(1, 3*time.Second, 10), timed(2, 5*time.Second, 10), timed(3, 11*time.Second, 10), timed(4, 100*time.Millisecond, 1000)), 4 * time.Second},
		{"one answer too few", join(timed(1, 3*time.Second, 9), timed(2, 5*time.Second, 10), timed(3, 11*time.Second, 10)), 0},
		{"one person too few", join(timed(1, 3*time.Second, 15), timed(2, 5*time.Second, 15)), 0},
		{"most leave questions lying open", join(away, timed(6, 20*time.Hour, 20), timed(1, 3*time.Second, 10)), WorkTimeMax},
		{"none", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, answers, _ := WorkTime(tt.timings)
			if got != tt.want || answers != len(tt.timings) {
				t.Errorf("%s of %d answers, want %s of %d", got, answers, tt.want, len(tt.timings))
			}
		})
	}
	if away[0].ClientMS > away[1].ClientMS {
		t.Error("what was given is in another order now")
	}
}

func TestPace(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	past := []Past{{Answers: 20, AskedAt: now.Add(-4 * time.Hour)}, {Answers: 10, AskedAt: now.Add(-time.Hour)}}
	if got := Pace(past, now); got != 7500 {
		t.Errorf("30 answers in 4 hours are %d thousandths an hour", got)
	}
	if got := Pace(past[:1], now); got != 0 {
		t.Errorf("20 answers are %d", got)
	}
}
