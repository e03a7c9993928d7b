package cache

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Rate is how often something may happen: PerSecond in the long run, and Burst at once after a pause. A rate of zero
// does not limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// interval is the time between two events in the long run, and burst how far ahead of time a key may get.
func (r Rate) interval() time.Duration { return time.Duration(float64(time.Second) / r.PerSecond) }
func (r Rate) burst() time.Duration    { return r.interval() * time.Duration(max(r.Burst, 1)) }

// Limiter limits how often something may happen for each key, by the generic cell rate algorithm (ATM Forum TM 4.0,
// 1996): one moment a key, with the same effect as a token bucket.
type Limiter interface {
	// Take counts one event of key. It returns 0 when the event is allowed; else nothing is counted, and the time to wait.
	Take(ctx context.Context, key string) time.Duration

	// Look returns what Take would, and counts nothing.
	Look(ctx context.Context, key string) time.Duration
}

// NewLimiter returns a limiter for what comes to this server; one that allows all when the rate is zero.
func NewLimiter(r Rate, now func() time.Time) Limiter {
	if r.PerSecond <= 0 {
		return unlimited{}
	}
	lru, _ := simplelru.NewLRU[string, time.Time](limiterKeys, nil) // fails for sizes under 1 only
	return &localLimiter{interval: r.interval(), burst: r.burst(), now: now, lru: lru}
}

type unlimited struct{}

func (unlimited) Take(context.Context, string) time.Duration { return 0 }
func (unlimited) Look(context.Context, string) time.Duration { return 0 }

// limiterKeys bounds how many keys a server remembers. One that was forgotten starts with a full burst, so the bound
// must be larger than the number of clients that come within the time of a burst.
const limiterKeys = 100_000

// localLimiter counts in memory.
type localLimiter struct {
	interval, burst time.Duration
	now             func() time.Time

	mu  sync.Mutex // guards lru
	lru *simplelru.LRU[string, time.Time]
}

// Take implements Limiter.
func (l *localLimiter) Take(_ context.Context, key string) time.Duration { return l.check(key, true) }

// Look implements Limiter.
func (l *localLimiter) Look(_ context.Context, key string) time.Duration { return l.check(key, false) }

func (l *localLimiter) check(key string, take bool) time.Duration {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	next, ok := l.lru.Get(key)
	if !ok || next.Before(now) {
		next = now
	}
	next = next.Add(l.interval)
	if wait := next.Sub(now) - l.burst; wait > 0 {
		return wait
	}
	if take {
		l.lru.Add(key, next)
	}
	return 0
}
