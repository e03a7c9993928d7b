package polls

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
)

// The warm pool is the people who can be woken. Whom to wake for a question is decided here, from what is known of it and of
// them, without any I/O: those first who come often, soon and answer well, just so many that the answers that are expected
// suffice; and when they do not come, more. Nothing here enters a verdict, so that it may count in floating point.

// Call is a question that may lack people, or a project with many of them, as it is at a moment.
type Call struct {
	At       time.Time
	Deadline time.Time
	Step     int // how often it was decided before
	Lacking  int // answers that it still wants, without those for which somebody has a lease
	Each     int // how many of these one person gives at most who comes: 1 of a question

	Type      Type
	Languages []string // of what is asked, as Languages returns them; empty when nobody said
	Content   Content
	Price     tasknet.Amount

	Earlier []Woken
	Draw    uint64 // at random: who comes first among those who are alike
}

// Woken is somebody who was woken for a call before.
type Woken struct {
	At     time.Time
	Chance float64 // that they come, as it was thought to be
	After  time.Duration
	Came   bool // they have a lease now, or have looked and did not want one
}

// Sleeper is somebody who can be woken.
type Sleeper struct {
	ID     RespondentID
	Wishes Wishes
	Seen   time.Time     // their last request; zero when there was none
	Woken  time.Time     // the last time; zero before
	Today  int           // how often they were woken on the day of Woken
	Wakes  int           // how often in all
	Came   int           // to how many of these
	After  time.Duration // how long they took, smoothed; zero when nobody knows
	Mute   bool          // whether there is no way to wake them: they are offered questions while they are here
	Share  int           // of which share of such questions they are asked, in thousandths: less when they answer worse
}

// Wave is whom to wake now, the best first, and when to decide again.
type Wave struct {
	Wake  []Roused
	Offer []RespondentID // those who are there already, and are told without being woken
	Next  time.Time
}

// Roused is somebody to wake.
type Roused struct {
	ID     RespondentID
	Chance float64 // that they come
	After  time.Duration
}

const (
	// presentFor is for how long somebody is taken to be there who asked something: apps that are open ask every minute.
	presentFor = 90 * time.Second

	// presentChance is that somebody who is there takes the question without being woken.
	presentChance = 0.5

	// wakeGap is for how long nobody is woken again who did not come.
	wakeGap = 10 * time.Minute

	// waveFirst is how long the first people woken have to come before more are; it doubles up to waveLast.
	waveFirst = 15 * time.Second
	waveLast  = 30 * time.Minute

	// waveIdle is when to look again at a question that lacks nobody.
	waveIdle = time.Minute

	// waveMost is how many people are woken for each that is missing, at the most, times the waves so far.
	waveMost = 4

	// leastLeft is how much time a question must have left, or nobody would come in time.
	leastLeft = 5 * time.Second

	afterUnknown = time.Minute
	afterLeast   = 5 * time.Second
	afterMost    = 30 * time.Minute
)

// Wave decides whom to wake, in whatever order people are given. Whom it does not wake now it may later.
func (c Call) Wave(people []Sleeper) Wave {
	if c.Lacking <= 0 {
		return Wave{Next: c.At.Add(waveIdle)}
	}
	wave := Wave{Next: c.At.Add(min(waveFirst<<min(c.Step, 10), waveLast))}
	if c.Deadline.Sub(c.At) < leastLeft {
		return wave
	}
	type candidate struct {
		Roused
		worth float64
		draw  uint64
	}
	var here, candidates []candidate
	for _, s := range people {
		if !c.Reaches(s) {
			continue
		}
		of, chance := &candidates, c.chance(s)
		if c.present(s) {
			of, chance = &here, presentChance
		}
		*of = append(*of, candidate{Roused{s.ID, chance, s.after()}, chance * s.worth(c.At), c.drawOf(s.ID)})
	}
	best := func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.draw, b.draw), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(here, best)
	slices.SortFunc(candidates, best)
	each, wanted := float64(max(c.Each, 1)), float64(c.Lacking)*min(1+float64(c.Step)/2, 3)
	for _, s := range here[:min(len(here), int(math.Ceil(wanted/each/presentChance)))] {
		wave.Offer = append(wave.Offer, s.ID)
	}
	missing := wanted - each*(c.expected()+presentChance*float64(len(here))*math.Exp2(-float64(c.Step)))
	most := waveMost * (min(c.Step, 10) + 1) * int(math.Ceil(float64(c.Lacking)/each))
	for _, s := range candidates {
		if missing <= 0 || len(wave.Wake) == most {
			break
		}
		wave.Wake = append(wave.Wake, s.Roused)
		missing -= each * s.Chance
	}
	return wave
}

// expected is how many of those who were woken before are still to come.
func (c Call) expected() (n float64) {
	for _, w := range c.Earlier {
		if !w.Came {
			n += w.Chance * math.Exp2(-float64(c.At.Sub(w.At))/float64(max(w.After, afterLeast)))
		}
	}
	return n
}

// Reaches reports whether somebody wants such questions and can be told of this one now: they are there, or may be woken.
func (c Call) Reaches(s Sleeper) bool { return c.suits(s) && (c.present(s) || c.mayWake(s)) }

// present reports whether somebody is there without being woken.
func (c Call) present(s Sleeper) bool { return c.At.Sub(s.Seen) < presentFor }

// suits reports whether somebody wants such questions, and is asked them.
func (c Call) suits(s Sleeper) bool {
	w := s.Wishes
	reads := func(language string) bool { return slices.Contains(w.Languages, language) }
	return s.Share > 0 && c.Price.Cmp(w.Least) >= 0 && (len(w.Types) == 0 || slices.Contains(w.Types, c.Type)) &&
		!w.Avoids.Hold(c.Type, c.Content) &&
		(len(w.Languages) == 0 || len(c.Languages) == 0 || slices.ContainsFunc(c.Languages, reads))
}

// mayWake reports whether somebody wants to be woken at all now.
func (c Call) mayWake(s Sleeper) bool {
	w := s.Wishes
	today := 0
	if w.Quiet.Day(s.Woken) == w.Quiet.Day(c.At) {
		today = s.Today
	}
	rested := s.Seen.After(s.Woken) || c.At.Sub(s.Woken) >= wakeGap
	return !s.Mute && today < w.PerDay && rested && !w.Quiet.Holds(c.At)
}

// chance is that somebody comes who is woken: how often they did, and more when they were here lately. Of whom nothing is known
// one in four comes.
func (c Call) chance(s Sleeper) float64 {
	chance := float64(s.Came+1) / float64(s.Wakes+4)
	switch ago := c.At.Sub(s.Seen); {
	case ago < 5*time.Minute:
		chance *= 2
	case ago < time.Hour:
		chance *= 1.5
	case ago < 24*time.Hour:
	case ago < 7*24*time.Hour:
		chance /= 2
	default:
		chance /= 5
	}
	return min(chance, 0.95)
}

func (s Sleeper) after() time.Duration {
	if s.After == 0 {
		return afterUnknown
	}
	return min(max(s.After, afterLeast), afterMost)
}

// worth orders people: those who are right more often, who come sooner, and who were not woken much today.
func (s Sleeper) worth(at time.Time) float64 {
	worth := (0.25 + 0.75*float64(s.Share)/1000) / (1 + s.after().Minutes()/2)
	if s.Wishes.Quiet.Day(s.Woken) == s.Wishes.Quiet.Day(at) {
		worth *= 1 - 0.5*float64(s.Today)/float64(max(s.Wishes.PerDay, 1))
	}
	return worth
}

func (c Call) drawOf(id RespondentID) uint64 {
	h := fnv.New64a()
	h.Write(binary.BigEndian.AppendUint64(nil, c.Draw))
	h.Write([]byte(id))
	return h.Sum64()
}
