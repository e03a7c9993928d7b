package testnet

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Postgres makes an empty PostgreSQL database that only this test uses, and returns its URL and what counts the deadlocks that
// it had. Without TASKNET_TEST_POSTGRES_URL the test is skipped.
func Postgres(t testing.TB) (at string, deadlocks func() int) {
	t.Helper()
	given := os.Getenv("TASKNET_TEST_POSTGRES_URL")
	if given == "" {
		t.Skip("TASKNET_TEST_POSTGRES_URL is not set")
	}
	conn, err := pgx.Connect(t.Context(), given)
	if err != nil {
		t.Fatal(err)
	}
	name := "t_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context()) // which has ended by now
		if _, err := conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(given)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String(), func() (n int) {
		// What a connection has counted is told to others when it ends, or after a second.
		if err := conn.QueryRow(t.Context(), `SELECT deadlocks FROM pg_stat_database WHERE datname = $1`, name).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
}
