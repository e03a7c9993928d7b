package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// askGold asks a question whose answer is known to be a choice.
func (b *bench) askGold(t *testing.T, d polls.Draft, choice int) *polls.Question {
	t.Helper()
	var q *polls.Question
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		q, err = b.AskGold(t.Context(), tx, d, labeling.Truth{Choice: choice})
		return err
	}))
	return q
}

// answerAs records an answer of the person with a number.
func (b *bench) answerAs(t *testing.T, person int, q *polls.Question, choice int) {
	t.Helper()
	b.answerOf(t, person, q, choice, false)
}

// prove has two good people and the third answer golds until the third is proven worthless in the family of the golds.
func (b *bench) prove(t *testing.T, d polls.Draft) {
	t.Helper()
	for range 12 {
		g := b.askGold(t, d, 1)
		for person, choice := range []int{1, 1, 0} {
			b.answerAs(t, person+1, g, choice)
		}
		b.closing(t, g.ID)
	}
	check(t, b.Learn(t.Context()))
}

// stands returns a question as it is now.
func (b *bench) stands(t *testing.T, id polls.QuestionID) *polls.Question {
	t.Helper()
	q, err := b.stores.Polls().Question(t.Context(), id)
	check(t, err)
	return q
}

// settledAs compares what a question's hold became.
func (b *bench) settledAs(t *testing.T, q *polls.Question, want map[rewards.Account]int64) {
	t.Helper()
	tx, err := b.stores.Rewards().Transaction(t.Context(), rewards.SettlementTx, string(q.ID))
	check(t, err)
	got := make(map[rewards.Account]int64)
	for _, e := range tx.Entries {
		got[e.Account] = e.Amount.Micro()
	}
	hold, err := q.Hold()
	check(t, err)
	want[rewards.HoldFor(string(q.ID))] = -hold.Micro()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settlement (-want +got):\n%s", diff)
	}
	b.conserved(t)
}

// TestWorthlessAnswerIsReplaced: one of three answers is found to be worth nothing when the third comes. It is struck, and
// the question is open again; a fourth closes it, and three are paid.
func TestWorthlessAnswerIsReplaced(t *testing.T) {
	b := newBench(t)
	q := b.ask(t, b.draft("fixed:3"))
	b.answerAs(t, 3, q, 0)
	b.answerAs(t, 1, q, 1)
	b.prove(t, b.draft("fixed:3"))
	b.answerAs(t, 2, q, 1)
	b.runs(t, func() bool { return b.stands(t, q.ID).Status == polls.Open })
	open := b.stands(t, q.ID)
	if diff := cmp.Diff(polls.Progress{Status: polls.Open, Answers: 3, Struck: 1, Counts: []int{0, 2}, Wanted: 1, Skills: q.Snapshot}, open.Progress); diff != "" {
		t.Fatalf("opened again (-want +got):\n%s", diff)
	}
	last := b.feed.notices[len(b.feed.notices)-1]
	if last.Kind != pipeline.QuestionReopened || last.Question.ID != q.ID || last.Question.Wanted != 1 {
		t.Errorf("it was told as %+v", last)
	}
	events, err := b.stores.Events().EventsAfter(t.Context(), b.org, pipeline.QuestionReopened, 0, 10)
	check(t, err)
	if len(events) != 1 || events[0].Question != q.ID {
		t.Errorf("events %+v", events)
	}
	strikes, err := b.stores.Labels().Strikes(t.Context(), q.ID)
	check(t, err)
	snapshot, people, err := b.stores.Labels().Worthless(t.Context(), q.ID)
	check(t, err)
	if len(people) != 1 || people[0] != "rsp_003" || snapshot == q.Snapshot {
		t.Errorf("worthless by %s: %v", snapshot, people)
	}
	if diff := cmp.Diff(labeling.Strikes{{Question: q.ID, Respondent: "rsp_003", Snapshot: snapshot, Answers: 3, Counted: 3, At: b.clock()}}, strikes); diff != "" {
		t.Errorf("strikes (-want +got):\n%s", diff)
	}
	for person, held := range map[polls.RespondentID]int64{"rsp_001": 18_000, "rsp_003": 0} {
		if standing, err := b.stores.Polls().Standing(t.Context(), polls.Claim{Respondent: person, At: b.clock(), Margin: 1, Count: 9}); err != nil || standing.Held != tasknet.Micro(held) {
			t.Errorf("%s may earn %s, %v", person, standing.Held, err)
		}
	}
	b.answerAs(t, 4, open, 0)
	v := b.closing(t, q.ID)
	if v.Answers != 3 || v.Choice != 1 || v.Outcome != labeling.Decided || v.Reason != labeling.Quorum || cmp.Diff([]int{1, 2}, v.Counts) != "" {
		t.Errorf("verdict %+v", v)
	}
	b.settledAs(t, q, map[rewards.Account]int64{rewards.Payee("rsp_001"): 18_000, rewards.Payee("rsp_002"): 18_000, rewards.Payee("rsp_004"): 18_000, rewards.FeesAccount: 3 * 2_700})
}

// TestWorthlessAnswerIsForfeited: where nobody answers in its place, what a struck answer would have been paid is nobody's.
func TestWorthlessAnswerIsForfeited(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *bench, *polls.Question) labeling.Reason{
		"deadline": func(_ *testing.T, b *bench, _ *polls.Question) labeling.Reason {
			b.pass(time.Hour)
			return labeling.Deadline
		},
		"cancelled": func(t *testing.T, b *bench, q *polls.Question) labeling.Reason {
			check(t, b.Cancel(t.Context(), b.org, q.ID))
			return labeling.Cancelled
		},
	} {
		for _, answers := range []int{2, 3} { // before and after it stops
			t.Run(fmt.Sprintf("%s with %d", name, answers), func(t *testing.T) {
				b := newBench(t)
				q := b.ask(t, b.draft("fixed:3"))
				b.answerAs(t, 3, q, 0)
				b.answerAs(t, 1, q, 1)
				b.prove(t, b.draft("fixed:3"))
				if answers == 3 {
					b.answerAs(t, 2, q, 1)
				}
				reason := end(t, b, q)
				v := b.closing(t, q.ID)
				if v.Answers != answers-1 || v.Reason != reason || v.Outcome != labeling.Leaning || v.Choice != 1 {
					t.Errorf("verdict %+v", v)
				}
				want := map[rewards.Account]int64{
					rewards.Payee("rsp_001"): 18_000, rewards.FeesAccount: int64(answers-1) * 2_700, rewards.ForfeitsAccount: 18_000,
					rewards.Requester(string(b.org)): int64(3-answers)*20_700 + 2_700,
				}
				if answers == 3 {
					want[rewards.Payee("rsp_002")] = 18_000
				}
				b.settledAs(t, q, want)
				if got := b.balance(t, rewards.ForfeitsAccount); got != tasknet.Micro(18_000) {
					t.Errorf("%s is forfeited", got)
				}
			})
		}
	}
}

// TestConfidenceIsComputedAnew: the answer that stopped a question is struck, and its state is as if it had never come; and
// one that stopped it late is struck, so that the others stop it by themselves.
func TestConfidenceIsComputedAnew(t *testing.T) {
	draft := func(b *bench) polls.Draft {
		d := b.draft("fixed:3")
		p, err := polls.ParsePolicy("confidence:0.8", 2, 6)
		check(t, err)
		d.Policy = p
		return d
	}
	b := newBench(t)
	first, second := b.ask(t, draft(b)), b.ask(t, draft(b))
	b.answerAs(t, 3, first, 1)
	b.answerAs(t, 3, second, 0)
	b.answerAs(t, 4, second, 1)
	alone := b.ask(t, draft(b))
	b.answerAs(t, 4, alone, 1)
	b.prove(t, b.draft("fixed:3"))
	b.answerAs(t, 4, first, 1)
	for person := 5; b.stands(t, first.ID).Status == polls.Open; person++ {
		b.answerAs(t, person, first, 1)
	}
	stopped := b.stands(t, first.ID)
	b.runs(t, func() bool { return b.stands(t, first.ID).Status != polls.Closing })
	opened := b.stands(t, first.ID)
	if opened.Struck != 1 || opened.Counts[1] != stopped.Counts[1]-1 {
		t.Fatalf("after the strike: %+v", opened.Progress)
	}
	if opened.Status != polls.Open || stopped.Answers != 2 || opened.Wanted < 1 {
		t.Fatalf("two answers, one of them struck: %+v", opened.Progress)
	}
	if want := b.stands(t, alone.ID); string(opened.State) != string(want.State) || opened.Wanted != want.Wanted {
		t.Errorf("its state is %s, that of a question with the answers that count is %s", opened.State, want.State)
	}
	answers := 0
	for person := 5; b.stands(t, second.ID).Status == polls.Open; person++ {
		b.answerAs(t, person, second, 1)
		answers = person - 3
	}
	v := b.closing(t, second.ID)
	if v.Choice != 1 || v.Reason != labeling.Quorum || v.Outcome != labeling.Decided || v.Answers != answers || v.Counts[0] != 0 {
		t.Errorf("with %d answers that count, and one that was against them: %+v", answers, v)
	}
	if answers < 3 {
		t.Errorf("the others stopped it with %d answers: the test needs more", answers)
	}
	b.conserved(t)
}

// TestTwoServersStrikeOnce: two servers of one database close the same questions at once.
func TestTwoServersStrikeOnce(t *testing.T) {
	b := newBench(t)
	other, err := pipeline.New(b.stores, labeling.NewStopper(b.stores.Labels()), b.feed, nil, pipeline.Config{Instance: instance, ChainID: 7, FeeBasisPoints: 1500, Now: b.clock})
	check(t, err)
	var asked []*polls.Question
	for range 8 {
		q := b.ask(t, b.draft("fixed:2"))
		b.answerAs(t, 3, q, 0)
		asked = append(asked, q)
	}
	b.prove(t, b.draft("fixed:3"))
	b.pass(time.Hour)
	done := make(chan error, 2*len(asked))
	for _, q := range asked {
		go func() { done <- b.Cancel(t.Context(), b.org, q.ID) }()
		go func() { done <- other.Cancel(t.Context(), b.org, q.ID) }()
	}
	for range 2 * len(asked) {
		check(t, <-done)
	}
	for _, q := range asked {
		strikes, err := b.stores.Labels().Strikes(t.Context(), q.ID)
		check(t, err)
		if len(strikes) != 1 || b.stands(t, q.ID).Struck != 1 {
			t.Errorf("%d strikes, %d counted", len(strikes), b.stands(t, q.ID).Struck)
		}
		b.settledAs(t, q, map[rewards.Account]int64{rewards.ForfeitsAccount: 18_000, rewards.Requester(string(b.org)): 20_700 + 2_700})
	}
}

// TestReopenedInAPausedProject: what is opened again in a project that is paused is paused with it.
func TestReopenedInAPausedProject(t *testing.T) {
	b := newBench(t)
	project := b.newProject(t)
	draft := b.draft("fixed:3")
	draft.Project = string(project.ID)
	q := b.ask(t, draft)
	b.answerAs(t, 3, q, 0)
	b.answerAs(t, 1, q, 1)
	b.prove(t, draft)
	b.answerAs(t, 2, q, 1)
	_, err := b.ChangeProject(t.Context(), b.org, project.ID, (*labeling.Project).Pause)
	check(t, err)
	b.runs(t, func() bool { return b.stands(t, q.ID).Status != polls.Closing })
	if got := b.stands(t, q.ID); got.Status != polls.Paused || got.Struck != 1 || got.Wanted != 1 {
		t.Errorf("it is %+v", got.Progress)
	}
}

// TestRandomStrikesConserveMoney lets good people and bad ones answer questions of all policies, learns now and then, and
// closes what is left. Every hold is used up, nobody who is struck is paid, and the requester pays for all that counted.
func TestRandomStrikesConserveMoney(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b := newBench(t)
			rng := rand.New(rand.NewPCG(seed, 4))
			var asked []*polls.Question
			for i := range 80 {
				if i%2 == 0 {
					asked = append(asked, b.askGold(t, b.draft("fixed:4"), 1))
				} else {
					asked = append(asked, b.ask(t, b.draft([]string{"fixed:2", "fixed:3", "confidence:0.9"}[rng.IntN(3)])))
				}
			}
			const people, good = 6, 4
			for step := range 500 {
				q := asked[rng.IntN(len(asked))]
				if person := rng.IntN(people); person < good {
					b.answerOf(t, person+1, q, 1, true)
				} else {
					b.answerOf(t, person+1, q, 0, true)
				}
				if step%50 == 49 {
					b.runs(t, func() bool {
						due, err := b.stores.Polls().DueQuestions(t.Context(), b.clock(), 1)
						check(t, err)
						return len(due) == 0
					})
					b.pass(time.Second)
					check(t, b.Learn(t.Context()))
				}
			}
			b.pass(time.Hour)
			struck := 0
			for _, q := range asked {
				v := b.closing(t, q.ID)
				now := b.stands(t, q.ID)
				strikes, err := b.stores.Labels().Strikes(t.Context(), q.ID)
				check(t, err)
				struck += len(strikes)
				if len(strikes) != now.Struck || v.Answers != now.Counting() {
					t.Errorf("%d strikes, %+v, a verdict of %d answers", len(strikes), now.Progress, v.Answers)
				}
				tx, err := b.stores.Rewards().Transaction(t.Context(), rewards.SettlementTx, string(q.ID))
				check(t, err)
				paid := 0
				for _, e := range tx.Entries {
					if strikes.Of(polls.RespondentID(ownerOf(e.Account))) != nil {
						t.Errorf("%s is paid for an answer that was struck", e.Account)
					}
					if ownerOf(e.Account) != "" || e.Account == rewards.ForfeitsAccount {
						paid += int(e.Amount.Micro() / q.Price.Micro())
					}
				}
				for _, s := range strikes {
					if paid < s.Counted {
						t.Errorf("paid for %d where %d counted", paid, s.Counted)
					}
				}
				if held := b.balance(t, rewards.HoldFor(string(q.ID))); !held.IsZero() {
					t.Errorf("%s is still held", held)
				}
			}
			b.conserved(t)
			if struck < 5 {
				t.Errorf("only %d answers were struck: the test needs more", struck)
			}
		})
	}
}

// ownerOf returns whose pay an account holds, or nothing.
func ownerOf(a rewards.Account) string {
	id, ok := strings.CutPrefix(string(a), string(rewards.Payee("")))
	if !ok {
		return ""
	}
	return id
}
