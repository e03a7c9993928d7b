package api

import (
	"context"
	"net/netip"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/cache"
)

// Limits bound how often somebody may ask. A rate of zero does not limit.
type Limits struct {
	// Key is for everything done with one API key.
	Key cache.Rate

	// Respondent is for everything done with tokens of one respondent.
	Respondent cache.Rate

	// Device is for answers of one device. Only answers that were recorded count, so that nobody can use up another's.
	Device cache.Rate

	// Address is for what one address writes without being known: registering, signing in, API keys that are wrong, and
	// answers that are refused.
	Address cache.Rate

	// Reads is for what one address reads without being known.
	Reads cache.Rate

	// Moves is for moves to another phone that one respondent begins.
	Moves cache.Rate

	// Transfers is for bytes that one device moves to measure its network.
	Transfers cache.Rate

	// Streams is how many streams of events one API key may have open. Zero does not limit.
	Streams int

	// Visits is how many streams one respondent may have open. Zero does not limit.
	Visits int

	// Connections is how many connections one address may have open. Zero does not limit. Those of this machine are not
	// counted, nor any when a proxy is in front: they are all the proxy's.
	Connections int
}

// DefaultLimits are far above what people and honest programs do, and far below what one server can do.
func DefaultLimits() Limits {
	return Limits{
		Key:        cache.Rate{PerSecond: 200, Burst: 1000},
		Respondent: cache.Rate{PerSecond: 20, Burst: 200},
		Device:     cache.Rate{PerSecond: 20, Burst: 500},
		Address:    cache.Rate{PerSecond: 10, Burst: 300},
		Reads:      cache.Rate{PerSecond: 100, Burst: 1000},
		Moves:      cache.Rate{PerSecond: 1.0 / 15, Burst: 20},
		Transfers:  cache.Rate{PerSecond: 1, Burst: 64},

		Streams:     100,
		Visits:      10,
		Connections: 256,
	}
}

var (
	errLimited     = tasknet.NewError(tasknet.TooMany, "rate_limited", "Too many requests; wait as long as the Retry-After header says.")
	errStreams     = tasknet.NewError(tasknet.TooMany, "too_many_streams", "As many streams are open under this API key or token as may be; close one, or follow everything by one stream.")
	errConnections = tasknet.NewError(tasknet.TooMany, "too_many_connections", "Your address has as many connections open as it may; close some.")
)

type limiters struct{ key, respondent, device, address, reads, moves, transfers cache.Limiter }

func newLimiters(l Limits, limiter func(name string, r cache.Rate) cache.Limiter) limiters {
	return limiters{
		key: limiter("key", l.Key), respondent: limiter("respondent", l.Respondent), device: limiter("device", l.Device),
		address: limiter("address", l.Address), reads: limiter("reads", l.Reads), moves: limiter("moves", l.Moves),
		transfers: limiter("transfers", l.Transfers),
	}
}

// take counts an event of key, or returns the error that says when to come back.
func take(ctx context.Context, l cache.Limiter, key string) error { return within(l.Take(ctx, key)) }

// look is take without counting.
func look(ctx context.Context, l cache.Limiter, key string) error { return within(l.Look(ctx, key)) }

func within(wait time.Duration) error {
	if wait > 0 {
		return &limited{errLimited, wait}
	}
	return nil
}

// network returns what one client has to choose addresses from: an IPv4 address, or the /64 of an IPv6 address.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Is4() {
		return ip
	}
	p, _ := a.Prefix(64) // fails for IPv4 only
	return p.String()
}
