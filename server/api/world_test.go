package api

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/store/storetest"
	"github.com/tasknet/tasknet/server/wire"
)

// world is a server with a real store, in which questions travel from asking to pay; its chain is only told of.
type world struct {
	t       testing.TB
	address string
	server  *Server
	stores  *store.DB
	client  *client.Client
	org     polls.Org
	key     string // an API key of org
	drips   atomic.Int64
	ahead   atomic.Int64 // how far the clock is ahead, in nanoseconds
	pieces  *brittlePieces
}

var receiptKey = ed25519.NewKeyFromSeed([]byte("a seed of a receipt key, 32 byte"))

// pendingMost is what two answers pay.
var pendingMost = tasknet.Micro(40_000)

// newWorld starts one. Nobody has money in it yet.
func newWorld(t testing.TB, change ...func(*Deps)) *world {
	t.Helper()
	w := &world{t: t}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	dir := t.TempDir()
	db, err := store.Open(ctx, store.Config{Path: storetest.File(t)})
	w.must(err)
	w.stores = db
	d := base(t)
	d.Now = func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }
	w.pieces = newPieces(t, filepath.Join(dir, "artefacts"))
	stopper := labeling.NewStopper(db.Labels())
	d.Stores = db
	d.Pipeline, err = pipeline.New(db, stopper, d.Hub, w, pipeline.Config{
		Instance: testInstance, ChainID: testChain.ID, FeeBasisPoints: d.FeeBasisPoints, Files: new(lineFiles), Now: d.Now, Log: d.Log,
		HoldNewcomers: true, Artefacts: pipeline.ArtefactConfig{Pieces: w.pieces, Max: artefactMax, Quota: artefactQuota},
	})
	w.must(err)
	d.Polls = polls.NewService(db.Polls(), stopper, polls.ServiceConfig{
		Instance: testInstance, ReceiptKey: func() ed25519.PrivateKey { return receiptKey }, PendingMost: pendingMost, Now: d.Now, Prepare: stopper.Prepare, Recorded: d.Pipeline.Recorded,
	})
	d.ReceiptKeys = oneKey([32]byte(receiptKey.Public().(ed25519.PublicKey)))
	folder, err := media.NewFolder(filepath.Join(dir, "media"))
	w.must(err)
	d.Media = media.New(folder)
	for _, f := range change {
		f(&d)
	}
	running.Go(func() { d.Polls.Run(ctx) })
	running.Go(func() { d.Pipeline.RunClosing(ctx) })
	running.Go(func() { d.Pipeline.RunProjects(ctx) })
	running.Go(func() { d.Pipeline.RunSealing(ctx) })
	running.Go(func() { d.Pipeline.RunContests(ctx) })
	running.Go(func() { d.Pipeline.RunArtefacts(ctx) })
	t.Cleanup(func() { // after the server, which start stops
		cancel()
		running.Wait()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.address, w.server = start(t, d)
	w.client, err = client.New(w.address, client.Config{HTTP: httpClient, Patience: -1, Now: d.Now})
	w.must(err)
	w.org, err = d.Pipeline.NewOrg(ctx, "Roofs Ltd")
	w.must(err)
	w.key = w.newKey(w.org)
	return w
}

// Drip implements rewards.Faucet.
func (w *world) Drip(_ context.Context, _ [32]byte, amount tasknet.Amount) (rewards.Mined, error) {
	w.drips.Add(1)
	w.deposit(w.org, amount)
	return rewards.Mined{Tx: rewards.Hash{9}, Block: 7}, nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) newKey(org polls.Org) (secret string) {
	w.t.Helper()
	w.must(w.stores.InTx(w.t.Context(), func(tx pipeline.Tx) (err error) {
		_, secret, err = w.server.Pipeline.NewKey(w.t.Context(), tx, org.ID, "test")
		return err
	}))
	return secret
}

func (w *world) deposit(org polls.Org, amount tasknet.Amount) {
	w.t.Helper()
	ctx, s := w.t.Context(), w.stores.Rewards()
	looks, err := s.Looks(ctx)
	w.must(err)
	block := int64(1)
	if len(looks) > 0 {
		block = looks[0].Block + 1
	}
	e := rewards.Event{Kind: rewards.Deposited, Tx: rewards.Hash{0xd, byte(block)}, Block: block, Owner: rewards.Address{0xd}, Reference: rewards.Reference(string(org.ID)), Base: testChain.Base(amount)}
	w.must(s.BookEvents(ctx, []rewards.Booking{{Event: e, Org: string(org.ID), Amount: amount}}, rewards.Look{Block: block, Hash: rewards.Hash{byte(block)}}, time.Now()))
}

// as sends a request with a bearer token, and a new idempotency key where one is needed.
func (w *world) as(secret, method, path, body string, headers ...string) reply {
	w.t.Helper()
	h := header(headers...)
	if secret != "" {
		h.Set("Authorization", "Bearer "+secret)
	}
	if method == http.MethodPost && h.Get(idempotencyHeader) == "" {
		h.Set(idempotencyHeader, tasknet.NewID("idem", time.Now()))
	}
	return send(w.t, w.address, request{method: method, path: path, header: h, body: body})
}

// read decodes a reply that must have a status.
func read[T any](w *world, r reply, status int) (out T) {
	w.t.Helper()
	if r.status != status {
		w.t.Fatalf("status %d, want %d: %.500s", r.status, status, r.body)
	}
	w.must(json.Unmarshal([]byte(r.body), &out))
	return out
}

func (w *world) ask(body string) wire.Question {
	w.t.Helper()
	return read[wire.Question](w, w.as(w.key, "POST", "/v1/questions", body), 201)
}

func (w *world) person() *client.Respondent {
	w.t.Helper()
	keys, err := client.NewKeys()
	w.must(err)
	r, err := w.client.Respondent(w.t.Context(), keys)
	w.must(err)
	_, err = r.Register(w.t.Context())
	w.must(err)
	return r
}

func (w *world) people(n int) []*client.Respondent {
	w.t.Helper()
	out := make([]*client.Respondent, n)
	for i := range out {
		out[i] = w.person()
	}
	return out
}

func (w *world) token(r *client.Respondent) string {
	w.t.Helper()
	s, err := r.Session(w.t.Context(), "")
	w.must(err)
	return s.Token
}

// take has somebody lease a question.
func (w *world) take(r *client.Respondent, question string) wire.Assignment {
	w.t.Helper()
	a, err := r.Assignment(w.t.Context(), question)
	w.must(err)
	return a
}

// sign makes the body of an answer.
func (w *world) sign(r *client.Respondent, a wire.Assignment, choice int) wire.Answer {
	w.t.Helper()
	signed, err := r.Sign(a, choice, "")
	w.must(err)
	return signed
}

func (w *world) answer(r *client.Respondent, question string, choice int) wire.Accepted {
	w.t.Helper()
	got, err := r.Answer(w.t.Context(), w.take(r, question), choice)
	w.must(err)
	return got
}

func (w *world) post(a wire.Answer) reply {
	w.t.Helper()
	return send(w.t, w.address, request{method: "POST", path: "/v1/answers", body: string(marshal(w.t, a))})
}

// closed waits until a question is closed, as its requester would.
func (w *world) closed(question string) wire.Question {
	w.t.Helper()
	q := read[wire.Question](w, w.as(w.key, "GET", "/v1/questions/"+question+"?wait=10s", ""), 200)
	if q.Status != "closed" {
		w.t.Fatalf("the question is %s after 10 s", q.Status)
	}
	return q
}

// state is all that a request which fails must leave as it is.
func (w *world) state() string {
	w.t.Helper()
	w.server.sums.Store(nil) // they are kept for a second
	var out strings.Builder
	for _, path := range []string{"/v1/questions", "/v1/balance", "/v1/deposits", "/v1/keys"} {
		out.WriteString(w.as(w.key, "GET", path, "").body)
	}
	for _, path := range []string{"/v1/records/ledger", "/v1/records/totals", "/v1/records/questions", "/v1/records/epochs"} {
		out.WriteString(w.as("", "GET", path, "").body)
	}
	return out.String()
}

// epoch plans, posts and settles an epoch with all that is due, as the payer would on a chain.
func (w *world) epoch(claim bool) rewards.Epoch {
	w.t.Helper()
	ctx, s := w.t.Context(), w.stores.Rewards()
	number := int64(1)
	var leaves []rewards.Payout
	if last, err := s.LastEpoch(ctx); err == nil {
		number = last.Number + 1
		leaves, err = s.Leaves(ctx, last.Number)
		w.must(err)
	}
	now := w.server.Now().UTC().Truncate(time.Millisecond)
	due, err := s.Due(ctx, tasknet.Micro(1), now)
	w.must(err)
	plan, err := rewards.NewPlan(number, due, leaves, testChain, now)
	w.must(err)
	w.must(s.SavePlan(ctx, plan))
	w.must(s.BuildEpoch(ctx, number, rewards.Planned, rewards.Header{}))
	w.must(s.AdvanceEpoch(ctx, number, rewards.Built, rewards.Posted, rewards.Mined{}))
	w.must(s.AdvanceEpoch(ctx, number, rewards.Posted, rewards.Confirmed, rewards.Mined{Tx: rewards.Hash{byte(number)}, Block: 10 + number, Gas: 50_000}))
	w.must(s.AdvanceEpoch(ctx, number, rewards.Confirmed, rewards.Active, rewards.Mined{}))
	if claim {
		claims := make([]rewards.Claimed, len(plan.Payouts))
		for i, p := range plan.Payouts {
			claims[i] = rewards.Claimed{Payee: p.Payee, Cumulative: p.Cumulative}
		}
		w.must(s.RecordClaims(ctx, claims, rewards.Hash{0xc, byte(number)}, time.Now()))
		w.must(s.AdvanceEpoch(ctx, number, rewards.Active, rewards.Settled, rewards.Mined{Gas: 90_000}))
	}
	e, err := s.Epoch(ctx, number)
	w.must(err)
	return e
}

const spam = `{"text":"Is this spam?","choices":["yes","no"],"quorum":{"policy":"fixed:%d"}}`

func fixed(n int) string { return fmt.Sprintf(spam, n) }
