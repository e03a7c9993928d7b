package polls

import (
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
)

// Wishes say for what and when somebody wants to be woken. The zero value is no valid one: NewWishes returns what holds
// until somebody says otherwise.
type Wishes struct {
	Languages []string       // as Languages returns them: only for work in one of these; empty: in any
	Types     []Type         // only for these kinds of questions; empty: for any
	Avoids    Avoids         // never for these
	Least     tasknet.Amount // only for answers that pay so much
	Quiet     Quiet
	PerDay    int // at most so often in a day of their zone
}

// Quiet is the time of day in which somebody is never woken, in minutes after midnight: from From up to and without Until, over
// midnight when that is sooner. The same twice is no time at all.
type Quiet struct {
	From, Until int
	Zone        *time.Location
}

// Limits of wishes.
const (
	WakesPerDay    = 10 // until somebody says otherwise
	WakesPerDayMax = 50
	dayMinutes     = 24 * 60
	zoneLengthMax  = 64
)

// NewWishes returns wishes for anything, but at night.
func NewWishes() Wishes {
	return Wishes{Quiet: Quiet{From: 22 * 60, Until: 7 * 60, Zone: time.UTC}, PerDay: WakesPerDay}
}

var (
	errWishTypes = tasknet.NewError(tasknet.Invalid, "bad_types", "Name kinds of questions that there are, each once.")
	errWishLeast = tasknet.NewError(tasknet.Invalid, "bad_least_pay", "The least pay for an answer is between 0 and 1000 tokens.")
	errQuiet     = tasknet.NewError(tasknet.Invalid, "bad_quiet_hours", "Quiet hours are two times of day such as 22:00 and 07:00.")
	errPerDay    = tasknet.NewError(tasknet.Invalid, "bad_per_day", "Somebody can be woken between 1 and 50 times a day.")
	errZone      = tasknet.NewError(tasknet.Invalid, "bad_time_zone", `Give the time zone by its name in the IANA database, such as "Europe/Lisbon".`)
)

// Check returns the wishes with their languages in order, or an error that says what is wrong with them.
func (w Wishes) Check() (Wishes, error) {
	var err error
	if w.Languages, err = Languages(w.Languages); err != nil {
		return w, err
	}
	types := slices.Clone(w.Types)
	slices.Sort(types)
	unknown := func(t Type) bool { return !t.Known() }
	switch {
	case slices.ContainsFunc(types, unknown) || len(slices.Compact(types)) != len(w.Types):
		return w, errWishTypes
	case w.Least.Sign() < 0 || w.Least.Cmp(PriceMax) > 0:
		return w, errWishLeast
	case w.Quiet.From < 0 || w.Quiet.From >= dayMinutes || w.Quiet.Until < 0 || w.Quiet.Until >= dayMinutes:
		return w, errQuiet
	case w.Quiet.Zone == nil:
		return w, errZone
	case w.PerDay < 1 || w.PerDay > WakesPerDayMax:
		return w, errPerDay
	}
	return w, nil
}

// Holds reports whether a moment is in the quiet time.
func (q Quiet) Holds(at time.Time) bool {
	local := at.In(q.Zone)
	minute := local.Hour()*60 + local.Minute()
	if q.From <= q.Until {
		return q.From <= minute && minute < q.Until
	}
	return minute >= q.From || minute < q.Until
}

// Day returns the day that a moment is in, in the zone: days since 1970.
func (q Quiet) Day(at time.Time) int {
	year, month, day := at.In(q.Zone).Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// zones are those that were looked up: reading one takes longer than all else that is done with it.
var zones sync.Map // *time.Location by name

// Zone returns a time zone by its name in the IANA database. The machine's own is none.
func Zone(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	if name == "" || name == "Local" || len(name) > zoneLengthMax {
		return nil, errZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, errZone
	}
	zones.Store(name, zone)
	return zone, nil
}
