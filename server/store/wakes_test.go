package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/server/pipeline"
)

// night is people with a browser each, who were seen one after the other, and a question that lacks three answers.
type night struct {
	*pollstest.World
	db       *DB
	people   []polls.Device
	question *polls.Question
}

func newNight(t *testing.T, cfg Config) *night {
	t.Helper()
	db := open(t, cfg)
	n := &night{World: pollstest.NewWorld(t, db.Polls()), db: db}
	n.people = n.People(4)
	seen := make(map[polls.RespondentID]time.Time)
	for i, d := range n.people {
		_, err := db.Subscriptions().Subscribe(t.Context(), subscriptionOf(n.World, d, fmt.Sprint(i), i))
		n.check(err)
		seen[d.Respondent] = n.Now.Add(time.Duration(i-100) * time.Minute)
	}
	n.check(db.Subscriptions().Seen(t.Context(), seen))
	n.question = n.Ask(n.Draft(3))
	n.check(db.Wakings().Lack(t.Context(), n.Now, string(n.question.ID)))
	return n
}

func (n *night) check(err error) {
	n.T.Helper()
	if err != nil {
		n.T.Fatal(err)
	}
}

func (n *night) due() []pipeline.Waking {
	n.T.Helper()
	list, err := n.db.Wakings().DueWakings(n.T.Context(), n.Now, 10)
	n.check(err)
	return list
}

func (n *night) call() pipeline.Calling {
	n.T.Helper()
	c, err := n.db.Wakings().CallOf(n.T.Context(), string(n.question.ID), n.Now)
	n.check(err)
	return c
}

func (n *night) sleepers() []polls.Sleeper {
	n.T.Helper()
	list, next, err := n.db.Wakings().Sleepers(n.T.Context(), string(n.question.ID), n.call(), "", 100)
	n.check(err)
	if next != "" {
		n.T.Errorf("after all of them: %q", next)
	}
	return list
}

// wake wakes people by their places, as they were never woken before.
func (n *night) wake(was pipeline.Waking, places ...int) []pipeline.Wake {
	n.T.Helper()
	wakes := make([]pipeline.Wake, len(places))
	for i, place := range places {
		wakes[i] = pipeline.Wake{Roused: polls.Roused{ID: n.people[place].Respondent, Chance: 0.25, After: 7 * time.Second}, ID: tasknet.NewID(pipeline.WakePrefix, n.Now), Day: 5}
	}
	n.check(n.db.Wakings().Wake(n.T.Context(), was, n.call(), n.Now.Add(15*time.Second), wakes))
	return wakes
}

func (n *night) take() []pipeline.Push {
	n.T.Helper()
	list, err := n.db.Pushes().TakePushes(n.T.Context(), n.Now, n.Now.Add(time.Minute), 10)
	n.check(err)
	return list
}

// TestSleepersOfWorth: who is woken for a question that its answers have left open has a smaller share, and nobody is woken for one
// that somebody has who answers alike.
func TestSleepersOfWorth(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		family := n.call().Family
		n.check(n.db.backend.write(t.Context(), func(db querier) error {
			for place, s := range map[int]share{0: {1000, 1}, 1: {500, 2}, 3: {1000, 1}} {
				if _, err := db.exec(t.Context(), `INSERT INTO shares (family, respondent, share, alike) VALUES ($1, $2, $3, $4)`, family, n.people[place].Respondent, s.of, s.alike); err != nil {
					return err
				}
			}
			return nil
		}))
		shares := func(of string, open int, apart bool) map[polls.RespondentID]int {
			t.Helper()
			c := n.call()
			if want := n.Now.Before(labeling.OpensApart(n.question.ID, n.question.CreatedAt, n.question.Deadline)); c.Apart != want {
				t.Errorf("apart %t, want %t", c.Apart, want)
			}
			c.Open, c.Apart = open, apart
			list, _, err := n.db.Wakings().Sleepers(t.Context(), of, c, "", 100)
			n.check(err)
			out := make(map[polls.RespondentID]int)
			for _, s := range list {
				out[s.ID] = s.Share
			}
			return out
		}
		first, half, none, other := n.people[0].Respondent, n.people[1].Respondent, n.people[2].Respondent, n.people[3].Respondent
		id := string(n.question.ID)
		if diff := cmp.Diff(map[polls.RespondentID]int{first: 1000, half: 250, none: 1000, other: 1000}, shares(id, 1000, true)); diff != "" {
			t.Errorf("when nobody has it (-want +got):\n%s", diff)
		}
		a := n.Take(n.people[3], n.question)
		if diff := cmp.Diff(map[polls.RespondentID]int{half: 500, none: 1000}, shares(id, 0, true)); diff != "" {
			t.Errorf("when somebody who answers alike has it (-want +got):\n%s", diff)
		}
		everybody := map[polls.RespondentID]int{first: 1000, half: 500, none: 1000}
		if diff := cmp.Diff(everybody, shares(id, 0, false)); diff != "" {
			t.Errorf("when it is open to them as well (-want +got):\n%s", diff)
		}
		n.check(n.db.Polls().SkipAssignment(t.Context(), other, a.ID, "", n.Now))
		if diff := cmp.Diff(everybody, shares(id, 0, true)); diff != "" {
			t.Errorf("when they have skipped it (-want +got):\n%s", diff)
		}
		n.Take(n.people[0], n.question)
		n.Now = n.Now.Add(20 * time.Minute) // the lease is over
		if diff := cmp.Diff(map[polls.RespondentID]int{half: 500, none: 1000}, shares(id, 0, true)); diff != "" {
			t.Errorf("when both have let it go (-want +got):\n%s", diff)
		}
	})
}

func TestWakings(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		ctx := t.Context()
		due := n.due()
		if diff := cmp.Diff([]pipeline.Waking{{Subject: string(n.question.ID), Next: n.Now}}, due); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		n.Take(n.people[3], n.question) // who has it is not woken for it
		want := pipeline.Calling{Question: n.question.ID, Call: polls.Call{At: n.Now, Deadline: n.question.Deadline, Lacking: 2, Each: 1, Type: polls.Choice, Price: n.question.Price}}
		got := n.call()
		if got.Draw == 0 || got.Family == "" {
			t.Errorf("no chance or no family: %+v", got)
		}
		got.Draw, got.Family = 0, ""
		want.Apart = n.Now.Before(labeling.OpensApart(n.question.ID, n.question.CreatedAt, n.question.Deadline))
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(tasknet.Amount{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		var ids []polls.RespondentID
		for _, s := range n.sleepers() {
			ids = append(ids, s.ID)
			if s.Share != 1000 || s.Wishes.PerDay != polls.WakesPerDay || s.Seen.IsZero() || !s.Woken.IsZero() {
				t.Errorf("%+v", s)
			}
		}
		if diff := cmp.Diff([]polls.RespondentID{n.people[2].Respondent, n.people[1].Respondent, n.people[0].Respondent}, ids); diff != "" {
			t.Errorf("who was seen last comes first (-want +got):\n%s", diff)
		}
		var paged []polls.RespondentID
		for after, more := "", true; more; more = after != "" {
			some, next, err := n.db.Wakings().Sleepers(ctx, string(n.question.ID), n.call(), after, 1)
			n.check(err)
			for _, s := range some {
				paged = append(paged, s.ID)
			}
			after = next
		}
		if diff := cmp.Diff(ids, paged); diff != "" {
			t.Errorf("in pages (-want +got):\n%s", diff)
		}

		n.wake(due[0], 1, 2)
		if len(n.sleepers()) != 1 {
			t.Errorf("who was woken could be again: %+v", n.sleepers())
		}
		if c := n.call(); len(c.Earlier) != 2 || c.Earlier[0] != (polls.Woken{At: n.Now, Chance: 0.25, After: 7 * time.Second}) {
			t.Errorf("earlier: %+v", c.Earlier)
		}
		if n.due() != nil {
			t.Error("it is due at once again")
		}
		n.wake(due[0], 0) // another server that decided the same
		if c := n.call(); len(c.Earlier) != 2 {
			t.Errorf("decided twice: %+v", c.Earlier)
		}
		n.Now = n.Now.Add(20 * time.Second)
		again := n.due()
		if len(again) != 1 || again[0].Step != 1 {
			t.Fatalf("%+v", again)
		}

		// Who came because of it is known to: the next time they are likelier to.
		n.check(n.db.Subscriptions().Seen(ctx, map[polls.RespondentID]time.Time{n.people[1].Respondent: n.Now}))
		n.check(n.db.Subscriptions().Seen(ctx, map[polls.RespondentID]time.Time{n.people[1].Respondent: n.Now.Add(time.Second)}))
		var came, after, wakes int64
		n.check(n.db.backend.read(ctx, func(q querier) error {
			_, err := get(ctx, q, []any{&came, &after, &wakes}, `SELECT came, after_ms, wakes FROM sleepers WHERE respondent = $1`, n.people[1].Respondent)
			return err
		}))
		if came != 1 || after != 20_000 || wakes != 1 {
			t.Errorf("came %d of %d times, after %d ms", came, wakes, after)
		}

		n.check(n.db.Polls().CloseQuestion(ctx, n.question.ID, n.Now))
		if _, err := n.db.Wakings().CallOf(ctx, string(n.question.ID), n.Now); !errors.Is(err, pipeline.ErrNotFound) {
			t.Errorf("of a closed question: %v", err)
		}
		n.check(n.db.Wakings().Rest(ctx, string(n.question.ID)))
		if n.Now = n.Now.Add(time.Hour); n.due() != nil {
			t.Error("what rests is due")
		}
	})
}

// TestWhoIsHereIsLookedAt: who has a stream open and can be woken by nothing is among those who are asked, for as long as they may be
// here, and by nobody's push.
func TestWhoIsHereIsLookedAt(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		guest := n.People(1)[0].Respondent
		mute := func() (found bool) {
			for _, s := range n.sleepers() {
				if s.Mute != (s.ID == guest) {
					t.Errorf("whether %s is mute: %t", s.ID, s.Mute)
				}
				found = found || s.ID == guest
			}
			return found
		}
		n.check(n.db.Subscriptions().Seen(t.Context(), map[polls.RespondentID]time.Time{guest: n.Now}))
		if mute() {
			t.Error("who only asked something is looked at")
		}
		for range 2 {
			n.check(n.db.Subscriptions().Visited(t.Context(), guest, n.Now))
		}
		if !mute() || n.sleepers()[0].Seen != n.Now {
			t.Errorf("who opened a stream is not looked at first: %+v", n.sleepers()[0])
		}
		n.Now = n.Now.Add(lately)
		if mute() {
			t.Error("who was here long ago is looked at")
		}
		n.check(n.db.Subscriptions().Visited(t.Context(), n.people[0].Respondent, n.Now))
		if n.sleepers()[0].ID != n.people[0].Respondent || mute() {
			t.Error("who can be woken is mute")
		}
	})
}

// TestNobodyIsWokenByTwoAtOnce: two questions that both choose somebody wake them once.
func TestNobodyIsWokenByTwoAtOnce(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		first := n.due()[0]
		other := n.Ask(n.Draft(3))
		n.check(n.db.Wakings().Lack(t.Context(), n.Now, string(other.ID)))
		n.wake(first, 0, 1)
		for _, w := range n.due() {
			n.wake(w, 1, 2) // as it was decided before
		}
		if woken, pushes := count(t, n.db, "wakes"), len(n.take()); woken != 3 || pushes != 3 {
			t.Errorf("%d wakes, %d pushes", woken, pushes)
		}
	})
}

func TestPushes(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		ctx := t.Context()
		wakes := n.wake(n.due()[0], 0, 1, 2)
		first := n.take()
		if len(first) != 3 || first[0].Subject != string(n.question.ID) || first[0].Woken != n.Now || first[0].Subscription.Auth != "sixteen bytes it" {
			t.Fatalf("%d pushes", len(first))
		}
		if n.take() != nil {
			t.Fatal("taken twice")
		}
		settle := func(list ...pipeline.Settled) { n.check(n.db.Pushes().SettlePushes(ctx, list, n.Now)) }
		settle(pipeline.Settled{Push: first[0], Outcome: pipeline.PushTaken}, pipeline.Settled{Push: first[1], Outcome: pipeline.PushGone},
			pipeline.Settled{Push: first[2], Outcome: pipeline.PushLater, Again: n.Now.Add(5 * time.Minute)})
		if left := count(t, n.db, "subscriptions"); left != 3 {
			t.Errorf("%d subscriptions are left", left)
		}
		n.Now = n.Now.Add(4 * time.Minute)
		if n.take() != nil {
			t.Error("sent again too soon")
		}
		n.Now = n.Now.Add(time.Minute)
		second := n.take()
		if len(second) != 1 || second[0].Tries != 1 || second[0].Wake != first[2].Wake {
			t.Fatalf("again: %d", len(second))
		}
		n.Now = n.Now.Add(2 * time.Minute) // who took it has died: it is not lost
		if third := n.take(); len(third) != 1 {
			t.Fatalf("after a death: %d", len(third))
		}
		settle(pipeline.Settled{Push: second[0], Outcome: pipeline.PushFailed})
		if n.Now = n.Now.Add(time.Hour); n.take() != nil || count(t, n.db, "pushes") != 0 {
			t.Error("what is settled stays so")
		}

		opener := n.people[0]
		if err := n.db.Pushes().OpenWake(ctx, n.people[1].Respondent, opener.Device, wakes[0].ID, n.Now); !errors.Is(err, pipeline.ErrNoWake) {
			t.Errorf("somebody else's: %v", err)
		}
		for range 2 {
			n.check(n.db.Pushes().OpenWake(ctx, opener.Respondent, opener.Device, wakes[0].ID, n.Now))
		}
		days, err := n.db.Pushes().PushDays(ctx)
		want := []pipeline.PushDay{{Date: n.Now.Format(time.DateOnly), Channel: pipeline.WebPush, Sent: 4, Taken: 1, Gone: 1, Failed: 1, Opened: 1}}
		if diff := cmp.Diff(want, days); diff != "" || err != nil {
			t.Errorf("(-want +got):\n%s%v", diff, err)
		}
		n.check(n.db.Pushes().ForgetWakes(ctx, n.Now.Add(time.Second)))
		if left := count(t, n.db, "wakes"); left != 0 {
			t.Errorf("%d wakes are left", left)
		}
	})
}

// TestUnsubscribedArePushedNothing: what waits for somebody goes to nobody else, and not to whom it was taken from.
func TestUnsubscribedArePushedNothing(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		n.wake(n.due()[0], 0, 1)
		list, err := n.db.Subscriptions().SubscriptionsOf(t.Context(), n.people[0].Respondent)
		n.check(err)
		n.check(n.db.Subscriptions().Unsubscribe(t.Context(), n.people[0].Respondent, list[0].ID))
		taken := subscriptionOf(n.World, n.people[2], "1", 50) // the browser is somebody else's now
		_, err = n.db.Subscriptions().Subscribe(t.Context(), taken)
		n.check(err)
		if got := n.take(); got != nil {
			t.Errorf("%d pushes to people who did not ask for them", len(got))
		}
	})
}

// TestWarnings: a warning goes to all devices of a person, once, beside what they are woken for and whatever they wish.
func TestWarnings(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		n := newNight(t, config(t))
		ctx, who := t.Context(), n.people[0].Respondent
		app := subscriptionOf(n.World, n.people[0], "app", 9)
		app.Channel = pipeline.FCM
		_, err := n.db.Subscriptions().Subscribe(ctx, app)
		n.check(err)
		stranger := n.People(1)[0].Respondent // whom nobody can wake
		n.wake(n.due()[0], 0)
		n.take() // which are on their way
		for i, w := range []pipeline.Warning{{Respondent: who, Round: 1}, {Respondent: who, Round: 1}, {Respondent: stranger, Round: 1}, {Respondent: who, Round: 2}} {
			w.ID, w.Subject, w.At = fmt.Sprintf("wak_%d", i), pipeline.AddressWarnings, n.Now
			n.check(n.db.InTx(ctx, func(tx pipeline.Tx) error { return tx.Pushes().Warn(ctx, w) }))
		}
		got := make(map[string]int)
		for _, p := range n.take() {
			got[p.Wake+" "+string(p.Subscription.Channel)]++
			if p.Subject != pipeline.AddressWarnings || p.Subscription.Respondent != who || !p.Woken.Equal(n.Now) {
				t.Errorf("%+v", p)
			}
		}
		if diff := cmp.Diff(map[string]int{"wak_0 web": 1, "wak_0 fcm": 1, "wak_3 web": 1, "wak_3 fcm": 1}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		n.check(n.db.Pushes().OpenWake(ctx, who, n.people[0].Delegation.Device, "wak_0", n.Now))
		if people := n.sleepers(); people[len(people)-1].Today != 1 && people[0].Today > 1 {
			t.Errorf("warnings count among what somebody is woken for: %+v", people)
		}
	})
}
