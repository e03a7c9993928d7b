package pipeline_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// sleepers are people with a browser each, who were here an hour before the start and never sleep.
func (b *bench) sleepers(t *testing.T, n int) {
	t.Helper()
	seen := make(map[polls.RespondentID]time.Time)
	for i := range n {
		b.people++
		id := polls.RespondentID(fmt.Sprintf("rsp_%03d", b.people))
		d := polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{18: 1, 19: byte(b.people)}, Device: polls.DeviceKey{1, byte(b.people)}, Issued: start, Expires: start.Add(time.Hour)}, RegisteredAt: start}
		_, err := b.stores.Polls().Register(t.Context(), polls.Respondent{ID: id, Wallet: d.Wallet, CreatedAt: start}, d)
		check(t, err)
		_, err = b.stores.Subscriptions().Subscribe(t.Context(), pipeline.Subscription{
			ID: fmt.Sprintf("sub_%03d", b.people), Respondent: id, Device: d.Device, Channel: pipeline.WebPush, Target: pipeline.Secret(fmt.Sprint("https://push.example.org/", i)), At: start,
		})
		check(t, err)
		w := polls.NewWishes()
		w.Quiet.Until = w.Quiet.From
		check(t, b.stores.Subscriptions().SetWishes(t.Context(), id, w))
		seen[id] = start.Add(-2 * time.Hour)
	}
	check(t, b.stores.Subscriptions().Seen(t.Context(), seen))
}

// pushes returns for what how many pushes wait, and takes them.
func (b *bench) pushes(t *testing.T) map[string]int {
	t.Helper()
	list, err := b.stores.Pushes().TakePushes(t.Context(), b.clock(), b.clock().Add(time.Hour), 1000)
	check(t, err)
	out := make(map[string]int)
	for _, p := range list {
		out[p.Subject]++
	}
	return out
}

// TestQuestionWakesPeople: a question wakes some, and more when they do not come; nobody twice; and nobody when it has
// its answers.
func TestQuestionWakesPeople(t *testing.T) {
	b := newBench(t)
	b.sleepers(t, 30)
	q := b.ask(t, b.draft("fixed:2"))
	if n := b.WakeDue(t.Context()); n != 8 { // one in four is thought to come
		t.Fatalf("%d are woken at first", n)
	}
	if got := b.pushes(t); len(got) != 1 || got[string(q.ID)] != 8 {
		t.Errorf("pushes: %v", got)
	}
	if n := b.WakeDue(t.Context()); n != 0 {
		t.Errorf("%d more at once", n)
	}
	b.pass(15 * time.Second)
	more := b.WakeDue(t.Context())
	if more == 0 || more > 12 {
		t.Errorf("%d more when nobody came", more)
	}
	for range 10 { // until there is nobody left
		b.pass(31 * time.Minute / 10)
		more += b.WakeDue(t.Context())
	}
	if 8+more > 30 {
		t.Errorf("%d wakes of 30 people", 8+more)
	}

	closed := b.ask(t, b.draft("fixed:1"))
	b.people = 100
	b.answer(t, closed, 0)
	b.closing(t, closed.ID)
	b.pass(time.Hour)
	if got := b.WakeDue(t.Context()); got != 0 {
		t.Errorf("%d are woken for what is closed", got)
	}
	if due, err := b.stores.Wakings().DueWakings(t.Context(), b.clock().Add(24*time.Hour), 10); err != nil || len(due) != 0 {
		t.Errorf("left to decide: %+v, %v", due, err)
	}
}

// crowded has this many people before all others, who were here a moment ago and read English.
type crowded struct {
	pipeline.Stores
	people int
}

func (c crowded) Wakings() pipeline.Wakings { return crowdedWakings{c.Stores.Wakings(), c.people} }

type crowdedWakings struct {
	pipeline.Wakings
	people int
}

func (c crowdedWakings) Sleepers(ctx context.Context, subject string, of pipeline.Calling, after string, limit int) (people []polls.Sleeper, next string, err error) {
	from, err := strconv.Atoi(after)
	if after != "" && err != nil || from == c.people {
		return c.Wakings.Sleepers(ctx, subject, of, "", limit)
	}
	for len(people) < limit && from < c.people {
		s := polls.Sleeper{ID: polls.RespondentID(fmt.Sprint("rsp_en", from)), Wishes: polls.NewWishes(), Seen: of.At.Add(-2 * time.Minute), Share: 1000}
		s.Wishes.Languages, s.Wishes.Quiet.Until = []string{"en"}, s.Wishes.Quiet.From
		people = append(people, s)
		from++
	}
	return people, strconv.Itoa(from), nil
}

// CallOf has all that is asked be in Portuguese.
func (c crowdedWakings) CallOf(ctx context.Context, subject string, at time.Time) (pipeline.Calling, error) {
	call, err := c.Wakings.CallOf(ctx, subject, at)
	call.Languages = []string{"pt"}
	return call, err
}

// TestRareReadersAreFound: behind thousands who were here later and read another language, with a few more looks.
func TestRareReadersAreFound(t *testing.T) {
	b := newBench(t)
	b.sleepers(t, 10)
	q := b.ask(t, b.draft("fixed:1"))
	p, err := pipeline.New(crowded{b.stores, 7000}, b.stopper, b.feed, nil, pipeline.Config{
		Instance: instance, ChainID: 7, FeeBasisPoints: 1500, Files: b.files, Media: uploads{}, Now: b.clock,
	})
	check(t, err)
	looks := 0
	for n := 0; n == 0; looks++ {
		if looks == 4 {
			t.Fatal("nobody who reads it was found")
		}
		n = p.WakeDue(t.Context())
		b.pass(time.Minute)
	}
	if got := b.pushes(t); looks != 3 || got[string(q.ID)] == 0 { // 2,000, 4,000, 8,000
		t.Errorf("pushes after %d looks: %v", looks, got)
	}
}

// TestLeasesAreNotWokenFor: where enough people have a lease nobody is woken.
func TestLeasesAreNotWokenFor(t *testing.T) {
	b := newBench(t)
	b.sleepers(t, 10)
	q := b.ask(t, b.draft("fixed:1"))
	b.people = 100
	person := polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{17: 1}, Device: polls.DeviceKey{9}, Issued: start, Expires: start.Add(time.Hour)}, RegisteredAt: start}
	_, err := b.stores.Polls().Register(t.Context(), polls.Respondent{ID: "rsp_zzz", Wallet: person.Wallet, CreatedAt: start}, person)
	check(t, err)
	now := b.clock()
	_, err = b.stores.Polls().ClaimAssignments(t.Context(), polls.Claim{Respondent: "rsp_zzz", Question: q.ID, Count: 1, At: now, ExpiresAt: now.Add(10 * time.Minute), Margin: 1})
	check(t, err)
	if n := b.WakeDue(t.Context()); n != 0 {
		t.Errorf("%d are woken although somebody answers", n)
	}
	b.pass(11 * time.Minute) // and lets it lie
	if n := b.WakeDue(t.Context()); n != 4 {
		t.Errorf("%d are woken when nobody does", n)
	}
}

// TestProjectWakesPeopleOnceADay: not for each of its tasks, and no push names one.
func TestProjectWakesPeopleOnceADay(t *testing.T) {
	b := newBench(t)
	b.sleepers(t, 30)
	b.files.rows = textRows(8)
	p := b.newProject(t)
	i := b.newImport(t, p)
	b.onProjects(t, func() bool { return b.importOf(t, i.ID).Over() })
	lacking := 3 * b.importOf(t, i.ID).Made
	c, err := b.stores.Wakings().CallOf(t.Context(), string(p.ID), b.clock())
	check(t, err)
	if c.Lacking != lacking || c.Each != 10 || c.Question == "" || c.Price != tasknet.Micro(1000) || lacking < 18 {
		t.Errorf("%d are lacking: %+v", lacking, c)
	}
	if n := b.WakeDue(t.Context()); n == 0 || n > 12 { // for each who comes ten answers, and one in four comes
		t.Fatalf("%d are woken for %d answers", n, lacking)
	}
	if got := b.pushes(t); len(got) != 1 || got[string(p.ID)] == 0 {
		t.Errorf("pushes: %v", got)
	}
}
