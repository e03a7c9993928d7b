package api

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/rates"
	"github.com/tasknet/tasknet/server/wire"
)

// TestTokenRate: what the token is worth is told where somebody knows it.
func TestTokenRate(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var now *rates.Rate
	w := newWorld(t, func(d *Deps) { d.Rate = func() *rates.Rate { return now } })
	told := func() *wire.Rate {
		t.Helper()
		return read[wire.Instance](w, w.as("", "GET", "/v1/instance", ""), 200).Token.Rate
	}
	if got := told(); got != nil {
		t.Errorf("when nobody knows: %+v", got)
	}
	now = &rates.Rate{Currency: "EUR", PerToken: "0.93"}
	if got := told(); got == nil || got.Currency != "EUR" || got.PerToken != "0.93" || got.At != nil || got.Stale {
		t.Errorf("a rate that is set: %+v", got)
	}
	now = &rates.Rate{Currency: "EUR", PerToken: "0.93", At: at, Stale: true}
	if got := told(); got == nil || got.At == nil || !got.At.Equal(at) || !got.Stale {
		t.Errorf("an old rate: %+v", got)
	}
}
