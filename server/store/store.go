package store

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// Config says where the data is. One of Path and URL must be set.
type Config struct {
	Path string // of the SQLite file, which is made when it is not there
	URL  string // of a PostgreSQL database, postgres://...

	// Readers is how many reads run side by side in SQLite. More helps on many cores only; each costs some memory.
	// Default: as many as there are cores, and at least 4.
	Readers int

	// Connections is how many connections to PostgreSQL are open at most. Servers of one database share its limit,
	// which is 100 by default. Default 16.
	Connections int

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

const connectionsDefault = 16

func (c Config) withDefaults() Config {
	if c.Readers == 0 {
		c.Readers = max(4, runtime.GOMAXPROCS(0))
	}
	if c.Connections == 0 {
		c.Connections = connectionsDefault
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c Config) validate() error {
	if (c.Path == "") == (c.URL == "") {
		return fmt.Errorf("a store needs the path of a file or the URL of a database, and not both")
	}
	if c.URL != "" && !strings.HasPrefix(c.URL, "postgres://") && !strings.HasPrefix(c.URL, "postgresql://") {
		return fmt.Errorf("the URL of a database must begin with postgres://")
	}
	if c.Readers < 1 || c.Connections < 1 {
		return fmt.Errorf("a store needs at least one reader and one connection")
	}
	return nil
}

// Errors that the store adds to those of the domains.
var (
	// ErrBusy reports that a transaction was tried again and again and lost each time.
	ErrBusy = tasknet.NewError(tasknet.Unavailable, "store_busy", "The database is too busy; try again in a moment.")

	// ErrStopped reports a store that is closed.
	ErrStopped = tasknet.NewError(tasknet.Unavailable, "store_closed", "The server is stopping; try again in a moment.")
)

// errNested reports a transaction that was begun, or a write on the DB made, by the body of another one, which would
// wait for itself.
var errNested = fmt.Errorf("store: a transaction's body began another one; use the Tx that it was given")

// backend is one of the two databases.
type backend interface {
	// read runs f outside of any transaction: each statement sees what is committed when it begins.
	read(ctx context.Context, f func(querier) error) error

	// write runs f in a transaction, more than once when it lost against others.
	write(ctx context.Context, f func(querier) error) error

	// turn is write, one at a time among all servers; those who wait at the same time are one transaction where they can be.
	turn(ctx context.Context, f func(querier) error) error

	// lead runs f while no other server of the same database does, and ends its context when that is not sure any more.
	lead(ctx context.Context, f func(context.Context) error) error

	close() error
}

// runner runs the methods of the stores: each in a transaction of its own, or all in one.
type runner interface {
	read(ctx context.Context, f func(querier) error) error
	write(ctx context.Context, f func(querier) error) error
}

// DB is the store of an instance. Its methods may be called from many goroutines.
type DB struct {
	stores
	backend backend
}

// Open opens the store, and brings its schema up to date.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if _, err := Migrate(ctx, cfg); err != nil {
		return nil, err
	}
	open := openSQLite
	if cfg.URL != "" {
		open = openPostgres
	}
	b, err := open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return &DB{stores: stores{b}, backend: b}, nil
}

// Close waits for what is under way and closes the store.
func (db *DB) Close() error { return db.backend.close() }

// Lead waits until no other server of the database leads, and runs f, whose context ends with ctx, or before when the database
// goes away; then it is run again. It is for what one of all servers does. The error is f's.
func (db *DB) Lead(ctx context.Context, f func(context.Context) error) error {
	return db.backend.lead(ctx, f)
}

// InTx implements pipeline.Stores.
func (db *DB) InTx(ctx context.Context, f func(pipeline.Tx) error) error {
	return db.backend.write(ctx, func(q querier) error { return f(stores{within{q}}) })
}

// InTurn implements pipeline.Stores.
func (db *DB) InTurn(ctx context.Context, f func(pipeline.Tx) error) error {
	return db.backend.turn(ctx, func(q querier) error { return f(stores{within{q}}) })
}

// within runs methods in a transaction that is under way.
type within struct{ q querier }

func (w within) read(_ context.Context, f func(querier) error) error  { return f(w.q) }
func (w within) write(_ context.Context, f func(querier) error) error { return f(w.q) }

// runBody runs a transaction's body. It is the frame that inBody looks for.
//
//go:noinline
func runBody(f func(querier) error, q querier) error { return f(q) }

// inBody reports whether the calling goroutine is in the body of a transaction. It costs about a microsecond, and saves
// hours: a write that waits for the writer that waits for it hangs the whole server.
func inBody() bool {
	var pcs [128]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if frame.Function == runBodyName {
			return true
		}
		if !more {
			return false
		}
	}
}

const runBodyName = "github.com/tasknet/tasknet/server/store.runBody"

// Tries of a transaction that loses against others, and how long the pauses between them are at first.
const (
	triesMax   = 8
	pauseFirst = 2 * time.Millisecond
)

// stores are all stores at one point.
type stores struct{ r runner }

type (
	pollStore     struct{ runner }
	labelStore    struct{ runner }
	projectStore  struct{ runner }
	datasetStore  struct{ runner }
	contestStore  struct{ runner }
	jobStore      struct{ runner }
	helpStore     struct{ runner }
	historyStore  struct{ runner }
	rewardStore   struct{ runner }
	stakeStore    struct{ runner }
	requestStore  struct{ runner }
	spendingStore struct{ runner }
	eventStore    struct{ runner }
	replyStore    struct{ runner }
	settingStore  struct{ runner }
	logStore      struct{ runner }
	pushStore     struct{ runner }
	artefactStore struct{ runner }
)

// Polls returns the store of questions, answers and people.
func (s stores) Polls() polls.Store { return pollStore{s.r} }

// Labels returns the store of verdicts and skills.
func (s stores) Labels() labeling.Store { return labelStore{s.r} }

// Projects returns the store of projects, their tasks and imports.
func (s stores) Projects() labeling.ProjectStore { return projectStore{s.r} }

// Datasets returns the store of versions of datasets.
func (s stores) Datasets() labeling.DatasetStore { return datasetStore{s.r} }

// Contests returns the store of contests.
func (s stores) Contests() labeling.ContestStore { return contestStore{s.r} }

// Helps returns the store of the models that help projects.
func (s stores) Helps() labeling.HelpStore { return helpStore{s.r} }

// Jobs returns the store of jobs, nodes and leases.
func (s stores) Jobs() compute.JobStore { return jobStore{s.r} }

// Work implements pipeline.Tx.
func (s stores) Work() compute.WorkStore { return jobStore{s.r} }

// Asks implements pipeline.Tx.
func (s stores) Asks() compute.AskStore { return jobStore{s.r} }

// History returns the store of how questions went that are closed.
func (s stores) History() labeling.HistoryStore { return historyStore{s.r} }

// Rewards returns the store of the ledger, deposits and epochs.
func (s stores) Rewards() rewards.Store { return rewardStore{s.r} }

// Stakes returns the store of stakes and cases about them.
func (s stores) Stakes() rewards.StakeStore { return stakeStore{s.r} }

// Requests returns the store of questions of contracts.
func (s stores) Requests() rewards.RequestStore { return requestStore{s.r} }

// Spending returns the store of what requesters paid for.
func (s stores) Spending() pipeline.Spending { return spendingStore{s.r} }

// Bonuses returns the store of bonuses.
func (s stores) Bonuses() pipeline.Bonuses { return spendingStore{s.r} }

// Events returns the store of what happened.
func (s stores) Events() pipeline.Events { return eventStore{s.r} }

// Replies returns the store of replies to writes with idempotency keys.
func (s stores) Replies() pipeline.Replies { return replyStore{s.r} }

// Log returns the store of what enters the public log.
func (s stores) Log() pipeline.Log { return logStore{s.r} }

// Subscriptions returns the store of who can be woken.
func (s stores) Subscriptions() pipeline.Subscriptions { return pushStore{s.r} }

// Wakings returns the store of what may lack people.
func (s stores) Wakings() pipeline.Wakings { return pushStore{s.r} }

// Pushes returns the store of pushes.
func (s stores) Pushes() pipeline.Pushes { return pushStore{s.r} }

// Personal implements pipeline.Tx.
func (s stores) Personal() pipeline.Personal { return personalStore{s.r} }

// Artefacts returns the store of what is known of artefacts.
func (s stores) Artefacts() pipeline.Artefacts { return artefactStore{s.r} }

// Settings returns the store of the facts about the instance.
func (s stores) Settings() pipeline.Settings { return settingStore{s.r} }

var (
	_ pipeline.Stores        = (*DB)(nil)
	_ polls.Store            = pollStore{}
	_ labeling.Store         = labelStore{}
	_ labeling.ProjectStore  = projectStore{}
	_ labeling.DatasetStore  = datasetStore{}
	_ labeling.ContestStore  = contestStore{}
	_ compute.JobStore       = jobStore{}
	_ compute.WorkStore      = jobStore{}
	_ compute.AskStore       = jobStore{}
	_ labeling.HelpStore     = helpStore{}
	_ labeling.HistoryStore  = historyStore{}
	_ rewards.Store          = rewardStore{}
	_ rewards.RequestStore   = requestStore{}
	_ rewards.StakeStore     = stakeStore{}
	_ pipeline.Spending      = spendingStore{}
	_ pipeline.Bonuses       = spendingStore{}
	_ pipeline.Events        = eventStore{}
	_ pipeline.Replies       = replyStore{}
	_ pipeline.Settings      = settingStore{}
	_ pipeline.Log           = logStore{}
	_ pipeline.Subscriptions = pushStore{}
	_ pipeline.Wakings       = pushStore{}
	_ pipeline.Pushes        = pushStore{}
	_ pipeline.Personal      = personalStore{}
	_ pipeline.Artefacts     = artefactStore{}
	_ backend                = (*sqliteDB)(nil)
	_ backend                = (*postgresDB)(nil)
)
