package api

import (
	"context"
	"net/http"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type bonusInput struct {
	Idempotent
	ID   string `path:"id" doc:"The question's id"`
	Body wire.NewBonus
}

func (s *Server) bonusRoutes() {
	pay := op(http.MethodPost, "/v1/questions/{id}/bonuses", tagMoney, "pay-bonus", "Pay a bonus for an answer to a closed question")
	pay.Description = "It goes from your balance to who gave the answer, at once and without a fee. They read the reason."
	pay.DefaultStatus = http.StatusCreated
	forRequester(s, pay, s.payBonus)
	forRespondent(s, op(http.MethodGet, "/v1/me/bonuses", tagMe, "my-bonuses", "My bonuses, newest first"), s.myBonuses)
}

func (s *Server) payBonus(ctx context.Context, who requester, in *bonusInput) (*replayed[wire.Bonus], error) {
	once, err := in.once(who, "POST /v1/questions/"+in.ID+"/bonuses", in.Body)
	if err != nil {
		return nil, err
	}
	if err := tasknet.CheckID(polls.QuestionPrefix, in.ID); err != nil {
		return nil, err
	}
	return do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Bonus, error) {
		b, err := s.Pipeline.PayBonus(ctx, tx, pipeline.Bonus{
			Org: who.org.ID, Question: polls.QuestionID(in.ID), Answer: polls.AnswerID(in.Body.Answer), Amount: in.Body.Amount, Reason: in.Body.Reason,
		})
		return bonusOf(b, who.org.Name), err
	})
}

func bonusOf(b pipeline.Bonus, by string) wire.Bonus {
	return wire.Bonus{ID: string(b.ID), Question: string(b.Question), Answer: string(b.Answer), Amount: b.Amount, Reason: b.Reason, At: wire.At(b.At), By: by}
}

func (s *Server) myBonuses(ctx context.Context, who respondent, in *Paging) (*of[wire.Bonuses], error) {
	list := "bonuses " + string(who.id)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	bonuses, next, err := s.Stores.Bonuses().BonusesTo(ctx, who.id, page)
	if err != nil {
		return nil, err
	}
	out := wire.Bonuses{Page: s.next(list, next), Bonuses: make([]wire.Bonus, len(bonuses))}
	for i, b := range bonuses {
		out.Bonuses[i] = bonusOf(b.Bonus, b.By)
	}
	return &of[wire.Bonuses]{out}, nil
}
