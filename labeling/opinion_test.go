package labeling

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOpinion: probabilities are rounded to a million together, and what is no distribution is refused.
func TestOpinion(t *testing.T) {
	o, err := NewOpinion([]float32{1. / 3, 1. / 3, 1. / 3}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Opinion{333_334, 333_333, 333_333}, o); diff != "" {
		t.Error(diff)
	}
	if o, err = NewOpinion([]float32{0.0004, 1}, 2); err != nil || o[0]+o[1] != million { // 32 bits round
		t.Errorf("%v, %v", o, err)
	}
	nan := float32(math.NaN())
	for name, p := range map[string][]float32{
		"too few": {1}, "too many": {0.5, 0.25, 0.25}, "below 0": {-0.1, 1.1}, "above 1": {0, 1.0001}, "no number": {nan, 1}, "endless": {0, float32(math.Inf(1))},
		"less together": {0.5, 0.4}, "more together": {0.6, 0.6}, "none": {},
	} {
		if _, err := NewOpinion(p, 2); !errors.Is(err, ErrBadOpinion) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for sure, want := range map[int]int{500_000: 1, 699_999: 1, 700_000: 2, 989_999: 4, 990_000: 5, million: 5} {
		if said, sureness := (Opinion{million - sure, sure}).says(); said != 1 && sure != 500_000 || sureness != want {
			t.Errorf("%d is said to be %d, between %d", sure, said, sureness)
		}
	}
}

// TestWitness: a model's word weighs what it was worth, not what it says that it is, and never more than that of the surest.
func TestWitness(t *testing.T) {
	f, err := NewFamily(Family{Choices: 2, Truths: make([]int, 2)})
	if err != nil {
		t.Fatal(err)
	}
	sure := Opinion{1_000, 999_000}
	weight := func(right, wrong int) int64 {
		var references []Reference
		for i := range right + wrong {
			r := Reference{Opinion: sure, Gold: 1}
			if i >= right {
				r.Gold = 0
			}
			references = append(references, r)
			references = append(references, Reference{Opinion: Opinion{999_000, 1_000}, Gold: 1 - r.Gold})
		}
		w, err := LearnWitness(f, references, 0)
		if err != nil {
			t.Fatal(err)
		}
		s := make(scores, 2)
		w.weigh(s, sure)
		return s[1] - s[0]
	}
	if got, most := weight(10_000, 0), log2Ratio(surest, million-surest); got != most {
		t.Errorf("one that is always right weighs %d, want %d", got, most)
	}
	if got := weight(50, 50); got < -logUnit/10 || got > logUnit/10 {
		t.Errorf("one that guesses weighs %d, want about 0", got)
	}
	if got, want := weight(800, 200), log2Ratio(4, 1); got < want*9/10 || got > want*11/10 {
		t.Errorf("one that is right in 4 of 5 weighs %d, want about %d", got, want)
	}
	if got := weight(0, 100); got > -2*logUnit {
		t.Errorf("one that is always wrong weighs %d, want the other choice", got)
	}
	for name, w := range map[string]Witness{
		"one choice":    {Choices: 1, Counts: make([][]int, len(surenessFrom))},
		"too few bins":  {Choices: 2, Counts: make([][]int, 2)},
		"no matrix":     {Choices: 2, Counts: make([][]int, len(surenessFrom))},
		"below nothing": {Choices: 2, Counts: [][]int{{0, 0, 0, -1}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
	} {
		if _, err := NewWitness(w); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

// TestWitnessToTheBit: what a word adds to the scores is the same on every machine.
func TestWitnessToTheBit(t *testing.T) {
	w := Witness{Choices: 3, Counts: make([][]int, len(surenessFrom))}
	for i := range w.Counts {
		w.Counts[i] = []int{7_000, 500, 250, 1_100, 13_000, 17, 0, 1_900, 2_300 * (i + 1)}
	}
	counted, err := NewWitness(w)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    Opinion
		want scores
	}{
		{Opinion{200_000, 300_000, 500_000}, scores{-18_514_518_951, -23_815_732_905, -1_647_504_799}},
		{Opinion{995_000, 3_000, 2_000}, scores{-465_816_611, -17_222_247_948, -32_830_112_351}},
		{Opinion{100_000, 880_000, 20_000}, scores{-17_149_901_968, -583_658_178, -12_330_893_364}},
	} {
		s := make(scores, 3)
		counted.weigh(s, c.o)
		if diff := cmp.Diff(c.want, s); diff != "" {
			t.Errorf("%v: %s", c.o, diff)
		}
	}
}

// TestLaterModels: a gold that an earlier model would have closed wrongly counts against every later one.
func TestLaterModels(t *testing.T) {
	f, err := NewFamily(Family{Choices: 2, Truths: make([]int, 2)})
	if err != nil {
		t.Fatal(err)
	}
	learn := func(missed int) *Helped {
		var references []Reference
		for i := range 120 {
			truth := i % 2
			o := Opinion{1_000, 1_000}
			o[truth] = 999_000
			references = append(references, Reference{Opinion: o, Gold: truth, Over: i < 40, Missed: i < missed})
		}
		w, err := LearnWitness(f, references, 0)
		if err != nil {
			t.Fatal(err)
		}
		h := f.HelpedBy(w, 0)
		h.Closes(helpPolicy, references)
		for i, r := range references {
			if i >= 40 && (r.Over != (missed == 0) || r.Missed) {
				t.Fatalf("with %d missed, gold %d: %+v", missed, i, r)
			}
		}
		return h
	}
	sure := Opinion{999_000, 1_000}
	if choice, settled := learn(0).Settles(helpPolicy, sure, nil); !settled || choice != 0 {
		t.Errorf("what was never wrong settles nothing: %d, %v", choice, settled)
	}
	if _, settled := learn(3).Settles(helpPolicy, sure, nil); settled {
		t.Error("three of 120 were wrong, and the next closes")
	}
}
