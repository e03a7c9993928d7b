package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// claimsAsked is how many people's claims are asked of the chain at once.
const claimsAsked = 200

// deposit is one that the ledger has.
type deposit struct {
	org    string
	amount tasknet.Amount
}

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

// chain checks that the vault holds one of the newest roots of the records, was paid every deposit of the ledger, and has
// paid everybody what the ledger says that it has, and no more than the ledger owes.
func (v *verification) chain(ctx context.Context) error {
	if err := v.checkDeposits(ctx); err != nil {
		return err
	}
	number, root, err := v.cfg.Chain.VaultRoot(ctx)
	if err != nil {
		return err
	}
	if number < v.epochs.settled {
		return v.onChain("newest epoch", fmt.Sprintf("at least %d, which is settled", v.epochs.settled), number)
	}
	if want, known := v.epochs.roots[number]; known && want != root {
		return v.onChain(fmt.Sprintf("root of epoch %d", number), hashText(want), hashText(root))
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
				if number, _, err = v.cfg.Chain.VaultRoot(ctx); err != nil {
					return err
				}
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

// checkDeposits looks for the ledger's deposits on the chain, where there may be more: to nobody, or newer ones.
func (v *verification) checkDeposits(ctx context.Context) error {
	for from, end := int64(0), false; len(v.deposits) > 0 && !end; {
		deposits, through, err := v.cfg.Chain.Deposits(ctx, from)
		if err != nil {
			return err
		}
		for _, d := range deposits {
			cause := d.Cause()
			booked, ok := v.deposits[cause]
			if !ok {
				continue
			}
			delete(v.deposits, cause)
			amount, err := v.token.Amount(d.Base)
			if org := rewards.OrgOf(d.Reference); err != nil || amount != booked.amount || org != booked.org {
				return v.onChain("deposit "+cause, booked.amount.String()+" to "+booked.org+", as the ledger has", fmt.Sprintf("%s base units to %s", d.Base, org))
			}
		}
		from, end = through, through <= from
	}
	if len(v.deposits) > 0 {
		first := slices.Min(slices.Collect(maps.Keys(v.deposits)))
		return v.onChain("deposit "+first, v.deposits[first].amount.String()+", as the ledger has", "none")
	}
	return nil
}
