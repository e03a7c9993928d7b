package testnet_test

import (
	"context"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestPayoutAddress pays somebody at one address and then at another, both on chain and each what was earned while pay went
// there; and an outsider follows it.
func TestPayoutAddress(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		who := net.Person(t, ctx)
		work := func() (total, price string) {
			t.Helper()
			q := net.Ask(t, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:1"}})
			net.Answer(t, ctx, who, q.ID, 0)
			if _, err := net.Requester.Wait(ctx, q.ID, 10*time.Second); err != nil {
				t.Fatal(err)
			}
			return net.AwaitPaid(t, ctx, who).OnChain.String(), q.Price.String()
		}
		first, price := work()
		if first != price {
			t.Fatalf("%s is on chain for %s", first, price)
		}
		own, err := client.NewKeys()
		if err != nil {
			t.Fatal(err)
		}
		var d polls.Delegation
		d.Sign(polls.Domain{}, own.Wallet)
		change, err := who.ChangeAddress(ctx, d.Wallet, own.Wallet)
		if err != nil || change.To != d.Wallet.String() {
			t.Fatalf("a change of both keys: %+v, %v", change, err)
		}
		if _, err := who.ChangeAddress(ctx, polls.Wallet{7}, nil); err != nil { // which waits, and changes nothing today
			t.Fatal(err)
		}
		work()
		var paid []string
		for p, err := range who.Payouts(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			if !p.Claimed || p.Cumulative.String() != price {
				t.Errorf("a payout: %+v", p)
			}
			paid = append(paid, p.Address)
		}
		if len(paid) != 2 || paid[0] != d.Wallet.String() || paid[1] != change.Wallet {
			t.Errorf("paid at %v", paid)
		}
		clean(t, ctx, net, 2, 2)
	})
}
