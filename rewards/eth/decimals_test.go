package eth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
)

// tokenOf is the code of a contract that says how many decimals it has, and to all else that its name is "X".
func tokenOf(decimals uint8) string {
	return fmt.Sprintf("0x5f3560e01c63313ce567146023576020"+"5f526001602052605860f81b60405260605ff3"+"5b60%02x5f5260205ff3", decimals)
}

// TestDecimals: no vault is made for a token of other than 6 to 18 decimals, or for what is no token, and one that is there is not
// used.
func TestDecimals(t *testing.T) {
	b := newBench(t)
	token := common.Address{0x70}
	cfg := Config{URL: b.proxy.URL, Key: Key{Secret: ethtest.RichKey}, Confirmations: 1, Poll: time.Millisecond}
	for decimals, fits := range map[uint8]bool{0: false, 5: false, 6: true, 8: true, 18: true, 19: false, 255: false} {
		b.anvil.Do(t, nil, "anvil_setCode", token, tokenOf(decimals))
		before := b.nonce()
		made, err := Deploy(context.Background(), cfg, Terms{Token: rewards.Address(token)})
		if sent := b.nonce() - before; (err == nil) != fits || !fits && (!errors.Is(err, ErrConfig) || sent > 0 || !strings.Contains(err.Error(), fmt.Sprintf("has %d decimals", decimals))) {
			t.Errorf("a token of %d decimals: %v, %d transactions", decimals, err, sent)
		}
		vault := common.Address(made.Vault)
		if !fits {
			in, err := settleIncluded(b.sender, nil, vaultCode(Terms{Token: rewards.Address(token)}, b.sender.account()))
			if err != nil {
				t.Fatal(err)
			}
			vault = in.ContractAddress
		}
		v, err := OpenView(context.Background(), ViewConfig{URL: b.proxy.URL, Vault: rewards.Address(vault)})
		if (err == nil) != fits || !fits && !errors.Is(err, ErrConfig) {
			t.Errorf("the vault of a token of %d decimals: %v", decimals, err)
		}
		if err != nil {
			continue
		}
		if info := v.Info(); info.Decimals != int(decimals) || info.Symbol != "X" {
			t.Errorf("a token of %d decimals is read as %+v", decimals, info)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, none := range []common.Address{{0x71}, b.to} { // nobody, and another contract
		if _, err := Deploy(context.Background(), cfg, Terms{Token: rewards.Address(none)}); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "no ERC-20 token") {
			t.Errorf("a vault for %s: %v", none, err)
		}
	}
}
