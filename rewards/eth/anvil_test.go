package eth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/tasknet/tasknet/rewards/eth/ethtest"
)

// countingCode makes a contract that takes the numbers 1, 2, 3 and so on, each once and in order, as the vault takes
// epochs, and keeps the newest in its first slot. A call's first eight bytes are its number.
const countingCode = "0x60168060095f395ff3" + "5f3560c01c805f546001011460125" + "75f5ffd5b5f5500"

// bench is a sender whose node is anvil behind a proxy. A block is made whenever the sender asks for the newest.
type bench struct {
	t      *testing.T
	anvil  *ethtest.Anvil
	proxy  *ethtest.Proxy
	truth  *ethclient.Client // past the proxy
	sender *sender
	to     common.Address
	asked  uint64 // the newest number
}

const benchDepth = 2

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, anvil: ethtest.StartAnvil(t)}
	b.proxy = ethtest.StartProxy(t, b.anvil.URL)
	var err error
	if b.truth, err = ethclient.Dial(b.anvil.URL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.truth.Close)
	b.calm()
	b.sender = b.newSender(b.proxy.URL)
	in, err := settleIncluded(b.sender, nil, common.FromHex(countingCode))
	if err != nil {
		t.Fatal(err)
	}
	b.to = in.ContractAddress
	return b
}

// newSender returns one that knows nothing of what was sent before, over some endpoints.
func (b *bench) newSender(urls string) *sender {
	b.t.Helper()
	nodes, err := dial(context.Background(), urls, benchDepth, time.Millisecond, slog.New(slog.DiscardHandler))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(nodes.Close)
	key, err := crypto.HexToECDSA(ethtest.RichKey)
	if err != nil {
		b.t.Fatal(err)
	}
	return newSender(nodes, localKey{key}, big.NewInt(31337), gwei(200), benchDepth, slog.New(slog.DiscardHandler))
}

func settleIncluded(s *sender, to *common.Address, data []byte) (included, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	in, err := s.send(ctx, "do", to, data)
	if err != nil {
		return in, err
	}
	return s.confirm(ctx, in)
}

// calm lets nothing go wrong from now on but that time passes.
func (b *bench) calm() { b.breaks(nil, nil) }

func (b *bench) breaks(rule func(method string) ethtest.Fault, tick func()) {
	b.proxy.Break(func(method string) ethtest.Fault {
		if method == "eth_blockNumber" {
			if tick != nil {
				tick()
			}
			b.anvil.Mine(b.t)
		}
		if rule == nil {
			return ethtest.Works
		}
		return rule(method)
	})
}

// done returns the newest number that the contract took, as deep as counts.
func (b *bench) done() uint64 {
	b.t.Helper()
	for range benchDepth {
		b.anvil.Mine(b.t)
	}
	head, err := b.truth.BlockNumber(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	at, err := b.truth.StorageAt(context.Background(), b.to, common.Hash{}, new(big.Int).SetUint64(head-benchDepth))
	if err != nil {
		b.t.Fatal(err)
	}
	return new(big.Int).SetBytes(at).Uint64()
}

func (b *bench) nonce() uint64 {
	b.t.Helper()
	n, err := b.truth.NonceAt(context.Background(), b.sender.account(), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// ask does what the payer does: it asks for the next number until the chain has it, and returns how often.
func (b *bench) ask(name string) (tries int) {
	b.t.Helper()
	b.asked++
	var err error
	for tries = 1; tries <= 60; tries++ {
		if _, err = settleIncluded(b.sender, &b.to, asked(b.asked)); err == nil {
			break
		}
		if b.done() == b.asked {
			break
		}
	}
	if got := b.done(); got != b.asked {
		b.t.Fatalf("%s: the contract is at %d, want %d; the last word was %v", name, got, b.asked, err)
	}
	return tries
}

// TestFaults has each call that the sender makes go wrong in each way, once and up to three times.
func TestFaults(t *testing.T) {
	b := newBench(t)
	every := []ethtest.Fault{ethtest.LineBefore, ethtest.LineAfter, ethtest.ErrorBefore, ethtest.ErrorAfter}
	for method, faults := range map[string][]ethtest.Fault{
		"eth_blockNumber":           append(every, ethtest.Low, ethtest.High),
		"eth_getTransactionCount":   append(every, ethtest.Low, ethtest.High),
		"eth_estimateGas":           every,
		"eth_getBlockByNumber":      every,
		"eth_maxPriorityFeePerGas":  every,
		"eth_sendRawTransaction":    append(every, ethtest.Swallow),
		"eth_getTransactionByHash":  every,
		"eth_getTransactionReceipt": append(every, ethtest.Missing),
	} {
		for _, fault := range faults {
			for _, times := range []int{1, 3} {
				name := fmt.Sprintf("%s, fault %d, %d times", method, fault, times)
				left, before := times, b.nonce()
				b.breaks(func(called string) ethtest.Fault {
					if called == "eth_sendRawTransaction" && method == "eth_getTransactionByHash" {
						return ethtest.ErrorAfter // only then is it called
					}
					if called != method || left == 0 {
						return ethtest.Works
					}
					left--
					return fault
				}, nil)
				b.ask(name)
				b.calm()
				if left == times {
					t.Errorf("%s: it never went wrong", name)
				}
				// A node that lies about the nonce can cost a transaction that does nothing; no other fault does.
				if used := b.nonce() - before; used != 1 && (method != "eth_getTransactionCount" || fault != ethtest.High) {
					t.Errorf("%s: %d transactions were mined, want 1", name, used)
				}
			}
		}
	}
}

// TestSeededFaults has calls go wrong at random, and the chain as well.
func TestSeededFaults(t *testing.T) {
	histories := uint64(60)
	if testing.Short() {
		histories = 10
	}
	b := newBench(t)
	before := b.nonce()
	for seed := range histories {
		rng := rand.New(rand.NewPCG(seed, 5))
		faults := 40
		b.breaks(func(string) ethtest.Fault {
			if faults == 0 || rng.IntN(4) > 0 {
				return ethtest.Works
			}
			faults--
			return []ethtest.Fault{ethtest.LineBefore, ethtest.LineAfter, ethtest.ErrorBefore, ethtest.ErrorAfter}[rng.IntN(4)]
		}, func() {
			if faults == 0 {
				return
			}
			switch rng.IntN(12) {
			case 0:
				b.anvil.Do(t, nil, "anvil_dropAllTransactions")
			case 1:
				b.anvil.Do(t, nil, "anvil_reorg", 1, []any{})
			case 2:
				b.anvil.Do(t, nil, "anvil_setNextBlockBaseFeePerGas", hexutil.EncodeUint64(uint64(1+rng.IntN(100))*1e9))
			case 3:
				if rng.IntN(3) == 0 { // the server is killed, and another one started
					b.sender = b.newSender(b.proxy.URL)
				}
			}
		})
		b.ask(fmt.Sprintf("seed %d", seed))
		b.calm()
	}
	t.Logf("%d numbers by %d transactions", histories, b.nonce()-before)
}

// TestReorganisedOnAnvil takes a mined transaction out of the chain, and out of the node's pool.
func TestReorganisedOnAnvil(t *testing.T) {
	b := newBench(t)
	gone := false
	b.breaks(nil, func() {
		if !gone && b.nonce() == 2 {
			gone = true
			b.anvil.Do(t, nil, "anvil_reorg", 1, []any{})
			b.anvil.Do(t, nil, "anvil_dropAllTransactions")
			if n := b.nonce(); n != 1 {
				t.Errorf("the transaction survived the re-organisation: %d", n)
			}
		}
	})
	before := b.proxy.Calls("eth_sendRawTransaction")
	if tries := b.ask("re-organised"); tries != 1 {
		t.Errorf("it took %d tries", tries)
	}
	if !gone || b.proxy.Calls("eth_sendRawTransaction") == before+1 {
		t.Error("it was never sent again")
	}
}

// TestFeeSpike lets the base fee pass what was offered, and what is allowed.
func TestFeeSpike(t *testing.T) {
	b := newBench(t)
	for name, spike := range map[string]uint64{"above what was offered": 50e9, "above what is allowed": 500e9} {
		blocks := 0
		b.breaks(nil, func() {
			if blocks++; blocks < 12 {
				b.anvil.Do(t, nil, "anvil_setNextBlockBaseFeePerGas", hexutil.EncodeUint64(spike))
			} else if blocks == 12 {
				b.anvil.Do(t, nil, "anvil_setNextBlockBaseFeePerGas", hexutil.EncodeUint64(2e9))
			}
		})
		before := b.nonce()
		b.ask(name)
		if used := b.nonce() - before; used != 1 {
			t.Errorf("%s: %d transactions were mined, want 1", name, used)
		}
		b.calm()
	}
}

// TestEndpoints has one of three endpoints go wrong in every way, while the others do their work.
func TestEndpoints(t *testing.T) {
	b := newBench(t)
	odd := ethtest.StartProxy(t, b.anvil.URL)
	other := ethtest.StartAnvil(t) // of another chain
	other.Do(t, nil, "anvil_mine", "0x200")
	plain := ethtest.StartProxy(t, b.anvil.URL)
	for name, c := range map[string]struct {
		third string
		rule  func(method string) ethtest.Fault
		why   string
	}{
		"away":          {"http://127.0.0.1:1", nil, "does not answer"},
		"another chain": {other.URL, nil, "most do not have its block"}, // a longer one
		"errors":        {odd.URL, func(string) ethtest.Fault { return ethtest.ErrorAfter }, "does not answer"},
		"no receipts":   {odd.URL, on("eth_getTransactionReceipt", ethtest.Missing), ""},
		"nonce high":    {odd.URL, on("eth_getTransactionCount", ethtest.High), ""},
		"nonce low":     {odd.URL, on("eth_getTransactionCount", ethtest.Low), ""},
		"swallows":      {odd.URL, on("eth_sendRawTransaction", ethtest.Swallow), ""},
		"head high":     {odd.URL, on("eth_blockNumber", ethtest.High), ""},
		"head low":      {odd.URL, on("eth_blockNumber", ethtest.Low), ""},
	} {
		odd.Break(c.rule)
		b.sender = b.newSender(strings.Join([]string{c.third, b.proxy.URL, plain.URL}, ","))
		before := b.nonce()
		if tries := b.ask(name); tries != 1 {
			t.Errorf("%s: it took %d tries", name, tries)
		}
		if used := b.nonce() - before; used != 1 {
			t.Errorf("%s: %d transactions were mined, want 1", name, used)
		}
		out := b.sender.backend.(*endpoints).leftOut()
		if c.why == "" && len(out) > 0 || c.why != "" && (len(out) != 1 || out[0].Number != 1 || !strings.Contains(out[0].Why, c.why)) {
			t.Errorf("%s: left out %+v, want the first because %q", name, out, c.why)
		}
	}

	two := b.newSender(other.URL + "," + b.proxy.URL)
	if _, err := two.backend.BlockNumber(context.Background()); !errors.Is(err, ErrDisagree) {
		t.Errorf("two that disagree: %v, want %v", err, ErrDisagree)
	}
	if _, err := dial(context.Background(), b.proxy.URL+","+b.proxy.URL, 2, time.Second, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrConfig) {
		t.Errorf("one endpoint twice: %v, want %v", err, ErrConfig)
	}
}

func on(method string, fault ethtest.Fault) func(string) ethtest.Fault {
	return func(called string) ethtest.Fault {
		if called == method {
			return fault
		}
		return ethtest.Works
	}
}
