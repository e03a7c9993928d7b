package api

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// A question from the call that asks it to the payout and its proof, over HTTP.
func TestPath(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(`{"text":"Which?","choices":["a","b","c"],"price":"0.02"}`)
	if q.Hold.String() != "0.069" || q.Fee.String() != "0.003" || q.Quorum != (wire.Quorum{Policy: "fixed:3", Min: 3, Max: 3}) || q.Status != "open" {
		t.Errorf("asked: %+v", q)
	}
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); b.Available.String() != "0.931" || b.Held.String() != "0.069" || !b.Spent.IsZero() || b.Deposited.String() != "1" {
		t.Errorf("balance while open: %+v", b)
	}
	people := w.people(3)
	before := read[wire.Me](w, w.as(w.token(people[0]), "GET", "/v1/me", ""), 200)
	if before.Available != 1 || before.Answered != 0 || len(before.Devices) != 1 || before.Symbol != "tUSD" {
		t.Errorf("me before: %+v", before)
	}
	for i, p := range people {
		got := w.answer(p, q.ID, []int{1, 2, 1}[i])
		if got.Pays.String() != "0.02" {
			t.Errorf("answer %d pays %s", i, got.Pays)
		}
	}
	closed := w.closed(q.ID)
	v := closed.Verdict
	if v == nil || v.Choice == nil || *v.Choice != 1 || v.Label != "b" || v.Outcome != "decided" || v.Reason != "quorum" || v.Method != "majority/1" || v.Answers != 3 ||
		v.Paid.String() != "0.06" || v.Fee.String() != "0.009" || !v.Released.IsZero() || len(v.Confidence) != len("0.123456") {
		t.Errorf("verdict: %+v", v)
	}
	if diff := cmp.Diff([]int{0, 2, 1}, closed.Counts); diff != "" {
		t.Errorf("counts: %s", diff)
	}
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); b.Available.String() != "0.931" || !b.Held.IsZero() || b.Spent.String() != "0.069" {
		t.Errorf("balance when closed: %+v", b)
	}

	record := read[wire.Record](w, w.as("", "GET", "/v1/records/questions/"+q.ID, ""), 200)
	if len(record.Answers) != 3 || record.Org != string(w.org.ID) || record.Question.AskedBy != "Roofs Ltd" || record.Question.Answers != 3 || !strings.HasPrefix(record.Settlement, "tx_") || record.Verdict.ID != v.ID {
		t.Errorf("record: %+v", record)
	}
	checkRecord(t, record)
	if s := read[wire.Snapshot](w, w.as("", "GET", "/v1/records/snapshots/"+v.Snapshot, ""), 200); s.Hash != v.Snapshot || s.Choices != 3 || s.People == nil || s.Steps == nil {
		t.Errorf("snapshot: %+v", s)
	}
	totals := read[wire.Totals](w, w.as("", "GET", "/v1/records/totals", ""), 200)
	if totals.Deposited.String() != "1" || totals.Respondents.String() != "0.06" || totals.Operator.String() != "0.009" || totals.Questions != 1 || totals.Answers != 3 {
		t.Errorf("totals: %+v", totals)
	}

	token := w.token(people[0])
	if e := read[wire.Earnings](w, w.as(token, "GET", "/v1/me/earnings", ""), 200); e.Yours.String() != "0.02" || !e.Held.IsZero() || len(e.Days) != 14 || e.Days[13].Amount.String() != "0.02" || e.Days[13].Answers != 1 {
		t.Errorf("earnings: %+v", e)
	}
	w.epoch(false)
	if e := read[wire.Earnings](w, w.as(token, "GET", "/v1/me/earnings", ""), 200); !e.Yours.IsZero() || e.InEpoch.String() != "0.02" || !e.OnChain.IsZero() {
		t.Errorf("earnings in an epoch: %+v", e)
	}
	// A second epoch, which pays somebody else only: the first person's pay is claimed under its root.
	w.deposit(w.org, tasknet.Micro(1_000_000))
	second := w.ask(fixed(1))
	w.answer(w.person(), second.ID, 0)
	w.closed(second.ID)
	last := w.epoch(false)
	payouts := read[wire.Payouts](w, w.as(token, "GET", "/v1/me/payouts", ""), 200)
	if len(payouts.Payouts) != 1 {
		t.Fatalf("payouts: %+v", payouts)
	}
	p := payouts.Payouts[0]
	if p.Epoch != 1 || p.Amount.String() != "0.02" || p.Claimed || p.Root != hex.EncodeToString(last.Root[:]) || p.State != "active" || p.Address != before.Wallet {
		t.Errorf("payout: %+v", p)
	}
	checkProof(t, p)
	leaves := read[wire.EpochPayouts](w, w.as("", "GET", "/v1/records/epochs/2/payouts?limit=3", ""), 200)
	if len(leaves.Payouts) != 3 || leaves.Next == "" || leaves.Epoch.Number != 2 || leaves.Epoch.Root != p.Root {
		t.Fatalf("leaves: %+v", leaves)
	}
	rest := read[wire.EpochPayouts](w, w.as("", "GET", "/v1/records/epochs/2/payouts?limit=3&cursor="+leaves.Next, ""), 200)
	if len(rest.Payouts) != 1 || rest.Next != "" {
		t.Fatalf("the rest of the leaves: %+v", rest)
	}
	for _, leaf := range append(leaves.Payouts, rest.Payouts...) {
		checkProof(t, leaf)
	}
	if leaves.Payouts[0].Epoch != 2 {
		t.Errorf("the newest epoch's leaf is not the first: %+v", leaves.Payouts)
	}
	epochs := read[wire.Epochs](w, w.as("", "GET", "/v1/records/epochs", ""), 200)
	if len(epochs.Epochs) != 2 || epochs.Epochs[0].Number != 1 || epochs.Epochs[0].Gas != 50_000 || epochs.Epochs[0].Tx != "0x01"+strings.Repeat("00", 31) {
		t.Errorf("epochs: %+v", epochs)
	}
	history := read[wire.MyAnswers](w, w.as(token, "GET", "/v1/me/answers", ""), 200)
	if len(history.Answers) != 1 || history.Answers[0].State != "final" || history.Answers[0].Verdict != "b" || history.Answers[0].Label != "b" {
		t.Errorf("history: %+v", history)
	}
}

// checkRecord recomputes what a record's hashes and signatures stand on.
func checkRecord(t *testing.T, r wire.Record) {
	t.Helper()
	q, err := client.Question(r.Question)
	if err != nil {
		t.Fatal(err)
	}
	if hash, err := polls.HashOf(q, testInstance); err != nil || hash != r.Question.Hash {
		t.Errorf("the question's hash is %s, recomputed %s, %v", r.Question.Hash, hash, err)
	}
	for _, a := range r.Answers {
		choice, value, err := a.Read()
		if err != nil {
			t.Fatal(err)
		}
		device, err := polls.ParseDeviceKey(a.Delegation.Device)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := parseSignature(a.Signature)
		if err != nil {
			t.Fatal(err)
		}
		answer := polls.Answer{
			ID: polls.AnswerID(a.ID), Assignment: polls.AssignmentID(a.Assignment), Respondent: polls.RespondentID(a.Respondent), Device: device,
			Choice: choice, Value: polls.Value(value), Nonce: a.Nonce, ClientMS: a.Time, Signature: signature, AcceptedAt: time.UnixMilli(a.At),
		}
		if !polls.CheckSignature(device, answer.Digest(testInstance, r.Question.Hash), signature) {
			t.Errorf("answer %s: the signature does not fit", a.ID)
		}
		if hash := answer.RecordHash(testInstance, r.Question.Hash); hex.EncodeToString(hash[:]) != a.Hash {
			t.Errorf("answer %s: the record hash does not fit", a.ID)
		}
		wallet, err := polls.ParseWallet(a.Delegation.Wallet)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := hex.DecodeString(a.Delegation.Signature)
		if err != nil {
			t.Fatal(err)
		}
		d := polls.Delegation{Wallet: wallet, Device: device, Issued: time.Unix(a.Delegation.Issued, 0), Expires: time.Unix(a.Delegation.Expires, 0), Signature: [65]byte(raw)}
		id, _ := hex.DecodeString(testInstance)
		if err := d.Check(polls.Domain{Instance: [32]byte(id), ChainID: testChain.ID}); err != nil {
			t.Errorf("answer %s: %v", a.ID, err)
		}
	}
}

func checkProof(t *testing.T, p wire.Payout) {
	t.Helper()
	root, err := hex.DecodeString(p.Root)
	if err != nil {
		t.Fatal(err)
	}
	wallet, err := polls.ParseWallet(p.Address)
	if err != nil {
		t.Fatal(err)
	}
	proof := make([][32]byte, len(p.Proof))
	for i, h := range p.Proof {
		raw, err := hex.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		proof[i] = [32]byte(raw)
	}
	if !merkle.Verify([32]byte(root), merkle.Leaf{Address: wallet, Cumulative: testChain.Base(p.Cumulative)}, proof) {
		t.Errorf("the proof of %+v does not lead to its root", p)
	}
}

// Everything that a stranger, a broken client or a cheat may send gets its own error and changes nothing.
func TestRefusalsChangeNothing(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(2))
	a, b, c, stranger := w.person(), w.person(), w.person(), w.person()
	mine, theirs := w.take(a, q.ID), w.take(b, q.ID)
	third := w.take(c, q.ID) // the margin allows one lease more than answers are wanted
	answered := w.sign(a, mine, 0)
	if got := w.post(answered); got.status != 201 {
		t.Fatalf("the first answer: %d %s", got.status, got.body)
	}
	unknown, err := client.NewKeys()
	w.must(err)
	nobody, err := w.client.Respondent(t.Context(), unknown)
	w.must(err)

	changed := func(in wire.Answer, f func(*wire.Answer)) wire.Answer { f(&in); return in }
	others := w.sign(b, theirs, 1)
	rich := `"choices":["yes","no"],"quorum":{"policy":"fixed:1000"},"price":"5"`
	type row struct {
		name   string
		do     func() reply
		status int
		code   string
	}
	refusedAnswers := []row{
		{"a key that nobody registered", func() reply { return w.post(w.sign(nobody, theirs, 1)) }, 403, "unknown_device"},
		{"a stranger's key under my assignment", func() reply { return w.post(w.sign(stranger, theirs, 1)) }, 403, "assignment_not_yours"},
		{"a stranger's key with my signature", func() reply {
			return w.post(changed(others, func(x *wire.Answer) { x.Device = answered.Device }))
		}, 403, "bad_signature"},
		{"an answer replayed under another assignment", func() reply {
			return w.post(changed(answered, func(x *wire.Answer) { x.Assignment = theirs.ID }))
		}, 403, "bad_signature"},
		{"a changed choice with the old signature", func() reply {
			return w.post(changed(answered, func(x *wire.Answer) { x.Given = wire.Give(1, "") }))
		}, 403, "bad_signature"},
		{"a changed nonce", func() reply {
			return w.post(changed(others, func(x *wire.Answer) { x.Nonce = strings.Repeat("0", 32) }))
		}, 403, "bad_signature"},
		{"a changed time", func() reply { return w.post(changed(others, func(x *wire.Answer) { x.Time++ })) }, 403, "bad_signature"},
		{"another answer, signed anew", func() reply { return w.post(w.sign(a, mine, 1)) }, 409, "already_answered"},
		{"a choice that does not exist", func() reply { return w.post(changed(others, func(x *wire.Answer) { x.Given = wire.Give(2, "") })) }, 400, "no_such_choice"},
		{"a choice below all", func() reply { return w.post(changed(others, func(x *wire.Answer) { x.Given = wire.Give(-2, "") })) }, 400, "no_such_choice"},
		{"a nonce of no form", func() reply { return w.post(changed(others, func(x *wire.Answer) { x.Nonce = "abc" })) }, 400, "bad_answer"},
		{"a time of another age", func() reply { return w.post(changed(others, func(x *wire.Answer) { x.Time = 0 })) }, 400, "bad_answer"},
		{"an assignment that nobody has", func() reply {
			return w.post(w.sign(b, wire.Assignment{ID: tasknet.NewID("asg", time.Now()), Question: theirs.Question}, 0))
		}, 404, "no_such_assignment"},
		{"a question that nobody asked", func() reply {
			return w.post(changed(others, func(x *wire.Answer) { x.Question = tasknet.NewID("q", time.Now()) }))
		}, 404, "no_such_question"},
		{"a huge answer", func() reply {
			return send(t, w.address, request{method: "POST", path: "/v1/answers", body: string(marshal(t, others)) + strings.Repeat(" ", answerBytesMax)})
		}, 413, "body_too_large"},
		{"an answer with a field more", func() reply {
			return send(t, w.address, request{method: "POST", path: "/v1/answers", body: strings.Replace(string(marshal(t, others)), "{", `{"gold":true,`, 1)})
		}, 400, "bad_json"},
	}
	asking := func(body string, headers ...string) func() reply {
		return func() reply { return w.as(w.key, "POST", "/v1/questions", body, headers...) }
	}
	refusedQuestions := []row{
		{"a question without money", asking(`{"text":"Rich?",` + rich + `}`), 402, "insufficient_funds"},
		{"no idempotency key", func() reply {
			return send(t, w.address, request{method: "POST", path: "/v1/questions", header: header("Authorization", "Bearer "+w.key), body: fixed(1)})
		}, 400, "idempotency_key_required"},
		{"an idempotency key that cannot be one", asking(fixed(1), idempotencyHeader, "a b"), 400, "idempotency_key_required"},
		{"no content", asking(`{"choices":["a","b"]}`), 400, "no_content"},
		{"one choice", asking(`{"text":"?","choices":["a"]}`), 400, "bad_choices"},
		{"no choices", asking(`{"text":"?","choices":null}`), 400, "bad_choices"},
		{"the same choice twice", asking(`{"text":"?","choices":["a","a"]}`), 400, "choice_twice"},
		{"a choice without words", asking(`{"text":"?","choices":["a"," "]}`), 400, "bad_choices"},
		{"hidden characters", asking(`{"text":"a\u202eb","choices":["a","b"]}`), 400, "bad_text"},
		{"a policy of no kind", asking(`{"text":"?","choices":["a","b"],"quorum":{"policy":"most"}}`), 400, "bad_policy"},
		{"a policy that cannot stop", asking(`{"text":"?","choices":["a","b"],"quorum":{"policy":"confidence:0.9","min":5,"max":3}}`), 400, "bad_policy_range"},
		{"a price as a number", asking(`{"text":"?","choices":["a","b"],"price":0.018}`), 400, "invalid_request"},
		{"a price of seven decimals", asking(`{"text":"?","choices":["a","b"],"price":"0.0000001"}`), 400, "invalid_request"},
		{"a price of nothing", asking(`{"text":"?","choices":["a","b"],"price":"0"}`), 400, "bad_price"},
		{"a price of 2^62 micro-units", asking(`{"text":"?","choices":["a","b"],"price":"4611686018427.387904"}`), 400, "bad_price"},
		{"a price of 2^62 tokens", asking(`{"text":"?","choices":["a","b"],"price":"4611686018427387904"}`), 400, "invalid_request"},
		{"a price of a micro-unit above the most", asking(`{"text":"?","choices":["a","b"],"price":"1000.000001"}`), 400, "bad_price"},
		{"a price that with its answers is more than there is", asking(`{"text":"?","choices":["a","b"],"price":"1000","quorum":{"policy":"fixed:1000"}}`), 402, "insufficient_funds"},
		{"a price below nothing", asking(`{"text":"?","choices":["a","b"],"price":"-1"}`), 400, "bad_price"},
		{"a type of another day", asking(`{"type":"box","text":"?","choices":["a","b"]}`), 400, "invalid_request"},
		{"a deadline at once", asking(`{"text":"?","choices":["a","b"],"deadline_seconds":1}`), 400, "invalid_request"},
		{"an image that was not uploaded", asking(`{"choices":["a","b"],"image":"` + strings.Repeat("ab", 32) + `"}`), 400, "image_unknown"},
		{"an image that is a path", asking(`{"choices":["a","b"],"image":"../../etc/passwd"}`), 400, "image_unknown"},
		{"a sample of one's own", asking(`{"text":"?","choices":["a","b"],"sample":true}`), 400, "invalid_request"},
		{"a key of nobody", func() reply { return w.as("tn_"+strings.Repeat("a", 52), "POST", "/v1/questions", fixed(1)) }, 401, "bad_api_key"},
		{"a bad image", func() reply { return w.as(w.key, "POST", "/v1/media", "not an image", "Content-Type", "image/png") }, 400, "bad_image_type"},
		{"a broken image", func() reply {
			return w.as(w.key, "POST", "/v1/media", "\x89PNG\r\n\x1a\nxyz", "Content-Type", "image/png")
		}, 400, "bad_image"},
		{"an image from inside", func() reply { return w.as(w.key, "POST", "/v1/media/fetch", `{"url":"http://169.254.169.254/latest"}`) }, 403, "url_not_public"},
		{"an image from another port", func() reply { return w.as(w.key, "POST", "/v1/media/fetch", `{"url":"http://example.com:6379/"}`) }, 400, "bad_url"},
		{"a form without a file", func() reply {
			return w.as(w.key, "POST", "/v1/media", "--x--\r\n", "Content-Type", "multipart/form-data; boundary=x")
		}, 400, "bad_form"},
		{"an image of nobody's", func() reply { return w.as("", "POST", "/v1/media", "x") }, 401, "api_key_required"},
		{"test money without end", func() reply { return w.as(w.key, "POST", "/v1/deposits/faucet", `{"amount":"1000.000001"}`) }, 400, "bad_faucet_amount"},
		{"test money below nothing", func() reply { return w.as(w.key, "POST", "/v1/deposits/faucet", `{"amount":"-1"}`) }, 400, "bad_faucet_amount"},
		{"a wait without end", func() reply { return w.as(w.key, "GET", "/v1/questions/"+q.ID+"?wait=61s", "") }, 400, "bad_wait"},
		{"a wait of no form", func() reply { return w.as(w.key, "GET", "/v1/questions/"+q.ID+"?wait=long", "") }, 400, "bad_wait"},
		{"a status of no kind", func() reply { return w.as(w.key, "GET", "/v1/questions?status=maybe", "") }, 400, "invalid_request"},
		{"an event of the future", func() reply { return w.as(w.key, "GET", "/v1/events", "", "Last-Event-ID", "999999999") }, 400, "bad_last_event_id"},
		{"an event of no form", func() reply { return w.as(w.key, "GET", "/v1/events", "", "Last-Event-ID", "x") }, 400, "bad_last_event_id"},
		{"a record of an open question", func() reply { return w.as("", "GET", "/v1/records/questions/"+q.ID, "") }, 404, "no_verdict"},
		{"a snapshot of nothing", func() reply { return w.as("", "GET", "/v1/records/snapshots/abc", "") }, 404, "no_such_snapshot"},
		{"an epoch that is not", func() reply { return w.as("", "GET", "/v1/records/epochs/9/payouts", "") }, 404, "no_such_epoch"},
		{"an image that is not", func() reply { return w.as("", "GET", "/media/"+strings.Repeat("ab", 32), "") }, 404, "no_such_image"},
		{"a key that is not", func() reply { return w.as(w.key, "DELETE", "/v1/keys/"+tasknet.NewID("key", time.Now()), "") }, 404, "no_such_key"},
		{"a question to take that is not", func() reply {
			return w.as(w.token(stranger), "POST", "/v1/assignments", `{"question":"`+tasknet.NewID("q", time.Now())+`"}`)
		}, 404, "no_such_question"},
		{"a question that enough people answer", func() reply { return w.as(w.token(stranger), "POST", "/v1/assignments", `{"question":"`+q.ID+`"}`) }, 409, "question_not_available"},
		{"somebody else's assignment skipped", func() reply { return w.as(w.token(stranger), "POST", "/v1/assignments/"+theirs.ID+"/skip", "") }, 404, "no_such_assignment"},
		{"an answered assignment skipped", func() reply {
			return w.as(w.token(a), "POST", "/v1/assignments/"+mine.ID+"/skip", `{"reason":"wrong_choices"}`)
		}, 409, "already_answered"},
		{"a reason of no kind", func() reply {
			return w.as(w.token(b), "POST", "/v1/assignments/"+theirs.ID+"/skip", `{"reason":"boring"}`)
		}, 400, "invalid_request"},
	}
	run := func(rows []row) {
		for _, test := range rows {
			t.Run(test.name, func(t *testing.T) {
				before := w.state()
				got := test.do()
				if p := got.problem(t); got.status != test.status || p.Code != test.code {
					t.Errorf("got %d %s (%s), want %d %s", got.status, p.Code, p.Detail, test.status, test.code)
				}
				if diff := cmp.Diff(before, w.state()); diff != "" {
					t.Errorf("it changed something:\n%s", diff)
				}
			})
		}
	}
	run(refusedAnswers)
	run(refusedQuestions)

	// The same answer again is no error: it gets the same reply.
	first, again := w.post(others), w.post(others)
	if first.status != 201 || again.status != 200 || first.body != again.body {
		t.Errorf("the same answer twice: %d %s, then %d %s", first.status, first.body, again.status, again.body)
	}
	w.closed(q.ID)
	run([]row{
		{"one answer too many", func() reply { return w.post(w.sign(c, third, 0)) }, 409, "question_closed"},
		{"a closed question to take", func() reply { return w.as(w.token(stranger), "POST", "/v1/assignments", `{"question":"`+q.ID+`"}`) }, 409, "question_not_available"},
		{"the same answer after the close", func() reply {
			got := w.post(others)
			if got.status != 200 || got.body != first.body {
				t.Errorf("the same answer after the close: %d %s", got.status, got.body)
			}
			return w.post(changed(others, func(x *wire.Answer) { x.Given = wire.Give(0, "") }))
		}, 403, "bad_signature"},
	})
	late := w.sign(c, third, 0)
	p := w.post(late).problem(t)
	if p.Refusal == nil {
		t.Fatalf("a refusal without a statement: %+v", p)
	}
	r := polls.Refusal{Code: p.Code, At: time.UnixMilli(p.Refusal.At)}
	for text, to := range map[string][]byte{p.Refusal.Answer: r.Answer[:], p.Refusal.Device: r.Device[:], p.Refusal.Signature: r.Signature[:]} {
		if n, err := hex.Decode(to, []byte(text)); err != nil || n != len(to) {
			t.Errorf("%q in the statement: %v", text, err)
		}
	}
	if !r.Check(testInstance, receiptKey.Public().(ed25519.PublicKey)) || r.Device.String() != late.Device {
		t.Errorf("the statement does not hold: %+v", p.Refusal)
	}
	if p := w.post(changed(others, func(x *wire.Answer) { x.Given = wire.Give(0, "") })).problem(t); p.Refusal != nil {
		t.Errorf("the refusal of an answer that nobody signed is signed: %+v", p)
	}
}

func TestSomebodyElsesQuestions(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(1))
	rival, err := w.server.Pipeline.NewOrg(t.Context(), "Rival")
	w.must(err)
	key := w.newKey(rival)
	for method, path := range map[string]string{
		"GET": "/v1/questions/" + q.ID, "POST": "/v1/questions/" + q.ID + "/cancel", "GET ": "/v1/questions/" + q.ID + "/events", "GET  ": "/v1/questions/" + q.ID + "?wait=1s",
	} {
		if got := w.as(key, strings.TrimSpace(method), path, ""); got.status != 404 || got.problem(t).Code != "no_such_question" {
			t.Errorf("%s %s: %d %s", method, path, got.status, got.body)
		}
	}
	if list := read[wire.Questions](w, w.as(key, "GET", "/v1/questions", ""), 200); len(list.Questions) != 0 {
		t.Errorf("a rival lists %d questions", len(list.Questions))
	}
	mine := read[wire.Keys](w, w.as(w.key, "GET", "/v1/keys", ""), 200).Keys[0]
	if got := w.as(key, "DELETE", "/v1/keys/"+mine.ID, ""); got.status != 404 {
		t.Errorf("a rival revokes a key: %d", got.status)
	}
	if got := w.as(w.key, "GET", "/v1/questions/"+q.ID, ""); got.status != 200 {
		t.Errorf("the owner: %d", got.status)
	}
}

// While a question is open, nothing that a respondent or a stranger can read tells what others answered.
func TestOpenQuestionsTellNothing(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(`{"text":"Which?","choices":["alpha","beta"],"quorum":{"policy":"fixed:5"}}`)
	first, second := w.person(), w.person()
	w.answer(first, q.ID, 1)
	if a := w.take(second, q.ID); a.Question.Answers != 0 {
		t.Errorf("a respondent is told of %d answers", a.Question.Answers)
	}
	seen := w.as(w.token(second), "POST", "/v1/assignments", "").body
	for _, path := range []string{"/v1/me", "/v1/me/answers", "/v1/me/earnings", "/v1/me/payouts"} {
		seen += w.as(w.token(second), "GET", path, "").body
	}
	seen += w.as(w.token(first), "GET", "/v1/me/answers", "").body
	for _, path := range []string{"/v1/records/questions", "/v1/records/ledger", "/v1/records/totals"} {
		seen += w.as("", "GET", path, "").body
	}
	for _, telling := range []string{`"counts"`, `"verdict"`, `"outcome"`, `"confidence"`, `"posterior"`, `"wanted"`, `"answers":1`} {
		if strings.Contains(seen, telling) {
			t.Errorf("%s can be seen: %s", telling, seen)
		}
	}
	session, err := first.Session(t.Context(), "")
	w.must(err)
	if strings.Contains(strings.ReplaceAll(seen, w.as(w.token(first), "GET", "/v1/me/answers", "").body, ""), session.Respondent) {
		t.Error("who answered can be seen")
	}
}

func TestIdempotency(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	const key = "the-same-key"
	var bodies [8]reply
	var sending sync.WaitGroup
	for i := range bodies {
		sending.Go(func() { bodies[i] = w.as(w.key, "POST", "/v1/questions", fixed(2), idempotencyHeader, key) })
	}
	sending.Wait()
	replayed := 0
	for i, b := range bodies {
		if b.status != 201 || b.body != bodies[0].body {
			t.Errorf("reply %d: %d %s, want that of the first: %s", i, b.status, b.body, bodies[0].body)
		}
		if b.header.Get("Idempotency-Replayed") == "true" {
			replayed++
		}
	}
	if replayed != len(bodies)-1 {
		t.Errorf("%d of %d replies say that they are replayed", replayed, len(bodies))
	}
	if list := read[wire.Questions](w, w.as(w.key, "GET", "/v1/questions", ""), 200); len(list.Questions) != 1 {
		t.Errorf("%d questions were asked", len(list.Questions))
	}
	if got := w.as(w.key, "POST", "/v1/questions", fixed(3), idempotencyHeader, key); got.status != 409 || got.problem(t).Code != "idempotency_key_reused" {
		t.Errorf("another body: %d %s", got.status, got.body)
	}
	// A failure is not kept: the request may be sent again when there is money.
	rich := `{"text":"?","choices":["a","b"],"quorum":{"policy":"fixed:100"},"price":"1"}`
	if got := w.as(w.key, "POST", "/v1/questions", rich, idempotencyHeader, "later"); got.status != 402 {
		t.Errorf("without money: %d", got.status)
	}
	w.deposit(w.org, tasknet.Micro(200*tasknet.MicroPerToken))
	if got := w.as(w.key, "POST", "/v1/questions", rich, idempotencyHeader, "later"); got.status != 201 {
		t.Errorf("with money: %d %s", got.status, got.body)
	}
	// The faucet drips once for each key.
	for range 2 {
		if got := w.as(w.key, "POST", "/v1/deposits/faucet", `{"amount":"7"}`, idempotencyHeader, key); got.status != 202 {
			t.Errorf("faucet: %d %s", got.status, got.body)
		}
	}
	if got := w.as(w.key, "POST", "/v1/deposits/faucet", `{"amount":"8"}`, idempotencyHeader, key); got.status != 409 {
		t.Errorf("faucet with another body: %d", got.status)
	}
	if n := w.drips.Load(); n != 1 {
		t.Errorf("the faucet dripped %d times", n)
	}
}

func TestKeys(t *testing.T) {
	w := newWorld(t)
	made := w.as(w.key, "POST", "/v1/keys", `{"name":"second"}`, idempotencyHeader, "k1")
	again := w.as(w.key, "POST", "/v1/keys", `{"name":"second"}`, idempotencyHeader, "k1")
	key := read[wire.Key](w, made, 201)
	if got := w.as(w.key, "POST", "/v1/keys", `{"name":"a\u0000b"}`); got.status != 400 || got.problem(t).Code != "bad_json" {
		t.Errorf("a name with a zero byte: %d %s", got.status, got.body)
	}
	if again.body != made.body || len(key.Secret) != 55 || !strings.HasPrefix(key.Secret, "tn_") {
		t.Errorf("made %s, again %s", made.body, again.body)
	}
	kept, err := w.stores.Replies().Reply(t.Context(), string(w.org.ID)+" POST /v1/keys", "k1")
	w.must(err)
	if strings.Contains(string(kept.Body), key.Secret) || strings.Contains(string(kept.Body), key.Secret[3:20]) {
		t.Errorf("the secret is kept in the open: %s", kept.Body)
	}
	list := read[wire.Keys](w, w.as(key.Secret, "GET", "/v1/keys", ""), 200)
	if len(list.Keys) != 2 || list.Keys[0].ID != key.ID || list.Keys[0].Secret != "" || list.Keys[0].Name != "second" {
		t.Errorf("list: %+v", list)
	}
	if got := w.as(w.key, "DELETE", "/v1/keys/"+key.ID, ""); got.status != 204 || got.body != "" {
		t.Errorf("revoke: %d %s", got.status, got.body)
	}
	if got := w.as(key.Secret, "GET", "/v1/keys", ""); got.status != 401 || got.problem(t).Code != "bad_api_key" {
		t.Errorf("a revoked key: %d %s", got.status, got.body)
	}
	if list := read[wire.Keys](w, w.as(w.key, "GET", "/v1/keys", ""), 200); list.Keys[0].RevokedAt == nil {
		t.Errorf("list after: %+v", list)
	}
}

func TestListsArePaged(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	var asked []string
	for range 7 {
		asked = append(asked, w.ask(fixed(1)).ID)
	}
	slices.Sort(asked) // newest first; those of one millisecond by their id
	slices.Reverse(asked)
	p := w.person()
	for _, id := range asked[:5] {
		w.answer(p, id, 0)
		w.closed(id)
	}
	walk := func(secret, path string, ids func([]byte) ([]string, string)) (all []string) {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		for cursor, pages := "", 0; ; pages++ {
			got := w.as(secret, "GET", path+join+"limit=3&cursor="+cursor, "")
			if got.status != 200 || pages > 10 {
				t.Fatalf("%s: %d %s", path, got.status, got.body)
			}
			page, next := ids([]byte(got.body))
			if len(page) > 3 || (next != "" && len(page) == 0) {
				t.Fatalf("%s: a page of %d", path, len(page))
			}
			all = append(all, page...)
			if next == "" {
				return all
			}
			cursor = next
		}
	}
	questions := func(body []byte) (ids []string, next string) {
		var page wire.Questions
		w.must(json.Unmarshal(body, &page))
		for _, q := range page.Questions {
			ids = append(ids, q.ID)
		}
		return ids, page.Next
	}
	if diff := cmp.Diff(asked, walk(w.key, "/v1/questions", questions)); diff != "" {
		t.Errorf("questions: %s", diff)
	}
	if diff := cmp.Diff(asked[5:], walk(w.key, "/v1/questions?status=open", questions)); diff != "" {
		t.Errorf("open questions: %s", diff)
	}
	given := walk(w.token(p), "/v1/me/answers", func(body []byte) (ids []string, next string) {
		var page wire.MyAnswers
		w.must(json.Unmarshal(body, &page))
		for _, a := range page.Answers {
			ids = append(ids, a.Question)
		}
		return ids, page.Next
	})
	slices.Reverse(given)
	if diff := cmp.Diff(asked[:5], given); diff != "" {
		t.Errorf("answers, newest first: %s", diff)
	}
	if diff := cmp.Diff(asked[:5], walk("", "/v1/records/questions", func(body []byte) (ids []string, next string) {
		var page wire.Records
		w.must(json.Unmarshal(body, &page))
		for _, r := range page.Records {
			ids = append(ids, r.Question.ID)
		}
		return ids, page.Next
	})); diff != "" {
		t.Errorf("records, in the order in which they closed: %s", diff)
	}
	transactions := walk("", "/v1/records/ledger", func(body []byte) (ids []string, next string) {
		var page wire.Ledger
		w.must(json.Unmarshal(body, &page))
		for _, tx := range page.Transactions {
			ids = append(ids, tx.Kind)
		}
		return ids, page.Next
	})
	if len(transactions) != 1+7+5 || transactions[0] != "deposit" || transactions[12] != "settlement" {
		t.Errorf("ledger: %v", transactions)
	}
	next := read[wire.Questions](w, w.as(w.key, "GET", "/v1/questions?limit=3", ""), 200).Next
	for _, path := range []string{"/v1/questions?status=open&cursor=", "/v1/keys?cursor=", "/v1/records/ledger?cursor="} {
		if got := w.as(w.key, "GET", path+next, ""); got.status != 400 || got.problem(t).Code != "bad_cursor" {
			t.Errorf("the cursor of another list at %s: %d", path, got.status)
		}
	}
}

func TestCancel(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(3))
	w.answer(w.person(), q.ID, 1)
	for range 2 { // again changes nothing
		got := read[wire.Question](w, w.as(w.key, "POST", "/v1/questions/"+q.ID+"/cancel", ""), 200)
		if got.Status != "closed" || got.Verdict.Reason != "cancelled" || got.Verdict.Outcome != "leaning" || got.Verdict.Paid.String() != "0.018" || got.Verdict.Released.String() != "0.0414" {
			t.Errorf("cancelled: %+v %+v", got, got.Verdict)
		}
	}
	silent := w.ask(fixed(3))
	got := read[wire.Question](w, w.as(w.key, "POST", "/v1/questions/"+silent.ID+"/cancel", ""), 200)
	if got.Verdict.Outcome != "none" || got.Verdict.Choice != nil || got.Verdict.Label != "" || !got.Verdict.Paid.IsZero() {
		t.Errorf("cancelled in silence: %+v", got.Verdict)
	}
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); b.Available.String() != "0.9793" || !b.Held.IsZero() || b.Spent.String() != "0.0207" {
		t.Errorf("balance: %+v", b)
	}
}

func TestSessionsAndDevices(t *testing.T) {
	w := newWorld(t)
	begun := time.Now()
	keys, err := client.NewKeys()
	w.must(err)
	r, err := w.client.Respondent(t.Context(), keys)
	w.must(err)
	session, err := r.Register(t.Context())
	w.must(err)
	device := keys.DeviceKey().String()
	challenge := read[wire.Challenge](w, w.as("", "POST", "/v1/sessions/challenge", `{"device":"`+device+`"}`), 200)
	login := func(signature, of string) reply {
		return w.as("", "POST", "/v1/sessions", fmt.Sprintf(`{"device":"%s","challenge":"%s","signature":"%s"}`, device, of, signature))
	}
	digest, err := polls.SessionDigest(testInstance, keys.DeviceKey(), challenge.Challenge)
	w.must(err)
	good := hex.EncodeToString(ed25519.Sign(keys.Device, digest[:]))
	if got := read[wire.Session](w, login(good, challenge.Challenge), 201); got.Respondent != session.Respondent {
		t.Errorf("session: %+v", got)
	}
	other := read[wire.Challenge](w, w.as("", "POST", "/v1/sessions/challenge", `{"device":"`+device+`"}`), 200)
	for name, got := range map[string]reply{
		"another challenge's signature": login(good, other.Challenge),
		"no challenge":                  login(good, ""),
	} {
		if got.status != 401 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	w.ahead.Store(int64(challengeTime))
	if got := login(good, challenge.Challenge); got.status != 401 || got.problem(t).Code != "bad_challenge" {
		t.Errorf("a late login: %d %s", got.status, got.body)
	}
	if got := w.as(session.Token, "GET", "/v1/me", ""); got.status != 200 {
		t.Errorf("me: %d %s", got.status, got.body)
	}
	w.ahead.Store(int64(tokenTime))
	if got := w.as(session.Token, "GET", "/v1/me", ""); got.status != 401 || got.problem(t).Code != "bad_token" {
		t.Errorf("an old token: %d %s", got.status, got.body)
	}
	w.ahead.Store(0)
	if got := w.as(session.Token, "DELETE", "/v1/me/devices/"+strings.Repeat("00", 32), ""); got.status != 403 || got.problem(t).Code != "unknown_device" {
		t.Errorf("somebody else's device: %d %s", got.status, got.body)
	}
	if got := w.as(session.Token, "DELETE", "/v1/me/devices/"+device, ""); got.status != 204 {
		t.Errorf("revoke: %d %s", got.status, got.body)
	}
	if got := w.as(session.Token, "GET", "/v1/me", ""); got.status != 403 || got.problem(t).Code != "device_ended" {
		t.Errorf("a token of a device that ended: %d %s", got.status, got.body)
	}
	fresh := read[wire.Challenge](w, w.as("", "POST", "/v1/sessions/challenge", `{"device":"`+device+`"}`), 200)
	digest, err = polls.SessionDigest(testInstance, keys.DeviceKey(), fresh.Challenge)
	w.must(err)
	if got := login(hex.EncodeToString(ed25519.Sign(keys.Device, digest[:])), fresh.Challenge); got.status != 403 || got.problem(t).Code != "device_ended" {
		t.Errorf("login of a device that ended: %d %s", got.status, got.body)
	}
	// It comes back by a later statement, as often as it is ended, and in the same second, too.
	for range 3 {
		back, err := r.Register(t.Context())
		w.must(err)
		if got := w.as(back.Token, "DELETE", "/v1/me/devices/"+device, ""); got.status != 204 {
			t.Fatalf("revoke again: %d %s", got.status, got.body)
		}
	}
	past, err := client.New(w.address, client.Config{HTTP: httpClient, Patience: -1, Now: func() time.Time { return begun }})
	w.must(err)
	forgetful, err := past.Respondent(t.Context(), keys) // who does not know when the last one was issued
	w.must(err)
	if _, err := forgetful.Register(t.Context()); !errors.Is(err, polls.ErrDeviceEnded) {
		t.Errorf("an older statement: %v", err)
	}
	lost, err := client.NewKeys()
	w.must(err)
	for range 2 { // of an app that was started again
		p, err := w.client.Respondent(t.Context(), lost)
		w.must(err)
		back, err := p.Register(t.Context())
		w.must(err)
		if got := w.as(back.Token, "DELETE", "/v1/me/devices/"+lost.DeviceKey().String(), ""); got.status != 204 {
			t.Errorf("revoke: %d %s", got.status, got.body)
		}
	}
	// What a registration must have.
	base := `{"wallet":"%s","device":"%s","issued":1,"expires":2,"signature":"%s","proof":"%s"}`
	for code, body := range map[string]string{
		"bad_wallet":          fmt.Sprintf(base, "0x12", device, strings.Repeat("0", 130), strings.Repeat("0", 128)),
		"bad_device_key":      fmt.Sprintf(base, "0x"+strings.Repeat("12", 20), "zz", strings.Repeat("0", 130), strings.Repeat("0", 128)),
		"bad_signature_form":  fmt.Sprintf(base, "0x"+strings.Repeat("12", 20), device, "00", strings.Repeat("0", 128)),
		"bad_signature_form ": fmt.Sprintf(base, "0x"+strings.Repeat("12", 20), device, strings.Repeat("0", 130), "00"),
		"bad_delegation_time": fmt.Sprintf(base, "0x"+strings.Repeat("12", 20), device, strings.Repeat("0", 130), strings.Repeat("0", 128)),
	} {
		if got := w.as("", "POST", "/v1/respondents", body); got.status != 400 || got.problem(t).Code != strings.TrimSpace(code) {
			t.Errorf("%s: %d %s", code, got.status, got.body)
		}
	}
}

func TestMedia(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	m := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	m.Set(3, 3, color.NRGBA{200, 0, 0, 255})
	var raw bytes.Buffer
	w.must(png.Encode(&raw, m))
	stored := read[wire.Image](w, w.as(w.key, "POST", "/v1/media", raw.String(), "Content-Type", "image/png"), 201)
	var form bytes.Buffer
	mw := multipart.NewWriter(&form)
	mw.WriteField("note", "first")
	part, err := mw.CreateFormFile("file", "../../a.png")
	w.must(err)
	part.Write(raw.Bytes())
	mw.Close()
	byForm := read[wire.Image](w, w.as(w.key, "POST", "/v1/media", form.String(), "Content-Type", mw.FormDataContentType()), 201)
	if byForm != stored || stored.Width != 40 || stored.Height != 30 || stored.Type != "image/png" || stored.URL != "/media/"+stored.Hash {
		t.Errorf("by body %+v, by form %+v", stored, byForm)
	}
	for _, method := range []string{"GET", "HEAD"} {
		got := send(t, w.address, request{method: method, path: stored.URL})
		want := map[string]string{
			"Content-Type": "image/png", "Cache-Control": immutable, "Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff",
			"Cross-Origin-Resource-Policy": "same-origin", "Content-Length": fmt.Sprint(stored.Bytes), "Etag": `"` + stored.Hash + `"`,
		}
		for name, value := range want {
			if got.header.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", method, name, got.header.Get(name), value)
			}
		}
		if method == "GET" && len(got.body) != stored.Bytes {
			t.Errorf("%d bytes, want %d", len(got.body), stored.Bytes)
		}
	}
	if got := send(t, w.address, request{method: "GET", path: stored.URL, header: header("If-None-Match", `"`+stored.Hash+`"`)}); got.status != 304 || got.body != "" {
		t.Errorf("unchanged: %d %q", got.status, got.body)
	}
	q := w.ask(`{"choices":["a","b"],"image":"` + stored.Hash + `","image_alt":"A dot","quorum":{"policy":"fixed:1"}}`)
	want := stored
	want.Alt = "A dot"
	if diff := cmp.Diff(&want, q.Image); diff != "" {
		t.Errorf("the question's image: %s", diff)
	}
	p := w.person()
	if a := w.take(p, q.ID); a.Question.Image == nil || *a.Question.Image != want {
		t.Errorf("as the respondent sees it: %+v", a.Question.Image)
	}
}

// What strangers at an address do wrong keeps nobody at the same address from doing right.
func TestLimitsOfAnAddressAreForErrors(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	q := w.ask(fixed(1))
	p := w.person()
	good := w.sign(p, w.take(p, q.ID), 0)
	w.server.limits.address = cache.NewLimiter(cache.Rate{PerSecond: 0.001, Burst: 2}, time.Now)
	for i, want := range []int{401, 401, 429} {
		if got := w.as("tn_guessed", "GET", "/v1/balance", ""); got.status != want {
			t.Errorf("guess %d: %d", i, got.status)
		}
	}
	bad := good
	bad.Given = wire.Give(1, "")
	if got := w.post(bad); got.status != 429 {
		t.Errorf("a bad answer: %d %s", got.status, got.body)
	}
	if got := w.as(w.key, "GET", "/v1/balance", ""); got.status != 200 {
		t.Errorf("a good key: %d %s", got.status, got.body)
	}
	if got := w.post(good); got.status != 201 {
		t.Errorf("a good answer: %d %s", got.status, got.body)
	}
}

// Anonymous reads of sums do not sum up each time.
func TestTotalsAreKept(t *testing.T) {
	now := time.Now()
	w := newWorld(t, func(d *Deps) { d.Now = func() time.Time { return now } })
	deposited := func() string {
		return read[wire.Totals](w, w.as("", "GET", "/v1/records/totals", ""), 200).Deposited.String()
	}
	for _, step := range []struct {
		later time.Duration
		want  string
	}{{0, "0"}, {sumsAge - 1, "0"}, {1, "2"}} {
		now = now.Add(step.later)
		if got := deposited(); got != step.want {
			t.Errorf("%v later: %s, want %s", step.later, got, step.want)
		}
		w.deposit(w.org, tasknet.Micro(1_000_000))
	}
}

func TestHeavyReadsAreBounded(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var running, most atomic.Int64
	for i := range 20 {
		all.Go(func() {
			got, err := shared(s, fmt.Sprint(i), func(context.Context) (int, error) {
				n := running.Add(1)
				defer running.Add(-1)
				for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
				}
				runtime.Gosched()
				return i, nil
			})
			if got != i || err != nil {
				t.Errorf("%d: %d, %v", i, got, err)
			}
		})
	}
	all.Wait()
	if most.Load() > heavyAtOnce {
		t.Errorf("%d at once", most.Load())
	}
}

// However many payouts somebody has, a page needs few trees, and each proof is right.
func TestPayoutsArePaged(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	p, other := w.person(), w.person()
	const epochs = payoutsMax + 2
	for range epochs {
		q := w.ask(fixed(2))
		w.answer(p, q.ID, 0)
		w.answer(other, q.ID, 0)
		w.closed(q.ID)
		w.epoch(true)
	}
	token := w.token(p)
	var got []int64
	for path, sizes := "/v1/me/payouts?limit=20", []int{payoutsMax, 2}; len(sizes) > 0; sizes = sizes[1:] {
		page := read[wire.Payouts](w, w.as(token, "GET", path, ""), 200)
		if len(page.Payouts) != sizes[0] || (page.Next == "") != (len(sizes) == 1) {
			t.Fatalf("page: %+v", page)
		}
		for _, payout := range page.Payouts {
			checkProof(t, payout)
			got = append(got, payout.Epoch)
		}
		path = "/v1/me/payouts?limit=20&cursor=" + page.Next
	}
	if !slices.Equal(got, []int64{6, 5, 4, 3, 2, 1}) {
		t.Errorf("epochs %v", got)
	}
}

func TestDevicesListed(t *testing.T) {
	w := newWorld(t)
	keys, err := client.NewKeys()
	w.must(err)
	var want []string
	for range devicesMax + 2 {
		another, err := client.NewKeys()
		w.must(err)
		keys.Device = another.Device
		r, err := w.client.Respondent(t.Context(), keys)
		w.must(err)
		_, err = r.Register(t.Context())
		w.must(err)
		want = append(want, keys.DeviceKey().String())
		w.ahead.Add(int64(time.Millisecond))
	}
	r, err := w.client.Respondent(t.Context(), keys)
	w.must(err)
	me := read[wire.Me](w, w.as(w.token(r), "GET", "/v1/me", ""), 200)
	got := make([]string, len(me.Devices))
	for i, d := range me.Devices {
		got[i] = d.Key
	}
	if diff := cmp.Diff(want[2:], got); diff != "" {
		t.Errorf("the newest devices (-want +got):\n%s", diff)
	}
}

func TestRateLimitOfAKey(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.Limits.Key.PerSecond, d.Limits.Key.Burst = 0.001, 2 })
	for i, want := range []int{200, 200, 429} {
		if got := w.as(w.key, "GET", "/v1/balance", ""); got.status != want {
			t.Errorf("request %d: %d", i, got.status)
		}
	}
	if got := w.as(w.newKey(w.org), "GET", "/v1/balance", ""); got.status != 200 {
		t.Errorf("another key: %d", got.status)
	}
}
