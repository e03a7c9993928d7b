package labeling_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// source is a labeling.Snapshots with one snapshot.
type source struct{ only *labeling.Snapshot }

func (s source) Snapshot(_ context.Context, hash string) (*labeling.Snapshot, error) {
	if hash != s.only.Hash {
		return nil, fmt.Errorf("no snapshot %s", hash)
	}
	return s.only, nil
}

func snapshot(t testing.TB, skills ...labeling.Skill) *labeling.Snapshot {
	t.Helper()
	s, err := labeling.NewSnapshot(skills, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func question(t testing.TB, policy string, least, most, choices int) *polls.Question {
	t.Helper()
	p, err := polls.ParsePolicy(policy, least, most)
	if err != nil {
		t.Fatal(err)
	}
	q := &polls.Question{ID: "q_test", Type: polls.Choice, Policy: p, Progress: polls.Progress{Status: polls.Open, Counts: make([]int, choices)}}
	for i := range choices {
		q.Choices = append(q.Choices, fmt.Sprint("choice ", i))
	}
	return q
}

// ask feeds votes to a stopper until it says stop, and returns how many it took.
func ask(t testing.TB, q *polls.Question, s *labeling.Snapshot, votes []polls.Vote) int {
	t.Helper()
	st := labeling.NewStopper(source{s})
	q.Snapshot = s.Hash
	if err := st.Prepare(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	for i, v := range votes {
		state, d, err := st.Step(q, q.State, v)
		if err != nil {
			t.Fatal(err)
		}
		q.State, q.Wanted = state, d.Wanted
		q.Answers++
		if d.Stop != (d.Wanted == 0) {
			t.Fatalf("after %d answers: stop is %t and %d are wanted", i+1, d.Stop, d.Wanted)
		}
		if d.Stop {
			return i + 1
		}
		if i+1+d.Wanted > q.Policy.Max {
			t.Fatalf("after %d answers %d more are wanted, past the maximum of %d", i+1, d.Wanted, q.Policy.Max)
		}
	}
	return -1
}

func votesFor(choices ...int) []polls.Vote {
	votes := make([]polls.Vote, len(choices))
	for i, c := range choices {
		votes[i] = polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Choice: c}
	}
	return votes
}

func TestFixedStopsAtItsNumber(t *testing.T) {
	q := question(t, "fixed:5", 0, 0, 3)
	if n := ask(t, q, snapshot(t), votesFor(0, 0, 0, 0, 0, 0, 0)); n != 5 {
		t.Fatalf("fixed:5 stopped at %d", n)
	}
}

// TestConfidenceStopsAtTheTarget compares with the posterior by hand: a newcomer is right 3 times of 4, so each answer
// for one of two choices multiplies its odds by 3. Odds of 27 to 1 pass 0.95, odds of 9 to 1 do not.
func TestConfidenceStopsAtTheTarget(t *testing.T) {
	for _, c := range []struct {
		least, most int
		votes       []int
		want        int
	}{
		{1, 10, []int{1, 1, 1, 1}, 3},
		{5, 10, []int{1, 1, 1, 1, 1, 1}, 5},
		{1, 10, []int{0, 1, 1, 1, 1, 1}, 5},
		{1, 4, []int{0, 1, 0, 1, 0}, 4},
	} {
		q := question(t, "confidence:0.95", c.least, c.most, 2)
		if n := ask(t, q, snapshot(t), votesFor(c.votes...)); n != c.want {
			t.Errorf("min %d max %d votes %v: stopped at %d, want %d", c.least, c.most, c.votes, n, c.want)
		}
	}
}

func TestSkillWeighs(t *testing.T) {
	s := snapshot(t, labeling.Skill{Respondent: "rsp_0", Agreed: 997, Answered: 1000}, labeling.Skill{Respondent: "rsp_1", Agreed: 20, Answered: 40})
	q := question(t, "confidence:0.95", 1, 10, 2)
	if n := ask(t, q, s, votesFor(1)); n != 1 {
		t.Fatalf("one answer of somebody who is right 99 times of 100 stopped at %d", n)
	}
	v, err := labeling.Decide(q, votesFor(1, 0), s, labeling.Quorum, now)
	if err != nil {
		t.Fatal(err)
	}
	// Odds of 99 to 1 for choice 1, and of 23 to 21 against it: (20+3) of (40+4) with the prior.
	if odds := 99.0 * 21 / 23; v.Choice != 1 || v.Confidence() != int(1e6*odds/(1+odds)+0.5) {
		t.Fatalf("choice %d with %d ppm, want choice 1 with %d", v.Choice, v.Confidence(), int(1e6*odds/(1+odds)+0.5))
	}
}

func TestDecide(t *testing.T) {
	s := snapshot(t)
	for _, c := range []struct {
		name, policy string
		votes        []int
		reason       labeling.Reason
		outcome      labeling.Outcome
		choice       int
		counts       []int
		method       labeling.Method
	}{
		{"nobody", "fixed:3", nil, labeling.Deadline, labeling.None, labeling.NoChoice, []int{0, 0, 0}, labeling.Majority},
		{"all", "fixed:3", []int{2, 1, 2}, labeling.Quorum, labeling.Decided, 2, []int{0, 1, 2}, labeling.Majority},
		{"too few", "fixed:3", []int{2, 2}, labeling.Deadline, labeling.Leaning, 2, []int{0, 0, 2}, labeling.Majority},
		{"level", "fixed:3", []int{2, 1, 0}, labeling.Quorum, labeling.Leaning, 0, []int{1, 1, 1}, labeling.Majority},
		{"sure", "confidence:0.9", []int{1, 1, 1}, labeling.Quorum, labeling.Decided, 1, []int{0, 3, 0}, labeling.OneCoin},
		{"unsure", "confidence:0.9", []int{1, 0, 1}, labeling.Cancelled, labeling.Leaning, 1, []int{1, 2, 0}, labeling.OneCoin},
		{"under the minimum", "confidence:0.6", []int{1}, labeling.Deadline, labeling.Leaning, 1, []int{0, 1, 0}, labeling.OneCoin},
	} {
		q := question(t, c.policy, 0, 0, 3)
		v, err := labeling.Decide(q, votesFor(c.votes...), s, c.reason, now)
		if err != nil {
			t.Fatal(err)
		}
		want := &labeling.Verdict{Question: q.ID, Outcome: c.outcome, Choice: c.choice, Counts: c.counts, Answers: len(c.votes), Method: c.method, Snapshot: s.Hash, Reason: c.reason, At: now}
		if diff := cmp.Diff(want, v, cmpopts.IgnoreFields(labeling.Verdict{}, "ID", "Posterior")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	q := question(t, "fixed:3", 0, 0, 3)
	if _, err := labeling.Decide(q, votesFor(3), s, labeling.Quorum, now); err == nil {
		t.Error("a vote for a choice that does not exist was counted")
	}
}

// TestPosteriorIsBayes compares the fixed-point posterior with the formula in floats.
func TestPosteriorIsBayes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 20).Draw(t, "choices")
		votes := rapid.SliceOfN(rapid.IntRange(0, k-1), 0, 60).Draw(t, "votes")
		var skills []labeling.Skill
		logs := make([]float64, k)
		for i, c := range votes {
			answered := rapid.IntRange(0, 200).Draw(t, "answered")
			agreed := rapid.IntRange(0, answered).Draw(t, "agreed")
			skills = append(skills, labeling.Skill{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Agreed: agreed, Answered: answered})
			p := min(float64(agreed+3)/float64(answered+4), 0.99)
			logs[c] += max(0, math.Log(p*float64(k-1)/(1-p)))
		}
		s, err := labeling.NewSnapshot(skills, now)
		if err != nil {
			t.Fatal(err)
		}
		q := &polls.Question{ID: "q", Type: polls.Choice, Choices: make([]string, k), Policy: polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 1, Max: 100}}
		v, err := labeling.Decide(q, votesFor(votes...), s, labeling.Quorum, now)
		if err != nil {
			t.Fatal(err)
		}
		sum, top := 0.0, slices.Max(logs)
		for _, l := range logs {
			sum += math.Exp(l - top)
		}
		for i, l := range logs {
			if want := math.Exp(l-top) / sum * 1e6; math.Abs(float64(v.Posterior[i])-want) > 0.6 {
				t.Fatalf("choice %d: %d ppm, want %f", i, v.Posterior[i], want)
			}
		}
	})
}

// TestStopperAndVerdictAgree: a confidence question that stopped before its maximum is decided.
func TestStopperAndVerdictAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(rt, "choices")
		q := question(t, "confidence:0.97", 2, 12, k)
		votes := votesFor(rapid.SliceOfN(rapid.IntRange(0, k-1), 12, 12).Draw(rt, "votes")...)
		s := snapshot(t)
		n := ask(t, q, s, votes)
		v, err := labeling.Decide(q, votes[:n], s, labeling.Quorum, now)
		if err != nil {
			rt.Fatal(err)
		}
		if decided := v.Outcome == labeling.Decided; decided != (v.Confidence() >= 970_000) || (n < 12 && !decided) {
			rt.Fatalf("stopped at %d with %d ppm, outcome %s", n, v.Confidence(), v.Outcome)
		}
	})
}

func TestSnapshotHashIgnoresOrder(t *testing.T) {
	a, b := labeling.Skill{Respondent: "rsp_a", Agreed: 2, Answered: 3}, labeling.Skill{Respondent: "rsp_b", Agreed: 5, Answered: 7}
	if snapshot(t, a, b).Hash != snapshot(t, b, a).Hash {
		t.Fatal("the order of rows changes the hash")
	}
	c := b
	c.Agreed++
	if snapshot(t, a, b).Hash == snapshot(t, a, c).Hash {
		t.Fatal("another skill leaves the hash the same")
	}
}

func BenchmarkStep(b *testing.B) {
	s := snapshot(b)
	q := question(b, "confidence:0.99", 2, 50, 4)
	q.Snapshot = s.Hash
	st := labeling.NewStopper(source{s})
	if err := st.Prepare(context.Background(), q); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, _, err := st.Step(q, polls.State("4294967296,0,12884901888,0"), polls.Vote{Respondent: "rsp", Choice: i % 4}); err != nil {
			b.Fatal(err)
		}
	}
}
