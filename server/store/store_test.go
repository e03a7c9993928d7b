package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/labelingtest"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/rewardstest"
)

// eachBackend runs a test on SQLite, and on PostgreSQL when TASKNET_TEST_POSTGRES_URL names a database.
func eachBackend(t *testing.T, test func(t *testing.T, config func(testing.TB) Config)) {
	t.Run("sqlite", func(t *testing.T) { test(t, sqliteConfig) })
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("TASKNET_TEST_POSTGRES_URL") == "" {
			t.Skip("TASKNET_TEST_POSTGRES_URL is not set")
		}
		test(t, postgresConfig)
	})
}

func sqliteConfig(t testing.TB) Config {
	return Config{Path: filepath.Join(t.TempDir(), "tasknet.db")}
}

// postgresConfig returns a schema of its own in the test database.
func postgresConfig(t testing.TB) Config {
	ctx := context.Background()
	raw := os.Getenv("TASKNET_TEST_POSTGRES_URL")
	conn, err := pgx.Connect(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	var random [8]byte
	rand.Read(random[:])
	schema := "t_" + hex.EncodeToString(random[:])
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		conn.Close(ctx)
	})
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return Config{URL: u.String()}
}

func open(t testing.TB, cfg Config) *DB {
	db, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if sqlite, ok := db.backend.(*sqliteDB); ok && !sqlite.closed {
			checkPlans(t, sqlite)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestPolls(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		pollstest.TestStore(t, func(t *testing.T) polls.Store { return open(t, config(t)).Polls() })
	})
}

func TestLabels(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		labelingtest.TestStore(t, func(t *testing.T) (labeling.Store, polls.Store) {
			db := open(t, config(t))
			return db.Labels(), db.Polls()
		})
	})
}

func TestProjects(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		labelingtest.TestProjects(t, func(t *testing.T) (labeling.ProjectStore, polls.Store) {
			db := open(t, config(t))
			return db.Projects(), db.Polls()
		})
	})
}

func TestDatasets(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		labelingtest.TestDatasets(t, func(t *testing.T) (labeling.DatasetStore, labeling.ProjectStore, labeling.Store, polls.Store) {
			db := open(t, config(t))
			return db.Datasets(), db.Projects(), db.Labels(), db.Polls()
		})
	})
}

func TestContests(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		labelingtest.TestContests(t, func(t *testing.T) (labeling.ContestStore, polls.Store) {
			db := open(t, config(t))
			return db.Contests(), db.Polls()
		})
	})
}

func TestRewards(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		rewardstest.TestStore(t, func(t testing.TB) rewards.Store { return open(t, config(t)).Rewards() })
	})
}

func TestRequests(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		rewardstest.TestRequests(t, func(t testing.TB) (rewards.Store, rewards.RequestStore) {
			db := open(t, config(t))
			return db.Rewards(), db.Requests()
		})
	})
}

func TestHistory(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		labelingtest.TestHistory(t, func(t *testing.T) (labeling.HistoryStore, labeling.ProjectStore, labeling.Store, polls.Store) {
			db := open(t, config(t))
			return db.History(), db.Projects(), db.Labels(), db.Polls()
		})
	})
}
