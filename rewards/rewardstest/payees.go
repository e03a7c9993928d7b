package rewardstest

import (
	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// testLeast lets somebody wait for larger payouts than others.
func testLeast(w *world) {
	ctx := w.Context()
	w.payees("rsp_a", "rsp_b")
	w.must(w.store.SetLeast(ctx, "rsp_a", tasknet.Micro(50)))
	due := func() (names []string) {
		w.Helper()
		all, err := w.store.Due(ctx, tasknet.Amount{}, w.now)
		w.must(err)
		for _, d := range all {
			names = append(names, d.Payee)
		}
		return names
	}
	w.earn("q_1", 49, "rsp_a", "rsp_b")
	w.same("due while one waits", due(), []string{"rsp_b"})
	w.must(w.store.SavePlan(ctx, w.plan(1)))
	w.earn("q_2", 1, "rsp_a", "rsp_b")
	w.same("due at the least", due(), []string{"rsp_a", "rsp_b"})
	all, err := w.store.Due(ctx, tasknet.Micro(2), w.now)
	w.must(err)
	if len(all) != 1 || all[0].Payee != "rsp_a" || all[0].Amount != tasknet.Micro(50) {
		w.Errorf("due under another least: %+v", all)
	}
	w.must(w.store.SetLeast(ctx, "rsp_a", tasknet.Micro(51)))
	w.same("due under a new least", due(), []string{"rsp_b"})
	w.must(w.store.SetLeast(ctx, "rsp_a", tasknet.Amount{}))
	w.same("due without one", due(), []string{"rsp_a", "rsp_b"})

	w.must(w.store.SetLeast(ctx, "rsp_b", tasknet.Micro(7)))
	for payee, want := range map[string]int64{"rsp_a": 0, "rsp_b": 7, "rsp_x": 0} {
		least, err := w.store.Least(ctx, payee)
		w.must(err)
		w.same("the least of "+payee, least, tasknet.Micro(want))
	}
	if err := w.store.SetLeast(ctx, "rsp_x", tasknet.Micro(7)); err == nil || tasknet.Describe(err).Kind != tasknet.NotFound {
		w.Errorf("the least of a stranger: %v", err)
	}
	for micro, good := range map[int64]bool{-1: false, 0: true, rewards.LeastMax.Micro(): true, rewards.LeastMax.Micro() + 1: false} {
		if err := rewards.CheckLeast(tasknet.Micro(micro)); (err == nil) != good {
			w.Errorf("a least of %d: %v", micro, err)
		}
	}
}
