package api

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// A page of records ends before it is too large, whatever people answer, and the next one goes on where it ends.
func TestRecordsOfLargeAnswers(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 200, 160))))
	img := w.upload(picture.Bytes())
	noise := polls.Value(`[{"class":0,"counts":[1` + strings.Repeat(",1", 200*160-1) + `]}]`) // 64,025 bytes
	p := w.person()
	var asked []string
	for range 20 {
		q := w.ask(`{"type":"mask","text":"Paint","choices":["water"],"image":"` + img + `","quorum":{"policy":"fixed:1"}}`)
		if _, err := p.AnswerValue(t.Context(), w.take(p, q.ID), noise); err != nil {
			t.Fatal(err)
		}
		w.closed(q.ID)
		asked = append(asked, q.ID)
	}
	var found []string
	var pages []int
	for cursor := ""; len(pages) == 0 || cursor != ""; {
		reply := w.as("", "GET", "/v1/records/questions?cursor="+cursor, "")
		page := read[wire.Records](w, reply, 200)
		if len(reply.body) > recordsBytes {
			t.Errorf("a page of %d records has %d bytes", len(page.Records), len(reply.body))
		}
		for _, r := range page.Records {
			found = append(found, r.Question.ID)
		}
		pages, cursor = append(pages, len(page.Records)), page.Next
	}
	if diff := cmp.Diff(asked, found); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{16, 4}, pages); diff != "" {
		t.Errorf("records on each page (-want +got):\n%s", diff)
	}
}

// TestEpochTree: what people and requesters need to take their own without the server is one public document.
func TestEpochTree(t *testing.T) {
	w := newWorld(t)
	owner, ref, amount := rewards.Address{0x0e}, rewards.Reference(string(w.org.ID)), tasknet.Micro(1_000_000)
	book := func(kind rewards.EventKind, block int64, amount tasknet.Amount) {
		t.Helper()
		e := rewards.Event{Kind: kind, Tx: rewards.Hash{byte(block)}, Block: block, Owner: owner, Reference: ref, Base: testChain.Base(amount)}
		w.must(w.stores.Rewards().BookEvents(t.Context(), []rewards.Booking{{Event: e, Org: string(w.org.ID), Amount: amount}}, rewards.Look{Block: block}, time.Now()))
		_, err := w.stores.Rewards().FreezeNoticed(t.Context(), time.Now())
		w.must(err)
	}
	book(rewards.Deposited, 7, amount)
	q := w.ask(fixed(1))
	w.answer(w.person(), q.ID, 0)
	closed := w.closed(q.ID)
	spent := closed.Verdict.Paid.Add(closed.Verdict.Fee)
	w.epoch(true)

	tree := read[wire.EpochTree](w, w.as("", "GET", "/v1/records/epochs/1/tree", ""), 200)
	key := rewards.AccountOf(owner, ref)
	want := []wire.VaultAccount{{Account: hex.EncodeToString(key[:]), Owner: polls.Wallet(owner).String(), Reference: hex.EncodeToString(ref[:]), Org: string(w.org.ID), Deposited: amount, Spent: spent}}
	if diff := cmp.Diff(want, tree.Accounts, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	if len(tree.Payouts) != 1 || tree.Payouts[0].Cumulative != closed.Verdict.Paid || tree.Vault != addressOf(testChain.Vault) || tree.Token.Decimals != testChain.Decimals {
		t.Errorf("tree %+v", tree)
	}
	h := tree.Epoch.Header
	if h == nil || h.Through != 7 || h.Payouts != tree.Epoch.Root || h.Spent != testChain.Base(spent).String() || h.Total != testChain.Base(closed.Verdict.Paid).String() || len(h.Hash) != 64 {
		t.Errorf("header %+v", h)
	}
	page := read[wire.EpochSpending](w, w.as("", "GET", "/v1/records/epochs/1/spending", ""), 200)
	if diff := cmp.Diff(want, page.Accounts, cmp.AllowUnexported(tasknet.Amount{})); diff != "" || page.Next != "" {
		t.Errorf("spending, %q (-want +got):\n%s", page.Next, diff)
	}
	for _, path := range []string{"/v1/records/epochs/2/tree", "/v1/records/epochs/2/spending", "/v1/records/epochs/0/tree"} {
		if code := w.as("", "GET", path, "").status; code != 404 && code != 400 {
			t.Errorf("%s: %d", path, code)
		}
	}

	book(rewards.NoticeGiven, 8, tasknet.Amount{})
	left := amount.Sub(spent)
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); b.Frozen != left || !b.Available.IsZero() || b.Spent != spent {
		t.Errorf("under notice: %+v", b)
	}
	book(rewards.Withdrawn, 9, left)
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); !b.Frozen.IsZero() || b.Withdrawn != left || b.Spent != spent || b.Deposited != amount || !b.Debt.IsZero() {
		t.Errorf("withdrawn: %+v", b)
	}
	if d := read[wire.Deposits](w, w.as(w.key, "GET", "/v1/deposits", ""), 200); len(d.Deposits) != 1 || d.Deposits[0].Owner != polls.Wallet(owner).String() {
		t.Errorf("deposits: %+v", d)
	}
}
