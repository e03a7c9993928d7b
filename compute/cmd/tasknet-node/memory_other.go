//go:build !linux && !windows

package main

import "runtime/debug"

// limitMemory has the collector keep this process below so many bytes; what is in use can still be more.
func limitMemory(bytes int64) error {
	if bytes > 0 {
		debug.SetMemoryLimit(bytes)
	}
	return nil
}
