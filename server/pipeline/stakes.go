package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/rewards"
)

// prepareCase prepares the case about the stake of an owner of whom a closed check has refuted a result, within the transaction that
// closes it. There is none where nobody stakes, nothing is staked, nothing is asked for, or nobody is left to get it.
func (p *Pipeline) prepareCase(ctx context.Context, tx Tx, j *compute.Job, c *compute.Check, refuted *compute.Delivery, now time.Time) error {
	terms := p.cfg.Stakes
	if terms.Contract == (rewards.Address{}) {
		return nil
	}
	owner, err := tx.Polls().Respondent(ctx, refuted.Owner)
	if err != nil {
		return err
	}
	staker := rewards.Address(owner.Wallet)
	stake, err := tx.Stakes().StakeOf(ctx, staker)
	if err != nil || stake.Staked.IsZero() {
		return err
	}
	evidence, err := c.Evidence(p.cfg.Instance)
	if err != nil {
		return err
	}
	harmed, honest, err := p.harmed(ctx, tx, j, c)
	if err != nil {
		return err
	}
	one := rewards.StakeCase{
		Contract: terms.Contract, Job: string(j.ID), Part: c.Part, Owner: string(refuted.Owner), Staker: staker, Evidence: evidence, At: now, State: rewards.CasePrepared,
	}
	pay, _ := j.SharePay(refuted.From, refuted.To)
	one.Amount = rewards.CaseAmount(pay, j.Terms.MinStake)
	one.Harmed, one.Honest = rewards.CaseRecipients(terms, staker, harmed, honest)
	if one.Amount.IsZero() || one.Harmed == (rewards.Address{}) && len(one.Honest) == 0 {
		return nil
	}
	if err := tx.Stakes().PrepareCase(ctx, &one); !errors.Is(err, rewards.ErrCaseExists) {
		return err
	}
	return nil
}

// harmed returns who first deposited for a job's organisation, and the wallets of the owners whose results a check has confirmed, in its
// order. Who deposits by a contract of their own can collect by it.
func (p *Pipeline) harmed(ctx context.Context, tx Tx, j *compute.Job, c *compute.Check) (org rewards.Address, honest []rewards.Address, err error) {
	accounts, err := tx.Rewards().VaultAccounts(ctx, string(j.Org))
	if err != nil {
		return org, nil, err
	}
	if len(accounts) > 0 {
		org = accounts[0].Owner
	}
	for _, r := range c.Results {
		if r.Group != 0 {
			continue
		}
		owner, err := tx.Polls().Respondent(ctx, r.Owner)
		if err != nil {
			return org, nil, err
		}
		honest = append(honest, rewards.Address(owner.Wallet))
	}
	return org, honest, nil
}
