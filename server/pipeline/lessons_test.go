package pipeline_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/testnet"
)

// TestLessonsBesideClosing: lessons and closing questions, which lock the same family and the same ledger, never wait for each
// other for good. PostgreSQL would end that after a second, in which nobody's answer is taken, and nothing else would show it.
func TestLessonsBesideClosing(t *testing.T) {
	at, deadlocks := testnet.Postgres(t)
	db, err := store.Open(t.Context(), store.Config{URL: at})
	check(t, err)
	b := &bench{stores: db, stopper: labeling.NewStopper(db.Labels()), feed: &feed{told: make(chan struct{}, 1)}, files: new(taskFiles), now: start}
	b.holding(t)
	org, err := b.NewOrg(t.Context(), "Somebody")
	check(t, err)
	b.org = org.ID
	check(t, db.Rewards().Post(t.Context(), rewards.Credit(string(org.ID), "first", tasknet.Micro(900*tasknet.MicroPerToken), start)))
	b.prove(t, b.draft("fixed:3"))

	ctx, stop := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Go(func() { check(t, b.RunClosing(ctx)) })
	both.Go(func() {
		for ctx.Err() == nil {
			if err := b.Learn(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	for range 40 {
		q := b.ask(t, b.draft("fixed:2"))
		b.answerAs(t, 1, q, 1)
		b.answerAs(t, 2, q, 1)
		b.pass(200 * time.Millisecond)
	}
	stop()
	both.Wait()

	verdicts, _, err := db.Labels().CountVerdicts(t.Context())
	check(t, err)
	check(t, db.Close()) // whose connections then have told what they counted
	if n := deadlocks(); n > 0 || verdicts == 0 {
		t.Errorf("%d deadlocks, %d verdicts", n, verdicts)
	}
}
