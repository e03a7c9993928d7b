package rewards_test

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/store/storetest"
)

// oracle is a rewards.OracleChain in memory that keeps to the oracle's rules and fails when it is told to.
type oracle struct {
	info   rewards.ChainInfo
	header rewards.Header // in force
	has    map[rewards.Hash]rewards.OracleVerdict
	took   map[rewards.Hash]bool
	eats   bool // who asked fails to take its verdict
	price  int64
	calls  int
	away   map[rewards.Hash]bool // whose verdicts cannot be read
	looks  map[rewards.Hash]int  // how often each was read
	newer  bool                  // another root comes into force before the next write
	fail   failure               // of the next write
	wrote  func()                // called after each that worked, unless it is nil
}

func (o *oracle) Info() rewards.ChainInfo { return o.info }

func (o *oracle) Roots(context.Context) (rewards.Roots, error) {
	return rewards.Roots{Epoch: o.header.Epoch, Header: o.header.Hash()}, nil
}

func (o *oracle) GasPrice(context.Context) (*big.Int, error) { return big.NewInt(o.price), nil }

func (o *oracle) OracleVerdict(_ context.Context, _ rewards.Address, id rewards.Hash) (rewards.OracleVerdict, bool, error) {
	if o.looks[id]++; o.away[id] {
		return rewards.OracleVerdict{}, false, errNode
	}
	return o.has[id], o.took[id], nil
}

func (o *oracle) write(f func() error) (rewards.Mined, error) {
	fail := o.fail
	if o.fail = works; fail == notSent {
		return rewards.Mined{}, errNode
	}
	if err := f(); err != nil {
		return rewards.Mined{}, err
	}
	if fail == replyLost {
		return rewards.Mined{}, errNode
	}
	if o.wrote != nil {
		o.wrote()
	}
	return rewards.Mined{}, nil
}

var errTwice = errors.New("the oracle has this verdict")

func (o *oracle) Fulfil(_ context.Context, at rewards.Address, h rewards.Header, id rewards.Hash, v rewards.OracleVerdict, proof [][32]byte) (rewards.Mined, error) {
	return o.write(func() error {
		newer := o.newer
		o.newer = false
		switch {
		case newer:
			return rewards.ErrNotInForce
		case o.has[id].Outcome != rewards.OutcomeNone:
			return errTwice
		case h.Hash() != o.header.Hash() || !merkle.VerifyHash(h.Verdicts, v.Leaf(at, id), proof):
			return errors.New("the root in force does not prove this")
		}
		o.has[id], o.took[id] = v, !o.eats
		o.calls++
		return nil
	})
}

func (o *oracle) Deliver(_ context.Context, _ rewards.Address, id rewards.Hash) (rewards.Mined, error) {
	return o.write(func() error {
		if o.took[id] {
			return errTwice
		}
		o.took[id] = !o.eats
		o.calls++
		return nil
	})
}

// courierBench is a store with requests whose verdicts are in the tree of epoch 1.
type courierBench struct {
	t     *testing.T
	db    *store.DB
	chain *oracle
	now   time.Time
	relay rewards.Relay
	ids   []rewards.Hash
}

type courierStore struct {
	rewards.RequestStore
	rewards.EpochStore
}

func newCourierBench(t *testing.T, verdicts ...rewards.OracleVerdict) *courierBench {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, store.Config{Path: storetest.File(t)})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	b := &courierBench{t: t, db: db, now: now, chain: &oracle{
		info: rewards.ChainInfo{ID: 1, Decimals: 18}, has: make(map[rewards.Hash]rewards.OracleVerdict), took: make(map[rewards.Hash]bool),
		away: make(map[rewards.Hash]bool), looks: make(map[rewards.Hash]int),
	}}
	money := db.Rewards()
	for i, v := range verdicts {
		id := rewards.Hash{0xff, byte(i)}
		e := rewards.Event{Kind: rewards.Deposited, Tx: rewards.Hash{byte(i)}, Block: 5, Reference: id, Base: b.chain.info.Base(tasknet.Micro(1_000_000))}
		e.Ask = &rewards.Ask{Oracle: rewards.Address{1}, Options: []string{"yes", "no"}, Payment: e.Base, CallbackGas: 100_000}
		must(t, money.BookEvents(ctx, []rewards.Booking{{Event: e, Org: rewards.OrgOf(id), Amount: tasknet.Micro(1_000_000)}}, rewards.Look{Block: int64(5 + i)}, now))
		must(t, db.Requests().CloseRequest(ctx, id, rewards.RequestAsked, v, "", now))
		b.ids = append(b.ids, id)
	}
	must(t, money.SetPayee(ctx, "rsp_1", rewards.Address{7}))
	must(t, money.Post(ctx, rewards.Hold(rewards.OrgOf(b.ids[0]), "q_1", tasknet.Micro(10), now)))
	s, err := rewards.Settle(rewards.Bill{Org: rewards.OrgOf(b.ids[0]), Cause: "q_1", Hold: tasknet.Micro(10), Pays: []rewards.Pay{{Payee: "rsp_1", Amount: tasknet.Micro(10)}}}, now)
	must(t, err)
	must(t, money.Post(ctx, s.Transaction))
	due, err := money.Due(ctx, tasknet.Micro(1), now)
	must(t, err)
	plan, err := rewards.NewPlan(1, due, nil, b.chain.info, now)
	must(t, err)
	must(t, money.SavePlan(ctx, plan))
	e, err := money.Epoch(ctx, 1)
	must(t, err)
	e.Verdicts, err = rewards.VerdictsRoot(ctx, db.Requests(), 1, now)
	must(t, err)
	must(t, money.BuildEpoch(ctx, 1, rewards.Planned, e.Header(b.chain.info)))
	return b
}

// inForce puts the header of epoch 1 in force.
func (b *courierBench) inForce() {
	b.t.Helper()
	e, err := b.db.Rewards().Epoch(b.t.Context(), 1)
	must(b.t, err)
	b.chain.header = e.Header(b.chain.info)
}

// courier returns one that knows nothing of others.
func (b *courierBench) courier() *rewards.Courier {
	return rewards.NewCourier(courierStore{b.db.Requests(), b.db.Rewards()}, b.chain, rewards.CourierConfig{
		Relay: b.relay, Now: func() time.Time { return b.now },
	})
}

// bring has a courier look once, so much later.
func (b *courierBench) bring(later time.Duration) error {
	b.now = b.now.Add(later)
	return b.courier().Bring(b.t.Context())
}

func (b *courierBench) is(of int, state rewards.RequestState, delivered bool) {
	b.t.Helper()
	r, err := b.db.Requests().Request(b.t.Context(), b.ids[of])
	must(b.t, err)
	if r.State != state || r.Delivered != delivered {
		b.t.Errorf("request %d is %s, delivered %v; want %s, %v", of, r.State, r.Delivered, state, delivered)
	}
}

var verdict = rewards.OracleVerdict{Outcome: rewards.OutcomeDecided, Choice: 1, ConfidencePPM: 990_000, Answers: 3, Record: rewards.Hash{8}}

// TestCourier: verdicts are brought when their header is in force, once, whatever the node does and whoever brings them.
func TestCourier(t *testing.T) {
	for fail, name := range []string{"nothing fails", "a transaction is not sent", "a reply is lost"} {
		b := newCourierBench(t, verdict, verdict)
		must(t, b.bring(time.Second))
		if b.chain.calls != 0 {
			t.Fatal("a verdict was brought before its header was in force")
		}
		b.inForce()
		b.chain.fail = failure(fail)
		if err := b.bring(time.Second); (err != nil) != (fail != 0) || err != nil && !errors.Is(err, errNode) {
			t.Fatalf("%s: %v", name, err)
		}
		must(t, b.bring(time.Hour))
		must(t, b.bring(time.Hour))
		for i, id := range b.ids {
			if b.is(i, rewards.RequestFulfilled, true); b.chain.has[id] != verdict {
				t.Errorf("%s: the oracle has %+v", name, b.chain.has[id])
			}
		}
		if b.chain.calls != 2 {
			t.Errorf("%s: askers were called %d times", name, b.chain.calls)
		}
	}
	b := newCourierBench(t, verdict)
	b.inForce()
	b.chain.newer = true
	must(t, b.bring(time.Second))
	b.is(0, rewards.RequestClosed, false)
	must(t, b.bring(time.Second)) // and not a minute later
	b.is(0, rewards.RequestFulfilled, true)
	b = newCourierBench(t, verdict)
	b.inForce()
	b.chain.has[b.ids[0]], b.chain.took[b.ids[0]] = verdict, true // somebody brought it
	must(t, b.bring(time.Second))
	if b.is(0, rewards.RequestFulfilled, true); b.chain.calls != 0 {
		t.Error("a verdict was brought twice")
	}
}

// TestCourierLooksAgain: a verdict that the chain has taken back is brought again, once, and a call of the asker that it has taken
// back is made again.
func TestCourierLooksAgain(t *testing.T) {
	ctx := t.Context()
	b := newCourierBench(t, verdict, verdict, verdict)
	b.inForce()
	must(t, b.bring(time.Second))
	b.chain.calls = 0
	must(t, b.courier().Recheck(ctx))
	must(t, b.bring(time.Second))
	if b.chain.calls != 0 {
		t.Fatalf("%d verdicts are brought again that are there", b.chain.calls)
	}
	delete(b.chain.has, b.ids[0])
	delete(b.chain.took, b.ids[0])
	delete(b.chain.took, b.ids[1])
	must(t, b.bring(2*time.Hour)) // which does not look
	must(t, b.courier().Recheck(ctx))
	b.is(0, rewards.RequestClosed, false)
	b.is(1, rewards.RequestFulfilled, false)
	b.is(2, rewards.RequestFulfilled, true)
	for range 2 {
		must(t, b.bring(time.Second))
		must(t, b.courier().Recheck(ctx))
	}
	for i, id := range b.ids {
		if b.is(i, rewards.RequestFulfilled, true); b.chain.has[id] != verdict {
			t.Errorf("the oracle has %+v", b.chain.has[id])
		}
	}
	if b.chain.calls != 2 {
		t.Errorf("%d verdicts were brought or delivered again", b.chain.calls)
	}

	// Run looks when it starts.
	delete(b.chain.has, b.ids[2])
	running, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	b.chain.wrote = stop // what Run does after is for nothing
	must(t, b.courier().Run(running))
	if b.chain.has[b.ids[2]] != verdict {
		t.Error("a courier that starts does not look whether verdicts are there")
	}
}

// TestCourierLooksAtAll: verdicts that cannot be looked at hide none of the others, and are looked at again after pauses that grow.
func TestCourierLooksAtAll(t *testing.T) {
	ctx := t.Context()
	b := newCourierBench(t, verdict, verdict, verdict, verdict, verdict)
	b.inForce()
	must(t, b.bring(time.Second))
	for _, id := range b.ids[1:] { // the newest, which come first
		b.chain.away[id] = true
	}
	delete(b.chain.has, b.ids[0])
	courier := b.courier()
	for range 2 {
		if err := courier.Recheck(ctx); !errors.Is(err, errNode) {
			t.Fatalf("looking at what cannot be read: %v", err)
		}
	}
	b.is(0, rewards.RequestClosed, false)

	// From here on the clock goes by what was looked for to be brought, which is once a turn.
	b = newCourierBench(t, verdict)
	b.inForce()
	must(t, b.bring(time.Second))
	b.chain.away[b.ids[0]] = true
	running, stop := context.WithCancel(ctx)
	clear(b.chain.looks)
	var looks []int
	courier = rewards.NewCourier(&turns{courierStore{b.db.Requests(), b.db.Rewards()}, func() {
		if len(looks) == 15 { // there may be another turn
			stop()
			return
		}
		looks = append(looks, b.chain.looks[b.ids[0]])
		b.now = b.now.Add(30 * time.Second)
	}}, b.chain, rewards.CourierConfig{Poll: time.Millisecond, Now: func() time.Time { return b.now }})
	must(t, courier.Run(running))
	if want := []int{1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4}; !slices.Equal(looks, want) {
		t.Errorf("a verdict that cannot be read was looked at %v times by each half minute, want %v", looks, want)
	}
}

// turns is a CourierStore that calls next whenever verdicts are looked for that can be brought.
type turns struct {
	courierStore
	next func()
}

func (s *turns) RequestsDue(ctx context.Context, at time.Time, tries, limit int) ([]rewards.Request, error) {
	s.next()
	return s.courierStore.RequestsDue(ctx, at, tries, limit)
}

// TestCourierCallsAgain: an asker that fails to take its verdict is called some times more, at growing intervals, and what
// somebody else does afterwards is left to them.
func TestCourierCallsAgain(t *testing.T) {
	b := newCourierBench(t, verdict, verdict)
	b.inForce()
	b.chain.eats = true
	must(t, b.bring(time.Second))
	b.is(0, rewards.RequestFulfilled, false)
	must(t, b.bring(time.Second))
	if b.chain.calls != 2 {
		t.Fatalf("called %d times at once", b.chain.calls)
	}
	must(t, b.bring(2*time.Minute))
	if b.chain.calls != 4 {
		t.Fatalf("called %d times when it was due again", b.chain.calls)
	}
	b.chain.took[b.ids[1]] = true // somebody had it called
	for range 20 {
		must(t, b.bring(24*time.Hour))
	}
	if b.chain.calls != 4+4 {
		t.Errorf("called %d times in the end", b.chain.calls)
	}
	b.is(0, rewards.RequestFulfilled, false)
	b.is(1, rewards.RequestFulfilled, true)
}

// TestCourierGas: where gas costs something, the word that there is no verdict is left to who wants it, and so is what is dearer than
// the share of its payment.
func TestCourierGas(t *testing.T) {
	unanswered := rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Record: rewards.Hash{9}}
	for _, c := range []struct {
		dev   bool
		share int
		price int64
		want  [2]bool
	}{
		{dev: true, want: [2]bool{true, true}},
		{want: [2]bool{true, false}},
		// 300,000 gas at 10^10 are 0.003 coins, of a coin for a token each: 3/1000 of the payment of one token.
		{share: 30, price: 1e10, want: [2]bool{true, false}},
		{share: 29, price: 1e10, want: [2]bool{false, false}},
	} {
		b := newCourierBench(t, verdict, unanswered)
		b.inForce()
		b.chain.info.Dev, b.chain.price = c.dev, c.price
		b.relay = rewards.Relay{Share: c.share}
		if c.share > 0 {
			b.relay.CoinPrice = tasknet.Micro(1_000_000)
		}
		must(t, b.bring(time.Second))
		for i, want := range c.want {
			if got := b.chain.took[b.ids[i]]; got != want {
				t.Errorf("%+v: verdict %d is brought: %v", c, i, got)
			}
		}
		if b.chain.price = 0; c.share == 29 {
			must(t, b.bring(time.Hour))
			b.is(0, rewards.RequestFulfilled, true)
		}
	}
}

// TestCourierPauses: pauses after failures double, whether it is the asker that fails or the node.
func TestCourierPauses(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails func(*courierBench)
		want  []int // minutes at which it was tried
	}{
		{"the asker", func(b *courierBench) { b.chain.eats = true }, []int{0, 1, 2, 4, 8, 16}},
		{"the node", func(b *courierBench) { b.chain.away[b.ids[0]] = true }, []int{0, 1, 3, 7, 15, 31, 63, 127, 191, 255}},
	} {
		b := newCourierBench(t, verdict)
		b.inForce()
		c.fails(b)
		courier := b.courier()
		var tried []int
		for minute := range 300 {
			before := b.chain.looks[b.ids[0]]
			if err := courier.Bring(t.Context()); err != nil && !errors.Is(err, errNode) {
				t.Fatal(err)
			}
			if b.chain.looks[b.ids[0]] > before {
				tried = append(tried, minute)
			}
			b.now = b.now.Add(time.Minute)
		}
		if !slices.Equal(tried, c.want) {
			t.Errorf("%s fails: tried in the minutes %v, want %v", c.name, tried, c.want)
		}
	}
}

// TestVerdictFor: no choice is told that rests on fewer answers than were asked for.
func TestVerdictFor(t *testing.T) {
	for _, c := range []struct {
		decided         bool
		choice, answers int
		want            rewards.OracleVerdict
	}{
		{true, 1, 3, rewards.OracleVerdict{Outcome: rewards.OutcomeDecided, Choice: 1, ConfidencePPM: 7, Answers: 3}},
		{false, 1, 3, rewards.OracleVerdict{Outcome: rewards.OutcomeUndecided, Choice: 1, ConfidencePPM: 7, Answers: 3}},
		{true, 1, 2, rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Answers: 2}},
		{false, -1, 3, rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Answers: 3}},
	} {
		if got := rewards.VerdictFor(c.decided, c.choice, 7, c.answers, 3, rewards.Hash{}); got != c.want {
			t.Errorf("%+v came to %+v", c, got)
		}
	}
}

// TestIdleEpoch: a verdict that waits has a header of its own when nobody is to be paid, also before anybody was; it says of money
// what the one before said.
func TestIdleEpoch(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	wait := true
	at := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{
		Now:      func() time.Time { return at },
		Verdicts: func(_ context.Context, epoch int64) (rewards.Hash, error) { return rewards.Hash{byte(epoch)}, nil },
		VerdictsWait: func(context.Context) (bool, error) {
			defer func() { wait = false }()
			return wait, nil
		},
	})
	advance := func() {
		t.Helper()
		must(t, p.Advance(ctx))
		at = at.Add(time.Hour)
	}
	chain.deposit("org_1", 100)
	must(t, p.CollectEvents(ctx))
	advance()
	if chain.epoch != 1 || chain.header.Total.Sign() != 0 || chain.header.Verdicts != (rewards.Hash{1}) {
		t.Fatalf("before anybody was paid the header is %+v", chain.header)
	}
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	spend(t, ledger, 0, "q_1", 5)
	advance()
	wait = true
	for range 3 { // the second and third have nothing to say
		advance()
	}
	e, err := ledger.LastEpoch(ctx)
	must(t, err)
	first, err := ledger.Epoch(ctx, 2)
	must(t, err)
	if e.Number != 3 || e.State != rewards.Settled || e.Verdicts != (rewards.Hash{3}) || !e.Amount.IsZero() || e.Payees != 0 || e.Root != first.Root || e.Spending != first.Spending || e.Spent != first.Spent {
		t.Errorf("after %+v comes %+v", first, e)
	}
	spend(t, ledger, 0, "q_2", 5)
	advance()
	if got := chain.of(address(0)); got.Cmp(chain.info.Base(tasknet.Micro(10))) != 0 {
		t.Errorf("paid %s afterwards", got)
	}
}
