package testnet_test

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// TestVerifyWithTheChain has an outsider compare the records with the vault, which they see through the chain's RPC.
func TestVerifyWithTheChain(t *testing.T) {
	rpc := freeAddress(t)
	testnet.Run(t, app.Config{Chain: app.ChainConfig{DevRPC: strings.TrimPrefix(rpc, "http://")}}, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		q := n.Ask(t, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}})
		people := make([]*client.Respondent, 3)
		for i := range people {
			people[i] = n.Person(t, ctx)
			n.Answer(t, ctx, people[i], q.ID, 0)
		}
		for _, who := range people {
			n.AwaitPaid(t, ctx, who)
		}
		in, err := n.Client.Instance(ctx)
		if err != nil {
			t.Fatal(err)
		}
		vault, err := polls.ParseWallet(in.Vault)
		if err != nil {
			t.Fatal(err)
		}
		view, err := eth.OpenView(ctx, eth.ViewConfig{URL: rpc, Vault: rewards.Address(vault)})
		if err != nil {
			t.Fatal(err)
		}
		defer view.Close()
		report, err := verify.Run(ctx, n.Client, verify.Config{Chain: view})
		if err != nil || !report.Chain || report.Answers != 3 {
			t.Errorf("compared with the chain: %+v, %v", report, err)
		}
		for name, sum := range map[string]*big.Int{"less was claimed": big.NewInt(-1), "more was claimed": big.NewInt(1)} {
			report, err = verify.Run(ctx, n.Client, verify.Config{Chain: changed{view, sum}})
			m, ok := errors.AsType[*verify.Mismatch](err)
			if !ok || m.Kind != "chain" || m.Expected == m.Got || report.Chain {
				t.Errorf("%s: %v, want a mismatch of the chain", name, err)
			}
		}
	})
}

// changed is a chain on which everybody's claims are other than they are, by some base units.
type changed struct {
	*eth.View
	by *big.Int
}

func (c changed) Claimed(ctx context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	claimed, err := c.View.Claimed(ctx, addresses)
	for _, sum := range claimed {
		sum.Add(sum, c.by)
	}
	return claimed, err
}
