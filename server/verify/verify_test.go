package verify_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

func TestGoodRecords(t *testing.T) {
	r := build(t)
	srv := httptest.NewServer(r)
	defer srv.Close()
	c, err := client.New(srv.URL, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var last verify.Progress
	got, err := verify.Run(t.Context(), c, verify.Config{Progress: func(p verify.Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	want := verify.Report{
		Instance: r.Instance.Instance, Questions: 18, Answers: 35, Respondents: 7, Transactions: len(r.Ledger), Epochs: 3,
		Deposited: tasknet.Micro(1_622_123), Paid: tasknet.Micro(35 * 18_013), Claimed: tasknet.Micro(11 * 18_013),
		Sealed: got.Sealed, Unproven: got.Unproven,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.Sealed) != 3 || got.Sealed[0].Count != 1 {
		t.Errorf("one question is open: %v", got.Sealed)
	}
	if !slices.ContainsFunc(got.Unproven, func(u verify.Unproven) bool { return u.Code == "chain" }) {
		t.Errorf("nobody asked the chain: %v", got.Unproven)
	}
	if last.Questions != 18 || last.OfQuestions != 18 || last.Transactions < len(r.Ledger) {
		t.Errorf("last progress %+v", last)
	}
	empty := &records{Instance: r.Instance}
	if got, err := verify.Run(t.Context(), empty.client(t), verify.Config{}); err != nil || len(got.Sealed) > 0 {
		t.Errorf("an instance on which nothing has happened: %v, %v", got.Sealed, err)
	}
}

// The questions of build some of whose answers are struck: one that got another in its place, one that did not, one twice, and
// one by a newer snapshot of its own family than the one that it names.
const struck, forfeited, struckTwice, struckByNewer = 12, 13, 14, 15

// TestFirstMismatchIsNamed changes one thing in each kind of record.
func TestFirstMismatchIsNamed(t *testing.T) {
	good := build(t)
	other := strings.Repeat("0f", 32)
	tx := func(r *records, kind string) *wire.Transaction {
		return &r.Ledger[slices.IndexFunc(r.Ledger, func(t wire.Transaction) bool { return t.Kind == kind })]
	}
	settles := func(r *records, question int) *wire.Transaction {
		return &r.Ledger[slices.IndexFunc(r.Ledger, func(t wire.Transaction) bool {
			return t.Kind == "settlement" && t.Cause == r.Questions[question].Question.ID
		})]
	}
	released := func(r *records) *wire.Transaction { // the one of what is pending of one family
		return &r.Ledger[slices.IndexFunc(r.Ledger, func(t wire.Transaction) bool { return strings.Contains(t.Cause, " "+project+"/3 ") })]
	}
	after := func(r *records, t *wire.Transaction) string {
		return r.Ledger[slices.IndexFunc(r.Ledger, func(x wire.Transaction) bool { return x.ID == t.ID })+1].ID
	}
	extra := good.Ledger[0].ID[:20] + "000000000"
	again := func(r *records, t *wire.Transaction, cause string) {
		twice := *t
		twice.ID, twice.Cause, twice.Entries = extra, cause, slices.Clone(t.Entries)
		r.Ledger = append(r.Ledger, twice)
	}
	// Who has claimed, and how much in all; and what says that the chain has some of it no more.
	claimant, _, _ := strings.Cut(tx(good, "claim").Cause, " ")
	var claimed tasknet.Amount
	for _, t := range good.Ledger {
		if t.Kind == "claim" && t.Entries[0].Account == string(rewards.Unclaimed(claimant)) {
			claimed = claimed.Sub(t.Entries[0].Amount)
		}
	}
	causeOf := func(payee string) string { return fmt.Sprintf("claim %s:%d", payee, claimed.Micro()) }
	undo := func(r *records, payee, cause string, sum tasknet.Amount) {
		t := *tx(r, "claim")
		t.ID, t.Kind, t.Cause = extra, "undo", cause
		t.Entries = []wire.Entry{{Account: string(rewards.ClaimedAccount), Amount: sum.Neg()}, {Account: string(rewards.Unclaimed(payee)), Amount: sum}}
		r.Ledger = append(r.Ledger, t)
	}
	q, a := good.Questions[0].Question.ID, good.Questions[0].Answers[1].ID
	settled := tx(good, "settlement").ID
	payee := func(epoch string, i int) string {
		return fmt.Sprintf("%s in epoch %s", good.Payouts[epoch][i].Respondent, epoch)
	}
	for _, tt := range []struct {
		name     string
		change   func(r *records)
		kind, id string
		field    string
	}{
		{"question text", func(r *records) { r.Questions[0].Question.Text += "?" }, "question", q, "hash"},
		{"question fee", func(r *records) { r.Questions[0].Fee = tasknet.Micro(1) }, "question", q, "fee"},
		{"answer's choice", func(r *records) { r.Questions[0].Answers[1].Given = wire.Give(1, "") }, "answer", a, "hash"},
		{"answer's signature", func(r *records) { // with a record hash to match it
			x, y := &r.Questions[0].Answers[1], r.Questions[1].Answers[0]
			x.Signature = y.Signature
			x.Hash = rehash(t, r, r.Questions[0], *x)
		}, "answer", a, "signature"},
		{"a later question's signature", func(r *records) {
			x, y := &r.Questions[1].Answers[0], r.Questions[0].Answers[1]
			x.Signature = y.Signature
			x.Hash = rehash(t, r, r.Questions[1], *x)
		}, "answer", good.Questions[1].Answers[0].ID, "signature"},
		{"answer by another device", func(r *records) {
			x := &r.Questions[0].Answers[1]
			x.Delegation = r.Questions[1].Answers[0].Delegation
		}, "answer", a, "hash"},
		{"answer in another's name", func(r *records) {
			x := &r.Questions[0].Answers[1]
			x.Respondent = r.Questions[0].Answers[0].Respondent
			x.Hash = rehash(t, r, r.Questions[0], *x)
		}, "answer", a, "respondent"},
		{"delegation's wallet", func(r *records) {
			r.Questions[0].Answers[1].Delegation.Wallet = r.Questions[0].Answers[0].Delegation.Wallet
		}, "answer", a, "delegation"},
		{"delegation that ended", func(r *records) { r.Questions[0].Answers[1].Delegation.Expires = 1 }, "answer", a, "delegation"},
		{"an answer twice", func(r *records) {
			r.Questions[0].Answers[1] = r.Questions[0].Answers[0]
		}, "answer", good.Questions[0].Answers[0].ID, "id"},
		{"an answer left out", func(r *records) {
			r.Questions[0].Answers = r.Questions[0].Answers[:2]
			r.Questions[0].Question.Answers = 2
		}, "question", q, "reason"},
		{"verdict's choice", func(r *records) { *r.Questions[0].Verdict.Choice = 0 }, "question", q, "verdict choice"},
		{"gold of no choice", func(r *records) { r.Questions[0].Gold = &wire.Gold{Given: wire.Give(7, "")} }, "question", q, "gold"},
		{"gold that nobody contradicts", func(r *records) { r.Questions[0].Gold = &wire.Gold{Given: wire.Give(1, ""), Suspended: true} }, "question", q, "gold suspended"},
		{"verdict's confidence", func(r *records) { r.Questions[0].Verdict.Confidence = "0.999999" }, "question", q, "verdict confidence"},
		{"verdict's reason", func(r *records) { r.Questions[0].Verdict.Reason = "deadline" }, "question", q, "reason"},
		{"snapshot's skill", func(r *records) {
			s := r.Snapshots[r.Questions[3].Question.Snapshot]
			s.People[0].Counts[0]--
		}, "snapshot", good.Questions[3].Question.Snapshot, "hash"},
		{"snapshot that cannot be", func(r *records) {
			r.Snapshots[r.Questions[3].Question.Snapshot].People[0].Counts[0] = -1
		}, "snapshot", good.Questions[3].Question.Snapshot, "skills"},
		{"verdict's claim", func(r *records) { r.Questions[3].Verdict.Claims = false }, "question", good.Questions[3].Question.ID, "verdict claims"},
		{"verdict's golds", func(r *records) { r.Questions[3].Verdict.Golds++ }, "question", good.Questions[3].Question.ID, "verdict golds"},
		{"verdict's correction", func(r *records) { r.Questions[3].Verdict.Correction = "discount/1" }, "question", good.Questions[3].Question.ID, "verdict correction"},
		{"unsettled for quorum", func(r *records) { r.Questions[3].Verdict.Reason = "unsettled" }, "question", good.Questions[3].Question.ID, "reason"},
		{"quorum for unsettled", func(r *records) { r.Questions[5].Verdict.Reason = "quorum" }, "question", good.Questions[5].Question.ID, "reason"},
		{"a strike of somebody good", func(r *records) {
			x := r.Questions[struck].Answers
			x[1].Struck, x[0].Struck = x[0].Struck, nil
		}, "answer", good.Questions[struck].Answers[1].ID, "struck"},
		{"a strike by another family's snapshot", func(r *records) {
			r.Questions[struck].Answers[0].Struck.Snapshot = r.Questions[struck].Question.Snapshot
		}, "answer", good.Questions[struck].Answers[0].ID, "struck"},
		{"a strike by no snapshot", func(r *records) { r.Questions[struck].Answers[0].Struck.Snapshot = other }, "snapshot", other, "hash"},
		{"a strike left out", func(r *records) { r.Questions[struck].Answers[0].Struck = nil }, "question", good.Questions[struck].Question.ID, "number of answers"},
		{"a strike before its question had stopped", func(r *records) {
			s := r.Questions[struck].Answers[0].Struck
			s.Answers, s.Counted = 2, 2
		}, "question", good.Questions[struck].Question.ID, "answers when some were struck"},
		{"a strike after more than stopped it", func(r *records) {
			s := r.Questions[struck].Answers[0].Struck
			s.Answers, s.Counted = 4, 4
		}, "question", good.Questions[struck].Question.ID, "answers that counted when some were struck"},
		{"a strike that counts less than there were", func(r *records) { r.Questions[forfeited].Answers[1].Struck.Counted-- }, "question", good.Questions[forfeited].Question.ID, "answers that counted when some were struck"},
		{"a strike among answers that were not there", func(r *records) {
			s := r.Questions[forfeited].Answers[1].Struck
			s.Answers, s.Counted = 1, 1
		}, "question", good.Questions[forfeited].Question.ID, "answers when some were struck"},
		{"a strike by an older snapshot than its question names", func(r *records) {
			r.Questions[struckByNewer].Answers[0].Struck.Snapshot = r.Questions[struck].Answers[0].Struck.Snapshot
		}, "answer", good.Questions[struckByNewer].Answers[0].ID, "struck"},
		{"a strike by an older snapshot than the strike before", func(r *records) {
			x := r.Questions[struckTwice].Answers
			x[0].Struck.Snapshot, x[2].Struck.Snapshot = x[2].Struck.Snapshot, x[0].Struck.Snapshot
		}, "question", good.Questions[struckTwice].Question.ID, "snapshots by which some were struck"},
		{"two struck at once by two snapshots", func(r *records) {
			x := r.Questions[struckByNewer].Answers
			x[0].Struck.Snapshot = r.Questions[struckTwice].Answers[0].Struck.Snapshot
		}, "question", good.Questions[struckByNewer].Question.ID, "snapshots by which some were struck"},
		{"forfeits for the requester", func(r *records) {
			v := &r.Questions[forfeited].Verdict
			v.Released, v.Forfeited = v.Released.Add(v.Forfeited), tasknet.Amount{}
		}, "question", good.Questions[forfeited].Question.ID, "verdict forfeited"},
		{"forfeits for the operator", func(r *records) {
			settlement := settles(r, forfeited)
			for i := range settlement.Entries {
				if e := &settlement.Entries[i]; e.Account == "operator:fees" {
					e.Amount = e.Amount.Add(tasknet.Micro(18_013))
				}
			}
			settlement.Entries = slices.DeleteFunc(settlement.Entries, func(e wire.Entry) bool { return e.Account == "commons:forfeits" })
		}, "transaction", good.Questions[forfeited].Settlement, "fee"},
		{"a release to somebody else", func(r *records) {
			tx(r, "release").Entries[1].Account = "payee:" + r.Questions[0].Answers[0].Respondent
		}, "transaction", tx(good, "release").ID, "entries"},
		{"a release in another's name", func(r *records) { tx(r, "release").Cause = r.Questions[0].Answers[0].Respondent + " proven" }, "transaction", tx(good, "release").ID, "cause"},
		{"a release of more than was pending", func(r *records) {
			moves(tx(r, "release"), 36_027)
		}, "transaction", tx(good, "release").ID, "entry of " + tx(good, "release").Entries[0].Account},
		{"a release of a part of what is pending", func(r *records) { moves(tx(r, "release"), 18_013) }, "transaction", tx(good, "release").ID, "amount"},
		{"a release of what was released with all", func(r *records) { // when something else is pending
			x := r.Questions[10]
			settles(r, forfeited).Entries[1].Account = "pending:" + x.Answers[0].Respondent
			again(r, tx(r, "release"), fmt.Sprintf("%s %s/3 %d", x.Answers[0].Respondent, otherProject, x.ClosedAt.UnixMilli()))
			moves(&r.Ledger[len(r.Ledger)-1], 18_013)
		}, "transaction", extra, "amount"},
		{"a release of a family's pay in another's name", func(r *records) {
			released(r).Cause = strings.Replace(released(r).Cause, r.Questions[8].Answers[1].Respondent, r.Questions[8].Answers[0].Respondent, 1)
		}, "transaction", released(good).ID, "cause"},
		{"a release of another family's pay", func(r *records) { moves(released(r), 54_039) }, "transaction", released(good).ID, "amount"},
		{"a release of the newer before the oldest", func(r *records) {
			i := slices.IndexFunc(r.Ledger, func(t wire.Transaction) bool { return t.ID == released(r).ID })
			r.Ledger[i], r.Ledger[i+1] = r.Ledger[i+1], r.Ledger[i]
		}, "transaction", after(good, released(good)), "cause"},
		{"a release of a part of the oldest", func(r *records) { moves(released(r), 18_012) }, "transaction", released(good).ID, "amount"},
		{"a release of pay since another moment", func(r *records) { released(r).Cause += "0" }, "transaction", released(good).ID, "cause"},
		{"a release without a reason", func(r *records) { tx(r, "release").Cause += "!" }, "transaction", tx(good, "release").ID, "cause"},
		{"a forfeit of another family's pay", func(r *records) { moves(tx(r, "forfeit"), 4*18_013) }, "transaction", tx(good, "forfeit").ID, "amount"},
		{"a forfeit of a part of what is pending", func(r *records) { moves(tx(r, "forfeit"), 18_013) }, "transaction", tx(good, "forfeit").ID, "amount"},
		{"a forfeit of pay since another moment", func(r *records) { tx(r, "forfeit").Cause += "0" }, "transaction", tx(good, "forfeit").ID, "cause"},
		{"a forfeit twice", func(r *records) { // by a newer snapshot, while as much is pending of another family
			x, newer := tx(r, "forfeit"), r.Questions[struckTwice].Answers[0].Struck.Snapshot
			again(r, x, strings.Replace(x.Cause, r.Questions[struck].Answers[0].Struck.Snapshot, newer, 1))
		}, "transaction", extra, "amount"},
		{"a forfeit for the operator", func(r *records) { tx(r, "forfeit").Entries[1].Account = "operator:fees" }, "transaction", tx(good, "forfeit").ID, "entries"},
		{"a forfeit of somebody good", func(r *records) { // by a snapshot in which another is void
			x := tx(r, "forfeit")
			x.Cause = strings.Replace(x.Cause, r.Questions[8].Answers[2].Respondent, r.Questions[8].Answers[1].Respondent, 1)
			x.Entries[0].Account = "pending:" + r.Questions[8].Answers[1].Respondent
		}, "transaction", tx(good, "forfeit").ID, "cause"},
		{"a forfeit by no snapshot", func(r *records) {
			x := tx(r, "forfeit")
			x.Cause = strings.Split(x.Cause, " ")[0] + " " + other + " 7"
		}, "snapshot", other, "hash"},
		{"a forfeit in another's name", func(r *records) {
			x := tx(r, "forfeit")
			x.Cause = strings.Replace(x.Cause, r.Questions[8].Answers[2].Respondent, r.Questions[8].Answers[1].Respondent, 1)
		}, "transaction", tx(good, "forfeit").ID, "cause"},
		{"totals of what is pending", func(r *records) { r.Totals.Pending = tasknet.Micro(7) }, "totals", good.Instance.Instance, "pending"},
		{"totals of forfeits", func(r *records) { r.Totals.Forfeits = tasknet.Micro(7) }, "totals", good.Instance.Instance, "forfeits"},
		{"another org's money", func(r *records) { r.Questions[0].Org = bob }, "question", q, "org"},
		{"deposit's amount", func(r *records) {
			e := tx(r, "deposit").Entries
			e[0].Amount, e[1].Amount = tasknet.Micro(-2_000_000), tasknet.Micro(2_000_000)
		}, "epoch", "1", "deposits and withdrawals of " + alice},
		{"entries that do not sum to zero", func(r *records) { tx(r, "hold").Entries[1].Amount = tasknet.Micro(1) }, "transaction", tx(good, "hold").ID, "entries"},
		{"a hold that feeds the operator", func(r *records) {
			hold := tx(r, "hold")
			hold.Entries[1].Amount = hold.Entries[1].Amount.Sub(tasknet.Micro(1))
			hold.Entries = append(hold.Entries, wire.Entry{Account: "operator:fees", Amount: tasknet.Micro(1)})
		}, "transaction", tx(good, "hold").ID, "entries"},
		{"a hold for what has one", func(r *records) {
			holds := slices.Collect(func(yield func(*wire.Transaction) bool) {
				for i := range r.Ledger {
					if r.Ledger[i].Kind == "hold" && !yield(&r.Ledger[i]) {
						return
					}
				}
			})
			holds[1].Entries[1].Amount = holds[1].Entries[1].Amount.Sub(tasknet.Micro(1))
			holds[1].Entries = append(holds[1].Entries, wire.Entry{Account: holds[0].Entries[1].Account, Amount: tasknet.Micro(1)})
		}, "transaction", holdAfter(good), "entry of " + tx(good, "hold").Entries[1].Account},
		{"more money than there is", func(r *records) {
			e := tx(r, "hold").Entries
			e[0].Amount, e[1].Amount = tasknet.Micro(-9_000_000), tasknet.Micro(9_000_000)
		}, "transaction", tx(good, "hold").ID, "entry of org:" + alice},
		{"amounts that overflow", func(r *records) {
			e := tx(r, "deposit").Entries
			e[0].Amount, e[1].Amount = tasknet.Micro(-1<<62), tasknet.Micro(1<<62)
		}, "transaction", tx(good, "deposit").ID, "amount"},
		{"pay to somebody else", func(r *records) {
			tx(r, "settlement").Entries[1].Account = "payee:" + r.Questions[1].Answers[0].Respondent
		}, "transaction", settled, "payees"},
		{"pay to the operator", func(r *records) {
			e := tx(r, "settlement").Entries
			e[1].Amount, e[4].Amount = e[1].Amount.Sub(tasknet.Micro(1)), e[4].Amount.Add(tasknet.Micro(1))
		}, "transaction", settled, "pay"},
		{"pay left out", func(r *records) {
			e := tx(r, "settlement").Entries
			e[2].Amount = e[2].Amount.Add(e[1].Amount)
			tx(r, "settlement").Entries = slices.Delete(e, 1, 2)
		}, "transaction", settled, "number of payees"},
		{"a settlement twice", func(r *records) { r.Ledger = append(r.Ledger, *tx(r, "settlement")) }, "transaction", settled, "id"},
		{"a cause twice", func(r *records) {
			again(r, tx(r, "deposit"), tx(r, "deposit").Cause)
		}, "transaction", extra, "cause"},
		{"a settlement without a question", func(r *records) { r.Questions = r.Questions[1:] }, "transaction", settled, "cause"},
		{"a question without a settlement", func(r *records) {
			r.Questions = append(r.Questions, r.Questions[0])
		}, "question", q, "id"},
		{"totals", func(r *records) { r.Totals.Operator = tasknet.Micro(7) }, "totals", good.Instance.Instance, "operator"},
		{"totals of answers", func(r *records) { r.Totals.Answers-- }, "totals", good.Instance.Instance, "answers_closed"},
		{"a root", func(r *records) { r.Epochs[1].Root = other }, "epoch", "2", "root"},
		{"an epoch's sum", func(r *records) { r.Epochs[2].Cumulative = tasknet.Micro(5) }, "epoch", "3", "cumulative"},
		{"an epoch left out", func(r *records) { r.Epochs = slices.Delete(r.Epochs, 1, 2) }, "epoch", "2", "number"},
		{"an epoch too many", func(r *records) { r.Epochs = append(r.Epochs, r.Epochs[2]) }, "epoch", "4", "transaction"},
		{"a state that there is not", func(r *records) { r.Epochs[2].State = "done" }, "epoch", "3", "state"},
		{"a withdrawal of another's", func(r *records) { tx(r, "withdrawal").Entries[0].Account = string(rewards.Requester(alice)) }, "epoch", "2", "deposits and withdrawals of " + alice},
		{"a withdrawal to somebody", func(r *records) { tx(r, "withdrawal").Entries[1].Account = string(rewards.ClaimedAccount) }, "transaction", tx(good, "withdrawal").ID, "entries"},
		{"a notice with another cause", func(r *records) { tx(r, "notice").Cause += "0" }, "transaction", tx(good, "notice").ID, "cause"},
		{"a notice for the operator", func(r *records) { tx(r, "notice").Entries[1].Account = string(rewards.FeesAccount) }, "transaction", tx(good, "notice").ID, "entries"},
		{"what was never deposited undone", func(r *records) { tx(r, "undo").Cause += "1" }, "transaction", tx(good, "undo").ID, "cause"},
		{"a deposit undone for another", func(r *records) { tx(r, "undo").Entries[0].Account = string(rewards.Requester(alice)) }, "transaction", tx(good, "undo").ID, "entries"},
		{"a claim undone, of which a record says that it stands", func(r *records) { undo(r, claimant, causeOf(claimant), claimed) }, "payout", claimant, "claimed"},
		{"a claim of nobody's undone", func(r *records) { undo(r, "rsp_nobody", causeOf("rsp_nobody"), claimed) }, "transaction", extra, "entries"},
		{"a claim undone twice", func(r *records) {
			undo(r, claimant, causeOf(claimant), claimed)
			undo(r, claimant, causeOf(claimant)+"#1", claimed)
			r.Ledger[len(r.Ledger)-1].ID = extra[:len(extra)-1] + "1"
		}, "transaction", extra[:len(extra)-1] + "1", "entries"},
		{"more undone than was claimed", func(r *records) { undo(r, claimant, causeOf(claimant), claimed.Add(tasknet.Micro(1))) }, "transaction", extra, "entries"},
		{"a claim of another sum undone", func(r *records) {
			undo(r, claimant, causeOf(claimant)+"0", claimed)
		}, "transaction", extra, "cause"},
		{"another's claim undone", func(r *records) { undo(r, claimant, causeOf("rsp_nobody"), claimed) }, "transaction", extra, "cause"},
		{"a claim undone for another", func(r *records) {
			undo(r, claimant, causeOf(claimant), claimed)
			r.Ledger[len(r.Ledger)-1].Entries[1].Account = string(rewards.Payee(claimant))
		}, "transaction", extra, "entries"},
		{"a debt paid by another", func(r *records) { tx(r, "debt").Entries[0].Account = string(rewards.Requester(alice)) }, "transaction", tx(good, "debt").ID, "entries"},
		{"a debt with another cause", func(r *records) { tx(r, "debt").Cause += "0" }, "transaction", tx(good, "debt").ID, "cause"},
		{"totals of withdrawals", func(r *records) { r.Totals.Withdrawn = tasknet.Micro(7) }, "totals", good.Instance.Instance, "withdrawn"},
		{"totals of debts", func(r *records) { r.Totals.Debts = tasknet.Micro(-7) }, "totals", good.Instance.Instance, "debts"},
		{"a header left out", func(r *records) { r.Epochs[2].Header = nil }, "epoch", "3", "header"},
		{"headers left out", func(r *records) { r.Epochs[0].Header, r.Spending["1"] = nil, nil; r.Epochs[0].State = "posted" }, "epoch", "1", "deposits of " + alice},
		{"a header's payouts", func(r *records) { r.Epochs[1].Header.Payouts = other }, "epoch", "2", "header payouts"},
		{"a header's spending", func(r *records) { r.Epochs[1].Header.Spending = other }, "epoch", "2", "header spending"},
		{"a header's total", func(r *records) { r.Epochs[1].Header.Total += "0" }, "epoch", "2", "header total"},
		{"a header's spent", func(r *records) { r.Epochs[1].Header.Spent = "7" }, "epoch", "2", "header spent"},
		{"a header's log", func(r *records) { r.Epochs[1].Header.LogRoot = other }, "epoch", "2", "header hash"},
		{"a header's verdicts", func(r *records) { r.Epochs[1].Header.Verdicts = "00" }, "epoch", "2", "verdicts"},
		{"a header's blocks", func(r *records) { r.Epochs[1].Header.Through++ }, "epoch", "2", "header hash"},
		{"a header's hash", func(r *records) { r.Epochs[2].Header.Hash = other }, "epoch", "3", "header hash"},
		{"less spent", func(r *records) { r.Spending["2"][0].Spent = tasknet.Micro(1) }, "epoch", "2", "spent of account " + good.Spending["2"][0].Account},
		{"another owner", func(r *records) { r.Spending["1"][1].Owner = r.Spending["1"][0].Owner }, "epoch", "1", "account"},
		{"another organisation", func(r *records) { r.Spending["1"][1].Org = alice }, "epoch", "1", "org of account " + good.Spending["1"][1].Account},
		{"nobody's account", func(r *records) { r.Spending["1"][1].Org = "" }, "epoch", "1", "account " + good.Spending["1"][1].Account},
		{"an account left out", func(r *records) { r.Spending["3"] = r.Spending["3"][:1] }, "epoch", "3", "accounts"},
		{"an account twice", func(r *records) { r.Spending["3"] = append(r.Spending["3"], r.Spending["3"][0]) }, "epoch", "3", "account"},
		{"accounts in another order", func(r *records) { slices.Reverse(r.Spending["2"]) }, "epoch", "2", "account"},
		{"less deposited", func(r *records) { r.Spending["1"][0].Deposited = tasknet.Micro(9) }, "epoch", "1", "deposits and withdrawals of " + alice},
		{"a payout's sum", func(r *records) { r.Payouts["1"][2].Cumulative = tasknet.Micro(3) }, "payout", payee("1", 2), "cumulative"},
		{"a payout's proof", func(r *records) { r.Payouts["2"][0].Proof[1] = other }, "payout", payee("2", 0), "proof"},
		{"an old leaf", func(r *records) { r.Payouts["3"][6].Address = r.Payouts["3"][5].Address }, "payout", payee("3", 6), "address"},
		{"a payout left out", func(r *records) { r.Payouts["3"] = r.Payouts["3"][:6] }, "epoch", "3", "number of payouts"},
		{"a claim that was not", func(r *records) { r.Payouts["3"][0].Claimed = true }, "payout", good.Payouts["3"][0].Respondent, "claimed"},
		{"a claim denied", func(r *records) { r.Payouts["1"][0].Claimed = false }, "payout", good.Payouts["1"][0].Respondent, "claimed"},
		{"the instance", func(r *records) { r.Instance.Instance = other }, "question", q, "hash"},
		{"the token's decimals", func(r *records) { r.Instance.Token.Decimals = 6 }, "epoch", "1", "root"},
		{"no decimals", func(r *records) { r.Instance.Token.Decimals = -1 << 40 }, "instance", good.Instance.Instance, "token decimals"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := good.copied(t)
			tt.change(r)
			_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
			m, ok := errors.AsType[*verify.Mismatch](err)
			if !ok || !errors.Is(err, verify.ErrMismatch) {
				t.Fatalf("%v, want a mismatch", err)
			}
			if m.Kind != tt.kind || (m.ID != tt.id && tt.id != "") || m.Field != tt.field || m.Expected == m.Got {
				t.Errorf("%v\nwant %s %s: %s", m, tt.kind, tt.id, tt.field)
			}
		})
	}
}

// TestEpochThatPaysNobody: its transaction has no entries, and its root is the one before.
func TestEpochThatPaysNobody(t *testing.T) {
	r := buildWith(t, labeling.General(len(choices)), func(b *builder) {
		b.epoch(rewards.Confirmed)
		b.epoch(rewards.Confirmed)
	})
	if e := r.Epochs[4]; e.Payees != 0 || e.Root != r.Epochs[3].Root {
		t.Fatalf("the fifth epoch is %+v", e)
	}
	report, err := verify.Run(t.Context(), r.client(t), verify.Config{})
	if err != nil || report.Epochs != 5 {
		t.Errorf("%d epochs, %v", report.Epochs, err)
	}
	r.Epochs[4].Payees = 1
	_, err = verify.Run(t.Context(), r.client(t), verify.Config{})
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "epoch" || m.ID != "5" || m.Field != "payees" {
		t.Errorf("with somebody paid: %v", err)
	}
}

// TestMoreThanWasSpent: people are paid for what a requester asked out of a deposit. While that is in the vault the records are right.
// When the chain has taken it back, the same epoch pays more than requesters spent of what is there, though every hash and every sum
// of it fits: that is what is named.
func TestMoreThanWasSpent(t *testing.T) {
	late := deposits()[1]
	late.Tx, late.Base = rewards.Hash{0xd7}, rewards.ChainInfo{Decimals: 18}.Base(tasknet.Micro(1_000_000))
	for _, undone := range []bool{false, true} {
		r := buildWith(t, labeling.General(len(choices)), func(b *builder) {
			booking := rewards.Booking{Event: late, Org: bob, Amount: tasknet.Micro(1_000_000)}
			booking.Book(rewards.Holdings{}, 0, b.tick())
			b.post(booking.Tx)
			b.accounts[1].Deposited = b.accounts[1].Deposited.Add(booking.Amount)
			for range 8 {
				b.ask(bob, "fixed:5", 0, 0, nil).answer(0, 1, 0).answer(1, 1, 0).answer(2, 1, 0).answer(3, 1, 0).answer(4, 1, 0).close(labeling.Quorum)
			}
			if undone {
				b.post(booking.Unbook(rewards.Holdings{Available: b.balances[rewards.Requester(bob)]}, 0, b.tick()))
				b.accounts[1].Deposited = b.accounts[1].Deposited.Sub(booking.Amount)
			}
			b.epoch(rewards.Confirmed)
			if undone { // and comes again, which pays the debt, too late for the epoch
				booking.Event.Tx = rewards.Hash{0xd8}
				booking.Book(rewards.Holdings{Debt: b.balances[rewards.Debt(bob)]}, 0, b.tick())
				b.post(booking.Tx)
			}
		})
		_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
		if !undone {
			if err != nil {
				t.Errorf("while the deposit is there: %v", err)
			}
			continue
		}
		m, ok := errors.AsType[*verify.Mismatch](err)
		if e := r.Epochs[3]; !ok || m.Kind != "epoch" || m.ID != "4" || m.Field != "total" || m.Got != e.Cumulative.String() || !strings.HasPrefix(m.Expected, "at most the ") {
			t.Errorf("an epoch that pays %s, with a header that says %s spent: %v", e.Cumulative, e.Header.Spent, err)
		}
	}
}

// TestHonestOddities is about records that look odd and are right.
func TestHonestOddities(t *testing.T) {
	r := build(t)
	x := &r.Questions[0]

	// The server's clock stepped back after the second answer: by more than until the close.
	x.Answers[1].At = x.ClosedAt.UnixMilli() + 5
	x.Answers[1].Hash = rehash(t, r, *x, x.Answers[1])

	// A device was registered again after its answer; the record shows the newer delegation.
	keys, err := client.DeriveKeys([]byte("verify"), "0")
	if err != nil {
		t.Fatal(err)
	}
	w := &x.Answers[0].Delegation
	issued := time.UnixMilli(x.Answers[0].At).Add(time.Hour).Truncate(time.Second)
	d := polls.Delegation{Device: keys.DeviceKey(), Issued: issued, Expires: issued.Add(24 * time.Hour)}
	d.Sign(polls.Domain{Instance: [32]byte(bytes.Repeat([]byte{0xc1}, 32)), ChainID: r.Instance.ChainID}, keys.Wallet)
	w.Issued, w.Expires, w.Signature = d.Issued.Unix(), d.Expires.Unix(), hex.EncodeToString(d.Signature[:])

	// Of two strikes, both are by the same snapshot.
	r.Questions[struckTwice].Answers[0].Struck.Snapshot = r.Questions[struckTwice].Answers[2].Struck.Snapshot

	// Answers are struck by the very snapshot that their question names.
	for i := range r.Questions[struckByNewer].Answers {
		if s := r.Questions[struckByNewer].Answers[i].Struck; s != nil {
			s.Snapshot = r.Questions[struckByNewer].Question.Snapshot
		}
	}

	// All pay of somebody who is proven was released at once; since it is by organisations, the cause names one. All of it was
	// for questions of one here.
	release := &r.Ledger[slices.IndexFunc(r.Ledger, func(t wire.Transaction) bool { return strings.HasSuffix(t.Cause, " proven") })]
	for _, c := range []struct {
		of   string
		fits bool
	}{{bob, false}, {alice, true}} {
		all := release.Cause
		release.Cause += " " + c.of
		_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
		if m, ok := errors.AsType[*verify.Mismatch](err); c.fits && err != nil || !c.fits && (!ok || m.ID != release.ID || m.Field != "amount") {
			t.Errorf("a release of pay from %s: %v", c.of, err)
		}
		release.Cause = all
	}

	if _, err := verify.Run(t.Context(), r.client(t), verify.Config{}); err != nil {
		t.Error(err)
	}

	// One that had ended is a mismatch, though its signature is good.
	d.Issued, d.Expires = issued.Add(-3*time.Hour), issued.Add(-2*time.Hour)
	d.Sign(polls.Domain{Instance: [32]byte(bytes.Repeat([]byte{0xc1}, 32)), ChainID: r.Instance.ChainID}, keys.Wallet)
	w.Issued, w.Expires, w.Signature = d.Issued.Unix(), d.Expires.Unix(), hex.EncodeToString(d.Signature[:])
	_, err = verify.Run(t.Context(), r.client(t), verify.Config{})
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.ID != x.Answers[0].ID || m.Field != "at_ms" {
		t.Errorf("a delegation that had ended: %v", err)
	}
}

// TestSnapshotOfAnotherFamily: answers must be weighed by what is known of the question's own family, or in general; and what
// one organisation's questions have taught weighs nobody's answers to another's.
func TestSnapshotOfAnotherFamily(t *testing.T) {
	first, _, err := labeling.FamilyOf(alice, "", polls.Choice, choices)
	if err != nil {
		t.Fatal(err)
	}
	for family, at := range map[labeling.FamilyID]int{"prj_other/3": 0, first: 1} {
		r := buildWith(t, family)
		_, err = verify.Run(t.Context(), r.client(t), verify.Config{})
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.ID != r.Questions[at].Question.ID || m.Field != "snapshot" {
			t.Errorf("question %d by the family %s: %v", at, family, err)
		}
	}
}

// TestSkillsOfAQuestion: answers are weighed by the newest snapshot when the question was asked, or by one between that and the
// first answer.
func TestSkillsOfAQuestion(t *testing.T) {
	recordsOf := func(how func(b *builder, early *asked)) *records {
		return buildWith(t, labeling.General(len(choices)), func(b *builder) {
			early := b.ask(alice, "fixed:1", 0, 0, nil)
			how(b, early)
			early.close(labeling.Quorum)
		})
	}
	older := ""
	for name, tt := range map[string]struct {
		how  func(b *builder, early *asked)
		good bool
	}{
		"named":             {func(_ *builder, early *asked) { early.answer(0, 1, 1) }, true},
		"before the answer": {func(b *builder, early *asked) { b.learn(nil, labeling.Calibration{}); early.assigned().answer(0, 1, 1) }, true},
		"after the answer": {func(b *builder, early *asked) {
			early.answer(0, 1, 1)
			b.at = b.at.Add(2 * time.Minute)
			b.learn(nil, labeling.Calibration{})
			early.assigned()
		}, false},
		"older": {func(b *builder, early *asked) {
			for hash := range b.snapshots {
				if s := b.snapshots[hash]; s.Family == b.family && hash != early.q.Snapshot {
					older = hash
				}
			}
			early.skills = older
			early.answer(0, 1, 1)
		}, false},
		"of its own family": {func(b *builder, early *asked) { early.skills = b.voids; early.answer(0, 1, 1) }, true},
	} {
		r := recordsOf(tt.how)
		_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
		m, wrong := errors.AsType[*verify.Mismatch](err)
		if tt.good && err != nil || !tt.good && (!wrong || m.Kind != "question") {
			t.Errorf("a snapshot %s: %v", name, err)
		}
	}
}

// unproven are the fields that other records say nothing of: descriptions, random parts of ids, times (also those in some causes)
// and transactions on the chain. Times and ids of settlements are proven by the questions' records.
var unproven = []string{
	"Instance.version", "Instance.token.address", "Instance.token.symbol", "Instance.fee_basis_points", "Instance.default_price", "Instance.relay_basis_points", "Instance.dev_chain",
	"Instance.vault", "Instance.receipt_key", "Instance.limits", "Instance.time", "Instance.policies",
	"Questions.answers.struck.at", "Questions.question.asked_by", "Questions.question.sample", "Questions.question.image.url", "Questions.question.image.type",
	"Questions.question.image.width", "Questions.question.image.height", "Questions.question.image.bytes", "Questions.verdict.id",
	"Snapshots.at", "Epochs.tx", "Epochs.block", "Epochs.gas", "Payouts.tx",
	"Ledger.id", "Ledger.at", "Ledger.deposit.cause", "Ledger.withdrawal.cause", "Ledger.claim.cause",
}

func isUnproven(name string) bool {
	return slices.ContainsFunc(unproven, func(u string) bool { return name == u || strings.HasPrefix(name, u+".") })
}

// leaf is a place in a JSON tree whose value can be changed, or an item of a list that can be left out or said twice.
type leaf struct {
	path  string
	value func() any
	set   func(any)
	drop  func()
	twice func()
}

// leaves lists all places under v. name is the path to it without indices.
func leaves(name, path string, v any, set func(any)) (out []leaf) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			below := strings.TrimPrefix(name+"."+key, ".")
			if path == ".Snapshots" || path == ".Payouts" { // keyed by what they are
				below = name
			}
			if kind, ok := v["kind"].(string); ok && name == "Ledger" && (key == "cause" || (kind == "settlement" && (key == "id" || key == "at"))) {
				below = name + "." + kind + "." + key
			}
			out = append(out, leaves(below, path+"."+key, e, func(x any) { v[key] = x })...)
		}
	case []any:
		for i, e := range v {
			at := fmt.Sprintf("%s[%d]", path, i)
			out = append(out, leaves(name, at, e, func(x any) { v[i] = x })...)
			if !isUnproven(name) {
				out = append(out, leaf{
					path: at, drop: func() { set(slices.Delete(slices.Clone(v), i, i+1)) }, twice: func() { set(slices.Insert(slices.Clone(v), i, e)) },
				})
			}
		}
	default:
		if !isUnproven(name) && v != nil {
			out = append(out, leaf{path: path, value: func() any { return v }, set: set})
		}
	}
	return out
}

// longTests is set by `make test-long`.
const longTests = "TASKNET_TEST_LONG"

// TestFlips changes one random thing at a time, hundreds of times, a thousand in the long form: each must be seen.
func TestFlips(t *testing.T) {
	good := build(t)
	for number, payouts := range good.Payouts { // what an epoch did not add is looked at in the last one only
		if number != "3" {
			n := 0
			for _, p := range payouts {
				if fmt.Sprint(p.Epoch) == number {
					n++
				}
			}
			good.Payouts[number] = payouts[:n]
		}
	}
	raw, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	flips, seed := 250, uint64(20261121)
	if os.Getenv(longTests) != "" {
		flips = 1000
	}
	random := rand.New(rand.NewPCG(seed, 1))
	kinds := make(map[string]int)
	for range flips {
		var tree map[string]any
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.UseNumber()
		if err := d.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		places := leaves("", "", any(tree), nil)
		for i := range places {
			places[i].path = strings.TrimPrefix(places[i].path, ".")
		}
		slices.SortFunc(places, func(a, b leaf) int { return strings.Compare(a.path, b.path) })
		place := places[random.IntN(len(places))]
		what := flip(place, random)
		changed, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		r := new(records)
		if err := json.Unmarshal(changed, r); err != nil {
			continue // the API's own types refuse it
		}
		_, err = verify.Run(t.Context(), r.client(t), verify.Config{})
		m, ok := errors.AsType[*verify.Mismatch](err)
		if !ok {
			t.Errorf("%s: %s was not seen: %v", place.path, what, err)
			continue
		}
		kinds[m.Kind]++
	}
	for _, kind := range []string{"question", "answer", "snapshot", "transaction", "totals", "epoch", "payout"} {
		if kinds[kind] == 0 && os.Getenv(longTests) != "" {
			t.Errorf("no flip was named a mismatch of kind %s: %v", kind, kinds)
		}
	}
}

func flip(p leaf, random *rand.Rand) string {
	if p.value == nil {
		if random.IntN(2) == 0 {
			p.drop()
			return "leaving it out"
		}
		p.twice()
		return "saying it twice"
	}
	switch v := p.value().(type) {
	case bool:
		p.set(!v)
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			panic(err)
		}
		n += []int64{-1, 1}[random.IntN(2)]
		p.set(n)
		return fmt.Sprintf("%s to %d", v, n)
	case string:
		const letters = "0123456789abcdef"
		b := []byte(v)
		if len(b) == 0 {
			p.set("0")
			return "nothing to 0"
		}
		at := random.IntN(len(b))
		for {
			c := letters[random.IntN(len(letters))]
			if !strings.EqualFold(string(c), string(b[at])) {
				b[at] = c
				break
			}
		}
		p.set(string(b))
		return fmt.Sprintf("%q to %q", v, b)
	}
	return "a bool"
}

// chain is a vault that says what it is told to.
type chain struct {
	info    rewards.ChainInfo
	epoch   int64
	header  rewards.Hash
	claimed map[rewards.Address]*big.Int
	found   []rewards.Event
	coming  int64         // the epoch that comes when the root was read
	next    rewards.Roots // the root that waits
	voided  bool          // that root, when it was read
}

func (c *chain) Info() rewards.ChainInfo { return c.info }

func (c *chain) Roots(context.Context) (rewards.Roots, error) {
	now := c.epoch
	c.epoch = max(c.epoch, c.coming)
	roots := rewards.Roots{Epoch: now, Header: c.header, NextEpoch: c.next.NextEpoch, Next: c.next.Next}
	if c.voided {
		c.next = rewards.Roots{}
	}
	return roots, nil
}

// Events gives one at a time.
func (c *chain) Events(_ context.Context, from int64) ([]rewards.Event, rewards.Look, error) {
	for _, d := range c.found {
		if d.Block > from {
			return []rewards.Event{d}, rewards.Look{Block: d.Block}, nil
		}
	}
	return nil, rewards.Look{Block: max(from, 9)}, nil
}

func (c *chain) Claimed(_ context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	out := make([]*big.Int, len(addresses))
	for i, a := range addresses {
		if out[i] = c.claimed[a]; out[i] == nil {
			out[i] = new(big.Int)
		}
	}
	return out, nil
}

func (c *chain) StakeEvents(_ context.Context, from int64) ([]rewards.StakeEvent, rewards.Look, error) {
	return nil, rewards.Look{Block: from}, nil
}

func (c *chain) StakesAt(context.Context, int64, []rewards.Address) ([]rewards.Stake, time.Time, error) {
	return nil, time.Time{}, nil
}

func TestChain(t *testing.T) {
	r := build(t)
	honest := func() *chain {
		c := &chain{info: rewards.ChainInfo{ID: 31415, Decimals: 18}, epoch: 2, claimed: make(map[rewards.Address]*big.Int), found: deposits()}
		root, err := hex.DecodeString(r.Epochs[1].Header.Hash)
		if err != nil {
			t.Fatal(err)
		}
		c.header = rewards.Hash(root)
		for _, p := range r.Payouts["2"] {
			w, err := polls.ParseWallet(p.Address)
			if err != nil {
				t.Fatal(err)
			}
			c.claimed[rewards.Address(w)] = c.info.Base(p.Cumulative)
		}
		return c
	}
	somebody, err := polls.ParseWallet(r.Payouts["2"][0].Address)
	if err != nil {
		t.Fatal(err)
	}
	second := fmt.Sprintf("deposit 0x%x:1", rewards.Hash{0xd2})
	r.Epochs[2].State = "built"
	third, err := hex.DecodeString(r.Epochs[2].Header.Hash)
	if err != nil {
		t.Fatal(err)
	}
	made := rewards.Hash{0xb1}
	for name, tt := range map[string]struct {
		change func(*chain)
		field  string // of the mismatch; empty: it fits
	}{
		"honest":                                 {func(*chain) {}, ""},
		"a claim ahead":                          {func(c *chain) { c.claimed[rewards.Address{9}] = big.NewInt(1) }, ""},
		"another chain":                          {func(c *chain) { c.info.ID = 1 }, "id"},
		"other decimals":                         {func(c *chain) { c.info.Decimals = 6 }, "token decimals"},
		"an old epoch":                           {func(c *chain) { c.epoch = 1 }, "newest epoch"},
		"another root":                           {func(c *chain) { c.header[31] ^= 1 }, "header of epoch 2"},
		"a root that is only built":              {func(c *chain) { c.epoch, c.header = 3, rewards.Hash(third) }, ""},
		"another than is built":                  {func(c *chain) { c.epoch, c.header = 3, made }, "header of epoch 3"},
		"a root of no record":                    {func(c *chain) { c.epoch, c.header = 4, made }, "header of epoch 4"},
		"a root that waits":                      {func(c *chain) { c.next = rewards.Roots{NextEpoch: 3, Next: rewards.Hash(third)} }, ""},
		"another that waits":                     {func(c *chain) { c.next = rewards.Roots{NextEpoch: 3, Next: made} }, "header of epoch 3"},
		"one of no record that waits":            {func(c *chain) { c.next = rewards.Roots{NextEpoch: 4, Next: made} }, "header of epoch 4"},
		"one that waited until the records came": {func(c *chain) { c.next, c.voided = rewards.Roots{NextEpoch: 3, Next: made}, true }, ""},
		"a claim undone":                         {func(c *chain) { c.claimed[rewards.Address(somebody)] = big.NewInt(7) }, "claims of " + somebody.String()},
		"a claim of a root that just came": {func(c *chain) {
			c.claimed[rewards.Address(somebody)], c.coming = c.info.Base(tasknet.Micro(1<<40)), 4
		}, ""},
		"a deposit to nobody": {func(c *chain) {
			c.found = append([]rewards.Event{{Kind: rewards.Deposited, Tx: rewards.Hash{7}, Block: 1, Base: big.NewInt(1)}}, c.found...)
		}, ""},
		"a deposit that is not there": {func(c *chain) { c.found = c.found[:1] }, second},
		"a deposit of less":           {func(c *chain) { c.found[1].Base = c.info.Base(tasknet.Micro(317_016)) }, second},
		"another's deposit":           {func(c *chain) { c.found[1].Reference = rewards.Reference(alice) }, second},
		"another owner's deposit":     {func(c *chain) { c.found[1].Owner = rewards.Address{0x66} }, fmt.Sprintf("deposits into account %s", r.Spending["3"][1].Account)},
		"a withdrawal in its place":   {func(c *chain) { c.found[1].Kind = rewards.Withdrawn }, second},
		"another event's deposit":     {func(c *chain) { c.found[1].LogIndex = 0 }, second},
		"a claim of more":             {func(c *chain) { c.claimed[rewards.Address(somebody)] = c.info.Base(tasknet.Micro(1 << 40)) }, "claims of " + somebody.String()},
	} {
		c := honest()
		tt.change(c)
		report, err := verify.Run(t.Context(), r.client(t), verify.Config{Chain: c})
		m, mismatch := errors.AsType[*verify.Mismatch](err)
		switch {
		case tt.field == "" && (err != nil || !report.Chain || slices.ContainsFunc(report.Unproven, func(u verify.Unproven) bool { return u.Code == "chain" })):
			t.Errorf("%s: %v, %v", name, err, report.Unproven)
		case tt.field != "" && (!mismatch || report.Chain || m.Kind != "chain" || m.Field != tt.field):
			t.Errorf("%s: %v, want a mismatch of %s", name, err, tt.field)
		}
	}
}

// growing is a server on which things go on happening: each page shows a little more than the one before.
type growing struct {
	all   *records
	mu    sync.Mutex
	shown int // transactions of the ledger
	step  int
}

func (g *growing) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := *g.all
	now.Ledger = now.Ledger[:min(g.shown, len(now.Ledger))]
	now.Questions, now.Epochs, now.Totals = nil, nil, wire.Totals{}
	totals, settlements := rewards.Totals{}, 0
	for _, tx := range now.Ledger {
		for _, e := range tx.Entries {
			if err := totals.Add(rewards.Entry{Account: rewards.Account(e.Account), Amount: e.Amount}); err != nil {
				panic(err)
			}
		}
		switch tx.Kind {
		case "settlement":
			q := g.all.Questions[settlements]
			settlements++
			now.Questions = append(now.Questions, q)
			now.Totals.Answers += q.Verdict.Answers
		case "epoch":
			e := g.all.Epochs[len(now.Epochs)]
			e.State = "confirmed"
			now.Epochs = append(now.Epochs, e)
		}
	}
	now.Totals = wire.Totals{
		Deposited: totals.Deposited, Withdrawn: totals.Withdrawn, Frozen: totals.Frozen, Debts: totals.Debts, Requesters: totals.Requesters, Held: totals.Held, Pending: totals.Pending, Respondents: totals.Payees, InEpoch: totals.Unclaimed,
		Claimed: totals.Claimed, Operator: totals.Operator, Forfeits: totals.Forfeits, Questions: settlements, Answers: now.Totals.Answers,
	}
	g.shown += g.step
	now.ServeHTTP(w, req)
}

func (g *growing) client(t *testing.T) *client.Client { return clientOf(t, g) }

// TestWhileTheServerWorks starts verifying at every moment of an instance's life, at different speeds of what goes on.
func TestWhileTheServerWorks(t *testing.T) {
	all := build(t)
	for _, payouts := range all.Payouts {
		for i := range payouts { // what is claimed is not known at every moment
			payouts[i].Claimed = false
		}
	}
	all.Instance.Time = wire.At(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	for start := range len(all.Ledger) + 1 {
		for step := range 4 {
			g := &growing{all: all, shown: start, step: step}
			if _, err := verify.Run(t.Context(), g.client(t), verify.Config{}); err != nil {
				t.Fatalf("from transaction %d on, %d at a time: %v", start, step, err)
			}
		}
	}
}

// rehash returns the record hash of an answer as it now is.
func rehash(t *testing.T, r *records, q wire.Record, a wire.AnswerRecord) string {
	t.Helper()
	device, err := polls.ParseDeviceKey(a.Delegation.Device)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := hex.DecodeString(a.Signature)
	if err != nil {
		t.Fatal(err)
	}
	answer := polls.Answer{
		ID: polls.AnswerID(a.ID), Assignment: polls.AssignmentID(a.Assignment), Respondent: polls.RespondentID(a.Respondent), Device: device,
		Choice: *a.Choice, Nonce: a.Nonce, ClientMS: a.Time, Signature: [64]byte(signature), AcceptedAt: time.UnixMilli(a.At).UTC(),
	}
	hash := answer.RecordHash(r.Instance.Instance, q.Question.Hash)
	return hex.EncodeToString(hash[:])
}

// moves makes a transaction from one account to another one of an amount.
func moves(t *wire.Transaction, amount int64) {
	t.Entries[0].Amount, t.Entries[1].Amount = tasknet.Micro(-amount), tasknet.Micro(amount)
}

// holdAfter is the id of the second transaction that sets money aside.
func holdAfter(r *records) string {
	seen := false
	for _, t := range r.Ledger {
		if t.Kind == "hold" && seen {
			return t.ID
		}
		seen = seen || t.Kind == "hold"
	}
	return ""
}

// stake is a vault with a root that waits, as it was posted.
type stake struct {
	chain
	posted  rewards.Header
	blocked []rewards.Hash  // the evidence
	left    time.Duration   // of its hour
	before  []time.Duration // what was left at looks before
	room    time.Duration   // that the watcher has; zero for the default
	silent  bool            // the server never answers
	away    bool            // the node does not tell of claims
}

func (s *stake) Left(context.Context) (time.Duration, time.Duration, error) {
	if len(s.before) > 0 {
		left := s.before[0]
		s.before = s.before[1:]
		return left, time.Hour, nil
	}
	return s.left, time.Hour, nil
}

func (s *stake) Claimed(ctx context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	if s.away {
		return nil, errors.New("the node is away")
	}
	return s.chain.Claimed(ctx, addresses)
}

func (s *stake) Roots(ctx context.Context) (rewards.Roots, error) {
	r, err := s.chain.Roots(ctx)
	if s.posted.Epoch > 0 {
		r.NextEpoch, r.Next, r.Blocked = s.posted.Epoch, s.posted.Hash(), len(s.blocked) > 0
	}
	return r, err
}

func (s *stake) Posted(context.Context, int64, rewards.Hash) (rewards.Header, error) {
	return s.posted, nil
}

func (s *stake) BlockRoot(_ context.Context, h rewards.Header, evidence rewards.Hash) (rewards.Mined, error) {
	if h.Hash() != s.posted.Hash() {
		return rewards.Mined{}, errors.New("another root")
	}
	s.blocked = append(s.blocked, evidence)
	return rewards.Mined{Tx: rewards.Hash{7}}, nil
}

// TestWatcher: a root that is wrong twice is blocked, by evidence that was saved before; one that is right is not, nor one of
// which the records cannot be read.
func TestWatcher(t *testing.T) {
	ctx := t.Context()
	good := build(t)
	header := func(r *records) rewards.Header {
		h := r.Epochs[2].Header
		word := func(text string) rewards.Hash {
			raw, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			return rewards.Hash(raw)
		}
		number := func(text string) *big.Int {
			n, ok := new(big.Int).SetString(text, 10)
			if !ok {
				t.Fatal(text)
			}
			return n
		}
		return rewards.Header{
			Epoch: 3, Payouts: word(h.Payouts), Spending: word(h.Spending), Verdicts: word(h.Verdicts), Total: number(h.Total), Spent: number(h.Spent),
			Through: h.Through, LogRoot: word(h.LogRoot), LogSize: h.LogSize,
		}
	}
	unpublished := func(r *records, _ *stake) { r.Epochs[2].Header, r.Epochs[2].State = nil, "planned" }
	late := func(change func(r *records, s *stake)) func(r *records, s *stake) {
		return func(r *records, s *stake) {
			change(r, s)
			s.left = 15 * time.Minute
		}
	}
	for name, tt := range map[string]struct {
		change func(r *records, s *stake)
		want   []verify.Finding
		field  string
	}{
		"right":          {func(*records, *stake) {}, []verify.Finding{verify.Fits, verify.Fits}, ""},
		"none":           {func(_ *records, s *stake) { s.posted.Epoch = 0 }, []verify.Finding{verify.NoRoot}, ""},
		"blocked before": {func(_ *records, s *stake) { s.blocked = make([]rewards.Hash, 1) }, []verify.Finding{verify.BlockedAlready}, ""},
		"one unit too much": {func(_ *records, s *stake) {
			s.posted.Total = new(big.Int).Add(s.posted.Total, big.NewInt(1))
		}, []verify.Finding{verify.Doubted, verify.Blocked, verify.BlockedAlready}, "posted total"},
		"other payouts": {func(_ *records, s *stake) { s.posted.Payouts[0] ^= 1 }, []verify.Finding{verify.Doubted, verify.Blocked}, "posted payouts"},
		"a record that pays too much": {func(r *records, s *stake) {
			total := new(big.Int).Add(s.posted.Total, big.NewInt(1))
			s.posted.Total, r.Epochs[2].Header.Total = total, total.String()
		}, []verify.Finding{verify.Doubted, verify.Blocked}, "header total"},
		"an invented deposit": {func(_ *records, s *stake) { s.found = s.found[:1] }, []verify.Finding{verify.Doubted, verify.Blocked}, fmt.Sprintf("deposit 0x%x:1", rewards.Hash{0xd2})},
		"not published":       {unpublished, []verify.Finding{verify.Unread, verify.Unread}, ""},
		"front page":          {func(r *records, _ *stake) { r.Totals.Questions++ }, []verify.Finding{verify.Unread, verify.Unread}, "questions_closed"},
		"no server":           {func(r *records, _ *stake) { r.Instance.Instance = "" }, []verify.Finding{verify.Unread, verify.Unread}, "instance"},
		"right and late":      {late(func(*records, *stake) {}), []verify.Finding{verify.Fits}, ""},
		"withheld":            {late(unpublished), []verify.Finding{verify.Doubted, verify.Blocked}, "header"},
		"withheld in part":    {late(func(r *records, _ *stake) { r.Totals.Questions++ }), []verify.Finding{verify.Doubted, verify.Blocked}, "header"},
		"a server that is silent": {func(_ *records, s *stake) {
			s.before, s.left, s.room, s.silent = []time.Duration{6 * time.Millisecond}, time.Millisecond, 4*time.Millisecond, true
		}, []verify.Finding{verify.Unread, verify.Doubted, verify.Blocked}, "header"},
		"no time to read it": {func(_ *records, s *stake) { s.left, s.silent = time.Millisecond, true }, []verify.Finding{verify.Unread, verify.Unread}, ""},
	} {
		r := good.copied(t)
		root, err := hex.DecodeString(r.Epochs[1].Header.Hash)
		if err != nil {
			t.Fatal(err)
		}
		s := &stake{chain: chain{info: rewards.ChainInfo{ID: 31415, Decimals: 18}, epoch: 2, header: rewards.Hash(root), claimed: make(map[rewards.Address]*big.Int), found: deposits()}, posted: header(r), left: time.Hour}
		for _, p := range r.Payouts["2"] {
			w, err := polls.ParseWallet(p.Address)
			if err != nil {
				t.Fatal(err)
			}
			s.claimed[rewards.Address(w)] = s.info.Base(p.Cumulative)
		}
		tt.change(r, s)
		files := make(map[string][]byte)
		w := verify.NewWatcher(s, verify.WatcherConfig{Room: s.room, Keep: func(name string, evidence []byte) error {
			if len(s.blocked) > 0 {
				t.Errorf("%s: blocked before the evidence was saved", name)
			}
			files[name] = evidence
			return nil
		}})
		before := len(s.blocked)
		for i, want := range tt.want {
			look, err := w.Look(ctx, s.opens(t, r))
			if err != nil || look.Finding != want {
				t.Fatalf("%s: look %d: %+v, %v; want %s", name, i, look, err, want)
			}
			if look.Wrong != nil && look.Wrong.Field != tt.field || look.Wrong == nil && (want == verify.Doubted || want == verify.Blocked) {
				t.Errorf("%s: wrong is %v, want %q", name, look.Wrong, tt.field)
			}
			if look.Late != (name == "no time to read it") {
				t.Errorf("%s: late is %t", name, look.Late)
			}
			if want == verify.Blocked && (len(s.blocked) != 1 || s.blocked[0] != rewards.Hash(sha256.Sum256(files[look.File])) || !strings.Contains(string(files[look.File]), tt.field)) {
				t.Errorf("%s: blocked %x by %q", name, s.blocked, files)
			}
		}
		if !slices.Contains(tt.want, verify.Blocked) && len(s.blocked) != before {
			t.Errorf("%s: it was blocked", name)
		}
	}
}

// opens returns how the records are opened: never, when the server is silent.
func (s *stake) opens(t *testing.T, r *records) verify.Open {
	return func(ctx context.Context) (verify.Source, func() error, error) {
		if s.silent {
			<-ctx.Done()
			return nil, nil, ctx.Err()
		}
		return r.client(t), func() error { return nil }, nil
	}
}

// TestWatcherInForce: a root in force that is not what the records give is told of, with evidence, also by a watcher that saw
// nothing of it while it waited; and it does not make the next one wrong.
func TestWatcherInForce(t *testing.T) {
	good := build(t)
	third, err := hex.DecodeString(good.Epochs[2].Header.Hash)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(good.Epochs[1].Header.Hash)
	if err != nil {
		t.Fatal(err)
	}
	second := rewards.Hash(raw)
	for name, tt := range map[string]struct {
		change func(r *records, s *stake)
		want   []verify.Finding
		field  string
	}{
		"right":     {func(*records, *stake) {}, []verify.Finding{verify.Fits, verify.Fits}, ""},
		"none":      {func(_ *records, s *stake) { s.epoch = 0 }, []verify.Finding{verify.NoRoot}, ""},
		"made up":   {func(_ *records, s *stake) { s.header[0] ^= 1 }, []verify.Finding{verify.Doubted, verify.WrongInForce, verify.WrongInForce}, "header of epoch 3"},
		"withheld":  {func(r *records, _ *stake) { r.Epochs[2].Header, r.Epochs[2].State = nil, "planned" }, []verify.Finding{verify.Doubted, verify.WrongInForce}, "header of epoch 3"},
		"no server": {func(r *records, _ *stake) { r.Instance.Instance = "" }, []verify.Finding{verify.Unread, verify.Unread}, "instance"},
		"a wrong record that comes after it": {func(r *records, s *stake) {
			s.epoch, s.header = 2, second
			r.Epochs[2].Cumulative = r.Epochs[2].Cumulative.Add(tasknet.Micro(1))
		}, []verify.Finding{verify.Fits}, ""},
		"one that waits": {func(_ *records, s *stake) { s.posted = rewards.Header{Epoch: 4} }, []verify.Finding{verify.Fits}, ""},
	} {
		r := good.copied(t)
		s := &stake{chain: chain{info: rewards.ChainInfo{ID: 31415, Decimals: 18}, epoch: 3, header: rewards.Hash(third), claimed: make(map[rewards.Address]*big.Int), found: deposits()}}
		for _, p := range r.Payouts["2"] {
			w, err := polls.ParseWallet(p.Address)
			if err != nil {
				t.Fatal(err)
			}
			s.claimed[rewards.Address(w)] = s.info.Base(p.Cumulative)
		}
		tt.change(r, s)
		files := make(map[string][]byte)
		w := verify.NewWatcher(s, verify.WatcherConfig{Keep: func(name string, evidence []byte) error {
			files[name] = evidence
			return nil
		}})
		for i, want := range tt.want {
			look, err := w.InForce(t.Context(), s.opens(t, r))
			if err != nil || look.Finding != want || !look.InForce {
				t.Fatalf("%s: look %d: %+v, %v; want %s", name, i, look, err, want)
			}
			if look.Wrong != nil && look.Wrong.Field != tt.field || look.Wrong == nil && tt.field != "" {
				t.Errorf("%s: wrong is %v, want %q", name, look.Wrong, tt.field)
			}
			if want == verify.WrongInForce && !strings.Contains(string(files[look.File]), tt.field) {
				t.Errorf("%s: evidence %q", name, files)
			}
		}
	}
	s := &stake{chain: chain{info: rewards.ChainInfo{ID: 31415, Decimals: 18}, epoch: 3, header: rewards.Hash(third), found: deposits()}, away: true}
	w := verify.NewWatcher(s, verify.WatcherConfig{})
	for range 2 {
		if look, err := w.InForce(t.Context(), s.opens(t, good)); err == nil {
			t.Errorf("with a node that is away: %+v", look)
		}
	}
}
