package store

import (
	"context"
	"time"

	"github.com/tasknet/tasknet/compute"
)

const askColumns = `id, job, line, asked_at, due_at, lease, given_at, place, said, signature, key, answered_at`

func scanAsk(r row) (*compute.Ask, error) {
	var a compute.Ask
	var line, said, signature, key []byte
	var asked, due, given, answered int64
	if err := r.Scan(&a.ID, &a.Job, &line, &asked, &due, &a.Lease, &given, &a.Place, &said, &signature, &key, &answered); err != nil {
		return nil, err
	}
	a.Row, a.Said = append([]byte(nil), line...), append([]byte(nil), said...)
	copy(a.Signature[:], signature)
	copy(a.Key[:], key)
	a.AskedAt, a.Due, a.GivenAt, a.AnsweredAt = timeOf(asked), timeOf(due), timeOf(given), timeOf(answered)
	return &a, nil
}

// AddAsk implements compute.AskStore.
func (st jobStore) AddAsk(ctx context.Context, a *compute.Ask) error {
	return st.write(ctx, func(db querier) error {
		var state compute.JobState
		var total, finished, waiting, answered int
		// Locked, so that two that come at once are not both the last that fits.
		found, err := get(ctx, db, []any{&state, &total, &finished}, `SELECT state, total, finished FROM jobs WHERE id = $1`+db.forUpdate(), string(a.Job))
		switch {
		case err != nil:
			return err
		case !found:
			return compute.ErrNoJob
		case state != compute.JobOpen:
			return compute.ErrJobEnded
		}
		if _, err := get(ctx, db, []any{&waiting}, `SELECT COUNT(*) FROM asks WHERE job = $1 AND answered_at = 0 AND due_at > $2`, string(a.Job), micros(a.AskedAt)); err != nil {
			return err
		}
		if _, err := get(ctx, db, []any{&answered}, `SELECT COUNT(*) FROM leases l JOIN asks a ON a.lease = l.id AND a.place > 0 WHERE l.job = $1 AND l.state = 'running'`, string(a.Job)); err != nil {
			return err
		}
		switch {
		case finished+answered+waiting >= total:
			return compute.ErrJobSpent
		case waiting >= compute.AsksMax:
			return compute.ErrAsksFull
		}
		_, err = db.exec(ctx, `INSERT INTO asks (id, job, line, asked_at, due_at, lease, other, given_at, place, said, signature, key, answered_at) VALUES ($1, $2, $3, $4, $5, '', '', 0, 0, $6, $6, $6, 0)`,
			string(a.ID), string(a.Job), a.Row, micros(a.AskedAt), micros(a.Due), []byte{})
		return err
	})
}

// GiveAsk implements compute.AskStore. The conditions stand there twice: another server may have given the ask meanwhile.
func (st jobStore) GiveAsk(ctx context.Context, l *compute.Lease, now time.Time) (a *compute.Ask, err error) {
	const free = `answered_at = 0 AND due_at > $3 AND (lease IN ('', $1) OR given_at <= $4)`
	args := []any{string(l.ID), string(l.Job), micros(now), micros(now.Add(-compute.AskRetry))}
	some := false
	if err := st.read(ctx, func(db querier) error { // most who look find nothing, and lock nothing
		var one int
		some, err = get(ctx, db, []any{&one}, `SELECT 1 FROM asks WHERE job = $2 AND `+free+` LIMIT 1`, args...)
		return err
	}); err != nil || !some {
		return nil, err
	}
	err = st.write(ctx, func(db querier) error {
		a = nil
		return db.query(ctx, func(r row) (err error) {
			a, err = scanAsk(r)
			return err
		}, `UPDATE asks SET other = CASE WHEN lease = $1 THEN other ELSE lease END, given_at = CASE WHEN lease = $1 THEN given_at ELSE $3 END, lease = $1
			WHERE id = (SELECT id FROM asks WHERE job = $2 AND `+free+` ORDER BY CASE WHEN lease = $1 THEN 0 ELSE 1 END, id LIMIT 1) AND `+free+` RETURNING `+askColumns, args...)
	})
	return a, err
}

// AnswerAsk implements compute.AskStore.
func (st jobStore) AnswerAsk(ctx context.Context, a *compute.Ask) (counted bool, err error) {
	err = st.write(ctx, func(db querier) error {
		counted = false
		var asked int64
		var job compute.JobID
		found, err := get(ctx, db, []any{&job, &asked}, `UPDATE asks SET said = $3, signature = $4, answered_at = $5, lease = $2, key = $6,
			place = (SELECT COALESCE(MAX(b.place), 0) + 1 FROM asks b WHERE b.lease = $2 AND b.place > 0)
			WHERE id = $1 AND answered_at = 0 AND due_at > $5 AND (lease = $2 OR other = $2) RETURNING job, asked_at`,
			string(a.ID), string(a.Lease), a.Said, a.Signature[:], micros(a.AnsweredAt), a.Key[:])
		if err != nil {
			return err
		}
		if !found {
			var one int
			counted, err = get(ctx, db, []any{&one}, `SELECT 1 FROM asks WHERE id = $1 AND lease = $2 AND place > 0 AND said = $3`, string(a.ID), string(a.Lease), a.Said)
			return err
		}
		counted = true
		_, err = db.exec(ctx, `INSERT INTO ask_times (job, bucket, asks) VALUES ($1, $2, 1) ON CONFLICT (job, bucket) DO UPDATE SET asks = ask_times.asks + 1`,
			string(job), compute.TimeBucket(a.AnsweredAt.Sub(timeOf(asked))))
		return err
	})
	return counted, err
}

func (st jobStore) asks(ctx context.Context, text string, args ...any) (list []*compute.Ask, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			a, err := scanAsk(r)
			list = append(list, a)
			return err
		}, `SELECT `+askColumns+` FROM asks WHERE `+text, args...)
	})
	return list, err
}

// Ask implements compute.AskStore.
func (st jobStore) Ask(ctx context.Context, id compute.AskID) (*compute.Ask, error) {
	list, err := st.asks(ctx, `id = $1`, string(id))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// DropAsk implements compute.AskStore.
func (st jobStore) DropAsk(ctx context.Context, id compute.AskID) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `DELETE FROM asks WHERE id = $1 AND answered_at = 0`, string(id))
		return err
	})
}

// Session implements compute.AskStore.
func (st jobStore) Session(ctx context.Context, id compute.LeaseID) (answered int, first time.Time, err error) {
	err = st.read(ctx, func(db querier) error {
		var at int64
		_, err := get(ctx, db, []any{&answered, &at}, `SELECT COUNT(*), COALESCE(MIN(answered_at), 0) FROM asks WHERE lease = $1 AND place > 0`, string(id))
		first = timeOf(at)
		return err
	})
	return answered, first, err
}

// Answered implements compute.AskStore.
func (st jobStore) Answered(ctx context.Context, id compute.LeaseID) ([]*compute.Ask, error) {
	return st.asks(ctx, `lease = $1 AND place > 0 ORDER BY place`, string(id))
}

// ForgetSession implements compute.AskStore.
func (st jobStore) ForgetSession(ctx context.Context, id compute.LeaseID) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `DELETE FROM asks WHERE lease = $1 AND place > 0`, string(id))
		return err
	})
}

// ForgetAsks implements compute.AskStore.
func (st jobStore) ForgetAsks(ctx context.Context, before time.Time) error {
	const old = `due_at < $1 AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.id = asks.lease AND l.state = 'running')`
	some := false
	if err := st.read(ctx, func(db querier) (err error) {
		var one int
		some, err = get(ctx, db, []any{&one}, `SELECT 1 FROM asks WHERE `+old+` LIMIT 1`, micros(before))
		return err
	}); err != nil || !some {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `DELETE FROM asks WHERE `+old, micros(before))
		return err
	})
}

// EndSessions implements compute.AskStore.
func (st jobStore) EndSessions(ctx context.Context, id compute.JobID) (ended int, err error) {
	err = st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE parts SET state = 'done' WHERE job = $1 AND copy = 0 AND state = 'waiting'`, string(id))
		ended = int(n)
		return err
	})
	return ended, err
}

// Serving implements compute.AskStore.
func (st jobStore) Serving(ctx context.Context, id compute.JobID, now time.Time) (s *compute.Serving, err error) {
	err = st.read(ctx, func(db querier) error {
		s = &compute.Serving{}
		if _, err := get(ctx, db, []any{&s.Nodes}, `SELECT COUNT(*) FROM leases WHERE job = $1 AND state = 'running' AND copy = 0`, string(id)); err != nil {
			return err
		}
		if _, err := get(ctx, db, []any{&s.Waiting}, `SELECT COUNT(*) FROM asks WHERE job = $1 AND answered_at = 0 AND due_at > $2`, string(id), micros(now)); err != nil {
			return err
		}
		return db.query(ctx, func(r row) error {
			var bucket int
			var n int64
			err := r.Scan(&bucket, &n)
			if bucket >= 0 && bucket < len(s.Times) {
				s.Times[bucket] = n
			}
			return err
		}, `SELECT bucket, asks FROM ask_times WHERE job = $1`, string(id))
	})
	return s, err
}
