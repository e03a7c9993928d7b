package cache

import (
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

// limiterKeys bounds how many keys a Limiter remembers. One that was forgotten starts with a full burst, so the bound
// must be larger than the number of clients that come within the time of a burst.
const limiterKeys = 100_000

// Limiter limits how often something may happen for each key, by the generic cell rate algorithm (ATM Forum TM 4.0,
// 1996): one moment a key, with the same effect as a token bucket.
type Limiter struct {
	interval time.Duration // between two events in the long run
	burst    time.Duration // how far ahead of time a key may get
	now      func() time.Time

	mu  sync.Mutex // guards lru
	lru *simplelru.LRU[string, time.Time]
}

// NewLimiter returns a limiter; nil, which allows all, when the rate is zero.
func NewLimiter(r Rate, now func() time.Time) *Limiter {
	if r.PerSecond <= 0 {
		return nil
	}
	interval := time.Duration(float64(time.Second) / r.PerSecond)
	lru, _ := simplelru.NewLRU[string, time.Time](limiterKeys, nil) // fails for sizes under 1 only
	return &Limiter{interval: interval, burst: interval * time.Duration(max(r.Burst, 1)), now: now, lru: lru}
}

// Take counts one event of key. It returns 0 when the event is allowed; else nothing is counted, and the time to wait.
func (l *Limiter) Take(key string) time.Duration { return l.check(key, true) }

// Look returns what Take would, and counts nothing.
func (l *Limiter) Look(key string) time.Duration { return l.check(key, false) }

func (l *Limiter) check(key string, take bool) time.Duration {
	if l == nil {
		return 0
	}
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
