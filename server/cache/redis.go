package cache

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/tasknet/tasknet"
)

// ErrRedisURL reports an address that is none of Redis.
var ErrRedisURL = tasknet.NewError(tasknet.Invalid, "bad_redis_url", "The address of Redis must be redis://user:password@host:port/database, or rediss:// with TLS.")

const (
	// redisPatience is how long a request waits for Redis before the server goes on without it.
	redisPatience = 100 * time.Millisecond

	// redisPause is for how long requests do without a Redis that failed, so that not each of them waits.
	redisPause = time.Second
)

// Redis is what servers of one database share beside it. It may go away and come back: meanwhile each server counts and
// tells for itself.
type Redis struct {
	client *redis.Client
	prefix string // of keys and channels
	log    *slog.Logger

	away  atomic.Bool
	again atomic.Int64 // when it is tried again after a failure, in nanoseconds of Unix time
}

// OpenRedis returns a Redis for the servers of an instance. It need not be there yet. ErrRedisURL.
func OpenRedis(url, instance string, log *slog.Logger) (*Redis, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, ErrRedisURL // the reason would have the password in it
	}
	logging.Disable() // what it says comes as an error, too
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.MaxRetries = redisPatience, redisPatience, redisPatience, -1
	options.ContextTimeoutEnabled = true
	return &Redis{client: redis.NewClient(options), prefix: "tasknet:" + instance[:16] + ":", log: log}, nil
}

// Close ends all connections.
func (r *Redis) Close() error { return r.client.Close() }

// Status says in a line what is wrong with Redis; nothing when nothing is known to be.
func (r *Redis) Status() string {
	if !r.away.Load() {
		return ""
	}
	return "Redis is away: limits and live progress are this server's own"
}

// usable reports whether Redis is to be asked now.
func (r *Redis) usable() bool { return time.Now().UnixNano() >= r.again.Load() }

// heard notes whether Redis answered.
func (r *Redis) heard(ctx context.Context, err error) {
	if err == nil {
		if r.away.Swap(false) {
			r.log.Info("Redis is back")
		}
		return
	}
	if context.Cause(ctx) != nil {
		return // who asked went away
	}
	r.again.Store(time.Now().Add(redisPause).UnixNano())
	if !r.away.Swap(true) {
		r.log.Warn("Redis is away; this server goes on by itself", "error", err)
	}
}

//go:embed limiter.lua
var limiterScript string

var limiterCount = redis.NewScript(limiterScript)

// sharedLimiter counts what comes to any server. While Redis is away, it counts what comes to this one.
type sharedLimiter struct {
	redis           *Redis
	prefix          string
	interval, burst int64 // in microseconds
	here            Limiter
}

// Limiter returns a limiter with a name, which all servers have in common; one that allows all when the rate is zero.
func (r *Redis) Limiter(name string, rate Rate, now func() time.Time) Limiter {
	here := NewLimiter(rate, now)
	if rate.PerSecond <= 0 {
		return here
	}
	return &sharedLimiter{r, r.prefix + "rate:" + name + ":", max(rate.interval().Microseconds(), 1), rate.burst().Microseconds(), here}
}

// Take implements Limiter.
func (l *sharedLimiter) Take(ctx context.Context, key string) time.Duration {
	if wait, ok := l.count(ctx, key, 1); ok {
		return wait
	}
	return l.here.Take(ctx, key)
}

// Look implements Limiter.
func (l *sharedLimiter) Look(ctx context.Context, key string) time.Duration {
	if wait, ok := l.count(ctx, key, 0); ok {
		return wait
	}
	return l.here.Look(ctx, key)
}

// count asks Redis, by whose clock it is counted. ok is false when it did not answer.
func (l *sharedLimiter) count(ctx context.Context, key string, take int) (wait time.Duration, ok bool) {
	if !l.redis.usable() {
		return 0, false
	}
	name := sha256.Sum256([]byte(key)) // an address is nobody's business there, and a key has any length
	micros, err := limiterCount.Run(ctx, l.redis.client, []string{l.prefix + hex.EncodeToString(name[:16])}, l.interval, l.burst, take).Int64()
	l.redis.heard(ctx, err)
	return time.Duration(micros) * time.Microsecond, err == nil
}
