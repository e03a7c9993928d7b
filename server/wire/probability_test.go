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
		if got, err := wire.ParseProbability(want); err != nil || got != ppm {
			t.Errorf("%q is read as %d parts per million, %v", want, got, err)
		}
	}
	for _, text := range []string{"", "1", "0.5", "0.0000001", "1.000001", "-0.000001", "0.00000x", "00.000001", "1000000", "+0.500000"} {
		if got, err := wire.ParseProbability(text); err == nil {
			t.Errorf("%q is read as %d parts per million", text, got)
		}
	}
}
