package rewards

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"slices"
	"time"
)

// BailiffConfig tunes a Bailiff.
type BailiffConfig struct {
	// Poll is how often the contract of stakes is looked at. Default 2 seconds.
	Poll time.Duration

	// Court decides the cases that were prepared: all for what they ask. Default: they are for others to decide.
	Court Court

	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

// Bailiff keeps what is known of stakes, and of cases about them, as the chain has it, and carries cases out where it was given a
// court. It goes by the chain alone: whatever step it dies at, and whoever else decides cases, the next look finds what is so.
type Bailiff struct {
	store StakeStore
	chain StakeChain
	cfg   BailiffConfig
}

// casesAtOnce is how many cases are carried out in one go.
const casesAtOnce = 100

// NewBailiff returns a Bailiff over a store and a chain that has a contract of stakes.
func NewBailiff(store StakeStore, chain StakeChain, cfg BailiffConfig) *Bailiff {
	if cfg.Poll == 0 {
		cfg.Poll = 2 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Bailiff{store: store, chain: chain, cfg: cfg}
}

// Run follows the chain, and decides, until ctx ends. What fails is tried again, and logged when it begins and at growing intervals.
func (b *Bailiff) Run(ctx context.Context) error {
	tick := time.NewTicker(b.cfg.Poll)
	defer tick.Stop()
	var told complaint
	for {
		err := b.Follow(ctx)
		if err == nil { // nothing is decided by what may be out of date
			err = b.Decide(ctx)
		}
		switch tell, failures := told.about(err, b.cfg.Now()); {
		case !tell || ctx.Err() != nil:
		case err != nil:
			b.cfg.Log.Error("stakes will be looked at later", "error", err, "failures", failures)
		default:
			b.cfg.Log.Info("stakes are looked at again", "failures", failures)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Follow brings what is known of stakes and cases to the newest block that counts. When the chain has taken back a block that was
// looked at, all is read anew.
func (b *Bailiff) Follow(ctx context.Context) error {
	contract := b.chain.Info().Stake.Contract
	last, err := b.store.StakeLook(ctx, contract)
	if err != nil {
		return err
	}
	anew := last == (Look{})
	if !anew {
		if there, err := b.there(ctx, last); err != nil {
			return err
		} else if !there {
			b.cfg.Log.Warn("the chain has taken back blocks in which stakes were looked at; all is read anew", "block", last.Block)
			anew = true
		}
	}
	from := last
	if anew {
		from = Look{Block: b.chain.Info().VaultBlock - 1}
	}
	seen := StakesSeen{Contract: contract, Anew: anew, Through: from}
	for {
		events, through, err := b.chain.StakeEvents(ctx, seen.Through.Block)
		if err != nil {
			return fmt.Errorf("what happened to stakes after block %d: %w", seen.Through.Block, err)
		}
		if through.Block <= seen.Through.Block {
			break
		}
		seen.Events, seen.Through = append(seen.Events, events...), through
	}
	if seen.Through.Block == from.Block {
		return nil
	}
	if err := b.read(ctx, &seen); err != nil {
		return err
	}
	for _, l := range []Look{last, seen.Through} { // else what was read may be of two branches
		if l == (Look{}) || l == last && anew {
			continue
		}
		if there, err := b.there(ctx, l); err != nil {
			return err
		} else if !there {
			return fmt.Errorf("block %d: %w", l.Block, errChanged)
		}
	}
	return b.store.SaveStakes(ctx, seen)
}

// there reports whether the chain has a block as it was looked at.
func (b *Bailiff) there(ctx context.Context, l Look) (bool, error) {
	hash, err := b.chain.BlockHash(ctx, l.Block)
	if err != nil {
		return false, fmt.Errorf("hash of block %d: %w", l.Block, err)
	}
	return hash == l.Hash, nil
}

// read reads the stakes of those to whom something has happened, and of those whose case may have ended by itself.
func (b *Bailiff) read(ctx context.Context, seen *StakesSeen) error {
	stakers, err := b.store.FrozenStakes(ctx)
	if err != nil {
		return err
	}
	for _, e := range seen.Events {
		if e.Staker != (Address{}) {
			stakers = append(stakers, e.Staker)
		}
	}
	slices.SortFunc(stakers, func(a, b Address) int { return slices.Compare(a[:], b[:]) })
	stakers = slices.Compact(stakers)
	stakes, at, err := b.chain.StakesAt(ctx, seen.Through.Block, stakers)
	if err != nil {
		return fmt.Errorf("stakes at block %d: %w", seen.Through.Block, err)
	}
	info := b.chain.Info()
	for i := range stakes {
		seen.Stakes = append(seen.Stakes, stakes[i].Known(info, stakers[i]))
	}
	seen.Time = at
	return nil
}

// Decide carries out the cases that wait for the court, if there is one here: it opens those that were prepared, and slashes those that
// are open. What it does is known by the next Follow. It does nothing twice: the contract opens one case at a time against somebody, and
// takes what a case asks for once.
func (b *Bailiff) Decide(ctx context.Context) error {
	if b.cfg.Court == nil {
		return nil
	}
	cases, err := b.store.CasesToDecide(ctx, b.chain.Info().Stake.Contract, casesAtOnce)
	if err != nil {
		return err
	}
	done := make(map[Address]bool)
	var failed error
	for i := range cases {
		c := &cases[i]
		if done[c.Staker] {
			continue
		}
		did, err := b.decide(ctx, c)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("case %d: %w", c.Number, err))
		}
		done[c.Staker] = did || err != nil
	}
	return failed
}

// decide takes a case one step further. It reports whether it did something.
func (b *Bailiff) decide(ctx context.Context, c *StakeCase) (bool, error) {
	if c.State == CasePrepared {
		stake, err := b.store.StakeOf(ctx, c.Staker)
		if err != nil || stake.Case != 0 || stake.Staked.IsZero() { // it was taken back, or another case comes first
			return false, err
		}
		_, err = b.cfg.Court.OpenCase(ctx, c.Staker, c.Evidence)
		if err == nil {
			b.cfg.Log.Warn("a stake is frozen, as a result of its owner's node was refuted", "case", c.Number, "staker", fmt.Sprintf("0x%x", c.Staker), "job", c.Job, "part", c.Part)
		}
		return true, err
	}
	most, err := b.chain.CaseMost(ctx, c.ID)
	if err != nil {
		return false, err
	}
	amount := c.Takes(b.chain.Info(), most)
	if amount.Sign() == 0 { // nothing that could be divided
		_, err := b.cfg.Court.Dismiss(ctx, c.ID)
		return true, err
	}
	_, err = b.cfg.Court.Slash(ctx, c.ID, c.Evidence, c.Shares(amount))
	if err == nil {
		b.cfg.Log.Warn("a stake is slashed", "case", c.Number, "staker", fmt.Sprintf("0x%x", c.Staker), "base_units", amount)
	}
	return true, err
}

// Takes returns how many base units a case takes: what it asks for, and no more than the contract lets it.
func (c *StakeCase) Takes(info ChainInfo, most *big.Int) *big.Int {
	if asked := info.Base(c.Amount); asked.Cmp(most) < 0 {
		return asked
	}
	return most
}
