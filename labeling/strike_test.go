package labeling_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TestRecountIsAsIfTheyHadNotCome: what a question is after strikes is what it would be if the answers that were struck had
// never come, also for the answers that come then.
func TestRecountIsAsIfTheyHadNotCome(t *testing.T) {
	s := snapshot(t, 2, labeling.Calibration{}, right("rsp_0", 900), right("rsp_1", 700), right("rsp_2", 990))
	stopper := labeling.NewStopper(source{s})
	rapid.Check(t, func(rt *rapid.T) {
		q := question(t, "fixed:9", 0, 0, 2)
		if rapid.Bool().Draw(rt, "confidence") {
			q = question(t, "confidence:0.999", 2, 9, 2)
		}
		q.Snapshot = s.Hash
		if err := stopper.Prepare(t.Context(), q); err != nil {
			rt.Fatal(err)
		}
		alone := *q
		votes := votesFor(rapid.SliceOfN(rapid.IntRange(polls.CannotTell, 1), 0, 8).Draw(rt, "choices")...)
		struck := rapid.IntRange(0, len(votes)).Draw(rt, "struck")
		step := func(q *polls.Question, v polls.Vote) polls.Decision {
			state, decision, err := stopper.Step(q, q.State, v)
			if err != nil {
				rt.Fatal(err)
			}
			q.State, q.Wanted = state, decision.Wanted
			if q.Answers++; v.Choice != polls.CannotTell {
				q.Counts[v.Choice]++
			}
			return decision
		}
		alone.Counts = make([]int, 2)
		for _, v := range votes[struck:] {
			step(&alone, v)
		}
		q.Answers, q.Struck = len(votes), struck
		if err := labeling.Recount(q, votes[struck:], s); err != nil {
			rt.Fatal(err)
		}
		same := func() {
			alone.Answers, alone.Struck = q.Answers, q.Struck
			if diff := cmp.Diff(alone.Progress, q.Progress); len(votes) > struck && diff != "" {
				rt.Fatalf("(-as if they had not come +got):\n%s", diff)
			}
			alone.Answers, alone.Struck = q.Counting(), 0
		}
		same()
		next := polls.Vote{Respondent: "rsp_new", Choice: 1}
		if want, got := step(&alone, next), step(q, next); got != want {
			rt.Fatalf("the next answer: %+v, want %+v", got, want)
		}
		same()
	})
}

func TestPassesAndForfeits(t *testing.T) {
	strike := func(id polls.RespondentID, answers, counted int) labeling.Strike {
		return labeling.Strike{Respondent: id, Answers: answers, Counted: counted}
	}
	first, second, third := labeling.Strikes{strike("rsp_a", 3, 3), strike("rsp_b", 3, 3)}, labeling.Strikes{strike("rsp_c", 5, 3)}, labeling.Strikes{strike("rsp_d", 5, 2)}
	all := labeling.Strikes{third[0], first[0], second[0], first[1]}
	if diff := cmp.Diff([]labeling.Strikes{first, second, third}, all.Passes()); diff != "" {
		t.Errorf("passes (-want +got):\n%s", diff)
	}
	votes := []polls.Vote{{Respondent: "rsp_a"}, {Respondent: "rsp_e"}, {Respondent: "rsp_d"}, {Respondent: "rsp_f", Choice: 1}}
	if diff := cmp.Diff([]polls.Vote{votes[1], votes[3]}, all.Counting(votes)); diff != "" || votes[2].Respondent != "rsp_d" {
		t.Errorf("what counts (-want +got):\n%s", diff)
	}
	for counting, want := range map[int]int{1: 2, 2: 1, 3: 0, 4: 0} {
		if got := all.Forfeited(counting); got != want {
			t.Errorf("with %d that count at the end %d are forfeited, want %d", counting, got, want)
		}
	}
	if got := labeling.Strikes(nil).Forfeited(0); got != 0 {
		t.Errorf("without strikes %d are forfeited", got)
	}
}
