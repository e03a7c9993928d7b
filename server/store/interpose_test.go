package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// OpenInterposed opens a SQLite file whose schema is up to date, and has every statement pass through a function, which gets its
// text and runs it, or does not. Statements of several readers may come at once.
func OpenInterposed(t testing.TB, path string, pass func(text string, run func() error) error) *DB {
	t.Helper()
	cfg := Config{Path: path, Readers: 1}.withDefaults()
	b, err := openSQLite(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	db := b.(*sqliteDB)
	reader, err := openSQLiteConn(context.Background(), path, readerPragmas)
	if err != nil {
		t.Fatal(err)
	}
	<-db.readers
	writer := <-db.writer
	if _, err := writer.exec(context.Background(), "PRAGMA synchronous=OFF"); err != nil { // no disk fails here, and thousands of commits wait for it
		t.Fatal(err)
	}
	for _, c := range []*sqliteConn{writer, reader} {
		c.conn = interposed{c.conn, pass}
	}
	db.writer <- writer
	db.readers <- reader
	return &DB{stores: stores{b}, backend: b}
}

// interposed is a connection whose statements pass through a function.
type interposed struct {
	driver.Conn
	pass func(text string, run func() error) error
}

func (c interposed) Prepare(text string) (driver.Stmt, error) {
	s, err := c.Conn.Prepare(text)
	return interposedStatement{s, c.pass, text}, err
}

type interposedStatement struct {
	driver.Stmt
	pass func(text string, run func() error) error
	text string
}

func (s interposedStatement) ExecContext(ctx context.Context, args []driver.NamedValue) (result driver.Result, err error) {
	err = s.pass(s.text, func() (err error) {
		result, err = s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
		return err
	})
	return result, err
}

func (s interposedStatement) QueryContext(ctx context.Context, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = s.pass(s.text, func() (err error) {
		rows, err = s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
		return err
	})
	if err != nil && rows != nil { // they were read, and nobody gets them
		return nil, errors.Join(err, rows.Close())
	}
	return rows, err
}

// OpenThrough opens a PostgreSQL database whose schema is up to date, and has all that is sent to it pass through a function, which
// sends it or does not. When the function fails, the connection breaks.
func OpenThrough(t testing.TB, cfg Config, pass func(what string, send func() error) error) (*DB, error) {
	t.Helper()
	cfg = cfg.withDefaults()
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	dial := pc.ConnConfig.DialFunc
	pc.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return brokenLine{conn, pass}, nil
	}
	b, err := openPool(context.Background(), cfg, pc)
	if err != nil {
		return nil, err
	}
	return &DB{stores: stores{b}, backend: b}, nil
}

// brokenLine is a connection that breaks when what is sent does not pass.
type brokenLine struct {
	net.Conn
	pass func(what string, send func() error) error
}

func (c brokenLine) Write(b []byte) (n int, err error) {
	err = c.pass(string(b), func() (err error) {
		n, err = c.Conn.Write(b)
		return err
	})
	if err != nil {
		_ = c.Conn.Close()
		return 0, &net.OpError{Op: "write", Net: "tcp", Err: err}
	}
	return n, nil
}
