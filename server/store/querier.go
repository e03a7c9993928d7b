package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
	"time"
)

// querier runs statements at one point: within a transaction, or on its own.
type querier interface {
	// exec runs a statement and returns how many rows it changed.
	exec(ctx context.Context, text string, args ...any) (int64, error)

	// query runs a statement and calls each for its rows in turn. An error of each ends it.
	query(ctx context.Context, each func(row) error, text string, args ...any) error

	// queryAll runs queries in order, on PostgreSQL in one round trip, and calls each of a query for its rows.
	queryAll(ctx context.Context, list ...question) error

	// execAll runs statements in order, on PostgreSQL in one round trip, and returns how many rows each changed.
	execAll(ctx context.Context, batch []statement) ([]int64, error)

	// execLater is execAll for statements of which nothing need be known at once: an error may be that of the next statement, or of
	// the end of the body.
	execLater(ctx context.Context, batch []statement) error

	// savepoint runs f and, when it fails, undoes what f did and no more.
	savepoint(ctx context.Context, f func() error) error

	dialect
}

// row is one row of a result.
type row interface {
	// Scan copies the columns into dest: pointers to string kinds, int, int64 and []byte.
	Scan(dest ...any) error
}

// statement is a statement with its arguments.
type statement struct {
	text string
	args []any
}

// question is a query with what is called for its rows.
type question struct {
	each func(row) error
	statement
}

// get runs a query for at most one row, and reports whether there was one.
func get(ctx context.Context, q querier, dest []any, text string, args ...any) (found bool, err error) {
	err = q.query(ctx, func(r row) error {
		found = true
		return r.Scan(dest...)
	}, text, args...)
	return found, err
}

// values is a row of database/sql's drivers.
type values []driver.Value

func (v values) Scan(dest ...any) error {
	if len(dest) != len(v) {
		return fmt.Errorf("scan %d columns into %d", len(v), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, v[i]); err != nil {
			return fmt.Errorf("scan column %d: %w", i, err)
		}
	}
	return nil
}

func assign(dest any, v driver.Value) error {
	switch v := v.(type) {
	case int64:
		switch d := dest.(type) {
		case *int64:
			*d = v
			return nil
		case *int:
			*d = int(v)
			return nil
		}
	case string:
		if d, ok := dest.(*string); ok {
			*d = v
			return nil
		}
		if d := reflect.ValueOf(dest); d.Kind() == reflect.Pointer && d.Elem().Kind() == reflect.String {
			d.Elem().SetString(v)
			return nil
		}
	case []byte:
		if d, ok := dest.(*[]byte); ok {
			*d = v
			return nil
		}
	case nil:
		if d, ok := dest.(*[]byte); ok {
			*d = nil
			return nil
		}
	}
	return fmt.Errorf("%T does not take %T", dest, v)
}

// plain returns an argument as one of the few types that drivers know.
func plain(arg any) (driver.Value, error) {
	switch v := arg.(type) {
	case nil, int64, string, []byte:
		return v, nil
	case int:
		return int64(v), nil
	}
	if v := reflect.ValueOf(arg); v.Kind() == reflect.String {
		return v.String(), nil
	}
	return nil, fmt.Errorf("an argument is of type %T", arg)
}

// micros returns a time as it is stored; 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeOf returns a stored time.
func timeOf(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
