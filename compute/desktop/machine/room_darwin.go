package machine

import "golang.org/x/sys/unix"

// Room returns how many bytes of memory the computer has, and how many are free where a folder is.
func Room(folder string) (memory, disk int64, err error) {
	all, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0, 0, err
	}
	var at unix.Statfs_t
	if err := unix.Statfs(folder, &at); err != nil {
		return 0, 0, err
	}
	return int64(all), int64(at.Bavail) * int64(at.Bsize), nil
}
