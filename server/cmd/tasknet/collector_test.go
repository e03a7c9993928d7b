package main

import "testing"

func TestGarbageIsBounded(t *testing.T) {
	for _, c := range []struct {
		live, rate uint64
		percent    int
	}{
		{0, 0, 400},
		{30 << 20, 1 << 30, 400},
		{80 << 20, 1 << 30, 200},
		{160 << 20, 32 << 20, 100},
		{160 << 20, 8 << 20, 25},
		{32 << 20, 8 << 20, 125}, // what is made in five seconds
		{32 << 20, 0, 75},
		{10 << 30, 1 << 30, 25},
	} {
		if got := garbagePercent(c.live, c.rate); got != c.percent {
			t.Errorf("of %d MiB, with %d MiB/s: %d percent, want %d", c.live>>20, c.rate>>20, got, c.percent)
		}
	}
}
