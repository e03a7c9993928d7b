package polls

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // some machines have no time zones

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestQuietHours(t *testing.T) {
	lisbon := zone(t, "Europe/Lisbon") // UTC in winter, an hour ahead in summer
	at := func(month time.Month, hour, minute int) time.Time {
		return time.Date(2026, month, 10, hour, minute, 0, 0, time.UTC)
	}
	night, noon := Quiet{22 * 60, 7 * 60, lisbon}, Quiet{12 * 60, 13*60 + 30, lisbon}
	for _, c := range []struct {
		quiet Quiet
		at    time.Time
		want  bool
	}{
		{night, at(time.January, 21, 59), false},
		{night, at(time.January, 22, 0), true},
		{night, at(time.January, 6, 59), true},
		{night, at(time.January, 7, 0), false},
		{night, at(time.July, 21, 0), true},
		{night, at(time.July, 6, 0), false},
		{noon, at(time.January, 11, 59), false},
		{noon, at(time.January, 12, 0), true},
		{noon, at(time.January, 13, 29), true},
		{noon, at(time.January, 13, 30), false},
		{Quiet{600, 600, lisbon}, at(time.January, 10, 0), false},
	} {
		if got := c.quiet.Holds(c.at); got != c.want {
			t.Errorf("%02d:%02d to %02d:%02d at %s: %t", c.quiet.From/60, c.quiet.From%60, c.quiet.Until/60, c.quiet.Until%60, c.at, got)
		}
	}
}

func TestDayIsOfTheZone(t *testing.T) {
	evening := time.Date(1970, 1, 3, 11, 30, 0, 0, time.UTC)
	for name, want := range map[string]int{"UTC": 2, "Asia/Tokyo": 2, "Pacific/Auckland": 2, "America/New_York": 2, "Pacific/Pago_Pago": 2} {
		if got := (Quiet{Zone: zone(t, name)}).Day(evening); got != want {
			t.Errorf("%s: day %d, want %d", name, got, want)
		}
	}
}

func TestWishesCheck(t *testing.T) {
	good := NewWishes()
	good.Languages, good.Types, good.Least = []string{"pt-BR", "en"}, []Type{YesNo, Choice}, tasknet.Micro(7)
	checked, err := good.Check()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"en", "pt"}, checked.Languages); diff != "" {
		t.Error(diff)
	}
	for want, spoil := range map[*tasknet.Error]func(*Wishes){
		errReads:     func(w *Wishes) { w.Languages = []string{"e"} },
		errWishTypes: func(w *Wishes) { w.Types = []Type{"riddle"} },
		errWishLeast: func(w *Wishes) { w.Least = tasknet.Micro(-1) },
		errQuiet:     func(w *Wishes) { w.Quiet.Until = 1440 },
		errZone:      func(w *Wishes) { w.Quiet.Zone = nil },
		errPerDay:    func(w *Wishes) { w.PerDay = 51 },
	} {
		bad := good
		spoil(&bad)
		if _, err := bad.Check(); !errors.Is(err, want) {
			t.Errorf("%s: %v", want.Code, err)
		}
	}
	twice := good
	twice.Types = []Type{YesNo, YesNo}
	if _, err := twice.Check(); !errors.Is(err, errWishTypes) {
		t.Errorf("a type twice: %v", err)
	}
}

func TestZoneRefuses(t *testing.T) {
	for _, name := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd", "Europe/Lisbon\x00"} {
		if z, err := Zone(name); !errors.Is(err, errZone) {
			t.Errorf("%q: %v, %v", name, z, err)
		}
	}
}
