package rewardstest

import (
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// testStatement pays somebody in three months, finally and not, and reads what the one between says.
func testStatement(w *world) {
	ctx := w.Context()
	w.payees("rsp_a", "rsp_b")
	from := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	until := from.AddDate(0, 1, 0)

	w.now = from.Add(-time.Microsecond)
	w.earn("q_before", 1, "rsp_a")
	w.now = from
	w.earn("q_1", 20, "rsp_a", "rsp_b")
	w.earn("q_other", 9, "rsp_b")
	w.must(w.store.SavePlan(ctx, w.plan(1)))
	w.now = w.now.Add(time.Hour)
	w.fund("org_a", 1_000)
	w.hold("org_a", "q_2", 100)
	waits, err := rewards.Settle(rewards.Bill{Org: "org_a", Cause: "q_2", Hold: tasknet.Micro(100), Pays: []rewards.Pay{{Payee: "rsp_a", Amount: tasknet.Micro(30), Pending: true}}}, w.now)
	w.must(err)
	w.must(w.store.Post(ctx, waits.Transaction))
	w.earn("q_3", 4, "rsp_a")
	pays := func(micro int64) []rewards.PendingPay {
		return []rewards.PendingPay{{Payee: "rsp_a", Org: "org_a", Amount: tasknet.Micro(micro)}}
	}
	w.now = w.now.Add(time.Hour)
	w.must(w.store.Post(ctx, rewards.Release("rel_1", pays(25), w.now)))
	w.must(w.store.Post(ctx, rewards.Forfeit("for_1", pays(5), w.now)))
	w.must(w.store.SavePlan(ctx, w.plan(2)))
	w.must(w.store.RecordClaims(ctx, []rewards.Claimed{{Payee: "rsp_a", Cumulative: tasknet.Micro(21)}}, rewards.Hash{7}, w.now))
	w.now = until.Add(-time.Microsecond)
	w.earn("q_4", 8, "rsp_a")
	w.now = until
	w.earn("q_after", 2, "rsp_a")

	in := func(d time.Duration) time.Time { return from.Add(d) }
	m := tasknet.Micro
	want := []rewards.Line{
		{Kind: rewards.SettlementTx, Cause: "q_1", At: from, Final: m(20), Epoch: 1, Claimed: true, ClaimTx: rewards.Hash{7}},
		{Kind: rewards.SettlementTx, Cause: "q_2", At: in(time.Hour), Pending: m(30)},
		{Kind: rewards.SettlementTx, Cause: "q_3", At: in(time.Hour), Final: m(4), Epoch: 2},
		{Kind: rewards.ReleaseTx, Cause: "rel_1", At: in(2 * time.Hour), Final: m(25), Pending: m(-25), Epoch: 2},
		{Kind: rewards.ForfeitTx, Cause: "for_1", At: in(2 * time.Hour), Pending: m(-5)},
		{Kind: rewards.SettlementTx, Cause: "q_4", At: until.Add(-time.Microsecond), Final: m(8)},
	}
	for _, size := range []int{1, 4, 6, 50} {
		var got []rewards.Line
		for page := (tasknet.Page{Limit: size}); ; {
			lines, next, err := w.store.Lines(ctx, "rsp_a", from, until, page)
			w.must(err)
			got = append(got, lines...)
			if page.After = next; next == "" {
				break
			}
		}
		for i := range got {
			if got[i].Tx == "" {
				w.Errorf("line %d has no transaction", i)
			}
			got[i].Tx = ""
		}
		w.same("the lines of the month", got, want)
	}
	sums, err := w.store.Sums(ctx, "rsp_a", from, until)
	w.must(err)
	w.same("the sums of the month", sums, rewards.Sums{Lines: 6, Final: m(57), Waited: m(30), Forfeited: m(5)})

	sums, err = w.store.Sums(ctx, "rsp_x", from, until)
	w.must(err)
	w.same("the sums of a stranger", sums, rewards.Sums{})
	lines, _, err := w.store.Lines(ctx, "rsp_b", from, until, tasknet.Page{})
	w.must(err)
	if causes := []string{lines[0].Cause, lines[len(lines)-1].Cause}; len(lines) != 2 || !slices.Equal(causes, []string{"q_1", "q_other"}) {
		w.Errorf("the lines of somebody else: %+v", lines)
	}
}
