package eth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/tasknet/tasknet/rewards"
)

// TestDevStake: the dev chain has a contract of stakes that stays; a chain from before there was any gets one, and one that has lost
// it another. One of another token, or with another court than the vault's adjudicator, is none.
func TestDevStake(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	reopen := func() *Dev {
		t.Helper()
		d, err := OpenDev(ctx, DevConfig{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := reopen()
	first := d.Info().Stake
	if first.Contract == (rewards.Address{}) || first.Court != d.Relayer() || first.Operator != d.Poster() || first.CapPPM != StakeCapPPM || first.Delay != devStakeTime || first.CaseTime != devStakeTime {
		t.Errorf("the terms are %+v", first)
	}
	if err := d.checkStake(ctx, d.Info().Vault); !errors.Is(err, ErrNoStake) {
		t.Errorf("a vault is a contract of stakes: %v", err)
	}
	if err := d.checkStake(ctx, rewards.Address{5}); !errors.Is(err, ErrNoStake) {
		t.Errorf("an address without code is a contract of stakes: %v", err)
	}
	other := &View{backend: d.View.backend, info: d.Info()}
	if other.info.Token, other.info.Stake = (rewards.Address{1}), (rewards.StakeTerms{}); !errors.Is(other.checkStake(ctx, first.Contract), ErrNoStake) || other.info.Stake != (rewards.StakeTerms{}) {
		t.Error("a contract of another token is taken")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, lost := range []string{"", "0x00000000000000000000000000000000000000aa\n"} {
		d = reopen()
		was := d.Info().Stake
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		d = reopen()
		if d.Info().Stake != was {
			t.Errorf("the contract is %+v, and was %+v", d.Info().Stake, was)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, stakeFile)
		if err := os.WriteFile(name, []byte(lost), 0o600); err != nil {
			t.Fatal(err)
		}
		if lost == "" { // as before there was any
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		d = reopen()
		if at := d.Info().Stake.Contract; at == was.Contract || at == (rewards.Address{19: 0xaa}) || at == (rewards.Address{}) {
			t.Errorf("the contract that came for %q is %x", lost, at)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
