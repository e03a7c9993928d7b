package testnet_test

import (
	"context"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/cache/cachetest"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// beforeTheyLook is far longer than Redis needs to bring a notice, and shorter than streams take to look into the store
// themselves.
const beforeTheyLook = 12 * time.Second

// cluster is two servers of one PostgreSQL database, one Redis and one chain, with limits on requests. A leads.
type cluster struct {
	database string
	redis    *cachetest.Redis
	a, b     *testnet.Net
}

// newCluster starts both, with a deposit of the one who asks.
func newCluster(t *testing.T, ctx context.Context) *cluster {
	t.Helper()
	database, _ := testnet.Postgres(t)
	c := &cluster{database: database, redis: cachetest.StartRedis(t)}
	anvil := ethtest.StartAnvil(t)
	rpc := anvil.MineBehind(t).URL
	key := eth.Key{Secret: ethtest.RichKey}
	made, err := eth.Deploy(ctx, eth.Config{URL: rpc, Key: key, Confirmations: 1, Poll: time.Millisecond}, eth.Terms{Notice: time.Second})
	must(t, err)
	cfg := app.Config{Data: t.TempDir(), DatabaseURL: database, RedisURL: c.redis.URL, Chain: app.ChainConfig{URL: rpc, Key: key, Vault: made.Vault, Confirmations: 1}}
	c.a = testnet.StartLimited(t, cfg)
	how, err := c.a.Requester.HowToDeposit(ctx)
	must(t, err)
	token, vault := polls.Wallet(made.Token).String(), polls.Wallet(made.Vault).String()
	anvil.Send(t, ethtest.Rich, token, call("40c10f19", ethtest.Rich, amount(1000)))
	anvil.Send(t, ethtest.Rich, token, call("095ea7b3", vault, amount(1000)))
	anvil.Send(t, ethtest.Rich, vault, call("eb2243f8", ethtest.Rich, how.Reference, amount(1000)))
	for paid := false; !paid; { // which the leader books
		must(t, client.Pause(ctx, 20*time.Millisecond))
		for range c.a.Requester.Deposits(ctx) {
			paid = true
		}
	}
	c.b = testnet.StartLimited(t, cfg)
	return c
}

// TestTwoServers has two servers of one PostgreSQL database and one Redis behave as one: what is asked at one and answered at
// the other is seen at the first at once; Redis goes away and comes back; the server that pays goes away, and the other pays.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c := newCluster(t, ctx)
	a, b, redis := c.a, c.b, c.redis

	people := make([]*client.Respondent, 3)
	for i := range people {
		people[i] = b.Person(t, ctx)
	}
	// play has everybody answer at B what was asked at A; promptly: each when a stream at A has told of the answer before.
	play := func(promptly bool) {
		t.Helper()
		within := time.Minute
		if promptly {
			within = beforeTheyLook
		}
		seen := make(chan client.Event)
		following, stop := context.WithCancel(ctx)
		defer stop()
		go func() {
			for e, err := range a.Requester.Events(following, "") {
				if err != nil {
					return // await misses it
				}
				select {
				case seen <- e:
				case <-following.Done():
				}
			}
		}()
		await := func(what string, is func(client.Event) bool) {
			t.Helper()
			timer := time.NewTimer(within)
			defer timer.Stop()
			for {
				select {
				case e := <-seen:
					if is(e) {
						return
					}
				case <-timer.C:
					t.Fatalf("a stream at A did not hear of %s at B", what)
				}
			}
		}
		await("the connection", func(e client.Event) bool { return e.Kind == client.Connected })
		q := a.Ask(t, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}})
		for i, who := range people {
			b.Answer(t, ctx, who, q.ID, 0)
			if i == len(people)-1 {
				await("the close", func(e client.Event) bool { return e.Kind == client.Closed && e.Question.ID == q.ID })
			} else if promptly {
				await("an answer", func(e client.Event) bool {
					return e.Kind == client.Progress && e.Progress.Question == q.ID && e.Progress.Answers == i+1
				})
			}
		}
	}
	play(true)
	redis.Kill()
	play(false) // streams look into the store now and then
	redis.Start()
	play(true)
	a.Stop(t) // which led
	for _, who := range people {
		b.AwaitPaid(t, ctx, who)
	}
	b.AwaitLogged(t, ctx)
	b.Stop(t)
}
