package pipeline_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/store"
)

// TestLessonsBesideClosing: lessons and closing questions, which lock the same family and the same ledger, never wait for each
// other for good. PostgreSQL would end that after a second, in which nobody's answer is taken, and nothing else would show it.
func TestLessonsBesideClosing(t *testing.T) {
	at, database := databaseOfItsOwn(t)
	db, err := store.Open(t.Context(), store.Config{URL: at})
	check(t, err)
	defer func() { check(t, db.Close()) }()
	b := &bench{stores: db, stopper: labeling.NewStopper(db.Labels()), feed: &feed{told: make(chan struct{}, 1)}, files: new(taskFiles), now: start}
	b.holding(t)
	org, err := b.NewOrg(t.Context(), "Somebody")
	check(t, err)
	b.org = org.ID
	check(t, db.Rewards().Post(t.Context(), rewards.Credit(string(org.ID), "first", tasknet.Micro(900*tasknet.MicroPerToken), start)))
	b.prove(t, b.draft("fixed:3"))

	ctx, stop := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Go(func() { check(t, b.RunClosing(ctx)) })
	both.Go(func() {
		for ctx.Err() == nil {
			if err := b.Learn(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	for range 40 {
		q := b.ask(t, b.draft("fixed:2"))
		b.answerAs(t, 1, q, 1)
		b.answerAs(t, 2, q, 1)
		b.pass(200 * time.Millisecond)
	}
	stop()
	both.Wait()

	conn, err := pgx.Connect(t.Context(), at)
	check(t, err)
	defer func() { check(t, conn.Close(context.Background())) }()
	var deadlocks, verdicts int
	_, err = conn.Exec(t.Context(), `SELECT pg_stat_force_next_flush()`)
	check(t, err)
	check(t, conn.QueryRow(t.Context(), `SELECT deadlocks, (SELECT count(*) FROM verdicts) FROM pg_stat_database WHERE datname = $1`, database).Scan(&deadlocks, &verdicts))
	if deadlocks > 0 || verdicts == 0 {
		t.Errorf("%d deadlocks, %d verdicts", deadlocks, verdicts)
	}
}

// databaseOfItsOwn makes an empty PostgreSQL database, whose statistics are of this test alone.
func databaseOfItsOwn(t *testing.T) (at, name string) {
	t.Helper()
	raw := os.Getenv("TASKNET_TEST_POSTGRES_URL")
	if raw == "" {
		t.Skip("TASKNET_TEST_POSTGRES_URL is not set")
	}
	conn, err := pgx.Connect(t.Context(), raw)
	check(t, err)
	name = "lessons_" + strings.ToLower(rand.Text())
	_, err = conn.Exec(t.Context(), "CREATE DATABASE "+name)
	check(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		check(t, err)
		check(t, conn.Close(context.Background()))
	})
	u, err := url.Parse(raw)
	check(t, err)
	u.Path = "/" + name
	return u.String(), name
}
