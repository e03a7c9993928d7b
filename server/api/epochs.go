package api

import (
	"context"
	"encoding/hex"
	"strconv"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// epochNumber names an epoch.
type epochNumber struct {
	Number int64 `path:"n" minimum:"1" doc:"The epoch's number"`
}

// epochSpending lists what accounts had spent by an epoch.
func (s *Server) epochSpending(ctx context.Context, _ address, in *epochInput) (*of[wire.EpochSpending], error) {
	list := "spending " + strconv.FormatInt(in.Number, 10)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	epoch, err := s.Stores.Rewards().Epoch(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	accounts, err := s.Stores.Rewards().Spending(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	some, after, err := partOf(accounts, page)
	if err != nil {
		return nil, err
	}
	return &of[wire.EpochSpending]{wire.EpochSpending{Page: s.next(list, after), Epoch: s.wireEpoch(epoch), Accounts: wireAccounts(some)}}, nil
}

// epochTree gives all leaves of an epoch at once, for who keeps them against the day on which this server is gone.
func (s *Server) epochTree(ctx context.Context, _ address, in *epochNumber) (*of[wire.EpochTree], error) {
	out, err := shared(s, "whole tree "+strconv.FormatInt(in.Number, 10), func(ctx context.Context) (*wire.EpochTree, error) {
		epoch, err := s.Stores.Rewards().Epoch(ctx, in.Number)
		if err != nil {
			return nil, err
		}
		tree, err := s.tree(in.Number, 0)
		if err != nil {
			return nil, err
		}
		accounts, err := s.Stores.Rewards().Spending(ctx, in.Number)
		if err != nil {
			return nil, err
		}
		out := &wire.EpochTree{
			ChainID: s.Chain.ID, Vault: addressOf(s.Chain.Vault), Token: wire.Token{Address: addressOf(s.Chain.Token), Symbol: s.Chain.Symbol, Decimals: s.Chain.Decimals},
			Epoch: s.wireEpoch(epoch), Payouts: make([]wire.PayoutLeaf, len(tree.leaves)), Accounts: wireAccounts(accounts),
		}
		for i, l := range tree.leaves {
			out.Payouts[i] = wire.PayoutLeaf{Address: addressOf(l.Address), Cumulative: l.Cumulative}
		}
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	return &of[wire.EpochTree]{*out}, nil
}

func wireAccounts(accounts []rewards.VaultAccount) []wire.VaultAccount {
	out := make([]wire.VaultAccount, len(accounts))
	for i, a := range accounts {
		out[i] = wire.VaultAccount{
			Account: hex.EncodeToString(a.Key[:]), Owner: addressOf(a.Owner), Reference: hex.EncodeToString(a.Reference[:]), Org: a.Org,
			Deposited: a.Deposited, Withdrawn: a.Withdrawn, Spent: a.Spent,
		}
	}
	return out
}

func (s *Server) wireEpoch(e rewards.Epoch) wire.Epoch {
	out := wire.Epoch{
		Number: e.Number, State: string(e.State), Root: hex.EncodeToString(e.Root[:]), Amount: e.Amount, Cumulative: e.Cumulative, Payees: e.Payees,
		Tx: hashOf(e.Tx), Block: e.Block, Gas: e.Gas, At: wire.At(e.At),
	}
	if e.State != rewards.Planned && e.Through > 0 {
		h := e.Header(s.Chain)
		hash := h.Hash()
		out.Header = &wire.Header{
			Hash: hex.EncodeToString(hash[:]), Payouts: out.Root, Spending: hex.EncodeToString(h.Spending[:]), Verdicts: hex.EncodeToString(h.Verdicts[:]),
			Total: h.Total.String(), Spent: h.Spent.String(), Through: h.Through, LogRoot: hex.EncodeToString(h.LogRoot[:]), LogSize: h.LogSize,
		}
	}
	return out
}
