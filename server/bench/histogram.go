package bench

import (
	"math/bits"
	"time"
)

// histogram counts durations without keeping them: exact to a sixty-fourth, in some kilobytes.
type histogram struct {
	counts [half * octaves]uint64
	total  uint64
}

const (
	half    = 64 // slots for each doubling
	octaves = 34 // from a microsecond to some hours
)

func (h *histogram) add(d time.Duration) {
	h.counts[slot(uint64(max(d.Microseconds(), 0)))]++
	h.total++
}

// slot returns where a number is counted: those under 128 each by itself, and then 64 slots for each doubling.
func slot(n uint64) int {
	halvings := max(bits.Len64(n)-bits.Len64(2*half-1), 0)
	return min(halvings*half+int(n>>halvings), half*octaves-1)
}

// most returns the largest number that a slot counts.
func most(slot int) uint64 {
	halvings := max(slot/half-1, 0)
	return uint64(slot-halvings*half+1)<<halvings - 1
}

func (h *histogram) merge(other *histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.total += other.total
}

// quantile returns a duration that a share of all do not exceed; zero when there is none.
func (h *histogram) quantile(share float64) time.Duration {
	need := uint64(share*float64(h.total) + 0.5)
	for i, n := range h.counts {
		if n == 0 {
			continue
		}
		if n >= need {
			return time.Duration(most(i)) * time.Microsecond
		}
		need -= n
	}
	return 0
}
