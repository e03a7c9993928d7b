package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// Golds come at the rate of their project, whatever their deadlines, each to a person once; and when there is nothing else.
func TestGoldRate(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		db := open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		ask := func(n int, project string, gold bool) (ids []polls.QuestionID) {
			for range n {
				d := w.Draft(50)
				d.Project = project
				if gold {
					d.Lifetime += time.Hour
				}
				q := w.Ask(d)
				ids = append(ids, q.ID)
				if !gold {
					continue
				}
				g, err := labeling.NewGold(q, labeling.Truth{Choice: 1})
				if err == nil {
					err = db.Labels().AddGolds(t.Context(), *g)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			return ids
		}
		claim := func(by polls.Device, draw, count int) (ids []polls.QuestionID) {
			c := w.Claim(by, count)
			c.Draw = draw
			leases, err := db.Polls().ClaimAssignments(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range leases {
				ids = append(ids, l.Question.ID)
			}
			return ids
		}
		same := func(what string, got, want []polls.QuestionID) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		plain, golds := ask(6, "", false), ask(2, "", true)
		same("a draw under the rate", claim(w.Person(), 99_999, 1), golds[:1])
		same("a draw at the rate", claim(w.Person(), 100_000, 1), plain[:1])
		same("a draw of many", claim(w.Person(), 50_000, 6), []polls.QuestionID{golds[0], plain[0], plain[1], plain[2], plain[3], plain[4]})
		same("in the middle", claim(w.Person(), 850_000, 6), []polls.QuestionID{plain[0], plain[1], golds[0], plain[2], plain[3], plain[4]})
		same("all that there are", claim(w.Person(), 500_000, 8), append(append([]polls.QuestionID{}, plain...), golds...))
		once := w.Person()
		same("the first gold", claim(once, 0, 1), golds[:1])
		w.Now = w.Now.Add(time.Hour / 2) // its lease is over, and it never comes again
		same("the second", claim(once, 0, 1), golds[1:])
		w.Now = w.Now.Add(time.Hour / 4)
		same("no third", claim(once, 0, 1), plain[:1])

		if err := db.Projects().CreateProject(t.Context(), &labeling.Project{ID: "prj_1", ProjectDraft: labeling.ProjectDraft{
			Org: w.Org.ID, Template: labeling.Template{Type: polls.Choice, Choices: []string{"a", "b"}}, Policy: polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1}, GoldPPM: 500_000,
		}, Status: labeling.Running, CreatedAt: w.Now}); err != nil {
			t.Fatal(err)
		}
		w.Now = w.Now.Add(40 * 24 * time.Hour) // all before are past their deadline
		plain, golds = ask(3, "prj_1", false), ask(3, "prj_1", true)
		same("a project's own rate", claim(w.Person(), 499_999, 1), golds[:1])
		same("and over it", claim(w.Person(), 500_000, 1), plain[:1])
	})
}
