package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// serverGC is how much may be made of garbage before it is collected, in percent of what lives. A server lives on some tens
	// of megabytes and makes twelve kilobytes of garbage with each answer, so that to collect it seldom costs little memory and
	// saves a twentieth of its time.
	serverGC = 400

	// serverGarbage is how much garbage that is at the most, about: where much lives, as with many phones connected, a share of
	// it would be far more than is of use.
	serverGarbage = 160 << 20

	// serverGCLeast is the least share, in percent.
	serverGCLeast = 25

	serverGCEvery = 2 * time.Second
)

// collectSeldom has garbage collected seldom until ctx ends, where GOGC does not say otherwise. GOMEMLIMIT holds as ever.
func collectSeldom(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := serverGC
	debug.SetGCPercent(percent)
	go func() {
		every := time.NewTicker(serverGCEvery)
		defer every.Stop()
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
			metrics.Read(live)
			if next := garbagePercent(live[0].Value.Uint64()); next < percent-percent/8 || next > percent+percent/8 {
				percent = next
				debug.SetGCPercent(percent)
			}
		}
	}()
}

// garbagePercent returns how much garbage may be made where so many bytes live, in percent of them.
func garbagePercent(live uint64) int {
	return int(max(serverGCLeast, min(serverGC, 100*serverGarbage/max(live, 1))))
}
