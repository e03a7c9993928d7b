package eth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Config says how to reach a chain and what to pay with.
type Config struct {
	// URL is a node's JSON-RPC address, http, https, ws or wss, or several with commas between. Whoever answers at one alone
	// can hide deposits and payouts from this server, but not spend its money; of several, what most of those say that
	// answer is what counts, so that of three one may lie, lag or be away. Two must agree, unless one of them does not answer,
	// or stays at a block while the other goes on. Required.
	URL string

	// Key posts roots and pays for it. The vault takes roots from this key only: keep a copy. Required.
	Key Key

	// RelayKey sends claims, so that the poster's key is used for nothing else. A stolen relay key costs its gas money and
	// nothing more. Default: Key.
	RelayKey Key

	// Vault is the vault's address. Required.
	Vault rewards.Address

	// Oracle is the address at which contracts ask. Default: they cannot.
	Oracle rewards.Address

	// Stake is the contract of stakes. Default: there is none.
	Stake rewards.Address

	// Confirmations is how many blocks on top of a transaction make it count. Fewer are faster; too few let a
	// re-organisation credit a deposit that is gone. Default: 12.
	Confirmations int

	// MaxFeeGwei is the highest price for a unit of gas; while the chain asks for more, nothing is sent. Default: 200.
	MaxFeeGwei int

	// Poll is how often the node is asked for a new block. Default: 1 s.
	Poll time.Duration

	// Log is told of transactions that had to be sent again. Default: nobody.
	Log *slog.Logger

	// Progress is told how far the transactions of Deploy are, whenever that changes or a block comes. It must not block.
	// Default: nobody.
	Progress func(Progress) `json:"-"`
}

func (c Config) withDefaults() Config {
	if c.Confirmations == 0 {
		c.Confirmations = remoteConfirmations
	}
	if c.MaxFeeGwei == 0 {
		c.MaxFeeGwei = 200
	}
	if c.Poll == 0 {
		c.Poll = time.Second
	}
	if c.RelayKey == (Key{}) {
		c.RelayKey = c.Key
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c Config) validate() error {
	switch {
	case c.URL == "":
		return fmt.Errorf("%w: no URL", ErrConfig)
	case c.Confirmations < 1:
		return fmt.Errorf("%w: %d confirmations, want 1 or more", ErrConfig, c.Confirmations)
	case c.MaxFeeGwei < 1:
		return fmt.Errorf("%w: a highest fee of %d gwei, want 1 or more", ErrConfig, c.MaxFeeGwei)
	case c.Poll < time.Millisecond:
		return fmt.Errorf("%w: a poll interval of %v, want 1 ms or more", ErrConfig, c.Poll)
	}
	return errors.Join(c.Key.validate("posting"), c.RelayKey.validate("relaying"))
}

// Chain is a vault on an EVM chain, with the keys that write to it. It is safe for concurrent use.
type Chain struct {
	*View
	poster  *sender
	relayer *sender
}

var _ rewards.Chain = (*Chain)(nil)

// Dial connects to a vault through a node. It fails with ErrNoVault or ErrOldVault when there is none at the address, with ErrNotPoster
// when the vault takes roots from another key, and with ErrUnavailable when the node does not answer.
func Dial(ctx context.Context, cfg Config) (*Chain, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	poster, err := cfg.Key.open(ctx, cfg.Log)
	if err != nil {
		return nil, err
	}
	relayer, err := cfg.RelayKey.open(ctx, cfg.Log)
	if err != nil {
		return nil, err
	}
	remote, err := dial(ctx, cfg.URL, cfg.Confirmations, cfg.Poll, cfg.Log)
	if err != nil {
		return nil, err
	}
	c, err := newChain(ctx, remote, chainConfig{
		vault: common.Address(cfg.Vault), oracle: cfg.Oracle, stake: cfg.Stake, confirmations: cfg.Confirmations, maxFee: gwei(cfg.MaxFeeGwei),
		poster: poster, relayer: relayer, log: cfg.Log,
	})
	if err != nil {
		remote.Close()
		return nil, err
	}
	c.close = remote.Close
	return c, nil
}

type chainConfig struct {
	vault           common.Address
	oracle, stake   rewards.Address
	confirmations   int
	maxFee          *big.Int
	poster, relayer keySource
	dev             bool
	log             *slog.Logger
}

// newChain looks at a vault with the keys to write to it.
func newChain(ctx context.Context, b backendWithID, cfg chainConfig) (*Chain, error) {
	view, id, err := newView(ctx, b, cfg.vault, cfg.confirmations)
	if err == nil {
		err = errors.Join(view.checkOracle(ctx, cfg.oracle), view.checkStake(ctx, cfg.stake))
	}
	if err != nil {
		return nil, err
	}
	view.info.Dev = cfg.dev
	c := &Chain{View: view, poster: newSender(b, cfg.poster, id, cfg.maxFee, cfg.confirmations, cfg.log)}
	c.relayer = c.poster
	if cfg.relayer.current().account() != cfg.poster.current().account() {
		c.relayer = newSender(b, cfg.relayer, id, cfg.maxFee, cfg.confirmations, cfg.log)
	}
	read := reader{ctx: ctx, backend: b, to: cfg.vault}
	poster := readAs(&read, vaultABI.PackPoster(), vaultABI.UnpackPoster)
	switch {
	case read.err != nil:
		return nil, read.err
	case poster != c.poster.account():
		return nil, fmt.Errorf("%w (it is %s, the key is %s)", ErrNotPoster, poster, c.poster.account())
	}
	return c, nil
}

// PostRoot implements rewards.Chain. It fails with ErrEpoch, ErrNotInForce, ErrTotal, ErrUnderfunded, ErrPending or ErrBond
// when the vault refuses.
func (c *Chain) PostRoot(ctx context.Context, before, h rewards.Header) (rewards.Mined, error) {
	if h.Epoch < 1 {
		return rewards.Mined{}, ErrEpoch
	}
	return c.write(ctx, "post a root", c.poster, vaultABI.PackPostRoot(packed(before), packed(h)))
}

// packed returns a header as the vault takes it.
func packed(h rewards.Header) contract.Header {
	zero := new(big.Int)
	return contract.Header{
		Epoch: uint64(h.Epoch), Payouts: h.Payouts, Spending: h.Spending, Verdicts: h.Verdicts, Total: cmp.Or(h.Total, zero), Spent: cmp.Or(h.Spent, zero),
		Through: uint64(h.Through), LogRoot: h.LogRoot, LogSize: uint64(h.LogSize),
	}
}

// Claim implements rewards.Chain. It fails with ErrNotInForce when the header is not that of the root in force, with
// ErrProof when the leaves are not its, and with ErrTooLarge when they do not fit one transaction: under Osaka rules about
// 300 do that were never paid before, and 900 that were.
func (c *Chain) Claim(ctx context.Context, h rewards.Header, leaves []merkle.Leaf, proof merkle.MultiProof) (rewards.Mined, error) {
	if len(leaves) == 0 {
		return rewards.Mined{}, ErrBatch
	}
	accounts := make([]common.Address, len(leaves))
	sums := make([]*big.Int, len(leaves))
	for i, l := range leaves {
		accounts[i], sums[i] = l.Address, l.Cumulative
	}
	m, err := c.write(ctx, "claim", c.relayer, vaultABI.PackClaimMany(packed(h), accounts, sums, proof.Proof, proof.Flags))
	// A call that runs out of gas inside another looks like a revert without a known reason. So does a token that
	// refuses to pay an account, which splitting finds too.
	if len(leaves) > 1 && (errors.Is(err, ErrGas) || errors.Is(err, ErrReverted)) {
		return m, fmt.Errorf("%w (%w)", ErrTooLarge, err)
	}
	return m, err
}

// GasPrice implements rewards.Chain.
func (c *Chain) GasPrice(ctx context.Context) (*big.Int, error) {
	base, tip, err := prices(ctx, c.View.backend)
	if err != nil {
		return nil, err
	}
	return tip.Add(tip, base), nil
}

// write sends data to the vault and waits for its confirmation.
func (c *Chain) write(ctx context.Context, doing string, s *sender, data []byte) (rewards.Mined, error) {
	vault := common.Address(c.info.Vault)
	return settle(ctx, doing, s, &vault, data)
}

func settle(ctx context.Context, doing string, s *sender, to *common.Address, data []byte) (rewards.Mined, error) {
	in, err := s.send(ctx, doing, to, data)
	if err != nil {
		return rewards.Mined{}, err
	}
	if in, err = s.confirm(ctx, in); err != nil {
		return rewards.Mined{}, wrap(doing, err)
	}
	return in.mined(), nil
}

func gwei(n int) *big.Int { return new(big.Int).Mul(big.NewInt(int64(n)), big.NewInt(params.GWei)) }
