package eth

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// ViewConfig says how to look at a chain.
type ViewConfig struct {
	// URL is the node's JSON-RPC address, http, https, ws or wss. What it says is what the view shows: give one that you
	// trust. Required.
	URL string

	// Vault is the vault's address. Required.
	Vault rewards.Address

	// Confirmations is how many blocks on top of a transaction make it count. With more than a server waits for, the view
	// is behind the server's own. Default: 1, the least that a server waits for.
	Confirmations int
}

// View is a vault on an EVM chain as everybody can see it: it needs no key and cannot write. It is safe for concurrent
// use.
type View struct {
	backend backend
	info    rewards.ChainInfo
	close   func()
}

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

// OpenView looks at a vault through a node. It fails with ErrNoVault when there is none at the address, and with
// ErrUnavailable when the node does not answer.
func OpenView(ctx context.Context, cfg ViewConfig) (*View, error) {
	if cfg.Confirmations == 0 {
		cfg.Confirmations = 1
	}
	switch {
	case cfg.URL == "":
		return nil, fmt.Errorf("%w: no URL", ErrConfig)
	case cfg.Confirmations < 1:
		return nil, fmt.Errorf("%w: %d confirmations, want 1 or more", ErrConfig, cfg.Confirmations)
	}
	remote, err := dial(ctx, cfg.URL, time.Second)
	if err != nil {
		return nil, err
	}
	v, _, err := newView(ctx, remote, common.Address(cfg.Vault), cfg.Confirmations)
	if err != nil {
		remote.Close()
		return nil, err
	}
	v.close = remote.Close
	return v, nil
}

// newView reads from the chain what a vault and its token say of themselves, and the chain's id.
func newView(ctx context.Context, b backendWithID, vault common.Address, confirmations int) (*View, *big.Int, error) {
	id, err := b.ChainID(ctx)
	if err != nil {
		return nil, nil, translate("read the chain's id", err)
	}
	genesis, err := b.HeaderByNumber(ctx, new(big.Int))
	if err != nil {
		return nil, nil, translate("read the chain's genesis", err)
	}
	read := reader{ctx: ctx, backend: b, to: vault}
	token := readAs(&read, vaultABI.PackToken(), vaultABI.UnpackToken)
	first := readAs(&read, vaultABI.PackFirstBlock(), vaultABI.UnpackFirstBlock)
	read.to = token
	decimals := readAs(&read, tokenABI.PackDecimals(), tokenABI.UnpackDecimals)
	symbol := readAs(&read, tokenABI.PackSymbol(), tokenABI.UnpackSymbol)
	switch {
	case read.err != nil:
		return nil, nil, read.err
	case decimals < 6 || decimals > 18:
		return nil, nil, fmt.Errorf("%w: the token has %d decimals, want 6 to 18", ErrConfig, decimals)
	}
	return &View{backend: b, close: func() {}, info: rewards.ChainInfo{
		ID: id.Int64(), Genesis: rewards.Hash(genesis.Hash()), Token: rewards.Address(token), Symbol: symbol, Decimals: int(decimals),
		Vault: rewards.Address(vault), VaultBlock: first.Int64(), Confirmations: confirmations,
	}}, id, nil
}

// backendWithID is a backend that also says which chain it is of.
type backendWithID interface {
	backend
	ChainID(ctx context.Context) (*big.Int, error)
}

// Close lets go of the node. Writes under way end with an error of kind Unavailable, or with their context's.
func (v *View) Close() error {
	v.close()
	return nil
}

// Info implements rewards.Chain.
func (v *View) Info() rewards.ChainInfo { return v.info }

// VaultRoot implements rewards.Chain.
func (v *View) VaultRoot(ctx context.Context) (int64, rewards.Hash, error) {
	block, err := v.depth(ctx)
	if err != nil || block < v.info.VaultBlock {
		return 0, rewards.Hash{}, err
	}
	out, err := v.call(ctx, vaultABI.PackNewest(), block)
	if err != nil {
		return 0, rewards.Hash{}, err
	}
	newest, err := vaultABI.UnpackNewest(out)
	if err != nil {
		return 0, rewards.Hash{}, translate("read the newest root", err)
	}
	return int64(newest.Epoch), newest.Root, nil
}

// RootMined implements rewards.Chain. It looks back from the newest block: the root is one of the newest.
func (v *View) RootMined(ctx context.Context, epoch int64) (rewards.Mined, error) {
	to, err := v.depth(ctx)
	if err != nil {
		return rewards.Mined{}, err
	}
	for to >= v.info.VaultBlock {
		from := max(v.info.VaultBlock, to-blocksPerScan+1)
		logs, err := v.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(from), ToBlock: big.NewInt(to),
			Addresses: []common.Address{common.Address(v.info.Vault)},
			Topics:    [][]common.Hash{{rootPostedID}, {common.BigToHash(big.NewInt(epoch))}},
		})
		if err != nil {
			return rewards.Mined{}, translate("look for a root", err)
		}
		if len(logs) > 0 {
			receipt, err := v.backend.TransactionReceipt(ctx, logs[0].TxHash)
			if err != nil {
				return rewards.Mined{}, translate("read a receipt", err)
			}
			return included{Receipt: receipt}.mined(), nil
		}
		to = from - 1
	}
	return rewards.Mined{}, fmt.Errorf("look for the root of epoch %d: %w", epoch, ErrUnavailable)
}

var rootPostedID = crypto.Keccak256Hash([]byte("RootPosted(uint64,bytes32,uint256)"))

// Claimed implements rewards.Chain.
func (v *View) Claimed(ctx context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	block, err := v.depth(ctx)
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
		if block >= v.info.VaultBlock {
			out, err := v.call(ctx, vaultABI.PackClaimedOf(some), block)
			if err != nil {
				return nil, err
			}
			if sums, err = vaultABI.UnpackClaimedOf(out); err != nil {
				return nil, fmt.Errorf("read what was claimed: %w: %w", ErrUnavailable, err)
			}
			if len(sums) != n {
				return nil, fmt.Errorf("read what was claimed: %w: %d sums for %d addresses", ErrUnavailable, len(sums), n)
			}
		}
		claimed, addresses = append(claimed, sums...), addresses[n:]
	}
	return claimed, nil
}

// Deposits implements rewards.Chain. When very many deposits are waiting it returns the first of them, and the block
// that it got to; calling again goes on from there.
func (v *View) Deposits(ctx context.Context, from int64) ([]rewards.Deposit, int64, error) {
	depth, err := v.depth(ctx)
	if err != nil {
		return nil, from, err
	}
	through := max(from, min(v.info.VaultBlock-1, depth))
	var deposits []rewards.Deposit
	for through < depth && len(deposits) < depositsPerScan {
		to := min(through+blocksPerScan, depth)
		logs, err := v.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(through + 1), ToBlock: big.NewInt(to),
			Addresses: []common.Address{common.Address(v.info.Vault)},
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
func (v *View) depth(ctx context.Context) (int64, error) {
	head, err := v.backend.BlockNumber(ctx)
	if err != nil {
		return 0, translate("read the head", err)
	}
	return max(0, int64(head)-int64(v.info.Confirmations)), nil
}

func (v *View) call(ctx context.Context, data []byte, block int64) ([]byte, error) {
	vault := common.Address(v.info.Vault)
	out, err := v.backend.CallContract(ctx, ethereum.CallMsg{To: &vault, Data: data}, big.NewInt(block))
	return out, translate("read the vault", err)
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

func dial(ctx context.Context, url string, poll time.Duration) (*remote, error) {
	client, err := ethclient.DialContext(ctx, url)
	if err != nil {
		return nil, translate("reach the chain", err)
	}
	return &remote{Client: client, poll: poll}, nil
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

func zeros(n int) []*big.Int {
	z := make([]*big.Int, n)
	for i := range z {
		z[i] = new(big.Int)
	}
	return z
}
