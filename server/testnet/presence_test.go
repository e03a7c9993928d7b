package testnet_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

// TestWhoIsAtTheOtherServerIsNotWoken: somebody who has a stream open at B is offered what is asked at A, and A, which wakes
// people, wakes another.
func TestWhoIsAtTheOtherServerIsNotWoken(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c := newCluster(t, ctx)
	db, err := store.Open(ctx, store.Config{URL: c.database})
	must(t, err)
	now := time.Now().UTC().Truncate(time.Millisecond)
	// wakeable has somebody woken by a browser, at any time of day. No push service is where it says.
	wakeable := func(id string, who polls.RespondentID, device polls.DeviceKey) {
		t.Helper()
		_, err := db.Subscriptions().Subscribe(ctx, pipeline.Subscription{
			ID: id, Respondent: who, Device: device, Channel: pipeline.WebPush, Target: pipeline.Secret("https://127.0.0.1/" + id), Key: "key", Auth: "auth", At: now,
		})
		must(t, err)
		wishes := polls.NewWishes()
		wishes.Quiet.Until = wishes.Quiet.From
		must(t, db.Subscriptions().SetWishes(ctx, who, wishes))
	}
	asleep := polls.Device{
		Delegation:   polls.Delegation{Wallet: polls.Wallet{1}, Device: polls.DeviceKey{1}, Issued: now, Expires: now.Add(time.Hour)},
		RegisteredAt: now,
	}
	const sleeper polls.RespondentID = "rsp_00000000000000000000000001"
	_, err = db.Polls().Register(ctx, polls.Respondent{ID: sleeper, Wallet: asleep.Wallet, CreatedAt: now}, asleep)
	must(t, err)
	wakeable("sub_asleep", sleeper, asleep.Device)

	keys, err := client.NewKeys()
	must(t, err)
	awake, err := c.b.Client.Respondent(ctx, keys)
	must(t, err)
	session, err := awake.Session(ctx, "")
	must(t, err)
	wakeable("sub_awake", polls.RespondentID(session.Respondent), keys.DeviceKey())
	heard := make(chan client.Event, 64)
	listening, hangUp := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for e, err := range awake.Offers(listening) {
			if err != nil {
				return // what is awaited does not come
			}
			heard <- e
		}
	}()
	await := func(what string, is func(client.Event) bool) {
		t.Helper()
		for {
			select {
			case e := <-heard:
				if is(e) {
					return
				}
			case <-ctx.Done():
				t.Fatalf("who is awake did not hear of %s", what)
			}
		}
	}
	await("the connection", func(e client.Event) bool { return e.Kind == client.Connected })
	must(t, client.Pause(ctx, time.Second)) // an offer is for who is here when a question is asked

	q := c.a.Ask(t, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:1"}})
	await("the offer", func(e client.Event) bool { return e.Kind == client.Offered && e.Offer.Question == q.ID })
	conn, err := pgx.Connect(ctx, c.database)
	must(t, err)
	for woken := ""; woken != string(sleeper); {
		must(t, client.Pause(ctx, 20*time.Millisecond))
		rows, err := conn.Query(ctx, "SELECT respondent FROM wakes")
		must(t, err)
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		for _, woken = range list {
			if woken == session.Respondent {
				t.Fatal("who is here was woken")
			}
		}
	}
	must(t, conn.Close(ctx))
	must(t, db.Close())
	hangUp()
	<-ended
	c.b.Stop(t)
	c.a.Stop(t)
}
