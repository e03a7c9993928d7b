package main

import (
	"fmt"
	"runtime/debug"
	"syscall"
)

// limitMemory bounds what this process may take, so that work that grows ends itself and not its neighbours. The collector is
// told to stay below by a tenth.
func limitMemory(bytes int64) error {
	if bytes <= 0 {
		return nil
	}
	debug.SetMemoryLimit(bytes - bytes/10)
	limit := &syscall.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, limit); err != nil {
		return fmt.Errorf("limit the memory: %w", err)
	}
	return nil
}
