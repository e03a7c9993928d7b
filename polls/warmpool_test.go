package polls

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// sleeper is somebody who was here two hours ago, was never woken, and wants anything at any time.
func sleeper(id string, change ...func(*Sleeper)) Sleeper {
	s := Sleeper{ID: RespondentID(id), Wishes: NewWishes(), Seen: noon.Add(-2 * time.Hour), Share: 1000}
	s.Wishes.Quiet.Until = s.Wishes.Quiet.From
	for _, f := range change {
		f(&s)
	}
	return s
}

func callFor(lacking int) Call {
	return Call{At: noon, Deadline: noon.Add(time.Hour), Lacking: lacking, Each: 1, Type: YesNo, Languages: []string{"pt"}, Content: 1 << 2, Price: tasknet.Micro(18_000)}
}

func woken(w Wave) (ids []string) {
	for _, r := range w.Wake {
		ids = append(ids, string(r.ID))
	}
	return ids
}

func TestWhoIsNotWoken(t *testing.T) {
	for name, change := range map[string]func(*Sleeper){
		"in quiet hours":           func(s *Sleeper) { s.Wishes.Quiet = Quiet{11 * 60, 13 * 60, time.UTC} },
		"often enough today":       func(s *Sleeper) { s.Woken, s.Today, s.Wishes.PerDay = noon.Add(-3*time.Hour), 3, 3 },
		"for better pay":           func(s *Sleeper) { s.Wishes.Least = tasknet.Micro(18_001) },
		"for another type":         func(s *Sleeper) { s.Wishes.Types = []Type{Choice, Pair} },
		"in another language":      func(s *Sleeper) { s.Wishes.Languages = []string{"en"} },
		"who avoids what it shows": func(s *Sleeper) { s.Wishes.Avoids.Content = 1<<2 | 1<<3 },
		"who avoids its type":      func(s *Sleeper) { s.Wishes.Avoids.Types = []Type{YesNo} },
		"worth nothing":            func(s *Sleeper) { s.Share = 0 },
		"whom nothing wakes":       func(s *Sleeper) { s.Mute = true },
		"there already":            func(s *Sleeper) { s.Seen = noon.Add(-time.Minute) },
		"woken a moment ago":       func(s *Sleeper) { s.Woken = noon.Add(-9 * time.Minute) },
		"woken, and seen before":   func(s *Sleeper) { s.Woken, s.Seen = noon.Add(-5*time.Minute), noon.Add(-6*time.Minute) },
		"woken enough by the zone": func(s *Sleeper) {
			s.Woken, s.Today, s.Wishes.PerDay, s.Wishes.Quiet.Zone = noon.Add(-11*time.Hour), 1, 1, time.UTC
		},
	} {
		if got := woken(callFor(3).Wave([]Sleeper{sleeper("a", change)})); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, change := range map[string]func(*Sleeper){
		"who wants anything":              func(*Sleeper) {},
		"who avoids something else":       func(s *Sleeper) { s.Wishes.Avoids = Avoids{1 << 3, []Type{Choice}} },
		"out of quiet hours":              func(s *Sleeper) { s.Wishes.Quiet = Quiet{13 * 60, 11 * 60, time.UTC} },
		"not often enough today":          func(s *Sleeper) { s.Woken, s.Today, s.Wishes.PerDay = noon.Add(-3*time.Hour), 2, 3 },
		"often enough yesterday":          func(s *Sleeper) { s.Woken, s.Today, s.Wishes.PerDay = noon.Add(-13*time.Hour), 3, 3 },
		"for just that pay":               func(s *Sleeper) { s.Wishes.Least = tasknet.Micro(18_000) },
		"for that type":                   func(s *Sleeper) { s.Wishes.Types = []Type{Choice, YesNo} },
		"in that language":                func(s *Sleeper) { s.Wishes.Languages = []string{"en", "pt"} },
		"who was here since":              func(s *Sleeper) { s.Woken, s.Seen = noon.Add(-5*time.Minute), noon.Add(-4*time.Minute) },
		"who did not come some time ago":  func(s *Sleeper) { s.Woken = noon.Add(-10 * time.Minute); s.Seen = noon.Add(-time.Hour) },
		"of whom nothing at all is known": func(s *Sleeper) { s.Seen = time.Time{} },
	} {
		if got := woken(callFor(3).Wave([]Sleeper{sleeper("a", change)})); len(got) != 1 {
			t.Errorf("%s: nobody", name)
		}
	}
}

// TestBestAreWokenFirst: of people who differ in one thing, the better one.
func TestBestAreWokenFirst(t *testing.T) {
	for name, better := range map[string]func(*Sleeper){
		"comes more often": func(s *Sleeper) { s.Wakes, s.Came = 10, 9 },
		"was here lately":  func(s *Sleeper) { s.Seen = noon.Add(-10 * time.Minute) },
		"comes sooner":     func(s *Sleeper) { s.After = 10 * time.Second },
		"is asked more":    nil,
		"had more rest":    nil,
	} {
		var other func(*Sleeper)
		switch name {
		case "is asked more":
			other = func(s *Sleeper) { s.Share = 500 }
		case "had more rest":
			other = func(s *Sleeper) { s.Woken, s.Today = noon.Add(-150*time.Minute), 5 }
		default:
			other = func(*Sleeper) {}
		}
		if better == nil {
			better = func(*Sleeper) {}
		}
		for _, ids := range [][2]string{{"a", "b"}, {"b", "a"}} {
			c := callFor(1)
			c.Draw = 7
			got := woken(c.Wave([]Sleeper{sleeper(ids[0], other), sleeper(ids[1], better)}))
			if len(got) == 0 || got[0] != ids[1] {
				t.Errorf("%s: %v, want %s first", name, got, ids[1])
			}
		}
	}
}

// TestWavesWiden: as many are woken as are likely to suffice, nobody while they may still come, and more when they do not.
func TestWavesWiden(t *testing.T) {
	var people []Sleeper
	for i := range 100 {
		people = append(people, sleeper(fmt.Sprintf("%03d", i)))
	}
	c := callFor(2)
	first := c.Wave(people)
	if len(first.Wake) != 8 || first.Next != noon.Add(15*time.Second) { // one in four comes
		t.Fatalf("first %d, next at %s", len(first.Wake), first.Next)
	}
	for _, r := range first.Wake {
		c.Earlier = append(c.Earlier, Woken{noon, r.Chance, r.After, false})
	}
	c.At = noon.Add(time.Millisecond)
	if n := len(c.Wave(people).Wake); n > 1 {
		t.Errorf("while they may come, %d more", n)
	}
	c.At, c.Step = noon.Add(15*time.Second), 1
	second := c.Wave(people[8:])
	if n := len(second.Wake); n < 4 || n > 12 || second.Next != c.At.Add(30*time.Second) {
		t.Errorf("then %d more, next after %s", n, second.Next.Sub(c.At))
	}
	for i := range c.Earlier {
		c.Earlier[i].Came = true // and both that were lacking are
	}
	c.Lacking = 0
	if last := c.Wave(people[8:]); len(last.Wake) != 0 || last.Next != c.At.Add(time.Minute) {
		t.Errorf("when nobody is lacking: %+v", last)
	}
	c.Lacking, c.Deadline = 2, c.At.Add(4*time.Second)
	if late := c.Wave(people[8:]); len(late.Wake) != 0 {
		t.Errorf("too late: %d", len(late.Wake))
	}
}

// TestPresentPeopleComeAlone: who is there is not woken, and others less.
func TestPresentPeopleComeAlone(t *testing.T) {
	people := []Sleeper{sleeper("asleep")}
	for i := range 4 {
		people = append(people, sleeper(fmt.Sprint("there", i), func(s *Sleeper) { s.Seen, s.Mute = noon.Add(-time.Second), i%2 == 0 }))
	}
	c := callFor(2)
	if got := c.Wave(people); got.Wake != nil || len(got.Offer) != 4 || slices.Contains(got.Offer, "asleep") {
		t.Errorf("woken although four are there: %v; offered to %v", got.Wake, got.Offer)
	}
	if c.Lacking = 1; len(c.Wave(people).Offer) != 2 { // one in two takes it
		t.Errorf("offered to %v", c.Wave(people).Offer)
	}
	c.Lacking = 2
	c.Step = 2 // they had their chance
	if got := woken(c.Wave(people)); len(got) != 1 || got[0] != "asleep" {
		t.Errorf("when they did not: %v", got)
	}
}

func TestProjectNeedsFewerPeople(t *testing.T) {
	var people []Sleeper
	for i := range 100 {
		people = append(people, sleeper(fmt.Sprintf("%03d", i)))
	}
	c := callFor(20)
	one := len(c.Wave(people).Wake)
	c.Each = 10
	if many := len(c.Wave(people).Wake); one != 80 || many != 8 {
		t.Errorf("%d for single answers, %d when everybody gives ten", one, many)
	}
}

func anySleeper(t *rapid.T, id int) Sleeper {
	ago := func(name string) time.Time {
		return noon.Add(-time.Duration(rapid.IntRange(0, 100_000).Draw(t, name)) * time.Second)
	}
	s := sleeper(fmt.Sprintf("rsp_%03d", id))
	s.Wishes.Quiet.From, s.Wishes.Quiet.Until = rapid.IntRange(0, 1439).Draw(t, "from"), rapid.IntRange(0, 1439).Draw(t, "until")
	s.Wishes.PerDay, s.Today = rapid.IntRange(1, 5).Draw(t, "per day"), rapid.IntRange(0, 5).Draw(t, "today")
	s.Wishes.Least = tasknet.Micro(int64(rapid.IntRange(0, 20_000).Draw(t, "least")))
	s.Seen, s.Woken = ago("seen"), ago("woken")
	s.Wakes = rapid.IntRange(0, 50).Draw(t, "wakes")
	s.Came = rapid.IntRange(0, s.Wakes).Draw(t, "came")
	s.After = time.Duration(rapid.IntRange(0, 5000).Draw(t, "after")) * time.Second
	s.Share = rapid.IntRange(0, 1000).Draw(t, "share")
	return s
}

// TestWaveProperties: whoever is there, a wave wakes nobody twice and nobody who does not want it; no more than are likely to
// suffice, but for one; and the order in which people are given does not matter.
func TestWaveProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := callFor(rapid.IntRange(0, 20).Draw(t, "lacking"))
		c.Step, c.Draw = rapid.IntRange(0, 5).Draw(t, "step"), rapid.Uint64().Draw(t, "draw")
		people := make([]Sleeper, rapid.IntRange(0, 60).Draw(t, "people"))
		byID := make(map[RespondentID]Sleeper)
		for i := range people {
			people[i] = anySleeper(t, i)
			byID[people[i].ID] = people[i]
		}
		w := c.Wave(people)
		if !w.Next.After(c.At) {
			t.Fatalf("decided again at %s", w.Next)
		}
		var sum float64
		for i, r := range w.Wake {
			s, known := byID[r.ID]
			delete(byID, r.ID)
			today := s.Today
			if s.Wishes.Quiet.Day(s.Woken) != s.Wishes.Quiet.Day(noon) {
				today = 0
			}
			if !known || s.Wishes.Quiet.Holds(noon) || today >= s.Wishes.PerDay || c.Price.Cmp(s.Wishes.Least) < 0 || s.Share == 0 {
				t.Fatalf("woken: %+v", s)
			}
			if r.Chance <= 0 || r.Chance > 0.95 || r.After < 5*time.Second || r.After > 30*time.Minute {
				t.Fatalf("reckoned: %+v", r)
			}
			if i < len(w.Wake)-1 {
				sum += r.Chance
			}
		}
		if limit := float64(c.Lacking) * min(1+float64(c.Step)/2, 3); len(w.Wake) > 0 && sum >= limit {
			t.Fatalf("%.2f would come without the last, %.2f are enough", sum, limit)
		}
		shuffled := slices.Clone(people)
		rand.New(rand.NewPCG(c.Draw, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(w, c.Wave(shuffled)); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}
	})
}
