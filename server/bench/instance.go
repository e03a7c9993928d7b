package bench

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/ordered"
	"github.com/tasknet/tasknet/server/wire"
)

// perQuestion is how many answers each question of a made instance has.
const perQuestion = 5

// instance is the public records of an instance that never was: questions with answers by people who sign them, the ledger
// that pays them, and epochs by which they are paid out. Questions follow from a place in the list, so that none is kept.
type instance struct {
	wire      wire.Instance
	questions int
	people    []somebody
	snapshot  *labeling.Snapshot
	skills    wire.Snapshot
	hold      tasknet.Amount // of each question
	price     tasknet.Amount
	fee       tasknet.Amount
	began     time.Time
	payouts   []payout
}

// somebody answers questions.
type somebody struct {
	id     string
	keys   client.Keys
	device polls.DeviceKey
	wire   wire.Delegation
}

const (
	madeOrg      = "org_00000000000000000000000000"
	madeInterval = 10 * time.Millisecond // between questions
)

// madeID returns the id with a number. The last of its digits has three bits.
func madeID(prefix string, n int) string { return fmt.Sprintf("%s_%025d0", prefix, n) }

// newInstance makes the people and what is known of them.
func newInstance(answers, people int) (*instance, error) {
	id := [32]byte{0xbe}
	s := &instance{
		questions: answers / perQuestion, price: tasknet.Micro(18_000), began: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		wire: wire.Instance{Instance: hex.EncodeToString(id[:]), ChainID: 1337, Token: wire.Token{Decimals: 18}},
	}
	s.fee = s.price.BasisPoints(1500)
	s.wire.Time = wire.At(s.began.Add(time.Duration(s.questions)*madeInterval + time.Hour))
	domain := polls.Domain{Instance: id, ChainID: s.wire.ChainID}
	numbers := func(yield func(int, error) bool) {
		for i := range people {
			if !yield(i, nil) {
				return
			}
		}
	}
	known := make([]labeling.Confusion, 0, people)
	for p, err := range ordered.Map(numbers, func(i int) (somebody, error) { return newSomebody(i, domain, s.began) }) {
		if err != nil {
			return nil, err
		}
		s.people = append(s.people, p)
		known = append(known, labeling.Confusion{
			Errors: labeling.Errors{Respondent: polls.RespondentID(p.id), Wrong: 2000, Expected: 3000}, Counts: []int{9000, 700, 300, 500, 8000, 400, 200, 300, 7000},
		})
	}
	f, err := labeling.NewFamily(labeling.Family{Choices: len(madeChoices), Truths: []int{5000, 7000, 3000}, People: known})
	if err != nil {
		return nil, err
	}
	if s.snapshot, err = labeling.NewSnapshot(labeling.General(len(madeChoices)), 1, f, s.began); err != nil {
		return nil, err
	}
	s.skills = wire.Snapshot{
		Hash: s.snapshot.Hash, At: wire.At(s.began), Family: string(s.snapshot.Family), Version: 1, Choices: f.Choices, Truths: f.Truths, People: []wire.Skill{}, Steps: []wire.Step{},
	}
	for _, p := range f.People {
		s.skills.People = append(s.skills.People, wire.Skill{Respondent: string(p.Respondent), Wrong: p.Wrong, Expected: p.Expected, Counts: p.Counts})
	}
	q, err := s.question(0)
	if err != nil {
		return nil, err
	}
	if s.hold, err = q.Hold(); err != nil {
		return nil, err
	}
	return s, s.payOut()
}

func newSomebody(i int, domain polls.Domain, began time.Time) (somebody, error) {
	keys, err := client.DeriveKeys([]byte("bench"), strconv.Itoa(i))
	if err != nil {
		return somebody{}, err
	}
	d := polls.Delegation{Device: keys.DeviceKey(), Issued: began, Expires: began.Add(polls.DelegationMax)}
	d.Sign(domain, keys.Wallet)
	return somebody{madeID(polls.RespondentPrefix, i), keys, d.Device, wire.Delegation{
		Wallet: d.Wallet.String(), Device: d.Device.String(), Issued: d.Issued.Unix(), Expires: d.Expires.Unix(), Signature: hex.EncodeToString(d.Signature[:]),
	}}, nil
}

var madeChoices = []string{"a cat", "a dog", "neither of them"}

// question returns a question of the list, as it was asked.
func (s *instance) question(i int) (*polls.Question, error) {
	policy, err := polls.ParsePolicy("fixed:"+strconv.Itoa(perQuestion), 0, 0)
	if err != nil {
		return nil, err
	}
	at := s.began.Add(time.Duration(i) * madeInterval)
	q := &polls.Question{
		ID: polls.QuestionID(madeID(polls.QuestionPrefix, i)), Org: madeOrg, Type: polls.Choice, Text: "What does picture " + strconv.Itoa(i) + " show?", Choices: madeChoices,
		Policy: policy, Price: s.price, Fee: s.fee, Deadline: at.Add(time.Hour), Snapshot: s.snapshot.Hash, Salt: fmt.Sprintf("%032x", i),
	}
	q.Hash, err = polls.HashOf(q, s.wire.Instance)
	return q, err
}

// closedAt is when a question closed.
func (s *instance) closedAt(i int) time.Time {
	return s.began.Add(time.Duration(i)*madeInterval + 9*time.Millisecond)
}

// answerer is who gives an answer to a question: each time another one.
func (s *instance) answerer(question, answer int) *somebody {
	return &s.people[(question*perQuestion+answer)*7919%len(s.people)]
}

// settlement returns the transaction that pays a question.
func (s *instance) settlement(i int) (rewards.Settlement, error) {
	bill := rewards.Bill{Org: madeOrg, Cause: madeID(polls.QuestionPrefix, i), Hold: s.hold}
	for j := range perQuestion {
		bill.Pays = append(bill.Pays, rewards.Pay{Payee: s.answerer(i, j).id, Amount: s.price})
	}
	var err error
	if bill.Fee, err = s.fee.Times(perQuestion); err != nil {
		return rewards.Settlement{}, err
	}
	out, err := rewards.Settle(bill, s.closedAt(i))
	out.ID = rewards.TxID(madeID(rewards.TxPrefix, 2*i+2))
	return out, err
}

// record returns a question of the list as it closed.
func (s *instance) record(i int) (wire.Record, error) {
	q, err := s.question(i)
	if err != nil {
		return wire.Record{}, err
	}
	votes, answers := make([]polls.Vote, perQuestion), make([]wire.AnswerRecord, perQuestion)
	for j := range perQuestion {
		who, n := s.answerer(i, j), i*perQuestion+j
		choice := i % len(madeChoices)
		if n%7 == 0 {
			choice = n % len(madeChoices)
		}
		a := polls.Answer{
			ID: polls.AnswerID(madeID(polls.AnswerPrefix, n)), Question: q.ID, Assignment: polls.AssignmentID(madeID(polls.AssignmentPrefix, n)), Respondent: polls.RespondentID(who.id),
			Device: who.device, Choice: choice, Nonce: fmt.Sprintf("%032x", n), AcceptedAt: s.closedAt(i).Add(time.Duration(j-perQuestion) * time.Millisecond),
		}
		a.ClientMS = a.AcceptedAt.UnixMilli()
		digest := a.Digest(s.wire.Instance, q.Hash)
		a.Signature = [64]byte(ed25519.Sign(who.keys.Device, digest[:]))
		hash := a.RecordHash(s.wire.Instance, q.Hash)
		votes[j] = polls.Vote{Respondent: a.Respondent, Choice: choice}
		answers[j] = wire.AnswerRecord{
			ID: string(a.ID), Respondent: who.id, Assignment: string(a.Assignment), Given: wire.Give(choice, ""), Nonce: a.Nonce, Time: a.ClientMS, At: a.ClientMS,
			Signature: hex.EncodeToString(a.Signature[:]), Hash: hex.EncodeToString(hash[:]), Delegation: who.wire,
		}
	}
	v, err := labeling.Decide(q, votes, s.snapshot, labeling.Quorum, s.closedAt(i))
	if err != nil {
		return wire.Record{}, err
	}
	paid, err := s.settlement(i)
	if err != nil {
		return wire.Record{}, err
	}
	verdict := wire.Verdict{
		ID: string(v.ID), Outcome: string(v.Outcome), Confidence: wire.Probability(v.Confidence()), Counts: v.Counts, Answers: v.Answers, Claims: v.Claims,
		Correction: string(v.Correction), Golds: v.Golds, Pooled: v.Pooled, CannotTell: v.CannotTell, Method: string(v.Method), Snapshot: v.Snapshot, Reason: string(v.Reason),
		Paid: paid.Paid, Fee: paid.Fee, Released: paid.Released, At: wire.At(v.At),
	}
	for _, p := range v.Posterior {
		verdict.Posterior = append(verdict.Posterior, wire.Probability(p))
	}
	if v.Choice != labeling.NoChoice {
		verdict.Choice, verdict.Label = &v.Choice, madeChoices[v.Choice]
	}
	return wire.Record{
		Org: madeOrg, Fee: q.Fee, ClosedAt: wire.At(v.At), Verdict: verdict, Answers: answers, Settlement: string(paid.ID),
		Question: wire.AskedQuestion{
			ID: string(q.ID), Hash: q.Hash, Salt: q.Salt, Type: string(q.Type), Text: q.Text, Choices: q.Choices,
			Quorum: wire.Quorum{Policy: q.Policy.String(), Min: q.Policy.Min, Max: q.Policy.Max}, Price: q.Price, Fee: q.Fee, Deadline: wire.At(q.Deadline), Snapshot: q.Snapshot,
			AskedBy: "bench", Answers: perQuestion,
		},
	}, nil
}

// Instance implements verify.Source.
func (s *instance) Instance(context.Context) (wire.Instance, error) { return s.wire, nil }

// deposit is all that the questions cost.
func (s *instance) deposit() (tasknet.Amount, error) { return s.hold.Times(s.questions) }

// Totals implements verify.Source.
func (s *instance) Totals(context.Context) (wire.Totals, error) {
	deposited, err := s.deposit()
	paid, err2 := s.price.Times(s.questions * perQuestion)
	fees, err3 := s.fee.Times(s.questions * perQuestion)
	return wire.Totals{
		Deposited: deposited, Claimed: paid, Operator: fees, Requesters: deposited.Sub(paid).Sub(fees), Questions: s.questions, Answers: s.questions * perQuestion,
	}, errors.Join(err, err2, err3)
}

// Records implements verify.Source.
func (s *instance) Records(ctx context.Context) iter.Seq2[wire.Record, error] {
	return ordered.Map(func(yield func(int, error) bool) {
		for i := range s.questions {
			if err := ctx.Err(); !yield(i, err) || err != nil {
				return
			}
		}
	}, s.record)
}

var errNotMade = tasknet.NewError(tasknet.NotFound, "not_made", "There is no such record.")

// Record implements verify.Source.
func (s *instance) Record(context.Context, string) (wire.Record, error) {
	return wire.Record{}, errNotMade
}

// Snapshot implements verify.Source.
func (s *instance) Snapshot(_ context.Context, hash string) (wire.Snapshot, error) {
	if hash != s.skills.Hash {
		return wire.Snapshot{}, errNotMade
	}
	return s.skills, nil
}

// Witness implements verify.Source.
func (s *instance) Witness(context.Context, string) (wire.Witness, error) {
	return wire.Witness{}, errNotMade
}

// AddressChanges implements verify.Source.
func (s *instance) AddressChanges(context.Context) iter.Seq2[wire.AddressChange, error] {
	return func(func(wire.AddressChange, error) bool) {}
}

// JobRecords implements verify.Source: there are no nodes.
func (s *instance) JobRecords(context.Context) iter.Seq2[wire.JobRecord, error] {
	return func(func(wire.JobRecord, error) bool) {}
}

// StakeCases implements verify.Source.
func (s *instance) StakeCases(context.Context) iter.Seq2[wire.StakeCase, error] {
	return func(func(wire.StakeCase, error) bool) {}
}

// OracleRequests implements verify.Source: no contract asked.
func (s *instance) OracleRequests(context.Context) iter.Seq2[wire.OracleRequest, error] {
	return func(func(wire.OracleRequest, error) bool) {}
}

// EpochVerdicts implements verify.Source.
func (s *instance) EpochVerdicts(context.Context, int64) iter.Seq2[wire.OracleRequest, error] {
	return func(func(wire.OracleRequest, error) bool) {}
}

// LogFile implements verify.Source: the instance has no log.
func (s *instance) LogFile(context.Context, string) ([]byte, error) {
	return nil, tasknet.NewError(tasknet.NotFound, "no_log_file", "There is no public log.")
}

// Ledger implements verify.Source.
func (s *instance) Ledger(ctx context.Context) iter.Seq2[wire.Transaction, error] {
	return func(yield func(wire.Transaction, error) bool) {
		deposited, err := s.deposit()
		if err != nil || s.questions == 0 {
			return
		}
		first := rewards.Credit(madeOrg, "deposit 0x"+strings.Repeat("be", 32)+":0", deposited, s.began)
		first.ID = rewards.TxID(madeID(rewards.TxPrefix, 0))
		if !yield(wireTransaction(first), nil) {
			return
		}
		give := func(t rewards.Transaction) bool { return yield(wireTransaction(t), nil) }
		epochs := s.payouts
		for i := range s.questions {
			hold := rewards.Hold(madeOrg, madeID(polls.QuestionPrefix, i), s.hold, s.closedAt(i))
			hold.ID = rewards.TxID(madeID(rewards.TxPrefix, 2*i+1))
			paid, err := s.settlement(i)
			if err = errors.Join(err, ctx.Err()); err != nil {
				yield(wire.Transaction{}, err)
				return
			}
			if !give(hold) || !give(paid.Transaction) {
				return
			}
			if len(epochs) > 0 && epochs[0].questions == i+1 {
				if !give(epochs[0].plan.Tx) || !epochs[0].claims(give) {
					return
				}
				epochs = epochs[1:]
			}
		}
	}
}

func wireTransaction(t rewards.Transaction) wire.Transaction {
	out := wire.Transaction{ID: string(t.ID), Kind: string(t.Kind), Cause: t.Cause, At: wire.At(t.At), Entries: make([]wire.Entry, len(t.Entries))}
	for i, e := range slices.All(t.Entries) {
		out.Entries[i] = wire.Entry{Account: string(e.Account), Amount: e.Amount}
	}
	return out
}
