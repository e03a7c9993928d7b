package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
)

// EachEmptyBackend lets tests outside of the package run on all databases.
var EachEmptyBackend = eachEmptyBackend

// PostgresFrom makes a PostgreSQL database of the test's own, a copy of the one at an address, or a migrated one when that is empty.
func PostgresFrom(t testing.TB, address string) Config {
	t.Helper()
	if os.Getenv(postgresURL) == "" {
		t.Skip(postgresURL + " is not set")
	}
	if address == "" {
		return postgresConfig(t)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return postgresFrom(t, strings.TrimPrefix(u.Path, "/"))
}

// DropPostgres drops the database at an address before its test ends.
func DropPostgres(cfg Config) error {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return err
	}
	return dropPostgres("IF EXISTS " + strings.TrimPrefix(u.Path, "/"))
}

// OldDatabase fills an empty database at schema 7 with what testdata/schema7.jsonl has, and returns the ids of what is in it by
// their names there. A version of then has written it: its hashes, signatures and snapshots are real.
func OldDatabase(t testing.TB, cfg Config) (ids map[string]string) {
	t.Helper()
	file, err := os.Open("testdata/schema7.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	err = withGoose(cfg, func(p *goose.Provider, db *sql.DB) error {
		if _, err := p.UpTo(t.Context(), 7); err != nil {
			return err
		}
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			return err
		}
		if ids, err = fill(t.Context(), tx, bufio.NewScanner(file)); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// fill inserts rows: each is an array of numbers, texts, and objects with bytes, under the line of its table.
func fill(ctx context.Context, tx *sql.Tx, lines *bufio.Scanner) (ids map[string]string, err error) {
	lines.Buffer(nil, 1<<20)
	insert := ""
	for lines.Scan() {
		if line := lines.Text(); strings.HasPrefix(line, "{") {
			var head struct {
				IDs     map[string]string
				Table   string
				Columns []string
			}
			if err := json.Unmarshal([]byte(line), &head); err != nil {
				return nil, err
			}
			if head.IDs != nil {
				ids = head.IDs
				continue
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+head.Table); err != nil { // what migrations put there
				return nil, err
			}
			insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", head.Table, strings.Join(head.Columns, ", "), placeholders(len(head.Columns)))
			continue
		}
		var raw []json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil {
			return nil, err
		}
		args := make([]any, len(raw))
		for i, r := range raw {
			if args[i], err = cell(r); err != nil {
				return nil, err
			}
		}
		if _, err := tx.ExecContext(ctx, insert, args...); err != nil {
			return nil, fmt.Errorf("%s: %w", insert, err)
		}
	}
	return ids, lines.Err()
}

func cell(raw json.RawMessage) (v any, err error) {
	switch raw[0] {
	case 'n':
		return nil, nil
	case '"':
		var s string
		err = json.Unmarshal(raw, &s)
		return s, err
	case '{':
		var bytes struct{ B string }
		if err := json.Unmarshal(raw, &bytes); err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(bytes.B)
	}
	var n int64
	err = json.Unmarshal(raw, &n)
	return n, err
}
