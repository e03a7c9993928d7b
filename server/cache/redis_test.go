package cache

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/cache/cachetest"
)

const testInstance = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

func openRedis(t *testing.T, url string) *Redis {
	t.Helper()
	r, err := OpenRedis(url, testInstance, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); <-time.After(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it did not come to that: %s", what)
		}
	}
}

// Whoever counts, a limiter does the same.
func TestLimiters(t *testing.T) {
	r := openRedis(t, cachetest.StartRedis(t).URL)
	for name, limiter := range map[string]func(string, Rate) Limiter{
		"here":  func(_ string, rate Rate) Limiter { return NewLimiter(rate, time.Now) },
		"redis": func(name string, rate Rate) Limiter { return r.Limiter(name, rate, time.Now) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			slow := limiter("slow", Rate{PerSecond: 0.001, Burst: 3})
			for i := range 3 {
				if look, take := slow.Look(ctx, "a"), slow.Take(ctx, "a"); look != 0 || take != 0 {
					t.Fatalf("event %d of the burst waits %v, %v", i, look, take)
				}
			}
			for range 2 { // what is refused is not counted
				if look, take := slow.Look(ctx, "a"), slow.Take(ctx, "a"); look <= 900*time.Second || look > 1000*time.Second || take > look || take <= 900*time.Second {
					t.Fatalf("after the burst: look %v, take %v; want a little less than 1000s each", look, take)
				}
			}
			if wait := slow.Take(ctx, "b"); wait != 0 {
				t.Errorf("another key waits %v", wait)
			}
			if wait := limiter("other", Rate{PerSecond: 0.001, Burst: 1}).Take(ctx, "a"); wait != 0 {
				t.Errorf("the same key of another limiter waits %v", wait)
			}
			fast := limiter("fast", Rate{PerSecond: 20, Burst: 1})
			if fast.Take(ctx, "a") != 0 {
				t.Error("the first of a key waits")
			}
			eventually(t, "time gives another event", func() bool { return fast.Take(ctx, "a") == 0 })
			for range 1000 {
				if wait := limiter("none", Rate{}).Take(ctx, "a"); wait != 0 {
					t.Fatalf("without a rate it waits %v", wait)
				}
			}
		})
	}
}

func TestServersCountTogether(t *testing.T) {
	server := cachetest.StartRedis(t)
	rate := Rate{PerSecond: 0.001, Burst: 4}
	one, two := openRedis(t, server.URL).Limiter("key", rate, time.Now), openRedis(t, server.URL).Limiter("key", rate, time.Now)
	allowed := 0
	for range 10 {
		for _, l := range []Limiter{one, two} {
			if l.Take(t.Context(), "k") == 0 {
				allowed++
			}
		}
	}
	if allowed != 4 {
		t.Errorf("%d events are allowed at two servers, want 4", allowed)
	}
}

// While Redis is away each server counts for itself; nothing is refused for that, and nothing is allowed without end.
func TestLimiterWithoutRedis(t *testing.T) {
	server := cachetest.StartRedis(t)
	r := openRedis(t, server.URL)
	l := r.Limiter("key", Rate{PerSecond: 0.001, Burst: 2}, time.Now)
	if l.Take(t.Context(), "k") != 0 || r.Status() != "" {
		t.Fatalf("with Redis: %q", r.Status())
	}
	server.Kill()
	for i, want := range []bool{true, true, false, false} {
		if got := l.Take(t.Context(), "k") == 0; got != want {
			t.Errorf("event %d without Redis is allowed: %t, want %t", i, got, want)
		}
	}
	if !strings.Contains(r.Status(), "away") {
		t.Errorf("the status is %q", r.Status())
	}
	server.Start() // empty
	eventually(t, "Redis counts again", func() bool { return l.Take(t.Context(), "other") == 0 && r.Status() == "" })
	if l.Take(t.Context(), "k") != 0 {
		t.Error("it still counts for itself")
	}
}

func TestRedisAddress(t *testing.T) {
	for _, url := range []string{"", "localhost:6379", "http://localhost", "redis://user:secret@%zz"} {
		if _, err := OpenRedis(url, testInstance, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrRedisURL) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
