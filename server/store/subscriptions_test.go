package store

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/server/pipeline"
)

// subscriptionOf returns a subscription of a device's browser that was made so many seconds into a world.
func subscriptionOf(w *pollstest.World, d polls.Device, target string, seconds int) pipeline.Subscription {
	at := w.Now.Add(time.Duration(seconds) * time.Second)
	return pipeline.Subscription{
		ID: tasknet.NewID(pipeline.SubscriptionPrefix, at), Respondent: d.Respondent, Device: d.Device, Channel: pipeline.WebPush,
		Target: pipeline.Secret("https://push.example.org/" + target), Key: pipeline.Secret(strings.Repeat("\xfe", 65)), Auth: "sixteen bytes it", At: at,
	}
}

func TestSubscriptions(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		subscribe := func(s pipeline.Subscription) pipeline.Subscription {
			t.Helper()
			kept, err := db.Subscriptions().Subscribe(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			return kept
		}
		is := func(who polls.RespondentID, want ...pipeline.Subscription) {
			t.Helper()
			got, err := db.Subscriptions().SubscriptionsOf(ctx, who)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("(-want +got):\n%s%v", diff, err)
			}
		}
		ann, bob := w.Person(), w.Person()
		first := subscribe(subscriptionOf(w, ann, "a", 1))
		is(ann.Respondent, first)
		again := subscriptionOf(w, ann, "a", 2)
		again.Auth = "another sixteen!"
		first.Auth = again.Auth
		if diff := cmp.Diff(first, subscribe(again)); diff != "" {
			t.Errorf("given again (-want +got):\n%s", diff)
		}
		newer := subscribe(subscriptionOf(w, ann, "b", 3))
		is(ann.Respondent, newer) // the device's newest
		taken := subscriptionOf(w, bob, "b", 4)
		taken.ID, taken.At = newer.ID, newer.At
		subscribe(taken)
		is(ann.Respondent)
		is(bob.Respondent, taken)

		if err := db.Subscriptions().Unsubscribe(ctx, ann.Respondent, taken.ID); !errors.Is(err, pipeline.ErrNoSubscription) {
			t.Errorf("somebody else's: %v", err)
		}
		if err := db.Subscriptions().Unsubscribe(ctx, bob.Respondent, taken.ID); err != nil {
			t.Error(err)
		}
		is(bob.Respondent)

		for i := range pipeline.SubscriptionsMax {
			s := subscriptionOf(w, ann, fmt.Sprint("many", i), 10+i)
			s.Device[0] = byte(i)
			subscribe(s)
		}
		sixth := subscriptionOf(w, ann, "sixth", 20)
		sixth.Device[0] = 99
		if _, err := db.Subscriptions().Subscribe(ctx, sixth); !errors.Is(err, pipeline.ErrSubscriptions) {
			t.Errorf("one more: %v", err)
		}
		if n := count(t, db, "subscriptions"); n != pipeline.SubscriptionsMax {
			t.Errorf("%d are kept", n)
		}
	})
}

// TestRevokedDeviceIsNotWoken: what a device was woken by goes with it.
func TestRevokedDeviceIsNotWoken(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		ann, bob := w.Person(), w.Person()
		for i, d := range []polls.Device{ann, bob} {
			if _, err := db.Subscriptions().Subscribe(ctx, subscriptionOf(w, d, fmt.Sprint(i), i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Polls().RevokeDevice(ctx, bob.Respondent, ann.Device, w.Now); !errors.Is(err, polls.ErrUnknownDevice) || count(t, db, "subscriptions") != 2 {
			t.Errorf("by somebody else: %v", err)
		}
		if err := db.Polls().RevokeDevice(ctx, ann.Respondent, ann.Device, w.Now); err != nil {
			t.Fatal(err)
		}
		if list, err := db.Subscriptions().SubscriptionsOf(ctx, ann.Respondent); len(list) != 0 || err != nil || count(t, db, "subscriptions") != 1 {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestWishes(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		ann := w.Person()
		byName := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
		is := func(want polls.Wishes) {
			t.Helper()
			got, err := db.Subscriptions().WishesOf(ctx, ann.Respondent)
			if diff := cmp.Diff(want, got, byName, cmpopts.EquateComparable(tasknet.Amount{})); diff != "" || err != nil {
				t.Errorf("(-want +got):\n%s%v", diff, err)
			}
		}
		is(polls.NewWishes())
		tokyo, err := polls.Zone("Asia/Tokyo")
		if err != nil {
			t.Fatal(err)
		}
		some := polls.Wishes{Languages: []string{"en", "pt"}, Types: []polls.Type{polls.Pair, polls.YesNo}, Avoids: polls.Avoids{Content: 5, Types: []polls.Type{polls.Mask}}, Least: tasknet.Micro(13), Quiet: polls.Quiet{From: 3, Until: 5, Zone: tokyo}, PerDay: 7}
		if err := db.Subscriptions().SetWishes(ctx, ann.Respondent, some); err != nil {
			t.Fatal(err)
		}
		is(some)
		if _, err := db.Subscriptions().Subscribe(ctx, subscriptionOf(w, ann, "a", 1)); err != nil {
			t.Fatal(err)
		}
		is(some) // what was wished before stays
		some.Languages, some.Types, some.Avoids = nil, nil, polls.Avoids{}
		if err := db.Subscriptions().SetWishes(ctx, ann.Respondent, some); err != nil {
			t.Fatal(err)
		}
		is(some)
	})
}

// TestSecretsStayHidden: what a subscription is sent to is in no log.
func TestSecretsStayHidden(t *testing.T) {
	s := pipeline.Subscription{Target: "https://push.example.org/abc", Key: "abc", Auth: "abc"}
	var log strings.Builder
	newLog(&log).Info("a subscription", "all", s, "target", s.Target, "pointer", &s)
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%+v %#v %s %q", s, s, s.Target, s.Auth), log.String()} {
		if strings.Contains(text, "abc") {
			t.Errorf("%s", text)
		}
	}
}

func newLog(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
