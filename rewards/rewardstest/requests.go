package rewardstest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// TestRequests tests a store of contracts' questions, with the store of money that they come with. open returns empty ones; it is
// called once in each subtest.
func TestRequests(t *testing.T, open func(testing.TB) (rewards.Store, rewards.RequestStore)) {
	for name, test := range map[string]func(*world, rewards.RequestStore){
		"Asked":    testAsked,
		"Gone":     testGone,
		"Verdicts": testVerdicts,
		"Due":      testDue,
		"Before":   testBefore,
		"Back":     testBack,
	} {
		t.Run(name, func(t *testing.T) {
			money, requests := open(t)
			test(&world{T: t, store: money, now: start}, requests)
		})
	}
}

// asked returns the booking of the payment of a contract's question, of 100 micro-units.
func asked(n byte, block int64) rewards.Booking {
	id := rewards.Hash{0xff, n, 0x81}
	b := rewards.Booking{Org: rewards.OrgOf(id), Amount: tasknet.Micro(100), Event: rewards.Event{
		Kind: rewards.Deposited, Tx: rewards.Hash{byte(block), n}, LogIndex: 3, Block: block, Owner: rewards.Address{0xa5, n}, Reference: id, Base: dev.Base(tasknet.Micro(100)),
	}}
	b.Event.Ask = &rewards.Ask{
		Oracle: rewards.Address{0x0c}, Text: "Hide\x00 it\uFFFD?", Options: []string{"Keep", "Hide"}, Garbled: true, MinAnswers: 3, MaxAnswers: 5, TargetPPM: 950_000,
		Deadline: start.Add(time.Hour).Unix(), Payment: b.Event.Base, CallbackGas: 100_000,
	}
	return b
}

func (w *world) request(s rewards.RequestStore, b rewards.Booking) rewards.Request {
	w.Helper()
	r, err := s.Request(w.Context(), b.Event.Reference)
	w.must(err)
	return r
}

func ids(list []rewards.Request) (ids []rewards.Hash) {
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	return ids
}

// are holds that a list is of these requests.
func (w *world) are(what string, list []rewards.Request, err error, want ...rewards.Booking) {
	w.Helper()
	w.must(err)
	var of []rewards.Hash
	for _, b := range want {
		of = append(of, b.Event.Reference)
	}
	if !slices.Equal(ids(list), of) {
		w.Errorf("%s: %x, want %x", what, ids(list), of)
	}
}

var decided = rewards.OracleVerdict{Outcome: rewards.OutcomeDecided, Choice: 1, ConfidencePPM: 970_000, Answers: 4, Record: rewards.Hash{7}}

// testAsked: a request comes with its payment, once, and becomes one question.
func testAsked(w *world, s rewards.RequestStore) {
	ctx := w.Context()
	a, b := asked(1, 5), asked(2, 5)
	_, err := s.Request(ctx, a.Event.Reference)
	w.want("a request that nobody made", err, rewards.ErrNoRequest)
	// Somebody paid into the account before, for nobody.
	early := asked(1, 4)
	early.Event.Ask, early.Org, early.Amount = nil, "", tasknet.Amount{}
	w.book(4, early)
	w.book(5, a, b)
	w.book(6, a) // seen twice
	w.balance(rewards.Requester(a.Org), 100)
	if accounts, err := w.store.VaultAccounts(ctx, a.Org); err != nil || len(accounts) != 1 || accounts[0].Deposited != tasknet.Micro(100) {
		w.Errorf("the request's account: %+v, %v", accounts, err)
	}
	want := rewards.Request{ID: a.Event.Reference, Asker: a.Event.Owner, Org: a.Org, Tx: a.Event.Tx, LogIndex: 3, Block: 5, Ask: *a.Event.Ask, State: rewards.RequestAsked}
	if diff := cmp.Diff(want, w.request(s, a), equal); diff != "" {
		w.Error(diff)
	}
	list, err := s.RequestsIn(ctx, rewards.RequestAsked, 10)
	w.are("asked", list, err, a, b)
	w.must(s.OpenRequest(ctx, want.ID, "q_1"))
	w.want("opened twice", s.OpenRequest(ctx, want.ID, "q_2"), rewards.ErrRequestMoved)
	if r := w.request(s, a); r.State != rewards.RequestOpen || r.Question != "q_1" {
		w.Errorf("opened as %+v", r)
	}
	w.want("closed from where it is not", s.CloseRequest(ctx, want.ID, rewards.RequestAsked, decided, "", w.now), rewards.ErrRequestMoved)
	w.must(s.CloseRequest(ctx, want.ID, rewards.RequestOpen, decided, "", w.now))
	w.want("closed twice", s.CloseRequest(ctx, want.ID, rewards.RequestOpen, rewards.OracleVerdict{}, "", w.now), rewards.ErrRequestMoved)
	if r := w.request(s, a); r.State != rewards.RequestClosed || r.Verdict != decided || !r.At.Equal(w.now) {
		w.Errorf("closed as %+v", r)
	}
	var all []rewards.Request
	for page := (tasknet.Page{Limit: 1}); ; {
		some, next, err := s.Requests(ctx, page)
		w.must(err)
		all = append(all, some...)
		if page.After = next; next == "" {
			break
		}
	}
	w.are("all", all, nil, a, b)
}

// testGone: what the chain takes back is not asked; when it comes again it is, but what has a verdict keeps it.
func testGone(w *world, s rewards.RequestStore) {
	ctx := w.Context()
	waits, opened, off, closed := asked(1, 5), asked(2, 5), asked(3, 5), asked(4, 5)
	all := []rewards.Booking{waits, opened, off, closed}
	w.book(5, all...)
	for _, b := range all[1:] {
		w.must(s.OpenRequest(ctx, b.Event.Reference, "q_1"))
	}
	w.must(s.CloseRequest(ctx, closed.Event.Reference, rewards.RequestOpen, decided, "", w.now))
	w.must(s.FulfilRequest(ctx, closed.Event.Reference, true, w.now))
	for _, b := range all {
		w.must(w.store.UndoEvent(ctx, b.Event, w.now))
		w.must(w.store.UndoEvent(ctx, b.Event, w.now))
		if !w.request(s, b).Gone {
			w.Errorf("%x is there", b.Event.Reference)
		}
	}
	w.must(w.store.StepBack(ctx, 1))
	w.want("opened while it is gone", s.OpenRequest(ctx, waits.Event.Reference, "q_1"), rewards.ErrRequestMoved)
	w.want("closed while it is gone", s.CloseRequest(ctx, opened.Event.Reference, rewards.RequestOpen, decided, "", w.now), rewards.ErrRequestMoved)
	for _, state := range []rewards.RequestState{rewards.RequestAsked, rewards.RequestOpen, rewards.RequestFulfilled} {
		list, err := s.RequestsIn(ctx, state, 10)
		w.are("there", list, err)
	}
	list, err := s.RequestsGone(ctx, 10)
	w.are("to be called off", list, err, opened, off)
	w.must(s.CallOffRequest(ctx, off.Event.Reference))
	w.want("called off twice", s.CallOffRequest(ctx, off.Event.Reference), rewards.ErrRequestMoved)
	list, err = s.RequestsGone(ctx, 10)
	w.are("to be called off", list, err, opened)
	// They come again, in another transaction.
	for i := range all {
		all[i].Event.Tx[5], all[i].Event.Block = 1, 6
	}
	w.book(6, all...)
	for _, c := range []struct {
		b        rewards.Booking
		state    rewards.RequestState
		question string
	}{{waits, rewards.RequestAsked, ""}, {opened, rewards.RequestOpen, "q_1"}, {off, rewards.RequestAsked, ""}, {closed, rewards.RequestClosed, "q_1"}} {
		if r := w.request(s, c.b); r.Gone || r.State != c.state || r.Question != c.question || r.Delivered || r.Block != 6 {
			w.Errorf("%x came again as %+v", c.b.Event.Reference, r)
		}
	}
	if r := w.request(s, closed); r.Verdict != decided {
		w.Errorf("a verdict became %+v", r.Verdict)
	}
	w.want("called off after it came again", s.CallOffRequest(ctx, opened.Event.Reference), rewards.ErrRequestMoved)
	w.balance(rewards.Requester(waits.Org), 100)
}

// testVerdicts: an epoch's tree has the verdicts that wait when it is built, also when it is built again.
func testVerdicts(w *world, s rewards.RequestStore) {
	ctx := w.Context()
	a, b, none, gone := asked(1, 5), asked(2, 5), asked(3, 5), asked(4, 5)
	w.book(5, a, b, none, gone)
	waits := func(at time.Time, want bool) {
		w.Helper()
		if got, err := s.VerdictsWait(ctx, at); err != nil || got != want {
			w.Errorf("verdicts wait: %v, %v; want %v", got, err, want)
		}
	}
	deadline := start.Add(time.Hour)
	waits(deadline, false)
	unanswered := rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Record: rewards.Hash{9}}
	w.must(s.CloseRequest(ctx, none.Event.Reference, rewards.RequestAsked, unanswered, "underpaid", w.now))
	waits(deadline.Add(-time.Second), false) // the oracle does not take it yet
	waits(deadline, true)
	for _, r := range []rewards.Booking{b, a, gone} {
		w.must(s.OpenRequest(ctx, r.Event.Reference, "q_1"))
		w.must(s.CloseRequest(ctx, r.Event.Reference, rewards.RequestOpen, decided, "", w.now))
	}
	w.must(w.store.UndoEvent(ctx, gone.Event, w.now))
	waits(w.now, true)
	list, err := s.PutVerdicts(ctx, 1, w.now, 10)
	w.are("in the tree", list, err, a, b)
	waits(w.now, false)
	list, err = s.PutVerdicts(ctx, 2, w.now, 1)
	w.are("in a tree of one", list, err, a)
	w.must(s.FulfilRequest(ctx, a.Event.Reference, false, w.now))
	list, err = s.VerdictsIn(ctx, 1)
	w.are("in the tree, afterwards", list, err, a, b)
	if list[0].Verdict != decided || list[0].Epoch != 2 || list[1].Epoch != 1 {
		w.Errorf("in the tree are %+v", list)
	}
	list, err = s.PutVerdicts(ctx, 2, deadline, 10)
	w.are("in the tree that is built again", list, err, b, none)
	root, err := rewards.VerdictsRoot(ctx, s, 3, deadline)
	w.must(err)
	if want := rewards.VerdictsTree([]rewards.Request{w.request(s, b), w.request(s, none)}).Root(); root != want {
		w.Errorf("root %x, want %x", root, want)
	}
}

// testDue: what can be brought is looked at until it is brought, and calls are tried so often and no more.
func testDue(w *world, s rewards.RequestStore) {
	ctx := w.Context()
	a, quiet := asked(1, 5), asked(2, 5)
	quiet.Event.Ask.CallbackGas = 0
	w.book(5, a, quiet)
	due := func(at time.Time, want ...rewards.Booking) {
		w.Helper()
		list, err := s.RequestsDue(ctx, at, 2, 10)
		w.are("due", list, err, want...)
	}
	for _, r := range []rewards.Booking{a, quiet} {
		w.must(s.OpenRequest(ctx, r.Event.Reference, "q_1"))
		w.must(s.CloseRequest(ctx, r.Event.Reference, rewards.RequestOpen, decided, "", w.now))
	}
	due(w.now) // in no header yet
	_, err := s.PutVerdicts(ctx, 1, w.now, 10)
	w.must(err)
	due(w.now, a, quiet)
	later := w.now.Add(time.Minute)
	w.must(s.TriedRequest(ctx, a.Event.Reference, later))
	due(w.now, quiet)
	w.must(s.FulfilRequest(ctx, quiet.Event.Reference, false, w.now))
	due(w.now)
	due(later, a)
	w.must(s.FulfilRequest(ctx, a.Event.Reference, false, later))
	due(w.now)
	for range 2 {
		due(later, a)
		w.must(s.TriedRequest(ctx, a.Event.Reference, later))
	}
	due(later)
	w.must(s.FulfilRequest(ctx, a.Event.Reference, true, later))
	if r := w.request(s, a); !r.Delivered || r.State != rewards.RequestFulfilled {
		w.Errorf("delivered as %+v", r)
	}
	if err := s.FulfilRequest(ctx, rewards.Hash{1}, true, later); !errors.Is(err, rewards.ErrRequestMoved) {
		w.Errorf("an unknown request is fulfilled: %v", err)
	}
}

// testBefore: a payment that was booked to nobody becomes a contract's question when it is known to be one, once; and it is known
// how far an oracle was looked at.
func testBefore(w *world, s rewards.RequestStore) {
	ctx := w.Context()
	through := func(oracle byte, want int64) {
		w.Helper()
		if got, err := w.store.AskedThrough(ctx, rewards.Address{oracle}); err != nil || got != want {
			w.Errorf("oracle %d was looked at through block %d, %v; want %d", oracle, got, err, want)
		}
	}
	look := func(block int64, oracle byte, events ...rewards.Booking) {
		w.Helper()
		at := look(block)
		at.Oracle = rewards.Address{oracle}
		w.must(w.store.BookEvents(ctx, events, at, w.now))
	}
	known, early := asked(1, 5), asked(2, 6)
	nobodys := early
	nobodys.Event.Ask, nobodys.Org, nobodys.Amount = nil, "", tasknet.Amount{}
	look(5, 0x0c, known)
	look(6, 0, nobodys)
	look(7, 0)
	through(0x0c, 5)
	through(0x0d, 0)
	if r, err := s.Request(ctx, early.Event.Reference); !errors.Is(err, rewards.ErrNoRequest) {
		w.Errorf("a payment to nobody is %+v, %v", r, err)
	}
	w.must(w.store.StepBack(ctx, 4))
	through(0x0c, 4)
	for block := int64(7); block < 9; block++ { // seen twice
		look(block, 0x0c, known, early)
		through(0x0c, block)
		list, err := s.RequestsIn(ctx, rewards.RequestAsked, 10)
		w.are("asked", list, err, known, early)
		for _, b := range []rewards.Booking{known, early} {
			w.balance(rewards.Requester(b.Org), 100)
		}
	}
	if accounts, err := w.store.VaultAccounts(ctx, early.Org); err != nil || len(accounts) != 1 || accounts[0].Deposited != tasknet.Micro(100) {
		w.Errorf("the account of what was booked later: %+v, %v", accounts, err)
	}
	w.must(w.store.UndoEvent(ctx, early.Event, w.now))
	w.balance(rewards.Requester(early.Org), 0)
	look(9, 0x0c, early)
	w.balance(rewards.Requester(early.Org), 100)
}

// testBack: a verdict that the oracle has no more waits for the next epoch's tree, unless it is in the newest.
func testBack(w *world, s rewards.RequestStore) {
	ctx := w.Context()
	a, b := asked(1, 5), asked(2, 5)
	w.book(5, a, b)
	for i, r := range []rewards.Booking{a, b} {
		w.must(s.OpenRequest(ctx, r.Event.Reference, "q_1"))
		w.want("taken back before it was brought", s.UnfulfilRequest(ctx, r.Event.Reference), rewards.ErrRequestMoved)
		w.must(s.CloseRequest(ctx, r.Event.Reference, rewards.RequestOpen, decided, "", w.now.Add(-time.Duration(i)*time.Hour)))
	}
	_, err := s.PutVerdicts(ctx, 1, w.now, 10)
	w.must(err)
	for _, r := range []rewards.Booking{a, b} {
		w.must(s.FulfilRequest(ctx, r.Event.Reference, true, w.now.Add(time.Hour)))
	}
	list, err := s.RequestsFulfilled(ctx, 10)
	w.are("brought, the newest verdict first", list, err, a, b)
	list, err = s.RequestsFulfilled(ctx, 1)
	w.are("brought last", list, err, a)
	w.must(s.UnfulfilRequest(ctx, a.Event.Reference))
	w.want("taken back twice", s.UnfulfilRequest(ctx, a.Event.Reference), rewards.ErrRequestMoved)
	if r := w.request(s, a); r.State != rewards.RequestClosed || r.Delivered || r.Tries != 0 || r.Verdict != decided {
		w.Errorf("taken back it is %+v", r)
	}
	list, err = s.RequestsDue(ctx, w.now, 2, 10)
	w.are("due", list, err, a)
	waits := func(what string, want bool) {
		w.Helper()
		if got, err := s.VerdictsWait(ctx, w.now); err != nil || got != want {
			w.Errorf("%s verdicts wait: %v, %v", what, got, err)
		}
	}
	waits("in the newest tree,", false)
	plan, err := rewards.EmptyPlan(2, nil, dev, w.now)
	w.must(err)
	w.must(w.store.SavePlan(ctx, plan))
	waits("in an older tree,", true)
	_, err = s.PutVerdicts(ctx, 2, w.now, 10)
	w.must(err)
	waits("in the newest tree again,", false)

	// An epoch that is built anew has other verdicts, and has the first ones again when its first header comes back.
	w.must(w.store.BuildEpoch(ctx, 2, rewards.Planned, rewards.Header{Verdicts: rewards.Hash{1}}))
	w.must(s.UnfulfilRequest(ctx, b.Event.Reference))
	list, err = s.PutVerdicts(ctx, 2, w.now, 10)
	w.are("in the tree that is built again", list, err, a, b)
	w.must(w.store.BuildEpoch(ctx, 2, rewards.Built, rewards.Header{Verdicts: rewards.Hash{2}}))
	for build, want := range [][]rewards.Booking{{a}, {a, b}} {
		w.must(w.store.TakeUp(ctx, 2, []rewards.EpochState{rewards.Built, rewards.Confirmed}[build], build, rewards.Mined{Tx: rewards.Hash{8}}))
		list, err = s.VerdictsIn(ctx, 2)
		w.are("in the tree that came back", list, err, want...)
		waits("in the tree that came back,", build == 0)
	}
}
