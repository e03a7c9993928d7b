package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tasknet/tasknet"
)

// errUnreachable reports a database that does not answer.
var errUnreachable = tasknet.NewError(tasknet.Unavailable, "store_unreachable", "The database does not answer; try again in a moment.")

// SQLSTATE codes of transactions that lost against others and may win when they are tried again.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

// postgresDB is a PostgreSQL database.
type postgresDB struct {
	pool  *pgxpool.Pool
	turns line[*turnConn]
}

func openPostgres(ctx context.Context, cfg Config) (backend, error) {
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, err
	}
	return openPool(ctx, cfg, pc)
}

func openPool(ctx context.Context, cfg Config, pc *pgxpool.Config) (backend, error) {
	pc.MaxConns = int32(cfg.Connections)
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), pc)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, errors.Join(errUnreachable, err)
	}
	db := &postgresDB{pool: pool}
	db.turns.open(&turnConn{pool: pool, base: context.WithoutCancel(ctx)})
	return db, nil
}

func (db *postgresDB) close() error {
	db.turns.end()
	db.pool.Close()
	return nil
}

func (db *postgresDB) read(ctx context.Context, f func(querier) error) error {
	return classify(f(postgresQuerier{db.pool}))
}

func (db *postgresDB) write(ctx context.Context, f func(querier) error) error {
	if inBody() {
		return errNested
	}
	return again(ctx, func() error {
		return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return runBody(f, postgresQuerier{tx}) })
	})
}

// turn implements backend.
func (db *postgresDB) turn(ctx context.Context, f func(querier) error) error {
	return again(ctx, func() error {
		return db.turns.write(ctx, func(q querier) error {
			if err := f(q); err != nil {
				return err
			}
			return q.(*turnConn).flush(ctx)
		})
	})
}

// again runs a transaction, and runs it again when it lost against others.
func again(ctx context.Context, run func() error) error {
	pause := pauseFirst
	for try := 1; ; try++ {
		err := run()
		if err == nil || !lost(err) {
			return classify(err)
		}
		if try == triesMax {
			return fmt.Errorf("%w: %w", ErrBusy, err)
		}
		timer := time.NewTimer(rand.N(pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		pause *= 2
	}
}

// leadLock is the key of the advisory lock of who leads: "tasklog" in ASCII. It is held by a connection, not by a transaction.
const leadLock = 0x7461736b6c6f67

// leadPause is how often is asked whether the leader is gone, or still has its connection.
const leadPause = 2 * time.Second

// leadPatience is how long the leader's connection may take to answer.
const leadPatience = 5 * time.Second

// lead implements backend.
func (db *postgresDB) lead(ctx context.Context, f func(context.Context) error) error {
	for {
		done, err := db.leadOnce(ctx, f)
		if done || ctx.Err() != nil {
			return err
		}
		timer := time.NewTimer(leadPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
	}
}

// leadOnce runs f if nobody else leads. done is false when it should be tried again.
func (db *postgresDB) leadOnce(ctx context.Context, f func(context.Context) error) (done bool, err error) {
	pooled, err := db.pool.Acquire(ctx)
	if err != nil {
		return false, nil // the database is away, and is asked again
	}
	conn := pooled.Hijack() // it is closed at the end, which gives the lock back whatever happens
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var leads bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(leadLock)).Scan(&leads); err != nil || !leads {
		return false, nil // as above
	}
	leading, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- f(leading) }()
	look := time.NewTicker(leadPause)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			return true, err
		case <-look.C:
			if !answers(ctx, conn) && ctx.Err() == nil {
				cancel()
				err := <-ended
				return err != nil, err
			}
		}
	}
}

// answers reports whether a connection is there. One whose packets are swallowed counts as gone long before TCP gives it up: by
// then the database may have given its lock to another.
func answers(ctx context.Context, conn *pgx.Conn) bool {
	ctx, cancel := context.WithTimeout(ctx, leadPatience)
	defer cancel()
	return conn.Ping(ctx) == nil
}

// lost reports whether a transaction lost against another one.
func lost(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == serializationFailure || e.Code == deadlockDetected)
}

// classify marks errors of a database that cannot be reached or is going away: class 08 is a broken connection, 57 the
// operator's stopping it, 53 its being out of something. What was under way on a connection that breaks may have been done, if it was
// the end of a transaction: who tries again finds it by its key.
func classify(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code[:2] {
		case "08", "53", "57":
			return errors.Join(errUnreachable, err)
		}
		return err
	}
	if broke(err) {
		return errors.Join(errUnreachable, err)
	}
	return err
}

// broke reports whether a connection could not be made, or broke in the middle of a statement. One whose caller went away did not.
func broke(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	_, unmade := errors.AsType[*pgconn.ConnectError](err)
	_, line := errors.AsType[*net.OpError](err)
	return unmade || line || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err)
}

// postgresQuerier runs statements in a transaction, or each on any connection.
type postgresQuerier struct {
	on interface {
		Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error)
		Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
		SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
	}
}

func (q postgresQuerier) exec(ctx context.Context, text string, args ...any) (int64, error) {
	tag, err := q.on.Exec(ctx, text, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", firstWords(text), err)
	}
	return tag.RowsAffected(), nil
}

func (q postgresQuerier) query(ctx context.Context, each func(row) error, text string, args ...any) error {
	rows, err := q.on.Query(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", firstWords(text), err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", firstWords(text), err)
	}
	return nil
}

func (q postgresQuerier) queryAll(ctx context.Context, list ...question) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b := new(pgx.Batch)
	for _, one := range list {
		b.Queue(one.text, one.args...).Query(eachRow(one.each))
	}
	if err := q.on.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("%s: %w", firstWords(list[0].text), err)
	}
	return nil
}

func (q postgresQuerier) execAll(ctx context.Context, batch []statement) (changed []int64, err error) {
	if len(batch) == 0 {
		return nil, nil
	}
	b := new(pgx.Batch)
	for _, s := range batch {
		b.Queue(s.text, s.args...)
	}
	results := q.on.SendBatch(ctx, b)
	defer func() { err = errors.Join(err, results.Close()) }()
	changed = make([]int64, len(batch))
	for i := range batch {
		tag, err := results.Exec()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", firstWords(batch[i].text), err)
		}
		changed[i] = tag.RowsAffected()
	}
	return changed, nil
}

func (q postgresQuerier) execLater(ctx context.Context, batch []statement) error {
	_, err := q.execAll(ctx, batch)
	return err
}

func (q postgresQuerier) savepoint(ctx context.Context, f func() error) error {
	if _, err := q.exec(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	if failed := f(); failed != nil {
		_, err := q.execAll(context.WithoutCancel(ctx), []statement{{"ROLLBACK TO SAVEPOINT part", nil}, {"RELEASE SAVEPOINT part", nil}})
		return errors.Join(failed, err)
	}
	_, err := q.exec(ctx, "RELEASE SAVEPOINT part")
	return err
}
