package pipeline_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// TestWorthlessAreNotAsked: of three people one is wrong whenever a question's answer was known. When that is proven they
// get no question of the family any more, also of those that were asked before.
func TestWorthlessAreNotAsked(t *testing.T) {
	b := newBench(t)
	before := b.ask(t, b.draft("fixed:3"))
	const golds = 12
	for range golds {
		var q *polls.Question
		check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
			q, err = b.AskGold(t.Context(), tx, b.draft("fixed:3"), labeling.Truth{Choice: 1})
			return err
		}))
		b.people = 0
		b.answer(t, q, 1)
		b.answer(t, q, 1)
		b.answer(t, q, 0)
		b.closing(t, q.ID)
		if g, err := b.stores.Labels().Gold(t.Context(), q.ID); err != nil || g.State != labeling.GoldOpened {
			t.Fatalf("a closed gold: %+v, %v", g, err)
		}
	}
	check(t, b.Learn(t.Context()))
	after := b.ask(t, b.draft("fixed:3"))
	claim := func(person polls.RespondentID, q *polls.Question) error {
		_, err := b.stores.Polls().ClaimAssignments(t.Context(), polls.Claim{Respondent: person, Question: q.ID, Count: 1, At: b.clock(), ExpiresAt: b.clock().Add(time.Second), Margin: 1})
		return err
	}
	for _, c := range []struct {
		person polls.RespondentID
		q      *polls.Question
		want   error
	}{{"rsp_001", after, nil}, {"rsp_003", before, polls.ErrNotAvailable}, {"rsp_001", before, nil}, {"rsp_003", after, polls.ErrNotAvailable}} {
		if err := claim(c.person, c.q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.person, err, c.want)
		}
	}
	standing, err := b.stores.Polls().Standing(t.Context(), polls.Claim{Respondent: "rsp_003", Count: 9, At: b.clock(), Margin: 1})
	check(t, err)
	if standing.Refused == 0 || standing.Available != 0 {
		t.Errorf("who is worthless is told %+v", standing)
	}
	if s, err := b.stores.Polls().Standing(t.Context(), polls.Claim{Respondent: "rsp_001", Count: 9, At: b.clock(), Margin: 1}); err != nil || s.Refused != 0 {
		t.Errorf("who is good is told %+v, %v", s, err)
	}
}
