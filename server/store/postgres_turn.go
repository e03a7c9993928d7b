package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// turnConn runs groups of transactions of which only one server has one at a time: each begins by locking the row of job_turn. They
// lock many rows in any order, and so wait for nobody of their kind who waits for them. Who makes or cancels a job holds other rows
// without the turn: then the database ends one of the two, which is run again.
type turnConn struct {
	postgresQuerier // within tx
	pool            *pgxpool.Pool
	base            context.Context // without an end
	tx              pgx.Tx
}

// begin implements groupConn.
func (c *turnConn) begin() error {
	tx, err := c.pool.Begin(c.base)
	if err != nil {
		return err
	}
	c.tx, c.on = tx, steady{tx}
	var one int
	_, err = get(c.base, c, []any{&one}, `SELECT one FROM job_turn WHERE one = 1`+c.forUpdate())
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
	_, err := c.exec(c.base, "SAVEPOINT body")
	return err
}

// endBody implements groupConn.
func (c *turnConn) endBody(failed error) error {
	if failed == nil { // the next one of the name hides it, and the commit releases all
		return nil
	}
	// Not prepared first, as other statements are: where a statement has failed nothing can be prepared any more.
	_, err := c.tx.Conn().PgConn().Exec(c.base, "ROLLBACK TO SAVEPOINT body; RELEASE SAVEPOINT body").ReadAll()
	return err
}

// steady is a transaction that outlives the callers of its statements: one that goes away ends its own body, between statements, and
// not the connection, which is the others' too.
type steady struct{ tx pgx.Tx }

func (s steady) Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error) {
	if err := ctx.Err(); err != nil {
		return pgconn.CommandTag{}, err
	}
	return s.tx.Exec(context.WithoutCancel(ctx), text, args...)
}

func (s steady) Query(ctx context.Context, text string, args ...any) (pgx.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.tx.Query(context.WithoutCancel(ctx), text, args...)
}

func (s steady) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return s.tx.SendBatch(context.WithoutCancel(ctx), b)
}
