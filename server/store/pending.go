package store

import (
	"context"
	"math"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

const pendingColumns = `respondent, org, family, amount, since`

// pendingSpan is of how much time what is pending of a person and a family is one row: so rows stay few, and none is released
// more than that before it has waited for as long as it must.
const pendingSpan = time.Hour

// AddPending implements rewards.Store.
func (st rewardStore) AddPending(ctx context.Context, pays []rewards.PendingPay) error {
	writes := make([]statement, len(pays))
	for i, p := range pays {
		writes[i] = statement{
			`INSERT INTO pending (` + pendingColumns + `, hour) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (respondent, family, hour) DO UPDATE SET amount = pending.amount + excluded.amount, since = CASE WHEN excluded.since < pending.since THEN excluded.since ELSE pending.since END`,
			[]any{p.Payee, p.Org, p.Family, p.Amount.Micro(), micros(p.Since), micros(p.Since) / pendingSpan.Microseconds()},
		}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, writes)
		return err
	})
}

// TakePending implements rewards.Store. Whoever adds to it has the ledger's lock.
func (st rewardStore) TakePending(ctx context.Context, payee, org, family string, through time.Time) (taken []rewards.PendingPay, err error) {
	err = st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		const which = ` FROM pending WHERE respondent = $1 AND (family = $3 OR $3 = '' AND org = $2) AND since <= $4`
		last := int64(math.MaxInt64)
		if !through.IsZero() {
			last = micros(through)
		}
		if taken, err = pendingPays(ctx, db, `SELECT `+pendingColumns+which+` ORDER BY family, since`, payee, org, family, last); err != nil {
			return err
		}
		_, err := db.exec(ctx, `DELETE`+which, payee, org, family, last)
		return err
	})
	return taken, err
}

// PendingOf implements rewards.Store.
func (st rewardStore) PendingOf(ctx context.Context, payee string) ([]rewards.PendingPay, error) {
	return st.pending(ctx, `SELECT `+pendingColumns+` FROM pending WHERE respondent = $1 ORDER BY family, since`, payee)
}

// PendingIn implements rewards.Store.
func (st rewardStore) PendingIn(ctx context.Context, family string) ([]rewards.PendingPay, error) {
	return st.pending(ctx, `SELECT `+pendingColumns+` FROM pending WHERE family = $1 ORDER BY respondent, since`, family)
}

// PendingBefore implements rewards.Store.
func (st rewardStore) PendingBefore(ctx context.Context, at time.Time, limit int) ([]rewards.PendingPay, error) {
	return st.pending(ctx, `SELECT `+pendingColumns+` FROM pending WHERE since <= $1 ORDER BY since, respondent, family LIMIT $2`, micros(at), limit)
}

func (st rewardStore) pending(ctx context.Context, text string, args ...any) (pays []rewards.PendingPay, err error) {
	err = st.read(ctx, func(db querier) error {
		pays, err = pendingPays(ctx, db, text, args...)
		return err
	})
	return pays, err
}

func pendingPays(ctx context.Context, db querier, text string, args ...any) (pays []rewards.PendingPay, err error) {
	err = db.query(ctx, func(r row) error {
		var p rewards.PendingPay
		var amount, since int64
		err := r.Scan(&p.Payee, &p.Org, &p.Family, &amount, &since)
		p.Amount, p.Since = tasknet.Micro(amount), timeOf(since)
		pays = append(pays, p)
		return err
	}, text, args...)
	return pays, err
}
