package verify

import (
	"context"
	"fmt"

	"github.com/tasknet/tasknet/rewards"
)

// claimsAsked is how many people's claims are asked of the chain at once.
const claimsAsked = 200

// chain checks that the vault holds one of the newest roots of the records, and has paid everybody what the ledger says
// that it has, and no more than the ledger owes.
func (v *verification) chain(ctx context.Context) error {
	info := v.cfg.Chain.Info()
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"chain", fmt.Sprint(info.ID), field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	if info.ID != v.token.ID {
		return wrong("id", v.token.ID, info.ID)
	}
	if info.Decimals != v.token.Decimals {
		return wrong("token decimals", v.token.Decimals, info.Decimals)
	}
	number, root, err := v.cfg.Chain.VaultRoot(ctx)
	if err != nil {
		return err
	}
	if number < v.epochs.settled {
		return wrong("newest epoch", fmt.Sprintf("at least %d, which is settled", v.epochs.settled), number)
	}
	if want, known := v.epochs.roots[number]; known && want != root {
		return wrong(fmt.Sprintf("root of epoch %d", number), hashText(want), hashText(root))
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
				return wrong("claims of "+p.wallet.String(), "at least "+least.String()+" base units, as the ledger has", claimed[i])
			}
			if most := v.token.Base(p.cumulative); number <= v.epochs.last && claimed[i].Cmp(most) > 0 {
				return wrong("claims of "+p.wallet.String(), "at most "+most.String()+" base units, as the ledger owes", claimed[i])
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
