package machine

import (
	"context"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	getLastInputInfo     = user32.NewProc("GetLastInputInfo")
	getTickCount         = kernel32.NewProc("GetTickCount")
	getSystemPowerStatus = kernel32.NewProc("GetSystemPowerStatus")
	globalMemoryStatusEx = kernel32.NewProc("GlobalMemoryStatusEx")
)

// lastInputInfo is LASTINPUTINFO.
type lastInputInfo struct {
	size uint32
	tick uint32
}

// powerStatus is SYSTEM_POWER_STATUS.
type powerStatus struct {
	line, flag, percent, saver byte
	life, full                 uint32
}

// Read reads how the computer is doing, from the system. It does not ask what volume costs, nor for the temperature, which the
// system tells administrators alone.
func (r *Reader) Read(context.Context) State {
	s := State{Mains: Unknown, Metered: Unknown}
	var power powerStatus
	if ok, _, _ := getSystemPowerStatus.Call(uintptr(unsafe.Pointer(&power))); ok != 0 {
		switch power.line {
		case 0:
			s.Mains = No
		case 1:
			s.Mains = Yes
		}
	}
	input := lastInputInfo{size: uint32(unsafe.Sizeof(lastInputInfo{}))}
	if ok, _, _ := getLastInputInfo.Call(uintptr(unsafe.Pointer(&input))); ok != 0 {
		now, _, _ := getTickCount.Call()
		seconds := int64(uint32(now)-input.tick) / 1000 // both begin again after 49 days
		s.IdleSeconds = &seconds
	}
	return s
}
