package eth

import (
	"context"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Wallet is a key that does with a vault what is its own to do, without any server but a node of the chain: a respondent's, who
// claims, that of an owner of deposits, or that of somebody with a stake in roots: a poster, a watcher, the adjudicator.
type Wallet struct {
	*View
	sender *sender
}

// OpenWallet looks at a vault with a key. It fails as OpenView does, and with ErrKey.
func OpenWallet(ctx context.Context, cfg ViewConfig, key Key) (*Wallet, error) {
	log := slog.New(slog.DiscardHandler)
	source, err := key.open(ctx, log)
	if err != nil {
		return nil, err
	}
	v, err := OpenView(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := newSender(v.backend, source, big.NewInt(v.info.ID), gwei(maxWalletGwei), v.info.Confirmations, log)
	s.progress = cfg.Progress
	return &Wallet{View: v, sender: s}, nil
}

// maxWalletGwei is the highest price that a wallet pays for a unit of gas.
const maxWalletGwei = 500

// Address is whose wallet it is.
func (w *Wallet) Address() rewards.Address { return rewards.Address(w.sender.account()) }

// ClaimOne pays a leaf, which anybody may do: the money goes to the leaf's address. It fails with ErrNothing when it was
// claimed.
func (w *Wallet) ClaimOne(ctx context.Context, h rewards.Header, leaf merkle.Leaf, proof [][32]byte) (rewards.Mined, error) {
	return w.write(ctx, "claim", vaultABI.PackClaim(packed(h), leaf.Address, leaf.Cumulative, proof))
}

// GiveNotice says that what is left of the wallet's account under a reference will be taken out, and returns from when on
// that is possible.
func (w *Wallet) GiveNotice(ctx context.Context, reference [32]byte) (rewards.Mined, time.Time, error) {
	read := reader{ctx: ctx, backend: w.backend, to: common.Address(w.info.Vault)}
	notice := readAs(&read, vaultABI.PackNotice(), vaultABI.UnpackNotice)
	if read.err != nil {
		return rewards.Mined{}, time.Time{}, read.err
	}
	m, err := w.write(ctx, "give notice", vaultABI.PackGiveNotice(reference))
	if err != nil {
		return m, time.Time{}, err
	}
	block, err := w.backend.HeaderByNumber(ctx, big.NewInt(m.Block))
	if err != nil {
		return m, time.Time{}, translate("read the notice's block", err)
	}
	return m, time.Unix(int64(block.Time+notice), 0), nil
}

// CancelNotice takes the notice back.
func (w *Wallet) CancelNotice(ctx context.Context, reference [32]byte) (rewards.Mined, error) {
	return w.write(ctx, "cancel the notice", vaultABI.PackCancelNotice(reference))
}

// Withdraw takes out what is left of the wallet's account under a reference. The leaf and its proof are of the header's
// spending tree; an account younger than all headers in force has none, and gives the zero leaf. It fails with ErrNotice
// before the notice is over, and with ErrNothing when all was spent or withdrawn.
func (w *Wallet) Withdraw(ctx context.Context, h rewards.Header, reference [32]byte, spent *big.Int, proof [][32]byte, to rewards.Address) (rewards.Mined, error) {
	return w.write(ctx, "withdraw", vaultABI.PackWithdraw(packed(h), reference, spent, proof, common.Address(to)))
}

// Since returns the block of the first deposit into the wallet's account under a reference; zero when there was none.
func (w *Wallet) Since(ctx context.Context, reference [32]byte) (int64, error) {
	read := reader{ctx: ctx, backend: w.backend, to: common.Address(w.info.Vault)}
	info := readAs(&read, vaultABI.PackAccountInfo(rewards.AccountOf(w.Address(), reference)), vaultABI.UnpackAccountInfo)
	if read.err != nil {
		return 0, fmt.Errorf("read an account of the vault: %w", read.err)
	}
	return int64(info.Since), nil
}

// NoticeUntil returns from when on what is left of the wallet's account under a reference can be taken out, if notice is given.
func (w *Wallet) NoticeUntil(ctx context.Context, reference [32]byte) (until time.Time, given bool, err error) {
	read := reader{ctx: ctx, backend: w.backend, to: common.Address(w.info.Vault)}
	info := readAs(&read, vaultABI.PackAccountInfo(rewards.AccountOf(w.Address(), reference)), vaultABI.UnpackAccountInfo)
	notice := readAs(&read, vaultABI.PackNotice(), vaultABI.UnpackNotice)
	if read.err != nil {
		return until, false, fmt.Errorf("read an account of the vault: %w", read.err)
	}
	return time.Unix(int64(info.NoticeAt+notice), 0), info.NoticeAt != 0, nil
}

// Time returns the time of the chain's newest block, by which a vault goes when it is asked.
func (w *Wallet) Time(ctx context.Context) (time.Time, error) {
	block, err := w.backend.HeaderByNumber(ctx, nil)
	if err != nil {
		return time.Time{}, translate("read the head", err)
	}
	return time.Unix(int64(block.Time), 0), nil
}

// AwaitTime waits until the chain's newest block is not older than a time.
func (w *Wallet) AwaitTime(ctx context.Context, t time.Time) error {
	for {
		block, err := w.backend.HeaderByNumber(ctx, nil)
		if err != nil {
			return translate("read the head", err)
		}
		if int64(block.Time) >= t.Unix() {
			return nil
		}
		if _, err := w.backend.AwaitHead(ctx, block.Number.Uint64()); err != nil {
			return translate("wait for a block", err)
		}
	}
}

func (w *Wallet) write(ctx context.Context, doing string, data []byte) (rewards.Mined, error) {
	vault := common.Address(w.info.Vault)
	return settle(ctx, doing, w.sender, &vault, data)
}
