package main

import "testing"

func TestGarbageIsBounded(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 30 << 20: 400, 80 << 20: 200, 160 << 20: 100, 320 << 20: 50, 10 << 30: 25} {
		if got := garbagePercent(live); got != want {
			t.Errorf("of %d MiB: %d percent, want %d", live>>20, got, want)
		}
	}
}
