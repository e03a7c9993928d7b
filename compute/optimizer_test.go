package compute

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func planOf(t *testing.T, more string) *Plan {
	t.Helper()
	p, err := ParseSpec(strings.NewReader(`{"input":{"kind":"numbers","columns":["a"]},"classes":["no","yes"]` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAdamW compares with the algorithm as its authors wrote it down, with the corrected moments one by one.
func TestAdamW(t *testing.T) {
	const rate, decay = 0.1, 0.01
	p := planOf(t, `,"optimizer":{"weight_decay":0.01,"clip":1e6}`)
	w, m := NewWeights(p), NewMoments(p)
	want, first, second := []float64{float64(w[0][0]), float64(w[1][0])}, [2]float64{}, [2]float64{}
	for step := 1; step <= 20; step++ {
		gradients := Weights{{float32(math.Sin(float64(step))), 0.5}, {float32(step) / 7, 0}}
		for i := range want {
			g := float64(gradients[i][0])
			first[i] = 0.9*first[i] + 0.1*g
			second[i] = 0.999*second[i] + 0.001*g*g
			if i == 0 { // a bias does not decay
				want[i] -= rate * decay * want[i]
			}
			want[i] -= rate * first[i] / (1 - math.Pow(0.9, float64(step))) / (math.Sqrt(second[i]/(1-math.Pow(0.999, float64(step)))) + 1e-8)
		}
		p.Update(w, gradients, &m, rate)
	}
	for i := range want {
		if math.Abs(float64(w[i][0])-want[i]) > 1e-5 {
			t.Errorf("weight %d is %v, want %v", i, w[i][0], want[i])
		}
	}
}

func TestSGD(t *testing.T) {
	p := planOf(t, `,"optimizer":{"type":"sgd","momentum":0.5,"clip":5}`)
	w, m := NewWeights(p), NewMoments(p)
	if m.Second != nil {
		t.Error("SGD keeps a second moment")
	}
	w[0][0], w[1][0] = 1, 2
	p.Update(w, Weights{{6, 0}, {8, 0}}, &m, 0.1) // of length 10, and halved
	p.Update(w, Weights{{1, 0}, {0, 0}}, &m, 0.1)
	// the first step moves by 0.1 * 1.5 of (3, 4), the second by 0.1 * (g + 0.5 * v) with v = 0.5 * (3, 4) + g
	if got, want := w[0][0], float32(1-0.45-0.1*(1+0.5*2.5)); math.Abs(float64(got-want)) > 1e-6 {
		t.Errorf("the weight is %v, want %v", got, want)
	}
	if got, want := w[1][0], float32(2-0.6-0.1*(0.5*2)); math.Abs(float64(got-want)) > 1e-6 {
		t.Errorf("the bias is %v, want %v", got, want)
	}
}

func TestRate(t *testing.T) {
	warm := planOf(t, `,"optimizer":{"learning_rate":1},"schedule":{"warmup":4}`)
	var rates []float64
	for step := range 104 {
		rates = append(rates, warm.rate(step, 104))
	}
	if rates[0] != 0.25 || rates[3] != 1 || rates[4] != 1 || math.Abs(rates[54]-0.505) > 1e-9 || rates[103] > 0.011 || rates[103] < 0.01 {
		t.Errorf("the rates are %v", rates)
	}
	if !slices.IsSortedFunc(rates[4:], func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
		t.Error("the rate rises after the warm-up")
	}
	still := planOf(t, `,"optimizer":{"learning_rate":1},"schedule":{"type":"constant"}`)
	if still.rate(0, 10) != 1 || still.rate(9, 10) != 1 {
		t.Error("a constant rate changes")
	}
}
