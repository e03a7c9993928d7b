package pipeline

import (
	"cmp"
	"context"
	"errors"
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

// closeTogether closes those of some questions that are due, or all of them by their requester's wish, in one transaction. It
// begins anew when it needs a snapshot of skills that is not in memory: it would hold a connection while it waits for another.
func (p *Pipeline) closeTogether(ctx context.Context, ids []polls.QuestionID, cancel bool) error {
	slices.Sort(ids) // answers lock their questions in this order too
	snapshots := make(map[string]*labeling.Snapshot)
	for {
		changed, err := p.closeBy(ctx, snapshots, ids, cancel)
		if absent, ok := errors.AsType[absentError](err); ok {
			if snapshots[weighing(absent.q)], err = p.stopper.Weighing(ctx, absent.q); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		p.tellClosed(changed)
		return nil
	}
}

// absentError is a question whose snapshot is not at hand.
type absentError struct{ q *polls.Question }

func (e absentError) Error() string { return fmt.Sprintf("what weighs %s is not at hand", e.q.ID) }

// weighing names what weighs a question: the same for many, but for those that a model helps with.
func weighing(q *polls.Question) string {
	if q.Witness != "" {
		return string(q.ID)
	}
	return q.WeighedBy()
}

// closeBy is closeTogether by snapshots that are given by what weighing says, or in memory. It returns the questions that it closed or
// opened again, or an absentError. Which skills weigh a question's answers is settled when it is first assigned, so that they
// are looked up when nobody can take it any more.
func (p *Pipeline) closeBy(ctx context.Context, snapshots map[string]*labeling.Snapshot, ids []polls.QuestionID, cancel bool) (changed []*polls.Question, err error) {
	err = p.stores.InTx(ctx, func(tx Tx) error {
		changed = changed[:0]
		projects := make(projectChanges)
		questions := make([]*polls.Question, len(ids))
		for i, id := range ids { // all of them before anything that others wait for
			var err error
			if questions[i], err = tx.Polls().LockQuestion(ctx, id); err != nil {
				return err
			}
		}
		for _, q := range questions {
			reason, due := p.whyClose(q, cancel)
			if !due {
				continue
			}
			var snapshot *labeling.Snapshot
			if q.Type.IsLabel() {
				if snapshot = cmp.Or(snapshots[weighing(q)], p.stopper.Kept(q)); snapshot == nil {
					return absentError{q}
				}
			}
			if err := p.end(ctx, tx, q, snapshot, reason, projects); err != nil {
				return err
			}
			changed = append(changed, q)
		}
		return projects.save(ctx, tx)
	})
	return changed, err
}

// tellClosed tells of questions that were closed, or opened again.
func (p *Pipeline) tellClosed(changed []*polls.Question) {
	for _, q := range changed {
		if q.Status != polls.Closed {
			p.feed.Publish(Notice{Kind: QuestionReopened, Org: q.Org, Question: q})
			continue
		}
		p.feed.Publish(Notice{Kind: QuestionClosed, Org: q.Org, Question: q})
		if q.Type == polls.Pair {
			p.wakeContests()
		}
	}
}

// whyClose says whether a question is to be closed now, and why if its policy does not stop it: what does is told by its
// answers.
func (p *Pipeline) whyClose(q *polls.Question, cancel bool) (reason labeling.Reason, due bool) {
	switch {
	case q.Status == polls.Closed:
		return "", false
	case cancel:
		return labeling.Cancelled, true
	case !p.now().Before(q.Deadline):
		return labeling.Deadline, true
	}
	return "", q.Status == polls.Closing
}

// end closes a question, after it has struck answers that are worth nothing. It opens it again instead when it then wants
// more, and there is no other reason to close it.
func (p *Pipeline) end(ctx context.Context, tx Tx, q *polls.Question, snapshot *labeling.Snapshot, reason labeling.Reason, projects projectChanges) error {
	answers, err := tx.Polls().AnswersTo(ctx, q.ID)
	if err != nil {
		return err
	}
	now := p.now()
	for _, a := range answers { // another server's clock is ahead; a verdict is never older than what it is made of
		if a.AcceptedAt.After(now) {
			now = a.AcceptedAt
		}
	}
	strikes, struck, err := strike(ctx, tx, q, answers, now)
	if err != nil {
		return err
	}
	votes := strikes.Counting(votesOf(answers))
	if struck {
		if err := labeling.Recount(q, votes, snapshot); err != nil {
			return err
		}
	}
	if struck || q.Status == polls.Closing {
		n, why, err := labeling.Stopped(q, votes, snapshot)
		if err != nil {
			return err
		}
		// Without the answers that were just struck it may have stopped before the last ones came, which count all the same.
		if !struck && (n != len(votes) || why == "") {
			return fmt.Errorf("%s was stopped at answer %d, and by its answers it stops at %d", q.ID, len(votes), n)
		}
		if why != "" {
			reason = why
		}
	}
	if reason == "" {
		q.Status = polls.Open
		projects.reopen(q)
	}
	if struck {
		if err := tx.Polls().SaveProgress(ctx, q); err != nil {
			return err
		}
	}
	if reason == "" {
		if err := lacking(ctx, tx, []*polls.Question{q}, now); err != nil {
			return err
		}
		return tx.Events().Append(ctx, Event{Kind: QuestionReopened, Org: q.Org, Question: q.ID, Subject: string(q.ID), At: now})
	}
	return p.settle(ctx, tx, q, closing{answers, strikes, votes, snapshot, reason, now}, projects)
}

// strike saves the strikes of answers to a question that are found to be worth nothing now, and returns all that it has, with
// whether any is new.
func strike(ctx context.Context, tx Tx, q *polls.Question, answers []polls.Answer, now time.Time) (strikes labeling.Strikes, struck bool, err error) {
	if q.Struck > 0 {
		if strikes, err = tx.Labels().Strikes(ctx, q.ID); err != nil {
			return nil, false, err
		}
	}
	snapshot, people, err := tx.Labels().Worthless(ctx, q.ID)
	if err != nil {
		return nil, false, err
	}
	var fresh labeling.Strikes
	for _, id := range people {
		if strikes.Of(id) == nil {
			fresh = append(fresh, labeling.Strike{Question: q.ID, Respondent: id, Snapshot: snapshot, Answers: len(answers), Counted: q.Counting(), At: now})
		}
	}
	if len(fresh) == 0 {
		return strikes, false, nil
	}
	q.Struck += len(fresh)
	return append(strikes, fresh...), true, tx.Labels().SaveStrikes(ctx, fresh)
}

func votesOf(answers []polls.Answer) []polls.Vote {
	votes := make([]polls.Vote, len(answers))
	for i, a := range answers {
		votes[i] = polls.Vote{Respondent: a.Respondent, Choice: a.Choice, Value: a.Value}
	}
	return votes
}

// closing is what a question closes with.
type closing struct {
	answers  []polls.Answer
	strikes  labeling.Strikes
	votes    []polls.Vote // of the answers that count
	snapshot *labeling.Snapshot
	reason   labeling.Reason
	at       time.Time
}

// settle writes a question's verdict and everybody's pay, and closes it.
func (p *Pipeline) settle(ctx context.Context, tx Tx, q *polls.Question, c closing, projects projectChanges) error {
	verdict, err := labeling.Decide(q, c.votes, c.snapshot, c.reason, c.at)
	if err != nil {
		return err
	}
	if err := closeGold(ctx, tx, q, c, verdict); err != nil {
		return err
	}
	if err := tx.Labels().SaveVerdict(ctx, verdict); err != nil {
		return err
	}
	if q.Type.IsTyped() { // the verdict was the last that needed what was typed
		if err := tx.Personal().EraseAnswers(ctx, q.ID); err != nil {
			return err
		}
	}
	newcomers, err := p.newcomers(ctx, tx, q)
	if err != nil {
		return err
	}
	bill, err := billFor(q, c.answers, c.strikes, newcomers)
	if err != nil {
		return err
	}
	settlement, err := rewards.Settle(bill, c.at)
	if err != nil {
		return err
	}
	if err := tx.Rewards().Post(ctx, settlement.Transaction); err != nil {
		return err
	}
	if err := addPending(ctx, tx, q, bill, c.at); err != nil {
		return err
	}
	if err := tx.Polls().CloseQuestion(ctx, q.ID, c.at); err != nil {
		return err
	}
	q.Status, q.Wanted, q.ClosedAt = polls.Closed, 0, c.at
	if err := projects.add(ctx, tx, q, verdict, settlement); err != nil {
		return err
	}
	return tx.Events().Append(ctx, Event{Kind: QuestionClosed, Org: q.Org, Question: q.ID, Subject: string(verdict.ID), At: c.at})
}

// closeGold opens the known answer of a question, if it has one, or suspends it. Where answers are values a family is learned
// from its opened golds alone, by who missed them, so that no other verdict names one.
func closeGold(ctx context.Context, tx Tx, q *polls.Question, c closing, v *labeling.Verdict) error {
	g, err := tx.Labels().Gold(ctx, q.ID)
	if err != nil || g == nil {
		return err
	}
	state, err := g.Close(q, c.votes, c.snapshot)
	if err != nil {
		return err
	}
	var missed []polls.RespondentID
	if !q.Type.IsLabel() && state == labeling.GoldOpened {
		if v.Family, _, err = labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices); err != nil {
			return err
		}
		if missed, err = g.Missed(q, votesOf(c.answers)); err != nil {
			return err
		}
	}
	return tx.Labels().CloseGold(ctx, q.ID, state, missed)
}

// billFor says who gets what of a question's hold: the price for each answer that counts, whatever it said, and the fee on
// it; it is pending for newcomers. What was struck and not answered anew is forfeited, without a fee.
func billFor(q *polls.Question, answers []polls.Answer, strikes labeling.Strikes, newcomers map[polls.RespondentID]bool) (rewards.Bill, error) {
	hold, err := q.Hold()
	if err != nil {
		return rewards.Bill{}, err
	}
	bill := rewards.Bill{Org: string(q.Org), Cause: string(q.ID), Hold: hold, Pays: make([]rewards.Pay, 0, len(answers))}
	for _, a := range answers {
		if strikes.Of(a.Respondent) == nil {
			bill.Pays = append(bill.Pays, rewards.Pay{Payee: string(a.Respondent), Amount: q.Price, Pending: newcomers[a.Respondent]})
		}
	}
	if bill.Fee, err = q.Fee.Times(len(bill.Pays)); err != nil {
		return rewards.Bill{}, err
	}
	bill.Forfeit, err = q.Price.Times(strikes.Forfeited(len(bill.Pays)))
	return bill, err
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
