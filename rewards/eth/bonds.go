package eth

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
)

// TermsOf returns what the vault was made with, and who posts roots now.
func (v *View) TermsOf(ctx context.Context) (t Terms, poster rewards.Address, err error) {
	read := reader{ctx: ctx, backend: v.backend, to: common.Address(v.info.Vault)}
	t.Token = v.info.Token
	t.Adjudicator = rewards.Address(readAs(&read, vaultABI.PackAdjudicator(), vaultABI.UnpackAdjudicator))
	t.Delay = time.Duration(readAs(&read, vaultABI.PackDelay(), vaultABI.UnpackDelay)) * time.Second
	t.Judgement = time.Duration(readAs(&read, vaultABI.PackJudgement(), vaultABI.UnpackJudgement)) * time.Second
	t.Notice = time.Duration(readAs(&read, vaultABI.PackNotice(), vaultABI.UnpackNotice)) * time.Second
	t.Bond = readAs(&read, vaultABI.PackBond(), vaultABI.UnpackBond)
	poster = rewards.Address(readAs(&read, vaultABI.PackPoster(), vaultABI.UnpackPoster))
	return t, poster, read.err
}

// BondOf returns how many base units somebody has at stake.
func (v *View) BondOf(ctx context.Context, who rewards.Address) (*big.Int, error) {
	read := reader{ctx: ctx, backend: v.backend, to: common.Address(v.info.Vault)}
	return readAs(&read, vaultABI.PackBondOf(common.Address(who)), vaultABI.UnpackBondOf), read.err
}

// Left returns how long it is until the pending root takes effect unless it is blocked, of how long in all; no time when none
// waits. A chain without transactions may be behind the clock, and the next block is by the clock: the later of both counts.
func (v *View) Left(ctx context.Context) (left, delay time.Duration, err error) {
	read := reader{ctx: ctx, backend: v.backend, to: common.Address(v.info.Vault)}
	delay = time.Duration(readAs(&read, vaultABI.PackDelay(), vaultABI.UnpackDelay)) * time.Second
	pending := readAs(&read, vaultABI.PackPending(), vaultABI.UnpackPending)
	if read.err != nil {
		return 0, 0, read.err
	}
	block, err := v.backend.HeaderByNumber(ctx, nil)
	if err != nil {
		return 0, 0, translate("read the head", err)
	}
	now := time.Unix(int64(block.Time), 0)
	if clock := time.Now(); clock.After(now) {
		now = clock
	}
	return max(0, time.Unix(int64(pending.PostedAt), 0).Add(delay).Sub(now)), delay, nil
}

// PutBond puts base units of the token at stake, for roots that the wallet posts or blocks.
func (w *Wallet) PutBond(ctx context.Context, amount *big.Int) (rewards.Mined, error) {
	if err := w.allow(ctx, w.info.Vault, amount); err != nil {
		return rewards.Mined{}, err
	}
	return w.write(ctx, "put a bond", vaultABI.PackPutBond(amount))
}

// TakeBond takes base units back that are not at stake for a root which is pending. It fails with ErrBond when they are.
func (w *Wallet) TakeBond(ctx context.Context, amount *big.Int) (rewards.Mined, error) {
	return w.write(ctx, "take a bond back", vaultABI.PackTakeBond(amount))
}

// BlockRoot stops the pending root, whose header is given, for the adjudicator to decide. It fails with ErrBond when the wallet
// has less at stake than the vault asks for, with ErrNotPending when no such root waits, and with ErrNotWatcher when the wallet
// may not block.
func (w *Wallet) BlockRoot(ctx context.Context, h rewards.Header, evidence rewards.Hash) (rewards.Mined, error) {
	return w.write(ctx, "block a root", vaultABI.PackBlockRoot(packed(h), evidence))
}

// Judge decides about the blocked root of an epoch. It fails with ErrNotAdjudicator, and with ErrNotPending when there is none.
func (w *Wallet) Judge(ctx context.Context, epoch int64, good bool) (rewards.Mined, error) {
	return w.write(ctx, "judge a root", vaultABI.PackJudge(uint64(epoch), good))
}

// OfferPoster offers the place of the wallet, which posts roots, to another account. It fails with ErrNotPoster.
func (w *Wallet) OfferPoster(ctx context.Context, next rewards.Address) (rewards.Mined, error) {
	return w.write(ctx, "offer the poster's place", vaultABI.PackOfferPoster(common.Address(next)))
}

// AcceptPoster takes the poster's place that was offered to the wallet. It fails with ErrNotOffered, with ErrBond while the wallet
// has less at stake than the vault asks of a poster, which the vault itself would notice only at the first root, and with
// ErrPending while a root waits, which has the bond of the poster before at stake.
func (w *Wallet) AcceptPoster(ctx context.Context) (rewards.Mined, error) {
	read := reader{ctx: ctx, backend: w.backend, to: common.Address(w.info.Vault)}
	offered := readAs(&read, vaultABI.PackOffered(), vaultABI.UnpackOffered)
	bond := readAs(&read, vaultABI.PackBond(), vaultABI.UnpackBond)
	has := readAs(&read, vaultABI.PackBondOf(common.Address(w.Address())), vaultABI.UnpackBondOf)
	if read.err != nil {
		return rewards.Mined{}, read.err
	}
	if offered == common.Address(w.Address()) && has.Cmp(bond) < 0 {
		return rewards.Mined{}, fmt.Errorf("%s has %s base units at stake, of %s: %w", offered, has, bond, ErrBond)
	}
	return w.write(ctx, "take the poster's place", vaultABI.PackAcceptPoster())
}

// RecoverPoster has the wallet, which is the adjudicator's, name a new poster. It fails with ErrNotAdjudicator, and with
// ErrPosterThere when a root was posted within the vault's notice.
func (w *Wallet) RecoverPoster(ctx context.Context, next rewards.Address) (rewards.Mined, error) {
	m, err := w.write(ctx, "name a new poster", vaultABI.PackRecoverPoster(common.Address(next)))
	if errors.Is(err, ErrNotice) { // the vault says both with one error
		err = fmt.Errorf("%w (%w)", ErrPosterThere, err)
	}
	return m, err
}
