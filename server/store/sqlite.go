package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Pragmas of the connections. FULL makes a commit durable, and group commit makes that cheap. The caches hold the pages
// that every answer touches and not much more: a commit in which a page was split walks through all of its writer's.
var (
	writerPragmas = []string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"cache_size(-16384)", "journal_size_limit(67108864)", "wal_autocheckpoint(8000)",
	}
	readerPragmas = []string{"busy_timeout(10000)", "query_only(1)", "temp_store(MEMORY)", "cache_size(-16384)"}
)

func sqliteURI(path string, pragmas []string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode()
}

// sqliteDB is a SQLite file with one connection that writes and a pool of others that read.
// Transactions that wait at the same time are one group, with one commit.
type sqliteDB struct {
	path    string
	readers chan *sqliteConn // nil where a connection is yet to be opened
	line[*sqliteConn]
}

func openSQLite(ctx context.Context, cfg Config) (backend, error) {
	db := &sqliteDB{path: cfg.Path, readers: make(chan *sqliteConn, cfg.Readers)}
	for range cfg.Readers {
		db.readers <- nil
	}
	conn, err := openSQLiteConn(context.WithoutCancel(ctx), cfg.Path, writerPragmas)
	if err != nil {
		return nil, err
	}
	db.line.open(conn)
	return db, nil
}

func (db *sqliteDB) close() error {
	conn, last := db.line.end()
	if !last {
		return nil
	}
	failed := conn.close()
	for range cap(db.readers) {
		if c := <-db.readers; c != nil {
			failed = errors.Join(failed, c.close())
		}
	}
	return failed
}

func (db *sqliteDB) read(ctx context.Context, f func(querier) error) error {
	if db.line.ended() {
		return ErrStopped
	}
	var c *sqliteConn
	select {
	case c = <-db.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { db.readers <- c }()
	if c == nil {
		opened, err := openSQLiteConn(context.WithoutCancel(ctx), db.path, readerPragmas)
		if err != nil {
			return err
		}
		c = opened
	}
	return f(c)
}

// turn implements backend: all who write do so in turn.
func (db *sqliteDB) turn(ctx context.Context, f func(querier) error) error { return db.write(ctx, f) }

// lead runs f: two servers never share a file.
func (db *sqliteDB) lead(ctx context.Context, f func(context.Context) error) error { return f(ctx) }

// commit implements groupConn.
func (c *sqliteConn) commit() error {
	_, err := c.exec(c.base, "COMMIT")
	return err
}

// rollback implements groupConn.
func (c *sqliteConn) rollback() {
	_, _ = c.exec(c.base, "ROLLBACK") // fails when there is no transaction any more, which is as good
}

// beginBody implements groupConn.
func (c *sqliteConn) beginBody() error {
	_, err := c.exec(c.base, "SAVEPOINT body")
	return err
}

// endBody implements groupConn.
func (c *sqliteConn) endBody(failed error) error {
	if failed != nil {
		if _, err := c.exec(c.base, "ROLLBACK TO body"); err != nil { // SQLite ended the transaction: a full disk
			return errors.Join(failed, err)
		}
	}
	_, err := c.exec(c.base, "RELEASE body")
	return err
}

// begin begins a transaction, waiting for a process beside this one that may be writing.
func (c *sqliteConn) begin() error {
	pause := pauseFirst
	for try := 1; ; try++ {
		_, err := c.exec(c.base, "BEGIN IMMEDIATE")
		if err == nil {
			return nil
		}
		if !sqliteBusy(err) {
			if _, none := c.exec(c.base, "ROLLBACK"); none != nil {
				return err
			}
			_, err = c.exec(c.base, "BEGIN IMMEDIATE") // the one before had failed, and so had ending it
			return err
		}
		if try == triesMax {
			return fmt.Errorf("%w: %w", ErrBusy, err)
		}
		time.Sleep(rand.N(pause)) //nolint:forbidigo // another process holds the file, and tells nobody when it lets go
		pause *= 2
	}
}

// sqliteBusy reports whether a statement failed because somebody else held a lock.
func sqliteBusy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// sqliteConn is a connection with the statements that it has prepared. It is used by one goroutine at a time, and
// directly rather than through database/sql, which costs an answer more than the driver does.
type sqliteConn struct {
	conn     driver.Conn
	base     context.Context // without an end: what ends a statement is its caller's context, between rows
	prepared map[string]driver.Stmt
	args     []driver.NamedValue // used again by each statement
}

func openSQLiteConn(ctx context.Context, path string, pragmas []string) (*sqliteConn, error) {
	conn, err := new(sqlite.Driver).Open(sqliteURI(path, pragmas))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &sqliteConn{conn: conn, base: ctx, prepared: make(map[string]driver.Stmt)}, nil
}

func (c *sqliteConn) close() error {
	var failed error
	for _, s := range c.prepared {
		failed = errors.Join(failed, s.Close())
	}
	return errors.Join(failed, c.conn.Close())
}

func (c *sqliteConn) prepare(ctx context.Context, text string, args []any) (driver.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, ok := c.prepared[text]
	if !ok {
		var err error
		if s, err = c.conn.Prepare(text); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", firstWords(text), err)
		}
		c.prepared[text] = s
	}
	c.args = c.args[:0]
	for i, arg := range args {
		v, err := plain(arg)
		if err != nil {
			return nil, fmt.Errorf("argument %d of %s: %w", i+1, firstWords(text), err)
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return s, nil
}

func (c *sqliteConn) exec(ctx context.Context, text string, args ...any) (int64, error) {
	s, err := c.prepare(ctx, text, args)
	if err != nil {
		return 0, err
	}
	result, err := s.(driver.StmtExecContext).ExecContext(c.base, c.args)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", firstWords(text), err)
	}
	return result.RowsAffected()
}

func (c *sqliteConn) query(ctx context.Context, each func(row) error, text string, args ...any) (err error) {
	s, err := c.prepare(ctx, text, args)
	if err != nil {
		return err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(c.base, c.args)
	if err != nil {
		return fmt.Errorf("%s: %w", firstWords(text), err)
	}
	defer func() {
		if failed := rows.Close(); err == nil && failed != nil {
			err = fmt.Errorf("%s: %w", firstWords(text), failed)
		}
	}()
	v := make(values, len(rows.Columns()))
	for {
		if err := rows.Next(v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", firstWords(text), err)
		}
		if err := each(v); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (c *sqliteConn) queryAll(ctx context.Context, list ...question) error {
	for _, q := range list {
		if err := c.query(ctx, q.each, q.text, q.args...); err != nil {
			return err
		}
	}
	return nil
}

func (c *sqliteConn) execAll(ctx context.Context, batch []statement) ([]int64, error) {
	changed := make([]int64, len(batch))
	for i, s := range batch {
		n, err := c.exec(ctx, s.text, s.args...)
		if err != nil {
			return nil, err
		}
		changed[i] = n
	}
	return changed, nil
}

func (c *sqliteConn) execLater(ctx context.Context, batch []statement) error {
	_, err := c.execAll(ctx, batch)
	return err
}

func (c *sqliteConn) savepoint(ctx context.Context, f func() error) error {
	if _, err := c.exec(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	failed := f()
	if failed != nil {
		if _, err := c.exec(c.base, "ROLLBACK TO part"); err != nil {
			return errors.Join(failed, err)
		}
	}
	_, err := c.exec(c.base, "RELEASE part")
	return errors.Join(failed, err)
}

// firstWords shortens a statement to what tells it from others in an error.
func firstWords(text string) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(4, len(words))], " ")
}
