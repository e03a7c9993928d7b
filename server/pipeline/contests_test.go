package pipeline_test

import (
	"context"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// contest starts a contest of four items of which many pairs are asked at once.
func (b *bench) contest(t *testing.T) labeling.ContestID {
	t.Helper()
	var c *labeling.Contest
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		c, err = b.StartContest(t.Context(), tx, labeling.ContestDraft{
			Org: b.org, Text: "Which is larger?", Items: []labeling.Item{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}},
			Goal: labeling.Goal{TargetPPM: 900_000, Max: 300}, AtOnce: 6, Price: tasknet.Micro(18_000), Lifetime: time.Hour,
		})
		return err
	}))
	return c.ID
}

// running has contests go on until the test stops them.
func (b *bench) running(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.RunContests(ctx) }()
	return func() {
		cancel()
		check(t, <-done)
	}
}

// contestNow returns a contest and its pairings that are open. The contest is read first: what is over by then is so in the pairings.
func (b *bench) contestNow(t *testing.T, id labeling.ContestID) (c *labeling.Contest, open []labeling.Pairing) {
	t.Helper()
	c, err := b.stores.Contests().Contest(t.Context(), id)
	check(t, err)
	pairings, err := b.stores.Contests().Pairings(t.Context(), id)
	check(t, err)
	for _, p := range pairings {
		if !p.Closed {
			open = append(open, p)
		}
	}
	return c, open
}

// A contest is over only when nothing of it is open: who is stopped in between would leave money set aside.
func TestContestEndsWithNothingOpen(t *testing.T) {
	b := newBench(t)
	id := b.contest(t)
	stop := b.running(t)
	for answered := 0; ; {
		c, open := b.contestNow(t, id)
		if c.Status != labeling.ContestRunning {
			if c.Status != labeling.ContestSettled || len(open) > 0 {
				t.Errorf("it is %s while %d comparisons are open", c.Status, len(open))
			}
			break
		}
		if len(open) == 0 || c.Ranking == nil || c.Ranking.Comparisons < answered {
			continue // it has not taken in all that was answered
		}
		answered++
		q, err := b.stores.Polls().Question(t.Context(), open[0].Question)
		check(t, err)
		better := 0
		if open[0].First > open[0].Second {
			better = 1
		}
		b.people = 0
		b.answer(t, q, better)
		b.closing(t, q.ID)
	}
	stop()
	if totals, err := b.stores.Rewards().Totals(t.Context()); err != nil || !totals.Held.IsZero() {
		t.Errorf("%s is held, %v", totals.Held, err)
	}
}

// A server that was stopped after it took a wish to cancel, and before it closed the questions, does so at its next start.
func TestContestIsCancelledByTheNextStart(t *testing.T) {
	b := newBench(t)
	id := b.contest(t)
	stop := b.running(t)
	for open := 0; open == 0; {
		_, pairings := b.contestNow(t, id)
		open = len(pairings)
	}
	stop()
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		c, err := tx.Contests().LockContest(t.Context(), id)
		if err != nil {
			return err
		}
		c.AskNoMore()
		return tx.Contests().SaveContest(t.Context(), c)
	}))
	defer b.running(t)()
	for end := time.Now().Add(20 * time.Second); ; {
		c, open := b.contestNow(t, id)
		if c.Status == labeling.ContestCancelled {
			if len(open) > 0 || c.Problem != "" || c.EndedAt.IsZero() {
				t.Errorf("cancelled: %d comparisons are open, %+v", len(open), c)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatalf("it is %s: %+v", c.Status, c)
		}
	}
	if got := b.balance(t, rewards.Requester(string(b.org))); got != tasknet.Micro(10*tasknet.MicroPerToken) {
		t.Errorf("%s is left of ten", got)
	}
}
