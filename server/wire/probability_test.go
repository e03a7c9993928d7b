package wire_test

import (
	"testing"

	"github.com/tasknet/tasknet/server/wire"
)

func TestProbability(t *testing.T) {
	for ppm, want := range map[int]string{0: "0.000000", 1: "0.000001", 23_810: "0.023810", 976_190: "0.976190", 1_000_000: "1.000000"} {
		if got := wire.Probability(ppm); got != want {
			t.Errorf("%d parts per million are written %q, want %q", ppm, got, want)
		}
	}
}
