package testnet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/eth/ethtest"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	// faultyDepth is how deep a transaction is that counts. Re-organisations go as deep.
	faultyDepth = 2
	// faultyEach is how many calls go wrong in a round.
	faultyEach = 60
	// secondAddress is the address of ethtest.SecondKey.
	secondAddress = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"
)

// TestEngineOverFaults has a whole server pay people while calls of its node go wrong in every way, and the chain as well: nodes
// do not answer, or after they did what they were asked to, or late, or by an error; they lie about nonces, heads and receipts, lag,
// and swallow transactions; blocks are taken back, transactions dropped, and fees rise; and the server is stopped in the middle of it
// and starts with nothing but its database. When all is calm again everybody has exactly what they earned, and an outsider finds
// nothing wrong.
func TestEngineOverFaults(t *testing.T) {
	t.Parallel() // it waits for blocks
	histories, rounds := uint64(3), 2
	if os.Getenv(longTests) != "" {
		histories, rounds = 60, 4
	}
	for seed := range histories {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			f := newFaulty(t, ctx, seed)
			for range rounds {
				f.round(ctx)
			}
			f.net.Stop(t)
			t.Logf("%d calls went wrong, %d times blocks were taken back, %d transactions were dropped", f.wrong, f.reorgs, f.drops)
		})
	}
}

// TestEngineAfterADeepReorg has a whole server pay people in some epochs, and then a re-organisation that is deeper than the
// confirmations take back the last of them, or all. In the end everybody has what they earned, once, and an outsider finds nothing
// wrong.
func TestEngineAfterADeepReorg(t *testing.T) {
	t.Parallel() // it waits for blocks
	histories := uint64(2)
	if os.Getenv(longTests) != "" {
		histories = 10
	}
	for seed := range histories {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			f := newFaulty(t, ctx, seed) // of one node, or of three
			f.deposit(ctx)
			var heads []int64
			for n := range 3 {
				heads = append(heads, f.head())
				id := f.net.Ask(f.T, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}}).ID
				for who := range 3 {
					f.net.Answer(f.T, ctx, f.people[(n+who)%len(f.people)], id, who%2)
				}
				f.questions++
				f.awaitPaid(ctx)
			}
			earned, _ := f.earned(ctx)
			f.mu.Lock()
			f.anvil.Do(f, nil, "anvil_reorg", f.head()-heads[f.random.IntN(3)], []any{})
			if maps.Equal(earned, f.has(earned)) {
				t.Error("the chain has taken nothing back")
			}
			f.mu.Unlock()
			f.awaitPaid(ctx)
			f.check(ctx)
			f.awaitReady(ctx, `"status":"ok"`)
			f.net.Stop(t)
		})
	}
}

// head is the newest block.
func (f *faulty) head() (n int64) {
	f.Helper()
	var out string
	f.anvil.Do(f, &out, "eth_blockNumber")
	_, err := fmt.Sscanf(out, "0x%x", &n)
	must(f.T, err)
	return n
}

// awaitReady waits until /readyz says something.
func (f *faulty) awaitReady(ctx context.Context, text string) {
	f.Helper()
	for said := ""; ; {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.net.URL+"/readyz", nil)
		must(f.T, err)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			body, err := io.ReadAll(resp.Body)
			must(f.T, errors.Join(err, resp.Body.Close()))
			if said = string(body); strings.Contains(said, text) {
				return
			}
		}
		if client.Pause(ctx, 20*time.Millisecond) != nil {
			f.Fatalf("/readyz says %q, want %q", said, text)
		}
	}
}

// faulty is an instance whose vault is on anvil, behind one proxy or three of which one is worse than the others.
type faulty struct {
	*testing.T
	anvil  *ethtest.Anvil
	cfg    app.Config
	net    *testnet.Net
	view   *eth.View // past the proxies
	keys   []client.Keys
	people []*client.Respondent
	me     *ethtest.Account
	eater  *ethtest.Eater
	vault  string
	token  string

	requests  [][32]byte // of the contract that asks
	questions int

	mu     sync.Mutex // guards the rest
	random *mathrand.Rand
	many   bool
	left   int // how many calls are still to go wrong
	wrong  int
	reorgs int
	drops  int
}

func newFaulty(t *testing.T, ctx context.Context, seed uint64) *faulty {
	t.Helper()
	f := &faulty{T: t, anvil: ethtest.StartAnvil(t), random: mathrand.New(mathrand.NewPCG(seed, 11))}
	f.many = seed%3 == 1
	var urls []string
	for i := range 1 + 2*(seed%3%2) {
		p := ethtest.StartProxy(t, f.anvil.URL)
		p.Break(func(method string) ethtest.Fault { return f.fault(int(i), method) })
		urls = append(urls, p.URL)
	}
	key := eth.Key{Secret: ethtest.RichKey}
	chain := eth.Config{URL: urls[0], Key: key, Confirmations: 1, Poll: time.Millisecond}
	made, err := eth.Deploy(ctx, chain, eth.Terms{Notice: time.Second})
	must(t, err)
	wallet, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: urls[0], Vault: made.Vault, Confirmations: 1}, key)
	must(t, err)
	defer wallet.Close()
	oracle, _, err := wallet.DeployOracle(ctx, eth.OracleTerms{MinQuorum: 1, MaxPayment: tokens(100)})
	must(t, err)
	f.vault, f.token = polls.Wallet(made.Vault).String(), polls.Wallet(made.Token).String()
	f.anvil.Send(t, ethtest.Rich, f.token, call("40c10f19", secondAddress, amount(1000)))
	f.anvil.Send(t, secondAddress, f.token, call("095ea7b3", f.vault, amount(1000)))
	f.me = ethtest.NewAccount(t, f.anvil.URL, ethtest.SecondKey)
	f.me.Mine = func() { f.anvil.Mine(t) }
	f.eater = ethtest.NewEater(t, f.me, made.Token, oracle)
	f.anvil.Send(t, ethtest.Rich, f.token, call("40c10f19", polls.Wallet(f.eater.At).String(), amount(100)))
	f.eater.Behave(t)
	f.view, err = eth.OpenView(ctx, eth.ViewConfig{URL: f.anvil.URL, Vault: made.Vault, Oracle: oracle, Confirmations: 1})
	must(t, err)
	t.Cleanup(func() { must(t, f.view.Close()) })
	f.cfg = app.Config{Data: filepath.Join(t.TempDir(), "server"), Chain: app.ChainConfig{
		URL: strings.Join(urls, ","), Key: key, Vault: made.Vault, Oracle: oracle, Confirmations: faultyDepth, Poll: 20 * time.Millisecond,
	}}
	if seed%2 == 1 {
		f.cfg.Chain.RelayKey = eth.Key{Secret: ethtest.ThirdKey}
	}
	for range 4 {
		keys, err := client.NewKeys()
		must(t, err)
		f.keys = append(f.keys, keys)
	}
	f.start(ctx)
	return f
}

func (f *faulty) start(ctx context.Context) {
	f.Helper()
	f.cfg.NewKey = "faulty" // each start tells one, and none a second time
	f.net = testnet.Start(f.T, f.cfg)
	f.people = f.people[:0]
	for _, keys := range f.keys {
		who, err := f.net.Client.Respondent(ctx, keys)
		must(f.T, err)
		f.people = append(f.people, who)
	}
}

// fault says how a call of the i-th proxy goes wrong. Time passes when the first is asked for the newest block.
func (f *faulty) fault(i int, method string) ethtest.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if method == "eth_blockNumber" && i == 0 {
		f.tick()
	}
	often := 3
	switch method {
	case "eth_blockNumber", "eth_getBlockByNumber", "eth_getLogs": // most calls, of which each look has some
		often = 20
	}
	if f.left == 0 || f.random.IntN(often) > 0 {
		return ethtest.Works
	}
	faults := []ethtest.Fault{ethtest.LineBefore, ethtest.LineAfter, ethtest.ErrorBefore, ethtest.ErrorAfter, ethtest.Slow}
	if !f.many || i == 0 {
		switch method {
		case "eth_blockNumber":
			faults = append(faults, ethtest.Low, ethtest.High, ethtest.Again)
		case "eth_getTransactionCount":
			faults = append(faults, ethtest.Low, ethtest.High)
		case "eth_getTransactionReceipt":
			faults = append(faults, ethtest.Missing, ethtest.Missing)
		case "eth_sendRawTransaction":
			faults = append(faults, ethtest.Swallow, ethtest.LineAfter, ethtest.ErrorAfter)
		}
	}
	f.left--
	f.wrong++
	return faults[f.random.IntN(len(faults))]
}

// tick lets a block be made, and before that something happen to the chain.
func (f *faulty) tick() {
	if f.left > 0 {
		switch f.random.IntN(24) {
		case 0:
			f.anvil.Do(f, nil, "anvil_dropAllTransactions")
			f.drops++
		case 1:
			f.anvil.Do(f, nil, "anvil_reorg", 1+f.random.IntN(faultyDepth), []any{})
			f.reorgs++
		case 2:
			f.anvil.Do(f, nil, "anvil_setNextBlockBaseFeePerGas", fmt.Sprintf("0x%x", (1+f.random.IntN(100))*1e9))
		}
	}
	f.anvil.Mine(f)
}

// round has questions asked, answered and paid while calls go wrong, and checks what has come of it when they do not any more.
func (f *faulty) round(ctx context.Context) {
	f.deposit(ctx)
	question := onSpam
	question.Min, question.Max, question.TargetPPM, question.Deadline, question.Payment, question.CallbackGas = 2, 2, 0, time.Now().Add(24*time.Hour), tokens(1), 200_000
	number := f.eater.Ask(f.T, question)
	f.requests = append(f.requests, number)
	for range faultyDepth + 1 {
		f.anvil.Mine(f)
	}

	f.begin()
	var ids []string
	for range 2 {
		ids = append(ids, f.net.Ask(f.T, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}}).ID)
	}
	ids = append(ids, await(f.T, ctx, f.net, number, func(s wire.OracleStanding) bool { return s.Question != "" }).Question)
	for i, id := range ids {
		people := []int{0, 1, 2}
		if i == 2 {
			people = []int{2, 3}
		}
		for n, who := range people {
			f.net.Answer(f.T, ctx, f.people[who], id, n%2)
			if i == 1 && n == 1 {
				f.restart(ctx)
			}
		}
	}
	f.questions += len(ids)
	f.during(ctx)
	f.restart(ctx)
	f.calm()
	await(f.T, ctx, f.net, number, isIn("fulfilled"))
	f.check(ctx)
}

func (f *faulty) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = faultyEach
}

func (f *faulty) calm() (left int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	left, f.left = f.left, 0
	return left
}

// during waits until so many calls went wrong as are to.
func (f *faulty) during(ctx context.Context) {
	for {
		f.mu.Lock()
		left := f.left
		f.mu.Unlock()
		if left == 0 {
			return
		}
		must(f.T, client.Pause(ctx, 5*time.Millisecond))
	}
}

// restart stops the server in the middle of what it does, sometimes. A server does not start when its chain does not answer.
func (f *faulty) restart(ctx context.Context) {
	f.mu.Lock()
	stays := f.random.IntN(2) == 0
	f.mu.Unlock()
	if stays {
		return
	}
	f.net.Stop(f.T)
	left := f.calm()
	f.start(ctx)
	f.mu.Lock()
	f.left = left
	f.mu.Unlock()
}

func (f *faulty) deposit(ctx context.Context) {
	how, err := f.net.Requester.HowToDeposit(ctx)
	must(f.T, err)
	f.mu.Lock()
	f.anvil.Send(f, secondAddress, f.vault, call("eb2243f8", secondAddress, how.Reference, amount(10)))
	for range faultyDepth + 1 {
		f.anvil.Mine(f)
	}
	f.mu.Unlock()
	for range 1000 {
		b, err := f.net.Requester.Balance(ctx)
		must(f.T, err)
		if b.Available.Micro() > 5*tasknet.MicroPerToken {
			return
		}
		must(f.T, client.Pause(ctx, 20*time.Millisecond))
	}
	f.Fatal("the deposit is not credited")
}

// check compares what people earned by the public records with what they have, and the vault's money with the ledger's.
func (f *faulty) check(ctx context.Context) {
	f.Helper()
	totals := awaitAllPaid(f.T, ctx, f.net.Client)
	if sum := totals.Requesters.Add(totals.Held).Add(totals.Claimed).Add(totals.Operator); sum != totals.Deposited {
		f.Errorf("of %s deposited %s are left: %+v", totals.Deposited, sum, totals)
	}
	f.net.AwaitLogged(f.T, ctx)
	report, err := verify.Run(ctx, f.net.Client, verify.Config{Chain: f.view})
	if err != nil || !report.Chain || report.Questions != f.questions || report.Requests != len(f.requests) {
		f.Errorf("of %d questions, %d of contracts, it verified %+v, %v", f.questions, len(f.requests), report, err)
	}
	earned, _ := f.earned(ctx)
	has := f.has(earned)
	paid := new(big.Int)
	for _, sum := range has {
		paid.Add(paid, f.view.Info().Base(sum))
	}
	if !maps.Equal(earned, has) {
		f.Errorf("people earned %v and have %v", earned, has)
	}
	events, _, err := f.view.Events(ctx, 0)
	must(f.T, err)
	deposited := new(big.Int)
	for _, e := range events {
		if e.Kind == rewards.Deposited {
			deposited.Add(deposited, e.Base)
		}
	}
	if f.view.Info().Base(totals.Deposited).Cmp(deposited) != 0 {
		f.Errorf("%d base units were deposited, and %s credited", deposited, totals.Deposited)
	}
	if left := new(big.Int).Sub(deposited, paid); f.balance(f.vault).Cmp(left) != 0 {
		f.Errorf("the vault has %d base units, want %d", f.balance(f.vault), left)
	}
	told, err := f.me.Told(ctx, f.eater.Oracle)
	must(f.T, err)
	for _, number := range f.requests {
		if told.Asked[number] != 1 || told.Fulfilled[number] != 1 || told.Delivered[number] != 1 {
			f.Errorf("question %x was asked %d times, and brought %d and delivered %d times", number, told.Asked[number], told.Fulfilled[number], told.Delivered[number])
		}
	}
	if f.Failed() {
		f.FailNow()
	}
}

// awaitPaid waits until the records have all questions, and the chain has paid what they say.
func (f *faulty) awaitPaid(ctx context.Context) {
	f.Helper()
	for {
		earned, questions := f.earned(ctx)
		has := f.has(earned)
		if questions == f.questions && maps.Equal(earned, has) {
			return
		}
		if client.Pause(ctx, 20*time.Millisecond) != nil {
			f.Fatalf("by %d questions people earned %v and have %v", questions, earned, has)
		}
	}
}

// earned is what the public records say that wallets earned, and by how many questions.
func (f *faulty) earned(ctx context.Context) (earned map[string]tasknet.Amount, questions int) {
	f.Helper()
	earned = make(map[string]tasknet.Amount)
	for r, err := range f.net.Client.Records(ctx) {
		must(f.T, err)
		questions++
		for _, a := range r.Answers {
			earned[a.Delegation.Wallet] = earned[a.Delegation.Wallet].Add(r.Question.Price)
		}
	}
	return earned, questions
}

// has is what those wallets have on the chain.
func (f *faulty) has(earned map[string]tasknet.Amount) map[string]tasknet.Amount {
	f.Helper()
	has := make(map[string]tasknet.Amount)
	for wallet := range earned {
		sum, err := f.view.Info().Amount(f.balance(wallet))
		must(f.T, err)
		has[wallet] = sum
	}
	return has
}

// balance returns how many base units of the token somebody has.
func (f *faulty) balance(of string) *big.Int {
	f.Helper()
	var out string
	f.anvil.Do(f, &out, "eth_call", map[string]string{"to": f.token, "data": call("70a08231", of)}, "latest")
	n, ok := new(big.Int).SetString(strings.TrimPrefix(out, "0x"), 16)
	if !ok {
		f.Fatalf("a balance of %q", out)
	}
	return n
}
