package eth

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
)

const (
	// stakeFile holds the address of the dev chain's contract of stakes.
	stakeFile = "stake"

	// devStakeTime is how long a case stays open on the dev chain, and how long somebody waits for a stake.
	devStakeTime = 10 * time.Minute

	// StakeCapPPM is the most that a case takes of a stake, unless a contract is made with another share.
	StakeCapPPM = 500_000
)

// openStake opens the contract of stakes that the chain's folder names, or makes one, also where the chain is from before there was
// any. Its court is the key that relays claims: the minter's owns the deposits of those who are harmed, and a court is awarded nothing.
func (d *Dev) openStake(ctx context.Context, dir string) error {
	name := filepath.Join(dir, stakeFile)
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if at := strings.TrimSpace(string(text)); at != "" { // a hard exit may have taken the newest blocks, and the contract with them
		if err := d.checkStake(ctx, rewards.Address(common.HexToAddress(at))); !errors.Is(err, ErrNoStake) {
			return err
		}
	}
	at, _, err := made(ctx, "make the contract of stakes", d.minter, stakeCode(rewards.StakeTerms{
		Court: rewards.Address(d.relayer.account()), Operator: rewards.Address(d.poster.account()), Delay: devStakeTime, CaseTime: devStakeTime, CapPPM: StakeCapPPM,
	}, d.info.Token))
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, []byte("0x"+hex.EncodeToString(at[:])+"\n"), 0o600); err != nil {
		return err
	}
	return d.checkStake(ctx, at)
}

var _ rewards.Court = (*Dev)(nil)

// OpenCase implements rewards.Court.
func (d *Dev) OpenCase(ctx context.Context, staker rewards.Address, evidence rewards.Hash) (rewards.Mined, error) {
	return d.judges(ctx, "open a case", stakeABI.PackOpenCase(common.Address(staker), evidence))
}

// Slash implements rewards.Court.
func (d *Dev) Slash(ctx context.Context, id int64, evidence rewards.Hash, shares []rewards.Share) (rewards.Mined, error) {
	return d.judges(ctx, "slash a stake", slashing(id, evidence, shares))
}

// Dismiss implements rewards.Court.
func (d *Dev) Dismiss(ctx context.Context, id int64) (rewards.Mined, error) {
	return d.judges(ctx, "dismiss a case", stakeABI.PackDismiss(big.NewInt(id)))
}

func (d *Dev) judges(ctx context.Context, doing string, data []byte) (rewards.Mined, error) {
	to := common.Address(d.info.Stake.Contract)
	return settle(ctx, doing, d.relayer, &to, data)
}
