package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const (
	// repliesKept is for how long a write with an idempotency key is answered with what it was answered before.
	repliesKept = 7 * 24 * time.Hour

	// learnTick is how often is looked for what may be learned, and forgetTick for what may be forgotten.
	learnTick  = 2 * time.Second
	forgetTick = time.Hour

	// Of people who have not answered to a family, so many are known in it, those with the most answers elsewhere. The
	// others are taken for one of the crowd until they have.
	lessonElsewhere = 20_000

	// lessonsAtOnce is how many families are asked for at once.
	lessonsAtOnce = 256

	// lessonPage is how many closed questions are read at once.
	lessonPage = 500
)

// RunLearning learns from closed questions, releases the pay of newcomers, and forgets old replies, until ctx ends.
func (p *Pipeline) RunLearning(ctx context.Context) error {
	learn, forget := time.NewTicker(min(p.cfg.Learn, learnTick)), time.NewTicker(forgetTick)
	defer learn.Stop()
	defer forget.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-learn.C:
			if err := p.Learn(ctx); err != nil && ctx.Err() == nil {
				p.cfg.Log.Error("skills were not learned", "error", err)
			}
			if err := p.ReleaseOld(ctx); err != nil && ctx.Err() == nil {
				p.cfg.Log.Error("the pay of newcomers was not released", "error", err)
			}
		case <-forget.C:
			if err := p.stores.Replies().ForgetReplies(ctx, p.now().Add(-repliesKept)); err != nil && ctx.Err() == nil {
				p.cfg.Log.Error("old replies were not forgotten", "error", err)
			}
		}
	}
}

// Learn brings up to date what is known of families where enough questions have closed since it was learned, or any and
// long ago. Questions that nobody has been given yet are weighed by the snapshots that it saves; the others keep theirs. What
// is known in general comes last, as it is made of what is known of all.
func (p *Pipeline) Learn(ctx context.Context) error {
	for {
		due, err := p.stores.Labels().DueFamilies(ctx, p.now().Add(-p.cfg.Learn), lessonsAtOnce)
		if err != nil {
			return err
		}
		slices.SortStableFunc(due, func(a, b labeling.FamilyProgress) int {
			switch {
			case a.IsGeneral() == b.IsGeneral():
				return 0
			case b.IsGeneral():
				return -1
			}
			return 1
		})
		for _, f := range due {
			err := p.learnFamily(ctx, f)
			if err != nil && tasknet.Describe(err).Kind != tasknet.Conflict { // in which case another server was faster
				return err
			}
		}
		if len(due) < lessonsAtOnce {
			return nil
		}
	}
}

// learnFamily learns a family anew, and then does what follows for the pay of newcomers. What it reads may change meanwhile,
// and is read again at the next time.
func (p *Pipeline) learnFamily(ctx context.Context, f labeling.FamilyProgress) error {
	labels := p.stores.Labels()
	lesson := labeling.Lesson{Choices: f.Choices, Least: polls.DefaultMin}
	for page := (tasknet.Page{Limit: lessonPage}); len(lesson.Closed) < labeling.LessonMost; {
		closed, next, err := labels.ClosedQuestions(ctx, f.Family, page)
		if err != nil {
			return err
		}
		lesson.Closed = append(lesson.Closed, closed...)
		if page.After = next; next == "" {
			break
		}
	}
	elsewhere := lessonElsewhere
	if !f.Known() {
		elsewhere = 0
	}
	var err error
	if lesson.Elsewhere, err = labels.Elsewhere(ctx, f.Family, elsewhere); err != nil {
		return err
	}
	others, err := labels.Calibrations(ctx, f.Family, f.Choices)
	if err != nil {
		return err
	}
	learned, err := f.Learn(ctx, lesson, others, p.now())
	if err != nil {
		return err
	}
	if err := labels.SaveLearned(ctx, learned); err != nil {
		return err
	}
	return p.judge(ctx, learned)
}

// snapshot returns the hash of the skill snapshot for a new question, within the caller's transaction: the newest of its
// family. It is empty when answers are values, and for what is no question, which is for polls.NewQuestion to say.
func (p *Pipeline) snapshot(ctx context.Context, tx Tx, d polls.Draft) (string, error) {
	family, choices, err := labeling.FamilyOf(d.Org, d.Project, d.Type, d.Choices)
	if err != nil || !d.Type.IsLabel() || choices < polls.ChoicesMin || choices > polls.ChoicesMax {
		return "", err
	}
	hash, err := tx.Labels().LastSnapshot(ctx, family, choices)
	if err == nil || tasknet.Describe(err).Kind != tasknet.NotFound {
		return hash, err
	}
	unknown, err := p.unknownOf(choices)
	if err != nil {
		return "", err
	}
	return unknown.Hash, tx.Labels().SaveSnapshot(ctx, unknown)
}

// unknownOf returns the snapshot of questions with so many choices of which nothing is known. To make it takes a
// millisecond, and every question until the first lesson names it.
func (p *Pipeline) unknownOf(choices int) (*labeling.Snapshot, error) {
	if known, ok := p.unknown.Load(choices); ok {
		return known.(*labeling.Snapshot), nil
	}
	s, err := labeling.Unknown(choices, p.now())
	if err == nil {
		p.unknown.Store(choices, s)
	}
	return s, err
}
