package verify

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// A newcomer's pay may wait. All that waits of it for one family of questions is released or
// forfeited at once, and the cause says for which and since when, so that both can be compared with the settlements.
//
// What stays unproven is who is new, that somebody whose pay is released has passed known answers or has waited for long
// enough, and that nothing was released that should have been forfeited.

// share is what waits of somebody's pay for one family of questions.
type share struct {
	amount tasknet.Amount
	since  time.Time // when the first of it was settled
}

// pends adds what a settlement lets wait, of pay for a question of a family.
func (l *ledger) pends(s *settlement, family labeling.FamilyID) {
	for _, e := range s.pending {
		payee := owner(e.Account, rewards.Pending(""))
		if l.pending[payee] == nil {
			l.pending[payee] = make(map[labeling.FamilyID]share)
		}
		of, some := l.pending[payee][family]
		if !some {
			of.since = s.at
		}
		of.amount = of.amount.Add(e.Amount)
		l.pending[payee][family] = of
	}
}

// takes checks that a transaction takes all that waits of somebody's pay for a family since a moment, in milliseconds. Pay of
// a settlement whose record was not found near it (see aheadMost) waits for no family yet.
func (l *ledger) takes(payee string, family labeling.FamilyID, since string, amount tasknet.Amount, wrong func(string, any, any) error) error {
	of := l.pending[payee][family]
	if amount != of.amount {
		return wrong("amount", of.amount.String()+", which waits for "+string(family), amount)
	}
	if want := strconv.FormatInt(of.since.UnixMilli(), 10); since != want {
		return wrong("cause", "since "+want, since)
	}
	if delete(l.pending[payee], family); len(l.pending[payee]) == 0 {
		delete(l.pending, payee)
	}
	return nil
}

// takesAll checks that a transaction takes all that waits of somebody's pay.
func (l *ledger) takesAll(payee string, amount tasknet.Amount, wrong func(string, any, any) error) error {
	var sum tasknet.Amount
	for _, of := range l.pending[payee] {
		sum = sum.Add(of.amount)
	}
	if amount != sum {
		return wrong("amount", sum.String()+", all that waits", amount)
	}
	delete(l.pending, payee)
	return nil
}

// pendingOf returns whose pending pay goes to one other account; nobody when it is something else that goes.
func pendingOf(from, to []rewards.Entry) string {
	if len(from) != 1 || len(to) != 1 {
		return ""
	}
	return owner(from[0].Account, rewards.Pending(""))
}

// releases checks that pending pay becomes final: of somebody who is proven all of it, of others what waits for a family.
func (v *verification) releases(t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	payee := pendingOf(from, to)
	if payee == "" || to[0].Account != rewards.Payee(payee) {
		return wrong("entries", "from somebody's pending pay to their final pay", names(t))
	}
	switch cause := strings.Split(t.Cause, " "); {
	case t.Cause == payee+" proven":
		return v.ledger.takesAll(payee, to[0].Amount, wrong)
	case len(cause) == 3 && cause[0] == payee:
		return v.ledger.takes(payee, labeling.FamilyID(cause[1]), cause[2], to[0].Amount, wrong)
	}
	return wrong("cause", payee+" and that they are proven, or for which family and since when it was pending", t.Cause)
}

// forfeits checks that pending pay is forfeited only of somebody who is void in the public snapshot that the cause names, and
// only what waits for that snapshot's family.
func (v *verification) forfeits(ctx context.Context, t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	payee := pendingOf(from, to)
	if payee == "" || to[0].Account != rewards.ForfeitsAccount {
		return wrong("entries", "from somebody's pending pay to "+string(rewards.ForfeitsAccount), names(t))
	}
	cause := strings.Split(t.Cause, " ")
	if len(cause) != 3 || cause[0] != payee {
		return wrong("cause", payee+", the snapshot that proves it, and since when it was pending", t.Cause)
	}
	snapshot, err := v.snapshot(ctx, cause[1])
	if err != nil {
		return err
	}
	if !snapshot.Known.Void(polls.RespondentID(payee)) {
		return wrong("cause", fmt.Sprintf("a snapshot in which %s is void", payee), t.Cause)
	}
	return v.ledger.takes(payee, snapshot.Family, cause[2], to[0].Amount, wrong)
}
