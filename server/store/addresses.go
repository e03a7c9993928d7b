package store

import (
	"context"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// currentPayee is an expression for the payee to whom a person's pay goes at a moment.
func currentPayee(person, at string) string {
	return `COALESCE((SELECT c.payee FROM address_changes c WHERE c.person = ` + person + ` AND c.cancelled_at = 0 AND c.effective_at <= ` + at +
		` ORDER BY c.number DESC LIMIT 1), ` + person + `)`
}

// ChangeAddress implements rewards.Store.
func (st rewardStore) ChangeAddress(ctx context.Context, c rewards.AddressChange) (saved rewards.AddressChange, err error) {
	err = st.write(ctx, func(db querier) error {
		saved = c
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil { // so that no epoch is planned meanwhile
				return err
			}
			before, err := changesOf(ctx, db, c.Person)
			if err != nil {
				return err
			}
			if err := follows(ctx, db, before, c); err != nil {
				return err
			}
			payee, err := payeeAt(ctx, db, c.Person, c.To)
			if err != nil {
				return err
			}
			var planned, seq int64
			if _, err := get(ctx, db, []any{&planned, &seq}, `SELECT COALESCE((SELECT MAX(at) FROM epochs), 0), COALESCE((SELECT MAX(seq) FROM address_changes), 0) + 1`); err != nil {
				return err
			}
			saved.Effective = c.Effective.Truncate(time.Millisecond)
			if after := timeOf(planned).Truncate(time.Millisecond).Add(time.Millisecond); planned > 0 && saved.Effective.Before(after) {
				saved.Effective = after
			}
			_, err = db.exec(ctx, `INSERT INTO address_changes (seq, `+changeColumns+`, payee) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)`,
				seq, c.Person, c.Number, c.Wallet[:], c.To[:], c.Signature, append([]byte{}, c.Proof...), micros(c.At), micros(saved.Effective), payee)
			return err
		})
	})
	return saved, err
}

// follows reports whether a change can come after those that a person made before.
func follows(ctx context.Context, db querier, before []rewards.AddressChange, c rewards.AddressChange) error {
	var known []byte
	found, err := get(ctx, db, []any{&known}, `SELECT address FROM payees WHERE payee = $1`, c.Person)
	switch {
	case err != nil:
		return err
	case !found:
		return errNoPayee
	case c.Number != int64(len(before))+1:
		return rewards.ErrChangeNumber
	case len(before) >= rewards.AddressChangesMax:
		return rewards.ErrChangesMax
	}
	now := rewards.Address(known)
	for _, b := range before {
		if !b.Cancelled.IsZero() {
			continue
		}
		if now = b.To; !b.Holds(c.At) {
			return rewards.ErrChangePending
		}
	}
	if c.To == now {
		return rewards.ErrSameAddress
	}
	return nil
}

// payeeAt returns the payee that a person is at an address, and makes one when their pay never went there.
func payeeAt(ctx context.Context, db querier, person string, a rewards.Address) (payee string, err error) {
	var whose string
	found, err := get(ctx, db, []any{&payee, &whose}, `SELECT payee, person FROM payees WHERE address = $1`, a[:])
	if err != nil || found && whose == person {
		return payee, err
	}
	if found {
		return "", rewards.ErrAddressTaken
	}
	payee = rewards.PayeeAt(person, a)
	_, err = db.exec(ctx, `INSERT INTO payees (payee, person, address, cumulative, claimed) VALUES ($1, $2, $3, 0, 0)`, payee, person, a[:])
	return payee, err
}

// CancelChange implements rewards.Store. An address to which nothing was ever paid is free for others again.
func (st rewardStore) CancelChange(ctx context.Context, person string, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil {
				return err
			}
			n, err := db.exec(ctx, `UPDATE address_changes SET cancelled_at = $2
				WHERE person = $1 AND cancelled_at = 0 AND effective_at > $2 AND effective_at > COALESCE((SELECT MAX(at) FROM epochs), 0)`, person, micros(at))
			if err != nil {
				return err
			}
			if n == 0 {
				return rewards.ErrNoChangeWaits
			}
			_, err = db.exec(ctx, `DELETE FROM payees WHERE person = $1 AND payee <> $1
				AND NOT EXISTS (SELECT 1 FROM address_changes c WHERE c.person = $1 AND c.payee = payees.payee AND c.cancelled_at = 0)
				AND NOT EXISTS (SELECT 1 FROM payouts p WHERE p.payee = payees.payee)`, person)
			return err
		})
	})
}

const changeColumns = `person, number, wallet, address, signature, proof, at, effective_at, cancelled_at`

func scanChange(r row, more ...any) (c rewards.AddressChange, err error) {
	var wallet, address []byte
	var at, effective, cancelled int64
	err = r.Scan(append([]any{&c.Person, &c.Number, &wallet, &address, &c.Signature, &c.Proof, &at, &effective, &cancelled}, more...)...)
	copy(c.Wallet[:], wallet)
	copy(c.To[:], address)
	c.At, c.Effective, c.Cancelled = timeOf(at), timeOf(effective), timeOf(cancelled)
	return c, err
}

// ChangesOf implements rewards.Store.
func (st rewardStore) ChangesOf(ctx context.Context, person string) (list []rewards.AddressChange, err error) {
	err = st.read(ctx, func(db querier) error {
		list, err = changesOf(ctx, db, person)
		return err
	})
	return list, err
}

func changesOf(ctx context.Context, db querier, person string) (list []rewards.AddressChange, err error) {
	err = db.query(ctx, func(r row) error {
		c, err := scanChange(r)
		list = append(list, c)
		return err
	}, `SELECT `+changeColumns+` FROM address_changes WHERE person = $1 ORDER BY number`, person)
	return list, err
}

// AddressChanges implements rewards.Store.
func (st rewardStore) AddressChanges(ctx context.Context, page tasknet.Page) ([]rewards.AddressChange, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (rewards.AddressChange, string, error) {
		var seq int64
		c, err := scanChange(r, &seq)
		return c, strconv.FormatInt(seq, 10), err
	}, `SELECT `+changeColumns+`, seq FROM address_changes WHERE seq > $1 ORDER BY seq`, after)
}

// PayeesOf implements rewards.Store.
func (st rewardStore) PayeesOf(ctx context.Context, person string) (list []rewards.Paid, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var p rewards.Paid
			var address []byte
			err := r.Scan(&p.Payee, &address)
			copy(p.Address[:], address)
			list = append(list, p)
			return err
		}, `SELECT payee, address FROM payees WHERE person = $1 ORDER BY payee`, person)
	})
	return list, err
}
