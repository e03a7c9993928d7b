package rewards

import (
	"context"
	"errors"
	"fmt"

	"github.com/tasknet/tasknet"
)

// takenBack has done again what a re-organisation deeper than the confirmations took out of the chain. Claims that the chain has no
// more are owed again, and epochs that were in force are as if they had only been mined: their next step finds out whether their roots
// are there, and posts those that are not. It may be done twice.
func (p *Payer) takenBack(ctx context.Context) error {
	roots, err := p.chain.Roots(ctx)
	if err != nil {
		return err
	}
	if _, err := p.rootsComeBack(ctx, roots); err != nil {
		return err
	}
	last, err := p.store.LastEpoch(ctx)
	if errors.Is(err, ErrNoEpoch) {
		return nil
	} else if err != nil {
		return err
	}
	owed, err := p.undoClaims(ctx, last.Number)
	if err != nil {
		return fmt.Errorf("undo claims: %w", err)
	}
	open, err := p.store.UnclaimedPayees(ctx) // not what was undone now: that may have been before a crash
	if err != nil {
		return err
	}
	// The newest comes first, so that no epoch is closed while an older one is open.
	for e := last; e.Number >= roots.Epoch; {
		if e.State.Claimable() && (e.Number > roots.Epoch || len(open) > 0) {
			if e.Number > roots.Epoch || !owed.IsZero() {
				p.takeBack(e.Number, owed)
			}
			if err := p.store.AdvanceEpoch(ctx, e.Number, e.State, Confirmed, Mined{}); err != nil {
				return fmt.Errorf("epoch %d: %w", e.Number, err)
			}
		}
		if e.Number == 1 {
			return nil
		}
		if e, err = p.store.Epoch(ctx, e.Number-1); err != nil {
			return err
		}
	}
	return nil
}

// undoClaims undoes what the ledger has claimed and the chain has not paid, and returns the sum of it.
func (p *Payer) undoClaims(ctx context.Context, through int64) (sum tasknet.Amount, err error) {
	leaves, err := p.store.Leaves(ctx, through)
	if err != nil {
		return sum, err
	}
	for len(leaves) > 0 {
		people := leaves[:min(claimsAsked, len(leaves))]
		claims, err := p.claimed(ctx, people)
		if err != nil {
			return sum, err
		}
		undone, err := p.store.UndoClaims(ctx, claims, p.cfg.Now())
		if err != nil {
			return sum, err
		}
		sum, leaves = sum.Add(undone), leaves[len(people):]
	}
	return sum, nil
}

// takeBack tells that an epoch's root or claims are gone.
func (p *Payer) takeBack(epoch int64, owed tasknet.Amount) {
	p.back.Store(max(p.back.Load(), epoch))
	p.cfg.Log.Error("the chain has taken back a payout root that was in force, or claims under it; they are sent again", "epoch", epoch, "claims", owed)
	text := backText(epoch)
	p.waiting.Store(&text)
}

// backText says what becomes of an epoch that was taken back.
func backText(epoch int64) string {
	return fmt.Sprintf("a deep re-organisation of the chain took back the root of epoch %d, or claims under it; they are sent again", epoch)
}

// ours reports whether the root in force is one of the ledger's.
func (p *Payer) ours(ctx context.Context, roots Roots) (bool, error) {
	e, err := p.store.Epoch(ctx, roots.Epoch)
	if errors.Is(err, ErrNoEpoch) {
		return false, nil
	}
	header := e.Header(p.chain.Info())
	return err == nil && header.Hash() == roots.Header, err
}

// oldestOpen returns the oldest epoch that is not settled, given the newest: the one itself, but for epochs that were taken back.
func (p *Payer) oldestOpen(ctx context.Context, e Epoch) (Epoch, error) {
	for e.State != Settled && e.Number > 1 {
		before, err := p.store.Epoch(ctx, e.Number-1)
		if err != nil || before.State == Settled {
			return e, err
		}
		e = before
	}
	return e, nil
}
