package eth

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Config says how to reach a chain and what to pay with.
type Config struct {
	// URL is the node's JSON-RPC address, http, https, ws or wss. Whoever answers there can hide deposits and payouts
	// from this server, but not spend its money: give an address that you trust. Required.
	URL string

	// KeyFile holds the private key that posts roots and pays for it, as 64 hexadecimal digits; mode 600. The vault
	// takes roots from this key only and it cannot be changed there: keep a copy. Required.
	KeyFile string

	// RelayKeyFile holds another key that sends claims, so that the poster's is used for nothing else. A stolen relay
	// key costs its gas money and nothing more. Default: KeyFile.
	RelayKeyFile string

	// Vault is the vault's address. Required.
	Vault rewards.Address

	// Confirmations is how many blocks on top of a transaction make it count. Fewer are faster; too few let a
	// re-organisation credit a deposit that is gone. Default: 12.
	Confirmations int

	// MaxFeeGwei is the highest price for a unit of gas; while the chain asks for more, nothing is sent. Default: 200.
	MaxFeeGwei int

	// Poll is how often the node is asked for a new block. Default: 1 s.
	Poll time.Duration

	// Log is told of transactions that had to be sent again. Default: nobody.
	Log *slog.Logger
}

func (c Config) withDefaults() Config {
	if c.Confirmations == 0 {
		c.Confirmations = 12
	}
	if c.MaxFeeGwei == 0 {
		c.MaxFeeGwei = 200
	}
	if c.Poll == 0 {
		c.Poll = time.Second
	}
	if c.RelayKeyFile == "" {
		c.RelayKeyFile = c.KeyFile
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
	return nil
}

// Chain is a vault on an EVM chain, with the keys that write to it. It is safe for concurrent use.
type Chain struct {
	*View
	poster  *sender
	relayer *sender
}

var _ rewards.Chain = (*Chain)(nil)

// Dial connects to a vault through a node. It fails with ErrNoVault when there is none at the address, with ErrNotPoster
// when the vault takes roots from another key, and with ErrUnavailable when the node does not answer.
func Dial(ctx context.Context, cfg Config) (*Chain, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	keys, err := readKeys(cfg.KeyFile, cfg.RelayKeyFile)
	if err != nil {
		return nil, err
	}
	remote, err := dial(ctx, cfg.URL, cfg.Poll)
	if err != nil {
		return nil, err
	}
	c, err := newChain(ctx, remote, chainConfig{
		vault: common.Address(cfg.Vault), confirmations: cfg.Confirmations, maxFee: gwei(cfg.MaxFeeGwei),
		poster: keys[0], relayer: keys[1], log: cfg.Log,
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
	confirmations   int
	maxFee          *big.Int
	poster, relayer *ecdsa.PrivateKey
	dev             bool
	log             *slog.Logger
}

// newChain looks at a vault with the keys to write to it.
func newChain(ctx context.Context, b backendWithID, cfg chainConfig) (*Chain, error) {
	view, id, err := newView(ctx, b, cfg.vault, cfg.confirmations)
	if err != nil {
		return nil, err
	}
	view.info.Dev = cfg.dev
	c := &Chain{View: view, poster: newSender(b, cfg.poster, id, cfg.maxFee, cfg.confirmations, cfg.log)}
	c.relayer = c.poster
	if !cfg.relayer.Equal(cfg.poster) {
		c.relayer = newSender(b, cfg.relayer, id, cfg.maxFee, cfg.confirmations, cfg.log)
	}
	read := reader{ctx: ctx, backend: b, to: cfg.vault}
	poster := readAs(&read, vaultABI.PackPoster(), vaultABI.UnpackPoster)
	switch {
	case read.err != nil:
		return nil, read.err
	case poster != c.poster.from:
		return nil, fmt.Errorf("%w (it is %s, the key is %s)", ErrNotPoster, poster, c.poster.from)
	}
	return c, nil
}

// PostRoot implements rewards.Chain. It fails with ErrEpoch, ErrTotal or ErrUnderfunded when the vault refuses.
func (c *Chain) PostRoot(ctx context.Context, epoch int64, root rewards.Hash, total *big.Int) (rewards.Mined, error) {
	if epoch < 1 {
		return rewards.Mined{}, ErrEpoch
	}
	return c.write(ctx, "post a root", c.poster, vaultABI.PackPostRoot(uint64(epoch), root, total))
}

// Claim implements rewards.Chain. It fails with ErrProof when the leaves are not those of the newest root, and with
// ErrTooLarge when they do not fit one transaction: under Osaka rules about 300 do that were never paid before, and 900
// that were.
func (c *Chain) Claim(ctx context.Context, leaves []merkle.Leaf, proof merkle.MultiProof) (rewards.Mined, error) {
	if len(leaves) == 0 {
		return rewards.Mined{}, ErrBatch
	}
	accounts := make([]common.Address, len(leaves))
	sums := make([]*big.Int, len(leaves))
	for i, l := range leaves {
		accounts[i], sums[i] = l.Address, l.Cumulative
	}
	m, err := c.write(ctx, "claim", c.relayer, vaultABI.PackClaimMany(accounts, sums, proof.Proof, proof.Flags))
	// A call that runs out of gas inside another looks like a revert without a known reason. So does a token that
	// refuses to pay an account, which splitting finds too.
	if len(leaves) > 1 && (errors.Is(err, ErrGas) || errors.Is(err, ErrReverted)) {
		return m, fmt.Errorf("%w (%w)", ErrTooLarge, err)
	}
	return m, err
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

func readKeys(files ...string) ([]*ecdsa.PrivateKey, error) {
	keys := make([]*ecdsa.PrivateKey, len(files))
	for i, f := range files {
		key, err := readKey(f)
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	return keys, nil
}

func gwei(n int) *big.Int { return new(big.Int).Mul(big.NewInt(int64(n)), big.NewInt(params.GWei)) }
