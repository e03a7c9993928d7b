package rewards_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/store/storetest"
)

// vault is a rewards.Chain in memory that keeps to the vault's rules and fails when it is told to.
type vault struct {
	info    rewards.ChainInfo
	epoch   int64
	header  rewards.Header // in force
	next    *rewards.Header
	delayed bool // roots wait, until something happens to them
	blocked bool
	posted  []rewards.Hash // headers that were mined, in order
	claimed map[rewards.Address]*big.Int
	events  []rewards.Event
	head    int64
	branch  map[int64]byte  // blocks of another branch of the chain than the first
	fits    int             // the most leaves that a claim may have
	sizes   []int           // the leaves of each claim
	price   int64           // of gas
	refused rewards.Address // whom the token refuses

	// meanwhile is called while events are read.
	meanwhile func()

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

func (v *vault) Roots(context.Context) (rewards.Roots, error) {
	r := rewards.Roots{Epoch: v.epoch}
	if v.epoch > 0 {
		r.Header = v.header.Hash()
	}
	if v.next != nil {
		r.NextEpoch, r.Next, r.Blocked = v.next.Epoch, v.next.Hash(), v.blocked
	}
	return r, nil
}

// takesEffect puts the root in force that waits, because its time came or because it was judged good.
func (v *vault) takesEffect() {
	v.epoch, v.header, v.next, v.blocked = v.next.Epoch, *v.next, nil, false
}

// tookBack has the chain take back the transaction of the root that waits.
func (v *vault) tookBack() {
	for i, h := range v.posted {
		if h == v.next.Hash() {
			v.posted[i] = rewards.Hash{}
		}
	}
	v.voided()
}

// voided removes the root that waits: it was judged bad, or not in time.
func (v *vault) voided() { v.next, v.blocked = nil, false }

// moment is a chain at a time, to which a re-organisation takes it back.
type moment struct {
	epoch   int64
	header  rewards.Header
	next    *rewards.Header
	blocked bool
	posted  []rewards.Hash
	claimed map[rewards.Address]*big.Int
	head    int64
}

func (v *vault) now() moment {
	return moment{v.epoch, v.header, v.next, v.blocked, slices.Clone(v.posted), maps.Clone(v.claimed), v.head}
}

// reorganised has the chain take back all roots and claims since a moment, as deep as they are. Deposits are mined again, or are gone.
func (v *vault) reorganised(m moment, gone bool) {
	if gone {
		v.events = slices.DeleteFunc(v.events, func(e rewards.Event) bool { return e.Block > m.head })
	}
	v.epoch, v.header, v.next, v.blocked, v.claimed = m.epoch, m.header, m.next, m.blocked, maps.Clone(m.claimed)
	clear(v.posted) // and are as many: no two transactions are one
	copy(v.posted, m.posted)
	for b := m.head; b <= v.head; b++ {
		v.branch[b]++
	}
}

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
	return minedAs(len(v.posted) - 1), nil
}

func (v *vault) PostRoot(_ context.Context, before, h rewards.Header) (rewards.Mined, error) {
	return v.write(func() error {
		switch {
		case before.Hash() != v.header.Hash():
			return fmt.Errorf("header %+v before %+v, want %+v: %w", before, h, v.header, rewards.ErrNotInForce)
		case h.Epoch != v.epoch+1 || v.next != nil:
			return fmt.Errorf("root %d after %d, %v", h.Epoch, v.epoch, v.next)
		case v.epoch > 0 && (h.Total.Cmp(before.Total) < 0 || h.Spent.Cmp(before.Spent) < 0 || h.Through < before.Through || h.LogSize < before.LogSize):
			return fmt.Errorf("header %+v after %+v", h, before)
		case h.Total.Cmp(h.Spent) > 0 || h.Spent.Cmp(v.funds()) > 0:
			return fmt.Errorf("a root of %s, of %s spent of %s", h.Total, h.Spent, v.funds())
		}
		v.next, v.posted = &h, append(v.posted, h.Hash())
		if !v.delayed {
			v.takesEffect()
		}
		return nil
	})
}

// funds is what was deposited and not withdrawn.
func (v *vault) funds() *big.Int {
	sum := new(big.Int)
	for _, e := range v.events {
		switch e.Kind {
		case rewards.Deposited:
			sum.Add(sum, e.Base)
		case rewards.Withdrawn:
			sum.Sub(sum, e.Base)
		}
	}
	return sum
}

func (v *vault) RootMined(_ context.Context, h rewards.Header) (rewards.Mined, error) {
	hash := h.Hash()
	for i, posted := range slices.Backward(v.posted) {
		if posted == hash {
			return minedAs(i), nil
		}
	}
	return rewards.Mined{}, rewards.ErrNoRoot
}

// minedAs is the transaction that posted the header at a place.
func minedAs(place int) rewards.Mined {
	return rewards.Mined{Tx: rewards.Hash{1, byte(place)}, Block: 7, Gas: 11}
}

func (v *vault) GasPrice(context.Context) (*big.Int, error) { return big.NewInt(v.price), nil }

func (v *vault) BlockHash(_ context.Context, block int64) (rewards.Hash, error) {
	if block > v.head+2 { // some blocks are there before they have the depth to count
		return rewards.Hash{}, errNode
	}
	return rewards.Hash{byte(block), byte(block >> 8), v.branch[block]}, nil
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

func (v *vault) Claim(_ context.Context, h rewards.Header, leaves []merkle.Leaf, proof merkle.MultiProof) (rewards.Mined, error) {
	for _, l := range leaves {
		if v.refused == l.Address && l.Cumulative.Sign() > 0 && len(leaves) == 1 {
			return rewards.Mined{}, tasknet.NewError(tasknet.Conflict, "reverted", "The token refuses.")
		}
	}
	if len(leaves) > v.fits || containsAddress(leaves, v.refused) {
		return rewards.Mined{}, tasknet.NewError(tasknet.TooLarge, "too_large", "Split it.")
	}
	return v.write(func() error {
		if h.Hash() != v.header.Hash() || !merkle.VerifyMulti(h.Payouts, leaves, proof) {
			return errors.New("the proof does not hold")
		}
		v.sizes = append(v.sizes, len(leaves))
		for _, l := range leaves {
			if l.Cumulative.Cmp(v.of(l.Address)) > 0 {
				v.claimed[l.Address] = new(big.Int).Set(l.Cumulative)
			}
		}
		return nil
	})
}

func (v *vault) Events(ctx context.Context, from int64) (_ []rewards.Event, through rewards.Look, err error) {
	v.meanwhile()
	through.Block = max(from, v.head)
	if through.Hash, err = v.BlockHash(ctx, through.Block); err != nil {
		return nil, through, err
	}
	v.meanwhile()
	var out []rewards.Event
	for _, e := range v.events {
		if e.Block > from {
			out = append(out, e)
		}
	}
	return out, through, nil
}

// event has an owner do something in a new block.
func (v *vault) event(kind rewards.EventKind, org string, base *big.Int) {
	v.head++
	v.events = append(v.events, rewards.Event{
		Kind: kind, Tx: rewards.Hash{byte(v.head), v.branch[v.head]}, Block: v.head, Owner: rewards.Address{0x0e}, Reference: rewards.Reference(org), Base: base,
	})
}

// deposit puts micro-units in.
func (v *vault) deposit(org string, micro int64) {
	v.event(rewards.Deposited, org, v.info.Base(tasknet.Micro(micro)))
}

// takeBack has another branch of the chain win from a block on, without what was in it.
func (v *vault) takeBack(block int64) {
	v.events = slices.DeleteFunc(v.events, func(e rewards.Event) bool { return e.Block >= block })
	for b := block; b <= v.head; b++ {
		v.branch[b]++
	}
}

func newVault() *vault {
	return &vault{
		info: rewards.ChainInfo{Decimals: 18, VaultBlock: 1}, claimed: make(map[rewards.Address]*big.Int), branch: make(map[int64]byte), fits: 1000,
		fail: func() failure { return works }, meanwhile: func() {},
	}
}

func openStore(t testing.TB) rewards.Store {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Path: storetest.File(t)})
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
// time as after a crash, and then compares what each wallet got with what each person earned. Roots are blocked and voided, and the
// chain takes back what it has, as deep as it likes.
func TestPayerPaysOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		path := storetest.InMemory(t)
		db, err := store.Open(ctx, store.Config{Path: path})
		must(rt, err)
		defer func() { must(rt, errors.Join(db.Close(), os.RemoveAll(filepath.Dir(path)))) }() // there are thousands
		ledger, chain := db.Rewards(), newVault()
		chain.fits = rapid.IntRange(1, 4).Draw(rt, "fits")
		chain.fail = func() failure { return failure(rapid.IntRange(0, 2).Draw(rt, "failure")) }
		clock := now
		payer := func() *rewards.Payer {
			return rewards.NewPayer(ledger, chain, rewards.PayerConfig{
				Every: time.Minute, Now: func() time.Time { return clock },
				Checkpoint: func(context.Context) (rewards.Checkpoint, error) { // of a log that grows
					return rewards.Checkpoint{Size: clock.Unix() - now.Unix() + 1, Root: rewards.Hash{1}}, nil
				},
			})
		}
		const people, steps = 5, 12
		for i := range people {
			must(rt, ledger.SetPayee(ctx, payee(i), address(i)))
		}
		chain.deposit("org_1", steps*1000) // which nothing takes back: there is always enough
		moments := []moment{chain.now()}
		unseen := false // that the chain has taken back what was in force
		advance := func() *rewards.Payer {
			p := payer()
			missed := func(err error) bool { // what comes of it
				return errors.Is(err, rewards.ErrForeignRoot) || errors.Is(err, rewards.ErrEpochMoved) || errors.Is(err, rewards.ErrNotInForce)
			}
			if err := p.Advance(ctx); err != nil && !errors.Is(err, errNode) && !(unseen && missed(err)) {
				rt.Fatal(err)
			}
			moments = append(moments, chain.now())
			return p
		}
		deep := func() {
			if rapid.IntRange(0, 3).Draw(rt, "deep") == 0 {
				at := rapid.IntRange(0, len(moments)-1).Draw(rt, "moment")
				chain.reorganised(moments[at], rapid.Bool().Draw(rt, "deposits gone"))
				moments, unseen = moments[:at+1], true
			}
		}
		collect := func() {
			chain.meanwhile = deep
			err := payer().CollectEvents(ctx)
			chain.meanwhile = func() {}
			for err != nil && tasknet.Describe(err).Code == "chain_changed" {
				err = payer().CollectEvents(ctx)
			}
			must(rt, err)
			must(rt, payer().CollectEvents(ctx)) // sees what happened during the other
			unseen = false
		}
		earned := make([]int64, people)
		for step := range rapid.IntRange(1, steps).Draw(rt, "steps") {
			q := fmt.Sprint("q_", step)
			chain.deposit("org_1", 1000)
			collect()
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
			chain.delayed = rapid.Bool().Draw(rt, "delayed")
			for range rapid.IntRange(1, 3).Draw(rt, "tries") {
				advance()
				switch fate := rapid.IntRange(0, 4).Draw(rt, "fate"); {
				case chain.next == nil || fate == 0:
				case fate == 1:
					chain.takesEffect()
				case fate == 2:
					chain.blocked = true
				case fate == 3:
					chain.voided()
				case fate == 4:
					chain.tookBack()
				}
				moments = append(moments, chain.now())
				if p := advance(); strings.Contains(p.Waiting(), "void") && rapid.Bool().Draw(rt, "looked") {
					postAgain(ctx, rt, ledger) // and what the operator has acted upon may come back
				}
				if chain.head++; rapid.IntRange(0, 3).Draw(rt, "still") == 0 {
					deep()
				}
				if rapid.Bool().Draw(rt, "collect") {
					collect()
				}
			}
		}
		chain.delayed = false
		chain.fail = func() failure { return works }
		chain.head++
		collect()
		for range 3 * steps * 2 { // one each, those that were voided again, and one for what is due since
			if chain.next != nil {
				chain.takesEffect()
			}
			clock = clock.Add(time.Hour)
			must(rt, payer().Advance(ctx))
			postAgain(ctx, rt, ledger)
		}
		for i, want := range earned {
			if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(want))) != 0 {
				rt.Fatalf("person %d earned %d and was paid %s base units", i, want, got)
			}
		}
		for number := int64(1); number <= chain.epoch; number++ {
			if e, err := ledger.Epoch(ctx, number); err != nil || e.Tx == (rewards.Hash{}) || e.State != rewards.Settled {
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

// postAgain has the epoch posted again that is void, if one is.
func postAgain(ctx context.Context, t interface{ Fatal(...any) }, ledger rewards.Store) {
	epochs, _, err := ledger.Epochs(ctx, tasknet.Page{Limit: 100})
	must(t, err)
	for _, e := range epochs {
		if e.State == rewards.Voided {
			must(t, rewards.PostAgain(ctx, ledger, e.Number))
		}
	}
}

func containsAddress(leaves []merkle.Leaf, a rewards.Address) bool {
	return slices.ContainsFunc(leaves, func(l merkle.Leaf) bool { return l.Address == a })
}

// TestDeepReorg: a re-organisation deeper than the confirmations takes back roots in force and claims under them, or claims alone.
// Roots are posted again, oldest first, and everybody has what they earned; so they have when its deposits are gone as well, as soon
// as somebody deposits.
func TestDeepReorg(t *testing.T) {
	ctx := t.Context()
	for name, since := range map[string]int{"all roots": 0, "two roots": 1, "one root": 2, "claims": 3} {
		for _, gone := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", deposits gone ", gone), func(t *testing.T) {
				ledger, chain := openStore(t), newVault()
				clock := now
				p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
				for i := range 3 {
					must(t, ledger.SetPayee(ctx, payee(i), address(i)))
				}
				chain.deposit("org_1", 60)
				must(t, p.CollectEvents(ctx))
				moments := []moment{chain.now()}
				for i := range 3 {
					chain.deposit("org_1", 10)
					must(t, p.CollectEvents(ctx))
					spend(t, ledger, i, fmt.Sprint("q_", i), 10)
					spend(t, ledger, 0, fmt.Sprint("q_again_", i), 20)
					must(t, p.Advance(ctx))
					clock = clock.Add(time.Hour)
					moments = append(moments, chain.now())
				}
				paid := func(want ...int64) {
					t.Helper()
					sum := int64(0)
					for i, micro := range want {
						sum += micro
						if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(micro))) != 0 {
							t.Errorf("person %d was paid %s base units, want %d micro-units", i, got, micro)
						}
					}
					balance(t, ledger, rewards.ClaimedAccount, sum)
					totals, err := ledger.Totals(ctx)
					if err != nil || !totals.Conserved() || totals.Unclaimed != tasknet.Micro(90-sum) {
						t.Errorf("the ledger has %+v, %v", totals, err)
					}
				}
				paid(70, 10, 10)

				back := moments[since]
				if name == "claims" {
					back = chain.now()
					back.claimed = moments[1].claimed
				}
				events := chain.events
				chain.reorganised(back, false)
				if gone {
					chain.takeBack(2)
					chain.events = slices.Delete(slices.Clone(events), 1, 4)
				}
				chain.head++
				err := p.CollectEvents(ctx)
				must(t, err)
				if !strings.Contains(p.Waiting(), "took back") {
					t.Errorf("it waits for %q", p.Waiting())
				}
				if gone && since < 3 { // spent is more than there is
					for range 4 {
						err = p.Advance(ctx)
					}
					if err == nil || !strings.Contains(p.Waiting(), "does not get on") {
						t.Errorf("Advance: %v, and it waits for %q", err, p.Waiting())
					}
				}
				chain.deposit("org_1", 30) // pays the debts, if there are some
				must(t, p.CollectEvents(ctx))
				for range 4 { // an epoch each
					must(t, p.Advance(ctx))
				}
				paid(70, 10, 10)
				if p.Waiting() != "" {
					t.Errorf("in the end it waits for %q", p.Waiting())
				}
				for number := int64(1); number <= 3; number++ {
					if e, err := ledger.Epoch(ctx, number); err != nil || e.State != rewards.Settled {
						t.Errorf("epoch %+v, %v", e, err)
					}
				}
				if last, err := ledger.LastEpoch(ctx); err != nil || last.Number != chain.epoch || chain.epoch != 3 {
					t.Errorf("the vault has epoch %d, the ledger %d, %v", chain.epoch, last.Number, err)
				}
			})
		}
	}
}

// TestEarlierRootComesBack: a root is void, and an operator has had it built anew. At each step of the new one the chain goes back to where
// the first was there, waiting or in force: that one is taken up, epochs go on after it, and everybody has what they earned, once.
func TestEarlierRootComesBack(t *testing.T) {
	ctx := t.Context()
	const waits, inForce, older = "waits", "is in force", "is in force, under a newer one"
	for _, back := range []string{waits, inForce, older} {
		for _, at := range []rewards.EpochState{rewards.Planned, rewards.Built, rewards.Confirmed, rewards.Blocked, rewards.Voided, rewards.Settled} {
			t.Run(fmt.Sprint("the first ", back, ", the other is ", at), func(t *testing.T) {
				ledger, chain := openStore(t), newVault()
				clock, size := now, int64(3)
				p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{
					Checkpoint: func(context.Context) (rewards.Checkpoint, error) { // another header each time
						size++
						return rewards.Checkpoint{Size: size, Root: rewards.Hash{byte(size)}}, nil
					}, Now: func() time.Time { return clock },
				})
				for i := range 2 {
					must(t, ledger.SetPayee(ctx, payee(i), address(i)))
				}
				chain.deposit("org_1", 100)
				must(t, p.CollectEvents(ctx))
				epoch := func(number int64, state rewards.EpochState) {
					t.Helper()
					for range 3 { // older ones may come first
						must(t, p.Advance(ctx))
						if e, err := ledger.Epoch(ctx, number); err == nil && e.State == state {
							return
						}
					}
					e, err := ledger.Epoch(ctx, number)
					t.Fatalf("epoch %+v, %v; want %d %s", e, err, number, state)
				}
				earn := func(q string) {
					t.Helper()
					clock = clock.Add(time.Hour)
					spend(t, ledger, 0, q+"_0", 5)
					spend(t, ledger, 1, q+"_1", 7)
				}
				earn("q_1")
				epoch(1, rewards.Settled)

				// The first form of epoch 2 on a branch of the chain; and on another, where it is void.
				earn("q_2")
				chain.delayed = true
				epoch(2, rewards.Confirmed)
				first := *chain.next
				moments := map[string]moment{waits: chain.now()}
				chain.takesEffect()
				moments[inForce] = chain.now()
				if back == older {
					chain.delayed = false
					epoch(2, rewards.Settled)
					earn("q_3")
					epoch(3, rewards.Settled)
					moments[older] = chain.now()
					chain.delayed = true
				}
				chain.reorganised(moments[waits], false)
				chain.head++
				must(t, p.CollectEvents(ctx))
				chain.voided()
				epoch(2, rewards.Voided)

				// The other form.
				chain.fail = func() failure { return works }
				if at != rewards.Voided {
					must(t, rewards.PostAgain(ctx, ledger, 2))
				}
				switch at {
				case rewards.Built:
					chain.fail = func() failure { return notSent }
					if err := p.Advance(ctx); !errors.Is(err, errNode) {
						t.Fatal(err)
					}
				case rewards.Confirmed, rewards.Blocked, rewards.Settled:
					epoch(2, rewards.Confirmed)
					if chain.next.Hash() == first.Hash() {
						t.Fatal("it was not built anew")
					}
				}
				switch at {
				case rewards.Blocked:
					chain.blocked = true
					epoch(2, rewards.Blocked)
				case rewards.Settled:
					chain.takesEffect()
					epoch(2, rewards.Settled)
				}
				chain.fail, chain.delayed = func() failure { return works }, false
				e, err := ledger.Epoch(ctx, 2)
				if err != nil || e.State != at {
					t.Fatalf("epoch 2 is %s, %v; want %s", e.State, err, at)
				}

				chain.reorganised(moments[back], false)
				chain.head++
				must(t, p.CollectEvents(ctx))
				for range 3 {
					must(t, p.Advance(ctx))
					if chain.next != nil {
						chain.takesEffect()
					}
				}
				earn("q_4")
				for range 3 {
					must(t, p.Advance(ctx))
				}
				if chain.posted[1] != first.Hash() {
					t.Fatalf("the chain has not the first form: %x", chain.posted)
				}
				e, err = ledger.Epoch(ctx, 2)
				header := e.Header(chain.info)
				if err != nil || e.State != rewards.Settled || back != older && (header.Hash() != first.Hash() || e.Tx != minedAs(1).Tx) {
					t.Errorf("epoch 2 is told as %+v, %v", e, err)
				}
				last := int64(3)
				if back == older {
					last = 4
				}
				if e, err := ledger.LastEpoch(ctx); err != nil || e.Number != last || e.State != rewards.Settled || chain.epoch != last || p.Waiting() != "" {
					t.Errorf("epoch %+v, %v; the vault has %d, and it waits for %q", e, err, chain.epoch, p.Waiting())
				}
				for i, each := range []int64{5, 7} {
					if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(each*last))) != 0 {
						t.Errorf("person %d was paid %s base units, want %d micro-units", i, got, each*last)
					}
				}
				balance(t, ledger, rewards.ClaimedAccount, 12*last)
				if totals, err := ledger.Totals(ctx); err != nil || !totals.Conserved() || !totals.Unclaimed.IsZero() || !totals.Payees.IsZero() {
					t.Errorf("the ledger has %+v, %v", totals, err)
				}
			})
		}
	}
}

// TestReorgWhileEventsAreRead: the chain takes back what was in force while blocks are read, before their hash is or after that. What
// is remembered of them must not hide it.
func TestReorgWhileEventsAreRead(t *testing.T) {
	ctx := t.Context()
	for when, calls := range []string{"before the hash is read", "after that"} {
		t.Run(calls, func(t *testing.T) {
			ledger, chain := openStore(t), newVault()
			p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }})
			must(t, ledger.SetPayee(ctx, payee(0), address(0)))
			chain.deposit("org_1", 60)
			must(t, p.CollectEvents(ctx))
			before := chain.now()
			chain.deposit("org_1", 10)
			must(t, p.CollectEvents(ctx))
			spend(t, ledger, 0, "q_1", 10)
			must(t, p.Advance(ctx))
			chain.head++
			count := 0
			chain.meanwhile = func() {
				if count == when {
					chain.reorganised(before, true)
				}
				count++
			}
			if err := p.CollectEvents(ctx); tasknet.Describe(err).Code != "chain_changed" {
				t.Errorf("while it is taken back: %v", err)
			}
			balance(t, ledger, rewards.Requester("org_1"), 60)
			must(t, p.CollectEvents(ctx))
			balance(t, ledger, rewards.Requester("org_1"), 50)
			balance(t, ledger, rewards.ClaimedAccount, 0)
			must(t, p.Advance(ctx))
			balance(t, ledger, rewards.ClaimedAccount, 10)
			if got := chain.of(address(0)); got.Cmp(chain.info.Base(tasknet.Micro(10))) != 0 {
				t.Errorf("paid %s base units", got)
			}
		})
	}
}

// TestOneWhoCannotBePaidKeepsNobodyWaiting has the token refuse one of three people for a while.
func TestOneWhoCannotBePaidKeepsNobodyWaiting(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
	for i := range 3 {
		must(t, ledger.SetPayee(ctx, payee(i), address(i)))
	}
	chain.deposit("org_1", 100)
	must(t, p.CollectEvents(ctx))
	for i := range 3 {
		spend(t, ledger, i, fmt.Sprint("q_", i), 5)
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
	spend(t, ledger, 0, "q_3", 5)
	must(t, p.Advance(ctx))
	if got := chain.of(address(1)); got.Cmp(chain.info.Base(tasknet.Micro(5))) != 0 {
		t.Fatalf("the refused one has %s base units after the next epoch", got)
	}
}

func TestPayerStopsAtAForeignRoot(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	chain.deposit("org_1", 5)
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }})
	must(t, p.CollectEvents(ctx))
	spend(t, ledger, 0, "q_1", 5)
	chain.epoch, chain.header = 1, rewards.Header{Epoch: 1, Payouts: rewards.Hash{0xbd}}
	if err := p.Advance(ctx); !errors.Is(err, rewards.ErrForeignRoot) {
		t.Fatalf("Advance = %v", err)
	}
	if len(chain.claimed) != 0 {
		t.Fatal("somebody was paid under a foreign root")
	}

	// And somebody with our key posts another form of an epoch that was built here, twice.
	for name, state := range map[string]rewards.EpochState{"waits": rewards.Confirmed, "is in force": rewards.Active} {
		ledger, chain := openStore(t), newVault()
		log := rewards.Checkpoint{Size: 3, Root: rewards.Hash{0x10}}
		p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Checkpoint: func(context.Context) (rewards.Checkpoint, error) { return log, nil }, Now: func() time.Time { return now }})
		must(t, ledger.SetPayee(ctx, payee(0), address(0)))
		chain.deposit("org_1", 100)
		must(t, p.CollectEvents(ctx))
		spend(t, ledger, 0, "q_1", 5)
		chain.delayed = true
		must(t, p.Advance(ctx))
		chain.voided()
		must(t, p.Advance(ctx))
		must(t, rewards.PostAgain(ctx, ledger, 1))
		log.Size++
		must(t, p.Advance(ctx))
		log.Size++
		foreign := *chain.next
		foreign.LogSize++
		if chain.next = &foreign; state == rewards.Active {
			chain.takesEffect()
		}
		must(t, p.CollectEvents(ctx))
		if err := p.Advance(ctx); !errors.Is(err, rewards.ErrForeignRoot) || !strings.Contains(p.Waiting(), "not this ledger's") {
			t.Errorf("a form that %s: %v, and it waits for %q", name, err, p.Waiting())
		}
		if len(chain.claimed) != 0 {
			t.Error("somebody was paid under a foreign root")
		}
	}
}

func TestDepositsAreCreditedOnce(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	unit := chain.info.Base(tasknet.Micro(1))
	chain.deposit("org_1", 41)
	chain.deposit("org_unknown", 1)
	chain.event(rewards.Deposited, "org_1", big.NewInt(5)) // less than a micro-unit
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{
		Known: func(_ context.Context, org string) (bool, error) { return org == "org_1", nil }, Now: func() time.Time { return now },
	})
	must(t, p.CollectEvents(ctx))
	must(t, p.CollectEvents(ctx))
	chain.event(rewards.Deposited, "org_1", new(big.Int).Add(unit, big.NewInt(7)))
	must(t, p.CollectEvents(ctx))
	must(t, p.CollectEvents(ctx))
	balance(t, ledger, rewards.Requester("org_1"), 42)
	accounts, err := ledger.VaultAccounts(ctx, "")
	if err != nil || len(accounts) != 2 || accounts[1].Org != "" || !accounts[1].Deposited.IsZero() {
		t.Errorf("accounts %+v, %v; want a leaf for everybody", accounts, err)
	}
}

// TestTakenBack has the chain take back blocks that were booked: a deposit is gone, another is mined again, a third stays.
func TestTakenBack(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }})
	chain.deposit("org_1", 10)
	must(t, p.CollectEvents(ctx))
	chain.deposit("org_1", 200)
	must(t, p.CollectEvents(ctx))
	chain.deposit("org_1", 3000)
	must(t, p.CollectEvents(ctx))
	balance(t, ledger, rewards.Requester("org_1"), 3210)
	must(t, ledger.Post(ctx, rewards.Hold("org_1", "q_1", tasknet.Micro(3150), now)))

	again := chain.events[1]
	chain.takeBack(2)
	again.Block = 3
	chain.events = append(chain.events, again)
	chain.head = 2 // the other branch is shorter yet
	if err := p.CollectEvents(ctx); tasknet.Describe(err).Kind != tasknet.Unavailable {
		t.Errorf("a chain that is behind: %v", err)
	}
	balance(t, ledger, rewards.Requester("org_1"), 60)
	chain.head = 4
	for range 3 {
		must(t, p.CollectEvents(ctx))
	}
	balance(t, ledger, rewards.Requester("org_1"), 0)
	balance(t, ledger, rewards.Debt("org_1"), -2940)
	totals, err := ledger.Totals(ctx)
	must(t, err)
	if !totals.Conserved() || totals.Deposited != tasknet.Micro(210) {
		t.Errorf("totals %+v", totals)
	}
	chain.deposit("org_1", 3000)
	must(t, p.CollectEvents(ctx))
	balance(t, ledger, rewards.Requester("org_1"), 60)
	balance(t, ledger, rewards.Debt("org_1"), 0)
}

// TestExit has a requester take back what is not spent, under a notice.
func TestExit(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	chain.deposit("org_1", 100)
	must(t, p.CollectEvents(ctx))
	spend(t, ledger, 0, "q_1", 30)
	must(t, p.Advance(ctx))
	chain.event(rewards.NoticeGiven, "org_1", nil)
	must(t, p.CollectEvents(ctx))
	if err := ledger.Post(ctx, rewards.Hold("org_1", "q_2", tasknet.Micro(1), now)); !errors.Is(err, rewards.ErrInsufficient) {
		t.Fatalf("money under notice can be spent: %v", err)
	}
	accounts, err := ledger.Spending(ctx, 1)
	must(t, err)
	tree, err := rewards.SpendingTree(accounts, chain.info)
	must(t, err)
	if chain.header.Spending != tree.Root() || accounts[0].Spent != tasknet.Micro(30) || chain.header.Spent.Cmp(chain.info.Base(tasknet.Micro(30))) != 0 {
		t.Fatalf("the header %+v, the accounts %+v", chain.header, accounts)
	}
	chain.event(rewards.Withdrawn, "org_1", chain.info.Base(tasknet.Micro(70)))
	must(t, p.CollectEvents(ctx))
	balance(t, ledger, rewards.WithdrawnAccount, 70)
	balance(t, ledger, rewards.Frozen(accounts[0].Key), 0)
	balance(t, ledger, rewards.Debt("org_1"), 0)
}

// TestNoticeClosesQuestions: what is set aside for open questions and under notice is said again and again until they are closed,
// and what comes back is frozen.
func TestNoticeClosesQuestions(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	var said []rewards.Uncovered
	fails := errors.New("not now")
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }, Uncovered: func(_ context.Context, u rewards.Uncovered) error {
		if said = append(said, u); len(said) == 1 {
			return fails
		}
		s, err := rewards.Settle(rewards.Bill{Org: u.Org, Cause: "q_1", Hold: tasknet.Micro(75), Pays: []rewards.Pay{{Payee: payee(0), Amount: tasknet.Micro(20)}}}, now)
		must(t, err)
		return ledger.Post(ctx, s.Transaction)
	}})
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	chain.deposit("org_1", 100)
	must(t, p.CollectEvents(ctx))
	must(t, ledger.Post(ctx, rewards.Hold("org_1", "q_1", tasknet.Micro(75), now)))
	must(t, p.CollectEvents(ctx))
	chain.event(rewards.NoticeGiven, "org_1", nil)
	if err := p.CollectEvents(ctx); !errors.Is(err, fails) {
		t.Fatalf("a question that could not be closed: %v", err)
	}
	must(t, p.CollectEvents(ctx))
	must(t, p.CollectEvents(ctx))
	one := rewards.Uncovered{Org: "org_1", Amount: tasknet.Micro(75)}
	if diff := cmp.Diff([]rewards.Uncovered{one, one}, said, cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	balance(t, ledger, rewards.Requester("org_1"), 0)
	must(t, p.Advance(ctx))
	if want := chain.info.Base(tasknet.Micro(20)); chain.header.Spent.Cmp(want) != 0 || chain.header.Total.Cmp(want) != 0 {
		t.Errorf("the header %+v", chain.header)
	}
}

// TestUncoveredPayWaits: pay whose money has left the vault stops nobody else's, and comes when a deposit covers it.
func TestUncoveredPayWaits(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
	for i := range 3 {
		must(t, ledger.SetPayee(ctx, payee(i), address(i)))
	}
	settle := func(org, q string, each int64, who ...int) {
		t.Helper()
		bill := rewards.Bill{Org: org, Cause: q, Hold: tasknet.Micro(each * int64(len(who)))}
		for _, i := range who {
			bill.Pays = append(bill.Pays, rewards.Pay{Payee: payee(i), Amount: tasknet.Micro(each)})
		}
		must(t, ledger.Post(ctx, rewards.Hold(org, q, bill.Hold, clock)))
		if org == "org_1" { // all of it is taken out before anybody has answered
			chain.event(rewards.NoticeGiven, org, nil)
			chain.event(rewards.Withdrawn, org, chain.info.Base(bill.Hold))
			must(t, p.CollectEvents(ctx))
		}
		s, err := rewards.Settle(bill, clock)
		must(t, err)
		must(t, ledger.Post(ctx, s.Transaction))
	}
	epoch := func(number int64, payees int, amount int64) {
		t.Helper()
		clock = clock.Add(time.Hour)
		must(t, p.CollectEvents(ctx))
		for range 2 {
			must(t, p.Advance(ctx))
		}
		e, err := ledger.LastEpoch(ctx)
		if err != nil || e.Number != number || e.State != rewards.Settled || e.Payees != payees || e.Amount != tasknet.Micro(amount) || e.Cumulative.Cmp(e.Spent) > 0 {
			t.Fatalf("epoch %+v, %v; want %d, with %d for %d", e, err, number, amount, payees)
		}
	}
	chain.deposit("org_1", 30)
	chain.deposit("org_2", 100)
	must(t, p.CollectEvents(ctx))
	settle("org_1", "q_1", 15, 0, 1)
	if must(t, p.Advance(ctx)); !strings.HasPrefix(p.Waiting(), "pay of 0.00003 waits") {
		t.Errorf("it waits for %q", p.Waiting())
	}
	settle("org_2", "q_2", 5, 1, 2) // 15, 20 and 5 are due, of which 10 are covered
	epoch(1, 1, 5)
	if !strings.HasPrefix(p.Waiting(), "pay of 0.000035 waits") {
		t.Errorf("it waits for %q", p.Waiting())
	}
	settle("org_2", "q_3", 10, 2)
	epoch(2, 1, 10)
	chain.deposit("org_1", 30)
	epoch(3, 2, 35)
	if p.Waiting() != "" {
		t.Errorf("it waits for %q", p.Waiting())
	}
}

// TestNoticeHurriesAnEpoch: what an owner who is about to withdraw has spent is in a root before the time for the next has come,
// whether or not somebody is paid by it.
func TestNoticeHurriesAnEpoch(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }})
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	epoch := func(number, spent int64, payees int) {
		t.Helper()
		must(t, p.CollectEvents(ctx))
		must(t, p.Advance(ctx))
		e, err := ledger.LastEpoch(ctx)
		if err != nil || e.Number != number || e.State != rewards.Settled || e.Payees != payees || chain.header.Spent.Cmp(chain.info.Base(tasknet.Micro(spent))) != 0 {
			t.Fatalf("epoch %+v, %v, header %+v; want %d settled, with %d spent", e, err, chain.header, number, spent)
		}
	}
	fee := func(q string) {
		t.Helper()
		s, err := rewards.Settle(rewards.Bill{Org: "org_1", Cause: q, Hold: tasknet.Micro(4), Fee: tasknet.Micro(3)}, now)
		must(t, err)
		must(t, ledger.Post(ctx, s.Transaction))
	}
	chain.deposit("org_1", 100)
	must(t, p.CollectEvents(ctx))
	for _, q := range []string{"q_1", "q_2"} {
		must(t, ledger.Post(ctx, rewards.Hold("org_1", q, tasknet.Micro(4), now)))
	}
	fee("q_1")
	chain.event(rewards.NoticeGiven, "org_1", nil)
	epoch(1, 3, 0) // nobody was ever paid
	if (chain.header.Payouts != rewards.Hash{}) {
		t.Errorf("a root of no payouts: %x", chain.header.Payouts)
	}
	chain.event(rewards.NoticeCancelled, "org_1", nil)
	must(t, p.CollectEvents(ctx))
	spend(t, ledger, 0, "q_3", 20)
	epoch(1, 3, 0) // nobody hurries
	chain.event(rewards.NoticeGiven, "org_1", nil)
	epoch(2, 23, 1)
	epoch(2, 23, 1)
	fee("q_2")
	epoch(3, 26, 0)
	if got := chain.of(address(0)); got.Cmp(chain.info.Base(tasknet.Micro(20))) != 0 {
		t.Errorf("paid %s", got)
	}
}

// TestRelayIsWorthItsGas: who gets little waits, and is paid when it has grown; who claims alone is seen.
func TestRelayIsWorthItsGas(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	// At one token a coin and 10^9 for a unit of gas the first claim costs 53 micro-units, and a later one 18.
	chain.price = 1e9
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{
		Relay: rewards.Relay{Share: 1000, CoinPrice: tasknet.Micro(tasknet.MicroPerToken)}, Now: func() time.Time { return clock },
	})
	for i := range 4 {
		must(t, ledger.SetPayee(ctx, payee(i), address(i)))
	}
	chain.deposit("org_1", 10_000)
	must(t, p.CollectEvents(ctx))
	epoch := func(earned ...int64) {
		t.Helper()
		for i, micro := range earned {
			if micro > 0 {
				spend(t, ledger, i, fmt.Sprint("q_", clock.UnixNano(), i), micro)
			}
		}
		must(t, p.Advance(ctx))
		if e, err := ledger.LastEpoch(ctx); err != nil || e.State != rewards.Settled {
			t.Fatalf("epoch %+v, %v", e, err)
		}
		clock = clock.Add(time.Hour)
	}
	wants := func(micro ...int64) {
		t.Helper()
		for i, want := range micro {
			if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(want))) != 0 {
				t.Errorf("person %d was paid %s base units, want %d micro-units", i, got, want)
			}
		}
	}
	epoch(530, 529, 300, 1)
	wants(530, 0, 0, 0)
	epoch(180, 0, 300, 1)
	wants(710, 0, 600, 0)
	// Somebody claims alone, what no relayer would send.
	chain.claimed[address(1)] = chain.info.Base(tasknet.Micro(529))
	epoch(179, 0, 0, 1)
	wants(710, 529, 600, 0)
	open, err := ledger.UnclaimedPayees(ctx)
	if err != nil || len(open) != 2 {
		t.Errorf("%+v wait, %v; want those two whose claims cost too much", open, err)
	}
	chain.price = 1 // gas is cheap again
	epoch(1, 0, 0, 0)
	wants(890, 529, 600, 3)
}

// TestClaimsAreBatchedByGas: a transaction holds fewer newcomers, whose claims make new state, than people who were paid
// before.
func TestClaimsAreBatchedByGas(t *testing.T) {
	const people = 700
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
	pays := make([]rewards.Pay, people)
	for i := range pays {
		a := rewards.Address{byte(i >> 8), byte(i), 7}
		must(t, ledger.SetPayee(ctx, payee(i), a))
		pays[i] = rewards.Pay{Payee: payee(i), Amount: tasknet.Micro(1)}
	}
	chain.deposit("org_1", 2*people)
	must(t, p.CollectEvents(ctx))
	for i, want := range [][]int{{226, 226, 226, 22}, {500, 200}} {
		q := fmt.Sprint("q_", i)
		must(t, ledger.Post(ctx, rewards.Hold("org_1", q, tasknet.Micro(people), now)))
		s, err := rewards.Settle(rewards.Bill{Org: "org_1", Cause: q, Hold: tasknet.Micro(people), Pays: pays}, now)
		must(t, err)
		must(t, ledger.Post(ctx, s.Transaction))
		chain.sizes = nil
		must(t, p.Advance(ctx))
		if diff := cmp.Diff(want, chain.sizes); diff != "" {
			t.Errorf("claims of epoch %d (-want +got):\n%s", i+1, diff)
		}
		clock = clock.Add(time.Hour)
	}
	if open, err := ledger.UnclaimedPayees(ctx); err != nil || len(open) > 0 {
		t.Errorf("%d wait, %v", len(open), err)
	}
}

// TestBlockedRoot: while a root is blocked the one before stays, and what comes of it is seen.
func TestBlockedRoot(t *testing.T) {
	ctx := t.Context()
	for name, judged := range map[string]bool{"good": true, "bad, or silence": false} {
		ledger, chain := openStore(t), newVault()
		log := rewards.Checkpoint{Size: 3, Root: rewards.Hash{0x10}}
		clock := now
		p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{
			Checkpoint: func(context.Context) (rewards.Checkpoint, error) { return log, nil }, Now: func() time.Time { return clock },
		})
		must(t, ledger.SetPayee(ctx, payee(0), address(0)))
		chain.deposit("org_1", 100)
		must(t, p.CollectEvents(ctx))
		state := func(want rewards.EpochState) {
			t.Helper()
			must(t, p.Advance(ctx))
			if e, err := ledger.LastEpoch(ctx); err != nil || e.State != want {
				t.Fatalf("%s: epoch %+v, %v; want it %s", name, e, err, want)
			}
		}
		spend(t, ledger, 0, "q_1", 5)
		state(rewards.Settled)
		spend(t, ledger, 0, "q_2", 7)
		clock = clock.Add(time.Hour)
		chain.delayed = true
		state(rewards.Confirmed)
		chain.blocked = true
		state(rewards.Blocked)
		first := chain.next.Hash()
		if got := chain.of(address(0)); chain.epoch != 1 || got.Cmp(chain.info.Base(tasknet.Micro(5))) != 0 {
			t.Fatalf("%s was paid under a blocked root, epoch %d", got, chain.epoch)
		}
		log = rewards.Checkpoint{Size: 8, Root: rewards.Hash{0x11}}
		if judged {
			chain.takesEffect()
		} else {
			chain.voided()
			posts := len(chain.posted)
			for range 3 {
				state(rewards.Voided)
			}
			if chain.next != nil || len(chain.posted) != posts || !strings.Contains(p.Waiting(), "epoch 2 is void") {
				t.Fatalf("a void root was posted again without a word, %q", p.Waiting())
			}
			if err := rewards.PostAgain(ctx, ledger, 1); !errors.Is(err, rewards.ErrNotVoided) {
				t.Errorf("an epoch in force is posted again: %v", err)
			}
			must(t, rewards.PostAgain(ctx, ledger, 2))
			state(rewards.Confirmed) // built anew and posted
			if chain.next.Epoch != 2 || chain.next.Hash() == first || chain.next.LogSize != 8 {
				t.Fatalf("the corrected root is %+v", chain.next)
			}
			chain.takesEffect()
		}
		state(rewards.Settled)
		if got := chain.of(address(0)); got.Cmp(chain.info.Base(tasknet.Micro(12))) != 0 || p.Waiting() != "" {
			t.Errorf("%s: paid %s in the end, %q", name, got, p.Waiting())
		}
	}
}

// TestVoidedUnseen: a root whose posting was not answered, and that was voided before anybody looked, is not posted again. Once
// an operator has had it posted again, the same header is.
func TestVoidedUnseen(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	payer := func() *rewards.Payer {
		return rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return now }})
	}
	must(t, ledger.SetPayee(ctx, payee(0), address(0)))
	chain.deposit("org_1", 100)
	must(t, payer().CollectEvents(ctx))
	spend(t, ledger, 0, "q_1", 5)
	chain.delayed = true
	chain.fail = func() failure { return replyLost }
	if err := payer().Advance(ctx); !errors.Is(err, errNode) {
		t.Fatal(err)
	}
	chain.voided()
	chain.fail = func() failure { return works }
	must(t, payer().Advance(ctx))
	if e, err := ledger.LastEpoch(ctx); err != nil || e.State != rewards.Voided || e.Tx != minedAs(0).Tx || len(chain.posted) != 1 {
		t.Fatalf("epoch %+v, %v, %d posted", e, err, len(chain.posted))
	}
	must(t, rewards.PostAgain(ctx, ledger, 1))
	must(t, payer().Advance(ctx))
	e, err := ledger.LastEpoch(ctx)
	if err != nil || e.State != rewards.Confirmed || e.Tx != minedAs(1).Tx || chain.posted[0] != chain.posted[1] {
		t.Fatalf("epoch %+v, %v, posted %x", e, err, chain.posted)
	}
}

// TestRelayGoesOnUnderTheLastRoot: while a root is blocked, claims of the one before that had to wait are relayed.
func TestRelayGoesOnUnderTheLastRoot(t *testing.T) {
	ctx := t.Context()
	ledger, chain := openStore(t), newVault()
	clock := now
	p := rewards.NewPayer(ledger, chain, rewards.PayerConfig{Now: func() time.Time { return clock }})
	for i := range 3 {
		must(t, ledger.SetPayee(ctx, payee(i), address(i)))
	}
	chain.deposit("org_1", 100)
	must(t, p.CollectEvents(ctx))
	spend(t, ledger, 0, "q_1", 5)
	spend(t, ledger, 1, "q_2", 6)
	chain.refused = address(1)
	must(t, p.Advance(ctx))
	clock = clock.Add(time.Hour)
	spend(t, ledger, 0, "q_3", 7)
	spend(t, ledger, 1, "q_4", 8)
	spend(t, ledger, 2, "q_5", 9)
	chain.delayed = true
	must(t, p.Advance(ctx))
	chain.blocked, chain.refused = true, rewards.Address{}
	clock = clock.Add(time.Hour)
	must(t, p.Advance(ctx))
	for i, want := range []int64{5, 6, 0} {
		if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(want))) != 0 {
			t.Errorf("person %d was paid %s base units under the root before, want %d micro-units", i, got, want)
		}
	}
	if e, err := ledger.Epoch(ctx, 1); err != nil || e.Gas != 3*11 { // the root, the first claim, and the late one
		t.Errorf("epoch 1: %+v, %v", e, err)
	}
	if e, err := ledger.LastEpoch(ctx); err != nil || e.State != rewards.Blocked {
		t.Errorf("epoch %+v, %v", e, err)
	}
	chain.takesEffect()
	must(t, p.Advance(ctx))
	for i, want := range []int64{12, 14, 9} {
		if got := chain.of(address(i)); got.Cmp(chain.info.Base(tasknet.Micro(want))) != 0 {
			t.Errorf("person %d was paid %s base units in the end, want %d micro-units", i, got, want)
		}
	}
}

func balance(t *testing.T, ledger rewards.Store, a rewards.Account, want int64) {
	t.Helper()
	if got, err := ledger.Balance(t.Context(), a); err != nil || got != tasknet.Micro(want) {
		t.Errorf("%s holds %s, %v; want %d micro-units", a, got, err, want)
	}
}

// spend has somebody earn micro-units of what org_1 has.
func spend(t *testing.T, ledger rewards.Store, who int, q string, micro int64) {
	t.Helper()
	amount := tasknet.Micro(micro)
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
