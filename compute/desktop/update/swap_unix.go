//go:build !windows

package update

import (
	"errors"
	"io/fs"
	"os"
)

// swap puts the next program in the place of one, in one step, and keeps the one as Old.
func swap(next, program string) error {
	if err := os.Remove(Old(program)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(program, Old(program)); err != nil {
		return err
	}
	return os.Rename(next, program)
}
