package desktop

import (
	"slices"
	"time"

	"github.com/tasknet/tasknet/compute/desktop/machine"
)

// Reason is why no work is done.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	IsPaused      Reason = "paused"
	NoServer      Reason = "no_server"
	OffHours      Reason = "hours"
	OnBattery     Reason = "battery"
	IsMetered     Reason = "metered"
	InUse         Reason = "in_use"
	TooHot        Reason = "hot"
	BusyOtherwise Reason = "busy"
)

// Decision is whether work may be done now.
type Decision struct {
	Work  bool
	Why   Reason    // not
	Until time.Time // of OffHours: when work may begin
}

// What work that was stopped for heat or load waits for, so that it does not begin and stop all the time.
const (
	coolBy = 5  // degrees below the limit
	calmBy = 10 // per cent below the limit
)

// Decide says whether work may be done. What cannot be read of the computer is no reason against it: the page says of such a
// setting that it has no effect here. now is in the computer's zone; working is whether work is done already.
func Decide(s *Settings, m machine.State, now time.Time, working bool) Decision {
	no := func(why Reason) Decision { return Decision{Why: why} }
	if s.Paused {
		return no(IsPaused)
	}
	if s.Server == "" {
		return no(NoServer)
	}
	if s.Hours != nil && !s.Hours.hold(now) {
		return Decision{Why: OffHours, Until: s.Hours.next(now)}
	}
	hot, load := float64(s.MaxCelsius), float64(s.MaxLoad)
	if !working {
		hot, load = hot-coolBy, load-min(calmBy, load/2)
	}
	switch {
	case s.MainsOnly && m.Mains == machine.No:
		return no(OnBattery)
	case s.UnmeteredOnly && m.Metered == machine.Yes:
		return no(IsMetered)
	case s.IdleOnly && m.IdleSeconds != nil && *m.IdleSeconds < int64(s.IdleMinutes)*60:
		return no(InUse)
	case s.MaxCelsius > 0 && m.Celsius != nil && *m.Celsius > hot:
		return no(TooHot)
	case s.MaxLoad > 0 && m.Load != nil && 100**m.Load > load:
		return no(BusyOtherwise)
	}
	return Decision{Work: true}
}

// hold reports whether now is within the hours.
func (h *Hours) hold(now time.Time) bool {
	from, to, err := h.minutes()
	if err != nil {
		return false
	}
	at := now.Hour()*60 + now.Minute()
	today := slices.Contains(h.Days, days[now.Weekday()])
	yesterday := slices.Contains(h.Days, days[(now.Weekday()+6)%7])
	if from < to {
		return today && at >= from && at < to
	}
	return today && at >= from || yesterday && at < to
}

// next is when the hours hold next.
func (h *Hours) next(now time.Time) time.Time {
	from, _, err := h.minutes()
	if err != nil {
		return time.Time{}
	}
	for ahead := range 8 {
		at := time.Date(now.Year(), now.Month(), now.Day()+ahead, from/60, from%60, 0, 0, now.Location())
		if at.After(now) && slices.Contains(h.Days, days[at.Weekday()]) {
			return at
		}
	}
	return time.Time{}
}
