package store

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TestLanguagesAreWrittenWhenTheyChange: saving a project with the languages that it has writes none of them again.
func TestLanguagesAreWrittenWhenTheyChange(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		db := open(t, config(t))
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(db.Polls().CreateOrg(ctx, polls.Org{ID: "org_a", Name: "Somebody", CreatedAt: time.Unix(1, 0)}))
		p, err := labeling.NewProject(labeling.ProjectDraft{
			Org: "org_a", Name: "Birds", Languages: []string{"en", "pt-BR"}, Price: tasknet.Micro(1), Lifetime: time.Hour,
			Template: labeling.Template{Type: polls.YesNo, Text: "Is it a bird?"}, Policy: polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1},
		}, time.Unix(1, 0))
		must(err)
		must(db.Projects().CreateProject(ctx, p))
		rows := func() (n int) {
			t.Helper()
			must(db.backend.read(ctx, func(q querier) error {
				_, err := get(ctx, q, []any{&n}, `SELECT COUNT(*) FROM project_languages`)
				return err
			}))
			return n
		}
		must(db.backend.write(ctx, func(q querier) error {
			_, err := q.exec(ctx, `DELETE FROM project_languages WHERE project = $1 AND language = 'en'`, p.ID)
			return err
		}))
		p.Name = "Animals"
		must(db.Projects().SaveProject(ctx, p))
		if n := rows(); n != 1 {
			t.Errorf("%d languages after a change of the name", n)
		}
		p.Languages = []string{"en", "pt", "fr"}
		must(db.Projects().SaveProject(ctx, p))
		if n := rows(); n != 3 {
			t.Errorf("%d languages after a change of these", n)
		}
	})
}
