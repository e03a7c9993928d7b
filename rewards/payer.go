package rewards

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Payer credits deposits and pays people: it closes epochs, posts their roots and relays the claims. One Payer works
// for an instance at a time. Whatever step it dies at, the next run looks at the ledger and at the chain, and goes on.
type Payer struct {
	store Store
	chain Chain
	cfg   PayerConfig
	wake  chan struct{}
}

// PayerConfig tunes a Payer.
type PayerConfig struct {
	// Every is the least time from the close of one epoch to the close of the next. Shorter pays sooner and spends more
	// gas on roots. Default one hour.
	Every time.Duration

	// Poll is how often the chain is asked for deposits, and a step that failed is tried again. Default 2 seconds.
	Poll time.Duration

	// Least is the smallest pay that enters an epoch; less waits until it has grown. Default one micro-unit.
	Least tasknet.Amount

	// Known reports whether an organisation that a deposit names exists. A deposit to nobody is not credited: it stays in
	// the vault, and in the log. Default: every name is known.
	Known func(ctx context.Context, org string) (bool, error)

	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

// claimsPerTx is how many people one claim transaction pays: well under the gas cap of a transaction (16.7 M) also for
// people who never held the token.
const claimsPerTx = 200

// ErrForeignRoot reports that the vault has a root that this ledger did not make. Somebody else posts with the same
// key, or the database is older than the chain: an operator must look before anything more is paid.
var ErrForeignRoot = tasknet.NewError(tasknet.Internal, "foreign_root", "The vault's root is not this ledger's; nothing is paid until an operator has looked.")

// NewPayer returns a Payer over a store and a chain.
func NewPayer(store Store, chain Chain, cfg PayerConfig) *Payer {
	if cfg.Every == 0 {
		cfg.Every = time.Hour
	}
	if cfg.Poll == 0 {
		cfg.Poll = 2 * time.Second
	}
	if cfg.Least.IsZero() {
		cfg.Least = tasknet.Micro(1)
	}
	if cfg.Known == nil {
		cfg.Known = func(context.Context, string) (bool, error) { return true, nil }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Payer{store: store, chain: chain, cfg: cfg, wake: make(chan struct{}, 1)}
}

// Run credits and pays until ctx ends, side by side: a payout to many takes a while, and no deposit waits for it. A step
// that fails is logged and tried again.
func (p *Payer) Run(ctx context.Context) error {
	both := new(errgroup.Group)
	both.Go(func() error { return p.repeat(ctx, "deposits", nil, p.CollectDeposits) })
	both.Go(func() error { return p.repeat(ctx, "epochs", p.wake, p.Advance) })
	return both.Wait()
}

// repeat does something at every poll, and whenever it is woken, until ctx ends.
func (p *Payer) repeat(ctx context.Context, work string, wake <-chan struct{}, do func(context.Context) error) error {
	tick := time.NewTicker(p.cfg.Poll)
	defer tick.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("the payer will try again", "work", work, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-wake:
		}
	}
}

// Trigger makes Run look now, instead of at the next poll, whether somebody is to be paid.
func (p *Payer) Trigger() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// CollectDeposits credits what arrived on chain since the last call and has the depth to count.
func (p *Payer) CollectDeposits(ctx context.Context) error {
	from, err := p.store.DepositsThrough(ctx)
	if err != nil {
		return err
	}
	from = max(from, p.chain.Info().VaultBlock-1)
	deposits, through, err := p.chain.Deposits(ctx, from)
	if err != nil {
		return fmt.Errorf("deposits after block %d: %w", from, err)
	}
	if through <= from {
		return nil
	}
	now := p.cfg.Now()
	var credits []Credited
	for _, d := range deposits {
		org := OrgOf(d.Reference)
		known, err := p.cfg.Known(ctx, org)
		if err != nil {
			return err
		}
		amount, err := p.chain.Info().Amount(d.Base)
		if err != nil || !known || amount.IsZero() {
			p.cfg.Log.Warn("a deposit is credited to nobody", "tx", fmt.Sprintf("0x%x", d.Tx), "reference", fmt.Sprintf("0x%x", d.Reference), "known", known, "base_units", d.Base, "error", err)
			continue
		}
		credits = append(credits, Credited{Deposit: d, Org: org, Amount: amount, Tx: Credit(org, d.Cause(), amount, now)})
	}
	return p.store.CreditDeposits(ctx, credits, through)
}

// Advance takes the newest epoch as far as it goes, and closes a new one when the last is settled and its time is up.
func (p *Payer) Advance(ctx context.Context) error {
	e, err := p.store.LastEpoch(ctx)
	switch {
	case errors.Is(err, ErrNoEpoch), err == nil && e.State == Settled:
		if err == nil && p.cfg.Now().Sub(e.At) < p.cfg.Every {
			return nil
		}
		if e, err = p.plan(ctx, e.Number+1); errors.Is(err, ErrNothingToPay) {
			return nil
		}
	}
	for err == nil && e.State != Settled {
		e, err = p.step(ctx, e)
	}
	return err
}

// plan closes an epoch: it takes up all final pay.
func (p *Payer) plan(ctx context.Context, number int64) (Epoch, error) {
	due, err := p.store.Due(ctx, p.cfg.Least)
	if err != nil {
		return Epoch{}, err
	}
	leaves, err := p.store.Leaves(ctx, number-1)
	if err != nil {
		return Epoch{}, err
	}
	plan, err := NewPlan(number, due, leaves, p.chain.Info(), p.cfg.Now())
	if err != nil {
		return Epoch{}, err
	}
	if err := p.store.SavePlan(ctx, plan); err != nil {
		return Epoch{}, err
	}
	p.cfg.Log.Info("epoch closed", "epoch", number, "amount", plan.Epoch.Amount.String(), "payees", plan.Epoch.Payees)
	return plan.Epoch, nil
}

// step takes an epoch one state further.
func (p *Payer) step(ctx context.Context, e Epoch) (Epoch, error) {
	switch e.State {
	case Planned:
		mined, err := p.postRoot(ctx, e)
		if err != nil {
			return e, fmt.Errorf("post root of epoch %d: %w", e.Number, err)
		}
		return p.advanced(ctx, e, Posted, mined)
	case Posted:
		number, root, err := p.chain.VaultRoot(ctx)
		if err != nil {
			return e, fmt.Errorf("read root of epoch %d: %w", e.Number, err)
		}
		if number != e.Number || root != e.Root {
			return e, fmt.Errorf("epoch %d, the vault has %d: %w", e.Number, number, ErrForeignRoot)
		}
		return p.advanced(ctx, e, Confirmed, Mined{})
	case Confirmed:
		if err := p.relay(ctx, e); err != nil {
			return e, fmt.Errorf("relay claims of epoch %d: %w", e.Number, err)
		}
		return p.advanced(ctx, e, Settled, Mined{})
	}
	return e, fmt.Errorf("epoch %d is in state %q", e.Number, e.State)
}

func (p *Payer) advanced(ctx context.Context, e Epoch, to EpochState, m Mined) (Epoch, error) {
	if err := p.store.AdvanceEpoch(ctx, e.Number, e.State, to, m); err != nil {
		return e, err
	}
	return p.store.Epoch(ctx, e.Number)
}

// postRoot posts the epoch's root unless an earlier attempt, whose answer was lost, already did.
func (p *Payer) postRoot(ctx context.Context, e Epoch) (Mined, error) {
	number, root, err := p.chain.VaultRoot(ctx)
	switch {
	case err != nil:
		return Mined{}, err
	case number == e.Number && root == e.Root:
		return p.chain.RootMined(ctx, e.Number)
	case number != e.Number-1:
		return Mined{}, fmt.Errorf("the vault is at epoch %d: %w", number, ErrForeignRoot)
	}
	return p.chain.PostRoot(ctx, e.Number, e.Root, e.Total(p.chain.Info()))
}

// relay claims for everybody who has not been paid, and records what the chain says was paid, whoever claimed it.
func (p *Payer) relay(ctx context.Context, e Epoch) error {
	leaves, err := p.store.Leaves(ctx, e.Number)
	if err != nil {
		return err
	}
	tree, err := Tree(leaves, p.chain.Info())
	if err != nil {
		return err
	}
	open, err := p.store.UnclaimedPayees(ctx)
	if err != nil {
		return err
	}
	waiting := make(map[string]bool, len(open))
	for _, payout := range open {
		waiting[payout.Payee] = true
	}
	for start := 0; start < len(leaves); start += claimsPerTx {
		if err := p.relayRange(ctx, e, tree, leaves, start, min(start+claimsPerTx, len(leaves)), waiting); err != nil {
			return err
		}
	}
	return nil
}

// relayRange pays those of the tree's leaves from start to end who wait, by one claim, or by halves when it is too
// large for a transaction. The vault passes over those who were paid.
func (p *Payer) relayRange(ctx context.Context, e Epoch, tree *merkle.Tree, leaves []Payout, start, end int, waiting map[string]bool) error {
	part := leaves[start:end]
	owed, err := p.recordClaims(ctx, part, waiting, Hash{})
	if err != nil || !owed {
		return err
	}
	mined, err := p.chain.Claim(ctx, tree.Leaves(start, end), tree.Multi(start, end))
	refused, _ := errors.AsType[*tasknet.Error](err)
	switch {
	case refused != nil && refused.Kind == tasknet.TooLarge && len(part) > 1:
		middle := (start + end) / 2
		if err := p.relayRange(ctx, e, tree, leaves, start, middle, waiting); err != nil {
			return err
		}
		return p.relayRange(ctx, e, tree, leaves, middle, end, waiting)
	case refused != nil && (refused.Kind == tasknet.TooLarge || refused.Kind == tasknet.Conflict) && len(part) == 1:
		// The token or the vault refuses this one person. Theirs stays claimable, and is tried again with the next epoch;
		// the others do not wait for it.
		p.cfg.Log.Error("somebody cannot be paid", "payee", part[0].Payee, "address", fmt.Sprintf("0x%x", part[0].Address), "error", err)
		return nil
	case err != nil:
		return err
	}
	if err := p.store.AdvanceEpoch(ctx, e.Number, Confirmed, Confirmed, Mined{Gas: mined.Gas}); err != nil {
		return err
	}
	if owed, err = p.recordClaims(ctx, part, waiting, mined.Tx); err == nil && owed {
		err = fmt.Errorf("the claim 0x%x was mined and somebody is still not paid", mined.Tx)
	}
	return err
}

// recordClaims records what the chain has paid to those of part who wait, and reports whether somebody still does.
func (p *Payer) recordClaims(ctx context.Context, part []Payout, waiting map[string]bool, tx Hash) (owed bool, err error) {
	var people []Payout
	var addresses []Address
	for _, l := range part {
		if waiting[l.Payee] {
			people, addresses = append(people, l), append(addresses, l.Address)
		}
	}
	if len(people) == 0 {
		return false, nil
	}
	paid, err := p.chain.Claimed(ctx, addresses)
	if err != nil {
		return false, err
	}
	var claims []Claimed
	for i, l := range people {
		amount, err := p.chain.Info().Amount(paid[i])
		if err != nil {
			return false, err
		}
		claims = append(claims, Claimed{Payee: l.Payee, Cumulative: amount})
		if amount.Cmp(l.Cumulative) < 0 {
			owed = true
		} else {
			delete(waiting, l.Payee)
		}
	}
	return owed, p.store.RecordClaims(ctx, claims, tx, p.cfg.Now())
}
