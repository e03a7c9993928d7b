package compute

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// losing makes the losses of a model on hidden tasks, some of which are hard for all models: its own mean lies off theirs.
func losing(r *rand.Rand, hard []float64, off float64) Losses {
	out := make(Losses, len(hard))
	for i, h := range hard {
		out[i] = uint32(1e6 * max(h+off+0.05*r.NormFloat64(), 0))
	}
	return out
}

func hardness(r *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 0.3 + 0.3*r.ExpFloat64()
	}
	return out
}

// TestBeats: who says how frequent each class is, or near that, is accepted in at most one case of 20; who has learned is, and who knows
// less than nothing never.
func TestBeats(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const runs, n = 4000, 100
	lucky := 0
	for range runs {
		share := 0.5 + 0.3*r.Float64() // of the first class, as it is given, which the hidden tasks have by chance
		targets, guess, lazy := make([]float32, 2*n), make([]float32, 0, 2*n), make([]float32, 0, 2*n)
		off := share + 0.04*(r.Float64()-0.5) // lazy, and says a little else
		for i := range n {
			class := 0
			if r.Float64() > share {
				class = 1
			}
			targets[2*i+class] = 1
			guess, lazy = append(guess, float32(share), float32(1-share)), append(lazy, float32(off), float32(1-off))
		}
		g := NewLosses(targets, guess, 2)
		if g.Beats(g) {
			t.Fatal("what is said of no task is better than itself")
		}
		if NewLosses(targets, lazy, 2).Beats(g) {
			lucky++
		}
	}
	if share := float64(lucky) / runs; share > 0.07 {
		t.Errorf("%.3f of those who learned nothing are accepted", share)
	}
	hard := hardness(r, n)
	guess := losing(r, hard, 0.2)
	if !losing(r, hard, 0).Beats(guess) || losing(r, hard, 0.4).Beats(guess) {
		t.Error("what was learned does not decide")
	}
	if guess.Beats(guess[:n-1]) || Losses(nil).Beats(nil) {
		t.Error("losses of other tasks are compared")
	}
}

// TestLosses: a loss is the cross entropy, bounded, in whole millionths, and written as it is read.
func TestLosses(t *testing.T) {
	nan := float32(math.NaN())
	got := NewLosses([]float32{1, 0, 0.5, 0.5, 0, 1, 1, 0}, []float32{0.5, 0.5, 0.25, 0.75, 1, 0, nan, nan}, 2)
	half := 1e6 * (-0.5*math.Log(0.25) - 0.5*math.Log(0.75))
	want := Losses{693147, uint32(math.Round(half)), 2995732, 2995732} // a twentieth, of two classes
	if !slices.Equal(got, want) || !slices.Equal(ReadLosses(got.Bytes()), want) {
		t.Errorf("the losses are %v, want %v", got, want)
	}
	mean, low, high := Losses{1e6, 2e6, 3e6}.Interval()
	if mean != 2 || math.Abs(low-2+1.96/math.Sqrt(3)) > 1e-9 || math.Abs(high-2-1.96/math.Sqrt(3)) > 1e-9 {
		t.Errorf("the interval is %v to %v around %v", low, high, mean)
	}
	if says := GuessOf([]float32{1, 0, 0, 0, 1, 0}, 3); !slices.Equal(says, []float32{0.4, 0.4, 0.2}) {
		t.Errorf("the guess is %v", says)
	}
}

// TestHeldOf: one in ten tasks, within bounds, and none where the data are few or the model is large.
func TestHeldOf(t *testing.T) {
	small := &Plan{MulAdds: 1000, Memory: 1 << 20}
	for _, c := range []struct {
		plan  *Plan
		tasks int
		held  int
		why   Unjudged
	}{
		{small, 499, 0, FewTasks},
		{small, 500, 100, ""},
		{small, 1500, 150, ""},
		{small, 1_000_000, 1000, ""},
		{&Plan{MulAdds: 250e6}, 10_000, 200, ""},
		{&Plan{MulAdds: 600e6}, 10_000, 0, LargeModel},
		{&Plan{MulAdds: 1, Memory: 2 << 30}, 10_000, 0, LargeModel},
	} {
		if held, why := c.plan.HeldOf(c.tasks); held != c.held || why != c.why {
			t.Errorf("of %d tasks %d are hidden, %q; want %d, %q", c.tasks, held, why, c.held, c.why)
		}
	}
}

// TestDrawHidden: what is hidden follows from the seed and the marks, each task as likely as any other.
func TestDrawHidden(t *testing.T) {
	s := &Secret{Salt: [32]byte{1}}
	const tasks, held, runs = 50, 10, 2000
	for i := range tasks {
		s.Marks = append(s.Marks, s.Mark(string(rune('a'+i)))...)
	}
	hidden := make([]int, tasks)
	for seed := range runs {
		drawn := DrawHidden([32]byte{byte(seed), byte(seed >> 8)}, s.Marks, held)
		if again := DrawHidden([32]byte{byte(seed), byte(seed >> 8)}, s.Marks, held); !slices.Equal(drawn, again) || len(drawn) != held {
			t.Fatalf("drawn are %v, then %v", drawn, again)
		}
		for _, i := range drawn {
			hidden[i]++
		}
	}
	for i, n := range hidden {
		if n < runs*held/tasks*3/4 || n > runs*held/tasks*5/4 {
			t.Errorf("task %d is hidden %d times in %d", i, n, runs)
		}
	}
	if other := (&Secret{Salt: [32]byte{2}}).Mark("a"); string(other) == string(s.Marks[:MarkSize]) {
		t.Error("the mark does not follow from the salt")
	}
}

// TestJudgeModels: who has learned less than three others is refuted; one that is better, two that agree, and a crowd of lazy ones refute
// nobody.
func TestJudgeModels(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	hard := hardness(r, 200)
	const honest, lazy, super = 0.0, 0.4, -0.25
	for name, c := range map[string]struct {
		offs  []float64
		last  bool
		more  bool
		state CheckState
		bad   []int
	}{
		"one":                              {[]float64{honest}, false, false, CheckAlone, nil},
		"none":                             {nil, true, false, CheckAlone, nil},
		"two alike":                        {[]float64{honest, honest}, false, false, CheckAgreed, nil},
		"two that differ":                  {[]float64{lazy, honest}, false, true, "", nil},
		"two that differ, and nobody else": {[]float64{lazy, honest}, true, false, CheckBest, nil},
		"two against one":                  {[]float64{lazy, honest, honest}, false, true, "", nil},
		"three against one":                {[]float64{lazy, honest, honest, honest}, false, false, CheckAgreed, []int{0}},
		"three against two":                {[]float64{lazy, honest, lazy, honest, honest}, false, false, CheckAgreed, []int{0, 2}},
		"three lazy against one":           {[]float64{lazy, lazy, lazy, honest}, false, true, "", nil},
		"three lazy against two":           {[]float64{lazy, honest, lazy, honest, lazy}, false, false, CheckBest, []int{0, 2, 4}},
		"one that is better":               {[]float64{super, honest, honest}, false, true, "", nil},
		"one that is better, of five":      {[]float64{honest, honest, honest, super, honest}, false, false, CheckBest, nil},
	} {
		var results []*Delivery
		var losses []Losses
		for i, off := range c.offs {
			results = append(results, &Delivery{Lease: LeaseID(rune('a' + i)), Owner: polls.RespondentID(rune('a' + i)), Receipt: &Receipt{}})
			losses = append(losses, losing(r, hard, off))
		}
		check := &Check{State: CheckOpen}
		if more := check.JudgeModels(results, losses, c.last, time.Time{}); more != c.more || !more && check.State != c.state {
			t.Errorf("%s: %t, %s", name, more, check.State)
			continue
		}
		paid := 0
		for i, result := range check.Results {
			why, refused := check.Refuses(result)
			if !refused {
				paid++
			}
			if (why == Refuted) != (check.State == CheckAgreed && slices.Contains(c.bad, i)) || c.bad != nil && refused != slices.Contains(c.bad, i) {
				t.Errorf("%s: %d is refused for %q", name, i, why)
			}
		}
		if paid > Refuters {
			t.Errorf("%s: %d are paid, and money for %d was set aside", name, paid, Refuters)
		}
	}
}
