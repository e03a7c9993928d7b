package rewards

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
)

// Payer credits deposits and pays people: it closes epochs, posts their roots and relays the claims. One Payer works
// for an instance at a time. Whatever step it dies at, the next run looks at the ledger and at the chain, and goes on.
type Payer struct {
	store   Store
	chain   Chain
	cfg     PayerConfig
	wake    chan struct{}
	waiting atomic.Pointer[string] // what Waiting says
	looking sync.Mutex             // held by who collects events
	back    atomic.Int64           // the newest epoch of which something was taken back
	short   tasknet.Amount         // pay that waits because nothing in the vault covers it; this and the rest are of who runs Advance
	stuck   *stuck                 // when nobody's pay was covered the last time
	relayed time.Time              // when the root in force was relayed while a newer one waited
}

// stuck is what accounts had spent at a time when that covered nobody's pay. Until it changes there is no use in a plan of all that is
// due, but for who became due meanwhile by other ways, for whom one is made now and then.
type stuck struct {
	spent tasknet.Amount
	at    time.Time
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

	// Relay says whose claims are worth their gas. Default: everybody's.
	Relay Relay

	// Checkpoint returns the public log as it is now, for the next header. Default: there is no log.
	Checkpoint func(ctx context.Context) (Checkpoint, error)

	// Verdicts returns the root over verdicts that contracts wait for, for the header of an epoch. Default: there are none.
	Verdicts func(ctx context.Context, epoch int64) (Hash, error)

	// VerdictsWait reports whether there are such that were in no header: then there is an epoch also when nobody is to be paid.
	// Default: there are none.
	VerdictsWait func(ctx context.Context) (bool, error)

	// Uncovered closes open questions of an organisation that have as much set aside, which nothing in the vault pays for any more.
	// It is called again while there are such. Default: they stay open, and their pay may have to wait for a deposit.
	Uncovered func(ctx context.Context, u Uncovered) error

	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

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
	if cfg.Checkpoint == nil {
		cfg.Checkpoint = func(context.Context) (Checkpoint, error) { return Checkpoint{}, nil }
	}
	if cfg.Verdicts == nil {
		cfg.Verdicts = func(context.Context, int64) (Hash, error) { return Hash{}, nil }
	}
	if cfg.VerdictsWait == nil {
		cfg.VerdictsWait = func(context.Context) (bool, error) { return false, nil }
	}
	if cfg.Uncovered == nil {
		cfg.Uncovered = func(context.Context, Uncovered) error { return nil }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Payer{store: store, chain: chain, cfg: cfg, wake: make(chan struct{}, 1)}
}

// Run books and pays until ctx ends, side by side: a payout to many takes a while, and no deposit waits for it. A step
// that fails is tried again at each poll, and logged when it begins and at growing intervals.
func (p *Payer) Run(ctx context.Context) error {
	both := new(errgroup.Group)
	both.Go(func() error { return p.repeat(ctx, "events", nil, p.CollectEvents) })
	both.Go(func() error { return p.repeat(ctx, "epochs", p.wake, p.Advance) })
	return both.Wait()
}

// repeat does something at every poll, and whenever it is woken, until ctx ends.
func (p *Payer) repeat(ctx context.Context, work string, wake <-chan struct{}, do func(context.Context) error) error {
	tick := time.NewTicker(p.cfg.Poll)
	defer tick.Stop()
	var told complaint
	for {
		err := do(ctx)
		switch tell, failures := told.about(err, p.cfg.Now()); {
		case !tell || ctx.Err() != nil:
		case err != nil:
			p.cfg.Log.Error("the payer tries again", "work", work, "error", err, "failures", failures)
		default:
			p.cfg.Log.Info("the payer goes on", "work", work, "failures", failures)
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

// Advance takes the oldest epoch that is not settled as far as it goes, and closes a new one when the last is settled and its time is up, or when
// the owner of a deposit is about to withdraw and has spent since. One that pays nobody is closed only for that, or for
// verdicts that contracts wait for.
func (p *Payer) Advance(ctx context.Context) error {
	e, err := p.store.LastEpoch(ctx)
	if err == nil {
		e, err = p.oldestOpen(ctx, e)
	}
	switch {
	case errors.Is(err, ErrNoEpoch), err == nil && e.State == Settled:
		early := err == nil && p.cfg.Now().Sub(e.At) < p.cfg.Every
		var hurry, wait bool
		if hurry, err = p.store.NoticeWaits(ctx); err != nil || early && !hurry {
			return err
		}
		if wait, err = p.cfg.VerdictsWait(ctx); err != nil {
			return err
		}
		if err := p.recordAll(ctx); err != nil {
			return err
		}
		if e, err = p.plan(ctx, e.Number+1, hurry || wait); errors.Is(err, ErrNothingToPay) {
			p.tell(e, nil)
			return nil
		}
	}
	for before := EpochState(""); err == nil && e.State != Settled && e.State != before; {
		before = e.State
		e, err = p.step(ctx, e)
	}
	p.tell(e, err)
	if e.State != Settled {
		err = errors.Join(err, p.relayBefore(ctx, e))
	}
	return err
}

// plan closes an epoch: it takes up all final pay. Without any it does so only when empty ones are wanted.
func (p *Payer) plan(ctx context.Context, number int64, empty bool) (Epoch, error) {
	now := p.cfg.Now()
	if p.stuck != nil && !empty && now.Sub(p.stuck.at) < p.cfg.Every {
		if spent, err := p.store.SpentNow(ctx); err != nil || spent == p.stuck.spent {
			return Epoch{}, cmp.Or(err, error(ErrNothingToPay))
		}
	}
	p.stuck = nil
	due, err := p.store.Due(ctx, p.cfg.Least, now)
	if err != nil {
		return Epoch{}, err
	}
	leaves, err := p.store.Leaves(ctx, number-1)
	if err != nil {
		return Epoch{}, err
	}
	plan, err := p.save(ctx, number, due, leaves, empty, now)
	p.short = tasknet.Amount{}
	if errors.Is(err, ErrUncovered) {
		spent, err := p.store.SpentNow(ctx)
		if err != nil {
			return Epoch{}, err
		}
		left := spent
		for _, l := range leaves {
			left = left.Sub(l.Cumulative)
		}
		if due, p.short = within(due, left); len(due) == 0 {
			p.stuck = &stuck{spent, now}
		}
		p.cfg.Log.Warn("what requesters have in the vault does not cover all pay; some waits for a deposit", "epoch", number, "waits", p.short)
		if plan, err = p.save(ctx, number, due, leaves, empty, now); err != nil {
			return Epoch{}, err
		}
	} else if err != nil {
		return Epoch{}, err
	}
	p.cfg.Log.Info("epoch closed", "epoch", number, "amount", plan.Epoch.Amount.String(), "payees", plan.Epoch.Payees)
	return p.store.Epoch(ctx, number)
}

// save makes the plan of an epoch, and saves it.
func (p *Payer) save(ctx context.Context, number int64, due []Due, leaves []Payout, empty bool, now time.Time) (*Plan, error) {
	plan, err := NewPlan(number, due, leaves, p.chain.Info(), now)
	if empty && errors.Is(err, ErrNothingToPay) {
		plan, err = EmptyPlan(number, leaves, p.chain.Info(), now)
	}
	if err != nil {
		return nil, err
	}
	return plan, p.store.SavePlan(ctx, plan)
}

// step takes an epoch one state further, or leaves it where it waits for the chain. Where the chain has another root than the ledger, it
// may be an earlier one of the ledger's.
func (p *Payer) step(ctx context.Context, e Epoch) (Epoch, error) {
	next, err := p.onward(ctx, e)
	if !errors.Is(err, ErrForeignRoot) {
		return next, err
	}
	if again, failed := p.comesBack(ctx, e); failed != nil || !again {
		return next, errors.Join(err, failed)
	}
	return p.store.Epoch(ctx, e.Number)
}

// onward is step for who has looked at no other roots than those of now.
func (p *Payer) onward(ctx context.Context, e Epoch) (Epoch, error) {
	switch e.State {
	case Planned:
		if back, err := p.isBack(ctx, e); err != nil || back.State != Planned {
			return back, err
		}
		if err := p.build(ctx, e); err != nil {
			return e, fmt.Errorf("build the header of epoch %d: %w", e.Number, err)
		}
		return p.store.Epoch(ctx, e.Number)
	case Built:
		mined, err := p.postRoot(ctx, e)
		if errors.Is(err, errOutdated) {
			return p.advanced(ctx, e, Planned, Mined{})
		} else if err != nil {
			return e, fmt.Errorf("post root of epoch %d: %w", e.Number, err)
		}
		return p.advanced(ctx, e, Posted, mined)
	case Posted, Confirmed, Blocked:
		to, err := p.standing(ctx, e)
		if err != nil || to == e.State {
			return e, err
		}
		return p.advanced(ctx, e, to, Mined{})
	case Active:
		// After a re-organisation a newer root may be in force by now, or this one not yet. It was in force, so it is not void.
		if to, err := p.standing(ctx, e); err != nil {
			return e, err
		} else if to != Active && to != Voided {
			return p.advanced(ctx, e, to, Mined{})
		}
		if err := p.relay(ctx, e); err != nil {
			return e, fmt.Errorf("relay claims of epoch %d: %w", e.Number, err)
		}
		return p.advanced(ctx, e, Settled, Mined{})
	case Voided: // until PostAgain
		return p.isBack(ctx, e)
	}
	return e, fmt.Errorf("epoch %d is in state %q", e.Number, e.State)
}

// isBack makes an epoch Confirmed that was voided, or is to be built anew since then, when the chain has its root all the same: a
// re-organisation took the judgement back.
func (p *Payer) isBack(ctx context.Context, e Epoch) (Epoch, error) {
	if e.Tx == (Hash{}) { // it was never there
		return e, nil
	}
	header := e.Header(p.chain.Info())
	roots, err := p.chain.Roots(ctx)
	if err != nil {
		return e, err
	}
	if roots.has(e.Number, header.Hash()) {
		return p.advanced(ctx, e, Confirmed, Mined{})
	}
	if again, err := p.comesBack(ctx, e); err != nil || !again {
		return e, err
	}
	return p.store.Epoch(ctx, e.Number)
}

func (p *Payer) advanced(ctx context.Context, e Epoch, to EpochState, m Mined) (Epoch, error) {
	if to == Active { // the next step reads the root again, and from then on a re-organisation is seen that takes it back
		if err := p.CollectEvents(ctx); err != nil {
			return e, err
		}
	}
	if err := p.store.AdvanceEpoch(ctx, e.Number, e.State, to, m); err != nil {
		return e, err
	}
	if to == Blocked || to == Voided {
		p.cfg.Log.Error("a payout root was called wrong; look at the evidence in its transaction", "epoch", e.Number, "state", to)
	}
	return p.store.Epoch(ctx, e.Number)
}

// build fixes the header of an epoch: its money is fixed, and the log is anchored as it is now.
func (p *Payer) build(ctx context.Context, e Epoch) error {
	accounts, err := p.store.Spending(ctx, e.Number)
	if err != nil {
		return err
	}
	tree, err := SpendingTree(accounts, p.chain.Info())
	if err != nil {
		return err
	}
	e.Spending = tree.Root()
	if e.Log, err = p.cfg.Checkpoint(ctx); err != nil {
		return err
	}
	if e.Log.Size == 0 { // of a log without leaves there is nothing to anchor
		e.Log.Root = Hash{}
	}
	if e.Verdicts, err = p.cfg.Verdicts(ctx, e.Number); err != nil {
		return err
	}
	return p.store.BuildEpoch(ctx, e.Number, e.State, e.Header(p.chain.Info()))
}

// postRoot posts the epoch's header unless an earlier attempt, whose answer was lost, already did. That attempt's root may be
// void by now. It is not posted again then: what became of it is found by the next step.
func (p *Payer) postRoot(ctx context.Context, e Epoch) (Mined, error) {
	header := e.Header(p.chain.Info())
	hash := header.Hash()
	roots, err := p.chain.Roots(ctx)
	switch {
	case err != nil:
		return Mined{}, err
	case roots.has(e.Number, hash):
		return p.chain.RootMined(ctx, header)
	case roots.Epoch > e.Number: // it was taken back with newer ones, and all were mined again
		mined, err := p.chain.RootMined(ctx, header)
		if errors.Is(err, ErrNoRoot) {
			err = fmt.Errorf("the vault is at epoch %d: %w", roots.Epoch, ErrForeignRoot)
		}
		return mined, err
	case roots.Epoch != e.Number-1 || roots.NextEpoch != 0:
		return Mined{}, fmt.Errorf("the vault is at epoch %d, and %d waits: %w", roots.Epoch, roots.NextEpoch, ErrForeignRoot)
	}
	if mined, err := p.chain.RootMined(ctx, header); err == nil && mined.Tx != e.Tx {
		return mined, nil
	} else if err != nil && !errors.Is(err, ErrNoRoot) {
		return Mined{}, err
	}
	var before Header
	if e.Number > 1 {
		last, err := p.store.Epoch(ctx, e.Number-1)
		if err != nil {
			return Mined{}, err
		}
		before = last.Header(p.chain.Info())
	}
	if before.LogSize > header.LogSize {
		return Mined{}, errOutdated
	}
	return p.chain.PostRoot(ctx, before, header)
}

// errOutdated reports a header of an older log than the one before it has, which the vault refuses for ever: that one was taken back
// and built anew.
var errOutdated = errors.New("the header is of an older log than the one before")

// standing returns the state of an epoch whose header was mined, as the chain has it now.
func (p *Payer) standing(ctx context.Context, e Epoch) (EpochState, error) {
	header := e.Header(p.chain.Info())
	hash := header.Hash()
	roots, err := p.chain.Roots(ctx)
	switch {
	case err != nil:
		return e.State, fmt.Errorf("read root of epoch %d: %w", e.Number, err)
	case roots.Epoch == e.Number && roots.Header == hash:
		if e.State == Posted {
			return Confirmed, nil
		}
		return Active, nil
	case roots.Epoch > e.Number: // as it is when both were taken back and mined again
		if ours, err := p.ours(ctx, roots); err != nil || ours {
			return Settled, err
		}
		return e.State, fmt.Errorf("epoch %d, the vault has %d: %w", e.Number, roots.Epoch, ErrForeignRoot)
	case roots.NextEpoch == e.Number && roots.Next == hash:
		switch {
		case e.State == Posted:
			return Confirmed, nil
		case roots.Blocked:
			return Blocked, nil
		}
		return Confirmed, nil
	case roots.Epoch != e.Number-1 || roots.NextEpoch != 0:
		return e.State, fmt.Errorf("epoch %d, the vault has %d, and %d waits: %w", e.Number, roots.Epoch, roots.NextEpoch, ErrForeignRoot)
	}
	// The vault had it, and has it no more: it was voided, or the chain took the transaction back.
	if _, err := p.chain.RootMined(ctx, header); errors.Is(err, ErrNoRoot) {
		p.cfg.Log.Warn("the chain took a payout root back; it is posted again", "epoch", e.Number)
		return Built, nil
	} else if err != nil {
		return e.State, err
	}
	return Voided, nil
}

// has reports whether a vault has the header of an epoch, in force or not yet.
func (r Roots) has(epoch int64, header Hash) bool {
	return r.Epoch == epoch && r.Header == header || r.NextEpoch == epoch && r.Next == header
}
