package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
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
	"github.com/tasknet/tasknet/server/store/storetest"
)

// longTests is set by `make test-long`.
const longTests = "TASKNET_TEST_LONG"

// onePart has the long form of the histories play one part of them, as in 2/5: it takes ten minutes as a whole.
const onePart = "TASKNET_TEST_PART"

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
	done   bool  // it has gone wrong
	played int   // the count at the end of the history
	ends   []int // which end a transaction
}

func (c *counter) pass(text string, run func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done && c.dies {
		return errStatement
	}
	if c.count++; strings.Contains(strings.ToUpper(text), "COMMIT") {
		c.ends = append(c.ends, c.count)
	}
	if c.count != c.at {
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
// back, of questions that close, of epochs that are paid out, blocked and voided, and taken back when they were paid, of what a
// contract asks, of a change of address, of an erasure, of a server's new key, and of a withdrawal. Whatever goes wrong, the
// same comes out in the end, and before that no money came or went. On PostgreSQL it is all that is sent that goes wrong: the
// connection breaks, before or after the database has got it.
func TestEveryStatement(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { everyStatement(t, onSQLite(t), 53, 1) })
	t.Run("postgres", func(t *testing.T) { everyStatement(t, onPostgres(t), 797, 17) })
}

// everyStatement has one statement of so many go wrong, of fewer in the long form: a copy of a PostgreSQL database takes half a second.
func everyStatement(t *testing.T, on database, step, long int) {
	people := prepare(t, on)
	undisturbed := &counter{}
	want := newHistory(t, on, people).play(t, undisturbed)
	if want.Kinds[rewards.ClaimTx] != 7 || want.Kinds[rewards.UndoTx] != 3 || want.Kinds[rewards.WithdrawalTx] != 1 || want.Kinds[rewards.EpochTx] != 3 || len(want.Paid) != 3 || want.Leaves != 6 {
		t.Fatalf("undisturbed, what comes out is %+v", want)
	}
	if os.Getenv(longTests) != "" {
		step = long
	}
	part, parts := 1, 1
	if text := os.Getenv(onePart); text != "" {
		if _, err := fmt.Sscanf(text, "%d/%d", &part, &parts); err != nil || part < 1 || part > parts {
			t.Fatalf("%s=%s is no part such as 2/5", onePart, text)
		}
	}
	turn, played := 0, 0
	for i, f := range faults {
		var ats []int
		for at := 1 + i*step/len(faults); at <= undisturbed.played; at += step {
			ats = append(ats, at)
		}
		if f.lost { // nobody knows whether what a transaction did is done
			for n := i * step / len(faults) / 8; n < len(undisturbed.ends); n += step/8 + 1 {
				ats = append(ats, undisturbed.ends[n])
			}
		}
		for _, at := range ats {
			if turn++; turn%parts != part%parts {
				continue
			}
			c := &counter{faulty: f, at: at}
			got := newHistory(t, on, people).play(t, c)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("statement %d %s (-want +got):\n%s", at, f.name, diff)
			}
			if !c.done && at < undisturbed.played*9/10 { // how often a connection is looked after is not always the same
				t.Fatalf("statement %d of %d was not reached", at, undisturbed.played)
			}
			played++
		}
	}
	t.Logf("%d statements, %d histories", undisturbed.played, played)
}

// TestRollbackNotDone: a transaction that failed, and could not be ended either, must not be the beginning of the next.
func TestRollbackNotDone(t *testing.T) {
	ctx, path := t.Context(), storetest.File(t)
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

// database is where histories are played: each in a copy of one that is prepared.
type database struct {
	template store.Config
	copy     func(t *testing.T) store.Config
	open     func(t *testing.T, cfg store.Config, c *counter) (*store.DB, error)
	drop     func(store.Config) error
	broken   func(error) bool // says so when something did not come through
}

func onSQLite(t *testing.T) database {
	template := store.Config{Path: storetest.File(t)}
	return database{
		template: template,
		copy: func(t *testing.T) store.Config {
			text, err := os.ReadFile(template.Path)
			must(t, err)
			path := filepath.Join(t.TempDir(), "db")
			must(t, os.WriteFile(path, text, 0o600))
			return store.Config{Path: path}
		},
		open: func(t *testing.T, cfg store.Config, c *counter) (*store.DB, error) {
			return store.OpenInterposed(t, cfg.Path, c.pass), nil
		},
		drop:   func(cfg store.Config) error { return os.RemoveAll(filepath.Dir(cfg.Path)) },
		broken: func(err error) bool { return errors.Is(err, errStatement) },
	}
}

func onPostgres(t *testing.T) database {
	template := store.PostgresFrom(t, "")
	return database{
		template: template,
		copy:     func(t *testing.T) store.Config { return store.PostgresFrom(t, template.URL) },
		open: func(t *testing.T, cfg store.Config, c *counter) (*store.DB, error) {
			return store.OpenThrough(t, cfg, c.pass)
		},
		drop: store.DropPostgres,
		// Whoever asked is told that the database is away, and that they may ask again. The end of a transaction whose answer was lost
		// may still be under way then: who asks again at once can read what was before it, and find at the write that it is done.
		broken: func(err error) bool {
			return tasknet.Describe(err).Kind == tasknet.Unavailable || errors.Is(err, rewards.ErrEpochMoved) || errors.Is(err, rewards.ErrRequestMoved)
		},
	}
}

// prepare makes a database with an organisation and two people.
func prepare(t *testing.T, on database) []polls.RespondentID {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, on.template)
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
	on     database
	cfg    store.Config
	people []polls.RespondentID
	chain  *ledgerChain
	clock  time.Time
	asked  map[string]polls.QuestionID
}

func newHistory(t *testing.T, on database, people []polls.RespondentID) *history {
	t.Helper()
	h := &history{on: on, cfg: on.copy(t), people: people, clock: faultsStart, asked: make(map[string]polls.QuestionID)}
	h.chain = &ledgerChain{info: rewards.ChainInfo{Decimals: 18, VaultBlock: 1}, claimed: make(map[rewards.Address]*big.Int), branch: make(map[int64]byte)}
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
		{func() { h.chain.delayed = true; h.chain.remember() }, h.advance(rewards.Confirmed)},
		{func() { h.chain.blocked = true }, h.advance(rewards.Blocked)},
		{func() { h.chain.next, h.chain.blocked = nil, false }, h.advance(rewards.Voided)},
		{nothing, h.postAgain},
		{func() { h.chain.takesEffect() }, h.advance(rewards.Settled)},
		{func() { h.chain.takesBackAll() }, h.collect},
		{func() { h.chain.delayed = false }, h.settle},
		{func() { h.chain.asks() }, h.collect},
		{nothing, h.request},
		{nothing, h.changeAddress},
		{nothing, h.changeKey},
		{nothing, h.ask("third")},
		{func() { h.chain.event(rewards.NoticeGiven, 0) }, h.collect},
		{nothing, h.question("third", 1)},
		{nothing, h.collect},
		{func() { h.chain.delayed = false }, h.advance(rewards.Settled)},
		{func() { h.chain.event(rewards.Withdrawn, 2000-5*110) }, h.collect},
		{nothing, h.erase},
	}
}

// outcome is what a history comes to.
type outcome struct {
	Balances map[rewards.Account]string // but for those of nothing
	Kinds    map[rewards.TxKind]int
	Paid     map[rewards.Address]string
	Epochs   []rewards.EpochState
	Requests []rewards.RequestState
	Changes  int // of an address
	Leaves   int // in the log
	Erased   bool
}

// play plays the history while the counter has a statement go wrong.
func (h *history) play(t *testing.T, c *counter) outcome {
	t.Helper()
	db, err := h.on.open(t, h.cfg, c)
	if err != nil && h.on.broken(err) { // the first thing that was sent went wrong
		c.dies = false
		db, err = h.on.open(t, h.cfg, c)
	}
	must(t, err)
	for number, p := range h.parts() {
		h.clock = h.clock.Add(time.Hour)
		p.happens()
		for tries := 0; ; tries++ {
			err := p.does(t.Context(), db)
			if err == nil && !(c.done && c.dies) {
				break
			}
			if tries == 3 || err != nil && !h.on.broken(err) {
				t.Fatalf("part %d, statement %d %s: %v", number, c.at, c.name, err)
			}
			if c.done && c.dies {
				_ = db.Close() // of the dead process
				c.dies = false
				db, err = h.on.open(t, h.cfg, c)
				must(t, err)
			}
			if c.done { // else this would go wrong, too
				h.conserved(t, db, c)
			}
		}
	}
	c.at = 0 // what looks at the outcome does not go wrong
	c.played = c.count
	out := h.outcome(t, db)
	must(t, db.Close())
	must(t, h.on.drop(h.cfg)) // there are thousands
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
	out := outcome{Balances: make(map[rewards.Account]string), Kinds: make(map[rewards.TxKind]int), Paid: make(map[rewards.Address]string)}
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
	requests, _, err := db.Requests().Requests(ctx, tasknet.Page{Limit: 1000})
	must(t, err)
	for _, r := range requests {
		out.Requests = append(out.Requests, r.State)
	}
	changes, err := db.Rewards().ChangesOf(ctx, string(h.people[0]))
	must(t, err)
	leaves, err := db.Log().Leaves(ctx, 0, 1000)
	must(t, err)
	_, _, err = db.Personal().Erasure(ctx, h.people[1])
	out.Changes, out.Leaves, out.Erased = len(changes), len(leaves), err == nil
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

// settle has the payer work until the newest epoch is settled: it takes one that was taken back at a time.
func (h *history) settle(ctx context.Context, db *store.DB) error {
	if err := h.payer(db).Advance(ctx); err != nil {
		return err
	}
	return h.advance(rewards.Settled)(ctx, db)
}

func (h *history) postAgain(ctx context.Context, db *store.DB) error {
	if err := rewards.PostAgain(ctx, db.Rewards(), 2); err != nil && !errors.Is(err, rewards.ErrNotVoided) {
		return err
	}
	return h.advance(rewards.Confirmed)(ctx, db)
}

// request has people asked what a contract asked, and says that nobody has answered.
func (h *history) request(ctx context.Context, db *store.DB) error {
	r, err := db.Requests().Request(ctx, faultsRequest)
	if err == nil && r.State == rewards.RequestAsked {
		err = db.Requests().OpenRequest(ctx, r.ID, "q_faults")
	}
	if err == nil && r.State != rewards.RequestClosed {
		err = db.Requests().CloseRequest(ctx, r.ID, rewards.RequestOpen, rewards.OracleVerdict{Outcome: rewards.OutcomeUndecided}, "", h.clock)
	}
	if err != nil {
		return err
	}
	put, err := db.Requests().PutVerdicts(ctx, 3, h.clock, 10)
	if err == nil && len(put) != 1 {
		err = fmt.Errorf("%d verdicts are put into the header", len(put))
	}
	return err
}

// changeAddress sends the first one's pay elsewhere.
func (h *history) changeAddress(ctx context.Context, db *store.DB) error {
	_, err := db.Rewards().ChangeAddress(ctx, rewards.AddressChange{
		Person: string(h.people[0]), Wallet: rewards.Address{1}, To: rewards.Address{9}, Number: 1, Signature: make([]byte, 65), Proof: make([]byte, 65),
		At: h.clock, Effective: h.clock,
	})
	if errors.Is(err, rewards.ErrChangeNumber) { // it is done
		return nil
	}
	return err
}

// changeKey has the server sign receipts by another key.
func (h *history) changeKey(ctx context.Context, db *store.DB) error {
	p, _, err := h.pipeline(db)
	if err != nil {
		return err
	}
	c := polls.KeyChange{Use: polls.ReceiptKeys, Number: 2, Old: [32]byte{1}, New: [32]byte{2}, From: h.clock, Until: h.clock}
	if err := p.ChangeKey(ctx, c); err != nil {
		return err
	}
	return p.ChangeKey(ctx, c) // as who has not heard that it is done
}

// erase erases the second one.
func (h *history) erase(ctx context.Context, db *store.DB) error {
	_, err := db.Personal().Erase(ctx, polls.Erasure{Respondent: h.people[1], At: h.clock}, [65]byte{1}, h.clock)
	return err
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
	before        *ledgerChain // as it was once
}

// faultsRequest is what a contract asks.
var faultsRequest = rewards.Hash{0xad}

// asks has a contract ask, and pay 300 micro-units.
func (c *ledgerChain) asks() {
	c.head++
	base := c.info.Base(tasknet.Micro(300))
	c.events = append(c.events, rewards.Event{
		Kind: rewards.Deposited, Tx: rewards.Hash{byte(c.head)}, Block: c.head, Owner: rewards.Address{0xaa}, Reference: faultsRequest, Base: base,
		Ask: &rewards.Ask{Oracle: rewards.Address{1}, Options: []string{"yes", "no"}, Payment: base},
	})
}

// remember keeps what roots and claims there are.
func (c *ledgerChain) remember() {
	before := *c
	before.posted, before.claimed = slices.Clone(c.posted), maps.Clone(c.claimed)
	c.before = &before
}

// takesBackAll takes back all roots and claims since they were remembered.
func (c *ledgerChain) takesBackAll() {
	c.epoch, c.header, c.next, c.posted, c.claimed = c.before.epoch, c.before.header, nil, c.before.posted, c.before.claimed
	c.branch[c.head]++
	c.head++
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
