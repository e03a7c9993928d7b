package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
)

// repliesKept is for how long a write with an idempotency key is answered with what it was answered before.
const repliesKept = 7 * 24 * time.Hour

// RunLearning makes new skill snapshots from closed questions, and forgets old replies, until ctx ends.
func (p *Pipeline) RunLearning(ctx context.Context) error {
	tick := time.NewTicker(p.cfg.Learn)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := p.learn(ctx); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("skills were not learned", "error", err)
		}
		if err := p.stores.Replies().ForgetReplies(ctx, p.now().Add(-repliesKept)); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("old replies were not forgotten", "error", err)
		}
	}
}

// learn brings the skills up to date. Questions that are asked from now on name the snapshot that it saves; those that
// are open keep theirs.
func (p *Pipeline) learn(ctx context.Context) error {
	skills, err := p.stores.Labels().LearnSkills(ctx, p.now())
	if err != nil {
		return err
	}
	snapshot, err := labeling.NewSnapshot(skills, p.now())
	if err != nil {
		return err
	}
	last, err := p.stores.Labels().LastSnapshot(ctx)
	known, isKnown := errors.AsType[*tasknet.Error](err)
	switch {
	case err != nil && !(isKnown && known.Kind == tasknet.NotFound):
		return err
	case err != nil || last.Hash != snapshot.Hash:
		if err := p.stores.Labels().SaveSnapshot(ctx, snapshot); err != nil {
			return err
		}
	}
	p.snapshot.Store(&snapshot.Hash)
	return nil
}
