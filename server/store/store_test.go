package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/labelingtest"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/rewardstest"
)

// eachBackend runs a test on SQLite, and on PostgreSQL when TASKNET_TEST_POSTGRES_URL names a server. Each database has its
// schema, and nothing else in it.
func eachBackend(t *testing.T, test func(t *testing.T, config func(testing.TB) Config)) {
	onBoth(t, sqliteConfig, postgresConfig, test)
}

// eachEmptyBackend is the same for tests of how a database gets its schema.
func eachEmptyBackend(t *testing.T, test func(t *testing.T, config func(testing.TB) Config)) {
	onBoth(t, emptySQLite, emptyPostgres, test)
}

func onBoth(t *testing.T, sqlite, postgres func(testing.TB) Config, test func(t *testing.T, config func(testing.TB) Config)) {
	t.Run("sqlite", func(t *testing.T) { test(t, sqlite) })
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv(postgresURL) == "" {
			t.Skip(postgresURL + " is not set")
		}
		test(t, postgres)
	})
}

func emptySQLite(t testing.TB) Config {
	return Config{Path: filepath.Join(t.TempDir(), "tasknet.db")}
}

// migratedSQLite is what a database file holds after its migrations. They are run once and then copied, as they take longer
// than most tests.
var migratedSQLite = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tasknet-store")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tasknet.db")
	if _, err := Migrate(context.Background(), Config{Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteConfig(t testing.TB) Config {
	migrated, err := migratedSQLite()
	if err != nil {
		t.Fatal(err)
	}
	cfg := emptySQLite(t)
	if err := os.WriteFile(cfg.Path, migrated, 0o600); err != nil {
		t.Fatal(err)
	}
	return cfg
}

const postgresURL = "TASKNET_TEST_POSTGRES_URL"

// onPostgres does something by a connection to the server that tests may use.
func onPostgres(sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, os.Getenv(postgresURL))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// newPostgres makes a database, from a template where that is not empty, and returns its name and its address.
func newPostgres(template string) (name, address string, err error) {
	var random [8]byte
	rand.Read(random[:])
	name = "t_" + hex.EncodeToString(random[:])
	sql := "CREATE DATABASE " + name
	if template != "" {
		sql += " TEMPLATE " + template
	}
	u, err := url.Parse(os.Getenv(postgresURL))
	if err != nil {
		return "", "", err
	}
	u.Path = "/" + name
	return name, u.String(), onPostgres(sql)
}

// dropPostgres also ends the connections that a test has left.
func dropPostgres(name string) error { return onPostgres("DROP DATABASE " + name + " WITH (FORCE)") }

// postgresTemplate is the name of the database that migratedPostgres made, which TestMain drops.
var postgresTemplate string

// migratedPostgres is the name of a database that has its migrations, and is copied like migratedSQLite.
var migratedPostgres = sync.OnceValues(func() (string, error) {
	name, address, err := newPostgres("")
	if err != nil {
		return "", err
	}
	postgresTemplate = name
	_, err = Migrate(context.Background(), Config{URL: address})
	return name, err
})

func emptyPostgres(t testing.TB) Config { return postgresFrom(t, "") }

func postgresConfig(t testing.TB) Config {
	template, err := migratedPostgres()
	if err != nil {
		t.Fatal(err)
	}
	return postgresFrom(t, template)
}

// postgresFrom makes a database of the test's own, which is dropped with it.
func postgresFrom(t testing.TB, template string) Config {
	name, address, err := newPostgres(template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dropPostgres("IF EXISTS " + name); err != nil {
			t.Error(err)
		}
	})
	return Config{URL: address}
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

func TestStakes(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		rewardstest.TestStakes(t, func(t testing.TB) rewards.StakeStore { return open(t, config(t)).Stakes() })
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
