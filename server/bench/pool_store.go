package bench

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// poolStores has of the stores what waking needs, in memory.
type poolStores struct {
	pipeline.Stores
	world *poolWorld
}

// Wakings implements pipeline.Stores.
func (s poolStores) Wakings() pipeline.Wakings { return poolWakings{s.world} }

// poolWakings implements pipeline.Wakings over a simulated pool, by the rules of the database.
type poolWakings struct{ *poolWorld }

// poolPlace is the subject of a question, by its place.
func poolPlace(subject string) int {
	i, _ := strconv.Atoi(subject) // we wrote it
	return i
}

func poolID(who int32) polls.RespondentID { return polls.RespondentID(strconv.Itoa(int(who))) }

func poolWho(id polls.RespondentID) int32 {
	i, _ := strconv.Atoi(string(id)) // we wrote it
	return int32(i)
}

// Lack implements pipeline.Wakings: ask has noted it.
func (s poolWakings) Lack(context.Context, time.Time, ...string) error { return nil }

// DueWakings implements pipeline.Wakings.
func (s poolWakings) DueWakings(_ context.Context, at time.Time, limit int) (due []pipeline.Waking, err error) {
	for _, i := range s.live {
		if q := s.questions[i]; !q.next.After(at) && len(due) < limit {
			due = append(due, pipeline.Waking{Subject: strconv.Itoa(i), Step: q.step, Next: q.next})
		}
	}
	slices.SortStableFunc(due, func(a, b pipeline.Waking) int {
		return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(poolPlace(a.Subject), poolPlace(b.Subject)))
	})
	return due, nil
}

// earlierFor is as the store has it: for how long somebody who was woken may still come.
const earlierFor = 2 * time.Hour

// CallOf implements pipeline.Wakings.
func (s poolWakings) CallOf(_ context.Context, subject string, at time.Time) (pipeline.Calling, error) {
	q := s.questions[poolPlace(subject)]
	if q.closed {
		return pipeline.Calling{}, pipeline.ErrNotFound
	}
	c := pipeline.Calling{Question: q.id, Call: polls.Call{
		At: at, Deadline: q.asked.Add(s.crowds.Deadline), Lacking: max(s.crowds.Answers-q.answers-q.leases, 0), Each: 1, Type: polls.YesNo, Price: tasknet.Micro(18_000), Draw: s.random.Uint64(),
	}}
	for _, w := range q.earlier {
		if at.Sub(w.woken.At) < earlierFor {
			w.woken.Came = s.people[w.who].seen.After(w.woken.At)
			c.Earlier = append(c.Earlier, w.woken)
		}
	}
	return c, nil
}

// Sleepers implements pipeline.Wakings: those seen last come first.
func (s poolWakings) Sleepers(_ context.Context, subject string, _ pipeline.Calling, after string, limit int) (people []polls.Sleeper, next string, err error) {
	q, place := s.questions[poolPlace(subject)], len(s.log)
	if after != "" {
		place, _ = strconv.Atoi(after) // we wrote it
	}
	for place > 0 && len(people) < limit {
		place--
		one := s.log[place]
		p := &s.people[one.who]
		if !p.seen.Equal(one.at) || q.wokenNow[one.who] || q.had[one.who] {
			continue
		}
		wishes := polls.NewWishes()
		wishes.Quiet.Zone = s.zones[p.zone]
		people = append(people, polls.Sleeper{
			ID: poolID(one.who), Wishes: wishes, Seen: p.seen, Woken: p.woken, Today: int(p.today), Wakes: int(p.wakes), Came: int(p.times), After: p.after, Share: 1000,
		})
	}
	if place > 0 {
		next = strconv.Itoa(place)
	}
	return people, next, nil
}

// Wake implements pipeline.Wakings: who is woken comes, or does not.
func (s poolWakings) Wake(_ context.Context, was pipeline.Waking, c pipeline.Calling, next time.Time, wakes []pipeline.Wake) error {
	w, q := s.poolWorld, s.questions[poolPlace(was.Subject)]
	q.next = next
	if c.Lacking > 0 {
		q.step++
	}
	w.at(next.Add(time.Duration(w.random.Int64N(int64(time.Second)))), poolEvent{kind: isDue})
	for _, wake := range wakes {
		who := poolWho(wake.Roused.ID)
		p := &w.people[who]
		if !p.woken.Equal(wake.Was) {
			continue
		}
		if p.day != int32(wake.Day) {
			p.day, p.today = int32(wake.Day), 0
		}
		p.woken, p.today, p.wakes = w.now, p.today+1, p.wakes+1
		q.wokenNow[who] = true
		q.earlier = append(q.earlier, poolWake{who, polls.Woken{At: w.now, Chance: wake.Chance, After: wake.After}})
		w.woken++
		if quiet := polls.NewWishes().Quiet; (polls.Quiet{From: quiet.From, Until: quiet.Until, Zone: w.zones[p.zone]}).Holds(w.now) {
			w.bad++
		}
		if w.random.Float64() < p.follows && w.now.Before(p.lapses) {
			w.at(w.now.Add(deliveryTime+w.seconds(comesMedian, comesSigma)), poolEvent{kind: comes, who: who, turn: p.turn})
		}
	}
	return nil
}

// Rest implements pipeline.Wakings: what is closed is not due.
func (s poolWakings) Rest(context.Context, string) error { return nil }

// Here implements pipeline.Presence: what the store knows is all.
func (w *poolWorld) Here(context.Context, []polls.RespondentID) map[polls.RespondentID]time.Time {
	return nil
}

// Offer implements pipeline.Presence: who has a stream open asks at once.
func (w *poolWorld) Offer(_ context.Context, _ polls.QuestionID, people []polls.RespondentID) {
	for _, id := range people {
		who := poolWho(id)
		if p := &w.people[who]; p.stream && !p.busy && p.until.After(w.now) {
			p.turn++
			w.at(w.now, poolEvent{kind: asksAgain, who: who, turn: p.turn})
		}
	}
}
