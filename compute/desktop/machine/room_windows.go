package machine

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// memoryStatus is MEMORYSTATUSEX.
type memoryStatus struct {
	length, load                                                               uint32
	all, free, allPage, freePage, allVirtual, freeVirtual, freeExtendedVirtual uint64
}

// Room returns how many bytes of memory the computer has, and how many are free where a folder is.
func Room(folder string) (memory, disk int64, err error) {
	status := memoryStatus{length: uint32(unsafe.Sizeof(memoryStatus{}))}
	if ok, _, err := globalMemoryStatusEx.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return 0, 0, err
	}
	path, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(path, &free, nil, nil); err != nil {
		return 0, 0, err
	}
	return int64(status.all), int64(free), nil
}
