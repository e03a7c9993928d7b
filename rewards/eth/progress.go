package eth

import (
	"context"
	"log/slog"
	"time"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
)

// Progress is how far a transaction is.
type Progress struct {
	Doing    string          // what it is for
	Tx       rewards.Hash    // another with the same purpose may take its place, with higher fees
	Contract rewards.Address // that it makes; zero when it makes none
	Mined    bool            // whether it is in a block
	On       int             // blocks on top of that one
	Wanted   int             // so many make it count
}

// report tells whoever wants to know how far the transaction of a slot is. Before it is mined, on is below zero.
func (s *sender) report(sl *slot, tx *types.Transaction, on int64) {
	if s.progress == nil {
		return
	}
	s.mu.Lock()
	p := Progress{Doing: sl.doing, Tx: rewards.Hash(tx.Hash()), Mined: on >= 0, On: int(max(on, 0)), Wanted: int(s.depth)}
	s.mu.Unlock()
	if tx.To() == nil {
		p.Contract = rewards.Address(crypto.CreateAddress(sl.key.account(), tx.Nonce()))
	}
	s.progress(p)
}

// devConfirmations is how many blocks a development chain makes on top of a transaction, if nobody says otherwise.
const devConfirmations = 2

// remoteConfirmations is how many blocks make a transaction count on a chain that others make.
const remoteConfirmations = 12

// ConfirmationsAt returns how many blocks on top of a transaction make it count on the chain of a node, where nobody says so: those
// that a development chain makes at once, and 12 on every other.
func ConfirmationsAt(ctx context.Context, url string) (int, error) {
	node, err := dial(ctx, url, 1, time.Second, slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, err
	}
	defer node.Close()
	id, err := node.ChainID(ctx)
	if err != nil {
		return 0, translate("read the chain's id", err)
	}
	if id.Int64() == devChainID {
		return devConfirmations, nil
	}
	return remoteConfirmations, nil
}
