package api

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// mover is somebody who changes where their pay goes.
type mover struct {
	*world
	keys   client.Keys
	r      *client.Respondent
	id     polls.RespondentID
	token  string
	wallet polls.Wallet
	domain polls.Domain
}

func (w *world) mover() *mover {
	w.t.Helper()
	keys, err := client.NewKeys()
	w.must(err)
	r, err := w.client.Respondent(w.t.Context(), keys)
	w.must(err)
	session, err := r.Register(w.t.Context())
	w.must(err)
	id, err := hex.DecodeString(testInstance)
	w.must(err)
	m := &mover{world: w, keys: keys, r: r, id: polls.RespondentID(session.Respondent), token: w.token(r), domain: polls.Domain{Instance: [32]byte(id), ChainID: testChain.ID}}
	m.wallet = addressOfKeys(m.domain, keys)
	return m
}

func addressOfKeys(in polls.Domain, keys client.Keys) polls.Wallet {
	var d polls.Delegation
	d.Sign(in, keys.Wallet)
	return d.Wallet
}

// body is the body of a change, signed by the wallet and, unless it is nil, by the key of the new address.
func (m *mover) body(to polls.Wallet, number int64, own *client.Keys) string {
	m.t.Helper()
	said := polls.PayoutAddress{Respondent: m.id, Wallet: m.wallet, To: to, Number: number}
	signature := said.Sign(m.domain, m.keys.Wallet)
	out := wire.ChangeAddress{To: to.String(), Number: number, Signature: "0x" + hex.EncodeToString(signature[:])}
	if own != nil {
		proof := said.Sign(m.domain, own.Wallet)
		out.Proof = hex.EncodeToString(proof[:])
	}
	raw, err := json.Marshal(out)
	m.must(err)
	return string(raw)
}

func (m *mover) change(body string, status int) reply {
	m.t.Helper()
	got := m.as(m.token, "POST", "/v1/me/payout/address", body)
	if got.status != status {
		m.t.Fatalf("status %d, want %d: %s", got.status, status, got.body)
	}
	return got
}

func (m *mover) refused(what, body, code string) {
	m.t.Helper()
	var got wire.Problem
	r := m.as(m.token, "POST", "/v1/me/payout/address", body)
	m.must(json.Unmarshal([]byte(r.body), &got))
	if got.Code != code {
		m.t.Errorf("%s: %d %s, want %s", what, r.status, r.body, code)
	}
}

func (m *mover) place() wire.PayoutPlace {
	m.t.Helper()
	return read[wire.PayoutPlace](m.world, m.as(m.token, "GET", "/v1/me/payout", ""), 200)
}

// TestPayoutAddress: with both keys pay goes to another address from the next epoch on; with the wallet's alone after a time in
// which it can be cancelled. What was paid before stays where it is.
func TestPayoutAddress(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	ann, bob := w.mover(), w.person()
	own, err := client.NewKeys()
	w.must(err)
	to := addressOfKeys(ann.domain, own)
	earn := func() {
		t.Helper()
		q := w.ask(`{"text":"Which?","choices":["a","b"],"price":"0.02","quorum":{"policy":"fixed:2"}}`)
		w.answer(ann.r, q.ID, 0)
		w.answer(bob, q.ID, 0)
		w.closed(q.ID)
		w.epoch(true)
		w.ahead.Add(int64(time.Minute))
		ann.token = w.token(ann.r)
	}
	earn()
	if p := ann.place(); p.Address != ann.wallet.String() || p.Wallet != p.Address || p.Next != 1 || p.Delay != 72*3600 || p.Waits != nil || p.Before != nil {
		t.Errorf("before any change: %+v", p)
	}

	// Both keys.
	got := read[wire.AddressChange](w, ann.change(ann.body(to, 1, &own), 200), 200)
	if got.To != to.String() || got.Number != 1 || got.Effective != got.At || got.Proof == "" || got.Cancelled != nil {
		t.Errorf("a change of both keys: %+v", got)
	}
	if p := ann.place(); p.Address != to.String() || p.Next != 2 || p.Waits != nil || len(p.Before) != 1 || p.Before[0] != ann.wallet.String() {
		t.Errorf("after it: %+v", p)
	}
	earn()
	payouts := read[wire.Payouts](w, w.as(ann.token, "GET", "/v1/me/payouts", ""), 200).Payouts
	if len(payouts) != 2 || payouts[0].Address != to.String() || payouts[0].Cumulative.String() != "0.02" || payouts[1].Address != ann.wallet.String() || payouts[1].Cumulative.String() != "0.02" {
		t.Fatalf("payouts: %+v", payouts)
	}
	if payouts[0].Root != payouts[1].Root || payouts[1].Respondent != payouts[0].Respondent {
		t.Errorf("the newest payout of each address is not under the newest root: %+v", payouts)
	}
	if e := read[wire.Earnings](w, w.as(ann.token, "GET", "/v1/me/earnings", ""), 200); e.OnChain.String() != "0.04" || !e.InEpoch.IsZero() || e.Address != to.String() {
		t.Errorf("earnings: %+v", e)
	}

	// The wallet alone: it waits, and can be cancelled.
	waits := read[wire.AddressChange](w, ann.change(ann.body(ann.wallet, 2, nil), 200), 200)
	if d := waits.Effective.Sub(waits.At.Time); d != 72*time.Hour || waits.Proof != "" {
		t.Errorf("a change of one key: %+v", waits)
	}
	if p := ann.place(); p.Address != to.String() || p.Waits == nil || *p.Waits != waits || len(p.Before) != 0 {
		t.Errorf("while it waits: %+v", p)
	}
	ann.refused("a second that waits", ann.body(polls.Wallet{7}, 3, nil), "address_change_pending")
	w.must(w.server.Pipeline.Log(t.Context())) // from here on it is in the public log, as one that waits
	if r := w.as(ann.token, "DELETE", "/v1/me/payout/address", ""); r.status != 204 {
		t.Errorf("cancelling: %d %s", r.status, r.body)
	}
	if r := w.as(ann.token, "DELETE", "/v1/me/payout/address", ""); r.status != 404 {
		t.Errorf("cancelling again: %d %s", r.status, r.body)
	}
	ann.refused("what was cancelled, sent again", ann.body(ann.wallet, 2, nil), "address_change_number")
	ann.change(ann.body(ann.wallet, 3, nil), 200)
	earn()
	w.ahead.Add(int64(72 * time.Hour))
	ann.token = w.token(ann.r)
	if p := ann.place(); p.Address != ann.wallet.String() || p.Waits != nil {
		t.Errorf("when the time is over: %+v", p)
	}
	earn()
	payouts = read[wire.Payouts](w, w.as(ann.token, "GET", "/v1/me/payouts", ""), 200).Payouts
	if len(payouts) != 4 || payouts[0].Cumulative.String() != "0.04" || payouts[0].Address != ann.wallet.String() || payouts[1].Cumulative.String() != "0.04" || payouts[1].Address != to.String() {
		t.Errorf("payouts: %+v", payouts)
	}

	changes := read[wire.AddressChanges](w, w.as("", "GET", "/v1/records/addresses?limit=2", ""), 200)
	if len(changes.Changes) != 2 || changes.Next == "" || changes.Changes[0] != got || changes.Changes[1].Cancelled == nil {
		t.Errorf("public: %+v", changes)
	}

	w.must(w.server.Pipeline.Log(t.Context()))
	logged, err := w.stores.Log().Leaves(t.Context(), 0, 1000)
	w.must(err)
	saved, _, err := w.stores.Rewards().AddressChanges(t.Context(), tasknet.Page{Limit: 10})
	w.must(err)
	count := 0
	for i := range saved {
		leaves, err := saved[i].Leaves(testInstance)
		w.must(err)
		for _, leaf := range leaves {
			count++
			if at := slices.Index(logged, leaf); at < 0 || slices.Contains(logged[at+1:], leaf) {
				t.Errorf("change %d: leaf %x is not once among those of the public log", saved[i].Number, leaf)
			}
		}
	}
	if count != 4 { // of three changes, one of which was cancelled
		t.Errorf("%d leaves of changes", count)
	}
}

// TestPayoutAddressRefused: what is not signed as it should be, or cannot be paid, changes nothing.
func TestPayoutAddressRefused(t *testing.T) {
	w := newWorld(t)
	ann, bob := w.mover(), w.mover()
	own, err := client.NewKeys()
	w.must(err)
	to := addressOfKeys(ann.domain, own)
	ann.refused("the same address", ann.body(ann.wallet, 1, nil), "same_address")
	ann.refused("the zero address", ann.body(polls.Wallet{}, 1, nil), "address_not_payable")
	ann.refused("the vault", ann.body(polls.Wallet(testChain.Vault), 1, nil), "address_not_payable")
	ann.refused("the token", ann.body(polls.Wallet(testChain.Token), 1, nil), "address_not_payable")
	ann.refused("somebody else's", ann.body(bob.wallet, 1, nil), "address_taken")
	ann.refused("another's signature", bob.body(to, 1, nil), "bad_payout_signature")
	ann.refused("a proof by another key", ann.body(to, 1, &bob.keys), "bad_payout_proof")
	ann.refused("a number too high", ann.body(to, 2, nil), "address_change_number")
	ann.refused("no address", `{"to":"0x12","number":1,"signature":"00"}`, "bad_wallet")
	ann.refused("no signature", fmt.Sprintf(`{"to":%q,"number":1,"signature":"00"}`, to), "bad_signature_form")
	ann.refused("a short proof", fmt.Sprintf(`{"to":%q,"number":1,"signature":%q,"proof":"00"}`, to, fmt.Sprintf("%0130d", 0)), "bad_signature_form")
	ann.refused("a number of 0", ann.body(to, 0, nil), "invalid_request")
	if p := ann.place(); p.Address != ann.wallet.String() || p.Next != 1 || p.Waits != nil {
		t.Errorf("after what was refused: %+v", p)
	}
	sent := ann.body(to, 1, &own)
	ann.change(sent, 200)
	ann.refused("the same again", sent, "address_change_number")
	for _, method := range []string{"GET /v1/me/payout", "POST /v1/me/payout/address", "DELETE /v1/me/payout/address"} {
		var verb, path string
		_, err := fmt.Sscan(method, &verb, &path)
		w.must(err)
		if got := w.as("", verb, path, `{}`); got.status != 401 {
			t.Errorf("%s without a token: %d %s", method, got.status, got.body)
		}
	}

	// Whose wallet is another's payout address cannot register with it.
	r, err := w.client.Respondent(t.Context(), own)
	w.must(err)
	if _, err := r.Register(t.Context()); err == nil || tasknet.Describe(err).Code != "address_taken" {
		t.Errorf("registering an address to which another's pay goes: %v", err)
	}
}

// TestChangesAreTold: that somebody's pay is to go elsewhere is pushed to all their devices at any time of the day, and is there when
// they open the app, until they cancel it.
func TestChangesAreTold(t *testing.T) {
	w := pushWorld(t, pipeline.WebPush, pipeline.FCM)
	m := w.mover()
	for _, place := range []string{`{"web":{"endpoint":"https://push.example.org/send/abc","keys":` + browserKeys(t) + `}}`, `{"fcm":{"token":"cX:APA91"}}`} {
		read[wire.Subscription](w, w.as(m.token, "POST", "/v1/me/push/subscriptions", place), 201)
	}
	read[wire.Wishes](w, w.as(m.token, "PUT", "/v1/me/push/wishes", `{"languages":[],"types":[],"least":"0","quiet":{"from":"00:00","until":"23:59","zone":"UTC"},"per_day":1}`), 200)
	told := func() (channels []string) {
		due, err := w.stores.Pushes().TakePushes(t.Context(), time.Now().Add(time.Hour), time.Now().Add(1000*time.Hour), 10)
		w.must(err)
		for _, p := range due {
			if p.Subject != pipeline.AddressWarnings || p.Subscription.Respondent != m.id {
				t.Errorf("%+v", p)
			}
			channels = append(channels, string(p.Subscription.Channel))
		}
		slices.Sort(channels)
		return channels
	}
	waits := func() *wire.AddressChange { return read[wire.Me](w, w.as(m.token, "GET", "/v1/me", ""), 200).Moves }
	if got := waits(); got != nil || len(told()) > 0 {
		t.Errorf("before: %+v", got)
	}
	body := m.body(polls.Wallet{7}, 1, nil)
	m.change(body, 200)
	m.refused("the same once more", body, "address_change_number")
	if got := told(); !slices.Equal(got, []string{"fcm", "web"}) {
		t.Errorf("told on %v", got)
	}
	if got := waits(); got == nil || got.To != (polls.Wallet{7}).String() {
		t.Errorf("it waits: %+v", got)
	}
	if r := w.as(m.token, "DELETE", "/v1/me/payout/address", ""); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if got := waits(); got != nil || len(told()) > 0 {
		t.Errorf("after it was cancelled: %+v", got)
	}
	own, err := client.NewKeys()
	w.must(err)
	m.change(m.body(addressOfKeys(m.domain, own), 2, &own), 200)
	if got := told(); !slices.Equal(got, []string{"fcm", "web"}) || waits() != nil {
		t.Errorf("of one at once told on %v, and it waits: %+v", got, waits())
	}
}
