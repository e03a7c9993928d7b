package labeling

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestLog2IsClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Uint64Min(1).Draw(t, "x")
		got := float64(log2(x)) / logUnit
		if want := math.Log2(float64(x)); math.Abs(got-want) > 1e-8 {
			t.Fatalf("log2(%d) = %.12f, want %.12f", x, got, want)
		}
	})
}

func TestExp2NegIsClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.Int64Range(0, 40*logUnit).Draw(t, "y")
		got, want := float64(exp2Neg(y))/(1<<63), math.Exp2(-float64(y)/logUnit)
		if math.Abs(got-want) > 1e-8*want+1e-18 {
			t.Fatalf("2^-%d = %.15g, want %.15g", y, got, want)
		}
	})
}

// TestFixedPointIsTheSameEverywhere freezes values to the bit: a verdict must be recomputable on any machine.
func TestFixedPointIsTheSameEverywhere(t *testing.T) {
	for x, want := range map[uint64]int64{1: 0, 2: 1 << 32, 3: 6807362105, 10: 14267572527, math.MaxUint64: 274877906943} {
		if got := log2(x); got != want {
			t.Errorf("log2(%d) = %d, want %d", x, got, want)
		}
	}
	for y, want := range map[int64]uint64{0: 1 << 63, 1 << 32: 1 << 62, 1 << 31: 6521908912666391106, 123456789: 9041422478681824318} {
		if got := exp2Neg(y); got != want {
			t.Errorf("exp2Neg(%d) = %d, want %d", y, got, want)
		}
	}
	if exp2Neg(63<<32) != 0 || exp2Neg(math.MaxInt64) != 0 {
		t.Error("what is too small to write is not 0")
	}
}
