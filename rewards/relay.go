package rewards

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Relay says whose claims are worth their gas: who gets less waits until it has grown, and can claim alone at any time.
type Relay struct {
	// Share is the most that a person's gas may cost of what they get, in ten-thousandths. Zero: everybody is relayed.
	Share int

	// CoinPrice is what 10^18 of the chain's smallest coin cost in the token.
	CoinPrice tasknet.Amount
}

const (
	// One claim transaction pays at most so many people, side by side in the tree 48 KB, and costs at most so much gas. Nodes
	// take up to 128 KB and 16.7 M; people who are scattered need more of both, and are halved when they do not fit.
	claimsPerTx = 500
	gasPerTx    = 12_000_000

	// firstClaimGas and claimGas are what one person's part of a claim costs at most, by gas_test.go: the first makes two
	// places of storage, the vault's and the token's.
	firstClaimGas = 53_000
	claimGas      = 18_000
)

// claimGas is what the claim of what is owed costs at most as a part of many.
func (o Owed) claimGas() int64 {
	if o.Paid.IsZero() {
		return firstClaimGas
	}
	return claimGas
}

// worth reports whether a claim is to be relayed while gas has a price, in the smallest coin.
func (r Relay) worth(o Owed, price *big.Int) bool {
	if r.Share == 0 {
		return true
	}
	return r.affords(o.Cumulative.Sub(o.Paid), o.claimGas(), price)
}

// affords reports whether gas is cheap enough for a sum: gas * price * CoinPrice / 10^18 <= sum * Share / 10^4.
func (r Relay) affords(sum tasknet.Amount, gas int64, price *big.Int) bool {
	cost := new(big.Int).Mul(big.NewInt(gas), price)
	cost.Mul(cost, big.NewInt(r.CoinPrice.Micro())).Mul(cost, big.NewInt(10_000))
	gain := new(big.Int).Mul(big.NewInt(sum.Micro()), big.NewInt(int64(r.Share)))
	return cost.Cmp(gain.Mul(gain, big.NewInt(1e18))) <= 0
}

// relay claims for everybody who has not been paid and is worth the gas, and records what the chain says was paid, whoever
// claimed it.
func (p *Payer) relay(ctx context.Context, e Epoch) error {
	header := e.Header(p.chain.Info())
	roots, err := p.chain.Roots(ctx)
	if err != nil {
		return err
	}
	if hash := header.Hash(); roots.Epoch != e.Number || roots.Header != hash {
		return fmt.Errorf("the vault has epoch %d: %w", roots.Epoch, ErrForeignRoot)
	}
	leaves, err := p.store.Leaves(ctx, e.Number)
	if err != nil || len(leaves) == 0 {
		return err
	}
	tree, err := Tree(leaves, p.chain.Info())
	if err != nil {
		return err
	}
	if err := p.recordAll(ctx); err != nil {
		return err
	}
	open, err := p.store.UnclaimedPayees(ctx)
	if err != nil {
		return err
	}
	price := new(big.Int)
	if p.cfg.Relay.Share > 0 {
		if price, err = p.chain.GasPrice(ctx); err != nil {
			return err
		}
	}
	paid := make(map[Address]tasknet.Amount, len(open))
	for _, o := range open {
		paid[o.Address] = o.Paid
	}
	b := batch{e: e, header: header, tree: tree, leaves: leaves}
	gas, waiting := int64(0), 0
	for i, l := range leaves {
		before, open := paid[l.Address]
		owed := Owed{l, before}
		switch {
		case !open || l.Cumulative.Cmp(before) <= 0: // what is owed may be of a newer epoch alone
		case !p.cfg.Relay.worth(owed, price):
			waiting++
		case len(b.numbers) == claimsPerTx || gas+owed.claimGas() > gasPerTx:
			if err := p.relayBatch(ctx, b); err != nil {
				return err
			}
			b.numbers, gas = []int{i}, owed.claimGas()
		default:
			b.numbers, gas = append(b.numbers, i), gas+owed.claimGas()
		}
	}
	if len(b.numbers) > 0 {
		if err := p.relayBatch(ctx, b); err != nil {
			return err
		}
	}
	if waiting > 0 {
		p.cfg.Log.Info("some claims wait: their gas costs more than the set share", "epoch", e.Number, "people", waiting, "gas_price", price)
	}
	p.relayed = p.cfg.Now()
	return nil
}

// batch is some leaves of an epoch's tree.
type batch struct {
	e       Epoch
	header  Header
	tree    *merkle.Tree
	leaves  []Payout
	numbers []int // in the tree, rising
}

// relayBatch pays those of a batch who are not paid by one claim, or by halves when it is too large for a transaction.
func (p *Payer) relayBatch(ctx context.Context, b batch) error {
	people := make([]Payout, len(b.numbers))
	for i, n := range b.numbers {
		people[i] = b.leaves[n]
	}
	owed, err := p.recordClaims(ctx, people, Hash{})
	if err != nil || !owed {
		return err
	}
	mined, err := p.chain.Claim(ctx, b.header, b.tree.LeavesOf(b.numbers), b.tree.MultiOf(b.numbers))
	refused, _ := errors.AsType[*tasknet.Error](err)
	switch {
	case refused != nil && refused.Kind == tasknet.TooLarge && len(people) > 1:
		first, second := b, b
		first.numbers, second.numbers = b.numbers[:len(people)/2], b.numbers[len(people)/2:]
		if err := p.relayBatch(ctx, first); err != nil {
			return err
		}
		return p.relayBatch(ctx, second)
	case refused != nil && (refused.Kind == tasknet.TooLarge || refused.Kind == tasknet.Conflict) && len(people) == 1:
		// The token or the vault refuses this one person. Theirs stays claimable, and is tried again with the next epoch;
		// the others do not wait for it.
		p.cfg.Log.Error("somebody cannot be paid", "payee", people[0].Payee, "address", fmt.Sprintf("0x%x", people[0].Address), "error", err)
		return nil
	case err != nil:
		return err
	}
	if err := p.store.AdvanceEpoch(ctx, b.e.Number, b.e.State, b.e.State, Mined{Gas: mined.Gas}); err != nil {
		return err
	}
	if owed, err = p.recordClaims(ctx, people, mined.Tx); err == nil && owed {
		err = fmt.Errorf("the claim 0x%x was mined and somebody is still not paid", mined.Tx)
	}
	return err
}

// claimsAsked is how many people's claims are asked of the chain at once.
const claimsAsked = 1000

// recordAll records what the chain has paid to those who wait: people may claim alone.
func (p *Payer) recordAll(ctx context.Context) error {
	open, err := p.store.UnclaimedPayees(ctx)
	if err != nil {
		return err
	}
	for len(open) > 0 {
		people := make([]Payout, min(claimsAsked, len(open)))
		for i := range people {
			people[i] = open[i].Payout
		}
		if _, err := p.recordClaims(ctx, people, Hash{}); err != nil {
			return err
		}
		open = open[len(people):]
	}
	return nil
}

// recordClaims records what the chain has paid to people, and reports whether somebody is still owed. Between two readings it has the
// blocks remembered that were there at the first: where a re-organisation takes back what is recorded, it takes back one of these, and
// is seen.
func (p *Payer) recordClaims(ctx context.Context, people []Payout, tx Hash) (owed bool, err error) {
	before, err := p.claimed(ctx, people)
	if err != nil {
		return false, err
	}
	if err := p.CollectEvents(ctx); err != nil {
		return false, err
	}
	claims, err := p.claimed(ctx, people)
	if err != nil {
		return false, err
	}
	for i, c := range claims {
		if before[i].Cumulative.Cmp(c.Cumulative) < 0 { // the rest waits for the next time
			claims[i] = before[i]
		}
		owed = owed || c.Cumulative.Cmp(people[i].Cumulative) < 0
	}
	return owed, p.store.RecordClaims(ctx, claims, tx, p.cfg.Now())
}

// claimed returns what the chain has paid to people.
func (p *Payer) claimed(ctx context.Context, people []Payout) ([]Claimed, error) {
	addresses := make([]Address, len(people))
	for i, l := range people {
		addresses[i] = l.Address
	}
	paid, err := p.chain.Claimed(ctx, addresses)
	if err != nil {
		return nil, err
	}
	claims := make([]Claimed, len(people))
	for i, l := range people {
		amount, err := p.chain.Info().Amount(paid[i])
		if err != nil {
			return nil, err
		}
		claims[i] = Claimed{Payee: l.Payee, Cumulative: amount}
	}
	return claims, nil
}
