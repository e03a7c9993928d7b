package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// bill is what a question's record says that its settlement is.
type bill struct {
	question string
	number   int // of the record, from 1
	org      string
	tx       string
	at       time.Time
	answers  int // that count
	hold     tasknet.Amount
	paid     tasknet.Amount
	fee      tasknet.Amount
	forfeits tasknet.Amount
	released tasknet.Amount
	payees   [32]byte // see payeesHash
	family   labeling.FamilyID
}

// payeesHash stands for who gets how much, whatever the order.
func payeesHash(lines []string) [32]byte {
	slices.Sort(lines)
	return sha256.Sum256([]byte(strings.Join(lines, "\n")))
}

func payeeLine(respondent string, amount tasknet.Amount) string {
	return respondent + " " + amount.String()
}

// checked is a closed question whose record fits itself, its answers' signatures and the snapshots that it names. What is
// known of people, of known answers and of money is compared in the order of the records, by addRecord.
type checked struct {
	bill    *bill
	q       *polls.Question
	verdict *labeling.Verdict
	votes   []polls.Vote // all, also those that do not count
	answers []answerer   // of each vote
	struck  []*labeling.Snapshot
	gold    *labeling.Gold
	logged  []logLeaf
	erased  unknowns
	witness *labeling.WitnessSnapshot // of the model that helped; nil when none did
}

// answerer is who gave an answer, and by which wallet.
type answerer struct {
	answer     string
	respondent string
	wallet     polls.Wallet
}

// check checks a closed question by its record alone, but for the signatures of its answers, which it returns: they cost less
// to check with others. It may be called by several goroutines at once.
func (v *verification) check(ctx context.Context, r wire.Record) (*checked, []polls.Signed, error) {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"question", r.Question.ID, field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	if err := tasknet.CheckID(polls.QuestionPrefix, r.Question.ID); err != nil {
		return nil, nil, wrong("id", "the id of a question", r.Question.ID)
	}
	q, err := client.Question(r.Question)
	if err != nil {
		return nil, nil, wrong("policy, type or what it needs", "ones that are known", err)
	}
	q.Org = polls.OrgID(r.Org)
	if want := (wire.Quorum{Policy: q.Policy.String(), Min: q.Policy.Min, Max: q.Policy.Max}); r.Question.Quorum != want {
		return nil, nil, wrong("quorum", want, r.Question.Quorum)
	}
	if q.Price.Sign() <= 0 || q.Price.Micro() > moneyMost/polls.AnswersMax/2 || q.Fee.Sign() < 0 || q.Fee.Cmp(q.Price) > 0 {
		return nil, nil, wrong("price and fee", "amounts that a question may cost", q.Price.String()+" and "+q.Fee.String())
	}
	if r.Fee != q.Fee {
		return nil, nil, wrong("fee", q.Fee, r.Fee)
	}
	hash, err := polls.HashOf(q, v.instance)
	if err != nil {
		return nil, nil, err
	}
	if r.Question.Hash != hash {
		return nil, nil, wrong("hash", hash, r.Question.Hash)
	}
	if r.Question.Answers != len(r.Answers) {
		return nil, nil, wrong("number of answers", len(r.Answers), r.Question.Answers)
	}
	all, answers, signed, err := v.answers(q, r)
	if err != nil {
		return nil, nil, err
	}
	family, choices, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	if err != nil {
		return nil, nil, err
	}
	var snapshot *labeling.Snapshot
	if q.Type.IsLabel() {
		if snapshot, err = v.weighedBy(ctx, q, r, family, choices, wrong); err != nil {
			return nil, nil, err
		}
	}
	if snapshot, err = v.helpedBy(ctx, q, r, snapshot, wrong); err != nil {
		return nil, nil, err
	}
	strikes, struck, err := v.strikes(ctx, q, r, family, snapshot)
	if err != nil {
		return nil, nil, err
	}
	votes := strikes.Counting(all)
	if len(votes) > q.Policy.Max {
		return nil, nil, wrong("number of answers", fmt.Sprintf("at most %d", q.Policy.Max), len(votes))
	}
	last, err := checkPasses(q, all, strikes, snapshot, wrong)
	if err != nil {
		return nil, nil, err
	}
	reason := labeling.Reason(r.Verdict.Reason)
	if err := checkReason(q, votes, snapshot, reason, r.ClosedAt.Time, last, wrong); err != nil {
		return nil, nil, err
	}
	verdict, err := labeling.Decide(q, votes, snapshot, reason, r.Verdict.At.Time)
	if err != nil {
		return nil, nil, err
	}
	erased := unknownsOf(r, all, votes)
	if erased.verdict {
		if verdict.Value, verdict.Agreement, err = claimed(q, r.Verdict, wrong); err != nil {
			return nil, nil, err
		}
	}
	gold, err := checkGold(q, r, votes, snapshot, erased.verdict, wrong)
	if err != nil {
		return nil, nil, err
	}
	logged, err := v.leavesOf(r, q, verdict, gold)
	if err != nil {
		return nil, nil, err
	}
	b := &bill{question: r.Question.ID, org: r.Org, tx: r.Settlement, at: r.ClosedAt.Time, answers: len(votes), family: family}
	if b.hold, err = q.Hold(); err != nil {
		return nil, nil, wrong("hold", "an amount", err)
	}
	if b.paid, err = q.Price.Times(len(votes)); err != nil {
		return nil, nil, wrong("pay", "an amount", err)
	}
	if b.fee, err = q.Fee.Times(len(votes)); err != nil {
		return nil, nil, wrong("fee", "an amount", err)
	}
	if b.forfeits, err = q.Price.Times(strikes.Forfeited(len(votes))); err != nil {
		return nil, nil, wrong("forfeits", "an amount", err)
	}
	b.released = b.hold.Sub(b.paid).Sub(b.fee).Sub(b.forfeits)
	lines := make([]string, len(votes))
	for i, vote := range votes {
		lines[i] = payeeLine(string(vote.Respondent), q.Price)
	}
	b.payees = payeesHash(lines)
	if err := checkVerdict(r, verdict, q, b, wrong); err != nil {
		return nil, nil, err
	}
	if asked := v.contracts.questions[string(q.ID)]; asked != nil {
		if err := v.checkTold(asked, r, q, verdict); err != nil {
			return nil, nil, err
		}
	}
	c := &checked{b, q, verdict, all, answers, struck, gold, logged, erased, nil}
	if snapshot != nil {
		c.witness = snapshot.Witness
	}
	return c, signed, nil
}

// snapshot returns a public snapshot. What the server does not have, or has changed, is a mismatch.
func (v *verification) snapshot(ctx context.Context, hash string) (*labeling.Snapshot, error) {
	s, err := v.snapshots.Snapshot(ctx, hash)
	if m, ok := errors.AsType[*Mismatch](err); ok {
		return nil, m
	}
	return s, err
}

// clocksApart is how far the clocks of a server's machines may be apart.
const clocksApart = time.Minute

// weighedBy returns the snapshot that the verdict names: of the question's family, or of what is known in general; not older
// than the newest when the question was asked, and known before the first answer came, as far as the time that it states is
// true, so that nobody chose it by what the answers say.
func (v *verification) weighedBy(ctx context.Context, q *polls.Question, r wire.Record, family labeling.FamilyID, choices int, wrong func(string, any, any) error) (*labeling.Snapshot, error) {
	s, err := v.snapshot(ctx, r.Verdict.Snapshot)
	if err != nil {
		return nil, err
	}
	if err := checkFamily(q, family, choices, s, wrong); err != nil || s.Hash == q.Snapshot {
		return s, err
	}
	asked, err := v.snapshot(ctx, q.Snapshot)
	if err != nil {
		return nil, err
	}
	if err := checkFamily(q, family, choices, asked, wrong); err != nil {
		return nil, err
	}
	if s.Family == asked.Family && s.Version < asked.Version || s.Family != asked.Family && asked.Family == family {
		return nil, wrong("verdict snapshot", fmt.Sprintf("version %d of %s or a later one, as the question names that one", asked.Version, asked.Family), fmt.Sprintf("version %d of %s", s.Version, s.Family))
	}
	if len(r.Answers) > 0 {
		if first := time.UnixMilli(r.Answers[0].At); s.At.After(first.Add(clocksApart)) {
			return nil, wrong("verdict snapshot", "one from before the first answer, at "+timeText(first), timeText(s.At))
		}
	}
	return s, nil
}

// checkFamily checks that a snapshot is one of the question's family, by its name of now or of when families spanned
// organisations, or of what is known in general.
func checkFamily(q *polls.Question, family labeling.FamilyID, choices int, s *labeling.Snapshot, wrong func(string, any, any) error) error {
	general, former := labeling.General(choices), family
	if q.Project == "" {
		var err error
		if former, err = labeling.FormerFamilyOf(q.Type, q.Choices); err != nil {
			return err
		}
	}
	if s.Family != family && s.Family != former && s.Family != general || s.Known.Choices != choices {
		return wrong("snapshot", fmt.Sprintf("one of %s or %s, for %d choices", family, general, choices), fmt.Sprintf("%s, for %d choices", s.Family, s.Known.Choices))
	}
	return nil
}

// checkGold checks that a known answer is one, and suspended where people contradict it and only there; where somebody's answer is
// erased, who may have contradicted it or given it, that it is suspended is believed. It returns it, or nil when there is none.
func checkGold(q *polls.Question, r wire.Record, votes []polls.Vote, snapshot *labeling.Snapshot, erased bool, wrong func(string, any, any) error) (gold *labeling.Gold, err error) {
	if r.Gold == nil {
		return nil, nil //nolint:nilnil // there is none, and nothing failed
	}
	choice, value, err := r.Gold.Read()
	if err == nil {
		gold, err = labeling.NewGold(q, labeling.Truth{Choice: choice, Value: polls.Value(value)})
	}
	if err != nil {
		return nil, wrong("gold", "an answer to the question that measures people", err)
	}
	if gold.State, err = gold.Close(q, votes, snapshot); err != nil {
		return nil, err
	}
	if erased {
		gold.State = labeling.GoldOpened
		if r.Gold.Suspended {
			gold.State = labeling.GoldSuspended
		}
	}
	if want := gold.State == labeling.GoldSuspended; r.Gold.Suspended != want {
		return nil, wrong("gold suspended", want, r.Gold.Suspended)
	}
	return gold, nil
}

// checkReason replays the votes: a question must go on until the policy stops it, and no further, and say why it closed.
// Where others were struck when it closed, it may have stopped before the last of those that are left came.
func checkReason(q *polls.Question, votes []polls.Vote, snapshot *labeling.Snapshot, reason labeling.Reason, closedAt time.Time, struck bool, wrong func(string, any, any) error) error {
	n, why, err := labeling.Stopped(q, votes, snapshot)
	if err != nil {
		return err
	}
	stopped := why != ""
	switch {
	case n < len(votes) && !struck:
		return wrong("number of answers", n, len(votes))
	case stopped && reason != why:
		return wrong("reason", why, reason)
	case !stopped && reason == labeling.Deadline && closedAt.Before(q.Deadline):
		return wrong("closed_at", "not before the deadline "+timeText(q.Deadline), timeText(closedAt))
	case !stopped && reason != labeling.Deadline && reason != labeling.Cancelled:
		return wrong("reason", "deadline or cancelled, as the policy is not met", reason)
	}
	return nil
}

// checkVerdict compares a verdict, field by field, with what was computed.
func checkVerdict(r wire.Record, want *labeling.Verdict, q *polls.Question, b *bill, wrong func(string, any, any) error) error {
	posterior := make([]string, len(want.Posterior))
	for i, p := range want.Posterior {
		posterior[i] = wire.Probability(p)
	}
	choice, gotChoice, label, agreement := "none", "none", "", ""
	gotValue := polls.Value("")
	if len(r.Verdict.Value) > 0 {
		canonical, err := tasknet.Canonical(r.Verdict.Value)
		if err != nil {
			return wrong("verdict value", want.Value, string(r.Verdict.Value))
		}
		gotValue = polls.Value(canonical)
	}
	if want.Value != "" {
		agreement = wire.Probability(want.Agreement)
	}
	if want.Choice != labeling.NoChoice {
		choice, label = fmt.Sprint(want.Choice), q.Choices[want.Choice]
	}
	if r.Verdict.Choice != nil {
		gotChoice = fmt.Sprint(*r.Verdict.Choice)
	}
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"verdict outcome", want.Outcome, r.Verdict.Outcome},
		{"verdict choice", choice, gotChoice},
		{"verdict label", label, r.Verdict.Label},
		{"verdict value", want.Value, gotValue},
		{"verdict agreement", agreement, r.Verdict.Agreement},
		{"verdict confidence", wire.Probability(want.Confidence()), r.Verdict.Confidence},
		{"verdict posterior", posterior, r.Verdict.Posterior},
		{"verdict claims", want.Claims, r.Verdict.Claims},
		{"verdict correction", want.Correction, r.Verdict.Correction},
		{"verdict golds", want.Golds, r.Verdict.Golds},
		{"verdict pooled", want.Pooled, r.Verdict.Pooled},
		{"verdict counts", want.Counts, r.Verdict.Counts},
		{"verdict cannot tell", want.CannotTell, r.Verdict.CannotTell},
		{"verdict answers", want.Answers, r.Verdict.Answers},
		{"verdict method", want.Method, r.Verdict.Method},
		{"verdict snapshot", want.Snapshot, r.Verdict.Snapshot},
		{"verdict model", textOf(wire.NewModelWord(want.Witness, want.Opinion)), textOf(r.Verdict.Model)},
		{"verdict reason", want.Reason, r.Verdict.Reason},
		{"verdict time", timeText(r.ClosedAt.Time), timeText(r.Verdict.At.Time)},
		{"verdict paid", b.paid, r.Verdict.Paid},
		{"verdict fee", b.fee, r.Verdict.Fee},
		{"verdict forfeited", b.forfeits, r.Verdict.Forfeited},
		{"verdict released", b.released, r.Verdict.Released},
	} {
		if fmt.Sprint(f.expected) != fmt.Sprint(f.got) {
			return wrong(f.field, f.expected, f.got)
		}
	}
	if err := tasknet.CheckID(labeling.VerdictPrefix, r.Verdict.ID); err != nil {
		return wrong("verdict id", "the id of a verdict", r.Verdict.ID)
	}
	return nil
}

// answers checks every answer to a question, and returns what they say, who gave them and, of those that were not erased, what was
// signed.
func (v *verification) answers(q *polls.Question, r wire.Record) ([]polls.Vote, []answerer, []polls.Signed, error) {
	votes, answerers, signed := make([]polls.Vote, len(r.Answers)), make([]answerer, len(r.Answers)), make([]polls.Signed, 0, len(r.Answers))
	seen := make(map[string]bool, 3*len(r.Answers))
	for i, w := range r.Answers {
		wrong := func(field string, expected, got any) error {
			return &Mismatch{"answer", w.ID, field, fmt.Sprint(expected), fmt.Sprint(got)}
		}
		a, wallet, err := v.answer(q, w, wrong)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, key := range []struct{ field, value string }{{"id", w.ID}, {"assignment", w.Assignment}, {"respondent", w.Respondent}} {
			if seen[key.value] {
				return nil, nil, nil, wrong(key.field, "one that answers the question once", key.value+", which is there twice")
			}
			seen[key.value] = true
		}
		// Neither their order nor when the question closed is held against the times: the server's clock may have stepped back.
		if !time.UnixMilli(w.At).Before(q.Deadline) {
			return nil, nil, nil, wrong("at_ms", fmt.Sprintf("before the deadline %d", q.Deadline.UnixMilli()), w.At)
		}
		votes[i] = polls.Vote{Respondent: a.Respondent, Choice: a.Choice, Value: a.Value, Erased: a.Erased}
		answerers[i] = answerer{w.ID, w.Respondent, wallet}
		if !a.Erased {
			signed = append(signed, polls.Signed{Device: a.Device, Digest: a.Digest(v.instance, r.Question.Hash), Signature: a.Signature})
		}
	}
	return votes, answerers, signed, nil
}

// answer checks an answer but for its signature, and returns it with the wallet that its device speaks for.
func (v *verification) answer(q *polls.Question, w wire.AnswerRecord, wrong func(string, any, any) error) (*polls.Answer, polls.Wallet, error) {
	for _, id := range []struct{ field, prefix, value string }{
		{"id", polls.AnswerPrefix, w.ID}, {"assignment", polls.AssignmentPrefix, w.Assignment}, {"respondent", polls.RespondentPrefix, w.Respondent},
	} {
		if err := tasknet.CheckID(id.prefix, id.value); err != nil {
			return nil, polls.Wallet{}, wrong(id.field, "an id of its kind", id.value)
		}
	}
	d, err := v.delegation(w.Delegation)
	if err != nil {
		return nil, polls.Wallet{}, wrong("delegation", "signed by its wallet, for a device, for at most two years", err)
	}
	if !time.UnixMilli(w.At).Before(d.Expires) { // it may be issued later: a wallet that registers a device again vouches for its past
		return nil, polls.Wallet{}, wrong("at_ms", fmt.Sprintf("before the delegation's end %d", d.Expires.UnixMilli()), w.At)
	}
	a := &polls.Answer{
		ID: polls.AnswerID(w.ID), Question: q.ID, Assignment: polls.AssignmentID(w.Assignment), Respondent: polls.RespondentID(w.Respondent),
		Device: d.Device, ClientMS: w.Time, AcceptedAt: time.UnixMilli(w.At).UTC(),
	}
	if w.Erased != nil {
		a.Erased = true
		return a, d.Wallet, v.erased(q, w, d.Wallet, wrong)
	}
	choice, text, err := w.Read()
	value := polls.Value(text)
	if err == nil {
		err = q.CheckAnswer(choice, value)
	}
	if err != nil {
		return nil, polls.Wallet{}, wrong("choice or value", "one that answers the question", err)
	}
	signature, signatureErr := lowerHex(w.Signature, 64)
	_, nonceErr := lowerHex(w.Nonce, 16)
	if signatureErr != nil || nonceErr != nil {
		return nil, polls.Wallet{}, wrong("signature and nonce", "64 and 16 bytes in hex", w.Signature+" and "+w.Nonce)
	}
	a.Choice, a.Value, a.Nonce, a.Signature = choice, value, w.Nonce, [64]byte(signature)
	hash := a.RecordHash(v.instance, q.Hash)
	if want := hex.EncodeToString(hash[:]); w.Hash != want {
		return nil, polls.Wallet{}, wrong("hash", want, w.Hash)
	}
	return a, d.Wallet, nil
}

// delegation checks that a wallet names a device. A recovery of the wallet's key takes longer than all else about an
// answer, so it is remembered.
func (v *verification) delegation(w wire.Delegation) (polls.Delegation, error) {
	if d, ok := v.delegations.Get(w); ok {
		return d, nil
	}
	wallet, err := polls.ParseWallet(w.Wallet)
	if err != nil {
		return polls.Delegation{}, err
	}
	device, err := polls.ParseDeviceKey(w.Device)
	if err != nil {
		return polls.Delegation{}, err
	}
	signature, err := lowerHex(w.Signature, 65)
	if err != nil {
		return polls.Delegation{}, err
	}
	d := polls.Delegation{Wallet: wallet, Device: device, Issued: time.Unix(w.Issued, 0), Expires: time.Unix(w.Expires, 0), Signature: [65]byte(signature)}
	if w.Issued < 0 || w.Expires <= w.Issued || d.Expires.Sub(d.Issued) > polls.DelegationMax {
		return d, polls.ErrDelegationTime
	}
	if err := d.Check(v.domain); err != nil {
		return d, err
	}
	v.delegations.Add(w, d)
	return d, nil
}

// public is the snapshots that a source publishes.
type public struct{ source Source }

// Snapshot returns a skill snapshot whose hash is right.
func (p public) Snapshot(ctx context.Context, hash string) (*labeling.Snapshot, error) {
	w, err := p.source.Snapshot(ctx, hash)
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		return nil, &Mismatch{"snapshot", hash, "hash", "a snapshot that is public", "none"}
	}
	if err != nil {
		return nil, err
	}
	known := labeling.Family{
		Choices: w.Choices, Truths: w.Truths, People: make([]labeling.Confusion, len(w.People)),
		Calibration: labeling.Calibration{Golds: w.Golds, Pooled: w.Pooled, Steps: make([]labeling.Step, len(w.Steps))},
	}
	for i, p := range w.People {
		if i > 0 && p.Respondent <= w.People[i-1].Respondent {
			return nil, &Mismatch{"snapshot", hash, "respondent", "one after " + w.People[i-1].Respondent, p.Respondent}
		}
		known.People[i] = labeling.Confusion{Errors: labeling.Errors{Respondent: polls.RespondentID(p.Respondent), Wrong: p.Wrong, Expected: p.Expected}, Counts: p.Counts, Void: p.Void}
	}
	for i, step := range w.Steps {
		known.Calibration.Steps[i] = labeling.Step(step)
	}
	f, err := labeling.NewFamily(known)
	if err != nil {
		return nil, &Mismatch{"snapshot", hash, "skills", "ones that can be", err.Error()}
	}
	s, err := labeling.NewSnapshot(labeling.FamilyID(w.Family), w.Version, f, w.At.Time)
	if err != nil {
		return nil, &Mismatch{"snapshot", hash, "skills", "ones that have a hash", err.Error()}
	}
	if s.Hash != hash || w.Hash != hash {
		return nil, &Mismatch{"snapshot", hash, "hash", s.Hash, w.Hash}
	}
	return s, nil
}

func lowerHex(s string, size int) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != size || hex.EncodeToString(b) != s {
		return nil, fmt.Errorf("%q is not %d bytes in lower-case hex", s, size)
	}
	return b, nil
}
