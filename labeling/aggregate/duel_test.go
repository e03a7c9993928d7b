package aggregate_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// alikeNumbers draws answers of 3 of 900 workers, who all err alike and of whom nothing can be learned.
func alikeNumbers(rng *rand.Rand, tasks int) (n aggregate.Numbers, truth []float64) {
	n = numbersOf(tasks, 900)
	for t := range tasks {
		truth = append(truth, 100*rng.NormFloat64())
		for _, w := range rng.Perm(900)[:3] {
			e := rng.ExpFloat64() // the distribution of Laplace, of which the median is the most likely middle
			if rng.IntN(2) == 0 {
				e = -e
			}
			n.Tasks, n.Workers, n.Values = append(n.Tasks, int32(t)), append(n.Workers, int32(w)), append(n.Values, truth[t]+e)
		}
	}
	return n, truth
}

// none is no gold for so many tasks.
func none(tasks int) []float64 { return slices.Repeat([]float64{math.NaN()}, tasks) }

// TestNumbersAuto has people of whom some are careful and some biased, and people who are all alike.
func TestNumbersAuto(t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 1))
	skilled, truth, _, _ := crowdNumbers(rng, 300)
	alike, alikeTruth := alikeNumbers(rng, 300)
	few, fewTruth, _, _ := crowdNumbers(rng, 8)
	some := func(truth []float64, n int) []float64 { return append(slices.Clone(truth[:n]), none(len(truth)-n)...) }
	for name, c := range map[string]struct {
		numbers    aggregate.Numbers
		gold       []float64
		want, says string
	}{
		"skilled":             {skilled, nil, "mean", " answers that were held back the weighted mean comes to "},
		"skilled, much gold":  {skilled, some(truth, 100), "mean", "On 100 golds the weighted mean is off by "},
		"skilled, few golds":  {skilled, some(truth, aggregate.DuelGoldMin-1), "mean", " answers that were held back "},
		"alike":               {alike, nil, "median", " answers that were held back the median comes to "},
		"alike, much gold":    {alike, some(alikeTruth, 100), "median", "On 100 golds the median is off by "},
		"few":                 {few, none(8), "median", "It takes 10 golds, or 50 answers that can be held back, to tell methods apart, and there are 0 and "},
		"few, all of it gold": {few, some(fewTruth, 8), "median", "and there are 8 and "},
	} {
		r, chosen, err := aggregate.NumbersAuto(t.Context(), c.numbers, c.gold, 1, nil)
		if err != nil || chosen.Method != c.want || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %+v, %v, want %s, as %q", name, chosen, err, c.want, c.says)
			continue
		}
		if diff := cmp.Diff(mustNumber(t, numbersMethods[c.want], c.numbers), r, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s is not what the method gives (-want +got):\n%s", name, diff)
		}
	}
	// Gold decides against what answers have in common.
	medians := mustNumber(t, aggregate.NumbersMedian, skilled)
	gold := none(300)
	for i := range 50 {
		gold[i] = medians.Values[i].Value
	}
	if _, chosen, err := aggregate.NumbersAuto(t.Context(), skilled, gold, 1, nil); err != nil || chosen.Method != "median" {
		t.Errorf("with medians for gold: %+v, %v", chosen, err)
	}
	if _, _, err := aggregate.NumbersAuto(t.Context(), skilled, gold[1:], 1, nil); err == nil || err.Error() != "there are 299 golds for 300 tasks" {
		t.Errorf("with too few golds: %v", err)
	}
}

// TestNumbersAutoIgnoresOrder wants the same choice, for the same reason, of the same answers in another order.
func TestNumbersAutoIgnoresOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(67, 1))
	n, _, _, _ := crowdNumbers(rng, 100)
	_, want, err := aggregate.NumbersAuto(t.Context(), n, nil, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := numbersOf(n.TaskCount, n.WorkerCount)
	for _, r := range rng.Perm(len(n.Tasks)) {
		other.Tasks, other.Workers, other.Values = append(other.Tasks, n.Tasks[r]), append(other.Workers, n.Workers[r]), append(other.Values, n.Values[r])
	}
	if _, got, err := aggregate.NumbersAuto(t.Context(), other, nil, 3, nil); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if _, got, err := aggregate.NumbersAuto(t.Context(), n, nil, 4, nil); err != nil || got.Reason == want.Reason {
		t.Errorf("another seed holds the same answers back: %+v, %v", got, err)
	}
}

// TestScalesAuto has stars by people with biases, and by people who are all alike.
func TestScalesAuto(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	biased, truth := stars(rng, 400, false)
	gold := slices.Repeat([]int32{aggregate.NoVerdict}, 400)
	copy(gold, truth[:60])
	tooFew := slices.Repeat([]int32{aggregate.NoVerdict}, 400)
	copy(tooFew, truth[:aggregate.DuelGoldMin-1])
	means := slices.Repeat([]int32{aggregate.NoVerdict}, 400)
	copy(means, mustScale(t, aggregate.ScalesMean, biased).Class[:200])
	few, _ := stars(rng, 3, false)
	for name, c := range map[string]struct {
		scales aggregate.Scales
		gold   []int32
		want   aggregate.ScalesMethod
		says   string
	}{
		"biased":                 {biased, nil, aggregate.ScalesOrdinalMethod, " answers that were held back the ordinal model comes to "},
		"biased, gold":           {biased, gold, aggregate.ScalesOrdinalMethod, "On 60 golds the ordinal model is off by "},
		"biased, few golds":      {biased, tooFew, aggregate.ScalesOrdinalMethod, " answers that were held back "},
		"biased, means for gold": {biased, means, aggregate.ScalesMeanMethod, "On 200 golds the mean is off by "},
		"few":                    {few, nil, aggregate.ScalesMeanMethod, "the mean is the plainer one."},
	} {
		r, chosen, err := aggregate.ScalesAuto(t.Context(), c.scales, c.gold, 1, nil)
		if err != nil || chosen.Method != string(c.want) || r.Method != c.want || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %+v, %v, want %s, as %q", name, chosen, err, c.want, c.says)
		}
	}
}

// TestRankingsAuto has orders that are drawn by the model of Plackett and Luce, of few of many items, of which mean places
// know less, and whole orders, of which they know as much.
func TestRankingsAuto(t *testing.T) {
	partial := func(rng *rand.Rand, tasks, items, answers, ranked int) (k aggregate.Rankings, gold [][]int32) {
		for task := range tasks {
			score := make([]float64, items)
			for i := range score {
				score[i] = 2 * rng.NormFloat64()
			}
			order := func(noise float64) (out []int32) {
				seen := make([]float64, items)
				for i := range seen {
					seen[i] = score[i] - noise*math.Log(rng.ExpFloat64())
					out = append(out, int32(i))
				}
				slices.SortFunc(out, func(i, j int32) int {
					if seen[i] > seen[j] {
						return -1
					}
					return 1
				})
				return out
			}
			gold = append(gold, order(0))
			for w := range answers {
				shown := rng.Perm(items)[:ranked]
				var own []int32
				for _, item := range order(1) {
					if slices.Contains(shown, int(item)) {
						own = append(own, item)
					}
				}
				addRanking(&k, task, w, items, own...)
			}
		}
		return k, gold
	}
	rng := rand.New(rand.NewPCG(5, 9))
	parts, gold := partial(rng, 40, 12, 15, 4)
	whole, wholeGold := partial(rng, 40, 5, 6, 5)
	tooFew := append(slices.Clone(gold[:aggregate.DuelGoldMin-1]), make([][]int32, 40-aggregate.DuelGoldMin+1)...)
	few, _ := partial(rng, 2, 5, 6, 5)
	for name, c := range map[string]struct {
		rankings   aggregate.Rankings
		gold       [][]int32
		want, says string
	}{
		"parts":            {parts, nil, "plackettluce", " answers that were held back the model of Plackett and Luce comes to "},
		"parts, gold":      {parts, gold, "plackettluce", "On 40 golds the model of Plackett and Luce is off by "},
		"parts, few golds": {parts, tooFew, "plackettluce", " answers that were held back "},
		"whole":            {whole, nil, "borda", " answers that were held back Borda's points comes to "},
		"whole, gold":      {whole, wholeGold, "borda", "On 40 golds Borda's points is off by "},
		"few":              {few, nil, "borda", "Borda's points is the plainer one."},
	} {
		r, chosen, err := aggregate.RankingsAuto(t.Context(), c.rankings, c.gold, 1, nil)
		if err != nil || chosen.Method != c.want || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %+v, %v, want %s, as %q", name, chosen, err, c.want, c.says)
			continue
		}
		if (r.Iterations > 0) != (c.want == "plackettluce") {
			t.Errorf("%s: %d iterations of %s", name, r.Iterations, c.want)
		}
	}
	gold[3][0] = 12
	if _, _, err := aggregate.RankingsAuto(t.Context(), parts, gold, 1, nil); err == nil || err.Error() != "the gold of task 3 has item 12 of 12; they are numbered from 0" {
		t.Errorf("a gold of no item: %v", err)
	}
}

// TestPairsAuto has people of whom half answer upside down, and people who are all alike. Enough gold decides against what
// answers have in common.
func TestPairsAuto(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 1))
	mixed, _ := crowdPairs(rng, 12, 800, []float64{0.95, 0.95, 0.9, 0.1, 0.5, 0.9, 0.05, 0.95})
	alike, _ := crowdPairs(rng, 12, 800, []float64{1, 1, 1, 1, 1, 1, 1, 1})
	few, _ := crowdPairs(rng, 12, 40, []float64{0.95, 0.95, 0.1})
	many, truth := crowdPairs(rng, 80, 1600, []float64{0.95, 0.5, 0.9, 0.1, 0.5, 0.5, 0.9, 0.5})
	plain := make([]float64, many.ItemCount)
	for i, s := range mustScore(t, aggregate.PairsBradleyTerry, many).Scores {
		plain[i] = s.Value
	}
	unknown := slices.Repeat([]float64{math.NaN()}, many.ItemCount)
	some := func(n int) []float64 { return slices.Concat(truth[:n], unknown[n:]) }
	for name, c := range map[string]struct {
		pairs      aggregate.Pairs
		gold       []float64
		want, says string
	}{
		"mixed":             {mixed, nil, "noisybt", "On 800 answers that were held back the same with a skill for each worker comes to "},
		"alike":             {alike, nil, "bt", "On 800 answers that were held back Bradley and Terry comes to "},
		"few":               {few, nil, "bt", "there are 0 and 40; Bradley and Terry is the plainer one."},
		"few, 3 golds":      {few, []float64{1, 2, 3, math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()}, "bt", "there are 3 and 40; "},
		"gold":              {many, truth, "noisybt", "On 80 golds the same with a skill for each worker is off by "},
		"few golds":         {many, some(aggregate.DuelGoldMin - 1), "noisybt", "On 1600 answers that were held back "},
		"plain for gold":    {many, plain, "bt", "On 80 golds Bradley and Terry is off by 0 of the pairs of items and the same with a skill for each worker by "},
		"level golds alone": {many, make([]float64, 80), "bt", "On 80 golds Bradley and Terry is off by 0 of "},
	} {
		r, chosen, err := aggregate.PairsAuto(t.Context(), c.pairs, c.gold, 1, nil)
		if err != nil || chosen.Method != c.want || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %+v, %v, want %s, as %q", name, chosen, err, c.want, c.says)
			continue
		}
		fit := map[string]func(context.Context, aggregate.Pairs, aggregate.Progress) (*aggregate.PairsResult, error){"bt": aggregate.PairsBradleyTerry, "noisybt": aggregate.PairsNoisy}[c.want]
		if diff := cmp.Diff(mustScore(t, fit, c.pairs), r, cmpopts.IgnoreUnexported(aggregate.PairsResult{}), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s is not what the method gives (-want +got):\n%s", name, diff)
		}
	}
	if _, _, err := aggregate.PairsAuto(t.Context(), many, truth[1:], 1, nil); err == nil || err.Error() != "there are 79 golds for 80 items" {
		t.Errorf("with too few golds: %v", err)
	}
}

// TestMasksAuto has most fill far too much, each in their own direction, so that who are careful agree with fewer; and people
// who are all careful, of whom the plain majority is as near. Enough gold decides against what answers have in common.
func TestMasksAuto(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sloppy, truth := cells(rng, 40)
	var careful aggregate.Masks
	for r, w := range sloppy.Workers {
		if w < 3 {
			addMask(&careful, int(sloppy.Tasks[r]), int(w), 48, 48, sloppy.Runs[sloppy.Start[r]:sloppy.Start[r+1]])
		}
	}
	few, _ := cells(rng, 4)
	discs := func(n int) [][]int32 {
		out := make([][]int32, len(truth))
		for i, marked := range truth[:n] {
			out[i] = encode(48, 48, func(x, y int) bool { return marked[x*48+y] })
		}
		return out
	}
	majorities := slices.Clone(mustMask(t, aggregate.MasksMajority, sloppy).Masks)
	for name, c := range map[string]struct {
		masks      aggregate.Masks
		gold       [][]int32
		want, says string
	}{
		"sloppy":                      {sloppy, nil, "staple", " answers that were held back STAPLE comes to "},
		"sloppy, gold":                {sloppy, discs(40), "staple", "On 40 golds STAPLE is off by "},
		"sloppy, few golds":           {sloppy, discs(aggregate.DuelGoldMin - 1), "staple", " answers that were held back STAPLE comes to "},
		"sloppy, majorities for gold": {sloppy, majorities, "majority", "On 40 golds the majority is off by 0 of what is marked and STAPLE by "},
		"careful":                     {careful, nil, "majority", " answers that were held back the majority comes to "},
		"few":                         {few, nil, "majority", "the majority is the plainer one."},
	} {
		r, chosen, err := aggregate.MasksAuto(t.Context(), c.masks, c.gold, 1, nil)
		if err != nil || chosen.Method != c.want || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %+v, %v, want %s, as %q", name, chosen, err, c.want, c.says)
			continue
		}
		if diff := cmp.Diff(mustMask(t, masksMethods[c.want], c.masks), r, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s is not what the method gives (-want +got):\n%s", name, diff)
		}
	}
	majorities[3] = []int32{48*48 - 1}
	if _, _, err := aggregate.MasksAuto(t.Context(), sloppy, majorities, 1, nil); err == nil || err.Error() != "the gold of task 3 has 2303 pixels, and its image 2304" {
		t.Errorf("a gold of another size: %v", err)
	}
	if _, _, err := aggregate.MasksAuto(t.Context(), sloppy, majorities[1:], 1, nil); err == nil || err.Error() != "there are 39 golds for 40 tasks" {
		t.Errorf("with too few golds: %v", err)
	}
	silent := sloppy // nobody could tell what the first is, and its gold says nothing of methods
	silent.CannotTell = make([]bool, len(sloppy.Tasks))
	for r, task := range sloppy.Tasks {
		silent.CannotTell[r] = task == 0
	}
	if _, chosen, err := aggregate.MasksAuto(t.Context(), silent, discs(40), 1, nil); err != nil || !strings.Contains(chosen.Reason, "On 39 golds ") {
		t.Errorf("with a gold that nobody could tell: %+v, %v", chosen, err)
	}
}

// TestChallenge wants a challenger to be nearer to gold by more than chance.
func TestChallenge(t *testing.T) {
	near, far := make([]float64, 20), make([]float64, 20)
	for i := range near {
		near[i], far[i] = 0.1+float64(i%3)/20, 0.3-float64(i%2)/20
	}
	chance := slices.Clone(far)
	chance[0], chance[1] = chance[0]-0.1, chance[1]+0.06 // nearer by less than a standard error
	for name, c := range map[string]struct {
		off  [2][]float64
		won  bool
		says string
	}{
		"nearer":    {[2][]float64{far, near}, true, "On 20 golds the second is off by 0.1475 parts and the first by 0.275, which is worse by more than a standard error of the difference."},
		"further":   {[2][]float64{near, far}, false, "On 20 golds the first is off by 0.1475 parts and the second by 0.275, which is not better by more than a standard error of the difference."},
		"as near":   {[2][]float64{far, far}, false, "which is not better"},
		"by chance": {[2][]float64{far, chance}, false, "which is not better"},
	} {
		won, chosen := aggregate.Challenge([2]string{"a", "b"}, [2]string{"the first", "the second"}, c.off, "parts")
		if want := map[bool]string{false: "a", true: "b"}[c.won]; won != c.won || chosen.Method != want || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %v, %+v", name, won, chosen)
		}
	}
}
