package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// EpochReport is how long an epoch took, in milliseconds, from the payer's first look to the root in a block that counts.
type EpochReport struct {
	People int     `json:"people"`
	Plan   float64 `json:"plan_ms"` // the money is fixed, in the ledger
	Build  float64 `json:"build_ms"`
	Post   float64 `json:"post_ms"` // signed, mined, confirmed
	Whole  float64 `json:"whole_ms"`
}

// EpochChain is a chain in this process, with test money.
type EpochChain interface {
	rewards.Chain
	rewards.Faucet
	io.Closer
}

// Epoch measures an epoch that pays some people, by the payer, the store of cfg, and a chain in the folder of cfg: first one for
// half of them, so that there is a tree before, and then the one that is measured, for all. Claims are left to people.
func Epoch(ctx context.Context, cfg Config, people int, openChain func(ctx context.Context, dir string) (EpochChain, error)) (report EpochReport, err error) {
	chain, err := openChain(ctx, filepath.Join(cfg.Data, "chain"))
	if err != nil {
		return report, fmt.Errorf("open the chain: %w", err)
	}
	defer func() { err = errors.Join(err, chain.Close()) }()
	err = inStore(ctx, cfg, func(db *store.DB) error {
		// Nobody's claim is worth its gas when a coin costs as much as can be said.
		payer := rewards.NewPayer(db.Rewards(), chain, rewards.PayerConfig{
			Every: time.Nanosecond, Relay: rewards.Relay{Share: 1, CoinPrice: tasknet.Micro(1 << 60)},
		})
		for i, some := range []int{(people + 1) / 2, people} {
			if err := owe(ctx, db, payer, chain, i, some); err != nil {
				return fmt.Errorf("prepare: %w", err)
			}
			cfg.tell("preparing", i+1, 2)
			if report, err = followEpoch(ctx, db.Rewards(), payer, int64(i+1)); err != nil {
				return err
			}
		}
		report.People = people
		return nil
	})
	return report, err
}

// paidTogether is how many people one question of the preparation pays.
const paidTogether = 1000

// owe has a requester deposit, and people earn some final pay of it.
func owe(ctx context.Context, db *store.DB, payer *rewards.Payer, chain EpochChain, round, people int) error {
	const org, each = "org_bench", 1000
	if _, err := chain.Drip(ctx, rewards.Reference(org), tasknet.Micro(int64(each*people))); err != nil {
		return err
	}
	if err := payer.CollectEvents(ctx); err != nil {
		return err
	}
	now := time.Now().UTC()
	for first := 0; first < people; first += paidTogether {
		last := min(first+paidTogether, people)
		err := db.InTx(ctx, func(tx pipeline.Tx) error {
			bill := rewards.Bill{Org: org, Cause: fmt.Sprintf("q_%d_%d", round, first), Hold: tasknet.Micro(int64(each * (last - first)))}
			for n := first; n < last; n++ {
				id := madeID("rsp", n)
				bill.Pays = append(bill.Pays, rewards.Pay{Payee: id, Amount: tasknet.Micro(each)})
				if err := tx.Rewards().SetPayee(ctx, id, rewards.Address{0xbe, byte(n >> 16), byte(n >> 8), byte(n), 1}); err != nil {
					return err
				}
			}
			s, err := rewards.Settle(bill, now)
			if err != nil {
				return err
			}
			return errors.Join(tx.Rewards().Post(ctx, rewards.Hold(org, bill.Cause, bill.Hold, now)), tx.Rewards().Post(ctx, s.Transaction))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// followEpoch has the payer work, and notes when its epoch came to each state.
func followEpoch(ctx context.Context, ledger rewards.Store, payer *rewards.Payer, number int64) (EpochReport, error) {
	began := time.Now()
	done := make(chan error, 1)
	go func() { done <- payer.Advance(ctx) }()
	at := make(map[rewards.EpochState]time.Duration)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for ended := false; !ended; {
		select {
		case err := <-done:
			if err != nil {
				return EpochReport{}, err
			}
			ended = true
		case <-look.C:
		}
		e, err := ledger.LastEpoch(ctx)
		if errors.Is(err, rewards.ErrNoEpoch) || err == nil && e.Number < number {
			continue
		} else if err != nil {
			return EpochReport{}, errors.Join(err, <-done)
		}
		if _, seen := at[e.State]; !seen {
			at[e.State] = time.Since(began)
		}
	}
	return timesOf(at), nil
}

// timesOf tells the times of states. One that passed between two looks took until the next.
func timesOf(at map[rewards.EpochState]time.Duration) EpochReport {
	next := time.Duration(0)
	for _, s := range []rewards.EpochState{rewards.Settled, rewards.Active, rewards.Confirmed, rewards.Posted, rewards.Built, rewards.Planned} {
		if t, seen := at[s]; seen {
			next = t
		}
		at[s] = next
	}
	return EpochReport{
		Plan: ms(at[rewards.Planned]), Build: ms(at[rewards.Built] - at[rewards.Planned]), Post: ms(at[rewards.Posted] - at[rewards.Built]), Whole: ms(at[rewards.Posted]),
	}
}
