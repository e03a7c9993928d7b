package aggregate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDisordered compares the standard error that pseudo-values have with how much the share of pairs in the wrong order really
// varies. The shares of each gold, as they are, would have half of it.
func TestDisordered(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const golds, times = 40, 400
	list := make([]int32, golds)
	for i := range list {
		list[i] = int32(i)
	}
	sum, squares, stated := 0.0, 0.0, 0.0
	for range times {
		gold, scores := make([]float64, golds), make([]Estimate, golds)
		for i := range gold {
			gold[i] = rng.NormFloat64()
			scores[i].Value = gold[i] + 0.7*rng.NormFloat64()
		}
		wrong := 0.0
		for i := range gold {
			for j := range i {
				if (gold[i] < gold[j]) != (scores[i].Value < scores[j].Value) {
					wrong++
				}
			}
		}
		wrong /= golds * (golds - 1) / 2
		off, deviation := difference(disordered(list, gold, scores), make([]float64, golds))
		if math.Abs(off-wrong) > 1e-9 {
			t.Fatalf("%g of the pairs are wrong, and not %g", wrong, off)
		}
		sum, squares, stated = sum+off, squares+off*off, stated+deviation
	}
	mean := sum / times
	if really := math.Sqrt(squares/times - mean*mean); math.Abs(stated/times/really-1) > 0.15 {
		t.Errorf("the share varies by %g, and its standard error is said to be %g", really, stated/times)
	}
}
