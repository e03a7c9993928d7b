package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // database/sql's driver, which goose needs
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/tasknet/tasknet"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema up to date and returns its version. It may run on several servers at once.
func Migrate(ctx context.Context, cfg Config) (version int64, err error) {
	err = withGoose(cfg, func(p *goose.Provider, db *sql.DB) error {
		if err := refuseUnreleased(ctx, p, db); err != nil {
			return err
		}
		results, err := p.Up(ctx)
		if n := len(results); n > 0 {
			cfg.withDefaults().Log.Info("the schema was migrated", "from", results[0].Source.Version-1, "to", results[n-1].Source.Version)
		}
		if err != nil {
			return err
		}
		version, err = p.GetDBVersion(ctx)
		return err
	})
	return version, err
}

// ErrUnreleased reports a database with questions that were asked before skills were learned by family.
var ErrUnreleased = tasknet.NewError(tasknet.Conflict, "unreleased_data",
	"This database has questions of a version of TaskNet before its first release. Their hashes name skills that this version cannot weigh answers by. Begin with a new database, or run the version that asked them until they are closed and paid.")

// skillsByFamily is the version of the schema that has skills by family. Questions from before it cannot be moved: their
// hashes, which are signed, name snapshots that are no more.
const skillsByFamily = 3

func refuseUnreleased(ctx context.Context, p *goose.Provider, db *sql.DB) error {
	version, err := p.GetDBVersion(ctx)
	if err != nil || version < 1 || version >= skillsByFamily {
		return err
	}
	var asked bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM questions)`).Scan(&asked); err != nil {
		return err
	}
	if asked {
		return ErrUnreleased
	}
	return nil
}

// Version returns the version of the schema in the database and the newest that this build knows.
func Version(ctx context.Context, cfg Config) (current, newest int64, err error) {
	err = withGoose(cfg, func(p *goose.Provider, _ *sql.DB) (err error) {
		current, newest, err = p.GetVersions(ctx)
		return err
	})
	return current, newest, err
}

func withGoose(cfg Config, f func(*goose.Provider, *sql.DB) error) (err error) {
	dialect, folder, driver, source := goose.DialectSQLite3, "migrations/sqlite", "sqlite", sqliteURI(cfg.Path, writerPragmas)
	var options []goose.ProviderOption
	if cfg.URL != "" {
		dialect, folder, driver, source = goose.DialectPostgres, "migrations/postgres", "pgx", cfg.URL
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	p, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := f(p, db); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
