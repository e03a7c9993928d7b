package testnet_test

import (
	"context"
	"encoding/hex"
	"maps"
	"math/big"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	// oracleKills is how often the program is killed at random while contracts wait, and oracleKillsLong in the long form.
	oracleKills, oracleKillsLong = 3, 8
	// oracleLife is for how long it lives then at the most.
	oracleLife = 700 * time.Millisecond
)

// TestContractsQuestionsOutliveKills: the program is killed by SIGKILL right after states of contracts' questions are seen, after each in
// the long form, and then at random moments on the way of others. Each question is taken up once, its money is held once, its verdict is brought
// once, people are paid once, and an outsider finds nothing wrong.
func TestContractsQuestionsOutliveKills(t *testing.T) {
	t.Parallel()       // it waits for polls and for starts
	binary := build(t) // before the time begins
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	random := mathrand.New(mathrand.NewPCG(killSeed, 1))
	s := newServer(t, binary, "", plan{})
	kills := oracleKills
	if os.Getenv(longTests) != "" {
		kills = oracleKillsLong
	}
	rpc := freeAddress(t)
	s.env = []string{"CHAIN_DEV_RPC=" + strings.TrimPrefix(rpc, "http://")}
	ctx, key := s.start(t, ctx)
	patient, err := client.New(s.url, client.Config{Patience: time.Minute})
	must(t, err)
	hasty, err := client.New(s.url, client.Config{Patience: time.Nanosecond})
	must(t, err)
	n, looks := &testnet.Net{Client: patient, Data: s.data}, &testnet.Net{Client: hasty, Data: s.data}
	o := newOutside(t, ctx, n, rpc)
	o.Mint(t, o.token, o.Address(), tokens(100))
	o.Approve(t, o.token, o.board)
	board := &ethtest.Board{Account: o.Account, At: o.board}
	posts := board.Post(t, "You have won a phone.")
	taker := ethtest.NewEater(t, o.Account, o.token, o.oracle)
	o.Mint(t, o.token, taker.At, tokens(100))
	taker.Behave(t)

	question := ethtest.Question{Text: "Is this spam?", Options: []string{"yes", "no"}, Min: 2, Max: 2, Deadline: time.Now().Add(24 * time.Hour), Payment: tokens(1), CallbackGas: 200_000}
	calm := question
	calm.CallbackGas = 0
	// Each state in turn. The chain may lose its newest block with the program: who asked sees it and asks again.
	first := taker.Ask(t, question)
	s.crash(t, ctx)
	if told := o.told(t, ctx); told.Asked[first] == 0 {
		if again := taker.Ask(t, question); again != first {
			t.Fatalf("asked again it is %x, and was %x", again, first)
		}
	}
	anyway := func(wire.OracleStanding) bool { return true }
	await(t, ctx, looks, first, anyway)
	s.crashInLong(t, ctx)
	second := taker.Ask(t, calm)
	await(t, ctx, looks, second, anyway) // the chain keeps it from now on
	numbers := [][32]byte{first, second}
	for _, number := range numbers {
		q := await(t, ctx, looks, number, isIn("open")).Question
		s.crashInLong(t, ctx)
		n.Answer(t, ctx, n.Person(t, ctx), q, 0)
		s.crashInLong(t, ctx)
		n.Answer(t, ctx, n.Person(t, ctx), q, 0)
	}
	for _, seen := range []func(wire.OracleStanding) bool{
		func(s wire.OracleStanding) bool { return s.Verdict != nil },
		func(s wire.OracleStanding) bool { return s.Epoch > 0 },
	} {
		await(t, ctx, looks, first, seen)
		s.crashInLong(t, ctx)
	}
	for o.told(t, ctx).Fulfilled[first] == 0 {
		must(t, client.Pause(ctx, 5*time.Millisecond))
	}
	s.crash(t, ctx)
	await(t, ctx, looks, first, isIn("fulfilled"))
	s.crashInLong(t, ctx)
	await(t, ctx, looks, second, isIn("fulfilled"))

	// At random.
	third, fourth, flagged := taker.Ask(t, question), taker.Ask(t, calm), board.Flag(t, posts)
	numbers = append(numbers, third, fourth, flagged)
	for _, number := range numbers[2:] {
		await(t, ctx, looks, number, anyway)
	}
	s.mu.Lock()
	before := s.kills
	for range kills - 1 {
		s.plan.started = append(s.plan.started, time.Duration(random.Int64N(int64(oracleLife))))
	}
	s.kill()
	s.mu.Unlock()
	answers := 4
	for _, number := range numbers[2:] {
		q := await(t, ctx, looks, number, func(s wire.OracleStanding) bool { return s.Question != "" }).Question
		answers += answerAll(t, ctx, n, q, 1)
	}
	for _, number := range numbers {
		await(t, ctx, looks, number, isIn("fulfilled"))
	}
	for s.killed() < before+kills {
		must(t, client.Pause(ctx, 5*time.Millisecond))
	}
	s.disarm()

	paid := awaitAllPaid(t, ctx, patient)
	report := n.AwaitLogged(t, ctx)
	if report.Requests != len(numbers) || report.Questions != len(numbers) || report.Answers != answers {
		t.Errorf("of %d questions with %d answers it verified %+v", len(numbers), answers, report)
	}
	told := o.told(t, ctx)
	for _, number := range numbers {
		q, err := patient.OracleRequest(ctx, hex.EncodeToString(number[:]))
		must(t, err)
		calls := min(1, q.Ask.CallbackGas)
		if told.Asked[number] != 1 || told.Fulfilled[number] != 1 || int64(told.Delivered[number]) != calls || q.Delivered != (calls == 1) {
			t.Errorf("question %x was asked %d times, and brought %d and delivered %d times; here it is %+v", number, told.Asked[number], told.Fulfilled[number], told.Delivered[number], q)
		}
	}
	if len(told.Asked) != len(numbers) {
		t.Errorf("contracts asked %d questions", len(told.Asked))
	}
	if !board.Hidden(t, posts) {
		t.Error("the post is not hidden")
	}
	checkHeldOnce(t, ctx, patient, numbers)
	if sum := paid.Requesters.Add(paid.Held).Add(paid.Claimed).Add(paid.Operator); sum != paid.Deposited {
		t.Errorf("of %s deposited %s are left: %+v", paid.Deposited, sum, paid)
	}
	earned := make(map[string]tasknet.Amount)
	for r, err := range patient.Records(ctx) {
		must(t, err)
		for _, a := range r.Answers {
			earned[a.Delegation.Wallet] = earned[a.Delegation.Wallet].Add(r.Question.Price)
		}
	}
	balance, err := patient.Requester(key).Balance(ctx)
	must(t, err)
	if !balance.Spent.IsZero() || !balance.Held.IsZero() {
		t.Errorf("who asked nothing has %+v", balance)
	}
	s.stop(t)
	t.Logf("killed %d times, which left questions as %q, and epochs as %q", s.kills, s.left, s.cut)
	if got := s.onChain(t, ctx, earned, paid.Deposited); !maps.Equal(got, earned) {
		t.Errorf("people earned %v and were paid %v", earned, got)
	}
}

// checkHeldOnce checks that the ledger has one deposit and one hold of each contract's question, and nothing else of them but the
// hold's settlement.
func checkHeldOnce(t *testing.T, ctx context.Context, c *client.Client, numbers [][32]byte) {
	t.Helper()
	for _, number := range numbers {
		if got := kindsOf(t, ctx, c, rewards.Requester(rewards.OrgOf(number))); !slices.Equal(got, []string{"deposit", "hold", "settlement"}) && !slices.Equal(got, []string{"deposit", "hold"}) {
			t.Errorf("of the money of question %x the ledger has %q", number, got)
		}
	}
}

// kindsOf returns of what kinds the transactions are that any of some accounts is in, in their order.
func kindsOf(t *testing.T, ctx context.Context, c *client.Client, accounts ...rewards.Account) (kinds []string) {
	t.Helper()
	for tx, err := range c.Ledger(ctx) {
		must(t, err)
		if slices.ContainsFunc(tx.Entries, func(e wire.Entry) bool { return slices.Contains(accounts, rewards.Account(e.Account)) }) {
			kinds = append(kinds, tx.Kind)
		}
	}
	return kinds
}

// awaitAllPaid waits until nobody is owed anything, and returns where all money is.
func awaitAllPaid(t *testing.T, ctx context.Context, c *client.Client) wire.Totals {
	t.Helper()
	for {
		n, err := c.Totals(ctx)
		must(t, err)
		if n.Respondents.IsZero() && n.InEpoch.IsZero() && !n.Claimed.IsZero() {
			return n
		}
		if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
			t.Fatalf("%v: %+v", err, n)
		}
	}
}

// told reads what the oracle has said, as soon as the chain is there.
func (o *outside) told(t *testing.T, ctx context.Context) ethtest.Told {
	t.Helper()
	for {
		told, err := o.Told(ctx, o.oracle)
		if err == nil {
			return told
		}
		if client.Pause(ctx, 20*time.Millisecond) != nil {
			t.Fatalf("the chain does not answer: %v", err)
		}
	}
}

// crash kills the process that runs, and waits until the next one listens.
func (s *server) crash(t *testing.T, ctx context.Context) {
	t.Helper()
	s.mu.Lock()
	was := s.starts
	if !s.kill() {
		t.Error("there was nothing to kill")
	}
	s.mu.Unlock()
	for {
		s.mu.Lock()
		again := s.starts > was
		s.mu.Unlock()
		if again {
			return
		}
		must(t, client.Pause(ctx, 5*time.Millisecond))
	}
}

// crashInLong is crash for the long form of a test, and nothing in the short one.
func (s *server) crashInLong(t *testing.T, ctx context.Context) {
	t.Helper()
	if os.Getenv(longTests) != "" {
		s.crash(t, ctx)
	}
}

// killed returns how often the server was killed.
func (s *server) killed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kills
}

// TestRefusedRequestsMoneyComesBack: what a contract paid for a question that the server refuses to put to people stays the contract's
// in the vault, and its payer takes it out, whole and once, although the program is killed on the way: after each step in the long form, and while it
// refuses in the short one. The ledger has that once. What is refused, and why, is in TestRequestsThatAreRefused of package pipeline.
func TestRefusedRequestsMoneyComesBack(t *testing.T) {
	t.Parallel() // it waits for starts
	binary := build(t)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	s := newServer(t, binary, "", plan{})
	rpc := freeAddress(t)
	s.env = []string{"CHAIN_DEV_RPC=" + strings.TrimPrefix(rpc, "http://")}
	ctx, _ = s.start(t, ctx)
	patient, err := client.New(s.url, client.Config{Patience: time.Minute})
	must(t, err)
	n := &testnet.Net{Client: patient, Data: s.data}
	o := newOutside(t, ctx, n, rpc)
	o.Mint(t, o.token, o.Address(), tokens(10))
	o.Approve(t, o.token, o.board)
	board := &ethtest.Board{Account: o.Account, At: o.board}
	before := o.Balance(t, o.token)
	number := board.Flag(t, board.Post(t, "no text of anybody: \xff"))
	if left := new(big.Int).Sub(before, o.Balance(t, o.token)); left.Cmp(tokens(1)) != 0 {
		t.Fatalf("the question cost %s", left)
	}
	await(t, ctx, n, number, func(wire.OracleStanding) bool { return true }) // the chain keeps it from now on
	s.crash(t, ctx)
	refused := await(t, ctx, n, number, isIn("closed"))
	if refused.Reason != "bad_text" || refused.Question != "" || refused.Verdict == nil || refused.Verdict.Outcome != "unanswered" {
		t.Fatalf("refused as %+v, %+v", refused, refused.Verdict)
	}
	s.crashInLong(t, ctx)
	booked := func(want ...string) {
		t.Helper()
		for {
			got := kindsOf(t, ctx, patient, rewards.Requester(rewards.OrgOf(number)), rewards.Frozen(rewards.AccountOf(o.board, number)))
			if slices.Equal(got, want) {
				return
			}
			if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
				t.Fatalf("the ledger has %q, want %q", got, want)
			}
		}
	}
	booked("deposit")
	board.GiveNotice(t, number)
	booked("deposit", "notice")
	s.crashInLong(t, ctx)
	for err := board.Withdraw(t, number); err != nil; err = board.Withdraw(t, number) {
		if client.Pause(ctx, 100*time.Millisecond) != nil {
			t.Fatalf("the notice does not end: %v", err)
		}
		o.Mint(t, o.token, o.board, big.NewInt(1)) // each block is a second later: the chain makes none by itself until the clock has come up
	}
	booked("deposit", "notice", "withdrawal")
	s.crashInLong(t, ctx)
	report := n.AwaitLogged(t, ctx)
	if report.Requests != 1 || report.Questions != 0 {
		t.Errorf("verified %+v", report)
	}
	booked("deposit", "notice", "withdrawal")
	if has := o.Balance(t, o.token); has.Cmp(before) != 0 {
		t.Errorf("the payer has %s, and had %s", has, before)
	}
	if board.Withdraw(t, number) == nil || o.Balance(t, o.token).Cmp(before) != 0 {
		t.Error("it came back twice")
	}
	if again := await(t, ctx, n, number, isIn("closed")); again.Reason != refused.Reason || *again.Verdict != *refused.Verdict {
		t.Errorf("refused as %+v, then as %+v", refused, again)
	}
	view, err := eth.OpenView(ctx, eth.ViewConfig{URL: rpc, Vault: rewards.Address(addressIn(t, o.instance.Vault)), Oracle: o.oracle})
	must(t, err)
	defer view.Close()
	if report, err := verify.Run(ctx, patient, verify.Config{Chain: view}); err != nil || !report.Chain {
		t.Errorf("by the chain: %+v, %v", report, err)
	}
	s.stop(t)
}
