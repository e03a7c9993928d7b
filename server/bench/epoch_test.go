package bench

import (
	"context"
	"testing"
	"time"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/store"
)

func TestEpochIsMeasured(t *testing.T) {
	cfg := Config{Data: t.TempDir()}
	got, err := Epoch(t.Context(), cfg, 2500, func(ctx context.Context, dir string) (EpochChain, error) {
		return eth.OpenDev(ctx, eth.DevConfig{Dir: dir})
	})
	if err != nil || got.People != 2500 || got.Plan <= 0 || got.Post <= 0 || got.Whole < got.Plan+got.Post {
		t.Fatalf("%+v, %v", got, err)
	}
	err = inStore(t.Context(), cfg, func(db *store.DB) error {
		e, err := db.Rewards().LastEpoch(t.Context())
		if err != nil || e.Number != 2 || e.Payees != 2500 || e.State != rewards.Settled {
			t.Errorf("epoch %+v, %v", e, err)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestStatesThatNobodySaw(t *testing.T) {
	second := time.Second
	got := timesOf(map[rewards.EpochState]time.Duration{rewards.Planned: second, rewards.Posted: 3 * second, rewards.Settled: 9 * second})
	if want := (EpochReport{Plan: 1000, Build: 2000, Whole: 3000}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
