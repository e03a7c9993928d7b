package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// TestEverythingIsTold: who asks what is kept of them is told each column of each table that names a person.
func TestEverythingIsTold(t *testing.T) {
	raw, err := os.ReadFile("testdata/schema.golden")
	if err != nil {
		t.Fatal(err)
	}
	columns := make(map[string][]string)
	for line := range strings.Lines(string(raw)) {
		name, _, _ := strings.Cut(line, " ")
		table, column, _ := strings.Cut(name, ".")
		columns[table] = append(columns[table], column)
	}
	names := []string{"respondent", "person"}
	for table, all := range columns {
		i := slices.IndexFunc(everything, func(k kept) bool { return k.table == table })
		owned := slices.ContainsFunc(all, func(c string) bool { return slices.Contains(names, c) })
		if i < 0 {
			if owned {
				t.Errorf("the table %s names people, and is not told to them", table)
			}
			continue
		}
		for _, column := range all {
			told := slices.ContainsFunc(everything[i].columns, func(c string) bool {
				return strings.FieldsFunc(c, func(r rune) bool { return r == ':' || r == '=' })[0] == column
			})
			if !told && column != "respondent" && column != "person" {
				t.Errorf("%s.%s is not told", table, column)
			}
		}
	}
}

// TestErase: what a person wished, where they are woken and when they were is in no table any more, and others' things stay.
func TestErase(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		ann, bob := w.Person(), w.Person()
		lagos, err := polls.Zone("Africa/Lagos")
		if err != nil {
			t.Fatal(err)
		}
		for i, who := range []polls.Device{ann, bob} {
			wishes := polls.NewWishes()
			wishes.Languages, wishes.Avoids.Content, wishes.Quiet.Zone = []string{"eo"}, 1<<4, lagos
			if err := db.Subscriptions().SetWishes(ctx, who.Respondent, wishes); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Subscriptions().Subscribe(ctx, subscriptionOf(w, who, fmt.Sprint("target", i), 1)); err != nil {
				t.Fatal(err)
			}
			a := w.Take(who, w.Ask(w.Draft(3)))
			if err := db.Polls().SkipAssignment(ctx, who.Respondent, a.ID, "offensive", w.Now); err != nil {
				t.Fatal(err)
			}
		}
		wake := func(who polls.Device) {
			t.Helper()
			if err := db.backend.write(ctx, func(q querier) error {
				_, err := q.execAll(ctx, []statement{
					{`INSERT INTO wakes (id, subject, respondent, round, at, chance, after_ms, opened_at) VALUES ($1, 'q_1', $2, 0, 1, 1, 1, 0)`, []any{"wak_" + string(who.Respondent), string(who.Respondent)}},
					{`INSERT INTO pushes (wake, subscription, next_at, tries) SELECT CAST($1 AS TEXT), s.id, 5, 0 FROM subscriptions s WHERE s.respondent = $2`, []any{"wak_" + string(who.Respondent), string(who.Respondent)}},
				})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		wake(ann)
		wake(bob)
		of := func(who polls.Device) map[string]int {
			t.Helper()
			rows := make(map[string]int)
			for table := 0; ; table++ {
				part, err := db.Personal().Known(ctx, who.Respondent, table, "", 1)
				if err != nil {
					t.Fatal(err)
				}
				if part.Table == "" {
					return rows
				}
				for part.Next != "" {
					rows[part.Table] += len(part.Rows)
					if part, err = db.Personal().Known(ctx, who.Respondent, table, part.Next, 1); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if got := of(ann); got["pushes"] != 1 || got["wakes"] != 1 || got["subscriptions"] != 1 || got["sleepers"] != 1 || got["assignments"] != 1 || got["devices"] != 1 {
			t.Errorf("what is kept of ann: %v", got)
		}
		for range 2 {
			ended, err := db.Personal().Erase(ctx, ann.Respondent, w.Now.Add(time.Minute))
			if err != nil || !slices.Equal(ended, []polls.DeviceKey{ann.Device}) {
				t.Fatal(ended, err)
			}
		}
		if got := of(ann); got["pushes"]+got["wakes"]+got["subscriptions"]+got["sleepers"] != 0 || got["assignments"] != 1 {
			t.Errorf("what is left of ann: %v", got)
		}
		if got := of(bob); got["pushes"] != 1 || got["subscriptions"] != 1 || got["sleepers"] != 1 {
			t.Errorf("what is left of bob: %v", got)
		}
		if d, err := db.Polls().Device(ctx, ann.Device); err != nil || d.RevokedAt.IsZero() {
			t.Errorf("ann's device: %+v, %v", d, err)
		}
		if weeks, err := db.Personal().Checked(ctx, bob.Respondent); err != nil || len(weeks) != 0 {
			t.Errorf("what bob was checked by: %v, %v", weeks, err)
		}
		dump := dumpOf(ctx, t, db)
		for secret, want := range map[string]int{"target0": 0, "target1": 1, "offensive": 1, "Africa/Lagos": 1, "self_harm": 1} {
			if got := strings.Count(dump, secret); got != want {
				t.Errorf("%q stands %d times in the database", secret, got)
			}
		}
		if _, err := db.Personal().Erase(ctx, "rsp_nobody", w.Now); !errors.Is(err, polls.ErrNoRespondent) {
			t.Errorf("nobody: %v", err)
		}
	})
}

// dumpOf returns the text of all columns of texts, in all tables.
func dumpOf(ctx context.Context, t *testing.T, db *DB) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/schema.golden")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := db.backend.read(ctx, func(q querier) error {
		for line := range strings.Lines(string(raw)) {
			name, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
			table, column, _ := strings.Cut(name, ".")
			if !strings.HasPrefix(kind, "TEXT") {
				continue
			}
			if err := q.query(ctx, func(r row) error {
				var text string
				err := r.Scan(&text)
				out.WriteString(text + "\n")
				return err
			}, `SELECT "`+column+`" FROM `+table); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
