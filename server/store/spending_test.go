package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// spent is a world in which questions are settled.
type spent struct {
	*pollstest.World
	db *DB
}

func (w *spent) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// settle asks a question that costs 12 an answer, with a fee of 5, and closes it with so many answers of three, one of which
// is forfeited.
func (w *spent) settle(org polls.OrgID, project string, answers int, forfeit int64) pipeline.Line {
	w.T.Helper()
	ctx := w.T.Context()
	d := w.Draft(3)
	d.Org, d.Project, d.Price, d.Fee = org, project, tasknet.Micro(12), tasknet.Micro(5)
	q := w.Ask(d)
	w.must(w.db.Rewards().Post(ctx, rewards.Credit(string(org), string(q.ID), tasknet.Micro(51), w.Now)))
	w.must(w.db.Rewards().Post(ctx, rewards.Hold(string(org), string(q.ID), tasknet.Micro(51), w.Now)))
	bill := rewards.Bill{Org: string(org), Cause: string(q.ID), Hold: tasknet.Micro(51), Fee: tasknet.Micro(int64(5 * answers)), Forfeit: tasknet.Micro(forfeit)}
	for i := range answers {
		bill.Pays = append(bill.Pays, rewards.Pay{Payee: fmt.Sprintf("rsp_%d", i), Amount: tasknet.Micro(12), Pending: i == 1})
	}
	s, err := rewards.Settle(bill, w.Now)
	w.must(err)
	w.must(w.db.Rewards().Post(ctx, s.Transaction))
	w.must(w.db.Polls().CloseQuestion(ctx, q.ID, w.Now))
	return pipeline.Line{At: w.Now, Tx: s.ID, Kind: rewards.SettlementTx, Cause: string(q.ID), Question: q.ID, Project: project, About: q.Text, Costs: pipeline.Costs{
		Questions: 1, Answers: answers, Paid: s.Paid, Fee: s.Fee, Forfeited: s.Forfeited, Refunded: s.Released,
	}}
}

// bonus pays 7 for somebody's answer to a question.
func (w *spent) bonus(l pipeline.Line, to polls.RespondentID) (pipeline.Line, pipeline.Bonus) {
	w.T.Helper()
	ctx := w.T.Context()
	b := pipeline.Bonus{
		ID: pipeline.BonusID(tasknet.NewID(rewards.BonusPrefix, w.Now)), Org: w.Org.ID, Question: l.Question, Project: l.Project, Answer: "ans_1", Respondent: to,
		Amount: tasknet.Micro(7), Reason: "a fine one", At: w.Now,
	}
	tx := rewards.Bonus(string(b.ID), string(b.Org), string(to), b.Amount, w.Now)
	w.must(w.db.InTx(ctx, func(t pipeline.Tx) error {
		if err := t.Rewards().Post(ctx, tx); err != nil {
			return err
		}
		return t.Bonuses().SaveBonus(ctx, b)
	}))
	return pipeline.Line{
		At: w.Now, Tx: tx.ID, Kind: rewards.BonusTx, Cause: string(b.ID), Question: l.Question, Project: l.Project, About: l.About,
		Costs: pipeline.Costs{Bonuses: 1, Bonus: tasknet.Micro(7)},
	}, b
}

func TestSpending(t *testing.T) {
	amounts := cmp.Options{cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b }), cmpopts.EquateEmpty()}
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		db := open(t, config(t))
		w := &spent{pollstest.NewWorld(t, db.Polls()), db}
		ctx := t.Context()
		same := func(what string, got, want any) {
			t.Helper()
			if diff := cmp.Diff(want, got, amounts); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		p, err := labeling.NewProject(labeling.ProjectDraft{
			Org: w.Org.ID, Name: "Birds", Template: labeling.Template{Type: polls.Choice, Choices: []string{"a", "b"}}, Policy: polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3},
			Price: tasknet.Micro(12), Lifetime: time.Hour,
		}, w.Now)
		w.must(err)
		w.must(db.Projects().CreateProject(ctx, p))
		other := w.NewOrg("Others")
		person := w.Person()

		october := w.Now.AddDate(0, -1, 0)
		w.Now, october = october, w.Now
		before := w.settle(w.Org.ID, "", 3, 0)
		w.Now = october
		one := w.settle(w.Org.ID, "", 2, 0)
		w.settle(other.ID, "", 1, 0)
		w.Now = w.Now.Add(time.Hour)
		two := w.settle(w.Org.ID, string(p.ID), 1, 12)
		two.About = "Birds"
		three, given := w.bonus(two, person.Respondent)
		w.Now = w.Now.Add(24 * time.Hour)
		four, _ := w.bonus(one, person.Respondent)
		five := w.settle(w.Org.ID, string(p.ID), 3, 0)
		five.About = "Birds"
		open := w.Draft(3)
		w.Ask(open)

		november := pipeline.Month(w.Now)
		want := []pipeline.Line{one, three, two, four, five}
		if three.Cause > two.Cause { // at the same moment by their ids: bns_ is before q_
			t.Fatal("a bonus is after the question of that moment")
		}
		var got []pipeline.Line
		for page := (tasknet.Page{Limit: 1}); ; {
			lines, next, err := db.Spending().Lines(ctx, w.Org.ID, november, page)
			w.must(err)
			if len(lines) > 1 {
				t.Fatalf("a page of one has %d lines", len(lines))
			}
			got = append(got, lines...)
			if next == "" {
				break
			}
			page.After = next
		}
		same("the lines of November", got, want)
		last, _, err := db.Spending().Lines(ctx, w.Org.ID, pipeline.Month(before.At), tasknet.Page{})
		w.must(err)
		same("the lines of October", last, []pipeline.Line{before})
		for _, bad := range []string{"x", "5", "x y"} {
			if _, _, err := db.Spending().Lines(ctx, w.Org.ID, november, tasknet.Page{After: bad}); err == nil {
				t.Errorf("the cursor %q is taken", bad)
			}
			if _, _, err := db.Spending().Refunds(ctx, w.Org.ID, tasknet.Page{After: bad}); err == nil {
				t.Errorf("the cursor %q is taken for refunds", bad)
			}
		}

		var refunds []pipeline.Line
		for page := (tasknet.Page{Limit: 1}); ; {
			lines, next, err := db.Spending().Refunds(ctx, w.Org.ID, page)
			w.must(err)
			refunds = append(refunds, lines...)
			if next == "" {
				break
			}
			page.After = next
		}
		same("refunds", refunds, []pipeline.Line{two, one}) // the others used all

		sum := func(lines ...pipeline.Line) (c pipeline.Costs) {
			for _, l := range lines {
				c.Add(l.Costs)
			}
			return c
		}
		days, err := db.Spending().CostsByDay(ctx, w.Org.ID, november)
		w.must(err)
		same("by day", days, map[string]pipeline.Costs{one.At.Format(time.DateOnly): sum(one, two, three), four.At.Format(time.DateOnly): sum(four, five)})
		all := pipeline.Span{From: before.At, Until: w.Now.Add(time.Microsecond)}
		projects, err := db.Spending().CostsByProject(ctx, w.Org.ID, all)
		w.must(err)
		same("by project", projects, map[string]pipeline.Costs{"": sum(before, one, four), string(p.ID): sum(two, three, five)})
		all.Until = w.Now // which is not in it any more
		projects, err = db.Spending().CostsByProject(ctx, w.Org.ID, all)
		w.must(err)
		same("by project, up to the last moment", projects, map[string]pipeline.Costs{"": sum(before, one), string(p.ID): sum(two, three)})

		sums, numbers := tasknet.Amount{}, []int64{}
		w.must(db.Spending().Ledger(ctx, pipeline.Month(before.At), func(e pipeline.LedgerEntry) error {
			sums, numbers = sums.Add(e.Amount), append(numbers, e.Number)
			if e.At != before.At || e.Tx == "" || e.Cause != before.Cause || e.Kind == rewards.BonusTx {
				t.Errorf("October's ledger has %+v", e)
			}
			return nil
		}))
		same("October's ledger", numbers, []int64{1, 1, 2, 2, 3, 3, 3, 3, 3}) // a deposit, a hold, and a settlement with three payees and the fee
		if !sums.IsZero() {
			t.Errorf("October's ledger sums to %s", sums)
		}
		stop := errors.New("stop")
		if err := db.Spending().Ledger(ctx, november, func(pipeline.LedgerEntry) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("an error of the reader: %v", err)
		}

		_, next, err := db.Bonuses().BonusesTo(ctx, person.Respondent, tasknet.Page{Limit: 1})
		w.must(err)
		if next == "" {
			t.Fatal("two bonuses are on a page of one")
		}
		bonuses, _, err := db.Bonuses().BonusesTo(ctx, person.Respondent, tasknet.Page{Limit: 1, After: next})
		w.must(err)
		same("the first bonus", bonuses, []pipeline.BonusWithOrg{{Bonus: given, By: w.Org.Name}})
		paid, err := db.Rewards().PaidByDay(ctx, string(person.Respondent), w.Now.AddDate(0, 0, -2))
		w.must(err)
		same("bonuses by day", paid, []rewards.Day{{Date: one.At.Format(time.DateOnly), Amount: tasknet.Micro(7)}, {Date: four.At.Format(time.DateOnly), Amount: tasknet.Micro(7)}})
	})
}
