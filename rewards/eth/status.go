package eth

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
)

// Status is what an operator wants to know of sending and reading.
type Status struct {
	Sending []Sending // under way now, of each key that has something
	Out     []LeftOut // endpoints whose word does not count now
	Of      int       // how many endpoints there are
}

// Sending is a transaction that is not mined yet.
type Sending struct {
	Doing    string
	From     rewards.Address
	Nonce    uint64
	Tx       rewards.Hash // of the newest attempt; zero before the first
	Attempts int
	FeeCap   *big.Int // of the newest attempt, in wei for a unit of gas; nil before the first
	Since    time.Time
}

// LeftOut is an endpoint that is not believed now.
type LeftOut struct {
	Number int    // in the order that they were given in, from 1
	Host   string // the rest of its address often carries a key
	Why    string
}

// String says the status in one line, without the endpoints' names: it may be shown to anybody.
func (s Status) String() string {
	parts := make([]string, 0, len(s.Sending)+len(s.Out))
	for _, t := range s.Sending {
		fee := "not sent yet"
		if t.FeeCap != nil {
			gwei, _ := new(big.Rat).SetFrac(t.FeeCap, big.NewInt(params.GWei)).Float64()
			fee = fmt.Sprintf("0x%x, attempt %d, at most %.3g gwei", t.Tx, t.Attempts, gwei)
		}
		parts = append(parts, fmt.Sprintf("%s, nonce %d, since %s (%s)", t.Doing, t.Nonce, t.Since.UTC().Format(time.RFC3339), fee))
	}
	for _, e := range s.Out {
		parts = append(parts, fmt.Sprintf("endpoint %d of %d is left out: %s", e.Number, s.Of, e.Why))
	}
	return strings.Join(parts, "; ")
}

// follow has the status tell of a slot.
func (s *sender) follow(doing string, sl *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.under == nil {
		s.since = s.now()
	}
	sl.doing = doing
	s.doing, s.under = doing, sl
}

// idle has the status tell of nothing.
func (s *sender) idle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.under = nil
}

// status returns what is under way.
func (s *sender) status() []Sending {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.under == nil {
		return nil
	}
	t := Sending{Doing: s.doing, From: rewards.Address(s.under.key.account()), Nonce: s.under.body.Nonce, Attempts: len(s.under.attempts), Since: s.since}
	if t.Attempts > 0 {
		newest := s.under.attempts[t.Attempts-1]
		t.Tx, t.FeeCap = rewards.Hash(newest.Hash()), newest.GasFeeCap()
	}
	return []Sending{t}
}

// Status returns what is under way, and which endpoints are left out.
func (c *Chain) Status() Status {
	out := Status{Sending: c.poster.status(), Of: 1}
	if c.relayer != c.poster {
		out.Sending = append(out.Sending, c.relayer.status()...)
	}
	if many, ok := c.backend.(*endpoints); ok {
		out.Of, out.Out = len(many.all), many.leftOut()
	}
	return out
}
