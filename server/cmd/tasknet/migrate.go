package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/store"
)

const aboutMigrate = `A server brings its database up to date whenever it starts. These commands do it
apart from that, or say how the database is. They use the same DATA and
DATABASE_URL as tasknet serve.`

// database says where the database is.
func (s *server) database() (store.Config, error) {
	if err := s.secrets(); err != nil {
		return store.Config{}, err
	}
	return s.Database()
}

func (p *program) migrate() *cobra.Command {
	var s server
	asJSON := false
	cmd := &cobra.Command{
		Use: "migrate", Short: "Look at the database's schema, or bring it up to date", Long: aboutMigrate, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	status := &cobra.Command{
		Use: "status", Short: "Say which version the schema has", Args: cobra.NoArgs, Example: "  tasknet migrate status --data ~/tasknet",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := s.database()
			if err != nil {
				return err
			}
			if _, err := os.Stat(cfg.Path); cfg.URL == "" && errors.Is(err, fs.ErrNotExist) {
				return usagef("there is no database at %s yet; %s serve, or %[2]s migrate up, makes it", cfg.Path, p.name)
			}
			current, newest, err := store.Version(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(map[string]int64{"version": current, "newest": newest})
			}
			if current == newest {
				return p.printf("The schema is at version %d, the newest.\n", current)
			}
			return p.printf("The schema is at version %d; this program knows version %d. Run %s migrate up.\n", current, newest, p.name)
		},
	}
	up := &cobra.Command{
		Use: "up", Short: "Bring the schema up to date", Args: cobra.NoArgs, Example: "  DATABASE_URL=postgres://tasknet@db/tasknet tasknet migrate up",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := s.database()
			if err != nil {
				return err
			}
			if cfg.URL == "" {
				if err := os.MkdirAll(filepath.Dir(cfg.Path), 0o700); err != nil {
					return err
				}
			}
			version, err := store.Migrate(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(map[string]int64{"version": version})
			}
			return p.printf("The schema is at version %d.\n", version)
		},
	}
	for _, c := range []*cobra.Command{status, up} {
		s.dataFlags(c)
		c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
		cmd.AddCommand(c)
	}
	return cmd
}
