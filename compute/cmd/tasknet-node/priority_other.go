//go:build !linux && !darwin && !windows

package main

// lowerPriority has no effect on this system.
func lowerPriority() error { return nil }
