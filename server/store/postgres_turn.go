package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// turnConn runs groups of transactions of which only one server has one at a time: each begins by locking the row of job_turn. They
// lock many rows in any order, and so wait for nobody of their kind who waits for them. Who makes or cancels a job holds other rows
// without the turn: then the database ends one of the two, which is run again.
//
// Each round trip is one that all others wait for, so what need not be known at once goes with the next.
type turnConn struct {
	postgresQuerier // within tx, by way of steady
	pool            *pgxpool.Pool
	base            context.Context // without an end
	tx              pgx.Tx
	later           []statement // to be sent before the next
	unmarked        bool        // the savepoint of the body is among them
}

// begin implements groupConn.
func (c *turnConn) begin() error {
	tx, err := c.pool.Begin(c.base)
	if err != nil {
		return err
	}
	c.tx, c.on, c.later, c.unmarked = tx, steady{c}, nil, false
	// What runs here is prepared, and simple to plan: to plan it anew for each argument takes longer than to run it.
	_, err = c.execAll(c.base, []statement{{`SET LOCAL plan_cache_mode = force_generic_plan`, nil}, {`SELECT one FROM job_turn WHERE one = 1` + c.forUpdate(), nil}})
	return err
}

// commit implements groupConn.
func (c *turnConn) commit() error { return c.tx.Commit(c.base) }

// rollback implements groupConn.
func (c *turnConn) rollback() {
	if c.tx != nil {
		_ = c.tx.Rollback(c.base) // a connection that cannot even do that is closed
	}
}

// beginBody implements groupConn.
func (c *turnConn) beginBody() error {
	c.later, c.unmarked = append(c.later, statement{"SAVEPOINT body", nil}), true
	return nil
}

// endBody implements groupConn.
func (c *turnConn) endBody(failed error) error {
	unmarked := c.unmarked
	c.later, c.unmarked = nil, false // of a body that failed; of the others flush has sent all
	if failed == nil || unmarked {   // the next one of the name hides it, and the commit releases all
		return nil
	}
	// Not prepared first, as other statements are: where a statement has failed nothing can be prepared any more.
	_, err := c.tx.Conn().PgConn().Exec(c.base, "ROLLBACK TO SAVEPOINT body; RELEASE SAVEPOINT body").ReadAll()
	return err
}

// execLater implements querier.
func (c *turnConn) execLater(_ context.Context, batch []statement) error {
	c.later = append(c.later, batch...)
	return nil
}

// flush sends what waits for the next round trip. A body that ends has to: an error is its own.
func (c *turnConn) flush(ctx context.Context) error {
	if len(c.later) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := c.later
	c.later, c.unmarked = nil, false
	_, err := c.execAll(ctx, batch)
	return err
}

// batch returns what waits for a round trip, which begins now.
func (c *turnConn) batch() *pgx.Batch {
	b := new(pgx.Batch)
	for _, s := range c.later {
		b.Queue(s.text, s.args...)
	}
	c.later, c.unmarked = nil, false
	return b
}

// steady is a transaction that outlives the callers of its statements: one that goes away ends its own body, between statements, and
// not the connection, which is the others' too. It sends what waits before anything else.
type steady struct{ c *turnConn }

func (s steady) Exec(ctx context.Context, text string, args ...any) (tag pgconn.CommandTag, err error) {
	if err := ctx.Err(); err != nil {
		return tag, err
	}
	ctx = context.WithoutCancel(ctx)
	if len(s.c.later) == 0 {
		return s.c.tx.Exec(ctx, text, args...)
	}
	b := new(pgx.Batch)
	b.Queue(text, args...)
	results := s.SendBatch(ctx, b)
	tag, err = results.Exec()
	return tag, errors.Join(err, results.Close())
}

func (s steady) Query(ctx context.Context, text string, args ...any) (pgx.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if len(s.c.later) == 0 {
		return s.c.tx.Query(ctx, text, args...)
	}
	b := new(pgx.Batch)
	b.Queue(text, args...)
	results := s.SendBatch(ctx, b)
	rows, err := results.Query()
	if err != nil {
		return nil, errors.Join(err, results.Close())
	}
	return &lastRows{rows, results}, nil
}

func (s steady) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	waiting := len(s.c.later)
	all := s.c.batch()
	all.QueuedQueries = append(all.QueuedQueries, b.QueuedQueries...)
	results := s.c.tx.SendBatch(context.WithoutCancel(ctx), all)
	for range waiting {
		if _, err := results.Exec(); err != nil { // the next results have it too
			break
		}
	}
	return results
}

// lastRows are the rows of the last query of a batch, which ends with them.
type lastRows struct {
	pgx.Rows
	batch pgx.BatchResults
}

// Close implements pgx.Rows.
func (r *lastRows) Close() {
	r.Rows.Close()
	_ = r.batch.Close() // an error is that of the rows, who are asked for it
}
