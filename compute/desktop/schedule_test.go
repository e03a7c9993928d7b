package desktop

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet/compute/desktop/machine"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	monday := func(clock string) time.Time { // 23 November 2026
		at, err := time.Parse("2006-01-02 15:04", "2026-11-23 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	nights := &Hours{From: "22:00", To: "07:00", Days: []Day{"sun", "mon", "tue", "wed", "thu"}}
	office := &Hours{From: "09:00", To: "17:30", Days: []Day{"mon"}}
	seconds := func(n int64) *int64 { return &n }
	number := func(f float64) *float64 { return &f }
	all := machine.State{Mains: machine.No, Metered: machine.Yes, IdleSeconds: seconds(0), Celsius: number(95), Load: number(1)}
	unknown := machine.State{Mains: machine.Unknown, Metered: machine.Unknown}
	strict := Settings{Server: "x", MainsOnly: true, UnmeteredOnly: true, IdleOnly: true, IdleMinutes: 5, MaxCelsius: 80, MaxLoad: 50}
	fine := machine.State{Mains: machine.Yes, Metered: machine.No, IdleSeconds: seconds(300), Celsius: number(60), Load: number(0.1)}
	with := func(change func(*machine.State)) machine.State {
		m := fine
		change(&m)
		return m
	}
	for _, c := range []struct {
		name    string
		s       Settings
		m       machine.State
		at      time.Time
		working bool
		want    Decision
	}{
		{"nothing is against it", strict, fine, monday("12:00"), false, Decision{Work: true}},
		{"paused before all else", Settings{Paused: true}, all, monday("12:00"), true, Decision{Why: IsPaused}},
		{"no server", Settings{}, fine, monday("12:00"), false, Decision{Why: NoServer}},
		{"no limit is set", Settings{Server: "x"}, all, monday("12:00"), false, Decision{Work: true}},
		{"nothing can be read", strict, unknown, monday("12:00"), false, Decision{Work: true}},
		{"on battery", strict, with(func(m *machine.State) { m.Mains = machine.No }), monday("12:00"), true, Decision{Why: OnBattery}},
		{"metered", strict, with(func(m *machine.State) { m.Metered = machine.Yes }), monday("12:00"), true, Decision{Why: IsMetered}},
		{"in use", strict, with(func(m *machine.State) { m.IdleSeconds = seconds(299) }), monday("12:00"), true, Decision{Why: InUse}},
		{"too hot", strict, with(func(m *machine.State) { m.Celsius = number(80.5) }), monday("12:00"), true, Decision{Why: TooHot}},
		{"warm, and working", strict, with(func(m *machine.State) { m.Celsius = number(78) }), monday("12:00"), true, Decision{Work: true}},
		{"warm, and not working", strict, with(func(m *machine.State) { m.Celsius = number(78) }), monday("12:00"), false, Decision{Why: TooHot}},
		{"cool again", strict, with(func(m *machine.State) { m.Celsius = number(75) }), monday("12:00"), false, Decision{Work: true}},
		{"busy", strict, with(func(m *machine.State) { m.Load = number(0.51) }), monday("12:00"), true, Decision{Why: BusyOtherwise}},
		{"nearly busy, and working", strict, with(func(m *machine.State) { m.Load = number(0.45) }), monday("12:00"), true, Decision{Work: true}},
		{"nearly busy, and not working", strict, with(func(m *machine.State) { m.Load = number(0.45) }), monday("12:00"), false, Decision{Why: BusyOtherwise}},
		{"before the night", Settings{Server: "x", Hours: nights}, fine, monday("21:59"), false, Decision{Why: OffHours, Until: monday("22:00")}},
		{"at night", Settings{Server: "x", Hours: nights}, fine, monday("22:00"), false, Decision{Work: true}},
		{"the night of the day before", Settings{Server: "x", Hours: nights}, fine, monday("06:59"), false, Decision{Work: true}},
		{"after the night", Settings{Server: "x", Hours: nights}, fine, monday("07:00"), true, Decision{Why: OffHours, Until: monday("22:00")}},
		{"the night of a day that is not chosen", Settings{Server: "x", Hours: nights}, fine, monday("06:00").AddDate(0, 0, 5), false, Decision{Why: OffHours, Until: monday("22:00").AddDate(0, 0, 6)}},
		{"within hours of a day", Settings{Server: "x", Hours: office}, fine, monday("17:29"), false, Decision{Work: true}},
		{"next week", Settings{Server: "x", Hours: office}, fine, monday("17:30"), true, Decision{Why: OffHours, Until: monday("09:00").AddDate(0, 0, 7)}},
		{"a whole day", Settings{Server: "x", Hours: &Hours{From: "00:00", To: "00:00", Days: []Day{"mon"}}}, fine, monday("23:59"), false, Decision{Work: true}},
	} {
		if got := Decide(&c.s, c.m, c.at, c.working); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
