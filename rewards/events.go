package rewards

import (
	"context"
	"errors"
	"fmt"

	"github.com/tasknet/tasknet"
)

// CollectEvents books what requesters did with the vault since the last call and has the depth to count. When the chain
// has taken blocks back that were booked, what is gone with them is undone first.
func (p *Payer) CollectEvents(ctx context.Context) error {
	p.looking.Lock()
	defer p.looking.Unlock()
	last, err := p.stepBack(ctx)
	if err != nil {
		return err
	}
	from, err := p.beforeOracle(ctx, last.Block)
	if err != nil {
		return err
	}
	events, through, err := p.chain.Events(ctx, from)
	if err != nil {
		return fmt.Errorf("events after block %d: %w", from, err)
	}
	if err := p.still(ctx, last); err != nil {
		return err
	}
	if through.Block > from {
		if err := p.book(ctx, events, through); err != nil {
			return err
		}
	}
	return p.protect(ctx)
}

// book books events through a block.
func (p *Payer) book(ctx context.Context, events []Event, through Look) error {
	bookings := make([]Booking, 0, len(events))
	asked := make(map[string]bool) // whom requests among these events make known
	for _, e := range events {
		b, err := p.booking(ctx, e, asked)
		if err != nil {
			return err
		}
		bookings = append(bookings, b)
	}
	through.Oracle = p.chain.Info().Oracle
	return p.store.BookEvents(ctx, bookings, through, p.cfg.Now())
}

// protect sets aside what requesters are about to withdraw, and has questions closed that nothing would pay for then: the answers
// that they have are paid while their money is still here.
func (p *Payer) protect(ctx context.Context) error {
	list, err := p.store.FreezeNoticed(ctx, p.cfg.Now())
	if err != nil {
		return err
	}
	var failed error
	for _, u := range list {
		if err := p.cfg.Uncovered(ctx, u); err != nil {
			failed = errors.Join(failed, fmt.Errorf("close questions of %s that nothing pays for: %w", u.Org, err))
		}
	}
	return failed
}

// booking says whose an event is, and how much it moves.
func (p *Payer) booking(ctx context.Context, e Event, asked map[string]bool) (b Booking, err error) {
	b = Booking{Event: e}
	org := OrgOf(e.Reference)
	if e.Ask != nil {
		asked[org] = true
	}
	known := asked[org]
	if !known {
		if known, err = p.cfg.Known(ctx, org); err != nil {
			return b, err
		}
	}
	if known {
		b.Org = org
	}
	if e.Base == nil {
		return b, nil
	}
	amount, err := p.chain.Info().Amount(e.Base)
	if err != nil || !known || amount.IsZero() {
		p.cfg.Log.Warn("a deposit or withdrawal is booked to nobody", "kind", e.Kind, "tx", fmt.Sprintf("0x%x", e.Tx), "reference", fmt.Sprintf("0x%x", e.Reference), "known", known, "base_units", e.Base, "error", err)
		return b, nil
	}
	b.Amount = amount
	return b, nil
}

// still fails when the chain does not have a block any more: it changed while it was read, and what was read may be of two branches.
// The next call finds out how far it goes back.
func (p *Payer) still(ctx context.Context, l Look) error {
	if l.Hash == (Hash{}) { // before the first
		return nil
	}
	hash, err := p.chain.BlockHash(ctx, l.Block)
	if err != nil {
		return fmt.Errorf("hash of block %d: %w", l.Block, err)
	}
	if hash != l.Hash {
		return fmt.Errorf("block %d: %w", l.Block, errChanged)
	}
	return nil
}

// stepBack returns the block after which events are to be booked. Where the chain has another block now than the one that
// was looked at, it goes back to the newest that both have, undoes what was booked since and is not on the chain, events, roots and
// claims, and books what is.
func (p *Payer) stepBack(ctx context.Context) (from Look, err error) {
	from = Look{Block: p.chain.Info().VaultBlock - 1}
	looks, err := p.store.Looks(ctx)
	if err != nil || len(looks) == 0 {
		return from, err
	}
	for _, l := range looks {
		hash, err := p.chain.BlockHash(ctx, l.Block)
		if err != nil {
			return from, fmt.Errorf("hash of block %d: %w", l.Block, err)
		}
		if hash == l.Hash {
			from = l
			break
		}
	}
	if from.Block == looks[0].Block {
		return from, nil
	}
	booked, err := p.store.EventsAfter(ctx, from.Block)
	if err != nil {
		return from, err
	}
	there := make(map[string]Event)
	var list []Event
	at := from
	for at.Block < looks[0].Block {
		events, through, err := p.chain.Events(ctx, at.Block)
		if err == nil {
			err = p.still(ctx, at)
		}
		if err != nil {
			return from, fmt.Errorf("events after block %d: %w", at.Block, err)
		}
		if through.Block <= at.Block {
			return from, fmt.Errorf("the chain is at block %d and was at %d: %w", at.Block, looks[0].Block, errBehind)
		}
		for _, e := range events {
			there[e.Cause()] = e
		}
		list, at = append(list, events...), through
	}
	p.cfg.Log.Error("the chain has taken back blocks that were booked", "from", from.Block, "through", looks[0].Block)
	for _, b := range booked {
		if e, ok := there[b.Event.Cause()]; ok && b.Event.same(e) {
			continue
		}
		p.cfg.Log.Error("the chain has taken a deposit or withdrawal back; it is undone, and what was spent of it is a debt", "kind", b.Event.Kind, "tx", fmt.Sprintf("0x%x", b.Event.Tx), "org", b.Org, "amount", b.Amount)
		if err := p.store.UndoEvent(ctx, b.Event, p.cfg.Now()); err != nil {
			return from, err
		}
	}
	if err := p.takenBack(ctx); err != nil {
		return from, fmt.Errorf("what the chain took back: %w", err)
	}
	if err := p.still(ctx, at); err != nil { // else what was found is of more than one branch
		return from, err
	}
	if err := p.store.StepBack(ctx, from.Block); err != nil {
		return from, err
	}
	return at, p.book(ctx, list, at) // so that it is seen when this branch is gone, too
}

// beforeOracle returns the block after which events are to be booked, given the one that was found. Where blocks were looked at
// while the server did not know the oracle that it knows now, it goes back to before them: contracts may have asked it there, and
// what they paid was booked to nobody.
func (p *Payer) beforeOracle(ctx context.Context, from int64) (int64, error) {
	info := p.chain.Info()
	if info.Oracle == (Address{}) || from < info.VaultBlock {
		return from, nil
	}
	through, err := p.store.AskedThrough(ctx, info.Oracle)
	if err != nil || through >= from {
		return from, err
	}
	through = max(through, info.VaultBlock-1)
	p.cfg.Log.Info("questions are looked for that contracts asked while this oracle was not known", "oracle", fmt.Sprintf("0x%x", info.Oracle), "after", through, "through", from)
	return through, p.store.StepBack(ctx, through)
}

// same reports whether two events are one. Their blocks may differ: the transaction may have been mined again.
func (e *Event) same(o Event) bool {
	return e.Kind == o.Kind && e.Tx == o.Tx && e.LogIndex == o.LogIndex && e.Owner == o.Owner && e.Reference == o.Reference &&
		(e.Base == nil) == (o.Base == nil) && (e.Base == nil || e.Base.Cmp(o.Base) == 0)
}

var errChanged = tasknet.NewError(tasknet.Unavailable, "chain_changed", "The chain took blocks back while it was read; it is read again.")

var errBehind = tasknet.NewError(tasknet.Unavailable, "chain_behind", "The chain is shorter than it was; its blocks are waited for.")
