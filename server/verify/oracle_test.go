package verify_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// contract has a contract ask a question that people answer, and its verdict put into an epoch's tree; and another one ask what
// is refused.
func (b *builder) contract() {
	b.t.Helper()
	info := rewards.ChainInfo{Decimals: 18}
	payment := rewards.Event{Kind: rewards.Deposited, Owner: rewards.Address{0x0d}, Tx: rewards.Hash{0xd7}, Block: 11, Reference: rewards.Hash{0xee, 1}, Base: info.Base(tasknet.Micro(50_000))}
	org := rewards.OrgOf(payment.Reference)
	b.post(rewards.Credit(org, payment.Cause(), tasknet.Micro(50_000), b.tick()))
	b.accounts = append(b.accounts, rewards.VaultAccount{
		Key: payment.Account(), Owner: payment.Owner, Reference: payment.Reference, Org: org, Deposited: tasknet.Micro(50_000),
	})
	b.at = b.at.Truncate(time.Second).Add(3*time.Second - 1009*time.Millisecond) // the deadline of a contract is in whole seconds
	project := b.project
	b.project = ""
	a := b.ask(org, "fixed:2", 0, 0, nil).answer(0, 1, 1).answer(2, 1, 0)
	a.close(labeling.Quorum)
	b.project = project

	records := make([][32]byte, len(a.answers))
	for i, answer := range a.answers {
		_, err := hex.Decode(records[i][:], []byte(answer.Hash))
		b.check(err)
	}
	record, err := a.verdict.Hash(b.r.Instance.Instance, a.q.Hash, records)
	b.check(err)
	ask := rewards.Ask{
		Oracle: payment.Owner, Text: a.q.Text, Options: a.q.Choices, MinAnswers: 2, MaxAnswers: 2, Deadline: a.q.Deadline.Unix(), Payment: payment.Base,
	}
	b.request(rewards.Request{
		ID: payment.Reference, Asker: rewards.Address{0x0e}, Org: org, Tx: payment.Tx, Block: payment.Block, Ask: ask, State: rewards.RequestClosed, Question: string(a.q.ID), At: b.at,
		Verdict: rewards.VerdictFor(a.verdict.Outcome == labeling.Decided, a.verdict.Choice, a.verdict.Confidence(), a.verdict.Answers, ask.MinAnswers, record),
	})
	refused := rewards.Request{
		ID: rewards.Hash{0xee, 2}, Asker: rewards.Address{0x0e}, Org: rewards.OrgOf(rewards.Hash{0xee, 2}), Tx: rewards.Hash{0xd8}, Block: 12, Ask: ask, State: rewards.RequestClosed,
		Reason: "underpaid", At: b.at,
	}
	refused.Verdict = rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered}
	refused.Verdict.Record, err = refused.RefusalHash(b.r.Instance.Instance)
	b.check(err)
	b.request(refused)
	b.epoch(rewards.Confirmed)
}

// request publishes a request whose verdict the next epoch has in its tree.
func (b *builder) request(r rewards.Request) {
	b.told = append(b.told, r)
	at := wire.At(r.At)
	b.r.Requests = append(b.r.Requests, wire.OracleRequest{
		ID: hex.EncodeToString(r.ID[:]), Oracle: polls.Wallet(r.Ask.Oracle).String(), Asker: polls.Wallet(r.Asker).String(), Org: r.Org, Tx: hex.EncodeToString(r.Tx[:]), Block: r.Block,
		Ask: wire.OracleAsk{
			Text: r.Ask.Text, Options: r.Ask.Options, MinAnswers: r.Ask.MinAnswers, MaxAnswers: r.Ask.MaxAnswers, Deadline: r.Ask.Deadline, Payment: r.Ask.Payment.String(),
		},
		State: string(r.State), Question: r.Question, Reason: r.Reason, At: &at, Epoch: int64(len(b.r.Epochs) + 1),
		Verdict: &wire.OracleVerdict{
			Outcome: r.Verdict.Outcome.String(), Choice: r.Verdict.Choice, ConfidencePPM: r.Verdict.ConfidencePPM, Answers: r.Verdict.Answers, Record: hex.EncodeToString(r.Verdict.Record[:]),
		},
	})
}

// TestContracts: what contracts asked and are told must fit the questions that people answered and the trees of epochs.
func TestContracts(t *testing.T) {
	good := buildWith(t, labeling.General(len(choices)), (*builder).contract)
	report, err := verify.Run(t.Context(), good.client(t), verify.Config{})
	if err != nil || report.Requests != 2 {
		t.Fatalf("%d requests, %v", report.Requests, err)
	}
	for name, c := range map[string]struct {
		change func(*records)
		field  string
	}{
		"another text":           {func(r *records) { r.Requests[0].Ask.Text += "?" }, "text of the question"},
		"other options":          {func(r *records) { r.Requests[0].Ask.Options[1] = "these" }, "options of the question"},
		"more answers":           {func(r *records) { r.Requests[0].Ask.MaxAnswers++ }, "policy of the question"},
		"a later deadline":       {func(r *records) { r.Requests[0].Ask.Deadline++ }, "deadline of the question"},
		"another choice":         {func(r *records) { r.Requests[0].Verdict.Choice = 2 }, "verdict"},
		"another record":         {func(r *records) { r.Requests[0].Verdict.Record = strings.Repeat("ab", 32) }, "verdict"},
		"another organisation":   {func(r *records) { r.Requests[0].Org = alice }, "org"},
		"another question":       {func(r *records) { r.Requests[0].Question = r.Questions[0].Question.ID }, "org of the question"},
		"no question and reason": {func(r *records) { r.Requests[1].Reason = "" }, "question"},
		"another reason":         {func(r *records) { r.Requests[1].Reason = "garbled" }, "verdict"},
		"one that is not listed": {func(r *records) { r.Requests[1].Epoch = 0 }, "header verdicts"},
		"one twice":              {func(r *records) { r.Requests = append(r.Requests, r.Requests[1]) }, "id"},
	} {
		bad := good.copied(t)
		c.change(bad)
		_, err := verify.Run(t.Context(), bad.client(t), verify.Config{})
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Field != c.field {
			t.Errorf("%s: %v, want the field %q", name, err, c.field)
		}
	}
}
