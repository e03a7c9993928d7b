package labeling_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// judges compare items whose scores are 0, 1, ... steps apart, the first item being the best: each of them says what the
// scores say in four of five cases.
type judges struct {
	rng   *rand.Rand
	step  float64
	count int
}

func (j *judges) compare(pair [2]int) labeling.Comparison {
	better := 0
	if j.rng.Float64() > 1/(1+math.Exp(-j.step*float64(pair[1]-pair[0]))) {
		better = 1
	}
	if j.rng.IntN(5) == 0 {
		better = j.rng.IntN(2)
	}
	return labeling.Comparison{First: pair[0], Second: pair[1], Vote: polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", j.rng.IntN(j.count))), Choice: better}}
}

// settle asks until the goal is reached and returns the ranking.
func settle(t *testing.T, g labeling.Goal, items int, j *judges, width int, choose func(*labeling.Ranking) [][2]int) *labeling.Ranking {
	t.Helper()
	var asked []labeling.Comparison
	for {
		r, err := g.Rank(t.Context(), items, asked, nil, width)
		if err != nil {
			t.Fatal(err)
		}
		if r.Reason != "" {
			return r
		}
		pairs := choose(r)
		if len(pairs) == 0 {
			t.Fatalf("nothing to ask after %d comparisons, and no reason to end", len(asked))
		}
		for _, p := range pairs {
			asked = append(asked, j.compare(p))
		}
	}
}

func byGain(r *labeling.Ranking) [][2]int { return r.Next }

// To ask by gain settles the order of seven, and the best three of ten, with far fewer comparisons than to ask at random,
// and right.
func TestRankingAsksForLess(t *testing.T) {
	games := 3
	if os.Getenv(longTests) != "" {
		games = 8
	}
	for _, c := range []struct {
		items int
		goal  labeling.Goal
	}{{7, labeling.Goal{TargetPPM: 900_000, Max: 3000}}, {10, labeling.Goal{Top: 3, TargetPPM: 900_000, Max: 3000}}} {
		best := c.items
		if c.goal.Top > 0 {
			best = c.goal.Top
		}
		var adaptive, random, right int
		for seed := range uint64(games) {
			rng := rand.New(rand.NewPCG(seed, 7))
			j := &judges{rng, 1.2, 10}
			r := settle(t, c.goal, c.items, j, 10, byGain)
			adaptive += r.Comparisons
			top := slices.Clone(r.Order[:best])
			if c.goal.Top > 0 {
				slices.Sort(top) // in whatever order
			}
			if r.Reason == labeling.Quorum && slices.IsSorted(top) && top[best-1] == best-1 {
				right++
			}
			random += settle(t, c.goal, c.items, j, 10, func(*labeling.Ranking) [][2]int {
				var pairs [][2]int
				for range 10 {
					p := rng.Perm(c.items)
					pairs = append(pairs, [2]int{p[0], p[1]})
				}
				return pairs
			}).Comparisons
		}
		t.Logf("the best %d of %d: %d comparisons by gain, %d at random; %d of %d right", best, c.items, adaptive/games, random/games, right, games)
		if adaptive*3 > random*2 {
			t.Errorf("the best %d of %d: %d comparisons by gain, %d at random", best, c.items, adaptive/games, random/games)
		}
		if right < games-1 {
			t.Errorf("the best %d of %d: %d of %d rankings are right", best, c.items, right, games)
		}
	}
}

// Somebody who wins 35 of 40 is better: by luck that happens once in a million times.
func TestRankingOfTwo(t *testing.T) {
	var asked []labeling.Comparison
	for i := range 40 {
		c := labeling.Comparison{First: 0, Second: 1, Vote: polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i%8))}}
		if i%8 == i/8 { // each of five people once
			c.Choice = 1
		}
		asked = append(asked, c)
	}
	g := labeling.Goal{TargetPPM: 990_000, Max: 1000}
	if r, err := g.Rank(t.Context(), 2, asked, nil, 1); err != nil || r.Reason != labeling.Quorum || r.Confidence < 0.999 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRankingEndsWhenItsMoneyIs(t *testing.T) {
	g := labeling.Goal{TargetPPM: 999_000, Max: 30}
	r := settle(t, g, 10, &judges{rand.New(rand.NewPCG(1, 1)), 0.1, 3}, 7, byGain)
	if r.Reason != labeling.Spent || r.Comparisons != 30 || r.Confidence >= 0.999 {
		t.Errorf("%s after %d comparisons at %f", r.Reason, r.Comparisons, r.Confidence)
	}
}

// What is asked at once is not all the same, and does not repeat what is pending.
func TestRankingNext(t *testing.T) {
	g := labeling.Goal{TargetPPM: 950_000, Max: 100}
	r, err := g.Rank(t.Context(), 40, nil, [][2]int{{3, 4}}, 9)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[2]int]bool{{3, 4}: true}
	for _, p := range r.Next {
		if p = [2]int{min(p[0], p[1]), max(p[0], p[1])}; seen[p] || p[0] == p[1] {
			t.Errorf("%v is asked twice", p)
		}
		seen[p] = true
	}
	if len(r.Next) != 8 {
		t.Errorf("%d pairs beside one that is pending, want 8", len(r.Next))
	}
	unsure := []labeling.Comparison{{First: 0, Second: 1, Vote: polls.Vote{Respondent: "rsp_1", Choice: polls.CannotTell}}}
	if r, err := g.Rank(t.Context(), 2, unsure, nil, 5); err != nil || r.CannotTell != 1 || r.Confidence > 0.5 || len(r.Next) != 5 {
		t.Errorf("somebody cannot tell: %+v, %v", r, err)
	}
	for name, bad := range map[string]struct {
		goal  labeling.Goal
		items int
	}{
		"one item":       {g, 1},
		"1001 items":     {g, 1001},
		"all are best":   {labeling.Goal{Top: 3, TargetPPM: 950_000, Max: 1}, 3},
		"surely":         {labeling.Goal{TargetPPM: 1_000_000, Max: 1}, 3},
		"no comparisons": {labeling.Goal{TargetPPM: 950_000}, 3},
	} {
		if _, err := bad.goal.Rank(context.Background(), bad.items, nil, nil, 1); tasknet.Describe(err).Code != "bad_goal" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
