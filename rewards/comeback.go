package rewards

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Each header that an epoch was ever built with is kept. A re-organisation may bring back one that was built anew since: what it pays is
// the same, as an epoch's money is fixed before its first header, and only what it says of verdicts and of the public log is older. So
// it is taken up again. A header that was never built here is somebody else's.

// comesBack takes up earlier headers that the chain has: of the epochs whose roots are in force and wait and, where a newer one of ours is
// in force, of an epoch that is on the way. It reports whether there were any.
func (p *Payer) comesBack(ctx context.Context, e Epoch) (any bool, err error) {
	roots, err := p.chain.Roots(ctx)
	if err != nil {
		return false, err
	}
	if any, err = p.rootsComeBack(ctx, roots); err != nil || roots.Epoch <= e.Number {
		return any, err
	}
	if ours, err := p.ours(ctx, roots); err != nil || !ours {
		return any, err
	}
	took, err := p.takeUp(ctx, e, func(Header) bool { return true })
	return any || took, err
}

// rootsComeBack takes up the headers of the roots in force and waiting where they are earlier ones.
func (p *Payer) rootsComeBack(ctx context.Context, roots Roots) (any bool, err error) {
	for _, on := range []struct {
		epoch  int64
		header Hash
	}{{roots.Epoch, roots.Header}, {roots.NextEpoch, roots.Next}} {
		if on.epoch == 0 {
			continue
		}
		e, err := p.store.Epoch(ctx, on.epoch)
		if errors.Is(err, ErrNoEpoch) {
			continue
		} else if err != nil {
			return any, err
		}
		if header := e.Header(p.chain.Info()); header.Hash() == on.header {
			continue
		}
		took, err := p.takeUp(ctx, e, func(h Header) bool { return h.Hash() == on.header })
		if err != nil {
			return any, err
		}
		any = any || took
	}
	return any, nil
}

// takeUp takes up the newest of an epoch's headers that the chain has and that is the one looked for, and reports whether there is one.
func (p *Payer) takeUp(ctx context.Context, e Epoch, is func(Header) bool) (bool, error) {
	builds, err := p.store.Builds(ctx, e.Number)
	if err != nil {
		return false, err
	}
	for i, b := range slices.Backward(builds) {
		header := b.Header(p.chain.Info())
		if !is(header) {
			continue
		}
		mined, err := p.chain.RootMined(ctx, header)
		if errors.Is(err, ErrNoRoot) {
			continue
		} else if err != nil {
			return false, err
		}
		p.cfg.Log.Warn("the chain has an earlier root of an epoch again, which was built anew since; it is taken up", "epoch", e.Number, "state", e.State, "tx", fmt.Sprintf("0x%x", mined.Tx))
		if err := p.store.TakeUp(ctx, e.Number, e.State, i, mined); err != nil {
			return false, fmt.Errorf("take up epoch %d: %w", e.Number, err)
		}
		return true, nil
	}
	return false, nil
}
