package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// closeBatch is how many questions are closed in one transaction.
const closeBatch = 64

// RunClosing closes questions: those that stopped as soon as their last answer is committed, and those past their
// deadline once a sweep. It goes on until ctx ends; what is left then is found by the next run's first sweep.
func (p *Pipeline) RunClosing(ctx context.Context) error {
	sweep := time.NewTicker(p.cfg.Sweep)
	defer sweep.Stop()
	p.sweep(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.due.wake:
			for ids := p.due.take(closeBatch); len(ids) > 0 && ctx.Err() == nil; ids = p.due.take(closeBatch) {
				p.closeAll(ctx, ids)
			}
		case <-sweep.C:
			p.sweep(ctx)
		}
	}
}

// sweep closes what is due by the store, until a pass closes nothing.
func (p *Pipeline) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		ids, err := p.stores.Polls().DueQuestions(ctx, p.now(), closeBatch)
		if err != nil {
			p.cfg.Log.Error("due questions were not found", "error", err)
			return
		}
		if len(ids) == 0 || p.closeAll(ctx, ids) == 0 {
			return
		}
	}
}

// closeAll closes questions in one transaction, or singly when that fails, so that one that cannot be closed does not
// keep the others open. It returns how many were closed.
func (p *Pipeline) closeAll(ctx context.Context, ids []polls.QuestionID) int {
	var closed []*polls.Question
	err := p.stores.InTx(ctx, func(tx Tx) error {
		closed = closed[:0]
		for _, id := range ids {
			q, err := p.closeIn(ctx, tx, id, false)
			if err != nil {
				return err
			}
			if q != nil {
				closed = append(closed, q)
			}
		}
		return nil
	})
	if err == nil {
		p.tell(closed)
		return len(closed)
	}
	n := 0
	for _, id := range ids {
		if err := p.closeOne(ctx, id, false); err != nil {
			p.cfg.Log.Error("a question was not closed", "question", id, "error", err)
		} else {
			n++
		}
	}
	return n
}

func (p *Pipeline) closeOne(ctx context.Context, id polls.QuestionID, cancel bool) error {
	var closed *polls.Question
	err := p.stores.InTx(ctx, func(tx Tx) (err error) {
		closed, err = p.closeIn(ctx, tx, id, cancel)
		return err
	})
	if err == nil && closed != nil {
		p.tell([]*polls.Question{closed})
	}
	return err
}

func (p *Pipeline) tell(closed []*polls.Question) {
	for _, q := range closed {
		p.feed.Publish(Notice{Kind: QuestionClosed, Org: q.Org, Question: q})
	}
}

// closeIn settles a question: its verdict and everybody's pay, or neither. It returns nil for a question that is closed
// already, or not due.
func (p *Pipeline) closeIn(ctx context.Context, tx Tx, id polls.QuestionID, cancel bool) (*polls.Question, error) {
	q, err := tx.Polls().LockQuestion(ctx, id)
	if err != nil {
		return nil, err
	}
	now := p.now()
	reason := labeling.Quorum
	switch {
	case q.Status == polls.Closed:
		return nil, nil
	case q.Status == polls.Closing:
	case cancel:
		reason = labeling.Cancelled
	case now.Before(q.Deadline):
		return nil, nil
	default:
		reason = labeling.Deadline
	}
	answers, err := tx.Polls().AnswersTo(ctx, id)
	if err != nil {
		return nil, err
	}
	snapshot, err := p.stopper.Snapshot(ctx, q.Snapshot)
	if err != nil {
		return nil, err
	}
	votes := make([]polls.Vote, len(answers))
	for i, a := range answers {
		votes[i] = polls.Vote{Respondent: a.Respondent, Choice: a.Choice}
	}
	verdict, err := labeling.Decide(q, votes, snapshot, reason, now)
	if err != nil {
		return nil, err
	}
	bill, err := billFor(q, answers)
	if err != nil {
		return nil, err
	}
	settlement, err := rewards.Settle(bill, now)
	if err != nil {
		return nil, err
	}
	if err := tx.Labels().SaveVerdict(ctx, verdict); err != nil {
		return nil, err
	}
	if err := tx.Rewards().Post(ctx, settlement.Transaction); err != nil {
		return nil, err
	}
	if err := tx.Polls().CloseQuestion(ctx, id, now); err != nil {
		return nil, err
	}
	q.Status, q.Wanted, q.ClosedAt = polls.Closed, 0, now
	return q, tx.Events().Append(ctx, Event{Kind: QuestionClosed, Org: q.Org, Question: id, Subject: string(verdict.ID), At: now})
}

// billFor says who gets what of a question's hold: the price for each answer, whatever it said, and the fee on it.
func billFor(q *polls.Question, answers []polls.Answer) (rewards.Bill, error) {
	hold, err := q.Hold()
	if err != nil {
		return rewards.Bill{}, err
	}
	fee, err := q.Fee.Times(len(answers))
	if err != nil {
		return rewards.Bill{}, err
	}
	bill := rewards.Bill{Org: string(q.Org), Cause: string(q.ID), Hold: hold, Fee: fee, Pays: make([]rewards.Pay, len(answers))}
	for i, a := range answers {
		bill.Pays[i] = rewards.Pay{Payee: string(a.Respondent), Amount: q.Price}
	}
	return bill, nil
}

// dueSet is the questions that wait to be closed.
type dueSet struct {
	wake chan struct{}
	mu   *sync.Mutex
	ids  map[polls.QuestionID]struct{} // guarded by mu
}

func newDueSet() dueSet {
	return dueSet{wake: make(chan struct{}, 1), mu: new(sync.Mutex), ids: make(map[polls.QuestionID]struct{})}
}

func (d *dueSet) add(id polls.QuestionID) {
	d.mu.Lock()
	d.ids[id] = struct{}{}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *dueSet) take(limit int) []polls.QuestionID {
	d.mu.Lock()
	defer d.mu.Unlock()
	ids := make([]polls.QuestionID, 0, min(limit, len(d.ids)))
	for id := range d.ids {
		if len(ids) == limit {
			break
		}
		ids = append(ids, id)
		delete(d.ids, id)
	}
	return ids
}
