package eth

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// DevConfig sets up a chain in this process.
type DevConfig struct {
	// Dir keeps the chain and, in keys/, the operator's private keys. Whoever reads them can mint and post roots, on this
	// chain only; whoever loses them loses the chain. Required.
	Dir string

	// RPC is a loopback address, such as 127.0.0.1:8545, at which the chain is served as JSON-RPC, so that wallets and
	// tools can look at it and send to it. Every program on this machine can then. Default: none.
	RPC string

	// Confirmations is how many blocks on top of a transaction make it count. The chain makes them at once. Default: 2.
	Confirmations int

	// Log is told what the chain does when it fails. Default: nobody.
	Log *slog.Logger
}

func (c DevConfig) withDefaults() DevConfig {
	if c.Confirmations == 0 {
		c.Confirmations = devConfirmations
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c DevConfig) validate() error {
	switch {
	case c.Dir == "":
		return fmt.Errorf("%w: no folder for the dev chain", ErrConfig)
	case c.Confirmations < 1:
		return fmt.Errorf("%w: %d confirmations, want 1 or more", ErrConfig, c.Confirmations)
	}
	return nil
}

// Dev is a vault on an EVM chain in this process, with a token that it mints at will. Its genesis differs from that of
// every other Dev, because the operator's keys stand in it.
type Dev struct {
	*Chain
	node   *devNode
	minter *sender
	turn   chan struct{} // holds one token; who has it may spend the minter's balance
	board  rewards.Address
}

var (
	_ rewards.Chain  = (*Dev)(nil)
	_ rewards.Faucet = (*Dev)(nil)
)

// OpenDev opens the chain in cfg.Dir, or makes one with new keys, a token and a vault. It fails with ErrInUse when another
// process has the folder open, and with ErrOtherChain when the keys are not the chain's.
func OpenDev(ctx context.Context, cfg DevConfig) (*Dev, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	stack, err := lockDir(cfg.Dir, cfg.RPC)
	if err != nil {
		return nil, err
	}
	keys, err := devKeys(cfg.Dir) // under the lock, so that two first starts do not make two sets
	if err != nil {
		return nil, errors.Join(err, stack.Close())
	}
	rich := []common.Address{addressOf(keys.poster), addressOf(keys.relayer), addressOf(keys.minter)}
	node, err := startNode(stack, cfg.Confirmations, rich, cfg.Log)
	if err != nil {
		return nil, errors.Join(err, stack.Close())
	}
	d, err := openVault(ctx, cfg, node, keys)
	if err != nil {
		return nil, errors.Join(err, node.Close())
	}
	return d, nil
}

// openVault opens the vault on the chain of node, or makes it.
func openVault(ctx context.Context, cfg DevConfig, node *devNode, keys operatorKeys) (*Dev, error) {
	maxFee := gwei(1_000_000) // test money
	d := &Dev{
		node:   node,
		minter: newSender(node, localKey{keys.minter}, big.NewInt(devChainID), maxFee, cfg.Confirmations, cfg.Log),
		turn:   make(chan struct{}, 1),
	}
	d.turn <- struct{}{}
	vault, err := d.contracts(ctx, addressOf(keys.poster))
	if err != nil {
		return nil, err
	}
	d.Chain, err = newChain(ctx, node, chainConfig{
		vault: vault, confirmations: cfg.Confirmations, maxFee: maxFee,
		poster: localKey{keys.poster}, relayer: localKey{keys.relayer}, dev: true, log: cfg.Log,
	})
	if err != nil {
		return nil, err
	}
	if err := d.openOracle(ctx, cfg.Dir); err != nil {
		return nil, err
	}
	return d, d.openStake(ctx, cfg.Dir)
}

// contracts makes what is not there yet of the token, the vault, and the vault's leave to take the minter's tokens. They
// are the minter's first three transactions, so its nonce says how far it got, and the addresses follow from it.
func (d *Dev) contracts(ctx context.Context, poster common.Address) (vault common.Address, err error) {
	token := crypto.CreateAddress(d.minter.account(), 0)
	vault = crypto.CreateAddress(d.minter.account(), 1)
	all := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	steps := []struct {
		doing string
		to    *common.Address
		data  []byte
	}{
		{"make the token", nil, tokenCode(d.minter.account())},
		{"make the vault", nil, vaultCode(Terms{Token: rewards.Address(token), Notice: devNotice}, poster)},
		{"let the vault take test tokens", &token, tokenABI.PackApprove(vault, all)},
	}
	done, err := d.node.NonceAt(ctx, d.minter.account(), nil)
	if err != nil {
		return vault, translate("read the minter's nonce", err)
	}
	for i := min(int(done), len(steps)); i < len(steps); i++ {
		if _, err := settle(ctx, steps[i].doing, d.minter, steps[i].to, steps[i].data); err != nil {
			return vault, err
		}
	}
	return vault, nil
}

// devNotice is how long somebody waits on the dev chain who takes test money back.
const devNotice = 5 * time.Second

// dripMint is how many tokens are minted at a time, so that most drips need one transaction, not two.
const dripMint = 1_000_000

// Drip implements rewards.Faucet. The deposit's owner is the minter.
func (d *Dev) Drip(ctx context.Context, reference [32]byte, amount tasknet.Amount) (rewards.Mined, error) {
	base := d.info.Base(amount)
	select {
	case <-d.turn:
	case <-ctx.Done():
		return rewards.Mined{}, wrap("drip", ctx.Err())
	}
	in, err := d.drip(ctx, reference, base)
	d.turn <- struct{}{}
	if err != nil {
		return rewards.Mined{}, err
	}
	if in, err = d.minter.confirm(ctx, in); err != nil {
		return rewards.Mined{}, wrap("drip", err)
	}
	return in.mined(), nil
}

func (d *Dev) drip(ctx context.Context, reference [32]byte, base *big.Int) (none included, err error) {
	vault, token := common.Address(d.info.Vault), common.Address(d.info.Token)
	read := reader{ctx: ctx, backend: d.node, to: token}
	have := readAs(&read, tokenABI.PackBalanceOf(d.minter.account()), tokenABI.UnpackBalanceOf)
	if read.err != nil {
		return none, read.err
	}
	if have.Cmp(base) < 0 {
		more := larger(base, d.info.Base(tasknet.Micro(dripMint*tasknet.MicroPerToken)))
		minted, err := d.minter.send(ctx, "mint test tokens", &token, tokenABI.PackMint(d.minter.account(), more))
		if err != nil {
			return none, err
		}
		// The state that the deposit is tried on may be a block behind the one that the tokens came with.
		if _, err := d.minter.confirm(ctx, minted); err != nil {
			return none, wrap("mint test tokens", err)
		}
	}
	return d.minter.send(ctx, "deposit test tokens", &vault, vaultABI.PackDeposit(d.minter.account(), reference, base))
}

// Endpoint returns the URL of the chain's JSON-RPC, or nothing when it has none.
func (d *Dev) Endpoint() string {
	if d.node.stack.Config().HTTPHost == "" {
		return ""
	}
	return d.node.stack.HTTPEndpoint()
}

// Close ends the chain, within some seconds, so that the next OpenDev finds everything. Closing again does nothing.
func (d *Dev) Close() error { return d.node.Close() }

// operatorKeys are three, so that each does one thing: a relayer's key that leaks posts no roots.
type operatorKeys struct{ poster, relayer, minter *ecdsa.PrivateKey }

func devKeys(dir string) (k operatorKeys, err error) {
	dir = filepath.Join(dir, "keys")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return k, err
	}
	for name, key := range map[string]**ecdsa.PrivateKey{"poster": &k.poster, "relayer": &k.relayer, "minter": &k.minter} {
		if *key, err = keyAt(filepath.Join(dir, name)); err != nil {
			return k, err
		}
	}
	return k, nil
}
