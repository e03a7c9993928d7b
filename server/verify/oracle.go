package verify

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// contracts are the questions of contracts. What they were when the verification began is read first.
type contracts struct {
	requests  map[rewards.Hash]*request
	questions map[string]*request // those with a question, by its id; not changed once the records are read
}

// request is a contract's question whose record fits itself.
type request struct {
	rewards.Request
	seen bool // its question's record
}

func (r *request) wrong(field string, expected, got any) error {
	return &Mismatch{"request", hashText(r.ID), field, fmt.Sprint(expected), fmt.Sprint(got)}
}

// readContracts reads contracts' questions: the list of them, and those whose verdicts are in epochs' trees.
func (v *verification) readContracts(ctx context.Context) error {
	v.contracts = contracts{requests: make(map[rewards.Hash]*request), questions: make(map[string]*request)}
	for w, err := range v.source.OracleRequests(ctx) {
		if err != nil {
			return err
		}
		r, err := v.request(w)
		if err != nil {
			return err
		}
		if v.contracts.requests[r.ID] != nil {
			return r.wrong("id", "a request that is listed once", "another record of it")
		}
		v.contracts.add(r)
	}
	for e, err := range v.source.Epochs(ctx) {
		if err != nil {
			return err
		}
		if e.Header == nil || strings.Trim(e.Header.Verdicts, "0") == "" {
			continue
		}
		for w, err := range v.source.EpochVerdicts(ctx, e.Number) {
			if err != nil {
				return err
			}
			r, err := v.request(w)
			if err != nil {
				return err
			}
			if known := v.contracts.requests[r.ID]; known == nil || known.Verdict.Outcome == rewards.OutcomeNone {
				v.contracts.add(r)
			}
		}
	}
	return nil
}

func (c *contracts) add(r *request) {
	c.requests[r.ID] = r
	if r.Question != "" {
		c.questions[r.Question] = r
	}
}

// request reads a contract's question, as far as it can be checked by itself.
func (v *verification) request(w wire.OracleRequest) (*request, error) {
	raw, err := hex.DecodeString(w.ID)
	if err != nil || len(raw) != 32 {
		return nil, &Mismatch{"request", w.ID, "id", "32 bytes in hex", w.ID}
	}
	r := &request{Request: rewards.Request{ID: rewards.Hash(raw), Org: w.Org, State: rewards.RequestState(w.State), Question: w.Question, Reason: w.Reason}}
	oracle, err := polls.ParseWallet(w.Oracle)
	if err != nil {
		return nil, r.wrong("oracle", "an address", w.Oracle)
	}
	asker, err := polls.ParseWallet(w.Asker)
	if err != nil {
		return nil, r.wrong("asker", "an address", w.Asker)
	}
	r.Asker = rewards.Address(asker)
	payment, ok := new(big.Int).SetString(w.Ask.Payment, 10)
	if !ok || payment.Sign() <= 0 || payment.BitLen() > 256 {
		return nil, r.wrong("payment", "a sum", w.Ask.Payment)
	}
	if want := rewards.OrgOf(r.ID); w.Org != want {
		return nil, r.wrong("org", want, w.Org)
	}
	r.Ask = rewards.Ask{
		Oracle: rewards.Address(oracle), Text: w.Ask.Text, Options: w.Ask.Options, Garbled: w.Ask.Garbled, MinAnswers: w.Ask.MinAnswers, MaxAnswers: w.Ask.MaxAnswers,
		TargetPPM: w.Ask.TargetPPM, Deadline: w.Ask.Deadline, Payment: payment, CallbackGas: w.Ask.CallbackGas,
	}
	if w.Ask.Content != "" {
		raw, err := hex.DecodeString(strings.TrimPrefix(w.Ask.Content, "0x"))
		if err != nil || len(raw) != 32 {
			return nil, r.wrong("content", "32 bytes in hex", w.Ask.Content)
		}
		r.Ask.Content = rewards.Hash(raw)
	}
	return r, v.requestVerdict(r, w)
}

// requestVerdict reads the verdict of a request, and checks the record of one that was refused.
func (v *verification) requestVerdict(r *request, w wire.OracleRequest) error {
	if w.Verdict == nil {
		if w.State == string(rewards.RequestClosed) || w.State == string(rewards.RequestFulfilled) {
			return r.wrong("verdict", "one, as the request is "+w.State, "none")
		}
		return nil
	}
	raw, err := hex.DecodeString(w.Verdict.Record)
	if err != nil || len(raw) != 32 {
		return r.wrong("record of the verdict", "32 bytes in hex", w.Verdict.Record)
	}
	r.Verdict = rewards.OracleVerdict{
		Outcome: rewards.ParseOutcome(w.Verdict.Outcome), Choice: w.Verdict.Choice, ConfidencePPM: w.Verdict.ConfidencePPM, Answers: w.Verdict.Answers, Record: rewards.Hash(raw),
	}
	switch {
	case r.Verdict.Outcome == rewards.OutcomeNone:
		return r.wrong("outcome", "decided, undecided or unanswered", w.Verdict.Outcome)
	case (r.Question == "") != (r.Reason != ""):
		return r.wrong("question", "one, or a reason why there is none", cmp.Or(r.Question, "none")+", "+cmp.Or(r.Reason, "no reason"))
	case w.At == nil:
		return r.wrong("at", "when the verdict was fixed", "nothing")
	case r.Reason == "":
		return nil
	}
	r.At = w.At.Time
	record, err := r.RefusalHash(v.instance)
	if err != nil {
		return err
	}
	if want := (rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Record: record}); r.Verdict != want {
		return r.wrong("verdict", want, r.Verdict)
	}
	return nil
}

// toldOf returns what the contract is to be told whose question a record is of.
func (v *verification) toldOf(r wire.Record, q *polls.Question, verdict *labeling.Verdict, least int) (told rewards.OracleVerdict, err error) {
	records := make([][32]byte, len(r.Answers))
	for i, a := range r.Answers {
		if _, err := hex.Decode(records[i][:], []byte(a.Hash)); err != nil { // which was recomputed
			return told, err
		}
	}
	said := *verdict
	said.ID = labeling.VerdictID(r.Verdict.ID)
	record, err := said.Hash(v.instance, q.Hash, records)
	return rewards.VerdictFor(verdict.Outcome == labeling.Decided, verdict.Choice, verdict.Confidence(), verdict.Answers, least, record), err
}

// checkTold checks that a closed question is what a contract asked, and its verdict what the contract is told. It may be called by
// several goroutines at once.
func (v *verification) checkTold(r *request, record wire.Record, q *polls.Question, verdict *labeling.Verdict) error {
	policy := polls.Policy{Kind: polls.Confidence, TargetPPM: r.Ask.TargetPPM, Min: r.Ask.MinAnswers, Max: r.Ask.MaxAnswers}
	if r.Ask.TargetPPM == 0 {
		policy = polls.Policy{Kind: polls.Fixed, Min: r.Ask.MaxAnswers, Max: r.Ask.MaxAnswers}
	}
	if q.Policy.Fallback != 0 { // it was asked since policies have one
		policy = policy.WithFallback()
	}
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"org of the question", r.Org, string(q.Org)},
		{"type of the question", polls.Choice, q.Type},
		{"text of the question", r.Ask.Text, q.Text + q.Passage},
		{"options of the question", strings.Join(r.Ask.Options, "\n"), strings.Join(q.Choices, "\n")},
		{"policy of the question", policy.String(), q.Policy.String()},
		{"least answers to the question", policy.Min, q.Policy.Min},
		{"most answers to the question", r.Ask.MaxAnswers, q.Policy.Max},
		{"deadline of the question", timeText(time.Unix(r.Ask.Deadline, 0)), timeText(q.Deadline)},
	} {
		if f.expected != f.got {
			return r.wrong(f.field, f.expected, f.got)
		}
	}
	if r.Verdict.Outcome == rewards.OutcomeNone { // it was not fixed when the request was read
		return nil
	}
	told, err := v.toldOf(record, q, verdict, r.Ask.MinAnswers)
	if err != nil {
		return err
	}
	if told != r.Verdict {
		return r.wrong("verdict", told, r.Verdict)
	}
	return nil
}

// epochVerdicts checks the root over verdicts of an epoch's header.
func (v *verification) epochVerdicts(ctx context.Context, record wire.Epoch, root rewards.Hash, wrong func(string, any, any) error) error {
	if root == (rewards.Hash{}) {
		return nil
	}
	var listed []rewards.Request
	for w, err := range v.source.EpochVerdicts(ctx, record.Number) {
		if err != nil {
			return err
		}
		r, err := v.request(w)
		if err != nil {
			return err
		}
		known := v.contracts.requests[r.ID]
		if known == nil || known.Verdict.Outcome == rewards.OutcomeNone {
			if err := v.lateRequest(ctx, r); err != nil {
				return err
			}
			v.contracts.requests[r.ID] = r
			known = r
		}
		if r.Verdict != known.Verdict || r.Question != known.Question || r.Ask.Oracle != known.Ask.Oracle {
			return r.wrong(fmt.Sprintf("verdict in epoch %d", record.Number), known.Verdict, r.Verdict)
		}
		listed = append(listed, r.Request)
	}
	if got := rewards.Hash(rewards.VerdictsTree(listed).Root()); got != root {
		return wrong("header verdicts", hashText(got), hashText(root))
	}
	return nil
}

// lateRequest checks a request's verdict by the record of its question, read by itself.
func (v *verification) lateRequest(ctx context.Context, r *request) error {
	if r.Question == "" || r.Verdict.Outcome == rewards.OutcomeNone {
		return nil
	}
	record, err := v.source.Record(ctx, r.Question)
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		return r.wrong("question", "a closed question", r.Question+", which has no record")
	}
	if err != nil {
		return err
	}
	all := v.checkAll(ctx, []wire.Record{record})
	if all[0].err != nil {
		return all[0].err
	}
	r.seen = true
	return v.checkTold(r, record, all[0].checked.q, all[0].checked.verdict)
}

// askedOnChain checks a request by what the chain says that its contract asked.
func (v *verification) askedOnChain(e rewards.Event) error {
	if e.Ask == nil {
		return nil
	}
	r := v.contracts.requests[e.Reference]
	if r == nil { // it may have come since
		return nil
	}
	ours, theirs := fmt.Sprintf("%x %+v", r.Asker, r.Ask), fmt.Sprintf("%x %+v", e.Owner, *e.Ask)
	if ours != theirs {
		return v.onChain("request "+hashText(r.ID), ours, theirs)
	}
	return nil
}

// finishContracts checks the verdicts of requests whose questions' records did not come by.
func (v *verification) finishContracts(ctx context.Context) error {
	for _, id := range slices.SortedFunc(maps.Keys(v.contracts.requests), func(a, b rewards.Hash) int { return slices.Compare(a[:], b[:]) }) {
		if r := v.contracts.requests[id]; !r.seen {
			if err := v.lateRequest(ctx, r); err != nil {
				return err
			}
		}
		v.report.Requests++
	}
	return nil
}
