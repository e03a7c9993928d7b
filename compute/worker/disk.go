package worker

import (
	"errors"
	"math/rand/v2"
	"os"
	"time"
)

// The disk is measured by writing a file, each block of it waited for, until the first of these is reached.
const (
	diskBytes = 64 << 20
	diskTime  = 2 * time.Second
	diskBlock = 4 << 20
)

// diskRate measures how many bytes a second a folder's disk takes in for good.
func diskRate(folder string) (rate int64, err error) {
	f, err := os.CreateTemp(folder, "disk-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	block := make([]byte, diskBlock)
	random := rand.NewChaCha8([32]byte{})
	written, began := 0, time.Now()
	for written < diskBytes && time.Since(began) < diskTime {
		_, _ = random.Read(block) // never fails; some disks compress
		n, err := f.Write(block)
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			return 0, err
		}
		written += n
	}
	return int64(float64(written) / time.Since(began).Seconds()), nil
}
