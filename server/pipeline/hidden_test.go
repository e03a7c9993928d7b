package pipeline_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// sighting is what somebody sees of a question that they are given.
type sighting struct {
	id, assignment, deadline, terms, lease string
	place                                  int  // in its batch
	gold                                   bool // which they do not see
}

// TestGoldsCannotBeTold: somebody gets 300 questions of a project with a tenth of golds, wherever these are in it, and
// guesses by all that a question shows but its content which are golds. No way of guessing does better than chance.
func TestGoldsCannotBeTold(t *testing.T) {
	const tasks, seen = 1000, 300
	arrangements := map[string]func(i int) bool{
		"first":       func(i int) bool { return i < tasks/10 },
		"last":        func(i int) bool { return i >= tasks-tasks/10 },
		"interleaved": func(i int) bool { return i%10 == 7 },
		"few":         func(i int) bool { return i%25 == 7 },
		"later":       func(i int) bool { return i >= tasks-tasks/10 },
	}
	for name, isGold := range arrangements {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "more", tasknet.Micro(100*tasknet.MicroPerToken), start)))
			p := b.goldProject(t, tasks, isGold, name == "later")
			golds := make(map[polls.QuestionID]bool)
			for _, k := range b.tasks(t, p.ID) {
				if k.Truth != "" {
					golds[k.Question] = true
				}
			}
			for i, count := range []int{1, 10} {
				by := polls.RespondentID(fmt.Sprintf("rsp_%03d", i+1))
				b.answer(t, b.ask(t, b.draft("fixed:1")), 0) // somebody new
				stream, want := b.sightings(t, by, seen, count, golds)
				if got := goldsIn(stream, nil); got != want {
					t.Errorf("%d at once: %d golds in %d questions, and %d by the draws", count, got, len(stream), want)
				}
				for how, guess := range detectors(stream) {
					guesses, base := 0, float64(goldsIn(stream, nil))/float64(len(stream))
					for i := range stream {
						if guess(i) {
							guesses++
						}
					}
					hits := goldsIn(stream, guess)
					if p := atLeast(hits, guesses, base); p < byChance {
						t.Errorf("%d at once: by %s %d of %d guesses are golds, of all questions %.2f; so many by chance: %.1g", count, how, hits, guesses, base, p)
					}
				}
			}
		})
	}
}

// byChance is how likely as good guesses are at least without any knowledge. There are some hundred ways of guessing, and ids
// are new in each run.
const byChance = 1e-9

// goldProject makes a project, and adds its tasks in batches. When the golds come later, the price has changed, and so has
// what is known of people.
func (b *bench) goldProject(t *testing.T, tasks int, isGold func(int) bool, later bool) *labeling.Project {
	t.Helper()
	policy, err := polls.ParsePolicy("fixed:3", 0, 0)
	check(t, err)
	p, err := labeling.NewProject(labeling.ProjectDraft{
		Org: b.org, Name: "Spam", Template: labeling.Template{Type: polls.YesNo, Text: "Is this spam?"}, Policy: policy, Price: tasknet.Micro(1000), Lifetime: 24 * time.Hour, GoldPPM: 100_000,
	}, b.clock())
	check(t, err)
	check(t, b.stores.Projects().CreateProject(t.Context(), p))
	for i := 0; i < tasks; {
		var rows []labeling.TaskRow
		for ; i < tasks && len(rows) < 100 && (len(rows) == 0 || !later || isGold(i) == (rows[0].Truth != "")); i++ {
			r := labeling.TaskRow{Key: fmt.Sprintf("k%05d", i), Text: fmt.Sprintf("Message %d", i)}
			if isGold(i) {
				r.Truth = "Yes"
			}
			rows = append(rows, r)
		}
		if later && rows[0].Truth != "" && p.Price == tasknet.Micro(1000) {
			b.pass(5 * time.Hour)
			p.Price = tasknet.Micro(1100)
			check(t, b.stores.Projects().SaveProject(t.Context(), p))
		}
		in, err := b.PrepareTasks(t.Context(), rows)
		check(t, err)
		check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
			p, err := tx.Projects().LockProject(t.Context(), p.ID)
			if err != nil {
				return err
			}
			added, err := b.AddTasks(t.Context(), tx, p, in)
			if added.Made != len(rows) {
				t.Errorf("%+v of %d rows", added, len(rows))
			}
			return err
		}))
		b.pass(20 * time.Millisecond)
	}
	return p
}

// sightings has somebody take n questions, count at once, and returns how many golds are among them by the draws.
func (b *bench) sightings(t *testing.T, by polls.RespondentID, n, count int, golds map[polls.QuestionID]bool) (stream []sighting, want int) {
	t.Helper()
	const million, apart = 1_000_000, 618_034
	rng := rand.New(rand.NewPCG(1, uint64(count)))
	had := make(map[polls.QuestionID]bool)
	for len(stream) < n {
		now, draw := b.clock(), rng.IntN(million)
		leases, err := b.stores.Polls().ClaimAssignments(t.Context(), polls.Claim{Respondent: by, Count: count, At: now, ExpiresAt: now.Add(time.Millisecond), Margin: 1, Draw: draw})
		check(t, err)
		if len(leases) != count {
			t.Fatalf("%d leases after %d", len(leases), len(stream))
		}
		for i, l := range leases {
			if had[l.Question.ID] {
				t.Fatalf("%s comes twice", l.Question.ID)
			}
			had[l.Question.ID] = true
			q := l.Question
			stream = append(stream, sighting{
				string(q.ID), string(l.Assignment.ID), q.Deadline.Format(time.RFC3339Nano), fmt.Sprint(q.Price, q.Fee, q.Policy, q.Snapshot),
				l.Assignment.ExpiresAt.Sub(now).String(), i, golds[q.ID],
			})
			if (draw+i*apart)%million < 100_000 {
				want++
			}
		}
		b.pass(time.Millisecond)
	}
	return stream, want
}

// goldsIn counts golds, or those that are guessed.
func goldsIn(stream []sighting, guess func(int) bool) (n int) {
	for i, s := range stream {
		if s.gold && (guess == nil || guess(i)) {
			n++
		}
	}
	return n
}

// detectors are ways of guessing which of the questions that somebody got are golds, by what they saw and nothing else.
func detectors(stream []sighting) map[string]func(int) bool {
	out := make(map[string]func(int) bool)
	id := func(s sighting) string { return s.id }
	deadline := func(s sighting) string { return s.deadline + s.id }
	byAssignment := slices.Clone(stream)
	slices.SortFunc(byAssignment, func(a, b sighting) int { return strings.Compare(a.assignment, b.assignment) })
	for what, by := range map[string]func(sighting) string{"ids": id, "deadlines": deadline} {
		for way, compare := range map[string]func(a, b string) int{"rising": strings.Compare, "falling": func(a, b string) int { return strings.Compare(b, a) }} {
			off := offRun(stream, by, compare)
			out["what is on the "+way+" run of "+what] = func(i int) bool { return !off(i) }
			out["what is off the "+way+" run of "+what] = off
		}
		off := offRun(byAssignment, by, strings.Compare)
		marked := make(map[string]bool)
		for i, s := range byAssignment {
			marked[s.id] = off(i)
		}
		out["what is off the rising run of "+what+" by assignment"] = func(i int) bool { return marked[stream[i].id] }
		sorted := slices.Clone(stream)
		slices.SortFunc(sorted, func(a, b sighting) int { return strings.Compare(by(a), by(b)) })
		rank := make(map[string]int)
		for i, s := range sorted {
			rank[s.id] = i
		}
		tenth := len(stream) / 10
		out["the first tenth of "+what] = func(i int) bool { return rank[stream[i].id] < tenth }
		out["the last tenth of "+what] = func(i int) bool { return rank[stream[i].id] >= len(stream)-tenth }
		// How far, in ranks, it is from what came before it.
		gaps := make([]int, len(stream))
		for i := 1; i < len(stream); i++ {
			gaps[i] = rank[stream[i].id] - rank[stream[i-1].id]
		}
		bySize := slices.Clone(gaps)
		slices.Sort(bySize)
		out["the greatest gaps of "+what] = func(i int) bool { return gaps[i] > bySize[len(bySize)-1-tenth] }
		out["the least gaps of "+what] = func(i int) bool { return gaps[i] < bySize[tenth] }
		out["the greatest gaps on both sides of "+what] = func(i int) bool {
			return i+1 < len(stream) && gaps[i] > len(stream)/3 && gaps[i+1] < -len(stream)/3
		}
	}
	for what, of := range map[string]func(sighting) string{
		"deadline": func(s sighting) string { return s.deadline }, "price and terms": func(s sighting) string { return s.terms }, "lease": func(s sighting) string { return s.lease },
		"length of the id": func(s sighting) string { return fmt.Sprint(len(s.id)) }, "time in the id": func(s sighting) string { return s.id[:len("q_")+9] },
	} {
		counts := make(map[string]int)
		for _, s := range stream {
			counts[of(s)]++
		}
		out["a rare "+what] = func(i int) bool { return counts[of(stream[i])] <= len(stream)/5 }
	}
	for place := range 10 {
		if slices.ContainsFunc(stream, func(s sighting) bool { return s.place != 0 }) {
			out[fmt.Sprintf("place %d of a batch", place)] = func(i int) bool { return stream[i].place == place }
		}
	}
	for _, n := range []int{2, 3, 5, 7, 10, 20} {
		for r := range n {
			out[fmt.Sprintf("place %d of each %d", r, n)] = func(i int) bool { return i%n == r }
		}
	}
	return out
}

// offRun reports what is not in the longest run of sightings that rises, with gaps.
func offRun(stream []sighting, by func(sighting) string, compare func(a, b string) int) func(int) bool {
	length, before, end := make([]int, len(stream)), make([]int, len(stream)), 0
	for i := range stream {
		length[i], before[i] = 1, -1
		for j := range i {
			if compare(by(stream[j]), by(stream[i])) < 0 && length[j]+1 > length[i] {
				length[i], before[i] = length[j]+1, j
			}
		}
		if length[i] > length[end] {
			end = i
		}
	}
	on := make(map[int]bool)
	for i := end; i >= 0; i = before[i] {
		on[i] = true
	}
	return func(i int) bool { return !on[i] }
}

// atLeast returns the probability of hits or more successes in n trials of probability p.
func atLeast(hits, n int, p float64) (sum float64) {
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
	for k := hits; k <= n; k++ {
		sum += math.Exp(lg(n) - lg(k) - lg(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	return sum
}
