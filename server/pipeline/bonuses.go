package pipeline

import (
	"context"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// BonusID is the id of a bonus.
type BonusID string

// Bonus is what a requester pays for an answer on top of its price, because it wants to.
type Bonus struct {
	ID         BonusID
	Org        polls.OrgID
	Question   polls.QuestionID
	Project    string // the question's
	Answer     polls.AnswerID
	Respondent polls.RespondentID
	Amount     tasknet.Amount
	Reason     string // for the respondent
	At         time.Time
}

// BonusWithOrg is a bonus with the name of who paid it.
type BonusWithOrg struct {
	Bonus
	By string
}

// Bonuses keeps bonuses.
type Bonuses interface {
	// SaveBonus saves a bonus, within the transaction that posts it.
	SaveBonus(ctx context.Context, b Bonus) error

	// BonusesTo lists somebody's bonuses, newest first.
	BonusesTo(ctx context.Context, to polls.RespondentID, page tasknet.Page) ([]BonusWithOrg, string, error)
}

// bonusReasonMax is how many characters the reason of a bonus has at most.
const bonusReasonMax = 280

// Errors of bonuses.
var (
	errBonusAmount = tasknet.NewError(tasknet.Invalid, "bad_bonus", "A bonus is more than nothing and at most 1000 tokens.")
	errBonusReason = tasknet.NewError(tasknet.Invalid, "bad_reason", "Say in 1 to 280 characters, without control characters, what the bonus is for: its respondent reads it.")
	errBonusOpen   = tasknet.NewError(tasknet.Conflict, "question_open", "The question is not closed; pay bonuses when it is.")
	errBonusStruck = tasknet.NewError(tasknet.Conflict, "answer_struck", "The answer was struck, since what its respondent answers is worth nothing.")
)

// PayBonus pays a bonus for an answer to an organisation's closed question, within the caller's transaction.
// polls.ErrNoQuestion, polls.ErrNoAnswer, rewards.ErrInsufficient.
func (p *Pipeline) PayBonus(ctx context.Context, tx Tx, b Bonus) (Bonus, error) {
	switch {
	case b.Amount.Sign() <= 0 || b.Amount.Cmp(polls.PriceMax) > 0:
		return b, errBonusAmount
	case strings.TrimSpace(b.Reason) == "" || !polls.PlainText(b.Reason, bonusReasonMax):
		return b, errBonusReason
	}
	q, err := tx.Polls().Question(ctx, b.Question)
	if err != nil {
		return b, err
	}
	if q.Org != b.Org {
		return b, polls.ErrNoQuestion
	}
	if q.Status != polls.Closed {
		return b, errBonusOpen
	}
	answers, err := tx.Polls().AnswersTo(ctx, q.ID)
	if err != nil {
		return b, err
	}
	for _, a := range answers {
		if a.ID == b.Answer {
			b.Respondent = a.Respondent
		}
	}
	if b.Respondent == "" {
		return b, polls.ErrNoAnswer
	}
	strikes, err := tx.Labels().Strikes(ctx, q.ID)
	if err != nil {
		return b, err
	}
	if strikes.Of(b.Respondent) != nil {
		return b, errBonusStruck
	}
	b.At, b.Project = p.now(), q.Project
	b.ID = BonusID(tasknet.NewID(rewards.BonusPrefix, b.At))
	if err := tx.Rewards().Post(ctx, rewards.Bonus(string(b.ID), string(b.Org), string(b.Respondent), b.Amount, b.At)); err != nil {
		return b, err
	}
	return b, tx.Bonuses().SaveBonus(ctx, b)
}
