package store

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// TestMigrateRefusesUnreleased: an empty database of an older schema is brought up to date; one with questions whose
// skills are no more is left as it is, with a clear error.
func TestMigrateRefusesUnreleased(t *testing.T) {
	eachEmptyBackend(t, func(t *testing.T, config func(testing.TB) Config) {
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

// TestProvenBefore: who had passed before newcomers were those of each organisation has passed with all, and what was pending
// then is known to be from whom it is.
func TestProvenBefore(t *testing.T) {
	eachEmptyBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		cfg := config(t)
		const byOrganisation = 12
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		check(withGoose(cfg, func(p *goose.Provider, db *sql.DB) error {
			if _, err := p.UpTo(t.Context(), byOrganisation-1); err != nil {
				return err
			}
			for _, text := range []string{
				`INSERT INTO orgs (id, name, created_at) VALUES ('org_a', 'Somebody', 1)`,
				`INSERT INTO questions (id, org, type, text, choices, image, policy, min, max, price, fee, deadline, snapshot, salt, hash, sample, created_at)
					VALUES ('q_a', 'org_a', 'choice', '', '[]', '', 'fixed:1', 1, 1, 1, 1, 1, '', '', '', 0, 1)`,
				`INSERT INTO verdicts (seq, so_far, id, question, outcome, choice, posterior, counts, answers, method, snapshot, reason, at, family)
					VALUES (1, 1, 'vrd_a', 'q_a', 'decided', 0, '[]', '[]', 1, '', '', 'quorum', 1, 'dogs')`,
				`INSERT INTO proven (respondent, family, at) VALUES ('rsp_a', 'dogs', 1)`,
				`INSERT INTO pending (respondent, family, amount, since) VALUES ('rsp_b', 'dogs', 7, 1), ('rsp_b', 'cats', 5, 1)`,
			} {
				if _, err := db.ExecContext(t.Context(), text); err != nil {
					return err
				}
			}
			return nil
		}))
		_, err := Migrate(t.Context(), cfg)
		check(err)
		db := open(t, cfg)
		people, err := db.Labels().Unproven(t.Context(), "org_b", []polls.RespondentID{"rsp_a", "rsp_b"})
		check(err)
		if len(people) != 1 || people[0] != "rsp_b" {
			t.Errorf("newcomers are %v", people)
		}
		for id, want := range map[polls.RespondentID]bool{"rsp_a": false, "rsp_b": true} {
			if fresh, err := db.Labels().Prove(t.Context(), "org_b", "dogs", id, time.UnixMilli(9)); err != nil || fresh != want {
				t.Errorf("%s passes: %t, %v", id, fresh, err)
			}
		}
		pays, err := db.Rewards().TakePending(t.Context(), "rsp_b", "org_a", "", time.Time{})
		check(err)
		if len(pays) != 1 || pays[0].Family != "dogs" || pays[0].Org != "org_a" {
			t.Errorf("from one organisation %+v was pending", pays)
		}
		if pays, err = db.Rewards().TakePending(t.Context(), "rsp_b", "", "cats", time.Time{}); err != nil || len(pays) != 1 {
			t.Errorf("from one that is not known %+v was pending, %v", pays, err)
		}
	})
}

// TestWhatWaitsIsKept: pay that waited when it was kept by family waits on, since when it did; and somebody whose pay waits has
// earned as a newcomer, and is one after the upgrade, unless they were paid at once before.
func TestWhatWaitsIsKept(t *testing.T) {
	eachEmptyBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		cfg := config(t)
		ids := OldDatabase(t, cfg)
		since := time.Date(2026, 11, 21, 22, 30, 0, 0, time.UTC)
		err := withGoose(cfg, func(p *goose.Provider, db *sql.DB) error {
			if _, err := p.UpTo(t.Context(), 11); err != nil {
				return err
			}
			_, err := db.ExecContext(t.Context(), `INSERT INTO pending (respondent, family, amount, since) VALUES ('rsp_new', 'dogs', 7, $1), ('rsp_new', 'birds', 5, $2)`, micros(since), micros(since.Add(time.Minute)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		db := open(t, cfg)
		got, err := db.Rewards().PendingOf(t.Context(), "rsp_new")
		want := []rewards.PendingPay{
			{Payee: "rsp_new", Family: "birds", Amount: tasknet.Micro(5), Since: since.Add(time.Minute)}, {Payee: "rsp_new", Family: "dogs", Amount: tasknet.Micro(7), Since: since},
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(tasknet.Amount{})); err != nil || diff != "" {
			t.Errorf("%v, what waits (-want +got):\n%s", err, diff)
		}
		people := []polls.RespondentID{"rsp_new"}
		for _, name := range []string{"ann", "bad", "bob", "cyd"} {
			people = append(people, polls.RespondentID(ids[name]))
		}
		unproven, err := db.Labels().Unproven(t.Context(), "org_new", people)
		if diff := cmp.Diff([]polls.RespondentID{"rsp_new", polls.RespondentID(ids["bad"])}, unproven); err != nil || diff != "" {
			t.Errorf("%v, who is a newcomer (-want +got):\n%s", err, diff)
		}
	})
}
