package testnet_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// changedCases is a server whose records of cases somebody has changed.
type changedCases struct {
	verify.Source
	change func([]wire.StakeCase) []wire.StakeCase
}

func (c changedCases) StakeCases(ctx context.Context) iter.Seq2[wire.StakeCase, error] {
	return func(yield func(wire.StakeCase, error) bool) {
		var all []wire.StakeCase
		for one, err := range c.Source.StakeCases(ctx) {
			if err != nil {
				yield(one, err)
				return
			}
			all = append(all, one)
		}
		for _, one := range c.change(all) {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// TestStakeIsSlashed: an owner stakes, and by that gets what others do not; what is asked back does not count. A result of theirs is
// refuted, the court of the dev chain takes what the case asks for, once, for the organisation and the honest owners, and an outsider
// finds that each case follows from a check, and each slash from a case.
func TestStakeIsSlashed(t *testing.T) {
	rpc := freeAddress(t)
	cfg := app.Config{
		Chain: app.ChainConfig{DevRPC: strings.TrimPrefix(rpc, "http://")}, JudgeStakes: true, FeeBasisPoints: 1500, Work: pipeline.WorkConfig{HoldBack: time.Millisecond},
	}
	testnet.Run(t, cfg, func(t *testing.T, ctx context.Context, n *testnet.Net) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		until := func(what string, is func() bool) {
			t.Helper()
			for !is() {
				if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
			}
		}
		in, err := n.Client.Instance(ctx)
		must(err)
		address := func(text string) rewards.Address {
			t.Helper()
			a, err := polls.ParseWallet(text)
			must(err)
			return rewards.Address(a)
		}
		if in.Stake == nil || in.Stake.CapPPM != eth.StakeCapPPM {
			t.Fatalf("the stakes are %+v", in.Stake)
		}
		minterKey, err := os.ReadFile(filepath.Join(n.Data, "chain", "keys", "minter"))
		must(err)
		minter := ethtest.NewAccount(t, rpc, strings.TrimSpace(string(minterKey)))
		liar := newHand(t, ctx, n)
		liarKey, _ := liar.keys.Secrets()
		me, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: rpc, Vault: address(in.Vault), Stake: address(in.Stake.Contract), Confirmations: 2}, eth.Key{Secret: eth.Secret(liarKey)})
		must(err)
		defer me.Close()
		token := func(n int64) *big.Int { return me.Info().Base(tasknet.Micro(n * tasknet.MicroPerToken)) }
		minter.Pay(t, me.Address())
		minter.Mint(t, address(in.Token.Address), me.Address(), token(5000))

		spec, err := compute.Preset("tabular", compute.Input{Columns: []string{"x", "y"}}, []string{"inner", "outer"})
		must(err)
		model, err := json.Marshal(spec)
		must(err)
		file := upload(t, ctx, n, table(10))
		ask := wire.NewJob{
			Title: "Ask", Kind: "infer", Model: model, Temperature: 1, Rows: 10, MinStake: tasknet.Micro(200 * tasknet.MicroPerToken),
			Inputs: []wire.JobInput{{Role: "data", Artefact: file, Name: "rows.csv"}, {Role: "weights", Artefact: file, Name: "weights.safetensors"}},
		}
		for _, bad := range []tasknet.Amount{tasknet.Micro(-1), tasknet.Micro(1 << 62), compute.StakeMax.Add(tasknet.Micro(1))} {
			wrong := ask
			wrong.MinStake = bad
			if _, err := n.Requester.NewJob(ctx, wrong, ""); tasknet.Describe(err).Code != "bad_job" {
				t.Errorf("a job that asks for a stake of %s: %v", bad, err)
			}
		}
		staked := newJob(t, ctx, n, ask)
		told := func(want int64) {
			t.Helper()
			if got, err := liar.TakeWork(ctx, wire.TakeWork{}); err != nil || got.Lease != nil || got.StakeAsked != tasknet.Micro(want*tasknet.MicroPerToken) {
				t.Errorf("told is %+v, %v; want %d asked", got, err, want)
			}
		}
		told(200)
		_, err = me.Lock(ctx, token(1000))
		must(err)
		_, err = me.RequestUnlock(ctx, token(900))
		must(err)
		counts := func(want int64) {
			t.Helper()
			var mine wire.MyWork
			until("the stake is known", func() bool {
				mine, err = liar.owner.Work(ctx)
				must(err)
				return mine.Stake.Counts == tasknet.Micro(want*tasknet.MicroPerToken)
			})
		}
		counts(100)
		told(200) // what is asked back does not count
		if mine, err := liar.owner.Work(ctx); err != nil || mine.Stake.Wanted != ask.MinStake || mine.Stake.Ready == nil || mine.Stake.Asked != tasknet.Micro(900*tasknet.MicroPerToken) {
			t.Errorf("who staked sees %+v, %v", mine.Stake, err)
		}
		_, err = me.Lock(ctx, token(100))
		must(err)
		counts(200)
		first := liar.take(t, ctx)
		if first.Job != staked.ID {
			t.Errorf("given is %+v", first)
		}
		for l, err := range n.Requester.JobLeases(ctx, staked.ID) {
			if must(err); l.Why.Stake != ask.MinStake {
				t.Errorf("it was given because of %+v", l.Why)
			}
		}
		b := newHand(t, ctx, n)
		if got, err := b.TakeWork(ctx, wire.TakeWork{}); err != nil || got.Lease != nil {
			t.Errorf("who has nothing at stake is given %+v, %v", got, err)
		}
		must(liar.Fail(ctx, first.ID, wire.JobFailure{Code: "stopped"}))
		_, err = n.Requester.CancelJob(ctx, staked.ID)
		must(err)

		ask.MinStake, ask.Replicas, ask.Price = tasknet.Amount{}, 2, tasknet.Micro(50_000)
		j := newJob(t, ctx, n, ask)
		c, d := newHand(t, ctx, n), newHand(t, ctx, n) // so few that nobody is drawn
		lie, second := liar.take(t, ctx), b.take(t, ctx)
		must(liar.says(t, ctx, lie, 0.1))
		must(b.says(t, ctx, second, 0.9))
		must(c.says(t, ctx, c.take(t, ctx), 0.9001))
		must(d.says(t, ctx, d.take(t, ctx), 0.8999))
		var cases []wire.StakeCase
		until("the stake is slashed", func() bool {
			cases = nil
			for one, err := range n.Client.StakeCases(ctx) {
				must(err)
				cases = append(cases, one)
			}
			return len(cases) == 1 && cases[0].State == "slashed"
		})
		five := tasknet.Micro(5 * tasknet.MicroPerToken) // a hundred times what the part pays
		is := cases[0]
		if is.Amount != five || is.Taken != token(5).String() || is.Job != j.ID || address(is.Staker) != me.Address() || address(is.Harmed) != minter.Address() || len(is.Honest) != 3 {
			t.Errorf("the case is %+v", is)
		}
		now, _, err := me.StakeNow(ctx, me.Address())
		if err != nil || now.Staked.Cmp(new(big.Int).Sub(token(1100), token(5))) != 0 || now.Case != 0 {
			t.Errorf("left at stake are %+v, %v", now, err)
		}
		each := new(big.Int).Quo(token(5), big.NewInt(6))
		for _, h := range []hand{b, c, d} {
			wallet := polls.WalletOf(h.keys.Wallet.PubKey())
			if _, owed, err := me.StakeNow(ctx, rewards.Address(wallet)); err != nil || new(big.Int).Sub(owed, each).CmpAbs(big.NewInt(3)) > 0 {
				t.Errorf("an honest owner is awarded %s, %v; want %s", owed, err, each)
			}
			n.AwaitPaid(t, ctx, h.owner)
		}
		n.AwaitLogged(t, ctx)
		run := func(s verify.Source) (verify.Report, error) {
			return verify.Run(ctx, s, verify.Config{Chain: me.View, Now: time.Now})
		}
		report, err := run(n.Client)
		if err != nil || report.Cases != 1 || report.CasesWait != 0 || !report.Chain {
			t.Errorf("verified are %+v, %v", report, err)
		}
		for name, change := range map[string]func(one *wire.StakeCase){
			"another number":            func(one *wire.StakeCase) { one.Number = 2 },
			"another staker":            func(one *wire.StakeCase) { one.Staker = one.Honest[0] },
			"another check's evidence":  func(one *wire.StakeCase) { one.Evidence = strings.Repeat("ab", 32) },
			"more is asked":             func(one *wire.StakeCase) { one.Amount = one.Amount.Add(tasknet.Micro(1)) },
			"nothing is asked":          func(one *wire.StakeCase) { one.Amount = tasknet.Amount{} },
			"another part":              func(one *wire.StakeCase) { one.Part++ },
			"who was not refuted":       func(one *wire.StakeCase) { one.Owner = tasknet.NewID(polls.RespondentPrefix, time.Now()) },
			"the operator is harmed":    func(one *wire.StakeCase) { one.Harmed = in.Stake.Operator },
			"nobody is harmed":          func(one *wire.StakeCase) { one.Harmed = "" },
			"one honest owner is gone":  func(one *wire.StakeCase) { one.Honest = one.Honest[1:] },
			"another order":             func(one *wire.StakeCase) { one.Honest[0], one.Honest[1] = one.Honest[1], one.Honest[0] },
			"no address":                func(one *wire.StakeCase) { one.Honest[0] = "me" },
			"more was taken":            func(one *wire.StakeCase) { one.Taken += "0" },
			"nobody knows what was":     func(one *wire.StakeCase) { one.Taken = "" },
			"in a contract of no terms": func(one *wire.StakeCase) { one.Contract = in.Vault },
		} {
			_, err := run(changedCases{n.Client, func(all []wire.StakeCase) []wire.StakeCase { change(&all[0]); return all }})
			if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "case" && m.Kind != "chain" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := run(changedCases{n.Client, func([]wire.StakeCase) []wire.StakeCase { return nil }}); err == nil {
			t.Error("a slash without a case is taken")
		}
		if _, err := run(changedCases{n.Client, func(all []wire.StakeCase) []wire.StakeCase {
			twice := all[0]
			twice.Number = 2
			return append(all, twice)
		}}); err == nil {
			t.Error("two cases about one result are taken")
		}
		dir := filepath.Join(t.TempDir(), "bundle")
		_, err = bundle.Write(ctx, n.Client, dir, func(string, int, int) {})
		must(err)
		copied, err := bundle.Open(ctx, dir, "")
		must(err)
		if again, err := verify.Run(ctx, copied, verify.Config{}); err != nil || again.Cases != 1 {
			t.Errorf("the bundle has %+v, %v", again, err)
		}
		must(copied.Close())
	})
}
