package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// TestNewcomersPay: a newcomer is told of each answer whether its pay waits, how much waits and until when, and what of it
// was lost.
func TestNewcomersPay(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	const gold = `{"text":"Which?","choices":["alpha","beta"],"price":"0.02","quorum":{"policy":"fixed:1"},"gold":{"choice":1}}`
	const plain = `{"text":"Which one?","choices":["alpha","beta"],"price":"0.02","quorum":{"policy":"fixed:1"}}`
	ann := w.person()
	other, err := w.server.Pipeline.NewOrg(t.Context(), "Barns Ltd")
	w.must(err)
	w.deposit(other, tasknet.Micro(1_000_000))
	otherKey := w.newKey(other)
	answered := func(key, body string) string {
		t.Helper()
		q := read[wire.Question](w, w.as(key, "POST", "/v1/questions", body), 201)
		w.answer(ann, q.ID, 0)
		read[wire.Question](w, w.as(key, "GET", "/v1/questions/"+q.ID+"?wait=10s", ""), 200)
		return q.ID
	}
	first, second := answered(w.key, gold), answered(w.key, plain)
	w.left(ann, other, tasknet.Micro(1000))
	elsewhere := answered(otherKey, plain) // where nothing is known, so that nothing of it waits, though of its family something does
	open := read[wire.Question](w, w.as(otherKey, "POST", "/v1/questions", `{"text":"Which?","choices":["alpha","beta"],"price":"0.02","quorum":{"policy":"fixed:2"}}`), 201)
	w.answer(ann, open.ID, 0)

	e := w.earnings(ann, "while it waits", map[string]string{first: "pending", second: "pending", elsewhere: "final", open.ID: "held"})
	if e.Pending.String() != "0.041" || e.Held.String() != "0.061" || e.Yours.String() != "0.02" || !e.Forfeited.IsZero() || e.Until == nil {
		t.Errorf("while it waits: %+v", e)
	}
	if amount, answers := overDays(e); amount.String() != "0.02" || answers != 4 {
		t.Errorf("days while it waits: %s for %d answers", amount, answers)
	}
	if me := read[wire.Me](w, w.as(w.token(ann), "GET", "/v1/me", ""), 200); !me.Capped || me.Until == nil || *me.Until != *e.Until {
		t.Errorf("me: %+v, until %v", me, e.Until)
	}
	third := w.ask(plain)
	if got := read[wire.Problem](w, w.as(w.token(ann), "POST", "/v1/assignments", `{"question":"`+third.ID+`"}`), 409); got.Code != "pay_pending" {
		t.Errorf("a question that is kept from newcomers: %+v", got)
	}

	w.ahead.Add(int64(pipeline.HoldDefault + time.Hour))
	w.must(w.server.Pipeline.ReleaseOld(t.Context()))
	late := answered(w.key, plain)
	e = w.earnings(ann, "released", map[string]string{first: "final", second: "final", elsewhere: "final", open.ID: "held", late: "pending"})
	if e.Pending.String() != "0.02" || e.Yours.String() != "0.061" {
		t.Errorf("released: %+v", e)
	}
	if amount, answers := overDays(e); amount.String() != "0.061" || answers != 5 {
		t.Errorf("days with what was released: %s for %d answers", amount, answers)
	}

	session, err := ann.Session(t.Context(), "")
	w.must(err)
	family, _, err := labeling.FamilyOf(w.org.ID, "", polls.Choice, []string{"alpha", "beta"})
	w.must(err)
	known, err := labeling.NewFamily(labeling.Family{Choices: 2, Truths: []int{0, 0}})
	w.must(err)
	snapshot, err := labeling.NewSnapshot(family, 1, known, w.server.Now())
	w.must(err)
	w.must(w.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		pays, err := tx.Rewards().TakePending(t.Context(), session.Respondent, string(w.org.ID), "", time.Time{})
		if err != nil {
			return err
		}
		if err := tx.Labels().SaveSnapshot(t.Context(), snapshot); err != nil {
			return err
		}
		cause := fmt.Sprintf("%s %s %d", session.Respondent, snapshot.Hash, pays[0].Since.UnixMilli())
		return tx.Rewards().Post(t.Context(), rewards.Forfeit(cause, pays, w.server.Now()))
	}))
	e = w.earnings(ann, "forfeited", map[string]string{late: "final"})
	for _, a := range read[wire.MyAnswers](w, w.as(w.token(ann), "GET", "/v1/me/answers", ""), 200).Answers {
		want := map[string]wire.AnswerPay{late: {State: "forfeited", Why: "worthless", Snapshot: snapshot.Hash}, open.ID: {State: "held"}}[a.Question]
		if want.State == "" {
			want.State = "paid" // at once, or when it had waited
		}
		want.Amount = tasknet.Micro(20_000)
		if diff := cmp.Diff(want, a.Pay, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
			t.Errorf("the pay of %s (-want +got):\n%s", a.Question, diff)
		}
	}
	if !e.Pending.IsZero() || e.Until != nil || e.Yours.String() != "0.061" || e.Forfeited.String() != "0.02" {
		t.Errorf("forfeited: %+v", e)
	}
}

// left leaves pay pending of what an organisation asks outside projects, as from a time when it had questions with a known
// answer.
func (w *world) left(r *client.Respondent, org polls.Org, amount tasknet.Amount) {
	w.t.Helper()
	ctx, now := w.t.Context(), w.server.Now().UTC().Truncate(time.Microsecond)
	session, err := r.Session(ctx, "")
	w.must(err)
	family, _, err := labeling.FamilyOf(org.ID, "", polls.Choice, []string{"alpha", "beta"})
	w.must(err)
	s, err := rewards.Settle(rewards.Bill{Org: string(org.ID), Cause: "before", Hold: amount, Pays: []rewards.Pay{{Payee: session.Respondent, Amount: amount, Pending: true}}}, now)
	w.must(err)
	w.must(w.stores.InTx(ctx, func(tx pipeline.Tx) error {
		for _, t := range []rewards.Transaction{rewards.Hold(string(org.ID), "before", amount, now), s.Transaction} {
			if err := tx.Rewards().Post(ctx, t); err != nil {
				return err
			}
		}
		return tx.Rewards().AddPending(ctx, []rewards.PendingPay{{Payee: session.Respondent, Org: string(org.ID), Family: string(family), Amount: amount, Since: now}})
	}))
}

// earnings returns those of somebody, and compares the states of some of their answers.
func (w *world) earnings(r *client.Respondent, when string, states map[string]string) wire.Earnings {
	w.t.Helper()
	token := w.token(r)
	for _, a := range read[wire.MyAnswers](w, w.as(token, "GET", "/v1/me/answers", ""), 200).Answers {
		if want, asked := states[a.Question]; asked && a.State != want {
			w.t.Errorf("%s: the answer to %s is %s, want %s", when, a.Question, a.State, want)
		}
		if pays := a.Pay; (a.State == "pending") != (pays.State == "waiting" && pays.Why == "newcomer" && pays.Until != nil) || (a.State == "held") != (pays.State == "held") {
			w.t.Errorf("%s: the pay of an answer that is %s: %+v", when, a.State, pays)
		}
		delete(states, a.Question)
	}
	if len(states) > 0 {
		w.t.Errorf("%s: no answers to %v", when, states)
	}
	return read[wire.Earnings](w, w.as(token, "GET", "/v1/me/earnings", ""), 200)
}

// overDays sums the days of earnings.
func overDays(e wire.Earnings) (amount tasknet.Amount, answers int) {
	for _, d := range e.Days {
		amount = amount.Add(d.Amount)
		answers += d.Answers
	}
	return amount, answers
}
