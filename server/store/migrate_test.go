package store

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/pressly/goose/v3"
)

// TestMigrateRefusesUnreleased: an empty database of an older schema is brought up to date; one with questions whose
// skills are no more is left as it is, with a clear error.
func TestMigrateRefusesUnreleased(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		for _, asked := range []bool{false, true} {
			cfg := config(t)
			before := func(p *goose.Provider, db *sql.DB) error {
				if _, err := p.UpTo(t.Context(), skillsByFamily-1); err != nil || !asked {
					return err
				}
				if _, err := db.ExecContext(t.Context(), `INSERT INTO orgs (id, name, created_at) VALUES ('org_a', 'Somebody', 1)`); err != nil {
					return err
				}
				_, err := db.ExecContext(t.Context(), `INSERT INTO questions (id, org, type, text, choices, image, policy, min, max, price, fee, deadline, snapshot, salt, hash, sample, created_at)
					VALUES ('q_a', 'org_a', 'choice', '', '[]', '', 'fixed:1', 1, 1, 1, 1, 1, '', '', '', 0, 1)`)
				return err
			}
			if err := withGoose(cfg, before); err != nil {
				t.Fatal(err)
			}
			if _, err := Migrate(t.Context(), cfg); asked != errors.Is(err, ErrUnreleased) || !asked && err != nil {
				t.Errorf("with questions: %t; %v", asked, err)
			}
			if current, newest, err := Version(t.Context(), cfg); err != nil || asked != (current < newest) {
				t.Errorf("with questions: %t; it is of version %d of %d, %v", asked, current, newest, err)
			}
		}
	})
}
