package testnet_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// onAnvil is an oracle on a real node, a contract that asks it, and the parts of a server that read questions, put them to people,
// and bring verdicts.
type onAnvil struct {
	anvil *ethtest.Anvil
	cfg   eth.Config
	me    *ethtest.Account
	eater *ethtest.Eater
	db    *store.DB
}

// newOnAnvil makes contracts, an asker with tokens, and an empty store. Blocks are made by mine and while from now on.
func newOnAnvil(t *testing.T, ctx context.Context) *onAnvil {
	t.Helper()
	a := &onAnvil{anvil: ethtest.StartAnvil(t)}
	key := eth.Key{Secret: ethtest.RichKey}
	a.cfg = eth.Config{URL: a.anvil.URL, Key: key, Confirmations: 1, Poll: 5 * time.Millisecond}
	a.while(t, ctx, func() {
		made, err := eth.Deploy(ctx, a.cfg, eth.Terms{Notice: time.Second})
		must(t, err)
		wallet, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: a.anvil.URL, Vault: made.Vault, Confirmations: 1}, key)
		must(t, err)
		defer wallet.Close()
		a.cfg.Vault = made.Vault
		a.cfg.Oracle, _, err = wallet.DeployOracle(ctx, eth.OracleTerms{MinQuorum: 1, MaxPayment: tokens(100)})
		must(t, err)
		a.me = ethtest.NewAccount(t, a.anvil.URL, ethtest.RichKey)
		a.eater = ethtest.NewEater(t, a.me, made.Token, a.cfg.Oracle)
		a.me.Mint(t, made.Token, a.eater.At, tokens(4))
	})
	a.me.Mine = func() { a.anvil.Mine(t) }
	var err error
	a.db, err = store.Open(ctx, store.Config{Path: filepath.Join(t.TempDir(), "tasknet.db")})
	must(t, err)
	t.Cleanup(func() { must(t, a.db.Close()) })
	return a
}

// while makes blocks all the time until something that waits for confirmations is done.
func (a *onAnvil) while(t *testing.T, ctx context.Context, do func()) {
	t.Helper()
	mining, stop := context.WithCancel(ctx)
	mined := make(chan struct{})
	go func() {
		defer close(mined)
		for client.Pause(mining, 5*time.Millisecond) == nil {
			a.anvil.Mine(t)
		}
	}()
	do()
	stop()
	<-mined
}

// mine makes some blocks.
func (a *onAnvil) mine(t *testing.T, blocks int) {
	t.Helper()
	for range blocks {
		a.anvil.Mine(t)
	}
}

// dial opens the chain as a server does.
func (a *onAnvil) dial(t *testing.T, ctx context.Context, cfg eth.Config) *eth.Chain {
	t.Helper()
	chain, err := eth.Dial(ctx, cfg)
	must(t, err)
	t.Cleanup(func() { chain.Close() })
	return chain
}

// payer returns one that knows no organisations but those of contracts.
func (a *onAnvil) payer(chain *eth.Chain, cfg rewards.PayerConfig) *rewards.Payer {
	cfg.Known = func(context.Context, string) (bool, error) { return false, nil }
	return rewards.NewPayer(a.db.Rewards(), chain, cfg)
}

// pipeline returns one with a clock.
func (a *onAnvil) pipeline(t *testing.T, now func() time.Time) *pipeline.Pipeline {
	t.Helper()
	pipe, err := pipeline.New(a.db, labeling.NewStopper(a.db.Labels()), cache.NewHub(), nil, pipeline.Config{Instance: strings.Repeat("a", 64), FeeBasisPoints: 1500, Now: now})
	must(t, err)
	return pipe
}

// request returns a contract's question.
func (a *onAnvil) request(t *testing.T, ctx context.Context, number [32]byte) rewards.Request {
	t.Helper()
	r, err := a.db.Requests().Request(ctx, number)
	must(t, err)
	return r
}

var onSpam = ethtest.Question{Text: "Is this spam?", Options: []string{"yes", "no"}, Min: 1, Max: 3, TargetPPM: 900_000}

// TestReorgTakesAQuestionBack: on a real node a contract's question is taken back by a re-organisation after it was put to people.
// Its question is cancelled and its money is gone. When the same transaction is mined again, the contract's question comes back
// under its number and is asked anew, once.
func TestReorgTakesAQuestionBack(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	a := newOnAnvil(t, ctx)
	anvil, eater, db := a.anvil, a.eater, a.db
	wrong := a.cfg
	wrong.Oracle = a.cfg.Vault
	if _, err := eth.Dial(ctx, wrong); !errors.Is(err, eth.ErrNoOracle) {
		t.Errorf("a vault as an oracle: %v", err)
	}
	payer, pipe := a.payer(a.dial(t, ctx, a.cfg), rewards.PayerConfig{}), a.pipeline(t, time.Now)
	collect := func() {
		t.Helper()
		for range 2 { // seen twice
			must(t, payer.CollectEvents(ctx))
			must(t, pipe.Requests(ctx))
		}
	}
	question := onSpam
	question.Deadline, question.Payment = time.Now().Add(24*time.Hour), tokens(2)
	var before any
	anvil.Do(t, &before, "eth_blockNumber")
	collect()
	number := eater.Ask(t, question)
	for range 4 {
		anvil.Mine(t)
	}
	collect()
	r, err := db.Requests().Request(ctx, number)
	must(t, err)
	q, err := db.Polls().Question(ctx, polls.QuestionID(r.Question))
	must(t, err)
	policy := polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 1, Max: 3, Fallback: 3}
	if r.State != rewards.RequestOpen || q.Status != polls.Open || q.Text != question.Text || q.Policy != policy {
		t.Fatalf("asked as %+v, %+v", r, q)
	}
	hold, err := q.Hold()
	must(t, err)
	if paid := tasknet.Micro(2 * tasknet.MicroPerToken); hold.Cmp(paid) > 0 || paid.Sub(hold).Micro() > 3*2 {
		t.Errorf("%s of %s is for answers", hold, paid)
	}

	var done any
	anvil.Do(t, &done, "anvil_reorg", 5, []any{})
	for range 4 {
		anvil.Mine(t)
	}
	collect()
	r, err = db.Requests().Request(ctx, number)
	must(t, err)
	q, err = db.Polls().Question(ctx, q.ID)
	must(t, err)
	if !r.Gone || q.Status != polls.Closed {
		t.Fatalf("gone as %+v, its question is %s", r, q.Status)
	}
	list, err := db.Requests().RequestsIn(ctx, rewards.RequestAsked, 10)
	if err != nil || len(list) != 0 {
		t.Errorf("waiting are %+v, %v", list, err)
	}

	again := eater.Ask(t, question) // the oracle's count was taken back too
	for range 4 {
		anvil.Mine(t)
	}
	collect()
	if again != number {
		t.Fatalf("the same question has the number %x, and had %x", again, number)
	}
	r, err = db.Requests().Request(ctx, number)
	must(t, err)
	fresh, err := db.Polls().Question(ctx, polls.QuestionID(r.Question))
	must(t, err)
	if r.Gone || r.State != rewards.RequestOpen || fresh.ID == q.ID || fresh.Status != polls.Open {
		t.Errorf("came again as %+v, %+v", r, fresh)
	}
	if free, err := db.Rewards().Balance(ctx, rewards.Requester(r.Org)); err != nil || free.Micro() > 3*2 {
		t.Errorf("%s is left, %v", free, err)
	}
}

// TestReorgTakesAVerdictBack: on a real node a verdict was brought, and a re-organisation that is deeper than the confirmations
// takes it back. It is brought again under the root that is still in force, and called to the asker again.
func TestReorgTakesAVerdictBack(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	a := newOnAnvil(t, ctx)
	chain := a.dial(t, ctx, a.cfg)
	requests := a.db.Requests()
	payer := a.payer(chain, rewards.PayerConfig{
		Verdicts: func(ctx context.Context, epoch int64) (rewards.Hash, error) {
			return rewards.VerdictsRoot(ctx, requests, epoch, time.Now())
		},
		VerdictsWait: func(ctx context.Context) (bool, error) { return requests.VerdictsWait(ctx, time.Now()) },
	})
	a.eater.Behave(t)
	question := onSpam
	question.Deadline, question.Payment, question.CallbackGas = time.Now().Add(24*time.Hour), tokens(2), 200_000
	number := a.eater.Ask(t, question)
	a.mine(t, 2)
	must(t, payer.CollectEvents(ctx))
	want := rewards.OracleVerdict{Outcome: rewards.OutcomeDecided, Choice: 1, ConfidencePPM: 990_000, Answers: 2, Record: rewards.Hash{7}}
	must(t, requests.CloseRequest(ctx, number, rewards.RequestAsked, want, "", time.Now()))
	a.while(t, ctx, func() { must(t, payer.Advance(ctx)) })
	a.mine(t, 8)
	var before, after uint64
	head := func() uint64 {
		n, err := a.me.Client.BlockNumber(ctx)
		must(t, err)
		return n
	}
	before = head()
	courier := rewards.NewCourier(verdicts{requests, a.db.Rewards()}, chain, rewards.CourierConfig{})
	has := func(when string, outcome rewards.Outcome, took bool) {
		t.Helper()
		v, delivered, err := chain.OracleVerdict(ctx, a.cfg.Oracle, number)
		if err != nil || v.Outcome != outcome || delivered != took {
			t.Errorf("%s the oracle has %+v, delivered %v, %v", when, v, delivered, err)
		}
	}
	a.while(t, ctx, func() { must(t, courier.Bring(ctx)) })
	if r := a.request(t, ctx, number); r.State != rewards.RequestFulfilled || !r.Delivered {
		t.Fatalf("brought it is %+v", r)
	}
	has("brought,", rewards.OutcomeDecided, true)
	after = head()
	a.anvil.Do(t, nil, "anvil_reorg", after-before, []any{})
	a.mine(t, 4)
	has("taken back,", rewards.OutcomeNone, false)
	must(t, courier.Recheck(ctx))
	if r := a.request(t, ctx, number); r.State != rewards.RequestClosed || r.Delivered {
		t.Fatalf("taken back it is %+v", r)
	}
	again := a.dial(t, ctx, a.cfg)
	courier = rewards.NewCourier(verdicts{requests, a.db.Rewards()}, again, rewards.CourierConfig{})
	a.while(t, ctx, func() { must(t, courier.Bring(ctx)) })
	has("brought again,", rewards.OutcomeDecided, true)
	must(t, courier.Recheck(ctx))
	if r := a.request(t, ctx, number); r.State != rewards.RequestFulfilled || !r.Delivered || r.Verdict != want {
		t.Errorf("brought again it is %+v", r)
	}
}

// verdicts is what a courier needs of a store.
type verdicts struct {
	rewards.RequestStore
	rewards.EpochStore
}

// TestQuestionsFromBefore: contracts ask an oracle while the server does not know it, and again after it was told and had forgotten
// it. When it knows it, their questions are found, once, with their money; one whose time is over is refused.
func TestQuestionsFromBefore(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	a := newOnAnvil(t, ctx)
	blind := a.cfg
	blind.Oracle = rewards.Address{}
	pipe := a.pipeline(t, func() time.Time { return time.Now().Add(48 * time.Hour) })
	collect := func(cfg eth.Config) {
		t.Helper()
		a.mine(t, 3)
		payer := a.payer(a.dial(t, ctx, cfg), rewards.PayerConfig{})
		for range 2 { // seen twice
			must(t, payer.CollectEvents(ctx))
			must(t, pipe.Requests(ctx))
		}
	}
	var numbers [][32]byte
	ask := func(within time.Duration) {
		t.Helper()
		question := onSpam
		question.Deadline, question.Payment = time.Now().Add(within), tokens(1)
		numbers = append(numbers, a.eater.Ask(t, question))
	}
	are := func(when string, want ...rewards.RequestState) {
		t.Helper()
		list, _, err := a.db.Requests().Requests(ctx, tasknet.Page{Limit: 10})
		must(t, err)
		var got []rewards.RequestState
		for i, r := range list {
			got = append(got, r.State)
			if r.ID != numbers[i] {
				t.Errorf("%s question %d is %x, want %x", when, i, r.ID, numbers[i])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s questions are %q, want %q", when, got, want)
		}
		sum, err := a.db.Rewards().Totals(ctx)
		if paid := tasknet.Micro(int64(len(want)) * tasknet.MicroPerToken); err != nil || sum.Deposited != paid || !sum.Conserved() {
			t.Errorf("%s of %s paid %+v, %v", when, paid, sum, err)
		}
	}
	ask(24 * time.Hour)
	ask(72 * time.Hour)
	collect(blind)
	are("while the oracle is not known,")
	collect(a.cfg)
	are("when it is known,", rewards.RequestClosed, rewards.RequestOpen)
	late := a.request(t, ctx, numbers[0])
	if late.Verdict.Outcome != rewards.OutcomeUnanswered || late.Reason == "" || late.Question != "" {
		t.Errorf("whose time is over is %+v", late)
	}
	if free, err := a.db.Rewards().Balance(ctx, rewards.Requester(late.Org)); err != nil || free != tasknet.Micro(tasknet.MicroPerToken) {
		t.Errorf("of its payment %s is the asker's, %v", free, err)
	}
	ask(72 * time.Hour)
	collect(blind)
	are("after it was forgotten,", rewards.RequestClosed, rewards.RequestOpen)
	ask(72 * time.Hour)
	collect(a.cfg)
	are("when it is known again,", rewards.RequestClosed, rewards.RequestOpen, rewards.RequestOpen, rewards.RequestOpen)
}
