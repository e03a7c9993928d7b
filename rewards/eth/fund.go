package eth

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
)

// Mint makes base units of the vault's token for somebody. It fails with ErrNoMinter when the token is no test token, and with
// ErrNotMinter when another key mints it.
func (w *Wallet) Mint(ctx context.Context, to rewards.Address, base *big.Int) (rewards.Mined, error) {
	token := common.Address(w.info.Token)
	read := reader{ctx: ctx, backend: w.backend, to: token}
	minter := readAs(&read, tokenABI.PackMinter(), tokenABI.UnpackMinter)
	switch {
	case errors.Is(read.err, ErrNoVault): // it has no such method
		return rewards.Mined{}, fmt.Errorf("%s (%s): %w", w.info.Symbol, token, ErrNoMinter)
	case read.err != nil:
		return rewards.Mined{}, read.err
	case minter != w.sender.account():
		return rewards.Mined{}, fmt.Errorf("%s mints, this key is %s: %w", minter, w.sender.account(), ErrNotMinter)
	}
	return settle(ctx, "mint test tokens", w.sender, &token, tokenABI.PackMint(common.Address(to), base))
}

// Deposit puts base units of the wallet's tokens into its account under a reference.
func (w *Wallet) Deposit(ctx context.Context, reference [32]byte, base *big.Int) (rewards.Mined, error) {
	if err := w.allow(ctx, w.info.Vault, base); err != nil {
		return rewards.Mined{}, err
	}
	return w.write(ctx, "deposit", vaultABI.PackDeposit(w.sender.account(), reference, base))
}

// allow has the token let a contract take base units from the wallet.
func (w *Wallet) allow(ctx context.Context, to rewards.Address, base *big.Int) error {
	token := common.Address(w.info.Token)
	_, err := settle(ctx, "let the contract take the tokens", w.sender, &token, tokenABI.PackApprove(common.Address(to), base))
	return err
}
