package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// TestRouting: of nine people six answer at random. When that is learned, who is good gets all new questions, newcomers
// three of ten, and the six hardly any; when the questions have waited for half of their life, everybody gets all. Of those that
// an answer has left open newcomers get fewer.
func TestRouting(t *testing.T) {
	const lessons, people, good, questions, thousand = 80, 9, 3, 1000, 1000
	b := newBench(t)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "more", tasknet.Micro(1000*tasknet.MicroPerToken), start)))
	rng := rand.New(rand.NewPCG(7, 7))
	var last *polls.Question
	for range lessons {
		last = b.ask(t, b.draft(fmt.Sprintf("fixed:%d", people)))
		b.people = 0
		truth := rng.IntN(2)
		for i := range people {
			choice := truth
			if i >= good || rng.IntN(20) == 0 {
				choice = rng.IntN(2)
			}
			b.answer(t, last, choice)
		}
		b.closing(t, last.ID)
	}
	check(t, b.Learn(t.Context()))
	b.people = people
	b.answer(t, b.ask(t, b.draft("fixed:1")), 0) // by somebody of whom nothing is known
	family, choices, err := labeling.FamilyOf(last.Org, last.Project, last.Type, last.Choices)
	check(t, err)
	hash, err := b.stores.Labels().LastSnapshot(t.Context(), family, choices)
	check(t, err)
	snapshot, err := b.stores.Labels().Snapshot(t.Context(), hash)
	check(t, err)
	shares := snapshot.Known.Shares()

	asked := make(map[polls.QuestionID]*polls.Question, questions)
	for range questions {
		q := b.ask(t, b.draft("fixed:2"))
		asked[q.ID] = q
		b.pass(time.Millisecond)
	}
	had := make(map[polls.RespondentID]int)
	// take has somebody claim until there is nothing for them.
	take := func(by polls.RespondentID) {
		t.Helper()
		for {
			now := b.clock()
			leases, err := b.stores.Polls().ClaimAssignments(t.Context(), polls.Claim{Respondent: by, Count: 50, At: now, ExpiresAt: now.Add(time.Millisecond), Margin: 1, Draw: rng.IntN(1_000_000)})
			check(t, err)
			for _, l := range leases {
				q := asked[l.Question.ID]
				share := labeling.ShareOf(shares.Of(by), labeling.LeftOpen(l.Question.Policy, l.Question.State))
				if q == nil || now.Before(labeling.Opens(q.ID, by, share, q.CreatedAt, q.Deadline)) {
					t.Fatalf("%s, whose share is %d, got %s after %s", by, share, l.Question.ID, now.Sub(l.Question.CreatedAt))
				}
			}
			had[by] += len(leases)
			b.pass(time.Millisecond)
			if len(leases) == 0 {
				return
			}
		}
	}
	const known, random, unknown = "rsp_001", "rsp_005", "rsp_010"
	for _, by := range []polls.RespondentID{known, random, unknown} {
		standing, err := b.stores.Polls().Standing(t.Context(), polls.Claim{Respondent: by, Count: 9, At: b.clock(), Margin: 1})
		check(t, err)
		if standing.Refused != 0 {
			t.Fatalf("%s is worth nothing at all", by)
		}
		take(by)
	}
	t.Logf("shares %d, %d and %d; questions %v", shares.Of(known), shares.Of(random), shares.Of(unknown), had)
	if had[known] != questions {
		t.Errorf("who is good got %d questions", had[known])
	}
	if had[random] < 25 || had[random] > 75 {
		t.Errorf("who answers at random got %d questions, with a share of %d", had[random], shares.Of(random))
	}
	if had[unknown] < 200 || had[unknown] > 400 {
		t.Errorf("a newcomer got %d questions, with a share of %d", had[unknown], shares.Of(unknown))
	}
	b.pass(last.Deadline.Sub(last.CreatedAt) / 2)
	for _, by := range []polls.RespondentID{known, random, unknown} {
		if take(by); had[by] != questions {
			t.Errorf("in the end %s got %d questions", by, had[by])
		}
	}

	for range questions {
		q := b.ask(t, b.draft("confidence:0.95,model"))
		asked[q.ID] = q
		b.answerOf(t, 5, q, 0, false)
		b.pass(time.Millisecond)
	}
	before := had[unknown]
	if take(unknown); had[unknown] == before || had[unknown]-before > questions*shares.Of(unknown)/thousand*2/3 {
		t.Errorf("of %d questions that an answer has left open a newcomer got %d, with a share of %d", questions, had[unknown]-before, shares.Of(unknown))
	}
}
