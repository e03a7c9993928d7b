package labelingtest

import (
	"errors"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
)

// TestContests tests a store of contests. open returns an empty one, with the store of polls beside it; it is called once
// in each subtest.
func TestContests(t *testing.T, open func(*testing.T) (labeling.ContestStore, polls.Store)) {
	for name, test := range map[string]func(*contestWorld){"Contests": testContests, "Pairings": testPairings} {
		t.Run(name, func(t *testing.T) {
			contests, questions := open(t)
			test(&contestWorld{world{pollstest.NewWorld(t, questions), nil}, contests})
		})
	}
}

type contestWorld struct {
	world
	contests labeling.ContestStore
}

func (w *contestWorld) start() *labeling.Contest {
	w.T.Helper()
	c, err := labeling.NewContest(labeling.ContestDraft{
		Org: w.Org.ID, Text: `Which "one"?`, Items: []labeling.Item{{Name: "a"}, {Name: "b 数", Image: &polls.Image{Hash: "ab", Type: "image/png", Width: 3, Height: 4, Bytes: 5, Alt: "b"}}, {Name: "c"}},
		Goal: labeling.Goal{Top: 1, TargetPPM: 900_000, Max: 50}, AtOnce: 4, Price: tasknet.Micro(18_000), Lifetime: time.Hour,
	}, w.Now)
	w.must(err)
	w.must(w.contests.CreateContest(w.T.Context(), c))
	return c
}

func testContests(w *contestWorld) {
	ctx := w.T.Context()
	first, second := w.start(), w.start()
	for _, c := range []*labeling.Contest{first, second} {
		got, err := w.contests.Contest(ctx, c.ID)
		w.must(err)
		w.equal("contest", got, c)
	}
	second.Know(&labeling.Ranking{
		Order: []int{2, 0, 1}, Scores: []aggregate.Estimate{{Value: 0.5, Low: -1, High: 2}, {Value: -2}, {Value: 1.25}}, Confidence: 0.91, Reason: labeling.Quorum,
		LogLikelihood: -3.5, Comparisons: 7, CannotTell: 1, Reliability: 0.8,
	}, w.Now.Add(time.Minute))
	second.Asked = 8
	first.Problem = "insufficient_funds"
	w.must(w.contests.SaveContest(ctx, first))
	w.must(w.contests.SaveContest(ctx, second))
	locked, err := w.contests.LockContest(ctx, second.ID)
	w.must(err)
	w.equal("settled", locked, second)
	running, err := w.contests.RunningContests(ctx, 10)
	w.must(err)
	w.equal("running", running, []labeling.ContestID{first.ID})
	page, next, err := w.contests.Contests(ctx, w.Org.ID, tasknet.Page{Limit: 1})
	w.must(err)
	w.equal("newest", page, []*labeling.Contest{second})
	page, next, err = w.contests.Contests(ctx, w.Org.ID, tasknet.Page{Limit: 1, After: next})
	w.must(err)
	w.equal("oldest", page, []*labeling.Contest{first})
	if next != "" {
		w.T.Errorf("after the last page comes %q", next)
	}
	page, _, err = w.contests.Contests(ctx, w.NewOrg("Others").ID, tasknet.Page{})
	w.must(err)
	w.equal("others'", page, []*labeling.Contest(nil))
	for what, err := range map[string]error{
		"reading": errorOf(w.contests.Contest(ctx, "cts_none")), "locking": errorOf(w.contests.LockContest(ctx, "cts_none")),
		"saving": w.contests.SaveContest(ctx, &labeling.Contest{ID: "cts_none"}),
	} {
		if !errors.Is(err, labeling.ErrNoContest) {
			w.T.Errorf("%s one that is not there: %v", what, err)
		}
	}
}

func errorOf(_ *labeling.Contest, err error) error { return err }

func testPairings(w *contestWorld) {
	ctx := w.T.Context()
	c, other := w.start(), w.start()
	var want []labeling.Pairing
	for n := range 3 {
		q := w.Ask(w.Draft(1))
		want = append(want, labeling.Pairing{Contest: c.ID, Number: n, Question: q.ID, First: n % 3, Second: (n + 1) % 3})
	}
	w.must(w.contests.AddPairings(ctx, want))
	if err := w.contests.AddPairings(ctx, want[1:2]); err == nil {
		w.T.Error("a pairing was saved twice")
	}
	w.must(w.Store.CloseQuestion(ctx, want[1].Question, w.Now))
	want[1].Closed = true
	got, err := w.contests.Pairings(ctx, c.ID)
	w.must(err)
	w.equal("pairings", got, want)
	got, err = w.contests.Pairings(ctx, other.ID)
	w.must(err)
	w.equal("another's", got, []labeling.Pairing(nil))
}
