package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Wallets are free: who is found out with one comes back with another. So what somebody earns among golds is theirs only when
// they have passed some, or when nobody has proven for long that it was worth nothing.

// HoldDefault is for how long a newcomer's pay waits at the most.
const HoldDefault = 7 * 24 * time.Hour

// releaseBatch is of how many newcomers pay is read at once that has waited for long enough.
const releaseBatch = 100

// newcomers returns to whom of those who answered a question pay is pending. It is asked under the ledger's lock, so that
// nobody's pay is added to what is pending after it was released.
func (p *Pipeline) newcomers(ctx context.Context, tx Tx, q *polls.Question) (map[polls.RespondentID]bool, error) {
	if !p.cfg.HoldNewcomers {
		return nil, nil
	}
	people, err := tx.Labels().Newcomers(ctx, q.ID)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	of := make(map[polls.RespondentID]bool, len(people))
	for _, id := range people {
		of[id] = true
	}
	return of, nil
}

// addPending keeps by which family of questions newcomers earned what a bill pays them.
func addPending(ctx context.Context, tx Tx, q *polls.Question, bill rewards.Bill, at time.Time) error {
	var pays []rewards.PendingPay
	for _, pay := range bill.Pays {
		if pay.Pending {
			pays = append(pays, rewards.PendingPay{Payee: pay.Payee, Org: string(q.Org), Amount: pay.Amount, Since: at})
		}
	}
	if len(pays) == 0 {
		return nil
	}
	family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	if err != nil {
		return err
	}
	for i := range pays {
		pays[i].Family = string(family)
	}
	return tx.Rewards().AddPending(ctx, pays)
}

// judge makes all pay of an organisation final that is pending of people whom a lesson shows to be no newcomers any more, and forfeits what
// those earned in its family who are void in it. Each person has a transaction of their own: the ledger is not kept from
// others for long, and never while the family is, which closing questions lock after it. Who is left out by a server that
// stops is found by the next lesson, or when their pay is old.
func (p *Pipeline) judge(ctx context.Context, l labeling.Learned) error {
	fresh, err := p.stores.Labels().Unproven(ctx, l.Org, l.Passed)
	if err != nil {
		return err
	}
	for _, id := range fresh {
		p.try(string(id), p.stores.InTx(ctx, func(tx Tx) error { return prove(ctx, tx, l, id) }))
	}
	if l.Snapshot == nil {
		return nil
	}
	pending, err := p.stores.Rewards().PendingIn(ctx, string(l.Family))
	if err != nil {
		return err
	}
	for _, pay := range pending {
		if !l.Snapshot.Known.Void(polls.RespondentID(pay.Payee)) {
			continue
		}
		p.try(pay.Payee, p.stores.InTx(ctx, func(tx Tx) error {
			pays, err := tx.Rewards().TakePending(ctx, pay.Payee, pay.Org, pay.Family, time.Time{})
			if err != nil {
				return err
			}
			return forfeit(ctx, tx, pays, l.Snapshot.Hash, l.At)
		}))
	}
	return ctx.Err()
}

// try notes what failed for one person, which is to keep nothing from others.
func (p *Pipeline) try(payee string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		p.cfg.Log.Error("a newcomer's pay was not decided about", "respondent", payee, "error", err)
	}
}

// prove notes that somebody is no newcomer with an organisation any more, and releases all of their pay from it: what others
// hold back is decided by the golds of these.
func prove(ctx context.Context, tx Tx, l labeling.Learned, id polls.RespondentID) error {
	fresh, err := tx.Labels().Prove(ctx, l.Org, l.Family, id, l.At)
	if err != nil || !fresh {
		return err
	}
	pays, err := tx.Rewards().TakePending(ctx, string(id), string(l.Org), "", time.Time{})
	if err != nil || len(pays) == 0 {
		return err
	}
	return tx.Rewards().Post(ctx, rewards.Release(string(id)+" proven "+string(l.Org), pays, l.At))
}

// forfeit gives pending pay of one family to nobody, by the snapshot that proves that it was for nothing: the cause names it.
func forfeit(ctx context.Context, tx Tx, pays []rewards.PendingPay, snapshot string, at time.Time) error {
	if len(pays) == 0 {
		return nil
	}
	return tx.Rewards().Post(ctx, rewards.Forfeit(pays[0].Payee+" "+snapshot+" "+millis(pays[0].Since), pays, at))
}

// ReleaseOld makes pay final that has been pending for long enough. Whose pay cannot be released is passed over until the
// next time.
func (p *Pipeline) ReleaseOld(ctx context.Context) error {
	stuck := 0
	for ctx.Err() == nil {
		old, err := p.stores.Rewards().PendingBefore(ctx, p.now().Add(-p.cfg.Hold), releaseBatch+stuck)
		if err != nil {
			return err
		}
		before := stuck
		for _, pay := range old[min(stuck, len(old)):] {
			if err := p.stores.InTx(ctx, func(tx Tx) error { return p.releaseOne(ctx, tx, pay) }); err != nil {
				p.try(pay.Payee, err)
				stuck++
			}
		}
		if len(old)-before < releaseBatch {
			return nil
		}
	}
	return ctx.Err()
}

// releaseOne releases what has been pending of somebody and a family since a moment or longer.
func (p *Pipeline) releaseOne(ctx context.Context, tx Tx, old rewards.PendingPay) error {
	pays, err := tx.Rewards().TakePending(ctx, old.Payee, old.Org, old.Family, old.Since)
	if err != nil || len(pays) == 0 { // another server was faster
		return err
	}
	snapshot, err := tx.Labels().VoidBy(ctx, labeling.FamilyID(old.Family), polls.RespondentID(old.Payee))
	if err != nil {
		return err
	}
	if snapshot != "" { // it was earned while that was learned, and so was what came after it
		rest, err := tx.Rewards().TakePending(ctx, old.Payee, old.Org, old.Family, time.Time{})
		if err != nil {
			return err
		}
		return forfeit(ctx, tx, append(pays, rest...), snapshot, p.now())
	}
	return tx.Rewards().Post(ctx, rewards.Release(old.Payee+" "+old.Family+" "+millis(pays[0].Since), pays, p.now()))
}

// Pending returns what is pending of a respondent's pay, and when all of it is released at the latest if nothing is proven.
func (p *Pipeline) Pending(ctx context.Context, id polls.RespondentID) (sum tasknet.Amount, until time.Time, err error) {
	pays, err := p.stores.Rewards().PendingOf(ctx, string(id))
	for _, pay := range pays {
		sum = sum.Add(pay.Amount)
		if end := p.WaitsUntil(pay); end.After(until) {
			until = end
		}
	}
	return sum, until, err
}

// WaitsUntil returns when pending pay is released at the latest, if it is not forfeited.
func (p *Pipeline) WaitsUntil(pay rewards.PendingPay) time.Time { return pay.Since.Add(p.cfg.Hold) }

// Forfeited returns by which snapshot a closed question's pay of somebody was forfeited that was pending; empty when it was not:
// the first forfeit of its family after its settlement that takes what has been pending since then or before.
func (p *Pipeline) Forfeited(ctx context.Context, q *polls.Question, by polls.RespondentID) (snapshot string, err error) {
	forfeits, err := p.stores.Rewards().TakenAfter(ctx, rewards.Pending(string(by)), rewards.ForfeitTx, string(q.ID))
	if err != nil || len(forfeits) == 0 {
		return "", err
	}
	family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	if err != nil {
		return "", err
	}
	for _, t := range forfeits {
		cause := strings.Split(t.Cause, " ")
		if len(cause) != 3 {
			return "", fmt.Errorf("a forfeit for %q", t.Cause)
		}
		since, err := strconv.ParseInt(cause[2], 10, 64)
		if err != nil {
			return "", err
		}
		s, err := p.stopper.Snapshot(ctx, cause[1])
		if err != nil {
			return "", err
		}
		if s.Family == family && since <= q.ClosedAt.UnixMilli() {
			return s.Hash, nil
		}
	}
	return "", nil
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
