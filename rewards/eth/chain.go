package eth

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
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

// Chain is a vault on an EVM chain. It is safe for concurrent use.
type Chain struct {
	backend backend
	info    rewards.ChainInfo
	poster  *sender
	relayer *sender
	close   func()
}

var _ rewards.Chain = (*Chain)(nil)

var (
	vaultABI = contract.NewVault()
	tokenABI = contract.NewTestToken()
)

const (
	// claimedPerCall bounds one read of what was claimed; 1,000 addresses cost some 3 M gas of the node's time.
	claimedPerCall = 1000
	// blocksPerScan bounds one read of logs; public nodes refuse much more.
	blocksPerScan = 2000
	// depositsPerScan ends a scan early, so that a caller that is far behind makes progress.
	depositsPerScan = 1000
)

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
	remote, err := dial(ctx, cfg)
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

// newChain reads from the chain what a vault and its token say of themselves.
func newChain(ctx context.Context, b backendWithID, cfg chainConfig) (*Chain, error) {
	id, err := b.ChainID(ctx)
	if err != nil {
		return nil, translate("read the chain's id", err)
	}
	genesis, err := b.HeaderByNumber(ctx, new(big.Int))
	if err != nil {
		return nil, translate("read the chain's genesis", err)
	}
	c := &Chain{backend: b, close: func() {}}
	c.poster = newSender(b, cfg.poster, id, cfg.maxFee, cfg.confirmations, cfg.log)
	c.relayer = c.poster
	if !cfg.relayer.Equal(cfg.poster) {
		c.relayer = newSender(b, cfg.relayer, id, cfg.maxFee, cfg.confirmations, cfg.log)
	}
	c.info = rewards.ChainInfo{
		ID: id.Int64(), Dev: cfg.dev, Genesis: rewards.Hash(genesis.Hash()),
		Vault: rewards.Address(cfg.vault), Confirmations: cfg.confirmations,
	}
	read := reader{ctx: ctx, backend: b, to: cfg.vault}
	poster := readAs(&read, vaultABI.PackPoster(), vaultABI.UnpackPoster)
	token := readAs(&read, vaultABI.PackToken(), vaultABI.UnpackToken)
	first := readAs(&read, vaultABI.PackFirstBlock(), vaultABI.UnpackFirstBlock)
	read.to = token
	decimals := readAs(&read, tokenABI.PackDecimals(), tokenABI.UnpackDecimals)
	symbol := readAs(&read, tokenABI.PackSymbol(), tokenABI.UnpackSymbol)
	switch {
	case read.err != nil:
		return nil, read.err
	case poster != c.poster.from:
		return nil, fmt.Errorf("%w (it is %s, the key is %s)", ErrNotPoster, poster, c.poster.from)
	case decimals < 6 || decimals > 18:
		return nil, fmt.Errorf("%w: the token has %d decimals, want 6 to 18", ErrConfig, decimals)
	}
	c.info.Token, c.info.Symbol, c.info.Decimals = rewards.Address(token), symbol, int(decimals)
	c.info.VaultBlock = first.Int64()
	return c, nil
}

// backendWithID is a backend that also says which chain it is of.
type backendWithID interface {
	backend
	ChainID(ctx context.Context) (*big.Int, error)
}

// Close lets go of the node. Writes under way end with an error of kind Unavailable, or with their context's.
func (c *Chain) Close() error {
	c.close()
	return nil
}

// Info implements rewards.Chain.
func (c *Chain) Info() rewards.ChainInfo { return c.info }

// Poster returns the address whose key posts roots; it pays for them.
func (c *Chain) Poster() rewards.Address { return rewards.Address(c.poster.from) }

// Relayer returns the address whose key sends claims; it pays for them.
func (c *Chain) Relayer() rewards.Address { return rewards.Address(c.relayer.from) }

// VaultRoot implements rewards.Chain.
func (c *Chain) VaultRoot(ctx context.Context) (int64, rewards.Hash, error) {
	block, err := c.depth(ctx)
	if err != nil || block < c.info.VaultBlock {
		return 0, rewards.Hash{}, err
	}
	out, err := c.call(ctx, vaultABI.PackNewest(), block)
	if err != nil {
		return 0, rewards.Hash{}, err
	}
	newest, err := vaultABI.UnpackNewest(out)
	if err != nil {
		return 0, rewards.Hash{}, translate("read the newest root", err)
	}
	return int64(newest.Epoch), newest.Root, nil
}

// PostRoot implements rewards.Chain. It fails with ErrEpoch, ErrTotal or ErrUnderfunded when the vault refuses.
func (c *Chain) PostRoot(ctx context.Context, epoch int64, root rewards.Hash, total *big.Int) (rewards.Mined, error) {
	if epoch < 1 {
		return rewards.Mined{}, ErrEpoch
	}
	return c.write(ctx, "post a root", c.poster, vaultABI.PackPostRoot(uint64(epoch), root, total))
}

// Claimed implements rewards.Chain.
func (c *Chain) Claimed(ctx context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	block, err := c.depth(ctx)
	if err != nil {
		return nil, err
	}
	claimed := make([]*big.Int, 0, len(addresses))
	for len(addresses) > 0 {
		n := min(len(addresses), claimedPerCall)
		some := make([]common.Address, n)
		for i, a := range addresses[:n] {
			some[i] = common.Address(a)
		}
		sums := zeros(n)
		if block >= c.info.VaultBlock {
			out, err := c.call(ctx, vaultABI.PackClaimedOf(some), block)
			if err != nil {
				return nil, err
			}
			if sums, err = vaultABI.UnpackClaimedOf(out); err != nil || len(sums) != n {
				return nil, fmt.Errorf("read what was claimed: %w (%d sums for %d addresses: %v)", ErrUnavailable, len(sums), n, err)
			}
		}
		claimed, addresses = append(claimed, sums...), addresses[n:]
	}
	return claimed, nil
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

// Deposits implements rewards.Chain. When very many deposits are waiting it returns the first of them, and the block
// that it got to; calling again goes on from there.
func (c *Chain) Deposits(ctx context.Context, from int64) ([]rewards.Deposit, int64, error) {
	depth, err := c.depth(ctx)
	if err != nil {
		return nil, from, err
	}
	through := max(from, min(c.info.VaultBlock-1, depth))
	var deposits []rewards.Deposit
	for through < depth && len(deposits) < depositsPerScan {
		to := min(through+blocksPerScan, depth)
		logs, err := c.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(through + 1), ToBlock: big.NewInt(to),
			Addresses: []common.Address{common.Address(c.info.Vault)},
			Topics:    [][]common.Hash{{depositedID}},
		})
		if err != nil {
			return nil, from, translate("read deposits", err)
		}
		for i := range logs {
			d, err := vaultABI.UnpackDepositedEvent(&logs[i])
			if err != nil {
				return nil, from, translate("read a deposit", err)
			}
			deposits = append(deposits, rewards.Deposit{
				Tx: rewards.Hash(logs[i].TxHash), LogIndex: int(logs[i].Index), Block: int64(logs[i].BlockNumber),
				Reference: d.Ref, Base: d.Amount,
			})
		}
		through = to
	}
	return deposits, through, nil
}

var depositedID = crypto.Keccak256Hash([]byte("Deposited(bytes32,address,uint256)"))

// depth returns the newest block that has its confirmations, zero when there is none.
func (c *Chain) depth(ctx context.Context) (int64, error) {
	head, err := c.backend.BlockNumber(ctx)
	if err != nil {
		return 0, translate("read the head", err)
	}
	return max(0, int64(head)-int64(c.info.Confirmations)), nil
}

func (c *Chain) call(ctx context.Context, data []byte, block int64) ([]byte, error) {
	vault := common.Address(c.info.Vault)
	out, err := c.backend.CallContract(ctx, ethereum.CallMsg{To: &vault, Data: data}, big.NewInt(block))
	return out, translate("read the vault", err)
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

// reader makes calls until one fails.
type reader struct {
	ctx     context.Context
	backend backend
	to      common.Address
	err     error
}

func readAs[T any](r *reader, data []byte, unpack func([]byte) (T, error)) (v T) {
	if r.err != nil {
		return v
	}
	out, err := r.backend.CallContract(r.ctx, ethereum.CallMsg{To: &r.to, Data: data}, nil)
	if err != nil {
		if r.err = translate("read the vault", err); answered(err) {
			r.err = fmt.Errorf("%w (%w)", ErrNoVault, err)
		}
		return v
	}
	if v, err = unpack(out); err != nil {
		r.err = fmt.Errorf("%w (%s: %w)", ErrNoVault, r.to, err)
	}
	return v
}

// remote is a node at a URL.
type remote struct {
	*ethclient.Client
	poll time.Duration
}

func dial(ctx context.Context, cfg Config) (*remote, error) {
	client, err := ethclient.DialContext(ctx, cfg.URL)
	if err != nil {
		return nil, translate("reach the chain", err)
	}
	return &remote{Client: client, poll: cfg.Poll}, nil
}

// AwaitHead implements backend.
func (r *remote) AwaitHead(ctx context.Context, after uint64) (uint64, error) {
	tick := time.NewTicker(r.poll)
	defer tick.Stop()
	for {
		head, err := r.BlockNumber(ctx)
		if err != nil || head > after {
			return head, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
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

func zeros(n int) []*big.Int {
	z := make([]*big.Int, n)
	for i := range z {
		z[i] = new(big.Int)
	}
	return z
}
