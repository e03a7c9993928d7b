package verify

import (
	"context"
	"fmt"

	"github.com/tasknet/tasknet/rewards"
)

// claimsAsked is how many people's claims are asked of the chain at once.
const claimsAsked = 200

// onChain is a Mismatch of the records, which it quotes as what is expected, and the chain.
func (v *verification) onChain(field string, expected, got any) error {
	return &Mismatch{"chain", fmt.Sprint(v.cfg.Chain.Info().ID), field, fmt.Sprint(expected), fmt.Sprint(got)}
}

// checkChain checks that the chain is the one that the instance names.
func (v *verification) checkChain() error {
	info := v.cfg.Chain.Info()
	if info.ID != v.token.ID {
		return v.onChain("id", v.token.ID, info.ID)
	}
	if info.Decimals != v.token.Decimals {
		return v.onChain("token decimals", v.token.Decimals, info.Decimals)
	}
	return nil
}

// checkRoots checks that the roots which the chain had when the verification began, and the one that is in force now, are those
// of the records. A server writes a header down before it posts it, so the records that are read after a root have its epoch;
// only of a root that came since may they know nothing.
func (v *verification) checkRoots(now rewards.Roots) error {
	began := v.epochs.onChain
	waits := began.NextEpoch
	if now.Next != began.Next && now.Header != began.Next { // it was voided, and the records may have the one in its place
		waits = 0
	}
	for _, r := range []struct {
		epoch  int64
		header rewards.Hash
		is     string
		since  bool // it may be newer than the records
	}{
		{began.Epoch, began.Header, "is in force", false},
		{waits, began.Next, "waits to take effect", false},
		{now.Epoch, now.Header, "is in force", true},
	} {
		want, known := v.epochs.headers[r.epoch]
		if r.epoch == 0 || known && want == r.header || !known && r.since {
			continue
		}
		says := hashText(want) + ", as the records have"
		if !known {
			says = "none, as the records have none of that epoch (they may be older than the root)"
		}
		return v.onChain(fmt.Sprintf("header of epoch %d", r.epoch), says, fmt.Sprintf("%s, which %s", hashText(r.header), r.is))
	}
	return nil
}

// chain checks that the roots of the vault are those of the records, and that it saw every deposit and withdrawal of the ledger, and
// has paid everybody what the ledger says that it has, and no more than the ledger owes.
func (v *verification) chain(ctx context.Context) error {
	if err := v.checkMoves(ctx); err != nil {
		return err
	}
	if err := v.checkSlashes(ctx); err != nil {
		return err
	}
	roots, err := v.cfg.Chain.Roots(ctx)
	if err != nil {
		return err
	}
	number := roots.Epoch
	if number < v.epochs.inForce {
		return v.onChain("newest epoch", fmt.Sprintf("at least %d, which was in force", v.epochs.inForce), number)
	}
	if !v.cfg.otherRoots {
		if err := v.checkRoots(roots); err != nil {
			return err
		}
	}
	ids, addresses := make([]string, 0, claimsAsked), make([]rewards.Address, 0, claimsAsked)
	ask := func() error {
		claimed, err := v.cfg.Chain.Claimed(ctx, addresses)
		if err != nil {
			return err
		}
		for i, id := range ids {
			p := v.people[id]
			if least := v.token.Base(p.claimed); claimed[i].Cmp(least) < 0 {
				return v.onChain("claims of "+p.wallet.String(), "at least "+least.String()+" base units, as the ledger has", claimed[i])
			}
			most := v.token.Base(p.cumulative)
			if number <= v.epochs.last && claimed[i].Cmp(most) > 0 { // there may be a root by now that is newer than the records
				if roots, err = v.cfg.Chain.Roots(ctx); err != nil {
					return err
				}
				number = roots.Epoch
			}
			if number <= v.epochs.last && claimed[i].Cmp(most) > 0 {
				return v.onChain("claims of "+p.wallet.String(), "at most "+most.String()+" base units, as the ledger owes", claimed[i])
			}
		}
		ids, addresses = ids[:0], addresses[:0]
		return nil
	}
	for id, p := range v.people {
		ids, addresses = append(ids, id), append(addresses, rewards.Address(p.wallet))
		if len(ids) == claimsAsked {
			if err := ask(); err != nil {
				return err
			}
		}
	}
	return ask()
}
