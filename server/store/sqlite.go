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
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Pragmas of the connections. FULL makes a commit durable, and group commit makes that cheap. The caches hold the pages
// that every answer touches.
var (
	writerPragmas = []string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"cache_size(-65536)", "journal_size_limit(67108864)", "wal_autocheckpoint(8000)",
	}
	readerPragmas = []string{"busy_timeout(10000)", "query_only(1)", "temp_store(MEMORY)", "cache_size(-16384)"}
)

// groupMax is the most transactions that share a commit.
const groupMax = 512

func sqliteURI(path string, pragmas []string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode()
}

// sqliteDB is a SQLite file with one writer and a pool of readers.
type sqliteDB struct {
	path    string
	readers chan *sqliteConn // nil where a connection is yet to be opened

	mu     sync.RWMutex // held to send to jobs, which Close closes
	closed bool         // guarded by mu
	jobs   chan *job
	done   chan struct{} // closed when the writer has ended
	conn   *sqliteConn   // the writer's, lent to the job whose turn it is
	failed error         // of closing conn; set before done is closed
}

// job is a transaction that waits for the writer. Its body runs on the goroutine that asked for it, so that a panic and
// its stack are the caller's; the writer lends it the connection meanwhile.
type job struct {
	state atomic.Int32
	turn  chan struct{} // closed when the body is to run
	ran   chan struct{} // closed when it has run
	done  chan struct{} // closed when err is final: the group is committed, or not
	err   error
}

// The states of a job.
const (
	jobWaiting int32 = iota
	jobRunning
	jobAbandoned // its context ended while it was waiting
)

func openSQLite(ctx context.Context, cfg Config) (backend, error) {
	db := &sqliteDB{
		path: cfg.Path, readers: make(chan *sqliteConn, cfg.Readers), jobs: make(chan *job, groupMax), done: make(chan struct{}),
	}
	for range cfg.Readers {
		db.readers <- nil
	}
	var err error
	if db.conn, err = openSQLiteConn(context.WithoutCancel(ctx), cfg.Path, writerPragmas); err != nil {
		return nil, err
	}
	go db.runWriter(context.WithoutCancel(ctx))
	return db, nil
}

func (db *sqliteDB) close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		<-db.done
		return nil
	}
	db.closed = true
	close(db.jobs)
	db.mu.Unlock()
	<-db.done
	var failed error
	for range cap(db.readers) {
		if c := <-db.readers; c != nil {
			failed = errors.Join(failed, c.close())
		}
	}
	return errors.Join(failed, db.failed)
}

func (db *sqliteDB) read(ctx context.Context, f func(querier) error) error {
	db.mu.RLock()
	closed := db.closed
	db.mu.RUnlock()
	if closed {
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

func (db *sqliteDB) write(ctx context.Context, f func(querier) error) error {
	if inBody() {
		return errNested
	}
	j := &job{turn: make(chan struct{}), ran: make(chan struct{}), done: make(chan struct{})}
	if err := db.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.turn:
	case <-j.done: // the transaction could not be begun
		return j.err
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobAbandoned) {
			return ctx.Err()
		}
		<-j.turn
	}
	j.run(ctx, f, db.conn)
	<-j.done
	return j.err
}

func (db *sqliteDB) enqueue(ctx context.Context, j *job) error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.closed {
		return ErrStopped
	}
	select {
	case db.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run runs the job's body. However it ends, the writer goes on.
func (j *job) run(ctx context.Context, f func(querier) error, c *sqliteConn) {
	defer close(j.ran)
	j.err = errors.New("the body of a transaction panicked") // until it has returned
	if err := ctx.Err(); err != nil {
		j.err = err
		return
	}
	j.err = runBody(f, c)
}

// runWriter runs what waits as one group, again and again: one transaction when the load is low, many when it is high,
// and no timer in between.
func (db *sqliteDB) runWriter(ctx context.Context) {
	defer close(db.done)
	group := make([]*job, 0, groupMax)
	for first := range db.jobs {
		group = append(group[:0], first)
	drain:
		for len(group) < groupMax {
			select {
			case j, ok := <-db.jobs:
				if !ok {
					break drain
				}
				group = append(group, j)
			default:
				break drain
			}
		}
		db.runGroup(ctx, group)
	}
	db.failed = db.conn.close()
}

// runGroup runs a group of transactions in one of SQLite's, each in a savepoint so that it fails alone, and answers them
// when that is committed.
func (db *sqliteDB) runGroup(ctx context.Context, group []*job) {
	failed := db.begin(ctx)
	alone := len(group) == 1
	for _, j := range group {
		if failed != nil {
			break
		}
		if !j.state.CompareAndSwap(jobWaiting, jobRunning) {
			continue
		}
		if !alone {
			if _, failed = db.conn.exec(ctx, "SAVEPOINT body"); failed != nil {
				break
			}
		}
		close(j.turn)
		<-j.ran
		if alone {
			failed = j.err
			break
		}
		if j.err != nil {
			if _, failed = db.conn.exec(ctx, "ROLLBACK TO body"); failed != nil { // SQLite ended the transaction: a full disk
				failed = errors.Join(j.err, failed)
				break
			}
		}
		_, failed = db.conn.exec(ctx, "RELEASE body")
	}
	if failed == nil {
		_, failed = db.conn.exec(ctx, "COMMIT")
	}
	if failed != nil {
		_, _ = db.conn.exec(ctx, "ROLLBACK") // fails when there is no transaction any more, which is as good
	}
	for _, j := range group {
		if failed != nil && j.err == nil {
			j.err = failed
		}
		close(j.done)
	}
}

// begin begins a transaction, waiting for a process beside this one that may be writing.
func (db *sqliteDB) begin(ctx context.Context) error {
	pause := pauseFirst
	for try := 1; ; try++ {
		_, err := db.conn.exec(ctx, "BEGIN IMMEDIATE")
		if err == nil || !sqliteBusy(err) {
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
