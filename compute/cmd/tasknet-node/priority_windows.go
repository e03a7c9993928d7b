package main

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// lowerPriority has this process give way to others.
func lowerPriority() error {
	if err := windows.SetPriorityClass(windows.CurrentProcess(), windows.IDLE_PRIORITY_CLASS); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	return nil
}
