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

	turn chan struct{} // holds one token; who has it owns last
	last *types.Transaction
}

func newSender(b backend, key *ecdsa.PrivateKey, chain, maxFee *big.Int, depth int, log *slog.Logger) *sender {
	s := &sender{
		backend: b, key: key, from: crypto.PubkeyToAddress(key.PublicKey), signer: types.LatestSignerForChainID(chain),
		chain: chain, maxFee: maxFee, depth: uint64(depth), log: log, turn: make(chan struct{}, 1),
	}
	s.turn <- struct{}{}
	return s
}

// send sends data to a contract, or makes one when to is nil, and returns the receipt once the transaction is mined.
func (s *sender) send(ctx context.Context, doing string, to *common.Address, data []byte) (*types.Receipt, error) {
	if len(data) > maxData {
		return nil, fmt.Errorf("%s: %w", doing, ErrTooLarge)
	}
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, wrap(doing, ctx.Err())
	}
	gas, err := s.backend.EstimateGas(ctx, ethereum.CallMsg{From: s.from, To: to, Data: data})
	if err != nil {
		if _, reverted := revertData(err); !reverted && answered(err) {
			return nil, fmt.Errorf("%s: %w (%w)", doing, ErrGas, err)
		}
		return nil, translate(doing, err)
	}
	nonce, err := s.backend.NonceAt(ctx, s.from, nil)
	if err != nil {
		return nil, translate(doing, err)
	}
	// The state may have changed when the block is made; what is not used is not paid.
	body := types.DynamicFeeTx{ChainID: s.chain, Nonce: nonce, To: to, Data: data, Gas: min(gas+gas/8, params.MaxTxGas)}
	var sent []*types.Transaction
	if s.last != nil && s.last.Nonce() == nonce {
		sent = append(sent, s.last)
	}
	tx, err := s.broadcast(ctx, body, s.last)
	if err != nil {
		return nil, wrap(doing, err)
	}
	receipt, err := s.awaitMined(ctx, body, append(sent, tx))
	if err != nil {
		return nil, wrap(doing, err)
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return nil, s.undone(ctx, doing, to, data, receipt)
	}
	return receipt, nil
}

// broadcast signs body with fees for now, and higher ones than those of before if that has the same nonce, and sends it.
func (s *sender) broadcast(ctx context.Context, body types.DynamicFeeTx, before *types.Transaction) (*types.Transaction, error) {
	tip, feeCap, err := s.fees(ctx)
	if err != nil {
		return nil, err
	}
	if before != nil && before.Nonce() == body.Nonce {
		tip, feeCap = larger(tip, raised(before.GasTipCap())), larger(feeCap, raised(before.GasFeeCap()))
	}
	for range maxRaises {
		if feeCap.Cmp(s.maxFee) > 0 {
			feeCap = s.maxFee
		}
		if tip.Cmp(feeCap) > 0 {
			tip = feeCap
		}
		body.GasTipCap, body.GasFeeCap = tip, feeCap
		tx, err := types.SignNewTx(s.key, s.signer, &body)
		if err != nil {
			return nil, err
		}
		s.last = tx
		err = s.backend.SendTransaction(ctx, tx)
		if err == nil {
			return tx, nil
		}
		if !answered(err) {
			return nil, translate("send", err)
		}
		// The node says no. Whether it has the transaction nevertheless, or another one under the nonce that pays as
		// much, shows in what it knows, not in its words.
		if mined, nonceErr := s.backend.NonceAt(ctx, s.from, nil); nonceErr != nil || mined > body.Nonce {
			return tx, translate("look", nonceErr)
		}
		if feeCap.Cmp(s.maxFee) == 0 {
			return nil, fmt.Errorf("%w (%w)", ErrRefused, err)
		}
		s.log.Debug("a node refused a transaction; raising its fees", "tx", tx.Hash(), "error", err)
		tip, feeCap = raised(tip), raised(feeCap)
	}
	return nil, ErrRefused
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
	return tip, new(big.Int).Add(new(big.Int).Lsh(base, 1), tip), nil
}

// awaitMined returns the receipt of the newest of sent, or of one of those that take its place while blocks pass it by.
// The others in sent are earlier ones under the same nonce: one that does the same is as good, when that was mined.
func (s *sender) awaitMined(ctx context.Context, body types.DynamicFeeTx, sent []*types.Transaction) (*types.Receipt, error) {
	sent = slices.DeleteFunc(sent, func(tx *types.Transaction) bool { return !bytes.Equal(tx.Data(), body.Data) })
	head, err := s.backend.BlockNumber(ctx)
	if err != nil {
		return nil, translate("read the head", err)
	}
	for since := head; ; {
		// The nonce is read first: when it is used up, the receipt of what used it is there to be read next.
		nonce, err := s.backend.NonceAt(ctx, s.from, nil)
		if err != nil {
			return nil, translate("read the nonce", err)
		}
		for _, tx := range sent {
			receipt, err := s.backend.TransactionReceipt(ctx, tx.Hash())
			if err == nil {
				return receipt, nil
			}
			if !errors.Is(err, ethereum.NotFound) && !answered(err) {
				return nil, translate("read a receipt", err)
			}
		}
		if nonce > body.Nonce {
			return nil, ErrNonce
		}
		if head >= since+patience {
			since = head
			newest := sent[len(sent)-1]
			switch tx, err := s.broadcast(ctx, body, newest); {
			case err == nil:
				sent = append(sent, tx)
				s.log.Info("a transaction was passed by; sent it again with higher fees", "tx", tx.Hash(), "before", newest.Hash())
			case errors.Is(err, ErrFees), errors.Is(err, ErrRefused):
				s.log.Warn("a transaction is passed by, and cannot be sent with higher fees", "tx", newest.Hash(), "error", err)
			default:
				return nil, err
			}
		}
		if head, err = s.backend.AwaitHead(ctx, head); err != nil {
			return nil, translate("wait for a block", err)
		}
	}
}

// confirm returns the receipt once depth blocks stand on top of it. When a re-organisation takes the transaction out of
// the chain, confirm waits for its return.
func (s *sender) confirm(ctx context.Context, receipt *types.Receipt) (*types.Receipt, error) {
	tx := receipt.TxHash
	head, err := s.backend.BlockNumber(ctx)
	if err != nil {
		return nil, translate("read the head", err)
	}
	for {
		now, err := s.backend.TransactionReceipt(ctx, tx)
		switch {
		case err == nil && head >= now.BlockNumber.Uint64()+s.depth:
			return now, nil
		case err != nil && !errors.Is(err, ethereum.NotFound) && !answered(err):
			return nil, translate("read a receipt", err)
		}
		if head, err = s.backend.AwaitHead(ctx, head); err != nil {
			return nil, translate("wait for confirmation", err)
		}
	}
}

// undone returns why a mined transaction was undone: what it says when it is called on the block that it failed in.
func (s *sender) undone(ctx context.Context, doing string, to *common.Address, data []byte, r *types.Receipt) error {
	_, err := s.backend.CallContract(ctx, ethereum.CallMsg{From: s.from, To: to, Data: data}, r.BlockNumber)
	if why, ok := revertData(err); ok {
		return fmt.Errorf("%s: %w (transaction %s)", doing, reason(why), r.TxHash)
	}
	return fmt.Errorf("%s: %w (transaction %s)", doing, ErrReverted, r.TxHash)
}

// raised returns fee and the eighth of it that nodes ask for to replace a transaction, rounded up.
func raised(fee *big.Int) *big.Int {
	more := new(big.Int).Add(fee, big.NewInt(7))
	return more.Add(more.Rsh(more, 3), fee)
}

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}
