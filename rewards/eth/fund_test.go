package eth_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// TestFund makes a vault of test tokens, mints some and deposits them; other keys and other tokens are refused.
func TestFund(t *testing.T) {
	ctx := t.Context()
	d, cfg := served(t)
	deployed, err := eth.Deploy(ctx, cfg, eth.Terms{})
	if err != nil {
		t.Fatal(err)
	}
	open := func(vault rewards.Address, key eth.Key) *eth.Wallet {
		t.Helper()
		w, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: cfg.URL, Vault: vault, Confirmations: 2}, key)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
		return w
	}
	poster, ref := open(deployed.Vault, cfg.Key), rewards.Reference("org_1")
	if _, err := poster.Mint(ctx, poster.Address(), big.NewInt(7)); err != nil {
		t.Fatal(err)
	}
	if _, err := poster.Deposit(ctx, ref, big.NewInt(8)); !errors.Is(err, eth.ErrReverted) {
		t.Errorf("more than it has: %v", err)
	}
	in, err := poster.Deposit(ctx, ref, big.NewInt(7))
	if err != nil {
		t.Fatal(err)
	}
	events, _, err := poster.Events(ctx, 0)
	if err != nil || len(events) != 1 || events[0].Tx != in.Tx || events[0].Owner != poster.Address() || events[0].Reference != ref || events[0].Base.Int64() != 7 {
		t.Errorf("deposited %+v, %v", events, err)
	}
	if _, err := open(deployed.Vault, cfg.RelayKey).Mint(ctx, person(0), big.NewInt(1)); !errors.Is(err, eth.ErrNotMinter) {
		t.Errorf("minted by another: %v", err)
	}
	coin, err := eth.Deploy(ctx, cfg, eth.Terms{Token: eth.MakeCoin(t, d)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(coin.Vault, cfg.Key).Mint(ctx, person(0), big.NewInt(1)); !errors.Is(err, eth.ErrNoMinter) {
		t.Errorf("minted of what is no test token: %v", err)
	}
}
