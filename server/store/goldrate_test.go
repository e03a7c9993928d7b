package store

import (
	"slices"
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
		// The questions of a project have no order.
		if got := claim(w.Person(), 499_999, 1); len(got) != 1 || !slices.Contains(golds, got[0]) {
			t.Errorf("a project's own rate: %s", got)
		}
		if got := claim(w.Person(), 500_000, 1); len(got) != 1 || !slices.Contains(plain, got[0]) {
			t.Errorf("and over it: %s", got)
		}
	})
}

// What new golds look like is chosen by chance from the open questions of their project that are no golds.
func TestSomeOpen(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		db := open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		part := 0
		ask := func(project string, lifetime time.Duration) *polls.Question {
			d := w.Draft(3)
			d.Project, d.Began, d.Part, d.Lifetime = project, w.Now, part, lifetime
			return w.Ask(d)
		}
		const n = 12
		p := &labeling.Project{ID: "prj_1", CreatedAt: w.Now, Counts: labeling.ProjectCounts{Tasks: 9000}}
		want := make(map[polls.QuestionID]int)
		for i := range n {
			part = i % labeling.Parts(p.Counts.Tasks)
			want[ask("prj_1", 24*time.Hour).ID] = 0
			ask("prj_2", 24*time.Hour)
		}
		ask("prj_1", time.Minute)
		g, err := labeling.NewGold(ask("prj_1", 24*time.Hour), labeling.Truth{Choice: 1})
		if err == nil {
			err = db.Labels().AddGolds(t.Context(), *g)
		}
		if err == nil {
			closed := ask("prj_1", 24*time.Hour).ID
			err = db.backend.write(t.Context(), func(db querier) error {
				_, err := db.exec(t.Context(), `UPDATE progress SET status = 'closed' WHERE question = $1`, closed)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			some, err := db.Projects().SomeOpen(t.Context(), p, w.Now.Add(time.Hour), 3)
			if err != nil || len(some) == 0 || len(some) > 3 {
				t.Fatalf("%d questions, %v", len(some), err)
			}
			for _, q := range some {
				if _, ok := want[q.ID]; !ok {
					t.Fatalf("%+v", q)
				}
				want[q.ID]++
			}
		}
		came := 0
		for _, times := range want {
			came += min(times, 1)
		}
		if came < n-3 { // one comes seldom whose id is close behind another
			t.Errorf("%d of %d ever came", came, n)
		}
	})
}
