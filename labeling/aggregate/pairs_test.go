package aggregate_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// pairsOf returns comparisons by worker 0: each of games is left, right, outcome.
func pairsOf(items int, games ...[3]int) aggregate.Pairs {
	p := aggregate.Pairs{ItemCount: items, WorkerCount: 1}
	for _, g := range games {
		addPair(&p, g[0], g[1], 0, aggregate.PairsOutcome(g[2]))
	}
	return p
}

func addPair(p *aggregate.Pairs, left, right, worker int, outcome aggregate.PairsOutcome) {
	p.Left, p.Right = append(p.Left, int32(left)), append(p.Right, int32(right))
	p.Workers, p.Outcomes = append(p.Workers, int32(worker)), append(p.Outcomes, outcome)
}

func mustScore(t testing.TB, fit func(context.Context, aggregate.Pairs, aggregate.Progress) (*aggregate.PairsResult, error), p aggregate.Pairs) *aggregate.PairsResult {
	t.Helper()
	r, err := fit(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

// compare draws the answer of a worker to which of two items of given scores is better.
func compare(rng *rand.Rand, left, right, reliability float64) aggregate.PairsOutcome {
	win := 1 / (1 + math.Exp(right-left))
	if rng.Float64() < reliability*win+(1-reliability)*(1-win) {
		return aggregate.PairsLeft
	}
	return aggregate.PairsRight
}

// TestPairsByHand: with one pair, the score s and -s solve 3 (1-q) - q + (1/2 - p) = 0, where q = 1/(1+exp(-2s)) and
// p = 1/(1+exp(-s)).
func TestPairsByHand(t *testing.T) {
	r := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(2, [3]int{0, 1, 0}, [3]int{1, 0, 1}, [3]int{0, 1, 0}, [3]int{1, 0, 0}))
	s := r.Scores[0].Value
	q, p := 1/(1+math.Exp(-2*s)), 1/(1+math.Exp(-s))
	if residue := 3*(1-q) - q + 0.5 - p; s <= 0 || math.Abs(residue) > 1e-9 || math.Abs(s+r.Scores[1].Value) > 1e-9 {
		t.Errorf("scores %v do not solve the equation: %g is left", r.Scores, residue)
	}
	if want := 3*math.Log(q) + math.Log(1-q); math.Abs(r.LogLikelihood-want) > 1e-9 {
		t.Errorf("log-likelihood %f, want %f", r.LogLikelihood, want)
	}
	// The information matrix is [x+y, -x; -x, x+y], so that of the inverse is (x+y)/(y(2x+y)).
	x, y := 4*q*(1-q), p*(1-p)
	if half := 1.959963984540054 * math.Sqrt((x+y)/(y*(2*x+y))); math.Abs(r.Scores[0].High-s-half) > 1e-9 || math.Abs(s-half-r.Scores[0].Low) > 1e-9 {
		t.Errorf("interval %v, want %f on each side", r.Scores[0], half)
	}
	if r.Skills[0].Value != 0.75 {
		t.Errorf("skill %v, want 3 of 4", r.Skills[0])
	}
}

// TestPairsEqualsHunter compares with the MM algorithm, p_i <- W_i / sum_j N_ij/(p_i+p_j), written out plainly.
func TestPairsEqualsHunter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := aggregate.Pairs{ItemCount: 12, WorkerCount: 1}
	wins := make([][]float64, 12)
	for i := range wins {
		wins[i] = make([]float64, 12)
	}
	for range 90 {
		i, j := rng.IntN(12), rng.IntN(11)
		if j >= i {
			j++
		}
		outcome := aggregate.PairsOutcome(rng.IntN(3))
		addPair(&p, i, j, 0, outcome)
		wins[i][j] += []float64{1, 0, 0.5}[outcome]
		wins[j][i] += []float64{0, 1, 0.5}[outcome]
	}
	strength := slices.Repeat([]float64{1}, 12)
	for range 5000 {
		next := make([]float64, 12)
		for i := range next {
			won, games := 0.5, 1/(strength[i]+1)
			for j := range next {
				won += wins[i][j]
				games += (wins[i][j] + wins[j][i]) / (strength[i] + strength[j])
			}
			next[i] = won / games
		}
		strength = next
	}
	r := mustScore(t, aggregate.PairsBradleyTerry, p)
	for i, s := range strength {
		if math.Abs(r.Scores[i].Value-math.Log(s)) > 1e-8 {
			t.Errorf("item %d scores %f, want %f", i, r.Scores[i].Value, math.Log(s))
		}
	}
}

func TestPairsDegenerate(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs aggregate.Pairs
		order []int32
	}{
		{"no items", aggregate.Pairs{}, []int32{}},
		{"one item", aggregate.Pairs{ItemCount: 1, WorkerCount: 1}, []int32{0}},
		{"no answers", aggregate.Pairs{ItemCount: 3, WorkerCount: 2}, []int32{0, 1, 2}},
		{"undefeated", pairsOf(3, [3]int{2, 0, 0}, [3]int{2, 1, 0}, [3]int{0, 1, 0}), []int32{2, 0, 1}},
		{"all ties", pairsOf(3, [3]int{0, 1, 2}, [3]int{1, 2, 2}, [3]int{2, 0, 2}), []int32{0, 1, 2}},
		{"a circle", pairsOf(3, [3]int{0, 1, 0}, [3]int{1, 2, 0}, [3]int{2, 0, 0}), []int32{0, 1, 2}},
		{"two islands", pairsOf(4, [3]int{1, 0, 0}, [3]int{3, 2, 0}), []int32{1, 3, 0, 2}},
		{"nobody could tell", pairsOf(2, [3]int{0, 1, 3}, [3]int{1, 0, 3}), []int32{0, 1}},
	} {
		for name, fit := range map[string]func(context.Context, aggregate.Pairs, aggregate.Progress) (*aggregate.PairsResult, error){"plain": aggregate.PairsBradleyTerry, "noisy": aggregate.PairsNoisy} {
			r := mustScore(t, fit, c.pairs)
			if got := r.Order(); !slices.Equal(got, c.order) {
				t.Errorf("%s, %s: order %v, want %v", c.name, name, got, c.order)
			}
			for i, s := range r.Scores {
				if math.IsNaN(s.Value) || math.IsInf(s.Low, 0) || math.IsInf(s.High, 0) || s.Low >= s.Value || s.High <= s.Value {
					t.Errorf("%s, %s: item %d scores %v", c.name, name, i, s)
				}
			}
		}
	}
	r := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(3, [3]int{0, 1, 2}, [3]int{1, 2, 2}, [3]int{2, 0, 2}))
	for i, s := range r.Scores {
		if math.Abs(s.Value) > 1e-9 {
			t.Errorf("after ties alone, item %d scores %v", i, s)
		}
	}
	if r.Skills[0].Known() {
		t.Errorf("ties alone give the skill %v", r.Skills[0])
	}
}

func TestPairsBad(t *testing.T) {
	good := pairsOf(2, [3]int{0, 1, 0})
	for _, c := range []struct {
		name  string
		spoil func(*aggregate.Pairs)
		want  string
	}{
		{"itself", func(p *aggregate.Pairs) { p.Right[0] = 0 }, "answer 0: item 0 is compared with itself"},
		{"no such item", func(p *aggregate.Pairs) { p.Right[0] = 2 }, "answer 0: items 0 and 2 are not both among 2"},
		{"negative item", func(p *aggregate.Pairs) { p.Left[0] = -1 }, "answer 0: items -1 and 1 are not both among 2"},
		{"no such worker", func(p *aggregate.Pairs) { p.Workers[0] = 1 }, "answer 0: there is no worker 1 among 1"},
		{"no such outcome", func(p *aggregate.Pairs) { p.Outcomes[0] = 4 }, "answer 0: there is no outcome 4"},
		{"negative items", func(p *aggregate.Pairs) { p.ItemCount = -2 }, "there cannot be -2 items and 1 workers"},
		{"short column", func(p *aggregate.Pairs) { p.Workers = nil }, "there are 1 left and 1 right items, 0 workers and 1 outcomes: a row has one of each"},
	} {
		p := good
		p.Left, p.Right, p.Workers, p.Outcomes = slices.Clone(p.Left), slices.Clone(p.Right), slices.Clone(p.Workers), slices.Clone(p.Outcomes)
		c.spoil(&p)
		_, err := aggregate.PairsNoisy(t.Context(), p, nil)
		if !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
}

// crowdPairs draws comparisons of items by workers of given reliability, and returns the true scores with them.
func crowdPairs(rng *rand.Rand, items, answers int, reliability []float64) (aggregate.Pairs, []float64) {
	p := aggregate.Pairs{ItemCount: items, WorkerCount: len(reliability)}
	truth := make([]float64, items)
	for i := range truth {
		truth[i] = 1.5 * rng.NormFloat64()
	}
	for range answers {
		i, j, w := rng.IntN(items), rng.IntN(items-1), rng.IntN(len(reliability))
		if j >= i {
			j++
		}
		addPair(&p, i, j, w, compare(rng, truth[i], truth[j], reliability[w]))
	}
	return p, truth
}

func TestPairsIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	p, _ := crowdPairs(rng, 10, 200, []float64{0.9, 0.5, 0.8, 0.1})
	p.Outcomes[7], p.Outcomes[9] = aggregate.PairsTie, aggregate.PairsCannotTell
	for name, fit := range map[string]func(context.Context, aggregate.Pairs, aggregate.Progress) (*aggregate.PairsResult, error){"plain": aggregate.PairsBradleyTerry, "noisy": aggregate.PairsNoisy} {
		want := mustScore(t, fit, p)
		for range 5 {
			q := aggregate.Pairs{ItemCount: p.ItemCount, WorkerCount: p.WorkerCount}
			for _, r := range rng.Perm(len(p.Left)) {
				if rng.IntN(2) == 0 || p.Outcomes[r] > aggregate.PairsRight {
					addPair(&q, int(p.Left[r]), int(p.Right[r]), int(p.Workers[r]), p.Outcomes[r])
				} else { // the same seen in a mirror
					addPair(&q, int(p.Right[r]), int(p.Left[r]), int(p.Workers[r]), 1-p.Outcomes[r])
				}
			}
			if diff := cmp.Diff(want, mustScore(t, fit, q), cmpopts.IgnoreUnexported(aggregate.PairsResult{}), cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("%s: another order of rows differs (-want +got):\n%s", name, diff)
			}
		}
	}
}

// concordant is the share of pairs of items that two lists of scores put in the same order.
func concordant(truth []float64, got []aggregate.Estimate) float64 {
	same, all := 0.0, 0.0
	for i := range truth {
		for j := range i {
			all++
			if (truth[i] > truth[j]) == (got[i].Value > got[j].Value) {
				same++
			}
		}
	}
	return same / all
}

// TestPairsNoisyBeatsPlain: with a third of the workers answering at random and two upside down.
func TestPairsNoisyBeatsPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	reliability := []float64{0.95, 0.95, 0.95, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.5, 0.05, 0.1}
	plain, noisy, held, workers := 0.0, 0.0, 0, 0
	for range 20 {
		p, truth := crowdPairs(rng, 20, 1200, reliability)
		plain += concordant(truth, mustScore(t, aggregate.PairsBradleyTerry, p).Scores) / 20
		r := mustScore(t, aggregate.PairsNoisy, p)
		noisy += concordant(truth, r.Scores) / 20
		for w, e := range reliability {
			workers++
			if r.Skills[w].Low <= e && e <= r.Skills[w].High {
				held++
			}
		}
	}
	t.Logf("pairs in order: plain %.3f, noisy %.3f; %d of %d reliabilities within their intervals", plain, noisy, held, workers)
	if noisy < plain+0.02 || noisy < 0.9 {
		t.Errorf("noisy orders %.3f of the pairs, plain %.3f", noisy, plain)
	}
	if held < workers*88/100 {
		t.Errorf("%d of %d reliabilities are within their intervals", held, workers)
	}
}

// TestPairsIntervalsHold: nine differences in ten to the mean are within what 0.95 intervals allow.
func TestPairsIntervalsHold(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	held, all := 0, 0
	for range 40 {
		p, truth := crowdPairs(rng, 10, 300, []float64{1})
		mean := 0.0
		for _, s := range truth {
			mean += s / 10
		}
		for i, s := range mustScore(t, aggregate.PairsBradleyTerry, p).Scores {
			all++
			if s.Low <= truth[i]-mean && truth[i]-mean <= s.High {
				held++
			}
		}
	}
	if held < all*90/100 {
		t.Errorf("%d of %d scores are within their intervals", held, all)
	}
}

func TestPairsConfidence(t *testing.T) {
	var games [][3]int
	for range 40 {
		games = append(games, [3]int{0, 1, 0}, [3]int{0, 2, 0}, [3]int{1, 2, 0}, [3]int{2, 1, 0})
	}
	r := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(3, games...))
	if c := r.TopConfidence(1); c < 0.99 {
		t.Errorf("who won all of 80 games is best with confidence %f", c)
	}
	if c := r.TopConfidence(2); c > 0.51 {
		t.Errorf("of two level items one is second with confidence %f", c)
	}
	if c := r.OrderConfidence(); c > 0.51 {
		t.Errorf("an order with level items has confidence %f", c)
	}
	clear := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(3, slices.Repeat([][3]int{{0, 1, 0}, {1, 2, 0}}, 60)...))
	if c := clear.OrderConfidence(); c < 0.9999 || c > 1 {
		t.Errorf("an order in which each won all of 60 games against the next has confidence %f", c)
	}
	if all, none := r.TopConfidence(3), r.TopConfidence(0); all != 1 || none != 1 {
		t.Errorf("the best of all three are all three with confidence %f, and none is none with %f", all, none)
	}
}

// TestPairsConfidenceHolds: what is settled at 0.9 is wrong in at most one case in ten.
func TestPairsConfidenceHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	settled, wrong := 0, 0
	for range 300 {
		p, truth := crowdPairs(rng, 6, 120, []float64{1})
		r := mustScore(t, aggregate.PairsBradleyTerry, p)
		if r.TopConfidence(1) < 0.9 {
			continue
		}
		settled++
		if truth[r.Order()[0]] < slices.Max(truth) {
			wrong++
		}
	}
	t.Logf("%d of 300 settled, %d of them wrongly", settled, wrong)
	if settled < 50 || wrong*10 > settled {
		t.Errorf("%d of 300 are settled at 0.9, %d of them wrongly", settled, wrong)
	}
}

// TestPairsConfidenceHoldsAmongUnreliable: the same where some are unreliable, and one is mostly wrong.
func TestPairsConfidenceHoldsAmongUnreliable(t *testing.T) {
	for best := 1; best <= 3; best += 2 {
		settled, wrong := 0, 0
		for game := range uint64(300) {
			rng := rand.New(rand.NewPCG(game, 77))
			p, truth := crowdPairs(rng, 6, 100+rng.IntN(400), []float64{0.95, 0.9, 0.9, 0.8, 0.6, 0.5, 0.3, 0.95})
			r := mustScore(t, aggregate.PairsNoisy, p)
			if r.TopConfidence(best) < 0.9 {
				continue
			}
			settled++
			least := slices.Sorted(slices.Values(truth))[len(truth)-best]
			if slices.ContainsFunc(r.Order()[:best], func(i int32) bool { return truth[i] < least }) {
				wrong++
			}
		}
		t.Logf("the best %d: %d of 300 settled, %d of them wrongly", best, settled, wrong)
		if settled < 50 || wrong*10 > settled {
			t.Errorf("the best %d: %d of 300 are settled at 0.9, %d of them wrongly", best, settled, wrong)
		}
	}
}

// TestPairsConfidenceOfTwo: the confidence is that of the signed root of the deviance, found by trying all scores.
func TestPairsConfidenceOfTwo(t *testing.T) {
	for _, c := range []struct{ won, lost int }{{1, 0}, {3, 1}, {12, 0}, {40, 25}} {
		posterior := func(s, other float64) float64 {
			log := func(d float64) float64 { return -math.Log1p(math.Exp(-d)) } // of winning against one that is d behind
			return float64(c.won)*log(s-other) + float64(c.lost)*log(other-s) + (log(s)+log(-s)+log(other)+log(-other))/2
		}
		free, level := math.Inf(-1), math.Inf(-1)
		const steps = 800
		for i := range steps {
			s := 8*float64(i)/steps - 4
			level = max(level, posterior(s, s))
			for j := range steps {
				free = max(free, posterior(s, 8*float64(j)/steps-4))
			}
		}
		root := math.Sqrt(2 * (free - level))
		games := append(slices.Repeat([][3]int{{0, 1, 0}}, c.won), slices.Repeat([][3]int{{1, 0, 0}}, c.lost)...)
		got, want := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(2, games...)).TopConfidence(1), 1-math.Erfc(root/math.Sqrt2)/2
		if math.Abs(got-want) > 1e-4 {
			t.Errorf("%d to %d: confidence %f, want %f", c.won, c.lost, got, want)
		}
	}
}

func TestPairsGain(t *testing.T) {
	var games [][3]int
	for range 30 {
		games = append(games, [3]int{0, 1, 0}, [3]int{2, 3, 0}, [3]int{3, 2, 0})
	}
	r := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(6, games...))
	never, level, sure := r.Gain(4, 5, 1), r.Gain(2, 3, 1), r.Gain(0, 1, 1)
	if !(never > 10*level && never > 10*sure && min(level, sure) > 0 && never < 1) {
		t.Errorf("gains: never compared %f, known to be level %f, known to differ %f", never, level, sure)
	}
	if g := r.Gain(4, 5, 0.5); g > 1e-12 {
		t.Errorf("a coin gains %g bits", g)
	}
	if g := r.Gain(4, 5, 0.8); g <= 0 || g >= never {
		t.Errorf("a worker who is right 8 times of 10 gains %f bits, a perfect one %f", g, never)
	}
	if math.Abs(r.Gain(4, 5, 0.2)-r.Gain(4, 5, 0.8)) > 1e-12 {
		t.Error("who is wrong 8 times of 10 does not gain as much as who is right")
	}
}

// TestPairsNextSavesAnswers asks for the best of eight, once by gain and once at random, until it is settled.
func TestPairsNextSavesAnswers(t *testing.T) {
	const items, most, games = 8, 600, 40
	asked := func(seed uint64, next func(rng *rand.Rand, r *aggregate.PairsResult) (int32, int32)) (total, right int) {
		for game := range uint64(games) {
			rng := rand.New(rand.NewPCG(seed, game))
			truth := make([]float64, items)
			for i := range truth {
				truth[i] = 2 * rng.NormFloat64()
			}
			p := aggregate.Pairs{ItemCount: items, WorkerCount: 1}
			r := mustScore(t, aggregate.PairsBradleyTerry, p)
			for len(p.Left) < most && r.TopConfidence(1) < 0.95 {
				i, j := next(rng, r)
				addPair(&p, int(i), int(j), 0, compare(rng, truth[i], truth[j], 1))
				r = mustScore(t, aggregate.PairsBradleyTerry, p)
			}
			total += len(p.Left)
			if truth[r.Order()[0]] == slices.Max(truth) {
				right++
			}
		}
		return total, right
	}
	byGain, right := asked(1, func(_ *rand.Rand, r *aggregate.PairsResult) (int32, int32) { return r.Next(1, 1) })
	random, _ := asked(1, func(rng *rand.Rand, _ *aggregate.PairsResult) (int32, int32) {
		i, j := rng.IntN(items), rng.IntN(items-1)
		if j >= i {
			j++
		}
		return int32(i), int32(j)
	})
	t.Logf("to settle the best of %d: %d comparisons by gain, %d at random; %d of %d right", items, byGain/games, random/games, right, games)
	if byGain*3 > random*2 {
		t.Errorf("%d comparisons by gain, %d at random", byGain/games, random/games)
	}
	if right < games*9/10 {
		t.Errorf("%d of %d are right", right, games)
	}
}

func TestPairsNext(t *testing.T) {
	r := mustScore(t, aggregate.PairsBradleyTerry, pairsOf(4, [3]int{0, 1, 0}, [3]int{1, 2, 0}, [3]int{2, 3, 0}))
	for k := 1; k < 4; k++ {
		if i, j := r.Next(k, 1); int(i) >= k || int(j) < k {
			t.Errorf("to tell the best %d of 0 1 2 3, the next pair is %d and %d", k, i, j)
		}
	}
	if i, j := r.Next(0, 1); i == j || min(i, j) < 0 {
		t.Errorf("the next pair is %d and %d", i, j)
	}
	one := mustScore(t, aggregate.PairsBradleyTerry, aggregate.Pairs{ItemCount: 1})
	if i, j := one.Next(0, 1); i != -1 || j != -1 {
		t.Errorf("of one item, the next pair is %d and %d", i, j)
	}
}

// TestPairsMany: over the limit there are scores without intervals, and nothing is settled.
func TestPairsMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	p, truth := crowdPairs(rng, aggregate.PairsIntervalsMax+1, 60_000, []float64{1, 0.9})
	for name, fit := range map[string]func(context.Context, aggregate.Pairs, aggregate.Progress) (*aggregate.PairsResult, error){"plain": aggregate.PairsBradleyTerry, "noisy": aggregate.PairsNoisy} {
		r := mustScore(t, fit, p)
		if c := concordant(truth, r.Scores); c < 0.9 {
			t.Errorf("%s: %f of the pairs are in order", name, c)
		}
		if !math.IsInf(r.Scores[0].High, 1) || r.TopConfidence(1) != 0 || r.OrderConfidence() != 0 {
			t.Errorf("%s: %v is claimed without intervals", name, r.Scores[0])
		}
		if g := r.Gain(0, 1, 1); g <= 0 || g >= 1 {
			t.Errorf("%s: a gain of %f bits", name, g)
		}
	}
}

func BenchmarkPairs(b *testing.B) {
	for _, items := range []int{100, 1000} {
		p, _ := crowdPairs(rand.New(rand.NewPCG(1, 1)), items, 50*items, []float64{0.9, 0.8, 0.7})
		b.Run(fmt.Sprintf("plain/items=%d", items), func(b *testing.B) {
			for b.Loop() {
				mustScore(b, aggregate.PairsBradleyTerry, p)
			}
		})
		b.Run(fmt.Sprintf("noisy/items=%d", items), func(b *testing.B) {
			for b.Loop() {
				mustScore(b, aggregate.PairsNoisy, p)
			}
		})
	}
}
