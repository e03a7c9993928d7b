package machine

import "syscall"

// Room returns how many bytes of memory the computer has, and how many are free where a folder is.
func Room(folder string) (memory, disk int64, err error) {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0, 0, err
	}
	var at syscall.Statfs_t
	if err := syscall.Statfs(folder, &at); err != nil {
		return 0, 0, err
	}
	return int64(info.Totalram) * int64(info.Unit), int64(at.Bavail) * at.Bsize, nil
}
