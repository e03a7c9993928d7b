package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/pipeline"
)

var errBody = errors.New("the body failed")

// count returns how many rows a table has.
func count(t testing.TB, db *DB, table string) (n int) {
	t.Helper()
	err := db.backend.read(context.Background(), func(q querier) error {
		_, err := get(context.Background(), q, []any{&n}, "SELECT COUNT(*) FROM "+table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func set(ctx context.Context, tx pipeline.Tx, name string) error {
	_, err := tx.Settings().SetSetting(ctx, name, "x")
	return err
}

func TestInTx(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		err := db.InTx(ctx, func(tx pipeline.Tx) error {
			if err := set(ctx, tx, "a"); err != nil {
				return err
			}
			if v, err := tx.Settings().Setting(ctx, "a"); v != "x" || err != nil {
				t.Errorf("within the transaction: %q, %v", v, err)
			}
			if _, err := db.Settings().Setting(ctx, "a"); !errors.Is(err, pipeline.ErrNotFound) {
				t.Errorf("outside of the transaction: %v", err)
			}
			return tx.Events().Append(ctx, pipeline.Event{Kind: pipeline.QuestionCreated, Org: "org_a", Question: "q_a", Subject: "q_a", At: time.Now()})
		})
		if err != nil || count(t, db, "settings") != 1 || count(t, db, "events") != 1 {
			t.Fatalf("a transaction: %v, %d settings, %d events", err, count(t, db, "settings"), count(t, db, "events"))
		}

		if err := db.InTx(ctx, func(tx pipeline.Tx) error { return errors.Join(set(ctx, tx, "b"), errBody) }); !errors.Is(err, errBody) {
			t.Errorf("a failing body: %v", err)
		}
		func() {
			defer func() {
				if recover() != "boom" {
					t.Error("a panic was swallowed")
				}
			}()
			_ = db.InTx(ctx, func(tx pipeline.Tx) error {
				if err := set(ctx, tx, "c"); err != nil {
					return err
				}
				panic("boom")
			})
		}()
		left := make(chan struct{}) // as t.FailNow leaves a body
		go func() {
			defer close(left)
			_ = db.InTx(ctx, func(tx pipeline.Tx) error {
				_ = set(ctx, tx, "d")
				runtime.Goexit()
				return nil
			})
		}()
		<-left
		cancelled, cancel := context.WithCancel(ctx)
		err = db.InTx(cancelled, func(tx pipeline.Tx) error {
			err := set(cancelled, tx, "e")
			cancel()
			return errors.Join(err, set(cancelled, tx, "f"))
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a body whose context ended: %v", err)
		}
		if err := db.InTx(cancelled, func(tx pipeline.Tx) error { return set(cancelled, tx, "g") }); !errors.Is(err, context.Canceled) {
			t.Errorf("a context that had ended: %v", err)
		}
		if n := count(t, db, "settings"); n != 1 {
			t.Errorf("%d settings, want the first one only", n)
		}
		if err := db.InTx(ctx, func(tx pipeline.Tx) error { return set(ctx, tx, "h") }); err != nil || count(t, db, "settings") != 2 {
			t.Errorf("afterwards: %v, %d settings", err, count(t, db, "settings"))
		}
	})
}

func TestInTxDoesNotNest(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		err := db.InTx(ctx, func(tx pipeline.Tx) error {
			if err := db.InTx(ctx, func(pipeline.Tx) error { return nil }); !errors.Is(err, errNested) {
				t.Errorf("a transaction in a transaction: %v", err)
			}
			if err := set(ctx, db, "outside"); !errors.Is(err, errNested) {
				t.Errorf("a write beside a transaction: %v", err)
			}
			return set(ctx, tx, "inside")
		})
		if err != nil || count(t, db, "settings") != 1 {
			t.Errorf("%v, %d settings; want one", err, count(t, db, "settings"))
		}
	})
}

// blocked makes the line of those who take turns wait in a transaction until release is called, and returns when it does.
func blocked(t *testing.T, db *DB) (release func()) {
	t.Helper()
	inside, hold, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.InTurn(context.Background(), func(pipeline.Tx) error {
			close(inside)
			<-hold
			return nil
		})
	}()
	<-inside
	return func() {
		close(hold)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// queued waits until n transactions wait for their turn.
func queued(db *DB, n int) {
	waiting := func() int {
		switch b := db.backend.(type) {
		case *sqliteDB:
			return lengthOf(&b.line)
		case *postgresDB:
			return lengthOf(&b.turns)
		}
		return n
	}
	for waiting() < n {
		time.Sleep(time.Millisecond) //nolint:forbidigo // the queue tells nobody when it grows
	}
}

func lengthOf[C groupConn](l *line[C]) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}

// TestGroupCommit runs many transactions in one commit: those that fail leave no trace, the others stay.
func TestGroupCommit(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) { testGroupCommit(t, open(t, config(t))) })
}

func testGroupCommit(t *testing.T, db *DB) {
	ctx := t.Context()
	release := blocked(t, db)
	const n = 30
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					errs[i] = errors.New("panic")
				}
			}()
			errs[i] = db.InTurn(ctx, func(tx pipeline.Tx) error {
				if err := set(ctx, tx, fmt.Sprintf("s%d", i)); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					if i%2 == 0 { // a statement that the database refuses
						if i%4 == 0 {
							return tx.Jobs().CreateJob(ctx, &compute.Job{ID: "job_1", Org: "org_none"})
						}
						return tx.Jobs().SavePart(ctx, &compute.Part{Job: "job_none"}) // which PostgreSQL is told of later
					}
					return errBody
				case 2:
					panic("boom")
				}
				return nil
			})
		})
	}
	waiting, cancel := context.WithCancel(ctx)
	abandoned := make(chan error, 1)
	go func() {
		abandoned <- db.InTurn(waiting, func(tx pipeline.Tx) error { return set(ctx, tx, "abandoned") })
	}()
	queued(db, n+1)
	cancel()
	if err := <-abandoned; !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ended in the queue: %v", err)
	}
	release()
	wg.Wait()
	for i, err := range errs {
		if (i%3 == 0) != (err == nil) {
			t.Errorf("transaction %d: %v", i, err)
		}
		_, got := db.Settings().Setting(ctx, fmt.Sprintf("s%d", i))
		if (i%3 == 0) != (got == nil) {
			t.Errorf("what transaction %d wrote: %v", i, got)
		}
	}
	if n := count(t, db, "settings"); n != 10 {
		t.Errorf("%d settings, want 10", n)
	}
}

// TestFailedCommit makes the commit of a group fail: everybody in it is told, and nothing of it stays.
func TestFailedCommit(t *testing.T) {
	ctx := t.Context()
	db := open(t, sqliteConfig(t))
	release := blocked(t, db)
	errs := make([]error, 6)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			errs[i] = db.backend.write(ctx, func(q querier) error {
				if i == 3 { // a reference that is looked at by the commit only
					_, err := q.execAll(ctx, []statement{
						{"PRAGMA defer_foreign_keys = 1", nil},
						{"INSERT INTO keys (id, org, name, secret_hash, created_at, used_at, revoked_at) VALUES ('key_a', 'org_none', '', x'00', 0, 0, 0)", nil},
					})
					return err
				}
				return set(ctx, stores{within{q}}, fmt.Sprintf("s%d", i))
			})
		})
	}
	queued(db, len(errs))
	release()
	wg.Wait()
	for i, err := range errs {
		if err == nil {
			t.Errorf("transaction %d was told that it is durable", i)
		}
	}
	if n := count(t, db, "settings"); n != 0 {
		t.Errorf("%d settings stayed", n)
	}
	if err := set(ctx, db, "after"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestClose(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		cfg := config(t)
		db := open(t, cfg)
		var wg sync.WaitGroup
		written := make([]bool, 50)
		for i := range written {
			wg.Go(func() { written[i] = set(t.Context(), db, fmt.Sprintf("s%d", i)) == nil })
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if err := set(t.Context(), db, "late"); err == nil {
			t.Error("a write after Close")
		}
		if _, err := db.Settings().Setting(t.Context(), "late"); err == nil || errors.Is(err, pipeline.ErrNotFound) {
			t.Errorf("a read after Close: %v", err)
		}
		again := open(t, cfg)
		for i, ok := range written {
			if _, err := again.Settings().Setting(t.Context(), fmt.Sprintf("s%d", i)); ok && err != nil {
				t.Errorf("setting %d was durable: %v", i, err)
			}
		}
	})
}

// TestRetry lets transactions of PostgreSQL lose against others that are not there.
func TestRetry(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		postgres, ok := db.backend.(*postgresDB)
		if !ok {
			t.Skip("SQLite has one writer, who does not lose")
		}
		tries := 0
		err := postgres.write(ctx, func(q querier) error {
			if tries++; tries < 3 {
				return fmt.Errorf("lost: %w", &pgconn.PgError{Code: deadlockDetected})
			}
			return nil
		})
		if err != nil || tries != 3 {
			t.Errorf("%d tries, %v; want 3", tries, err)
		}
		tries = 0
		err = postgres.write(ctx, func(q querier) error {
			tries++
			return &pgconn.PgError{Code: serializationFailure}
		})
		if !errors.Is(err, ErrBusy) || tries != triesMax {
			t.Errorf("%d tries, %v; want %d and ErrBusy", tries, err, triesMax)
		}
		tries = 0
		err = postgres.write(ctx, func(q querier) error {
			tries++
			return &pgconn.PgError{Code: "23505"}
		})
		if err == nil || tries != 1 {
			t.Errorf("%d tries of what will never work, %v", tries, err)
		}
	})
}

func TestFixed(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		w := newHistory(t, db)
		for _, text := range []string{
			"UPDATE answers SET choice = 1", "DELETE FROM answers", "UPDATE entries SET amount = 5", "DELETE FROM entries",
			"UPDATE transactions SET cause = 'x'", "DELETE FROM transactions", "UPDATE accounts SET balance = balance - 1000000000 WHERE account = 'org:a'",
		} {
			err := db.backend.write(ctx, func(q querier) error {
				_, err := q.exec(ctx, text)
				return err
			})
			if err == nil {
				t.Errorf("%s was done", text)
			}
		}
		answers, err := db.Polls().AnswersTo(ctx, w.question.ID)
		if err != nil || len(answers) != 1 || answers[0] != w.answer {
			t.Errorf("answers: %+v, %v", answers, err)
		}
	})
}

func TestOpen(t *testing.T) {
	for _, cfg := range []Config{{}, {Path: "a", URL: "postgres://b"}, {URL: "mysql://b"}, {Path: "a", Readers: -1}, {Path: "a", Connections: -1}, {Path: t.TempDir()}, {URL: "postgres://127.0.0.1:1/none"}} {
		if db, err := Open(t.Context(), cfg); err == nil {
			t.Errorf("Open(%+v) made %v", cfg, db)
		}
	}
	cfg := emptySQLite(t)
	current, newest, err := Version(t.Context(), cfg)
	if current != 0 || newest < 1 || err != nil {
		t.Errorf("version %d of %d, %v; want none yet", current, newest, err)
	}
	migrated, err := Migrate(t.Context(), cfg)
	if migrated != newest || err != nil {
		t.Errorf("migrated to %d, %v; want %d", migrated, err, newest)
	}
	if current, _, err := Version(t.Context(), cfg); current != newest || err != nil {
		t.Errorf("version %d, %v; want %d", current, err, newest)
	}
}
