package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// longTests is set by `make test-long`.
const longTests = "TASKNET_TEST_LONG"

// faulty is how the n-th statement goes wrong.
type faulty struct {
	name string
	lost bool // it is done, and its answer is lost; else it is not done
	dies bool // nothing is done after it, as after kill -9: another process goes on with the file
}

var faults = []faulty{
	{"killed before", false, true},
	{"killed after", true, true},
	{"fails", false, false},
	{"answer lost", true, false},
}

var errStatement = errors.New("the statement's answer did not come")

// counter counts statements, and has one go wrong.
type counter struct {
	faulty
	at int // which one; zero for none

	mu     sync.Mutex
	count  int
	done   bool // it has gone wrong
	played int  // the count at the end of the history
}

func (c *counter) pass(_ string, run func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done && c.dies {
		return errStatement
	}
	if c.count++; c.count != c.at {
		return run()
	}
	c.done = true
	if c.lost {
		if err := run(); err != nil {
			return err
		}
	}
	return errStatement
}

// TestEveryStatement has each statement of a history of money go wrong in each way: of deposits, of one that the chain takes
// back, of questions that close, of epochs that are paid out, blocked and voided, and of a withdrawal. Whatever goes wrong, the
// same comes out in the end, and before that no money came or went.
func TestEveryStatement(t *testing.T) {
	template := filepath.Join(t.TempDir(), "template.db")
	people := prepare(t, template)
	undisturbed := &counter{}
	want := newHistory(t, template, people).play(t, undisturbed)
	if want.Kinds[rewards.ClaimTx] != 5 || want.Kinds[rewards.UndoTx] != 1 || want.Kinds[rewards.WithdrawalTx] != 1 || want.Kinds[rewards.EpochTx] != 3 {
		t.Fatalf("undisturbed, what comes out is %+v", want)
	}
	step := 1
	if os.Getenv(longTests) == "" {
		step = 9
	}
	played := 0
	for i, f := range faults {
		for at := 1 + i*step/len(faults); at <= undisturbed.played; at += step {
			c := &counter{faulty: f, at: at}
			got := newHistory(t, template, people).play(t, c)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("statement %d %s (-want +got):\n%s", at, f.name, diff)
			}
			if !c.done {
				t.Fatalf("statement %d of %d was not reached", at, undisturbed.played)
			}
			played++
		}
	}
	t.Logf("%d statements, %d histories", undisturbed.played, played)
}

// TestRollbackNotDone: a transaction that failed, and could not be ended either, must not be the beginning of the next.
func TestRollbackNotDone(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "db")
	prepare(t, path)
	failed := 0
	db := store.OpenInterposed(t, path, func(text string, run func() error) error {
		if text == "ROLLBACK" && failed == 0 {
			failed++
			return errStatement
		}
		return run()
	})
	set := func(name string, then error) error {
		return db.InTx(ctx, func(tx pipeline.Tx) error {
			_, err := tx.Settings().SetSetting(ctx, name, "set")
			return errors.Join(err, then)
		})
	}
	if err := set("first", io.ErrUnexpectedEOF); !errors.Is(err, io.ErrUnexpectedEOF) || failed != 1 {
		t.Fatalf("the first: %v, ended %d times in vain", err, failed)
	}
	must(t, set("second", nil))
	if _, err := db.Settings().Setting(ctx, "second"); err != nil {
		t.Error(err)
	}
	if _, err := db.Settings().Setting(ctx, "first"); tasknet.Describe(err).Kind != tasknet.NotFound {
		t.Errorf("what had failed is there: %v", err)
	}
	must(t, db.Close())
}

// Those whose money it is.
const faultsOrg = polls.OrgID("org_01jd0000000000000000000000")

var faultsStart = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// prepare makes a database with an organisation and two people.
func prepare(t *testing.T, path string) []polls.RespondentID {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, store.Config{Path: path})
	must(t, err)
	must(t, db.Polls().CreateOrg(ctx, polls.Org{ID: faultsOrg, Name: "Faults", CreatedAt: faultsStart}))
	people := make([]polls.RespondentID, 2)
	for i := range people {
		people[i] = polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, faultsStart))
		d := polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{byte(i + 1)}, Device: [32]byte{byte(i + 1)}, Issued: faultsStart, Expires: faultsStart.AddDate(1, 0, 0)}}
		_, err := db.Polls().Register(ctx, polls.Respondent{ID: people[i], Wallet: d.Wallet, CreatedAt: faultsStart}, d)
		must(t, err)
		must(t, db.Rewards().SetPayee(ctx, string(people[i]), rewards.Address{byte(i + 1)}))
	}
	must(t, db.Close())
	return people
}

// history is what happens to a database and a chain, part after part. What happens on the chain happens once; what the server
// does is done again when it failed.
type history struct {
	path   string
	people []polls.RespondentID
	chain  *ledgerChain
	clock  time.Time
	asked  map[string]polls.QuestionID
}

func newHistory(t *testing.T, template string, people []polls.RespondentID) *history {
	t.Helper()
	text, err := os.ReadFile(template)
	must(t, err)
	h := &history{path: filepath.Join(t.TempDir(), "db"), people: people, clock: faultsStart, asked: make(map[string]polls.QuestionID)}
	h.chain = &ledgerChain{info: rewards.ChainInfo{Decimals: 18, VaultBlock: 1}, claimed: make(map[rewards.Address]*big.Int), branch: make(map[int64]byte)}
	must(t, os.WriteFile(h.path, text, 0o600))
	return h
}

// part is something that happens on the chain, and what the server does then.
type part struct {
	happens func()
	does    func(context.Context, *store.DB) error
}

func (h *history) parts() []part {
	nothing := func() {}
	return []part{
		{func() { h.chain.event(rewards.Deposited, 2000) }, h.collect},
		{nothing, h.question("first", 2)},
		{nothing, h.advance(rewards.Settled)},
		{func() { h.chain.event(rewards.Deposited, 500) }, h.collect},
		{func() { h.chain.takeBack() }, h.collect},
		{nothing, h.question("second", 2)},
		{func() { h.chain.delayed = true }, h.advance(rewards.Confirmed)},
		{func() { h.chain.blocked = true }, h.advance(rewards.Blocked)},
		{func() { h.chain.next, h.chain.blocked = nil, false }, h.advance(rewards.Voided)},
		{nothing, h.postAgain},
		{func() { h.chain.takesEffect() }, h.advance(rewards.Settled)},
		{nothing, h.ask("third")},
		{func() { h.chain.event(rewards.NoticeGiven, 0) }, h.collect},
		{nothing, h.question("third", 1)},
		{nothing, h.collect},
		{func() { h.chain.delayed = false }, h.advance(rewards.Settled)},
		{func() { h.chain.event(rewards.Withdrawn, 2000-5*110) }, h.collect},
	}
}

// outcome is what a history comes to.
type outcome struct {
	Balances map[rewards.Account]string // but for those of nothing
	Kinds    map[rewards.TxKind]int
	Paid     map[rewards.Address]string
	Epochs   []rewards.EpochState
}

// play plays the history while the counter has a statement go wrong.
func (h *history) play(t *testing.T, c *counter) outcome {
	t.Helper()
	db := store.OpenInterposed(t, h.path, c.pass)
	for number, p := range h.parts() {
		h.clock = h.clock.Add(time.Hour)
		p.happens()
		for tries := 0; ; tries++ {
			err := p.does(t.Context(), db)
			if err == nil && !(c.done && c.dies && tries == 0) {
				break
			}
			if tries == 3 || err != nil && !errors.Is(err, errStatement) {
				t.Fatalf("part %d, statement %d %s: %v", number, c.at, c.name, err)
			}
			if c.dies {
				_ = db.Close() // of the dead process
				c.dies = false
				db = store.OpenInterposed(t, h.path, c.pass)
			}
			h.conserved(t, db, c)
		}
	}
	c.at = 0 // what looks at the outcome does not go wrong
	c.played = c.count
	out := h.outcome(t, db)
	must(t, db.Close())
	must(t, os.RemoveAll(filepath.Dir(h.path))) // there are thousands
	return out
}

// conserved checks the ledger in the middle of it all.
func (h *history) conserved(t *testing.T, db *store.DB, c *counter) {
	t.Helper()
	totals, err := db.Rewards().Totals(t.Context())
	if err != nil || !totals.Conserved() {
		t.Fatalf("statement %d %s: totals %+v, %v", c.at, c.name, totals, err)
	}
}

func (h *history) outcome(t *testing.T, db *store.DB) outcome {
	t.Helper()
	ctx := t.Context()
	sums := make(map[rewards.Account]tasknet.Amount)
	out := outcome{make(map[rewards.Account]string), make(map[rewards.TxKind]int), make(map[rewards.Address]string), nil}
	list, _, err := db.Rewards().Transactions(ctx, tasknet.Page{Limit: 1000})
	must(t, err)
	for _, tx := range list {
		out.Kinds[tx.Kind]++
		for _, e := range tx.Entries {
			sums[e.Account] = sums[e.Account].Add(e.Amount)
		}
	}
	for account, sum := range sums {
		if got, err := db.Rewards().Balance(ctx, account); err != nil || got != sum {
			t.Errorf("%s holds %s, %v; its entries sum to %s", account, got, err, sum)
		}
		if !sum.IsZero() {
			out.Balances[account] = sum.String()
		}
	}
	for address, sum := range h.chain.claimed {
		out.Paid[address] = sum.String()
	}
	epochs, _, err := db.Rewards().Epochs(ctx, tasknet.Page{Limit: 1000})
	must(t, err)
	for _, e := range epochs {
		out.Epochs = append(out.Epochs, e.State)
	}
	return out
}

func (h *history) payer(db *store.DB) *rewards.Payer {
	return rewards.NewPayer(db.Rewards(), h.chain, rewards.PayerConfig{Every: time.Minute, Now: func() time.Time { return h.clock }})
}

func (h *history) collect(ctx context.Context, db *store.DB) error {
	return h.payer(db).CollectEvents(ctx)
}

// advance has the payer work, and checks what the newest epoch has come to.
func (h *history) advance(want rewards.EpochState) func(context.Context, *store.DB) error {
	return func(ctx context.Context, db *store.DB) error {
		if err := h.payer(db).Advance(ctx); err != nil {
			return err
		}
		e, err := db.Rewards().LastEpoch(ctx)
		if err == nil && e.State != want {
			err = fmt.Errorf("epoch %d is %s, want %s", e.Number, e.State, want)
		}
		return err
	}
}

func (h *history) postAgain(ctx context.Context, db *store.DB) error {
	if err := rewards.PostAgain(ctx, db.Rewards(), 2); err != nil && !errors.Is(err, rewards.ErrNotVoided) {
		return err
	}
	return h.advance(rewards.Confirmed)(ctx, db)
}

func (h *history) pipeline(db *store.DB) (*pipeline.Pipeline, *labeling.Stopper, error) {
	stopper := labeling.NewStopper(db.Labels())
	p, err := pipeline.New(db, stopper, nobody{}, nil, pipeline.Config{Instance: pollstest.Instance, ChainID: 1, FeeBasisPoints: 1000, Now: func() time.Time { return h.clock }})
	return p, stopper, err
}

// ask asks a question that everybody may answer for 110 micro-units, of which 10 are a fee, once.
func (h *history) ask(text string) func(context.Context, *store.DB) error {
	return func(ctx context.Context, db *store.DB) error {
		if h.asked[text] != "" {
			return nil
		}
		reply, err := db.Replies().Reply(ctx, "faults", text)
		if err == nil {
			h.asked[text] = polls.QuestionID(strings.Trim(string(reply.Body), `"`))
			return nil
		} else if !errors.Is(err, pipeline.ErrNotFound) {
			return err
		}
		p, _, err := h.pipeline(db)
		if err != nil {
			return err
		}
		var id polls.QuestionID
		if err := db.InTx(ctx, func(tx pipeline.Tx) error {
			q, err := p.Ask(ctx, tx, polls.Draft{
				Org: faultsOrg, Type: polls.Choice, Text: text, Choices: []string{"a", "b"}, Policy: polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3},
				Price: tasknet.Micro(100), Lifetime: 24 * time.Hour,
			})
			if err != nil {
				return err
			}
			id = q.ID
			return tx.Replies().SaveReply(ctx, pipeline.Reply{Scope: "faults", Key: text, Status: 201, Body: []byte(`"` + q.ID + `"`), At: h.clock})
		}); err != nil {
			return err
		}
		h.asked[text] = id
		return nil
	}
}

// question asks a question, has some answer it, and closes it.
func (h *history) question(text string, answers int) func(context.Context, *store.DB) error {
	return func(ctx context.Context, db *store.DB) error {
		if err := h.ask(text)(ctx, db); err != nil {
			return err
		}
		id := h.asked[text]
		p, stopper, err := h.pipeline(db)
		if err != nil {
			return err
		}
		q, err := db.Polls().Question(ctx, id)
		if err != nil {
			return err
		}
		given, err := db.Polls().AnswersTo(ctx, id)
		if err != nil {
			return err
		}
		for _, who := range h.people[:answers] {
			if slices.ContainsFunc(given, func(a polls.Answer) bool { return a.Respondent == who }) {
				continue
			}
			leases, err := db.Polls().ClaimAssignments(ctx, polls.Claim{Respondent: who, Question: id, Count: 1, At: h.clock, ExpiresAt: h.clock.Add(time.Hour)})
			if err != nil {
				return err
			}
			s := &polls.Submission{Question: q, Answer: polls.Answer{Question: id, Assignment: leases[0].Assignment.ID, Respondent: who, Nonce: strings.Repeat("0", 32)}}
			if err := db.Polls().RecordAnswers(ctx, &polls.Batch{Instance: pollstest.Instance, At: h.clock, Submissions: []*polls.Submission{s}}, stopper); err != nil {
				return err
			}
			if s.Err != nil {
				return s.Err
			}
		}
		return p.Cancel(ctx, faultsOrg, id)
	}
}

// ledgerChain is a chain in memory whose calls always succeed.
type ledgerChain struct {
	rewards.Chain // what is not asked here
	info          rewards.ChainInfo
	epoch         int64
	header        rewards.Header
	next          *rewards.Header
	delayed       bool
	blocked       bool
	posted        []rewards.Hash
	claimed       map[rewards.Address]*big.Int
	events        []rewards.Event
	head          int64
	branch        map[int64]byte
}

// event has the organisation's owner do something in a new block, with micro-units.
func (c *ledgerChain) event(kind rewards.EventKind, micro int64) {
	c.head++
	e := rewards.Event{Kind: kind, Tx: rewards.Hash{byte(c.head)}, Block: c.head, Owner: rewards.Address{0x0e}, Reference: rewards.Reference(string(faultsOrg))}
	if micro > 0 {
		e.Base = c.info.Base(tasknet.Micro(micro))
	}
	c.events = append(c.events, e)
}

// takeBack has another branch win, without the newest block's events.
func (c *ledgerChain) takeBack() {
	c.events = c.events[:len(c.events)-1]
	c.branch[c.head]++
	c.head++
}

func (c *ledgerChain) takesEffect() { c.epoch, c.header, c.next = c.next.Epoch, *c.next, nil }

func (c *ledgerChain) Info() rewards.ChainInfo { return c.info }

func (c *ledgerChain) Roots(context.Context) (rewards.Roots, error) {
	r := rewards.Roots{Epoch: c.epoch}
	if c.epoch > 0 {
		r.Header = c.header.Hash()
	}
	if c.next != nil {
		r.NextEpoch, r.Next, r.Blocked = c.next.Epoch, c.next.Hash(), c.blocked
	}
	return r, nil
}

func (c *ledgerChain) PostRoot(_ context.Context, before, h rewards.Header) (rewards.Mined, error) {
	if h.Epoch != c.epoch+1 || c.next != nil || before.Hash() != c.header.Hash() {
		return rewards.Mined{}, fmt.Errorf("root %d after %d, %v", h.Epoch, c.epoch, c.next)
	}
	c.next, c.posted = &h, append(c.posted, h.Hash())
	if !c.delayed {
		c.takesEffect()
	}
	return rewards.Mined{Tx: rewards.Hash{1, byte(len(c.posted))}, Block: 7, Gas: 11}, nil
}

func (c *ledgerChain) RootMined(_ context.Context, h rewards.Header) (rewards.Mined, error) {
	for i, hash := range slices.Backward(c.posted) {
		if hash == h.Hash() {
			return rewards.Mined{Tx: rewards.Hash{1, byte(i + 1)}, Block: 7, Gas: 11}, nil
		}
	}
	return rewards.Mined{}, rewards.ErrNoRoot
}

func (c *ledgerChain) Claimed(_ context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	out := make([]*big.Int, len(addresses))
	for i, a := range addresses {
		out[i] = new(big.Int)
		if sum := c.claimed[a]; sum != nil {
			out[i].Set(sum)
		}
	}
	return out, nil
}

func (c *ledgerChain) Claim(_ context.Context, h rewards.Header, leaves []merkle.Leaf, proof merkle.MultiProof) (rewards.Mined, error) {
	if h.Hash() != c.header.Hash() || !merkle.VerifyMulti(h.Payouts, leaves, proof) {
		return rewards.Mined{}, errors.New("the proof does not hold")
	}
	for _, l := range leaves {
		c.claimed[l.Address] = l.Cumulative
	}
	return rewards.Mined{Tx: rewards.Hash{2}, Block: 7, Gas: 11}, nil
}

func (c *ledgerChain) Events(_ context.Context, from int64) (events []rewards.Event, through rewards.Look, err error) {
	for _, e := range c.events {
		if e.Block > from {
			events = append(events, e)
		}
	}
	through.Block = max(from, c.head)
	through.Hash, err = c.BlockHash(context.Background(), through.Block)
	return events, through, err
}

func (c *ledgerChain) BlockHash(_ context.Context, block int64) (rewards.Hash, error) {
	return rewards.Hash{byte(block), 0, c.branch[block]}, nil
}
