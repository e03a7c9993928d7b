package pipeline

import (
	"context"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Register makes a device one of its wallet's respondent, whom it creates when the wallet is new, with the wallet as
// payout address. The wallet has signed the delegation, and the device the proof: tasknet/register/v1 over the
// delegation's fields. ErrBadDelegation, ErrDelegationTime, ErrBadProof, ErrDeviceTaken, all of package polls.
func (p *Pipeline) Register(ctx context.Context, d polls.Delegation, proof [64]byte) (polls.Respondent, error) {
	now := p.now()
	if err := d.CheckTime(now); err != nil {
		return polls.Respondent{}, err
	}
	digest, err := d.ProofDigest(p.cfg.Instance)
	if err != nil {
		return polls.Respondent{}, err
	}
	if !polls.CheckProof(d.Device, digest, proof) {
		return polls.Respondent{}, polls.ErrBadProof
	}
	if err := d.Check(p.domain); err != nil {
		return polls.Respondent{}, err
	}
	fresh := polls.Respondent{ID: polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, now)), Wallet: d.Wallet, CreatedAt: now}
	var person polls.Respondent
	err = p.stores.InTx(ctx, func(tx Tx) (err error) {
		person, err = tx.Polls().Register(ctx, fresh, polls.Device{Delegation: d, RegisteredAt: now})
		if err != nil {
			return err
		}
		return tx.Rewards().SetPayee(ctx, string(person.ID), rewards.Address(person.Wallet))
	})
	return person, err
}
