package eth

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
)

// backend is what this package needs of a node. *ethclient.Client has all of it but AwaitHead.
type backend interface {
	// BlockNumber returns the newest block that counts; see the package comment.
	BlockNumber(ctx context.Context) (uint64, error)
	// AwaitHead returns BlockNumber once it is above after.
	AwaitHead(ctx context.Context, after uint64) (uint64, error)
	HeaderByNumber(ctx context.Context, number *big.Int) (*types.Header, error)
	CallContract(ctx context.Context, call ethereum.CallMsg, block *big.Int) ([]byte, error)
	FilterLogs(ctx context.Context, q ethereum.FilterQuery) ([]types.Log, error)
	EstimateGas(ctx context.Context, call ethereum.CallMsg) (uint64, error)
	SuggestGasTipCap(ctx context.Context) (*big.Int, error)
	NonceAt(ctx context.Context, account common.Address, block *big.Int) (uint64, error)
	SendTransaction(ctx context.Context, tx *types.Transaction) error
	TransactionByHash(ctx context.Context, tx common.Hash) (found *types.Transaction, pending bool, err error)
	TransactionReceipt(ctx context.Context, tx common.Hash) (*types.Receipt, error)
}

const (
	// patience is how many blocks may pass a transaction by before it is sent again with higher fees. It is counted in
	// blocks because a chain that stands still is not helped by fees.
	patience = 3
	// maxRaises bounds how often fees are raised for a node that refuses a transaction: 1.125^16 is 6.6 times.
	maxRaises = 16
	// maxData keeps a transaction under the 128 KB that nodes pass on.
	maxData = 120_000
)

// sender sends the transactions of one key, one at a time.
type sender struct {
	backend backend
	key     *ecdsa.PrivateKey
	from    common.Address
	signer  types.Signer
	chain   *big.Int
	maxFee  *big.Int // of a unit of gas, in wei
	depth   uint64
	log     *slog.Logger

	turn     chan struct{}        // holds one token; who has it owns attempts
	attempts []*types.Transaction // all that were signed under the newest nonce; any of them may be mined
}

// included is a transaction in a block.
type included struct {
	tx *types.Transaction
	*types.Receipt
}

func (in included) mined() rewards.Mined {
	return rewards.Mined{Tx: rewards.Hash(in.TxHash), Block: in.BlockNumber.Int64(), Gas: int64(in.GasUsed)}
}

func newSender(b backend, key *ecdsa.PrivateKey, chain, maxFee *big.Int, depth int, log *slog.Logger) *sender {
	s := &sender{
		backend: b, key: key, from: crypto.PubkeyToAddress(key.PublicKey), signer: types.LatestSignerForChainID(chain),
		chain: chain, maxFee: maxFee, depth: uint64(depth), log: log, turn: make(chan struct{}, 1),
	}
	s.turn <- struct{}{}
	return s
}

// send sends data to a contract, or makes one when to is nil, and returns once the transaction is mined.
func (s *sender) send(ctx context.Context, doing string, to *common.Address, data []byte) (none included, err error) {
	if len(data) > maxData {
		return none, fmt.Errorf("%s: %w", doing, ErrTooLarge)
	}
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return none, wrap(doing, ctx.Err())
	}
	gas, err := s.backend.EstimateGas(ctx, ethereum.CallMsg{From: s.from, To: to, Data: data})
	if err != nil {
		if _, reverted := revertData(err); !reverted && answered(err) {
			return none, fmt.Errorf("%s: %w (%w)", doing, ErrGas, err)
		}
		return none, translate(doing, err)
	}
	nonce, err := s.backend.NonceAt(ctx, s.from, nil)
	if err != nil {
		return none, translate(doing, err)
	}
	if len(s.attempts) > 0 && s.attempts[0].Nonce() != nonce {
		s.attempts = nil
	}
	body := types.DynamicFeeTx{ChainID: s.chain, Nonce: nonce, To: to, Data: data, Gas: roomy(gas)}
	if n := len(s.attempts); n > 0 && bytes.Equal(s.attempts[n-1].Data(), data) {
		// The caller gave up waiting for this very thing and asks again: only blocks raise its fees.
		if err := s.backend.SendTransaction(ctx, s.attempts[n-1]); err != nil && !answered(err) {
			return none, translate(doing, err)
		}
	} else if err := s.broadcast(ctx, body); err != nil {
		return none, wrap(doing, err)
	}
	in, err := s.awaitMined(ctx, body)
	if err != nil {
		return none, wrap(doing, err)
	}
	if in.Status != types.ReceiptStatusSuccessful {
		return none, s.undone(ctx, doing, in)
	}
	return in, nil
}

// broadcast sends body with fees for now, which are higher than those of all attempts before.
func (s *sender) broadcast(ctx context.Context, body types.DynamicFeeTx) error {
	tip, feeCap, err := s.fees(ctx)
	if err != nil {
		return err
	}
	for range maxRaises {
		if n := len(s.attempts); n > 0 {
			before := s.attempts[n-1]
			tip, feeCap = larger(tip, raised(before.GasTipCap())), larger(feeCap, raised(before.GasFeeCap()))
		}
		if feeCap.Cmp(s.maxFee) > 0 {
			return ErrFees
		}
		body.GasTipCap, body.GasFeeCap = tip, feeCap
		tx, err := types.SignNewTx(s.key, s.signer, &body)
		if err != nil {
			return err
		}
		s.attempts = append(s.attempts, tx)
		if err = s.backend.SendTransaction(ctx, tx); err == nil {
			return nil
		}
		if !answered(err) {
			return translate("send", err)
		}
		// The node says no. Whether it has the transaction nevertheless, or mined another one under the nonce, shows in
		// what it holds, not in its words; whether it has one that pays as much, in what it says to more.
		switch _, _, err := s.backend.TransactionByHash(ctx, tx.Hash()); {
		case err == nil:
			return nil
		case !missing(err):
			return translate("look for a transaction", err)
		}
		if nonce, err := s.backend.NonceAt(ctx, s.from, nil); err != nil || nonce > body.Nonce {
			return translate("read the nonce", err)
		}
		s.log.Debug("the node refused a transaction; raising its fees", "tx", tx.Hash(), "error", err)
	}
	return ErrRefused
}

// fees returns what a transaction needs to be mined soon: a tip, and a cap that holds while the base fee doubles.
func (s *sender) fees(ctx context.Context) (tip, feeCap *big.Int, err error) {
	head, err := s.backend.HeaderByNumber(ctx, nil)
	if err != nil {
		return nil, nil, translate("read the base fee", err)
	}
	if tip, err = s.backend.SuggestGasTipCap(ctx); err != nil {
		return nil, nil, translate("read the tip", err)
	}
	base := head.BaseFee
	if base == nil {
		base = new(big.Int)
	}
	if new(big.Int).Add(base, tip).Cmp(s.maxFee) > 0 {
		return nil, nil, fmt.Errorf("%w (%s wei now, %s allowed)", ErrFees, base, s.maxFee)
	}
	feeCap = new(big.Int).Add(new(big.Int).Lsh(base, 1), tip)
	if feeCap.Cmp(s.maxFee) > 0 {
		feeCap = s.maxFee
	}
	return tip, feeCap, nil
}

// awaitMined returns the attempt that is mined and does what body does, and makes another with higher fees whenever
// blocks pass all of them by.
func (s *sender) awaitMined(ctx context.Context, body types.DynamicFeeTx) (none included, err error) {
	head, err := s.backend.BlockNumber(ctx)
	if err != nil {
		return none, translate("read the head", err)
	}
	for since := head; ; {
		// The nonce is read first: when it is used up, the receipt of what used it is there to be read next.
		nonce, err := s.backend.NonceAt(ctx, s.from, nil)
		if err != nil {
			return none, translate("read the nonce", err)
		}
		for _, tx := range slices.Backward(s.attempts) {
			if !bytes.Equal(tx.Data(), body.Data) {
				continue // given up by its caller, and meant something else
			}
			receipt, err := s.backend.TransactionReceipt(ctx, tx.Hash())
			if err == nil {
				return included{tx, receipt}, nil
			}
			if !missing(err) {
				return none, translate("read a receipt", err)
			}
		}
		if nonce > body.Nonce {
			return none, ErrNonce
		}
		if head >= since+patience {
			since = head
			switch err := s.broadcast(ctx, body); {
			case err == nil:
				s.log.Info("blocks passed a transaction by; sent it again with higher fees", "from", s.from, "nonce", nonce)
			case errors.Is(err, ErrFees), errors.Is(err, ErrRefused):
				s.log.Warn("blocks pass a transaction by, and its fees cannot be raised", "from", s.from, "nonce", nonce, "error", err)
			default:
				return none, err
			}
		}
		if head, err = s.backend.AwaitHead(ctx, head); err != nil {
			return none, translate("wait for a block", err)
		}
	}
}

// confirm returns once depth blocks stand on top of in, with the block that it is in then. When a re-organisation takes
// the transaction out of the chain, confirm sends it again and waits for its return.
func (s *sender) confirm(ctx context.Context, in included) (included, error) {
	head, err := s.backend.BlockNumber(ctx)
	if err != nil {
		return in, translate("read the head", err)
	}
	for {
		receipt, err := s.backend.TransactionReceipt(ctx, in.tx.Hash())
		switch {
		case err == nil && head >= receipt.BlockNumber.Uint64()+s.depth:
			return included{in.tx, receipt}, nil
		case err != nil && !missing(err):
			return in, translate("read a receipt", err)
		case err != nil:
			if err := s.backend.SendTransaction(ctx, in.tx); err != nil && !answered(err) {
				return in, translate("send again", err)
			}
		}
		if head, err = s.backend.AwaitHead(ctx, head); err != nil {
			return in, translate("wait for confirmation", err)
		}
	}
}

// missing reports whether err says that the node does not hold what it was asked for; some nodes use an error of their own for that.
func missing(err error) bool { return errors.Is(err, ethereum.NotFound) || answered(err) }

// undone returns why a mined transaction was undone: what it says when it is called on the block that it failed in.
func (s *sender) undone(ctx context.Context, doing string, in included) error {
	why := ErrReverted
	_, err := s.backend.CallContract(ctx, ethereum.CallMsg{From: s.from, To: in.tx.To(), Data: in.tx.Data()}, in.BlockNumber)
	if data, ok := revertData(err); ok {
		why = reason(data)
	}
	return fmt.Errorf("%s: %w (transaction %s)", doing, why, in.TxHash)
}

// roomy returns a limit above gas, since the state may have changed when the block is made; what is not used is not
// paid. Rules from Osaka to before Amsterdam cap a transaction at MaxTxGas; where gas is above it the cap is gone.
func roomy(gas uint64) uint64 {
	if gas <= params.MaxTxGas {
		return min(gas+gas/8, params.MaxTxGas)
	}
	return gas + gas/8
}

// raised returns fee and the eighth of it that nodes ask for to replace a transaction, rounded up, and at least one wei.
func raised(fee *big.Int) *big.Int {
	eighth := new(big.Int).Add(fee, big.NewInt(7))
	eighth = larger(eighth.Rsh(eighth, 3), big.NewInt(1))
	return eighth.Add(eighth, fee)
}

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}
