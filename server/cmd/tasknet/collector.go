package main

import (
	"os"
	"runtime/debug"
)

// serverGC is how much may be made of garbage before it is collected, in percent of what lives. A server lives on some tens
// of megabytes and makes twelve kilobytes of garbage with each answer, so that to collect it seldom costs little memory and
// saves a twentieth of its time.
const serverGC = 400

// collectSeldom sets serverGC where GOGC does not say otherwise. GOMEMLIMIT holds as ever.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(serverGC)
	}
}
