package main

import (
	"context"
	"os"
	"runtime"
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

	// serverGarbageLeast is what it is at the most on a server that has little to do: what it makes in serverGarbageTime, but no less.
	// There a collection more costs nothing, and memory does.
	serverGarbageLeast = 24 << 20
	serverGarbageTime  = 5 // seconds

	// serverGCLeast is the least share, in percent.
	serverGCLeast = 25

	// When for so many looks little was made, and more than serverSpare bytes are spare, they are given back.
	serverQuiet = 2
	serverSpare = 48 << 20

	serverGCEvery = 2 * time.Second
)

// collectSeldom has garbage collected seldom until ctx ends, where GOGC does not say otherwise, and gives back what a burst of requests
// took when it is over. GOMEMLIMIT holds as ever.
func collectSeldom(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := serverGC
	debug.SetGCPercent(percent)
	go func() {
		every := time.NewTicker(serverGCEvery)
		defer every.Stop()
		heap := readHeap()
		made, rate, quiet := heap.made, uint64(serverGarbage), 0
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
			heap = readHeap()
			now := (heap.made - made) / uint64(serverGCEvery/time.Second)
			made, rate = heap.made, max(now, rate-rate/4) // a pause in the work is not its end
			if next := garbagePercent(heap.live, rate); next < percent-percent/8 || next > percent+percent/8 {
				percent = next
				debug.SetGCPercent(percent)
			}
			if quiet++; now*serverGarbageTime > serverGarbageLeast {
				quiet = 0
			}
			if quiet >= serverQuiet && heap.spare > serverSpare {
				runtime.GC() // what pools hold is given up by the second in a row
				debug.FreeOSMemory()
				quiet = 0
			}
		}
	}()
}

// heap is how memory stands, in bytes.
type heap struct {
	live  uint64 // at the last collection
	made  uint64 // since the start
	spare uint64 // that is the process's and holds nothing, or what was made since the last collection
}

func readHeap() heap {
	m := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(m)
	h := heap{live: m[0].Value.Uint64(), made: m[1].Value.Uint64(), spare: m[2].Value.Uint64()}
	if objects := m[3].Value.Uint64(); objects > h.live {
		h.spare += objects - h.live
	}
	return h
}

// garbagePercent returns how much garbage may be made where so many bytes live, in percent of them, and so many are made in a second.
func garbagePercent(live, rate uint64) int {
	most := max(serverGarbageLeast, min(serverGarbage, rate*serverGarbageTime))
	return int(max(serverGCLeast, min(serverGC, 100*most/max(live, 1))))
}
