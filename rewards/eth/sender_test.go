package eth

import (
	"context"
	"errors"
	"log/slog"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// faulty is a node that answers as its functions say, and else as it should.
type faulty struct {
	backend
	send     func(ctx context.Context, tx *types.Transaction) error
	receipt  func(ctx context.Context, tx common.Hash) (*types.Receipt, error)
	estimate func(ctx context.Context, call ethereum.CallMsg) (uint64, error)
	header   func(ctx context.Context, number *big.Int) (*types.Header, error)
	head     func(ctx context.Context) (uint64, error)
	nonce    func(ctx context.Context, account common.Address, block *big.Int) (uint64, error)
}

func (f *faulty) NonceAt(ctx context.Context, account common.Address, block *big.Int) (uint64, error) {
	if f.nonce != nil {
		return f.nonce(ctx, account, block)
	}
	return f.backend.NonceAt(ctx, account, block)
}

func (f *faulty) SendTransaction(ctx context.Context, tx *types.Transaction) error {
	if f.send != nil {
		return f.send(ctx, tx)
	}
	return f.backend.SendTransaction(ctx, tx)
}

func (f *faulty) TransactionReceipt(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
	if f.receipt != nil {
		return f.receipt(ctx, tx)
	}
	return f.backend.TransactionReceipt(ctx, tx)
}

func (f *faulty) EstimateGas(ctx context.Context, call ethereum.CallMsg) (uint64, error) {
	if f.estimate != nil {
		return f.estimate(ctx, call)
	}
	return f.backend.EstimateGas(ctx, call)
}

func (f *faulty) HeaderByNumber(ctx context.Context, number *big.Int) (*types.Header, error) {
	if f.header != nil {
		return f.header(ctx, number)
	}
	return f.backend.HeaderByNumber(ctx, number)
}

func (f *faulty) BlockNumber(ctx context.Context) (uint64, error) {
	if f.head != nil {
		return f.head(ctx)
	}
	return f.backend.BlockNumber(ctx)
}

// says is an answer of a node that is not a revert.
type says string

func (s says) Error() string  { return string(s) }
func (s says) ErrorCode() int { return -32000 }

var errLine = errors.New("connection reset")

// fixture is a dev chain whose poster sends through a faulty node.
type fixture struct {
	*Dev
	node *faulty
	sent []*types.Transaction // that got to the node
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	d, err := OpenDev(context.Background(), DevConfig{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{Dev: d, node: &faulty{backend: d.node}}
	d.Chain.backend = f.node
	d.poster.backend = f.node
	f.mine(t) // money to promise
	return f
}

// mine makes blocks by a transaction of another key.
func (f *fixture) mine(t *testing.T) {
	t.Helper()
	if _, err := f.Drip(context.Background(), [32]byte{1}, tasknet.Micro(1000)); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) post(ctx context.Context, epoch int64) (rewards.Mined, error) {
	var before rewards.Header
	if epoch > 1 {
		before = headerOf(epoch-1, rewards.Hash{byte(epoch - 1)}, epoch-1)
	}
	return f.PostRoot(ctx, before, headerOf(epoch, rewards.Hash{byte(epoch)}, epoch))
}

func headerOf(epoch int64, root rewards.Hash, total int64) rewards.Header {
	return rewards.Header{Epoch: epoch, Payouts: root, Total: big.NewInt(total), Spent: big.NewInt(total), Through: 1}
}

// nonce returns how many transactions of the poster are mined.
func (f *fixture) nonce(t *testing.T) uint64 {
	t.Helper()
	n, err := f.Dev.node.NonceAt(context.Background(), f.poster.account(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (f *fixture) wantEpoch(t *testing.T, want int64) {
	t.Helper()
	if got, err := f.Roots(context.Background()); err != nil || got.Epoch != want {
		t.Errorf("the newest epoch is %+v, %v; want %d", got, err, want)
	}
}

// TestNodeThatLies sends all right and says that it did not.
func TestNodeThatLies(t *testing.T) {
	f := newFixture(t)
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		return errors.Join(says("internal error"), f.backendSend(ctx, tx))
	}
	if _, err := f.post(context.Background(), 1); err != nil {
		t.Fatal(err)
	}
	f.wantEpoch(t, 1)
	if n := f.nonce(t); n != 1 || len(f.sent) != 1 {
		t.Errorf("%d transactions were sent and %d mined, want 1", len(f.sent), n)
	}
}

func (f *fixture) backendSend(ctx context.Context, tx *types.Transaction) error {
	f.sent = append(f.sent, tx)
	_ = f.Dev.node.SendTransaction(ctx, tx) // what it says is kept from the sender
	return nil
}

// TestLineThatBreaks loses the answer to a send that arrived. The caller asks again, and is told of what arrived.
func TestLineThatBreaks(t *testing.T) {
	f := newFixture(t)
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		_ = f.backendSend(ctx, tx)
		return errLine
	}
	if _, err := f.post(context.Background(), 1); !errors.Is(err, ErrUnavailable) || !errors.Is(err, errLine) {
		t.Fatalf("got %v, want %v", err, ErrUnavailable)
	}
	f.node.send = nil
	f.mine(t)
	m, err := f.post(context.Background(), 1)
	if err != nil || m.Tx != rewards.Hash(f.sent[0].Hash()) {
		t.Errorf("posting what arrived: %x, %v; want %x", m.Tx, err, f.sent[0].Hash())
	}
	f.wantEpoch(t, 1)
	if n := f.nonce(t); n != 1 {
		t.Errorf("%d transactions were mined, want 1", n)
	}
}

// TestPassedBy loses the first attempt; blocks pass it by, and the second pays an eighth more.
func TestPassedBy(t *testing.T) {
	f := newFixture(t)
	lost := make(chan struct{})
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		if f.sent = append(f.sent, tx); len(f.sent) == 1 {
			close(lost)
			return nil
		}
		return f.Dev.node.SendTransaction(ctx, tx)
	}
	done := make(chan error, 1)
	go func() {
		_, err := f.post(context.Background(), 1)
		done <- err
	}()
	<-lost
	for settled := false; !settled; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			settled = true
		default:
			f.mine(t)
		}
	}
	f.wantEpoch(t, 1)
	if len(f.sent) < 2 { // more, when blocks come faster than this test is let run
		t.Fatalf("%d attempts, want a second", len(f.sent))
	}
	for name, fee := range map[string]func(*types.Transaction) *big.Int{"tip": (*types.Transaction).GasTipCap, "cap": (*types.Transaction).GasFeeCap} {
		before, after := fee(f.sent[0]), fee(f.sent[1])
		if least := raised(before); after.Cmp(least) < 0 {
			t.Errorf("the %s went from %s to %s, want %s or more", name, before, after, least)
		}
	}
	if f.sent[0].Nonce() != f.sent[1].Nonce() {
		t.Error("the attempts have two nonces: both could be mined")
	}
}

// TestGivenUp has a caller leave; the next one's transaction takes the place of the first.
func TestGivenUp(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.node.send = func(_ context.Context, tx *types.Transaction) error {
		f.sent = append(f.sent, tx)
		cancel()
		return nil
	}
	if _, err := f.post(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		f.sent = append(f.sent, tx)
		return f.Dev.node.SendTransaction(ctx, tx)
	}
	other := rewards.Hash{0xee}
	if _, err := f.PostRoot(context.Background(), rewards.Header{}, headerOf(1, other, 5)); err != nil {
		t.Fatal(err)
	}
	want := headerOf(1, other, 5)
	if roots, err := f.Roots(context.Background()); err != nil || roots.Header != want.Hash() {
		t.Errorf("the roots are %+v, %v; want the second caller's", roots, err)
	}
	if len(f.sent) != 2 || f.sent[0].Nonce() != f.sent[1].Nonce() || f.sent[1].GasFeeCap().Cmp(raised(f.sent[0].GasFeeCap())) < 0 {
		t.Error("the second attempt does not take the place of the first")
	}
}

// TestGivenUpAndAskedAgain finds that the first attempt, which its caller left, was the one that was mined.
func TestGivenUpAndAskedAgain(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.node.send = func(_ context.Context, tx *types.Transaction) error {
		f.sent = append(f.sent, tx)
		cancel()
		return nil
	}
	if _, err := f.post(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	f.node.send = nil
	m, err := f.post(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if m.Tx != rewards.Hash(f.sent[0].Hash()) {
		t.Error("asking for the same again made another transaction")
	}
	f.wantEpoch(t, 1)
}

// TestRestarted meets a transaction under the same nonce that an earlier process sent with higher fees.
func TestRestarted(t *testing.T) {
	f := newFixture(t)
	refusals := 0
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		if refusals++; refusals <= 5 {
			return says("replacement transaction underpriced")
		}
		return f.Dev.node.SendTransaction(ctx, tx)
	}
	if _, err := f.post(context.Background(), 1); err != nil {
		t.Fatal(err)
	}
	f.wantEpoch(t, 1)
}

func TestRefusedForGood(t *testing.T) {
	f := newFixture(t)
	f.node.send = func(context.Context, *types.Transaction) error { return says("no") }
	if _, err := f.post(context.Background(), 1); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want %v", err, ErrRefused)
	}
	f.wantEpoch(t, 0)
}

func TestFeesAboveTheHighest(t *testing.T) {
	f := newFixture(t)
	f.node.header = func(ctx context.Context, number *big.Int) (*types.Header, error) {
		h, err := f.Dev.node.HeaderByNumber(ctx, number)
		if err == nil {
			h.BaseFee = new(big.Int).Add(f.poster.maxFee, big.NewInt(1))
		}
		return h, err
	}
	f.node.send = func(context.Context, *types.Transaction) error {
		t.Error("sent at any price")
		return nil
	}
	if _, err := f.post(context.Background(), 1); !errors.Is(err, ErrFees) {
		t.Errorf("got %v, want %v", err, ErrFees)
	}
}

// TestAnotherProgram has somebody else use the poster's nonce.
func TestAnotherProgram(t *testing.T) {
	f := newFixture(t)
	other := newSender(f.Dev.node, f.poster.keys, f.poster.chain, f.poster.maxFee, 2, slog.New(slog.DiscardHandler))
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		self := other.account()
		_, err := other.send(ctx, "spoil", &self, nil)
		return err
	}
	if _, err := f.post(context.Background(), 1); !errors.Is(err, ErrNonce) {
		t.Errorf("got %v, want %v", err, ErrNonce)
	}
	f.node.send = nil
	if _, err := f.post(context.Background(), 1); err != nil {
		t.Errorf("the time after: %v", err)
	}
}

// TestReorganised has a transaction vanish from the chain after it was mined, and return in a later block.
func TestReorganised(t *testing.T) {
	f := newFixture(t)
	sends, looks := 0, 0
	f.node.send = func(ctx context.Context, tx *types.Transaction) error {
		if sends++; sends == 2 {
			defer f.mine(t)
			return says("already known")
		}
		return f.Dev.node.SendTransaction(ctx, tx)
	}
	f.node.receipt = func(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
		r, err := f.Dev.node.TransactionReceipt(ctx, tx)
		if err != nil {
			return nil, err
		}
		switch looks++; looks {
		case 1:
			return r, nil
		case 2:
			return nil, ethereum.NotFound
		}
		r.BlockNumber = new(big.Int).Add(r.BlockNumber, big.NewInt(1)) // where it is now
		return r, nil
	}
	f.node.nonce = func(ctx context.Context, account common.Address, block *big.Int) (uint64, error) {
		if looks == 2 { // it is in no block then
			return 0, nil
		}
		return f.Dev.node.NonceAt(ctx, account, block)
	}
	m, err := f.post(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	there, err := f.Dev.node.TransactionReceipt(context.Background(), common.Hash(m.Tx))
	if err != nil {
		t.Fatal(err)
	}
	if m.Block != there.BlockNumber.Int64()+1 || sends != 2 {
		t.Errorf("confirmed in block %d after %d sends, want the later block %d after 2", m.Block, sends, there.BlockNumber.Int64()+1)
	}
}

// TestUndone has a transaction fail in its block although it looked well before.
func TestUndone(t *testing.T) {
	f := newFixture(t)
	f.node.estimate = func(context.Context, ethereum.CallMsg) (uint64, error) { return 200_000, nil }
	if _, err := f.post(context.Background(), 7); !errors.Is(err, ErrEpoch) {
		t.Errorf("got %v, want %v", err, ErrEpoch)
	}
	if n := f.nonce(t); n != 1 {
		t.Errorf("%d transactions were mined, want the one that failed", n)
	}
}

// TestDepth reads nothing that lacks its confirmations.
func TestDepth(t *testing.T) {
	ctx := context.Background()
	f := newFixture(t)
	m, err := f.post(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	f.mine(t)
	deposits, _, err := f.Events(ctx, 0)
	if err != nil || len(deposits) != 2 {
		t.Fatalf("%d deposits, %v; want 2", len(deposits), err)
	}
	head := uint64(0)
	f.node.head = func(context.Context) (uint64, error) { return head, nil }
	for _, c := range []struct {
		name     string
		head     int64
		epoch    int64
		deposits int
		through  int64
	}{
		{"before there is a vault", 0, 0, 0, 0},
		{"one block short of the root", m.Block + 1, 0, 1, m.Block - 1},
		{"at the root", m.Block + 2, 1, 1, m.Block},
		{"one block short of the deposit", deposits[1].Block + 1, 1, 1, deposits[1].Block - 1},
		{"at the deposit", deposits[1].Block + 2, 1, 2, deposits[1].Block},
	} {
		head = uint64(c.head)
		roots, err := f.Roots(ctx)
		if err != nil || roots.Epoch != c.epoch {
			t.Errorf("%s: epoch %d, %v; want %d", c.name, roots.Epoch, err, c.epoch)
		}
		got, through, err := f.Events(ctx, 0)
		if err != nil || len(got) != c.deposits || through.Block != c.through {
			t.Errorf("%s: %d deposits through %d, %v; want %d through %d", c.name, len(got), through.Block, err, c.deposits, c.through)
		}
		if claimed, err := f.Claimed(ctx, []rewards.Address{{1}}); err != nil || len(claimed) != 1 || claimed[0].Sign() != 0 {
			t.Errorf("%s: claimed %v, %v", c.name, claimed, err)
		}
	}
}

func TestRaised(t *testing.T) {
	for before, want := range map[int64]int64{0: 1, 1: 2, 8: 9, 9: 11, 1000: 1125, 1001: 1127} {
		if got := raised(big.NewInt(before)); got.Int64() != want {
			t.Errorf("raised(%d) is %s, want %d", before, got, want)
		}
	}
}

// TestGasPriceWithoutBaseFee: some chains have none; what is asked on top is the price then.
func TestGasPriceWithoutBaseFee(t *testing.T) {
	f := newFixture(t)
	f.node.header = func(context.Context, *big.Int) (*types.Header, error) { return &types.Header{}, nil }
	tip, err := f.node.SuggestGasTipCap(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if price, err := f.GasPrice(context.Background()); err != nil || price.Cmp(tip) != 0 {
		t.Errorf("the price is %s, %v; want the tip, %s", price, err, tip)
	}
}
