package labeling

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/polls"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func full() Family {
	return Family{Choices: 2, Truths: []int{1009, 1013}, People: []Confusion{
		{Errors: Errors{"rsp_b", 3, 5}, Counts: []int{7, 11, 13, 17}}, {Errors: Errors{"rsp_a", 19, 23}},
	}, Calibration: Calibration{Golds: 29, Pooled: true, Steps: []Step{{0, 29, 5, 31, 7}, {500, 23, 3, 37, 11}}}}
}

func version(t testing.TB, id FamilyID, n int, f Family) *Snapshot {
	t.Helper()
	s, err := NewSnapshot(id, n, family(t, f), noon)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSnapshotHash: the hash is over everything but the time, and does not change with the order of people.
func TestSnapshotHash(t *testing.T) {
	s := version(t, "dogs", 3, full())
	raw, err := os.ReadFile("../testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Skills struct{ Content, Hash string }
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if text, err := s.MarshalText(); err != nil || string(text) != vectors.Skills.Content || s.Hash != vectors.Skills.Hash {
		t.Errorf("%s\nwith the hash %s, %v; want\n%s\n%s: it must be the same everywhere", text, s.Hash, err, vectors.Skills.Content, vectors.Skills.Hash)
	}
	turned := full()
	turned.People[0], turned.People[1] = turned.People[1], turned.People[0]
	if version(t, "dogs", 3, turned).Hash != s.Hash {
		t.Error("the order of people changes the hash")
	}
	for name, change := range map[string]func(*Family){
		"a truth":      func(f *Family) { f.Truths[1]++ },
		"a respondent": func(f *Family) { f.People[0].Respondent = "rsp_c" },
		"wrong":        func(f *Family) { f.People[0].Wrong++ },
		"expected":     func(f *Family) { f.People[0].Expected++ },
		"a count":      func(f *Family) { f.People[0].Counts[3]++ },
		"golds":        func(f *Family) { f.Calibration.Golds++ },
		"pooled":       func(f *Family) { f.Calibration.Pooled = false },
		"from":         func(f *Family) { f.Calibration.Steps[1].From++ },
		"golds so far": func(f *Family) { f.Calibration.Steps[1].Golds++ },
		"missed":       func(f *Family) { f.Calibration.Steps[1].Missed++ },
		"times":        func(f *Family) { f.Calibration.Steps[1].Times++ },
		"times wrong":  func(f *Family) { f.Calibration.Steps[1].Wrong++ },
	} {
		f := full()
		change(&f)
		if version(t, "dogs", 3, f).Hash == s.Hash {
			t.Errorf("another %s leaves the hash the same", name)
		}
	}
	if version(t, "dogs", 4, full()).Hash == s.Hash || version(t, "cats", 3, full()).Hash == s.Hash {
		t.Error("another version or family leaves the hash the same")
	}
}

func TestSnapshotIsReadBack(t *testing.T) {
	unknown, err := Unknown(3, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Snapshot{version(t, "dogs", 3, full()), unknown} {
		text, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseSnapshot(text, s.At)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, got, cmp.AllowUnexported(Family{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for _, text := range []string{"", "{}", `{"choices":2,"truths":[1]}`, `{"choices":2,"truths":[1,-1]}`} {
		if _, err := ParseSnapshot([]byte(text), noon); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestFamilyOf(t *testing.T) {
	of := func(project string, kind polls.Type, want int, choices ...string) FamilyID {
		t.Helper()
		id, k, err := FamilyOf("org_1", project, kind, choices)
		if err != nil || k != want {
			t.Errorf("%s has %d choices, %v; want %d", kind, k, err, want)
		}
		return id
	}
	alone := of("", polls.Choice, 2, "cat", "dog")
	if of("prj_1", polls.Choice, 2, "cat", "dog") != of("prj_1", polls.Choice, 2, "cow", "owl") || of("", polls.Choice, 2, "cat", "dog") != alone {
		t.Error("a project, or questions with the same choices, are no family")
	}
	if of("", polls.Pair, 2, "a", "b") != of("", polls.Pair, 2, "c", "d") || of("", polls.YesNo, 2) != of("", polls.YesNo, 2, "Yes", "No") {
		t.Error("pairs, or yes and no, are no family")
	}
	for name, other := range map[string]FamilyID{
		"another order": of("", polls.Choice, 2, "dog", "cat"), "another type": of("", polls.Scale, 2, "cat", "dog"),
		"one choice more": of("", polls.Choice, 3, "cat", "dog", "owl"), "a project": of("prj_1", polls.Choice, 2, "cat", "dog"), "general": General(2),
	} {
		if other == alone {
			t.Errorf("%s is the same family", name)
		}
	}
	if theirs, _, err := FamilyOf("org_2", "", polls.Choice, []string{"cat", "dog"}); err != nil || theirs == alone {
		t.Errorf("another organisation's questions are the same family, %v", err)
	}
	if of("prj_1", polls.Choice, 3, "cat", "dog", "owl") == of("prj_1", polls.Choice, 2, "cat", "dog") {
		t.Error("questions of a project with more choices are of the same family")
	}
}

// TestElsewhereCounts: who erred half as often as expected elsewhere does so here too; who erred far more often says
// nothing; and however much it was, it counts for no more than a little does.
func TestElsewhereCounts(t *testing.T) {
	f := family(t, Family{Choices: 2, Truths: []int{0, 0}, People: []Confusion{
		{Errors{"rsp_good", 1000, 3000}, nil, false},
		{Errors{"rsp_best", 0, 7000}, nil, false},
		{Errors{"rsp_long", 0, 7_000_000}, nil, false},
		{Errors{"rsp_spam", 900_000, 200_000}, nil, false},
		{Errors{"rsp_both", 100_000, 100_000}, []int{0, 0, 0, 0}, false},
		{Errors{"rsp_half", 3_500_000, 7_000_000}, []int{0, 0, 0, 0}, false},
	}})
	for id, want := range map[polls.RespondentID]int64{ // 1 - 1/4 * (wrong + 1) / (expected + 1)
		"rsp_good": 875_000, "rsp_best": 958_333, "rsp_long": 958_333, "rsp_spam": 500_000, "rsp_both": 750_000, "rsp_half": 854_166,
	} {
		if got := f.crowd.of(f.People[f.index[id]], 2)[0]; got < want-2 || got > want+2 {
			t.Errorf("%s is right in %d parts per million, want %d", id, got, want)
		}
	}
	if stranger := f.crowd.of(Confusion{}, 2); stranger[0] != 750_000 {
		t.Errorf("a stranger is right in %d parts per million", stranger[0])
	}
	s := scores{0, 0}
	f.weigh(s, polls.Vote{Respondent: "rsp_spam", Choice: 1})
	if s[0] != s[1] {
		t.Errorf("spam weighs %d", s[1]-s[0])
	}
}

// TestErrorsAreOwn: what is told of people in a family is by what they showed there, and not by what they did elsewhere.
func TestErrorsAreOwn(t *testing.T) {
	f := family(t, Family{Choices: 2, Truths: []int{0, 0}, People: []Confusion{
		{Errors: Errors{"rsp_a", 7000, 11_000}, Counts: []int{30_000, 10_000, 0, 20_000}}, {Errors: Errors{"rsp_b", 3000, 5000}}, {Errors: Errors{"rsp_c", 0, 0}, Counts: []int{0, 0, 0, 0}},
	}})
	expected := int(40_000*(million-f.crowd[0])/million + 20_000*(million-f.crowd[3])/million)
	if diff := cmp.Diff([]Errors{{"rsp_a", 10_000, expected}}, f.Errors()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPool: a family with gold enough keeps its own; others take what all have, and say so.
func TestPool(t *testing.T) {
	own := Calibration{Golds: 58, Steps: []Step{{0, 58, 5, 100, 9}, {500, 31, 3, 50, 2}}}
	other := Calibration{Golds: 41, Steps: []Step{{0, 41, 4, 70, 7}, {500, 21, 1, 30, 1}}}
	want := Calibration{Golds: 99, Pooled: true, Steps: []Step{{0, 99, 9, 170, 16}, {500, 52, 4, 80, 3}}}
	if diff := cmp.Diff(want, own.Pool([]Calibration{other})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(own, own.Pool(nil)); diff != "" {
		t.Errorf("without others (-want +got):\n%s", diff)
	}
	other.Pooled = true
	if diff := cmp.Diff(other, Calibration{}.Pool([]Calibration{other})); diff != "" {
		t.Errorf("without its own (-want +got):\n%s", diff)
	}
	own.Golds = 59
	if diff := cmp.Diff(own, own.Pool([]Calibration{other})); diff != "" {
		t.Errorf("with enough (-want +got):\n%s", diff)
	}
}

// TestLearnElsewhere: people from other families are known in one that is new, and what they answer there is added.
func TestLearnElsewhere(t *testing.T) {
	lesson := Lesson{Choices: 2, Least: 2, Elsewhere: []Errors{{"rsp_b", 3000, 5000}, {"rsp_a", 7000, 11_000}}}
	general := FamilyProgress{Family: General(2), Choices: 2, Closed: 3, Version: 4}
	l, err := general.Learn(t.Context(), lesson, []Calibration{sureFrom(2, 60)}, noon)
	if err != nil {
		t.Fatal(err)
	}
	known := family(t, Family{Choices: 2, Truths: []int{0, 0}, People: []Confusion{{Errors: Errors{"rsp_a", 7000, 11_000}}, {Errors: Errors{"rsp_b", 3000, 5000}}}, Calibration: sureFrom(2, 60)})
	known.Calibration.Pooled = true
	want, err := NewSnapshot(General(2), 5, known, noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Learned{FamilyProgress: general, At: noon, Snapshot: want}, l, cmp.AllowUnexported(Family{})); diff != "" {
		t.Errorf("in general (-want +got):\n%s", diff)
	}
	own := FamilyProgress{Family: "dogs", Choices: 2, Closed: LessonMin - 1, Version: 4}
	lesson.Closed = []Closed{{Gold: 1, Votes: []polls.Vote{{Respondent: "rsp_a", Choice: 0}, {Respondent: "rsp_c", Choice: 1}}}}
	if l, err = own.Learn(t.Context(), lesson, nil, noon); err != nil || l.Snapshot != nil || len(l.Errors) != 2 || l.Calibration.Golds != 1 {
		t.Errorf("of a few questions: %+v, %v", l, err)
	}
	own.Closed++
	if l, err = own.Learn(t.Context(), lesson, nil, noon); err != nil || l.Snapshot == nil || l.Snapshot.Version != 5 {
		t.Fatalf("of some questions: %+v, %v", l, err)
	}
	people := []Confusion{{Errors: Errors{"rsp_a", 7000, 11_000}, Counts: []int{0, 0, 1000, 0}}, {Errors: Errors{"rsp_b", 3000, 5000}}, {Errors: Errors{Respondent: "rsp_c"}, Counts: []int{0, 0, 0, 1000}}}
	if diff := cmp.Diff(people, l.Snapshot.Known.People); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkUnknown is what the first question of a kind costs on top.
func BenchmarkUnknown(b *testing.B) {
	for _, k := range []int{2, 20} {
		b.Run(fmt.Sprintf("choices=%d", k), func(b *testing.B) {
			for b.Loop() {
				if _, err := Unknown(k, noon); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLearn learns as much at once as a server does: 20,000 questions, a tenth of them gold, of ten answers each.
func BenchmarkLearn(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	lesson := Lesson{Choices: 4, Least: 2}
	for i := range 20_000 {
		truth, q := rng.IntN(4), Closed{Gold: NoChoice}
		if i%10 == 0 {
			q.Gold = truth
		}
		first := rng.IntN(1000)
		for j := range 10 {
			choice := truth
			if rng.IntN(4) == 0 {
				choice = rng.IntN(4)
			}
			q.Votes = append(q.Votes, polls.Vote{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%026d", first+j*97)), Choice: choice})
		}
		lesson.Closed = append(lesson.Closed, q)
	}
	for b.Loop() {
		if _, err := Learn(b.Context(), lesson); err != nil {
			b.Fatal(err)
		}
	}
}
