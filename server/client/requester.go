package client

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// Requester acts for an organisation.
type Requester struct {
	client *Client
	key    string
}

// Requester returns a client that acts by an API key.
func (c *Client) Requester(apiKey string) *Requester { return &Requester{c, apiKey} }

// waitMost is for how long one long poll waits.
const waitMost = 30 * time.Second

func (r *Requester) get(path ...string) call {
	return call{method: http.MethodGet, path: path, token: r.key}
}

func (r *Requester) post(key string, body any, path ...string) call {
	return call{method: http.MethodPost, path: path, token: r.key, key: key, body: body}
}

// Ask asks a question. The idempotency key names this asking: a program that does not know whether it asked already asks
// again with the same key, and gets the same question. With an empty key each call asks anew, once.
func (r *Requester) Ask(ctx context.Context, ask wire.Ask, key string) (wire.Question, error) {
	return fetch[wire.Question](ctx, r.client, r.post(orRandom(key), ask, "questions"))
}

// Question returns a question.
func (r *Requester) Question(ctx context.Context, id string) (wire.Question, error) {
	return fetch[wire.Question](ctx, r.client, r.get("questions", id))
}

// Wait returns a question when it is closed, or as it is when the wait is over.
func (r *Requester) Wait(ctx context.Context, id string, wait time.Duration) (wire.Question, error) {
	end := r.client.cfg.Now().Add(wait)
	for {
		left := min(waitMost, end.Sub(r.client.cfg.Now())).Truncate(time.Second)
		get := r.get("questions", id)
		if left > 0 {
			get.wait = left
			get.query = url.Values{"wait": {strconv.Itoa(int(left.Seconds())) + "s"}}
		}
		var out wire.Question
		if err := r.client.do(ctx, get, &out); err != nil || out.Status == "closed" || left <= 0 {
			return out, err
		}
	}
}

// Questions yields the organisation's questions, newest first: those with a status, or all when it is empty.
func (r *Requester) Questions(ctx context.Context, status string) iter.Seq2[wire.Question, error] {
	get := r.get("questions")
	if status != "" {
		get.query = url.Values{"status": {status}}
	}
	return list(ctx, r.client, get, pageSize, func(p *wire.Questions) ([]wire.Question, string) { return p.Questions, p.Next })
}

// Cancel closes a question with the answers that it has.
func (r *Requester) Cancel(ctx context.Context, id string) (wire.Question, error) {
	return fetch[wire.Question](ctx, r.client, r.post("", nil, "questions", id, "cancel"))
}

// Balance returns the organisation's money.
func (r *Requester) Balance(ctx context.Context) (wire.Balance, error) {
	return fetch[wire.Balance](ctx, r.client, r.get("balance"))
}

// Estimate tells what a question or a project would take. It makes nothing.
func (r *Requester) Estimate(ctx context.Context, e wire.NewEstimate) (wire.Estimate, error) {
	return fetch[wire.Estimate](ctx, r.client, r.post("", e, "estimates"))
}

// HowToDeposit returns where and how to deposit, with the newest deposits.
func (r *Requester) HowToDeposit(ctx context.Context) (wire.Deposits, error) {
	return fetch[wire.Deposits](ctx, r.client, r.get("deposits"))
}

// Deposits yields the organisation's deposits, newest first.
func (r *Requester) Deposits(ctx context.Context) iter.Seq2[wire.Deposit, error] {
	return list(ctx, r.client, r.get("deposits"), pageSize, func(p *wire.Deposits) ([]wire.Deposit, string) { return p.Deposits, p.Next })
}

// Faucet deposits test money, which exists on the dev chain only. It is credited soon after. The key is as with Ask.
func (r *Requester) Faucet(ctx context.Context, amount tasknet.Amount, key string) error {
	return r.client.do(ctx, r.post(orRandom(key), wire.Faucet{Amount: amount}, "deposits", "faucet"), nil)
}

// Upload stores an image, for a question to show.
func (r *Requester) Upload(ctx context.Context, image []byte) (wire.Image, error) {
	send := call{method: http.MethodPost, path: []string{"media"}, token: r.key, raw: image, media: http.DetectContentType(image)}
	return fetch[wire.Image](ctx, r.client, send)
}

// FetchImage has the server fetch an image from a public address.
func (r *Requester) FetchImage(ctx context.Context, address string) (wire.Image, error) {
	return fetch[wire.Image](ctx, r.client, r.post("", wire.FetchMedia{URL: address}, "media", "fetch"))
}

// Keys yields the organisation's API keys, newest first.
func (r *Requester) Keys(ctx context.Context) iter.Seq2[wire.Key, error] {
	return list(ctx, r.client, r.get("keys"), pageSize, func(p *wire.Keys) ([]wire.Key, string) { return p.Keys, p.Next })
}

// NewKey makes an API key. Its secret is in this reply only. The idempotency key is as with Ask.
func (r *Requester) NewKey(ctx context.Context, name, key string) (wire.Key, error) {
	return fetch[wire.Key](ctx, r.client, r.post(orRandom(key), wire.NewKey{Name: name}, "keys"))
}

// RevokeKey ends an API key.
func (r *Requester) RevokeKey(ctx context.Context, id string) error {
	return r.client.do(ctx, call{method: http.MethodDelete, path: []string{"keys", id}, token: r.key}, nil)
}

// Events yields what happens to the organisation's questions until ctx ends. When the connection breaks it is made again,
// and the closings in between follow; progress in between is lost. after is the id of the last event that was seen: the
// closings since follow first. Empty, the stream begins now. An error ends it: the server refused, or was away for longer
// than the client's patience.
func (r *Requester) Events(ctx context.Context, after string) iter.Seq2[Event, error] {
	return r.client.events(ctx, r.get("events"), after)
}

// QuestionEvents yields how a question stands, then what happens to it, as Events does, up to its close.
func (r *Requester) QuestionEvents(ctx context.Context, id string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for e, err := range r.client.events(ctx, r.get("questions", id, "events"), "") {
			if !yield(e, err) || e.Kind == Closed {
				return
			}
		}
	}
}

func orRandom(key string) string {
	if key != "" {
		return key
	}
	return randomHex()
}

// randomHex returns 16 random bytes in hex.
func randomHex() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
