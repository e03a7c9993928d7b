package eth

import (
	"context"
	"log/slog"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// bare starts the node in dir without its contracts.
func bare(t *testing.T, dir string) (*devNode, operatorKeys) {
	t.Helper()
	stack, err := lockDir(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := devKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	rich := []common.Address{addressOf(keys.poster), addressOf(keys.relayer), addressOf(keys.minter)}
	n, err := startNode(stack, 2, rich, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n, keys
}

// TestCutOffWhileMade opens a chain whose first start was cut off after each of its steps.
func TestCutOffWhileMade(t *testing.T) {
	ctx := context.Background()
	for steps := range 3 {
		dir := t.TempDir()
		n, keys := bare(t, dir)
		minter := newSender(n, localKey{keys.minter}, big.NewInt(devChainID), gwei(1000), 2, n.log)
		for _, data := range [][]byte{tokenCode(minter.account()), vaultCode(Terms{Token: rewards.Address(crypto.CreateAddress(minter.account(), 0))}, addressOf(keys.poster))}[:steps] {
			if _, err := settle(ctx, "make", minter, nil, data); err != nil {
				t.Fatal(err)
			}
		}
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
		d, err := OpenDev(ctx, DevConfig{Dir: dir})
		if err != nil {
			t.Fatalf("cut off after %d steps: %v", steps, err)
		}
		if _, err := d.Drip(ctx, [32]byte{1}, tasknet.Micro(1)); err != nil {
			t.Errorf("cut off after %d steps: %v", steps, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestConfirmedAtStart opens a chain that was cut off between a transaction and the blocks that confirm it.
func TestConfirmedAtStart(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	n, keys := bare(t, dir)
	n.confirmations = 0 // the blocks that are to confirm are not made
	tx, err := types.SignNewTx(keys.relayer, types.LatestSignerForChainID(big.NewInt(devChainID)), &types.DynamicFeeTx{
		ChainID: big.NewInt(devChainID), To: &common.Address{1}, Gas: 21_000, GasTipCap: gwei(1), GasFeeCap: gwei(10),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.SendTransaction(ctx, tx); err != nil {
		t.Fatal(err)
	}
	head, err := n.AwaitHead(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n, _ = bare(t, dir)
	defer n.Close()
	if now, err := n.BlockNumber(ctx); err != nil || now != head+2 {
		t.Errorf("the head is %d, %v; the transaction was in block %d", now, err, head)
	}
}

// TestWaitsForAPrice sends a transaction that pays less than gas costs: it is mined when blocks without it have made gas cheaper,
// though nobody sends another.
func TestWaitsForAPrice(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	n, keys := bare(t, t.TempDir())
	defer n.Close()
	tx, err := types.SignNewTx(keys.relayer, types.LatestSignerForChainID(big.NewInt(devChainID)), &types.DynamicFeeTx{
		ChainID: big.NewInt(devChainID), To: &common.Address{1}, Gas: 21_000, GasTipCap: big.NewInt(params.GWei / 100), GasFeeCap: big.NewInt(params.GWei * 8 / 10),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.SendTransaction(ctx, tx); err != nil {
		t.Fatal(err)
	}
	for head := uint64(0); ; {
		if head, err = n.AwaitHead(ctx, head); err != nil {
			t.Fatal(err)
		}
		if receipt, err := n.TransactionReceipt(ctx, tx.Hash()); err == nil {
			if receipt.BlockNumber.Uint64() < 2 {
				t.Errorf("mined in block %d, where gas costs more than it pays", receipt.BlockNumber)
			}
			return
		}
	}
}

// TestIdleChainsTimeGoesOn: a chain to which nobody sends anything comes to the time of the clock, by which a notice is over.
func TestIdleChainsTimeGoesOn(t *testing.T) {
	t.Parallel() // it waits for the block
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	n, _ := bare(t, t.TempDir())
	defer n.Close()
	w := &Wallet{View: &View{backend: n}}
	asked := time.Now()
	if err := w.AwaitTime(ctx, asked); err != nil {
		t.Fatal(err)
	}
	if now, err := w.Time(ctx); err != nil || now.Unix() < asked.Unix() {
		t.Errorf("the chain's time is %v, %v; want %v or later", now, err, asked)
	}
}

// TestManyAtOnce has transactions of three keys under way at a time; each is mined once and confirmed.
func TestManyAtOnce(t *testing.T) {
	ctx := context.Background()
	d, err := OpenDev(ctx, DevConfig{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const each = 10
	done := make(chan error)
	for range each {
		go func() {
			_, err := d.Drip(ctx, [32]byte{1}, tasknet.Micro(7))
			done <- err
		}()
		for _, s := range []*sender{d.poster, d.relayer} {
			go func() {
				_, err := settle(ctx, "send", s, &common.Address{1}, nil)
				done <- err
			}()
		}
	}
	for range 3 * each {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	deposits, _, err := d.Events(ctx, 0)
	if err != nil || len(deposits) != each {
		t.Errorf("%d deposits, %v; want %d", len(deposits), err, each)
	}
	for name, s := range map[string]*sender{"poster": d.poster, "relayer": d.relayer} {
		if n, err := d.node.NonceAt(ctx, s.account(), nil); err != nil || n != each {
			t.Errorf("%d transactions of the %s, %v; want %d", n, name, err, each)
		}
	}
}
