package rewards_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/store"
)

// vault is a rewards.Chain in memory that keeps to the vault's rules and fails when it is told to.
type vault struct {
	info     rewards.ChainInfo
	epoch    int64
	root     rewards.Hash
	total    *big.Int
	claimed  map[rewards.Address]*big.Int
	deposits []rewards.Deposit
	fits     int             // the most leaves that a claim may have
	refused  rewards.Address // whom the token refuses

	// fail says how the next write goes wrong: not at all, before it is sent, or after, when its reply is lost.
	fail func() failure
}

type failure int

const (
	works failure = iota
	notSent
	replyLost
)

var errNode = tasknet.NewError(tasknet.Unavailable, "node_away", "The node does not answer.")

func (v *vault) Info() rewards.ChainInfo { return v.info }

func (v *vault) VaultRoot(context.Context) (int64, rewards.Hash, error) { return v.epoch, v.root, nil }

func (v *vault) write(f func() error) (rewards.Mined, error) {
	how := v.fail()
	if how == notSent {
		return rewards.Mined{}, errNode
	}
	if err := f(); err != nil {
		return rewards.Mined{}, err
	}
	if how == replyLost {
		return rewards.Mined{}, errNode
	}
	return rewards.Mined{Tx: rewards.Hash{1}, Block: 7, Gas: 11}, nil
}

func (v *vault) PostRoot(_ context.Context, epoch int64, root rewards.Hash, total *big.Int) (rewards.Mined, error) {
	return v.write(func() error {
		if epoch != v.epoch+1 || total.Cmp(v.total) < 0 {
			return fmt.Errorf("root %d of %s after %d of %s", epoch, total, v.epoch, v.total)
		}
		v.epoch, v.root, v.total = epoch, root, total
		return nil
	})
}

func (v *vault) RootMined(_ context.Context, epoch int64) (rewards.Mined, error) {
	if epoch != v.epoch {
		return rewards.Mined{}, fmt.Errorf("no root of epoch %d", epoch)
	}
	return rewards.Mined{Tx: rewards.Hash{1}, Block: 7, Gas: 11}, nil
}

func (v *vault) Claimed(_ context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	out := make([]*big.Int, len(addresses))
	for i, a := range addresses {
		out[i] = new(big.Int).Set(v.of(a))
	}
	return out, nil
}

func (v *vault) of(a rewards.Address) *big.Int {
	if v.claimed[a] == nil {
		v.claimed[a] = new(big.Int)
	}
	return v.claimed[a]
}

func (v *vault) Claim(_ context.Context, leaves []merkle.Leaf, proof merkle.MultiProof) (rewards.Mined, error) {
	for _, l := range leaves {
		if v.refused == l.Address && l.Cumulative.Sign() > 0 && len(leaves) == 1 {
			return rewards.Mined{}, tasknet.NewError(tasknet.Conflict, "reverted", "The token refuses.")
		}
	}
	if len(leaves) > v.fits || containsAddress(leaves, v.refused) {
		return rewards.Mined{}, tasknet.NewError(tasknet.TooLarge, "too_large", "Split it.")
	}
	return v.write(func() error {
		if !merkle.VerifyMulti(v.root, leaves, proof) {
			return errors.New("the proof does not hold")
		}
		for _, l := range leaves {
			if l.Cumulative.Cmp(v.of(l.Address)) > 0 {
				v.claimed[l.Address] = new(big.Int).Set(l.Cumulative)
			}
		}
		return nil
	})
}

func (v *vault) Deposits(_ context.Context, from int64) ([]rewards.Deposit, int64, error) {
	var out []rewards.Deposit
	for _, d := range v.deposits {
		if d.Block > from {
			out = append(out, d)
		}
	}
	return out, int64(len(v.deposits)), nil
}

func newVault() *vault {
	return &vault{
		info: rewards.ChainInfo{Decimals: 18, VaultBlock: 1}, total: new(big.Int), claimed: make(map[rewards.Address]*big.Int), fits: 1000,
		fail: func() failure { return works },
	}
}

func openStore(t testing.TB) rewards.Store {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db.Rewards()
}

// TestPayerPaysOnce lets random pay become due while the chain fails at every step in every way, with a new Payer each
// time as after a crash, and then compares what each wallet got with what each person earned.
func TestPayerPaysOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		ledger, chain := openStore(t), newVault()
		chain.fits = rapid.IntRange(1, 4).Draw(rt, "fits")
		chain.fail = func() failure { return failure(rapid.IntRange(0, 2).Draw(rt, "failure")) }
		clock := now
		payer := func() *rewards.Payer {
			return rewards.NewPayer(ledger, chain, rewards.PayerConfig{Every: time.Minute, Now: func() time.Time { return clock }})
		}
		const people = 5
		for i := range people {
			must(rt, ledger.SetPayee(ctx, payee(i), address(i)))
		}
		earned := make([]int64, people)
		for step := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			q := fmt.Sprint("q_", step)
			must(rt, ledger.Post(ctx, rewards.Credit("org_1", q, tasknet.Micro(1000), clock)))
			must(rt, ledger.Post(ctx, rewards.Hold("org_1", q, tasknet.Micro(1000), clock)))
			bill := rewards.Bill{Org: "org_1", Cause: q, Hold: tasknet.Micro(1000), Fee: tasknet.Micro(3)}
			for i := range people {
				if pay := rapid.Int64Range(0, 20).Draw(rt, "pay"); pay > 0 {
					bill.Pays = append(bill.Pays, rewards.Pay{Payee: payee(i), Amount: tasknet.Micro(pay)})
					earned[i] += pay
				}
			}
			s, err := rewards.Settle(bill, clock)
			must(rt, err)
			must(rt, ledger.Post(ctx, s.Transaction))
			clock = clock.Add(time.Duration(rapid.IntRange(0, 90).Draw(rt, "seconds")) * time.Second)
			if err := payer().Advance(ctx); err != nil && !errors.Is(err, errNode) {
				rt.Fatal(err)
			}
		}
		chain.fail = func() failure { return works }
		for range 2 { // the epoch under way, and one for what is due since
			clock = clock.Add(time.Hour)
			must(rt, payer().Advance(ctx))
		}
		for i, want := range earned {
			if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(want))) != 0 {
				rt.Fatalf("person %d earned %d and was paid %s base units", i, want, got)
			}
		}
		for number := int64(1); number <= chain.epoch; number++ {
			if e, err := ledger.Epoch(ctx, number); err != nil || e.Tx == (rewards.Hash{}) {
				rt.Fatalf("epoch %d does not say which transaction posted it: %+v, %v", number, e, err)
			}
		}
		totals, err := ledger.Totals(ctx)
		must(rt, err)
		if !totals.Conserved() || !totals.Payees.IsZero() || !totals.Unclaimed.IsZero() {
			rt.Fatalf("the ledger ends with %+v", totals)
		}
	})
}

func containsAddress(leaves []merkle.Leaf, a rewards.Address) bool {
	return slices.ContainsFunc(leaves, func(l merkle.Leaf) bool { return l.Address == a })
}

// TestOneWhoCannotBePaidKeepsNobodyWaiting has the token refuse one of three people for a while.
func TestOneWhoCannotBePaidKeepsNobodyWaiting(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
	for i := range 3 {
		must(t, ledger.SetPayee(ctx, payee(i), address(i)))
		pay(t, ledger, i, fmt.Sprint("q_", i), 5)
	}
	chain.refused = address(1)
	must(t, p.Advance(ctx))
	for i, want := range []int64{5, 0, 5} {
		if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(want))) != 0 {
			t.Fatalf("person %d was paid %s base units, want %d micro-units", i, got, want)
		}
	}
	chain.refused = rewards.Address{}
	clock = clock.Add(2 * time.Hour)
	pay(t, ledger, 0, "q_3", 5)
	must(t, p.Advance(ctx))
	if got := chain.of(address(1)); got.Cmp(chain.info.Base(tasknet.Micro(5))) != 0 {
		t.Fatalf("the refused one has %s base units after the next epoch", got)
	}
}

func TestPayerStopsAtAForeignRoot(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	pay(t, ledger, 0, "q_1", 5)
	chain.epoch, chain.root = 1, rewards.Hash{0xbd}
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }})
	if err := p.Advance(ctx); !errors.Is(err, rewards.ErrForeignRoot) {
		t.Fatalf("Advance = %v", err)
	}
	if len(chain.claimed) != 0 {
		t.Fatal("somebody was paid under a foreign root")
	}
}

func TestDepositsAreCreditedOnce(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	deposit := func(block int64, org string, base *big.Int) {
		chain.deposits = append(chain.deposits, rewards.Deposit{Tx: rewards.Hash{byte(block)}, Block: block, Reference: rewards.Reference(org), Base: base})
	}
	unit := chain.info.Base(tasknet.Micro(1))
	deposit(1, "org_1", new(big.Int).Mul(unit, big.NewInt(41)))
	deposit(2, "org_unknown", unit)
	deposit(3, "org_1", big.NewInt(5)) // less than a micro-unit
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{
		Known: func(_ context.Context, org string) (bool, error) { return org == "org_1", nil }, Now: func() time.Time { return now },
	})
	must(t, p.CollectDeposits(ctx))
	must(t, p.CollectDeposits(ctx))
	deposit(4, "org_1", new(big.Int).Add(unit, big.NewInt(7)))
	must(t, p.CollectDeposits(ctx))
	must(t, p.CollectDeposits(ctx))
	got, err := ledger.Balance(ctx, rewards.Requester("org_1"))
	must(t, err)
	if got != tasknet.Micro(42) {
		t.Fatalf("42 micro-units were deposited, %s is credited", got)
	}
}

// pay has somebody earn micro-units by a settlement.
func pay(t *testing.T, ledger rewards.Store, who int, q string, micro int64) {
	t.Helper()
	amount := tasknet.Micro(micro)
	must(t, ledger.Post(t.Context(), rewards.Credit("org_1", q, amount, now)))
	must(t, ledger.Post(t.Context(), rewards.Hold("org_1", q, amount, now)))
	s, err := rewards.Settle(rewards.Bill{Org: "org_1", Cause: q, Hold: amount, Pays: []rewards.Pay{{Payee: payee(who), Amount: amount}}}, now)
	must(t, err)
	must(t, ledger.Post(t.Context(), s.Transaction))
}

func payee(i int) string { return fmt.Sprint("rsp_", i) }

func must(t interface{ Fatal(...any) }, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
