package verify_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// records are the public records of an instance, served as the API serves them, three to a page.
type records struct {
	Instance  wire.Instance
	Questions []wire.Record
	Snapshots map[string]wire.Snapshot
	Epochs    []wire.Epoch
	Addresses []wire.AddressChange
	Payouts   map[string][]wire.Payout
	Spending  map[string][]wire.VaultAccount
	Requests  []wire.OracleRequest // of contracts; those with an epoch are in its tree
	Jobs      []wire.JobRecord     // settled
	Witnesses map[string]wire.Witness
	Ledger    []wire.Transaction
	Totals    wire.Totals
}

const pageOfThree = 3

func (r *records) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	path := strings.Split(strings.TrimPrefix(req.URL.Path, "/v1/"), "/")
	switch {
	case path[0] == "instance":
		respond(w, r.Instance)
	case path[0] == "oracle":
		items, next := page(r.Requests, req)
		respond(w, wire.OracleRequests{Page: next, Requests: items})
	case path[1] == "totals":
		respond(w, r.Totals)
	case path[1] == "snapshots":
		s, ok := r.Snapshots[path[2]]
		if !ok {
			missing(w)
			return
		}
		respond(w, s)
	case path[1] == "witnesses":
		words, ok := r.Witnesses[path[2]]
		if !ok {
			missing(w)
			return
		}
		respond(w, words)
	case path[1] == "jobs":
		items, next := page(r.Jobs, req)
		respond(w, wire.JobRecords{Page: next, Jobs: items})
	case path[1] == "questions" && len(path) == 3:
		i := slices.IndexFunc(r.Questions, func(q wire.Record) bool { return q.Question.ID == path[2] })
		if i < 0 {
			missing(w)
			return
		}
		respond(w, r.Questions[i])
	case path[1] == "questions":
		items, next := page(r.Questions, req)
		respond(w, wire.Records{Page: next, Records: items})
	case path[1] == "addresses":
		items, next := page(r.Addresses, req)
		respond(w, wire.AddressChanges{Page: next, Changes: items})
	case path[1] == "ledger":
		items, next := page(r.Ledger, req)
		respond(w, wire.Ledger{Page: next, Transactions: items})
	case len(path) == 4 && path[3] == "spending":
		items, next := page(r.Spending[path[2]], req)
		respond(w, wire.EpochSpending{Page: next, Accounts: items})
	case len(path) == 4 && path[3] == "verdicts":
		items, next := page(r.verdictsIn(path[2]), req)
		respond(w, wire.EpochVerdicts{Page: next, Verdicts: items})
	case len(path) == 4:
		items, next := page(r.Payouts[path[2]], req)
		respond(w, wire.EpochPayouts{Page: next, Payouts: items})
	default:
		items, next := page(r.Epochs, req)
		respond(w, wire.Epochs{Page: next, Epochs: items})
	}
}

// verdictsIn returns the requests whose verdicts are in an epoch's tree.
func (r *records) verdictsIn(epoch string) (in []wire.OracleRequest) {
	for _, request := range r.Requests {
		if strconv.FormatInt(request.Epoch, 10) == epoch {
			in = append(in, request)
		}
	}
	return in
}

func page[T any](all []T, req *http.Request) ([]T, wire.Page) {
	from, _ := strconv.Atoi(req.URL.Query().Get("cursor"))
	to, next := min(from+pageOfThree, len(all)), wire.Page{}
	if to < len(all) {
		next.Next = strconv.Itoa(to)
	}
	return all[from:to], next
}

func respond(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

func missing(w http.ResponseWriter) {
	w.WriteHeader(http.StatusNotFound)
	respond(w, wire.Problem{Code: "not_found", Detail: "There is no such thing; check the id."})
}

// direct answers requests by a handler, without a network between.
type direct struct{ http.Handler }

func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, req)
	return w.Result(), nil
}

func (r *records) client(t *testing.T) *client.Client { return clientOf(t, r) }

// clientOf returns a client of a server that a handler is.
func clientOf(t *testing.T, h http.Handler) *client.Client {
	t.Helper()
	c, err := client.New("http://records.test", client.Config{HTTP: &http.Client{Transport: direct{h}}, Patience: -1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// copied returns a deep copy, as it would come over the wire.
func (r *records) copied(t *testing.T) *records {
	t.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out := new(records)
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// builder makes records by the code that makes the real ones.
type builder struct {
	t         *testing.T
	r         *records
	at        time.Time
	domain    polls.Domain
	people    []human
	snapshots map[string]*labeling.Snapshot
	snapshot  string
	versions  map[labeling.FamilyID]int // of the next snapshots
	newcomers map[string]bool
	project   string // of the next questions
	voids     string // the newest snapshot of the project's family
	family    labeling.FamilyID
	payouts   map[string]rewards.Payout // the newest of each payee
	claimed   map[string]tasknet.Amount
	balances  map[rewards.Account]tasknet.Amount
	totals    rewards.Totals
	accounts  []rewards.VaultAccount
	spent     map[string]tasknet.Amount // by organisations
	told      []rewards.Request         // of contracts, whose verdicts wait for an epoch
}

type human struct {
	id         string
	keys       client.Keys
	delegation polls.Delegation
}

const (
	alice = "org_01kn5c5e3v0123456789abcdea"
	bob   = "org_01kn5c5e3v0123456789abcdeb"
	carol = "org_01kn5c5e3v0123456789abcdec"

	project      = "prj_01kn5c5e3v0123456789abcdec" // of alice
	otherProject = "prj_01kn5c5e3v0123456789abcded"
)

// deposits are those on the chain, and a withdrawal.
func deposits() []rewards.Event {
	info := rewards.ChainInfo{Decimals: 18}
	return []rewards.Event{
		{Kind: rewards.Deposited, Owner: rewards.Address{0x0a}, Tx: rewards.Hash{0xd1}, LogIndex: 0, Block: 3, Reference: rewards.Reference(alice), Base: info.Base(tasknet.Micro(1_300_003))},
		{Kind: rewards.Deposited, Owner: rewards.Address{0x0b}, Tx: rewards.Hash{0xd2}, LogIndex: 1, Block: 5, Reference: rewards.Reference(bob), Base: info.Base(tasknet.Micro(317_017))},
		{Kind: rewards.Deposited, Owner: rewards.Address{0x0c}, Tx: rewards.Hash{0xd3}, LogIndex: 0, Block: 6, Reference: rewards.Reference(carol), Base: info.Base(tasknet.Micro(5003))},
		{Kind: rewards.Withdrawn, Owner: rewards.Address{0x0c}, Tx: rewards.Hash{0xd4}, LogIndex: 2, Block: 8, Reference: rewards.Reference(carol), Base: info.Base(tasknet.Micro(5004))}, // with the dust of others
		{Kind: rewards.Deposited, Owner: rewards.Address{0x0c}, Tx: rewards.Hash{0xd6}, LogIndex: 0, Block: 9, Reference: rewards.Reference(carol), Base: info.Base(tasknet.Micro(100))},
	}
}

// build makes the records of an instance in which everything has happened that can.
func build(t *testing.T) *records {
	t.Helper()
	return buildWith(t, labeling.General(len(choices)))
}

// buildWith makes records with snapshots of a family, and then more of them.
func buildWith(t *testing.T, family labeling.FamilyID, more ...func(*builder)) *records {
	t.Helper()
	b := &builder{
		t: t, family: family, at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), snapshots: make(map[string]*labeling.Snapshot),
		versions: map[labeling.FamilyID]int{family: 7}, // higher than any of the project's family, which counts apart
		payouts:  make(map[string]rewards.Payout), claimed: make(map[string]tasknet.Amount), balances: make(map[rewards.Account]tasknet.Amount),
		r:     &records{Snapshots: make(map[string]wire.Snapshot), Payouts: make(map[string][]wire.Payout), Spending: make(map[string][]wire.VaultAccount)},
		spent: make(map[string]tasknet.Amount),
	}
	b.r.Instance = wire.Instance{Instance: hex.EncodeToString(bytes.Repeat([]byte{0xc1}, 32)), ChainID: 31415, Token: wire.Token{Decimals: 18}}
	b.domain = polls.Domain{Instance: [32]byte(bytes.Repeat([]byte{0xc1}, 32)), ChainID: 31415}
	for i := range 7 {
		keys, err := client.DeriveKeys([]byte("verify"), strconv.Itoa(i))
		b.check(err)
		d := polls.Delegation{Device: keys.DeviceKey(), Issued: b.at.Add(-time.Hour), Expires: b.at.Add(24 * time.Hour)}
		d.Sign(b.domain, keys.Wallet)
		b.people = append(b.people, human{tasknet.NewID(polls.RespondentPrefix, b.at), keys, d})
	}
	b.learn(nil, labeling.Calibration{})
	for _, d := range deposits()[:3] {
		amount, err := (rewards.ChainInfo{Decimals: 18}).Amount(d.Base)
		b.check(err)
		b.post(rewards.Credit(rewards.OrgOf(d.Reference), d.Cause(), amount, b.at))
		b.accounts = append(b.accounts, rewards.VaultAccount{Key: d.Account(), Owner: d.Owner, Reference: d.Reference, Org: rewards.OrgOf(d.Reference), Deposited: amount})
	}

	image := &polls.Image{Hash: strings.Repeat("ab", 32), Type: "image/png", Width: 3, Height: 5, Bytes: 7, Alt: "a roof"}
	b.ask(alice, "fixed:3", 0, 0, image).answer(0, 1, 1).answer(1, 0, 0).answer(2, 1, 1).close(labeling.Quorum)
	b.ask(bob, "fixed:2", 0, 0, nil).answer(3, 2, 1).answer(0, 0, 1).close(labeling.Quorum)
	b.epoch(rewards.Settled)
	b.exit(deposits()[2], deposits()[3], deposits()[4])
	b.ask(alice, "fixed:5", 0, 0, nil).close(labeling.Cancelled)
	b.learn([]labeling.Confusion{
		{Errors: labeling.Errors{Respondent: polls.RespondentID(b.people[0].id), Wrong: 3000, Expected: 9000}, Counts: []int{9000, 500, 300, 200, 7000, 100, 50, 900, 8000}},
		{Errors: labeling.Errors{Respondent: polls.RespondentID(b.people[2].id), Wrong: 2000, Expected: 1000}},
	}, labeling.Calibration{Golds: 64, Pooled: true, Steps: []labeling.Step{
		{From: 0, Golds: 64, Missed: 30, Times: 40, Wrong: 18}, {From: 1000, Golds: 63, Missed: 20, Times: 60, Wrong: 4}, {From: 2500, Golds: 61, Times: 90},
	}})
	b.ask(alice, "confidence:0.9", 2, 6, nil).answer(0, 2, 1).answer(2, 2, 0).close(labeling.Quorum)
	b.ask(bob, "confidence:0.99", 2, 6, nil).answer(4, 1, 1).answer(1, 0, 0).close(labeling.Deadline)
	b.ask(bob, "confidence:0.7", 2, 3, nil).answer(0, 2, 1).answer(4, 1, 0).close(labeling.Unsettled)
	b.epoch(rewards.Settled)
	b.ask(alice, "fixed:4", 0, 0, nil).answer(5, 1, 1).answer(6, polls.CannotTell, 0).answer(0, 1, 0).close(labeling.Deadline)
	b.epoch(rewards.Confirmed)
	b.ask(alice, "fixed:1", 0, 0, nil).answer(6, 0, 0).close(labeling.Quorum)
	b.project, b.newcomers = project, map[string]bool{b.people[3].id: true, b.people[4].id: true, b.people[5].id: true}
	b.ask(alice, "fixed:3", 0, 0, nil).answer(3, 1, 0).answer(4, 1, 1).answer(5, 1, 1).close(labeling.Quorum)
	since := strconv.FormatInt(b.at.UnixMilli(), 10)
	b.ask(alice, "fixed:2", 0, 0, nil).answer(5, 0, 1).answer(4, 1, 1).close(labeling.Quorum)
	later := strconv.FormatInt(b.at.UnixMilli(), 10)
	b.project = otherProject
	b.ask(alice, "fixed:3", 0, 0, nil).answer(3, 1, 0).answer(4, 1, 1).answer(5, 1, 1).close(labeling.Quorum)
	b.ask(alice, "fixed:2", 0, 0, nil).answer(5, 0, 1).answer(0, 1, 1).close(labeling.Quorum)
	b.project = project
	b.void(5)
	pending := func(i, answers int) []rewards.PendingPay {
		return []rewards.PendingPay{{Payee: b.people[i].id, Amount: tasknet.Micro(18_013 * int64(answers))}}
	}
	b.post(rewards.Release(b.people[3].id+" proven", pending(3, 2), b.tick()))
	b.post(rewards.Forfeit(b.people[5].id+" "+b.voids+" "+since, pending(5, 2), b.tick()))
	b.post(rewards.Release(b.people[4].id+" "+project+"/3 "+since, pending(4, 1), b.tick())) // the oldest of it
	b.post(rewards.Release(b.people[4].id+" "+project+"/3 "+later, pending(4, 1), b.tick()))
	b.newcomers = nil
	b.ask(alice, "fixed:3", 0, 0, nil).answer(5, 0, 0).answer(0, 1, 1).answer(1, 1, 0).strike(5).answer(2, 2, 0).close(labeling.Quorum)
	b.ask(alice, "fixed:4", 0, 0, nil).answer(3, 1, 0).answer(5, 0, 1).strike(5).close(labeling.Deadline)
	b.void(5, 6)
	general, second := b.snapshot, b.voids
	twice := b.ask(alice, "fixed:2", 0, 0, nil).answer(5, 0, 0).answer(0, 1, 0).strike(5).answer(6, 0, 0)
	b.void(5, 6)
	twice.strike(6).close(labeling.Cancelled)
	b.snapshot = second
	b.ask(alice, "fixed:4", 0, 0, nil).answer(5, 0, 0).answer(4, 1, 0).answer(6, 2, 0).strike(5, 6).close(labeling.Cancelled)
	b.snapshot = general
	b.ask(alice, "confidence:0.7", 2, 5, nil).answer(6, 0, 0).answer(0, 2, 1).answer(2, 2, 1).strike(6).close(labeling.Quorum)
	for _, add := range more {
		add(b)
	}
	early := b.ask(alice, "fixed:2", 0, 0, nil)
	b.learn(nil, labeling.Calibration{})
	early.assigned().answer(0, 1, 1).answer(2, 1, 0).close(labeling.Quorum)
	b.ask(bob, "fixed:2", 0, 0, nil).answer(6, 0, 0) // still open
	b.r.Totals = wire.Totals{
		Deposited: b.totals.Deposited, Withdrawn: b.totals.Withdrawn, Frozen: b.totals.Frozen, Debts: b.totals.Debts, Requesters: b.totals.Requesters, Held: b.totals.Held, Pending: b.totals.Pending, Respondents: b.totals.Payees, InEpoch: b.totals.Unclaimed,
		Claimed: b.totals.Claimed, Operator: b.totals.Operator, Forfeits: b.totals.Forfeits, Questions: len(b.r.Questions), Answers: b.r.Totals.Answers,
	}
	b.at = b.at.Add(time.Hour)
	b.r.Instance.Time = wire.At(b.at)
	return b.r
}

func (b *builder) check(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *builder) tick() time.Time {
	b.at = b.at.Add(1009 * time.Millisecond)
	return b.at
}

func (b *builder) post(t rewards.Transaction) {
	b.t.Helper()
	b.check(t.Check())
	out := wire.Transaction{ID: string(t.ID), Kind: string(t.Kind), Cause: t.Cause, At: wire.At(t.At)}
	for _, e := range t.Entries {
		out.Entries = append(out.Entries, wire.Entry{Account: string(e.Account), Amount: e.Amount})
		b.balances[e.Account] = b.balances[e.Account].Add(e.Amount)
		b.check(b.totals.Add(e))
	}
	b.r.Ledger = append(b.r.Ledger, out)
}

// void makes a snapshot of the project's own family, which the next questions do not name, by which some people's answers are worth
// nothing.
func (b *builder) void(people ...int) {
	b.t.Helper()
	var all []labeling.Confusion
	for _, i := range people {
		all = append(all, labeling.Confusion{Errors: labeling.Errors{Respondent: polls.RespondentID(b.people[i].id)}, Counts: make([]int, 9), Void: true})
	}
	own, _, err := labeling.FamilyOf(alice, b.project, polls.Choice, choices)
	b.check(err)
	named, family := b.snapshot, b.family
	b.family = own
	b.learn(all, labeling.Calibration{})
	b.voids, b.snapshot, b.family = b.snapshot, named, family
}

// learn makes the snapshot that new questions name, of the version after the last.
func (b *builder) learn(people []labeling.Confusion, gold labeling.Calibration) {
	b.t.Helper()
	f, err := labeling.NewFamily(labeling.Family{Choices: 3, Truths: []int{5000, 7000, 3000}, People: people, Calibration: gold})
	b.check(err)
	s, err := labeling.NewSnapshot(b.family, b.versions[b.family], f, b.tick())
	b.versions[b.family]++
	b.check(err)
	out := wire.Snapshot{
		Hash: s.Hash, At: wire.At(s.At), Family: string(s.Family), Version: s.Version, Choices: f.Choices, Truths: f.Truths, People: []wire.Skill{},
		Golds: gold.Golds, Pooled: gold.Pooled, Steps: []wire.Step{},
	}
	for _, p := range f.People {
		out.People = append(out.People, wire.Skill{Respondent: string(p.Respondent), Wrong: p.Wrong, Expected: p.Expected, Counts: p.Counts, Void: p.Void})
	}
	for _, step := range gold.Steps {
		out.Steps = append(out.Steps, wire.Step(step))
	}
	b.snapshot, b.snapshots[s.Hash], b.r.Snapshots[s.Hash] = s.Hash, s, out
}

var choices = []string{"this", "that", "neither"}

// asked is a question that is being answered.
type asked struct {
	*builder
	q       *polls.Question
	skills  string // the snapshot that weighs its answers
	answers []wire.AnswerRecord
	votes   []polls.Vote
	strikes labeling.Strikes
	verdict *labeling.Verdict // when it is closed
}

// assigned has the question assigned for the first time, so that the newest snapshot weighs its answers.
func (a *asked) assigned() *asked {
	a.skills = a.snapshot
	return a
}

func (b *builder) ask(org, policy string, least, most int, image *polls.Image) *asked {
	b.t.Helper()
	p, err := polls.ParsePolicy(policy, least, most)
	b.check(err)
	price := tasknet.Micro(18_013)
	q, err := polls.NewQuestion(polls.Draft{
		Org: polls.OrgID(org), Project: b.project, Type: polls.Choice, Text: fmt.Sprintf("Which of these, number %d?", len(b.r.Ledger)), Choices: choices,
		Image: image, Policy: p, Price: price, Fee: price.BasisPoints(1500), Lifetime: time.Minute, Snapshot: b.snapshot,
	}, b.r.Instance.Instance, b.tick())
	b.check(err)
	hold, err := q.Hold()
	b.check(err)
	b.post(rewards.Hold(org, string(q.ID), hold, b.at))
	return &asked{builder: b, q: q, skills: b.snapshot}
}

// answer has a person answer; extra makes the clock of their device differ.
func (a *asked) answer(person, choice int, extra int64) *asked {
	a.t.Helper()
	h, at := a.people[person], a.tick()
	answer := polls.Answer{
		ID: polls.AnswerID(tasknet.NewID(polls.AnswerPrefix, at)), Question: a.q.ID, Assignment: polls.AssignmentID(tasknet.NewID(polls.AssignmentPrefix, at)),
		Respondent: polls.RespondentID(h.id), Device: h.delegation.Device, Choice: choice, Nonce: fmt.Sprintf("%032x", at.UnixNano()),
		ClientMS: at.UnixMilli() + extra, AcceptedAt: at,
	}
	digest := answer.Digest(a.r.Instance.Instance, a.q.Hash)
	copy(answer.Signature[:], ed25519.Sign(h.keys.Device, digest[:]))
	hash := answer.RecordHash(a.r.Instance.Instance, a.q.Hash)
	a.answers = append(a.answers, wire.AnswerRecord{
		ID: string(answer.ID), Respondent: h.id, Assignment: string(answer.Assignment), Given: wire.Give(choice, ""), Nonce: answer.Nonce, Time: answer.ClientMS,
		At: at.UnixMilli(), Signature: hex.EncodeToString(answer.Signature[:]), Hash: hex.EncodeToString(hash[:]),
		Delegation: wireDelegation(h.delegation),
	})
	a.votes = append(a.votes, polls.Vote{Respondent: answer.Respondent, Choice: choice})
	return a
}

func wireDelegation(d polls.Delegation) wire.Delegation {
	return wire.Delegation{Wallet: d.Wallet.String(), Device: d.Device.String(), Issued: d.Issued.Unix(), Expires: d.Expires.Unix(), Signature: hex.EncodeToString(d.Signature[:])}
}

// strike strikes people's answers at once, by the newest snapshot.
func (a *asked) strike(people ...int) *asked {
	a.t.Helper()
	counted := len(a.votes)
	for _, person := range people {
		s := labeling.Strike{
			Question: a.q.ID, Respondent: polls.RespondentID(a.people[person].id), Snapshot: a.voids, Answers: len(a.answers), Counted: counted, At: a.at,
		}
		a.strikes = append(a.strikes, s)
		for i := range a.answers {
			if w := &a.answers[i]; w.Respondent == string(s.Respondent) {
				w.Struck = &wire.Strike{Snapshot: s.Snapshot, Answers: s.Answers, Counted: s.Counted, At: wire.At(s.At)}
			}
		}
	}
	a.votes = a.strikes.Counting(a.votes)
	return a
}

func (a *asked) close(reason labeling.Reason) {
	a.t.Helper()
	at := a.tick()
	if reason == labeling.Deadline {
		at = a.q.Deadline.Add(17 * time.Millisecond)
		a.at = at
	}
	n, why, err := labeling.Stopped(a.q, a.votes, a.snapshots[a.skills])
	a.check(err)
	if stopped := reason == labeling.Quorum || reason == labeling.Unsettled; n != len(a.votes) || stopped && why != reason || !stopped && why != "" {
		a.t.Fatalf("%s is stopped after %d of %d answers by %q, want %s", a.q.Text, n, len(a.votes), why, reason)
	}
	verdict, err := labeling.Decide(a.q, a.votes, a.snapshots[a.skills], reason, at)
	a.check(err)
	a.verdict = verdict
	hold, err := a.q.Hold()
	a.check(err)
	fee, err := a.q.Fee.Times(len(a.votes))
	a.check(err)
	bill := rewards.Bill{Org: string(a.q.Org), Cause: string(a.q.ID), Hold: hold, Fee: fee}
	bill.Forfeit, err = a.q.Price.Times(a.strikes.Forfeited(len(a.votes)))
	a.check(err)
	for _, v := range a.votes {
		bill.Pays = append(bill.Pays, rewards.Pay{Payee: string(v.Respondent), Amount: a.q.Price, Pending: a.newcomers[string(v.Respondent)]})
	}
	s, err := rewards.Settle(bill, at)
	a.check(err)
	a.post(s.Transaction)
	a.spent[string(a.q.Org)] = a.spent[string(a.q.Org)].Add(s.Paid).Add(s.Fee).Add(s.Forfeited)
	w := wire.Verdict{
		ID: string(verdict.ID), Outcome: string(verdict.Outcome), Confidence: ppm(verdict.Confidence()), Counts: verdict.Counts, Answers: verdict.Answers,
		Claims: verdict.Claims, Correction: string(verdict.Correction), Golds: verdict.Golds, Pooled: verdict.Pooled, CannotTell: verdict.CannotTell,
		Method: string(verdict.Method), Snapshot: verdict.Snapshot, Reason: string(reason), Paid: s.Paid, Fee: s.Fee, Forfeited: s.Forfeited, Released: s.Released, At: wire.At(at),
	}
	for _, p := range verdict.Posterior {
		w.Posterior = append(w.Posterior, ppm(p))
	}
	if verdict.Choice != labeling.NoChoice {
		w.Choice, w.Label = &verdict.Choice, a.q.Choices[verdict.Choice]
	}
	record := wire.Record{
		Org: string(a.q.Org), Fee: a.q.Fee, ClosedAt: wire.At(at), Verdict: w, Answers: a.answers, Settlement: string(s.ID),
		Question: wire.AskedQuestion{
			ID: string(a.q.ID), Hash: a.q.Hash, Salt: a.q.Salt, Extras: wire.Extras{Project: a.q.Project}, Type: string(a.q.Type), Text: a.q.Text, Choices: a.q.Choices,
			Quorum: wire.Quorum{Policy: a.q.Policy.String(), Min: a.q.Policy.Min, Max: a.q.Policy.Max}, Price: a.q.Price, Fee: a.q.Fee,
			Deadline: wire.At(a.q.Deadline), Snapshot: a.q.Snapshot, AskedBy: "somebody", Answers: len(a.answers),
		},
	}
	if i := a.q.Image; i != nil {
		record.Question.Image = &wire.Image{Hash: i.Hash, URL: "/media/" + i.Hash, Type: i.Type, Width: i.Width, Height: i.Height, Bytes: i.Bytes, Alt: i.Alt}
	}
	a.r.Questions = append(a.r.Questions, record)
	a.r.Totals.Answers += len(a.votes)
}

func ppm(n int) string { return fmt.Sprintf("%d.%06d", n/1_000_000, n%1_000_000) }

// epoch closes an epoch over all final pay; a settled one is claimed as well.
func (b *builder) epoch(state rewards.EpochState) {
	b.t.Helper()
	number, info := int64(len(b.r.Epochs)+1), rewards.ChainInfo{Decimals: b.r.Instance.Token.Decimals}
	var due []rewards.Due
	var before []rewards.Payout
	for _, h := range b.people {
		if amount := b.balances[rewards.Payee(h.id)]; !amount.IsZero() {
			at := b.payeeOf(h)
			due = append(due, rewards.Due{Payee: at.Payee, Address: at.Address, Amount: amount, Cumulative: b.payouts[at.Payee].Cumulative})
		}
	}
	for _, p := range b.payouts {
		before = append(before, p)
	}
	plan, err := rewards.NewPlan(number, due, before, info, b.tick())
	if errors.Is(err, rewards.ErrNothingToPay) {
		plan, err = rewards.EmptyPlan(number, before, info, b.at)
	}
	b.check(err)
	b.post(plan.Tx)
	for _, p := range plan.Payouts {
		b.payouts[p.Payee] = p
	}
	if state == rewards.Settled {
		for _, p := range plan.Payouts {
			unclaimed := p.Cumulative.Sub(b.claimed[p.Payee])
			b.claimed[p.Payee] = p.Cumulative
			b.post(rewards.Transaction{
				ID: rewards.TxID(tasknet.NewID(rewards.TxPrefix, b.tick())), Kind: rewards.ClaimTx, Cause: p.Payee + " " + p.Cumulative.String(), At: b.at,
				Entries: []rewards.Entry{{Account: rewards.Unclaimed(p.Payee), Amount: unclaimed.Neg()}, {Account: rewards.ClaimedAccount, Amount: unclaimed}},
			})
		}
	}
	var leaves []rewards.Payout
	for _, p := range b.payouts {
		leaves = append(leaves, p)
	}
	rewards.SortLeaves(leaves)
	tree, err := rewards.Tree(leaves, info)
	b.check(err)
	root := hex.EncodeToString(plan.Epoch.Root[:])
	b.r.Epochs = append(b.r.Epochs, wire.Epoch{
		Number: number, State: string(state), Root: root, Amount: plan.Epoch.Amount, Cumulative: plan.Epoch.Cumulative, Payees: plan.Epoch.Payees, At: wire.At(b.at),
	})
	b.r.Epochs[number-1].Header = b.header(&plan.Epoch, info)
	for i, l := range leaves {
		out := wire.Payout{
			Epoch: l.Epoch, State: string(state), Respondent: rewards.PersonOf(l.Payee), Address: polls.Wallet(l.Address).String(), Amount: l.Amount, Cumulative: l.Cumulative,
			Claimed: b.claimed[l.Payee].Cmp(l.Cumulative) >= 0, Root: root, At: wire.At(b.at),
		}
		for _, p := range tree.Proof(i) {
			out.Proof = append(out.Proof, hex.EncodeToString(p[:]))
		}
		key := strconv.FormatInt(number, 10)
		b.r.Payouts[key] = append(b.r.Payouts[key], out)
	}
}

// exit has the owner of a deposit give notice, twice, and withdraw; and the chain take back another
// deposit of theirs. What is there pays a part of the debt, and a deposit that comes in its place the rest.
func (b *builder) exit(deposited, withdrawn, again rewards.Event) {
	b.t.Helper()
	org, key, at := rewards.OrgOf(deposited.Reference), deposited.Account(), slices.IndexFunc(b.accounts, func(a rewards.VaultAccount) bool { return a.Key == deposited.Account() })
	left := b.accounts[at].Deposited
	for _, amount := range []tasknet.Amount{left, left.Neg(), left} {
		b.post(rewards.Freeze(org, key, amount, hex.EncodeToString(key[:])+":"+strconv.Itoa(len(b.r.Ledger)+1), b.tick()))
	}
	amount, err := (rewards.ChainInfo{Decimals: 18}).Amount(withdrawn.Base)
	b.check(err)
	out := rewards.Booking{Event: withdrawn, Org: org, Amount: amount}
	out.Book(rewards.Holdings{Frozen: left, Left: left}, 0, b.tick())
	b.post(out.Tx)
	b.accounts[at].Withdrawn = out.Amount
	lost := rewards.Booking{Event: deposited, Org: org, Amount: tasknet.Micro(700)}
	lost.Event.Tx = rewards.Hash{0xd5}
	lost.Book(rewards.Holdings{}, 0, b.tick())
	b.post(lost.Tx)
	b.post(lost.Unbook(rewards.Holdings{Available: tasknet.Micro(600)}, 0, b.tick())) // 100 of it were spent
	found := rewards.Booking{Event: again, Org: org, Amount: tasknet.Micro(100)}
	b.post(rewards.PayDebt(org, tasknet.Micro(60), org+":"+strconv.Itoa(len(b.r.Ledger)+1), b.tick()))
	found.Book(rewards.Holdings{Debt: tasknet.Micro(-40)}, 0, b.tick())
	b.post(found.Tx)
	b.accounts[at].Deposited = b.accounts[at].Deposited.Add(found.Amount)
}

// header makes the header of an epoch, with what accounts have spent by it of what is in the vault: each organisation has one account.
func (b *builder) header(e *rewards.Epoch, info rewards.ChainInfo) *wire.Header {
	key := strconv.FormatInt(e.Number, 10)
	for i := range b.accounts {
		a := &b.accounts[i]
		a.Spent = rewards.Spend([]rewards.VaultAccount{*a}, b.spent[a.Org])[0].Spent
		e.Spent = e.Spent.Add(a.Spent)
		b.r.Spending[key] = append(b.r.Spending[key], wire.VaultAccount{
			Account: hex.EncodeToString(a.Key[:]), Owner: polls.Wallet(a.Owner).String(), Reference: hex.EncodeToString(a.Reference[:]), Org: a.Org,
			Deposited: a.Deposited, Withdrawn: a.Withdrawn, Spent: a.Spent,
		})
	}
	tree, err := rewards.SpendingTree(b.accounts, info)
	b.check(err)
	e.Spending, e.Through = tree.Root(), 10+e.Number
	e.Verdicts, b.told = rewards.VerdictsTree(b.told).Root(), nil
	return wireHeader(e.Header(info))
}

func wireHeader(h rewards.Header) *wire.Header {
	hash := h.Hash()
	return &wire.Header{
		Hash: hex.EncodeToString(hash[:]), Payouts: hex.EncodeToString(h.Payouts[:]), Spending: hex.EncodeToString(h.Spending[:]), Verdicts: hex.EncodeToString(h.Verdicts[:]),
		Total: h.Total.String(), Spent: h.Spent.String(), Through: h.Through, LogRoot: hex.EncodeToString(h.LogRoot[:]), LogSize: h.LogSize,
	}
}
