package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

const deliveryColumns = `d.number, d.lease, d.job, l.part, l.copy, l.from_row, l.to_row, l.node, d.key, d.owner, l.domain, l.receipt, d.pay, d.fee, d.state, d.why, d.at`

const fromDeliveries = ` FROM deliveries d JOIN leases l ON l.id = d.lease`

func scanDelivery(r row, more ...any) (*compute.Delivery, error) {
	var d compute.Delivery
	var key []byte
	var receipt string
	var pay, fee, at int64
	if err := r.Scan(append([]any{&d.Number, &d.Lease, &d.Job, &d.Part, &d.Copy, &d.From, &d.To, &d.Node, &key, &d.Owner, &d.Domain, &receipt, &pay, &fee, &d.State, &d.Why, &at}, more...)...); err != nil {
		return nil, err
	}
	copy(d.Key[:], key)
	d.Pay, d.Fee, d.At = tasknet.Micro(pay), tasknet.Micro(fee), timeOf(at)
	if err := json.Unmarshal([]byte(receipt), &d.Receipt); err != nil {
		return nil, fmt.Errorf("receipt of %s: %w", d.Lease, err)
	}
	return &d, nil
}

// AddDelivery implements compute.WorkStore.
func (st jobStore) AddDelivery(ctx context.Context, d *compute.Delivery) error {
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, append(db.orderLock(), statement{
			`INSERT INTO deliveries (number, lease, job, key, owner, pay, fee, state, why, at)
			VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM deliveries), $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			[]any{string(d.Lease), string(d.Job), d.Key[:], string(d.Owner), d.Pay.Micro(), d.Fee.Micro(), string(d.State), string(d.Why), micros(d.At)},
		}))
	})
}

// SaveDeliveries implements compute.WorkStore.
func (st jobStore) SaveDeliveries(ctx context.Context, list ...*compute.Delivery) error {
	batch := make([]statement, len(list))
	for i, d := range list {
		batch[i] = statement{`UPDATE deliveries SET state = $2, why = $3 WHERE lease = $1 AND state = 'held'`, []any{string(d.Lease), string(d.State), string(d.Why)}}
	}
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		_, err := db.execAll(ctx, batch)
		return err
	})
}

func (st jobStore) deliveries(ctx context.Context, text string, args ...any) (list []*compute.Delivery, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			d, err := scanDelivery(r)
			list = append(list, d)
			return err
		}, `SELECT `+deliveryColumns+fromDeliveries+text, args...)
	})
	return list, err
}

// Deliveries implements compute.WorkStore. Whoever changes some has the lock of order.
func (st jobStore) Deliveries(ctx context.Context, id compute.JobID) (list []*compute.Delivery, err error) {
	return st.deliveries(ctx, ` WHERE d.job = $1 ORDER BY d.number`, string(id))
}

// DeliveriesAfter implements compute.WorkStore.
func (st jobStore) DeliveriesAfter(ctx context.Context, number int64, limit int) ([]*compute.Delivery, error) {
	return st.deliveries(ctx, ` WHERE d.number > $1 ORDER BY d.number LIMIT $2`, number, limit)
}

// DeliveriesOf implements compute.WorkStore.
func (st jobStore) DeliveriesOf(ctx context.Context, owner polls.RespondentID, page tasknet.Page) ([]compute.OwnDelivery, string, error) {
	var where conditions
	where.add(`d.owner = $`, string(owner))
	if page.After != "" {
		before, err := cursorNumber(page, 0)
		if err != nil {
			return nil, "", err
		}
		where.add(`d.number < $`, before)
	}
	return readPage(ctx, st, page, func(r row) (own compute.OwnDelivery, cursor string, err error) {
		var ended int64
		d, err := scanDelivery(r, &own.Kind, &ended)
		if err != nil {
			return own, "", err
		}
		own.Delivery, own.Ended = *d, timeOf(ended)
		return own, strconv.FormatInt(d.Number, 10), nil
	}, `SELECT `+deliveryColumns+`, j.kind, j.ended_at`+fromDeliveries+` JOIN jobs j ON j.id = d.job`+where.text()+` ORDER BY d.number DESC`, where.args...)
}

// Earned implements compute.WorkStore.
func (st jobStore) Earned(ctx context.Context, owner polls.RespondentID, s compute.PayState) (sum tasknet.Amount, err error) {
	var micro int64
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&micro}, `SELECT CAST(COALESCE(SUM(pay), 0) AS BIGINT) FROM deliveries WHERE owner = $1 AND state = $2`, string(owner), string(s))
		return err
	})
	return tasknet.Micro(micro), err
}

// RefuseHeld implements compute.WorkStore.
func (st jobStore) RefuseHeld(ctx context.Context, owner polls.RespondentID, why compute.Refusal) error {
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		_, err := db.exec(ctx, `UPDATE deliveries SET state = 'refused', why = $2 WHERE owner = $1 AND state = 'held'`, string(owner), string(why))
		return err
	})
}

const checkColumns = `job, part, audit, state, opened_at, closed_at, results, networks`

func scanCheck(r row) (*compute.Check, error) {
	var c compute.Check
	var audit int
	var opened, closed int64
	var results string
	if err := r.Scan(&c.Job, &c.Part, &audit, &c.State, &opened, &closed, &results, &c.Networks); err != nil {
		return nil, err
	}
	c.Audit, c.OpenedAt, c.ClosedAt = audit == 1, timeOf(opened), timeOf(closed)
	if err := json.Unmarshal([]byte(results), &c.Results); err != nil {
		return nil, fmt.Errorf("check of part %d of %s: %w", c.Part, c.Job, err)
	}
	return &c, nil
}

// SaveCheck implements compute.WorkStore.
func (st jobStore) SaveCheck(ctx context.Context, c *compute.Check) error {
	results, err := json.Marshal(c.Results)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, []statement{{
			`INSERT INTO checks (` + checkColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (job, part) DO UPDATE SET state = $4, closed_at = $6, results = $7, networks = $8`,
			[]any{string(c.Job), c.Part, number(c.Audit), string(c.State), micros(c.OpenedAt), micros(c.ClosedAt), string(results), c.Networks},
		}})
	})
}

func (st jobStore) checks(ctx context.Context, text string, args ...any) (list []*compute.Check, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			c, err := scanCheck(r)
			list = append(list, c)
			return err
		}, text, args...)
	})
	return list, err
}

// Checks implements compute.WorkStore.
func (st jobStore) Checks(ctx context.Context, id compute.JobID) ([]*compute.Check, error) {
	return st.checks(ctx, `SELECT `+checkColumns+` FROM checks WHERE job = $1 ORDER BY part`, string(id))
}

// ReadyChecks implements compute.WorkStore.
func (st jobStore) ReadyChecks(ctx context.Context, before time.Time, limit int) ([]*compute.Check, error) {
	return st.checks(ctx, `SELECT `+qualified(checkColumns, "c")+` FROM checks c JOIN jobs j ON j.id = c.job WHERE c.state = 'open' AND (c.opened_at <= $1 AND EXISTS (SELECT 1 FROM parts p WHERE p.job = c.job AND p.number = c.part AND p.state = 'done') OR j.state IN ('failed', 'cancelled')
		OR NOT EXISTS (SELECT 1 FROM parts p WHERE p.job = c.job AND p.number = c.part AND p.state <> 'done'))
		AND NOT EXISTS (SELECT 1 FROM trials t WHERE t.job = c.job AND t.part = c.part AND t.state = 'open') ORDER BY c.opened_at LIMIT $2`, micros(before), limit)
}

// CopiesOf implements compute.WorkStore.
func (st jobStore) CopiesOf(ctx context.Context, id compute.JobID, n int) (list []*compute.Part, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var s scannedPart
			if err := r.Scan(s.dest()...); err != nil {
				return err
			}
			p, err := s.part()
			list = append(list, p)
			return err
		}, `SELECT `+partColumns+` FROM parts WHERE job = $1 AND number = $2 ORDER BY copy`, string(id), n)
	})
	return list, err
}

// JobsAfter implements compute.WorkStore.
func (st jobStore) JobsAfter(ctx context.Context, number int64, limit int) (list []*compute.Job, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			j, err := scanJob(r)
			list = append(list, j)
			return err
		}, `SELECT `+jobColumns+` FROM jobs WHERE number > $1 ORDER BY number LIMIT $2`, number, limit)
	})
	return list, err
}

func (st jobStore) jobIDs(ctx context.Context, text string, args ...any) (ids []compute.JobID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, func(r row) error {
			var id compute.JobID
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		}, text, args...)
	})
	return ids, err
}

// DueJobs implements compute.WorkStore.
func (st jobStore) DueJobs(ctx context.Context, before time.Time, limit int) ([]compute.JobID, error) {
	return st.jobIDs(ctx, `SELECT j.id FROM jobs j WHERE j.settled_at = 0 AND j.state <> 'open' AND j.ended_at <= $1
		AND NOT EXISTS (SELECT 1 FROM checks c WHERE c.job = j.id AND c.state = 'open')
		AND (j.live = 0 OR NOT EXISTS (SELECT 1 FROM leases l WHERE l.job = j.id AND l.state = 'running'))
		AND NOT EXISTS (SELECT 1 FROM trials t WHERE t.job = j.id AND t.state = 'open') ORDER BY j.ended_at LIMIT $2`, micros(before), limit)
}

// StalledJobs implements compute.WorkStore.
func (st jobStore) StalledJobs(ctx context.Context, before time.Time, limit int) ([]compute.JobID, error) {
	return st.jobIDs(ctx, `SELECT j.id FROM jobs j WHERE j.settled_at = 0 AND j.state = 'open' AND j.price > 0 AND j.created_at <= $1
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.job = j.id AND d.at > $1)
		AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.job = j.id AND l.state = 'running')
		AND NOT EXISTS (SELECT 1 FROM trials t WHERE t.job = j.id AND t.state = 'open') ORDER BY j.id LIMIT $2`, micros(before), limit)
}

// SettleJob implements compute.WorkStore.
func (st jobStore) SettleJob(ctx context.Context, j *compute.Job) error {
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		_, err := db.execAll(ctx, []statement{
			{`UPDATE jobs SET settled_at = $2, settled = (SELECT COALESCE(MAX(settled), 0) + 1 FROM jobs) WHERE id = $1 AND settled_at = 0`, []any{string(j.ID), micros(j.SettledAt)}},
			{`UPDATE leases SET domain = '' WHERE job = $1 AND domain <> ''`, []any{string(j.ID)}}, // it was for the checks, which are closed
		})
		return err
	})
}

// SettledJobs implements compute.WorkStore.
func (st jobStore) SettledJobs(ctx context.Context, page tasknet.Page) ([]*compute.Job, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (*compute.Job, string, error) {
		var settled int64
		j, err := scanJob(r, &settled)
		return j, strconv.FormatInt(settled, 10), err
	}, `SELECT `+jobColumns+`, settled FROM jobs WHERE settled > $1 ORDER BY settled`, after)
}

// Standing implements compute.WorkStore.
func (st jobStore) Standing(ctx context.Context, owner polls.RespondentID) (s compute.Standing, err error) {
	err = st.read(ctx, func(db querier) error {
		var until int64
		_, err := get(ctx, db, []any{&s.Accepted, &s.Refuted, &until}, `SELECT accepted, refuted, until FROM node_owners WHERE owner = $1`, string(owner))
		s.Until = timeOf(until)
		return err
	})
	return s, err
}

// AddStanding implements compute.WorkStore.
func (st jobStore) AddStanding(ctx context.Context, owner polls.RespondentID, more compute.Standing) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO node_owners (owner, accepted, refuted, until) VALUES ($1, $2, $3, $4)
			ON CONFLICT (owner) DO UPDATE SET accepted = node_owners.accepted + $2, refuted = node_owners.refuted + $3, until = CASE WHEN node_owners.until < $4 THEN $4 ELSE node_owners.until END`,
			string(owner), more.Accepted, more.Refuted, micros(more.Until))
		return err
	})
}
