package app

import (
	"context"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	firstOrg        = "First requester"
	firstOrgSetting = "first_org"
	firstKeyName    = "first key"
)

// firstDeposit is what the faucet gives the first organisation of a dev chain.
var firstDeposit = tasknet.Micro(100 * tasknet.MicroPerToken)

// Prepare gives a new instance its first organisation with an API key and, on the dev chain, test money and the sample
// questions; and makes the key that Config.NewKey asks for. It is called before Run. What it made is told once.
func (a *App) Prepare(ctx context.Context) (First, error) {
	var first First
	org, err := a.setting(ctx, firstOrgSetting, func() (string, error) {
		o, err := a.pipeline.NewOrg(ctx, firstOrg)
		return string(o.ID), err
	})
	if err != nil {
		return first, err
	}
	id := polls.OrgID(org)
	keys, _, err := a.stores.Polls().Keys(ctx, id, tasknet.Page{Limit: 1})
	if err != nil {
		return first, err
	}
	name := a.cfg.NewKey
	if name == "" && len(keys) == 0 {
		name = firstKeyName
	}
	if name != "" {
		err := a.stores.InTx(ctx, func(tx pipeline.Tx) (err error) {
			_, first.Key, err = a.pipeline.NewKey(ctx, tx, id, name)
			return err
		})
		if err != nil {
			return first, err
		}
	}
	if !a.chain.Info().Dev {
		return first, nil
	}
	if err := a.fund(ctx, id, firstDeposit); err != nil {
		return first, err
	}
	if a.cfg.Samples {
		return first, a.offerSamples(ctx)
	}
	return first, nil
}

// fund gives an organisation test money, unless it has ever had some.
func (a *App) fund(ctx context.Context, org polls.OrgID, amount tasknet.Amount) error {
	if err := a.payer.CollectEvents(ctx); err != nil {
		return err
	}
	had, _, err := a.stores.Rewards().DepositsOf(ctx, string(org), tasknet.Page{Limit: 1})
	if err != nil || len(had) > 0 {
		return err
	}
	if err := a.pipeline.Faucet(ctx, org, amount); err != nil {
		return err
	}
	return a.payer.CollectEvents(ctx)
}
