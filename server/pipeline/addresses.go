package pipeline

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// AddressDelayDefault is how long a change of a payout address waits that its new address did not sign.
const AddressDelayDefault = 72 * time.Hour

// AddressDelay returns how long such a change waits here.
func (p *Pipeline) AddressDelay() time.Duration { return p.cfg.AddressDelay }

// ChangeAddress sends a respondent's pay to another address, as their wallet's signature of a polls.PayoutAddress says: at once
// with a proof, which is that address's signature of the same, and else when the delay is over, until when it can be
// cancelled. They are told by a push to all their devices. polls.ErrBadPayoutAddress, polls.ErrBadPayoutProof, and those of rewards.AddressStore.
func (p *Pipeline) ChangeAddress(ctx context.Context, who polls.RespondentID, to polls.Wallet, number int64, signature [65]byte, proof *[65]byte) (made rewards.AddressChange, err error) {
	person, err := p.stores.Polls().Respondent(ctx, who)
	if err != nil {
		return rewards.AddressChange{}, err
	}
	statement := polls.PayoutAddress{Respondent: who, Wallet: person.Wallet, To: to, Number: number}
	if err := statement.Check(p.domain, signature, proof); err != nil {
		return rewards.AddressChange{}, err
	}
	now := p.now()
	c := rewards.AddressChange{
		Person: string(who), Wallet: rewards.Address(person.Wallet), To: rewards.Address(to), Number: number, Signature: signature[:],
		At: now, Effective: now.Add(p.cfg.AddressDelay),
	}
	if proof != nil {
		c.Proof, c.Effective = proof[:], now
	}
	warning := Warning{ID: tasknet.NewID(WakePrefix, now), Subject: AddressWarnings, Round: number, Respondent: who, At: now}
	err = p.stores.InTx(ctx, func(tx Tx) (err error) {
		if made, err = tx.Rewards().ChangeAddress(ctx, c); err != nil {
			return err
		}
		return tx.Pushes().Warn(ctx, warning)
	})
	if err == nil && p.cfg.Woken != nil {
		p.cfg.Woken()
	}
	return made, err
}

// CancelAddress cancels the change that waits, and has that enter the public log. rewards.ErrNoChangeWaits.
func (p *Pipeline) CancelAddress(ctx context.Context, who polls.RespondentID) error {
	return p.stores.InTx(ctx, func(tx Tx) error {
		now := p.now()
		if err := tx.Rewards().CancelChange(ctx, string(who), now); err != nil {
			return err
		}
		changes, err := tx.Rewards().ChangesOf(ctx, string(who))
		if err != nil {
			return err
		}
		leaves, err := changes[len(changes)-1].Leaves(p.cfg.Instance)
		if err != nil {
			return err
		}
		_, err = tx.Log().AppendLeaves(ctx, leaves[1:], now)
		return err
	})
}
