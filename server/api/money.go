package api

import (
	"context"
	"encoding/hex"
	"net/http"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// faucetMax is the most test money that is given at once.
var faucetMax = tasknet.Micro(1000 * tasknet.MicroPerToken)

var errFaucetAmount = tasknet.NewError(tasknet.Invalid, "bad_faucet_amount", "Ask for more than nothing and at most 1000 test tokens.")

type faucetInput struct {
	Idempotent
	Body wire.Faucet
}

func (s *Server) moneyRoutes() {
	forRequester(s, op(http.MethodGet, "/v1/balance", tagMoney, "balance", "What there is to spend"), s.balance)
	forRequester(s, op(http.MethodGet, "/v1/deposits", tagMoney, "deposits", "How to deposit, and what was deposited, newest first"), s.deposits)
	faucet := op(http.MethodPost, "/v1/deposits/faucet", tagMoney, "faucet", "Deposit test money, on the dev chain only")
	faucet.Description = "Returns when the deposit is on the chain. It is credited a moment later, as every deposit."
	faucet.DefaultStatus = http.StatusAccepted
	forRequester(s, faucet, s.faucet)
}

func (s *Server) balance(ctx context.Context, who requester, _ *empty) (*of[wire.Balance], error) {
	out, err := s.balanceOf(ctx, string(who.org.ID))
	return &of[wire.Balance]{out}, err
}

func (s *Server) balanceOf(ctx context.Context, org string) (wire.Balance, error) {
	ledger := s.Stores.Rewards()
	out := wire.Balance{Symbol: s.Chain.Symbol}
	owned, err := ledger.VaultAccounts(ctx, org)
	if err != nil {
		return out, err
	}
	accounts := []rewards.Account{rewards.Requester(org), rewards.Debt(org)}
	for _, a := range owned {
		accounts = append(accounts, rewards.Frozen(a.Key))
	}
	sum := func(kind rewards.TxKind) (all tasknet.Amount, err error) {
		for _, a := range accounts {
			moved, err := ledger.SumOf(ctx, a, kind)
			if err != nil {
				return all, err
			}
			all = all.Add(moved)
		}
		return all, nil
	}
	if out.Available, err = ledger.Balance(ctx, rewards.Requester(org)); err != nil {
		return out, err
	}
	// A question that is asked or closed between two reads would show money twice, or nowhere: read until none was.
	for range 3 {
		before := out.Available
		if out.Held, err = ledger.HeldBy(ctx, org); err != nil {
			return out, err
		}
		if out.Deposited, err = sum(rewards.DepositTx); err != nil {
			return out, err
		}
		undone, err := sum(rewards.UndoTx)
		if err != nil {
			return out, err
		}
		out.Deposited = out.Deposited.Add(undone)
		if out.Withdrawn, err = sum(rewards.WithdrawalTx); err != nil {
			return out, err
		}
		out.Withdrawn, out.Frozen = out.Withdrawn.Neg(), tasknet.Amount{}
		for _, a := range accounts[2:] {
			frozen, err := ledger.Balance(ctx, a)
			if err != nil {
				return out, err
			}
			out.Frozen = out.Frozen.Add(frozen)
		}
		if out.Debt, err = ledger.Balance(ctx, rewards.Debt(org)); err != nil {
			return out, err
		}
		out.Debt = out.Debt.Neg()
		if out.Available, err = ledger.Balance(ctx, rewards.Requester(org)); err != nil {
			return out, err
		}
		if out.Available == before {
			break
		}
	}
	out.Spent = out.Deposited.Sub(out.Withdrawn).Sub(out.Available).Sub(out.Held).Sub(out.Frozen).Add(out.Debt)
	return out, nil
}

func (s *Server) deposits(ctx context.Context, who requester, in *Paging) (*of[wire.Deposits], error) {
	org := string(who.org.ID)
	list := "deposits " + org
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	credited, next, err := s.Stores.Rewards().DepositsOf(ctx, org, page)
	if err != nil {
		return nil, err
	}
	reference := rewards.Reference(org)
	out := wire.Deposits{
		Page: s.next(list, next), Vault: addressOf(s.Chain.Vault), Token: addressOf(s.Chain.Token),
		Reference: "0x" + hex.EncodeToString(reference[:]), Confirmations: s.Chain.Confirmations, Deposits: make([]wire.Deposit, len(credited)),
	}
	for i, c := range credited {
		out.Deposits[i] = wire.Deposit{Tx: hashOf(c.Event.Tx), Block: c.Event.Block, Owner: addressOf(c.Event.Owner), Amount: c.Amount, Credited: wire.At(c.Tx.At)}
	}
	return &of[wire.Deposits]{out}, nil
}

// faucet mints test money. That is on the chain and cannot be part of a transaction of ours, so requests with one key
// are let through one at a time, and the reply is kept when the chain has the money.
func (s *Server) faucet(ctx context.Context, who requester, in *faucetInput) (*replayed[wire.Balance], error) {
	once, err := in.once(who, "POST /v1/deposits/faucet", in.Body)
	if err != nil {
		return nil, err
	}
	if in.Body.Amount.Sign() <= 0 || in.Body.Amount.Cmp(faucetMax) > 0 {
		return nil, errFaucetAmount
	}
	unlock, err := s.drips.lock(ctx, once.Scope+" "+once.Key)
	if err != nil {
		return nil, err
	}
	defer unlock()
	before, err := s.Stores.Replies().Reply(ctx, once.Scope, once.Key)
	if err == nil {
		if before.RequestHash != once.RequestHash {
			return nil, pipeline.ErrKeyReused
		}
		return replayOf[wire.Balance](before, true)
	}
	if tasknet.Describe(err).Kind != tasknet.NotFound {
		return nil, err
	}
	if err := s.Pipeline.Faucet(ctx, who.org.ID, in.Body.Amount); err != nil {
		return nil, err
	}
	balance, err := s.balanceOf(ctx, string(who.org.ID))
	if err != nil {
		return nil, err
	}
	return do(ctx, s, once, http.StatusAccepted, func(pipeline.Tx) (wire.Balance, error) { return balance, nil })
}

// addressOf writes an address with its checksum.
func addressOf(a rewards.Address) string { return polls.Wallet(a).String() }

// hashOf writes a hash on the chain; empty when it is zero.
func hashOf(h rewards.Hash) string {
	if h == (rewards.Hash{}) {
		return ""
	}
	return "0x" + hex.EncodeToString(h[:])
}
