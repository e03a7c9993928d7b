package aggregate_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

type fitRankings = func(context.Context, aggregate.Rankings, aggregate.Progress) (*aggregate.RankingsResult, error)

var rankingsMethods = map[string]fitRankings{"borda": aggregate.RankingsBorda, "plackett-luce": aggregate.RankingsPlackettLuce}

func addRanking(k *aggregate.Rankings, task, worker, items int, ranked ...int32) {
	if k.Start == nil {
		k.Start = []int32{0}
	}
	for len(k.ItemCounts) <= task {
		k.ItemCounts = append(k.ItemCounts, int32(items))
	}
	k.TaskCount, k.WorkerCount = max(k.TaskCount, task+1), max(k.WorkerCount, worker+1)
	k.Tasks, k.Workers = append(k.Tasks, int32(task)), append(k.Workers, int32(worker))
	k.Items = append(k.Items, ranked...)
	k.Start = append(k.Start, int32(len(k.Items)))
}

// rankingsOf returns one task with a ranking of each of several workers.
func rankingsOf(items int, restBelow bool, answers ...[]int32) aggregate.Rankings {
	k := aggregate.Rankings{RestBelow: restBelow}
	for w, a := range answers {
		addRanking(&k, 0, w, items, a...)
	}
	return k
}

func mustRank(t testing.TB, fit fitRankings, k aggregate.Rankings) *aggregate.RankingsResult {
	t.Helper()
	r, err := fit(t.Context(), k, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

func TestRankings(t *testing.T) {
	type answers = [][]int32
	for _, c := range []struct {
		name      string
		items     int
		restBelow bool
		answers   answers
		want      []int32
	}{
		{"one", 3, false, answers{{2, 0, 1}}, []int32{2, 0, 1}},
		{"alike", 3, false, answers{{2, 0, 1}, {2, 0, 1}}, []int32{2, 0, 1}},
		{"two of three", 3, false, answers{{0, 1, 2}, {0, 1, 2}, {2, 1, 0}}, []int32{0, 1, 2}},
		{"level", 2, false, answers{{0, 1}, {1, 0}}, []int32{0, 1}},
		{"nobody", 2, false, nil, []int32{0, 1}},
		{"nothing ranked", 2, true, answers{{}, {}}, []int32{0, 1}},
		{"one item", 1, false, answers{{0}}, []int32{0}},
		{"the best of four", 4, true, answers{{3}, {3}, {1}}, []int32{3, 1, 0, 2}},
		{"all but the worst", 3, true, answers{{2, 1}, {1, 2}, {2, 1}}, []int32{2, 1, 0}},
	} {
		k := rankingsOf(c.items, c.restBelow, c.answers...)
		k.TaskCount, k.ItemCounts = 1, []int32{int32(c.items)}
		if k.Start == nil {
			k.Start = []int32{0}
		}
		for name, fit := range rankingsMethods {
			if got := mustRank(t, fit, k).Orders[0]; !slices.Equal(got, c.want) {
				t.Errorf("%s by %s: %v, want %v", c.name, name, got, c.want)
			}
		}
	}
}

func TestRankingsBordaByHand(t *testing.T) {
	r := mustRank(t, aggregate.RankingsBorda, rankingsOf(4, true, []int32{3, 1}, []int32{3, 0}))
	// Places 0 and 1 of 4 have 1 and 2/3, and the rest shares 1/3 and 0.
	if diff := cmp.Diff([]float64{(2.0/3 + 1.0/6) / 2, (2.0/3 + 1.0/6) / 2, 1.0 / 6, 1}, values(r.Scores[0]), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
	r = mustRank(t, aggregate.RankingsBorda, rankingsOf(4, false, []int32{3, 1, 0}, []int32{3, 0}))
	if diff := cmp.Diff([]float64{0, 0.5, math.NaN(), 1}, values(r.Scores[0]), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("scores of what is ranked (-want +got):\n%s", diff)
	}
	if want := []int32{3, 1, 0, 2}; !slices.Equal(r.Orders[0], want) {
		t.Errorf("order %v, want %v", r.Orders[0], want)
	}
}

func values(estimates []aggregate.Estimate) []float64 {
	out := make([]float64, len(estimates))
	for i, e := range estimates {
		out[i] = e.Value
	}
	return out
}

// TestRankingsOfTwoArePairs: with two items a task, the model is that of Bradley and Terry, with its intervals.
func TestRankingsOfTwoArePairs(t *testing.T) {
	p := pairsOf(2, [3]int{0, 1, 0}, [3]int{0, 1, 0}, [3]int{0, 1, 1}, [3]int{0, 1, 0})
	want := mustScore(t, aggregate.PairsBradleyTerry, p)
	got := mustRank(t, aggregate.RankingsPlackettLuce, rankingsOf(2, false, []int32{0, 1}, []int32{0, 1}, []int32{1, 0}, []int32{0, 1}))
	if diff := cmp.Diff(want.Scores, got.Scores[0], cmpopts.EquateApprox(0, 1e-7)); diff != "" {
		t.Errorf("scores (-pairs +rankings):\n%s", diff)
	}
	if math.Abs(want.LogLikelihood-got.LogLikelihood) > 1e-7 {
		t.Errorf("log-likelihood %f, of pairs %f", got.LogLikelihood, want.LogLikelihood)
	}
}

// podium draws rankings by the model of Plackett and Luce, of a few items each, and returns the true scores with them.
func podium(rng *rand.Rand, items, answers, ranked int, restBelow bool) (aggregate.Rankings, []float64) {
	k, truth := aggregate.Rankings{RestBelow: restBelow}, make([]float64, items)
	for i := range truth {
		truth[i] = 1.5 * rng.NormFloat64()
	}
	for w := range answers {
		shown := rng.Perm(items)
		if !restBelow {
			shown = shown[:ranked]
		}
		luck := make([]float64, items) // the largest of scores with noise of Gumbel's distribution is a choice by Luce
		for _, i := range shown {
			luck[i] = truth[i] - math.Log(-math.Log(rng.Float64()))
		}
		slices.SortFunc(shown, func(i, j int) int {
			if luck[i] > luck[j] {
				return -1
			}
			return 1
		})
		var order []int32
		for _, i := range shown[:ranked] {
			order = append(order, int32(i))
		}
		addRanking(&k, 0, w, items, order...)
	}
	return k, truth
}

// TestRankingsPlackettLuceBeatsBorda where answers rank a few of many items, not the same for all: Borda takes the third
// of three weak items for as good as the third of three strong ones.
func TestRankingsPlackettLuceBeatsBorda(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	borda, luce, held, all := 0.0, 0.0, 0, 0
	for range 30 {
		k, truth := podium(rng, 15, 60, 3, false)
		borda += concordant(truth, mustRank(t, aggregate.RankingsBorda, k).Scores[0]) / 30
		r := mustRank(t, aggregate.RankingsPlackettLuce, k)
		luce += concordant(truth, r.Scores[0]) / 30
		mean := 0.0
		for _, s := range truth {
			mean += s / 15
		}
		for i := range truth {
			truth[i] -= mean
		}
		held, all = held+within(r.Scores[0], truth), all+len(truth)
	}
	t.Logf("pairs in order: borda %.3f, plackett-luce %.3f; %d of %d scores within intervals", borda, luce, held, all)
	if luce < borda+0.005 || luce < 0.85 {
		t.Errorf("pairs in order: borda %f, plackett-luce %f", borda, luce)
	}
	if held < all*90/100 {
		t.Errorf("%d of %d scores are within their intervals", held, all)
	}
}

func TestRankingsSkills(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var k aggregate.Rankings
	for task := range 40 {
		for w := range 5 {
			order := []int32{0, 1, 2, 3, 4}
			if w == 4 {
				rng.Shuffle(5, func(i, j int) { order[i], order[j] = order[j], order[i] })
			} else if i := rng.IntN(4); rng.IntN(3) == 0 {
				order[i], order[i+1] = order[i+1], order[i]
			}
			addRanking(&k, task, w, 5, order...)
		}
	}
	for name, fit := range rankingsMethods {
		r := mustRank(t, fit, k)
		for w, s := range r.Skills {
			if (w == 4) != (s.Value < 0.7) || s.Low > s.Value || s.High < s.Value {
				t.Errorf("%s: worker %d has skill %v", name, w, s)
			}
		}
	}
	alone := mustRank(t, aggregate.RankingsBorda, rankingsOf(3, false, []int32{0, 1, 2}))
	if alone.Skills[0].Known() {
		t.Errorf("one worker has skill %v", alone.Skills[0])
	}
}

func TestRankingsIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	k, _ := podium(rng, 8, 20, 4, true)
	k.CannotTell = make([]bool, 20)
	k.CannotTell[6] = true
	for name, fit := range rankingsMethods {
		want := mustRank(t, fit, k)
		for range 5 {
			shuffled := aggregate.Rankings{RestBelow: true}
			for _, r := range rng.Perm(20) {
				addRanking(&shuffled, 0, int(k.Workers[r]), 8, k.Items[k.Start[r]:k.Start[r+1]]...)
				shuffled.CannotTell = append(shuffled.CannotTell, k.CannotTell[r])
			}
			if diff := cmp.Diff(want, mustRank(t, fit, shuffled), cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("%s: another order of rows differs (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestRankingsBad(t *testing.T) {
	short := rankingsOf(3, false, []int32{0, 1})
	short.ItemCounts = nil
	for _, c := range []struct {
		name     string
		rankings aggregate.Rankings
		want     string
	}{
		{"twice", rankingsOf(3, false, []int32{0, 1, 0}), "answer 0: it ranks item 0 twice"},
		{"no such item", rankingsOf(3, false, []int32{0}, []int32{0, 3}), "answer 1: there is no item 3 among 3"},
		{"negative", rankingsOf(3, false, []int32{-1}), "answer 0: there is no item -1 among 3"},
		{"too many", rankingsOf(1001, false, []int32{0}), "task 0 has 1001 items; at most 1000 can be ranked"},
		{"no counts", short, "there are numbers of items for 0 tasks of 1"},
	} {
		for name, fit := range rankingsMethods {
			if _, err := fit(t.Context(), c.rankings, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
				t.Errorf("%s by %s: error %v, want %s", c.name, name, err, c.want)
			}
		}
	}
}
