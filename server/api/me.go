package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// earningsDays is how many days the page of earnings shows.
const earningsDays = 14

// payoutsMax is the most payouts on a page: each needs the tree of its epoch, beside the newest, and a page must leave room for the trees of
// others among those that are kept.
const payoutsMax = 4

// devicesMax is the most devices that are listed.
const devicesMax = 20

func (s *Server) meRoutes() {
	forRespondent(s, op(http.MethodGet, "/v1/me", tagMe, "me", "Who I am, and my numbers"), s.me)
	forRespondent(s, op(http.MethodGet, "/v1/me/answers", tagMe, "my-answers", "My answers, newest first"), s.myAnswers)
	forRespondent(s, op(http.MethodGet, "/v1/me/earnings", tagMe, "my-earnings", "My money, by where it is"), s.myEarnings)
	payouts := op(http.MethodGet, "/v1/me/payouts", tagMe, "my-payouts", "My payouts, newest first, with their proofs")
	payouts.Description = "The proof of the newest payout is under the newest root on the chain, so that it can be claimed; those of older ones are under the roots of their epochs. " +
		"A page has at most 4 payouts, whatever the limit."
	forRespondent(s, payouts, s.myPayouts)
}

type meInput struct {
	Reads  []string `query:"reads" maxItems:"20" doc:"As in POST /v1/assignments: what is available is counted for who reads these" example:"en,pt-BR"`
	Avoids []string `query:"avoids" maxItems:"60" doc:"As in POST /v1/assignments" example:"adult,politics"`
}

func (s *Server) me(ctx context.Context, who respondent, in *meInput) (*of[wire.Me], error) {
	person, err := s.Stores.Polls().Respondent(ctx, who.id)
	if err != nil {
		return nil, err
	}
	taste, err := polls.NewTaste(in.Reads, in.Avoids, nil)
	if err != nil {
		return nil, err
	}
	standing, err := s.Polls.Standing(ctx, who.id, taste)
	if err != nil {
		return nil, err
	}
	var earned tasknet.Amount
	for _, kind := range []rewards.TxKind{rewards.SettlementTx, rewards.ReleaseTx, rewards.BonusTx, rewards.WorkTx} {
		sum, err := s.Stores.Rewards().SumOf(ctx, rewards.Payee(string(who.id)), kind)
		if err != nil {
			return nil, err
		}
		earned = earned.Add(sum)
	}
	pending, until, err := s.Pipeline.Pending(ctx, who.id)
	if err != nil {
		return nil, err
	}
	devices, err := s.Stores.Polls().Devices(ctx, who.id)
	if err != nil {
		return nil, err
	}
	devices = devices[max(0, len(devices)-devicesMax):] // oldest first
	changes, err := s.Stores.Rewards().ChangesOf(ctx, string(who.id))
	if err != nil {
		return nil, err
	}
	_, waits := rewards.AddressAt(rewards.Address(person.Wallet), changes, s.Now())
	out := wire.Me{
		Respondent: string(who.id), Wallet: person.Wallet.String(), Available: standing.Available, Answered: standing.Answered, Earned: earned,
		Held: standing.Held.Add(pending), Capped: standing.Capped, Until: timeOf(until), Moves: changeOf(waits), Refused: standing.Refused, Symbol: s.Chain.Symbol, Devices: make([]wire.Device, len(devices)),
	}
	for i, d := range devices {
		out.Devices[i] = wire.Device{Key: d.Device.String(), Issued: wire.At(d.Issued), Expires: wire.At(d.Expires), Revoked: timeOf(d.RevokedAt)}
	}
	return &of[wire.Me]{out}, nil
}

func (s *Server) myAnswers(ctx context.Context, who respondent, in *Paging) (*of[wire.MyAnswers], error) {
	list := "answers " + string(who.id)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	answers, next, err := s.Stores.Polls().AnswersBy(ctx, who.id, page)
	if err != nil {
		return nil, err
	}
	pending, err := s.Stores.Rewards().PendingOf(ctx, string(who.id)) // after the answers: what closed before they were read is in it, or final
	if err != nil {
		return nil, err
	}
	forfeited, err := s.Stores.Rewards().SumOf(ctx, rewards.Pending(string(who.id)), rewards.ForfeitTx)
	if err != nil {
		return nil, err
	}
	out := wire.MyAnswers{Page: s.next(list, next), Answers: make([]wire.MyAnswer, len(answers))}
	for i, a := range answers {
		if out.Answers[i], err = s.myAnswer(ctx, a.Answer, a.Question, pending, !forfeited.IsZero()); err != nil {
			return nil, err
		}
	}
	return &of[wire.MyAnswers]{out}, nil
}

// myAnswer writes an answer as the person who gave it sees it: nothing of what others said before the close.
// The pay of that person which is pending says whether this answer's is; forfeited, that some of it was.
func (s *Server) myAnswer(ctx context.Context, a polls.Answer, q *polls.Question, pending []rewards.PendingPay, forfeited bool) (wire.MyAnswer, error) {
	out := wire.MyAnswer{
		ID: string(a.ID), Question: string(q.ID), Text: q.Text, Image: imageOf(q.Image), Type: string(q.Type), Choices: q.Choices,
		Erased: a.Erased, At: wire.At(a.AcceptedAt), Pays: q.Price, State: "held",
		Pay: wire.AnswerPay{State: "held", Amount: q.Price},
	}
	if !a.Erased {
		out.Given = wire.Give(a.Choice, string(a.Value))
	}
	if q.Type.IsLabel() && a.Choice != polls.CannotTell {
		out.Label = q.Choices[a.Choice]
	}
	strikes, err := s.strikes(ctx, q)
	if err != nil {
		return out, err
	}
	strike := strikes.Of(a.Respondent)
	if strike != nil {
		out.Struck, out.State, out.Pays = true, "final", tasknet.Amount{}
		out.Pay = wire.AnswerPay{State: "none", Why: "struck", Snapshot: strike.Snapshot}
	}
	if q.Status != polls.Closed {
		return out, nil
	}
	v, err := s.Stores.Labels().Verdict(ctx, q.ID)
	if err != nil {
		return out, err
	}
	out.State, out.Outcome, out.Counts, out.Confidence = "final", string(v.Outcome), v.Counts, wire.Probability(v.Confidence())
	if v.Choice >= 0 {
		out.Verdict = q.Choices[v.Choice]
	}
	out.VerdictValue = wire.Value(v.Value)
	if out.Known, err = s.gold(ctx, q); err != nil {
		return out, err
	}
	if strike != nil {
		return out, nil
	}
	if out.Pay, err = s.payOf(ctx, a.Respondent, q, pending, forfeited); out.Pay.State == "waiting" {
		out.State = "pending"
	}
	return out, err
}

// payOf says what became of what a closed question paid somebody. It was pending if its settlement says so. Then it waits for
// as long as something of its family does that is as old, since the oldest is released first; or it was forfeited, or released.
func (s *Server) payOf(ctx context.Context, id polls.RespondentID, q *polls.Question, pending []rewards.PendingPay, forfeited bool) (wire.AnswerPay, error) {
	pay := wire.AnswerPay{State: "paid", Amount: q.Price}
	family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	if err != nil {
		return pay, err
	}
	var waits *rewards.PendingPay
	for i, p := range pending { // of a family the oldest first
		if p.Family == string(family) && !q.ClosedAt.Before(p.Since) {
			waits = &pending[i]
		}
	}
	if waits == nil && !forfeited {
		return pay, nil
	}
	settlement, err := s.Stores.Rewards().Transaction(ctx, rewards.SettlementTx, string(q.ID))
	if err != nil || !slices.ContainsFunc(settlement.Entries, func(e rewards.Entry) bool { return e.Account == rewards.Pending(string(id)) }) {
		return pay, err
	}
	if waits != nil {
		pay.State, pay.Why, pay.Until = "waiting", "newcomer", timeOf(s.Pipeline.WaitsUntil(*waits))
		return pay, nil
	}
	if pay.Snapshot, err = s.Pipeline.Forfeited(ctx, q, id); pay.Snapshot != "" {
		pay.State, pay.Why = "forfeited", "worthless"
	}
	return pay, err
}

func (s *Server) myEarnings(ctx context.Context, who respondent, _ *empty) (*of[wire.Earnings], error) {
	id, ledger := string(who.id), s.Stores.Rewards()
	person, err := s.Stores.Polls().Respondent(ctx, who.id)
	if err != nil {
		return nil, err
	}
	standing, err := s.Polls.Standing(ctx, who.id, polls.Taste{})
	if err != nil {
		return nil, err
	}
	pending, until, err := s.Pipeline.Pending(ctx, who.id)
	if err != nil {
		return nil, err
	}
	out := wire.Earnings{Held: standing.Held.Add(pending), Pending: pending, Until: timeOf(until), Symbol: s.Chain.Symbol, Wallet: person.Wallet.String(), Days: make([]wire.EarningsDay, earningsDays)}
	if out.Yours, err = ledger.Balance(ctx, rewards.Payee(id)); err != nil {
		return nil, err
	}
	if out.Least, err = ledger.Least(ctx, id); err != nil {
		return nil, err
	}
	payees, err := ledger.PayeesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	changes, err := ledger.ChangesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	now, waits := rewards.AddressAt(rewards.Address(person.Wallet), changes, s.Now())
	out.Address, out.Moves = addressOf(now), changeOf(waits)
	for _, p := range payees {
		inEpoch, err := ledger.Balance(ctx, rewards.Unclaimed(p.Payee))
		if err != nil {
			return nil, err
		}
		out.InEpoch = out.InEpoch.Add(inEpoch)
		for _, kind := range []rewards.TxKind{rewards.ClaimTx, rewards.UndoTx} {
			claimed, err := ledger.SumOf(ctx, rewards.Unclaimed(p.Payee), kind)
			if err != nil {
				return nil, err
			}
			out.OnChain = out.OnChain.Sub(claimed)
		}
	}
	forfeited, err := ledger.SumOf(ctx, rewards.Pending(id), rewards.ForfeitTx)
	if err != nil {
		return nil, err
	}
	out.Forfeited = forfeited.Neg()
	first := s.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-earningsDays)
	paid, err := ledger.PaidByDay(ctx, id, first)
	if err != nil {
		return nil, err
	}
	byDate := make(map[string]rewards.Day, len(paid))
	for _, d := range paid {
		byDate[d.Date] = d
	}
	for i := range out.Days {
		date := first.AddDate(0, 0, i).Format(time.DateOnly)
		out.Days[i] = wire.EarningsDay{Date: date, Amount: byDate[date].Amount, Answers: byDate[date].Count}
	}
	return &of[wire.Earnings]{out}, nil
}

func (s *Server) myPayouts(ctx context.Context, who respondent, in *Paging) (*of[wire.Payouts], error) {
	list := "payouts " + string(who.id)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	page.Limit = min(page.Limit, payoutsMax)
	payouts, next, err := s.Stores.Rewards().PayoutsOf(ctx, string(who.id), page)
	if err != nil {
		return nil, err
	}
	out := wire.Payouts{Page: s.next(list, next), Payouts: make([]wire.Payout, len(payouts))}
	for i, p := range payouts {
		under, err := s.claimable(ctx, p.Epoch)
		if err != nil {
			return nil, err
		}
		tree, err := s.tree(under, 0)
		if err != nil {
			return nil, err
		}
		if !tree.newest(p) { // what the newest of an address adds up to can be claimed, under the vault's root only
			if tree, err = s.tree(p.Epoch, 0); err != nil {
				return nil, err
			}
		}
		epoch, err := s.Stores.Rewards().Epoch(ctx, p.Epoch)
		if err != nil {
			return nil, err
		}
		if out.Payouts[i], err = tree.payout(p, epoch); err != nil {
			return nil, err
		}
	}
	return &of[wire.Payouts]{out}, nil
}

// claimable returns the epoch whose root is in force, if it is newer than least.
func (s *Server) claimable(ctx context.Context, least int64) (int64, error) {
	last, err := s.Stores.Rewards().LastEpoch(ctx)
	if errors.Is(err, rewards.ErrNoEpoch) {
		return least, nil
	}
	if err != nil {
		return 0, err
	}
	newest := last.Number
	if !last.State.Claimable() {
		newest--
	}
	return max(newest, least), nil
}
