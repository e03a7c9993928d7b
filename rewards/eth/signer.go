package eth

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
)

// signer signs the transactions of one account.
type signer interface {
	account() common.Address
	sign(ctx context.Context, chain *big.Int, body *types.DynamicFeeTx) (*types.Transaction, error)
}

// localKey is a private key in this process.
type localKey struct{ key *ecdsa.PrivateKey }

func (k localKey) current() signer { return k }

func (k localKey) account() common.Address { return crypto.PubkeyToAddress(k.key.PublicKey) }

func (k localKey) sign(_ context.Context, chain *big.Int, body *types.DynamicFeeTx) (*types.Transaction, error) {
	return types.SignNewTx(k.key, types.LatestSignerForChainID(chain), body)
}

// remoteSigner is a program that holds a key and signs on request: web3signer by eth_signTransaction, or clef by
// account_signTransaction. It is believed nothing: what comes back must be what was asked for, signed by the account.
type remoteSigner struct {
	client *rpc.Client
	from   common.Address
	clef   atomic.Bool // it has said that it does not know web3signer's method

	patience time.Duration // for one signature; signTime but in tests
}

// signTime is how long a signer may take: clef can ask a person. Longer would keep the account's other transactions waiting.
const signTime = 2 * time.Minute

// noSuchMethod is JSON-RPC's code for a method that the server does not have.
const noSuchMethod = -32601

func dialSigner(ctx context.Context, url string, account common.Address) (*remoteSigner, error) {
	client, err := rpc.DialContext(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("reach the signer: %w (%w)", ErrSigner, withoutURL(err))
	}
	return &remoteSigner{client: client, from: account, patience: signTime}, nil
}

func (r *remoteSigner) current() signer { return r }

func (r *remoteSigner) account() common.Address { return r.from }

// toSign is a transaction as both programs take it. Clef refuses addresses without the checksum that their letters' case is.
type toSign struct {
	From    string         `json:"from"`
	To      string         `json:"to,omitempty"`
	Gas     hexutil.Uint64 `json:"gas"`
	Tip     *hexutil.Big   `json:"maxPriorityFeePerGas"`
	FeeCap  *hexutil.Big   `json:"maxFeePerGas"`
	Value   hexutil.Big    `json:"value"`
	Nonce   hexutil.Uint64 `json:"nonce"`
	Data    hexutil.Bytes  `json:"data"`
	ChainID *hexutil.Big   `json:"chainId"`
}

func (r *remoteSigner) sign(ctx context.Context, chain *big.Int, body *types.DynamicFeeTx) (*types.Transaction, error) {
	ask := toSign{
		From: r.from.Hex(), Gas: hexutil.Uint64(body.Gas), Tip: (*hexutil.Big)(body.GasTipCap), FeeCap: (*hexutil.Big)(body.GasFeeCap),
		Nonce: hexutil.Uint64(body.Nonce), Data: body.Data, ChainID: (*hexutil.Big)(chain),
	}
	if body.To != nil {
		ask.To = body.To.Hex()
	}
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	var reply json.RawMessage
	if !r.clef.Load() {
		err := r.client.CallContext(ctx, &reply, "eth_signTransaction", ask)
		if coded, ok := errors.AsType[rpc.Error](err); ok && coded.ErrorCode() == noSuchMethod {
			r.clef.Store(true)
		} else if err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrSigner, withoutURL(err))
		}
	}
	if r.clef.Load() {
		if err := r.client.CallContext(ctx, &reply, "account_signTransaction", ask); err != nil {
			return nil, fmt.Errorf("%w (%w)", ErrSigner, withoutURL(err))
		}
	}
	tx, err := signed(reply)
	if err != nil {
		return nil, fmt.Errorf("%w (its answer is no transaction: %w)", ErrSigner, err)
	}
	rules := types.LatestSignerForChainID(chain)
	wanted := *body
	wanted.ChainID = chain
	if rules.Hash(tx) != rules.Hash(types.NewTx(&wanted)) {
		return nil, fmt.Errorf("%w (it signed another transaction than it was asked to)", ErrSigner)
	}
	if by, err := types.Sender(rules, tx); err != nil || by != r.from {
		return nil, fmt.Errorf("%w (it signed for %s, not for %s)", ErrSigner, by, r.from)
	}
	return tx, nil
}

// signed reads a signed transaction: its bytes in web3signer's answer, beside its fields in clef's.
func signed(reply json.RawMessage) (*types.Transaction, error) {
	var raw hexutil.Bytes
	if err := json.Unmarshal(reply, &raw); err != nil {
		var both struct{ Raw hexutil.Bytes }
		if err := json.Unmarshal(reply, &both); err != nil {
			return nil, err
		}
		raw = both.Raw
	}
	tx := new(types.Transaction)
	return tx, tx.UnmarshalBinary(raw)
}
