//go:build !linux && !darwin && !windows

package machine

// What is taken for granted where the system is not asked.
const (
	memoryOther = 4 << 30
	diskOther   = 10 << 30
)

// Room returns how many bytes of memory and disk work may count on.
func Room(string) (memory, disk int64, err error) { return memoryOther, diskOther, nil }
