package rewards

import (
	"context"
	"errors"
	"fmt"

	"github.com/tasknet/tasknet"
)

// ErrNotVoided reports an epoch that is not to be posted again, because its root is not void.
var ErrNotVoided = tasknet.NewError(tasknet.Conflict, "epoch_not_voided", "The epoch is not void; there is nothing to post again.")

// PostAgain has the header of a voided epoch built anew and posted. A root that was judged wrong would cost the poster's bond
// once more, and what it pays out is fixed in the ledger and does not change by itself: so the payer never does this on its
// own, and it is for an operator who has looked at the evidence.
func PostAgain(ctx context.Context, store EpochStore, epoch int64) error {
	err := store.AdvanceEpoch(ctx, epoch, Voided, Planned, Mined{})
	if errors.Is(err, ErrEpochMoved) {
		return fmt.Errorf("epoch %d: %w", epoch, ErrNotVoided)
	}
	return err
}

// Waiting says in one line what keeps the newest epoch from being paid out, when it is more than its time; nothing when nothing
// does. It may be shown to anybody.
func (p *Payer) Waiting() string {
	if text := p.waiting.Load(); text != nil {
		return *text
	}
	return ""
}

// tell has Waiting tell of an epoch, and of what kept it from its next step.
func (p *Payer) tell(e Epoch, err error) {
	text := ""
	switch {
	case err != nil && e.Number == 0:
		text = "the next epoch cannot be closed: " + tasknet.Describe(err).Message
	case err != nil:
		text = fmt.Sprintf("epoch %d does not get on: %s", e.Number, tasknet.Describe(err).Message)
	case e.State == Blocked:
		text = fmt.Sprintf("the root of epoch %d is blocked by a watcher; the adjudicator decides", e.Number)
	case e.State == Voided:
		text = fmt.Sprintf("the root of epoch %d is void: it was judged wrong, or not judged in time; payouts wait until the operator has it posted again", e.Number)
	case e.State != Settled && e.Number > 0 && e.Number <= p.back.Load():
		text = backText(e.Number)
	case !p.short.IsZero():
		text = fmt.Sprintf("pay of %s waits: what requesters have in the vault does not cover it until somebody deposits", p.short)
	}
	p.waiting.Store(&text)
}

// relayBefore relays claims under the root in force while the one after it is not: people whose claims were not worth their gas,
// or could not be paid, do not wait for a judgement. It looks as often as epochs are closed.
func (p *Payer) relayBefore(ctx context.Context, next Epoch) error {
	if now := p.cfg.Now(); next.Number < 2 || now.Sub(p.relayed) < p.cfg.Every {
		return nil
	}
	e, err := p.store.Epoch(ctx, next.Number-1)
	if err != nil {
		return err
	}
	roots, err := p.chain.Roots(ctx)
	if err != nil {
		return err
	}
	if header := e.Header(p.chain.Info()); roots.Epoch != e.Number || roots.Header != header.Hash() {
		return nil // the next has come into force, or it is another's, which its own step says
	}
	if err := p.relay(ctx, e); err != nil {
		return fmt.Errorf("relay claims of epoch %d: %w", e.Number, err)
	}
	return nil
}
