//go:build linux || darwin

package main

import (
	"fmt"
	"syscall"
)

// niceness is how much work gives way to what people do: with a tenth of the processor's time, where both want all of it.
const niceness = 10

// lowerPriority has all of this process give way to others. It becomes a group of its own first: Linux lowers a process's first thread
// alone, but all of a group's.
func lowerPriority() error {
	if err := syscall.Setpgid(0, 0); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	if err := syscall.Setpriority(syscall.PRIO_PGRP, 0, niceness); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	return nil
}
