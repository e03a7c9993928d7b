package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// StartContest saves a contest within the caller's transaction. Its first comparisons are asked after the commit, when
// ContestStarted is called, or at the next sweep.
func (p *Pipeline) StartContest(ctx context.Context, tx Tx, d labeling.ContestDraft) (*labeling.Contest, error) {
	c, err := labeling.NewContest(d, p.now())
	if err != nil {
		return nil, err
	}
	return c, tx.Contests().CreateContest(ctx, c)
}

// ContestStarted has the first comparisons of a contest asked that was saved a moment ago.
func (p *Pipeline) ContestStarted() { p.wakeContests() }

func (p *Pipeline) wakeContests() {
	select {
	case p.contests <- struct{}{}:
	default:
	}
}

// OwnContest returns a contest of an organisation. Somebody else's is reported as none.
func (p *Pipeline) OwnContest(ctx context.Context, org polls.OrgID, id labeling.ContestID) (*labeling.Contest, error) {
	c, err := p.stores.Contests().Contest(ctx, id)
	if err == nil && c.Org != org {
		return nil, labeling.ErrNoContest
	}
	return c, err
}

// CancelContest ends a contest and closes its open questions. One that is over stays as it is. labeling.ErrNoContest.
func (p *Pipeline) CancelContest(ctx context.Context, org polls.OrgID, id labeling.ContestID) (*labeling.Contest, error) {
	err := p.stores.InTx(ctx, func(tx Tx) error {
		c, err := tx.Contests().LockContest(ctx, id)
		if err != nil {
			return err
		}
		if c.Org != org {
			return labeling.ErrNoContest
		}
		c.AskNoMore()
		return tx.Contests().SaveContest(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	return p.endContest(ctx, id)
}

// endContest closes the open questions of a contest that is cancelled, and then ends it: who is stopped between the two
// finds it once more.
func (p *Pipeline) endContest(ctx context.Context, id labeling.ContestID) (c *labeling.Contest, err error) {
	pairings, err := p.stores.Contests().Pairings(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := p.closeOpen(ctx, pairings); err != nil {
		return nil, err
	}
	err = p.stores.InTx(ctx, func(tx Tx) error {
		if c, err = tx.Contests().LockContest(ctx, id); err != nil {
			return err
		}
		c.Cancel(p.now())
		return tx.Contests().SaveContest(ctx, c)
	})
	return c, err
}

// closeOpen closes the questions of pairings that are not closed, with the answers that they have.
func (p *Pipeline) closeOpen(ctx context.Context, pairings []labeling.Pairing) error {
	var open []polls.QuestionID
	for _, pairing := range pairings {
		if !pairing.Closed {
			open = append(open, pairing.Question)
		}
	}
	return p.cancelAll(ctx, open)
}

// contest is what RunContests remembers of one: what closed questions said, so that each is read once.
type contest struct {
	said     map[polls.QuestionID][]labeling.Comparison
	failedAt time.Time // when it could not pay for its next comparisons
}

// payAgain is after how long a contest that could not pay tries again.
const payAgain = 10 * time.Second

// RunContests asks the next comparisons of contests whenever earlier ones are answered, until ctx ends; what is left then
// goes on at the next start.
func (p *Pipeline) RunContests(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	known := make(map[labeling.ContestID]*contest)
	for {
		p.moveContests(ctx, known)
		select {
		case <-ctx.Done():
			return nil
		case <-p.contests:
		case <-look.C:
		}
	}
}

func (p *Pipeline) moveContests(ctx context.Context, known map[labeling.ContestID]*contest) {
	const atOnce = 1000
	ids, err := p.stores.Contests().RunningContests(ctx, atOnce)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Error("running contests were not found", "error", err)
		}
		return
	}
	running := make(map[labeling.ContestID]bool, len(ids))
	for _, id := range ids {
		running[id] = true
		if known[id] == nil {
			known[id] = &contest{said: make(map[polls.QuestionID][]labeling.Comparison)}
		}
		if err := p.moveContest(ctx, id, known[id]); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("a contest did not go on", "contest", id, "error", err)
		}
	}
	for id := range known {
		if !running[id] {
			delete(known, id)
		}
	}
}

// moveContest takes in what was answered since the last time, and asks the next comparisons. The ranking is made outside the
// transaction, as it takes long; in it is looked whether another server has asked meanwhile.
func (p *Pipeline) moveContest(ctx context.Context, id labeling.ContestID, m *contest) error {
	c, err := p.stores.Contests().Contest(ctx, id)
	if err != nil {
		return err
	}
	if c.Ending() {
		_, err := p.endContest(ctx, id)
		return err
	}
	pairings, err := p.stores.Contests().Pairings(ctx, id)
	if err != nil {
		return err
	}
	news := c.Ranking == nil
	var said []labeling.Comparison
	var pending [][2]int
	for _, pairing := range pairings {
		if !pairing.Closed {
			pending = append(pending, [2]int{pairing.First, pairing.Second})
			continue
		}
		if _, ok := m.said[pairing.Question]; !ok {
			news = true
			if m.said[pairing.Question], err = p.comparisons(ctx, pairing); err != nil {
				return err
			}
		}
		said = append(said, m.said[pairing.Question]...)
	}
	unpaid := c.Problem != "" && p.now().Sub(m.failedAt) >= payAgain
	if !news && !unpaid && len(pending) > 0 || c.Problem != "" && !unpaid {
		return nil
	}
	ranking, err := c.Rank(ctx, len(c.Items), said, pending, c.AtOnce)
	if err != nil {
		return err
	}
	if ranking.Reason != "" && len(pending) > 0 {
		return p.closeOpen(ctx, pairings) // which wakes this again, to end the contest when nothing of it is open
	}
	err = p.askPairs(ctx, c, ranking, len(pairings))
	if known, ok := errors.AsType[*tasknet.Error](err); ok && known.Kind == tasknet.NoFunds {
		m.failedAt = p.now()
		return p.saveRanking(ctx, id, ranking, known.Code)
	}
	return err
}

// comparisons returns what the answers to a pairing's question say. A question that nobody answered says nothing.
func (p *Pipeline) comparisons(ctx context.Context, pairing labeling.Pairing) ([]labeling.Comparison, error) {
	answers, err := p.stores.Polls().AnswersTo(ctx, pairing.Question)
	if err != nil {
		return nil, err
	}
	strikes, err := p.stores.Labels().Strikes(ctx, pairing.Question)
	if err != nil {
		return nil, err
	}
	out := []labeling.Comparison{}
	for _, v := range strikes.Counting(votesOf(answers)) {
		out = append(out, labeling.Comparison{First: pairing.First, Second: pairing.Second, Vote: v})
	}
	return out, nil
}

// askPairs saves what is known, and asks what is to be asked next, when so many pairings were asked before. Which item is
// shown first changes with each, since people prefer one side a little.
func (p *Pipeline) askPairs(ctx context.Context, c *labeling.Contest, r *labeling.Ranking, before int) error {
	return p.stores.InTx(ctx, func(tx Tx) error {
		now, at, err := p.lockRunning(ctx, tx, c.ID)
		if err != nil || now == nil || now.Asked != before {
			return err
		}
		now.Know(r, at)
		now.Problem, now.Asked = "", before+len(r.Next)
		if len(r.Next) > 0 {
			questions, pairings := make([]*polls.Question, len(r.Next)), make([]labeling.Pairing, len(r.Next))
			for i, pair := range r.Next {
				if (before+i)%2 == 1 {
					pair[0], pair[1] = pair[1], pair[0]
				}
				d := now.Compare(pair[0], pair[1])
				snapshot, err := p.snapshot(ctx, tx, d)
				if err != nil {
					return err
				}
				if questions[i], err = p.newQuestion(d, snapshot, at); err != nil {
					return err
				}
				pairings[i] = labeling.Pairing{Contest: c.ID, Number: before + i, Question: questions[i].ID, First: pair[0], Second: pair[1]}
			}
			if err := p.askAll(ctx, tx, questions, at); err != nil {
				return err
			}
			if err := tx.Contests().AddPairings(ctx, pairings); err != nil {
				return err
			}
		}
		return tx.Contests().SaveContest(ctx, now)
	})
}

// saveRanking saves what is known of a contest that cannot go on for now.
func (p *Pipeline) saveRanking(ctx context.Context, id labeling.ContestID, r *labeling.Ranking, problem string) error {
	return p.stores.InTx(ctx, func(tx Tx) error {
		now, _, err := p.lockRunning(ctx, tx, id)
		if err != nil || now == nil {
			return err
		}
		now.Ranking, now.Problem = r, problem
		return tx.Contests().SaveContest(ctx, now)
	})
}

// lockRunning locks a contest that runs and returns it with the time; nil when it does not run any more, or is about to end.
func (p *Pipeline) lockRunning(ctx context.Context, tx Tx, id labeling.ContestID) (*labeling.Contest, time.Time, error) {
	c, err := tx.Contests().LockContest(ctx, id)
	if err != nil || c.Status != labeling.ContestRunning || c.Ending() {
		return nil, time.Time{}, err
	}
	return c, p.now(), nil
}
