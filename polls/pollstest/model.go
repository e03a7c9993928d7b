package pollstest

import (
	"errors"
	"time"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/polls"
)

// modelled is what the model knows of an assignment.
type modelled struct {
	polls.Assignment
	question int
	person   int
}

// testClaimModel plays random histories of claims, answers, skips and passing time, and checks each claim against the
// rules, which the model applies to all that happened.
func testClaimModel(w *World) {
	const margin = 1
	ctx := w.T.Context()
	rapid.Check(w.T, func(rt *rapid.T) {
		people := w.People(4)
		questions := make([]*polls.Question, 3)
		closing := make([]bool, len(questions))
		answers := make([]int, len(questions))
		for i := range questions {
			d := w.Draft(rapid.IntRange(1, 3).Draw(rt, "wanted"))
			d.Lifetime = time.Duration(rapid.IntRange(30, 120).Draw(rt, "lifetime")) * time.Minute
			questions[i] = w.Ask(d)
		}
		var made []*modelled
		leased := func(q int) (n int) {
			for _, m := range made {
				if m.question == q && m.Status == polls.Leased && m.ExpiresAt.After(w.Now) {
					n++
				}
			}
			return n
		}
		find := func(q, person int) *modelled {
			for _, m := range made {
				if m.question == q && m.person == person {
					return m
				}
			}
			return nil
		}
		rt.Repeat(map[string]func(*rapid.T){
			"claim": func(rt *rapid.T) {
				person, q := rapid.IntRange(0, len(people)-1).Draw(rt, "person"), rapid.IntRange(0, len(questions)-1).Draw(rt, "question")
				c := polls.Claim{Respondent: people[person].Respondent, Question: questions[q].ID, Count: 1, At: w.Now, Margin: margin}
				c.ExpiresAt = w.Now.Add(time.Duration(rapid.IntRange(1, 20).Draw(rt, "lease")) * time.Minute)
				leases, err := w.Store.ClaimAssignments(ctx, c)
				over := closing[q] || !w.Now.Before(questions[q].Deadline)
				before := find(q, person)
				switch {
				case before != nil && !over && before.Status == polls.Leased && before.ExpiresAt.After(w.Now):
					if err != nil || len(leases) != 1 || leases[0].Assignment != before.Assignment {
						rt.Fatalf("the held lease %+v: got %+v, %v", before, leases, err)
					}
				case before == nil && !over && leased(q) < questions[q].Policy.Max-answers[q]+margin:
					if err != nil || len(leases) != 1 {
						rt.Fatalf("with %d leases out and %d of %d answers: %v, %v", leased(q), answers[q], questions[q].Policy.Max, leases, err)
					}
					made = append(made, &modelled{leases[0].Assignment, q, person})
				default:
					if !errors.Is(err, polls.ErrNotAvailable) {
						rt.Fatalf("with %d leases out and %d of %d answers, over %t, before %+v: %v, %v", leased(q), answers[q], questions[q].Policy.Max, over, before, leases, err)
					}
				}
			},
			"answer": func(rt *rapid.T) {
				if len(made) == 0 {
					rt.Skip("nothing is assigned yet")
				}
				m := rapid.SampledFrom(made).Draw(rt, "assignment")
				s := w.Submission(people[m.person], questions[m.question], m.Assignment, 0)
				w.Record(s)
				var want error
				switch {
				case m.Status == polls.Answered:
					want = polls.ErrAnswered
				case m.Status == polls.Skipped:
					want = polls.ErrSkipped
				case closing[m.question] || !w.Now.Before(questions[m.question].Deadline):
					want = polls.ErrClosed
				}
				if !errors.Is(s.Err, want) {
					rt.Fatalf("answering %+v: %v, want %v", m, s.Err, want)
				}
				if want == nil {
					m.Status = polls.Answered
					answers[m.question]++
					closing[m.question] = answers[m.question] == questions[m.question].Policy.Max
				}
			},
			"skip": func(rt *rapid.T) {
				if len(made) == 0 {
					rt.Skip("nothing is assigned yet")
				}
				m := rapid.SampledFrom(made).Draw(rt, "assignment")
				err := w.Store.SkipAssignment(ctx, people[m.person].Respondent, m.ID, "unclear", w.Now)
				if m.Status == polls.Answered {
					w.want("skipping an answer", err, polls.ErrAnswered)
					return
				}
				w.must(err)
				m.Status, m.SkipReason = polls.Skipped, "unclear"
			},
			"wait": func(rt *rapid.T) {
				w.Now = w.Now.Add(time.Duration(rapid.IntRange(1, 20).Draw(rt, "minutes")) * time.Minute)
			},
			"": func(rt *rapid.T) {
				for i, p := range people {
					could := 0
					for q := range questions {
						if find(q, i) == nil && !closing[q] && w.Now.Before(questions[q].Deadline) && leased(q) < questions[q].Policy.Max-answers[q]+margin {
							could++
						}
					}
					s, err := w.Store.Standing(ctx, polls.Claim{Respondent: p.Respondent, Count: 99, At: w.Now, Margin: margin})
					w.must(err)
					if s.Available != could {
						rt.Fatalf("person %d could take %d questions, Standing says %d", i, could, s.Available)
					}
				}
			},
		})
		for _, q := range questions { // out of the way of the next history
			w.must(w.Store.CloseQuestion(ctx, q.ID, w.Now))
		}
	})
}
