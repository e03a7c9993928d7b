package pipeline_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// late is stores in which something happens once, before a transaction begins.
type late struct {
	*store.DB
	before int // how many transactions are to begin first
	happen func()
}

func (l *late) InTx(ctx context.Context, f func(pipeline.Tx) error) error {
	if l.before == 0 {
		l.happen()
	}
	l.before--
	return l.DB.InTx(ctx, f)
}

// TestAssignedWhileClosing: somebody is given a question, and answers it, while a server that does not know the skills which
// weighed its answers until then is about to close it, or has just read those. Others weigh them now, and the verdict goes by
// those.
func TestAssignedWhileClosing(t *testing.T) {
	for before := range 2 {
		for _, how := range []string{"requester", "deadline"} {
			t.Run(fmt.Sprintf("by its %s after %d transactions", how, before), func(t *testing.T) {
				b := newBench(t)
				q := b.ask(t, b.draft("fixed:3"))
				b.prove(t, b.draft("fixed:3"))
				stores := &late{DB: b.stores, before: before, happen: func() { b.answerAs(t, 1, q, 1) }}
				p, err := pipeline.New(stores, labeling.NewStopper(b.stores.Labels()), b.feed, nil, pipeline.Config{
					Instance: instance, ChainID: 7, FeeBasisPoints: 1500, Sweep: 5 * time.Millisecond, Now: func() time.Time { return start.Add(time.Hour) },
				})
				check(t, err)
				if how == "requester" {
					check(t, p.Cancel(t.Context(), b.org, q.ID))
				} else {
					b.Pipeline = p
					b.closing(t, q.ID)
				}
				v, err := b.stores.Labels().Verdict(t.Context(), q.ID)
				check(t, err)
				if now := b.stands(t, q.ID); v.Snapshot != now.Skills || v.Snapshot == q.Snapshot || v.Answers != 1 {
					t.Errorf("the verdict on %d answers is by %s; %s was known when it was asked, and %s when it was assigned", v.Answers, v.Snapshot, q.Snapshot, now.Skills)
				}
				b.conserved(t)
			})
		}
	}
}
