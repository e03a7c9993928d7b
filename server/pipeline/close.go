package pipeline

import (
	"context"
	"fmt"
	"slices"
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
	stuck := make(map[polls.QuestionID]bool) // those that would not close, for the next sweep
	for ctx.Err() == nil {
		ids, err := p.stores.Polls().DueQuestions(ctx, p.now(), closeBatch+len(stuck))
		if err != nil {
			p.cfg.Log.Error("due questions were not found", "error", err)
			return
		}
		ids = slices.DeleteFunc(ids, func(id polls.QuestionID) bool { return stuck[id] })
		if len(ids) == 0 {
			return
		}
		for _, id := range p.closeAll(ctx, ids) {
			stuck[id] = true
		}
	}
}

// closeAll closes questions in one transaction, or singly when that fails, so that one that cannot be closed does not
// keep the others open. It returns those that were not closed.
func (p *Pipeline) closeAll(ctx context.Context, ids []polls.QuestionID) (failed []polls.QuestionID) {
	if p.closeTogether(ctx, ids, false) == nil {
		return nil
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			return failed // stopping: the next run's first sweep finds the rest
		}
		if err := p.closeTogether(ctx, []polls.QuestionID{id}, false); err != nil {
			p.cfg.Log.Error("a question was not closed", "question", id, "error", err)
			failed = append(failed, id)
		}
	}
	return failed
}

// closeTogether closes those of some questions that are due, or all of them by their requester's wish, in one
// transaction.
func (p *Pipeline) closeTogether(ctx context.Context, ids []polls.QuestionID, cancel bool) error {
	snapshots := make(map[polls.QuestionID]*labeling.Snapshot, len(ids))
	for _, id := range ids { // before the transaction, which would hold a connection while it waits for another
		q, err := p.stores.Polls().Question(ctx, id)
		if err != nil {
			return err
		}
		if !q.Type.IsLabel() {
			continue
		}
		if snapshots[id], err = p.stopper.Snapshot(ctx, q.Snapshot); err != nil {
			return err
		}
	}
	slices.Sort(ids) // answers lock their questions in this order too
	var closed []*polls.Question
	err := p.stores.InTx(ctx, func(tx Tx) error {
		closed = closed[:0]
		ended := make(projectCounts)
		questions := make([]*polls.Question, len(ids))
		for i, id := range ids { // all of them before anything that others wait for
			var err error
			if questions[i], err = tx.Polls().LockQuestion(ctx, id); err != nil {
				return err
			}
		}
		for _, q := range questions {
			if reason, due := p.whyClose(q, cancel); due {
				if err := p.settle(ctx, tx, q, snapshots[q.ID], reason, ended); err != nil {
					return err
				}
				closed = append(closed, q)
			}
		}
		return ended.save(ctx, tx)
	})
	if err != nil {
		return err
	}
	for _, q := range closed {
		p.feed.Publish(Notice{Kind: QuestionClosed, Org: q.Org, Question: q})
		if q.Type == polls.Pair {
			p.wakeContests()
		}
	}
	return nil
}

// whyClose says whether a question is to be closed now, and why; the reason is empty when the policy stopped it.
func (p *Pipeline) whyClose(q *polls.Question, cancel bool) (labeling.Reason, bool) {
	switch {
	case q.Status == polls.Closed:
		return "", false
	case q.Status == polls.Closing:
		return "", true // what stopped it is told by its answers
	case cancel:
		return labeling.Cancelled, true
	}
	return labeling.Deadline, !p.now().Before(q.Deadline)
}

// settle writes a question's verdict and everybody's pay, and closes it.
func (p *Pipeline) settle(ctx context.Context, tx Tx, q *polls.Question, snapshot *labeling.Snapshot, reason labeling.Reason, ended projectCounts) error {
	answers, err := tx.Polls().AnswersTo(ctx, q.ID)
	if err != nil {
		return err
	}
	now := p.now()
	votes := make([]polls.Vote, len(answers))
	for i, a := range answers {
		votes[i] = polls.Vote{Respondent: a.Respondent, Choice: a.Choice, Value: a.Value}
		if a.AcceptedAt.After(now) { // another server's clock is ahead; a verdict is never older than what it is made of
			now = a.AcceptedAt
		}
	}
	if reason == "" {
		var n int
		if n, reason, err = labeling.Stopped(q, votes, snapshot); err != nil {
			return err
		}
		if n != len(votes) || reason == "" {
			return fmt.Errorf("%s was stopped at answer %d, and by its answers it stops at %d", q.ID, len(votes), n)
		}
	}
	verdict, err := labeling.Decide(q, votes, snapshot, reason, now)
	if err != nil {
		return err
	}
	if err := closeGold(ctx, tx, q, votes, snapshot); err != nil {
		return err
	}
	bill, err := billFor(q, answers)
	if err != nil {
		return err
	}
	settlement, err := rewards.Settle(bill, now)
	if err != nil {
		return err
	}
	if err := tx.Labels().SaveVerdict(ctx, verdict); err != nil {
		return err
	}
	if err := tx.Rewards().Post(ctx, settlement.Transaction); err != nil {
		return err
	}
	if err := tx.Polls().CloseQuestion(ctx, q.ID, now); err != nil {
		return err
	}
	q.Status, q.Wanted, q.ClosedAt = polls.Closed, 0, now
	if err := ended.add(ctx, tx, q, verdict, settlement); err != nil {
		return err
	}
	return tx.Events().Append(ctx, Event{Kind: QuestionClosed, Org: q.Org, Question: q.ID, Subject: string(verdict.ID), At: now})
}

// closeGold opens the known answer of a question, if it has one, or suspends it.
func closeGold(ctx context.Context, tx Tx, q *polls.Question, votes []polls.Vote, snapshot *labeling.Snapshot) error {
	if !q.Type.IsLabel() {
		return nil
	}
	g, err := tx.Labels().Gold(ctx, q.ID)
	if err != nil || g == nil {
		return err
	}
	return tx.Labels().CloseGold(ctx, q.ID, g.Close(votes, snapshot))
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
