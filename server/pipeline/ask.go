package pipeline

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Ask asks a question within the caller's transaction: it saves the question, sets its highest cost aside, and appends
// the event. The draft's Fee and Snapshot are set here. rewards.ErrInsufficient when the organisation cannot pay.
func (p *Pipeline) Ask(ctx context.Context, tx Tx, d polls.Draft) (*polls.Question, error) {
	return p.ask(ctx, tx, d, nil)
}

// AskGold asks a question as Ask does, whose answer is known.
func (p *Pipeline) AskGold(ctx context.Context, tx Tx, d polls.Draft, truth labeling.Truth) (*polls.Question, error) {
	return p.ask(ctx, tx, d, &truth)
}

func (p *Pipeline) ask(ctx context.Context, tx Tx, d polls.Draft, truth *labeling.Truth) (*polls.Question, error) {
	now := p.now()
	snapshot, err := p.snapshot(ctx, tx, d)
	if err != nil {
		return nil, err
	}
	q, err := p.newQuestion(d, snapshot, now)
	if err != nil {
		return nil, err
	}
	if truth == nil {
		return q, p.askAll(ctx, tx, []*polls.Question{q}, now)
	}
	g, err := labeling.NewGold(q, *truth)
	if err != nil {
		return nil, err
	}
	if err := p.askAll(ctx, tx, []*polls.Question{q}, now); err != nil {
		return nil, err
	}
	return q, tx.Labels().AddGolds(ctx, *g)
}

func (p *Pipeline) newQuestion(d polls.Draft, snapshot string, now time.Time) (*polls.Question, error) {
	d.Fee = d.Price.BasisPoints(p.cfg.FeeBasisPoints)
	d.Snapshot = snapshot
	return polls.NewQuestion(d, p.cfg.Instance, now)
}

// newQuestionLike makes a question on the terms of another one: nobody can tell by these which was asked later.
func (p *Pipeline) newQuestionLike(other *polls.Question, d polls.Draft, now time.Time) (*polls.Question, error) {
	d.Policy, d.Price, d.Fee, d.Deadline, d.Snapshot = other.Policy, other.Price, other.Fee, other.Deadline, other.Snapshot
	return polls.NewQuestion(d, p.cfg.Instance, now)
}

// askAll saves new questions of one organisation, sets what they cost at most aside, and appends their events.
func (p *Pipeline) askAll(ctx context.Context, tx Tx, questions []*polls.Question, now time.Time) error {
	holds := make(map[tasknet.Amount][]string) // the questions that cost the same
	var costs []tasknet.Amount
	events := make([]Event, len(questions))
	for i, q := range questions {
		hold, err := q.Hold()
		if err != nil {
			return err
		}
		if holds[hold] == nil {
			costs = append(costs, hold)
		}
		holds[hold] = append(holds[hold], string(q.ID))
		events[i] = Event{Kind: QuestionCreated, Org: q.Org, Question: q.ID, Subject: string(q.ID), At: now}
	}
	if err := tx.Polls().CreateQuestions(ctx, questions...); err != nil {
		return err
	}
	for _, hold := range costs {
		set, err := rewards.HoldEach(string(questions[0].Org), holds[hold], hold, now)
		if err != nil {
			return err
		}
		if err := tx.Rewards().Post(ctx, set); err != nil {
			return err
		}
	}
	if err := lacking(ctx, tx, questions, now); err != nil {
		return err
	}
	return tx.Events().Append(ctx, events...)
}

// Cancel closes an organisation's question with the answers that it has, which are paid; the rest of the hold goes
// back. A closed question stays as it is. polls.ErrNoQuestion when there is none, or it is somebody else's.
func (p *Pipeline) Cancel(ctx context.Context, org polls.OrgID, id polls.QuestionID) error {
	q, err := p.stores.Polls().Question(ctx, id)
	if err != nil {
		return err
	}
	if q.Org != org {
		return polls.ErrNoQuestion
	}
	return p.closeTogether(ctx, []polls.QuestionID{id}, true)
}

// CloseUncovered closes open questions of an organisation, the newest first, that have at least so much set aside: the
// organisation takes that out of the vault, or has taken it. Answers that they have are paid. Where that is not enough, jobs are
// cancelled.
func (p *Pipeline) CloseUncovered(ctx context.Context, org polls.OrgID, amount tasknet.Amount) error {
	for _, status := range []polls.Status{polls.Open, polls.Paused} {
		for page := (tasknet.Page{Limit: workBatch}); amount.Sign() > 0; {
			list, next, err := p.stores.Polls().Questions(ctx, polls.QuestionFilter{Org: org, Status: status}, page)
			if err != nil {
				return err
			}
			var close []polls.QuestionID
			for _, q := range list {
				if amount.Sign() <= 0 {
					break
				}
				hold, err := q.Hold()
				if err != nil {
					return err
				}
				close, amount = append(close, q.ID), amount.Sub(hold)
			}
			if len(close) > 0 {
				p.cfg.Log.Warn("questions are closed whose money is withdrawn", "org", org, "questions", len(close))
				if err := p.cancelAll(ctx, close); err != nil {
					return err
				}
			}
			if page.After = next; next == "" {
				break
			}
		}
	}
	return p.cancelUncovered(ctx, org, amount)
}
