package pipeline

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// How much of what was asked before an estimate looks at.
const (
	pastMost    = 500
	timingsMost = 5000
	paceFor     = 7 * 24 * time.Hour
)

// What is known of working times is kept for a minute: every question that is asked is held to it where there is a least pay.
const (
	worksKept = 1000
	workAge   = time.Minute
)

// Work is how long an answer takes, and on what that stands.
type Work struct {
	Each    time.Duration // zero: nobody knows
	Basis   labeling.Basis
	Answers int // on which it stands
}

type worked struct {
	Work
	at time.Time
}

// Estimate is what a draft is expected to take.
type Estimate struct {
	Need    labeling.Need
	Basis   labeling.Basis // of Need
	Answers labeling.Total // of all tasks
	Work    Work
	Least   tasknet.Amount // the least price; zero where there is none
	Pace    int            // answers an hour, in thousandths; zero where that is not known
	Seconds int            // until all answers are there, at that pace: more than a time.Duration holds, where it is slow
}

// Estimate tells what so many tasks take that are asked as a question is and have given answers. The question is not asked: only what kind
// it is, its project and its policy count. stated is how long its requester says that an answer takes, or zero.
func (p *Pipeline) Estimate(ctx context.Context, q *polls.Question, tasks, given int, stated time.Duration) (Estimate, error) {
	var e Estimate
	var err error
	if e.Need, e.Basis, err = p.need(ctx, q); err != nil {
		return e, err
	}
	e.Answers = e.Need.ForTasks(tasks, q.Policy).Rest(tasks, given)
	if e.Work, err = p.WorkOn(ctx, q, stated); err != nil {
		return e, err
	}
	e.Least = p.leastPrice(e.Work)
	past, err := p.stores.History().Past(ctx, labeling.Like{Type: q.Type, Choices: len(q.Choices)}, pastMost)
	if err != nil {
		return e, err
	}
	now := p.now()
	recent := past[:0]
	for _, each := range past {
		if now.Sub(each.ClosedAt) < paceFor {
			recent = append(recent, each)
		}
	}
	if e.Pace = labeling.Pace(recent, now); e.Pace > 0 {
		e.Seconds = e.Answers.Expected * 1000 * int(time.Hour/time.Second) / e.Pace
	}
	return e, nil
}

// likes are what a question is like, the likest first.
func likes(q *polls.Question) []labeling.Like {
	kind := labeling.Like{Type: q.Type, Choices: len(q.Choices)}
	org := kind
	org.Org = q.Org
	all := []labeling.Like{org, kind}
	if q.Project != "" {
		project := org
		project.Project = labeling.ProjectID(q.Project)
		all = append([]labeling.Like{project}, all...)
	}
	return all
}

// basisOf says on what rests what is known by likes.
func basisOf(l labeling.Like) labeling.Basis {
	switch {
	case l.Project != "":
		return labeling.ByProject
	case l.Org != "":
		return labeling.ByOrg
	}
	return labeling.ByInstance
}

// need tells how many answers a question takes, by the likest questions of which enough are closed.
func (p *Pipeline) need(ctx context.Context, q *polls.Question) (labeling.Need, labeling.Basis, error) {
	if n, ok := labeling.NeedOf(q.Policy, nil); ok {
		return n, labeling.ByPolicy, nil
	}
	for _, like := range likes(q) {
		past, err := p.stores.History().Past(ctx, like, pastMost)
		if err != nil {
			return labeling.Need{}, "", err
		}
		if n, ok := labeling.NeedOf(q.Policy, past); ok {
			return n, basisOf(like), nil
		}
	}
	unknown, err := p.unknownOf(len(q.Choices))
	if err != nil {
		return labeling.Need{}, "", err
	}
	policy := q.Policy
	if policy.Fallback > 0 {
		known, err := p.newestOf(ctx, q)
		if err != nil {
			return labeling.Need{}, "", err
		}
		if known == nil || known.Known.FallsBack(policy) {
			return unknown.Known.Foresee(policy), labeling.ByPolicy, nil
		}
		policy.Fallback = 0
	}
	return unknown.Known.Foresee(policy), labeling.ByPrior, nil
}

// newestOf returns the newest snapshot of a question's family; nil when there is none.
func (p *Pipeline) newestOf(ctx context.Context, q *polls.Question) (*labeling.Snapshot, error) {
	family, choices, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	if err != nil {
		return nil, err
	}
	hash, err := p.stores.Labels().LastSnapshot(ctx, family, choices)
	if err != nil {
		if tasknet.Describe(err).Kind == tasknet.NotFound {
			return nil, nil
		}
		return nil, err
	}
	return p.stopper.Snapshot(ctx, hash)
}

// WorkOn tells how long an answer to a question takes, by the likest of which enough answers are known, or else by what its
// requester states.
func (p *Pipeline) WorkOn(ctx context.Context, q *polls.Question, stated time.Duration) (Work, error) {
	for _, like := range likes(q) {
		w, err := p.workTime(ctx, like)
		if err != nil || w.Each > 0 {
			return w, err
		}
	}
	if stated > 0 {
		return Work{Each: stated, Basis: labeling.ByStated}, nil
	}
	return Work{Basis: labeling.ByNothing}, nil
}

func (p *Pipeline) workTime(ctx context.Context, like labeling.Like) (Work, error) {
	now := p.now()
	if known, ok := p.works.Get(like); ok && now.Sub(known.at) < workAge {
		return known.Work, nil
	}
	past, err := p.stores.History().Past(ctx, like, pastMost)
	if err != nil {
		return Work{}, err
	}
	ids := make([]polls.QuestionID, len(past))
	for i, q := range past {
		ids[i] = q.Question
	}
	timings, err := p.stores.History().Timings(ctx, ids, timingsMost)
	if err != nil {
		return Work{}, err
	}
	w := worked{at: now, Work: Work{Basis: basisOf(like)}}
	w.Each, w.Answers, _ = labeling.WorkTime(timings)
	p.works.Add(like, w)
	return w.Work, nil
}

// leastPrice is the least that an answer must pay; zero where nothing is known, or nothing is refused.
func (p *Pipeline) leastPrice(w Work) tasknet.Amount {
	if p.cfg.FairPay.IsZero() || w.Each == 0 {
		return tasknet.Amount{}
	}
	return rewards.LeastPrice(p.cfg.FairPay, w.Each)
}

// LeastPrice returns the least that an answer to a question that is to be asked must pay; zero where there is nothing that it
// must. stated is as for Estimate.
func (p *Pipeline) LeastPrice(ctx context.Context, q *polls.Question, stated time.Duration) (tasknet.Amount, error) {
	if p.cfg.FairPay.IsZero() {
		return tasknet.Amount{}, nil
	}
	w, err := p.WorkOn(ctx, q, stated)
	return p.leastPrice(w), err
}

// FairPay is what work must pay at least in an hour; zero where there is nothing that it must.
func (p *Pipeline) FairPay() tasknet.Amount { return p.cfg.FairPay }
