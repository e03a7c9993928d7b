package store

import (
	"context"

	"github.com/tasknet/tasknet"
)

// errNoPayee reports a payee who is not known.
var errNoPayee = tasknet.NewError(tasknet.NotFound, "no_such_payee", "This payee is not known here.")

// SetLeast implements rewards.Store.
func (st rewardStore) SetLeast(ctx context.Context, payee string, least tasknet.Amount) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE payees SET least = $2 WHERE payee = $1`, payee, least.Micro())
		if err == nil && n == 0 {
			return errNoPayee
		}
		return err
	})
}

// Least implements rewards.Store.
func (st rewardStore) Least(ctx context.Context, payee string) (least tasknet.Amount, err error) {
	err = st.read(ctx, func(db querier) error {
		var micro int64
		_, err := get(ctx, db, []any{&micro}, `SELECT least FROM payees WHERE payee = $1`, payee)
		least = tasknet.Micro(micro)
		return err
	})
	return least, err
}
