package eth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// ViewConfig says how to look at a chain.
type ViewConfig struct {
	// URL is a node's JSON-RPC address, http, https, ws or wss, or several with commas between. What most of them say is what
	// the view shows. Required.
	URL string

	// Vault is the vault's address. Required.
	Vault rewards.Address

	// Oracle is the address at which contracts ask, for what they asked to be among the events. Default: it is not.
	Oracle rewards.Address

	// Stake is the contract of stakes. Default: there is none.
	Stake rewards.Address

	// Confirmations is how many blocks on top of a transaction make it count. With more than a server waits for, the view
	// is behind the server's own. Default: 1, the least that a server waits for.
	Confirmations int

	// Progress is told how far the transactions of a wallet are, whenever that changes or a block comes. It must not block.
	// Default: nobody.
	Progress func(Progress)
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
	// eventsPerScan ends a scan early, so that a caller that is far behind makes progress.
	eventsPerScan = 1000
)

// OpenView looks at a vault through a node. It fails with ErrNoVault when there is none at the address, with ErrOldVault
// when it is of the first kind, and with ErrUnavailable when the node does not answer.
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
	remote, err := dial(ctx, cfg.URL, cfg.Confirmations, time.Second, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	v, _, err := newView(ctx, remote, common.Address(cfg.Vault), cfg.Confirmations)
	if err == nil {
		err = errors.Join(v.checkOracle(ctx, cfg.Oracle), v.checkStake(ctx, cfg.Stake))
	}
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
	if read.err == nil && isOld(read) {
		return nil, nil, fmt.Errorf("%w (%s)", ErrOldVault, vault)
	}
	if read.err != nil {
		return nil, nil, read.err
	}
	symbol, decimals, err := aboutToken(ctx, b, token)
	if err != nil {
		return nil, nil, err
	}
	return &View{backend: b, close: func() {}, info: rewards.ChainInfo{
		ID: id.Int64(), Genesis: rewards.Hash(genesis.Hash()), Token: rewards.Address(token), Symbol: symbol, Decimals: decimals,
		Vault: rewards.Address(vault), VaultBlock: first.Int64(), Confirmations: confirmations,
	}}, id, nil
}

// aboutToken reads what a token says of itself, and refuses one whose amounts are not those of an ERC-20 that can be paid in.
func aboutToken(ctx context.Context, b backend, token common.Address) (symbol string, decimals int, err error) {
	read := reader{ctx: ctx, backend: b, to: token}
	digits := readAs(&read, tokenABI.PackDecimals(), tokenABI.UnpackDecimals)
	symbol = readAs(&read, tokenABI.PackSymbol(), tokenABI.UnpackSymbol)
	switch {
	case errors.Is(read.err, ErrNoVault): // it has no such methods
		return "", 0, fmt.Errorf("%w: there is no ERC-20 token with decimals and a symbol at %s", ErrConfig, token)
	case read.err != nil:
		return "", 0, read.err
	case digits < 6 || digits > 18:
		return "", 0, fmt.Errorf("%w: the token has %d decimals, want 6 to 18", ErrConfig, digits)
	}
	return symbol, int(digits), nil
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

// isOld reports whether a vault is of the first kind, which knew roots by themselves and no headers.
func isOld(read reader) bool {
	_ = readAs(&read, vaultABI.PackNotice(), vaultABI.UnpackNotice)
	if !errors.Is(read.err, ErrNoVault) {
		return false
	}
	newest := crypto.Keccak256([]byte("newest()"))[:4]
	out, err := read.backend.CallContract(read.ctx, ethereum.CallMsg{To: &read.to, Data: newest}, nil)
	return err == nil && len(out) == 96
}

// Roots implements rewards.Chain.
func (v *View) Roots(ctx context.Context) (rewards.Roots, error) {
	block, err := v.depth(ctx)
	if err != nil || block < v.info.VaultBlock {
		return rewards.Roots{}, err
	}
	out, err := v.call(ctx, vaultABI.PackEffective(), block)
	if err != nil {
		return rewards.Roots{}, err
	}
	effective, err := vaultABI.UnpackEffective(out)
	if err != nil {
		return rewards.Roots{}, translate("read the root in force", err)
	}
	roots := rewards.Roots{Epoch: int64(effective.Epoch), Header: effective.HeaderHash}
	if out, err = v.call(ctx, vaultABI.PackPending(), block); err != nil {
		return rewards.Roots{}, err
	}
	pending, err := vaultABI.UnpackPending(out)
	if err != nil {
		return rewards.Roots{}, translate("read the pending root", err)
	}
	if pending.State != 0 {
		roots.NextEpoch, roots.Next, roots.Blocked = int64(pending.Epoch), pending.HeaderHash, pending.State == blockedState
	}
	return roots, nil
}

// blockedState is how the vault says that a pending root is blocked.
const blockedState = 2

// RootMined implements rewards.Chain. It looks back from the newest block: the root is one of the newest.
func (v *View) RootMined(ctx context.Context, h rewards.Header) (rewards.Mined, error) {
	log, err := v.posted(ctx, h.Epoch, h.Hash(), h.Through+1)
	if err != nil {
		return rewards.Mined{}, err
	}
	receipt, err := v.backend.TransactionReceipt(ctx, log.TxHash)
	if err != nil {
		return rewards.Mined{}, translate("read a receipt", err)
	}
	return included{Receipt: receipt}.mined(), nil
}

// Posted returns the header with which the newest root of an epoch was posted that has a hash. It fails with rewards.ErrNoRoot.
func (v *View) Posted(ctx context.Context, epoch int64, header rewards.Hash) (rewards.Header, error) {
	log, err := v.posted(ctx, epoch, header, v.info.VaultBlock)
	if err != nil {
		return rewards.Header{}, err
	}
	e, err := vaultABI.UnpackRootPostedEvent(log)
	if err != nil {
		return rewards.Header{}, translate("read an event", err)
	}
	h := e.Header
	return rewards.Header{
		Epoch: int64(h.Epoch), Payouts: h.Payouts, Spending: h.Spending, Verdicts: h.Verdicts, Total: h.Total, Spent: h.Spent,
		Through: int64(h.Through), LogRoot: h.LogRoot, LogSize: int64(h.LogSize),
	}, nil
}

// posted returns the newest event of a root, in a block from first on.
func (v *View) posted(ctx context.Context, epoch int64, header rewards.Hash, first int64) (*types.Log, error) {
	to, err := v.depth(ctx)
	if err != nil {
		return nil, err
	}
	for first = max(first, v.info.VaultBlock); to >= first; {
		from := max(first, to-blocksPerScan+1)
		logs, err := v.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(from), ToBlock: big.NewInt(to),
			Addresses: []common.Address{common.Address(v.info.Vault)},
			Topics:    [][]common.Hash{{rootPostedID}, {common.BigToHash(big.NewInt(epoch))}, {common.Hash(header)}},
		})
		if err != nil {
			return nil, translate("look for a root", err)
		}
		if n := len(logs); n > 0 {
			return &logs[n-1], nil
		}
		to = from - 1
	}
	return nil, fmt.Errorf("look for the root of epoch %d: %w", epoch, rewards.ErrNoRoot)
}

var rootPostedID = crypto.Keccak256Hash([]byte("RootPosted(uint64,bytes32,(uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64))"))

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

// Events implements rewards.Chain. When very many events are waiting it returns the first of them, and the block that it
// got to; calling again goes on from there.
func (v *View) Events(ctx context.Context, from int64) ([]rewards.Event, rewards.Look, error) {
	through, none := rewards.Look{Block: from}, rewards.Look{}
	depth, err := v.depth(ctx)
	if err != nil {
		return nil, none, err
	}
	if before := min(v.info.VaultBlock-1, depth); before > from {
		if through, err = v.look(ctx, before); err != nil {
			return nil, none, err
		}
	}
	addresses := []common.Address{common.Address(v.info.Vault)}
	if v.info.Oracle != (rewards.Address{}) {
		addresses = append(addresses, common.Address(v.info.Oracle))
	}
	var events []rewards.Event
	for through.Block < depth && len(events) < eventsPerScan {
		before := through
		if through, err = v.look(ctx, min(before.Block+blocksPerScan, depth)); err != nil {
			return nil, none, err
		}
		if before.Hash != (rewards.Hash{}) { // else the caller sees to it
			again, err := v.look(ctx, before.Block)
			if err != nil {
				return nil, none, err
			}
			if again != before {
				return nil, none, fmt.Errorf("read events: the chain took block %d back meanwhile: %w", before.Block, ErrUnavailable)
			}
		}
		logs, err := v.backend.FilterLogs(ctx, ethereum.FilterQuery{
			FromBlock: big.NewInt(before.Block + 1), ToBlock: big.NewInt(through.Block),
			Addresses: addresses,
			Topics:    [][]common.Hash{{depositedID, noticeGivenID, noticeCancelledID, withdrawnID, askedID}},
		})
		if err != nil {
			return nil, none, translate("read events", err)
		}
		for i := range logs {
			if logs[i].Topics[0] == askedID {
				if err := attach(events, &logs[i]); err != nil {
					return nil, none, translate("read an event", err)
				}
				continue
			}
			e, err := eventOf(&logs[i])
			if err != nil {
				return nil, none, translate("read an event", err)
			}
			events = append(events, e)
		}
	}
	return events, through, nil
}

var (
	depositedID       = crypto.Keccak256Hash([]byte("Deposited(bytes32,address,address,uint256)"))
	noticeGivenID     = crypto.Keccak256Hash([]byte("NoticeGiven(bytes32,address,uint64)"))
	noticeCancelledID = crypto.Keccak256Hash([]byte("NoticeCancelled(bytes32,address)"))
	withdrawnID       = crypto.Keccak256Hash([]byte("Withdrawn(bytes32,address,address,uint256)"))
)

func eventOf(log *types.Log) (rewards.Event, error) {
	e := rewards.Event{Tx: rewards.Hash(log.TxHash), LogIndex: int(log.Index), Block: int64(log.BlockNumber)}
	switch log.Topics[0] {
	case depositedID:
		d, err := vaultABI.UnpackDepositedEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Reference, e.Owner, e.Base = rewards.Deposited, d.Ref, rewards.Address(d.Owner), d.Amount
	case noticeGivenID:
		n, err := vaultABI.UnpackNoticeGivenEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Reference, e.Owner = rewards.NoticeGiven, n.Ref, rewards.Address(n.Owner)
	case noticeCancelledID:
		n, err := vaultABI.UnpackNoticeCancelledEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Reference, e.Owner = rewards.NoticeCancelled, n.Ref, rewards.Address(n.Owner)
	default:
		w, err := vaultABI.UnpackWithdrawnEvent(log)
		if err != nil {
			return e, err
		}
		e.Kind, e.Reference, e.Owner, e.Base = rewards.Withdrawn, w.Ref, rewards.Address(w.Owner), w.Amount
	}
	return e, nil
}

// look returns a block that was looked at.
func (v *View) look(ctx context.Context, block int64) (rewards.Look, error) {
	hash, err := v.BlockHash(ctx, block)
	return rewards.Look{Block: block, Hash: hash}, err
}

// BlockHash implements rewards.Chain.
func (v *View) BlockHash(ctx context.Context, block int64) (rewards.Hash, error) {
	h, err := v.backend.HeaderByNumber(ctx, big.NewInt(block))
	if err != nil {
		return rewards.Hash{}, translate("read a block", err)
	}
	return rewards.Hash(h.Hash()), nil
}

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

func zeros(n int) []*big.Int {
	z := make([]*big.Int, n)
	for i := range z {
		z[i] = new(big.Int)
	}
	return z
}
