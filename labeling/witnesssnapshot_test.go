package labeling_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// withModel is a labeling.Snapshots with one snapshot, which a model helps.
type withModel struct {
	source
	witness *labeling.WitnessSnapshot
}

func (w withModel) Witness(context.Context, string) (*labeling.WitnessSnapshot, error) {
	return w.witness, nil
}

// helpful is what the word of a model is worth that is right 9 times of 10.
func helpful(t testing.TB, s *labeling.Snapshot) *labeling.WitnessSnapshot {
	t.Helper()
	var references []labeling.Reference
	for i := range 200 {
		truth := i % 2
		said := truth
		if i%10 == 0 {
			said = 1 - truth
		}
		o := labeling.Opinion{100_000, 900_000}
		if said == 0 {
			o = labeling.Opinion{900_000, 100_000}
		}
		references = append(references, labeling.Reference{Opinion: o, Gold: truth, Votes: []polls.Vote{{Respondent: "rsp_a", Choice: truth}, {Respondent: "rsp_b", Choice: truth}}})
	}
	known, err := labeling.LearnWitness(s.Known, references, 2)
	if err != nil {
		t.Fatal(err)
	}
	w, err := labeling.NewWitnessSnapshot(labeling.WitnessSnapshot{
		Project: "prj_1", Version: 3, Skills: s.Hash, Model: labeling.HelpModel{Weights: "art_1", Data: "art_2", Job: "job_1", Receipt: "ab"}, Audits: "cd", Share: 50_000, At: now, Known: known,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWitnessSnapshot: it is read as it was written, and everything in it but its time changes its hash.
func TestWitnessSnapshot(t *testing.T) {
	w := helpful(t, unknown(t, 2))
	text, err := w.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	read, err := labeling.ParseWitnessSnapshot(text, now)
	if err != nil || read.Hash != w.Hash {
		t.Fatalf("%+v, %v", read, err)
	}
	for _, change := range [][2]string{
		{`"prj_1"`, `"prj_2"`},
		{`"version":3`, `"version":4`},
		{`"art_1"`, `"art_3"`},
		{`"art_2"`, `"art_3"`},
		{`"job_1"`, `"job_2"`},
		{`"ab"`, `"ac"`},
		{`"cd"`, `"ce"`},
		{`50000`, `50001`},
		{w.Skills, strings.Repeat("0", 64)},
		{`"golds":200`, `"golds":201`},
		{`80000`, `80001`},
	} {
		changed := strings.Replace(string(text), change[0], change[1], 1)
		other, err := labeling.ParseWitnessSnapshot([]byte(changed), now)
		if err != nil || other.Hash == w.Hash || changed == string(text) {
			t.Errorf("%s instead of %s: %v", change[1], change[0], err)
		}
	}
	if _, err := unknown(t, 3).HelpedBy(w); err == nil {
		t.Error("it goes with skills that it was not learned with")
	}
}

// TestHelpedQuestion: a model's word counts as one more respondent from before the first answer on, in the same way when answers come
// one after the other and when they are replayed. It never closes a question before the least people have answered, it is in no
// count, and the verdict names it.
func TestHelpedQuestion(t *testing.T) {
	s := unknown(t, 2)
	w := helpful(t, s)
	stopper := labeling.NewStopper(withModel{source{s}, w})
	random := rand.New(rand.NewPCG(5, 6))
	fewer := 0
	for range 300 {
		q := &polls.Question{ID: "q_1", Org: "org_1", Project: "prj_1", Type: polls.Choice, Choices: []string{"a", "b"}, Snapshot: s.Hash, Policy: polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 2, Max: 9}}
		q.Skills, q.Witness, q.Opinion = s.Hash, w.Hash, []int{900_000, 100_000}
		if err := stopper.Prepare(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		votes := make([]polls.Vote, 9)
		for i := range votes {
			votes[i] = polls.Vote{Respondent: polls.RespondentID(rune('a' + i)), Choice: random.IntN(4) / 3}
		}
		n := 0
		for stop := false; !stop; n++ {
			state, decision, err := stopper.Step(q, q.State, votes[n])
			if err != nil {
				t.Fatal(err)
			}
			q.State, stop, q.Answers = state, decision.Stop, q.Answers+1
		}
		helped, err := stopper.Weighing(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		again, reason, err := labeling.Stopped(q, votes, helped)
		if err != nil || again != n || n < 2 {
			t.Fatalf("it stopped after %d answers, and by a replay after %d (%s, %v)", n, again, reason, err)
		}
		alone, _, err := labeling.Stopped(q, votes, s)
		if err != nil {
			t.Fatal(err)
		}
		fewer += alone - n
		v, err := labeling.Decide(q, votes[:n], helped, reason, now)
		if err != nil {
			t.Fatal(err)
		}
		if v.Answers != n || v.Counts[0]+v.Counts[1] != n || v.Witness != w.Hash || v.Snapshot != s.Hash || !slices.Equal(v.Opinion, q.Opinion) || v.Golds != 200 {
			t.Fatalf("%+v", v)
		}
	}
	if fewer < 100 {
		t.Errorf("the model saves %d answers", fewer)
	}
	q := &polls.Question{ID: "q_1", Org: "org_1", Type: polls.Choice, Choices: []string{"a", "b"}, Policy: polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 2, Max: 9}}
	base, err := s.HelpedBy(w)
	if err != nil {
		t.Fatal(err)
	}
	split := []polls.Vote{{Respondent: "rsp_a", Choice: 0}, {Respondent: "rsp_b", Choice: 1}}
	for choice, o := range []labeling.Opinion{{900_000, 100_000}, {100_000, 900_000}} {
		if v, err := labeling.Decide(q, split, base.Hearing(o), labeling.Deadline, now); err != nil || v.Choice != choice || v.Confidence() < 700_000 {
			t.Errorf("where two people differ, the model says %d: %+v, %v", choice, v, err)
		}
	}
	if v, err := labeling.Decide(q, nil, base.Hearing(labeling.Opinion{1_000_000, 0}), labeling.Deadline, now); err != nil || v.Outcome != labeling.None || v.Choice != labeling.NoChoice {
		t.Errorf("a model alone decides: %+v, %v", v, err)
	}
}

// TestVerdictHashes: a verdict without a model has the hash that it always had, and one with it another, which is over its word.
func TestVerdictHashes(t *testing.T) {
	v := labeling.Verdict{ID: "vrd_1", Question: "q_1", Outcome: labeling.Decided, Counts: []int{2, 0}, Posterior: []int{900_000, 100_000}, Answers: 2, Method: labeling.DawidSkene, Snapshot: "ab", Reason: labeling.Quorum, At: now}
	hash := func(v labeling.Verdict) [32]byte {
		h, err := v.Hash("instance", "question", nil)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	want, err := tasknet.Hash("tasknet/verdict/v1", map[string]any{
		"agreement": 0, "answers": 2, "at_ms": now.UnixMilli(), "cannot_tell": 0, "choice": 0, "claims": false, "correction": "", "counts": []int{2, 0}, "golds": 0, "id": "vrd_1",
		"instance": "instance", "method": "dawid-skene/1", "outcome": "decided", "pooled": false, "posterior": []int{900_000, 100_000}, "question": "question", "reason": "quorum",
		"records": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "snapshot": "ab", "value": "",
	})
	if err != nil || hash(v) != want {
		t.Errorf("a verdict without a model has another hash: %v", err)
	}
	seen := map[[32]byte]string{hash(v): "none"}
	for name, o := range map[string]labeling.Opinion{"one": {900_000, 100_000}, "another": {899_999, 100_001}} {
		for _, witness := range []string{"cd", "ce"} {
			v.Witness, v.Opinion = witness, o
			if before, twice := seen[hash(v)]; twice {
				t.Errorf("%s %s has the hash of %s", name, witness, before)
			}
			seen[hash(v)] = name + witness
		}
	}
	if err := (labeling.Opinion{900_000, 100_000}).Check(2); err != nil {
		t.Error(err)
	}
	for name, o := range map[string]labeling.Opinion{"too few": {1_000_000}, "less": {1, 2}, "below": {-1, 1_000_001}, "nothing": nil} {
		if diff := cmp.Diff(labeling.ErrBadOpinion.Error(), errText(o.Check(2))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
