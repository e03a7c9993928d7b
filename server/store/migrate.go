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
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema up to date and returns its version. It may run on several servers at once.
func Migrate(ctx context.Context, cfg Config) (version int64, err error) {
	err = withGoose(cfg, func(p *goose.Provider) error {
		results, err := p.Up(ctx)
		for _, r := range results {
			cfg.withDefaults().Log.Info("the schema was migrated", "version", r.Source.Version, "took", r.Duration)
		}
		if err != nil {
			return err
		}
		version, err = p.GetDBVersion(ctx)
		return err
	})
	return version, err
}

// Version returns the version of the schema in the database and the newest that this build knows.
func Version(ctx context.Context, cfg Config) (current, newest int64, err error) {
	err = withGoose(cfg, func(p *goose.Provider) (err error) {
		current, newest, err = p.GetVersions(ctx)
		return err
	})
	return current, newest, err
}

func withGoose(cfg Config, f func(*goose.Provider) error) (err error) {
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
	if err := f(p); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
