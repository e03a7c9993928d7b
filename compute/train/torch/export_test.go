//go:build gotch && cgo

package torch

// Threads is how many threads a trainer was told to take.
func (t *Trainer) Threads() int { return t.options.Threads }
