package client

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// Respondent answers questions as the person whom a pair of keys stands for. It is safe for use by many goroutines.
type Respondent struct {
	client   *Client
	keys     Keys
	instance wire.Instance
	domain   polls.Domain
	signs    atomic.Pointer[polls.ServerKeys] // receipts and refusals

	mu      sync.Mutex // held while a session is made, so that one is made at a time
	session wire.Session
	issued  time.Time // of the wallet's last statement
}

// Errors of checking what the server says.
var (
	ErrWrongHash   = tasknet.NewError(tasknet.Invalid, "wrong_question_hash", "The question's hash is not that of what is shown, so it was not signed; report this server.")
	ErrBadReceipt  = tasknet.NewError(tasknet.Invalid, "bad_receipt", "The receipt does not prove that the answer was recorded; keep it and report this server.")
	ErrBadInstance = tasknet.NewError(tasknet.NotSupported, "bad_instance", "The server's description of itself makes no sense; check its address and version.")
)

const (
	// DelegationTime is for how long a device is registered. A device that is used registers again by then.
	DelegationTime = 365 * 24 * time.Hour

	// tokenSpare is how long before its end a token is renewed.
	tokenSpare = time.Minute
)

// Respondent returns a client that acts by keys. It asks the server who it is, because every signature names that. The
// device is registered when it first needs to be.
func (c *Client) Respondent(ctx context.Context, keys Keys) (*Respondent, error) {
	in, err := c.Instance(ctx)
	if err != nil {
		return nil, err
	}
	id, idErr := hex.DecodeString(in.Instance)
	if idErr != nil || len(id) != 32 {
		return nil, ErrBadInstance
	}
	signs, err := ServerKeys(in, polls.ReceiptKeys)
	if err != nil {
		return nil, err
	}
	r := &Respondent{client: c, keys: keys, instance: in, domain: polls.Domain{Instance: [32]byte(id), ChainID: in.ChainID}}
	r.signs.Store(signs)
	return r, nil
}

// Register has the wallet name the device, and opens a session. A device that is registered is registered anew, which
// also lifts its revocation. Doing so is needed only then: everything else registers a device that is unknown.
func (r *Respondent) Register(ctx context.Context) (wire.Session, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.register(ctx)
	return r.session, err
}

func (r *Respondent) register(ctx context.Context) error {
	issued := r.client.cfg.Now().Truncate(time.Second)
	if !issued.After(r.issued) {
		issued = r.issued.Add(time.Second)
	}
	err := r.registerAs(ctx, issued)
	if errors.Is(err, polls.ErrDeviceEnded) { // in this very second: only a later statement lifts that
		err = r.registerAs(ctx, issued.Add(time.Second))
	}
	return err
}

func (r *Respondent) registerAs(ctx context.Context, issued time.Time) error {
	r.issued = issued
	d := polls.Delegation{Device: r.keys.DeviceKey(), Issued: issued, Expires: issued.Add(DelegationTime)}
	d.Sign(r.domain, r.keys.Wallet)
	proof, err := d.ProofDigest(r.instance.Instance)
	if err != nil {
		return err
	}
	body := wire.Register{
		Wallet: d.Wallet.String(), Device: d.Device.String(), Issued: d.Issued.Unix(), Expires: d.Expires.Unix(),
		Signature: hex.EncodeToString(d.Signature[:]), Proof: hex.EncodeToString(ed25519.Sign(r.keys.Device, proof[:])),
	}
	return r.client.do(ctx, call{method: http.MethodPost, path: []string{"respondents"}, body: body}, &r.session)
}

// login opens a session of a device that is registered. polls.ErrUnknownDevice.
func (r *Respondent) login(ctx context.Context) error {
	device := r.keys.DeviceKey()
	var c wire.Challenge
	if err := r.client.do(ctx, call{method: http.MethodPost, path: []string{"sessions", "challenge"}, body: wire.ChallengeRequest{Device: device.String()}}, &c); err != nil {
		return err
	}
	digest, err := polls.SessionDigest(r.instance.Instance, device, c.Challenge)
	if err != nil {
		return err
	}
	body := wire.Login{Device: device.String(), Challenge: c.Challenge, Signature: hex.EncodeToString(ed25519.Sign(r.keys.Device, digest[:]))}
	return r.client.do(ctx, call{method: http.MethodPost, path: []string{"sessions"}, body: body, once: true}, &r.session)
}

// Session returns a session that is good for a while. stale is a token that the server refused, if there is one.
func (r *Respondent) Session(ctx context.Context, stale string) (wire.Session, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session.Token != "" && r.session.Token != stale && r.client.cfg.Now().Add(tokenSpare).Before(r.session.Expires.Time) {
		return r.session, nil
	}
	start := r.client.cfg.Now()
	for try := 1; ; try++ { // a challenge serves once, so a reply that was lost needs a new one
		err := r.login(ctx)
		if errors.Is(err, polls.ErrUnknownDevice) {
			err = r.register(ctx)
		}
		if err == nil || !passes(err, try) || r.client.cfg.Now().Sub(start) >= r.client.cfg.Patience {
			return r.session, err
		}
		if err := r.client.pause(ctx, backoff(try)); err != nil {
			return r.session, err
		}
	}
}

// do sends a call with a token, and once more with a new one when the server refuses it.
func (r *Respondent) do(ctx context.Context, send call, out any) error {
	session, err := r.Session(ctx, "")
	if err != nil {
		return err
	}
	send.token = session.Token
	err = r.client.do(ctx, send, out)
	if e, ok := errors.AsType[*tasknet.Error](err); !ok || e.Kind != tasknet.Unauthenticated {
		return err
	}
	if session, err = r.Session(ctx, send.token); err != nil {
		return err
	}
	send.token = session.Token
	return r.client.do(ctx, send, out)
}

// Offers yields what the person is offered while they are here, until ctx ends. While it runs they are here, and are not woken
// by a push. A stream that breaks is opened again; what was offered meanwhile is not told.
func (r *Respondent) Offers(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		stale := ""
		for {
			session, err := r.Session(ctx, stale)
			if err != nil {
				yield(Event{}, err)
				return
			}
			ended := false // the token
			for e, err := range r.client.events(ctx, call{method: http.MethodGet, path: []string{"me", "events"}, token: session.Token}, "") {
				if known, ok := errors.AsType[*tasknet.Error](err); ok && known.Kind == tasknet.Unauthenticated && session.Token != stale {
					stale, ended = session.Token, true
					break
				}
				if !yield(e, err) {
					return
				}
			}
			if !ended {
				return
			}
		}
	}
}

// Assignments takes questions to answer, count at most, counting those that are held already. Where the server chooses, it
// chooses among what is in the languages that the person reads, as BCP 47 tags; none stands for any.
func (r *Respondent) Assignments(ctx context.Context, count int, reads ...string) ([]wire.Assignment, error) {
	return r.AssignmentsFor(ctx, count, Taste{Reads: reads})
}

// Assignment takes a certain question. polls.ErrNotAvailable, polls.ErrNoQuestion.
func (r *Respondent) Assignment(ctx context.Context, question string) (wire.Assignment, error) {
	got, err := r.take(ctx, wire.TakeAssignments{Question: question, Count: 1})
	if err != nil {
		return wire.Assignment{}, err
	}
	if len(got) != 1 || got[0].Question.ID != question {
		return wire.Assignment{}, fmt.Errorf("%w (another question was assigned)", ErrProtocol)
	}
	return got[0], nil
}

func (r *Respondent) take(ctx context.Context, body wire.TakeAssignments) ([]wire.Assignment, error) {
	var out wire.Assignments
	err := r.do(ctx, call{method: http.MethodPost, path: []string{"assignments"}, body: body}, &out)
	return out.Assignments, err
}

// Skip gives an assignment back for good.
func (r *Respondent) Skip(ctx context.Context, assignment, reason string) error {
	return r.do(ctx, call{method: http.MethodPost, path: []string{"assignments", assignment, "skip"}, body: wire.Skip{Reason: reason}}, nil)
}

// Answer signs a choice, or polls.CannotTell, and sends it. It returns when the answer is durable and its receipt is good.
func (r *Respondent) Answer(ctx context.Context, a wire.Assignment, choice int) (wire.Accepted, error) {
	return r.give(ctx, a, choice, "")
}

// AnswerValue is Answer for questions whose answers are values.
func (r *Respondent) AnswerValue(ctx context.Context, a wire.Assignment, value polls.Value) (wire.Accepted, error) {
	return r.give(ctx, a, 0, value)
}

func (r *Respondent) give(ctx context.Context, a wire.Assignment, choice int, value polls.Value) (wire.Accepted, error) {
	signed, err := r.Sign(a, choice, value)
	if err != nil {
		return wire.Accepted{}, err
	}
	return r.Send(ctx, a.Question, signed)
}

// SignGiven is Sign for what is given as it is sent. polls.ErrBadValue when that is both a choice and a value, or neither.
func (r *Respondent) SignGiven(a wire.Assignment, given wire.Given) (wire.Answer, error) {
	choice, value, err := given.Read()
	if err != nil {
		return wire.Answer{}, polls.ErrBadValue
	}
	return r.Sign(a, choice, polls.Value(value))
}

// Sign makes a signed answer, a choice or a value, which Send sends, later if need be. It computes the question's hash from what is shown
// first: a server that shows one question and has another signed gets nothing. ErrWrongHash, polls.ErrNoSuchChoice.
func (r *Respondent) Sign(a wire.Assignment, choice int, value polls.Value) (wire.Answer, error) {
	q, err := Question(a.Question)
	if err != nil {
		return wire.Answer{}, err
	}
	if err := q.CheckAnswer(choice, value); err != nil {
		return wire.Answer{}, err
	}
	if hash, err := polls.HashOf(q, r.instance.Instance); err != nil || hash != a.Question.Hash {
		return wire.Answer{}, ErrWrongHash
	}
	answer := polls.Answer{
		Assignment: polls.AssignmentID(a.ID), Choice: choice, Value: value, Nonce: randomHex(), ClientMS: r.client.cfg.Now().UnixMilli(),
	}
	if tasknet.CheckID(polls.AssignmentPrefix, a.ID) != nil { // what Digest writes unescaped must need no escaping
		return wire.Answer{}, ErrWrongHash
	}
	digest := answer.Digest(r.instance.Instance, q.Hash)
	return wire.Answer{
		Assignment: a.ID, Question: a.Question.ID, Device: r.keys.DeviceKey().String(), Given: wire.Give(choice, string(value)), Nonce: answer.Nonce,
		Time: answer.ClientMS, Signature: hex.EncodeToString(ed25519.Sign(r.keys.Device, digest[:])),
	}, nil
}

// Send sends an answer to a question, again until it is durable, and checks the receipt. Sending it twice is the same as
// once. ErrBadReceipt, with what was received, and a *Refused for what the server refuses answers by.
func (r *Respondent) Send(ctx context.Context, q wire.AskedQuestion, a wire.Answer) (wire.Accepted, error) {
	session, err := r.Session(ctx, "")
	if err != nil {
		return wire.Accepted{}, err
	}
	var out wire.Accepted
	if err := r.client.do(ctx, call{method: http.MethodPost, path: []string{"answers"}, body: a}, &out); err != nil {
		return wire.Accepted{}, r.refused(ctx, q, a, err)
	}
	if err := r.checkReceipt(session.Respondent, q, a, out); !errors.Is(err, ErrBadReceipt) {
		return out, err
	}
	if err := r.askKeys(ctx); err != nil {
		return out, err
	}
	return out, r.checkReceipt(session.Respondent, q, a, out)
}

// askKeys asks the server for the keys that it signs receipts by: there may be others by now. ErrBadReceipt, with why, when they do not
// go on from those that were known.
func (r *Respondent) askKeys(ctx context.Context) error {
	var in wire.Instance
	if err := r.client.do(ctx, call{method: http.MethodGet, path: []string{"instance"}}, &in); err != nil {
		return err
	}
	now, err := ServerKeys(in, polls.ReceiptKeys)
	if err == nil && (in.Instance != r.instance.Instance || !now.Follows(r.signs.Load())) {
		err = polls.ErrBadKeys
	}
	if err != nil {
		return errors.Join(ErrBadReceipt, err)
	}
	r.signs.Store(now)
	return nil
}

func (r *Respondent) checkReceipt(respondent string, q wire.AskedQuestion, a wire.Answer, got wire.Accepted) error {
	signature, err := hex.DecodeString(a.Signature)
	if err != nil || len(signature) != ed25519.SignatureSize {
		return polls.ErrBadSignature
	}
	choice, value, err := a.Read()
	if err != nil {
		return polls.ErrBadValue
	}
	recorded := polls.Answer{
		ID: polls.AnswerID(got.Answer), Assignment: polls.AssignmentID(a.Assignment), Respondent: polls.RespondentID(respondent),
		Device: r.keys.DeviceKey(), Choice: choice, Value: polls.Value(value), Nonce: a.Nonce, ClientMS: a.Time, Signature: [64]byte(signature), AcceptedAt: got.At.Time,
	}
	receipt, err := ParseReceipt(got.Receipt)
	if err != nil || got.Receipt.Log != polls.LogName(r.instance.Instance) || receipt.Record != recorded.RecordHash(r.instance.Instance, q.Hash) || !r.signs.Load().CheckReceipt(r.instance.Instance, &receipt) {
		return ErrBadReceipt
	}
	return nil
}

// ParseReceipt reads a receipt, and checks nothing.
func ParseReceipt(w wire.Receipt) (polls.Receipt, error) {
	out := polls.Receipt{ID: polls.ReceiptID(w.ID), Index: w.Index, Size: w.Size, First: w.First, At: time.UnixMilli(w.At).UTC(), By: time.UnixMilli(w.By).UTC(), Path: make([][32]byte, len(w.Path))}
	err := errors.Join(fill(out.Record[:], w.Record), fill(out.Root[:], w.Root), fill(out.Signature[:], w.Signature))
	for i, p := range w.Path {
		err = errors.Join(err, fill(out.Path[i][:], p))
	}
	return out, err
}

// fill decodes hex that must fill dst.
func fill(dst []byte, s string) error {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(dst) {
		return ErrProtocol
	}
	copy(dst, raw)
	return nil
}

// Question returns a question as a respondent sees it as what its hash is computed over, see polls.HashOf.
func Question(a wire.AskedQuestion) (*polls.Question, error) {
	policy, err := polls.ParsePolicy(a.Quorum.Policy, a.Quorum.Min, a.Quorum.Max)
	if err != nil {
		return nil, err
	}
	q := &polls.Question{
		ID: polls.QuestionID(a.ID), Project: a.Project, Type: polls.Type(a.Type), Text: a.Text, Passage: a.Passage, Choices: a.Choices,
		Options: polls.Options{Least: a.Least, Most: a.Most, Length: a.Length}, Policy: policy, Price: a.Price, Fee: a.Fee,
		Deadline: a.Deadline.Time, Snapshot: a.Snapshot, Salt: a.Salt, Hash: a.Hash, Sample: a.Sample,
	}
	if !q.Type.Known() {
		return nil, ErrUnknownType
	}
	if a.Image != nil {
		i := image(*a.Image)
		q.Image = &i
	}
	for _, i := range a.ChoiceImages {
		q.ChoiceImages = append(q.ChoiceImages, image(i))
	}
	if a.Audio != nil {
		q.Audio = &polls.Audio{Hash: a.Audio.Hash, Type: a.Audio.Type, Bytes: a.Audio.Bytes}
	}
	if n := a.Number; n != nil {
		if q.Number, err = polls.ParseNumberRange(n.Min, n.Max, n.Decimals, n.Unit); err != nil {
			return nil, err
		}
	}
	return q, q.CheckShown()
}

func image(i wire.Image) polls.Image {
	return polls.Image{Hash: i.Hash, Type: i.Type, Width: i.Width, Height: i.Height, Bytes: i.Bytes, Alt: i.Alt}
}

// ErrUnknownType reports a question of a type that this version cannot answer.
var ErrUnknownType = tasknet.NewError(tasknet.NotSupported, "unknown_type", "This version does not know this type of question; update it.")

// Me returns the respondent's summary.
func (r *Respondent) Me(ctx context.Context) (wire.Me, error) {
	return fetch[wire.Me](ctx, r, call{method: http.MethodGet, path: []string{"me"}})
}

// Work returns what this person's nodes delivered, newest first: the first page, with the sums over all.
func (r *Respondent) Work(ctx context.Context) (wire.MyWork, error) {
	return fetch[wire.MyWork](ctx, r, call{method: http.MethodGet, path: []string{"me", "work"}})
}

// Earnings returns where the respondent's money is.
func (r *Respondent) Earnings(ctx context.Context) (wire.Earnings, error) {
	return fetch[wire.Earnings](ctx, r, call{method: http.MethodGet, path: []string{"me", "earnings"}})
}

// Answers yields the respondent's answers, newest first.
func (r *Respondent) Answers(ctx context.Context) iter.Seq2[wire.MyAnswer, error] {
	return list(ctx, r, call{method: http.MethodGet, path: []string{"me", "answers"}}, pageSize,
		func(p *wire.MyAnswers) ([]wire.MyAnswer, string) { return p.Answers, p.Next })
}

// AnswersPage returns a page of the respondent's answers, newest first: up to limit of them, from a cursor on that another page
// gave; "" is the beginning.
func (r *Respondent) AnswersPage(ctx context.Context, cursor string, limit int) (wire.MyAnswers, error) {
	return fetch[wire.MyAnswers](ctx, r, call{method: http.MethodGet, path: []string{"me", "answers"}, query: paging(cursor, limit)})
}

// PayoutsPage is AnswersPage for payouts, newest epoch first.
func (r *Respondent) PayoutsPage(ctx context.Context, cursor string, limit int) (wire.Payouts, error) {
	return fetch[wire.Payouts](ctx, r, call{method: http.MethodGet, path: []string{"me", "payouts"}, query: paging(cursor, limit)})
}

// Payouts yields the respondent's payouts, newest epoch first.
func (r *Respondent) Payouts(ctx context.Context) iter.Seq2[wire.Payout, error] {
	return list(ctx, r, call{method: http.MethodGet, path: []string{"me", "payouts"}}, pageSize,
		func(p *wire.Payouts) ([]wire.Payout, string) { return p.Payouts, p.Next })
}

// RevokeDevice ends a device of the respondent, perhaps this one.
func (r *Respondent) RevokeDevice(ctx context.Context, key polls.DeviceKey) error {
	return r.do(ctx, call{method: http.MethodDelete, path: []string{"me", "devices", key.String()}}, nil)
}

// EndDevice is RevokeDevice for a key as it is written.
func (r *Respondent) EndDevice(ctx context.Context, device string) error {
	key, err := polls.ParseDeviceKey(device)
	if err != nil {
		return err
	}
	return r.RevokeDevice(ctx, key)
}

// Subscribe has the respondent's device woken at a place of a push service.
func (r *Respondent) Subscribe(ctx context.Context, place wire.Subscribe) (out wire.Subscription, err error) {
	err = r.do(ctx, call{method: http.MethodPost, path: []string{"me", "push", "subscriptions"}, body: place}, &out)
	return out, err
}

// Unsubscribe ends a subscription of the respondent.
func (r *Respondent) Unsubscribe(ctx context.Context, id string) error {
	return r.do(ctx, call{method: http.MethodDelete, path: []string{"me", "push", "subscriptions", id}}, nil)
}
