package verify

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// A newcomer's pay may wait. Of one family of questions the oldest of it is released once it has waited for long enough, and
// all of it when it is forfeited. The cause says for which family and since when, so that both can be compared with the
// settlements.
//
// What stays unproven is who is new, that somebody whose pay is released has passed known answers or has waited for long
// enough, and that nothing was released that should have been forfeited.

// share is what waits of somebody's pay for a question.
type share struct {
	amount tasknet.Amount
	since  time.Time // when it was settled
	org    string    // who asked
}

// pends adds what a settlement lets wait, of pay for a question of a family. What was settled earlier is before it: servers
// whose clocks differ write the ledger in another order.
func (l *ledger) pends(s *settlement, family labeling.FamilyID) {
	for _, e := range s.pending {
		payee := owner(e.Account, rewards.Pending(""))
		if l.pending[payee] == nil {
			l.pending[payee] = make(map[labeling.FamilyID][]share)
		}
		of := l.pending[payee][family]
		at := len(of)
		for at > 0 && of[at-1].since.After(s.at) {
			at--
		}
		l.pending[payee][family] = slices.Insert(of, at, share{e.Amount, s.at, s.org})
	}
}

// sumOf sums shares.
func sumOf(of []share) (sum tasknet.Amount) {
	for _, s := range of {
		sum = sum.Add(s.amount)
	}
	return sum
}

// takes checks that a transaction takes the n oldest shares of somebody's pay that waits for a family, since a moment, in
// milliseconds. Pay of a settlement whose record was not found near it (see aheadMost) waits for no family yet.
func (l *ledger) takes(payee string, family labeling.FamilyID, n int, since string, amount tasknet.Amount, wrong func(string, any, any) error) error {
	of := l.pending[payee][family]
	if sum := sumOf(of[:n]); n == 0 || amount != sum {
		return wrong("amount", sum.String()+", which waits for "+string(family), amount)
	}
	if want := strconv.FormatInt(of[0].since.UnixMilli(), 10); since != want {
		return wrong("cause", "since "+want, since)
	}
	if l.pending[payee][family] = of[n:]; n == len(of) {
		delete(l.pending[payee], family)
	}
	if len(l.pending[payee]) == 0 {
		delete(l.pending, payee)
	}
	return nil
}

// oldest returns how many of the oldest shares of somebody's pay that waits for a family make up an amount; all of them when
// it is another.
func (l *ledger) oldest(payee string, family labeling.FamilyID, amount tasknet.Amount) int {
	of := l.pending[payee][family]
	var sum tasknet.Amount
	for i, s := range of {
		if sum = sum.Add(s.amount); sum == amount {
			return i + 1
		}
	}
	return len(of)
}

// takesAll checks that a transaction takes all that waits of somebody's pay from an organisation; from all when that is empty.
func (l *ledger) takesAll(payee, org string, amount tasknet.Amount, wrong func(string, any, any) error) error {
	var sum tasknet.Amount
	for family, of := range l.pending[payee] {
		if len(of) > 0 && (org == "" || of[0].org == org) {
			sum = sum.Add(sumOf(of))
			delete(l.pending[payee], family)
		}
	}
	if amount != sum {
		return wrong("amount", sum.String()+", all that waits", amount)
	}
	if len(l.pending[payee]) == 0 {
		delete(l.pending, payee)
	}
	return nil
}

// pendingOf returns whose pending pay goes to one other account; nobody when it is something else that goes.
func pendingOf(from, to []rewards.Entry) string {
	if len(from) != 1 || len(to) != 1 {
		return ""
	}
	return owner(from[0].Account, rewards.Pending(""))
}

// releases checks that pending pay becomes final: of somebody who is proven all of it from an organisation, of others the
// oldest of what waits for a family. Until it was by organisations, it was all of it.
func (v *verification) releases(t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	payee := pendingOf(from, to)
	if payee == "" || to[0].Account != rewards.Payee(payee) {
		return wrong("entries", "from somebody's pending pay to their final pay", names(t))
	}
	switch cause := strings.Split(t.Cause, " "); {
	case t.Cause == payee+" proven":
		return v.ledger.takesAll(payee, "", to[0].Amount, wrong)
	case len(cause) == 3 && cause[0] == payee && cause[1] == "proven" && cause[2] != "":
		return v.ledger.takesAll(payee, cause[2], to[0].Amount, wrong)
	case len(cause) == 3 && cause[0] == payee:
		family, amount := labeling.FamilyID(cause[1]), to[0].Amount
		return v.ledger.takes(payee, family, v.ledger.oldest(payee, family, amount), cause[2], amount, wrong)
	}
	return wrong("cause", payee+" and that they are proven, or for which family and since when it was pending", t.Cause)
}

// forfeits checks that pending pay is forfeited only of somebody who is void in the public snapshot that the cause names, and
// all that waits for that snapshot's family.
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
	if err := v.explained(snapshot, ""); err != nil {
		return err
	}
	return v.ledger.takes(payee, snapshot.Family, len(v.ledger.pending[payee][snapshot.Family]), cause[2], to[0].Amount, wrong)
}
