package eth

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

const modelDepth = 4

// model is a chain in memory with one contract and one account that sends to it, which goes wrong as its chance decides.
// Each look at the next block lets some time pass.
type model struct {
	rng    *rand.Rand
	guard  bool                          // the contract takes each number once, in order, as the vault takes epochs
	rate   float64                       // of the calls that go wrong
	faults []fault                       // how they may
	blocks [][]*types.Transaction        // by number
	pool   map[uint64]*types.Transaction // by nonce
	ever   map[uint64][]*types.Transaction
	base   *big.Int
	cancel func() // has the caller of now give up; nil when there is none
}

// fault is a way in which a call goes wrong.
type fault int

const (
	lineBefore  fault = iota // the line breaks before the node hears of it
	lineAfter                // the line breaks before its answer is heard
	errorBefore              // the node says an error, and does nothing
	errorAfter               // the node says an error, and does what it was asked to
	swallowed                // the node says yes, and does nothing
	nonceHigh
	nonceLow
	noReceipt
	oldHead
)

func newModel(rng *rand.Rand, guard bool, rate float64, faults ...fault) *model {
	return &model{
		rng: rng, guard: guard, rate: rate, faults: faults, blocks: make([][]*types.Transaction, modelDepth+1),
		pool: map[uint64]*types.Transaction{}, ever: map[uint64][]*types.Transaction{}, base: gwei(10),
	}
}

// wrong draws whether a call goes wrong, by one of the faults that can.
func (m *model) wrong(can ...fault) (fault, bool) {
	if m.rng.Float64() >= m.rate {
		return 0, false
	}
	f := m.faults[m.rng.IntN(len(m.faults))]
	return f, slices.Contains(can, f)
}

// read draws what goes wrong with a call that changes nothing.
func (m *model) read() error {
	switch f, wrong := m.wrong(lineBefore, lineAfter, errorBefore, errorAfter); {
	case !wrong:
		return nil
	case f == lineBefore || f == lineAfter:
		return errLine
	}
	return says("too many requests")
}

func (m *model) head() uint64 { return uint64(len(m.blocks) - 1) }

func (m *model) nonceAt(block uint64) (n uint64) {
	for _, txs := range m.blocks[:block+1] {
		n += uint64(len(txs))
	}
	return n
}

func number(tx *types.Transaction) uint64 {
	if len(tx.Data()) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(tx.Data())
}

// done returns the numbers that the contract took up to a block, and the transactions by which.
func (m *model) done(block uint64) (numbers []uint64, by []common.Hash) {
	for _, txs := range m.blocks[:block+1] {
		for _, tx := range txs {
			if n := number(tx); n > 0 && (!m.guard || n == uint64(len(numbers))+1) {
				numbers, by = append(numbers, n), append(by, tx.Hash())
			}
		}
	}
	return numbers, by
}

// mineOne makes a block of what waits and pays enough.
func (m *model) mineOne() {
	var txs []*types.Transaction
	for nonce := m.nonceAt(m.head()); ; nonce++ {
		tx := m.pool[nonce]
		if tx == nil || tx.GasFeeCap().Cmp(m.base) < 0 {
			break
		}
		txs = append(txs, tx)
		delete(m.pool, nonce)
	}
	m.blocks = append(m.blocks, txs)
}

// reorganise replaces the newest blocks by one more. What was in them may come back as it was, as another attempt under the
// same nonce, or not at all.
func (m *model) reorganise(blocks int) {
	blocks = min(blocks, len(m.blocks)-1)
	gone := m.blocks[len(m.blocks)-blocks:]
	m.blocks = m.blocks[:len(m.blocks)-blocks]
	for _, tx := range slices.Concat(gone...) {
		switch m.rng.IntN(3) {
		case 0:
			m.pool[tx.Nonce()] = tx
		case 1:
			all := m.ever[tx.Nonce()]
			m.pool[tx.Nonce()] = all[m.rng.IntN(len(all))]
		}
	}
	for range blocks + 1 {
		if m.rng.IntN(2) == 0 {
			m.blocks = append(m.blocks, nil)
		} else {
			m.mineOne()
		}
	}
}

// pass lets something happen in the world.
func (m *model) pass() {
	if m.rng.Float64() < m.rate {
		switch m.rng.IntN(4) {
		case 0:
			m.reorganise(1 + m.rng.IntN(modelDepth-1))
			return
		case 1:
			clear(m.pool)
		case 2:
			m.base = gwei(1 + m.rng.IntN(150))
		case 3:
			if m.cancel != nil {
				m.cancel()
			}
		}
	}
	if m.rng.Float64() < m.rate {
		m.blocks = append(m.blocks, nil)
		return
	}
	m.mineOne()
}

func (m *model) BlockNumber(context.Context) (uint64, error) {
	if f, wrong := m.wrong(oldHead); wrong && f == oldHead {
		return m.head() - min(m.head(), uint64(m.rng.IntN(3))), nil
	}
	return m.head(), m.read()
}

func (m *model) AwaitHead(ctx context.Context, after uint64) (uint64, error) {
	for {
		m.pass()
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if m.head() > after {
			return m.head(), m.read()
		}
	}
}

func (m *model) HeaderByNumber(context.Context, *big.Int) (*types.Header, error) {
	return &types.Header{BaseFee: m.base}, m.read()
}

func (m *model) SuggestGasTipCap(context.Context) (*big.Int, error) { return gwei(1), m.read() }

func (m *model) CallContract(context.Context, ethereum.CallMsg, *big.Int) ([]byte, error) {
	return nil, m.read()
}

func (m *model) FilterLogs(context.Context, ethereum.FilterQuery) ([]types.Log, error) {
	return nil, errors.New("there are no logs here")
}

func (m *model) EstimateGas(context.Context, ethereum.CallMsg) (uint64, error) {
	return 50_000, m.read()
}

func (m *model) NonceAt(_ context.Context, _ common.Address, block *big.Int) (uint64, error) {
	if block != nil {
		return m.nonceAt(min(block.Uint64(), m.head())), m.read()
	}
	n := m.nonceAt(m.head())
	switch f, wrong := m.wrong(nonceHigh, nonceLow); {
	case wrong && f == nonceHigh:
		return n + 1 + uint64(m.rng.IntN(3)), nil
	case wrong:
		return n - min(n, uint64(1+m.rng.IntN(2))), nil
	}
	return n, m.read()
}

func (m *model) SendTransaction(_ context.Context, tx *types.Transaction) error {
	f, wrong := m.wrong(lineBefore, lineAfter, errorBefore, errorAfter, swallowed)
	if wrong {
		switch f {
		case lineBefore:
			return errLine
		case errorBefore:
			return says("internal error")
		case swallowed:
			return nil
		}
	}
	err := m.add(tx)
	if wrong && f == lineAfter {
		return errLine
	} else if wrong {
		return says("internal error")
	}
	return err
}

func (m *model) add(tx *types.Transaction) error {
	before := m.pool[tx.Nonce()]
	switch {
	case tx.Nonce() < m.nonceAt(m.head()):
		return says("nonce too low")
	case before != nil && before.Hash() == tx.Hash():
		return says("already known")
	case before != nil && (tenth(tx.GasFeeCap(), before.GasFeeCap()) || tenth(tx.GasTipCap(), before.GasTipCap())):
		return says("replacement transaction underpriced")
	}
	m.pool[tx.Nonce()] = tx
	m.ever[tx.Nonce()] = append(m.ever[tx.Nonce()], tx)
	return nil
}

// tenth reports whether after is less than a tenth above before.
func tenth(after, before *big.Int) bool {
	least := new(big.Int).Div(new(big.Int).Mul(before, big.NewInt(11)), big.NewInt(10))
	return after.Cmp(least) < 0
}

func (m *model) TransactionByHash(_ context.Context, hash common.Hash) (*types.Transaction, bool, error) {
	if err := m.read(); err != nil {
		return nil, false, err
	}
	for _, tx := range m.pool {
		if tx.Hash() == hash {
			return tx, true, nil
		}
	}
	for _, tx := range slices.Concat(m.blocks...) {
		if tx.Hash() == hash {
			return tx, false, nil
		}
	}
	return nil, false, ethereum.NotFound
}

func (m *model) TransactionReceipt(_ context.Context, hash common.Hash) (*types.Receipt, error) {
	if err := m.read(); err != nil {
		return nil, err
	}
	if f, wrong := m.wrong(noReceipt); wrong && f == noReceipt {
		return nil, ethereum.NotFound
	}
	for number, txs := range m.blocks {
		for _, tx := range txs {
			if tx.Hash() == hash {
				_, by := m.done(uint64(number))
				status := uint64(0)
				if slices.Contains(by, hash) {
					status = 1
				}
				return &types.Receipt{TxHash: hash, BlockNumber: big.NewInt(int64(number)), Status: status}, nil
			}
		}
	}
	return nil, ethereum.NotFound
}

// noKey signs nothing, which is fast.
type noKey struct{}

func (k noKey) current() signer       { return k }
func (noKey) account() common.Address { return common.Address{7} }
func (noKey) sign(_ context.Context, _ *big.Int, body *types.DynamicFeeTx) (*types.Transaction, error) {
	return types.NewTx(body), nil
}

// asked returns what is sent to have the contract take a number.
func asked(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// settled does what the payer does: it asks until the chain has it at the depth that counts, and returns the transaction
// that it was told of, if it was.
func (m *model) settled(s *sender, n uint64) (told common.Hash, err error) {
	for tries := 0; ; tries++ {
		if tries == 200 {
			return told, fmt.Errorf("%d is not done after %d tries", n, tries)
		}
		if tries == 100 { // the world calms down
			m.rate, m.base = 0, gwei(10)
		}
		ctx, cancel := context.WithCancel(context.Background())
		m.cancel = cancel
		in, err := s.send(ctx, "do", &common.Address{1}, asked(n))
		if err == nil {
			in, err = s.confirm(ctx, in)
		}
		m.cancel = nil
		cancel()
		if err == nil {
			return in.TxHash, nil
		}
		if !m.guard {
			continue // only the sender's word counts
		}
		for range modelDepth + 1 {
			m.mineOne()
		}
		if deep, by := m.done(m.head() - modelDepth); uint64(len(deep)) >= n {
			return by[n-1], nil
		}
	}
}

// TestHistories sends through thousands of histories in which most things go wrong that can, and looks at what the chain
// holds in the end: each thing once.
func TestHistories(t *testing.T) {
	honest := []fault{lineBefore, lineAfter, errorBefore, errorAfter, swallowed, oldHead}
	lying := append(slices.Clone(honest), nonceHigh, nonceLow, noReceipt)
	for name, c := range map[string]struct {
		guard     bool
		histories uint64
		faults    []fault
	}{
		"the sender alone, with nodes that fail":      {false, 4000, honest},
		"with the vault's guard, with nodes that lie": {true, 4000, lying},
	} {
		t.Run(name, func(t *testing.T) {
			reverted, sent := 0, 0
			for seed := range c.histories {
				rng := rand.New(rand.NewPCG(seed, 11))
				m := newModel(rng, c.guard, rng.Float64()/2, c.faults...)
				s := newSender(m, noKey{}, big.NewInt(1), gwei(200), modelDepth, slog.New(slog.DiscardHandler))
				told := make(map[uint64]common.Hash)
				const things = 4
				for n := uint64(1); n <= things; n++ {
					var err error
					if told[n], err = m.settled(s, n); err != nil {
						t.Fatalf("seed %d: %v", seed, err)
					}
				}
				numbers, by := m.done(m.head())
				if !slices.Equal(slices.Sorted(slices.Values(numbers)), []uint64{1, 2, 3, 4}) {
					t.Fatalf("seed %d: the contract took %v, want each of %d once", seed, numbers, things)
				}
				for _, n := range slices.Sorted(maps.Keys(told)) {
					if at := slices.Index(numbers, n); at < 0 || by[at] != told[n] {
						t.Fatalf("seed %d: %d was confirmed by %s, and is not done by it in the end", seed, n, told[n])
					}
				}
				sent += int(m.nonceAt(m.head()))
				reverted += int(m.nonceAt(m.head())) - things
			}
			t.Logf("%d transactions mined, %d of them for nothing", sent, reverted)
		})
	}
}

// TestUndoneAfterConfirmation loses a transaction to a re-organisation that is deeper than what counts, and from every
// node's memory. The next one sends it again.
func TestUndoneAfterConfirmation(t *testing.T) {
	m := newModel(rand.New(rand.NewPCG(1, 1)), true, 0)
	s := newSender(m, noKey{}, big.NewInt(1), gwei(200), modelDepth, slog.New(slog.DiscardHandler))
	first, err := m.settled(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.blocks = make([][]*types.Transaction, len(m.blocks)+1)
	if numbers, _ := m.done(m.head()); len(numbers) != 0 {
		t.Fatal("the first is still there")
	}
	if _, err := m.settled(s, 2); err != nil {
		t.Fatal(err)
	}
	if numbers, by := m.done(m.head()); !slices.Equal(numbers, []uint64{1, 2}) || by[0] != first {
		t.Errorf("the contract took %v in the end, want 1 again and then 2", numbers)
	}
}

// TestAnotherAttemptComesBack has a re-organisation put an earlier attempt in the place of the one that was mined.
func TestAnotherAttemptComesBack(t *testing.T) {
	m := newModel(rand.New(rand.NewPCG(1, 1)), false, 0)
	s := newSender(m, noKey{}, big.NewInt(1), gwei(200), modelDepth, slog.New(slog.DiscardHandler))
	m.base = gwei(10)
	sl, err := s.start(context.Background(), "do", &common.Address{1}, asked(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.broadcast(context.Background(), sl); err != nil {
		t.Fatal(err)
	}
	m.mineOne()
	in, err := s.awaitMined(context.Background(), sl)
	if err != nil || in.TxHash != sl.attempts[1].Hash() {
		t.Fatalf("mined %s, %v; want the second attempt", in.TxHash, err)
	}
	m.blocks = append(m.blocks[:len(m.blocks)-1], nil, []*types.Transaction{sl.attempts[0]})
	confirmed, err := s.confirm(context.Background(), in)
	if err != nil || confirmed.TxHash != sl.attempts[0].Hash() {
		t.Errorf("confirmed %s, %v; want the first attempt", confirmed.TxHash, err)
	}
}

// TestRefusedForLong has a node refuse for so long that the fees would reach the highest allowed if each refusal raised
// them, and then take the transaction at what the chain asks for.
func TestRefusedForLong(t *testing.T) {
	m := newModel(rand.New(rand.NewPCG(1, 1)), true, 1, errorBefore)
	refusing := &faulty{backend: m, send: func(context.Context, *types.Transaction) error { return says("insufficient funds") }}
	m.rate = 0
	s := newSender(refusing, noKey{}, big.NewInt(1), gwei(1000), modelDepth, slog.New(slog.DiscardHandler))
	for range 20 {
		if _, err := s.send(context.Background(), "do", &common.Address{1}, asked(1)); !errors.Is(err, ErrRefused) {
			t.Fatalf("got %v, want %v", err, ErrRefused)
		}
	}
	refusing.send = nil
	if _, err := m.settled(s, 1); err != nil {
		t.Fatal(err)
	}
	mined := slices.Concat(m.blocks...)
	if len(mined) != 1 || mined[0].GasFeeCap().Cmp(gwei(21)) != 0 {
		t.Errorf("mined %d with a cap of %s, want one at twice the base fee and the tip", len(mined), mined[0].GasFeeCap())
	}
}
