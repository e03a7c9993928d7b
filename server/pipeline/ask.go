package pipeline

import (
	"context"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Ask asks a question within the caller's transaction: it saves the question, sets its highest cost aside, and appends
// the event. The draft's Fee and Snapshot are set here. rewards.ErrInsufficient when the organisation cannot pay.
func (p *Pipeline) Ask(ctx context.Context, tx Tx, d polls.Draft) (*polls.Question, error) {
	d.Fee = d.Price.BasisPoints(p.cfg.FeeBasisPoints)
	now := p.now()
	var err error
	if d.Snapshot, err = p.snapshot(ctx, tx, d); err != nil {
		return nil, err
	}
	q, err := polls.NewQuestion(d, p.cfg.Instance, now)
	if err != nil {
		return nil, err
	}
	hold, err := q.Hold()
	if err != nil {
		return nil, err
	}
	if err := tx.Polls().CreateQuestion(ctx, q); err != nil {
		return nil, err
	}
	if err := tx.Rewards().Post(ctx, rewards.Hold(string(q.Org), string(q.ID), hold, now)); err != nil {
		return nil, err
	}
	return q, tx.Events().Append(ctx, Event{Kind: QuestionCreated, Org: q.Org, Question: q.ID, Subject: string(q.ID), At: now})
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
