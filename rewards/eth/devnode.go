package eth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	gethnode "github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
)

const (
	devChainID = 31415926
	// closeWithin bounds how long the node's databases may take to close.
	closeWithin = 4 * time.Second
	// Transactions that fit no block are tried again so long after, with twice the wait each time up to the most: the price of gas
	// falls with each block that is empty, and on a machine that is busy a block is closed before it is filled.
	againFirst, againMost = 500 * time.Millisecond, time.Minute
	// A chain to which nobody sends anything makes an empty block so long after the last one, with twice the wait each time up to the
	// most: what is asked of it is answered by its newest block's time, which must not stand still. The first wait is more than
	// devNotice, so that a notice is over by the next block. A chain of many blocks a second is ahead of the clock, and waits for it.
	idleFirst, idleMost = devNotice + time.Second, time.Hour
)

// devNode is an Ethereum node in this process, without peers, that makes a block as soon as it is sent a transaction,
// and then as many empty ones as confirmations takes, and now and then one when it is sent nothing. It implements backend.
//
// A block counts when it is synced to disk: BlockNumber and AwaitHead know of no other. Reads of the newest state see
// the others too, which only senders do.
type devNode struct {
	*ethclient.Client
	stack         *node.Node
	eth           *gethnode.Ethereum
	beacon        *catalyst.SimulatedBeacon
	confirmations int
	log           *slog.Logger

	quit    chan struct{}
	stopped chan struct{} // closed when the miner has ended
	once    sync.Once
	closed  error

	mu      sync.Mutex
	head    uint64        // the newest synced block
	failed  error         // why there will be no more blocks
	changed chan struct{} // closed and replaced when head or failed change
}

// lockDir claims dir for a node of this process.
func lockDir(dir, rpcAddress string) (*node.Node, error) {
	host, port, err := loopback(rpcAddress)
	if err != nil {
		return nil, err
	}
	stack, err := node.New(&node.Config{
		Name: "chain", DataDir: dir, HTTPHost: host, HTTPPort: port, HTTPModules: []string{"eth", "net", "web3"},
		HTTPVirtualHosts: []string{"localhost"}, HTTPCors: []string{"*"}, // it holds no keys: pages may ask what programs may
		HTTPTimeouts:      rpc.DefaultHTTPTimeouts,
		BatchRequestLimit: node.DefaultConfig.BatchRequestLimit, BatchResponseMaxSize: node.DefaultConfig.BatchResponseMaxSize,
		HTTPBodyLimit: node.DefaultConfig.HTTPBodyLimit,
		P2P:           p2p.Config{NoDiscovery: true, NoDial: true},
	})
	if errors.Is(err, node.ErrDatadirUsed) {
		return nil, fmt.Errorf("%w (%s)", ErrInUse, dir)
	} else if err != nil {
		return nil, fmt.Errorf("open the chain in %s: %w", dir, err)
	}
	return stack, nil
}

// startNode opens the chain in the folder of stack, or makes it with money for the given accounts.
func startNode(stack *node.Node, confirmations int, rich []common.Address, log *slog.Logger) (*devNode, error) {
	if err := dropHalfMade(stack.ResolvePath("chaindata")); err != nil {
		return nil, fmt.Errorf("open the chain in %s: %w", stack.DataDir(), err)
	}
	backend, err := gethnode.New(stack, nodeConfig(rich))
	if _, other := errors.AsType[*core.GenesisMismatchError](err); other {
		return nil, fmt.Errorf("%w (%s)", ErrOtherChain, stack.DataDir())
	} else if err != nil {
		return nil, fmt.Errorf("open the chain in %s: %w", stack.DataDir(), err)
	}
	stack.RegisterAPIs([]rpc.API{{
		Namespace: "eth",
		Service:   filters.NewFilterAPI(filters.NewFilterSystem(backend.APIBackend, filters.Config{})),
	}})
	beacon, err := catalyst.NewSimulatedBeacon(0, common.Address{}, backend)
	if err != nil {
		return nil, fmt.Errorf("start the chain: %w", err)
	}
	if err := stack.Start(); err != nil {
		return nil, fmt.Errorf("start the chain: %w", err)
	}
	n := &devNode{
		Client: ethclient.NewClient(stack.Attach()), stack: stack, eth: backend, beacon: beacon,
		confirmations: confirmations, log: log,
		quit: make(chan struct{}), stopped: make(chan struct{}), changed: make(chan struct{}),
	}
	started := make(chan struct{})
	go n.mine(started)
	<-started
	return n, nil
}

// dropHalfMade removes a database that a hard exit left before it was whole: its format is marked last, so it holds
// nothing yet, and the node would take it for one of an old format and panic.
func dropHalfMade(dir string) error {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	for _, f := range files {
		name := f.Name()
		if strings.HasPrefix(name, "marker.format-version.") || name == "CURRENT" || name == "ancient" || strings.HasSuffix(name, ".sst") {
			return nil
		}
	}
	return os.RemoveAll(dir)
}

// nodeConfig keeps every state, which also is what lets the node go on after a hard exit, and little in memory.
func nodeConfig(rich []common.Address) *ethconfig.Config {
	rules := *params.AllDevChainProtocolChanges
	rules.ChainID = big.NewInt(devChainID)
	rules.AmsterdamTime, rules.BogotaTime = nil, nil // Osaka, until main net is further
	alloc := core.SystemContractAllocs()
	for _, a := range rich {
		alloc[a] = types.Account{Balance: new(big.Int).Mul(big.NewInt(1_000_000_000), big.NewInt(params.Ether))}
	}
	c := ethconfig.Defaults
	c.Genesis = &core.Genesis{
		Config: &rules, GasLimit: c.Miner.GasCeil, Alloc: alloc, ExtraData: []byte("TaskNet dev chain"),
		Difficulty: new(big.Int), BaseFee: big.NewInt(params.InitialBaseFee),
	}
	c.SyncMode = ethconfig.FullSync
	c.NoPruning, c.StateScheme = true, rawdb.HashScheme
	c.TransactionHistory = 0 // all of it
	c.LogNoHistory = true
	c.DatabaseCache, c.DatabaseHandles = 16, 64
	c.TrieCleanCache, c.TrieDirtyCache, c.SnapshotCache = 8, 0, 0
	c.FilterLogCacheSize = 4
	c.TxPool.NoLocals, c.TxPool.Journal = true, ""
	c.BlobPool.Datadir = ""
	return &c
}

// loopback splits an address that only this machine can reach. Empty means none.
func loopback(address string) (host string, port int, err error) {
	if address == "" {
		return "", 0, nil
	}
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if ip := net.ParseIP(host); err != nil || (host != "localhost" && (ip == nil || !ip.IsLoopback())) {
		return "", 0, fmt.Errorf("%w: the dev chain's RPC address must be of this machine only, such as 127.0.0.1:8545, not %q", ErrConfig, address)
	}
	return host, port, nil
}

// mine makes blocks until the node is closed or fails.
func (n *devNode) mine(started chan<- struct{}) {
	defer close(n.stopped)
	arrived := make(chan core.NewTxsEvent, 64)
	sub := n.eth.TxPool().SubscribeTransactions(arrived, false)
	defer sub.Unsubscribe()
	// A hard exit may have left a transaction without the blocks that confirm it.
	err := n.advance()
	close(started)
	for wait, idle := againFirst, idleFirst; err == nil; {
		var again <-chan time.Time
		if waiting, _ := n.eth.TxPool().Stats(); waiting > 0 {
			again = time.After(wait)
		}
		select {
		case <-arrived:
			wait, idle, err = againFirst, idleFirst, n.advance()
		case <-again:
			wait, err = min(2*wait, againMost), n.advance()
		case <-time.After(n.untilIdle(idle)):
			if idle, err = min(2*idle, idleMost), n.seal(); err == nil {
				err = n.advance()
			}
		case <-n.quit:
			err = errClosed
		}
	}
	if !errors.Is(err, errClosed) {
		n.log.Error("the dev chain makes no more blocks", "error", err)
	}
	n.publish(n.durable(), err)
}

// untilIdle returns how long to wait for the next block without a transaction.
func (n *devNode) untilIdle(idle time.Duration) time.Duration {
	newest := time.Unix(int64(n.eth.BlockChain().CurrentBlock().Time), 0)
	return max(idle, time.Until(newest)+idleFirst)
}

var errClosed = errors.New("the chain is closed")

// advance puts all transactions that wait into blocks, confirms them, and syncs.
func (n *devNode) advance() error {
	for {
		waiting, _ := n.eth.TxPool().Stats()
		if waiting == 0 {
			break
		}
		if err := n.seal(); err != nil {
			return err
		}
		chain := n.eth.BlockChain()
		if made := chain.GetBlockByHash(chain.CurrentBlock().Hash()); made.Transactions().Len() == 0 {
			n.log.Warn("transactions wait that fit no block", "count", waiting, "block", made.NumberU64())
			break
		}
		if err := n.eth.TxPool().Sync(); err != nil {
			return fmt.Errorf("sync the pool: %w", err)
		}
	}
	for range n.unconfirmed() {
		if err := n.seal(); err != nil {
			return err
		}
	}
	if err := n.eth.ChainDb().SyncKeyValue(); err != nil {
		return fmt.Errorf("sync the chain: %w", err)
	}
	n.publish(n.eth.BlockChain().CurrentBlock().Number.Uint64(), nil)
	return nil
}

// unconfirmed returns how many blocks are needed to confirm the newest transaction.
func (n *devNode) unconfirmed() int {
	chain := n.eth.BlockChain()
	at := chain.CurrentBlock().Number.Uint64()
	for above := 0; above < n.confirmations && uint64(above) < at; above++ {
		b := chain.GetBlockByNumber(at - uint64(above))
		if b == nil || b.Transactions().Len() > 0 {
			return n.confirmations - above
		}
	}
	return 0
}

// seal makes one block. The beacon logs errors instead of returning them, so the head tells.
func (n *devNode) seal() error {
	before := n.eth.BlockChain().CurrentBlock().Number.Uint64()
	n.beacon.Commit()
	if after := n.eth.BlockChain().CurrentBlock().Number.Uint64(); after != before+1 {
		return fmt.Errorf("no block could be made after block %d", before)
	}
	return nil
}

func (n *devNode) publish(head uint64, failed error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.head, n.failed = head, failed
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *devNode) durable() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.head
}

// BlockNumber implements backend.
func (n *devNode) BlockNumber(context.Context) (uint64, error) { return n.durable(), nil }

// AwaitHead implements backend.
func (n *devNode) AwaitHead(ctx context.Context, after uint64) (uint64, error) {
	for {
		n.mu.Lock()
		head, failed, changed := n.head, n.failed, n.changed
		n.mu.Unlock()
		switch {
		case head > after:
			return head, nil
		case failed != nil:
			return 0, failed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// Close ends mining and closes the databases, within closeWithin. Closing again returns the same.
func (n *devNode) Close() error {
	n.once.Do(func() {
		done := make(chan error, 1)
		go func() {
			close(n.quit)
			<-n.stopped
			n.Client.Close()
			done <- n.stack.Close()
		}()
		timer := time.NewTimer(closeWithin)
		defer timer.Stop()
		select {
		case n.closed = <-done:
		case <-timer.C:
			n.closed = fmt.Errorf("the dev chain did not close within %v", closeWithin)
		}
	})
	return n.closed
}
