package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

type caseNumber struct {
	N int64 `path:"n" minimum:"1" doc:"Of the case"`
}

func (s *Server) stakeRoutes() {
	list := op(http.MethodGet, "/v1/records/cases", tagRecords, "stake-cases", "All cases about stakes, in the order in which they were prepared")
	list.Description = "One for each owner of nodes who has a stake and of whom a check refuted a result."
	forAnybody(s, list, s.stakeCases)
	forAnybody(s, op(http.MethodGet, "/v1/records/cases/{n}", tagRecords, "stake-case", "One case about a stake"), s.stakeCase)
}

// stakesOf returns the terms of stakes, or nothing where there are none.
func stakesOf(t rewards.StakeTerms) *wire.Stakes {
	if t.Contract == (rewards.Address{}) {
		return nil
	}
	return &wire.Stakes{
		Contract: addressOf(t.Contract), Court: addressOf(t.Court), Operator: addressOf(t.Operator),
		Delay: int64(t.Delay / time.Second), CaseTime: int64(t.CaseTime / time.Second), CapPPM: t.CapPPM,
	}
}

// stakeOf says what somebody has at stake; nothing where nobody stakes.
func (s *Server) stakeOf(ctx context.Context, who polls.RespondentID) (*wire.MyStake, error) {
	if s.Chain.Stake.Contract == (rewards.Address{}) {
		return nil, nil //nolint:nilnil // nobody stakes here, and nothing failed
	}
	owner, err := s.Stores.Polls().Respondent(ctx, who)
	if err != nil {
		return nil, err
	}
	k, err := s.Stores.Stakes().StakeOf(ctx, rewards.Address(owner.Wallet))
	if err != nil {
		return nil, err
	}
	out := &wire.MyStake{Wallet: owner.Wallet.String(), Staked: k.Staked, Asked: k.Asked, Counts: k.Counts, Ready: timeOf(k.ReadyAt), Case: k.Case}
	out.Wanted, err = s.Stores.Jobs().StakeAsked(ctx, k.Counts)
	return out, err
}

func (s *Server) stakeCases(ctx context.Context, _ address, in *Paging) (*of[wire.StakeCases], error) {
	const list = "stake cases"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	cases, next, err := s.Stores.Stakes().Cases(ctx, page)
	if err != nil {
		return nil, err
	}
	out := wire.StakeCases{Page: s.next(list, next), Cases: make([]wire.StakeCase, len(cases))}
	for i := range cases {
		out.Cases[i] = caseOf(&cases[i])
	}
	return &of[wire.StakeCases]{out}, nil
}

func (s *Server) stakeCase(ctx context.Context, _ address, in *caseNumber) (*of[wire.StakeCase], error) {
	c, err := s.Stores.Stakes().Case(ctx, in.N)
	return &of[wire.StakeCase]{caseOf(&c)}, err
}

func caseOf(c *rewards.StakeCase) wire.StakeCase {
	out := wire.StakeCase{
		Number: c.Number, Contract: addressOf(c.Contract), Job: c.Job, Part: c.Part, Owner: c.Owner, Staker: addressOf(c.Staker), Evidence: hex.EncodeToString(c.Evidence[:]),
		Amount: c.Amount, Honest: make([]string, len(c.Honest)), At: wire.At(c.At), State: string(c.State), ID: c.ID, Until: timeOf(c.Until),
	}
	for i, a := range c.Honest {
		out.Honest[i] = addressOf(a)
	}
	if c.Harmed != (rewards.Address{}) {
		out.Harmed = addressOf(c.Harmed)
	}
	if c.Taken != nil {
		out.Taken = c.Taken.String()
	}
	if c.Tx != (rewards.Hash{}) {
		out.Tx = hashOf(c.Tx)
	}
	return out
}
