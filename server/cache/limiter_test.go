package cache

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLimiter(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := NewLimiter(Rate{PerSecond: 2, Burst: 3}, func() time.Time { return now })
	for i := range 3 {
		if wait := l.Take(t.Context(), "a"); wait != 0 {
			t.Fatalf("event %d of the burst waits %v", i, wait)
		}
	}
	if look, take, again := l.Look(t.Context(), "a"), l.Take(t.Context(), "a"), l.Take(t.Context(), "a"); look != 500*time.Millisecond || take != look || again != look {
		t.Fatalf("after the burst: look %v, take %v, again %v; want 500ms each", look, take, again)
	}
	if wait := l.Take(t.Context(), "b"); wait != 0 {
		t.Errorf("another key waits %v", wait)
	}
	now = now.Add(500 * time.Millisecond)
	if look, take, again := l.Look(t.Context(), "a"), l.Take(t.Context(), "a"), l.Take(t.Context(), "a"); look != 0 || take != 0 || again != 500*time.Millisecond {
		t.Errorf("half a second later: look %v, take %v, again %v; want 0, 0, 500ms", look, take, again)
	}
}

func TestLimiterWithoutRateAllowsAll(t *testing.T) {
	l := NewLimiter(Rate{}, time.Now)
	for range 1000 {
		if wait := l.Take(t.Context(), "a"); wait != 0 {
			t.Fatalf("waits %v", wait)
		}
	}
}

func TestLimiterMemoryIsBounded(t *testing.T) {
	l := NewLimiter(Rate{PerSecond: 1, Burst: 1}, time.Now)
	for i := range limiterKeys + 1000 {
		l.Take(t.Context(), fmt.Sprint(i))
	}
	if n := l.(*localLimiter).lru.Len(); n != limiterKeys {
		t.Errorf("%d keys are kept, want %d", n, limiterKeys)
	}
}

// In any history, no window of time has more allowed events than the burst and what the rate gives in it.
func TestLimiterProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_800_000_000, 0)
		rate := Rate{PerSecond: float64(rapid.IntRange(1, 50).Draw(t, "rate")), Burst: rapid.IntRange(1, 10).Draw(t, "burst")}
		l := NewLimiter(rate, func() time.Time { return now })
		var allowed []time.Time
		for range rapid.IntRange(1, 100).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "pause_ms")) * time.Millisecond)
			if wait := l.Take(t.Context(), "k"); wait == 0 {
				allowed = append(allowed, now)
			} else if now = now.Add(wait); l.Look(t.Context(), "k") != 0 {
				t.Fatalf("after waiting the %v that it said, it says to wait again", wait)
			}
		}
		for i := range allowed {
			for j := i; j < len(allowed); j++ {
				window := allowed[j].Sub(allowed[i]).Seconds()
				if most := float64(rate.Burst) + window*rate.PerSecond + 1e-6; float64(j-i+1) > most {
					t.Fatalf("%d events in %v s, at most %v are allowed", j-i+1, window, most)
				}
			}
		}
	})
}
