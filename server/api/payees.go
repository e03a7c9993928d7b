package api

import (
	"context"
	"net/http"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

type payoutTermsInput struct{ Body wire.PayoutTerms }

func (s *Server) payeeRoutes() {
	terms := op(http.MethodPut, "/v1/me/payout", tagMe, "set-payout", "Say how small my payouts may be")
	terms.Description = "What is mine waits until it is so much. It is never lost, and the next epoch takes it up as soon as less is asked for."
	forRespondent(s, terms, s.setPayout)
}

func (s *Server) setPayout(ctx context.Context, who respondent, in *payoutTermsInput) (*of[wire.PayoutTerms], error) {
	if err := rewards.CheckLeast(in.Body.Least); err != nil {
		return nil, err
	}
	if err := s.Stores.Rewards().SetLeast(ctx, string(who.id), in.Body.Least); err != nil {
		return nil, err
	}
	return &of[wire.PayoutTerms]{in.Body}, nil
}
