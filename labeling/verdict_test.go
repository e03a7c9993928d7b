package labeling_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
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

func (source) Witness(_ context.Context, hash string) (*labeling.WitnessSnapshot, error) {
	return nil, fmt.Errorf("no witness %s", hash)
}

// unknown is the snapshot of questions with so many choices of which nothing is known.
func unknown(t testing.TB, choices int) *labeling.Snapshot {
	t.Helper()
	s, err := labeling.Unknown(choices, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// snapshot is what is known of some people by their counts, and by a calibration.
func snapshot(t testing.TB, choices int, c labeling.Calibration, people ...labeling.Confusion) *labeling.Snapshot {
	t.Helper()
	f, err := labeling.NewFamily(labeling.Family{Choices: choices, Truths: make([]int, choices), People: people, Calibration: c})
	if err != nil {
		t.Fatal(err)
	}
	s, err := labeling.NewSnapshot("family", 1, f, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// right is somebody whose answers to two choices were right so many times in a thousand, out of a million.
func right(respondent polls.RespondentID, times int) labeling.Confusion {
	const each = 1_000_000
	return labeling.Confusion{Errors: labeling.Errors{Respondent: respondent}, Counts: []int{times * each, (1000 - times) * each, (1000 - times) * each, times * each}}
}

// sure is the calibration of so many golds, all right from some log2 units of log-odds on.
func sure(golds, units int) labeling.Calibration {
	c := labeling.Calibration{Golds: golds}
	for i := range 20 {
		s := labeling.Step{From: 1000 * i, Golds: golds, Missed: golds / 4, Times: golds, Wrong: golds / 4}
		if i >= units {
			s.Missed, s.Wrong = 0, 0
		}
		c.Steps = append(c.Steps, s)
	}
	return c
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
	if n := ask(t, q, unknown(t, 3), votesFor(0, 0, polls.CannotTell, 0, 0, 0, 0)); n != 5 {
		t.Fatalf("fixed:5 stopped at %d", n)
	}
	for votes, want := range map[int]labeling.Reason{0: "", 4: "", 5: labeling.Quorum, 7: labeling.Quorum} {
		n, reason, err := labeling.Stopped(q, votesFor(make([]int, votes)...), unknown(t, 3))
		if n != min(votes, 5) || reason != want || err != nil {
			t.Errorf("%d votes stopped at %d by %q, %v", votes, n, reason, err)
		}
	}
}

// TestConfidenceStopsAtTheTarget compares with the posterior by hand: somebody unknown is right 3 times of 4, so each
// answer for one of two choices multiplies its odds by 3; three quarters of the log-odds are believed, and 3^(0.75*4) is
// the first over 19. Where gold shows that odds of 4 are enough, two answers are.
func TestConfidenceStopsAtTheTarget(t *testing.T) {
	for _, c := range []struct {
		least, most int
		gold        labeling.Calibration
		votes       []int
		want        int
	}{
		{1, 100, labeling.Calibration{}, []int{1, 1, 1, 1, 1}, 4},
		{5, 100, labeling.Calibration{}, []int{1, 1, 1, 1, 1, 1}, 5},
		{1, 100, labeling.Calibration{}, []int{0, 1, 1, 1, 1, 1, 1, 1}, 6},
		{1, 100, labeling.Calibration{}, []int{1, 1, polls.CannotTell, 1, polls.CannotTell, 1, 1}, 6},
		{1, 4, labeling.Calibration{}, []int{0, 1, 0, 1, 0}, 4},
		{1, 100, sure(59, 2), []int{1, 1, 1, 1, 1}, 2},
		{1, 100, sure(58, 2), []int{1, 1, 1, 1, 1}, 4},
	} {
		q := question(t, "confidence:0.95", c.least, c.most, 2)
		s := snapshot(t, 2, c.gold)
		if n := ask(t, q, s, votesFor(c.votes...)); n != c.want {
			t.Errorf("min %d max %d votes %v: stopped at %d, want %d", c.least, c.most, c.votes, n, c.want)
		}
		n, reason, err := labeling.Stopped(q, votesFor(c.votes...), s)
		if n != c.want || reason != labeling.Quorum || err != nil {
			t.Errorf("min %d max %d votes %v: by their replay it stopped at %d by %q, %v", c.least, c.most, c.votes, n, reason, err)
		}
		if n, reason, err := labeling.Stopped(q, votesFor(c.votes[:c.want-1]...), s); n != c.want-1 || reason != "" || err != nil {
			t.Errorf("min %d max %d votes %v: before it stopped by %q, %v", c.least, c.most, c.votes[:c.want-1], reason, err)
		}
	}
}

// TestConfidenceFallsBack: while too few golds are known a question ends at the number that its policy names, however sure or
// unsure the model is, and claims nothing; then by what gold shows.
func TestConfidenceFallsBack(t *testing.T) {
	const c = polls.CannotTell
	for name, at := range map[string]struct {
		policy string
		golds  int
		votes  []int
		want   int
		leads  int
		is     labeling.Outcome
	}{
		"all agree":              {"confidence:0.95,fixed:5", 58, []int{1, 1, 1, 1, 1, 1}, 5, 1, labeling.Decided},
		"they disagree":          {"confidence:0.95,fixed:5", 58, []int{0, 1, 0, 1, 1, 0}, 5, 1, labeling.Decided},
		"no gold at all":         {"confidence:0.95,fixed:3", 0, []int{1, 0, 1, 1}, 3, 1, labeling.Decided},
		"level":                  {"confidence:0.95,fixed:4", 58, []int{0, 1, 1, 0, 1}, 4, 0, labeling.Leaning},
		"most cannot tell":       {"confidence:0.95,fixed:5", 58, []int{c, 1, c, c, 1, 1}, 5, 1, labeling.Leaning},
		"nobody can tell":        {"confidence:0.95,fixed:2", 58, []int{c, c, c}, 2, labeling.NoChoice, labeling.None},
		"at the maximum":         {"confidence:0.95,fixed:9", 58, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 9, 1, labeling.Decided},
		"enough golds":           {"confidence:0.95,fixed:5", 59, []int{1, 1, 1, 1, 1, 1}, 2, 1, labeling.Decided},
		"by the model":           {"confidence:0.95,model", 58, []int{1, 1, 1, 1, 1, 1}, 4, 1, labeling.Decided},
		"asked before there was": {"confidence:0.95", 58, []int{1, 1, 1, 1, 1, 1}, 4, 1, labeling.Decided},
	} {
		q, s, votes := question(t, at.policy, 2, 9, 2), snapshot(t, 2, sure(at.golds, 2)), votesFor(at.votes...)
		if n := ask(t, q, s, votes); n != at.want {
			t.Errorf("%s: stopped at %d, want %d", name, n, at.want)
		}
		n, reason, err := labeling.Stopped(q, votes, s)
		if n != at.want || reason != labeling.Quorum || err != nil {
			t.Errorf("%s: by their replay it stopped at %d by %q, %v", name, n, reason, err)
		}
		v, err := labeling.Decide(q, votes[:at.want], s, labeling.Quorum, now)
		if err != nil || v.Outcome != at.is || v.Choice != at.leads || v.Claims != (at.golds >= 59) {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
		if n, reason, err := labeling.Stopped(q, votes[:at.want-1], s); n != at.want-1 || reason != "" || err != nil {
			t.Errorf("%s: before, it stopped at %d by %q, %v", name, n, reason, err)
		}
		if v, err := labeling.Decide(q, votes[:1], s, labeling.Deadline, now); err != nil || v.Outcome == labeling.Decided || v.Claims {
			t.Errorf("%s: at its deadline with one answer: %+v, %v", name, v, err)
		}
	}
}

// TestUnsettledEnds: a question that people who know little disagree about ends before its maximum, says so, and is not
// decided.
func TestUnsettledEnds(t *testing.T) {
	s := snapshot(t, 2, labeling.Calibration{}, right("rsp_crowd", 510))
	q := question(t, "confidence:0.95", 2, 10, 2)
	votes := votesFor(0, 1, 0, 1, 0, 1, 0, 1, 0, 1)
	n := ask(t, q, s, votes)
	again, reason, err := labeling.Stopped(q, votes, s)
	if n >= q.Policy.Max || again != n || reason != labeling.Unsettled || err != nil {
		t.Fatalf("stopped at %d, and again at %d by %q, %v", n, again, reason, err)
	}
	v, err := labeling.Decide(q, votes[:n], s, reason, now)
	if err != nil || v.Outcome != labeling.Leaning || v.Reason != labeling.Unsettled || v.Claims {
		t.Fatalf("%+v, %v", v, err)
	}
}

// TestSkillWeighs: one answer of somebody who is right 99 times of 100 is enough, and one of somebody who is right as
// often as a guess says nothing.
func TestSkillWeighs(t *testing.T) {
	s := snapshot(t, 2, labeling.Calibration{}, right("rsp_0", 999), right("rsp_1", 500), right("rsp_crowd", 750))
	q := question(t, "confidence:0.95", 1, 10, 2)
	if n := ask(t, q, s, votesFor(1)); n != 1 {
		t.Fatalf("one answer of somebody who is right 99 times of 100 stopped at %d", n)
	}
	v, err := labeling.Decide(q, votesFor(1, 0), s, labeling.Quorum, now)
	if err != nil {
		t.Fatal(err)
	}
	believed := math.Pow(99, 0.75)
	if want := believed / (1 + believed) * 1e6; v.Choice != 1 || math.Abs(float64(v.Confidence())-want) > 20 {
		t.Fatalf("choice %d with %d ppm, want choice 1 with %.0f", v.Choice, v.Confidence(), want)
	}
}

// TestDecide: what the answers, the policy and the golds make of a question.
func TestDecide(t *testing.T) {
	skip := polls.CannotTell
	for _, c := range []struct {
		name, policy string
		golds        int
		votes        []int
		reason       labeling.Reason
		outcome      labeling.Outcome
		choice       int
		counts       []int
		cannotTell   int
		method       labeling.Method
		claims       bool
	}{
		{"nobody", "fixed:3", 0, nil, labeling.Deadline, labeling.None, labeling.NoChoice, []int{0, 0, 0}, 0, labeling.Majority, false},
		{"nobody can tell", "fixed:2", 0, []int{skip, skip}, labeling.Quorum, labeling.None, labeling.NoChoice, []int{0, 0, 0}, 2, labeling.Majority, false},
		{"nobody can tell at all", "confidence:0.9", 100, []int{skip, skip}, labeling.Unsettled, labeling.None, labeling.NoChoice, []int{0, 0, 0}, 2, labeling.DawidSkene, false},
		{"all", "fixed:3", 0, []int{2, 1, 2}, labeling.Quorum, labeling.Decided, 2, []int{0, 1, 2}, 0, labeling.Majority, false},
		{"one cannot tell", "fixed:4", 0, []int{2, 1, skip, 2}, labeling.Quorum, labeling.Decided, 2, []int{0, 1, 2}, 1, labeling.Majority, false},
		{"most cannot tell", "fixed:3", 0, []int{2, skip, skip}, labeling.Quorum, labeling.Leaning, 2, []int{0, 0, 1}, 2, labeling.Majority, false},
		{"too few", "fixed:3", 0, []int{2, 2}, labeling.Deadline, labeling.Leaning, 2, []int{0, 0, 2}, 0, labeling.Majority, false},
		{"level", "fixed:3", 0, []int{2, 1, 0}, labeling.Quorum, labeling.Leaning, 0, []int{1, 1, 1}, 0, labeling.Majority, false},
		{"fixed claims nothing", "fixed:3", 100, []int{1, 1, 1}, labeling.Quorum, labeling.Decided, 1, []int{0, 3, 0}, 0, labeling.Majority, false},
		{"confident", "confidence:0.9", 58, []int{1, 1, 1}, labeling.Quorum, labeling.Decided, 1, []int{0, 3, 0}, 0, labeling.DawidSkene, false},
		{"sure", "confidence:0.9", 59, []int{1, 1, 1}, labeling.Quorum, labeling.Decided, 1, []int{0, 3, 0}, 0, labeling.DawidSkene, true},
		{"sure, and one cannot tell", "confidence:0.9", 59, []int{1, skip, 1, 1}, labeling.Quorum, labeling.Decided, 1, []int{0, 3, 0}, 1, labeling.DawidSkene, true},
		{"unsure", "confidence:0.9", 59, []int{1, 0, 1}, labeling.Cancelled, labeling.Leaning, 1, []int{1, 2, 0}, 0, labeling.DawidSkene, false},
		{"under the minimum", "confidence:0.6", 59, []int{1}, labeling.Deadline, labeling.Leaning, 1, []int{0, 1, 0}, 0, labeling.DawidSkene, false},
	} {
		s := snapshot(t, 3, sure(c.golds, 3))
		if c.golds == 0 {
			s = unknown(t, 3)
		}
		q := question(t, c.policy, 0, 0, 3)
		v, err := labeling.Decide(q, votesFor(c.votes...), s, c.reason, now)
		if err != nil {
			t.Fatal(err)
		}
		family, _, err := labeling.FamilyOf(q.Org, "", q.Type, q.Choices)
		if err != nil {
			t.Fatal(err)
		}
		want := &labeling.Verdict{
			Question: q.ID, Family: family, Outcome: c.outcome, Choice: c.choice, Claims: c.claims, Correction: labeling.Discount, Golds: c.golds, Counts: c.counts,
			CannotTell: c.cannotTell, Answers: len(c.votes), Method: c.method, Snapshot: s.Hash, Reason: c.reason, At: now,
		}
		if c.golds >= 59 {
			want.Correction = labeling.Isotonic
		}
		if diff := cmp.Diff(want, v, cmpopts.IgnoreFields(labeling.Verdict{}, "ID", "Posterior")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		sum := 0
		for _, p := range v.Posterior {
			sum += p
		}
		if sum != 1_000_000 || (c.claims && v.Confidence() < q.Policy.TargetPPM) {
			t.Errorf("%s: the posterior is %d", c.name, v.Posterior)
		}
	}
	q := question(t, "fixed:3", 0, 0, 3)
	for name, votes := range map[string][]polls.Vote{"a choice above all": votesFor(3), "a choice below all": votesFor(-2)} {
		if _, err := labeling.Decide(q, votes, unknown(t, 3), labeling.Quorum, now); !errors.Is(err, polls.ErrNoSuchChoice) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := labeling.Decide(q, votesFor(1), unknown(t, 2), labeling.Quorum, now); err == nil {
		t.Error("a snapshot of questions with other choices was taken")
	}
}

// TestLevelChoicesGoByTheSkilled: of two choices with as many answers the better people's wins, and it is no decision.
func TestLevelChoicesGoByTheSkilled(t *testing.T) {
	s := snapshot(t, 2, labeling.Calibration{}, right("rsp_1", 900), right("rsp_0", 600), right("rsp_crowd", 750))
	q := question(t, "fixed:2", 0, 0, 2)
	v, err := labeling.Decide(q, votesFor(0, 1), s, labeling.Quorum, now)
	if err != nil || v.Choice != 1 || v.Outcome != labeling.Leaning {
		t.Fatalf("%+v, %v", v, err)
	}
}

// TestPosteriorIsBayes compares with the formula in floats.
func TestPosteriorIsBayes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "choices")
		votes := rapid.SliceOfN(rapid.IntRange(polls.CannotTell, k-1), 0, 9).Draw(t, "votes")
		q := &polls.Question{ID: "q", Type: polls.Choice, Choices: make([]string, k), Policy: polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 1, Max: 100}}
		s, err := labeling.Unknown(k, now)
		if err != nil {
			t.Fatal(err)
		}
		v, err := labeling.Decide(q, votesFor(votes...), s, labeling.Quorum, now)
		if err != nil {
			t.Fatal(err)
		}
		weights, sum, sumOthers := make([]float64, k), 0.0, 0.0
		for z := range weights {
			weights[z] = 1
			for _, choice := range votes {
				switch {
				case choice == z:
					weights[z] *= 0.75
				case choice != polls.CannotTell:
					weights[z] *= 0.25 / float64(k-1)
				}
			}
			sum += weights[z]
		}
		top := v.Choice
		if top == labeling.NoChoice {
			top = 0
		}
		for z, w := range weights {
			if w > weights[top]*(1+1e-6) {
				t.Fatalf("choice %d leads before %d", top, z)
			}
			if z != top {
				sumOthers += w
			}
		}
		odds := math.Pow(weights[top]/sumOthers, 0.75)
		leader := max(odds/(1+odds), 1/float64(k))
		for z, w := range weights {
			want := leader
			if z != top {
				want = (1 - leader) * w / sumOthers
			}
			if math.Abs(float64(v.Posterior[z])-want*1e6) > 25 {
				t.Fatalf("choice %d: %d ppm, want %f", z, v.Posterior[z], want*1e6)
			}
		}
	})
}

// TestStopperAndVerdictAgree: a confidence question that stopped before its maximum is decided, or says that more answers
// would not have paid; and the replay of its answers stops it there.
func TestStopperAndVerdictAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(rt, "choices")
		policy := rapid.SampledFrom([]string{"confidence:0.97", "confidence:0.97,model", "confidence:0.97,fixed:7"}).Draw(rt, "policy")
		q := question(t, policy, 2, 12, k)
		votes := votesFor(rapid.SliceOfN(rapid.IntRange(polls.CannotTell, k-1), 12, 12).Draw(rt, "votes")...)
		golds := rapid.SampledFrom([]int{30, 100}).Draw(rt, "golds")
		s := snapshot(t, k, sure(golds, rapid.IntRange(1, 19).Draw(rt, "units")))
		n := ask(t, q, s, votes)
		fell := golds < 59 && q.Policy.Fallback > 0
		if fell && n != 7 {
			rt.Fatalf("stopped at %d, and not where it falls back to", n)
		}
		again, reason, err := labeling.Stopped(q, votes, s)
		if err != nil || again != n || reason == "" {
			rt.Fatalf("stopped at %d, and again at %d by %q, %v", n, again, reason, err)
		}
		v, err := labeling.Decide(q, votes[:n], s, reason, now)
		if err != nil {
			rt.Fatal(err)
		}
		if reason == labeling.Unsettled && (v.Outcome == labeling.Decided || v.Claims) || reason == labeling.Quorum && n < 12 && v.Outcome != labeling.Decided && !fell {
			rt.Fatalf("stopped at %d with %d ppm by %s, outcome %s, claims %t", n, v.Confidence(), reason, v.Outcome, v.Claims)
		}
	})
}

// many is a source of snapshots of so many people each.
type many struct {
	people int
	reads  map[string]int
}

func (m many) Snapshot(_ context.Context, hash string) (*labeling.Snapshot, error) {
	m.reads[hash]++
	return &labeling.Snapshot{Hash: hash, Known: &labeling.Family{People: make([]labeling.Confusion, m.people)}}, nil
}

func (many) Witness(_ context.Context, hash string) (*labeling.WitnessSnapshot, error) {
	return nil, fmt.Errorf("no witness %s", hash)
}

// TestSnapshotCacheIsBounded: what was used lately is read once, and no more people are kept than are bearable.
func TestSnapshotCacheIsBounded(t *testing.T) {
	source := many{300_000, make(map[string]int)}
	cache := labeling.NewSnapshotCache(source)
	for _, hash := range []string{"a", "b", "a", "c", "a", "d", "a", "c", "d", "b"} {
		if s, err := cache.Snapshot(t.Context(), hash); err != nil || s.Hash != hash {
			t.Fatalf("%+v, %v", s, err)
		}
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 2, "c": 1, "d": 1}, source.reads); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
	huge := many{3_000_000, make(map[string]int)}
	cache = labeling.NewSnapshotCache(huge)
	for range 3 {
		if _, err := cache.Snapshot(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if huge.reads["a"] != 1 {
		t.Errorf("one that is too large was read %d times", huge.reads["a"])
	}
	if _, err := labeling.NewSnapshotCache(failing{}).Snapshot(t.Context(), "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("a source that fails: %v", err)
	}
}

// failing is a source that fails.
type failing struct{}

func (failing) Snapshot(context.Context, string) (*labeling.Snapshot, error) {
	return nil, context.Canceled
}

func (failing) Witness(context.Context, string) (*labeling.WitnessSnapshot, error) {
	return nil, context.Canceled
}

func TestStepRefuses(t *testing.T) {
	s := unknown(t, 2)
	st := labeling.NewStopper(source{s})
	q := question(t, "confidence:0.9", 0, 0, 2)
	q.Snapshot = s.Hash
	if _, _, err := st.Step(q, nil, polls.Vote{}); tasknet.Describe(err).Kind != tasknet.Unavailable {
		t.Errorf("a snapshot that is not prepared: %v", err)
	}
	if err := st.Prepare(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	for _, state := range []polls.State{{}, polls.State("1"), polls.State("1,x"), polls.State("1,2,3")} {
		if _, _, err := st.Step(q, state, polls.Vote{}); err == nil {
			t.Errorf("the state %q was taken", state)
		}
	}
	q.Choices = append(q.Choices, "one more")
	if _, _, err := st.Step(q, nil, polls.Vote{}); err == nil {
		t.Error("a snapshot of questions with fewer choices was taken")
	}
}

// BenchmarkStep is what an answer costs on its way into the database: a known person's, with the longest look ahead.
func BenchmarkStep(b *testing.B) {
	for _, k := range []int{2, 4, 20} {
		b.Run(fmt.Sprintf("choices=%d", k), func(b *testing.B) {
			var people []labeling.Confusion
			for i := range 1000 {
				people = append(people, labeling.Confusion{Errors: labeling.Errors{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%03d", i)), Wrong: i, Expected: 1000}, Counts: slices.Repeat([]int{1000 + i}, k*k)})
			}
			s := snapshot(b, k, sure(100, 19), people...)
			q := question(b, "confidence:0.99", 2, 50, k)
			q.Snapshot = s.Hash
			st := labeling.NewStopper(source{s})
			if err := st.Prepare(context.Background(), q); err != nil {
				b.Fatal(err)
			}
			state, _, err := st.Step(q, nil, polls.Vote{Respondent: "rsp_001", Choice: 1})
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if _, _, err := st.Step(q, state, polls.Vote{Respondent: people[i%1000].Respondent, Choice: i % k}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
