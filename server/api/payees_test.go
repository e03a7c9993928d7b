package api

import (
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestLeastPayout: who wants larger payouts waits for them, and nobody else does.
func TestLeastPayout(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(1_000_000))
	ann, bob := w.person(), w.person()
	token := w.token(ann)
	earnings := func() wire.Earnings { return read[wire.Earnings](w, w.as(token, "GET", "/v1/me/earnings", ""), 200) }
	if got := read[wire.PayoutTerms](w, w.as(token, "PUT", "/v1/me/payout", `{"least":"0.03"}`), 200); got.Least.String() != "0.03" {
		t.Errorf("terms: %+v", got)
	}
	for range 2 {
		q := w.ask(`{"text":"Which?","choices":["a","b"],"price":"0.02","quorum":{"policy":"fixed:2"}}`)
		w.answer(ann, q.ID, 0)
		w.answer(bob, q.ID, 0)
		w.closed(q.ID)
		w.epoch(false)
		if e := earnings(); e.Least.String() != "0.03" || e.Yours.Add(e.InEpoch) != e.Days[13].Amount || e.Yours.IsZero() != (e.Days[13].Answers == 2) {
			t.Errorf("earnings: %+v", e)
		}
	}
	if e := earnings(); e.InEpoch.String() != "0.04" {
		t.Errorf("what waited is paid at once: %+v", e)
	}
	for body, code := range map[string]string{`{"least":"-0.01"}`: "least_out_of_range", `{"least":"1000.000001"}`: "least_out_of_range", `{"least":"0.0000001"}`: "invalid_request", `{}`: "invalid_request", `{"least":1}`: "invalid_request"} {
		if got := read[wire.Problem](w, w.as(token, "PUT", "/v1/me/payout", body), 400); got.Code != code {
			t.Errorf("%s: %+v, want %s", body, got, code)
		}
	}
	if e := earnings(); e.Least.String() != "0.03" {
		t.Errorf("after what was refused: %+v", e)
	}
	if got := w.as("", "PUT", "/v1/me/payout", `{"least":"1"}`); got.status != 401 {
		t.Errorf("without a token: %d %s", got.status, got.body)
	}
}
