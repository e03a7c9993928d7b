package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// holding makes a bench hold the pay of newcomers.
func (b *bench) holding(t *testing.T) *bench {
	t.Helper()
	var err error
	b.Pipeline, err = pipeline.New(b.stores, b.stopper, b.feed, nil, pipeline.Config{
		Instance: instance, ChainID: 7, FeeBasisPoints: 1500, Sweep: 5 * time.Millisecond, Learn: 5 * time.Millisecond, Files: b.files, Now: b.clock,
		HoldNewcomers: true, Hold: 24 * time.Hour,
	})
	check(t, err)
	return b
}

// money compares what is pending and what is final of a person's pay.
func (b *bench) money(t *testing.T, who string, person int, pending, final int64) {
	t.Helper()
	id := fmt.Sprintf("rsp_%03d", person)
	if got := b.balance(t, rewards.Pending(id)); got != tasknet.Micro(pending) {
		t.Errorf("%s: %s is pending, want %s", who, got, tasknet.Micro(pending))
	}
	if got := b.balance(t, rewards.Payee(id)); got != tasknet.Micro(final) {
		t.Errorf("%s: %s is final, want %s", who, got, tasknet.Micro(final))
	}
	sum, _, err := b.Pending(t.Context(), polls.RespondentID(id))
	if err != nil || sum != tasknet.Micro(pending) {
		t.Errorf("%s is told that %s is pending, %v", who, sum, err)
	}
	b.conserved(t)
}

// TestNewcomersPayWaits: pay of people who have not passed waits where there is gold, until it shows that they do not guess,
// and is forfeited when it shows that they do. Where there is none, it is final at once.
func TestNewcomersPayWaits(t *testing.T) {
	b := newBench(t).holding(t)
	free := b.ask(t, b.draft("fixed:1"))
	b.answerAs(t, 1, free, 1)
	b.closing(t, free.ID)
	b.money(t, "where nobody can pass", 1, 0, 18_000)

	const golds = 12
	var last *polls.Question
	for i := range golds {
		last = b.askGold(t, b.draft("fixed:3"), 1)
		for person, choice := range []int{1, 1, 0} {
			b.answerAs(t, person+1, last, choice)
		}
		b.closing(t, last.ID)
		if i == 0 {
			b.money(t, "after one gold", 1, 18_000, 18_000)
		}
	}
	plain := b.ask(t, b.draft("fixed:1"))
	b.answerAs(t, 4, plain, 1)
	b.closing(t, plain.ID)
	b.money(t, "who is wrong at gold", 3, golds*18_000, 0)
	check(t, b.Learn(t.Context()))
	b.money(t, "who passed", 1, 0, 18_000+golds*18_000)
	b.money(t, "who passed as well", 2, 0, golds*18_000)
	b.money(t, "who is worthless", 3, 0, 0)
	b.money(t, "who has seen no gold", 4, 18_000, 0)
	if got := b.balance(t, rewards.ForfeitsAccount); got != tasknet.Micro(golds*18_000) {
		t.Errorf("%s is forfeited", got)
	}
	release, err := b.stores.Rewards().Transaction(t.Context(), rewards.ReleaseTx, "rsp_001 proven "+string(b.org))
	if err != nil || len(release.Entries) != 2 || release.Entries[1].Account != rewards.Payee("rsp_001") {
		t.Errorf("release %+v, %v", release, err)
	}

	next := b.ask(t, b.draft("fixed:2"))
	b.answerAs(t, 1, next, 1)
	b.answerAs(t, 4, next, 1)
	b.closing(t, next.ID)
	b.money(t, "who passed, at the next question", 1, 0, 18_000+(golds+1)*18_000)
	b.money(t, "who is a newcomer still", 4, 2*18_000, 0)

	_, until, err := b.Pending(t.Context(), "rsp_004")
	check(t, err)
	b.pass(until.Sub(b.clock()) - time.Millisecond)
	check(t, b.ReleaseOld(t.Context()))
	b.money(t, "shortly before it has waited long enough", 4, 36_000, 0)
	b.pass(time.Millisecond)
	for range 2 { // again changes nothing
		check(t, b.ReleaseOld(t.Context()))
		b.money(t, "who waited for long enough", 4, 0, 36_000)
	}
}

// TestNewcomersOfEachOrganisation: who has passed with one organisation is a newcomer with another still, whose pay waits for its
// own golds.
func TestNewcomersOfEachOrganisation(t *testing.T) {
	b := newBench(t).holding(t)
	other, err := b.NewOrg(t.Context(), "Somebody else")
	check(t, err)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(other.ID), "other", tasknet.Micro(tasknet.MicroPerToken), start)))
	theirs := b.draft("fixed:2")
	theirs.Org = other.ID
	first := b.askGold(t, theirs, 1)
	b.answerAs(t, 1, first, 1)
	b.answerAs(t, 3, first, 1)
	b.closing(t, first.ID)
	b.prove(t, b.draft("fixed:3"))
	b.money(t, "who passed with one", 1, 18_000, 12*18_000)
	b.money(t, "who is worthless to one", 3, 18_000, 0)
	for range 11 {
		g := b.askGold(t, theirs, 1)
		b.answerAs(t, 1, g, 1)
		b.answerAs(t, 3, g, 1)
		b.closing(t, g.ID)
	}
	b.money(t, "who passed with one, at the other's", 1, 12*18_000, 12*18_000)
	check(t, b.Learn(t.Context()))
	b.money(t, "who passed with both", 1, 0, 24*18_000)
	b.money(t, "who is worthless to one and passed with the other", 3, 0, 12*18_000)
}

// TestNewcomersPayWaitsForValues: where answers are numbers, pay waits until golds show who counts; who is a little off does, and
// who says the same whatever is shown does not. Where nothing that is known measures anybody, it is final at once.
func TestNewcomersPayWaitsForValues(t *testing.T) {
	b := newBench(t).holding(t)
	d := b.draft("fixed:3")
	d.Type, d.Choices, d.Options = polls.Number, nil, polls.Options{Number: &polls.NumberRange{Max: 1000 * 1_000_000}}
	truth := func(n int) polls.Value { return polls.Value(fmt.Sprintf("%q", fmt.Sprint(n))) }
	free := b.ask(t, d)
	for person := range 3 {
		b.record(t, person+1, free, polls.Answer{Value: truth(5)}, false)
	}
	b.closing(t, free.ID)
	b.money(t, "where nobody can pass", 3, 0, 18_000)
	const golds = 15
	for i := range golds {
		var q *polls.Question
		check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
			q, err = b.AskGold(t.Context(), tx, d, labeling.Truth{Value: truth(200 + 40*i)})
			return err
		}))
		b.record(t, 1, q, polls.Answer{Value: truth(200 + 40*i)}, false)
		b.record(t, 2, q, polls.Answer{Value: truth(190 + 40*i)}, false)
		b.record(t, 3, q, polls.Answer{Value: truth(7)}, false)
		if v := b.closing(t, q.ID); v.Answers != 3 || v.Family == "" {
			t.Fatalf("verdict %+v", v)
		}
	}
	b.money(t, "who counts, before it is learned", 1, golds*18_000, 18_000)
	open := b.ask(t, d)
	b.record(t, 3, open, polls.Answer{Value: truth(7)}, false)
	b.record(t, 1, open, polls.Answer{Value: truth(50)}, false)
	check(t, b.Learn(t.Context()))
	b.money(t, "who counts", 1, 0, (golds+1)*18_000)
	b.money(t, "who is a little off", 2, 0, (golds+1)*18_000)
	b.money(t, "who does not count", 3, 0, 18_000)
	if got := b.balance(t, rewards.ForfeitsAccount); got != tasknet.Micro(golds*18_000) {
		t.Errorf("%s is forfeited", got)
	}
	b.record(t, 2, open, polls.Answer{Value: truth(51)}, false)
	b.runs(t, func() bool { return b.stands(t, open.ID).Status == polls.Open })
	if now := b.stands(t, open.ID); now.Struck != 1 || now.Wanted != 1 || len(now.Counts) != 0 {
		t.Errorf("opened again: %+v", now.Progress)
	}
	b.record(t, 4, b.stands(t, open.ID), polls.Answer{Value: truth(49)}, false)
	if v := b.closing(t, open.ID); v.Answers != 3 || v.Value != truth(50) || v.Family != "" {
		t.Errorf("verdict %+v", v)
	}
	b.settledAs(t, open, map[rewards.Account]int64{
		rewards.Payee("rsp_001"): 18_000, rewards.Payee("rsp_002"): 18_000, rewards.Pending("rsp_004"): 18_000, rewards.FeesAccount: 3 * 2_700,
	})
}

// earns posts what somebody earned as a newcomer by the bench's family.
func (b *bench) earns(t *testing.T, payee string, family labeling.FamilyID) {
	t.Helper()
	b.people++
	cause := fmt.Sprint("q_", b.people)
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		if err := tx.Rewards().Post(t.Context(), rewards.Hold(string(b.org), cause, tasknet.Micro(18_000), b.clock())); err != nil {
			return err
		}
		s, err := rewards.Settle(rewards.Bill{Org: string(b.org), Cause: cause, Hold: tasknet.Micro(18_000), Pays: []rewards.Pay{{Payee: payee, Amount: tasknet.Micro(18_000), Pending: true}}}, b.clock())
		if err != nil {
			return err
		}
		if err := tx.Rewards().Post(t.Context(), s.Transaction); err != nil {
			return err
		}
		return tx.Rewards().AddPending(t.Context(), []rewards.PendingPay{{Payee: payee, Org: string(b.org), Family: string(family), Amount: tasknet.Micro(18_000), Since: b.clock()}})
	}))
}

// TestPayEarnedWhileItWasLearned: what a server on its way to a close adds to the pay of somebody who is found worthless in
// the same moment is forfeited in the end.
func TestPayEarnedWhileItWasLearned(t *testing.T) {
	b := newBench(t).holding(t)
	b.prove(t, b.draft("fixed:3"))
	b.money(t, "who is worthless", 3, 0, 0)
	family, _, err := labeling.FamilyOf(b.org, "", polls.Choice, b.draft("fixed:3").Choices)
	check(t, err)
	b.pass(time.Second)
	b.earns(t, "rsp_003", family)
	b.money(t, "who was found out meanwhile", 3, 18_000, 0)
	b.pass(24 * time.Hour)
	check(t, b.ReleaseOld(t.Context()))
	b.money(t, "in the end", 3, 0, 0)
	b.money(t, "somebody good", 1, 0, 12*18_000)
}

// overtaken is a database of which something happens between the reading of what has been pending for long and its release.
type overtaken struct {
	*store.DB
	then func()
}

func (o *overtaken) Rewards() rewards.Store { return overtakenRewards{o.DB.Rewards(), o} }

type overtakenRewards struct {
	rewards.Store
	o *overtaken
}

func (r overtakenRewards) PendingBefore(ctx context.Context, at time.Time, limit int) ([]rewards.PendingPay, error) {
	pays, err := r.Store.PendingBefore(ctx, at, limit)
	if then := r.o.then; then != nil {
		r.o.then = nil
		then()
	}
	return pays, err
}

// TestReleaseIsOvertaken: another server releases the same pay a moment before, and the same person earns again: that waits
// for as long as all.
func TestReleaseIsOvertaken(t *testing.T) {
	b := newBench(t).holding(t)
	b.earns(t, "rsp_001", "dogs")
	b.pass(24 * time.Hour)
	slow, err := pipeline.New(&overtaken{b.stores, func() {
		check(t, b.ReleaseOld(t.Context()))
		b.earns(t, "rsp_001", "dogs")
	}}, b.stopper, b.feed, nil, pipeline.Config{Instance: instance, ChainID: 7, Hold: 24 * time.Hour, Now: b.clock})
	check(t, err)
	check(t, slow.ReleaseOld(t.Context()))
	b.money(t, "who earned again", 1, 18_000, 18_000)
	b.pass(24 * time.Hour)
	check(t, slow.ReleaseOld(t.Context()))
	b.money(t, "a day later", 1, 0, 36_000)
}

// TestEachPayWaitsForItself: what somebody earns later is released later, and not with what they earned first; who is found
// worthless forfeits both.
func TestEachPayWaitsForItself(t *testing.T) {
	b := newBench(t).holding(t)
	for _, wait := range []time.Duration{0, time.Minute, 10 * time.Hour} { // the first two in one hour
		b.pass(wait)
		b.earns(t, "rsp_001", "dogs")
	}
	b.pass(14*time.Hour - time.Minute)
	check(t, b.ReleaseOld(t.Context()))
	b.money(t, "when the first have waited for long enough", 1, 18_000, 36_000)
	b.pass(10*time.Hour + time.Minute - time.Millisecond)
	check(t, b.ReleaseOld(t.Context()))
	b.money(t, "shortly before the last has", 1, 18_000, 36_000)
	b.pass(time.Millisecond)
	check(t, b.ReleaseOld(t.Context()))
	b.money(t, "when the last has as well", 1, 0, 54_000)

	b.prove(t, b.draft("fixed:3"))
	family, _, err := labeling.FamilyOf(b.org, "", polls.Choice, b.draft("fixed:3").Choices)
	check(t, err)
	forfeited := b.balance(t, rewards.ForfeitsAccount)
	b.pass(time.Second)
	b.earns(t, "rsp_003", family)
	b.pass(10 * time.Hour)
	b.earns(t, "rsp_003", family)
	b.pass(14 * time.Hour)
	check(t, b.ReleaseOld(t.Context()))
	b.money(t, "who is worthless", 3, 0, 0)
	if got := b.balance(t, rewards.ForfeitsAccount).Sub(forfeited); got != tasknet.Micro(36_000) {
		t.Errorf("%s is forfeited", got)
	}
}

// TestNewcomersAreCapped: who has much pending pay gets no question that is asked among golds, and others still.
func TestNewcomersAreCapped(t *testing.T) {
	b := newBench(t).holding(t)
	g := b.askGold(t, b.draft("fixed:1"), 1)
	b.answerAs(t, 1, g, 1)
	b.closing(t, g.ID)
	among := b.ask(t, b.draft("fixed:3"))
	other, err := b.NewOrg(t.Context(), "Somebody else")
	check(t, err)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(other.ID), "other", tasknet.Micro(tasknet.MicroPerToken), start)))
	d := b.draft("fixed:3")
	d.Org = other.ID
	outside := b.ask(t, d)
	claim := polls.Claim{Respondent: "rsp_001", Count: 5, At: b.clock(), ExpiresAt: b.clock().Add(time.Second), Margin: 1}
	for _, c := range []struct {
		most int64
		want []polls.QuestionID
	}{{18_000, []polls.QuestionID{outside.ID}}, {18_001, []polls.QuestionID{among.ID, outside.ID}}, {0, []polls.QuestionID{among.ID, outside.ID}}} {
		claim.At, claim.ExpiresAt, claim.PendingMost = b.clock(), b.clock().Add(time.Second), tasknet.Micro(c.most)
		standing, err := b.stores.Polls().Standing(t.Context(), claim)
		check(t, err)
		if capped := len(c.want) == 1; standing.Capped != capped || c.most == 18_000 && standing.Available != 1 {
			t.Errorf("with a cap of %d: %+v", c.most, standing)
		}
		if c.most == 18_000 {
			named := claim
			named.Question = among.ID
			if _, err := b.stores.Polls().ClaimAssignments(t.Context(), named); !errors.Is(err, polls.ErrCapped) {
				t.Errorf("a question among golds by its id: %v", err)
			}
			named.Question = outside.ID
			if _, err := b.stores.Polls().ClaimAssignments(t.Context(), named); err != nil {
				t.Errorf("another by its id: %v", err)
			}
		}
		leases, err := b.stores.Polls().ClaimAssignments(t.Context(), claim)
		check(t, err)
		var got []polls.QuestionID
		for _, l := range leases {
			got = append(got, l.Question.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("with a cap of %d they get %v, want %v", c.most, got, c.want)
		}
	}
}

// TestOpenAnswersCountForTheCap: what somebody has answered among golds counts before its questions close, so that nobody
// collects answers while those are open; elsewhere it does not, nor for who has passed.
func TestOpenAnswersCountForTheCap(t *testing.T) {
	b := newBench(t).holding(t)
	b.askGold(t, b.draft("fixed:3"), 1)
	for range 3 {
		b.answerAs(t, 1, b.ask(t, b.draft("fixed:3")), 1)
	}
	other, err := b.NewOrg(t.Context(), "Somebody else")
	check(t, err)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(other.ID), "other", tasknet.Micro(tasknet.MicroPerToken), start)))
	d := b.draft("fixed:3")
	d.Org = other.ID
	b.answerAs(t, 1, b.ask(t, d), 1)
	capped := func(what string, most int64, want bool) {
		t.Helper()
		s, err := b.stores.Polls().Standing(t.Context(), polls.Claim{Respondent: "rsp_001", Count: 9, At: b.clock(), Margin: 1, PendingMost: tasknet.Micro(most)})
		check(t, err)
		if s.Capped != want || (s.Available == 0) != want {
			t.Errorf("%s, with a cap of %d: %+v", what, most, s)
		}
	}
	capped("three answers to open questions", 54_000, true)
	capped("three answers to open questions", 54_001, false)
	_, err = b.stores.Labels().Prove(t.Context(), b.org, "dogs", "rsp_001", b.clock())
	check(t, err)
	capped("who has passed", 1, false)
}

// TestRandomNewcomersArePaidOnce settles, learns, waits, strikes and restarts in random order. At the end everybody good has
// been paid for all that counted, once, and the money is conserved.
func TestRandomNewcomersArePaidOnce(t *testing.T) {
	var forfeited int64 // of what was pending
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b := newBench(t).holding(t)
			check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "second", tasknet.Micro(90*tasknet.MicroPerToken), start)))
			rng := rand.New(rand.NewPCG(seed, 5))
			var asked []*polls.Question
			const people, good = 7, 4
			for range 400 {
				switch rng.IntN(20) {
				case 0:
					check(t, b.Learn(t.Context()))
				case 1:
					b.pass(time.Duration(rng.IntN(60)) * time.Minute)
				case 2:
					b.pass(time.Duration(rng.IntN(3)) * 8 * time.Hour)
					check(t, b.ReleaseOld(t.Context()))
				case 3:
					b.runs(t, func() bool {
						due, err := b.stores.Polls().DueQuestions(t.Context(), b.clock(), 1)
						check(t, err)
						return len(due) == 0
					})
				case 4: // another process
					b.stopper = labeling.NewStopper(b.stores.Labels())
					b.holding(t)
				default:
					if len(asked) == 0 || rng.IntN(4) == 0 {
						d := b.draft("fixed:3")
						d.Lifetime = 3 * time.Hour
						if rng.IntN(3) > 0 {
							asked = append(asked, b.askGold(t, d, 1))
						} else {
							asked = append(asked, b.ask(t, d))
						}
					}
					q := b.stands(t, asked[max(0, len(asked)-1-rng.IntN(6))].ID)
					if q.Status != polls.Open || !b.clock().Before(q.Deadline) {
						continue
					}
					if person := rng.IntN(people); person < good {
						b.answerOf(t, person+1, q, 1, true)
					} else {
						b.answerOf(t, person+1, q, 0, true)
					}
				}
				b.conserved(t)
			}
			b.pass(3 * time.Hour)
			earned := make(map[polls.RespondentID]int64)
			for _, q := range asked {
				b.closing(t, q.ID)
				answers, err := b.stores.Polls().AnswersTo(t.Context(), q.ID)
				check(t, err)
				strikes, err := b.stores.Labels().Strikes(t.Context(), q.ID)
				check(t, err)
				for _, a := range answers {
					if strikes.Of(a.Respondent) == nil {
						earned[a.Respondent] += q.Price.Micro()
					}
				}
			}
			check(t, b.Learn(t.Context()))
			b.pass(48 * time.Hour)
			check(t, b.ReleaseOld(t.Context()))
			var forfeits int64
			for id, want := range earned {
				got := b.balance(t, rewards.Payee(string(id)))
				if pending := b.balance(t, rewards.Pending(string(id))); !pending.IsZero() {
					t.Errorf("%s of %s is still pending", pending, id)
				}
				if got.Micro() > want || id <= "rsp_004" && got.Micro() != want {
					t.Errorf("%s was paid %s of %s", id, got, tasknet.Micro(want))
				}
				forfeits += want - got.Micro()
			}
			if got := b.balance(t, rewards.ForfeitsAccount); got.Micro() < forfeits {
				t.Errorf("%s is forfeited, of which %d was pending", got, forfeits)
			}
			forfeited += forfeits
			totals, err := b.stores.Rewards().Totals(t.Context())
			check(t, err)
			if !totals.Pending.IsZero() || !totals.Held.IsZero() {
				t.Errorf("at the end: %+v", totals)
			}
		})
	}
	if forfeited == 0 {
		t.Error("no pending pay was forfeited: the test needs more")
	}
}

// TestNewcomersOfTwoServers: two servers of one database release the same pay at once.
func TestNewcomersOfTwoServers(t *testing.T) {
	b := newBench(t).holding(t)
	const people = 8
	g := b.askGold(t, b.draft(fmt.Sprintf("fixed:%d", people)), 1)
	for person := range people {
		b.answerAs(t, person+1, g, 1)
	}
	b.closing(t, g.ID)
	b.pass(24 * time.Hour)
	done := make(chan error, 4)
	for range cap(done) {
		go func() { done <- b.ReleaseOld(t.Context()) }()
	}
	for range cap(done) {
		check(t, <-done)
	}
	for person := range people {
		b.money(t, "released by several", person+1, 0, 18_000)
	}
}
