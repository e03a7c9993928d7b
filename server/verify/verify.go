package verify

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// Config tunes a verification.
type Config struct {
	// Chain is asked whether it holds what the records say. It should be a node that the verifier trusts. Default: the
	// chain is not looked at, and what was deposited and claimed is the server's word.
	Chain Chain

	// Progress is told now and then how far the verification is. Default: nobody is told.
	Progress func(Progress)

	// Now is the verifier's clock, where records are read from a server: what is due in its public log is due by this clock too, or
	// the server could keep its own from going on, or let it run ahead. Default: what the records say of the time, as for those that were copied once.
	Now func() time.Time

	// header is told of each header as the records give it.
	header func(rewards.Header)

	// otherRoots leaves comparing roots with the chain's to who set header.
	otherRoots bool
}

// Chain is what verifying needs of an EVM chain; package rewards says what the methods do.
type Chain interface {
	Info() rewards.ChainInfo
	Roots(ctx context.Context) (rewards.Roots, error)
	Claimed(ctx context.Context, addresses []rewards.Address) ([]*big.Int, error)
	Events(ctx context.Context, from int64) (events []rewards.Event, through rewards.Look, err error)
	StakeEvents(ctx context.Context, from int64) (events []rewards.StakeEvent, through rewards.Look, err error)
	StakesAt(ctx context.Context, block int64, stakers []rewards.Address) ([]rewards.Stake, time.Time, error)
}

// Progress says how far a verification is.
type Progress struct {
	Questions    int // checked
	OfQuestions  int // closed when it began
	Transactions int // checked
}

// Report is what was verified.
type Report struct {
	Instance     string         `json:"instance"`
	Questions    int            `json:"questions"`
	Golds        int            `json:"golds"` // of these, those that had a known answer, which is opened
	Answers      int            `json:"answers"`
	Respondents  int            `json:"respondents"`
	Transactions int            `json:"transactions"`
	Epochs       int            `json:"epochs"`
	Requests     int            `json:"requests"`   // of contracts
	Jobs         int            `json:"jobs"`       // settled
	Cases        int            `json:"cases"`      // about stakes of owners of nodes who were refuted
	CasesWait    int            `json:"cases_wait"` // likewise, of jobs that are not settled, or of whose organisation no epoch has a deposit
	Receipts     int            `json:"receipts"`   // of nodes, for these
	Unaudited    int            `json:"unaudited"`  // parts that were drawn, and that no second owner did in time
	Trials       int            `json:"trials"`     // models that were judged by tasks that no node had
	Untried      int            `json:"untried"`    // of them, those of which the server says that there was nothing to be asked
	Decided      int            `json:"decided"`    // parts whose results differed, and of which the server says which it found again
	Shared       int            `json:"shared"`     // checks some of whose results came from one network, by the server's word
	Withheld     int            `json:"withheld"`   // receipts that are not paid for a lie in a job that is not settled yet
	Deposited    tasknet.Amount `json:"deposited"`
	Paid         tasknet.Amount `json:"paid"`    // final pay of all answers, and of nodes
	Claimed      tasknet.Amount `json:"claimed"` // of that, left to wallets
	Chain        bool           `json:"chain"`   // roots, claims and deposits were compared with the chain

	Erased   int        `json:"erased"`   // answers that their respondents had erased; all have their wallet's word for it
	Log      int64      `json:"log"`      // leaves of the public log; 0 when there is none
	Logged   int        `json:"logged"`   // of these, those of records that were verified; what the others are is not public
	Unlogged int        `json:"unlogged"` // records that are not in the log yet, and need not be: not proven by it
	Sealed   []Sealed   `json:"sealed"`
	Unproven []Unproven `json:"unproven"`

	UnloggedBy *wire.Time `json:"unlogged_by,omitempty"` // when all of these must be there
}

// ErrMismatch is what every Mismatch is.
var ErrMismatch = tasknet.NewError(tasknet.Conflict, "mismatch", "A public record does not fit the others.")

// Mismatch is the first record that does not fit.
type Mismatch struct {
	Kind     string `json:"kind"` // instance, key, log, request, question, answer, verdict, gold, snapshot, witness, job, receipt, transaction, totals, epoch, payout, chain, records, file
	ID       string `json:"id"`
	Field    string `json:"field"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
}

// Error names the record and what is wrong with it.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("%s %s: %s: expected %s, got %s", m.Kind, m.ID, m.Field, m.Expected, m.Got)
}

// Unwrap makes a Mismatch an ErrMismatch.
func (m *Mismatch) Unwrap() error { return ErrMismatch }

// Run verifies the instance whose records s gives. The error is a *Mismatch when a record does not fit, and another one
// when the records could not be read.
func Run(ctx context.Context, s Source, cfg Config) (Report, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(Progress) {}
	}
	if cfg.header == nil {
		cfg.header = func(rewards.Header) {}
	}
	in, err := s.Instance(ctx)
	if err != nil {
		return Report{}, err
	}
	v, err := newVerification(s, cfg, in)
	if err != nil {
		return Report{}, err
	}
	if cfg.Chain != nil {
		if err := v.checkChain(); err != nil {
			return v.report, err
		}
	}
	if v.log, err = openLog(ctx, s, in); err != nil {
		return v.report, err
	}
	if err := v.serverKeys(in); err != nil {
		return v.report, err
	}
	if err := v.stated(in); err != nil {
		return v.report, err
	}
	err = v.run(ctx)
	v.report.Respondents, v.report.Sealed, v.report.Unproven = v.respondents(), v.sealed(), v.unproven()
	return v.report, err
}

// verification is one pass over the records. What it keeps in memory grows with the people and the open questions, and
// by some bytes a transaction; and by a byte for each answer to a gold that is a value.
type verification struct {
	source   Source
	cfg      Config
	instance string
	domain   polls.Domain
	token    rewards.ChainInfo // its decimals
	report   Report

	snapshots   *labeling.SnapshotCache
	witnesses   map[string]bool                               // that were looked for in the log
	statements  *lru.Cache[statement, struct{}]               // of erasures, whose signature is good
	delegations *lru.Cache[wire.Delegation, polls.Delegation] // those whose signature is good

	people  map[string]*person
	wallets map[polls.Wallet]string // whose it is

	startAt      time.Time   // by the server's clock
	start        wire.Totals // read before all else
	listed       int         // records that the list of them gave
	nextRecord   func() (*checked, error, bool)
	recordsEnded bool
	bills        map[string]*bill // of records whose settlement has not come
	golds        golds
	erasures     erasures
	log          *publicLog // nil when there is none
	ledger       ledger
	epochs       epochs
	addresses    map[string][]rewards.AddressChange // by whose they are; nil until they are read
	vault        vault
	contracts    contracts
	jobs         jobs
	cases        cases
}

// person is a respondent at an address, with their money there by the ledger.
type person struct {
	wallet     polls.Wallet
	cumulative tasknet.Amount // taken up by epochs
	added      tasknet.Amount // by the last of them
	epoch      int64          // the last of them
	claimed    tasknet.Amount

	claimedBefore tasknet.Amount // claimed well before the verification began
	saidClaimed   tasknet.Amount // the highest cumulative sum that a record says is claimed
	saidOpen      tasknet.Amount // the lowest that a record says is not; zero when none does
}

const (
	delegationsKept = 100_000

	// aheadMost is how many records are read ahead of the ledger in search of one. Both are in the order in which
	// questions closed, so the search is short unless something is wrong.
	aheadMost = 5000

	// moneyMost bounds all money there is, so that no sum leaves the range of an amount.
	moneyMost = 1 << 61
)

func newVerification(s Source, cfg Config, in wire.Instance) (*verification, error) {
	id, err := hex.DecodeString(in.Instance)
	if err != nil || len(id) != 32 {
		return nil, &Mismatch{"instance", in.Instance, "instance", "32 bytes in hex", in.Instance}
	}
	if d := in.Token.Decimals; d < 6 || d > 18 {
		return nil, &Mismatch{"instance", in.Instance, "token decimals", "6 to 18", fmt.Sprint(d)}
	}
	delegations, err := lru.New[wire.Delegation, polls.Delegation](delegationsKept)
	if err != nil {
		return nil, err
	}
	statements, err := lru.New[statement, struct{}](delegationsKept)
	if err != nil {
		return nil, err
	}
	stakes, err := termsOf(in.Stake)
	if err != nil {
		return nil, err
	}
	return &verification{
		source: s, statements: statements, cfg: cfg, instance: in.Instance, domain: polls.Domain{Instance: [32]byte(id), ChainID: in.ChainID},
		token: rewards.ChainInfo{ID: in.ChainID, Decimals: in.Token.Decimals}, report: Report{Instance: in.Instance},
		startAt: in.Time.Time, snapshots: labeling.NewSnapshotCache(public{s}), witnesses: make(map[string]bool), delegations: delegations, people: make(map[string]*person), wallets: make(map[polls.Wallet]string),
		bills: make(map[string]*bill), golds: newGolds(), ledger: newLedger(), jobs: newJobs(), cases: cases{terms: stakes}, vault: newVault(), epochs: epochs{headers: make(map[int64]rewards.Hash)},
	}, nil
}

// run reads the chain's roots, the totals and the number of epochs first, and then the ledger with, beside it, the questions and epochs that
// its transactions are about. All of what was there at the first reading is in what is read later.
func (v *verification) run(ctx context.Context) error {
	var err error
	if v.cfg.Chain != nil {
		if v.epochs.onChain, err = v.cfg.Chain.Roots(ctx); err != nil {
			return err
		}
		if err := v.cases.begin(ctx, v.cfg.Chain); err != nil {
			return err
		}
	}
	if v.start, err = v.source.Totals(ctx); err != nil {
		return err
	}
	for _, err := range v.source.Epochs(ctx) {
		if err != nil {
			return err
		}
		v.epochs.atStart++
	}
	if err := v.readContracts(ctx); err != nil {
		return err
	}
	nextRecord, stopRecords := iter.Pull2(v.records(ctx))
	defer stopRecords()
	v.nextRecord = nextRecord
	v.epochs.next, v.epochs.stop = iter.Pull2(v.source.Epochs(ctx))
	defer func() { v.epochs.stop() }()
	defer v.endJobs()

	v.ledger.reached(v.start)
	if err := v.readLedger(ctx); err != nil {
		return err
	}
	for before := -1; v.claimsMissing() && v.report.Transactions != before; { // a claim may come after the ledger's last page and before the payout that is claimed
		before = v.report.Transactions
		if err := v.readLedger(ctx); err != nil {
			return err
		}
	}
	if err := v.ledger.finish(v); err != nil {
		return err
	}
	if err := v.finishRecords(ctx); err != nil {
		return err
	}
	if err := v.finishJobs(ctx); err != nil {
		return err
	}
	if err := v.readCases(ctx); err != nil {
		return err
	}
	if err := v.finishEpochs(); err != nil {
		return err
	}
	if err := v.finishAddresses(ctx); err != nil {
		return err
	}
	if err := v.finishContracts(ctx); err != nil {
		return err
	}
	if err := v.awaitStart(ctx); err != nil {
		return err
	}
	if err := v.log.finish(ctx, v.clock(), &v.report); err != nil {
		return err
	}
	if err := v.finishKeys(ctx); err != nil {
		return err
	}
	v.report.Deposited, v.report.Claimed = v.ledger.totals.Deposited, v.ledger.totals.Claimed
	if v.cfg.Chain == nil {
		return nil
	}
	err = v.chain(ctx)
	v.report.Chain = err == nil
	return err
}

// readLedger checks the transactions of the ledger that were not there when it was last read.
func (v *verification) readLedger(ctx context.Context) error {
	n := 0
	for tx, err := range v.source.Ledger(ctx) {
		if err != nil {
			return err
		}
		if n++; n <= v.report.Transactions {
			continue
		}
		if err := v.transaction(ctx, tx); err != nil {
			return err
		}
		v.report.Transactions++
		v.tell()
	}
	return nil
}

// claimsMissing reports whether a payout is said to be claimed that is not by the ledger.
func (v *verification) claimsMissing() bool {
	for _, p := range v.people {
		if p.claimed.Cmp(p.saidClaimed) < 0 {
			return true
		}
	}
	return false
}

func (v *verification) tell() {
	v.cfg.Progress(Progress{Questions: v.report.Questions, OfQuestions: v.start.Questions, Transactions: v.report.Transactions})
}

// pullRecord takes up the next closed question. more is false when there is none.
func (v *verification) pullRecord(ctx context.Context) (more bool, err error) {
	if v.recordsEnded {
		return false, nil
	}
	record, err, ok := v.nextRecord()
	if !ok || err != nil {
		v.recordsEnded = true
		return false, err
	}
	v.listed++
	return true, v.addRecord(record)
}

// addRecord compares a question with what is known so far, and keeps its bill until its settlement comes.
func (v *verification) addRecord(c *checked) error {
	for _, a := range c.answers {
		if _, fits := v.knows(a.respondent, a.wallet); !fits {
			return &Mismatch{"answer", a.answer, "respondent", "one person for each wallet, and one wallet for each person", a.respondent + " with " + a.wallet.String()}
		}
	}
	for _, snapshot := range c.struck {
		if err := v.explained(snapshot, c.q.Type); err != nil {
			return err
		}
	}
	b := c.bill
	if err := v.golds.add(b.family, c.gold, c.q, c.votes); err != nil {
		return err
	}
	if _, twice := v.bills[b.question]; twice || v.ledger.settled(b.question) {
		return &Mismatch{"question", b.question, "id", "a question that is listed once", "another record of it"}
	}
	if r := v.contracts.questions[b.question]; r != nil {
		r.seen = true
	}
	if err := v.logWitness(c.witness); err != nil {
		return err
	}
	for _, leaf := range c.logged {
		v.log.has(leaf)
	}
	v.erasures.add(c)
	v.report.Questions++
	if c.gold != nil {
		v.report.Golds++
	}
	v.report.Answers += b.answers
	v.report.Erased += c.erased.answers
	b.number = v.listed
	v.tell()
	if s, ok := v.ledger.waiting[b.question]; ok {
		delete(v.ledger.waiting, b.question)
		return v.ledger.fits(b, s)
	}
	v.bills[b.question] = b
	return nil
}

// seek reads on to the record of a question whose settlement waits for it, unless that is far away.
func (v *verification) seek(ctx context.Context, question string) error {
	for v.ledger.waiting[question] != nil && len(v.bills) < aheadMost {
		more, err := v.pullRecord(ctx)
		if err != nil {
			return err
		}
		if !more {
			return v.late(ctx, question)
		}
	}
	return nil
}

// late is seek for a question that closed after the last page of the records was read.
func (v *verification) late(ctx context.Context, question string) error {
	if v.listed < v.start.Questions {
		return nil
	}
	record, err := v.source.Record(ctx, question)
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	all := v.checkAll(ctx, []wire.Record{record})
	if all[0].err != nil {
		return all[0].err
	}
	return v.addRecord(all[0].checked)
}

// newMost is how many questions that closed since the verification began are looked at.
const newMost = 1000

// finishRecords reads what is left of the questions, and finds those without a settlement, and settlements without a
// question.
func (v *verification) finishRecords(ctx context.Context) error {
	for len(v.ledger.waiting) > 0 || v.listed < v.start.Questions+newMost {
		more, err := v.pullRecord(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	first := (*settlement)(nil)
	for _, s := range v.ledger.waiting {
		if first == nil || s.number < first.number {
			first = s
		}
	}
	if first != nil {
		return &Mismatch{"transaction", first.id, "cause", "a closed question", first.question + ", which has no record"}
	}
	missing := (*bill)(nil)
	for _, b := range v.bills {
		if b.number <= v.start.Questions && (missing == nil || b.number < missing.number) {
			missing = b
		}
	}
	if missing != nil {
		return &Mismatch{"question", missing.question, "settlement", "transaction " + missing.tx + " in the ledger", "none"}
	}
	if v.listed < v.start.Questions {
		return &Mismatch{"totals", v.instance, "questions_closed", fmt.Sprint(v.listed), fmt.Sprint(v.start.Questions)}
	}
	return nil
}

// knows returns the respondent with an id, or makes them known with a wallet. Each has one wallet and each wallet one.
func (v *verification) knows(id string, wallet polls.Wallet) (p *person, fits bool) {
	p = v.people[id]
	if owner, taken := v.wallets[wallet]; taken && owner != id {
		return nil, false
	}
	if p == nil {
		p = &person{wallet: wallet}
		v.people[id] = p
		v.wallets[wallet] = id
	}
	return p, p.wallet == wallet
}

// person returns a respondent whom a transaction names, reading on to where they first answer. Nil when they never do.
func (v *verification) person(ctx context.Context, id string) (*person, error) {
	for {
		if p := v.people[id]; p != nil || len(v.bills) >= aheadMost {
			return p, nil
		}
		if more, err := v.pullRecord(ctx); !more || err != nil {
			return nil, err
		}
	}
}

func timeText(t time.Time) string { return t.UTC().Format(wire.TimeLayout) }
